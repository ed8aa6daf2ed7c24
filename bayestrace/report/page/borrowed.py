"""The study as what its page says already, and the rest: most of its texts stand in the page, and its size counts."""

from __future__ import annotations

import re
from html import unescape

# What a parser reads of a page: tags that lead somewhere, other tags, and what stands between them.
_MAIN = re.compile(r"<main>(.*)</main>", re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_LEADS = re.compile(r'<a\b[^<>]*? href=(?:"([^"]*)"|([^\s>]+))')
# Of the text, what may be worth looking for: strings of JSON that are long enough.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
#: What stands where a piece of the page, and where a number, was taken out: JSON holds no control character as it is.
PIECE, NUMBER = "\x01", "\x02"
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
    r"""Write canonical JSON as what is left of it where another text says the rest.

    Parameters
    ----------
    text
        JSON without any control character: `bayestrace.study.Study.canonical`.
    from_
        What is there already.

    Returns
    -------
    str
        Three lines: the text, with `PIECE` for each piece of the other one and `NUMBER` for each number; the numbers;
        and for each piece how far after the end of the one before it begins, and its length, in characters.
    """
    at = {
        from_[place : place + _ALIKE]: place for place in range((len(from_) - _ALIKE) // _APART * _APART, -1, -_APART)
    }
    left, places, taken, last = [], [], 0, 0
    for string in _STRING.finditer(text):
        place, end = string.start() + 1, string.end() - 1
        while place <= end - _ALIKE:
            start = at.get(text[place : place + _ALIKE])
            if start is None:
                place += 1
                continue
            room = min(place - taken, start, _APART)
            back = _alike(text[place - room : place][::-1], from_[start - room : start][::-1])
            along = _ALIKE + _alike(text[place + _ALIKE : end], from_[start + _ALIKE : start + end - place])
            if back + along < _FEWEST:
                place += 1
                continue
            left.append(text[taken : place - back])
            places += [start - back - last, back + along]
            taken, last = place + along, start + along
            place = taken
    whole = PIECE.join([*left, text[taken:]])
    return "\n".join((_NUMBER.sub(NUMBER, whole), " ".join(_NUMBER.findall(whole)), " ".join(map(str, places))))


def _alike(one: str, other: str) -> int:
    """Count the characters from the first in which two texts are alike."""
    most = min(len(one), len(other))
    if one[:most] == other[:most]:
        return most
    return next(place for place in range(most) if one[place] != other[place])
