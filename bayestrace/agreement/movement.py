"""What coders moved between two rounds of coding: how far, and towards whom."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Decibels: what comes of stating a weight in nats and back is no change.
_ROUNDING = 1e-9


class Movement(NamedTuple):
    """How coders moved.

    Parameters
    ----------
    weights, changed
        Number of weights stated in both rounds of what the coder stated anew, and how many of these are others now,
        shape (coder,).
    distance
        Root mean square of their changes, decibels, shape (coder,); NaN where nothing was stated anew.
    closed
        What share of the way to where each other coder stood before the coder went, shape (coder, coder): the
        least-squares slope of the changes on the gaps; 0 stayed, 1 took the other's place, below 0 went away. NaN on
        the diagonal and where there was no gap.
    """

    weights: NDArray[np.int64]
    changed: NDArray[np.int64]
    distance: Floats
    closed: Floats


def movement(before: Floats, after: Floats, anew: NDArray[np.bool_]) -> Movement:
    """Compare two rounds.

    Parameters
    ----------
    before, after
        Decibels, shape (coder, observation, contrast), the same coders and observations; NaN where not stated.
    anew
        What each coder stated in the later round, shape (coder, observation): other weights say nothing of moving.
    """
    both = np.isfinite(before) & np.isfinite(after) & anew[..., None]
    step = np.where(both, after - before, 0.0)
    weights = both.sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.sqrt((step**2).sum(axis=(1, 2)) / weights)
    coders = before.shape[0]
    closed = np.full((coders, coders), np.nan)
    for one in range(coders):
        for other in range(coders):
            there = both[one] & np.isfinite(before[other])
            gap = np.where(there, before[other] - before[one], 0.0)
            square = float((gap**2).sum())
            if one != other and square > 0.0:
                closed[one, other] = float((step[one] * gap).sum()) / square
    return Movement(weights, (np.abs(step) > _ROUNDING).sum(axis=(1, 2)), distance, closed)
