"""Panels of rows with intervals and marks on one axis: probabilities, leanings, before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import (
    BOLD,
    FONT,
    Canvas,
    Caption,
    Datum,
    Scale,
    Svg,
    precise,
    text_width,
    ticks,
    wrap,
)

LABEL, VALUE, GAP, PAD = 120.0, 52.0, 28.0, 6.0
# From the axis to the numbers beside it.
_BESIDE = 12.0
HEAD, FOOT, LINE = 30.0, 24.0, 14.4


@dataclass(frozen=True)
class Mark:
    """One mark: `shape` and `kind` (a class that carries its colour), what it says, and its number."""

    shape: str
    kind: str
    says: str
    datum: Datum


@dataclass(frozen=True)
class Row:
    """A labelled row. The first mark stands on the line with its intervals, the others a little below it.

    A row without marks says by its label why there is nothing.
    """

    label: str
    marks: tuple[Mark, ...]
    wide: tuple[Datum, Datum] | None = None
    narrow: tuple[Datum, Datum] | None = None
    strong: bool = False
    linked: bool = False


@dataclass(frozen=True)
class Panel:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Axis:
    """The common axis: its ends, the unit written after its first and last tick, a line where nothing is said."""

    low: float
    high: float
    unit: str
    factor: float = 1.0
    reference: float | None = None
    reference_says: str = ""


@dataclass(frozen=True)
class Layout:
    """How many panels stand side by side, how wide one is in user units, and the class of the figure."""

    columns: int
    width: float
    class_: str


def forest(caption: Caption, panels: Sequence[Panel], axis: Axis, layout: Layout) -> Svg:
    """Draw panels of rows on one axis."""
    columns, width = layout.columns, layout.width
    heights = [_height(panel, width) for panel in panels]
    rows = [heights[start : start + columns] for start in range(0, len(heights), columns)]
    tops = [sum(max(row) for row in rows[:place]) for place in range(len(rows) + 1)]
    canvas = Canvas(columns * width + (columns - 1) * GAP, tops[-1])
    value = max([VALUE, *(_BESIDE + _value_width(row) + PAD for panel in panels for row in panel.rows)])
    for place, panel in enumerate(panels):
        corner = ((place % columns) * (width + GAP), tops[place // columns])
        _panel(canvas, panel, axis, corner, (width, value))
    return canvas.svg(caption, layout.class_)


def _value_width(row: Row) -> float:
    """Measure the number that is written beside a row."""
    return text_width(row.marks[0].datum.shown, FONT * BOLD if row.strong else FONT) if row.marks else 0.0


def _label(row: Row) -> list[str]:
    return wrap(row.label, LABEL - 10, 12 * BOLD if row.strong else 12, 5)


def _row_height(row: Row) -> float:
    return max(34.0, len(_label(row)) * LINE + 8)


def _height(panel: Panel, width: float) -> float:
    head = HEAD + LINE * (len(wrap(panel.title, width, 14 * BOLD)) - 1) if panel.title else PAD
    return head + sum(map(_row_height, panel.rows)) + FOOT + 14


def _panel(canvas: Canvas, panel: Panel, axis: Axis, corner: tuple[float, float], widths: tuple[float, float]) -> None:
    """Draw one panel; `widths` are its own and that of the numbers beside its axis."""
    (left, top), (width, value) = corner, widths
    scale = Scale(axis.low, axis.high, left + LABEL, left + width - value)
    y = top + PAD
    if panel.title:
        lines = wrap(panel.title, width, 14 * BOLD)
        for place, line in enumerate(lines):
            canvas.text((left, top + 16 + place * 17), line, 14, class_="head")
        y = top + HEAD + LINE * (len(lines) - 1)
    bottom = y + sum(map(_row_height, panel.rows))
    marked = ticks(axis.low, axis.high, 5)
    canvas.strokes([((scale(tick), y), (scale(tick), bottom + 4)) for tick in marked], "grid")
    said = [f"{tick * axis.factor:g}".replace("-", "−") for tick in marked]
    canvas.labels([((scale(tick), bottom + 17), text) for tick, text in zip(marked, said, strict=True)], "middle")
    canvas.text((scale.end + _BESIDE, bottom + 17), axis.unit, 11, class_="soft")
    if axis.reference is not None:
        x = scale(axis.reference)
        canvas.line((x, y), (x, bottom + 4), "reference", axis.reference_says)
    for row in panel.rows:
        height = _row_height(row)
        _row(canvas, row, scale, left, y + height / 2)
        y += height


def _row(canvas: Canvas, row: Row, scale: Scale, left: float, y: float) -> None:
    strong = "strong" if row.strong else None
    canvas.lines((left, y), _label(row), class_=strong)
    if not row.marks:
        return
    first = row.marks[0]
    lift = -4.0 if len(row.marks) > 1 and not row.linked else 0.0
    for ends, class_ in ((row.wide, "wide-line"), (row.narrow, "narrow-line")):
        if ends:
            numbers = {"data-low": precise(ends[0].value), "data-high": precise(ends[1].value)}
            x1, x2 = scale(ends[0].value), scale(ends[1].value)
            canvas.line((x1, y + lift), (x2, y + lift), f"{class_} {first.kind}", data=numbers)
    if row.linked:
        canvas.line((scale(row.marks[-1].datum.value), y), (scale(first.datum.value), y), f"link {first.kind}")
    for mark in reversed(row.marks[1:]):
        place = (scale(mark.datum.value), y - lift * 1.75)
        canvas.mark((mark.shape, mark.kind), place, f"{mark.says} {mark.datum.shown}", mark.datum.attributes())
    # The main mark last, so that it lies on top where marks meet; its number is written beside it.
    canvas.mark((first.shape, first.kind), (scale(first.datum.value), y + lift), None, None)
    canvas.text((scale.end + _BESIDE, y + lift + 4), first.datum.shown, class_=strong, data=first.datum.attributes())
