"""What the evidence says once some observations are left out, given the same draws.

A cluster that loses some of its members is evaluated again, with the members that stay; one that loses all says
nothing; the others say what they said.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from bayestrace.inference import facevalue
from bayestrace.sensitivity.draws import Stored, design_clusters

Floats = NDArray[np.float64]
#: A cluster, by its place among those that have a member that weighs, and members, by their places among the
#: observations that weigh.
Part = tuple[int, frozenset[int]]


class Without:
    """The clusters of stored draws with observations left out; what was evaluated once is kept.

    Parameters
    ----------
    stored
        Draws, with what their clusters say.
    """

    def __init__(self, stored: Stored) -> None:
        problem = stored.problem
        self.stored = stored
        #: Indices in the problem of the N observations that weigh, shape (N,).
        self.evidence: NDArray[np.int64] = np.flatnonzero(problem["weighs"].values)
        labels = problem["cluster_of_evidence"].values[self.evidence]
        #: Place of the cluster of each, shape (N,).
        self.cluster_of: NDArray[np.int64] = np.unique(labels, return_inverse=True)[1].reshape(-1)
        #: Case of each, shape (N,).
        self.case_of: NDArray[np.int64] = problem["case_of_evidence"].values[self.evidence]
        self._members = [
            frozenset(map(int, np.flatnonzero(self.cluster_of == place))) for place in range(stored.clusters.shape[1])
        ]
        self._known: dict[Part, Floats] = {}
        self._lost: dict[Part, Floats] = {}

    def parts(self, left_out: Collection[int]) -> list[Part]:
        """Name the clusters that these observations belong to, each with the members left out."""
        touched = {int(self.cluster_of[place]) for place in left_out}
        gone = frozenset(left_out)
        return [(cluster, self._members[cluster] & gone) for cluster in sorted(touched)]

    def prepare(self, parts: Iterable[Part]) -> None:
        """Evaluate clusters that have lost members, those that are not known yet all at once."""
        new = [part for part in dict.fromkeys(parts) if part not in self._known]
        if not new:
            return
        told = _evaluated(self.stored, self.evidence, [(cluster, self._members[cluster] - out) for cluster, out in new])
        for column, part in enumerate(new):
            self._known[part] = np.ascontiguousarray(told[:, column])
            self._lost[part] = self._known[part] - self.stored.clusters[:, part[0]]

    def lost(self, part: Part) -> Floats:
        """Give what is added to a cluster's log-likelihood when members are left out, shape (D, K), nats."""
        if part not in self._lost:
            self.prepare([part])
        return self._lost[part]

    def clusters(self, left_out: Collection[int]) -> Floats:
        """Give all clusters with observations left out.

        Parameters
        ----------
        left_out
            Places among the observations that weigh.

        Returns
        -------
        ndarray, shape (D, G, K)
            Nats; 0 for a cluster of which nothing is left.
        """
        parts = self.parts(left_out)
        self.prepare(parts)
        result = self.stored.clusters.copy()
        for part in parts:
            result[:, part[0]] = self._known[part]
        return result

    def moved(self, stored: Stored, left_out: Collection[int]) -> Floats:
        """Evaluate all clusters with observations left out for draws that stand elsewhere, shape (D, G, K)."""
        if stored is self.stored:
            return self.clusters(left_out)
        gone = frozenset(left_out)
        every = [(place, members - gone) for place, members in enumerate(self._members)]
        return _evaluated(stored, self.evidence, every)


def _evaluated(stored: Stored, evidence: NDArray[np.int64], left: Sequence[tuple[int, frozenset[int]]]) -> Floats:
    """Evaluate clusters with these members left, shape (D, number of them, K)."""
    result = np.zeros((stored.log_evidence.size, len(left), stored.clusters.shape[-1]))
    full = [column for column, (_, members) in enumerate(left) if members]
    if not full:
        return result
    groups = [sorted(left[column][1]) for column in full]
    if stored.theta is None:
        single = facevalue.observation_loglik(stored.problem)[evidence]
        result[0, full] = [single[group].sum(axis=0) for group in groups]
    else:
        quality = stored.problem["reliability"].values[evidence]
        design = stored.design.regrouped(groups, [left[column][0] for column in full], quality)
        result[:, full] = design_clusters(design, stored.theta)
    return result
