"""Clues together with observations: whatever else is changed, what they say of each draw stays in every answer."""

from __future__ import annotations

import dataclasses
import functools
import tempfile
from pathlib import Path

import numpy as np
import xarray as xr
from clued import files_of
from lively import Fit, fit_of
from lively_engine import ASK, clusters_of, opened, prior_of, random_state
from pages import decoded
from playwright.sync_api import Page
from small_study import write

from bayestrace import api
from bayestrace.encoding import encode
from bayestrace.inference import pooling, predictive
from bayestrace.inference.facevalue import case_loglik
from bayestrace.panels import Panel
from bayestrace.report import live
from bayestrace.sensitivity import kept, powers
from bayestrace.sensitivity.draws import loglik_of, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer, log_ratio
from bayestrace.study import Study
from bayestrace.weights import log_sum_exp

DRAWS, SETTINGS = 60, 12
#: Beside nothing: with the observations, cases that stand for one each, and an explanation that is not excluded.
TOGETHER = (
    ("clue_reading: beside", "clue_reading: together"),
    (", count: 4", ""),
    ("bargaining: 0, threat: 1", "bargaining: 0.1, threat: 0.9"),
)


@functools.cache
def study() -> Study:
    files = files_of("beside")
    for old, new in TOGETHER:
        assert old in files["study.yaml"]
        files["study.yaml"] = files["study.yaml"].replace(old, new)
    with tempfile.TemporaryDirectory() as folder:
        return api.read_study(write(Path(folder), files)).model_copy(update={"default_set": "wide"})


@functools.cache
def made() -> Fit:
    return fit_of(study(), study().profiles["reference"], DRAWS)


def test_what_clues_say_of_a_draw_is_the_sum_over_searches() -> None:
    """By hand: of a search that was made, log of s phi if it found and of 1 - s phi if not."""
    held, posterior = made().stored, made().tree["posterior"].to_dataset()
    chance = posterior["chance"].values.reshape(DRAWS, -1, 3)
    cells = [str(name) for name in held.problem["cell"].values]
    at = {name: chance[:, place] for place, name in enumerate(cells)}
    case = [str(name) for name in held.problem["case"].values].index
    wanted = np.zeros_like(held.loglik)
    wanted[:, case("one")] += np.log(at["threat-seen"]) + np.log(at["signed|democracy"])
    wanted[:, case("one")] += np.log(1.0 - at["kept|found"])
    wanted[:, case("two")] += np.log(1.0 - 0.7 * at["threat-seen"])
    wanted[:, case("many")] += np.log(at["signed|autocracy"])
    assert held.sought is not None
    np.testing.assert_allclose(held.sought, wanted, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(held.loglik, loglik_of(held.problem, held.clusters) + wanted, rtol=0.0, atol=1e-12)
    np.testing.assert_allclose(held.thinned(20).by_case(held.thinned(20).clusters), held.thinned(20).loglik, atol=1e-12)
    # The evidence as fitted is the evidence as fitted, by either way to it.
    np.testing.assert_allclose(log_ratio(held, held.clusters), 0.0, atol=1e-10)
    np.testing.assert_allclose(
        answer(held, clusters=held.clusters).probability, answer(held).probability, rtol=0.0, atol=1e-10
    )


def test_a_page_answers_with_its_clues_as_python_does(tab: Page, tmp_path: Path) -> None:
    fitted = made()
    rng = np.random.default_rng(5)
    states = [random_state(rng, fitted, place) for place in range(SETTINGS)]
    told = opened(tab, tmp_path, live.island(fitted.tree)).evaluate(ASK, states)
    changed = 0
    for state, found in zip(states, told, strict=True):
        clusters = clusters_of(fitted.stored, state)
        log_prior = prior_of(fitted.stored, state)
        wanted = answer(fitted.stored, log_p=log_prior, clusters=clusters, diagnose=True)
        probability = np.reshape(found["probability"], wanted.probability.shape)
        np.testing.assert_allclose(probability, wanted.probability, rtol=0.0, atol=1e-9, err_msg=str(state))
        silent = dataclasses.replace(fitted.stored, sought=None)
        if clusters is not None:
            without = answer(silent, log_p=log_prior, clusters=clusters).probability
            changed += bool(np.abs(without - wanted.probability).max() > 1e-3)
    assert changed > 3, "without clues the answers would be others"


def test_a_panel_keeps_what_its_clues_say() -> None:
    fitted = made()
    coders = ("neutral", "guest")
    problem = encode(study(), study().profiles["reference"], None, coders)
    part = fit_of(
        study().model_copy(update={"codings": tuple(one for one in study().codings if one.coder in coders)}),
        study().profiles["reference"],
        DRAWS,
    )
    posterior = part.tree["posterior"].to_dataset()
    panel = Panel(coders, problem, posterior, xr.Dataset())
    (group,) = kept.of(panel, fitted.stored.problem, study(), study().profiles["reference"]).values()
    assert part.stored.sought is not None
    np.testing.assert_allclose(group["sought"].values, part.stored.sought, rtol=1e-6)
    tree = fitted.tree.copy()
    tree["panels/neutral+guest"] = xr.DataTree(group)
    (told,) = live.island(tree)["panels"]
    np.testing.assert_array_equal(decoded(told["sought"], "<f4").reshape(group["sought"].shape), group["sought"].values)


def test_at_face_value_clues_count_as_they_are_expected() -> None:
    problem = made().stored.problem
    held = stored_face_value(problem)
    np.testing.assert_allclose(held.loglik[0], case_loglik(problem, with_doubtful=True), rtol=0.0, atol=1e-12)


def test_evidence_raised_to_no_power_says_nothing_with_its_clues() -> None:
    moved = powers._likelihood(made().stored, (0.0, 1.0))  # noqa: SLF001 - the whole analysis takes many powers
    np.testing.assert_allclose(moved.probability[0], 1.0 / 3.0, atol=1e-9)
    np.testing.assert_allclose(moved.probability[1], answer(made().stored).probability, atol=1e-9)


def test_a_coder_is_foreseen_knowing_what_was_found_of_clues() -> None:
    """Of observations nothing is said: then the evidence of a draw is that of its clues."""
    held, problem = made().stored, made().stored.problem
    kept = predictive.thinned(made().tree["posterior"].to_dataset(), DRAWS)
    chances, evidence = predictive._pooled(problem, kept, np.zeros_like(held.loglik))  # noqa: SLF001 - all pass it
    assert held.sought is not None
    joint = pooling.log_joint(pooling.table_of(problem), held.sought)
    np.testing.assert_allclose(evidence, log_sum_exp(joint), rtol=0.0, atol=1e-12)
    assert np.abs(chances - 1.0 / 3.0).max() > 0.1


def test_cases_chosen_for_their_outcome_are_not_answered_anew() -> None:
    problem = made().stored.problem.assign(
        case_path=(("case", "path"), np.ones((3, 1), dtype=np.int64)),
    )
    tree = made().tree.copy()
    tree["problem"] = xr.DataTree(problem)
    assert live.island(tree)["logA"] is None
    assert live.island(made().tree)["logA"] is not None
    assert stored(problem, tree["posterior"].to_dataset()).table is None
