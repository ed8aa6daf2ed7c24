"""Read sources from the rows of a sheet: CSL-JSON with a column for each of its keys.

A name is written `Family, Given`, a date as ISO 8601 writes it, anything else as text. What people do not write so
stands in its cell as JSON; what has no column of its own in the column `more`.
"""

import re
from typing import Any

from bayestrace.errors import Fault
from bayestrace.reading.cells import Sheet
from bayestrace.reading.lines import SheetCell
from bayestrace.reading.sources import json_value
from bayestrace.reading.text import shown

#: The column of a JSON object with all that has none of its own.
MORE = "more"

#: Keys of CSL whose values are names, and dates.
NAMES = frozenset(
    {"author", "collection-editor", "composer", "container-author", "director", "editor", "editorial-director"}
    | {"illustrator", "interviewer", "original-author", "recipient", "reviewed-author", "translator"}
)
DATES = frozenset(("accessed", "available-date", "event-date", "issued", "original-date", "submitted"))
_TEXTS = ("id", "type", "title")

_BETWEEN = re.compile(r"[;；]")
_DATE = re.compile(r"(-?[0-9]{1,4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_JSON = ("{", "[", '"')


def entries_of(sheet: Sheet) -> tuple[list[tuple[dict[str, Any], tuple[int, int]]], list[Fault]]:
    """Read the rows of a sheet of sources.

    Returns
    -------
    entries : list
        Each source, with the row and column at which it begins.
    faults : list of Fault
        Of the headings, and of cells that should be JSON.
    """
    rows = sheet.rows()
    faults: list[Fault] = []
    names: dict[int, str] = {}
    for cell in rows[0] if rows else ():
        if not cell.text:
            faults.append(cell.fault("column-unnamed"))
        elif cell.text in names.values():
            faults.append(cell.fault("column-twice", {"found": shown(cell.text)}))
        else:
            names[cell.column] = cell.text
    entries = []
    for cells in rows[1:]:
        entry: dict[str, Any] = {}
        for cell in cells:
            name = names.get(cell.column)
            if name == MORE and isinstance(cell, SheetCell):
                entry |= _more(cell, faults)
            elif name is not None and isinstance(cell, SheetCell):
                entry[name] = value_of(name, cell)
        entries.append((entry, (cells[0].line, cells[0].column)))
    return entries, faults


def _more(cell: SheetCell, faults: list[Fault]) -> dict[str, Any]:
    try:
        value = json_value(cell.text)
    except ValueError:
        value = None
    if isinstance(value, dict):
        return value
    faults.append(cell.fault("source-more", {"found": shown(cell.text)}))
    return {}


def value_of(key: str, cell: SheetCell) -> Any:
    """Read one cell of a source."""
    if cell.kind == "text" and cell.text.startswith(_JSON):
        try:
            return json_value(cell.text)
        except ValueError:
            pass  # a title may well begin with a quotation mark or a bracket
    if key in DATES:
        date = _DATE.fullmatch(cell.text)
        return {"date-parts": [[int(part) for part in date.groups() if part]]} if date else {"raw": cell.text}
    if key in NAMES:
        return [_name(name.strip()) for name in _BETWEEN.split(cell.text) if name.strip()]
    if key in _TEXTS or cell.kind in {"text", "date"}:
        return cell.whole
    if cell.kind == "truth":
        return cell.text == "TRUE"
    return json_value(cell.text)


def _name(text: str) -> dict[str, str]:
    family, comma, given = text.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": text}
