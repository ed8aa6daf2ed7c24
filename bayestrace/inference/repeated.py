"""Fit many studies of one design: the model is compiled once, each study's data are put into it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import sampling
from bayestrace.inference.apart import handed_over
from bayestrace.inference.chains import Meaning
from bayestrace.inference.fingerprint import fingerprint
from bayestrace.inference.model import build_model, data_of

#: For many fits that are looked at together a divergence here and there matters less than how long they take.
TARGET_ACCEPT = 0.8
# Starts tried until one has a likelihood.
_STARTS = 20


def is_compiled(problem: xr.Dataset) -> bool:
    """Say whether the fits of a design were compiled on this machine before."""
    return _stamp(problem).exists()


def compile_ahead(problem: xr.Dataset) -> None:
    """Compile the fits of a design into the cache, in a process of its own.

    As in `bayestrace.inference.sampling.compile_ahead`: every fit takes its code from the cache, since code compiled a
    moment ago rounds differently, and one seed is to give one result in every process.
    """
    sampling.compile_apart(problem, __name__, _stamp(problem))


def _compile() -> None:
    """Compile the fits of the design that was handed over, by drawing once."""
    problem = handed_over()
    Refits(problem).fit(problem, draws=1, tune=1, seed=0)


def _stamp(problem: xr.Dataset) -> Path:
    """Name a file after the engine and the design: more than the compiled code depends on."""
    parts = [fingerprint()]
    parts += [
        f"{name}{problem[name].values.tolist()}" for name in sorted(map(str, problem.variables)) if name != "weight"
    ]
    parts.append(str(sorted(problem.attrs.items())))
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return Path(pytensor.config.base_compiledir) / "bayestrace" / f"repeated-{digest}"


class Refits:
    """Fits of studies that share cases, clusters, coders, hypotheses and priors, one chain each.

    Where coders compared only some of the hypotheses, what they compared is part of the model: each study is then
    compiled by itself, which takes long.

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
        self._meaning = Meaning(self._model)

    def fit(self, problem: xr.Dataset, *, draws: int, tune: int, seed: int) -> xr.DataTree:
        """Draw the hyperparameters of one study.

        Parameters
        ----------
        problem
            Of the design that this was made with.
        draws, tune
            Draws kept, and before them those of warm-up; warm-up is the sampler's own where coders compared only some
            of the hypotheses.
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
        rng = np.random.default_rng(seed)
        start = {name: np.array(value) for name, value in self._start.items()}
        for _ in range(_STARTS - 1):
            try:
                points, diverging = self._draw(start, draws, tune, seed)
                break
            except pm.exceptions.SamplingError:
                # Without stated ranges the likelihood has no value where noise is zero, which is where we begin.
                start = {name: value + rng.uniform(-1.0, 1.0, value.shape) for name, value in self._start.items()}
        else:
            points, diverging = self._draw(start, draws, tune, seed)
        return xr.DataTree.from_dict(
            {
                "posterior": self._meaning.dataset([self._meaning.of(points)]),
                "sample_stats": xr.Dataset({"diverging": (("chain", "draw"), diverging)}),
            }
        )

    def _draw(
        self, start: dict[str, Any], draws: int, tune: int, seed: int
    ) -> tuple[dict[str, NDArray[np.float64]], NDArray[np.int8]]:
        """Draw from a start: the points, by variable of the sampler, and whether each diverged, shape (1, draws)."""
        self._step.setup_chain(np.random.default_rng(seed), tune, draws)
        self._step.reset_tuning()
        point, diverging = start, np.zeros((1, draws), dtype=np.int8)
        points = {name: np.empty((draws, *np.shape(value))) for name, value in start.items()}
        for iteration in range(tune + draws):
            if iteration == tune:
                self._step.stop_tuning()
            point, stats = self._step.step(point)
            place = iteration - tune
            if place >= 0:
                diverging[0, place] = stats[0]["diverging"]
                for name, values in points.items():
                    values[place] = point[name]
        return points, diverging
