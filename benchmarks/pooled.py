"""P(Z) by brute force: every assignment of levels to cases times every joint explanation, urn by urn."""

from __future__ import annotations

import itertools

import numpy as np
import xarray as xr

from bayestrace.inference import pooling


def brute_force(problem: xr.Dataset) -> dict[tuple[int, ...], float]:
    """Add up the probabilities of all ways in which the cases may have come by their explanations.

    Cases take a level and then an explanation one after the other, each as probable as its weight and its uses so far
    (Polya's urn), at every node of the pools' concentration; none of these is 0.
    """
    pools, weight = problem["pool"].values, problem["level_weight"].values
    prior, kappa = problem["prior"].values, problem["kappa"].values
    cases, levels = pools.shape
    found: dict[tuple[int, ...], float] = {}
    for chosen in itertools.product(range(levels), repeat=cases):
        pool = [pools[case, level] for case, level in enumerate(chosen)]
        mass = np.prod([(weight[one] + chosen[:at].count(one)) / (weight.sum() + at) for at, one in enumerate(chosen)])
        for z in itertools.product(range(prior.size), repeat=cases):
            given = np.ones(kappa.size)
            for case, k in enumerate(z):
                before = [z[one] for one in range(case) if pool[one] == pool[case] and chosen[one] == chosen[case]]
                given *= (kappa * prior[k] + before.count(k)) / (kappa + len(before))
            found[z] = found.get(z, 0.0) + float(mass * (given @ problem["kappa_weight"].values))
    return found


def apart(problem: xr.Dataset) -> float:
    """Say how far the table and brute force are apart at most."""
    table, plain = pooling.table_of(problem), brute_force(problem)
    return max(abs(float(np.exp(p)) - plain[tuple(map(int, z))]) for z, p in zip(table.z, table.log_p, strict=True))
