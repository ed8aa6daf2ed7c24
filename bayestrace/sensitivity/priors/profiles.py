"""The study's own standpoints, one after the other, on the draws of one fit."""

from __future__ import annotations

import dataclasses

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.sensitivity.draws import Stored, design_clusters
from bayestrace.sensitivity.evaluate import Answered, answer
from bayestrace.sensitivity.flips import leaders, named, overtaken
from bayestrace.sensitivity.reweight import doubtful
from bayestrace.sensitivity.standpoints import enumerable, log_p, standpoint_of
from bayestrace.study import Study

Floats = NDArray[np.float64]


def analyse(stored: Stored, study: Study) -> xr.Dataset:
    """Answer from the standpoint of every profile.

    Parameters
    ----------
    stored
        Draws.
    study
        Whose profiles are taken, for the same hypotheses and coders. A profile that gives these hypotheses no prior
        probability says nothing of them and is left out.

    Returns
    -------
    Dataset
        `probability` (profile, case, hypothesis); NaN where a profile pools more cases than can be enumerated.
        `pareto_k`, `ess` (profile): Pareto-smoothed where the profile's selectivity differs. `refit` (profile): whether
        the profile changes what no weighing of the draws can follow, the leaning that coders have in common, or the
        weights are not to be believed; `probability` is then what the rest of the profile makes of these draws. `prior`
        (profile, hypothesis). `flip_to` (profile, case): who leads instead, empty where the leader is the fitted one.
    """
    problem = stored.problem
    names, cases = problem["hypothesis"].values, problem["case"].values
    fitted = leaders(answer(stored).probability)
    rows: dict[str, tuple[xr.Dataset, Answered]] = {}
    for name, profile in study.profiles.items():
        try:
            there = encode(study, profile, problem.attrs["set"], [str(coder) for coder in problem["coder"].values])
        except UsageFault:
            continue
        rows[name] = there, _answered(stored, there)
    probability = np.array([found.probability for _, found in rows.values()]).reshape(-1, cases.size, names.size)
    pareto_k, ess = (np.array([float(getattr(one, name)) for _, one in rows.values()]) for name in ("pareto_k", "ess"))
    leaning = np.array([there.attrs["leaning_sd"] for there, _ in rows.values()])
    other = ~np.isclose(leaning, problem.attrs["leaning_sd"]) if stored.theta is not None else leaning < 0.0
    # What is not known is below nothing, and equals are no flip.
    lead = overtaken(probability, fitted)
    over = ("profile", "case")
    return xr.Dataset(
        {
            "probability": ((*over, "hypothesis"), probability),
            "pareto_k": ("profile", pareto_k),
            "ess": ("profile", ess),
            "refit": ("profile", other | doubtful(pareto_k, ess)),
            "prior": (
                ("profile", "hypothesis"),
                np.array([there["prior"].values for there, _ in rows.values()]).reshape(-1, names.size),
            ),
            "flip_to": (over, named(lead, names)),
        },
        coords={"profile": np.array(list(rows), dtype=np.str_), "case": cases, "hypothesis": names},
        attrs={"unit": "profile", "pooling": "pooled" if stored.pooled else "unpooled"},
    )


def _answered(stored: Stored, there: xr.Dataset) -> Answered:
    """Answer as encoded from another standpoint."""
    prior, clusters = there["prior"].values, _clusters(stored, there)
    if not stored.pooled:
        return answer(stored, prior=prior, clusters=clusters)
    standpoint, pools = standpoint_of(there), stored.problem["pool"].values
    if not enumerable(pools, np.flatnonzero(standpoint.level_weight[0] > 0), prior.size):
        found = answer(stored)
        return Answered(*(np.full_like(values, np.nan) for values in found))
    table = log_p(pools, standpoint, stored.z)[1][0]
    return answer(stored, log_p=table, clusters=clusters)


def _clusters(stored: Stored, there: xr.Dataset) -> Floats | None:
    """Evaluate the clusters under another selectivity, or None where they are those of the fit."""
    if stored.theta is None:
        return None
    names = list(stored.problem["hypothesis"].values)
    selectivity, favours = float(there.attrs["selectivity"]), names.index(there.attrs["favours"])
    design = stored.design
    # Whom an author selects for matters where there is selection.
    if selectivity == design.selectivity and (favours == design.favours or selectivity == 0.0):
        return None
    return design_clusters(dataclasses.replace(design, selectivity=selectivity, favours=favours), stored.theta)
