"""A map of two changes at once: which explanation leads at each combination."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import BOLD, Canvas, Caption, Svg, number, wrap

WIDTH = 350.0
_LEFT, _FOOT, _PAD = 44.0, 40.0, 8.0


@dataclass(frozen=True)
class Cell:
    """Who leads there: the sign written into the cell, one letter, and the class that carries its colour."""

    sign: str
    kind: str


@dataclass(frozen=True)
class Words:
    """A heading, what each axis measures, and what is written at its values."""

    title: str
    across: str
    up: str
    columns: tuple[str, ...]
    rows: tuple[str, ...]


def heatmap(
    caption: Caption,
    cells: Sequence[Sequence[Cell]],
    words: Words,
    base: tuple[int, int] | None,
    class_: str = "case-fig",
) -> Svg:
    """Draw a grid of cells.

    Parameters
    ----------
    caption
        Text alternative.
    cells
        Rows from the bottom up, each from left to right.
    words
        What is written around them; empty strings are left out.
    base
        Row and column of the result as it is, which gets an outline; None where it is not on the grid.
    class_
        Class of the figure.

    Returns
    -------
    Svg
    """
    heading = wrap(words.title, WIDTH, 14 * BOLD, 2) if words.title else []
    top = 8.0 + 17.0 * len(heading) + 18.0
    columns, rows = len(cells[0]), len(cells)
    width = (WIDTH - _LEFT - _PAD) / columns
    height = min(width, 24.0)
    bottom = top + rows * height
    canvas = Canvas(WIDTH, bottom + _FOOT)
    for place, line in enumerate(heading):
        canvas.text((0, 14 + place * 17), line, 14, class_="head")
    canvas.text((0, top - 7), words.up, 11, class_="soft")
    for cell, runs in _runs(cells, base).items():
        path = "".join(
            f"M{number(_LEFT + first * width)} {number(bottom - (row + 1) * height)}h{number(count * width)}"
            f"v{number(height)}h-{number(count * width)}z"
            for row, first, count in runs
        )
        canvas.put("path", d=path, class_=f"tile {cell.kind}")
        # One element writes a sign into the middle of every run: a place for each letter.
        x = " ".join(number(_LEFT + (first + count / 2) * width) for _, first, count in runs)
        y = " ".join(number(bottom - (row + 0.5) * height + 4) for row, _, _ in runs)
        canvas.put("text", cell.sign * len(runs), x=x, y=y, font_size=11, text_anchor="middle")
    if base is not None:
        left, top_of = _LEFT + base[1] * width, bottom - (base[0] + 1) * height
        canvas.put("rect", x=left, y=top_of, width=width, height=height, class_="here")
    under = [((_LEFT + (column + 0.5) * width, bottom + 15), said) for column, said in enumerate(words.columns) if said]
    canvas.labels([*under, ((_LEFT + columns * width / 2, bottom + 32), words.across)], "middle")
    beside = [((_LEFT - 5, bottom - (row + 0.5) * height + 4), said) for row, said in enumerate(words.rows) if said]
    canvas.labels(beside, "end")
    return canvas.svg(caption, class_)


def _runs(cells: Sequence[Sequence[Cell]], base: tuple[int, int] | None) -> dict[Cell, list[tuple[int, int, int]]]:
    """Join neighbours in a row that are alike: row, first column and number of columns, by what they are.

    The cell that gets the outline stands by itself: no letter is to lie under a line.
    """
    found: dict[Cell, list[tuple[int, int, int]]] = {}
    for row, line in enumerate(cells):
        first = 0
        for column in range(1, len(line) + 1):
            edge = base is not None and (row, column) in {base, (base[0], base[1] + 1)}
            if edge or column == len(line) or line[column] != line[first]:
                found.setdefault(line[first], []).append((row, first, column - first))
                first = column
    return found
