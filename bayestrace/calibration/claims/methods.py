"""The ways of coming from stated weights to probabilities of explanations that are compared."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import answer, facevalue, pooling
from bayestrace.weights import to_nats

Floats = NDArray[np.float64]

#: Greatest weight of one observation between any two explanations where weights are capped, in decibels.
CAP_DB = 10.0


class Method(NamedTuple):
    """A way of judging: its name in English and Chinese, and whether cases are pooled."""

    en: str
    zh: str
    pooled: bool = False


#: In the order in which they are shown; the first is what is done in practice, the last two are the engine.
METHODS = {
    "face": Method("face value", "面值"),
    "capped": Method("face value, 10 dB cap", "面值，上限10分贝"),
    "coders": Method("coders' posteriors averaged", "各编码者后验之平均"),
    "discounted": Method("face value, redundancy counted", "面值，计入冗余"),
    "face-pooled": Method("face value, pooled", "面值，合并", pooled=True),
    "model": Method("model", "模型"),
    "model-pooled": Method("model, pooled", "模型，合并", pooled=True),
}


def capped(loglik: Floats, cap_db: float = CAP_DB) -> Floats:
    """Shrink log-likelihood vectors so that no weight between two explanations exceeds a cap.

    Parameters
    ----------
    loglik
        Natural-log likelihoods, one row per observation, shape (E, K).
    cap_db
        The greatest weight left, decibels.

    Returns
    -------
    ndarray, shape (E, K)
        Every row whose largest pairwise weight is above the cap is multiplied by one number that brings it down to the
        cap. So the order of explanations, and the proportions of weights to one another, stay; no reference explanation
        is needed, as it would be if weights were cut one by one.
    """
    largest = np.ptp(loglik, axis=-1, keepdims=True)
    cap = float(to_nats(cap_db))
    return np.asarray(loglik * (cap / np.maximum(largest, cap)))


def simple(problem: xr.Dataset) -> dict[str, Floats]:
    """Judge a study in every way that needs no model of the coders.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it, its joint explanations few enough for a table.

    Returns
    -------
    dict
        By method, shape (C, K): P(k | case). "face" adds up the weights averaged over coders; "capped" caps each
        observation first; "coders" is the mean of what each coder's own weights give alone; "discounted" counts
        redundancy by Kish's design effect; "face-pooled" puts the weights of "face" under the pooling prior.
    """
    prior = problem["prior"].values
    loglik = facevalue.case_loglik(problem, with_doubtful=False)
    table = pooling.table_of(problem)
    return {
        "face": facevalue.case_posterior(prior, loglik),
        "capped": facevalue.case_posterior(prior, _capped_loglik(problem)),
        "coders": _coders_averaged(problem),
        "discounted": facevalue.case_posterior(
            prior, facevalue.case_loglik(problem, with_doubtful=False, discounted=True)
        ),
        "face-pooled": pooling.margins(table, pooling.posterior(table, loglik[None]), prior.size)[0],
    }


def _capped_loglik(problem: xr.Dataset) -> Floats:
    counted = problem["weighs"].values
    total = np.zeros((problem.sizes["case"], problem.sizes["hypothesis"]))
    single = capped(facevalue.observation_loglik(problem))
    np.add.at(total, problem["case_of_evidence"].values[counted], single[counted])
    return total


def _coders_averaged(problem: xr.Dataset) -> Floats:
    prior = problem["prior"].values
    each = [
        facevalue.case_posterior(prior, facevalue.case_loglik(problem.isel(coder=[coder]), with_doubtful=False))
        for coder in range(problem.sizes["coder"])
    ]
    return np.asarray(np.mean(each, axis=0))


def modelled(problem: xr.Dataset, posterior: xr.Dataset) -> dict[str, Floats]:
    """Judge a study by a fit of the model: posterior means, case by case and pooled, shape (C, K) each."""
    draws: Any = answer.draws_of(problem, posterior)
    return {"model": draws.unpooled.mean(axis=0), "model-pooled": draws.pooled.mean(axis=0)}
