"""Read the rows of a sheet into a document, each value with the cell that it stands in."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bayestrace.errors import Fault
from bayestrace.reading.cells import Sheet
from bayestrace.reading.document import BROKEN, Document, Mark, Place
from bayestrace.reading.lines import Cell, SheetCell
from bayestrace.reading.marks import read_yaml
from bayestrace.reading.sheets import Column, Kind
from bayestrace.reading.text import guess, listed, shown

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TRUTHS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
_BETWEEN = re.compile(r"[;；]")


class Row(NamedTuple):
    """One row: where it begins, and its cells that are filled in, by column."""

    mark: Mark
    cells: dict[Column, SheetCell]


class Grown:
    """A document that grows cell by cell."""

    def __init__(self, path: str, start: Mark = Mark(1, 1)) -> None:  # noqa: B008 - a Mark does not change
        self.path = path
        self.faults: list[Fault] = []
        self.value: dict[str, object] = {}
        self._made = Document(path, self.value)
        self._made.marks[()] = start

    def document(self) -> Document:
        """Return it as it is now; its lists are tuples, as those of other documents."""

        def closed(value: object) -> object:
            if isinstance(value, dict):
                return {key: closed(each) for key, each in value.items()}
            return tuple(map(closed, value)) if isinstance(value, list) else value

        made = self._made
        return Document(made.path, closed(self.value), made.marks, made.keys, made.written)

    def open(self, place: Place, mark: Mark, kind: type[dict[str, object]] | type[list[object]] = dict) -> None:
        """Begin a mapping or a list, unless it has begun."""
        if self.find(place) is None:
            self._set(place, kind(), mark)

    def fill(self, place: Place, cell: SheetCell, kind: Kind) -> None:
        """Put the value of a cell at a place; refuse one that stands there already."""
        first = self._made.keys.get(place)
        if first is not None and self.find(place) is not None:
            details = {"found": shown(".".join(map(str, place))), "line": str(first.line)}
            self.faults.append(cell.fault("key-twice", details))
            return
        value, written = self._value(cell, kind)
        self._set(place, value, mark_of(cell))
        self._made.written.update({(*place, *inner): text for inner, text in written.items()})

    def spoil(self, place: Place, mark: Mark) -> None:
        """Break what stands at a place, so that no further fault is found in it."""
        self._set(place, BROKEN, mark)

    def at(self, place: Place) -> Mark | None:
        """Return where what stands at a place was read; None where nothing stands."""
        return self._made.keys.get(place)

    def _set(self, place: Place, value: object, mark: Mark) -> None:
        here: object = self.value
        for depth, part in enumerate(place[:-1], start=1):
            if isinstance(here, dict):
                here = here.setdefault(part, {})
            elif isinstance(here, list) and isinstance(part, int):
                here = here[part]
            else:
                return  # something else was refused here already
            self._made.marks.setdefault(place[:depth], mark)
            self._made.keys.setdefault(place[:depth], mark)
        if isinstance(here, list):
            here.append(value)
        elif isinstance(here, dict):
            here[str(place[-1])] = value
        for inner in _places(value):
            self._made.marks[(*place, *inner)] = self._made.keys[(*place, *inner)] = mark

    def find(self, place: Place) -> object:
        """Return what stands at a place; None where nothing does."""
        here: object = self.value
        for part in place:
            if isinstance(here, dict):
                here = here.get(str(part))
            elif isinstance(here, list) and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here

    def _value(self, cell: SheetCell, kind: Kind) -> tuple[object, Mapping[Place, str]]:
        if kind == "words":
            return cell.whole, {}
        if kind == "names" and not cell.text.startswith("["):
            return tuple(name for part in _BETWEEN.split(cell.text) if (name := part.strip())), {}
        if kind == "number":
            return self._number(cell)
        if kind == "truth":
            return _TRUTHS.get(cell.text.casefold(), cell.text), {(): cell.text}
        return (cell.text, {}) if kind == "name" else self._yaml(cell)

    def _number(self, cell: SheetCell) -> tuple[object, Mapping[Place, str]]:
        if cell.kind in {"number", "text"} and _INTEGER.fullmatch(cell.text):
            return int(cell.text), {(): cell.text}
        if cell.kind in {"number", "text"} and _NUMBER.fullmatch(cell.text) and abs(float(cell.text)) < float("inf"):
            return float(cell.text), {(): cell.text}
        self.faults.append(cell.fault("cell-number", {"found": shown(cell.text)}))
        return BROKEN, {}

    def _yaml(self, cell: SheetCell) -> tuple[object, Mapping[Place, str]]:
        """Read a value as YAML writes it; the brackets of a mapping may be left out, and `;` stand for its commas."""
        if cell.kind == "number":
            return self._number(cell)
        text = cell.text
        if not text.startswith(("{", "[", '"', "'")) and re.search(r":(\s|$)", text):
            text = "{" + _BETWEEN.sub(",", text) + "}"
        document, faults = read_yaml(cell.path, text, frozenset({"date", "dates"}))
        self.faults += [
            Fault(cell.path, cell.line, cell.column, fault.where, fault.slug, fault.details) for fault in faults
        ]
        return document.value, document.written


def mark_of(cell: Cell) -> Mark:
    """Return where a cell stands."""
    return Mark(cell.line, cell.column, cell.path)


def _places(value: object) -> Iterator[Place]:
    yield ()
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, tuple):
        inner = enumerate(value)
    for key, each in inner:
        yield from ((key, *place) for place in _places(each))


def rows_of(sheet: Sheet, columns: Sequence[Column], faults: list[Fault]) -> list[Row] | None:
    """Split a sheet into rows by the headings in its first row.

    Parameters
    ----------
    sheet
        One that is read.
    columns
        The columns that it may have.
    faults
        Grows by the sheet's own faults and those of its headings.

    Returns
    -------
    list of Row or None
        The rows below the headings that are not empty; None where the headings are not those of the sheet, so that
        more faults would only repeat that.
    """
    faults += sheet.faults
    rows = sheet.rows()
    if not rows:
        return []
    named: dict[int, Column] = {}
    wrong = list(_headings(rows[0], columns, named))
    faults += wrong
    if wrong:
        return None
    found = []
    for cells in rows[1:]:
        filled = {named[cell.column]: cell for cell in cells if isinstance(cell, SheetCell)}
        found.append(Row(mark_of(cells[0]), filled))
    return found


def _headings(cells: Sequence[Cell], columns: Sequence[Column], named: dict[int, Column]) -> Iterator[Fault]:
    exact = {column.name: column for column in columns}
    folded = {name.casefold(): column for name, column in exact.items()}
    for cell in cells:
        column = exact.get(cell.text) or folded.get(cell.text.casefold())
        if not cell.text:
            yield cell.fault("column-unnamed")
        elif column is None:
            missing = [name for name in exact if exact[name] not in named.values()]
            details = {"found": shown(cell.text), "known": listed(exact), "guess": guess(cell.text, missing)}
            yield cell.fault("column-unknown", details)
        elif column in named.values():
            yield cell.fault("column-twice", {"found": shown(cell.text)})
        else:
            named[cell.column] = column
    for column in columns:
        if column.needed and column not in named.values():
            details = {"found": shown(column.name), "known": listed(exact)}
            yield cells[0].fault("column-missing", details)
