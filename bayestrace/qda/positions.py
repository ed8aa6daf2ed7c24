"""What the offsets of a quotation count.

The standard (REFI-QDA 1.5, 10.2) counts Unicode code points from 0; programs count UTF-16 units too, and line ends as
one or two. Where it makes a difference it is settled by what the quotations themselves say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

#: How it was settled: no difference; by the text of quotations; by where words end; not at all, so by the standard.
Why = Literal["same", "text", "words", "standard"]
_SEEN, _SURE, _LEAD = 3, 0.9, 0.2


class Reading(NamedTuple):
    """Whether UTF-16 units are counted instead of code points, and CR LF as one."""

    utf16: bool
    one_end: bool


READINGS = tuple(Reading(utf16, one_end) for one_end in (False, True) for utf16 in (False, True))


class Span(NamedTuple):
    """Two offsets, the end not included, and what the project says beside them: a name, a description."""

    start: int
    end: int
    said: tuple[str, ...] = ()


class Counted:
    """A text whose characters are counted in one way."""

    def __init__(self, text: str, reading: Reading) -> None:
        text = text.replace("\r\n", "\n") if reading.one_end else text
        self._units: str | bytes = text.encode("utf-16-le") if reading.utf16 else text

    def cut(self, start: int, end: int) -> str | None:
        """Return what stands between two offsets; None where they are outside of the text."""
        if isinstance(self._units, str):
            return self._units[start:end] if 0 <= start <= end <= len(self._units) else None
        if not 0 <= start <= end <= len(self._units) // 2:
            return None
        return self._units[2 * start : 2 * end].decode("utf-16-le", "replace")


def settle(text: str, spans: Sequence[Span]) -> tuple[Counted, Reading, Why]:
    """Say how the offsets of a text are to be read, and what that rests on."""
    counted = {reading: Counted(text, reading) for reading in READINGS}
    read = {reading: [one.cut(span.start, span.end) for span in spans] for reading, one in counted.items()}
    first = READINGS[0]
    if all(found == read[first] for found in read.values()):
        return counted[first], first, "same"
    told = {reading: sum(map(_as_said, spans, found)) for reading, found in read.items()}
    if best := _leader(told, 1):
        return counted[best], best, "text"
    whole = {reading: sum(_between_words(one, span) for span in spans) for reading, one in counted.items()}
    best = _leader(whole, max(1, round(_LEAD * len(spans)))) if len(spans) >= _SEEN else None
    if best and whole[best] >= _SURE * len(spans):
        return counted[best], best, "words"
    return counted[first], first, "standard"


def _leader(counts: dict[Reading, int], lead: int) -> Reading | None:
    first, second = sorted(counts, key=lambda reading: -counts[reading])[:2]
    return first if counts[first] - counts[second] >= lead else None


def _as_said(span: Span, found: str | None) -> bool:
    """Tell whether the project repeats this quotation, whole or its beginning."""
    plain = " ".join((found or "").split())
    said = [" ".join(one.rstrip("….").split()) for one in span.said]
    return any(len(one) > _SEEN and plain.startswith(one) for one in said)


def _between_words(text: Counted, span: Span) -> bool:
    found = text.cut(span.start, span.end)
    if not found:
        return False
    before = text.cut(span.start - 1, span.start) or ""
    after = text.cut(span.end, span.end + 1) or ""
    return not (before.isalnum() and found[0].isalnum()) and not (after.isalnum() and found[-1].isalnum())
