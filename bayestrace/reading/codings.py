"""Read what each coder says: weights or probabilities, notes, redundancies."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from sys import intern
from typing import NamedTuple

from bayestrace.errors import Fault
from bayestrace.reading.amounts import plain_weight, probability, read_cell, read_range, redundancy, weight_reader
from bayestrace.reading.known import Known, check_cell
from bayestrace.reading.lines import Cell
from bayestrace.reading.private import PRIVATE, read_private
from bayestrace.reading.tables import Row, Table, line_of, texts_in, while_few
from bayestrace.reading.text import shown
from bayestrace.study import Coding, Judgement, StatedProbability, StatedRedundancy, StatedWeight
from bayestrace.theories import NONE

_ENDS_DB = ("low_db", "best_db", "high_db")
_ENDS = ("low", "best", "high")
_PAIR = ("evidence", "hypothesis", "against")
#: What a column names, where that is not what it is called.
_KINDS = {"against": "hypothesis"}

#: The kinds of table and the columns of each.
LAYOUTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "weights": ((*_PAIR, *_ENDS_DB), (*_PAIR, *_ENDS)),
    "probabilities": (("evidence", "hypothesis", *_ENDS),),
    "notes": (("evidence", "p_if_focal", "rationale", PRIVATE),),
    "redundancy": (("cluster", *_ENDS),),
}

# The models below are made by `Frozen.of`: every value in them was checked here, and a name that is no name
# has had its fault, after which none of them is used.


class _Pair(NamedTuple):
    """One comparison that a coder makes of an observation; `joins` unless it would have closed a circle."""

    one: str
    other: str
    line: int
    joins: bool


@dataclass
class _Coder:
    """What one coder's tables hold, gathered row by row."""

    weights: dict[str, list[StatedWeight]] = field(default_factory=dict)
    probabilities: dict[str, list[StatedProbability]] = field(default_factory=dict)
    notes: dict[str, tuple[float | None, str | None, bool]] = field(default_factory=dict)
    redundancies: list[StatedRedundancy] = field(default_factory=list)
    #: Where each thing is first spoken of, by kind of statement and name: `Study.places` says it.
    first: dict[str, dict[str, Cell]] = field(default_factory=lambda: {"weights": {}, "notes": {}, "redundancy": {}})
    chances: dict[str, dict[str, Cell]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_coding(coder: str, tables: Mapping[str, Table], known: Known) -> tuple[Coding, dict[str, str], list[Fault]]:
    """Read all the tables of one coder.

    Parameters
    ----------
    coder
        The coder's id.
    tables
        Each of the coder's tables, by kind (a key of `LAYOUTS`).
    known
        The names of the study.

    Returns
    -------
    coding : Coding
        What the coder says; not to be used where there are faults.
    places : dict
        Where each judgement, note and redundancy stands, as in `Study.places`.
    faults : list of Fault
        Every fault of these tables.
    """
    gathered = _Coder()
    takers: dict[str, Callable[[Table, _Coder, Known], None]] = {
        "weights": _weights,
        "probabilities": _probabilities,
        "notes": _notes,
        "redundancy": _redundancies,
    }
    for kind, take in takers.items():
        if kind in tables:
            gathered.faults.extend(tables[kind].faults)
            take(tables[kind], gathered, known)
    gathered.faults += _joint(gathered, known)
    order = [*(known.evidence or ())]
    coded = {*gathered.weights, *gathered.probabilities, *gathered.notes}
    judgements = tuple(_judgement(name, gathered) for name in order if name in coded)
    places = {
        f"{kind}:{coder}:{name}": cell.spot() for kind, cells in gathered.first.items() for name, cell in cells.items()
    }
    coding = Coding.model_construct(coder=coder, judgements=judgements, redundancies=tuple(gathered.redundancies))
    return coding, places, gathered.faults


def _judgement(name: str, gathered: _Coder) -> Judgement:
    chance, rationale, private = gathered.notes.get(name, (None, None, False))
    return Judgement.of(
        {
            "evidence": name,
            "weights": tuple(gathered.weights.get(name, ())),
            "probabilities": tuple(gathered.probabilities.get(name, ())),
            "p_if_focal": chance,
            "rationale": rationale,
            "private": private,
        }
    )


def _weights(table: Table, gathered: _Coder, known: Known) -> None:
    in_decibels = bool(set(_ENDS_DB) & set(table.columns))
    reader = plain_weight if in_decibels else weight_reader(known.words)
    ends = _ENDS_DB if in_decibels else _ENDS
    first = gathered.first["weights"]
    compared: dict[str, list[_Pair]] = {}
    for row in while_few(table.rows, gathered.faults):
        evidence, one, other = _names(row, _PAIR, (known.evidence, known.hypotheses, known.hypotheses), gathered)
        (low, best, high), faults = read_range(row, ends, reader)
        gathered.faults += faults
        if evidence is None or one is None or other is None:
            continue
        if evidence not in first:
            first[evidence] = row["evidence"]
            compared[evidence] = []
        fault = _compare(row, (evidence, one, other), compared[evidence])
        if fault:
            gathered.faults.append(fault)
        elif best is not None and not faults:
            said = {"hypothesis": intern(one), "against": intern(other), "best": best, "low": low, "high": high}
            gathered.weights.setdefault(evidence, []).append(StatedWeight.of(said))


def _compare(row: Row, names: tuple[str, str, str], pairs: list[_Pair]) -> Fault | None:
    """Add one comparison to those of its observation, or say why it may not be: they must form no circle."""
    evidence, one, other = names
    if one == other:
        return row["against"].fault("self-comparison", {"found": shown(one)})
    met = False
    for pair in pairs:
        if one in pair and other in pair:
            line, found = str(pair.line), {"first": shown(one), "second": shown(other), "evidence": shown(evidence)}
            return row["hypothesis"].fault("pair-twice", {**found, "line": line})
        met = met or other in pair
    way = _way(pairs, other, one) if met else []
    pairs.append(_Pair(one, other, line_of(row), joins=not way))
    if way:
        round_trip = " – ".join(map(shown, [one, *way]))
        return row["hypothesis"].fault("comparison-circle", {"found": round_trip, "evidence": shown(evidence)})
    return None


def _way(pairs: Iterable[_Pair], start: str, end: str) -> list[str]:
    """Return the names from one hypothesis to another along comparisons, or nothing where they are not joined."""
    joined = [(pair.one, pair.other) for pair in pairs if pair.joins]
    ways = [[start]]
    reached = {start}
    for way in ways:  # it grows as it is walked
        if way[-1] == end:
            return way
        for pair in joined:
            if way[-1] in pair:
                after = pair[0] if pair[1] == way[-1] else pair[1]
                if after not in reached:
                    reached.add(after)
                    ways.append([*way, after])
    return []


def _probabilities(table: Table, gathered: _Coder, known: Known) -> None:
    first = gathered.first["weights"]
    both: set[str] = set()
    for row in while_few(table.rows, gathered.faults):
        evidence, hypothesis = _names(row, _PAIR[:2], (known.evidence, known.hypotheses), gathered)
        (low, best, high), faults = read_range(row, _ENDS, probability)
        gathered.faults += faults
        if evidence is None or hypothesis is None:
            continue
        weighed = first.get(evidence) or first.setdefault(evidence, row["evidence"])
        if weighed.path != table.path and evidence not in both:
            both.add(evidence)  # said once an observation, not once a hypothesis
            cell = row["evidence"]
            details = {"found": shown(evidence), "place": weighed.spot()}
            gathered.faults.append(cell.fault("weights-and-probabilities", details))
        chances = gathered.chances.setdefault(evidence, {})
        if _again(row["hypothesis"], f"{shown(evidence)}, {shown(hypothesis)}", hypothesis, chances, gathered):
            continue
        if best is not None and not faults:
            said = {"hypothesis": intern(hypothesis), "best": best, "low": low, "high": high}
            gathered.probabilities.setdefault(evidence, []).append(StatedProbability.of(said))


def _joint(gathered: _Coder, known: Known) -> Iterator[Fault]:
    """Check that a noisy-or can be made wherever a coder leaves a joint cell to it."""
    if not known.noisy:
        return
    for evidence, weights in gathered.weights.items():
        weighed = {name for stated in weights for name in (stated.hypothesis, stated.against)}
        if _left_out(weighed, known):
            yield gathered.first["weights"][evidence].fault("noisy-or-weights", {"found": shown(evidence)})
    for evidence, probabilities in gathered.probabilities.items():
        stated = {item.hypothesis: item.best for item in probabilities}
        joined = _left_out({*stated}, known)
        if joined and NONE not in stated:
            yield gathered.first["weights"][evidence].fault("noisy-or-none", {"found": shown(evidence)})
        for cell in sorted(joined):
            if stated[cell] < stated.get(NONE, 0.0):
                yield gathered.chances[evidence][cell].fault("noisy-or-lower", {"found": shown(cell)})


def _left_out(stated: set[str], known: Known) -> set[str]:
    """Return the stated cells that joint cells left out are to be made of."""
    return {
        cell for joint, parts in known.noisy.items() if joint not in stated and stated >= {*parts} for cell in parts
    }


def _notes(table: Table, gathered: _Coder, known: Known) -> None:
    for row in while_few(table.rows, gathered.faults):
        (evidence,) = _names(row, ("evidence",), (known.evidence,), gathered)
        chance, rationale = texts_in(row, ("p_if_focal", "rationale"))
        read = read_cell(row["p_if_focal"], probability) if chance else None
        gathered.faults += [read] if isinstance(read, Fault) else []
        if evidence is None or _again(row["evidence"], shown(evidence), evidence, gathered.first["notes"], gathered):
            continue
        stated = None if isinstance(read, Fault) else read
        private = read_private(row, gathered.faults)
        gathered.notes[evidence] = (stated, rationale or None, private)


def _redundancies(table: Table, gathered: _Coder, known: Known) -> None:
    for row in while_few(table.rows, gathered.faults):
        (cluster,) = _names(row, ("cluster",), (known.clusters,), gathered)
        (low, best, high), faults = read_range(row, _ENDS, redundancy)
        gathered.faults += faults
        if cluster is None or _again(row["cluster"], shown(cluster), cluster, gathered.first["redundancy"], gathered):
            continue
        if best is not None and not faults:
            said = {"cluster": cluster, "best": best, "low": low, "high": high}
            gathered.redundancies.append(StatedRedundancy.of(said))


def _again(cell: Cell, label: str, name: str, first: dict[str, Cell], gathered: _Coder) -> bool:
    """Tell whether this was said before; keep where it was said first."""
    before = first.setdefault(name, cell)
    if before is not cell:
        gathered.faults.append(cell.fault("row-twice", {"found": label, "line": str(before.line)}))
    return before is not cell


def _names(
    row: Row, columns: tuple[str, ...], known: tuple[Mapping[str, object] | None, ...], gathered: _Coder
) -> list[str | None]:
    """Return names in cells; None where one is empty, the study has no such name, or the column is missing."""
    texts = texts_in(row, columns)
    for place, (column, text, names) in enumerate(zip(columns, texts, known, strict=True)):
        if text is None or (names is not None and text in names):
            continue
        gathered.faults += check_cell(row[column], _KINDS.get(column, column), names)
        texts[place] = text if text and names is None else None
    return texts
