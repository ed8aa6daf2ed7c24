"""Convert between the ways in which people state evidence, and the coordinates in which it adds up.

Inside, evidence is a vector of natural-log likelihoods, one number per hypothesis, defined up to an
additive constant. Decibels, ratios and words exist at the border only.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Natural units in one decibel: W[dB] = 10 log10(ratio), so ln(ratio) = W * NATS_PER_DB.
NATS_PER_DB = math.log(10.0) / 10.0

#: Width of a central 90 % normal range in standard deviations (2 x 1.645, rounded).
RANGE_WIDTH = 3.29


def to_nats(decibels: ArrayLike) -> NDArray[np.float64]:
    """Convert decibels to natural-log units."""
    return np.asarray(decibels, dtype=np.float64) * NATS_PER_DB


def to_decibels(nats: ArrayLike) -> NDArray[np.float64]:
    """Convert natural-log units to decibels (Good 1950: W = 10 log10 of the likelihood ratio)."""
    return np.asarray(nats, dtype=np.float64) / NATS_PER_DB


def helmert(size: int) -> NDArray[np.float64]:
    """Build the orthonormal Helmert contrasts.

    Parameters
    ----------
    size
        Number of hypotheses K, at least 1.

    Returns
    -------
    ndarray, shape (K - 1, K)
        Rows are orthonormal and sum to zero, so that H H' = I and H' H = I - 11'/K. In the coordinates
        x = H l of a log-likelihood vector l (isometric log-ratio coordinates, Egozcue et al. 2003),
        isotropic noise treats all hypotheses alike.
    """
    contrasts = np.zeros((size - 1, size))
    for row in range(size - 1):
        contrasts[row, : row + 1] = 1.0
        contrasts[row, row + 1] = -(row + 1.0)
        contrasts[row] /= math.sqrt((row + 1.0) * (row + 2.0))
    return contrasts


def normalise(log_weights: ArrayLike, axis: int = -1) -> NDArray[np.float64]:
    """Turn log weights into probabilities along one axis without overflow.

    Parameters
    ----------
    log_weights
        Natural-log weights, any shape; -inf is a weight of zero, but not all along `axis`.
    axis
        The axis that is to sum to one.

    Returns
    -------
    ndarray
        Probabilities, same shape.
    """
    log_weights = np.asarray(log_weights, dtype=np.float64)
    shifted = np.exp(log_weights - log_weights.max(axis=axis, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=axis, keepdims=True))


def log_sum_exp(values: ArrayLike, axis: int | tuple[int, ...] = -1) -> NDArray[np.float64]:
    """Add up exponentials on the log scale, exactly where every value is -inf too."""
    values = np.asarray(values, dtype=np.float64)
    top = values.max(axis=axis, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        total = np.log(np.exp(values - safe).sum(axis=axis, keepdims=True))
    return np.asarray(np.squeeze(total + safe, axis=axis))
