"""All that a result says of what to look for next, in one Dataset."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import UsageFault, unknown
from bayestrace.results import closest_rival
from bayestrace.seeking.belief import Belief, belief_of
from bayestrace.seeking.chances import learned
from bayestrace.seeking.pairs import PAIRED, Pair, pairs
from bayestrace.seeking.prospects import Plan, Prospect, plan
from bayestrace.seeking.single import Single, singles
from bayestrace.seeking.together import Together, most_cases, together
from bayestrace.study import Study, canonical_json
from bayestrace.study.sought import Candidate, Chance

Floats = NDArray[np.float64]

#: Cases up to which it is worked out what a search in one tells of each other.
ELSEWHERE = 50
#: What is worked out of a search and has one number, and what of that is also given for one unit of cost.
_NUMBERS = ("p_found", "information", "gain", "change", "overturn")
_PER_COST = ("information", "gain", "change", "overturn")
OUTCOMES = ("found", "not-found")


def analyse(
    tree: xr.DataTree, candidates: Mapping[str, Candidate] | None = None, cases: Sequence[str] = ()
) -> xr.Dataset:
    """Work out what to look for next.

    Parameters
    ----------
    tree
        A result (docs/results.md).
    candidates
        What might be sought, by name; those of the result's study if None. Its clues that are not yet sought come
        after them.
    cases
        Where it might be sought; anywhere if empty.

    Returns
    -------
    Dataset
        Group `seeking` of a result, as docs/results.md describes it.

    Raises
    ------
    UsageFault
        A case that the result does not have; or nothing that could be sought.
    """
    study = Study.model_validate_json(tree.attrs["study"])
    asked = study.candidates if candidates is None else candidates
    problem = tree["problem"].to_dataset()
    names, hypotheses = ([str(name) for name in problem[axis].values] for axis in ("case", "hypothesis"))
    for case in cases:
        if case not in names:
            raise unknown("case", case, names)
    planned = plan(study, asked, (names, hypotheses), cases, _learned(tree))
    if not planned.sought:
        raise UsageFault(
            "nothing-to-seek", set=tree.attrs["set"], left=", ".join(one.candidate for one in planned.left)
        )
    belief = belief_of(tree)
    elsewhere = len(names) <= ELSEWHERE
    prospects = [prospect for one in planned.sought for prospect in one.prospects]
    alone = singles(belief, prospects, elsewhere=elsewhere)
    by_candidate = {
        one.name: [place for place, prospect in enumerate(prospects) if prospect.candidate == one.name]
        for one in planned.sought
    }
    joined = [
        together(
            belief, [prospects[place] for place in places], [alone[place] for place in places], elsewhere=elsewhere
        )
        for places in by_candidate.values()
    ]
    paired = pairs(belief, prospects, alone, planned.dependence, hypotheses)
    data = xr.Dataset(
        {
            **_candidates(planned),
            **_before(belief, hypotheses),
            **_searches(prospects, alone, list(by_candidate), (len(names), len(hypotheses))),
            **_together(joined, len(names)),
            **_pairs(paired, prospects, names),
        },
        coords={
            "candidate": np.array(list(by_candidate), dtype=object),
            "case": names,
            "case_too": names,
            "hypothesis": hypotheses,
            "outcome": list(OUTCOMES),
            "lang": ["en", "zh"],
            "cases_found": np.arange(1 + max(len(one.cases) for one in joined)),
            "member": ["first", "second"],
        },
        attrs={
            "pooling": "case-by-case" if tree.attrs["kind"] == "face-value" else "pooled",
            "candidates": canonical_json({name: one.model_dump(mode="json") for name, one in asked.items()}),
            "left": json.dumps(planned.left),
            "searches": len(prospects),
            "paired": min(PAIRED, len(prospects)),
            "most_cases": most_cases(len(hypotheses)),
        },
    )
    for name in _PER_COST:
        data[f"{name}_per_cost"] = data[name] / data["cost"]
    return data


def _learned(tree: xr.DataTree) -> dict[str, tuple[Chance, ...]]:
    """Give what searches have taught of the probabilities of clues, by cell; nothing where there are none."""
    if "clues" not in tree.children:
        return {}
    clues = tree["clues"].to_dataset().sel(moment="posterior")
    mean, sd = (clues[name].transpose("cell", "hypothesis").values for name in ("chance", "chance_sd"))
    return {
        str(cell): tuple(learned(*both) for both in zip(*rows, strict=True))
        for cell, rows in zip(clues["cell"].values, zip(mean, sd, strict=True), strict=True)
    }


def _candidates(planned: Plan) -> dict[str, Any]:
    titles = [[one.title(lang) for lang in ("en", "zh")] for one in planned.sought]
    return {
        "title": (("candidate", "lang"), np.array(titles, dtype=object)),
        "kind": ("candidate", np.array([one.kind for one in planned.sought], dtype=object)),
        "cost": ("candidate", np.array([one.cost for one in planned.sought])),
    }


def _before(belief: Belief, hypotheses: Sequence[str]) -> dict[str, Any]:
    named = np.array(hypotheses, dtype=object)
    return {
        "now": (("case", "hypothesis"), belief.margin),
        "leader": ("case", named[belief.leader]),
        "closest": (("case", "hypothesis"), named[closest_rival(belief.margin)]),
    }


def _searches(
    prospects: Sequence[Prospect], alone: Sequence[Single], names: Sequence[str], shape: tuple[int, int]
) -> dict[str, Any]:
    """Lay the searches out by candidate and case; NaN where a candidate is not to be sought."""
    cases, hypotheses = shape
    spot = (np.array([names.index(one.candidate) for one in prospects]), np.array([one.case for one in prospects]))
    size = (len(names), cases)
    sought = np.zeros(size, dtype=bool)
    sought[spot] = True
    found: dict[str, Any] = {"sought": (("candidate", "case"), sought)}
    further: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
        **dict.fromkeys(_NUMBERS, ((), ())),
        "found": (("hypothesis",), (hypotheses,)),
        "variance_removed": (("hypothesis",), (hypotheses,)),
        "probability": (("outcome", "hypothesis"), (2, hypotheses)),
        "db": (("outcome", "hypothesis"), (2, hypotheses)),
        "information_of": (("case_too",), (cases,)),
        "overturn_of": (("case_too",), (cases,)),
    }
    for name, (dims, more) in further.items():
        values = np.full((*size, *more), np.nan)
        values[spot] = np.array([getattr(one, name) for one in alone])
        found[name] = (("candidate", "case", *dims), values)
    return found


def _together(joined: Sequence[Together], cases: int) -> dict[str, Any]:
    most = 1 + max(len(one.cases) for one in joined)
    sought = np.zeros((len(joined), cases), dtype=bool)
    times = np.zeros((len(joined), most))
    for place, one in enumerate(joined):
        sought[place, list(one.cases)] = True
        times[place, : one.times_found.size] = one.times_found
    numbers = {
        f"together_{name}": ("candidate", np.array([getattr(one, name) for one in joined]))
        for name in ("whole", "information", "apart", "cost", "overturn")
    }
    return numbers | {
        "together_sought": (("candidate", "case"), sought),
        "together_overturn_of": (("candidate", "case_too"), np.stack([one.overturn_of for one in joined])),
        "together_gain_of": (("candidate", "case_too"), np.stack([one.gain_of for one in joined])),
        "together_times_found": (("candidate", "cases_found"), times),
        "together_per_cost": ("candidate", np.array([one.information / one.cost for one in joined])),
    }


def _pairs(paired: Sequence[Pair], prospects: Sequence[Prospect], cases: Sequence[str]) -> dict[str, Any]:
    members = [[prospects[place] for place in (pair.first, pair.second)] for pair in paired]
    named = [[one.candidate for one in both] for both in members]
    where = [[cases[one.case] for one in both] for both in members]
    return {
        "pair_candidate": (("pair", "member"), np.array(named, dtype=object).reshape(-1, 2)),
        "pair_case": (("pair", "member"), np.array(where, dtype=object).reshape(-1, 2)),
        **{
            f"pair_{name}": ("pair", np.array([getattr(pair, name) for pair in paired], dtype=np.float64))
            for name in ("information", "apart", "cost", "overturn", "per_cost")
        },
    }
