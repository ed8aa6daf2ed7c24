"""What is said of what to look for next as plain data: searches, candidates in all their cases, pairs."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import xarray as xr

from bayestrace.results import leader_of

#: Pairs handed out; the Dataset has them all.
LISTED_PAIRS = 100
# Two searches whose information together differs from the sum by less than this share of it neither repeat nor need
# each other.
_APART = 0.01


def searches(data: xr.Dataset) -> list[dict[str, Any]]:
    """List the searches, those that tell most for their cost first.

    Parameters
    ----------
    data
        As `analyse` makes it.

    Returns
    -------
    list of dict
        As docs/seeking.md describes them, ready for JSON.
    """
    spots = [(str(candidate), str(case)) for candidate, case in _where(data["sought"])]
    rows = [_search(data, candidate, case) for candidate, case in spots]
    return sorted(rows, key=lambda row: (-row["information_per_cost"], row["candidate"], row["case"]))


def _where(sought: xr.DataArray) -> list[tuple[str, str]]:
    first, second = (sought[dim].values for dim in sought.dims)
    return [(first[i], second[j]) for i, j in np.argwhere(sought.values)]


def _search(data: xr.Dataset, candidate: str, case: str) -> dict[str, Any]:
    at = data.sel(candidate=candidate, case=case)
    numbers = ("p_found", "information", "gain", "change", "overturn")
    per_cost = [f"{name}_per_cost" for name in numbers[1:]]
    first = str(at["leader"].values)
    told = data["information_of"].sel(candidate=candidate, case=case)
    turned = data["overturn_of"].sel(candidate=candidate, case=case)
    others = [str(other) for other in data["case_too"].values if other != case]
    return {
        "candidate": candidate,
        "case": case,
        "cost": float(at["cost"]),
        **{name: float(at[name]) for name in (*numbers, *per_cost)},
        "leader": _leader(at["now"]),
        "explanation": first,
        "leader_now": float(at["now"].sel(hypothesis=first)),
        "closest_rival": str(at["closest"].sel(hypothesis=first).values),
        **{
            outcome.replace("-", "_"): _after(at.sel(outcome=outcome), first)
            for outcome in map(str, data["outcome"].values)
        },
        "variance_removed": _named(at["variance_removed"]),
        "elsewhere": [
            {
                "case": other,
                "information": float(told.sel(case_too=other)),
                "overturn": float(turned.sel(case_too=other)),
            }
            for other in others
            if np.isfinite(told.sel(case_too=other))
        ],
    }


def _after(at: xr.Dataset, first: str) -> dict[str, Any]:
    """Tell what holds after one outcome; nothing after one that cannot be."""
    probability = at["probability"]
    possible = bool(np.isfinite(probability).all())
    return {
        "probability": _named(probability) if possible else None,
        "leader": _leader(probability) if possible else None,
        "db": number(float(at["db"].sel(hypothesis=first))),
    }


def _leader(probability: xr.DataArray) -> str | None:
    return leader_of(probability.values, [str(name) for name in probability["hypothesis"].values])


def _named(values: xr.DataArray) -> dict[str, float | str | None]:
    return {
        str(name): number(float(value)) for name, value in zip(values["hypothesis"].values, values.values, strict=True)
    }


def number(value: float) -> float | str | None:
    """Give a number as JSON can say it: an infinite one as a text, None for what is not known."""
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else "infinite" if value > 0.0 else "-infinite"


def together(data: xr.Dataset) -> list[dict[str, Any]]:
    """List the candidates, each sought in all its cases, those that tell most for their cost first."""
    names = ("information", "apart", "cost", "per_cost", "overturn")
    rows = []
    for candidate in map(str, data["candidate"].values):
        at = data.sel(candidate=candidate)
        sought = at["together_sought"]
        cases = [str(case) for case in sought["case"].values[sought.values]]
        rows.append(
            {
                "candidate": candidate,
                "cases": cases,
                "all_cases": bool(at["together_whole"]),
                **{name: float(at[f"together_{name}"]) for name in names},
                "times_found": [float(value) for value in at["together_times_found"].values[: len(cases) + 1]],
                "by_case": [
                    {"case": str(case), "overturn": number(float(turned)), "gain": number(float(gain))}
                    for case, turned, gain in zip(
                        data["case_too"].values,
                        at["together_overturn_of"].values,
                        at["together_gain_of"].values,
                        strict=True,
                    )
                ],
            }
        )
    return sorted(rows, key=lambda row: (-row["per_cost"], row["candidate"]))


def pairs(data: xr.Dataset, most: int = LISTED_PAIRS) -> list[dict[str, Any]]:
    """List pairs of searches, those that tell most for their cost first."""
    names = ("information", "apart", "cost", "per_cost", "overturn")
    rows = []
    for place in range(min(most, data.sizes["pair"])):
        at = data.isel(pair=place)
        both = zip(at["pair_candidate"].values, at["pair_case"].values, strict=True)
        row: dict[str, Any] = {"searches": [{"candidate": str(name), "case": str(case)} for name, case in both]}
        row |= {name: float(at[f"pair_{name}"]) for name in names}
        rows.append({**row, "relation": relation(row["information"], row["apart"])})
    return rows


def relation(information: float, apart: float) -> str:
    """Say how two searches go together: `redundant`, `complementary` or `separate`."""
    if abs(information - apart) <= _APART * apart:
        return "separate"
    return "redundant" if information < apart else "complementary"


def as_data(data: xr.Dataset) -> dict[str, Any]:
    """Hand the whole analysis out as plain data, ready for JSON."""
    left = [
        {"candidate": name, "cases": cases, "reason": reason} for name, cases, reason in json.loads(data.attrs["left"])
    ]
    title = data["title"]
    return {
        "candidates": [
            {
                "candidate": str(name),
                "kind": str(data["kind"].sel(candidate=name).values),
                "title": {str(lang): str(title.sel(candidate=name, lang=lang).values) for lang in title["lang"].values},
                "cost": float(data["cost"].sel(candidate=name)),
            }
            for name in data["candidate"].values
        ],
        "searches": searches(data),
        "together": together(data),
        "pairs": pairs(data),
        "left": left,
        "limits": {name: int(data.attrs[name]) for name in ("searches", "paired", "most_cases")},
        "pooling": data.attrs["pooling"],
    }
