"""Simulate studies of a design, fit each as if it were real, and keep what came of it beside the truth.

Studies are numbered; study i of a seed is the same whoever draws it and in whatever order. They are kept in shards, so
that a run that was stopped goes on where it was, and runs on several machines add up.
"""

from __future__ import annotations

import functools
import hashlib
import multiprocessing
import signal
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import results
from bayestrace.calibration.ranks import ranks
from bayestrace.calibration.simulate import draw_study
from bayestrace.calibration.truth import Truth, draw_truth
from bayestrace.errors import InputOutputFault, UsageFault
from bayestrace.farm import Farm, once_on_this_machine
from bayestrace.inference import answer
from bayestrace.inference.fingerprint import fingerprint

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Event

    from bayestrace.inference.repeated import Refits

Record = dict[str, NDArray[Any]]
#: Told how many studies are done, and how many there are to be.
Progress = Callable[[int, int], None]

#: Draws kept of each study, those of warm-up, and how far apart the draws are that ranks are taken among.
DRAWS, TUNE, THIN = 300, 200, 4
#: Draws that ranks are taken among.
RANKED = DRAWS // THIN
#: Studies kept in one file.
SHARD = 20
# Seconds between two looks at how the processes get on.
_EVERY = 0.25
# What reading a file that was cut short or spoilt raises.
_SPOILT = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError)


@dataclass(frozen=True)
class Plan:
    """What is simulated: a design, how many studies, from which seed, and how redundancy is drawn.

    Parameters
    ----------
    problem
        The design, as `bayestrace.encoding.encode` makes it; its weights are not looked at.
    studies
        How many.
    seed
        Study i is drawn and fitted from `[seed, i]`, whatever the number of studies.
    redundancy
        As `bayestrace.calibration.simulate.draw_study` takes it.
    """

    problem: xr.Dataset
    studies: int
    seed: int
    redundancy: Literal["drawn", "averaged"] = "averaged"

    def digest(self) -> str:
        """Name the design, the settings and the engine, but not the number of studies (SHA-256, hexadecimal)."""
        parts = [fingerprint(), str((self.seed, self.redundancy, DRAWS, TUNE, THIN))]
        names = sorted(name for name in map(str, self.problem.variables) if name != "weight")
        parts += [f"{name}{self.problem[name].values.tolist()}" for name in names]
        parts.append(str(sorted(self.problem.attrs.items())))
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class _Batch(NamedTuple):
    """Shards to be made: of which plan, the numbers of the studies in each, and where they are kept."""

    plan: Plan
    shards: tuple[range, ...]
    folder: Path
    digest: str


@dataclass(frozen=True)
class _One:
    """A study to be made by a worker, which tells by `design` whether its last fits serve this one too."""

    design: str
    plan: Plan = field(compare=False)
    number: int = field(compare=False)


class _Shared(NamedTuple):
    """What the processes of a run know of one another: the next shard, the studies done, whether to stop."""

    place: Synchronized[int]
    done: Synchronized[int]
    stop: Event


def run(  # noqa: PLR0913 - what, where to, with whom, whom to tell
    plan: Plan,
    folder: Path,
    *,
    jobs: int,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
    farm: Farm | None = None,
) -> None:
    """Simulate and fit the studies of a plan that are not yet in a folder.

    Parameters
    ----------
    plan
        What is simulated.
    folder
        Where shards are kept, made if need be. A shard that was cut short or spoilt is made again.
    jobs
        Processes at work at once; 1 works in this one. What is found does not depend on it.
    progress
        Told after each study, or every now and then, with the number of studies done and the number in all.
    on_compile
        Told where the fits have to be compiled first, which takes a minute or two.
    farm
        Workers that make the studies, one at a time each, in the place of processes; they compile for themselves.

    Raises
    ------
    UsageFault
        The folder holds studies of another design, seed or version of the settings; or redundancy cannot be averaged
        in studies of this design.
    InputOutputFault
        The folder cannot be written, or a process was ended from outside; or as `bayestrace.farm.Farm.map`.
    """
    from bayestrace.inference import repeated  # noqa: PLC0415 - PyMC takes seconds to import

    _check(plan)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=folder, reason=fault.strerror or fault) from fault
    digest = plan.digest()
    kept = {int(number) for record in _kept(folder, digest) for number in record["study"]}
    firsts = range(0, plan.studies, SHARD)
    shards = [range(first, min(first + SHARD, plan.studies)) for first in firsts]
    batch = _Batch(plan, tuple(shard for shard in shards if not kept.issuperset(shard)), folder, digest)
    before = plan.studies - sum(map(len, batch.shards))

    def tell(done: int) -> None:
        if progress is not None:
            progress(before + done, plan.studies)

    tell(0)
    if not batch.shards:
        return
    if farm is not None:
        _elsewhere(batch, farm, tell)
        return
    if not repeated.is_compiled(plan.problem):
        if on_compile is not None:
            on_compile()
        repeated.compile_ahead(plan.problem)
    if jobs == 1:
        _alone(batch, tell)
    else:
        _together(batch, min(jobs, len(batch.shards)), tell)


def _check(plan: Plan) -> None:
    """Refuse, before anything is computed, a design whose studies cannot be drawn."""
    rng = np.random.default_rng(plan.seed)
    try:
        draw_study(plan.problem, draw_truth(plan.problem, rng), rng, redundancy=plan.redundancy)
    except ValueError as fault:
        raise UsageFault("calibration-no-averaging") from fault


def _alone(batch: _Batch, tell: Callable[[int], None]) -> None:
    """Make all shards in this process."""
    from bayestrace.inference.repeated import Refits  # noqa: PLC0415 - as in run

    refits = Refits(batch.plan.problem)
    done = 0
    for shard in batch.shards:
        records = []
        for number in shard:
            records.append(one_study(batch.plan, number, refits))
            done += 1
            # The last one counts once the shard is kept.
            if len(records) < len(shard):
                tell(done)
        _keep(records, batch)
        tell(done)


def _elsewhere(batch: _Batch, farm: Farm, tell: Callable[[int], None]) -> None:
    """Have workers make all studies, and keep each shard as soon as it is whole."""
    studies = [(shard, number) for shard in batch.shards for number in shard]
    pieces = (_One(batch.digest, batch.plan, number) for _, number in studies)
    found: dict[range, dict[int, Record]] = {}
    for done, (place, record) in enumerate(farm.map(_made_here, pieces), 1):
        shard, number = studies[place]
        records = found.setdefault(shard, {})
        records[number] = record
        if len(records) == len(shard):
            _keep([records[number] for number in shard], batch)
            del found[shard]
        tell(done)


def _made_here(one: _One) -> Record:
    """Make a study, on a worker."""
    return one_study(one.plan, one.number, _refits(one))


# A worker is given studies of one design, one after the other; the model takes longer to load than a study to fit.
@functools.lru_cache(maxsize=1)
def _refits(one: _One) -> Refits:
    """Load what fits the studies of a design, compiled first where this machine has not seen it."""
    from bayestrace.inference import repeated  # noqa: PLC0415 - as in run

    once_on_this_machine(repeated.is_compiled, repeated.compile_ahead, one.plan.problem)
    return repeated.Refits(one.plan.problem)


def _together(batch: _Batch, jobs: int, tell: Callable[[int], None]) -> None:
    """Make all shards in processes of their own, and see to it that none is left behind."""
    # A fork would inherit the locks and threads of compiled code; a fresh interpreter does not.
    context = multiprocessing.get_context("spawn")
    shared = _Shared(context.Value("i", 0), context.Value("i", 0), context.Event())
    workers = [context.Process(target=_work, args=(batch, shared)) for _ in range(jobs)]
    try:
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers):
            next(worker for worker in workers if worker.is_alive()).join(_EVERY)
            lost = [worker.exitcode for worker in workers if worker.exitcode]
            if lost:
                _refuse(lost[0], batch.folder)
            tell(shared.done.value)
    finally:
        shared.stop.set()
        for worker in workers:
            if worker.pid is not None:
                worker.join()


def _refuse(code: int, folder: Path) -> None:
    """Say that a process ended before its work was done; it has told why if the fault is the program's."""
    if code == InputOutputFault.exit_code:
        raise InputOutputFault("calibration-not-kept", path=folder)
    if code < 0:
        raise InputOutputFault("calibration-process-lost", signal=-code)
    raise RuntimeError(f"a process of the simulation ended with exit code {code}")


def _work(batch: _Batch, shared: _Shared) -> None:
    """Take one shard after the other until none is left, or until told to stop."""
    from bayestrace.inference.repeated import Refits  # noqa: PLC0415 - as in run

    # Ctrl-C goes to all processes of a terminal; the first one tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    refits = Refits(batch.plan.problem)
    while (place := _next(shared.place)) < len(batch.shards):
        records = []
        for number in batch.shards[place]:
            if not _wanted(shared.stop):
                return
            records.append(one_study(batch.plan, number, refits))
            with shared.done.get_lock():
                shared.done.value += 1
        try:
            _keep(records, batch)
        except InputOutputFault as fault:
            sys.exit(fault.exit_code)


def _next(place: Synchronized[int]) -> int:
    """Take a number that no other process takes."""
    with place.get_lock():
        place.value += 1
        return place.value - 1


def _wanted(stop: Event) -> bool:
    """Say whether the process that started this one still waits for it."""
    parent = multiprocessing.parent_process()
    return not stop.is_set() and (parent is None or parent.is_alive())


def load(plan: Plan, folder: Path) -> Record:
    """Read the studies of a plan that were simulated so far, in the order of their numbers.

    Parameters
    ----------
    plan
        What was simulated; of a longer run, the first `plan.studies` numbers.
    folder
        Where shards are kept.

    Returns
    -------
    dict
        `study` (S,), `z` (S, C), `pooled`, `unpooled`, `face`, `face_pooled` (S, C, K), `diverging` (S,), and for every
        hyperparameter `rank_...` (S, ...): ranks among `RANKED` draws. Empty where there is none.

    Raises
    ------
    UsageFault
        The folder holds studies of another design, seed or version of the settings.
    """
    records = sorted(_kept(folder, plan.digest()), key=lambda record: int(record["study"][0]))
    if not records:
        return {}
    if len({frozenset(record) for record in records}) > 1:
        raise UsageFault("calibration-other-design", path=folder)
    joined = {name: np.concatenate([record[name] for record in records]) for name in records[0]}
    return {name: values[joined["study"] < plan.studies] for name, values in joined.items()}


def _kept(folder: Path, digest: str) -> Iterator[Record]:
    """Yield the shards of a folder that can be read."""
    for path in sorted(folder.glob("shard-*.npz")):
        try:
            # Opened here, since NumPy leaves a file open that it finds to be no archive.
            with path.open("rb") as file, np.load(file) as held:
                record = {name: held[name] for name in held.files}
            found = str(record.pop("digest"))
        except _SPOILT:
            continue
        if found != digest:
            raise UsageFault("calibration-other-design", path=folder)
        yield record


def _keep(records: Sequence[Record], batch: _Batch) -> None:
    """Write a shard, wholly or not at all."""
    joined = {name: np.stack([record[name] for record in records]) for name in records[0]}
    path = batch.folder / f"shard-{int(joined['study'][0]):06d}.npz"
    try:
        results.write_arrays({"digest": np.array(batch.digest), **joined}, path)
    except OSError as fault:
        raise InputOutputFault("calibration-not-kept", path=batch.folder) from fault


def one_study(plan: Plan, number: int, refits: Refits) -> Record:
    """Draw study `number` of a plan, fit it, and set what was found beside the truth.

    Parameters
    ----------
    plan
        What is simulated.
    number
        From 0.
    refits
        Of the plan's problem.

    Returns
    -------
    dict
        What `load` returns, of one study, without the axis of studies.
    """
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
        "diverging": tree["sample_stats"].to_dataset()["diverging"].values.sum(),
    }
    return record | _ranks(truth, posterior, rng)


def _ranks(truth: Truth, posterior: xr.Dataset, rng: np.random.Generator) -> Record:
    true: Mapping[str, Any] = truth.theta._asdict() | {"noise_sd": truth.noise_sd, "leaning_sd": truth.leaning_sd}
    found = {}
    for name, value in true.items():
        drawn = np.moveaxis(posterior[name].values[0, ::THIN], 0, -1)
        found[f"rank_{name}"] = ranks(np.asarray(value), drawn, rng)
    return found
