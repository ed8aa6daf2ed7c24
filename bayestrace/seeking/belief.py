"""What is believed of the explanations of all cases before anything more is sought."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import rel_entr

from bayestrace.inference import answer, facevalue, searches
from bayestrace.results import share_first

Floats = NDArray[np.float64]

#: By how much, in proportion, another explanation must be more probable to be said to lead: rounding is not news.
MARGIN = 1e-9
# Numbers held at once.
_NUMBERS = 4_000_000


@dataclass(frozen=True)
class Belief:
    """The posterior over the explanations of all cases, one over all draws, as a mixture of parts.

    Parameters
    ----------
    weight
        Probability of each part, shape (S,).
    given
        P(Z_c = k | part), shape (S, C, K); within a part cases are independent. Of joint explanations that are
        enumerated, one part each, these are 0 and 1; of sampled pools the parts are the draws.
    kind, size
        As in `inference.pooling.Mixture`: cases of one kind draw without replacement.
    """

    weight: Floats
    given: Floats
    kind: NDArray[np.int64] | None = None
    size: NDArray[np.int64] | None = None

    @cached_property
    def margin(self) -> Floats:
        """P(Z_c = k), shape (C, K)."""
        return np.asarray(np.einsum("s,sck->ck", self.weight, self.given))

    @cached_property
    def leader(self) -> NDArray[np.int64]:
        """The most probable explanation of each case, shape (C,); the first of equals, whatever rounding says."""
        return share_first(self.margin).argmax(axis=1)

    def beside(self, case: int) -> Floats:
        """P(Z_case = k, Z_d = j) with every case d, shape (K, C, K)."""
        own = self.weight[:, None] * self.given[:, case]
        flat = self.given.reshape(self.given.shape[0], -1)
        joint = (own.T @ flat).reshape(-1, *self.given.shape[1:])
        joint[:, case] = np.diag(self.margin[case])
        if self.kind is not None and self.size is not None and self.size[case] > 1:
            # Two cases of one kind: n_k (n_j - [k = j])/(n (n - 1)).
            size = self.size[case]
            alike = [other for other in np.flatnonzero(self.kind == self.kind[case]) if other != case]
            apart = size * (own.T @ self.given[:, case]) - np.diag(self.margin[case])
            joint[:, alike] = (apart / (size - 1))[:, None]
        return np.asarray(joint)

    def among(self, cases: Sequence[int]) -> Floats:
        """P(Z of these cases), shape (K ** n,), the last case changing fastest."""
        if self._configurations is not None:
            size = self.given.shape[2] ** len(cases)
            return np.bincount(self._place(cases), weights=self.weight, minlength=size)
        return np.asarray(sum(part.sum(axis=0) for part, _ in self._products(cases)))

    def among_and(self, cases: Sequence[int], others: Sequence[int]) -> Floats:
        """P(Z of these cases, Z of one more), for each of some others, shape (others, K ** n, K)."""
        size = self.given.shape[2]
        rows = size ** len(cases)
        if self._configurations is not None or self.kind is not None:
            return np.array([self.among([*cases, other]) for other in others]).reshape(-1, rows, size)
        total = np.zeros((rows, len(others), size))
        for part, spot in self._products(cases):
            flat = self.given[spot][:, list(others)].reshape(part.shape[0], -1)
            total += (part.T @ flat).reshape(total.shape)
        return np.asarray(total.swapaxes(0, 1))

    @cached_property
    def _configurations(self) -> NDArray[np.int64] | None:
        """The joint explanation that each part is, shape (S, C); None where parts are not certain of one."""
        certain = bool(((self.given == 0.0) | (self.given == 1.0)).all())
        return self.given.argmax(axis=2) if certain else None

    def _place(self, cases: Sequence[int]) -> NDArray[np.int64]:
        assert self._configurations is not None  # noqa: S101 - for the type checker
        place = np.zeros(self.weight.size, dtype=np.int64)
        for case in cases:
            place = place * self.given.shape[2] + self._configurations[:, case]
        return place

    def _products(self, cases: Sequence[int]) -> Iterator[tuple[Floats, slice]]:
        """Multiply out what parts say of these cases, shape (block, K ** n), in blocks of parts."""
        step = max(1, _NUMBERS // self.given.shape[2] ** len(cases))
        for start in range(0, self.weight.size, step):
            spot = slice(start, start + step)
            part = self.weight[spot, None]
            for place, case in enumerate(cases):
                given = self.given[spot, None, case]
                if self.kind is not None and self.size is not None:
                    before = [i for i in range(place) if self.kind[cases[i]] == self.kind[case]]
                    given = self._left(given, before, place, int(self.size[case]))
                part = (part[:, :, None] * given).reshape(part.shape[0], -1)
            yield part, spot

    def _left(self, given: Floats, before: Sequence[int], place: int, size: int) -> Floats:
        """Take out what cases of the kind that came before have drawn, shape (block, K ** place, K)."""
        count = self.given.shape[2]
        z = np.indices((count,) * place).reshape(place, count**place)
        drawn = (z[list(before)][:, :, None] == np.arange(count)).sum(axis=0)
        return np.asarray(np.maximum(size * given - drawn, 0.0) / max(size - len(before), 1))


def belief_of(tree: xr.DataTree) -> Belief:
    """Take what a result believes: the pooled posterior of the model or of clues; at face value, case by case.

    Parameters
    ----------
    tree
        A result (docs/results.md).
    """
    problem = tree["problem"].to_dataset()
    if tree.attrs["kind"] == "face-value":
        loglik = facevalue.case_loglik(problem, with_doubtful=True)
        return Belief(np.ones(1), facevalue.case_posterior(problem["prior"].values, loglik)[None])
    if "posterior" in tree.children:
        return Belief(*answer.draws_of(problem, tree["posterior"].to_dataset()).mixture())
    return Belief(*searches.exact(problem).mixture())


def information(joint: Floats) -> Floats:
    """Give the mutual information of outcomes and explanations, nats.

    Parameters
    ----------
    joint
        P(outcome, explanation), shape (..., O, K).

    Returns
    -------
    ndarray, shape (...)
        Sum of P(o, k) log [P(o, k)/(P(o) P(k))]: by how much the outcome is expected to lower the entropy of the
        explanation (Lindley 1956).
    """
    apart = joint.sum(axis=-1, keepdims=True) * joint.sum(axis=-2, keepdims=True)
    # Rounding can leave a few 1e-17 below nothing.
    return np.maximum(rel_entr(joint, apart).sum(axis=(-2, -1)), 0.0)


def overturned(joint: Floats, leader: NDArray[np.int64] | int) -> NDArray[np.bool_]:
    """Say after which outcomes another explanation leads.

    Parameters
    ----------
    joint
        P(outcome, explanation), shape (..., O, K).
    leader
        Who leads now, shape (...) or one for all.

    Returns
    -------
    ndarray, shape (..., O)
    """
    if np.ndim(leader) == 0:
        leads = joint[..., leader]
    else:
        at = np.broadcast_to(np.asarray(leader)[..., None, None], (*joint.shape[:-1], 1))
        leads = np.take_along_axis(joint, at, axis=-1)[..., 0]
    return np.asarray(joint.max(axis=-1) > leads * (1.0 + MARGIN))
