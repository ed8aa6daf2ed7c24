"""Read whether a row of a table is private."""

from collections.abc import Mapping

from bayestrace.errors import Fault
from bayestrace.reading.lines import Cell
from bayestrace.reading.text import listed, shown
from bayestrace.study.private import truth

#: The column that says so, in tables that may have it.
PRIVATE = "private"


def read_private(row: Mapping[str, Cell], faults: list[Fault]) -> bool:
    """Read whether a row is private: true or false, yes or no, in any case of letters; empty means no."""
    cell = row.get(PRIVATE)
    if cell is None or not cell.text:
        return False
    value = truth(cell.text)
    if value is None:
        details = {"found": shown(cell.text), "known": listed(["true", "false"]), "guess": ""}
        faults.append(cell.fault("choice-unknown", details))
    return bool(value)
