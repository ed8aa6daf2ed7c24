"""The one place where a standpoint and the evidence are put together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.reweight import reweigh
from bayestrace.weights import log_sum_exp, normalise

Floats = NDArray[np.float64]

#: Standpoints of which Pareto k is told without being asked for.
DIAGNOSED = 100
# To bound memory: standpoints worked on at once where joint explanations are enumerated; case by case, standpoints
# times draws.
_BLOCK, _NUMBERS = 2_000, 4_000_000


class Answered(NamedTuple):
    """What follows, for one standpoint or for S of them (an axis in front).

    Parameters
    ----------
    probability
        P(Z_c = k), shape (..., C, K); pooled where the joint explanations are enumerated.
    unpooled
        The same of each case by itself, shape (..., C, K).
    pareto_k
        Of the weights of the draws, shape (...,); see `reweight.Weighed`.
    ess
        Draws of equal weight that they are worth, shape (...,).
    """

    probability: Floats
    unpooled: Floats
    pareto_k: Floats
    ess: Floats


def answer(
    stored: Stored,
    *,
    log_p: Floats | None = None,
    clusters: Floats | None = None,
    prior: Floats | None = None,
    diagnose: bool | None = None,
) -> Answered:
    """Answer from other standpoints, from other evidence, or from both.

    With ratio_d the evidence of draw d under the new standpoint and cluster likelihoods over that under the fitted
    ones, P(Z) is the mean of P(Z | d) weighted by ratio_d. Weights are Pareto-smoothed where the likelihood of the
    hyperparameters is another, and plain where only the standpoint is, of which they are a bounded function.

    Parameters
    ----------
    stored
        Draws.
    log_p
        Log P(Z) of S standpoints or of one, shape (S, Z) or (Z,), over the joint explanations of `Stored.z`, or over
        those of `Stored.table`; the fitted standpoint if None.
    clusters
        Other cluster log-likelihoods given the same draws, shape (D, G, K), nats; the stored ones if None.
    prior
        The standpoint's prior over hypotheses, for the answer case by case, shape (S, K) or (K,); the fitted one if
        None.
    diagnose
        Whether to work out Pareto k where weights are plain; if None, for up to `DIAGNOSED` standpoints.

    Returns
    -------
    Answered
        NaN where a standpoint makes the evidence impossible.

    Raises
    ------
    ValueError
        A table of joint explanations that is not the stored one's, or any where there is none.
    """
    m = stored.problem["prior"].values if prior is None else np.asarray(prior, dtype=np.float64)
    loglik = stored.loglik if clusters is None else stored.by_case(clusters)
    if not stored.pooled:
        if log_p is not None:
            raise ValueError("the joint explanations of these cases are not enumerated")
        return _case_by_case(stored, loglik, m, changed=clusters is not None, diagnose=diagnose)
    table, z = _over_z(stored, log_p)
    log_likelihood, top = _likelihood(stored, z, loglik)
    likelihood = np.exp(log_likelihood)
    rows = table.reshape(-1, table.shape[-1])
    many = rows.shape[0] > DIAGNOSED if diagnose is None else not diagnose
    parts = []
    for start in range(0, rows.shape[0], _BLOCK):
        p = np.exp(rows[start : start + _BLOCK])
        with np.errstate(divide="ignore", invalid="ignore"):
            evidence = p @ likelihood.T
            log_evidence = np.log(evidence)
            lost = np.flatnonzero((evidence == 0.0).any(axis=1))
            for row in lost:
                log_evidence[row] = log_sum_exp(rows[start + row] + log_likelihood)
            weighed = reweigh(log_evidence + top - stored.log_evidence, smooth=clusters is not None, diagnose=not many)
            joint = p * (np.where(evidence > 0.0, weighed.weight / evidence, 0.0) @ likelihood)
            for row in lost:
                joint[row] = _averaged(rows[start + row] + log_likelihood, weighed.weight[row])
            joint /= joint.sum(axis=-1, keepdims=True)
        parts.append((joint, *weighed))
    joint, weight, pareto_k, ess = (np.concatenate(part) for part in zip(*parts, strict=True))
    cases, hypotheses = loglik.shape[1:]
    onehot = (z[:, :, None] == np.arange(hypotheses)).reshape(z.shape[0], -1).astype(np.float64)
    lead = table.shape[:-1]
    return Answered(
        (joint @ onehot).reshape(*lead, cases, hypotheses),
        _mean_of_cases(m, loglik, weight.reshape(*lead, -1)),
        pareto_k.reshape(lead),
        ess.reshape(lead),
    )


def log_ratio(stored: Stored, clusters: Floats) -> Floats:
    """Take the evidence of each draw, with other cluster log-likelihoods, over what it was drawn by.

    Parameters
    ----------
    stored
        Draws.
    clusters
        Shape (D, G, K), nats.

    Returns
    -------
    ndarray, shape (D,)
        Natural logarithms, under the fitted standpoint.
    """
    loglik = stored.by_case(clusters)
    if stored.table is None:
        rows = stored.problem["prior"].values[None]
        return np.asarray(_evidence_case_by_case(rows, loglik)[0] - stored.log_evidence)
    log_likelihood, top = _likelihood(stored, stored.table.z, loglik)
    return np.asarray(log_sum_exp(stored.table.log_p + log_likelihood) + top - stored.log_evidence)


def _evidence_case_by_case(prior: Floats, loglik: Floats) -> Floats:
    """Give the log evidence of each draw, the product over cases, shape (S, D), from priors of shape (S, K)."""
    top = loglik.max(axis=-1)
    found = np.zeros((prior.shape[0], loglik.shape[0]))
    with np.errstate(divide="ignore", invalid="ignore"):
        for case in range(loglik.shape[1]):
            found += np.log(prior @ np.exp(loglik[:, case] - top[:, case, None]).T) + top[:, case]
        # All that the prior allows has underflown.
        for row in np.flatnonzero(~np.isfinite(found).all(axis=1)):
            found[row] = log_sum_exp(np.log(prior[row]) + loglik).sum(axis=-1)
    return found


def _over_z(stored: Stored, log_p: Floats | None) -> tuple[Floats, NDArray[np.int64]]:
    """Pair log P(Z), of one standpoint or many, with the joint explanations that it is about."""
    if log_p is None:
        return stored.log_p, stored.z
    log_p = np.asarray(log_p, dtype=np.float64)
    for z in (stored.z, stored.table.z if stored.table is not None else stored.z):
        if log_p.shape[-1] == z.shape[0]:
            return log_p, z
    raise ValueError(f"{log_p.shape[-1]} joint explanations, where there are {stored.z.shape[0]}")


def _likelihood(stored: Stored, z: NDArray[np.int64], loglik: Floats) -> tuple[Floats, Floats]:
    """Give the log-likelihood of each joint explanation less the greatest, (D, Z), and that greatest one, (D,)."""
    # A row for each joint explanation, so that what is looked up lies next to each other.
    told = np.ascontiguousarray(loglik.transpose(1, 2, 0))
    total = np.zeros((z.shape[0], loglik.shape[0]))
    for case in range(z.shape[1]):
        total += told[case, z[:, case]]
    if stored.jointly is not None:
        place = {tuple(row): index for index, row in enumerate(stored.z)}
        total += stored.jointly[[place[tuple(row)] for row in z], None]
    top = total.max(axis=0)
    return (total - top).T, top


def _averaged(log_joint: Floats, weight: Floats) -> Floats:
    """Average normalised rows, (D, Z) in logarithms, over weighted draws: where all that is allowed has underflown.

    A draw under which everything is impossible has no part.
    """
    told = np.isfinite(log_joint).any(axis=1)
    return np.asarray(weight[told] @ normalise(log_joint[told]) if told.any() else log_joint[0] * np.nan)


def _mean_of_cases(prior: Floats, loglik: Floats, weight: Floats) -> Floats:
    """Average P(k | case, draw), each case by itself, over weighted draws: shape (..., C, K)."""
    log_likelihood = loglik - loglik.max(axis=-1, keepdims=True)
    likelihood = np.exp(log_likelihood)
    cases = []
    with np.errstate(divide="ignore", invalid="ignore"):
        for case in range(loglik.shape[1]):
            per_draw = prior @ likelihood[:, case].T
            mean = prior * (np.where(per_draw > 0.0, weight / per_draw, 0.0) @ likelihood[:, case])
            if (per_draw == 0.0).any():
                log_prior = np.log(np.broadcast_to(prior, mean.shape))
                every = np.broadcast_to(weight, (*mean.shape[:-1], weight.shape[-1]))
                for row in np.ndindex(*mean.shape[:-1]):
                    mean[row] = _averaged(log_prior[row] + log_likelihood[:, case], every[row])
            cases.append(mean / mean.sum(axis=-1, keepdims=True))
    return np.stack(cases, axis=-2)


def _case_by_case(stored: Stored, loglik: Floats, prior: Floats, *, changed: bool, diagnose: bool | None) -> Answered:
    """Answer where joint explanations are too many: the evidence of a draw is the product over cases."""
    rows = prior.reshape(-1, prior.shape[-1])
    many = rows.shape[0] > DIAGNOSED if diagnose is None else not diagnose
    step = max(1, _NUMBERS // stored.log_evidence.size)
    parts = []
    for start in range(0, rows.shape[0], step):
        part = rows[start : start + step]
        evidence = _evidence_case_by_case(part, loglik)
        weighed = reweigh(evidence - stored.log_evidence, smooth=changed, diagnose=not many)
        parts.append((_mean_of_cases(part, loglik, weighed.weight), weighed.pareto_k, weighed.ess))
    lead = prior.shape[:-1]
    probability, pareto_k, ess = (np.concatenate(part) for part in zip(*parts, strict=True))
    probability = probability.reshape(*lead, *probability.shape[1:])
    return Answered(probability, probability, pareto_k.reshape(lead), ess.reshape(lead))
