"""An explanation that nobody listed, against studies in which it is listed, and draw by draw."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import xarray as xr
from drawn import Floats, nats, prior_stored, problem_of, told
from hypothesis import given, settings
from hypothesis import strategies as st
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference.pooling import build_table
from bayestrace.sensitivity import rival
from bayestrace.sensitivity.draws import Stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.weights import to_nats


def listed_together(held: Stored) -> Floats:
    """Mean likelihood of the listed explanations in each draw and case, (D, C), as a logarithm."""
    return np.asarray(np.log(np.exp(held.loglik) @ held.problem["prior"].values))


def with_it(held: Stored, prior: float, ratio: Floats) -> Floats:
    """P(Z_c = k) pooled with the unlisted as one more explanation: every draw and joint explanation in a loop."""
    problem = held.problem
    wider = np.append((1.0 - prior) * problem["prior"].values, prior)
    names = ("level_weight", "kappa", "kappa_weight")
    level_weight, kappa, kappa_weight = (problem[name].values for name in names)
    table = build_table(problem["pool"].values, level_weight, wider, kappa, kappa_weight)
    unlisted = listed_together(held) + np.log(ratio)
    total = np.zeros((ratio.size, wider.size))
    for draw in range(held.loglik.shape[0]):
        loglik = np.column_stack([held.loglik[draw], unlisted[draw]])
        for z, log_p in zip(table.z, table.log_p, strict=True):
            joint = math.exp(log_p + sum(loglik[c, k] for c, k in enumerate(z)) - held.log_evidence[draw])
            for c, k in enumerate(z):
                total[c, k] += joint
    return np.asarray(total / total.sum(axis=1, keepdims=True))


def test_what_it_takes_in_one_case_by_hand() -> None:
    held = stored_face_value(told(np.array([[[4.0], [3.0]]]), prior={"h0": 3.0, "h1": 1.0}, coders=1, factors=0))
    found = rival.analyse(held, priors=(0.1, 0.4)).isel(case=0)
    # .9 x 3/4 of the prior are the leader's, .1 the unlisted's.
    assert float(found["needed_db"][0]) == pytest.approx(10.0 * math.log10(0.675 / 0.1))
    assert float(found["needed_db"][1]) == pytest.approx(10.0 * math.log10(0.45 / 0.4))
    assert float(found["needed_db_per_observation"][0]) == pytest.approx(5.0 * math.log10(6.75))
    np.testing.assert_allclose(found["needed_db_pooled"], found["needed_db"])
    np.testing.assert_allclose(found["needed_db_everywhere_per_observation"], found["needed_db_per_observation"])
    # Against both listed together: likelihoods 1 and 10^-.7, weighed 3 to 1.
    together = 10.0 * math.log10(0.75 + 0.25 * 10.0**-0.7)
    np.testing.assert_allclose(found["needed_over_listed_db"], found["needed_db"] - together)
    assert str(found["leader"].values) == "h0"
    assert int(found["observations"]) == 2
    assert float(found["independent"]) == pytest.approx(2.0)


def test_a_study_that_lists_it_says_the_same() -> None:
    """Weights of 5 dB for h0 over h1, and the least that h2 with prior .2 must have over h0, two cases pooled."""
    weights = np.array([[[5.0]], [[2.0]]])
    held = stored_face_value(told(weights, coders=1, factors=0))
    found = rival.analyse(held, priors=(0.2,))
    listed = 10.0 * np.log10(0.5 + 0.5 * 10.0 ** (-weights[:, 0, 0] / 10.0))
    for case in range(2):
        over_leader = listed.copy()
        over_leader[case] = float(found["needed_db_pooled"][0, case])
        three = np.stack([weights[:, 0, 0], -over_leader], axis=1)[:, None, :]
        with_three = stored_face_value(told(three, prior={"h0": 0.4, "h1": 0.4, "h2": 0.2}, coders=1, factors=0))
        probability = answer(with_three).probability[case]
        assert probability[2] == pytest.approx(probability[0], rel=1e-9)


@settings(deadline=None, derandomize=True, database=None, max_examples=15)
@given(prior=st.floats(0.001, 0.9), weight_db=st.floats(-40.0, 40.0), seed=st.integers(0, 50))
def test_case_by_case_it_never_changes_the_odds_among_the_listed(prior: float, weight_db: float, seed: int) -> None:
    held = prior_stored(problem_of(cases=2, clusters=(), singles=2, seed=seed), 12, seed)
    ratio = np.full(2, math.exp(nats(weight_db)))
    # By draws: the unlisted joins each draw, draws keep their weights, probabilities are averaged.
    likelihood = np.exp(np.dstack([held.loglik, listed_together(held) + np.log(ratio)]))
    joint = likelihood * np.append((1.0 - prior) * held.problem["prior"].values, prior)
    expected = (joint / joint.sum(axis=-1, keepdims=True)).mean(axis=0)
    found = rival.Unlisted(held, (prior,)).alone(ratio)[0]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    listed = answer(held).unpooled
    for one, other in itertools.combinations(range(3), 2):
        np.testing.assert_allclose(found[:, one] / found[:, other], listed[:, one] / listed[:, other], rtol=1e-9)


@pytest.fixture(scope="module")
def drawn() -> tuple[Stored, xr.Dataset]:
    held = prior_stored(problem_of(cases=3, factors=1, seed=12, clusters=(2,), singles=2, strength_db=4.0), 10, 2)
    return held, rival.analyse(held, priors=(0.05, 0.3))


def test_pooled_it_is_one_more_explanation_of_the_table(drawn: tuple[Stored, xr.Dataset]) -> None:
    held, _ = drawn
    ratio = np.array([0.5, 3.0, 1.0])
    found = rival.Unlisted(held, (0.05, 0.3)).together(np.tile(ratio, (2, 1)))
    for place, prior in enumerate((0.05, 0.3)):
        np.testing.assert_allclose(found[place], with_it(held, prior, ratio), atol=1e-12)


def test_pooled_it_leads_from_what_is_needed_on(drawn: tuple[Stored, xr.Dataset]) -> None:
    held, found = drawn
    leader = answer(held).probability.argmax(axis=-1)
    ahead = answer(held).unpooled[range(3), leader] / held.problem["prior"].values[leader]
    number = found["observations"].values
    for place, prior in enumerate((0.05, 0.3)):
        for case in range(3):
            ratio = np.ones(3)
            ratio[case] = ahead[case] * np.exp(to_nats(found["needed_db_pooled"].values[place, case]))
            there = with_it(held, prior, ratio)[case]
            assert there[3] == pytest.approx(there[:3].max(), rel=1e-9)
            each = float(found["needed_db_everywhere_per_observation"][place, case])
            there = with_it(held, prior, ahead * np.exp(nats(each) * number))[case]
            assert there[3] == pytest.approx(there[:3].max(), rel=1e-6)


def test_what_pooling_does_to_the_odds_is_told(drawn: tuple[Stored, xr.Dataset]) -> None:
    held, found = drawn
    fitted = answer(held).probability
    np.testing.assert_allclose(found["odds_change_db"].sel(pooling="unpooled"), 0.0, atol=1e-9)
    there = with_it(held, 0.3, np.ones(3))
    for case in range(3):
        second, first = np.argsort(fitted[case])[-2:]
        change = np.log10(there[case, first] / there[case, second]) - np.log10(
            fitted[case, first] / fitted[case, second]
        )
        told_db = float(found["odds_change_db"].sel(pooling="pooled", fit="as-listed", prior=0.3)[case])
        assert told_db == pytest.approx(10.0 * change, abs=1e-9)
    assert np.abs(found["odds_change_db"].sel(pooling="pooled")).max() > 0.01


def test_its_probability_by_the_weight_that_the_reader_sets(drawn: tuple[Stored, xr.Dataset]) -> None:
    held, found = drawn
    leader = answer(held).probability.argmax(axis=-1)
    ahead = answer(held).unpooled[range(3), leader] / held.problem["prior"].values[leader]
    ratio = np.ones(3)
    ratio[1] = ahead[1] * math.exp(nats(6.0))
    given_6 = found["probability"].sel(weight=6.0, prior=0.3).isel(case=1)
    assert float(given_6.sel(pooling="pooled")) == pytest.approx(with_it(held, 0.3, ratio)[1, 3])
    odds = 0.3 / 0.7 * ratio[1]
    assert float(given_6.sel(pooling="unpooled")) == pytest.approx(odds / (1.0 + odds))


def test_redundant_observations_count_as_fewer() -> None:
    problem = told(np.zeros((1, 4, 1)), coders=1, factors=0, clusters=(3,), redundancy=(None, 0.5, None))
    found = rival.analyse(prior_stored(problem, 4))
    assert float(found["independent"][0]) == pytest.approx(3.0 / 2.0 + 1.0)
    assert int(found["observations"][0]) == 4


def test_rivals_of_another_set_stand_beside() -> None:
    made = make_study(cases=2, coders=2, seed=3)
    sets = {"all": made.sets["all"], "two": made.sets["all"].model_copy(update={"hypotheses": ("h0", "h1")})}
    study = made.model_copy(update={"sets": sets})
    profile = make_profile()
    held = stored_face_value(encode(study, profile, "two"))
    others = rival.other_sets(study, profile, held)
    assert list(others) == ["all"]
    found = rival.analyse(held, others)
    assert [str(found[name].values[0]) for name in ("rival", "rival_set", "rival_kind")] == ["h2", "all", "face-value"]
    for case in range(2):
        leader = answer(held).probability[case].argmax()
        over = np.zeros(2)
        for coding in study.codings:
            for judgement in coding.judgements:
                if judgement.evidence.startswith(f"c{case}"):
                    over += [weight.best / 2.0 for weight in judgement.weights]
        h0_over_h1, h0_over_h2 = over
        expected = -h0_over_h2 if leader == 0 else h0_over_h1 - h0_over_h2
        assert float(found["rival_db"][0, case]) == pytest.approx(expected)
    alone = study.model_copy(update={"sets": {"two": sets["two"]}})
    assert rival.other_sets(alone, profile, held) == {}
    assert "rival" not in rival.analyse(held)


def test_cases_that_are_not_pooled_are_told_one_by_one() -> None:
    held = stored_face_value(problem_of(cases=10, hypotheses=3, coders=1, factors=0, clusters=(), singles=1, seed=5))
    found = rival.analyse(held, priors=(0.25,))
    np.testing.assert_allclose(found["needed_db"], 0.0, atol=1e-9)
    for name in ("needed_db_pooled", "needed_db_everywhere_per_observation"):
        assert np.isnan(found[name]).all()
    assert np.isnan(found["odds_change_db"].sel(pooling="pooled")).all()


def test_where_the_others_are_impossible_odds_stay_infinite() -> None:
    held = stored_face_value(told(np.array([[[4.0]], [[1.0]]]), prior={"h0": 1.0, "h1": 0.0}, coders=1, factors=0))
    found = rival.analyse(held, priors=(0.2,))
    assert float(found["needed_db"][0, 0]) == pytest.approx(10.0 * math.log10(4.0))
    assert np.isnan(found["odds_change_db"]).all()
