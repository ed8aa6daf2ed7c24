"""`bayestrace new` and `bayestrace export`: a study that runs at once, and the same study in another form."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from small_study import FILES, SOUGHT, write

from bayestrace.api import Options, update
from bayestrace.cli import main
from bayestrace.cli.new_words import WORDS
from bayestrace.reading import read_study
from bayestrace.reading.sheets import SHEETS
from bayestrace.starting import KINDS, teaching_files
from bayestrace.writing.explained import HEADINGS, PURPOSES, TEXTS


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def taught(tmp_path: Path) -> Path:
    assert run("new", tmp_path / "my").exit_code == 0
    return tmp_path / "my"


def test_it_is_a_sound_study_and_runs_at_once(taught: Path) -> None:
    checked = run("check", taught)
    assert checked.exit_code == 0
    assert "8 observations in 2 cases, 2 coders, 4 sources, 2 prior profiles" in checked.stdout
    face = run("update", taught, "--face-value", "--quiet")
    assert face.exit_code == 0, face.output
    assert (taught / "reports" / "all-reference" / "report.html").is_file()


def test_a_folder_is_not_named_like_a_file(tmp_path: Path) -> None:
    for ending in ("xls", "docx", "ODS"):
        refused = run("new", tmp_path / f"my.{ending}")
        assert refused.exit_code == 2
        assert "say my.xlsx for a workbook, or my for a folder" in refused.stderr
    assert not [*tmp_path.iterdir()]
    assert run("new", tmp_path / "version.2").exit_code == 0


@pytest.mark.long
def test_the_model_takes_it(taught: Path) -> None:
    tree = update(read_study(taught), Options(draws=200, chains=2))
    assert tree.attrs["kind"] == "model"
    leaders = tree["cases"].dataset["probability"].sel(pooling="pooled", stat="mean").idxmax("hypothesis")
    assert list(leaders.values) == ["protest", "budget"]


def test_both_languages_are_one_study_with_comments_of_their_own(tmp_path: Path) -> None:
    for lang in ("en", "zh"):
        assert run("new", tmp_path / lang, "--lang", lang).exit_code == 0
    english, chinese = read_study(tmp_path / "en"), read_study(tmp_path / "zh")
    assert english.canonical() == chinese.canonical()
    comments = {
        lang: [
            line.strip()
            for path in sorted((tmp_path / lang).rglob("*.yaml"))
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip().startswith("#") and "$schema" not in line
        ]
        for lang in ("en", "zh")
    }
    assert len(comments["en"]) > 15
    assert len(comments["en"]) == len(comments["zh"])
    assert not any(re.search(r"[一-鿿]", line) for line in comments["en"])
    assert all(re.search(r"[一-鿿]", line) for line in comments["zh"])
    for lang in ("en", "zh"):
        told = [path.read_text(encoding="utf-8") for path in (tmp_path / lang).rglob("*") if path.is_file()]
        assert not any(re.search(r"^ *#(en|zh)\b|^(en|zh)\|", text, re.MULTILINE) for text in told)


def test_every_claim_says_that_it_is_invented() -> None:
    files = teaching_files("en")
    assert all("invented" in source["title"] for source in json.loads(files["evidence/sources.json"]))
    assert "Everything in it is invented" in files["study.yaml"]
    assert "其中一切均属虚构" in teaching_files("zh")["study.yaml"]


def test_every_yaml_file_names_a_schema_that_is_there(taught: Path) -> None:
    paths = list(taught.rglob("*.yaml"))
    assert len(paths) == 6
    for path in paths:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        found = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
        assert found
        assert (path.parent / found[1]).resolve().is_file()
    assert {path.name for path in (taught / "schema").iterdir()} == {f"{kind}.schema.json" for kind in KINDS}


def test_a_workbook_may_be_made_and_begun_from(tmp_path: Path, taught: Path) -> None:
    assert run("new", tmp_path / "my.xlsx", "--lang", "zh").exit_code == 0
    assert read_study(tmp_path / "my.xlsx").canonical() == read_study(taught).canonical()
    assert run("new", tmp_path / "from-book", "--from", tmp_path / "my.xlsx").exit_code == 0
    assert read_study(tmp_path / "from-book").canonical() == read_study(taught).canonical()
    first = (tmp_path / "from-book" / "evidence" / "northby.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schema/evidence.schema.json"
    assert run("update", tmp_path / "my.xlsx", "--face-value", "--quiet").exit_code == 0


def test_what_a_report_hands_out_may_be_begun_from(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "start", SOUGHT))
    (tmp_path / "x.json").write_text(study.canonical(), encoding="utf-8")
    assert run("new", tmp_path / "made", "--from", tmp_path / "x.json").exit_code == 0
    assert read_study(tmp_path / "made").canonical() == study.canonical()


def test_nothing_that_is_there_is_overwritten(tmp_path: Path, taught: Path) -> None:
    before = {path: path.read_bytes() for path in taught.rglob("*") if path.is_file()}
    again = run("new", taught, "--lang", "zh")
    assert again.exit_code == 2
    assert "已经存在且不为空" in again.stderr
    assert {path: path.read_bytes() for path in taught.rglob("*") if path.is_file()} == before
    (tmp_path / "x.xlsx").write_bytes(b"mine")
    assert run("new", tmp_path / "x.xlsx").exit_code == 2
    assert (tmp_path / "x.xlsx").read_bytes() == b"mine"
    (tmp_path / "empty").mkdir()
    assert run("new", tmp_path / "empty").exit_code == 0


def test_a_faulty_study_begins_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"no workbook")
    made = run("new", tmp_path / "my", "--from", tmp_path / "x.xlsx")
    assert made.exit_code == 3
    assert "this is no .xlsx workbook" in made.stderr
    assert not (tmp_path / "my").exists()
    assert run("new", tmp_path / "my", "--from", tmp_path / "none.xlsx").exit_code == 5


def test_it_says_in_json_what_was_written(tmp_path: Path) -> None:
    told = json.loads(run("new", tmp_path / "my", "--json").stdout)
    assert told["new"] == 1
    assert all(Path(path).is_file() for path in told["written"])


def test_a_study_is_exported_either_way(tmp_path: Path) -> None:
    start = write(tmp_path / "start", FILES)
    made = run("export", start, "--xlsx", tmp_path / "x.xlsx", "--folder", tmp_path / "f")
    assert made.exit_code == 0, made.output
    digest = read_study(start).digest()
    assert read_study(tmp_path / "x.xlsx").digest() == read_study(tmp_path / "f").digest() == digest
    old = (tmp_path / "x.xlsx").read_bytes()
    for name in ("x.xlsx.bak", "x.xlsx.bak2"):
        again: dict[str, Any] = json.loads(run("export", start, "--xlsx", tmp_path / "x.xlsx", "--json").stdout)
        assert again["kept"].endswith(name)
        assert again["digest"] == digest
        assert (tmp_path / name).read_bytes() == old
    assert run("export", start, "--folder", tmp_path / "f").exit_code == 2
    assert run("export", start).exit_code == 2


def test_what_is_said_is_said_in_both_languages() -> None:
    for both in WORDS.values():
        assert re.search(r"[一-鿿]", both.zh)
        assert not re.search(r"[一-鿿]", both.en)
    assert len(TEXTS["en"]) == len(TEXTS["zh"])
    assert {*PURPOSES} == {*SHEETS}
    assert len(HEADINGS["en"]) == len(HEADINGS["zh"])


def test_what_editors_read_is_plain_yaml(taught: Path) -> None:
    for path in taught.rglob("*.yaml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)


@pytest.mark.parametrize("command", ["new", "export", "schema"])
def test_help_has_examples(command: str) -> None:
    said = run(command, "--help").stdout
    assert "Examples:" in said
    assert said.count(f"bayestrace {command}") >= 3
