"""Levels drawn given the pools, and what follows from them: against the table of a study small enough to have one."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import xarray as xr
from lively_pools import log_levels, told, with_pools
from study_factory import make_profile, make_study

from bayestrace.allocation import allot, countable
from bayestrace.encoding import encode
from bayestrace.inference import answer, pooling
from bayestrace.sensitivity.standpoints import standpoint_of
from bayestrace.weights import normalise

DRAWS = 40_000
LOGLIK = np.array([[2.0, 0.0, 0.0], [0.0, 1.5, 0.0], [0.0, 0.5, 1.3]])
PROFILES: list[dict[str, Any]] = [
    {"prior": {"h0": 2.0, "h1": 1.0, "h2": 1.0}},
    {"prior": {"h0": 1.0, "h1": 4.0, "h2": 0.0}, "kappa": 0.3},
    {"levels": {"common": 1.0, "f0": 0.2, "own": 0.0}, "kappa": (0.1, 2.0)},
]


def problem_of(**profile: Any) -> xr.Dataset:
    return encode(make_study(cases=3, factors=1), make_profile(**profile))


def every_level(problem: xr.Dataset) -> np.ndarray:
    used = np.flatnonzero(problem["level_weight"].values > 0)
    return np.array(list(itertools.product(used, repeat=3)), dtype=np.int64)


@pytest.mark.parametrize("profile", PROFILES)
def test_blocks_summed_over_all_levels_are_the_table(profile: dict[str, Any]) -> None:
    problem = problem_of(**profile)
    levels = every_level(problem)
    given = told(problem, standpoint_of(problem), levels, np.broadcast_to(LOGLIK, (len(levels), 3, 3)))
    log_joint = log_levels(levels, problem["level_weight"].values) + given.log_evidence
    share = normalise(log_joint)
    exact = answer.TableDraws(problem, LOGLIK[None, None])
    table = pooling.table_of(problem)
    wanted = np.log(np.exp(pooling.log_joint(table, LOGLIK)).sum())
    np.testing.assert_allclose(np.log(np.exp(log_joint).sum()), wanted, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(np.tensordot(share, given.probability, 1), exact.pooled[0], rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(np.tensordot(share, given.same, 1), exact.same()[1], rtol=0.0, atol=1e-12)
    for k in range(3):
        np.testing.assert_allclose(np.tensordot(share, given.counts, 1)[k], exact.count(k)[0], rtol=0.0, atol=1e-12)


def sampled(problem: xr.Dataset) -> np.ndarray:
    """Draw the levels given pools that are draws from their posterior: drawn from the prior, taken by likelihood."""
    empty = xr.Dataset(
        {"case_loglik": (("chain", "draw", "case", "hypothesis"), np.broadcast_to(LOGLIK, (1, DRAWS, 3, 3)))}
    )
    posterior = with_pools(problem, empty)
    weight = (posterior["case_prior"].values[0] * np.exp(LOGLIK)).sum(axis=2).prod(axis=1)
    kept = np.random.default_rng(2).choice(DRAWS, size=DRAWS, p=weight / weight.sum())
    return allot(problem, posterior, kept, seed=3)


def frequencies(levels: np.ndarray, every: np.ndarray) -> np.ndarray:
    return np.array([(levels == row).all(axis=1).mean() for row in every])


@pytest.mark.parametrize("profile", PROFILES)
def test_levels_are_drawn_from_their_posterior(profile: dict[str, Any]) -> None:
    problem = problem_of(**profile)
    every = every_level(problem)
    given = told(problem, standpoint_of(problem), every, np.broadcast_to(LOGLIK, (len(every), 3, 3)))
    wanted = normalise(log_levels(every, problem["level_weight"].values) + given.log_evidence)
    # Five standard errors of a frequency, and draws that were taken again and again.
    np.testing.assert_allclose(frequencies(sampled(problem), every), wanted, rtol=0.0, atol=0.012)


@pytest.mark.parametrize("profile", PROFILES)
def test_levels_reweighted_have_the_answer_of_another_standpoint(profile: dict[str, Any]) -> None:
    """Prior, concentration, levels and evidence other than fitted: the table's answer, within Monte Carlo error."""
    problem, other = problem_of(), problem_of(**profile)
    changed = LOGLIK + np.array([[-1.0, 0.5, 0.0], [0.0, 0.0, 0.0], [0.3, 0.0, -2.0]])
    every = every_level(problem)
    shape = (len(every), 3, 3)
    then = told(problem, standpoint_of(problem), every, np.broadcast_to(LOGLIK, shape))
    now = told(other, standpoint_of(other), every, np.broadcast_to(changed, shape))
    ratio = log_levels(every, other["level_weight"].values) - log_levels(every, problem["level_weight"].values)
    weight = frequencies(sampled(problem), every) * np.exp(ratio + now.log_evidence - then.log_evidence)
    found = np.tensordot(weight / weight.sum(), now.probability, 1)
    np.testing.assert_allclose(found, answer.TableDraws(other, changed[None, None]).pooled[0], rtol=0.0, atol=0.012)


def test_one_level_needs_no_pools() -> None:
    problem = problem_of(levels={"common": 1.0, "f0": 0.0, "own": 0.0})
    assert allot(problem, xr.Dataset(), np.arange(4), seed=1).tolist() == [[0, 0, 0]] * 4


def test_what_a_page_can_count() -> None:
    made = encode(make_study(cases=12, hypotheses=6, clusters=(), singles=1), make_profile())
    assert countable(made)
    assert not countable(made.assign(case_count=("case", [1] * 11 + [2])))
    assert not countable(encode(make_study(cases=30, hypotheses=6, clusters=(), singles=1), make_profile()))
