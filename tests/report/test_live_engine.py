"""The engine of a live page, in a browser, against the program's own rooms on the same draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from lively import face_value, fit, published
from lively_engine import ASK, State, clusters_of, expected, opened, prior_of, random_state
from playwright.sync_api import Page
from shares import some

from bayestrace.inference.signal import design_of
from bayestrace.report import live
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.priors.beliefs import Beliefs
from bayestrace.weights import NATS_PER_DB

#: Studies of every kind: how many draws a page keeps of how many, and the study.
STUDIES: dict[str, dict[str, Any]] = {
    "plain": {"draws": 400, "cases": 2, "hypotheses": 3, "clusters": (3, 2)},
    "six explanations, one coder": {"draws": 60, "cases": 3, "hypotheses": 6, "coders": 1, "clusters": (4,)},
    "two explanations, no ranges": {"draws": 60, "cases": 4, "hypotheses": 2, "ranges": False, "factors": 2},
    "partial comparisons": {
        "draws": 40,
        "cases": 3,
        "hypotheses": 4,
        "coders": 3,
        "partial": 0.4,
        "missing": 0.2,
        "clusters": (2, 3),
        "profile": {"selectivity": 0.3, "favours": "h1", "kappa": 0.4},
    },
    "partial comparisons of one coder, redundancy a point": {
        "draws": 40,
        "cases": 2,
        "hypotheses": 5,
        "coders": 1,
        "partial": 0.6,
        "redundancy": (None, 0.3, None),
    },
    "selection, doubtful observations": {
        "draws": 60,
        "cases": 3,
        "hypotheses": 3,
        "coders": 2,
        "missing": 0.4,
        "redundancy": (0.1, 0.7, 1.0),
        "doubtful": 1,
        "reliability": 0.7,
        "profile": {"selectivity": 0.5, "prior": {"h0": 2.0, "h1": 1.0, "h2": 0.5}},
    },
    "one level, one explanation a pool": {
        "draws": 30,
        "cases": 3,
        "hypotheses": 3,
        "clusters": (18,),
        "singles": 0,
        "profile": {"levels": {"common": 0.5, "own": 1.0}, "kappa": 0.0},
    },
    "weights beyond all belief": {"draws": 40, "cases": 2, "hypotheses": 3, "strength_db": 300.0, "reliability": 1.0},
    "one case, nothing clustered": {
        "draws": 40,
        "cases": 1,
        "hypotheses": 3,
        "factors": 0,
        "clusters": (),
        "singles": 3,
    },
    "fewer draws than have a tail": {"draws": 20, "cases": 2, "hypotheses": 4, "context": 1},
}
SETTINGS = 10


@pytest.mark.parametrize(
    "name",
    some(STUDIES, "plain", "partial comparisons", "selection, doubtful observations", "weights beyond all belief"),
)
def test_random_settings_have_the_answer_of_python(tab: Page, tmp_path: Path, name: str) -> None:
    made = fit(**STUDIES[name])
    rng = np.random.default_rng(len(name))
    states = [random_state(rng, made, place) for place in range(SETTINGS)]
    told = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, states)
    shape = made.stored.loglik.shape[1:]
    for state, found in zip(states, told, strict=True):
        wanted = answer(
            made.stored, log_p=prior_of(made.stored, state), clusters=clusters_of(made.stored, state), diagnose=True
        )
        assert found["refused"] is None, state
        probability = np.array(found["probability"]).reshape(shape)
        np.testing.assert_allclose(probability, wanted.probability, rtol=0.0, atol=1e-9, err_msg=str(state))
        # Weights that differ by rounding alone have no tail for a page, and whatever tail rounding has for Python.
        if abs(wanted.ess - made.stored.log_evidence.size) > 1e-9 or np.isfinite(found["paretoK"]):
            np.testing.assert_allclose(found["paretoK"], wanted.pareto_k, rtol=0.0, atol=1e-6, err_msg=str(state))
        np.testing.assert_allclose(found["ess"], wanted.ess, rtol=0.0, atol=1e-6, err_msg=str(state))
        check_summaries(made.stored, found)


def check_summaries(held: Stored, found: State) -> None:
    """Add the joint explanations up one by one."""
    cases, size = held.loglik.shape[1:]
    same, count, probability = np.zeros((cases, cases)), np.zeros((size, cases + 1)), np.zeros((cases, size))
    for row, share in zip(held.z.tolist(), found["joint"], strict=True):
        for case, k in enumerate(row):
            probability[case, k] += share
            for other, l_ in enumerate(row):
                same[case, other] += share * (k == l_)
        for k in range(size):
            count[k, row.count(k)] += share
    np.testing.assert_allclose(np.reshape(found["same"], same.shape), same, atol=1e-12)
    np.testing.assert_allclose(np.reshape(found["count"], count.shape), count, atol=1e-12)
    np.testing.assert_allclose(np.reshape(found["probability"], probability.shape), probability, atol=1e-12)


@pytest.mark.parametrize(
    ("mean", "sd"),
    some(
        [
            *((0.5, 0.2), (0.5, 0.0), (0.0, 0.1), (1.0, 0.2), (0.9, 0.3), (0.2, 0.05), (0.5, 0.4)),
            *((0.3, 0.02), (0.999, 0.02), (0.001, 0.02), (0.97, 0.01), (0.5, 0.5 / 3.0**0.5)),
        ],
        *((0.5, 0.2), (0.5, 0.0), (0.0, 0.1), (0.999, 0.02), (0.5, 0.5 / 3.0**0.5)),
    ),
)
def test_redundancy_has_the_nodes_of_the_fit(tab: Page, tmp_path: Path, mean: float, sd: float) -> None:
    """SciPy places them for the fit; three cases of two observations each, and one alone."""
    made = fit(draws=2, cases=3, clusters=(2,), singles=1)
    problem = made.stored.problem
    asked = problem.assign(
        redundancy_mean=problem["redundancy_mean"] * 0.0 + mean, redundancy_sd=problem["redundancy_sd"] * 0.0 + sd
    )
    made.tree["problem"] = xr.DataTree(asked)
    cluster = opened(tab, tmp_path, live.island(made.tree)).evaluate(
        "() => { const {redundancy, redundancyWeight} = window.engine.held.cluster;"
        " return [[...redundancy], [...redundancyWeight]]; }"
    )
    design = design_of(asked)[0]
    several = design.size > 1
    for mine, theirs in zip(cluster, (design.redundancy, design.redundancy_weight), strict=True):
        np.testing.assert_allclose(np.reshape(mine, theirs.shape)[several], theirs[several], rtol=0.0, atol=2e-14)


def test_what_few_draws_miss_is_put_right_by_all_of_them(tab: Page, tmp_path: Path) -> None:
    """A page keeps 50 of 400 draws: fitted evidence is answered on all 400, other evidence relative to them."""
    made = fit(draws=400, cases=3, hypotheses=3, clusters=(3,), strength_db=3.0)
    few = made.stored.thinned(50)
    beliefs = Beliefs(made.stored)
    rng = np.random.default_rng(1)
    states: list[State] = [{}, *(random_state(rng, made, place) for place in range(1, SETTINGS))]
    told = opened(tab, tmp_path, live.island(made.tree, draws=50)).evaluate(ASK, states)
    onehot = beliefs.onehot
    for state, found in zip(states, told, strict=True):
        log_prior = prior_of(made.stored, state)
        clusters = clusters_of(few, state)
        if clusters is None:
            joint = np.exp(log_prior + beliefs.log_update - (log_prior + beliefs.log_update).max())
            joint /= joint.sum()
        else:
            joint, weighed = expected(few, clusters, beliefs.log_update, log_prior)
            assert found["ess"] == pytest.approx(float(weighed.ess), abs=1e-6)
            assert found["ess"] <= 50.0 + 1e-9
        assert found["draws"] == 50
        np.testing.assert_allclose(found["joint"], joint, rtol=0.0, atol=1e-9)
        np.testing.assert_allclose(found["probability"], joint @ onehot, rtol=0.0, atol=1e-9)
    wanted = published(made.tree, "cases", pooling="pooled", stat="mean")
    np.testing.assert_allclose(told[0]["probability"], wanted.reshape(-1), rtol=0.0, atol=1e-12)


def test_the_order_of_questions_changes_no_answer(tab: Page, tmp_path: Path) -> None:
    """What is kept of one setting must not leak into another."""
    made = fit(draws=40, cases=2, hypotheses=3, clusters=(3,), profile={"selectivity": 0.2})
    rng = np.random.default_rng(3)
    states = [random_state(rng, made, place) for place in range(SETTINGS)]
    island = live.island(made.tree)
    once = opened(tab, tmp_path, island).evaluate(ASK, states)
    again = tab.evaluate(ASK, [*states[::-1], {}])
    assert again[:-1] == once[::-1]
    other = {"weights": [{"coder": 0, "observation": 0, "db": [9.0, 0.0, 0.0]}]}
    changed, back = tab.evaluate(ASK, [other, {}])
    assert changed["joint"] != back["joint"] == again[-1]["joint"]


def test_what_changes_nothing_needs_no_weights(tab: Page, tmp_path: Path) -> None:
    """Redundancy off where nothing is clustered, and a weight overwritten by itself, leave the exact answer."""
    made = fit(draws=40, cases=2, hypotheses=3, clusters=())
    design, problem = made.stored.design, made.stored.problem
    stated = (design.weight[0, 1] @ problem["helmert"].values / NATS_PER_DB).tolist()
    states: list[State] = [
        {"prior": [1.0, 2.0, 3.0]} | change
        for change in ({}, {"redundancy": False}, {"weights": [{"coder": 0, "observation": 1, "db": stated}]})
    ]
    exact, *others = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, states)
    for other in others:
        np.testing.assert_allclose(other["joint"], exact["joint"], rtol=0.0, atol=1e-14)
        assert other["ess"] == pytest.approx(exact["ess"], abs=1e-9)


def test_nothing_is_read_again_for_a_prior_unless_asked_for(tab: Page, tmp_path: Path) -> None:
    made = fit(draws=40, cases=2, hypotheses=3)
    opened(tab, tmp_path, live.island(made.tree) | {"theta": {"logV": ""}})
    quick = tab.evaluate(
        "() => { const told = window.engine.answer({prior: [1, 2, 3]}, false);"
        " return {...told, probability: [...told.probability]}; }"
    )
    state: State = {"prior": [1.0, 2.0, 3.0]}
    wanted = answer(made.stored, log_p=prior_of(made.stored, state))
    np.testing.assert_allclose(quick["probability"], wanted.probability.reshape(-1), rtol=0.0, atol=1e-9)
    assert np.isnan(quick["paretoK"])
    assert np.isnan(quick["ess"])


def test_evidence_is_read_ahead_in_slices(tab: Page, tmp_path: Path) -> None:
    made = fit(draws=400, cases=4, hypotheses=4, clusters=(4, 3))
    opened(tab, tmp_path, live.island(made.tree))
    first, nothing_more = tab.evaluate(
        """() => {
          const first = window.engine.prepare(0);
          while (!window.engine.prepare(1)) {}
          return [first, window.engine.prepare(1000)];
        }"""
    )
    assert (first, nothing_more) == (False, True)
    state: State = {"without": [0]}
    found = tab.evaluate(ASK, [state])[0]
    wanted = answer(made.stored, log_p=made.stored.log_p, clusters=clusters_of(made.stored, state))
    np.testing.assert_allclose(found["probability"], wanted.probability.reshape(-1), rtol=0.0, atol=1e-9)


def refused(tab: Page, state: State) -> str | None:
    found = tab.evaluate("state => window.engine.answer(state).refused", state)
    if found is None:
        return None
    assert found["en"].endswith(".")
    assert found["zh"].endswith("。")
    return str(found["slug"])


def test_what_a_page_cannot_answer_is_refused_in_words(tab: Page, tmp_path: Path) -> None:
    made = fit(draws=10, cases=2, hypotheses=3, profile={"prior": {"h0": 1.0, "h1": 1.0, "h2": 0.0}})
    opened(tab, tmp_path, live.island(made.tree))
    assert refused(tab, {"panel": ["coder1", "coder0"]}) is None
    assert refused(tab, {"panel": ["coder0"]}) == "panel-not-fitted"
    assert refused(tab, {"prior": [0.0, 0.0, 1.0]}) is None, "what the fitted standpoint excludes another may not"
    many = fit(draws=2, cases=40, hypotheses=6, clusters=(), singles=1)
    opened(tab, tmp_path, live.island(many.tree))
    assert refused(tab, {}) == "joint-not-enumerated"


def test_face_value_answers_to_priors_and_pooling_only(tab: Page, tmp_path: Path) -> None:
    made = face_value(cases=2, hypotheses=3, doubtful=1)
    opened(tab, tmp_path, live.island(made.tree))
    own = {"pooling": {"kappa": np.inf, "levels": [0.25, 0.25, 0.25]}}
    for pooling, found in zip(("pooled", "case-by-case"), tab.evaluate(ASK, [{}, own]), strict=True):
        wanted = published(made.tree, "face_value", pooled=pooling, doubtful="counted")
        np.testing.assert_allclose(found["probability"], wanted.reshape(-1), rtol=0.0, atol=1e-12)
    assert refused(tab, {"without": [0]}) == "nothing-learned"


@pytest.mark.parametrize(
    "state",
    [
        {"prior": [1.0, -1.0, 1.0]},
        {"prior": [0.0, 0.0, 0.0]},
        {"prior": [1.0, 1.0]},
        {"without": [-1]},
        {"clusters": [99]},
        {"selectivity": 1.5},
        {"pooling": {"kappa": 1.0, "levels": [0.0, 0.0, 0.0]}},
        {"pooling": {"kappa": 1.0, "levels": [1.0]}},
        {"weights": [{"coder": 0, "observation": 0, "db": [1.0]}]},
    ],
)
def test_a_state_that_is_none_is_an_error_of_the_page(tab: Page, tmp_path: Path, state: State) -> None:
    opened(tab, tmp_path, live.island(fit(draws=10, cases=2, hypotheses=3).tree))
    caught = tab.evaluate(
        "state => { try { window.engine.answer(state); return null; } catch (fault) { return fault.name; } }", state
    )
    assert caught == "RangeError"
