"""A problem as a PyMC model: coders and signal sampled, explanations summed out exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pymc as pm
import pytensor.gradient
import pytensor.tensor as pt
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import casewise, clues, drawn_pools, pooling
from bayestrace.inference.backend import Array
from bayestrace.inference.layout import layout
from bayestrace.inference.operator import cluster_loglik as compiled_loglik
from bayestrace.inference.operator import log_evidence
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
from bayestrace.inference.signal import Floats, Hyperparameters, cluster_loglik, design_of
from bayestrace.inference.units import Unit, Units, units_of
from bayestrace.weights import helmert


class PyTensor:
    """The formulas of the signal model as a graph."""

    log = staticmethod(pt.log)
    exp = staticmethod(pt.exp)
    sqrt = staticmethod(pt.sqrt)
    at_least = staticmethod(pt.maximum)
    inverse = staticmethod(pt.linalg.inv)

    @staticmethod
    def normal_cdf(x: Array) -> Array:
        """Take the standard normal distribution function."""
        return 0.5 * pt.erfc(-x / np.sqrt(2.0))

    @staticmethod
    def greatest(x: Array, axes: tuple[int, ...]) -> Array:
        """Take the greatest element along some axes; a constant to gradients."""
        return pytensor.gradient.disconnected_grad(x.max(axis=axes))

    @staticmethod
    def log_det(x: Array) -> Array:
        """Take the log determinants of the matrices on the last two axes."""
        return pt.linalg.slogdet(x)[1]

    # Neither of the two is a matrix product: compiling one takes pytensor's numba backend 15 s each, a gather or
    # a broadcast half a second, and they run as fast at these sizes (docs/performance.md).
    @staticmethod
    def times(x: Array, matrix: Array) -> Array:
        """Multiply the last axis of `x` by a constant matrix."""
        return (x[..., :, None] * matrix).sum(axis=-2)

    @staticmethod
    def sum_rows(label: Array, groups: int, x: Array, trailing: int) -> Array:
        """Sum rows of `x` by their labels 0 to groups - 1; `x` has no draws."""
        size = np.bincount(label, minlength=groups)
        return _sum_chosen(np.arange(size.max()) < size[:, None], np.argsort(label, kind="stable"), x, trailing)


def _sum_chosen(inside: Array, rows: Array, x: Array, trailing: int) -> Array:
    """Sum rows of `x`, which stand side by side, group after group, where `inside` (group, place) is true."""
    # Where a group has fewer than the largest stands another's row, times nothing.
    place = np.zeros(inside.shape, dtype=np.int64)
    place[inside] = rows
    return (x[place] * inside.reshape(*inside.shape, *[1] * trailing).astype(np.float64)).sum(axis=1)


def _of_cases(case_term: NDArray[Any], found: Array) -> Array:
    """Add up the log-probabilities of what was found in each case, shape (case, hypothesis)."""
    size = (case_term > 0).sum(axis=1)
    return _sum_chosen(np.arange(size.max()) < size[:, None], np.nonzero(case_term)[1], found, 1)


def build_model(problem: xr.Dataset) -> pm.Model:
    """Build the marginal model of a problem.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it, with an observation that weighs, or with clues.

    Returns
    -------
    pymc.Model
        Deterministics: `scale`, `noise`, `bias`, `range_factor`, `common_error`, `sd_log_v` of the coders, where an
        observation weighs; `chance` (cell, hypothesis), P(found | hypothesis), where there are clues; `case_loglik`
        (case, hypothesis) in nats; and, where the joint explanations are too many to enumerate, `omega`, `pool`,
        `kappa`, `case_prior`. Free variables with a meaning of their own: `shared`, `r_eta`, `log_v`, `noise_sd`,
        `leaning_sd`.
        The others, whose names end in `_raw`, are coordinates in which the sampler moves easily.
    """
    with _named(problem) as model:
        data = {name: pm.Data(name, value, shape=value.shape) for name, value in data_of(problem).items()}
        observed = _observations(problem, data) if problem["weighs"].values.any() else None
        found = _clues(problem) if clues.in_problem(problem) else None
        parts = [] if observed is None else [observed]
        parts += [] if found is None else [_of_cases(problem["case_term"].values, found)]
        loglik = pm.Deterministic("case_loglik", sum(parts[1:], parts[0]), dims=("case", "hypothesis"))
        if pooling.fits_in_table(problem):
            evidence = _log_evidence(problem, loglik)
        else:
            evidence = _log_evidence_by_case(problem, observed, found)
        pm.Potential("evidence", evidence)
    return model


def learned_model(problem: xr.Dataset) -> tuple[pm.Model, Hyperparameters]:
    """Build what of the model is learned of coders and signal, without the evidence.

    Parameters
    ----------
    problem
        As for `build_model`, with an observation that weighs.

    Returns
    -------
    pymc.Model
        The variables of `build_model`, their prior and nothing else.
    Hyperparameters
        The same as they enter the likelihood.
    """
    with _named(problem) as model:
        data = {name: pt.as_tensor(value) for name, value in _units_of(problem).items()}
        return model, _hyperparameters(problem, data)


def _named(problem: xr.Dataset) -> pm.Model:
    coords: dict[str, Any] = {
        name: list(problem[name].values) for name in ("coder", "case", "hypothesis", "cell") if name in problem.coords
    }
    coords["contrast"] = list(range(problem.sizes["contrast"]))
    return pm.Model(coords=coords)


def _observations(problem: xr.Dataset, data: Mapping[str, Array]) -> Array:
    """Log-likelihood of each case's observations, shape (case, hypothesis)."""
    design, _, cluster = design_of(problem)
    theta = _hyperparameters(problem, data)
    # The loops know coders who weighed every hypothesis; the graph of the formulas knows all.
    if design.projector is None:
        clusters = compiled_loglik(theta, [data[f"data_{name}"] for name in layout(design)])
    else:
        clusters = cluster_loglik(design, theta, PyTensor())
    return PyTensor.sum_rows(problem["case_of_cluster"].values[cluster], problem.sizes["case"], clusters, 1)


def _clues(problem: xr.Dataset) -> Array:
    """Log-probability of each outcome of a search, shape (term, hypothesis)."""
    known, alpha, beta = (problem[f"cell_{name}"].values.ravel() for name in ("known", "alpha", "beta"))
    free = np.isnan(known)
    shape = (problem.sizes["cell"], problem.sizes["hypothesis"])
    phi = pt.as_tensor(np.where(free, 0.5, known).reshape(shape))
    if free.any():
        drawn = pm.Beta("chance_raw", alpha[free], beta[free])
        phi = pt.set_subtensor(phi.flatten()[np.flatnonzero(free)], drawn).reshape(shape)
    phi = pm.Deterministic("chance", phi, dims=("cell", "hypothesis"))
    return clues.loglik(clues.terms_of(problem), phi, PyTensor())


def data_of(problem: xr.Dataset) -> dict[str, NDArray[Any]]:
    """Take what the model of a problem knows as data, not as part of its graph.

    Problems of one design (cases, clusters, coders, hypotheses, priors) have one graph, which is compiled once; another
    one's data are put in with `pymc.Model.set_data`. Coders who weighed some hypotheses only are part of the graph.
    """
    if not problem["weighs"].values.any():
        return {}
    design, _, _ = design_of(problem)
    laid_out = layout(design) if design.projector is None else {}
    return _units_of(problem) | {f"data_{name}": value for name, value in laid_out.items()}


def _units_of(problem: xr.Dataset) -> dict[str, NDArray[Any]]:
    return {
        f"data_{name}_{part}": value
        for name, unit in units_of(problem)._asdict().items()
        for part, value in unit._asdict().items()
    }


def _hyperparameters(problem: xr.Dataset, data: Mapping[str, Array]) -> Hyperparameters:
    coders = problem.sizes["coder"]
    units = Units(
        *(Unit(*(data[f"data_{name}_{part}"] for part in Unit._fields)) for name in Units._fields),
    )
    noise_sd = pm.LogNormal("noise_sd", np.log(NOISE_MEDIAN), NOISE_LOG_SD)
    sd_log_v = _folded("sd_log_v_raw", SD_LOG_V, Unit(np.zeros(()), np.array(SD_LOG_V)))
    common_error = _folded("common_error_raw", COMMON_ERROR_SD, Unit(np.zeros(()), np.array(COMMON_ERROR_SD)))
    # Contrasts between coders that are independent make a vector that sums to zero.
    contrasts = helmert(coders).T if coders > 1 else np.zeros((1, 0))
    log_scale = (contrasts * _scaled("scale_raw", 0.0, SCALE_SD, units.log_scale)).sum(axis=1)
    shared = pm.Beta("shared", 2.0, 2.0)
    # range_factor ~ LogNormal(0, 0.5), sampled through what each coder has of it alone, which is what differences
    # between coders pin down; given `shared` this is a shift of its logarithm, so no Jacobian arises.
    alone = _scaled("range_raw", 0.5 * pt.log1p(-shared), RANGE_SD, units.log_range)
    return Hyperparameters(
        scale=pm.Deterministic("scale", pt.exp(log_scale), dims="coder"),
        noise=pm.Deterministic("noise", _folded("noise_raw", noise_sd, units.noise), dims="coder"),
        bias=pm.Deterministic("bias", _bias(problem, contrasts, units.leaning), dims=("coder", "contrast")),
        range_factor=pm.Deterministic("range_factor", pt.exp(alone) / pt.sqrt(1.0 - shared)),
        shared=shared,
        common_error=pm.Deterministic("common_error", common_error),
        r_eta=pm.Beta("r_eta", 2.0, 2.0),
        log_v=pm.Normal("log_v", LOG_V_MEAN, LOG_V_SD),
        sd_log_v=pm.Deterministic("sd_log_v", sd_log_v),
    )


def _scaled(name: str, mean: Array, sd: Array, unit: Unit) -> Array:
    """Draw from Normal(mean, sd), in units of about what the data leave of it.

    z is standard Normal where the data say Normal(unit.centre, unit.width); whatever they say in truth, what is
    returned has the distribution asked for.
    """
    centre, width = pt.as_tensor(unit.centre), pt.as_tensor(unit.width)
    left = 1.0 / pt.sqrt(1.0 / width**2 + 1.0 / sd**2)
    middle = left**2 * (centre / width**2 + mean / sd**2)
    start = np.zeros(centre.type.shape)
    return middle + left * pm.Normal(name, (mean - middle) / left, sd / left, shape=start.shape, initval=start)


def _folded(name: str, sd: Array, unit: Unit) -> Array:
    """Draw from HalfNormal(sd) as the size of a number of either sign.

    What it enters is even in it, so that a size that may well be zero has a smooth bell about zero instead of the long
    tail of its logarithm.
    """
    return pt.abs(_scaled(name, 0.0, sd, unit))


def _bias(problem: xr.Dataset, contrasts: Floats, unit: Unit) -> Array:
    """Leaning of each coder, shape (coder, contrast): a common part and one of each coder's own.

    leaning_common + leaning_j is sampled as its mean over coders and the orthonormal contrasts between them, which
    has the same distribution: coders' differences are known to a fifth of a decibel where their mean is hardly
    known at all, and a sampler with a diagonal metric wants the two apart.
    """
    leaning_sd = pm.HalfNormal("leaning_sd", LEANING_SD)
    mean_sd = pt.sqrt(problem.attrs["leaning_sd"] ** 2 + leaning_sd**2 / problem.sizes["coder"])
    mean = pm.Normal("leaning_mean_raw", 0.0, 1.0, shape=problem.sizes["contrast"]) * mean_sd
    between = _scaled("leaning_between_raw", 0.0, leaning_sd, unit)
    # One sum over both: a mean added to that of every coder has a gradient that alone takes 7 s to compile.
    parts = np.concatenate([np.ones((problem.sizes["coder"], 1)), contrasts], axis=1)
    return (parts[:, :, None] * pt.concatenate([mean[None], between])).sum(axis=1)


def _log_evidence(problem: xr.Dataset, loglik: Array) -> Array:
    """Sum the explanations out over the table of joint ones."""
    table = pooling.table_of(problem)
    chosen = table.z + problem.sizes["hypothesis"] * np.arange(problem.sizes["case"])
    return pt.logsumexp(table.log_p + loglik.flatten()[chosen].sum(axis=1))


def _log_evidence_by_case(problem: xr.Dataset, observed: Array | None, found: Array | None) -> Array:
    """Sum the explanations out case by case, given sampled pools."""
    prior, row = drawn_pools.case_prior(problem)
    log_prior = pt.log(pt.maximum(prior, drawn_pools.LEAST))
    if found is None:
        return pt.logsumexp(log_prior[row] + observed, axis=1).sum()
    chosen = (problem["case_count"].values * _log_chosen(problem, log_prior[row])).sum()
    if observed is not None:
        log_prior, row = log_prior[row] + observed, np.arange(problem.sizes["case"])
    clue = problem["cell_clue"].values[problem["term_cell"].values[:, 0]]
    laid_out = casewise.layout(problem["case_term"].values, clue, row, problem["case_count"].values)
    return log_evidence(found, log_prior, laid_out) - chosen


def _log_chosen(problem: xr.Dataset, log_prior: Array) -> Array:
    """Log probability that a case has the outcome that it was chosen for, whatever explains it, shape (case,)."""
    if "case_path" not in problem:
        return pt.zeros(problem.sizes["case"])
    chance = pm.modelcontext(None)["chance"]
    term = clues.loglik(clues.terms_of(problem), chance, PyTensor())
    path = pt.exp(pt.dot(pt.as_tensor(problem["path_term"].values.astype(np.float64)), term))
    ways = problem["case_path"].values.astype(np.float64)
    # A case that was not chosen for an outcome has no way, and is as likely to be here as any.
    chosen = pt.dot(pt.as_tensor(ways), path) + (ways.sum(axis=1) == 0)[:, None]
    return pt.logsumexp(log_prior + pt.log(chosen), axis=1)
