"""Sum a result up as plain data: what the terminal shows and summary.json keeps, unrounded."""

from __future__ import annotations

import json
import math
from typing import Any, cast

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
    problem = tree["problem"].to_dataset()
    names = [str(name) for name in problem["hypothesis"].values]
    columns = _columns(tree)
    cases = []
    for place, case in enumerate(problem["case"].values):
        rows = [
            {"hypothesis": name, **{key: column[place][at] for key, column in columns.items()}}
            for at, name in enumerate(names)
        ]
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


def _columns(tree: xr.DataTree) -> dict[str, list[list[Any]]]:
    """Give what is said of each explanation in each case, by key, as plain values by case and explanation.

    Whole arrays at once: asking for each value by its labels would take seconds with hundreds of cases.
    """

    def plain(array: xr.DataArray) -> list[list[Any]]:
        return cast("list[list[Any]]", array.transpose("case", "hypothesis", ...).values.tolist())

    face = tree["face_value"].to_dataset().sel(doubtful="counted", pooled="case-by-case")
    columns = {
        "face_value": plain(face["probability"]),
        "face_value_db": plain(face["closest_db"]),
        "face_value_rival": plain(face["closest"]),
        # None where it is infinite, which JSON cannot say.
        "log_odds_db": [[one if math.isfinite(one) else None for one in row] for row in plain(face["log_odds_db"])],
        "discounted": plain(face["discounted_probability"]),
    }
    if "cases" not in tree.children:
        return columns
    fitted, exact, ends = tree["cases"].to_dataset(), _exact(tree), {"stat": ["q03", "q97"]}
    unpooled, pooled = (fitted["probability"].sel(pooling=how) for how in ("unpooled", "pooled"))
    columns["unpooled"] = plain(unpooled.sel(stat="mean"))
    columns["pooled"] = plain(pooled.sel(stat="mean"))
    if not exact:
        columns["pooled_94"] = plain(pooled.sel(ends))
    columns["closest_rival"] = plain(fitted["closest"])
    columns["weight_db"] = plain(fitted["closest_db"].sel(stat="mean"))
    if not exact:
        columns["weight_db_94"] = plain(fitted["closest_db"].sel(ends))
    return columns


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
