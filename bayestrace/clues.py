"""Turn what a study says of its clues into arrays: outcomes of searches, and how likely explanations make them.

A *cell* is one probability that a clue has under each explanation: of a clue that is given nothing there is one, else
one for every value that it is given. A *term* is one outcome that searches had: found or not, of a cell, by a search
that would have found it with some probability; or two such outcomes of clues that are not independent. What was found
in a case is which terms it has. `LAYOUT` documents the arrays, which `bayestrace.encoding` puts into the Problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.study import Study
from bayestrace.study.chances import beta_of
from bayestrace.study.sought import Clue, Search

LAYOUT = {
    "clue_state": "(case, clue) 1 found, 0 sought and not found, -1 not sought",
    "clue_search": "(case, clue) probability that the search would have found it",
    "cell_clue": "(cell) index of the clue",
    "cell_known": "(cell, hypothesis) P(found | hypothesis) where it is known; NaN where it is uncertain",
    "cell_alpha": "(cell, hypothesis) first parameter of its Beta where it is uncertain; NaN where it is known",
    "cell_beta": "(cell, hypothesis) second parameter",
    "term_cell": "(term, side) index of the cell; of a single outcome the second is -1",
    "term_found": "(term, side) whether it was found",
    "term_search": "(term, side) probability that the search would have found it",
    "term_correlation": "(term, hypothesis) correlation of the two given the hypothesis; 0 of a single outcome",
    "case_term": "(case, term) 1 where the case has this outcome",
    "case_count": "(case) how many cases like it there are",
    "estimand_share": "(estimand, hypothesis) factors of the shares that are added up, where there are any",
    "path_term": "(path, term) outcomes that together make one way in which a case came to be chosen",
    "case_path": "(case, path) 1 where the case could have been chosen in this way; no row of ones: chosen regardless",
}

#: The value that a cell is of where its clue is given nothing.
ALWAYS = ""
FOUND, NOT_FOUND, NOT_SOUGHT = "found", "not-found", "not-sought"
_STATES = {FOUND: 1, NOT_FOUND: 0, NOT_SOUGHT: -1}


class _Outcome(NamedTuple):
    """One outcome of one search."""

    cell: int
    found: bool
    search: float


_NONE = _Outcome(-1, found=False, search=1.0)


class _Term(NamedTuple):
    """Outcomes that have one probability: of one clue, or of two that depend on one another."""

    one: _Outcome
    two: _Outcome = _NONE
    pair: int = -1


def has_clues(study: Study, *, beside: bool = False) -> bool:
    """Say whether clues stand among the evidence of a study, or beside it.

    Clues without any observation are all the evidence there is, whatever the study says of how to read them.
    """
    apart = study.clue_reading == "beside" and bool(study.evidence)
    return bool(study.clues) and apart == beside


def encode_clues(study: Study, hypotheses: Sequence[str]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Encode the clues of a study.

    Parameters
    ----------
    study
        With clues.
    hypotheses
        The chosen ones.

    Returns
    -------
    variables, coords
        As `LAYOUT` says, for an `xarray.Dataset`.
    """
    maker = _Maker(study, hypotheses)
    terms, paths = maker.rows()
    factors = [[each.shares.get(name, 0.0) for name in hypotheses] for each in study.estimands.values()]
    estimands = {"estimand_share": (("estimand", "hypothesis"), np.array(factors))} if factors else {}
    return {
        **maker.states(),
        **maker.chances(),
        **maker.terms(),
        "case_term": (("case", "term"), terms),
        "case_count": ("case", np.array([case.count for case in study.cases.values()], dtype=np.int64)),
        **paths,
        **estimands,
    }, {
        "clue": list(study.clues),
        "cell": [_label(*cell) for cell in maker.cells],
        **({"estimand": list(study.estimands)} if study.estimands else {}),
    }


def _label(clue: str, value: str) -> str:
    return f"{clue}|{value}" if value else clue


class _Maker:
    """Gathers the terms of a study as they come up."""

    def __init__(self, study: Study, hypotheses: Sequence[str]) -> None:
        self.study, self.hypotheses = study, list(hypotheses)
        self.cells = [(name, value) for name, clue in study.clues.items() for value in _values(study, clue)]
        self._cell = {cell: place for place, cell in enumerate(self.cells)}
        self._found: dict[tuple[str, str], Search] = {(each.case, each.clue): each for each in study.searches}
        self._pairs = [dependence.clues for dependence in study.dependence]
        self._terms: dict[_Term, int] = {}

    def states(self) -> dict[str, Any]:
        """Lay what came of each search out."""
        shape = (len(self.study.cases), len(self.study.clues))
        state, search = np.full(shape, -1, dtype=np.int8), np.ones(shape)
        for row, case in enumerate(self.study.cases):
            for column, clue in enumerate(self.study.clues):
                each = self._found.get((case, clue))
                if each is not None:
                    state[row, column], search[row, column] = _STATES[each.state], each.search
        return {"clue_state": (("case", "clue"), state), "clue_search": (("case", "clue"), search)}

    def chances(self) -> dict[str, Any]:
        """Lay the probabilities of the cells out."""
        shape = (len(self.cells), len(self.hypotheses))
        known, alpha, beta = (np.full(shape, np.nan) for _ in range(3))
        for row, (name, value) in enumerate(self.cells):
            stated = self.study.clues[name].cells().get(value, {})
            for column, hypothesis in enumerate(self.hypotheses):
                if hypothesis not in stated:
                    continue
                parameters = beta_of(stated[hypothesis])
                if parameters is None:
                    known[row, column] = stated[hypothesis].at
                else:
                    alpha[row, column], beta[row, column] = parameters
        by_cell = ("cell", "hypothesis")
        names = list(self.study.clues)
        return {
            "cell_clue": ("cell", np.array([names.index(name) for name, _ in self.cells], dtype=np.int64)),
            "cell_known": (by_cell, known),
            "cell_alpha": (by_cell, alpha),
            "cell_beta": (by_cell, beta),
        }

    def rows(self) -> tuple[NDArray[np.int64], dict[str, Any]]:
        """Say which terms each case has, and in which ways it could have been chosen."""
        rows = [self._of_case(case) for case in self.study.cases]
        ways = [self._chosen(case) for case in self.study.cases]
        table = np.zeros((len(rows), len(self._terms)), dtype=np.int64)
        for place, terms in enumerate(rows):
            table[place, terms] = 1
        if not any(ways):
            return table, {}
        paths = list(dict.fromkeys(path for way in ways for path in way))
        path_term = np.zeros((len(paths), len(self._terms)), dtype=np.int64)
        for place, path in enumerate(paths):
            path_term[place, list(path)] = 1
        case_path = np.array([[int(path in way) for path in paths] for way in ways], dtype=np.int64)
        return table, {"path_term": (("path", "term"), path_term), "case_path": (("case", "path"), case_path)}

    def terms(self) -> dict[str, Any]:
        """Lay the terms out; not before `rows` has met them all."""
        sides = [(term.one, term.two) for term in self._terms]
        correlation = np.array(
            [[self._correlation(term.pair, name) for name in self.hypotheses] for term in self._terms]
        )
        by_side = ("term", "side")
        return {
            "term_cell": (by_side, np.array([[side.cell for side in both] for both in sides]).reshape(-1, 2)),
            "term_found": (by_side, np.array([[side.found for side in both] for both in sides]).reshape(-1, 2)),
            "term_search": (by_side, np.array([[side.search for side in both] for both in sides]).reshape(-1, 2)),
            "term_correlation": (("term", "hypothesis"), correlation.reshape(-1, len(self.hypotheses))),
        }

    def _correlation(self, pair: int, hypothesis: str) -> float:
        if pair < 0:
            return 0.0
        stated = self.study.dependence[pair].correlation
        return float(stated.get(hypothesis, 0.0) if isinstance(stated, Mapping) else stated)

    def _place(self, term: _Term) -> int:
        return self._terms.setdefault(term, len(self._terms))

    def _of_case(self, case: str) -> list[int]:
        sought = {
            name: self._outcome(case, name, self._found[case, name].state == FOUND)
            for name in self.study.clues
            if (case, name) in self._found and self._found[case, name].state != NOT_SOUGHT
        }
        terms = []
        for number, (one, two) in enumerate(self._pairs):
            if one in sought and two in sought:
                terms.append(self._place(_Term(sought.pop(one), sought.pop(two), number)))
        return [*terms, *(self._place(_Term(outcome)) for outcome in sought.values())]

    def _outcome(self, case: str, name: str, found: bool, given: str | None = None) -> _Outcome:  # noqa: FBT001 - its value
        each = self._found.get((case, name))
        value = self._value(case, self.study.clues[name]) if given is None else given
        return _Outcome(self._cell[name, value], found, each.search if each else 1.0)

    def _value(self, case: str, clue: Clue) -> str:
        """Tell which value a clue is given in a case."""
        if clue.given is None:
            return ALWAYS
        if clue.given in self.study.clues:
            return self._found[case, clue.given].state
        return self.study.cases[case].attributes[clue.given]

    def _chosen(self, case: str) -> list[tuple[int, ...]]:
        """List the ways in which a case could have come to have the outcome that it was chosen for."""
        chosen = self.study.chosen
        each = chosen and self._found.get((case, chosen.because_of))
        if not each or each.state == NOT_SOUGHT:
            return []
        return self._ways(case, each.clue, each.state == FOUND)

    def _ways(self, case: str, name: str, found: bool) -> list[tuple[int, ...]]:  # noqa: FBT001 - its value
        given = self.study.clues[name].given
        if given not in self.study.clues:
            return [(self._place(_Term(self._outcome(case, name, found))),)]
        # The clue that this one is given may have come out either way.
        return [
            tuple(sorted((*way, self._place(_Term(self._outcome(case, name, found, state))))))
            for state in (FOUND, NOT_FOUND)
            for way in self._ways(case, given, state == FOUND)
        ]


def _values(study: Study, clue: Clue) -> list[str]:
    if clue.given is None:
        return [ALWAYS]
    return [FOUND, NOT_FOUND] if clue.given in study.clues else list(study.attributes[clue.given].values)
