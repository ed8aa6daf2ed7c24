"""One search: what it is expected to tell of its own case, and through pooling of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayestrace.results import closest_rival
from bayestrace.seeking.belief import Belief, information, overturned
from bayestrace.seeking.prospects import Prospect
from bayestrace.weights import to_decibels

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Single:
    """What one search is expected to tell.

    Parameters
    ----------
    found
        P(found | k), shape (K,).
    p_found
        P(found).
    information
        Expected information about the explanation of the case, nats; the same about all cases (docs/seeking.md).
    gain
        E max_k P(k | outcome) - max_k P(k).
    change
        Expected absolute change of the probability of the explanation that leads now.
    overturn
        Probability that another explanation leads after the outcome.
    probability
        Posterior after each outcome, shape (2, K): found, not found; NaN after one that cannot be.
    db
        Weight of each outcome for each explanation against its closest rival now, shape (2, K), decibels.
    variance_removed
        Share of the variance of each explanation that is expected to go, shape (K,); NaN where there is none.
    information_of, overturn_of
        The same of every case, shape (C,), the sought one included.
    """

    found: Floats
    p_found: float
    information: float
    gain: float
    change: float
    overturn: float
    probability: Floats
    db: Floats
    variance_removed: Floats
    information_of: Floats
    overturn_of: Floats


def singles(belief: Belief, prospects: Sequence[Prospect], *, elsewhere: bool = True) -> list[Single]:
    """Work out every search by itself.

    Parameters
    ----------
    belief
        Before anything more is sought.
    prospects
        In any order; answered in theirs.
    elsewhere
        Whether to work out what a search tells of the other cases too; NaN where not.
    """
    made: dict[int, Single] = {}
    by_case: dict[int, list[int]] = {}
    for place, prospect in enumerate(prospects):
        by_case.setdefault(prospect.case, []).append(place)
    for case, places in by_case.items():
        beside = belief.beside(case) if elsewhere else None
        made |= {place: _single(belief, prospects[place], beside) for place in places}
    return [made[place] for place in range(len(prospects))]


def _single(belief: Belief, prospect: Prospect, beside: Floats | None) -> Single:
    margin, leader = belief.margin[prospect.case], belief.leader[prospect.case]
    outcomes = prospect.outcomes
    joint = outcomes * margin
    chance = joint.sum(axis=1)
    rival = closest_rival(margin)
    with np.errstate(divide="ignore", invalid="ignore"):
        probability = joint / chance[:, None]
        db = to_decibels(np.log(outcomes) - np.log(outcomes[:, rival]))
        moved = np.where(chance[:, None] > 0.0, chance[:, None] * (probability - margin) ** 2, 0.0)
        removed = moved.sum(axis=0) / (margin * (1.0 - margin))
    everywhere = None if beside is None else np.einsum("ok,kdj->doj", outcomes, beside)
    none = np.full(belief.leader.size, np.nan)
    return Single(
        found=prospect.found,
        p_found=float(chance[0]),
        information=float(information(joint)),
        gain=float(max(joint.max(axis=1).sum() - margin.max(), 0.0)),
        change=float(np.abs(joint[:, leader] - chance * margin[leader]).sum()),
        overturn=float(chance @ overturned(joint, leader)),
        probability=probability,
        db=db,
        variance_removed=removed,
        information_of=none if everywhere is None else information(everywhere),
        overturn_of=none if everywhere is None else (overturned(everywhere, belief.leader) * chance).sum(axis=1),
    )
