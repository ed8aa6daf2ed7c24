"""`bayestrace seek`: what it prints, in which words, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import enumerated
import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result
from small_study import FILES, write

from bayestrace import results, seeking
from bayestrace.cli import main, seek_words

CANDIDATES = """\
candidates:
  diary:
    title: {en: Diary of a minister who was there, zh: 部长日记}
    found_if: {h0: 0.9, h1: 0.1, h2: 0.2}
    cost: 2
  poll:
    title: {en: Poll, zh: 民调}
    cases: [c0, c1]
    found_if: {h0: [0.2, 0.6], h1: {mean: 0.5, sd: 0.1}, h2: {alpha: 2, beta: 1}}
    search: 0.8
  certain:
    title: {en: Order, zh: 命令}
    cases: [c2]
    found_if: {h0: 1, h1: 0, h2: 0}
    cost: 4
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["seek", *map(str, arguments)])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A result of three cases, and a file of candidates for it."""
    folder = tmp_path_factory.mktemp("seek")
    results.save(enumerated.made(6, cases=3).tree, folder / "posterior.nc")
    (folder / "next.yaml").write_text(CANDIDATES, encoding="utf-8")
    return folder, folder / "next.yaml"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tables_and_sentences_read_well(made: tuple[Path, Path], lang: str) -> None:
    done = run(made[0], "--candidates", made[1], "--lang", lang)
    assert done.exit_code == 0, done.output
    text = done.stdout
    for said in {
        "en": ("Of what is listed, ", "nats expected", "The best two for their cost are", "one by one", "poor guide"),
        "zh": ("在所列证据中", "奈特", "最佳的两项", "逐一", "部长日记"),
    }[lang]:
        assert said in text
    assert "{" not in text
    tables = [
        line for line in text.splitlines() if "  " in line or line.startswith(("found:", "one unit.", "that another"))
    ]
    widths = [sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line) for line in tables]
    assert max(widths) <= 110, tables[widths.index(max(widths))]
    assert len(tables) >= 6 + 3 + 6


def test_what_is_said_is_what_was_worked_out(made: tuple[Path, Path]) -> None:
    found = json.loads(run(made[0], "--candidates", made[1], "--json").stdout)
    rows = found["searches"]
    assert [one["candidate"] for one in found["candidates"]] == ["diary", "poll", "certain"]
    assert len(rows) == 6
    assert [row["information_per_cost"] for row in rows] == sorted(
        (r["information_per_cost"] for r in rows), reverse=True
    )
    best = max(rows, key=lambda row: row["information"])
    title = next(one["title"]["en"] for one in found["candidates"] if one["candidate"] == best["candidate"])
    said = found["sentences"][0]
    assert said.startswith(f"Of what is listed, {title} in {best['case']} tells most: {best['information']:.3f} nats")
    certain = next(row for row in rows if row["candidate"] == "certain")
    assert certain["found"]["probability"]["h0"] == 1.0
    assert certain["information"] / certain["cost"] == certain["information_per_cost"]
    assert {one["case"] for one in certain["elsewhere"]} == {"c0", "c1"}
    assert len(found["pairs"]) == 15
    for pair in found["pairs"]:
        less = pair["information"] < pair["apart"]
        assert pair["relation"] == "separate" or pair["relation"] == ("redundant" if less else "complementary")
    assert found["limits"] == {"searches": 6, "paired": 6, "most_cases": 6}


def test_the_candidates_of_the_study_are_taken_where_none_are_named(tmp_path: Path) -> None:
    one = enumerated.made(7, cases=2)
    study = json.loads(one.tree.attrs["study"])
    study["candidates"] = {name: json.loads(each.model_dump_json()) for name, each in one.candidates.items()}
    one.tree.attrs["study"] = json.dumps(study)
    results.save(one.tree, tmp_path / "posterior.nc")
    found = json.loads(run(tmp_path, "--json").stdout)
    assert [each["candidate"] for each in found["candidates"]] == list(one.candidates)


def test_cases_can_be_chosen(made: tuple[Path, Path]) -> None:
    found = json.loads(run(made[0], "--candidates", made[1], "--case", "c2", "--case", "c1", "--json").stdout)
    assert {row["case"] for row in found["searches"]} == {"c1", "c2"}
    done = run(made[0], "--candidates", made[1], "--case", "c7")
    assert done.exit_code == 2
    assert "There is no case 'c7' in the result; it has c0, c1, c2." in done.stderr
    done = run(made[0], "--candidates", made[1], "--case", "c7", "--lang", "zh")
    assert "没有名为“c7”的案例" in done.stderr


def test_tables_for_spreadsheets(made: tuple[Path, Path], tmp_path: Path) -> None:
    done = run(made[0], "--candidates", made[1], "--csv", tmp_path / "next.csv")
    assert done.exit_code == 0, done.output
    text = (tmp_path / "next.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    found = json.loads(run(made[0], "--candidates", made[1], "--json").stdout)["searches"]
    assert [float(row["information"]) for row in rows] == [row["information"] for row in found]
    assert {"h0_if_found", "h2_if_not_found", "db_found"} <= set(rows[0])
    done = run(made[0], "--candidates", made[1], "--csv", tmp_path / "tables")
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {"seeking.csv", "seeking-by-pair.csv", "seeking-by-candidate-case-case_too.csv"} <= names
    assert done.stdout.rstrip().splitlines()[-1].startswith("Written: ")


def test_faults_are_said_in_words(made: tuple[Path, Path], tmp_path: Path) -> None:
    done = run(made[0])
    assert done.exit_code == 2
    assert "There is nothing to seek; list what might be sought" in done.stderr
    assert "没有可寻找的证据；" in run(made[0], "--lang", "zh").stderr
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(CANDIDATES.replace("h1: 0.1", "h1: 1.1"), encoding="utf-8")
    done = run(made[0], "--candidates", wrong)
    assert done.exit_code == 3
    assert "wrong.yaml:4:" in done.stderr
    assert "Traceback" not in done.output
    assert run(tmp_path / "nowhere").exit_code == 5
    assert run(made[0], "--candidates", tmp_path / "none.yaml").exit_code in {3, 5}


def test_a_study_that_has_changed_since_is_told(tmp_path: Path) -> None:
    """The candidates are those of now; that these are new is not told."""
    write(tmp_path, FILES)
    done = CliRunner().invoke(main, ["update", str(tmp_path), "--face-value"])
    assert done.exit_code == 0, done.output
    stated = "{stakes: 0.2, bargaining: 0.6, threat: 0.5}"
    text = f"candidates:\n  diary:\n    title: Diary\n    found_if: {stated}\n"
    (tmp_path / "candidates.yaml").write_text(text, encoding="utf-8")
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    assert "Diary" in done.stdout
    assert "At face value cases are updated one by one" in done.stdout
    assert done.stderr == ""
    changed = (tmp_path / "study.yaml").read_text(encoding="utf-8").replace("dates: 2017", "dates: 2018")
    (tmp_path / "study.yaml").write_text(changed, encoding="utf-8")
    assert "The study has changed since this result" in run(tmp_path).stderr


def test_a_result_keeps_what_was_found(made: tuple[Path, Path], tmp_path: Path) -> None:
    tree = results.load(made[0] / "posterior.nc")
    one = enumerated.made(6, cases=3)
    data = seeking.analyse(tree, one.candidates)
    tree["seeking"] = xr.DataTree(data)
    results.save(tree, tmp_path / "posterior.nc")
    again = results.load(tmp_path / "posterior.nc")["seeking"].to_dataset()
    assert seeking.as_data(again) == seeking.as_data(data)
    single = seeking.analyse(tree, {"x0": one.candidates["x0"]}, ["c0"] if not one.candidates["x0"].cases else [])
    tree["seeking"] = xr.DataTree(single)
    results.save(tree, tmp_path / "posterior.nc")
    again = results.load(tmp_path / "posterior.nc")["seeking"].to_dataset()
    np.testing.assert_array_equal(again["information"], single["information"])


def test_every_message_is_worded_alike_in_both_languages() -> None:
    import re  # noqa: PLC0415

    for key, both in seek_words.WORDS.items():
        fields = [sorted(re.findall(r"{(\w+)}", text)) for text in both]
        assert set(fields[0]) == set(fields[1]), key


def test_help_has_examples() -> None:
    done = run("--help")
    assert "bayestrace seek reports/article-reference --candidates archives.yaml" in done.stdout
