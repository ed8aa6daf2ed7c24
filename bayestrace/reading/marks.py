"""Read YAML, a plain subset of it, into a document with marks.

The events of the parser are taken one by one, so that hostile files (bombs of aliases, endless nesting) are
refused before anything is built from them.
"""

import math
import re
from collections.abc import Iterator

import yaml

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Document, Mark, Marks, Place, where
from bayestrace.reading.syntax import word
from bayestrace.reading.text import code, forbidden, shown

DEEPEST = 40
MOST_EVENTS = 200_000
_MOST_DIGITS = 18

#: The parser in C where PyYAML has it, about four times as quick.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# Plain scalars by the core schema of YAML 1.2 (its octal and hexadecimal numbers stay text).
_CONSTANTS = {
    text: value
    for word, value in (("true", True), ("false", False), ("null", None))
    for text in (word, word.capitalize(), word.upper())
} | {"~": None, "": None}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


def read_yaml(path: str, text: str, texts: frozenset[str] = frozenset()) -> tuple[Document, list[Fault]]:
    """Read one YAML file.

    Parameters
    ----------
    path
        The file, as faults name it.
    text
        Its content.
    texts
        Keys whose plain numbers are meant as texts, such as ``date: 2017``.

    Returns
    -------
    document : Document
        As much of the file as was understood; its value is broken where the file is no YAML.
    faults : list of Fault
        What is refused: faulty syntax, anchors, aliases, tags, merge keys, a second document, repeated keys,
        numbers that are too long or not finite, control characters.
    """
    builder = _Builder(path, yaml.parse(text, Loader=_LOADER), texts)
    try:
        value = builder.document()
    except yaml.YAMLError as error:
        return Document(path), [*builder.faults, word(error, path, text)]
    except _TooMuch as limit:
        return Document(path), [*builder.faults, limit.fault]
    if not builder.marks:
        return Document(path), [Fault(path, 0, 0, "", "file-empty")]
    return Document(path, value, builder.marks, builder.keys, builder.written), builder.faults


def reads_as_text(text: str) -> bool:
    """Tell whether a plain scalar is read as a text, not as a number, a truth or nothing."""
    return text not in _CONSTANTS and not any(form.fullmatch(text) for form in (_INTEGER, _FLOAT, _SPECIAL))


class _TooMuch(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__()


class _Builder:
    """Build one document from events; every method takes the event that opens what it builds."""

    def __init__(self, path: str, events: Iterator[yaml.Event], texts: frozenset[str]) -> None:
        self.path = path
        self.events = events
        self.texts = texts
        self.count = 0
        self.faults: list[Fault] = []
        self.marks = Marks()
        self.keys = Marks()
        self.written: dict[Place, str] = {}

    def document(self) -> object:
        value: object = BROKEN
        documents = 0
        while (event := self._next()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._refuse("yaml-second-document", (), event)
                    break
            elif isinstance(event, yaml.NodeEvent):
                value = self._value((), event)
        return value

    def _next(self) -> yaml.Event | None:
        event = next(self.events, None)
        self.count += 1
        if event is not None and self.count > MOST_EVENTS:
            raise _TooMuch(self._fault("yaml-too-many", (), event, limit=f"{MOST_EVENTS:,}"))
        return event

    def _node(self) -> yaml.NodeEvent | None:
        """Return the event that opens the next value, or None where the list or mapping ends."""
        event = self._next()
        return event if isinstance(event, yaml.NodeEvent) else None

    def _value(self, place: Place, event: yaml.NodeEvent) -> object:
        self.marks[place] = _mark(event)
        if len(place) > DEEPEST:
            raise _TooMuch(self._fault("yaml-too-deep", place[:3], event, limit=str(DEEPEST)))
        if isinstance(event, yaml.AliasEvent):
            self._refuse("yaml-alias", place, event, found=str(event.anchor))
            return BROKEN
        if event.anchor is not None:
            self._refuse("yaml-anchor", place, event, found=event.anchor)
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse("yaml-tag", place, event, found=shown(tag))
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(place, event)
            return BROKEN if tag is not None else value
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(place)
        return self._mapping(place)

    def _sequence(self, place: Place) -> tuple[object, ...]:
        items: list[object] = []
        while (event := self._node()) is not None:
            items.append(self._value((*place, len(items)), event))
        return tuple(items)

    def _mapping(self, place: Place) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while (event := self._node()) is not None:
            key = self._key(place, event)
            self.keys[(*place, key)] = _mark(event)
            inner = self._node()
            value = self._value((*place, key), inner) if inner is not None else None
            if not isinstance(key, _Refused):
                mapping[key] = value
        return mapping

    def _key(self, place: Place, event: yaml.NodeEvent) -> str:
        """Return a key; a `_Refused` one where what follows must be read and set aside."""
        if not isinstance(event, yaml.ScalarEvent):
            if isinstance(event, yaml.AliasEvent):
                self._refuse("yaml-alias", place, event, found=str(event.anchor))
            else:
                self._refuse("key-not-text", place, event)
                self._value((*place, _Refused("?")), event)
            return _Refused("?")
        key = str(event.value)
        here = (*place, key)
        first = self.keys.get(here)
        if event.anchor is not None:
            self._refuse("yaml-anchor", here, event, found=event.anchor)
        elif event.tag is not None:
            self._refuse("yaml-tag", here, event, found=shown(event.tag))
        elif first is not None:
            self._refuse("key-twice", here, event, found=shown(key), line=str(first.line))
            return _Refused(f"{key} (again)")
        elif key == "<<" and not event.style:
            self._refuse("yaml-merge", here, event)
        elif self._controls(here, event):
            pass
        else:
            return key
        return _Refused(key)

    def _scalar(self, place: Place, event: yaml.ScalarEvent) -> object:
        text = str(event.value)
        if self._controls(place, event):
            return BROKEN
        if event.style:  # libyaml gives "" for a plain scalar, PyYAML None
            return text
        if text in _CONSTANTS:
            self.written[place] = text
            return _CONSTANTS[text]
        if not text[0].isascii() or text[0].isalpha() or (place and place[-1] in self.texts):
            return text
        return self._number(place, event, text)

    def _number(self, place: Place, event: yaml.ScalarEvent, text: str) -> object:
        if _SPECIAL.fullmatch(text):
            self._refuse("number-not-finite", place, event, found=shown(text))
            return BROKEN
        integer = _INTEGER.fullmatch(text)
        if not integer and not _FLOAT.fullmatch(text):
            return text
        self.written[place] = text
        if integer and len(text.lstrip("+-")) <= _MOST_DIGITS:
            return int(text)
        if integer:
            self._refuse("number-too-long", place, event, found=shown(text))
            return BROKEN
        number = float(text)
        if math.isinf(number):
            self._refuse("number-not-finite", place, event, found=shown(text))
            return BROKEN
        return number

    def _controls(self, place: Place, event: yaml.ScalarEvent) -> bool:
        """Refuse control characters, which a text in double quotation marks can bring in by escapes."""
        sign = forbidden(str(event.value))
        if sign is not None:
            self._refuse("control-character", place, event, code=code(sign))
        return sign is not None

    def _refuse(self, slug: str, place: Place, event: yaml.Event, **details: str) -> None:
        self.faults.append(self._fault(slug, place, event, **details))

    def _fault(self, slug: str, place: Place, event: yaml.Event, **details: str) -> Fault:
        mark = _mark(event)
        return Fault(self.path, mark.line, mark.column, where(place), slug, details)


class _Refused(str):
    """A key that is no part of the mapping."""

    __slots__ = ()


def _mark(event: yaml.Event) -> Mark:
    mark = event.start_mark
    return Mark(mark.line + 1, mark.column + 1) if mark else Mark(1, 1)
