"""What must not change the answer of clues, and what each of their parts does, on random small studies."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sought_studies import PROPERTY, make, profiles, studies
from study_factory import make_profile

from bayestrace.clues import ALWAYS
from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.inference import searches
from bayestrace.study import Case, PriorProfile, Study
from bayestrace.study.sought import Search

LEVELS = ({"common": 1.0}, {"f": 1.0}, {"own": 1.0}, {"common": 1.0, "own": 1.0})


@st.composite
def drawn_studies(draw: st.DrawFn) -> tuple[Study, PriorProfile]:
    study = draw(studies(largest=4))
    counted = any(case.count > 1 for case in study.cases.values())
    return study, draw(profiles(tuple(study.hypotheses), levels=LEVELS[:3] if counted else LEVELS))


def answer(study: Study, profile: PriorProfile, hypothesis_set: str | None = None) -> dict[tuple[str, str], float]:
    """Probability of each explanation in each case; nothing is given where the evidence is impossible."""
    problem = encode(study, profile, hypothesis_set)
    try:
        pooled = searches.exact(problem).pooled[0]
    except UsageFault:
        assume(condition=False)
    names = [(str(case), str(k)) for case in problem["case"].values for k in problem["hypothesis"].values]
    return dict(zip(names, pooled.ravel(), strict=True))


def assert_same(one: dict[Any, float], other: dict[Any, float]) -> None:
    assert one.keys() == other.keys()
    for name, value in one.items():
        np.testing.assert_allclose(other[name], value, rtol=1e-8, atol=1e-12)


def changed(study: Study, **changes: Any) -> Study:
    return study.model_copy(update=changes)


@settings(PROPERTY, max_examples=30)
@given(drawn_studies(), st.randoms(use_true_random=False))
def test_no_order_matters(drawn: tuple[Study, PriorProfile], random: Any) -> None:
    study, profile = drawn

    def shuffled(named: Any) -> dict[str, Any]:
        names = list(named)
        random.shuffle(names)
        return {name: named[name] for name in names}

    searched = list(study.searches)
    random.shuffle(searched)
    hypotheses = shuffled(study.hypotheses)
    sets = {"all": study.sets["all"].model_copy(update={"hypotheses": tuple(hypotheses)})}
    other = changed(
        study,
        hypotheses=hypotheses,
        sets=sets,
        cases=shuffled(study.cases),
        clues=shuffled(study.clues),
        searches=tuple(searched),
    )
    assert_same(answer(study, profile), answer(other, profile))


@settings(PROPERTY, max_examples=20)
@given(drawn_studies(), st.sampled_from([0.2, 0.7]), st.sampled_from(["found", "not-found"]))
def test_a_clue_that_all_make_equally_likely_tells_nothing(
    drawn: tuple[Study, PriorProfile], chance: float, state: str
) -> None:
    study, profile = drawn
    flat = make({"flat": {"found_if": dict.fromkeys(study.hypotheses, chance)}}, {}, cases={"x": {}})
    rows = tuple(Search.model_validate({"case": case, "clue": "flat", "state": state}) for case in study.cases)
    other = changed(study, clues={**study.clues, **flat.clues}, searches=(*study.searches, *rows))
    assert_same(answer(study, profile), answer(other, profile))


@settings(PROPERTY, max_examples=20)
@given(drawn_studies())
def test_not_sought_is_as_if_it_did_not_stand_there(drawn: tuple[Study, PriorProfile]) -> None:
    study, profile = drawn
    kept = tuple(each for each in study.searches if each.state != "not-sought")
    assume(len(kept) < len(study.searches))
    assert_same(answer(study, profile), answer(changed(study, searches=kept), profile))


@settings(PROPERTY, max_examples=20)
@given(drawn_studies())
def test_a_count_is_so_many_cases_listed_one_by_one(drawn: tuple[Study, PriorProfile]) -> None:
    study, profile = drawn
    assume(any(case.count > 1 for case in study.cases.values()))
    cases: dict[str, Case] = {}
    rows: list[Search] = []
    for name, case in study.cases.items():
        for place in range(case.count):
            cases[f"{name}.{place}"] = case.model_copy(update={"count": 1})
            rows += [
                each.model_copy(update={"case": f"{name}.{place}"}) for each in study.searches if each.case == name
            ]
    one = answer(study, profile)
    other = answer(changed(study, cases=cases, searches=tuple(rows)), profile)
    assert_same({key: one[key[0].rpartition(".")[0], key[1]] for key in other}, other)


@settings(PROPERTY, max_examples=30)
@given(drawn_studies())
def test_a_set_without_a_hypothesis_is_a_study_without_it(drawn: tuple[Study, PriorProfile]) -> None:
    study, profile = drawn
    assume(len(study.hypotheses) > 2)
    fewer = ("a", "b")
    sets = {**study.sets, "fewer": study.sets["all"].model_copy(update={"hypotheses": fewer})}
    clues = {
        name: clue.model_copy(
            update={
                "found_if": {k: v for k, v in clue.found_if.items() if k in fewer},
                "found_if_given": {
                    value: {k: v for k, v in cell.items() if k in fewer} for value, cell in clue.found_if_given.items()
                },
            }
        )
        for name, clue in study.clues.items()
    }
    alone = changed(
        study,
        hypotheses={name: study.hypotheses[name] for name in fewer},
        sets={"all": study.sets["all"].model_copy(update={"hypotheses": fewer})},
        clues=clues,
    )
    assert_same(answer(changed(study, sets=sets), profile, "fewer"), answer(alone, profile))


def one_case(found_if: Any, state: str, search: float = 1.0, **more: Any) -> float:
    study = make({"e": found_if}, {("one", "e"): (state, search)}, **more)
    return answer(study, make_profile(levels={"own": 1.0}))["one", "a"]


@PROPERTY
@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.05, 1.0))
def test_the_weight_of_one_search(phi: float, other: float, search: float) -> None:
    odds = one_case({"found_if": {"a": phi, "b": other}}, "found", search)
    np.testing.assert_allclose(odds / (1.0 - odds), phi / other, rtol=1e-9)
    odds = one_case({"found_if": {"a": phi, "b": other}}, "not-found", search)
    np.testing.assert_allclose(odds / (1.0 - odds), (1.0 - search * phi) / (1.0 - search * other), rtol=1e-9)


def test_an_attribute_picks_its_own_probabilities() -> None:
    chances = {"dem": {"a": 0.9, "b": 0.3}, "aut": {"a": 0.2, "b": 0.6}}
    attributes = {"regime": {"name": "regime", "values": dict.fromkeys(chances, "x")}}
    for value, expected in (("dem", 0.75), ("aut", 0.25)):
        cases = {"one": {"attributes": {"regime": value}}}
        found = one_case({"given": "regime", "found_if_given": chances}, "found", cases=cases, attributes=attributes)
        np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert ALWAYS not in chances


def test_a_clue_given_another_takes_what_became_of_that() -> None:
    clues: dict[str, dict[str, Any]] = {
        "x": {"found_if": {"a": 0.5, "b": 0.5}},
        "y": {"given": "x", "found_if_given": {"found": {"a": 0.8, "b": 0.2}, "not-found": {"a": 0.1, "b": 0.4}}},
    }
    for state, expected in (("found", 0.8), ("not-found", 0.2)):
        study = make(clues, {("one", "x"): (state, 1.0), ("one", "y"): ("found", 1.0)})
        found = answer(study, make_profile(levels={"own": 1.0}))
        np.testing.assert_allclose(found["one", "a"], expected, rtol=1e-12)
