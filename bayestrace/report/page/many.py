"""The page of a large study: what is said of all its cases, and what each section leaves out."""

from __future__ import annotations

import re
from typing import Any

from bayestrace.excerpt import LISTED
from bayestrace.report import figures
from bayestrace.report.content.many import Many
from bayestrace.report.content.parts import Report
from bayestrace.report.figures import Axis, Caption, Column, HistogramWords, Layout, Mark, Panel, Row, Svg
from bayestrace.report.page.html import Html, Piece, Speaker, datum

#: Sections that show a part of what there is, and say so. That of findings does where it leaves any out.
CUT = ("cases", "mechanism", "clues", "pooling", "evidence", "coders", "sensitivity", "health")
_WIDTH = 350.0


def summed(report: Report, speaker: Speaker) -> dict[str, Any]:
    """Lay out what many.html.j2 shows, and the sentence that each section begins with; nothing for a small study."""
    many = report.many
    if many is None:
        return {}
    numbers = {
        "cases": many.cases,
        "observations": many.observations,
        "shown": many.shown,
        "shown_observations": many.shown_observations,
        "findings": many.findings,
        "listed": LISTED,
    }
    fields = {name: str(number) for name, number in numbers.items()}
    alone = "-clues" if report.kind == "clues" else ""
    trimmed = many.findings or any(finding.more for finding in report.findings)
    cut = {name: _coded(speaker, name, fields) for name in CUT if name != "health" or trimmed}
    if report.sensitivity is not None:
        cut["sensitivity"] = _coded(speaker, "sensitivity-shown", fields)
    cut["reproduction"] = _coded(speaker, f"reproduction{alone}", fields)
    return {
        "top": _coded(speaker, f"cut{alone}", fields),
        "cut": cut,
        "partly": [
            speaker.say("many-partly", case=one.name, shown=str(one.shown), observations=str(one.observations))
            for one in many.partly
        ],
        "answer": answer(report, many, speaker),
        "shares": _shares(report, many, speaker),
        "bins": _bins(many, speaker),
        "distribution": _distribution(report, many, speaker),
        "quantiles": [(_quantile(level, speaker), *numbers) for level, *numbers in many.quantiles],
        "overview": speaker.say("many-overview", **fields),
        "all": speaker.say("many-all" if many.lines else "many-all-elsewhere", **fields),
    }


def _coded(speaker: Speaker, name: str, fields: dict[str, str]) -> Html:
    """Fill a sentence; what stands between backticks in it is code."""
    return Html(re.sub(r"`([^`]*)`", r"<code>\1</code>", speaker.say(f"many-{name}", **fields)))


def answer(report: Report, many: Many, speaker: Speaker) -> list[Html]:
    """Say which explanation leads in how many cases, how the focal one fares, and how sure one may be."""

    def so_many(number: int) -> Html:
        return speaker.say("answer-so-many", number=str(number), all=str(many.cases))

    led = [(hypothesis, many.covered[hypothesis.place].leads) for hypothesis in report.hypotheses]
    parts = [speaker.say("answer-leader-part", name=one.name, cases=so_many(number)) for one, number in led if number]
    said = [speaker.say("answer-leaders", parts=Html(speaker.apart(map(str, parts))))] if parts else []
    if many.tied:
        said.append(speaker.say("answer-tied", cases=so_many(many.tied)))
    space = "" if speaker.lang == "zh" else " "
    return [Html(space.join(said)), _focal(report, many, so_many, speaker), _sure(report, many, so_many, speaker)]


def _focal(report: Report, many: Many, so_many: Any, speaker: Speaker) -> Html:
    focal = report.focal
    covered = many.covered[focal.place]
    if covered.leads == many.cases:
        return speaker.say("answer-focal-everywhere", focal=focal.name)
    if covered.leads:
        return speaker.say("answer-focal-of-many", focal=focal.name, cases=so_many(covered.leads))
    return speaker.say("many-focal-nowhere", focal=focal.name, share=speaker.pct(covered.share))


def _sure(report: Report, many: Many, so_many: Any, speaker: Speaker) -> Html:
    if report.kind == "face-value":
        return speaker.say("answer-face-only")
    if not report.drawn:
        return speaker.say("answer-clues-exact")
    if many.open == many.cases:
        return speaker.say("answer-inconclusive-all")
    if not many.open:
        return speaker.say("answer-inconclusive-none")
    others: Piece = speaker.word("answer-the-others")
    return speaker.say("answer-inconclusive-some", cases=so_many(many.open), others=others)


def _shares(report: Report, many: Many, speaker: Speaker) -> Svg:
    """Draw the share of the cases that each explanation is expected to cover, and in which it leads."""
    drawn = many.covered[0].ends is not None
    main = ("circle", "k-pooled") if report.kind != "face-value" else ("cross", "k-face")
    rows = []
    for hypothesis, one in zip(report.hypotheses, many.covered, strict=True):
        share = datum(one.share, speaker.percent)
        led = datum(one.led, speaker.percent)
        marks = (
            Mark(*main, speaker.word("many-expected" if drawn else "many-expected-exact"), share),
            Mark("diamond", "k-unpooled", speaker.word("many-led"), led),
        )
        ends = None if one.ends is None else tuple(datum(end, speaker.percent) for end in one.ends)
        rows.append(Row(hypothesis.name.text, marks, wide=None if ends is None else (ends[0], ends[1])))
    desc = speaker.apart(f"{row.label} {row.marks[0].datum.shown}" for row in rows)
    caption = Caption("shares", speaker.word("many-shares"), desc)
    axis = Axis(0.0, 1.0, "%", 100.0)
    return figures.forest(caption, [Panel("", tuple(rows))], axis, Layout(1, _WIDTH, "case-fig"))


def _bins(many: Many, speaker: Speaker) -> list[tuple[str, int]]:
    """Name the parts of the scale from 0 to 1, with the number of cases in each."""
    width = 1.0 / len(many.bins)
    ends = [
        (speaker.plainly("many-bin", low=f"{place * width:.0%}"[:-1], high=f"{(place + 1) * width:.0%}"[:-1] + unit), n)
        for place, n in enumerate(many.bins)
        for unit in ("%" if speaker.lang == "zh" else "\u00a0%",)
    ]
    return [(name, number) for name, number in ends if number]


def _distribution(report: Report, many: Many, speaker: Speaker) -> Svg:
    named = _bins(many, speaker)
    says = iter(named)
    columns = []
    for number in many.bins:
        name = next(says)[0] if number else ""
        columns.append(Column(speaker.pair(name, str(number)), figures.Datum(float(number), str(number))))
    desc = speaker.apart(speaker.pair(name, str(number)) for name, number in named)
    caption = Caption("certainty", speaker.word("many-distribution"), desc)
    words = HistogramWords(speaker.word("many-across"), speaker.word("many-up"))
    return figures.histogram(caption, columns, words, "k-face" if report.kind == "face-value" else "k-pooled")


def _quantile(level: float, speaker: Speaker) -> str:
    if level in {0.0, 1.0}:
        return speaker.word("many-highest" if level else "many-lowest")
    return f"{100 * level:g}{'%' if speaker.lang == 'zh' else '\u00a0%'}"
