"""Opinions and their pools: the identity that must hold, and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from study_factory import make_profile, make_study, studies

from bayestrace.agreement import pools
from bayestrace.encoding import encode
from bayestrace.inference import answer, facevalue
from bayestrace.study import Study
from bayestrace.weights import normalise


@given(study=studies(missing=0.0, partial=0.0))
@settings(max_examples=25, deadline=None)
def test_the_log_pool_of_coders_who_weighed_everything_is_the_face_value(study: Study) -> None:
    problem = encode(study, make_profile(prior={"h0": 3.0, "h1": 1.0, "h2": 2.0, "h3": 1.0}))
    pooled = pools.logarithmic(pools.log_alone(problem), np.ones(problem.sizes["coder"]))
    face = answer.face_value(problem)["probability"].sel(doubtful="counted", pooled="case-by-case").values
    np.testing.assert_allclose(pooled, face, atol=1e-10)


def test_where_a_coder_left_observations_out_they_differ() -> None:
    problem = encode(make_study(missing=0.5, seed=2, coders=3), make_profile())
    pooled = pools.logarithmic(pools.log_alone(problem), np.ones(3))
    face = facevalue.case_posterior(problem["prior"].values, facevalue.case_loglik(problem, with_doubtful=True))
    assert np.abs(pooled - face).max() > 0.01


def test_a_coder_alone_is_the_face_value_of_that_coder() -> None:
    study = make_study(coders=3, doubtful=1, context=1, seed=5)
    problem = encode(study, make_profile())
    found = normalise(pools.log_alone(problem))
    for row, coding in enumerate(study.codings):
        single = encode(study, make_profile(), None, [coding.coder])
        face = answer.face_value(single)["probability"].sel(doubtful="counted", pooled="case-by-case").values
        np.testing.assert_allclose(found[row], face, atol=1e-12)


def test_pools_by_hand() -> None:
    opinions = np.array([[0.2, 0.8], [0.5, 0.5], [0.9, 0.1]])
    weights = np.array([2.0, 1.0, 1.0])
    assert pools.linear(opinions, weights).tolist() == pytest.approx([0.45, 0.55])
    odds = (0.25**2 * 1.0 * 9.0) ** 0.25
    assert pools.logarithmic(np.log(opinions), weights).tolist() == pytest.approx([odds / (1 + odds), 1 / (1 + odds)])


def test_the_log_pool_is_externally_bayesian_and_the_linear_one_is_not() -> None:
    rng = np.random.default_rng(1)
    opinions, likelihood = rng.dirichlet(np.ones(3), size=4), np.array([0.7, 0.2, 0.1])
    weights = rng.random(4)

    def learned(probability: np.ndarray) -> np.ndarray:
        told = probability * likelihood
        return np.asarray(told / told.sum(axis=-1, keepdims=True))

    def geometric(probability: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return pools.logarithmic(np.log(probability), weights)

    for pool, same in ((geometric, True), (pools.linear, False)):
        first, last = pool(learned(opinions), weights), learned(pool(opinions, weights))
        assert np.allclose(first, last) is same


def test_a_coder_without_weight_has_no_veto() -> None:
    logs = np.array([[0.0, -np.inf], [np.log(0.3), np.log(0.7)]])
    assert pools.logarithmic(logs, np.array([0.0, 2.0])).tolist() == pytest.approx([0.3, 0.7])
    assert pools.logarithmic(logs, np.array([1.0, 2.0])).tolist() == [1.0, 0.0]


def test_what_coders_hold_next_to_impossible_each_in_turn_is_weighed_all_the_same() -> None:
    # 30,000 dB each way: neither probability can be written down.
    logs = np.array([[0.0, -7000.0], [-7000.0, 0.0]])
    assert pools.logarithmic(logs, np.ones(2)).tolist() == [0.5, 0.5]
