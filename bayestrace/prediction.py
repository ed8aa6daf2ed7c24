"""Predict coders from one another, and score how well that went: coverage, log score, error in decibels.

Beside the model stands the plainest prediction that one could make by hand: a coder states the mean of what the others
state, give or take as much as each of those differs from the mean of the rest.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import checks
from bayestrace.agreement.stated import apart_from_rest
from bayestrace.checks import Finding
from bayestrace.encoding import Problem, encode
from bayestrace.errors import UsageFault
from bayestrace.inference import facevalue, predictive
from bayestrace.inference.signal import Hyperparameters
from bayestrace.panels import Cache, Panel, Settings, Telling, fit_coders, leave_one_out
from bayestrace.study import Coding, PriorProfile, Study
from bayestrace.weights import to_decibels

Floats = NDArray[np.float64]

#: Quantiles that bound the central intervals: 90 % between the outer two, 50 % between the inner two.
QUANTILES = (0.05, 0.25, 0.75, 0.95)
_COLUMNS = (
    *("evidence", "hypothesis", "against", "stated_db", "predicted_db"),
    *("low_90_db", "low_50_db", "high_50_db", "high_90_db", "mean_of_others_db"),
)
_LOG_2PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True)
class Score:
    """How well one coder was predicted, over what other coders weighed as well.

    Parameters
    ----------
    observations, weights
        Number of observations predicted, and of weights, focal explanation over a rival, that the coder stated.
    coverage_50, coverage_90
        Share of these weights inside their central intervals.
    rmse_db, mean_rmse_db
        Root mean squared error of the predicted weights, and of the plain mean of the others, in decibels.
    log_density, mean_log_density
        Mean over observations of the log density of the stated vector, nats; None for the plain mean where there are
        fewer than two others, so that its spread is not known.
    joint_log_density, joint_effective
        Of everything the coder stated at once, and how many draws carry it (`predictive.joint_log_density`).
    """

    observations: int
    weights: int
    coverage_50: float
    coverage_90: float
    rmse_db: float
    mean_rmse_db: float
    log_density: float
    mean_log_density: float | None
    joint_log_density: float
    joint_effective: float


@dataclass(frozen=True)
class Forecast:
    """What was predicted of one coder.

    Parameters
    ----------
    coder, others
        Who was predicted, and from whom.
    score
        How well.
    table
        Variables `stated_db`, `predicted_db`, `mean_db` (evidence, against) and `interval_db` (quantile, evidence,
        against), of the focal explanation over each rival; NaN in `stated_db` where the coder's comparisons do not
        determine the weight, and in `mean_db` where no other coder weighed the observation.
    findings
        On the sampler's health in the fit of the others.
    """

    coder: str
    others: tuple[str, ...]
    score: Score
    table: xr.Dataset
    findings: tuple[Finding, ...]


def left_out(  # noqa: PLR0913 - who, under which standpoint, how
    study: Study,
    profile: PriorProfile,
    hypothesis_set: str | None,
    coders: Sequence[str] | None,
    *,
    settings: Settings,
    cache: Cache = None,
    telling: Telling | None = None,
) -> list[Forecast]:
    """Predict coders of a study, each from all others.

    Parameters
    ----------
    study, profile, hypothesis_set, settings, cache, telling
        As for `bayestrace.panels.leave_one_out`.
    coders
        Whom to predict; every coder if None.

    Raises
    ------
    UsageFault
        The study has one coder only, or a coder weighed nothing that could be predicted.
    """
    if len(study.codings) < 2:  # noqa: PLR2004 - who is left out is predicted from somebody
        raise UsageFault("one-coder-only")
    problem = encode(study, profile, hypothesis_set)
    for coder in coders or [str(name) for name in problem["coder"].values]:
        _predictable(problem, coder)
    panels = leave_one_out(study, profile, hypothesis_set, settings=settings, cache=cache, telling=telling, out=coders)
    return [forecast(problem, coder, panel, settings.seed) for coder, panel in panels.items()]


def newcomers(  # noqa: PLR0913 - as left_out
    study: Study,
    profile: PriorProfile,
    hypothesis_set: str | None,
    codings: Iterable[Coding],
    *,
    settings: Settings,
    cache: Cache = None,
    telling: Telling | None = None,
) -> list[Forecast]:
    """Predict codings that the study does not contain from all that it contains; arguments as `left_out`.

    Raises
    ------
    UsageFault
        A coder that the study has, or one who weighed nothing that could be predicted.
    """
    codings = list(codings)
    for coding in codings:
        if any(coding.coder == known.coder for known in study.codings):
            raise UsageFault("coder-in-study", name=coding.coder)
    wider = [study.model_copy(update={"codings": (*study.codings, coding)}) for coding in codings]
    problems = {
        coding.coder: encode(both, profile, hypothesis_set) for coding, both in zip(codings, wider, strict=True)
    }
    for coder, problem in problems.items():
        _predictable(problem, coder)
    panel = fit_coders(study, profile, hypothesis_set, None, settings=settings, cache=cache, telling=telling)
    return [forecast(problem, coder, panel, settings.seed) for coder, problem in problems.items()]


def forecast(problem: Problem, coder: str, panel: Panel, seed: int) -> Forecast:
    """Predict one coder of a problem from the fit of the others, and score it.

    Parameters
    ----------
    problem
        With the coder and the coders of the panel, over the same observations.
    coder
        Name of the coder.
    panel
        The fit of the others.
    seed
        Of the new coder's scale and noise.
    """
    place = _predictable(problem, coder)
    predicted = predictive.predict(problem, coder, panel.problem, panel.posterior, seed=seed)
    rows = predicted.evidence
    stated, projector = problem["weight"].values[place, rows], problem["projector"].values[place, rows]
    heard = panel.problem["stated"].values[:, rows].any(axis=0)
    focal, rivals, directions = _directions(problem)
    determined = np.isclose(np.einsum("nab,rb->nra", projector, directions), directions).all(axis=-1)
    mean = facevalue.observation_loglik(panel.problem)[rows] @ problem["helmert"].values.T
    spread = apart_from_rest(panel.problem).per_contrast()
    table = {
        "stated_db": np.where(determined, to_decibels(stated @ directions.T), np.nan),
        "predicted_db": to_decibels(predicted.expectation() @ directions.T),
        "mean_db": np.where(heard[:, None], to_decibels(mean @ directions.T), np.nan),
    }
    quantiles = np.stack([predicted.quantiles(direction, QUANTILES) for direction in directions], axis=-1)
    interval = to_decibels(quantiles)
    density = predicted.log_density(stated, projector)
    joint, effective = predictive.joint_log_density(problem, coder, panel.problem, panel.posterior, seed=seed)
    counted = determined & heard[:, None]
    said = table["stated_db"]
    score = Score(
        observations=int(heard.sum()),
        weights=int(counted.sum()),
        coverage_50=_share((interval[1] <= said) & (said <= interval[2]), counted),
        coverage_90=_share((interval[0] <= said) & (said <= interval[3]), counted),
        rmse_db=_root_mean_square(table["predicted_db"] - said, counted),
        mean_rmse_db=_root_mean_square(table["mean_db"] - said, counted),
        log_density=float(density[heard].mean()) if heard.any() else np.nan,
        mean_log_density=None if spread is None else _plain_density(stated, projector, mean, spread, heard),
        joint_log_density=joint,
        joint_effective=effective,
    )
    data = xr.Dataset(
        {name: (("evidence", "against"), values) for name, values in table.items()}
        | {"interval_db": (("quantile", "evidence", "against"), interval)},
        coords={
            "evidence": problem["evidence"].values[rows],
            "against": rivals,
            "quantile": list(QUANTILES),
            "hypothesis": focal,
        },
    )
    return Forecast(coder, panel.coders, score, data, tuple(health(panel)))


def as_data(forecasts: Sequence[Forecast]) -> list[dict[str, Any]]:
    """Sum forecasts up as plain data, ready for JSON; docs/prediction.md documents the keys."""
    return [
        {
            "coder": one.coder,
            "others": list(one.others),
            **{key: _finite(value) for key, value in asdict(one.score).items()},
            "predictions": [{key: _finite(value) for key, value in row.items()} for row in _rows(one)],
            "findings": [{"slug": item.slug, "level": item.level, "details": item.details} for item in one.findings],
        }
        for one in forecasts
    ]


def _finite[T](value: T) -> T | None:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _rows(forecast: Forecast) -> Iterator[dict[str, str | float]]:
    """Tell of every predicted weight: names, then decibels, NaN where there is no such number."""
    data = forecast.table
    hypothesis = str(data["hypothesis"].values)
    for row, evidence in enumerate(data["evidence"].values):
        for column, rival in enumerate(data["against"].values):
            stated, predicted, mean = (
                float(data[name].values[row, column]) for name in ("stated_db", "predicted_db", "mean_db")
            )
            ends = data["interval_db"].values[:, row, column].tolist()
            told = (str(evidence), hypothesis, str(rival), stated, predicted, *ends, mean)
            yield dict(zip(_COLUMNS, told, strict=True))


def as_csv(forecasts: Sequence[Forecast]) -> str:
    """Write every predicted weight with its intervals as CSV, a row each, decibels.

    A weight that the coder's comparisons do not determine, and the mean of others who said nothing, stay empty.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["coder", *_COLUMNS])
    for one in forecasts:
        for row in _rows(one):
            table.writerow([one.coder, *map(_cell, row.values())])
    return text.getvalue()


def _cell(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else f"{value:.4f}"


def _predictable(problem: Problem, coder: str) -> int:
    """Find a coder's place, and refuse one who weighed nothing that could be predicted."""
    place = [str(name) for name in problem["coder"].values].index(coder)
    if not (problem["stated"].values[place] & problem["weighs"].values).any():
        raise UsageFault("nothing-to-predict", name=coder)
    return place


def health(panel: Panel) -> list[Finding]:
    """Judge the draws of a panel's fit."""
    from bayestrace.inference import sampling  # noqa: PLC0415 - PyMC is slow to import

    named = {*Hyperparameters._fields, "noise_sd", "leaning_sd", "case_loglik"}
    quantities = sampling.diagnose(panel.posterior[[name for name in panel.posterior.data_vars if name in named]])
    return checks.sampling_findings(quantities, panel.stats)


def _directions(problem: Problem) -> tuple[str, list[str], Floats]:
    """Name the focal explanation and its rivals, and give the direction of each weight, shape (K - 1, D)."""
    names = [str(name) for name in problem["hypothesis"].values]
    focal = names.index(problem.attrs["focal"])
    contrasts = problem["helmert"].values.T
    rivals = [place for place in range(len(names)) if place != focal]
    return names[focal], [names[place] for place in rivals], contrasts[focal] - contrasts[rivals]


def _share(inside: NDArray[np.bool_], counted: NDArray[np.bool_]) -> float:
    return float(inside[counted].mean()) if counted.any() else np.nan


def _root_mean_square(error: Floats, counted: NDArray[np.bool_]) -> float:
    return float(np.sqrt((error[counted] ** 2).mean())) if counted.any() else np.nan


def _plain_density(stated: Floats, projector: Floats, mean: Floats, variance: float, heard: NDArray[np.bool_]) -> float:
    """Mean over observations of the log density of the stated vector around the others' mean, nats."""
    rank = np.trace(projector, axis1=-2, axis2=-1)
    square = (np.einsum("nab,nb->na", projector, stated - mean) ** 2).sum(axis=-1)
    density = -0.5 * (rank * (_LOG_2PI + np.log(variance)) + square / variance)
    return float(density[heard].mean())
