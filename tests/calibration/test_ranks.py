"""Ranks of the truth among posterior draws: uniform where they should be, outside the band where not."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from bayestrace.calibration.ranks import coverage, departure, holm, position, ranks, uniform_band


def test_ranks_by_hand_with_ties_broken_evenly() -> None:
    rng = np.random.default_rng(1)
    draws = np.array([[3.0, 1.0, 2.0], [2.0, 2.0, 5.0]])
    found = np.array([ranks(np.array([2.5, 2.0]), draws, rng) for _ in range(3000)])
    assert (found[:, 0] == 2).all()
    seen = np.bincount(found[:, 1], minlength=4)
    assert seen[3] == 0
    assert stats.chisquare(seen[:3]).pvalue > 1e-3


def test_discrete_truths_have_uniform_ranks_too() -> None:
    rng = np.random.default_rng(2)
    values = rng.integers(0, 3, size=(4000, 10)).astype(float)
    found = ranks(values[:, 0], values[:, 1:], rng)
    assert stats.chisquare(np.bincount(found, minlength=10)).pvalue > 1e-3


def test_positions_of_uniform_ranks_are_uniform() -> None:
    rng = np.random.default_rng(3)
    rank = rng.integers(0, 4, size=3000)
    where = position(rank, 3, rng)
    np.testing.assert_array_equal(np.floor(where * 4), rank)
    assert stats.kstest(where, stats.uniform.cdf).pvalue > 1e-3


def test_coverage_of_central_intervals_by_hand_and_of_a_posterior_too_narrow() -> None:
    where = np.array([0.02, 0.3, 0.5, 0.74, 0.97])
    found = coverage(where, [0.5, 0.9, 0.95])
    np.testing.assert_allclose(found.seen, [0.6, 0.6, 0.8])
    rng = np.random.default_rng(4)
    truth, draws = rng.normal(size=4000), rng.normal(size=(4000, 19))
    levels = np.array([0.5, 0.8, 0.94])
    for width in (1.0, 0.6):
        seen = coverage(position(ranks(truth, width * draws, rng), 19, rng), levels)
        inside = (seen.low <= levels) & (levels <= seen.high)
        assert inside.all() if width == 1.0 else not inside.any()


@pytest.mark.parametrize("number", [30, 250])
def test_uniform_numbers_leave_the_band_in_one_sample_of_twenty(number: int) -> None:
    band = uniform_band(number, simulations=4000)
    rng = np.random.default_rng(5)
    left, p = [], []
    for _ in range(2000):
        difference, value = departure(rng.uniform(size=number), band)
        left.append(((difference < band.low - 1e-12) | (difference > band.high + 1e-12)).any())
        p.append(value)
    assert 0.035 <= np.mean(left) <= 0.065
    # A sample leaves the band where its p-value says so, and p-values are uniform, or cautious where counts are few.
    np.testing.assert_array_equal(left, np.array(p) <= 0.05)
    for alpha in (0.01, 0.1, 0.3, 0.7):
        assert np.mean(np.array(p) <= alpha) <= alpha + 4.0 * np.sqrt(alpha * (1.0 - alpha) / 2000)


def test_the_band_holds_as_much_as_all_orders_of_events_say() -> None:
    number, points = 6, 3
    band = uniform_band(number, level=0.8, points=points, simulations=40_000)
    # Every way in which six numbers fall into three thirds, with its multinomial probability.
    inside = 0.0
    for cells in itertools.product(range(number + 1), repeat=points):
        if sum(cells) == number:
            share = np.cumsum(cells)[:-1] / number - band.at
            if ((share >= band.low - 1e-12) & (share <= band.high + 1e-12)).all():
                inside += stats.multinomial.pmf(cells, number, [1.0 / points] * points)
    assert 0.79 < inside < 0.9
    assert band.at.tolist() == [1.0 / 3.0, 2.0 / 3.0]
    np.testing.assert_allclose(band.low, -band.high[::-1], atol=1e-12)


@pytest.mark.parametrize(
    ("fault", "factor", "shift"), [("none", 1.0, 0.0), ("wide", 1.5, 0.0), ("narrow", 0.7, 0.0), ("off", 1.0, 0.3)]
)
def test_posteriors_with_known_faults_leave_the_band(fault: str, factor: float, shift: float) -> None:
    rng = np.random.default_rng(6)
    truth = rng.normal(size=300)
    data = truth + rng.normal(size=300)
    draws = data[:, None] / 2.0 + shift + factor * np.sqrt(0.5) * rng.normal(size=(300, 99))
    found = departure(position(ranks(truth, draws, rng), 99, rng), uniform_band(300, simulations=4000))
    assert (found.p > 0.05) if fault == "none" else (found.p < 0.005)
    if fault == "off":
        assert found.difference.mean() > 0.05  # truths lie too low


def test_one_band_is_one_seed_and_serves_one_number() -> None:
    band = uniform_band(40, simulations=500)
    assert band.gamma == uniform_band(40, simulations=500).gamma
    assert uniform_band(40, level=0.5, simulations=500).high.max() < band.high.max()
    with pytest.raises(ValueError, match="40 numbers"):
        departure(np.full(39, 0.5), band)


def test_holm_by_hand_and_under_the_null() -> None:
    np.testing.assert_allclose(holm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02])
    np.testing.assert_allclose(holm([0.9, 0.6]), [1.0, 1.0])
    rng = np.random.default_rng(7)
    wrong = np.mean([holm(rng.uniform(size=8)).min() <= 0.05 for _ in range(4000)])
    assert 0.035 < wrong < 0.062


def test_ranks_are_taken_over_the_last_axis_whatever_stands_before_it() -> None:
    truth = np.array([[0.5, 2.5], [1.5, 9.0]])
    draws = np.broadcast_to(np.array([0.0, 1.0, 2.0]), (2, 2, 3))
    assert ranks(truth, draws, np.random.default_rng(0)).tolist() == [[1, 3], [2, 3]]
