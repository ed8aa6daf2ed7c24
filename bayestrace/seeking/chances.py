"""P(found | an explanation) as a number or a Beta, and what several searches that share it expect."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from bayestrace.study.chances import beta_of, mean_of
from bayestrace.study.sought import Chance

Floats = NDArray[np.float64]


def mean_and_variance(chance: Chance) -> tuple[float, float]:
    """Give the mean and the variance of a probability; a known one has no variance."""
    mean, shape = mean_of(chance), beta_of(chance)
    return mean, 0.0 if shape is None else mean * (1.0 - mean) / (sum(shape) + 1.0)


def expectations(chance: Chance, search: float, most: int) -> Floats:
    """Give the probability that given searches find and the others do not, where all share one probability.

    Parameters
    ----------
    chance
        P(found | an explanation), phi.
    search
        Probability s that a search would have found it.
    most
        Searches at most.

    Returns
    -------
    ndarray, shape (most + 1, most + 1)
        E[(s phi)^a (1 - s phi)^b] at [a, b]; 0 where a + b is above `most`.

    Notes
    -----
    Exact, without quadrature: 1 - s phi = (1 - phi) + (1 - s) phi, so that b searches in vain are a sum of terms
    C(b, j) (1 - s)^j phi^j (1 - phi)^(b - j), all positive, and E[phi^x (1 - phi)^y] =
    B(alpha + x, beta + y)/B(alpha, beta).
    """
    known = beta_of(chance)
    found = np.zeros((most + 1, most + 1))
    for a in range(most + 1):
        for b in range(most + 1 - a):
            if known is None:
                p = search * float(chance.at or 0.0)
                found[a, b] = p**a * (1.0 - p) ** b
                continue
            j = np.arange(b + 1)
            ways = np.array([math.comb(b, int(each)) for each in j]) * (1.0 - search) ** j
            terms = np.exp(betaln(known[0] + a + j, known[1] + b - j) - betaln(*known))
            found[a, b] = search**a * float(ways @ terms)
    return found


def learned(mean: float, sd: float) -> Chance:
    """Take a probability as what searches have taught of it: the Beta of this mean and standard deviation."""
    if sd <= 0.0 or not sd**2 < mean * (1.0 - mean):
        return Chance(at=min(max(mean, 0.0), 1.0))
    return Chance(mean=mean, sd=sd)
