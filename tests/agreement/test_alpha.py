"""Krippendorff's alpha against published examples, and against every pair of statements counted one by one."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bayestrace.agreement.alpha import alpha, nominal
from bayestrace.weights import helmert

_ = np.nan
#: Krippendorff 2011, "Computing Krippendorff's alpha-reliability", section C: four observers, twelve units.
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)
#: The example of the Python package `krippendorff`: three observers, fifteen units.
PACKAGE = np.array(
    [
        [_, _, _, _, _, 3, 4, 1, 2, 1, 1, 3, 3, _, 3],
        [1, _, 2, 1, 3, 3, 4, 3, _, _, _, _, _, _, _],
        [_, _, 2, 1, 3, 4, 4, _, 2, 1, 1, 3, 3, _, 4],
    ]
)


def by_pairs(values: np.ndarray) -> float:
    """Count every pair: within an observation weighed by 1/(m - 1), and among all that can be paired."""
    observed = expected = 0.0
    for variable in range(values.shape[2]):
        units = [column[np.isfinite(column)] for column in values[..., variable].T]
        units = [unit for unit in units if unit.size >= 2]
        n = sum(unit.size for unit in units)
        if not n:
            continue
        observed += sum(
            (a - b) ** 2 / (unit.size - 1) for unit in units for a, b in itertools.permutations(unit.tolist(), 2)
        )
        every = np.concatenate(units).tolist()
        expected += sum((a - b) ** 2 for a, b in itertools.permutations(every, 2)) / (n - 1)
    return 1.0 - observed / expected if expected > 0.0 else np.nan


def sorted_out(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return np.nan_to_num(values).astype(np.int64)[..., None], np.isfinite(values)[..., None]


@pytest.mark.parametrize(
    ("data", "interval", "categories", "units"), [(KRIPPENDORFF, 0.849, 0.743, 11), (PACKAGE, 0.811, 0.691, 12)]
)
def test_published_examples(data: np.ndarray, interval: float, categories: float, units: int) -> None:
    found = alpha(data[..., None], samples=0)
    assert found.value == pytest.approx(interval, abs=5e-4)
    assert found.observations == units
    assert nominal(*sorted_out(data), samples=0).value == pytest.approx(categories, abs=5e-4)


@given(seed=st.integers(0, 2**32 - 1), shape=st.tuples(st.integers(2, 5), st.integers(2, 9), st.integers(1, 3)))
@settings(max_examples=40, deadline=None)
def test_every_pair_counted_gives_the_same(seed: int, shape: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(3.0, 2.0, shape) + rng.normal(0.0, 3.0, (1, *shape[1:]))
    values[rng.random(shape) < 0.3] = np.nan
    found, expected = alpha(values, samples=0).value, by_pairs(values)
    assert found == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_where_zero_is_and_in_what_unit_and_the_order_of_everything_change_nothing() -> None:
    whole = alpha(KRIPPENDORFF[..., None], samples=0).value
    moved = 1e6 - 7.0 * KRIPPENDORFF[::-1, ::-1, None]
    assert alpha(moved, samples=0).value == pytest.approx(whole, abs=1e-9)


def test_over_several_variables_it_is_that_of_vectors_and_turns_with_them() -> None:
    """The squared difference of vectors does not depend on the axes: all pairs of explanations, or their contrasts."""
    rng = np.random.default_rng(3)
    vectors = rng.normal(0.0, 3.0, (1, 12, 4)) + rng.normal(0.0, 1.0, (3, 12, 4))
    pairs = np.stack([vectors[..., a] - vectors[..., b] for a, b in itertools.combinations(range(4), 2)], axis=-1)
    contrasts = vectors @ helmert(4).T
    assert alpha(pairs, samples=0).value == pytest.approx(alpha(contrasts, samples=0).value, abs=1e-12)
    assert alpha(pairs, samples=0).value != pytest.approx(alpha(pairs[..., :1], samples=0).value, abs=1e-3)


def test_perfect_no_and_contrary_agreement() -> None:
    one = np.array([1.0, 5.0, -2.0, 3.0])
    assert alpha(np.stack([one, one])[..., None], samples=50)[:3] == (1.0, 1.0, 1.0)
    assert alpha(np.stack([one, -one])[..., None], samples=0).value < 0.0
    # Nothing differs, nothing can be compared, nothing is there.
    for nothing in (np.ones((2, 3, 1)), np.array([[[1.0], [_]], [[_], [2.0]]]), np.zeros((2, 0, 1))):
        assert np.isnan(alpha(nothing, samples=20)[:3]).all()


def test_the_bootstrap_draws_observations_and_keeps_to_its_seed() -> None:
    rng = np.random.default_rng(1)
    data = rng.normal(0.0, 2.0, (1, 40, 1)) + rng.normal(0.0, 1.0, (3, 40, 1))
    found = alpha(data, seed=4)
    assert found == alpha(data, seed=4)
    assert found.low != alpha(data, seed=5).low
    assert found.low < found.value < found.high
    again = []
    for sample in range(400):
        drawn = np.random.default_rng(sample).integers(0, 40, 40)
        again.append(by_pairs(data[:, drawn]))
    ends = np.quantile(again, (0.025, 0.975))
    assert [found.low, found.high] == pytest.approx(ends, abs=0.03)
