"""Word the faults of REFI-QDA archives."""

from bayestrace.messages.wording import Both, Wording

_PROJECT = Both(
    "expected a REFI-QDA project (.qdpx) as the program exports it", "应为软件导出的 REFI-QDA 项目（.qdpx）"
)
_ANEW = Both(
    "export the project anew; in NVivo: Share, Export Project, REFI-QDA",
    "请重新导出项目，例如在 NVivo 中选择“共享—导出项目—REFI-QDA”",
)
_TRUST = Both("do not trust this file; ask for it anew", "请勿信任此文件，并向对方重新索取")

QDA: dict[str, Wording] = {
    "qda-no-archive": Wording(Both("this is no archive that can be opened", "这不是可以打开的压缩包"), _PROJECT, _ANEW),
    "qda-damaged": Wording(Both("{found} in the archive is damaged", "压缩包中的 {found} 已损坏"), _PROJECT, _ANEW),
    "qda-no-project": Wording(
        Both("there is no project.qde in the archive", "压缩包中没有 project.qde"), _PROJECT, _ANEW
    ),
    "qda-missing": Wording(
        Both("the project names {found}, which the archive does not have", "项目提到 {found}，而压缩包中没有"),
        _PROJECT,
        _ANEW,
    ),
    "qda-too-large": Wording(
        Both("{found} is larger than {limit} MB unpacked", "{found} 解压后超过 {limit} MB"),
        Both("expected texts that people have coded", "应为人工编码的文本"),
        Both("export a smaller part of the project", "请只导出项目的一部分"),
    ),
    "qda-entries": Wording(
        Both("the archive has {found} entries", "压缩包有 {found} 个条目"),
        Both("expected at most {limit}", "最多 {limit} 个"),
        _TRUST,
    ),
    "qda-path": Wording(
        Both("the entry {found} points outside of the archive", "条目 {found} 指向压缩包之外"),
        Both("expected plain names such as `sources/1.txt`", "应为 `sources/1.txt` 这样的普通名称"),
        _TRUST,
    ),
    "qda-encrypted": Wording(
        Both("{found} is encrypted", "{found} 已加密"),
        Both("expected an archive without a password", "应为没有密码的压缩包"),
        _ANEW,
    ),
    "qda-entry-twice": Wording(
        Both("the entry {found} stands in the archive twice", "条目 {found} 在压缩包中出现两次"),
        Both("expected every entry once", "每个条目只能出现一次"),
        _TRUST,
    ),
    "qda-encoding": Wording(
        Both("{found} is not UTF-8", "{found} 不是 UTF-8"),
        Both("expected UTF-8, as the standard asks", "按标准应为 UTF-8"),
        _ANEW,
    ),
    "qda-dtd": Wording(
        Both("project.qde has a document type declaration", "project.qde 含有文档类型声明（DTD）"),
        Both("expected plain XML without entities", "应为不含实体定义的普通 XML"),
        _TRUST,
    ),
    "qda-deep": Wording(
        Both(
            "project.qde nests more than {limit} levels or has more than {most} elements",
            "project.qde 嵌套超过 {limit} 层，或元素超过 {most} 个",
        ),
        Both("expected a project that people have made", "应为人工建立的项目"),
        _TRUST,
    ),
    "qda-xml": Wording(Both("project.qde cannot be read as XML", "project.qde 不是合格的 XML"), _PROJECT, _ANEW),
    "qda-root": Wording(
        Both("project.qde does not hold a REFI-QDA project", "project.qde 中不是 REFI-QDA 项目"), _PROJECT, _ANEW
    ),
}
