"""`bayestrace report`: the page of a result again, without its study and without sampling."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import click
import pytest
import xarray as xr
from click.testing import CliRunner, Result
from small_study import FILES, write

from bayestrace import results
from bayestrace.cli import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with one result, at face value."""
    folder = write(tmp_path_factory.mktemp("made"), FILES)
    done = run("update", folder, "--face-value")
    assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "study"))


@pytest.fixture
def result(study: Path) -> Path:
    return study / "reports/article-reference"


def test_the_page_is_the_one_that_update_wrote_and_needs_no_study(result: Path, tmp_path: Path) -> None:
    before = (result / "report.html").read_bytes()
    alone = tmp_path / "posterior.nc"
    shutil.copy(result / "posterior.nc", alone)
    done = run("report", alone)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "report.html").read_bytes() == before
    assert str(tmp_path / "report.html") in done.stdout
    assert not (tmp_path / "manifest.json").exists()


def test_the_manifest_beside_it_keeps_step(result: Path) -> None:
    before = json.loads((result / "manifest.json").read_bytes())
    assert run("report", result, "--lang", "zh").exit_code == 0
    page = (result / "report.html").read_bytes()
    assert b"<html lang=zh" in page
    after = json.loads((result / "manifest.json").read_bytes())
    assert after["outputs"]["report.html"] == hashlib.sha256(page).hexdigest() != before["outputs"]["report.html"]
    after["outputs"]["report.html"] = before["outputs"]["report.html"]
    assert after == before


def test_both_languages_go_into_one_file_and_are_spoken_of_in_english(study: Path, result: Path) -> None:
    for command in (("report", result), ("update", study, "--face-value")):
        (result / "report.html").unlink()
        done = run(*command, "--lang", "both")
        assert done.exit_code == 0, done.output
        assert f"Open {result / 'report.html'} in a browser." in done.stdout
        page = (result / "report.html").read_bytes()
        assert b"<html lang=en" in page
        assert b'id="other-language"' in page
        outputs = json.loads((result / "manifest.json").read_bytes())["outputs"]
        assert outputs["report.html"] == hashlib.sha256(page).hexdigest()


def test_another_language_is_refused(result: Path) -> None:
    done = run("report", result, "--lang", "fr")
    assert done.exit_code == 2
    assert "'fr' is not one of 'en', 'zh', 'both'" in done.stderr


def test_elsewhere_leaves_the_result_as_it_was(result: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in result.iterdir()}
    other = tmp_path / "给审稿人.html"
    told = json.loads(run("report", result, "--out", other, "--lang", "zh", "--json").stdout)
    assert told == {"report": 1, "result": (result / "posterior.nc").as_posix(), "written": [other.as_posix()]}
    assert other.is_file()
    run("report", result, "--out", tmp_path, "--lang", "zh")
    assert (tmp_path / "report.html").read_bytes() == other.read_bytes()
    assert {path.name: path.read_bytes() for path in result.iterdir()} == before


def test_a_study_with_one_result_may_be_named_with_several_the_user_is_asked(study: Path, result: Path) -> None:
    assert run("report", study, "--quiet").stdout == ""
    shutil.copytree(result, study / "reports/other")
    done = run("report", study)
    assert done.exit_code == 5
    assert "reports/article-reference" in done.stderr
    assert "reports/other" in done.stderr


def test_it_is_opened_where_that_is_asked(result: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(click, "launch", opened.append)
    assert run("report", result).exit_code == 0
    assert opened == []
    assert run("report", result, "--open").exit_code == 0
    assert opened == [(result / "report.html").resolve().as_uri()]


@pytest.mark.parametrize(("lang", "words"), [("en", "is no manifest"), ("zh", "不是清单文件")])
def test_a_broken_manifest_is_told_and_nothing_is_written(result: Path, lang: str, words: str) -> None:
    (result / "manifest.json").write_text("{", encoding="utf-8")
    (result / "report.html").write_text("old", encoding="utf-8")
    done = run("report", result, "--lang", lang)
    assert done.exit_code == 5
    assert words in done.stderr
    assert (result / "report.html").read_text(encoding="utf-8") == "old"


def test_a_result_of_another_layout_is_refused_with_what_to_do(result: Path) -> None:
    with xr.open_datatree(result / "posterior.nc", engine="netcdf4") as tree:
        old = tree.load()
    old.attrs["format"] = 0
    old.to_netcdf(result / "posterior.nc", engine="netcdf4")
    results.seal(result / "posterior.nc")
    done = run("report", result)
    assert done.exit_code == 5
    assert "layout 0" in done.stderr
    assert "bayestrace update" in done.stderr


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("report", tmp_path / "none")
    assert done.exit_code == 5
    assert "There is no" in done.stderr
