"""What is left out of a page's bytes, a browser reads all the same."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lively_pages import lively_page
from pages import Element, page_of, parse
from playwright.sync_api import Page
from sensitive import sensitive_tree

import bayestrace.report.page
from bayestrace.report.page.html import in_cells
from bayestrace.report.page.lean import lean
from bayestrace.report.page.sheet import TEMPLATES, environment

# The document as names, attributes and texts: spaces between elements mean nothing, nor does a scope that is implied,
# nor an xmlns where the namespace is read.
READ = """() => {
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const said = node.textContent.replace(/\\s+/g, " ").trim();
      return said === "" ? [] : [said];
    }
    if (["numbers", "study"].includes(node.id)) {
      return []; // where in the page they stand, spaces between elements among it
    }
    const told = [...node.attributes].filter(one => !["scope", "xmlns"].includes(one.name));
    const attributes = told.map(one => [one.name, one.value]);
    return [[node.namespaceURI, node.nodeName, attributes.sort(), [...node.childNodes].flatMap(read)]];
  };
  return JSON.stringify(read(document.documentElement));
}"""


def seen(tab: Page, path: Path, html: str) -> Any:
    path.write_text(html, encoding="utf-8")
    tab.goto(path.as_uri())
    return tab.evaluate(READ)


@pytest.mark.parametrize("name", ["live", "sensitivity", "hostile"])
def test_a_lean_page_is_the_same_document(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def made() -> str:
        if name == "sensitivity":
            return page_of(sensitive_tree(), "zh")
        return lively_page(say=lambda text: f"{text} </td>\"'`=<li>&amp;/> ") if name == "hostile" else lively_page()

    short = made()
    with monkeypatch.context() as patched:
        patched.setattr(bayestrace.report.page, "lean", lambda page: page)
        whole = made()
    context = browser.new_context(java_script_enabled=True)
    tab = context.new_page()
    # The script would change what stands there: only what is parsed is compared.
    tab.add_init_script("window.stop = true; delete window.DecompressionStream")
    assert seen(tab, tmp_path / "page.html", short) == seen(tab, tmp_path / "page.html", whole)
    assert len(short.encode()) < 0.97 * len(whole.encode())
    context.close()


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ('<p class="a">x</p>', "<p class=a>x</p>"),
        ("<div><p>x</p>\n<p>y</p></div>\n<p>z</p><i>a</i>", "<div><p>x<p>y</div><p>z</p><i>a</i>"),
        ("<table>\n<caption>x</caption>\n<tbody></tbody></table>", "<table><caption>x<tbody></table>"),
        ('<p class="a b">x</p>', '<p class="a b">x</p>'),
        ('<path d="M0"/>', "<path d=M0 />"),
        ('<circle cx="1.5" r="2"/>', "<circle cx=1.5 r=2 />"),
        ('<p title="">x</p>', '<p title="">x</p>'),
        ('<a href="https://a.b/c?d=e">x</a>', '<a href="https://a.b/c?d=e">x</a>'),
        ("<ul><li>a</li>\n<li>b</li></ul>", "<ul><li>a<li>b</ul>"),
        ('<p title="it&#39;s">it&#39;s</p>', '<p title="it&#39;s">it\'s</p>'),
        ("<p>a\n<b>b</b>\n<i>c</i></p>\n\n<p>d</p>", "<p>a\n<b>b</b>\n<i>c</i><p>d</p>"),
        ('<pre><i class="a">x</i></td></pre>', '<pre><i class="a">x</i></td></pre>'),
        ('<script>"</td>"</script><p class="a"></p>', '<script>"</td>"</script><p class=a></p>'),
        ("<p>a\0b</p>", "<p>ab</p>"),
        ("<p>it&#39;s &#x27;so&#x27;</p>", "<p>it's 'so'</p>"),
        ('<p title="it&#39;s">x</p>', '<p title="it&#39;s">x</p>'),
        ('<svg xmlns="http://www.w3.org/2000/svg" class="fig"></svg>', "<svg class=fig></svg>"),
        ('&lt;td class="a"&gt;', '&lt;td class="a"&gt;'),
        (
            '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
            "<table><thead><tr><th>a<tbody><tr><td>1</table>",
        ),
        (
            '<table><thead><tr><td></td><th scope="col">a</th></tr></thead></table>',
            "<table><thead><tr><td><th scope=col>a</table>",
        ),
    ],
)
def test_what_is_left_out(page: str, wanted: str) -> None:
    assert lean(page) == wanted


TEXTS = st.text(st.sampled_from("<>&'\"=/ \nabc#;39")) | st.text(max_size=8)


def told(element: Element) -> list[object]:
    """Return what a reader of the document has: names, attributes and texts, but for spaces at their ends."""
    inside = [one.strip() if isinstance(one, str) else told(one) for one in element.children]
    return [element.tag, element.attrs, [one for one in inside if one]]


@example([("", "\0"), ("a\0b", "\0c")])
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=4))
def test_no_text_or_attribute_is_changed(pairs: list[tuple[str, str]]) -> None:
    """Rows, items and terms with any texts; html.parser reads what was written and what is left of it."""
    rows = "\n".join(f'<tr><td title="{escape(one)}">{escape(other)}</td></tr>' for one, other in pairs)
    items = "\n".join(f'<li class="{escape(one)}"><b>{escape(other)}</b></li>' for one, other in pairs)
    terms = "\n".join(f'<dt id="{escape(one)}">{escape(other)}</dt>\n<dd>{escape(one)}</dd>' for one, other in pairs)
    page = f"<table>\n<tbody>\n{rows}\n</tbody>\n</table>\n<ul>\n{items}\n</ul>\n<dl>\n{terms}\n</dl>"
    # Where html.parser keeps the character of no code, browsers leave it out.
    assert told(parse(lean(page))) == told(parse(page.replace("\0", "")))


def over(*parts: tuple[float, float]) -> str:
    return "".join(f'<td><span data-parts="{one:g} {other:g}">{one - other:g}</span></td>' for one, other in parts)


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (f"<tr><th>w</th>{over((5, 1), (5, 2))}</tr>", '<tr data-parts="5 1 2"><th>w</th><td>4</td><td>3</td></tr>'),
        (
            f'<tr class="a"><th>w</th>{over((5, 1), (5, 2))}<td>x</td></tr>',
            '<tr class="a" data-parts="5 1 2"><th>w</th><td>4</td><td>3</td><td>x</td></tr>',
        ),
        (f"<tr><th>w</th>{over((5, 1))}</tr>", '<tr><th>w</th><td data-parts="5 1">4</td></tr>'),
        # Differences of different numbers, or after another cell, keep their own.
        (
            f"<tr><th>w</th>{over((5, 1), (6, 1))}</tr>",
            '<tr><th>w</th><td data-parts="5 1">4</td><td data-parts="6 1">5</td></tr>',
        ),
        (
            f"<tr><th>w</th><td>x</td>{over((5, 1), (5, 2))}</tr>",
            '<tr><th>w</th><td>x</td><td data-parts="5 1">4</td><td data-parts="5 2">3</td></tr>',
        ),
    ],
)
def test_a_row_carries_once_what_its_differences_share(row: str, wanted: str) -> None:
    assert in_cells(row) == wanted


def test_a_style_sheet_without_its_layout_has_the_same_rules(tab: Page) -> None:
    def rules(style: str) -> list[str]:
        tab.set_content(f"<style>{style}</style>")
        found: list[str] = tab.evaluate("[...document.styleSheets[0].cssRules].map(one => one.cssText)")
        return found

    first = ["style.css", "figures.css"]
    names = first + sorted({path.name for path in TEMPLATES.glob("*.css")} - set(first))
    whole = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    short = str(environment(*names[2:]).globals["style"])
    assert rules(short) == rules(whole)
    assert len(rules(whole)) > 200
    assert len(short) < 0.97 * len(whole)
