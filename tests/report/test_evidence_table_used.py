"""The table of all observations in a browser: searched, filtered, sorted, and observations left out from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from browsing import Watch
from observed_pages import BUYS, CONTEXT, DOUBT, PAYS, SAYS, TITLES, grid, html_of
from pages import parse
from playwright.sync_api import Page, expect


def opened(tab: Page, tmp_path: Path, html: str, fragment: str = "") -> Watch:
    watch = Watch(tab, tmp_path / "report.html", html, fragment)
    tab.locator("#evidence .tools").wait_for()
    return watch


def shown(tab: Page) -> list[str]:
    return [text.strip() for text in tab.locator("#observations tbody tr:visible th").all_text_contents()]


def count(tab: Page) -> str | None:
    return tab.locator("#evidence .tools + [role=status]").text_content()


def tool(tab: Page, label: str) -> Any:
    return tab.locator("#evidence .tools").get_by_label(label)


def head(tab: Page, name: str) -> Any:
    return tab.locator("#observations thead").get_by_role("button", name=name, exact=True)


def test_words_are_searched_in_titles_and_claims_of_both_languages(tab: Page, tmp_path: Path) -> None:
    watch = opened(tab, tmp_path, html_of())
    assert (shown(tab), count(tab)) == (TITLES, "5 of 5 observations")
    for text, expected in (
        ("title", TITLES),
        ("CLAIM OF one-", [BUYS, SAYS, CONTEXT]),
        ("主张two", [PAYS]),
        ("标题three claim", [DOUBT]),
        ("ＢＵＹＳ  Title ", [BUYS]),
        ("title nowhere", []),
        ("hoop", []),
        ("neutral", []),
        ("", TITLES),
    ):
        tool(tab, "Words in titles and claims").fill(text)
        assert (shown(tab), count(tab)) == (expected, f"{len(expected)} of 5 observations"), text
    assert watch.beyond_itself() == []


def test_weights_are_a_region_with_the_name_of_their_observation(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    named = tab.locator(".obs .scroll").evaluate_all(
        """all => all.map(one => [one.getAttribute("role"), one.closest(".obs").querySelector("h5").textContent,
          document.getElementById(one.getAttribute("aria-labelledby"))?.textContent])"""
    )
    assert len(named) == len(TITLES) - 1, "of one that was only a context nothing was stated"
    assert all((role, said) == ("region", title) for role, title, said in named)


def test_each_filter_shows_what_is_chosen(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    for label, options, chosen, expected in (
        ("Case", ["Case one", "Case two", "Case three"], "Case two", [PAYS]),
        ("Step", ["Premise", "Middle", "Outcome"], "Premise", [BUYS, CONTEXT, PAYS]),
        ("Cluster", ["The purchase", "–"], "The purchase", [BUYS, SAYS]),
        ("Type of source", ["press", "official"], "official", [CONTEXT]),
        ("Test", ["hoop", "smoking gun", "doubly decisive", "straw", "–"], "smoking gun", [SAYS]),
        ("Status", ["weighs", "context", "set aside"], "weighs", [BUYS, SAYS, PAYS]),
    ):
        select = tool(tab, label)
        assert select.locator("option").all_text_contents() == ["all", *options]
        select.select_option(label=chosen)
        assert shown(tab) == expected, label
        select.select_option(label="all")
        assert shown(tab) == TITLES, label


def test_filters_go_together_and_are_cleared_together(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    tool(tab, "Step").select_option(label="Premise")
    tool(tab, "Type of source").select_option(label="press")
    assert shown(tab) == [BUYS, PAYS]
    tool(tab, "Type of source").select_option(label="all")
    assert shown(tab) == [BUYS, CONTEXT, PAYS]
    tool(tab, "Spread at least (dB)").fill("4.5")
    assert shown(tab) == [BUYS, PAYS]
    tool(tab, "Words in titles and claims").fill("two")
    assert shown(tab) == [PAYS]
    head(tab, "Weight (dB)").click()
    tab.locator("#evidence .tools").get_by_role("button", name="Clear").click()
    assert (shown(tab), count(tab)) == (TITLES, "5 of 5 observations")
    assert [one.input_value() for one in tab.locator("#evidence .tools :is(input, select)").all()] == [""] * 8
    assert tab.locator("#observations th[aria-sort=none]").count() == 9


def test_a_header_sorts_up_down_and_as_before(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    by_title = sorted(TITLES)
    # 11.5 before 9.8 only if they are numbers; what has none comes last, whichever way.
    by_spread = [SAYS, BUYS, PAYS, CONTEXT]
    for name, column, first, second, orders in (
        ("Observation", 3, "ascending", "descending", (by_title, by_title[::-1])),
        ("Spread (dB)", 7, "descending", "ascending", ([*by_spread, DOUBT], [*by_spread[::-1], DOUBT])),
    ):
        cell = tab.locator(f"#observations thead th:nth-child({column})")
        for direction, expected in ((first, orders[0]), (second, orders[1]), ("none", TITLES)):
            head(tab, name).click()
            assert cell.get_attribute("aria-sort") == direction
            assert shown(tab) == expected
    head(tab, "Case").click()
    head(tab, "Status").click()
    assert shown(tab) == [CONTEXT, DOUBT, BUYS, SAYS, PAYS]
    assert tab.locator("#observations th[aria-sort=ascending]").count() == 1


def test_sorting_takes_negative_weights_for_numbers(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    head(tab, "Weight (dB)").click()
    texts = [text.replace("−", "-") for text in tab.locator("#observations tr td:nth-child(8)").all_text_contents()]
    numbers = [float(text) for text in texts[:3]]
    assert numbers == sorted(numbers, reverse=True)
    assert min(numbers) < 0
    assert texts[3:] == ["–", "–"]


def answered(tab: Page) -> Any:
    tab.locator('#live[aria-busy="false"]').wait_for()
    return np.array(
        tab.evaluate("[...document.querySelectorAll('#live [data-row]')].map(row => Number(row.dataset.now))")
    )


def box(tab: Page, title: str) -> Any:
    return tab.locator("#observations").get_by_label(f"Counts: {title}")


def test_a_box_leaves_an_observation_out_of_the_answer_and_the_link(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    assert tab.locator("#observations input").count() == 3
    before = answered(tab)
    box(tab, BUYS).focus()
    tab.keyboard.press("Space")
    expect(box(tab, BUYS)).to_be_focused()
    expect(box(tab, BUYS)).not_to_be_checked()
    assert "without=one-buys" in tab.evaluate("location.hash")
    tab.locator("#live-count").filter(has_text="1 change").wait_for()
    after = answered(tab)
    assert np.abs(after - before).max() > 1e-3
    own = tab.context.new_page()
    opened(own, tmp_path, html_of(), "#~without=one-buys")
    expect(box(own, BUYS)).not_to_be_checked()
    np.testing.assert_allclose(answered(own), after, rtol=0.0, atol=1e-12)
    box(tab, BUYS).check()
    np.testing.assert_allclose(answered(tab), before, rtol=0.0, atol=1e-12)
    assert tab.evaluate("location.hash") == ""


def test_boxes_follow_what_is_left_out_elsewhere(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of(), "#~clusters=purchase@one")
    for title in (BUYS, SAYS):
        expect(box(tab, title)).to_be_disabled()
        expect(box(tab, title)).not_to_be_checked()
    expect(box(tab, PAYS)).to_be_checked()
    tab.locator('#live [data-do="reset"]').click()
    expect(box(tab, BUYS)).to_be_checked()
    tab.evaluate("document.querySelectorAll('#evidence details').forEach(one => { one.open = true; })")
    tab.locator("#obs-two-pays button[data-out]").click()
    expect(box(tab, PAYS)).not_to_be_checked()


@pytest.mark.parametrize(("kind", "answers"), [("face-value", True), ("model", False)])
def test_without_draws_all_works_but_leaving_out(tab: Page, tmp_path: Path, kind: str, answers: bool) -> None:  # noqa: FBT001 - a column
    watch = opened(tab, tmp_path, html_of(kind, answers=answers))
    assert tab.locator("#observations input").count() == 0
    assert tab.locator("#observations thead th").count() == 9
    tool(tab, "Words in titles and claims").fill("主张one")
    tool(tab, "Step").select_option(label="Premise")
    head(tab, "Spread (dB)").click()
    head(tab, "Spread (dB)").click()
    assert (shown(tab), count(tab)) == ([CONTEXT, BUYS], "2 of 5 observations")
    assert watch.beyond_itself() == []


def test_the_keyboard_is_enough(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    tool(tab, "Words in titles and claims").focus()
    tab.keyboard.type("one")
    assert shown(tab) == [BUYS, SAYS, CONTEXT]
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    expect(tool(tab, "Step")).to_be_focused()
    tab.keyboard.press("ArrowDown")
    assert shown(tab) == [BUYS, CONTEXT]
    for _ in range(5):
        tab.keyboard.press("Tab")
    tab.keyboard.type("3")
    assert shown(tab) == [BUYS]
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert shown(tab) == TITLES
    for _ in range(4):  # the region that scrolls, then headers
        tab.keyboard.press("Tab")
    expect(head(tab, "Observation")).to_be_focused()
    tab.keyboard.press("Space")
    assert shown(tab) == sorted(TITLES)
    for _ in range(8):
        tab.keyboard.press("Tab")
    expect(box(tab, BUYS)).to_be_focused()


def test_what_is_looked_for_survives_the_switch_of_the_language(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of(other="zh"))
    tool(tab, "Step").select_option(label="Premise")
    tool(tab, "Words in titles and claims").fill("of one")
    head(tab, "Spread (dB)").click()
    head(tab, "Spread (dB)").click()
    assert shown(tab) == [CONTEXT, BUYS]
    tab.locator("#language").click()
    expect(tab.locator("html")).to_have_attribute("lang", "zh-CN")
    assert shown(tab) == ["标题one-context", "标题one-buys"]
    assert count(tab) == "共5条观察，显示2条"
    assert tool(tab, "步骤").locator("option:checked").text_content() == "前提"
    assert tool(tab, "标题与主张中的词语").input_value() == "of one"
    tool(tab, "步骤").select_option(label="全部")
    tab.locator("#language").click()
    expect(tab.locator("html")).to_have_attribute("lang", "en")
    assert shown(tab) == [CONTEXT, BUYS, SAYS]


def test_paper_has_the_table_as_it_is_filtered(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of())
    tool(tab, "Case").select_option(label="Case one")
    tab.emulate_media(media="print")
    assert shown(tab) == [BUYS, SAYS, CONTEXT]
    assert tab.locator("#evidence .tools").is_hidden()
    assert tab.locator("#sources li").first.is_visible()
    overflow = tab.locator("#observations").evaluate("one => getComputedStyle(one).overflow")
    assert overflow == "visible"


@pytest.mark.parametrize(("width", "columns"), [(390, 4), (1200, 10)])
def test_a_phone_shows_the_columns_that_fit(tab: Page, tmp_path: Path, width: int, columns: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    opened(tab, tmp_path, html_of())
    assert tab.locator("#observations thead th:visible").count() == columns
    assert tab.locator("#observations tbody tr").first.locator(":is(td, th):visible").count() == columns
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    fits = tab.locator("#observations").evaluate("one => one.scrollWidth <= one.clientWidth")
    assert fits


def test_rows_that_shared_a_cell_each_have_their_own(tab: Page, tmp_path: Path) -> None:
    html = html_of()
    expected = [[cell.text().strip() for cell in row] for row in grid(parse(html).find("observations"))]
    opened(tab, tmp_path, html)
    found = tab.evaluate(
        "[...document.querySelectorAll('#observations tbody tr')]"
        ".map(row => [...row.cells].slice(0, 9).map(cell => cell.textContent.trim()))"
    )
    assert found == expected
    assert tab.locator("#observations [rowspan]").count() == 0


def test_a_link_to_a_source_opens_the_list(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, html_of(answers=False), "#obs-two-pays")
    tab.locator("#obs-two-pays").get_by_role("link", name="GB/T 7714").click()
    expect(tab.locator("#sources li").nth(1)).to_be_in_viewport()
    assert "WALT S M." in tab.locator("#sources li").nth(1).inner_text()
