"""The hyperparameters where very many observations fix them: one vector, its prior, and what the evidence says of it.

The model is that of `bayestrace.inference.model`; the coordinates are others. There each is measured by what the prior
and the data leave of it, which is what NUTS wants where data are few. Here each is the quantity itself, up to a fixed
shift and unit, since the likelihood of very many observations is nearly normal in that; and the spreads of noise and
of leanings, of which a few coders tell little however much there is to read, are summed out, each over a grid.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pytensor
import pytensor.tensor as pt
import xarray as xr

from bayestrace.inference import loops
from bayestrace.inference.backend import Array
from bayestrace.inference.layout import Block, blocks, evaluate, layout
from bayestrace.inference.operator import cluster_loglik
from bayestrace.inference.priors import (
    COMMON_ERROR_SD,
    LEANING_SD,
    LOG_V_MEAN,
    LOG_V_SD,
    NOISE_LOG_SD,
    NOISE_MEDIAN,
    RANGE_SD,
    SCALE_SD,
    SD_LOG_V,
)
from bayestrace.inference.signal import Floats, Hyperparameters, design_of
from bayestrace.inference.units import units_of
from bayestrace.weights import helmert, log_sum_exp

# Members of a block of cases: what a gradient holds on to of one stays near the processor, some ten megabytes; with
# ten times as many it took 1.8 times as long, with a third of them a value took 1.4 times as long.
_MEMBERS = 1_000
# So many draws are evaluated together; fewer, as a walk has them, one after the other, each by loops over its nodes.
TOGETHER = 4
# Nodes of the spread of noise and of that of leanings, on the log scale, and how far they reach.
_NODES = 400
_NOISE_REACH, _LEANING_FROM, _LEANING_TO = 6.0, 1e-3, 6.0


class Grid(NamedTuple):
    """Nodes of a spread, and the logarithm of the prior probability of each, shape (N,)."""

    node: Floats
    log_weight: Floats


def noise_grid() -> Grid:
    """Lay out the prior of the spread of noise, log-normal."""
    z = np.linspace(-_NOISE_REACH, _NOISE_REACH, _NODES)
    return Grid(NOISE_MEDIAN * np.exp(NOISE_LOG_SD * z), _normalised(-0.5 * z**2))


def leaning_grid() -> Grid:
    """Lay out the prior of the spread of leanings, half-normal, over its logarithm."""
    t = np.linspace(np.log(_LEANING_FROM), np.log(_LEANING_TO * LEANING_SD), _NODES)
    return Grid(np.exp(t), _normalised(t - 0.5 * (np.exp(t) / LEANING_SD) ** 2))


def _normalised(log_weight: Floats) -> Floats:
    return np.asarray(log_weight - log_sum_exp(log_weight))


class _Layout(NamedTuple):
    """Where in the vector each quantity stands."""

    scale: slice  # contrasts of log scales between coders
    noise: slice  # of either sign
    mean: slice  # mean of the leanings, per contrast of explanations
    between: slice  # contrasts of leanings between coders, for each contrast of explanations
    alone: int  # log of the factor on stated ranges that is each coder's own
    total: int  # log of the mean variance of errors that coders share on an observation, announced by ranges or not
    angle: int  # tangent: size of those that no range announces over those that one does; of either sign
    r_eta: int  # logit
    log_v: int
    sd_log_v: int  # of either sign
    size: int


def _laid_out(coders: int, dims: int) -> _Layout:
    ends = np.cumsum([0, coders - 1, coders, dims, (coders - 1) * dims]).tolist()
    scale, noise, mean, between = (slice(first, last) for first, last in itertools.pairwise(ends))
    last = ends[-1]
    return _Layout(scale, noise, mean, between, last, last + 1, last + 2, last + 3, last + 4, last + 5, last + 6)


class Settled:
    """The hyperparameters of a problem as one vector.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it, one that `bayestrace.inference.large.fits`.
    members
        Observations of a block of cases.

    Attributes
    ----------
    even
        Which coordinates are of either sign, shape (n,): flipping one changes nothing.
    start
        A point to look for the mode from, shape (n,).
    """

    def __init__(self, problem: xr.Dataset, members: int = _MEMBERS) -> None:
        coders, dims = problem.sizes["coder"], problem.sizes["contrast"]
        self._at = at = _laid_out(coders, dims)
        self._helmert = helmert(coders).T if coders > 1 else np.zeros((1, 0))
        self._common_sd = float(problem.attrs["leaning_sd"])
        self._dims = dims
        design, _, cluster = design_of(problem)
        self._doubt = float((design.stated * design.stated_variance).sum() / design.stated.sum())
        self._whole = (design, problem["case_of_cluster"].values[cluster], problem.sizes["case"])
        self.blocks = tuple(blocks(*self._whole, members))
        self.even = np.zeros(at.size, dtype=bool)
        self.even[[*range(at.noise.start, at.noise.stop), at.angle, at.sd_log_v]] = True
        units = units_of(problem)
        self.start = np.zeros(at.size)
        self.start[at.scale], self.start[at.between] = units.log_scale.centre, units.leaning.centre.ravel()
        self.start[self.even] = 0.5 * NOISE_MEDIAN
        self.start[at.alone] = float(units.log_range.centre)
        self.start[at.total] = self.start[at.alone] * 2.0 + np.log(self._doubt)

    def first(self, members: int) -> Block:
        """Give the first cases, of about so many members together."""
        return next(blocks(*self._whole, members))

    @property
    def members(self) -> int:
        """Number of observations that weigh."""
        return int(self._whole[0].label.size)

    def _graph(self, x: Array) -> tuple[Array, Hyperparameters]:
        """Log prior and hyperparameters of a point."""
        at, coders = self._at, self._helmert.shape[0]
        scale, noise, mean = x[at.scale], x[at.noise], x[at.mean]
        between = x[at.between].reshape((coders - 1, self._dims))
        total, angle, alone = x[at.total], x[at.angle], x[at.alone]
        # Beyond a right angle there is nothing; its cosine is kept from being below.
        cosine = pt.maximum(pt.cos(angle), 1e-150)
        log_odds = total + 2.0 * pt.log(cosine) - 2.0 * alone - np.log(self._doubt)
        common_error = pt.exp(0.5 * total) * pt.sin(angle)
        shared, r_eta = pt.sigmoid(log_odds), pt.sigmoid(x[at.r_eta])
        log_prior = (
            -0.5 * (scale**2).sum() / SCALE_SD**2
            + pt.logsumexp(self._of_noise((noise**2).sum()))
            + pt.logsumexp(self._of_leaning((mean**2).sum(), (between**2).sum()))
            - 0.5 * ((alone + 0.5 * pt.softplus(log_odds)) / RANGE_SD) ** 2
            # Of the change from `shared`'s log-odds and `common_error` to `total` and `angle`.
            + 0.5 * total
            - pt.log(cosine)
            + 2.0 * sum(-pt.softplus(odds) - pt.softplus(-odds) for odds in (log_odds, x[at.r_eta]))
            - 0.5 * (common_error / COMMON_ERROR_SD) ** 2
            - 0.5 * ((x[at.log_v] - LOG_V_MEAN) / LOG_V_SD) ** 2
            - 0.5 * (x[at.sd_log_v] / SD_LOG_V) ** 2
        )
        theta = Hyperparameters(
            scale=pt.exp((self._helmert * scale).sum(axis=1)),
            noise=pt.abs(noise),
            bias=mean + (self._helmert[:, :, None] * between).sum(axis=1),
            range_factor=pt.exp(alone) * pt.exp(0.5 * pt.softplus(log_odds)),
            shared=shared,
            common_error=pt.abs(common_error),
            r_eta=r_eta,
            log_v=x[at.log_v],
            sd_log_v=pt.abs(x[at.sd_log_v]),
        )
        return log_prior, theta

    @cached_property
    def _prior_slopes(self) -> Callable[..., Any]:
        x = pt.dvector()
        log_prior = self._graph(x)[0]
        return pytensor.function([x], [log_prior, pt.grad(log_prior, x)], trust_input=True)  # type: ignore[no-any-return]

    @cached_property
    def _meaning(self) -> Callable[..., Any]:
        x = pt.dvector()
        log_prior, theta = self._graph(x)
        return pytensor.function([x], [log_prior, *theta], trust_input=True)  # type: ignore[no-any-return]

    @cached_property
    def _block_slopes(self) -> Callable[..., Any]:
        x, case_of, log_prior = pt.dvector(), pt.lvector(), pt.dmatrix()
        arrays = layout(self.blocks[0].design).values()
        inputs = [pt.tensor(dtype=array.dtype.name, shape=(None,) * array.ndim) for array in arrays]
        clusters = cluster_loglik(self._graph(x)[1], inputs)
        cases = pt.inc_subtensor(pt.zeros_like(log_prior)[case_of], clusters)
        evidence = pt.logsumexp(log_prior + cases, axis=1).sum()
        given = [x, *inputs, case_of, log_prior]
        return pytensor.function(given, [evidence, pt.grad(evidence, x)], trust_input=True)  # type: ignore[no-any-return]

    def density(self, some: Sequence[Block], log_prior: Floats) -> Callable[[Floats], tuple[float, Floats]]:
        """Give the log-density, with its gradient, given some cases by themselves, each with its own prior (C, K)."""
        laid_out = [list(layout(block.design).values()) for block in some]
        rows = [np.ascontiguousarray(log_prior[slice(*block.cases)]) for block in some]

        def evaluated(x: Floats) -> tuple[float, Floats]:
            value, slopes = self._prior_slopes(x)
            total, gradient = float(value), np.array(slopes)
            for block, arrays, row in zip(some, laid_out, rows, strict=True):
                value, slopes = self._block_slopes(x, *arrays, block.case_of, row)
                total += float(value)
                gradient += slopes
            return total, gradient

        return evaluated

    def meaning(self, points: Floats) -> tuple[Floats, Hyperparameters]:
        """Give the log prior (S,) and the hyperparameters of points (S, n), draws first."""
        rows = [self._meaning(point) for point in np.ascontiguousarray(points)]
        log_prior, *theta = (np.stack(values) for values in zip(*rows, strict=True))
        return log_prior, Hyperparameters(*theta)

    def case_loglik(self, theta: Hyperparameters) -> Floats:
        """Evaluate the evidence of every case for many draws, shape (S, C, K), nats."""
        return np.concatenate([_of_cases(block, theta) for block in self.blocks], axis=1)

    def spreads(self, points: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Draw the spread of noise and that of leanings given points (S, n), each (S,)."""
        at = self._at
        noise, mean, between = (_squares(points[:, part]) for part in (at.noise, at.mean, at.between))
        of_noise, of_leaning = self._of_noise(noise), self._of_leaning(mean, between)
        return _drawn(noise_grid(), of_noise, rng), _drawn(leaning_grid(), of_leaning, rng)

    def _of_noise(self, square: Array) -> Array:
        """Log-probability of each node of the spread of noise with noises of a squared length, up to a constant."""
        grid = noise_grid()
        return -0.5 * square / grid.node**2 + (grid.log_weight - self._helmert.shape[0] * np.log(grid.node))

    def _of_leaning(self, mean: Array, between: Array) -> Array:
        """Log-probability of each node of the spread of leanings, by the squared lengths of mean and contrasts."""
        grid, coders = leaning_grid(), self._helmert.shape[0]
        variance = self._common_sd**2 + grid.node**2 / coders
        free = (coders - 1) * self._dims
        constant = grid.log_weight - 0.5 * self._dims * np.log(variance) - free * np.log(grid.node)
        return -0.5 * mean / variance + constant - 0.5 * between / grid.node**2


def _squares(x: Floats) -> Floats:
    return np.asarray((x**2).sum(axis=1, keepdims=True))


def _drawn(grid: Grid, log_weight: Floats, rng: np.random.Generator) -> Floats:
    """Draw a node of each row (S, N), and a place in its cell."""
    noisy = log_weight + rng.gumbel(size=log_weight.shape)
    cell = np.log(grid.node[1]) - np.log(grid.node[0])
    return np.asarray(grid.node[noisy.argmax(axis=1)] * np.exp(cell * rng.uniform(-0.5, 0.5, len(log_weight))))


def _of_cases(block: Block, theta: Hyperparameters) -> Floats:
    if not block.design.label.size:
        return block.by_case(np.zeros((theta.log_v.shape[0], 0, block.design.helmert.shape[1])))
    of_draws = evaluate if len(theta.log_v) >= TOGETHER else loops.cluster_loglik
    return block.by_case(of_draws(block.design, theta))
