"""Hold what came back against the study: all faults at once, else a coding and the text of its files."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bayestrace.coding.made import Changes, changes
from bayestrace.coding.returned import Returned, Row
from bayestrace.coding.unasked import Kept, Remark, kept_of
from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading.amounts import Reader, plain_weight, weight_reader
from bayestrace.reading.causes import told_once
from bayestrace.reading.codings import LAYOUTS, read_coding
from bayestrace.reading.known import Known, names_of
from bayestrace.reading.lines import Cell
from bayestrace.reading.private import PRIVATE
from bayestrace.reading.tables import Table
from bayestrace.reading.text import shown
from bayestrace.study import Coding, Study
from bayestrace.study.rounds import stated_in
from bayestrace.writing.cells import number, safe

#: Past so many decibels a single observation hardly ever weighs.
UNUSUAL_DB = 30.0
_ENDS = ("low_db", "best_db", "high_db")
_SIDES = re.compile(r"(for|against|支持|反对)\s*:\s*(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Taken:
    """One coder's coding as it goes into a study.

    `turn` is the round of coding; `files` gives the text of each of its tables by kind; `weights`, `reasons` and
    `redundancies` count what is in them; `empty` counts the rows of the sheet that were left so.
    """

    coder: str
    turn: int
    coding: Coding
    files: Mapping[str, str]
    weights: int
    empty: int
    reasons: int
    redundancies: int
    remarks: tuple[Remark, ...]


def take(coder: str, files: Sequence[Returned], study: Study, *, turn: int = 1, accept_changes: bool = False) -> Taken:
    """Read what one coder sent back.

    Parameters
    ----------
    coder
        The coder's id.
    files
        What `bayestrace.coding.returned.open_returned` found in each file.
    study
        The study.
    turn
        The round of coding.
    accept_changes
        Whether a coding is taken of observations and explanations that have changed since the sheet was made; then what
        was said of observations that are gone is left out.

    Raises
    ------
    StudyFaults
        With every fault of every file.
    """
    known = names_of(study)
    faults = [fault for file in files for fault in file.faults]
    if others := [fault for file in files for fault in _of_another(file, study)]:
        raise StudyFaults([*faults, *others])  # no name in it need be one of this study
    faults += _twice(coder, files)
    remarks: list[Remark] = []
    weights: list[Row] = []
    notes: list[Row] = []
    redundancy: list[Row] = []
    empty = 0
    for file in files:
        since = changes(file.made, study) if file.made else Changes((), (), (), ())
        rows = file.coding
        if accept_changes:
            rows = [row for row in rows if row["evidence"].text not in since.removed]
        else:
            faults += _since(rows, since)
        remarks += _remarks(since, accept_changes=accept_changes)
        focal = file.made.focal if file.made else study.focal
        for row in rows:
            weight = _weight(row, focal, study, known, faults)
            weights += [weight] if weight else []
            empty += weight is None and bool(row["against"].text)
        notes += [note for row in rows if (note := _note(row))]
        redundancy += [
            row for row in file.redundancy if any(row[end].text for end in ("low", "best", "high") if end in row)
        ]
    is_empty = not weights
    kept = kept_of(coder, files, study, turn)
    weights += kept.rows.get("weights", ())
    notes = [*map(kept.marked, notes), *kept.rows.get("notes", ())]
    redundancy += kept.rows.get("redundancy", ())
    path = files[0].path
    # A sheet may be in an order of its own; files are in that of the study.
    order = {name: place for place, name in enumerate([*(one.id for one in study.evidence), *study.hypotheses])}
    weights.sort(key=lambda row: [order.get(row[key].text, len(order)) for key in ("evidence", "against")])
    notes.sort(key=lambda row: order.get(row["evidence"].text, len(order)))
    clusters = {name: place for place, name in enumerate(study.clusters)}
    redundancy.sort(key=lambda row: clusters.get(row["cluster"].text, len(clusters)))
    tables = {
        "weights": Table(path, LAYOUTS["weights"][0], tuple(weights), ()),
        "notes": Table(path, LAYOUTS["notes"][0], tuple(notes), ()),
        "redundancy": Table(path, LAYOUTS["redundancy"][0], tuple(redundancy), ()),
        **_chances(path, kept),
    }
    coding, _, wrong = read_coding(coder, tables, known)
    faults += wrong
    if not faults and is_empty:
        faults.append(Fault(path, 0, 0, "", "returned-empty"))
    if faults:
        raise StudyFaults([_as_typed(_as_asked(fault), files) for fault in told_once(faults)])
    return Taken(
        coder=coder,
        turn=turn,
        coding=coding,
        files={kind: _csv(kind, table) for kind, table in tables.items() if table.rows},
        weights=len(weights),
        empty=empty,
        reasons=sum(said.rationale is not None for said in coding.judgements),
        redundancies=len(coding.redundancies),
        remarks=(*remarks, *kept.remarks(), *_fewer(coding, study, turn), *_unusual(coding)),
    )


def _of_another(file: Returned, study: Study) -> Iterator[Fault]:
    if file.made and file.made.study != study.id:
        details = {"found": shown(file.made.study), "known": shown(study.id)}
        yield Fault(file.path, 0, 0, "", "returned-other-study", details)


def _twice(coder: str, files: Sequence[Returned]) -> list[Fault]:
    """Refuse files that say the same things of one coder; of all but the first nothing further is said."""
    faults = []
    said: dict[tuple[str, str], str] = {}
    for file in files:
        mine = {(row["evidence"].text, row["against"].text) for row in file.coding if any(_filled(row))}
        mine |= {(row["cluster"].text, "") for row in file.redundancy if any(_filled(row))}
        if first := next((said[one] for one in sorted(mine) if one in said), None):
            faults.append(Fault(file.path, 0, 0, "", "returned-twice", {"name": shown(coder), "first": shown(first)}))
            file.coding, file.redundancy = [], []
        said |= dict.fromkeys(mine, file.path)
    return faults


def _filled(row: Row) -> Iterator[str]:
    return (row[key].text for key in (*_ENDS, "word", "low", "best", "high") if key in row)


def _chances(path: str, kept: Kept) -> dict[str, Table]:
    """Give the table of probabilities, which no sheet asks for."""
    rows = tuple(kept.rows.get("probabilities", ()))
    return {"probabilities": Table(path, LAYOUTS["probabilities"][0], rows, ())} if rows else {}


def _as_asked(fault: Fault) -> Fault:
    """Word a cell that is empty as it is for a coder, who may not delete a row of a sheet."""
    return replace(fault, slug="returned-cell") if fault.slug == "cell-empty" else fault


def _as_typed(fault: Fault, files: Sequence[Returned]) -> Fault:
    """Show numbers out of order as the coder typed them: a ratio or a word, and not the decibels that it stands for."""
    if fault.slug != "range-order":
        return fault
    for row in (row for file in files for row in file.coding):
        best = row.get("best_db")
        if best and best.text and (*_at(best), best.name) == (fault.path, fault.line, fault.column, fault.where):
            typed = [row[end].text for end in _ENDS if end in row and row[end].text]
            return replace(fault, details={"found": ", ".join(map(shown, typed))})
    return fault


def _since(rows: Iterable[Row], since: Changes) -> Iterator[Fault]:
    """Refuse what was said of texts that have changed since, each of them once."""
    told: set[str] = set()
    for row in rows:
        name = row["evidence"].text
        if name in told:
            continue
        told.add(name)
        if name in since.removed:
            yield row["evidence"].fault("returned-removed", {"found": shown(name)})
        elif name in since.changed:
            yield row["evidence"].fault("returned-changed", {"found": shown(name)})
    for row in rows:
        name = row["against"].text
        if name in since.explanations and name not in told:
            told.add(name)
            yield row["against"].fault("returned-explanation", {"found": shown(name)})


def _remarks(since: Changes, *, accept_changes: bool) -> Iterator[Remark]:
    if since.added:
        yield Remark("remark-added", {"names": ", ".join(since.added)})
    if accept_changes and (gone := since.removed):
        yield Remark("remark-removed", {"names": ", ".join(gone)})
    if accept_changes and (other := (*since.changed, *since.explanations)):
        yield Remark("remark-changed", {"names": ", ".join(other)})


def _fewer(coding: Coding, study: Study, turn: int) -> Iterator[Remark]:
    """Say what the same coder weighed earlier in this round and no longer does."""
    old = next((one for one in stated_in(study, turn) if one.coder == coding.coder), None)
    gone = sorted(_compared(old) - _compared(coding)) if old else []
    if gone:
        names = ", ".join(f"{evidence} ({' – '.join(pair)})" for evidence, pair in gone)
        yield Remark("remark-fewer", {"count": str(len(gone)), "names": names})


def _compared(coding: Coding) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (said.evidence, tuple(sorted((one.hypothesis, one.against))))
        for said in coding.judgements
        for one in said.weights
    }


def _unusual(coding: Coding) -> Iterator[Remark]:
    far = [
        f"{said.evidence} ({one.against}: {number(one.best)} dB)"
        for said in coding.judgements
        for one in said.weights
        if abs(one.best) > UNUSUAL_DB
    ]
    weighed = {len(said.weights) for said in coding.judgements}
    partly = [said.evidence for said in coding.judgements if 0 < len(said.weights) < max(weighed, default=0)]
    bare = [said.evidence for said in coding.judgements if said.weights and not said.rationale]
    sure = [
        f"{said.evidence} ({one.against})"
        for said in coding.judgements
        for one in said.weights
        if one.low == one.high != None  # noqa: E711
    ]
    for key, names in (("far", far), ("partly", partly), ("bare", bare), ("sure", sure)):
        if names:
            yield Remark(f"remark-{key}", {"count": str(len(names)), "names": ", ".join(names)})


def _weight(row: Row, focal: str, study: Study, known: Known, faults: list[Fault]) -> Row | None:
    """Make a row of weights in plain decibels of what was filled in; None where nothing was, or nothing usable."""
    filled = [row[key] for key in (*_ENDS, "word") if key in row and row[key].text]
    if not filled:
        return None
    reader = _either(weight_reader(known.words))
    told = len(faults)
    cells: Row = {}
    for end in _ENDS:
        cell = row.get(end, Cell(*_at(row["evidence"]), end, ""))
        cells[end] = _plain(cell, reader, faults)
    word = row.get("word")
    if word and word.text:
        meant = _plain(replace(word, text=_side(word.text)), reader, faults)
        if not cells["best_db"].text:
            cells["best_db"] = meant
        elif len(faults) == told and not _agree(cells["best_db"].text, _side(word.text), meant.text, study):
            faults.append(word.fault("word-and-number", {"found": shown(word.text), "number": cells["best_db"].text}))
            told += 1  # the numbers themselves can be read
    if len(faults) > told:  # so that nothing else is said of numbers of which one cannot be read
        cells = {end: replace(cell, text="0") for end, cell in cells.items()}
    against = row["against"]
    return {"evidence": row["evidence"], "hypothesis": replace(against, text=focal), "against": against, **cells}


def _at(cell: Cell) -> tuple[str, int, int]:
    return cell.path, cell.line, cell.column


def _either(worded: Reader) -> Reader:
    """Read plain numbers as decibels, and all else with its unit."""

    def read(text: str) -> float | tuple[str, dict[str, str]]:
        plainly = plain_weight(text)
        return worded(text) if isinstance(plainly, tuple) and plainly[0] == "cell-number" else plainly

    return read


def _plain(cell: Cell, reader: Reader, faults: list[Fault]) -> Cell:
    """Write a cell's decibels as a plain number: as it was typed, where that is one."""
    if not cell.text:
        return cell
    read = reader(cell.text)
    if isinstance(read, tuple):
        faults.append(cell.fault(*read))
        return replace(cell, text="0")
    typed = re.sub("[−–—]", "-", unicodedata.normalize("NFKC", cell.text)).strip().removeprefix("+")
    return replace(cell, text=typed if not isinstance(plain_weight(typed), tuple) else number(read))


def _side(text: str) -> str:
    """Turn `against: strong`, as the list of the workbook has it, into `-strong`, as tables do."""
    said = _SIDES.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if said is None:
        return text
    return said[2] if said[1].casefold() in {"for", "支持"} else f"-{said[2]}"


def _agree(beside: str, word: str, meant: str, study: Study) -> bool:
    """Tell whether a number bears the word that was chosen beside it."""
    best, chosen = float(beside), float(meant)
    if best == chosen:
        return True
    bears = {study.scale.word(best, "en"), study.scale.word(best, "zh")}
    return word.removeprefix("-").strip() in bears and (best < 0) == (chosen < 0 or (chosen == 0 and best < 0))


def _note(row: Row) -> Row | None:
    said: Row = {key: row[key] for key in ("p_if_focal", "rationale") if key in row}
    return {"evidence": row["evidence"], **said} if any(cell.text for cell in said.values()) else None


def _csv(kind: str, table: Table) -> str:
    """Write a table as a file of a study: numbers as they were given, no reason that starts a formula."""
    told = any(PRIVATE in row and row[PRIVATE].text for row in table.rows)
    columns = [column for column in LAYOUTS[kind][0] if column != PRIVATE or told]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in table.rows:
        texts = [row[column].text if column in row else "" for column in columns]
        writer.writerow(
            [safe(text) if column == "rationale" else text for column, text in zip(columns, texts, strict=True)]
        )
    return file.getvalue()
