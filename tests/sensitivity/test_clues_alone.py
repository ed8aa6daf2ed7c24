"""Sensitivity of a study that has nothing but clues: exactly what another update would say, or a reason why not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner
from clued import files_of, tree_of
from small_study import write

from bayestrace.cli import main
from bayestrace.errors import UsageFault
from bayestrace.sensitivity.draws import stored_clues
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.run import ANALYSES, Wanted, analyse
from bayestrace.sensitivity.standpoints import Standpoints, log_p

POSSIBLE = {"profiles", "simplex", "focal_prior", "kappa", "levels", "limits"}
ONE_EACH = {
    "study.yaml": (", count: 4", ""),
    "priors/reference.yaml": ("levels: {common: 1}", "levels: 0.25"),
}


def posed(prior: str = "equal", kappa: str = "[0.05, 1]", levels: str = "0.25") -> dict[str, tuple[str, str]]:
    """Change the profile of the study whose cases stand for one each."""
    old = "prior: equal\npooling:\n  levels: {common: 1}\n  kappa: [0.05, 1]\n"
    return ONE_EACH | {
        "priors/reference.yaml": (old, f"prior: {prior}\npooling:\n  levels: {levels}\n  kappa: {kappa}\n")
    }


def pooled(tree: xr.DataTree) -> np.ndarray:
    return np.asarray(tree["cases"].to_dataset()["probability"].sel(pooling="pooled", stat="mean").values)


def test_the_result_itself_is_what_was_published() -> None:
    tree = tree_of(changes=ONE_EACH)
    held = stored_clues(tree["problem"].to_dataset())
    assert held is not None
    found = answer(held)
    np.testing.assert_allclose(found.probability, pooled(tree), rtol=0.0, atol=1e-12)
    alone = tree["cases"].to_dataset()["probability"].sel(pooling="unpooled", stat="mean").values
    np.testing.assert_allclose(found.unpooled, alone, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize(
    ("profile", "prior", "kappa", "levels"),
    [
        ({"prior": "{stakes: 1, bargaining: 2, threat: 3}"}, [1, 2, 3], None, None),
        ({"kappa": "0.7"}, None, 0.7, None),
        ({"levels": "{common: 1, own: 2}", "kappa": "0.3"}, None, 0.3, [1.0, 0.0, 0.0, 2.0]),
    ],
)
def test_another_standpoint_is_answered_as_another_update_does(
    profile: dict[str, str], prior: list[float] | None, kappa: float | None, levels: list[float] | None
) -> None:
    tree = tree_of(changes=ONE_EACH)
    problem = tree["problem"].to_dataset()
    held = stored_clues(problem)
    assert held is not None
    asked = Standpoints(
        np.array([prior or problem["prior"].values]) / np.sum(prior or 1.0),
        np.array([levels or problem["level_weight"].values]),
        problem["kappa"].values if kappa is None else np.array([kappa]),
        problem["kappa_weight"].values[None] if kappa is None else np.ones((1, 1)),
    )
    table = log_p(problem["pool"].values, asked, held.z)[1][0]
    anew = tree_of(changes=posed(**profile))
    np.testing.assert_allclose(answer(held, log_p=table).probability, pooled(anew), rtol=0.0, atol=1e-10)
    assert np.abs(pooled(anew) - pooled(tree)).max() > 1e-3


def test_what_moves_a_standpoint_is_worked_out_and_all_else_is_skipped_with_a_reason() -> None:
    made = analyse(tree_of(changes=ONE_EACH), Wanted())
    assert set(made["sensitivity"].children) == {*POSSIBLE, "base"}
    skipped = json.loads(made["sensitivity"].attrs["skipped"])
    assert set(skipped) == set(ANALYSES) - POSSIBLE - {"multiverse"}
    assert all("nothing but clues" in text["en"] and "只有线索" in text["zh"] for text in skipped.values())


def test_cases_that_stand_for_several_allow_nothing_and_say_why() -> None:
    made = analyse(tree_of(), Wanted())
    assert set(made["sensitivity"].children) == {"base"}
    skipped = json.loads(made["sensitivity"].attrs["skipped"])
    assert set(skipped) == set(ANALYSES) - {"multiverse"}
    assert "a case stands for several" in skipped["simplex"]["en"]
    with pytest.raises(UsageFault):
        analyse(tree_of(), Wanted(only=("simplex",)))


def test_the_base_of_what_cannot_be_listed_is_the_result_itself() -> None:
    tree = tree_of()
    base = analyse(tree, Wanted())["sensitivity/base"].to_dataset()
    np.testing.assert_allclose(base["probability"].values, pooled(tree), rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("changes", [{}, ONE_EACH])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_ends_well(changes: dict[str, tuple[str, str]], lang: str, tmp_path: Path) -> None:
    folder = write(tmp_path / "study", files_of("alone", changes))
    run = ["sensitivity", str(folder), "--hypotheses", "wide", "--lang", lang]
    first = CliRunner().invoke(main, run)
    assert first.exit_code == 0, first.output
    again = CliRunner().invoke(main, [*run, "--csv", str(tmp_path / "tables")])
    assert again.exit_code == 0, again.output
    assert "updating first" not in again.output, "the result of clues alone fits the study"
    assert "先行更新" not in again.output
