"""The loops for many draws against the functions of SciPy and the formulas they are compiled from."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from drawn import prior_draws, problem_of
from numpy.typing import NDArray
from scipy.special import ndtr

from bayestrace.inference import ledger
from bayestrace.inference.backend import NumPy
from bayestrace.inference.operator import layout
from bayestrace.inference.signal import cluster_loglik, design_of
from bayestrace.sensitivity import loops

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _room(size: int) -> tuple[Integers, Floats, Floats]:
    bits = np.zeros(size, dtype=np.int64)
    return bits, bits.view(np.float64), np.empty(size)


def test_logarithms_are_those_of_the_library() -> None:
    x = np.concatenate([np.exp(np.linspace(-708.0, 709.0, 4001)), np.linspace(0.5, 2.0, 401), [1.0, 2.0, 0.5]])
    taken = x.copy()
    loops.take_logs(taken, x.size, *_room(x.size))
    np.testing.assert_allclose(taken, np.log(x), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("odd", [0.0, np.inf, np.nan, 5e-324])
def test_a_row_with_a_number_that_is_not_normal_keeps_its_logarithms(odd: float) -> None:
    # What has left the range of numbers has to be seen as such by whoever asked.
    x = np.array([3.0, odd, 0.25])
    taken = x.copy()
    loops.take_logs(taken, x.size, *_room(x.size))
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(taken, np.log(x), rtol=1e-15)


def test_the_distribution_function_is_that_of_the_library_to_its_far_tail() -> None:
    x = np.concatenate([np.linspace(-37.0, 37.0, 4001), [0.0, -1e-9, 1e-9, 1e5, -1e5]])
    taken = x.copy()
    loops.take_cdfs(taken, x.size, *_room(x.size), np.empty(x.size))
    np.testing.assert_allclose(taken, ndtr(x), rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("selectivity", [0.0, 0.3, 0.95])
@pytest.mark.parametrize("hypotheses", [2, 3, 5])
def test_many_draws_are_evaluated_as_by_the_formulas(selectivity: float, hypotheses: int) -> None:
    # One cluster has more members than variances are multiplied before a logarithm is taken.
    problem = problem_of(seed=3, hypotheses=hypotheses, coders=2, clusters=(2, 35), singles=2, missing=0.1)
    theta = ledger.hyperparameters(prior_draws(problem, 12))
    design = dataclasses.replace(design_of(problem)[0], selectivity=selectivity, favours=hypotheses - 1)
    result = np.empty((12, design.member.shape[0], hypotheses))
    loops.fill(result, *map(np.ascontiguousarray, theta), *layout(design).values())
    np.testing.assert_allclose(result, cluster_loglik(design, theta, NumPy()), rtol=1e-9, atol=1e-9)
