"""Go from one result to another one step at a time, as far as the first one's draws carry."""

from __future__ import annotations

import dataclasses
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr

from bayestrace.compare.sides import Side, at_face_value, labelled, posed, taken_over
from bayestrace.encoding import Problem
from bayestrace.errors import UsageFault
from bayestrace.inference import pooling
from bayestrace.inference.signal import Hyperparameters
from bayestrace.sensitivity.draws import Stored, clusters_of, stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.reweight import doubtful
from bayestrace.study import PriorProfile
from bayestrace.weights import log_sum_exp

#: How far a step can be believed: sums of stated weights are `exact`; on the draws of the first result `draws` (the
#: prior and pooling; exact but for the number of draws) or `reweighted` (importance weights); `published` is one of the
#: two results, or its face value, as it stands.
Basis = Literal["exact", "draws", "reweighted", "published"]
#: Draws on which the steps are evaluated, all chains together.
DRAWS = 4000


class Step(NamedTuple):
    """Where the answer stands once one more thing is as in the second result.

    Parameters
    ----------
    name
        `start`, `kind`, `standpoint`, `selectivity`, `evidence`, `coders`, `hypotheses` or `rest`.
    basis
        How it was worked out.
    pareto_k
        Of the importance weights; NaN where there are none.
    probability
        (case, hypothesis).
    """

    name: str
    basis: Basis
    pareto_k: float
    probability: xr.DataArray


class Walk(NamedTuple):
    """The steps from one result to another, and slugs of what is to be said of them."""

    steps: list[Step]
    remarks: list[str]


def walk(a: Side, b: Side) -> Walk:
    """Go from one result to another: standpoint, evidence, coders, hypotheses, and the rest.

    At face value every step is exact. Between two results of the model the standpoint and the evidence are swapped on
    the draws of the first one; another panel of coders or another set of hypotheses needs the fit of the second, and is
    part of the rest. Between face value and model the step from one to the other is a step of its own, and the others
    are taken at face value. The order matters: what two changes do together goes to the later one. What clues alone say
    is not gone through step by step: all of it is the rest.
    """
    start = Step("start", "published", np.nan, a.probability)
    end = b.probability
    if "clues" in {a.kind, b.kind}:
        return Walk([start, Step("rest", "published", np.nan, end)], ["compare-clues"])
    if a.kind == b.kind == "model":
        middle, remarks = _on_draws(a, b)
        return Walk([start, *middle, Step("rest", "published", np.nan, end)], remarks)
    steps, remarks = _at_face_value(a, b)
    if a.kind == "model":
        steps = [Step("kind", "published", np.nan, a.face_value), *steps]
    if b.kind == "model":
        steps = [*steps, Step("kind", "published", np.nan, end)]
    elif not steps or not _alike(steps[-1].probability, end):
        # Another version of the program, or a step that could not be taken.
        steps = [*steps, Step("rest", "published", np.nan, end)]
    return Walk([start, *steps], remarks)


def _alike(a: xr.DataArray, b: xr.DataArray) -> bool:
    if a.shape != b.shape or any((a[axis].values != b[axis].values).any() for axis in a.dims):
        return False
    return bool(np.allclose(a.values, b.values, atol=1e-9))


def _at_face_value(a: Side, b: Side) -> tuple[list[Step], list[str]]:
    steps: list[Step] = []
    before = at_face_value(posed(a.study, a.profile, a.names("hypothesis"), a.codings))
    codings = taken_over(a.codings, b.study)
    plan = {
        "standpoint": (a.study, b.profile, a.names("hypothesis"), a.codings),
        "evidence": (b.study, b.profile, a.names("hypothesis"), codings),
        "coders": (b.study, b.profile, a.names("hypothesis"), b.codings),
        "hypotheses": (b.study, b.profile, b.names("hypothesis"), b.codings),
    }
    for name, parts in plan.items():
        try:
            now = at_face_value(posed(*parts))
        except UsageFault:
            # The second standpoint gives the first one's hypotheses no prior: these steps cannot be told apart.
            return [], ["compare-no-common-prior"]
        if not _alike(before, now):
            steps.append(Step(name, "exact", np.nan, now))
        before = now
    return steps, []


def _on_draws(a: Side, b: Side) -> tuple[list[Step], list[str]]:
    posterior = a.tree["posterior"].to_dataset()
    if not {*Hyperparameters._fields} <= {str(name) for name in posterior.data_vars}:
        return [], ["compare-older-draws"]
    held = stored(a.problem, posterior, DRAWS)
    if not held.pooled:
        return [], ["compare-pools-sampled"]
    try:
        return _swaps(a, b, held)
    except UsageFault:
        return [], ["compare-no-common-prior"]


def _swaps(a: Side, b: Side, held: Stored) -> tuple[list[Step], list[str]]:
    names = a.names("hypothesis")
    problem = posed(a.study, a.profile, names, a.codings)
    before = answer(held).probability
    steps: list[Step] = []
    remarks: list[str] = []
    plan: list[tuple[str, Problem]] = [
        ("standpoint", posed(a.study, _selecting(b.profile, a), names, a.codings)),
        ("selectivity", posed(a.study, _selecting(b.profile, b), names, a.codings)),
    ]
    if {*a.names("case")} == {*b.names("case")}:
        study = b.study.model_copy(update={"cases": {name: b.study.cases[name] for name in a.names("case")}})
        plan.append(("evidence", posed(study, b.profile, names, taken_over(a.codings, b.study))))
    else:
        remarks.append("compare-other-cases")
    for name, now in plan:
        changed = _changed(problem, now)
        problem = now
        if not changed:
            continue
        log_p = _log_p(held, now)
        if log_p is None:
            remarks.append("compare-no-table")
            break
        exact = name == "standpoint"
        # Other observations make other clusters: the problem says which case each of them is of.
        posed_now = dataclasses.replace(held, problem=now)
        found = answer(
            posed_now, log_p=log_p, clusters=None if exact else clusters_of(now, _theta(held)), diagnose=True
        )
        k = float(found.pareto_k)
        if doubtful(k, found.ess) or np.isnan(found.probability).any():
            remarks.append("compare-k-too-great")
            break
        if not np.allclose(found.probability, before, atol=1e-9):
            steps.append(Step(name, "draws" if exact else "reweighted", k, labelled(found.probability, now)))
        before = found.probability
    return steps, remarks


def _selecting(profile: PriorProfile, like: Side) -> PriorProfile:
    """Let a standpoint suppose the selection that another supposes."""
    favours = like.profile.selection_favours or like.study.focal
    return profile.model_copy(update={"selectivity": like.profile.selectivity, "selection_favours": favours})


def _theta(held: Stored) -> Hyperparameters:
    if held.theta is None:
        raise TypeError("draws of a model have hyperparameters")
    return held.theta


def _changed(a: Problem, b: Problem) -> bool:
    """Say whether anything differs on which the answer depends, given the hyperparameters."""
    # Whom selection favours makes a difference only where selection is supposed at all.
    selected = max(a.attrs["selectivity"], b.attrs["selectivity"]) > 0.0
    marks = ("selectivity", "favours") if selected else ()
    return not a.equals(b) or any(a.attrs[mark] != b.attrs[mark] for mark in marks)


def _log_p(held: Stored, problem: Problem) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """Tabulate the prior of a standpoint over the joint explanations of the draws; None where it has others."""
    if not pooling.fits_in_table(problem):
        return None
    table = pooling.table_of(problem)
    place = {tuple(row): index for index, row in enumerate(held.z)}
    if any(tuple(row) not in place for row in table.z):
        return None
    log_p = np.full(held.z.shape[0], -np.inf)
    log_p[[place[tuple(row)] for row in table.z]] = table.log_p
    return log_p - log_sum_exp(log_p)
