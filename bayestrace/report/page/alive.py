"""The part of the page that answers anew: its data, its script, and the words the script says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bayestrace.report import figures, live, wording
from bayestrace.report.content.parts import Preset, Report, Row
from bayestrace.report.content.values import Number
from bayestrace.report.figures import Caption, Svg
from bayestrace.report.page.html import Html, Piece, Speaker, datum
from bayestrace.report.page.packing import packed
from bayestrace.report.wording import observations
from bayestrace.report.wording.live import SPOKEN
from bayestrace.report.wording.many import SPOKEN as SPOKEN_OF_PART
from bayestrace.results import ALIKE

#: The files of the page's script in the order in which they build on one another.
FILES = (
    *("speak.js", "store.js", "view.js", "controls.js", "marked.js", "table.js", "save.js"),
    *("grid.js", "picture.js", "study.js", "carried.js", "download.js", "bars.js", "language.js", "start.js"),
)
_SCRIPTS = Path(__file__).parents[1] / "ui"


def opener() -> str:
    """Give the script that unpacks `script` and all else that is packed."""
    return live.bare((_SCRIPTS / "open.js").read_text(encoding="utf-8"))


def script(answers: bool) -> str:  # noqa: FBT001 - what the page does
    """Join what binds the page to its reader, and the engine in front of it where the page answers anew."""
    engine = live.script() if answers else ""
    files = "\n".join(live.bare((_SCRIPTS / name).read_text(encoding="utf-8")) for name in FILES)
    return f'{engine}(() => {{\n"use strict";\n{files}\nstart();\n}})();\n'


def alive(report: Report, island: Mapping[str, Any] | None, speaker: Speaker) -> dict[str, Any]:
    """Lay out what try.html.j2 shows.

    Parameters
    ----------
    report
        The content of the page.
    island
        As `bayestrace.report.live.island` makes it; None for a page that stays still.

    Returns
    -------
    dict
        `answers` says whether the page can answer at all, `sampled` whether it reweights draws of pools for it,
        `apart` whether it answers for one level of pooling at a time only, `ring` what the rings of its figures are.
    """
    words = Html(live.embedded(_words(report, speaker)))
    if island is None or all(island[name] is None for name in ("logA", "allotted", "stated")):
        return {"answers": False, "words": words}
    several = sum(weight > 0 for weight in island["pooling"]["levels"])
    return {
        "answers": True,
        "learned": island["theta"] is not None,
        "sampled": island["allotted"] is not None,
        "apart": bool(island["stated"]) and not island["stated"]["summed"] and several > 1,
        "island": packed(live.embedded(dict(island))),
        "words": words,
        "figures": [_figure(report, place, speaker) for place in range(len(report.cases))],
        "ring": _reported(report.cases[0].rows[0])[0],
        "presets": [(_preset_name(one, speaker), one.shares) for one in report.presets],
        "levels": _levels(report, island, speaker),
        "coders": [coder.name for coder in report.coders],
    }


def _figure(report: Report, place: int, speaker: Speaker) -> Svg:
    case = report.cases[place]
    rows = [(row.hypothesis.name.text, datum(_reported(row)[1], speaker.percent)) for row in case.rows]
    items = ("，" if speaker.lang == "zh" else ", ").join(f"{name} {number.shown}" for name, number in rows)
    title = speaker.plainly("live-figure", case=case.name.text)
    return figures.movable(Caption(f"live-{place}", title, speaker.plainly("live-desc", items=items)), rows)


def _reported(row: Row) -> tuple[str, Number]:
    """Take what is reported from the standpoint that the page starts from, and name it for the legend.

    At face value the page starts from the cases pooled, and so does what is reported where that is told.
    """
    if row.pooled:
        return "ring", row.probability
    return ("ring-pooled", row.face_pooled) if row.face_pooled else ("ring-alone", row.probability)


def _preset_name(preset: Preset, speaker: Speaker) -> Piece:
    return speaker.word("live-even") if len(set(preset.shares)) == 1 else preset.name


def _levels(report: Report, island: Mapping[str, Any], speaker: Speaker) -> list[tuple[Piece, float]]:
    """Name the levels of pooling, all cases first, then the factors, each case alone last; with weights as fitted."""
    factors = [factor for factor, _ in report.cases[0].groups]
    names: list[Piece] = [speaker.word("live-level-common"), *factors, speaker.word("live-level-own")]
    return list(zip(names, island["pooling"]["levels"], strict=True))


def _words(report: Report, speaker: Speaker) -> dict[str, Any]:
    """Gather what the script says, and the names of what it speaks of."""
    chosen = report.manifest.set_id
    spoken = SPOKEN | observations.SPOKEN | (SPOKEN_OF_PART if report.many else {})
    return {
        "lang": speaker.lang,
        "say": {key: wording.of(both, speaker.lang) for key, both in spoken.items()},
        "hypotheses": [one.name.text for one in report.hypotheses],
        "cases": [case.name.text for case in report.cases],
        "coders": [coder.name.text for coder in report.coders],
        "focal": report.focal.place,
        "alike": ALIKE,
        "last": wording.and_list(speaker.lang)[1],
        "reported": [[_reported(row)[1].value for row in case.rows] for case in report.cases],
        "profile": {"id": report.profile.id, "leaning_db": report.profile.leaning_db.value},
        "command": " ".join(["bayestrace", "update", *(["--hypotheses", chosen] if chosen else [])]),
    }
