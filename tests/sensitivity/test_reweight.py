"""Weights of draws: against densities whose tail is known, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from bayestrace.sensitivity.reweight import FEWEST, UNRELIABLE, doubt, doubtful, reweigh


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
    assert reweigh(np.zeros(2)).ess == pytest.approx(2.0)
    single = reweigh(np.array([5.0]))
    assert single.weight[0] == 1.0
    assert np.isnan(single.pareto_k)
    # At face value nothing is drawn, and nothing can be in doubt for want of draws.
    assert np.isnan(single.ess)
    assert not doubtful(single.pareto_k, single.ess)
    assert np.isnan(reweigh(np.repeat([0.0, 1.0], 100)).pareto_k)
    assert np.isnan(reweigh(1e-13 * np.random.default_rng(4).normal(size=100)).pareto_k), "rounding has no tail"


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


def test_weights_are_doubted_for_their_tail_or_for_want_of_draws() -> None:
    nan = np.nan
    pareto_k = np.array([0.1, 0.7, 0.71, nan, 0.1, 0.57, nan, np.inf, nan])
    ess = np.array([FEWEST, 400.0, 400.0, 400.0, FEWEST - 0.1, 20.0, 20.0, 1.0, nan])
    expected = [False, False, True, False, True, True, True, True, False]
    assert doubtful(pareto_k, ess).tolist() == expected
    assert (doubt(pareto_k, ess)[:8] > 1.0).tolist() == expected[:8]
    # Half of what is enough of the one, or twice what is too much of the other, is as much of a doubt.
    assert doubt(2.0 * UNRELIABLE, 400.0) == pytest.approx(doubt(0.1, FEWEST / 2.0)) == pytest.approx(2.0)


def test_the_fewest_draws_that_are_believed_keep_the_error_of_a_probability_small() -> None:
    """Probabilities that are worth the fewest draws, of events that are even: simulated, not from the formula."""
    rng = np.random.default_rng(6)
    draws, missed = 120, []
    for _ in range(1_000):
        # Weights that are worth about as many of the draws as are asked for at least.
        found = reweigh(np.sqrt(np.log(draws / FEWEST)) * rng.normal(size=draws))
        missed.append(((found.weight @ rng.integers(0, 2, draws) - 0.5) ** 2, found.ess))
    error, ess = np.mean(missed, axis=0)
    assert ess == pytest.approx(FEWEST, rel=0.2)
    assert 0.04 < np.sqrt(error) < 0.09


def test_a_few_draws_that_share_all_weight_have_a_small_k_and_are_not_believed() -> None:
    """What k alone lets pass: weights that fall off evenly, so that a twelfth of the draws have nearly all of it."""
    found = reweigh(np.random.default_rng(7).uniform(-24.0, 0.0, size=400))
    assert found.pareto_k < UNRELIABLE
    assert found.ess < FEWEST
    assert doubtful(found.pareto_k, found.ess)
