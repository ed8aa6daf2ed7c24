"""`bayestrace agreement` beside the model: what it takes from a result, what it fits, and what it leaves out."""

from __future__ import annotations

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


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["agreement", "--json", *map(str, arguments)])


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The panels that were sampled, by a sampler that answers at once."""
    panels: list[tuple[str, ...]] = []

    def sample(problem: xr.Dataset, **options: Any) -> xr.DataTree:
        panels.append(tuple(map(str, problem["coder"].values)))
        posterior = xr.concat([some_draws(problem, 100, seed=chain) for chain in range(2)], dim="chain")
        shape = (2, 100, problem.sizes["case"], problem.sizes["hypothesis"])
        posterior["case_loglik"] = (("chain", "draw", "case", "hypothesis"), np.zeros(shape))
        options["progress"](10, 10)
        none = {"diverging": (("chain", "draw"), np.zeros((2, 100), dtype=np.int8))}
        stats = xr.Dataset(none, attrs={"target_accept": 0.8})
        return xr.DataTree.from_dict({"posterior": posterior, "sample_stats": stats})

    monkeypatch.setattr(sampling, "is_compiled", lambda *_: True)
    monkeypatch.setattr(sampling, "sample", sample)
    return panels


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_: str(tmp_path / "cache"))
    return write(tmp_path / "study", FILES)


def test_what_no_result_has_is_fitted_once_and_kept(study: Path, fitted: list[tuple[str, ...]]) -> None:
    done = run(study)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    every = ("neutral", "critic", "guest")
    assert sorted(fitted) == sorted([every, every[1:], (every[0], every[2]), every[:2]])
    assert "Fit of neutral, critic, guest" in done.stderr
    assert (found["basis"], found["without_from"]) == ("model", "fits")
    whole = found["without"][0]
    models = {row["hypothesis"]: row["model"] for row in found["opinions"][0]["hypotheses"]}
    assert whole["probability"] == models[whole["leader"]] == max(models.values())
    assert sum(models.values()) == pytest.approx(1.0)
    again = run(study)
    assert len(fitted) == 4
    assert json.loads(again.stdout) == found


def test_without_refits_the_stated_weights_are_taken_at_face_value(study: Path, fitted: list[tuple[str, ...]]) -> None:
    found = json.loads(run(study, "--no-refits", "--quiet").stdout)
    assert fitted == []
    assert (found["basis"], found["without_from"]) == ("face-value", "face-value")
    assert found["opinions"][0]["hypotheses"][0]["model"] is None


def test_a_result_is_taken_and_what_sensitivity_added_is_not_fitted_again(
    study: Path, fitted: list[tuple[str, ...]]
) -> None:
    from bayestrace import api, results  # noqa: PLC0415

    fit = json.loads(run(study, "--quiet").stdout)
    tree = api.update(api.read_study(study), api.Options(draws=100, chains=2), lambda *_: None)
    cases, hypotheses = ("case", "hypothesis")
    places = {name: tree["problem"].to_dataset()[name].values for name in (cases, hypotheses)}
    told = np.stack([np.full((2, 2), share) for share in (0.25, 0.5, 0.125)])
    told[..., 1] = 1.0 - told[..., 0]
    added = xr.Dataset(
        {"probability": (("item", cases, hypotheses), told)},
        coords={"item": ["neutral", "critic", "guest"], **places},
    )
    tree["sensitivity/left_out/coder"] = xr.DataTree(added)
    folder = study / "reports" / "article-reference"
    folder.mkdir(parents=True)
    results.save(tree, folder / "posterior.nc")
    fitted.clear()
    found = json.loads(run(study, "--quiet").stdout)
    assert fitted == []
    assert found["without_from"] == "result"
    published = tree["cases"].to_dataset()["probability"].sel(pooling="pooled", stat="mean").values
    models = [[row["model"] for row in block["hypotheses"]] for block in found["opinions"]]
    np.testing.assert_allclose(models, published)
    first = found["without"][0]
    leads = int(published[0].argmax())
    assert [one["probability"] for one in first["without"]] == told[:, 0, leads].tolist()
    # A result of a study that has changed since is not taken.
    notes = study / "evidence/codings/neutral-notes.csv"
    notes.write_text(notes.read_text(encoding="utf-8").replace("Less so.", "Less."), encoding="utf-8")
    changed = json.loads(run(study, "--quiet").stdout)
    assert changed["without_from"] == "fits"
    assert changed["alpha"] == fit["alpha"]
