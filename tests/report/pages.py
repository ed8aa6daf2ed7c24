"""Read a page back: its elements, its visible texts, its numbers; and the numbers that it may show."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Literal

import numpy as np
import xarray as xr

from bayestrace.report.content import read_content
from bayestrace.report.page import render
from bayestrace.report.page.carried import NAMES
from bayestrace.report.page.packing import SIGNS

Lang = Literal["en", "zh"]
#: Which elements end where another begins, and which end with what they stand in: HTML lets one leave their ends out.
IMPLIED = {
    "td": {"td", "th"},
    "th": {"td", "th"},
    "tr": {"td", "th", "tr"},
    "tbody": {"td", "th", "tr", "thead", "tbody", "caption"},
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "option": {"option"},
    "thead": {"caption"},
}
BLOCKS = "article details div dl fieldset figcaption figure form h1 h2 h3 h4 h5 header main nav ol p section table ul"
IMPLIED |= {name: {"p"} for name in BLOCKS.split()}
OPTIONAL = {"td", "th", "tr", "thead", "tbody", "li", "dt", "dd", "option", "p", "caption"}
#: A number that is shown whole: no markup carries what its digits say.
WHOLE = re.compile(r"([+−]?\d+(?:\.\d+)?)(\u00a0?%)?")
VOID = {"meta", "link", "br", "hr", "img", "input", "wbr"}


@dataclass
class Element:
    """One element with its children and texts in order."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.walk() if element.tag in tags]

    def text(self) -> str:
        inside = "".join(child if isinstance(child, str) else child.text() for child in self.children)
        return f"{inside} " if self.tag in {"title", "desc", "text", "td", "th"} else inside

    def said(self) -> str:
        """Return what scripts find as its `textContent`."""
        return "".join(child if isinstance(child, str) else child.said() for child in self.children)

    def above(self) -> Iterator[Element]:
        if self.parent:
            yield self.parent
            yield from self.parent.above()

    def find(self, name: str) -> Element:
        return next(element for element in self.walk() if element.attrs.get("id") == name)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute stands twice on {tag}"
        while self.at.tag in IMPLIED.get(tag, ()):
            self.leave()
        element = Element(tag, {name: value or "" for name, value in attrs}, self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.at.tag in OPTIONAL and self.at.tag != tag:
            self.leave()
        assert tag == self.at.tag, f"</{tag}> closes <{self.at.tag}>"
        self.leave()

    def leave(self) -> None:
        assert self.at.parent is not None
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def parse(page: str) -> Element:
    """Parse a page, refusing elements that are not closed in turn."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert reader.at is reader.root
    if 'id="numbers">' in page:
        put_back(reader.root, unpacked(page, "numbers"))
    for one in reader.root.all("table", "td"):
        # Whether a table or its cells say that they are numbers is a matter of bytes.
        said = [name for name in one.attrs.pop("class", "").split() if name != "n"]
        one.attrs |= {"class": " ".join(said)} if said else {}
    return reader.root


def put_back(root: Element, numbers: str) -> None:
    """Give a page the numbers that it carries, as its script does."""
    columns = [column.split(",") if column else [] for column in numbers.split("\n")]
    (main,) = root.all("main")
    elements = [element for element in main.walk() if element is not main]
    place = -1
    for step, name, value in zip(*columns[:3], strict=True):
        place += int(step)
        elements[place].attrs[NAMES[int(name)]] = value
    spots, end = [], 0
    for gap, length, value in zip(*columns[3:], strict=True):
        spots.append((end + int(gap), end := end + int(gap) + int(length), value))
    _wrap(main, 0, spots[::-1])
    assert spots == [] or end <= len(_units(main.said()))


def _wrap(element: Element, begin: int, spots: list[tuple[int, int, str]]) -> int:
    """Put elements around what they only carry the number of, the next of which is last; return where the text ends."""
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element):
            kept.append(child)
            begin = _wrap(child, begin, spots)
            continue
        units, at = _units(child), 0
        while spots and spots[-1][1] <= begin + len(units):
            start, end, value = spots.pop()
            assert start >= begin + at, "a number is shown in one text"
            kept.append(_text(units[at : start - begin]))
            attrs = {"data-parts" if " " in value else "value": value}
            made = Element(
                "span" if " " in value else "data", attrs, element, [_text(units[start - begin : end - begin])]
            )
            kept.append(made)
            at = end - begin
        kept.append(_text(units[at:]))
        begin += len(units)
    element.children = [one for one in kept if one != ""]
    return begin


def _units(text: str) -> list[bytes]:
    """Part a text as scripts count it: units of UTF-16, each end of a line as one."""
    raw = re.sub(r"\r\n?", "\n", text).encode("utf-16-le")
    return [raw[place : place + 2] for place in range(0, len(raw), 2)]


def _text(units: list[bytes]) -> str:
    return b"".join(units).decode("utf-16-le")


def page_of(tree: xr.DataTree, lang: Lang = "en") -> str:
    return render(read_content(tree, lang))


def known_numbers(tree: xr.DataTree) -> set[float]:
    """Return every number of the tree and of the study that it holds, to five digits as a page carries them."""
    found: set[float] = set()
    for node in tree.subtree:
        for variable in node.to_dataset().variables.values():
            if np.issubdtype(variable.dtype, np.number) or variable.dtype == bool:
                found.update(float(value) for value in np.ravel(variable.values))
    for value in tree.attrs.values():
        found.update(_numbers(value))
    return {float(f"{value:.5g}") for value in found}


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float | np.number):
        yield float(value)
    elif isinstance(value, str):
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            yield float(value)
        elif value[:1] in "[{" and value[1:]:
            try:
                yield from _numbers(json.loads(value))
            except ValueError:
                return
    else:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)


def differences(row: Element) -> list[tuple[Element, tuple[float, float]]]:
    """Return the first cells of a row that carries one number and others, each with the two that it is of."""
    first, *others = map(float, row.attrs["data-parts"].split())
    return [(cell, (first, other)) for cell, other in zip(row.all("td"), others, strict=False)]


def carried(element: Element) -> bool:
    """Say whether a number in an element is carried by it, by one around it, or by its row."""
    for one in (element, *element.above()):
        if one.tag == "data" or (one.tag != "tr" and {"data-value", "data-parts"} & set(one.attrs)):
            return True
        row = one.parent
        if row and "data-parts" in row.attrs and any(cell is one for cell, _ in differences(row)):
            return True
    return False


def shown_numbers(root: Element) -> Iterator[tuple[float, tuple[float, ...], str]]:
    """Yield every number of a page with its parts and what is shown."""
    for element in root.walk():
        if element.tag == "tr" and "data-parts" in element.attrs:
            yield from ((one - other, (one, other), cell.text()) for cell, (one, other) in differences(element))
            continue
        if element.tag == "td" and carried(element) and not {"data-value", "data-parts"} & set(element.attrs):
            continue
        plain = WHOLE.fullmatch(element.text().strip()) if element.tag == "td" else None
        if plain and not element.all("data") and not {"data-value", "data-parts"} & set(element.attrs):
            yield float(plain[1].replace("−", "-")) / (100.0 if plain[2] else 1.0), (), element.text()
        value = element.attrs.get("value") if element.tag == "data" else element.attrs.get("data-value")
        if "data-parts" in element.attrs:
            one, other = map(float, element.attrs["data-parts"].split())
            yield one - other, (one, other), element.text()
        elif value is not None:
            yield float(value), (), element.text()
        for name in ("data-low", "data-high"):
            if name in element.attrs:
                yield float(element.attrs[name]), (), ""


def decoded(text: str, dtype: str = "<f8") -> np.ndarray:
    """Read numbers of an island: the least significant bytes of all come first, then the next."""
    planes = np.frombuffer(base64.b64decode(text), dtype=np.uint8).reshape(np.dtype(dtype).itemsize, -1)
    return np.frombuffer(planes.T.tobytes(), dtype=dtype)


def unpacked(page: str, name: str = "other-language") -> str:
    """Unpack what a page holds packed in an element of this name."""
    found = re.search(rf'<script[^>]*id="?{name}"?[^>]*>([^<]+)</script>', page)
    assert found
    worth = [SIGNS.index(sign) for sign in found.group(1)]
    assert len(worth) % 2 == 0
    whole = 0
    for one, other in zip(worth[::2], worth[1::2], strict=True):
        whole = whole << 13 | one * len(SIGNS) + other
    # A zlib stream begins with 0x78: what comes before are zeros.
    return zlib.decompress(whole.to_bytes((whole.bit_length() + 7) // 8, "big")).decode()
