"""The page that answers anew, as a reader uses it: what is set by mouse, keyboard or link is what is answered."""

from __future__ import annotations

import base64
import hashlib
import html as entities
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import Watch
from lively_pages import lively_page, lively_tree
from pages import unpacked
from playwright.sync_api import Page, expect
from shares import some
from study_factory import make_profile, make_study

from bayestrace import api
from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render

State = dict[str, Any]


@pytest.fixture(scope="module")
def html() -> str:
    return lively_page()


@pytest.fixture(scope="module")
def island() -> dict[str, Any]:
    return live.island(lively_tree())


Asking = Callable[[State], Any]


@pytest.fixture
def engine(tab: Page, island: dict[str, Any]) -> Asking:
    """Ask the engine itself, in a window of its own."""
    own = tab.context.new_page()
    own.evaluate(f"() => {{ {live.script()} window.engine = live.open({live.embedded(island)}); }}")

    def ask(state: State) -> Any:
        return np.reshape(
            own.evaluate("state => [...window.engine.answer(state).probability]", state), (len(island["cases"]), -1)
        )

    return ask


def opened(tab: Page, tmp_path: Path, html: str, fragment: str = "") -> Watch:
    watch = Watch(tab, tmp_path / "report.html", html, fragment)
    tab.locator("#live").wait_for(state="visible")
    return watch


def shown(tab: Page) -> Any:
    """Read the probabilities off the figures, once they have settled: a window behind another draws no frames."""
    tab.bring_to_front()
    tab.locator('#live[aria-busy="false"]').wait_for()
    return np.array(
        tab.evaluate(
            "() => [...document.querySelectorAll('#live [data-case]')].map("
            "  figure => [...figure.querySelectorAll('[data-row]')].map(row => Number(row.dataset.now)))"
        )
    )


def slide(tab: Page, name: str, place: int | None, value: float) -> None:
    one = tab.locator(f'[data-set="{name}"]' + (f'[data-place="{place}"]' if place is not None else ""))
    one.evaluate(
        "(one, value) => { one.value = value; one.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


def open_evidence(tab: Page) -> None:
    tab.evaluate("document.querySelectorAll('#evidence details').forEach(one => { one.open = true; })")
    tab.locator("#evidence button[data-out]").first.wait_for()


def test_at_first_the_page_says_what_was_fitted(tab: Page, tmp_path: Path, html: str, engine: Asking) -> None:
    watch = opened(tab, tmp_path, html)
    np.testing.assert_allclose(shown(tab), engine({}), rtol=0.0, atol=1e-12)
    assert not tab.locator("#live-bar").is_visible()
    assert tab.locator("#try .still").count() == 0
    assert tab.evaluate("location.hash") == ""
    assert watch.beyond_itself() == []


def test_every_control_sets_what_it_says(tab: Page, tmp_path: Path, html: str, engine: Asking) -> None:
    opened(tab, tmp_path, html)
    slide(tab, "prior", 0, 80)
    prior = [80.0, *(tab.evaluate("[...document.querySelectorAll('[data-set=prior]')].map(one => +one.value)")[1:])]
    state: State = {"prior": prior}
    np.testing.assert_allclose(shown(tab), engine(state), rtol=0.0, atol=1e-12)
    tab.locator('[data-set="pooling"]').select_option("value")
    slide(tab, "kappa", None, 0.5)
    levels = [0.25, 0.25, 0.25]
    state["pooling"] = {"kappa": 10**0.5, "levels": levels}
    np.testing.assert_allclose(shown(tab), engine(state), rtol=0.0, atol=1e-12)
    slide(tab, "levels", 0, 1.5)
    state["pooling"]["levels"] = [1.5, 0.25, 0.25]
    np.testing.assert_allclose(shown(tab), engine(state), rtol=0.0, atol=1e-12)
    slide(tab, "selectivity", None, 0.4)
    tab.locator('[data-set="favours"]').select_option("1")
    state |= {"selectivity": 0.4, "favours": 1}
    np.testing.assert_allclose(shown(tab), engine(state), rtol=0.0, atol=1e-12)
    tab.locator('[data-set="reliability"]').uncheck()
    tab.locator('[data-set="redundancy"]').uncheck()
    state |= {"reliability": False, "redundancy": False}
    np.testing.assert_allclose(shown(tab), engine(state), rtol=0.0, atol=1e-12)
    assert tab.locator("#live-changes button").count() == 5
    tab.locator('#live [data-do="reset"]').click()
    np.testing.assert_allclose(shown(tab), engine({}), rtol=0.0, atol=1e-12)
    assert tab.evaluate("location.hash") == ""


def test_evidence_is_left_out_and_overwritten_where_it_stands(
    tab: Page, tmp_path: Path, html: str, engine: Asking, island: dict[str, Any]
) -> None:
    opened(tab, tmp_path, html)
    open_evidence(tab)
    first = tab.locator("#evidence article:has(button[data-out])").first
    name = str(first.get_attribute("id")).removeprefix("obs-")
    place = island["evidence"].index(name)
    first.locator("button[data-out]").click()
    np.testing.assert_allclose(shown(tab), engine({"without": [place]}), rtol=0.0, atol=1e-12)
    first.locator("button[data-out]").click()
    np.testing.assert_allclose(shown(tab), engine({}), rtol=0.0, atol=1e-12)

    first.get_by_role("button", name="Change weights").click()
    fields = first.locator("tbody tr:first-child input")
    fields.nth(0).fill("12")
    fields.nth(1).fill("-3.5")
    coder = next(
        at
        for at in range(len(island["panel"]))
        if at * len(island["evidence"]) + place not in island["observation"]["missing"]
    )
    weights = [{"coder": coder, "observation": place, "db": [0.0, -12.0, 3.5]}]
    np.testing.assert_allclose(shown(tab), engine({"weights": weights}), rtol=0.0, atol=1e-12)
    first.get_by_role("button", name="Done").click()
    assert first.locator("tbody tr:first-child td").first.text_content() == "+12.0"
    tab.locator("#live-changes button").click()
    np.testing.assert_allclose(shown(tab), engine({}), rtol=0.0, atol=1e-12)
    assert first.locator("tbody tr:first-child td").first.text_content() != "+12.0"


def test_a_link_carries_every_setting(tab: Page, tmp_path: Path, html: str, island: dict[str, Any]) -> None:
    watch = opened(tab, tmp_path, html)
    slide(tab, "prior", 1, 90)
    tab.locator('[data-set="pooling"]').select_option("none")
    slide(tab, "selectivity", None, 0.3)
    tab.locator('[data-set="redundancy"]').uncheck()
    open_evidence(tab)
    tab.locator("#evidence button[data-out]").first.click()
    before = shown(tab)
    tab.evaluate(f"location.hash = '#obs-{island['evidence'][1]}'")
    tab.wait_for_function("location.hash.startsWith('#~')")
    fragment = tab.evaluate("location.hash")
    assert f"at=obs-{island['evidence'][1]}" in fragment
    other = tab.context.new_page()
    other.goto(watch.address + fragment)
    other.locator("#live").wait_for(state="visible")
    np.testing.assert_allclose(shown(other), before, rtol=0.0, atol=1e-12)
    assert other.locator("#live-changes li").all_inner_texts() == tab.locator("#live-changes li").all_inner_texts()
    assert other.locator(f"#obs-{island['evidence'][1]}").is_visible()


STRANGE = [
    "#~",
    "#~prior=1,2",
    "#~prior=0,0,0",
    "#~prior=-1,2,3",
    "#~prior=1e999,1,1",
    "#~kappa=NaN&levels=x",
    "#~selectivity=7",
    "#~favours=__proto__",
    "#~coders=nobody",
    "#~without=nothing,<img src=x onerror=window.broken=1>",
    "#~weight=a,b,1,2&weight=,,,&weight=%00",
    "#~reliability=maybe&constructor=1&__proto__=2",
    "#~%E0%A4%A",
    "#~prior=" + "1," * 5000,
    "#no-such-place",
    "#%3Cimg%20src=x%20onerror=window.broken=1%3E",
]


@pytest.mark.parametrize(
    "fragment",
    some(STRANGE, "#~prior=1,2", "#~%E0%A4%A", *(one for one in STRANGE if "onerror" in one or "%00" in one)),
)
def test_a_strange_link_changes_nothing(tab: Page, tmp_path: Path, html: str, engine: Asking, fragment: str) -> None:
    watch = opened(tab, tmp_path, html, fragment)
    np.testing.assert_allclose(shown(tab), engine({}), rtol=0.0, atol=1e-12)
    assert watch.beyond_itself() == []
    assert tab.evaluate("window.broken") is None
    assert not tab.locator("#live-bar").is_visible()


def test_what_of_a_link_is_not_of_this_report_is_named(tab: Page, tmp_path: Path, html: str, engine: Asking) -> None:
    opened(tab, tmp_path, html, "#~prior=3,2,1&without=gone&colour=red")
    expect(tab.locator("#live-done")).to_contain_text("gone, colour")
    np.testing.assert_allclose(shown(tab), engine({"prior": [3, 2, 1]}), rtol=0.0, atol=1e-12)


def test_controls_work_by_keyboard(tab: Page, tmp_path: Path, html: str, engine: Asking) -> None:
    opened(tab, tmp_path, html)
    slider = tab.locator('[data-set="prior"]').first
    slider.focus()
    tab.keyboard.press("End")
    values = tab.evaluate("[...document.querySelectorAll('[data-set=prior]')].map(one => +one.value)")
    assert values[0] == 100
    np.testing.assert_allclose(shown(tab), engine({"prior": values}), rtol=0.0, atol=1e-12)
    tab.locator("#live-changes button").focus()
    tab.keyboard.press("Enter")
    np.testing.assert_allclose(shown(tab), engine({}), rtol=0.0, atol=1e-12)


def test_a_prior_that_excludes_everything_is_refused_in_words(tab: Page, tmp_path: Path, html: str) -> None:
    opened(tab, tmp_path, html)
    for place in range(3):
        slide(tab, "prior", place, 0)
    assert tab.locator("#live-changes button").count() <= 1
    assert np.isfinite(shown(tab)).all(), "the last slider keeps what it had"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_face_value_answers_to_prior_and_pooling_alone(tab: Page, tmp_path: Path, lang: Lang) -> None:
    watch = opened(tab, tmp_path, lively_page(lang, "face-value"))
    before = shown(tab)
    slide(tab, "prior", 0, 90)
    assert (shown(tab)[:, 0] > before[:, 0]).all()
    assert tab.locator('[data-set="selectivity"], [data-do="save-coding"]').count() == 0
    assert watch.beyond_itself() == []


@pytest.mark.parametrize(
    ("cases", "lang", "ring"),
    [
        (2, "en", "as reported, face value pooled"),
        (2, "zh", "报告所述（面值，合并估计）"),
        (10, "en", "as reported, face value case by case"),
    ],
)
def test_at_face_value_dots_begin_where_rings_are(tab: Page, tmp_path: Path, cases: int, lang: Lang, ring: str) -> None:
    """Ten cases have 59,049 joint explanations, too many to pool face values before the page is made."""
    study = make_study(cases=cases, hypotheses=3, clusters=(), singles=2, strength_db=6.0)
    study = study.model_copy(update={"profiles": {"reference": make_profile()}})
    tree = api.update(study, api.Options("reference", None, face_value=True))
    opened(tab, tmp_path, render(read_content(tree, lang), live.island(tree)))
    rings = tab.evaluate(
        "[...document.querySelectorAll('#live .ring[data-value]')].map(one => Number(one.dataset.value))"
    )
    assert tab.locator("#live .legend li").first.inner_text() == ring
    by_case = tree["face_value"]["probability"].sel(doubtful="counted", pooled="case-by-case")
    alone = by_case.transpose("case", "hypothesis").values.ravel()
    assert np.allclose(shown(tab).ravel(), rings, atol=1e-4) == (cases == 2)
    assert np.allclose(rings, alone, atol=1e-4) == (cases == 10)
    says = tab.locator("#try").inner_text()
    assert ("takes each case by itself" in says) == (cases == 10)
    tab.locator("select[data-set='pooling']").select_option("none")
    np.testing.assert_allclose(shown(tab).ravel(), alone, atol=1e-4)


def test_without_script_the_page_says_so_and_shows_no_control(browser: Any, tmp_path: Path, html: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    path = tmp_path / "report.html"
    path.write_text(html, encoding="utf-8")
    tab.goto(path.as_uri())
    assert tab.locator("#try .still").is_visible()
    assert not tab.locator("#live").is_visible()
    assert tab.locator("#cases").is_visible()
    context.close()


def test_the_policy_lets_this_script_run_and_no_other(html: str) -> None:
    policy = re.search(r'http-equiv="?Content-Security-Policy"? content="([^"]*)"', html)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in entities.unescape(policy.group(1)).split("; "))
    assert rules["default-src"] == "'none'"
    (opener,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert rules["script-src"].split() == [hashed(opener), hashed(unpacked(html, "script"))]
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/=]{44}'", rules["style-src"])


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_same_result_makes_the_same_bytes() -> None:
    assert lively_page() == lively_page()


def test_the_data_cannot_end_their_element() -> None:
    html = lively_page(say=lambda _: "</script><b>")
    words = re.search(r'<script type="?application/json"? id="?live-words"?>(.*?)</script>', html, re.DOTALL)
    assert words
    for text in (words.group(1), unpacked(html, "live-island")):
        assert "<" not in text
        json.loads(text)
