"""Ranges of pages, as styles write them."""

from __future__ import annotations

import re
from typing import Literal

Manner = Literal["whole", "chicago", "mla"]
# Numbers end somewhere, and nothing is tried twice: a field may hold anything, and any length of it.
_RANGE = re.compile(
    r"(?<!\d)(?P<start>[A-Za-z]{0,9})(?P<first>\d{1,9})\s*+[-–—－~～]++\s*+(?P<again>[A-Za-z]{0,9})(?P<last>\d{1,9})(?!\d)"
)
_HUNDRED = 100


def pages(text: str, manner: Manner = "whole", dash: str = "–") -> str:
    """Write pages: ranges with a dash, the last page in full or shortened.

    Parameters
    ----------
    text
        As the source has it: `332-58`, `461–495`, `S12-S18, 20`.
    manner
        ``whole``: every digit. ``chicago``: the Chicago Manual of Style, 9.63. ``mla``: the MLA Handbook, 2.139: two
        digits unless more differ.
    dash
        What stands between the pages.
    """
    return _RANGE.sub(lambda found: _range(found, manner, dash), text)


def _range(found: re.Match[str], manner: Manner, dash: str) -> str:
    first, last, again = found["first"], found["last"], found["again"]
    if again not in {"", found["start"]}:
        return f"{found['start']}{first}{dash}{again}{last}"
    if len(last) < len(first):  # already shortened: 332-58
        last = first[: len(first) - len(last)] + last
    if len(first) == len(last) and int(first) < int(last) and manner != "whole":
        return f"{found['start']}{first}{dash}{_short(first, last, manner)}"
    return f"{found['start']}{first}{dash}{again if manner == 'whole' else ''}{last}"


def _short(first: str, last: str, manner: Manner) -> str:
    number = int(first)
    differs = next(place for place, (one, other) in enumerate(zip(first, last, strict=True)) if one != other)
    if manner == "chicago":
        if number < _HUNDRED or number % _HUNDRED == 0:
            return last
        if number % _HUNDRED < 10:  # noqa: PLR2004 - 101 to 109: what changed, and no more
            return last[differs:]
    return last[min(differs, max(len(last) - 2, 0)) :]
