"""How far apart coders are: standard deviations, signs and leanings of the weights they state."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bayestrace.agreement.alpha import Alpha, nominal

Floats = NDArray[np.float64]
_TWO = 2


class Signs(NamedTuple):
    """Whether coders favour the same side, pair of coders by pair.

    Parameters
    ----------
    band
        Weights up to this many decibels favour neither side.
    same, opposite
        Number of pairs of statements of one weight, both beyond the band, that favour the same side and opposite ones.
    undecided
        Number of pairs of which at least one is within the band.
    alpha
        Krippendorff's alpha of the three categories: for it, against it, neither.
    """

    band: float
    same: int
    opposite: int
    undecided: int
    alpha: Alpha

    @property
    def share(self) -> float:
        """Share of the pairs beyond the band that favour the same side; NaN where there is none."""
        told = self.same + self.opposite
        return self.same / told if told else np.nan


def signs(values: Floats, band: float, *, samples: int, seed: int = 0) -> Signs:
    """Compare the signs of weights.

    Parameters
    ----------
    values
        Decibels, shape (coder, observation, contrast); NaN where not stated.
    band
        Decibels, at least 0. A weight is beyond it where it is greater by more than rounding.
    samples, seed
        As for `alpha.alpha`.
    """
    known = np.isfinite(values)
    beyond = np.abs(np.where(known, values, 0.0)) > band + 1e-9
    side = np.where(beyond, np.sign(np.where(known, values, 0.0)), 0.0).astype(np.int64)
    positive, negative = ((known & (side == each)).sum(axis=0) for each in (1, -1))
    stated = known.sum(axis=0)
    same = int((positive * (positive - 1) + negative * (negative - 1)).sum()) // 2
    opposite = int((positive * negative).sum())
    pairs = int((stated * (stated - 1)).sum()) // 2
    agreed = nominal(side + 1, known, samples=samples, seed=seed)
    return Signs(band, same, opposite, pairs - same - opposite, agreed)


def deviation(values: Floats) -> Floats:
    """Take the standard deviation between coders of each weight.

    Parameters
    ----------
    values
        Decibels, shape (coder, ...); NaN where not stated.

    Returns
    -------
    ndarray, shape (...)
        With one degree of freedom less than coders; NaN where fewer than two stated it.
    """
    several = np.isfinite(values).sum(axis=0) >= _TWO
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.where(several, np.nanstd(values, axis=0, ddof=1), np.nan)


def root_mean_square(values: Floats, axis: int | tuple[int, ...] | None = None) -> Floats:
    """Average standard deviations over what is known: the root of the mean variance; NaN where nothing is."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.sqrt(np.nanmean(values**2, axis=axis)))


def apart(values: Floats) -> Floats:
    """Take each coder's weight less the mean of the other coders'.

    Parameters
    ----------
    values
        Decibels, shape (coder, ...); NaN where not stated.

    Returns
    -------
    ndarray, shape (coder, ...)
        NaN where the coder, or every other, did not state it.
    """
    known = np.isfinite(values)
    held = np.where(known, values, 0.0)
    others = known.sum(axis=0) - known
    rest = held.sum(axis=0) - held
    return np.where(known & (others > 0), values - rest / np.maximum(others, 1), np.nan)


class Leaning(NamedTuple):
    """A mean difference with its 95 % t-interval, decibels; NaN ends of fewer than two differences."""

    mean: float
    low: float
    high: float
    observations: int


def leaning(differences: Floats) -> Leaning:
    """Average the differences of one coder from the others over observations.

    Parameters
    ----------
    differences
        Shape (observation,); NaN where there is none. They are taken as independent.
    """
    known = differences[np.isfinite(differences)]
    if known.size < _TWO:
        return Leaning(float(known[0]) if known.size else np.nan, np.nan, np.nan, known.size)
    mean = float(known.mean())
    half = float(stats.t.ppf(0.975, known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))
    return Leaning(mean, mean - half, mean + half, known.size)
