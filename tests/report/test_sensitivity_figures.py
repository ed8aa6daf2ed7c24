"""The figures of the section on sensitivity: what stands where, what is joined, what is escaped."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from pages import Element, parse
from strokes import lines_of

from bayestrace.report.figures import (
    Caption,
    Cell,
    Choice,
    Corners,
    Datum,
    Frame,
    Gust,
    HeatmapWords,
    Line,
    Region,
    Span,
    SpecificationWords,
    Spot,
    TornadoWords,
    heatmap,
    specification,
    sweep,
    ternary,
    tornado,
)

CAPTION = Caption("k", "Title", "Description")
HOSTILE = "</svg><script>alert('1')</script>\"&"
FRAME = Frame(Span(0.0, 1.0, ((0.0, "0"), (1.0, "100")), "x"), Span(0.0, 1.0, ((0.5, "50"),), "y"), "Case", None, 0.25)


def lines(*ends: float) -> list[Line]:
    return [Line(chr(65 + n), f"h{n}", f"line {n}", ((0.0, 0.5), (1.0, end))) for n, end in enumerate(ends)]


def of_class(root: Element, word: str) -> list[Element]:
    return [one for one in root.walk() if word in one.attrs.get("class", "").split()]


@pytest.mark.parametrize("ends", [(0.5, 0.5, 0.5), (0.0, 0.0, 1.0), (1.0, 1.0, 1.0, 0.99), (0.1, 0.9)])
def test_signs_at_the_ends_of_lines_stand_apart_and_inside(ends: tuple[float, ...]) -> None:
    root = parse(sweep(CAPTION, lines(*ends), [], FRAME))
    height = float(root.all("svg")[0].attrs["height"])
    places = sorted(float(sign.attrs["y"]) for sign in of_class(root, "sign"))
    assert len(places) == len(ends)
    assert all(later - earlier >= 11.9 for earlier, later in pairwise(places))
    assert places[0] > 0
    assert places[-1] < height


def test_a_line_goes_through_its_points_and_a_ring_marks_the_spot() -> None:
    spot = Spot((0.5, 0.75), "h1", "it flips", Datum(0.5, "50 %"))
    root = parse(sweep(CAPTION, lines(1.0, 0.0), [spot], FRAME))
    ((start, end),), ((other_start, other_end),) = (lines_of(one.attrs["d"]) for one in of_class(root, "curve"))
    assert start == other_start  # both start at one half
    assert end[1] < start[1] < other_end[1]
    (ring,) = of_class(root, "ring")
    assert ring.attrs["data-value"] == "0.5"
    assert start[0] < float(ring.attrs["cx"]) < end[0]
    assert end[1] < float(ring.attrs["cy"]) < start[1]


@pytest.mark.parametrize(("base", "of_a"), [(None, [1, 2, 2]), ((1, 1), [1, 1, 1, 2])])
def test_cells_that_are_alike_are_joined_along_a_row(base: tuple[int, int] | None, of_a: list[int]) -> None:
    """But not with the one that gets the outline: no letter is to lie under a line."""
    a, b = Cell("A", "h0"), Cell("B", "h1")
    words = HeatmapWords("Case", "x", "y", ("0", "", "2"), ("0", "1"))
    root = parse(heatmap(CAPTION, [[a, a, b], [b, a, a], [b, b, a]], words, base))
    tiles = {one.attrs["class"]: one.attrs["d"] for one in of_class(root, "tile")}
    cell = (350.0 - 44.0 - 8.0) / 3
    widths = {
        name: sorted(round(float(width) / cell) for width in re.findall(r"h([\d.]+)v", path))
        for name, path in tiles.items()
    }
    assert widths == {"tile h0": of_a, "tile h1": [1, 1, 2]}
    signs = {one.text().strip(): one for one in root.all("text") if set(one.text().strip()) in ({"A"}, {"B"})}
    assert {len(text) for text in signs} == {len(of_a), 3}
    for text, one in signs.items():
        assert len(one.attrs["x"].split()) == len(one.attrs["y"].split()) == len(text)
    places = [float(place) for place in signs["A" * len(of_a)].attrs["y"].split()]
    assert places == sorted(places, reverse=True)
    assert len(of_class(root, "here")) == (base is not None)


def test_every_point_of_a_triangle_is_a_dot_in_the_colour_of_who_leads() -> None:
    steps = 4
    points = [(a / steps, b / steps, (steps - a - b) / steps) for a in range(5) for b in range(5 - a)]
    first = tuple(point for point in points if point[0] > 0.5)
    rest = tuple(point for point in points if point[0] <= 0.5)
    regions = [Region("A", "h0", first), Region("B", "h1", rest)]
    root = parse(ternary(CAPTION, regions, Corners("Case", ("left", "right", "top")), (0.25, 0.25, 0.5), steps))
    for region in regions:
        (path,) = [one for one in of_class(root, "dots") if region.kind in one.attrs["class"]]
        gap = float(path.attrs["stroke-dasharray"].split()[1])
        # A row of dots is a line with a dash of no length at every step.
        lengths = [float(length) for length in re.findall(r"h([\d.]+)", path.attrs["d"])]
        assert sum(int(length / gap + 0.1) + 1 for length in lengths) == len(region.shares)
    signs = {one.text().strip(): one for one in of_class(root, "on")}
    assert float(signs["A"].attrs["x"]) < float(signs["B"].attrs["x"])
    assert len(of_class(root, "here")) == 1


def test_a_bar_that_shrinks_the_lead_is_hatched_and_one_that_turns_it_is_bold() -> None:
    gusts = [Gust("turns", Datum(-6.0, "−6.0"), turns=True), Gust("grows", Datum(2.0, "+2.0"))]
    words = TornadoWords("Case", "less", "more", "gone")
    root = parse(tornado(CAPTION, gusts, -5.0, words))
    shrinks, grows = (group for group in root.all("g") if "data-value" in group.attrs)
    assert (len(of_class(shrinks, "against")), len(of_class(grows, "against"))) == (1, 0)
    assert "turns" in {one.text().strip() for one in of_class(root, "strong")}
    gone = [one for one in of_class(root, "reference") if one.text().strip() == "gone"]
    (box,) = of_class(shrinks, "against")
    assert len(gone) == 1
    assert float(box.attrs["x"]) < float(gone[0].attrs["x1"]) < float(box.attrs["x"]) + float(box.attrs["width"])
    far = parse(tornado(CAPTION, gusts, -50.0, words))
    assert [one for one in of_class(far, "reference") if one.text().strip() == "gone"] == []


def test_a_specification_curve_rises_and_shows_who_leads_and_what_was_chosen() -> None:
    values = [0.9, 0.1, 0.5, 0.3]
    choice = Choice("Coders", ("all", "one"), (0, 1, 0, 1))
    words = SpecificationWords("Case", "probability", "leads")
    root = parse(specification(CAPTION, values, [True, False, True, False], [choice], words))
    strong = [one for one in of_class(root, "curve") if "strong" in one.attrs["class"]]
    weak = [one for one in of_class(root, "curve") if "strong" not in one.attrs["class"]]
    heights = [line[0][1] for one in (*weak, *strong) for line in lines_of(one.attrs["d"])]
    assert heights == sorted(heights, reverse=True)  # up the page as the probability rises
    every, single = (lines_of(one.attrs["d"]) for one in of_class(root, "ticks"))
    # Sorted, each option takes neighbouring columns, which are one wide before they are stretched to their room.
    assert [[(x, end) for (x, _), (end, _) in option] for option in (single, every)] == [[(0.0, 2.0)], [(2.0, 4.0)]]
    (within,) = {one.attrs["transform"] for one in (*weak, *strong, *of_class(root, "ticks"))}
    placed = re.fullmatch(r"translate\(([\d.]+)\) scale\(([\d.]+) 1\)", within)
    assert placed
    shift, stretch = map(float, placed.groups())
    (right,) = {max(x for line in lines_of(one.attrs["d"]) for x, _ in line) for one in of_class(root, "grid")}
    assert shift + 4 * stretch == pytest.approx(right, abs=0.1)


def test_of_many_specifications_the_ends_are_drawn() -> None:
    values = [place / 999 for place in range(1000)]
    words = SpecificationWords("", "p", "leads")
    root = parse(specification(CAPTION, values, [False] * 1000, [], words))
    (curve,) = of_class(root, "curve")
    heights = [line[0][1] for line in lines_of(curve.attrs["d"])]
    assert len(heights) == 110
    grid = sorted(line[0][1] for one in of_class(root, "grid") for line in lines_of(one.attrs["d"]))
    assert (max(heights), min(heights)) == (grid[-1], grid[0])


def test_labels_are_escaped() -> None:
    datum = Datum(0.5, HOSTILE)
    span = Span(0.0, 1.0, ((0.5, HOSTILE),), HOSTILE)
    frame = Frame(span, span, HOSTILE, 0.5, 0.5, HOSTILE)
    line = Line(HOSTILE, "h0", HOSTILE, ((0.0, 0.0), (1.0, 1.0)))
    caption = Caption("k", HOSTILE, HOSTILE)
    drawn = [
        sweep(caption, [line], [Spot((0.5, 0.5), "h0", HOSTILE, datum)], frame),
        tornado(caption, [Gust(HOSTILE, datum)], 0.0, TornadoWords(*[HOSTILE] * 4)),
        heatmap(caption, [[Cell("A", "h0")]], HeatmapWords(HOSTILE, HOSTILE, HOSTILE, (HOSTILE,), (HOSTILE,)), (0, 0)),
        ternary(caption, [Region("A", "h0", ((1.0, 0.0, 0.0),))], Corners(HOSTILE, (HOSTILE,) * 3), None, 1),
        specification(caption, [0.5], [True], [Choice(HOSTILE, (HOSTILE,), (0,))], SpecificationWords(*[HOSTILE] * 3)),
    ]
    for svg in drawn:
        root = parse(svg)
        assert root.all("script") == []
        assert HOSTILE[:8] in root.text() or "…" in root.text()
