"""The mechanism of one case: steps as boxes in layers, arrows between them, what was predicted and seen of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bayestrace.report.figures.drawing import BOLD, Canvas, Caption, Datum, Scale, Svg, path, text_width, wrap

WIDTH, GAP, DROP, LINE, TOP, SMALL = 348.0, 16.0, 30.0, 15.0, 10.0, 11.5
#: By how much the arrow of the weightiest evidence is thicker than that of none.
THICKEST = 6.0


@dataclass(frozen=True)
class Node:
    """One step of the mechanism.

    `predicted` says what was expected, `seen` pairs a glyph with a count, `weight` is None where there is no
    evidence; `says` is the sentence a reader gets who points at the box.
    """

    name: str
    predicted: str
    seen: tuple[tuple[str, Datum], ...]
    weight: Datum | None
    weakest: bool
    says: str


@dataclass(frozen=True)
class Words:
    """What is written in the boxes."""

    observed: str
    no_evidence: str
    weakest: str


@dataclass(frozen=True)
class _Frame:
    x: float
    y: float
    width: float
    height: float
    reach: float


def mechanism(
    caption: Caption, nodes: Sequence[Node], arrows: Sequence[tuple[int, int]], reach: float, words: Words
) -> Svg:
    """Draw the mechanism of one case.

    Parameters
    ----------
    caption
        Text alternative.
    nodes
        The steps.
    arrows
        Pairs of positions in `nodes`, without a circle.
    reach
        Decibels at which the bar of a box is full, common to all cases.
    words
        What is written in the boxes.

    Returns
    -------
    Svg
    """
    layers = _layers(len(nodes), arrows)
    columns = min(2, max(map(len, layers)))
    rows = [layer[start : start + columns] for layer in layers for start in range(0, len(layer), columns)]
    box = (WIDTH - 2 - GAP * (columns - 1)) / columns
    names = [wrap(node.name, box - 16, 12.5 * BOLD, 3) for node in nodes]
    height = 62 + LINE * max(map(len, names))
    canvas = Canvas(WIDTH, len(rows) * (height + DROP) - DROP + TOP + 1)
    place: dict[int, tuple[float, float]] = {}
    for level, row in enumerate(rows):
        start = (WIDTH - len(row) * box - (len(row) - 1) * GAP) / 2
        for column, position in enumerate(row):
            place[position] = (start + column * (box + GAP), TOP + level * (height + DROP))
    for one, other in arrows:
        weight = nodes[other].weight
        _arrow(canvas, place[one], place[other], (box, height), weight.value / reach if weight else None)
    for position, node in enumerate(nodes):
        _box(canvas, node, names[position], _Frame(*place[position], box, height, reach), words)
    return canvas.svg(caption, "case-fig")


def _layers(count: int, arrows: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Put each node one layer below the lowest of those that lead to it."""
    rank = [0] * count
    for _ in range(count):
        for one, other in arrows:
            rank[other] = min(count - 1, max(rank[other], rank[one] + 1))
    found = [[node for node in range(count) if rank[node] == level] for level in range(max(rank) + 1)]
    return [layer for layer in found if layer]


def _arrow(
    canvas: Canvas,
    one: tuple[float, float],
    other: tuple[float, float],
    size: tuple[float, float],
    share: float | None,
) -> None:
    """Draw an arrow as thick as the evidence of the step that it leads to, dashed where that favours the rival."""
    box, height = size
    x1, y1 = one[0] + box / 2, one[1] + height
    x2, y2 = other[0] + box / 2, other[1]
    # Arrows that meet at one box come in side by side.
    x2 += max(-14.0, min(14.0, (x1 - x2) / 6))
    x1 += max(-14.0, min(14.0, (x2 - x1) / 6))
    kind, head = ("bare", "arrow-head") if share is None else ("pro", "for") if share >= 0 else ("con", "for-rival")
    width = 1.5 if share is None else 1.5 + THICKEST * abs(share)
    half = 3.5 + width / 2
    tip = ((x2 - half, y2 - 8), (x2 + half, y2 - 8), (x2, y2 - 0.5), (x2 - half, y2 - 8))
    canvas.put("path", d=path([(x1, y1), (x2, y2 - 7)]), class_=f"arrow {kind}", stroke_width=width)
    canvas.put("path", d=path(tip), class_=head)


def _box(canvas: Canvas, node: Node, name: list[str], frame: _Frame, words: Words) -> None:
    x, y, width, height = frame.x, frame.y, frame.width, frame.height
    class_ = "box" if node.weight else "box empty"
    if node.weakest:
        class_ += " weakest"
    canvas.open(node.says, font_size=SMALL)
    canvas.put("rect", x=x, y=y, width=width, height=height, rx=5, class_=class_)
    canvas.lines((x + 8, y + 6 + LINE * len(name) / 2), name, 12.5, class_="head")
    base = y + 8 + LINE * len(name)
    canvas.text((x + 8, base + 13), node.predicted)
    _seen(canvas, node, (x + 8, base + 28), words)
    if node.weight is None:
        canvas.text((x + 8, base + 45), words.no_evidence, class_="strong soft")
    else:
        middle = x + 8 + (width - 76) / 2
        scale = Scale(-frame.reach, frame.reach, x + 8, x + width - 68)
        one, other = sorted((scale(0.0), scale(node.weight.value)))
        class_ = "for" if node.weight.value >= 0 else "against"
        canvas.line((x + 8, base + 41), (x + width - 68, base + 41), "grid")
        length = max(1.0, other - one)
        canvas.open(data=node.weight.attributes())
        canvas.put("rect", x=one, y=base + 37, width=length, height=9, class_=class_)
        canvas.line((middle, base + 34), (middle, base + 48), "reference")
        canvas.text((x + width - 8, base + 45), node.weight.shown, class_="strong", anchor="end")
        canvas.close()
    if node.weakest:
        tag = text_width(words.weakest, 10) + 10
        canvas.put("rect", x=x + width - tag - 4, y=y - 9, width=tag, height=15, rx=3, class_="tag")
        canvas.text((x + width - 4 - tag / 2, y + 2), words.weakest, 10, class_="tag-text", anchor="middle")
    canvas.close()


def _seen(canvas: Canvas, node: Node, place: tuple[float, float], words: Words) -> None:
    x, y = place
    canvas.text(place, words.observed)
    x += text_width(words.observed, SMALL) + 5
    for glyph, count in node.seen:
        said = f"{glyph}{count.shown}"
        canvas.text((x, y), said, class_="strong" if count.value else "soft", data=count.attributes())
        x += text_width(said, SMALL) + 10
