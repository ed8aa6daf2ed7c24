"""How many cases lie where between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import Canvas, Caption, Datum, Scale, Svg, ticks

WIDTH, HEIGHT = 350.0, 210.0
_LEFT, _RIGHT, _TOP, _FOOT = 44.0, 10.0, 22.0, 38.0


@dataclass(frozen=True)
class Column:
    """What a bar says: which part of the axis it stands on, and the number that it is as high as."""

    says: str
    datum: Datum


@dataclass(frozen=True)
class Words:
    """What each axis measures."""

    across: str
    up: str


def histogram(caption: Caption, columns: Sequence[Column], words: Words, kind: str = "k-pooled") -> Svg:
    """Draw bars of one width from 0 to 100 %.

    Parameters
    ----------
    caption
        Text alternative.
    columns
        From left to right; at least one is above 0.
    words
        What is written at the axes.
    kind
        Class that carries the colour.

    Returns
    -------
    Svg
    """
    canvas = Canvas(WIDTH, HEIGHT)
    bottom = HEIGHT - _FOOT
    most = max(column.datum.value for column in columns)
    up = Scale(0.0, most, bottom, _TOP)
    across = Scale(0.0, float(len(columns)), _LEFT, WIDTH - _RIGHT)
    # Cases are counted: no tick stands between two numbers.
    values = [value for value in ticks(0.0, most, 5) if value == round(value)]
    canvas.strokes([((_LEFT, up(value)), (WIDTH - _RIGHT, up(value))) for value in values], "grid")
    canvas.labels([((_LEFT - 6, up(value) + 4), f"{value:g}") for value in values], "end")
    canvas.text((0, 11), words.up, 11, class_="soft")
    for place, column in enumerate(columns):
        if column.datum.value:
            left, top = across(place), up(column.datum.value)
            canvas.put(
                "rect",
                None,
                column.says,
                column.datum.attributes(),
                x=left + 0.5,
                y=top,
                width=across(place + 1) - left - 1.0,
                height=bottom - top,
                class_=f"{kind} circle",
            )
    shares = [(share * len(columns), f"{100 * share:g}") for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    beside = [((across(place), bottom + 15), said) for place, said in shares]
    canvas.labels([*beside, ((across(len(columns) / 2), bottom + 32), f"{words.across} (%)")], "middle")
    return canvas.svg(caption, "case-fig")
