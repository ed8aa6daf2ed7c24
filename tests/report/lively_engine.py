"""What the tests of a live page's engine share: a page with nothing else on it, random settings, Python's answers."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from lively import Fit, Floats
from playwright.sync_api import Page

from bayestrace.inference.redundancy import R_NODES
from bayestrace.report import live
from bayestrace.sensitivity.draws import Stored, design_clusters
from bayestrace.sensitivity.priors.beliefs import Beliefs
from bayestrace.sensitivity.reweight import Weighed, reweigh
from bayestrace.sensitivity.standpoints import Standpoints, log_p
from bayestrace.sensitivity.standpoints import standpoint_of as standpoint_at
from bayestrace.weights import NATS_PER_DB, log_sum_exp

State = dict[str, Any]
# What the page sends back, as arrays that travel.
ASK = """states => states.map(state => {
  const told = window.engine.answer(state);
  return Object.fromEntries(Object.entries(told).map(
    ([name, value]) => [name, value instanceof Float64Array ? Array.from(value) : value]));
})"""


def opened(tab: Page, folder: Path, island: dict[str, Any]) -> Page:
    """Open a bare page that runs nothing but the script, under a policy that knows its hash."""
    text = live.script() + 'window.engine = live.open(JSON.parse(document.getElementById("island").textContent));'
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    policy = f"default-src 'none'; script-src 'sha256-{digest}'"
    path = folder / "page.html"
    path.write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<script type="application/json" id="island">{live.embedded(island)}</script><script>{text}</script>',
        encoding="utf-8",
    )
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.goto(path.as_uri())
    assert faults == []
    return tab


def random_state(rng: np.random.Generator, made: Fit, place: int) -> State:
    """Set a page at random; the first settings change the standpoint alone, then one thing of the evidence each."""
    problem = made.stored.problem
    size, levels = problem.sizes["hypothesis"], problem.sizes["level"]
    observations, clusters = int(problem["weighs"].sum()), made.stored.clusters.shape[1]
    state: State = {}
    if place % 2 or rng.uniform() < 0.5:
        prior = rng.dirichlet(np.ones(size))
        if rng.uniform() < 0.3:
            prior[rng.integers(size)] = 0.0
        state["prior"] = (3.0 * prior).tolist()
    if place % 3 == 0 or rng.uniform() < 0.3:
        weights = rng.uniform(0.05, 1.0, levels) * (rng.uniform(size=levels) < 0.8)
        kappas: list[Any] = [0.0, np.inf, float(rng.uniform(0.05, 3.0)), sorted(rng.uniform(0.05, 3.0, 2).tolist())]
        weights[-1] = 0.5
        state["pooling"] = {"kappa": kappas[rng.integers(4)], "levels": weights.tolist()}
    changes = (
        ("without", lambda: rng.choice(observations, rng.integers(1, 4), replace=False).tolist()),
        ("clusters", lambda: [int(rng.integers(clusters))]),
        ("selectivity", lambda: float(rng.choice([0.0, rng.uniform(0.0, 0.95)]))),
        ("favours", lambda: int(rng.integers(size))),
        ("reliability", lambda: False),
        ("redundancy", lambda: False),
        ("weights", lambda: [_overwritten(rng, problem) for _ in range(rng.integers(1, 3))]),
    )
    chosen = [] if place < 2 else [place - 2] if place < 9 else np.flatnonzero(rng.uniform(size=7) < 0.4).tolist()
    return state | {changes[one][0]: changes[one][1]() for one in chosen}


def _overwritten(rng: np.random.Generator, problem: Any) -> State:
    stated = problem["stated"].values[:, problem["weighs"].values]
    coder, observation = (int(at) for at in np.argwhere(stated)[rng.integers(int(stated.sum()))])
    db = rng.normal(0.0, 4.0, problem.sizes["hypothesis"]).round(1).tolist()
    return {"coder": coder, "observation": observation, "db": db}


def clusters_of(held: Stored, state: State) -> Floats | None:
    """Evaluate the clusters as a state has them; None where it leaves the evidence as fitted."""
    problem, design = held.problem, held.design
    assert held.theta is not None
    if not {"without", "clusters", "selectivity", "favours", "reliability", "redundancy", "weights"} & set(state):
        return None
    weight = design.weight.copy()
    for one in state.get("weights", ()):
        place = one["coder"], one["observation"]
        reach = problem["projector"].values[:, problem["weighs"].values][place]
        weight[place] = reach @ design.helmert @ (np.array(one["db"]) * NATS_PER_DB)
    design = dataclasses.replace(
        design,
        weight=weight,
        selectivity=state.get("selectivity", design.selectivity),
        favours=state.get("favours", design.favours),
    )
    if not state.get("redundancy", True):
        design = dataclasses.replace(
            design,
            redundancy=np.zeros_like(design.redundancy),
            redundancy_weight=np.full_like(design.redundancy_weight, 1.0 / R_NODES),
        )
    quality = problem["reliability"].values[problem["weighs"].values]
    if not state.get("reliability", True):
        quality = np.ones_like(quality)
    out = set(state.get("without", ()))
    for cluster in state.get("clusters", ()):
        out |= set(np.flatnonzero(design.label == cluster).tolist())
    groups = [[int(one) for one in inside if int(one) not in out] for inside in design.members()]
    full = [cluster for cluster, group in enumerate(groups) if group]
    result = np.zeros_like(held.clusters)
    if full:
        part = design.regrouped([groups[cluster] for cluster in full], full, quality)
        result[:, full] = design_clusters(part, held.theta)
    # Where nothing differs but the order of a sum, weights are all alike and there is nothing to smooth.
    return None if np.allclose(result, held.clusters, rtol=1e-12, atol=1e-12) else result


def standpoint_of(held: Stored, state: State) -> Standpoints:
    base = standpoint_at(held.problem)
    if "prior" in state:
        prior = np.array([state["prior"]])
        base = base._replace(prior=prior / prior.sum())
    if "pooling" in state:
        kappa = state["pooling"]["kappa"]
        nodes, weights = np.polynomial.legendre.leggauss(15)
        if isinstance(kappa, list):
            low, high = np.log(kappa)
            base = base._replace(
                kappa=np.exp((low + high + (high - low) * nodes) / 2.0), kappa_weight=weights[None] / 2
            )
        else:
            base = base._replace(kappa=np.array([kappa]), kappa_weight=np.ones((1, 1)))
        base = base._replace(level_weight=np.array([state["pooling"]["levels"]]))
    return base


def prior_of(held: Stored, state: State) -> Floats:
    """Give log P(Z) over `Stored.z`, shape (Z,)."""
    return np.asarray(log_p(held.problem["pool"].values, standpoint_of(held, state), held.z)[1][0])


def expected(few: Stored, clusters: Floats, log_update: Floats, log_prior: Floats) -> tuple[Floats, Weighed]:
    """Put other evidence, read on a page's few draws, together with what all draws say of the evidence as fitted.

    Parameters
    ----------
    few
        The page's draws.
    clusters
        Log-likelihoods of the clusters under the settings, shape (D, G, K), nats.
    log_update
        Log A(Z) of all draws, shape (Z,).
    log_prior
        Log P(Z) under the settings, shape (Z,).

    Returns
    -------
    joint : ndarray, shape (Z,)
    weighed
        The draws' weights.
    """
    loglik = few.by_case(clusters)
    of_z = sum(loglik[:, case, few.z[:, case]] for case in range(few.z.shape[1]))
    log_evidence = log_sum_exp(of_z + log_prior)
    # Where the evidence says the same, the draws differ by the standpoint alone, and what all of them say is exact.
    same = bool(np.allclose(loglik, few.loglik, rtol=0.0, atol=1e-9))
    weighed = reweigh(log_evidence - few.log_evidence, smooth=not same)
    with np.errstate(divide="ignore"):
        changed = log_sum_exp(np.log(weighed.weight)[:, None] + of_z - log_evidence[:, None], axis=0)
    of_all = log_prior + log_update + (0.0 if same else changed - Beliefs(few).log_update)
    joint = np.exp(of_all - of_all.max())
    return np.asarray(joint / joint.sum()), weighed
