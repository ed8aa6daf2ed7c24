"""Show a study in a notebook: a few lines of HTML that need no style sheet and run nothing.

Everything that the study says is escaped; only the tags written here are tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from bayestrace.messages import Both, Lang, speaker

if TYPE_CHECKING:
    from bayestrace.study import Study

_WORDS = {
    "explanation": Both("Explanation", "解释"),
    "claim": Both("What it says", "主张"),
    "case": Both("Case", "案例"),
    "dates": Both("Dates", "时段"),
    "observations": Both("Observations", "观察"),
    "coder": Both("Coder", "编码者"),
    "weighed": Both("Observations weighed", "所评观察数"),
    "focal": Both("(focal)", "（焦点解释）"),
    "counts": Both(
        "{sources} sources; prior profiles: {profiles}; clues: {clues}",
        "来源 {sources} 条；先验设定：{profiles}；线索 {clues} 条",
    ),
}
_say = speaker(_WORDS)


def study_html(study: Study, lang: Lang = "en") -> str:
    """Write what a study asks, its explanations, cases and coders as HTML.

    Parameters
    ----------
    study
        The study.
    lang
        Language of the words; what the study has in one language alone is shown in that.
    """
    chosen = study.sets[study.default_set].hypotheses
    weigh = [one for one in study.evidence if not one.context]
    hypotheses = [
        (named(study.hypotheses[name].name(lang), study.focal == name, lang), claim(lang) if claim else "")
        for name in chosen
        for claim in (study.hypotheses[name].claim,)
    ]
    cases = [
        (case.name(lang), case.dates or "", str(sum(one.case == name for one in weigh)))
        for name, case in study.cases.items()
    ]
    coders = [
        (study.coders[one.coder].name(lang) if one.coder in study.coders else one.coder, str(len(one.judgements)))
        for one in study.codings
    ]
    counts = {"sources": str(len(study.sources)), "profiles": ", ".join(study.profiles), "clues": str(len(study.clues))}
    return "".join(
        (
            heading(study.title(lang)),
            paragraph(study.question(lang)),
            table([_say("explanation", lang), _say("claim", lang)], hypotheses),
            table([_say("case", lang), _say("dates", lang), _say("observations", lang)], cases),
            table([_say("coder", lang), _say("weighed", lang)], coders) if coders else "",
            paragraph(_say("counts", lang, **counts)),
            paragraph(study.notice(lang)) if study.notice else "",
        )
    )


def named(name: str, focal: bool, lang: Lang) -> str:  # noqa: FBT001 - one of two marks, plain where it is read
    """Return the name of an explanation, marked where it is the focal one."""
    mark = _say("focal", lang)
    return name + (mark if lang == "zh" else f" {mark}") if focal else name


def heading(text: str) -> str:
    """Write a heading, escaped."""
    return f'<p style="font-size:1.15em;font-weight:bold;margin:.4em 0">{escape(text)}</p>'


def paragraph(text: str) -> str:
    """Write a paragraph, escaped."""
    return f'<p style="margin:.4em 0;max-width:48em">{escape(text)}</p>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], bold: Iterable[tuple[int, int]] = ()) -> str:
    """Write a table whose first column heads its rows.

    Parameters
    ----------
    head, rows
        Texts, escaped here.
    bold
        Row and column, counted from 0, of what is set in bold.
    """
    marked = set(bold)
    left = 'style="text-align:left;vertical-align:top"'

    def cell(row: int, column: int, text: str) -> str:
        shown = f"<b>{escape(text)}</b>" if (row, column) in marked else escape(text)
        return f'<th scope="row" {left}>{shown}</th>' if column == 0 else f"<td {left}>{shown}</td>"

    heads = "".join(f'<th scope="col" {left}>{escape(text)}</th>' for text in head)
    body = "".join(
        f"<tr>{''.join(cell(row, column, text) for column, text in enumerate(texts))}</tr>"
        for row, texts in enumerate(rows)
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
