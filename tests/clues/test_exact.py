"""Cases with nothing but clues: the exact answer against every joint explanation written out."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sought_studies import PROPERTY, make, profiles, studies
from study_factory import make_profile
from written_out import Brute, grid_mean, joint

from bayestrace.encoding import Problem, encode
from bayestrace.errors import UsageFault
from bayestrace.inference import allotments, searches
from bayestrace.inference import clues as formulas
from bayestrace.inference.backend import NumPy
from bayestrace.study import PriorProfile, Study

ONE_LEVEL = ({"common": 1.0}, {"f": 1.0}, {"own": 1.0})
SEVERAL = ({"common": 1.0, "own": 1.0}, {"common": 0.5, "f": 1.0}, {"f": 1.0, "own": 0.5})


@st.composite
def one_level(draw: st.DrawFn) -> tuple[Study, PriorProfile]:
    study = draw(studies(largest=4))
    return study, draw(profiles(tuple(study.hypotheses), levels=ONE_LEVEL))


@st.composite
def several_levels(draw: st.DrawFn) -> tuple[Study, PriorProfile]:
    study = draw(studies(largest=1))
    return study, draw(profiles(tuple(study.hypotheses), levels=SEVERAL))


def assert_answers(problem: Problem, brute: Brute, found: Any) -> None:
    near: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(found.pooled[0], brute.case_probability(), **near)
    np.testing.assert_allclose(found.same()[1], brute.same(), **near)
    np.testing.assert_allclose(found.kappa()[1], brute.kappa(), **near)
    for k in range(problem.sizes["hypothesis"]):
        np.testing.assert_allclose(found.count(k)[0], brute.count(k), **near)
    mean, sd = allotments.cell_moments(problem, found.of_term, found.weight)
    for row, label in enumerate(problem["cell"].values):
        clue, _, value = str(label).partition("|")
        if clue in {"one", "two"}:
            continue
        for k in range(problem.sizes["hypothesis"]):
            expected = brute.cell((clue, value), k)
            np.testing.assert_allclose(mean[row, k], expected[0], **near)
            # A square root of a difference of near squares: known probabilities have an sd of nought but for rounding.
            np.testing.assert_allclose(sd[row, k], expected[1], rtol=1e-6, atol=1e-7)


@settings(PROPERTY, max_examples=30)
@given(one_level())
def test_allotments_are_the_sum_over_joint_explanations(drawn: tuple[Study, PriorProfile]) -> None:
    study, profile = drawn
    problem = encode(study, profile)
    assert allotments.enumerable(problem)
    brute = Brute(study, problem)
    if not brute.evidence:
        with pytest.raises(UsageFault):
            searches.exact(problem)
        return
    found = searches.exact(problem)
    assert isinstance(found, searches.ClueAllotments)
    np.testing.assert_allclose(np.exp(found._found.log_weight).sum(), brute.evidence, rtol=1e-9)  # noqa: SLF001
    assert_answers(problem, brute, found)
    (level,) = np.flatnonzero(problem["level_weight"].values)
    moments = found.shares()
    if level == 0 and problem["kappa"].values.all():
        assert moments is not None
        for one, other in zip(moments, brute.shares(), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9)
    else:
        assert moments is None
    for label in {*problem["pool"].values[:, level], f"{problem['level'].values[level]}:"}:
        pools = ["common", "f:", "own:"]
        pools[level] = str(label)
        if level < 2:
            np.testing.assert_allclose(found.predict(pools), brute.predict(str(label), int(level)), rtol=1e-9)
        else:
            np.testing.assert_allclose(found.predict(["common", "f:", "own:"]), problem["prior"].values, rtol=1e-12)


def test_two_cases_of_one_kind_are_two_cases() -> None:
    clues = {"e": {"found_if": {"a": {"alpha": 2.0, "beta": 1.0}, "b": 0.3}}}
    rows = {(f"c{i}", "e"): (state, 1.0) for i, state in enumerate(["found", "found", "found", "not-found"])}
    study = make(clues, rows)
    problem = encode(study, make_profile(levels={"common": 1.0}, kappa=1.5))
    found = searches.exact(problem)
    assert isinstance(found, searches.ClueAllotments)
    np.testing.assert_allclose(found.same()[1], Brute(study, problem).same(), rtol=1e-9)
    np.testing.assert_array_equal(found.same(np.array([1, 3])), found.same()[:, :, [1, 3]])


@settings(PROPERTY, max_examples=30)
@given(several_levels())
def test_tables_are_the_sum_over_joint_explanations(drawn: tuple[Study, PriorProfile]) -> None:
    study, profile = drawn
    problem = encode(study, profile)
    if not allotments.enumerable(problem):
        assert any(case.count > 1 for case in study.cases.values())
        return
    brute = Brute(study, problem)
    if not brute.evidence:
        with pytest.raises(UsageFault):
            searches.exact(problem)
        return
    found = searches.exact(problem)
    assert isinstance(found, searches.ClueTable)
    assert_answers(problem, brute, found)


def uncertain(**chances: Any) -> dict[str, Any]:
    return {"found_if": chances}


@settings(PROPERTY, max_examples=20)
@given(st.one_of(one_level(), several_levels()), st.sampled_from(["g", "h"]))
def test_a_case_of_which_nothing_is_known_is_predicted_like_one_not_seen(
    drawn: tuple[Study, PriorProfile], group: str
) -> None:
    study, profile = drawn
    wider = study.model_copy(
        update={
            "cases": {**study.cases, "new": study.cases["c0"].model_copy(update={"groups": {"f": group}, "count": 1})}
        }
    )
    problem, other = encode(study, profile), encode(wider, profile)
    try:
        found, with_it = searches.exact(problem), searches.exact(other)
    except UsageFault:
        return
    predicted = found.predict(["common", f"f:{group}", "own:"])
    np.testing.assert_allclose(with_it.pooled[0][-1], predicted, rtol=1e-9, atol=1e-12)
    pools = ["common", f"f:{group}", "own:"]
    np.testing.assert_allclose(found.through(pools)[0].sum(axis=0), predicted, rtol=1e-9, atol=1e-12)
    same = [moment[-1, :-1] for moment in with_it.same()]
    np.testing.assert_allclose(found.same_as_new(pools), same, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(with_it.pooled[0][:-1], found.pooled[0], rtol=1e-9, atol=1e-12)


@settings(PROPERTY, max_examples=20)
@given(one_level())
def test_the_table_of_joint_explanations_and_the_allotments_agree(drawn: tuple[Study, PriorProfile]) -> None:
    study, profile = drawn
    single = {name: case.model_copy(update={"count": 1}) for name, case in study.cases.items()}
    problem = encode(study.model_copy(update={"cases": single}), profile)
    try:
        one = searches.ClueAllotments(problem)
    except UsageFault:
        with pytest.raises(UsageFault):
            searches.ClueTable(problem)
        return
    other = searches.ClueTable(problem)
    near: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-12}
    np.testing.assert_allclose(one.pooled, other.pooled, **near)
    np.testing.assert_allclose(one.unpooled, other.unpooled, **near)
    np.testing.assert_allclose(one.same(), other.same(), **near)
    np.testing.assert_allclose(one.kappa(), other.kappa(), **near)
    for k in range(problem.sizes["hypothesis"]):
        np.testing.assert_allclose(one.count(k), other.count(k), **near)
    for label in ("f:g", "f:"):
        pools = ["common", label, "own:"]
        np.testing.assert_allclose(one.predict(pools), other.predict(pools), **near)
        np.testing.assert_allclose(one.through(pools), other.through(pools), **near)
        np.testing.assert_allclose(one.same_as_new(pools), other.same_as_new(pools), **near)
    (weight, z), (weight_too, z_too) = one.top(), other.top()
    assert weight.size
    listed = dict(zip(map(tuple, z_too), weight_too, strict=True))
    for row, each in zip(z, weight, strict=True):
        np.testing.assert_allclose(each, listed.get(tuple(row), each), **near)
    np.testing.assert_allclose(weight[0], weight_too[0], **near)


@pytest.mark.parametrize("rho", [0.9, 0.2, -0.3, -0.9])
def test_the_joint_cells_of_two_clues_stay_possible_and_sum_to_one(rho: float) -> None:
    """A correlation that is possible on average need not be where the probabilities are other than expected."""
    states = list(itertools.product(("found", "not-found"), repeat=2))
    clues = {name: {"found_if": {"a": 0.5, "b": 0.5}} for name in ("one", "two")}
    rows = {
        (f"c{i}", name): (state, 1.0) for i, pair in enumerate(states) for name, state in zip(clues, pair, strict=True)
    }
    study = make(clues, rows, dependence=({"clues": ("one", "two"), "correlation": {"a": rho}},))
    problem = encode(study, make_profile())
    grid = np.linspace(0.0, 1.0, 11)
    one, two = (each.ravel() for each in np.meshgrid(grid, grid))
    phi = np.stack([np.stack([one, one], axis=1), np.stack([two, two], axis=1)], axis=1)
    found = problem["case_term"].values @ formulas.probability(formulas.terms_of(problem), phi, NumPy())
    np.testing.assert_allclose(found[..., 0], joint(one, two, rho), atol=1e-14)
    np.testing.assert_allclose(found[..., 1], joint(one, two, 0.0), atol=1e-14)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)
    assert found.min() > -1e-14


@pytest.mark.parametrize("rho", [0.35, -0.25])
@pytest.mark.parametrize("search", [1.0, 0.6])
def test_dependence_between_uncertain_probabilities_is_a_double_integral(rho: float, search: float) -> None:
    shapes = {"a": [(4.0, 3.0), (3.0, 5.0)], "b": [(2.0, 6.0), (5.0, 5.0)]}
    clues = {
        name: uncertain(**{k: dict(zip(("alpha", "beta"), shapes[k][side], strict=True)) for k in shapes})
        for side, name in enumerate(("one", "two"))
    }
    states = [("found", "found"), ("found", "not-found"), ("not-found", "not-found")]
    rows = {
        (f"c{i}", name): (state, search)
        for i, pair in enumerate(states)
        for name, state in zip(("one", "two"), pair, strict=True)
    }
    study = make(clues, rows, dependence=({"clues": ("one", "two"), "correlation": {"a": rho}},))
    problem = encode(study, make_profile(levels={"common": 1.0, "own": 0.0}, kappa=2.0))
    found = searches.exact(problem)

    def seen(k: str, members: tuple[int, ...]) -> Any:
        def value(one: Any, two: Any) -> Any:
            both, alone, other, neither = np.moveaxis(joint(one, two, rho if k == "a" else 0.0), -1, 0)
            missed = 1.0 - search
            of = {
                ("found", "found"): search**2 * both,
                ("found", "not-found"): search * (alone + missed * both),
                ("not-found", "not-found"): neither + missed * (alone + other) + missed**2 * both,
            }
            return np.prod([of[states[i]] for i in members], axis=0) if members else np.ones_like(both)

        return value

    weight = {}
    for z in itertools.product(range(2), repeat=3):
        prior = np.prod([(1.0 + z[:i].count(k)) / (2.0 + i) for i, k in enumerate(z)])
        parts = [
            grid_mean(shapes[k], seen(k, tuple(np.flatnonzero(np.array(z) == place)))) for place, k in enumerate("ab")
        ]
        weight[z] = prior * np.prod(parts)
    total = sum(weight.values())
    expected = [sum(each for z, each in weight.items() if z[i] == 0) / total for i in range(3)]
    np.testing.assert_allclose(found.pooled[0][:, 0], expected, rtol=2e-4)
    flat = make(clues, rows)
    plain = searches.exact(encode(flat, make_profile(levels={"common": 1.0, "own": 0.0}, kappa=2.0)))
    assert np.abs(found.pooled - plain.pooled).max() > 0.01, "dependence changes something here"
