"""Read what came of each search for a clue, evidence/clues.csv."""

from collections.abc import Iterator, Mapping

from bayestrace.errors import Fault
from bayestrace.reading.amounts import read_cell, search
from bayestrace.reading.known import Known, check_cell
from bayestrace.reading.lines import Cell
from bayestrace.reading.private import PRIVATE, read_private
from bayestrace.reading.tables import Table, while_few
from bayestrace.reading.text import guess, listed, shown
from bayestrace.study import Text
from bayestrace.study.sought import Search

_NEEDED = ("case", "clue", "state")
_OPTIONAL = ("search", "source", "note", "note_zh", PRIVATE)
_STATES = ("found", "not-found", "not-sought")

type _Row = Mapping[str, Cell]


#: The columns of evidence/clues.csv, and those that may be left out.
LAYOUT, OPTIONAL = (*_NEEDED, *_OPTIONAL), frozenset(_OPTIONAL)


def read_searches(
    table: Table, known: Known, given: Mapping[str, str]
) -> tuple[tuple[Search, ...], dict[str, str], list[Fault]]:
    """Read all that came of the searches.

    Parameters
    ----------
    table
        The rows of the file.
    known
        The names of the study.
    given
        The clue that a clue is given, for those that are given one.

    Returns
    -------
    searches : tuple of Search
        By case and clue in the order of their declaration; not to be used where there are faults.
    places : dict
        Where each stands, as in `Study.places`.
    faults : list of Fault
        Every fault of the file.
    """
    faults = list(table.faults)
    first: dict[tuple[str, str], _Row] = {}
    searches: dict[tuple[str, str], Search] = {}
    for row in while_few(table.rows, faults):
        pair = _name(row, "case", known.cases, faults), _name(row, "clue", known.clues, faults)
        state, weight = _state(row, faults), _search(row, faults)
        note, private = _note(row, faults), read_private(row, faults)
        cited = row.get("source")
        source = _name(row, "source", known.sources, faults) if cited and cited.text else None
        case, clue = pair
        if case is None or clue is None:
            continue
        before = first.setdefault((case, clue), row)
        if before is not row:
            details = {"found": f"{shown(case)} – {shown(clue)}", "line": str(before["case"].line)}
            faults.append(row["case"].fault("row-twice", details))
        elif state:
            # Every value was checked here; a name that is no name has had its fault, after which none is used.
            searches[case, clue] = Search.model_construct(
                case=case, clue=clue, state=state, search=weight, note=note, source=source, private=private
            )
    faults += _sought_before(first, searches, given)
    places = {f"search:{case}:{clue}": row["case"].spot() for (case, clue), row in first.items()}
    order = {name: place for names in (known.cases, known.clues) for place, name in enumerate(names or ())}
    ordered = sorted(searches.values(), key=lambda each: (order.get(each.case, 0), order.get(each.clue, 0)))
    return tuple(ordered), places, faults


def _name(row: _Row, column: str, known: Mapping[str, object] | None, faults: list[Fault]) -> str | None:
    cell = row.get(column)
    if cell is None:
        return None
    wrong = list(check_cell(cell, column, known))
    faults += wrong
    return None if wrong else cell.text


def _state(row: _Row, faults: list[Fault]) -> str | None:
    cell = row.get("state")
    if cell is None or cell.text in _STATES:
        return cell.text if cell else None
    details = {"found": shown(cell.text), "known": listed(_STATES), "guess": guess(cell.text, _STATES)}
    faults.append(cell.fault("choice-unknown", details) if cell.text else cell.fault("cell-empty", {"column": "state"}))
    return None


def _search(row: _Row, faults: list[Fault]) -> float:
    cell = row.get("search")
    read = read_cell(cell, search) if cell and cell.text else 1.0
    if isinstance(read, Fault):
        faults.append(read)
        return 1.0
    return read


def _note(row: _Row, faults: list[Fault]) -> Text | None:
    english, chinese = (cell.text if (cell := row.get(name)) else "" for name in ("note", "note_zh"))
    if chinese and not english:
        faults.append(row["note_zh"].fault("note-without-english"))
        return None
    return Text(en=english, zh=chinese or None) if english else None


def _sought_before(
    rows: Mapping[tuple[str, str], _Row], searches: Mapping[tuple[str, str], Search], given: Mapping[str, str]
) -> Iterator[Fault]:
    """Refuse what was sought although the clue that it is given was not."""
    for (case, clue), each in searches.items():
        parent = given.get(clue)
        if parent is None or each.state == _STATES[-1] or _refused(rows, searches, (case, parent)):
            continue
        before = searches.get((case, parent))
        if before is None or before.state == _STATES[-1]:
            details = {"found": shown(clue), "given": shown(parent), "case": shown(case)}
            yield rows[case, clue]["clue"].fault("given-not-sought", details)


def _refused(
    rows: Mapping[tuple[str, str], _Row], searches: Mapping[tuple[str, str], Search], pair: tuple[str, str]
) -> bool:
    """Tell whether a row was refused, so that nobody knows what came of that search."""
    return pair in rows and pair not in searches
