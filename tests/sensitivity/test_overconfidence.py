"""Allowances to their flip points: sums in the head at face value, limits and other routes in the model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from drawn import as_posterior, prior_stored, problem_of, told

from bayestrace.inference.signal import Hyperparameters, design_of
from bayestrace.sensitivity import overconfidence
from bayestrace.sensitivity.allowances import MEASURED, Allowances, clusters_under, joined, with_weights
from bayestrace.sensitivity.draws import Stored, clusters_of, loglik_of, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.flips import leaders

PRIOR_DB = 10.0 * np.log10(3.0)  # what a prior of .75 says for the second explanation


def perfect(problem: xr.Dataset) -> Stored:
    """Take one draw in which coders see true weights, and every cluster is as informative as its weights ask."""
    coders, contrasts = problem.sizes["coder"], problem.sizes["contrast"]
    theta = Hyperparameters(
        scale=np.ones((1, coders)),
        noise=np.full((1, coders), 1e-5),
        bias=np.zeros((1, coders, contrasts)),
        range_factor=np.full(1, 1e-9),
        shared=np.full(1, 0.5),
        common_error=np.zeros(1),
        r_eta=np.full(1, 0.5),
        log_v=np.zeros(1),
        sd_log_v=np.full(1, 1e-9),
    )
    return stored(problem, as_posterior(theta), 1)


def flips(found: xr.Dataset, allowance: str) -> tuple[Any, str]:
    row = found.sel(allowance=allowance)
    return float(row["flip_at"][0]), str(row["flip_to"].values[0])


def test_face_value_flips_where_the_sum_is_used_up() -> None:
    # 3 + 3 - 0.5 = 5.5 dB for h0, of which the prior takes 4.77.
    problem = told(np.array([[[3.0], [3.0], [-0.5]]]), prior={"h0": 1.0, "h1": 3.0})
    found = overconfidence.analyse(stored_face_value(problem), np.array(["one", "one", "two"]))
    assert found["leader"].values.tolist() == ["h0"]
    assert flips(found, "leaning") == (pytest.approx((5.5 - PRIOR_DB) / 3.0, abs=1e-3), "h1")
    assert flips(found, "scale") == (pytest.approx(5.5 / PRIOR_DB, abs=1e-3), "h1")
    # Those of step one come to 6 dB over 1 + r.
    assert flips(found, "joined") == (pytest.approx(6.0 / (PRIOR_DB + 0.5) - 1.0, abs=1e-3), "h1")
    # Nothing is known there of reliability and selection, and no cluster has two members.
    assert {"reliability", "selectivity", "selectivity-leader"}.isdisjoint(found["allowance"].values)
    assert np.isnan(flips(found, "redundancy")[0])
    assert found["unit"].sel(allowance="leaning").item() == "dB per observation"
    assert found.attrs["pooling"] == "pooled"
    assert np.isnan(found["pareto_k"]).all()


def test_at_face_value_redundancy_starts_from_none() -> None:
    problem = told(np.array([[[3.0], [3.0], [-0.5]]]), prior={"h0": 1.0, "h1": 3.0}, clusters=(2,))
    found = overconfidence.analyse(stored_face_value(problem), pairs=())
    assert float(found["fitted"].sel(allowance="redundancy")) == 0.0
    assert flips(found, "redundancy") == (pytest.approx(6.0 / (PRIOR_DB + 0.5) - 1.0, abs=1e-3), "h1")


def test_perfect_coders_flip_where_face_value_does() -> None:
    weights = np.array([[[3.0], [3.0], [-0.5]]])
    held = perfect(told(weights, prior={"h0": 1.0, "h1": 3.0}, reliability=1.0))
    found = overconfidence.analyse(held, pairs=())
    assert flips(found, "leaning") == (pytest.approx((5.5 - PRIOR_DB) / 3.0, abs=2e-3), "h1")
    assert flips(found, "scale") == (pytest.approx(5.5 / PRIOR_DB, abs=2e-3), "h1")


def test_redundancy_of_perfect_coders_goes_by_kish() -> None:
    single = PRIOR_DB - 6.0 / 1.6  # so that 6 dB over 1 + r are just enough at r = .6
    held = perfect(
        told(
            np.array([[[3.0], [3.0], [single]]]),
            prior={"h0": 1.0, "h1": 3.0},
            clusters=(2,),
            reliability=1.0,
            redundancy=(None, 0.3, None),
        )
    )
    found = overconfidence.analyse(held, pairs=())
    assert float(found["fitted"].sel(allowance="redundancy")) == pytest.approx(0.3)
    assert flips(found, "redundancy") == (pytest.approx(0.6, abs=2e-3), "h1")


def test_reliability_caps_what_one_observation_says() -> None:
    # With ratio R, odds o before and q: o (q R + (1-q) M) = q + (1-q) M, M = (R + 1)/2.
    ratio, odds = 10.0**0.6, 0.4 / 0.6
    held = perfect(told(np.array([[[6.0]]]), prior={"h0": 0.4, "h1": 0.6}, reliability=1.0))
    mean = (ratio + 1.0) / 2.0
    expected = mean * (1.0 - odds) / (odds * ratio - odds * mean - 1.0 + mean)
    at, to = flips(overconfidence.analyse(held, pairs=()), "reliability")
    assert 0.1 < expected < 0.9
    assert (at, to) == (pytest.approx(expected, abs=2e-3), "h1")


def test_selectivity_is_that_of_the_model() -> None:
    held = prior_stored(problem_of(cases=2, clusters=(2,), seed=4), 6)
    assert held.theta is not None
    there = clusters_of(held.problem.assign_attrs(selectivity=0.6), held.theta)
    np.testing.assert_allclose(clusters_under(held, Allowances(selectivity=0.6)), there, atol=1e-9)
    # An author for each case: the clusters of a case are those of the study in which that one is favoured.
    mixed = clusters_under(held, Allowances(selectivity=0.6, favours=np.array([2, 1])))
    _, _, kept = design_of(held.problem)
    case_of = held.problem["case_of_cluster"].values[kept]
    for case, favoured in enumerate(("h2", "h1")):
        alone = clusters_of(held.problem.assign_attrs(selectivity=0.6, favours=favoured), held.theta)
        np.testing.assert_allclose(mixed[:, case_of == case], alone[:, case_of == case], atol=1e-9)


def test_a_fitted_selectivity_is_where_its_sweep_starts() -> None:
    held = prior_stored(problem_of(cases=1, profile={"selectivity": 0.5}), 30)
    found = overconfidence.analyse(held, pairs=(), points=5)
    row = found.sel(allowance="selectivity")
    assert float(row["fitted"]) == 0.5
    assert 0.5 in row["x"].values
    start = int(np.flatnonzero(row["x"].values == 0.5)[0])
    assert float(row["ess"][start]) == pytest.approx(30.0)
    assert np.isnan(found["fitted"].sel(allowance="selectivity-leader"))


def test_every_hyperparameter_is_measured_in_the_units_of_weights_or_is_not() -> None:
    assert {*Hyperparameters._fields} - MEASURED == {
        "scale",
        "range_factor",
        "shared",
        "r_eta",
        "log_v",
        "sd_log_v",
    }


@pytest.mark.parametrize("partial", [0.0, 0.4])
def test_what_is_stated_in_other_units_comes_back_by_its_scale(partial: float) -> None:
    problem = problem_of(cases=2, clusters=(2,), partial=partial, seed=5)
    held = prior_stored(problem, 6)
    assert held.theta is not None
    louder = problem.assign(weight=1.7 * problem["weight"], stated_variance=1.7**2 * problem["stated_variance"])
    theta = held.theta._replace(**{name: 1.7 * getattr(held.theta, name) for name in MEASURED})
    other = Stored(louder, theta, held.clusters, held.loglik, held.log_evidence, held.table)
    np.testing.assert_allclose(clusters_under(other, Allowances(scale=1.7)), held.clusters, atol=1e-7)


@pytest.mark.parametrize("partial", [0.0, 0.4])
def test_a_leaning_of_all_coders_is_a_bias_of_all_coders(partial: float) -> None:
    """What is taken off every stated weight is what a bias of that size takes off, where all cases lean alike."""
    held = prior_stored(problem_of(cases=2, partial=partial, seed=6), 6)
    assert held.theta is not None
    shift = 0.8 * np.log(10.0) / 10.0 * held.problem["helmert"].values[:, 1]
    biased = held.theta._replace(bias=held.theta.bias + shift)
    expected = clusters_of(held.problem, biased)
    found = clusters_under(held, Allowances(leaning=0.8, towards=np.array([1, 1])))
    np.testing.assert_allclose(found, expected, atol=1e-8)


def test_joined_clusters_that_were_joined_before_change_nothing() -> None:
    problem = problem_of(cases=2, clusters=(2, 3), singles=1, redundancy=(None, 0.4, None), doubtful=1, seed=7)
    for held in (prior_stored(problem, 4), perfect(problem)):
        group_of = problem["cluster_of_evidence"].values.astype(str)
        np.testing.assert_allclose(joined(held, group_of, 0.4), held.clusters, atol=1e-9)
    face = stored_face_value(problem)
    np.testing.assert_allclose(joined(face, group_of, 0.0), face.clusters, atol=1e-12)
    # Members of one cluster that are of two groups: nothing is lost.
    apart = np.array([f"s{place}" for place in range(group_of.size)])
    np.testing.assert_allclose(loglik_of(face.problem, joined(face, apart, 1.0)), face.loglik, atol=1e-12)
    everything = joined(face, np.full(group_of.size, "one"), 1.0)
    counted = np.bincount(problem["case_of_evidence"].values)
    np.testing.assert_allclose(everything.sum(axis=1), face.clusters.sum(axis=1) / counted[0], atol=1e-12)


def test_other_weights_are_those_of_the_study_that_states_them() -> None:
    problem = problem_of(cases=2, clusters=(2,), missing=0.3, doubtful=1, seed=8)
    weight = 0.5 * problem["weight"].values
    held = prior_stored(problem, 4)
    assert held.theta is not None
    there = clusters_of(problem.assign(weight=0.5 * problem["weight"]), held.theta)
    np.testing.assert_allclose(with_weights(held, weight), there, atol=1e-9)
    face = stored_face_value(problem)
    np.testing.assert_allclose(with_weights(face, weight), 0.5 * face.clusters, atol=1e-12)


def test_a_map_is_its_sweeps_along_its_sides() -> None:
    held = prior_stored(problem_of(cases=2, clusters=(2,), seed=9), 20)
    found = overconfidence.two_way(held, "leaning", "redundancy", points=3)
    lines = overconfidence.analyse(held, pairs=(), points=3)
    assert found["map_leader"].shape == (3, 3, 2)
    place = [list(held.problem["hypothesis"].values).index(name) for name in lines["leader"].values]
    for side, name in ((found.isel(across=0), "leaning"), (found.isel(along=0), "redundancy")):
        line = lines.sel(allowance=name)
        np.testing.assert_allclose(side["map_probability"], line["probability"].values[:3, [0, 1], place], atol=1e-12)
    assert (found["map_leader"].values[0, 0] == lines["leader"].values).all()


def test_of_equals_a_map_names_the_first() -> None:
    """Two explanations that everybody weighed alike: only rounding could tell them apart."""
    weights = np.full((1, 6, 2), 3.0) * np.array([0.0, 1.0]) + np.linspace(0.1, 0.6, 6)[:, None] * np.array([0.0, 1.0])
    held = prior_stored(told(weights, half_range_db=2.0, coders=2, clusters=(3, 2)), 20)
    found = overconfidence.two_way(held, "redundancy", "reliability", points=3)
    assert set(found["map_leader"].values.ravel()) == {"h0"}


def test_a_map_says_what_its_draws_are_worth() -> None:
    held = prior_stored(problem_of(cases=2, clusters=(2,), seed=9), 40)
    found = overconfidence.two_way(held, "leaning", "scale", points=3)
    x, y = 2, 1
    few = held.thinned(overconfidence.MAP_DRAWS)
    towards = leaders(answer(held).probability)
    moved = Allowances(leaning=float(found["map_x"][x]), towards=towards, scale=float(found["map_y"][y]))
    there = clusters_under(few, moved)
    plain = answer(few, clusters=there)
    assert float(found["map_ess"][x, y]) >= 0.9 * plain.ess
    assert float(found["map_ess"].max()) <= few.log_evidence.size + 1e-9


def test_progress_is_told_to_the_end() -> None:
    told_of: list[tuple[int, int]] = []
    held = stored_face_value(problem_of(cases=1))
    overconfidence.analyse(held, points=3, tell=lambda done, total: told_of.append((done, total)))
    assert [done for done, _ in told_of] == list(range(1, len(told_of) + 1))
    assert told_of[-1] == (len(told_of), len(told_of))


STUDIES: list[dict[str, Any]] = [
    {"cases": 1, "coders": 1, "hypotheses": 2, "ranges": False, "clusters": (), "singles": 1},
    {"cases": 2, "coders": 2, "partial": 0.5, "missing": 0.4, "doubtful": 1, "redundancy": None},
]


@pytest.mark.parametrize("study", STUDIES)
def test_any_study_can_be_asked_and_kept(study: dict[str, Any], tmp_path: Any) -> None:
    held = prior_stored(problem_of(**study), 24)
    steps = np.array([f"s{place % 2}" for place in range(held.problem.sizes["evidence"])])
    found = overconfidence.analyse(held, steps, points=3, pairs=(("redundancy", "reliability"),))
    np.testing.assert_allclose(found["probability"].sum("hypothesis").values[~np.isnan(found["x"].values)], 1.0)
    found.to_netcdf(tmp_path / "kept.nc", engine="netcdf4")
    with xr.open_dataset(tmp_path / "kept.nc", engine="netcdf4") as kept:
        assert kept["flip_to"].values.tolist() == found["flip_to"].values.tolist()
