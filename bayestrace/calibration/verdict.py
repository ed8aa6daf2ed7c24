"""What simulated studies tell of the engine: whether its posteriors are such as they should be, and how sure it may be.

A pure function of the records that `bayestrace.calibration.run` keeps. Everything here is plain data, for JSON and for
the page.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from bayestrace.calibration.ranks import Band, coverage, departure, holm, position, uniform_band
from bayestrace.calibration.scores import (
    brier_score,
    calibration_error,
    cllr,
    drift_from_prior,
    leader,
    log_score,
    reliability_curve,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Record = Mapping[str, NDArray[Any]]

#: Probability with which a sound engine is said to depart somewhere, for each of the three questions put to it.
ALPHA = 0.01
#: Central posterior intervals whose coverage is counted.
LEVELS = (0.5, 0.9)
#: Ways of giving probabilities: the model pooled and case by case, face value case by case and pooled.
WAYS = ("pooled", "unpooled", "face", "face_pooled")


@dataclass(frozen=True)
class Labels:
    """Names of what the axes of a record stand for."""

    case: Sequence[str]
    hypothesis: Sequence[str]
    coder: Sequence[str]


@dataclass(frozen=True)
class Bin:
    """A bin of forecasts: what was said on average, how often it was so with a 95 % interval, how many they are."""

    said: float
    seen: float
    low: float
    high: float
    forecasts: int
    studies: int


@dataclass(frozen=True)
class Reliance:
    """How far probabilities can be relied on.

    `said` and `right` are means; `error` is the debiased calibration error, the root of `squared` with its sign, with
    the 95 % interval `error_low`, `error_high`.
    """

    said: float
    right: float
    squared: float
    error: float
    error_low: float
    error_high: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Way:
    """One way of giving probabilities, and how well it did.

    `leader` is of the leading explanation of each case, `every` of all explanations. `overconfidence` is what was said
    of the leaders less how often they were right, with a 95 % interval and the p-value of there being none. Scores are
    means with standard errors, in nats for the log score, which is infinite where the impossible happened.

    `cllr` is the cost in bits of taking posterior odds over prior odds, of each explanation against all others, for a
    likelihood ratio: the mean over explanations that are possible. NaN where one of them was right never or always.
    """

    name: str
    leader: Reliance
    every: Reliance
    overconfidence: float
    overconfidence_low: float
    overconfidence_high: float
    overconfidence_p: float
    brier: float
    brier_error: float
    log_score: float
    log_score_error: float
    cllr: float


@dataclass(frozen=True)
class Cover:
    """How often a central posterior interval of a level held the truth, with a 95 % interval."""

    level: float
    seen: float
    low: float
    high: float


@dataclass(frozen=True)
class Parameter:
    """One hyperparameter: where its true values stood among the draws.

    `family` is what it is, `coder` and `contrast` (from 1) whose, if anybody's. `position` is the mean place of the
    truth, 0.5 in a sound engine; `difference` the ECDF of its places less that of uniform numbers, at the band's
    points; `holm` its p-value adjusted for all hyperparameters.
    """

    name: str
    family: str
    coder: str | None
    contrast: int | None
    position: float
    p: float
    holm: float
    coverage: tuple[Cover, ...]
    difference: tuple[float, ...]


@dataclass(frozen=True)
class Drifted:
    """The pooled posterior of an explanation in a case, averaged over studies, less its prior, and its error."""

    case: str
    hypothesis: str
    prior: float
    mean: float
    error: float
    p: float
    holm: float


@dataclass(frozen=True)
class Departure:
    """Something that is not as chance allows: `hyperparameter`, `drift` or `overconfidence`, whose, and p."""

    kind: str
    name: str
    p: float


@dataclass(frozen=True)
class Simultaneous:
    """The 95 % band that all of an ECDF difference lies within, at some points of (0, 1)."""

    at: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True)
class Verdict:
    """What simulated studies tell of the engine."""

    studies: int
    cases: int
    ranked_among: int
    alpha: float
    ways: tuple[Way, ...]
    parameters: tuple[Parameter, ...]
    band: Simultaneous
    drift: tuple[Drifted, ...]
    diverging_draws: int
    diverging_studies: int
    departures: tuple[Departure, ...]

    def way(self, name: str) -> Way:
        """Return one of `WAYS`."""
        return next(way for way in self.ways if way.name == name)


def judge(record: Record, prior: Floats, labels: Labels, *, ranked_among: int, seed: int = 0) -> Verdict:
    """Judge the engine by studies whose truth is known.

    Parameters
    ----------
    record
        As `bayestrace.calibration.run.load` gives it, of S studies, at least 2.
    prior
        P(Z_c = k), shape (K,).
    labels
        Names of cases, hypotheses and coders.
    ranked_among
        L, how many draws ranks were taken among.
    seed
        Of what is random here: places within ranks, bootstrap samples.

    Returns
    -------
    Verdict

    Notes
    -----
    Three questions are put to the engine, each answered wrongly of a sound one with probability `ALPHA` at most: are
    the ranks of all hyperparameters uniform (`bayestrace.calibration.ranks`), do the pooled posteriors average out
    at the prior (`bayestrace.calibration.scores.drift_from_prior`), both adjusted by Holm's method, and are the
    pooled leaders right as often as is said? The last two are t tests over studies.
    """
    rng = np.random.default_rng(seed)
    number = int(record["study"].size)
    band = uniform_band(number)
    parameters = _parameters(record, labels, band, ranked_among, rng)
    drift = _drift(record, prior, labels)
    ways = tuple(_way(name, record, prior, rng) for name in WAYS)
    departures = [Departure("hyperparameter", one.name, one.holm) for one in parameters if one.holm <= ALPHA]
    departures += [Departure("drift", f"{one.case}, {one.hypothesis}", one.holm) for one in drift if one.holm <= ALPHA]
    if ways[0].overconfidence_p <= ALPHA:
        departures.append(Departure("overconfidence", ways[0].name, ways[0].overconfidence_p))
    return Verdict(
        studies=number,
        cases=int(record["z"].size),
        ranked_among=ranked_among,
        alpha=ALPHA,
        ways=ways,
        parameters=parameters,
        band=Simultaneous(*(tuple(values.tolist()) for values in (band.at, band.low, band.high))),
        drift=drift,
        diverging_draws=int(record["diverging"].sum()),
        diverging_studies=int((record["diverging"] > 0).sum()),
        departures=tuple(departures),
    )


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data for JSON; a number that is not finite becomes None."""
    return {key: _plain(value) for key, value in asdict(verdict).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(held) for held in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _parameters(
    record: Record, labels: Labels, band: Band, ranked_among: int, rng: np.random.Generator
) -> tuple[Parameter, ...]:
    found: list[tuple[str, str | None, int | None, Floats]] = []
    for key in (name for name in record if name.startswith("rank_")):
        family, rank = key.removeprefix("rank_"), record[key]
        # The scale of one coder alone is 1 and not learned.
        if family == "scale" and len(labels.coder) == 1:
            continue
        where = position(rank, ranked_among, rng)
        for spot in np.ndindex(*rank.shape[1:]):
            coder = labels.coder[spot[0]] if spot else None
            contrast = spot[1] + 1 if len(spot) > 1 else None
            found.append((family, coder, contrast, where[:, *spot]))
    departures = [departure(where, band) for *_, where in found]
    adjusted = holm([one.p for one in departures])
    parameters = []
    for (family, coder, contrast, where), one, level in zip(found, departures, adjusted, strict=True):
        inside = ", ".join(str(part) for part in (coder, contrast) if part is not None)
        covered = coverage(where, LEVELS)
        parameters.append(
            Parameter(
                name=f"{family}[{inside}]" if inside else family,
                family=family,
                coder=coder,
                contrast=contrast,
                position=float(where.mean()),
                p=one.p,
                holm=float(level),
                coverage=tuple(Cover(*map(float, row)) for row in zip(LEVELS, *covered, strict=True)),
                difference=tuple(one.difference.tolist()),
            )
        )
    return tuple(parameters)


def _drift(record: Record, prior: Floats, labels: Labels) -> tuple[Drifted, ...]:
    mean, error = drift_from_prior(record["pooled"], prior)
    degrees = record["study"].size - 1
    p = np.vectorize(lambda value, spread: _p_of_none(value, spread, degrees), otypes=[float])(mean, error)
    adjusted = holm(p.ravel()).reshape(p.shape)
    return tuple(
        Drifted(
            case=case,
            hypothesis=hypothesis,
            prior=float(prior[k]),
            mean=float(mean[c, k]),
            error=float(error[c, k]),
            p=float(p[c, k]),
            holm=float(adjusted[c, k]),
        )
        for c, case in enumerate(labels.case)
        for k, hypothesis in enumerate(labels.hypothesis)
    )


def _p_of_none(mean: float, error: float, degrees: int) -> float:
    """Two-sided p-value of a mean over independent studies being zero."""
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    return float(2.0 * stdtr(degrees, -abs(mean) / error))


def _way(name: str, record: Record, prior: Floats, rng: np.random.Generator) -> Way:
    probability, z = record[name], record["z"].ravel()
    flat = probability.reshape(z.size, -1)
    study = np.repeat(record["study"], record["z"].shape[1])
    said, right = leader(flat, z)
    of_leader, excess = _reliance(said, right, study, rng)
    happened = (np.arange(flat.shape[1]) == z[:, None]).ravel()
    of_every, _ = _reliance(flat.ravel(), happened, np.repeat(study, flat.shape[1]), rng)
    mean, error = _mean(said - right, record)
    brier, log = _mean(brier_score(flat, z), record), _mean(log_score(flat, z), record)
    p = _p_of_none(mean, error, record["study"].size - 1)
    return Way(name, of_leader, of_every, *excess, p, *brier, *log, _cost_of_ratios(flat, z, prior))


def _cost_of_ratios(probability: Floats, z: NDArray[Any], prior: Floats) -> float:
    """Mean over possible explanations of the cost of their ratios; for two it is that of the one ratio there is."""
    costs = []
    for k in np.flatnonzero(prior > 0.0):
        right = z == k
        if right.all() or not right.any():
            return math.nan
        with np.errstate(divide="ignore"):  # the impossible is infinitely far off
            odds = np.log(probability[:, k]) - np.log(np.delete(probability, k, axis=1).sum(axis=1))
        costs.append(cllr(odds - math.log(prior[k] / np.delete(prior, k).sum()), right))
    return float(np.mean(costs))


def _mean(each: Floats, record: Record) -> tuple[float, float]:
    """Mean over cases, and its standard error from the means of the studies."""
    of_study = each.reshape(record["z"].shape).mean(axis=1)
    if not np.isfinite(of_study).all():
        return math.inf, math.nan
    return float(of_study.mean()), float(of_study.std(ddof=1) / math.sqrt(of_study.size))


def _reliance(
    forecast: Floats, happened: Flags, study: NDArray[Any], rng: np.random.Generator
) -> tuple[Reliance, tuple[float, float, float]]:
    """Hold forecasts against what happened; with it what was said too much, and its interval."""
    curve = reliability_curve(forecast, happened, study)
    error = calibration_error(forecast, happened, study, rng)
    columns = (curve.said, curve.seen, curve.low, curve.high, curve.forecasts, curve.studies)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    reliance = Reliance(
        said=float(forecast.mean()),
        right=float(happened.mean()),
        squared=error.squared,
        error=error.root,
        error_low=error.low,
        error_high=error.high,
        bins=tuple(Bin(*row) for row in rows),
    )
    return reliance, (error.overconfidence, error.overconfidence_low, error.overconfidence_high)
