"""The appendix as tidy tables, one row a thing, for R and for spreadsheets: the same in every language."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import xarray as xr

from bayestrace.appendix.source import Told, cited
from bayestrace.sensitivity.tables import BYTE_ORDER_MARK, analyses, cell, flip_points
from bayestrace.study import Text
from bayestrace.summary import summary_of

Row = Mapping[str, Any]

#: The tables, and the columns of each.
COLUMNS: dict[str, tuple[str, ...]] = {
    "observations": (
        *("evidence", "case", "step", "domain", "direction", "date", "cluster", "status", "test", "source"),
        *("source_type", "reliability", "spread_db", "p_if_focal", "private"),
        *("title", "title_zh", "claim", "claim_zh", "note", "note_zh"),
    ),
    "weights": ("coder", "evidence", "case", "hypothesis", "against", "low_db", "best_db", "high_db"),
    "probabilities": ("coder", "evidence", "case", "hypothesis", "low", "best", "high"),
    "notes": ("coder", "evidence", "p_if_focal", "rationale"),
    "redundancy": ("coder", "cluster", "low", "best", "high"),
    "face_value": ("evidence", "case", "hypothesis", "against", "weight_db", "left_out_db"),
    "posteriors": (
        *("case", "hypothesis", "prior", "face_value", "unpooled", "pooled", "pooled_q03", "pooled_q97"),
        *("closest_rival", "weight_db", "weight_db_q03", "weight_db_q97"),
    ),
    "priors": ("profile", "used", "hypothesis", "prior"),
    "flips": ("analysis", "case", "along", "at", "to"),
    "searches": ("case", "clue", "state", "search", "source", "note", "note_zh"),
    "sources": ("source", "type", "citation", "url"),
    "names": ("kind", "id", "name", "name_zh"),
}


def to_csv(tree: xr.DataTree) -> dict[str, str]:
    """Write the data of an appendix as CSV.

    Parameters
    ----------
    tree
        A result (docs/results.md).

    Returns
    -------
    dict
        Texts by the name of their file without its ending, in the order of `COLUMNS`; a table without rows is left out.
        Each begins with a byte order mark; numbers are written in full, what is not known stays empty, and a text that
        a spreadsheet would take for a formula has an apostrophe before it. Nothing in them is private.
    """
    told = Told.of(tree, "en")
    makers = {
        "observations": _observations(told),
        **{name: _stated(told, name) for name in ("weights", "probabilities", "notes", "redundancy")},
        "face_value": _face_value(told),
        "posteriors": _posteriors(told),
        "priors": _priors(told),
        "flips": _flips(told),
        "searches": _searches(told),
        "sources": _sources(told),
        "names": _names(told),
    }
    written = {name: _written(COLUMNS[name], list(makers[name])) for name in COLUMNS}
    return {name: text for name, text in written.items() if text}


def _written(columns: Sequence[str], rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(columns)
    for row in rows:
        table.writerow(["" if (value := row.get(name)) is None else cell(value) for name in columns])
    return BYTE_ORDER_MARK + text.getvalue()


def _both(name: str, text: Text | None) -> dict[str, str | None]:
    return {name: text.en if text else None, f"{name}_zh": text.zh if text else None}


def _observations(told: Told) -> Iterator[Row]:
    for case in told.report.cases:
        shown = {one.id: one for one in told.observations(case)}
        for item in (item for item in told.tree.study.evidence if item.id in shown):
            one = shown[item.id]
            fields = ("case", "step", "domain", "direction", "date", "cluster", "source", "source_type", "private")
            yield {
                "evidence": item.id,
                **{name: getattr(item, name) for name in fields},
                "status": one.status,
                "test": one.test,
                "reliability": one.reliability.value,
                "spread_db": one.spread.value if one.spread else None,
                "p_if_focal": one.p_if_focal.value if one.p_if_focal else None,
                **_both("title", item.title),
                **_both("claim", item.claim),
                **_both("note", item.note),
            }


def _stated(told: Told, table: str) -> Iterator[Row]:
    """Yield what the coders of the result stated: weights, probabilities, reasons or redundancies."""
    case_of = {item.id: item.case for item in told.tree.study.evidence}
    included = told.tree.labels("problem", "coder")
    for coding in (coding for coding in told.tree.study.codings if coding.coder in included):
        head = {"coder": coding.coder}
        if table == "redundancy":
            yield from (head | one.model_dump() for one in coding.redundancies)
            continue
        for said in coding.judgements:
            where = head | {"evidence": said.evidence, "case": case_of[said.evidence]}
            if table == "weights":
                for one in said.weights:
                    ends = {f"{name}_db": getattr(one, name) for name in ("low", "best", "high")}
                    yield where | {"hypothesis": one.hypothesis, "against": one.against} | ends
            elif table == "probabilities":
                yield from (where | one.model_dump() for one in said.probabilities)
            elif said.p_if_focal is not None or said.rationale:
                yield where | {"p_if_focal": said.p_if_focal, "rationale": said.rationale}


def _face_value(told: Told) -> Iterator[Row]:
    focal = told.report.focal.id
    for case in told.report.cases:
        for one in told.observations(case):
            for place, rival in enumerate(told.report.rivals):
                if one.against:
                    yield {
                        "evidence": one.id,
                        "case": case.id,
                        "hypothesis": focal,
                        "against": rival.id,
                        "weight_db": one.against[place].value,
                        "left_out_db": one.left_out[place].value if one.left_out else None,
                    }


def _posteriors(told: Told) -> Iterator[Row]:
    priors = {one.id: one.prior.value for one in told.report.hypotheses}
    for case in summary_of(told.tree.tree)["cases"]:
        for row in case["hypotheses"]:
            fitted = "pooled" in row
            low, high = row.get("pooled_94", (None, None))
            least, most = row.get("weight_db_94", (None, None))
            yield {
                "case": case["case"],
                "hypothesis": row["hypothesis"],
                "prior": priors[row["hypothesis"]],
                "face_value": row["face_value"],
                "unpooled": row.get("unpooled"),
                "pooled": row.get("pooled"),
                "pooled_q03": low,
                "pooled_q97": high,
                "closest_rival": row["closest_rival" if fitted else "face_value_rival"],
                "weight_db": row["weight_db" if fitted else "face_value_db"],
                "weight_db_q03": least,
                "weight_db_q97": most,
            }


def _priors(told: Told) -> Iterator[Row]:
    for profile in told.tree.study.profiles.values():
        names = told.tree.hypotheses
        stated = profile.prior
        mass = [1.0 if stated == "equal" else float(stated.get(name, 0.0)) for name in names]
        if (total := math.fsum(mass)) > 0.0:
            used = profile.id == told.report.profile.id
            for name, share in zip(names, mass, strict=True):
                yield {"profile": profile.id, "used": used, "hypothesis": name, "prior": share / total}


def _flips(told: Told) -> Iterator[Row]:
    for analysis, data in analyses(told.tree.tree):
        for point in flip_points(data):
            case, at, to = point.pop("case", None), point.pop("at"), point.pop("to")
            along = "; ".join(f"{name}={label}" for name, label in point.items())
            yield {"analysis": analysis, "case": case, "along": along, "at": at, "to": to}


def _searches(told: Told) -> Iterator[Row]:
    for one in told.tree.study.searches:
        fields = {name: getattr(one, name) for name in ("case", "clue", "state", "search", "source")}
        yield fields | _both("note", one.note)


def _sources(told: Told) -> Iterator[Row]:
    for name, csl in sorted(told.tree.study.sources.items()):
        line = cited(csl)
        yield {
            "source": name,
            "type": csl.get("type"),
            "citation": "".join(run.text for run in line if not run.link).strip(),
            "url": next((run.link for run in line if run.link), None),
        }


def _names(told: Told) -> Iterator[Row]:
    study = told.tree.study
    kinds: dict[str, Mapping[str, Text]] = {
        "case": {name: case.name for name, case in study.cases.items()},
        "hypothesis": {name: one.name for name, one in study.hypotheses.items()},
        "coder": {name: coder.name for name, coder in study.coders.items()},
        "step": {name: step.name for name, step in study.mechanism.steps.items()},
        "domain": study.mechanism.domains,
        "cluster": study.clusters,
        "clue": {name: clue.asks for name, clue in study.clues.items()},
        "profile": {name: profile.name for name, profile in study.profiles.items()},
    }
    for kind, names in kinds.items():
        yield from ({"kind": kind, "id": name, **_both("name", text)} for name, text in names.items())
