"""The stored draws: cluster likelihoods by the other route, sums by loops, the prior over joint explanations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from drawn import joint_explanations, prior_draws, prior_stored, problem_of, told

from bayestrace.inference import answer as reported
from bayestrace.inference import ledger, pooling
from bayestrace.inference.signal import design_of
from bayestrace.sensitivity.draws import clusters_of, loglik_of, stored, stored_face_value

SHAPES: list[dict[str, Any]] = [
    {"coders": 3, "clusters": (2, 3), "missing": 0.3, "seed": 1},
    {"coders": 2, "clusters": (2,), "partial": 0.4, "seed": 2},
    {"coders": 1, "cases": 1, "hypotheses": 2, "clusters": (), "singles": 1, "ranges": False},
    {"coders": 2, "profile": {"selectivity": 0.5}, "doubtful": 1, "context": 1},
]


@pytest.mark.parametrize("shape", SHAPES)
def test_clusters_are_those_of_the_formulas(shape: dict[str, Any]) -> None:
    problem = problem_of(**shape)
    theta = ledger.hyperparameters(prior_draws(problem, 6))
    np.testing.assert_allclose(
        clusters_of(problem, theta), ledger.evaluate(design_of(problem)[0], theta), rtol=1e-9, atol=1e-8
    )


def test_cases_are_the_sums_of_their_clusters() -> None:
    problem = problem_of(cases=3, clusters=(2, 2), singles=2, doubtful=1)
    _, _, kept = design_of(problem)
    clusters = np.random.default_rng(0).normal(size=(4, kept.size, 3))
    expected = np.zeros((4, 3, 3))
    for column, cluster in enumerate(kept):
        expected[:, int(problem["case_of_cluster"][cluster])] += clusters[:, column]
    np.testing.assert_allclose(loglik_of(problem, clusters), expected)


def test_a_case_without_evidence_is_told_nothing() -> None:
    problem = problem_of(cases=2, seed=3)
    bare = problem.assign(weighs=problem["weighs"] & (problem["case_of_evidence"] == 0))
    np.testing.assert_array_equal(prior_stored(bare, 4).loglik[:, 1], 0.0)


def test_the_draws_kept_are_spread_over_all_chains() -> None:
    problem = problem_of(cases=1, singles=1)
    posterior = prior_draws(problem, 40)
    kept = stored(problem, posterior, 4)
    assert kept.theta is not None
    every = posterior["log_v"].values.reshape(-1)
    np.testing.assert_array_equal(kept.theta.log_v, every[[0, 13, 26, 39]])
    np.testing.assert_array_equal(kept.theta.scale, posterior["scale"].values.reshape(40, -1)[[0, 13, 26, 39]])
    few = kept.thinned(2)
    assert few.theta is not None
    np.testing.assert_array_equal(few.theta.log_v, every[[0, 39]])
    np.testing.assert_array_equal(few.loglik, kept.loglik[[0, 3]])
    assert kept.thinned(9) is kept


def test_the_evidence_of_a_draw_is_summed_over_every_joint_explanation() -> None:
    problem = problem_of(cases=3, hypotheses=2)
    held = prior_stored(problem, 4)
    table = pooling.table_of(problem)
    p = {tuple(z): np.exp(log_p) for z, log_p in zip(table.z, table.log_p, strict=True)}
    for draw in range(4):
        total = sum(
            p[z] * np.prod([np.exp(held.loglik[draw, case, k]) for case, k in enumerate(z)])
            for z in joint_explanations(problem)
        )
        assert held.log_evidence[draw] == pytest.approx(np.log(total))


def test_explanations_that_the_standpoint_excludes_are_listed_without_mass() -> None:
    problem = problem_of(cases=2, profile={"prior": {"h0": 1.0, "h1": 3.0, "h2": 0.0}})
    held = prior_stored(problem, 2)
    assert [tuple(row) for row in held.z] == joint_explanations(problem)
    impossible = (held.z == 2).any(axis=1)
    assert (held.log_p[impossible] == -np.inf).all()
    assert np.exp(held.log_p).sum() == pytest.approx(1.0)


def test_face_value_is_the_one_that_is_published() -> None:
    problem = problem_of(cases=2, doubtful=1, context=1, missing=0.3, partial=0.3, seed=5)
    held = stored_face_value(problem)
    published = reported.face_value(problem).sel(doubtful="counted")
    decibels = held.loglik[0] * 10.0 / np.log(10.0)
    np.testing.assert_allclose(decibels - decibels.mean(axis=-1, keepdims=True), published["case_db"].values, atol=1e-9)
    assert held.theta is None
    assert held.clusters.shape[0] == 1


def test_stated_weights_come_out_as_stated() -> None:
    held = stored_face_value(told(np.array([[[3.0], [-1.0], [2.5]]])))
    assert (held.loglik[0, 0, 0] - held.loglik[0, 0, 1]) * 10.0 / np.log(10.0) == pytest.approx(4.5)


def test_too_many_joint_explanations_are_not_listed() -> None:
    held = stored_face_value(problem_of(cases=10, hypotheses=4, singles=1, clusters=()))
    assert not held.pooled
    assert held.z.shape == (0, 10)
