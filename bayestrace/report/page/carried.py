"""The numbers that elements of a page carry to five digits, for its script to read: packed, they take a third.

What only carries a number is left out, too, until the script puts it back: a page has thousands, and says no more so.
"""

from __future__ import annotations

import re
from html import unescape

_MAIN = re.compile(r"(?<=<main>).*(?=</main>)", re.DOTALL)
# What carries a number and nothing else; the start of any other element; an end; and what stands between them.
_PIECE = re.compile(
    r'<(?:data value=|span data-parts=)(?P<number>"[^"]*"|[^>]*)>(?P<shown>[^<]*)</(?:data|span)>'
    r"|<(?P<element>[a-zA-Z]\w*)(?P<attributes>[^<>]*)>|</[^>]*>|[^<]+"
)
# One attribute after the other, so that none is sought in the value of another.
_ATTRIBUTE = re.compile(r' ([a-z-]+)=(?:"([^"]*)"|([^\s"]+))')
#: What is taken out of elements, in the order in which `ui/carried.js` names them.
NAMES = ("data-value", "data-parts", "data-low", "data-high", "value")
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
    taker = _Taker()
    thin = _MAIN.sub(lambda main: _TABLE.sub(_of_numbers, _PIECE.sub(taker.take, main.group())), page, count=1)
    return thin, "\n".join(",".join(map(str, column)) for column in taker.columns)


class _Taker:
    """Takes the numbers out of one piece of a page after the other."""

    def __init__(self) -> None:
        self.columns: tuple[list[str | int], ...] = ([], [], [], [], [], [])
        # Elements since the last of them that carries a number, and what is said since the last number left out.
        self._elements, self._said = 0, 0

    def take(self, piece: re.Match[str]) -> str:
        """Return what stays of a piece."""
        if piece["number"] is not None:
            self._note(3, self._said, _length(piece["shown"]), piece["number"].strip('"'))
            self._said = 0
            return piece["shown"]
        if piece["element"] is None:
            self._said += _length(piece[0]) if piece[0][0] != "<" else 0
            return piece[0]
        self._elements += 1
        element, attributes = piece["element"], piece["attributes"]
        if element in _FORM:
            return piece[0]
        rest = _ATTRIBUTE.sub(self._attribute, attributes)
        mark = _MARK if element == "td" and rest != attributes and "class=" not in rest else ""
        return f"<{element}{mark}{rest}>"

    def _attribute(self, attribute: re.Match[str]) -> str:
        name, quoted, bare = attribute.groups()
        if name not in NAMES:
            return attribute.group()
        self._note(0, self._elements, NAMES.index(name), bare if quoted is None else quoted)
        self._elements = 0
        return ""

    def _note(self, first: int, *told: str | int) -> None:
        for column, one in zip(self.columns[first:], told, strict=False):
            column.append(one)


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
