"""A sweep: what becomes of a probability, or of a lead, while one thing is moved from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import BOLD, Canvas, Caption, Datum, Place, Scale, Svg, path, text_width, wrap

WIDTH, HEIGHT = 350.0, 210.0
_LEFT, _RIGHT, _FOOT, _LINE = 38.0, 22.0, 40.0, 17.0
#: Least distance between the signs at the ends of two lines.
_APART = 12.0


@dataclass(frozen=True)
class Span:
    """One axis: its ends, what is written where, and what it measures."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    says: str


@dataclass(frozen=True)
class Line:
    """One line: the sign at its end, the class that carries colour and dash, what it is, and its points."""

    sign: str
    kind: str
    says: str
    points: tuple[tuple[float, float], ...]
    strong: bool = False


@dataclass(frozen=True)
class Spot:
    """A place on a line that matters: where on the two axes, of which kind, and its number in words."""

    place: tuple[float, float]
    kind: str
    says: str
    datum: Datum


@dataclass(frozen=True)
class Frame:
    """The axes, a heading, a level to compare with, and where the result as fitted stands."""

    across: Span
    up: Span
    title: str = ""
    level: float | None = None
    base: float | None = None
    base_says: str = ""


def sweep(
    caption: Caption, lines: Sequence[Line], spots: Sequence[Spot], frame: Frame, class_: str = "case-fig"
) -> Svg:
    """Draw lines over one swept quantity.

    Parameters
    ----------
    caption
        Text alternative.
    lines
        Each from left to right; values beyond the axes are drawn at their ends.
    spots
        Where the leader changes.
    frame
        Axes and what is written around them.
    class_
        Class of the figure.

    Returns
    -------
    Svg
    """
    heading = wrap(frame.title, WIDTH, 14 * BOLD, 2) if frame.title else []
    top = 8.0 + _LINE * len(heading)
    canvas = Canvas(WIDTH, top + HEIGHT)
    bottom = top + HEIGHT - _FOOT
    x = Scale(frame.across.low, frame.across.high, _LEFT, WIDTH - _RIGHT)
    y = Scale(frame.up.low, frame.up.high, bottom, top + 24)
    for place, words in enumerate(heading):
        canvas.text((0, 14 + place * _LINE), words, 14, class_="head")
    _axes(canvas, frame, x, y)
    for line in lines:
        along = path([(x(one), y(other)) for one, other in line.points])
        canvas.put("path", None, line.says, d=along, class_=f"curve {line.kind}{' strong' if line.strong else ''}")
    _signs(canvas, lines, y, WIDTH - _RIGHT + 6)
    for spot in spots:
        canvas.mark(("ring", spot.kind), (x(spot.place[0]), y(spot.place[1])), spot.says, spot.datum.attributes())
    return canvas.svg(caption, class_)


def _axes(canvas: Canvas, frame: Frame, x: Scale, y: Scale) -> None:
    bottom, top = y.start, y.end
    canvas.text((0, top - 13), frame.up.says, 11, class_="soft")
    levels = [((x.start, y(value)), (x.end, y(value))) for value, _ in frame.up.ticks]
    marks = [((x(value), bottom), (x(value), bottom + 4)) for value, _ in frame.across.ticks]
    canvas.strokes([*levels, *marks], "grid")
    canvas.labels([((x.start - 5, y(value) + 4), said) for value, said in frame.up.ticks], "end")
    under: list[tuple[Place, str]] = []
    for value, said in frame.across.ticks:
        half = text_width(said, 11) / 2
        under.append(((min(max(x(value), half), canvas.width - half), bottom + 16), said))
    canvas.labels([*under, (((x.start + x.end) / 2, bottom + 33), frame.across.says)], "middle")
    if frame.level is not None:
        canvas.line((x.start, y(frame.level)), (x.end, y(frame.level)), "reference")
    if frame.base is not None:
        canvas.line((x(frame.base), top), (x(frame.base), bottom), "reference", frame.base_says)


def _signs(canvas: Canvas, lines: Sequence[Line], y: Scale, left: float) -> None:
    """Write each line's sign at its end, moved apart where ends lie close."""
    order = sorted(lines, key=lambda line: line.points[-1][1])
    places: list[float] = []
    for line in order:
        wanted = y(line.points[-1][1]) + 4
        places.append(min(wanted, places[-1] - _APART) if places else wanted)
    over = (y.end - 2) - places[-1] if places else 0.0
    if over > 0:  # the topmost was pushed above the frame: all that stand tight below it give way
        for place in range(len(places) - 1, -1, -1):
            above = places[place + 1] + _APART if place + 1 < len(places) else y.end - 2
            places[place] = max(places[place], above)
    for line, height in zip(order, places, strict=True):
        canvas.text((left, height), line.sign, 11, class_=f"sign {line.kind}")
