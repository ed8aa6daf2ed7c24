"""Write cells so that none starts a formula and no number changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bayestrace.errors import UsageFault
from bayestrace.reading.text import starts_formula

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: What a cell of a workbook holds at most, in characters.
LONGEST = 32_767
_EXACT = 1e15


def safe(text: str) -> str:
    """Put an apostrophe before a text of a CSV file that a spreadsheet would take for a formula.

    `bayestrace.reading.text.restored` takes it off again.
    """
    return f"'{text}" if starts_formula(text) else text


def number(value: float | None) -> str:
    """Write a number so that reading gives exactly it; a whole one without its point; nothing for None."""
    if value is None:
        return ""
    return str(plain(value))


def plain(value: float) -> float:
    """Return a whole number as such, as people write it; minus nought, whose sign that would lose, stays."""
    whole = float(value).is_integer() and abs(value) < _EXACT and (value != 0 or math.copysign(1.0, value) > 0)
    return int(value) if whole else float(value)


def keeps(value: float) -> bool:
    """Tell whether a number survives the fifteen digits that spreadsheets keep."""
    return repr(float(f"{value:.15g}")) == repr(float(value)) and repr(float(value)) != "-0.0"


def write_cell(
    sheet: Worksheet,
    at: tuple[int, int],
    value: str | float | None,
    look: Format | None = None,
    quoted: Format | None = None,
) -> None:
    """Write one cell of a workbook; nothing is ever taken for a formula or a link.

    Parameters
    ----------
    sheet
        The sheet.
    at
        Row and column, from 0.
    value
        A number of more than fifteen digits is written as text, which readers of this project take for the number.
    look, quoted
        The cell's format, and the one of texts that a spreadsheet would take for a formula once someone edits them;
        it should have `quote_prefix`.

    Raises
    ------
    UsageFault
        A text that is longer than a cell may be, or of blanks alone, which a cell cannot tell from nothing.
    """
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(*at, value, look)
    elif isinstance(value, int | float) and keeps(value):
        sheet.write_number(*at, value, look)
    else:
        text = value if isinstance(value, str) else repr(value)
        if len(text) > LONGEST or not text.strip():
            raise UsageFault("no-cell", count=len(text), limit=LONGEST, sheet=sheet.get_name())
        formula = starts_formula(text)
        # An apostrophe of the text itself would be taken off when it is read.
        sheet.write_string(*at, f"'{text}" if formula and text.startswith("'") else text, quoted if formula else look)
