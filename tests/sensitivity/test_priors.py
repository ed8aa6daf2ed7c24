"""Other priors on the same evidence, against flip points worked out by hand and tables made one at a time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import xarray as xr
from drawn import Floats, nats, prior_draws, prior_stored, problem_of, told
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.inference.pooling import build_table
from bayestrace.sensitivity.draws import Stored, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.priors import pools, profiles, raising, simplex
from bayestrace.sensitivity.priors.beliefs import Beliefs


def one_case(*weights_db: float, prior: Any = "equal") -> Stored:
    """One case of two hypotheses: its observations weigh so many decibels for h0."""
    return stored_face_value(told(np.array(weights_db)[None, :, None], prior=prior, coders=1, factors=0))


def share(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def test_the_prior_at_which_one_case_turns() -> None:
    found = raising.analyse(one_case(4.0, -1.0, 6.0))
    weight = nats(9.0)
    of_h0, of_h1 = found.sel(case="c0", hypothesis_raised="h0"), found.sel(case="c0", hypothesis_raised="h1")
    assert float(of_h0["flip_at"]) == pytest.approx(share(-weight), abs=2e-4), (
        "prior odds 1 : 10^0.9 and evidence even out"
    )
    assert str(of_h0["flip_to"].values) == "h1"
    assert float(of_h1["flip_at"]) == pytest.approx(share(weight), abs=2e-4)
    assert str(of_h1["flip_to"].values) == "h1"
    assert float(of_h0["even_at"]) == pytest.approx(share(-weight), abs=1e-9)
    assert float(of_h0["sure_at"]) == pytest.approx(share(math.log(19.0) - weight), abs=1e-9)
    assert float(of_h1["sure_at"]) == pytest.approx(share(math.log(19.0) + weight), abs=1e-9)
    x = of_h0["x"].values
    np.testing.assert_allclose(
        of_h0["probability"].sel(hypothesis="h0"), x / (x + (1.0 - x) * math.exp(-weight)), rtol=1e-12
    )
    assert float(x[int(of_h0["start"])]) == 0.5
    assert found.attrs["unit"] == "prior probability"


def test_others_keep_their_proportions() -> None:
    held = stored_face_value(
        told(np.array([[[3.0, 5.0]]]), prior={"h0": 2.0, "h1": 6.0, "h2": 2.0}, coders=1, factors=0)
    )
    found = raising.analyse(held).isel(case=0)
    # Joint weights 2, 6/10^.3 and 2/10^.5: h1 leads. Lowered to x it meets h0, which has half of what it leaves.
    ratio = 10.0**0.3 / 2.0
    assert str(found["flip_to"].sel(hypothesis_raised="h1").values) == "h0"
    assert float(found["flip_at"].sel(hypothesis_raised="h1")) == pytest.approx(ratio / (1.0 + ratio), abs=2e-4)
    # h2 raised to x meets h1, which has three quarters of the rest.
    ratio = 0.75 * 10.0 ** (0.5 - 0.3)
    assert float(found["flip_at"].sel(hypothesis_raised="h2")) == pytest.approx(ratio / (1.0 + ratio), abs=2e-4)


def test_an_explanation_ruled_out_may_be_raised_and_a_certain_one_lowered() -> None:
    held = one_case(-3.0, prior={"h0": 1.0, "h1": 0.0})
    found = raising.analyse(held).isel(case=0)
    for raised, at in (("h0", share(nats(3.0))), ("h1", share(nats(-3.0)))):
        assert float(found["flip_at"].sel(hypothesis_raised=raised)) == pytest.approx(at, abs=2e-4)
        assert str(found["flip_to"].sel(hypothesis_raised=raised).values) == "h1"


def test_evidence_beyond_any_prior_has_no_even_point() -> None:
    found = raising.analyse(one_case(70.0)).isel(case=0)
    assert np.isnan(found["even_at"].values).all(), "70 dB outweigh a prior of a millionth"
    assert np.isnan(found["flip_at"].values).all()
    assert (found["flip_to"].values == "").all()


def test_raising_over_draws_is_one_table_at_a_time() -> None:
    problem = problem_of(cases=3, profile={"prior": {"h0": 1.0, "h1": 2.0, "h2": 1.0}}, seed=3)
    held = prior_stored(problem, 40)
    found = raising.analyse(held)
    for raised, place in ((0, 4), (2, 15)):
        x = float(found["x"][raised, place])
        prior = raising.raised(problem["prior"].values, raised, np.array([x]))[0]
        others = np.delete(prior, raised) / np.delete(problem["prior"].values, raised)
        assert others[0] == pytest.approx(others[1])
        expected = answer(held, log_p=one_table(problem, prior=prior), prior=prior)
        np.testing.assert_allclose(found["probability"][raised, place], expected.probability, atol=1e-13)
        assert float(found["ess"][raised, place]) == pytest.approx(float(expected.ess))
    for raised in range(3):
        at_fit = found["probability"][raised, int(found["start"][raised])]
        np.testing.assert_allclose(at_fit, answer(held).probability, atol=1e-13)


def one_table(problem: xr.Dataset, **changed: Floats) -> Floats:
    """Log P(Z) by `pooling.build_table`; nothing is excluded, so that all joint explanations are in their order."""
    given = {name: problem[name].values for name in ("level_weight", "prior", "kappa", "kappa_weight")} | changed
    return build_table(problem["pool"].values, **given).log_p


def test_plain_weights_of_draws_come_to_one_vector() -> None:
    problem = problem_of(cases=3, seed=8)
    held = prior_stored(problem, 30)
    beliefs = Beliefs(held)
    rng = np.random.default_rng(0)
    many = beliefs.from_prior(rng.dirichlet(np.ones(3), size=200))
    found = beliefs.answered(many)
    np.testing.assert_allclose(beliefs.probability(many), found.probability, atol=1e-12)
    assert np.isnan(found.pareto_k).all(), "nobody asked for k of 200 settings"


@pytest.mark.parametrize(("size", "number"), [(2, 21), (3, 231), (4, 1771)])
def test_the_lattice_holds_every_prior_of_twentieths(size: int, number: int) -> None:
    prior = simplex.lattice(size, 20)
    assert prior.shape == (number, size)
    assert len({tuple(np.round(row * 20).astype(int)) for row in prior}) == number
    np.testing.assert_allclose(prior.sum(axis=1), 1.0)
    np.testing.assert_allclose(prior * 20, np.round(prior * 20))


def test_the_simplex_of_two_hypotheses_by_hand() -> None:
    found = simplex.analyse(one_case(6.0))
    turning = share(-nats(6.0))
    x = found["m"].sel(hypothesis="h0").values
    np.testing.assert_allclose(
        found["probability"].sel(case="c0", hypothesis="h0"), x / (x + (1.0 - x) * 10.0**-0.6), rtol=1e-12
    )
    assert float(found["flip_at"][0]) == pytest.approx(0.5 - turning, abs=1e-6)
    assert float(found["flip_prior"].sel(hypothesis="h0")[0]) == pytest.approx(turning, abs=1e-6)
    assert str(found["flip_to"].values[0]) == "h1"
    assert float(found["leading"].sel(hypothesis="h0")[0]) == pytest.approx((x > turning).mean())
    np.testing.assert_allclose(found["joint_top"], found["probability"].sel(case="c0", hypothesis="h0"))
    np.testing.assert_allclose(found["joint_any"], found["probability"].sel(case="c0", hypothesis="h0"))
    assert str(found["top"].values[0]) == "h0"


def test_joints_over_the_simplex_are_sums_over_the_table() -> None:
    problem = problem_of(cases=3, seed=21, strength_db=4.0)
    held = prior_stored(problem, 24)
    found = simplex.analyse(held)
    place = int(np.flatnonzero((found["m"].values == [0.3, 0.5, 0.2]).all(axis=1))[0])
    log_p = one_table(problem, prior=np.array([0.3, 0.5, 0.2]))
    joint, fitted = np.zeros(27), np.zeros(27)
    for draw, loglik in enumerate(held.loglik):
        likelihood = np.exp([sum(loglik[c, k] for c, k in enumerate(z)) - held.log_evidence[draw] for z in held.z])
        joint += np.exp(log_p) * likelihood
        fitted += np.exp(held.log_p) * likelihood
    joint /= joint.sum()
    assert float(found["joint_top"][place]) == pytest.approx(joint[fitted.argmax()])
    assert float(found["joint_any"][place]) == pytest.approx(joint[(held.z == 0).any(axis=1)].sum())
    assert list(found["top"].values) == [f"h{k}" for k in held.z[fitted.argmax()]]
    expected = answer(held, log_p=log_p, prior=np.array([0.3, 0.5, 0.2]))
    np.testing.assert_allclose(found["probability"][place], expected.probability, atol=1e-13)
    assert float(found["ess"][place]) == pytest.approx(float(expected.ess))


def test_the_nearest_prior_with_another_leader_is_on_the_edge() -> None:
    problem = problem_of(cases=2, seed=2, strength_db=3.0)
    held = prior_stored(problem, 24)
    found = simplex.analyse(held)
    leader = answer(held).probability.argmax(axis=-1)
    for case in range(2):
        at, prior = float(found["flip_at"][case]), found["flip_prior"][case].values
        assert 0.5 * np.abs(prior - 1.0 / 3.0).sum() == pytest.approx(at)
        there = answer(held, log_p=one_table(problem, prior=prior)).probability[case]
        assert str(found["flip_to"].values[case]) == f"h{there.argmax()}"
        assert there.max() == pytest.approx(there[leader[case]], abs=1e-6)


def test_many_hypotheses_are_cut_in_slices() -> None:
    problem = problem_of(cases=2, hypotheses=5, coders=1, factors=0, seed=4)
    held = stored_face_value(problem)
    found = simplex.analyse(held)
    assert dict(found.sizes) == {"slice": 10, "setting": 231, "hypothesis": 5, "case": 2, "member": 2}
    np.testing.assert_allclose(found["m"].sum("hypothesis"), 1.0)
    assert [str(name) for name in found["pair"].values[5]] == ["h1", "h3"]
    prior = found["m"].values[5, 100]
    rest = prior[[0, 2, 4]]
    np.testing.assert_allclose(rest, rest[0])
    inside = found["m"].values[5].min(axis=1) > 0.0
    prior = found["m"].values[5][inside][10]
    np.testing.assert_allclose(
        found["probability"].values[5][inside][10], answer(held, log_p=one_table(problem, prior=prior)).probability
    )


def two_cases(profile: dict[str, Any], *, strong_db: float = 10.0, weak_db: float = 2.0) -> Stored:
    """A case that says h0 and one that says h1, less so: as far as they are pooled the first speaks for the second."""
    problem = told(np.array([[[strong_db]], [[-weak_db]]]), coders=1, factors=0)
    table = encode(
        make_study(cases=2, hypotheses=2, coders=1, factors=0, clusters=(), singles=1), make_profile(**profile)
    )
    names = ("level_weight", "kappa", "kappa_weight")
    made = problem.drop_vars(names).assign({name: table[name] for name in names})
    return stored_face_value(
        made.assign_attrs(kappa_low=table.attrs["kappa_low"], kappa_high=table.attrs["kappa_high"])
    )


def same_over_different(strong_db: float, weak_db: float) -> float:
    """P(same)/P(different) a priori at which the second case is even."""
    a, b = math.exp(nats(strong_db)), math.exp(nats(weak_db))
    return (a * b - 1.0) / (a - b)


def test_the_kappa_at_which_a_case_follows_another() -> None:
    held = two_cases({"levels": {"common": 1.0}, "kappa": 50.0})
    found = pools.kappa(held)
    # In one pool P(same)/P(different) is 1 + 2/kappa.
    assert float(found["flip_at"][1]) == pytest.approx(2.0 / (same_over_different(10.0, 2.0) - 1.0), rel=2e-3)
    assert [str(name) for name in found["flip_to"].values] == ["", "h0"]
    assert np.isnan(found["flip_at"].values[0])
    assert float(found["fitted"]) == 50.0
    x = found["x"].values
    assert x[0] == 0.0
    assert np.isinf(x[-1])
    np.testing.assert_allclose(found["probability"][-1], answer(held).unpooled, atol=1e-12)


def test_the_share_of_a_level_at_which_a_case_follows_another() -> None:
    held = two_cases({"levels": {"common": 0.2, "own": 1.8}, "kappa": 0.0})
    found = pools.levels(held)
    ratio = same_over_different(10.0, 2.0)
    # One pool has probability q, and then one explanation: P(same)/P(different) is (1 + q)/(1 - q); q = x (2 x + 1)/3.
    q = (ratio - 1.0) / (ratio + 1.0)
    at = (-1.0 + math.sqrt(1.0 + 24.0 * q)) / 4.0
    assert float(found["flip_at"].sel(level="common")[1]) == pytest.approx(at, abs=2e-4)
    assert float(found["flip_at"].sel(level="own")[1]) == pytest.approx(1.0 - at, abs=2e-4)
    np.testing.assert_allclose(found["fitted"], [0.1, 0.9])
    for level, place in (
        ("common", int(np.searchsorted(found["x"][0], 0.1))),
        ("own", int(np.searchsorted(found["x"][1], 0.9))),
    ):
        np.testing.assert_allclose(found["probability"].sel(level=level)[place], answer(held).probability, atol=1e-12)


def test_a_level_without_rivals_leaves_its_share_to_all_others_alike() -> None:
    problem = problem_of(cases=2, profile={"levels": {"own": 1.0}}, seed=9)
    held = prior_stored(problem, 20)
    found = pools.levels(held)
    at_half = int(np.flatnonzero(found["x"].sel(level="own").values == 0.5)[0])
    expected = answer(held, log_p=one_table(problem, level_weight=np.array([0.25, 0.25, 0.5])))
    np.testing.assert_allclose(found["probability"].sel(level="own")[at_half], expected.probability, atol=1e-12)


def test_the_other_levels_keep_their_proportions() -> None:
    problem = problem_of(cases=3, profile={"levels": {"common": 1.0, "f0": 3.0, "own": 1.0}}, seed=9)
    held = prior_stored(problem, 20)
    found = pools.levels(held)
    at_half = int(np.flatnonzero(found["x"].sel(level="own").values == 0.5)[0])
    expected = answer(held, log_p=one_table(problem, level_weight=5.0 * np.array([0.125, 0.375, 0.5])))
    np.testing.assert_allclose(found["probability"].sel(level="own")[at_half], expected.probability, atol=1e-12)


def test_both_limits_of_pooling_by_hand() -> None:
    held = two_cases({"levels": {"common": 1.0, "own": 1.0}, "kappa": (0.05, 1.0)})
    found = pools.limits(held)
    assert list(found["limit"].values) == ["as-fitted", "no-pooling", "one-explanation"]
    np.testing.assert_allclose(
        found["probability"].sel(limit="no-pooling", hypothesis="h0"), [share(nats(10.0)), share(nats(-2.0))]
    )
    np.testing.assert_allclose(found["probability"].sel(limit="one-explanation", hypothesis="h0"), share(nats(8.0)))
    np.testing.assert_allclose(found["probability"].sel(limit="as-fitted"), answer(held).probability)
    assert [str(name) for name in found["flip_to"].sel(limit="one-explanation").values] == [
        "" if row[0] > 0.5 else "h0" for row in answer(held).probability
    ]


def test_cases_that_are_not_pooled_are_answered_one_by_one_or_refused_in_words() -> None:
    held = stored_face_value(problem_of(cases=10, hypotheses=3, coders=1, factors=0, clusters=(), singles=1, seed=5))
    assert not held.pooled
    found = raising.analyse(held)
    assert found.attrs["pooling"] == "unpooled"
    x = float(found["x"][1, 6])
    expected = np.array([(1.0 - x) / 2.0, x, (1.0 - x) / 2.0]) * np.exp(held.loglik[0])
    np.testing.assert_allclose(found["probability"][1, 6], expected / expected.sum(axis=1, keepdims=True))
    odds = np.exp(held.loglik[0, :, 1]) / np.exp(held.loglik[0])[:, [0, 2]].mean(axis=1)
    np.testing.assert_allclose(found["even_at"].sel(hypothesis_raised="h1"), 1.0 / (1.0 + odds), atol=1e-9)
    assert np.isnan(simplex.analyse(held)["joint_top"]).all()
    for refused in (pools.kappa, pools.levels, pools.limits):
        with pytest.raises(UsageFault, match="too many to enumerate"):
            refused(held)


def test_pools_of_one_explanation_alone_are_kept_as_they_are() -> None:
    held = stored_face_value(
        problem_of(
            cases=10, coders=1, factors=0, clusters=(), singles=1, profile={"levels": {"common": 1.0}, "kappa": 0.0}
        )
    )
    assert held.pooled
    found = raising.analyse(held)
    x = float(found["x"][0, 5])
    joint = np.array([x, (1.0 - x) / 2.0, (1.0 - x) / 2.0]) * np.exp(held.loglik[0].sum(axis=0) - held.loglik[0].sum())
    np.testing.assert_allclose(found["probability"][0, 5], np.tile(joint / joint.sum(), (10, 1)))
    with pytest.raises(UsageFault):
        pools.kappa(held)


def test_profiles_change_the_standpoint_and_the_selectivity() -> None:
    made = {
        "reference": make_profile(),
        "leaning": make_profile(leaning_db=2.0),
        "doubting": make_profile(prior={"h0": 1.0, "h1": 4.0, "h2": 5.0}, levels={"own": 1.0}, kappa=0.5),
        "advocacy": make_profile(selectivity=0.5, favours="h1"),
        "elsewhere": make_profile(prior={"other": 1.0}),
    }
    study = make_study(cases=3, seed=12).model_copy(update={"profiles": made})
    problem = encode(study, made["reference"])
    posterior = prior_draws(problem, 200)
    held = stored(problem, posterior, 200)
    found = profiles.analyse(held, study)
    assert list(found["profile"].values) == ["reference", "leaning", "doubting", "advocacy"]
    np.testing.assert_allclose(found["probability"].sel(profile="reference"), answer(held).probability, atol=1e-12)
    assert list(found["refit"].sel(profile=["reference", "leaning", "doubting"]).values) == [False, True, False]
    there = encode(study, made["doubting"])
    expected = answer(held, log_p=one_table(there), prior=there["prior"].values)
    np.testing.assert_allclose(found["probability"].sel(profile="doubting"), expected.probability, atol=1e-12)
    selected = stored(encode(study, made["advocacy"]), posterior, 200)
    expected = answer(held, clusters=selected.clusters)
    np.testing.assert_allclose(found["probability"].sel(profile="advocacy"), expected.probability, atol=1e-9)
    assert (
        np.abs(found["probability"].sel(profile="advocacy") - found["probability"].sel(profile="reference")).max()
        > 0.01
    )
    lead, there_lead = answer(held).probability.argmax(axis=-1), found["probability"].values.argmax(axis=-1)
    expected_to = np.where(there_lead == lead, "", np.array(["h0", "h1", "h2"])[there_lead])
    assert (found["flip_to"].values == expected_to).all()


def test_profiles_at_face_value_know_neither_selection_nor_leaning() -> None:
    made = {"reference": make_profile(), "advocacy": make_profile(selectivity=0.5, leaning_db=3.0)}
    study = make_study(cases=2, seed=1).model_copy(update={"profiles": made})
    found = profiles.analyse(stored_face_value(encode(study, made["reference"])), study)
    assert not found["refit"].any()
    np.testing.assert_allclose(found["probability"][0], found["probability"][1])
