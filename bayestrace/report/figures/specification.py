"""The specification curve: one probability under every combination of choices, sorted, and the choices below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import BOLD, Canvas, Caption, Place, Scale, Svg, number, path, text_width, wrap

WIDTH = 350.0
_RIGHT, _CURVE, _ROW = 6.0, 120.0, 13.0
#: Room for the names of options: as much as they need, within these; indent and gap beside them.
_NAMES, _INDENT, _GAP = (90.0, 150.0), 8.0, 8.0
#: Columns drawn at most: evenly spaced among the specifications, the first and the last among them.
COLUMNS = 110


@dataclass(frozen=True)
class Choice:
    """One thing chosen, its options in words, and which of them each specification takes."""

    name: str
    options: tuple[str, ...]
    taken: tuple[int, ...]


@dataclass(frozen=True)
class Words:
    """A heading, what the curve is, and what the outlined part of it means."""

    title: str
    curve: str
    leads: str


def specification(  # noqa: PLR0913, PLR0917 - what is drawn, where, in which words
    caption: Caption,
    values: Sequence[float],
    leads: Sequence[bool],
    choices: Sequence[Choice],
    words: Words,
    class_: str = "case-fig",
) -> Svg:
    """Draw a curve of sorted probabilities over a matrix of choices.

    Parameters
    ----------
    caption
        Text alternative.
    values
        A probability for each specification, in any order.
    leads
        Whether the explanation leads there.
    choices
        Which option each specification takes, in the same order.
    words
        What is written around.
    class_
        Class of the figure.

    Returns
    -------
    Svg
    """
    order = sorted(range(len(values)), key=lambda place: (values[place], place))
    shown = _spaced(order)
    heading = wrap(words.title, WIDTH, 14 * BOLD, 2) if words.title else []
    top = 8.0 + 17.0 * len(heading) + 16.0
    rows = sum(1 + len(choice.options) for choice in choices)
    canvas = Canvas(WIDTH, top + _CURVE + 10 + rows * _ROW + 6)
    for place, line in enumerate(heading):
        canvas.text((0, 14 + place * 17), line, 14, class_="head")
    canvas.text((0, top - 6), words.curve, 11, class_="soft")
    y = Scale(0.0, 1.0, top + _CURVE, top)
    widest = max((text_width(name, 11) for choice in choices for name in choice.options), default=0.0)
    room = min(max(widest, _NAMES[0]), _NAMES[1])
    left = _INDENT + room + _GAP
    width = (WIDTH - left - _RIGHT) / max(len(shown), 1)
    levels = ((0.0, "0"), (0.5, "50"), (1.0, "100"))
    canvas.strokes([((left, y(value)), (WIDTH - _RIGHT, y(value))) for value, _ in levels], "grid")
    canvas.labels([((left - 5, y(value) + 4), said) for value, said in levels], "end")
    # A column is one unit wide within: whole numbers are short. Lines that lie flat are as thick as anywhere.
    within = f"translate({number(left)}) scale({width:.5g} 1)"
    for leading, class_of in ((False, "curve k-unpooled"), (True, "curve k-pooled strong")):
        heights = [(column, y(values[place])) for column, place in enumerate(shown) if leads[place] is leading]
        dashes = path(*(((column, height), (column + 1, height)) for column, height in heights))
        if dashes:
            told = words.leads if leading else None
            canvas.put("path", None, told, d=dashes, class_=class_of, transform=within)
    below = top + _CURVE + 14
    for choice in choices:
        canvas.text((0, below + 8), choice.name, 11, class_="strong")
        for option, name in enumerate(choice.options):
            below += _ROW
            canvas.text((_INDENT, below + 8), wrap(name, room, 11, 1)[0], 11)
            ticks = path(*_runs([choice.taken[place] == option for place in shown], below + 4))
            if ticks:
                canvas.put("path", d=ticks, class_="ticks", transform=within)
        below += _ROW
    return canvas.svg(caption, class_)


def _spaced(order: list[int]) -> list[int]:
    if len(order) <= COLUMNS:
        return order
    return [order[round(column * (len(order) - 1) / (COLUMNS - 1))] for column in range(COLUMNS)]


def _runs(taken: list[bool], y: float) -> Iterator[tuple[Place, Place]]:
    """Yield a dash for each run of neighbours that are taken, in columns."""
    start = None
    for column, here in enumerate([*taken, False]):
        if here and start is None:
            start = column
        elif not here and start is not None:
            yield (start, y), (column, y)
            start = None
