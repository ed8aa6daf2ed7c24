"""Fit panels of coders: all of a study, all but one, any of them, each panel once.

A panel's fit is kept under a digest of all that its draws follow from: the problem, the sampler's settings, the
engine's code and the versions of the libraries it runs on.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from bayestrace import results
from bayestrace.encoding import Problem, encode
from bayestrace.errors import InputOutputFault
from bayestrace.farm import once_on_this_machine
from bayestrace.inference.fingerprint import fingerprint
from bayestrace.study import PriorProfile, Study

if TYPE_CHECKING:
    from bayestrace.farm import Farm
    from bayestrace.inference.sampling import Progress

#: Where fits are kept: a folder, or a mapping that lives as long as the caller wants; None: nowhere.
Cache = Path | MutableMapping[str, xr.DataTree] | None


@dataclass(frozen=True)
class Settings:
    """How long to sample, and from which seed."""

    draws: int
    chains: int
    seed: int


@dataclass(frozen=True)
class Telling:
    """Whom to tell how the fits get on.

    Parameters
    ----------
    begun
        Called before a panel is fitted or found, with what is fitted.
    progress
        Called after each draw with the number done, warm-up included, and the number in all.
    compiling
        Called where a panel's model is to be compiled first.
    made
        Called after a panel was fitted or found, with all of it.
    returned
        Called where workers fit panels, with the number of those that are done and the number of those to be made.
    """

    begun: Callable[[Problem], None] | None = None
    progress: Progress | None = None
    compiling: Callable[[], None] | None = None
    made: Callable[[Panel], None] | None = None
    returned: Callable[[int, int], None] | None = None


@dataclass(frozen=True)
class Panel:
    """Some of a study's coders, the problem that they pose, and the draws of its fit."""

    coders: tuple[str, ...]
    problem: Problem
    posterior: xr.Dataset
    stats: xr.Dataset


def fit(problem: Problem, settings: Settings, cache: Cache = None, telling: Telling | None = None) -> Panel:
    """Fit a problem, or find the fit made before.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    settings
        The sampler's; the same problem and settings give the same draws, whether found or made.
    cache
        Where to look and to keep. A file of a cache folder that is missing, cut short or changed is made anew.
    telling
        Whom to tell.

    Returns
    -------
    Panel
        With the groups `posterior` and `sample_stats` of `bayestrace.inference.sampling.sample`.
    """
    from bayestrace.inference import sampling  # noqa: PLC0415 - PyMC is slow to import

    telling = telling or Telling()
    coders = tuple(str(name) for name in problem["coder"].values)
    if telling.begun is not None:
        telling.begun(problem)
    digest = digest_of(problem, settings)
    tree = _found(cache, digest)
    if tree is None:
        if not sampling.is_compiled(problem):
            if telling.compiling is not None:
                telling.compiling()
            sampling.compile_ahead(problem)
        tree = sampling.sample(
            problem, draws=settings.draws, chains=settings.chains, seed=settings.seed, progress=telling.progress
        )
        _keep(cache, digest, tree)
    panel = Panel(coders, problem, tree["posterior"].to_dataset(), tree["sample_stats"].to_dataset())
    if telling.made is not None:
        telling.made(panel)
    return panel


def fit_ahead(
    problems: Sequence[Problem], settings: Settings, cache: Cache, farm: Farm, telling: Telling | None = None
) -> None:
    """Have workers fit problems, all at once, so that `fit` finds them.

    Parameters
    ----------
    problems
        Those whose fit is in the cache already are left alone.
    settings, cache, telling
        As for `fit`; without a cache nothing can be found again, and nothing is done.
    farm
        The workers; each makes the chains of a fit one after the other.
    """
    telling = telling or Telling()
    wanted = {digest_of(problem, settings): problem for problem in problems}
    missing = {digest: problem for digest, problem in wanted.items() if _found(cache, digest) is None}
    if cache is None or not missing:
        return
    if telling.returned is not None:
        telling.returned(0, len(missing))
    digests = list(missing)
    pieces = [(problem, settings) for problem in missing.values()]
    for done, (place, tree) in enumerate(farm.map(_fitted_here, pieces), 1):
        _keep(cache, digests[place], tree)
        if telling.returned is not None:
            telling.returned(done, len(missing))


def _fitted_here(piece: tuple[Problem, Settings]) -> xr.DataTree:
    """Fit a problem, on a worker; a process for each core would have no processor to itself there."""
    from bayestrace.inference import sampling  # noqa: PLC0415 - as in fit

    problem, settings = piece
    once_on_this_machine(sampling.is_compiled, sampling.compile_ahead, problem)
    return sampling.sample(problem, draws=settings.draws, chains=settings.chains, seed=settings.seed, cores=1)


def fit_coders(  # noqa: PLR0913 - who, under which standpoint, how
    study: Study,
    profile: PriorProfile,
    hypothesis_set: str | None,
    coders: Iterable[str] | None,
    *,
    settings: Settings,
    cache: Cache = None,
    telling: Telling | None = None,
) -> Panel:
    """Fit a panel of a study's coders, all of them if None.

    Raises
    ------
    UsageFault
        An unknown set or coder.
    """
    problem = encode(study, profile, hypothesis_set, None if coders is None else list(coders))
    return fit(problem, settings, cache, telling)


def leave_one_out(  # noqa: PLR0913 - as fit_coders
    study: Study,
    profile: PriorProfile,
    hypothesis_set: str | None,
    *,
    settings: Settings,
    cache: Cache = None,
    telling: Telling | None = None,
    out: Iterable[str] | None = None,
) -> dict[str, Panel]:
    """Fit the panels that lack one coder each.

    Parameters
    ----------
    study, profile, hypothesis_set, settings, cache, telling
        As for `fit_coders`.
    out
        The coders to leave out one at a time; every coder if None.

    Returns
    -------
    dict
        By the coder left out, in the study's order. There must be at least two coders.
    """
    names = [coding.coder for coding in study.codings]
    wanted = set(names if out is None else out)
    return {
        name: fit_coders(
            study, profile, hypothesis_set, _without(names, name), settings=settings, cache=cache, telling=telling
        )
        for name in names
        if name in wanted
    }


def _without(names: list[str], one: str) -> list[str]:
    return [name for name in names if name != one]


def digest_of(problem: Problem, settings: Settings) -> str:
    """Digest all that the draws of a fit follow from (SHA-256, hexadecimal)."""
    known = hashlib.sha256()

    def take(*parts: object) -> None:
        for part in parts:
            known.update(repr(part).encode() + b"\0")

    take(settings, fingerprint())
    for name in sorted(map(str, problem.variables)):
        array = problem[name]
        take(name, array.dims, array.shape, array.values.tolist())
    take(sorted(problem.attrs.items()))
    return known.hexdigest()


def _found(cache: Cache, digest: str) -> xr.DataTree | None:
    if not isinstance(cache, Path):
        return None if cache is None else cache.get(digest)
    path, seal = _files(cache, digest)
    try:
        # A seal is written after its file, so neither a file cut short nor one changed since is ever opened.
        if hashlib.sha256(path.read_bytes()).hexdigest() != seal.read_text(encoding="ascii"):
            return None
        return results.load(path)
    except (OSError, UnicodeDecodeError, InputOutputFault):
        return None


def _keep(cache: Cache, digest: str, tree: xr.DataTree) -> None:
    if isinstance(cache, MutableMapping):
        cache[digest] = tree
    elif cache is not None:
        path, seal = _files(cache, digest)
        stamped = xr.DataTree.from_dict({name: node.to_dataset() for name, node in tree.children.items()})
        stamped.attrs = {"bayestrace": importlib.metadata.version("bayestrace"), "format": results.FORMAT}
        try:
            cache.mkdir(parents=True, exist_ok=True)
            results.save(stamped, path)
            results.write_text(hashlib.sha256(path.read_bytes()).hexdigest(), seal)
        except (OSError, InputOutputFault):
            # The fit is made; that it cannot be kept costs only time.
            return


def _files(folder: Path, digest: str) -> tuple[Path, Path]:
    return folder / f"{digest}.nc", folder / f"{digest}.sha256"
