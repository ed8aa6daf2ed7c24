"""The engine past enumeration, in a browser, against every explanation of every block listed."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from browsing import Watch
from lively import Fit, counted, drawn, face_value, published
from lively_engine import ASK, State, opened, random_state, standpoint_of
from lively_pools import allotted, as_fitted, expected, pool_fit, with_pools
from playwright.sync_api import Page, expect
from shares import some
from study_factory import make_profile, make_study
from trees import tree_of

from bayestrace.allocation import LEVEL_LIMIT
from bayestrace.joint import enumerable
from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render
from bayestrace.sensitivity.standpoints import log_p
from bayestrace.weights import normalise, to_nats

STUDIES: dict[str, dict[str, Any]] = {
    "four explanations": {
        "draws": 26,
        "cases": 8,
        "hypotheses": 4,
        "factors": 2,
        "clusters": (2,),
        "singles": 1,
        "strength_db": 1.0,
    },
    "twelve cases, two explanations, draws that have a tail": {
        "draws": 120,
        "strength_db": 1.0,
        "cases": 12,
        "hypotheses": 2,
        "factors": 2,
        "clusters": (2,),
        "singles": 0,
        "missing": 0.2,
        "profile": {"prior": {"h0": 2.0, "h1": 1.0}, "kappa": 0.4},
    },
    "six explanations, partial comparisons, selection": {
        "draws": 26,
        "cases": 6,
        "hypotheses": 6,
        "factors": 1,
        "partial": 0.3,
        "strength_db": 1.0,
        "clusters": (2,),
        "singles": 1,
        "profile": {"selectivity": 0.4, "favours": "h1", "prior": {f"h{k}": float(k > 0) for k in range(6)}},
    },
    "one explanation for all, strong evidence": {
        "draws": 26,
        "cases": 8,
        "hypotheses": 4,
        "strength_db": 40.0,
        "clusters": (),
        "singles": 1,
        "profile": {"levels": {"common": 1.0}, "kappa": 0.0},
    },
}
SETTINGS = 10


@pytest.mark.parametrize(
    "name",
    some(STUDIES, "six explanations, partial comparisons, selection", "one explanation for all, strong evidence"),
)
def test_random_settings_have_the_answer_of_python(tab: Page, tmp_path: Path, name: str) -> None:
    made = pool_fit(**STUDIES[name])
    assert not enumerable(made.stored.problem)
    draws = STUDIES[name]["draws"]
    levels = allotted(made, draws)
    then = as_fitted(made.stored, levels)
    rng = np.random.default_rng(len(name))
    states: list[State] = [{}, *(random_state(rng, made, place) for place in range(1, SETTINGS))]
    states += [{"pooling": {"kappa": np.inf, "levels": [1.0] * made.stored.problem.sizes["level"]}}]
    states += [{"pooling": {"kappa": 0.0, "levels": [1.0, *[0.0] * (made.stored.problem.sizes["level"] - 1)]}}]
    told = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, states)
    fitted = made.stored.problem["level_weight"].values > 0
    refused = 0
    for state, found in zip(states, told, strict=True):
        kappa, used = (
            state.get("pooling", {"kappa": None}).get("kappa"),
            np.array(state.get("pooling", {}).get("levels", [1.0])) > 0,
        )
        if used.sum() > 1 and kappa != np.inf and (used & ~fitted).any():
            assert found["refused"]["slug"] == "level-not-fitted", state
            refused += 1
            continue
        wanted, weighed = expected(made, made.stored, levels, then, state)
        assert found["refused"] is None, (state, found["refused"])
        assert found["draws"] == draws
        for part, values in wanted.items():
            np.testing.assert_allclose(
                np.reshape(found[part], values.shape), values, rtol=0.0, atol=1e-9, err_msg=str((part, state))
            )
        if weighed is not None and abs(float(weighed.ess) - weighed.weight.size) > 1e-9:
            np.testing.assert_allclose(found["paretoK"], weighed.pareto_k, rtol=0.0, atol=1e-6, err_msg=str(state))
            np.testing.assert_allclose(found["ess"], weighed.ess, rtol=0.0, atol=1e-6, err_msg=str(state))
    assert refused < SETTINGS // 2
    wanted_first = published(made.tree, "cases", pooling="pooled", stat="mean")
    np.testing.assert_allclose(told[0]["probability"], wanted_first.reshape(-1), rtol=0.0, atol=1e-12)


def test_what_no_draw_tells_of_is_refused_in_words(tab: Page, tmp_path: Path) -> None:
    study: dict[str, Any] = {"draws": 26, "cases": 10, "hypotheses": 3, "clusters": (), "singles": 1}
    made = pool_fit(**study, profile={"levels": {"common": 0.5, "f0": 0.0, "own": 0.5}})
    asked = [
        {"panel": ["coder0"]},
        {"pooling": {"kappa": 1.0, "levels": [0.5, 0.5, 0.5]}},
        {"pooling": {"kappa": 1.0, "levels": [0.0, 1.0, 0.0]}},
        {"pooling": {"kappa": np.inf, "levels": [0.5, 0.5, 0.5]}},
    ]
    told = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, asked)
    slugs = [found["refused"] and found["refused"]["slug"] for found in told]
    # One level alone, or none, needs no draws of the levels.
    assert slugs == ["panel-not-kept", "level-not-fitted", None, None]
    for found in told[:2]:
        assert found["refused"]["en"].endswith(".")
        assert found["refused"]["zh"].endswith("。")


def test_levels_that_no_draw_draws_on_alone(tab: Page, tmp_path: Path) -> None:
    study: dict[str, Any] = {"draws": 26, "cases": 10, "hypotheses": 3, "clusters": (), "singles": 1}
    made = pool_fit(**study, profile={"levels": {"common": 90.0, "f0": 1.0, "own": 1.0}})
    assert (allotted(made, 26) == 0).any(axis=1).all()
    asked = {"pooling": {"kappa": 1.0, "levels": [0.0, 0.5, 0.5]}}
    told = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, [asked])
    assert told[0]["refused"]["slug"] == "no-draw-left"


def test_the_order_of_questions_changes_no_answer(tab: Page, tmp_path: Path) -> None:
    """Blocks share their room from draw to draw; what one question leaves there must not leak into another."""
    made = pool_fit(draws=26, cases=10, hypotheses=3, clusters=(), singles=1)
    rng = np.random.default_rng(4)
    states = [random_state(rng, made, place) for place in (1, 2, 3, 5, 6)]
    once = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, states)
    again = tab.evaluate(ASK, states[::-1])
    assert again == once[::-1]


FACE: list[State] = [
    {},
    {"prior": [3.0, 1.0, 1.0, 0.0, 2.0, 1.0, 1.0, 2.0]},
    {"pooling": {"kappa": [0.2, 3.0], "levels": [0.4, 1.0, 0.1]}},
    {"pooling": {"kappa": 0.0, "levels": [0.0, 0.5, 0.5]}, "prior": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]},
    {"pooling": {"kappa": 2.0, "levels": [0.5, 0.5, 0.0]}},
    {"pooling": {"kappa": [0.2, 3.0], "levels": [0.0, 1.0, 0.0]}},
    {"pooling": {"kappa": 0.7, "levels": [1.0, 0.0, 0.0]}},
    {"pooling": {"kappa": np.inf, "levels": [0.5, 0.5, 0.5]}},
]


def at_face_value(made: Fit, state: State) -> dict[str, Any]:
    """Answer from the table of P(Z) over every joint explanation, too large for a page."""
    problem = made.stored.problem
    cases, size = problem.sizes["case"], problem.sizes["hypothesis"]
    z = np.array(list(itertools.product(range(size), repeat=cases)), dtype=np.int64)
    log_prior = log_p(problem["pool"].values, standpoint_of(made.stored, state), z)[1][0]
    said = counted(problem)[0]
    share = normalise(log_prior + sum(said[case, z[:, case]] for case in range(cases)))
    onehot = z[:, :, None] == np.arange(size)
    held = onehot.sum(axis=1)[:, :, None] == np.arange(cases + 1)
    same = [[share[z[:, one] == z[:, other]].sum() for other in range(cases)] for one in range(cases)]
    return {
        "probability": np.tensordot(share, onehot, 1),
        "same": np.array(same),
        "count": np.tensordot(share, held, 1),
    }


@pytest.mark.long
def test_face_value_is_summed_over_the_levels(tab: Page, tmp_path: Path) -> None:
    # The fewest cases that are too many: what they are held against takes a time that grows with ways to use levels.
    made = face_value(cases=5, hypotheses=8, clusters=(), singles=2, strength_db=3.0)
    assert not enumerable(made.stored.problem)
    told = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, FACE)
    for state, found in zip(FACE, told, strict=True):
        assert found["refused"] is None, state
        wanted = at_face_value(made, state)
        # What takes a minute of twelve cases and no page shows is not given where levels are summed over.
        parts = wanted if "same" in found else ["probability"]
        assert ("same" in found) == (state in FACE[-3:])
        for part in parts:
            values = wanted[part]
            np.testing.assert_allclose(
                np.reshape(found[part], values.shape), values, rtol=0.0, atol=1e-9, err_msg=str((part, state))
            )
    asked = [{"without": [0]}, {"panel": ["coder0"]}]
    slugs = [found["refused"]["slug"] for found in tab.evaluate(ASK, asked)]
    assert slugs == ["nothing-learned", "panel-not-fitted"]


def test_face_value_of_more_cases_is_answered_for_one_level(tab: Page, tmp_path: Path) -> None:
    made = face_value(cases=15, hypotheses=2, clusters=(), singles=1)
    asked: list[State] = [{}, *({"pooling": {"kappa": 0.5, "levels": np.eye(3)[level].tolist()}} for level in range(3))]
    told = opened(tab, tmp_path, live.island(made.tree)).evaluate(ASK, asked)
    assert told[0]["refused"]["slug"] == "levels-not-summed"
    assert f"up to {LEVEL_LIMIT} cases" in told[0]["refused"]["en"]
    assert f"{LEVEL_LIMIT}个案例" in told[0]["refused"]["zh"]
    for state, found in zip(asked[1:], told[1:], strict=True):
        for part, values in at_face_value(made, state).items():
            np.testing.assert_allclose(np.reshape(found[part], values.shape), values, rtol=0.0, atol=1e-9, err_msg=part)


@pytest.mark.parametrize(("cases", "apart"), [(10, False), (15, True)])
def test_a_page_of_face_value_answers(tab: Page, tmp_path: Path, cases: int, *, apart: bool) -> None:
    tree = tree_of(make_study(cases=cases, hypotheses=3, clusters=(), singles=1), make_profile(), kind="face-value")
    seen = Watch(tab, tmp_path / "report.html", render(read_content(tree, "en"), live.island(tree)), "#~prior=2,1,1")
    expect(tab.locator("#live-bar")).to_be_visible()
    expect(tab.locator("#live")).to_have_attribute("aria-busy", "false")
    expect(tab.locator("#try")).not_to_contain_text("draws of the pools")
    assert ("several levels of pooling" in tab.locator("#try").inner_text()) == apart
    assert ("At face value a page adds up" in tab.locator("#live-worth").inner_text()) == apart
    tab.locator("select[data-set='pooling']").select_option("none")
    expect(tab.locator("#live-worth")).to_be_empty()
    said = to_nats(tree["face_value"]["case_db"].sel(doubtful="counted").transpose("case", "hypothesis").values)
    wanted = normalise(np.log([0.5, 0.25, 0.25]) + said)
    shown = tab.locator("#live [data-case='0'] [data-row]")
    now = [float(shown.nth(k).get_attribute("data-now") or "nan") for k in range(3)]
    np.testing.assert_allclose(now, wanted[0], atol=1e-9)
    assert seen.beyond_itself() == []


@pytest.mark.parametrize(
    ("lang", "told", "bar"),
    [
        (
            "en",
            "Draws of the pools reweighted: Pareto k = ",
            "Cases in which another explanation leads than reported: ",
        ),
        ("zh", "解释池抽样重新加权：帕累托k = ", "居首解释与报告不同的案例："),
    ],
)
def test_the_page_says_that_it_reweights_draws_of_the_pools(
    tab: Page, tmp_path: Path, lang: Lang, told: str, bar: str
) -> None:
    tree = tree_of(make_study(cases=10, hypotheses=3, clusters=(), singles=1), make_profile())
    problem = tree["problem"].to_dataset()
    tree["posterior"] = xr.DataTree(with_pools(problem, drawn(problem, 60)[1]))
    seen = Watch(tab, tmp_path / "report.html", render(read_content(tree, lang), live.island(tree)), "#~prior=2,1,1")
    expect(tab.locator("#live-worth")).to_contain_text(told)
    expect(tab.locator("#try")).to_contain_text("draws of the pools" if lang == "en" else "解释池抽样")
    expect(tab.locator("#live-said")).to_contain_text(bar)
    expect(tab.locator("#live input[data-set='coders']")).to_have_count(0)
    assert tab.locator("#live [data-case]").count() == 10
    reported = published(tree, "cases", pooling="pooled", stat="mean")
    shown = tab.locator("#live [data-row]").first
    assert float(shown.get_attribute("data-now") or "nan") > reported[0, 0] + 0.01
    tab.locator("#live-bar button").click()
    expect(tab.locator("#live-worth")).to_be_empty()
    assert float(shown.get_attribute("data-now") or "nan") == pytest.approx(reported[0, 0], abs=1e-12)
    assert seen.beyond_itself() == []
