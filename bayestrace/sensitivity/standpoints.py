"""The prior over joint explanations from many standpoints at once.

The same P(Z) as `bayestrace.inference.pooling` tabulates for one. What does not depend on the standpoint (which
assignments of levels make which blocks of cases, and which joint explanations look alike to them) is enumerated once.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference.pooling import ASSIGNMENT_LIMIT, TABLE_LIMIT

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Numbers held at once while terms are worked out, to bound memory.
_NUMBERS = 4_000_000


class Standpoints(NamedTuple):
    """S standpoints before the evidence; an axis of 1 in place of S stands for all of them.

    Parameters
    ----------
    prior
        m of each, shape (S, K), rows summing to 1.
    level_weight
        Dirichlet weights of the pooling levels, shape (S, L); a level of weight 0 is not used.
    kappa
        Nodes of the pools' concentration, shape (N,), the same for all; 0 and infinity are allowed.
    kappa_weight
        Probabilities of the nodes, shape (S, N).
    """

    prior: Floats
    level_weight: Floats
    kappa: Floats
    kappa_weight: Floats

    @property
    def number(self) -> int:
        """How many standpoints there are."""
        return int(max(self.prior.shape[0], self.level_weight.shape[0], self.kappa_weight.shape[0]))

    def part(self, start: int, end: int) -> Standpoints:
        """Take the standpoints from one place to another."""

        def cut(rows: Floats) -> Floats:
            return rows[start:end] if rows.shape[0] > 1 else rows

        return Standpoints(cut(self.prior), cut(self.level_weight), self.kappa, cut(self.kappa_weight))


def standpoint_of(problem: xr.Dataset) -> Standpoints:
    """Take the one standpoint from which a problem was encoded."""
    prior, level_weight, kappa, kappa_weight = (
        problem[name].values for name in ("prior", "level_weight", "kappa", "kappa_weight")
    )
    return Standpoints(prior[None], level_weight[None], kappa, kappa_weight[None])


def enumerable(pools: NDArray[np.str_], used: Sequence[int] | Integers, hypotheses: int) -> bool:
    """Say whether the joint explanations of cases that may use these levels are few enough to enumerate."""
    cases = pools.shape[0]
    return bool(hypotheses**cases <= TABLE_LIMIT and len(used) ** cases <= ASSIGNMENT_LIMIT)


def log_p(pools: NDArray[np.str_], standpoints: Standpoints, z: Integers | None = None) -> tuple[Integers, Floats]:
    """Tabulate P(Z) from each standpoint.

    Parameters
    ----------
    pools
        Label of the pool of each case at each level, shape (C, L).
    standpoints
        S of them.
    z
        Joint explanations, shape (Z, C), every one if None.

    Returns
    -------
    z : ndarray, shape (Z, C)
        The last case changes fastest.
    log_p : ndarray, shape (S, Z)
        Natural logarithms; -inf where a standpoint excludes a joint explanation.

    Notes
    -----
    The formulas are those of `pooling.build_table`, with quotients of Gamma functions written out as products, which
    holds for a kappa of 0 and of infinity alike.
    """
    if z is None:
        cases, size = pools.shape[0], standpoints.prior.shape[1]
        every = list(itertools.product(range(size), repeat=cases))
        z = np.array(every, dtype=np.int64).reshape(-1, cases)
    used = np.flatnonzero(standpoints.level_weight.any(axis=0))
    return z, Enumeration(pools, used, z).log_p(standpoints)


class _Shape(NamedTuple):
    """Partitions of the cases into blocks of the same sizes.

    `rows` (T, C) are the distinct explanations of the blocks, one block after the other, each sorted; singletons come
    last and as one. `place` (P, Z) says which row each joint explanation is under each partition, `partition` (P,)
    which partitions these are.
    """

    sizes: tuple[int, ...]
    rows: Integers
    place: Integers
    partition: list[int]


class Enumeration:
    """What of P(Z) no standpoint changes.

    Parameters
    ----------
    pools
        Label of the pool of each case at each level, shape (C, L).
    used
        Levels that any of the standpoints uses.
    z
        Joint explanations, shape (Z, C).
    """

    def __init__(self, pools: NDArray[np.str_], used: Sequence[int] | Integers, z: Integers) -> None:
        self.z = z
        self._cases = pools.shape[0]
        self._used = [int(level) for level in used]
        partitions = _partitions(pools, self._used)
        self._uses = np.array(sorted({uses for counted in partitions.values() for uses in counted}))
        place = {tuple(row): index for index, row in enumerate(self._uses.tolist())}
        # How many assignments of levels make each partition, by how often each level is used.
        self._ways = np.zeros((len(partitions), len(place)))
        for row, counted in enumerate(partitions.values()):
            for uses, number in counted.items():
                self._ways[row, place[uses]] = number
        self._shapes = list(_shapes(list(partitions), z))

    def log_p(self, standpoints: Standpoints) -> Floats:
        """Give log P(Z) from each standpoint, shape (S, Z); they use no level but those that were enumerated."""
        total = standpoints.number
        widest = max(shape.rows.shape[0] for shape in self._shapes) * max(standpoints.kappa.size, 1)
        step = max(1, _NUMBERS // max(widest, self.z.shape[0]))
        result = np.empty((total, self.z.shape[0]))
        for start in range(0, total, step):
            part = standpoints.part(start, min(start + step, total))
            with np.errstate(divide="ignore"):
                result[start : start + step] = np.log(self._probability(part)).T
        return result

    def _probability(self, standpoints: Standpoints) -> Floats:
        """Sum over partitions of their probability times that of the explanations given them, shape (Z, S)."""
        mass = self._ways @ self._uses_probability(standpoints.level_weight)
        prior, weight = standpoints.prior.T, standpoints.kappa_weight.T
        kappa = standpoints.kappa[:, None]
        # Rising factorials of kappa m over those of kappa, as (low m + high j)/(low + high i), finite for every kappa.
        low, high = np.minimum(kappa, 1.0), 1.0 / np.maximum(kappa, 1.0)
        total = np.zeros((self.z.shape[0], standpoints.number))
        for shape in self._shapes:
            term = _terms(shape, prior, low, high, weight)
            for partition, place in zip(shape.partition, shape.place, strict=True):
                total += mass[partition] * term[place]
        return total

    def _uses_probability(self, level_weight: Floats) -> Floats:
        """Give the probability of one assignment that uses each level so often, shape (M, S)."""
        # Rising factorials over one, all factors divided by the greatest weight, so that no product overflows.
        scale = np.maximum(level_weight.max(axis=1), 1.0)
        weight = (level_weight[:, self._used] / scale[:, None]).T
        steps = np.arange(self._cases)[:, None] / scale
        rising = np.ones((len(self._used), self._cases + 1, weight.shape[1]))
        rising[:, 1:] = np.cumprod(weight[:, None] + steps, axis=1)
        whole = np.prod(weight.sum(axis=0) + steps, axis=0)
        chosen = [rising[level, self._uses[:, level]] for level in range(len(self._used))]
        return np.asarray(np.prod(chosen, axis=0) / whole)


def _partitions(
    pools: NDArray[np.str_], used: Sequence[int]
) -> dict[tuple[tuple[int, ...], ...], Counter[tuple[int, ...]]]:
    """Count the assignments of levels that make each partition of the cases, by how often they use each level."""
    found: dict[tuple[tuple[int, ...], ...], Counter[tuple[int, ...]]] = defaultdict(Counter)
    # Pools bear numbers here: this loop runs up to `ASSIGNMENT_LIMIT` times.
    labels = pools[:, used]
    number = np.stack([np.unique(column, return_inverse=True)[1] for column in labels.T], axis=1).tolist()
    for levels in itertools.product(range(len(used)), repeat=pools.shape[0]):
        blocks: dict[tuple[int, int], list[int]] = {}
        for case, level in enumerate(levels):
            blocks.setdefault((level, number[case][level]), []).append(case)
        key = tuple(sorted(tuple(block) for block in blocks.values()))
        found[key][tuple(levels.count(level) for level in range(len(used)))] += 1
    return found


def _shapes(partitions: Sequence[tuple[tuple[int, ...], ...]], z: Integers) -> list[_Shape]:
    """Gather the partitions by the sizes of their blocks, with the distinct explanations of these."""
    alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for index, blocks in enumerate(partitions):
        alike[tuple(sorted((len(block) for block in blocks), reverse=True))].append(index)
    shapes = []
    for sizes, members in alike.items():
        joined = tuple(size for size in sizes if size > 1)
        rows = np.concatenate([_sorted_blocks(partitions[index], z) for index in members])
        distinct, place = np.unique(rows, axis=0, return_inverse=True)
        shapes.append(_Shape(joined, distinct, place.reshape(len(members), -1), members))
    return shapes


def _sorted_blocks(blocks: Sequence[tuple[int, ...]], z: Integers) -> Integers:
    """Write joint explanations block by block, greater blocks first, each sorted; singletons are sorted as one."""
    joined = sorted((block for block in blocks if len(block) > 1), key=len, reverse=True)
    alone = [block[0] for block in blocks if len(block) == 1]
    return np.concatenate([np.sort(z[:, list(block)], axis=1) for block in [*joined, alone]], axis=1)


def _terms(shape: _Shape, prior: Floats, low: Floats, high: Floats, weight: Floats) -> Floats:
    """Give the probability of the explanations of the blocks, averaged over kappa, shape (T, S).

    Parameters
    ----------
    shape
        Sizes of the blocks and their T distinct explanations.
    prior
        m, shape (K, S).
    low, high
        Whose quotient is kappa, shape (N, 1).
    weight
        Probabilities of the nodes of kappa, shape (N, S).
    """
    alone = np.ones((shape.rows.shape[0], prior.shape[1]))
    for column in range(sum(shape.sizes), shape.rows.shape[1]):
        alone = alone * prior[shape.rows[:, column]]
    if not shape.sizes:
        return np.asarray(alone * weight.sum(axis=0))
    shared = np.ones((1, 1, 1))
    start = 0
    for size in shape.sizes:
        block = shape.rows[:, start : start + size]
        start += size
        # Blocks recur in many rows; each is worked out once.
        distinct, place = np.unique(block, axis=0, return_inverse=True)
        value = prior[distinct[:, 0]][:, None]
        for later in range(1, size):
            before = (distinct[:, :later] == distinct[:, later, None]).sum(axis=1)[:, None, None]
            value = value * (low * prior[distinct[:, later]][:, None] + high * before) / (low + high * later)
        shared = shared * value[place.reshape(-1)]
    return np.asarray(alone * (shared * weight).sum(axis=1))
