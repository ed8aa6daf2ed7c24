"""Flip points against curves whose crossings are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bayestrace.sensitivity.flips import first_flips, leaders, margin, named, nearest_flips

Floats = NDArray[np.float64]


def two(log_odds: Floats) -> Floats:
    """Give P of two explanations whose log-odds are known, shape (..., 2)."""
    log_odds = np.clip(log_odds, -500.0, 500.0)
    return np.stack([1.0 / (1.0 + np.exp(-log_odds)), 1.0 / (1.0 + np.exp(log_odds))], axis=-1)


def straight(x: float) -> Floats:
    """Three cases: flips at 0.37, never, and at 0.05."""
    return two(np.array([3.7 - 10.0 * x, 1.0 + x, 0.5 - 10.0 * x]))


def sweep(x: Floats) -> Floats:
    return np.stack([straight(value) for value in x])


def test_a_straight_sweep_flips_where_its_line_crosses_zero() -> None:
    x = np.linspace(0.0, 1.0, 5)
    found = first_flips(x, sweep(x), np.zeros(3, dtype=np.int64))
    np.testing.assert_allclose(found.at, [0.37, np.nan, 0.05], atol=1e-12)
    assert found.to.tolist() == [1, -1, 1]


def test_a_crooked_one_is_looked_at_again_in_between_and_cases_share_it() -> None:
    asked: list[float] = []

    def crooked(x: float) -> Floats:
        asked.append(x)
        return two(np.array([np.tanh(30.0 * (0.44 - x)) + 0.1, np.exp(-8.0 * x) - 0.3, 2.0 - 9.0 * x**3]))

    x = np.linspace(0.0, 1.0, 6)
    probability = np.stack([crooked(value) for value in x])
    asked.clear()
    found = first_flips(x, probability, np.zeros(3, dtype=np.int64), crooked)
    expected = [0.44 + np.arctanh(0.1) / 30.0, -np.log(0.3) / 8.0, (2.0 / 9.0) ** (1.0 / 3.0)]
    np.testing.assert_allclose(found.at, expected, atol=1e-3)
    assert len(asked) < 25


def test_the_first_flip_counts_and_the_way_is_that_asked_for() -> None:
    x = np.linspace(-3.0, 3.0, 25)
    waves = two(np.cos(2.0 * x)[:, None])  # flips at +-pi/4, and back at +-3 pi/4

    def at(value: float) -> Floats:
        return two(np.array([np.cos(2.0 * value)]))

    up = first_flips(x, waves, np.array([0]), at, start=12)
    down = first_flips(x, waves, np.array([0]), at, start=12, step=-1)
    assert up.at[0] == pytest.approx(np.pi / 4.0, abs=1e-3)
    assert down.at[0] == pytest.approx(-np.pi / 4.0, abs=1e-3)
    # From 0.5 the way up is shorter.
    assert nearest_flips(x, waves, 14, at).at[0] == pytest.approx(np.pi / 4.0, abs=1e-3)
    assert nearest_flips(x, waves, 10, at).at[0] == pytest.approx(-np.pi / 4.0, abs=1e-3)
    # A falling sweep is no other than a rising one.
    assert nearest_flips(x[::-1], waves[::-1], 14, at).at[0] == pytest.approx(-np.pi / 4.0, abs=1e-3)


def test_nearest_says_none_only_where_neither_side_flips() -> None:
    x = np.linspace(0.0, 1.0, 5)
    found = nearest_flips(x, sweep(x), 4)
    # At 1 the second explanation leads the first case; going down the first one takes over.
    np.testing.assert_allclose(found.at, [0.37, np.nan, 0.05], atol=1e-12)
    assert found.to.tolist() == [0, -1, 0]


def test_of_three_the_one_that_leads_beyond_the_flip_is_named() -> None:
    x = np.linspace(0.0, 1.0, 3)
    score = np.stack([np.ones(3), 0.2 + x, 2.0 * x], axis=-1)  # 1 is passed by the second at .8, by the third at .5
    probability = np.exp(score) / np.exp(score).sum(axis=-1, keepdims=True)
    found = first_flips(x, probability[:, None], np.array([0]))
    assert found.to.tolist() == [2]
    assert named(found.to, np.array(["a", "b", "c"])).tolist() == ["c"]
    assert named(np.array([-1, 0]), np.array(["a", "b", "c"])).tolist() == ["", "a"]


def test_a_start_where_another_leads_already_is_the_flip_point() -> None:
    x = np.array([0.2, 0.6])
    found = first_flips(x, two(np.array([[-1.0], [1.0]])), np.array([0]))
    assert (found.at[0], found.to[0]) == (0.2, 1)


def test_orders_of_magnitude_with_nothing_and_infinity_at_the_ends() -> None:
    def at(x: float) -> Floats:
        return two(np.array([1.0 - x / 300.0, x / 0.004 - 1.0])) if np.isfinite(x) else two(np.array([-9.0, 9.0]))

    x = np.concatenate([[0.0], np.geomspace(0.01, 100.0, 9), [np.inf]])
    found = nearest_flips(x, np.stack([at(value) for value in x]), 5, at, log=True)
    np.testing.assert_allclose(found.at, [300.0, 0.004], rtol=5e-3)


def test_equals_are_no_flip() -> None:
    level = np.full((4, 1, 3), 1.0 / 3.0)
    assert np.isnan(first_flips(np.arange(4.0), level, leaders(level[0])).at).all()
    assert margin(level[0], np.array([0])) == 0.0


def test_leaders_are_named_over_the_last_axis_whatever_stands_before_it() -> None:
    table = np.array([[[0.1, 0.6, 0.3], [0.4, 0.4, 0.2]], [[0.5, 0.1, 0.4], [0.0, 0.1, 0.9]]])
    assert leaders(table).tolist() == [[1, 0], [0, 2]]
    assert leaders(table[0]).tolist() == [1, 0]
