"""Intraclass correlations against published ones, against a simulation, and against the mixed model."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bayestrace.agreement import icc

#: Shrout and Fleiss 1979, table 2: six targets, four judges.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float)


@pytest.mark.parametrize(
    ("kind", "value", "low", "high"),
    # Values: Shrout and Fleiss 1979, table 4. Intervals: as the R package psych prints them for these data.
    [
        ("1,1", 0.17, -0.133, 0.72),
        ("A,1", 0.29, 0.019, 0.76),
        ("C,1", 0.71, 0.342, 0.95),
        ("1,k", 0.44, -0.884, 0.91),
        ("A,k", 0.62, 0.071, 0.93),
        ("C,k", 0.91, 0.676, 0.99),
    ],
)
def test_the_published_example(kind: icc.Kind, value: float, low: float, high: float) -> None:
    found = icc.correlations(SHROUT_FLEISS)[kind]
    assert found.value == pytest.approx(value, abs=0.0051)
    assert found.low == pytest.approx(low, abs=0.00051)
    assert found.high == pytest.approx(high, abs=0.0051)


def test_the_mixed_model_gives_what_mean_squares_give_where_nothing_is_missing() -> None:
    found = icc.components(SHROUT_FLEISS)
    assert found is not None
    plain = icc.correlations(SHROUT_FLEISS)
    assert found.absolute() == pytest.approx(plain["A,1"].value, abs=1e-5)
    assert found.consistent() == pytest.approx(plain["C,1"].value, abs=1e-5)
    # By hand: mean squares 11.24 of targets, 32.49 of judges, 1.02 of the rest.
    assert found == pytest.approx(((11.2417 - 1.0194) / 4, (32.4861 - 1.0194) / 6, 1.0194), abs=1e-3)


def test_the_likelihood_with_gaps_is_the_normal_one() -> None:
    """No other variances make what was stated likelier, by the density of its contrasts with the mean taken out."""
    rng = np.random.default_rng(5)
    values = rng.normal(0, 2, (14, 1)) + rng.normal(0, 1, (1, 3)) + rng.normal(0, 1, (14, 3))
    values[rng.random(values.shape) < 0.25] = np.nan
    found = icc.components(values)
    assert found is not None
    row, column = np.nonzero(np.isfinite(values))
    contrasts = np.linalg.qr(np.ones((row.size, 1)), mode="complete")[0][:, 1:]

    def restricted(variances: tuple[float, float, float]) -> float:
        one, coder, rest = variances
        covariance = one * (row[:, None] == row) + coder * (column[:, None] == column) + rest * np.eye(row.size)
        told = contrasts.T @ values[row, column]
        return float(stats.multivariate_normal(cov=contrasts.T @ covariance @ contrasts).logpdf(told))

    best = restricted(found)
    for place in range(3):
        for factor in (0.9, 1.1):
            other = list(found)
            other[place] *= factor
            assert restricted((other[0], other[1], other[2])) < best


def test_intervals_cover_what_they_say() -> None:
    """Simulated from the crossed model: the 95 % intervals of A,1 and C,1 cover the truth about as often."""
    rng = np.random.default_rng(2)
    held = {"A,1": 0, "C,1": 0}
    truth = {"A,1": 4.0 / (4.0 + 0.5 + 1.0), "C,1": 4.0 / 5.0}
    for _ in range(400):
        table = rng.normal(0, 2, (20, 1)) + rng.normal(0, np.sqrt(0.5), (1, 4)) + rng.normal(0, 1, (20, 4))
        found = icc.correlations(table)
        for kind, value in truth.items():
            one = found["A,1" if kind == "A,1" else "C,1"]
            held[kind] += one.low <= value <= one.high
    assert held["C,1"] / 400 == pytest.approx(0.95, abs=0.035)
    assert held["A,1"] / 400 == pytest.approx(0.95, abs=0.04)


def test_what_is_not_defined_is_no_number() -> None:
    assert icc.components(np.ones((4, 3))) is None
    assert icc.components(np.array([[1.0, 2.0], [np.nan, 3.0]])) is None
    same = np.tile(np.array([[1.0], [2.0], [4.0]]), (1, 3))
    assert icc.correlations(same)["C,1"].value == 1.0
    assert np.isnan(icc.correlations(same)["A,1"].low)
    assert np.isnan(icc.correlations(np.ones((3, 3)))["A,1"].value)
