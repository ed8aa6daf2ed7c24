"""The figures of the section on sensitivity, in the words of the page."""

from __future__ import annotations

import itertools
import math

from bayestrace.report import figures, wording
from bayestrace.report.content.parts import Report
from bayestrace.report.content.sensitivity.parts import Crossing, LeftOut, Multiverse, Sensitivity, Slice, Sweep
from bayestrace.report.content.values import Number
from bayestrace.report.figures import (
    Caption,
    Cell,
    Corners,
    Datum,
    Frame,
    Gust,
    HeatmapWords,
    Line,
    Region,
    Span,
    SpecificationWords,
    Spot,
    Svg,
    TornadoWords,
)
from bayestrace.report.figures import Choice as DrawnChoice
from bayestrace.report.page.html import Speaker, datum
from bayestrace.report.page.sensitivity.units import across, axis_tick, kind_of, letter, nearest, place, told
from bayestrace.report.page.text import text_of

#: No lead is drawn beyond this many decibels.
_FAR = 30.0
_LEAST = 1e-6


class Artist:
    """Draws what is known of one report.

    Parameters
    ----------
    report
        What it is about.
    found
        Its sensitivity.
    speaker
        In which language.
    """

    def __init__(self, report: Report, found: Sensitivity, speaker: Speaker) -> None:
        self.report, self.found, self.speaker = report, found, speaker

    def word(self, key: str, **fields: str) -> str:
        """Fill a sentence of the section with plain text."""
        return self.speaker.plainly(f"sens-{key}", **fields)

    def name(self, hypothesis: int) -> str:
        """Name an explanation."""
        return self.report.hypotheses[hypothesis].name.text

    def case(self, case: int) -> str:
        """Name a case."""
        return self.report.cases[case].name.text

    def spoken(self, sweep: Sweep, number: Number) -> str:
        """Write what was moved as plain text."""
        return text_of(told(sweep.kind, number, self.speaker))

    def prior(self, sweep: Sweep, case: int) -> Svg:
        """Draw every explanation's probability in a case while the prior of one is moved."""
        table = sweep.probability[case]
        lines = tuple(
            Line(
                letter(hypothesis),
                kind_of(hypothesis),
                self.name(hypothesis),
                tuple((x.value, row[spot].value) for spot, x in enumerate(sweep.x)),
                strong=hypothesis == self.found.leaders[case],
            )
            for hypothesis, row in enumerate(table)
        )
        flip = sweep.flips[case]
        spots = []
        if flip is not None:
            height = _between(sweep, table[flip.to], flip.at.value)
            shown = Datum(flip.at.value, self.spoken(sweep, flip.at))
            spots.append(Spot((flip.at.value, height), kind_of(flip.to), self.name(flip.to), shown))
        title = self.word("priors-caption", case=self.case(case), name=sweep.subject.text)
        up = Span(0.0, 1.0, ((0.0, "0"), (0.5, "50"), (1.0, "100")), self.word("axis-probability"))
        base = sweep.base.value if sweep.base else None
        frame = Frame(across(sweep, self.speaker), up, self.case(case), None, base, self.word("as-it-is"))
        return figures.sweep(
            Caption(f"sens-prior-{case}", title, self._flip_words(sweep, case)), lines, spots, frame, "case-fig"
        )

    def lead(self, sweep: Sweep, key: str) -> Svg:
        """Draw the lead of every case's leader while one thing is moved."""
        curves = [self._lead(sweep, case) for case in range(len(self.report.cases))]
        reach = min(_FAR, max(3.0, *(abs(value) for curve in curves for _, value in curve))) * 1.05
        lines = [Line(str(case + 1), kind_of(case), self.case(case), tuple(curve)) for case, curve in enumerate(curves)]
        spots = [
            Spot(
                (place(sweep.kind, flip.at.value, sweep), 0.0),
                kind_of(case),
                self.speaker.pair(self.case(case), self.name(flip.to)),
                Datum(flip.at.value, self.spoken(sweep, flip.at)),
            )
            for case, flip in enumerate(sweep.flips)
            if flip is not None
        ]
        low = min(0.0, *(value for curve in curves for _, value in curve))
        low = max(-reach, low * 1.05 - 1.0)
        marks = tuple((one, f"{one:g}".replace("-", "−")) for one in figures.ticks(low, reach, 5))
        what = self.what(sweep)
        base = None if sweep.base is None else place(sweep.kind, sweep.base.value, sweep)
        frame = Frame(
            across(sweep, self.speaker),
            Span(low, reach, marks, self.word("axis-lead")),
            what,
            0.0,
            base,
            self.word("as-it-is"),
        )
        desc = " ".join(self._flip_words(sweep, case) for case in range(len(self.report.cases)))
        caption = Caption(f"sens-lead-{key}", self.word("lead-caption", what=what), desc)
        return figures.sweep(caption, lines, spots, frame, "case-fig")

    def what(self, sweep: Sweep) -> str:
        """Name what a sweep moves."""
        if sweep.kind == "level":
            return self.speaker.word(sweep.name) if sweep.name in {"common", "own"} else sweep.subject.text
        return self.word(f"name-{sweep.kind}")

    def _lead(self, sweep: Sweep, case: int) -> list[tuple[float, float]]:
        points = []
        for spot, x in enumerate(sweep.x):
            lead = self.lead_at(sweep, case, spot)
            if lead is not None:
                points.append((place(sweep.kind, x.value, sweep), max(-_FAR, min(_FAR, lead.value))))
        return sorted(points)

    def lead_at(self, sweep: Sweep, case: int, spot: int) -> Number | None:
        """Give the lead of a case's leader over its closest rival, in decibels; None where draws say nothing."""
        leader, values = self.found.leaders[case], [row[spot].value for row in sweep.probability[case]]
        if any(map(math.isnan, values)):
            return None
        rival = max(value for other, value in enumerate(values) if other != leader)
        return Number(10.0 * math.log10(max(values[leader], _LEAST) / max(rival, _LEAST)))

    def _flip_words(self, sweep: Sweep, case: int) -> str:
        flip = sweep.flips[case]
        if flip is None:
            leader = self.name(self.found.leaders[case])
            return self.word("lead-desc-none", case=self.case(case), leader=leader)
        at = self.spoken(sweep, flip.at)
        return self.word("lead-desc-flip", case=self.case(case), to=self.name(flip.to), at=at)

    def triangle(self, cut: Slice) -> Svg:
        """Draw who leads a case over a triangle of priors."""
        regions = [
            Region(
                letter(leader),
                kind_of(leader),
                tuple(shares for shares, who in zip(cut.shares, cut.leaders, strict=True) if who == leader),
            )
            for leader in sorted(set(cut.leaders))
        ]
        names = [
            f"{letter(corner)} {self.name(corner)}" if corner is not None else self.word("ternary-rest")
            for corner in cut.corners
        ]
        count = str(len(cut.leaders))
        desc = " ".join(
            self.word("ternary-desc", name=self.name(leader), count=str(cut.leaders.count(leader)), all=count)
            for leader in sorted(set(cut.leaders))
        )
        corners = Corners(self.case(cut.case), (names[0], names[1], names[2]))
        return figures.ternary(
            Caption(f"sens-ternary-{cut.case}", self.case(cut.case), desc), regions, corners, cut.base, cut.steps
        )

    def crossing(self, crossing: Crossing, case: int, key: str) -> Svg:
        """Draw who leads a case when two allowances are made at once."""
        one, other = crossing.kinds
        cells = [
            [_cell(who, rough=rough) for who, rough in zip(row, marks, strict=True)]
            for row, marks in zip(crossing.leaders[case], crossing.doubtful, strict=True)
        ]
        flat = [who for row in crossing.leaders[case] for who in row if who is not None]
        desc = " ".join(
            self.word("map-desc", name=self.name(who), count=str(flat.count(who)), all=str(len(flat)))
            for who in sorted(set(flat))
        )
        names = {"one": self.word(f"name-{one}"), "other": self.word(f"name-{other}")}
        words = HeatmapWords(
            self.case(case),
            self.word(f"axis-{one}"),
            self.word(f"axis-{other}"),
            _every_other([axis_tick(one, number) for number in crossing.x]),
            _every_other([axis_tick(other, number) for number in crossing.y]),
        )
        row, column = (
            nearest(values, self._base_of(kind)) for kind, values in ((other, crossing.y), (one, crossing.x))
        )
        base = None if row is None or column is None else (row, column)
        caption = Caption(f"sens-map-{key}-{case}", self.word("map-caption", case=self.case(case), **names), desc)
        return figures.heatmap(caption, cells, words, base)

    def _base_of(self, kind: str) -> Number | None:
        return next((sweep.base for sweep in self.found.of(kind)), None)

    def tornado(self, kind: LeftOut, case: int) -> Svg:
        """Draw what leaving single things out does to the lead of a case."""
        leader, word = self.found.leaders[case], self.word(f"kind-{kind.kind}")
        gusts = [
            Gust(item.name.text, datum(item.change, wording.decibels), turns=item.leader != leader)
            for item in kind.cases[case]
        ]
        row = [number.value for number in self.found.base[case]]
        rival = max(value for other, value in enumerate(row) if other != leader)
        gone = -10.0 * math.log10(max(row[leader], _LEAST) / max(rival, _LEAST))
        words = TornadoWords(self.case(case), self.word("out-less"), self.word("out-more"), self.word("out-gone"))
        desc = self.speaker.apart(f"{gust.label} {gust.datum.shown} dB" for gust in gusts)
        title = self.word("out-caption", case=self.case(case), kind=word)
        return figures.tornado(Caption(f"sens-out-{kind.kind}-{case}", title, desc), gusts, gone, words)

    def curve(self, found: Multiverse, case: int) -> Svg:
        """Draw the focal explanation's probability in a case under every combination of choices."""
        focal = self.report.focal
        leads = found.leads[case]
        values = [0.0 if math.isnan(value) else value for value in found.focal[case]]
        choices = [
            DrawnChoice(
                self.choice(choice.name),
                tuple(self.option(option.value, option.name.text) for option in choice.options),
                choice.taken,
            )
            for choice in found.choices
        ]
        title = self.word("multiverse-caption", case=self.case(case), name=focal.name.text)
        ends = {"low": self.speaker.percent(min(values)), "high": self.speaker.percent(max(values))}
        desc = self.word("multiverse-desc", **ends, count=str(sum(leads)), all=str(len(leads)))
        words = SpecificationWords(self.case(case), self.word("axis-probability"), self.word("leads-here"))
        return figures.specification(Caption(f"sens-multiverse-{case}", title, desc), values, leads, choices, words)

    def choice(self, name: str) -> str:
        """Name a choice."""
        return self.speaker.word_or("sens-choice", name)

    def option(self, value: str, name: str) -> str:
        """Name an option: what the study calls it, with what is done to it, or what the page calls it."""
        for prefix in ("without", "only"):
            if value.startswith(prefix) and name != value:
                return self.word(f"option-{prefix}", name=name)
        return name if name != value else self.speaker.word_or("sens-option", value.lower())


def _cell(who: int | None, *, rough: bool) -> Cell:
    """Sign a cell of a map: a small letter where the draws hardly reach."""
    if who is None:
        return Cell("", "none")
    return Cell(letter(who).lower() if rough else letter(who), kind_of(who))


def _between(sweep: Sweep, row: tuple[Number, ...], at: float) -> float:
    """Interpolate a line of a sweep, to place a mark on it."""
    points = sorted(zip((one.value for one in sweep.x), (one.value for one in row), strict=True))
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        if x1 <= at <= x2:
            return y1 if x1 == x2 else y1 + (y2 - y1) * (at - x1) / (x2 - x1)
    return points[0][1] if at < points[0][0] else points[-1][1]


def _every_other(words: list[str]) -> tuple[str, ...]:
    return tuple(word if spot % 2 == 0 else "" for spot, word in enumerate(words))
