"""Sources (CSL-JSON) to references, in the style of APA 7 and in that of GB/T 7714-2015.

A source is cited in the style of its own language, not of the page; the other style is to be had too. Titles are kept
as the study has them: no case is changed, nothing is translated or romanised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

Style = Literal["apa", "gb"]
#: The styles, and how each is called.
STYLES: dict[Style, str] = {"apa": "APA", "gb": "GB/T 7714"}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_GB_TYPES = {
    "article-journal": "J",
    "article-magazine": "J",
    "article-newspaper": "N",
    "book": "M",
    "chapter": "M",
    "report": "R",
    "thesis": "D",
    "webpage": "EB",
    "post-weblog": "EB",
}
#: What appears in numbers, and is dated by year alone once volume or issue are known.
_SERIALS = {"article-journal", "article-magazine"}
#: What is dated by its year.
_BOOKS = {"book", "chapter", "thesis"}
#: Of more authors than so many, APA names the first nineteen and the last.
_APA_MOST = 20
#: Of more authors than so many, GB/T 7714 names so many.
_GB_MOST = 3


@dataclass(frozen=True)
class Reference:
    """A reference in three pieces, the middle one in italics (empty in GB/T 7714), and its safe link."""

    before: str
    italic: str
    after: str
    url: str | None
    lang: str

    def __str__(self) -> str:
        return self.before + self.italic + self.after


def own_style(csl: Mapping[str, Any]) -> Style:
    """Return the style of a source's language: GB/T 7714 for Chinese, APA for any other."""
    return "gb" if _is_chinese(csl) else "apa"


def other_style(csl: Mapping[str, Any]) -> Style:
    """Return the style that is not the one of a source's language."""
    return "apa" if _is_chinese(csl) else "gb"


def reference(csl: Mapping[str, Any], style: Style | None = None) -> Reference:
    """Write one source as a reference.

    Parameters
    ----------
    csl
        A CSL-JSON item; whatever is missing or of an unexpected type is left out.
    style
        None for the style of the source's language.

    Returns
    -------
    Reference
        Plain text, not escaped; `url` only where it is http or https.
    """
    before, italic, after = (_apa if (style or own_style(csl)) == "apa" else _gb)(csl)
    return Reference(before, italic, after, safe_url(csl.get("URL")), _field(csl, "language") or "en")


def safe_url(value: object) -> str | None:
    """Return an address that may be linked to: http or https, with a host; None for anything else."""
    if not isinstance(value, str) or any(char.isspace() or ord(char) < ord("!") for char in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in {"http", "https"} and parts.netloc else None


def _is_chinese(csl: Mapping[str, Any]) -> bool:
    return str(csl.get("language", "")).lower().startswith("zh")


def _is_han(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)


def _field(csl: Mapping[str, Any], name: str) -> str:
    value = csl.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _people(csl: Mapping[str, Any], role: str) -> list[Mapping[str, Any]]:
    value = csl.get(role)
    return [person for person in value if isinstance(person, Mapping)] if isinstance(value, list) else []


def _whole(person: Mapping[str, Any]) -> str:
    """Return a name that is written as it stands: of an institution, or in Han characters, the family first."""
    family, given = _field(person, "family"), _field(person, "given")
    return _field(person, "literal") or (family + given if _is_han(family + given) else "")


def _date(csl: Mapping[str, Any]) -> tuple[int, ...]:
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    return tuple(int(part) for part in first if str(part).lstrip("-").isdigit())


def _stop(text: str) -> str:
    return text if not text or text[-1] in ".?!。？！" else f"{text}."


def _initials(given: str) -> str:
    """Write given names as APA does: Stephen M. as S. M., Ji-won as J.-W."""
    return " ".join("-".join(f"{part[0].upper()}." for part in word.split("-") if part) for word in given.split())


def _apa_name(person: Mapping[str, Any]) -> str:
    return _whole(person) or ", ".join(
        piece for piece in (_field(person, "family"), _initials(_field(person, "given"))) if piece
    )


def _apa_list(names: Sequence[str]) -> str:
    if len(names) > _APA_MOST:
        return f"{', '.join(names[: _APA_MOST - 1])}, . . . {names[-1]}"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _apa_date(csl: Mapping[str, Any]) -> str:
    year, *rest = _date(csl) or (None,)
    if year is None:
        return "(n.d.)."
    by_year = _field(csl, "type") in {*_BOOKS, "article-journal"}
    month = _MONTHS[rest[0] - 1] if rest and not by_year and 1 <= rest[0] <= len(_MONTHS) else ""
    day = f" {rest[1]}" if month and len(rest) > 1 else ""
    return f"({year}, {month}{day})." if month else f"({year})."


def _apa(csl: Mapping[str, Any]) -> tuple[str, str, str]:
    names = [name for person in _people(csl, "author") if (name := _apa_name(person))]
    kind, container = _field(csl, "type"), _field(csl, "container-title")
    title, date = _field(csl, "title"), _apa_date(csl)
    head = f"{_stop(_apa_list(names))} {date} " if names else ""
    if container and kind != "webpage":
        start = f"{head}{_stop(title)} " if names else f"{_stop(title)} {date} "
        return (start + _apa_editors(csl), *_apa_within(csl, container))
    # What stands by itself: its title is in italics, whoever brought it out at the end, unless that is its author.
    described = title + _apa_described(csl)
    outlet = container or _field(csl, "publisher")
    ending = f" {_stop(outlet)}" if outlet and outlet not in names else ""
    after = _stop(described)[len(title) :]
    return head, title, f"{after}{ending}" if names else f"{after} {date}{ending}"


def _apa_editors(csl: Mapping[str, Any]) -> str:
    if _field(csl, "type") != "chapter":
        return ""
    editors = [
        _whole(one) or f"{_initials(_field(one, 'given'))} {_field(one, 'family')}".strip()
        for one in _people(csl, "editor")
    ]
    named = ", ".join(editors[:-1]) + (" & " if len(editors) > 1 else "") + editors[-1] if editors else ""
    return f"In {named} (Ed{'s' if len(editors) > 1 else ''}.), " if named else "In "


def _apa_within(csl: Mapping[str, Any], container: str) -> tuple[str, str]:
    """Write where a part stands: the piece in italics, and what comes after it."""
    pages = _field(csl, "page").replace("-", "–")
    if _field(csl, "type") == "chapter":
        publisher = _field(csl, "publisher")
        return container, (f" (pp. {pages})." if pages else ".") + (f" {_stop(publisher)}" if publisher else "")
    volume, issue = _field(csl, "volume"), _field(csl, "issue")
    numbered = f"({issue})" if issue and volume else f", ({issue})" if issue else ""
    return ", ".join(filter(None, (container, volume))), f"{numbered}{f', {pages}' if pages else ''}."


def _apa_described(csl: Mapping[str, Any]) -> str:
    translators = [name for one in _people(csl, "translator") if (name := _apa_name(one))]
    inside = [f"{_apa_list(translators)}, Trans." if translators else "", _field(csl, "number")]
    told = "; ".join(filter(None, inside))
    return (f" ({told})" if told else "") + (" [Speech]" if _field(csl, "type") == "speech" else "")


def _gb_name(person: Mapping[str, Any]) -> str:
    initials = " ".join(part[0].upper() for part in _field(person, "given").replace("-", " ").split())
    return _whole(person) or f"{_field(person, 'family').upper()} {initials}".strip()


def _gb_list(csl: Mapping[str, Any], role: str) -> str:
    names = [name for person in _people(csl, role) if (name := _gb_name(person))]
    comma, more = ("，", "等") if _is_chinese(csl) else (", ", "et al")
    return comma.join([*names[:_GB_MOST], *([more] if len(names) > _GB_MOST else [])])


def _gb_type(csl: Mapping[str, Any]) -> str:
    """Return type and carrier, as [J] or [J/OL]; what has no type of its own is an electronic bulletin when on line."""
    online = safe_url(csl.get("URL")) is not None
    kind = _GB_TYPES.get(_field(csl, "type"), "EB" if online else "Z")
    return f"[{kind}/OL]" if online or kind == "EB" else f"[{kind}]"


def _gb_dates(csl: Mapping[str, Any]) -> tuple[str, str]:
    """Return year and date, as 2019 and 2019-03-25; the date is empty where no more than the year is known."""
    date = _date(csl)
    whole = "-".join(f"{part:02d}" if place else str(part) for place, part in enumerate(date))
    return str(date[0]) if date else "", whole if len(date) > 1 else ""


def _gb(csl: Mapping[str, Any]) -> tuple[str, str, str]:
    stop, comma, colon = ("．", "，", "：") if _is_chinese(csl) else (". ", ", ", ": ")
    kind, container, number = _field(csl, "type"), _field(csl, "container-title"), _field(csl, "number")
    title = colon.join(filter(None, (_field(csl, "title"), number))) + _gb_type(csl)
    translators = _gb_list(csl, "translator")
    people = _gb_list(csl, "author")
    pieces = [people, title, f"{translators}{comma}{'译' if _is_chinese(csl) else 'trans'}" if translators else ""]
    pages = _field(csl, "page")
    if container and kind == "chapter":
        pieces[1] += "//" + stop.join(filter(None, (_gb_list(csl, "editor"), container)))
    if container and kind in {*_SERIALS, "article-newspaper"}:
        pieces.append(_gb_serial(csl, comma) + _gb_pages(kind, pages, colon))
    else:
        # A site is named like a publisher, unless it has written what it holds.
        outlet = container if container and kind != "chapter" else _field(csl, "publisher")
        place = colon.join(filter(None, (_field(csl, "publisher-place"), outlet))) if outlet != people else ""
        pieces.append(colon.join(filter(None, (_gb_brought_out(csl, place, comma), pages))))
    return (stop.join(filter(None, pieces)) + stop).strip(), "", ""


def _gb_serial(csl: Mapping[str, Any], comma: str) -> str:
    year, date = _gb_dates(csl)
    volume, issue = _field(csl, "volume"), _field(csl, "issue")
    by_year = _field(csl, "type") in _SERIALS and (volume or issue)
    when = year if by_year or not date else date
    return comma.join(filter(None, (_field(csl, "container-title"), when, volume))) + (f"({issue})" if issue else "")


def _gb_pages(kind: str, pages: str, colon: str) -> str:
    """Write pages; of a newspaper, the number of the page, in parentheses."""
    if not pages:
        return ""
    return f"({pages})" if kind == "article-newspaper" else f"{colon}{pages}"


def _gb_brought_out(csl: Mapping[str, Any], place: str, comma: str) -> str:
    """Write by whom and when; what is on line has its date in parentheses, after the year if a publisher is named."""
    year, date = _gb_dates(csl)
    if _field(csl, "type") in _BOOKS or not date:
        return comma.join(filter(None, (place, year)))
    if "OL" not in _gb_type(csl):
        return comma.join(filter(None, (place, date)))
    return f"{place}{comma}{year}({date})" if place else f"({date})"
