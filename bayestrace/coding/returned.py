"""Open what coders send back: a workbook, the file that a form saves, or a table as CSV; to rows of placed cells."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bayestrace.coding.columns import CODING, NEEDED, REDUNDANCY, Column, key_of
from bayestrace.coding.made import FORMAT, Made, read_made
from bayestrace.coding.workbook import ABOUT
from bayestrace.errors import Fault
from bayestrace.messages import Lang
from bayestrace.reading.cells import Sheet, open_workbook
from bayestrace.reading.document import where
from bayestrace.reading.lines import Cell, SheetCell
from bayestrace.reading.sheets import STUDY
from bayestrace.reading.tables import read_rows
from bayestrace.reading.text import code, decode, forbidden, listed, shown

Row = dict[str, Cell]

_KINDS = {"coding": CODING, "redundancy": REDUNDANCY}
#: What a coder fills in, of which dates and truth values are never meant.
_FILLED = {column.key for columns in _KINDS.values() for column in columns if column.fill not in {"", "text"}}
_ENDS = ("low", "best", "high")


@dataclass
class Returned:
    """What one file holds.

    Parameters
    ----------
    path
        Its name.
    made
        What it was made of; None where the file does not say, as a CSV file never does.
    coding, redundancy
        Rows as `bayestrace.coding.columns` has them, with cells that know where they stand.
    encoding
        Of a CSV file.
    faults
        What is wrong with the file itself.
    """

    path: str
    made: Made | None = None
    coding: list[Row] = field(default_factory=list)
    redundancy: list[Row] = field(default_factory=list)
    encoding: str | None = None
    faults: list[Fault] = field(default_factory=list)


def open_returned(file: Path) -> Returned:
    """Open a file that a coder sent back.

    Parameters
    ----------
    file
        It ends in .xlsx, .json or .csv.

    Raises
    ------
    InputOutputFault
        It cannot be opened.
    """
    match file.suffix.lower():
        case ".xlsx":
            return _workbook(file)
        case ".json":
            return _saved(file)
        case ".csv":
            return _table(file)
        case ".html" | ".htm":
            return Returned(file.name, faults=[Fault(file.name, 0, 0, "", "returned-page")])
        case ending:
            return Returned(file.name, faults=[Fault(file.name, 0, 0, "", "returned-ending", {"found": shown(ending)})])


def _workbook(file: Path) -> Returned:
    found = Returned(file.name)
    sheets = open_workbook(file)
    if isinstance(sheets, Fault):
        found.faults.append(sheets)
        return found
    names = {sheet.name for sheet in sheets}
    if STUDY in names and ABOUT not in names:
        found.faults.append(Fault(file.name, 0, 0, "", "returned-study"))
        return found
    is_any = False
    for sheet in sheets:
        if sheet.name == ABOUT:
            found.made = _about(sheet, found)
            continue
        rows = sheet.rows()
        kind = _kind([cell.text for cell in rows[0]]) if rows and not sheet.hidden else None
        if kind is not None:
            is_any = True
            found.faults += sheet.faults
            _take(kind, rows, found)
    if not is_any:
        found.faults.append(Fault(file.name, 0, 0, "", "returned-no-sheet", {"known": _expected()}))
    return found


def _about(sheet: Sheet, found: Returned) -> Made | None:
    """Read what the workbook was made of; long parts stand in several cells."""
    pairs = [(sheet.cells.get((line, 1)), sheet.cells.get((line, 2))) for line in sorted({at[0] for at in sheet.cells})]
    said = [(key.text, value.whole) for key, value in pairs if key and value]
    version = next((text for key, text in said if key == "bayestrace-coding"), "")
    made = _read("".join(text for key, text in said if key == "made"))
    return _checked(read_made(made), next((text for key, text in said if key == "digest"), ""), version, found)


def _saved(file: Path) -> Returned:
    found = Returned(file.name)
    text = decode(file.parent, file.name, ("utf-8-sig",))
    if isinstance(text, Fault):
        found.faults.append(text)
        return found
    data = _read(text)
    if not isinstance(data, dict) or "bayestrace-coding" not in data:
        found.faults.append(Fault(file.name, 0, 0, "", "returned-no-form"))
        return found
    found.made = _checked(read_made(data), data.get("digest"), str(data["bayestrace-coding"]), found)
    if found.made is not None:
        found.coding = [*_judgements(file.name, data.get("judgements"), found)]
        found.redundancy = [*_redundancies(file.name, data.get("redundancy"), found)]
    return found


def _checked(made: Made | None, digest: object, version: str, found: Returned) -> Made | None:
    """Check that what a file says of itself is whole."""
    if version != str(FORMAT):
        found.faults.append(
            Fault(found.path, 0, 0, "", "returned-version", {"found": shown(version), "known": str(FORMAT)})
        )
        return None
    if made is None or made.digest() != digest:
        found.faults.append(Fault(found.path, 0, 0, "", "returned-about"))
        return None
    return made


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _judgements(path: str, data: object, found: Returned) -> Iterator[Row]:
    for evidence, said in _named(path, "judgements", data, found):
        place = where((evidence,))
        once = {key: _text(path, f"{place}, {key}", said.get(key), found) for key in ("p_if_focal", "rationale")}
        weights = [*_named(path, f"{place}, weights", said.get("weights"), found)]
        for rival, ends in weights or [("", {})]:
            at = f"{place}, {where((rival,))}" if rival else place
            row = {"evidence": Cell(path, 0, 0, at, evidence), "against": Cell(path, 0, 0, at, rival)}
            row |= {f"{end}_db": _text(path, f"{at}, {end}", ends.get(end), found) for end in _ENDS}
            yield row | once
            once = {}


def _redundancies(path: str, data: object, found: Returned) -> Iterator[Row]:
    for cluster, ends in _named(path, "redundancy", data, found):
        at = where((cluster,))
        row = {"cluster": Cell(path, 0, 0, at, cluster)}
        yield row | {end: _text(path, f"{at}, {end}", ends.get(end), found) for end in _ENDS}


def _named(path: str, place: str, data: object, found: Returned) -> Iterator[tuple[str, Mapping[str, object]]]:
    if data is None:
        return
    if not isinstance(data, dict):
        found.faults.append(Fault(path, 0, 0, place, "returned-no-form"))
        return
    for name, said in data.items():
        if isinstance(said, dict):
            yield name, said
        else:
            found.faults.append(Fault(path, 0, 0, f"{place}, {where((name,))}", "returned-no-form"))


def _text(path: str, place: str, value: object, found: Returned) -> Cell:
    if value is not None and not isinstance(value, str):
        found.faults.append(Fault(path, 0, 0, place, "returned-no-form"))
    text = re.sub(r"\r\n?", "\n", value).strip() if isinstance(value, str) else ""  # as cells have their lines
    if sign := forbidden(text):  # escapes in JSON can write what no file of text may hold
        found.faults.append(Fault(path, 0, 0, place, "control-character", {"code": code(sign)}))
        text = ""
    return Cell(path, 0, 0, place, text)


def _table(file: Path) -> Returned:
    found = Returned(file.name, encoding="UTF-8")
    text = decode(file.parent, file.name, ("utf-8-sig",))
    if isinstance(text, Fault) and text.slug == "not-utf8":
        found.encoding = "GB18030"
        text = decode(file.parent, file.name, ("utf-8-sig", "gb18030"))
    if isinstance(text, Fault):
        found.faults.append(text)
        return found
    rows = read_rows(file.name, text, found.faults)
    kind = _kind([cell.text for cell in rows[0]]) if rows else None
    if kind is None:
        separator = next((sign for sign in ";\t" if rows and len(rows[0]) == 1 and sign in rows[0][0].text), "")
        fault = Fault(file.name, 1, 1, "", "returned-no-table", {"known": _expected()})
        if separator:
            fault = rows[0][0].fault("csv-separator", {"found": "Tab" if separator == "\t" else shown(separator)})
        found.faults.append(fault)
    else:
        _take(kind, rows, found)
    return found


def _kind(headings: Sequence[str]) -> str | None:
    """Tell which of the two tables has these headings; the one with most of its needed columns."""
    for kind, columns in _KINDS.items():
        keys = {key_of(heading, columns) for heading in headings}
        if keys & set(NEEDED[kind]) == set(NEEDED[kind]):
            return kind
    for kind, columns in _KINDS.items():  # something is missing, which is said then
        if key_of(headings[0], columns) == NEEDED[kind][0]:
            return kind
    return None


def _take(kind: str, rows: list[list[Cell]], found: Returned) -> None:
    """Take the rows below a heading, by the keys of their columns."""
    columns = _KINDS[kind]
    head, *body = rows
    keys = [key_of(cell.text, columns) for cell in head]
    wrong = [*_headed(head, keys, kind, columns)]
    found.faults += wrong
    if not set(NEEDED[kind]) <= {*keys}:
        return
    into = found.coding if kind == "coding" else found.redundancy
    for cells in body:
        if len(cells) != len(head):
            if not wrong:
                found.faults.append(cells[0].fault("cell-count", {"count": str(len(cells)), "wanted": str(len(head))}))
            continue
        row: Row = {}
        for key, heading, cell in zip(keys, head, cells, strict=True):
            if key is not None:
                row.setdefault(key, replace(cell, name=heading.text))
        if not any(row[key].text for key in row if key in _FILLED or key in NEEDED[kind]):
            continue  # only background, or nothing
        dated = [cell for key, cell in row.items() if key in _FILLED and _is_date(cell)]
        found.faults += [cell.fault("cell-date", {"found": shown(cell.text)}) for cell in dated]
        into.append({key: replace(cell, text="") if cell in dated else cell for key, cell in row.items()})


def _headed(head: list[Cell], keys: list[str | None], kind: str, columns: tuple[Column, ...]) -> Iterator[Fault]:
    lang: Lang = "zh" if any(cell.text == column.heading.zh for cell in head for column in columns) else "en"
    called = listed(column.called(lang) for column in columns)
    for place, (cell, key) in enumerate(zip(head, keys, strict=True)):
        if key is None and cell.text:
            yield cell.fault("column-unknown", {"found": shown(cell.text), "known": called, "guess": ""})
        elif key is not None and key in keys[:place]:
            yield cell.fault("column-twice", {"found": shown(cell.text)})
    for needed in NEEDED[kind]:
        if needed not in keys:
            (column,) = [one for one in columns if one.key == needed]
            yield head[0].fault("column-missing", {"found": shown(column.called(lang)), "known": called})


def _is_date(cell: Cell) -> bool:
    return isinstance(cell, SheetCell) and cell.kind in {"date", "truth"}


def _expected() -> str:
    return listed(f"{column.heading.en} / {column.heading.zh}" for columns in _KINDS.values() for column in columns[:1])
