"""A problem as a PyMC model: coders and signal sampled, explanations summed out exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.gradient
import pytensor.tensor as pt
import xarray as xr

from bayestrace.inference import pooling
from bayestrace.inference.normal import Array
from bayestrace.inference.signal import Design, Hyperparameters, cluster_loglik, design_of

#: Priors of the hyperparameters (model.md 2), natural units.
SCALE_SD = 0.3
NOISE_SD = 0.5
LEANING_SD = 0.3
RANGE_SD = 0.5
LOG_V_MEAN, LOG_V_SD = float(np.log(0.5)), 1.0
SD_LOG_V = 0.7


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
    def sum_rows(matrix: Array, x: Array, trailing: int) -> Array:
        """Sum rows of `x` by an indicator matrix over the axis before `trailing` others; `x` has no draws."""
        widest = int((matrix > 0).sum(axis=1).max())
        place = np.argsort(matrix == 0, axis=1, kind="stable")[:, :widest]
        share = np.take_along_axis(matrix, place, axis=1).reshape(*place.shape, *[1] * trailing)
        return (x[place] * share).sum(axis=1)


def build_model(problem: xr.Dataset) -> pm.Model:
    """Build the marginal model of a problem.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it, with at least one observation that weighs.

    Returns
    -------
    pymc.Model
        Free variables: `log_scale` (zero sum over coders), `noise`, `leaning`, `leaning_sd`, `leaning_common`,
        `range_factor`, `shared`, `r_eta`, `log_v`, `sd_log_v`, and `pool_*` where the joint explanations are too
        many to enumerate; deterministic `case_loglik` (case, hypothesis), nats.
    """
    design, _, cluster = design_of(problem)
    case_of = np.eye(problem.sizes["case"])[problem["case_of_cluster"].values[cluster]].T[:, :, None]
    coords: dict[str, Any] = {
        name: list(problem[name].values) for name in ("coder", "case", "hypothesis") if name in problem.coords
    }
    coords["contrast"] = list(range(problem.sizes["contrast"]))
    with pm.Model(coords=coords) as model:
        theta = _hyperparameters(problem, design)
        clusters = cluster_loglik(design, theta, PyTensor())
        loglik = pm.Deterministic("case_loglik", (case_of * clusters).sum(axis=1), dims=("case", "hypothesis"))
        pm.Potential("evidence", _log_evidence(problem, loglik))
    return model


def _hyperparameters(problem: xr.Dataset, design: Design) -> Hyperparameters:
    coders = problem.sizes["coder"]
    del design
    if coders > 1:
        scale = pt.exp(pm.ZeroSumNormal("log_scale", sigma=SCALE_SD, dims="coder"))
    else:
        scale = pt.ones(1)
    noise = pm.HalfNormal("noise", NOISE_SD, dims="coder")
    leaning_sd = pm.HalfNormal("leaning_sd", LEANING_SD)
    leaning = pm.Normal("leaning", 0.0, 1.0, dims=("coder", "contrast"))
    # A common leaning of sd 0 is a profile that rules it out.
    common = pm.Normal("leaning_common", 0.0, 1.0, dims="contrast") * problem.attrs["leaning_sd"]
    return Hyperparameters(
        scale=scale,
        noise=noise,
        bias=common + leaning_sd * leaning,
        range_factor=pm.LogNormal("range_factor", 0.0, RANGE_SD),
        shared=pm.Beta("shared", 2.0, 2.0),
        r_eta=pm.Beta("r_eta", 2.0, 2.0),
        log_v=pm.Normal("log_v", LOG_V_MEAN, LOG_V_SD),
        sd_log_v=pm.HalfNormal("sd_log_v", SD_LOG_V),
    )


def _log_evidence(problem: xr.Dataset, loglik: Array) -> Array:
    table = pooling.table_of(problem)
    chosen = table.z + problem.sizes["hypothesis"] * np.arange(problem.sizes["case"])
    return pt.logsumexp(table.log_p + loglik.flatten()[chosen].sum(axis=1))
