"""The section on sensitivity: sentences, figures and tables, laid out for its template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bayestrace.report.content.parts import Report
from bayestrace.report.content.sensitivity.parts import LeftOut, Sensitivity, Sweep
from bayestrace.report.page.html import Html, Piece, Speaker, data, markup
from bayestrace.report.page.sensitivity.drawn import Artist
from bayestrace.report.page.sensitivity.sentences import PARTS, Said, foremost, item_name, sentences
from bayestrace.report.page.sensitivity.units import kind_of, letter, listed, spaced, told
from bayestrace.report.wording import decibels

__all__ = ["Said", "command", "section", "sentences"]

#: Rows shown of a sweep; posterior.nc has them all.
_ROWS, _PRIORS = 5, 4
#: Sweeps drawn whatever they show; others where some case changes its leader, and told in sentences where none does.
_DRAWN = frozenset({"leaning", "scale", "redundancy", "reliability", "bounds"})
#: Allowances in the order of their figures; of what is left out, the kinds drawn.
_ORDER = ("leaning", "scale", "redundancy", "reliability", "selectivity", "selectivity-leader", "joined")
OUT = ("observation",)


def command(report: Report) -> str:
    """Write the command that adds the section to a report."""
    parts = ["bayestrace", "sensitivity"]
    parts += ["--hypotheses", report.manifest.set_id] if report.manifest.set_id else []
    parts += ["--profile", report.profile.id, *(["--face-value"] if report.kind == "face-value" else [])]
    return " ".join([*parts, *(["--lang", "zh"] if report.lang == "zh" else [])])


def section(report: Report, speaker: Speaker) -> dict[str, Any]:
    """Lay the section out.

    Returns
    -------
    dict
        What sensitivity.html.j2 shows; `found` is false where nothing was worked out.
    """
    found = report.sensitivity
    if found is None:
        return {"found": False, "command": Html(f"<code>{markup(command(report))}</code>")}
    artist = Artist(report, found, speaker)
    said = sentences(report, speaker)
    lists = {part: _lists(report, [one for one in said if one.part == part]) for part in PARTS}
    return {
        "found": True,
        "unpooled": not found.pooled,
        "explanations": [(letter(one.place), kind_of(one.place), one.name) for one in report.hypotheses],
        "numbers": [(place + 1, kind_of(place), case.name) for place, case in enumerate(report.cases)],
        "flips": _flip_table(found, artist, speaker),
        "said": lists,
        "parts": [part for part in PARTS if lists[part] or _has(found, part)],
        "priors": _priors(report, found, artist, speaker),
        "standings": _standings(found, artist, speaker),
        "pooling": _leads(artist, swept(found, "pooling"), speaker),
        "out": _out(found, artist, speaker),
        "bounds": _leads(artist, swept(found, "bounds"), speaker),
        "allowances": _leads(artist, swept(found, "allowances"), speaker),
        "maps": [
            [artist.crossing(crossing, case, str(place)) for case in range(len(report.cases))]
            for place, crossing in enumerate(found.crossings)
        ],
        "rough_maps": any(rough for crossing in found.crossings for row in crossing.doubtful for rough in row),
        "skipped": found.skipped,
        "face": report.kind == "face-value",
        "needed": [(needed, spaced(len(needed.prior), _PRIORS)) for needed in found.needed],
        "beside": [
            (one.name, [Html("–") if weight is None else speaker.db(weight) for weight in one.weights])
            for one in found.beside
        ],
        "power": [one for one in found.power if one.case is not None or one.diagnosis],
        "multiverse": _multiverse(found, artist, speaker),
    }


def _has(found: Sensitivity, part: str) -> bool:
    return bool({"rival": found.needed, "power": found.power, "multiverse": found.multiverse}.get(part))


def _lists(report: Report, said: list[Said]) -> list[tuple[Piece, list[Said]]]:
    """Sort sentences by case, those of flips first."""
    return [
        (case.name, sorted((one for one in said if one.case == place), key=lambda one: not one.flips))
        for place, case in enumerate(report.cases)
        if any(one.case == place for one in said)
    ]


def _flip_table(found: Sensitivity, artist: Artist, speaker: Speaker) -> list[tuple[str, list[Html]]]:
    """Give a row to each thing that was moved by itself, a cell to each case: where, and to whom the lead goes."""
    rows = []
    for sweep in found.sweeps:
        if sweep.kind == "prior" or (sweep.name and sweep.kind == "bounds"):
            continue
        rows.append((artist.what(sweep), _cells(found, sweep, speaker)))
    return rows


def _cells(found: Sensitivity, sweep: Sweep, speaker: Speaker) -> list[Html]:
    return [
        Html("=")
        if len(foremost(shares)) > 1
        else Html("–")
        if flip is None
        else Html(f"{told(sweep.kind, flip.at, speaker)} → {letter(flip.to)}")
        for flip, shares in zip(sweep.flips, found.base, strict=True)
    ]


def _priors(report: Report, found: Sensitivity, artist: Artist, speaker: Speaker) -> dict[str, Any]:
    sweeps = found.of("prior")
    focal = next((one for one in sweeps if one.name == report.focal.id), None)
    if focal is None:
        return {"name": None, "figures": [], "tables": [], "raised": [], "triangles": _triangles(found, artist)}
    rows = spaced(len(focal.x), _ROWS)
    tables = [
        (
            case.name,
            [
                (listed("prior", focal.x[row], speaker), [speaker.pct(line[row]) for line in focal.probability[place]])
                for row in rows
            ],
        )
        for place, case in enumerate(report.cases)
    ]
    return {
        "name": focal.subject,
        "figures": [artist.prior(focal, case) for case in range(len(report.cases))],
        "tables": tables,
        "raised": [(one.subject, one.base, _cells(found, one, speaker)) for one in sweeps],
        "triangles": _triangles(found, artist),
    }


def _triangles(found: Sensitivity, artist: Artist) -> dict[str, Any]:
    held = found.slices[0].held if found.slices else ()
    # Which explanation is held differs by case; its share, with an equal prior, does not: each figure says which.
    return {
        "figures": [
            (
                artist.triangle(cut),
                [
                    artist.speaker.say(
                        "sens-ternary-held", name=artist.report.hypotheses[place].name, share=artist.speaker.pct(share)
                    )
                    for place, share in cut.held
                ],
            )
            for cut in found.slices
        ],
        "held": bool(held),
    }


def _standings(found: Sensitivity, artist: Artist, speaker: Speaker) -> list[tuple[Piece, list[Html], bool]]:
    rows: list[tuple[Piece, list[Html], bool]] = []
    named: list[tuple[Piece, Any]] = [(artist.word(f"limit-{one.id}"), one) for one in found.limits]
    named += [(one.name, one) for one in found.profiles]
    for name, one in named:
        cells = [
            Html(f"{' = '.join(map(letter, first))} {speaker.pct(shares[first[0]])}") if first else Html("–")
            for shares in one.probability
            for first in [foremost(shares)]
        ]
        rows.append((name, cells, one.refit))
    return rows


def _leads(artist: Artist, sweeps: tuple[Sweep, ...], speaker: Speaker) -> list[dict[str, Any]]:
    """Draw the lead along each sweep, with the lead and the leader's probability at some of its points as a table."""
    found = []
    for key, sweep in drawn_leads(sweeps):
        rows = [
            (
                listed(sweep.kind, sweep.x[row], speaker),
                [_led(artist, sweep, case, row, speaker) for case in range(len(artist.found.leaders))],
            )
            for row in spaced(len(sweep.x), _ROWS)
        ]
        found.append(
            {
                "figure": artist.lead(sweep, key),
                "caption": artist.word("sweep-table", what=artist.what(sweep)),
                "axis": artist.word(f"axis-{sweep.kind}"),
                "rows": rows,
            }
        )
    return found


def drawn_leads(sweeps: tuple[Sweep, ...]) -> Iterator[tuple[str, Sweep]]:
    """Choose of the sweeps of a part those whose lead is drawn, each with the end of its figure's key."""
    for place, sweep in enumerate(sweeps):
        if sweep.kind in _DRAWN or any(sweep.flips):
            yield f"{sweep.kind}-{place}", sweep


def swept(found: Sensitivity, part: str) -> tuple[Sweep, ...]:
    """Give the sweeps of a part whose lead may be drawn."""
    if part == "bounds":
        return tuple(one for one in found.of("bounds") if one.name in {"", "all"})
    return tuple(one for kind in (("kappa",) if part == "pooling" else _ORDER) for one in found.of(kind))


def _led(artist: Artist, sweep: Sweep, case: int, row: int, speaker: Speaker) -> Html:
    """Write the lead at a point of a sweep, and below it the probability of who leads as fitted."""
    lead = artist.lead_at(sweep, case, row)
    shown = Html("–") if lead is None else speaker.db(lead)
    probability = speaker.pct(sweep.probability[case][artist.found.leaders[case]][row])
    return Html(f"{shown}<br>{probability}")


def _out(found: Sensitivity, artist: Artist, speaker: Speaker) -> dict[str, Any]:
    drawn = [kind for kind in found.left_out if kind.kind in OUT]
    return {
        "drawn": [
            (
                artist.word(f"kind-{kind.kind}"),
                [artist.tornado(kind, case) for case in range(len(artist.report.cases)) if kind.cases[case]],
            )
            for kind in drawn
        ],
        "table": [(artist.word(f"kind-{kind.kind}"), _worst(kind, found, speaker)) for kind in found.left_out],
    }


def _worst(kind: LeftOut, found: Sensitivity, speaker: Speaker) -> list[Html]:
    cells = []
    for case, items in enumerate(kind.cases):
        if not items:
            cells.append(Html("–"))
            continue
        item = items[0]
        name = speaker.listed([item_name(kind.kind, item, speaker)])
        linked = Html(f'<a href="#{item.anchor}">{name}</a>') if item.anchor else name
        alone = len(foremost(found.base[case])) == 1
        turned = f" → {letter(item.leader)}" if alone and item.leader != found.leaders[case] else ""
        rough = "≈" if item.weighing and item.weighing.doubtful else ""
        cells.append(Html(f"{linked} {rough}{data(item.change, decibels(item.change.value))}{turned}"))
    return cells


def _multiverse(found: Sensitivity, artist: Artist, speaker: Speaker) -> dict[str, Any] | None:
    all_ = found.multiverse
    if all_ is None:
        return None
    return {
        "name": artist.report.focal.name,
        "figures": [artist.curve(all_, case) for case in range(len(artist.report.cases))],
        "heads": all_.hypotheses,
        "share": all_.share,
        "unreliable": None
        if all_.unreliable is None or all_.unreliable.value == 0.0
        else speaker.say("sens-multiverse-unreliable", share=speaker.share(all_.unreliable)),
    }
