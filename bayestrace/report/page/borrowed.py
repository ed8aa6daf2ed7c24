"""The study as what its page says already, and the rest: most of its texts stand in the page, and its size counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

# What a parser reads of a page: tags that lead somewhere, other tags, and what stands between them.
_MAIN = re.compile(r"<main>(.*)</main>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LEADS = re.compile(r'<a\b[^<>]*? href=(?:"([^"]*)"|([^\s>]+))')
# What JSON is made of: strings, each the name of what follows or a value, and other values.
_VALUE = re.compile(r'"((?:[^"\\]|\\.)*)"(:?)|-?\d[\d.eE+-]*|true|false|null')
#: What stands where a value, and in a value where a piece of the page, was taken out; and what stands between values:
#: JSON holds no control character as it is.
TAKEN, BETWEEN = "\x01", "\x02"
#: Letters that must be alike for a piece to be looked at, and the fewest that are worth a reference; how far apart the
#: places of the page are that pieces are sought from.
_ALIKE, _FEWEST, _APART = 16, 20, 4


def said(page: str) -> str:
    """Read what a page says in its main part, and then where its links lead, as `ui/study.js` reads it.

    Parameters
    ----------
    page
        A whole document as `bayestrace.report.page.render` writes it: no `<` or `>` stands in a text or an attribute.
    """
    found = _MAIN.search(page)
    main = found[1] if found else ""
    leads = "".join(f"{unescape(one or other)}\n" for one, other in _LEADS.findall(main))
    # A parser reads each end of a line as one sign.
    return re.sub(r"\r\n?", "\n", unescape(_TAG.sub("", main)) + leads)


def borrowed(text: str, from_: str) -> str:
    """Write canonical JSON as what is left of it where another text says the rest.

    Values that are told of the same name are much alike, so that they stand together.

    Parameters
    ----------
    text
        JSON without any control character: `bayestrace.study.Study.canonical`.
    from_
        What is there already.

    Returns
    -------
    str
        Lines: the text with `TAKEN` for each value; and for each name that values follow, in the order in which these
        names come, two: the values, `BETWEEN` them, with `TAKEN` for each piece of the other text; and for each piece
        how far after the end of the one before it begins, and its length, in characters.
    """
    columns: dict[str, list[str]] = {}
    name = ""

    def taken(value: re.Match[str]) -> str:
        nonlocal name
        if value[2]:
            name = value[1]
            return value[0]
        said = value[0] if value[1] is None else value[1]
        columns.setdefault(name, []).append(said)
        return TAKEN if value[1] is None else f'"{TAKEN}"'

    lines = [_VALUE.sub(taken, text)]
    at = {
        from_[place : place + _ALIKE]: place for place in range((len(from_) - _ALIKE) // _APART * _APART, -1, -_APART)
    }
    for column in columns.values():
        lines += _left(BETWEEN.join(column), from_, at)
    return "\n".join(lines)


def _left(text: str, from_: str, at: Mapping[str, int]) -> tuple[str, str]:
    """Take pieces of another text out of a text, and say where they are."""
    left, places, taken, last, place = [], [], 0, 0, 0
    most = len(text) - _ALIKE + 1
    while (place := next((one for one in range(place, most) if text[one : one + _ALIKE] in at), most)) < most:
        start = at[text[place : place + _ALIKE]]
        room = min(place - taken, start, _APART)
        back = _alike(text[place - room : place][::-1], from_[start - room : start][::-1])
        end = stop if (stop := text.find(BETWEEN, place)) >= 0 else len(text)
        along = _ALIKE + _alike(text[place + _ALIKE : end], from_[start + _ALIKE : start + end - place])
        if back + along < _FEWEST:
            place += 1
            continue
        left.append(text[taken : place - back])
        places += [start - back - last, back + along]
        taken = place = place + along
        last = start + along
    return TAKEN.join([*left, text[taken:]]), " ".join(map(str, places))


def _alike(one: str, other: str) -> int:
    """Count the characters from the first in which two texts are alike."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    return next(place for place in range(most) if one[place] != other[place])
