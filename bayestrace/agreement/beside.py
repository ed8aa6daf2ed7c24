"""Each coder alone, the pools of their opinions, and the answer without each, beside that of the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.agreement import pools
from bayestrace.inference import facevalue
from bayestrace.results import leader_of, share_first
from bayestrace.weights import normalise

Floats = NDArray[np.float64]
Row = dict[str, Any]


def opinions(problem: xr.Dataset, weights: Mapping[str, float], model: Floats | None) -> list[Row]:
    """Put what follows from each coder alone and from pooling it beside the face value and the model.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    weights
        Of coders in both pools, relative; 1 for those who are not named.
    model
        The model's pooled posterior, shape (case, hypothesis); None where there is none.

    Returns
    -------
    list of dict
        By case; `hypotheses` with `coders`, `linear`, `logarithmic`, `face_value` and `model`.
    """
    names = [str(name) for name in problem["coder"].values]
    given = np.array([weights.get(name, 1.0) for name in names])
    logs = pools.log_alone(problem)
    alone = normalise(logs)
    linear, logarithmic = pools.linear(alone, given), pools.logarithmic(logs, given)
    face = facevalue.case_posterior(problem["prior"].values, facevalue.case_loglik(problem, with_doubtful=True))
    return [
        {
            "case": str(case),
            "hypotheses": [
                {
                    "hypothesis": str(name),
                    "coders": [
                        {"coder": coder, "probability": float(alone[row, place, column])}
                        for row, coder in enumerate(names)
                    ],
                    "linear": float(linear[place, column]),
                    "logarithmic": float(logarithmic[place, column]),
                    "face_value": float(face[place, column]),
                    "model": None if model is None else float(model[place, column]),
                }
                for column, name in enumerate(problem["hypothesis"].values)
            ],
        }
        for place, case in enumerate(problem["case"].values)
    ]


def without(found: xr.Dataset, base: Floats, cases: Sequence[str], hypotheses: Sequence[str]) -> list[Row]:
    """Lay out the answer without each coder.

    Parameters
    ----------
    found
        As `bayestrace.sensitivity.leftout.without_coders` makes it.
    base
        The answer with all, shape (case, hypothesis), in the order of `cases` and `hypotheses`.
    """
    placed = found.sel(case=list(cases), hypothesis=list(hypotheses))["probability"]
    first = share_first(base).argmax(axis=1)
    rows = []
    for place, case in enumerate(cases):
        left = []
        for coder, told in zip(found["item"].values, placed.values[:, place], strict=True):
            left.append(
                {
                    "coder": str(coder),
                    "probability": float(told[first[place]]),
                    "leader": leader_of(told, hypotheses),
                    "hypotheses": [
                        {"hypothesis": name, "probability": float(value)}
                        for name, value in zip(hypotheses, told, strict=True)
                    ],
                }
            )
        rows.append(
            {
                "case": case,
                "leader": leader_of(base[place], hypotheses),
                "explanation": hypotheses[int(first[place])],
                "probability": float(base[place, first[place]]),
                "without": left,
            }
        )
    return rows
