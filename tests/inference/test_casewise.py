"""Explanations summed out case by case: the loops against the formula written out, and their slopes against steps."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import logsumexp

from bayestrace.inference import casewise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
pytestmark = pytest.mark.loops


def written_out(log_term: Floats, log_prior: Floats, case_term: Integers, row: Integers, count: Integers) -> float:
    """Sum of count times log sum over explanations of prior times likelihood."""
    return float((count * logsumexp(log_prior[row] + case_term @ log_term, axis=1)).sum())


@pytest.mark.parametrize(
    ("cases", "terms", "hypotheses", "rows"), [(1, 1, 2, 1), (3, 0, 2, 3), (40, 9, 3, 40), (700, 23, 5, 4)]
)
def test_loops_are_the_formula_and_its_slopes(cases: int, terms: int, hypotheses: int, rows: int) -> None:
    draw = np.random.default_rng(cases)
    case_term = (draw.random((cases, terms)) < 0.5).astype(np.int64)
    case_term[0] = 0  # nothing was sought there
    clue = draw.integers(0, 11, terms)
    row, count = draw.integers(0, rows, cases), draw.integers(1, 5, cases)
    log_term, log_prior = draw.normal(-1.0, 1.0, (terms, hypotheses)), draw.normal(-1.0, 1.0, (rows, hypotheses))
    laid_out = casewise.layout(case_term, clue, row, count)
    value, *slopes = casewise.evidence(log_term, log_prior, *laid_out)
    np.testing.assert_allclose(value, written_out(log_term, log_prior, case_term, row, count), rtol=1e-10)
    step = 1e-5
    for place, (slope, matrix) in enumerate(zip(slopes, (log_term, log_prior), strict=True)):
        for spot in list(np.ndindex(matrix.shape))[:40]:
            ends = []
            for sign in (1.0, -1.0):
                both = [log_term.copy(), log_prior.copy()]
                both[place][spot] += sign * step
                ends.append(written_out(both[0], both[1], case_term, row, count))
            np.testing.assert_allclose(slope[spot], (ends[0] - ends[1]) / (2.0 * step), rtol=1e-5, atol=1e-5)


def test_what_is_excluded_stays_a_number() -> None:
    log_term = np.array([[-69.0, 0.0], [0.0, -69.0]])
    laid_out = casewise.layout(
        np.array([[1, 0], [1, 1]]), np.arange(2), np.zeros(2, dtype=np.int64), np.ones(2, dtype=np.int64)
    )
    value, *slopes = casewise.evidence(log_term, np.log([[0.5, 0.5]]), *laid_out)
    np.testing.assert_allclose(value, np.log(0.5) - 69.0)
    np.testing.assert_allclose(slopes[1], [[0.5, 1.5]])


def test_what_is_laid_out_grows_with_searches_and_not_with_cases_times_outcomes() -> None:
    """Each search with a chance of its own makes an outcome of its own."""
    sizes = []
    for cases in (50, 100):
        case_term = np.repeat(np.eye(cases, dtype=np.int64), 6, axis=1)
        clue = np.tile(np.arange(6), cases)
        laid_out = casewise.layout(case_term, clue, np.zeros(cases, dtype=np.int64), np.ones(cases, dtype=np.int64))
        sizes.append(sum(part.size for part in laid_out))
    assert sizes[1] < 2.01 * sizes[0]
