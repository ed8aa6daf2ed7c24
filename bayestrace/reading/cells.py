"""Open an .xlsx workbook: its sheets as cells with their addresses. Every trap of spreadsheets is met here.

A workbook comes from anyone. What is unpacked of it is bounded before anything is built, and only what was measured
is read. Values are those that the file keeps, formulas' too; what has no value, or hides one, is refused in words.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import python_calamine

from bayestrace.errors import Fault, InputOutputFault
from bayestrace.reading.lines import Cell, CellKind, SheetCell
from bayestrace.reading.packed import Marked, corner, marked_cells, unpacked
from bayestrace.reading.tables import Table, as_table
from bayestrace.reading.text import code, forbidden, restored

#: No workbook that people fill in comes near this, in bytes.
LARGEST = 20_000_000

type _Value = str | float | bool | dt.date | dt.time | dt.timedelta


@dataclass(frozen=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    path
        Workbook and sheet, as faults name it: ``codings.xlsx!Sheet1``.
    name
        Its name, without blanks around it.
    hidden
        Whether people do not see it.
    cells
        What is filled in, by row and column, in this order. Hidden rows are among them: a filter leaves nothing out.
    faults
        What is refused: cells merged, formulas without a value, errors, control characters. They are of interest to
        those who read the sheet; a sheet that is not read may look as it likes.
    """

    path: str
    name: str
    hidden: bool
    cells: dict[tuple[int, int], SheetCell] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    def rows(self) -> list[list[Cell]]:
        """Give the rows that are not empty, each as long as the widest one; columns without any cell are left out."""
        lines = sorted({line for line, _ in self.cells})
        columns = sorted({column for _, column in self.cells})

        def cell(line: int, column: int) -> Cell:
            return self.cells.get((line, column)) or Cell(self.path, line, column, "", "")

        return [[cell(line, column) for column in columns] for line in lines]

    def table(self, layouts: list[tuple[str, ...]], optional: frozenset[str] = frozenset()) -> Table:
        """Read it as a table with a heading in its first row, as `bayestrace.reading.tables.read_table` reads CSV.

        The case of headings does not matter.
        """
        known = {name.casefold(): name for layout in layouts for name in layout}
        rows = self.rows()
        if rows:
            rows[0] = [
                Cell(cell.path, cell.line, cell.column, "", known.get(cell.text.casefold(), cell.text))
                for cell in rows[0]
            ]
        return as_table(self.path, rows, layouts, optional, list(self.faults))


def open_workbook(file: Path, path: str | None = None) -> tuple[Sheet, ...] | Fault:
    """Open a workbook.

    Parameters
    ----------
    file
        An .xlsx file.
    path
        How faults name it; its bare name if not given.

    Returns
    -------
    tuple of Sheet or Fault
        The sheets in their order, or why there are none: it is no .xlsx workbook, is locked by a password, broken, or
        larger than any that people fill in.

    Raises
    ------
    InputOutputFault
        Where the system refuses the file.
    """
    name = file.name if path is None else path
    try:
        with file.open("rb") as handle:
            raw = handle.read(LARGEST + 1)
            size = len(raw) if len(raw) <= LARGEST else file.stat().st_size
    except OSError as error:
        raise InputOutputFault("no-file", path=file, reason=error.strerror or error) from error
    if len(raw) > LARGEST:
        return Fault(name, 0, 0, "", "file-too-large", {"size": f"{size / 1e6:.1f}", "limit": f"{LARGEST / 1e6:.0f}"})
    parts = unpacked(raw, name)
    if isinstance(parts, Fault):
        return parts
    marked = marked_cells(parts, name)
    if isinstance(marked, Fault):
        return marked
    values = _values(parts.again())
    if values is None or len(values) != len(marked):
        return Fault(name, 0, 0, "", "workbook-broken")
    return tuple(_sheet(name, marks, grid) for marks, grid in zip(marked, values, strict=True))


def _values(packed: bytes) -> list[list[list[_Value]]] | None:
    """Read the values of every sheet, in their order; None where the library gives up."""
    try:
        with python_calamine.load_workbook(BytesIO(packed)) as book:
            names = [each.name for each in book.sheets_metadata]
            return [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001 - a panic of the library, which is written in Rust, is no Exception
        return None


def _sheet(workbook: str, marked: Marked, grid: list[list[_Value]]) -> Sheet:
    name = marked.name.strip()
    path = f"{workbook}!{name}"
    cells: dict[tuple[int, int], SheetCell] = {}
    faults = [Fault(path, *corner(merged), "", "cells-merged", {"found": merged}) for merged in marked.merged]
    for line, column in sorted(marked.filled):
        at = (line, column)
        if at in marked.errors:
            faults.append(Fault(path, *at, "", "cell-error", {"found": marked.errors[at]}))
            continue
        if at in marked.unsaved:
            faults.append(Fault(path, *at, "", "cell-formula"))
            continue
        value = grid[line - 1][column - 1] if line <= len(grid) and column <= len(grid[line - 1]) else ""
        kind, whole = _written(value)
        if sign := forbidden(whole):
            faults.append(Fault(path, *at, "", "control-character", {"code": code(sign)}))
        elif text := whole.strip():
            cells[at] = SheetCell(path, line, column, "", text, kind, whole)
    return Sheet(path, name, marked.hidden, cells, tuple(faults))


def _written(value: _Value) -> tuple[CellKind, str]:
    if isinstance(value, str):
        return "text", restored(re.sub(r"\r\n?", "\n", value))
    if isinstance(value, bool):
        return "truth", str(value).upper()
    if isinstance(value, int | float):
        # Digits beyond those of a whole number that a float holds exactly would be made up.
        whole = float(value).is_integer() and abs(value) < 2**53
        return "number", str(int(value)) if whole else repr(float(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return "date", value.date().isoformat()
    if isinstance(value, dt.timedelta):
        return "date", str(value)
    return "date", value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
