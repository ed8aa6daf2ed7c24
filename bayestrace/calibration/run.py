"""Simulate studies of a design, fit each as if it were real, and keep what came of it beside the truth.

Studies are numbered; study i of a seed is the same whoever draws it and in whatever order. They are kept in shards, so
that a run that was stopped goes on where it was, and runs on several machines add up.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.calibration.ranks import ranks
from bayestrace.calibration.simulate import draw_study
from bayestrace.calibration.truth import Truth, draw_truth
from bayestrace.errors import UsageFault
from bayestrace.inference import answer

Record = dict[str, NDArray[Any]]

#: Draws kept of each study, those of warm-up, and how far apart the draws are that ranks are taken among.
DRAWS, TUNE, THIN = 300, 200, 4
#: Studies kept in one file.
SHARD = 20


@dataclass(frozen=True)
class Plan:
    """What is simulated: a design, how many studies, from which seed, and how redundancy is drawn."""

    problem: xr.Dataset
    studies: int
    seed: int
    redundancy: Literal["drawn", "averaged"] = "averaged"

    def digest(self) -> str:
        """Name the design and the settings, but not the number of studies."""
        parts = [str((self.seed, self.redundancy, DRAWS, TUNE, THIN))]
        for name in sorted(map(str, self.problem.variables)):
            if name != "weight":
                parts.append(f"{name}{self.problem[name].values.tolist()}")
        parts.append(str(sorted(self.problem.attrs.items())))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def run(plan: Plan, folder: Path, *, jobs: int, progress: Callable[[int, int], None] | None = None) -> None:
    """Simulate and fit the studies of a plan that are not yet in a folder.

    Parameters
    ----------
    plan
        What is simulated.
    folder
        Where shards are kept, made if need be.
    jobs
        Processes at work at once.
    progress
        Told after each shard, with the number of studies done and the number in all.

    Raises
    ------
    UsageFault
        The folder holds studies of another design, seed or version of the settings.
    """
    folder.mkdir(parents=True, exist_ok=True)
    digest = plan.digest()
    done = {first for first, record in _kept(folder, digest) if record["study"].size >= min(SHARD, plan.studies - first)}
    firsts = [first for first in range(0, plan.studies, SHARD) if first not in done]
    count = min(len(done) * SHARD, plan.studies)
    if progress is not None:
        progress(count, plan.studies)
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        waiting = {pool.submit(_shard, plan, first, folder, digest): first for first in firsts}
        for future in as_completed(waiting):
            count += future.result()
            if progress is not None:
                progress(min(count, plan.studies), plan.studies)


def load(plan: Plan, folder: Path) -> Record:
    """Read the studies of a plan that were simulated so far, in the order of their numbers.

    Returns
    -------
    dict
        `study` (S,), `z` (S, C), `pooled`, `unpooled`, `face`, `face_pooled` (S, C, K), `diverging` (S,), and for every
        hyperparameter `rank_...` (S, ...): ranks among `DRAWS / THIN` draws.
    """
    records = [record for _, record in sorted(_kept(folder, plan.digest()), key=lambda pair: pair[0])]
    if not records:
        return {}
    joined = {name: np.concatenate([record[name] for record in records]) for name in records[0]}
    return {name: values[joined["study"] < plan.studies] for name, values in joined.items()}


def _kept(folder: Path, digest: str) -> Iterator[tuple[int, Record]]:
    for path in sorted(folder.glob("shard-*.npz")):
        with np.load(path) as held:
            record = {name: held[name] for name in held.files}
        if str(record.pop("digest")) != digest:
            raise UsageFault("calibration-other-design", path=path)
        yield int(record["study"][0]), record


def _shard(plan: Plan, first: int, folder: Path, digest: str) -> int:
    numbers = range(first, min(first + SHARD, plan.studies))
    refits = _refits(plan.problem)
    records = [one_study(plan, number, refits) for number in numbers]
    joined = {name: np.stack([record[name] for record in records]) for name in records[0]}
    path = folder / f"shard-{first:06d}.npz"
    partial = path.with_suffix(f".{os.getpid()}.part")
    with partial.open("wb") as file:
        np.savez_compressed(file, digest=np.array(digest), **joined)
    partial.replace(path)
    return len(records)


# One compiled model for each design that a process works on.
_COMPILED: dict[int, Any] = {}


def _refits(problem: xr.Dataset) -> Any:
    from bayestrace.inference.repeated import Refits  # noqa: PLC0415 - PyMC takes a second to import

    if not _COMPILED:
        _COMPILED[0] = Refits(problem)
    return _COMPILED[0]


def one_study(plan: Plan, number: int, refits: Any) -> Record:
    """Draw study `number` of a plan, fit it, and set what was found beside the truth."""
    rng = np.random.default_rng([plan.seed, number])
    truth = draw_truth(plan.problem, rng)
    problem = draw_study(plan.problem, truth, rng, redundancy=plan.redundancy)
    tree = refits.fit(problem, draws=DRAWS, tune=TUNE, seed=int(rng.integers(2**31)))
    posterior = tree["posterior"].to_dataset()
    draws = answer.draws_of(problem, posterior)
    # Case by case and, where the joint explanations can be enumerated, pooled.
    face = answer.face_value(problem)["probability"].sel(doubtful="set-aside").values
    record = {
        "study": np.array(number),
        "z": truth.z,
        "pooled": draws.pooled.mean(axis=0),
        "unpooled": draws.unpooled.mean(axis=0),
        "face": face[0],
        "face_pooled": face[-1],
        "diverging": tree["sample_stats"]["diverging"].values.sum(),
    }
    return record | _ranks(truth, posterior, rng)


def _ranks(truth: Truth, posterior: xr.Dataset, rng: np.random.Generator) -> Record:
    true: Mapping[str, Any] = truth.theta._asdict() | {"noise_sd": truth.noise_sd, "leaning_sd": truth.leaning_sd}
    found = {}
    for name, value in true.items():
        drawn = np.moveaxis(posterior[name].values[0, ::THIN], 0, -1)
        found[f"rank_{name}"] = ranks(np.asarray(value), drawn, rng)
    return found
