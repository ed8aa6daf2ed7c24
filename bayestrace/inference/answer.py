"""Turn draws of the case likelihoods into answers: each case, the joint, a case not yet seen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import counting, facevalue, pairs, pooling
from bayestrace.results import STATS, centred, closest_rival, summarise, weight_against
from bayestrace.weights import to_decibels

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Joint explanations that are listed.
TOP = 10
#: Kinds of unseen case that are predicted, at most.
SCENARIOS = 16


def face_value(problem: xr.Dataset) -> xr.Dataset:
    """Work out the answer at face value: case by case and pooled, with and without doubtful observations.

    Case by case also with each cluster discounted for its stated redundancy.
    """
    prior = problem["prior"].values
    doubtful = {"counted": True, "set-aside": False}
    loglik, discounted = (
        np.stack([facevalue.case_loglik(problem, with_doubtful=flag, discounted=less) for flag in doubtful.values()])
        for less in (False, True)
    )
    alone = facevalue.case_posterior(prior, loglik)
    layers = [alone]
    if pooling.fits_in_table(problem):
        table = pooling.table_of(problem)
        layers.append(pooling.margins(table, pooling.posterior(table, loglik), problem.sizes["hypothesis"]))
    rival = closest_rival(alone)
    names = problem["hypothesis"].values
    decibels = to_decibels(centred(loglik))
    by_case = ("doubtful", "case", "hypothesis")
    return xr.Dataset(
        {
            "observation_db": (("evidence", "hypothesis"), to_decibels(centred(facevalue.observation_loglik(problem)))),
            "case_db": (by_case, decibels),
            "probability": (("pooled", *by_case), np.stack(layers)),
            "log_odds_db": (by_case, to_decibels(facevalue.log_odds(prior, loglik))),
            "discounted_db": (by_case, to_decibels(centred(discounted))),
            "discounted_probability": (by_case, facevalue.case_posterior(prior, discounted)),
            "closest_db": (by_case, weight_against(decibels, rival)),
            "closest": (by_case, names[rival]),
        },
        coords=_coords(problem, "evidence", "case", "hypothesis")
        | {"doubtful": list(doubtful), "pooled": ["case-by-case", "pooled"][: len(layers)]},
    )


def _against(loglik: Floats) -> Floats:
    return loglik[..., :, None] - loglik[..., None, :]


def _coords(problem: xr.Dataset, *names: str) -> dict[str, NDArray[np.generic]]:
    return {name: problem[name].values for name in names}


class Draws(Protocol):
    """What follows exactly from each draw of a fit, whether the joint was enumerated or the pools were sampled.

    `loglik`, `unpooled` and `pooled` have shape (draws, C, K), chains joined; `shape` is (chains, draws).
    """

    problem: xr.Dataset
    shape: tuple[int, int]
    loglik: Floats
    unpooled: Floats
    pooled: Floats

    def count(self, hypothesis: int) -> Floats:
        """Give P(exactly n cases are explained by a hypothesis), shape (draws, C + 1)."""

    def same(self, too: Integers | None = None) -> Floats:
        """Give P(Z_c = Z_d) of every case c and of those d whose places are given, all by default.

        Before and after the evidence, shape (2, C, T).
        """

    def levels(self) -> Floats:
        """Give the expected weight of each pooling level before and after, shape (2, L)."""

    def kappa(self) -> Floats:
        """Give the probability of each node of kappa before and after, shape (2, N)."""

    def top(self) -> tuple[Floats, Integers]:
        """List the likeliest joint explanations: probabilities (R,) and hypotheses (R, C)."""

    def predict(self, pools: Sequence[str]) -> Floats:
        """Predict a case not yet seen that takes part in the given pools, shape (K,)."""

    def through(self, pools: Sequence[str]) -> Floats:
        """Predict it in each draw, by the level that it uses: P(level l, Z_new = k), shape (draws, L, K)."""

    def same_as_new(self, pools: Sequence[str]) -> Floats:
        """Give P(Z_new = Z_c) before and after the evidence, shape (2, C)."""

    def mixture(self) -> pooling.Mixture:
        """Give the posterior over Z, draws averaged, as a mixture."""


class TableDraws:
    """Draws of a fit whose joint explanations are enumerated.

    Parameters
    ----------
    problem
        What was fitted.
    loglik
        Case log-likelihoods, shape (chains, draws, C, K), nats.
    jointly
        Log-likelihood of what is said of joint explanations and not of each case by itself, shape (S,), of the rows of
        `pooling.table_of`.
    prior
        That table, where it is at hand.
    """

    def __init__(
        self,
        problem: xr.Dataset,
        loglik: Floats,
        jointly: Floats | None = None,
        prior: pooling.Table | None = None,
    ) -> None:
        self.problem = problem
        self.shape = (loglik.shape[0], loglik.shape[1])
        # What goes with the table; `loglik`, what each case says by itself, differs where evidence is said jointly.
        self._given = self.loglik = loglik.reshape(-1, *loglik.shape[2:])
        self.unpooled = facevalue.case_posterior(problem["prior"].values, self.loglik)
        self.prior = pooling.table_of(problem) if prior is None else prior
        self.table = self.prior if jointly is None else pooling.weighed(self.prior, jointly)
        size = problem.sizes["hypothesis"]
        margins, counts = [], []
        self._mean = np.zeros(self.table.log_p.shape)
        # In blocks: the joint of every draw at once would fill the memory where the table is large.
        for start in range(0, self._given.shape[0], pooling.BLOCK):
            joint = pooling.posterior(self.table, self._given[start : start + pooling.BLOCK])
            margins.append(pooling.margins(self.table, joint, size))
            counts.append(np.stack([pooling.count_of(self.table, joint, k) for k in range(size)], axis=1))
            self._mean += joint.sum(axis=0) / self._given.shape[0]
        self.pooled = np.concatenate(margins)
        self._counts = np.concatenate(counts)

    def count(self, hypothesis: int) -> Floats:
        """Give P(exactly n cases are explained by a hypothesis), shape (draws, C + 1)."""
        return np.asarray(self._counts[:, hypothesis])

    def same(self, too: Integers | None = None) -> Floats:
        """Give P(Z_c = Z_d) before and after the evidence, d being any of the places given, shape (2, C, T)."""
        both = np.stack([pooling.same_explanation(self.table, weight) for weight in self._moments()])
        return both if too is None else both[:, :, too]

    def _moments(self) -> list[Floats]:
        return [np.exp(self.prior.log_p), self._mean]

    def levels(self) -> Floats:
        """Give the expected weight of each level: Dirichlet(a) updated on the levels that the cases used."""
        weight, cases = self.problem["level_weight"].values, self.problem.sizes["case"]
        used = np.stack([(moment @ self.table.level_share) * cases for moment in self._moments()])
        return np.asarray((weight + used) / (weight.sum() + cases))

    def kappa(self) -> Floats:
        """Give the probability of each node of kappa before and after, shape (2, N)."""
        weight = self.problem["kappa_weight"].values
        blocks = [
            pooling.kappa_posterior(self.table, self._given[start : start + pooling.BLOCK], weight)
            for start in range(0, self._given.shape[0], pooling.BLOCK)
        ]
        return np.stack([weight, np.concatenate(blocks).mean(axis=0)])

    def top(self) -> tuple[Floats, Integers]:
        """List the likeliest joint explanations: probabilities (R,) and hypotheses (R, C)."""
        order = np.argsort(-self._mean, kind="stable")[:TOP]
        return self._mean[order], self.table.z[order]

    def predict(self, pools: Sequence[str]) -> Floats:
        """Predict a case not yet seen: sum over Z of P(Z | evidence) P(Z, Z_new = k) / P(Z)."""
        return np.asarray(self._mean @ pooling.new_case(self.problem, self.prior, pools))

    def through(self, pools: Sequence[str]) -> Floats:
        """Predict it in each draw, by the level that it uses: P(level l, Z_new = k), shape (draws, L, K)."""
        return pooling.flow(self.table, self._given, pooling.ways(self.problem, self.prior, pools))

    def same_as_new(self, pools: Sequence[str]) -> Floats:
        """Give P(Z_new = Z_c) before and after the evidence, shape (2, C)."""
        given = pooling.new_case(self.problem, self.prior, pools)
        same = np.take_along_axis(given, self.table.z, axis=1)
        return np.stack([moment @ same for moment in self._moments()])

    def mixture(self) -> pooling.Mixture:
        """Give the posterior over Z: each joint explanation is a part."""
        return pooling.Mixture(self._mean, np.eye(self.problem.sizes["hypothesis"])[self.table.z])


class PoolDraws:
    """Draws of a fit whose pools were sampled, the joint explanations being too many to enumerate.

    Parameters
    ----------
    problem
        What was fitted.
    posterior
        With `case_loglik`, `case_prior` (case, hypothesis), `pool` (pool, hypothesis), `omega` (level) and `kappa`.
    """

    def __init__(self, problem: xr.Dataset, posterior: xr.Dataset) -> None:
        self.problem = problem
        self.shape = (posterior.sizes["chain"], posterior.sizes["draw"])
        self.loglik = _joined(posterior["case_loglik"])
        self.unpooled = facevalue.case_posterior(problem["prior"].values, self.loglik)
        self.case_prior = _joined(posterior["case_prior"])
        self.pooled = facevalue.case_posterior(self.case_prior, self.loglik)
        self.pool: dict[str, Floats] = {}
        if "pool" in posterior:
            self.pool = {
                str(name): _joined(posterior["pool"].sel(pool_name=name)) for name in posterior["pool_name"].values
            }
        self.omega, self._kappa = _joined(posterior["omega"]), _joined(posterior["kappa"])

    def count(self, hypothesis: int) -> Floats:
        """Give P(exactly n cases are explained by a hypothesis): given a draw, cases are independent."""
        return counting.number_of(self.pooled[..., hypothesis])

    def same(self, too: Integers | None = None) -> Floats:
        """Give P(Z_c = Z_d) before (exactly, from tables of two cases) and after, shape (2, C, T)."""
        places = np.arange(self.pooled.shape[1]) if too is None else too
        after = np.tensordot(self.pooled, self.pooled[:, places], axes=([0, 2], [0, 2])) / self.pooled.shape[0]
        after[places, np.arange(places.size)] = 1.0
        return np.stack([pairs.same_before(self.problem, places), after])

    def levels(self) -> Floats:
        """Give the expected weight of each pooling level before and after, shape (2, L)."""
        weight = self.problem["level_weight"].values
        return np.stack([weight / weight.sum(), self.omega.mean(axis=0)])

    def kappa(self) -> Floats:
        """Share the draws of kappa out among the nodes, by the nearest on the log scale, shape (2, N)."""
        nodes = self.problem["kappa"].values
        nearest = np.abs(np.log(self._kappa[:, None] / nodes)).argmin(axis=1)
        return np.stack(
            [self.problem["kappa_weight"].values, np.bincount(nearest, minlength=nodes.size) / nearest.size]
        )

    def top(self) -> tuple[Floats, Integers]:
        """List the joint explanations that lead in most draws: mean probabilities (R,) and hypotheses (R, C)."""
        leaders, times = np.unique(self.pooled.argmax(axis=-1), axis=0, return_counts=True)
        listed = leaders[np.argsort(-times, kind="stable")[:TOP]]
        cases = np.arange(self.pooled.shape[1])
        mean = np.array([self.pooled[:, cases, row].prod(axis=1).mean() for row in listed])
        order = np.argsort(-mean, kind="stable")
        return mean[order], listed[order]

    def predict(self, pools: Sequence[str]) -> Floats:
        """Predict a case not yet seen: its pools' contents weighed by the levels; an unseen pool has the prior."""
        return np.asarray(self.through(pools).sum(axis=1).mean(axis=0))

    def through(self, pools: Sequence[str]) -> Floats:
        """Predict it in each draw, by the level that it uses: P(level l, Z_new = k), shape (draws, L, K)."""
        prior = np.broadcast_to(self.problem["prior"].values, (self.omega.shape[0], self.problem.sizes["hypothesis"]))
        content = np.stack([self.pool.get(name, prior) for name in pools], axis=1)
        return np.asarray(self.omega[:, :, None] * content)

    def same_as_new(self, pools: Sequence[str]) -> Floats:
        """Give P(Z_new = Z_c) before (exactly, from tables of two cases) and after, shape (2, C)."""
        new = self.through(pools).sum(axis=1)
        after = np.einsum("sck,sk->c", self.pooled, new) / new.shape[0]
        return np.stack([pairs.same_as_new_before(self.problem, pools), after])

    def mixture(self) -> pooling.Mixture:
        """Give the posterior over Z: each draw is a part."""
        draws = self.pooled.shape[0]
        return pooling.Mixture(np.full(draws, 1.0 / draws), self.pooled)


def _joined(array: xr.DataArray) -> Floats:
    values = array.transpose("chain", "draw", ...).values
    return np.asarray(values.reshape(-1, *values.shape[2:]))


def draws_of(problem: xr.Dataset, posterior: xr.Dataset) -> TableDraws | PoolDraws:
    """Take the draws of a fit, in whichever of the two forms they were made."""
    if pooling.fits_in_table(problem):
        loglik = posterior["case_loglik"].transpose("chain", "draw", "case", "hypothesis").values
        return TableDraws(problem, loglik)
    return PoolDraws(problem, posterior)


def quantities(draws: Draws) -> xr.Dataset:
    """Hand out every reported probability by chain and draw, for the diagnostics."""
    problem = draws.problem
    focal = list(problem["hypothesis"].values).index(problem.attrs["focal"])
    case = ("chain", "draw", "case", "hypothesis")
    return xr.Dataset(
        {
            "pooled": (case, draws.pooled.reshape(*draws.shape, *draws.pooled.shape[1:])),
            "unpooled": (case, draws.unpooled.reshape(*draws.shape, *draws.unpooled.shape[1:])),
            "focal_everywhere": (("chain", "draw"), draws.count(focal)[:, -1].reshape(draws.shape)),
        },
        coords=_coords(problem, "case", "hypothesis"),
    )


def cases(draws: Draws) -> xr.Dataset:
    """Summarise each case: probabilities with and without pooling, weights of its own evidence."""
    names = draws.problem["hypothesis"].values
    rival = closest_rival(draws.pooled.mean(axis=0))
    by_case = ("stat", "case", "hypothesis")
    return xr.Dataset(
        {
            "probability": (
                ("pooling", *by_case),
                np.stack([summarise(draws.unpooled), summarise(draws.pooled)]),
            ),
            "weight_db": ((*by_case, "against"), summarise(to_decibels(_against(draws.loglik)))),
            "closest_db": (by_case, summarise(to_decibels(weight_against(draws.loglik, rival)))),
            "closest": (("case", "hypothesis"), names[rival]),
        },
        coords=_coords(draws.problem, "case", "hypothesis")
        | {"stat": list(STATS), "pooling": ["unpooled", "pooled"], "against": names},
    )


def joint(draws: Draws, too: Integers | None = None) -> xr.Dataset:
    """Summarise the joint over cases: counts, shared explanations, levels, concentration, the likeliest.

    Parameters
    ----------
    draws
        Of the fit, or the one that is exact.
    too
        Places of the cases of which it is said with which others they share their explanation; all by default.
    """
    problem = draws.problem
    names, size = problem["hypothesis"].values, problem.sizes["hypothesis"]
    count = np.stack([draws.count(k).mean(axis=0) for k in range(size)])
    probability, explanation = draws.top()
    return xr.Dataset(
        {
            "count": (("hypothesis", "cases_explained"), count),
            "at_least": (("hypothesis", "cases_explained"), count[:, ::-1].cumsum(axis=1)[:, ::-1]),
            "same": (("moment", "case", "case_too"), draws.same(too)),
            "level_share": (("moment", "level"), draws.levels()),
            "kappa_probability": (("moment", "kappa_node"), draws.kappa()),
            "top_probability": ("rank", probability),
            "top_explanation": (("rank", "case"), names[explanation]),
        },
        coords=_coords(problem, "case", "hypothesis", "level")
        | {
            "moment": ["prior", "posterior"],
            "case_too": problem["case"].values[slice(None) if too is None else too],
            "cases_explained": np.arange(count.shape[1]),
        },
    )


def prediction(draws: Draws) -> xr.Dataset:
    """Predict the explanation of a case not yet seen, for each combination of known groups and a new one."""
    problem = draws.problem
    pools = problem["pool"].values
    factors = [str(level) for level in problem["level"].values[1:-1]]
    groups = [[*dict.fromkeys(pools[:, column + 1]), f"{factor}:"] for column, factor in enumerate(factors)]
    scenarios = list(itertools.islice(itertools.product(*groups), SCENARIOS))
    rows = [draws.predict(["common", *scenario, "own:"]) for scenario in scenarios]
    labels = [[label.partition(":")[2] or "new" for label in scenario] for scenario in scenarios]
    return xr.Dataset(
        {
            "probability": (("scenario", "hypothesis"), np.stack(rows)),
            "group": (("scenario", "factor"), np.array(labels, dtype=object).reshape(len(scenarios), len(factors))),
        },
        coords=_coords(problem, "hypothesis")
        | {"scenario": ["/".join(label) or "any" for label in labels], "factor": np.array(factors, dtype=object)},
    )
