"""Small synthetic results with exactly the layout of docs/results.md, for the tests of the report.

The numbers are drawn, not computed: what the report does with a number does not depend on where it comes from.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr
from studies import Words, plain, small_study

from bayestrace import __version__, results
from bayestrace.encoding import encode
from bayestrace.study import PriorProfile, Study, canonical_json

STATS = ["mean", "q03", "q25", "q50", "q75", "q97"]
STAGES = ["face-value", "noise", "redundancy", "selection", "reliability"]
FINDINGS = [
    {"slug": "unheard-of", "level": "warning", "details": {"where": "one", "value": 0.625}},
]


def small_tree(kind: str = "model", say: Words = plain, seed: int = 1) -> xr.DataTree:
    """Make a result of the small study."""
    study = small_study(say)
    places = {f"evidence:{item.id}": f"evidence/{item.case}.yaml:{12 + n}" for n, item in enumerate(study.evidence)}
    places |= {
        f"weights:{coding.coder}:{judgement.evidence}": f"evidence/codings/{coding.coder}-weights.csv:{2 + n}"
        for coding in study.codings
        for n, judgement in enumerate(coding.judgements)
    }
    return tree_of(study, study.profiles["reference"], kind, places, seed)


def change(tree: xr.DataTree, group: str, variable: str, value: Any, **where: str) -> None:
    """Overwrite values of a result in place."""
    node = tree[group]
    assert isinstance(node, xr.DataTree)
    node.to_dataset()[variable].loc[where] = value


def tree_of(
    study: Study, profile: PriorProfile, kind: str = "model", places: dict[str, str] | None = None, seed: int = 1
) -> xr.DataTree:
    """Make a result of any study out of random numbers."""
    draw = np.random.default_rng(seed)
    problem = encode(study, profile)
    groups = {"problem": problem} | _always(study, problem, draw)
    if "holds" in problem:
        groups["theories"] = _theories(problem, draw, kind)
    if kind == "model":
        groups |= _sampled(study, problem, draw)
        groups["coders"] = groups["coders"].merge(_learned(problem, draw))
    tree = xr.DataTree.from_dict(groups)
    tree.attrs = {
        "bayestrace": __version__,
        "format": results.FORMAT,
        "kind": kind,
        "study": study.canonical(),
        "places": json.dumps(study.places if places is None else places),
        "study_digest": study.digest(),
        "profile": canonical_json(profile.model_dump(mode="json")),
        "set": problem.attrs["set"],
        "focal": problem.attrs["focal"],
        "settings": json.dumps(
            {"draws": 1000, "chains": 4, "tune": 1500, "target_accept": 0.9, "seed": 1, "thinned": 400}
        ),
        "versions": json.dumps({"python": "3.13.0", "numpy": "2.5.5", "pymc": "6.1.0"}),
        "findings": json.dumps(FINDINGS),
    }
    return tree


def _net(observed: Any) -> Any:
    told = observed.sum(axis=-1)
    return np.where(told > 0, (observed[..., 0] - observed[..., 1]) / np.maximum(told, 1), np.nan)


def _always(study: Study, problem: xr.Dataset, draw: np.random.Generator) -> dict[str, xr.Dataset]:
    names = {name: problem[name].values for name in ("hypothesis", "case", "evidence", "coder")}
    stated = problem["stated"].values
    mechanism = study.mechanism
    steps, domains = list(mechanism.steps), list(mechanism.domains)
    face = _centred(draw, len(names["evidence"]), len(names["hypothesis"])) * stated.any(axis=0)[:, None]
    rivals = problem.attrs["focal"]
    size = (len(names["hypothesis"]),)
    cases = (len(names["case"]),)
    cell_face = np.where(
        np.random.default_rng(5).uniform(size=(*cases, len(steps), len(domains), 1)) < 0.5,
        _centred(np.random.default_rng(6), *cases, len(steps), len(domains), *size),
        np.nan,
    )
    observed = np.zeros((*cases, len(steps), 3), dtype=np.int64)
    indicator = np.zeros((*cases, len(steps), len(domains), 3), dtype=np.int64)
    weighing = np.zeros((*cases, len(steps)), dtype=np.int64)
    for item, weighs in zip(study.evidence, problem["weighs"].values, strict=True):
        where = (list(names["case"]).index(item.case), steps.index(item.step))
        direction = ("up", "down", "none").index(item.direction)
        observed[*where, direction] += 1
        weighing[where] += int(weighs)
        if item.domain:
            indicator[*where, domains.index(item.domain), direction] += 1
    predicted = [
        [
            next((told.directions.get(step, "") for told in mechanism.predictions if case in told.cases), "")
            for step in steps
        ]
        for case in names["case"]
    ]
    step_face = np.where(weighing[:, :, None] > 0, _centred(draw, *cases, len(steps), *size), np.nan)
    spread = np.where(stated.sum(axis=0) > 1, draw.uniform(0.5, 4.0, stated.shape[1]), np.nan)
    focal = list(names["hypothesis"]).index(rivals)
    said = np.where(stated[:, :, None], draw.normal(0.0, 4.0, (*stated.shape, *size)).round(1), np.nan)
    said[:, :, focal] = np.where(stated, 0.0, np.nan)
    kinds = ["hoop", "smoking-gun", "doubly-decisive", "straw-in-the-wind", ""]
    two = {"pooled": ["case-by-case", "pooled"], "doubtful": ["counted", "set-aside"]}
    return {
        "face_value": xr.Dataset(
            {
                "observation_db": (("evidence", "hypothesis"), face),
                "case_db": (("doubtful", "case", "hypothesis"), _centred(draw, 2, *cases, *size) * 3),
                "probability": (
                    ("pooled", "doubtful", "case", "hypothesis"),
                    draw.dirichlet(np.ones(size), (2, 2, *cases)),
                ),
                "discounted_probability": (
                    ("doubtful", "case", "hypothesis"),
                    np.random.default_rng(9).dirichlet(np.ones(size), (2, *cases)),
                ),
                "closest_db": (("doubtful", "case", "hypothesis"), draw.normal(0.0, 8.0, (2, *cases, *size))),
                "closest": (("doubtful", "case", "hypothesis"), np.stack([_closest(problem)] * 2)),
            },
            coords={**_some(names, "hypothesis", "case", "evidence"), **two},
        ),
        "mechanism": xr.Dataset(
            {
                "observed": (("case", "step", "direction"), observed),
                "net": (("case", "step"), _net(observed)),
                "weighing": (("case", "step"), weighing),
                "predicted": (("case", "step"), np.array(predicted, dtype=np.str_)),
                "indicator": (("case", "step", "domain", "direction"), indicator),
                "indicator_face_db": (("case", "step", "domain", "hypothesis"), cell_face),
                "step_face_db": (("case", "step", "hypothesis"), step_face),
                "weakest": ("case", [_weakest(steps, row, focal) for row in step_face]),
            },
            coords={
                **_some(names, "hypothesis", "case"),
                "step": steps,
                "domain": domains,
                "direction": ["up", "down", "none"],
            },
        ),
        "coders": xr.Dataset(
            {
                "count": ("coder", stated.sum(axis=1)),
                "mean_range_db": ("coder", draw.uniform(3.0, 6.0, stated.shape[0])),
                "mean_focal_db": (("coder", "hypothesis"), draw.normal(0.0, 2.0, (stated.shape[0], *size))),
                "focal_db": (("coder", "evidence", "hypothesis"), said),
                "spread_db": ("evidence", spread),
                "apart_db": ("coder", draw.uniform(0.5, 2.0, stated.shape[0])),
            },
            coords=_some(names, "hypothesis", "evidence", "coder"),
        ),
        "tests": xr.Dataset(
            {
                "kind": ("evidence", [kinds[n % 5] for n in range(stated.shape[1])]),
                "p_if_focal": ("evidence", draw.uniform(0.1, 0.9, stated.shape[1])),
                "p_if_rival": ("evidence", draw.uniform(0.1, 0.9, stated.shape[1])),
            },
            coords=_some(names, "evidence"),
        ),
    }


def _theories(problem: xr.Dataset, draw: np.random.Generator, kind: str) -> xr.Dataset:
    cases, theories = problem["case"].values, problem["theory"].values
    variables: dict[str, Any] = {}
    for dim, ending, sampled in (("theory", "", "probability"), ("number", "_at_least", "at_least")):
        variables[f"prior{ending}"] = (dim, draw.uniform(size=theories.size))
        variables[f"face_value{ending}"] = (("case", dim), draw.uniform(size=(cases.size, theories.size)))
        if kind == "model":
            draws = _stats(draw.uniform(size=(60, 2, cases.size, theories.size)))
            variables[sampled] = (("pooling", "stat", "case", dim), draws.transpose(1, 0, 2, 3))
    coords = {"case": cases, "theory": theories, "number": range(1, theories.size + 1)}
    fitted = {"stat": STATS, "pooling": ["unpooled", "pooled"]} if kind == "model" else {}
    return xr.Dataset(variables, coords=coords | fitted)


def _sampled(study: Study, problem: xr.Dataset, draw: np.random.Generator) -> dict[str, xr.Dataset]:
    names = {name: problem[name].values for name in ("hypothesis", "case", "evidence", "cluster")}
    case, size = len(names["case"]), len(names["hypothesis"])
    cluster, evidence = len(names["cluster"]), len(names["evidence"])
    steps, factors = list(study.mechanism.steps), list(study.factors)
    levels = [str(level) for level in problem["level"].values]
    weighing = np.zeros(cluster, dtype=np.int64)
    np.add.at(weighing, problem["cluster_of_evidence"].values, problem["weighs"].values)
    ledger = np.cumsum(_centred(draw, len(STAGES), cluster, size), axis=0) * (weighing > 0)[:, None]
    left = np.where(problem["weighs"].values[:, None], _centred(draw, evidence, size), np.nan)
    alone = np.where(draw.random((case, len(steps)))[:, :, None] > 0.2, _centred(draw, case, len(steps), size), np.nan)
    same = draw.uniform(0.2, 0.9, (2, case, case))
    groups = [["new"] * len(factors), [next(iter(study.factors[factor].groups)) for factor in factors]]
    moment = ["prior", "posterior"]
    quantities = [f"noise[{n}]" for n in range(6)]
    diagnostics = {
        "r_hat": ("quantity", draw.uniform(1.0, 1.01, 6)),
        "ess_bulk": ("quantity", draw.uniform(900, 4000, 6)),
        "ess_tail": ("quantity", draw.uniform(900, 4000, 6)),
    }
    return {
        "posterior": xr.Dataset({"log_v": (("chain", "draw"), draw.normal(size=(2, 5)))}),
        "sample_stats": xr.Dataset({"diverging": (("chain", "draw"), np.zeros((2, 5), dtype=bool))}),
        "cases": xr.Dataset(
            {
                "probability": (
                    ("pooling", "stat", "case", "hypothesis"),
                    _stats(draw.dirichlet(np.ones(size), (60, 2, case))).transpose(1, 0, 2, 3),
                ),
                "weight_db": (
                    ("stat", "case", "hypothesis", "against"),
                    _stats(draw.normal(0, 5, (60, case, size, size))),
                ),
                "closest_db": (
                    ("stat", "case", "hypothesis"),
                    _stats(draw.normal(draw.normal(0, 4, (case, size)), 2, (60, case, size))),
                ),
                "closest": (("case", "hypothesis"), _closest(problem)),
            },
            coords={
                **_some(names, "hypothesis", "case"),
                "against": names["hypothesis"],
                "stat": STATS,
                "pooling": ["unpooled", "pooled"],
            },
        ),
        "joint": xr.Dataset(
            {
                "count": (("hypothesis", "cases_explained"), draw.dirichlet(np.ones(case + 1), size)),
                "at_least": (("hypothesis", "cases_explained"), draw.uniform(size=(size, case + 1))),
                "same": (("moment", "case", "case_too"), (same + same.transpose(0, 2, 1)) / 2),
                "level_share": (("moment", "level"), draw.dirichlet(np.ones(len(levels)), 2)),
                "kappa_probability": (("moment", "kappa_node"), draw.dirichlet(np.ones(15), 2)),
                "top_probability": ("rank", np.sort(draw.dirichlet(np.ones(8)))[::-1]),
                "top_explanation": (("rank", "case"), draw.choice(names["hypothesis"], (8, case))),
            },
            coords={
                **_some(names, "hypothesis", "case"),
                "case_too": names["case"],
                "moment": moment,
                "cases_explained": range(case + 1),
            },
        ),
        "prediction": xr.Dataset(
            {
                "probability": (("scenario", "hypothesis"), draw.dirichlet(np.ones(size), len(groups))),
                "group": (("scenario", "factor"), np.array(groups, dtype=np.str_).reshape(len(groups), len(factors))),
            },
            coords={"hypothesis": names["hypothesis"], "factor": factors},
        ),
        "clusters": xr.Dataset(
            {
                "ledger_db": (("stage", "cluster", "hypothesis"), ledger),
                "focal_db": (("stat", "cluster", "hypothesis"), _stats(draw.normal(0, 2, (60, cluster, size)))),
                "exact_reliability_db": (("cluster", "hypothesis"), _centred(draw, cluster, size)),
                "size": ("cluster", weighing),
            },
            coords={**_some(names, "hypothesis", "cluster"), "stage": STAGES, "stat": STATS},
        ),
        "observations": xr.Dataset(
            {"left_out_db": (("evidence", "hypothesis"), left)}, coords=_some(names, "hypothesis", "evidence")
        ),
        "steps": xr.Dataset(
            {
                "alone_db": (("case", "step", "hypothesis"), alone),
                "probability_alone": (("case", "step", "hypothesis"), np.abs(alone) / 100),
            },
            coords={**_some(names, "hypothesis", "case"), "step": steps},
        ),
        "diagnostics": xr.Dataset(diagnostics, coords={"quantity": quantities}),
        "replicates": _replicates(problem, draw, steps),
    }


def _replicates(problem: xr.Dataset, draw: np.random.Generator, steps: list[str]) -> xr.Dataset:
    coders = [str(name) for name in problem["coder"].values]
    size = len(coders)
    by_step = (3, len(steps), size)
    step_observed = draw.uniform(0.1, 0.9, by_step)
    step_observed[:, -1, -1] = np.nan
    step_ends = np.sort(draw.uniform(-0.5, 0.9, (3, *by_step)), axis=0)
    return xr.Dataset(
        {
            "observed": (("statistic", "coder"), draw.uniform(0.1, 0.9, (4, size))),
            "replicated": (("end", "statistic", "coder"), np.sort(draw.uniform(-0.5, 0.9, (3, 4, size)), axis=0)),
            "p_value": (("statistic", "coder"), draw.choice([0.0, 0.25, 1.0], (4, size))),
            "step_observed": (("step_statistic", "step", "coder"), step_observed),
            "step_replicated": (("end", "step_statistic", "step", "coder"), step_ends),
            "step_p_value": (("step_statistic", "step", "coder"), draw.uniform(0.1, 0.9, by_step)),
        },
        coords={
            "statistic": ["spread", "drift", "contrary", "far"],
            "step_statistic": ["spread", "drift", "contrary"],
            "coder": coders,
            "end": ["q05", "q50", "q95"],
            "step": steps,
        },
    )


def _learned(problem: xr.Dataset, draw: np.random.Generator) -> xr.Dataset:
    coder, size = problem.sizes["coder"], problem.sizes["hypothesis"]
    return xr.Dataset(
        {
            "leaning_db": (("stat", "coder", "hypothesis"), _stats(draw.normal(0, 1, (60, coder, size)))),
            "scale": (("stat", "coder"), _stats(draw.lognormal(0, 0.2, (60, coder)))),
            "noise_db": (("stat", "coder"), _stats(draw.uniform(0.3, 2, (60, coder)))),
        },
        coords={"stat": STATS, **_some({k: problem[k].values for k in ("coder", "hypothesis")}, "coder", "hypothesis")},
    )


def _some(names: dict[str, Any], *wanted: str) -> dict[str, Any]:
    return {name: names[name] for name in wanted}


def _centred(draw: np.random.Generator, *shape: int) -> Any:
    values = draw.normal(0.0, 3.0, shape)
    return values - values.mean(axis=-1, keepdims=True)


def _stats(draws: Any) -> Any:
    return np.concatenate([draws.mean(axis=0)[None], np.quantile(draws, [0.03, 0.25, 0.5, 0.75, 0.97], axis=0)])


def _closest(problem: xr.Dataset) -> Any:
    """Name some other hypothesis for each."""
    names = [str(name) for name in problem["hypothesis"].values]
    return np.array([[names[1], *[names[0]] * (len(names) - 1)]] * problem.sizes["case"], dtype=np.str_)


def _weakest(steps: list[str], weights: Any, focal: int) -> str:
    margin = {
        step: row[focal] - max(value for place, value in enumerate(row) if place != focal)
        for step, row in zip(steps, weights, strict=True)
        if not np.isnan(row).any()
    }
    return min(margin, key=lambda step: margin[step]) if margin else ""
