"""Check dependences between clues: which two, and whether their correlation can be."""

import math
from collections.abc import Iterator
from itertools import product

from bayestrace.errors import Fault
from bayestrace.reading.chances import chance
from bayestrace.reading.clues import given_values
from bayestrace.reading.document import Node
from bayestrace.reading.known import Known, check_name, check_names
from bayestrace.reading.models import as_written
from bayestrace.reading.text import shown
from bayestrace.study.chances import mean_of

_PAIR = 2
# Rounding must not refuse a correlation at the very end of what can be.
_ROUNDING = 1e-9


def check_dependence(study: Node, known: Known) -> Iterator[Fault]:
    """Yield the faults of the dependences that study.yaml states.

    Parameters
    ----------
    study
        study.yaml.
    known
        The names of the study.
    """
    first: dict[str, int] = {}
    for place, dependence in enumerate(study.get("dependence").items(), start=1):
        clues = list(dependence.get("clues").items())
        yield from check_names(clues, "clue", known.clues)
        for each in clues:
            name = each.text()
            if name is not None and first.setdefault(name, place) != place:
                yield each.fault("dependence-twice", {"found": shown(name), "place": f"dependence[{first[name]}]"})
        correlation = dependence.get("correlation")
        for _, each in correlation.entries():
            yield from check_name(each, "hypothesis", known.hypotheses, at_key=True)
        names = [name for each in clues if (name := each.text()) is not None and name in (known.clues or {})]
        if len(names) == _PAIR and len(set(names)) == _PAIR:
            given = [study.get("clues", name, "given").text() for name in names]
            if given[0] == names[1] or given[1] == names[0]:
                found = names if given[0] == names[1] else names[::-1]
                details = {"found": shown(found[0]), "given": shown(found[1])}
                yield dependence.get("clues").fault("dependence-given", details)
            else:
                yield from _correlations(correlation, [study.get("clues", name) for name in names], known)
        else:
            yield from _beyond_one(correlation)


def _beyond_one(correlation: Node) -> Iterator[Fault]:
    for node in [each for _, each in correlation.entries()] or [correlation]:
        number = node.number()
        if number is not None and abs(number) > 1:
            yield _outside(node)


def _outside(node: Node) -> Fault:
    number = node.number() or 0.0
    return node.fault("number-out-of-range", {"found": as_written(node), "bound": "≤ 1" if number > 0 else "≥ -1"})


def _correlations(correlation: Node, clues: list[Node], known: Known) -> Iterator[Fault]:
    """Check each correlation at the probabilities that the two clues are expected to have."""
    wrong = list(_beyond_one(correlation))
    yield from wrong
    if wrong:
        return
    stated = correlation.names()
    number = correlation.number()
    for hypothesis in known.hypotheses or ():
        node = (stated or {}).get(hypothesis) if number is None else correlation
        rho = node.number() if node else None
        if node is None or not rho:
            continue
        for one, two in _probabilities(clues, known, hypothesis):
            least, most = possible(one, two)
            if not least - _ROUNDING <= rho <= most + _ROUNDING:
                details = {
                    "found": as_written(node),
                    "hypothesis": shown(hypothesis),
                    "one": f"{one:.3g}",
                    "two": f"{two:.3g}",
                    "least": f"{least:.3g}",
                    "most": f"{most:.3g}",
                }
                yield node.fault("correlation-impossible", details)
                if number is not None:
                    return  # one number for all: once is enough
                break


def _probabilities(clues: list[Node], known: Known, hypothesis: str) -> Iterator[tuple[float, float]]:
    """Yield the pairs of probabilities that the two clues may have together under a hypothesis."""
    cells = []
    for clue in clues:
        values = given_values(clue, known)
        places = (
            [("", clue.get("found_if"))]
            if "given" not in (clue.names() or {})
            else [(value, clue.get("found_if_given", value)) for value in values or ()]
        )
        read = [(value, chance(chances.get(hypothesis))) for value, chances in places]
        cells.append([(value, mean_of(stated)) for value, stated in read if stated is not None])
    shared = clues[0].get("given").text() is not None and clues[0].get("given").text() == clues[1].get("given").text()
    for (value, one), (other, two) in product(*cells):
        if not shared or value == other:
            yield one, two


def possible(one: float, two: float) -> tuple[float, float]:
    """Return the least and the greatest correlation that two events with these probabilities can have.

    The probability of both, p₁p₂ + ρ √(p₁q₁p₂q₂), is at least max(0, p₁ + p₂ - 1) and at most min(p₁, p₂); where one of
    the two is certain no correlation makes a difference.
    """
    spread = math.sqrt(one * (1.0 - one) * two * (1.0 - two))
    if not spread:
        return -1.0, 1.0
    return (max(0.0, one + two - 1.0) - one * two) / spread, (min(one, two) - one * two) / spread
