"""References after APA 7 (Publication Manual, 7th edition)."""

from __future__ import annotations

from collections.abc import Sequence

from bayestrace.references.item import Date, Item, Person, first_letter
from bayestrace.references.marked import italic, joined, stop
from bayestrace.references.pages import pages
from bayestrace.references.words import archived, day_of_year, numbered, ordinal

#: What is dated by its year.
_BY_YEAR = {"book", "chapter", "thesis", "article-journal"}
#: Of more authors than so many, APA names the first nineteen and the last.
_MOST = 20


def write(item: Item, *, addressed: bool = True, suffix: str = "") -> str:
    """Write a reference; `addressed` with its DOI or address, `suffix` the letter behind the year."""
    head, told = _head(item)
    date = _date(item, suffix)
    if item.container and item.kind not in {"webpage", "post"}:
        title = stop(item.title)
        start = joined(" ", head, date, title) if head else f"{title} {date}"
        text = f"{start} {_editors(item)}{_within(item)}"
    else:
        # What stands by itself: its title is in italics, whoever brought it out at the end, unless that is its author.
        title = stop(italic(item.title) + _described(item, told))
        outlet = item.container or item.text("publisher")
        inside = item.kind == "thesis" and item.url is not None
        outlet = "" if outlet in {one.whole for one in item.people("author")} or inside else outlet
        ends = [stop(outlet) if outlet else "", stop(archived(item)) if archived(item) else ""]
        text = joined(" ", *([head, date, title] if head else [title, date]), *ends)
    return joined(" ", text, _address(item)) if addressed else text


def _name(person: Person) -> str:
    family = " ".join(filter(None, (person.particle, person.family)))
    given = " ".join(filter(None, (initials(person.given), person.dropping)))
    return person.whole or ", ".join(filter(None, (family, given, person.suffix)))


def initials(given: str) -> str:
    """Write given names as APA does: Stephen M. as S. M., Ji-won as J.-W."""
    words = (
        "-".join(f"{letter}." for part in word.split("-") if (letter := first_letter(part))) for word in given.split()
    )
    return " ".join(filter(None, words))


def _straight(person: Person) -> str:
    """Write a name as it stands behind a title: S. M. Walt."""
    parts = (initials(person.given), person.dropping, person.particle, person.family, person.suffix)
    return person.whole or " ".join(filter(None, parts))


def _list(names: Sequence[str]) -> str:
    if len(names) > _MOST:
        return f"{', '.join(names[: _MOST - 1])}, . . . {names[-1]}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _head(item: Item) -> tuple[str, str]:
    """Write who comes first, and say in what role."""
    authors, editors = item.people("author"), item.people("editor")
    if authors:
        return stop(_list([_name(one) for one in authors])), "author"
    if editors and item.kind not in {"chapter", "paper-conference"}:
        word = "编" if item.chinese else f"Ed{'s' if len(editors) > 1 else ''}."
        return f"{_list([_name(one) for one in editors])} ({word}).", "editor"
    return "", ""


def _date(item: Item, suffix: str) -> str:
    date: Date = item.date()
    if not date:
        unknown = "日期不详" if item.chinese else "n.d."
        return f"({unknown}{f'-{suffix}' if suffix else ''})."
    rest = "" if item.kind in _BY_YEAR else day_of_year(item, date)
    if rest and item.chinese:
        return f"({date.years()}年{rest}{suffix})."
    return f"({date.years()}{suffix}, {rest})." if rest else f"({date.years()}{suffix})."


def _editors(item: Item) -> str:
    if item.kind not in {"chapter", "paper-conference"}:
        return ""
    spoken = [_straight(one) for one in item.people("editor")]
    many = "s" if len(spoken) > 1 else ""
    names = ", ".join(spoken[:-1]) + (" & " if many else "") + spoken[-1] if spoken else ""
    if item.chinese:
        return f"载{names} (编), " if names else "载"
    if names:
        return f"In {names} (Ed{many}.), "
    return "In " if item.kind == "chapter" else ""


def _within(item: Item) -> str:
    """Write where a part stands: the piece in italics, and what comes after it."""
    numbers = pages(item.text("page"))
    if item.kind in {"chapter", "paper-conference"}:
        told = [_edition(item), (f"第{numbers}页" if item.chinese else f"pp. {numbers}") if numbers else ""]
        inside = ", ".join(filter(None, told))
        publisher = item.text("publisher")
        return (
            italic(item.container) + (f" ({inside})." if inside else ".") + (f" {stop(publisher)}" if publisher else "")
        )
    volume, issue = item.text("volume"), item.text("issue")
    issued = f"({issue})" if issue and volume else f", ({issue})" if issue else ""
    return italic(joined(", ", item.container, volume)) + f"{issued}{f', {numbers}' if numbers else ''}."


def _edition(item: Item) -> str:
    number = item.text("edition")
    if number in {"", "1"}:
        return ""
    if item.chinese and number.isdecimal():
        return f"第{number}版"
    return f"{ordinal(number)} ed." if number.isdecimal() else number


def _described(item: Item, told: str) -> str:
    """Write what stands in parentheses and in brackets behind a title."""
    people = [("translator", "译", "Trans.")]
    if told != "editor":
        people.append(("editor", "编", "Ed."))
    inside = [
        f"{_list([_straight(one) for one in item.people(role)])}, {chinese if item.chinese else english}"
        for role, chinese, english in people
        if item.people(role)
    ]
    genre, number = item.text("genre"), numbered(item, item.text("number"))
    volume = item.text("volume")
    volume = (f"第{volume}卷" if item.chinese else f"Vol. {volume}") if volume else ""
    report = " ".join(filter(None, (genre, number))) if number else ""
    text = "; ".join(filter(None, [*inside, joined(", ", _edition(item), volume), report]))
    kind = "" if number else genre
    if item.kind == "speech":
        kind = "演讲" if item.chinese else "Speech"
    if item.kind == "thesis" and item.url is not None:
        kind = joined(", ", kind, item.text("publisher"))
    return (f" ({text})" if text else "") + (f" [{kind[0].upper() + kind[1:]}]" if kind else "")


def _address(item: Item) -> str:
    return f"https://doi.org/{item.doi}" if item.doi else item.url or ""
