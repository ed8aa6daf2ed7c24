"""Word the faults of a bibliography in BibTeX."""

from bayestrace.messages.wording import Both, Wording

SOURCES: dict[str, Wording] = {
    "bibtex-entry": Wording(
        Both("an entry that cannot be read, beginning with {found}", "有一条目无法读取，其开头为 {found}"),
        Both(
            "expected `@type{{key, field = {{...}}, ...}}` with every brace closed",
            "应写作 `@type{{key, field = {{...}}, ...}}`，花括号须成对",
        ),
        Both(
            "look for a missing brace or comma here or in the entry before, or export the bibliography anew",
            "请检查此处或上一条目是否缺少花括号或逗号，或重新导出",
        ),
    ),
    "bibtex-key": Wording(
        Both("an entry without a citation key", "有一条目没有引用键"),
        Both("expected `@book{{Walt1987, ...}}`", "应写作 `@book{{Walt1987, ...}}`"),
        Both("give it a key; observations cite it by this", "请给出引用键；观察据此引用该文献"),
    ),
    "bibtex-deep": Wording(
        Both("braces inside braces without end", "花括号层层嵌套，过深"),
        Both("expected at most a hundred, one inside the other", "最多一百层"),
        Both("look for a missing brace, or export the bibliography anew", "请检查是否缺少花括号，或重新导出"),
    ),
    "bibtex-latex": Wording(
        Both("more than {limit} characters stand in fields with LaTeX", "含 LaTeX 的字段合计超过 {limit} 个字符"),
        Both("expected less in one bibliography", "一份文献库不应有这么多"),
        Both(
            "export only the sources that the study cites, without abstracts; or export them as CSL JSON",
            "请只导出研究所引用的文献，且不含摘要；或导出为 CSL JSON",
        ),
    ),
    "bibtex-title": Wording(
        Both("the source has no title", "该文献没有标题"),
        Both("expected a title for every source", "每条文献都应有标题"),
        Both("add `title = {{...}}`", "请补上 `title = {{...}}`"),
    ),
    "source-in-both": Wording(
        Both("the source {found} stands here and in {other}", "文献 {found} 既在此处，也在 {other} 中"),
        Both("expected every source once", "每条文献只能出现一次"),
        Both("delete one, or give one another id", "请删除一条，或更改其 id"),
    ),
}
