"""Words to arrays: small examples worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from study_factory import make_profile, make_study

from bayestrace.encoding import encode, ordered
from bayestrace.errors import UsageFault
from bayestrace.study import Study
from bayestrace.weights import NATS_PER_DB, helmert, log_sum_exp, normalise, to_decibels, to_nats

SINGLE: dict[str, Any] = {"cases": 1, "coders": 1, "clusters": (), "singles": 1}


def weight(hypothesis: str, against: str, best: float, low: float | None = None, high: float | None = None) -> Any:
    return {"hypothesis": hypothesis, "against": against, "best": best, "low": low, "high": high}


def saying(*weights: Any, hypotheses: int = 3, probabilities: Any = (), chosen: tuple[str, ...] = ()) -> Study:
    """One case, one observation, one coder who says this of it."""
    study = make_study(**SINGLE, hypotheses=hypotheses).model_dump()
    entry = {"evidence": "c0e0", "weights": weights, "probabilities": probabilities}
    study["codings"] = ({"coder": "coder0", "judgements": (entry,)},)
    if chosen:
        study["sets"] = {"all": {"hypotheses": chosen}}
    return Study.model_validate(study)


def vector(study: Study) -> np.ndarray:
    """Centred decibels of the only observation."""
    problem = encode(study, make_profile())
    return np.asarray(to_decibels(problem["weight"].values[0, 0] @ problem["helmert"].values))


def variance(study: Study) -> float:
    return float(encode(study, make_profile())["stated_variance"].values[0, 0])


def test_ten_decibels_are_a_ratio_of_ten_and_twenty_of_a_hundred() -> None:
    np.testing.assert_allclose(np.exp(to_nats([10.0, 20.0, -10.0])), [10.0, 100.0, 0.1], rtol=1e-12)
    assert to_decibels(math.log(5.0)) == pytest.approx(6.9897, abs=1e-4)


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_helmert_contrasts_are_orthonormal_and_blind_to_a_constant(size: int) -> None:
    contrasts = helmert(size)
    np.testing.assert_allclose(contrasts @ contrasts.T, np.eye(size - 1), atol=1e-14)
    np.testing.assert_allclose(contrasts.T @ contrasts, np.eye(size) - 1.0 / size, atol=1e-14)


def test_normalise_and_log_sum_exp_stand_great_numbers_and_zero_weights() -> None:
    np.testing.assert_allclose(normalise([1e4, 1e4 + math.log(3.0), -np.inf]), [0.25, 0.75, 0.0])
    assert log_sum_exp([-1e4, -1e4]) == pytest.approx(-1e4 + math.log(2.0))
    assert log_sum_exp([-1e4, 1e4]) == 1e4
    np.testing.assert_array_equal(log_sum_exp([[-np.inf, -np.inf], [0.0, -np.inf]]), [-np.inf, 0.0])


@pytest.mark.parametrize(
    "weights",
    [
        [weight("h0", "h1", 6.0), weight("h0", "h2", 3.0)],
        [weight("h1", "h0", -6.0), weight("h2", "h0", -3.0)],
        [weight("h0", "h1", 6.0), weight("h1", "h2", -3.0)],
        [weight("h2", "h1", 3.0), weight("h0", "h2", 3.0)],
    ],
)
def test_any_tree_of_comparisons_says_the_same(weights: list[Any]) -> None:
    # h0 is 6 dB over h1 and 3 dB over h2: (0, -6, -3) less its mean.
    np.testing.assert_allclose(vector(saying(*weights)), [3.0, -3.0, 0.0], atol=1e-12)


def test_two_parts_of_a_tree_join_where_a_later_line_links_them() -> None:
    apart = [weight("h0", "h1", 4.0), weight("h2", "h3", 2.0)]
    joined = saying(*apart, weight("h1", "h2", 1.0), hypotheses=4)
    # 0, -4, -5, -7 less their mean of -4.
    np.testing.assert_allclose(vector(joined), [4.0, 0.0, -1.0, -3.0], atol=1e-12)
    # Without the link nothing is said between the pairs; each is centred by itself.
    np.testing.assert_allclose(vector(saying(*apart, hypotheses=4)), [2.0, -2.0, 1.0, -1.0], atol=1e-12)


def test_the_projector_reaches_what_was_compared_and_no_more() -> None:
    problem = encode(saying(weight("h0", "h1", 4.0), weight("h2", "h3", 2.0), hypotheses=4), make_profile())
    contrasts = problem["helmert"].values
    reached = contrasts.T @ problem["projector"].values[0, 0] @ contrasts
    half = np.array([[0.5, -0.5], [-0.5, 0.5]])
    np.testing.assert_allclose(reached, np.kron(np.eye(2), half), atol=1e-12)


def test_probabilities_are_log_likelihoods() -> None:
    stated = [{"hypothesis": name, "best": best} for name, best in (("h0", 0.8), ("h1", 0.4), ("h2", 0.2))]
    # Ratios 4 : 2 : 1, that is 3.01 dB a step.
    step = 10.0 * math.log10(2.0)
    np.testing.assert_allclose(vector(saying(probabilities=tuple(stated))), [step, 0.0, -step], atol=1e-12)


def test_a_hypothesis_left_out_is_missing_and_pulls_nothing() -> None:
    np.testing.assert_allclose(vector(saying(weight("h0", "h1", 6.0))), [3.0, -3.0, 0.0], atol=1e-12)
    problem = encode(saying(weight("h0", "h1", 6.0)), make_profile())
    assert np.trace(problem["projector"].values[0, 0]) == pytest.approx(1.0)


def test_a_weight_against_a_hypothesis_outside_the_set_still_links_two_inside() -> None:
    study = saying(weight("h0", "h1", 6.0), weight("h2", "h1", 2.0), chosen=("h0", "h2"))
    np.testing.assert_allclose(vector(study), [2.0, -2.0], atol=1e-12)
    alone = encode(saying(weight("h0", "h1", 6.0), chosen=("h0", "h2")), make_profile())
    assert not alone["stated"].values.any()
    assert not alone["weighs"].values.any()


def test_a_range_is_a_90_per_cent_range_of_a_pair_and_a_contrast_has_half_its_variance() -> None:
    study = saying(weight("h0", "h1", 6.0, 2.71, 9.29), weight("h0", "h2", 3.0, 1.0, 7.58))
    # 6.58 dB wide are 2 dB of standard deviation; both pairs alike.
    assert variance(study) == pytest.approx(0.5 * (2.0 * NATS_PER_DB) ** 2, rel=1e-12)


def test_ranges_average_as_squares_over_the_pairs_within_the_set() -> None:
    study = saying(weight("h0", "h1", 0.0, -3.29, 3.29), weight("h0", "h2", 0.0, -6.58, 6.58))
    assert variance(study) == pytest.approx(0.5 * (2.0**2 + 4.0**2) / 2.0 * NATS_PER_DB**2, rel=1e-12)
    inside = study.model_copy(
        update={"sets": {"all": study.sets["all"].model_copy(update={"hypotheses": ("h0", "h1")})}}
    )
    assert variance(inside) == pytest.approx(0.5 * 2.0**2 * NATS_PER_DB**2, rel=1e-12)


def test_a_range_of_a_probability_is_one_of_its_logarithm_and_none_is_none() -> None:
    span = {"best": 0.1, "low": 0.02, "high": 0.02 * math.e**3.29}
    stated = tuple({"hypothesis": name, **span} for name in ("h0", "h1"))
    assert variance(saying(probabilities=stated)) == pytest.approx(1.0, rel=1e-12)
    assert variance(saying(weight("h0", "h1", 6.0))) == 0.0


def test_what_was_said_of_finding_an_observation_stands_with_its_coder_and_observation() -> None:
    study = make_study(cases=1, coders=2, clusters=(), singles=3).model_dump()
    for coder, judgements in enumerate(coding["judgements"] for coding in study["codings"]):
        for place, judgement in enumerate(judgements):
            judgement["p_if_focal"] = 0.8 if (coder, place) == (1, 2) else None
    found = encode(Study.model_validate(study), make_profile())["p_if_focal"]
    assert found.dims == ("coder", "evidence")
    nan = math.nan
    np.testing.assert_array_equal(found, [[nan, nan, nan], [nan, nan, 0.8]])


def test_a_cluster_that_spans_cases_is_split_by_case() -> None:
    problem = encode(make_study(cases=2, clusters=(2,), singles=1), make_profile())
    assert list(problem["cluster"].values) == ["k0@c0", "c0e2", "k0@c1", "c1e2"]
    assert problem["cluster_of_evidence"].values.tolist() == [0, 0, 1, 2, 2, 3]
    assert problem["case_of_cluster"].values.tolist() == [0, 0, 1, 1]


def test_context_weighs_nothing_and_what_is_probably_false_is_set_aside() -> None:
    problem = encode(make_study(cases=1, clusters=(), singles=3, doubtful=1, context=1), make_profile())
    assert problem["context"].values.tolist() == [False, False, False, True]
    assert problem["weighs"].values.tolist() == [True, True, False, False]
    assert problem["reliability"].values.tolist() == [0.9, 0.9, 0.3, 0.9]
    even = encode(make_study(cases=1, clusters=(), singles=1, reliability=0.5), make_profile())
    assert even["weighs"].values.tolist() == [True], "only below .5 is an observation probably not so"


def test_redundancy_is_the_coders_mean_and_unstated_is_half_known() -> None:
    study = make_study(coders=2, redundancy=(0.1, 0.4, 0.7)).model_dump()
    study["codings"][1]["redundancies"][0].update(low=0.4, best=0.6, high=0.8)
    problem = encode(Study.model_validate(study), make_profile())
    clusters = list(problem["cluster"].values)
    for name in ("k0@c0", "k0@c1"):
        assert float(problem["redundancy_mean"][clusters.index(name)]) == pytest.approx(0.5)
        # The mean range, .5 wide, over the 3.29 standard deviations of a 90 % range.
        assert float(problem["redundancy_sd"][clusters.index(name)]) == pytest.approx(0.5 / 3.29)
    unstated = encode(make_study(redundancy=None), make_profile())
    np.testing.assert_array_equal(unstated["redundancy_mean"], 0.5)
    np.testing.assert_array_equal(unstated["redundancy_sd"], 0.2)


def test_the_profile_becomes_prior_levels_and_nodes() -> None:
    profile = make_profile(prior={"h0": 2.0, "h1": 1.0, "h2": 1.0}, levels={"common": 1.0, "own": 2.0}, leaning_db=0.5)
    problem = encode(make_study(factors=1), profile)
    np.testing.assert_allclose(problem["prior"], [0.5, 0.25, 0.25])
    assert dict(zip(problem["level"].values, problem["level_weight"].values, strict=True)) == {
        "common": 1.0,
        "f0": 0.0,
        "own": 2.0,
    }
    assert problem["pool"].values.tolist() == [["common", "f0:g0", "own:c0"], ["common", "f0:g1", "own:c1"]]
    assert problem.attrs["leaning_sd"] == pytest.approx(0.5 * math.log(10.0) / 10.0)
    kappa, chance = problem["kappa"].values, problem["kappa_weight"].values
    # Log-uniform on [.05, 1]: the mean of log kappa is its middle, the mean of kappa (1 - .05)/log(20).
    assert chance @ np.log(kappa) == pytest.approx(math.log(0.05) / 2.0, rel=1e-12)
    assert chance @ kappa == pytest.approx(0.95 / math.log(20.0), rel=1e-12)


def test_selection_is_off_where_what_it_favours_is_not_in_the_set() -> None:
    study = saying(weight("h0", "h1", 6.0), chosen=("h0", "h1"))
    assert encode(study, make_profile(selectivity=0.5, favours="h2")).attrs["selectivity"] == 0.0
    favoured = encode(study, make_profile(selectivity=0.5, favours="h1"))
    assert (favoured.attrs["selectivity"], favoured.attrs["favours"]) == (0.5, "h1")


def test_coders_come_in_the_study_s_order_whatever_the_order_of_asking() -> None:
    problem = encode(make_study(coders=3), make_profile(), coders=["coder2", "coder0", "coder2"])
    assert list(problem["coder"].values) == ["coder0", "coder2"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"hypothesis_set": "none"}, "no hypothesis set 'none' .* it has all"),
        ({"coders": ["nobody"]}, "no coder 'nobody' .* it has coder0, coder1"),
        ({"profile": make_profile(prior={"h9": 1.0})}, "'made' gives no .*mass to any of h0, h1, h2"),
    ],
)
def test_what_the_study_has_not_is_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageFault, match=says):
        encode(make_study(), **({"profile": make_profile()} | arguments))


def test_a_study_without_codings_is_refused() -> None:
    with pytest.raises(UsageFault, match=r"[Tt]he study has no coding"):
        encode(make_study(coders=0), make_profile())


def test_cases_and_factors_are_put_in_the_order_of_a_problem_and_others_after_them() -> None:
    study = make_study(cases=4, factors=3)
    backwards = study.model_copy(
        update={name: dict(reversed(getattr(study, name).items())) for name in ("cases", "factors")}
    )
    whole = ordered(backwards, encode(study, make_profile()))
    assert (list(whole.cases), list(whole.factors)) == (["c0", "c1", "c2", "c3"], ["f0", "f1", "f2"])
    assert whole.cases == study.cases
    part = ordered(backwards, encode(make_study(cases=2, factors=1), make_profile()))
    assert (list(part.cases), list(part.factors)) == (["c0", "c1", "c3", "c2"], ["f0", "f2", "f1"])
    few = ordered(make_study(cases=1, factors=1), encode(study, make_profile()))
    assert (list(few.cases), list(few.factors)) == (["c0"], ["f0"])
