"""Draws brought to other evidence: the answer is that of weights from the prior, where plain weights fail."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
from drawn import Floats, prior_stored, problem_of

from bayestrace.sensitivity.allowances import Allowances, clusters_under
from bayestrace.sensitivity.coordinates import Learned, flatten
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.matching import Path, matched


@functools.cache
def fitted() -> Stored:
    """Draws from the prior itself: what the evidence says is not weighed yet."""
    problem = problem_of(cases=2, coders=2, hypotheses=2, clusters=(), singles=6, seed=3, strength_db=4.0)
    return unweighed(prior_stored(problem, 400, seed=2))


def unweighed(stored: Stored) -> Stored:
    return dataclasses.replace(stored, log_evidence=np.zeros(stored.log_evidence.size))


def learned_of(stored: Stored) -> Learned:
    assert stored.theta is not None
    assert stored.noise_sd is not None
    assert stored.leaning_sd is not None
    return Learned(stored.theta, stored.noise_sd, stored.leaning_sd)


def overstated(stored: Stored, x: float) -> Floats:
    return clusters_under(stored, Allowances(scale=x))


def test_from_the_prior_draws_find_the_posterior() -> None:
    """A few hundred draws, moved, against ten times as many that are weighed where they are."""
    fit = fitted()
    every = unweighed(prior_stored(fit.problem, 4_000, seed=1))
    expected = answer(every, clusters=every.clusters)
    plain = answer(fit, clusters=fit.clusters)
    found = matched(fit, lambda stored: overstated(stored, 1.0)).answered
    assert expected.pareto_k < 0.7
    assert plain.pareto_k > 1.0
    assert found.pareto_k < 0.6
    assert found.ess > 2.0 * plain.ess
    np.testing.assert_allclose(found.probability, expected.probability, atol=0.04)
    assert np.abs(plain.probability - expected.probability).max() > 0.06


def test_draws_that_serve_stay_where_they_are() -> None:
    held = prior_stored(fitted().problem, 100)
    found = matched(held, lambda stored: overstated(stored, 1.02))
    assert found.place is None
    np.testing.assert_array_equal(found.answered.probability, answer(held, clusters=overstated(held, 1.02)).probability)


def test_without_the_spread_of_coders_weights_are_all_there_is() -> None:
    fit = fitted()
    bare = dataclasses.replace(fit, noise_sd=None)
    found = matched(bare, lambda stored: overstated(stored, 1.0))
    assert found.place is None
    np.testing.assert_array_equal(found.answered.probability, answer(fit, clusters=overstated(fit, 1.0)).probability)


def test_a_path_starts_from_the_nearest_place_and_asks_nothing_twice() -> None:
    fit = fitted()
    asked: list[float] = []

    def evidence(stored: Stored, x: float) -> Floats:
        asked.append(x)
        return overstated(stored, x)

    path = Path(fit, evidence)
    for x in (30.0, 4.0, 1.0):
        path.at(x)
    count = len(asked)
    assert path.at(1.0) is path.at(1.0)
    assert len(asked) == count
    # From where they stood at 1 draws need not go far to serve at 1.01.
    path.at(1.01)
    assert len(asked) == count + 1
    np.testing.assert_array_equal(path.k_near(np.array([0.9, np.nan])), [path.at(1.0).pareto_k, np.nan])


def test_draws_put_elsewhere_are_weighed_by_the_prior_there() -> None:
    """One observation settles little of informativeness, so that the prior alone holds it where it was."""
    problem = problem_of(cases=1, coders=1, hypotheses=2, clusters=(), singles=1, strength_db=10.0, seed=1)
    fit = unweighed(prior_stored(problem, 3_000))
    expected = answer(fit, clusters=fit.clusters).probability
    learned = learned_of(fit)
    louder = learned.theta._replace(log_v=learned.theta.log_v + 0.7)
    place = flatten(learned._replace(theta=louder))
    found = matched(fit, lambda stored: clusters_under(stored, Allowances()), place, moves=0).answered
    np.testing.assert_allclose(found.probability, expected, atol=0.006)
    as_if_drawn_there = dataclasses.replace(fit, theta=louder)
    moved = answer(as_if_drawn_there, clusters=clusters_under(as_if_drawn_there, Allowances())).probability
    assert np.abs(moved - expected).max() > 0.015


def test_where_numbers_end_draws_stay_at_the_last_place_that_served() -> None:
    fit = fitted()

    def evidence(stored: Stored) -> Floats:
        if stored is not fit:
            raise np.linalg.LinAlgError
        return overstated(stored, 1.0)

    found = matched(fit, evidence, start=flatten(learned_of(fit)))
    assert found.place is None
    np.testing.assert_array_equal(found.answered.probability, answer(fit, clusters=overstated(fit, 1.0)).probability)
    beyond = matched(
        fit, lambda stored: overstated(stored, 1.0) if stored is fit else np.full_like(fit.clusters, np.nan)
    )
    assert beyond.place is None
