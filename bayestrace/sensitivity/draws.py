"""The draws on which every question is answered, and the cluster likelihoods of any evidence on them."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import allotments, clues, facevalue, layout, ledger, pooling
from bayestrace.inference.signal import Design, Hyperparameters, design_of
from bayestrace.weights import log_sum_exp

Floats = NDArray[np.float64]

#: Draws on which questions are answered, evenly spaced over those of the fit.
THINNED = 400
# Log-likelihood of what clues exclude: finite, and e to this is 0.
_NEVER = -1e6


@dataclass(frozen=True)
class Stored:
    """Draws of what the coders and the signal are like, and what the evidence says given each.

    Parameters
    ----------
    problem
        What was fitted; at face value, with `weighs` true of every observation that counts there.
    theta
        Hyperparameters, D draws; None at face value, where nothing is learned of them and D is 1.
    clusters
        Cluster log-likelihoods in nats, shape (D, G, K), of the clusters that `design` has.
    loglik
        Case log-likelihoods in nats, shape (D, C, K).
    log_evidence
        Log of the sum over explanations of prior times likelihood under the fitted standpoint, shape (D,).
    table
        P(Z) over joint explanations under the fitted standpoint; None where they cannot be enumerated.
    noise_sd, leaning_sd
        Standard deviations from which the coders' own noises and leanings come, shape (D,), nats per contrast; None
        where they were not kept.
    sought
        What searches for clues say of each case given the draw, nats, shape (D, C, K): part of `loglik`, and whatever
        is done to the clusters it stays. None where clues are no part of the evidence.
    jointly
        Log-likelihood of the rows of `z` beyond what `loglik` says of each case, nats, shape (Z,): clues whose
        probabilities were integrated out, which the cases have in common. None where there is no such thing.
    """

    problem: xr.Dataset
    theta: Hyperparameters | None
    clusters: Floats
    loglik: Floats
    log_evidence: Floats
    table: pooling.Table | None
    noise_sd: Floats | None = None
    leaning_sd: Floats | None = None
    sought: Floats | None = None
    jointly: Floats | None = None

    @property
    def pooled(self) -> bool:
        """Whether answers are pooled across cases; case by case if not."""
        return self.table is not None

    @cached_property
    def design(self) -> Design:
        """What was stated of the observations that weigh, as the signal model takes it."""
        return design_of(self.problem)[0]

    @cached_property
    def z(self) -> NDArray[np.int64]:
        """Joint explanations, shape (Z, C): every one there is, the last case changing fastest.

        Those that the fitted standpoint excludes are among them, since another may not; where there are too many
        to list, only those that it allows.
        """
        if self.table is None:
            return np.zeros((0, self.problem.sizes["case"]), dtype=np.int64)
        cases, hypotheses = self.loglik.shape[1:]
        if hypotheses**cases > pooling.TABLE_LIMIT:
            return self.table.z
        every = list(itertools.product(range(hypotheses), repeat=cases))
        return np.array(every, dtype=np.int64).reshape(-1, cases)

    @cached_property
    def log_p(self) -> Floats:
        """Log P(Z) of each of `z` under the fitted standpoint, shape (Z,); -inf where it is excluded."""
        log_p = np.full(self.z.shape[0], -np.inf)
        if self.table is not None:
            place = {tuple(row): index for index, row in enumerate(self.z)}
            log_p[[place[tuple(row)] for row in self.table.z]] = self.table.log_p
        return log_p

    def by_case(self, clusters: Floats) -> Floats:
        """Add cluster log-likelihoods, shape (..., G, K), up to those of the cases, shape (..., C, K)."""
        total = loglik_of(self.problem, clusters)
        return total if self.sought is None else total + self.sought

    def thinned(self, draws: int) -> Stored:
        """Keep fewer draws, evenly spaced."""
        if self.theta is None or draws >= self.log_evidence.size:
            return self
        kept = _spaced(self.log_evidence.size, draws)
        return dataclasses.replace(
            self,
            theta=_at(self.theta, kept),
            clusters=self.clusters[kept],
            loglik=self.loglik[kept],
            log_evidence=self.log_evidence[kept],
            noise_sd=None if self.noise_sd is None else self.noise_sd[kept],
            leaning_sd=None if self.leaning_sd is None else self.leaning_sd[kept],
            sought=None if self.sought is None else self.sought[kept],
        )


def stored(problem: xr.Dataset, posterior: xr.Dataset, draws: int = THINNED, *, alone: bool = False) -> Stored:
    """Take evenly spaced draws of a fit and evaluate what its evidence says given each.

    Parameters
    ----------
    problem, posterior
        Groups of these names of a result (docs/results.md).
    draws
        How many to keep of all chains together.
    alone
        Whether to take the cases each by itself, whatever pools they may be in.
    """
    theta = ledger.hyperparameters(posterior)
    kept = _spaced(theta.log_v.shape[0], draws)
    theta = _at(theta, kept)
    noise_sd, leaning_sd = (
        posterior[name].transpose("chain", "draw").values.reshape(-1)[kept] if name in posterior else None
        for name in ("noise_sd", "leaning_sd")
    )
    clusters, sought = clusters_of(problem, theta), sought_of(problem, posterior, kept)
    evaluated = _evaluated(problem, theta, clusters, sought, alone=alone)
    return dataclasses.replace(evaluated, noise_sd=noise_sd, leaning_sd=leaning_sd)


def stored_face_value(problem: xr.Dataset, *, alone: bool = False) -> Stored:
    """Take the stated weights at face value, as one draw; `alone` as in `stored`.

    The observations that are probably not so count, as they do in the face value that is published.
    """
    counted = problem.assign(weighs=~problem["context"] & problem["stated"].any("coder"))
    sought = clues.case_loglik(problem)[None] if clues.in_problem(problem) else None
    return _evaluated(counted, None, face_value_clusters(counted), sought, alone=alone)


def stored_clues(problem: xr.Dataset) -> Stored | None:
    """Take clues that nothing else stands beside exactly, as one draw.

    Returns
    -------
    Stored
        None where their joint explanations cannot be listed.
    """
    if not pooling.fits_in_table(problem):
        return None
    nothing = np.zeros((1, 0, problem.sizes["hypothesis"]))
    alone = np.maximum(allotments.log_alone(problem), _NEVER)
    held = Stored(problem, None, nothing, alone[None], np.zeros(1), pooling.table_of(problem), sought=alone[None])
    cases = np.arange(alone.shape[0])
    every = np.maximum(allotments.log_joint(problem, held.z), _NEVER)
    jointly = every - alone[cases, held.z].sum(axis=-1)
    with np.errstate(divide="ignore"):
        evidence = log_sum_exp((held.log_p + every)[None])
    return dataclasses.replace(held, log_evidence=evidence, jointly=jointly)


def sought_of(problem: xr.Dataset, posterior: xr.Dataset, kept: NDArray[np.int64]) -> Floats | None:
    """Evaluate what searches for clues say of each case at some draws, chains joined.

    Returns
    -------
    ndarray, shape (D, C, K)
        Nats; None where clues are no part of the evidence.
    """
    if not clues.in_problem(problem):
        return None
    chance = posterior["chance"].transpose("chain", "draw", "cell", "hypothesis").values
    return clues.case_loglik(problem, chance.reshape(-1, *chance.shape[2:])[kept])


def _evaluated(
    problem: xr.Dataset, theta: Hyperparameters | None, clusters: Floats, sought: Floats | None, *, alone: bool
) -> Stored:
    loglik = loglik_of(problem, clusters) + (0.0 if sought is None else sought)
    if pooling.fits_in_table(problem) and not alone:
        table = pooling.table_of(problem)
        evidence = log_sum_exp(pooling.log_joint(table, loglik))
        return Stored(problem, theta, clusters, loglik, evidence, table, sought=sought)
    with np.errstate(divide="ignore"):
        log_evidence = log_sum_exp(np.log(problem["prior"].values) + loglik).sum(axis=-1)
    return Stored(problem, theta, clusters, loglik, log_evidence, None, sought=sought)


def _spaced(total: int, draws: int) -> NDArray[np.int64]:
    return np.linspace(0, total - 1, min(draws, total)).round().astype(np.int64)


def _at(theta: Hyperparameters, kept: NDArray[np.int64]) -> Hyperparameters:
    return Hyperparameters(*(values[kept] for values in theta))


def clusters_of(problem: xr.Dataset, theta: Hyperparameters) -> Floats:
    """Evaluate the log-likelihoods of the clusters of a problem, shape (D, G, K), nats."""
    return design_clusters(design_of(problem)[0], theta)


def design_clusters(design: Design, theta: Hyperparameters) -> Floats:
    """Evaluate the log-likelihoods of the clusters of a design.

    In the compiled loops where every coder weighed every hypothesis, by the formulas otherwise.

    Parameters
    ----------
    design
        As `inference.signal.design_of` makes it, or changed.
    theta
        D draws.

    Returns
    -------
    ndarray, shape (D, G, K)
        Nats.
    """
    if design.projector is not None or not design.label.size:
        return ledger.evaluate(design, theta)
    return layout.evaluate(design, theta)


def face_value_clusters(problem: xr.Dataset, discount: Floats | None = None) -> Floats:
    """Add the face-value weights of each cluster up, as one draw.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    discount
        What each cluster's sum is divided by, one number per cluster of the problem; nothing if None.

    Returns
    -------
    ndarray, shape (1, G, K)
        Nats, of the clusters that have a member that weighs.
    """
    weighs, label = problem["weighs"].values, problem["cluster_of_evidence"].values
    total = np.zeros((problem.sizes["cluster"], problem.sizes["hypothesis"]))
    np.add.at(total, label[weighs], facevalue.observation_loglik(problem)[weighs])
    if discount is not None:
        total /= discount[:, None]
    return total[None, np.unique(label[weighs])]


def loglik_of(problem: xr.Dataset, clusters: Floats) -> Floats:
    """Add the clusters of each case up.

    Parameters
    ----------
    problem
        Whose clusters they are.
    clusters
        Log-likelihoods of the clusters that have a member that weighs, shape (..., G, K).

    Returns
    -------
    ndarray, shape (..., C, K)
        0 for a case without evidence.
    """
    kept = np.unique(problem["cluster_of_evidence"].values[problem["weighs"].values])
    case_of = problem["case_of_cluster"].values[kept]
    return layout.add_up(clusters, case_of, problem.sizes["case"])
