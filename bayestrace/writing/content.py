"""Lay a study out as the rows of a workbook's sheets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import BaseModel

from bayestrace.reading import sheets
from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.csl import DATES, MORE, NAMES, value_of
from bayestrace.reading.lines import SheetCell
from bayestrace.reading.searches import LAYOUT
from bayestrace.reading.sheets import Column, Section
from bayestrace.study import Declaration, Study, Text
from bayestrace.writing.cells import number, plain
from bayestrace.writing.folder import by_case, declaration, searches, stated, with_private
from bayestrace.writing.plain import on_one_line, said

type Value = str | float | None

_FIRST = ("id", "type", "title", "author", "issued", "container-title", "publisher", "language", "note")
_NUMBERS = frozenset({"low_db", "best_db", "high_db", "low", "best", "high", "p_if_focal", "search"})


class Content(NamedTuple):
    """One sheet: its name, the headings, and a row of values for each thing; None leaves a cell empty."""

    name: str
    headings: tuple[str, ...]
    rows: list[tuple[Value, ...]]


def contents(study: Study) -> Iterator[Content]:
    """Yield the sheets that a study needs, in their order."""
    made = {each.name: each for each in (*_declared(study), *_others(study))}
    yield from (made[name] for name in sheets.SHEETS if name in made)


def _declared(study: Study) -> Iterator[Content]:
    yield Content(sheets.STUDY, ("key", "value"), list(_keys(study)))
    for name, section in sheets.SECTIONS.items():
        if _within(study, section.place) and not (name == "Hypotheses" and study.theories):
            yield entries(study, name)
    for name, (section_name, key, inner, groups) in sheets.GROUPED.items():
        grouped = getattr(study, section_name)
        if grouped:
            rows = []
            for label, each in grouped.items():
                rows.append((label, None, *_cells(each.name, sheets.NAMED)))
                rows += [(label, group, *_cells(text, sheets.NAMED)) for group, text in getattr(each, groups).items()]
            yield Content(name, (key, inner, *(column.name for column in sheets.NAMED)), rows)


def entries(study: Study, name: str) -> Content:
    """Lay out a sheet whose rows are entries of study.yaml, such as `Cases`."""
    section = sheets.SECTIONS[name]
    held = _within(study, section.place)
    columns = section.columns
    if name == sheets.CASES:
        columns = (*columns, *sheets.grouped(columns, study.factors, study.attributes))
    pairs: Iterable[tuple[str, Any]] = held.items() if isinstance(held, Mapping) else (("", each) for each in held)
    rows = [(*((key,) if section.key else ()), *_cells(each, columns)) for key, each in pairs]
    return _trimmed(name, section, columns, rows)


def observations(study: Study) -> Content:
    """Lay out the sheet of observations, case by case in the order of their declaration."""
    section = sheets.EVIDENCE
    rows = [tuple(_cells(each, section.columns)) for mine in by_case(study).values() for each in mine]
    return _trimmed(sheets.OBSERVATIONS, section, section.columns, rows)


def _trimmed(name: str, section: Section, columns: Sequence[Column], rows: list[tuple[Value, ...]]) -> Content:
    return Content(name, (*((section.key,) if section.key else ()), *(column.name for column in columns)), rows)


def _within(study: Study, place: Iterable[str]) -> Any:
    held: Any = study
    for part in place:
        held = getattr(held, part)
    return held


def _keys(study: Study) -> Iterator[tuple[str, Value]]:
    """Yield what study.yaml says and no other sheet does, a row a key."""
    own = {section.place for section in sheets.SECTIONS.values()} | {(name,) for name, *_ in sheets.GROUPED.values()}
    told = declaration(study)
    for name in Declaration.model_fields:
        if name in told and (name,) not in own:
            yield from _key((name,), told[name], getattr(study, name), own)


def _key(place: tuple[str, ...], told: Any, held: Any, own: set[tuple[str, ...]]) -> Iterator[tuple[str, Value]]:
    if place in own:
        return
    key = ".".join(place)
    if isinstance(held, Text) and isinstance(told, Mapping):
        yield from ((f"{key}.{lang}", text) for lang, text in told.items())
    elif isinstance(told, str):
        yield key, told
    elif isinstance(held, BaseModel):
        for name, each in told.items():
            yield from _key((*place, name), each, getattr(held, name), own)
    else:
        yield key, told if isinstance(told, int | float) else on_one_line(told)


def _cells(held: Any, columns: Iterable[Column]) -> Iterator[Value]:
    for column in columns:
        yield _cell(held, column)


def _cell(held: Any, column: Column) -> Value:
    value, default = held, None
    for part in column.place:
        if isinstance(value, BaseModel):
            default = type(value).model_fields[part].get_default(call_default_factory=True)
            value = getattr(value, part)
        elif isinstance(value, Mapping):
            value, default = value.get(part), None
        elif value is not None:
            value, default = value[int(part)], None
    if value is None or (value == default and not column.needed):
        return None
    if column.kind == "names":
        return "; ".join(value)
    if column.kind == "value":
        told = said(value)
        return told if isinstance(told, int | float) else on_one_line(told)
    return plain(value) if isinstance(value, float) else value


def _others(study: Study) -> Iterator[Content]:
    if study.evidence:
        yield observations(study)
    if study.sources:
        yield _sources(study.sources.values())
    for kind, name in sheets.CODED.items():
        said_by: list[tuple[tuple[Value, ...], Sequence[str]]] = [
            ((coding.coder, *([turn] if study.rounds else [])), row)
            for turn, codings in (study.rounds or {1: study.codings}).items()
            for coding in codings
            for row in _coded(stated(coding), kind)
        ]
        layout, texts = with_private(LAYOUTS[kind][0], [row for _, row in said_by])
        if texts:
            who = ("coder", *([sheets.ROUND] if study.rounds else []))
            filled = [(*by, *_row(layout, row)) for (by, _), row in zip(said_by, texts, strict=True)]
            yield Content(name, (*who, *layout), filled)
    if study.searches:
        layout, texts = with_private(LAYOUT, [*searches(study)])
        yield Content(sheets.SEARCHES, tuple(layout), [tuple(_row(layout, row)) for row in texts])
    for name, section, held in (
        (sheets.CANDIDATES, sheets.CANDIDATE, study.candidates),
        (sheets.PROFILES, sheets.PROFILE, study.profiles),
    ):
        if held:
            rows = [(key, *_cells(each, section.columns)) for key, each in held.items()]
            yield _trimmed(name, section, section.columns, rows)


def _coded(tables: Mapping[str, list[Sequence[str]]], kind: str) -> list[Sequence[str]]:
    """Return a coder's rows of one kind; one of blanks where the coder states nothing at all."""
    rows = tables.get(kind, [])
    return [()] if tables == {"weights": []} and kind == "weights" else rows


def _row(layout: Sequence[str], row: Sequence[str]) -> Iterator[Value]:
    for name, text in zip(layout, row or [""] * len(layout), strict=True):
        yield None if not text else plain(float(text)) if name in _NUMBERS else text


def _sources(sources: Iterable[Mapping[str, Any]]) -> Content:
    listed = list(sources)
    used = dict.fromkeys(key for each in listed for key in each)
    headings = [key for key in (*_FIRST, *used) if key in used]
    headings = [
        key for key in dict.fromkeys(headings) if key == key.strip() != "" and key != MORE and key.isprintable()
    ]
    rows: list[tuple[Value, ...]] = []
    for each in listed:
        told = {key: _citation(key, each[key]) for key in headings if key in each}
        rest = {key: value for key, value in each.items() if told.get(key) is None}
        more = json.dumps(rest, ensure_ascii=False) if rest else None
        rows.append((*(told.get(key) for key in headings), more))
    if not any(row[-1] for row in rows):
        return Content(sheets.SOURCES, tuple(headings), [row[:-1] for row in rows])
    return Content(sheets.SOURCES, (*headings, MORE), rows)


def _citation(key: str, value: Any) -> Value:
    """Write one value of a source: as people do where that is read as the same value, else as JSON, else not at all."""
    written: list[Value] = []
    if key in NAMES and isinstance(value, list):
        written.append("; ".join(_name(each) for each in value))
    if key in DATES and isinstance(value, Mapping):
        parts = value.get("date-parts", [[]])
        first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
        written += ["-".join(f"{part:02d}" if isinstance(part, int) else str(part) for part in first), value.get("raw")]
    if isinstance(value, str | int | float):
        written.append(value)
    written.append(json.dumps(value, ensure_ascii=False))
    return next((each for each in written if each is not None and _same(key, each, value)), None)


def _name(name: Any) -> str:
    if not isinstance(name, Mapping):
        return ""
    return str(name.get("literal") or f"{name.get('family', '')}, {name.get('given', '')}")


def _same(key: str, written: Value, value: Any) -> bool:
    """Tell whether a cell so written is read as this value."""
    kind = "truth" if isinstance(written, bool) else "text" if isinstance(written, str) else "number"
    text = str(written).upper() if kind == "truth" else number(written) if not isinstance(written, str) else written
    if not text.strip():
        return False
    read = value_of(key, SheetCell("", 1, 1, "", text.strip(), kind, text))  # type: ignore[arg-type]
    return json.dumps(read) == json.dumps(value)
