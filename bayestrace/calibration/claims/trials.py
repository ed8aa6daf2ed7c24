"""Simulate, fit and keep the studies of many worlds, in shards, so that a run that was stopped goes on."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import results
from bayestrace.calibration.claims.methods import METHODS, modelled, simple
from bayestrace.calibration.claims.worlds import Setting, declared, draw_trial, fit_seed
from bayestrace.inference import priors
from bayestrace.inference.fingerprint import fingerprint

Record = dict[str, NDArray[Any]]

#: Draws kept of each fit, and those of its warm-up.
DRAWS, TUNE = 300, 200
#: Studies kept in one file.
SHARD = 20


class Fitter(Protocol):
    """What fits one study after another: `bayestrace.inference.repeated.Refits`, of one design."""

    def fit(self, problem: xr.Dataset, *, draws: int, tune: int, seed: int) -> xr.DataTree:
        """Give a tree with the groups `posterior` and `sample_stats`."""


@dataclass(frozen=True)
class Plan:
    """What is simulated: a design, worlds, from which seed, and how many studies of each, times the world's own."""

    design: xr.Dataset
    settings: Sequence[Setting]
    seed: int
    studies: int

    def folder(self, root: Path, setting: Setting) -> Path:
        """Name where a world's studies are kept: by all that they follow from, so that none is taken for another."""
        drawn = replace(setting, kind="inside", en="", zh="", times=1)  # what studies do not depend on is left out
        known = hashlib.sha256(repr((fingerprint(), drawn, self.seed, DRAWS, TUNE, SHARD)).encode())
        learned = {name: value for name, value in vars(priors).items() if name.isupper()}
        known.update(repr(sorted(learned.items())).encode())
        design = declared(self.design, setting)
        for name in sorted(map(str, design.variables)):
            if name != "weight":  # the design's own weights are not looked at
                known.update(f"\0{name}{design[name].values.tolist()}".encode())
        known.update(repr(sorted(design.attrs.items())).encode())
        return root / f"{setting.name}-{known.hexdigest()[:12]}"


def run(plan: Plan, root: Path, *, jobs: int, progress: Callable[[int, int], None]) -> None:
    """Simulate and fit the studies of a plan that are not yet kept.

    Parameters
    ----------
    plan
        What is simulated.
    root
        Folder of the shards, made if need be. Worlds advance together, so that a run may be stopped at any time.
    jobs
        Processes at work at once.
    progress
        Told at first and after each shard, with how many shards are there and how many there are to be.
    """
    wanted = [
        (first, setting)
        for start in range(0, plan.studies, SHARD)
        for setting in plan.settings
        for first in range(start * setting.times, min(start + SHARD, plan.studies) * setting.times, SHARD)
    ]
    missing = [(first, setting) for first, setting in wanted if not _path(plan, root, setting, first).is_file()]
    done = len(wanted) - len(missing)
    progress(done, len(wanted))
    if not missing:
        return
    from bayestrace.inference import repeated  # noqa: PLC0415 - PyMC takes seconds to import

    if not repeated.is_compiled(plan.design):
        repeated.compile_ahead(plan.design)
    # A fork would inherit the locks and threads of compiled code; a fresh interpreter does not.
    with ProcessPoolExecutor(max_workers=jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        # A worker that is done with a shard takes the next.
        for future in as_completed([pool.submit(_compile_and_keep, plan, root, *shard) for shard in missing]):
            future.result()
            done += 1
            progress(done, len(wanted))


def _path(plan: Plan, root: Path, setting: Setting, first: int) -> Path:
    return plan.folder(root, setting) / f"shard-{first:06d}.npz"


def _compile_and_keep(plan: Plan, root: Path, first: int, setting: Setting) -> None:
    from bayestrace.inference.repeated import Refits  # noqa: PLC0415 - as in run

    keep_shard(plan, root, first, setting, Refits(declared(plan.design, setting)))


def keep_shard(plan: Plan, root: Path, first: int, setting: Setting, fitter: Fitter) -> None:
    """Simulate and fit one shard of studies, from number `first` on, and write it whole or not at all."""
    design = declared(plan.design, setting)
    records = [one_study(design, setting, plan.seed, first + place, fitter) for place in range(SHARD)]
    path = _path(plan, root, setting, first)
    path.parent.mkdir(parents=True, exist_ok=True)
    results.write_arrays({name: np.stack([record[name] for record in records]) for name in records[0]}, path)


def one_study(design: xr.Dataset, setting: Setting, seed: int, number: int, fitter: Fitter) -> Record:
    """Draw one study, judge it in every way, and set that beside the truth.

    Returns
    -------
    dict
        `study` (), `z` (C,), `diverging` (), the number of divergent transitions, and by method P(k | case), (C, K).
    """
    trial = draw_trial(design, setting, seed, number)
    tree = fitter.fit(trial.problem, draws=DRAWS, tune=TUNE, seed=fit_seed(seed, number))
    judged = simple(trial.problem) | modelled(trial.problem, tree["posterior"].to_dataset())
    return {
        "study": np.array(number),
        "z": trial.z,
        "diverging": tree["sample_stats"].to_dataset()["diverging"].values.sum(),
        **{name: judged[name] for name in METHODS},
    }


def load(plan: Plan, root: Path, setting: Setting) -> Record:
    """Read the studies of a world that are kept so far, in the order of their numbers.

    Returns
    -------
    dict
        As `one_study` gives it, with a first axis for the S studies; empty where none is kept.
    """
    shards = []
    for first in range(0, plan.studies * setting.times, SHARD):
        path = _path(plan, root, setting, first)
        if path.is_file():
            with np.load(path) as held:
                shards.append({name: held[name] for name in held.files})
    if not shards:
        return {}
    joined = {name: np.concatenate([shard[name] for shard in shards]) for name in shards[0]}
    return {name: values[joined["study"] < plan.studies * setting.times] for name, values in joined.items()}
