"""Workbooks from anywhere: values exactly as the file keeps them, what is none and hostile files refused in words."""

import datetime as dt
import os
import shutil
import struct
import subprocess
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from books import SHEET_XML, book, plain, spoilt
from hypothesis import given, settings
from hypothesis import strategies as st

from bayestrace.errors import Fault, InputOutputFault
from bayestrace.reading import packed
from bayestrace.reading.cells import Sheet, open_workbook
from bayestrace.reading.lines import SheetCell


def sheets_of(file: Path) -> tuple[Sheet, ...]:
    found = open_workbook(file)
    assert not isinstance(found, Fault), found.text()
    return found


def only(file: Path) -> Sheet:
    (sheet,) = sheets_of(file)
    return sheet


def refused(file: Path) -> Fault:
    found = open_workbook(file)
    assert isinstance(found, Fault)
    assert found.path == file.name
    assert found.text("zh") != found.text("en")
    return found


def texts(sheet: Sheet) -> dict[str, str]:
    return {cell.address(): cell.text for cell in sheet.cells.values()}


def many_kinds(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("Kinds")
    day, hour = (made.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
    sheet.write_number("A1", 0.1)
    sheet.write_number("B1", 5)
    sheet.write_number("C1", -3.5)
    sheet.write_boolean(0, 3, True)  # noqa: FBT003 - as the library has it
    sheet.write_datetime("E1", dt.datetime(2017, 11, 3), day)  # noqa: DTZ001 - sheets know no zones
    sheet.write_datetime("F1", dt.datetime(2017, 11, 3, 8, 30), hour)  # noqa: DTZ001
    sheet.write_datetime("G1", dt.time(8, 30), made.add_format({"num_format": "hh:mm"}))
    sheet.write_number("H1", 0.7, made.add_format({"num_format": "0%"}))
    sheet.write_formula("I1", "=1+1", None, 2)
    sheet.write_rich_string("K1", "one ", made.add_format({"bold": True}), "two", " three")
    sheet.write_string("A2", "NA")
    sheet.write_string("B2", "None")
    sheet.write_string("C2", "0,5")
    sheet.write_string("D2", "0.30000000000000004")
    sheet.write_string("E2", "\u00a0name\u3000 ")
    sheet.write_string("F2", "'=1+1")
    sheet.write_string("G2", "'tis")
    sheet.write_string("H2", "_x0041_")
    sheet.write_string("I2", "   ")
    sheet.write_number("J2", 1e300)
    sheet.write_number("K2", 1.5e18)
    sheet.set_row(1, None, None, {"hidden": True})
    sheet.write_blank("XFD1048576", None, day)


def test_values_are_those_that_the_file_keeps(tmp_path: Path) -> None:
    sheet = only(book(tmp_path / "kinds.xlsx", many_kinds))
    assert sheet.path == "kinds.xlsx!Kinds"
    assert sheet.faults == ()
    assert texts(sheet) == {
        "A1": "0.1",
        "B1": "5",
        "C1": "-3.5",
        "D1": "TRUE",
        "E1": "2017-11-03",
        "F1": "2017-11-03 08:30:00",
        "G1": "08:30:00",
        "H1": "0.7",
        "I1": "2",
        "K1": "one two three",
        "A2": "NA",
        "B2": "None",
        "C2": "0,5",
        "D2": "0.30000000000000004",
        "E2": "name",
        "F2": "=1+1",
        "G2": "'tis",
        "H2": "_x0041_",
        "J2": "1e+300",
        "K2": "1.5e+18",
    }
    kinds = {cell.address(): cell.kind for cell in sheet.cells.values()}
    assert (kinds["A1"], kinds["D1"], kinds["E1"], kinds["C2"]) == ("number", "truth", "date", "text")
    assert sheet.cells[2, 5].whole == "\u00a0name\u3000 "


def test_a_formula_may_come_to_an_empty_text(tmp_path: Path) -> None:
    file = spoilt(book(tmp_path / "x.xlsx", unsaved), '<c r="D2">', '<c r="D2" t="str">')
    assert (texts(only(file)), only(file).faults) == ({}, ())


def test_a_number_of_seventeen_digits_is_read_to_the_last(tmp_path: Path) -> None:
    file = spoilt(plain(tmp_path / "x.xlsx", {"S": [[0.5]]}), "<v>0.5</v>", "<v>0.30000000000000004</v>")
    assert texts(only(file)) == {"A1": "0.30000000000000004"}


@settings(max_examples=30, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_of_a_file_is_read_exactly(tmp_path_factory: pytest.TempPathFactory, number: float) -> None:
    file = plain(tmp_path_factory.mktemp("n") / "x.xlsx", {"S": [[0.5]]})
    cell = only(spoilt(file, "<v>0.5</v>", f"<v>{number!r}</v>")).cells[1, 1]
    assert float(cell.text) == number


def unsaved(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet("S").write_formula("D2", "=1+1", None, "")


def failed(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet("S").write_formula("B3", "=1/0", None, "#DIV/0!")


def merged(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet("S").merge_range("A3:B4", "both")


@pytest.mark.parametrize(
    ("fill", "slug", "place", "says"),
    [
        (unsaved, "cell-formula", "S:D2", "formula without a saved value"),
        (failed, "cell-error", "S:B3", "#DIV/0!"),
        (merged, "cells-merged", "S:A3", "A3:B4"),
    ],
)
def test_what_is_no_plain_value_is_refused_at_its_cell(
    tmp_path: Path, fill: Callable[[xlsxwriter.Workbook], object], slug: str, place: str, says: str
) -> None:
    (fault,) = only(book(tmp_path / "x.xlsx", fill)).faults
    assert fault.slug == slug
    assert fault.text().startswith(f"x.xlsx!{place}: ")
    assert says in fault.text()


def test_an_error_written_as_text_is_a_text(tmp_path: Path) -> None:
    sheet = only(plain(tmp_path / "x.xlsx", {"S": [["#N/A"]]}))
    assert (texts(sheet), sheet.faults) == ({"A1": "#N/A"}, ())


def test_a_control_character_is_refused(tmp_path: Path) -> None:
    (fault,) = only(plain(tmp_path / "x.xlsx", {"S": [["a\x07b"]]})).faults
    assert (fault.slug, fault.place()) == ("control-character", "x.xlsx!S:A1")


def test_sheets_keep_their_order_and_say_whether_people_see_them(tmp_path: Path) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("One").write_string("A1", "1")
        made.add_worksheet("Two").hide()
        made.add_worksheet("三").write_string("B2", "3")

    one, two, three = sheets_of(book(tmp_path / "x.xlsx", fill))
    assert [(sheet.name, sheet.hidden) for sheet in (one, two, three)] == [("One", False), ("Two", True), ("三", False)]
    assert texts(three) == {"B2": "3"}


def test_rows_leave_out_what_is_empty_and_keep_where_cells_stand(tmp_path: Path) -> None:
    sheet = only(plain(tmp_path / "x.xlsx", {"S": [[], ["a", None, "b"], [], [None, None, 1]]}))
    assert [[(cell.line, cell.column, cell.text) for cell in row] for row in sheet.rows()] == [
        [(2, 1, "a"), (2, 3, "b")],
        [(4, 1, ""), (4, 3, "1")],
    ]


def test_a_table_is_read_like_csv_whatever_the_case_of_its_headings(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["  Evidence", "BEST", "note"], ["e1", 2.5, None], [None, None, None], ["e2", "0,5", "x"]]
    table = only(plain(tmp_path / "x.xlsx", {"S": rows})).table([("evidence", "best", "note")])
    assert table.faults == ()
    assert [{name: cell.text for name, cell in row.items()} for row in table.rows] == [
        {"evidence": "e1", "best": "2.5", "note": ""},
        {"evidence": "e2", "best": "0,5", "note": "x"},
    ]
    _, second = table.rows
    assert second["best"].fault("cell-number", {"found": "`0,5`"}).text().startswith("x.xlsx!S:B4: best: ")


def test_a_column_without_a_heading_is_refused(tmp_path: Path) -> None:
    table = only(plain(tmp_path / "x.xlsx", {"S": [["a"], ["1", "2"]]})).table([("a",)])
    assert [(fault.slug, fault.place()) for fault in table.faults] == [("column-unnamed", "x.xlsx!S:B1")]


def written(content: bytes) -> Callable[[Path], Path]:
    def write(file: Path) -> Path:
        file.write_bytes(content)
        return file

    return write


def archive(*members: tuple[str, bytes]) -> Callable[[Path], Path]:
    def write(file: Path) -> Path:
        with zipfile.ZipFile(file, "w") as made:
            for name, content in members:
                made.writestr(name, content)
        return file

    return write


def good(file: Path) -> Path:
    return plain(file, {"S": [["a", 1]]})


def cut(file: Path) -> Path:
    good(file).write_bytes(file.read_bytes()[:-200])
    return file


def entities(file: Path) -> Path:
    return spoilt(good(file), "<worksheet", '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet')


def wrong_checksum(file: Path) -> Path:
    good(file)
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo(SHEET_XML)
    raw = bytearray(file.read_bytes())
    for head, offset in ((info.header_offset, 14), (raw.rfind(SHEET_XML.encode()) - 46, 16)):
        raw[head + offset : head + offset + 4] = b"\0\0\0\0"
    file.write_bytes(bytes(raw))
    return file


def understated(file: Path) -> Path:
    """A part that unpacks to 100 MB while the archive says that it is a hundred bytes."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", bytes(100_000_000))
    raw = bytearray(file.read_bytes())
    for head, offset in ((0, 22), (raw.rfind(b"PK\x01\x02"), 24)):
        raw[head + offset : head + offset + 4] = struct.pack("<I", 100)
    file.write_bytes(bytes(raw))
    return file


def without_rels(file: Path) -> Path:
    return archive(("xl/workbook.xml", b"<workbook/>"))(file)


OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@pytest.mark.parametrize(
    ("make", "slug"),
    [
        (written(b""), "file-empty"),
        (written(b"a,b\n1,2\n"), "workbook-other"),
        (written(b"PK\x03\x04" + bytes(100)), "workbook-broken"),
        (written(OLE + bytes(600)), "workbook-old"),
        (written(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le")), "workbook-locked"),
        (archive(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")), "workbook-other"),
        (without_rels, "workbook-broken"),
        (cut, "workbook-broken"),
        (entities, "workbook-broken"),
        (wrong_checksum, "workbook-broken"),
        (understated, "workbook-broken"),
        (lambda file: spoilt(good(file), 'r="A1"', 'r="?1"'), "workbook-broken"),
        (lambda file: spoilt(good(file), "<sheetData>", "<sheetData><row>"), "workbook-broken"),
        (lambda file: spoilt(good(file), 'r="B1"', 'r="XFD1"'), "workbook-too-large"),
        (lambda file: spoilt(good(file), 'r="B1"', 'r="B1048576"'), "workbook-too-large"),
        (lambda file: spoilt(good(file), 'r="B1"', 'r="BXX99999"'), "workbook-too-large"),
    ],
)
def test_what_is_no_workbook_is_said(tmp_path: Path, make: Callable[[Path], Path], slug: str) -> None:
    assert refused(make(tmp_path / "x.xlsx")).slug == slug


@pytest.mark.parametrize("bound", ["MOST_BYTES", "MOST_PARTS", "MOST_SHEETS", "MOST_CELLS"])
def test_workbooks_beyond_all_use_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    file = plain(tmp_path / "x.xlsx", {"S": [["a", "b"]], "T": [["a", "b"]]})
    sheets_of(file)
    monkeypatch.setattr(packed, bound, 1)
    fault = refused(file)
    assert fault.slug == "workbook-too-large"
    assert "expected at most" in fault.text()


def test_no_more_is_unpacked_than_the_archive_says(tmp_path: Path) -> None:
    file = understated(tmp_path / "x.xlsx")
    open_workbook(good(tmp_path / "y.xlsx"))  # what is loaded at the first use is not the file's
    tracemalloc.start()
    open_workbook(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # Zlib still hands out what it has taken in: up to a thousand times the few kilobytes that are read at once.
    assert peak < 30_000_000


def test_a_file_beyond_all_use_is_not_even_opened(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    with file.open("wb") as handle:
        handle.truncate(30_000_000)
    assert refused(file).slug == "file-too-large"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputOutputFault):
        open_workbook(tmp_path / "none.xlsx")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_broken_byte_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    file = good(tmp_path_factory.mktemp("b") / "x.xlsx")
    raw = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    file.write_bytes(bytes(raw))
    open_workbook(file)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_broken_xml_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    file = good(tmp_path_factory.mktemp("b") / "x.xlsx")
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(each for each in parts if each.startswith("xl/"))))
    raw = bytearray(parts[name])
    at = data.draw(st.integers(0, len(raw)))
    raw[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=8))
    with zipfile.ZipFile(file, "w") as archive:
        for each, content in (parts | {name: bytes(raw)}).items():
            archive.writestr(each, content)
    open_workbook(file)


def test_an_empty_cell_has_no_address_of_its_own(tmp_path: Path) -> None:
    sheet = only(plain(tmp_path / "x.xlsx", {"S": [["a", "b"], ["c"]]}))
    assert all(isinstance(cell, SheetCell) for cell in sheet.cells.values())
    assert (2, 2) not in sheet.cells


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.long
def test_libreoffice_saves_the_same_values(tmp_path: Path) -> None:
    before = texts(only(book(tmp_path / "kinds.xlsx", many_kinds)))
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", "out", "kinds.xlsx"],  # noqa: S607
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert texts(only(tmp_path / "out" / "kinds.xlsx")) == before
