"""`bayestrace predict-coder`: what it prints, what it refuses, how it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pytest
import xarray as xr
from brute import some_draws
from click.testing import CliRunner, Result
from small_study import FILES, write

from bayestrace.cli import main
from bayestrace.inference import sampling

FILE = "evidence,hypothesis,against,low_db,best_db,high_db\none-buys,stakes,bargaining,-4,-1,2\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["predict-coder", *map(str, arguments)])


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small study, a cache of its own, and a sampler that answers at once."""

    def sample(problem: xr.Dataset, **options: Any) -> xr.DataTree:
        draws = [some_draws(problem, options["draws"], seed=options["seed"] + chain) for chain in range(2)]
        posterior = xr.concat(draws, dim="chain")
        options["progress"](10, 10)
        stats = xr.Dataset({"diverging": (("chain", "draw"), np.zeros((2, options["draws"]), dtype=np.int8))})
        return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})

    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_: str(tmp_path / "cache"))
    monkeypatch.setattr(sampling, "is_compiled", lambda _: True)
    monkeypatch.setattr(sampling, "sample", sample)
    return write(tmp_path / "study", FILES)


QUICK = ("--draws", "1500", "--chains", "2", "--hypotheses", "wide")


def test_each_coder_is_left_out_and_predicted(study: Path) -> None:
    result = run(study, *QUICK)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[0].split()[:2] == ["coder", "observations"]
    assert [line.split()[0] for line in lines[1:4]] == ["Neutral", "Critic", "guest"]
    assert "share of the coder's weights" in result.stdout
    for others in ("critic, guest", "neutral, guest", "neutral, critic"):
        assert f"Fit of {others}: explanations " in result.stderr
    assert "sampling 10 of 10 draws" in result.stderr


def test_asking_again_finds_the_fits(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(study, *QUICK, "--json", "--quiet", "--coder", "neutral", "--coder", "critic")
    assert first.stderr == ""
    monkeypatch.setattr(sampling, "sample", None)
    again = run(study, *QUICK, "--json", "--quiet", "--coder", "critic", "--coder", "neutral")
    assert again.exit_code == 0, again.output
    coders = {one["coder"]: one for one in json.loads(first.stdout)["coders"]}
    assert json.loads(again.stdout)["coders"] == [coders["neutral"], coders["critic"]]


def rounded(row: dict[str, Any]) -> dict[str, Any]:
    """Round numbers as the CSV does."""
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in row.items()}


def test_json_and_csv_agree(study: Path, tmp_path: Path) -> None:
    result = run(study, *QUICK, "--json", "--out", tmp_path / "all.csv", "--coder", "neutral")
    printed = json.loads(result.stdout)
    assert printed["settings"] == {"draws": 1500, "chains": 2, "seed": 1}
    assert (printed["set"], printed["profile"], printed["predict_coder"]) == ("wide", "reference", 1)
    assert [Path(path).name for path in printed["written"]] == ["all.csv"]
    (coder,) = printed["coders"]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "all.csv").read_text(encoding="utf-8"))))
    stated = {(row["evidence"], row["against"]): float(row["stated_db"]) for row in rows if row["stated_db"]}
    assert stated["one-buys", "threat"] == 3.5
    inside = [
        float(row["low_90_db"]) <= float(row["stated_db"]) <= float(row["high_90_db"])
        for row in rows
        if row["stated_db"] and row["mean_of_others_db"]
    ]
    texts = ("coder", "evidence", "hypothesis", "against")
    read = [
        {name: cell if name in texts else float(cell) if cell else None for name, cell in row.items()} for row in rows
    ]
    assert [{"coder": "neutral"} | rounded(row) for row in coder["predictions"]] == read
    assert list(read[0])[4:] == [
        *("stated_db", "predicted_db", "low_90_db", "low_50_db", "high_50_db", "high_90_db", "mean_of_others_db")
    ]
    assert len({json.dumps(row) for row in coder["predictions"]}) == len(rows) > 1
    assert any(None in row.values() for row in coder["predictions"]), "the study should have a weight nobody stated"
    assert coder["weights"] == len(inside)
    assert coder["coverage_90"] == pytest.approx(np.mean(inside))


def test_a_coding_from_outside_is_predicted_from_all(study: Path, tmp_path: Path) -> None:
    path = tmp_path / "wang-weights.csv"
    path.write_text(FILE, encoding="utf-8")
    result = run(study, *QUICK, "--against", path, "--lang", "zh")
    assert result.exit_code == 0, result.output
    assert "拟合：neutral、critic、guest；假设集" in result.stderr
    assert "编码者" in result.stdout
    assert result.stdout.splitlines()[1].split()[:3] == ["wang", "1", "1"]


def test_faults_of_that_file_are_placed_and_gathered(study: Path, tmp_path: Path) -> None:
    weights, other = tmp_path / "wang-weights.csv", tmp_path / "li-probabilities.csv"
    weights.write_text(FILE.replace("one-buys", "one-buy").replace("-1,", "x,"), encoding="utf-8")
    other.write_text("evidence,hypothesis,low,best,high\none-buys,stakes,,1.5,\n", encoding="utf-8")
    result = run(study, *QUICK, "--against", weights, "--against", other)
    assert result.exit_code == 3
    assert f"{weights.as_posix()}:2:1: evidence:" in result.stderr
    assert "`one-buys`" in result.stderr
    assert f"{weights.as_posix()}:2:30: best_db:" in result.stderr
    assert f"{other.as_posix()}:2:18: best:" in result.stderr
    assert "3 fault(s)" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "name", ["wang.csv", "wang-notes.csv", "wang-weight.csv", "wang-weights.xlsx", "王-weights.csv"]
)
def test_the_name_of_the_file_says_who_and_what(study: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FILE, encoding="utf-8")
    result = run(study, *QUICK, "--against", tmp_path / name)
    assert result.exit_code == 3
    assert "`<coder>-weights.csv`, `<coder>-probabilities.csv`" in result.stderr
    assert ("did you mean `wang-weights.csv`" in result.stderr) == (name in {"wang-weight.csv", "wang-weights.xlsx"})


def test_wrong_usage_is_refused_before_anything_is_fitted(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "sample", None)
    twin, mute = tmp_path / "neutral-weights.csv", tmp_path / "wang-weights.csv"
    twin.write_text(FILE, encoding="utf-8")
    mute.write_text(FILE.replace("one-buys", "one-context"), encoding="utf-8")
    for arguments, code, said in (
        (["--coder", "nutral"], 2, "did you mean 'neutral'"),
        (["--coder", "neutral", "--against", mute], 2, "use one of the two"),
        (["--against", twin], 2, "use --coder neutral"),
        (["--against", mute], 2, "weighed no observation"),
        (["--against", tmp_path / "none-weights.csv"], 5, "cannot be read"),
        (["--profile", "refrence"], 2, "did you mean 'reference'"),
        (["--hypotheses", "wid"], 2, "did you mean 'wide'"),
        (["--draws", "3"], 2, "3 is not in the range"),
    ):
        result = run(study, *QUICK, *arguments)
        assert result.exit_code == code, result.output
        assert said in result.stderr
        assert "Traceback" not in result.stderr


def test_a_file_that_cannot_be_written_is_an_output_fault(study: Path, tmp_path: Path) -> None:
    result = run(study, *QUICK, "--coder", "critic", "--out", tmp_path / "no/such/folder.csv")
    assert result.exit_code == 5
    assert "choose another file with --out" in result.stderr


def test_a_fit_that_fails_a_check_ends_in_4(study: Path) -> None:
    result = run(study, "--draws", "100", "--chains", "2", "--hypotheses", "wide", "--coder", "critic")
    assert result.exit_code == 4
    assert "CHECK FAILED" in result.stdout
    assert "exit code 4" in result.stderr


@pytest.mark.long
def test_the_whole_way_with_the_real_sampler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_: str(tmp_path / "cache"))
    folder = write(tmp_path / "study", FILES)
    few = ("--draws", "200", "--chains", "2", "--hypotheses", "wide", "--json", "--quiet", "--coder", "guest")
    printed = [run(folder, *few).stdout for _ in range(2)]
    assert printed[0] == printed[1]
    (coder,) = json.loads(printed[0])["coders"]
    assert coder["others"] == ["neutral", "critic"]
    assert 0.0 <= coder["coverage_50"] <= coder["coverage_90"] <= 1.0
