"""One file in two languages: the other one is packed, and what is the same in both stands once."""

from __future__ import annotations

import base64
import zlib

from bayestrace.messages import Lang
from bayestrace.report.page.html import Html

#: How a page names its languages to browsers, in the attribute `lang`.
TAGS: dict[Lang, str] = {"en": "en", "zh": "zh-CN"}
_LEVEL = 9


def packed(page: str) -> Html:
    """Pack a page for `ui/language.js`, which unpacks it where a reader asks for it.

    Returns
    -------
    Html
        A zlib stream (RFC 1950) in base64: no character that HTML would read as markup.
    """
    return Html(base64.b64encode(zlib.compress(page.encode(), _LEVEL)).decode())
