"""The triangle of priors: who leads under each way of sharing prior probability among three explanations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import BOLD, Canvas, Caption, Svg, number, wrap

WIDTH = 350.0
_SIDE, _LEFT = 270.0, 40.0
_HEIGHT = _SIDE * math.sqrt(3.0) / 2.0
Shares = tuple[float, float, float]


@dataclass(frozen=True)
class Region:
    """The places where one explanation leads: its sign, the class that carries its colour, and the shares there."""

    sign: str
    kind: str
    shares: tuple[Shares, ...]


@dataclass(frozen=True)
class Corners:
    """A heading, and what stands at the corners: lower left, lower right, top."""

    title: str
    names: tuple[str, str, str]


def ternary(  # noqa: PLR0913, PLR0917 - what is drawn, where, in which words
    caption: Caption,
    regions: Sequence[Region],
    corners: Corners,
    base: Shares | None,
    steps: int,
    class_: str = "case-fig",
) -> Svg:
    """Draw a lattice of dots in a triangle, each in the colour of who leads there, and a sign for each region.

    Parameters
    ----------
    caption
        Text alternative.
    regions
        Shares of the three corners, which add up to 1.
    corners
        What is written around the triangle.
    base
        The shares of the prior as it is.
    steps
        How many steps the lattice has from corner to corner.
    class_
        Class of the figure.

    Returns
    -------
    Svg
    """
    heading = wrap(corners.title, WIDTH, 14 * BOLD, 2) if corners.title else []
    names = [wrap(name, 150, 12, 2) for name in corners.names]
    top = 12.0 + 17.0 * len(heading) + 15.0 * len(names[2])
    canvas = Canvas(WIDTH, top + _HEIGHT + 24 + 15 * max(len(names[0]), len(names[1])))
    for place, line in enumerate(heading):
        canvas.text((0, 14 + place * 17), line, 14, class_="head")

    def spot(shares: Shares) -> tuple[float, float]:
        return _LEFT + _SIDE * (shares[1] + shares[2] / 2.0), top + _HEIGHT * (1.0 - shares[2])

    size = _SIDE / max(steps, 1)
    for region in regions:
        # A dash of no length with round ends is a dot: a line draws a row of them, a step apart.
        rows = "".join(
            f"M{number(x)} {number(y)}h{number((count - 1) * size + 0.5 * min(size, 1.0))}"
            for (x, y), count in _rows([spot(shares) for shares in region.shares], size)
        )
        dashes = f"0 {size:.3f}"
        canvas.put("path", d=rows, class_=f"dots {region.kind}", stroke_width=size * 0.94, stroke_dasharray=dashes)
    low, right, high = (spot(shares) for shares in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
    outline = "L".join(f"{number(x)} {number(y)}" for x, y in (low, right, high))
    canvas.put("path", d=f"M{outline}z", class_="edge")
    for region in regions:
        x, y = spot(_middle(region.shares))
        canvas.text((x, y + 5), region.sign, 15, class_="strong on", anchor="middle")
    if base is not None:
        x, y = spot(base)
        canvas.put("path", d=f"M{number(x - 6)} {number(y)}h12M{number(x)} {number(y - 6)}v12", class_="here")
    below = top + _HEIGHT + 20
    for place, line in enumerate(names[0]):
        canvas.text((0, below + place * 15), line)
    for place, line in enumerate(names[1]):
        canvas.text((WIDTH, below + place * 15), line, anchor="end")
    for place, line in enumerate(reversed(names[2])):
        canvas.text((high[0], top - 8 - place * 15), line, anchor="middle")
    return canvas.svg(caption, class_)


def _middle(shares: tuple[Shares, ...]) -> Shares:
    """Return the place of a region nearest to its centre of mass: a sign stands where its region is."""
    centre = tuple(sum(one[corner] for one in shares) / len(shares) for corner in range(3))
    return min(shares, key=lambda one: sum((a - b) ** 2 for a, b in zip(one, centre, strict=True)))


def _rows(spots: Sequence[tuple[float, float]], size: float) -> list[tuple[tuple[float, float], int]]:
    """Join neighbours in a row, a step apart: where a row begins and how many stand in it."""
    found: list[tuple[tuple[float, float], int]] = []
    for x, y in sorted(spots, key=lambda place: (round(place[1], 3), place[0])):
        if found:
            (start, height), count = found[-1]
            if abs(height - y) < 0.25 * size and abs(start + count * size - x) < 0.25 * size:
                found[-1] = ((start, height), count + 1)
                continue
        found.append(((x, y), 1))
    return found
