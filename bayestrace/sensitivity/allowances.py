"""What evidence says once one allows for more than the model was told: dependence, error, selection, bias, boasting."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import facevalue
from bayestrace.inference.redundancy import R_CAP, R_NODES
from bayestrace.inference.signal import Design, Hyperparameters
from bayestrace.sensitivity.draws import Stored, design_clusters, face_value_clusters
from bayestrace.weights import to_nats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Hyperparameters that are measured in the units of stated weights; the others are pure numbers or the signal's own.
MEASURED = frozenset({"noise", "bias", "common_error"})


@dataclass(frozen=True)
class Allowances:
    """How far to go beyond what was fitted; as it stands, nowhere.

    Parameters
    ----------
    redundancy
        Share of the way, from the redundancy of each cluster as fitted to the same news told again. At face value
        it starts from observations that count in full.
    reliability
        Factor on the probability that an observation is as reported.
    selectivity
        Probability that a cluster which tells against `favours` was left out; as fitted if None.
    favours
        Index of the explanation that each case's author selects for, shape (C,); as fitted if None.
    leaning
        Decibels per observation by which every coder states the `towards` of its case too high against each rival.
    towards
        Index of an explanation per case, shape (C,); needed where `leaning` is not 0.
    scale
        Factor by which every coder overstates, a weight and its range alike.
    """

    redundancy: float = 0.0
    reliability: float = 1.0
    selectivity: float | None = None
    favours: Integers | None = None
    leaning: float = 0.0
    towards: Integers | None = None
    scale: float = 1.0


def clusters_under(stored: Stored, allowances: Allowances) -> Floats:
    """Evaluate the clusters with allowances made, given the same draws.

    What coders state too high is taken off what they stated; then all that is measured in the units of their weights
    (weights, ranges, noise, leanings, common errors) is divided by the common scale, so that coders are as good as
    before and only the signal is fainter.

    Parameters
    ----------
    stored
        Draws; at face value, where nothing is known of reliability and selection, only the other three can be made.
    allowances
        Those to make, all at once.

    Returns
    -------
    ndarray, shape (D, G, K)
        Nats, up to a constant that is the same for every draw and explanation.
    """
    weight = _without_leaning(stored.problem, allowances) / allowances.scale
    if stored.theta is None:
        return _at_face_value(stored.problem.assign(weight=stored.problem["weight"].copy(data=weight)), allowances)
    design = stored.design
    design = dataclasses.replace(
        design,
        weight=weight[:, stored.problem["weighs"].values],
        stated_variance=design.stated_variance / allowances.scale**2,
        redundancy=np.minimum(design.redundancy + allowances.redundancy * (1.0 - design.redundancy), R_CAP),
        reliability=design.reliability * allowances.reliability,
        selectivity=design.selectivity if allowances.selectivity is None else allowances.selectivity,
    )
    theta = _in_other_units(stored.theta, allowances.scale)
    if allowances.favours is None or design.selectivity == 0.0:
        return design_clusters(design, theta)
    return _selected_by_case(stored, design, theta, allowances.favours)


def with_weights(stored: Stored, weight: Floats) -> Floats:
    """Evaluate the clusters as if coders had stated other weights, given the same draws.

    Parameters
    ----------
    stored
        Draws.
    weight
        In the place of `weight` of the problem, shape (J, E, D), nats.

    Returns
    -------
    ndarray, shape (D, G, K)
        Nats.
    """
    if stored.theta is None:
        return face_value_clusters(stored.problem.assign(weight=stored.problem["weight"].copy(data=weight)))
    moved = dataclasses.replace(stored.design, weight=weight[:, stored.problem["weighs"].values])
    return design_clusters(moved, stored.theta)


def joined(stored: Stored, group_of: NDArray[np.str_], redundancy: float) -> Floats:
    """Evaluate the evidence as if all observations of a case that are of one group were one cluster.

    Parameters
    ----------
    stored
        Draws.
    group_of
        Group of every observation of the problem, such as its step, shape (E,).
    redundancy
        Of every cluster so made.

    Returns
    -------
    ndarray, shape (D, G, K)
        Nats. What a new cluster says stands in the place of the fitted cluster of its first member and 0 elsewhere, so
        that the sums over cases are right.
    """
    evidence = np.flatnonzero(stored.problem["weighs"].values)
    case_of = stored.problem["case_of_evidence"].values[evidence]
    members: dict[tuple[int, str], list[int]] = {}
    for place, (case, group) in enumerate(zip(case_of, group_of[evidence], strict=True)):
        members.setdefault((int(case), str(group)), []).append(place)
    groups = list(members.values())
    if not groups:
        return np.zeros_like(stored.clusters)
    quality = stored.problem["reliability"].values[evidence]
    parents = [int(stored.design.label[group[0]]) for group in groups]
    if stored.theta is None:
        single = facevalue.observation_loglik(stored.problem)[evidence]
        told = np.stack([single[group].sum(axis=0) / (1.0 + (len(group) - 1.0) * redundancy) for group in groups])[None]
    else:
        design = stored.design.regrouped(groups, parents, quality)
        told = design_clusters(
            dataclasses.replace(
                design,
                redundancy=np.full_like(design.redundancy, min(redundancy, R_CAP)),
                redundancy_weight=np.full_like(design.redundancy_weight, 1.0 / R_NODES),
            ),
            stored.theta,
        )
    result = np.zeros_like(stored.clusters)
    for place, parent in enumerate(parents):
        result[:, parent] += told[:, place]
    return result


def _without_leaning(problem: xr.Dataset, allowances: Allowances) -> Floats:
    """Take off what every coder states too high, on the contrasts that each stated: shape (J, E, D), nats."""
    weight = problem["weight"].values
    if allowances.leaning == 0.0 or allowances.towards is None:
        return np.asarray(weight)
    too_high = to_nats(allowances.leaning) * problem["helmert"].values.T[allowances.towards]
    return shifted(problem, -too_high[problem["case_of_evidence"].values])


def shifted(problem: xr.Dataset, shift: Floats) -> Floats:
    """Move what was stated by vectors in contrasts, as far as each coder's comparisons reach.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    shift
        Shape (E, D), or (J, E, D) where coders are not all moved alike; nats.

    Returns
    -------
    ndarray, shape (J, E, D)
        Weights, nats; 0 still where nothing was stated.
    """
    weight, projector = problem["weight"].values, problem["projector"].values
    return np.asarray(weight + np.einsum("jeab,jeb->jea", projector, np.broadcast_to(shift, weight.shape)))


def _at_face_value(problem: xr.Dataset, allowances: Allowances) -> Floats:
    """Discount the sum of each cluster by Kish's design effect, 1 + (n - 1) r (Kish 1965)."""
    members = problem["cluster_of_evidence"].values[problem["weighs"].values]
    size = np.bincount(members, minlength=problem.sizes["cluster"])
    return face_value_clusters(problem, 1.0 + np.maximum(size - 1.0, 0.0) * allowances.redundancy)


def _in_other_units(theta: Hyperparameters, scale: float) -> Hyperparameters:
    return theta._replace(**{name: getattr(theta, name) / scale for name in MEASURED})


def _selected_by_case(stored: Stored, design: Design, theta: Hyperparameters, favours: Integers) -> Floats:
    """Evaluate each case's clusters with the explanation that its own author selects for."""
    kept = np.unique(stored.problem["cluster_of_evidence"].values[stored.problem["weighs"].values])
    favoured = favours[stored.problem["case_of_cluster"].values[kept]]
    result = np.empty_like(stored.clusters)
    members = design.members()
    for explanation in np.unique(favoured):
        places = np.flatnonzero(favoured == explanation)
        groups = [members[place].tolist() for place in places]
        part = design.regrouped(groups, places.tolist(), np.ones(design.observation.size))
        part = dataclasses.replace(part, reliability=design.reliability[places], favours=int(explanation))
        result[:, places] = design_clusters(part, theta)
    return result
