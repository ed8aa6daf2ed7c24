"""Weights at the ends of their ranges: sums in the head."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from drawn import prior_stored, problem_of, told

from bayestrace.errors import UsageFault
from bayestrace.sensitivity import bounds
from bayestrace.sensitivity.allowances import shifted
from bayestrace.sensitivity.draws import clusters_of, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.weights import to_decibels


def test_the_flip_is_where_the_sum_of_the_ranges_has_used_the_weights_up() -> None:
    # 4 + 3 + 2 dB, each 5 dB wide on either side: 9 - 15 f = 0.
    held = stored_face_value(told(np.array([[[4.0], [3.0], [2.0]]]), half_range_db=5.0, coders=2))
    found = bounds.analyse(held)
    assert found["panel"].values.tolist() == ["*", "coder0", "coder1"]
    assert found["against"].values.tolist() == ["*", "h0", "h1"]
    everyone = found.sel(panel="*")
    for against in ("*", "h1"):
        assert float(everyone["flip_at"].sel(against=against)[0]) == pytest.approx(0.6, abs=1e-3)
        assert everyone["flip_to"].sel(against=against).values.tolist() == ["h1"]
    # The leader has no weight against itself.
    assert np.isnan(everyone["flip_at"].sel(against="h0")).all()
    assert np.isnan(everyone["probability"].sel(against="h0")).all()
    # One of two moves the mean half as far, 9 - 7.5 f: no flip within its range.
    alone = found.sel(panel="coder1", against="*")
    assert np.isnan(alone["flip_at"]).all()
    assert float(alone["probability"][-1, 0, 0]) == pytest.approx(1.0 / (1.0 + 10.0**-0.15))


def test_one_coder_alone_can_be_enough() -> None:
    held = stored_face_value(told(np.array([[[4.0], [3.0], [2.0]]]), half_range_db=8.0, coders=2))
    found = bounds.analyse(held, each=True).sel(panel="coder0")
    np.testing.assert_allclose(found["flip_at"].sel(against="*"), 9.0 / 12.0, atol=1e-3)
    np.testing.assert_allclose(found["flip_at"].sel(against="h1"), 9.0 / 12.0, atol=1e-3)


def test_one_coder_alone_moves_as_a_study_in_which_only_that_one_stated_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the model, half of the way: the other study is encoded anew and evaluated on the same draws, unmoved."""
    monkeypatch.setattr(bounds, "ALONE_MOVES", 0)
    weights = np.array([[[1.5, 1.0], [1.0, 0.5]], [[1.0, 1.0], [0.5, 1.5]]])
    problem = told(weights, half_range_db=0.5, coders=3)
    held = prior_stored(problem, 200)
    assert held.theta is not None
    found = bounds.analyse(held, points=3)
    assert found["leader"].values.tolist() == ["h0", "h0"]
    less = told(weights - 0.5 * 0.5, half_range_db=0.5, coders=3)["weight"].values
    weight = problem["weight"].values.copy()
    weight[1] = less[1]
    clusters = clusters_of(problem.assign(weight=(problem["weight"].dims, weight)), held.theta)
    expected = answer(held, clusters=clusters)
    alone = found["probability"].sel(panel="coder1", against="*").values[1]
    np.testing.assert_allclose(alone, expected.probability, atol=1e-9)
    assert np.abs(found["probability"].sel(panel="coder1", against="*").values[0] - alone).max() > 1e-3


def test_against_one_rival_the_others_keep_what_is_said_among_them() -> None:
    problem = told(np.array([[[4.0, 3.0, 1.0]]]), half_range_db=5.0, coders=1)
    leader = np.array([0])
    before = to_decibels(problem["weight"].values[0] @ problem["helmert"].values)[0]
    one = to_decibels(shifted(problem, bounds.unfavourable(problem, leader, 2))[0] @ problem["helmert"].values)[0]
    every = to_decibels(shifted(problem, bounds.unfavourable(problem, leader, None))[0] @ problem["helmert"].values)[0]
    # Over the rival down to the end of the range, 3 - 5 dB; over the others half as far; these stay as they were.
    np.testing.assert_allclose(one[0] - one, [0.0, 4.0 - 2.5, 3.0 - 5.0, 1.0 - 2.5], atol=1e-12)
    assert one[1] - one[3] == pytest.approx(before[1] - before[3])
    np.testing.assert_allclose(every[0] - every, [0.0, -1.0, -2.0, -4.0], atol=1e-12)


def test_each_case_moves_against_its_own_leader() -> None:
    weights = np.array([[[3.0], [3.0]], [[-2.0], [-2.0]]])
    problem = told(weights, half_range_db=4.0, coders=1)
    apart = problem.assign(level_weight=("level", [0.0] * (problem.sizes["level"] - 1) + [1.0]))
    found = bounds.analyse(stored_face_value(apart))
    assert found["leader"].values.tolist() == ["h0", "h1"]
    assert found["panel"].values.tolist() == ["*"]  # one coder alone is all of them
    np.testing.assert_allclose(found["flip_at"].sel(panel="*", against="*"), [6.0 / 8.0, 4.0 / 8.0], atol=1e-3)
    rival = found["flip_at"].sel(panel="*", against="h0").values
    assert np.isnan(rival[0])
    assert rival[1] == pytest.approx(0.5, abs=1e-3)


def test_without_ranges_there_is_nothing_to_move() -> None:
    with pytest.raises(UsageFault) as fault:
        bounds.analyse(stored_face_value(problem_of(cases=1, ranges=False)))
    assert fault.value.slug == "no-ranges"
    assert "range" in fault.value.text("en")
    assert "区间" in fault.value.text("zh")


def test_in_the_model_all_that_is_asked_is_answered(tmp_path: Any) -> None:
    held = prior_stored(problem_of(cases=2, coders=2, hypotheses=3, missing=0.3, seed=2), 40)
    told_of: list[tuple[int, int]] = []
    found = bounds.analyse(held, points=3, tell=lambda done, total: told_of.append((done, total)))
    # Everyone against every rival and each of three, two coders against every rival.
    assert told_of == [(done, 6) for done in range(1, 7)]
    everyone = found["probability"].sel(panel="*", against="*")
    np.testing.assert_allclose(everyone.sum("hypothesis"), 1.0)
    lead = [list(found["hypothesis"].values).index(name) for name in found["leader"].values]
    down = everyone.values[:, [0, 1], lead]
    assert (np.diff(down, axis=0) < 0.0).all()
    found.to_netcdf(tmp_path / "kept.nc", engine="netcdf4")
    with xr.open_dataset(tmp_path / "kept.nc", engine="netcdf4") as kept:
        assert kept["flip_to"].values.tolist() == found["flip_to"].values.tolist()
