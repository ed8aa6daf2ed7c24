"""Put a comparison together, and hand it out as plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from bayestrace.compare.cases import CaseChange, Moved, case_changes
from bayestrace.compare.inputs import Difference, differences
from bayestrace.compare.sides import Side
from bayestrace.compare.steps import walk
from bayestrace.errors import UsageFault

#: Version of the layout of `as_data`.
FORMAT = 1


@dataclass(frozen=True)
class Comparison:
    """Two results held against each other.

    Parameters
    ----------
    a, b
        The results.
    inputs
        What differs between their inputs.
    cases
        What changed in each case that both have.
    remarks
        Slugs of what a reader should know of this comparison; `bayestrace.cli` words them.
    """

    a: Side
    b: Side
    inputs: tuple[Difference, ...]
    cases: tuple[CaseChange, ...]
    remarks: tuple[str, ...]


def compare(a: Side, b: Side) -> Comparison:
    """Compare two results.

    Parameters
    ----------
    a, b
        As `bayestrace.compare.open_side` gives them; changes are told from the first to the second.

    Raises
    ------
    UsageFault
        The results have no case or no explanation in common.
    """
    for axis, slug in (("case", "compare-no-common-case"), ("hypothesis", "compare-no-common-hypothesis")):
        if not {*a.names(axis)} & {*b.names(axis)}:
            raise UsageFault(slug, a=", ".join(a.names(axis)), b=", ".join(b.names(axis)))
    steps, remarks = walk(a, b)
    if a.study.id != b.study.id:
        remarks = ["compare-other-study", *remarks]
    return Comparison(a, b, tuple(differences(a, b)), case_changes(a, b, steps), tuple(remarks))


def as_data(found: Comparison) -> dict[str, Any]:
    """Hand a comparison out as plain data, ready for JSON."""
    return {
        "compare": FORMAT,
        "a": _side(found.a),
        "b": _side(found.b),
        "inputs": [one._asdict() for one in found.inputs],
        "cases": [_case(one) for one in found.cases],
        "remarks": list(found.remarks),
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "result": side.place,
        "study": side.study.id,
        "study_digest": side.tree.attrs["study_digest"],
        "kind": side.kind,
        "set": side.set,
        "profile": side.profile.id,
        "coders": side.names("coder"),
        "bayestrace": side.tree.attrs["bayestrace"],
    }


def _case(case: CaseChange) -> dict[str, Any]:
    return {
        "case": case.case,
        "leader_a": case.leader_a,
        "leader_b": case.leader_b,
        "hypotheses": [
            {**row._asdict(), "change": None if row.a is None or row.b is None else row.b - row.a} for row in case.rows
        ],
        "pair": list(case.pair),
        "steps": [
            {
                "step": step.name,
                "basis": step.basis,
                "pareto_k": step.pareto_k if math.isfinite(step.pareto_k) else None,
                "probability": {
                    str(name): float(value)
                    for name, value in zip(step.probability["hypothesis"].values, step.probability.values, strict=True)
                },
            }
            for step in case.steps
        ],
        "prior_db": case.prior_db,
        "face_value_db": case.face_db,
        "observations": [_moved(one) for one in case.observations],
        "coders": [_moved(one) for one in case.coders],
        "clusters": [_moved(one) for one in case.clusters],
    }


def _moved(one: Moved) -> dict[str, Any]:
    return {**one._asdict(), "reasons": list(one.reasons)}
