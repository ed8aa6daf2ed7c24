"""What the terminal says of a result with many cases: a few of them in full, and all of them counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bayestrace.cli import show
from bayestrace.cli.words import say
from bayestrace.messages import Lang

if TYPE_CHECKING:
    from bayestrace.study import Study


def cut(summary: dict[str, Any]) -> dict[str, Any]:
    """Keep the cases that the terminal prints; the summary itself where it prints all of them.

    Past the number from which on a report is a summary too, they are chosen by its rule, which knows no explanation:
    evenly spaced from the least to the most certain.
    """
    import numpy as np  # noqa: PLC0415 - slow to import

    from bayestrace.excerpt import CASES, chosen  # noqa: PLC0415 - the same

    if len(summary["cases"]) <= CASES:
        return summary
    key = show.key_of(summary)
    certain = np.array([max(row[key] for row in block["hypotheses"]) for block in summary["cases"]])
    places = chosen(certain, np.zeros(certain.size, dtype=np.int64))
    kept = {"cases": [summary["cases"][place] for place in places]}
    if "clues" in summary:
        cases = summary["clues"]["cases"]
        kept["clues"] = summary["clues"] | {"cases": [cases[place] for place in places]}
    return summary | kept


def table(summary: dict[str, Any], shown: int, study: Study, lang: Lang) -> str:
    """Lay out of all cases, so many of them shown, in how many each explanation leads and is expected to hold."""
    blocks, key, leaders = summary["cases"], show.key_of(summary), show.leaders(summary)
    rows = [[say(head, lang) for head in ("hypothesis", "leads-in", "expected-in")]]
    for place, row in enumerate(blocks[0]["hypotheses"]):
        expected = sum(block["hypotheses"][place][key] for block in blocks)
        name = study.hypotheses[row["hypothesis"]].name(lang)
        rows.append([name, f"{leaders.count(place):,}", f"{expected:,.1f}"])
    if tied := leaders.count(None):
        rows.append([say("no-single", lang), f"{tied:,}", ""])
    head = say("of-many", lang, count=f"{len(blocks):,}", shown=shown)
    return f"{head}\n{show.columns(rows, left={0}, spaced=False)}"


def sentence(summary: dict[str, Any], study: Study, lang: Lang) -> str:
    """Give the answer in a sentence or two: the explanations in the order of the cases in which they lead."""
    leaders = show.leaders(summary)
    names = [row["hypothesis"] for row in summary["cases"][0]["hypotheses"]]
    order = sorted({place for place in leaders if place is not None}, key=lambda place: (-leaders.count(place), place))
    parts = [
        say("leads-many", lang, leader=study.hypotheses[names[place]].name(lang), count=f"{leaders.count(place):,}")
        for place in order
    ]
    if tied := leaders.count(None):
        parts.append(say("tied-many", lang, count=f"{tied:,}"))
    return show.answer(summary, study, lang, parts)
