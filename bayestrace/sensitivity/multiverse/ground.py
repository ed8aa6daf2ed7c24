"""Draws of one fit, brought to wherever other evidence puts them: the ground on which specifications are answered."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.encoding import Problem
from bayestrace.sensitivity.draws import Stored, design_clusters
from bayestrace.sensitivity.evaluate import Answered, answer
from bayestrace.sensitivity.matching import matched

Floats = NDArray[np.float64]

#: Selectivity, and whether reliability and redundancy are allowed for.
Evidence = tuple[float, bool, bool]


class Ground:
    """Answers from other evidence on the draws of one fit, each from where they stood for the nearest evidence.

    Parameters
    ----------
    held
        Draws.
    fitted
        The evidence that was fitted.
    stated
        The problem with reliability and redundancy as they are stated, which a problem that was fitted without them
        no longer knows; that of the draws if None.
    """

    def __init__(self, held: Stored, fitted: Evidence, stated: Problem | None = None) -> None:
        self.held, self.fitted = held, fitted
        self.stated = held.problem if stated is None else stated
        self._places: dict[Evidence, Floats | None] = {fitted: None}

    def answer(self, evidence: Evidence, log_p: Floats | None, priors: Floats) -> Answered:
        """Answer from S standpoints; the draws are moved once for all of them.

        Parameters
        ----------
        evidence
            With which.
        log_p, priors
            log P(Z) of the standpoints, shape (S, Z), None where it is not tabulated, and their priors, shape (S, K).
        """
        if evidence == self.fitted:
            return answer(self.held, log_p=log_p, prior=priors, diagnose=True)
        # Observations brought back make clusters of their own: the problem says which case each of them is of.
        posed = dataclasses.replace(self.held, problem=allowing(self.stated, evidence))
        said = _Said(posed)
        place = matched(posed, said, self._places[by_distance(evidence, self._places)[0]]).place
        # Of all places tried it is the best that is answered from, not the last.
        matched(posed, said, place, moves=0)
        self._places[evidence] = place
        return answer(said.draws, log_p=log_p, clusters=said.clusters, prior=priors, diagnose=True)


class _Said:
    """What evidence says of draws; it remembers those that it was last asked of."""

    def __init__(self, posed: Stored) -> None:
        self._design = posed.design
        self.draws, self.clusters = posed, posed.clusters

    def __call__(self, draws: Stored) -> Floats:
        if draws.theta is None:
            raise TypeError("draws of a model have hyperparameters")
        self.draws, self.clusters = draws, design_clusters(self._design, draws.theta)
        return self.clusters


def by_distance(origin: Evidence, evidence: Iterable[Evidence]) -> list[Evidence]:
    """Sort evidence by how much of it differs from some other, so that draws never have far to go."""

    def distance(other: Evidence) -> tuple[int, float]:
        return sum(a != b for a, b in zip(origin, other, strict=True)), abs(origin[0] - other[0])

    return sorted(evidence, key=distance)


def allowing(problem: Problem, evidence: Evidence) -> Problem:
    """Pose the same question with other evidence.

    Parameters
    ----------
    problem
        With reliability and redundancy as they are stated.
    evidence
        Selectivity, and whether reliability and redundancy are allowed for.
    """
    selectivity, reliability, redundancy = evidence
    changed = problem.assign_attrs(selectivity=selectivity)
    if not reliability:
        # Nobody doubts a source: what was set aside as probably not so counts as it is reported.
        counts = ~problem["context"] & problem["stated"].any("coder")
        changed = changed.assign(reliability=xr.ones_like(problem["reliability"]), weighs=counts)
    if not redundancy:
        nothing = xr.zeros_like(problem["redundancy_mean"])
        changed = changed.assign(redundancy_mean=nothing, redundancy_sd=nothing)
    return changed
