"""Score probabilities once the truth is known: how far off, how overconfident, how well calibrated.

Pure functions over arrays. Forecasts of one study stand or fall together, so wherever a `study` is asked for, the
forecasts that bear one label are resampled, and compared with others, as one.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Forecasts are compared with what happened in so many bins that hold equally many of them.
BINS = 10
#: What all intervals and bands are to cover.
LEVEL = 0.95
# Probabilities, and sums of them, that differ by less are equal.
_ROUNDING = 1e-9


def brier_score(probability: Floats, outcome: Integers) -> Floats:
    """Score each forecast by its squared distance from what happened.

    Parameters
    ----------
    probability
        Probability of each of K outcomes, shape (N, K).
    outcome
        Index of the one that happened, shape (N,).

    Returns
    -------
    ndarray, shape (N,)
        From 0, certain and right, to 2, certain and wrong: the sum over outcomes (Brier 1950). Their mean is the score.
    """
    happened = np.arange(probability.shape[1]) == outcome[:, None]
    return np.asarray(((probability - happened) ** 2).sum(axis=1))


def log_score(probability: Floats, outcome: Integers) -> Floats:
    """Score each forecast by minus the natural logarithm of the probability of what happened (Good 1952).

    Parameters
    ----------
    probability
        Probability of each of K outcomes, shape (N, K).
    outcome
        Index of the one that happened, shape (N,).

    Returns
    -------
    ndarray, shape (N,)
        Nats, from 0; infinite where the impossible happened. The smaller the better.
    """
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(probability[np.arange(outcome.size), outcome]))


def cllr(log_ratio: ArrayLike, first_true: ArrayLike) -> float:
    """Take the cost of log-likelihood ratios of a first hypothesis over a second.

    Parameters
    ----------
    log_ratio
        Natural logarithms of the likelihood ratios, shape (N,).
    first_true
        Whether the first hypothesis is true of each, shape (N,).

    Returns
    -------
    float
        Bits: 0 for perfect ratios, 1 for those that say nothing (all 1), above 1 for those worse than none.

    Raises
    ------
    ValueError
        The first hypothesis is true of none, or of all.

    Notes
    -----
    Half of mean log2(1 + 1/LR) where the first is true plus mean log2(1 + LR) where the second is (Brümmer and
    du Preez 2006, Computer Speech and Language 20). It is the mean log score at even prior odds, in bits.
    """
    ratio, first = np.asarray(log_ratio, dtype=np.float64), np.asarray(first_true, dtype=bool)
    if first.all() or not first.any():
        raise ValueError("each hypothesis must be true of some")
    costs = np.logaddexp(0.0, -ratio[first]).mean(), np.logaddexp(0.0, ratio[~first]).mean()
    return float(sum(costs) / (2.0 * math.log(2.0)))


class Shares(NamedTuple):
    """How often something happened, with Wilson's (1927) intervals; arrays of one shape."""

    seen: Floats
    low: Floats
    high: Floats


def shares(hits: ArrayLike, number: ArrayLike, level: float = LEVEL) -> Shares:
    """Estimate probabilities from counts.

    Parameters
    ----------
    hits, number
        How often it happened, and out of how many independent trials, at least 1.
    level
        What the intervals are to cover.

    Returns
    -------
    Shares
        Wilson's score interval, which is open where nothing or everything was a hit.
    """
    n = np.asarray(number, dtype=np.float64)
    seen = np.asarray(hits, dtype=np.float64) / n
    z2 = float(ndtri(0.5 + 0.5 * level)) ** 2
    centre = (seen + 0.5 * z2 / n) / (1.0 + z2 / n)
    half = np.sqrt(z2 * (seen * (1.0 - seen) / n + 0.25 * z2 / n**2)) / (1.0 + z2 / n)
    # Rounding would leave an end that is 0 or 1 a hair on the wrong side of what was seen.
    return Shares(seen, np.minimum(centre - half, seen), np.maximum(centre + half, seen))


class Reliability(NamedTuple):
    """What was said and what was so, bin by bin, shape (B,) each.

    `said` mean forecast, `forecasts` how many are in the bin, `studies` how many they come from, `seen` how often it
    happened, and the interval of that.
    """

    said: Floats
    forecasts: Integers
    studies: Integers
    seen: Floats
    low: Floats
    high: Floats


def reliability_curve(
    forecast: Floats, happened: Flags, study: NDArray[np.generic], bins: int = BINS, level: float = LEVEL
) -> Reliability:
    """Compare forecasts with what happened in bins of equal mass.

    Parameters
    ----------
    forecast
        Probabilities, shape (N,).
    happened
        Whether each came true, shape (N,).
    study
        Label of the study of each, shape (N,).
    bins
        How many; equal forecasts may stand in neighbouring bins, in the order in which they are given.
    level
        What the intervals are to cover.

    Returns
    -------
    Reliability
        The intervals are Wilson's for as many trials as there are studies in a bin. That is cautious: forecasts of
        one study are not independent, but mostly tell more than one of them would.
    """
    which = _equal_mass(forecast, bins)
    count = np.bincount(which)
    _, label = np.unique(study, return_inverse=True)
    studies = np.array([np.unique(label[which == place]).size for place in range(count.size)])
    seen, low, high = shares(np.bincount(which, happened) / count * studies, studies, level)
    return Reliability(np.bincount(which, forecast) / count, count, studies, seen, low, high)


def _equal_mass(forecast: Floats, bins: int) -> Integers:
    """Bin of each forecast, shape (N,): as many in each as can be, none empty."""
    which = np.empty(forecast.size, dtype=np.int64)
    for place, members in enumerate(np.array_split(np.argsort(forecast, kind="stable"), min(bins, forecast.size))):
        which[members] = place
    return which


def leader(probability: Floats, outcome: Integers) -> tuple[Floats, Flags]:
    """Take how probable the leading explanation was said to be, and whether it was the right one.

    Parameters
    ----------
    probability
        Probability of each of K explanations, shape (N, K).
    outcome
        Index of the right one, shape (N,).

    Returns
    -------
    said, right
        Shape (N,) each, for `reliability_curve` and `calibration_error`; the first of equal leaders leads.
    """
    return probability.max(axis=1), probability.argmax(axis=1) == outcome


class CredibleSets(NamedTuple):
    """Sets of explanations, shape (N,) each.

    `held` whether the right one is in the set, `claimed` the probability that the set was said to have, `size` how many
    explanations are in it.
    """

    held: Flags
    claimed: Floats
    size: Integers


def credible_sets(probability: Floats, outcome: Integers, level: float) -> CredibleSets:
    """Take the smallest set of explanations that has at least so much probability, and whether it holds the truth.

    Parameters
    ----------
    probability
        Probability of each of K explanations, shape (N, K).
    outcome
        Index of the right one, shape (N,).
    level
        What a set is to hold, above 0, at most 1.

    Returns
    -------
    CredibleSets
        The most probable explanations, as many as it takes (a highest density region, Hyndman 1996, The American
        Statistician 50). Explanations as probable as the last one needed are all in it: which of equals is right nobody
        said, so a set never depends on the order in which they stand.

    Notes
    -----
    A set of few explanations mostly holds more than the level, since it cannot be cut to measure. So it is the mean of
    `claimed`, not the level, that a calibrated judge's sets hold the truth as often as.
    """
    descending = -np.sort(-probability, axis=1)
    # .6 + .3 is a hair below .9, and must do for it; so must what adds up to a hair below 1.
    needed = np.minimum((descending.cumsum(axis=1) < level - _ROUNDING).sum(axis=1), probability.shape[1] - 1)
    least = descending[np.arange(outcome.size), needed]
    within = probability >= least[:, None] * (1.0 - _ROUNDING)
    held = within[np.arange(outcome.size), outcome]
    return CredibleSets(held, (within * probability).sum(axis=1), within.sum(axis=1))


class CalibrationError(NamedTuple):
    """Debiased calibration error and its interval.

    `squared` estimates the squared error; `root` is its root with its sign, a probability, as are `low` and `high`.
    `overconfidence` is the mean of what was said less what was so.
    """

    squared: float
    root: float
    low: float
    high: float
    overconfidence: float
    overconfidence_low: float
    overconfidence_high: float


def calibration_error(  # noqa: PLR0913 - what is scored, and how
    forecast: Floats,
    happened: Flags,
    study: NDArray[np.generic],
    rng: np.random.Generator,
    *,
    bins: int = BINS,
    resamples: int = 2000,
    level: float = LEVEL,
) -> CalibrationError:
    """Estimate the root mean square, over bins of equal mass, of what was said less how often it was so.

    Parameters
    ----------
    forecast
        Probabilities, shape (N,).
    happened
        Whether each came true, shape (N,).
    study
        Label of the study of each, shape (N,); at least two studies.
    rng
        Source of randomness for the bootstrap.
    bins
        How many.
    resamples
        Bootstrap samples of studies.
    level
        What the intervals are to cover.

    Returns
    -------
    CalibrationError
        Percentile intervals of whole studies drawn with replacement, the bins held fixed.

    Notes
    -----
    The plain binned error is above zero for a calibrated forecaster too, since in every bin noise is squared. Kumar,
    Liang and Ma (2019, "Verified uncertainty calibration", NeurIPS 32) take the noise off the squared (L2) error; for
    the absolute (L1) error no estimate without bias exists, so L2 it is. Their correction supposes forecasts that are
    independent and, within a bin, equal. Here the square of a bin's mean residual, forecast less happened, is
    estimated by the mean product of two residuals over the pairs of forecasts that come from different studies; for
    equal forecasts, each of a study of its own, that is their estimate. For a calibrated forecaster each residual has
    mean zero given all that was said, and different studies are independent, so that the estimate has mean zero
    exactly, however forecasts vary within a bin and depend on one another within a study. It may be negative. The mean
    over bins weights each by its forecasts.

    A resampled study counts as one study however often it was drawn. Near perfect calibration the squared error is a
    degenerate statistic, whose percentile interval covers more than it says; far from it, as much.
    """
    which = _equal_mass(forecast, bins)
    _, label = np.unique(study, return_inverse=True)
    shape = int(label.max()) + 1, int(which.max()) + 1
    cell = label * shape[1] + which
    residual = np.bincount(cell, forecast - happened, minlength=shape[0] * shape[1]).reshape(shape)
    count = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    drawn = rng.multinomial(shape[0], np.full(shape[0], 1.0 / shape[0]), size=resamples).astype(np.float64)
    squared = _squared_error(np.vstack([np.ones(shape[0]), drawn]), residual, count)
    excess = (drawn @ residual.sum(axis=1)) / (drawn @ count.sum(axis=1))
    ends = 0.5 - 0.5 * level, 0.5 + 0.5 * level
    low, high = _signed_root(np.quantile(squared[1:], ends))
    bias_low, bias_high = np.quantile(excess, ends)
    root = float(_signed_root(squared[0]))
    bias = float(residual.sum() / count.sum())
    return CalibrationError(float(squared[0]), root, float(low), float(high), bias, float(bias_low), float(bias_high))


def _squared_error(multiple: Floats, residual: Floats, count: Floats) -> Floats:
    """Debiased squared error, shape (R,), where study s is taken `multiple[r, s]` times; the others are (S, B)."""
    number = multiple @ count
    pairs = number**2 - multiple**2 @ count**2
    product = (multiple @ residual) ** 2 - multiple**2 @ residual**2
    # A bin that holds one study alone has no pair, and is left out.
    told = np.where(pairs > 0.0, number, 0.0)
    each = product / np.where(pairs > 0.0, pairs, 1.0)
    return np.asarray((told * each).sum(axis=1) / np.maximum(told.sum(axis=1), 1.0))


def _signed_root(x: ArrayLike) -> Floats:
    return np.asarray(np.sign(x) * np.sqrt(np.abs(x)))


class Drift(NamedTuple):
    """Mean over studies of posterior less prior, and its standard error, arrays of the shape of one posterior."""

    mean: Floats
    error: Floats


def drift_from_prior(posterior: Floats, prior: Floats) -> Drift:
    """Compare posteriors, averaged over studies drawn from the prior, with the prior; they should agree.

    Parameters
    ----------
    posterior
        P(Z_c = k | y) of S independent studies, shape (S, C, K), S at least 2.
    prior
        P(Z_c = k), of a shape that goes with (C, K).

    Returns
    -------
    Drift
        Shape (C, K) each. By the law of total expectation the mean is zero but for chance, of which the error tells.
        A wrong constant in the likelihood of one explanation shows here, and hardly in ranks of parameters (Schad,
        Nicenboim, Bürkner, Betancourt and Vasishth 2023, Psychological Methods 28).
    """
    difference = posterior - prior
    return Drift(difference.mean(axis=0), difference.std(axis=0, ddof=1) / math.sqrt(posterior.shape[0]))
