"""The gradient of `bayestrace.inference.kernel.forward`: the same loops, backwards.

`_bar` marks the derivative of a weighted sum of the results in what stands before it. What `forward` took relative to
its greatest counts as a constant here, for no result depends on it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bayestrace.inference.kernel import (
    LEAST,
    LEAST_VARIANCE,
    Floats,
    cdf,
    density,
    mix,
    nodes_of,
    spread,
    told,
)
from bayestrace.inference.rowwise import compiled


@compiled
def _reduce_back(
    mean_bar: Floats,
    precision_bar: Floats,
    constant_bar: Floats,
    together_bar: Floats,
    mean: Floats,
    precision: Floats,
    weight: Floats,
    stated: Floats,
    stated_variance: Floats,
    scale: Floats,
    noise: Floats,
    bias: Floats,
    range_factor: float,
    shared: float,
) -> tuple[Floats, Floats, Floats, float, float]:
    """Carry derivatives in the reduced observations back to the coders: scale, noise, bias, range and shared."""
    observations, coders, dims = weight.shape
    scale_bar, noise_bar, bias_bar = np.zeros(coders), np.zeros(coders), np.zeros((coders, dims))
    range_bar, shared_bar = 0.0, 0.0
    for e in range(observations):
        spoke = stated[e].sum()
        inner = 0.0
        for d in range(dims):
            inner += mean_bar[e, d] * mean[e, d]
        p_bar = precision_bar[e] - (inner + 0.5 * dims * constant_bar[e]) / precision[e]
        for j in range(coders):
            if stated[e, j] == 0.0:
                continue
            doubt = range_factor**2 * stated_variance[e, j]
            variance = noise[j] ** 2 + (1.0 - shared) * doubt
            gain = scale[j] / variance
            gain_bar = p_bar * scale[j]
            variance_bar = -0.5 * dims * constant_bar[e] / variance
            for d in range(dims):
                centred = weight[e, j, d] - bias[j, d]
                missed = centred - scale[j] * mean[e, d]
                sum_bar = mean_bar[e, d] / precision[e]
                gain_bar += sum_bar * centred
                bias_bar[j, d] += constant_bar[e] * missed / variance - gain * sum_bar
                scale_bar[j] += constant_bar[e] * missed * mean[e, d] / variance
                variance_bar += 0.5 * constant_bar[e] * (missed / variance) ** 2
            scale_bar[j] += p_bar * gain + gain_bar / variance
            variance_bar -= gain_bar * gain / variance
            noise_bar[j] += 2.0 * variance_bar * noise[j]
            shared_bar += together_bar[e] * doubt / spoke - variance_bar * doubt
            doubt_bar = variance_bar * (1.0 - shared) + together_bar[e] * shared / spoke
            range_bar += 2.0 * doubt_bar * range_factor * stated_variance[e, j]
    return scale_bar, noise_bar, bias_bar, range_bar, shared_bar


@compiled
def _combine_back(
    loglik_bar: Floats,
    redundancy_weight: Floats,
    quality: float,
    total: Floats,
    rate: Floats,
    peak: Floats,
    count: int,
    total_bar: Floats,
    rate_bar: Floats,
    work: Floats,
) -> None:
    """Carry derivatives in one cluster's results back to its sums at each node of r."""
    hypotheses = total.shape[1]
    top, amount, whole = peak[0], 0.0, 0.0
    for q in range(1, count):
        top = max(top, peak[q])
    # The mixtures, their mean, and what is so of them times its derivative, one number after another: temporary arrays
    # would take longer than the sums.
    for k in range(hypotheses):
        work[count, k] = LEAST
        whole += loglik_bar[k]
    for q in range(count):
        share = redundancy_weight[q] if count > 1 else 1.0
        work[q, hypotheses] = mix(total[q], rate[q], quality, work[q])
        amount += share * work[q, hypotheses] * math.exp(peak[q] - top)
        for k in range(hypotheses):
            work[count, k] += share * work[q, k] / work[q, hypotheses]
    for q in range(count):
        share = redundancy_weight[q] if count > 1 else 1.0
        level, seen, reported = work[q, hypotheses], 0.0, 0.0
        level_bar = share * math.exp(peak[q] - top) * whole / amount
        for k in range(hypotheses):
            level_bar -= share * loglik_bar[k] / work[count, k] * work[q, k] / level**2
            seen += total[q, k]
            reported += rate[q, k]
        flat_bar = 0.0
        for k in range(hypotheses):
            mixed_bar = share * loglik_bar[k] / work[count, k] / level + level_bar / hypotheses
            flat_bar += (1.0 - quality) * mixed_bar / reported
            total_bar[q, k] = quality * mixed_bar / rate[q, k]
            rate_bar[q, k] = -quality * mixed_bar * total[q, k] / rate[q, k] ** 2
        for k in range(hypotheses):
            total_bar[q, k] += flat_bar
            rate_bar[q, k] -= flat_bar * seen / reported


@compiled
def _select_back(
    begin: int,
    likelihood: Floats,
    total_bar: Floats,
    rate_bar: Floats,
    share: float,
    s: float,
    half_v: Floats,
    node_weight: Floats,
    precision: Floats,
    swell: Floats,
    pull: Floats,
    towards: Floats,
    bar: Floats,
    strength_bar: Floats,
    likelihood_bar: Floats,
    drawn_bar: Floats,
) -> None:
    """Take selection into account at one node of r, where the author may have left clusters out (model.md 2.3)."""
    length = (towards**2).sum()
    reported = np.empty(towards.size)
    for v in range(node_weight.size):
        i = begin + v
        half, strength = half_v[i], precision[i] / swell[i]
        variance = told(half, half * share, strength, pull[:, i], towards, reported)
        deviation = math.sqrt(max(variance, LEAST_VARIANCE))
        ratio = math.sqrt(half * share / length)
        drawn = (pull[:, i] * towards).sum()
        deviation_bar, whole_bar = 0.0, 0.0
        for k in range(towards.size):
            told_bar = total_bar[k] * likelihood[k, i] * s * density(reported[k]) / deviation
            deviation_bar += told_bar * reported[k]
            whole_bar += told_bar * towards[k]
            bar[i] += told_bar * (drawn - 2.0 * half * strength * towards[k])
            strength_bar[i] -= told_bar * half**2 * towards[k]
            drawn_bar[i] += told_bar * half
            before_bar = -rate_bar[k] * node_weight[v] * s * density(-ratio * towards[k])
            whole_bar -= before_bar * towards[k] * ratio / (2.0 * half * share)
            likelihood_bar[k, i] *= 1.0 - s * cdf(reported[k])
        if variance > LEAST_VARIANCE:
            variance_bar = 0.5 * deviation_bar / deviation
            whole_bar += length * variance_bar
            bar[i] -= 2.0 * half * length * strength * variance_bar
            strength_bar[i] -= half**2 * length * variance_bar
        bar[i] += whole_bar * share


@compiled
def backward(
    loglik_bar: Floats,
    likelihood: Floats,
    total: Floats,
    rate: Floats,
    peak: Floats,
    settled: Floats,
    mean: Floats,
    precision: Floats,
    together: Floats,
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
    """Differentiate the sum of `loglik_bar` times the results in each of the nine hyperparameters.

    Parameters
    ----------
    loglik_bar
        Shape (G, K).
    likelihood, total, rate, peak, settled, mean, precision, together
        As `kernel.forward` returns them.
    scale, ..., node_weight
        What `kernel.forward` was given.

    Returns
    -------
    arrays of the shapes of the first nine of these
    """
    nodes, (dims, hypotheses) = node.size, helmert.shape
    width = redundancy.shape[1] * nodes
    s, spare = selectivity[()], 1.0 - 1.0 / hypotheses
    half_v = 0.5 * np.exp(log_v[()] + sd_log_v[()] * node)
    half_bar = np.zeros(nodes)
    mean_bar, precision_bar = np.zeros(mean.shape), np.zeros(precision.size)
    constant_bar, together_bar = np.zeros(precision.size), np.zeros(precision.size)
    linked_bar = 0.0
    sums_bar, pull_bar = np.empty((3 + dims, width)), np.empty((hypotheses, width))
    half, own, common, inverse = np.empty((4, width))
    base_bar, strength_bar, swell_bar, common_bar, own_bar, bar, squares = np.empty((7, width))
    total_bar, rate_bar = np.empty(total.shape[1:]), np.empty(total.shape[1:])
    work = np.empty((redundancy.shape[1] + 1, hypotheses + 1))
    for g in range(start.size - 1):
        first, last = start[g], start[g + 1]
        size = last - first
        eta = together[first:last].sum() / size
        linked = r_eta[()] if size > 1 else 0.0
        count = nodes_of(first, last, redundancy[g])
        n = count * nodes
        _combine_back(
            loglik_bar[g], redundancy_weight[g], reliability[g], total[g], rate[g], peak[g], count, total_bar, rate_bar,
            work,
        )  # fmt: skip
        spread(count, half_v, redundancy[g], eta, linked, half, own, common)
        sums, swell, pull = settled[g, : 3 + dims], settled[g, 3 + dims], settled[g, 4 + dims :]
        for i in range(n):
            base_bar[i] = bar[i] = strength_bar[i] = swell_bar[i] = squares[i] = own_bar[i] = 0.0
        f = likelihood[g]
        for k in range(hypotheses):
            for q in range(count):
                for i in range(q * nodes, (q + 1) * nodes):
                    pull_bar[k, i] = total_bar[q, k] * f[k, i]
        if s > 0.0:
            for q in range(count):
                _select_back(
                    q * nodes, f, total_bar[q], rate_bar[q], size / (1.0 + (size - 1.0) * redundancy[g, q]), s,
                    half, node_weight, sums[0], swell, pull, towards, bar, strength_bar, pull_bar, swell_bar,
                )  # fmt: skip
        for k in range(hypotheses):
            for i in range(n):
                base_bar[i] += pull_bar[k, i]
                bar[i] += pull_bar[k, i] * pull[k, i]
                pull_bar[k, i] *= half[i]
        if s > 0.0:
            # What m_k of selection owes to each explanation's pull; `swell_bar` held its derivative till here.
            for k in range(hypotheses):
                for i in range(n):
                    pull_bar[k, i] += swell_bar[i] * towards[k]
            for i in range(n):
                swell_bar[i] = 0.0
        for k in range(hypotheses):
            for i in range(n):
                swell_bar[i] -= pull_bar[k, i] * pull[k, i]
        for d in range(dims):
            for i in range(n):
                squares[i] += sums[3 + d, i] ** 2
                sums_bar[3 + d, i] = base_bar[i] * common[i] * sums[3 + d, i]
            for k in range(hypotheses):
                for i in range(n):
                    sums_bar[3 + d, i] += pull_bar[k, i] * helmert[d, k]
            for i in range(n):
                sums_bar[3 + d, i] /= swell[i]
        for i in range(n):
            b = 0.5 * base_bar[i] / swell[i]
            flat = common[i] * squares[i] - half[i] ** 2 * spare * sums[0, i]
            swell_bar[i] = (swell_bar[i] - strength_bar[i] * sums[0, i] / swell[i]) / swell[i] - b * (
                dims + flat / swell[i]
            )
            common_bar[i] = b * squares[i] + swell_bar[i] * sums[0, i]
            bar[i] -= 2.0 * b * half[i] * spare * sums[0, i]
            sums_bar[0, i] = strength_bar[i] / swell[i] - b * half[i] ** 2 * spare + swell_bar[i] * common[i]
            # Of the sum of |x|^2/d and, times the contrasts, of the sum of log d.
            sums_bar[1, i] = -0.5 * base_bar[i]
        for e in range(first, last):
            given, square = 1.0 / precision[e], 0.0
            for d in range(dims):
                square += mean[e, d] ** 2
            swing = 0.0
            for i in range(n):
                inverse[i] = 1.0 / (given + own[i])
                squares[i] = sums_bar[0, i] + sums_bar[1, i] * square
                swing += 2.0 * sums_bar[1, i] * inverse[i]
            for d in range(dims):
                along = 0.0
                for i in range(n):
                    squares[i] += sums_bar[3 + d, i] * mean[e, d]
                    along += sums_bar[3 + d, i] * inverse[i]
                mean_bar[e, d] += along + swing * mean[e, d]
            given_bar = 0.0
            for i in range(n):
                variance_bar = inverse[i] * (sums_bar[1, i] * dims - squares[i] * inverse[i])
                own_bar[i] += variance_bar
                given_bar += variance_bar
            precision_bar[e] -= given_bar * given**2
        for q in range(count):
            r = redundancy[g, q]
            for v in range(nodes):
                i = q * nodes + v
                half_bar[v] += bar[i] + common_bar[i] * r + own_bar[i] * (1.0 - r)
        own_total, common_total, base_total = 0.0, 0.0, 0.0
        for i in range(n):
            own_total += own_bar[i]
            common_total += common_bar[i]
            base_total += base_bar[i]
        if size > 1:
            linked_bar += eta * (common_total - own_total)
        for e in range(first, last):
            constant_bar[e] = base_total
            together_bar[e] = (own_total * (1.0 - linked) + common_total * linked) / size
    scale_bar, noise_bar, bias_bar, range_bar, shared_bar = _reduce_back(
        mean_bar,
        precision_bar,
        constant_bar,
        together_bar,
        mean,
        precision,
        weight,
        stated,
        stated_variance,
        scale,
        noise,
        bias,
        range_factor[()],
        shared[()],
    )
    log_v_bar = (half_bar * half_v).sum()
    sd_bar = (half_bar * half_v * node).sum()
    return (
        scale_bar,
        noise_bar,
        bias_bar,
        np.array(range_bar),
        np.array(shared_bar),
        # Its square stands beside what ranges announce, in every observation.
        np.array(2.0 * common_error[()] * together_bar.sum()),
        np.array(linked_bar),
        np.array(log_v_bar),
        np.array(sd_bar),
    )
