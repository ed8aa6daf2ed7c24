"""P(Z) by enumeration in exact fractions: levels and explanations drawn one after the other from urns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple


class Path(NamedTuple):
    """One way the cases may have come by their levels and explanations."""

    levels: tuple[int, ...]
    z: tuple[int, ...]
    probability: Fraction


def paths(
    pools: Sequence[Sequence[str]], level_weight: Sequence[Fraction], prior: Sequence[Fraction], kappa: Fraction
) -> Iterator[Path]:
    """Enumerate all, by Polya's urn: a level or an explanation is as likely as its weight and its uses so far."""
    for levels in itertools.product(range(len(level_weight)), repeat=len(pools)):
        for z in itertools.product(range(len(prior)), repeat=len(pools)):
            probability = Fraction(1)
            for case, (level, k) in enumerate(zip(levels, z, strict=True)):
                probability *= (level_weight[level] + levels[:case].count(level)) / (sum(level_weight) + case)
                same = [z[d] for d in range(case) if levels[d] == level and pools[d][level] == pools[case][level]]
                # kappa 0 is the limit: the first case of a pool draws from the prior, the others follow it.
                probability *= prior[k] if not same else (kappa * prior[k] + same.count(k)) / (kappa + len(same))
            yield Path(levels, z, probability)


def table(
    pools: Sequence[Sequence[str]], level_weight: Sequence[Fraction], prior: Sequence[Fraction], kappa: Fraction
) -> dict[tuple[int, ...], Fraction]:
    """Sum the paths to P(Z)."""
    found: dict[tuple[int, ...], Fraction] = {}
    for path in paths(pools, level_weight, prior, kappa):
        found[path.z] = found.get(path.z, Fraction(0)) + path.probability
    return found
