"""Let the prior, or the evidence, count for a little more or less, and see what moves: power-scaling.

After Kallioinen, Paananen, Buerkner and Vehtari (2024): the prior or the likelihood is raised to a power near 1. What
moves with the prior and hardly with the evidence rests on weak evidence; what both pull apart is in conflict.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import xlogy

from bayestrace.inference.priors import (
    COMMON_ERROR_SD,
    LEANING_SD,
    LOG_V_MEAN,
    LOG_V_SD,
    NOISE_LOG_SD,
    NOISE_MEDIAN,
    RANGE_SD,
    SCALE_SD,
    SD_LOG_V,
)
from bayestrace.inference.signal import Hyperparameters
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.flips import leaders
from bayestrace.sensitivity.reweight import reweigh
from bayestrace.weights import log_sum_exp

Floats = NDArray[np.float64]

#: What is raised to a power.
COMPONENTS = ("prior", "likelihood")
#: Powers by which the slope at 1 is taken, and those of which the distance is told.
SLOPE, ALPHAS = (0.99, 1.01), (0.8, 1.25)
#: From here on something is sensitive.
THRESHOLD = 0.05
CONFLICT, WEAK = "prior-evidence conflict", "weak evidence"
#: Hyperparameters whose prior depends on others: part of the model, and not raised to a power.
NESTED = frozenset({"noise", "bias"})


def _normal(x: Floats, mean: float, sd: float) -> Floats:
    return np.asarray(-0.5 * ((x - mean) / sd) ** 2)


def _share(x: Floats) -> Floats:
    return np.log(x) + np.log1p(-x)


#: Log density of each prior that depends on no other, up to a constant, on the scale of docs/inference.md 3.2.
PRIORS: Mapping[str, Callable[[Floats], Floats]] = {
    "scale": lambda x: _normal(np.log(x), 0.0, SCALE_SD),
    "range_factor": lambda x: _normal(np.log(x), 0.0, RANGE_SD),
    "shared": _share,
    "common_error": lambda x: _normal(x, 0.0, COMMON_ERROR_SD),
    "r_eta": _share,
    "log_v": lambda x: _normal(x, LOG_V_MEAN, LOG_V_SD),
    "sd_log_v": lambda x: _normal(x, 0.0, SD_LOG_V),
    "noise_sd": lambda x: _normal(np.log(x), np.log(NOISE_MEDIAN), NOISE_LOG_SD),
    "leaning_sd": lambda x: _normal(x, 0.0, LEANING_SD),
}


class _Moved(NamedTuple):
    """What a component does at four powers, those of `SLOPE` first: probabilities (4, C, K), k and weights of draws."""

    probability: Floats
    pareto_k: Floats


def analyse(stored: Stored, posterior: xr.Dataset | None = None) -> xr.Dataset:
    """Raise prior and evidence to powers.

    Parameters
    ----------
    stored
        Draws.
    posterior
        The group of this name of the result the draws come from, for what is said of hyperparameters; None: nothing is.

    Returns
    -------
    Dataset
        Over `component` (prior, likelihood). Of who explains a case, where the prior is P(Z), exactly:
        `probability` (component, alpha, case, hypothesis), `pareto_k` (component, alpha), `distance` (component,
        alpha, case), the cumulative Jensen-Shannon distance that the leader's probability moves, `sensitivity`
        (component, case), its slope per doubling at power 1, and `diagnosis` (case): `prior-evidence conflict`, where
        both are sensitive and more of one raises the leader and more of the other lowers it; `weak evidence`, where the
        prior is and the evidence is not; or empty. Attribute `threshold`.

        Of hyperparameters, where the prior is that of all those whose prior depends on no other, together:
        `quantity_distance`, `quantity_sensitivity`, `quantity_diagnosis` over `quantity`, and `quantity_pareto_k`
        (component, alpha). There a conflict is both being sensitive, as in the paper: the two pull a number to two
        places, where of two probabilities both may raise the same one.
    """
    powers = (*SLOPE, *ALPHAS)
    base = answer(stored).probability
    leader, cases = leaders(base), np.arange(base.shape[0])
    moved = [_prior(stored, powers), _likelihood(stored, powers)]
    before = base[cases, leader]
    after = np.stack([each.probability[:, cases, leader] for each in moved])
    distance = np.maximum(
        cumulative_distance(np.broadcast_to(before, after.shape)[..., None], after[..., None], np.ones(1)),
        cumulative_distance(1.0 - np.broadcast_to(before, after.shape)[..., None], 1.0 - after[..., None], np.ones(1)),
    )
    sensitivity = slope(distance[:, :2])
    rise = after[:, 1] - after[:, 0]
    over = ("component", "alpha", "case")
    found = xr.Dataset(
        {
            "probability": ((*over, "hypothesis"), np.stack([each.probability[2:] for each in moved])),
            "pareto_k": (("component", "alpha"), np.stack([each.pareto_k[2:] for each in moved])),
            "distance": (over, distance[:, 2:]),
            "sensitivity": (("component", "case"), sensitivity),
            "diagnosis": ("case", diagnosis(sensitivity, opposed=rise[0] * rise[1] < 0.0)),
        },
        coords={
            "component": np.array(COMPONENTS, dtype=np.str_),
            "alpha": np.array(ALPHAS),
            "case": stored.problem["case"].values,
            "hypothesis": stored.problem["hypothesis"].values,
        },
        attrs={"unit": "power", "pooling": "pooled" if stored.pooled else "unpooled", "threshold": THRESHOLD},
    )
    if posterior is None or stored.theta is None:
        return found
    return found.assign(_quantities(stored, posterior, powers))


def diagnosis(sensitivity: Floats, *, opposed: NDArray[np.bool_] | bool = True) -> NDArray[np.str_]:
    """Say what follows from the sensitivities to prior and evidence.

    Parameters
    ----------
    sensitivity
        Shape (2, Q): to the prior, to the evidence.
    opposed
        Whether the two, where both are felt, are in conflict, shape (Q,).
    """
    prior, evidence = sensitivity >= THRESHOLD
    return np.where(prior & evidence & opposed, CONFLICT, np.where(prior & ~evidence, WEAK, ""))


def slope(distance: Floats) -> Floats:
    """Take the mean slope per doubling of the power from the distances at `SLOPE`, on the axis before the last."""
    low, high = np.log2(SLOPE)
    return np.asarray((distance[..., 0, :] / -low + distance[..., 1, :] / high) / 2.0)


def cumulative_distance(p: Floats, q: Floats, width: Floats) -> Floats:
    """Take the cumulative Jensen-Shannon distance between two distribution functions.

    Parameters
    ----------
    p, q
        Distribution functions between the points where they step, shape (..., D).
    width
        Lengths of these intervals, shape (D,).

    Returns
    -------
    ndarray, shape (...,)
        Between 0 and 1, as normalised by Nguyen and Vreeken (2015) and used by Kallioinen and others (2024).
    """
    middle = 0.5 * (p + q)
    whole_p, whole_q = (p * width).sum(axis=-1), (q * width).sum(axis=-1)
    shift = 0.5 / np.log(2.0) * (whole_q - whole_p)
    with np.errstate(divide="ignore", invalid="ignore"):
        first = (np.where(p > 0.0, xlogy(p, p / middle), 0.0) * width).sum(axis=-1) / np.log(2.0) + shift
        second = (np.where(q > 0.0, xlogy(q, q / middle), 0.0) * width).sum(axis=-1) / np.log(2.0) - shift
        share = (np.maximum(first, 0.0) + np.maximum(second, 0.0)) / (whole_p + whole_q)
    return np.sqrt(np.where(whole_p + whole_q > 0.0, share, 0.0))


def moved_by(values: Floats, weight: Floats) -> Floats:
    """Take the distance that weights move a quantity, the greater of the two that its two directions give.

    Parameters
    ----------
    values
        Draws, shape (D,).
    weight
        Of the draws, shape (A, D), summing to 1.

    Returns
    -------
    ndarray, shape (A,)
    """
    order = np.argsort(values, kind="stable")
    width = np.diff(values[order])
    even = np.arange(1, values.size) / values.size
    other = np.cumsum(weight[:, order], axis=1)[:, :-1]
    return np.maximum(
        cumulative_distance(even, other, width),
        # Read backwards, a distribution function is 1 less it.
        cumulative_distance(1.0 - even, 1.0 - np.minimum(other, 1.0), width),
    )


def _prior(stored: Stored, powers: tuple[float, ...]) -> _Moved:
    """Raise the prior over joint explanations, or over those of each case, to powers."""
    power = np.array(powers)[:, None]
    if stored.pooled:
        log_p = np.where(
            np.isfinite(stored.log_p), power * np.where(np.isfinite(stored.log_p), stored.log_p, 0.0), -np.inf
        )
        found = answer(stored, log_p=log_p - log_sum_exp(log_p)[:, None])
    else:
        prior = np.where(stored.problem["prior"].values > 0.0, stored.problem["prior"].values ** power, 0.0)
        found = answer(stored, prior=prior / prior.sum(axis=-1, keepdims=True))
    return _Moved(found.probability, found.pareto_k)


def _likelihood(stored: Stored, powers: tuple[float, ...]) -> _Moved:
    """Raise all that the evidence says to powers."""
    found = []
    for power in powers:
        sought = None if stored.sought is None else power * stored.sought
        found.append(answer(dataclasses.replace(stored, sought=sought), clusters=power * stored.clusters))
    return _Moved(np.stack([each.probability for each in found]), np.stack([each.pareto_k for each in found]))


def _quantities(stored: Stored, posterior: xr.Dataset, powers: tuple[float, ...]) -> dict[str, xr.DataArray]:
    """Say how far hyperparameters move with their own prior and with the evidence."""
    draws = _drawn(posterior, stored.log_evidence.size)
    log_prior = sum(PRIORS[name](values).sum(axis=1) for name, values in draws.items() if name in PRIORS)
    ratios = (np.asarray(log_prior), None)
    columns = {
        f"{name}{label}": column
        for name, values in draws.items()
        for label, column in _columns(posterior, name, values)
    }
    distance, pareto_k = [], []
    for ratio in ratios:
        log_ratio = (
            np.stack([scaled_evidence(stored, power) - stored.log_evidence for power in powers])
            if ratio is None
            else (np.array(powers)[:, None] - 1.0) * ratio
        )
        weighed = reweigh(log_ratio)
        distance.append(np.stack([moved_by(column, weighed.weight) for column in columns.values()], axis=1))
        pareto_k.append(weighed.pareto_k[2:])
    sensitivity = slope(np.stack(distance)[:, :2])
    names = {"quantity": np.array(list(columns), dtype=np.str_)}
    over = ("component", "alpha")
    return {
        "quantity_distance": xr.DataArray(np.stack(distance)[:, 2:], dims=(*over, "quantity"), coords=names),
        "quantity_pareto_k": xr.DataArray(np.stack(pareto_k), dims=over),
        "quantity_sensitivity": xr.DataArray(sensitivity, dims=("component", "quantity"), coords=names),
        "quantity_diagnosis": xr.DataArray(diagnosis(sensitivity), dims="quantity", coords=names),
    }


def scaled_evidence(stored: Stored, power: float) -> Floats:
    """Evaluate the log evidence of each draw with its likelihood raised to a power, shape (D,)."""
    if stored.pooled:
        z = stored.z
        total = sum(stored.loglik[:, case, z[:, case]] for case in range(z.shape[1]))
        return log_sum_exp(stored.log_p + power * total)
    with np.errstate(divide="ignore"):
        prior = np.log(stored.problem["prior"].values)
    return np.asarray(log_sum_exp(prior + power * stored.loglik).sum(axis=-1))


def _drawn(posterior: xr.Dataset, draws: int) -> dict[str, Floats]:
    """Take the draws of hyperparameters that are stored, evenly spaced over the chains joined, shape (D, n) each."""
    names = dict.fromkeys((*Hyperparameters._fields, *PRIORS))
    total = posterior.sizes["chain"] * posterior.sizes["draw"]
    kept = np.linspace(0, total - 1, min(draws, total)).round().astype(np.int64)
    return {
        name: posterior[name].transpose("chain", "draw", ...).values.reshape(total, -1)[kept]
        for name in names
        if name in posterior
    }


def _columns(posterior: xr.Dataset, name: str, values: Floats) -> list[tuple[str, Floats]]:
    """Name the numbers of a hyperparameter by their coordinates, such as `[neutral, 0]`."""
    dims = [dim for dim in posterior[name].dims if dim not in {"chain", "draw"}]
    labels = [[str(label) for label in posterior[dim].values] for dim in dims]
    if not dims:
        return [("", values[:, 0])]
    grid = np.stack(np.meshgrid(*labels, indexing="ij"), axis=-1).reshape(-1, len(dims))
    return [(f"[{', '.join(row)}]", values[:, place]) for place, row in enumerate(grid)]
