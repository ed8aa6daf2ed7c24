"""The study as its report hands it out: whole, with the digest that is shown, and read by bayestrace."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Watch, handed_out
from hypothesis import given
from hypothesis import strategies as st
from lively_pages import lively_tree
from pages import parse, unpacked
from playwright.sync_api import Page, expect
from studies import Words, plain

import bayestrace.report.page
from bayestrace.encoding import encode
from bayestrace.messages import Lang
from bayestrace.reading import read_study
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render
from bayestrace.report.page.borrowed import BETWEEN, TAKEN, borrowed, said
from bayestrace.study import Study, canonical_json

HOSTILE = '</script>\0<b>"\\ \r\n\t 1.5 &amp; \U0001f600 \x7f it\'s -3 </main> data-value="7" > '


def spoilt(text: str) -> str:
    return f"{text}{HOSTILE}{text}"


@functools.cache
def page_of(lang: Lang = "en", other: Lang | None = None, say: Words = plain) -> str:
    tree = lively_tree(say=say)
    return render(read_content(tree, lang), live.island(tree), read_content(tree, other) if other else None)


@functools.cache
def study_of(say: Words = plain) -> str:
    return str(lively_tree(say=say).attrs["study"])


def opened(tab: Page, tmp_path: Path, html: str, fragment: str = "") -> Watch:
    watch = Watch(tab, tmp_path / "report.html", html, fragment)
    tab.locator('#live[aria-busy="false"]').wait_for()
    tab.locator("#reproduction .take").wait_for(state="attached")
    return watch


def taken(tab: Page) -> bytes:
    file = handed_out(tab, tab.locator("#reproduction .take button").last)
    assert file.suggested_filename == "bayestrace-study.json"
    return Path(file.path()).read_bytes()


@pytest.mark.parametrize("say", [plain, spoilt])
@pytest.mark.parametrize(("lang", "other", "fragment"), [("en", None, ""), ("zh", "en", ""), ("en", "zh", "#~lang=zh")])
def test_the_study_that_is_handed_out_has_the_digest_that_is_shown(  # noqa: PLR0913, PLR0917 - a page, a place, a text
    tab: Page, tmp_path: Path, lang: Lang, other: Lang | None, fragment: str, say: Words
) -> None:
    watch = opened(tab, tmp_path, page_of(lang, other, say), fragment)
    shown = tab.locator("#reproduction .digest").text_content()
    raw = taken(tab)
    assert hashlib.sha256(raw).hexdigest() == shown == Study.model_validate_json(study_of(say)).digest()
    assert raw.decode() == study_of(say)
    assert [entry for entry in watch.beyond_itself() if not entry.startswith("request blob:")] == []


def test_bayestrace_reads_it_in_place_of_the_folder(tab: Page, tmp_path: Path) -> None:
    opened(tab, tmp_path, page_of())
    file = tmp_path / "bayestrace-study.json"
    file.write_bytes(taken(tab))
    study, tree = read_study(file), lively_tree()
    problem = tree["problem"].to_dataset()
    assert study.digest() == tree.attrs["study_digest"]
    told = encode(study, study.profiles["reference"], tree.attrs["set"])
    for name in ("case", "hypothesis", "coder", "evidence"):
        assert told[name].values.tolist() == problem[name].values.tolist()
    assert told["weight"].equals(problem["weight"])


def test_what_was_changed_in_the_page_is_not_handed_out_as_the_study(tab: Page, tmp_path: Path) -> None:
    changed = page_of().replace("<main>", "<main><p>translated</p>", 1)
    opened(tab, tmp_path, changed)
    files: list[str] = []
    tab.on("download", lambda handed: files.append(handed.suggested_filename))
    tab.locator("#reproduction .take button").last.click()
    expect(tab.locator("#reproduction > p").last).to_contain_text("cannot be handed out")
    assert files == []


def test_the_study_takes_what_the_page_says_from_it() -> None:
    page = page_of()
    left = unpacked(page, "study")
    assert left.partition("\n")[2].count(TAKEN) >= 5
    for claimed in ("The codings are invented.", "Cornell University Press", "https://example.org/walt"):
        assert claimed in study_of()
        assert claimed not in left


def filled(packed: str, from_: str) -> str:
    """Put a study together again, as `ui/study.js` does."""
    text, *lines = packed.split("\n")
    columns: dict[str, Iterator[str]] = {}
    name = ""

    def put(found: re.Match[str]) -> str:
        nonlocal name
        if found[1] is not None:
            name = found[1]
            return found[0]
        if name not in columns:
            columns[name] = values(lines.pop(0), lines.pop(0), from_)
        return next(columns[name])

    return re.sub(rf'"((?:[^"\\]|\\.)*)":|{TAKEN}', put, text)


def values(left: str, places: str, from_: str) -> Iterator[str]:
    place, at = map(int, places.split()), 0

    def piece(_: re.Match[str]) -> str:
        nonlocal at
        start = at + next(place)
        at = start + next(place)
        return from_[start:at]

    return iter(re.sub(TAKEN, piece, left).split(BETWEEN))


WORDS = st.text(st.sampled_from('ab1.-"\\<&\n\r\u4e00\U0001f600')) | st.text()


@given(st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=5), st.floats(allow_nan=False, allow_infinity=False))
def test_any_json_is_put_together_again(texts: list[str], others: list[str], value: float) -> None:
    text = canonical_json({"a": [one * 9 for one in texts], "b": value, "c": "".join(others) * 3})
    page = "".join(one * 9 for one in [*others, *texts])
    assert filled(borrowed(text, page), page) == text


def test_browsers_read_of_a_page_what_the_program_does(tab: Page, tmp_path: Path) -> None:
    """Of a page that no script changes: texts, and where links lead."""
    for place, html in enumerate((page_of(say=spoilt), page_of("zh"))):
        still = tab.context.new_page()
        still.add_init_script("delete window.DecompressionStream")
        path = tmp_path / f"{place}.html"
        path.write_text(html, encoding="utf-8")
        still.goto(path.as_uri())
        told = still.evaluate(
            """() => { const main = document.querySelector("main");
              return main.textContent
                + [...main.querySelectorAll("a[href]")].map(one => one.getAttribute("href") + "\\n").join(""); }"""
        )
        assert told == said(html)
        still.close()


def test_elements_carry_the_numbers_that_were_taken_out(
    tab: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by the page's script and by the tests' reader alike: as if none had been taken."""
    html = page_of(say=spoilt)
    tree = lively_tree(say=spoilt)
    with monkeypatch.context() as patched:
        patched.setattr(bayestrace.report.page, "carried", lambda page: (page, "\n\n\n\n\n"))
        whole = render(read_content(tree, "en"), live.island(tree))
    names = ("data-value", "data-parts", "data-low", "data-high", "value")
    expected = [
        [one.tag, {name: one.attrs[name] for name in names if name in one.attrs}]
        for one in parse(whole.replace(' id="numbers">', ">")).all("main")[0].walk()
    ][1:]
    carrying = [attrs for _, attrs in expected if attrs]
    assert len(carrying) > 300
    assert [
        [one.tag, {name: one.attrs[name] for name in names if name in one.attrs}]
        for one in parse(html).all("main")[0].walk()
    ][1:] == expected
    assert not any(f" {name}=" in page_of().partition("</main>")[0] for name in names[:4])
    opened(tab, tmp_path, html)
    # The script adds buttons and tables: what it found there is what carries numbers, but for what it counts itself.
    read_back = tab.evaluate(
        """names => [...document.querySelectorAll("#cases *, #evidence *, #coders *")].map(one => Object.fromEntries(
          names.filter(name => one.hasAttribute(name) && !one.matches("input, button, option"))
            .map(name => [name, one.getAttribute(name)]))).filter(one => Object.keys(one).length > 0)""",
        list(names),
    )
    sections = [one for one in parse(whole.replace(' id="numbers">', ">")).all("section") if one.attrs.get("id")]
    wanted = [
        {name: one.attrs[name] for name in names if name in one.attrs}
        for section in sections
        if section.attrs["id"] in {"cases", "evidence", "coders"}
        for one in section.walk()
        if set(names) & set(one.attrs) and one.tag not in {"input", "button", "option"}
    ]
    assert read_back == wanted
