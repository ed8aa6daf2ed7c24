"""Clues in the sampled model, at points: beside observations, and where cases were chosen for their outcome."""

from __future__ import annotations

import functools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import xarray as xr
from graphs import PLAIN, deterministic, evaluator
from scipy.integrate import quad
from scipy.stats import beta as beta_distribution
from sought_studies import make
from study_factory import make_profile, make_study
from urns import table
from written_out import correlation, joint, pair_probability, paired, units

from bayestrace.encoding import Problem, encode
from bayestrace.inference import answer
from bayestrace.inference.model import build_model
from bayestrace.study import Study

COMMON = {"common": 1.0, "own": 0.0}


def a_point(model: Any, seed: int = 1) -> dict[str, Any]:
    """Values of all free variables: positive and below one, which suits every one of them."""
    rng = np.random.default_rng(seed)
    return {rv.name: rng.uniform(0.1, 0.6, rv.shape.eval(mode=PLAIN)) for rv in model.free_RVs}


def clue_probability(study: Study, problem: Problem, phi: Any) -> np.ndarray:
    """P(what was found in each case | explanation) at given probabilities of the cells, case by case, by hand."""
    cell = {str(label): row for row, label in enumerate(problem["cell"].values)}
    names = [str(name) for name in problem["hypothesis"].values]
    found = np.ones((len(study.cases), len(names)))
    for row, unit in enumerate(units(study)):
        for k, name in enumerate(names):
            by_clue = {each.clue: each for each in unit.seen}
            chance = {e.clue: phi[cell[f"{e.clue}|{e.value}" if e.value else e.clue], k] for e in unit.seen}
            for clue, each in by_clue.items():
                clues = paired(study, clue)
                if len(clues) == 2 and all(other in by_clue for other in clues):
                    if clue == clues[0]:
                        one, two = (np.asarray(chance[other]) for other in clues)
                        cells = joint(one, two, correlation(study, clues, name))
                        found[row, k] *= pair_probability(tuple(by_clue[other] for other in clues), cells)
                else:
                    hit = each.search * chance[clue]
                    found[row, k] *= hit if each.found else 1.0 - hit
    return found


def test_observations_and_clues_make_one_likelihood() -> None:
    plain = make_study(cases=2, hypotheses=2, coders=2, clusters=(2,), singles=1, factors=1)
    sought = make(
        {
            "one": {"found_if": {"h0": {"alpha": 2.0, "beta": 3.0}, "h1": {"mean": 0.3, "sd": 0.1}}},
            "two": {"found_if": {"h0": [0.2, 0.6], "h1": 0.4}},
            "three": {
                "given": "one",
                "found_if_given": {"found": {"h0": 0.7, "h1": 0.2}, "not-found": {"h0": 0.1, "h1": [0.1, 0.3]}},
            },
        },
        {
            ("c0", "one"): ("found", 0.8),
            ("c0", "two"): ("not-found", 0.5),
            ("c0", "three"): ("found", 1.0),
            ("c1", "one"): ("not-found", 0.6),
            ("c1", "three"): ("not-found", 0.9),
        },
        hypotheses=("h0", "h1"),
    )
    more = {
        "clues": sought.clues,
        "searches": sought.searches,
        "dependence": make(
            {}, {}, cases={"x": {}}, dependence=({"clues": ("one", "two"), "correlation": 0.2},)
        ).dependence,
    }
    study = plain.model_copy(update=more)
    profile = make_profile(kappa=0.7)
    problem, bare = encode(study, profile), encode(plain, profile)
    model, without = build_model(problem), build_model(bare)
    point = a_point(model)
    evidence, phi, loglik = evaluator(
        model, [*model.replace_rvs_by_values([model["evidence"]]), *deterministic(model, "chance", "case_loglik")]
    )(point)
    (observed,) = evaluator(without, deterministic(without, "case_loglik"))(
        {name: value for name, value in point.items() if name != "chance_raw"}
    )
    known = problem["cell_known"].values
    np.testing.assert_array_equal(phi[~np.isnan(known)], known[~np.isnan(known)])
    np.testing.assert_allclose(phi[np.isnan(known)], point["chance_raw"], rtol=1e-12)
    by_hand = clue_probability(study, problem, phi)
    np.testing.assert_allclose(loglik, observed + np.log(by_hand), rtol=1e-9)
    prior = table(
        problem["pool"].values.tolist(),
        [Fraction(x) for x in problem["level_weight"].values],
        [Fraction(x) for x in problem["prior"].values],
        Fraction(0.7),
    )
    total = sum(
        float(weight) * np.prod([np.exp(observed[c, k]) * by_hand[c, k] for c, k in enumerate(z)])
        for z, weight in prior.items()
    )
    np.testing.assert_allclose(evidence, np.log(total), rtol=1e-9)


CLUES: dict[str, dict[str, Any]] = {
    "x": {"found_if": {"a": 0.6, "b": 0.3}},
    "y": {"given": "x", "found_if_given": {"found": {"a": 0.9, "b": 0.4}, "not-found": {"a": 0.6, "b": 0.1}}},
    "k": {"found_if": {"a": 0.8, "b": 0.35}},
}
ROWS = {
    ("one", "x"): ("found", 1.0),
    ("one", "y"): ("found", 1.0),
    ("one", "k"): ("found", 0.7),
    ("two", "x"): ("not-found", 1.0),
    ("two", "y"): ("found", 1.0),
    ("two", "k"): ("not-found", 0.7),
    ("three", "k"): ("found", 1.0),
}
CASES: dict[str, dict[str, Any]] = {"one": {"count": 3}, "two": {"count": 2}, "three": {}}
# What each explanation says of a case (rows) and of its being chosen because y was found; the third was not.
Y_FOUND = np.array([0.6 * 0.9 + 0.4 * 0.6, 0.3 * 0.4 + 0.7 * 0.1])
LIKELIHOOD = np.array(
    [
        [0.6 * 0.9 * 0.7 * 0.8, 0.3 * 0.4 * 0.7 * 0.35],
        [0.4 * 0.6 * (1 - 0.7 * 0.8), 0.7 * 0.1 * (1 - 0.7 * 0.35)],
        [0.8, 0.35],
    ]
)
COUNT = np.array([3, 2, 1])
# How far to walk, in steps of what size: coordinates that begin where the clues want them are over sooner.
WALK = {False: (4.4, 0.005), True: (12.0, 0.02)}


def chosen_study(*, chosen: bool) -> Study:
    more: dict[str, Any] = {"chosen": {"because_of": "y"}} if chosen else {}
    return make(CLUES, ROWS, cases=CASES, **more)


def density_of(share: Any, *, chosen: bool) -> Any:
    """Prior density of the share of a times the likelihood of six cases, by hand."""
    p = np.stack([share, 1.0 - share])
    value = beta_distribution.pdf(share, 1.2, 0.8)
    for row, number, here in zip(LIKELIHOOD, COUNT, (Y_FOUND, Y_FOUND, np.ones(2)), strict=True):
        value = value * ((row @ p) / ((here if chosen else np.ones(2)) @ p)) ** number
    return value


@functools.cache  # a walk takes seconds, and nobody changes what it came to
def walked(*, chosen: bool) -> tuple[np.ndarray, np.ndarray, xr.Dataset, Problem]:
    """Walk along the one coordinate of the model: log-density, share of a, and the points as if they were draws."""
    study = chosen_study(chosen=chosen)
    problem = encode(study, make_profile(prior={"a": 1.2, "b": 0.8}, levels=COMMON, kappa=2.0))
    model = build_model(problem)
    assert [rv.name for rv in model.free_RVs] == ["pool_raw"]
    names = ("pool", "case_prior", "case_loglik", "omega", "kappa")
    evaluate = evaluator(model, [model.logp(), *deterministic(model, *names)])
    reach, pace = WALK[chosen]
    rows = [evaluate({"pool_raw": np.full((1, 1), x)}) for x in np.arange(-reach, reach, pace)]
    dims = ("pool_name", "case", "case", "level", None)
    posterior = xr.Dataset(
        {
            name: (
                ("chain", "draw", *([dims[i]] if dims[i] else []), *(["hypothesis"] if i < 3 else [])),
                np.stack([row[i + 1] for row in rows])[None],
            )
            for i, name in enumerate(names)
        },
        coords={"pool_name": ["common"]},
    )
    return np.array([row[0] for row in rows]), posterior["pool"].values[0, :, 0, 0], posterior, problem


@pytest.mark.parametrize("chosen", [False, True])
def test_cases_chosen_for_their_outcome_are_weighed_by_how_likely_that_was(chosen: bool) -> None:  # noqa: FBT001 - drawn
    log_density, share, _, _ = walked(chosen=chosen)
    # In the coordinate of the model: density of the share times its derivative, which differences give.
    pace, edge = WALK[chosen][1], share.size // 6
    step, inside = np.gradient(share)[edge:-edge], share[edge:-edge]
    expected = np.log(density_of(inside, chosen=chosen)) + np.log(step / pace)
    difference = log_density[edge:-edge] - expected
    np.testing.assert_allclose(difference, 0.0, atol=1e-3)
    weight = np.exp(log_density - log_density.max())
    total, _ = quad(lambda p: float(density_of(np.array(p), chosen=chosen)), 0.0, 1.0)
    moment, _ = quad(lambda p: p * float(density_of(np.array(p), chosen=chosen)), 0.0, 1.0)
    np.testing.assert_allclose(weight @ share / weight.sum(), moment / total, atol=1e-6)
    np.testing.assert_allclose(np.exp(log_density).sum() * pace, total, rtol=1e-5)


def test_being_chosen_matters_for_shares_and_not_for_one_case_given_the_shares() -> None:
    plain, chosen = (walked(chosen=value) for value in (False, True))
    # The two are walked along in coordinates of their own; at any share that either meets a case is explained alike.
    for _, share, posterior, problem in (plain, chosen):
        given = answer.PoolDraws(problem, posterior).pooled
        p = np.stack([share, 1.0 - share], axis=1)
        for case in range(3):
            by_hand = p * LIKELIHOOD[case]
            np.testing.assert_allclose(
                given[:, case], by_hand / by_hand.sum(axis=1, keepdims=True), rtol=1e-8, atol=1e-12
            )
    means = [np.exp(log - log.max()) @ share / np.exp(log - log.max()).sum() for log, share, *_ in (plain, chosen)]
    assert abs(means[0] - means[1]) > 0.02


def test_the_model_and_the_exact_answer_are_one() -> None:
    """With every probability known, the share of the pool is all that is drawn: the exact answer is its integral."""
    from bayestrace.inference import searches  # noqa: PLC0415 - beside what it is held against

    log_density, share, posterior, problem = walked(chosen=False)
    exact = searches.exact(problem)
    weight = np.exp(log_density - log_density.max())
    weight /= weight.sum()
    np.testing.assert_allclose(
        np.einsum("s,sck->ck", weight, answer.PoolDraws(problem, posterior).pooled), exact.pooled[0], atol=1e-6
    )
    moments = exact.shares()
    assert moments is not None
    np.testing.assert_allclose([weight @ share, weight @ share**2], [moments[0][0], moments[1][0, 0]], atol=1e-6)
