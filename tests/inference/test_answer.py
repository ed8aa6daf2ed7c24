"""Answers from draws: sums over joint explanations against loops, and a case not yet seen."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest
from numeric import Floats
from study_factory import make_profile, make_study
from urns import table

from bayestrace.encoding import Problem, encode
from bayestrace.inference import answer, counting, facevalue, pooling
from bayestrace.results import STATS, centred, closest_rival, summarise, weight_against

KAPPA = Fraction(2, 5)
PRIOR = {"h0": 2.0, "h1": 1.0, "h2": 1.0}
SHARES = [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)]
LEVELS = [Fraction(1, 4)] * 3


def made() -> Problem:
    return encode(make_study(cases=3, factors=1, seed=2), make_profile(prior=PRIOR, kappa=float(KAPPA)))


def some_draws(problem: Problem, chains: int = 2, draws: int = 3) -> answer.TableDraws:
    rng = np.random.default_rng(3)
    shape = (chains, draws, problem.sizes["case"], problem.sizes["hypothesis"])
    return answer.TableDraws(problem, rng.normal(0.0, 1.5, shape))


def prior_by_urns(pools: list[list[str]]) -> dict[tuple[int, ...], float]:
    return {z: float(p) for z, p in table(pools, LEVELS, SHARES, KAPPA).items()}


def posterior_by_loops(problem: Problem, loglik: Floats) -> dict[tuple[int, ...], float]:
    prior = prior_by_urns(problem["pool"].values.tolist())
    weight = {z: p * np.exp(sum(loglik[c, k] for c, k in enumerate(z))) for z, p in prior.items()}
    return {z: w / sum(weight.values()) for z, w in weight.items()}


def mean_posterior(problem: Problem, draws: answer.TableDraws) -> dict[tuple[int, ...], float]:
    each = [posterior_by_loops(problem, loglik) for loglik in draws.loglik]
    return {z: float(np.mean([posterior[z] for posterior in each])) for z in each[0]}


def test_every_draw_has_its_own_exact_posterior() -> None:
    problem = made()
    draws = some_draws(problem)
    quantities = answer.quantities(draws)
    for chain, draw in itertools.product(range(2), range(3)):
        loglik = draws.loglik[chain * 3 + draw]
        expected = posterior_by_loops(problem, loglik)
        spot = quantities.isel(chain=chain, draw=draw)
        everywhere = float(spot["focal_everywhere"])
        assert everywhere == pytest.approx(expected[0, 0, 0], rel=1e-9)
        for c, k in itertools.product(range(3), range(3)):
            margin = sum(p for z, p in expected.items() if z[c] == k)
            assert float(spot["pooled"][c, k]) == pytest.approx(margin, rel=1e-9)
            own = [float(SHARES[j]) * np.exp(loglik[c, j]) for j in range(3)]
            assert float(spot["unpooled"][c, k]) == pytest.approx(own[k] / sum(own), rel=1e-9)


def test_the_joint_is_the_mean_over_draws_of_sums_over_explanations() -> None:
    problem = made()
    draws = some_draws(problem)
    expected = mean_posterior(problem, draws)
    found = answer.joint(draws)
    for k, n in itertools.product(range(3), range(4)):
        exactly = sum(p for z, p in expected.items() if z.count(k) == n)
        at_least = sum(p for z, p in expected.items() if z.count(k) >= n)
        assert float(found["count"][k, n]) == pytest.approx(exactly, rel=1e-9)
        assert float(found["at_least"][k, n]) == pytest.approx(at_least, rel=1e-9)
    prior = prior_by_urns(problem["pool"].values.tolist())
    for moment, weights in (("prior", prior), ("posterior", expected)):
        for c, d in itertools.product(range(3), range(3)):
            same = sum(p for z, p in weights.items() if z[c] == z[d])
            assert float(found["same"].sel(moment=moment)[c, d]) == pytest.approx(same, rel=1e-9)
    ranked = sorted(expected.items(), key=lambda item: -item[1])[: answer.TOP]
    np.testing.assert_allclose(found["top_probability"], [p for _, p in ranked], rtol=1e-9)
    assert found["top_explanation"].values.tolist() == [[f"h{k}" for k in z] for z, _ in ranked]


def test_level_weights_are_their_prior_before_the_evidence_and_move_with_it() -> None:
    problem = made()
    agreeing = np.zeros((1, 1, 3, 3))
    agreeing[..., 1] = 8.0  # every case: h1, although m says h0
    found = answer.joint(answer.TableDraws(problem, agreeing))["level_share"]
    np.testing.assert_allclose(found.sel(moment="prior"), 1.0 / 3.0, rtol=1e-9)
    np.testing.assert_allclose(found.sum("level"), 1.0, rtol=1e-9)
    posterior = found.sel(moment="posterior")
    assert float(posterior.sel(level="common")) > 1.0 / 3.0 > float(posterior.sel(level="own"))


def test_the_prediction_equals_a_wider_table_for_known_and_new_groups() -> None:
    problem = made()
    draws = some_draws(problem)
    posterior = mean_posterior(problem, draws)
    found = answer.prediction(draws)
    assert found["scenario"].values.tolist() == ["g0", "g1", "new"]
    pools = problem["pool"].values.tolist()
    prior = prior_by_urns(pools)
    for place, label in enumerate(["f0:g0", "f0:g1", "f0:elsewhere"]):
        wider = prior_by_urns([*pools, ["common", label, "own:one more"]])
        for k in range(3):
            expected = sum(posterior[z] * wider[(*z, k)] / prior[z] for z in prior)
            assert float(found["probability"][place, k]) == pytest.approx(expected, rel=1e-9)
    assert float(abs(found["probability"].sel(scenario="g0") - found["probability"].sel(scenario="g1")).max()) > 0.01


def test_a_study_without_factors_predicts_any_case() -> None:
    problem = encode(make_study(factors=0), make_profile())
    found = answer.prediction(some_draws(problem))
    assert found["scenario"].values.tolist() == ["any"]
    assert float(found["probability"].sum()) == pytest.approx(1.0)


def test_an_explanation_without_prior_keeps_its_place_in_the_prediction() -> None:
    problem = encode(make_study(cases=2), make_profile(prior={"h0": 2.0, "h1": 1.0}))
    found = answer.prediction(some_draws(problem))["probability"]
    assert found.dims == ("scenario", "hypothesis")
    np.testing.assert_array_equal(found.sel(hypothesis="h2"), 0.0)
    np.testing.assert_allclose(found.sum("hypothesis"), 1.0, rtol=1e-9)


def test_of_very_many_kinds_of_case_the_first_are_predicted() -> None:
    # Groups 0 and 1 of two factors and 0 of the third, each or a new one: 3 x 3 x 2 kinds of case.
    found = answer.prediction(some_draws(encode(make_study(cases=4, factors=3, hypotheses=2), make_profile())))
    assert found.sizes["scenario"] == 16 < 3 * 3 * 2
    assert found["scenario"].values[[0, 1, 2, 15]].tolist() == ["g0/g0/g0", "g0/g0/new", "g0/g1/g0", "new/g1/new"]
    assert found["group"].values[15].tolist() == ["new", "g1", "new"]


def test_cases_are_summed_up_over_draws_with_and_without_pooling() -> None:
    problem = made()
    draws = some_draws(problem, draws=50)
    found = answer.cases(draws)
    for label, values in (("pooled", draws.pooled), ("unpooled", draws.unpooled)):
        part = found["probability"].sel(pooling=label)
        np.testing.assert_allclose(part.sel(stat="mean"), values.mean(axis=0), rtol=1e-12)
        np.testing.assert_allclose(part.sel(stat="q97"), np.quantile(values, 0.97, axis=0), rtol=1e-12)
    decibels = draws.loglik * 10.0 / np.log(10.0)
    between = (decibels[:, 1, 0] - decibels[:, 1, 2]).mean()
    spot = {"stat": "mean", "case": "c1", "hypothesis": "h0"}
    assert float(found["weight_db"].sel(spot).sel(against="h2")) == pytest.approx(between)
    rival = str(found["closest"].sel(case="c1", hypothesis="h0").values)
    means = dict(zip(["h1", "h2"], draws.pooled.mean(axis=0)[1, 1:], strict=True))
    assert rival == max(means, key=lambda name: means[name])
    assert float(found["closest_db"].sel(spot)) == pytest.approx(float(found["weight_db"].sel(spot).sel(against=rival)))


def test_face_value_has_its_rows_with_and_without_pooling_and_doubtful_observations() -> None:
    problem = encode(make_study(doubtful=1, seed=4), make_profile(prior=PRIOR))
    found = answer.face_value(problem)
    for label, flag in (("counted", True), ("set-aside", False)):
        loglik = facevalue.case_loglik(problem, with_doubtful=flag)
        alone = facevalue.case_posterior(problem["prior"].values, loglik)
        row = found.sel(doubtful=label)
        np.testing.assert_allclose(row["probability"].sel(pooled="case-by-case"), alone, rtol=1e-12)
        np.testing.assert_allclose(row["case_db"].sum("hypothesis"), 0.0, atol=1e-9)
        pooled = answer.TableDraws(problem, loglik[None, None]).pooled[0]
        np.testing.assert_allclose(row["probability"].sel(pooled="pooled"), pooled, rtol=1e-12)
        focal = row.sel(case="c0", hypothesis="h0")
        rival = str(focal["closest"].values)
        assert rival == f"h{1 + int(alone[0, 1:].argmax())}"
        cell = row["case_db"].sel(case="c0")
        assert float(focal["closest_db"]) == pytest.approx(
            float(cell.sel(hypothesis="h0") - cell.sel(hypothesis=rival))
        )
    np.testing.assert_allclose(found["observation_db"].sum("hypothesis"), 0.0, atol=1e-9)


def test_face_value_is_not_pooled_where_explanations_are_too_many_to_enumerate(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = encode(make_study(seed=4), make_profile(prior=PRIOR))
    table = answer.face_value(problem)["probability"]
    monkeypatch.setattr(pooling, "TABLE_LIMIT", 0)
    alone = answer.face_value(problem)["probability"]
    assert alone["pooled"].values.tolist() == ["case-by-case"]
    np.testing.assert_array_equal(alone, table.sel(pooled=["case-by-case"]))


def test_kappa_before_is_the_profile_s_and_after_the_mean_over_draws() -> None:
    problem = encode(make_study(cases=2), make_profile())
    draws = some_draws(problem)
    found = answer.joint(draws)["kappa_probability"]
    np.testing.assert_array_equal(found.sel(moment="prior"), problem["kappa_weight"])
    table_of = pooling.table_of(problem)
    each = [pooling.kappa_posterior(table_of, loglik, problem["kappa_weight"].values) for loglik in draws.loglik]
    np.testing.assert_allclose(found.sel(moment="posterior"), np.mean(each, axis=0), rtol=1e-9)


def test_draws_of_one_chain_more_make_the_blocks_uneven_and_change_nothing() -> None:
    problem = made()
    many = some_draws(problem, chains=3, draws=401)
    last = answer.TableDraws(problem, many.loglik[-1][None, None])
    np.testing.assert_allclose(many.pooled[-1], last.pooled[0], rtol=1e-12)
    np.testing.assert_allclose(many.count(1)[-1], last.count(1)[0], rtol=1e-12)
    assert many.pooled.shape == (1203, 3, 3)
    total = answer.joint(many)["count"].sum("cases_explained")
    np.testing.assert_allclose(total, 1.0, rtol=1e-9)


def test_stats_are_mean_and_quantiles_and_small_things_do_as_they_say() -> None:
    draws = np.arange(101.0)
    assert dict(zip(STATS, summarise(draws), strict=True)) == {
        "mean": 50.0,
        "q03": 3.0,
        "q25": 25.0,
        "q50": 50.0,
        "q75": 75.0,
        "q97": 97.0,
    }
    np.testing.assert_allclose(centred(np.array([[1.0, 2.0, 6.0]])), [[-2.0, -1.0, 3.0]])
    assert closest_rival(np.array([0.2, 0.5, 0.3])).tolist() == [1, 2, 1]
    against = weight_against(np.array([[[0.0, 4.0, 1.0]]]), np.array([[1, 2, 1]]))
    np.testing.assert_allclose(against, [[[-4.0, 3.0, -3.0]]])


@pytest.mark.parametrize("events", [1, 2, 7, 150])
def test_the_number_of_events_is_that_of_adding_one_after_the_other(events: int) -> None:
    probability = np.random.default_rng(events).beta(0.4, 0.6, (3, events))
    probability[0, 0], probability[1, 0] = 0.0, 1.0
    expected = np.zeros((3, events + 1))
    expected[:, 0] = 1.0
    for column in probability.T[:, :, None]:
        expected = expected * (1.0 - column) + np.pad(expected, ((0, 0), (1, 0)))[:, :-1] * column
    np.testing.assert_allclose(counting.number_of(probability), expected, rtol=0, atol=1e-14)
