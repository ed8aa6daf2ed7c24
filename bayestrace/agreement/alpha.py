"""Krippendorff's alpha: how much less coders differ over one thing than over things at large."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Bootstrap samples, and the ends of the interval that is taken of them.
SAMPLES = 2000
ENDS = (0.025, 0.975)
_TWO = 2


class Alpha(NamedTuple):
    """A coefficient with its bootstrap interval.

    Parameters
    ----------
    value
        1 where nobody differs, 0 where coders differ as much over one observation as over observations at random,
        below 0 where they differ more; NaN where nothing can be compared, or nothing differs at all.
    low, high
        95 % percentile interval; NaN as `value`.
    observations
        How many at least two coders stated.
    """

    value: float
    low: float
    high: float
    observations: int


def alpha(values: Floats, *, samples: int = SAMPLES, seed: int = 0) -> Alpha:
    """Take Krippendorff's alpha in the interval metric, over one variable or over several at once.

    alpha = 1 - D_o / D_e (Krippendorff 2011, 2019). Of the n values of observations that m_u >= 2 coders stated, D_o is
    the mean squared difference of two values of one observation, each observation's pairs weighed by 1/(m_u - 1), and
    D_e that of any two of the n values. Over several variables both are added up, which makes the squared difference
    that of vectors (Janson and Olsson 2001).

    Parameters
    ----------
    values
        Shape (coder, observation, variable); NaN where not stated.
    samples, seed
        Of the bootstrap, which draws observations with replacement and works both out anew. 0: no interval.

    Returns
    -------
    Alpha
    """
    stated = np.isfinite(values)
    count = stated.sum(axis=0)
    pairable = count >= _TWO
    stated &= pairable
    count = np.where(pairable, count, 0)
    held = np.where(stated, values, 0.0)
    total = count.sum(axis=0)
    # Differences do not depend on where zero is; sums of squares lose fewest digits about the mean.
    centre = held.sum(axis=(0, 1)) / np.maximum(total, 1)
    held = np.where(stated, values - centre, 0.0)
    sums, squares = held.sum(axis=0), (held**2).sum(axis=0)
    within = squares - sums**2 / np.maximum(count, 1)
    observed = 2.0 * count * within / np.maximum(count - 1.0, 1.0)
    terms = np.stack([observed, count, sums, squares])
    units = terms.shape[1]
    drawn = np.random.default_rng(seed).multinomial(units, np.full(units, 1.0 / units), samples) if units else None
    value = float(_coefficient(terms.sum(axis=1)))
    low = high = np.nan
    if samples and drawn is not None and np.isfinite(value):
        again = _coefficient(np.einsum("su,tuv->tsv", drawn, terms))
        low, high = map(float, np.nanquantile(again, ENDS))
    return Alpha(value, low, high, int(pairable.any(axis=1).sum()))


def _coefficient(terms: Floats) -> Floats:
    """Put the sums over observations together; variables on the last axis are added up."""
    observed, count, sums, squares = terms
    total = squares - sums**2 / np.maximum(count, 1.0)
    expected = 2.0 * count * total / np.maximum(count - 1.0, 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        most = expected.sum(axis=-1)
        return np.where(most > 0.0, 1.0 - observed.sum(axis=-1) / most, np.nan)


def nominal(categories: NDArray[np.int64], known: NDArray[np.bool_], *, samples: int = SAMPLES, seed: int = 0) -> Alpha:
    """Take Krippendorff's alpha of categories, two of which are the same or not.

    Parameters
    ----------
    categories
        Shape (coder, observation, variable), from 0.
    known
        Where there is one, of the same shape.
    samples, seed
        As for `alpha`.
    """
    width = int(categories[known].max(initial=0)) + 1
    # Two categories as unit vectors are 0 or 2 apart, squared: the interval metric is the nominal one, but for the 2.
    onehot = np.where(known[..., None], categories[..., None] == np.arange(width), np.nan)
    return alpha(onehot.reshape(*categories.shape[:2], -1).astype(np.float64), samples=samples, seed=seed)
