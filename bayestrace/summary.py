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
                row |= _model_row(tree["cases"].to_dataset().sel(spot), exact=_exact(tree))
            rows.append(row)
        _mark_excluded(tree, str(case), rows)
        block = {"case": str(case), "hypotheses": rows}
        if "theories" in tree.children:
            block |= _theory_rows(tree["theories"].to_dataset().sel(case=case), exact=_exact(tree))
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
        **({"clues": _clues(tree["clues"].to_dataset())} if "clues" in tree.children else {}),
        "findings": json.loads(tree.attrs["findings"]),
    }


def _exact(tree: xr.DataTree) -> bool:
    """Say whether a result was worked out without draws, though not at face value: then nothing scatters."""
    return tree.attrs["kind"] == "clues" and "diagnostics" not in tree.children


def _model_row(rows: xr.Dataset, *, exact: bool) -> dict[str, Any]:
    return {
        **_pooled(rows["probability"], exact=exact),
        "closest_rival": str(rows["closest"].values),
        "weight_db": float(rows["closest_db"].sel(stat="mean")),
        **({} if exact else {"weight_db_94": _ends(rows["closest_db"])}),
    }


def _pooled(probability: xr.DataArray, *, exact: bool) -> dict[str, Any]:
    pooled = probability.sel(pooling="pooled")
    return {
        "unpooled": float(probability.sel(pooling="unpooled", stat="mean")),
        "pooled": float(pooled.sel(stat="mean")),
        **({} if exact else {"pooled_94": _ends(pooled)}),
    }


def _ends(over_draws: xr.DataArray) -> list[float]:
    """Give the ends of the 94 % interval."""
    return [float(over_draws.sel(stat="q03")), float(over_draws.sel(stat="q97"))]


def _mark_excluded(tree: xr.DataTree, case: str, rows: list[dict[str, Any]]) -> None:
    """Say of explanations that what was found rules out that it does: there is no weight of them, nor over them."""
    if "clues" not in tree.children or tree["clues"].attrs["reading"] == "beside":
        return
    out = tree["clues"].to_dataset()["excluded"].sel(case=case)
    excluded = {str(name) for name in out["hypothesis"].values[out.values > 0]}
    for row in rows:
        row["excluded"] = row["hypothesis"] in excluded
        for weight, rival in (("weight_db", "closest_rival"), ("face_value_db", "face_value_rival")):
            if rival in row and excluded & {row["hypothesis"], row[rival]}:
                row[weight] = None
                row.pop(f"{weight}_94", None)


def _clues(found: xr.Dataset) -> dict[str, Any]:
    """Sum up what clues say: of a second reading by case, of the pattern by case, of all cases like these."""
    told: dict[str, Any] = {"reading": found.attrs["reading"], "route": found.attrs["route"], "cases": []}
    for case in map(str, found["case"].values):
        here = found.sel(case=case)
        standing = {
            str(step): str(value) for step, value in zip(found["step"].values, here["standing"].values, strict=True)
        }
        compared = {step: value for step, value in standing.items() if value}
        holds = int(here["holds"])
        block: dict[str, Any] = {
            "case": case,
            "standing": compared,
            "holds": bool(holds) if compared and holds >= 0 else None,
        }
        if found.attrs["reading"] == "beside":
            block["hypotheses"] = [
                {
                    "hypothesis": str(name),
                    "probability": float(here["probability"].sel(hypothesis=name)),
                    "excluded": bool(here["excluded"].sel(hypothesis=name)),
                }
                for name in found["hypothesis"].values
            ]
        told["cases"].append(block)
    if "share" in found:
        told["shares"] = [
            {"hypothesis": str(name), **_moments(found["share"].sel(hypothesis=name))}
            for name in found["hypothesis"].values
        ]
    if "estimand_value" in found:
        told["estimands"] = [
            {
                "estimand": str(name),
                **_moments(found["estimand_value"].sel(estimand=name)),
                "without": {
                    str(clue): _finite(found["without_value"].sel(estimand=name, clue=clue))
                    for clue in (found["clue"].values if "without_value" in found else ())
                },
            }
            for name in found["estimand"].values
        ]
    return told


def _moments(value: xr.DataArray) -> dict[str, float]:
    return {how: float(value.sel(statistic=how)) for how in ("mean", "sd")}


def _finite(value: xr.DataArray) -> float | None:
    """Return a number, None where it is infinite, which JSON cannot say."""
    number = float(value)
    return number if math.isfinite(number) else None


def _theory_rows(case: xr.Dataset, *, exact: bool) -> dict[str, list[dict[str, Any]]]:
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
                row |= _pooled(at[variable], exact=exact)
            rows[key].append(row)
    return rows
