"""Run the chains of a model in processes of their own, and say what their points mean."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, Protocol

import numpy as np
import pymc as pm
import pytensor
import xarray as xr
from numpy.typing import NDArray
from pymc.blocking import DictToArrayBijection, RaveledVars
from pymc.step_methods.hmc.quadpotential import QuadPotentialDiagAdaptExp
from threadpoolctl import threadpool_limits

from bayestrace.inference.metric import Density, guessed
from bayestrace.inference.model import build_model
from bayestrace.inference.prepared import density_of

#: Called now and then with the number of draws done, warm-up included, and the number in all.
Progress = Callable[[int, int], None]

# Seconds between two looks at how far the chains are: a look costs nothing, a message for each draw did.
_EVERY = 0.2
# Parts of warm-up: what is not looked at, twice which the guessed metric stands; that over which what is learnt is
# forgotten; that after which the metric stands and only the step size is adapted. A dozen draws teach nothing.
_UNSEEN, _MEMORY, _LEARNT, _FEWEST = 0.1, 0.25, 0.75, 10
# Starts are up to one unit of each coordinate away from the model's own; where that is nowhere, another is tried.
_TRIES = 20


class Lengths(NamedTuple):
    """Draws kept of each chain, draws of warm-up before them, and the number of chains."""

    draws: int
    tune: int
    chains: int

    @property
    def total(self) -> int:
        """Draws of all chains, warm-up included."""
        return self.chains * (self.tune + self.draws)


class Chain(NamedTuple):
    """What is kept of a chain: its points, by variable of the sampler, and what NUTS says of each, shape (draws,).

    `diverging` is 0 or 1: netCDF knows no booleans that every reader takes.
    """

    points: dict[str, NDArray[np.float64]]
    diverging: NDArray[np.int8]
    energy: NDArray[np.float64]
    tree_depth: NDArray[np.int64]


class Sampler:
    """NUTS on the model of a problem, ready to run each of its chains once.

    Pickled, it is a recipe: where processes share no memory each makes its own from the problem, with the same starts
    and the same sources of randomness.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    lengths
        How long to run.
    seed
        Of starts and draws.
    target_accept
        Acceptance that the step size is adapted to.
    """

    def __init__(self, problem: xr.Dataset, lengths: Lengths, seed: int, target_accept: float) -> None:
        self._recipe = (problem, lengths, seed, target_accept)
        self.lengths = lengths
        self.model = build_model(problem)
        self._sources = np.random.default_rng(seed).spawn(lengths.chains)
        density = density_of(problem, self.model)
        first = DictToArrayBijection.map(self.model.initial_point())

        def evaluate(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            value, slopes = density(RaveledVars(x, first.point_map_info))
            return float(value), slopes

        # As PyMC does: what a chain draws does not hang on how many starts were tried.
        seeds = [source.integers(2**30) for source in self._sources]
        self.starts = [_start(evaluate, first, np.random.default_rng(seed)) for seed in seeds]
        # Without stated ranges the likelihood has no value where noise is zero, which is where the model begins.
        begun = first if np.isfinite(evaluate(first.data)[0]) else DictToArrayBijection.map(self.starts[0])
        centre, variance = guessed(evaluate, begun.data)
        # By its draws alone a size of either sign (a coder's noise) is as wide as its two humps are apart, and one such
        # width makes small steps in everything; gradients say how wide a hump is. Clues have no such sizes, and pools
        # that are narrow at one place and wide at another are better gone through by steps for their whole width.
        potential = QuadPotentialDiagAdaptExp(
            centre.size,
            centre,
            variance,
            alpha=1.0 / (_MEMORY * lengths.tune),
            use_grads=bool(problem["weighs"].values.any()),
            discard_window=max(int(_UNSEEN * lengths.tune), _FEWEST),
            stop_adaptation=_LEARNT * lengths.tune,
        )
        self.step = pm.NUTS(potential=potential, model=self.model, target_accept=target_accept, logp_dlogp_func=density)

    def __reduce__(self) -> tuple[type[Sampler], tuple[Any, ...]]:
        return Sampler, self._recipe

    def run(self, chain: int, told: Callable[[], None]) -> Chain:
        """Run one of the chains, once; `told` is called after each draw, warm-up included.

        Linear algebra keeps to one thread: chains are what fills the cores, products are too small to be worth sharing,
        and how many threads share a sum decides how it is rounded.
        """
        with threadpool_limits(1):
            return self._run(chain, told)

    def _run(self, chain: int, told: Callable[[], None]) -> Chain:
        draws, tune, _ = self.lengths
        self.step.setup_chain(self._sources[chain], tune, draws)
        self.step.reset_tuning()
        point = self.starts[chain]
        kept = Chain(
            {name: np.empty((draws, *np.shape(value))) for name, value in point.items()},
            np.empty(draws, dtype=np.int8),
            np.empty(draws),
            np.empty(draws, dtype=np.int64),
        )
        for iteration in range(tune + draws):
            if iteration == tune:
                self.step.stop_tuning()
            point, (stats,) = self.step.step(point)
            told()
            place = iteration - tune
            if place >= 0:
                for name, values in kept.points.items():
                    values[place] = point[name]
                kept.diverging[place], kept.energy[place] = stats["diverging"], stats["energy"]
                kept.tree_depth[place] = stats["depth"]
        return kept


def _start(density: Density, first: RaveledVars, source: np.random.Generator) -> dict[str, NDArray[np.float64]]:
    """Scatter a start of a chain about the model's own."""
    for _ in range(_TRIES):
        x = first.data + source.uniform(-1.0, 1.0, first.data.size)
        value, slopes = density(x)
        if np.isfinite(value) and np.isfinite(slopes).all():
            break
    else:
        x = first.data
    return DictToArrayBijection.rmap(RaveledVars(x, first.point_map_info))  # type: ignore[no-any-return]


class Meaning:
    """What the sampler's points mean: every variable of a model but the coordinates, whose names end in `_raw`.

    Parameters
    ----------
    model
        As `bayestrace.inference.model.build_model` makes it.
    """

    def __init__(self, model: pm.Model) -> None:
        kept = [variable for variable in model.unobserved_RVs if not variable.name.endswith("_raw")]
        self._dims = {rv.name: tuple(map(str, model.named_vars_to_dims.get(rv.name) or ())) for rv in kept}
        self._coords = {name: np.asarray(values) for name, values in model.coords.items()}
        self._inputs = [variable.name for variable in model.value_vars]
        self._natural = pytensor.function(
            model.value_vars, model.replace_rvs_by_values(kept), on_unused_input="ignore", trust_input=True
        )

    def of(self, points: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
        """Work out what points mean: each variable by name, draws first, as in `points`."""
        columns = [points[name] for name in self._inputs]
        # A row of an array of numbers is no array, and functions that trust their inputs want one.
        rows = [self._natural(*map(np.asarray, row)) for row in zip(*columns, strict=True)]
        return {name: np.stack(values) for name, values in zip(self._dims, zip(*rows, strict=True), strict=True)}

    def dataset(self, chains: Sequence[Mapping[str, NDArray[np.float64]]]) -> xr.Dataset:
        """Put chains, each as `of` gives it, side by side: variables over (chain, draw, ...)."""
        variables = {
            name: (("chain", "draw", *dims), [one[name] for one in chains]) for name, dims in self._dims.items()
        }
        named = {name for dims in self._dims.values() for name in dims}
        coords = {name: values for name, values in self._coords.items() if name in named}
        draws = len(next(iter(chains[0].values())))
        return xr.Dataset(variables, coords={"chain": range(len(chains)), "draw": range(draws), **coords})


class Runs[Run](Protocol):
    """Something that has chains to be run, each once; it can be pickled, or processes are forked."""

    lengths: Lengths

    def run(self, chain: int, told: Callable[[], None]) -> Run:
        """Run one; `told` is called after each draw, those of warm-up included."""


@contextmanager
def running[Run](
    sampler: Runs[Run], cores: int, progress: Progress | None = None, method: str | None = None
) -> Iterator[Iterator[tuple[int, Run]]]:
    """Run the chains of a sampler, each process one after the other, as long as the context lasts.

    Parameters
    ----------
    sampler
        Not used before.
    cores
        Processes at work at once, at most; one core is worked on in this process.
    progress
        Whom to tell, while the chains are waited for.
    method
        How processes are started, as `multiprocessing.get_context` calls it; None: whatever is safe and quickest here.

    Yields
    ------
    iterator
        Each chain with its number, in the order in which they end.

    Raises
    ------
    RuntimeError
        A chain failed, or its process was ended by somebody else.
    """
    processes = min(cores, sampler.lengths.chains)
    if processes == 1:
        yield _one_by_one(sampler, progress)
        return
    # What is compiled is there at once in a process that is forked. Elsewhere than on Linux forking is not safe.
    context: Any = multiprocessing.get_context(method or ("fork" if sys.platform == "linux" else None))
    done, following = context.RawArray("q", sampler.lengths.chains), context.Value("q", 0)
    started: list[tuple[Any, Connection]] = []
    try:
        with _no_interrupt():
            for _ in range(processes):
                reader, writer = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(sampler, following, done, writer), daemon=True)
                process.start()
                started.append((process, reader))
                # So that the reader learns when the process, which alone can write now, has ended.
                writer.close()
        yield _collected([reader for _, reader in started], done, sampler.lengths.total, progress)
    finally:
        for process, reader in started:
            process.terminate()
            reader.close()
        for process, _ in started:
            process.join()
            process.close()


def _one_by_one[Run](sampler: Runs[Run], progress: Progress | None) -> Iterator[tuple[int, Run]]:
    done = 0

    def told() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, sampler.lengths.total)

    for chain in range(sampler.lengths.chains):
        yield chain, sampler.run(chain, told)


def _collected(
    readers: list[Connection], done: Sequence[int], total: int, progress: Progress | None
) -> Iterator[tuple[int, Any]]:
    """Take the chains from the processes as they end, and tell how all get on."""
    said, at_work = 0, list(readers)
    while at_work:
        ready = wait(at_work, _EVERY)
        for reader in [one for one in at_work if one in ready]:
            try:
                message = reader.recv()
            except EOFError:
                raise RuntimeError("a process that was sampling has been ended") from None
            if message is None:
                at_work.remove(reader)
            elif isinstance(message, str):
                raise RuntimeError(f"a chain failed in its process:\n{message}")
            else:
                yield message
        if progress is not None and sum(done) > said:
            said = sum(done)
            progress(said, total)


def _work(sampler: Runs[Any], following: Any, done: Any, writer: Connection) -> None:
    """Run chains, in a process of its own, until none is left."""
    # Who started this process is interrupted with it, and ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    try:
        while (chain := _next(following)) < sampler.lengths.chains:
            writer.send((chain, sampler.run(chain, partial(_tell, done, chain, parent))))
        writer.send(None)
    except Exception:  # noqa: BLE001 - whatever it is, it is raised where the chains are waited for
        writer.send(traceback.format_exc())


def _next(following: Any) -> int:
    with following.get_lock():
        following.value += 1
        return int(following.value) - 1


def _tell(done: Any, chain: int, parent: int) -> None:
    """Count a draw; end where nobody waits for it any more."""
    done[chain] += 1
    if os.getppid() != parent:
        raise SystemExit


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Hold an interrupt back: between fork and its first line a process would die of it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
