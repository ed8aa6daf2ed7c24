"""What follows from each coder alone, and from pooling these opinions without a model of the coders."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import facevalue
from bayestrace.weights import normalise

Floats = NDArray[np.float64]


def log_alone(problem: xr.Dataset) -> Floats:
    """Update each case on one coder's stated weights at face value, coder by coder.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.

    Returns
    -------
    ndarray, shape (coder, case, hypothesis)
        Natural logarithms up to a constant, case by case, with the observations that are probably not so counted, as in
        the face value that is published.
        What a coder left out weighs nothing.
    """
    logliks = [
        facevalue.case_loglik(problem.isel(coder=[place]), with_doubtful=True)
        for place in range(problem.sizes["coder"])
    ]
    with np.errstate(divide="ignore"):
        return np.log(problem["prior"].values) + np.stack(logliks)


def linear(probability: Floats, weights: Floats) -> Floats:
    """Pool opinions by their weighted mean (Stone 1961).

    Parameters
    ----------
    probability
        Shape (coder, ..., hypothesis).
    weights
        Shape (coder,), at least 0, one above; they are made to sum to 1.
    """
    return np.asarray(np.tensordot(weights / weights.sum(), probability, axes=1))


def logarithmic(log_probability: Floats, weights: Floats) -> Floats:
    """Pool opinions by their weighted geometric mean, normalised (Genest and Zidek 1986).

    With weights that sum to 1 it is externally Bayesian: to pool and then to learn what all accept is to learn and then
    to pool. So of coders who stated every weight from one prior, with equal weights it is the face value of the mean of
    their weights.

    Parameters
    ----------
    log_probability
        Logarithms up to a constant, shape (coder, ..., hypothesis), so that what two coders hold next to impossible
        each in turn is not lost. What a coder who counts holds impossible, -inf, is impossible.
    weights
        As for `linear`.
    """
    counted = weights > 0.0
    return normalise(np.tensordot(weights[counted] / weights.sum(), log_probability[counted], axes=1))
