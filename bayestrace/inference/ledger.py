"""Keep the books of the evidence: what noise, redundancy, selection and reliability make of stated weights.

Everything is evaluated exactly on a fixed selection of the stored draws, evenly spaced.
"""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import facevalue, layout
from bayestrace.inference.backend import NumPy
from bayestrace.inference.redundancy import R_NODES
from bayestrace.inference.signal import Design, Hyperparameters, cluster_loglik, design_of
from bayestrace.results import STATS, centred, summarise
from bayestrace.weights import NATS_PER_DB, log_sum_exp, to_decibels

Floats = NDArray[np.float64]

STAGES = ("face-value", "noise", "redundancy", "selection", "reliability")
#: Draws on which the books are kept; the exact sum over 2^n reliabilities takes fewer.
THINNED, THINNED_EXACT = 200, 10
#: Clusters larger than this are not summed over which of their members are so.
EXACT_MEMBERS = 8
_BLOCK = 50
# Members from which on draws are evaluated side by side, by loops of which compiling alone takes longer than all of
# a small study; and numbers that one evaluation gives, at most: 400 MB. Where clusters are very many fewer draws do,
# since their hyperparameters hardly differ.
MANY, _MOST, _FEWEST = 5_000, 50_000_000, 20


def hyperparameters(posterior: xr.Dataset) -> Hyperparameters:
    """Collect the draws that the signal model needs, chains joined, shape (draws, ...)."""

    def flat(name: str) -> Floats:
        values = posterior[name].transpose("chain", "draw", ...).values
        return np.asarray(values.reshape(-1, *values.shape[2:]))

    return Hyperparameters(
        scale=flat("scale"),
        noise=flat("noise"),
        bias=flat("bias"),
        range_factor=flat("range_factor"),
        shared=flat("shared"),
        common_error=flat("common_error"),
        r_eta=flat("r_eta"),
        log_v=flat("log_v"),
        sd_log_v=flat("sd_log_v"),
    )


def thin(theta: Hyperparameters, draws: int) -> Hyperparameters:
    """Keep evenly spaced draws."""
    total = theta.log_v.shape[0]
    kept = np.linspace(0, total - 1, min(draws, total)).round().astype(np.int64)
    return Hyperparameters(*(values[kept] for values in theta))


def _few(design: Design, theta: Hyperparameters) -> Hyperparameters:
    """Keep as many draws as the books are kept on."""
    size = design.clusters * design.helmert.shape[1]
    return thin(theta, min(THINNED, max(_FEWEST, _MOST // max(size, 1))))


def evaluate(design: Design, theta: Hyperparameters) -> Floats:
    """Evaluate cluster log-likelihoods, shape (draws, G, K): by compiled loops where these apply, else by formulas."""
    if not design.label.size:
        # As where every cluster is too large for the exact sum.
        return np.zeros((theta.log_v.shape[0], design.clusters, design.helmert.shape[1]))
    if design.projector is None:
        if design.label.size >= MANY:
            return layout.evaluate(design, theta)
        from bayestrace.inference import loops  # noqa: PLC0415 - PyTensor is slow to import

        return loops.cluster_loglik(design, theta)
    blocks = [
        cluster_loglik(design, Hyperparameters(*(values[start : start + _BLOCK] for values in theta)), NumPy())
        for start in range(0, theta.log_v.shape[0], _BLOCK)
    ]
    return np.concatenate(blocks)


def clusters(problem: xr.Dataset, theta: Hyperparameters) -> xr.Dataset:
    """Write the ledger of each cluster, one correction added at a time, means over the draws."""
    design, evidence, kept = design_of(problem)
    face = np.zeros((kept.size, problem.sizes["hypothesis"]))
    np.add.at(face, design.label, facevalue.observation_loglik(problem)[evidence])
    ones = np.ones_like(design.reliability)
    point = np.full_like(design.redundancy_weight, 1.0 / R_NODES)
    noisy = dataclasses.replace(
        design,
        redundancy=np.zeros_like(design.redundancy),
        redundancy_weight=point,
        reliability=ones,
        selectivity=0.0,
    )
    redundant = dataclasses.replace(design, reliability=ones, selectivity=0.0)
    few = _few(design, theta)
    final = evaluate(design, few)
    stages = [face, evaluate(noisy, few).mean(axis=0), evaluate(redundant, few).mean(axis=0)]
    selected = dataclasses.replace(design, reliability=ones)
    stages.append(evaluate(selected, few).mean(axis=0) if design.selectivity > 0.0 else stages[-1])
    stages.append(final.mean(axis=0))
    focal = list(problem["hypothesis"].values).index(problem.attrs["focal"])
    weighing = xr.Dataset(
        {
            "ledger_db": (("stage", "cluster", "hypothesis"), to_decibels(centred(np.stack(stages)))),
            "focal_db": (
                ("stat", "cluster", "hypothesis"),
                summarise(to_decibels(final[..., focal, None] - final)),
            ),
            "exact_reliability_db": (
                ("cluster", "hypothesis"),
                to_decibels(centred(_exact_reliability(problem, design, thin(theta, THINNED_EXACT)))),
            ),
        },
        coords={
            "stage": list(STAGES),
            "stat": list(STATS),
            "cluster": problem["cluster"].values[kept],
            "hypothesis": problem["hypothesis"].values,
        },
    )
    # A cluster with no member that weighs has no weight: NaN, never 0 dB.
    whole = weighing.reindex(cluster=problem["cluster"].values)
    size = np.bincount(problem["cluster_of_evidence"].values[evidence], minlength=problem.sizes["cluster"])
    return whole.assign(size=("cluster", size))


def _exact_reliability(problem: xr.Dataset, design: Design, theta: Hyperparameters) -> Floats:
    """Sum over which members of a cluster are so; those that are not say nothing of k (model.md 2.4).

    Returns
    -------
    ndarray, shape (G, K)
        Means over draws; NaN for clusters of more than `EXACT_MEMBERS`.
    """
    quality = problem["reliability"].values[problem["weighs"].values]
    groups: list[list[int]] = []
    parents: list[int] = []
    together = [members.tolist() for members in design.members()]
    for label, members in enumerate(together):
        if len(members) <= EXACT_MEMBERS:
            subsets = [
                list(subset) for size in range(1, len(members) + 1) for subset in itertools.combinations(members, size)
            ]
            groups.extend(subsets)
            parents.extend([label] * len(subsets))
    parts = design.regrouped(groups, parents, quality)
    loglik = evaluate(dataclasses.replace(parts, reliability=np.ones(len(groups))), theta)
    # Not the mean of the line above: under selection what is not so has mean_j(N_j) / mean_j(R_j).
    flat = evaluate(dataclasses.replace(parts, reliability=np.zeros(len(groups))), theta)[..., 0]
    place = {
        (parent, frozenset(group)): index for index, (parent, group) in enumerate(zip(parents, groups, strict=True))
    }
    result = np.full((loglik.shape[0], design.clusters, loglik.shape[-1]), np.nan)
    with np.errstate(divide="ignore"):
        so, not_so = np.log(quality), np.log1p(-quality)
    for label, members in enumerate(together):
        if len(members) > EXACT_MEMBERS:
            continue
        terms = []
        for size in range(len(members) + 1):
            for subset in itertools.combinations(members, size):
                rest = frozenset(members) - frozenset(subset)
                term = np.full((loglik.shape[0], loglik.shape[-1]), so[list(subset)].sum() + not_so[list(rest)].sum())
                if subset:
                    term = term + loglik[:, place[label, frozenset(subset)]]
                if rest:
                    term = term + flat[:, place[label, rest], None]
                terms.append(term)
        result[:, label] = log_sum_exp(np.stack(terms), axis=0)
    return np.asarray(result.mean(axis=0))


def observations(problem: xr.Dataset, theta: Hyperparameters) -> xr.Dataset:
    """Say of each observation what its cluster loses when it is left out, means over the draws."""
    design, evidence, _ = design_of(problem)
    few = _few(design, theta)
    whole = evaluate(design, few).mean(axis=0)
    quality = problem["reliability"].values[evidence]
    members = design.members()
    groups, parents, left_out = [], [], []
    lost = np.full((problem.sizes["evidence"], problem.sizes["hypothesis"]), np.nan)
    for place, label in enumerate(design.label):
        others = [int(i) for i in members[label] if i != place]
        lost[evidence[place]] = whole[label]
        if others:
            groups.append(others)
            parents.append(int(label))
            left_out.append(place)
    if groups:
        lost[evidence[left_out]] -= evaluate(design.regrouped(groups, parents, quality), few).mean(axis=0)
    return xr.Dataset(
        {"left_out_db": (("evidence", "hypothesis"), to_decibels(centred(lost)))},
        coords={"evidence": problem["evidence"].values, "hypothesis": problem["hypothesis"].values},
    )


def steps(problem: xr.Dataset, theta: Hyperparameters, step_of: NDArray[np.str_], names: list[str]) -> xr.Dataset:
    """Weigh each step of the mechanism by itself: its observations only, within their clusters.

    Parameters
    ----------
    problem, theta
        What was fitted, and the draws.
    step_of
        Step of each observation, shape (evidence,).
    names
        The steps, in the order of the mechanism.
    """
    design, evidence, cluster = design_of(problem)
    case_of = problem["case_of_cluster"].values[cluster]
    members: dict[tuple[int, str], list[int]] = {}
    for place, label in enumerate(design.label):
        members.setdefault((int(label), str(step_of[evidence[place]])), []).append(place)
    keys = list(members)
    quality = problem["reliability"].values[evidence]
    parts = design.regrouped([members[key] for key in keys], [label for label, _ in keys], quality)
    loglik = evaluate(parts, _few(parts, theta))
    shape = (problem.sizes["case"], len(names), problem.sizes["hypothesis"])
    total = np.zeros((loglik.shape[0], *shape))
    seen = np.zeros(shape[:2], dtype=bool)
    for column, (label, step) in enumerate(keys):
        total[:, case_of[label], names.index(step)] += loglik[:, column]
        seen[case_of[label], names.index(step)] = True
    alone = facevalue.case_posterior(problem["prior"].values, total).mean(axis=0)
    missing = ~seen[..., None]
    return xr.Dataset(
        {
            "alone_db": (
                ("case", "step", "hypothesis"),
                np.where(missing, np.nan, to_decibels(centred(total.mean(axis=0)))),
            ),
            "probability_alone": (("case", "step", "hypothesis"), np.where(missing, np.nan, alone)),
        },
        coords={"case": problem["case"].values, "step": names, "hypothesis": problem["hypothesis"].values},
    )


def coder_groups(problem: xr.Dataset, theta: Hyperparameters) -> xr.Dataset:
    """Say what was learned of each coder: leaning by hypothesis, relative scale, noise of one pairwise weight."""
    leaning = to_decibels(theta.bias @ problem["helmert"].values)
    return xr.Dataset(
        {
            "leaning_db": (("stat", "coder", "hypothesis"), summarise(leaning)),
            "scale": (("stat", "coder"), summarise(theta.scale)),
            # A pairwise weight is a difference of two coordinates, so its noise is larger by the root of two.
            "noise_db": (("stat", "coder"), summarise(theta.noise * np.sqrt(2.0) / NATS_PER_DB)),
        },
        coords={
            "stat": list(STATS),
            "coder": problem["coder"].values,
            "hypothesis": problem["hypothesis"].values,
        },
    )
