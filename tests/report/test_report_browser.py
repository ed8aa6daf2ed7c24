"""The page in a real browser: hostile texts stay text, nothing runs, nothing is requested, nothing overflows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from browsing import Watch
from lively_pages import lively_page
from pages import Lang, page_of
from playwright.sync_api import Browser, Page
from sensitive import sensitive_tree
from trees import small_tree

MARK = "document.title='broken';window.broken=1"
HOSTILE = [
    f"<script>{MARK}</script>",
    f"</script><script>{MARK}</script>",
    f"</style><script>{MARK}</script>",
    f"</title></svg><script>{MARK}</script>",
    f"<img src=x onerror={MARK}>",
    f"<img src='https://evil.example/x.png' onerror=\"{MARK}\">",
    f"<svg onload={MARK}>",
    f"<svg><animate onbegin={MARK} attributeName=x dur=1s>",
    f'"><script>{MARK}</script>',
    f"' onmouseover='{MARK}' x='",
    f'" autofocus onfocus="{MARK}" x="',
    f"javascript:{MARK}",
    f"data:text/html,<script>{MARK}</script>",
    f'<iframe srcdoc="<script>parent.{MARK}</script>"></iframe>',
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/y.css';</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href=https://evil.example/>",
    f"<details open ontoggle={MARK}>",
    f"<body onload={MARK}>",
    f"{{{{ cycler.__init__.__globals__ }}}}{{% for x in range(9) %}}<b onclick={MARK}>{{% endfor %}}",
    f"&lt;script&gt;{MARK}&lt;/script&gt;",
    f"<math><mtext></mtext><mglyph><style></math><img src onerror={MARK}>",
    "{0}{name!r:>9999999}%s%n",
    "{leader}{p}{__proto__}{constructor}",
    f"<ScRiPt>{MARK}</sCrIpT>",
    f"<script\t>{MARK}</script\n>",
    f"<script/x>{MARK}</script>",
    f"<<script>{MARK}//<</script>",
    f"<script src=https://evil.example/x.js>{MARK}</script>",
    f"<script type=module>{MARK}</script>",
    f"<!--><script>{MARK}</script>-->",
    f"<!--</script><script>{MARK}</script>",
    f"]]><script>{MARK}</script>",
    f'\\"}};{MARK};//',
    f"\\u003cscript\\u003e{MARK}\\u003c/script\\u003e",
    f"`-{MARK}-`${{{MARK}}}",
    f"\u2028{MARK}\u2029",
    f"<textarea></textarea><script>{MARK}</script>",
    f"<title></title><script>{MARK}</script>",
    f"<noscript><p title='</noscript><img src=x onerror={MARK}>'>",
    f"<template><script>{MARK}</script></template><x onclick={MARK}>",
    f"<input autofocus onfocus={MARK}>",
    f"<video><source onerror={MARK}></video>",
    f"<audio src=x onerror={MARK}></audio>",
    f"<object data=javascript:{MARK}></object>",
    f"<embed src=javascript:{MARK}>",
    f"<form action=javascript:{MARK}><button>x</button></form>",
    f"<a href=javascript:{MARK}>x</a>",
    f"<a href='java\tscript:{MARK}'>x</a>",
    f"<svg><a xlink:href=javascript:{MARK}><text>x</text></a></svg>",
    f"<svg><script>{MARK}</script></svg>",
    f"<svg><foreignObject><iframe onload={MARK}></iframe></foreignObject></svg>",
    f"<math href=javascript:{MARK}>x</math>",
    f"<table background=javascript:{MARK}><td>x</table>",
    f"<div style='background:url(https://evil.example/z.png)' onpointerenter={MARK}>x</div>",
    f"<marquee onstart={MARK}>x</marquee>",
    f"<select onfocus={MARK} autofocus><option>x</select>",
    "\ufeff\u0008\u001b[31mred\u0007",
    "A" * 1000,
    "\U0001f9e8" * 300,
    "\u202e<b>right to left</b>\u0000\ufffe",
]


def test_the_payloads_are_many() -> None:
    assert len(set(HOSTILE)) >= 50


@pytest.fixture(scope="module")
def one_tab(browser: Browser) -> Iterator[Page]:
    """Open one tab for many pages: a window of its own for each takes longer than the page."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


# Every text in every field takes minutes: of these, some stand for their kind, and `make full` tries them all. Pages on
# which all of them stand side by side are tried each time, below.
EVERY_FIELD = [
    payload if place % 15 == 0 else pytest.param(payload, marks=pytest.mark.long)
    for place, payload in enumerate(HOSTILE)
]


@pytest.mark.parametrize("payload", EVERY_FIELD)
def test_a_hostile_text_everywhere_stays_text(one_tab: Page, tmp_path: Path, payload: str) -> None:
    check_harmless(one_tab, tmp_path, lively_page(say=lambda _: payload))


@pytest.mark.parametrize("first", [0, 21, 42])
def test_hostile_texts_side_by_side_stay_texts_where_the_page_answers(
    one_tab: Page, tmp_path: Path, first: int
) -> None:
    texts = itertools.islice(itertools.cycle(HOSTILE), first, None)
    check_harmless(one_tab, tmp_path, lively_page(say=lambda _: next(texts)))


@pytest.mark.parametrize("kind", ["model", "face-value"])
@pytest.mark.parametrize("first", [0, 7])
def test_hostile_texts_side_by_side_stay_texts(tab: Page, tmp_path: Path, kind: str, first: int) -> None:
    texts = itertools.islice(itertools.cycle(HOSTILE), first, None)
    check_harmless(tab, tmp_path, page_of(sensitive_tree(kind, say=lambda _: next(texts)), "zh"))


# What a reader does where the page answers anew: move, leave out, overwrite, undo.
USE = """async () => {
  const later = () => new Promise(resolve => setTimeout(resolve, 60));
  const slider = document.querySelector('[data-set=prior]');
  if (!slider) {
    return;
  }
  slider.value = 90;
  slider.dispatchEvent(new Event('input', {bubbles: true}));
  await later();
  for (const tool of [...document.querySelectorAll('.obs .does button')].slice(0, 6)) {
    tool.click();
  }
  await later();
  document.querySelector('#live-changes button')?.click();
  await later();
}"""


def check_harmless(tab: Page, tmp_path: Path, html: str) -> None:
    """Open the page, use it, and see that it is still itself."""
    watch = Watch(tab, tmp_path / "report.html", html)
    title = tab.title()
    scripts = tab.locator("#script").count()
    if scripts:
        # The opener, and what it unpacks.
        tab.wait_for_selector("body > script:not([type]) ~ script:not([type])", state="attached")
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for link in tab.locator("a[href^='#'], summary").all()[:12]:
        link.dispatch_event("click")
        link.dispatch_event("mouseover")
        link.dispatch_event("focus")
    tab.evaluate(USE)
    assert watch.beyond_itself() == []
    assert tab.evaluate("window.broken") is None
    assert tab.title() == title
    assert title != "broken"
    assert tab.locator(":not(body) > script, iframe, img, link, base, style ~ style, main style, math, b").count() == 0
    assert tab.locator("script:not([type])").count() == 2 * scripts
    schemes = tab.evaluate("[...document.links].map(one => new URL(one.href).protocol)")
    assert set(schemes) <= {"file:", "https:"}
    hosts = tab.evaluate("[...document.links].map(one => one.hostname)")
    assert set(hosts) <= {"", "example.org"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [360, 768, *(pytest.param(width, marks=pytest.mark.long) for width in (400, 1280))])
def test_nothing_is_wider_than_the_window(tab: Page, tmp_path: Path, lang: Lang, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    watch = Watch(tab, tmp_path / "report.html", page_of(sensitive_tree(), lang))
    tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert watch.beyond_itself() == []


@pytest.mark.parametrize(("width", "shown"), [(400, "narrow"), (1280, "wide")])
def test_one_of_two_drawings_is_shown(tab: Page, tmp_path: Path, width: int, shown: str) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    Watch(tab, tmp_path / "report.html", page_of(small_tree()))
    for class_ in ("narrow", "wide"):
        drawn = tab.locator(f"svg.{class_}").all()
        assert len(drawn) >= 3
        assert {one.is_visible() for one in drawn} == {class_ == shown}


def test_the_style_applies_under_its_own_policy(tab: Page, tmp_path: Path) -> None:
    Watch(tab, tmp_path / "report.html", page_of(small_tree()))
    assert tab.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"


def test_a_script_slipped_into_the_page_would_not_run(tab: Page, tmp_path: Path) -> None:
    """The second wall: were escaping to fail, the policy would still stop it."""
    html = page_of(small_tree()).replace("<main>", f"<main><script>{MARK}</script><img src=x onerror={MARK}>")
    Watch(tab, tmp_path / "report.html", html)
    assert tab.evaluate("window.broken") is None


def test_what_is_written_beside_an_axis_looks_as_its_group_says(tab: Page, tmp_path: Path) -> None:
    Watch(tab, tmp_path / "report.html", page_of(small_tree()))
    said = "[...document.querySelectorAll('#answer svg g.soft text')].map(one => getComputedStyle(one))"
    soft = tab.evaluate("getComputedStyle(document.querySelector('p.soft')).color")
    found = tab.evaluate(f"{said}.map(one => [one.fill, one.fontSize, one.textAnchor])")
    assert len(found) >= 9
    assert {tuple(one) for one in found} == {(soft, "11px", "middle")}


@pytest.mark.parametrize("width", [400, 1280])
def test_numbers_beside_an_axis_are_whole(tab: Page, tmp_path: Path, width: int) -> None:
    """The widest that there are: very small ones, and one in bold that is near 1."""
    tree = small_tree("face-value")
    near = np.array([[0.9996, 0.0002, 0.0002], [0.926, 0.0004, 0.0736], [0.004, 0.996, 0.0]])
    tree["face_value"]["probability"].loc[{"pooled": "case-by-case", "doubtful": "counted"}] = near
    tab.set_viewport_size({"width": width, "height": 800})
    Watch(tab, tmp_path / "report.html", page_of(tree))
    beyond = tab.evaluate(
        "[...document.querySelectorAll('#answer svg')].filter(one => one.checkVisibility()).flatMap(svg => "
        "[...svg.querySelectorAll('text')].filter(one => one.getBoundingClientRect().right > "
        "svg.getBoundingClientRect().right + 0.5).map(one => one.textContent))"
    )
    assert "> 999" in tab.locator("#answer").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert beyond == []


def test_dark_is_dark(tab: Page, tmp_path: Path) -> None:
    tab.emulate_media(color_scheme="dark")
    Watch(tab, tmp_path / "report.html", page_of(small_tree()))
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 29)"


def test_printing_opens_the_evidence(tab: Page, tmp_path: Path) -> None:
    Watch(tab, tmp_path / "report.html", page_of(small_tree()))
    card = tab.locator("#obs-one-buys")
    assert not card.is_visible()
    tab.emulate_media(media="print")
    assert card.evaluate("one => one.checkVisibility({contentVisibilityAuto: true})")
