"""Bring stored draws to where other evidence puts them, before they are weighed.

Weights alone fail once the evidence says something of coders and signal that few stored draws have. Importance-weighted
moment matching (Paananen, Piironen, Buerkner and Vehtari 2021) moves and stretches the draws until their moments are
those that the weights ask for. The prior density of where a draw stands now, over that of where it stood, enters its
weight, so that the answer is the same, its Pareto k falls and more draws count.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.sensitivity.coordinates import Learned, flatten, log_prior, unflatten
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import Answered, answer, log_ratio
from bayestrace.sensitivity.reweight import LEAST_DRAWS, UNRELIABLE, Weighed, doubt, reweigh
from bayestrace.weights import normalise

Floats = NDArray[np.float64]

#: Draws whose weights have a Pareto k up to this stay where they are, if enough of them count: 1 - 1/log10 of 400, the
#: number of draws, is what keeps the error of their means in bounds (Vehtari et al. 2024).
ENOUGH = 0.6
#: Times that draws are moved, at most.
MOVES = 6
# The first moves leave the draws as far from each other as they are: what stretches them is known only near the goal.
_STRAIGHT = 3
# Moments are taken with weights drawn towards each other until this share of the draws counts: those of the few draws
# that have all weight at first are nobody's moments.
_COUNTING = 0.1
# A stretch is at most by this factor, either way.
_STRETCH = 1.5

#: Gives cluster log-likelihoods, shape (D, G, K), for the draws of what it is handed.
Evidence = Callable[[Stored], Floats]


class Matched(NamedTuple):
    """An answer, and where the draws stood that gave it, to start from for evidence that is little different."""

    answered: Answered
    place: Floats | None


class _Trial(NamedTuple):
    place: Floats | None
    clusters: Floats
    at: Stored
    weighed: Weighed


def matched(stored: Stored, evidence: Evidence, start: Floats | None = None, moves: int = MOVES) -> Matched:
    """Answer from other evidence, with draws moved where their weights alone are not to be believed.

    Parameters
    ----------
    stored
        Draws as fitted; left as they are where `noise_sd` is not kept with them.
    evidence
        The other evidence.
    start
        Where the draws stood for evidence that is little different; where they were fitted if None.
    moves
        How often they are moved, at most.

    Returns
    -------
    Matched
        Of all places tried the one that leaves the least doubt (`reweight.doubt`).
    """
    best = _try(stored, evidence, start) or _at_rest(stored, evidence)
    found: _Trial | None = best
    # Fewer draws have no moments to go by.
    for move in range(moves if stored.log_evidence.size >= LEAST_DRAWS else 0):
        if found is None or serve(found.weighed) or (points := _points(found.at)) is None:
            break
        found = _try(stored, evidence, _moved(points, _evened(found.weighed.weight), stretch=move >= _STRAIGHT))
        if found is not None and _doubt(found.weighed) < _doubt(best.weighed):
            best = found
    return Matched(answer(best.at, clusters=best.clusters), best.place)


def serve(weighed: Weighed | Answered) -> bool:
    """Say whether draws may stay where they are: they are well short of where they are not to be believed."""
    return not _doubt(weighed) > ENOUGH / UNRELIABLE


def _doubt(weighed: Weighed | Answered) -> float:
    return float(doubt(weighed.pareto_k, weighed.ess))


class Path:
    """Answers from evidence that changes along a line, each from where the draws stood for the nearest one.

    Parameters
    ----------
    stored
        Draws as fitted.
    evidence
        Gives cluster log-likelihoods at a place of the line, shape (D, G, K), for the draws that it is handed.
    """

    def __init__(self, stored: Stored, evidence: Callable[[Stored, float], Floats]) -> None:
        self._stored, self._evidence = stored, evidence
        self._known: dict[float, Matched] = {}

    def at(self, x: float, moves: int = MOVES) -> Answered:
        """Answer at a place of the line."""
        if x not in self._known:
            start = self._known[self._nearest(x)].place if self._known else None
            self._known[x] = matched(self._stored, lambda stored: self._evidence(stored, x), start, moves)
        return self._known[x].answered

    def k_near(self, places: Floats) -> Floats:
        """Give Pareto k of the answer nearest to each place, among those asked for; NaN where a place is none."""
        return np.array([np.nan if np.isnan(x) else self._known[self._nearest(x)].answered.pareto_k for x in places])

    def _nearest(self, x: float) -> float:
        return min(self._known, key=lambda known: abs(known - x))


def _at_rest(stored: Stored, evidence: Evidence) -> _Trial:
    clusters = evidence(stored)
    return _Trial(None, clusters, stored, reweigh(log_ratio(stored, clusters)))


def _try(stored: Stored, evidence: Evidence, place: Floats | None) -> _Trial | None:
    """Weigh draws somewhere else; None where some went beyond what numbers can hold."""
    if place is None:
        return _at_rest(stored, evidence)
    try:
        with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="ignore"):
            at = moved_to(stored, place)
            clusters = evidence(at)
            ratio = log_ratio(at, clusters)
    except np.linalg.LinAlgError:
        return None
    if not np.isfinite(clusters).all() or not np.isfinite(ratio).all():
        return None
    return _Trial(place, clusters, at, reweigh(ratio))


def _learned(stored: Stored) -> Learned | None:
    if stored.theta is None or stored.noise_sd is None or stored.leaning_sd is None:
        return None
    return Learned(stored.theta, stored.noise_sd, stored.leaning_sd)


def _points(stored: Stored) -> Floats | None:
    learned = _learned(stored)
    return None if learned is None else flatten(learned)


def _evened(weight: Floats) -> Floats:
    """Raise weights to the greatest power up to 1 at which enough draws count."""
    logs = np.log(np.maximum(weight, np.finfo(float).tiny))

    def raised(power: float) -> Floats:
        return normalise(power * logs)

    low, high = 0.0, 1.0
    if (weight**2).sum() * _COUNTING * weight.size <= 1.0:
        return weight
    for _ in range(20):
        middle = 0.5 * (low + high)
        if (raised(middle) ** 2).sum() * _COUNTING * weight.size <= 1.0:
            low = middle
        else:
            high = middle
    return raised(low)


def _moved(points: Floats, weight: Floats, *, stretch: bool) -> Floats:
    """Give points the weighted mean, and the weighted standard deviation in each coordinate too."""
    mean = weight @ points
    away = points - points.mean(axis=0)
    if stretch:
        wanted = weight @ (points - mean) ** 2
        there = np.maximum((away**2).mean(axis=0), np.finfo(float).tiny)
        away = away * np.clip(np.sqrt(wanted / there), 1.0 / _STRETCH, _STRETCH)
    return np.asarray(mean + away)


def moved_to(stored: Stored, place: Floats | None) -> Stored:
    """Put the draws elsewhere; what their weights are ratios to says from where they came.

    Parameters
    ----------
    stored
        Draws as fitted.
    place
        Where they shall stand, as `Matched` says it, shape (D, P); where they were fitted if None.

    Returns
    -------
    Stored
        With what the clusters say not yet evaluated, NaN, if they have moved.
    """
    fitted = _learned(stored)
    if fitted is None or place is None:
        return stored
    learned = unflatten(place, fitted.theta)
    common_sd = float(stored.problem.attrs["leaning_sd"])
    nothing = np.full_like(stored.clusters, np.nan)
    moved = dataclasses.replace(
        stored,
        theta=learned.theta,
        noise_sd=learned.noise_sd,
        leaning_sd=learned.leaning_sd,
        clusters=nothing,
        loglik=np.full_like(stored.loglik, np.nan),
        log_evidence=stored.log_evidence + log_prior(fitted, common_sd) - log_prior(learned, common_sd),
    )
    # What was stated is the same wherever the draws are.
    vars(moved).update(
        {name: vars(stored)[name] for name in ("design", "z", "log_p", "belongs") if name in vars(stored)}
    )
    return moved
