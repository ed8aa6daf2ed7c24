"""Published examples of clues, each a study folder, reproduced by the program as a user runs it, and by sampling."""

from __future__ import annotations

import itertools
import json
import math
import shutil
from pathlib import Path
from typing import Any

import arviz as az
import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner
from scipy.special import betaln, gammaln

from bayestrace import api
from bayestrace.cli import main
from bayestrace.encoding import encode
from bayestrace.inference import answer

STUDIES = Path(__file__).parent
ELECTORAL = STUDIES.parents[1] / "examples" / "electoral-systems"
TYPES = "abcd"


def run(folder: Path, out: Path) -> dict[str, dict[str, Any]]:
    """Run `bayestrace update` on a study and return the rows of its summary, by case and hypothesis."""
    result = CliRunner().invoke(main, ["update", str(folder), "--json", "--quiet", "--out", str(out)])
    assert result.exit_code == 0, result.output
    return {
        block["case"]: {row["hypothesis"]: row for row in block["hypotheses"]} | {"theories": block.get("theories")}
        for block in json.loads(result.stdout)["cases"]
    }


def test_probative_value(tmp_path: Path) -> None:
    # Humphreys and Jacobs (2023), chapter 5: .999 and .333, in decibels.
    rows = run(STUDIES / "probative-value", tmp_path)
    for case, decibels in (("found", 4.7712), ("missing", -28.2413)):
        assert rows[case]["holds"]["weight_db"] == pytest.approx(decibels, abs=5e-5)
    assert rows["unsought"]["holds"]["weight_db"] == 0.0
    exact = 10.0 * math.log10(0.999 / 0.333), 10.0 * math.log10(0.001 / 0.667)
    assert [rows[case]["holds"]["weight_db"] for case in ("found", "missing")] == pytest.approx(exact, rel=1e-12)
    assert rows["unsought"]["holds"]["pooled"] == pytest.approx(0.5, rel=1e-12)
    for how in ("pooled", "unpooled"):
        assert rows["found"]["holds"][how] == pytest.approx(0.75, rel=1e-12)
        assert rows["missing"]["holds"][how] == pytest.approx(1 / 668, rel=1e-12)


def test_two_worlds_are_integrated_jointly(tmp_path: Path) -> None:
    # Humphreys and Jacobs (2023), chapter 5; averaging the worlds' own answers would give 5/6.
    rows = run(STUDIES / "two-worlds", tmp_path)
    for case, expected in (("found", {"H": 3 / 4, "A": 1 / 2}), ("missing", {"H": 2 / 5, "A": 4 / 5})):
        holding = {row["theory"]: row["pooled"] for row in rows[case]["theories"]}
        assert holding == pytest.approx(expected, rel=1e-12)
        assert {row["theory"]: row["prior"] for row in rows[case]["theories"]} == pytest.approx(
            {"H": 5 / 9, "A": 2 / 3}
        )


@pytest.mark.parametrize(("rho", "both"), [("0", 0.7368), ("0.32", 0.7148), ("-0.32", 0.7557)])
def test_two_clues_that_depend_on_one_another(rho: str, both: float, tmp_path: Path) -> None:
    # The process tracing designer of DesignLibrary, with its defaults.
    folder = tmp_path / "study"
    shutil.copytree(STUDIES / "dependent-clues", folder)
    text = (folder / "study.yaml").read_text(encoding="utf-8")
    assert text.count("{holds: 0.32}") == 1
    (folder / "study.yaml").write_text(text.replace("{holds: 0.32}", f"{{holds: {rho}}}"), encoding="utf-8")
    found = {case: row["holds"]["pooled"] for case, row in run(folder, tmp_path / "out").items()}
    single = {"first-found": 0.8, "first-missing": 0.2, "second-found": 1.0, "second-missing": 7 / 17}
    assert {case: found[case] for case in single} == pytest.approx(single, rel=1e-12)
    assert found["both"] == pytest.approx(both, abs=5e-5)
    given = 0.8 * 0.7 - float(rho) * math.sqrt(0.8 * 0.2 * 0.3 * 0.7)
    assert found["both"] == pytest.approx(given / (given + 0.2), rel=1e-12)


def by_hand(*, with_k: bool) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and second moments of the shares: a sum over how many of each pattern are of which type.

    Written from the model of Humphreys and Jacobs (2015) and the published numbers, without the program's own arrays.
    """
    patterns = {"X1Y1K1": 4, "X1Y1K0": 7, "X1Y0K0": 1, "X0Y0K1": 1, "X0Y0K0": 3, "X0Y1K0": 4}
    allowed = {"X1Y1": "bd", "X1Y0": "ac", "X0Y0": "bc", "X0Y1": "ad"}
    mean_k = {"0": dict(zip(TYPES, (0.1, 0.1, 0.05, 0.3), strict=True))}
    mean_k["1"] = dict(zip(TYPES, (0.95, 0.9, 0.475, 0.5), strict=True))
    weights, moments, squares = [], [], []
    for split in itertools.product(*(range(n + 1) for n in patterns.values())):
        number = dict.fromkeys(TYPES, 0)
        of_x: dict[tuple[str, str], int] = {}
        of_k: dict[tuple[str, str, str], int] = {}
        log_weight = 0.0
        for (pattern, n), first in zip(patterns.items(), split, strict=True):
            log_weight += math.log(math.comb(n, first))
            for kind, share in zip(allowed[pattern[:4]], (first, n - first), strict=True):
                number[kind] += share
                of_x[kind, pattern[1]] = of_x.get((kind, pattern[1]), 0) + share
                of_k[kind, pattern[1], pattern[5]] = of_k.get((kind, pattern[1], pattern[5]), 0) + share
        alpha = np.array([1.0 + number[kind] for kind in TYPES])
        log_weight += float(gammaln(alpha).sum())
        for kind in TYPES:
            log_weight += float(betaln(1 + of_x.get((kind, "1"), 0), 1 + of_x.get((kind, "0"), 0)))
            for x in "01" if with_k else "":
                mean = mean_k[x][kind]
                size = mean * (1.0 - mean) / 0.01**2 - 1.0
                yes, no = of_k.get((kind, x, "1"), 0), of_k.get((kind, x, "0"), 0)
                one, other = mean * size, (1.0 - mean) * size
                log_weight += float(betaln(one + yes, other + no) - betaln(one, other))
        weights.append(log_weight)
        moments.append(alpha / alpha.sum())
        squares.append((np.outer(alpha, alpha) + np.diag(alpha)) / (alpha.sum() * (alpha.sum() + 1.0)))
    weight = np.exp(np.array(weights) - max(weights))
    weight /= weight.sum()
    return weight @ np.array(moments), np.einsum("s,skj->kj", weight, np.array(squares))


@pytest.fixture(scope="module")
def electoral(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    out = tmp_path_factory.mktemp("electoral")
    run(ELECTORAL, out)
    with xr.open_datatree(out / "posterior.nc") as tree:
        return tree.load()


@pytest.fixture(scope="module")
def without_k(tmp_path_factory: pytest.TempPathFactory) -> xr.DataTree:
    """Run the same study with the rows of the clue deleted from its file."""
    folder = tmp_path_factory.mktemp("without")
    shutil.copytree(ELECTORAL, folder / "study")
    path = folder / "study" / "evidence" / "clues.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",k," not in line), encoding="utf-8")
    run(folder / "study", folder / "out")
    with xr.open_datatree(folder / "out" / "posterior.nc") as tree:
        return tree.load()


def test_the_electoral_study_names_its_sources_and_is_exact(electoral: xr.DataTree) -> None:
    study = api.read_study(ELECTORAL)
    assert study.about in study.sources
    assert {each.source for each in study.searches} == {"biqq"}
    assert sum(case.count for case in study.cases.values()) == 20
    assert electoral.attrs["kind"] == "clues"
    assert electoral["clues"].attrs["route"] == "exact"


def test_electoral_systems_with_the_clue(electoral: xr.DataTree) -> None:
    # Humphreys and Jacobs (2015): recomputed from the published data and hyperparameters.
    clues = electoral["clues"].to_dataset()
    assert clues["share"].values[0] == pytest.approx([0.12406, 0.18565, 0.15231, 0.53798], abs=5e-6)
    assert clues["estimand_value"].sel(estimand="effect").values == pytest.approx([0.06160, 0.15427], abs=5e-6)
    first, second = by_hand(with_k=True)
    np.testing.assert_allclose(clues["share"].values[0], first, rtol=1e-9)
    np.testing.assert_allclose(clues["share"].values[1] ** 2, np.diag(second) - first**2, rtol=1e-8)


def test_electoral_systems_without_the_clue(electoral: xr.DataTree, without_k: xr.DataTree) -> None:
    clues = without_k["clues"].to_dataset()
    assert clues["share"].values[0] == pytest.approx([0.13101, 0.36899, 0.13101, 0.36899], abs=5e-6)
    assert clues["estimand_value"].sel(estimand="effect").values == pytest.approx([0.23799, 0.22169], abs=5e-6)
    first, _ = by_hand(with_k=False)
    np.testing.assert_allclose(clues["share"].values[0], first, rtol=1e-9)
    # The result with the clue says what it would be without it.
    left_out = electoral["clues"].to_dataset()["without_value"].sel(clue="k", estimand="effect").item()
    assert left_out == pytest.approx(first[1] - first[0], rel=1e-9)


def sampled(draws: int, chains: int) -> tuple[xr.Dataset, xr.Dataset]:
    """Sample the study although it is exact."""
    api.compile_cache()
    from bayestrace.inference import sampling  # noqa: PLC0415 - as in `bayestrace.api`

    study = api.read_study(ELECTORAL)
    problem = encode(study, study.profiles["reference"])
    if not sampling.is_compiled(problem):
        sampling.compile_ahead(problem)
    return problem, sampling.sample(problem, draws=draws, chains=chains, seed=1)["posterior"].to_dataset()


def assert_within_five_errors(values: xr.DataArray, exact: np.ndarray, of: str) -> None:
    """Compare a mean or an sd over draws with what it is exactly, element by element."""
    quantity = values.to_dataset(name="x")
    found = getattr(values, {"mean": "mean", "sd": "std"}[of])(("chain", "draw")).values
    error = az.mcse(quantity, method=of)["x"].values
    assert np.all(np.abs(found - exact) < 5.0 * error), (found, exact, error)
    assert np.all(error < 0.02)


def assert_sampling_agrees(electoral: xr.DataTree, problem: xr.Dataset, posterior: xr.Dataset) -> None:
    clues = electoral["clues"].to_dataset()
    pool = posterior["pool"].sel(pool_name="common", drop=True)
    effect = pool.sel(hypothesis="b", drop=True) - pool.sel(hypothesis="a", drop=True)
    for of in ("mean", "sd"):
        assert_within_five_errors(pool, clues["share"].sel(statistic=of).values, of)
        assert_within_five_errors(effect, clues["estimand_value"].sel(statistic=of).values[0], of)
    exact = clues["probability"].values
    pooled = answer.quantities(answer.draws_of(problem, posterior))["pooled"].values
    varies = exact > 1e-9
    assert_within_five_errors(xr.DataArray(pooled[:, :, varies], dims=("chain", "draw", "cell")), exact[varies], "mean")
    assert np.abs(pooled[:, :, ~varies]).max() < 1e-20


@pytest.mark.long
def test_sampling_the_electoral_study_agrees(electoral: xr.DataTree) -> None:
    assert_sampling_agrees(electoral, *sampled(1000, 4))


@pytest.mark.long
def test_few_draws_of_the_electoral_study_agree(electoral: xr.DataTree) -> None:
    assert_sampling_agrees(electoral, *sampled(500, 2))
