"""Read the sources, CSL-JSON as Zotero and others write it."""

import json
import math
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from bayestrace.errors import Fault
from bayestrace.reading.document import where
from bayestrace.reading.tables import MOST_FAULTS
from bayestrace.reading.text import code, forbidden, hidden, position, shown
from bayestrace.study.private import stated_privacy, truth

_MOST_DIGITS = 18
_DEEPEST = 40
_BLANK = " \t\r\n"


class Sources(NamedTuple):
    """The sources by id, and how many could not be read so that ids may be missing."""

    by_id: dict[str, dict[str, Any]]
    complete: bool
    faults: list[Fault]


class _Refused(Exception):
    def __init__(self, slug: str, **details: str) -> None:
        self.slug, self.details = slug, details
        super().__init__(slug)


def read_sources(path: str, text: str) -> Sources:
    """Read a list of sources.

    Parameters
    ----------
    path
        The file, as faults name it.
    text
        Its content.

    Returns
    -------
    Sources
        What could be read, and every fault: faulty syntax, an entry that is no source, an id given twice.
    """
    found = Sources({}, complete=True, faults=[])
    lines: dict[str, int] = {}
    try:
        mark, before = (1, 1), 0
        for entry, index in _entries(_DECODER, text):
            mark, before = _further(mark, text[before:index]), index
            _check_count(found.faults, index)
            found.faults.extend(_entry(path, entry, mark, found.by_id, lines))
    except json.JSONDecodeError as error:
        fault = Fault(path, error.lineno, error.colno, "", "json-syntax")
    except _Wrong as wrong:
        fault = Fault(path, *position(text, wrong.index), "", wrong.slug, wrong.details)
    else:
        return found
    return Sources(found.by_id, complete=False, faults=[*found.faults, fault])


def sources_of(path: str, entries: Iterable[tuple[dict[str, Any], tuple[int, int]]]) -> Sources:
    """Check sources that stand in rows of a sheet.

    Parameters
    ----------
    path
        The sheet, as faults name it.
    entries
        Each source, and the row and column at which it begins.
    """
    found = Sources({}, complete=True, faults=[])
    lines: dict[str, int] = {}
    for entry, mark in entries:
        found.faults.extend(_entry(path, entry, mark, found.by_id, lines))
    return found


def json_value(text: str) -> Any:
    """Read a value of CSL-JSON.

    Raises
    ------
    ValueError
        Where it is none.
    """
    try:
        value, end = _decode(_DECODER, text, _skip(text, 0))
        _end(text, end)
    except _Wrong as wrong:
        raise ValueError(wrong.slug) from None
    return value


def _check_count(faults: list[Fault], index: int) -> None:
    if len(faults) >= MOST_FAULTS:
        raise _Wrong(index, "more-faults", {"count": f"{len(faults):,}"})


def _further(mark: tuple[int, int], text: str) -> tuple[int, int]:
    """Return line and column after a text that begins at a mark."""
    line, column = position(text, None)
    return (mark[0], mark[1] + column - 1) if line == 1 else (mark[0] + line - 1, column)


class _Wrong(Exception):
    def __init__(self, index: int, slug: str, details: dict[str, str] | None = None) -> None:
        self.index, self.slug, self.details = index, slug, details or {}
        super().__init__(slug)


def _entries(decoder: json.JSONDecoder, text: str) -> Iterator[tuple[Any, int]]:
    """Yield every item of the outer list with the index at which it begins."""
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        _decode(decoder, text, at)  # says what is wrong with the syntax, if anything is
        raise _Wrong(at, "json-list")
    at = _skip(text, at + 1)
    if text[at : at + 1] == "]":
        return _end(text, at + 1)
    while True:
        entry, after = _decode(decoder, text, at)
        yield entry, at
        at = _skip(text, after)
        if text[at : at + 1] == "]":
            return _end(text, at + 1)
        if text[at : at + 1] != ",":
            raise _Wrong(at, "json-syntax")
        at = _skip(text, at + 1)


def _end(text: str, at: int) -> None:
    rest = _skip(text, at)
    if rest < len(text):
        raise _Wrong(rest, "json-syntax")


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANK:
        at += 1
    return at


def _decode(decoder: json.JSONDecoder, text: str, at: int) -> tuple[Any, int]:
    try:
        return decoder.raw_decode(text, at)
    except RecursionError:
        raise _Wrong(at, "json-too-deep") from None
    except _Refused as refused:
        raise _Wrong(at, refused.slug, refused.details) from None


def _entry(
    path: str, entry: Any, mark: tuple[int, int], by_id: dict[str, dict[str, Any]], lines: dict[str, int]
) -> Iterator[Fault]:
    if not isinstance(entry, dict):
        yield Fault(path, *mark, "", "source-form")
        return
    try:
        sign = _stray(entry)
    except RecursionError:
        yield Fault(path, *mark, "", "json-too-deep")
        return
    name = entry.get("id")
    # Programs other than Zotero number their entries.
    name = str(name) if isinstance(name, int) and not isinstance(name, bool) else name
    label = f"sources[{where((name,))}]" if isinstance(name, str) else ""
    if sign:
        yield Fault(path, *mark, "", "json-character", {"code": code(sign)})
        return
    texts = {"id": name, "type": entry.get("type"), "title": entry.get("title")}
    missing = [key for key, value in texts.items() if not isinstance(value, str) or not value.strip()]
    for key in missing:
        yield Fault(path, *mark, label, "source-key-missing", {"key": key})
    for value in stated_privacy(entry):
        if truth(value) is None:
            yield Fault(path, *mark, label, "source-private", {"found": shown(value)})
    if not isinstance(name, str) or "id" in missing:
        return
    if unseen := hidden(name):
        yield Fault(path, *mark, "", "hidden-character", {"found": shown(name), "code": code(unseen)})
    elif name in by_id:
        yield Fault(path, *mark, label, "source-twice", {"found": shown(name), "line": str(lines[name])})
    else:
        by_id[name] = {**entry, "id": name}
        lines[name] = mark[0]


def _stray(value: Any) -> str | None:
    """Return a character that no text may hold, such as half of a surrogate pair, from anywhere in an entry."""
    waiting = [(value, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > _DEEPEST:  # what writes the study as JSON later on goes down by recursion
            raise RecursionError
        if isinstance(each, dict):
            waiting += [(inner, depth + 1) for pair in each.items() for inner in pair]
        elif isinstance(each, list):
            waiting += [(inner, depth + 1) for inner in each]
        elif isinstance(each, str):
            sign = forbidden(each)
            if sign:
                return sign
    return None


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS:
        raise _Refused("json-number", found=shown(digits))
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise _Refused("json-number", found=shown(digits))
    return number


def _constant(name: str) -> float:
    raise _Refused("json-number", found=shown(name))


_DECODER = json.JSONDecoder(parse_int=_integer, parse_float=_number, parse_constant=_constant)
