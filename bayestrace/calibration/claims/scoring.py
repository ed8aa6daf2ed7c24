"""Score what was said of simulated studies, world by world and way by way, and compare the ways."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.calibration.claims.methods import METHODS
from bayestrace.calibration.claims.trials import Record
from bayestrace.calibration.scores import (
    LEVEL,
    brier_score,
    calibration_error,
    credible_sets,
    leader,
    log_score,
    shares,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: From here on a probability counts as a sure word.
SURE = 0.9
#: What credible sets of explanations are to hold.
SET_LEVEL = 0.9
#: Bootstrap samples of studies.
RESAMPLES = 2000


class Estimate(NamedTuple):
    """A mean over studies and its 95 % interval, studies resampled."""

    value: float
    low: float
    high: float


class SetScore(NamedTuple):
    """How the smallest sets of explanations did that were to hold `SET_LEVEL`.

    `held` is how often the right explanation was in the set, `claimed` the mean of how probable that was said to be,
    `size` the mean number of explanations in a set, `whole` the share of sets that exclude none. Sets hold what they
    claim where `claimed` lies in the interval of `held`: Wilson's, for as many trials as studies.
    """

    held: Estimate
    claimed: float
    size: float
    whole: float


class Score(NamedTuple):
    """How good one way was in one world.

    `said` and `right` are of the leading explanation, `over` is the first less the second; `error` the debiased
    calibration error of the leader, with the sign of its square; `log` in nats and `brier` are means, smaller is
    better; `sure` is the share of cases of which at least `SURE` was said, and `sure_right` how often that was right
    (not a number where it was never said), its interval Wilson's for as many trials as studies in which it was said;
    `sets` is of the sets of explanations that were to hold `SET_LEVEL`.
    """

    studies: int
    said: float
    right: float
    over: Estimate
    error: Estimate
    log: Estimate
    brier: Estimate
    sure: float
    sure_right: Estimate
    sets: SetScore


class Comparison(NamedTuple):
    """How much smaller, hence better, a measure is for one way than for another: the difference, studies resampled."""

    ours: str
    other: str
    measure: str
    difference: Estimate


#: Measures of `losses`, in the order in which they are told.
MEASURES = {"log": "log score", "brier": "Brier score", "wrong": "share of wrong leaders"}
#: Each answer of the model, and what it has to beat: simple ways, pooled against pooled, and pooling itself.
RIVALS = {"model": ("face", "capped", "coders", "discounted"), "model-pooled": ("face-pooled", "model")}


def losses(probability: Floats, z: Integers) -> dict[str, Floats]:
    """Take what each study costs under every measure, shape (S,) each: means over its cases.

    Parameters
    ----------
    probability
        P(k | case) of S studies, shape (S, C, K).
    z
        The right explanations, shape (S, C).
    """
    flat, outcome = probability.reshape(-1, probability.shape[-1]), z.ravel()
    wrong = ~leader(flat, outcome)[1]
    each = {"log": log_score(flat, outcome), "brier": brier_score(flat, outcome), "wrong": wrong.astype(np.float64)}
    return {name: values.reshape(z.shape).mean(axis=1) for name, values in each.items()}


def estimate(by_study: Floats, rng: np.random.Generator) -> Estimate:
    """Take the mean of one number per study, and its percentile interval over resampled studies."""
    number = by_study.size
    drawn = rng.multinomial(number, np.full(number, 1.0 / number), size=RESAMPLES) @ by_study / number
    low, high = np.quantile(drawn, (0.5 - 0.5 * LEVEL, 0.5 + 0.5 * LEVEL))
    return Estimate(float(by_study.mean()), float(low), float(high))


def score_sets(probability: Floats, z: Integers) -> SetScore:
    """Score the credible sets of S studies; shapes as for `losses`."""
    studies, _, explanations = probability.shape
    sets = credible_sets(probability.reshape(-1, explanations), z.ravel(), SET_LEVEL)
    # A bootstrap of a share that is 1 would be certain of it; so many sets do hold the truth that this is common.
    held = Estimate(*map(float, shares(sets.held.mean() * studies, studies)))
    whole = sets.size == explanations
    return SetScore(held, float(sets.claimed.mean()), float(sets.size.mean()), float(whole.mean()))


def score(record: Record, method: str, rng: np.random.Generator) -> Score:
    """Score one way in one world.

    Parameters
    ----------
    record
        As `bayestrace.calibration.claims.trials.load` gives it, of at least two studies.
    method
        One of `METHODS`.
    rng
        Source of randomness for the bootstrap.
    """
    probability, z = record[method], record["z"]
    said, right = leader(probability.reshape(-1, probability.shape[-1]), z.ravel())
    study = np.repeat(record["study"], z.shape[1])
    error = calibration_error(said, right, study, rng, resamples=RESAMPLES)
    lost = losses(probability, z)
    sure = said >= SURE
    sure_right = Estimate(math.nan, math.nan, math.nan)
    if sure.any():
        studies = np.unique(study[sure]).size
        sure_right = Estimate(*map(float, shares(right[sure].mean() * studies, studies)))
    return Score(
        studies=z.shape[0],
        said=float(said.mean()),
        right=float(right.mean()),
        over=Estimate(error.overconfidence, error.overconfidence_low, error.overconfidence_high),
        error=Estimate(error.root, error.low, error.high),
        log=estimate(lost["log"], rng),
        brier=estimate(lost["brier"], rng),
        sure=float(sure.mean()),
        sure_right=sure_right,
        sets=score_sets(probability, z),
    )


def score_all(record: Record, seed: int) -> dict[str, Score]:
    """Score every way in one world; the same seed resamples alike."""
    return {name: score(record, name, np.random.default_rng([seed, place])) for place, name in enumerate(METHODS)}


def compare(record: Record, seed: int) -> list[Comparison]:
    """Hold the model against its rivals under every measure, study by study."""
    lost = {name: losses(record[name], record["z"]) for name in METHODS}
    rng = np.random.default_rng(seed)
    return [
        Comparison(ours, other, measure, estimate(lost[ours][measure] - lost[other][measure], rng))
        for ours, others in RIVALS.items()
        for other in others
        for measure in MEASURES
    ]
