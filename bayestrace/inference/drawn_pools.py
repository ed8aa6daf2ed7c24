"""Pools whose contents are sampled, in coordinates in which a sampler moves easily: a part of the PyMC model.

Where joint explanations are too many to tabulate, what pools contain, the weights of their levels and their
concentration are drawn (docs/inference.md 4). Shifts and scales of the coordinates make that quick and change nothing.
"""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import UsageFault
from bayestrace.inference import clues
from bayestrace.inference.backend import Array
from bayestrace.inference.shares import Look, look

Integers = NDArray[np.int64]

#: Stands for a prior probability of zero where its logarithm or reciprocal is taken.
LEAST = 1e-12
# Many cases tell the weights of levels apart where these are of one size, to about one on the scale of logits.
_LEVELS_TOLD = 1.0


def case_prior(problem: xr.Dataset) -> tuple[Array, Integers]:
    """P(Z_c = k) given sampled pools: a row for all cases that take part in the same ones, and the row of each case."""
    pools, weight, prior = problem["pool"].values, problem["level_weight"].values, problem["prior"].values
    used = np.flatnonzero(weight > 0)
    shared = [level for level in used if level < weight.size - 1]
    names = list(dict.fromkeys(pools[:, shared].T.reshape(-1)))
    model = pm.modelcontext(None)
    model.add_coords({"level": list(problem["level"].values), "pool_name": names})
    omega = pt.as_tensor(np.where(weight > 0, 1.0, 0.0))
    if used.size > 1:
        drawn = dirichlet("omega_raw", pt.as_tensor(weight[used]), None if _untold(problem) else _LEVELS_TOLD)
        omega = pt.set_subtensor(pt.zeros(weight.size)[used], drawn)
    pm.Deterministic("omega", omega, dims="level")
    kappa = pm.Deterministic("kappa", _kappa(problem))
    distinct, row = np.unique(pools[:, shared], axis=0, return_inverse=True)
    # The own pool of a case is used by that case alone, so its content integrates out to the prior.
    total = omega[weight.size - 1] * pt.as_tensor(np.broadcast_to(prior, (len(distinct), prior.size)))
    if names:
        place = np.array([[names.index(name) for name in column] for column in pools[:, shared].T])
        content = _contents(problem, place, omega, kappa)
        pm.Deterministic("pool", content, dims=("pool_name", "hypothesis"))
        for level, column in zip(shared, distinct.T, strict=True):
            total = total + omega[level] * content[[names.index(name) for name in column]]
    pm.Deterministic("case_prior", total[row.ravel()], dims=("case", "hypothesis"))
    return total, row.ravel()


def _untold(problem: xr.Dataset) -> bool:
    """Say whether nothing is known beforehand of where pools will be: without clues, or with cases that were chosen."""
    return not clues.in_problem(problem) or "case_path" in problem


def _kappa(problem: xr.Dataset) -> Array:
    nodes = problem["kappa"].values
    if not nodes.any():
        raise UsageFault("kappa-zero")
    if nodes.size == 1:
        return pt.as_tensor(nodes[0])
    low, high = problem.attrs["kappa_low"], problem.attrs["kappa_high"]
    return pt.exp(pm.Uniform("log_kappa_raw", np.log(low), np.log(high)))


def _contents(problem: xr.Dataset, place: Integers, omega: Array, kappa: Array) -> Array:
    """Shares of explanations in each shared pool, shape (pool, hypothesis); `place` (level, case) says who is in which.

    Where clues tell about how many cases each explanation has, levels are drawn in turn, each about what is left to it.
    """
    prior, pools = problem["prior"].values, int(place.max()) + 1
    alpha = kappa * pt.as_tensor(np.tile(prior, (pools, 1)))
    if _untold(problem):
        return dirichlet("pool_raw", alpha)
    member = (place[:, None] == np.arange(pools)[:, None]).any(axis=0).astype(np.float64)
    seen = look(problem, member)
    scaled = pm.Flat("pool_raw", shape=(pools, prior.size - 1))
    shared = np.flatnonzero(problem["level_weight"].values[:-1] > 0)
    spread = prior * (1.0 - prior) / (1.0 + kappa)
    done: list[Array] = []
    density = 0.0
    for turn, level in enumerate(shared):
        here = np.unique(place[turn])
        among = member[here] / member[here].sum(axis=1, keepdims=True)
        left = seen.share[here] - omega[-1] * prior
        for before, content in zip(shared, done, strict=False):
            inside = among @ member[np.unique(place[list(shared).index(before)])].T
            left = left - omega[before] * (inside[:, :, None] * content).sum(axis=1)
        later = pt.zeros((here.size, prior.size))
        for further in range(turn + 1, shared.size):
            met = (among @ member[np.unique(place[further])].T > 0).sum(axis=1)
            later = later + (omega[shared[further]] ** 2 / met)[:, None] * spread
        about = _about(Look(*(part[here] for part in seen)), left, omega[level], later)
        content, log_density = _sticks(scaled[here], alpha[here], *about)
        done.append(content)
        density = density + log_density
    pm.Potential("pool_raw_density", density)
    return pt.concatenate(done, axis=0)


def _about(seen: Look, left: Array, omega: Array, later: Array) -> tuple[Array, Array]:
    """About where the data want the sticks of pools at one level, and how narrowly, shapes (pool, hypothesis - 1).

    Parameters
    ----------
    seen
        Of these pools.
    left
        What is left of their cases' shares once other levels have taken theirs, shape (pool, hypothesis).
    omega
        Weight of the level.
    later
        Variance that levels not yet drawn add to the shares.

    Notes
    -----
    A share that is used up has no logarithm; it counts as what it takes to be overlooked. A case's share is omega times
    the pool's and something else, so that of what is known of the logarithm of its sticks, x', only the part
    (dx'/dx)^2 is known of the pool's, x, less what later levels may account for.
    """
    some = 0.5 * (left + pt.sqrt(left**2 + 4.0 * seen.error**2))
    some = some / some.sum(axis=-1, keepdims=True)
    after, after_seen = _after(some), np.asarray(_after(seen.share))
    stick, rest = some[:, :-1], after[:, 1:]
    stick_seen = np.maximum(seen.share[:, :-1] * after_seen[:, 1:] / np.maximum(after_seen[:, :-1], LEAST), LEAST)
    slope = omega * stick * rest / after[:, :-1] / stick_seen
    unsure = 1.0 + seen.information * later[..., :-1] / stick_seen**2
    return pt.log(stick) - pt.log(rest), seen.information * slope**2 / unsure


def _after(x: Array) -> Array:
    """Sum along the last axis from each element to the end."""
    return x[..., ::-1].cumsum(axis=-1)[..., ::-1]


def dirichlet(name: str, alpha: Array, told: float | None = None) -> Array:
    """Draw rows from Dirichlet(alpha), sampled as `_sticks` has it, with the information `told` on even sticks."""
    shape = tuple(size - (place == alpha.ndim - 1) for place, size in enumerate(alpha.type.shape))
    about = () if told is None else (0.0, told)
    content, density = _sticks(pm.Flat(name, shape=shape), alpha, *about)
    pm.Potential(f"{name}_density", density)
    return content


def _sticks(
    scaled: Array, alpha: Array, centre: Array | None = None, information: Array | None = None
) -> tuple[Array, Array]:
    """Make rows from Dirichlet(alpha) with concentrations far below 1, where simplex transforms stall a sampler.

    By stick-breaking: v_i ~ Beta(a, b) with a = alpha_i and b = the sum of what follows. In x = logit v its density
    is exp(a x)/(1 + e^x)^(a+b)/B(a, b): log-concave, with exponential tails of rates a and b. Scaled by 1/a + 1/b it
    has neither a wall nor a steep place, however small a and b are. Where the data say about where x is and with how
    much information, x is measured from there in units of what they leave of it: a shift and a scale, which change no
    distribution.

    Returns
    -------
    content, log_density
        Rows that sum to one, and the log-density of `scaled`.
    """
    rest = _after(alpha)
    a, b = pt.maximum(alpha[..., :-1], LEAST), pt.maximum(rest[..., 1:], LEAST)
    stretch = 1.0 / a + 1.0 / b
    x = scaled * stretch
    if centre is not None:
        told = information * stretch**2
        unit = stretch / pt.sqrt(1.0 + told)
        x = centre * told / (1.0 + told) + unit * pt.sinh(scaled)
        stretch = unit * pt.cosh(scaled)
    log_beta = pt.gammaln(a) + pt.gammaln(b) - pt.gammaln(a + b)
    density = (a * x - (a + b) * pt.softplus(x) - log_beta + pt.log(stretch)).sum()
    end = pt.zeros_like(x[..., :1])
    log_kept = pt.concatenate([end, pt.cumsum(-pt.softplus(x), axis=-1)], axis=-1)
    log_taken = pt.concatenate([-pt.softplus(-x), end], axis=-1)
    return pt.exp(log_kept + log_taken), density
