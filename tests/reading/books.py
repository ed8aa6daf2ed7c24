"""Workbooks made for tests: plain ones by the library that writes them, and ones whose XML was spoilt by hand."""

import datetime as dt
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

SHEET_XML = "xl/worksheets/sheet1.xml"


def book(file: Path, fill: Callable[[xlsxwriter.Workbook], object]) -> Path:
    """Make a workbook of what a function writes in it."""
    with xlsxwriter.Workbook(str(file)) as made:
        made.set_properties({"created": dt.datetime(2000, 1, 1, tzinfo=dt.UTC)})  # the same bytes at any time
        fill(made)
    return file


def plain(file: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """Make a workbook of rows of values; None leaves a cell empty."""

    def fill(made: xlsxwriter.Workbook) -> None:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(line, column, value)
                    elif value is not None:
                        sheet.write(line, column, value)

    return book(file, fill)


def spoilt(file: Path, old: str, new: str, part: str = SHEET_XML) -> Path:
    """Replace a piece of one part's XML."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    assert text.count(old) == 1, text
    parts[part] = text.replace(old, new).encode()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file
