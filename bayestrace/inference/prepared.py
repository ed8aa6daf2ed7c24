"""A model's density and its gradient, made ready once on a machine and kept.

Rewriting the graph of a model takes two seconds, and comes to the same for all problems whose compiled code is the
same: so what came of it stands beside that code, and only numbers are put in.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np
import pymc as pm
import pytensor
import xarray as xr

from bayestrace.errors import InputOutputFault
from bayestrace.inference import clues
from bayestrace.inference.fingerprint import fingerprint
from bayestrace.inference.model import data_of
from bayestrace.inference.signal import design_of
from bayestrace.results import write_bytes

# What a user may have set that changes how a graph becomes code.
_FLAGS = ("mode", "linker", "floatX")
# What of a problem is part of the model's graph rather than of its data.
_IN_GRAPH = ("prior", "level_weight", "pool", "kappa", "kappa_weight", "hypothesis")
_CLUES = ("cell_known", "cell_alpha", "cell_beta", "case_term", "case_count", "path_term", "case_path")
_SETTINGS = ("leaning_sd", "selectivity", "favours", "kappa_low", "kappa_high")


def stamp(problem: xr.Dataset) -> Path:
    """Name a file after all that a model's compiled code depends on: the engine, shapes of data, what is in the graph.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    """
    parts = [fingerprint(), *(str(getattr(pytensor.config, flag)) for flag in _FLAGS)]
    parts += [f"{name}{value.shape}" for name, value in data_of(problem).items()]
    graph = [problem[name].values for name in _IN_GRAPH]
    if problem["weighs"].values.any():
        design, _, cluster = design_of(problem)
        graph.append(problem["case_of_cluster"].values[cluster])
        if design.projector is not None:
            graph += [value for value in vars(design).values() if isinstance(value, np.ndarray)]
    if clues.in_problem(problem):
        graph += [problem[name].values for name in _CLUES if name in problem]
        graph += list(clues.terms_of(problem))
    parts += [str(values.tolist()) for values in graph]
    # As text: a problem that was in a file has its numbers in other types, and its dimensions in another order.
    parts += [f"{name} {size}" for name, size in sorted(problem.sizes.items())]
    parts += [f"{name} {problem.attrs[name]}" for name in _SETTINGS]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return Path(pytensor.config.base_compiledir) / "bayestrace" / digest


def density_of(problem: xr.Dataset, model: pm.Model) -> Any:
    """Give the log-density of a problem's model, and its gradient, as functions of all coordinates in one row.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    model
        What `build_model` made of it.

    Returns
    -------
    pymc.model.core.ValueGradFunction
        As `model.logp_dlogp_function(ravel_inputs=True)` gives it; of a model that was ready before, the same function
        with this problem's numbers, to the last bit.
    """
    kept = stamp(problem).with_suffix(".density")
    try:
        its_model, density = cloudpickle.loads(kept.read_bytes())
        for name, value in data_of(problem).items():
            its_model.set_data(name, value)
    except Exception:  # noqa: BLE001 - a file that is not there, cut short, or of something else: it is made anew
        with model:
            density = model.logp_dlogp_function(ravel_inputs=True)
        _keep(kept, cloudpickle.dumps((model, density)))
    density.trust_input = True
    return density


def _keep(path: Path, made: bytes) -> None:
    """Write a file whole or not at all; where nothing can be written it is done without."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(made, path)
    except (OSError, InputOutputFault):
        return
