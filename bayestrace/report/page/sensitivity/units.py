"""In what each thing that is moved is told: its number in sentences and tables, its place and ticks on an axis."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bayestrace.report import figures, wording
from bayestrace.report.content.sensitivity.parts import Sweep
from bayestrace.report.content.values import Number
from bayestrace.report.figures import Span
from bayestrace.report.page.html import Html, Speaker, data

#: What is told as it is, and not as a share of 100.
_PLAIN = frozenset({"kappa"})
_DECIBELS = frozenset({"leaning"})
_RATIO = frozenset({"scale"})
#: What is swept in orders of magnitude.
_LOGARITHMIC = frozenset({"kappa", "scale"})
_KAPPA_TICKS = (0.01, 0.1, 1.0, 10.0, 100.0)
_SCALE_TICKS = (0.5, 0.7, 1.0, 1.4, 2.0)
_MOST = 5


def told(kind: str, number: Number, speaker: Speaker) -> Html:
    """Write what was moved, where it stands in a sentence: a share as a percentage, others with their digits."""
    value = number.value
    if math.isinf(value):
        return data(number, speaker.word("sens-infinite"))
    if kind in _PLAIN:
        return data(number, wording.plain(float(f"{value:.2g}")))
    if kind in _DECIBELS:
        return data(number, wording.magnitude(value))
    if kind in _RATIO:
        return data(number, wording.ratio(value))
    return speaker.pct(number) if kind == "prior" else speaker.share(number)


def listed(kind: str, number: Number, speaker: Speaker) -> Html:
    """Write what was moved, where it heads the row of a table: a share as a fraction, so that 0 and 1 can be said."""
    if kind in _PLAIN | _DECIBELS or math.isinf(number.value):
        return told(kind, number, speaker)
    return data(number, wording.ratio(number.value))


def place(kind: str, value: float, sweep: Sweep) -> float:
    """Place a value on the axis; 0 and infinity of a logarithmic one stand a step outside the others."""
    if kind not in _LOGARITHMIC:
        return value
    inside = [math.log10(one.value) for one in sweep.x if 0.0 < one.value < math.inf]
    if value <= 0.0:
        return min(inside, default=0.0) - 1.0
    return max(inside, default=0.0) + 1.0 if math.isinf(value) else math.log10(value)


def across(sweep: Sweep, speaker: Speaker) -> Span:
    """Lay the axis of a sweep out."""
    kind = sweep.kind
    places = [place(kind, one.value, sweep) for one in sweep.x]
    low, high = min(places), max(places)
    if low == high:
        low, high = low - 0.5, high + 0.5
    says = speaker.word(f"sens-axis-{kind}")
    if kind in _LOGARITHMIC:
        marks = _KAPPA_TICKS if kind == "kappa" else _SCALE_TICKS
        inside = [(place(kind, mark, sweep), f"{mark:g}") for mark in marks]
        if any(one.value == 0.0 for one in sweep.x):
            inside.append((place(kind, 0.0, sweep), "0"))
        if any(math.isinf(one.value) for one in sweep.x):
            inside.append((place(kind, math.inf, sweep), speaker.word("sens-infinite")))
        return Span(low, high, tuple(one for one in inside if low <= one[0] <= high), says)
    factor = 1.0 if kind in _PLAIN | _DECIBELS else 100.0
    return Span(low, high, tuple((one, f"{one * factor:g}") for one in figures.ticks(low, high, _MOST)), says)


def spaced(count: int, most: int) -> list[int]:
    """Choose at most so many of the positions 0..count - 1, evenly spaced, both ends among them."""
    if count <= most:
        return list(range(count))
    return sorted({round(step * (count - 1) / (most - 1)) for step in range(most)})


def axis_tick(kind: str, number: Number) -> str:
    """Write a value beside a map."""
    if kind in _DECIBELS:
        return f"{number.value:.0f}" if number.value >= 1.0 else f"{number.value:.1f}"
    if kind in _PLAIN | _RATIO:
        return f"{number.value:.2g}"
    return f"{100.0 * number.value:.0f}"


def letter(hypothesis: int) -> str:
    """Return the letter that stands for an explanation in the figures."""
    return chr(ord("A") + hypothesis)


def kind_of(place_: int) -> str:
    """Return the class that carries the colour and the dash of a line."""
    return f"h{place_ % 8}"


def nearest(values: Sequence[Number], wanted: Number | None) -> int | None:
    """Find the position of the value nearest to one; None where there is none to be near to."""
    if wanted is None or not values:
        return None
    return min(range(len(values)), key=lambda spot: abs(values[spot].value - wanted.value))
