"""Put the rows of sheets and tables where study.yaml and the files of evidence would say the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Document, Mark, Marks, Node, Place
from bayestrace.reading.grown import Grown
from bayestrace.reading.lines import Cell
from bayestrace.reading.rows import Row, mark_of, rows_in
from bayestrace.reading.sheets import CASES, EVIDENCE, SECTIONS, Column, Section, grouped
from bayestrace.reading.text import shown

_CASE = next(column for column in EVIDENCE.columns if column.name == "case")


def columns_of(section: Section) -> tuple[Column, ...]:
    """Return the columns of a sheet, that of its keys first."""
    key = (Column(section.key, (), "name", needed=True),) if section.key else ()
    return (*key, *section.columns)


def enter(rows: Iterable[Row], section: Section, columns: Sequence[Column], grown: Grown) -> None:
    """Put rows into a document as the entries of a mapping, or of a list.

    Parameters
    ----------
    rows
        Read by `columns`, which `columns_of` gave.
    section
        Where they belong.
    columns
        The first is that of the keys, where they have any.
    grown
        Grows, and so do its faults, by rows without a key and by keys that stand there already.
    """
    for row in rows:
        if not section.key:
            held = grown.find(section.place)
            grown.enter((*section.place, len(held) if isinstance(held, list) else 0), row, row.begins())
            continue
        cell = row.take(columns[0])
        if cell is None:
            grown.faults.append(empty(row, section.key))
        elif first := grown.at((*section.place, cell.text)):
            grown.faults.append(twice(cell, first, grown.path))
        else:
            said = next((each for column, each in row.cells() if not column.place), cell)
            grown.enter((*section.place, cell.text), row, mark_of(said))


def with_tables(study: Document, texts: Mapping[str, tuple[str, str | None]], faults: list[Fault]) -> Node:
    """Add to study.yaml what tables in CSV say of its cases and clusters.

    Parameters
    ----------
    study
        study.yaml, whose cases and clusters come first.
    texts
        Path and text of each table, by the sheet that says the same; no text where the file had a fault.
    faults
        Grows.

    Returns
    -------
    Node
        All of it. A part of which a table has faults of form is broken, so that no name of it is called unknown.
    """
    grown = Grown.of(study)
    for name, (path, text) in texts.items():
        section = SECTIONS[name]
        if name == CASES:
            section = section._replace(columns=(*section.columns, *grouped(section.columns, *_grouping(grown))))
        columns = columns_of(section)
        rows, whole = rows_in(path, text, columns, faults) if text is not None else ([], False)
        if not whole:
            grown.spoil(section.place, Mark(1, 1, path))
            continue
        grown.open(section.place, Mark(1, 1, path))
        if isinstance(grown.find(section.place), dict):  # else it has a fault of its own
            enter(rows, section, columns, grown)
    faults += grown.faults
    return grown.document().root()


def _grouping(grown: Grown) -> Iterator[Sequence[str]]:
    """Yield the names of the factors, then those of the attributes."""
    for part in ("factors", "attributes"):
        held = grown.find((part,))
        yield [*held] if isinstance(held, dict) else []


def observations_in(path: str, text: str | None, faults: list[Fault]) -> list[Node]:
    """Read a table of observations in CSV; a broken document is among the cases where not all of it could be read."""
    rows, whole = rows_in(path, text, EVIDENCE.columns, faults) if text is not None else ([], False)
    found = list(observations(rows, faults))
    return found if whole else [*found, Document(path).root()]


def observations(rows: Iterable[Row], faults: list[Fault]) -> Iterator[Node]:
    """Yield the observations of each case as a file of evidence has them.

    Parameters
    ----------
    rows
        Rows of observations, in any order; those of a case keep theirs.
    faults
        Grows.
    """
    grouped: dict[str, list[Row]] = {}
    starts: dict[str, Mark] = {}
    for row in rows:
        cell = row.take(_CASE)
        if cell is None:
            faults.append(empty(row, _CASE.name))
        name = cell.text if cell else ""
        if name not in starts:
            starts[name] = mark_of(cell) if cell else row.begins()
        grouped.setdefault(name, []).append(row)
    for name, mine in grouped.items():
        yield _case(name, starts[name], mine, faults)


def _case(name: str, start: Mark, rows: Sequence[Row], faults: list[Fault]) -> Node:
    """Make the document of one case; without a name it is broken, and its observations are known all the same."""
    written: dict[Place, str] = {}
    places: list[Place] = [("observations", at) for at in range(len(rows))]
    listed = tuple(row.value(written, place, faults) for place, row in zip(places, rows, strict=True))
    heads: dict[Place, Mark] = {("case",): start, ("observations",): start}
    inside = dict(zip(places, rows, strict=True))
    value = {"case": name or BROKEN, "observations": listed}
    marks, keys = Marks({(): start, **heads}, dict(inside)), Marks(heads, dict(inside))
    return Document(start.path, value, marks, keys, written).root()


def empty(row: Row, column: str) -> Fault:
    """Refuse a row without a cell that it must have."""
    start = row.begins()
    return Fault(start.path, start.line, start.column, column, "cell-empty", {"column": column})


def twice(cell: Cell, first: Mark, path: str) -> Fault:
    """Refuse what stands there already: in the same table, or in another file."""
    home = first.path or path
    if home == cell.path:
        return cell.fault("row-twice", {"found": shown(cell.text), "line": str(first.line)})
    return cell.fault("declared-twice", {"found": shown(cell.text), "place": f"{home}:{first.line}"})
