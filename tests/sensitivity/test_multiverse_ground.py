"""Draws of one fit, moved to other evidence, answer for every standpoint as many draws that are weighed in place."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from drawn import prior_stored
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference import pooling
from bayestrace.sensitivity.draws import Stored, clusters_of
from bayestrace.sensitivity.evaluate import Answered, answer
from bayestrace.sensitivity.multiverse import universe
from bayestrace.sensitivity.multiverse.ground import Evidence, Ground, allowing, by_distance


@pytest.mark.parametrize("evidence", [(0.9, True, True), (0.0, False, True)])
def test_draws_are_moved_once_and_weighed_for_every_standpoint(evidence: Evidence) -> None:
    """Draws that no evidence has weighed yet, moved, against ten times as many that are weighed where they are."""
    study = make_study(cases=2, coders=2, hypotheses=2, clusters=(2,), singles=4, seed=3, strength_db=4.0)
    profiles = make_profile(), make_profile(prior={"h0": 1.0, "h1": 6.0}, levels={"own": 1.0})
    problem = encode(study, profiles[0])
    log_p = np.stack([pooling.table_of(encode(study, one)).log_p for one in profiles])
    priors = np.stack([encode(study, one)["prior"].values for one in profiles])
    now = allowing(problem, evidence)

    def unweighed(draws: int, seed: int) -> Stored:
        return dataclasses.replace(prior_stored(problem, draws, seed), log_evidence=np.zeros(draws))

    def plainly(held: Stored) -> Answered:
        assert held.theta is not None
        posed, clusters = dataclasses.replace(held, problem=now), clusters_of(now, held.theta)
        return answer(posed, log_p=log_p, clusters=clusters, prior=priors)

    few, expected = unweighed(400, 2), plainly(unweighed(4_000, 1)).probability
    ground = Ground(few, (0.0, True, True))
    found = ground.answer(evidence, log_p, priors)
    assert (plainly(few).pareto_k > 1.0).all()
    assert (found.pareto_k < 0.6).all()
    assert np.abs(plainly(few).probability - expected).max() > 0.1
    np.testing.assert_allclose(found.probability, expected, atol=0.045)
    # The draws that were fitted are where they were.
    there = ground.answer(ground.fitted, log_p, priors).probability
    np.testing.assert_array_equal(there, answer(few, log_p=log_p, prior=priors).probability)


@pytest.mark.long
def test_a_fit_without_reliability_answers_with_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fit made because no draws reached serves other evidence by what was stated, not by what it was made with."""
    study = make_study(cases=2, coders=2, hypotheses=2, clusters=(3,), singles=2, doubtful=1, reliability=0.6, seed=3)
    problem = encode(study, make_profile())
    log_p, priors = pooling.table_of(problem).log_p[None], problem["prior"].values[None]

    def unweighed(posed: xr.Dataset, draws: int = 1_000) -> Stored:
        return dataclasses.replace(prior_stored(posed, draws, 1), log_evidence=np.zeros(draws))

    def expected(evidence: Evidence) -> Answered:
        held = unweighed(now := allowing(problem, evidence), 4_000)
        assert held.theta is not None
        return answer(held, log_p=log_p, clusters=clusters_of(now, held.theta), prior=priors)

    run: Any = SimpleNamespace(refit=True, fit=unweighed)
    fits = [Ground(unweighed(problem), (0.0, True, True))]
    monkeypatch.setattr(universe, "doubtful", lambda pareto_k, _: np.ones_like(pareto_k, dtype=bool))
    _, how = universe._given(run, fits, (0.0, False, False), (log_p, priors))  # noqa: SLF001 - the fit it makes
    assert (how, fits[-1].fitted) == ("fitted", (0.0, False, False))
    for evidence in [(0.0, True, False), (0.0, False, True), (0.0, True, True)]:
        found = fits[-1].answer(evidence, log_p, priors).probability
        np.testing.assert_allclose(found, expected(evidence).probability, atol=0.06)
    assert np.abs(expected((0.0, False, False)).probability - expected((0.0, True, False)).probability).max() > 0.1


def test_evidence_is_sorted_by_how_much_of_it_differs() -> None:
    every = [(s, r, t) for s in (0.9, 0.5, 0.0) for r in (False, True) for t in (False, True)]
    ordered = by_distance((0.0, True, True), every)
    assert ordered[0] == (0.0, True, True)
    assert {*ordered[1:3]} == {(0.0, False, True), (0.0, True, False)}
    assert ordered[3:5] == [(0.5, True, True), (0.9, True, True)]
    assert ordered[-1] == (0.9, False, False)
