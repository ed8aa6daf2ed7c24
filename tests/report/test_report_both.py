"""One page in two languages: the same numbers, and a switch that takes all a reader has set along."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Watch
from lively_pages import lively_page, lively_tree
from pages import Element, page_of, parse, shown_numbers, unpacked
from playwright.sync_api import Browser, Page, expect
from sensitive import sensitive_tree
from studies import Words, plain
from trees import small_tree

from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render

TITLES: dict[Lang, str] = {"en": "A small study", "zh": "一项小研究"}


def both_of(say: Words = plain, first: Lang = "en") -> str:
    """Make a page that answers anew, in two languages."""
    tree = lively_tree(say=say)
    other: Lang = "zh" if first == "en" else "en"
    return render(read_content(tree, first), live.island(tree), read_content(tree, other))


@functools.cache
def still_of(kind: str = "model") -> str:
    """Make a page that only shows, in two languages."""
    tree = sensitive_tree(kind)
    return render(read_content(tree, "en"), None, read_content(tree, "zh"))


@functools.cache
def alone_of(lang: Lang) -> str:
    return lively_page(lang)


def main_of(page: str) -> list[object]:
    """Return what stands in the main part: names, attributes, the numbers that elements carry among them, and texts."""

    def told(element: Element) -> list[object]:
        return [element.tag, element.attrs, [one if isinstance(one, str) else told(one) for one in element.children]]

    (found,) = parse(page).all("main")
    return told(found)


@functools.cache
def page_from(first: Lang) -> str:
    return both_of(first=first)


@pytest.fixture
def html() -> str:
    return page_from("en")


# The page as a document


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_the_numbers_are_the_same_in_both_languages(kind: str) -> None:
    page = still_of(kind)
    # A sentence may name them in another order; what is shown differs in spaces.
    one, other = (
        sorted((value, parts, re.findall(r"[\d.]+", shown)) for value, parts, shown in shown_numbers(parse(text)))
        for text in (page, unpacked(page))
    )
    assert len(one) > 500
    assert one == other


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_the_two_are_built_alike(kind: str) -> None:
    """The script carries over what is open by its place, and a link leads to the same place in either."""

    def ids(root: Element) -> list[str]:
        kept = [one for one in root.walk() if "id" in one.attrs and one.tag != "script"]
        return [one.attrs["id"] for one in kept]

    page = still_of(kind)
    one, other = parse(page), parse(unpacked(page))
    assert ids(one) == ids(other)
    assert len(one.all("details")) == len(other.all("details")) > 0
    assert [one.tag for one in one.all("main")[0].walk() if one.tag in {"section", "table", "figure", "svg"}] == [
        one.tag for one in other.all("main")[0].walk() if one.tag in {"section", "table", "figure", "svg"}
    ]


@pytest.mark.parametrize(("first", "other"), [("en", "zh"), ("zh", "en")])
def test_each_language_says_what_its_own_page_says(first: Lang, other: Lang) -> None:
    page = page_from(first)
    assert main_of(page) == main_of(alone_of(first))
    assert main_of(unpacked(page)) == main_of(alone_of(other))
    assert f"<title>{TITLES[first]}</title>" in page
    assert f"<title>{TITLES[other]}</title>" in unpacked(page)


def test_what_is_the_same_in_both_stands_once(html: str) -> None:
    inside = unpacked(html)
    assert "<style" not in inside
    assert "live-island" not in inside
    scripts = re.findall(r"<script[^>]*>", inside)
    assert [script for script in scripts if not re.search("live-words|twins", script)] == []
    assert len(html) - len(alone_of("en")) < 0.4 * len(inside), "packed"
    alone = re.search(r"<script>.*?</script>", alone_of("en"), re.DOTALL)
    assert alone
    assert alone.group() in html, "the policy names one script"


def test_the_same_result_makes_the_same_bytes(html: str) -> None:
    assert both_of() == html


@pytest.mark.parametrize(("first", "command"), [("en", "--lang zh"), ("zh", "--lang en")])
def test_without_script_a_line_says_how_to_read_the_other_language(first: Lang, command: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.set_content(page_from(first))
    expect(tab.locator("#language")).to_be_hidden()
    expect(tab.locator(".language span")).to_be_visible()
    expect(tab.locator(".language span")).to_contain_text(f"bayestrace report {command}")
    assert tab.locator(".language span").get_attribute("lang") == tab.locator("#language").get_attribute("hreflang")
    expect(tab.locator("#cases")).to_be_visible()
    context.close()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_in_one_language_has_no_switch(lang: Lang) -> None:
    for page in (alone_of(lang), page_of(small_tree(), lang)):
        assert "hreflang" not in page
        assert "<p class=language" not in page.replace('"', "")
        assert '"other-language"' not in page.split("<script>")[0]


# The page in a browser

# Counts how often the data of the engine are read, and listeners that outlive a body.
COUNT = """
window.opened = 0;
window.outliving = 0;
const parse = JSON.parse;
JSON.parse = (text, ...more) => {
  window.opened += text.includes('"logA"');
  return parse(text, ...more);
};
for (const lasting of [document, window]) {
  const add = lasting.addEventListener.bind(lasting);
  lasting.addEventListener = (...given) => {
    window.outliving += 1;
    add(...given);
  };
}
"""


def opened(tab: Page, tmp_path: Path, html: str, fragment: str = "") -> Watch:
    watch = Watch(tab, tmp_path / "report.html", html, fragment)
    tab.locator("#live").wait_for(state="visible")
    return watch


def shown(tab: Page) -> Any:
    """Read the probabilities off the figures, once they have settled."""
    tab.locator('#live[aria-busy="false"]').wait_for()
    return tab.evaluate("[...document.querySelectorAll('#live [data-row]')].map(row => Number(row.dataset.now))")


def switch(tab: Page, lang: Lang) -> None:
    tab.locator("#language").click()
    expect(tab).to_have_title(TITLES[lang])


def slide(tab: Page, name: str, value: float) -> None:
    tab.locator(f'[data-set="{name}"]').first.evaluate(
        "(one, value) => { one.value = value; one.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )


def test_the_switch_puts_the_other_language_in_place_and_back(tab: Page, tmp_path: Path, html: str) -> None:
    watch = opened(tab, tmp_path, html)
    before = shown(tab)
    expect(tab.locator(".language span")).to_be_hidden()
    expect(tab.locator("#language")).to_have_text("中文")
    switch(tab, "zh")
    assert tab.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["zh-CN", "ltr"]
    assert tab.evaluate("location.hash") == "#~lang=zh"
    expect(tab.locator("h1")).to_have_text("一项小研究")
    expect(tab.locator("#language")).to_have_text("English")
    expect(tab.locator(".language span")).to_be_hidden()
    expect(tab.locator("#live")).to_be_visible()
    assert tab.locator(".still").count() == 0
    assert tab.locator("body > main").count() == tab.locator("#live-words").count() == 1
    assert shown(tab) == before
    switch(tab, "en")
    assert tab.evaluate("[document.documentElement.lang, location.hash]") == ["en", ""]
    assert shown(tab) == before
    assert watch.beyond_itself() == []


def test_settings_survive_the_switch(tab: Page, tmp_path: Path, html: str) -> None:
    watch = opened(tab, tmp_path, html)
    first = shown(tab)
    slide(tab, "prior", 80)
    slide(tab, "selectivity", 0.4)
    tab.locator('[data-set="pooling"]').select_option("none")
    tab.evaluate("document.querySelectorAll('#evidence details').forEach(one => { one.open = true; })")
    tab.locator("#evidence article button[data-out]").first.click()
    article = tab.locator("#evidence article:has(button[data-out])").nth(1)
    article.get_by_role("button", name="Change weights").click()
    article.locator("tbody tr:first-child input").first.fill("12")
    article.get_by_role("button", name="Done").click()
    before = shown(tab)
    assert before != first
    fragment, values = tab.evaluate("location.hash"), settings(tab)
    opened_before = tab.locator("details[open]").count()
    assert opened_before > 0

    switch(tab, "zh")
    assert shown(tab) == before
    assert tab.evaluate("location.hash") == f"{fragment}&lang=zh"
    assert settings(tab) == values
    assert tab.locator("details[open]").count() == opened_before
    expect(tab.locator("#evidence article.out")).to_have_count(1)
    expect(tab.locator("#evidence tr.overwritten td").first).to_have_text("+12.0")
    expect(tab.locator("#live-changes li")).to_have_count(5)
    expect(tab.locator("#live-changes li").first).to_contain_text("利益攸关")
    expect(tab.locator("#live-count")).to_have_text("5处改动")

    # What is changed in the other language is changed in this one.
    tab.locator("#live-changes button").nth(2).click()
    slide(tab, "prior", 60)
    changed, values = shown(tab), settings(tab)
    assert changed != before
    switch(tab, "en")
    assert shown(tab) == changed
    assert settings(tab) == values
    expect(tab.locator("#live-changes li")).to_have_count(4)
    tab.locator("#live-bar [data-do=reset]").click()
    assert shown(tab) == first
    assert tab.evaluate("location.hash") == ""
    assert watch.beyond_itself() == []


def settings(tab: Page) -> Any:
    """Read what stands in the form."""
    return tab.evaluate(
        "[...document.querySelectorAll('#live form [data-set]')].map("
        "  one => one.type === 'checkbox' ? one.checked : one.value)"
    )


def test_the_engine_is_opened_once_and_no_listener_is_left_behind(tab: Page, tmp_path: Path, html: str) -> None:
    tab.add_init_script(COUNT)
    opened(tab, tmp_path, html)
    counts = tab.evaluate("[window.opened, window.outliving]")
    assert counts[0] == 1
    assert counts[1] > 0
    for lang in ("zh-CN", "en", "zh-CN", "en"):
        # The driver's own clicks would listen too.
        tab.evaluate("document.getElementById('language').click()")
        expect(tab.locator("html")).to_have_attribute("lang", lang)
        shown(tab)
    assert tab.evaluate("[window.opened, window.outliving]") == counts
    slide(tab, "prior", 90)
    tab.locator("#live [data-do=reset]").click()
    expect(tab.locator("#live-bar")).to_be_hidden()


@pytest.mark.parametrize("say", ["link", "hash"])
def test_a_link_opens_in_its_language_with_its_settings(tab: Page, tmp_path: Path, html: str, say: str) -> None:
    watch = opened(tab, tmp_path, html, "#~prior=5,2,1")
    expected = shown(tab)
    other = tab.context.new_page()
    fragment = "#~prior=5,2,1&lang=zh&at=obs-one-buys"
    if say == "link":
        other.goto(watch.address + fragment)
    else:
        other.goto(watch.address)
        other.evaluate("fragment => { location.hash = fragment; }", fragment)
    expect(other).to_have_title(TITLES["zh"])
    other.locator("#live").wait_for(state="visible")
    other.locator("#live-bar").wait_for(state="visible")
    assert shown(other) == expected
    expect(other.locator("#obs-one-buys")).to_be_visible()
    expect(other.locator("#live-done")).to_be_empty()
    # The link of a page in its own language brings that back.
    other.evaluate("location.hash = '#~prior=5,2,1'")
    expect(other).to_have_title(TITLES["en"])
    assert shown(other) == expected


@pytest.mark.parametrize("lang", ["fr", "<img src=x onerror=window.broken=1>"])
def test_a_language_that_there_is_not_changes_nothing(tab: Page, tmp_path: Path, html: str, lang: str) -> None:
    watch = opened(tab, tmp_path, html, f"#~lang={lang}")
    shown(tab)
    assert tab.title() == TITLES["en"]
    assert tab.evaluate("window.scrollY") == 0
    assert watch.beyond_itself() == []


def test_links_within_the_page_keep_the_language(tab: Page, tmp_path: Path, html: str) -> None:
    opened(tab, tmp_path, html)
    switch(tab, "zh")
    tab.locator("nav a[href='#evidence']").click()
    expect(tab).to_have_url(re.compile("#~lang=zh&at=evidence$"))
    tab.reload()
    expect(tab).to_have_title(TITLES["zh"])
    expect(tab.locator("#evidence-h")).to_be_in_viewport()


def test_the_switch_works_by_keyboard_and_keeps_the_focus(tab: Page, tmp_path: Path, html: str) -> None:
    opened(tab, tmp_path, html)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    for lang, name in (("zh", "English"), ("en", "中文")):
        tab.keyboard.press("Enter")
        expect(tab.locator("#language")).to_have_text(name)
        expect(tab.locator("#language")).to_be_focused()
        assert tab.title() == TITLES["zh" if lang == "zh" else "en"]


def test_two_clicks_at_once_are_one_switch(tab: Page, tmp_path: Path, html: str) -> None:
    watch = opened(tab, tmp_path, html)
    tab.evaluate("() => { const link = document.getElementById('language'); link.click(); link.click(); }")
    expect(tab).to_have_title(TITLES["zh"])
    shown(tab)
    assert tab.title() == TITLES["zh"]
    assert tab.locator("main").count() == 1
    assert watch.beyond_itself() == []


def test_where_nothing_can_be_unpacked_no_switch_is_shown(tab: Page, tmp_path: Path, html: str) -> None:
    tab.add_init_script("delete window.DecompressionStream;")
    watch = Watch(tab, tmp_path / "report.html", html, "#~prior=5,2,1&lang=zh")
    expect(tab.locator("#language")).to_be_hidden()
    expect(tab.locator(".language span")).to_be_visible()
    expect(tab.locator("#try .still")).to_be_visible()
    expect(tab.locator("#live")).to_be_hidden()
    assert tab.title() == TITLES["en"]
    assert watch.beyond_itself() == []


def test_a_page_that_answers_nothing_has_the_switch_too(tab: Page, tmp_path: Path) -> None:
    watch = Watch(tab, tmp_path / "report.html", still_of())
    switch(tab, "zh")
    tab.locator("nav a[href='#cases']").click()
    expect(tab).to_have_url(re.compile("#~lang=zh&at=cases$"))
    expect(tab.locator("h1")).to_have_text("一项小研究")
    switch(tab, "en")
    assert tab.evaluate("location.hash") == "#cases"
    assert watch.beyond_itself() == []


@pytest.mark.long
@pytest.mark.parametrize(
    "payload",
    [
        "</script><script>document.title='broken';window.broken=1</script>",
        '"></title><img src=x onerror=window.broken=1><svg onload=window.broken=1>',
    ],
)
def test_a_hostile_text_stays_text_in_the_other_language(tab: Page, tmp_path: Path, payload: str) -> None:
    watch = opened(tab, tmp_path, both_of(say=lambda _: payload))
    for lang in ("zh-CN", "en"):
        tab.locator("#language").click()
        expect(tab.locator("html")).to_have_attribute("lang", lang)
        shown(tab)
        assert tab.title() == payload
        assert tab.locator("img, iframe, x, :not(body) > script").count() == 0
    assert tab.evaluate("window.broken") is None
    assert watch.beyond_itself() == []


@pytest.mark.long
@pytest.mark.parametrize("width", [360, 1280])
def test_the_switch_fits_the_window(tab: Page, tmp_path: Path, html: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab, tmp_path, html)
    for lang in ("zh", "en"):
        switch(tab, "zh" if lang == "zh" else "en")
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.long
def test_the_other_language_is_accessible(tab: Page, tmp_path: Path, html: str) -> None:
    opened(tab, tmp_path, html, "#~prior=8,1,1&lang=zh")
    expect(tab).to_have_title(TITLES["zh"])
    shown(tab)
    told = Axe().run(tab).response
    assert len(told["passes"]) > 15, "axe has looked"
    assert [rule["id"] for rule in told["violations"] if rule["impact"] in {"serious", "critical"}] == []


def test_a_reason_in_another_language_is_marked(tab: Page, tmp_path: Path, html: str) -> None:
    opened(tab, tmp_path, html)
    cells = "[...document.querySelectorAll('.reasoned td:last-child')]"
    marks = f"{cells}.map(one => getComputedStyle(one, '::before').content)"
    for lang, mark, none in (("en", '"zh"', '"en"'), ("zh", '"en"', '"zh"')):
        if lang == "zh":
            switch(tab, "zh")
        found = tab.evaluate(marks)
        assert mark in found
        assert none not in found
