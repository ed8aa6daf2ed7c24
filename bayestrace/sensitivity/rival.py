"""An explanation that nobody listed: how well it would have to do to lead.

Its likelihood cannot be known, so it is a number that the reader sets, in decibels against the leading explanation of a
case or against all listed ones taken together (their mean likelihood, weighed by the prior).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.sensitivity.draws import Stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.flips import leaders, named
from bayestrace.sensitivity.standpoints import Standpoints, enumerable, log_p, standpoint_of
from bayestrace.study import PriorProfile, Study
from bayestrace.weights import log_sum_exp, to_decibels, to_nats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Prior probabilities of the unlisted explanation that are tried.
PRIORS = (0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
#: Its weights against the leader, in decibels, at which its probability is told.
WEIGHTS_DB = tuple(float(weight) for weight in range(-10, 31, 2))
# Draws times joint explanations held at once.
_NUMBERS = 2_000_000
# A weight is looked for between this many decibels in all either way, by so many halvings.
_FAR_DB, _HALVINGS = 300.0, 50


class Unlisted:
    """A fit with one more explanation, of any likelihood.

    In each draw its likelihood in a case is a ratio times the mean likelihood of the listed ones. So case by case the
    evidence of every draw changes by the same factor, draws keep their weights, and the odds among the listed stay.

    Parameters
    ----------
    stored
        Draws.
    priors
        Prior probabilities of the unlisted explanation, shape (U,); the listed ones keep their proportions.
    """

    def __init__(self, stored: Stored, priors: Sequence[float]) -> None:
        self.priors = np.asarray(priors, dtype=np.float64)
        self.listed = answer(stored).unpooled
        prior, pools = stored.problem["prior"].values, stored.problem["pool"].values
        used = np.flatnonzero(stored.problem["level_weight"].values > 0)
        self.pooled = stored.pooled and enumerable(pools, used, prior.size + 1)
        if self.pooled:
            wider = np.column_stack([(1.0 - self.priors)[:, None] * prior, self.priors])
            self._mass = _mass(stored, standpoint_of(stored.problem)._replace(prior=wider))

    def alone(self, ratio: Floats) -> Floats:
        """Give P(Z_c = k) case by case, the unlisted explanation last.

        Parameters
        ----------
        ratio
            Of its likelihood to the mean one of the listed, shape (..., C), every prior's alike or (..., U, C).

        Returns
        -------
        ndarray, shape (..., U, C, K + 1)
        """
        odds = (self.priors / (1.0 - self.priors))[:, None] * ratio
        share = (odds / (1.0 + odds))[..., None]
        return np.concatenate([self.listed * (1.0 - share), share * np.ones_like(self.listed[:, :1])], axis=-1)

    def together(self, ratio: Floats) -> Floats:
        """Give the same pooled, (U, C) to (U, C, K + 1): the unlisted explanation is one, which cases may share."""
        cases = ratio.shape[-1]
        subset = np.arange(2**cases)[:, None] >> np.arange(cases) & 1
        with np.errstate(divide="ignore"):
            log_factor = np.where(subset, np.log(ratio)[:, None], 0.0).sum(axis=-1)
        factor = np.exp(log_factor - log_factor.max(axis=-1, keepdims=True))
        joint = (self._mass * factor[:, None, None]).sum(axis=-1)
        return np.asarray(joint / joint.sum(axis=-1, keepdims=True))

    def needed(self) -> Floats:
        """Log ratio at which it leads a case pooled, doing as well as the listed in the others, shape (U, C)."""
        joint = self.together(np.ones((self.priors.size, self.listed.shape[0])))
        return np.asarray(np.log(joint[..., :-1].max(axis=-1)) - np.log(joint[..., -1]))


def _mass(stored: Stored, standpoints: Standpoints) -> Floats:
    """Sum P(Z) A(Z) by case, explanation and set of cases that the unlisted explains, shape (U, C, K + 1, 2^C).

    A(Z) is the mean over draws of the likelihood of Z over the evidence of the draw, with the mean likelihood of the
    listed in place of the unlisted one's.
    """
    with np.errstate(divide="ignore"):
        mean = log_sum_exp(np.log(stored.problem["prior"].values) + stored.loglik)
    loglik = np.concatenate([stored.loglik, mean[..., None]], axis=-1)
    draws, cases, size = loglik.shape
    z, table = log_p(stored.problem["pool"].values, standpoints)
    update = []
    step = max(1, _NUMBERS // draws)
    for start in range(0, z.shape[0], step):
        part = z[start : start + step]
        total = sum(loglik[:, case, part[:, case]] for case in range(cases))
        update.append(log_sum_exp(total - stored.log_evidence[:, None], axis=0))
    joint = table + np.concatenate(update)
    joint = np.exp(joint - joint.max(axis=-1, keepdims=True))
    subset = (z == size - 1) @ (1 << np.arange(cases))
    mass = np.zeros((joint.shape[0], cases, size, 2**cases))
    for place, row in enumerate(joint):
        for case in range(cases):
            index = z[:, case] * 2**cases + subset
            mass[place, case] = np.bincount(index, weights=row, minlength=size * 2**cases).reshape(size, -1)
    return mass


def analyse(stored: Stored, others: Mapping[str, Stored] | None = None, priors: Sequence[float] = PRIORS) -> xr.Dataset:
    """Say how well an unlisted explanation would have to do.

    Parameters
    ----------
    stored
        Draws.
    others
        Other sets of hypotheses of the study, as `other_sets` gives them or as they were fitted: how well those do that
        are not listed here is told beside.
    priors
        Prior probabilities of the unlisted explanation.

    Returns
    -------
    Dataset
        Over `prior` and `case`, decibels by which the unlisted explanation must do better than `leader` (case) to lead:
        `needed_db` in all and case by case, `needed_db_pooled` doing as well as the listed taken together in the other
        cases, each with `_per_observation`; `needed_db_everywhere_per_observation` pooled, doing so much better than
        each case's leader in every case at once. `needed_over_listed_db` is `needed_db` against the listed ones taken
        together. NaN for a case without observations, or where pooling cannot be enumerated.

        `probability` (pooling, prior, weight, case) of the unlisted explanation if it does `weight` decibels better
        than the leader of that case alone. `odds_change_db` (pooling, fit, prior, case): by how much its being there
        changes the odds of the leader against its closest listed rival, where it does as well as the listed in every
        case (`as-listed`) and where it leads by the same everywhere (`needed`); 0 case by case. `observations` (case);
        `independent` (case), as how many independent ones these count, Kish's design effect taken off.

        Of explanations of `others`: `rival_db` (rival, case) against the leader, mean over draws, with
        `rival_db_per_observation`; `rival_set`, `rival_kind` (rival), `face-value` or `model`.
    """
    problem = stored.problem
    base = answer(stored)
    leader, cases = leaders(base.probability), np.arange(stored.loglik.shape[1])
    unlisted = Unlisted(stored, priors)
    number = np.bincount(problem["case_of_evidence"].values[problem["weighs"].values], minlength=cases.size)
    each = np.where(number > 0, number, np.nan)
    with np.errstate(divide="ignore"):
        # Log ratio of the leader's likelihood to the mean of the listed.
        ahead = np.log(unlisted.listed[cases, leader]) - np.log(problem["prior"].values[leader])
        over = np.log((1.0 - unlisted.priors) / unlisted.priors)[:, None] + np.log(unlisted.listed.max(axis=-1))
    needed = {"needed_db": over - ahead}
    everywhere = np.full_like(over, np.nan)
    if unlisted.pooled:
        needed["needed_db_pooled"] = unlisted.needed() - ahead
        everywhere = _everywhere(unlisted, ahead, number)
    else:
        needed["needed_db_pooled"] = np.full_like(over, np.nan)
    by_prior = ("prior", "case")
    variables = {name: (by_prior, to_decibels(values)) for name, values in needed.items()}
    variables |= {f"{name}_per_observation": (by_prior, to_decibels(values / each)) for name, values in needed.items()}
    return xr.Dataset(
        {
            **variables,
            "needed_db_everywhere_per_observation": (by_prior, to_decibels(everywhere)),
            "needed_over_listed_db": (by_prior, to_decibels(over)),
            "leader": ("case", named(leader, problem["hypothesis"].values)),
            "observations": ("case", number),
            "independent": ("case", _independent(stored)),
            "probability": (("pooling", "prior", "weight", "case"), _probability(unlisted, ahead)),
            "odds_change_db": (
                ("pooling", "fit", *by_prior),
                _odds_change(unlisted, base.probability, ahead, everywhere * number),
            ),
            **_beside(stored, others or {}, leader, each),
        },
        coords={
            "prior": np.asarray(priors, dtype=np.float64),
            "case": problem["case"].values,
            "weight": np.array(WEIGHTS_DB),
            "pooling": ["unpooled", "pooled"],
            "fit": ["as-listed", "needed"],
        },
        attrs={"unit": "dB", "pooling": "pooled" if stored.pooled else "unpooled"},
    )


def _everywhere(unlisted: Unlisted, ahead: Floats, number: Integers) -> Floats:
    """Find what per observation, in nats, done better than the leader in every case, leads each case, (U, C)."""
    priors, cases = unlisted.priors.size, number.size
    bound = float(to_nats(_FAR_DB)) / np.maximum(number, 1)
    low, high = (np.tile(end * bound, (priors, 1)) for end in (-1.0, 1.0))

    def lacking(each: Floats) -> NDArray[np.bool_]:
        columns = []
        for case in range(cases):
            found = unlisted.together(np.exp(np.clip(ahead + each[:, case, None] * number, -_CLIP, _CLIP)))[:, case]
            columns.append(found[:, -1] < found[:, :-1].max(axis=-1))
        return np.stack(columns, axis=1)

    crossed = lacking(low) & ~lacking(high) & (number > 0)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        short = lacking(middle)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(crossed, 0.5 * (low + high), np.nan)


# Ratios past this many nats are as good as infinite, and still finite.
_CLIP = 160.0


def _probability(unlisted: Unlisted, ahead: Floats) -> Floats:
    """Give the probability of the unlisted explanation by its weight against one leader, (2, U, W, C)."""
    cases = ahead.size
    ratio = np.exp(ahead + to_nats(np.array(WEIGHTS_DB))[:, None])
    alone = np.moveaxis(unlisted.alone(ratio[:, None, :])[..., -1], 0, 1)
    if not unlisted.pooled:
        return np.stack([alone, np.full_like(alone, np.nan)])
    here = unlisted.together(np.ones((unlisted.priors.size, cases)))
    odds = (here[..., -1] / (1.0 - here[..., -1]))[:, None] * ratio
    return np.stack([alone, odds / (1.0 + odds)])


def _odds_change(unlisted: Unlisted, fitted: Floats, ahead: Floats, needed: Floats) -> Floats:
    """Change of the leader's odds against its closest listed rival, decibels, (2, fits, U, C)."""
    cases = np.arange(ahead.size)
    leader = leaders(fitted)
    second = np.where(np.arange(fitted.shape[1]) == leader[:, None], -1.0, fitted).argmax(axis=-1)

    def odds(probability: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(
                np.log(probability[..., cases, leader]) - np.log(probability[..., cases, second]), dtype=np.float64
            )

    shape = (unlisted.priors.size, cases.size)
    result = np.full((2, 2, *shape), np.nan)
    each = np.where(np.isnan(needed), 0.0, needed)
    # Odds against an explanation that is impossible are infinite, and no number says how they change.
    with np.errstate(invalid="ignore"):
        for place, ratio in enumerate((np.ones(shape), np.exp(np.clip(ahead + each, -_CLIP, _CLIP)))):
            result[0, place] = odds(unlisted.alone(ratio)) - odds(unlisted.listed)
            if unlisted.pooled:
                result[1, place] = odds(unlisted.together(ratio)) - odds(fitted)
    result[:, 1] = np.where(np.isnan(needed), np.nan, result[:, 1])
    return to_decibels(result)


def _independent(stored: Stored) -> Floats:
    """Count the observations of each case as independent ones: n/(1 + (n - 1) r) a cluster (Kish 1965)."""
    design, problem = stored.design, stored.problem
    kept = np.unique(problem["cluster_of_evidence"].values[problem["weighs"].values])
    size = design.size
    r = (design.redundancy * design.redundancy_weight).sum(axis=1)
    return np.bincount(
        problem["case_of_cluster"].values[kept],
        weights=size / (1.0 + (size - 1.0) * r),
        minlength=problem.sizes["case"],
    )


def _beside(
    stored: Stored, others: Mapping[str, Stored], leader: Integers, each: Floats
) -> dict[str, tuple[tuple[str, ...], NDArray[np.generic]]]:
    """Tell how well explanations do that other sets list and this one does not."""
    listed = list(stored.problem["hypothesis"].values)
    rows: list[tuple[str, str, str, Floats]] = []
    for name, other in others.items():
        there = list(other.problem["hypothesis"].values)
        if not all(listed[place] in there for place in leader):
            continue
        lead = other.loglik[:, np.arange(leader.size), [there.index(listed[place]) for place in leader]]
        kind = "face-value" if other.theta is None else "model"
        for place, rival in enumerate(there):
            if rival not in listed and rival not in [row[0] for row in rows]:
                rows.append((str(rival), name, kind, (other.loglik[..., place] - lead).mean(axis=0)))
    if not rows:
        return {}
    weight = to_decibels(np.stack([row[3] for row in rows]))
    texts = (np.array([row[place] for row in rows], dtype=np.str_) for place in range(3))
    names, sets, kinds = texts
    return {
        "rival": (("rival",), names),
        "rival_set": (("rival",), sets),
        "rival_kind": (("rival",), kinds),
        "rival_db": (("rival", "case"), weight),
        "rival_db_per_observation": (("rival", "case"), weight / each),
    }


def other_sets(study: Study, profile: PriorProfile, stored: Stored) -> dict[str, Stored]:
    """Take the study's other sets of hypotheses at face value, by name, for the coders of a fit.

    A set to which the profile gives no prior probability is left out.
    """
    coders = [str(name) for name in stored.problem["coder"].values]
    found = {}
    for name in study.sets:
        if name == stored.problem.attrs["set"]:
            continue
        try:
            found[name] = stored_face_value(encode(study, profile, name, coders))
        except UsageFault:
            continue
    return found
