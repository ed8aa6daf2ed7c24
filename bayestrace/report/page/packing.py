"""What a page holds that nobody reads as it stands: packed, it takes a fraction of the bytes."""

from __future__ import annotations

import base64
import zlib

from bayestrace.report.page.html import Html

_LEVEL = 9


def packed(text: str) -> Html:
    """Pack a text for `ui/open.js`, which unpacks it.

    Returns
    -------
    Html
        A zlib stream (RFC 1950) in base64: no character that HTML would read as markup.
    """
    return Html(base64.b64encode(zlib.compress(text.encode(), _LEVEL)).decode())
