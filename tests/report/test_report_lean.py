"""What is left out of a page's bytes, a browser reads all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lively_pages import lively_page
from pages import page_of
from playwright.sync_api import Page
from sensitive import sensitive_tree

import bayestrace.report.page
from bayestrace.report.page.lean import lean

# The document as names, attributes and texts; spaces between elements mean nothing, nor does a scope that is implied.
READ = """() => {
  const read = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const said = node.textContent.replace(/\\s+/g, " ").trim();
      return said === "" ? [] : [said];
    }
    const attributes = [...node.attributes].filter(one => one.name !== "scope").map(one => [one.name, one.value]);
    return [[node.nodeName, attributes.sort(), [...node.childNodes].flatMap(read)]];
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
    tab.add_init_script("window.stop = true; Object.defineProperty(window, 'atob', {value: () => { throw 0; }})")
    assert seen(tab, tmp_path / "page.html", short) == seen(tab, tmp_path / "page.html", whole)
    assert len(short.encode()) < 0.97 * len(whole.encode())
    context.close()


@pytest.mark.parametrize(
    ("page", "wanted"),
    [
        ('<p class="a">x</p>', "<p class=a>x</p>"),
        ('<p class="a b">x</p>', '<p class="a b">x</p>'),
        ('<path d="M0"/>', '<path d="M0"/>'),
        ('<circle cx="1.5" r="2"/>', '<circle cx=1.5 r="2"/>'),
        ('<p title="">x</p>', '<p title="">x</p>'),
        ('<a href="https://a.b/c?d=e">x</a>', '<a href="https://a.b/c?d=e">x</a>'),
        ("<ul><li>a</li>\n<li>b</li></ul>", "<ul><li>a<li>b</ul>"),
        ('<p title="it&#39;s">it&#39;s</p>', '<p title="it&#39;s">it\'s</p>'),
        ("<p>a\n<b>b</b>\n<i>c</i></p>\n\n<p>d</p>", "<p>a\n<b>b</b>\n<i>c</i></p><p>d</p>"),
        ('<pre><i class="a">x</i></td></pre>', '<pre><i class="a">x</i></td></pre>'),
        ('<script>"</td>"</script><p class="a"></p>', '<script>"</td>"</script><p class=a></p>'),
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
