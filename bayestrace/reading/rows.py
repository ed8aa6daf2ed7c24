"""Read the rows of a sheet, or of a table in CSV that says what a sheet does."""

import re
from collections.abc import Iterator, Mapping, Sequence
from sys import intern
from typing import TYPE_CHECKING

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Mark, Place
from bayestrace.reading.lines import Cell, Line, Lines, SheetCell
from bayestrace.reading.marks import read_yaml
from bayestrace.reading.sheets import Column, Kind
from bayestrace.reading.tables import MOST_FAULTS, MOST_TABLE_CELLS, cell_count, more_faults, other_separator
from bayestrace.reading.text import guess, listed, shown

if TYPE_CHECKING:
    from bayestrace.reading.cells import Sheet

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_TRUTHS = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
_BETWEEN = re.compile(r"[;；]")


class Row:
    """One row of a sheet, or of a table in CSV that says what a sheet does, and the columns in which it is filled in.

    Parameters
    ----------
    named
        The column of each of its cells, by index.
    """

    __slots__ = ("key", "named")

    def __init__(self, named: Mapping[int, Column]) -> None:
        self.named = named
        #: The column that says whose row this is, and so is no part of what it says.
        self.key: Column | None = None

    def at(self, index: int) -> SheetCell | None:
        """Return a cell; None where it is empty."""
        raise NotImplementedError

    def text(self, index: int, kind: Kind) -> str | bool:
        """Return what a cell of texts or names holds, empty where that is nothing; of other cells whether they hold it.

        Nearly all cells of a large table are such, and need not be made for that.
        """
        cell = self.at(index)
        return (cell is not None) and (cell.whole if kind == "words" else cell.text if kind == "name" else True)

    def begins(self) -> Mark:
        """Return where the row begins."""
        raise NotImplementedError

    def cells(self) -> Iterator[tuple[Column, SheetCell]]:
        """Yield what is filled in, but the key."""
        for index, column in self.named.items():
            if column is not self.key and (cell := self.at(index)) is not None:
                yield column, cell

    def take(self, column: Column) -> SheetCell | None:
        """Return the cell of the column that is the key."""
        self.key = column
        return next((self.at(index) for index, each in self.named.items() if each is column), None)

    def mark_at(self, place: Place) -> Mark | None:
        """Return where a part of what the row says stands, as `bayestrace.reading.document.Placed` asks it."""
        wanted = tuple(map(str, place))
        for column, cell in self.cells() if place else ():
            depth = min(len(wanted), len(column.place))
            if column.place[:depth] == wanted[:depth]:
                return mark_of(cell)
        return None if place else self.begins()

    def value(self, written: dict[Place, str], place: Place, faults: list[Fault]) -> object:
        """Return what the row says: a mapping, a list or one value, as its columns have it.

        Parameters
        ----------
        written
            Grows by values that are no texts, as they are written.
        place
            Where the value will stand.
        faults
            Grows.
        """
        made: dict[str, object] = {}
        for index, column in self.named.items():
            text = self.text(index, column.kind)
            if not text or column is self.key:
                continue
            value = self._other(index, column, written, place, faults) if text is True else text
            if not column.place:
                return value
            here = made
            for part in column.place[:-1]:
                here = here.setdefault(part, {})  # type: ignore[assignment]  # only mappings are put there
            here[column.place[-1]] = value
        return tuple(made.values()) if any(key.isdigit() for key in made) else made

    def _other(
        self, index: int, column: Column, written: dict[Place, str], place: Place, faults: list[Fault]
    ) -> object:
        """Read a cell that holds no text or name."""
        cell = self.at(index)
        if cell is None:
            return None
        value, texts = value_of(cell, column.kind, faults)
        for inner, text in texts.items():
            written[*place, *(int(part) if part.isdigit() else part for part in column.place), *inner] = text
        return value


class _SheetRow(Row):
    __slots__ = ("_cells",)

    def __init__(self, named: Mapping[int, Column], cells: Sequence[Cell]) -> None:
        super().__init__(named)
        self._cells = cells

    def at(self, index: int) -> SheetCell | None:
        cell = self._cells[index]
        return cell if isinstance(cell, SheetCell) else None

    def begins(self) -> Mark:
        return mark_of(self._cells[0])


class _LineRow(Row):
    __slots__ = ("_line", "_path")

    def __init__(self, named: Mapping[int, Column], path: str, line: Line) -> None:
        super().__init__(named)
        self._path, self._line = path, line

    def at(self, index: int) -> SheetCell | None:
        text = self._line.texts[index]
        if not text:
            return None
        return SheetCell(self._path, *self._line.place(index), "", text, "text", self._line.whole(index))

    def text(self, index: int, kind: Kind) -> str | bool:
        text = self._line.texts[index]
        if kind == "name":
            return intern(text)  # it may stand in very many rows
        return bool(text) and (self._line.whole(index) if kind == "words" else True)

    def begins(self) -> Mark:
        return Mark(*self._line.place(0), self._path)


def value_of(cell: SheetCell, kind: Kind, faults: list[Fault]) -> tuple[object, Mapping[Place, str]]:
    """Read a cell; give its value and, where parts of that are no texts, these as they are written."""
    if kind == "name":
        return cell.text, {}
    if kind == "words":
        return cell.whole, {}
    if kind == "names" and not cell.text.startswith("["):
        return tuple(name for part in _BETWEEN.split(cell.text) if (name := part.strip())), {}
    if kind == "number":
        return _number(cell, faults)
    if kind == "truth":
        return _TRUTHS.get(cell.text.casefold(), cell.text), {(): cell.text}
    return _yaml(cell, faults)


def _number(cell: SheetCell, faults: list[Fault]) -> tuple[object, Mapping[Place, str]]:
    if cell.kind in {"number", "text"} and _INTEGER.fullmatch(cell.text):
        return int(cell.text), {(): cell.text}
    if cell.kind in {"number", "text"} and _NUMBER.fullmatch(cell.text) and abs(float(cell.text)) < float("inf"):
        return float(cell.text), {(): cell.text}
    faults.append(cell.fault("cell-number", {"found": shown(cell.text)}))
    return BROKEN, {}


def _yaml(cell: SheetCell, faults: list[Fault]) -> tuple[object, Mapping[Place, str]]:
    """Read a value as YAML writes it; the brackets of a mapping may be left out, and `;` stand for its commas."""
    if cell.kind == "number":
        return _number(cell, faults)
    text = cell.text
    if not text.startswith(("{", "[", '"', "'")) and re.search(r":(\s|$)", text):
        text = "{" + _BETWEEN.sub(",", text) + "}"
    document, found = read_yaml(cell.path, text, frozenset({"date", "dates"}))
    faults += [Fault(cell.path, cell.line, cell.column, fault.where, fault.slug, fault.details) for fault in found]
    return document.value, document.written


def mark_of(cell: Cell) -> Mark:
    """Return where a cell stands."""
    return Mark(cell.line, cell.column, cell.path)


def rows_of(sheet: "Sheet", columns: Sequence[Column], faults: list[Fault]) -> list[Row] | None:
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
    named = _named(rows[0], columns, faults) if rows else {}
    return None if named is None else [_SheetRow(named, cells) for cells in rows[1:]]


def rows_in(path: str, text: str, columns: Sequence[Column], faults: list[Fault]) -> tuple[list[Row], bool]:
    """Split a table in CSV into rows as `rows_of` does a sheet.

    Returns
    -------
    rows : list of Row
        Those that are as long as the first one.
    whole : bool
        Whether these are all, so that what is not among them can be called unknown.
    """
    before = len(faults)
    lines = Lines(path, text, MOST_TABLE_CELLS).split(faults)
    first = next(lines, None)
    header = [first.cell(path, index) for index in range(len(first.pieces))] if first else []
    if other := other_separator(header):
        faults.append(other)
    named = _named(header, columns, faults) if header and not other else None
    rows: list[Row] = []
    for line in lines if named is not None else ():
        if len(faults) - before >= MOST_FAULTS:
            faults.append(more_faults(line.cell(path, 0), len(faults) - before))
            break
        if len(line.pieces) == len(header):
            rows.append(_LineRow(named or {}, path, line))
        else:
            faults.append(cell_count(line.cell(path, 0), len(line.pieces), len(header)))
    return rows, len(faults) == before


def _named(header: Sequence[Cell], columns: Sequence[Column], faults: list[Fault]) -> dict[int, Column] | None:
    """Find the column of each heading, by index; None where there is a fault."""
    named: dict[int, Column] = {}
    wrong = list(_headings(header, columns, named))
    faults += wrong
    return None if wrong else named


def _headings(cells: Sequence[Cell], columns: Sequence[Column], named: dict[int, Column]) -> Iterator[Fault]:
    exact = {column.name: column for column in columns}
    folded = {name.casefold(): column for name, column in exact.items()}
    for index, cell in enumerate(cells):
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
            named[index] = column
    for column in columns:
        if column.needed and column not in named.values():
            details = {"found": shown(column.name), "known": listed(exact)}
            yield cells[0].fault("column-missing", details)
