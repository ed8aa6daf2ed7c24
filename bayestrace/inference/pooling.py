"""Pool cases exactly: the prior over joint explanations as a table, and what the evidence makes of it.

Each case takes its explanation from one of several pools (common, one per group of each factor, its own). A
crossed mixture of Dirichlet random measures (after Mueller, Quintana and Rosner 2004) whose margins keep the
analyst's prior m exactly. The pools' contents and the weights of the levels integrate out, so that P(Z) over
the K^C configurations is a table.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.weights import log_sum_exp, normalise

Floats = NDArray[np.float64]

#: Configurations, and assignments of levels to cases, above which the pools are sampled instead
#: (docs/performance.md).
TABLE_LIMIT, ASSIGNMENT_LIMIT = 20_000, 70_000
#: Draws worked on at once, to bound memory where the table is large.
BLOCK = 500


class Mixture(NamedTuple):
    """The posterior over Z, draws averaged, as parts in which cases are independent, or drawn without replacement.

    Parameters
    ----------
    weight
        Probability of each part, shape (S,).
    given
        P(Z_c = k | part), shape (S, C, K).
    kind, size
        Which cases are alike, shape (C,), and how many there are of each one's kind, shape (C,): of these a part says
        how many each explanation has, and the cases draw from that number without replacement. None where a part
        makes all cases independent.
    """

    weight: Floats
    given: Floats
    kind: NDArray[np.int64] | None = None
    size: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Table:
    """P(Z) over joint explanations.

    Parameters
    ----------
    z
        Configurations, shape (S, C): the hypothesis index of each case.
    log_p
        Natural-log prior probability of each, shape (S,).
    log_p_kappa
        The same given each node of kappa, shape (S, N).
    level_share
        Expected share of the C cases at each level given the configuration, shape (S, L).
    """

    z: NDArray[np.int64]
    log_p: Floats
    log_p_kappa: Floats
    level_share: Floats


def fits_in_table(problem: xr.Dataset) -> bool:
    """Say whether the joint explanations of a problem can be enumerated.

    Never where a case stands for several, or cases were chosen because of their outcome: then P(Z) is not all of it.
    """
    if "case_path" in problem or ("case_count" in problem and (problem["case_count"].values > 1).any()):
        return False
    cases, hypotheses = problem.sizes["case"], problem.sizes["hypothesis"]
    used = np.flatnonzero(problem["level_weight"].values > 0)
    pools = problem["pool"].values[:, used]
    # With kappa 0 and one level, cases of a pool share their explanation: few configurations are possible.
    free = cases if used.size > 1 or problem["kappa"].values.any() else np.unique(pools).size
    return bool(hypotheses**free <= TABLE_LIMIT and used.size**cases <= ASSIGNMENT_LIMIT)


def build_table(
    pools: NDArray[np.str_], level_weight: Floats, prior: Floats, kappa: Floats, kappa_weight: Floats
) -> Table:
    """Tabulate P(Z).

    Parameters
    ----------
    pools
        Label of the pool of each case at each level, shape (C, L).
    level_weight
        Dirichlet weights a of the levels, shape (L,); a level of weight 0 is never used.
    prior
        m, shape (K,), summing to 1.
    kappa, kappa_weight
        Nodes of the pools' concentration and their probabilities, shape (N,).

    Returns
    -------
    Table
        Configurations of probability zero are left out.

    Notes
    -----
    Given the levels that the cases use, cases that use one pool form a block, and a block with counts n has
    probability Gamma(kappa)/Gamma(kappa + n) * prod_k Gamma(kappa m_k + n_k)/Gamma(kappa m_k)
    (Dirichlet-multinomial, of an ordered sequence). The assignment of levels is Dirichlet-multinomial too.
    Assignments that induce the same partition are collapsed: 256 become 14 for four cases and four levels.
    """
    return _tabulate(_partitions(pools, level_weight), prior, kappa, kappa_weight)


def _tabulate(
    partitions: dict[tuple[tuple[int, ...], ...], _Partition], prior: Floats, kappa: Floats, kappa_weight: Floats
) -> Table:
    blocks = next(iter(partitions))
    cases, size = sum(map(len, blocks)), prior.shape[0]
    z = _configurations(partitions, size, cases, shared=not kappa.any())
    log_p_kappa = np.full((z.shape[0], kappa.size), -np.inf)
    parts: list[tuple[Floats, Floats]] = []
    with np.errstate(divide="ignore"):
        log_kappa = np.log(kappa_weight)
        terms = block_terms(prior, kappa, cases)
        for blocks, entry in partitions.items():
            log_given = _log_p_given_partition(z, blocks, terms) + np.log(entry.mass)
            log_p_kappa = np.logaddexp(log_p_kappa, log_given)
            parts.append((log_sum_exp(log_given + log_kappa), entry.share))
        log_p = log_sum_exp(log_p_kappa + log_kappa)
    keep = np.isfinite(log_p)
    # Relative to P(Z), which may be too small to be written down.
    share = sum(np.exp(part[keep] - log_p[keep])[:, None] * used for part, used in parts)
    return Table(z[keep], log_p[keep], log_p_kappa[keep], np.asarray(share))


def compositions(total: int, parts: int) -> NDArray[np.int64]:
    """List the ways to share a number of equal things out, by stars and bars.

    Returns
    -------
    ndarray, shape (S, parts)
        Rows that sum to `total`; S is C(total + parts - 1, parts - 1).
    """
    # What lies between parts - 1 bars among total + parts - 1 places.
    bars = np.array(list(itertools.combinations(range(total + parts - 1), parts - 1)), dtype=np.int64)
    bars = bars.reshape(math.comb(total + parts - 1, parts - 1), parts - 1)  # a single part: one way, and no bar
    first, last = np.full((bars.shape[0], 1), -1), np.full((bars.shape[0], 1), total + parts - 1)
    return np.asarray(np.diff(np.concatenate([first, bars, last], axis=1), axis=1) - 1)


def _configurations(
    partitions: Iterable[tuple[tuple[int, ...], ...]], size: int, cases: int, *, shared: bool
) -> NDArray[np.int64]:
    """List the joint explanations, shape (S, C); where blocks share one explanation, those that this allows."""
    if not shared:
        return np.array(list(itertools.product(range(size), repeat=cases)), dtype=np.int64).reshape(-1, cases)
    rows = set()
    for blocks in partitions:
        for values in itertools.product(range(size), repeat=len(blocks)):
            held = {case: value for block, value in zip(blocks, values, strict=True) for case in block}
            rows.add(tuple(held[case] for case in range(cases)))
    return np.array(sorted(rows), dtype=np.int64)


@dataclass
class _Partition:
    mass: float
    share: Floats


def _partitions(
    pools: NDArray[np.str_], level_weight: Floats, last_level: int | None = None
) -> dict[tuple[tuple[int, ...], ...], _Partition]:
    """Probability of each partition of the cases into blocks, with its expected use of the levels.

    With a level for the last case: of each partition and of that case using this level.
    """
    used = np.flatnonzero(level_weight > 0)
    cases = pools.shape[0]
    # As in `block_terms`: rising factorials of the weights over those of their sum.
    scale = max(1.0, float(level_weight.max()))
    weight, before = level_weight / scale, np.arange(cases)[:, None] / scale
    with np.errstate(divide="ignore"):
        whole, rising = _rising(np.log(weight.sum() + before))[-1, 0], _rising(np.log(weight + before))
    found: dict[tuple[tuple[int, ...], ...], _Partition] = {}
    last = used if last_level is None else np.array([last_level])
    for levels in map(list, itertools.product(*[used] * (cases - 1), last)):
        counts = np.bincount(levels, minlength=level_weight.size)
        mass = float(np.exp(rising[counts[used], used].sum() - whole))
        blocks: dict[str, list[int]] = {}
        for case, level in enumerate(levels):
            blocks.setdefault(f"{level}/{pools[case, level]}", []).append(case)
        key = tuple(sorted(tuple(block) for block in blocks.values()))
        entry = found.setdefault(key, _Partition(0.0, np.zeros(level_weight.size)))
        entry.mass += mass
        entry.share += mass * counts / cases
    for entry in found.values():
        entry.share /= entry.mass
    return found


def _log_p_given_partition(z: NDArray[np.int64], blocks: Iterable[Sequence[int]], terms: BlockTerms) -> Floats:
    """Log probability of each configuration given the blocks, shape (S, N)."""
    total = np.zeros((z.shape[0], terms.constant.shape[1]))
    for block in blocks:
        total += terms.constant[len(block)]
        for k, of_count in enumerate(terms.of_count[len(block)]):
            total += of_count[(z[:, list(block)] == k).sum(axis=1)]
    return total


class BlockTerms(NamedTuple):
    """The parts of a block's log probability, for blocks of every size n from 0 to C.

    A block whose explanation k occurs n_k times has `constant[n]` + sum_k `of_count[n][k, n_k]`.
    """

    constant: Floats  # (C + 1, N)
    of_count: list[Floats]  # C + 1 arrays of shape (K, n + 1, N)


def block_terms(prior: Floats, kappa: Floats, cases: int) -> BlockTerms:
    """Work out the parts of the log probability of blocks of up to so many cases.

    Notes
    -----
    The quotients of Gamma functions are rising factorials, kappa m_k (kappa m_k + 1).. over kappa (kappa + 1).., whose
    logarithms are added up factor by factor: differences of log-Gammas lose every digit for a great kappa. All factors
    are divided by max(kappa, 1), which leaves the quotient as it is.
    """
    low, high = np.minimum(kappa, 1.0), 1.0 / np.maximum(kappa, 1.0)  # their quotient is kappa
    shared = kappa == 0.0
    before = np.arange(cases)[:, None]
    with np.errstate(divide="ignore"):
        log_prior = np.log(prior)
        below = _rising(np.log(low + before * high))
        above = _rising(np.log(low * prior[:, None, None] + before * high))
    constant = np.where(shared, 0.0, -below)
    of_count = []
    for size in range(cases + 1):
        counts = np.arange(size + 1)[None, :, None]
        # The limit of kappa 0: the cases of a block share one explanation, drawn from the prior.
        one = np.where(counts == 0, 0.0, np.where(counts == size, log_prior[:, None, None], -np.inf))
        of_count.append(np.where(shared, one, above[:, : size + 1]))
    return BlockTerms(constant, of_count)


def _rising(log_factor: Floats) -> Floats:
    """Add up the logarithms of the first 0, 1, 2, .. factors, which stand along the last axis but one."""
    nothing = np.zeros_like(log_factor[..., :1, :])
    return np.concatenate([nothing, np.cumsum(log_factor, axis=-2)], axis=-2)


def table_of(problem: xr.Dataset) -> Table:
    """Tabulate P(Z) for the cases of a problem."""
    return build_table(
        problem["pool"].values,
        problem["level_weight"].values,
        problem["prior"].values,
        problem["kappa"].values,
        problem["kappa_weight"].values,
    )


def table_with_new_case(problem: xr.Dataset, pools: Sequence[str], level: int | None = None) -> Table:
    """Tabulate P(Z, Z_new) with a case not yet seen, whose pools at each level are given, as the last case.

    With a level, one of positive weight: P(Z, Z_new, the new case uses that level).
    """
    every = np.vstack([problem["pool"].values, np.array(pools, dtype=np.str_)[None, :]])
    partitions = _partitions(every, problem["level_weight"].values, level)
    return _tabulate(partitions, problem["prior"].values, problem["kappa"].values, problem["kappa_weight"].values)


def new_case(problem: xr.Dataset, table: Table, pools: Sequence[str], level: int | None = None) -> Floats:
    """P(Z_new = k | Z) = P(Z, Z_new = k)/P(Z) of a case not yet seen, shape (S, K).

    Parameters
    ----------
    problem, table
        A problem, and what `table_of` makes of it.
    pools
        Labels of the pools of the new case at each level.
    level
        If given, P(Z_new = k, the new case uses this level | Z).
    """
    place = {tuple(row): index for index, row in enumerate(table.z)}
    given = np.zeros((table.z.shape[0], problem.sizes["hypothesis"]))
    if level is None or problem["level_weight"].values[level] > 0.0:
        wider = table_with_new_case(problem, pools, level)
        index = np.array([place[tuple(row[:-1])] for row in wider.z])
        given[index, wider.z[:, -1]] = np.exp(wider.log_p - table.log_p[index])
    return given


def ways(problem: xr.Dataset, table: Table, pools: Sequence[str]) -> Floats:
    """P(the new case uses level l and Z_new = k | Z), shape (S, L, K); see `new_case`."""
    return np.stack([new_case(problem, table, pools, level) for level in range(problem.sizes["level"])], axis=1)


def flow(table: Table, loglik: Floats, given: Floats) -> Floats:
    """Average what holds given each configuration, shape (S, ...), over their posterior: shape (D, ...).

    `loglik` has shape (D, C, K).
    """
    flat = given.reshape(given.shape[0], -1)
    # In blocks: the joint of every draw at once would fill the memory where the table is large.
    blocks = [posterior(table, loglik[start : start + BLOCK]) @ flat for start in range(0, loglik.shape[0], BLOCK)]
    return np.concatenate(blocks).reshape(-1, *given.shape[1:])


def log_evidence(table: Table, loglik: Floats) -> Floats:
    """Log of the sum over configurations of prior times likelihood, shape (D,); `loglik` has shape (D, C, K)."""
    blocks = range(0, loglik.shape[0], BLOCK)
    return np.concatenate([log_sum_exp(log_joint(table, loglik[start : start + BLOCK])) for start in blocks])


def weighed(table: Table, log_likelihood: Floats) -> Table:
    """Weigh the configurations of a table by what is said of each as a whole, shape (S,), nats.

    What comes out is no prior any more, and need not sum to 1; `posterior` and all that builds on it take it as one.
    """
    log_likelihood = log_likelihood - log_likelihood.max()
    return replace(table, log_p=table.log_p + log_likelihood, log_p_kappa=table.log_p_kappa + log_likelihood[:, None])


def log_joint(table: Table, loglik: Floats) -> Floats:
    """Log P(Z) + sum_c L_{c, Z_c}, unnormalised.

    Parameters
    ----------
    table
        With S configurations of at least C cases; cases past the C-th have no evidence.
    loglik
        Case log-likelihoods, shape (..., C, K).

    Returns
    -------
    ndarray, shape (..., S)
    """
    cases = loglik.shape[-2]
    return np.asarray(table.log_p + sum(loglik[..., case, table.z[:, case]] for case in range(cases)))


def posterior(table: Table, loglik: Floats) -> Floats:
    """Posterior probability of each configuration, shape (..., S); see `log_joint`."""
    return normalise(log_joint(table, loglik))


def margins(table: Table, probability: Floats, hypotheses: int) -> Floats:
    """P(Z_c = k), shape (..., C, K), from the probabilities of the configurations, shape (..., S)."""
    onehot = table.z[:, :, None] == np.arange(hypotheses)
    flat = onehot.reshape(table.z.shape[0], -1).astype(np.float64)
    return np.asarray((probability @ flat).reshape(*probability.shape[:-1], table.z.shape[1], hypotheses))


def same_explanation(table: Table, probability: Floats) -> Floats:
    """P(Z_c = Z_d) for every pair of cases, shape (..., C, C)."""
    same = (table.z[:, :, None] == table.z[:, None, :]).reshape(table.z.shape[0], -1).astype(np.float64)
    return np.asarray((probability @ same).reshape(*probability.shape[:-1], table.z.shape[1], table.z.shape[1]))


def count_of(table: Table, probability: Floats, hypothesis: int) -> Floats:
    """P(exactly n cases are explained by a hypothesis), n = 0..C, shape (..., C + 1)."""
    counts = (table.z == hypothesis).sum(axis=1)
    indicator = (counts[:, None] == np.arange(table.z.shape[1] + 1)).astype(np.float64)
    return np.asarray(probability @ indicator)


def kappa_posterior(table: Table, loglik: Floats, kappa_weight: Floats) -> Floats:
    """Posterior probability of each node of kappa, shape (..., N)."""
    # The greatest of prior times likelihood is 1, so that neither an unlikely prior nor the evidence leaves nothing.
    evidence = log_joint(table, loglik)
    share = np.exp(evidence - evidence.max(axis=-1, keepdims=True)) @ np.exp(table.log_p_kappa - table.log_p[:, None])
    with np.errstate(divide="ignore"):  # a node may exclude what is left
        return normalise(np.log(share) + np.log(kappa_weight))
