"""Signs, standard deviations, leanings and movement, counted one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from bayestrace.agreement import spread
from bayestrace.agreement.movement import movement


def some(seed: int = 0, shape: tuple[int, int, int] = (4, 9, 2)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(0.0, 2.0, shape), 1)
    values[rng.random(shape) < 0.2] = np.nan
    return values


@pytest.mark.parametrize("band", [0.0, 1.0])
def test_signs_are_compared_pair_by_pair(band: float) -> None:
    values = some()
    values[0, 0, 0], values[1, 0, 0] = band, -band  # on the edge of the band, so in it
    found = spread.signs(values, band, samples=0)
    same = opposite = undecided = 0
    for one, other in itertools.combinations(values, 2):
        for a, b in zip(one.ravel(), other.ravel(), strict=True):
            if np.isnan(a) or np.isnan(b):
                continue
            if abs(a) <= band or abs(b) <= band:
                undecided += 1
            elif a * b > 0:
                same += 1
            else:
                opposite += 1
    assert (found.same, found.opposite, found.undecided) == (same, opposite, undecided)
    assert found.share == same / (same + opposite)
    assert opposite > 5
    assert undecided > 1


def test_a_coder_of_one_sign_throughout_agrees_by_chance_only() -> None:
    """Chance correction: two who say yes to nearly all share signs often, and alpha is near 0."""
    rng = np.random.default_rng(8)
    values = np.where(rng.random((2, 400, 1)) < 0.9, 3.0, -3.0)
    found = spread.signs(values, 1.0, samples=0)
    assert found.share > 0.75
    assert found.alpha.value == pytest.approx(0.0, abs=0.12)
    assert np.isnan(spread.signs(np.zeros((2, 3, 1)), 0.0, samples=0).share)


def test_spread_is_the_standard_deviation_between_coders() -> None:
    values = np.array([[1.0, 2.0, np.nan], [3.0, np.nan, np.nan], [8.0, np.nan, 4.0]])
    found = spread.deviation(values)
    assert found[0] == pytest.approx(np.sqrt(13.0))
    assert np.isnan(found[1:]).all()
    assert spread.root_mean_square(np.array([3.0, np.nan, 4.0])) == pytest.approx(np.sqrt(12.5))


def test_a_coder_is_held_against_the_mean_of_the_others() -> None:
    values = some(3)
    found = spread.apart(values)
    for coder, unit, rival in np.ndindex(*values.shape):
        others = np.delete(values[:, unit, rival], coder)
        others = others[np.isfinite(others)]
        expected = values[coder, unit, rival] - others.mean() if others.size else np.nan
        assert found[coder, unit, rival] == pytest.approx(expected, nan_ok=True)


def test_a_leaning_has_a_t_interval() -> None:
    values = np.array([1.0, np.nan, 2.0, 4.0, 1.5])
    found = spread.leaning(values)
    expected = stats.ttest_1samp(values[np.isfinite(values)], 0.0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.mean == pytest.approx(2.125)
    assert found.observations == 4
    assert np.isnan(spread.leaning(np.array([np.nan])).mean)
    one = spread.leaning(np.array([2.0]))
    assert (one.mean, one.observations) == (2.0, 1)


def test_who_moved_towards_whom() -> None:
    before = np.array([[[0.0], [2.0], [5.0]], [[4.0], [6.0], [5.0]], [[-1.0], [np.nan], [9.0]]])
    after = before.copy()
    after[0, :, 0] = [1.0, 3.0, 7.0]  # a quarter of the way to the second where they differed; two beyond elsewhere
    anew = np.array([[True, True, False], [False] * 3, [True, True, True]])
    found = movement(before, after, anew)
    # The third was not stated anew, so what differs there is none of its moving.
    assert found.weights.tolist() == [2, 0, 2]
    assert found.changed.tolist() == [2, 0, 0]
    assert found.distance[0] == pytest.approx(1.0)
    assert np.isnan(found.distance[1])
    assert found.closed[0, 1] == pytest.approx(0.25)
    assert found.closed[0, 2] == pytest.approx(-1.0), "one away where the third is one the other way"
    assert found.closed[2, 0] == 0.0
    assert np.isnan(found.closed.diagonal()).all()
    assert np.isnan(found.closed[1]).all()
