"""Fit many studies of one design: the model is compiled once, each study's data are put into it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor
import xarray as xr

from bayestrace.inference import sampling
from bayestrace.inference.model import build_model, data_of

#: For many fits that are looked at together a divergence here and there matters less than how long they take.
TARGET_ACCEPT = 0.8


class Refits:
    """Fits of studies that share cases, clusters, coders, hypotheses and priors, one chain each.

    Parameters
    ----------
    problem
        One of them, as `bayestrace.encoding.encode` makes it.
    """

    def __init__(self, problem: xr.Dataset) -> None:
        self._model = build_model(problem)
        # What coders compared in part stands in the graph itself: such a study is compiled by itself.
        self._separate = "data_weight" not in self._model.named_vars
        if self._separate:
            return
        with self._model:
            self._step: Any = pm.NUTS(target_accept=TARGET_ACCEPT)
        self._start = self._model.initial_point()
        kept = [variable for variable in self._model.unobserved_RVs if not variable.name.endswith("_raw")]
        self._dims = {rv.name: tuple(self._model.named_vars_to_dims.get(rv.name, ())) for rv in kept}
        graphs = self._model.replace_rvs_by_values(kept)
        self._natural = pytensor.function(self._model.value_vars, graphs, on_unused_input="ignore")

    def fit(self, problem: xr.Dataset, *, draws: int, tune: int, seed: int) -> xr.DataTree:
        """Draw the hyperparameters of one study.

        Parameters
        ----------
        problem
            Of the design that this was made with.
        draws, tune
            Draws kept, and before them those of warm-up.
        seed
            The same seed gives the same draws, whatever was fitted before.

        Returns
        -------
        DataTree
            As `bayestrace.inference.sampling.sample` gives it, of one chain; `sample_stats` has `diverging` alone.
        """
        if self._separate:
            return sampling.sample(problem, draws=draws, chains=1, seed=seed)
        for name, value in data_of(problem).items():
            self._model.set_data(name, value)
        self._step.setup_chain(np.random.default_rng(seed), tune, draws)
        self._step.reset_tuning()
        point = {name: np.array(value) for name, value in self._start.items()}
        rows, diverging = [], np.zeros((1, draws), dtype=np.int8)
        for iteration in range(tune + draws):
            if iteration == tune:
                self._step.stop_tuning()
            point, stats = self._step.step(point)
            if iteration >= tune:
                diverging[0, iteration - tune] = stats[0]["diverging"]
                rows.append(self._natural(**point))
        variables = {}
        for place, (name, dims) in enumerate(self._dims.items()):
            values = np.stack([row[place] for row in rows])[None]
            named = tuple(str(dim) for dim in dims) or tuple(f"{name}_dim_{axis}" for axis in range(values.ndim - 2))
            variables[name] = (("chain", "draw", *named), values)
        coords = {name: problem[name].values for name in ("coder", "case", "hypothesis")}
        return xr.DataTree.from_dict(
            {
                "posterior": xr.Dataset(variables, coords=coords),
                "sample_stats": xr.Dataset({"diverging": (("chain", "draw"), diverging)}),
            }
        )
