"""Read a codebook's Markdown into plain blocks, which a workbook and a page can show alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bayestrace.errors import Fault, StudyFaults
from bayestrace.messages import Lang
from bayestrace.reading.text import decode

Kind = Literal["heading", "text", "item", "code", "head", "row"]

_FILES: dict[Lang, tuple[str, ...]] = {
    "en": ("evidence/codebook.md", "evidence/codebook.zh.md"),
    "zh": ("evidence/codebook.zh.md", "evidence/codebook.md"),
}
# Lines of Chinese are broken anywhere, and have no space between them.
_HAN = "[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]"
_BETWEEN_HAN = re.compile(rf"(?<={_HAN})\n(?={_HAN})")
_SOFT = re.compile(r"\n")


@dataclass(frozen=True)
class Block:
    """One piece of a codebook: a heading, a paragraph, an item of a list, code, or a row of a table.

    `cells` has one text, of a row one for each column; `mark` is what stands before an item; `level` is that of a
    heading or how deep an item is set in, from 1.
    """

    kind: Kind
    cells: tuple[str, ...]
    level: int = 1
    mark: str = ""


def find_codebook(folder: Path, lang: Lang) -> str | None:
    """Read the codebook of a study folder, in this language if there is one; None where there is none.

    Raises
    ------
    StudyFaults
        It is no text that can be read.
    """
    for path in _FILES[lang]:
        if (folder / path).is_file():
            text = decode(folder, path, ("utf-8-sig",))
            if isinstance(text, Fault):
                raise StudyFaults([text])
            return text
    return None


def blocks(markdown: str) -> tuple[Block, ...]:
    """Split Markdown into blocks of plain text: emphasis and links lose their signs, raw HTML stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    walk = _Walk()
    return tuple(block for token in parser.parse(markdown) for block in walk.take(token))


@dataclass
class _Walk:
    """Where a walk through the tokens of a text stands."""

    depth: int = 0
    mark: str = ""
    heading: int = 0
    in_head: bool = False
    cells: list[str] | None = None

    def take(self, token: Token) -> Iterator[Block]:
        """Take one token; yield the block that it completes, if any."""
        opens = token.type.endswith("_open")
        match token.type.removesuffix("_open").removesuffix("_close"):
            case "heading":
                self.heading = int(token.tag[1:]) if opens else 0
            case "bullet_list" | "ordered_list":
                self.depth += token.nesting
            case "list_item" if opens:
                self.mark = f"{token.info}{token.markup}" if token.info else "•"
            case "thead":
                self.in_head = opens
            case "tr":
                yield from () if opens else [Block("head" if self.in_head else "row", tuple(self.cells or ()))]
                self.cells = [] if opens else None
            case "inline":
                yield from self._said(_plain(token))
            case "code_block" | "fence":
                yield Block("code", (token.content.rstrip("\n"),))

    def _said(self, text: str) -> Iterator[Block]:
        if self.cells is not None:
            self.cells.append(text)
        elif self.heading:
            yield Block("heading", (text,), self.heading)
        elif self.depth:
            yield Block("item", (text,), self.depth, self.mark)
            self.mark = ""
        else:
            yield Block("text", (text,))


def _plain(token: Token) -> str:
    """Return what a reader of the rendered text would read."""
    said = "".join("\n" if child.type.endswith("break") else child.content for child in token.children or ())
    return _SOFT.sub(" ", _BETWEEN_HAN.sub("", said)).strip()
