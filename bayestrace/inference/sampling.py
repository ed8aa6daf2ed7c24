"""Run NUTS on a model, say how it gets on, and judge whether the draws can be trusted."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import UsageFault
from bayestrace.inference import apart, clues, large, loops, pooling, prepared
from bayestrace.inference.chains import Chain, Lengths, Meaning, Progress, Sampler, running
from bayestrace.inference.model import build_model
from bayestrace.inference.signal import Design, Hyperparameters, design_of

__all__ = [
    "CAREFUL_ACCEPT",
    "TARGET_ACCEPT",
    "TUNE",
    "Choice",
    "Progress",
    "about_mode",
    "compile_ahead",
    "compile_apart",
    "diagnose",
    "is_compiled",
    "sample",
    "settings_of",
]

#: By which sampler: `auto` chooses by the size of a problem, `mode` draws about the posterior's mode.
Choice = Literal["auto", "nuts", "mode"]

#: Acceptance that step sizes are adapted to: at first, and once more with smaller steps where a draw then diverged;
#: docs/performance.md says how it was chosen.
TARGET_ACCEPT, CAREFUL_ACCEPT = 0.8, 0.9
# Stated weights from which on larger steps are tried.
_ENOUGH = 100
#: Warm-up draws per chain; docs/performance.md says why so many.
TUNE = 200
#: The same where weights of levels of pools are drawn beside the probabilities of clues, which takes longer to learn.
TUNE_LEVELS = 800
# Quantities whose draws are ranked at once.
_TOGETHER = 1000


def about_mode(problem: xr.Dataset, sampler: Choice) -> bool:
    """Say whether draws are taken about the mode.

    Raises
    ------
    UsageFault
        They are asked for and not possible.
    """
    if sampler == "mode" and (reason := large.obstacle(problem)) is not None:
        raise UsageFault(f"mode-{reason}")
    return sampler == "mode" or (sampler == "auto" and large.is_large(problem))


def is_compiled(problem: xr.Dataset, sampler: Choice = "auto") -> bool:
    """Say whether what a sampler needs of a problem was compiled on this machine before."""
    return _stamp(problem, sampler).exists()


def compile_ahead(problem: xr.Dataset, sampler: Choice = "auto") -> None:
    """Compile the model of a problem into the cache, in processes of their own.

    Machine code taken from the cache and code compiled a moment ago differ in the order of a few roundings, which
    chains amplify. So every run, the first included, takes its code from the cache: one seed, one result.
    """
    room, parts = (large.__name__, ["_compile"]) if about_mode(problem, sampler) else (__name__, _PARTS)
    compile_apart(problem, room, _stamp(problem, sampler), parts)


def compile_apart(problem: xr.Dataset, room: str, stamp: Path, parts: Sequence[str] = ("_compile",)) -> None:
    """Have functions of a room, `parts`, compile what it needs for a problem, as `apart.compile_apart` does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.nc"
        problem.to_netcdf(path, engine="netcdf4")
        apart.compile_apart(room, parts, path, stamp)


def _compile_chains() -> None:
    """Compile the density and its gradient, by drawing once."""
    Sampler(apart.handed_over(), Lengths(draws=1, tune=1, chains=1), 0, CAREFUL_ACCEPT).run(0, lambda: None)


def _compile_slopes() -> None:
    """Compile the slopes of loops, for the density to find in the cache."""
    design = _looped(apart.handed_over())
    if design is not None:
        loops.compile_slopes(design)


def _compile_rest() -> None:
    """Compile the loops, for the density to find; then what is wanted of draws, by asking it of where chains begin."""
    problem = apart.handed_over()
    design = _looped(problem)
    if design is not None:
        loops.compile_loglik(design)
    model = build_model(problem)
    drawn = Meaning(model).of({name: np.asarray(value)[None] for name, value in model.initial_point().items()})
    if design is not None:
        loops.compile_here(design, Hyperparameters(*(drawn[name] for name in Hyperparameters._fields)))


def _looped(problem: xr.Dataset) -> Design | None:
    """Give what the loops are asked of, if they are asked."""
    design = design_of(problem)[0] if problem["weighs"].values.any() else None
    return None if design is None or design.projector is not None else design


# The density takes as long as the other two. It comes to the loops after some ten seconds, and finds them.
_PARTS = ("_compile_chains", "_compile_slopes", "_compile_rest")


def _stamp(problem: xr.Dataset, sampler: Choice) -> Path:
    """Name a file that is there once what a sampler needs of a problem was compiled."""
    return large.stamp() if about_mode(problem, sampler) else prepared.stamp(problem)


def sample(  # noqa: PLR0913 - of what, how many, from which seed, whom to tell, where
    problem: xr.Dataset,
    *,
    draws: int,
    chains: int,
    seed: int,
    sampler: Choice = "auto",
    progress: Progress | None = None,
    cores: int | None = None,
) -> xr.DataTree:
    """Draw the hyperparameters of a problem given its evidence.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    draws, chains
        Draws kept of each chain, and the number of chains.
    seed
        The same seed gives the same draws on the same machine, whatever the number of cores.
    sampler
        Which one.
    progress
        Told now and then, and when all is done.
    cores
        Processes in which chains run at once; 1 stays in this one, None takes one for each core of the machine.

    Returns
    -------
    DataTree
        Groups `posterior` (hyperparameters and `case_loglik`) and `sample_stats`; NUTS sets down there to which
        acceptance steps were adapted, `target_accept`.

    Raises
    ------
    UsageFault
        Draws about the mode are asked for and not possible.
    """
    if about_mode(problem, sampler):
        return large.sample(problem, draws=draws, chains=chains, seed=seed, progress=progress, cores=cores)
    lengths = Lengths(draws, warm_up(problem), chains)
    if not _can_be_quick(problem):
        return _run(problem, lengths, seed, CAREFUL_ACCEPT, progress, cores)
    try:
        return _run(problem, lengths, seed, TARGET_ACCEPT, progress, cores)
    except _DivergedError:
        again = None if progress is None else _after(progress, lengths.total)
        return _run(problem, lengths, seed, CAREFUL_ACCEPT, again, cores)


def _can_be_quick(problem: xr.Dataset) -> bool:
    """Say whether larger steps are tried first: with pools drawn, or few weights stated, some draw mostly diverges."""
    return large.stated_weights(problem) >= _ENOUGH and pooling.fits_in_table(problem)


def _after(progress: Progress, before: int) -> Progress:
    """Tell on from draws that were made before and are not kept."""
    return lambda done, total: progress(before + done, before + total)


def warm_up(problem: xr.Dataset) -> int:
    """Give the draws of warm-up that a chain of NUTS takes on a problem."""
    levels = (problem["level_weight"].values > 0).sum() > 1
    return TUNE_LEVELS if levels and clues.in_problem(problem) and not pooling.fits_in_table(problem) else TUNE


def settings_of(problem: xr.Dataset, sampler: Choice, draws: int, stats: xr.Dataset) -> dict[str, Any]:
    """Give what a result says of how it was drawn; `stats` is what `sample` gave beside the draws."""
    if about_mode(problem, sampler):
        return {"tune": large.warm_up(draws), "about_mode": True}
    return {"tune": warm_up(problem), "target_accept": stats.attrs["target_accept"]}


class _DivergedError(Exception):
    """A draw diverged, and smaller steps are to be had."""


def _run(  # noqa: PLR0913, PLR0917 - of what, how long, from which seed, in which steps, whom to tell, where
    problem: xr.Dataset,
    lengths: Lengths,
    seed: int,
    target_accept: float,
    progress: Progress | None = None,
    cores: int | None = None,
) -> xr.DataTree:
    sampler = Sampler(problem, lengths, seed, target_accept)
    ended: dict[int, tuple[dict[str, NDArray[np.float64]], Chain]] = {}
    with running(sampler, cores or os.cpu_count() or 1, progress) as chains:
        # While the chains run this process gets ready what comes after them.
        meaning = Meaning(sampler.model)
        import arviz  # noqa: F401, PLC0415 - takes most of a second

        for place, chain in chains:
            if target_accept < CAREFUL_ACCEPT and chain.diverging.any():
                raise _DivergedError
            ended[place] = (meaning.of(chain.points), chain)
    inside = [ended[place] for place in sorted(ended)]
    stats = {
        name: (("chain", "draw"), np.stack([getattr(chain, name) for _, chain in inside]))
        for name in ("diverging", "energy", "tree_depth")
    }
    posterior = meaning.dataset([natural for natural, _ in inside])
    coords = {name: posterior[name] for name in ("chain", "draw")}
    told = xr.Dataset(stats, coords, {"target_accept": target_accept})
    return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": told})


def diagnose(quantities: xr.Dataset) -> xr.Dataset:
    """Compute split R-hat and effective sample sizes of every reported quantity that varies.

    Parameters
    ----------
    quantities
        Variables over (chain, draw, ...).

    Returns
    -------
    Dataset
        Variables `r_hat`, `ess_bulk` and `ess_tail` over `quantity`, the flattened names; a quantity that does
        not vary has none (Vehtari et al. 2021 leave R-hat undefined there).
    """
    names: list[str] = []
    rows: list[np.ndarray[Any, np.dtype[np.float64]]] = []
    for name, array in quantities.data_vars.items():
        labels = [dim for dim in array.dims if dim not in {"chain", "draw"}]
        flat = array.transpose("chain", "draw", *labels).values.reshape(*array.values.shape[:2], -1)
        spots = list(np.ndindex(*(array.sizes[dim] for dim in labels)))
        for column, spot in enumerate(spots):
            inside = ", ".join(str(array[dim].values[at]) for dim, at in zip(labels, spot, strict=True))
            values = flat[..., column]
            if np.ptp(values) > 0.0:
                names.append(f"{name}[{inside}]" if inside else str(name))
                rows.append(values)
    found = [_measured(np.stack(rows[start : start + _TOGETHER], axis=-1)) for start in range(0, len(rows), _TOGETHER)]
    return xr.Dataset(
        {name: ("quantity", np.concatenate([part[name] for part in found])) for name in found[0]},
        coords={"quantity": names},
    )


def _measured(values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Measure quantities (chain, draw, Q); what they are ranked in takes several times the memory that they do."""
    import arviz as az  # noqa: PLC0415 - `sample` has imported it while it waited

    stacked = xr.Dataset({"x": (("chain", "draw", "quantity"), values)})
    return {
        "r_hat": az.rhat(stacked, method="rank")["x"].values,
        "ess_bulk": az.ess(stacked, method="bulk")["x"].values,
        "ess_tail": az.ess(stacked, method="tail")["x"].values,
    }
