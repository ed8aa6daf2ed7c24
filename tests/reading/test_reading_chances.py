"""What stated probabilities are expected to be, and which correlations they allow, by a second route."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from bayestrace.reading.chances import chance, check_chance
from bayestrace.reading.dependence import possible
from bayestrace.reading.marks import read_yaml
from bayestrace.study.chances import beta_of, mean_of
from bayestrace.study.sought import Chance

QUIET = settings(deadline=None, derandomize=True, database=None, max_examples=200)
#: From almost never to almost always, dense at both ends.
INSIDE = st.floats(-30.0, 30.0).map(lambda logit: 1.0 / (1.0 + np.exp(-logit)))


@QUIET
@given(INSIDE, INSIDE)
def test_a_range_is_that_of_its_beta(one: float, other: float) -> None:
    low, high = sorted((float(one), float(other)))
    document, _ = read_yaml("x.yaml", f"[{low!r}, {high!r}]")
    stated = chance(document.root())
    if stated is None:
        assert {fault.slug for fault in check_chance(document.root())} <= {"ends-order", "chance-narrow"}
        return
    shape = beta_of(stated)
    assert shape is not None
    assert stats.beta(*shape).cdf([low, high]) == pytest.approx([0.05, 0.95], abs=1e-7)
    assert mean_of(stated) == pytest.approx(stats.beta(*shape).mean())


@QUIET
@given(st.floats(0.001, 0.999), st.floats(0.01, 0.99))
def test_mean_and_sd_are_those_of_their_beta(mean: float, share: float) -> None:
    sd = share * np.sqrt(mean * (1.0 - mean))
    shape = beta_of(Chance(mean=mean, sd=float(sd)))
    assert shape is not None
    assert stats.beta(*shape).mean() == pytest.approx(mean)
    assert stats.beta(*shape).std() == pytest.approx(sd)
    assert mean_of(Chance(mean=mean, sd=float(sd))) == pytest.approx(mean)


def test_a_number_is_known_and_a_beta_is_itself() -> None:
    assert beta_of(Chance(at=0.3)) is None
    assert (mean_of(Chance(at=0.3)), mean_of(Chance(at=0.0))) == (0.3, 0.0)
    assert beta_of(Chance(alpha=2.0, beta=3.0)) == (2.0, 3.0)
    assert mean_of(Chance(alpha=2.0, beta=3.0)) == 0.4


@QUIET
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.0, 1.0))
def test_a_correlation_is_possible_where_all_four_cells_are(one: float, two: float, share: float) -> None:
    """Go from a table of two events to their correlation: every table that can be gives one that is possible."""
    least, most = max(0.0, one + two - 1.0), min(one, two)
    both = least + share * (most - least)
    table = np.array([[both, one - both], [two - both, 1.0 - one - two + both]])
    assert table.min() >= -1e-12
    events = np.array([[1.0, 1.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    covariance = np.cov(events.T, aweights=np.clip(table.ravel(), 0.0, None), bias=True)
    rho = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
    low, high = possible(one, two)
    assert low - 1e-9 <= rho <= high + 1e-9
    assert rho == pytest.approx(low + share * (high - low), abs=1e-9)


def test_certain_clues_allow_any_correlation() -> None:
    assert possible(0.0, 0.4) == possible(0.3, 1.0) == (-1.0, 1.0)
