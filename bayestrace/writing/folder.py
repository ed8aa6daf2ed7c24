"""Write a study as the text of its files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.files import CANDIDATES, CLUES, CODINGS, SOURCES, STUDY
from bayestrace.reading.private import PRIVATE
from bayestrace.reading.searches import LAYOUT
from bayestrace.study import Coding, Declaration, Evidence, Study
from bayestrace.writing.cells import number, safe
from bayestrace.writing.plain import Block, said, to_yaml

type Row = Sequence[str]


def files(study: Study) -> dict[str, str]:
    """Write a study as the files of a folder.

    Parameters
    ----------
    study
        Any study; what it was read from does not matter, and comments of its files are not kept.

    Returns
    -------
    dict
        Text by path, relative to the folder. Reading them gives a study with the same `Study.canonical`.
    """
    written = {STUDY: to_yaml(declaration(study))}
    for case, observations in by_case(study).items():
        inside = [Block({key: value for key, value in said(each).items() if key != "case"}) for each in observations]
        written[f"evidence/{case}.yaml"] = to_yaml({"case": case, "observations": inside})
    if study.sources:
        written[SOURCES] = json.dumps([*study.sources.values()], ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    for turn, codings in (study.rounds or {1: study.codings}).items():
        folder = CODINGS if turn == 1 else f"{CODINGS}/round-{turn}"
        for coding in codings:
            for kind, rows in stated(coding).items():
                written[f"{folder}/{coding.coder}-{kind}.csv"] = _csv(*with_private(LAYOUTS[kind][0], rows))
    if study.searches:
        written[CLUES] = _csv(*with_private(LAYOUT, [*searches(study)]))
    for name, profile in study.profiles.items():
        written[f"priors/{name}.yaml"] = to_yaml({key: value for key, value in said(profile).items() if key != "id"})
    if study.candidates:
        written[CANDIDATES] = to_yaml({"candidates": said(study.candidates)})
    return written


def by_case(study: Study) -> dict[str, list[Evidence]]:
    """Return the observations of each case that has any, cases in the order of their declaration."""
    found: dict[str, list[Evidence]] = {case: [] for case in study.cases}
    for item in study.evidence:
        found[item.case].append(item)
    return {case: mine for case, mine in found.items() if mine}


def declaration(study: Study) -> dict[str, Any]:
    """Return what study.yaml says; hypotheses that theories make are left to be made again."""
    told = said(Declaration.model_construct(**{name: getattr(study, name) for name in Declaration.model_fields}))
    if study.theories:
        del told["hypotheses"]
    return dict(told)


def stated(coding: Coding) -> dict[str, list[Row]]:
    """Return the rows of a coder's tables, by kind of table; one without rows where the coder states nothing."""
    rows: dict[str, list[Row]] = {}
    for each in coding.judgements:
        for weight in each.weights:
            ends = map(number, (weight.low, weight.best, weight.high))
            rows.setdefault("weights", []).append((each.evidence, weight.hypothesis, weight.against, *ends))
        for chance in each.probabilities:
            ends = map(number, (chance.low, chance.best, chance.high))
            rows.setdefault("probabilities", []).append((each.evidence, chance.hypothesis, *ends))
        if each.p_if_focal is not None or each.rationale is not None or not (each.weights or each.probabilities):
            note = (each.evidence, number(each.p_if_focal), each.rationale or "", _yes(each.private))
            rows.setdefault("notes", []).append(note)
    for one in coding.redundancies:
        rows.setdefault("redundancy", []).append((one.cluster, *map(number, (one.low, one.best, one.high))))
    return rows or {"weights": []}


def searches(study: Study) -> Iterator[Row]:
    """Yield the rows of evidence/clues.csv."""
    for each in study.searches:
        note = (each.note.en, each.note.zh or "") if each.note else ("", "")
        weight = "" if each.search == 1.0 else number(each.search)
        yield (each.case, each.clue, each.state, weight, each.source or "", *note, _yes(each.private))


def with_private(layout: Row, rows: list[Row]) -> tuple[Row, list[Row]]:
    """Leave the column `private` out of a table, the last of those that have it, where nothing in it is."""
    if layout[-1] != PRIVATE or any(row and row[-1] for row in rows):
        return layout, rows
    return layout[:-1], [row[:-1] for row in rows]


def _yes(private: bool) -> str:  # noqa: FBT001 - what stands in a cell for it
    return "true" if private else ""


def _csv(layout: Row, rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(layout)
    free = [name in {"rationale", "note", "note_zh", "source"} for name in layout]
    for row in rows:
        writer.writerow([safe(cell) if is_free else cell for cell, is_free in zip(row, free, strict=True)])
    return text.getvalue()
