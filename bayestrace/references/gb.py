"""References after GB/T 7714-2015, as they stand in a list in the order of citation (顺序编码制)."""

from __future__ import annotations

from bayestrace.references.item import Date, Item, Person, first_letter, safe_url
from bayestrace.references.marked import joined
from bayestrace.references.pages import pages
from bayestrace.references.words import ordinal

_TYPES = {
    "article": "J",
    "article-journal": "J",
    "article-magazine": "J",
    "article-newspaper": "N",
    "book": "M",
    "chapter": "M",
    "dataset": "DS",
    "paper-conference": "C",
    "patent": "P",
    "report": "R",
    "review": "J",
    "software": "CP",
    "standard": "S",
    "thesis": "D",
    "webpage": "EB",
    "post": "EB",
    "post-weblog": "EB",
}
#: What appears in numbers, and is dated by year alone once volume or issue are known.
_SERIALS = {"article", "article-journal", "article-magazine", "review"}
_PARTS = {"chapter", "paper-conference"}
#: What is dated by its year.
_BOOKS = {"book", "chapter", "thesis", "paper-conference"}
#: Of more authors than so many, so many are named.
_MOST = 3


def write(item: Item, *, addressed: bool = True) -> str:
    """Write a reference; `addressed` with the day it was seen, its address and its DOI."""
    stop, comma, colon = ("．", "，", "：") if item.chinese else (". ", ", ", ": ")
    container = item.container
    volume = item.text("volume") if item.kind == "book" else ""
    volume = (f"第{volume}卷" if item.chinese else f"Vol. {volume}") if volume else ""
    title = joined(colon, item.title, volume, item.text("number")) + _type(item)
    people = _list(item, "author") or ("" if item.kind in _PARTS else _list(item, "editor"))
    translators = _list(item, "translator")
    pieces = [people, title, f"{translators}{comma}{'译' if item.chinese else 'trans'}" if translators else ""]
    numbers = pages(item.text("page"), dash="-")
    if container and item.kind in _PARTS:
        pieces[1] += "//" + joined(stop, _list(item, "editor"), container)
    pieces.append(_edition(item))
    serial = bool(container) and item.kind in {*_SERIALS, "article-newspaper"}
    if serial:
        held = _serial(item, comma) + _pages(item, numbers, colon)
    else:
        # A site is named like a publisher, unless it has itself written what it holds.
        outlet = container if container and item.kind not in _PARTS else item.text("publisher")
        outlet = outlet or item.text("archive")
        place = item.text("publisher-place") or (item.text("archive-place") if outlet == item.text("archive") else "")
        by = "" if outlet == people and "[EB" in title else joined(colon, place, outlet)
        held = joined(colon, _brought_out(item, by, comma), numbers)
    if addressed:
        held += _seen(item)
    pieces.append(held)
    if addressed:
        address = safe_url(item.csl.get("URL"))
        pieces += [address or "", f"DOI:{item.doi}" if item.doi else ""]
    return (joined(stop, *pieces) + stop).strip()


def _name(person: Person) -> str:
    letters = " ".join(filter(None, map(first_letter, person.given.replace("-", " ").split())))
    family = " ".join(filter(None, (person.dropping, person.particle, person.family))).upper()
    return person.whole or " ".join(filter(None, (family, letters, person.suffix.rstrip("."))))


def _list(item: Item, role: str) -> str:
    names = [_name(person) for person in item.people(role)]
    comma, more = ("，", "等") if item.chinese else (", ", "et al")
    return comma.join([*names[:_MOST], *([more] if len(names) > _MOST else [])])


def _type(item: Item) -> str:
    """Return type and carrier, as [J] or [J/OL]; what has no type of its own is an electronic bulletin when on line."""
    online = item.url is not None
    other = "A" if item.text("archive") or item.text("archive_location") else "Z"
    kind = _TYPES.get(item.kind, other if other == "A" or not online else "EB")
    return f"[{kind}/OL]" if online or kind == "EB" else f"[{kind}]"


def _edition(item: Item) -> str:
    number = item.text("edition")
    if number in {"", "1"}:
        return ""
    if not number.isdecimal():
        return number
    return f"{number}版" if item.chinese else f"{ordinal(number)} ed"


def _day(date: Date) -> str:
    """Write a date of which more than the year is known: 2019-03-25, 2019-03; else nothing."""
    if date.year is None or date.month is None:
        return ""
    return "-".join([str(date.year), f"{date.month:02d}", *([f"{date.day:02d}"] if date.day else [])])


def _serial(item: Item, comma: str) -> str:
    date = item.date()
    volume, issue = item.text("volume"), item.text("issue")
    by_year = item.kind in _SERIALS and (volume or issue)
    when = date.years() if by_year or not _day(date) else _day(date)
    return joined(comma, item.container, when, volume) + (f"({issue})" if issue else "")


def _pages(item: Item, numbers: str, colon: str) -> str:
    """Write pages; of a newspaper, the number of the page, in parentheses."""
    if not numbers:
        return ""
    return f"({numbers})" if item.kind == "article-newspaper" else f"{colon}{numbers}"


def _brought_out(item: Item, place: str, comma: str) -> str:
    """Write by whom and when; what is on line has its date in parentheses, after the year if a publisher is named."""
    date = item.date()
    year, whole = date.years(), _day(date)
    if item.kind in _BOOKS or not whole:
        return joined(comma, place, year)
    if "OL" not in _type(item):
        return joined(comma, place, whole)
    return f"{place}{comma}{year}({whole})" if place else f"({whole})"


def _seen(item: Item) -> str:
    """Write the day on which it was seen, in brackets."""
    date = item.date("accessed")
    day = _day(date) if item.url else ""
    return f"[{day}]" if day else ""
