"""References after the MLA Handbook (9th edition): works cited."""

from __future__ import annotations

from bayestrace.references.item import Date, Item
from bayestrace.references.marked import headline, joined, named, quoted, sentences
from bayestrace.references.names import inverted, listed, straight
from bayestrace.references.pages import pages
from bayestrace.references.words import SHORT, archived, described, edition

_PARTS = {"chapter", "paper-conference", "entry", "entry-dictionary", "entry-encyclopedia"}
_WHOLE = {"book", "report", "legislation", "motion_picture", "pamphlet", "classic", "standard", "thesis"}
#: What is dated by its year alone.
_BY_YEAR = {"book", "chapter", "thesis"}
#: Of more authors than two, the first is named.
_MOST = 2


def write(item: Item, *, addressed: bool = True) -> str:
    """Write a reference; `addressed` with its DOI or address."""
    head, told = _head(item)
    whole = item.kind in _WHOLE or not (item.container or item.kind in {"webpage", "post", "speech", "interview"})
    whole = whole and item.kind not in {"manuscript", "personal_communication"}
    title = named(item, item.title) if whole else quoted(item, item.title)
    address = _address(item) if addressed else ""
    if item.kind == "thesis":
        made = joined(", ", item.text("publisher"), item.text("genre"))
        return sentences(head, title, joined(", ", _date(item), address), made)
    if item.kind == "manuscript":
        genre = item.text("genre")
        held = joined(", ", _date(item), item.text("archive"), item.text("archive-place"))
        held = joined(", ", held, item.text("archive_location"), address)
        return sentences(head, title, genre[:1].upper() + genre[1:], held)
    series = joined(" ", headline(item, item.text("collection-title")), item.text("collection-number"))
    inside = item.container if not whole and item.container else ""
    container = joined(
        ", ",
        inside if item.chinese and item.kind == "webpage" else named(item, inside),
        _makers(item, "translator"),
        "" if told == "editor" else _makers(item, "editor"),
        edition(item),
        _numbers(item),
        _publisher(item),
        _date(item),
        _pages(item),
        "" if item.kind == "manuscript" else archived(item),
        address,
    )
    if container and not inside:
        container = container[0].upper() + container[1:]
    return sentences(head, title, container, series)


def _head(item: Item) -> tuple[str, str]:
    authors, editors = item.people("author"), item.people("editor")
    # An institution that brings out its own report is its publisher, and the title comes first (5.23).
    own = len(authors) == 1 and authors[0].whole and item.kind in _WHOLE and authors[0].whole == item.text("publisher")
    if authors and not own:
        return listed(item, authors, inverted(authors[0]), most=_MOST, shown=1), "author"
    if editors and not authors and item.kind not in _PARTS:
        names = listed(item, editors, inverted(editors[0]), most=_MOST, shown=1)
        if item.chinese:
            return f"{names}编", "editor"
        return f"{names}, editor{'s' if len(editors) > 1 else ''}", "editor"
    return "", ""


def _makers(item: Item, role: str) -> str:
    people = item.people(role)
    if not people:
        return ""
    names = listed(item, people, straight(people[0]), most=_MOST, shown=1)
    if item.chinese:
        return names + {"translator": "译", "editor": "编"}[role]
    return f"{ {'translator': 'translated by', 'editor': 'edited by'}[role] } {names}".strip()


def _numbers(item: Item) -> str:
    volume, issue = item.text("volume"), item.text("issue")
    if item.kind == "report":
        return described(item) if item.chinese else described(item).replace(" No. ", " no. ")
    if item.chinese:
        return joined(", ", f"第{volume}卷" if volume else "", f"第{issue}期" if issue else "")
    return joined(", ", f"vol. {volume}" if volume else "", f"no. {issue}" if issue else "")


def _publisher(item: Item) -> str:
    serial = item.kind.startswith("article") or item.kind in {"post-weblog", "paper-conference"}
    publisher = "" if serial else item.text("publisher")
    return "" if publisher == item.container else publisher


def _date(item: Item) -> str:
    date = item.date()
    by_year = item.kind in _BY_YEAR
    if date.year is None:
        return date.literal
    return _day(item, Date(date.year, until=date.until) if by_year else date)


def _day(item: Item, date: Date) -> str:
    if item.chinese:
        month = f"{date.month}月" if date.month else ""
        return f"{date.years()}年{month}" + (f"{date.day}日" if date.day else "")
    if date.month is None:
        return date.years()
    return joined(" ", str(date.day or ""), SHORT[date.month - 1], str(date.year))


def _pages(item: Item) -> str:
    page = pages(item.text("page"), "mla")
    if not page:
        return ""
    if item.chinese:
        return f"第{page}版" if item.kind == "article-newspaper" else f"第{page}页"
    return f"{'pp.' if '–' in page or ',' in page else 'p.'} {page}"


def _address(item: Item) -> str:
    if item.doi:
        return f"https://doi.org/{item.doi}"
    seen = item.date("accessed")
    if item.url and seen and not item.date():
        told = f"{_day(item, seen)}访问" if item.chinese else f"Accessed {_day(item, seen)}"
        return f"{item.url}. {told}"
    return item.url or ""
