"""Studies with very many observations: when their hyperparameters are drawn about a mode, and by which steps."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytensor
import xarray as xr
from threadpoolctl import threadpool_limits

from bayestrace.errors import UsageFault
from bayestrace.inference import clues, independence, laplace, pooling
from bayestrace.inference.apart import handed_over
from bayestrace.inference.chains import Lengths, Progress, running
from bayestrace.inference.fingerprint import fingerprint
from bayestrace.inference.independence import Drawn, Pools, Proposals, Table
from bayestrace.inference.settled import TOGETHER, Settled
from bayestrace.inference.signal import Floats
from bayestrace.sensitivity.reweight import reweigh

#: Stated weights, one for each coder and observation, from which on a study is large (docs/performance.md).
LARGE = 30_000
# Steps of a chain before anything is kept: this share of those after, and at least so many.
_TUNE_SHARE, _TUNE = 0.1, 50
# Numbers kept of the evidence of cases, at most: 240 MB.
_KEPT = 30_000_000
# Proposals that are looked at before chains start, and the tail index of their weights past which chains walk: from
# there on the variance of the weights is infinite (Vehtari et al. 2024).
_LOOKED_AT, _HEAVY = 640, 0.5
# Gradients that finding the mode takes, by number of coordinates, for telling how far it is.
_GRADIENTS = 20


def is_large(problem: xr.Dataset) -> bool:
    """Say whether a problem is so large that its draws are taken about the mode by themselves."""
    return fits(problem) and stated_weights(problem) >= LARGE


def stated_weights(problem: xr.Dataset) -> int:
    """Count the weights that coders stated of observations that weigh, one for each coder and observation."""
    return int(problem["stated"].values[:, problem["weighs"].values].sum())


def fits(problem: xr.Dataset) -> bool:
    """Say whether draws about a mode are possible."""
    return obstacle(problem) is None


def obstacle(problem: xr.Dataset) -> Literal["clues", "ranges", "partial"] | None:
    """Say what stands in the way of draws about a mode.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.

    Returns
    -------
    str or None
        `clues` that count among the evidence, no stated `ranges`, without which the likelihood may have no bound,
        or observations that a coder weighed for some explanations only (`partial`); None where nothing does.
    """
    weighs = problem["weighs"].values
    if clues.in_problem(problem):
        return "clues"
    stated = problem["stated"].values[:, weighs]
    if not problem["stated_variance"].values[:, weighs][stated].any():
        return "ranges"
    projector, whole = problem["projector"].values[:, weighs], np.eye(problem.sizes["contrast"])
    return None if np.allclose(projector[stated], whole) else "partial"


def warm_up(draws: int) -> int:
    """Give the steps of a chain of so many draws before anything is kept."""
    return max(int(_TUNE_SHARE * draws), _TUNE)


def stamp() -> Path:
    """Name a file that is there once what this takes was compiled on this machine."""
    digest = hashlib.sha256(fingerprint().encode()).hexdigest()
    return Path(pytensor.config.base_compiledir) / "bayestrace" / f"large-{digest}"


def _compile() -> None:
    """Compile by looking once at the first cases of the problem that was handed over."""
    stored = handed_over()
    settled = Settled(stored)
    nothing = np.zeros((stored.sizes["case"], stored.sizes["hypothesis"]))
    settled.density([settled.first(1)], nothing)(settled.start)
    for draws in (1, TOGETHER):
        settled.case_loglik(settled.meaning(np.tile(settled.start, (draws, 1)))[1])


def sample(  # noqa: PLR0913 - of what, how many, from which seed, whom to tell, where
    problem: xr.Dataset,
    *,
    draws: int,
    chains: int,
    seed: int,
    progress: Progress | None = None,
    cores: int | None = None,
) -> xr.DataTree:
    """Draw the hyperparameters of a large problem, and its pools where they are drawn.

    Parameters
    ----------
    problem
        One that `fits`.
    draws, chains
        Proposals of each chain after the first ones, and the number of chains.
    seed
        The same seed gives the same draws on the same machine.
    progress
        Told now and then how much is done and how much there is.
    cores
        Processes in which chains run at once; 1 stays in this one, None takes one for each core of the machine.

    Returns
    -------
    DataTree
        As `bayestrace.inference.sampling.sample` gives it; where there are very many cases every second draw is kept,
        or every third, and so on. `sample_stats` has `diverging`, which is 0, and the attributes `accepted`, the share
        of proposals that were taken, `pareto_k` of their weights (Vehtari et al. 2024), and `walked`, the share of the
        steps of a random walk that were taken; 0 where none was made, the weights' tail index being at most .5.
    """
    table = Table(problem) if pooling.fits_in_table(problem) else None
    if table is None and not problem["kappa"].values.any():
        raise UsageFault("kappa-zero")
    settled = Settled(problem)
    gradients = _GRADIENTS * settled.start.size
    lengths = Lengths(draws, warm_up(draws), chains)
    told = _Told(progress, gradients, lengths.total)
    sources = np.random.default_rng(seed).spawn(chains + 1)
    prior = problem["prior"].values
    log_prior = np.tile(np.log(np.maximum(prior, np.finfo(float).tiny)), (problem.sizes["case"], 1))
    fitted = laplace.fit(settled, log_prior, told.gradient)
    # Where cases learn from one another the mode is elsewhere: so once more, given about what they tell of each other.
    there = settled.case_loglik(settled.meaning(fitted.mode[None])[1])[0]
    together = Pools(problem, sources[-1]) if table is None else table
    log_prior = together.expected(there)
    fitted = laplace.refit(settled, log_prior, fitted, told.gradient)
    proposals = Proposals(fitted, settled.even)
    points = proposals.draw(_LOOKED_AT, sources[-1])
    heavy = _tail(independence.log_weights(settled, log_prior, proposals, points)) > _HEAVY
    sampler = _AboutMode(problem, settled, proposals, log_prior, table, lengths, sources, walk=heavy)
    ended: dict[int, Drawn] = {}
    with running(sampler, cores or os.cpu_count() or 1, told.steps) as found:
        ended.update(found)
    drawn = [ended[place] for place in sorted(ended)]
    names = together.names if isinstance(together, Pools) else []
    posterior = _dataset(problem, _meant(settled, drawn, sources[-1]), names)
    stats = xr.Dataset(
        {"diverging": (("chain", "draw"), np.zeros((chains, posterior.sizes["draw"]), dtype=np.int8))},
        {name: posterior[name] for name in ("chain", "draw")},
        {
            "accepted": float(np.concatenate([one.accepted for one in drawn]).mean()),
            "pareto_k": _tail(np.concatenate([one.log_weight for one in drawn])),
            "walked": float(np.concatenate([one.walked for one in drawn]).mean()),
        },
    )
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})


class _AboutMode:
    """Chains of an independence sampler, ready to be run in processes of their own."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is drawn from, by what, how long
        self,
        problem: xr.Dataset,
        settled: Settled,
        proposals: Proposals,
        log_prior: Floats,
        table: Table | None,
        lengths: Lengths,
        sources: Sequence[np.random.Generator],
        *,
        walk: bool,
    ) -> None:
        self.lengths = lengths
        self._problem, self._settled, self._proposals, self._log_prior = problem, settled, proposals, log_prior
        self._table, self._sources, self._walk = table, list(sources), walk

    def run(self, chain: int, told: Callable[[], None]) -> Drawn:
        """Run one of the chains, once; `told` is called after each step."""
        draws, tune, chains = self.lengths
        source, problem = self._sources[chain], self._problem
        cases = Pools(problem, source) if self._table is None else self._table
        thin = max(1, -(-chains * draws * problem.sizes["case"] * problem.sizes["hypothesis"] // _KEPT))
        with threadpool_limits(1):
            return independence.chain(
                self._settled,
                cases,
                self._log_prior,
                self._proposals,
                (tune, draws),
                thin,
                source,
                told,
                walk=self._walk,
            )


def _tail(log_weight: Floats) -> float:
    return float(reweigh(log_weight, smooth=False).pareto_k)


def _meant(settled: Settled, chains: list[Drawn], rng: np.random.Generator) -> dict[str, Floats]:
    """Say what the points of chains mean: each quantity of a result, shape (chain, draw, ...)."""
    found: dict[str, list[Floats]] = {}
    for one in chains:
        _, theta = settled.meaning(one.points)
        noise_sd, leaning_sd = settled.spreads(one.points, rng)
        values = theta._asdict() | {"noise_sd": noise_sd, "leaning_sd": leaning_sd, "case_loglik": one.case_loglik}
        for name, value in (values | one.pools).items():
            found.setdefault(name, []).append(np.asarray(value))
    return {name: np.stack(parts) for name, parts in found.items()}


class _Told:
    """Tell how far all is: gradients on the way to the mode first, then steps of the chains."""

    def __init__(self, progress: Progress | None, gradients: int, steps: int) -> None:
        self._progress, self._gradients, self._total = progress, gradients, gradients + steps
        self._done = 0

    def gradient(self) -> None:
        """Count a gradient; more than were expected do not count."""
        self._done = min(self._done + 1, self._gradients)
        self._tell()

    def steps(self, done: int, _total: int) -> None:
        """Count steps of the chains; by then the mode is found, however few gradients that took."""
        self._done = self._gradients + done
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, self._total)


_DIMS = {
    "scale": ("coder",),
    "noise": ("coder",),
    "bias": ("coder", "contrast"),
    "case_loglik": ("case", "hypothesis"),
    "omega": ("level",),
    "pool": ("pool_name", "hypothesis"),
    "case_prior": ("case", "hypothesis"),
}


def _dataset(problem: xr.Dataset, values: dict[str, Floats], names: list[str]) -> xr.Dataset:
    variables = {name: (("chain", "draw", *_DIMS.get(name, ())), value) for name, value in values.items()}
    chains, draws = values["log_v"].shape
    coords: dict[str, Any] = {"chain": range(chains), "draw": range(draws)}
    coords |= {name: problem[name].values for name in ("coder", "case", "hypothesis")}
    coords["contrast"] = range(problem.sizes["contrast"])
    if "omega" in values:
        coords["level"] = problem["level"].values
    if "pool" in values:
        coords["pool_name"] = names
    return xr.Dataset(variables, coords)
