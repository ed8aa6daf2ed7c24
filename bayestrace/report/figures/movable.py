"""Probabilities of one case as marks that a script moves: a ring as reported, a dot under other settings."""

from __future__ import annotations

from collections.abc import Sequence

from bayestrace.report.figures.drawing import Canvas, Caption, Datum, Scale, Svg, number, wrap

_WIDTH, _LABEL, _VALUE = 320.0, 116.0, 52.0
_ROW, _LINE, _FOOT = 30.0, 13.0, 22.0
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def movable(caption: Caption, rows: Sequence[tuple[str, Datum]]) -> Svg:
    """Draw a row for each explanation; its group carries its place, the group of all where 0 and 1 stand.

    Parameters
    ----------
    caption
        Title and text alternative, of what is reported.
    rows
        What each row is called, and the probability that is reported.
    """
    labels = [wrap(label, _LABEL - 8, 12, most=2) for label, _ in rows]
    heights = [max(_ROW, len(lines) * _LINE + 8) for lines in labels]
    canvas = Canvas(_WIDTH, sum(heights) + _FOOT)
    scale = Scale(0.0, 1.0, _LABEL, _WIDTH - _VALUE)
    canvas.strokes([((scale(tick), 2), (scale(tick), sum(heights))) for tick in _TICKS], "grid")
    canvas.labels([((scale(tick), sum(heights) + 15), number(100 * tick)) for tick in _TICKS], "middle")
    canvas.text((scale.end + 20, sum(heights) + 15), "%", 11, class_="soft")
    canvas.open(data={"data-scale": f"{number(scale.start)} {number(scale.end)}"})
    top = 0.0
    for place, (_, datum) in enumerate(rows):
        y, x = top + heights[place] / 2, scale(datum.value)
        canvas.open(data={"data-row": str(place)})
        canvas.lines((0, y), labels[place])
        canvas.line((x, y), (x, y), "link k-pooled")
        canvas.put("circle", data=datum.attributes(), cx=x, cy=y, r=6, class_="k-unpooled ring")
        canvas.put("circle", cx=x, cy=y, r=4, class_="k-pooled circle")
        canvas.text((_WIDTH, y + 4), datum.shown, anchor="end", data=datum.attributes())
        canvas.close()
        top += heights[place]
    canvas.close()
    return canvas.svg(caption, "live-fig")
