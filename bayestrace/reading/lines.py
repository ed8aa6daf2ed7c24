"""Split CSV text into rows of cells, each with its place, without keeping more than one row at a time.

A cell stands at the line and the character at which it begins, its quotation mark included; an empty cell stands at the
comma or the end of line that follows it. Rows hold their texts alone; cells are made of these when they are asked for,
since a table of a million rows has no fault in nearly all of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bayestrace.errors import Fault, address, spot
from bayestrace.reading.text import restored

#: So many columns and cells a table may have; `MOST_CELLS` holds for what is read as a whole, as sent back by coders.
MOST_COLUMNS, MOST_CELLS = 2_000, 1_000_000

_BREAK = re.compile(r"\r\n|\r|\n")
_BREAKS = re.compile(r"[\r\n]+")
_PLAIN = re.compile(r"[^,\r\n]*")
# A cell between quotation marks, the second of which may be missing, or without; possessive, so that no memory grows
# with the length of its inside.
_CELL = re.compile(r'[ \t]*"([^"]*+(?:""[^"]*+)*+)("?)[ \t]*|([^,\r\n]*)')

#: What a cell of a sheet holds; those of CSV files are texts.
type CellKind = Literal["text", "number", "truth", "date"]


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class SheetCell(Cell):
    """One cell of a sheet, or of a table that says what a sheet does, that is filled in.

    In a sheet `line` and `column` are its row and column, counted from 1. `text` is its value without blanks around it:
    a number as Python writes it, a whole one without its point; TRUE or FALSE; a date as ISO 8601 has it. `whole` is a
    text with the blanks around it, which people mean to be there at times; of other kinds it is `text`.
    """

    kind: CellKind = "text"
    whole: str = ""

    def address(self) -> str:
        """Name it as spreadsheets do, such as ``D2``."""
        return address(self.line, self.column)


class Line:
    """One row of a CSV file.

    Parameters
    ----------
    number
        The line at which it begins, from 1.
    pieces
        What stands between its commas; where `starts` are given, without quotation marks, and without the blanks around
        what had none.
    text, starts
        The file and where in it each piece begins; None where the row is one line without quotation marks, so that they
        follow.
    """

    __slots__ = ("number", "pieces", "starts", "text", "texts")

    def __init__(self, number: int, pieces: list[str], text: str = "", starts: list[int] | None = None) -> None:
        self.number, self.pieces, self.text, self.starts = number, pieces, text, starts
        #: The texts of its cells without blanks around them.
        self.texts = [restored(piece.strip()) for piece in pieces]

    @classmethod
    def plain(cls, number: int, row: str) -> "Line":
        """Split a row that is one line without quotation marks."""
        line = cls.__new__(cls)
        # One more than a row may have shows that it has too many, however long it is.
        line.number, line.pieces, line.text, line.starts = number, row.split(",", MOST_COLUMNS), "", None
        bare = row.isascii() and not (" " in row or "'" in row or "\t" in row)
        line.texts = line.pieces if bare else [restored(piece.strip()) for piece in line.pieces]
        return line

    def place(self, index: int) -> tuple[int, int]:
        """Return line and column of a cell."""
        if self.starts is None:
            return self.number, 1 + sum(len(piece) + 1 for piece in self.pieces[:index])
        begin, at = self.starts[0], self.starts[index]
        ends = [found.end() for found in _BREAK.finditer(self.text, begin, at)]
        return self.number + len(ends), at - (ends[-1] if ends else begin) + 1

    def whole(self, index: int) -> str:
        """Return the text of a cell, with the blanks that stand between quotation marks."""
        return self.texts[index] if self.starts is None else restored(self.pieces[index])

    def cell(self, path: str, index: int, name: str = "") -> Cell:
        """Make a cell."""
        return Cell(path, *self.place(index), name, self.texts[index])


class Lines:
    """The rows of a CSV file that are not empty, split anew each time that they are gone through.

    Parameters
    ----------
    path, text
        The file, and its content.
    most
        So many cells it may have.
    """

    def __init__(self, path: str, text: str, most: int) -> None:
        self.path, self.text, self.most = path, text, most

    def __iter__(self) -> Iterator[Line]:
        return self.split([])

    def split(self, faults: list[Fault]) -> Iterator[Line]:
        """Yield the rows; stop at a quotation mark that is not closed, and at more than a table has.

        Parameters
        ----------
        faults
            Grows by what is wrong with the form of the file.
        """
        text, at, number, count = self.text, 0, 1, 0
        while at < len(text):
            if text[at] in "\r\n":
                run = _BREAKS.match(text, at)
                at, number = (run.end(), number + _breaks(run[0])) if run else (at + 1, number + 1)
                continue
            ending = _BREAK.search(text, at)
            end, after = ending.span() if ending else (len(text), len(text))
            if text.find('"', at, end) < 0:
                line, passed = Line.plain(number, text[at:end]), 1
            else:
                line, after = _quoted(self.path, text, at, number, faults)
                passed = _breaks(text[at:after])
            count += len(line.pieces)
            if len(line.pieces) > MOST_COLUMNS:
                faults.append(
                    line.cell(self.path, MOST_COLUMNS).fault("table-too-large", _most("columns", MOST_COLUMNS))
                )
                return
            if count > self.most:
                faults.append(line.cell(self.path, 0).fault("table-too-large", _most("cells", self.most)))
                return
            if any(line.texts):
                yield line
            at, number = after, number + passed


def _breaks(text: str) -> int:
    """Count the ends of lines."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _most(unit: str, most: int) -> dict[str, str]:
    return {unit: f"{most:,}"}


def _quoted(path: str, text: str, begin: int, number: int, faults: list[Fault]) -> tuple[Line, int]:
    """Split the row that begins here, some cells of which are quoted; return it and where the next one begins.

    A row with a quotation mark that is not closed is empty and reaches to the end.
    """
    pieces: list[str] = []
    starts: list[int] = []
    line = Line(number, [], text, starts)
    at = begin
    while len(pieces) <= MOST_COLUMNS:
        starts.append(at)
        found = _CELL.match(text, at)
        inside, closed, plain = found.groups() if found else (None, None, "")
        after = found.end() if found else at
        if inside is None:
            pieces.append(plain.strip())
        elif closed:
            pieces.append(inside.replace('""', '"'))
        else:
            faults.append(Fault(path, *line.place(len(pieces)), "", "csv-quote-open"))
            return Line(number, []), len(text)
        if after < len(text) and text[after] not in ",\r\n":
            starts.append(after)
            faults.append(Fault(path, *line.place(len(pieces)), "", "csv-quote-text"))
            starts.pop()
            rest = _PLAIN.match(text, after)
            after = rest.end() if rest else after
        if not text.startswith(",", after):
            ending = _BREAK.match(text, after)
            return Line(number, pieces, text, starts), ending.end() if ending else len(text)
        at = after + 1
    return Line(number, pieces, text, starts), len(text)
