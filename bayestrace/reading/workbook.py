"""Read the workbook of a study as if it were a folder: the same documents and tables, so that every check is the same.

Each sheet is a part of the study, its rows the entries, the headings in its first row the keys; the sheet `Study` has a
row for every other key. `bayestrace.reading.sheets` says which sheets and columns there are.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading import sheets
from bayestrace.reading.cells import Sheet, open_workbook
from bayestrace.reading.csl import entries_of
from bayestrace.reading.document import Document, Mark, Node, Place
from bayestrace.reading.files import is_name
from bayestrace.reading.grown import Grown
from bayestrace.reading.lines import Cell, SheetCell
from bayestrace.reading.rows import Row, mark_of, rows_of
from bayestrace.reading.searches import LAYOUT, OPTIONAL
from bayestrace.reading.sections import columns_of, empty, enter, observations, twice
from bayestrace.reading.sheets import CODED, CODING_LAYOUTS, CODING_OPTIONAL, GROUPED, SECTIONS, Column, Kind
from bayestrace.reading.sources import Sources, sources_of
from bayestrace.reading.tables import Row as TableRow
from bayestrace.reading.tables import Table
from bayestrace.reading.text import listed, shown
from bayestrace.study import Declaration, Text

_ROUND = re.compile(r"[1-9][0-9]?")
_WHO = frozenset({"coder", sheets.ROUND})
_KEY, _VALUE = Column("key", (), "name", needed=True), Column("value", (), "value", needed=True)


class Workbook:
    """A study in one .xlsx file, as docs/study-format.md describes it.

    Raises
    ------
    InputOutputFault
        Where the file cannot be opened.
    StudyFaults
        Where it is no workbook, or has no sheet `Study`.
    """

    def __init__(self, file: Path) -> None:
        found = open_workbook(file)
        if isinstance(found, Fault):
            raise StudyFaults([found])
        self.name = file.name
        self.faults: list[Fault] = []
        self.sheets = dict(self._known(found))
        self.sources_path = self._path(sheets.SOURCES)
        if sheets.STUDY not in self.sheets:
            details = {"known": shown(sheets.STUDY), "found": listed(each.name for each in found)}
            raise StudyFaults([*self.faults, Fault(self.name, 0, 0, "", "sheet-missing", details)])

    def study(self) -> Node:
        """Read what study.yaml says in a folder."""
        grown = Grown(self._path(sheets.STUDY))
        if not self._keys(grown):
            return Document(grown.path).root()
        for name in GROUPED:
            self._groups(name, grown)
        for name, section in SECTIONS.items():
            columns = section.columns
            if name == sheets.CASES:
                named = (_mapping(grown.find((each,))) for each in ("factors", "attributes"))
                columns = (*columns, *sheets.grouped(columns, *named))
            self._section(name, section._replace(columns=columns), grown)
        self.faults += grown.faults
        return grown.document().root()

    def cases(self) -> list[Node]:
        """Read the observations, by case."""
        rows = self._rows(sheets.OBSERVATIONS, sheets.EVIDENCE.columns)
        if rows is None:  # so that no name of an observation is called unknown
            return [Document(self._path(sheets.OBSERVATIONS)).root()]
        return list(observations(rows, self.faults))

    def sources(self) -> Sources | None:
        """Read the sources, CSL-JSON in columns."""
        sheet = self.sheets.get(sheets.SOURCES)
        if sheet is None:
            return None
        self.faults += sheet.faults
        entries, faults = entries_of(sheet)
        self.faults += faults
        return sources_of(sheet.path, entries)

    def clues(self) -> Table | None:
        """Read what came of searches."""
        sheet = self.sheets.get(sheets.SEARCHES)
        return sheet.table([LAYOUT], OPTIONAL) if sheet else None

    def profiles(self) -> dict[str, Node]:
        """Read the profiles, a row each."""
        grown: dict[str, Grown] = {}
        columns = columns_of(sheets.PROFILE)
        for row in self._rows(sheets.PROFILES, columns) or ():
            cell = row.take(columns[0])
            if cell is None:
                self.faults.append(empty(row, columns[0].name))
            elif not is_name(cell.text):
                self.faults.append(cell.fault("name-form", {"found": shown(cell.text)}))
            elif cell.text in grown:
                self.faults.append(twice(cell, grown[cell.text].document().marks[()], self.name))
            else:
                grown[cell.text] = Grown(cell.path, mark_of(cell))
                _entry(grown[cell.text], (), dict(row.cells()), mark_of(cell))
        for each in grown.values():
            self.faults += each.faults
        return {name: each.document().root() for name, each in grown.items()}

    def codings(self) -> dict[int, dict[str, dict[str, Table]]]:
        """Read what coders say, by round and coder."""
        found: dict[int, dict[str, dict[str, Table]]] = {1: {}}
        for kind, name in CODED.items():
            sheet = self.sheets.get(name)
            if sheet is not None:
                table = sheet.table(CODING_LAYOUTS[kind], CODING_OPTIONAL)
                self.faults += table.faults
                for number, coder, mine in self._by_coder(table):
                    found.setdefault(number, {}).setdefault(coder, {})[kind] = mine
        return found

    def candidates(self) -> Node | None:
        """Read what might be sought next."""
        if sheets.CANDIDATES not in self.sheets:
            return None
        grown = Grown(self._path(sheets.CANDIDATES))
        self._section(sheets.CANDIDATES, sheets.CANDIDATE, grown)
        self.faults += grown.faults
        return grown.document().root()

    def _path(self, sheet: str) -> str:
        return self.sheets[sheet].path if sheet in self.sheets else f"{self.name}!{sheet}"

    def _known(self, found: Sequence[Sheet]) -> Iterator[tuple[str, Sheet]]:
        """Yield the sheets that are read, by the name that they should have; refuse near misses."""
        folded = {name.casefold(): name for name in sheets.SHEETS}
        absent = {*sheets.SHEETS} - {folded.get(sheet.name.casefold(), "") for sheet in found}
        for sheet in found:
            name = folded.get(sheet.name.casefold())
            near = difflib.get_close_matches(sheet.name.casefold()[:100], folded, n=1, cutoff=0.8)
            if name and sheet.hidden:
                self.faults.append(Fault(sheet.path, 0, 0, "", "sheet-hidden"))
            elif name:
                yield name, sheet
            elif near:
                details = {"found": shown(sheet.name), "guess": shown(folded[near[0]])}
                self.faults.append(Fault(sheet.path, 0, 0, "", "sheet-unknown", details))
            elif meant := _meant(sheet, absent):
                details = {"found": shown(sheet.name), "guess": shown(meant)}
                self.faults.append(Fault(sheet.path, 0, 0, "", "sheet-renamed", details))

    def _rows(self, name: str, columns: Sequence[Column]) -> list[Row] | None:
        return rows_of(self.sheets[name], columns, self.faults) if name in self.sheets else []

    def _keys(self, grown: Grown) -> bool:
        """Read the sheet of keys and values; tell whether it is one."""
        rows = self._rows(sheets.STUDY, (_KEY, _VALUE))
        for row in rows or ():
            key, value = row.take(_KEY), next((cell for _, cell in row.cells()), None)
            if key is None:
                self.faults.append(empty(row, _KEY.name))
            elif value is not None:
                place = tuple(key.text.split("."))
                grown.fill(place, value, _kind_at(Declaration, place))
        return rows is not None

    def _groups(self, name: str, grown: Grown) -> None:
        """Read a sheet whose rows are names and, of each, the groups."""
        section, key, inner, group = GROUPED[name]
        columns = (Column(key, (), "name", needed=True), Column(inner, (), "name", needed=True), *sheets.NAMED)
        rows = self._rows(name, columns)
        if rows and self._stated((section,), Mark(1, 1, self._path(name)), grown):
            return
        for row in rows or ():
            outer = row.take(columns[0])
            if outer is None:
                self.faults.append(empty(row, key))
                continue
            cells = dict(row.cells())
            within = cells.pop(columns[1], None)
            place: Place = (section, outer.text)
            grown.open(place, mark_of(outer))
            if within is not None:
                grown.open((*place, group), mark_of(within))
                _entry(grown, (*place, group, within.text), cells, mark_of(within))
            else:
                _entry(grown, (*place, "name"), cells, mark_of(outer))

    def _section(self, name: str, section: sheets.Section, grown: Grown) -> None:
        """Read a sheet whose rows are the entries of a mapping, or of a list."""
        if name not in self.sheets:
            return
        columns = columns_of(section)
        rows = self._rows(name, columns)
        start = Mark(1, 1, self._path(name))
        if rows and self._stated(section.place, start, grown):
            return
        if rows is None:
            grown.spoil(section.place, start)
        elif rows:
            grown.open(section.place, start, dict if section.key else list)
            enter(rows, section, columns, grown)

    def _stated(self, place: Place, start: Mark, grown: Grown) -> bool:
        """Refuse a sheet of what the sheet of keys and values has stated already."""
        first = grown.at(place)
        if first is not None:
            details = {"found": shown(".".join(map(str, place))), "line": str(first.line)}
            self.faults.append(Fault(start.path, start.line, start.column, "", "key-twice", details))
        return first is not None

    def _by_coder(self, table: Table) -> Iterator[tuple[int, str, Table]]:
        coders: dict[tuple[int, str], list[TableRow]] = {}
        for row in table.rows:
            cell = row.get("coder")
            if cell is None:  # the column is missing, which is said already
                return
            if not cell.text:
                self.faults.append(cell.fault("cell-empty", {"column": cell.name}))
            elif not is_name(cell.text):
                self.faults.append(cell.fault("name-form", {"found": shown(cell.text)}))
            elif (number := self._round(row.get(sheets.ROUND))) is not None:
                coders.setdefault((number, cell.text), []).append(row)
        for (number, coder), rows in coders.items():
            first = rows[0]["coder"]
            # A row with nothing but the coder says that this coder has stated nothing yet.
            said = tuple(row for row in rows if any(cell.text for name, cell in row.items() if name not in _WHO))
            yield number, coder, Table(table.path, table.columns, said, (), (first.line, first.column))

    def _round(self, cell: Cell | None) -> int | None:
        """Read the number of a round, the first where none is given; None where it is no number of one."""
        if cell is None or not cell.text:
            return 1
        if not _ROUND.fullmatch(cell.text):
            self.faults.append(cell.fault("round-number", {"found": shown(cell.text)}))
            return None
        return int(cell.text)


def _meant(sheet: Sheet, absent: Iterable[str]) -> str:
    """Name the sheet that one of another name most likely is: it has all the headings by which that one is known."""
    rows = sheet.rows()
    headings = {cell.text.casefold() for cell in rows[0]} if rows else set()
    return max((name for name in absent if sheets.telling(name) <= headings), key=_weight, default="")


def _weight(name: str) -> tuple[int, str]:
    return len(sheets.telling(name)), name


def _entry(grown: Grown, place: Place, cells: Mapping[Column, SheetCell], mark: Mark) -> None:
    """Put cells into an entry of which other rows may have said something."""
    if place:
        grown.open(place, mark)
    for column, cell in cells.items():
        grown.fill((*place, *column.place), cell, column.kind)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _kind_at(model: type[BaseModel], place: Sequence[str]) -> Kind:
    """Say how the value of a key with points is read, by following it down the models."""
    here: set[Any] = {model}
    annotation: Any = model
    for part in place:
        inner: set[Any] = set()
        for kind in here:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                if part in kind.model_fields:
                    annotation = kind.model_fields[part].annotation
                    inner |= sheets.kinds(annotation)
            elif sheets.is_mapping(kind):
                annotation = sheets.inside(kind)
                inner |= sheets.kinds(annotation)
        here = inner
    if not here or (here == {str} and place[-1] in Text.model_fields):
        return "words"
    return sheets.kind_of(annotation)
