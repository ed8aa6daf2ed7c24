"""Set the mechanism beside the evidence, step by step: counts, directions, weights, the weakest link."""

from __future__ import annotations

import numpy as np
import xarray as xr

from bayestrace.study import Evidence, Prediction, Study

DIRECTIONS = ("up", "down", "none")
NO_DOMAIN = "-"


def mechanism(study: Study, problem: xr.Dataset, observation_db: xr.DataArray) -> xr.Dataset:
    """Tabulate each step of the mechanism in each case.

    Parameters
    ----------
    study
        The study.
    problem
        Its arrays.
    observation_db
        Face-value weights, (evidence, hypothesis), decibels, centred.

    Returns
    -------
    Dataset
        The group `mechanism` of docs/results.md. A step without evidence is NaN in `step_face_db`, never 0 dB.
    """
    cases, steps = list(study.cases), list(study.mechanism.steps)
    domains = [*study.mechanism.domains, NO_DOMAIN]
    counts = np.zeros((len(cases), len(steps), len(domains), len(DIRECTIONS)), dtype=np.int64)
    weighing = np.zeros((len(cases), len(steps), len(domains)), dtype=np.int64)
    total = np.zeros((*weighing.shape, problem.sizes["hypothesis"]))
    weighs, weights = problem["weighs"].values, observation_db.values
    places = [{name: place for place, name in enumerate(names)} for names in (cases, steps, domains)]
    for place, item in enumerate(study.evidence):
        at = places[0][item.case], places[1][item.step], places[2][_domain(item)]
        if not item.context:
            counts[*at, DIRECTIONS.index(item.direction)] += 1
        if weighs[place]:
            weighing[at] += 1
            total[at] += weights[place]
    of_step = np.where(weighing.any(axis=2)[..., None], total.sum(axis=2), np.nan)
    total[weighing == 0] = np.nan
    focal = list(problem["hypothesis"].values).index(problem.attrs["focal"])
    return xr.Dataset(
        {
            "observed": (("case", "step", "direction"), counts.sum(axis=2)),
            "net": (("case", "step"), _net(counts.sum(axis=2))),
            "weighing": (("case", "step"), weighing.sum(axis=2)),
            "predicted": (("case", "step"), _predicted(study.mechanism.predictions, cases, steps)),
            "indicator": (("case", "step", "domain", "direction"), counts),
            "indicator_face_db": (("case", "step", "domain", "hypothesis"), total),
            "step_face_db": (("case", "step", "hypothesis"), of_step),
            "weakest": ("case", np.array([_weakest(rows, steps, focal) for rows in of_step], dtype=object)),
        },
        coords={
            "case": cases,
            "step": steps,
            "domain": domains,
            "direction": list(DIRECTIONS),
            "hypothesis": problem["hypothesis"].values,
        },
    )


def _net(counts: np.ndarray) -> np.ndarray:
    """Say how one-sidedly observations point: 1 where all report a rise, -1 where all a fall; NaN without any."""
    up, down = (counts[..., DIRECTIONS.index(name)] for name in ("up", "down"))
    everything = counts.sum(axis=-1)
    return np.where(everything > 0, (up - down) / np.maximum(everything, 1), np.nan)


def _domain(item: Evidence) -> str:
    return item.domain or NO_DOMAIN


def _predicted(predictions: tuple[Prediction, ...], cases: list[str], steps: list[str]) -> np.ndarray:
    table = np.full((len(cases), len(steps)), "", dtype=object)
    place = {name: at for at, name in enumerate(cases)}
    for prediction in predictions:
        for case in prediction.cases:
            for step, direction in prediction.directions.items():
                table[place[case], steps.index(step)] = direction
    return table


def _weakest(rows: np.ndarray, steps: list[str], focal: int) -> str:
    """Name the step that tells least for the focal explanation against its closest rival there."""
    margins = rows[:, focal] - np.delete(rows, focal, axis=1).max(axis=1)
    known = np.flatnonzero(np.isfinite(margins))
    return steps[known[margins[known].argmin()]] if known.size else ""
