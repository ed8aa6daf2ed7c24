"""Joint explanations of all cases: their prior, and what the evidence says of each whatever the standpoint.

P(Z | evidence) is proportional to P'(Z) A(Z) under any standpoint P', with A(Z) the mean over all draws of the
likelihood of Z over the evidence of the draw (docs/live.md). So one number for each joint explanation holds all that
priors and pooling need of a fit.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.weights import log_sum_exp

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Joint explanations, and assignments of pooling levels to cases, that a page still goes through.
JOINT_LIMIT, ASSIGNMENT_LIMIT = 20_000, 70_000
# Numbers held at once while A(Z) is worked out.
_NUMBERS = 4_000_000


def enumerable(problem: xr.Dataset) -> bool:
    """Say whether a page can go through every joint explanation, and through every way to use the pooling levels.

    Never where a case stands for several, or cases were chosen because of their outcome: then P(Z) is not all of it.
    """
    if "case_path" in problem or ("case_count" in problem and (problem["case_count"].values > 1).any()):
        return False
    cases, hypotheses = problem.sizes["case"], problem.sizes["hypothesis"]
    used = int((problem["level_weight"].values > 0).sum())
    return bool(hypotheses**cases <= JOINT_LIMIT and used**cases <= ASSIGNMENT_LIMIT)


def joint_prior(problem: xr.Dataset) -> tuple[Integers, Floats]:
    """Work P(Z) out for every joint explanation, the standpoint being the fitted one (docs/inference.md 4).

    Returns
    -------
    z : ndarray, shape (Z, C)
        The last case changes fastest.
    probability : ndarray, shape (Z,)

    Notes
    -----
    The cases of a block take their explanations one after the other, as balls from an urn to which each ball drawn
    adds one like it: P(next is k) = (kappa m_k + number of k before)/(kappa + number before).
    """
    cases, hypotheses = problem.sizes["case"], problem.sizes["hypothesis"]
    z = np.array(list(itertools.product(range(hypotheses), repeat=cases)), dtype=np.int64).reshape(-1, cases)
    prior, kappa = problem["prior"].values, problem["kappa"].values[:, None]
    weight = problem["kappa_weight"].values
    total = np.zeros(z.shape[0])
    for blocks, mass in _partitions(problem).items():
        given = np.ones((kappa.size, z.shape[0]))
        for block in blocks:
            for place, case in enumerate(block):
                own = prior[z[:, case]]
                before = (z[:, block[:place]] == z[:, [case]]).sum(axis=1)
                given *= (kappa * own + before) / (kappa + place) if place else own
        total += mass * (weight @ given)
    return z, total


def _partitions(problem: xr.Dataset) -> dict[tuple[tuple[int, ...], ...], float]:
    """Give the probability of each partition of the cases into blocks that share a pool."""
    weight, pool = problem["level_weight"].values, problem["pool"].values
    used = [int(level) for level in np.flatnonzero(weight > 0)]
    found: dict[tuple[tuple[int, ...], ...], float] = defaultdict(float)
    for levels in itertools.product(used, repeat=pool.shape[0]):
        mass = 1.0
        blocks: dict[tuple[int, str], list[int]] = defaultdict(list)
        for case, level in enumerate(levels):
            mass *= (weight[level] + levels[:case].count(level)) / (weight[used].sum() + case)
            blocks[level, str(pool[case, level])].append(case)
        found[tuple(sorted(tuple(block) for block in blocks.values()))] += float(mass)
    return found


def log_update(problem: xr.Dataset, loglik: Floats) -> Floats:
    """Work log A(Z) out: P(Z | evidence) is proportional to P(Z) A(Z) whatever the standpoint.

    Parameters
    ----------
    problem
        What was fitted.
    loglik
        Case log-likelihoods, shape (D, C, K), nats.

    Returns
    -------
    ndarray, shape (Z,)
        Log of the mean over draws of the likelihood of Z over the evidence of the draw under the fitted standpoint.
    """
    z, probability = joint_prior(problem)
    with np.errstate(divide="ignore"):
        log_p = np.log(probability)
    result = np.full(z.shape[0], -np.inf)
    step = max(1, _NUMBERS // z.shape[0])
    for start in range(0, loglik.shape[0], step):
        part = loglik[start : start + step]
        total = np.zeros((part.shape[0], z.shape[0]))
        for case in range(z.shape[1]):
            total += part[:, case, z[:, case]]
        log_evidence = log_sum_exp(log_p + total)
        result = np.logaddexp(result, log_sum_exp(total - log_evidence[:, None], axis=0))
    return np.asarray(result - math.log(loglik.shape[0]))
