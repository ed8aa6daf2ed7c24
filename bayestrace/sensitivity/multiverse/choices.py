"""The choices that an analyst of a study has, and what is left of each once the others are made apart from it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bayestrace.encoding import Problem, encode
from bayestrace.errors import UsageFault, unknown
from bayestrace.inference import pooling as pools
from bayestrace.study import Pooling, PriorProfile, Study

#: Probabilities that contrary evidence was left out which are tried, beside the profile's own.
SELECTIVITY = (0.0, 0.5, 0.9)
#: How a pooling is called that is the chosen profile's, that pools no cases, and that lets all share one explanation.
AS_FITTED, NO_POOLING, ONE_EXPLANATION = "as-fitted", "no-pooling", "one-explanation"
#: How panels of coders are called: all of them, all but one, one alone.
ALL, WITHOUT, ONLY = "all", "without:", "only:"


class Specification(NamedTuple):
    """One combination of choices; each part is a name or a number of `Choices`."""

    set: str
    panel: str
    prior: str
    pooling: str
    selectivity: float
    reliability: bool
    redundancy: bool


@dataclass(frozen=True)
class Choices:
    """What may reasonably be chosen. Every combination is a specification, and no two are the same analysis.

    Parameters
    ----------
    sets
        Hypotheses of each set.
    panels
        Coders of each panel: `all`, `without:NAME`, `only:NAME`.
    priors
        Profiles that differ in their prior over hypotheses, by the name of the first that has it.
    poolings
        `as-fitted`, `no-pooling`, `one-explanation`, and those of other profiles by their names.
    selectivity
        Probabilities that contrary evidence was left out.
    reliability, redundancy
        Whether to allow for what is said of the sources, and of observations that tell the same.
    """

    sets: dict[str, tuple[str, ...]]
    panels: dict[str, tuple[str, ...]]
    priors: dict[str, PriorProfile]
    poolings: dict[str, Pooling]
    selectivity: tuple[float, ...]
    reliability: tuple[bool, ...]
    redundancy: tuple[bool, ...]

    def options(self) -> dict[str, tuple[object, ...]]:
        """List the options of each choice, in the order of `Specification`."""
        return {
            "set": tuple(self.sets),
            "panel": tuple(self.panels),
            "prior": tuple(self.priors),
            "pooling": tuple(self.poolings),
            "selectivity": self.selectivity,
            "reliability": self.reliability,
            "redundancy": self.redundancy,
        }

    def specifications(self) -> list[Specification]:
        """List every combination; the last choice changes fastest."""
        return [Specification(*parts) for parts in itertools.product(*self.options().values())]  # type: ignore[arg-type]


def choices_of(study: Study, profile: str) -> Choices:
    """Find out what may be chosen in a study.

    A choice that makes no difference here has one option: pooling with one case, redundancy without clusters,
    reliability where nothing is in doubt, selection for an explanation that one of the sets lacks. Profiles that have
    one prior, panels of the same coders and sets of the same hypotheses count once, so that no analysis counts twice.

    Parameters
    ----------
    study
        A checked study.
    profile
        Name of the standpoint that is fitted; it gives `as-fitted` pooling, the leaning, and whom selection favours.

    Raises
    ------
    UsageFault
        An unknown profile, or no panel of coders from which anything can be learned.
    """
    if profile not in study.profiles:
        raise unknown("profile", profile, study.profiles)
    base = study.profiles[profile]
    sets = _sets(study)
    problem = encode(study, base, next(iter(sets)))
    favours = base.selection_favours or study.focal
    selected = all(favours in hypotheses for hypotheses in sets.values())
    counted = ~problem["context"].values & problem["stated"].values.any(axis=0)
    doubted = bool((problem["reliability"].values[counted] < 1.0).any())
    return Choices(
        sets=sets,
        panels=_panels(study, base, sets),
        priors=_priors(study, base, sets),
        poolings=_poolings(study, base, sets),
        selectivity=tuple(sorted({*SELECTIVITY, base.selectivity})) if selected else (base.selectivity,),
        reliability=(True, False) if doubted else (True,),
        redundancy=(True, False) if _redundant(problem, counted) else (True,),
    )


def _sets(study: Study) -> dict[str, tuple[str, ...]]:
    """List the sets, the default one first, those of the same hypotheses once."""
    names = dict.fromkeys([study.default_set, *study.sets])
    found: dict[frozenset[str], str] = {}
    for name in names:
        found.setdefault(frozenset(study.sets[name].hypotheses), name)
    return {name: study.sets[name].hypotheses for name in found.values()}


def _panels(study: Study, base: PriorProfile, sets: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    coders = tuple(coding.coder for coding in study.codings)
    named = {ALL: coders}
    named |= {f"{WITHOUT}{name}": tuple(one for one in coders if one != name) for name in coders}
    named |= {f"{ONLY}{name}": (name,) for name in coders}
    found: dict[tuple[str, ...], str] = {}
    for label, panel in named.items():
        if panel and all(_can_be_fitted(study, base, name, panel) for name in sets):
            found.setdefault(panel, label)
    if not found:
        raise UsageFault("multiverse-nothing")
    return {label: panel for panel, label in found.items()}


def _can_be_fitted(study: Study, base: PriorProfile, name: str, panel: tuple[str, ...]) -> bool:
    """Say whether anything can be learned from a panel: one coder without ranges tells nothing of noise."""
    problem = encode(study, base, name, panel)
    silent = len(panel) == 1 and not problem["stated_variance"].values.any()
    return bool(problem["weighs"].values.any()) and not silent


def _priors(study: Study, base: PriorProfile, sets: dict[str, tuple[str, ...]]) -> dict[str, PriorProfile]:
    """List the profiles that differ in their prior, the fitted one first; each must have one in every set."""
    found: dict[tuple[float, ...], PriorProfile] = {}
    for profile in (base, *study.profiles.values()):
        try:
            parts = [encode(study, profile, name)["prior"].values for name in sets]
        except UsageFault:
            continue
        found.setdefault(tuple(np.concatenate(parts).round(12).tolist()), profile)
    return {profile.id: profile for profile in found.values()}


def _poolings(study: Study, base: PriorProfile, sets: dict[str, tuple[str, ...]]) -> dict[str, Pooling]:
    found = {AS_FITTED: base.pooling}
    if len(study.cases) == 1 or not all(pools.fits_in_table(encode(study, base, name)) for name in sets):
        return found
    found |= {
        NO_POOLING: Pooling(levels={"own": 1.0}, kappa=1.0),
        ONE_EXPLANATION: Pooling(levels={"common": 1.0}, kappa=0.0),
    }
    found |= {profile.id: profile.pooling for profile in study.profiles.values()}
    known: dict[tuple[object, ...], str] = {}
    for name, pooling in found.items():
        known.setdefault(_essence(encode(study, base.model_copy(update={"pooling": pooling}))), name)
    return {name: found[name] for name in known.values()}


def _essence(problem: Problem) -> tuple[object, ...]:
    """Reduce a pooling to what tells it from others; where no case shares a pool, nothing else matters."""
    weight = problem["level_weight"].values
    used = np.flatnonzero(weight)
    if all(np.unique(column).size == column.size for column in problem["pool"].values[:, used].T):
        return (NO_POOLING,)
    # Of one level only its being the one matters.
    shares = tuple(weight.round(12)) if used.size > 1 else tuple(used)
    return (shares, used.size, *problem["kappa"].values.round(12), *problem["kappa_weight"].values.round(12))


def _redundant(problem: Problem, counted: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bool:
    """Say whether any observation shares its cluster with another and is not news of its own."""
    size = np.bincount(problem["cluster_of_evidence"].values[counted], minlength=problem.sizes["cluster"])
    told = (problem["redundancy_mean"].values > 0.0) | (problem["redundancy_sd"].values > 0.0)
    return bool(((size > 1) & told).any())
