"""Draw what a study is made from, hyperparameters and explanations, from the priors of the model.

Nothing is tabulated or integrated out here: explanations are drawn along the pooling prior's own path.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference.priors import (
    COMMON_ERROR_SD,
    LEANING_SD,
    LOG_V_MEAN,
    LOG_V_SD,
    NOISE_LOG_SD,
    NOISE_MEDIAN,
    RANGE_SD,
    SCALE_SD,
    SD_LOG_V,
)
from bayestrace.inference.signal import Hyperparameters
from bayestrace.weights import helmert

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Truth:
    """What a simulated study is made from.

    Parameters
    ----------
    theta
        Hyperparameters: `scale` and `noise` (J,), `bias` (J, D), the others scalars; natural units.
    noise_sd, leaning_sd
        Standard deviations from which the coders' own noises and leanings are drawn, nats per contrast.
    kappa
        Concentration of the pools around the prior.
    omega
        Weights of the levels of pooling, shape (L,).
    z
        Index of the explanation of each case, shape (C,).
    """

    theta: Hyperparameters
    noise_sd: float
    leaning_sd: float
    kappa: float
    omega: Floats
    z: Integers


def draw_truth(problem: xr.Dataset, rng: np.random.Generator) -> Truth:
    """Draw hyperparameters and explanations from their priors.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it; only its coders, its cases with their pools and its profile count.
    rng
        Source of randomness.

    Returns
    -------
    Truth
        Explanations are drawn along the pooling prior's own path (docs/inference.md 4): concentration, weights of the
        levels, contents of the pools, a level for each case and an explanation from the case's pool at that level.
    """
    coders, contrasts = problem.sizes["coder"], problem.sizes["contrast"]
    between = helmert(coders).T @ rng.normal(0.0, SCALE_SD, coders - 1)
    noise_sd = NOISE_MEDIAN * np.exp(rng.normal(0.0, NOISE_LOG_SD))
    leaning_sd = abs(rng.normal(0.0, LEANING_SD))
    common = rng.normal(0.0, problem.attrs["leaning_sd"], contrasts)
    theta = Hyperparameters(
        scale=np.exp(between),
        noise=np.abs(rng.normal(0.0, noise_sd, coders)),
        bias=common + rng.normal(0.0, leaning_sd, (coders, contrasts)),
        range_factor=np.float64(np.exp(rng.normal(0.0, RANGE_SD))),
        shared=np.float64(rng.beta(2.0, 2.0)),
        common_error=np.float64(abs(rng.normal(0.0, COMMON_ERROR_SD))),
        r_eta=np.float64(rng.beta(2.0, 2.0)),
        log_v=np.float64(rng.normal(LOG_V_MEAN, LOG_V_SD)),
        sd_log_v=np.float64(abs(rng.normal(0.0, SD_LOG_V))),
    )
    kappa, omega, z = _explanations(problem, rng)
    return Truth(theta, float(noise_sd), float(leaning_sd), kappa, omega, z)


def _explanations(problem: xr.Dataset, rng: np.random.Generator) -> tuple[float, Floats, Integers]:
    low, high = problem.attrs["kappa_low"], problem.attrs["kappa_high"]
    kappa = float(np.exp(rng.uniform(np.log(low), np.log(high)))) if high > low else float(low)
    weight, prior, pools = problem["level_weight"].values, problem["prior"].values, problem["pool"].values
    used = np.flatnonzero(weight > 0)
    omega = np.zeros(weight.size)
    omega[used] = rng.dirichlet(weight[used])
    content: dict[tuple[int, str], Floats] = {}
    z = np.zeros(pools.shape[0], dtype=np.int64)
    for case, labels in enumerate(pools):
        level = int(rng.choice(weight.size, p=omega))
        pool = level, str(labels[level])
        if pool not in content:
            content[pool] = _pool_content(kappa, prior, rng)
        z[case] = rng.choice(prior.size, p=content[pool])
    return kappa, omega, z


def _pool_content(kappa: float, prior: Floats, rng: np.random.Generator) -> Floats:
    """Draw the shares of the explanations in one pool, Dirichlet(kappa m); one explanation alone where kappa is 0."""
    content = np.zeros(prior.size)
    if kappa == 0.0:
        content[rng.choice(prior.size, p=prior)] = 1.0
    else:
        possible = np.flatnonzero(prior > 0)
        content[possible] = rng.dirichlet(kappa * prior[possible])
    return content
