"""Coding sheets for tests: asked of the small study, filled in as a coder would, sent back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from books import plain
from click.testing import CliRunner, Result
from small_study import FILES, write

from bayestrace.cli import main
from bayestrace.coding.asked import Asked, ask
from bayestrace.coding.workbook import workbook
from bayestrace.messages import Lang
from bayestrace.reading import read_study
from bayestrace.reading.cells import open_workbook
from bayestrace.study import Study


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def small(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """Write the small study, with some files changed."""
    return write(folder, {**FILES, **(changes or {})})


def small_study(folder: Path) -> Study:
    return read_study(small(folder))


def asked_of(study: Study, coder: str = "wang", lang: Lang = "en", **options: Any) -> Asked:
    return ask(study, coder, lang, **options)


def sheets_of(file: Path) -> dict[str, dict[str, str]]:
    """Give the texts of all cells by address, sheet by sheet."""
    found = open_workbook(file)
    assert isinstance(found, tuple), found
    return {sheet.name: {cell.address(): cell.text for cell in sheet.cells.values()} for sheet in found}


def grid_of(cells: Mapping[str, str]) -> list[list[str | None]]:
    """Lay texts by address out in rows."""
    places = {at: re.fullmatch(r"([A-Z])(\d+)", at) for at in cells}
    at = {(int(found[2]), ord(found[1]) - ord("A")): cells[name] for name, found in places.items() if found}
    lines, columns = (max(place[axis] for place in at) + 1 for axis in (0, 1))
    return [[at.get((line, column)) for column in range(columns)] for line in range(1, lines)]


def sent_back(asked: Asked, file: Path, filled: Mapping[str, Any]) -> Path:
    """Write a sheet's workbook anew as a spreadsheet program would, some cells filled in: ``Coding!G2`` and what."""
    file.write_bytes(workbook(asked))
    found = open_workbook(file)
    assert isinstance(found, tuple)
    grids: dict[str, list[list[Any]]] = {}
    for sheet in found:
        lines, columns = (max(at[place] for at in sheet.cells) for place in (0, 1))
        grid: list[list[Any]] = [[None] * max(columns, 20) for _ in range(lines)]
        for (line, column), cell in sheet.cells.items():
            grid[line - 1][column - 1] = float(cell.text) if cell.kind == "number" else cell.whole
        grids[sheet.name] = grid
    for address, value in filled.items():
        name, _, place = address.partition("!")
        at = re.fullmatch(r"([A-Z])(\d+)", place)
        assert at
        grids[name][int(at[2]) - 1][ord(at[1]) - ord("A")] = value
    return plain(file, grids)
