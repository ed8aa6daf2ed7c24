"""`bayestrace compare`: what it prints, in which words, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result
from small_study import FILES, OVERLAPPING, write
from study_factory import make_profile, make_study
from two_results import model, with_weights, without

from bayestrace import api, results
from bayestrace.cli import compare_words, main
from bayestrace.sensitivity import reweight


@pytest.fixture(autouse=True)
def few_draws_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty draws are quickly made; how many are enough is not the question here."""
    monkeypatch.setattr(reweight, "FEWEST", 0.0)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["compare", *map(str, arguments)])


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Results of a study before and after a change of evidence and prior."""
    old = make_study(cases=2, hypotheses=3, coders=2)
    new = with_weights(without(old, "c1e3"), {("coder1", "c0e0"): (-20.0, -9.0)})
    for name, study, profile in (("a", old, make_profile()), ("b", new, make_profile(prior={"h0": 1.0, "h1": 4.0}))):
        (tmp_path / name).mkdir()
        results.save(model(study, profile).tree, tmp_path / name / "posterior.nc")
    return tmp_path / "a", tmp_path / "b"


def test_what_hardly_moved_is_not_listed(two: tuple[Path, Path], tmp_path: Path) -> None:
    """Another prior over the explanations; what was learned of the clusters differs by next to nothing."""
    profile = make_profile(prior={"h0": 1.0, "h1": 4.0, "h2": 1.0})
    tree = model(make_study(cases=2, hypotheses=3, coders=2), profile).tree
    learned = results.load(two[0] / "posterior.nc")["clusters"].to_dataset()
    apart = 0.001 * np.random.default_rng(0).normal(size=learned["ledger_db"].shape)
    tree["clusters"] = xr.DataTree(learned.assign(ledger_db=learned["ledger_db"] + apart))
    (tmp_path / "c").mkdir()
    results.save(tree, tmp_path / "c" / "posterior.nc")
    text = run(two[0], tmp_path / "c").stdout
    assert "clusters, in the model: none by 0.05 dB or more" in text
    assert "+0.0 dB  " not in text
    assert "：均不足 0.05 分贝" in run(two[0], tmp_path / "c", "--lang", "zh").stdout
    assert "none by" not in run(*two).stdout


def test_what_differs_the_answers_and_the_steps_are_told(two: tuple[Path, Path]) -> None:
    done = run(*two)
    assert done.exit_code == 0, done.output
    text = done.stdout
    assert text.startswith(f"A: {two[0]} (model; prior profile Made;")
    assert "  prior probability: h0 0.3333 → 0.2; h1 0.3333 → 0.8; h2 0.3333 → 0" in text
    assert "  observations: c1e3 removed" in text
    assert "  weights stated otherwise: coder1: 1 observation(s) (c0e0)" in text
    assert "case  explanation" in text
    for said in ("prior and pooling", "on the draws of A", "observations and weights", "draws of A reweighted"):
        assert said in text
    assert "It is (removed)" in text
    assert "The rest is what only the fit of B knows" in text
    assert " 0." not in text.partition("case  explanation")[2].partition("What did it")[0]


def test_it_is_said_in_chinese(two: tuple[Path, Path]) -> None:
    done = run(*two, "--lang", "zh")
    assert done.exit_code == 0, done.output
    for said in ("先验概率", "编码者", "逐步替换", "其余，至 B", "证据簇（模型）"):
        assert said in done.stdout
    assert "What" not in done.stdout


def test_json_is_the_same_for_folder_and_file(two: tuple[Path, Path]) -> None:
    data = json.loads(run(*two, "--json").stdout)
    assert data["compare"] == 1
    assert (data["a"]["kind"], data["b"]["coders"]) == ("model", ["coder0", "coder1"])
    of_file = json.loads(run(*(path / "posterior.nc" for path in two), "--json").stdout)
    assert of_file["cases"] == data["cases"]


def test_equal_results_are_said_to_be_equal(two: tuple[Path, Path]) -> None:
    text = run(two[0], two[0]).stdout
    assert "The inputs are the same." in text
    assert "The same explanation leads in each of the 2 cases; the greatest change of a probability is .000." in text
    assert "What did it" not in text


def test_a_folder_without_a_result_lists_those_that_the_study_has(two: tuple[Path, Path], tmp_path: Path) -> None:
    study = write(tmp_path / "study", FILES)
    done = run(two[0], study)
    assert (done.exit_code, done.stdout) == (5, "")
    assert "no posterior.nc" in done.stderr
    assert "results of this study" not in done.stderr
    (study / "reports").mkdir()
    two[0].rename(study / "reports/article-reference")
    assert run(two[1], study).exit_code == 0  # the only one is the one that is meant
    (study / "reports/second").mkdir()
    (study / "reports/second/posterior.nc").touch()
    said = run(two[1], study, "--lang", "zh")
    assert said.exit_code == 5
    assert "reports/article-reference" in said.stderr
    assert "reports/second" in said.stderr
    assert "该研究的结果" in said.stderr


@pytest.mark.parametrize("content", [None, b"", b"no netCDF at all"])
def test_what_is_no_result_is_said(two: tuple[Path, Path], tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "other.nc"
    if content is not None:
        path.write_bytes(content)
    done = run(path, two[0])
    assert done.exit_code == 5
    assert "Traceback" not in done.stderr
    assert str(path) in done.stderr


@pytest.mark.parametrize("spoil", ["study", "problem", "cases"])
def test_a_file_that_lacks_a_part_of_a_result_is_said_to_be_none(
    two: tuple[Path, Path], tmp_path: Path, spoil: str
) -> None:
    tree = results.load(two[0] / "posterior.nc")
    if spoil == "study":
        tree.attrs["study"] = tree.attrs["study"].replace('"hypotheses"', '"hypothesis"')
    else:
        del tree[spoil]
    results.save(tree, tmp_path / "spoilt.nc")
    done = run(tmp_path / "spoilt.nc", two[1])
    assert done.exit_code == 5
    assert "is no result of bayestrace" in done.stderr


def test_theories_that_may_hold_together_are_compared_by_their_cells(tmp_path: Path) -> None:
    study = str(write(tmp_path / "study", OVERLAPPING))
    for profile in ("reference", "sceptical"):
        out = ["--out", str(tmp_path / profile), "--profile", profile]
        assert CliRunner().invoke(main, ["update", study, "--face-value", *out]).exit_code == 0
    done = run(tmp_path / "reference", tmp_path / "sceptical", "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert {row["hypothesis"] for row in data["cases"][0]["hypotheses"]} >= {"ally+stakes", "none"}
    assert [step["step"] for step in data["cases"][0]["steps"]] == ["start", "standpoint"]


def test_every_word_is_in_both_languages() -> None:
    for key, both in compare_words.WORDS.items():
        assert both.en, key
        assert both.zh, key


def test_results_of_clues_are_held_against_each_other(tmp_path: Path) -> None:
    voting = Path(__file__).parents[2] / "examples" / "electoral-systems"
    files = api.input_files(voting)
    table = files["evidence/clues.csv"].decode()
    first = table.splitlines()[1]
    changed = table.replace(first, first.replace(",found", ",not-found"), 1)
    assert changed != table
    for name, content in (("a", files), ("b", {**files, "evidence/clues.csv": changed.encode()})):
        for path, inside in content.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_bytes(inside)
        study = api.read_study(tmp_path / name)
        api.write_result(api.update(study, api.Options()), tmp_path / name / "reports" / "all-reference", {}, "en")
    told = run(tmp_path / "a", tmp_path / "b")
    assert told.exit_code == 0
    assert "searches: X1Y1K1, x found → not-found" in told.stdout
    assert "hypothesis set The four types)" in told.stdout
    assert "Who leads changes in 1 of 6 cases" in told.stdout
    assert "What clues say is not taken apart step by step" in told.stdout
    assert "查找结果" in run(tmp_path / "a", tmp_path / "b", "--lang", "zh").stdout
    found = json.loads(run(tmp_path / "a", tmp_path / "b", "--json").stdout)
    pooled = [
        json.loads((tmp_path / name / "reports" / "all-reference" / "summary.json").read_text(encoding="utf-8"))
        for name in ("a", "b")
    ]
    rows = found["cases"][0]["hypotheses"]
    for side, summary in zip(("a", "b"), pooled, strict=True):
        assert [row[side] for row in rows] == [row["pooled"] for row in summary["cases"][0]["hypotheses"]]
