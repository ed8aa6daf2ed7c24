"""Show a result in a notebook: the answer case by case, what to know of it, and how far it may be trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bayestrace.messages import Both, Lang, speaker
from bayestrace.results import sole_leader
from bayestrace.study import Study
from bayestrace.study.display import heading, named, paragraph, table

_WORDS = {
    "explanation": Both("Explanation", "解释"),
    "model": Both(
        "Probability of each explanation, pooled across cases, with its 94 % interval over draws; prior profile "
        "“{profile}”. The leading explanation of each case is in bold.",
        "各解释的概率（跨案例合并估计，括注 94% 后验区间）；先验设定“{profile}”。各案例居首的解释以粗体标出。",
    ),
    "exact": Both(
        "Probability of each explanation, pooled across cases, from clues alone and exact, so without an interval; "
        "prior profile “{profile}”. The leading explanation of each case is in bold.",
        "各解释的概率（仅据线索跨案例合并、精确计算，故无区间）；先验设定“{profile}”。各案例居首的解释以粗体标出。",
    ),
    "face": Both(
        "Stated weights simply added up, case by case, with no allowance for error: this is not the model's answer. "
        "Prior profile “{profile}”. The leading explanation of each case is in bold.",
        "只把所述权重逐案相加，未计误差，并非模型的结论。先验设定“{profile}”。各案例居首的解释以粗体标出。",
    ),
    "findings": Both("What to know of this result", "须知"),
}
_say = speaker(_WORDS)


def result_html(study: Study, summary: Mapping[str, Any], findings: Sequence[str], lang: Lang) -> str:
    """Write the answer as HTML.

    Parameters
    ----------
    study
        The study of the result.
    summary
        As `bayestrace.summary.summary_of` gives it.
    findings
        Sentences, in the language.
    lang
        Language of the words.
    """
    names = [row["hypothesis"] for row in summary["cases"][0]["hypotheses"]]
    cases = {case["case"]: {row["hypothesis"]: row for row in case["hypotheses"]} for case in summary["cases"]}
    key = "pooled" if "pooled" in next(iter(cases.values()))[names[0]] else "face_value"
    rows = [
        [named(study.hypotheses[name].name(lang), name == study.focal, lang)]
        + [_said(rows[name], key) for rows in cases.values()]
        for name in names
    ]
    leaders = (sole_leader([rows[name][key] for name in names]) for rows in cases.values())
    lead = [(place, 1 + at) for at, place in enumerate(leaders) if place is not None]
    kind = "face" if key == "face_value" else "model" if "pooled_94" in cases[next(iter(cases))][names[0]] else "exact"
    head = [_say("explanation", lang), *(study.cases[case].name(lang) for case in cases)]
    listed = "".join(f"<li>{escape(text)}</li>" for text in findings)
    told = f"<details><summary>{_say('findings', lang)} ({len(findings)})</summary><ul>{listed}</ul></details>"
    return "".join(
        (
            heading(study.title(lang)),
            paragraph(_say(kind, lang, profile=summary["profile"])),
            table(head, rows, lead),
            paragraph(study.notice(lang)) if study.notice else "",
            told if findings else "",
        )
    )


def _said(row: Mapping[str, Any], key: str) -> str:
    ends = row.get("pooled_94") if key == "pooled" else None
    return _two(row[key]) + (f" ({_two(ends[0])}–{_two(ends[1])})" if ends else "")


def _two(value: float) -> str:
    """Write a probability with two decimals, never as 0 or 1."""
    text = f"{value:.2f}"
    return {"0.00": "<0.01", "1.00": ">0.99"}.get(text, text)
