"""A first look at how many cases of each pool each explanation has: where the sampler's coordinates of pools begin.

What is worked out here enters no posterior. It says about where the data want a pool, and how narrowly, so that pools
that many cases settle and pools that nothing settles are both sampled in steps of their own size (docs/inference.md 5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import clues
from bayestrace.weights import normalise

Floats = NDArray[np.float64]

_ROUNDS = 100


class Look(NamedTuple):
    """What the clues say of the shares of explanations among the cases of each pool, whatever pools they draw on.

    Parameters
    ----------
    share
        About their most probable values, shape (P, K).
    information
        On log(share_k/sum of the shares after k), shape (P, K - 1).
    error
        About the standard error of `share`, shape (P, K).
    """

    share: Floats
    information: Floats
    error: Floats


def look(problem: xr.Dataset, member: Floats) -> Look:
    """Take shares at the expected probabilities of clues by the EM algorithm.

    Parameters
    ----------
    problem
        With clues.
    member
        Which cases are in each pool, 0 or 1, shape (P, C).

    Notes
    -----
    The information is the sum over cases of squared scores, r_k - v_k (r_k + r_after), with r the explanations'
    probabilities in a case and v_k = share_k/(share_k + shares after). Cases whose clues tell little add little.
    """
    loglik, prior = clues.case_loglik(problem), problem["prior"].values
    count = problem["case_count"].values.astype(np.float64)
    share, information, error = [], [], []
    with np.errstate(divide="ignore"):
        for inside in member > 0:
            size, here, now = count[inside], loglik[inside], prior
            for _ in range(_ROUNDS):
                given = normalise(here + np.log(now))
                # One case more, which is as the prior has it, so that no share is lost for good.
                now = (size @ given + prior) / (size.sum() + 1.0)
            after = np.cumsum(given[:, ::-1], axis=1)[:, ::-1]
            part = now / np.maximum(np.cumsum(now[::-1])[::-1], np.finfo(float).tiny)
            share.append(now)
            information.append(size @ (given - part * after)[:, :-1] ** 2)
            spread = now * (1.0 - now)
            error.append(np.maximum(spread / np.sqrt(np.maximum(size @ (given - now) ** 2, 1e-12)), 0.5 / size.sum()))
    return Look(np.stack(share), np.stack(information), np.stack(error))
