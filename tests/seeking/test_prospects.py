"""Clues of a study as what might be sought: where, with which probabilities, and what depends on what."""

from __future__ import annotations

import itertools
import math
from typing import Any

import enumerated
import numpy as np
import pytest
from study_factory import make_profile, make_study

from bayestrace import api
from bayestrace.encoding import encode_searches
from bayestrace.inference.searches import ClueAllotments, ClueTable
from bayestrace.seeking import analyse
from bayestrace.seeking.belief import Belief
from bayestrace.seeking.prospects import Plan, plan
from bayestrace.study import Study

CASES, HYPOTHESES = ("c0", "c1"), ("h0", "h1")
ALIKE = {"h0": 0.8, "h1": 0.3}


def with_clues(searches: tuple[dict[str, Any], ...] = (), **more: Any) -> Study:
    """A study with clues of every kind: given nothing, an attribute, another clue; two that depend on each other."""
    made = make_study(cases=2, hypotheses=2, clusters=(), singles=1).model_dump(mode="python")
    cases = made.pop("cases")
    cases["c0"]["attributes"], cases["c1"]["attributes"] = {"regime": "old"}, {"regime": "new"}
    return Study.model_validate(
        {
            **made,
            "cases": cases,
            "attributes": {"regime": {"name": "Regime", "values": {"old": "Old", "new": "New"}}},
            "clues": {
                "plain": {"asks": "Plain?", "found_if": ALIKE},
                "of-regime": {
                    "asks": "Regime?",
                    "given": "regime",
                    "found_if_given": {"old": ALIKE, "new": {"h0": 0.1, "h1": {"alpha": 2.0, "beta": 3.0}}},
                },
                "of-plain": {
                    "asks": "Given plain?",
                    "given": "plain",
                    "found_if_given": {"found": {"h0": 0.9, "h1": 0.2}, "not-found": {"h0": 0.4, "h1": 0.1}},
                },
                "bound": {"asks": "Bound?", "found_if": {"h0": 0.5, "h1": 0.6}},
            },
            "dependence": ({"clues": ("plain", "bound"), "correlation": {"h0": 0.3}},),
            "searches": searches,
            **more,
        }
    )


def planned(study: Study) -> Plan:
    return plan(study, {}, (CASES, HYPOTHESES))


def chances_of(found: Plan) -> dict[tuple[str, int], list[float]]:
    return {(one.name, p.case): p.found.tolist() for one in found.sought for p in one.prospects}


def test_clues_not_yet_sought_are_candidates_unless_what_they_are_given_is_not_known() -> None:
    found = planned(with_clues(({"case": "c0", "clue": "plain", "state": "not-sought"},)))
    assert chances_of(found) == {
        ("plain", 0): [0.8, 0.3],
        ("plain", 1): [0.8, 0.3],
        ("of-regime", 0): [0.8, 0.3],
        ("of-regime", 1): [0.1, 0.4],
        ("bound", 0): [0.5, 0.6],
        ("bound", 1): [0.5, 0.6],
    }
    assert [tuple(one) for one in found.left] == [("of-plain", CASES, "parent")]


def test_a_clue_given_another_takes_the_probabilities_of_what_came_of_that() -> None:
    searches = (
        {"case": "c0", "clue": "plain", "state": "found"},
        {"case": "c1", "clue": "plain", "state": "not-found"},
    )
    found = chances_of(planned(with_clues(searches)))
    assert found["of-plain", 0] == [0.9, 0.2]
    assert found["of-plain", 1] == [0.4, 0.1]
    assert not any(name == "plain" for name, _ in found)


def test_what_came_of_a_clue_that_it_depends_on_counts() -> None:
    """Four cells given h0, with a search that misses a fifth; given h1 the two are independent."""
    covariance = 0.3 * math.sqrt(0.8 * 0.2 * 0.5 * 0.5)
    both, alone = 0.8 * 0.5 + covariance, 0.2 * 0.5 - covariance
    searches = (
        {"case": "c0", "clue": "plain", "state": "found", "search": 0.8},
        {"case": "c1", "clue": "plain", "state": "not-found", "search": 0.8},
    )
    found = chances_of(planned(with_clues(searches)))
    np.testing.assert_allclose(found["bound", 0], [both / 0.8, 0.6])
    np.testing.assert_allclose(found["bound", 1], [(alone + 0.2 * both) / (1.0 - 0.8 * 0.8), 0.6])


def test_two_clues_that_depend_on_each_other_together() -> None:
    study = with_clues()
    made = enumerated.made(4, cases=2, hypotheses=2)
    tree = enumerated.tree_of(study, made.tree["problem"].to_dataset(), made.tree["posterior"].to_dataset())
    data = analyse(tree, {})
    joint = {
        (found, other): 0.8 * 0.5 + 0.3 * math.sqrt(0.04) if found and other else None
        for found, other in itertools.product((True, False), repeat=2)
    }
    both = joint[True, True]
    assert both is not None
    given = [
        {(1, 1): both, (1, 0): 0.8 - both, (0, 1): 0.5 - both, (0, 0): 1.0 - 0.8 - 0.5 + both},
        {(a, b): (0.3 if a else 0.7) * (0.6 if b else 0.4) for a, b in itertools.product((1, 0), repeat=2)},
    ]
    now = enumerated.margin(made.joint, 0, 2)
    chance = {came: sum(p * cells[came] for p, cells in zip(now, given, strict=True)) for came in given[0]}
    left = sum(p * enumerated.entropy([now[k] * given[k][came] / p for k in range(2)]) for came, p in chance.items())
    pair = next(
        place
        for place in range(data.sizes["pair"])
        if set(data["pair_candidate"].values[place]) == {"plain", "bound"}
        and set(data["pair_case"].values[place]) == {"c0"}
    )
    np.testing.assert_allclose(data["pair_information"][pair], enumerated.entropy(now) - left, atol=1e-12)
    assert set(data["kind"].values) == {"clue"}
    assert (data["cost"].values == 1.0).all()


def test_a_case_that_stands_for_several_is_left_out_and_told() -> None:
    study = with_clues()
    several = study.model_copy(
        update={"cases": {**study.cases, "c1": study.cases["c1"].model_copy(update={"count": 3})}}
    )
    found = planned(several)
    assert {case for _, case in chances_of(found)} == {0}
    assert ("plain", ("c1",), "count") in [tuple(one) for one in found.left]


def four_alike() -> Study:
    """Four cases, of which three are alike in all that the study knows, and one clue whose probability is learned."""
    study = with_clues()
    cases = {f"c{place}": study.cases["c0"] for place in range(4)}
    chances = {"h0": {"alpha": 2.0, "beta": 1.0}, "h1": {"alpha": 1.0, "beta": 3.0}}
    clues = {"plain": {"asks": "?", "found_if": ALIKE}, "soft": {"asks": "?", "found_if": chances}}
    searches = tuple(
        {"case": f"c{place}", "clue": "soft", "state": "found" if place < 3 else "not-found"} for place in range(4)
    )
    made = study.model_dump(mode="python", exclude={"cases", "clues", "searches", "dependence", "evidence", "codings"})
    more = {"cases": cases, "clues": clues, "searches": searches, "evidence": (), "codings": ()}
    return Study.model_validate({**made, **more})


@pytest.mark.parametrize("kappa", [0.7, (0.05, 1.0)])
def test_cases_that_are_alike_by_allotment_and_by_enumeration(kappa: float | tuple[float, float]) -> None:
    profile = make_profile(prior={"h0": 2.0, "h1": 1.0}, levels={"common": 1.0}, kappa=kappa)
    problem = encode_searches(four_alike(), profile, None)
    allotted, listed = (Belief(*made(problem).mixture()) for made in (ClueAllotments, ClueTable))
    assert allotted.kind is not None
    assert listed.kind is None
    np.testing.assert_allclose(allotted.margin, listed.margin, atol=1e-12)
    for case in range(4):
        np.testing.assert_allclose(allotted.beside(case), listed.beside(case), atol=1e-12)
    for cases in ((0,), (0, 1), (2, 3, 0), (3, 1, 0, 2)):
        np.testing.assert_allclose(allotted.among(cases), listed.among(cases), atol=1e-12)
    for found in (allotted, listed):
        np.testing.assert_allclose(found.among_and((0, 3), (1, 2)).sum(axis=1), found.margin[[1, 2]], atol=1e-12)
    np.testing.assert_allclose(allotted.among_and((0, 3), (1, 2)), listed.among_and((0, 3), (1, 2)), atol=1e-12)


def test_clues_take_the_probabilities_that_searches_have_taught() -> None:
    study = four_alike()
    kept = tuple(one for one in study.searches if one.case != "c3")
    study = study.model_copy(
        update={
            "searches": kept,
            "profiles": {"made": make_profile(prior={"h0": 2.0, "h1": 1.0}, levels={"common": 1.0})},
        }
    )
    tree = api.update(study, api.Options(profile="made"))
    data = analyse(tree)
    learned = tree["clues"].to_dataset()["chance"].sel(cell="soft", moment="posterior").values
    assert abs(learned[0] - 2.0 / 3.0) > 0.02
    np.testing.assert_allclose(data["found"].sel(candidate="soft", case="c3"), learned, rtol=1e-9)
    assert data.attrs["pooling"] == "pooled"
    np.testing.assert_allclose(data["now"], tree["clues"].to_dataset()["probability"], atol=1e-12)
