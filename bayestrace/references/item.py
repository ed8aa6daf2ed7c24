"""One source (CSL-JSON) as styles ask for it: whatever a field holds, it is a text, a list of names or a date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from bayestrace.references.marked import unmarked

#: What Zotero allows in a title; references show the text alone.
_TAGS = re.compile(r"</?(?:i|b|sup|sub|sc|span)(?:\s[^<>]*)?>")
#: A line of Zotero's field "Extra", which CSL-JSON keeps in `note`: `original-date: 1987`, `DOI: 10.1000/1`.
_EXTRA = re.compile(r"(?P<key>[A-Za-z][A-Za-z-]*(?: [A-Za-z]+)?): *(?P<value>\S.*)")
#: What may be stated there in place of a field that the program has not, by CSL's names.
_TOLD = {
    *("archive", "archive-place", "archive_location", "collection-number", "collection-title", "container-title"),
    *("edition", "event-place", "event-title", "genre", "issue", "number", "number-of-volumes", "page", "publisher"),
    *("publisher-place", "status", "title", "type", "volume", "DOI", "URL"),
}
_TOLD_PEOPLE = {"author", "editor", "translator"}
_TOLD_DATES = {"issued", "accessed"}
_DATE = re.compile(r"(-?\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_MONTHS, _DAYS, _LONGEST_YEAR = 12, 31, 18


@dataclass(frozen=True)
class Person:
    """A name in its parts; `whole` where it is written as it stands, of an institution or in Han characters."""

    family: str = ""
    given: str = ""
    whole: str = ""
    dropping: str = ""
    particle: str = ""
    suffix: str = ""

    def __bool__(self) -> bool:
        return bool(self.whole or self.family or self.given)


@dataclass(frozen=True)
class Date:
    """A date as far as it is known; `literal` where it is known in words only, `until` where years are a range."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    until: int | None = None
    literal: str = ""

    def __bool__(self) -> bool:
        return self.year is not None or bool(self.literal)

    def years(self) -> str:
        """Write the year or years, or the words; empty where nothing is known."""
        if self.year is None:
            return self.literal
        return f"{self.year}–{self.until}" if self.until else str(self.year)


class Item:
    """A source as styles ask for it.

    Parameters
    ----------
    csl
        The source as the study has it. It is not changed; what lines of `note` say of fields that it lacks is used too.
    """

    def __init__(self, csl: Mapping[str, Any]) -> None:
        self.csl = {**dict(_told(csl)), **csl}

    def text(self, name: str) -> str:
        """Return a field as text; empty where it is missing or no text."""
        value = self.csl.get(name)
        said = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
        return unmarked(_TAGS.sub("", said)).strip()

    @cached_property
    def kind(self) -> str:
        """The CSL type."""
        return self.text("type")

    @cached_property
    def title(self) -> str:
        """The title as the study has it."""
        return self.text("title")

    @cached_property
    def container(self) -> str:
        """What it appeared in."""
        return self.text("container-title")

    @cached_property
    def lang(self) -> str:
        """The language as a tag: as stated, or Chinese where the title is in Han characters, else English."""
        return self.text("language") or ("zh" if is_han(self.title) else "en")

    @cached_property
    def chinese(self) -> bool:
        """Whether it is in Chinese."""
        return self.lang.lower().startswith(("zh", "chi", "中", "汉"))

    @cached_property
    def english(self) -> bool:
        """Whether it is in English."""
        return self.lang.lower().startswith("en")

    @cached_property
    def doi(self) -> str:
        """The DOI without what makes it an address."""
        found = re.search(r"10\.\d{4,9}/\S+", self.text("DOI"))
        return found[0] if found else ""

    @cached_property
    def url(self) -> str | None:
        """An address that may be linked to; that of the DOI where there is no other."""
        return safe_url(self.csl.get("URL")) or (safe_url(f"https://doi.org/{self.doi}") if self.doi else None)

    def people(self, role: str) -> list[Person]:
        """Return those who are named in a role."""
        value = self.csl.get(role)
        found = [_person(one) for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
        return [one for one in found if one]

    def date(self, name: str = "issued") -> Date:
        """Return a date."""
        value = self.csl.get(name)
        if not isinstance(value, Mapping):
            return Date()
        parts = value.get("date-parts")
        ends = [_numbers(one) for one in parts] if isinstance(parts, list) else []
        if ends and ends[0]:
            year, month, day = (*ends[0], None, None)[:3]
            until = ends[1][0] if len(ends) > 1 and ends[1] and ends[1][0] != year else None
            known = month if month is not None and 1 <= month <= _MONTHS else None
            return Date(year, known, day if known and day is not None and 1 <= day <= _DAYS else None, until)
        said = next((str(value[key]) for key in ("raw", "literal") if isinstance(value.get(key), str | int)), "")
        return date_of(said)


def date_of(said: str) -> Date:
    """Read `1987`, `1987-03` or `1987-03-21`; anything else is words."""
    found = _DATE.fullmatch(said.strip())
    if not found:
        return Date(literal=unmarked(said).strip())
    year, month, day = (int(part) if part else None for part in found.groups())
    if month is not None and not 1 <= month <= _MONTHS:
        return Date(literal=said.strip())
    return Date(year, month, day if day is not None and 1 <= day <= _DAYS else None)


def is_han(text: str) -> bool:
    """Tell whether a text has Han characters and no kana, so that it is Chinese."""
    return any("\u3400" <= char <= "\u9fff" for char in text) and not any("\u3040" <= char <= "\u30ff" for char in text)


def first_letter(name: str) -> str:
    """Return the initial of a name, a capital; empty where it has no letter."""
    return next((sign.upper() for sign in name if sign.isalpha()), "")


def safe_url(value: object) -> str | None:
    """Return an address that may be linked to: http or https, with a host; None for anything else."""
    if not isinstance(value, str) or any(char.isspace() or ord(char) < ord("!") for char in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in {"http", "https"} and parts.netloc else None


def _person(one: Mapping[str, Any]) -> Person:
    def part(name: str) -> str:
        value = one.get(name)
        said = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
        return unmarked(said).strip()

    family, given = part("family"), part("given")
    whole = part("literal") or (family + given if is_han(family + given) else "")
    if not family:  # one name only: as it stands
        whole, given = whole or given, ""
    if whole:
        return Person(whole=whole)
    return Person(
        family, given, dropping=part("dropping-particle"), particle=part("non-dropping-particle"), suffix=part("suffix")
    )


def _numbers(parts: object) -> list[int]:
    found = parts if isinstance(parts, list) else []
    texts = [str(part).strip() for part in found if not isinstance(part, bool)]
    return [int(text) for text in texts if text.removeprefix("-").isdecimal() and len(text) <= _LONGEST_YEAR]


def _told(csl: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the fields that lines of `note` state, as Zotero keeps what it has no field for."""
    note = csl.get("note")
    people: dict[str, list[dict[str, str]]] = {}
    for line in note.splitlines() if isinstance(note, str) else ():
        found = _EXTRA.fullmatch(line.strip())
        if not found:
            continue
        key, value = found["key"], found["value"].strip()
        key = {"doi": "DOI", "url": "URL"}.get(key.lower(), key.lower().replace(" ", "-"))
        key = "archive_location" if key == "archive-location" else key
        if key in _TOLD_PEOPLE:
            family, _, given = (part.strip() for part in value.partition("||"))
            people.setdefault(key, []).append({"family": family, "given": given} if given else {"literal": family})
        elif key in _TOLD_DATES:
            yield key, {"raw": value}
        elif key in _TOLD:
            yield key, value
    yield from people.items()
