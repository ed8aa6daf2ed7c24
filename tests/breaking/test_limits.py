"""Every limit on what is read is stated in docs/limits.md, and holds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import netCDF4
import pytest
from archives import archive, project, selection, text_source
from books import plain
from small_study import FILES, write

from bayestrace import results, verify
from bayestrace.coding.returned import open_returned
from bayestrace.errors import InputOutputFault, StudyFaults
from bayestrace.messages import FAULTS
from bayestrace.messages.refusals import REFUSALS
from bayestrace.qda import archive as archives_read
from bayestrace.qda import project as projects_read
from bayestrace.qda import read_archive, read_project, stubs
from bayestrace.reading import bibtex, cells, lines, marks, packed, read_study, sources, tables, text
from bayestrace.reading.cells import open_workbook

ROOT = Path(__file__).parents[2]
STATED = {
    "any other text: YAML, JSON, BibTeX, a manifest, CSV that coders send back": text.LARGEST,
    "tables of a study in CSV bytes": text.LARGEST_TABLE,
    "tables of a study in CSV cells": tables.MOST_TABLE_CELLS,
    "YAML, one inside the other": marks.DEEPEST,
    "YAML": marks.MOST_EVENTS,
    "YAML and CSL-JSON, a whole number": sources._MOST_DIGITS,  # noqa: SLF001 - what the page states
    "CSV columns": lines.MOST_COLUMNS,
    "CSV that coders send back": lines.MOST_CELLS,
    "CSV, CSL-JSON, BibTeX": tables.MOST_FAULTS,
    "CSL-JSON, one inside the other": sources._DEEPEST,  # noqa: SLF001 - as above
    "BibTeX, fields with LaTeX in sum": bibtex.MOST_LATEX,
    "workbook bytes": cells.LARGEST,
    "workbook, unpacked": packed.MOST_BYTES,
    "workbook parts": packed.MOST_PARTS,
    "workbook sheets": packed.MOST_SHEETS,
    "workbook, a sheet rows": packed.MOST_ROWS,
    "workbook, a sheet columns": packed.MOST_COLUMNS,
    "workbook, filled in": packed.MOST_CELLS,
    "workbook, a sheet, rows by columns": packed.LARGEST_GRID,
    "project of REFI-QDA bytes": archives_read.MOST_ARCHIVE,
    "project.qde, unpacked": archives_read.MOST_PROJECT,
    "a text of a project": archives_read.MOST_TEXT,
    "all texts of a project": archives_read.MOST_READ,
    "project of REFI-QDA files": archives_read.MOST_ENTRIES,
    "project.qde, one inside the other": projects_read.MOST_DEPTH,
    "project.qde": projects_read.MOST_ELEMENTS,
    "a result, unpacked": results.MOST_BYTES,
}


def test_the_page_states_every_limit_as_it_is() -> None:
    page = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8").partition("## ")[0]
    rows = re.findall(r"^\| (.+?) \| ([\d,]+) \| (.+?) \| (.+?) \|$", page, flags=re.MULTILINE)
    assert len(rows) == len(STATED)
    for what, number, of, said in rows:
        limit = STATED.get(what) if what in STATED else STATED[f"{what} {of}"]
        assert number == f"{limit:,}", what
        for slug in re.findall(r"`([a-z-]+)`", said):
            assert slug in FAULTS or slug in REFUSALS


def slugs(folder: Path, name: str, content: str | bytes) -> dict[str, str]:
    """Read the small study with one file changed; give the faults' sentences by slug."""
    write(folder, {**FILES, name: content})
    with pytest.raises(StudyFaults) as found:
        read_study(folder)
    return {fault.slug: fault.text() for fault in found.value.faults}


WEIGHTS = "evidence/codings/neutral-weights.csv"
HEAD = "evidence,hypothesis,against,low_db,best_db,high_db\n"
SOURCES = "evidence/sources.json"
BIBTEX = "evidence/sources.bib"


@pytest.mark.parametrize(
    ("name", "content", "slug"),
    [
        ("study.yaml", "a: " + "x" * 5_000_000, "file-too-large"),
        (SOURCES, "[" + " " * 5_000_000 + "]", "file-too-large"),
        (BIBTEX, "@comment{" + "x" * 5_000_000 + "}", "file-too-large"),
        ("study.yaml", "- " * 41, "yaml-too-deep"),
        ("study.yaml", "- a\n" * 200_000, "yaml-too-many"),
        ("study.yaml", "bayestrace: " + "9" * 19, "number-too-long"),
        (WEIGHTS, "," * 2_000, "table-too-large"),
        (WEIGHTS, HEAD + "a,b,c,1,2,3\n" * 1_000, "more-faults"),
        (WEIGHTS, HEAD + "a\n" * 1_001, "more-faults"),
        ("evidence/clues.csv", "case,clue,state\n" + "a,b,found\n" * 1_000, "more-faults"),
        (SOURCES, "[" + "0," * 1_001 + "0]", "more-faults"),
        (SOURCES, '[{"id": "a", "x": ' + "[" * 41 + "]" * 41 + "}]", "json-too-deep"),
        (SOURCES, "[" * 200_000, "json-too-deep"),
        (SOURCES, "[" + "9" * 19 + "]", "json-number"),
        (BIBTEX, "@book{a, title={" + "\\'e" * 700_000 + "}}", "bibtex-latex"),
        (BIBTEX, "@book{,}\n" * 1_001, "more-faults"),
        (BIBTEX, "@book{a, title={" + "{" * 1_000 + "x" + "}" * 1_000 + "}}", "bibtex-deep"),
    ],
    ids=lambda value: value if len(value) < 40 else "",
)
def test_what_is_beyond_a_limit_is_refused(tmp_path: Path, name: str, content: str, slug: str) -> None:
    said = slugs(tmp_path, name, content)
    assert slug in said
    assert said[slug].startswith(name)


@pytest.mark.parametrize(
    ("limit", "most", "slug"),
    [
        ("origin.LARGEST_TABLE", 100, "file-too-large"),
        ("tables.MOST_TABLE_CELLS", 10, "table-too-large"),
        ("rows.MOST_TABLE_CELLS", 10, "table-too-large"),
    ],
)
def test_a_table_of_a_study_beyond_a_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, slug: str
) -> None:
    head = "id,case,step,title,claim,source,source_type\n"
    row = "more,two,premise,It does more,It did more.,Peng2024,press\n"
    write(tmp_path, {**FILES, "evidence/observations.csv": head + row})
    read_study(tmp_path)
    monkeypatch.setattr(f"bayestrace.reading.{limit}", most)
    with pytest.raises(StudyFaults) as found:
        read_study(tmp_path)
    assert {fault.slug for fault in found.value.faults} == {slug}


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        ("x" * 5_000_000, "file-too-large"),
        pytest.param("a,,,,,\n" * 170_000, "table-too-large", marks=pytest.mark.long),
    ],
    ids=["file", "table"],
)
def test_what_coders_send_back_has_closer_limits(tmp_path: Path, content: str, slug: str) -> None:
    (tmp_path / "back.csv").write_text(HEAD + content, encoding="utf-8")
    assert slug in {fault.slug for fault in open_returned(tmp_path / "back.csv").faults}


def test_what_is_within_the_limits_of_tables_is_read_on(tmp_path: Path) -> None:
    assert "table-too-large" not in slugs(tmp_path, WEIGHTS, HEAD + "," * 1_999 + "x")
    assert "more-faults" not in slugs(tmp_path, WEIGHTS, HEAD + "a\n" * 990)
    assert "more-faults" not in slugs(tmp_path, SOURCES, "[" + "0," * 990 + "0]")


def test_long_fields_take_no_longer_than_they_are(tmp_path: Path) -> None:
    """What was quadratic once: blanks between names, numbers of pages, empty lines of a note."""
    long = " " * 1_000_000
    note = "\\n" * 500_000
    entries = f'[{{"id": "Peng2024", "type": "book", "title": "A", "note": "{note}x", "page": "{"1" * 500_000}"}}]'
    write(tmp_path, {**FILES, SOURCES: entries.replace("}]", '}, {"id": "Walt1987", "type": "book", "title": "B"}]')})
    write(tmp_path, {BIBTEX: f"@book{{b, title={{T}}, author={{A{long}and{long}B}}}}"})
    study = read_study(tmp_path)
    assert study.sources["b"]["author"] == [{"literal": "A"}, {"literal": "B"}]


@pytest.mark.parametrize(
    ("limit", "unit"),
    [("MOST_PARTS", "parts"), ("MOST_SHEETS", "sheets"), ("MOST_ROWS", "rows"), ("MOST_COLUMNS", "columns")],
)
def test_a_workbook_beyond_a_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, unit: str
) -> None:
    file = plain(tmp_path / "a.xlsx", {"One": [[1, 2], [3, 4]], "Two": [[1]]})
    monkeypatch.setattr(packed, limit, 1)
    found = open_workbook(file)
    assert not isinstance(found, tuple)
    assert found.slug == "workbook-too-large"
    assert unit in found.text()


@pytest.mark.parametrize(("limit", "most"), [("MOST_CELLS", 4), ("LARGEST_GRID", 3), ("MOST_BYTES", 100)])
def test_a_workbook_that_holds_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    file = plain(tmp_path / "a.xlsx", {"One": [[1, 2], [3, 4]], "Two": [[1]]})
    assert isinstance(open_workbook(file), tuple)
    monkeypatch.setattr(packed, limit, most)
    found = open_workbook(file)
    assert not isinstance(found, tuple)
    assert found.slug == "workbook-too-large"


def test_a_workbook_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with file.open("wb") as handle:
        handle.truncate(cells.LARGEST + 1)
    found = open_workbook(file)
    assert not isinstance(found, tuple)
    assert found.slug == "file-too-large"


@pytest.mark.parametrize(
    ("limit", "most", "slug"),
    [
        ("archive.MOST_ARCHIVE", 10, "qda-too-large"),
        ("archive.MOST_PROJECT", 10, "qda-too-large"),
        ("archive.MOST_TEXT", 3, "qda-too-large"),
        ("archive.MOST_READ", 3, "qda-too-large"),
        ("archive.MOST_ENTRIES", 1, "qda-entries"),
        ("project.MOST_DEPTH", 2, "qda-deep"),
        ("project.MOST_ELEMENTS", 2, "qda-deep"),
    ],
)
def test_a_project_beyond_a_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, slug: str
) -> None:
    qde = project(f"<Sources>{text_source(selection(60, 0, 1, 1))}</Sources>")
    file = archive(tmp_path / "a.qdpx", qde, a="Hello")
    stubs(read_project(read_archive(file)))
    monkeypatch.setattr(f"bayestrace.qda.{limit}", most)
    with pytest.raises(StudyFaults) as found:
        read_project(read_archive(file))
    assert [fault.slug for fault in found.value.faults] == [slug]


def test_a_result_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    """A file of a few kilobytes can say that it holds any number of numbers."""
    file = tmp_path / "posterior.nc"
    with netCDF4.Dataset(file, "w") as made:
        made.setncatts({"bayestrace": "1", "format": results.FORMAT})
        made.createDimension("x", 10**11)
        made.createVariable("y", "f8", ("x",), chunksizes=(1000,), fill_value=0.0)
    results.seal(file)
    assert file.stat().st_size < 100_000
    with pytest.raises(InputOutputFault, match=r"800\.0 GB"):
        results.load(file)


def test_a_manifest_that_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"manifest": 1, "x": "x" * 5_000_000}), encoding="utf-8")
    with pytest.raises(InputOutputFault, match="5 MB"):
        verify.read_manifest(tmp_path)
