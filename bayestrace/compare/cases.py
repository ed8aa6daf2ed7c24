"""Say of each case what changed in its answer, and which observations, coders and clusters moved it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr

from bayestrace.compare.inputs import judged
from bayestrace.compare.sides import Side, posed
from bayestrace.compare.steps import Step
from bayestrace.encoding import Problem
from bayestrace.inference import facevalue
from bayestrace.results import ALIKE, leader_of
from bayestrace.study import Coding
from bayestrace.weights import to_decibels

#: Changes of a weight that are smaller than this, in decibels, are rounding.
_LEAST_DB = 1e-6
#: An observation of which two coders say nothing else than before may still weigh otherwise.
_BY_PANEL = "panel"


class Row(NamedTuple):
    """The probability of one explanation in either result, None where it is not in the set."""

    hypothesis: str
    a: float | None
    b: float | None


class Moved(NamedTuple):
    """By how much one thing moved the weight of the case's pair of explanations.

    Parameters
    ----------
    name
        Of an observation, a coder or a cluster.
    change_db
        Decibels towards the first explanation of the pair.
    a_db, b_db
        The weight in either result; None where it has none, or where only the change is defined.
    reasons
        `added`, `removed`, `context`, `panel`, or names of the coders who weigh it otherwise.
    """

    name: str
    change_db: float
    a_db: float | None
    b_db: float | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseChange:
    """What changed in one case.

    Parameters
    ----------
    case
        Its name.
    leader_a, leader_b
        The most probable explanation in either result; None where several are equally probable.
    rows
        Each explanation's probabilities.
    pair
        The two explanations whose weight is followed: the first result's leader, and the second one's, or the closest
        rival where that is the same; of equals the first listed, and in the second result the first that is not the
        leader already. Empty where the results have less than two explanations in common.
    steps
        (step, P(first of the pair), P(second of the pair)) is in each step's `probability`.
    prior_db
        Change of the prior odds of the pair, decibels; None where a prior is 0.
    face_db
        Change of the pair's weight at face value: exactly the sum of `observations`.
    observations, coders, clusters
        What moved the weight, greatest first: observations and coders at face value, clusters in the model.
    """

    case: str
    leader_a: str | None
    leader_b: str | None
    rows: tuple[Row, ...]
    pair: tuple[str, ...]
    steps: tuple[Step, ...]
    prior_db: float | None = None
    face_db: float | None = None
    observations: tuple[Moved, ...] = ()
    coders: tuple[Moved, ...] = ()
    clusters: tuple[Moved, ...] = ()

    @property
    def shift(self) -> float:
        """The greatest change of a probability."""
        return max((abs(row.b - row.a) for row in self.rows if row.a is not None and row.b is not None), default=0.0)


def case_changes(a: Side, b: Side, steps: Sequence[Step]) -> tuple[CaseChange, ...]:
    """Say of each case that both results have what changed, in the order of the first."""
    both = [name for name in a.names("hypothesis") if name in b.names("hypothesis")]
    every = list(dict.fromkeys([*a.names("hypothesis"), *b.names("hypothesis")]))
    swaps = _coder_swaps(a, b)
    found = []
    for case in a.names("case"):
        if case not in b.names("case"):
            continue
        now = [s.probability.sel(case=case).to_series().to_dict() for s in (a, b)]
        leaders = [leader_of(list(one.values()), list(one)) for one in now]
        rows = tuple(Row(name, now[0].get(name), now[1].get(name)) for name in every)
        pair = _pair([{name: one[name] for name in both} for one in now])
        here = tuple(
            step._replace(probability=step.probability.sel(case=case))
            for step in steps
            if case in step.probability.case
        )
        if not pair:
            found.append(CaseChange(case, leaders[0], leaders[1], rows, (), here))
            continue
        observations = _observations(a, b, case, pair)
        found.append(
            CaseChange(
                case,
                leaders[0],
                leaders[1],
                rows,
                pair,
                here,
                _prior_db(a, b, pair),
                float(sum(one.change_db for one in observations)),
                observations,
                _coders(a, swaps, case, pair),
                _clusters(a, b, case, pair),
            )
        )
    return tuple(found)


def _first(now: dict[str, float]) -> list[str]:
    """Name the explanations that have the first place or share it, as listed."""
    return [name for name in now if now[name] >= max(now.values()) - ALIKE]


def _pair(now: Sequence[dict[str, float]]) -> tuple[str, ...]:
    """Choose whose weight to follow: who led against who leads now, or against the closest rival."""
    if len(now[0]) < 2:  # noqa: PLR2004 - a weight is between two
        return ()
    first = _first(now[0])[0]
    rivals = {name: value for name, value in now[0].items() if name != first}
    return first, next((name for name in _first(now[1]) if name != first), _first(rivals)[0])


def _prior_db(a: Side, b: Side, pair: tuple[str, ...]) -> float | None:
    odds = []
    for s in (a, b):
        prior = s.problem["prior"].sel(hypothesis=list(pair)).values
        if not prior.all():
            return None
        odds.append(float(to_decibels(np.log(prior[0]) - np.log(prior[1]))))
    return odds[1] - odds[0]


def _weights(problem: Problem, pair: Sequence[str]) -> xr.DataArray:
    """Give the face-value weight of the pair in each observation, decibels; 0 where it does not count."""
    names = [str(name) for name in problem["hypothesis"].values]
    loglik = facevalue.observation_loglik(problem)
    weight = to_decibels(loglik[:, names.index(pair[0])] - loglik[:, names.index(pair[1])])
    counted = np.where(problem["context"].values, 0.0, weight)
    return xr.DataArray(counted, dims="evidence", coords={"evidence": problem["evidence"].values})


def _of_case(problem: Problem, case: str) -> list[str]:
    place = [str(name) for name in problem["case"].values].index(case)
    return [str(name) for name in problem["evidence"].values[problem["case_of_evidence"].values == place]]


def _observations(a: Side, b: Side, case: str, pair: tuple[str, ...]) -> tuple[Moved, ...]:
    members = [_of_case(s.problem, case) for s in (a, b)]
    weights = [_weights(s.problem, pair) for s in (a, b)]
    said = [{coding.coder: judged(coding) for coding in s.codings} for s in (a, b)]
    context = [dict(zip(s.names("evidence"), s.problem["context"].values, strict=True)) for s in (a, b)]
    found = []
    for name in dict.fromkeys([*members[0], *members[1]]):
        old, new = (
            float(weight.sel(evidence=name)) if name in inside else None
            for weight, inside in zip(weights, members, strict=True)
        )
        change = (new or 0.0) - (old or 0.0)
        if abs(change) < _LEAST_DB:
            continue
        if old is None or new is None:
            reasons: tuple[str, ...] = ("added" if old is None else "removed",)
        elif context[0][name] != context[1][name]:
            reasons = ("context",)
        else:
            kept = [coder for coder in said[0] if coder in said[1]]
            reasons = tuple(coder for coder in kept if said[0][coder].get(name) != said[1][coder].get(name))
            reasons += (_BY_PANEL,) if len(kept) < max(map(len, said)) else ()
        found.append(Moved(name, change, old, new, reasons))
    return _greatest_first(found)


def _greatest_first(moved: Sequence[Moved]) -> tuple[Moved, ...]:
    return tuple(sorted(moved, key=lambda one: (-abs(one.change_db), one.name)))


def _coder_swaps(a: Side, b: Side) -> dict[str, tuple[Problem, str]]:
    """Pose the first result's question with one coder as in the second: changed, added or left out."""
    old, new = ({coding.coder: coding for coding in s.codings} for s in (a, b))
    gone = {item.id for item in a.study.evidence} - {item.id for item in b.study.evidence}
    found: dict[str, tuple[Problem, str]] = {}
    for name in dict.fromkeys([*old, *new]):
        reason = "weights"
        if name not in new:
            codings, reason = [coding for coding in a.codings if coding.coder != name], "removed"
        elif name not in old:
            codings, reason = [*a.codings, new[name]], "added"
        else:
            swapped = _as_in(new[name], old[name], gone)
            codings = [swapped if coding.coder == name else coding for coding in a.codings]
            if judged(swapped) == judged(old[name]):
                continue
        if codings:
            found[name] = posed(a.study, a.profile, a.names("hypothesis"), codings), reason
    return found


def _as_in(new: Coding, old: Coding, gone: Collection[str]) -> Coding:
    """Let a coder say what it says in another study, and what it said of the observations that are gone there."""
    kept = tuple(item for item in old.judgements if item.evidence in gone)
    return new.model_copy(update={"judgements": (*new.judgements, *kept)})


def _coders(a: Side, swaps: dict[str, tuple[Problem, str]], case: str, pair: tuple[str, ...]) -> tuple[Moved, ...]:
    members = _of_case(a.problem, case)
    before = float(_weights(a.problem, pair).sel(evidence=members).sum())
    found = []
    for name, (problem, reason) in swaps.items():
        change = float(_weights(problem, pair).sel(evidence=members).sum()) - before
        if abs(change) >= _LEAST_DB:
            found.append(Moved(name, change, None, None, (reason,)))
    return _greatest_first(found)


def _clusters(a: Side, b: Side, case: str, pair: tuple[str, ...]) -> tuple[Moved, ...]:
    """Compare the weights that the model gives each cluster, after all corrections, means over either one's draws."""
    if not a.kind == b.kind == "model":
        return ()
    known = []
    for s in (a, b):
        cases = s.names("case")
        of = {str(n): cases[c] for n, c in zip(s.names("cluster"), s.problem["case_of_cluster"].values, strict=True)}
        ledger = s.tree["clusters"].to_dataset()["ledger_db"].sel(stage="reliability", drop=True)
        weight = ledger.sel(hypothesis=pair[0]) - ledger.sel(hypothesis=pair[1])
        pairs = zip(map(str, weight["cluster"].values), weight.values, strict=True)
        known.append({name: float(value) for name, value in pairs if of[name] == case and np.isfinite(value)})
    found = []
    for name in dict.fromkeys([*known[0], *known[1]]):
        old, new = known[0].get(name), known[1].get(name)
        change = (new or 0.0) - (old or 0.0)
        if abs(change) >= _LEAST_DB:
            reasons = ("added",) if old is None else ("removed",) if new is None else ()
            found.append(Moved(name, change, old, new, reasons))
    return _greatest_first(found)
