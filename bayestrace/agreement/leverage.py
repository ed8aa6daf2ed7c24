"""How much it would move the answer if coders settled on what one of them states of an observation."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.encoding import Problem
from bayestrace.inference import facevalue
from bayestrace.results import share_first
from bayestrace.sensitivity.draws import Stored, design_clusters
from bayestrace.sensitivity.evaluate import Answered, answer
from bayestrace.sensitivity.reweight import doubtful

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
_TWO = 2

Tell = Callable[[int, int], None]


class Settled(NamedTuple):
    """What would follow for the case of each observation if all who weighed it stated what one of them does.

    Parameters
    ----------
    evidence
        Index in the problem of the N observations that weigh and that at least two coders weighed, shape (N,).
    now
        Present probabilities, shape (C, K); of the model pooled, at face value case by case.
    probability
        P(explanation of the observation's case), shape (coder, N, K); NaN where the coder did not weigh it.
    rough
        Where draws had to be weighed so unevenly that the number is not to be believed, shape (coder, N).
    """

    evidence: Indices
    now: Floats
    probability: Floats
    rough: NDArray[np.bool_]


def settle(held: Stored, tell: Tell | None = None) -> Settled:
    """Put each coder's statement in the place of what all stated, one observation at a time.

    The stored draws are weighed anew, so that what is learned of the coders from their agreement is counted too. At
    face value nothing is learned of coders, and the mean of the weights is replaced by the coder's own. Redundancy and
    ranges stay as stated.

    Parameters
    ----------
    held
        Draws of a fit, or the face value.
    tell
        Told how many statements are done, of how many.
    """
    problem = held.problem
    stated = problem["stated"].values
    weighs = np.flatnonzero(problem["weighs"].values)
    disputed = np.flatnonzero(stated[:, weighs].sum(axis=0) >= _TWO)
    evidence = weighs[disputed]
    base = _published(held, answer(held, diagnose=False))
    shape = (problem.sizes["coder"], evidence.size)
    probability = np.full((*shape, problem.sizes["hypothesis"]), np.nan)
    rough = np.zeros(shape, dtype=bool)
    spots = [(int(row), place) for place in range(evidence.size) for row in np.flatnonzero(stated[:, evidence[place]])]
    labels = np.unique(problem["cluster_of_evidence"].values[weighs], return_inverse=True)[1].reshape(-1)
    told = _clusters(held, weighs, labels, [(row, int(disputed[place])) for row, place in spots])
    for done, ((row, place), column) in enumerate(zip(spots, np.moveaxis(told, 1, 0), strict=True), start=1):
        clusters = held.clusters.copy()
        clusters[:, labels[disputed[place]]] = column
        found = answer(held, clusters=clusters)
        case = problem["case_of_evidence"].values[evidence[place]]
        probability[row, place] = _published(held, found)[case]
        rough[row, place] = held.theta is not None and doubtful(found.pareto_k, found.ess)
        if tell is not None:
            tell(done, len(spots))
    return Settled(evidence, base, probability, rough)


def _published(held: Stored, found: Answered) -> Floats:
    """Take what is shown first of an answer: pooled of the model, case by case at face value."""
    return found.unpooled if held.theta is None else found.probability


def _clusters(held: Stored, weighs: Indices, labels: Indices, spots: list[tuple[int, int]]) -> Floats:
    """Evaluate the cluster of each observation with one coder's statement for all, shape (D, number of them, K), nats.

    Parameters
    ----------
    held
        Draws.
    weighs, labels
        Which observations of the problem weigh, and the place of the cluster of each.
    spots
        Coder, and place among the observations that weigh.
    """
    problem = held.problem
    if not spots:
        return np.zeros((held.log_evidence.size, 0, problem.sizes["hypothesis"]))
    if held.theta is None:
        mean = facevalue.observation_loglik(problem)[weighs]
        single = [facevalue.observation_loglik(problem.isel(coder=[row])) for row in range(problem.sizes["coder"])]
        moved = [held.clusters[0, labels[place]] + single[row][weighs[place]] - mean[place] for row, place in spots]
        return np.stack(moved)[None]
    rows, places = (np.array(part) for part in zip(*spots, strict=True))
    design = held.design
    # Another observation for each statement, which all who weighed the first weigh as the one coder does.
    said = design.stated[:, places]
    weight = said[..., None] * design.weight[rows, places]
    projector = design.projector
    if projector is not None:
        projector = np.concatenate([projector, said[..., None, None] * projector[rows, places]], axis=1)
    wider = dataclasses.replace(
        design,
        weight=np.concatenate([design.weight, weight], axis=1),
        projector=projector,
        stated=np.concatenate([design.stated, said], axis=1),
        stated_variance=np.concatenate([design.stated_variance, design.stated_variance[:, places]], axis=1),
    )
    total = weighs.size
    groups = [
        [total + number if one == place else int(one) for one in np.flatnonzero(labels == labels[place])]
        for number, place in enumerate(places)
    ]
    quality = problem["reliability"].values[weighs]
    new = wider.regrouped(groups, [int(labels[place]) for place in places], np.concatenate([quality, quality[places]]))
    return design_clusters(new, held.theta)


def stakes(settled: Settled, problem: Problem) -> tuple[Floats, Indices]:
    """Say how far the leader's probability depends on whose statement holds.

    Returns
    -------
    stake : ndarray, shape (N,)
        Greatest less smallest probability of the explanation that leads the observation's case now; where several share
        the first place, the greatest of theirs.
    first : ndarray, shape (N,)
        Index of that explanation; of equals the first listed.
    """
    if not settled.evidence.size:
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    ranges = np.nanmax(settled.probability, axis=0) - np.nanmin(settled.probability, axis=0)
    foremost = share_first(settled.now)[problem["case_of_evidence"].values[settled.evidence]]
    stake = np.where(foremost, ranges, -1.0)
    first = share_first(stake).argmax(axis=1)
    return np.take_along_axis(stake, first[:, None], axis=1)[:, 0], first
