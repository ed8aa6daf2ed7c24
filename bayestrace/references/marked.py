"""Texts of which a part is in italics, and how sentences and quotation marks meet in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bayestrace.references.item import Item

#: Private characters that stand where italics begin and end; no field holds them.
_BEGIN, _END = "\ue000", "\ue001"
#: A sentence that ends so needs no full stop.
_ENDS = ".?!。？！…"
#: Words that headline capitals leave alone inside a title (the list of CSL 1.0.2).
_SMALL = {
    *("a", "an", "and", "as", "at", "but", "by", "down", "for", "from", "in", "into", "nor", "of", "on", "onto", "or"),
    *("over", "so", "the", "till", "to", "up", "via", "with", "yet"),
}


def unmarked(text: str) -> str:
    """Take the marks of italics out of a text of the study."""
    return text.replace(_BEGIN, "").replace(_END, "")


def italic(text: str) -> str:
    """Mark a text as being in italics."""
    return f"{_BEGIN}{text}{_END}" if text else ""


def cut(text: str) -> tuple[str, str, str]:
    """Return what is before the italics, in italics and after them."""
    before, _, rest = text.partition(_BEGIN)
    inside, _, after = rest.partition(_END)
    return before, inside, after


def stop(text: str) -> str:
    """End a sentence with a full stop, unless it ends with something like one."""
    last = text.rstrip(f"{_END}”’")[-1:]
    return text if not last or last in _ENDS else f"{text}."


def sentences(*pieces: str) -> str:
    """Write pieces as sentences, one after the other; empty ones are left out."""
    return " ".join(stop(piece) for piece in pieces if piece)


def joined(glue: str, *pieces: str) -> str:
    """Join the pieces that are not empty."""
    return glue.join(piece for piece in pieces if piece)


def headline(item: Item, title: str) -> str:
    """Capitalise an English title as headlines are; a title in another language is left as it is.

    Only words in small letters change, so names and abbreviations stay as the study has them.
    """
    if not item.english:
        return title
    words = title.split(" ")
    for place, word in enumerate(words):
        edge = place in {0, len(words) - 1} or words[place - 1][-1:] in set(":?!—–")
        words[place] = _capital(word, edge=edge)
    return " ".join(words)


def _capital(word: str, *, edge: bool) -> str:
    if word != word.lower():  # a name, such as Jong-un or U-turn
        return word
    parts = re.split(r"([-–—/])", word)
    for place in range(0, len(parts), 2):
        core = parts[place].strip("\"'“”‘’()[]{}.,;:?!«»")
        small = core in _SMALL and not (edge and place in {0, len(parts) - 1})
        if core and core.islower() and not small:
            first = parts[place].index(core)
            parts[place] = parts[place][:first] + core[0].upper() + parts[place][first + 1 :]
    return "".join(parts)


def named(item: Item, title: str) -> str:
    """Write the title of what stands by itself: in italics, in Chinese between title marks."""
    return _book_marks(title) if title and item.chinese else italic(headline(item, title))


def quoted(item: Item, title: str) -> str:
    """Write the title of a part as a sentence: in quotation marks with the full stop inside, in Chinese 《》."""
    if not title:
        return ""
    if item.chinese:
        return f"{_book_marks(title)}."
    return f"“{stop(_inner(headline(item, title)))}”"


def _book_marks(title: str) -> str:
    # GB/T 15834-2011, 4.15: inside title marks, single ones.
    return f"《{title.replace('《', '〈').replace('》', '〉')}》"


def _inner(title: str) -> str:
    """Make quotation marks inside quotation marks single ones."""
    title = title.replace("“", "‘").replace("”", "’")
    pairs = title.split('"')
    if len(pairs) % 2 == 0:  # one mark has no partner: nobody knows what it means
        return title
    return "".join(piece + ("‘" if place % 2 == 0 else "’") for place, piece in enumerate(pairs[:-1])) + pairs[-1]
