"""What is kept of the fits of other panels: of which, and that it is what the fit says."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from drawn import prior_draws
from study_factory import make_profile, make_study

from bayestrace import panels, results
from bayestrace.encoding import Problem, encode
from bayestrace.panels import Panel, Telling, digest_of
from bayestrace.panels import Settings as Sampler
from bayestrace.sensitivity import kept, run
from bayestrace.sensitivity.draws import stored
from bayestrace.sensitivity.priors.beliefs import Beliefs
from bayestrace.study import Study

PROFILE = make_profile()
STUDY = make_study(cases=3, coders=3, partial=0.3, missing=0.3)


def posterior_of(problem: Problem, draws: int = 200) -> xr.Dataset:
    """Draw from the prior, with what the evidence says given each draw, as a fit leaves it."""
    posterior = prior_draws(problem, draws)
    loglik = stored(problem, posterior, draws).loglik
    return posterior.assign(
        case_loglik=(("chain", "draw", "case", "hypothesis"), loglik.reshape(2, draws // 2, *loglik.shape[1:]))
    ).assign_coords(coder=problem["coder"].values)


def panel_of(problem: Problem, draws: int = 200) -> Panel:
    coders = tuple(str(name) for name in problem["coder"].values)
    return Panel(coders, problem, posterior_of(problem, draws), xr.Dataset())


def test_what_is_kept_is_the_fit_itself_rounded_and_thinned() -> None:
    problem = encode(STUDY, PROFILE, coders=["coder2", "coder0"])
    panel = panel_of(problem)
    ((path, found),) = kept.of(panel, encode(STUDY, PROFILE), STUDY, PROFILE).items()
    assert path == "panels/coder0+coder2"
    assert found["coder"].values.tolist() == ["coder0", "coder2"]
    beliefs = Beliefs(stored(problem, panel.posterior, 200))
    wanted = beliefs.log_update - beliefs.log_update.max()
    np.testing.assert_allclose(found["log_update"], wanted, rtol=1e-6, atol=1e-10)
    few = stored(problem, panel.posterior, kept.DRAWS)
    assert few.theta is not None
    assert few.leaning_sd is not None
    for name, values in few.theta._asdict().items():
        np.testing.assert_array_equal(found[name], values.astype(np.float32))
    np.testing.assert_array_equal(found["leaning_sd"], few.leaning_sd.astype(np.float32))
    assert found["log_update"].dtype == found["scale"].dtype == np.float32
    np.testing.assert_array_equal(found["redundancy_mean"], problem["redundancy_mean"])
    np.testing.assert_array_equal(found["cluster"], problem["cluster"])


def test_a_fit_with_fewer_draws_is_kept_whole() -> None:
    problem = encode(STUDY, PROFILE, coders=["coder0"])
    (found,) = kept.of(panel_of(problem, 10), encode(STUDY, PROFILE), STUDY, PROFILE).values()
    assert found.sizes["draw"] == 10


def test_nothing_is_kept_of_fits_that_answer_another_question() -> None:
    full = encode(STUDY, PROFILE)
    some = encode(STUDY, PROFILE, coders=["coder0", "coder1"])
    otherwise = make_profile(selectivity=0.2)
    unlike: list[Problem] = [
        full,
        some.assign(weighs=some["weighs"] & (some["case_of_evidence"] > 0)),
        some.assign(reliability=some["reliability"] * 0.0 + 1.0),
        some.assign_attrs(set="another"),
        encode(STUDY, otherwise, coders=["coder0", "coder1"]),
    ]
    for problem in unlike:
        assert kept.of(panel_of(problem, 4), full, STUDY, PROFILE) == {}
    assert len(kept.of(panel_of(some, 4), full, STUDY, PROFILE)) == 1
    # The result is of two coders of three: the third is none of its panels.
    assert kept.of(panel_of(full, 4), some, STUDY, PROFILE) == {}


def test_nothing_is_kept_where_a_page_could_not_answer() -> None:
    many = make_study(cases=10, coders=2, clusters=(), singles=1)
    problem = encode(many, PROFILE, coders=["coder0"])
    assert kept.of(panel_of(problem, 2), encode(many, PROFILE), many, PROFILE) == {}


def result(study: Study, folder: Path) -> xr.DataTree:
    """Put a result together as `update` writes it, of draws from the prior."""
    problem = encode(study, PROFILE)
    tree = xr.DataTree.from_dict({"problem": problem, "posterior": posterior_of(problem, 20)})
    tree.attrs = {
        "bayestrace": "0",
        "format": results.FORMAT,
        "kind": "model",
        "study": study.canonical(),
        "profile": PROFILE.model_dump_json(),
        "set": "all",
        "settings": '{"draws": 10, "chains": 2, "seed": 3}',
    }
    results.save(tree, folder / "posterior.nc")
    return results.load(folder / "posterior.nc")


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Draw from the prior where a panel would be fitted, and note whose."""
    said: list[tuple[str, ...]] = []

    def fit(problem: Problem, settings: Sampler, cache: Any, telling: Telling) -> Panel:
        del settings, cache
        panel = panel_of(problem, 40)
        said.append(panel.coders)
        assert telling.made is not None
        telling.made(panel)
        return panel

    monkeypatch.setattr(panels, "fit", fit)
    return said


def test_a_result_keeps_every_panel_that_was_fitted_for_it(fitted: list[tuple[str, ...]], tmp_path: Path) -> None:
    study = make_study(cases=2, coders=3, singles=1, clusters=(2,))
    # Cases declared in an order that is not that of their names.
    study = study.model_copy(update={"cases": dict(reversed(study.cases.items()))})
    tree = result(study, tmp_path)
    wanted = run.Wanted(only=("left_out",))
    found = run.analyse(tree, wanted)
    names = {"coder1+coder2", "coder0+coder2", "coder0+coder1"}
    assert set(found["panels"].children) == names
    assert names <= {"+".join(coders) for coders in fitted}
    results.save(found, tmp_path / "posterior.nc")
    again = results.load(tmp_path / "posterior.nc")
    for name in names:
        assert again["panels"][name].to_dataset().identical(found["panels"][name].to_dataset())
    # What is not fitted again stays.
    still = run.analyse(again, dataclasses.replace(wanted, refits=False))
    assert set(still["panels"].children) == names
    assert set(still["sensitivity"].children) == {"base", "left_out"}


def test_without_fits_there_is_no_such_group(fitted: list[tuple[str, ...]], tmp_path: Path) -> None:
    study = make_study(cases=2, coders=3, singles=1, clusters=())
    found = run.analyse(result(study, tmp_path), run.Wanted(only=("left_out",), refits=False))
    assert kept.GROUP not in found.children
    assert fitted == []


def test_a_panel_is_handed_over_once_it_is_there() -> None:
    problem = encode(make_study(cases=1, coders=2), PROFILE)
    settings = Sampler(10, 2, 1)
    groups = {"posterior": posterior_of(problem, 20), "sample_stats": xr.Dataset()}
    memory = {digest_of(problem, settings): xr.DataTree.from_dict(groups)}
    said: list[Panel] = []
    panel = panels.fit(problem, settings, memory, Telling(made=said.append))
    assert said == [panel]
