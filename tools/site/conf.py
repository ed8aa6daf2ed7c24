"""The documentation as a site: `make site` writes it to build/site. Nothing in it is loaded from elsewhere."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sphinx.search.en import SearchEnglish

from bayestrace import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "bayestrace"
version = release = __version__
author = ""
html_show_copyright = False
extensions = ["myst_parser"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = "bayestrace"
html_static_path = ["_static"]
html_css_files = ["chinese.css"]
html_show_sourcelink = False
# Chinese in a font for reading, whatever the browser would take for it in an English page; letters in the usual ones.
_CHINESE = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"'
_LETTERS = "-apple-system, BlinkMacSystemFont, Segoe UI, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"
_FONTS = {
    "font-stack": f"{_LETTERS}, {_CHINESE}",
    "font-stack--monospace": f'"SFMono-Regular", Menlo, Consolas, "Liberation Mono", monospace, {_CHINESE}',
    "font-stack--headings": "var(--font-stack)",
}
html_theme_options = {"light_css_variables": _FONTS, "dark_css_variables": _FONTS}
html_copy_source = False
exclude_patterns = ["validation/small-design"]
highlight_language = "text"
language = "en"
_HAN = re.compile(r"[\u3400-\u9fff]+")
_RUNS = re.compile(r"[\u3400-\u9fff]+|[^\W\u3400-\u9fff]+")


class Search(SearchEnglish):
    """Search for Chinese too: it has no blanks between words, so that any two characters side by side are one."""

    js_splitter_code = r"""
var splitQuery = (query) =>
  (query.match(/[\u3400-\u9fff]+|(?:(?![\u3400-\u9fff])[\p{L}\p{N}_])+/gu) || []).flatMap((run) =>
    /[\u3400-\u9fff]{2}/.test(run) ? [...run].slice(1).map((last, place) => [...run][place] + last) : [run]);
"""

    def split(self, input: str) -> list[str]:  # noqa: A002 - its name in Sphinx
        """Part a text into words, and runs of Chinese into pairs."""
        return [word for run in _RUNS.findall(input) for word in (_pairs(run) if _HAN.match(run) else [run])]


def _pairs(run: str) -> list[str]:
    return [one + other for one, other in pairwise(run)] or [run]


def setup(app: Sphinx) -> None:
    """Register how it is searched, and what is done to pages before they are read and before they are written."""
    app.add_search_language(Search)
    app.connect("source-read", _outside)
    app.connect("html-page-context", _language)


def _language(_: Sphinx, name: str, __: str, context: dict[str, Any], ___: object) -> None:
    """Say of Chinese pages that they are, so that browsers take Chinese glyphs and readers aloud a Chinese voice."""
    if name.endswith(".zh"):
        context["language"] = "zh-CN"


def _outside(_: Sphinx, name: str, source: list[str]) -> None:
    """Name files of the repository that are no pages of the site, in place of a link that would lead nowhere."""
    up = r"(?:\.\./){" + str(name.count("/") + 1) + r"}"
    named = r"\1（`\2`）" if name.endswith(".zh") else r"\1 (`\2`)"
    source[0] = re.sub(r"\[([^\]]+)\]\(" + up + r"([^)#]+)[^)]*\)", named, source[0])
    # A folder is no page either.
    source[0] = re.sub(r"\[([^\]]+)\]\((small-design)\)", r"\1", source[0])
