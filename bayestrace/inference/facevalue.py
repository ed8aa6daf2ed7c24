"""Take the stated weights at face value: average the coders, add up, update. Exact, no sampling."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.weights import normalise

Floats = NDArray[np.float64]


def observation_loglik(problem: xr.Dataset) -> Floats:
    """Average the coders' stated weights.

    Returns
    -------
    ndarray, shape (E, K)
        Centred natural-log likelihoods, one row per observation; zero where nobody weighed it. Where coders
        compared different hypotheses the average is the least-squares one over what each stated.
    """
    stated, projector = problem["weight"].values, problem["projector"].values
    pooled = np.einsum("eab,eb->ea", np.linalg.pinv(projector.sum(axis=0), hermitian=True), stated.sum(axis=0))
    return np.asarray(pooled @ problem["helmert"].values)


def case_loglik(problem: xr.Dataset, *, with_doubtful: bool) -> Floats:
    """Add up the face-value weights of each case.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    with_doubtful
        Whether observations that are probably not so (reliability below .5) count too.

    Returns
    -------
    ndarray, shape (C, K)
        Natural-log likelihoods.
    """
    counted = ~problem["context"].values if with_doubtful else problem["weighs"].values
    total = np.zeros((problem.sizes["case"], problem.sizes["hypothesis"]))
    np.add.at(total, problem["case_of_evidence"].values[counted], observation_loglik(problem)[counted])
    return total


def case_posterior(prior: Floats, loglik: Floats) -> Floats:
    """Update each case by itself: P(k | case) proportional to m_k exp(L_ck), shape (..., C, K)."""
    with np.errstate(divide="ignore"):
        return normalise(np.log(prior) + loglik)
