"""Two searches together: what both tell, beside what each tells by itself."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayestrace.seeking.belief import Belief, information, overturned
from bayestrace.seeking.prospects import Prospect, covariance
from bayestrace.seeking.single import Single
from bayestrace.study.sought import Dependence

Floats = NDArray[np.float64]

#: Searches of which all pairs are formed; of more, those that tell most for their cost.
PAIRED = 120
# found, not found: the sign that covariance has in a probability of two outcomes.
_SIGN = np.array([1.0, -1.0])


@dataclass(frozen=True)
class Pair:
    """Two searches.

    Parameters
    ----------
    first, second
        Places among the prospects; the first tells more for its cost by itself.
    information
        Expected information of both outcomes about the explanations of all cases, nats.
    apart
        Sum of what each tells by itself; above `information` the two are in part redundant, below complementary.
    cost
        Of both.
    overturn
        Probability that another explanation then leads in either of their cases.
    """

    first: int
    second: int
    information: float
    apart: float
    cost: float
    overturn: float

    @property
    def per_cost(self) -> float:
        """Expected information for one unit of cost."""
        return self.information / self.cost


def pairs(
    belief: Belief,
    prospects: Sequence[Prospect],
    alone: Sequence[Single],
    dependence: Sequence[Dependence],
    hypotheses: Sequence[str],
) -> list[Pair]:
    """Work out all pairs of searches, best for their cost first.

    Parameters
    ----------
    belief
        Before anything more is sought.
    prospects, alone
        The searches, and what each tells by itself.
    dependence
        Clues that depend on each other given the explanation.
    hypotheses
        Names along the last axis of the belief.
    """

    def telling(place: int) -> tuple[float, str, int]:
        return -alone[place].information / prospects[place].cost, prospects[place].candidate, prospects[place].case

    order = sorted(range(len(prospects)), key=telling)[:PAIRED]
    beside = {case: belief.beside(case) for case in {prospects[place].case for place in order}}
    made = []
    for one, other in itertools.combinations(order, 2):
        first, second = prospects[one], prospects[other]
        bound = covariance(first, second, dependence, hypotheses)
        joint = both(first, second, bound, beside[first.case][:, second.case])
        made.append(
            Pair(
                first=one,
                second=other,
                # Of Z it is the two cases' explanations alone that the outcomes depend on.
                information=float(information(joint.reshape(4, -1))),
                apart=alone[one].information + alone[other].information,
                cost=first.cost + second.cost,
                overturn=_overturn(belief, first.case, second.case, joint),
            )
        )
    return sorted(made, key=lambda pair: -pair.per_cost)


def both(first: Prospect, second: Prospect, bound: Floats, explanations: Floats) -> Floats:
    """Give P(outcome of the first, of the second, k, j), shape (2, 2, K, K).

    Parameters
    ----------
    first, second
        Two searches.
    bound
        Covariance of their being found where one explanation holds in both cases, shape (K,).
    explanations
        P(Z = k in the case of the first, j in that of the second), shape (K, K).
    """
    likely = first.outcomes[:, None, :, None] * second.outcomes[None, :, None, :]
    likely = likely + (_SIGN[:, None] * _SIGN)[:, :, None, None] * np.diag(bound)
    # A correlation stated at the edge of what is possible leaves rounding below nothing.
    return np.asarray(np.maximum(likely, 0.0) * explanations)


def _overturn(belief: Belief, one: int, other: int, joint: Floats) -> float:
    flat = joint.reshape(4, *joint.shape[2:])
    changed = overturned(flat.sum(axis=2), belief.leader[one]) | overturned(flat.sum(axis=1), belief.leader[other])
    return float(flat.sum(axis=(1, 2)) @ changed)
