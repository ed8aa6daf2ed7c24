"""Take the stated weights at face value: average the coders, add up, update. Exact, no sampling."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import clues
from bayestrace.weights import log_sum_exp, normalise

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
    inverse = _inverses(projector.sum(axis=0))
    pooled = np.einsum("eab,eb->ea", inverse, stated.sum(axis=0))
    return np.asarray(pooled @ problem["helmert"].values)


def _inverses(matrices: Floats) -> Floats:
    """Invert symmetric matrices, shape (E, D, D), as far as they go; those that are equal are inverted once.

    Nearly all observations of a study were compared with the same explanations by the same number of coders.
    """
    if not matrices.size:
        return matrices
    rows = np.ascontiguousarray(matrices).reshape(len(matrices), -1)
    _, first, which = np.unique(rows.view((np.void, rows[0].nbytes)).ravel(), return_index=True, return_inverse=True)
    return np.asarray(np.linalg.pinv(matrices[first], hermitian=True)[which])


def case_loglik(problem: xr.Dataset, *, with_doubtful: bool, discounted: bool = False) -> Floats:
    """Add up the face-value weights of each case, and those of its clues at the probabilities expected of them.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    with_doubtful
        Whether observations that are probably not so (reliability below .5) count too.
    discounted
        Whether each cluster's sum is discounted by `design_effect`.

    Returns
    -------
    ndarray, shape (C, K)
        Natural-log likelihoods.
    """
    counted = ~problem["context"].values if with_doubtful else problem["weighs"].values
    single = observation_loglik(problem)
    if discounted:
        single = single / design_effect(problem, counted)[problem["cluster_of_evidence"].values, None]
    total = np.zeros((problem.sizes["case"], problem.sizes["hypothesis"]))
    np.add.at(total, problem["case_of_evidence"].values[counted], single[counted])
    return total + clues.case_loglik(problem) if clues.in_problem(problem) else total


def design_effect(problem: xr.Dataset, counted: NDArray[np.bool_]) -> Floats:
    """Work out how many observations of a cluster tell as much as one independent observation.

    Kish's design effect, 1 + (n - 1) r (Kish 1965), with r the coders' mean stated redundancy and n the observations of
    the cluster that count and that somebody weighed. It is the limit of the model for coders who make no errors
    (docs/inference.md), so that r = 1 makes any number of observations exactly one.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    counted
        Which observations count, shape (E,).

    Returns
    -------
    ndarray, shape (G,)
        At least 1, one number per cluster.
    """
    told = counted & problem["stated"].values.any(axis=0)
    size = np.bincount(problem["cluster_of_evidence"].values[told], minlength=problem.sizes["cluster"])
    return np.asarray(1.0 + np.maximum(size - 1.0, 0.0) * problem["redundancy_mean"].values)


def log_odds(prior: Floats, loglik: Floats) -> Floats:
    """Take the posterior log-odds of each hypothesis against all the rest together.

    Worked out from logarithms, so that hypotheses of a millionth, or of all but a millionth, lose no digit. They are
    no weight of evidence: against more than one rival they depend on the prior of each, and do not add up.

    Parameters
    ----------
    prior
        Prior probabilities, shape (..., K).
    loglik
        Natural-log likelihoods, shape (..., C, K).

    Returns
    -------
    ndarray, shape (..., C, K)
        Natural logarithms; infinite where a hypothesis has no prior probability, or all.
    """
    with np.errstate(divide="ignore"):
        joint = np.log(prior) + loglik
    rest = np.stack([log_sum_exp(np.delete(joint, place, axis=-1)) for place in range(joint.shape[-1])], axis=-1)
    return np.asarray(joint - rest)


def case_posterior(prior: Floats, loglik: Floats) -> Floats:
    """Update each case by itself: P(k | case) proportional to m_k exp(L_ck), shape (..., C, K)."""
    with np.errstate(divide="ignore"):
        return normalise(np.log(prior) + loglik)
