"""Sum a result up as plain data: what the terminal shows and summary.json keeps, unrounded."""

from __future__ import annotations

import json
import math
from typing import Any

import xarray as xr

#: Version of the layout of summary.json.
FORMAT = 1


def summary_of(tree: xr.DataTree) -> dict[str, Any]:
    """Sum a result up as plain data; docs/results.md documents the keys.

    Returns
    -------
    dict
        Ready for JSON: the same numbers as the printed table, unrounded.
    """
    face = tree["face_value"].to_dataset().sel(doubtful="counted", pooled="case-by-case")
    names = [str(name) for name in tree["problem"].to_dataset()["hypothesis"].values]
    cases = []
    for case in tree["problem"].to_dataset()["case"].values:
        rows = []
        for name in names:
            spot = {"case": case, "hypothesis": name}
            row: dict[str, Any] = {
                "hypothesis": name,
                "face_value": float(face["probability"].sel(spot)),
                "face_value_db": float(face["closest_db"].sel(spot)),
                "face_value_rival": str(face["closest"].sel(spot).values),
                "log_odds_db": _finite(face["log_odds_db"].sel(spot)),
                "discounted": float(face["discounted_probability"].sel(spot)),
            }
            if "cases" in tree.children:
                row |= _model_row(tree["cases"].to_dataset().sel(spot))
            rows.append(row)
        block = {"case": str(case), "hypotheses": rows}
        if "theories" in tree.children:
            block |= _theory_rows(tree["theories"].to_dataset().sel(case=case))
        cases.append(block)
    return {
        "summary": FORMAT,
        "bayestrace": tree.attrs["bayestrace"],
        "kind": tree.attrs["kind"],
        "study": json.loads(tree.attrs["study"])["id"],
        "study_digest": tree.attrs["study_digest"],
        "set": tree.attrs["set"],
        "profile": json.loads(tree.attrs["profile"])["id"],
        "focal": tree.attrs["focal"],
        "settings": json.loads(tree.attrs["settings"]),
        "cases": cases,
        "findings": json.loads(tree.attrs["findings"]),
    }


def _model_row(rows: xr.Dataset) -> dict[str, Any]:
    return {
        **_pooled(rows["probability"]),
        "closest_rival": str(rows["closest"].values),
        "weight_db": float(rows["closest_db"].sel(stat="mean")),
        "weight_db_94": [float(rows["closest_db"].sel(stat="q03")), float(rows["closest_db"].sel(stat="q97"))],
    }


def _pooled(probability: xr.DataArray) -> dict[str, Any]:
    pooled = probability.sel(pooling="pooled")
    return {
        "unpooled": float(probability.sel(pooling="unpooled", stat="mean")),
        "pooled": float(pooled.sel(stat="mean")),
        "pooled_94": [float(pooled.sel(stat="q03")), float(pooled.sel(stat="q97"))],
    }


def _finite(value: xr.DataArray) -> float | None:
    """Return a number, None where it is infinite, which JSON cannot say."""
    number = float(value)
    return number if math.isfinite(number) else None


def _theory_rows(case: xr.Dataset) -> dict[str, list[dict[str, Any]]]:
    """Sum up theories that may hold together: each, and how many hold at least."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for key, dim, ending, variable in (
        ("theories", "theory", "", "probability"),
        ("at_least", "number", "_at_least", "at_least"),
    ):
        rows[key] = []
        for label in case[dim].values:
            at = case.sel({dim: label})
            row = {
                dim: label.item(),
                "prior": float(at[f"prior{ending}"]),
                "face_value": float(at[f"face_value{ending}"]),
            }
            if variable in at:
                row |= _pooled(at[variable])
            rows[key].append(row)
    return rows
