"""The numbers of figures that have no table beside them in the page: packed, and shown or handed out by script."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import NamedTuple

from bayestrace.report.content.parts import Report
from bayestrace.report.content.sensitivity.parts import Multiverse, Sensitivity, Sweep
from bayestrace.report.figures import precise
from bayestrace.report.figures.specification import COLUMNS
from bayestrace.report.page import drawn
from bayestrace.report.page.html import Html, Speaker
from bayestrace.report.page.packing import packed
from bayestrace.report.page.sensitivity import OUT, drawn_leads, swept
from bayestrace.report.page.sensitivity.drawn import Artist
from bayestrace.report.page.sensitivity.units import spaced

Value = str | float | None


class Twin(NamedTuple):
    """A figure as a table: its caption, what the columns are, and the rows."""

    caption: str
    head: list[str]
    rows: list[list[Value]]


def twins(report: Report, speaker: Speaker) -> Html:
    """Pack the tables, by the key of the figure's caption, for `ui/download.js`."""
    made = dict(_falls(report, speaker)) if report.kind != "clues" else {}
    if report.sensitivity is not None:
        made |= _changes(report.sensitivity, Artist(report, report.sensitivity, speaker))
    plain = {key: twin._asdict() for key, twin in made.items()}
    return packed(json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":")))


def _falls(report: Report, speaker: Speaker) -> Iterator[tuple[str, Twin]]:
    """Lay the waterfalls out: what each cluster adds, and the whole."""
    for place, case in enumerate(report.cases):
        names = {"leader": case.top.hypothesis.name.text, "rival": report.hypotheses[case.rival].name.text}
        key = "case-waterfall" if report.kind == "model" else "case-waterfall-face"
        caption = speaker.plainly(key, case=case.name.text, **names)
        pieces = [*drawn.pieces(report, case), (speaker.word("whole-case"), case.total)]
        rows: list[list[Value]] = [[name, _short(number.value)] for name, number in pieces]
        yield f"fall-{place}", Twin(caption, [speaker.word("c-cluster"), "dB"], rows)


def _changes(found: Sensitivity, artist: Artist) -> dict[str, Twin]:
    made = {}
    leads = artist.speaker.word("c-leads")
    for cut in found.slices:
        corners = [artist.word("ternary-rest") if one is None else artist.name(one) for one in cut.corners]
        shares = zip(cut.shares, cut.leaders, strict=True)
        rows: list[list[Value]] = [[*map(_short, share), artist.name(leader)] for share, leader in shares]
        made[f"sens-ternary-{cut.case}"] = Twin(artist.case(cut.case), [*corners, leads], rows)
    for key, crossing in enumerate(found.crossings):
        one, other = crossing.kinds
        names = {"one": artist.word(f"name-{one}"), "other": artist.word(f"name-{other}")}
        for case, leaders in enumerate(crossing.leaders):
            rows = [
                [
                    _short(x.value),
                    _short(y.value),
                    None if who is None else f"{'≈ ' if rough else ''}{artist.name(who)}",
                ]
                for y, row, marks in zip(crossing.y, leaders, crossing.doubtful, strict=True)
                for x, who, rough in zip(crossing.x, row, marks, strict=True)
            ]
            caption = artist.word("map-caption", case=artist.case(case), **names)
            made[f"sens-map-{key}-{case}"] = Twin(caption, [*names.values(), leads], rows)
    for kind in found.left_out:
        if kind.kind not in OUT:
            continue
        word = artist.word(f"kind-{kind.kind}")
        for case, items in enumerate(kind.cases):
            if items:
                rows = [[one.name.text, _short(one.change.value), artist.name(one.leader)] for one in items]
                caption = artist.word("out-caption", case=artist.case(case), kind=word)
                made[f"sens-out-{kind.kind}-{case}"] = Twin(caption, [word, "dB", leads], rows)
    for part in ("pooling", "bounds", "allowances"):
        for end, sweep in drawn_leads(swept(found, part)):
            made[f"sens-lead-{end}"] = _lead(sweep, artist)
    return made | (dict(_combinations(found.multiverse, artist)) if found.multiverse else {})


def _lead(sweep: Sweep, artist: Artist) -> Twin:
    """Lay out every point of the curves of a lead, and between them where it goes to another explanation."""
    cases = range(len(sweep.flips))
    head = [artist.word(f"axis-{sweep.kind}")]
    for case in cases:
        named = {"case": artist.case(case), "name": artist.name(artist.found.leaders[case])}
        head += [artist.word("sweep-lead", **named), artist.word("sweep-probability", **named)]
    found: list[tuple[float, list[Value]]] = []
    for spot, x in enumerate(sweep.x):
        row: list[Value] = []
        for case in cases:
            lead, probability = artist.lead_at(sweep, case, spot), sweep.probability[case][artist.found.leaders[case]]
            row += [None, None] if lead is None else [_short(lead.value), _short(probability[spot].value)]
        found.append((x.value, [*row, None]))
    for case, flip in enumerate(sweep.flips):
        if flip is not None:
            row = [0.0 if place == 2 * case else None for place in range(2 * len(cases))]
            found.append((flip.at.value, [*row, artist.speaker.pair(artist.case(case), artist.name(flip.to))]))
    rows = [
        [artist.speaker.word("sens-infinite") if math.isinf(x) else _short(x), *row]
        for x, row in sorted(found, key=lambda entry: entry[0])
    ]
    return Twin(artist.what(sweep), [*head, artist.word("sweep-flip")], rows)


def _combinations(found: Multiverse, artist: Artist) -> Iterator[tuple[str, Twin]]:
    """Lay the specification curves out: the combinations of choices that are drawn, the least probable first."""
    focal = artist.report.focal
    head = [focal.name.text, artist.speaker.word("c-leads"), *(artist.choice(choice.name) for choice in found.choices)]
    for case, values in enumerate(found.focal):
        order = sorted(range(len(values)), key=lambda place: (_known(values[place]), place))
        rows: list[list[Value]] = []
        for place in (order[column] for column in spaced(len(order), COLUMNS)):
            taken = [choice.options[choice.taken[place]] for choice in found.choices]
            options = [artist.option(option.value, option.name.text) for option in taken]
            leads = artist.word("leads-here") if found.leads[case][place] else ""
            rows.append([_short(_known(values[place])), leads, *options])
        caption = artist.word("multiverse-caption", case=artist.case(case), name=focal.name.text)
        yield f"sens-multiverse-{case}", Twin(caption, head, rows)


def _known(value: float) -> float:
    """Put an explanation that a set of explanations lacks at 0, where it is drawn."""
    return 0.0 if math.isnan(value) else value


def _short(value: float) -> float:
    return float(precise(value))
