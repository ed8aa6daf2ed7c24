"""What to look for next, against enumeration of every explanation of all cases and every outcome."""

from __future__ import annotations

from typing import Any

import enumerated
import numpy as np
import pytest
import xarray as xr
from enumerated import After, Made, made, margin
from hypothesis import given, settings
from hypothesis import strategies as st

from bayestrace.errors import UsageFault
from bayestrace.inference import pooling
from bayestrace.seeking import analyse
from bayestrace.seeking.analysis import OUTCOMES
from bayestrace.study import Study
from bayestrace.study.sought import Candidate

TOLERANCE: dict[str, Any] = {"rtol": 0, "atol": 1e-9}
seeds = st.integers(0, 2**32 - 1)


@st.composite
def some(draw: st.DrawFn) -> tuple[Made, xr.Dataset, int, int]:
    cases, hypotheses = draw(st.integers(1, 3)), draw(st.integers(2, 4))
    pools = draw(st.booleans())
    one = made(draw(seeds), cases=cases, hypotheses=hypotheses, candidates=draw(st.integers(1, 2)), pools=pools)
    with pytest.MonkeyPatch.context() as patch:
        if pools:
            patch.setattr(pooling, "TABLE_LIMIT", 0)
        return one, analyse(one.tree, one.candidates), cases, hypotheses


@given(some())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_one_search_agrees_with_enumeration(given_: tuple[Made, xr.Dataset, int, int]) -> None:
    one, data, cases, size = given_
    every = enumerated.searches(one.candidates, cases, size)
    assert int(data["sought"].sum()) == len(every)
    for search in every:
        found = enumerated.after(one.joint, [search])
        row = data.sel(candidate=search.candidate).isel(case=search.case)
        now = margin(one.joint, search.case, size)
        leader = now.index(max(now))
        np.testing.assert_allclose(data["now"][search.case], now, **TOLERANCE)
        np.testing.assert_allclose(row["p_found"], found.chance[True,], **TOLERANCE)
        # Of the case and of all cases together: one number.
        np.testing.assert_allclose(row["information"], enumerated.entropy_lost(one.joint, found), **TOLERANCE)
        own = enumerated.entropy_lost_of(one.joint, found, search.case, size)
        np.testing.assert_allclose(row["information"], own, **TOLERANCE)
        np.testing.assert_allclose(
            row["overturn"], enumerated.overturn(one.joint, found, [search.case], size), **TOLERANCE
        )
        then = {came: margin(part, search.case, size) for came, part in found.posterior.items()}
        gain = sum(found.chance[came] * max(values) for came, values in then.items()) - max(now)
        np.testing.assert_allclose(row["gain"], gain, **TOLERANCE)
        change = sum(found.chance[came] * abs(values[leader] - now[leader]) for came, values in then.items())
        np.testing.assert_allclose(row["change"], change, **TOLERANCE)
        _after_each(row, now, then, found)
        for case in range(cases):
            lost = enumerated.entropy_lost_of(one.joint, found, case, size)
            np.testing.assert_allclose(row["information_of"][case], lost, **TOLERANCE)
            turned = enumerated.overturn(one.joint, found, [case], size)
            np.testing.assert_allclose(row["overturn_of"][case], turned, **TOLERANCE)


def _after_each(row: xr.Dataset, now: list[float], then: dict[tuple[bool, ...], list[float]], found: After) -> None:
    """The posterior after each outcome, its decibels, and the variance that goes."""
    for came, label in zip((True, False), OUTCOMES, strict=True):
        if (came,) in then:
            np.testing.assert_allclose(row["probability"].sel(outcome=label), then[came,], **TOLERANCE)
        else:
            assert np.isnan(row["probability"].sel(outcome=label)).all()
    for k, name in enumerate(row["hypothesis"].values):
        rival = max((p, -j) for j, p in enumerate(now) if j != k)
        j = -rival[1]
        for came, label in zip((True, False), OUTCOMES, strict=True):
            if (came,) in then and min(then[came,][k], then[came,][j]) > 1e-12:
                ratio = (then[came,][k] / then[came,][j]) / (now[k] / now[j])
                np.testing.assert_allclose(
                    row["db"].sel(outcome=label, hypothesis=name), 10 * np.log10(ratio), atol=1e-6
                )
        left = sum(found.chance[came] * values[k] * (1.0 - values[k]) for came, values in then.items())
        np.testing.assert_allclose(row["variance_removed"][k], 1.0 - left / (now[k] * (1.0 - now[k])), atol=1e-7)


@given(some())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_two_searches_agree_with_enumeration(given_: tuple[Made, xr.Dataset, int, int]) -> None:
    one, data, cases, size = given_
    every = {(each.candidate, f"c{each.case}"): each for each in enumerated.searches(one.candidates, cases, size)}
    assert data.sizes["pair"] == len(every) * (len(every) - 1) // 2
    alone = {key: float(data["information"].sel(candidate=key[0], case=key[1])) for key in every}
    met = set()
    for place in range(data.sizes["pair"]):
        row = data.isel(pair=place)
        keys = list(zip(row["pair_candidate"].values, row["pair_case"].values, strict=True))
        met.add(frozenset(keys))
        both = [every[key] for key in keys]
        found = enumerated.after(one.joint, both)
        joint = enumerated.entropy_lost(one.joint, found)
        np.testing.assert_allclose(row["pair_information"], joint, **TOLERANCE)
        # In the other order too.
        np.testing.assert_allclose(
            joint, enumerated.entropy_lost(one.joint, enumerated.after(one.joint, both[::-1])), **TOLERANCE
        )
        assert float(row["pair_information"]) >= max(alone[key] for key in keys) - 1e-12
        np.testing.assert_allclose(row["pair_apart"], sum(alone[key] for key in keys), **TOLERANCE)
        turned = enumerated.overturn(one.joint, found, sorted({each.case for each in both}), size)
        np.testing.assert_allclose(row["pair_overturn"], turned, **TOLERANCE)
        cost = sum(one.candidates[name].cost for name, _ in keys)
        np.testing.assert_allclose(row["pair_per_cost"], joint / cost, **TOLERANCE)
    assert len(met) == data.sizes["pair"]
    assert (np.diff(data["pair_per_cost"].values) <= 1e-15).all()


@given(some())
@settings(max_examples=15, deadline=None, derandomize=True)
def test_a_candidate_in_all_its_cases_agrees_with_enumeration(given_: tuple[Made, xr.Dataset, int, int]) -> None:
    one, data, cases, size = given_
    for name in one.candidates:
        many = [each for each in enumerated.searches(one.candidates, cases, size) if each.candidate == name]
        found, row = enumerated.after(one.joint, many), data.sel(candidate=name)
        assert bool(row["together_whole"])
        np.testing.assert_allclose(row["together_information"], enumerated.entropy_lost(one.joint, found), **TOLERANCE)
        turned = enumerated.overturn(one.joint, found, range(cases), size)
        np.testing.assert_allclose(row["together_overturn"], turned, **TOLERANCE)
        for case in range(cases):
            turned = enumerated.overturn(one.joint, found, [case], size)
            np.testing.assert_allclose(row["together_overturn_of"][case], turned, **TOLERANCE)
            best = sum(found.chance[came] * max(margin(part, case, size)) for came, part in found.posterior.items())
            gain = best - max(margin(one.joint, case, size))
            np.testing.assert_allclose(row["together_gain_of"][case], gain, **TOLERANCE)
        for times in range(len(many) + 1):
            chance = sum(p for came, p in found.chance.items() if sum(came) == times)
            np.testing.assert_allclose(row["together_times_found"][times], chance, **TOLERANCE)
        np.testing.assert_allclose(row["together_cost"], one.candidates[name].cost * len(many), **TOLERANCE)


def evenly(tree: xr.DataTree, found_if: dict[str, Any], **more: Any) -> xr.Dataset:
    candidate = Candidate.model_validate({"title": "T", "found_if": found_if, **more})
    return analyse(tree, {"x": candidate})


def even(cases: int = 1, hypotheses: int = 2) -> xr.DataTree:
    """A result that says nothing: every explanation as probable as another."""
    one = made(cases=cases, hypotheses=hypotheses, draws=1)
    problem, posterior = (one.tree[name].to_dataset() for name in ("problem", "posterior"))
    problem["prior"] = problem["prior"] * 0.0 + 1.0 / hypotheses
    posterior["case_loglik"] = posterior["case_loglik"] * 0.0
    return enumerated.tree_of(Study.model_validate_json(one.tree.attrs["study"]), problem, posterior)


@pytest.mark.parametrize(
    ("if_so", "if_not", "removed"),
    [(0.99, 0.01, 0.9604), (0.099, 0.001, 0.0505), (0.9, 0.5, 0.1905), (0.5, 0.1, 0.1905)],
)
def test_expected_learning_of_the_worked_example(if_so: float, if_not: float, removed: float) -> None:
    """Humphreys and Jacobs 2023, chapter 5: the strength of a found clue is a poor guide to which clue to seek."""
    data = evenly(even(), {"h0": if_so, "h1": if_not})
    np.testing.assert_allclose(data["variance_removed"].values.ravel(), removed, atol=5e-5)


def test_probative_value_of_the_worked_example() -> None:
    data = evenly(even(), {"h0": 0.999, "h1": 0.333})
    db = data["db"].sel(candidate="x", case="c0", hypothesis="h0")
    np.testing.assert_allclose(db, [4.7712, -28.2413], atol=5e-5)


def test_what_every_explanation_expects_alike_tells_nothing() -> None:
    one = made(3, cases=3)
    data = evenly(one.tree, dict.fromkeys(("h0", "h1", "h2"), 0.37), search=0.6)
    for name in ("information", "gain", "change", "overturn", "information_of", "overturn_of", "together_information"):
        np.testing.assert_allclose(data[name], 0.0, atol=1e-14)
    np.testing.assert_allclose(data["pair_information"], 0.0, atol=1e-14)
    np.testing.assert_allclose(data["p_found"], 0.37 * 0.6, rtol=1e-12)


def test_what_one_explanation_alone_can_leave_settles_the_case() -> None:
    data = evenly(even(2, 3), {"h0": 1.0, "h1": 0.0, "h2": 0.0})
    row = data.sel(candidate="x", case="c0")
    np.testing.assert_allclose(row["probability"], [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]], atol=1e-12)
    np.testing.assert_allclose(row["db"].sel(hypothesis="h0"), [np.inf, -np.inf])
    np.testing.assert_allclose(row["overturn"], 2.0 / 3.0)


def test_uncertain_probabilities_tell_of_each_other_across_cases() -> None:
    """One mean tells nothing in one case; in two, finding both speaks for what is less well known."""
    stated = {"h0": 0.5, "h1": {"alpha": 0.5, "beta": 0.5}}
    data = evenly(even(2), stated)
    np.testing.assert_allclose(data["information"], 0.0, atol=1e-14)
    assert float(data["together_information"][0]) > 0.01
    np.testing.assert_allclose(data["together_information"][0], data["pair_information"][0], rtol=1e-12)
    assert float(data["pair_information"][0]) > float(data["pair_apart"][0])


def test_the_same_search_twice_would_be_redundant() -> None:
    """Two candidates that separate one pair of explanations alike: together less than both apart."""
    stated = Candidate.model_validate({"title": "T", "found_if": {"h0": 0.9, "h1": 0.1}})
    data = analyse(even(), {"x": stated, "y": stated})
    assert 0.5 < float(data["pair_information"][0]) < float(data["pair_apart"][0])


@given(seeds, st.permutations(range(3)), st.permutations(range(3)))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_no_number_depends_on_order_or_names(seed: int, explanations: list[int], order: list[int]) -> None:
    one = made(seed, cases=3, candidates=3)
    data = analyse(one.tree, one.candidates)
    names = [f"h{k}" for k in explanations]
    problem, posterior = (one.tree[name].to_dataset() for name in ("problem", "posterior"))
    tree = enumerated.tree_of(
        Study.model_validate_json(one.tree.attrs["study"]),
        problem.sel(hypothesis=names).isel(case=order),
        posterior.isel(hypothesis=explanations, case=order),
    )
    renamed = {f"x{place}": f"z{9 - place}" for place in range(3)}
    moved = analyse(tree, {renamed[name]: one.candidates[name] for name in reversed(one.candidates)})
    back = moved.assign_coords(
        candidate=[{new: old for old, new in renamed.items()}[name] for name in moved["candidate"].values]
    )
    pair = ("pair_information", "pair_apart", "pair_overturn", "pair_per_cost")
    for name in data.data_vars:
        if data[name].dtype.kind == "f" and name not in pair:
            xr.testing.assert_allclose(
                data[name], back[name].reindex_like(data[name]).transpose(*data[name].dims), atol=1e-9
            )
    for name in pair:
        np.testing.assert_allclose(np.sort(data[name]), np.sort(back[name]), **TOLERANCE)


def test_more_cases_than_can_be_gone_through_keep_those_that_tell_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bayestrace.seeking.together.ENUMERATED", (2 * 3) ** 2)
    one = made(5, cases=3)
    data = evenly(one.tree, {"h0": 0.9, "h1": 0.2, "h2": 0.4})
    assert not bool(data["together_whole"][0])
    kept = data["together_sought"].values[0]
    assert kept.sum() == 2
    told = data["information"].values[0]
    assert told[kept].min() >= told[~kept].max()
    part = analyse(one.tree, {"x": Candidate.model_validate_json(_json(data))}, [f"c{c}" for c in np.flatnonzero(kept)])
    np.testing.assert_allclose(data["together_information"], part["together_information"], rtol=1e-12)


def _json(data: xr.Dataset) -> str:
    import json  # noqa: PLC0415

    return json.dumps(json.loads(data.attrs["candidates"])["x"])


def test_at_face_value_cases_tell_nothing_of_each_other() -> None:
    one = made(1, cases=2)
    one.tree.attrs["kind"] = "face-value"
    data = analyse(one.tree, one.candidates)
    assert data.attrs["pooling"] == "case-by-case"
    apart = data["information_of"].sel(case="c0", case_too="c1").values
    np.testing.assert_allclose(apart[np.isfinite(apart)], 0.0, atol=1e-14)


def test_cases_can_be_chosen_and_an_unknown_one_is_named() -> None:
    one = made(2, cases=3)
    data = evenly(one.tree, {"h0": 0.9, "h1": 0.2, "h2": 0.4})
    part = analyse(one.tree, {"x": Candidate.model_validate_json(_json(data))}, ["c1"])
    assert part["sought"].values.tolist() == [[False, True, False]]
    np.testing.assert_array_equal(part["information_of"].sel(case="c1"), data["information_of"].sel(case="c1"))
    with pytest.raises(UsageFault, match="no case 'c9'"):
        analyse(one.tree, one.candidates, ["c9"])


def test_candidates_that_say_too_little_are_left_out_and_told() -> None:
    one = made(2)
    less = Candidate.model_validate({"title": "T", "found_if": {"h0": 0.4, "h1": 0.6}})
    data = analyse(one.tree, {**one.candidates, "less": less})
    assert data.attrs["left"] == '[["less", [], "hypotheses"]]'
    assert "less" not in data["candidate"].values
    with pytest.raises(UsageFault, match="less"):
        analyse(one.tree, {"less": less})
    with pytest.raises(UsageFault, match="nothing to seek"):
        analyse(one.tree, {})
