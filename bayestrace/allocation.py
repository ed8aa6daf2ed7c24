"""Which level of pooling each case draws on, where pools were sampled because joint explanations are too many to list.

Given these levels, cases fall into blocks that share a pool, and whatever is summed over all explanations is a sum
over how many cases of a block have each (docs/live.md). So draws of the levels stand for those of the pools: contents
of pools, weights of levels and concentration integrate out.
"""

from __future__ import annotations

import math

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Ways in which the cases of one pool may be counted by explanation that a page still goes through.
COUNT_LIMIT = 20_000
#: Cases over whose levels a page still sums where nothing was drawn: it goes through 3 to the power of them.
LEVEL_LIMIT = 14


def countable(problem: xr.Dataset) -> bool:
    """Say whether a page can sum over the explanations of cases that all draw on one pool.

    Never where cases were chosen because of their outcome: then the evidence depends on the standpoint. Nor where a
    case stands for several.
    """
    if "case_path" in problem or ("case_count" in problem and (problem["case_count"].values > 1).any()):
        return False
    cases, hypotheses = problem.sizes["case"], problem.sizes["hypothesis"]
    return math.comb(cases + hypotheses - 1, hypotheses - 1) <= COUNT_LIMIT


def summable(problem: xr.Dataset) -> bool:
    """Say whether a page can sum over the levels that the cases draw on, several of them being used."""
    return problem.sizes["case"] <= LEVEL_LIMIT


def allot(problem: xr.Dataset, posterior: xr.Dataset, kept: Integers, seed: int) -> Integers:
    """Draw the level that each case draws on, given the pools of each draw of a fit.

    Parameters
    ----------
    problem
        What was fitted.
    posterior
        With `case_loglik` (case, hypothesis), nats, and, where several levels are used, `omega` (level) and `pool`
        (pool_name, hypothesis).
    kept
        Which draws, D places among all of all chains.
    seed
        Of the draws.

    Returns
    -------
    ndarray, shape (D, C)
        Places of the levels.

    Notes
    -----
    P(level of c is l | draw, evidence) is proportional to omega_l sum_k pi_lk exp L_ck, where pi_l is the content of
    the pool of c at level l, and the prior at the level `own`, whose pools integrate out. Together with the
    hyperparameters of the draw these levels are a draw from their joint posterior.
    """
    weight, pools = problem["level_weight"].values, problem["pool"].values
    used = np.flatnonzero(weight > 0)
    if used.size == 1:
        return np.full((kept.size, pools.shape[0]), used[0], dtype=np.int64)
    loglik, omega = _of(posterior, "case_loglik", kept), _of(posterior, "omega", kept)
    likelihood = np.exp(loglik - loglik.max(axis=-1, keepdims=True))
    prior = np.broadcast_to(problem["prior"].values, likelihood.shape)
    share = np.zeros((*likelihood.shape[:2], weight.size))
    names = [str(name) for name in posterior["pool_name"].values] if "pool" in posterior else []
    content = _of(posterior, "pool", kept) if names else prior[:, :0]
    for level in used:
        own = level == weight.size - 1
        held = prior if own else content[:, [names.index(str(name)) for name in pools[:, level]]]
        share[..., level] = omega[:, level, None] * (held * likelihood).sum(axis=-1)
    reached = np.cumsum(share, axis=-1)
    height = np.random.default_rng([seed, 1]).random(reached.shape[:2]) * reached[..., -1]
    return np.asarray((height[..., None] >= reached).sum(axis=-1), dtype=np.int64)


def _of(posterior: xr.Dataset, name: str, kept: Integers) -> Floats:
    values = posterior[name].transpose("chain", "draw", ...).values
    return np.asarray(values.reshape(-1, *values.shape[2:])[kept], dtype=np.float64)
