"""The drawing room: scales, ticks, text that fits, and a canvas that escapes all it is given.

Every figure is an SVG string of fixed user units; colours are classes that the page's style sheet fills in, so
that a figure follows light, dark and print. No file, clock or random id: the same data make the same bytes.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

Attribute = str | float | int | None
Place = tuple[float, float]

#: Mean width of a character that is not CJK, as a part of the font size; generous, so that text fits.
_NARROW = 0.56
_ELLIPSIS = "…"
# Characters of a word before its hyphen, at least.
_LEAST_OF_A_WORD = 4
#: Font size where none is said; bold letters are wider than those that text is measured by.
FONT, BOLD = 12, 1.12


class Svg(str):
    """A string of markup whose pieces were escaped when they were put together."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup as it is: templates that escape by default leave it alone."""
        return str(self)


def precise(value: float) -> str:
    """Write a number for programs to read, to five digits: a page has thousands, and its size counts."""
    return f"{value:.5g}"


@dataclass(frozen=True)
class Datum:
    """A number of a figure: its value, as shown, and the operands of a difference if it is one."""

    value: float
    shown: str
    parts: tuple[float, ...] = ()

    def attributes(self, name: str = "data-value") -> dict[str, Attribute]:
        """Return the attribute that carries the number precisely, or the two that it is the difference of."""
        if self.parts:
            return {"data-parts": " ".join(map(precise, self.parts))}
        return {name: precise(self.value)}


@dataclass(frozen=True)
class Caption:
    """The text alternative of a figure, and a key, unique in the page, of which the ids of both are made.

    Where `stands` is false, both stand in another figure of this key, of which this one is another drawing.
    """

    key: str
    title: str
    desc: str
    stands: bool = True


@dataclass(frozen=True)
class Scale:
    """A linear scale from data to user units."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Place a value, at an end where it lies beyond."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + (self.end - self.start) * min(max(share, 0.0), 1.0)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Return round values from low to high, at most `most` of them.

    Parameters
    ----------
    low, high
        The ends, low below high.
    most
        At least 2.
    """
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in (1, 2, 5, 10, 20, 50):
        first, last = math.ceil(low / (step * factor) - 1e-9), math.floor(high / (step * factor) + 1e-9)
        if last - first + 1 <= most:
            return [place * step * factor for place in range(first, last + 1)]
    return [low, high]


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text: a full em for East Asian characters, a little over half for others."""
    return sum(size * (1.0 if unicodedata.east_asian_width(char) in "WF" else _NARROW) for char in text)


def wrap(text: str, width: float, size: float, most: int = 3) -> list[str]:
    """Break a text into lines that fit, the last one cut where there would be more than `most`.

    East Asian text breaks between any two characters, other text at spaces; a word longer than a line is hyphenated.
    """
    lines: list[str] = []
    line = ""
    for token in _tokens(" ".join(text.split())):
        if len(lines) > most:
            # What follows is cut anyway: a text of any length costs no more than the lines that are shown.
            break
        piece = token
        if line and text_width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
            piece = piece.lstrip()
        while text_width(piece.rstrip(), size) > width and len(piece) > 1 and len(lines) <= most:
            cut = _fitting(piece, width, size)
            hyphened = cut > _LEAST_OF_A_WORD and _in_a_word(piece[cut - 2 : cut])
            cut -= int(hyphened)
            lines.append(piece[:cut] + "-" * hyphened)
            piece = piece[cut:]
        line += piece
    lines = [entry for entry in [*lines, line.rstrip()] if entry]
    if len(lines) > most:
        last = lines[most - 1]
        while last and text_width(last + _ELLIPSIS, size) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], last + _ELLIPSIS]
    return lines or [""]


def _in_a_word(text: str) -> bool:
    return text.isalpha() and all(unicodedata.east_asian_width(char) not in "WF" for char in text)


def _fitting(text: str, width: float, size: float) -> int:
    """Count the characters from the first that fit a line, at least 1."""
    total = 0.0
    for place, char in enumerate(text):
        total += text_width(char, size)
        if total > width:
            return max(1, place)
    return len(text)


def _tokens(text: str) -> list[str]:
    """Part a text where lines may break: no line begins with closing punctuation, and none ends with opening."""
    tokens: list[str] = []
    word = ""
    for char in text:
        wide, category = unicodedata.east_asian_width(char) in "WF", unicodedata.category(char)
        closes = category in {"Pe", "Pf"} or (wide and category == "Po")
        if closes and not word and tokens and not tokens[-1].endswith(" "):
            tokens[-1] += char
            continue
        if wide and not closes and word and not _opens(word):
            tokens.append(word)
            word = ""
        word += char
        if char in " -–/" or (wide and not _opens(word)):
            tokens.append(word)
            word = ""
    return [*tokens, word] if word else tokens


def _opens(word: str) -> bool:
    return all(unicodedata.category(char) in {"Ps", "Pi"} for char in word)


def number(value: float) -> str:
    """Write a coordinate: one decimal at most, no trailing zero, no minus zero."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def path(*lines: Sequence[Place]) -> str:
    """Write the path along lines, each point as the way to it from the one before, which is shorter than its place.

    Parameters
    ----------
    lines
        The points of each line in user units, of which tenths are written: what is left over never adds up.
    """
    pieces, x, y = [], 0, 0
    for line in lines:
        for place, point in enumerate(line):
            across, down = round(10 * point[0]) - x, round(10 * point[1]) - y
            x, y = x + across, y + down
            if place and not (across and down):
                pieces.append(f"v{_tenths(down)}" if down else f"h{_tenths(across)}")
            else:
                pieces.append(f"{'l' if place else 'm'}{_tenths(across)}{'' if down < 0 else ','}{_tenths(down)}")
    return "".join(pieces)


def _tenths(count: int) -> str:
    whole, rest = divmod(abs(count), 10)
    return f"{'-' if count < 0 else ''}{whole or ('' if rest else 0)}{f'.{rest}' if rest else ''}"


class Canvas:
    """Collect the elements of one figure; every attribute and every text is escaped here."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._pieces: list[str] = []

    def put(
        self,
        tag: str,
        text: str | None = None,
        title: str | None = None,
        data: Mapping[str, Attribute] | None = None,
        **attributes: Attribute,
    ) -> None:
        """Add an element; `_` in a name stands for `-`, `class_` for `class`, None leaves an attribute out."""
        attributes |= data or {}
        self._pieces.append(f"<{tag}{_attributes(attributes)}")
        if text is None and title is None:
            self._pieces.append("/>")
            return
        told = f"<title>{escape(title)}</title>" if title is not None else ""
        self._pieces.append(f">{told}{escape(text or '')}</{tag}>")

    def open(
        self, title: str | None = None, data: Mapping[str, Attribute] | None = None, **attributes: Attribute
    ) -> None:
        """Open a group that `close` ends; attributes as for `put`."""
        told = f"<title>{escape(title)}</title>" if title is not None else ""
        self._pieces.append(f"<g{_attributes(attributes | dict(data or {}))}>{told}")

    def close(self) -> None:
        """End an opened group."""
        self._pieces.append("</g>")

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        class_: str,
        title: str | None = None,
        data: Mapping[str, Attribute] | None = None,
    ) -> None:
        """Draw a line."""
        self.put("line", None, title, data, x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=class_)

    def strokes(self, lines: Iterable[Sequence[Place]], class_: str) -> None:
        """Draw lines that look alike as one path."""
        along = path(*lines)
        if along:
            self.put("path", d=along, class_=class_)

    def labels(self, texts: Iterable[tuple[Place, str]], anchor: str | None = None) -> None:
        """Write small texts that look alike, as beside an axis: a group says once how they look."""
        self.open(class_="soft", font_size=11, text_anchor=anchor)
        for place, text in texts:
            self.text(place, text)
        self.close()

    def text(  # noqa: PLR0913 - each is an attribute of the element
        self,
        place: tuple[float, float],
        text: str,
        size: float = FONT,
        *,
        class_: str | None = None,
        anchor: str | None = None,
        data: Mapping[str, Attribute] | None = None,
    ) -> None:
        """Write one line, its baseline at the place."""
        said = None if size == FONT else size
        self.put("text", text, None, data, x=place[0], y=place[1], font_size=said, class_=class_, text_anchor=anchor)

    def lines(
        self,
        place: tuple[float, float],
        lines: list[str],
        size: float = FONT,
        *,
        class_: str | None = None,
        anchor: str | None = None,
    ) -> None:
        """Write lines one below the other, centred at the height of the place."""
        first = place[1] - (len(lines) - 1) * size * 0.6 + size * 0.35
        for row, line in enumerate(lines):
            self.text((place[0], first + row * size * 1.2), line, size, class_=class_, anchor=anchor)

    def mark(
        self, kind: tuple[str, str], place: Place, title: str | None, data: Mapping[str, Attribute] | None
    ) -> None:
        """Draw one of the marks, circle, ring, diamond or cross, with the class that carries its colour."""
        (shape, class_), (x, y) = kind, place
        class_ = f"{class_} {shape}"
        if shape in {"circle", "ring"}:
            self.put("circle", None, title, data, cx=x, cy=y, r=4.5, class_=class_)
            return
        along = {
            "diamond": f"M{number(x)} {number(y - 5)}l5 5-5 5-5-5z",
            "cross": f"M{number(x - 4)} {number(y - 4)}l8 8m0-8l-8 8",
        }[shape]
        self.put("path", None, title, data, d=along, class_=class_)

    def svg(self, caption: Caption, class_: str = "") -> Svg:
        """Close the figure: named, described, scaled to the room it finds."""
        width, height, key = number(self.width), number(self.height), escape(caption.key)
        told = f'<title id="{key}-t">{escape(caption.title)}</title><desc id="{key}-d">{escape(caption.desc)}</desc>'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="{escape(f"fig {class_}".strip())}" role="img" '
            f'viewBox="0,0,{width},{height}" width="{width}" height="{height}" font-size="{FONT}" '
            f'aria-labelledby="{key}-t {key}-d">{told if caption.stands else ""}'
        )
        return Svg(head + "".join(self._pieces) + "</svg>")


def _attributes(attributes: Mapping[str, Attribute]) -> str:
    written = []
    for name, value in attributes.items():
        if value is not None:
            said = value if isinstance(value, str) else number(value)
            written.append(f' {name.rstrip("_").replace("_", "-")}="{escape(said)}"')
    return "".join(written)
