"""One source in one style."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

from bayestrace.references import apa, chicago, gb, mla
from bayestrace.references.item import Item
from bayestrace.references.marked import cut
from bayestrace.study.private import is_stand_in

Style = Literal["apsa", "apa", "chicago", "mla", "gb-t-7714"]
#: The styles, and how each is called where there is little room.
STYLES: dict[Style, str] = {
    "apsa": "APSA",
    "apa": "APA",
    "chicago": "Chicago",
    "mla": "MLA",
    "gb-t-7714": "GB/T 7714",
}
#: The styles, and what rules they follow.
NAMES: dict[Style, str] = {
    "apsa": "APSA Style Manual, 2018",
    "apa": "APA, 7th edition",
    "chicago": "Chicago Manual of Style, 18th edition, author-date",
    "mla": "MLA Handbook, 9th edition",
    "gb-t-7714": "GB/T 7714-2015",
}


@dataclass(frozen=True)
class Reference:
    """A reference in three pieces, the middle one in italics (empty where there are none), and its safe link."""

    before: str
    italic: str
    after: str
    url: str | None
    lang: str

    def __str__(self) -> str:
        return self.before + self.italic + self.after

    def html(self) -> str:
        """Return it as HTML: every text escaped, italics as an element."""
        inside = f"<i>{escape(self.italic)}</i>" if self.italic else ""
        return f"{escape(self.before)}{inside}{escape(self.after)}"


def own_style(csl: Mapping[str, Any]) -> Style:
    """Return the style of a source's language: GB/T 7714 for Chinese, APA for any other."""
    return "gb-t-7714" if Item(csl).chinese else "apa"


def other_style(csl: Mapping[str, Any]) -> Style:
    """Return the one of these two styles that is not of its language."""
    return "apa" if own_style(csl) == "gb-t-7714" else "gb-t-7714"


def reference(
    csl: Mapping[str, Any], style: Style | None = None, *, addressed: bool = False, suffix: str = ""
) -> Reference:
    """Write a source as a reference.

    Parameters
    ----------
    csl
        The source as the study has it, whatever it holds.
    style
        The style of its own language if none is given.
    addressed
        Whether DOI, address and the day it was seen are written; a page that links to the source needs no address.
    suffix
        The letter behind the year, where a style names sources by author and year.

    Returns
    -------
    Reference
        Its text, never empty of what the source has; `url` is an http or https address or None.
    """
    item = Item(csl)
    if is_stand_in(csl):  # it has no type, date or language of which a style could say anything
        return Reference(f"{item.title}.", "", "", None, "en")
    text = _written(item, style or own_style(csl), addressed=addressed, suffix=suffix)
    return Reference(*cut(text), item.url, item.lang)


def _written(item: Item, style: Style, *, addressed: bool, suffix: str) -> str:
    if style == "apa":
        return apa.write(item, addressed=addressed, suffix=suffix)
    if style == "mla":
        return mla.write(item, addressed=addressed)
    if style == "gb-t-7714":
        return gb.write(item, addressed=addressed)
    manner = chicago.APSA if style == "apsa" else chicago.CHICAGO
    return chicago.write(item, manner, addressed=addressed, suffix=suffix)
