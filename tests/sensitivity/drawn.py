"""What the tests of sensitivity share: draws without a sampler, and studies whose answer is a sum in the head."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from study_factory import make_profile, make_study

from bayestrace.calibration.truth import draw_truth
from bayestrace.encoding import encode
from bayestrace.inference.signal import Hyperparameters
from bayestrace.sensitivity.draws import Stored, stored
from bayestrace.weights import to_nats

Floats = NDArray[np.float64]

DIMS = {"scale": ("coder",), "noise": ("coder",), "bias": ("coder", "contrast")}


def prior_draws(problem: xr.Dataset, draws: int, seed: int = 0) -> xr.Dataset:
    """Draw hyperparameters from their priors, laid out as a fit's posterior of two chains."""
    rng = np.random.default_rng(seed)
    truths = [draw_truth(problem, rng) for _ in range(draws)]
    thetas = [truth.theta for truth in truths]
    spreads = {
        name: (("chain", "draw"), np.array([getattr(truth, name) for truth in truths]).reshape(2, -1))
        for name in ("noise_sd", "leaning_sd")
    }
    return xr.Dataset(
        {
            name: (
                ("chain", "draw", *DIMS.get(name, ())),
                np.stack([getattr(theta, name) for theta in thetas]).reshape(
                    2, draws // 2, *np.shape(getattr(thetas[0], name))
                ),
            )
            for name in Hyperparameters._fields
        }
        | spreads
    )


def prior_stored(problem: xr.Dataset, draws: int, seed: int = 0) -> Stored:
    return stored(problem, prior_draws(problem, draws, seed), draws)


def as_posterior(theta: Hyperparameters) -> xr.Dataset:
    """Lay hyperparameters of one chain out as a fit's posterior."""
    return xr.Dataset(
        {
            name: (("chain", "draw", *DIMS.get(name, ())), np.asarray(values)[None])
            for name, values in theta._asdict().items()
        }
    )


def resampled(every: Stored, draws: int, seed: int = 0) -> Stored:
    """Draw from the posterior, by weights, out of draws from the prior."""
    assert every.theta is not None
    assert every.noise_sd is not None
    assert every.leaning_sd is not None
    share = np.exp(every.log_evidence - every.log_evidence.max())
    kept = np.random.default_rng(seed).choice(share.size, size=draws, p=share / share.sum())
    return dataclasses.replace(
        every,
        theta=Hyperparameters(*(values[kept] for values in every.theta)),
        clusters=every.clusters[kept],
        loglik=every.loglik[kept],
        log_evidence=every.log_evidence[kept],
        noise_sd=every.noise_sd[kept],
        leaning_sd=every.leaning_sd[kept],
    )


def problem_of(*, profile: dict[str, Any] | None = None, **study: Any) -> xr.Dataset:
    return encode(make_study(**study), make_profile(**(profile or {})))


def told(weights_db: Floats, *, prior: Any = "equal", half_range_db: float = 0.0, **study: Any) -> xr.Dataset:
    """Encode a study with given weights of the first hypothesis over each rival, in dB, and alike ranges.

    `weights_db` has the shape (C, E, K - 1): every coder states the same of each of E observations of a case.
    """
    cases, each, rivals = weights_db.shape
    clusters = study.pop("clusters", ())
    made = make_study(
        cases=cases,
        hypotheses=rivals + 1,
        clusters=clusters,
        singles=each - sum(clusters),
        ranges=half_range_db > 0.0,
        **study,
    )
    by_id = {item.id: weights_db[place // each, place % each] for place, item in enumerate(made.evidence)}
    codings = []
    for coding in made.codings:
        judgements = []
        for judgement in coding.judgements:
            weights = []
            for weight, best in zip(judgement.weights, by_id[judgement.evidence], strict=True):
                ends = {"low": best - half_range_db, "high": best + half_range_db} if half_range_db else {}
                weights.append(weight.model_copy(update={"best": float(best), **ends}))
            judgements.append(judgement.model_copy(update={"weights": tuple(weights)}))
        codings.append(coding.model_copy(update={"judgements": tuple(judgements)}))
    return encode(made.model_copy(update={"codings": tuple(codings)}), make_profile(prior=prior))


def joint_explanations(problem: xr.Dataset) -> list[tuple[int, ...]]:
    return list(itertools.product(range(problem.sizes["hypothesis"]), repeat=problem.sizes["case"]))


def nats(decibels: float) -> float:
    return float(to_nats(decibels))
