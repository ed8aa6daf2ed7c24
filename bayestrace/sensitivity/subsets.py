"""By how much the leader of a case still leads without some of its observations, for every set of so many of them.

The evidence of a set's complement is a product over clusters, draw by draw. So the clusters are shared out to two
halves, and all sets of observations are tried as products of two matrices: one row for each set of observations of the
one half, one column for each of the other.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.inference import pooling
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.flips import EQUAL
from bayestrace.sensitivity.reweight import Weighed, reweigh
from bayestrace.sensitivity.without import Without
from bayestrace.weights import log_sum_exp

Floats = NDArray[np.float64]
Set = tuple[int, ...]

# Sets of the first and of the second half that are tried at a time, to bound memory.
_ROWS, _COLUMNS = 256, 1024
# Products below this may have lost what was small in them: they are worked out again from logarithms.
_LOST = 1e-250


class Tried(NamedTuple):
    """All sets of one size.

    Parameters
    ----------
    flipping
        How many of them make another explanation lead.
    best
        The sets that leave the leader the least lead, that first, each with that lead in nats; places among the
        observations that weigh.
    """

    flipping: int
    best: list[tuple[float, Set]]


class Subsets:
    """Sets of the observations of one case, and how the case's leader does without them.

    The draws are weighed by how much more or less probable they become, and weights are not smoothed: what is said of a
    set is exact for the draws that there are.

    Parameters
    ----------
    without
        Draws, and their clusters with observations left out.
    case
        Index of the case.
    leader
        Index of the explanation that leads it.
    """

    def __init__(self, without: Without, case: int, leader: int) -> None:
        self._without = without
        #: Index of the explanation that leads.
        self.leader = leader
        #: Places of the case's observations among those that weigh.
        self.members: list[int] = [int(place) for place in np.flatnonzero(without.case_of == case)]
        self.base = log_probability(without.stored, case)
        clusters: dict[int, list[int]] = {}
        for place in self.members:
            clusters.setdefault(int(without.cluster_of[place]), []).append(place)
        self._clusters = sorted(clusters.values(), key=len, reverse=True)
        halves: tuple[list[list[int]], list[list[int]]] = ([], [])
        for cluster in self._clusters:
            min(halves, key=lambda half: sum(map(len, half))).append(cluster)
        self._halves = halves

    def prepare(self, sets: Sequence[Set]) -> None:
        """Evaluate the clusters that leaving out any of these sets touches, all at once."""
        self._without.prepare(part for left_out in sets for part in self._without.parts(left_out))

    def lead(self, left_out: Set) -> float:
        """Give the leader's log-odds over whichever other explanation is then the most probable, nats."""
        return float(_leads(self._log_score(left_out)[:, None], self.leader)[0])

    def lead_over(self, left_out: Set, rival: int) -> float:
        """Give the leader's log-odds over one explanation, nats; 0 over itself."""
        score = self._log_score(left_out)
        return float(score[self.leader] - score[rival]) if np.isfinite(score[rival]) else math.inf

    def weighed(self, left_out: Set) -> Weighed:
        """Weigh the draws as they count without these observations."""
        return reweigh(log_sum_exp(self.base + self._lost(left_out), axis=1))

    def _log_score(self, left_out: Set) -> Floats:
        return log_sum_exp(self.base + self._lost(left_out), axis=0)

    def gains(self) -> Floats:
        """Say by how much each rival gains on the leader without each member, at the first draw, shape (N, K), nats."""
        lost = np.stack([self._lost((place,))[0] for place in self.members])
        return np.asarray(lost - lost[:, [self.leader]])

    def evaluations(self, size: int) -> int:
        """Count the clusters that are evaluated to try all sets of a size and of all smaller ones."""
        return sum(
            math.comb(len(cluster), lost)
            for cluster in self._clusters
            for lost in range(1, min(size, len(cluster)) + 1)
        )

    def tried(self, size: int, keep: int) -> Tried:
        """Try all sets of a size.

        Parameters
        ----------
        size
            At least 1, at most the number of members.
        keep
            How many of the best sets are named.
        """
        self._without.prepare(
            (int(self._without.cluster_of[cluster[0]]), frozenset(lost))
            for cluster in self._clusters
            for count in range(1, min(size, len(cluster)) + 1)
            for lost in itertools.combinations(cluster, count)
        )
        flipping = 0
        best: list[tuple[float, Set]] = []
        for rows, columns, lead in self._blocks(size):
            flipping += int((lead < -EQUAL).sum())
            flat = lead.ravel()
            for place in np.argpartition(flat, min(keep, flat.size) - 1)[:keep]:
                row, column = divmod(int(place), len(columns))
                best.append((float(flat[place]), tuple(sorted((*rows[row], *columns[column])))))
            # The first in order among equals, so that no answer hangs on how the work was shared out.
            best = sorted(best)[:keep]
        return Tried(flipping, best)

    def _blocks(self, size: int) -> Iterator[tuple[Sequence[Set], Sequence[Set], Floats]]:
        """Try the sets of a size block by block: those of each half, and the leads of their unions, (rows, columns)."""
        first, second = self._halves
        for count in range(max(0, size - sum(map(len, second))), min(size, sum(map(len, first))) + 1):
            for columns in itertools.batched(_choices(second, size - count), _COLUMNS):
                right = _Scaled.of(self._table(columns))
                for rows in itertools.batched(_choices(first, count), _ROWS):
                    yield rows, columns, self._products(_Scaled.of(self.base + self._table(rows)), right)

    def _table(self, sets: Sequence[Set]) -> Floats:
        return np.stack([self._lost(chosen) for chosen in sets])

    def _lost(self, left_out: Set) -> Floats:
        """Give what leaving out adds to the case's log-likelihood, shape (D, K)."""
        lost = [self._without.lost(part) for part in self._without.parts(left_out)]
        return functools.reduce(np.add, lost) if lost else np.zeros_like(self.base)

    def _products(self, one: _Scaled, other: _Scaled) -> Floats:
        """Give the leader's lead without each pair's union, shape (rows, columns)."""
        score = np.stack([one.value[..., k] @ other.value[..., k].T for k in range(self.base.shape[-1])])
        lost = (score[self.leader] < _LOST) | (np.delete(score, self.leader, axis=0).max(axis=0) < _LOST)
        with np.errstate(divide="ignore"):
            log_score = np.log(score)
        for row in np.flatnonzero(lost.any(axis=1)):
            log_score[:, row, lost[row]] = log_sum_exp(one.log[row] + other.log[lost[row]], axis=1).T
        return _leads(log_score, self.leader)


class _Scaled(NamedTuple):
    """Logarithms, shape (rows, D, K), and their exponentials over the greatest of each row."""

    log: Floats
    value: Floats

    @classmethod
    def of(cls, log: Floats) -> _Scaled:
        return cls(log, np.exp(log - log.max(axis=(1, 2), keepdims=True)))


def log_probability(stored: Stored, case: int) -> Floats:
    """Evaluate log P(Z_c = k | draw) of one case under the fitted standpoint, pooled where cases are, shape (D, K)."""
    if stored.table is None:
        with np.errstate(divide="ignore"):
            joint = np.log(stored.problem["prior"].values) + stored.loglik[:, case]
        return np.asarray(joint - log_sum_exp(joint)[:, None])
    joint = pooling.log_joint(stored.table, stored.loglik)
    hypotheses = stored.loglik.shape[-1]
    log = np.full((joint.shape[0], hypotheses), -np.inf)
    for k in range(hypotheses):
        possible = stored.table.z[:, case] == k
        if possible.any():
            log[:, k] = log_sum_exp(joint[:, possible])
    return np.asarray(log - stored.log_evidence[:, None])


def _leads(log_score: Floats, leader: int) -> Floats:
    """Take the leader's lead over the best of the others, explanations on the first axis."""
    others = np.delete(log_score, leader, axis=0).max(axis=0)
    with np.errstate(invalid="ignore"):
        return np.asarray(log_score[leader] - others)


def _choices(clusters: Sequence[Sequence[int]], count: int) -> Iterator[Set]:
    return itertools.combinations([place for cluster in clusters for place in cluster], count)
