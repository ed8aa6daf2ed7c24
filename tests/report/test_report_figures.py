"""The drawing room and its figures: what stands where, what is escaped, what fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import Element, parse
from strokes import lines_of

from bayestrace.report.figures import (
    Axis,
    Bar,
    Caption,
    Datum,
    Era,
    Event,
    Layout,
    Link,
    Mark,
    MechanismWords,
    Node,
    Panel,
    Row,
    Svg,
    Total,
    WaterfallWords,
    forest,
    mechanism,
    timeline,
    waterfall,
)
from bayestrace.report.figures.drawing import Canvas, Scale, number, path, text_width, ticks, wrap

CAPTION = Caption("k", "Title", "Description")
HOSTILE = "</svg><script>alert('1')</script>\"&"
WORDS = WaterfallWords("Total", "← left", "right →")
BOXES = MechanismWords("seen", "no evidence", "weakest")


def bars(*values: float) -> list[Bar]:
    return [Bar(f"Bar {place}", Datum(value, f"{value:+g}")) for place, value in enumerate(values)]


def fall(*values: float, wide: bool = True, names: str = "") -> Element:
    drawn = [Bar(names or bar.label, bar.datum) for bar in bars(*values)]
    total = Total(Datum(sum(values), "total"))
    return parse(waterfall(CAPTION, drawn, total, WORDS, wide=wide))


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 1.0, 5, [0.0, 0.5, 1.0]),
        (-3.2, 7.9, 7, [-2.0, 0.0, 2.0, 4.0, 6.0]),
        (-0.04, 0.04, 5, [-0.04, -0.02, 0.0, 0.02, 0.04]),
        (0.0, 45.0, 7, [0.0, 10.0, 20.0, 30.0, 40.0]),
    ],
)
def test_ticks_are_round_and_few(low: float, high: float, most: int, expected: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(expected)


def test_a_scale_keeps_to_its_ends() -> None:
    scale = Scale(0.0, 2.0, 10.0, 30.0)
    assert [scale(value) for value in (-1.0, 0.0, 0.5, 2.0, 9.0)] == [10.0, 10.0, 15.0, 30.0, 30.0]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("one two three", 60, ["one two", "three"]),
        ("美日同盟凝聚力", 50, ["美日同盟", "凝聚力"]),
        ("他说“好”。再说", 72, ["他说“好”。", "再说"]),
        ("议价“成本加五成”一", 92, ["议价“成本加五", "成”一"]),
        ("美国（兼及日韩）", 37, ["美国", "（兼及", "日韩）"]),
        ("IIA（Block）拦截弹", 60, ["IIA", "（Block）", "拦截弹"]),
        ("Incomprehensibilities", 60, ["Incompr-", "ehensib-", "ilities"]),
        ("", 60, [""]),
        ("  spaced \n out  ", 200, ["spaced out"]),
    ],
)
def test_text_is_wrapped_by_its_script(text: str, width: float, expected: list[str]) -> None:
    assert wrap(text, width, 12) == expected


def test_text_past_the_last_line_is_cut_with_a_mark() -> None:
    lines = wrap("word " * 40, 80, 12, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert all(text_width(line, 12) <= 80 for line in lines)


@pytest.mark.parametrize(("value", "expected"), [(1.0, "1"), (-0.001, "0"), (2.35, "2.4"), (-3.0, "-3"), (10.0, "10")])
def test_coordinates_are_short(value: float, expected: str) -> None:
    assert number(value) == expected


@given(st.lists(st.lists(st.tuples(*[st.floats(-999, 999)] * 2), min_size=1, max_size=6), max_size=4))
def test_a_path_goes_through_its_points_and_does_not_drift(lines: list[list[tuple[float, float]]]) -> None:
    found = lines_of(path(*lines))
    assert [len(line) for line in found] == [len(line) for line in lines]
    for line, wanted in zip(found, lines, strict=True):
        assert [x for x, _ in line] == pytest.approx([x for x, _ in wanted], abs=0.051)
        assert [y for _, y in line] == pytest.approx([y for _, y in wanted], abs=0.051)


def test_the_way_to_a_point_is_shorter_than_its_place() -> None:
    assert path([(10, 20), (15, 15)], [(15, 30), (15, 34.5), (14.5, 34.5)]) == "m10,20l5-5m0,15v4.5h-.5"
    assert path() == ""


def test_what_looks_alike_is_said_once() -> None:
    canvas = Canvas(10, 10)
    canvas.strokes([((0, 0), (0, 5)), ((4, 0), (4, 5))], "grid")
    canvas.strokes([], "grid")
    canvas.labels([((0, 9), "one"), ((4, 9), "two")], "middle")
    root = parse(canvas.svg(CAPTION))
    (grid,) = [one for one in root.walk() if one.attrs.get("class") == "grid"]
    assert lines_of(grid.attrs["d"]) == [[(0, 0), (0, 5)], [(4, 0), (4, 5)]]
    (group,) = root.all("g")
    assert group.attrs == {"class": "soft", "font-size": "11", "text-anchor": "middle"}
    assert [(one.attrs, one.text().strip()) for one in group.all("text")] == [
        ({"x": "0", "y": "9"}, "one"),
        ({"x": "4", "y": "9"}, "two"),
    ]


def test_the_canvas_escapes_all_it_is_given() -> None:
    canvas = Canvas(10, 10)
    canvas.text((0, 0), HOSTILE, class_=HOSTILE)
    canvas.open(HOSTILE)
    canvas.close()
    svg = canvas.svg(Caption("k", HOSTILE, HOSTILE), HOSTILE)
    assert isinstance(svg, Svg)
    root = parse(svg)
    assert [element.tag for element in root.walk()] == ["", "svg", "title", "desc", "text", "g", "title"]
    assert root.all("text")[0].attrs["class"] == HOSTILE
    assert root.all("desc")[0].text().strip() == HOSTILE


def test_figures_escape_every_label() -> None:
    datum = Datum(0.5, HOSTILE, (1.0, 0.5))
    row = Row(HOSTILE, (Mark("circle", "k", HOSTILE, datum), Mark("cross", "k", HOSTILE, datum)), (datum, datum))
    node = Node(HOSTILE, HOSTILE, ((HOSTILE, datum),), datum, weakest=True, says=HOSTILE)
    caption = Caption("k", HOSTILE, HOSTILE)
    drawn = [
        forest(caption, [Panel(HOSTILE, (row,))], Axis(0, 1, HOSTILE), Layout(1, 300, "c")),
        waterfall(caption, [Bar(HOSTILE, datum)], Total(datum, (datum, datum)), WORDS, wide=True),
        mechanism(caption, [node], [], 5.0, MechanismWords(HOSTILE, HOSTILE, HOSTILE)),
    ]
    for svg in drawn:
        root = parse(svg)
        assert root.all("script") == []
        assert {one.attrs["data-parts"] for one in root.walk() if "data-parts" in one.attrs} == {"1 0.5"}


@pytest.mark.parametrize("wide", [True, False])
def test_each_bar_starts_where_the_one_before_it_ended(wide: bool) -> None:  # noqa: FBT001 - a column
    values = (5.0, -3.0, 2.0, -6.0)
    boxes = [box for box in fall(*values, wide=wide).all("rect") if box.attrs["class"] in {"for", "against"}]
    spans = [(float(box.attrs["x"]), float(box.attrs["x"]) + float(box.attrs["width"])) for box in boxes]
    level = spans[0][0]
    for value, (left, right) in zip(values, spans, strict=True):
        start, end = (left, right) if value >= 0 else (right, left)
        assert start == pytest.approx(level, abs=0.2)
        level = end
    unit = (spans[0][1] - spans[0][0]) / 5.0
    assert [(right - left) / unit for left, right in spans] == pytest.approx([5, 3, 2, 6], abs=0.1)


@pytest.mark.parametrize("wide", [True, False])
def test_a_line_leads_from_where_a_bar_ends_to_the_next(wide: bool) -> None:  # noqa: FBT001 - a column
    root = fall(5.0, -3.0, 2.0, wide=wide)
    boxes = [box for box in root.all("rect") if box.attrs["class"] in {"for", "against"}]
    (joint,) = [one for one in root.all("path") if one.attrs["class"] == "joint"]
    lines = lines_of(joint.attrs["d"])
    assert len(lines) == 3
    for box, ((x, y), (x_too, below)) in zip(boxes, lines, strict=True):
        left, width, top, height = (float(box.attrs[name]) for name in ("x", "width", "y", "height"))
        end = left if box.attrs["class"] == "against" else left + width
        assert x == x_too == pytest.approx(end, abs=0.11)
        assert y == pytest.approx(top + height, abs=0.11)
        assert below > y
    # The next bar lies on top of the line's end.
    order = [one.attrs["class"] for one in root.walk() if one.attrs.get("class") in {"joint", "for", "against"}]
    assert order[0] == "joint"


def test_bars_for_the_rival_are_told_apart() -> None:
    """The style sheet fills them with slanted lines of their colour: see the pictures."""
    root = fall(5.0, -3.0)
    assert [box.attrs["class"] for box in root.all("rect")] == ["for", "against", "total"]


def test_three_hundred_bars_and_long_names_are_drawn() -> None:
    root = fall(*[0.1] * 300, names="A very long name of a cluster that nobody can read in one line " * 3)
    assert len(root.all("rect")) == 301


def test_nothing_at_all_is_drawn_too() -> None:
    assert len(fall().all("rect")) == 1


def node(name: str, value: float | None) -> Node:
    weight = None if value is None else Datum(value, f"{value:+.1f} dB")
    return Node(name, "predicted up", (("▲", Datum(2, "2")),), weight, weakest=False, says=name)


def test_a_step_without_evidence_has_no_bar_and_says_so() -> None:
    root = parse(mechanism(CAPTION, [node("A", None), node("B", -2.0)], [(0, 1)], 5.0, BOXES))
    texts = [text.text().strip() for text in root.all("text")]
    assert texts.count("no evidence") == 1
    assert [box.attrs["class"] for box in root.all("rect")] == ["box empty", "box", "against"]
    assert not any("dB" in text for text in texts[: texts.index("B")])


def test_the_small_print_of_a_box_is_small() -> None:
    root = parse(mechanism(CAPTION, [node("A", 1.0), node("B", None)], [], 5.0, BOXES))
    sizes = {
        text.text().strip(): next(one.attrs["font-size"] for one in (text, *text.above()) if "font-size" in one.attrs)
        for text in root.all("text")
    }
    assert {name for name, size in sizes.items() if size == "12.5"} == {"A", "B"}
    assert {name for name, size in sizes.items() if size == "11.5"} == set(sizes) - {"A", "B"}
    assert {"predicted up", "seen", "▲2", "+1.0 dB", "no evidence"} < set(sizes)


def test_steps_stand_below_those_that_lead_to_them() -> None:
    names = ["A", "B", "C", "D", "E"]
    arrows = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]
    root = parse(mechanism(CAPTION, [node(name, 1.0) for name in names], arrows, 5.0, BOXES))
    tops = [float(box.attrs["y"]) for box in root.all("rect") if box.attrs["class"] == "box"]
    assert all(tops[one] < tops[other] for one, other in arrows)
    assert tops[1] == tops[2]
    assert len([path for path in root.all("path") if path.attrs["class"].startswith("arrow ")]) == len(arrows)


def test_an_arrow_is_as_thick_as_the_evidence_of_the_step_it_leads_to() -> None:
    steps = [node("A", 1.0), node("B", 4.0), node("C", -2.0), node("D", None)]
    root = parse(mechanism(CAPTION, steps, [(0, 1), (0, 2), (0, 3)], 4.0, BOXES))
    found = [path.attrs for path in root.all("path") if path.attrs["class"].startswith("arrow ")]
    assert [one["class"] for one in found] == ["arrow pro", "arrow con", "arrow bare"]
    most, half, none = (float(one["stroke-width"]) for one in found)
    assert most - none == pytest.approx(2.0 * (half - none))
    assert most > half > none > 0.0


def test_marks_stand_at_their_values() -> None:
    marks = tuple(Mark("circle", "k", "m", Datum(value, f"{value} shown")) for value in (0.25, 0.75))
    panel = Panel("P", (Row("R", marks, (Datum(0.0, "0"), Datum(1.0, "1")), (Datum(0.2, "0"), Datum(0.3, "1"))),))
    root = parse(forest(CAPTION, [panel], Axis(0, 1, "%"), Layout(1, 350, "c")))
    second, first = root.all("circle")
    (number,) = [text for text in root.all("text") if "data-value" in text.attrs]
    # The number of the first stands beside it; whoever points at another reads what it is.
    assert (number.attrs["data-value"], number.text().strip(), first.text()) == ("0.25", "0.25 shown", "")
    assert (second.attrs["data-value"], second.text().strip()) == ("0.75", "m 0.75 shown")
    wide = next(line for line in root.all("line") if "wide-line" in line.attrs["class"])
    left, right = float(wide.attrs["x1"]), float(wide.attrs["x2"])
    assert float(first.attrs["cx"]) == pytest.approx(left + (right - left) / 4, abs=0.1)
    assert float(second.attrs["cx"]) == pytest.approx(left + 3 * (right - left) / 4, abs=0.1)
    assert (wide.attrs["data-low"], wide.attrs["data-high"]) == ("0", "1")


ERA = Era(0.0, 1000.0, ((0.0, "2017"), (365.0, "2018")), "no evidence")


def events(*spans: tuple[float, float], lane: int = 0, early: bool = False) -> list[Event]:
    return [Event(lane, low, high, f"{low:g}", weighs=True, early=early) for low, high in spans]


def line(*all_events: Event, links: tuple[Link, ...] = (), lanes: int = 2) -> Element:
    return parse(timeline(CAPTION, [f"Step {place}" for place in range(lanes)], all_events, links, ERA))


def box(element: Element) -> tuple[float, ...]:
    return tuple(float(element.attrs[name]) for name in ("x", "y", "width", "height"))


def test_no_two_observations_of_a_timeline_touch() -> None:
    many = events(*[(10.0 * place % 700, 10.0 * place % 700 + 5 + place % 300) for place in range(80)])
    drawn = [box(one) for one in line(*many, *events((0.0, 1000.0), (0.0, 1.0), lane=1)).all("rect")]
    assert len(drawn) == 82
    for place, (x, y, width, height) in enumerate(drawn):
        for other_x, other_y, other_width, other_height in drawn[:place]:
            beside = x + width < other_x or other_x + other_width < x
            assert beside or y + height < other_y or other_y + other_height < y


def test_a_day_can_be_seen_and_time_runs_to_the_right() -> None:
    first, second, year = (box(one) for one in line(*events((0.0, 1.0), (500.0, 501.0), (500.0, 865.0))).all("rect"))
    assert first[2] == second[2] > 4.0
    assert first[0] < second[0] == year[0]
    assert year[2] > 30.0 * second[2]
    assert year[1] != second[1]


def test_what_lies_beyond_the_axis_points_there() -> None:
    inside = len(line(*events((10.0, 20.0))).all("path"))
    assert len(line(*events((-900.0, 20.0))).all("path")) == inside + 1
    assert len(line(*events((-900.0, 1200.0))).all("path")) == inside + 2
    before, after = (box(one) for one in line(*events((-900.0, -800.0), (1500.0, 1600.0))).all("rect"))
    assert before[0] < 200.0
    assert after[0] + after[2] < 720.0
    assert after[2] > 4.0


def test_an_effect_before_its_cause_is_marked_and_its_arrow_runs_back() -> None:
    cause, late = events((600.0, 610.0), (800.0, 810.0))
    early = events((100.0, 110.0), lane=1, early=True)[0]
    drawn = line(cause, late, early, links=(Link(0, 1, wrong=False), Link(0, 2, wrong=True)))
    right, wrong = (one for one in drawn.all("path") if "cause" in one.attrs["class"])
    assert (right.attrs["class"], wrong.attrs["class"]) == ("cause", "cause wrong")
    start, end = (float(piece.split()[0]) for piece in wrong.attrs["d"].lstrip("M").split("M")[0].split("L"))
    assert end < start
    signs = [one for one in drawn.all("text") if one.text().strip() == "!"]
    assert [one.attrs["class"] for one in signs] == ["early"]


def test_a_step_without_an_observation_says_so() -> None:
    assert "no evidence" in line(*events((0.0, 1.0))).text()
    assert "no evidence" not in line(*events((0.0, 1.0)), *events((5.0, 9.0), lane=1)).text()
