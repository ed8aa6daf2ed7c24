"""What is learned of coders and signal as points of a space without walls, and its prior density there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

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

#: Hyperparameters that are positive, and those between 0 and 1; leanings and log informativeness are any number.
POSITIVE = ("noise", "range_factor", "common_error", "sd_log_v")
SHARES = ("shared", "r_eta")
FREE = ("bias", "log_v")


class Learned(NamedTuple):
    """Draws of all that is learned.

    Parameters
    ----------
    theta
        Hyperparameters, D draws.
    noise_sd, leaning_sd
        Standard deviations from which the coders' own noises and leanings come, shape (D,), nats per contrast.
    """

    theta: Hyperparameters
    noise_sd: Floats
    leaning_sd: Floats


def flatten(learned: Learned) -> Floats:
    """Lay draws out as points: logarithms of what is positive, logits of shares, scales in contrasts of coders.

    Returns
    -------
    ndarray, shape (D, P)
    """
    theta = learned.theta
    columns = [_rows(np.log(theta.scale)) @ _between(theta).T]
    columns += [_rows(np.log(getattr(theta, name))) for name in POSITIVE]
    columns += [_rows(logit(getattr(theta, name))) for name in SHARES]
    columns += [_rows(getattr(theta, name)) for name in FREE]
    return np.concatenate([*columns, _rows(np.log(learned.noise_sd)), _rows(np.log(learned.leaning_sd))], axis=1)


def unflatten(points: Floats, like: Hyperparameters) -> Learned:
    """Turn points back into draws; `like` has their shapes."""
    between = _between(like)
    rest = points[:, between.shape[0] :]
    values = {"scale": np.exp(points[:, : between.shape[0]] @ between)}
    for names, back in ((POSITIVE, np.exp), (SHARES, expit), (FREE, np.asarray)):
        for name in names:
            shape = getattr(like, name).shape[1:]
            width = int(np.prod(shape))
            values[name] = back(rest[:, :width]).reshape(-1, *shape)
            rest = rest[:, width:]
    return Learned(Hyperparameters(**values), np.exp(rest[:, 0]), np.exp(rest[:, 1]))


def log_prior(learned: Learned, common_sd: float) -> Floats:
    """Evaluate the prior density of docs/inference.md 3.2 at the points of `flatten`.

    Parameters
    ----------
    learned
        Draws.
    common_sd
        Standard deviation of the leaning that all coders have in common, nats per contrast.

    Returns
    -------
    ndarray, shape (D,)
        Natural-log density up to a constant, in the coordinates of `flatten`.
    """
    theta, noise_sd, leaning_sd = learned
    coders, contrasts = theta.bias.shape[1:]
    mean = theta.bias.mean(axis=1)
    own = ((theta.bias - mean[:, None]) ** 2).sum(axis=(1, 2))
    mean_variance = common_sd**2 + leaning_sd**2 / coders
    return np.asarray(
        _normal(np.log(theta.scale), 0.0, SCALE_SD).sum(axis=1)
        + (_half_normal(theta.noise, noise_sd[:, None]) - np.log(noise_sd)[:, None]).sum(axis=1)
        + _normal(np.log(noise_sd), np.log(NOISE_MEDIAN), NOISE_LOG_SD)
        - 0.5 * (mean**2).sum(axis=1) / mean_variance
        - 0.5 * contrasts * np.log(mean_variance)
        - 0.5 * own / leaning_sd**2
        - (coders - 1.0) * contrasts * np.log(leaning_sd)
        + _half_normal(leaning_sd, LEANING_SD)
        + _normal(np.log(theta.range_factor), 0.0, RANGE_SD)
        + 2.0 * sum(np.log(share) + np.log1p(-share) for share in (theta.shared, theta.r_eta))
        + _half_normal(theta.common_error, COMMON_ERROR_SD)
        + _normal(theta.log_v, LOG_V_MEAN, LOG_V_SD)
        + _half_normal(theta.sd_log_v, SD_LOG_V)
    )


def _normal(x: Floats, mean: float, sd: float) -> Floats:
    return np.asarray(-0.5 * ((x - mean) / sd) ** 2)


def _half_normal(x: Floats, sd: Floats | float) -> Floats:
    """Density of the logarithm of what is half-normal, but for the factor 1/sd."""
    return np.asarray(-0.5 * (x / sd) ** 2 + np.log(x))


def _rows(values: Floats) -> Floats:
    return values.reshape(values.shape[0], -1)


def _between(theta: Hyperparameters) -> Floats:
    """Contrasts between coders, shape (J - 1, J)."""
    return helmert(theta.scale.shape[1])
