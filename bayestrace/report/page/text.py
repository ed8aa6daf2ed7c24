"""Markup back to the plain text that a reader sees: for the terminal, and for figures, which escape by themselves."""

from __future__ import annotations

import re
from html import unescape

from bayestrace.report.page.html import Html

_TAG = re.compile(r"<[^<>]*>")


def text_of(markup: Html) -> str:
    """Take the tags out of markup that was escaped when it was put together, and the escapes with them."""
    return unescape(_TAG.sub("", markup))
