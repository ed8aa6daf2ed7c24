"""Unpack an .xlsx file within bounds, and see in its XML what the library that reads values does not tell."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from string import ascii_uppercase
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from bayestrace.errors import Fault

#: Bounds of what is unpacked, in bytes, parts, sheets, rows, columns and cells.
MOST_BYTES, MOST_PARTS, MOST_SHEETS = 100_000_000, 2_000, 100
MOST_ROWS, MOST_COLUMNS, MOST_CELLS, LARGEST_GRID = 100_000, 2_000, 500_000, 5_000_000

_OLD = bytes.fromhex("D0CF11E0A1B11AE1")  # files of Excel before 2007, and files locked by a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_READ = (".xml", ".rels")
_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


class Parts(NamedTuple):
    """The parts of the file that are XML, by name."""

    xml: dict[str, bytes]

    def again(self) -> bytes:
        """Pack them anew, so that who reads them finds what was measured and nothing else."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, content in self.xml.items():
                archive.writestr(name, content)
        return packed.getvalue()


@dataclass
class Marked:
    """What the XML of one sheet tells: which cells are filled in, and which of them are no plain values."""

    name: str
    hidden: bool
    filled: set[tuple[int, int]] = field(default_factory=set)
    unsaved: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


def unpacked(raw: bytes, path: str) -> Parts | Fault:
    """Unpack the parts that are XML, or say why not."""
    if raw.startswith(_OLD):
        return Fault(path, 0, 0, "", "workbook-locked" if _LOCKED in raw else "workbook-old")
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            parts = Parts(dict(_parts(archive)))
    except _Beyond as beyond:
        return _too_large(path, beyond)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, MemoryError):
        slug = "workbook-broken" if raw.startswith(b"PK") else "workbook-other" if raw else "file-empty"
        return Fault(path, 0, 0, "", slug)
    return parts if "xl/workbook.xml" in parts.xml else Fault(path, 0, 0, "", "workbook-other")


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    members = archive.infolist()
    if len(members) > MOST_PARTS:
        raise _Beyond("parts", len(members), MOST_PARTS)
    wanted = [each for each in members if each.filename.endswith(_READ)]
    size = sum(each.file_size for each in wanted)
    if size > MOST_BYTES:
        raise _Beyond("MB", size // 1_000_000, MOST_BYTES // 1_000_000)
    if len({each.filename for each in wanted}) != len(wanted) or any(
        each.compress_type not in _WAYS for each in wanted
    ):
        raise zipfile.BadZipFile
    for each in wanted:
        with archive.open(each) as part:
            # Bounded by what the archive says of the part; a part that holds more, or other bytes, is refused.
            yield each.filename, part.read(each.file_size + 1)


class _Beyond(Exception):
    """More than any workbook that people fill in has: unit, count and limit."""


def _too_large(path: str, beyond: _Beyond) -> Fault:
    unit, count, limit = beyond.args
    return Fault(path, 0, 0, "", "workbook-too-large", {unit: f"{count:,}", f"{unit}_most": f"{limit:,}"})


def marked_cells(parts: Parts, path: str) -> list[Marked] | Fault:
    """Walk the XML of every sheet.

    Parameters
    ----------
    parts
        As `unpacked` gives them.
    path
        The workbook, as faults name it.

    Returns
    -------
    list of Marked or Fault
        One a sheet, in the order of the workbook; or why the workbook is refused.
    """
    try:
        sheets = list(_sheets(parts))
        if len(sheets) > MOST_SHEETS:
            return _too_large(path, _Beyond("sheets", len(sheets), MOST_SHEETS))
        left = MOST_CELLS
        for sheet, xml in sheets:
            _walk(sheet, xml, left)
            left -= len(sheet.filled)
    except _Beyond as beyond:
        return _too_large(path, beyond)
    except (ParseError, DefusedXmlException, LookupError, ValueError, RecursionError):  # an encoding that no one knows
        return Fault(path, 0, 0, "", "workbook-broken")
    return [sheet for sheet, _ in sheets]


def _sheets(parts: Parts) -> Iterator[tuple[Marked, bytes]]:
    targets = {
        each.get("Id"): normpath(join("xl", target)) if not target.startswith("/") else target.lstrip("/")
        for each in fromstring(parts.xml["xl/_rels/workbook.xml.rels"], forbid_dtd=True)
        if (target := each.get("Target"))
    }
    for each in fromstring(parts.xml["xl/workbook.xml"], forbid_dtd=True).iter():
        if _tag(each) == "sheet":
            key = next((value for name, value in each.items() if name.endswith("}id")), None)
            sheet = Marked(str(each.get("name")), hidden=each.get("state", "visible") != "visible")
            yield sheet, parts.xml[targets[key]]


def _walk(sheet: Marked, xml: bytes, left: int) -> None:
    at = (0, 0)
    for event, each in iterparse(BytesIO(xml), events=("start", "end"), forbid_dtd=True):
        tag = _tag(each)
        if tag == "row" and event == "start":
            at = int(each.get("r") or at[0] + 1), 0
        elif tag == "c" and event == "end":
            at = corner(str(each.get("r"))) if each.get("r") else (at[0], at[1] + 1)
            _cell(sheet, each, at)
            if len(sheet.filled) > left:
                raise _Beyond("cells", MOST_CELLS + 1, MOST_CELLS)
        elif tag == "mergeCell" and event == "end":
            corner(merged := str(each.get("ref")))  # refuses what is no range
            sheet.merged.append(merged)
        if tag in {"c", "row"} and event == "end":
            each.clear()
    _check_size(sheet)


def _check_size(sheet: Marked) -> None:
    rows = max((line for line, _ in sheet.filled), default=0)
    columns = max((column for _, column in sheet.filled), default=0)
    grid = rows * columns  # the library lays out every cell of it
    for unit, count, limit in (
        ("rows", rows, MOST_ROWS),
        ("columns", columns, MOST_COLUMNS),
        ("cells", grid, LARGEST_GRID),
    ):
        if count > limit:
            raise _Beyond(unit, count, limit)


def corner(written: str) -> tuple[int, int]:
    """Return row and column, from 1, of the first cell of a range such as ``B2:C4``, or of one cell."""
    found = _ADDRESS.match(written)
    if not found:
        raise ValueError(written)
    column = 0
    for letter in found[1]:
        column = len(ascii_uppercase) * column + ascii_uppercase.index(letter) + 1
    return int(found[2]), column


def _cell(sheet: Marked, cell: Element, at: tuple[int, int]) -> None:
    inner = {_tag(each): each for each in cell}
    if not inner.keys() & {"v", "f", "is"}:
        return
    sheet.filled.add(at)
    kept = inner["v"].text if "v" in inner else None
    if cell.get("t") == "e":
        sheet.errors[at] = kept or ""
    elif "f" in inner and not kept and cell.get("t") != "str":  # a formula may well come to an empty text
        sheet.unsaved.add(at)


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
