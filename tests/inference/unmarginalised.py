"""The model of docs/inference.md 3 and 4 with every true weight, shared error (announced or not) and v a variable.

Slow and plain, to hold the marginal model against: nothing here uses its formulas. Redundancy stands at its mean,
observations that weigh are so (reliability 1), and nothing was left out (selectivity 0).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
import xarray as xr

from bayestrace.inference import pooling


def build(problem: xr.Dataset) -> pm.Model:
    """Build the unmarginalised model of a problem; only the explanations are summed out, by their table.

    The deterministics `scale`, `bias` and those of the free variables that both models have bear the names of
    `bayestrace.inference.model`; `case_loglik` (case, hypothesis) is that of the true weights of a draw.
    """
    if problem.attrs["selectivity"] > 0.0:
        raise ValueError("the unmarginalised model knows no selection")
    evidence = np.flatnonzero(problem["weighs"].values)
    contrasts = problem["helmert"].values
    dims, hypotheses = contrasts.shape
    labels, cluster = np.unique(problem["cluster_of_evidence"].values[evidence], return_inverse=True)
    size = np.bincount(cluster)
    # A single observation has no other to be redundant with; .95 is the cap of docs/inference.md 3.1.
    r = np.where(size > 1, np.minimum(problem["redundancy_mean"].values[labels], 0.95), 0.0)[cluster][:, None]
    several = (size > 1).astype(float)[cluster][:, None]
    with pm.Model(coords=_coords(problem)) as model:
        theta = _hyperparameters(problem)
        v = pm.Deterministic("v", pt.exp(theta["log_v"] + theta["sd_log_v"] * pm.Normal("v_raw", shape=labels.size)))
        half_v = v[cluster][:, None] / 2.0
        # True weights as they would be without an explanation: Normal(0, v/2), equicorrelated within a cluster ...
        both, own = pm.Normal("x_both", shape=(labels.size, dims)), pm.Normal("x_own", shape=(evidence.size, dims))
        x = pt.sqrt(half_v) * (np.sqrt(r) * both[cluster] + np.sqrt(1.0 - r) * own)
        # ... and how much better each explanation does with them than that.
        loglik = pm.Deterministic(
            "case_loglik", _gain(problem, evidence, cluster, x, half_v, r), dims=("case", "hypothesis")
        )
        pm.Potential("explanations", _sum_over_explanations(problem, loglik))
        stated, doubt = problem["stated"].values[:, evidence], problem["stated_variance"].values[:, evidence]
        mean_doubt = (stated * doubt).sum(axis=0) / stated.sum(axis=0)
        of_cluster = (np.bincount(cluster, mean_doubt) / size)[cluster][:, None]
        hard_both = pm.Normal("eta_both", shape=(labels.size, dims))
        hard_own = pm.Normal("eta_own", shape=(evidence.size, dims))
        eta = pt.sqrt(theta["shared"] * of_cluster) * theta["range_factor"]
        # No root of r_eta times 0: its gradient is not a number.
        alone = pt.sqrt(1.0 - theta["r_eta"] * several)
        linked = pt.sqrt(theta["r_eta"]) * several
        eta = eta * (linked * hard_both[cluster] + alone * hard_own)
        # What no range announces, an error of its own beside that.
        common_both = pm.Normal("common_both", shape=(labels.size, dims))
        common_own = pm.Normal("common_own", shape=(evidence.size, dims))
        eta = eta + theta["common_error"] * (linked * common_both[cluster] + alone * common_own)
        mean = theta["scale"][:, None, None] * (x + eta) + theta["bias"][:, None, :]
        variance = theta["noise"][:, None] ** 2 + (1.0 - theta["shared"]) * theta["range_factor"] ** 2 * doubt
        projector = problem["projector"].values[:, evidence]
        miss = (projector * (problem["weight"].values[:, evidence] - mean)[..., None, :]).sum(axis=-1)
        rank = np.trace(projector, axis1=-2, axis2=-1)
        density = -0.5 * ((miss**2).sum(axis=-1) / variance + rank * pt.log(2.0 * np.pi * variance))
        pm.Potential("coders", (stated * density).sum())
    assert hypotheses == dims + 1
    return model


def _coords(problem: xr.Dataset) -> dict[str, Any]:
    return {name: list(problem[name].values) for name in ("coder", "case", "hypothesis")} | {
        "contrast": list(range(problem.sizes["contrast"]))
    }


def _hyperparameters(problem: xr.Dataset) -> dict[str, Any]:
    coders, dims = problem.sizes["coder"], problem.sizes["contrast"]
    log_scale = pm.ZeroSumNormal("log_scale", 0.3, dims="coder") if coders > 1 else pt.zeros(1)
    noise_sd, leaning_sd = pm.LogNormal("noise_sd", np.log(0.5), 1.0), pm.HalfNormal("leaning_sd", 0.3)
    leaning = leaning_sd * pm.Normal("leaning_raw", shape=(coders, dims))
    common = problem.attrs["leaning_sd"] * pm.Normal("common_raw", shape=dims)
    return {
        "scale": pm.Deterministic("scale", pt.exp(log_scale), dims="coder"),
        "noise": pm.Deterministic("noise", noise_sd * pm.HalfNormal("noise_raw", 1.0, dims="coder"), dims="coder"),
        "bias": pm.Deterministic("bias", common + leaning, dims=("coder", "contrast")),
        "range_factor": pm.LogNormal("range_factor", 0.0, 0.5),
        "shared": pm.Beta("shared", 2.0, 2.0),
        "common_error": pm.HalfNormal("common_error", 0.75),
        "r_eta": pm.Beta("r_eta", 2.0, 2.0),
        "log_v": pm.Normal("log_v", np.log(0.5), 1.0),
        "sd_log_v": pm.HalfNormal("sd_log_v", 0.7),
    }


def _gain(  # noqa: PLR0913, PLR0917 - the pieces of one density
    problem: xr.Dataset, evidence: Any, cluster: Any, x: Any, half_v: Any, r: Any
) -> Any:
    """Log Normal(x; (v/2) H u_k, C) - log Normal(x; 0, C) by case, C = (v/2)[(1 - r) I + r 11'] in each cluster."""
    same = cluster[:, None] == cluster
    inverse = np.linalg.inv(np.where(same, r, 0.0) + np.diag((1.0 - r)[:, 0]))

    def squares(distance: Any) -> Any:
        return (distance * pt.tensordot(pt.as_tensor(inverse), distance, axes=1)).sum(axis=1) / half_v[:, 0]

    rows = [
        -0.5 * (squares(x - half_v * problem["helmert"].values[:, k]) - squares(x))
        for k in range(problem.sizes["hypothesis"])
    ]
    in_case = np.eye(problem.sizes["case"])[:, problem["case_of_evidence"].values[evidence]]
    return pt.stack([(in_case * row).sum(axis=1) for row in rows], axis=1)


def _sum_over_explanations(problem: xr.Dataset, loglik: Any) -> Any:
    table = pooling.table_of(problem)
    cases = np.arange(problem.sizes["case"])
    return pt.logsumexp(table.log_p + loglik[cases, table.z].sum(axis=1))
