"""Whether true values stand where they should among posterior draws: simulation-based calibration.

Pure functions over arrays, for studies that were simulated independently of one another.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom

from bayestrace.calibration.scores import LEVEL, Shares, shares

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def ranks(truth: Floats, draws: Floats, rng: np.random.Generator) -> Integers:
    """Rank true values among posterior draws, ties broken at random.

    Parameters
    ----------
    truth
        True values, any shape (...).
    draws
        L posterior draws of each, shape (..., L), thinned so as to be nearly independent.
    rng
        Breaks ties: where m draws equal the truth its rank is any of m + 1, equally probable.

    Returns
    -------
    ndarray, shape (...)
        From 0 to L; uniform if truth and data were drawn from the model whose posterior is drawn from (Cook, Gelman
        and Rubin 2006; Talts, Betancourt, Simpson, Vehtari and Gelman 2018).
    """
    below = (draws < truth[..., None]).sum(axis=-1)
    equal = (draws == truth[..., None]).sum(axis=-1)
    return np.asarray(below + rng.integers(0, equal, endpoint=True))


def position(rank: Integers, draws: int, rng: np.random.Generator) -> Floats:
    """Spread ranks 0..L over (0, 1), each within its own L + 1-th part: uniform ranks become uniform numbers."""
    return np.asarray((rank + rng.uniform(size=np.shape(rank))) / (draws + 1.0))


def coverage(where: Floats, levels: ArrayLike, level: float = LEVEL) -> Shares:
    """Count how often central posterior intervals cover the truth.

    Parameters
    ----------
    where
        Position of the truth within the posterior of S independent studies, from `position`, shape (S,).
    levels
        What the posterior intervals claim to cover, shape (V,).
    level
        What the Monte Carlo intervals of these shares are to cover.

    Returns
    -------
    Shares
        Shape (V,) each. From positions and not from quantiles, which with few draws give intervals a little too short.
    """
    covered = np.abs(where[:, None] - 0.5) <= 0.5 * np.asarray(levels, dtype=np.float64)
    return shares(covered.sum(axis=0), where.size, level)


class Band(NamedTuple):
    """A simultaneous band for the ECDF of S uniform numbers.

    `at` points and the band's ends, `low` and `high`, as differences from the uniform distribution function, shape (V,)
    each; `number` S; `null` the sorted least pointwise p-values of simulated uniform samples; `gamma` the one below
    which a sample leaves the band.
    """

    at: Floats
    low: Floats
    high: Floats
    number: int
    null: Floats
    gamma: float


def uniform_band(
    number: int, level: float = LEVEL, points: int = 100, simulations: int = 10_000, seed: int = 0
) -> Band:
    """Find the band that the ECDF of uniform numbers leaves nowhere with a given probability.

    Parameters
    ----------
    number
        S, how many numbers.
    level
        Probability that all of the ECDF, at the points, is within.
    points
        At most so many parts of (0, 1), and at most S, between which the ECDF is looked at.
    simulations
        Uniform samples simulated.
    seed
        Of the simulation.

    Returns
    -------
    Band

    Notes
    -----
    At a point z the count of smaller numbers is Binomial(S, z). Its pointwise p-value is 2 min(P(R <= r), P(R >= r)),
    and the least of these over the points measures how far a sample is off. Its distribution is simulated, and gamma
    is the value below which it lies with probability 1 - level (Säilynoja, Bürkner and Vehtari 2022, Statistics
    and Computing 32).
    """
    at = np.arange(1, min(points, number)) / min(points, number)
    extremity = _pointwise(number, at[:, None], np.arange(number + 1))
    rng = np.random.default_rng(seed)
    cells = rng.multinomial(number, np.diff(at, prepend=0.0, append=1.0), size=simulations)
    counts = np.cumsum(cells, axis=1)[:, :-1]
    null = np.sort(extremity[np.arange(at.size), counts].min(axis=1))
    # The same count as in `departure`, so that a sample leaves the band where its p-value is at most 1 - level.
    gamma = float(null[max(math.floor((1.0 - level) * (simulations + 1.0)), 1) - 1])
    inside = extremity >= gamma
    low = inside.argmax(axis=1) / number - at
    high = (number - inside[:, ::-1].argmax(axis=1)) / number - at
    return Band(at, low, high, number, null, gamma)


def _pointwise(number: int, at: Floats, count: Integers) -> Floats:
    """Two-sided binomial p-values of counts at points, of the shape of both together."""
    below = binom.cdf(count, number, at)
    above = binom.sf(count - 1, number, at)
    return np.minimum(2.0 * np.minimum(below, above), 1.0)


class Departure(NamedTuple):
    """How a sample departs from uniformity: the difference of its ECDF at the band's points (V,), and a p-value.

    `p` is the least 1 - level at which the sample leaves its simultaneous band.
    """

    difference: Floats
    p: float


def departure(where: Floats, band: Band) -> Departure:
    """Hold the ECDF of numbers that should be uniform against their band.

    Parameters
    ----------
    where
        As many numbers in (0, 1) as the band is for, from `position`, shape (S,).
    band
        From `uniform_band`.

    Raises
    ------
    ValueError
        The band is for another number.
    """
    if where.size != band.number:
        raise ValueError(f"the band is for {band.number} numbers, not {where.size}")
    counts = np.searchsorted(np.sort(where), band.at, side="right")
    least = _pointwise(band.number, band.at, counts).min()
    rarer = np.searchsorted(band.null, least, side="right")
    return Departure(counts / band.number - band.at, float((1 + rarer) / (1 + band.null.size)))


def holm(p: ArrayLike) -> Floats:
    """Adjust p-values for being many: reject where the adjusted one is at most alpha (Holm 1979).

    Parameters
    ----------
    p
        P-values of any dependence, shape (M,).

    Returns
    -------
    ndarray, shape (M,)
        The smallest is multiplied by M, the next by M - 1 and so on, none below the one before, none above 1.
    """
    values = np.asarray(p, dtype=np.float64)
    order = np.argsort(values)
    adjusted = np.empty(values.size)
    adjusted[order] = np.minimum(np.maximum.accumulate(values[order] * np.arange(values.size, 0, -1)), 1.0)
    return adjusted
