"""The cluster likelihood once more, for many draws and nothing but its value: see `fill`.

`inference.kernel` holds on to all that a gradient needs, and its innermost loops run over the nodes of one draw. Here
nothing is held beyond a cluster, and the innermost loops run over draws, which lie next to each other in memory: so
everything is done for several draws at a time, what belongs to a coder or a cluster as well as what belongs to a node.
Logarithms are taken so too, and the normal distribution function, of which selection needs four values at each node
whatever the number of explanations. That is what thousands of evaluations of hundreds of draws wait for.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from numpy.typing import NDArray

from bayestrace.inference.kernel import LEAST, LEAST_VARIANCE, nodes_of
from bayestrace.inference.rowwise import compiled, exponentiate, take_cdfs, take_logs

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_LOG_2PI = math.log(2.0 * math.pi)
# Variances multiplied before a logarithm is taken.
_FACTORS = 16


class _Room(NamedTuple):
    """Room for one cluster: M members, J coders, K explanations in C contrasts, R and V nodes; N draws come last."""

    # What a member's coders are reduced to, (M, C, N), its variance and its squared length, (M, N).
    mean: Floats
    given: Floats
    square: Floats
    # What that leaves over; the variance of errors that members make each by itself, and all alike, (N,).
    constant: Floats
    apart: Floats
    tied: Floats
    # v/2, and the variance that members have in common, (V, N).
    half: Floats
    common: Floats
    # Over members: the product of variances d, the logarithm of its first factors, sums of |x|^2/d, 1/d, (V, N), and
    # x/d, (C, V, N).
    product: Floats
    logs: Floats
    length: Floats
    strength: Floats
    told: Floats
    # Of the log-likelihood what no explanation changes, (V, N); then the likelihood over its peak, (K, V, N).
    base: Floats
    f: Floats
    # How probable it was to be left out: given what was said and before that, for the favoured and for others.
    cdfs: Floats
    # Summed over v: what is reported and how probable it was to be, (R, K, N); the logarithm of the peak, (R, N).
    total: Floats
    rate: Floats
    peak: Floats
    # The result, (K, N).
    into: Floats
    # Variances of coders, (J, N), and what is at hand for anything else, (N,) and (V N,).
    variance: Floats
    own: Floats
    bits: Integers
    power: Floats
    spare: Floats
    tail: Floats


@compiled
def _room(members: int, coders: int, dims: int, hypotheses: int, levels: int, nodes: int, n: int) -> _Room:
    longest = nodes * n
    bits = np.zeros(longest, dtype=np.int64)
    return _Room(
        mean=np.empty((members, dims, n)),
        given=np.empty((members, n)),
        square=np.empty((members, n)),
        constant=np.empty(n),
        apart=np.empty(n),
        tied=np.empty(n),
        half=np.empty((nodes, n)),
        common=np.empty((nodes, n)),
        product=np.empty((nodes, n)),
        logs=np.empty((nodes, n)),
        length=np.empty((nodes, n)),
        strength=np.empty((nodes, n)),
        told=np.empty((dims, nodes, n)),
        base=np.empty((nodes, n)),
        f=np.empty((hypotheses, nodes, n)),
        cdfs=np.empty((4, nodes, n)),
        total=np.empty((levels, hypotheses, n)),
        rate=np.empty((levels, hypotheses, n)),
        peak=np.empty((levels, n)),
        into=np.empty((hypotheses, n)),
        variance=np.empty((coders, n)),
        own=np.empty(n),
        bits=bits,
        power=bits.view(np.float64),
        spare=np.empty(longest),
        tail=np.empty(longest),
    )


@compiled
def _reduce(
    first: int, last: int, theta: Any, weight: Floats, stated: Floats, stated_variance: Floats, room: _Room
) -> None:
    """Reduce the coders of each member to one, as `kernel.reduce_coders` does, and share the members' errors out."""
    (coders, dims), n, size = weight.shape[1:], room.own.size, last - first
    mean, constant, together, precision, gain = room.mean, room.constant, room.tied, room.strength[0], room.own
    logs, away = room.logs[0], room.length[0]
    for i in range(n):
        constant[i], together[i] = -0.5 * dims * _LOG_2PI * size, 0.0
    for e in range(first, last):
        m, spoke = e - first, stated[e].sum()
        mean[m] = 0.0
        for i in range(n):
            precision[i], room.square[m, i] = 0.0, 0.0
            together[i] += theta.common_error[i] ** 2
        for j in range(coders):
            if stated[e, j] == 0.0:
                continue
            variance = room.variance[j]
            for i in range(n):
                logs[i] = theta.range_factor[i] ** 2 * stated_variance[e, j]
            for i in range(n):
                together[i] += theta.shared[i] * logs[i] / spoke
            for i in range(n):
                variance[i] = theta.noise[j, i] ** 2 + (1.0 - theta.shared[i]) * logs[i]
            for i in range(n):
                gain[i] = theta.scale[j, i] / variance[i]
                precision[i] += gain[i] * theta.scale[j, i]
            logs[:] = variance
            take_logs(logs, n, room.bits, room.power, room.spare)
            for i in range(n):
                constant[i] -= 0.5 * dims * (_LOG_2PI + logs[i])
            for d in range(dims):
                for i in range(n):
                    mean[m, d, i] += gain[i] * (weight[e, j, d] - theta.bias[d, j, i])
        for i in range(n):
            room.given[m, i] = 1.0 / precision[i]
        for d in range(dims):
            for i in range(n):
                mean[m, d, i] *= room.given[m, i]
                room.square[m, i] += mean[m, d, i] ** 2
        for j in range(coders):
            if stated[e, j] == 0.0:
                continue
            away[:] = 0.0
            for d in range(dims):
                for i in range(n):
                    away[i] += (weight[e, j, d] - theta.bias[d, j, i] - theta.scale[j, i] * mean[m, d, i]) ** 2
            for i in range(n):
                constant[i] -= 0.5 * away[i] / room.variance[j, i]
        take_logs(precision, n, room.bits, room.power, room.spare)
        for i in range(n):
            constant[i] -= 0.5 * dims * (precision[i] - _LOG_2PI)
    for i in range(n):
        eta, linked = together[i] / size, theta.r_eta[i] if size > 1 else 0.0
        room.apart[i], room.tied[i] = eta * (1.0 - linked), eta * linked


@compiled
def _gather(v: int, members: int, r: float, room: _Room) -> None:
    """Sum over the members of a cluster at one node of v and r."""
    dims, n = room.told.shape[0], room.own.size
    own, inverse, half, common, product = room.own, room.spare, room.half[v], room.common[v], room.product[v]
    logs, length, strength = room.logs[v], room.length[v], room.strength[v]
    for i in range(n):
        own[i], common[i] = half[i] * (1.0 - r) + room.apart[i], half[i] * r + room.tied[i]
    product[:], logs[:], length[:], strength[:] = 1.0, 0.0, 0.0, 0.0
    for m in range(members):
        given, square = room.given[m], room.square[m]
        for i in range(n):
            variance = given[i] + own[i]
            inverse[i] = 1.0 / variance
            product[i] *= variance
        for i in range(n):
            length[i] += square[i] * inverse[i]
            strength[i] += inverse[i]
        for d in range(dims):
            told, mean = room.told[d, v], room.mean[m, d]
            if m == 0:
                told[:] = 0.0
            for i in range(n):
                told[i] += mean[i] * inverse[i]
        # A long product would leave the range of numbers.
        if m % _FACTORS == _FACTORS - 1:
            take_logs(product, n, room.bits, room.power, room.spare)
            for i in range(n):
                logs[i] += product[i]
                product[i] = 1.0


@compiled
def _explain(q: int, helmert: Floats, room: _Room) -> None:
    """Fill in the log-likelihood of each explanation over the greatest, at all nodes of v."""
    (dims, hypotheses), (nodes, n) = helmert.shape, room.half.shape
    # Rows of all nodes and draws.
    long = nodes * n
    half, common, product, logs = room.half.ravel(), room.common.ravel(), room.product.ravel(), room.logs.ravel()
    strength, base, greatest = room.strength.ravel(), room.base.ravel(), room.length.ravel()
    told, f, pull, shrink = room.told.reshape((dims, long)), room.f.reshape((hypotheses, long)), room.spare, room.tail
    spread_out = 1.0 - 1.0 / hypotheses
    pull[:] = 0.0
    for d in range(dims):
        for i in range(long):
            pull[i] += told[d, i] ** 2
    for i in range(long):
        swell = 1.0 + common[i] * strength[i]
        product[i] *= swell
        shrink[i] = 1.0 / swell
    for i in range(long):
        strength[i] *= shrink[i]
    for i in range(long):
        flat = common[i] * pull[i] * shrink[i] - half[i] * half[i] * spread_out * strength[i]
        base[i] = 0.5 * (flat - greatest[i] - dims * logs[i])
    for i in range(long):
        pull[i] = half[i] * shrink[i]
    for d in range(dims):
        for i in range(long):
            told[d, i] *= pull[i]
    take_logs(product, long, room.bits, room.power, room.spare)
    for i in range(long):
        base[i] -= 0.5 * dims * product[i]
    greatest[:] = -np.inf
    for k in range(hypotheses):
        f[k] = 0.0
        for d in range(dims):
            for i in range(long):
                f[k, i] += told[d, i] * helmert[d, k]
        for i in range(long):
            greatest[i] = max(greatest[i], f[k, i])
    peak = room.peak[q]
    peak[:] = -np.inf
    for v in range(nodes):
        for i in range(n):
            peak[i] = max(peak[i], room.base[v, i] + room.length[v, i])
    for v in range(nodes):
        for i in range(n):
            room.base[v, i] -= peak[i]
    for k in range(hypotheses):
        for i in range(long):
            f[k, i] += base[i]


@compiled
def _select(q: int, share: float, s: float, towards: Floats, helmert: Floats, node_weight: Floats, room: _Room) -> None:
    """Fill in how probable it was that the cluster would be left out, and sum how probable to be reported."""
    (dims, nodes, n), length = room.told.shape, (towards**2).sum()
    long = nodes * n
    half, strength, drawn = room.half.ravel(), room.strength.ravel(), room.spare
    told, cdfs = room.told.reshape((dims, long)), room.cdfs.reshape((4, long))
    # The favoured explanation stands to its rivals in one way, and each of these to it in another.
    high, low = towards.max(), towards.min()
    drawn[:] = 0.0
    for d in range(dims):
        leaning = (helmert[d] * towards).sum()
        for i in range(long):
            drawn[i] += told[d, i] * leaning
    rest, inverse = room.tail, cdfs[2]
    for i in range(long):
        rest[i] = half[i] * share - half[i] * half[i] * strength[i]
    for i in range(long):
        inverse[i] = 1.0 / math.sqrt(max(length * rest[i], LEAST_VARIANCE))
    for i in range(long):
        cdfs[0, i] = -(rest[i] * high + drawn[i]) * inverse[i]
        cdfs[1, i] = -(rest[i] * low + drawn[i]) * inverse[i]
    for i in range(long):
        ratio = math.sqrt(half[i] * share / length)
        cdfs[2, i], cdfs[3, i] = -ratio * high, -ratio * low
    for row in range(4):
        take_cdfs(cdfs[row], long, room.bits, room.power, room.spare, room.tail)
    for k in range(towards.size):
        before, rate = room.cdfs[2 if towards[k] == high else 3], room.rate[q, k]
        rate[:] = 0.0
        for v in range(nodes):
            for i in range(n):
                rate[i] += node_weight[v] * (1.0 - s * before[v, i])


@compiled
def _sum(q: int, s: float, towards: Floats, node_weight: Floats, room: _Room) -> None:
    """Sum the likelihood of what was reported over the nodes of v."""
    (hypotheses, nodes, n), high = room.f.shape, towards.max()
    for k in range(hypotheses):
        f, total = room.f[k], room.total[q, k]
        exponentiate(f.ravel(), nodes * n, room.bits, room.power)
        if s > 0.0:
            row, left_out = f.ravel(), room.cdfs[0 if towards[k] == high else 1].ravel()
            for i in range(nodes * n):
                row[i] *= 1.0 - s * left_out[i]
        total[:] = 0.0
        for v in range(nodes):
            for i in range(n):
                total[i] += node_weight[v] * f[v, i]


@compiled
def _average(weight: Floats, quality: float, count: int, room: _Room) -> None:
    """Average one cluster over redundancy, which the weights do not update, and take logarithms."""
    (hypotheses, n), into, peak = room.into.shape, room.into, room.peak
    top, amount, seen, reported, level = room.own, room.product[0], room.length[0], room.logs[0], room.base[0]
    top[:] = -np.inf
    for q in range(count):
        for i in range(n):
            top[i] = max(top[i], peak[q, i])
    amount[:], into[:] = 0.0, LEAST
    for q in range(count):
        share, total, rate = weight[q] if count > 1 else 1.0, room.total[q], room.rate[q]
        seen[:], reported[:], level[:] = 0.0, 0.0, 0.0
        for k in range(hypotheses):
            for i in range(n):
                seen[i] += total[k, i]
                reported[i] += rate[k, i]
        # What is so is mixed with what is not, as in `kernel.mix`.
        for k in range(hypotheses):
            for i in range(n):
                total[k, i] = quality * total[k, i] / rate[k, i] + (1.0 - quality) * seen[i] / reported[i]
                level[i] += total[k, i] / hypotheses
        for k in range(hypotheses):
            for i in range(n):
                into[k, i] += share * total[k, i] / level[i]
        for i in range(n):
            peak[q, i] -= top[i]
        exponentiate(peak[q], n, room.bits, room.power)
        for i in range(n):
            amount[i] += share * level[i] * peak[q, i]
    take_logs(amount, n, room.bits, room.power, room.spare)
    for k in range(hypotheses):
        take_logs(into[k], n, room.bits, room.power, room.spare)
        for i in range(n):
            into[k, i] += amount[i] + top[i] + room.constant[i]


def _fill(
    result: Floats,
    theta: Any,
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
    """Fill in log p(y_g | k) of every cluster, shape (N, G, K), for N draws.

    `theta` is a `signal.Hyperparameters` of which all axes stand in reverse; the rest is as `kernel.forward` takes it.
    """
    (dims, hypotheses), n, most, s = helmert.shape, result.shape[0], 0, selectivity[()]
    for g in range(start.size - 1):
        most = max(most, start[g + 1] - start[g])
    room = _room(most, weight.shape[1], dims, hypotheses, redundancy.shape[1], node.size, n)
    for v in range(node.size):
        for i in range(n):
            room.half[v, i] = 0.5 * math.exp(theta.log_v[i] + theta.sd_log_v[i] * node[v])
    room.rate[:] = 1.0
    for g in range(start.size - 1):
        first, last = start[g], start[g + 1]
        size, count = last - first, nodes_of(first, last, redundancy[g])
        _reduce(first, last, theta, weight, stated, stated_variance, room)
        for q in range(count):
            r = redundancy[g, q]
            for v in range(node.size):
                _gather(v, size, r, room)
            _explain(q, helmert, room)
            if s > 0.0:
                _select(q, size / (1.0 + (size - 1.0) * r), s, towards, helmert, node_weight, room)
            _sum(q, s, towards, node_weight, room)
        _average(redundancy_weight[g], reliability[g], count, room)
        for i in range(n):
            for k in range(hypotheses):
                result[i, g, k] = room.into[k, i]


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
