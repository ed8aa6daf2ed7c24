"""Run NUTS on a model, say how it gets on, and judge whether the draws can be trusted."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import arviz as az
import numpy as np
import pymc as pm
import xarray as xr

from bayestrace.inference.model import build_model

#: Called after each draw with the number done, warm-up included, and the number in all.
Progress = Callable[[int, int], None]

TARGET_ACCEPT = 0.8
#: Warm-up draws per chain; docs/performance.md says how draws and target_accept were chosen.
TUNE = 500


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
        Groups `posterior` (free variables and `case_loglik`) and `sample_stats`.
    """
    total = chains * (TUNE + draws)
    done = 0

    def count(*, trace: object, draw: object) -> None:
        del trace, draw
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    with build_model(problem):
        tree: xr.DataTree = pm.sample(
            draws=draws,
            tune=TUNE,
            chains=chains,
            cores=min(chains, os.cpu_count() or 1),
            target_accept=TARGET_ACCEPT,
            random_seed=seed,
            nuts_sampler="pymc",
            callback=count,
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )
    if done < total:
        # PyMC answers an interrupt with the draws it has; a result cut short must not pass for a whole one.
        raise KeyboardInterrupt
    return xr.DataTree.from_dict(
        {
            "posterior": _plain(tree["posterior"].to_dataset()),
            "sample_stats": _plain(tree["sample_stats"].to_dataset()[["diverging", "energy", "tree_depth"]]),
        }
    )


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
