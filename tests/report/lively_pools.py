"""The second route of pages past enumeration: each block's explanations listed one by one, each concentration apart."""

from __future__ import annotations

import dataclasses
import itertools
import json
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from lively import Fit, Floats, fit, published
from lively_engine import State, clusters_of, standpoint_of
from scipy.special import gammaln

from bayestrace.allocation import allot
from bayestrace.inference import answer
from bayestrace.sensitivity.draws import Stored, loglik_of
from bayestrace.sensitivity.reweight import Weighed, reweigh
from bayestrace.sensitivity.standpoints import Standpoints

#: Probabilities that are nothing but rounding, and no ground to put others right.
LEAST = 1e-9
Integers = np.ndarray[Any, np.dtype[np.int64]]


def pool_fit(**study: Any) -> Fit:
    """Make what `lively.fit` makes, with draws of the pools from their prior, as a fit past enumeration leaves them."""
    made = fit(**study)
    problem, posterior = made.stored.problem, with_pools(made.stored.problem, made.tree["posterior"].to_dataset())
    draws = answer.draws_of(problem, posterior)
    groups = {"problem": problem, "posterior": posterior, "cases": answer.cases(draws), "joint": answer.joint(draws)}
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = made.tree.attrs
    return dataclasses.replace(made, tree=tree)


def with_pools(problem: xr.Dataset, posterior: xr.Dataset) -> xr.Dataset:
    """Draw the concentration, the levels' weights and the contents of the pools, once for each draw."""
    weight, pools, prior = (problem[name].values for name in ("level_weight", "pool", "prior"))
    chains, draws = posterior.sizes["chain"], posterior.sizes["draw"]
    rng = np.random.default_rng(5)
    used = np.flatnonzero(weight > 0)
    low, high = np.log([max(problem.attrs[f"kappa_{end}"], 1e-300) for end in ("low", "high")])
    kappa = np.exp(rng.uniform(low, high, chains * draws))
    omega = np.zeros((chains * draws, weight.size))
    omega[:, used] = rng.dirichlet(weight[used], chains * draws)
    names = list(dict.fromkeys(pools[:, [level for level in used if level < weight.size - 1]].T.reshape(-1)))
    content = _dirichlet(rng, kappa[:, None, None] * np.broadcast_to(prior, (len(names), prior.size)))
    total = omega[:, -1, None, None] * prior + np.zeros((1, pools.shape[0], 1))
    for level in used[used < weight.size - 1]:
        place = [names.index(name) for name in pools[:, level]]
        total = total + omega[:, level, None, None] * content[:, place]

    def shaped(values: Floats) -> Floats:
        return values.reshape(chains, draws, *values.shape[1:])

    return posterior.assign(
        kappa=(("chain", "draw"), shaped(kappa)),
        omega=(("chain", "draw", "level"), shaped(omega)),
        pool=(("chain", "draw", "pool_name", "hypothesis"), shaped(content)),
        case_prior=(("chain", "draw", "case", "hypothesis"), shaped(total)),
    ).assign_coords(pool_name=names)


def _dirichlet(rng: np.random.Generator, alpha: Floats) -> Floats:
    """Draw from Dirichlets of concentrations far below 1 without all shares vanishing; a share of 0 stays 0."""
    some = alpha > 0
    safe = np.where(some, alpha, 1.0)
    logs = np.log(rng.gamma(safe + 1.0)) + np.log(rng.uniform(size=alpha.shape)) / safe
    logs = np.where(some, logs, -np.inf)
    share = np.exp(logs - logs.max(axis=-1, keepdims=True))
    return np.asarray(share / share.sum(axis=-1, keepdims=True))


def allotted(made: Fit, draws: int) -> Integers:
    """Take the levels that the page has been given."""
    posterior = made.tree["posterior"].to_dataset()
    total = posterior.sizes["chain"] * posterior.sizes["draw"]
    kept = np.linspace(0, total - 1, min(draws, total)).round().astype(np.int64)
    return allot(made.stored.problem, posterior, kept, json.loads(made.tree.attrs["settings"])["seed"])


class Told(NamedTuple):
    """Of each of D draws: the log evidence, P(Z_c = k), P(Z_c = Z_d), P(k explains n cases)."""

    log_evidence: Floats
    probability: Floats
    same: Floats
    counts: Floats


class _Block(NamedTuple):
    """Sums over the explanations of a block by concentration, last axis."""

    total: Floats
    margin: Floats
    pair: Floats
    counts: Floats


class _Listed(NamedTuple):
    """All explanations of some cases, (S, n), and which of them have what: indicators with S in front."""

    z: Integers
    margin: Floats
    pair: Floats
    counts: Floats


@cache
def _listed(cases: int, size: int) -> _Listed:
    z = np.array(list(itertools.product(range(size), repeat=cases)), dtype=np.int64)
    onehot = z[:, :, None] == np.arange(size)
    held = onehot.sum(axis=1)[:, :, None] == np.arange(cases + 1)
    rows = (onehot, z[:, :, None] == z[:, None, :], held)
    return _Listed(z, *(one.reshape(z.shape[0], -1).astype(np.float64) for one in rows))


@cache
def _urn(cases: int, prior: tuple[float, ...], kappas: tuple[float, ...]) -> Floats:
    """P of the explanations of one pool's cases, one case after the other, shape (S, N)."""
    z, own, kappa = _listed(cases, len(prior)).z, np.array(prior), np.array(kappas)
    given = np.ones((z.shape[0], kappa.size))
    for place in range(cases):
        first = own[z[:, place]][:, None]
        before = (z[:, :place] == z[:, [place]]).sum(axis=1)[:, None]
        with np.errstate(invalid="ignore"):
            later = np.where(np.isinf(kappa), first, (kappa * first + before) / (kappa + place))
        given *= later if place else first
    return given


def _block(likelihood: Floats, prior: Floats, kappa: Floats) -> _Block:
    cases, size = likelihood.shape
    listed = _listed(cases, size)
    of_z = np.prod([likelihood[case, listed.z[:, case]] for case in range(cases)], axis=0)
    share = _urn(cases, tuple(prior.tolist()), tuple(kappa.tolist())) * of_z[:, None]
    margin, pair, count = (indicator.T @ share for indicator in listed[1:])
    nodes = kappa.size
    return _Block(
        share.sum(axis=0),
        margin.reshape(cases, size, nodes),
        pair.reshape(cases, cases, nodes),
        count.reshape(size, cases + 1, nodes),
    )


def told(problem: xr.Dataset, standpoint: Standpoints, levels: Integers, loglik: Floats) -> Told:
    """Answer within each draw, given the levels that its cases draw on, shape (D, C)."""
    found = [_of_draw(problem, standpoint, row, one) for row, one in zip(levels, loglik, strict=True)]
    return Told(*(np.array(part) for part in zip(*found, strict=True)))


def _of_draw(problem: xr.Dataset, standpoint: Standpoints, levels: Integers, loglik: Floats) -> tuple[Any, ...]:
    pools, prior = problem["pool"].values, standpoint.prior[0]
    kappa, weight = standpoint.kappa, standpoint.kappa_weight[0]
    cases, size = loglik.shape
    top = loglik[:, prior > 0].max(axis=1)
    likelihood = np.exp(np.where(prior > 0, loglik, -np.inf) - top[:, None])
    groups: dict[tuple[int, str], list[int]] = {}
    for case, level in enumerate(levels.tolist()):
        groups.setdefault((level, str(pools[case, level])), []).append(case)
    blocks = [(group, _block(likelihood[group], prior, kappa)) for group in groups.values()]
    belief = weight * np.prod([block.total for _, block in blocks], axis=0)
    evidence = belief.sum()
    probability, same, count = np.zeros((cases, size)), np.eye(cases), np.zeros((size, cases + 1))
    for node, share in enumerate(belief / evidence):
        if share == 0.0:
            continue
        given = np.zeros((cases, size))
        for group, block in blocks:
            given[group] = block.margin[..., node] / block.total[node]
        probability += share * given
        between = given @ given.T
        for group, block in blocks:
            between[np.ix_(group, group)] = block.pair[..., node] / block.total[node]
        same += share * np.where(np.eye(cases) > 0, 0.0, between)
        for k in range(size):
            whole = np.ones(1)
            for _, block in blocks:
                whole = np.convolve(whole, block.counts[k, :, node] / block.total[node])
            count[k] += share * whole
    return np.log(evidence) + top.sum(), probability, same, count


def log_levels(levels: Integers, weight: Floats) -> Floats:
    """Log-probability of the levels that the cases of each draw draw on, shape (D,)."""
    used = np.array([(levels == level).sum(axis=1) for level in range(weight.size)])
    with np.errstate(divide="ignore"):
        each = [
            np.where(count > 0, gammaln(one + count) - gammaln(one), 0.0) if one > 0 else np.log((count == 0) * 1.0)
            for one, count in zip(weight, used, strict=True)
        ]
    return np.asarray(sum(each) + gammaln(weight.sum()) - gammaln(weight.sum() + levels.shape[1]))


def as_fitted(few: Stored, levels: Integers) -> Told:
    """Answer the fitted settings within each of a page's draws."""
    return told(few.problem, standpoint_of(few, {}), levels, few.loglik)


def expected(
    made: Fit, few: Stored, levels: Integers, then: Told, state: State
) -> tuple[dict[str, Floats], Weighed | None]:
    """Answer a state on a page's draws, put right by what all draws say of the fitted settings.

    Parameters
    ----------
    made
        All draws.
    few
        The page's.
    levels
        On which its cases draw, shape (D, C).
    then
        As `as_fitted` gives it.
    state
        What differs from the fit.
    """
    problem, tree = few.problem, made.tree
    joint = tree["joint"].to_dataset()
    all_draws = {
        "probability": published(tree, "cases", pooling="pooled", stat="mean"),
        "same": np.asarray(joint["same"].sel(moment="posterior").values),
        "count": np.asarray(joint["count"].values),
    }
    clusters = clusters_of(few, state)
    if clusters is None and not {"prior", "pooling"} & set(state):
        return all_draws, None
    base, asked = standpoint_of(few, {}), standpoint_of(few, state)
    loglik = few.loglik if clusters is None else loglik_of(problem, clusters)
    same_evidence = bool(np.allclose(loglik, few.loglik, rtol=0.0, atol=1e-9))
    used, fitted = asked.level_weight[0], base.level_weight[0]
    there, ratio = levels, np.zeros(levels.shape[0])
    if np.isinf(asked.kappa).all():
        there = np.full_like(levels, used.size - 1)
    elif (used > 0).sum() == 1:
        there = np.full_like(levels, int(np.flatnonzero(used)[0]))
    else:
        with np.errstate(invalid="ignore"):
            ratio = log_levels(levels, used) - log_levels(levels, fitted)
    now = told(problem, asked, there, loglik)
    log_ratio = now.log_evidence + ratio - then.log_evidence
    weighed = reweigh(log_ratio[np.isfinite(log_ratio)], smooth=not same_evidence)
    weight = np.zeros(log_ratio.size)
    weight[np.isfinite(log_ratio)] = weighed.weight
    result = {}
    drawn = zip(all_draws.items(), (then.probability, then.same, then.counts), now[1:], strict=True)
    for (name, values), fitted_now, asked_now in drawn:
        rows = [values, fitted_now.mean(axis=0), np.tensordot(weight, asked_now, 1)]
        wanted, before, after = [np.stack([one, 1.0 - one], axis=-1) for one in rows] if name == "same" else rows
        put = after * np.divide(wanted, before, out=np.ones_like(before), where=before > LEAST)
        put /= put.sum(axis=-1, keepdims=True)
        result[name] = put[..., 0] if name == "same" else put
    return result, weighed
