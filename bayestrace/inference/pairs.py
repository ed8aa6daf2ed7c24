"""Whether two cases have the same explanation before the evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import pooling

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def same_before(problem: xr.Dataset, too: Integers) -> Floats:
    """Give P(Z_c = Z_d) before the evidence, shape (C, T): exactly, from tables of two cases."""
    pools = problem["pool"].values
    # What two cases share before the evidence depends on which of their pools are one pool, and on nothing else.
    shared = np.zeros((pools.shape[0], too.size), dtype=np.int64)
    for level in range(pools.shape[1]):
        label = np.unique(pools[:, level], return_inverse=True)[1]
        shared += (label[:, None] == label[too]) << level
    apart = np.arange(pools.shape[0])[:, None] != too
    found = np.ones(apart.shape)
    for pattern in np.unique(shared[apart]):
        here = apart & (shared == pattern)
        one, other = np.argwhere(here)[0]
        found[here] = _same_for_two(problem, pools[one], pools[too[other]])
    return found


def same_as_new_before(problem: xr.Dataset, pools: Sequence[str]) -> Floats:
    """Give P(Z_new = Z_c) before the evidence; the new case takes part in the given pools. Shape (C,)."""
    return np.array([_same_for_two(problem, case, pools) for case in problem["pool"].values])


def _same_for_two(problem: xr.Dataset, one: Sequence[str], other: Sequence[str]) -> float:
    """Give P(Z = Z') of two cases before the evidence, from the labels of their pools."""
    table = pooling.build_table(
        np.array([list(one), list(other)], dtype=np.str_),
        *(problem[name].values for name in ("level_weight", "prior", "kappa", "kappa_weight")),
    )
    return float(pooling.same_explanation(table, np.exp(table.log_p))[0, 1])
