"""The loops for many draws against the functions of SciPy and the formulas they are compiled from."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from drawn import prior_draws, problem_of
from numpy.typing import NDArray
from scipy.special import ndtr

from bayestrace.inference import drawwise, ledger, rowwise
from bayestrace.inference.backend import NumPy
from bayestrace.inference.layout import layout
from bayestrace.inference.signal import Design, Hyperparameters, cluster_loglik, design_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
pytestmark = pytest.mark.loops


def _room(size: int) -> tuple[Integers, Floats, Floats]:
    bits = np.zeros(size, dtype=np.int64)
    return bits, bits.view(np.float64), np.empty(size)


def test_logarithms_are_those_of_the_library() -> None:
    x = np.concatenate([np.exp(np.linspace(-708.0, 709.0, 4001)), np.linspace(0.5, 2.0, 401), [1.0, 2.0, 0.5]])
    taken = x.copy()
    rowwise.take_logs(taken, x.size, *_room(x.size))
    np.testing.assert_allclose(taken, np.log(x), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("odd", [pytest.param(0.0, marks=pytest.mark.compiled), np.inf, np.nan, 5e-324])
def test_a_number_that_is_not_normal_keeps_its_logarithm_and_leaves_others_theirs(odd: float) -> None:
    # What has left the range of numbers has to be seen as such by whoever asked.
    x = np.array([3.0, odd, 0.25])
    taken, alone = x.copy(), x[[0, 2]].copy()
    rowwise.take_logs(taken, x.size, *_room(x.size))
    rowwise.take_logs(alone, alone.size, *_room(alone.size))
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(taken, np.log(x), rtol=1e-15)
    np.testing.assert_array_equal(taken[[0, 2]], alone)


def test_the_distribution_function_is_that_of_the_library_to_its_far_tail() -> None:
    x = np.concatenate([np.linspace(-37.0, 37.0, 4001), [0.0, -1e-9, 1e-9, 1e5, -1e5]])
    taken = x.copy()
    rowwise.take_cdfs(taken, x.size, *_room(x.size), np.empty(x.size))
    np.testing.assert_allclose(taken, ndtr(x), rtol=1e-12, atol=1e-300)


def _filled(design: Design, theta: Hyperparameters) -> Floats:
    result = np.empty((theta.log_v.shape[0], design.clusters, design.helmert.shape[1]))
    drawwise.fill(
        result, Hyperparameters(*(np.ascontiguousarray(values.T) for values in theta)), *layout(design).values()
    )
    return result


@pytest.mark.parametrize("selectivity", [0.0, 0.3, 0.95])
@pytest.mark.parametrize("hypotheses", [2, 3, 5])
def test_many_draws_are_evaluated_as_by_the_formulas(selectivity: float, hypotheses: int) -> None:
    # One cluster has more members than variances are multiplied before a logarithm is taken.
    problem = problem_of(seed=3, hypotheses=hypotheses, coders=2, clusters=(2, 35), singles=2, missing=0.1)
    theta = ledger.hyperparameters(prior_draws(problem, 12))
    design = dataclasses.replace(design_of(problem)[0], selectivity=selectivity, favours=hypotheses - 1)
    np.testing.assert_allclose(_filled(design, theta), cluster_loglik(design, theta, NumPy()), rtol=1e-9, atol=1e-9)


@pytest.mark.compiled  # Python stops at a number that has left its range
@pytest.mark.parametrize("selectivity", [0.0, 0.3])
def test_a_draw_is_evaluated_alike_whichever_others_stand_beside_it(selectivity: float) -> None:
    # However threads share the draws out. Some draws are so far off that numbers leave their range.
    problem = problem_of(seed=4, hypotheses=3, coders=3, clusters=(2, 5, 35), singles=3)
    theta = ledger.hyperparameters(prior_draws(problem, 40))
    theta.log_v[[7, 23]] = 40.0, 600.0
    design = dataclasses.replace(design_of(problem)[0], selectivity=selectivity)
    whole = _filled(design, theta)
    for size in (1, 7, 13, 32):
        parts = [
            _filled(design, Hyperparameters(*(values[start : start + size] for values in theta)))
            for start in range(0, 40, size)
        ]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
