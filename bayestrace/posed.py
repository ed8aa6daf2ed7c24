"""What a study poses under one standpoint, and its draws: made here, or by workers, a study a piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from bayestrace.agreement import stated
from bayestrace.caches import compile_cache
from bayestrace.clues import has_clues
from bayestrace.encoding import Problem, encode, encode_searches
from bayestrace.errors import unknown
from bayestrace.farm import once_on_this_machine
from bayestrace.study import PriorProfile, Study

if TYPE_CHECKING:
    import xarray as xr

    from bayestrace.errors import InputOutputFault
    from bayestrace.farm import Farm
    from bayestrace.inference.sampling import Choice, Progress

#: Draws kept of each chain, and chains; docs/performance.md says why these.
DRAWS, CHAINS, SEED = 1000, 4, 1

#: Draws of a study: groups `posterior` and `sample_stats` of each of its fits.
type Drawn = Mapping[str, xr.DataTree]


@dataclass(frozen=True)
class Options:
    """How to update: which standpoint, hypotheses and coders, and how long to sample."""

    profile: str = "reference"
    hypotheses: str | None = None
    face_value: bool = False
    coders: tuple[str, ...] | None = None
    draws: int = DRAWS
    chains: int = CHAINS
    seed: int = SEED
    sampler: Choice = "auto"


class Fit(NamedTuple):
    """A problem whose posterior is to be drawn, and by which sampler."""

    problem: Problem
    sampler: Choice


@dataclass(frozen=True)
class Posed:
    """A study put to the engine under one standpoint; `pose` makes it.

    Parameters
    ----------
    study, options, profile
        What was asked.
    problem
        The study without coders who only repeat another.
    repeated
        These, and whom each repeats.
    kind
        Of the result: `model`, `clues` where there is nothing else, or `face-value`.
    silent
        One coder, who stated no range, so that nothing can be learned about noise.
    beside
        The clues as a second reading, where they are one.
    fits
        What is to be drawn: `main`, `beside`, both or neither.
    """

    study: Study
    options: Options
    profile: PriorProfile
    problem: Problem
    repeated: Mapping[str, str]
    kind: Literal["model", "clues", "face-value"]
    silent: bool
    beside: Problem | None
    fits: Mapping[str, Fit]


def profile_of(study: Study, name: str) -> PriorProfile:
    """Find a profile by name.

    Raises
    ------
    UsageFault
        The study has none of this name; the message lists those it has.
    """
    if name not in study.profiles:
        raise unknown("profile", name, study.profiles)
    return study.profiles[name]


def pose(study: Study, options: Options) -> Posed:
    """Put a study to the engine, and refuse what it cannot be asked before anything is drawn.

    A coder whose weights are another's throughout is heard once (`bayestrace.agreement.stated.repeated`).

    Parameters
    ----------
    study
        As `read_study` gives it.
    options
        Standpoint, hypotheses, coders, sampling.

    Raises
    ------
    UsageFault
        An unknown profile, set of hypotheses or coder; clues that exclude every explanation; draws about the mode
        where they are not possible.
    """
    from bayestrace.inference import clues  # noqa: PLC0415 - scipy is slow to import

    profile = profile_of(study, options.profile)
    problem, repeated = _heard_once(study, profile, options)
    sought, weighs = clues.in_problem(problem), bool(problem["weighs"].values.any())
    if sought:
        clues.excluded(problem)  # evidence that leaves no explanation is refused before anything is made of it
    silent = problem.sizes["coder"] == 1 and not problem["stated_variance"].values.any()
    kind: Literal["model", "clues", "face-value"] = "model"
    if options.face_value or not weighs or (silent and not sought):
        kind = "clues" if sought and not weighs and not options.face_value else "face-value"
    beside = encode_searches(study, profile, options.hypotheses) if has_clues(study, beside=True) else None
    fits = _fits(problem, kind, beside, options.sampler)
    return Posed(study, options, profile, problem, repeated, kind, silent, beside, fits)


def _heard_once(study: Study, profile: PriorProfile, options: Options) -> tuple[Problem, dict[str, str]]:
    """Encode a study without coders who only repeat another, and say who these are and whom they repeat."""
    problem = encode(study, profile, options.hypotheses, options.coders)
    repeated = stated.repeated(problem)
    if repeated:
        kept = [name for name in map(str, problem["coder"].values) if name not in repeated]
        problem = encode(study, profile, options.hypotheses, kept)
    return problem, repeated


def _fits(problem: Problem, kind: str, beside: Problem | None, sampler: Choice) -> dict[str, Fit]:
    """Name what is to be drawn: what the model says of weights, and of clues what cannot be worked out exactly."""
    from bayestrace.inference import allotments  # noqa: PLC0415 - as in pose

    fits = {}
    if kind == "model" or (kind == "clues" and not allotments.enumerable(problem)):
        fits["main"] = Fit(problem, sampler)
        if sampler == "mode":
            compile_cache()
            from bayestrace.inference import sampling  # noqa: PLC0415 - PyMC is slow

            sampling.about_mode(problem, sampler)
    if beside is not None and not allotments.enumerable(beside):
        # The sampler is chosen for the weights; clues beside them have no mode to draw about.
        fits["beside"] = Fit(beside, "auto")
    return fits


def draw(posed: Posed, progress: Progress | None = None, on_compile: Callable[[], None] | None = None) -> Drawn:
    """Draw on this machine what a study poses, compiling a model first where that is needed.

    Parameters
    ----------
    posed
        As `pose` gives it.
    progress
        Told now and then how many draws of a sampler are done, and the number in all.
    on_compile
        Told where a model has to be compiled first, which takes a minute or two.
    """
    if not posed.fits:
        return {}
    compile_cache()
    from bayestrace.inference import sampling  # noqa: PLC0415 - PyMC is slow

    drawn = {}
    for name, fit in posed.fits.items():
        if not sampling.is_compiled(*fit):
            if on_compile is not None:
                on_compile()
            sampling.compile_ahead(*fit)
        drawn[name] = _sample(fit, posed.options, progress=progress)
    return drawn


def draw_elsewhere(posed: Iterable[Posed], farm: Farm) -> Iterator[tuple[int, Drawn | InputOutputFault]]:
    """Have workers draw what studies pose, each study a piece; the draws are those of `draw`, bit for bit.

    Yields
    ------
    int, Drawn
        The place of a study and its draws, in the order in which they are done; or the fault by which its piece
        failed, as `Farm.attempts` says.

    Raises
    ------
    UsageFault, InputOutputFault
        As `Farm.map`, but for a piece that fails.
    """
    compile_cache()
    return farm.attempts(_drawn_here, ((one.fits, one.options) for one in posed))


def _drawn_here(piece: tuple[Mapping[str, Fit], Options]) -> Drawn:
    """Draw, on a worker; a process for each core would have no processor to itself there."""
    from bayestrace.inference import sampling  # noqa: PLC0415 - as in draw

    fits, options = piece
    drawn = {}
    for name, fit in fits.items():
        once_on_this_machine(lambda one: sampling.is_compiled(*one), lambda one: sampling.compile_ahead(*one), fit)
        drawn[name] = _sample(fit, options, cores=1)
    return drawn


def _sample(fit: Fit, options: Options, progress: Progress | None = None, cores: int | None = None) -> xr.DataTree:
    from bayestrace.inference import sampling  # noqa: PLC0415 - as in draw

    return sampling.sample(
        fit.problem,
        draws=options.draws,
        chains=options.chains,
        seed=options.seed,
        sampler=fit.sampler,
        progress=progress,
        cores=cores,
    )
