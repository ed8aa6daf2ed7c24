"""Split CSV files into rows of cells, each with its place.

A cell stands at the line and the character at which it begins, its quotation mark included; an empty cell
stands at the comma or the end of line that follows it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bayestrace.errors import Fault, is_sheet, spot
from bayestrace.reading.text import code, guess, hidden, listed, restored, shown

#: So many columns and cells a table may have.
MOST_COLUMNS, MOST_CELLS = 2_000, 1_000_000
#: After so many faults a file is not read on.
MOST_FAULTS = 1_000

_PLAIN = re.compile(r"[^,\r\n]*")
_QUOTED = re.compile(r'[ \t]*"((?:[^"]|"")*)"[ \t]*')
_OPEN = re.compile(r'[ \t]*"')
_BREAK = re.compile(r"\r\n|\r|\n")
_OTHER_SEPARATORS = {";": "`;`", "\t": "Tab"}


@dataclass(frozen=True)
class Cell:
    """One cell: its text without blanks around it, and where it begins."""

    path: str
    line: int
    column: int
    name: str
    text: str

    def spot(self) -> str:
        """Say where it stands, as in `bayestrace.study.Study.places`."""
        return spot(self.path, self.line, self.column)

    def fault(self, slug: str, details: Mapping[str, str] | None = None) -> Fault:
        """Make a fault that stands at this cell."""
        return Fault(self.path, self.line, self.column, self.name, slug, details or {})


@dataclass(frozen=True)
class Table:
    """The rows of a table, each with a cell for every known column that it has.

    `begins` is the line and column at which it does, 0 where it is a file of its own.
    """

    path: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, Cell], ...]
    faults: tuple[Fault, ...]
    begins: tuple[int, int] = (0, 0)

    def fault(self, slug: str, details: Mapping[str, str] | None = None) -> Fault:
        """Make a fault of the whole table."""
        return Fault(self.path, *self.begins, "", slug, details or {})


def read_table(
    path: str, text: str, layouts: Sequence[tuple[str, ...]], optional: frozenset[str] = frozenset()
) -> Table:
    """Read a CSV file.

    Parameters
    ----------
    path, text
        The file, and its content.
    layouts
        The columns that the file may have, each a choice of all its columns. The first layout that shares a
        column with the file which no other layout has is taken, else the last.
    optional
        Columns that may be left out.

    Returns
    -------
    Table
        Rows that are as long as the first line, and the faults of the file's form. Empty rows are passed over.
    """
    faults: list[Fault] = []
    return as_table(path, read_rows(path, text, faults), layouts, optional, faults)


def read_rows(path: str, text: str, faults: list[Fault]) -> list[list[Cell]]:
    """Split a CSV file into its rows that are not empty, the first one too; `faults` grows."""
    return list(_rows(path, text, faults))


def as_table(
    path: str,
    lines: Sequence[Sequence[Cell]],
    layouts: Sequence[tuple[str, ...]],
    optional: frozenset[str],
    faults: list[Fault],
) -> Table:
    """Make a table of rows of cells, whatever file they come from.

    Parameters
    ----------
    path
        The file, as faults name it.
    lines
        The rows that are not empty; the first holds the names of the columns.
    layouts, optional
        As for `read_table`.
    faults
        What is wrong with the file already; grows.
    """
    if not lines:
        return Table(path, (), (), tuple(faults))
    header = lines[0]
    layout = _layout({cell.text for cell in header}, layouts)
    wrong = list(_header(header, layout, optional))
    faults += wrong
    if any(fault.slug == "csv-separator" for fault in wrong):
        return Table(path, (), (), tuple(faults))
    names = [cell.text for cell in header]
    rows: list[dict[str, Cell]] = []
    for cells in while_few(lines[1:], faults):
        if len(cells) != len(header):
            if not wrong:  # else one comma too few in the first line would spoil every row
                faults.append(cells[0].fault("cell-count", {"count": str(len(cells)), "wanted": str(len(header))}))
            continue
        row: dict[str, Cell] = {}
        for name, cell in zip(names, cells, strict=True):
            if name in layout:
                row.setdefault(name, Cell(path, cell.line, cell.column, name, cell.text))
        rows.append(row)
    return Table(path, tuple(name for name in layout if name in names), tuple(rows), tuple(faults))


def while_few[Cells: Sequence[Cell] | Mapping[str, Cell]](
    rows: Iterable[Cells], faults: list[Fault]
) -> Iterator[Cells]:
    """Yield rows until there are so many faults that more would help nobody; then say where reading has ended."""
    for row in rows:
        if len(faults) >= MOST_FAULTS:
            first = next(iter(row.values() if isinstance(row, Mapping) else row))
            faults.append(first.fault("more-faults", {"count": f"{len(faults):,}"}))
            return
        yield row


def _layout(names: set[str], layouts: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    common = set(layouts[0]).intersection(*layouts[1:])
    return next((layout for layout in layouts[:-1] if names & (set(layout) - common)), layouts[-1])


def _header(header: Sequence[Cell], layout: tuple[str, ...], optional: frozenset[str]) -> Iterator[Fault]:
    names = [cell.text for cell in header]
    for sign, found in _OTHER_SEPARATORS.items():
        if len(names) == 1 and sign in names[0]:
            yield header[0].fault("csv-separator", {"found": found})
            return
    for index, cell in enumerate(header):
        unseen = hidden(cell.text)
        if unseen:
            yield cell.fault("hidden-character", {"found": shown(cell.text), "code": code(unseen)})
        elif not cell.text and is_sheet(cell.path):
            yield cell.fault("column-unnamed")
        elif cell.text not in layout:
            missing = [name for name in layout if name not in names]
            details = {"found": shown(cell.text), "known": listed(layout), "guess": guess(cell.text, missing)}
            yield cell.fault("column-unknown", details)
        elif cell.text in names[:index]:
            yield cell.fault("column-twice", {"found": shown(cell.text)})
    for name in layout:
        if name not in names and name not in optional:
            yield header[0].fault("column-missing", {"found": shown(name), "known": listed(layout)})


def _rows(path: str, text: str, faults: list[Fault]) -> Iterator[list[Cell]]:
    """Yield the rows that are not empty; stop at a quotation mark that is not closed, and at more than a table has."""
    at, line, start, count = 0, 1, 0, 0
    cells: list[Cell] = []
    while True:
        column = at - start + 1
        content, after = _cell(text, at)
        if content is None:
            faults.append(Fault(path, line, column, "", "csv-quote-open"))
            return
        cells.append(Cell(path, line, column, "", restored(content.strip())))
        count += 1
        if count > MOST_CELLS or len(cells) > MOST_COLUMNS:
            unit, most = ("cells", MOST_CELLS) if count > MOST_CELLS else ("columns", MOST_COLUMNS)
            faults.append(cells[-1].fault("table-too-large", {unit: f"{most:,}"}))
            return
        for inner in _BREAK.finditer(text, at, after):
            line, start = line + 1, inner.end()
        if after < len(text) and text[after] not in ",\r\n":
            faults.append(Fault(path, line, after - start + 1, "", "csv-quote-text"))
            match = _PLAIN.match(text, after)
            after = match.end() if match else len(text)
        if after < len(text) and text[after] == ",":
            at = after + 1
            continue
        if any(cell.text for cell in cells):
            yield cells
        cells = []
        end = _BREAK.match(text, after)
        if end is None or end.end() == len(text):
            return
        at = start = end.end()
        line += 1


def _cell(text: str, at: int) -> tuple[str | None, int]:
    """Return the text of the cell that begins here, None where its quotation mark is not closed, and its end."""
    quoted = _QUOTED.match(text, at)
    if quoted:
        return quoted[1].replace('""', '"'), quoted.end()
    if _OPEN.match(text, at):
        return None, len(text)
    plain = _PLAIN.match(text, at)
    return (plain[0], plain.end()) if plain else ("", at)
