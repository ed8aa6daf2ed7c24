"""The analyses of a result gathered in its tree: which, what is kept, what is told, what is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from simple_study import EVEN_PRIOR, SIMPLE
from small_study import FILES, write

from bayestrace import api
from bayestrace.errors import UsageFault
from bayestrace.sensitivity import run
from bayestrace.sensitivity.run import Telling, Wanted, analyse
from bayestrace.stamp import fits
from bayestrace.study import Study

QUICK = ("focal_prior", "kappa")


def face_value(folder: Path, files: Any = SIMPLE) -> tuple[Study, xr.DataTree]:
    study = api.read_study(write(folder, files))
    return study, api.update(study, api.Options(face_value=True))


def group(tree: xr.DataTree, name: str) -> xr.Dataset:
    node = tree[f"sensitivity/{name}"]
    assert isinstance(node, xr.DataTree)
    return node.to_dataset()


def test_the_flip_points_are_those_that_follow_by_hand(tmp_path: Path) -> None:
    _, tree = face_value(tmp_path)
    found = analyse(tree, Wanted(("focal_prior", "overconfidence", "limits")))
    base = group(found, "base")["probability"].sel(case="one", hypothesis="stakes")
    assert float(base) == pytest.approx(1.0 - EVEN_PRIOR, rel=1e-9)
    raised = group(found, "focal_prior").sel(case="one")
    assert raised["flip_at"].values == pytest.approx([EVEN_PRIOR, 1.0 - EVEN_PRIOR], abs=1e-3)
    assert list(raised["flip_to"].values) == ["bargaining", "bargaining"]
    leaning = group(found, "overconfidence").sel(case="one", allowance="leaning")
    assert float(leaning["flip_at"]) == pytest.approx(3.0, abs=1e-2)  # 6 dB off two observations


def test_an_analysis_made_before_stays_until_it_is_made_again(tmp_path: Path) -> None:
    _, tree = face_value(tmp_path, FILES)
    first = analyse(tree, Wanted(QUICK))
    second = analyse(first, Wanted(("limits",)))
    assert set(second["sensitivity"].children) == {"base", *QUICK, "limits"}
    assert group(second, "kappa").identical(group(first, "kappa"))
    assert {name for name in second.children if name != "sensitivity"} == set(tree.children)
    assert second.attrs == tree.attrs


def test_the_tree_can_be_written_and_read_again(tmp_path: Path) -> None:
    _, tree = face_value(tmp_path, FILES)
    whole = analyse(tree, Wanted())
    whole.to_netcdf(tmp_path / "posterior.nc", engine="netcdf4")
    with xr.open_datatree(tmp_path / "posterior.nc", engine="netcdf4") as opened:
        for name in set(run.ANALYSES) & set(whole["sensitivity"].children):
            assert set(opened[f"sensitivity/{name}"].variables) == set(whole[f"sensitivity/{name}"].variables)


def test_what_a_study_does_not_allow_is_told_and_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: run.Task) -> dict[str, xr.Dataset]:
        raise UsageFault("no-ranges")

    monkeypatch.setitem(run._MAKERS, "kappa", refuse)  # noqa: SLF001 - what a study without ranges would do
    _, tree = face_value(tmp_path)
    monkeypatch.setattr(run, "ANALYSES", QUICK)
    found = analyse(tree, Wanted())
    assert "kappa" not in found["sensitivity"].children
    assert set(json.loads(found["sensitivity"].attrs["skipped"])["kappa"]) == {"en", "zh"}
    with pytest.raises(UsageFault):
        analyse(tree, Wanted(("kappa",)))


def test_a_reason_goes_once_the_analysis_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: run.Task) -> dict[str, xr.Dataset]:
        raise UsageFault("no-ranges")

    _, tree = face_value(tmp_path, FILES)
    with monkeypatch.context() as patched:
        patched.setitem(run._MAKERS, "kappa", refuse)  # noqa: SLF001 - as above
        patched.setattr(run, "ANALYSES", QUICK)
        refused = analyse(tree, Wanted())
    assert "kappa" in json.loads(refused["sensitivity"].attrs["skipped"])
    made = analyse(refused, Wanted(("kappa",)))
    assert "kappa" not in json.loads(made["sensitivity"].attrs["skipped"])
    assert "kappa" in made["sensitivity"].children


def test_names_are_told_as_they_come(tmp_path: Path) -> None:
    _, tree = face_value(tmp_path)
    begun: list[str] = []
    analyse(tree, Wanted(tuple(reversed(QUICK))), telling=Telling(begun=begun.append))
    assert tuple(begun) == QUICK


def test_an_unknown_analysis_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageFault, match="did you mean 'kappa'"):
        run.chosen(Wanted(("kapa",)))


def test_the_multiverse_is_made_where_it_is_asked_for() -> None:
    assert "multiverse" not in run.chosen(Wanted())
    assert run.chosen(Wanted(multiverse=True)) == run.ANALYSES
    assert run.chosen(Wanted(("kappa",), multiverse=True)) == ("kappa", "multiverse")


def test_a_result_fits_its_own_study_alone(tmp_path: Path) -> None:
    study, tree = face_value(tmp_path / "a")
    profile = study.profiles["reference"]
    assert fits(tree, study, profile, "article", kind="face-value")
    assert not fits(tree, study, profile, "wide", kind="face-value")
    assert not fits(tree, study, profile, "article", kind="model")
    assert not fits(tree, study, profile.model_copy(update={"leaning_db": 3.0}), "article", kind="face-value")
    changed = {**SIMPLE, "evidence/codings/critic-weights.csv": SIMPLE["evidence/codings/neutral-weights.csv"]}
    other = api.read_study(write(tmp_path / "b", changed))
    assert not fits(tree, other, profile, "article", kind="face-value")
    one = api.update(study, api.Options(face_value=True, coders=("neutral",)))
    assert not fits(one, study, profile, "article", kind="face-value")


def test_a_fit_must_have_all_that_the_model_learns(tmp_path: Path) -> None:
    study, tree = face_value(tmp_path)
    tree.attrs["kind"] = "model"
    tree.attrs["settings"] = json.dumps({"coders": ["neutral", "critic"], "draws": 100, "chains": 2, "seed": 1})
    tree["posterior"] = xr.DataTree(xr.Dataset({"log_v": (("chain", "draw"), np.zeros((2, 5)))}))
    assert not fits(tree, study, study.profiles["reference"], "article", kind="model")
