"""The report's figures: what of the content each shows, in the words of the page."""

from __future__ import annotations

from bayestrace.report import figures, wording
from bayestrace.report.content.parts import Case, Hypothesis, Report, Step
from bayestrace.report.content.pools import Increment, Moved, Pair
from bayestrace.report.content.values import Number, Spread
from bayestrace.report.figures import (
    Axis,
    Bar,
    Caption,
    Datum,
    Layout,
    Mark,
    MechanismWords,
    Node,
    Panel,
    Row,
    Svg,
    Total,
    WaterfallWords,
)
from bayestrace.report.page.html import Speaker, datum

_NARROW = 350.0


def overview(report: Report, speaker: Speaker) -> list[Svg]:
    """Draw the probabilities of each case, a figure each, which the page sets side by side where there is room."""
    first = report.hypotheses[0].prior
    same = all(item.prior == first for item in report.hypotheses)
    axis = Axis(0.0, 1.0, "%", 100.0, first.value if same else None, speaker.word("answer-reference-line"))
    title, comma = speaker.word("answer-figure-model"), "，" if speaker.lang == "zh" else ", "
    drawn = []
    for number, case in enumerate(report.cases):
        desc = speaker.plainly(
            "answer-figure-desc",
            case=case.name.text,
            items=comma.join(f"{row.hypothesis.name} {speaker.percent(row.probability.value)}" for row in case.rows),
        )
        rows = tuple(_probability(report, case, place, speaker) for place in range(len(case.rows)))
        panel = Panel(case.name.text, rows)
        drawn.append(_alone(f"overview-{number}", title, desc, panel, axis))
    return drawn


def _alone(key: str, title: str, desc: str, panel: Panel, axis: Axis) -> Svg:
    """Draw one panel as a figure of its own."""
    return figures.forest(Caption(key, title, desc), [panel], axis, Layout(1, _NARROW, "case-fig"))


def _probability(report: Report, case: Case, place: int, speaker: Speaker) -> Row:
    row = case.rows[place]
    label, strong = row.hypothesis.name.text, place == case.leader and not case.tied
    shown: wording.Format = speaker.percent
    if row.excluded:
        label += speaker.aside(speaker.word("clue-excluded"))
        shown = speaker.nothing
    if row.pooled and row.unpooled:
        marks: tuple[Mark, ...] = (
            Mark("circle", "k-pooled", speaker.word("pooled-short"), datum(row.pooled.mean, shown)),
            Mark("diamond", "k-unpooled", speaker.word("mark-unpooled"), datum(row.unpooled.mean, shown)),
        )
        if report.kind == "model":
            marks += (Mark("cross", "k-face", speaker.word("mark-face"), _pct(row.face, speaker)),)
        if report.drawn:
            return Row(label, marks, *_ends(row.pooled, speaker.percent), strong=strong)
        return Row(label, marks, strong=strong)
    marks = (Mark("cross", "k-face", speaker.word("mark-face-main"), _pct(row.face, speaker)),)
    if row.face_pooled:
        marks += (Mark("ring", "k-pooled", speaker.word("mark-face-pooled"), _pct(row.face_pooled, speaker)),)
    return Row(label, marks, strong=strong)


def _pct(number: Number, speaker: Speaker) -> Datum:
    return datum(number, speaker.percent)


def _db(number: Number) -> Datum:
    return datum(number, wording.decibels)


def _ends(spread: Spread, shown: wording.Format) -> tuple[tuple[Datum, Datum], tuple[Datum, Datum]]:
    return (
        (datum(spread.q03, shown), datum(spread.q97, shown)),
        (datum(spread.q25, shown), datum(spread.q75, shown)),
    )


def falling(report: Report, case: Case, speaker: Speaker) -> list[Svg]:
    """Draw the waterfall of a case: by cluster, or at face value by observation; wide and narrow."""
    bars = [Bar(name, _db(number)) for name, number in pieces(report, case)]
    leader, rival = case.top.hypothesis.name.text, report.hypotheses[case.rival].name.text
    spread = case.top.closest.spread
    total = Total(_db(case.total), _ends(spread, wording.decibels)[0] if spread else None)
    key = "case-waterfall" if report.kind == "model" else "case-waterfall-face"
    title = speaker.plainly(key, case=case.name.text, leader=leader, rival=rival)
    words = WaterfallWords(
        speaker.word("whole-case"),
        speaker.plainly("case-favours-left", name=rival),
        speaker.plainly("case-favours", name=leader),
    )
    desc = speaker.apart(f"{bar.label} {bar.datum.shown} dB" for bar in bars)
    place = report.cases.index(case)
    return [
        figures.waterfall(Caption(f"fall-{place}", title, desc, stands=wide), bars, total, words, wide=wide)
        for wide in (True, False)
    ]


def pieces(report: Report, case: Case) -> list[tuple[str, Number]]:
    """Return what the waterfall adds up, largest first."""
    if report.kind == "model":
        found = [(cluster.name.text, cluster.leader_over) for cluster in case.clusters]
    else:
        counted = [one for cluster in case.clusters for one in cluster.observations if one.status != "context"]
        found = [(one.title.text, one.leader_over) for one in counted]
    known = [(name, number) for name, number in found if number is not None]
    return sorted(known, key=lambda piece: -abs(piece[1].value))


def mechanisms(report: Report, speaker: Speaker) -> list[Svg]:
    """Draw the mechanism of every case on one scale of decibels."""
    weights = [step.alone.value for told in report.mechanism.cases for step in told.steps if step.alone]
    reach = max([1.0, *map(abs, weights)])
    words = MechanismWords(speaker.word("mech-observed"), speaker.word("no-evidence"), speaker.word("weakest"))
    drawn = []
    for place, told in enumerate(report.mechanism.cases):
        nodes = [_node(report, step, speaker) for step in told.steps]
        title = speaker.plainly("mech-figure", case=told.case.name.text)
        caption = Caption(f"mech-{place}", title, " ".join(f"{node.says}." for node in nodes))
        drawn.append(figures.mechanism(caption, nodes, report.mechanism.arrows, reach, words))
    return drawn


def _node(report: Report, step: Step, speaker: Speaker) -> Node:
    predicted = expected(step, speaker)
    says = speaker.word("no-evidence")
    if step.alone and step.rival is not None:
        says = speaker.plainly(
            "mech-node-weight",
            weight=wording.decibels(step.alone.value),
            focal=report.focal.name.text,
            rival=report.hypotheses[step.rival].name.text,
        )
    counts = zip(("up", "down", "none"), (step.up, step.down, step.none), strict=True)
    weight = None
    if step.alone:
        weight = Datum(step.alone.value, f"{wording.decibels(step.alone.value)} dB", step.alone.parts)
    return Node(
        name=step.name.text,
        predicted=predicted,
        seen=tuple((speaker.word(f"glyph-{name}"), datum(number, wording.count)) for name, number in counts),
        weight=weight,
        weakest=step.weakest,
        says=speaker.plainly("mech-node", step=step.name.text, predicted=predicted, weight=says),
    )


def expected(step: Step, speaker: Speaker) -> str:
    """Say what was predicted of a step."""
    if not step.predicted:
        return speaker.word("no-prediction")
    glyph = speaker.word(f"glyph-{step.predicted}")
    direction = speaker.word("no-direction" if step.predicted == "none" else step.predicted)
    return speaker.plainly("mech-predicted", direction=f"{glyph} {direction}")


def shifts(key: str, title: str, rows: list[tuple[str, Moved]], speaker: Speaker) -> Svg:
    """Draw probabilities before and after the evidence."""
    drawn = tuple(
        Row(
            name,
            (
                Mark("circle", "k-pooled", speaker.word("mark-posterior"), _pct(moved.posterior, speaker)),
                Mark("ring", "k-unpooled", speaker.word("mark-prior"), _pct(moved.prior, speaker)),
            ),
            linked=True,
        )
        for name, moved in rows
    )
    desc = " ".join(
        speaker.plainly(
            "pool-shift-desc",
            name=name,
            prior=speaker.percent(moved.prior.value),
            posterior=speaker.percent(moved.posterior.value),
        )
        for name, moved in rows
    )
    axis = Axis(0.0, 1.0, "%", 100.0)
    return figures.forest(Caption(key, title, desc), [Panel("", drawn)], axis, Layout(1, _NARROW, "case-fig"))


def increments(report: Report, found: Increment, key: int, speaker: Speaker) -> list[Svg]:
    """Draw how one-sidedly each step's observations point in the two cases of a pair, a figure a pair."""
    names = [step.name.text for step in report.mechanism.cases[0].steps]
    return [
        figures.forest(
            Caption(f"inc-{key}-{place}", *_told(report, pair, names, speaker)),
            [Panel("", tuple(_turned(name, pair, step, found, speaker) for step, name in enumerate(names)))],
            Axis(-1.0, 1.0, "", 1.0, 0.0, speaker.word("inc-balance")),
            Layout(1, _NARROW, "case-fig"),
        )
        for place, pair in enumerate(found.pairs)
    ]


def _turned(name: str, pair: Pair, step: int, found: Increment, speaker: Speaker) -> Row:
    ends = (
        (pair.after[step], "circle", "k-pooled", found.groups[1]),
        (pair.before[step], "ring", "k-unpooled", found.groups[0]),
    )
    marks = tuple(
        Mark(shape, kind, group.text, datum(number, wording.correlation))
        for number, shape, kind, group in ends
        if number
    )
    return Row(name if marks else speaker.pair(name, speaker.word("no-evidence")), marks, linked=len(marks) > 1)


def _told(report: Report, pair: Pair, names: list[str], speaker: Speaker) -> tuple[str, str]:
    cases = [report.cases[place].name.text for place in pair.cases]
    title = speaker.plainly("inc-figure", one=cases[0], other=cases[1])
    said = [
        speaker.plainly(
            "inc-desc",
            step=name,
            before=wording.correlation(before.value) if before else "–",
            after=wording.correlation(after.value) if after else "–",
        )
        for name, before, after in zip(names, pair.before, pair.after, strict=True)
    ]
    return title, " ".join(said)


def leanings(report: Report, speaker: Speaker) -> list[Svg]:
    """Draw what was learned of the coders' leanings; nothing at face value."""
    coders = [coder for coder in report.coders if coder.leaning]
    if not coders:
        return []
    ends = [abs(end.value) for coder in coders for one in coder.leaning for end in (one.q03, one.q97)]
    reach = max(0.5, *ends) * 1.05
    panels = [
        Panel(
            coder.name.text,
            tuple(
                _leaning(hypothesis, spread, speaker)
                for hypothesis, spread in zip(report.hypotheses, coder.leaning, strict=True)
            ),
        )
        for coder in coders
    ]
    axis = Axis(-reach, reach, "dB", 1.0, 0.0, speaker.word("coder-leaning-zero"))
    title = speaker.word("coder-leaning-caption")
    descs = [speaker.apart(f"{row.label} {row.marks[0].datum.shown} dB" for row in panel.rows) for panel in panels]
    return [
        _alone(f"leaning-{number}", title, speaker.pair(panel.title, descs[number]), panel, axis)
        for number, panel in enumerate(panels)
    ]


def _leaning(hypothesis: Hypothesis, spread: Spread, speaker: Speaker) -> Row:
    mark = Mark("circle", "k-pooled", speaker.word("mark-leaning"), _db(spread.mean))
    return Row(hypothesis.name.text, (mark,), *_ends(spread, wording.decibels))
