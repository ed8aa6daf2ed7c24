"""Author-date references after the Chicago Manual of Style (18th edition), and after the APSA manual (2018).

The APSA manual follows Chicago; where they part, `Manner` says how.
"""

from __future__ import annotations

from dataclasses import dataclass

from bayestrace.references.item import Date, Item
from bayestrace.references.marked import headline, joined, named, quoted, sentences
from bayestrace.references.names import inverted, listed, straight
from bayestrace.references.pages import pages
from bayestrace.references.words import archived, day, day_of_year, described, edition

_PARTS = {"chapter", "paper-conference", "entry", "entry-dictionary", "entry-encyclopedia"}
_DATED = {"article-newspaper", "article-magazine", "post-weblog"}
_SITES = {"webpage", "post", "dataset"}
_WHOLE = {"book", "report", "legislation", "motion_picture", "pamphlet", "classic", "standard"}


@dataclass(frozen=True)
class Manner:
    """Where APSA and Chicago part."""

    apsa: bool
    #: Of more authors than `most`, `shown` are named.
    most: int
    shown: int


CHICAGO = Manner(apsa=False, most=6, shown=3)
APSA = Manner(apsa=True, most=9, shown=7)


def write(item: Item, manner: Manner, *, addressed: bool = True, suffix: str = "") -> str:
    """Write a reference; `addressed` with its DOI or address, `suffix` the letter behind the year."""
    head, told = _head(item, manner)
    year = _year(item, suffix)
    if not head:
        title, rest = _body(item, manner, told)
        return sentences(title, year, *rest, _address(item, manner) if addressed else "")
    title, rest = _body(item, manner, told)
    return sentences(head, year, title, *rest, _address(item, manner) if addressed else "")


def _year(item: Item, suffix: str) -> str:
    date = item.date()
    if date:
        return date.years() + suffix
    return "日期不详" if item.chinese else f"n.d.{suffix}"


def _head(item: Item, manner: Manner) -> tuple[str, str]:
    """Write who or what comes first, and say in what role it was named: author, editor, container or publisher."""
    for role in ("author", "editor"):
        people = item.people(role)
        if not people:
            continue
        first = inverted(people[0], demoted=not manner.apsa)
        names = listed(item, people, first, most=manner.most, shown=manner.shown)
        if role == "author":
            return names, role
        if item.chinese:
            return f"{names}编", role
        return f"{names}, {'eds.' if len(people) > 1 else 'ed.'}", role
    if not manner.apsa and item.kind in {*_SITES, "article-newspaper"} and item.container:
        return (named(item, item.container) if item.kind == "article-newspaper" else item.container), "container"
    if not manner.apsa and item.kind in {*_SITES, "report"} and item.text("publisher"):
        return item.text("publisher"), "publisher"
    return "", ""


def _body(item: Item, manner: Manner, told: str) -> tuple[str, list[str]]:
    """Write the title, and the sentences behind it."""
    date, kind = item.date(), item.kind
    publisher = "" if told == "publisher" else _publisher(item, manner)
    if kind in _PARTS or (kind == "article-journal" and item.people("editor") and item.text("publisher")):
        return quoted(item, item.title), [*_within(item, manner)]
    if kind == "thesis":
        made = (item.text("genre"), item.text("publisher"))
        return quoted(item, item.title), [*made] if manner.apsa else [joined(", ", *made)]
    if kind in _WHOLE or (kind not in _SITES and not item.container and publisher and not date.month):
        return _of_its_own(item, manner, publisher, told)
    if item.container and kind not in _SITES:
        return quoted(item, item.title), [_serial(item, manner, told)]
    when = day_of_year(item, date)
    outlet = item.container or item.text("publisher")
    if manner.apsa and item.container and not item.chinese:
        outlet = named(item, item.container)
    outlet = "" if told in {"container", "publisher"} else outlet
    genre = item.text("genre")
    place = item.text("publisher-place") or item.text("event-place") if not outlet else ""
    spoken = [genre[:1].upper() + genre[1:], joined(", ", outlet, place, when), archived(item)]
    return quoted(item, item.title), spoken


def _of_its_own(item: Item, manner: Manner, publisher: str, told: str) -> tuple[str, list[str]]:
    title = named(item, item.title)
    volume = item.text("volume")
    if volume:
        volume = f"第{volume}卷" if item.chinese else f"Vol. {volume}"
    makers = [_makers(item, "translator", manner)]
    if told != "editor":
        makers.append(_makers(item, "editor", manner))
    series = joined(" ", headline(item, item.text("collection-title")), item.text("collection-number"))
    return title, [edition(item), volume, *makers, described(item), series, publisher, archived(item)]


def _makers(item: Item, role: str, manner: Manner) -> str:
    """Write as a sentence who translated or edited it."""
    people = item.people(role)
    if not people:
        return ""
    names = listed(item, people, straight(people[0]), most=manner.most, shown=manner.shown)
    if item.chinese:
        return names + {"translator": "译", "editor": "编"}[role]
    short = {"translator": "Trans.", "editor": "Eds." if len(people) > 1 else "Ed."}
    whole = {"translator": "Translated by", "editor": "Edited by"}
    return f"{(short if manner.apsa else whole)[role]} {names}"


def _publisher(item: Item, manner: Manner) -> str:
    place = item.text("publisher-place") if manner.apsa else ""
    return joined(": ", place, item.text("publisher"))


def _within(item: Item, manner: Manner) -> list[str]:
    """Write what a chapter stands in."""
    made = _makers(item, "editor", manner)
    made = made if item.chinese else made[:1].lower() + made[1:]
    where = joined(", ", named(item, item.container), item.text("collection-title") if manner.apsa else "", made)
    inside = f"载{where}" if item.chinese else f"In {where}"
    if item.kind == "paper-conference" and not made and not manner.apsa:
        inside = where
    numbers = pages(item.text("page"), "chicago")
    translated = _makers(item, "translator", manner)
    if manner.apsa:
        brought = joined(", ", _publisher(item, manner), numbers)
        inside, brought = (inside, brought) if made else (joined(", ", inside, brought), "")
    elif item.kind == "paper-conference" and numbers and not made:
        inside, brought = joined(", ", inside, numbers), ""
    else:
        brought = _publisher(item, manner)
    return [translated, inside if item.container else "", edition(item), brought]


def _serial(item: Item, manner: Manner, told: str) -> str:
    """Write the journal, magazine or newspaper, and where in it."""
    date, page = item.date(), pages(item.text("page"), "chicago")
    volume, issue = item.text("volume"), item.text("issue")
    container = named(item, item.container)
    if item.kind in _DATED and (item.kind != "article-magazine" or date.month) and not (manner.apsa and volume):
        if manner.apsa and page:
            page = f"第{page}版" if item.chinese and item.kind == "article-newspaper" else page
            return joined(", ", container, day_of_year(item, date), page)
        return joined(", ", "" if told == "container" else container, day_of_year(item, date))
    if manner.apsa:
        return joined(": ", joined(" ", container, f"{volume}({issue})" if issue else volume), page)
    if volume:
        return joined(": ", f"{container} {volume}" + (f" ({issue})" if issue else ""), page)
    if issue:
        return joined(": ", f"{container}, " + (f"第{issue}期" if item.chinese else f"no. {issue}"), page)
    return joined(": ", container, page)


def _address(item: Item, manner: Manner) -> str:
    if item.doi:
        return f"doi:{item.doi}" if manner.apsa else f"https://doi.org/{item.doi}"
    if item.url is None:
        return ""
    seen: Date = item.date("accessed")
    if manner.apsa and seen:
        return f"{item.url} ({day(item, seen)})"
    if seen and not item.date() and not item.chinese:
        return f"Accessed {day(item, seen)}. {item.url}"
    return item.url
