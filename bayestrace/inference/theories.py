"""Work out how probable theories are that may hold together: sums over the cells in which each holds."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.results import STATS, summarise

Floats = NDArray[np.float64]


def of_face_value(problem: xr.Dataset, face: xr.Dataset) -> xr.Dataset:
    """Work out each theory at face value, case by case, doubtful observations counted.

    Parameters
    ----------
    problem
        With the variable `holds`.
    face
        The group `face_value` of the result.

    Returns
    -------
    Dataset
        P(theory) as `prior` (theory) and `face_value` (case, theory); P(at least n theories hold) as
        `prior_at_least` (number) and `face_value_at_least` (case, number), with n from 1 on. A theory's probabilities
        add up to 1 with nothing but those of its absence: never sum over `theory` or `number`.
    """
    probability = face["probability"].sel(pooled="case-by-case", doubtful="counted").values
    names = {"prior": ((), problem["prior"].values), "face_value": (("case",), probability)}
    variables = {}
    for name, (dims, cells) in names.items():
        variables[name] = ((*dims, "theory"), _theories(problem, cells))
        variables[f"{name}_at_least"] = ((*dims, "number"), _at_least(problem, cells))
    return xr.Dataset(variables, coords=_coords(problem))


def of_draws(problem: xr.Dataset, unpooled: Floats, pooled: Floats) -> xr.Dataset:
    """Summarise each theory over the draws.

    Parameters
    ----------
    problem
        With the variable `holds`.
    unpooled, pooled
        Probabilities of the cells by draw, shape (S, C, K).

    Returns
    -------
    Dataset
        `probability` (pooling, stat, case, theory) and `at_least` (pooling, stat, case, number).
    """
    dims = ("pooling", "stat", "case")
    fits = (unpooled, pooled)
    return xr.Dataset(
        {
            "probability": ((*dims, "theory"), np.stack([summarise(_theories(problem, cells)) for cells in fits])),
            "at_least": ((*dims, "number"), np.stack([summarise(_at_least(problem, cells)) for cells in fits])),
        },
        coords=_coords(problem) | {"stat": list(STATS), "pooling": ["unpooled", "pooled"]},
    )


def _theories(problem: xr.Dataset, cells: Floats) -> Floats:
    """Sum probabilities of cells over those in which each theory holds, shape (..., T)."""
    return np.asarray(cells @ problem["holds"].values.astype(np.float64))


def _at_least(problem: xr.Dataset, cells: Floats) -> Floats:
    """Sum probabilities of cells over those in which at least 1, 2, ... theories hold, shape (..., T)."""
    holding = problem["holds"].values.sum(axis=1)
    return np.asarray(cells @ (holding[:, None] >= _numbers(problem)).astype(np.float64))


def _numbers(problem: xr.Dataset) -> NDArray[np.int64]:
    return np.arange(1, problem.sizes["theory"] + 1)


def _coords(problem: xr.Dataset) -> dict[str, NDArray[np.generic]]:
    return {"case": problem["case"].values, "theory": problem["theory"].values, "number": _numbers(problem)}
