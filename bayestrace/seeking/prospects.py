"""What might be sought: candidates, and the clues not yet sought, each in every case where that makes sense."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.seeking.chances import mean_and_variance
from bayestrace.study import Study
from bayestrace.study.basis import Text
from bayestrace.study.sought import Candidate, Chance, Clue, Dependence

Floats = NDArray[np.float64]

#: Why something is not answered: a candidate says nothing of an explanation of this set; the clue that it depends on
#: is not sought; a case stands for several cases alike.
Reason = Literal["hypotheses", "parent", "count", "cases"]


class Left(NamedTuple):
    """A candidate that is not answered in some cases, or in all if they are empty, and why."""

    candidate: str
    cases: tuple[str, ...]
    reason: Reason


@dataclass(frozen=True)
class Prospect:
    """One candidate in one case.

    Parameters
    ----------
    candidate
        Its name.
    case
        Place of the case among those of the result.
    cell
        On what its probabilities depend; prospects of one candidate with one cell share P(found | explanation).
    chances
        P(found | explanation) given a search that cannot miss, for each explanation of the set.
    search
        Probability that the search would find what is there.
    cost
        Of the search in this one case.
    clue
        The clue of the study that it is, if it is one.
    """

    candidate: str
    case: int
    cell: str
    chances: tuple[Chance, ...]
    search: float = 1.0
    cost: float = 1.0
    clue: str = ""

    @cached_property
    def found(self) -> Floats:
        """P(found | explanation), shape (K,)."""
        return self.search * np.array([mean_and_variance(chance)[0] for chance in self.chances])

    @cached_property
    def variance(self) -> Floats:
        """How far that is uncertain, shape (K,)."""
        return self.search**2 * np.array([mean_and_variance(chance)[1] for chance in self.chances])

    @property
    def outcomes(self) -> Floats:
        """P(outcome | explanation), shape (2, K): found, not found."""
        return np.stack([self.found, 1.0 - self.found])


@dataclass(frozen=True)
class Sought:
    """What might be sought in several cases: a candidate of the user's, or a clue of the study."""

    name: str
    title: Text
    kind: Literal["candidate", "clue"]
    cost: float
    prospects: tuple[Prospect, ...]


class Plan(NamedTuple):
    """All that might be sought, and what is left out."""

    sought: tuple[Sought, ...]
    left: tuple[Left, ...]
    dependence: tuple[Dependence, ...]


def plan(
    study: Study,
    candidates: Mapping[str, Candidate],
    order: tuple[Sequence[str], Sequence[str]],
    only: Sequence[str] = (),
    learned: Mapping[str, tuple[Chance, ...]] = MappingProxyType({}),
) -> Plan:
    """List what might be sought.

    Parameters
    ----------
    study
        Whose clues that are not yet sought come after the candidates, at cost 1.
    candidates
        By name.
    order
        Cases and hypotheses of the result, in its order.
    only
        Cases to keep to; all if empty.
    learned
        What searches have taught of the probabilities of clues, by cell; as stated where there is nothing.
    """
    cases, hypotheses = order
    open_cases = [case for case in cases if case in (only or cases)]
    several = [case for case in open_cases if study.cases[case].count > 1]
    single = [case for case in open_cases if case not in several]
    found: list[Sought] = []
    left: list[Left] = []
    for name, candidate in candidates.items():
        where = [case for case in (candidate.cases or open_cases) if case in open_cases]
        if set(hypotheses) - set(candidate.found_if):
            left.append(Left(name, (), "hypotheses"))
            continue
        chances = tuple(candidate.found_if[key] for key in hypotheses)
        prospects = [
            Prospect(name, cases.index(case), "", chances, candidate.search, candidate.cost)
            for case in where
            if case in single
        ]
        alike = tuple(case for case in where if case in several)
        left += [Left(name, alike, "count")] if alike else []
        left += [] if where else [Left(name, candidate.cases, "cases")]
        found += [Sought(name, candidate.title, "candidate", candidate.cost, tuple(prospects))] if prospects else []
    states = _states(study)
    for key, clue in study.clues.items():
        name = f"clue:{key}" if key in candidates else key
        prospects, missing = _of_clue(study, key, name, (single, *order), learned)
        alike = tuple(case for case in several if (case, key) not in states)
        left += [*([missing] if missing else []), *([Left(name, alike, "count")] if alike else [])]
        found += [Sought(name, clue.asks, "clue", 1.0, tuple(prospects))] if prospects else []
    return Plan(tuple(found), tuple(left), study.dependence)


def _of_clue(
    study: Study,
    key: str,
    name: str,
    order: tuple[Sequence[str], Sequence[str], Sequence[str]],
    learned: Mapping[str, tuple[Chance, ...]],
) -> tuple[list[Prospect], Left | None]:
    where, cases, hypotheses = order
    states = _states(study)
    found, waiting = [], []
    for case in where:
        if (case, key) in states:
            continue
        cell = _cell(study, study.clues[key], case)
        if cell is None:
            waiting.append(case)
            continue
        stated = study.clues[key].cells().get(cell, {})
        if set(hypotheses) - set(stated):
            return [], Left(name, (), "hypotheses")
        chances = learned.get(f"{key}|{cell}" if cell else key, tuple(stated[each] for each in hypotheses))
        prospect = Prospect(name, cases.index(case), cell, chances, clue=key)
        found.append(_given_what_is_known(study, prospect, case, hypotheses))
    return found, Left(name, tuple(waiting), "parent") if waiting else None


def _states(study: Study) -> dict[tuple[str, str], tuple[bool, float]]:
    """Whether a clue was found in a case, and how surely the search would have; of searches that were made."""
    return {
        (one.case, one.clue): (one.state == "found", one.search) for one in study.searches if one.state != "not-sought"
    }


def _cell(study: Study, clue: Clue, case: str) -> str | None:
    """Name the value on which a clue's probabilities depend in a case; None where that is not known yet."""
    if clue.given is None:
        return ""
    if clue.given in study.attributes:
        return study.cases[case].attributes.get(clue.given)
    known = _states(study).get((case, clue.given))
    return None if known is None else "found" if known[0] else "not-found"


def _given_what_is_known(study: Study, prospect: Prospect, case: str, hypotheses: Sequence[str]) -> Prospect:
    """Take account of the clue on which this one depends given the explanation, where that was sought."""
    bound = next((one for one in study.dependence if prospect.clue in one.clues), None)
    if bound is None:
        return prospect
    other = next(name for name in bound.clues if name != prospect.clue)
    known = _states(study).get((case, other))
    cell = _cell(study, study.clues[other], case)
    if known is None or cell is None:
        return prospect
    was_found, search = known
    chances = []
    for hypothesis, chance in zip(hypotheses, prospect.chances, strict=True):
        mine = mean_and_variance(chance)[0]
        theirs = mean_and_variance(study.clues[other].cells()[cell][hypothesis])[0]
        both = mine * theirs + correlation(bound, hypothesis) * math.sqrt(mine * (1 - mine) * theirs * (1 - theirs))
        joint = search * both if was_found else mine - search * both
        whole = search * theirs if was_found else 1.0 - search * theirs
        chances.append(Chance(at=min(max(joint / whole, 0.0), 1.0) if whole else mine))
    label = f"{prospect.cell}|{other}:{was_found}:{search}"
    return replace(prospect, cell=label, chances=tuple(chances))


def correlation(bound: Dependence, hypothesis: str) -> float:
    """Give the correlation of two clues given an explanation."""
    if isinstance(bound.correlation, Mapping):
        return float(bound.correlation.get(hypothesis, 0.0))
    return float(bound.correlation)


def covariance(one: Prospect, other: Prospect, dependence: Sequence[Dependence], hypotheses: Sequence[str]) -> Floats:
    """Give the covariance of two prospects' being found where one explanation holds in both of their cases.

    Returns
    -------
    ndarray, shape (K,)
        The variance of P(found | explanation) where both share it (one candidate in two cases); what was stated of
        two clues that depend on each other in one case; 0 otherwise.
    """
    if one.candidate == other.candidate and one.cell == other.cell and one.case != other.case:
        return one.variance * other.search / one.search
    bound = next((pair for pair in dependence if {one.clue, other.clue} == set(pair.clues)), None)
    if bound is None or one.case != other.case:
        return np.zeros(len(hypotheses))
    rho = np.array([correlation(bound, key) for key in hypotheses])
    spread = np.stack([each.found / each.search * (1.0 - each.found / each.search) for each in (one, other)])
    return np.asarray(one.search * other.search * rho * np.sqrt(spread.prod(axis=0)))
