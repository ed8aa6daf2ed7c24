"""Read how cases differ that one factor alone tells apart: one alliance before and after, two in one period."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from bayestrace.report.content.parts import Case
from bayestrace.report.content.pools import Increment, Pair
from bayestrace.report.content.tree import Tree


def read_increments(tree: Tree, cases: tuple[Case, ...]) -> tuple[Increment, ...]:
    """Compare neighbouring groups of every factor, in the order in which cases name them.

    Returns
    -------
    tuple of Increment
        Only where two pairs of cases can be set beside each other; nothing of a result that keeps no directions.
    """
    if "net" not in tree.dataset("mechanism"):
        return ()
    found = []
    for name, factor in tree.study.factors.items():
        # Cases keep the order of the study; what the study's own text has comes back sorted by key.
        named = dict.fromkeys(tree.study.cases[case].groups[name] for case in tree.cases)
        for one, other in itertools.pairwise(named):
            pairs = tuple(_pair(tree, cases, name, at) for at in _places(tree, name, (one, other)))
            if len(pairs) > 1:
                if len({pair.shared for pair in pairs} - {()}) < len(pairs):
                    # What they share does not tell pairs apart: their own names do.
                    pairs = tuple(replace(pair, shared=tuple(cases[at].name for at in pair.cases)) for pair in pairs)
                groups = tree.phrase(factor.groups[one]), tree.phrase(factor.groups[other])
                found.append(Increment(tree.phrase(factor.name), groups, pairs))
    return tuple(found)


def _places(tree: Tree, factor: str, groups: tuple[str, str]) -> Iterator[tuple[int, int]]:
    """Find the cases of the first group, each with every case of the second that is in the same group of all else."""
    told = [tree.study.cases[case].groups for case in tree.cases]
    for before, after in itertools.permutations(range(len(told)), 2):
        same = all(told[before][other] == told[after][other] for other in tree.study.factors if other != factor)
        if same and (told[before][factor], told[after][factor]) == groups:
            yield before, after


def _pair(tree: Tree, cases: tuple[Case, ...], factor: str, at: tuple[int, int]) -> Pair:
    factors = tree.study.factors
    groups = tree.study.cases[tree.cases[at[0]]].groups
    steps = tree.labels("mechanism", "step")
    before, after = (
        tuple(tree.known("mechanism", "net", case=tree.cases[place], step=step) for step in steps) for place in at
    )
    return Pair(
        shared=tuple(tree.phrase(factors[other].groups[groups[other]]) for other in factors if other != factor),
        cases=at,
        before=before,
        after=after,
        probabilities=tuple(
            (one.probability, other.probability)
            for one, other in zip(cases[at[0]].rows, cases[at[1]].rows, strict=True)
        ),
    )
