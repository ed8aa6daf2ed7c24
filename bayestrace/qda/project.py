"""Read project.qde: codes, cases, and quotations with where they stand."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from bayestrace.errors import Fault, StudyFaults
from bayestrace.qda.archive import Archive, declared_otherwise
from bayestrace.qda.positions import Counted, Reading, Span, Why, settle
from bayestrace.reading.text import forbidden

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Deepest nesting and most elements of a project.
MOST_DEPTH, MOST_ELEMENTS = 100, 2_000_000
_SOURCES = ("TextSource", "PDFSource", "PictureSource", "AudioSource", "VideoSource")
_SELECTIONS = ("PDFSelection", "PictureSelection", "AudioSelection", "VideoSelection")


@dataclass(frozen=True)
class Code:
    """A code: its name, what it means, the names of the codes above it."""

    name: str
    description: str
    above: tuple[str, ...]


@dataclass(frozen=True)
class Quotation:
    """A quotation: its name, text, codes and cases, and where it stands in which source.

    `place` is a position in the source's own terms: characters, a page, a time; `text` is empty where a project has
    none, as of a picture.
    """

    guid: str
    name: str
    source: str
    place: str
    text: str
    description: str
    codes: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass
class Project:
    """A project: codes by guid, cases by guid with name and description, quotations, and what was not taken over."""

    name: str
    origin: str
    codes: dict[str, Code] = field(default_factory=dict)
    cases: dict[str, tuple[str, str]] = field(default_factory=dict)
    quotations: list[Quotation] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    #: How offsets were read, by source, where it made a difference.
    readings: dict[str, tuple[Reading, Why]] = field(default_factory=dict)


def read_project(archive: Archive) -> Project:
    """Read the project of an archive.

    Raises
    ------
    StudyFaults
        It is no project of REFI-QDA, has a DTD, or is deeper or larger than any project is.
    """
    root = _parsed(archive)
    return _Reader(archive, root).read()


def _parsed(archive: Archive) -> Element:
    from xml.etree.ElementTree import ParseError  # noqa: PLC0415 - the error alone; defusedxml parses

    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - few need it
    from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - as above

    raw = archive.project
    if declared_otherwise(raw):
        _refuse(archive.name, "qda-encoding", found="`project.qde`")
    try:
        raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse(archive.name, "qda-encoding", found="`project.qde`")
    depth = count = 0
    root: Element | None = None
    try:
        for event, element in iterparse(io.BytesIO(raw), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            count += event == "start"
            root = element if root is None else root
            if depth > MOST_DEPTH or count > MOST_ELEMENTS:
                _refuse(archive.name, "qda-deep", limit=str(MOST_DEPTH), most=str(MOST_ELEMENTS))
    except DefusedXmlException:
        _refuse(archive.name, "qda-dtd")
    except (ParseError, ValueError, LookupError):
        _refuse(archive.name, "qda-xml")
    if root is None or _tag(root) != "Project" or not root.tag.lower().startswith("{urn:qda-xml:project:"):
        _refuse(archive.name, "qda-root")
    return root


class _Reader:
    """Walks through the tree of one project."""

    def __init__(self, archive: Archive, root: Element) -> None:
        self.archive, self.root = archive, root
        self.project = Project(root.get("name", ""), root.get("origin", ""))
        self.of_source: dict[str, list[str]] = {}
        self.of_selection: dict[str, list[str]] = {}

    def read(self) -> Project:
        """Read codes, cases, then the quotations of every source."""
        for top in self.root:
            tag = _tag(top)
            if tag == "CodeBook":
                self._codes(top, ())
            elif tag == "Cases":
                self._cases(top)
            elif tag not in {"Sources", "Users", "Description"}:
                self.project.left[tag] += max(1, len(top))
        for sources in _children(self.root, "Sources"):
            for source in sources:
                if _tag(source) in _SOURCES:
                    self._source(source)
        return self.project

    def _codes(self, element: Element, above: tuple[str, ...]) -> None:
        for child in element:
            if _tag(child) == "Codes":
                self._codes(child, above)
            elif _tag(child) == "Code":
                name = _clean(child.get("name", ""))
                self.project.codes[_guid(child.get("guid"))] = Code(name, _description(child), above)
                self._codes(child, (*above, name))

    def _cases(self, element: Element) -> None:
        for case in _children(element, "Case"):
            guid = _guid(case.get("guid"))
            self.project.cases[guid] = (_clean(case.get("name", "")), _description(case))
            for child in case:
                target = _guid(child.get("targetGUID"))
                if _tag(child) == "SourceRef":
                    self.of_source.setdefault(target, []).append(guid)
                elif _tag(child) == "SelectionRef":
                    self.of_selection.setdefault(target, []).append(guid)
                elif _tag(child) == "VariableValue":
                    self.project.left["VariableValue"] += 1

    def _source(self, source: Element) -> None:
        name = _clean(source.get("name", "")) or _guid(source.get("guid"))
        cases = tuple(self.of_source.get(_guid(source.get("guid")), ()))
        self._texts(source, name, cases, "")
        for child in source:
            tag = _tag(child)
            if tag in _SELECTIONS:
                place = _place(child)
                inside = [part for part in child if _tag(part) == "Representation"]
                taken = sum(self._texts(part, name, cases, place) for part in inside)
                if not taken or _codes_of(child):
                    self._add(child, name, cases, place, self._whole(inside))
            elif tag in {"Representation", "Transcript", "TextDescription"}:
                self._texts(child, name, cases, "")
            elif tag in {"Coding", "NoteRef", "VariableValue"}:
                self.project.left[f"{tag} of a source"] += 1

    def _whole(self, representations: list[Element]) -> str:
        texts = [self._content(one) for one in representations]
        return " ".join(text for text in texts if text)

    def _content(self, source: Element) -> str | None:
        inline = next(_children(source, "PlainTextContent"), None)
        if inline is not None:
            return inline.text or ""
        address = source.get("plainTextPath", "")
        return self.archive.text(address) if address else None

    def _texts(self, source: Element, name: str, cases: tuple[str, ...], beside: str) -> int:
        """Read the selections of a text; return how many there are."""
        chosen = [child for child in source if _tag(child) in {"PlainTextSelection", "TranscriptSelection"}]
        plain = [child for child in chosen if _tag(child) == "PlainTextSelection"]
        for child in chosen:
            if child not in plain:
                self._add(child, name, cases, _place(child), "")
        if not plain:
            return len(chosen)
        text = self._content(source)
        spans = [_span(child) for child in plain]
        if text is None:
            self.project.left["text outside of the archive"] += 1
            counted: Counted | None = None
        else:
            counted, reading, why = settle(text, [span for span in spans if span])
            if why != "same":
                self.project.readings[name] = (reading, why)
        for child, span in zip(plain, spans, strict=True):
            place = f"{span.start}–{span.end}" if span else "?"
            found = counted.cut(span.start, span.end) if counted and span else None
            if found is None:
                self.project.left["position outside of the text"] += text is not None
            at = f"characters {place}"
            self._add(child, name, cases, f"{beside}, {at}" if beside else at, found or "")
        return len(chosen)

    def _add(self, element: Element, source: str, cases: tuple[str, ...], place: str, text: str) -> None:
        guid = _guid(element.get("guid"))
        codes = tuple(dict.fromkeys(_codes_of(element)))
        self.project.left["NoteRef"] += sum(_tag(child) == "NoteRef" for child in element)
        if not codes:
            self.project.left["quotation without a code"] += 1
            return
        cases = tuple(dict.fromkeys([*self.of_selection.get(guid, ()), *cases]))
        name = _clean(element.get("name", ""))
        quotation = Quotation(guid, name, source, place, _clean(text), _description(element), codes, cases)
        self.project.quotations.append(quotation)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, tag: str) -> Iterator[Element]:
    return (child for child in element if _tag(child) == tag)


def _guid(text: str | None) -> str:
    return (text or "").strip("{} ").lower()


def _description(element: Element) -> str:
    return _clean(next((child.text or "" for child in _children(element, "Description")), "")).strip()


def _codes_of(element: Element) -> Iterator[str]:
    for coding in _children(element, "Coding"):
        yield from (_guid(one.get("targetGUID")) for one in _children(coding, "CodeRef"))


def _clean(text: str) -> str:
    return "".join(sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if not forbidden(sign))


def _number(element: Element, name: str) -> int | None:
    value = element.get(name, "").strip()
    return int(value) if value.lstrip("-").isdecimal() and len(value) <= 12 else None  # noqa: PLR2004 - no text is longer


def _span(element: Element) -> Span | None:
    start, end = _number(element, "startPosition"), _number(element, "endPosition")
    if start is None or end is None:
        return None
    return Span(start, end, tuple(filter(None, (element.get("name", ""), _description(element)))))


def _place(element: Element) -> str:
    """Say where a selection of something other than text stands."""
    page, begin, end = _number(element, "page"), _number(element, "begin"), _number(element, "end")
    if page is not None:
        return f"page {page}"
    if begin is not None and end is not None:
        return f"{_clock(begin)}–{_clock(end)}"
    corners = [_number(element, name) for name in ("firstX", "firstY", "secondX", "secondY")]
    return f"area {corners}" if None not in corners else "?"


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _refuse(name: str, slug: str, **details: str) -> NoReturn:
    raise StudyFaults([Fault(name, 0, 0, "", slug, details)])
