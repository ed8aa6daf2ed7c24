"""`bayestrace predict`: what it prints, in which words, what it refuses, how it ends."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from small_study import FILES, OVERLAPPING, write
from study_factory import make_profile, make_study
from two_results import model

from bayestrace import results
from bayestrace.cli import foresee_words, main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["predict", *map(str, arguments)])


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of the model on few draws, so few that no case can be left out of them by weights."""
    folder = tmp_path_factory.mktemp("fitted")
    results.save(model(make_study(cases=2), make_profile(), draws=30).tree, folder / "posterior.nc")
    return folder


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study with its one result, at face value."""
    folder = write(tmp_path_factory.mktemp("small") / "study", FILES)
    assert CliRunner().invoke(main, ["update", str(folder), "--face-value"]).exit_code == 0
    return folder


def test_a_case_is_foreseen_with_what_it_borrows(fitted: Path) -> None:
    done = run(fitted, "--case", "f0=g0")
    assert done.exit_code == 0, done.output
    (case,) = json.loads(run(fitted, "--case", "f0=g0", "--json").stdout)["cases"]
    most = max(case["borrows"], key=lambda row: row["apart"]["information_nats"])
    assert done.stdout.startswith(f"{fitted}/posterior.nc (model; prior profile Made; hypothesis set all)")
    for said in (
        "Case not yet seen – f0: g0",
        "A case not yet seen (f0: g0) would most likely be explained by ",
        f"It borrows most from {most['case']}: if that case shared nothing with the others, {case['leader']} would "
        f"have {most['apart']['probability'][case['leader']]:.3f}.".replace("have 0", "have "),
        "common to all cases",
        "the case's own (the prior)",
        "Pareto k",
        "not to be believed where marked *",
    ):
        assert said in done.stdout
    assert "Working out" in done.stderr
    assert run(fitted, "--case", "f0=g0", "--quiet").stderr == ""


def test_it_is_said_in_chinese_with_the_same_numbers(fitted: Path) -> None:
    done, english = (run(fitted, "--case", "f0=new:late", "--lang", lang) for lang in ("zh", "en"))
    assert done.exit_code == 0, done.output
    for said in ("尚未考察的案例——f0：新的一组“late”", "最可能的解释是", "它借自", "所有案例共有", "即先验", "不可信"):
        assert said in done.stdout
    for word in ("borrow", "would", "Same", "weight"):
        assert word not in done.stdout
    table, same = (
        [row.split()[-6:] for row in one.stdout.splitlines() if row.startswith(("h0", "h1", "h2", "c0", "c1"))]
        for one in (done, english)
    )
    assert table == same


def test_the_study_is_asked_for_every_new_case_and_lists_its_groups(study: Path) -> None:
    done = run(study)
    assert done.exit_code == 0, done.output
    assert "Alliance: a new one; Period: a new one" in done.stdout
    assert "Groups of the study: alliance = japan, korea; period = early, late." in done.stdout
    assert "face value" in done.stdout
    assert "94 %" not in done.stdout
    assert "Pareto" not in done.stdout
    assert done.stderr == ""


def test_json_has_each_case_asked_for_once(study: Path) -> None:
    done = run(
        study, "--json", "--case", "alliance=japan", "--case", "period=new,alliance=japan", "--case", "period=early"
    )
    data = json.loads(done.stdout)
    assert [case["case"] for case in data["cases"]] == ["alliance=japan,period=new", "alliance=new,period=early"]
    assert (data["predict"], data["kind"], data["set"]) == (1, "face-value", "article")
    for case in data["cases"]:
        total = {row["hypothesis"]: row["probability"] for row in case["hypotheses"]}
        assert sum(total.values()) == pytest.approx(1.0)
        assert case["leader"] == max(total, key=lambda name: total[name])
        for name, value in total.items():
            assert sum(level["through"][name] for level in case["levels"]) == pytest.approx(value)
        assert case["hypotheses"][0]["interval_94"] is None
        assert case["borrows"][0]["without"]["pareto_k"] is None


def test_json_of_the_model_marks_what_is_not_to_be_believed(fitted: Path) -> None:
    (case,) = json.loads(run(fitted, "--json", "--case", "f0=g0").stdout)["cases"]
    assert len(case["hypotheses"][0]["interval_50"]) == 2
    assert all(row["without"]["doubtful"] for row in case["borrows"])  # 30 draws are fewer than 50


def test_tables_are_written(study: Path, tmp_path: Path) -> None:
    done = run(study, "--case", "alliance=japan", "--csv", tmp_path / "tables")
    assert "predict.csv" in done.stdout
    with (tmp_path / "tables/predict.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["asked"] for row in rows} == {"alliance=japan,period=new"}
    assert sum(float(row["probability"]) for row in rows) == pytest.approx(1.0)
    with (tmp_path / "tables/predict-by-asked-level-hypothesis.csv").open(encoding="utf-8-sig") as file:
        assert np.sum([float(row["through"]) for row in csv.DictReader(file)]) == pytest.approx(1.0)


def test_tables_that_cannot_be_written_are_said(study: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(study, "--csv", tmp_path / "file/tables")
    assert done.exit_code == 5
    assert "--csv" in done.stderr


@pytest.mark.parametrize(
    ("case", "said", "chinese"),
    [
        ("aliance=japan", "did you mean 'alliance'?", "是否指“alliance”"),
        ("alliance=japn", "did you mean alliance=japan?", "是否指 alliance=japan"),
        ("period=obama", "period=new:obama", "period=new:obama"),
        ("alliance", "expected FACTOR=GROUP", "应为 FACTOR=GROUP"),
    ],
)
def test_a_slip_is_answered_with_what_was_probably_meant(study: Path, case: str, said: str, chinese: str) -> None:
    done, other = run(study, "--case", case), run(study, "--case", case, "--lang", "zh")
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert chinese in other.stderr


def test_what_is_no_result_is_said(study: Path, tmp_path: Path) -> None:
    assert run(tmp_path / "nowhere").exit_code == 5
    tree = results.load(study / "reports/article-reference/posterior.nc")
    del tree["problem"]
    results.save(tree, tmp_path / "posterior.nc")
    done = run(tmp_path)
    assert done.exit_code == 5
    assert "is no result of bayestrace" in done.stderr


def test_a_result_that_failed_a_check_ends_so(fitted: Path, tmp_path: Path) -> None:
    tree = results.load(fitted / "posterior.nc")
    tree.attrs["findings"] = json.dumps([{"slug": "divergences", "level": "failure", "details": {}, "text": {}}])
    results.save(tree, tmp_path / "posterior.nc")
    done = run(tmp_path)
    assert done.exit_code == 4
    assert "failed a check" in done.stderr


def test_without_any_pooling_nothing_is_borrowed_and_nobody_leads(tmp_path: Path) -> None:
    profile = make_profile(levels={"own": 1.0})
    results.save(model(make_study(cases=2, factors=0), profile, draws=30).tree, tmp_path / "posterior.nc")
    done = run(tmp_path)
    assert done.exit_code == 0, done.output
    assert "no explanation leads: h0, h1, h2 have .333 each" in done.stdout
    assert "It borrows nothing" in done.stdout
    assert "groups its cases by no factor" in done.stdout


def test_theories_that_may_hold_together_are_foreseen_by_their_cells(tmp_path: Path) -> None:
    folder = write(tmp_path / "study", OVERLAPPING)
    assert CliRunner().invoke(main, ["update", str(folder), "--face-value"]).exit_code == 0
    for lang in ("en", "zh"):
        assert run(folder, "--lang", lang).exit_code == 0


def test_every_word_is_in_both_languages() -> None:
    for key, both in foresee_words.WORDS.items():
        assert both.en, key
        assert both.zh or key == "stop", key
