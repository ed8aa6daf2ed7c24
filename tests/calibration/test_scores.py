"""Scores of probabilities: hand numbers, brute force, and forecasters whose faults are known."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from bayestrace.calibration import scores

Floats = NDArray[np.float64]


def test_brier_and_log_score_by_hand() -> None:
    probability = np.array([[0.7, 0.2, 0.1], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    outcome = np.array([1, 0, 2])
    np.testing.assert_allclose(scores.brier_score(probability, outcome), [0.49 + 0.64 + 0.01, 0.0, 2.0])
    np.testing.assert_allclose(scores.log_score(probability, outcome), [1.6094379124341003, 0.0, np.inf])


@pytest.mark.parametrize("score", [scores.brier_score, scores.log_score])
def test_no_forecast_scores_better_than_the_truth(score: object) -> None:
    assert callable(score)
    truth = np.array([0.5, 0.3, 0.2])
    outcome = np.arange(3)

    def expected(said: Floats) -> float:
        return float(truth @ score(np.tile(said, (3, 1)), outcome))

    best = expected(truth)
    for move in itertools.permutations([0.05, -0.05, 0.0]):
        assert expected(truth + move) > best + 1e-4


@pytest.mark.parametrize(
    ("ratios_of_first", "ratios_of_second", "cost"),
    [
        ([1.0, 1.0], [1.0], 1.0),
        ([3.0], [1.0 / 3.0], 0.4150375),
        ([8.0], [8.0], 1.6699250),
        ([1.0 / 3.0], [3.0], 2.0),
        ([np.inf], [0.0], 0.0),
    ],
)
def test_cost_of_likelihood_ratios_as_published(
    ratios_of_first: list[float], ratios_of_second: list[float], cost: float
) -> None:
    with np.errstate(divide="ignore"):
        log_ratio = np.log([*ratios_of_first, *ratios_of_second])
    first = [True] * len(ratios_of_first) + [False] * len(ratios_of_second)
    assert scores.cllr(log_ratio, first) == pytest.approx(cost, abs=5e-8)


def test_both_hypotheses_count_alike_however_many_ratios_each_has() -> None:
    once = scores.cllr(np.log([4.0, 0.5, 0.1]), [True, False, False])
    assert scores.cllr(np.log([4.0] * 7 + [0.5, 0.1]), [True] * 7 + [False] * 2) == pytest.approx(once, abs=1e-12)
    for truth in (True, False):
        with pytest.raises(ValueError, match="each hypothesis"):
            scores.cllr([0.3, 0.4], [truth, truth])


def test_intervals_of_shares_hold_the_probabilities_that_a_score_test_keeps() -> None:
    number, hits = np.array([12, 40, 7]), np.array([3, 40, 0])
    found = scores.shares(hits, number)
    np.testing.assert_allclose(found.seen, hits / number)
    for low, high, h, n in zip(found.low, found.high, hits, number, strict=True):
        grid = np.linspace(0.0005, 0.9995, 1000)
        z = (h - n * grid) / np.sqrt(n * grid * (1.0 - grid))
        kept = grid[np.abs(z) <= stats.norm.ppf(0.975)]
        assert low == pytest.approx(kept.min() if h else 0.0, abs=2e-3)
        assert high == pytest.approx(kept.max() if h < n else 1.0, abs=2e-3)
    wilson = stats.binomtest(3, 12).proportion_ci(0.9, method="wilson")
    other = scores.shares(3, 12, level=0.9)
    assert (float(other.low), float(other.high)) == pytest.approx((wilson.low, wilson.high), abs=1e-12)


def test_the_leader_is_compared_with_what_was_so() -> None:
    probability = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8], [0.4, 0.4, 0.2]])
    said, right = scores.leader(probability, np.array([0, 1, 0]))
    np.testing.assert_array_equal(said, [0.5, 0.8, 0.4])
    np.testing.assert_array_equal(right, [True, False, True])


def test_credible_sets_by_hand() -> None:
    probability = np.array(
        [
            [0.02, 0.95, 0.03],  # one explanation will do
            [0.6, 0.1, 0.3],  # .6 + .3 is just enough, though in binary it is a hair less
            [0.3, 0.3, 0.4],  # all are needed
            [0.5, 0.45, 0.05],
            [0.8, 0.1, 0.1],  # either of two equals would do: both are in
            [0.0, 1.0, 0.0],
        ]
    )
    found = scores.credible_sets(probability, np.array([1, 1, 0, 2, 2, 0]), 0.9)
    np.testing.assert_array_equal(found.held, [True, False, True, False, True, False])
    np.testing.assert_allclose(found.claimed, [0.95, 0.9, 1.0, 0.95, 1.0, 1.0], rtol=1e-12)
    np.testing.assert_array_equal(found.size, [1, 2, 3, 2, 3, 1])
    half = scores.credible_sets(probability, np.array([1, 0, 1, 1, 0, 1]), 0.5)
    np.testing.assert_array_equal(half.size, [1, 1, 3, 1, 1, 1])
    np.testing.assert_array_equal(half.held, [True, True, True, False, True, True])
    # Thirds add up to a hair less than 1, and what cannot be is never needed.
    whole = scores.credible_sets(np.array([[1 / 3, 1 / 3, 1 / 3], [0.7, 0.3 - 1e-13, 0.0]]), np.array([0, 2]), 1.0)
    assert (whole.size.tolist(), whole.held.tolist()) == ([3, 2], [True, False])
    short = scores.credible_sets(np.array([[0.6, 0.399]]), np.array([1]), 1.0)  # and sums fall short of 1
    assert (short.size.tolist(), short.held.tolist()) == ([2], [True])


def test_credible_sets_are_the_smallest_there_are_in_whatever_order() -> None:
    rng = np.random.default_rng(9)
    probability = rng.dirichlet(np.full(5, 0.6), size=200)
    outcome = rng.integers(5, size=200)
    found = scores.credible_sets(probability, outcome, 0.8)
    for row, said in enumerate(probability):
        enough = [
            members
            for size in range(1, 6)
            for members in itertools.combinations(range(5), size)
            if said[list(members)].sum() >= 0.8
        ]
        least = max((one for one in enough if len(one) == len(enough[0])), key=lambda one: said[list(one)].sum())
        assert (found.size[row], found.held[row]) == (len(least), outcome[row] in least)
        assert found.claimed[row] == pytest.approx(said[list(least)].sum(), abs=1e-12)
    order = rng.permutation(5)
    moved = scores.credible_sets(probability[:, order], np.argsort(order)[outcome], 0.8)
    np.testing.assert_array_equal(moved.held, found.held)


def test_sets_of_a_calibrated_judge_hold_the_truth_as_often_as_they_claim_not_as_often_as_was_asked() -> None:
    rng = np.random.default_rng(10)
    probability = np.round(rng.dirichlet(np.ones(3), size=40_000), 1)
    probability = probability[probability.sum(axis=1).round(9) == 1.0]  # many of them are equal
    outcome = (rng.uniform(size=len(probability))[:, None] > probability.cumsum(axis=1)).sum(axis=1).clip(max=2)
    found = scores.credible_sets(probability, outcome, 0.7)
    error = np.sqrt((found.claimed * (1.0 - found.claimed)).mean() / found.held.size)
    assert abs(found.held.mean() - found.claimed.mean()) < 4.0 * error
    assert found.held.mean() > 0.7 + 20.0 * error
    double = probability**2 / (probability**2).sum(axis=1, keepdims=True)
    sure = scores.credible_sets(double, outcome, 0.7)
    assert sure.held.mean() < sure.claimed.mean() - 10.0 * error


def test_reliability_in_bins_of_equal_mass_by_hand() -> None:
    forecast = np.array([0.9, 0.1, 0.5, 0.2, 0.8, 0.6, 0.3])
    happened = np.array([True, False, True, True, True, False, False])
    study = np.array(["a", "a", "b", "b", "a", "b", "c"])
    curve = scores.reliability_curve(forecast, happened, study, bins=3)
    np.testing.assert_array_equal(curve.forecasts, [3, 2, 2])
    np.testing.assert_array_equal(curve.studies, [3, 1, 1])
    np.testing.assert_allclose(curve.said, [0.2, 0.55, 0.85])
    np.testing.assert_allclose(curve.seen, [1 / 3, 0.5, 1.0])
    wilson = stats.binomtest(1, 3).proportion_ci(0.95, method="wilson")
    assert (curve.low[0], curve.high[0]) == pytest.approx((wilson.low, wilson.high), abs=1e-12)
    assert scores.reliability_curve(forecast, happened, study, bins=50).seen.size == 7


def brute_squared_error(forecast: Floats, happened: NDArray[np.bool_], study: NDArray[np.int64], bins: int) -> float:
    """Mean product of residuals over pairs from different studies, one pair at a time."""
    order = np.argsort(forecast, kind="stable")
    total = 0.0
    for members in np.array_split(order, bins):
        products = [
            (forecast[i] - happened[i]) * (forecast[j] - happened[j])
            for i, j in itertools.permutations(members, 2)
            if study[i] != study[j]
        ]
        total += members.size * float(np.mean(products))
    return total / forecast.size


def test_calibration_error_is_the_mean_product_over_pairs_of_studies() -> None:
    rng = np.random.default_rng(1)
    forecast, study = rng.uniform(size=60), np.repeat(np.arange(15), 4)
    happened = rng.uniform(size=60) < 0.3
    found = scores.calibration_error(forecast, happened, study, rng, bins=4)
    expected = brute_squared_error(forecast, happened, study, 4)
    assert found.squared == pytest.approx(expected, abs=1e-12)
    assert found.root == pytest.approx(np.sqrt(expected), abs=1e-12)
    assert found.overconfidence == pytest.approx(float((forecast - happened).mean()), abs=1e-12)
    assert found.low < found.root < found.high
    assert found.overconfidence_low < found.overconfidence < found.overconfidence_high


def test_calibration_error_of_equal_forecasts_is_that_of_kumar_liang_and_ma() -> None:
    rng = np.random.default_rng(2)
    forecast = np.repeat([0.2, 0.7], 25)
    happened = rng.uniform(size=50) < forecast
    found = scores.calibration_error(forecast, happened, np.arange(50), rng, bins=2)
    seen = happened.reshape(2, 25).mean(axis=1)
    published = np.mean((np.array([0.2, 0.7]) - seen) ** 2 - seen * (1.0 - seen) / 24.0)
    assert found.squared == pytest.approx(published, abs=1e-12)


def test_a_study_drawn_twice_counts_as_one_twice_as_large() -> None:
    rng = np.random.default_rng(8)
    forecast, happened, study = rng.uniform(size=40), rng.uniform(size=40) < 0.2, np.repeat(np.arange(8), 5)
    once = scores.calibration_error(forecast, happened, study, np.random.default_rng(3), bins=1, resamples=1)
    times = np.random.default_rng(3).multinomial(8, np.full(8, 1.0 / 8.0))
    assert times.max() > 1
    copies = np.repeat(np.arange(40), np.repeat(times, 5))
    expected = brute_squared_error(forecast[copies], happened[copies], study[copies], 1)
    assert once.low == once.high == pytest.approx(np.sqrt(expected), abs=1e-12)


def of_studies(
    rng: np.random.Generator, studies: int, power: float
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.int64]]:
    """Four forecasts a study, alike in it and come true together, odds stated to a power of what they should be."""
    logit = rng.normal(0.0, 1.5, studies)[:, None] + rng.normal(0.0, 0.5, (studies, 4))
    luck = np.where(
        rng.uniform(size=(studies, 4)) < 0.8, rng.uniform(size=(studies, 1)), rng.uniform(size=(studies, 4))
    )
    happened = luck < 1.0 / (1.0 + np.exp(-logit))
    said = 1.0 / (1.0 + np.exp(-power * logit))
    return said.ravel(), happened.ravel(), np.repeat(np.arange(studies), 4)


def test_a_calibrated_forecaster_has_no_calibration_error_on_average() -> None:
    rng = np.random.default_rng(3)
    ours, plain, alone = [], [], []
    for _ in range(800):
        said, so, study = of_studies(rng, 50, 1.0)
        ours.append(scores.calibration_error(said, so, study, rng, resamples=2).squared)
        # Taking forecasts of one study for independent, or not taking the noise off, sees errors where none are.
        alone.append(scores.calibration_error(said, so, np.arange(said.size), rng, resamples=2).squared)
        curve = scores.reliability_curve(said, so, study)
        plain.append(float(((curve.said - curve.seen) ** 2).mean()))
    error = np.std(ours) / np.sqrt(len(ours))
    assert abs(np.mean(ours)) < 4.0 * error
    assert np.mean(plain) > 20.0 * error
    assert np.mean(alone) > 4.0 * error


def test_intervals_of_the_calibration_error_cover_it() -> None:
    rng = np.random.default_rng(4)
    said, so, study = of_studies(rng, 40_000, 2.0)
    whole = scores.calibration_error(said, so, study, rng, resamples=2)
    assert whole.root == pytest.approx(0.11, abs=0.02)
    within, zero, bias = [], [], []
    for _ in range(250):
        found = scores.calibration_error(*of_studies(rng, 150, 2.0), rng, resamples=200)
        within.append(found.low <= whole.root <= found.high)
        none = scores.calibration_error(*of_studies(rng, 150, 1.0), rng, resamples=200)
        zero.append(none.low <= 0.0 <= none.high)
        bias.append(none.overconfidence_low <= 0.0 <= none.overconfidence_high)
    assert np.mean(within) >= 0.89
    assert np.mean(zero) >= 0.97  # cautious where there is no error
    assert 0.90 <= np.mean(bias) <= 0.985


def test_the_interval_widens_where_forecasts_of_a_study_come_true_together() -> None:
    rng = np.random.default_rng(5)
    said, so, study = of_studies(rng, 200, 1.0)
    together = scores.calibration_error(said, so, study, np.random.default_rng(1))
    alone = scores.calibration_error(said, so, np.arange(said.size), np.random.default_rng(1))
    wide, narrow = (found.overconfidence_high - found.overconfidence_low for found in (together, alone))
    assert wide > 1.4 * narrow


def test_the_average_posterior_is_held_against_the_prior() -> None:
    rng = np.random.default_rng(6)
    prior = np.array([0.5, 0.3, 0.2])
    z = rng.choice(3, size=(4000, 2), p=prior)
    strength = np.array([1.0, 0.4])[None, :, None]
    signal = strength * np.eye(3)[z] + rng.normal(size=(4000, 2, 3))

    def posterior(error: Floats) -> Floats:
        joint = prior * np.exp(strength * signal - strength**2 / 2.0 + error)
        return np.asarray(joint / joint.sum(axis=-1, keepdims=True))

    right = scores.drift_from_prior(posterior(np.zeros(3)), prior)
    assert (np.abs(right.mean) < 4.0 * right.error).all()
    assert right.error.max() < 0.005
    by_hand = posterior(np.zeros(3))[:, 0, 1]
    assert right.mean[0, 1] == pytest.approx(by_hand.mean() - 0.3, abs=1e-12)
    assert right.error[0, 1] == pytest.approx(stats.sem(by_hand), abs=1e-12)
    wrong = scores.drift_from_prior(posterior(np.log([1.2, 1.0, 1.0])), prior)
    assert (wrong.mean[:, 0] > 6.0 * wrong.error[:, 0]).all()


def test_a_bin_that_holds_one_study_alone_is_left_out_of_the_calibration_error() -> None:
    # Two studies say .9 and are right and wrong; a third, alone in its bin, says .1 twice.
    forecast, happened = np.array([0.9, 0.9, 0.1, 0.1]), np.array([True, False, False, False])
    found = scores.calibration_error(forecast, happened, np.array([0, 1, 2, 2]), np.random.default_rng(0), bins=2)
    # One pair of different studies, residuals -.1 and .9.
    assert found.squared == pytest.approx(-0.1 * 0.9)
