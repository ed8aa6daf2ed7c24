"""The books of the evidence: stages, what is lost by leaving out, exact reliability, steps, coders."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import xarray as xr
from numeric import Floats, loglik, one, some_theta
from study_factory import make_profile, make_study

from bayestrace.encoding import Problem, encode
from bayestrace.inference import facevalue, ledger
from bayestrace.inference.signal import Design, Hyperparameters, design_of
from bayestrace.results import centred
from bayestrace.weights import to_decibels

DRAWS = 7


def made(selectivity: float = 0.0, seed: int = 1) -> tuple[Problem, Hyperparameters]:
    study = make_study(cases=2, clusters=(3, 2), singles=2, doubtful=1, context=1, missing=0.2, seed=seed)
    items = tuple(
        item.model_copy(update={"reliability": 0.6 if place % 4 == 1 else item.reliability})
        for place, item in enumerate(study.evidence)
    )
    problem = encode(study.model_copy(update={"evidence": items}), make_profile(selectivity=selectivity))
    return problem, some_theta(problem, DRAWS)


def decibels(values: Floats) -> Floats:
    """Mean over draws, centred, decibels."""
    return to_decibels(centred(values.mean(axis=0)))


def in_blocks_of_precision(design: Design) -> Design:
    """Treat what coders compared as if it might be a part of the hypotheses, which the loops do not know."""
    dims = design.helmert.shape[0]
    return dataclasses.replace(design, projector=np.tile(np.eye(dims), (*design.stated.shape, 1, 1)))


@pytest.mark.parametrize("selectivity", [0.0, 0.5])
@pytest.mark.parametrize("partial", [False, True])
def test_loops_and_formulas_say_the_same_of_any_clusters(selectivity: float, *, partial: bool) -> None:
    """Also where an observation stands in several clusters, and where a coder compared some hypotheses only."""
    problem, theta = made(selectivity, seed=3)
    design, _, _ = design_of(problem)
    if partial:
        design = in_blocks_of_precision(design)
    members = [inside.tolist() for inside in design.members()]
    groups = [[place for place in row if place != out] for row in members for out in row if len(row) > 1]
    parents = [label for label, row in enumerate(members) for _ in row if len(row) > 1]
    again = design.regrouped(groups, parents, np.linspace(0.5, 1.0, design.stated.shape[1]))
    for one_design in (design, again):
        found = ledger.evaluate(one_design, theta)
        assert found.shape == (DRAWS, one_design.clusters, one_design.helmert.shape[1])
        np.testing.assert_allclose(found, loglik(one_design, theta), rtol=1e-11, atol=1e-9)


@pytest.mark.parametrize("selectivity", [0.0, 0.5])
def test_the_stages_of_the_ledger_add_one_correction_each(selectivity: float) -> None:
    problem, theta = made(selectivity)
    design, evidence, kept = design_of(problem)
    found = ledger.clusters(problem, theta)["ledger_db"].isel(cluster=kept)
    single = to_decibels(facevalue.observation_loglik(problem)[evidence])
    np.testing.assert_allclose(
        found.sel(stage="face-value"), [single[inside].sum(axis=0) for inside in design.members()], atol=1e-9
    )
    sure = dataclasses.replace(design, reliability=np.ones(kept.size))
    no_selection = dataclasses.replace(sure, selectivity=0.0)
    apart = dataclasses.replace(no_selection, redundancy=np.zeros_like(design.redundancy))
    for stage, expected in (
        ("noise", apart),
        ("redundancy", no_selection),
        ("selection", sure),
        ("reliability", design),
    ):
        np.testing.assert_allclose(found.sel(stage=stage), decibels(loglik(expected, theta)), atol=1e-9)
    # Singles have nothing to be redundant with, and reliability never lengthens the span of the weights.
    alone = found["cluster"].values[design.size == 1]
    np.testing.assert_allclose(
        found.sel(stage="redundancy", cluster=alone), found.sel(stage="noise", cluster=alone), atol=1e-9
    )


def test_the_last_stages_add_up_to_the_likelihood_of_the_case() -> None:
    problem, theta = made()
    design, _, kept = design_of(problem)
    last = ledger.clusters(problem, theta)["ledger_db"].sel(stage="reliability").values[kept]
    cases = problem["case_of_cluster"].values[kept]
    total = np.stack([loglik(design, theta)[:, cases == case].sum(axis=1) for case in range(2)], axis=1)
    summed = np.stack([last[cases == case].sum(axis=0) for case in range(2)])
    np.testing.assert_allclose(summed, decibels(total), atol=1e-9)


def test_the_interval_of_a_cluster_is_of_focal_over_each() -> None:
    problem, theta = made()
    design, _, kept = design_of(problem)
    final = to_decibels(loglik(design, theta))
    found = ledger.clusters(problem, theta)["focal_db"].isel(cluster=kept)
    np.testing.assert_allclose(found.sel(stat="mean"), (final[..., :1] - final).mean(axis=0), atol=1e-9)
    np.testing.assert_allclose(found.sel(stat="q50"), np.median(final[..., :1] - final, axis=0), atol=1e-9)
    np.testing.assert_array_equal(found.sel(hypothesis="h0"), 0.0)


@pytest.mark.parametrize("selectivity", [0.0, 0.5])
def test_what_is_lost_by_leaving_out_is_with_minus_without_encoded_anew(selectivity: float) -> None:
    problem, theta = made(selectivity)
    found = ledger.observations(problem, theta)["left_out_db"]
    design, evidence, kept = design_of(problem)
    whole = loglik(design, theta)
    for place, column in enumerate(evidence):
        without = problem.copy()
        weighs = problem["weighs"].values.copy()
        weighs[column] = False
        without["weighs"] = ("evidence", weighs)
        rest, _, rest_kept = design_of(without)
        label = design.label[place]
        lost = whole[:, label]
        if kept[label] in rest_kept:
            lost = lost - loglik(rest, theta)[:, rest_kept.tolist().index(kept[label])]
        np.testing.assert_allclose(found[column], decibels(lost), atol=1e-8)
    np.testing.assert_array_equal(np.isnan(found.values).all(axis=1), ~problem["weighs"].values)


@pytest.mark.parametrize("selectivity", [0.0, 0.5])
def test_exact_reliability_is_the_short_form_where_a_cluster_has_one_member(selectivity: float) -> None:
    problem, theta = made(selectivity)
    found = ledger.clusters(problem, theta)
    alone, several = found["size"].values == 1, found["size"].values > 1
    assert alone.any()
    assert several.any()
    short = found["ledger_db"].sel(stage="reliability").values
    exact = found["exact_reliability_db"].values
    np.testing.assert_allclose(exact[alone], short[alone], atol=1e-8)
    assert np.abs(exact[several] - short[several]).max() > 1e-3


def test_exact_reliability_sums_over_which_members_are_so() -> None:
    problem, theta = made()
    design, evidence, kept = design_of(problem)
    quality = problem["reliability"].values[evidence]
    found = ledger.clusters(problem, theta)["exact_reliability_db"].values
    cluster = int(design.size.argmax())
    name = kept[cluster]
    members = np.flatnonzero(design.label == cluster)
    assert members.size >= 3
    total = np.zeros((DRAWS, 3))
    for so in itertools.product([True, False], repeat=members.size):
        chance = np.prod([quality[i] if flag else 1.0 - quality[i] for i, flag in zip(members, so, strict=True)])
        term = np.full((DRAWS, 3), chance)
        for flag in (True, False):
            group = [int(i) for i, is_so in zip(members, so, strict=True) if is_so == flag]
            if group:
                part = dataclasses.replace(design.regrouped([group], [cluster], quality), reliability=np.ones(1))
                density = np.exp(loglik(part, theta)[:, 0])
                term *= density if flag else density.mean(axis=1, keepdims=True)
        total += term
    np.testing.assert_allclose(found[name], decibels(np.log(total)), atol=1e-8)


def test_a_cluster_of_which_nothing_weighs_has_no_weight() -> None:
    problem, theta = made()
    found = ledger.clusters(problem, theta)
    _, _, kept = design_of(problem)
    empty = np.setdiff1d(np.arange(problem.sizes["cluster"]), kept)
    assert empty.size
    assert found["size"].values[empty].tolist() == [0] * empty.size
    assert np.isnan(found["ledger_db"].values[:, empty]).all()
    assert not np.isnan(found["ledger_db"].values[:, kept]).any()


def test_clusters_past_the_limit_are_not_summed_over() -> None:
    problem = encode(make_study(cases=1, clusters=(9,), singles=1, coders=1), make_profile())
    found = ledger.clusters(problem, some_theta(problem, 2))["exact_reliability_db"]
    assert np.isnan(found.values).all(axis=1).tolist() == [True, False]


def test_steps_weigh_their_own_observations_only_within_their_clusters() -> None:
    problem, theta = made()
    design, evidence, kept = design_of(problem)
    step_of = np.array([["start", "middle", "end"][i % 3] for i in range(problem.sizes["evidence"])])
    found = ledger.steps(problem, theta, step_of, ["start", "middle", "end", "unseen"])
    for case, step in itertools.product(range(2), ("start", "middle", "end")):
        only = problem.copy()
        only["weighs"] = ("evidence", problem["weighs"].values & (step_of == step))
        part, _, part_kept = design_of(only)
        cases = problem["case_of_cluster"].values[part_kept]
        total = loglik(part, theta)[:, cases == case].sum(axis=1)
        spot = found.sel(step=step).isel(case=case)
        np.testing.assert_allclose(spot["alone_db"], decibels(total), atol=1e-8)
        share = facevalue.case_posterior(problem["prior"].values, total).mean(axis=0)
        np.testing.assert_allclose(spot["probability_alone"], share, rtol=1e-9)
    assert np.isnan(found.sel(step="unseen")["alone_db"]).all()
    assert np.isnan(found.sel(step="unseen")["probability_alone"]).all()
    assert design.clusters == kept.size
    assert evidence.size < problem.sizes["evidence"]


def test_draws_are_joined_chain_by_chain_and_thinned_evenly() -> None:
    problem, _ = made()
    rng = np.random.default_rng(0)
    shape = {"scale": (2,), "noise": (2,), "bias": (2, 2)}
    posterior = xr.Dataset(
        {
            name: (("chain", "draw", *"ab"[: len(shape.get(name, ()))]), rng.normal(size=(2, 5, *shape.get(name, ()))))
            for name in Hyperparameters._fields
        }
    )
    theta = ledger.hyperparameters(posterior)
    np.testing.assert_array_equal(theta.bias[7], posterior["bias"].values[1, 2])
    np.testing.assert_array_equal(theta.log_v, posterior["log_v"].values.ravel())
    few = ledger.thin(theta, 4)
    np.testing.assert_array_equal(few.noise, theta.noise[[0, 3, 6, 9]])
    assert ledger.thin(theta, 200).log_v.shape == (10,)
    assert problem.sizes["coder"] == 2


def test_where_every_cluster_is_too_large_no_exact_sum_is_told() -> None:
    problem = encode(make_study(cases=1, clusters=(ledger.EXACT_MEMBERS + 1,), singles=0), make_profile())
    found = ledger.clusters(problem, some_theta(problem, DRAWS))
    assert found["exact_reliability_db"].isnull().all()
    assert found["ledger_db"].notnull().all()


def test_many_draws_are_evaluated_in_blocks() -> None:
    problem, _ = made()
    theta = some_theta(problem, 103)
    design = in_blocks_of_precision(design_of(problem)[0])
    found = ledger.evaluate(design, theta)
    assert found.shape[0] == 103
    np.testing.assert_allclose(found[102], loglik(design, one(theta, 102)), atol=1e-10)


def test_coders_leaning_is_in_decibels_per_hypothesis_and_noise_that_of_a_pair() -> None:
    problem, theta = made()
    found = ledger.coder_groups(problem, theta)
    leaning = to_decibels(theta.bias[:, 1] @ problem["helmert"].values).mean(axis=0)
    np.testing.assert_allclose(found["leaning_db"].sel(stat="mean", coder="coder1"), leaning, atol=1e-12)
    pair = np.sqrt(2.0) * theta.noise[:, 0].mean() * 10.0 / np.log(10.0)
    assert float(found["noise_db"].sel(stat="mean", coder="coder0")) == pytest.approx(pair)
