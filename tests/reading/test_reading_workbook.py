"""A study in a workbook: read as its folder is, with the same checks, each fault at its cell."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from books import plain, spoilt
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from bayestrace.cli import main
from bayestrace.errors import StudyFaults
from bayestrace.reading import read_study
from bayestrace.study import Study

type Book = dict[str, list[list[Any]]]


def small() -> Book:
    """Give the sheets of a small study, as a person would fill them in."""
    return {
        "Read me": [["anything"]],
        "study": [
            ["Key", "Value"],
            ["bayestrace", 1],
            ["id", "small"],
            ["title.en", "Why: a [small] study"],
            ["title.zh", "小研究"],
            ["question", "#why?"],
            ["focal", "stakes"],
            ["default_set", "all"],
            ["scale.name", "Words"],
        ],
        "Hypotheses": [
            ["hypothesis", "name", "name_zh", "claim"],
            ["stakes", "Stakes", "利益", None],
            ["threat", "Threat", None, " It cared. "],
        ],
        "Sets": [["set", "hypotheses"], ["all", "stakes; threat"]],
        "Factors": [
            ["factor", "group", "name", "name_zh"],
            ["period", None, "Period", None],
            ["period", "early", "Early", "早"],
            ["period", "1990", "Late", None],
        ],
        "Cases": [["case", "name", "dates", "period"], ["one", "One", 2017, "early"], ["two", "Two", None, 1990]],
        "Steps": [["step", "name"], ["start", "Start"], ["end", "End"]],
        "Arrows": [["from", "to"], ["start", "end"]],
        "Predictions": [["name", "cases", "directions"], ["H1", "one;two", "start: up; end: down"]],
        "Reliability": [["source_type", "reliability"], ["press", 0.9]],
        "Scale": [["word", "word_zh", "db"], ["slight", "轻微", 0]],
        "Observations": [
            ["case", "id", "step", "direction", "title", "claim", "source", "source_type", "context", "reliability"],
            ["two", "e2", "end", "up", "It", "It was.", "Walt1987", "press", None, "0.5"],
            ["one", "e1", "start", None, 1984, "It was.", "Walt1987", "press", None, None],
            ["one", "e3", "start", None, "It", "It was.", "Walt1987", "press", True, None],
        ],
        "Sources": [
            ["id", "type", "title", "author", "issued", "volume", "more"],
            ["Walt1987", "book", 1984, "Walt, Stephen M.; 新华社", 1987, "36", '{"DOI": "10.1/x"}'],
        ],
        "Weights": [
            ["coder", "evidence", "hypothesis", "against", "low_db", "best_db", "high_db"],
            ["ann", "e1", "stakes", "threat", 1, 2.5, "4.25"],
            ["ben", "e1", "stakes", "threat", None, -3, None],
        ],
        "Notes": [["coder", "evidence", "rationale"], ["ann", "e2", "NA"]],
    }


def made(folder: Path, sheets: Book) -> Path:
    return plain(folder / "x.xlsx", sheets)


def test_a_workbook_is_a_study(tmp_path: Path) -> None:
    study = read_study(made(tmp_path, small()))
    assert study.title.en == "Why: a [small] study"
    assert study.title.zh == "小研究"
    assert study.question.en == "#why?"
    assert study.hypotheses["threat"].claim is not None
    assert study.hypotheses["threat"].claim.en == " It cared. "
    assert study.cases["one"].dates == "2017"
    assert study.cases["two"].groups == {"period": "1990"}
    assert study.factors["period"].name.en == "Period"
    assert study.mechanism.arrows == (("start", "end"),)
    assert study.mechanism.predictions[0].directions == {"start": "up", "end": "down"}
    assert [item.id for item in study.evidence] == ["e1", "e3", "e2"]
    assert study.evidence[0].title.en == "1984"
    assert study.evidence[1].context
    assert study.evidence[2].reliability == 0.5
    ann, ben = study.codings
    assert (ann.coder, ben.coder) == ("ann", "ben")
    assert [(weight.low, weight.best, weight.high) for weight in ann.judgements[0].weights] == [(1.0, 2.5, 4.25)]
    assert ann.judgements[1].rationale == "NA"
    assert ben.judgements[0].weights[0].low is None
    assert study.sources["Walt1987"] == {
        "id": "Walt1987",
        "type": "book",
        "title": "1984",
        "author": [{"family": "Walt", "given": "Stephen M."}, {"literal": "新华社"}],
        "issued": {"date-parts": [[1987]]},
        "volume": "36",
        "DOI": "10.1/x",
    }


def test_places_are_cells(tmp_path: Path) -> None:
    places = read_study(made(tmp_path, small())).places
    assert places == {
        "evidence:e1": "x.xlsx!Observations:A3",
        "evidence:e2": "x.xlsx!Observations:A2",
        "evidence:e3": "x.xlsx!Observations:A4",
        "weights:ann:e1": "x.xlsx!Weights:B2",
        "notes:ann:e2": "x.xlsx!Notes:B2",
        "weights:ben:e1": "x.xlsx!Weights:B3",
    }


def cell(sheet: str, line: int, column: int, value: object) -> Callable[[Book], None]:
    def change(sheets: Book) -> None:
        rows = sheets[sheet]
        while len(rows) < line:
            rows.append([None] * len(rows[0]))
        rows[line - 1] = [*rows[line - 1], *[None] * (column - len(rows[line - 1]))]
        rows[line - 1][column - 1] = value

    return change


def sheet(name: str, rows: Sequence[Sequence[Any]]) -> Callable[[Book], None]:
    return lambda sheets: sheets.update({name: [list(row) for row in rows]})


def without(*names: str) -> Callable[[Book], None]:
    def change(sheets: Book) -> None:
        for name in names:
            del sheets[name]

    return change


@pytest.mark.parametrize(
    ("change", "slug", "place", "says"),
    [
        (cell("Steps", 1, 3, "ask"), "column-unknown", "Steps:C1", "did you mean `asks`"),
        (cell("study", 10, 2, "x"), "cell-empty", "study:A10", "key"),
        (cell("study", 7, 2, "stake"), "unknown-hypothesis", "study:B7", "did you mean `stakes`"),
        (cell("study", 10, 1, "titel"), None, None, None),
        (cell("study", 5, 1, "title.en"), "key-twice", "study:B5", "line 4"),
        (cell("study", 2, 2, 2), "format-version", "study:B2", "`2`"),
        (sheet("Sources", [["id", "title"], ["Walt1987", "x"]]), "source-key-missing", "Sources:A2", "type"),
        (cell("Sources", 2, 7, "{oops"), "source-more", "Sources:G2", "JSON object"),
        (cell("Sources", 3, 1, "Walt1987"), None, None, None),
        (without("Sources"), "sources-missing", "Sources", "cites sources"),
        (cell("Hypotheses", 3, 2, None), "key-missing", "Hypotheses:A3", "name"),
        (cell("Hypotheses", 3, 1, "stakes"), None, None, None),
        (cell("Sets", 2, 2, "stakes; thread"), "unknown-hypothesis", "Sets:B2", "did you mean `threat`"),
        (cell("Cases", 1, 4, "perod"), None, None, None),
        (cell("Cases", 2, 4, "earli"), "unknown-group", "Cases:D2", "did you mean `early`"),
        (cell("Cases", 2, 3, "2017-13"), "date-unreal", "Cases:C2", "2017-13"),
        (cell("Steps", 3, 1, "start"), None, None, None),
        (cell("Arrows", 2, 2, "end!"), None, None, None),
        (cell("Reliability", 2, 2, "0,9"), "cell-number", "Reliability:B2", "point for decimals"),
        (cell("Reliability", 2, 2, 1.5), "number-out-of-range", "Reliability:B2", "1.5"),
        (cell("Scale", 2, 3, 1), "anchor-first", "Scale:C2", "1"),
        (cell("Observations", 2, 1, None), "cell-empty", "Observations:A2", "case"),
        (cell("Observations", 3, 1, "ona"), None, None, None),
        (cell("Observations", 4, 2, "e1"), "evidence-twice", "Observations:B4", "x.xlsx!Observations:B3"),
        (cell("Observations", 2, 3, "ends"), "unknown-step", "Observations:C2", "did you mean `end`"),
        (cell("Observations", 2, 4, "upp"), "choice-unknown", "Observations:D2", "did you mean `up`"),
        (cell("Observations", 4, 9, "maybe"), "truth-expected", "Observations:I4", "maybe"),
        (cell("Observations", 1, 5, "titles"), None, None, None),
        (cell("Weights", 2, 6, "2,5"), "cell-number", "Weights:F2", "point for decimals"),
        (cell("Weights", 3, 1, None), "cell-empty", "Weights:A3", "coder"),
        (cell("Weights", 2, 1, "a/b"), None, None, None),
        (cell("Weights", 3, 1, "ann"), "pair-twice", "Weights:C3", "line 2"),
        (cell("Weights", 1, 8, "notes"), "column-unknown", "Weights:H1", "notes"),
        (cell("Weights", 2, 8, "aside"), "column-unnamed", "Weights:H1", "heading"),
        (cell("Notes", 2, 1, "cid"), "unknown-coder", "Notes:A2", "cid"),
        (sheet("Obsrvations", [["x"]]), "sheet-unknown", "Obsrvations", "expected `Observations`"),
        (sheet("Profiles", [["profile", "name", "why"], ["a b", "A", "w"]]), "name-form", "Profiles:A2", "a b"),
        (sheet("Profiles", [["profile", "name", "why"], [None, "A", "w"]]), "cell-empty", "Profiles:A2", "profile"),
        (
            sheet("Profiles", [["profile", "name", "why"], ["a", "A", "w"], ["a", "A", "w"]]),
            "row-twice",
            "Profiles:A3",
            "line 2",
        ),
        (
            sheet("Profiles", [["profile", "name", "why", "prior"], ["a", "A", "w", "stakes: 1, threats: 2"]]),
            "unknown-hypothesis",
            "Profiles:D2",
            "threats",
        ),
        (
            sheet("Profiles", [["profile", "name", "why", "prior"], ["a", "A", "w", "{stakes: 1"]]),
            "yaml-bracket",
            "Profiles:D2",
            "bracket",
        ),
        (cell("study", 10, 1, "sets.more.hypotheses"), None, None, None),
    ],
)
def test_a_fault_stands_at_its_cell(
    tmp_path: Path, change: Callable[[Book], None], slug: str | None, place: str | None, says: str | None
) -> None:
    sheets = small()
    change(sheets)
    try:
        read_study(made(tmp_path, sheets))
    except StudyFaults as found:
        faults = found.faults
    else:
        faults = ()
    if slug is None:
        for fault in faults:
            assert fault.path.startswith("x.xlsx!")
            assert fault.text("zh")
        return
    assert [fault.slug for fault in faults] == [slug], "\n".join(fault.text() for fault in faults)
    assert place is not None
    assert says is not None
    assert faults[0].place() == f"x.xlsx!{place}"
    assert says in faults[0].text()


@pytest.mark.parametrize("at", range(len(small())))
def test_cells_merged_on_any_sheet_that_is_read_are_refused(tmp_path: Path, at: int) -> None:
    name = [*small()][at]
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    file = spoilt(made(tmp_path, small()), "</sheetData>", merged, f"xl/worksheets/sheet{at + 1}.xml")
    if name == "Read me":
        read_study(file)
        return
    with pytest.raises(StudyFaults) as caught:
        read_study(file)
    assert [(fault.slug, fault.place()) for fault in caught.value.faults] == [("cells-merged", f"x.xlsx!{name}:A2")]


def test_what_two_sheets_say_is_refused(tmp_path: Path) -> None:
    sheets = small()
    sheets["study"].append(["mechanism.arrows", "[[start, end]]"])
    with pytest.raises(StudyFaults, match=r"x\.xlsx!Arrows:A1: the key `mechanism\.arrows` stands here again"):
        read_study(made(tmp_path, sheets))


def test_all_may_stand_among_the_keys(tmp_path: Path) -> None:
    sheets = small()
    before = read_study(made(tmp_path, sheets)).canonical()
    for name in ("Hypotheses", "Sets", "Arrows", "Predictions", "Reliability", "Scale"):
        del sheets[name]
    sheets["study"] += [
        ["hypotheses", "{stakes: {name: {en: Stakes, zh: 利益}}, threat: {name: Threat, claim: ' It cared. '}}"],
        ["sets.all.hypotheses", "stakes; threat"],
        ["mechanism.arrows", "[[start, end]]"],
        ["mechanism.predictions", "[{name: H1, cases: [one, two], directions: {start: up, end: down}}]"],
        ["reliability.press", 0.9],
        ["scale.anchors", "[{word: {en: slight, zh: 轻微}, db: 0}]"],
    ]
    assert read_study(made(tmp_path, sheets)).canonical() == before


def test_a_sheet_by_another_name_is_not_passed_over(tmp_path: Path) -> None:
    """Weights on a sheet that somebody has renamed would be left out of the answer without a word."""
    for name, called in (("Weights", "权重"), ("Notes", "Reasons"), ("Cases", "Our towns"), ("Scale", "Words")):
        sheets: Book = {called if each == name else each: rows for each, rows in small().items()}
        with pytest.raises(StudyFaults) as caught:
            read_study(made(tmp_path, sheets))
        (told,) = [fault for fault in caught.value.faults if fault.slug == "sheet-renamed"]
        assert (told.place(), told.details["guess"]) == (f"x.xlsx!{called}", f"`{name}`")
    own: Book = {**small(), "My own": small()["Weights"], "Diary": [["date", "what"], [1, 2]]}
    assert read_study(made(tmp_path, own)).canonical() == read_study(made(tmp_path, small())).canonical()


def test_where_a_name_is_declared_is_said_of_the_workbook(tmp_path: Path) -> None:
    sheets = small()
    sheets["Observations"][1][2] = "ende"
    with pytest.raises(StudyFaults) as caught:
        read_study(made(tmp_path, sheets))
    assert caught.value.text().endswith("in study.yaml (a workbook has the sheet `Steps` for it)")
    assert caught.value.text("zh").endswith("下声明（工作簿中见 `Steps` 表）")


def test_a_fault_of_headings_brings_no_others(tmp_path: Path) -> None:
    sheets = small()
    sheets["Observations"][0].append("my remark")
    sheets["Observations"][1].append("x")
    with pytest.raises(StudyFaults) as caught:
        read_study(made(tmp_path, sheets))
    assert [(fault.place(), fault.slug) for fault in caught.value.faults] == [
        ("x.xlsx!Observations:K1", "column-unknown")
    ]


def test_cells_that_are_merged_are_not_called_empty_too(tmp_path: Path) -> None:
    sheets = small()
    sheets["Notes"] = [["coder", "evidence", "rationale"], ["ann", "e2", "NA"], [None, "e1", "so"]]
    file = made(tmp_path, sheets)
    merge = '</sheetData><mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    spoilt(file, "</sheetData>", merge, f"xl/worksheets/sheet{[*sheets].index('Notes') + 1}.xml")
    with pytest.raises(StudyFaults) as caught:
        read_study(file)
    assert [(fault.place(), fault.slug) for fault in caught.value.faults] == [("x.xlsx!Notes:A2", "cells-merged")]


def test_a_hidden_sheet_is_refused(tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - one test only

    file = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        book.add_worksheet("Study").write_row(0, 0, ["key", "value"])
        book.add_worksheet("Weights").hide()
    with pytest.raises(StudyFaults) as caught:
        read_study(file)
    assert ("sheet-hidden", "x.xlsx!Weights") in [(fault.slug, fault.place()) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("name", "content", "slug"),
    [
        ("x.xlsx", b"", "file-empty"),
        ("x.xls", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "workbook-old"),
        ("x.xlsm", b"PK\x03\x04", "workbook-broken"),
        ("study.json", b"PK\x03\x04", "workbook-broken"),
        ("x.ods", b"text", "workbook-other"),
    ],
)
def test_what_was_meant_as_a_workbook_is_told_as_one(tmp_path: Path, name: str, content: bytes, slug: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyFaults) as caught:
        read_study(tmp_path / name)
    assert [fault.slug for fault in caught.value.faults] == [slug]


def test_a_workbook_without_its_first_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyFaults, match="no sheet `Study`; it has `Sheet1`") as caught:
        read_study(plain(tmp_path / "x.xlsx", {"Sheet1": [["a"]]}))
    assert caught.value.faults[0].slug == "sheet-missing"


def test_a_coder_who_has_stated_nothing_yet_is_a_coder(tmp_path: Path) -> None:
    sheets = small()
    sheets["Weights"].append(["cid"])
    study: Study = read_study(made(tmp_path, sheets))
    assert [(coding.coder, len(coding.judgements)) for coding in study.codings] == [("ann", 2), ("ben", 1), ("cid", 0)]


def test_the_program_takes_it_and_writes_beside_it(tmp_path: Path) -> None:
    file = made(tmp_path, small())
    assert CliRunner().invoke(main, ["check", str(file)]).exit_code == 0
    run = CliRunner().invoke(main, ["update", str(file), "--face-value", "--quiet"])
    assert run.exit_code in {0, 4}, run.output
    (summary,) = (tmp_path / "reports").glob("*/summary.json")
    assert json.loads(summary.read_text(encoding="utf-8"))["study_digest"] == read_study(file).digest()
    again = CliRunner().invoke(main, ["report", str(file), "--lang", "zh"])
    assert again.exit_code == 0, again.output
    manifest = json.loads((summary.parent / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["inputs"]) == ["x.xlsx"]


_ODD = st.one_of(
    st.none(),
    st.sampled_from(
        ["", " ", "[", "{", "{a: b}", "a: b: c", "[1, [2", "&a", "*a", "<<: x", "- a", "a.b.c", "..", "\u200bx"]
    ),
    st.sampled_from(
        ["title", "cases", "mechanism.steps", "hypotheses.x", "scale.anchors.0", "0", "sets.all", "stakes"]
    ),
    st.sampled_from([True, False, 0, -1, 1e308, 0.1, 2017, "1e999", "x" * 300, "=1", "'=1", "；", "a；b", "{{", "%"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_nothing_in_any_cell_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    sheets = small()
    for _ in range(data.draw(st.integers(1, 5))):
        name = data.draw(st.sampled_from([*sheets]))
        line = data.draw(st.integers(1, len(sheets[name]) + 1))
        cell(name, line, data.draw(st.integers(1, len(sheets[name][0]) + 1)), data.draw(_ODD))(sheets)
    file = made(tmp_path_factory.mktemp("f"), sheets)
    try:
        study = read_study(file)
    except StudyFaults as found:
        for fault in found.faults:
            assert fault.text("en").startswith("x.xlsx")
            assert fault.text("zh").startswith("x.xlsx")
    else:
        assert study.canonical()
