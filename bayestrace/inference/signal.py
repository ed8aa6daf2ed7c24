"""Stated weights to cluster likelihoods: the marginal signal model (model.md 2), one set of formulas.

A true weight of evidence x_e | Z=k ~ Normal((v/2) H u_k, (v/2) I) reaches us through coders,
y_je ~ Normal(scale_j (x_e + eta_e) + bias_j, var_je I). Everything but the hyperparameters integrates out.
The formulas are written against `bayestrace.inference.backend.Backend` and run in NumPy, for all draws at once,
and in PyTensor, inside the sampler.

Axes, from the right: `D` contrasts or `K` hypotheses; `R` nodes of redundancy; `V` nodes of informativeness;
`E` observations or `G` clusters; draws in front, where there are any.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference.backend import Array, Backend
from bayestrace.inference.redundancy import R_NODES, redundancy_nodes

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Gauss-Hermite nodes of log v within a cluster; 9 are off by nats in large clusters (model.md 2.2).
V_NODES = 21
_LOG_2PI = math.log(2.0 * math.pi)
# Keeps the logarithm of a likelihood ratio past 3000 dB finite.
_LEAST = 1e-300


class Hyperparameters(NamedTuple):
    """What the coders and the signal are like; arrays with draws in front, or PyTensor variables.

    `scale` and `noise` (..., J), `bias` (..., J, D) in nats per contrast; `range_factor`, `shared`,
    `common_error` (sd in nats per contrast), `r_eta`, `log_v` and `sd_log_v` (...,).
    """

    scale: Array
    noise: Array
    bias: Array
    range_factor: Array
    shared: Array
    common_error: Array
    r_eta: Array
    log_v: Array
    sd_log_v: Array


@dataclass(frozen=True)
class Design:
    """The fixed side of the signal model: what was stated, and how observations group.

    Parameters
    ----------
    weight
        Stated vectors in contrasts, shape (J, N, D), N distinct observations.
    projector
        Projections on what was stated, shape (J, N, D, D), or None where every coder weighed every hypothesis.
    stated
        1.0 where a coder weighed an observation, shape (J, N).
    stated_variance
        Variance that the stated ranges imply, shape (J, N).
    helmert
        Contrasts, shape (D, K).
    observation
        Index among the N of each of the E cluster members, shape (E,); one observation may stand in several
        clusters, as when clusters are evaluated with one member left out.
    label
        Cluster of each of the E members, shape (E,); every cluster has one.
    redundancy, redundancy_weight
        Nodes of r and their probabilities, shape (G, R).
    reliability
        q of each cluster, shape (G,): the mean over its members.
    selectivity
        s, the probability that a contrary cluster was left out.
    favours
        Index of the explanation that is selected for.
    """

    weight: Floats
    projector: Floats | None
    stated: Floats
    stated_variance: Floats
    helmert: Floats
    observation: Integers
    label: Integers
    redundancy: Floats
    redundancy_weight: Floats
    reliability: Floats
    selectivity: float
    favours: int

    @property
    def clusters(self) -> int:
        """Number of clusters, G."""
        return self.reliability.size

    @property
    def size(self) -> Integers:
        """Number of members of each cluster, shape (G,)."""
        return np.bincount(self.label, minlength=self.clusters)

    def members(self) -> list[Integers]:
        """List the members of each cluster, by their places among the E."""
        order = np.argsort(self.label, kind="stable")
        return np.split(order, np.cumsum(self.size)[:-1]) if self.clusters else []

    def regrouped(self, groups: Sequence[Sequence[int]], parents: Sequence[int], quality: Floats) -> Design:
        """Return the design of other clusters of the same observations.

        Parameters
        ----------
        groups
            Observation indices (among the N) of each new cluster.
        parents
            The present cluster from which each takes its redundancy.
        quality
            Reliability of each of the N observations.
        """
        return dataclasses.replace(
            self,
            observation=np.array([index for group in groups for index in group], dtype=np.int64),
            label=np.repeat(np.arange(len(groups)), [len(group) for group in groups]),
            redundancy=self.redundancy[list(parents)],
            redundancy_weight=self.redundancy_weight[list(parents)],
            reliability=np.array([float(np.mean(quality[list(group)])) for group in groups]),
        )


def design_of(problem: xr.Dataset) -> tuple[Design, Integers, Integers]:
    """Lay out the observations of a problem that weigh.

    Returns
    -------
    design
        N = E: every observation that weighs stands in its own cluster once.
    evidence
        Index in the problem of each of the N observations.
    cluster
        Index in the problem of each of the G clusters that have a member that weighs.
    """
    evidence = np.flatnonzero(problem["weighs"].values)
    labels = problem["cluster_of_evidence"].values[evidence]
    cluster, label = np.unique(labels, return_inverse=True)
    projector = problem["projector"].values[:, evidence]
    stated = problem["stated"].values[:, evidence]
    whole = bool(np.allclose(projector[stated], np.eye(projector.shape[-1])))
    stated_r = np.stack([problem[f"redundancy_{name}"].values[cluster] for name in ("mean", "sd")], axis=1)
    distinct, place = np.unique(stated_r, axis=0, return_inverse=True)
    nodes = [redundancy_nodes(float(mean), float(sd)) for mean, sd in distinct]
    reliability = problem["reliability"].values[evidence]
    hypotheses = list(problem["hypothesis"].values)
    design = Design(
        weight=problem["weight"].values[:, evidence],
        projector=None if whole else projector,
        stated=stated.astype(np.float64),
        stated_variance=problem["stated_variance"].values[:, evidence],
        helmert=problem["helmert"].values,
        observation=np.arange(evidence.size),
        label=label,
        redundancy=np.array([node for node, _ in nodes]).reshape(-1, R_NODES)[place.ravel()],
        redundancy_weight=np.array([weight for _, weight in nodes]).reshape(-1, R_NODES)[place.ravel()],
        reliability=np.bincount(label, reliability) / np.bincount(label),
        selectivity=float(problem.attrs["selectivity"]),
        favours=hypotheses.index(problem.attrs["favours"]),
    )
    return design, evidence, cluster


class _Reduced(NamedTuple):
    """The coders of each observation reduced to one."""

    mean: Array  # (..., N, D): the coders' weighted mean, or precision times mean where that is a matrix
    precision: Array  # (..., N), or (..., N, D, D)
    constant: Array  # (..., N): the factor of the density that no hypothesis changes
    shared_variance: Array  # (..., N): range^2 shared mean_j stated^2 + common_error^2


class _Nodes(NamedTuple):
    """The likelihood of each cluster at the nodes of v and r, and what selection needs of it."""

    log_f: Array  # (..., G, V, R, K)
    half_v: Array  # (..., 1, V, 1)
    strength: Array  # (..., G, V, R), or with (D, D): precision of what is said about the cluster's mean
    pull: Array  # (..., G, V, R, K): h_k' of what is said, times its precision


def cluster_loglik(design: Design, theta: Hyperparameters, lib: Backend) -> Array:
    """Evaluate log p(y_g | k) for every cluster and hypothesis.

    Parameters
    ----------
    design
        What was stated.
    theta
        Hyperparameters, with the same leading axes each.
    lib
        The array library.

    Returns
    -------
    array, shape (..., G, K)
        Natural-log densities; redundancy, informativeness, selection and reliability are integrated out.

    Notes
    -----
    The redundancy r is not updated by the weights: it was elicited about dependence, and similar weights are no
    proof of it. So what a cluster says of k is averaged over the stated distribution of r:
    p(y|k) = p(y) sum_r w_r p(y|k,r)/p(y|r), with p(y|r) the mean over k and p(y) = sum_r w_r p(y|r). This stays a
    density in y, which an average of logarithms does not (docs/inference.md).
    """
    reduced = _reduce_coders(design, theta, lib)
    nodes = (_nodes if design.projector is None else _nodes_block)(design, theta, reduced, lib)
    # Likelihoods are taken relative to the greatest at each node of r, and logarithms once, at the end.
    peak = lib.greatest(nodes.log_f, (-3, -1))
    weight = v_nodes()[1][:, None, None]
    f = lib.exp(nodes.log_f - peak[..., None, :, None]) * weight
    if design.selectivity > 0.0:
        n = (f * _reported(design, nodes, lib)).sum(axis=-3)
        rate = (_report_rate(design, nodes, lib) * weight).sum(axis=-3)
        told, flat = n / rate, n.mean(axis=-1) / rate.mean(axis=-1)
    else:
        told = f.sum(axis=-3)
        flat = told.mean(axis=-1)
    quality = design.reliability[:, None, None]
    mixed = quality * told + (1.0 - quality) * flat[..., None]
    level = mixed.mean(axis=-1)
    relative = (design.redundancy_weight[..., None] * mixed / level[..., None]).sum(axis=-2)
    top = lib.greatest(peak, (-1,))
    total = (design.redundancy_weight * level * lib.exp(peak - top[..., None])).sum(axis=-1)
    return lib.log(relative + _LEAST) + (lib.log(total) + top)[..., None]


def _reduce_coders(design: Design, theta: Hyperparameters, lib: Backend) -> _Reduced:
    size = design.helmert.shape[0]
    doubt = theta.range_factor[..., None, None] ** 2 * design.stated_variance
    variance = theta.noise[..., None] ** 2 + (1.0 - theta.shared[..., None, None]) * doubt
    gain = design.stated * theta.scale[..., None] / variance
    centred = design.weight - theta.bias[..., None, :]
    announced = theta.shared[..., None] * (design.stated * doubt).sum(axis=-2) / design.stated.sum(axis=0)
    shared = announced + theta.common_error[..., None] ** 2
    log_variance = design.stated * (_LOG_2PI + lib.log(variance))
    precise = gain * theta.scale[..., None]
    if design.projector is None:
        precision = precise.sum(axis=-2)
        mean = (gain[..., None] * centred).sum(axis=-3) / precision[..., None]
        residual = centred - theta.scale[..., None, None] * mean[..., None, :, :]
        misfit = (design.stated / variance * (residual**2).sum(axis=-1)).sum(axis=-2)
        constant = -0.5 * (size * log_variance.sum(axis=-2) + misfit + size * (lib.log(precision) - _LOG_2PI))
        return _Reduced(mean, precision, constant, shared)
    centred = (design.projector * centred[..., None, :]).sum(axis=-1)
    precision = (precise[..., None, None] * design.projector).sum(axis=-4)
    rank = np.trace(design.projector, axis1=-2, axis2=-1)
    misfit = (design.stated / variance * (centred**2).sum(axis=-1)).sum(axis=-2)
    constant = -0.5 * ((rank * log_variance).sum(axis=-2) + misfit)
    return _Reduced((gain[..., None] * centred).sum(axis=-3), precision, constant, shared)


def _spread(design: Design, theta: Hyperparameters, reduced: _Reduced, lib: Backend) -> tuple[Array, Array, Array]:
    """Variances within clusters: v/2 (..., 1, V, 1), each member's own (..., E, V, R), the common (..., G, V, R)."""
    size = design.size
    doubt = (
        lib.sum_rows(design.label, design.clusters, reduced.shared_variance[..., design.observation, None], 1)[..., 0]
        / size
    )
    together = theta.r_eta[..., None] * (size > 1).astype(np.float64)
    spread = lib.exp(theta.log_v[..., None] + theta.sd_log_v[..., None] * v_nodes()[0])
    half_v = 0.5 * spread[..., None, :, None]
    r = design.redundancy[:, None, :]
    own = half_v * (1.0 - r) + (doubt * (1.0 - together))[..., None, None]
    common = half_v * r + (doubt * together)[..., None, None]
    return half_v, own[..., design.label, :, :], common


def _nodes(design: Design, theta: Hyperparameters, reduced: _Reduced, lib: Backend) -> _Nodes:
    """Evaluate log f_g(k|v) where the covariance is diagonal plus rank one (model.md 2.2)."""
    dims, hypotheses = design.helmert.shape
    half_v, own, common = _spread(design, theta, reduced, lib)
    mean = reduced.mean[..., design.observation, :]
    d = 1.0 / reduced.precision[..., design.observation, None, None] + own
    inverse = 1.0 / d
    s0 = lib.sum_rows(design.label, design.clusters, inverse, 2)
    sx = lib.sum_rows(design.label, design.clusters, inverse[..., None] * mean[..., None, None, :], 3)
    square = (mean**2).sum(axis=-1)[..., None, None]
    within = lib.sum_rows(design.label, design.clusters, dims * lib.log(d) + square * inverse, 2)
    constant = lib.sum_rows(design.label, design.clusters, reduced.constant[..., design.observation, None], 1)[
        ..., None
    ]
    swell = 1.0 + common * s0
    base = (
        constant
        - 0.5 * dims * _LOG_2PI * design.size[:, None, None]
        - 0.5 * (within + dims * lib.log(swell))
        + 0.5 * (common * (sx**2).sum(axis=-1) - half_v**2 * (1.0 - 1.0 / hypotheses) * s0) / swell
    )
    pull = lib.times(sx, design.helmert) / swell[..., None]
    return _Nodes(base[..., None] + half_v[..., None] * pull, half_v, s0 / swell, pull)


def _nodes_block(design: Design, theta: Hyperparameters, reduced: _Reduced, lib: Backend) -> _Nodes:
    """Evaluate log f_g(k|v) where a coder weighed only some hypotheses, so that the precision is a matrix.

    The same integral in information form, which needs no inverse of the (singular) precision.
    """
    dims = design.helmert.shape[0]
    identity = np.eye(dims)
    half_v, own, common = _spread(design, theta, reduced, lib)
    precision = reduced.precision[..., design.observation, None, None, :, :]
    drawn = reduced.mean[..., design.observation, None, None, :]
    shrink = identity + own[..., None, None] * precision
    inverse = lib.inverse(shrink)
    sharp = (inverse[..., :, :, None] * precision[..., None, :, :]).sum(axis=-2)
    told = (inverse * drawn[..., None, :]).sum(axis=-1)
    gained = own * (drawn * told).sum(axis=-1) - lib.log_det(shrink)
    s0 = lib.sum_rows(design.label, design.clusters, sharp, 4)
    sx = lib.sum_rows(design.label, design.clusters, told, 3)
    within = lib.sum_rows(design.label, design.clusters, gained, 2)
    constant = lib.sum_rows(design.label, design.clusters, reduced.constant[..., design.observation, None], 1)[
        ..., None
    ]
    swell = identity + common[..., None, None] * s0
    back = lib.inverse(swell)
    settled = (back * sx[..., None, :]).sum(axis=-1)
    strength = (back[..., :, :, None] * s0[..., None, :, :]).sum(axis=-2)
    base = constant + 0.5 * (within - lib.log_det(swell) + common * (sx * settled).sum(axis=-1))
    pull = lib.times(settled, design.helmert)
    # h_k' strength h_k: no longer the same for every k where a coder left hypotheses out.
    held = (lib.times(strength, design.helmert) * design.helmert).sum(axis=-2)
    log_f = base[..., None] + half_v[..., None] * pull - 0.5 * half_v[..., None] ** 2 * held
    return _Nodes(log_f, half_v, strength, pull)


def favouring(design: Design) -> Floats:
    """Weigh the favoured explanation against the mean of its rivals: 1 and -1/(K-1), which is also c'h_k."""
    hypotheses = design.helmert.shape[1]
    towards = np.full(hypotheses, -1.0 / (hypotheses - 1.0))
    towards[design.favours] = 1.0
    return towards


def _half_total(design: Design, half_v: Array) -> Array:
    """Half the informativeness of a whole cluster, V/2 = (v/2) n/(1 + (n-1) r), shape (..., G, V, R)."""
    size = design.size[:, None, None]
    return half_v * size / (1.0 + (size - 1.0) * design.redundancy[:, None, :])


def _reported(design: Design, nodes: _Nodes, lib: Backend) -> Array:
    """Evaluate A_k(v): how probable, given what coders said, that the author reported the cluster (2.3)."""
    towards = favouring(design)
    half_v, total = nodes.half_v, _half_total(design, nodes.half_v)
    length = (towards**2).sum()
    if design.projector is None:
        known = length * nodes.strength
        against = nodes.strength[..., None] * towards
    else:
        along = lib.times(nodes.strength, design.helmert @ towards[:, None])[..., 0]
        against = lib.times(along, design.helmert)
        known = (against * towards).sum(axis=-1)
    mean = (
        total[..., None] * towards
        + (half_v * (nodes.pull * towards).sum(axis=-1))[..., None]
        - half_v[..., None] ** 2 * against
    )
    deviation = lib.sqrt(lib.at_least(length * total - half_v**2 * known, 1e-12))
    return 1.0 - design.selectivity * lib.normal_cdf(-mean / deviation[..., None])


def _report_rate(design: Design, nodes: _Nodes, lib: Backend) -> Array:
    """Evaluate how probable it is under k, before anything is seen, that the cluster is reported."""
    towards = favouring(design)
    ratio = lib.sqrt(_half_total(design, nodes.half_v) / (towards**2).sum())[..., None] * towards
    return 1.0 - design.selectivity * lib.normal_cdf(-ratio)


def v_nodes() -> tuple[Floats, Floats]:
    """Nodes and probabilities of a standard normal (Gauss-Hermite)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(V_NODES)
    return nodes, weights / weights.sum()
