"""Weights of draws: against densities whose tail is known, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from bayestrace.sensitivity.reweight import UNRELIABLE, reweigh


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.8])
def test_k_is_that_of_a_tail_known_in_closed_form(rate: float) -> None:
    # Weights exp((1 - rate) x) of draws from Exp(1) have a Pareto tail of shape 1 - rate exactly.
    x = np.random.default_rng(1).exponential(size=20_000)
    found = reweigh((1.0 - rate) * x)
    assert found.pareto_k == pytest.approx(1.0 - rate, abs=0.12)
    assert bool(found.pareto_k > UNRELIABLE) == (rate == 0.1)


def test_weighted_draws_have_the_moments_of_the_other_density() -> None:
    x = np.random.default_rng(2).normal(size=4_000)
    found = reweigh(0.7 * x)  # Normal(0.7, 1) over Normal(0, 1), up to a constant
    assert found.weight @ x == pytest.approx(0.7, abs=0.08)
    assert found.weight.sum() == pytest.approx(1.0)
    # Kish: the mean of squared weights of a log-normal is exp(0.49) times the squared mean.
    assert found.ess == pytest.approx(4_000 / np.exp(0.49), rel=0.1)


def test_smoothing_moves_the_greatest_weights_only() -> None:
    ratio = np.random.default_rng(3).normal(size=400)
    smooth, plain = reweigh(ratio), reweigh(ratio, smooth=False)
    np.testing.assert_allclose(plain.weight, np.exp(ratio) / np.exp(ratio).sum())
    assert plain.pareto_k == smooth.pareto_k
    body = np.argsort(ratio)[:300]
    np.testing.assert_allclose(np.ptp(np.log(smooth.weight[body] / plain.weight[body])), 0.0, atol=1e-9)
    assert np.ptp(np.log(smooth.weight / plain.weight)) > 0.01


def test_rows_are_weighed_each_by_itself() -> None:
    ratio = np.random.default_rng(4).normal(size=(2, 3, 100))
    whole, one = reweigh(ratio), reweigh(ratio[1, 2])
    assert whole.weight.shape == (2, 3, 100)
    assert whole.pareto_k.shape == whole.ess.shape == (2, 3)
    np.testing.assert_array_equal(whole.weight[1, 2], one.weight)
    assert whole.pareto_k[1, 2] == one.pareto_k
    assert np.isnan(reweigh(ratio, smooth=False, diagnose=False).pareto_k).all()


def test_without_a_tail_there_is_no_k() -> None:
    alike = reweigh(np.full(100, 3.0))
    assert np.isnan(alike.pareto_k)
    assert alike.ess == pytest.approx(100.0)
    single = reweigh(np.array([5.0]))
    assert single.weight[0] == single.ess == 1.0
    assert np.isnan(single.pareto_k)
    assert np.isnan(reweigh(np.repeat([0.0, 1.0], 100)).pareto_k)


def test_one_draw_that_has_all_the_weight_is_no_answer() -> None:
    ratio = np.zeros(100)
    ratio[7] = 900.0
    found = reweigh(ratio)
    assert found.pareto_k == np.inf
    assert found.ess == pytest.approx(1.0)


def test_impossible_draws_have_no_weight() -> None:
    ratio = np.random.default_rng(5).normal(size=200)
    ratio[:50] = -np.inf
    found = reweigh(ratio)
    assert found.weight[:50].max() < 1e-200
    assert np.isfinite(found.pareto_k)
    assert np.isnan(reweigh(np.full(100, -np.inf)).weight).all()
