"""The cluster likelihood of `bayestrace.inference.signal` and its gradient as compiled loops.

A twin of `signal.cluster_loglik` for coders who weighed every hypothesis, and for nothing else: a gradient of the
formulas as a graph of arrays takes twice as long as these loops and ten times as long to compile, and gradients are
most of what a user waits for (docs/performance.md). Tests hold values and gradients to those of `signal`, where each
step is explained.

The innermost loops run over the nodes of informativeness, which lie next to each other in memory.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayestrace.inference.rowwise import compiled, exponentiate, take_logs

Floats = NDArray[np.float64]

_LOG_2PI = math.log(2.0 * math.pi)
_ROOT_HALF = math.sqrt(0.5)
_ROOT_2PI = math.sqrt(2.0 * math.pi)
# As in `signal`: keeps the logarithm of a likelihood ratio past 3000 dB finite, and a deviation above zero.
LEAST, LEAST_VARIANCE = 1e-300, 1e-12
# Variances multiplied before a logarithm is taken.
_FACTORS = 16


@compiled
def cdf(x: float) -> float:
    """Take the standard normal distribution function."""
    return 0.5 * math.erfc(-x * _ROOT_HALF)


@compiled
def density(x: float) -> float:
    """Take the standard normal density."""
    return math.exp(-0.5 * x * x) / _ROOT_2PI


@compiled
def reduce_coders(
    weight: Floats,
    stated: Floats,
    stated_variance: Floats,
    scale: Floats,
    noise: Floats,
    bias: Floats,
    range_factor: float,
    shared: float,
    common_error: float,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Reduce the coders of each observation to one: mean (E, D), precision, constant and shared variance (E,)."""
    observations, coders, dims = weight.shape
    mean = np.zeros((observations, dims))
    precision, constant, together = np.zeros(observations), np.zeros(observations), np.zeros(observations)
    for e in range(observations):
        spoke = 0.0
        for j in range(coders):
            if stated[e, j] == 0.0:
                continue
            spoke += 1.0
            doubt = range_factor**2 * stated_variance[e, j]
            variance = noise[j] ** 2 + (1.0 - shared) * doubt
            gain = scale[j] / variance
            precision[e] += gain * scale[j]
            together[e] += shared * doubt
            constant[e] -= 0.5 * dims * (_LOG_2PI + math.log(variance))
            for d in range(dims):
                mean[e, d] += gain * (weight[e, j, d] - bias[j, d])
        together[e] = together[e] / spoke + common_error**2
        for d in range(dims):
            mean[e, d] /= precision[e]
        for j in range(coders):
            if stated[e, j] == 0.0:
                continue
            variance = noise[j] ** 2 + (1.0 - shared) * range_factor**2 * stated_variance[e, j]
            for d in range(dims):
                constant[e] -= 0.5 * (weight[e, j, d] - bias[j, d] - scale[j] * mean[e, d]) ** 2 / variance
        constant[e] -= 0.5 * dims * (math.log(precision[e]) - _LOG_2PI)
    return mean, precision, constant, together


@compiled
def gather(
    first: int,
    last: int,
    mean: Floats,
    precision: Floats,
    own: Floats,
    n: int,
    sums: Floats,
    inverse: Floats,
    product: Floats,
    logs: tuple[NDArray[np.int64], Floats, Floats],
) -> None:
    """Sum 1/d, |x|^2/d, log d and x/d (rows of `sums`) over the members of a cluster, at each node of r and v.

    Of the last factors of d the product is left, whose logarithm is not taken yet. `logs` is room for `take_logs`.
    """
    dims = mean.shape[1]
    for i in range(n):
        product[i] = 1.0
    for row in range(3 + dims):
        for i in range(n):
            sums[row, i] = 0.0
    for e in range(first, last):
        given, square = 1.0 / precision[e], 0.0
        for d in range(dims):
            square += mean[e, d] ** 2
        for i in range(n):
            variance = given + own[i]
            inverse[i] = 1.0 / variance
            product[i] *= variance
            sums[0, i] += inverse[i]
            sums[1, i] += square * inverse[i]
        for d in range(dims):
            for i in range(n):
                sums[3 + d, i] += mean[e, d] * inverse[i]
        # A long product would leave the range of numbers.
        if (e - first) % _FACTORS == _FACTORS - 1:
            take_logs(product, n, *logs)
            for i in range(n):
                sums[2, i] += product[i]
                product[i] = 1.0


@compiled
def spread(
    count: int, half_v: Floats, redundancy: Floats, eta: float, linked: float, half: Floats, own: Floats, common: Floats
) -> None:
    """Fill in v/2, each member's own variance and the variance a cluster has in common, at each node of r and v."""
    for q in range(count):
        r = redundancy[q]
        for v in range(half_v.size):
            i = q * half_v.size + v
            half[i] = half_v[v]
            own[i] = half_v[v] * (1.0 - r) + eta * (1.0 - linked)
            common[i] = half_v[v] * r + eta * linked


@compiled
def settle(n: int, common: Floats, sums: Floats, helmert: Floats, swell: Floats, pull: Floats) -> None:
    """Fill in 1 + a S0 and what is said of each explanation, h_k' Sx/(1 + a S0), at each of n nodes."""
    dims, hypotheses = helmert.shape
    for i in range(n):
        swell[i] = 1.0 + common[i] * sums[0, i]
    for k in range(hypotheses):
        for i in range(n):
            pull[k, i] = 0.0
        for d in range(dims):
            for i in range(n):
                pull[k, i] += sums[3 + d, i] * helmert[d, k]
        for i in range(n):
            pull[k, i] /= swell[i]


@compiled
def told(half_v: float, total: float, strength: float, pull: Floats, towards: Floats, reported: Floats) -> float:
    """Fill in -m_k/t of selection at one node (model.md 2.3) and return t squared, unbounded."""
    length = 0.0
    drawn = 0.0
    for k in range(towards.size):
        length += towards[k] ** 2
        drawn += pull[k] * towards[k]
    variance = length * (total - half_v**2 * strength)
    deviation = math.sqrt(max(variance, LEAST_VARIANCE))
    for k in range(towards.size):
        reported[k] = -((total - half_v**2 * strength) * towards[k] + half_v * drawn) / deviation
    return variance


@compiled
def nodes_of(first: int, last: int, redundancy: Floats) -> int:
    """Count the nodes of redundancy that differ: none matters to a single observation, nor to a point."""
    return 1 if last - first == 1 or redundancy[0] == redundancy[-1] else redundancy.size


@compiled
def forward(
    scale: Floats,
    noise: Floats,
    bias: Floats,
    range_factor: Any,
    shared: Any,
    common_error: Any,
    r_eta: Any,
    log_v: Any,
    sd_log_v: Any,
    weight: Floats,
    stated: Floats,
    stated_variance: Floats,
    start: NDArray[np.int64],
    helmert: Floats,
    redundancy: Floats,
    redundancy_weight: Floats,
    reliability: Floats,
    towards: Floats,
    selectivity: Any,
    node: Floats,
    node_weight: Floats,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
    """Evaluate log p(y_g | k) of every cluster.

    Parameters
    ----------
    scale, noise, bias, range_factor, shared, common_error, r_eta, log_v, sd_log_v
        As in `signal.Hyperparameters`, one draw.
    weight, stated, stated_variance
        Of the members, cluster after cluster: shapes (E, J, D), (E, J), (E, J).
    start
        First member of each cluster and the number of members, shape (G + 1,).
    helmert, redundancy, redundancy_weight, reliability, selectivity
        As in `signal.Design`.
    towards
        The favoured explanation against the mean of its rivals, shape (K,).
    node, node_weight
        Nodes of a standard normal and their probabilities, shape (V,).

    Returns
    -------
    loglik : array, shape (G, K)
    likelihood : array, shape (G, K, R V)
        At each node, times the node's probability, relative to the greatest; `slopes.backward` takes it.
    total, rate : array, shape (G, R, K)
        What is reported, summed over v, and how probable it was to be.
    peak : array, shape (G, R)
        Logarithm of the greatest.
    settled : array, shape (G, 4 + D + K, R V)
        At each node, what `gather` and `settle` fill in.
    mean, precision, together : array, shapes (E, D), (E,), (E,)
        As `reduce_coders` gives them.
    """
    mean, precision, constant, together = reduce_coders(
        weight, stated, stated_variance, scale, noise, bias, range_factor[()], shared[()], common_error[()]
    )
    clusters, nodes, (dims, hypotheses) = start.size - 1, node.size, helmert.shape
    width = redundancy.shape[1] * nodes
    s = selectivity[()]
    half_v = 0.5 * np.exp(log_v[()] + sd_log_v[()] * node)
    likelihood = np.empty((clusters, hypotheses, width))
    total, rate = (
        np.zeros((clusters, redundancy.shape[1], hypotheses)),
        np.ones((clusters, redundancy.shape[1], hypotheses)),
    )
    peak = np.zeros(redundancy.shape)
    loglik = np.empty((clusters, hypotheses))
    # Rows of a cluster: what `gather` and `settle` fill in.
    settled = np.empty((clusters, 4 + dims + hypotheses, width))
    half, own, common, base, inverse, product, spare = np.empty((7, width))
    reported, work = np.empty(hypotheses), np.empty((2, hypotheses))
    bits = np.zeros(width, dtype=np.int64)
    power = bits.view(np.float64)
    for g in range(clusters):
        first, last = start[g], start[g + 1]
        size = last - first
        eta = together[first:last].sum() / size
        linked = r_eta[()] if size > 1 else 0.0
        fixed = constant[first:last].sum() - 0.5 * dims * _LOG_2PI * size
        count = nodes_of(first, last, redundancy[g])
        n = count * nodes
        spread(count, half_v, redundancy[g], eta, linked, half, own, common)
        sums, swell, pull = settled[g, : 3 + dims], settled[g, 3 + dims], settled[g, 4 + dims :]
        gather(first, last, mean, precision, own, n, sums, inverse, product, (bits, power, spare))
        settle(n, common, sums, helmert, swell, pull)
        for i in range(n):
            base[i] = 0.0
            product[i] *= swell[i]
        take_logs(product, n, bits, power, spare)
        for d in range(dims):
            for i in range(n):
                base[i] += sums[3 + d, i] ** 2
        for i in range(n):
            flat = common[i] * base[i] - half[i] ** 2 * (1.0 - 1.0 / hypotheses) * sums[0, i]
            base[i] = fixed + 0.5 * (flat / swell[i] - sums[1, i] - dims * (sums[2, i] + product[i]))
        f = likelihood[g]
        for k in range(hypotheses):
            for i in range(n):
                f[k, i] = base[i] + half[i] * pull[k, i]
        # The greatest over explanations is taken at several nodes at a time, over nodes at one after the other.
        for i in range(n):
            product[i] = f[0, i]
        for k in range(1, hypotheses):
            for i in range(n):
                product[i] = max(product[i], f[k, i])
        for q in range(count):
            begin, end = q * nodes, (q + 1) * nodes
            greatest = product[begin]
            for i in range(begin + 1, end):
                greatest = max(greatest, product[i])
            peak[g, q] = greatest
            for k in range(hypotheses):
                for i in range(begin, end):
                    f[k, i] -= greatest
        for k in range(hypotheses):
            exponentiate(f[k], n, bits, power)
        for q in range(count):
            begin, end = q * nodes, (q + 1) * nodes
            for k in range(hypotheses):
                for i in range(begin, end):
                    f[k, i] *= node_weight[i - begin]
                    total[g, q, k] += f[k, i]
            if s > 0.0:
                share = size / (1.0 + (size - 1.0) * redundancy[g, q])
                total[g, q] = 0.0
                rate[g, q] = 0.0
                for i in range(begin, end):
                    told(half[i], half[i] * share, sums[0, i] / swell[i], pull[:, i], towards, reported)
                    ratio = math.sqrt(half[i] * share / (towards**2).sum())
                    for k in range(hypotheses):
                        total[g, q, k] += f[k, i] * (1.0 - s * cdf(reported[k]))
                        rate[g, q, k] += node_weight[i - begin] * (1.0 - s * cdf(-ratio * towards[k]))
        _combine(redundancy_weight[g], reliability[g], total[g], rate[g], peak[g], count, loglik[g], work)
    return loglik, likelihood, total, rate, peak, settled, mean, precision, together


@compiled
def mix(total: Floats, rate: Floats, quality: float, mixed: Floats) -> float:
    """Mix what is so with what is not, at one node of r, and return the mean over explanations."""
    seen, reported, level = 0.0, 0.0, 0.0
    for k in range(total.size):
        seen += total[k]
        reported += rate[k]
    for k in range(total.size):
        mixed[k] = quality * total[k] / rate[k] + (1.0 - quality) * seen / reported
        level += mixed[k] / total.size
    return level


@compiled
def _combine(
    redundancy_weight: Floats,
    quality: float,
    total: Floats,
    rate: Floats,
    peak: Floats,
    count: int,
    loglik: Floats,
    work: Floats,
) -> None:
    """Average one cluster over redundancy, which the weights do not update, and take logarithms."""
    hypotheses = loglik.size
    top, amount = peak[0], 0.0
    for q in range(1, count):
        top = max(top, peak[q])
    for k in range(hypotheses):
        work[1, k] = LEAST
    for q in range(count):
        share = redundancy_weight[q] if count > 1 else 1.0
        level = mix(total[q], rate[q], quality, work[0])
        for k in range(hypotheses):
            work[1, k] += share * work[0, k] / level
        amount += share * level * math.exp(peak[q] - top)
    for k in range(hypotheses):
        loglik[k] = math.log(work[1, k]) + math.log(amount) + top
