"""Compare the coders as they stand in the files, and say what kind of test each observation was."""

from __future__ import annotations

import itertools
import warnings
from typing import Literal, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import facevalue
from bayestrace.weights import RANGE_WIDTH, to_decibels

Floats = NDArray[np.float64]

#: From this P(found | focal) on, not finding it would have told against the focal explanation (hoop).
CERTAIN = 0.8
#: Up to this P(found | closest rival), if below P(found | focal), finding it tells for the focal one (smoking gun).
UNIQUE = 0.2
# Nats: what rounding may leave of the difference of coders who say the same.
_ROUNDING = 1e-9


def coders(problem: xr.Dataset) -> xr.Dataset:
    """Describe what each coder stated; the group `coders` of docs/results.md without what is learned."""
    stated = problem["stated"].values
    focal = list(problem["hypothesis"].values).index(problem.attrs["focal"])
    vectors = problem["weight"].values @ problem["helmert"].values
    weights = to_decibels(vectors[..., focal, None] - vectors)
    weights[~_known(problem, focal)] = np.nan
    return xr.Dataset(
        {
            "count": ("coder", stated.sum(axis=1)),
            "mean_range_db": ("coder", _mean_range(problem)),
            "mean_focal_db": (("coder", "hypothesis"), _quietly(np.nanmean, weights, axis=1)),
            "focal_db": (("coder", "evidence", "hypothesis"), weights),
            "spread_db": ("evidence", _spread(weights, focal)),
            "apart_db": ("coder", apart_from_rest(problem).decibels()),
        },
        coords={name: problem[name].values for name in ("coder", "evidence", "hypothesis")},
    )


class Apart(NamedTuple):
    """How far each coder's weights are from the mean of what the other coders state, shape (coder,) each.

    `square` is the sum of squared differences, nats squared, over the `contrasts` that the coder stated of observations
    that another coder weighed too.
    """

    square: Floats
    contrasts: Floats

    def per_contrast(self) -> float | None:
        """Variance per contrast of all coders around the mean of their rest; None where nothing tells of it."""
        square = float(self.square.sum())
        return square / float(self.contrasts.sum()) if square > 0.0 else None

    def decibels(self) -> Floats:
        """Root mean square over observations and pairs of explanations, shape (coder,); NaN with nothing to compare.

        The mean square over all pairs is twice that per contrast, since H H' = I and a pair is a difference of two.
        """
        return to_decibels(np.sqrt(2.0 * self.square / np.where(self.contrasts > 0.0, self.contrasts, np.nan)))


def apart_from_rest(problem: xr.Dataset) -> Apart:
    """Compare each coder with the mean of the rest, over the observations that weigh and that both weighed.

    Explanations that none of the rest compared are level in their mean, as they are at face value.
    """
    coders = problem.sizes["coder"]
    square, contrasts = np.zeros(coders), np.zeros(coders)
    # One coder has no rest.
    for coder in range(coders if coders > 1 else 0):
        rest = problem.isel(coder=[other for other in range(coders) if other != coder])
        both = problem["stated"].values[coder] & rest["stated"].values.any(axis=0) & problem["weighs"].values
        reach = problem["projector"].values[coder, both]
        mean = facevalue.observation_loglik(rest)[both] @ problem["helmert"].values.T
        miss = np.einsum("nab,nb->na", reach, problem["weight"].values[coder, both] - mean)
        square[coder] = (miss[np.abs(miss) > _ROUNDING] ** 2).sum()
        contrasts[coder] = np.trace(reach, axis1=-2, axis2=-1).sum()
    return Apart(square, contrasts)


def repeated(problem: xr.Dataset) -> dict[str, str]:
    """Find coders who say nothing of their own: of every observation that they weighed what another says, exactly.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.

    Returns
    -------
    dict
        By name of such a coder, whose weights these are: an earlier coder's where both weighed the same observations.
    """
    stated, names = problem["stated"].values, [str(name) for name in problem["coder"].values]
    found: dict[str, str] = {}
    for coder, other in itertools.permutations(range(len(names)), 2):
        within = bool((stated[coder] <= stated[other]).all())
        later = other < coder or not bool((stated[other] <= stated[coder]).all())
        known = names[coder] in found or names[other] in found
        if within and later and not known and _compared(problem, coder, other) == "same":
            found[names[coder]] = names[other]
    return found


def aligned(problem: xr.Dataset) -> list[tuple[str, str]]:
    """Find pairs of coders of whom one is the other, shifted and stretched by the same amounts throughout."""
    names = [str(name) for name in problem["coder"].values]
    pairs = itertools.combinations(range(len(names)), 2)
    return [(names[one], names[other]) for one, other in pairs if _compared(problem, one, other) == "moved"]


def _compared(problem: xr.Dataset, one: int, other: int) -> Literal["same", "moved", "apart"]:
    """Say whether one coder's weights are another's, on what both weighed.

    With such a pair in a fit nothing keeps their noise from 0. Leanings and scales absorb the rest, so that the
    likelihood grows without bound as noise^-(n D - D - 1), with n observations and D contrasts, and there is no
    posterior. Only what leaves that power at 2 or more counts, since two noises go to 0 together: two coders may well
    say the same of an observation or two.
    """
    both = problem["stated"].values[[one, other]].all(axis=0) & problem["weighs"].values
    reach, theirs = (problem["projector"].values[who, both] for who in (one, other))
    said, base = (problem["weight"].values[who, both] for who in (one, other))
    contrasts = said.shape[1]
    if len(said) * contrasts - contrasts - 1 < 2 or not np.allclose(reach, theirs):  # noqa: PLR2004 - as above
        return "apart"
    least = _ROUNDING * (1.0 + float(np.abs(said).max()))
    if np.abs(said - base).max() <= least:
        return "same"
    if not np.allclose(reach, np.eye(contrasts)):  # of comparisons of some explanations a leaning is no one shift
        return "apart"
    miss, moved = said - said.mean(axis=0), base - base.mean(axis=0)
    square = float((moved**2).sum())
    scale = float((miss * moved).sum()) / square if square > least**2 else 1.0
    return "moved" if scale > 0.0 and np.abs(miss - scale * moved).max() <= least else "apart"


def _known(problem: xr.Dataset, focal: int) -> NDArray[np.bool_]:
    """Say which weights, focal over each hypothesis, a coder's comparisons determine."""
    contrast = problem["helmert"].values.T
    pair = contrast[focal] - contrast
    image = np.einsum("jeab,kb->jeka", problem["projector"].values, pair)
    return np.asarray(np.isclose(image, pair).all(axis=-1) & problem["stated"].values[..., None])


def _mean_range(problem: xr.Dataset) -> Floats:
    """Mean width of the stated 90 % ranges of a pairwise weight, decibels; NaN for a coder who stated none."""
    variance = problem["stated_variance"].values
    width = RANGE_WIDTH * np.sqrt(2.0 * np.where(variance > 0.0, variance, np.nan))
    return to_decibels(_quietly(np.nanmean, width, axis=1))


def _spread(weights: Floats, focal: int) -> Floats:
    """Root mean square over the focal explanation's rivals of the sd between coders."""
    rivals = np.delete(weights, focal, axis=-1)
    several = np.isfinite(rivals).sum(axis=0) >= 2  # noqa: PLR2004 - a spread takes two coders
    variance = np.where(several, _quietly(np.nanvar, rivals, axis=0, ddof=1), np.nan)
    return np.sqrt(_quietly(np.nanmean, variance, axis=-1))


def _quietly(function: object, values: Floats, **options: object) -> Floats:
    """Reduce over what is known; NaN, without a warning, where nothing is."""
    assert callable(function)  # noqa: S101 - narrows the type
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(function(values, **options))


def kinds_of_test(problem: xr.Dataset, observation_db: xr.DataArray) -> xr.Dataset:
    """Sort observations by Van Evera's tests (1997), for the focal explanation against its closest rival.

    Parameters
    ----------
    problem
        With the coders' `p_if_focal`.
    observation_db
        Face-value weights, (evidence, hypothesis), decibels, centred.

    Returns
    -------
    Dataset
        The group `tests` of docs/results.md. P(found | rival) is P(found | focal) over the likelihood ratio, at
        most 1.
    """
    focal = list(problem["hypothesis"].values).index(problem.attrs["focal"])
    weights = observation_db.values[:, focal, None] - np.delete(observation_db.values, focal, axis=1)
    p_if_focal = _quietly(np.nanmean, problem["p_if_focal"].values, axis=0)
    p_if_rival = np.minimum(p_if_focal * 10.0 ** (-weights.min(axis=1) / 10.0), 1.0)
    certain = p_if_focal >= CERTAIN
    # However rare, what the rival leads one to expect as much as the focal explanation does tells for neither.
    unique = (p_if_rival <= UNIQUE) & (p_if_rival < p_if_focal)
    kind = np.select(
        [np.isnan(p_if_focal), certain & unique, certain, unique],
        ["", "doubly-decisive", "hoop", "smoking-gun"],
        "straw-in-the-wind",
    ).astype(object)
    return xr.Dataset(
        {"kind": ("evidence", kind), "p_if_focal": ("evidence", p_if_focal), "p_if_rival": ("evidence", p_if_rival)},
        coords={"evidence": problem["evidence"].values},
    )


def pairs(problem: xr.Dataset) -> Floats:
    """Give each coder's weights between any two explanations.

    Returns
    -------
    ndarray, shape (coder, evidence, pair)
        Decibels, of K (K - 1) / 2 pairs; NaN where the coder's comparisons do not determine the weight. No number of
        theirs depends on which explanation is focal.
    """
    vectors = to_decibels(problem["weight"].values @ problem["helmert"].values)
    size = problem.sizes["hypothesis"]
    found = []
    for one in range(size - 1):
        known = _known(problem, one)[..., one + 1 :]
        found.append(np.where(known, vectors[..., one, None] - vectors[..., one + 1 :], np.nan))
    return np.concatenate(found, axis=-1)


def over_rivals(problem: xr.Dataset) -> tuple[list[str], Floats]:
    """Give each coder's weights of the focal explanation over its rivals.

    Returns
    -------
    rivals : list of str
        In the problem's order.
    weights : ndarray, shape (coder, evidence, rival)
        Decibels; NaN as in `pairs`.
    """
    names = [str(name) for name in problem["hypothesis"].values]
    focal = names.index(problem.attrs["focal"])
    weights = coders(problem)["focal_db"].values
    return [name for name in names if name != names[focal]], np.delete(weights, focal, axis=-1)
