"""Sources (CSL-JSON) to references: APA-like, and GB/T 7714-like for Chinese sources.

Just good enough for the first report. The style follows the language of the source, not of the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_GB_TYPES = {
    "article-journal": "J",
    "article-magazine": "J",
    "article-newspaper": "N",
    "book": "M",
    "chapter": "M",
    "report": "R",
    "thesis": "D",
    "webpage": "EB/OL",
    "post-weblog": "EB/OL",
}
#: Authors named before "et al."; APA 7 names twenty, which no table holds.
_MOST = 6


@dataclass(frozen=True)
class Reference:
    """A reference in three pieces, the middle one in italics (empty in Chinese style), and its safe link."""

    before: str
    italic: str
    after: str
    url: str | None
    lang: str

    def __str__(self) -> str:
        return self.before + self.italic + self.after


def reference(csl: Mapping[str, Any]) -> Reference:
    """Write one source as a reference.

    Parameters
    ----------
    csl
        A CSL-JSON item; whatever is missing or of an unexpected type is left out.

    Returns
    -------
    Reference
        Plain text, not escaped; `url` only where it is http or https.
    """
    chinese = str(csl.get("language", "")).lower().startswith("zh")
    return _gb(csl) if chinese else _apa(csl)


def safe_url(value: object) -> str | None:
    """Return an address that may be linked to: http or https, with a host; None for anything else."""
    if not isinstance(value, str) or any(char.isspace() or ord(char) < ord("!") for char in value):
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in {"http", "https"} and parts.netloc else None


def _field(csl: Mapping[str, Any], name: str) -> str:
    value = csl.get(name)
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _people(csl: Mapping[str, Any], role: str) -> list[Mapping[str, Any]]:
    value = csl.get(role)
    return [person for person in value if isinstance(person, Mapping)] if isinstance(value, list) else []


def _date(csl: Mapping[str, Any]) -> tuple[int, ...]:
    issued = csl.get("issued")
    parts = issued.get("date-parts") if isinstance(issued, Mapping) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    return tuple(int(part) for part in first if str(part).lstrip("-").isdigit())


def _initials(given: str) -> str:
    return " ".join(f"{word[0]}." for word in given.replace("-", " ").split() if word)


def _apa_name(person: Mapping[str, Any]) -> str:
    if person.get("literal"):
        return str(person["literal"])
    family, given = str(person.get("family", "")), _initials(str(person.get("given", "")))
    return f"{family}, {given}" if given else family


def _apa_list(names: Sequence[str]) -> str:
    if len(names) > _MOST:
        return ", ".join(names[:_MOST]) + ", et al."
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _apa_date(date: tuple[int, ...]) -> str:
    if not date:
        return "n.d."
    year, *rest = date
    month = _MONTHS[rest[0] - 1] if rest and 1 <= rest[0] <= len(_MONTHS) else ""
    day = f" {rest[1]}" if month and len(rest) > 1 else ""
    return f"{year}, {month}{day}" if month else str(year)


def _stop(text: str) -> str:
    return text if not text or text[-1] in ".?!" else f"{text}."


def _apa(csl: Mapping[str, Any]) -> Reference:
    names = [name for person in _people(csl, "author") if (name := _apa_name(person))]
    title, container = _field(csl, "title"), _field(csl, "container-title")
    publisher = _field(csl, "publisher")
    date = f"({_apa_date(_date(csl))})."
    head = f"{_stop(_apa_list(names))} {date} " if names else ""
    numbers = _field(csl, "volume") + (f"({_field(csl, 'issue')})" if _field(csl, "issue") else "")
    pages = _field(csl, "page").replace("-", "–")
    language = _field(csl, "language") or "en"
    url = safe_url(csl.get("URL"))
    if container:
        editors = [_initials(str(one.get("given", ""))) + f" {one.get('family', '')}" for one in _people(csl, "editor")]
        inside = f"In {' & '.join(editors)} (Ed{'s' if len(editors) > 1 else ''}.), " if editors else ""
        after = "".join(f", {piece}" for piece in (numbers, pages) if piece)
        ending = f" {_stop(publisher)}" if publisher and publisher != container else ""
        start = f"{head}{_stop(title)} {inside}" if names else f"{_stop(title)} {date} {inside}"
        return Reference(start, container, f"{after}.{ending}", url, language)
    ending = f" {_stop(publisher)}" if publisher else ""
    if names:
        return Reference(head, title, ("" if title[-1:] in "?!." else ".") + ending, url, language)
    return Reference("", title, f". {date}{ending}", url, language)


def _gb_name(person: Mapping[str, Any]) -> str:
    if person.get("literal"):
        return str(person["literal"])
    family, given = str(person.get("family", "")), str(person.get("given", ""))
    # Han names are written together, others as family name and initials.
    return family + given if not (family + given).isascii() else f"{family} {_initials(given)}".strip()


def _gb(csl: Mapping[str, Any]) -> Reference:
    names = [_gb_name(person) for person in _people(csl, "author")]
    people = "，".join(names[:3]) + ("，等" if len(names) > 3 else "")  # noqa: PLR2004 - GB/T 7714 names three
    date = "-".join(f"{part:02d}" if place else str(part) for place, part in enumerate(_date(csl)))
    kind = _GB_TYPES.get(_field(csl, "type"), "Z")
    title, container = _field(csl, "title"), _field(csl, "container-title")
    issue = f"({_field(csl, 'issue')})" if _field(csl, "issue") else ""
    pages = f"：{_field(csl, 'page')}" if _field(csl, "page") else ""
    translators = "，".join(_gb_name(person) for person in _people(csl, "translator"))
    place = "：".join(piece for piece in (_field(csl, "publisher-place"), _field(csl, "publisher")) if piece)
    pieces = [people, f"{title}[{kind}]", f"{translators}，译" if translators else ""]
    if container:
        where = [container, date, _field(csl, "volume")]
        pieces.append("，".join(piece for piece in where if piece) + issue + pages)
    else:
        pieces.append("，".join(piece for piece in (place, date) if piece) + pages)
    text = "．".join(piece for piece in pieces if piece) + "．"
    return Reference(text, "", "", safe_url(csl.get("URL")), _field(csl, "language"))
