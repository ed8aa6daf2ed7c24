"""Where on a sweep another explanation takes the lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.results import share_first

Floats = NDArray[np.float64]

#: A flip point is looked for until it moves by less than this share of the sweep, or so often.
TOLERANCE, STEPS = 1e-3, 40
# On a logarithmic sweep 0 and infinity stand this far outside the other points.
_BEYOND = 7.0
_LEAST = 1e-300
#: Explanations whose log-odds are closer than this are equals, and equals are no flip.
EQUAL = 1e-9


class Flips(NamedTuple):
    """Flip points of the cases.

    Parameters
    ----------
    at
        Where another explanation takes the lead, shape (C,); NaN where none does within the sweep.
    to
        Index of the explanation that does, shape (C,); -1 where none does.
    """

    at: Floats
    to: NDArray[np.int64]


def leaders(probability: Floats) -> NDArray[np.int64]:
    """Name the most probable explanation, over the last axis; the first of equals, whatever rounding makes of them."""
    return share_first(probability).argmax(axis=-1)


def margin(probability: Floats, leader: NDArray[np.int64]) -> Floats:
    """Take the log-odds of the leaders against whichever other explanation is the most probable.

    Parameters
    ----------
    probability
        Shape (..., C, K).
    leader
        Shape (C,).

    Returns
    -------
    ndarray, shape (..., C)
        Nats; below 0 where another one leads.
    """
    held = np.arange(probability.shape[-1]) == leader[:, None]
    first = np.where(held, probability, 0.0).sum(axis=-1)
    other = np.where(held, 0.0, probability).max(axis=-1)
    return np.asarray(np.log(np.maximum(first, _LEAST)) - np.log(np.maximum(other, _LEAST)))


def overtaken(probability: Floats, leader: NDArray[np.int64]) -> NDArray[np.int64]:
    """Name who leads in place of a leader, over the last axis; -1 where nobody does: equals overtake nobody."""
    return np.where(margin(probability, leader) < -EQUAL, leaders(probability), -1)


def first_flips(  # noqa: PLR0913 - a sweep, where it starts and how to look between its points
    x: Floats,
    probability: Floats,
    leader: NDArray[np.int64],
    at: Callable[[float], Floats] | None = None,
    *,
    start: int = 0,
    step: int = 1,
    log: bool = False,
) -> Flips:
    """Find where each case first changes its leader, going along a sweep from one of its points.

    A change and its reversal between two points of the sweep is not seen.

    Parameters
    ----------
    x
        Points of the sweep in order, rising or falling, shape (S,).
    probability
        P(Z_c = k) at each, shape (S, C, K).
    leader
        The leaders as fitted, shape (C,).
    at
        Gives P(Z_c = k), shape (C, K), at any point between two of the sweep. If None, flip points are interpolated
        between its points, the leader's log-odds taken to be straight there.
    start, step
        Index of the point to start from, and 1 or -1: which way to go.
    log
        Whether the sweep is one of orders of magnitude; it may then include 0 and infinity.

    Returns
    -------
    Flips
        The starting point itself where another explanation leads there.
    """
    path = np.arange(start, x.size if step > 0 else -1, step)
    sweep = _Sweep(_positions(x, log=log), x, at, log=log)
    for place in path:
        sweep.known[float(sweep.position[place])] = probability[place]
    margins = margin(probability, leader)
    cases = leader.size
    found, to = np.full(cases, np.nan), np.full(cases, -1, dtype=np.int64)
    for case in range(cases):
        flipped = np.flatnonzero(margins[path, case] < -EQUAL)
        if not flipped.size:
            continue
        after = int(flipped[0])
        if after == 0:
            found[case], to[case] = x[path[0]], probability[path[0], case].argmax()
        else:
            near, far = (float(sweep.position[path[place]]) for place in (after - 1, after))
            found[case], to[case] = sweep.crossing(near, far, case, int(leader[case]))
    return Flips(found, to)


def nearest_flips(  # noqa: PLR0913 - a sweep, where it starts and how to look between its points
    x: Floats,
    probability: Floats,
    start: int,
    at: Callable[[float], Floats] | None = None,
    *,
    leader: NDArray[np.int64] | None = None,
    log: bool = False,
) -> Flips:
    """Find the flip point nearest to the starting point of a sweep, on either side of it.

    Near is what takes few steps, a part of a step counting as such. The parameters are those of `first_flips`; the
    leaders are those at the starting point if none are named.
    """
    leader = leaders(probability[start]) if leader is None else leader
    sides = [first_flips(x, probability, leader, at, start=start, step=step, log=log) for step in (-1, 1)]
    position = _positions(x, log=log)
    order = np.argsort(position)
    places = np.arange(x.size, dtype=np.float64)[order]
    far = []
    for side in sides:
        where = np.interp([_position(value, x, log=log) for value in side.at], position[order], places)
        far.append(np.where(side.to < 0, np.inf, np.abs(where - start)))
    pick = (far[1] <= far[0]).astype(np.int64)
    cases = np.arange(leader.size)
    return Flips(np.stack([side.at for side in sides])[pick, cases], np.stack([side.to for side in sides])[pick, cases])


def named(to: NDArray[np.int64], hypotheses: NDArray[np.str_]) -> NDArray[np.str_]:
    """Give the names of explanations, empty for -1."""
    return np.asarray(np.append(np.asarray(hypotheses, dtype=np.str_), "")[to])


def _positions(x: Floats, *, log: bool) -> Floats:
    return np.array([_position(float(value), x, log=log) for value in x])


def _position(value: float, x: Floats, *, log: bool) -> float:
    """Place a value of a sweep on a line on which to interpolate."""
    if not log or np.isnan(value):
        return value
    inside = np.log(x[(x > 0.0) & np.isfinite(x)])
    if value <= 0.0:
        return float(inside.min() - _BEYOND)
    return float(inside.max() + _BEYOND) if np.isinf(value) else float(np.log(value))


class _Sweep:
    """A sweep with what is known between its points; cases share what was worked out."""

    def __init__(self, position: Floats, x: Floats, at: Callable[[float], Floats] | None, *, log: bool) -> None:
        self.position = position
        self.known: dict[float, Floats] = {}
        self._x, self._at, self._log = x, at, log
        self._span = float(np.ptp(position)) if position.size else 0.0

    def crossing(self, near: float, far: float, case: int, leader: int) -> tuple[float, int]:
        """Find where, between a position where the leader leads and one where it does not, it stops to.

        By false position, safeguarded after Illinois (Dowell and Jarratt 1971), in the leader's log-odds.
        """
        if self._at is not None:
            for spot in sorted(self.known, key=lambda spot: abs(spot - near)):
                if min(near, far) < spot < max(near, far):
                    near, far = (near, spot) if self._lead(spot, case, leader) < -EQUAL else (spot, far)
        low, high = self._lead(near, case, leader), self._lead(far, case, leader)
        guess, side = near, 0
        for _ in range(STEPS):
            last, guess = guess, near + (far - near) * low / (low - high)
            if self._at is None or abs(guess - last) <= TOLERANCE * self._span:
                break
            if guess not in self.known:
                self.known[guess] = self._at(self._value(guess))
            lead = self._lead(guess, case, leader)
            if lead < -EQUAL:
                far, high = guess, lead
                low *= 0.5 if side < 0 else 1.0
                side = -1
            else:
                near, low = guess, lead
                high *= 0.5 if side > 0 else 1.0
                side = 1
        return self._value(guess), int(self.known[far][case].argmax())

    def _lead(self, spot: float, case: int, leader: int) -> float:
        return float(margin(self.known[spot][None, case], np.array([leader]))[0])

    def _value(self, spot: float) -> float:
        return float(np.exp(spot)) if self._log else spot
