"""Draw what coders state of a study whose truth is known.

Everything is drawn step by step as docs/inference.md tells it (true weights, coders, reliability, selection), with none
of the formulas by which `bayestrace.inference.signal` integrates these steps out. A `World` changes steps, so that it
can be seen what the engine makes of studies that its model does not describe.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.calibration.truth import Truth
from bayestrace.inference.backend import NumPy
from bayestrace.inference.redundancy import R_CAP
from bayestrace.inference.signal import cluster_loglik, design_of
from bayestrace.weights import normalise, to_decibels, to_nats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: Sizes of weight, in decibels, to which coders round who think in words.
GRID_DB = (0.0, 3.0, 10.0, 20.0)
# Entries of a projection below this are zeros.
_NOTHING = 1e-9


@dataclass(frozen=True)
class World:
    """How the world in which a study is made differs from the model; by default not at all.

    Every field is one departure and its strength. They may be combined; the model is told of none of them.

    Parameters
    ----------
    noise_df
        Coders' own noise is multivariate t with so many degrees of freedom, of the same scale as the normal noise (the
        middle stays, the tails grow); infinity is normal.
    copying
        Share of a coder's weight, noise and leaning included, that is taken from the coder before, 0 to 1, as far as
        that coder stated one. The coder before may have copied too.
    rounding
        Share of coders' statements on an observation that are rounded to `GRID_DB`, 0 to 1: the decibels of the first
        explanation, in the set's order, of those that the coder compared, over each of the others.
    case_spread
        Standard deviation of a normal added to the log informativeness of all clusters of a case, at least 0.
    range_excess
        Stated ranges are so many times as wide as the errors that they announce, above 0.
    scale_excess
        All coders' scales are multiplied by this, above 0.
    leaning_db
        Decibels per observation that all coders add to the focal explanation over each of its rivals.
    selectivity
        Probability that a cluster whose true weight tells against the favoured explanation is left out, on top of the
        declared one and by the same rule, 0 to 1.
    unreliability
        Probability that what would be so by its declared reliability is not, 0 to 1.
    redundancy_excess
        Share of the way from the drawn redundancy of a cluster to the greatest, 0 to 1.

    Raises
    ------
    ValueError
        A strength outside its bounds.
    """

    noise_df: float = math.inf
    copying: float = 0.0
    rounding: float = 0.0
    case_spread: float = 0.0
    range_excess: float = 1.0
    scale_excess: float = 1.0
    leaning_db: float = 0.0
    selectivity: float = 0.0
    unreliability: float = 0.0
    redundancy_excess: float = 0.0

    def __post_init__(self) -> None:
        for name in ("copying", "rounding", "selectivity", "unreliability", "redundancy_excess"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} is a share, from 0 to 1")
        for name in ("noise_df", "range_excess", "scale_excess"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"{name} is above 0")
        if not self.case_spread >= 0.0:
            raise ValueError("case_spread is at least 0")


#: The world that the model describes.
INSIDE = World()


class _Layout(NamedTuple):
    """The N observations that weigh, their G clusters, and what was declared of both."""

    evidence: Integers  # (N,) index in the problem
    group: Integers  # (N,) index among the G
    size: Integers  # (G,)
    case: Integers  # (G,)
    quality: Floats  # (G,) mean reliability
    mean: Floats  # (G,) of the redundancy
    sd: Floats  # (G,)
    stated: Flags  # (J, N)
    variance: Floats  # (J, N) that stated ranges imply
    projector: Floats  # (J, N, D, D)
    helmert: Floats  # (D, K)
    focal: Floats  # (K,) 1 for the focal explanation
    towards: Floats  # (K,) weighs the favoured explanation against the mean of its rivals
    selectivity: float


def _layout_of(problem: xr.Dataset) -> _Layout:
    evidence = np.flatnonzero(problem["weighs"].values)
    cluster, group = np.unique(problem["cluster_of_evidence"].values[evidence], return_inverse=True)
    size = np.bincount(group)
    hypotheses = problem["hypothesis"].values
    return _Layout(
        evidence=evidence,
        group=group,
        size=size,
        case=problem["case_of_cluster"].values[cluster],
        quality=np.bincount(group, problem["reliability"].values[evidence]) / size,
        mean=problem["redundancy_mean"].values[cluster],
        sd=problem["redundancy_sd"].values[cluster],
        stated=problem["stated"].values[:, evidence],
        variance=problem["stated_variance"].values[:, evidence],
        projector=problem["projector"].values[:, evidence],
        helmert=problem["helmert"].values,
        focal=(hypotheses == problem.attrs["focal"]).astype(np.float64),
        towards=np.where(hypotheses == problem.attrs["favours"], 1.0, -1.0 / (hypotheses.size - 1.0)),
        selectivity=float(problem.attrs["selectivity"]),
    )


class _Making(NamedTuple):
    """All that one study is drawn with."""

    layout: _Layout
    truth: Truth
    world: World
    rng: np.random.Generator


def draw_study(
    problem: xr.Dataset,
    truth: Truth,
    rng: np.random.Generator,
    world: World = INSIDE,
    redundancy: Literal["drawn", "averaged"] = "drawn",
) -> xr.Dataset:
    """Draw what coders state of the observations of a problem, given the truth.

    Parameters
    ----------
    problem
        The design: cases, observations, clusters, coders, stated ranges, redundancy, reliability, selectivity. Its own
        weights are not looked at.
    truth
        Hyperparameters and the explanation of each case.
    rng
        Source of randomness.
    world
        What differs from the model.
    redundancy
        "drawn": the redundancy of each cluster is drawn from its Beta, as one would tell it. "averaged": what is stated
        has the density that `bayestrace.inference.signal.cluster_loglik` gives it, in which redundancy is averaged and
        not updated. The two coincide where the redundancy of every cluster is a point.

    Returns
    -------
    Problem
        A copy in which `weight` is drawn; 0 where nothing was stated and for observations that do not weigh.

    Raises
    ------
    ValueError
        "averaged" was asked for in a world that is not the model's, or, where redundancy is uncertain, for a problem
        with selection or partial comparisons: there the averaged form is no density for each explanation by itself.

    Notes
    -----
    Averaged: p(y|k) = p(y) sum_r w_r p(y|k,r)/p(y|r) (docs/inference.md 3.6). Draw r from its nodes, a uniform
    explanation and y; then an r' from the nodes anew and k' from p(k|y,r'). The pair (y, k') has the density p(y|k')/K.
    Since permuting explanations leaves this family of densities as it is about the coders' leanings, exchanging k' and
    the wanted explanation in y makes a draw from p(y|k) without rejecting any.
    """
    making = _Making(_layout_of(problem), truth, world, rng)
    layout = making.layout
    # Whether each cluster is so: the reliability declared of it, less what the world takes from that.
    so = rng.uniform(size=layout.size.size) < layout.quality * (1.0 - world.unreliability)
    uncertain = (layout.size > 1) & (layout.sd > 0.0) & (layout.mean > 0.0) & (layout.mean < 1.0)
    if redundancy == "averaged" and uncertain.any():
        stated = _averaged(making, problem, so, uncertain)
    else:
        r = _redundancies(layout, rng)
        r = r + world.redundancy_excess * (R_CAP - r)
        stated = _statements(making, _signals(making, r, so))
    weight = np.zeros(problem["weight"].shape)
    weight[:, layout.evidence] = stated
    return problem.assign(weight=(problem["weight"].dims, weight))


def _redundancies(layout: _Layout, rng: np.random.Generator) -> Floats:
    """Draw each cluster's redundancy from the Beta of the stated mean and range, shape (G,)."""
    r = layout.mean.copy()
    spread = layout.mean * (1.0 - layout.mean)
    vague = (layout.sd > 0.0) & (spread > 0.0)
    # A Beta has a variance below mean (1 - mean): a wider stated range is cut to half of that.
    size = spread[vague] / np.minimum(layout.sd[vague] ** 2, 0.5 * spread[vague]) - 1.0
    r[vague] = rng.beta(layout.mean[vague] * size, (1.0 - layout.mean[vague]) * size)
    return np.minimum(r, R_CAP)


def _averaged(making: _Making, problem: xr.Dataset, so: Flags, uncertain: Flags) -> Floats:
    """Draw statements from the density in which uncertain redundancy is averaged; see `draw_study`."""
    layout, truth, world, rng = making
    inside = uncertain[layout.group] & layout.stated
    whole = np.allclose(layout.projector[inside], np.eye(layout.helmert.shape[0]))
    if world != INSIDE or layout.selectivity > 0.0 or not whole:
        raise ValueError("redundancy is averaged in the model's own world, without selection, over full comparisons")
    design = design_of(problem)[0]
    # Not so is a draw under any explanation, and that is what these clusters are to start from.
    r = _pick(design.redundancy_weight, rng, design.redundancy)
    stated = _statements(making, _signals(making, r, so & ~uncertain))
    again = _pick(design.redundancy_weight, rng, design.redundancy)
    told = replace(design, weight=stated, redundancy=again[:, None], redundancy_weight=np.ones((again.size, 1)))
    probability = normalise(cluster_loglik(told, truth.theta, NumPy()))
    names = np.tile(np.arange(layout.helmert.shape[1]), (again.size, 1))
    wanted = truth.z[layout.case]
    found = np.where(uncertain, _pick(probability, rng, names), wanted)
    clusters = np.arange(wanted.size)
    names[clusters, wanted], names[clusters, found] = found, wanted
    bias = truth.theta.bias[:, None, :]
    exchanged = np.take_along_axis((stated - bias) @ layout.helmert, names[layout.group][None], axis=-1)
    return np.where(inside[..., None], exchanged @ layout.helmert.T + bias, stated)


def _pick(probability: Floats, rng: np.random.Generator, values: NDArray[np.generic]) -> NDArray[Any]:
    """Draw one of the values of each row with the probabilities of that row."""
    place = (np.cumsum(probability, axis=1) < rng.uniform(size=(probability.shape[0], 1))).sum(axis=1)
    return np.asarray(values[np.arange(place.size), np.minimum(place, probability.shape[1] - 1)])


def _signals(making: _Making, r: Floats, so: Flags) -> Floats:
    """Draw true weights, shape (N, D): what each observation would say to perfect coders.

    A cluster that is not so says what it would under an explanation drawn blindly. One that the author would leave out
    is drawn anew, informativeness and blind explanation included, but neither its redundancy nor whether it is so.
    """
    layout, truth, world, rng = making
    clusters, (contrasts, hypotheses) = layout.size.size, layout.helmert.shape
    by_case = rng.normal(0.0, world.case_spread, truth.z.size)[layout.case]
    left_out = 1.0 - (1.0 - layout.selectivity) * (1.0 - world.selectivity)
    signal = np.zeros((layout.group.size, contrasts))
    pending = np.ones(clusters, dtype=bool)
    while pending.any():
        z = np.where(so, truth.z[layout.case], rng.integers(hypotheses, size=clusters))
        half_v = 0.5 * np.exp(truth.theta.log_v + truth.theta.sd_log_v * rng.normal(size=clusters) + by_case)
        together = rng.normal(size=(clusters, contrasts)) * np.sqrt(r)[:, None]
        alone = rng.normal(size=signal.shape) * np.sqrt(1.0 - r)[layout.group, None]
        mean = half_v[:, None] * layout.helmert.T[z]
        fresh = mean[layout.group] + np.sqrt(half_v)[layout.group, None] * (together[layout.group] + alone)
        signal = np.where(pending[layout.group, None], fresh, signal)
        # The weight of the cluster is this sum over 1 + (n - 1) r, which does not change its sign.
        favoured = np.bincount(layout.group, signal @ layout.helmert @ layout.towards) > 0.0
        pending &= ~favoured & (rng.uniform(size=clusters) < left_out)
    return signal


def _statements(making: _Making, signal: Floats) -> Floats:
    """Draw what the coders state of true weights, shape (J, N, D)."""
    layout, truth, world, rng = making
    theta = truth.theta
    doubt = (theta.range_factor / world.range_excess) ** 2 * layout.variance * layout.stated
    announced = theta.shared * doubt.sum(axis=0) / layout.stated.sum(axis=0)
    hard = np.bincount(layout.group, announced) / layout.size + theta.common_error**2
    r_eta = np.where(layout.size > 1, theta.r_eta, 0.0)
    together = rng.normal(size=(layout.size.size, signal.shape[1])) * np.sqrt(hard * r_eta)[:, None]
    alone = rng.normal(size=signal.shape) * np.sqrt(hard * (1.0 - r_eta))[layout.group, None]
    spread = np.sqrt(theta.noise[:, None] ** 2 + (1.0 - theta.shared) * doubt)
    if math.isfinite(world.noise_df):
        spread = spread * np.sqrt(world.noise_df / rng.chisquare(world.noise_df, spread.shape))
    leaning = theta.bias + layout.helmert @ layout.focal * to_nats(world.leaning_db)
    stated = (
        world.scale_excess * theta.scale[:, None, None] * (signal + together[layout.group] + alone)
        + leaning[:, None, :]
        + spread[..., None] * rng.normal(size=(*spread.shape, signal.shape[1]))
    )
    for coder in range(1, stated.shape[0] if world.copying > 0.0 else 0):
        gap = (layout.projector[coder - 1] @ (stated[coder - 1] - stated[coder])[..., None])[..., 0]
        stated[coder] += world.copying * gap
    if world.rounding > 0.0:
        chosen = rng.uniform(size=spread.shape) < world.rounding
        stated = np.where(chosen[..., None], _rounded(layout, stated), stated)
    return np.asarray((layout.projector @ stated[..., None])[..., 0])


def _rounded(layout: _Layout, stated: Floats) -> Floats:
    """Round weights to the nearest of `GRID_DB` of either sign, as `World` says."""
    loglik = stated @ layout.helmert
    compared = np.abs(layout.helmert.T @ layout.projector @ layout.helmert) > _NOTHING
    # What a coder compared with each explanation, itself included: the first of them is what it is weighed against.
    decibels = to_decibels(np.take_along_axis(loglik, compared.argmax(axis=-1), axis=-1) - loglik)
    grid = np.array(GRID_DB)
    nearest = grid[np.abs(np.abs(decibels)[..., None] - grid).argmin(axis=-1)]
    return np.asarray(-to_nats(np.copysign(nearest, decibels)) @ layout.helmert.T)
