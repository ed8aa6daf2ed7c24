"""The cluster likelihood once more, for many draws and nothing but its value.

`inference.kernel` holds on to all that a gradient needs. Here nothing is held beyond a cluster, logarithms are taken
several at a time as exponentials are, and so is the normal distribution function, of which selection needs four values
at each node whatever the number of explanations. That is what thousands of evaluations of hundreds of draws wait for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx

from bayestrace.inference.kernel import (
    LEAST,
    LEAST_VARIANCE,
    compiled,
    exponentiate,
    mix,
    nodes_of,
    reduce_coders,
    spread,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LOG_2PI = math.log(2.0 * math.pi)
_ROOT_HALF = math.sqrt(0.5)
# log 2 in two parts of which the first times an exponent is exact (Cody and Waite 1980).
_LOG_2_HIGH, _LOG_2_LOW = 0.6931471803691238, 1.9082149292705877e-10
# The bits of the root of 1/2: mantissas are taken between it and its double.
_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
# What is between these is a normal number.
_SMALL, _GREAT = float(np.finfo(float).tiny), float(np.finfo(float).max)
# Variances multiplied before a logarithm is taken.
_FACTORS = 16
# (1 + 2x) exp(x^2) erfc(x) is a polynomial of this degree in (x - 3.75)/(x + 3.75), to thirteen digits, for every x
# from 0 up (Shepherd and Laframboise 1981).
_MIDDLE, _DEGREE = 3.75, 24


def _scaled_erfc() -> Floats:
    """Fit that polynomial by its values at Chebyshev's points; coefficients from the highest power down."""

    def wanted(t: Floats) -> Floats:
        x = _MIDDLE * (1.0 + t) / (1.0 - t)
        return np.asarray((1.0 + 2.0 * x) * erfcx(x))

    fitted = np.polynomial.Chebyshev.interpolate(wanted, _DEGREE)
    return np.asarray(fitted.convert(kind=np.polynomial.Polynomial).coef[::-1].copy())


_COEFFICIENTS = _scaled_erfc()


@compiled
def take_logs(x: Floats, n: int, bits: Integers, power: Floats, exponent: Floats) -> None:
    """Replace the first n numbers of a row, all positive, by their logarithms, to thirteen digits.

    With x = 2^e m and s = (m - 1)/(m + 1), which is at most .172 either way, log m is 2 (s + s^3/3 + s^5/5 + ...).
    `bits`, of which `power` is a view, and `exponent` are room to work in.
    """
    normal = 0
    for i in range(n):
        normal += 1 if _SMALL <= x[i] <= _GREAT else 0
    if normal < n:
        for i in range(n):
            x[i] = math.log(x[i])
        return
    for i in range(n):
        power[i] = x[i]
    for i in range(n):
        whole = (bits[i] - _ROOT_HALF_BITS) >> 52
        bits[i] -= whole << 52
        exponent[i] = whole
    for i in range(n):
        s = (power[i] - 1.0) / (power[i] + 1.0)
        square = s * s
        series = 1.0 / 19.0
        series = series * square + 1.0 / 17.0
        series = series * square + 1.0 / 15.0
        series = series * square + 1.0 / 13.0
        series = series * square + 1.0 / 11.0
        series = series * square + 1.0 / 9.0
        series = series * square + 1.0 / 7.0
        series = series * square + 1.0 / 5.0
        series = series * square + 1.0 / 3.0
        x[i] = exponent[i] * _LOG_2_HIGH + (2.0 * s * (1.0 + series * square) + exponent[i] * _LOG_2_LOW)


@compiled
def take_cdfs(x: Floats, n: int, bits: Integers, power: Floats, tail: Floats, place: Floats) -> None:
    """Replace the first n numbers of a row by the standard normal distribution function there, to twelve digits.

    `bits`, of which `power` is a view, `tail` and `place` are room to work in.
    """
    for i in range(n):
        tail[i] = -0.5 * x[i] * x[i]
    exponentiate(tail, n, bits, power)
    for i in range(n):
        far = abs(x[i]) * _ROOT_HALF
        tail[i] *= 0.5 / (1.0 + 2.0 * far)
        place[i] = (far - _MIDDLE) / (far + _MIDDLE)
        power[i] = _COEFFICIENTS[0]
    # Some powers at a time, for all numbers: a loop over powers for each number would take them one by one.
    for start in range(1, _DEGREE + 1, 4):
        a, b = _COEFFICIENTS[start], _COEFFICIENTS[start + 1]
        c, d = _COEFFICIENTS[start + 2], _COEFFICIENTS[start + 3]
        for i in range(n):
            t = place[i]
            power[i] = (((power[i] * t + a) * t + b) * t + c) * t + d
    for i in range(n):
        below = tail[i] * power[i]
        x[i] = below if x[i] < 0.0 else 1.0 - below


@compiled
def _gather(
    mean: Floats, precision: Floats, own: Floats, n: int, sums: Floats, bits: Integers, power: Floats, spare: Floats
) -> None:
    """Sum 1/d, |x|^2/d and x/d (rows of `sums`, from 3 on) over members, the product of d and its logarithm so far."""
    dims = mean.shape[1]
    product, logs, strength, length = sums[0], sums[1], sums[2], sums[3]
    for i in range(n):
        product[i], logs[i], strength[i], length[i] = 1.0, 0.0, 0.0, 0.0
    for d in range(dims):
        told = sums[4 + d]
        for i in range(n):
            told[i] = 0.0
    for e in range(precision.size):
        given, square = 1.0 / precision[e], 0.0
        for d in range(dims):
            square += mean[e, d] ** 2
        for i in range(n):
            variance = given + own[i]
            inverse = 1.0 / variance
            product[i] *= variance
            strength[i] += inverse
            length[i] += square * inverse
            spare[i] = inverse
        for d in range(dims):
            told, x = sums[4 + d], mean[e, d]
            for i in range(n):
                told[i] += x * spare[i]
        # A long product would leave the range of numbers.
        if e % _FACTORS == _FACTORS - 1:
            take_logs(product, n, bits, power, spare)
            for i in range(n):
                logs[i] += product[i]
                product[i] = 1.0


@compiled
def _settle(
    n: int,
    helmert: Floats,
    half: Floats,
    common: Floats,
    sums: Floats,
    base: Floats,
    strength: Floats,
    pull: Floats,
    bits: Integers,
    power: Floats,
    spare: Floats,
) -> None:
    """Fill in what no explanation changes of the log-likelihood at n nodes, the precision, and what is said of each."""
    dims, hypotheses = helmert.shape
    product, logs, seen, length = sums[0], sums[1], sums[2], sums[3]
    spread_out = 1.0 - 1.0 / hypotheses
    for i in range(n):
        swell = 1.0 + common[i] * seen[i]
        product[i] *= swell
        base[i] = 1.0 / swell
        strength[i] = seen[i] * base[i]
        spare[i] = 0.0
    for d in range(dims):
        told = sums[4 + d]
        for i in range(n):
            spare[i] += told[i] * told[i]
            told[i] *= base[i]
    for i in range(n):
        flat = common[i] * spare[i] * base[i] - half[i] * half[i] * spread_out * strength[i]
        base[i] = 0.5 * (flat - length[i] - dims * logs[i])
    take_logs(product, n, bits, power, spare)
    for i in range(n):
        base[i] -= 0.5 * dims * product[i]
    for k in range(hypotheses):
        row = pull[k]
        for i in range(n):
            row[i] = 0.0
        for d in range(dims):
            told, share = sums[4 + d], helmert[d, k]
            for i in range(n):
                row[i] += told[i] * share


@compiled
def _select(
    begin: int,
    share: float,
    s: float,
    towards: Floats,
    node_weight: Floats,
    half: Floats,
    strength: Floats,
    pull: Floats,
    f: Floats,
    total: Floats,
    rate: Floats,
    work: Floats,
    bits: Integers,
    power: Floats,
) -> None:
    """Sum, at one node of r, what is reported over the nodes of v, and how probable it was that it would be."""
    n, length = half.size, (towards**2).sum()
    # The favoured explanation stands to its rivals in one way, and each of these to it in another.
    high, low = towards.max(), towards.min()
    drawn = work[5]
    for i in range(n):
        drawn[i] = 0.0
    for k in range(towards.size):
        row, share_of = pull[k, begin : begin + n], towards[k]
        for i in range(n):
            drawn[i] += row[i] * share_of
    first, second, third, fourth = work[0], work[1], work[2], work[3]
    for i in range(n):
        rest = half[i] * share - half[i] * half[i] * strength[i]
        deviation = math.sqrt(max(length * rest, LEAST_VARIANCE))
        ratio = math.sqrt(half[i] * share / length)
        first[i] = -(rest * high + half[i] * drawn[i]) / deviation
        second[i] = -(rest * low + half[i] * drawn[i]) / deviation
        third[i] = -ratio * high
        fourth[i] = -ratio * low
    for row_of in range(4):
        take_cdfs(work[row_of], n, bits, power, work[4], work[5])
    for k in range(towards.size):
        side = 0 if towards[k] == high else 1
        row, told, known = f[k, begin : begin + n], work[side], work[2 + side]
        reported, probable = 0.0, 0.0
        for i in range(n):
            reported += row[i] * (1.0 - s * told[i])
            probable += node_weight[i] * (1.0 - s * known[i])
        total[k], rate[k] = reported, probable


@compiled
def _average(
    weight: Floats, quality: float, total: Floats, rate: Floats, peak: Floats, count: int, mixed: Floats, into: Floats
) -> None:
    """Average one cluster over redundancy, which the weights do not update, and take logarithms."""
    top, amount = peak[0], 0.0
    for q in range(1, count):
        top = max(top, peak[q])
    for k in range(into.size):
        into[k] = LEAST
    for q in range(count):
        share = weight[q] if count > 1 else 1.0
        level = mix(total[q], rate[q], quality, mixed)
        for k in range(into.size):
            into[k] += share * mixed[k] / level
        amount += share * level * math.exp(peak[q] - top)
    for k in range(into.size):
        into[k] = math.log(into[k]) + math.log(amount) + top


def _fill(
    result: Floats,
    scale: Floats,
    noise: Floats,
    bias: Floats,
    range_factor: Floats,
    shared: Floats,
    common_error: Floats,
    r_eta: Floats,
    log_v: Floats,
    sd_log_v: Floats,
    weight: Floats,
    stated: Floats,
    stated_variance: Floats,
    start: Integers,
    helmert: Floats,
    redundancy: Floats,
    redundancy_weight: Floats,
    reliability: Floats,
    towards: Floats,
    selectivity: Any,
    node: Floats,
    node_weight: Floats,
) -> None:
    """Fill in log p(y_g | k) of every cluster, shape (D, G, K); the rest as `kernel.forward` takes it, for D draws."""
    (dims, hypotheses), (levels, nodes) = helmert.shape, (redundancy.shape[1], node.size)
    width = levels * nodes
    half, own, common, base, strength, greatest = np.empty((6, width))
    sums, work = np.empty((4 + dims, width)), np.empty((6, width))
    pull, f = np.empty((hypotheses, width)), np.empty((hypotheses, width))
    total, rate, peak = np.empty((levels, hypotheses)), np.ones((levels, hypotheses)), np.empty(levels)
    mixed = np.empty(hypotheses)
    bits = np.zeros(width, dtype=np.int64)
    power = bits.view(np.float64)
    s = selectivity[()]
    for draw in range(result.shape[0]):
        mean, precision, constant, together = reduce_coders(
            weight,
            stated,
            stated_variance,
            scale[draw],
            noise[draw],
            bias[draw],
            range_factor[draw],
            shared[draw],
            common_error[draw],
        )
        half_v = 0.5 * np.exp(log_v[draw] + sd_log_v[draw] * node)
        for g in range(start.size - 1):
            first, last = start[g], start[g + 1]
            size = last - first
            count = nodes_of(first, last, redundancy[g])
            n = count * nodes
            spread(
                count,
                half_v,
                redundancy[g],
                together[first:last].sum() / size,
                r_eta[draw] if size > 1 else 0.0,
                half,
                own,
                common,
            )
            _gather(mean[first:last], precision[first:last], own, n, sums, bits, power, work[0])
            _settle(n, helmert, half, common, sums, base, strength, pull, bits, power, work[0])
            for i in range(n):
                greatest[i] = -np.inf
            for k in range(hypotheses):
                row, said = f[k], pull[k]
                for i in range(n):
                    row[i] = half[i] * said[i]
                    greatest[i] = max(greatest[i], row[i])
            for q in range(count):
                begin, end = q * nodes, (q + 1) * nodes
                top = -np.inf
                for i in range(begin, end):
                    top = max(top, base[i] + greatest[i])
                for i in range(begin, end):
                    base[i] -= top
                peak[q] = top
            for k in range(hypotheses):
                row = f[k]
                for i in range(n):
                    row[i] += base[i]
                exponentiate(row, n, bits, power)
            for q in range(count):
                begin, end = q * nodes, (q + 1) * nodes
                for k in range(hypotheses):
                    row = f[k, begin:end]
                    amount = 0.0
                    for i in range(nodes):
                        row[i] *= node_weight[i]
                        amount += row[i]
                    total[q, k] = amount
                if s > 0.0:
                    _select(
                        begin,
                        size / (1.0 + (size - 1.0) * redundancy[g, q]),
                        s,
                        towards,
                        node_weight,
                        half[begin:end],
                        strength[begin:end],
                        pull,
                        f,
                        total[q],
                        rate[q],
                        work,
                        bits,
                        power,
                    )
            _average(redundancy_weight[g], reliability[g], total, rate, peak, count, mixed, result[draw, g])
            fixed = constant[first:last].sum() - 0.5 * dims * _LOG_2PI * size
            for k in range(hypotheses):
                result[draw, g, k] += fixed


def _threaded() -> Callable[..., None]:
    """Compile the loops so that threads may share the draws out, and keep what was compiled for the next time."""
    options: dict[str, Any] = {"fastmath": {"reassoc", "contract", "nsz"}, "error_model": "numpy", "nogil": True}
    try:
        return cast("Callable[..., None]", numba.njit(cache=True, **options)(_fill))
    except RuntimeError:
        # There is no folder in which it could be kept: compile it each time.
        return cast("Callable[..., None]", numba.njit(**options)(_fill))


#: Fills in the cluster log-likelihoods of draws: see `_fill`.
fill = _threaded()
