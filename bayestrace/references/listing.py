"""A list of references: which, in what order, with what letters behind years."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Any

from bayestrace.references.item import Item
from bayestrace.references.styles import Reference, Style, reference
from bayestrace.study import Study

#: Styles that name a source by author and year, so that two of one year are told apart by letters.
_BY_YEAR: set[Style] = {"apsa", "apa", "chicago"}
#: What an alphabet leaves out at the beginning of a title.
_ARTICLES = ("a ", "an ", "the ")


@dataclass(frozen=True)
class Listed:
    """A source of a list: its id in the study, its number where the style numbers, its reference."""

    id: str
    number: int | None
    reference: Reference


def cited(study: Study) -> list[str]:
    """Name the sources that a study cites, in the order in which its report numbers them.

    What only the study as such is about, and is cited by no observation or search, comes last.
    """
    named = [one.source for one in study.evidence]
    named += [one.source for one in study.searches if one.source is not None]
    named += [study.about] if study.about is not None else []
    return list(dict.fromkeys(named))


def listing(sources: Mapping[str, Mapping[str, Any]], names: Sequence[str], style: Style) -> list[Listed]:
    """Write sources as a list of references.

    Parameters
    ----------
    sources
        CSL-JSON by id.
    names
        Which of them, in the order of citation.
    style
        GB/T 7714 keeps that order and numbers it (顺序编码制). The others sort by author, year and title: first what is
        written in an alphabet, then Chinese by the pinyin of its first characters, as GB 2312 orders the common ones.
    """
    if style == "gb-t-7714":
        return [
            Listed(name, place, reference(sources[name], style, addressed=True))
            for place, name in enumerate(names, start=1)
        ]
    ordered = sorted(names, key=lambda name: _place(sources[name]))
    letters = _letters(sources, ordered) if style in _BY_YEAR else {}
    written = [reference(sources[name], style, addressed=True, suffix=letters.get(name, "")) for name in ordered]
    return [Listed(name, None, one) for name, one in zip(ordered, written, strict=True)]


def _letters(sources: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> dict[str, str]:
    """Give a letter to each of the sources whose authors and year another one has too."""
    groups: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for name in names:
        item = Item(sources[name])
        people = tuple(item.people("author") or item.people("editor"))
        if people:
            groups[people, item.date().years()].append(name)
    return {name: _letter(place) for group in groups.values() if len(group) > 1 for place, name in enumerate(group)}


def _letter(place: int) -> str:
    """Return a, b, ... z, aa, ab, ..."""
    before, last = divmod(place, len(ascii_lowercase))
    return (_letter(before - 1) if before else "") + ascii_lowercase[last]


def _place(csl: Mapping[str, Any]) -> tuple[object, ...]:
    item = Item(csl)
    people = item.people("author") or item.people("editor")
    names = [f"{one.whole or one.family} {one.given}" for one in people]
    title = item.title
    for article in _ARTICLES if item.english else ():
        if title.lower().startswith(article):
            title = title[len(article) :]
            break
    first = " ".join(names) or title
    year = item.date().year
    # Works of unknown date stand before dated ones.
    return (item.chinese, _sound(first), year is not None, year or 0, _sound(title), item.title)


def _sound(text: str) -> tuple[bytes, ...]:
    """Return what a text is sorted by: letters without accents and case, Han characters by their place in GB 2312."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(sign for sign in plain if sign.isalnum() or sign == " ")
    return tuple(sign.encode("gb18030") for sign in kept)
