"""The fewest observations that carry a case: by hand, and against every subset on small studies made at random."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import xarray as xr
from drawn import Floats, prior_draws, prior_stored, problem_of, resampled, told
from hypothesis import given, settings
from hypothesis import strategies as st
from study_factory import make_profile, studies

from bayestrace.encoding import encode
from bayestrace.sensitivity.draws import Stored, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.flips import leaders, margin
from bayestrace.sensitivity.matching import matched
from bayestrace.sensitivity.reweight import Weighed
from bayestrace.sensitivity.smallest import _Case, _pruned, analyse
from bayestrace.sensitivity.subsets import Subsets
from bayestrace.sensitivity.without import Without
from bayestrace.study import Study

PROPERTY = settings(deadline=None, derandomize=True, database=None)


def one_case(weights: list[float], **told_more: Any) -> Stored:
    return stored_face_value(told(np.array(weights)[None, :, None], **told_more))


def evidence_of(held: Stored, case: int) -> list[int]:
    weighs = held.problem["weighs"].values & (held.problem["case_of_evidence"].values == case)
    return [int(place) for place in np.flatnonzero(weighs)]


def flipping(problem: xr.Dataset, posterior: xr.Dataset | None, case: int) -> tuple[int, list[tuple[str, ...]]]:
    """Try every subset of a case's observations on a problem that lacks them; the first size at which some flip."""

    def held_of(made: xr.Dataset) -> Stored:
        return stored_face_value(made) if posterior is None else stored(made, posterior)

    whole = held_of(problem)
    leader = leaders(answer(whole).probability)
    for size in range(1, len(evidence_of(whole, case)) + 1):
        found = []
        for gone in itertools.combinations(evidence_of(whole, case), size):
            out = xr.DataArray(np.isin(np.arange(problem.sizes["evidence"]), gone), dims="evidence")
            flag = "context" if posterior is None else "weighs"
            here = problem[flag] | out if posterior is None else problem[flag] & ~out
            rest = problem.assign({flag: here})
            probability = after(whole, held_of(rest))
            if margin(probability, leader)[case] < -1e-9:
                found.append(tuple(str(name) for name in problem["evidence"].values[list(gone)]))
        if found:
            return size, found
    return 0, []


def after(whole: Stored, rest: Stored) -> Floats:
    """Answer with the draws of one set of evidence weighed by another; in logarithms throughout."""
    log_weight = rest.log_evidence - whole.log_evidence
    weight = np.exp(log_weight - log_weight.max())
    per_draw = [
        answer(Stored(rest.problem, None, rest.clusters[[d]], rest.loglik[[d]], rest.log_evidence[[d]], rest.table))
        for d in range(weight.size)
    ]
    return np.asarray(np.einsum("d,dck->ck", weight / weight.sum(), [one.probability for one in per_draw]))


def agrees(held: Stored, posterior: xr.Dataset | None, found: xr.Dataset) -> None:
    problem = held.problem
    for case in range(problem.sizes["case"]):
        size, sets = flipping(problem, posterior, case)
        here = found.isel(case=case)
        assert bool(here["exact"])
        if not size:
            assert np.isnan([float(here["size"]), float(here["bound"])]).all()
            assert str(here["flip_to"].values) == ""
            continue
        assert (int(here["size"]), int(here["bound"])) == (size, size)
        assert tuple(sorted(str(name) for name in here["members"].values if str(name))) in map(tuple, map(sorted, sets))
        assert int(here["sets"]) == len(sets)


@settings(PROPERTY, max_examples=12)
@given(
    studies(singles=2, clusters=(2,), context=0, redundancy=(0.2, 0.5, 0.8), cases=2, strength_db=6.0),
    st.sampled_from([0.0, 0.5]),
)
def test_the_model_s_smallest_sets_are_those_of_all_subsets(study: Study, selectivity: float) -> None:
    problem = encode(study, make_profile(selectivity=selectivity))
    posterior = prior_draws(problem, 4)
    held = stored(problem, posterior)
    agrees(held, posterior, analyse(held))


@settings(PROPERTY, max_examples=12)
@given(studies(doubtful=1, strength_db=6.0))
def test_the_smallest_sets_at_face_value_are_those_of_all_subsets(study: Study) -> None:
    held = stored_face_value(encode(study, make_profile(prior={"h0": 3.0, "h1": 1.0, "h2": 1.0, "h3": 1.0})))
    agrees(held, None, analyse(held))


def test_two_explanations_by_hand() -> None:
    """Prior odds 1:1. 6 + 5 - 2 + 1 + 3 = 13 dB: without 6, 5 and 3 there are -1 dB, and no two are enough."""
    found = analyse(one_case([6.0, 5.0, -2.0, 1.0, 3.0])).isel(case=0)
    assert int(found["size"]) == 3
    assert bool(found["exact"])
    assert [str(name) for name in found["members"].values] == ["c0e0", "c0e1", "c0e4"]
    assert str(found["flip_to"].values) == "h1"
    odds = 10.0**-0.1
    assert float(found["probability"][0]) == pytest.approx(odds / (1.0 + odds))
    assert (int(found["sets"]), int(found["candidates"])) == (1, 5)
    # With 9:1 before the evidence nothing that is left out is enough: 2 dB against 9.5.
    firm = analyse(one_case([6.0, 5.0, -2.0, 1.0, 3.0], prior={"h0": 9.0, "h1": 1.0})).isel(case=0)
    assert np.isnan(firm["size"])
    assert bool(firm["exact"])
    assert np.isnan(firm["probability"].values).all()


def test_what_need_not_have_been_left_out_is_put_back() -> None:
    subsets = Subsets(Without(one_case([6.0, 5.0, -2.0, 1.0, 3.0])), 0, 0)
    assert _pruned(subsets, (0, 1, 3, 4)) == (0, 1, 4)
    assert _pruned(subsets, (0, 1, 4)) == (0, 1, 4)


def test_a_tie_is_no_flip() -> None:
    found = analyse(one_case([4.0, 3.0, -3.0])).isel(case=0)
    # Without the 4 dB both are even; without 4 and 3 the other one leads.
    assert int(found["size"]) == 2


def test_removals_add_up_at_face_value_however_many_observations_there_are() -> None:
    rng = np.random.default_rng(1)
    weights = rng.normal(1.0, 3.0, 60)
    found = analyse(one_case([float(w) for w in weights])).isel(case=0)
    total = np.cumsum(np.sort(weights)[::-1])
    expected = int(np.flatnonzero(total > weights.sum())[0]) + 1
    assert 5 < expected < 40, "else trying all sets would do"
    assert int(found["size"]) == expected
    assert bool(found["exact"])
    assert np.isnan(found["sets"])


@pytest.mark.parametrize("draws", [0, 4])
def test_weights_of_three_hundred_decibels(draws: int) -> None:
    weights = np.array([[[300.0, -300.0], [300.0, 5.0], [-300.0, 300.0], [4.0, 300.0], [7.0, -2.0]]])
    problem = told(weights, clusters=(2,), half_range_db=3.0)
    posterior = prior_draws(problem, draws) if draws else None
    held = stored(problem, posterior) if posterior is not None else stored_face_value(problem)
    agrees(held, posterior, analyse(held))


def test_products_that_are_too_small_are_taken_from_logarithms() -> None:
    weights = np.array([[[-900.0], [1100.0], [1000.0], [-1200.0], [10.0]]])
    held = stored_face_value(told(weights * 4.0, prior={"h0": 0.5, "h1": 0.5}))
    subsets = Subsets(Without(held), 0, 0)
    single = weights[0, :, 0] * 4.0 * np.log(10.0) / 10.0
    for size in (1, 2, 3):
        found = subsets.tried(size, 10)
        expected = sorted(single.sum() - single[list(gone)].sum() for gone in itertools.combinations(range(5), size))
        np.testing.assert_allclose([lead for lead, _ in found.best], expected[:10], rtol=1e-9, atol=1e-9)


def test_a_leader_whose_rivals_are_impossible_is_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    held = prior_stored(told(np.array([[[-6.0], [5.0]]]), prior={"h0": 1.0, "h1": 0.0}), 4)
    monkeypatch.setattr(Subsets, "tried", None)
    found = analyse(held).isel(case=0)
    assert np.isnan([float(found["size"]), float(found["bound"])]).all()
    assert bool(found["exact"])


def test_a_case_without_evidence_and_a_single_observation() -> None:
    problem = problem_of(cases=2, hypotheses=2, singles=1, clusters=(), seed=3)
    bare = problem.assign(context=problem["context"] | (problem["case_of_evidence"] == 0))
    found = analyse(stored_face_value(bare))
    assert found["candidates"].values.tolist() == [0, 1]
    assert np.isnan(found["size"].values[0])
    assert found["exact"].values.all()


def test_where_not_all_sets_may_be_tried_a_set_is_found_and_a_bound_is_stated() -> None:
    problem = problem_of(cases=1, coders=2, hypotheses=3, clusters=(3, 3), singles=4, seed=4, strength_db=6.0)
    held = prior_stored(problem, 20)
    exact = analyse(held).isel(case=0)
    assert bool(exact["exact"])
    assert int(exact["size"]) > 1
    found = analyse(held, sets=10).isel(case=0)
    assert int(found["bound"]) == 2
    assert int(found["size"]) >= int(exact["size"])
    assert bool(found["exact"]) == (int(found["size"]) == 2)
    assert np.isnan(found["sets"])
    names = held.problem["evidence"].values[Without(held).evidence]
    places = [int(np.flatnonzero(names == name)[0]) for name in found["members"].values if str(name)]
    assert len(places) == int(found["size"])
    probability = answer(held, clusters=Without(held).clusters(places)).probability
    np.testing.assert_allclose(probability[0], found["probability"].values)
    assert margin(probability, leaders(answer(held).probability))[0] < 0.0
    # Nothing in it is idle: with any one of them back the leader leads.
    for place in places:
        rest = [other for other in places if other != place]
        back = answer(held, clusters=Without(held).clusters(rest)).probability
        assert margin(back, leaders(answer(held).probability))[0] > 0.0
    assert int(analyse(held, clusters=0).isel(case=0)["bound"]) == 1


def test_draws_are_put_to_where_the_rest_of_the_evidence_has_them() -> None:
    problem = problem_of(cases=2, coders=2, hypotheses=2, clusters=(2,), singles=6, seed=3, strength_db=2.0)
    held = resampled(prior_stored(problem, 8_000, seed=1), 400)
    leader = leaders(answer(held).probability)
    case = _Case(Without(held), 0, leader)
    gone = tuple(case.members[:7])
    assert case.subsets.weighed(gone).pareto_k > 0.7
    there = case._nearer(gone)  # noqa: SLF001 - how the search goes on where weights fail
    assert there.weighed(gone).pareto_k < case.subsets.weighed(gone).pareto_k
    without = Without(held)
    found = matched(held, lambda moved: without.moved(moved, gone)).answered
    assert there.lead(gone) == pytest.approx(margin(found.probability, leader)[0], abs=0.05)
    # One more observation left out is told of from there, and the whole of the evidence too.
    more = (*gone, case.members[7])
    found = matched(held, lambda moved: without.moved(moved, more)).answered
    assert there.lead(more) == pytest.approx(margin(found.probability, leader)[0], abs=0.1)


@pytest.mark.parametrize(("pareto_k", "ess", "moved"), [(0.1, 400.0, 0), (0.65, 400.0, 2), (0.1, 55.0, 2)])
def test_the_search_goes_on_from_where_enough_draws_count(
    monkeypatch: pytest.MonkeyPatch, pareto_k: float, ess: float, moved: int
) -> None:
    held = prior_stored(problem_of(cases=1, hypotheses=2, singles=4, seed=3), 4)
    case = _Case(Without(held), 0, leaders(answer(held).probability))
    worth = Weighed(np.full(4, 0.25), np.array(pareto_k), np.array(ess))
    moves: list[tuple[int, ...]] = []

    def nearer(_: _Case, left_out: tuple[int, ...]) -> Subsets:
        moves.append(left_out)
        return case.subsets

    monkeypatch.setattr(Subsets, "weighed", lambda *_: worth)
    monkeypatch.setattr(Subsets, "lead", lambda *_: 1.0)  # the leader leads, whatever is left out
    monkeypatch.setattr(_Case, "_nearer", nearer)
    assert case._added(1 - case.subsets.leader, 2) is None  # noqa: SLF001 - how the search goes on where weights fail
    assert list(map(len, moves)) == [1, 2][:moved]


def test_it_tells_how_far_it_is() -> None:
    told_of: list[tuple[int, int]] = []
    analyse(stored_face_value(problem_of(cases=3)), tell=lambda done, total: told_of.append((done, total)))
    assert told_of == [(1, 3), (2, 3), (3, 3)]
