"""What the tests of the live page share: results with draws of the hyperparameters, and settings of a page."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from study_factory import make_profile, make_study

from bayestrace.calibration.truth import draw_truth
from bayestrace.encoding import encode
from bayestrace.inference import answer, facevalue
from bayestrace.inference.signal import Hyperparameters
from bayestrace.sensitivity.draws import Stored, stored
from bayestrace.study import Coding, PriorProfile, Study

Floats = NDArray[np.float64]

DIMS = {"scale": ("coder",), "noise": ("coder",), "bias": ("coder", "contrast")}


@dataclass(frozen=True)
class Fit:
    """A study with draws of its hyperparameters, as a fit leaves them.

    Parameters
    ----------
    tree
        The result.
    stored
        All its draws, with what the evidence says given each.
    """

    study: Study
    profile: PriorProfile
    tree: xr.DataTree
    stored: Stored


def fit(draws: int = 80, profile: dict[str, Any] | None = None, **study: Any) -> Fit:
    """Take draws from the prior in the place of a sampler's: what a page makes of draws does not depend on whose.

    Every other observation is as reported with a probability of its own; each coder takes less of a cluster for the
    same news than the one before.
    """
    return fit_of(_unlike(make_study(**study)), make_profile(**(profile or {})), draws)


def fit_of(made: Study, posed: PriorProfile, draws: int) -> Fit:
    """Take draws from the prior of a study as it is."""
    problem = encode(made, posed)
    held, posterior = drawn(problem, draws)
    groups = {"problem": problem, "posterior": posterior}
    if held.table is not None:
        groups["cases"] = answer.cases(answer.draws_of(problem, posterior))
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {"kind": "model", "settings": json.dumps({"seed": draws})}
    return Fit(made, posed, tree, held)


def drawn(problem: xr.Dataset, draws: int) -> tuple[Stored, xr.Dataset]:
    """Draw hyperparameters from their priors: as `Stored`, and as the posterior of a result."""
    rng = np.random.default_rng(draws)
    truths = [draw_truth(problem, rng) for _ in range(draws)]
    thetas = [truth.theta for truth in truths]
    posterior = xr.Dataset(
        {
            name: (
                ("chain", "draw", *DIMS.get(name, ())),
                # A page's draws have four bytes each, of other panels two: rounded beforehand, they are the same.
                np.stack([getattr(theta, name) for theta in thetas])
                .astype(np.float16)
                .astype(np.float64)
                .reshape(2, draws // 2, *np.shape(getattr(thetas[0], name))),
            )
            for name in Hyperparameters._fields
        }
        | {
            name: (("chain", "draw"), np.reshape([getattr(truth, name) for truth in truths], (2, draws // 2)))
            for name in ("noise_sd", "leaning_sd")
        }
    )
    if "cell_alpha" in problem:
        uncertain = ~np.isnan(problem["cell_alpha"].values)
        alpha, beta = (np.where(uncertain, problem[name].values, 1.0) for name in ("cell_alpha", "cell_beta"))
        some = rng.beta(alpha, beta, size=(2, draws // 2, *uncertain.shape))
        chance = np.where(uncertain, some, problem["cell_known"].values)
        posterior = posterior.assign(chance=(("chain", "draw", "cell", "hypothesis"), chance))
    held = stored(problem, posterior, draws)
    loglik = held.loglik.reshape(2, draws // 2, *held.loglik.shape[1:])
    return held, posterior.assign(case_loglik=(("chain", "draw", "case", "hypothesis"), loglik))


def _unlike(study: Study) -> Study:
    own = [
        item.model_copy(update={"reliability": 0.55 + place / 4 % 0.4}) if place % 2 and not item.reliability else item
        for place, item in enumerate(study.evidence)
    ]
    codings = [_less_redundant(coding, 0.8**place) for place, coding in enumerate(study.codings)]
    return study.model_copy(update={"evidence": tuple(own), "codings": tuple(codings)})


def _less_redundant(coding: Coding, share: float) -> Coding:
    stated = [
        one.model_copy(
            update={
                name: None if (value := getattr(one, name)) is None else share * value
                for name in ("low", "best", "high")
            }
        )
        for one in coding.redundancies
    ]
    return coding.model_copy(update={"redundancies": tuple(stated)})


def face_value(**study: Any) -> Fit:
    """Take the same without a fit."""
    made = fit(draws=2, **study)
    problem = made.stored.problem
    tree = xr.DataTree.from_dict({"problem": problem, "face_value": answer.face_value(problem)})
    tree.attrs = {"kind": "face-value"}
    return dataclasses.replace(made, tree=tree)


def published(tree: xr.DataTree, group: str, **where: str) -> Floats:
    """Take the probabilities that a result tells of its cases, shape (C, K)."""
    return np.asarray(tree[group].to_dataset()["probability"].sel(where).values, dtype=np.float64)


def counted(problem: xr.Dataset) -> Floats:
    """Give what stated weights say of each case at face value, shape (1, C, K), nats."""
    return facevalue.case_loglik(problem, with_doubtful=True)[None]
