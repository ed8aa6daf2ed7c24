"""The numbers that elements of a page carry to five digits, for its script to read: packed, they take a third.

What only carries a number is left out, too, until the script puts it back: a page has thousands, and says no more so.
"""

from __future__ import annotations

import re
from html import unescape

_MAIN = re.compile(r"(?<=<main>).*(?=</main>)", re.DOTALL)
_START = re.compile(r"<([a-zA-Z]\w*)([^<>]*)>")
_TAG = re.compile(r"<[^<>]*>")
# What carries a number and nothing else.
_CARRIER = re.compile(r'<(?:data value|span data-parts)=("[^"]*"|[^>]*)>([^<]*)</(?:data|span)>')
# One attribute after the other, so that none is sought in the value of another.
_ATTRIBUTE = re.compile(r' ([a-z-]+)=(?:"([^"]*)"|([^\s"]+))')
#: What is taken out of elements, in the order in which `ui/carried.js` names them.
NAMES = ("data-value", "data-parts", "data-low", "data-high", "value")
_ANY = re.compile(rf" (?:{'|'.join(NAMES)})=")
# What the elements of a form have as their value is said to the form.
_FORM = frozenset({"button", "input", "option"})
# How a cell is known as a number, and such a cell with nothing but text in it.
_MARK = " class=n"
_MARKED = re.compile('<td class="?n"?>')
_LONE = re.compile(rf"{_MARKED.pattern}(?=[^<]*(?:<t[dhr]|</|$))")
_TABLE = re.compile(r'<table(?: class="?(?P<names>[\w -]*)"?)?>(?P<inside>.*?)</table>', re.DOTALL)


def carried(page: str) -> tuple[str, str]:
    """Take the numbers out of a page, for `ui/carried.js` to put back.

    Parameters
    ----------
    page
        A whole document, none of whose elements begins without a tag.

    Returns
    -------
    str
        The page. Cells are known as numbers by their class, where they carried one, or by that of their table.
    str
        What was taken, as lines with commas between. Of elements that say more: for each number how many elements of
        the main part it is after the one before it, which of `NAMES` it is, and the number, or numbers with a space
        between. Of those that do not, which are left out: how far after the end of the one before it is what the number
        is shown as, in what the main part says, and how long that is, both as scripts count; and the number, or two.
    """
    found = _MAIN.search(page)
    if found is None:
        return page, "\n" * 5
    main, texts = _without_carriers(found.group())
    main, elements = _without_attributes(main)
    thin = page[: found.start()] + _TABLE.sub(_of_numbers, main) + page[found.end() :]
    return thin, "\n".join(",".join(map(str, column)) for column in (*elements, *texts))


def _without_carriers(main: str) -> tuple[str, tuple[list[int], list[int], list[str]]]:
    """Leave out the elements that only carry a number, and say where they stood and what they carried."""
    gaps: list[int] = []
    lengths: list[int] = []
    numbers: list[str] = []
    kept, end = [], 0
    for one in _CARRIER.finditer(main):
        number, shown = one.groups()
        before = main[end : one.start()]
        gaps.append(_length(_TAG.sub("", before)))
        lengths.append(_length(shown))
        numbers.append(number.strip('"'))
        kept += [before, shown]
        end = one.end()
    return "".join([*kept, main[end:]]), (gaps, lengths, numbers)


def _without_attributes(main: str) -> tuple[str, tuple[list[int], list[int], list[str]]]:
    """Take the numbers out of all other elements, and say whose they were."""
    steps: list[int] = []
    names: list[int] = []
    values: list[str] = []
    place = last = -1

    def taken(attribute: re.Match[str]) -> str:
        nonlocal last
        name, quoted, bare = attribute.groups()
        if name not in NAMES:
            return attribute.group()
        steps.append(place - last)
        names.append(NAMES.index(name))
        values.append(bare if quoted is None else quoted)
        last = place
        return ""

    def thin(tag: re.Match[str]) -> str:
        nonlocal place
        place += 1
        element, attributes = tag.groups()
        if element in _FORM or not _ANY.search(attributes):
            return tag.group()
        rest = _ATTRIBUTE.sub(taken, attributes)
        mark = _MARK if element == "td" and rest != attributes and "class=" not in rest else ""
        return f"<{element}{mark}{rest}>"

    return _START.sub(thin, main), (steps, names, values)


def _length(text: str) -> int:
    """Count what scripts count of a text: units of UTF-16, each end of a line as one."""
    return len(re.sub(r"\r\n?", "\n", unescape(text)).encode("utf-16-le")) // 2


def _of_numbers(table: re.Match[str]) -> str:
    """Say it once where all cells of a table are numbers, and not of single numbers where its class says so."""
    names, inside = (table["names"] or "").split(), table["inside"]
    if "num" in names:
        return table.group().replace(inside, _LONE.sub("<td>", inside))
    if not 0 < inside.count("<td") == len(_MARKED.findall(inside)):
        return table.group()
    said = " ".join([*names, "n"])
    return f"<table class={f'"{said}"' if names else said}>{_MARKED.sub('<td>', inside)}</table>"
