"""Compare the coders as they stand in the files, and say what kind of test each observation was."""

from __future__ import annotations

import warnings

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.weights import RANGE_WIDTH, to_decibels

Floats = NDArray[np.float64]

#: From this P(found | focal) on, not finding it would have told against the focal explanation (hoop).
CERTAIN = 0.8
#: Up to this P(found | closest rival), if below P(found | focal), finding it tells for the focal one (smoking gun).
UNIQUE = 0.2


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
        },
        coords={name: problem[name].values for name in ("coder", "evidence", "hypothesis")},
    )


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
