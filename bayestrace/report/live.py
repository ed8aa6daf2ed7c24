"""The data island and the script of a page that works its answer out again (docs/live.md).

What is exact for every prior and every pooling is one vector: log A(Z), the mean over all draws of the likelihood of a
joint explanation over the evidence of the draw. What else a page may change is read again on a few draws of what the
coders and the signal are like, and on all that coders stated.
"""

from __future__ import annotations

import base64
import itertools
import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from scipy.special import roots_jacobi

from bayestrace.weights import log_sum_exp, to_nats

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Version of the island's layout.
LAYOUT = 1
#: Draws on which a page reads the evidence again, evenly spaced over those of the fit.
DRAWS = 400
#: Joint explanations, and assignments of pooling levels to cases, that a page still goes through.
JOINT_LIMIT, ASSIGNMENT_LIMIT = 20_000, 70_000
#: Nodes of quadrature over redundancy, informativeness and concentration, and the greatest redundancy: as the fit's.
R_NODES, V_NODES, KAPPA_NODES, R_CAP = 5, 21, 15, 0.95
#: The script's files in the order in which they build on one another.
FILES = (
    "normal.js",
    "symmetric.js",
    "data.js",
    "coders.js",
    "signal.js",
    "block.js",
    "pooling.js",
    "reweight.js",
    "evidence.js",
    "engine.js",
)
_SCRIPT = Path(__file__).parent / "script"
# Numbers held at once while A(Z) is worked out.
_NUMBERS = 4_000_000
_THETA = {
    "scale": "scale",
    "noise": "noise",
    "bias": "bias",
    "rangeFactor": "range_factor",
    "shared": "shared",
    "commonError": "common_error",
    "rEta": "r_eta",
    "logV": "log_v",
    "sdLogV": "sd_log_v",
}


def island(tree: xr.DataTree, draws: int = DRAWS) -> dict[str, Any]:
    """Gather what a page needs to work its answer out again.

    Parameters
    ----------
    tree
        A result (docs/results.md).
    draws
        How many draws of the hyperparameters to keep, evenly spaced; all there are if fewer.

    Returns
    -------
    dict
        Plain data, ready for JSON. Arrays of numbers are base64 of 8 bytes each, least significant first, last axis
        fastest: `logA` (Z,), with the last case changing fastest, null where the joint explanations are too many;
        `theta`, D draws in front, of 4 bytes each: a page's draws are those, rounded; `observation` (J, N, ...), N
        observations that weigh; `cluster` (G, R). At face value, where nothing is learned of the coders, `theta`,
        `observation` and `cluster` are null.
    """
    problem = tree["problem"].to_dataset()
    learned = tree.attrs["kind"] == "model"
    node, weight = np.polynomial.hermite_e.hermegauss(V_NODES)
    on_kappa, kappa_weight = np.polynomial.legendre.leggauss(KAPPA_NODES)
    made: dict[str, Any] = {
        "layout": LAYOUT,
        "kind": tree.attrs["kind"],
        **{
            f"{name}": [str(label) for label in problem[dim].values]
            for name, dim in (("cases", "case"), ("hypotheses", "hypothesis"), ("levels", "level"), ("panel", "coder"))
        },
        "evidence": [],
        "clusters": [],
        "prior": problem["prior"].values.tolist(),
        "pools": [np.unique(column, return_inverse=True)[1].tolist() for column in problem["pool"].values.T],
        "pooling": {
            "kappa": [float(problem.attrs["kappa_low"]), float(problem.attrs["kappa_high"])],
            "levels": problem["level_weight"].values.tolist(),
        },
        "selectivity": float(problem.attrs["selectivity"]),
        "favours": [str(name) for name in problem["hypothesis"].values].index(problem.attrs["favours"]),
        "numbers": {
            "vNode": encoded(node),
            "vWeight": encoded(weight / weight.sum()),
            "kappaNode": encoded((on_kappa + 1.0) / 2.0),
            "kappaWeight": encoded(kappa_weight / 2.0),
            "helmert": encoded(problem["helmert"].values),
        },
        "logA": None,
        "theta": None,
        "observation": None,
        "cluster": None,
        "projectors": None,
    }
    if enumerable(problem):
        made["logA"] = encoded(log_update(problem, _loglik(tree)))
    if learned:
        made |= _evidence(problem) | {"theta": _theta(tree["posterior"].to_dataset(), draws)}
    return made


def embedded(made: dict[str, Any]) -> str:
    """Write an island as JSON that may stand inside an HTML script element: no `<` is left in it."""
    text = json.dumps(made, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def script() -> str:
    """Join the script's files to one, which defines `live` and nothing else; `live.open(island)` makes an engine."""
    files = "\n".join(bare((_SCRIPT / name).read_text(encoding="utf-8")) for name in FILES)
    return f'const live = (() => {{\n"use strict";\n{files}\nreturn engine;\n}})();\n'


def bare(text: str) -> str:
    """Leave comments that have lines of their own, and indentation, out of a script that pages carry.

    Parameters
    ----------
    text
        A script in which no text runs over lines, and no line within a comment but its last one holds code.
    """
    kept, inside = [], False
    for line in map(str.strip, text.splitlines()):
        if inside or line.startswith(("//", "/*")) or not line:
            inside = (inside or line.startswith("/*")) and not line.endswith("*/")
        else:
            kept.append(line)
    return "\n".join(kept)


def encoded(values: ArrayLike, dtype: str = "<f8") -> str:
    """Write numbers as base64 of 8 bytes each, or 4, least significant first, the last axis fastest."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode()


def enumerable(problem: xr.Dataset) -> bool:
    """Say whether a page can go through every joint explanation, and through every way to use the pooling levels."""
    cases, hypotheses = problem.sizes["case"], problem.sizes["hypothesis"]
    used = int((problem["level_weight"].values > 0).sum())
    return bool(hypotheses**cases <= JOINT_LIMIT and used**cases <= ASSIGNMENT_LIMIT)


def joint_prior(problem: xr.Dataset) -> tuple[Integers, Floats]:
    """Work P(Z) out for every joint explanation, the standpoint being the fitted one (docs/inference.md 4).

    Returns
    -------
    z : ndarray, shape (Z, C)
        The last case changes fastest.
    probability : ndarray, shape (Z,)

    Notes
    -----
    The cases of a block take their explanations one after the other, as balls from an urn to which each ball drawn
    adds one like it: P(next is k) = (kappa m_k + number of k before)/(kappa + number before).
    """
    cases, hypotheses = problem.sizes["case"], problem.sizes["hypothesis"]
    z = np.array(list(itertools.product(range(hypotheses), repeat=cases)), dtype=np.int64).reshape(-1, cases)
    prior, kappa = problem["prior"].values, problem["kappa"].values[:, None]
    weight = problem["kappa_weight"].values
    total = np.zeros(z.shape[0])
    for blocks, mass in _partitions(problem).items():
        given = np.ones((kappa.size, z.shape[0]))
        for block in blocks:
            for place, case in enumerate(block):
                own = prior[z[:, case]]
                before = (z[:, block[:place]] == z[:, [case]]).sum(axis=1)
                given *= (kappa * own + before) / (kappa + place) if place else own
        total += mass * (weight @ given)
    return z, total


def _partitions(problem: xr.Dataset) -> dict[tuple[tuple[int, ...], ...], float]:
    """Give the probability of each partition of the cases into blocks that share a pool."""
    weight, pool = problem["level_weight"].values, problem["pool"].values
    used = [int(level) for level in np.flatnonzero(weight > 0)]
    found: dict[tuple[tuple[int, ...], ...], float] = defaultdict(float)
    for levels in itertools.product(used, repeat=pool.shape[0]):
        mass = 1.0
        blocks: dict[tuple[int, str], list[int]] = defaultdict(list)
        for case, level in enumerate(levels):
            mass *= (weight[level] + levels[:case].count(level)) / (weight[used].sum() + case)
            blocks[level, str(pool[case, level])].append(case)
        found[tuple(sorted(tuple(block) for block in blocks.values()))] += float(mass)
    return found


def log_update(problem: xr.Dataset, loglik: Floats) -> Floats:
    """Work log A(Z) out: P(Z | evidence) is proportional to P(Z) A(Z) whatever the standpoint.

    Parameters
    ----------
    problem
        What was fitted.
    loglik
        Case log-likelihoods, shape (D, C, K), nats.

    Returns
    -------
    ndarray, shape (Z,)
        Log of the mean over draws of the likelihood of Z over the evidence of the draw under the fitted standpoint.
    """
    z, probability = joint_prior(problem)
    with np.errstate(divide="ignore"):
        log_p = np.log(probability)
    result = np.full(z.shape[0], -np.inf)
    step = max(1, _NUMBERS // z.shape[0])
    for start in range(0, loglik.shape[0], step):
        part = loglik[start : start + step]
        total = np.zeros((part.shape[0], z.shape[0]))
        for case in range(z.shape[1]):
            total += part[:, case, z[:, case]]
        log_evidence = log_sum_exp(log_p + total)
        result = np.logaddexp(result, log_sum_exp(total - log_evidence[:, None], axis=0))
    return np.asarray(result - math.log(loglik.shape[0]))


def _loglik(tree: xr.DataTree) -> Floats:
    """Take the case log-likelihoods of all draws, or those of the stated weights as one draw, shape (D, C, K), nats."""
    if tree.attrs["kind"] == "model":
        values = tree["posterior"]["case_loglik"].transpose("chain", "draw", "case", "hypothesis").values
        return np.asarray(values.reshape(-1, *values.shape[2:]), dtype=np.float64)
    stated = tree["face_value"]["case_db"].sel(doubtful="counted").transpose("case", "hypothesis")
    return to_nats(stated.values)[None]


def _theta(posterior: xr.Dataset, draws: int) -> dict[str, str]:
    total = posterior.sizes["chain"] * posterior.sizes["draw"]
    kept = np.linspace(0, total - 1, min(draws, total)).round().astype(np.int64)
    result = {}
    for name, held in _THETA.items():
        values = posterior[held].transpose("chain", "draw", ...).values
        result[name] = encoded(values.reshape(total, *values.shape[2:])[kept], "<f4")
    return result


def _evidence(problem: xr.Dataset) -> dict[str, Any]:
    """Lay out what was stated of the observations that weigh, and their clusters."""
    weighing = np.flatnonzero(problem["weighs"].values)
    label = problem["cluster_of_evidence"].values[weighing]
    kept, cluster_of = np.unique(label, return_inverse=True)
    stated = problem["stated"].values[:, weighing]
    projector = problem["projector"].values[:, weighing]
    identity = np.eye(projector.shape[-1])
    whole = np.isclose(projector, identity).all(axis=(-2, -1)) | ~stated
    # The first is that of whoever compared every explanation.
    distinct, place = np.unique(projector[~whole], axis=0, return_inverse=True)
    which = np.zeros(stated.shape, dtype=np.int64)
    which[~whole] = place.reshape(-1) + 1
    redundancy = [
        redundancy_nodes(float(problem["redundancy_mean"].values[one]), float(problem["redundancy_sd"].values[one]))
        for one in kept
    ]
    return {
        "evidence": [str(name) for name in problem["evidence"].values[weighing]],
        "clusters": [str(name) for name in problem["cluster"].values[kept]],
        "observation": {
            "cluster": cluster_of.reshape(-1).tolist(),
            "stated": stated.astype(np.int64).reshape(-1).tolist(),
            "projector": which.reshape(-1).tolist(),
            "weight": encoded(problem["weight"].values[:, weighing]),
            "statedVariance": encoded(problem["stated_variance"].values[:, weighing]),
            "reliability": encoded(problem["reliability"].values[weighing]),
        },
        "cluster": {
            "case": problem["case_of_cluster"].values[kept].tolist(),
            "redundancy": encoded([nodes for nodes, _ in redundancy]),
            "redundancyWeight": encoded([weights for _, weights in redundancy]),
        },
        "projectors": None if whole.all() else encoded(np.concatenate([identity[None], distinct])),
    }


def redundancy_nodes(mean: float, sd: float) -> tuple[Floats, Floats]:
    """Place the nodes of a cluster's redundancy: Gauss-Jacobi for the Beta of this mean and sd (docs/inference.md 3.3).

    Returns
    -------
    nodes, weights : ndarray, shape (R,)
        All nodes alike where the redundancy is a point.
    """
    most = mean * (1.0 - mean)
    if sd <= 0.0 or most <= 0.0:
        return np.full(R_NODES, min(mean, R_CAP)), np.full(R_NODES, 1.0 / R_NODES)
    size = most / min(sd**2, 0.5 * most) - 1.0
    # At size 1 SciPy divides 0 by 0 in a branch that it then leaves out.
    with np.errstate(invalid="ignore"):
        nodes, weights = roots_jacobi(R_NODES, (1.0 - mean) * size - 1.0, mean * size - 1.0)
    return np.minimum((1.0 + nodes) / 2.0, R_CAP), weights / weights.sum()
