"""The data island and the script of a page that works its answer out again (docs/live.md).

What is exact for every prior and every pooling is one vector: log A(Z) of `bayestrace.joint`. Where it would be too
long, draws of the level that each case draws on take its place (`bayestrace.allocation`). What else a page may change
is read again on a few draws of what the coders and the signal are like, and on all that coders stated.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from bayestrace.allocation import allot, countable, summable
from bayestrace.inference.priors import SCALE_SD
from bayestrace.joint import enumerable, joint_prior, log_update
from bayestrace.weights import to_nats

Floats = NDArray[np.float64]
#: Numbers as `brief` writes them.
Brief = str | list[float] | dict[str, Any]

#: Version of the island's layout.
LAYOUT = 2
#: Draws on which a page reads the evidence again, evenly spaced over those of the fit.
DRAWS = 400
#: Nodes of quadrature over informativeness and concentration: as the fit's.
V_NODES, KAPPA_NODES = 21, 15
#: The script's files in the order in which they build on one another.
FILES = (
    "normal.js",
    "symmetric.js",
    "quadrature.js",
    "data.js",
    "coders.js",
    "signal.js",
    "block.js",
    "pooling.js",
    "reweight.js",
    "evidence.js",
    "settings.js",
    "joint.js",
    "counting.js",
    "given.js",
    "pooldraws.js",
    "levelsums.js",
    "engine.js",
)
# Log-likelihood of what an explanation excludes: a page adds what is finite, and e to this is 0.
_NEVER = -1e6
_SCRIPT = Path(__file__).parent / "script"
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
# Of what the coders' own noises and leanings come from; results of earlier versions have not kept it.
_POPULATION = ("noise_sd", "leaning_sd")

# A template may hold one other.
_TEXT = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|\$\{[^`}]*`[^`]*`[^`}]*\}|[^`\\])*`)"""
# A slash begins an expression where an operand is to follow, and divides elsewhere.
_EXPRESSION = r"(?:[(,=:\[!&|?{;>]|\breturn)\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/"
_PIECE = re.compile(rf"(?P<kept>{_TEXT}|{_EXPRESSION})|(?P<gap>(?:\s|//[^\n]*|/\*.*?\*/)+)", re.DOTALL)


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
        Plain data, ready for JSON. Arrays of numbers are base64 of 8 bytes each as `encoded` writes it, last axis
        fastest, or as `brief` has it: `logA` (Z,), with the last case changing fastest, null where the joint
        explanations are too many; in its place then `allotted`, with `level` (D, C) of one byte each, the level of
        pooling on which each case draws, and `probability` (C, K), `same` (C, C) and `count` (K, C + 1) as all draws of
        the fit have them, null where even that is too much or nothing was learned; at face value `stated`, with
        `loglik` (C, K), nats, and `summed`, whether the page may sum over the levels of pooling; `theta`, D
        draws in front, of 4 bytes each, `rounded`: a page's draws are those;
        `observation` (J, N, ...), N observations that weigh, and which codings are `missing`; `cluster` (G,), with the
        mean and sd of the redundancy of those that have several observations. In `theta` a further coder follows, of
        whom nothing is known, where `reviewer` is true. `sought` (D, C, K) is what clues say at each draw, null where
        they are no part of the evidence; of other panels of 4 bytes. `panels` are other panels of coders of whose fit
        the result has kept draws, with `coders`, `theta` of 2 bytes each, redundancy, and `logA` of 4. At face value,
        and where there are but clues, nothing is learned of the coders: `theta`, `observation` and `cluster` are null.
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
        "allotted": None,
        "stated": None,
        "theta": None,
        "sought": None,
        "observation": None,
        "cluster": None,
        "projectors": None,
        "reviewer": False,
        "panels": [],
    }
    if enumerable(problem):
        made["logA"] = encoded(_log_update(tree, problem))
    elif tree.attrs["kind"] == "face-value" and countable(problem):
        made["stated"] = {"loglik": encoded(_loglik(tree)[0]), "summed": summable(problem)}
    if learned:
        fitted = _draws(tree["posterior"].to_dataset(), draws)
        seed = int(json.loads(tree.attrs["settings"])["seed"])
        if made["logA"] is None and countable(problem):
            made["allotted"] = _allotted(tree, problem, draws, seed)
        made |= _evidence(problem) | {
            "theta": _theta(problem, fitted, seed, "<f4"),
            "sought": _sought(problem, fitted),
            "reviewer": set(_POPULATION) <= set(fitted),
            "panels": _panels(tree, problem, seed),
        }
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
    """Leave comments, indentation and needless spaces out of a script that pages carry; lines stay lines.

    Parameters
    ----------
    text
        A script whose templates hold one other each at most.
    """

    def lean(piece: re.Match[str]) -> str:
        if piece["kept"]:
            return piece["kept"]
        before, after = text[piece.start() - 1 : piece.start()], text[piece.end() : piece.end() + 1]
        if not before or not after:
            return ""
        if "\n" in piece["gap"]:
            return "\n"
        # `a - -b` is not `a--b`, nor `return x` `returnx`.
        return " " if (_in_a_name(before) and _in_a_name(after)) or (before == after and before in "+-/") else ""

    return _PIECE.sub(lean, text)


def _in_a_name(sign: str) -> bool:
    return sign.isalnum() or sign in "_$"


def encoded(values: ArrayLike, dtype: str = "<f8") -> str:
    """Write numbers as base64 of 8 bytes each, 4 or 2, the last axis fastest.

    The least significant bytes of all come first, then the next: bytes of a kind pack better than those of a number.
    """
    numbers = np.ascontiguousarray(values, dtype=dtype).reshape(-1)
    planes = numbers.view(np.uint8).reshape(-1, numbers.itemsize).T
    return base64.b64encode(planes.tobytes()).decode()


def rounded(values: ArrayLike) -> NDArray[np.float32]:
    """Round numbers of four bytes to 16 binary digits, some five decimal ones: the byte left over packs to nothing."""
    bits = np.ascontiguousarray(values, dtype="<f4").view(np.uint32)
    return ((bits + np.uint32(0x80)) & np.uint32(0xFFFFFF00)).view(np.float32)


def brief(values: Floats) -> Brief:
    """Write numbers in the shortest way of three, each of which gives them back to the last bit.

    Returns
    -------
    list, str or dict
        The numbers; or as `encoded` writes them; or the distinct ones, as `of`, in one of these two ways, and `which`
        of them each is: coders state few different weights.
    """
    distinct, which = np.unique(values, return_inverse=True)
    ways: list[Brief] = [values.reshape(-1).tolist(), encoded(values)]
    if 2 * distinct.size < values.size:
        ways.append({"of": brief(distinct), "which": which.reshape(-1).tolist()})
    return min(ways, key=lambda way: len(json.dumps(way, separators=(",", ":"))))


def _log_update(tree: xr.DataTree, problem: xr.Dataset) -> Floats:
    """Work out what the evidence says of every joint explanation, shape (Z,): of clues alone exactly."""
    if tree.attrs["kind"] != "clues":
        return log_update(problem, _loglik(tree))
    z, _ = joint_prior(problem)
    from bayestrace.inference import allotments  # noqa: PLC0415 - of use to clues alone, and scipy is slow to import

    return np.asarray(np.maximum(allotments.log_joint(problem, z), _NEVER))


def _loglik(tree: xr.DataTree) -> Floats:
    """Take the case log-likelihoods of all draws, or those of the stated weights as one draw, shape (D, C, K), nats."""
    if tree.attrs["kind"] == "model":
        values = tree["posterior"]["case_loglik"].transpose("chain", "draw", "case", "hypothesis").values
        return np.asarray(values.reshape(-1, *values.shape[2:]), dtype=np.float64)
    stated = tree["face_value"]["case_db"].sel(doubtful="counted").transpose("case", "hypothesis")
    return to_nats(stated.values)[None]


def _draws(posterior: xr.Dataset, draws: int) -> dict[str, Floats]:
    """Take evenly spaced draws of all that is kept of the coders, D in front."""
    kept, found = _kept(posterior, draws), {}
    for name in (*_THETA.values(), *(name for name in (*_POPULATION, "chance") if name in posterior)):
        values = posterior[name].transpose("chain", "draw", ...).values
        found[name] = values.reshape(-1, *values.shape[2:])[kept]
    return found


def _sought(problem: xr.Dataset, fitted: Mapping[str, Floats]) -> str | None:
    """Lay out what searches for clues say of each case at each draw, nats: whatever a reader changes, it stays."""
    if "case_term" not in problem:
        return None
    from bayestrace.inference import clues  # noqa: PLC0415 - of use to studies with clues, and scipy is slow to import

    return encoded(clues.case_loglik(problem, fitted["chance"]))


def _kept(posterior: xr.Dataset, draws: int) -> NDArray[np.int64]:
    total = posterior.sizes["chain"] * posterior.sizes["draw"]
    return np.linspace(0, total - 1, min(draws, total)).round().astype(np.int64)


def _allotted(tree: xr.DataTree, problem: xr.Dataset, draws: int, seed: int) -> dict[str, str]:
    """Lay out which level each case draws on at each draw, and what all draws say of the settings as fitted."""
    posterior = tree["posterior"].to_dataset()
    joint = tree["joint"].to_dataset()
    told = {
        "probability": tree["cases"]["probability"].sel(pooling="pooled", stat="mean").transpose("case", "hypothesis"),
        "same": joint["same"].sel(moment="posterior").transpose("case", "case_too"),
        "count": joint["count"].transpose("hypothesis", "cases_explained"),
    }
    level = allot(problem, posterior, _kept(posterior, draws), seed)
    return {"level": encoded(level, "u1")} | {name: encoded(values.values) for name, values in told.items()}


def _theta(problem: xr.Dataset, fitted: Mapping[str, Floats], seed: int, dtype: str) -> dict[str, str]:
    made = dict(fitted)
    if set(_POPULATION) <= set(fitted):
        for name, of_another in reviewer(fitted, float(problem.attrs["leaning_sd"]), seed).items():
            made[name] = np.concatenate([fitted[name], of_another[:, None]], axis=1)
    of_fit = dtype == "<f4"
    return {name: encoded(rounded(made[held]) if of_fit else made[held], dtype) for name, held in _THETA.items()}


def reviewer(fitted: Mapping[str, Floats], common_sd: float, seed: int) -> dict[str, Floats]:
    """Draw what a coder may be like who has stated nothing, one for each draw of a fit of others.

    Parameters
    ----------
    fitted
        D draws of the J coders' `bias` (D, J, contrasts), and of `noise_sd` and `leaning_sd` (D,).
    common_sd
        Standard deviation of what all coders lean to, nats per contrast.
    seed
        Of the draws.

    Returns
    -------
    dict
        `scale` and `noise` (D,), `bias` (D, contrasts), natural units.

    Notes
    -----
    docs/prediction.md 1. The scale is relative to the mean of the panel's, whose variance is 0.3^2/J. Of the common
    leaning all that is known is the mean of the panel's leanings M: common | M ~ Normal(f M, f t^2/J), t being
    `leaning_sd` and f = c^2/(c^2 + t^2/J), c `common_sd`; the coder's own leaning adds t^2.
    """
    rng = np.random.default_rng(seed)
    bias, own = fitted["bias"], fitted["leaning_sd"] ** 2
    count, coders, _ = bias.shape
    share = common_sd**2 / np.maximum(common_sd**2 + own / coders, np.finfo(np.float64).tiny)
    spread = np.sqrt(own * (1.0 + share / coders))
    return {
        "scale": np.exp(SCALE_SD * np.sqrt(1.0 + 1.0 / coders) * rng.standard_normal(count)),
        "noise": fitted["noise_sd"] * np.abs(rng.standard_normal(count)),
        "bias": share[:, None] * bias.mean(axis=1) + spread[:, None] * rng.standard_normal((count, bias.shape[2])),
    }


def _panels(tree: xr.DataTree, problem: xr.Dataset, seed: int) -> list[dict[str, Any]]:
    """Lay out the fits of other panels that a result has kept (`bayestrace.sensitivity.kept`)."""
    if "panels" not in tree.children or not enumerable(problem):
        return []
    names = [str(problem["cluster"].values[one]) for one in _several(problem)]
    found = []
    for node in tree["panels"].children.values():
        panel = node.to_dataset()
        fitted = {
            str(name): np.asarray(panel[name].values, dtype=np.float64) for name in panel.data_vars if name != "sought"
        }
        found.append(
            {
                "coders": [str(name) for name in panel["coder"].values],
                "theta": _theta(problem, fitted, seed, "<f2"),
                "logA": encoded(panel["log_update"].values, "<f4"),
                "sought": encoded(panel["sought"].values, "<f4") if "sought" in panel else None,
                **_redundancy(panel.sel(cluster=names)),
            }
        )
    return found


def _several(problem: xr.Dataset) -> list[int]:
    """Find the clusters of more than one observation that weighs: redundancy says nothing of the others."""
    label = problem["cluster_of_evidence"].values[problem["weighs"].values]
    kept, size = np.unique(label, return_counts=True)
    return [int(one) for one in kept[size > 1]]


def _redundancy(clusters: xr.Dataset) -> dict[str, Any]:
    return {name: brief(clusters[f"redundancy_{name}"].values) for name in ("mean", "sd")}


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
    return {
        "evidence": [str(name) for name in problem["evidence"].values[weighing]],
        "clusters": [str(name) for name in problem["cluster"].values[kept]],
        "observation": {
            "cluster": cluster_of.reshape(-1).tolist(),
            "missing": np.flatnonzero(~stated).tolist(),
            "projector": None if whole.all() else which.reshape(-1).tolist(),
            "weight": brief(problem["weight"].values[:, weighing]),
            "statedVariance": brief(problem["stated_variance"].values[:, weighing]),
            "reliability": brief(problem["reliability"].values[weighing]),
        },
        "cluster": {
            "case": problem["case_of_cluster"].values[kept].tolist(),
            **_redundancy(problem.isel(cluster=_several(problem))),
        },
        "projectors": None if whole.all() else encoded(np.concatenate([identity[None], distinct])),
    }
