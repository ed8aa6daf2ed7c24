"""Importance weights of stored draws, with what they are worth."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: Fewer draws than this have no tail to which a generalised Pareto distribution could be fitted.
LEAST_DRAWS = 25
#: Weights with a greater Pareto k are not to be believed: refit instead (Vehtari et al. 2024).
UNRELIABLE = 0.7
#: Nor are weights that are worth fewer draws of equal weight than this. A probability is a mean of numbers between 0
#: and 1, whose standard deviation is .5 at most, so that its Monte Carlo error stays below .5/sqrt(50) = .07; draws
#: that differ as those of fits do, by .15 to .3, make it .02 to .04. Pareto k, which tells of the tail alone, is often
#: small where a handful of draws of like weight have nearly all of it.
FEWEST = 50.0
# Ratios that differ by less, in nats, differ by rounding, which has no tail.
_ROUNDING = 1e-12
# A draw whose weight is smaller than the greatest by more than this, in nats, has none.
_NOTHING = 600.0
# One draw that has more than this share of all weight is the answer, whatever its tail looks like.
_LONE = 0.5


class Weighed(NamedTuple):
    """Weights of draws.

    Parameters
    ----------
    weight
        Shape (..., D), summing to 1 over the draws.
    pareto_k
        Shape (...,): shape of the tail of the weights; see `doubtful`. NaN where there is no tail: fewer than
        `LEAST_DRAWS` draws, weights that are all alike, or a k that nobody asked for.
    ess
        Shape (...,): how many draws of equal weight these are worth, 1 over the sum of the squared weights. NaN of a
        single draw, which is no sample of anything: at face value there is no Monte Carlo error.
    """

    weight: Floats
    pareto_k: Floats
    ess: Floats


def reweigh(log_ratio: Floats, *, smooth: bool = True, diagnose: bool = True) -> Weighed:
    """Weigh draws from one distribution so that they stand for another.

    Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao and Gabry 2024): the greatest weights are
    replaced by the expected order statistics of a generalised Pareto distribution fitted to them.

    Parameters
    ----------
    log_ratio
        Logarithm of the new density over the old one up to a constant, shape (..., D); -inf where the new one is 0.
    smooth
        Whether to smooth the greatest weights; if not, they are the ratios themselves, divided by their sum.
    diagnose
        Whether to work out Pareto k where weights are not smoothed, which takes a quarter of a millisecond a row.

    Returns
    -------
    Weighed
        All NaN in rows whose ratios are all 0 or not numbers.
    """
    rows = np.asarray(log_ratio, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        rows = rows - rows.max(axis=-1, keepdims=True)
    rows = np.maximum(rows, -_NOTHING)  # NaN stays NaN
    weight = np.exp(rows)
    weight /= weight.sum(axis=-1, keepdims=True)
    pareto_k = np.full(rows.shape[:-1], np.nan)
    if smooth or diagnose:
        for place in np.ndindex(*rows.shape[:-1]):
            smoothed, pareto_k[place] = _smooth(rows[place], weight[place])
            if smooth:
                weight[place] = smoothed
    ess = np.asarray(1.0 / (weight**2).sum(axis=-1))
    return Weighed(weight, pareto_k, ess if rows.shape[-1] > 1 else np.full_like(ess, np.nan))


def doubt(pareto_k: ArrayLike, ess: ArrayLike) -> Floats:
    """Measure how far weighed answers are from being believed: above 1 they are not to be.

    Parameters
    ----------
    pareto_k, ess
        As in `Weighed`, of one shape; NaN where there is none.

    Returns
    -------
    ndarray
        Of the same shape: the greater of Pareto k over `UNRELIABLE` and `FEWEST` over the effective draws. NaN where
        neither is known.
    """
    return np.asarray(np.fmax(np.asarray(pareto_k) / UNRELIABLE, FEWEST / np.asarray(ess)))


def doubtful(pareto_k: ArrayLike, ess: ArrayLike) -> NDArray[np.bool_]:
    """Say which weighed answers are not to be believed: `doubt` is above 1."""
    return np.asarray(doubt(pareto_k, ess) > 1.0)


def _smooth(log_ratio: Floats, plain: Floats) -> tuple[Floats, float]:
    """Smooth one row of weights; give the plain ones where their tail cannot be fitted."""
    from arviz_stats.base.array import BaseArray  # noqa: PLC0415 - slow to import, and exact answers need none of it

    if log_ratio.size < LEAST_DRAWS or not np.isfinite(log_ratio).all() or np.ptp(log_ratio) < _ROUNDING:
        return plain, np.nan
    smoother: Any = BaseArray()
    try:
        # The library takes what is to be divided by, as log-likelihoods of observations left out are.
        log_weight, k = smoother.psislw(-log_ratio)
    except ValueError:
        k = np.nan
    if np.isnan(k):
        # The tail is one number: weights that have a bound, or a single draw that has them all.
        return plain, np.inf if plain.max() > _LONE else np.nan
    weight = np.exp(log_weight)
    return weight / weight.sum(), float(k)
