"""Answers from other standpoints and other evidence, against sums written out and against weights from the prior."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
import xarray as xr
from drawn import Floats, joint_explanations, prior_draws, prior_stored, problem_of, resampled, told
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference import answer as reported
from bayestrace.inference import pooling
from bayestrace.sensitivity import evaluate
from bayestrace.sensitivity.draws import Stored, clusters_of, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer


def by_loops(held: Stored, log_p: Floats, loglik: Floats) -> Floats:
    """Weigh every draw by the plain ratio of its evidence and average P(Z | draw), one number at a time."""
    _, cases, hypotheses = loglik.shape
    total = np.zeros((cases, hypotheses))
    for draw, cell in enumerate(loglik):
        for row, z in enumerate(joint_explanations(held.problem)):
            joint = log_p[row] + sum(cell[case, k] for case, k in enumerate(z))
            for case, k in enumerate(z):
                total[case, k] += np.exp(joint - held.log_evidence[draw])
    return np.asarray(total / total.sum(axis=-1, keepdims=True))


def test_as_fitted_it_is_what_is_reported() -> None:
    problem = problem_of(cases=3, clusters=(2,), seed=4)
    posterior = prior_draws(problem, 20)
    held = stored(problem, posterior, 20)
    drawn = reported.TableDraws(problem, held.loglik.reshape(2, 10, *held.loglik.shape[1:]))
    found = answer(held)
    np.testing.assert_allclose(found.probability, drawn.pooled.mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.unpooled, drawn.unpooled.mean(axis=0), atol=1e-12)
    assert found.ess == pytest.approx(20.0)


def test_other_standpoints_by_loops() -> None:
    problem = problem_of(cases=2, seed=6)
    held = prior_stored(problem, 12)
    rng = np.random.default_rng(0)
    log_p = np.log(rng.dirichlet(np.ones(9), size=4))
    found = answer(held, log_p=log_p)
    for row in range(4):
        np.testing.assert_allclose(found.probability[row], by_loops(held, log_p[row], held.loglik), atol=1e-12)
        alone = answer(held, log_p=log_p[row])
        np.testing.assert_allclose(found.probability[row], alone.probability, atol=1e-14)
        np.testing.assert_allclose(found.unpooled[row], alone.unpooled, atol=1e-14)
    assert found.pareto_k.shape == found.ess.shape == (4,)


def test_a_standpoint_may_allow_what_the_fitted_one_excluded() -> None:
    barred = problem_of(cases=2, profile={"prior": {"h0": 1.0, "h1": 3.0, "h2": 0.0}}, seed=7)
    held = prior_stored(barred, 12)
    free = np.log(np.full(9, 1.0 / 9.0))
    found = answer(held, log_p=free)
    np.testing.assert_allclose(found.probability, by_loops(held, free, held.loglik), atol=1e-12)
    assert found.probability[:, 2].min() > 0.0
    # And a table in the order of the fitted one, without what it excludes, is as good as a whole one.
    table = pooling.table_of(barred)
    np.testing.assert_allclose(answer(held, log_p=table.log_p).probability, answer(held).probability, atol=1e-12)


def test_other_evidence_by_loops_where_nothing_is_smoothed() -> None:
    held = prior_stored(problem_of(cases=2, seed=8), 12)  # too few draws to smooth
    clusters = held.clusters * 0.7
    found = answer(held, clusters=clusters)
    np.testing.assert_allclose(found.probability, by_loops(held, held.log_p, held.loglik * 0.7), atol=1e-12)
    log_p = np.log(np.random.default_rng(1).dirichlet(np.ones(9)))
    both = answer(held, clusters=clusters, log_p=log_p)
    np.testing.assert_allclose(both.probability, by_loops(held, log_p, held.loglik * 0.7), atol=1e-12)


def test_many_standpoints_at_once_come_out_one_by_one() -> None:
    held = prior_stored(problem_of(cases=1, hypotheses=2, seed=9), 10)
    log_p = np.log(np.random.default_rng(2).dirichlet(np.ones(2), size=2_500))
    found = answer(held, log_p=log_p)
    np.testing.assert_allclose(found.probability[2_400], by_loops(held, log_p[2_400], held.loglik), atol=1e-12)
    assert np.isnan(found.pareto_k).all()  # so many are not diagnosed unless asked for


def test_draws_of_one_evidence_stand_for_another() -> None:
    """Weigh draws from the prior by one evidence, resample, reweigh to another: as from the prior directly."""
    plain = encode(make_study(cases=2, coders=2, clusters=(2,), singles=4, seed=3), make_profile())
    doubted = plain.assign(reliability=0.6 * plain["reliability"])
    fit = resampled(prior_stored(plain, 4_000, seed=1), 2_000, seed=5)
    assert fit.theta is not None
    found = answer(fit, clusters=clusters_of(doubted, fit.theta))
    direct = prior_stored(doubted, 4_000, seed=1)
    weight = np.exp(direct.log_evidence - direct.log_evidence.max())
    assert direct.table is not None
    joint = pooling.posterior(direct.table, direct.loglik)
    expected = np.einsum("d,dck->ck", weight / weight.sum(), pooling.margins(direct.table, joint, 3))
    np.testing.assert_allclose(found.probability, expected, atol=0.02)
    assert np.abs(answer(fit).probability - expected).max() > 0.05
    assert found.pareto_k < 0.7


def many_cases() -> xr.Dataset:
    return problem_of(cases=10, hypotheses=4, singles=1, clusters=(), coders=1, seed=2)


def test_where_joints_are_too_many_the_answer_is_case_by_case() -> None:
    held = prior_stored(many_cases(), 10)
    found = answer(held, clusters=0.5 * held.clusters)
    m = held.problem["prior"].values
    before = np.prod((m * np.exp(held.loglik)).sum(axis=-1), axis=-1)
    after = np.prod((m * np.exp(0.5 * held.loglik)).sum(axis=-1), axis=-1)
    alone = m * np.exp(0.5 * held.loglik)
    alone /= alone.sum(axis=-1, keepdims=True)
    expected = np.einsum("d,dck->ck", after / before, alone) / (after / before).sum()
    np.testing.assert_allclose(found.probability, expected, atol=1e-10)
    np.testing.assert_array_equal(found.probability, found.unpooled)
    assert answer(held, prior=np.tile(m, (3, 1))).probability.shape == (3, 10, 4)
    with pytest.raises(ValueError, match="not enumerated"):
        answer(held, log_p=np.zeros(4))


def test_another_prior_case_by_case() -> None:
    held = stored_face_value(told(np.array([[[3.0], [1.0]]])))
    log_p = np.log([[0.2, 0.8], [0.9, 0.1]])
    found = answer(held, log_p=log_p, prior=np.exp(log_p))
    for row, m in enumerate([0.2, 0.9]):
        odds = m / (1.0 - m) * 10.0**0.4
        assert found.probability[row, 0, 0] == pytest.approx(odds / (1.0 + odds))
        assert found.unpooled[row, 0, 0] == pytest.approx(odds / (1.0 + odds))


def test_many_priors_case_by_case_come_out_one_by_one_in_bounded_memory() -> None:
    """Draws by priors by cases by explanations would be 2,000 x 400 x 10 x 4 numbers: 256 MB, more than once."""
    held = prior_stored(many_cases(), 400)
    assert not held.pooled
    prior = np.random.default_rng(4).dirichlet(np.ones(4), size=2_000)
    tracemalloc.start()
    found = answer(held, prior=prior, diagnose=False)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 100e6
    for row in (0, 1_999):
        alone = answer(held, prior=prior[row])
        np.testing.assert_allclose(found.probability[row], alone.probability, atol=1e-12)
        assert found.ess[row] == pytest.approx(alone.ess)


def test_many_priors_case_by_case_are_worked_on_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    held = prior_stored(many_cases(), 40)
    prior = np.random.default_rng(4).dirichlet(np.ones(4), size=(3, 5))
    whole = answer(held, prior=prior)
    monkeypatch.setattr(evaluate, "_NUMBERS", 80)
    for one, other in zip(whole, answer(held, prior=prior), strict=True):
        assert one.shape[:2] == (3, 5)
        np.testing.assert_allclose(one, other, atol=1e-14)


def test_all_that_a_prior_allows_in_a_case_may_be_next_to_impossible() -> None:
    """Weights of 4,000 dB against the only explanation allowed: below what a number can hold, and still certain."""
    held = prior_stored(many_cases(), 10)
    held.loglik[:, 0, 1] = held.loglik[:, 0].max(axis=1) + 921.0
    held.loglik[4, 2, 2] = held.loglik[4, 2].max() + 921.0
    prior = np.array([[0.25, 0.25, 0.25, 0.25], [0.5, 0.0, 0.0, 0.5]])
    found = answer(held, prior=prior)
    assert np.isfinite(found.ess).all()
    m, rows = prior[1, [0, 3]], held.loglik[:, :, [0, 3]]
    log_evidence = (np.logaddexp.reduce(np.log(m) + rows, axis=2)).sum(axis=1) - held.log_evidence
    weight = np.exp(log_evidence - log_evidence.max())
    alone = np.exp(np.log(m) + rows - np.logaddexp.reduce(np.log(m) + rows, axis=2)[..., None])
    expected = np.einsum("d,dck->ck", weight / weight.sum(), alone)
    np.testing.assert_allclose(found.probability[1][:, [0, 3]], expected, atol=1e-12)


def test_a_standpoint_of_another_study_is_refused() -> None:
    held = stored_face_value(told(np.array([[[3.0], [1.0]]])))
    with pytest.raises(ValueError, match="5 joint explanations"):
        answer(held, log_p=np.zeros(5))


def test_evidence_that_a_standpoint_makes_impossible_has_no_answer() -> None:
    held = prior_stored(problem_of(cases=1, hypotheses=2, seed=9), 30)
    assert np.isnan(answer(held, log_p=np.full(2, -np.inf)).probability).all()
