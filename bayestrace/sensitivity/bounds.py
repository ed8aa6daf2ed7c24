"""Every stated weight at the unfavourable end of its range at once, or part of the way there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import UsageFault
from bayestrace.sensitivity.abreast import abreast
from bayestrace.sensitivity.allowances import shifted, with_weights
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.flips import Flips, first_flips, leaders, named
from bayestrace.sensitivity.matching import MOVES, Path
from bayestrace.weights import RANGE_WIDTH

Floats = NDArray[np.float64]

#: Fractions of the way, 0 among them.
POINTS = 5
#: Stands for every rival at once, and for all coders.
EVERY = "*"
#: Draws on which one coder's weights are moved alone, and how often these are moved in turn: such a panel disagrees as
#: none did before, so that draws have far to go; moved three times they were left with a Pareto k of 1 to 8.
ALONE_DRAWS, ALONE_MOVES = 300, 10

Tell = Callable[[int, int], None]


def unfavourable(problem: xr.Dataset, leader: NDArray[np.int64], against: int | None) -> Floats:
    """Say by how much weights move that go to the end of their 90 % ranges which is the worst for the leaders.

    A weight between two explanations is the difference of two coordinates, so the end of its range is 1.645 times the
    square root of 2 s away, s the standard deviation per contrast that the ranges imply. Of the moves that bring a
    weight of the leader over one rival there, the one taken is the smallest: leader and rival go half of the way each,
    and what is said of the others among themselves stays. Against every rival at once the leader goes all the way.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    leader
        Index of the leading explanation of each case, shape (C,).
    against
        Index of the rival; in cases that this one leads nothing moves. Every rival if None.

    Returns
    -------
    ndarray, shape (J, E, D)
        Nats; 0 for a coder who stated no range.
    """
    contrasts = problem["helmert"].values.T
    direction = -contrasts[leader] if against is None else 0.5 * (contrasts[against] - contrasts[leader])
    distance = 0.5 * RANGE_WIDTH * np.sqrt(2.0 * problem["stated_variance"].values)
    return np.asarray(distance[..., None] * direction[problem["case_of_evidence"].values])


def analyse(stored: Stored, *, points: int = POINTS, each: bool = False, tell: Tell | None = None) -> xr.Dataset:
    """Move all stated weights together to the unfavourable ends of their ranges, and one coder's alone.

    Parameters
    ----------
    stored
        Draws.
    points
        Fractions of the way that are evaluated, at least 2.
    each
        Whether one coder's weights are also moved against each rival, and not against every rival at once only.
    tell
        Told after each panel and rival, with the number done and the number in all.

    Returns
    -------
    Dataset
        Over `panel` (all coders, "*", and each one alone where there are several), `against` (every rival, "*", and
        each explanation as the rival), `setting`, `case` and `hypothesis`: `fraction` (setting), `probability`,
        `pareto_k`, `ess`; `flip_at`, `flip_to` and `flip_k` (panel, against, case), the fraction of the way at which
        another explanation takes the lead, which, and Pareto k there. The weights of all cases move at once. NaN where
        the rival leads the case itself, and where it was not asked. `leader` (case).

    Raises
    ------
    UsageFault
        No coder stated a range.
    """
    problem = stored.problem
    if not problem["stated_variance"].values[:, problem["weighs"].values].any():
        raise UsageFault("no-ranges")
    names = problem["hypothesis"].values
    coders = [str(name) for name in problem["coder"].values] if problem.sizes["coder"] > 1 else []
    leader = leaders(answer(stored).probability)
    fraction = np.linspace(0.0, 1.0, points)
    panels = [None, *range(len(coders))]
    rivals = [None, *range(names.size)]
    asked = {(panel, against) for panel in panels for against in rivals if each or panel is None or against is None}
    few = stored.thinned(ALONE_DRAWS)
    nothing = _along(few, None, fraction, leader)

    def found(one: tuple[int | None, int | None]) -> xr.Dataset:
        panel, against = one
        moves = unfavourable(problem, leader, against)
        if panel is not None:
            moves = np.where(np.arange(moves.shape[0])[:, None, None] == panel, moves, 0.0)
        along = _along(stored if panel is None else few, moves, fraction, leader)
        return along if against is None else _but_for(along, leader == against)

    # All coders at once are followed on all draws, and take longest.
    pieces = sorted(asked, key=lambda one: (one[0] is not None, str(one)))
    answers = dict(zip(pieces, abreast(found, pieces, tell), strict=True))
    rows = [[answers.get((panel, against), nothing) for against in rivals] for panel in panels]
    whole = xr.concat([xr.concat(row, "against") for row in rows], "panel")
    labels = {"panel": [EVERY, *coders], "against": [EVERY, *names], "case": problem["case"].values}
    whole["flip_to"] = whole["flip_at"].dims, named(whole["flip_to"].values, names)
    whole["fraction"], whole["leader"] = ("setting", fraction), ("case", named(leader, names))
    return whole.assign_coords({**labels, "hypothesis": names}).assign_attrs(
        unit="share of the way to the end of the stated range", pooling="pooled" if stored.pooled else "unpooled"
    )


def _but_for(found: xr.Dataset, own: NDArray[np.bool_]) -> xr.Dataset:
    """Leave out cases that the rival leads itself."""
    others = ~xr.DataArray(own, dims="case")
    values = {name: found[name].where(others) for name in ("probability", "flip_at", "flip_k")}
    return found.assign(values).assign(flip_to=found["flip_to"].where(others, -1))


def _along(stored: Stored, moves: Floats | None, fraction: Floats, leader: NDArray[np.int64]) -> xr.Dataset:
    """Follow weights on their way, and find where each case has another leader; NaN throughout without a way."""
    cases, hypotheses = stored.loglik.shape[1:]
    probability = np.full((fraction.size, cases, hypotheses), np.nan)
    pareto_k, ess = np.full((2, fraction.size), np.nan)
    flips, flip_k = Flips(np.full(cases, np.nan), np.full(cases, -1, dtype=np.int64)), np.full(cases, np.nan)
    if moves is not None:
        path = Path(stored, lambda draws, x: with_weights(draws, shifted(stored.problem, x * moves)))
        times = ALONE_MOVES if stored.log_evidence.size <= ALONE_DRAWS else MOVES
        found = [path.at(float(x), times) for x in fraction]
        probability, pareto_k, ess = (
            np.stack([getattr(answered, name) for answered in found]) for name in ("probability", "pareto_k", "ess")
        )
        flips = first_flips(fraction, probability, leader, lambda x: path.at(x, times).probability)
        flip_k = path.k_near(flips.at)
    return xr.Dataset(
        {
            "probability": (("setting", "case", "hypothesis"), probability),
            "pareto_k": ("setting", pareto_k),
            "ess": ("setting", ess),
            "flip_at": ("case", flips.at),
            "flip_to": ("case", flips.to),
            "flip_k": ("case", flip_k),
        }
    )
