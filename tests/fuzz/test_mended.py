"""What the harness found once, each with the file that showed it."""

from __future__ import annotations

import json
import os
import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from books import plain, spoilt
from sheets import asked_of
from small_study import FILES, OVERLAPPING, write

from bayestrace import results, verify
from bayestrace.coding.returned import open_returned
from bayestrace.coding.taken import take
from bayestrace.errors import Fault, InputOutputFault, StudyFaults
from bayestrace.reading import read_study
from bayestrace.reading.bibtex import read_bibtex
from bayestrace.reading.cells import open_workbook
from bayestrace.reading.text import LARGEST_TABLE, decode
from bayestrace.references import NAMES, STYLES, Style, reference
from bayestrace.references.pages import pages
from bayestrace.references.words import ordinal
from bayestrace.study.private import stated_privacy


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_a_workbook_in_an_encoding_that_no_one_knows(tmp_path: Path, part: str) -> None:
    file = spoilt(plain(tmp_path / "a.xlsx", {"One": [[1]]}), 'encoding="UTF-8"', 'encoding="UTF-F-8"', part)
    found = open_workbook(file)
    assert isinstance(found, Fault)
    assert found.slug == "workbook-broken"


def test_a_workbook_with_a_sheet_that_is_nowhere(tmp_path: Path) -> None:
    file = spoilt(plain(tmp_path / "a.xlsx", {"One": [[1]]}), ' r:id="rId1"', "", "xl/workbook.xml")
    found = open_workbook(file)
    assert isinstance(found, Fault)
    assert found.slug == "workbook-broken"


def form(folder: Path, **changes: Any) -> Path:
    asked = asked_of(read_study(write(folder / "study", FILES)))
    head = {"bayestrace-coding": 1, "digest": asked.made.digest(), **asked.made.data()}
    file = folder / "wang.coding.json"
    file.write_text(json.dumps({**head, **changes}), encoding="utf-8")
    return file


def test_a_form_with_half_a_character_in_its_head(tmp_path: Path) -> None:
    found = open_returned(form(tmp_path, clusters={"\ud800": "x"}))
    assert [fault.slug for fault in found.faults] == ["returned-about"]


def test_a_form_with_a_control_character_in_a_name(tmp_path: Path) -> None:
    file = form(tmp_path, judgements={"one\x0cbuys": {"weights": {"bar\x07": {"best": "1"}}}}, redundancy={"a\x1b": {}})
    with pytest.raises(StudyFaults) as found:
        take("wang", [open_returned(file)], read_study(tmp_path / "study"))
    assert all(fault.text().isprintable() for fault in found.value.faults)


def handed(folder: Path, files: Any = FILES) -> dict[str, Any]:
    return dict(json.loads(read_study(write(folder / "folder", files)).canonical()))


def faults_of(folder: Path, told: dict[str, Any]) -> list[tuple[str, str]]:
    file = folder / "study.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(StudyFaults) as found:
        read_study(file)
    assert all(fault.text().isprintable() for fault in found.value.faults)
    return [(fault.where, fault.slug) for fault in found.value.faults]


def test_control_characters_in_a_study_that_was_handed_out(tmp_path: Path) -> None:
    told = handed(tmp_path)
    assert faults_of(tmp_path, told | {"\x07": 1}) == [("?", "study-handed")]
    told["evidence"][1]["claim"] = "It was\x00 so."
    assert faults_of(tmp_path, told) == [("evidence[2].claim", "control-character")]


def test_names_that_a_study_that_was_handed_out_lacks(tmp_path: Path) -> None:
    told = handed(tmp_path / "a")
    del told["cases"]["one"]["groups"]["alliance"]
    assert faults_of(tmp_path, told) == [("cases.one.groups", "study-handed-name")]
    told = handed(tmp_path / "b", OVERLAPPING)
    told["nested"] = [["stakes", "none-such"]]
    assert ("nested", "study-handed-name") in faults_of(tmp_path, told)


@pytest.mark.parametrize(
    ("key", "value"),
    [("kappa", [0.0, 1.0]), ("kappa", [2.0, 1.0]), ("levels", {"own": 0.0}), ("prior", {"stakes": 0.0})],
)
def test_profiles_of_a_study_that_was_handed_out_from_which_nothing_follows(
    tmp_path: Path, key: str, value: object
) -> None:
    told = handed(tmp_path)
    profile = told["profiles"]["reference"]
    (profile if key == "prior" else profile["pooling"])[key] = value
    where = f"profiles.reference.{'' if key == 'prior' else 'pooling.'}{key}"
    assert {*faults_of(tmp_path, told)} == {(where, "study-handed")}
    assert faults_of(tmp_path, told | {"profiles": {}}) == [("profiles", "study-handed")]


def test_what_a_study_that_was_handed_out_lists_twice(tmp_path: Path) -> None:
    told = handed(tmp_path)
    named = told["sets"]["article"]["hypotheses"]
    twice = told | {"sets": told["sets"] | {"article": {"hypotheses": [*named, named[0]], "name": None}}}
    assert faults_of(tmp_path, twice) == [("sets.article", "listed-twice")]
    assert ("evidence", "listed-twice") in faults_of(tmp_path, told | {"evidence": 2 * told["evidence"]})
    assert ("codings", "listed-twice") in faults_of(tmp_path, told | {"codings": 2 * told["codings"]})
    (one, *_) = told["codings"]
    said = one | {"judgements": 2 * one["judgements"]}
    assert (f"codings.{one['coder']}", "listed-twice") in faults_of(tmp_path, told | {"codings": [said]})


@pytest.mark.parametrize("text", ["", "id\n", "id\n" * 500_000])
def test_reading_takes_memory_by_what_there_is_not_by_what_there_may_be(tmp_path: Path, text: str) -> None:
    file = tmp_path / "table.csv"
    file.write_text(text, encoding="utf-8")
    tracemalloc.start()
    found = decode(tmp_path, file.name, ("utf-8-sig",), LARGEST_TABLE)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == text or not text
    assert most < 8 * len(text) + 100_000


def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with ThreadPoolExecutor(1) as beside:
        written = beside.submit((tmp_path / "pipe").write_text, "id\n" * 50_000, encoding="utf-8")
        assert decode(tmp_path, "pipe", ("utf-8-sig",)) == "id\n" * 50_000
        written.result()


WHOLE = {"manifest": 1, "inputs": {}, "outputs": {}, "versions": {}, "settings": {}}
MANIFEST: dict[str, Any] = WHOLE | {"study_digest": "x", "set": "x", "profile": "x"}


@pytest.mark.parametrize("sign", ["\0", "\ud800"])
def test_a_manifest_with_a_sign_in_a_name_that_no_file_has(tmp_path: Path, sign: str) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST | {"inputs": {f"a{sign}b": "x"}}), encoding="utf-8")
    with pytest.raises(InputOutputFault, match="is no manifest"):
        verify.read_manifest(tmp_path)


def test_a_manifest_with_a_library_without_a_name(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps(MANIFEST | {"versions": {"": "1"}}), encoding="utf-8")
    found = verify.verify(verify.read_manifest(tmp_path), tmp_path)
    assert ("version", "", "missing") in {(one.kind, one.name, one.state) for one in found}


def test_a_manifest_near_the_root() -> None:
    assert verify.Manifest(Path("/manifest.json"), MANIFEST).study == Path("/")


def saved(folder: Path) -> Path:
    attrs = {"bayestrace": "1", "kind": "model", "format": results.FORMAT}
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs=attrs), "cases": xr.Dataset({"x": ("case", [0.25, 0.5])})})
    results.save(tree, folder / "posterior.nc")
    return folder / "posterior.nc"


def test_any_changed_byte_of_a_result_is_told(tmp_path: Path) -> None:
    file = saved(tmp_path)
    whole = file.read_bytes()
    for at in range(0, len(whole), 97):
        damaged = bytearray(whole)
        damaged[at] ^= 1
        file.write_bytes(damaged)
        with pytest.raises(InputOutputFault, match=r"is damaged|does not end in the seal"):
            results.load(file)
    file.write_bytes(whole)
    assert float(results.load(file)["cases"].to_dataset()["x"][1]) == 0.5


@pytest.mark.parametrize("keep", [0, 10, 83, 84, 4000, -1, -100])
def test_a_result_that_was_cut_off_is_told(tmp_path: Path, keep: int) -> None:
    file = saved(tmp_path)
    file.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(InputOutputFault, match="does not end in the seal"):
        results.load(file)


def test_a_sealed_result_is_netcdf_for_other_programs(tmp_path: Path) -> None:
    with xr.open_datatree(saved(tmp_path), engine="netcdf4") as tree:
        assert [float(value) for value in tree["cases"].to_dataset()["x"]] == [0.25, 0.5]


def test_a_result_of_attributes_that_are_none(tmp_path: Path) -> None:
    file = saved(tmp_path)
    xr.DataTree.from_dict({"/": xr.Dataset(attrs={"bayestrace": "1", "format": [1.0, 2.0]})}).to_netcdf(file)
    results.seal(file)
    with pytest.raises(InputOutputFault, match=r"posterior\.nc"):
        results.load(file)


@pytest.mark.parametrize("style", NAMES)
def test_numbers_without_end_in_a_source(style: Any) -> None:
    long = "9" * 5_000
    source = {"id": "a", "type": "article-journal", "title": "A", "issued": {"date-parts": [[long, 3]]}}
    assert str(reference({**source, "page": f"{long}-{long}", "container-title": "B"}, style))
    assert str(reference({**source, "page": "a" * 100_000, "container-title": "B"}, style))


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_edition_of_very_many_digits_is_written(style: Style, language: str) -> None:
    """Python refuses to make a number of more than 4,300."""
    source = {"id": "a", "type": "book", "title": "T", "language": language}
    assert "9" * 5_001 in str(reference({**source, "edition": "9" * 5_001}, style))


@pytest.mark.parametrize(("number", "said"), [("2", "2nd"), ("11", "11th"), ("112", "112th"), ("1003", "1003rd")])
def test_editions_are_what_they_were(number: str, said: str) -> None:
    assert ordinal(number) == said


def test_pages_are_what_they_were() -> None:
    assert pages("332-58, S12 – S18", "chicago") == "332–58, S12–18"
    assert pages("1234567890-12") == "1234567890-12", "no page has ten digits"


@pytest.fixture(params=[1_000, 10_000])
def recursion(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the limit of recursion: libraries that compile raise it, for all that comes after them."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(request.param)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("recursion")
def test_braces_without_end_in_a_bibliography() -> None:
    found = read_bibtex("a.bib", "@book{a, title={" + "{" * 2_000 + "x" + "}" * 2_000 + "}}\n@book{b, title={B}}")
    assert [(fault.line, fault.slug) for fault in found.faults] == [(1, "bibtex-deep")]
    assert [*found.by_id] == ["b"]


@pytest.mark.usefixtures("recursion")
def test_a_hundred_braces_are_read() -> None:
    found = read_bibtex("a.bib", "@book{a, title={" + "{" * 99 + "x" + "}" * 99 + "}}")
    assert found.faults == []
    assert found.by_id["a"]["title"]


def test_a_command_of_latex_without_its_argument(caplog: pytest.LogCaptureFixture) -> None:
    found = read_bibtex("a.bib", "@book{a, title={A \\frac}}")
    assert found.by_id["a"]["title"]
    assert caplog.records == []


def test_a_key_of_a_bibliography_that_cannot_be_printed() -> None:
    found = read_bibtex("a.bib", "@book{a\ud7ff, year={1999}}\n@book{b\u3000, title={B}}\n@book{b\u3000, title={B}}")
    assert [fault.slug for fault in found.faults] == ["source-twice", "bibtex-title"]
    assert all(fault.text("zh").isprintable() for fault in found.faults)


def test_privacy_in_a_note_of_many_lines() -> None:
    assert stated_privacy({"note": "\n" * 200_000 + "  private : yes \nDOI: x"}) == ["yes"]
