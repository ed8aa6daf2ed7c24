"""The fewest observations of a case without which another explanation leads it."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.sensitivity.abreast import abreast
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import Answered, answer
from bayestrace.sensitivity.flips import EQUAL, leaders, margin, named
from bayestrace.sensitivity.matching import matched, moved_to, serve
from bayestrace.sensitivity.subsets import Set, Subsets
from bayestrace.sensitivity.without import Without

Floats = NDArray[np.float64]

#: Sets of observations that are tried of a case, and clusters that are evaluated for it, at most.
SETS, CLUSTERS = 700_000, 2_000
# Sets of one size that are looked at again with draws moved to where their evidence puts them.
_CONFIRMED = 3
# Times that such a look may show the leader leading after all, where sets are made greater and greater.
_FAILED = 6
# Times that draws are moved to go on from where they then are: it need not be the very place.
_MOVES = 3
# In nats: a leader that leads by less may have lost its lead where draws are moved.
_NEAR = 0.1
# Rivals in whose favour observations are left out where not all sets can be tried.
_RIVALS = 3

Tell = Callable[[int, int], None]


class _Found(NamedTuple):
    """What was found of one case; `chosen` None where no set was.

    `bound` is the least size that has not been ruled out, None where all have; `sets` counts the sets of this size that
    flip the case, if all were tried.
    """

    chosen: Set | None
    bound: int | None
    answered: Answered | None = None
    sets: int | None = None


def analyse(held: Stored, *, sets: int = SETS, clusters: int = CLUSTERS, tell: Tell | None = None) -> xr.Dataset:
    """Find the smallest set of each case's own observations without which its leader leads no more.

    All sets of one observation are tried, then all of two, and so on, on the stored draws, until one flips the case or
    there are too many. Then, for the rivals that gain most, observations are left out one after the other, each time
    the one that brings the rival the nearest, and in the end those are put back that need not have been. At face value
    removals add up: sizes that cannot do are not tried, and the set is known however many there are. Sets that flip the
    case, or nearly do, are evaluated once more with weights smoothed and, where these are not to be believed, draws
    moved; only that counts.

    Parameters
    ----------
    held
        Draws.
    sets, clusters
        Sets that are tried of a case, and clusters that are evaluated for it, at most.
    tell
        Told after each case, with the number done and the number in all.

    Returns
    -------
    Dataset
        `size` (case), NaN where no set was found; `exact` (case), whether no smaller one flips the case, or none at
        all, as far as the stored draws tell; `bound` (case), the least size that has not been ruled out, NaN where all
        have; `members` (case, rank), evidence ids, that whose removal alone costs the leader the most first, empty past
        the size; `flip_to` (case), who leads without them; `probability` (case, hypothesis), `pareto_k` and `ess`
        (case) without them, NaN where none was found; `sets` (case), how many sets of this size flip the case, NaN
        where they were not all tried; `candidates` (case), how many observations the case has. Other cases keep their
        evidence.
    """
    leader = leaders(answer(held, diagnose=False).probability)
    without = Without(held)
    searches = [_Case(without, case, leader) for case in range(leader.size)]
    found = abreast(lambda search: search.smallest(sets, clusters), searches, tell)
    names = held.problem["evidence"].values[without.evidence]
    members = np.full((leader.size, max([len(one.chosen or ()) for one in found] + [1])), "", dtype=names.dtype)
    probability = np.full((leader.size, held.problem.sizes["hypothesis"]), np.nan)
    pareto_k, ess = np.full((2, leader.size), np.nan)
    to = np.full(leader.size, -1, dtype=np.int64)
    for case, one in enumerate(found):
        if one.chosen is not None and one.answered is not None:
            ranked = [
                place for _, place in sorted((searches[case].subsets.lead((place,)), place) for place in one.chosen)
            ]
            members[case, : len(ranked)] = names[ranked]
            probability[case] = one.answered.probability[case]
            pareto_k[case], ess[case] = one.answered.pareto_k, one.answered.ess
            to[case] = probability[case].argmax()
    hypotheses = held.problem["hypothesis"].values
    return xr.Dataset(
        {
            "size": ("case", [len(one.chosen) if one.chosen else np.nan for one in found]),
            "exact": ("case", [one.bound == (len(one.chosen) if one.chosen else None) for one in found]),
            "bound": ("case", [np.nan if one.bound is None else float(one.bound) for one in found]),
            "members": (("case", "rank"), members),
            "flip_to": ("case", named(to, hypotheses)),
            "probability": (("case", "hypothesis"), probability),
            "pareto_k": ("case", pareto_k),
            "ess": ("case", ess),
            "sets": ("case", [np.nan if one.sets is None else float(one.sets) for one in found]),
            "candidates": ("case", [len(search.members) for search in searches]),
        },
        coords={"case": held.problem["case"].values, "hypothesis": hypotheses},
        attrs={"unit": "observations", "pooling": "pooled" if held.pooled else "unpooled"},
    )


class _Case:
    """The search for one case.

    Parameters
    ----------
    without
        Draws, and their clusters with observations left out.
    case
        Index of the case.
    leader
        Index of the explanation that leads each case, shape (C,).
    """

    def __init__(self, without: Without, case: int, leader: NDArray[np.int64]) -> None:
        self._without, self._case, self._leader = without, case, leader
        self.subsets = Subsets(without, case, int(leader[case]))
        self.members = self.subsets.members

    def smallest(self, sets: int, clusters: int) -> _Found:
        """Find the smallest set; see `analyse`."""
        added_up = self._without.stored.theta is None
        likely = _fewest(self.subsets) if added_up else tuple(self.members[:1])
        rivals = np.delete(self.subsets.base, self.subsets.leader, axis=1)
        # A prior of 1 is moved by nothing, and is not worth a search.
        if not likely or np.isneginf(rivals).all():
            return _Found(None, None)
        found, done = self._by_trying(len(likely), sets, clusters)
        if found.chosen or done == len(self.members):
            return found
        bound = done + 1 if found.bound is None else found.bound
        added = self._confirmed([likely]) if added_up else self._by_adding()
        if added is None:
            return _Found(None, bound)
        chosen, answered = added
        return _Found(chosen, min(bound, len(chosen)), answered)

    def _by_trying(self, first: int, sets: int, clusters: int) -> tuple[_Found, int]:
        """Try all sets of each size; say what was found, and up to which size all were tried."""
        bound: int | None = None
        for size in range(first, len(self.members) + 1):
            sets -= math.comb(len(self.members), size)
            if sets < 0 or self.subsets.evaluations(size) > clusters:
                return _Found(None, bound), size - 1
            tried = self.subsets.tried(size, _CONFIRMED)
            if tried.flipping and bound is None:
                bound = size
            near = self._confirmed([chosen for lead, chosen in tried.best if lead < _NEAR])
            if near is not None:
                bound = size if bound is None else bound
                return _Found(near[0], bound, near[1], tried.flipping or None), size
        return _Found(None, bound), len(self.members)

    def _by_adding(self) -> tuple[Set, Answered] | None:
        """Leave out more and more in favour of the rivals that gain most by it, and give the smallest set found."""
        gained = [self.subsets.lead_over(tuple(self.members), rival) for rival in range(self.subsets.base.shape[1])]
        gained[self.subsets.leader] = math.inf
        rivals = [int(rival) for rival in np.argsort(gained)[:_RIVALS] if gained[rival] < math.inf]
        best: tuple[Set, Answered] | None = None
        for rival in rivals:
            best = self._added(rival, len(best[0]) - 1 if best else len(self.members)) or best
        return best

    def _added(self, rival: int, most: int) -> tuple[Set, Answered] | None:
        """Leave out, each time, the observation that brings a rival the nearest, until another explanation leads.

        No set of more than `most` is given.
        """
        subsets = self.subsets
        chosen: Set = ()
        failed = 0
        while len(chosen) < most and failed < _FAILED:
            further = [tuple(sorted((*chosen, place))) for place in self.members if place not in chosen]
            subsets.prepare(further)
            chosen = min(further, key=functools.partial(subsets.lead_over, rival=rival))
            if not serve(subsets.weighed(chosen)):
                subsets = self._nearer(chosen)
            if subsets.lead(chosen) < -EQUAL:
                # Perhaps some of them need not have been left out.
                found = self._confirmed(dict.fromkeys([_pruned(subsets, chosen), chosen]))
                if found is not None:
                    return found
                failed += 1
                subsets = self._nearer(chosen)
        return None

    def _nearer(self, left_out: Set) -> Subsets:
        """Put the draws to where the evidence without these observations has them, to go on from there."""
        held = self._without.stored
        found = matched(held, functools.partial(self._evidence, left_out=left_out), moves=_MOVES)
        moved = moved_to(held, found.place)
        clusters = self._without.moved(moved, ())
        there = dataclasses.replace(moved, clusters=clusters, loglik=held.by_case(clusters))
        return Subsets(Without(there), self._case, self.subsets.leader)

    def _confirmed(self, sets: Iterable[Set]) -> tuple[Set, Answered] | None:
        """Answer without one set after the other, as all other evidence is evaluated, until one flips the case."""
        for left_out in sets:
            found = matched(self._without.stored, functools.partial(self._evidence, left_out=left_out)).answered
            if margin(found.probability, self._leader)[self._case] < -EQUAL:
                return left_out, found
        return None

    def _evidence(self, moved: Stored, left_out: Set) -> Floats:
        return self._without.moved(moved, left_out)


def _fewest(subsets: Subsets) -> Set:
    """Name the fewest observations without which a rival leads at face value; none where none do.

    Removals add up there: it is those that weigh the most for the leader over that rival.
    """
    if not subsets.members:
        return ()
    gains = subsets.gains()
    order = np.argsort(-gains, axis=0, kind="stable")
    gained = np.cumsum(np.take_along_axis(gains, order, axis=0), axis=0)
    enough = gained > subsets.base[0, subsets.leader] - subsets.base[0] + EQUAL
    if not enough.any():
        return ()
    size = int(enough.any(axis=1).argmax())
    return tuple(sorted(subsets.members[place] for place in order[: size + 1, int(enough[size].argmax())]))


def _pruned(subsets: Subsets, chosen: Set) -> Set:
    """Put observations back as long as the leader still does not lead."""
    while len(chosen) > 1:
        fewer = [tuple(other for other in chosen if other != place) for place in chosen]
        subsets.prepare(fewer)
        best = min(fewer, key=subsets.lead)
        if not subsets.lead(best) < -EQUAL:
            break
        chosen = best
    return chosen
