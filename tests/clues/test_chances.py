"""What is stated of a probability, and the Beta distribution that stands for it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import beta
from sought_studies import PROPERTY

from bayestrace.study.chances import beta_of, mean_of
from bayestrace.study.sought import Chance


@PROPERTY
@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_range_has_its_ends_at_5_and_95_percent(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-3)
    shape = beta_of(Chance(low=low, high=high))
    assert shape is not None
    np.testing.assert_allclose(beta.cdf([low, high], *shape), [0.05, 0.95], rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0.49999, 0.50001),
        (0.5, 0.5001),
        (1e-6, 2e-6),
        (1e-6, 1e-3),
        (1e-4, 0.9999),
        (0.001, 0.999),
        (1e-6, 0.5),
        (0.5, 1.0 - 1e-6),
        (0.998, 0.9999),
        (0.01, 0.99),
    ],
)
def test_narrow_wide_and_extreme_ranges(low: float, high: float) -> None:
    shape = beta_of(Chance(low=low, high=high))
    assert shape is not None
    assert min(shape) > 0.0
    np.testing.assert_allclose(beta.cdf([low, high], *shape), [0.05, 0.95], rtol=0, atol=1e-9)


@PROPERTY
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_mean_and_sd_are_those_of_the_beta(mean: float, part: float) -> None:
    sd = part * np.sqrt(mean * (1.0 - mean))
    shape = beta_of(Chance(mean=mean, sd=sd))
    assert shape is not None
    np.testing.assert_allclose([beta.mean(*shape), beta.std(*shape)], [mean, sd], rtol=1e-9)
    np.testing.assert_allclose(mean_of(Chance(mean=mean, sd=sd)), mean, rtol=1e-12)


def test_what_is_known_has_no_beta() -> None:
    assert [beta_of(Chance(at=value)) for value in (0.0, 0.4, 1.0)] == [None] * 3
    assert [mean_of(Chance(at=value)) for value in (0.0, 0.4, 1.0)] == [0.0, 0.4, 1.0]
    assert beta_of(Chance(alpha=2.0, beta=3.0)) == (2.0, 3.0)
    assert mean_of(Chance(alpha=2.0, beta=3.0)) == pytest.approx(0.4)
    assert mean_of(Chance(low=0.2, high=0.8)) == pytest.approx(0.5, abs=1e-9)
