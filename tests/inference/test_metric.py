"""The first guess of a metric, on densities whose curvature is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bayestrace.inference.metric import guessed

Floats = NDArray[np.float64]
PRECISION = np.array([[4.0, 1.0, 0.0], [1.0, 100.0, 0.0], [0.0, 0.0, 0.5]])
CENTRE = np.array([1.0, -0.5, 2.0])


def _normal(x: Floats) -> tuple[float, Floats]:
    pull = PRECISION @ (x - CENTRE)
    return float(-0.5 * (x - CENTRE) @ pull), -pull


def test_a_normal_density_is_found_with_what_each_coordinate_leaves_open_given_the_others() -> None:
    centre, variance = guessed(_normal, np.zeros(3))
    np.testing.assert_allclose(centre, CENTRE, atol=1e-3)
    np.testing.assert_allclose(variance, 1.0 / np.diag(PRECISION), rtol=1e-6)


def test_what_is_wider_or_narrower_than_the_bounds_has_them() -> None:
    """Of a coordinate that is hardly known one says no more than that, of a point no metric can be made."""
    slope = np.array([1e-3, 1e7])
    _, variance = guessed(lambda x: (float(-0.5 * slope @ x**2), -slope * x), np.zeros(2))
    np.testing.assert_allclose(variance, [4.0, 1e-4])


def test_where_a_density_does_not_bend_down_the_unit_stands() -> None:
    _, variance = guessed(lambda x: (float(x[0] - 0.5 * x[1] ** 2), np.array([1.0, -x[1]])), np.zeros(2))
    np.testing.assert_allclose(variance, [1.0, 1.0], rtol=1e-6)


@pytest.mark.filterwarnings("error")
def test_a_density_that_cannot_be_evaluated_leaves_start_and_units() -> None:
    start = np.array([0.5, 0.25])
    centre, variance = guessed(lambda x: (np.nan, np.full(x.size, np.nan)), start)
    np.testing.assert_array_equal(centre, start)
    np.testing.assert_array_equal(variance, [1.0, 1.0])
