"""The page is held to the rules of accessibility that axe-core checks: nothing serious, nothing critical."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Watch
from clued import tree_of
from large_pages import large_tree, summary_page
from lively_pages import lively_page
from pages import page_of
from playwright.sync_api import Browser, Page
from sensitive import sensitive_tree

from bayestrace.messages import Lang

Scheme = Literal["light", "dark"]
SETTING = "#~prior=8,1,1&selectivity=0.4"


def crossed(*ways: tuple[Any, Any]) -> list[Any]:
    """Cross ways in which pages differ; two of them hold every value of each, the others are long."""
    places = list(itertools.product((0, 1), repeat=len(ways)))
    opposite = (places[1], places[-2])
    return [
        pytest.param(
            *(way[at] for way, at in zip(ways, place, strict=True)), marks=[pytest.mark.long] * (place not in opposite)
        )
        for place in places
    ]


def grave(tab: Page) -> list[tuple[str, list[str]]]:
    """Open all that can be opened, and list what is wrong, each with where it is."""
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    told = Axe().run(tab).response
    assert len(told["passes"]) > 15, "axe has looked"
    found: list[dict[str, Any]] = told["violations"]
    return [
        (rule["id"], [node["html"][:120] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize(("lang", "scheme", "width"), crossed(("en", "zh"), ("light", "dark"), (390, 1280)))
def test_a_page_with_a_setting_is_accessible(
    browser: Browser, tmp_path: Path, lang: Lang, scheme: Scheme, width: int
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
    tab = context.new_page()
    Watch(tab, tmp_path / "report.html", lively_page(lang), SETTING)
    tab.locator('#live[aria-busy="false"]').wait_for()
    tab.evaluate("document.querySelectorAll('#evidence details').forEach(one => { one.open = true; })")
    tab.locator("#evidence button[data-out]").first.click()
    tab.get_by_role("button", name={"en": "Change weights", "zh": "改写权重"}[lang]).nth(1).click()
    tab.locator('#live[aria-busy="false"]').wait_for()
    assert grave(tab) == []
    context.close()


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_a_page_with_sensitivity_is_accessible(tab: Page, tmp_path: Path, kind: str) -> None:
    Watch(tab, tmp_path / "report.html", page_of(sensitive_tree(kind)))
    assert grave(tab) == []


@pytest.mark.parametrize(("lang", "scheme", "kind"), crossed(("en", "zh"), ("light", "dark"), ("alone", "beside")))
def test_a_page_with_clues_is_accessible(
    browser: Browser, tmp_path: Path, lang: Lang, scheme: Scheme, kind: Literal["alone", "beside"]
) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 900})
    tab = context.new_page()
    Watch(tab, tmp_path / "report.html", page_of(tree_of(kind), lang))
    assert grave(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390, "nothing overflows"
    context.close()


@pytest.mark.parametrize(("lang", "scheme"), [("zh", "light"), pytest.param("en", "dark", marks=pytest.mark.long)])
def test_a_summary_of_a_large_study_is_accessible(browser: Browser, tmp_path: Path, lang: str, scheme: Scheme) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 900})
    tab = context.new_page()
    Watch(tab, tmp_path / "report.html", summary_page(large_tree(45, 4), lang))
    assert grave(tab) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390, "nothing overflows"
    context.close()
