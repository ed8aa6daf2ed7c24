"""A live page with other coders: panels whose fit the result has kept, and a reviewer with weights of their own."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from lively import Fit, Floats, drawn, fit
from lively_engine import ASK, State, expected, opened, prior_of, random_state
from pages import decoded
from playwright.sync_api import Page
from shares import some
from study_factory import make_profile, make_study

from bayestrace.calibration.truth import draw_truth
from bayestrace.encoding import Problem, encode
from bayestrace.inference.signal import Hyperparameters
from bayestrace.panels import Panel
from bayestrace.report import live
from bayestrace.sensitivity import kept
from bayestrace.sensitivity.draws import Stored, clusters_of, stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.study import Coding, Judgement, StatedWeight, Study
from bayestrace.weights import NATS_PER_DB

WAYS: dict[str, dict[str, Any]] = {
    "selection": {
        "cases": 3,
        "hypotheses": 3,
        "coders": 3,
        "missing": 0.4,
        "clusters": (3, 2),
        "profile": {"selectivity": 0.3, "favours": "h1"},
    },
    "partial comparisons": {"cases": 2, "hypotheses": 4, "coders": 3, "partial": 0.4, "missing": 0.3, "doubtful": 1},
    "nothing missing": {"cases": 2, "hypotheses": 3, "coders": 2, "profile": {"prior": {"h0": 2, "h1": 1, "h2": 1}}},
}
DRAWS = 60
SETTINGS = 10


def set_as(problem: Problem, state: State, like: Problem) -> Problem:
    """Pose a panel's problem as a page's settings have it.

    Parameters
    ----------
    problem
        Of the coders of the panel, a reviewer among them if they state something.
    state
        With places among the coders, and the observations and clusters that weigh, of the next.
    like
        The problem of all coders.
    """
    names = [*like["coder"].values.tolist(), "reviewer"]
    coders = problem["coder"].values.tolist()
    weighing = np.flatnonzero(like["weighs"].values)
    label = like["cluster_of_evidence"].values
    clusters = np.unique(label[weighing])
    made = problem.copy(deep=True)
    gone = [int(weighing[one]) for one in state.get("without", ())]
    gone += [int(one) for cluster in state.get("clusters", ()) for one in np.flatnonzero(label == clusters[cluster])]
    for one in state.get("weights", ()):
        if names[one["coder"]] in coders:
            at = coders.index(names[one["coder"]]), int(weighing[one["observation"]])
            if not made["stated"].values[at]:
                made["stated"].values[at] = made["weighs"].values[at[1]] = True
                made["projector"].values[at] = np.eye(made.sizes["contrast"])
            reach = made["projector"].values[at] @ made["helmert"].values
            made["weight"].values[at] = reach @ np.array(one["db"]) * NATS_PER_DB
    made["weighs"].values[gone] = False
    if not state.get("reliability", True):
        made["reliability"].values[:] = 1.0
    if not state.get("redundancy", True):
        made["redundancy_mean"].values[:] = made["redundancy_sd"].values[:] = 0.0
    hypotheses = like["hypothesis"].values.tolist()
    favours = hypotheses[state["favours"]] if "favours" in state else like.attrs["favours"]
    return made.assign_attrs(selectivity=state.get("selectivity", like.attrs["selectivity"]), favours=favours)


def read(full: Stored, few: Stored, problem: Problem, theta: Hyperparameters) -> Floats:
    """Evaluate a problem's clusters and put them where all coders together have theirs, shape (D, G, K)."""
    assert few.theta is not None
    result = np.zeros((few.theta.log_v.size, *full.clusters.shape[1:]))
    places, present = (
        np.unique(one["cluster_of_evidence"].values[one["weighs"].values]) for one in (full.problem, problem)
    )
    if present.size:
        result[:, np.searchsorted(places, present)] = clusters_of(problem, theta)
    return result


def with_panels(made: Fit, *panels: list[str]) -> dict[str, tuple[Stored, Floats]]:
    """Keep fits of panels in a result; give by group their draws as a page has them, and log A(Z) as it is kept."""
    full = made.stored.problem
    found = {}
    for coders in panels:
        problem = encode(made.study, made.profile, None, coders)
        _, posterior = drawn(problem, DRAWS)
        panel = Panel(tuple(coders), problem, posterior, xr.Dataset())
        for path, group in kept.of(panel, full, made.study, made.profile).items():
            made.tree[path] = xr.DataTree(group)
            found[path] = (stored(problem, posterior, DRAWS), group["log_update"].values.astype(np.float64))
    return found


def theta_of(island: dict[str, Any], entry: dict[str, Any], coders: int) -> Hyperparameters:
    """Read the draws of a fit back, those of the reviewer last."""
    contrasts = len(island["hypotheses"]) - 1
    shapes = {"scale": (-1, coders + 1), "noise": (-1, coders + 1), "bias": (-1, coders + 1, contrasts)}
    values = (
        decoded(text, "<f4" if entry is island else "<f2").astype(np.float64).reshape(shapes.get(name, (-1,)))
        for name, text in entry["theta"].items()
    )
    return Hyperparameters(*values)


def with_reviewer(problem: Problem) -> Problem:
    """Add a coder who has stated nothing."""
    nothing = {"stated": False, "weight": 0.0, "projector": 0.0, "stated_variance": 0.0, "p_if_focal": np.nan}
    return problem.reindex(coder=[*problem["coder"].values.tolist(), "reviewer"], fill_value=nothing)


def weight_of(rng: np.random.Generator, made: Fit, coder: int) -> State:
    size, observations = made.stored.problem.sizes["hypothesis"], made.stored.design.weight.shape[1]
    return {"coder": coder, "observation": int(rng.integers(observations)), "db": rng.normal(0.0, 3.0, size).tolist()}


def test_every_number_of_two_bytes_is_read_as_it_was_written(tab: Page) -> None:
    every = np.arange(65536, dtype=np.uint16).view(np.float16)
    every = every[np.isfinite(every)]
    source = (Path(live.__file__).parent / "script" / "data.js").read_text(encoding="utf-8")
    read_back = tab.evaluate(
        "text => {"
        + source
        + """
        const held = {nCoders: 1, nContrasts: 1, nObservations: 0, panel: ["a"], reviewer: false, members: [],
          observation: {stated: []}, cluster: {}};
        const theta = {logV: text, scale: "", noise: "", bias: ""};
        return [...data.withPanel(held, {coders: ["a"], theta, logA: "", mean: [], sd: []}).theta.logV]; }""",
        live.encoded(every, "<f2"),
    )
    np.testing.assert_array_equal(read_back, every.astype(np.float64))


@pytest.mark.parametrize("name", some(WAYS, "partial comparisons"))
def test_any_settings_within_a_panel_have_the_answer_of_python(tab: Page, tmp_path: Path, name: str) -> None:
    made = fit(draws=DRAWS, **WAYS[name])
    full = made.stored.problem
    coders = full.sizes["coder"]
    panels = [["coder0", "coder2"], ["coder1"]] if coders > 2 else [["coder1"]]
    known = with_panels(made, *panels)
    island = live.island(made.tree)
    page = opened(tab, tmp_path, island)
    rng = np.random.default_rng(len(name))
    for entry, (few, log_update) in zip(island["panels"], known.values(), strict=True):
        theta = theta_of(island, entry, len(entry["coders"]))
        assert few.theta is not None
        np.testing.assert_array_equal(theta.bias[:, :-1], few.theta.bias)
        states = [random_state(rng, made, place) | {"panel": entry["coders"][::-1]} for place in range(SETTINGS)]
        for state in states[::3]:
            state["weights"] = [*state.get("weights", ()), *(weight_of(rng, made, j) for j in range(coders + 1))]
        for state, found in zip(states, page.evaluate(ASK, states), strict=True):
            assert (found["refused"], found["draws"]) == (None, DRAWS)
            clusters = read(made.stored, few, set_as(with_reviewer(few.problem), state, full), theta)
            held = dataclasses.replace(few, problem=full)
            joint, weighed = expected(held, clusters, log_update, prior_of(made.stored, state))
            np.testing.assert_allclose(found["joint"], joint, rtol=0.0, atol=1e-9, err_msg=str(state))
            np.testing.assert_allclose(found["ess"], weighed.ess, rtol=0.0, atol=1e-6, err_msg=str(state))
            if weighed.ess < DRAWS - 1e-6:
                np.testing.assert_allclose(found["paretoK"], weighed.pareto_k, rtol=0.0, atol=1e-6, err_msg=str(state))
    again = page.evaluate(ASK, [{}, {"panel": panels[0]}, {"panel": full["coder"].values.tolist()}])
    assert again[0]["joint"] == again[2]["joint"] != again[1]["joint"]


def test_a_panel_alone_is_answered_by_all_its_draws(tab: Page, tmp_path: Path) -> None:
    """The fit has more draws than the page; what it says under its own standpoint is what it would be published as."""
    made = fit(draws=20, cases=2, hypotheses=3, coders=2)
    problem = encode(made.study, made.profile, None, ["coder1"])
    whole, posterior = drawn(problem, 400)
    panel = Panel(("coder1",), problem, posterior, xr.Dataset())
    for path, group in kept.of(panel, made.stored.problem, made.study, made.profile).items():
        made.tree[path] = xr.DataTree(group)
    page = opened(tab, tmp_path, live.island(made.tree))
    found = page.evaluate(ASK, [{"panel": ["coder1"]}])[0]
    # A(Z) has four bytes.
    np.testing.assert_allclose(found["probability"], answer(whole).probability.reshape(-1), rtol=0.0, atol=1e-7)
    assert found["draws"] == kept.DRAWS
    first, last = page.evaluate(
        """() => {
          const state = {panel: ["coder1"], without: [0]};
          const first = window.engine.prepare(0, state);
          while (!window.engine.prepare(1, state)) {}
          return [first, window.engine.prepare(1000, {panel: ["nobody"]})];
        }"""
    )
    assert (first, last) == (False, True)


def test_other_panels_are_refused_with_the_command_that_fits_them(tab: Page, tmp_path: Path) -> None:
    made = fit(draws=10, cases=2, hypotheses=3, coders=3)
    with_panels(made, ["coder0", "coder1"])
    page = opened(tab, tmp_path, live.island(made.tree))
    for panel in (["coder0"], [], ["coder0", "coder0"], ["coder0", "nobody"]):
        (found,) = page.evaluate(ASK, [{"panel": panel}])
        assert found["refused"]["slug"] == "panel-not-fitted"
        for lang in ("en", "zh"):
            assert "`bayestrace sensitivity`" in found["refused"][lang]
            assert "`bayestrace sensitivity --multiverse`" in found["refused"][lang]


def stating(study: Study, coder: str, weights: dict[str, list[float]]) -> Study:
    """Let a coder, known or new, weigh further observations without ranges: the first explanation over each rival."""
    first, *rivals = study.hypotheses
    judgements = [
        Judgement(
            evidence=evidence,
            weights=tuple(
                StatedWeight(hypothesis=first, against=rival, best=best)
                for rival, best in zip(rivals, over, strict=True)
            ),
        )
        for evidence, over in weights.items()
    ]
    codings = {coding.coder: coding for coding in study.codings}
    before = codings.get(coder, Coding(coder=coder, judgements=()))
    new = before.model_copy(update={"judgements": (*before.judgements, *judgements)})
    return study.model_copy(update={"codings": tuple((codings | {coder: new}).values())})


OWN = [*((name, "reviewer") for name in WAYS), ("selection", "coder1"), ("partial comparisons", "coder1")]


@pytest.mark.parametrize(("name", "who"), some(OWN, ("selection", "reviewer"), ("partial comparisons", "coder1")))
def test_a_weight_of_ones_own_is_a_coding_of_the_study(tab: Page, tmp_path: Path, name: str, who: str) -> None:
    """The study with the coding in it, encoded and evaluated on the same draws, has the answer of the page."""
    made = fit(draws=DRAWS, **WAYS[name])
    problem = made.stored.problem
    island = live.island(made.tree)
    coders = problem["coder"].values.tolist()
    theta = theta_of(island, island, len(coders))
    rng = np.random.default_rng(5)
    place = len(coders) if who == "reviewer" else coders.index(who)
    free = np.arange(len(island["evidence"]))
    if who != "reviewer":
        free = np.flatnonzero(made.stored.design.stated[place] == 0.0)
        theta = theta._replace(**{one: getattr(theta, one)[:, :-1] for one in ("scale", "noise", "bias")})
    chosen = rng.choice(free, min(3, free.size), replace=False).tolist()
    over = rng.normal(0.0, 4.0, (len(chosen), problem.sizes["hypothesis"] - 1)).round(1).tolist()
    states: list[State] = [
        {"weights": [{"coder": place, "observation": at, "db": [0.0, *(-one for one in row)]} for at, row in some]}
        for some in ([(chosen[0], over[0])], list(zip(chosen, over, strict=True)))
    ]
    states[1]["prior"] = rng.dirichlet(np.ones(problem.sizes["hypothesis"])).tolist()
    for state, found in zip(states, opened(tab, tmp_path, island).evaluate(ASK, states), strict=True):
        said = {island["evidence"][one["observation"]]: [-value for value in one["db"][1:]] for one in state["weights"]}
        posed = encode(stating(made.study, who, said), made.profile)
        wanted = answer(
            made.stored,
            log_p=prior_of(made.stored, state),
            clusters=clusters_of(posed, theta),
            diagnose=True,
        )
        np.testing.assert_allclose(found["probability"], wanted.probability.reshape(-1), rtol=0.0, atol=1e-9)
        np.testing.assert_allclose(found["ess"], wanted.ess, rtol=0.0, atol=1e-6)
        np.testing.assert_allclose(found["paretoK"], wanted.pareto_k, rtol=0.0, atol=1e-6)
        assert wanted.ess < DRAWS - 1.0


@pytest.mark.parametrize("coders", [1, 3])
def test_a_reviewer_is_a_coder_of_whom_nothing_is_known(coders: int) -> None:
    """Given what the others are like, a further coder of the model is as the reviewer is: by moments of both."""
    count = 6000
    problem = encode(make_study(coders=coders + 1), make_profile(leaning_db=2.0))
    rng = np.random.default_rng(1)
    truths = [draw_truth(problem, rng) for _ in range(count)]
    # Scales are relative to the mean of whoever was fitted.
    log_scale = np.log([truth.theta.scale for truth in truths])
    log_scale -= log_scale[:, :-1].mean(axis=1, keepdims=True)
    noise, bias = (np.array([getattr(truth.theta, name) for truth in truths]) for name in ("noise", "bias"))
    spread = {name: np.array([getattr(truth, name) for truth in truths]) for name in ("noise_sd", "leaning_sd")}
    drawn_one = live.reviewer({"bias": bias[:, :-1], **spread}, float(problem.attrs["leaning_sd"]), seed=2)
    assert log_scale[:, -1].std() == pytest.approx(np.log(drawn_one["scale"]).std(), rel=0.04)
    assert np.log(drawn_one["scale"]).mean() == pytest.approx(0.0, abs=0.03)
    for quantile in (0.1, 0.5, 0.9):
        of_model, of_page = (
            np.quantile(one / spread["noise_sd"], quantile) for one in (noise[:, -1], drawn_one["noise"])
        )
        assert of_page == pytest.approx(of_model, rel=0.1)
    mean = bias[:, :-1].mean(axis=1)
    assert (drawn_one["bias"] ** 2).mean() == pytest.approx((bias[:, -1] ** 2).mean(), rel=0.05)
    assert (drawn_one["bias"] * mean).mean() == pytest.approx((bias[:, -1] * mean).mean(), rel=0.1)
    off = [((one - mean) ** 2).mean() for one in (drawn_one["bias"], bias[:, -1])]
    assert off[0] == pytest.approx(off[1], rel=0.05)


def test_the_reviewer_follows_from_the_seed_of_the_result() -> None:
    made = fit(draws=10, cases=2)
    first = live.island(made.tree)
    assert first == live.island(made.tree)
    made.tree.attrs["settings"] = json.dumps({"seed": 999})
    assert live.island(made.tree)["theta"]["scale"] != first["theta"]["scale"]


def test_a_result_of_an_earlier_version_has_neither_reviewer_nor_panels(tab: Page, tmp_path: Path) -> None:
    made = fit(draws=10, cases=2, hypotheses=3)
    older = made.tree["posterior"].to_dataset().drop_vars(["noise_sd", "leaning_sd"])
    made.tree["posterior"] = xr.DataTree(older)
    island = live.island(made.tree)
    assert (island["reviewer"], island["panels"]) == (False, [])
    page = opened(tab, tmp_path, island)
    assert page.evaluate(ASK, [{"without": [0]}])[0]["refused"] is None
    weight = {"coder": 2, "observation": 0, "db": [0.0, 0.0, 0.0]}
    caught = page.evaluate(
        "state => { try { window.engine.answer(state); return null; } catch (fault) { return fault.name; } }",
        {"weights": [weight]},
    )
    assert caught == "RangeError"
