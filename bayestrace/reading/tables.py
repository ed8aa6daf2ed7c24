"""Read CSV files and sheets as tables: rows that have a cell for every known column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bayestrace.errors import Fault, is_sheet
from bayestrace.reading.lines import MOST_CELLS, Cell, Line, Lines
from bayestrace.reading.text import code, guess, hidden, listed, shown

#: So many cells a table of a study may have.
MOST_TABLE_CELLS = 100_000_000
#: After so many faults a file is not read on.
MOST_FAULTS = 1_000

_OTHER_SEPARATORS = {";": "`;`", "\t": "Tab"}

type Row = Mapping[str, Cell]


class LineRow(Mapping[str, Cell]):
    """A row of a CSV file, whose cells are made when they are asked for."""

    __slots__ = ("_line", "_named", "_path")

    def __init__(self, path: str, named: Mapping[str, int], line: Line) -> None:
        self._path, self._named, self._line = path, named, line

    def __getitem__(self, name: str) -> Cell:
        return self._line.cell(self._path, self._named[name], name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    @property
    def line(self) -> int:
        """The line at which it begins."""
        return self._line.number

    def texts(self, names: Iterable[str]) -> list[str | None]:
        """Return the texts of some cells, None where there is no such column."""
        named, texts = self._named, self._line.texts
        return [texts[named[name]] if name in named else None for name in names]


def texts_in(row: Row, names: Iterable[str]) -> list[str | None]:
    """Return the texts of some cells, None where the row has no such column; faster than to make the cells."""
    if isinstance(row, LineRow):
        return row.texts(names)
    return [cell.text if (cell := row.get(name)) else None for name in names]


def line_of(row: Row) -> int:
    """Return the line at which a row begins."""
    return row.line if isinstance(row, LineRow) else next(iter(row.values())).line


@dataclass(frozen=True)
class Table:
    """The rows of a table, each with a cell for every known column that it has.

    `rows` of a file are split anew each time that they are gone through, so that a large table takes no more memory
    than its text. `begins` is the line and column at which it does, 0 where it is a file of its own.
    """

    path: str
    columns: tuple[str, ...]
    rows: Iterable[Row]
    faults: tuple[Fault, ...]
    begins: tuple[int, int] = (0, 0)

    def fault(self, slug: str, details: Mapping[str, str] | None = None) -> Fault:
        """Make a fault of the whole table."""
        return Fault(self.path, *self.begins, "", slug, details or {})


class _Rows:
    """The rows of a file that are as long as its first line."""

    def __init__(self, lines: Lines, named: Mapping[str, int], width: int, count: int) -> None:
        self.lines, self.named, self.width, self.count = lines, named, width, count

    def __iter__(self) -> Iterator[Row]:
        for line in islice(self.lines, 1, self.count + 1):
            if len(line.pieces) == self.width:
                yield LineRow(self.lines.path, self.named, line)


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
    lines = Lines(path, text, MOST_TABLE_CELLS)
    faults: list[Fault] = []
    split = lines.split(faults)
    first = next(split, None)
    if first is None:
        return Table(path, (), (), tuple(faults))
    header = [first.cell(path, index) for index in range(len(first.pieces))]
    layout, names, wrong = _headings(header, layouts, optional)
    faults += wrong
    if any(fault.slug == "csv-separator" for fault in wrong):
        return Table(path, (), (), tuple(faults))
    count = 0
    for line in _while_few(split, faults, path):
        count += 1
        if len(line.pieces) != len(header) and not wrong:  # else one comma too few there would spoil every row
            faults.append(cell_count(line.cell(path, 0), len(line.pieces), len(header)))
    named = {name: names.index(name) for name in names if name in layout}
    return Table(path, _in_order(layout, names), _Rows(lines, named, len(header), count), tuple(faults))


def _while_few(lines: Iterable[Line], faults: list[Fault], path: str) -> Iterator[Line]:
    """Yield rows as `while_few` does."""
    for line in lines:
        if len(faults) >= MOST_FAULTS:
            faults.append(more_faults(line.cell(path, 0), len(faults)))
            return
        yield line


def cell_count(cell: Cell, count: int, wanted: int) -> Fault:
    """Refuse a row that is not as long as the first one."""
    return cell.fault("cell-count", {"count": str(count), "wanted": str(wanted)})


def more_faults(cell: Cell, count: int) -> Fault:
    """Say where reading has ended for there were too many faults."""
    return cell.fault("more-faults", {"count": f"{count:,}"})


def read_rows(path: str, text: str, faults: list[Fault]) -> list[list[Cell]]:
    """Split a CSV file into its rows that are not empty, the first one too; `faults` grows."""
    lines = Lines(path, text, MOST_CELLS).split(faults)
    return [[line.cell(path, index) for index in range(len(line.pieces))] for line in lines]


def as_table(
    path: str,
    lines: Sequence[Sequence[Cell]],
    layouts: Sequence[tuple[str, ...]],
    optional: frozenset[str],
    faults: list[Fault],
) -> Table:
    """Make a table of rows of cells, as a sheet has them.

    Parameters
    ----------
    path
        The file, as faults name it.
    lines
        The rows that are not empty, all as long as the first, which holds the names of the columns.
    layouts, optional
        As for `read_table`.
    faults
        What is wrong with the file already.
    """
    if not lines:
        return Table(path, (), (), tuple(faults))
    layout, names, wrong = _headings(lines[0], layouts, optional)
    if any(fault.slug == "csv-separator" for fault in wrong):
        return Table(path, (), (), (*faults, *wrong))
    rows = []
    for cells in lines[1:]:
        row: dict[str, Cell] = {}
        for name, cell in zip(names, cells, strict=True):
            if name in layout:
                row.setdefault(name, Cell(path, cell.line, cell.column, name, cell.text))
        rows.append(row)
    return Table(path, _in_order(layout, names), tuple(rows), (*faults, *wrong))


def while_few(rows: Iterable[Row], faults: list[Fault]) -> Iterator[Row]:
    """Yield rows until there are so many faults that more would help nobody; then say where reading has ended."""
    for row in rows:
        if len(faults) >= MOST_FAULTS:
            faults.append(more_faults(next(iter(row.values())), len(faults)))
            return
        yield row


def _in_order(layout: Iterable[str], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in layout if name in names)


def _headings(
    header: Sequence[Cell], layouts: Sequence[tuple[str, ...]], optional: frozenset[str]
) -> tuple[tuple[str, ...], list[str], list[Fault]]:
    """Return the layout that the headings follow, their names, and their faults."""
    names = [cell.text for cell in header]
    common = set(layouts[0]).intersection(*layouts[1:])
    layout = next((each for each in layouts[:-1] if {*names} & (set(each) - common)), layouts[-1])
    return layout, names, list(_header(header, layout, optional))


def other_separator(header: Sequence[Cell]) -> Fault | None:
    """Refuse a table whose cells are parted by something else than commas."""
    for sign, found in _OTHER_SEPARATORS.items():
        if len(header) == 1 and sign in header[0].text:
            return header[0].fault("csv-separator", {"found": found})
    return None


def _header(header: Sequence[Cell], layout: tuple[str, ...], optional: frozenset[str]) -> Iterator[Fault]:
    names = [cell.text for cell in header]
    if other := other_separator(header):
        yield other
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
