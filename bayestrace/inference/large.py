"""Studies with very many observations: when their hyperparameters are drawn about a mode, and by which steps."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytensor
import xarray as xr

from bayestrace.errors import UsageFault
from bayestrace.inference import clues, independence, laplace, pooling
from bayestrace.inference.fingerprint import fingerprint
from bayestrace.inference.independence import Drawn, Pools, Table
from bayestrace.inference.settled import Settled
from bayestrace.inference.signal import Floats

#: Stated weights, one for each coder and observation, from which on a study is large (docs/performance.md).
LARGE = 30_000
# Steps of a chain before anything is kept: this share of those after, and at least so many.
_TUNE_SHARE, _TUNE = 0.1, 50
# Numbers kept of the evidence of cases, at most: 240 MB.
_KEPT = 30_000_000
# Gradients that finding the mode takes, by number of coordinates, for telling how far it is.
_GRADIENTS = 20


def is_large(problem: xr.Dataset) -> bool:
    """Say whether a problem is so large that its draws are taken about the mode by themselves."""
    return fits(problem) and int(problem["stated"].values[:, problem["weighs"].values].sum()) >= LARGE


def fits(problem: xr.Dataset) -> bool:
    """Say whether draws about a mode are possible: without clues, every coder having weighed every explanation."""
    weighs = problem["weighs"].values
    if clues.in_problem(problem) or not weighs.any():
        return False
    stated = problem["stated"].values[:, weighs]
    if not problem["stated_variance"].values[:, weighs][stated].any():
        return False
    projector, whole = problem["projector"].values[:, weighs], np.eye(problem.sizes["contrast"])
    return bool(np.allclose(projector[stated], whole))


def stamp() -> Path:
    """Name a file that is there once what this takes was compiled on this machine."""
    digest = hashlib.sha256(fingerprint().encode()).hexdigest()
    return Path(pytensor.config.base_compiledir) / "bayestrace" / f"large-{digest}"


def _compile() -> None:
    """Compile by looking once at the first cases of the problem whose path stands on stdin."""
    with xr.open_dataset(sys.stdin.read(), engine="netcdf4") as stored:
        settled = Settled(stored.load())
    settled.density([settled.first(1)])(settled.start)
    settled.case_loglik(settled.meaning(settled.start[None])[1])


def sample(
    problem: xr.Dataset, *, draws: int, chains: int, seed: int, progress: Callable[[int, int], None] | None = None
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

    Returns
    -------
    DataTree
        As `bayestrace.inference.sampling.sample` gives it; where there are very many cases every second draw is kept,
        or every third, and so on. `sample_stats` has `diverging`, which is 0, and the attributes `accepted`, the share
        of proposals that were taken, and `pareto_k` of their weights (Vehtari et al. 2024).
    """
    tune = max(int(_TUNE_SHARE * draws), _TUNE)
    table = pooling.fits_in_table(problem)
    if not table and not problem["kappa"].values.any():
        raise UsageFault("kappa-zero")
    settled = Settled(problem)
    told = _Told(progress, _GRADIENTS * settled.start.size, chains * (1 + tune + draws))
    fitted = laplace.fit(settled, told.gradient)
    told.found()
    thin = max(1, -(-chains * draws * problem.sizes["case"] * problem.sizes["hypothesis"] // _KEPT))
    found: list[Drawn] = []
    sources = np.random.default_rng(seed).spawn(chains + 1)
    for source in sources[:-1]:
        proposals = independence.propose(fitted, settled.even, 1 + tune + draws, source)
        cases = Table(problem) if table else Pools(problem, source)
        found.append(independence.chain(settled, cases, proposals, tune, thin, source, told.proposals))
    names = [] if table else Pools(problem, sources[-1]).names
    posterior = _dataset(problem, _meant(settled, found, sources[-1]), names)
    stats = xr.Dataset(
        {"diverging": (("chain", "draw"), np.zeros((chains, posterior.sizes["draw"]), dtype=np.int8))},
        {name: posterior[name] for name in ("chain", "draw")},
        {
            "accepted": float(np.concatenate([one.accepted for one in found]).mean()),
            "pareto_k": _pareto_k(np.concatenate([one.log_weight for one in found])),
        },
    )
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})


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
    """Tell how far all is: gradients on the way to the mode first, then proposals."""

    def __init__(self, progress: Callable[[int, int], None] | None, gradients: int, proposals: int) -> None:
        self._progress, self._gradients, self._total = progress, gradients, gradients + proposals
        self._done = 0

    def gradient(self) -> None:
        """Count a gradient; more than were expected do not count."""
        self._done = min(self._done + 1, self._gradients)
        self._tell()

    def found(self) -> None:
        """Say that the mode is found, however few gradients it took."""
        self._done = self._gradients
        self._tell()

    def proposals(self, count: int) -> None:
        """Count proposals."""
        self._done += count
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


def _pareto_k(log_weight: Floats) -> float:
    """Estimate the tail index of the weights of proposals; above .7 they are not to be trusted."""
    from arviz_stats.base.array import BaseArray  # noqa: PLC0415 - slow to import

    smoother: Any = BaseArray()
    # The library takes what is to be divided by, as log-likelihoods of observations left out are.
    return float(smoother.psislw(-log_weight[log_weight > -np.finfo(float).max])[1])
