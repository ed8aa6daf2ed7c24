"""The columns of sheets: their keys, and what they are called in each language, by which they are known again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bayestrace.messages import Both, Lang

Fill = Literal["", "weight", "word", "p", "share", "text"]


@dataclass(frozen=True)
class Column:
    """One column: its key, its heading, its width in characters, and what a coder fills in there, if anything."""

    key: str
    heading: Both
    width: float
    fill: Fill = ""

    def called(self, lang: Lang) -> str:
        """Return the heading in one language."""
        return self.heading.zh if lang == "zh" else self.heading.en


#: One row for each observation and rival.
CODING = (
    Column("evidence", Both("Observation id", "观察编号"), 18),
    Column("case", Both("Case", "案例"), 14),
    Column("title", Both("Observation", "观察"), 22),
    Column("claim", Both("What is reported", "所报告的内容"), 46),
    Column("about", Both("Step, date, actors, source", "步骤、日期、行为体、来源"), 44),
    Column("rival", Both("Rival", "竞争解释"), 16),
    Column("low_db", Both("Low (dB)", "低（dB）"), 9, "weight"),
    Column("best_db", Both("Best (dB)", "最佳（dB）"), 9, "weight"),
    Column("high_db", Both("High (dB)", "高（dB）"), 9, "weight"),
    Column("word", Both("Or in words", "或用文字"), 17, "word"),
    Column("p_if_focal", Both("P(found)", "找到的概率"), 9, "p"),
    Column("rationale", Both("Reason", "理由"), 44, "text"),
    Column("against", Both("Rival id", "竞争解释编号"), 16),
)

#: One row for each cluster.
REDUNDANCY = (
    Column("cluster", Both("Cluster id", "证据簇编号"), 24),
    Column("name", Both("Cluster name", "证据簇名称"), 30),
    Column("titles", Both("Its observations", "其中的观察"), 60),
    Column("low", Both("Low", "低"), 9, "share"),
    Column("best", Both("Best", "最佳"), 9, "share"),
    Column("high", Both("High", "高"), 9, "share"),
)

#: Columns without which a table is none of the two.
NEEDED = {"coding": ("evidence", "against", "best_db"), "redundancy": ("cluster", "best")}


def key_of(heading: str, columns: tuple[Column, ...]) -> str | None:
    """Return the key of a heading, which may stand in either language or be the key itself; None if it is none."""
    said = " ".join(heading.split()).casefold()
    for column in columns:
        if said in {column.key, column.heading.en.casefold(), column.heading.zh.casefold()}:
            return column.key
    return None
