"""A design as the compiled loops take it: cluster after cluster, whole or cut into blocks of cases."""

from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.inference import drawwise
from bayestrace.inference.signal import Design, Floats, Hyperparameters, Integers, favouring, v_nodes

# Threads that evaluate draws; more would wait for memory.
_THREADS = 4
# Draws that are evaluated together, at most: what there is of them between two loops stays near the processor.
_TOGETHER = 256


def layout(design: Design) -> dict[str, NDArray[Any]]:
    """Lay a design out for `kernel.forward`, cluster after cluster: its arguments from `weight` on.

    Every coder who weighed an observation must have weighed every hypothesis (`design.projector` is None).
    """
    order = np.argsort(design.label, kind="stable")
    observation = design.observation[order]
    node, node_weight = v_nodes()
    arrays: dict[str, NDArray[Any]] = {
        "weight": design.weight[:, observation].transpose(1, 0, 2),
        "stated": design.stated[:, observation].T,
        "stated_variance": design.stated_variance[:, observation].T,
        "start": np.concatenate([[0], np.cumsum(design.size)]).astype(np.int32),  # as PyMC keeps whole numbers
        "helmert": design.helmert,
        "redundancy": design.redundancy,
        "redundancy_weight": design.redundancy_weight,
        "reliability": design.reliability,
        "towards": favouring(design),
        "selectivity": np.array(design.selectivity),
        "node": node,
        "node_weight": node_weight,
    }
    # The loops want rows that lie next to each other, which the helper also makes of a number: not that.
    return {name: np.ascontiguousarray(array) if array.ndim else array for name, array in arrays.items()}


def evaluate(design: Design, theta: Hyperparameters) -> Floats:
    """Evaluate the log-likelihoods of a design's clusters for many draws, draws shared out among threads.

    Parameters
    ----------
    design
        With `projector` None and at least one member.
    theta
        S draws.

    Returns
    -------
    ndarray, shape (S, G, K)
        Nats, as `signal.cluster_loglik` gives them.
    """
    laid_out = list(layout(design).values())
    total = theta.log_v.shape[0]
    result = np.empty((total, design.clusters, design.helmert.shape[1]))

    def fill(start: int, end: int) -> None:
        # The loops run over draws, which are to lie next to each other.
        some = (np.ascontiguousarray(values[start:end].T) for values in theta)
        drawwise.fill(result[start:end], Hyperparameters(*some), *laid_out)

    parts = max(min(_THREADS, os.cpu_count() or 1), math.ceil(total / _TOGETHER))
    ends = np.linspace(0, total, parts + 1).astype(np.int64).tolist()
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(fill, ends[:-1], ends[1:]))
    return result


def add_up(clusters: Floats, case_of: Integers, cases: int) -> Floats:
    """Add the clusters of each case up.

    Parameters
    ----------
    clusters
        Shape (..., G, K).
    case_of
        Case of each cluster, shape (G,).
    cases
        Number of cases, C.

    Returns
    -------
    ndarray, shape (..., C, K)
        0 for a case without a cluster.
    """
    total = np.zeros((*clusters.shape[:-2], cases, clusters.shape[-1]))
    if case_of.size:
        order = np.argsort(case_of, kind="stable")
        found, first = np.unique(case_of[order], return_index=True)
        total[..., found, :] = np.add.reduceat(clusters[..., order, :], first, axis=-2)
    return total


class Block(NamedTuple):
    """Some cases with all of their clusters.

    Parameters
    ----------
    cases
        First case, and the one after the last.
    design
        Their clusters, case after case.
    case_of
        Case of each cluster, counted from the first of the block, shape (G,).
    """

    cases: tuple[int, int]
    design: Design
    case_of: Integers

    def by_case(self, clusters: Floats) -> Floats:
        """Add the clusters of each case up, shape (..., G, K) to (..., C, K); 0 for a case without."""
        return add_up(clusters, self.case_of, self.cases[1] - self.cases[0])


def blocks(design: Design, case_of: Integers, cases: int, members: int) -> Iterator[Block]:
    """Cut a design into blocks of cases, one after the other.

    Parameters
    ----------
    design
        Any.
    case_of
        Case of each cluster, shape (G,).
    cases
        Number of cases.
    members
        Members of a block, at most; a case with more is a block by itself.
    """
    order = np.argsort(case_of, kind="stable")
    inside = design.members()
    of_case = np.bincount(case_of, weights=design.size, minlength=cases)
    for first, last in _cut(of_case, members):
        low, high = np.searchsorted(case_of[order], [first, last])
        chosen = order[low:high]
        yield Block((first, last), _part(design, inside, chosen), case_of[chosen] - first)


def _cut(sizes: Floats, most: int) -> Iterator[tuple[int, int]]:
    first, inside = 0, 0.0
    for case, size in enumerate(sizes):
        if inside and inside + size > most:
            yield first, case
            first, inside = case, 0.0
        inside += size
    yield first, len(sizes)


def _part(design: Design, inside: Sequence[Integers], chosen: Integers) -> Design:
    """Take some of a design's clusters, in the order given, with no more than their own observations."""
    members = [inside[cluster] for cluster in chosen]
    place = np.concatenate(members) if members else np.zeros(0, dtype=np.int64)
    used, observation = np.unique(design.observation[place], return_inverse=True)
    return dataclasses.replace(
        design,
        weight=design.weight[:, used],
        projector=None if design.projector is None else design.projector[:, used],
        stated=design.stated[:, used],
        stated_variance=design.stated_variance[:, used],
        observation=observation.ravel(),
        label=np.repeat(np.arange(len(members)), [len(one) for one in members]),
        redundancy=design.redundancy[chosen],
        redundancy_weight=design.redundancy_weight[chosen],
        reliability=design.reliability[chosen],
    )
