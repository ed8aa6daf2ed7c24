"""Draw what coders stated beside what the model replicates, a figure for each statistic."""

from __future__ import annotations

from bayestrace.report import figures, wording
from bayestrace.report.content.parts import Report
from bayestrace.report.content.replicates import Check
from bayestrace.report.figures import Axis, Caption, Layout, Mark, Panel, Row, Svg
from bayestrace.report.page.html import Html, Speaker, data, datum

_WIDTH = 350.0
_FORMATS: dict[str, wording.Format] = {
    "spread": wording.magnitude,
    "drift": wording.correlation,
    "contrary": wording.ratio,
    "far": wording.ratio,
}


def replicated(report: Report, speaker: Speaker) -> list[tuple[str, Svg]]:
    """Draw each statistic: a dot as stated, a bar for nine replicates of ten."""
    if report.replicates is None:
        return []
    return [(name, _figure(name, checks, speaker)) for name, checks in report.replicates.statistics]


def _figure(name: str, checks: tuple[Check, ...], speaker: Speaker) -> Svg:
    shown = _FORMATS[name]
    ends = [abs(number.value) for one in checks for number in (one.observed, one.low, one.high)]
    reach = max(ends) * 1.05
    axis = {
        "spread": Axis(0.0, max(1.0, reach), "dB"),
        "drift": Axis(-max(0.2, reach), max(0.2, reach), "", 1.0, 0.0, speaker.word("repl-no-drift")),
    }.get(name, Axis(0.0, max(0.1, reach), ""))
    rows = tuple(
        Row(
            one.coder.text,
            (Mark("circle", "k-face", speaker.word("mark-stated"), datum(one.observed, shown)),),
            wide=(datum(one.low, shown), datum(one.high, shown)),
        )
        for one in checks
    )
    desc = " ".join(
        speaker.plainly(
            "repl-figure-desc",
            coder=one.coder.text,
            observed=shown(one.observed.value),
            low=shown(one.low.value),
            high=shown(one.high.value),
        )
        for one in checks
    )
    caption = Caption(f"replicates-{name}", speaker.word(f"repl-{name}"), desc)
    return figures.forest(caption, [Panel("", rows)], axis, Layout(1, _WIDTH, "case-fig"))


def value(name: str, check: Check) -> Html:
    """Show one statistic as stated."""
    return data(check.observed, _FORMATS[name](check.observed.value))


def interval(name: str, check: Check) -> Html:
    """Show the ends between which nine replicates of ten lie."""
    shown = _FORMATS[name]
    return Html(f"{data(check.low, shown(check.low.value))} – {data(check.high, shown(check.high.value))}")
