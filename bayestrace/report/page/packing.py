"""What a page holds that nobody reads as it stands: packed, it takes a fraction of the bytes."""

from __future__ import annotations

import zlib

import numpy as np

from bayestrace.report.page.html import Html

_LEVEL = 9
#: The signs of ASCII that can be seen, but for those with which HTML marks something: 91, so that two say 13
#: bits, where two of base64 say 12.
SIGNS = "".join(sign for sign in map(chr, range(33, 127)) if sign not in '"&<')
_BITS = 13


def packed(text: str) -> Html:
    """Pack a text for `ui/open.js`, which unpacks it.

    Returns
    -------
    Html
        A zlib stream (RFC 1950), which never begins with a byte of 0, filled up with zeros before it, 13 bits as two of
        `SIGNS`, the more significant one first: no character that HTML would read as markup.
    """
    bits = np.unpackbits(np.frombuffer(zlib.compress(text.encode(), _LEVEL), dtype=np.uint8))
    whole = np.concatenate([np.zeros(-bits.size % _BITS, dtype=np.uint8), bits]).reshape(-1, _BITS)
    numbers = whole @ (1 << np.arange(_BITS - 1, -1, -1))
    signs = np.frombuffer(SIGNS.encode(), dtype=np.uint8)
    return Html(signs[np.stack(np.divmod(numbers, len(SIGNS)), axis=1)].tobytes().decode())
