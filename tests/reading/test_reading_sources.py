"""sources.json: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import FILES, STUDY, Spoilt, check_spoilt, faults_of, faults_with, write

from bayestrace.reading import read_study
from bayestrace.reading.sources import read_sources

J = "evidence/sources.json"
UNUSED = '{"id": "Unused", "type": "book", "title": "Nobody cites it"}'

SPOILT = [
    Spoilt(
        J,
        '"book", "title": "The',
        '"book"‸ "title": "The'.replace("‸ ", " ‸"),
        "json-syntax",
        ("cannot be read as JSON", "a list of sources", "missing comma"),
    ),
    Spoilt(
        J,
        f"{UNUSED}\n]",
        f"{UNUSED},\n‸]",
        "json-syntax",
        ("cannot be read as JSON", "a list of sources", "missing comma"),
    ),
    Spoilt(
        J,
        f"  {UNUSED}\n]",
        f"  {UNUSED}\n] ‸]",
        "json-syntax",
        ("cannot be read as JSON", "a list of sources", "missing comma"),
    ),
    Spoilt(
        J,
        UNUSED,
        '‸{"id": "Peng2024", "type": "book", "title": "Again"}',
        "source-twice",
        ("`Peng2024`", "line 2 already", "every source once", "another id"),
        "sources[Peng2024]",
    ),
    Spoilt(
        J,
        UNUSED,
        '‸{"id": "Unused", "type": "book"}',
        "source-key-missing",
        ("no title", "an id, a type and a title", 'add `"title"'),
    ),
    Spoilt(
        J,
        UNUSED,
        '‸{"id": "Unused", "title": "T"}',
        "source-key-missing",
        ("no type", "an id, a type and a title", 'add `"type"'),
    ),
    Spoilt(
        J,
        UNUSED,
        '‸{"type": "book", "title": "T"}',
        "source-key-missing",
        ("no id", "an id, a type and a title", 'add `"id"'),
    ),
    Spoilt(
        J,
        UNUSED,
        '‸{"id": "Unused", "type": "book", "title": " "}',
        "source-key-missing",
        ("no title", "an id", 'add `"title"'),
    ),
    Spoilt(
        J, UNUSED, '‸{"id": true, "type": "book", "title": "T"}', "source-key-missing", ("no id", "an id", 'add `"id"')
    ),
    Spoilt(J, UNUSED, '‸"Unused"', "source-form", ("no source", '"id": ...', "correct or delete")),
    Spoilt(
        J,
        UNUSED,
        '‸{"id": "Un\\u200bused", "type": "book", "title": "T"}',
        "hidden-character",
        ("U+200B", "visible", "by hand"),
    ),
    Spoilt(
        J,
        UNUSED,
        '‸{"id": "Unused", "type": "book", "title": "\\ud800"}',
        "json-character",
        ("U+D800", "whole characters", "type the text anew"),
    ),
    Spoilt(
        J,
        UNUSED,
        '‸{"id": "Unused", "type": "book", "title": "T", "\\u0000": 1}',
        "json-character",
        ("U+0000", "whole characters", "type the text anew"),
    ),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_source_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt)


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 19, "9" * 5000])
def test_numbers_that_json_cannot_keep_are_refused(number: str) -> None:
    _, complete, (fault,) = read_sources(J, f'[\n {{"id": "a", "type": "book", "title": "t", "volume": {number}}}]')
    assert (fault.line, fault.column, fault.slug) == (2, 2, "json-number")
    assert "finite numbers of at most 18 digits; correct it" in fault.text()
    assert not complete


@pytest.mark.parametrize("depth", [60, 100_000])
def test_endless_nesting_is_refused(depth: int) -> None:
    text = '[{"id": "a", "type": "book", "title": "t", "x": ' + "[" * depth + "]" * depth + "}]"
    (fault,) = read_sources(J, text).faults
    assert (fault.line, fault.column, fault.slug) == (1, 2, "json-too-deep")
    assert (
        'lists inside lists without end; expected a list of sources; export the sources anew as "CSL JSON"'
        in fault.text()
    )


@pytest.mark.parametrize("text", ["{}", '{"items": []}', "5", '"x"', "null"])
def test_a_file_without_a_list_is_refused(text: str) -> None:
    (fault,) = read_sources(J, text).faults
    assert (fault.line, fault.column, fault.slug) == (1, 1, "json-list")
    assert "does not hold a list; expected `[ {...}, {...} ]`, one entry a source; export" in fault.text()


def test_an_empty_list_and_a_numbered_source_read() -> None:
    assert read_sources(J, " [ ] \n") == ({}, True, [])
    by_id, _, faults = read_sources(J, '[{"id": 7, "type": "book", "title": "t"}]')
    assert faults == []
    assert by_id == {"7": {"id": "7", "type": "book", "title": "t"}}


def test_sources_that_cannot_be_read_make_no_source_unknown(tmp_path: Path) -> None:
    assert [fault.slug for fault in faults_with(tmp_path, {J: "[{"})] == ["json-syntax"]
    assert [fault.slug for fault in faults_with(tmp_path, {J: b"\xff"})] == ["not-utf8"]


def test_a_missing_file_is_told_once(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if name != J}
    (fault,) = faults_of(write(tmp_path, files))
    assert (fault.path, fault.line, fault.slug) == (J, 0, "sources-missing")
    assert "there is no file evidence/sources.json" in fault.text()
    assert "every source that an observation or a search cites; export them" in fault.text()


def test_a_study_that_cites_nothing_needs_no_sources(tmp_path: Path) -> None:
    folder = write(tmp_path, {"study.yaml": STUDY.replace("about: Peng2024\n", "")})
    assert read_study(folder).sources == {}
