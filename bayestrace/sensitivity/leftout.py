"""Leave one thing out at a time: an observation, a cluster, a source, a coder, all the evidence of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import panels
from bayestrace.encoding import encode
from bayestrace.farm import Farm
from bayestrace.sensitivity.draws import Stored, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.flips import leaders, margin, named, overtaken
from bayestrace.sensitivity.matching import matched, serve
from bayestrace.sensitivity.reweight import doubtful
from bayestrace.sensitivity.without import Without
from bayestrace.study import Evidence, PriorProfile, Study
from bayestrace.weights import to_decibels

Floats = NDArray[np.float64]

#: The kinds of things that are left out by weighing the draws again; coders are left out by fitting the others.
KINDS = ("observation", "cluster", "source", "source_type", "step", "domain", "case")
CODER = "coder"

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Fits:
    """How other panels and evidence are fitted where draws cannot tell.

    Parameters
    ----------
    settings
        The sampler's.
    cache
        Where fits are kept.
    telling
        Told of them.
    farm
        Workers that make them, all at once; what they make is found in the cache.
    """

    settings: panels.Settings
    cache: panels.Cache = None
    telling: panels.Telling | None = None
    farm: Farm | None = None

    def ahead(self, problems: Sequence[xr.Dataset]) -> None:
        """Have workers, where there are any, make the fits that will be asked for."""
        if self.farm is not None:
            panels.fit_ahead(problems, self.settings, self.cache, self.farm, self.telling)

    def fit(self, problem: xr.Dataset) -> Stored:
        """Fit a problem, or find its fit."""
        panel = panels.fit(problem, self.settings, self.cache, self.telling)
        return stored(panel.problem, panel.posterior)


class _Outcome(NamedTuple):
    """What follows without one thing."""

    probability: Floats  # (C, K)
    pareto_k: float
    ess: float
    refit: bool


def analyse(
    held: Stored, study: Study, profile: PriorProfile, *, fits: Fits | None = None, tell: Tell | None = None
) -> dict[str, xr.Dataset]:
    """Leave out everything of every kind, one at a time.

    Parameters
    ----------
    held
        Draws.
    study, profile
        What was fitted, and from which standpoint.
    fits
        How to fit the panels that lack a coder, and what draws cannot tell (`reweight.doubtful`, though moved);
        if None nothing is fitted. At face value there is nothing to fit.
    tell
        Told after each thing but a coder, with the number done and the number in all.

    Returns
    -------
    dict
        By kind; a kind is missing where the study has none of it, `coder` also with a single coder and where it would
        take fits and `fits` is None. Each over `item`, `case` and `hypothesis`: `probability` without the item,
        `change` (item, case) of the leader's probability and `change_db` of its log-odds over whichever other
        explanation is then the most probable; `rank` (item, case), 1 for the greatest change in dB either way;
        `flip_to` (item, case), who leads instead, empty where the leader stays; `size` (item), how many observations
        are left out, 0 for a coder; `pareto_k`, `ess` and `refit` (item). Attribute `unit`. Clusters are those with at
        least two members that weigh; they are split by case. Of two coders, one of whom stated no range, the other is
        not left out of a fit: nothing could be learned of the one alone.
    """
    base = answer(held, diagnose=False).probability
    items = things(held, study)
    without = Without(held)
    without.prepare(part for kind in items.values() for places in kind.values() for part in without.parts(places))
    total = sum(map(len, items.values()))
    outcomes: dict[str, list[_Outcome | xr.Dataset]] = {}
    done = 0
    for kind, things_of_kind in items.items():
        outcomes[kind] = []
        for places in things_of_kind.values():
            outcomes[kind].append(_left_out(without, places, fits))
            done += 1
            if tell is not None:
                tell(done, total)
    if fits is not None:
        fits.ahead([one for kind in outcomes.values() for one in kind if isinstance(one, xr.Dataset)])
    found = {
        kind: _dataset(held, base, list(items[kind]), list(map(len, items[kind].values())), _settled(held, of, fits))
        for kind, of in outcomes.items()
        if of
    }
    coders = without_coders(held, study, profile, fits)
    return found if coders is None else found | {CODER: coders}


def without_coders(held: Stored, study: Study, profile: PriorProfile, fits: Fits | None) -> xr.Dataset | None:
    """Leave out each coder, by fits of the others.

    Parameters
    ----------
    held, study, profile, fits
        As for `analyse`.

    Returns
    -------
    Dataset
        The kind `coder` of `analyse`; None where that would miss it.
    """
    coders = _without_coders(held, study, profile, fits)
    if not coders:
        return None
    base = answer(held, diagnose=False).probability
    return _dataset(held, base, list(coders), [0] * len(coders), list(coders.values()))


def things(held: Stored, study: Study) -> dict[str, dict[str, list[int]]]:
    """Name all that can be left out, with the observations that go with it.

    Parameters
    ----------
    held, study
        As for `analyse`.

    Returns
    -------
    dict
        By kind and name, in the study's order: places among the observations that weigh.
    """
    problem = held.problem
    weighing = np.flatnonzero(problem["weighs"].values)
    by_id = {item.id: item for item in study.evidence}
    evidence = [by_id[str(name)] for name in problem["evidence"].values[weighing]]
    clusters = problem["cluster"].values[problem["cluster_of_evidence"].values[weighing]]
    told: dict[str, Callable[[Evidence], str | None]] = {
        "observation": lambda item: item.id,
        "source": lambda item: item.source,
        "source_type": lambda item: item.source_type,
        "step": lambda item: item.step,
        "domain": lambda item: item.domain,
        "case": lambda item: item.case,
    }
    found: dict[str, dict[str, list[int]]] = {kind: {} for kind in KINDS}
    for place, item in enumerate(evidence):
        for kind, name_of in told.items():
            name = name_of(item)
            if name is not None:
                found[kind].setdefault(name, []).append(place)
        found["cluster"].setdefault(str(clusters[place]), []).append(place)
    found["cluster"] = {name: places for name, places in found["cluster"].items() if len(places) > 1}
    return found


def _left_out(without: Without, places: Sequence[int], fits: Fits | None) -> _Outcome | xr.Dataset:
    """Leave observations out; where draws cannot tell, and fits may be made, give the problem to be fitted."""
    held = without.stored
    found = answer(held, clusters=without.clusters(places))
    if len(places) == without.evidence.size:
        # Nothing is left that could tell of anything: the prior, whatever the draws weigh.
        return _Outcome(found.probability, np.nan, np.nan, refit=False)
    if not serve(found):
        found = matched(held, lambda moved: without.moved(moved, places)).answered
    if doubtful(found.pareto_k, found.ess) and fits is not None:
        gone = np.zeros_like(held.problem["weighs"].values)
        gone[without.evidence[list(places)]] = True
        return held.problem.assign(weighs=held.problem["weighs"] & ~xr.DataArray(gone, dims="evidence"))
    return _Outcome(found.probability, float(found.pareto_k), float(found.ess), refit=False)


def _settled(held: Stored, outcomes: Sequence[_Outcome | xr.Dataset], fits: Fits | None) -> list[_Outcome]:
    """Fit the problems among outcomes, of which there are none without fits."""
    settled = []
    for one in outcomes:
        if isinstance(one, _Outcome):
            settled.append(one)
        elif fits is not None:
            settled.append(_refitted(held, fits.fit(one)))
    return settled


def _without_coders(held: Stored, study: Study, profile: PriorProfile, fits: Fits | None) -> Mapping[str, _Outcome]:
    """Leave out each coder; an empty mapping where there is no other, or no means."""
    names = [str(name) for name in held.problem["coder"].values]
    hypothesis_set = str(held.problem.attrs["set"])
    if len(names) == 1 or (fits is None and held.theta is not None):
        return {}
    # The result may be of some of the study's coders only.
    present = study.model_copy(update={"codings": tuple(coding for coding in study.codings if coding.coder in names)})
    rest = {
        name: encode(present, profile, hypothesis_set, [other for other in names if other != name]) for name in names
    }
    if fits is None or held.theta is None:
        return {
            name: _refitted(held, stored_face_value(problem))._replace(refit=False) for name, problem in rest.items()
        }
    telling = {name: problem for name, problem in rest.items() if _tells(problem)}
    fits.ahead(list(telling.values()))
    return {name: _refitted(held, fits.fit(problem)) for name, problem in telling.items()}


def _tells(problem: xr.Dataset) -> bool:
    """Say whether anything is to be learned from a panel: a coder alone must state ranges, and weigh something."""
    silent = problem.sizes["coder"] == 1 and not problem["stated_variance"].values.any()
    return bool(problem["weighs"].values.any() and not silent)


def _refitted(held: Stored, new: Stored) -> _Outcome:
    """Answer from a fit of its own, in the order of the result: a study's canonical form sorts its cases."""
    rows, columns = (
        [list(new.problem[dim].values).index(name) for name in held.problem[dim].values]
        for dim in ("case", "hypothesis")
    )
    found = answer(new, diagnose=False).probability[np.ix_(rows, columns)]
    return _Outcome(found, np.nan, float(new.log_evidence.size), refit=True)


def _dataset(
    held: Stored, base: Floats, names: Sequence[str], sizes: Sequence[int], outcomes: Sequence[_Outcome]
) -> xr.Dataset:
    hypotheses = held.problem["hypothesis"].values
    leader = leaders(base)
    cases = np.arange(leader.size)
    probability = np.stack([outcome.probability for outcome in outcomes])
    lead = margin(probability, leader)
    change_db = to_decibels(lead - margin(base, leader))
    order = np.argsort(-np.abs(change_db), axis=0, kind="stable")
    rank = np.argsort(order, axis=0, kind="stable") + 1
    flipped = overtaken(probability, leader)
    by_item = ("item", "case")
    return xr.Dataset(
        {
            "probability": ((*by_item, "hypothesis"), probability),
            "change": (by_item, probability[:, cases, leader] - base[cases, leader]),
            "change_db": (by_item, change_db),
            "rank": (by_item, rank),
            "flip_to": (by_item, named(flipped, hypotheses)),
            "size": ("item", np.array(sizes, dtype=np.int64)),
            "pareto_k": ("item", np.array([outcome.pareto_k for outcome in outcomes])),
            "ess": ("item", np.array([outcome.ess for outcome in outcomes])),
            "refit": ("item", np.array([outcome.refit for outcome in outcomes])),
        },
        coords={"item": list(names), "case": held.problem["case"].values, "hypothesis": hypotheses},
        attrs={"unit": "dB", "pooling": "pooled" if held.pooled else "unpooled"},
    )
