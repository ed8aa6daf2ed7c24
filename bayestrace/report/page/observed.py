"""All observations as the rows of one table; cells one above the other that say the same are written once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from bayestrace.report.content.parts import Case, Cluster, Observation, Report
from bayestrace.report.content.values import Number
from bayestrace.report.page.html import Piece, Speaker


@dataclass(frozen=True)
class Cell:
    """What a cell says, and the number of rows that it says it for, its own included."""

    text: Piece
    rows: int


@dataclass(frozen=True)
class Line:
    """One row: an observation, its weight, and its cells by column, None where one above stands for this row too.

    `weight` is that of the case's leader over its closest rival: what is lost without the observation, or as stated at
    face value; None where it weighs nothing.
    """

    observation: Observation
    weight: Number | None
    cells: Mapping[str, Cell | None]


def observed(report: Report, speaker: Speaker) -> list[Line]:
    """Lay out every observation, in the order of the cases and of their clusters."""
    found = [(case, cluster, one) for case in report.cases for cluster in case.clusters for one in cluster.observations]
    rows = [_said(*one, speaker) for one in found]
    columns = {
        name: _merged([(case.id, row[name]) for (case, _, _), row in zip(found, rows, strict=True)])
        for name in _COLUMNS
    }
    return [
        Line(one, _weight(one, report), {name: column[place] for name, column in columns.items()})
        for place, (_, _, one) in enumerate(found)
    ]


_COLUMNS = ("case", "cluster", "step", "source-type", "test", "status")


def _said(case: Case, cluster: Cluster, one: Observation, speaker: Speaker) -> dict[str, Piece]:
    return {
        "case": case.name,
        "cluster": "–" if cluster.alone else cluster.name,
        "step": one.step,
        "source-type": speaker.word_or("type", one.source_type),
        "test": speaker.word(f"obs-{one.test}") if one.test else "–",
        "status": speaker.word(f"obs-{one.status}"),
    }


def _weight(one: Observation, report: Report) -> Number | None:
    if one.status != "weighs":
        return None
    return one.leader_left_out if report.kind == "model" else one.leader_over


def _merged(column: list[tuple[str, Piece]]) -> list[Cell | None]:
    """Merge what repeats from one row to the next within a case."""
    cells: list[Cell | None] = []
    for _, group in groupby(column, key=lambda said: (said[0], str(said[1]))):
        alike = list(group)
        cells += [Cell(alike[0][1], len(alike)), *([None] * (len(alike) - 1))]
    return cells
