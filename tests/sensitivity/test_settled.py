"""Whose statement holds: against studies in which all who weighed an observation do state the same."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import prior_draws
from study_factory import make_profile, make_study

from bayestrace.agreement import leverage
from bayestrace.agreement.worklist import worklist
from bayestrace.encoding import encode
from bayestrace.inference import answer as answers
from bayestrace.sensitivity.draws import clusters_of, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.study import Coding, Study


def made(**more: object) -> Study:
    plain: dict[str, object] = {"cases": 2, "coders": 3, "clusters": (2,), "singles": 2, "missing": 0.2, "seed": 3}
    return make_study(**(plain | more))  # type: ignore[arg-type]


def saying(study: Study, evidence: str, coder: str) -> Study:
    """Let all who weighed an observation state of it what one coder does, each with the own ranges' width."""
    said = next(item for c in study.codings if c.coder == coder for item in c.judgements if item.evidence == evidence)

    def settled(coding: Coding) -> Coding:
        judgements = []
        for item in coding.judgements:
            if item.evidence != evidence:
                judgements.append(item)
                continue
            own = {weight.against: weight for weight in item.weights}
            weights = []
            for weight in said.weights:
                mine = own[weight.against]
                half = None if mine.low is None or mine.high is None else (mine.high - mine.low) / 2.0
                ends = {} if half is None else {"low": weight.best - half, "high": weight.best + half}
                weights.append(weight.model_copy(update=ends))
            judgements.append(item.model_copy(update={"weights": tuple(weights)}))
        return coding.model_copy(update={"judgements": tuple(judgements)})

    return study.model_copy(update={"codings": tuple(map(settled, study.codings))})


@pytest.mark.parametrize("coders", [2, 3])
def test_draws_are_weighed_as_if_the_study_said_so(coders: int) -> None:
    study = made(coders=coders)
    problem = encode(study, make_profile())
    draws = prior_draws(problem, 60)
    held = stored(problem, draws)
    found = leverage.settle(held)
    assert found.evidence.size > 4
    for place, evidence in enumerate(found.evidence):
        for row, coder in enumerate(problem["coder"].values):
            if not problem["stated"].values[row, evidence]:
                assert np.isnan(found.probability[row, place]).all()
                continue
            other = encode(saying(study, str(problem["evidence"].values[evidence]), str(coder)), make_profile())
            assert held.theta is not None
            expected = answer(held, clusters=clusters_of(other, held.theta)).probability
            case = problem["case_of_evidence"].values[evidence]
            np.testing.assert_allclose(found.probability[row, place], expected[case], atol=1e-9)


def test_at_face_value_it_is_the_face_value_of_that_study() -> None:
    study = made(coders=3, context=1)
    problem = encode(study, make_profile())
    found = leverage.settle(stored_face_value(problem))
    for place, evidence in enumerate(found.evidence):
        for row, coder in enumerate(problem["coder"].values):
            if problem["stated"].values[row, evidence]:
                other = encode(saying(study, str(problem["evidence"].values[evidence]), str(coder)), make_profile())
                face = answers.face_value(other)["probability"].sel(doubtful="counted", pooled="case-by-case").values
                case = problem["case_of_evidence"].values[evidence]
                np.testing.assert_allclose(found.probability[row, place], face[case], atol=1e-9)
    assert not found.rough.any()


def test_only_what_two_coders_weighed_is_listed_the_greatest_stake_first() -> None:
    study = made(missing=0.5, seed=6)
    problem = encode(study, make_profile())
    held = stored_face_value(problem)
    settled = leverage.settle(held)
    rows = worklist(study, settled, held.problem)
    twice = problem["evidence"].values[problem["stated"].values.sum(axis=0) >= 2]
    assert {row["evidence"] for row in rows} == set(map(str, twice))
    assert 0 < len(rows) < len(study.evidence)
    stakes = [row["stake"] for row in rows]
    assert stakes == sorted(stakes, reverse=True)
    assert stakes[0] > stakes[-1]
    first = rows[0]
    told = [one["probability"] for one in first["coders"]]
    assert first["stake"] == pytest.approx(max(told) - min(told))
    said = {coding.coder: {item.evidence: item for item in coding.judgements} for coding in study.codings}
    for row in rows:
        for one in row["coders"]:
            weights = {"h0": 0.0} | {w.against: -w.best for w in said[one["coder"]][row["evidence"]].weights}
            assert one["weight_db"] == pytest.approx(weights[row["leader"]] - weights[row["against"]])
    for row in rows:
        ranges = {
            rival: np.ptp(
                [
                    w[row["leader"]] - w[rival]
                    for one in row["coders"]
                    for w in [{"h0": 0.0} | {w.against: -w.best for w in said[one["coder"]][row["evidence"]].weights}]
                ]
            )
            for rival in problem["hypothesis"].values
        }
        assert row["range_db"] == pytest.approx(max(ranges.values()))
