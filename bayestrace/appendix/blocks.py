"""What an appendix is made of: headings, paragraphs, places to write in, entries, tables; no file format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bayestrace.messages import Lang

# Characters that XML does not allow, and those that only turn the direction of writing.
_STRAY = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Run:
    """A piece of text in one form; `link` is an address of http or https."""

    text: str
    italic: bool = False
    bold: bool = False
    link: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the highest below the title; a `wide` one stands above a wide table, on its page."""

    level: int
    text: str
    wide: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean(self.text))


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; a `gap` is one that authors must write, with what is to be said there."""

    line: Line
    gap: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Entry:
    """A part of an annotation under its name: analytic note, excerpt, translation, source."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Grid:
    """A table.

    Parameters
    ----------
    caption
        What it shows.
    head, rows
        Texts; every row is as long as the head.
    widths
        Shares of the width of the page, with a sum of 1.
    numbers
        Places of the columns that hold numbers.
    wide
        Whether it needs a page on its side.
    note
        What is to be known to read it; nothing if empty.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: frozenset[int] = frozenset()
    wide: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", clean(self.caption))
        object.__setattr__(self, "head", tuple(map(clean, self.head)))
        object.__setattr__(self, "rows", tuple(tuple(map(clean, row)) for row in self.rows))


Block = Heading | Paragraph | Bullets | Entry | Grid


@dataclass(frozen=True)
class Appendix:
    """A whole appendix in one language."""

    lang: Lang
    title: str
    subtitle: str
    blocks: tuple[Block, ...]
    words: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", clean(self.title))
        object.__setattr__(self, "subtitle", clean(self.subtitle))


def is_wide(block: Block) -> bool:
    """Say whether a block belongs on a page on its side."""
    return isinstance(block, Heading | Grid) and block.wide


def clean(text: str) -> str:
    """Take out what no document may hold; ends of lines become spaces."""
    return _STRAY.sub("", re.sub(r"[\s\u2028\u2029]*[\r\n\t\u2028\u2029]+[\s\u2028\u2029]*", " ", text))


def is_han(text: str) -> bool:
    """Say whether a text has Chinese characters."""
    return bool(_HAN.search(text))


def plain(text: str) -> Line:
    """Make a line of one piece."""
    return (Run(text),)


def texts(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield every text of what is written already."""
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text
        elif isinstance(block, Paragraph):
            yield "" if block.gap else "".join(run.text for run in block.line)
        elif isinstance(block, Bullets | Entry):
            yield from ("".join(run.text for run in line) for line in block.lines)
        else:
            yield from (cell for row in block.rows for cell in row)


def count_words(blocks: Iterable[Block]) -> int:
    """Count words: each Chinese character is one, and each piece between blanks that has none."""
    return sum(len(_HAN.findall(text)) + len(_HAN.sub(" ", text).split()) for text in texts(blocks))
