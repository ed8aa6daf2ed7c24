"""What a study marks as private weighs, and stands in nothing that is handed out."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result
from hushed import HUSHED, PRIVATE, SOURCES, tells
from small_study import FILES, SOUGHT, write

from bayestrace import results
from bayestrace.cli import main
from bayestrace.encoding import encode
from bayestrace.public import public
from bayestrace.reading import read_study
from bayestrace.report.page.packing import SIGNS
from bayestrace.study import Study
from bayestrace.study.private import private_parts, without_private

SEARCHES = f"""\
case,clue,state,search,source,note,note_zh,private
two,threat-seen,not-found,0.7,{HUSHED}Sought,Open.,,
one,threat-seen,found,,,{HUSHED} sought,{HUSHED},true
one,signed,found,1,Peng2024,It was.,,false
one,kept,not-found,,,,,
many,signed,found,,,,,
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def packs(page: str) -> Iterator[str]:
    """Unpack what a page holds packed, and what that holds in turn."""
    for pack in re.findall(r'<script[^>]*type="application/zlib"[^>]*>([^<]+)</script>', page):
        worth = [SIGNS.index(sign) for sign in pack]
        whole = 0
        for one, other in zip(worth[::2], worth[1::2], strict=True):
            whole = whole << 13 | one * len(SIGNS) + other
        inside = zlib.decompress(whole.to_bytes((whole.bit_length() + 7) // 8, "big")).decode()
        yield inside
        yield from packs(inside)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study full of secrets, with its result at face value and what sensitivity says of that."""
    place = write(tmp_path_factory.mktemp("private"), PRIVATE)
    done = run("sensitivity", place, "--face-value", "--csv", place / "tables")
    assert done.exit_code == 0, done.output
    return place


def told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def everything(tree: xr.DataTree) -> str:
    """Write all the words of a result."""
    return "\n".join(
        told({str(key): str(value) for key, value in node.attrs.items()})
        + "".join(str(array.values.tolist()) for array in node.variables.values() if array.dtype.kind in "OUT")
        for node in tree.subtree
    )


def test_the_secret_is_in_the_study_and_in_the_working_file(folder: Path) -> None:
    study = read_study(folder)
    assert private_parts(study) == (2, 3, 2)
    assert len(tells(study.canonical())) > 15
    assert tells(everything(results.load(folder / "reports/article-reference/posterior.nc")))


def test_no_field_of_the_public_study_holds_it(folder: Path) -> None:
    study = read_study(folder)
    shown = without_private(study)
    assert tells(shown.canonical()) == []
    one = shown.evidence[0]
    assert one.title("en") == "[private observation one-buys]"
    assert one.title("zh") == "［不公开的观察 one-buys］"
    assert (one.actors, one.date, one.note, one.reliability) == ((), None, None, 0.8)
    assert "informant" not in shown.actors
    assert "abe" in shown.actors
    assert shown.sources.keys() == {"Peng2024", "Walt1987", "Unused", *(f"private-{n}" for n in range(1, 6))}
    assert [item.source for item in shown.evidence[:4]] == ["private-1", "private-2", "Walt1987", "private-3"]
    assert shown.evidence[2].note is None
    assert shown.evidence[2].claim("en") == "So it was."
    rationales = {one.evidence: one.rationale for coding in shown.codings for one in coding.judgements if one.rationale}
    assert rationales == {"two-leaves": "Said openly."}


def test_it_gives_the_same_answer_and_can_be_read_again(folder: Path, tmp_path: Path) -> None:
    study = read_study(folder)
    shown = without_private(study)
    profile = study.profiles["reference"]
    assert encode(study, profile).identical(encode(shown, profile))
    file = tmp_path / "study.json"
    file.write_text(shown.canonical(), encoding="utf-8")
    again = read_study(file)
    assert again.digest() == shown.digest() != study.digest()
    assert without_private(again).digest() == shown.digest()


def test_notes_and_sources_of_searches_are_left_out_too(tmp_path: Path) -> None:
    sources = [source for source in json.loads(SOURCES) if source["id"] != f"{HUSHED}1999"]
    files = {**SOUGHT, "evidence/sources.json": json.dumps(sources), "evidence/clues.csv": SEARCHES}
    study = read_study(write(tmp_path, files))
    shown = without_private(study)
    assert tells(study.canonical())
    assert tells(shown.canonical()) == []
    notes = {(one.case, one.clue): one.note and one.note("en") for one in shown.searches}
    assert (notes["two", "threat-seen"], notes["one", "threat-seen"]) == ("Open.", None)
    assert sorted(one.source for one in shown.searches if one.source) == ["Peng2024", "private-1"]


def test_digests_of_open_studies_stay_what_they_were(tmp_path: Path) -> None:
    for number, files in enumerate((FILES, SOUGHT)):
        study = read_study(write(tmp_path / str(number), files))
        assert "private" not in study.canonical()
        assert without_private(study) is study
        with_column = files["evidence/codings/neutral-notes.csv"].replace("rationale\n", "rationale,private\n", 1)
        with_column = re.sub(r"^(two-pays.*|one-says.*|the \"\"purchase.*)$", r"\1,no", with_column, flags=re.MULTILINE)
        again = write(tmp_path / f"{number}b", {**files, "evidence/codings/neutral-notes.csv": with_column})
        assert read_study(again).digest() == study.digest()


@pytest.mark.parametrize("lang", ["en", "zh", "both"])
def test_a_report_does_not_tell_it(folder: Path, tmp_path: Path, lang: str) -> None:
    page = tmp_path / "report.html"
    done = run("report", folder, "--lang", lang, "--out", page, "--public", tmp_path / "open.nc")
    assert done.exit_code == 0, done.output
    html = page.read_text(encoding="utf-8")
    unpacked = list(packs(html))
    assert len(unpacked) >= 3
    assert [tells(text) for text in (html, *unpacked) if tells(text)] == []
    assert "private observation one-buys" in html or "不公开的观察 one-buys" in html
    copy = results.load(tmp_path / "open.nc")
    assert tells(everything(copy)) == []
    assert HUSHED.encode() not in (tmp_path / "open.nc").read_bytes()
    whole = results.load(folder / "reports/article-reference/posterior.nc")
    assert copy["face_value"].to_dataset().identical(whole["face_value"].to_dataset())
    assert copy.attrs["study_digest"] == Study.model_validate_json(copy.attrs["study"]).digest()


def test_no_other_file_tells_it(folder: Path) -> None:
    result = folder / "reports/article-reference"
    tables = sorted((folder / "tables").glob("*.csv"))
    assert any("left_out-source" in path.name for path in tables)
    for path in (result / "report.html", result / "summary.json", result / "manifest.json", *tables):
        assert tells(path.read_text(encoding="utf-8")) == [], path
    text = (folder / "tables" / "left_out-source.csv").read_text(encoding="utf-8-sig")
    assert {row["item"] for row in csv.DictReader(io.StringIO(text))} >= {"private-1"}


@pytest.mark.parametrize("command", ["update", "sensitivity"])
def test_one_is_warned_of_the_working_file(folder: Path, command: str) -> None:
    only = ["--only", "limits"] if command == "sensitivity" else []
    for lang, word in (("en", "do not hand that file out"), ("zh", "请勿外传")):
        done = run(command, folder, "--face-value", "--json", "--lang", lang, *only)
        assert done.exit_code == 0, done.output
        assert word in done.stderr
        assert "2 " in done.stderr
        assert tells(done.stdout) == []
        assert json.loads(done.stdout)


def test_nobody_is_warned_in_vain(tmp_path: Path) -> None:
    done = run("update", write(tmp_path, FILES), "--face-value")
    assert done.exit_code == 0
    assert "hand that file out" not in done.output
    tree = results.load(tmp_path / "reports/article-reference/posterior.nc")
    assert public(tree) is tree
    assert "private" not in tree.attrs["findings"]


def inside(path: Path) -> str:
    """Read what a file holds: of an archive, every part of it."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return path.read_text(encoding="utf-8")


OTHERS = {
    "workbook": (["export", "--xlsx", "study.xlsx"], "study.xlsx"),
    "folder": (["export", "--folder", "copy"], "copy"),
    "codebook": (["export-qda", "--qdc", "codes.qdc"], "codes.qdc"),
    "project": (["export-qda", "--qdpx", "study.qdpx"], "study.qdpx"),
    "sheets": (["sheet", "--coder", "wang", "--out", "sheets"], "sheets"),
    "worklist": (["agreement", "--no-refits", "--html", "list.html", "--csv", "list.csv"], "list.html"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_written_for_others_tells_nothing(
    what: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, made = OTHERS[what]
    monkeypatch.chdir(tmp_path)
    done = run(arguments[0], folder, *arguments[1:])
    assert done.exit_code == 0, done.output
    place = tmp_path / made
    files = [path for path in place.rglob("*") if path.is_file()] if place.is_dir() else [place]
    assert files
    assert [tells(inside(path)) for path in files if tells(inside(path))] == []
    assert tells(done.output) == []
    if what in {"workbook", "folder"}:
        assert read_study(place).canonical() == without_private(read_study(folder)).canonical()


def test_references_name_no_private_source(folder: Path) -> None:
    done = run("references", folder, "--all")
    assert tells(done.stdout) == []
    assert "Left out as private: 2 observation(s)" in done.stderr
    assert tells(run("references", folder, "--all", "--with-private").stdout)


def test_who_may_see_it_may_keep_it(folder: Path, tmp_path: Path) -> None:
    assert run("export", folder, "--xlsx", tmp_path / "all.xlsx", "--with-private").exit_code == 0
    assert read_study(tmp_path / "all.xlsx").digest() == read_study(folder).digest()
    assert run("sheet", folder, "--coder", "wang", "--with-private", "--form", "--out", tmp_path).exit_code == 0
    assert tells(inside(next(tmp_path.glob("*.html"))))
