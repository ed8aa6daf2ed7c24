"""What clues say by the longest way: every joint explanation, every clue there or missed, Betas in closed form.

Written from the study and not from its arrays. Each case that stands for several is that many cases here.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln
from scipy.stats import beta
from urns import paths

from bayestrace.encoding import Problem
from bayestrace.study import Study
from bayestrace.study.chances import beta_of
from bayestrace.study.sought import Search

Floats = NDArray[np.float64]


class Seen(NamedTuple):
    """What came of one search: of which clue, with which value given, by a search of which quality."""

    clue: str
    value: str
    found: bool
    search: float


class Unit(NamedTuple):
    """One case of those that a declared case stands for."""

    case: str
    seen: tuple[Seen, ...]


def units(study: Study) -> list[Unit]:
    """Write every case out by itself."""
    sought = {(each.case, each.clue): each for each in study.searches if each.state != "not-sought"}
    rows = []
    for case, declared in study.cases.items():
        seen = tuple(
            Seen(clue, _value(study, sought, case, clue), each.state == "found", each.search)
            for (name, clue), each in sought.items()
            if name == case
        )
        rows += [Unit(case, seen)] * declared.count
    return rows


def _value(study: Study, sought: dict[tuple[str, str], Search], case: str, clue: str) -> str:
    given = study.clues[clue].given
    if given is None:
        return ""
    return sought[case, given].state if given in study.clues else study.cases[case].attributes[given]


def paired(study: Study, clue: str) -> tuple[str, ...]:
    """Name the clues that one depends on, itself among them."""
    return next((tuple(each.clues) for each in study.dependence if clue in each.clues), (clue,))


def correlation(study: Study, clues: tuple[str, ...], hypothesis: str) -> float:
    stated = next(each.correlation for each in study.dependence if tuple(each.clues) == clues)
    return stated.get(hypothesis, 0.0) if isinstance(stated, dict) else stated


def joint(one: Floats, two: Floats, rho: float) -> Floats:
    """P(both there), P(the first alone), P(the second alone), P(neither): on the last axis."""
    both = one * two + rho * np.sqrt(one * two * (1.0 - one) * (1.0 - two))
    both = np.minimum(np.maximum(both, np.maximum(0.0, one + two - 1.0)), np.minimum(one, two))
    return np.stack([both, one - both, two - both, 1.0 - one - two + both], axis=-1)


def latent(seen: Seen) -> Iterator[tuple[bool, float]]:
    """Say whether the clue may have been there, and how probable what was seen is then."""
    yield True, seen.search if seen.found else 1.0 - seen.search
    if not seen.found:
        yield False, 1.0


def pair_probability(pair: tuple[Seen, ...], cells: Floats) -> Floats:
    """Probability of what was seen of two clues that depend on one another, from the joint cells, on the last axis."""
    place = {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}
    return np.asarray(
        sum(
            cells[..., place[there, there_too]] * weight * weight_too
            for (there, weight), (there_too, weight_too) in itertools.product(latent(pair[0]), latent(pair[1]))
        )
    )


class Brute:
    """Everything that follows of a study with clues alone, by enumeration.

    `z` (S, N) joint explanations of the cases written out, `prior` (S, nodes) with the nodes' own, `weight` (S,) the
    posterior.
    """

    def __init__(self, study: Study, problem: Problem) -> None:
        self.study, self.problem = study, problem
        self.hypotheses = [str(name) for name in problem["hypothesis"].values]
        self.units = units(study)
        self.first = [next(i for i, unit in enumerate(self.units) if unit.case == case) for case in study.cases]
        tables = [self._table(float(kappa)) for kappa in problem["kappa"].values]
        self.z = np.array(sorted(set().union(*tables)))
        nodes = np.array([[table.get(tuple(row), 0.0) for table in tables] for row in self.z.tolist()])
        self.prior = nodes * problem["kappa_weight"].values
        with np.errstate(divide="ignore"):
            self.log_evidence = np.array([self._log_evidence(tuple(row)) for row in self.z.tolist()])
        jointly = self.prior.sum(axis=1) * np.exp(self.log_evidence)
        self.evidence = float(jointly.sum())
        self.weight = jointly / self.evidence if self.evidence else jointly

    def _table(self, kappa: float) -> dict[tuple[int, ...], float]:
        """P(Z) from urns, levels that are never used left out."""
        level = self.problem["level_weight"].values
        used = np.flatnonzero(level > 0)
        rows = [self.problem["pool"].values[list(self.study.cases).index(unit.case)].tolist() for unit in self.units]
        # What one case has for itself each of the cases written out has for itself.
        own = level.size - 1
        pools = [[f"{row[k]}#{i}" if k == own else row[k] for k in used] for i, row in enumerate(rows)]
        weight, prior = [Fraction(x) for x in level[used]], [Fraction(x) for x in self.problem["prior"].values]
        found: dict[tuple[int, ...], float] = {}
        for path in paths(pools, weight, prior, Fraction(kappa)):
            if path.probability:
                found[path.z] = found.get(path.z, 0.0) + float(path.probability)
        return found

    def _log_evidence(self, z: tuple[int, ...]) -> float:
        return sum(
            self._of_cases(k, tuple(i for i, other in enumerate(z) if other == k)) for k in range(len(self.hypotheses))
        )

    @functools.cache  # noqa: B019 - lives as long as a test
    def _of_cases(self, k: int, members: tuple[int, ...]) -> float:
        seen = [each for i in members for each in self.units[i].seen]
        cells = {(each.clue, each.value) for each in seen if len(paired(self.study, each.clue)) == 1}
        total = sum(np.log(self.moment(k, cell, members)) for cell in sorted(cells))
        for clues in {paired(self.study, each.clue) for each in seen if len(paired(self.study, each.clue)) > 1}:
            total += self._log_pairs(k, clues, members)
        return float(total)

    def moment(self, k: int, cell: tuple[str, str], members: tuple[int, ...], power: int = 0) -> float:
        """E(phi^power times the probability of what was seen of a cell), over what phi may be."""
        chance = self.study.clues[cell[0]].cells()[cell[1]][self.hypotheses[k]]
        seen = [each for i in members for each in self.units[i].seen if (each.clue, each.value) == cell]
        shape, total = beta_of(chance), 0.0
        for ways in itertools.product(*(list(latent(each)) for each in seen)):
            there = sum(one for one, _ in ways) + power
            absent = len(ways) + power - there
            weight = float(np.prod([each for _, each in ways]))
            if shape is None:
                assert chance.at is not None
                total += weight * chance.at**there * (1.0 - chance.at) ** absent
            elif weight:
                total += weight * np.exp(betaln(shape[0] + there, shape[1] + absent) - betaln(*shape))
        return float(total)

    def _log_pairs(self, k: int, clues: tuple[str, ...], members: tuple[int, ...]) -> float:
        """Two clues that depend on one another, with known probabilities; either may have been sought alone."""
        total = 0.0
        for i in members:
            by_clue = {each.clue: each for each in self.units[i].seen if each.clue in clues}
            chances = {
                name: self.study.clues[name].cells()[each.value][self.hypotheses[k]].at
                for name, each in by_clue.items()
            }
            if len(by_clue) == 2:
                one, two = (np.asarray(chances[name], dtype=np.float64) for name in clues)
                cells = joint(one, two, correlation(self.study, clues, self.hypotheses[k]))
                total += float(np.log(pair_probability(tuple(by_clue[name] for name in clues), cells)))
            else:
                for name, each in by_clue.items():
                    chance = chances[name]
                    assert chance is not None
                    total += float(np.log(sum(w * (chance if there else 1.0 - chance) for there, w in latent(each))))
        return float(total)

    def _counts(self, places: list[int]) -> Floats:
        return np.asarray((self.z[:, places, None] == np.arange(len(self.hypotheses))).sum(axis=1), dtype=np.float64)

    def case_probability(self) -> Floats:
        """P(Z_c = k), shape (C, K)."""
        return np.array([self.weight @ self._counts([i]) for i in self.first])

    def count(self, k: int) -> Floats:
        """P(exactly n cases are explained by k), shape (N + 1,)."""
        number = self._counts(list(range(len(self.units))))[:, k].astype(np.int64)
        return np.bincount(number, weights=self.weight, minlength=len(self.units) + 1)

    def same(self) -> Floats:
        """P(Z_c = Z_d) after the evidence; a case is the same as itself."""
        return np.array([[self.weight @ (self.z[:, i] == self.z[:, j]) for j in self.first] for i in self.first])

    def kappa(self) -> Floats:
        """Probability of each node of kappa after the evidence."""
        share = self.prior / self.prior.sum(axis=1, keepdims=True)
        return np.asarray(self.weight @ share)

    def shares(self) -> tuple[Floats, Floats]:
        """Mean and second moments of the common pool's content: a Dirichlet given Z."""
        prior, size = self.problem["prior"].values, len(self.units)
        number = self._counts(list(range(size)))
        first, second = np.zeros(prior.size), np.zeros((prior.size, prior.size))
        for node, kappa in enumerate(self.problem["kappa"].values):
            weight = self.weight * self.prior[:, node] / self.prior.sum(axis=1)
            alpha = kappa * prior + number
            total = kappa + size
            first += weight @ alpha / total
            outer = alpha[:, :, None] * (alpha[:, None, :] + np.eye(prior.size))
            second += np.einsum("s,skj->kj", weight, outer) / (total * (total + 1.0))
        return first, second

    def predict(self, label: str, level: int) -> Floats:
        """P(Z_new = k) of a case that takes from one pool."""
        prior = self.problem["prior"].values
        inside = [
            i
            for i, unit in enumerate(self.units)
            if self.problem["pool"].values[list(self.study.cases).index(unit.case), level] == label
        ]
        number, total = self._counts(inside), np.zeros(prior.size)
        for node, kappa in enumerate(self.problem["kappa"].values):
            weight = self.weight * self.prior[:, node] / self.prior.sum(axis=1)
            total += weight @ (kappa * prior + number) / (kappa + len(inside)) if kappa or inside else prior
        return total

    def cell(self, cell: tuple[str, str], k: int) -> tuple[float, float]:
        """Mean and sd of P(found | explanation) after the evidence, of a clue that depends on no other."""
        first = second = 0.0
        for row, weight in zip(self.z.tolist(), self.weight, strict=True):
            members = tuple(i for i, other in enumerate(row) if other == k)
            if weight:
                none = self.moment(k, cell, members)
                first += weight * self.moment(k, cell, members, 1) / none
                second += weight * self.moment(k, cell, members, 2) / none
        return first, float(np.sqrt(max(second - first**2, 0.0)))


def grid_mean(shapes: list[tuple[float, float]], value: Callable[..., Floats], size: int = 400) -> float:
    """Average a function of two probabilities over their Betas, on a grid of midpoints of equal mass."""
    middle = (np.arange(size) + 0.5) / size
    one, two = (beta.ppf(middle, *shape) for shape in shapes)
    return float(value(one[:, None], two[None, :]).mean())
