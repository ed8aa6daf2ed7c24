"""What searches for clues come to: exactly where a study has nothing else, from draws where it has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import UsageFault
from bayestrace.inference import allotments, answer, clues, facevalue, pairs, pooling
from bayestrace.inference.allotments import Allotments
from bayestrace.inference.answer import TableDraws
from bayestrace.results import centred
from bayestrace.weights import to_decibels

Floats = NDArray[np.float64]

STATISTICS = ("mean", "sd")


class ClueTable(TableDraws):
    """The joint explanations of cases with nothing but clues, enumerated: exact, and so one draw."""

    def __init__(self, problem: xr.Dataset, prior: pooling.Table | None = None) -> None:
        table = pooling.table_of(problem) if prior is None else prior
        self.of_term = allotments.outcomes_of(problem, table.z)
        jointly = allotments.log_evidence(problem, self.of_term).sum(axis=1)
        if jointly.max() < allotments.IMPOSSIBLE:
            raise UsageFault("clues-impossible-together")
        shape = problem.sizes["case"], problem.sizes["hypothesis"]
        super().__init__(problem, np.zeros((1, 1, *shape)), jointly, table)
        self.loglik = allotments.log_alone(problem)[None]
        self.unpooled = facevalue.case_posterior(problem["prior"].values, self.loglik)
        self.weight = self._mean

    def shares(self) -> None:
        """Say nothing of the shares in a common pool: cases need not take from it."""
        return


class ClueAllotments:
    """How many cases of each kind each explanation has, enumerated: exact, and so one draw."""

    def __init__(self, problem: xr.Dataset) -> None:
        self.problem, self.shape = problem, (1, 1)
        self._found: Allotments = allotments.enumerate_all(problem)
        self.of_term = self._found.of_term
        self.weight = self._found.probability
        self.loglik = allotments.log_alone(problem)[None]
        self.unpooled = facevalue.case_posterior(problem["prior"].values, self.loglik)
        self.pooled = allotments.case_probability(self._found)[None]

    def shares(self) -> tuple[Floats, Floats] | None:
        """Give mean and second moments of the shares in the common pool."""
        return allotments.share_moments(self.problem, self._found)

    def count(self, hypothesis: int) -> Floats:
        """Give P(exactly n of all cases are explained by a hypothesis), shape (1, N + 1)."""
        number = self._found.count[:, :, hypothesis].sum(axis=1)
        return np.bincount(number, weights=self.weight, minlength=int(self._found.kinds.size.sum()) + 1)[None]

    def same(self, too: NDArray[np.int64] | None = None) -> Floats:
        """Give P(Z_c = Z_d) before and after the evidence, d being any of the places given, shape (2, C, T)."""
        count, size, kind = self._found.count, self._found.kinds.size, self._found.kinds.of_case
        both_have = np.einsum("s,sgk,shk->gh", self.weight, count, count)
        twice = np.einsum("s,sgk->g", self.weight, count.astype(np.float64))
        number = size[:, None] * size - np.diag(size)
        # Of two cases of one kind neither is the other.
        after = (both_have - np.diag(twice)) / np.maximum(number, 1)
        places = np.arange(kind.size) if too is None else too
        both = np.stack([pairs.same_before(self.problem, places), after[np.ix_(kind, kind[places])]])
        both[1, places, np.arange(places.size)] = 1.0
        return both

    def levels(self) -> Floats:
        """Give the weight of each pooling level, of which one alone is used, shape (2, L)."""
        weight = self.problem["level_weight"].values
        return np.stack([weight / weight.sum()] * 2)

    def kappa(self) -> Floats:
        """Give the probability of each node of kappa before and after, shape (2, N)."""
        return np.stack([self.problem["kappa_weight"].values, self.weight @ self._nodes()])

    def _nodes(self) -> Floats:
        return allotments.kappa_given(self.problem, self._found)

    def top(self) -> tuple[Floats, NDArray[np.int64]]:
        """List the likeliest joint explanations where no two cases are alike: shapes (R,) and (R, C)."""
        count, kinds = self._found.count, self._found.kinds
        if (kinds.size > 1).any():
            return np.zeros(0), np.zeros((0, kinds.of_case.size), dtype=np.int64)
        order = np.argsort(-self.weight, kind="stable")[: answer.TOP]
        return self.weight[order], count[order].argmax(axis=-1)[:, kinds.of_case]

    def mixture(self) -> pooling.Mixture:
        """Give the posterior over Z: each allotment is a part, from which cases of one kind draw."""
        kinds = self._found.kinds
        size = kinds.size[kinds.of_case]
        given = self._found.count[:, kinds.of_case] / size[:, None]
        return pooling.Mixture(self.weight, given, kinds.of_case, size)

    def predict(self, pools: Sequence[str]) -> Floats:
        """Predict a case not yet seen that takes part in the given pools, shape (K,)."""
        return np.asarray(self.weight @ allotments.predict(self.problem, self._found, pools))

    def through(self, pools: Sequence[str]) -> Floats:
        """Predict it by the level that it uses, of which there is one: P(level l, Z_new = k), shape (1, L, K)."""
        used = (self.problem["level_weight"].values > 0).astype(np.float64)
        return used[None, :, None] * self.predict(pools)

    def same_as_new(self, pools: Sequence[str]) -> Floats:
        """Give P(Z_new = Z_c) before and after the evidence, shape (2, C)."""
        count, kinds = self._found.count, self._found.kinds
        new = allotments.predict(self.problem, self._found, pools)
        after = np.einsum("s,sgk,sk->g", self.weight, count, new) / kinds.size
        return np.stack([pairs.same_as_new_before(self.problem, pools), after[kinds.of_case]])


def exact(problem: xr.Dataset, prior: pooling.Table | None = None) -> ClueTable | ClueAllotments:
    """Work the explanations of cases with nothing but clues out exactly.

    Parameters
    ----------
    problem
        Which must be `allotments.enumerable`.
    prior
        Its `pooling.table_of`, where it is at hand; of use where several levels of pools are used.
    """
    several = (problem["level_weight"].values > 0).sum() > 1
    return ClueTable(problem, prior) if several else ClueAllotments(problem)


def describe(problem: xr.Dataset, found: ClueTable | ClueAllotments | None, posterior: xr.Dataset | None) -> xr.Dataset:
    """Lay out what the clues of a problem say, and what was learned of them.

    Parameters
    ----------
    problem
        With clues.
    found
        The exact answer, where the problem has one.
    posterior
        Draws, where there are any.

    Returns
    -------
    Dataset
        `state` and `search` (case, clue) and `cell_clue` (cell), as in `bayestrace.clues.LAYOUT`. `excluded` (case,
        hypothesis): whether what was found rules it out. `weight_db` (case, clue, hypothesis): what came of each
        search, with the probabilities expected before the evidence, centred over hypotheses; NaN where it was not
        sought. `chance` and `chance_sd` (moment, cell, hypothesis): P(found | hypothesis) before and after. `share`
        (statistic, hypothesis) of the explanations in the common pool and `estimand_value` (statistic, estimand), where
        all cases take from it. With an exact answer `probability` (case, hypothesis), and `without_probability` (clue,
        case, hypothesis) and `without_value` (clue, estimand): the same with each clue left out. Attribute `route`:
        `exact` or `sampled`.
    """
    before = clues.mean(problem)
    spread = _prior_sd(problem)
    by_cell = ("moment", "cell", "hypothesis")
    if found is not None:
        after, sd = allotments.cell_moments(problem, found.of_term, found.weight)
    elif posterior is not None:
        after, sd = (getattr(posterior["chance"], how)(("chain", "draw")).values for how in ("mean", "std"))
    else:
        raise ValueError(found)
    variables: dict[str, tuple[tuple[str, ...], Any]] = {
        "state": (("case", "clue"), problem["clue_state"].values),
        "search": (("case", "clue"), problem["clue_search"].values),
        "cell_clue": (("cell",), problem["cell_clue"].values),
        "excluded": (("case", "hypothesis"), clues.excluded(problem).astype(np.int8)),
        "weight_db": (("case", "clue", "hypothesis"), to_decibels(centred(_weights(problem)))),
        "chance": (by_cell, np.stack([before, after])),
        "chance_sd": (by_cell, np.stack([spread, sd])),
    }
    share = _shares(problem, found, posterior)
    if share is not None:
        variables["share"] = ("statistic", "hypothesis"), share[0]
        if "estimand_share" in problem:
            variables["estimand_value"] = ("statistic", "estimand"), share[1]
    if found is not None:
        variables["probability"] = ("case", "hypothesis"), found.pooled[0]
        variables |= _without(problem, found.prior if isinstance(found, ClueTable) else None)
    names = ("case", "clue", "cell", "hypothesis", *(("estimand",) if "estimand_share" in problem else ()))
    return xr.Dataset(
        variables,
        coords={name: problem[name].values for name in names}
        | {"moment": ["prior", "posterior"], "statistic": list(STATISTICS)},
        attrs={"route": "sampled" if found is None else "exact"},
    )


def _prior_sd(problem: xr.Dataset) -> Floats:
    alpha, beta = problem["cell_alpha"].values, problem["cell_beta"].values
    size = alpha + beta
    return np.where(np.isnan(alpha), 0.0, np.sqrt(alpha * beta / (size + 1.0)) / size)


def _weights(problem: xr.Dataset) -> Floats:
    """Log-likelihood of what came of each search by itself, shape (case, clue, K); NaN where there was none."""
    value = clues.mean(problem)
    found = np.full((problem.sizes["case"], problem.sizes["clue"], problem.sizes["hypothesis"]), np.nan)
    cells, outcome, search = (problem[f"term_{name}"].values for name in ("cell", "found", "search"))
    clue = problem["cell_clue"].values
    for case, row in zip(*np.nonzero(problem["case_term"].values), strict=True):
        for side, cell in enumerate(cells[row]):
            if cell >= 0:
                chance = search[row, side] * value[cell]
                seen = chance if outcome[row, side] else 1.0 - chance
                found[case, clue[cell]] = np.log(np.maximum(seen, clues.EXCLUDED))
    return found


def _shares(
    problem: xr.Dataset, found: ClueTable | ClueAllotments | None, posterior: xr.Dataset | None
) -> tuple[Floats, Floats] | None:
    """Give mean and sd of shares in the common pool and of sums over them, where every case takes from it."""
    factor = (
        problem["estimand_share"].values if "estimand_share" in problem else np.zeros((0, problem.sizes["hypothesis"]))
    )
    if found is not None:
        moments = found.shares()
        if moments is None:
            return None
        first, second = moments
        rows = np.vstack([np.eye(first.size), factor])
        mean = rows @ first
        sd = np.sqrt(np.maximum(np.einsum("rk,kj,rj->r", rows, second, rows) - mean**2, 0.0))
    else:
        weight = problem["level_weight"].values
        if posterior is None or "pool" not in posterior or not weight[0] or (weight > 0).sum() > 1:
            return None
        pool = posterior["pool"].sel(pool_name="common").transpose("chain", "draw", "hypothesis").values
        rows = np.vstack([np.eye(pool.shape[-1]), factor])
        values = pool @ rows.T
        mean, sd = values.mean(axis=(0, 1)), values.std(axis=(0, 1))
    size = problem.sizes["hypothesis"]
    both = np.stack([mean, sd])
    return both[:, :size], both[:, size:]


def _without(problem: xr.Dataset, prior: pooling.Table | None) -> dict[str, tuple[tuple[str, ...], Floats]]:
    probability, value = [], []
    for clue in range(problem.sizes["clue"]):
        reduced = clues.without(problem, clue)
        found = exact(reduced, prior) if allotments.enumerable(reduced) else None
        shape = problem.sizes["case"], problem.sizes["hypothesis"]
        probability.append(np.full(shape, np.nan) if found is None else found.pooled[0])
        share = None if found is None else _shares(problem, found, None)
        value.append(None if share is None else share[1][0])
    result: dict[str, tuple[tuple[str, ...], Floats]] = {
        "without_probability": (("clue", "case", "hypothesis"), np.stack(probability))
    }
    if "estimand_share" in problem and any(each is not None for each in value):
        blank = np.full(problem.sizes["estimand"], np.nan)
        result["without_value"] = ("clue", "estimand"), np.stack([blank if each is None else each for each in value])
    return result
