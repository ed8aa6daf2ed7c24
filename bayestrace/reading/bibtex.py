"""Read the sources from BibTeX, as Zotero and JabRef export it, into the items of CSL-JSON."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bibtexparser import Library, parse_string
from bibtexparser.model import DuplicateBlockKeyBlock, Entry

from bayestrace.errors import Fault
from bayestrace.reading.document import where
from bayestrace.reading.sources import Sources
from bayestrace.reading.tables import MOST_FAULTS
from bayestrace.reading.text import code, forbidden, hidden, shown

_KINDS = {
    "article": "article-journal",
    "book": "book",
    "mvbook": "book",
    "collection": "book",
    "proceedings": "book",
    "booklet": "pamphlet",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "techreport": "report",
    "report": "report",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "unpublished": "manuscript",
    "letter": "personal_communication",
    "dataset": "dataset",
    "software": "software",
    "patent": "patent",
    "standard": "standard",
    "legislation": "legislation",
    "jurisdiction": "legal_case",
    "manual": "report",
    "misc": "document",
}
#: The kind of an article by what biblatex and Zotero call it beside that.
_SUBTYPES = {"newspaper": "article-newspaper", "magazine": "article-magazine"}
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master's thesis"}
#: Fields of BibTeX and biblatex, and what CSL calls them; where several mean one thing the first that is there counts.
_FIELDS = {
    "title": "title",
    "shorttitle": "title-short",
    "journaltitle": "container-title",
    "journal": "container-title",
    "booktitle": "container-title",
    "maintitle": "container-title",
    "volume": "volume",
    "volumes": "number-of-volumes",
    "edition": "edition",
    "publisher": "publisher",
    "institution": "publisher",
    "school": "publisher",
    "organization": "publisher",
    "location": "publisher-place",
    "address": "publisher-place",
    "series": "collection-title",
    "pages": "page",
    "doi": "DOI",
    "url": "URL",
    "isbn": "ISBN",
    "issn": "ISSN",
    "abstract": "abstract",
    "note": "note",
    "eventtitle": "event-title",
    "venue": "event-place",
    "library": "archive",
    "type": "genre",
}
_PEOPLE = {"author": "author", "editor": "editor", "translator": "translator", "bookauthor": "container-author"}
_READ = {*_FIELDS, *_PEOPLE, "date", "year", "month", "urldate", "langid", "language", "number", "issue"}
_READ |= {"subtitle", "booksubtitle", "titleaddon", "entrysubtype", "howpublished"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LANGS = {
    "english": "en",
    "american": "en-US",
    "usenglish": "en-US",
    "british": "en-GB",
    "ukenglish": "en-GB",
    "chinese": "zh",
    "chinese-simplified": "zh-CN",
    "pinyin": "zh",
    "german": "de",
    "ngerman": "de",
    "french": "fr",
    "spanish": "es",
    "russian": "ru",
    "japanese": "ja",
    "korean": "ko",
}
#: So many characters of a file may stand in fields with LaTeX in them: a second for every 70,000.
MOST_LATEX = 2_000_000
#: So many braces of a value may stand one inside the other: the library that reads LaTeX goes down into each.
MOST_DEEP = 100
_BRACE = re.compile(r"(?<!\\)[{}]")
_MARKED = re.compile(r"[\\{}$~%]|--|``|''")
_DATE = re.compile(r"(-?\d{4})(?:-(\d{2})(?:-(\d{2}))?)?[?~%]?")


def read_bibtex(path: str, text: str) -> Sources:
    """Read a bibliography.

    Parameters
    ----------
    path
        The file, as faults name it.
    text
        Its content.

    Returns
    -------
    Sources
        CSL-JSON items by citation key, and every fault: an entry that cannot be read, a key given twice. Fields that
        CSL has no name for are kept under `custom` by their BibTeX name.
    """
    # The parsers tell their logs of what is returned as a block, too, and of commands that lack an argument.
    for name in ("bibtexparser", "pylatexenc"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    library = parse_string(text)
    found = Sources({}, complete=not library.failed_blocks, faults=[*_failures(path, library)])
    latex = 0
    for entry in library.entries:
        line = entry.start_line + 1
        latex += sum(len(str(field.value)) for field in entry.fields if _MARKED.search(str(field.value)))
        if latex > MOST_LATEX or len(found.faults) >= MOST_FAULTS:
            slug = "bibtex-latex" if latex > MOST_LATEX else "more-faults"
            details = {"limit": f"{MOST_LATEX:,}", "count": f"{len(found.faults):,}"}
            return Sources(found.by_id, complete=False, faults=[*found.faults, Fault(path, line, 1, "", slug, details)])
        try:
            item = _item(entry) if _depth(entry) <= MOST_DEEP else None
        except RecursionError:
            item = None
        if item is None:
            found.faults.append(Fault(path, line, 1, "", "bibtex-deep"))
            continue
        texts = [*_texts(item)]
        label = f"sources[{where((entry.key,))}]"
        if not entry.key or hidden(entry.key):
            details = {"found": shown(entry.key), "code": code(hidden(entry.key) or " ")}
            found.faults.append(Fault(path, line, 1, "", "hidden-character" if entry.key else "bibtex-key", details))
        elif sign := next((sign for one in texts if (sign := forbidden(one))), None):
            found.faults.append(Fault(path, line, 1, label, "control-character", {"code": code(sign)}))
        elif not item.get("title"):
            found.faults.append(Fault(path, line, 1, label, "bibtex-title"))
        else:
            found.by_id[entry.key] = item
    return found


def _depth(entry: Entry) -> int:
    """Count the braces that stand open at once in the values of an entry, at most."""
    deepest = 0
    for field in entry.fields:
        opened = 0
        for sign in _BRACE.findall(str(field.value)):
            opened += 1 if sign == "{" else -1
            deepest = max(deepest, opened)
    return deepest


def _failures(path: str, library: Library) -> Iterator[Fault]:
    starts = {entry.key: entry.start_line for entry in library.entries}
    for block in library.failed_blocks[:MOST_FAULTS]:
        line = (block.start_line or 0) + 1
        if isinstance(block, DuplicateBlockKeyBlock):
            details = {"found": shown(block.key), "line": str(starts.get(block.key, 0) + 1)}
            yield Fault(path, line, 1, f"sources[{where((str(block.key),))}]", "source-twice", details)
        else:
            first = (block.raw or "").strip().splitlines()[:1]
            yield Fault(path, line, 1, "", "bibtex-entry", {"found": shown(first[0] if first else "")})


def _item(entry: Entry) -> dict[str, Any]:
    fields = {field.key.lower(): str(field.value) for field in entry.fields}
    kind = entry.entry_type.lower()
    item: dict[str, Any] = {"id": entry.key, "type": _kind(kind, fields)}
    for name, csl in _FIELDS.items():
        if name in fields and csl not in item:
            item[csl] = _plain(fields[name], name)
    for whole, sub in (("title", "subtitle"), ("container-title", "booksubtitle")):
        if sub in fields and whole in item:
            item[whole] += f": {_plain(fields[sub])}"
    number = _plain(fields.get("number", ""))
    issue = _plain(fields.get("issue", "")) or (number if item["type"].startswith("article") else "")
    lang = fields.get("langid") or fields.get("language", "")
    address = re.search(r"https?://[^\s{}\\]+", fields.get("howpublished", ""))
    more: dict[str, Any] = {
        "page": re.sub(r"\s*[-–—]+\s*", "-", item.get("page", "")),
        "issue": issue,
        "number": "" if issue else number,
        "genre": item.get("genre", _GENRES.get(kind)),
        "URL": item.get("URL") or (address and address[0]),
        "issued": _issued(fields),
        "accessed": _date(fields.get("urldate", "")),
        "language": _LANGS.get(lang.lower(), _plain(lang)),
        "custom": {name: value for name, value in fields.items() if name not in _READ},
    }
    more |= {csl: _people(fields.get(name, "")) for name, csl in _PEOPLE.items()}
    return item | {name: value for name, value in more.items() if value}


def _kind(kind: str, fields: Mapping[str, str]) -> str:
    if kind == "misc" and ("url" in fields or "howpublished" in fields):
        return "webpage"
    return _SUBTYPES.get(fields.get("entrysubtype", ""), _KINDS.get(kind, "document"))


def _plain(text: str, name: str = "") -> str:
    """Turn LaTeX into text: accents, dashes, commands of fonts, braces."""
    if name in {"url", "doi"}:
        return re.sub(r"\\([_%&#~$])", r"\1", text).strip("{} ")
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415 - slow, and only BibTeX needs it

    if not _MARKED.search(text):
        return " ".join(text.split())
    # A percent sign starts a comment in LaTeX, but in a bibliography it is meant.
    text = re.sub(r"(?<!\\)%", r"\\%", text)
    told = LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False).latex_to_text(text)
    return " ".join(told.split())


def _issued(fields: Mapping[str, str]) -> dict[str, Any] | None:
    if "date" in fields:
        return _date(fields["date"])
    year = _plain(fields.get("year", ""))
    if not re.fullmatch(r"\d{1,4}", year):
        return {"literal": year} if year else None
    month = re.sub(r"[^a-z0-9]", "", fields.get("month", "").lower())
    place = next((number for number, name in enumerate(_MONTHS, start=1) if month.startswith(name)), None)
    place = int(month) if month.isdecimal() and 1 <= int(month) <= len(_MONTHS) else place
    return {"date-parts": [[int(year), *([place] if place else [])]]}


def _date(text: str) -> dict[str, Any] | None:
    """Read a date of biblatex: 2017, 2017-03-05, 2016/2018."""
    if not text:
        return None
    ends = [_DATE.fullmatch(end) for end in text.split("/") if end not in {"", ".."}]
    if not ends or any(end is None for end in ends):
        return {"literal": _plain(text)}
    return {"date-parts": [[int(part) for part in end.groups() if part] for end in ends if end]}


def _people(text: str) -> list[dict[str, str]]:
    text = " ".join(text.split())
    return [person for name in _split(text, r"\s+and\s+") if (person := _person(name.strip()))]


def _person(name: str) -> dict[str, str] | None:
    """Read one name: `Walt, Stephen M.`, `von Weizsäcker, Carl`, `King, Jr., Martin`, `{World Bank}`, `周, 雪光`."""
    if name.lower() in {"", "others"}:
        return None
    if name.startswith("{") and _closes(name) == len(name) - 1:
        return {"literal": _plain(name)}
    pieces = [_plain(piece) for piece in _split(name, r"\s*,\s*")]
    if len(pieces) == 1:
        words = _split(name, r"\s+")
        low = next((place for place, word in enumerate(words[:-1]) if place and word[:1].islower()), len(words) - 1)
        pieces = [_plain(" ".join(words[low:])), _plain(" ".join(words[:low]))]
    family, given = pieces[0], pieces[-1]
    particle = re.match(r"(?:[^\W\dA-Z]\S*\s+)+(?=\S)", family)
    small = particle[0].strip() if particle and particle[0].islower() else ""
    person = {"family": family[len(small) :].strip(), "given": given, "non-dropping-particle": small}
    if len(pieces) > 2:  # noqa: PLR2004 - family, suffix, given
        person["suffix"] = pieces[1]
    person = {key: value for key, value in person.items() if value}
    return person if "given" in person else {"literal": family}


def _split(text: str, at: str) -> list[str]:
    """Split where braces are closed."""
    pieces, start, depth = [], 0, 0
    for found in re.finditer(rf"\\.|[{{}}]|{at}", text):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth <= 0 and re.fullmatch(at, found[0]):
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]


def _closes(text: str) -> int:
    """Return where the brace closes that a text begins with."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth == 0:
            return place
    return -1


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
