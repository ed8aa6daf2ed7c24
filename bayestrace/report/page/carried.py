"""The numbers that elements of a page carry to five digits, for its script to read: packed, they take a third."""

from __future__ import annotations

import re

_MAIN = re.compile(r"(?<=<main>).*(?=</main>)", re.DOTALL)
_START = re.compile(r"<([a-zA-Z]\w*)([^<>]*)>")
# One attribute after the other, so that none is sought in the value of another.
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
#: What is taken out, in the order in which `ui/carried.js` names them.
NAMES = ("data-value", "data-parts", "data-low", "data-high", "value")
# What the elements of a form have as their value is said to the form.
_FORM = frozenset({"button", "input", "option"})


def carried(page: str) -> tuple[str, str]:
    """Take the numbers out of the elements of a page, for `ui/carried.js` to put back.

    Parameters
    ----------
    page
        A whole document with its attributes in quotes, none of whose elements is implied.

    Returns
    -------
    str
        The page. Cells are known as numbers by their class, where they carried one.
    str
        What was taken, as three lines with commas between: for each number how many elements of the main part it is
        after the one before it, which of `NAMES` it is, and the number, or numbers with a space between.
    """
    steps: list[int] = []
    names: list[int] = []
    values: list[str] = []
    place = last = -1

    def taken(attribute: re.Match[str]) -> str:
        nonlocal last
        name, value = attribute.groups()
        if name not in NAMES:
            return attribute.group()
        steps.append(place - last)
        names.append(NAMES.index(name))
        values.append(value)
        last = place
        return ""

    def bare(tag: re.Match[str]) -> str:
        nonlocal place
        place += 1
        element, attributes = tag.groups()
        if element in _FORM:
            return tag.group()
        rest = _ATTRIBUTE.sub(taken, attributes)
        mark = ' class="n"' if element == "td" and rest != attributes and "class=" not in rest else ""
        return f"<{element}{mark}{rest}>"

    thin = _MAIN.sub(lambda main: _START.sub(bare, main.group()), page, count=1)
    return thin, "\n".join(",".join(map(str, column)) for column in (steps, names, values))
