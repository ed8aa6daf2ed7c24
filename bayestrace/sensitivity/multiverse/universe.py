"""Fit each panel of coders within each set of hypotheses once, and answer every other choice on those draws."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.encoding import Problem, encode
from bayestrace.farm import Farm
from bayestrace.panels import Cache, Settings, Telling, fit, fit_ahead
from bayestrace.sensitivity import standpoints
from bayestrace.sensitivity.draws import THINNED, Stored, stored
from bayestrace.sensitivity.evaluate import Answered
from bayestrace.sensitivity.multiverse.choices import Choices, Specification, choices_of
from bayestrace.sensitivity.multiverse.curve import summary
from bayestrace.sensitivity.multiverse.ground import Evidence, Ground, allowing, by_distance
from bayestrace.sensitivity.reweight import doubtful
from bayestrace.sensitivity.standpoints import Standpoints
from bayestrace.study import PriorProfile, Study

Floats = NDArray[np.float64]


def fits_needed(choices: Choices) -> list[tuple[str, tuple[str, ...]]]:
    """List the fits that a multiverse rests on: each set of hypotheses with each panel of coders."""
    return list(itertools.product(choices.sets, choices.panels.values()))


@dataclass(frozen=True)
class _Run:
    """How the fits of one multiverse are made, and how many transitions of the sampler diverged in them."""

    study: Study
    fitted: PriorProfile
    choices: Choices
    settings: Settings
    cache: Cache
    telling: Telling | None
    refit: bool
    draws: int
    divergences: list[int]

    @cached_property
    def poolings(self) -> dict[str, Problem]:
        """The study as it is encoded with each pooling."""
        return {
            name: encode(self.study, self.fitted.model_copy(update={"pooling": pooling}))
            for name, pooling in self.choices.poolings.items()
        }

    def fit(self, problem: Problem) -> Stored:
        """Fit a problem, or find the fit made before."""
        found = fit(problem, self.settings, self.cache, self.telling)
        self.divergences.append(int(found.stats["diverging"].sum()))
        return stored(found.problem, found.posterior, self.draws)


def analyse(  # noqa: PLR0913 - what to analyse, how to sample, whom to tell
    study: Study,
    profile: str,
    *,
    settings: Settings,
    cache: Cache = None,
    telling: Telling | None = None,
    tell: Callable[[int, int], None] | None = None,
    refit: bool = False,
    draws: int = THINNED,
    farm: Farm | None = None,
) -> xr.Dataset:
    """Answer from every combination of choices (Steegen, Tuerlinckx, Gelman and Vanpaemel 2016).

    Each set of hypotheses is fitted with each panel of coders, under the given profile; each fit is kept in the cache
    as it is made, so that a multiverse that was stopped goes on from there. Prior and pooling are changed on the draws
    of those fits, exactly. Selectivity, reliability and redundancy are changed by importance weights of draws that are
    first brought to where that evidence puts them (`sensitivity.matching`); where even so they are not to be believed
    (`sensitivity.reweight.doubtful`), other evidence is fitted anew, if `refit`, and serves the evidence that is near
    to it too.

    Parameters
    ----------
    study
        A checked study.
    profile
        Name of the profile that is fitted.
    settings, cache, telling
        As for `bayestrace.panels.fit`.
    tell
        Told, before each set and panel and at the end, how many of them are done and how many there are.
    refit
        Whether to fit anew where importance weights fail: a few fits more for each set and panel.
    draws
        How many draws of each fit the specifications are answered on.
    farm
        Workers that make the fits of all sets and panels at once, where there is a cache to find them in. What is
        fitted anew besides waits for what comes before it, and is fitted on this machine.

    Returns
    -------
    Dataset
        Over `specification`, the choices (`set`, `panel`, `prior`, `pooling`, `selectivity`, `reliability`,
        `redundancy`), `probability` (specification, case, hypothesis), NaN for a hypothesis that the set lacks,
        `pareto_k` and `ess` of the importance weights, `how` it was answered (`fitted`: on draws of a fit of this
        evidence, or `reweighted`), and what `curve.summary` makes of them. Attributes: `unit`, `pooling`, `profile`,
        `focal`, `unreliable`, the share of specifications that are not to be believed, and `fits` and `divergences`,
        of the sampler, in all.

    Raises
    ------
    UsageFault
        As `choices_of`.
    """
    choices = choices_of(study, profile)
    run = _Run(study, study.profiles[profile], choices, settings, cache, telling, refit, draws, [])
    answers: dict[Specification, _Row] = {}
    needed = list(itertools.product(choices.sets, choices.panels))
    pooled = True
    problems = [encode(study, run.fitted, name, choices.panels[panel]) for name, panel in needed]
    if farm is not None:
        fit_ahead(problems, settings, cache, farm, telling)
    for done, ((name, panel), problem) in enumerate(zip(needed, problems, strict=True)):
        if tell is not None:
            tell(done, len(needed))
        held = run.fit(problem)
        pooled &= held.pooled
        answers |= _answers(run, held, (name, panel))
    if tell is not None:
        tell(len(needed), len(needed))
    specifications = choices.specifications()
    dataset = _dataset(study, choices, specifications, [answers[one] for one in specifications])
    attrs = {
        "unit": "probability",
        "pooling": "pooled" if pooled else "unpooled",
        "profile": profile,
        "focal": study.focal if study.focal in dataset["hypothesis"].values else next(iter(choices.sets.values()))[0],
        "fits": len(run.divergences),
        "divergences": sum(run.divergences),
    }
    return summary(dataset.assign_attrs(attrs), {key: list(map(str, each)) for key, each in choices.options().items()})


class _Row(NamedTuple):
    """The answer of one specification: probabilities by hypothesis (C,), importance weights, how it came about."""

    probability: dict[str, Floats]
    pareto_k: float
    ess: float
    how: str


def _answers(run: _Run, held: Stored, which: tuple[str, str]) -> dict[Specification, _Row]:
    """Answer every specification of one set and panel, of which one fit was made."""
    study, choices = run.study, run.choices
    standpoint = list(itertools.product(choices.priors, choices.poolings))
    prior_of = {name: encode(study, profile, which[0])["prior"].values for name, profile in choices.priors.items()}
    priors = np.stack([prior_of[name] for name, _ in standpoint])
    log_p = _log_p(held, priors, [run.poolings[name] for _, name in standpoint]) if held.pooled else None
    names = [str(name) for name in held.problem["hypothesis"].values]
    fits = [Ground(held, fitted := (float(held.problem.attrs["selectivity"]), True, True))]
    rows: dict[Specification, _Row] = {}
    for evidence in by_distance(
        fitted, itertools.product(choices.selectivity, choices.reliability, choices.redundancy)
    ):
        given, how = _given(run, fits, evidence, (log_p, priors))
        selectivity, reliability, redundancy = evidence
        for place, (prior, pooling) in enumerate(standpoint):
            one = Specification(*which, prior, pooling, selectivity, reliability, redundancy)
            probability = {name: given.probability[place, :, k] for k, name in enumerate(names)}
            rows[one] = _Row(probability, float(given.pareto_k[place]), float(given.ess[place]), how)
    return rows


def _given(
    run: _Run, fits: list[Ground], evidence: Evidence, standpoint: tuple[Floats | None, Floats]
) -> tuple[Answered, str]:
    """Answer from several standpoints with other evidence, on the first fit that can be reweighted; and say how.

    Parameters
    ----------
    run
        Which makes a fit where none of those can.
    fits
        Of the same hypotheses and coders, that of the evidence as it is stated first; a new one is added.
    evidence
        Selectivity, and whether reliability and redundancy are allowed for.
    standpoint
        log P(Z) of S standpoints, None where it is not tabulated, and their priors.
    """
    tries = []
    for ground in fits:
        tries.append(ground.answer(evidence, *standpoint))
        if evidence == ground.fitted:
            return tries[-1], "fitted"
        if not doubtful(tries[-1].pareto_k, tries[-1].ess).any():
            return tries[-1], "reweighted"
    if run.refit:
        stated = fits[0].stated
        fits.append(Ground(run.fit(allowing(stated, evidence)), evidence, stated))
        return fits[-1].answer(evidence, *standpoint), "fitted"
    return tries[0], "reweighted"


def _log_p(held: Stored, priors: Floats, poolings: Sequence[Problem]) -> Floats:
    """Tabulate the prior over joint explanations of S standpoints, shape (S, Z).

    Parameters
    ----------
    held
        Whose joint explanations are meant.
    priors
        m of each standpoint, shape (S, K).
    poolings
        Of each standpoint, as the study is encoded with it.
    """
    kappa = np.unique(np.concatenate([problem["kappa"].values for problem in poolings]))
    weight = np.zeros((len(poolings), kappa.size))
    for row, problem in zip(weight, poolings, strict=True):
        row[np.searchsorted(kappa, problem["kappa"].values)] = problem["kappa_weight"].values
    levels = np.stack([problem["level_weight"].values for problem in poolings])
    return standpoints.log_p(held.problem["pool"].values, Standpoints(priors, levels, kappa, weight), held.z)[1]


def _dataset(
    study: Study, choices: Choices, specifications: Sequence[Specification], rows: Sequence[_Row]
) -> xr.Dataset:
    hypotheses = list(dict.fromkeys(name for names in choices.sets.values() for name in names))
    missing = np.full(len(study.cases), np.nan)
    probability = np.stack(
        [np.stack([row.probability.get(name, missing) for name in hypotheses], axis=-1) for row in rows]
    )
    columns: Mapping[str, NDArray[np.generic]] = {
        # netCDF knows no booleans that every reader takes.
        name: np.array([getattr(one, name) for one in specifications], dtype=kind)
        for name, kind in (
            ("set", np.str_),
            ("panel", np.str_),
            ("prior", np.str_),
            ("pooling", np.str_),
            ("selectivity", np.float64),
            ("reliability", np.int8),
            ("redundancy", np.int8),
        )
    }
    return xr.Dataset(
        {
            "probability": (("specification", "case", "hypothesis"), probability),
            "pareto_k": ("specification", np.array([row.pareto_k for row in rows])),
            "ess": ("specification", np.array([row.ess for row in rows])),
            "how": ("specification", np.array([row.how for row in rows], dtype=np.str_)),
            **{name: ("specification", values) for name, values in columns.items()},
        },
        coords={"case": list(study.cases), "hypothesis": hypotheses},
    )
