"""What the foreseen explanation would be if a case said nothing, or shared nothing with the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.foreseen.result import Opened
from bayestrace.inference import allotments, answer, pooling, searches
from bayestrace.sensitivity.draws import Stored, stored
from bayestrace.sensitivity.evaluate import log_ratio
from bayestrace.sensitivity.matching import matched, moved_to, serve
from bayestrace.sensitivity.reweight import Weighed, doubt, reweigh
from bayestrace.sensitivity.without import Without
from bayestrace.weights import log_sum_exp

Floats = NDArray[np.float64]
Tell = Callable[[int, int], None]

#: Draws that are moved to where the evidence without a case puts them, where weights alone are not to be believed.
MOVED = 1000
# Probabilities that differ by less over the draws are the same in each, whatever the draws weigh.
_SAME = 1e-12


class Lent(NamedTuple):
    """What would be foreseen of A cases asked for, were it not for one of the C cases of the study.

    Parameters
    ----------
    without
        Without the case's evidence, shape (A, C, K): it tells neither of explanations nor of coders.
    apart
        Were the case to share nothing with the others, shape (A, C, K): its evidence still tells of the coders.
    pareto_k, ess
        Of the weights of the draws for `without` and for `apart`, shape (2, C); see `sensitivity.reweight.Weighed`.
        NaN where the draws foresee one and the same.
    """

    without: Floats
    apart: Floats
    pareto_k: Floats
    ess: Floats


class _Source(Protocol):
    """Draws, with the evidence of one case at a time left out."""

    def log_ratio(self, case: int) -> Floats:
        """Give the log of each draw's density without the case's evidence over that with it, shape (D,)."""

    def foreseen(self, case: int) -> Floats:
        """Foresee in each draw, without the case's evidence, shape (D, A, K)."""

    def moved(self, case: int) -> tuple[Floats, Weighed] | None:
        """Do so with draws that stand where the evidence without the case puts them; None where that is not known."""


def lent(
    opened: Opened,
    draws: answer.TableDraws | answer.PoolDraws | searches.ClueAllotments,
    pools: Sequence[Sequence[str]],
    tell: Tell | None = None,
) -> Lent:
    """Leave out the evidence of each case, and set each case apart.

    Parameters
    ----------
    opened, draws
        A result and its draws.
    pools
        Labels of the pools of each case asked for.
    tell
        Told after each case with the number done and the number in all.

    Notes
    -----
    A draw's density has as a factor A, the sum over joint explanations of P(Z) times likelihood (given sampled pools,
    the product over cases). Without a case's evidence, that case's likelihood in A is 1; with the case apart, the
    factor is this times sum_k m_k exp(L_k): the case takes its explanation from its own pool. Either way the new case
    is foreseen from the others, and the draws are weighed by the ratio of the factors. Where the weights are not to be
    believed the draws are moved first (`sensitivity.matching`).
    """
    if isinstance(draws, searches.ClueTable | searches.ClueAllotments):
        return _exactly(opened.problem, pools, tell)
    source: _Source = _Table(opened, draws, pools) if isinstance(draws, answer.TableDraws) else _Pools(draws, pools)
    with np.errstate(divide="ignore"):
        log_prior = np.log(opened.problem["prior"].values)
    total = opened.problem.sizes["case"]
    found = []
    for case in range(total):
        ratio, foreseen = source.log_ratio(case), source.foreseen(case)
        without = foreseen, reweigh(ratio)
        if not serve(without[1]) and _differ(foreseen):
            without = min(without, source.moved(case) or without, key=lambda pair: float(doubt(*pair[1][1:])))
        apart = foreseen, reweigh(ratio + log_sum_exp(log_prior + draws.loglik[:, case]))
        found.append([_averaged(*pair) for pair in (without, apart)])
        if tell is not None:
            tell(case + 1, total)
    (without_c, apart_c), pareto_k, ess = (
        np.stack([np.stack([pair[part] for pair in kind]) for kind in zip(*found, strict=True)]) for part in range(3)
    )
    return Lent(without_c.swapaxes(0, 1), apart_c.swapaxes(0, 1), pareto_k, ess)


def _exactly(problem: xr.Dataset, pools: Sequence[Sequence[str]], tell: Tell | None) -> Lent:
    """Leave out and set apart each case of a study of clues alone: the exact answer of another problem."""
    shape = problem.sizes["case"], len(pools), problem.sizes["hypothesis"]
    without, apart = np.full(shape, np.nan), np.full(shape, np.nan)
    here = np.arange(problem.sizes["case"])[:, None]
    for case in range(shape[0]):
        silent = problem.assign(case_term=problem["case_term"] * (here != case))
        labels = np.where(
            here == case, np.array([f"apart:{case}"], dtype=object), problem["pool"].values.astype(object)
        )
        alone = problem.assign(pool=(("case", "level"), labels.astype(np.str_)))
        for made, into in ((silent, without), (alone, apart)):
            if allotments.enumerable(made):
                found = searches.exact(made)
                into[case] = [found.predict(row) for row in pools]
        if tell is not None:
            tell(case + 1, shape[0])
    nothing = np.full((2, shape[0]), np.nan)
    return Lent(without.swapaxes(0, 1), apart.swapaxes(0, 1), nothing, nothing)


def _differ(foreseen: Floats) -> bool:
    return bool(np.ptp(foreseen, axis=0).max() > _SAME)


def _averaged(foreseen: Floats, weighed: Weighed) -> tuple[Floats, Floats, Floats]:
    """Average over weighed draws, shape (A, K), with Pareto k and effective draws."""
    if not _differ(foreseen):
        return foreseen[0], np.array(np.nan), np.array(np.nan)
    return np.einsum("d,dak->ak", weighed.weight, foreseen), weighed.pareto_k, weighed.ess


class _Table:
    """Draws of a fit whose joint explanations are enumerated."""

    def __init__(self, opened: Opened, draws: answer.TableDraws, pools: Sequence[Sequence[str]]) -> None:
        self._opened, self._draws = opened, draws
        self._table = draws.table
        # P(Z_new = k | Z) of every case asked for, shape (S, A, K).
        self._given = np.stack([pooling.new_case(draws.problem, draws.table, row) for row in pools], axis=1)

    @cached_property
    def _log_evidence(self) -> Floats:
        return pooling.log_evidence(self._table, self._draws.loglik)

    def log_ratio(self, case: int) -> Floats:
        return pooling.log_evidence(self._table, self._silent(case)) - self._log_evidence

    def foreseen(self, case: int) -> Floats:
        return pooling.flow(self._table, self._silent(case), self._given)

    def _silent(self, case: int) -> Floats:
        loglik = self._draws.loglik.copy()
        loglik[:, case] = 0.0
        return loglik

    @cached_property
    def _stored(self) -> tuple[Stored, Without] | None:
        posterior = self._opened.posterior
        if posterior is None:
            return None
        held = stored(self._opened.problem, posterior, MOVED)
        return held, Without(held)

    def moved(self, case: int) -> tuple[Floats, Weighed] | None:
        if self._stored is None:
            return None
        held, without = self._stored
        places = [int(place) for place in np.flatnonzero(without.case_of == case)]
        at = moved_to(held, matched(held, lambda there: without.moved(there, places)).place)
        clusters = without.moved(at, places)
        return pooling.flow(self._table, at.by_case(clusters), self._given), reweigh(log_ratio(at, clusters))


class _Pools:
    """Draws of a fit whose pools were sampled: given a draw cases are independent, and the new case is foreseen."""

    def __init__(self, draws: answer.PoolDraws, pools: Sequence[Sequence[str]]) -> None:
        self._draws = draws
        self._foreseen = np.stack([draws.through(row).sum(axis=1) for row in pools], axis=1)

    def log_ratio(self, case: int) -> Floats:
        with np.errstate(divide="ignore"):
            return -log_sum_exp(np.log(self._draws.case_prior[:, case]) + self._draws.loglik[:, case])

    def foreseen(self, case: int) -> Floats:  # noqa: ARG002 - the same whichever case is left out
        return self._foreseen

    def moved(self, case: int) -> tuple[Floats, Weighed] | None:  # noqa: ARG002 - pools cannot be moved
        return None
