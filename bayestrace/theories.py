"""Theories that may hold together, and the cells they make: combinations that exclude each other.

Theories that overlap cannot share out one unit of probability: 60 % and 60 % would make 120 %. Each combination of
them is a cell, "both", "this one alone", "none", and the cells do exclude each other (n theories make 2^n of them,
less what nesting rules out). Everything else of a study speaks of cells; what holds of a theory is a sum over cells.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

#: The cell in which no theory holds, and what joins the names of theories that hold together.
NONE, JOIN = "none", "+"
#: How many theories a study may declare: five make 32 cells, and nobody can weigh more.
FEWEST, MOST = 2, 5

Pairs = Iterable[tuple[str, str]]


def implied(theories: Sequence[str], nested: Pairs) -> dict[str, frozenset[str]]:
    """Follow the nesting: what else holds where a theory holds.

    Parameters
    ----------
    theories
        Names.
    nested
        Pairs (narrow, broad): where the narrow theory holds the broad one does. No circle among them.

    Returns
    -------
    dict
        For every theory the names of all that it implies, itself left out.
    """
    above: dict[str, set[str]] = {name: set() for name in theories}
    pairs = list(nested)
    for _ in theories:  # a chain has no more links than there are theories
        for narrow, broad in pairs:
            above[narrow] |= {broad, *above[broad]}
    return {name: frozenset(names) for name, names in above.items()}


def cell_of(holding: Iterable[str], theories: Sequence[str]) -> str:
    """Name the cell in which these theories hold and no other: ``car+bike``, or ``none``."""
    names = set(holding)
    return JOIN.join(name for name in theories if name in names) or NONE


def holding(cell: str) -> tuple[str, ...]:
    """Tell which theories hold in a cell."""
    return () if cell == NONE else tuple(cell.split(JOIN))


def cells(theories: Sequence[str], nested: Pairs = ()) -> list[str]:
    """List the cells, the fullest of the first theories first and ``none`` last.

    Parameters
    ----------
    theories
        Names, in the order in which the study declares them.
    nested
        As for `implied`; a cell with a narrow theory and without the broad one does not exist.
    """
    above = implied(theories, nested)
    chosen = (
        {name for name, holds in zip(theories, each, strict=True) if holds}
        for each in itertools.product((True, False), repeat=len(theories))
    )
    return [cell_of(names, theories) for names in chosen if all(above[name] <= names for name in names)]


def joint_cells(theories: Sequence[str], nested: Pairs = ()) -> dict[str, tuple[str, ...]]:
    """Name the joint cells, and for each the cells of the theories that it joins.

    A theory's own cell is the one in which it holds with what it implies and nothing else. Of nested theories the
    narrower one speaks for both: it says more exactly what to expect.

    Returns
    -------
    dict
        For every cell that joins at least two theories of which none implies the other: their own cells.
    """
    pairs = list(nested)
    above = implied(theories, pairs)
    joint = {}
    for cell in cells(theories, pairs):
        names = holding(cell)
        narrowest = [name for name in names if not any(name in above[other] for other in names)]
        if len(narrowest) > 1:
            joint[cell] = tuple(cell_of({name, *above[name]}, theories) for name in narrowest)
    return joint


def noisy_or(stated: Sequence[float], background: float) -> float:
    """Work out how probable evidence is where several theories, each by itself, may bring it about.

    Parameters
    ----------
    stated
        P(E | the theory's own cell), for each theory; none below `background`.
    background
        P(E | none).

    Returns
    -------
    float
        P(E | all of them) = 1 - (1 - b) prod (1 - p)/(1 - b): the evidence stays away only where the background and
        every theory fail to bring it about, independently (the noisy-or gate with a leak; Pearl 1988, 4.3.2).
    """
    if max(stated) >= 1.0:
        return 1.0
    # By logarithms, so that tiny probabilities do not come to zero.
    away = sum(math.log1p(-probability) for probability in stated) - (len(stated) - 1) * math.log1p(-background)
    return -math.expm1(away)


def fill(stated: Mapping[str, float], joint: Mapping[str, Sequence[str]], rule: str) -> dict[str, float]:
    """Give joint cells that were not stated what the rule makes of those that were.

    Parameters
    ----------
    stated
        By cell: probabilities of the evidence or, for the rule ``strongest``, log-likelihoods up to one constant.
    joint
        As `joint_cells` gives it.
    rule
        ``stated``: nothing is made up. ``strongest``: a joint cell expects the evidence as much as the theory in it
        that expects it most. ``noisy-or``: see `noisy_or`; it needs what was stated of the cell ``none``.

    Returns
    -------
    dict
        Values of joint cells that were left out and whose theories' own cells all were stated.
    """
    if rule == "stated" or (rule == "noisy-or" and NONE not in stated):
        return {}
    made = {}
    for cell, parts in joint.items():
        if cell not in stated and all(part in stated for part in parts):
            values = [stated[part] for part in parts]
            made[cell] = max(values) if rule == "strongest" else noisy_or(values, stated[NONE])
    return made
