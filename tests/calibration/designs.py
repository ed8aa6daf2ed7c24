"""What the tests of simulation share: designs with many alike clusters, settled truths, likelihoods of one node."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from study_factory import make_profile, make_study

from bayestrace.calibration.truth import Truth
from bayestrace.encoding import encode
from bayestrace.inference.backend import NumPy
from bayestrace.inference.signal import Design, Hyperparameters, cluster_loglik, design_of

Floats = NDArray[np.float64]


def problem_of(profile: dict[str, Any] | None = None, **shape: Any) -> xr.Dataset:
    return encode(make_study(**shape), make_profile(**(profile or {})))


def settled(problem: xr.Dataset, z: list[int] | None = None, **changes: Any) -> Truth:
    """Hyperparameters that leave no step of the model idle, and given explanations, one per case."""
    coders, contrasts = problem.sizes["coder"], problem.sizes["contrast"]
    theta = Hyperparameters(
        scale=np.linspace(0.8, 1.25, coders) if coders > 1 else np.ones(1),
        noise=np.linspace(0.3, 0.6, coders),
        bias=np.linspace(-0.3, 0.4, coders * contrasts).reshape(coders, contrasts),
        range_factor=np.float64(1.3),
        shared=np.float64(0.6),
        common_error=np.float64(0.35),
        r_eta=np.float64(0.5),
        log_v=np.float64(-0.3),
        sd_log_v=np.float64(0.4),
    )._replace(**changes)
    cases = problem.sizes["case"]
    chosen = np.array(z if z is not None else np.arange(cases) % problem.sizes["hypothesis"])
    return Truth(theta, 0.4, 0.2, 0.3, np.full(problem.sizes["level"], 1.0 / problem.sizes["level"]), chosen)


def perfect(problem: xr.Dataset, z: list[int] | None = None, **changes: Any) -> Truth:
    """Coders who state the true weights, but for what is changed."""
    coders, contrasts = problem.sizes["coder"], problem.sizes["contrast"]
    exact = {
        "scale": np.ones(coders),
        "noise": np.full(coders, 1e-9),
        "bias": np.zeros((coders, contrasts)),
        "range_factor": np.float64(1e-9),
        "common_error": np.float64(0.0),
        "sd_log_v": np.float64(1e-9),
    }
    return settled(problem, z, **(exact | changes))


def loglik(design: Design, theta: Hyperparameters) -> Floats:
    return np.asarray(cluster_loglik(design, theta, NumPy()))


def at_node(design: Design, node: int) -> Design:
    """Take redundancy to be one of its nodes."""
    return dataclasses.replace(
        design,
        redundancy=design.redundancy[:, [node]],
        redundancy_weight=np.ones((design.redundancy.shape[0], 1)),
    )


def redrawn(design: Design, study: xr.Dataset) -> Design:
    """Put the weights of a simulated study into the design of its problem, which costs less than `design_of`."""
    return dataclasses.replace(design, weight=study["weight"].values[:, study["weighs"].values])


def design_for(problem: xr.Dataset) -> tuple[Design, NDArray[np.int64]]:
    """Lay a problem out, with the case of each of its clusters."""
    design, _, cluster = design_of(problem)
    return design, problem["case_of_cluster"].values[cluster]
