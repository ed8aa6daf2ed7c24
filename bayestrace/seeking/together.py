"""One candidate sought in all its cases: the outcomes enumerated, the probabilities shared by the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bayestrace.seeking.belief import Belief, information, overturned
from bayestrace.seeking.chances import expectations
from bayestrace.seeking.prospects import Prospect
from bayestrace.seeking.single import Single

Floats = NDArray[np.float64]

#: Outcomes times joint explanations that are gone through, at most, and cases: nine with two explanations, six with
#: three or four, five with six.
ENUMERATED, CASES = 2**18, 9


@dataclass(frozen=True)
class Together:
    """What a candidate is expected to tell that is sought in several cases at once.

    Parameters
    ----------
    cases
        In which; fewer than all where these are too many to enumerate: those where it tells most by itself.
    whole
        Whether these are all its cases.
    information
        Expected information of all outcomes about the explanations of all cases, nats.
    apart
        Sum of what the searches tell one by one.
    cost
        Of all the searches.
    overturn
        Probability that another explanation then leads in any case that was worked out.
    overturn_of
        The same of each case of the study, shape (C,); NaN where it was not worked out.
    gain_of
        E max_k P(Z_c = k | outcomes) - max_k P(Z_c = k), shape (C,).
    times_found
        P(found in exactly n of the cases), shape (n + 1,).
    """

    cases: tuple[int, ...]
    whole: bool
    information: float
    apart: float
    cost: float
    overturn: float
    overturn_of: Floats
    gain_of: Floats
    times_found: Floats


def most_cases(hypotheses: int) -> int:
    """Say in how many cases at most outcomes are enumerated."""
    return max(n for n in range(1, CASES + 1) if n == 1 or (2 * hypotheses) ** n <= ENUMERATED)


def together(
    belief: Belief, prospects: Sequence[Prospect], alone: Sequence[Single], *, elsewhere: bool = True
) -> Together:
    """Work out what a candidate tells where it is sought in all its cases.

    Parameters
    ----------
    belief
        Before anything more is sought.
    prospects, alone
        Its searches, one a case, and what each tells by itself.
    elsewhere
        Whether to work out the cases in which it is not sought too; NaN where not.
    """
    size = belief.margin.shape[1]
    order = sorted(range(len(prospects)), key=lambda place: (-alone[place].information, prospects[place].case))
    kept = sorted(order[: most_cases(size)], key=lambda place: prospects[place].case)
    chosen = [prospects[place] for place in kept]
    cases = tuple(prospect.case for prospect in chosen)
    likely = outcomes_given(chosen, size)
    joint = likely * belief.among(cases)
    chance = joint.sum(axis=1)
    overturn_of, gain_of = (np.full(belief.leader.size, np.nan) for _ in range(2))
    any_changed = np.zeros(chance.size, dtype=bool)
    # One axis for the explanation of each of the cases.
    apart = joint.reshape(-1, *(size,) * len(cases))
    others = [case for case in range(belief.leader.size) if elsewhere and case not in cases]
    along = [apart.sum(axis=tuple(1 + axis for axis in range(len(cases)) if axis != own)) for own in range(len(cases))]
    for case, of_case in zip([*cases, *others], [*along, *(likely @ belief.among_and(cases, others))], strict=True):
        changed = overturned(of_case, belief.leader[case])
        any_changed |= changed
        overturn_of[case] = chance @ changed
        gain_of[case] = max(float(of_case.max(axis=1).sum() - belief.margin[case].max()), 0.0)
    return Together(
        cases=cases,
        whole=len(kept) == len(prospects),
        information=float(information(joint)),
        apart=sum(alone[place].information for place in kept),
        cost=sum(prospect.cost for prospect in chosen),
        overturn=float(chance @ any_changed),
        overturn_of=overturn_of,
        gain_of=gain_of,
        times_found=np.bincount(_found(len(cases)).sum(axis=1), weights=chance, minlength=len(cases) + 1),
    )


def outcomes_given(prospects: Sequence[Prospect], size: int) -> Floats:
    """Give P(outcomes | explanations), shape (2 ** n, K ** n), the last case changing fastest in both.

    Parameters
    ----------
    prospects
        n searches for one candidate; those with one cell share P(found | explanation).
    size
        Number of explanations K.

    Notes
    -----
    Outcomes are independent given Z and the probabilities. Where the latter are uncertain, cases with one explanation
    share one: of a searches that found and b that did not, E[(s phi)^a (1 - s phi)^b] (see `expectations`).
    """
    n = len(prospects)
    found = _found(n)
    z = np.indices((size,) * n).reshape(n, -1)
    likely = np.ones((found.shape[0], z.shape[1]))
    for cell in dict.fromkeys(prospect.cell for prospect in prospects):
        here = np.array([prospect.cell == cell for prospect in prospects])
        first = prospects[int(here.argmax())]
        for k, chance in enumerate(first.chances):
            holds = ((z == k) & here[:, None]).astype(np.int64)
            hits = found @ holds
            likely *= expectations(chance, first.search, n)[hits, holds.sum(axis=0) - hits]
    return likely


def _found(n: int) -> NDArray[np.int64]:
    """List the outcomes, shape (2 ** n, n): 1 found, 0 not."""
    return 1 - np.indices((2,) * n).reshape(n, -1).T
