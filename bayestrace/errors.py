"""Say what is wrong: where, what was found, what was expected, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

from bayestrace.messages import FAULTS, Lang, fill
from bayestrace.messages.reasons import reason
from bayestrace.messages.refusals import REFUSALS


class BayestraceError(Exception):
    """Base of every error that a user can meet.

    Parameters
    ----------
    slug
        Key of `bayestrace.messages.refusals.REFUSALS`, which holds the wording in each language.
    details
        What the wording is filled with.
    """

    exit_code = 1

    def __init__(self, slug: str, **details: object) -> None:
        self.slug = slug
        self.details = {name: str(value) for name, value in details.items()}
        super().__init__(self.text())

    def text(self, lang: Lang = "en") -> str:
        """Word the error."""
        details = self.details
        if "reason" in details:
            details = details | {"reason": reason(details["reason"], lang)}
        return fill(REFUSALS[self.slug], lang, details)


class UsageFault(BayestraceError):
    """An argument that cannot be meant: an unknown profile, set or coder."""

    exit_code = 2


class InputOutputFault(BayestraceError):
    """A file that cannot be read or written, for a reason outside its content."""

    exit_code = 5


def unknown(kind: str, name: str, known: Iterable[str], **details: object) -> UsageFault:
    """Make the fault of a name that the study does not have, with what it has and the nearest of it."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    return UsageFault(f"unknown-{kind}", name=name, known=", ".join(names), guess=near[0] if near else "", **details)


def is_sheet(path: str) -> bool:
    """Tell whether a path names a sheet of a workbook, as ``codings.xlsx!Sheet1`` does."""
    workbook, sheet, _ = path.partition("!")
    return bool(sheet) and workbook.lower().endswith(".xlsx")


def address(row: int, column: int) -> str:
    """Name a cell as spreadsheets do: row 2, column 4 is ``D2``; both count from 1."""
    letters = ""
    while column > 0:
        column, letter = divmod(column - 1, len(ascii_uppercase))
        letters = ascii_uppercase[letter] + letters
    return f"{letters}{row}"


def spot(path: str, line: int, column: int) -> str:
    """Say where something stands: ``file:line``, or in a workbook ``file!sheet:D2``."""
    return f"{path}:{address(line, column)}" if is_sheet(path) else f"{path}:{line}"


@dataclass(frozen=True, order=True)
class Fault:
    """One fault of one file, placed and worded.

    Parameters
    ----------
    path
        File, relative to the study folder, with forward slashes; the sheet of a workbook as ``codings.xlsx!Sheet1``.
    line, column
        Position counted from 1, in a sheet row and column; 0 where the fault is of the whole file.
    where
        Place in the study's own terms, such as ``observations[3].step``.
    slug
        Key of `bayestrace.messages.FAULTS`, which holds the wording in each language.
    details
        What the wording is filled with.
    """

    path: str
    line: int
    column: int
    where: str
    slug: str
    details: Mapping[str, str] = field(default_factory=dict, compare=False)

    def place(self) -> str:
        """Say where it stands: ``file:line:column``, in a workbook ``file!sheet:D2``, or the file as a whole."""
        if not self.line:
            return self.path
        found = spot(self.path, self.line, self.column)
        return found if is_sheet(self.path) else f"{found}:{self.column}"

    def text(self, lang: Lang = "en") -> str:
        """Word the fault as ``file:line:column: where: found; expected; what to do``."""
        wording = FAULTS[self.slug]
        parts = [fill(part, lang, self.details) for part in (wording.found, wording.expected, wording.cure)]
        if is_sheet(self.path):
            parts[-1] += fill(wording.in_book, lang, self.details)
        glue = "；" if lang == "zh" else "; "
        said = glue.join(part for part in parts if part)
        return f"{self.place()}: {self.where}: {said}" if self.where else f"{self.place()}: {said}"


class StudyFaults(BayestraceError):
    """All the faults that reading a study found, in the order of its files.

    Parameters
    ----------
    faults
        At least one fault; they are sorted by file and position.
    """

    exit_code = 3
    #: Key of the words of the command line that close the list.
    closing = "faults"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        Exception.__init__(self, self.text())

    def text(self, lang: Lang = "en") -> str:
        """Word every fault, one a line."""
        return "\n".join(fault.text(lang) for fault in self.faults)


class ReturnedFaults(StudyFaults):
    """All the faults of files that coders sent back."""

    closing = "faults-returned"
