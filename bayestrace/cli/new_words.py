"""Hold what is said of studies begun and exported, in English and Chinese."""

from __future__ import annotations

from bayestrace.messages import Both, speaker

WORDS: dict[str, Both] = {
    "taught": Both(
        "Made a small invented study in {path}, to be changed into your own.",
        "已在 {path} 建立一项虚构的小研究，供改成自己的研究。",
    ),
    "copied": Both("Made {path} from {source}.", "已由 {source} 建立 {path}。"),
    "next": Both(
        "Next:\n  bayestrace check {path}\n  bayestrace update {path}",
        "下一步：\n  bayestrace check {path} --lang zh\n  bayestrace update {path} --lang zh",
    ),
    "read-first": Both("Read {path} first.", "请先阅读 {path}。"),
    "exported": Both("Written: {path}", "已写入：{path}"),
    "kept": Both("The old file is now {path}", "原文件保留为 {path}"),
    "tabled": Both(
        "Observations, cases and clusters are tables in evidence/, since there are more than YAML is for.",
        "观察、案例与证据簇数量较多，不宜写成 YAML，已写成 evidence/ 中的表格。",
    ),
    "left-out": Both(
        "Not in it: comments of the files, evidence/codebook.md, README files and results.",
        "其中不含：各文件的注释、evidence/codebook.md、README 和结果。",
    ),
}

say = speaker(WORDS)
