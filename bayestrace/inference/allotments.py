"""Cases with nothing but clues, exactly: how many cases of a kind each explanation has, and what follows.

Cases that are alike in all the study knows are of one *kind*; an *allotment* says how many cases of every kind each
explanation has. Given an allotment the evidence is a product over clues of expectations over their probabilities, and
these are sums: Gauss-Jacobi quadrature is exact for the polynomials that independent clues make. So everything is a
sum over allotments (docs/inference.md 5; Humphreys and Jacobs 2015 sample what is summed here).
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import gammaln, roots_jacobi

from bayestrace.errors import UsageFault
from bayestrace.inference import clues, pooling
from bayestrace.inference.backend import NumPy
from bayestrace.weights import log_sum_exp, normalise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Below this the evidence excludes a joint explanation; see `_EXCLUDED`.
IMPOSSIBLE = -1e100
#: Allotments up to which they are enumerated.
LIMIT = 200_000
# Fewest and most nodes where clues depend on one another, whose joint probability is no polynomial.
_PAIR_NODES = 40, 100
# Log-likelihood of what an explanation excludes: nought times it is nought, which is not so of -inf.
_EXCLUDED = -1e200


class Kinds(NamedTuple):
    """Cases by what is known of them.

    `term` (G, T) outcomes, `pool` (G,) index of the pool at the one level that is used, `size` (G,) how many there
    are, and `of_case` (C,) the kind of each case.
    """

    term: Integers
    pool: Integers
    size: Integers
    of_case: Integers


class Block(NamedTuple):
    """Terms that share no cell with others, and the cells that they have."""

    terms: Integers
    cells: Integers


@dataclass(frozen=True)
class Allotments:
    """Every allotment that prior and evidence allow.

    Parameters
    ----------
    count
        Cases of each kind by explanation, shape (S, G, K).
    log_prior
        By node of kappa, shape (S, N).
    log_weight
        Log of prior times evidence, shape (S,).
    kinds
        What the cases are like.
    """

    count: Integers
    log_prior: Floats
    log_weight: Floats
    kinds: Kinds

    @property
    def of_term(self) -> Integers:
        """Count how often each explanation has each outcome, shape (S, K, T)."""
        return np.asarray(np.einsum("sgk,gt->skt", self.count, self.kinds.term))

    @property
    def probability(self) -> Floats:
        """Give the posterior probability of each, shape (S,)."""
        return normalise(self.log_weight)


def enumerable(problem: xr.Dataset) -> bool:
    """Say whether a problem with clues has nothing else, and few enough allotments."""
    if not clues.in_problem(problem) or problem["weighs"].values.any() or "case_path" in problem:
        return False
    if (problem["level_weight"].values > 0).sum() > 1:
        return pooling.fits_in_table(problem)
    allowed = _allowed(problem, kinds := kinds_of(problem))
    ways = [
        math.comb(int(n) + int(k) - 1, int(k) - 1) for n, k in zip(kinds.size, allowed.sum(axis=1), strict=True) if k
    ]
    return math.prod(ways) <= LIMIT


def kinds_of(problem: xr.Dataset) -> Kinds:
    """Sort the cases of a problem by what is known of them."""
    used = np.flatnonzero(problem["level_weight"].values > 0)
    label = problem["pool"].values[:, used[0]]
    # A case with a pool of its own takes from the prior whatever others do: all that have one are alike.
    own = used[0] == problem.sizes["level"] - 1
    pool = np.zeros(label.size, dtype=np.int64) if own else np.unique(label, return_inverse=True)[1]
    rows = np.column_stack([pool, problem["case_term"].values])
    distinct, of_case = np.unique(rows, axis=0, return_inverse=True)
    count = np.bincount(of_case.ravel(), weights=problem["case_count"].values, minlength=len(distinct))
    return Kinds(distinct[:, 1:], distinct[:, 0], count.astype(np.int64), of_case.ravel())


def enumerate_all(problem: xr.Dataset) -> Allotments:
    """Enumerate the allotments of a problem and weigh each.

    Parameters
    ----------
    problem
        With clues, `enumerable`, and one level of pools that is used.

    Raises
    ------
    UsageFault
        The evidence excludes every explanation of a case, or of all cases together every one that the prior allows.
    """
    count, log_prior, kinds = _shared_out(problem)
    # With kappa 0 cases of a pool share their explanation, and most allotments have no prior probability.
    allowed = log_prior.max(axis=1) > IMPOSSIBLE
    count, log_prior = count[allowed], log_prior[allowed]
    of_term = np.einsum("sgk,gt->skt", count, kinds.term)
    evidence = log_evidence(problem, of_term).sum(axis=1)
    if evidence.max(initial=-np.inf) < IMPOSSIBLE:
        raise UsageFault("clues-impossible-together")
    return Allotments(
        count, log_prior, log_sum_exp(log_prior + np.log(problem["kappa_weight"].values)) + evidence, kinds
    )


def log_evidence(problem: xr.Dataset, of_term: Integers) -> Floats:
    """Log expected likelihood of clues under each explanation, from how often it had each outcome.

    Parameters
    ----------
    problem
        With clues.
    of_term
        Counts, shape (S, K, T).

    Returns
    -------
    ndarray, shape (S, K)
        Very low, and not -inf, where an explanation excludes an outcome that it had. The sum over explanations is the
        log-likelihood of all their cases together.
    """
    total = np.zeros(of_term.shape[:2])
    for block in blocks(problem):
        total += _Evidence(problem, block, of_term).log_expected(of_term)
    return total


def log_joint(problem: xr.Dataset, z: Integers) -> Floats:
    """Log expected likelihood of clues of joint explanations, log M(Z), whatever the standpoint.

    Parameters
    ----------
    problem
        With clues.
    z
        Explanation of each case, shape (S, C).

    Returns
    -------
    ndarray, shape (S,)
        As `log_evidence`.
    """
    return np.asarray(log_evidence(problem, outcomes_of(problem, z)).sum(axis=1))


def outcomes_of(problem: xr.Dataset, z: Integers) -> Integers:
    """Count how often each explanation had each outcome under each joint explanation, shape (S, K, T)."""
    single = (z[:, :, None] == np.arange(problem.sizes["hypothesis"])).astype(np.int64)
    return np.asarray(np.einsum("sck,ct->skt", single, problem["case_term"].values))


def log_alone(problem: xr.Dataset) -> Floats:
    """Log-likelihood of each case by itself, its clues' probabilities expected over, shape (C, K)."""
    term = problem["case_term"].values
    # Counts of one case each; what an explanation would say of them is asked of every explanation at once.
    rows = np.repeat(term[:, None], problem.sizes["hypothesis"], axis=1)
    floor = np.log(clues.EXCLUDED) * term.sum(axis=1, keepdims=True)
    return np.asarray(np.maximum(log_evidence(problem, rows), floor))


def _shared_out(problem: xr.Dataset) -> tuple[Integers, Floats, Kinds]:
    """Give the cases of every kind out where one level of pools is used."""
    kinds = kinds_of(problem)
    clues.excluded(problem)
    allowed = _allowed(problem, kinds)
    ways = []
    for total, may in zip(kinds.size, allowed, strict=True):
        shared = np.zeros((math.comb(int(total) + int(may.sum()) - 1, int(may.sum()) - 1), may.size), dtype=np.int64)
        shared[:, may] = pooling.compositions(int(total), int(may.sum()))
        ways.append(shared)
    order = np.array(list(itertools.product(*(range(len(way)) for way in ways))), dtype=np.int64).reshape(-1, len(ways))
    count = np.stack([way[order[:, place]] for place, way in enumerate(ways)], axis=1)
    orders = gammaln(kinds.size + 1.0).sum() - gammaln(count + 1.0).sum(axis=(1, 2))
    return count, orders[:, None] + _log_pools(problem, kinds, count), kinds


def _log_pools(problem: xr.Dataset, kinds: Kinds, count: Integers) -> Floats:
    """Log prior probability of one order of the cases with these counts, by node of kappa, shape (S, N)."""
    prior, kappa = problem["prior"].values, problem["kappa"].values
    if problem["level_weight"].values[-1] > 0:  # the one level that is used is that of own pools
        with np.errstate(divide="ignore"):
            log_prior = np.maximum(np.log(prior), _EXCLUDED)
        return np.repeat((count.sum(axis=1) @ log_prior)[:, None], kappa.size, axis=1)
    terms = pooling.block_terms(prior, kappa, int(kinds.size.sum()))
    total = np.zeros((count.shape[0], kappa.size))
    for pool in range(int(kinds.pool.max()) + 1):
        of_pool = count[:, kinds.pool == pool].sum(axis=1)
        size = int(kinds.size[kinds.pool == pool].sum())
        total += terms.constant[size]
        for k, by_count in enumerate(terms.of_count[size]):
            total += by_count[of_pool[:, k]]
    return total


def _allowed(problem: xr.Dataset, kinds: Kinds) -> NDArray[np.bool_]:
    """Say which explanations the evidence of each kind of case does not exclude, shape (G, K)."""
    excluded = kinds.term @ clues.impossible(problem) > 0
    return np.asarray(~excluded & (problem["prior"].values > 0.0))


def blocks(problem: xr.Dataset) -> list[Block]:
    """Sort the terms of a problem into blocks."""
    terms = clues.terms_of(problem)
    label = np.arange(problem.sizes["cell"])
    for one, other in zip(terms.first, terms.second, strict=True):
        label[label == label[other]] = label[one]
    found = []
    for name in np.unique(label):
        inside = np.flatnonzero(label[terms.first] == name)
        found.append(Block(inside, np.flatnonzero(label == name)))
    return found


class _Evidence:
    """What the terms of a block say, by quadrature over what their cells' probabilities may be."""

    def __init__(self, problem: xr.Dataset, block: Block, of_term: Integers, power: int = 0) -> None:
        self.block, self._cells = block, problem.sizes["cell"]
        # Taken out of the problem once: looking each number up there took as long as all that is done with it.
        self._alpha, self._beta, self._known = (problem[f"cell_{name}"].values for name in ("alpha", "beta", "known"))
        self.terms = clues.terms_of(problem).pick(block.terms)
        # Every outcome of the block, found or not, is a factor; a polynomial of degree n takes n/2 nodes and one.
        degree = int(of_term[:, :, block.terms].sum(axis=2).max(initial=0)) + power
        self.nodes = degree // 2 + 1
        if self.terms.paired:
            self.nodes = min(max(self.nodes, _PAIR_NODES[0]), _PAIR_NODES[1])

    def log_expected(self, of_term: Integers) -> Floats:
        """Log expected likelihood of the cases of each explanation, shape (S, K), from counts (S, K, T)."""
        columns = []
        for place in range(of_term.shape[1]):
            rows, back = np.unique(of_term[:, place, self.block.terms], axis=0, return_inverse=True)
            _, weight, value = self.grid(place)
            columns.append(log_sum_exp(np.log(weight) + rows @ value)[back.ravel()])
        return np.column_stack(columns)

    def grid(self, place: int) -> tuple[Floats, Floats, Floats]:
        """Give the nodes of an explanation.

        Returns
        -------
        phi : ndarray, shape (I, cell)
            Probabilities of the block's cells.
        weight : ndarray, shape (I,)
            Their prior probabilities.
        value : ndarray, shape (T, I)
            Log-likelihoods of the block's terms.
        """
        single = [self._nodes(cell, place) for cell in self.block.cells]
        phi, weight = (
            np.stack([axis.ravel() for axis in np.meshgrid(*(each[part] for each in single), indexing="ij")], axis=1)
            for part in (0, 1)
        )
        every = np.full((phi.shape[0], self._cells, 1), 0.5)
        every[:, self.block.cells, 0] = phi
        here = self.terms._replace(correlation=self.terms.correlation[:, [place]])
        with np.errstate(divide="ignore"):
            value = clues.loglik(here, every, NumPy(), least=0.0)[:, :, 0].T
        return phi, weight.prod(axis=1), np.maximum(value, _EXCLUDED)

    def _nodes(self, cell: int, place: int) -> tuple[Floats, Floats]:
        alpha = float(self._alpha[cell, place])
        if math.isnan(alpha):
            return self._known[cell, [place]], np.ones(1)
        return _beta_nodes(self.nodes, alpha, float(self._beta[cell, place]))


@functools.cache
def _beta_nodes(count: int, alpha: float, beta: float) -> tuple[Floats, Floats]:
    """Place nodes on a Beta distribution; exact for polynomials up to degree 2 count - 1."""
    nodes, weights = roots_jacobi(count, beta - 1.0, alpha - 1.0)
    return 0.5 * (nodes + 1.0), weights / weights.sum()


def case_probability(found: Allotments) -> Floats:
    """Give P(Z_c = k), shape (C, K)."""
    share = np.einsum("s,sgk->gk", found.probability, found.count) / found.kinds.size[:, None]
    return np.asarray(share[found.kinds.of_case])


def share_moments(problem: xr.Dataset, found: Allotments) -> tuple[Floats, Floats] | None:
    """Give mean and second moments of the shares of explanations in the common pool.

    Returns
    -------
    mean, second : ndarray, shapes (K,) and (K, K)
        None where cases do not all take their explanations from the common pool.
    """
    prior, kappa = problem["prior"].values, problem["kappa"].values
    if not problem["level_weight"].values[0] or (problem["level_weight"].values > 0).sum() > 1 or not kappa.all():
        return None
    node = kappa_given(problem, found) * found.probability[:, None]
    alpha = kappa[:, None] * prior + found.count.sum(axis=1)[:, None]
    size = alpha.sum(axis=-1, keepdims=True)
    first = np.einsum("sn,snk->k", node, alpha / size)
    both = alpha[..., :, None] * alpha[..., None, :] + alpha[..., :, None] * np.eye(prior.size)
    second = np.einsum("sn,snkj->kj", node, both / (size * (size + 1.0))[..., None])
    return first, second


def kappa_given(problem: xr.Dataset, found: Allotments) -> Floats:
    """Give the probability of each node of kappa given each allotment, shape (S, N)."""
    with np.errstate(divide="ignore"):
        return normalise(found.log_prior + np.log(problem["kappa_weight"].values))


def predict(problem: xr.Dataset, found: Allotments, pools: Sequence[str]) -> Floats:
    """Predict a case not yet seen, given each allotment.

    Parameters
    ----------
    problem
        Whose allotments were enumerated.
    found
        These.
    pools
        Labels of the pools of the case, one for every level.

    Returns
    -------
    ndarray, shape (S, K)
    """
    prior, kappa = problem["prior"].values, problem["kappa"].values
    every = np.repeat(prior[None], found.count.shape[0], axis=0)
    level = int(np.flatnonzero(problem["level_weight"].values > 0)[0])
    inside = problem["pool"].values[:, level] == pools[level]
    if not inside.any() or level == problem.sizes["level"] - 1:
        return every
    here = np.isin(found.kinds.pool, np.unique(found.kinds.pool[found.kinds.of_case[inside]]))
    count = found.count[:, here].sum(axis=1)[:, None, :]
    expected = (kappa[:, None] * prior + count) / (kappa[:, None] + count.sum(axis=-1, keepdims=True))
    return np.asarray(np.einsum("sn,snk->sk", kappa_given(problem, found), expected))


def cell_moments(problem: xr.Dataset, of_term: Integers, weight: Floats) -> tuple[Floats, Floats]:
    """Give mean and standard deviation of P(found | explanation) after the evidence.

    Parameters
    ----------
    problem
        With clues.
    of_term
        How often each explanation had each outcome, shape (S, K, T).
    weight
        How probable each such count is after the evidence, shape (S,).

    Returns
    -------
    mean, sd : ndarray, shape (cell, K)
    """
    shape = problem.sizes["cell"], problem.sizes["hypothesis"]
    first, second = np.empty(shape), np.empty(shape)
    for block in blocks(problem):
        # Of the square of a probability an expectation is wanted as well.
        evidence = _Evidence(problem, block, of_term, power=2)
        for place in range(shape[1]):
            rows, back = np.unique(of_term[:, place, block.terms], axis=0, return_inverse=True)
            phi, prior, value = evidence.grid(place)
            node = np.bincount(back.ravel(), weights=weight) @ normalise(np.log(prior) + rows @ value)
            first[block.cells, place], second[block.cells, place] = node @ phi, node @ phi**2
    return first, np.sqrt(np.maximum(second - first**2, 0.0))
