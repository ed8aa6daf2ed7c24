"""Run NUTS on a model, say how it gets on, and judge whether the draws can be trusted."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import pytensor
import xarray as xr

from bayestrace.inference.model import build_model, data_of
from bayestrace.inference.signal import design_of

#: Called after each draw with the number done, warm-up included, and the number in all.
Progress = Callable[[int, int], None]

TARGET_ACCEPT = 0.9
# What of a problem is part of the model's graph rather than of its data.
_IN_GRAPH = ("prior", "level_weight", "pool", "kappa", "kappa_weight", "hypothesis")
_SETTINGS = ("leaning_sd", "selectivity", "favours", "kappa_low", "kappa_high")
#: Warm-up draws per chain; docs/performance.md says how draws and target_accept were chosen.
TUNE = 300


def is_compiled(problem: xr.Dataset) -> bool:
    """Say whether the model of a problem was compiled on this machine before."""
    return _stamp(problem).exists()


def compile_ahead(problem: xr.Dataset) -> None:
    """Compile the model of a problem into the cache, in a process of its own.

    Machine code taken from the cache and code compiled a moment ago differ in the order of a few roundings, which
    chains amplify. So every run, the first included, takes its code from the cache: one seed, one result.
    """
    compile_apart(problem, __name__, _stamp(problem))


def compile_apart(problem: xr.Dataset, room: str, stamp: Path) -> None:
    """Have a room's `_compile` compile what it needs for a problem in a fresh process, and set down that it did.

    Parameters
    ----------
    problem
        Handed over as a file whose path stands on stdin.
    room
        Name of the module.
    stamp
        File that is there from then on.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.nc"
        problem.to_netcdf(path, engine="h5netcdf")
        script = f"from {room} import _compile; _compile()"
        subprocess.run([sys.executable, "-c", script], check=True, input=str(path), text=True)  # noqa: S603 - our own code
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()


def _compile() -> None:
    """Compile the model of the problem whose path stands on stdin, by drawing once."""
    with xr.open_dataset(sys.stdin.read(), engine="h5netcdf") as problem:
        _run(problem.load(), None, draws=1, tune=1, chains=1, random_seed=0)


def _stamp(problem: xr.Dataset) -> Path:
    """Name a file after all that compiled code depends on: versions, shapes of the data, and what is in the graph."""
    parts = [importlib.metadata.version(name) for name in ("bayestrace", "pymc", "pytensor", "numba")]
    parts += [f"{name}{value.shape}" for name, value in data_of(problem).items()]
    design, _, cluster = design_of(problem)
    graph = [problem["case_of_cluster"].values[cluster], *(problem[name].values for name in _IN_GRAPH)]
    if design.projector is not None:
        graph += [value for value in vars(design).values() if isinstance(value, np.ndarray)]
    parts += [str(values.tolist()) for values in graph]
    parts += [str(problem.sizes), str(sorted((name, problem.attrs[name]) for name in _SETTINGS))]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return Path(pytensor.config.base_compiledir) / "bayestrace" / digest


def _run(problem: xr.Dataset, count: Callable[..., None] | None, **lengths: int) -> xr.DataTree:
    with build_model(problem):
        tree: xr.DataTree = pm.sample(
            **lengths,
            cores=min(lengths["chains"], os.cpu_count() or 1),
            target_accept=TARGET_ACCEPT,
            nuts_sampler="pymc",
            callback=count,
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )
    return tree


def sample(
    problem: xr.Dataset,
    *,
    draws: int,
    chains: int,
    seed: int,
    progress: Progress | None = None,
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
    progress
        Told after each draw.

    Returns
    -------
    DataTree
        Groups `posterior` (hyperparameters and `case_loglik`) and `sample_stats`.
    """
    total = chains * (TUNE + draws)
    done = 0

    def count(*, trace: object, draw: object) -> None:
        del trace, draw
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    # PyMC swallows an interrupt and goes on with the draws it has, or finds them too few for a trace. A result cut
    # short must not pass for a whole one.
    try:
        tree = _run(problem, count, draws=draws, tune=TUNE, chains=chains, random_seed=seed)
    except ValueError as fault:
        if "Not enough samples" in str(fault):
            raise KeyboardInterrupt from fault
        raise
    if done < total:
        raise KeyboardInterrupt
    return xr.DataTree.from_dict(
        {
            "posterior": _plain(tree["posterior"].to_dataset().drop_vars(_coordinates(tree))),
            "sample_stats": _plain(tree["sample_stats"].to_dataset()[["diverging", "energy", "tree_depth"]]),
        }
    )


def _coordinates(tree: xr.DataTree) -> list[str]:
    """List what the sampler moved in only: what it means stands beside it."""
    return [name for name in map(str, tree["posterior"].data_vars) if name.endswith("_raw")]


def _plain(dataset: xr.Dataset) -> xr.Dataset:
    """Drop the sampler's attributes: they hold a clock, and the same inputs are to give the same bytes."""
    dataset = dataset.drop_attrs()
    # netCDF knows no booleans that every reader takes.
    return dataset.map(lambda array: array.astype(np.int8) if array.dtype == bool else array)


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
    stacked = xr.Dataset({"x": (("chain", "draw", "quantity"), np.stack(rows, axis=-1))}, coords={"quantity": names})
    return xr.Dataset(
        {
            "r_hat": az.rhat(stacked, method="rank")["x"],
            "ess_bulk": az.ess(stacked, method="bulk")["x"],
            "ess_tail": az.ess(stacked, method="tail")["x"],
        }
    )
