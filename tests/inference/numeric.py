"""What the tests of inference share: settings, the real study, hyperparameters, and direct brute force."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path
from typing import NamedTuple

import numpy as np
import xarray as xr
from hypothesis import settings
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from bayestrace.encoding import encode
from bayestrace.inference.backend import NumPy
from bayestrace.inference.signal import Design, Hyperparameters, cluster_loglik
from bayestrace.reading import read_study
from bayestrace.study import Study

Floats = NDArray[np.float64]

ROOT = Path(__file__).parents[2]
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=40)


@functools.cache
def real_study() -> Study:
    return read_study(ROOT)


def real_problem() -> xr.Dataset:
    return encode(real_study(), real_study().profiles["reference"])


def some_theta(problem: xr.Dataset, draws: int, seed: int = 1) -> Hyperparameters:
    """Draw hyperparameters over more than the range that fits give."""
    rng = np.random.default_rng(seed)
    coders, contrasts = problem.sizes["coder"], problem.sizes["contrast"]
    return Hyperparameters(
        scale=np.exp(rng.normal(0.0, 0.3, (draws, coders))),
        noise=np.abs(rng.normal(0.0, 0.5, (draws, coders))) + 0.05,
        bias=rng.normal(0.0, 0.2, (draws, coders, contrasts)),
        range_factor=np.exp(rng.normal(0.0, 0.5, draws)),
        shared=rng.beta(2.0, 2.0, draws),
        r_eta=rng.beta(2.0, 2.0, draws),
        log_v=rng.normal(np.log(0.5), 1.0, draws),
        sd_log_v=np.abs(rng.normal(0.0, 0.7, draws)),
        common_error=np.abs(rng.normal(0.0, 0.5, draws)),
    )


def perfect_theta(problem: xr.Dataset, *, log_v: float = 0.0, noise: float = 1e-5) -> Hyperparameters:
    """Coders who see the true weights, and one informativeness for every cluster; one draw."""
    coders, contrasts = problem.sizes["coder"], problem.sizes["contrast"]
    return Hyperparameters(
        scale=np.ones((1, coders)),
        noise=np.full((1, coders), noise),
        bias=np.zeros((1, coders, contrasts)),
        range_factor=np.full(1, 1e-9),
        shared=np.full(1, 0.5),
        common_error=np.zeros(1),
        r_eta=np.full(1, 0.5),
        log_v=np.full(1, log_v),
        sd_log_v=np.full(1, 1e-9),
    )


def one(theta: Hyperparameters, draw: int) -> Hyperparameters:
    """Take one draw, without the axis of draws."""
    return Hyperparameters(*(values[draw] for values in theta))


def loglik(design: Design, theta: Hyperparameters) -> Floats:
    return np.asarray(cluster_loglik(design, theta, NumPy()))


class Member(NamedTuple):
    """What one coder stated of one observation, in an orthonormal basis of the contrasts that it reaches."""

    coder: int
    place: int  # among the members of the cluster
    basis: Floats  # (D, rank)
    weight: Floats  # (rank,)
    variance: float  # what the stated range implies


def members(design: Design, cluster: int) -> list[Member]:
    """List all that was stated of a cluster."""
    found = []
    inside = design.observation[design.label == cluster]
    size = design.helmert.shape[0]
    for coder, (place, column) in itertools.product(range(design.stated.shape[0]), enumerate(inside)):
        if design.stated[coder, column]:
            projector = np.eye(size) if design.projector is None else design.projector[coder, column]
            values, vectors = np.linalg.eigh(projector)
            basis = vectors[:, values > 0.5]
            weight = basis.T @ design.weight[coder, column]
            found.append(Member(coder, place, basis, weight, float(design.stated_variance[coder, column])))
    return found


def joint_normal(
    design: Design, theta: Hyperparameters, cluster: int, v: float, r: float
) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Write the joint normal of all that was stated of a cluster and of its true members, as docs/inference.md 3 does.

    Returns
    -------
    stated
        What was stated, stacked, length S.
    mean
        Of (stated, true vectors of the n members) under each hypothesis, shape (K, S + n D).
    covariance
        The same for all hypotheses.
    where
        Indices 0..S-1, to pick the stated part.
    """
    said = members(design, cluster)
    dims, hypotheses = design.helmert.shape
    n = 1 + max(item.place for item in said)
    doubt: list[list[float]] = [[] for _ in range(n)]
    for item in said:
        doubt[item.place].append(float(theta.range_factor) ** 2 * item.variance)
    hard = float(np.mean([theta.shared * np.mean(entry) for entry in doubt])) + float(theta.common_error) ** 2
    together = float(theta.r_eta) if n > 1 else 0.0
    signal = v / 2.0 * ((1.0 - r) * np.eye(n) + r)
    eta = hard * ((1.0 - together) * np.eye(n) + together)
    sizes = [item.basis.shape[1] for item in said]
    start = np.concatenate([[0], np.cumsum(sizes)])
    total = int(start[-1])
    covariance = np.zeros((total + n * dims, total + n * dims))
    mean = np.zeros((hypotheses, total + n * dims))
    covariance[total:, total:] = np.kron(signal, np.eye(dims))
    mean[:, total:] = np.tile(v / 2.0 * design.helmert.T, (1, n))
    for i, a in enumerate(said):
        rows = slice(start[i], start[i + 1])
        scale = theta.scale[a.coder]
        mean[:, rows] = (scale * v / 2.0 * design.helmert.T + theta.bias[a.coder]) @ a.basis
        for j, b in enumerate(said):
            shared = scale * theta.scale[b.coder] * (signal + eta)[a.place, b.place]
            covariance[rows, start[j] : start[j + 1]] = shared * a.basis.T @ b.basis
        own = theta.noise[a.coder] ** 2 + (1.0 - theta.shared) * theta.range_factor**2 * a.variance
        covariance[rows, rows] += own * np.eye(sizes[i])
        for place in range(n):
            cross = scale * signal[a.place, place] * a.basis.T
            columns = slice(total + place * dims, total + (place + 1) * dims)
            covariance[rows, columns] = cross
            covariance[columns, rows] = cross.T
    return np.concatenate([item.weight for item in said]), mean, covariance, np.arange(total, dtype=np.int64)


def density_given(design: Design, theta: Hyperparameters, cluster: int, v: float, r: float) -> Floats:
    """Log density of what was stated under each hypothesis, given v and r."""
    stated, mean, covariance, where = joint_normal(design, theta, cluster, v, r)
    inside = covariance[np.ix_(where, where)]
    return np.array([multivariate_normal.logpdf(stated, row[where], inside) for row in mean])


def brute_cluster(design: Design, theta: Hyperparameters, cluster: int, nodes: int = 21) -> Floats:
    """Sum over the nodes of v and r in loops, mix in reliability, average over r; no selection."""
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    weights = weights / weights.sum()
    given_r = []
    for r in design.redundancy[cluster]:
        terms = [
            density_given(design, theta, cluster, float(np.exp(theta.log_v + theta.sd_log_v * point)), float(r))
            for point in points
        ]
        given_r.append(logsumexp(np.array(terms) + np.log(weights)[:, None], axis=0))
    # In logarithms throughout: weights of 300 dB leave explanations that no ordinary number can hold beside others.
    told, q, size = np.array(given_r), design.reliability[cluster], design.helmert.shape[1]
    parts = np.array([told, np.broadcast_to(logsumexp(told, axis=1, keepdims=True) - np.log(size), told.shape)])
    mixed = logsumexp(parts, axis=0, b=np.array([q, 1.0 - q])[:, None, None])
    of_r = logsumexp(mixed, axis=1) - np.log(size)
    weight_r = np.log(design.redundancy_weight[cluster])
    ratio = logsumexp(weight_r[:, None] + mixed - of_r[:, None], axis=0)
    return np.asarray(logsumexp(weight_r + of_r) + ratio)
