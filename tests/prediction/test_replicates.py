"""Replicates against joint normals, statistics against plain loops, and what a spoilt coder looks like."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import xarray as xr
from brute import Brute, some_draws
from study_factory import STEPS, make_profile, make_study

from bayestrace import checks
from bayestrace.encoding import encode
from bayestrace.inference import ledger, pooling, replicates
from bayestrace.inference.predictive import Newcomer
from bayestrace.inference.signal import design_of
from bayestrace.study import Study
from bayestrace.weights import NATS_PER_DB

POINT = (None, 0.4, None)


def repeated(draws: xr.Dataset, times: int) -> Any:
    return ledger.hyperparameters(draws.isel(draw=np.zeros(times, dtype=np.int64)))


def test_replicates_have_the_moments_of_the_joint_normal() -> None:
    problem = encode(
        make_study(cases=1, coders=2, clusters=(2,), singles=1, reliability=1.0, redundancy=POINT), make_profile()
    )
    draws = some_draws(problem, 1, seed=3)
    draws["sd_log_v"].values[:] = 1e-9
    design, _, _ = design_of(problem)
    theta = repeated(draws, 40_000)
    spoken = np.tile([1, 0], (40_000, 1))
    found = replicates.simulate(design, theta, spoken, np.random.default_rng(0))
    without = draws.isel(coder=[1])
    scale, noise, bias = (draws[name].values[0, :, 0] for name in ("scale", "noise", "bias"))
    own = Newcomer(scale, noise, bias, np.zeros(1))
    brute = Brute(problem, without, own, 0, 0)
    for cluster, explanation in ((0, 1), (1, 0)):
        who, _, mean, covariance = brute.joint(cluster, float(np.exp(draws["log_v"].values[0, 0])), 0.4)
        columns = np.flatnonzero(design.label == cluster)
        stacked = np.concatenate([found[:, j, columns[p]] for j, p in who], axis=1)
        sd = np.sqrt(np.diag(covariance))
        np.testing.assert_allclose((stacked.mean(axis=0) - mean[explanation]) / sd, 0.0, atol=0.025)
        np.testing.assert_allclose((np.cov(stacked.T) - covariance) / np.outer(sd, sd), 0.0, atol=0.04)


def test_what_is_not_so_speaks_for_nobody() -> None:
    problem = encode(make_study(cases=1, coders=1, clusters=(), singles=1, reliability=0.6), make_profile())
    draws = some_draws(problem, 1)
    draws["sd_log_v"].values[:] = 1e-9
    design, _, _ = design_of(problem)
    found = replicates.simulate(design, repeated(draws, 40_000), np.full((40_000, 1), 2), np.random.default_rng(0))
    scale, bias = draws["scale"].values[0, 0, 0], draws["bias"].values[0, 0, 0]
    expected = scale * 0.6 * np.exp(draws["log_v"].values[0, 0]) / 2.0 * design.helmert[:, 2] + bias
    np.testing.assert_allclose(found[:, 0, 0].mean(axis=0), expected, atol=0.03)


def test_explanations_come_from_their_joint_posterior() -> None:
    problem = encode(make_study(cases=2, hypotheses=2), make_profile())
    loglik = np.array([[0.3, -0.2], [0.1, 0.9]])
    draws = xr.Dataset({"case_loglik": (("chain", "draw", "case", "hypothesis"), np.tile(loglik, (1, 20_000, 1, 1)))})
    z = replicates.explanations(problem, draws, np.random.default_rng(2))
    table = pooling.table_of(problem)
    expected = pooling.posterior(table, loglik)
    for row, probability in zip(table.z, expected, strict=True):
        assert (z == row).all(axis=1).mean() == pytest.approx(probability, abs=0.012)


@pytest.mark.parametrize(("missing", "partial"), [(0.2, 0.0), (0.2, 0.4), (0.5, 0.3)])
def test_statistics_are_what_a_loop_finds(missing: float, partial: float) -> None:
    study = make_study(
        cases=2, hypotheses=3, coders=2, missing=missing, partial=partial, singles=7, strength_db=12.0, seed=4
    )
    problem = encode(study, make_profile())
    design, evidence, _ = design_of(problem)
    step = [STEPS.index(study.evidence[item].step) for item in evidence]
    layout = replicates.layout_of(problem, design, step, len(STEPS))
    found = replicates.statistics(design.weight[None], layout)[0]
    average = np.array([layout.average[n] @ design.weight[:, n].sum(axis=0) for n in range(evidence.size)])
    leader = [int((average[layout.case == c].sum(axis=0) @ design.helmert).argmax()) for c in range(2)]
    parts = [range(evidence.size), *([n for n, place in enumerate(step) if place == s] for s in range(len(STEPS)))]
    for coder in range(2):
        said = {item.evidence: item for item in study.codings[coder].judgements}
        values = {
            n: {0: 0.0} | {int(w.against[1:]): -w.best for w in said[study.evidence[item].id].weights}
            for n, item in enumerate(evidence)
            if study.evidence[item].id in said
        }
        leading = [leader[case] for case in layout.case]
        for inside, mine in zip(parts, found[:, :, coder].T, strict=True):
            compare_spread(values, inside, mine)
            compare_lead(values, inside, leading, layout.case, mine)


def compare_spread(values: dict[int, dict[int, float]], part: Sequence[int], found: Any) -> None:
    """Hold the spread of some observations around all, and what is far out, against sums over pairs."""
    pairs: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for n, value in values.items():
        for a, b in itertools.combinations(sorted(value), 2):
            pairs.setdefault((a, b), []).append((n, value[a] - value[b]))
    centred = [(n, x - np.mean([y for _, y in said])) for said in pairs.values() for n, x in said]
    square = [x**2 for n, x in centred if n in part]
    if not square:
        assert np.isnan(found[[0, 3]]).all()
        return
    assert found[0] == pytest.approx(np.sqrt(np.mean(square)))
    largest = [max(value.values()) - min(value.values()) for n, value in values.items() if n in part]
    assert found[3] == pytest.approx(np.mean([x >= 20.0 for x in largest]))


def compare_lead(
    values: dict[int, dict[int, float]], part: Sequence[int], leader: list[int], case: Any, found: Any
) -> None:
    """Hold what is contrary, and the drift, of some observations against the leader's weights one by one."""
    lead = {
        n: value[leader[n]] - np.mean([x for k, x in value.items() if k != leader[n]])
        for n, value in values.items()
        if n in part and leader[n] in value
    }
    if not lead:
        assert np.isnan(found[1:3]).all()
        return
    assert found[2] == pytest.approx(np.mean([x < 0.0 for x in lead.values()]))
    inside = [mine for c in range(2) if (mine := [n for n in lead if case[n] == c])]
    if len(lead) < len(inside) + 2:
        assert np.isnan(found[1])
        return
    place = np.concatenate([np.array(mine) - np.mean(mine) for mine in inside])
    weight = np.concatenate([[lead[n] - np.mean([lead[m] for m in mine]) for n in mine] for mine in inside])
    assert found[1] == pytest.approx(np.corrcoef(place, weight)[0, 1])


def spoilt(study: Study, change: Any) -> Study:
    """Change what coder1 says: `change` takes the best weight, the number of the judgement, and returns another."""
    judgements = tuple(
        judgement.model_copy(
            update={
                "weights": tuple(
                    w.model_copy(
                        update={"best": (best := change(w.best, place)), "low": best - 1.0, "high": best + 1.0}
                    )
                    for w in judgement.weights
                )
            }
        )
        for place, judgement in enumerate(study.codings[1].judgements)
    )
    return study.model_copy(
        update={"codings": (study.codings[0], study.codings[1].model_copy(update={"judgements": judgements}))}
    )


def checked(study: Study, draws: int = 60) -> tuple[xr.Dataset, list[checks.Finding]]:
    problem = encode(study, make_profile())
    posterior = calm(problem).isel(draw=np.zeros(draws, dtype=np.int64))
    made = replicates.replicates(
        problem, posterior, step_of=[item.step for item in study.evidence], steps=STEPS, seed=1
    )
    return made, checks.replicate_findings(made)


def calm(problem: xr.Dataset) -> xr.Dataset:
    """One draw under which weights spread by some 5 dB, with noise of half a decibel."""
    draws = some_draws(problem, 1)
    settled = {"scale": 1.0, "noise": 0.1, "bias": 0.0, "range_factor": 0.5, "shared": 0.5, "r_eta": 0.5}
    for name, value in (settled | {"common_error": 0.1, "log_v": 0.0, "sd_log_v": 0.3}).items():
        draws[name].values[:] = value
    cases, hypotheses = problem.sizes["case"], problem.sizes["hypothesis"]
    return draws.assign(case_loglik=(("chain", "draw", "case", "hypothesis"), np.zeros((1, 1, cases, hypotheses))))


def simulated(seed: int = 0) -> Study:
    """A study whose two coders state what the model, as `calm` sets it, makes them state."""
    study = make_study(cases=2, hypotheses=3, coders=2, clusters=(), singles=24, reliability=1.0, seed=seed)
    problem = encode(study, make_profile())
    design, evidence, _ = design_of(problem)
    theta = ledger.hyperparameters(calm(problem))
    spoken = np.array([[0] * 24 + [1] * 24])
    weight = replicates.simulate(design, theta, spoken, np.random.default_rng(seed))[0] @ design.helmert
    best = (weight[..., :1] - weight[..., 1:]) / NATS_PER_DB
    codings = []
    for coder, coding in enumerate(study.codings):
        said = zip(coding.judgements, evidence, strict=True)
        judgements = tuple(
            judgement.model_copy(
                update={
                    "weights": tuple(
                        w.model_copy(update={"best": float(b), "low": float(b) - 2.0, "high": float(b) + 2.0})
                        for w, b in zip(judgement.weights, best[coder, place], strict=True)
                    )
                }
            )
            for place, (judgement, _) in enumerate(said)
        )
        codings.append(coding.model_copy(update={"judgements": judgements}))
    return study.model_copy(update={"codings": tuple(codings)})


def test_what_the_model_made_it_replicates() -> None:
    made, found = checked(simulated())
    assert found == []
    assert ((made["p_value"] > 0.01) & (made["p_value"] < 0.99)).all()
    assert (made["replicated"].sel(end="q05") <= made["replicated"].sel(end="q95")).all()


SPOILT: dict[str, Any] = {
    "replicates-spread": lambda best, _: 4.0 * best,
    "replicates-drift": lambda best, place: best + (place % 24 - 11.5) * (1.0 if place < 24 else -1.0),
    "replicates-contrary": lambda best, _: best + 8.0,
    "replicates-far": lambda best, place: best + (25.0 if place == 3 else -25.0 if place in {7, 8} else 0.0),
}


@pytest.mark.parametrize("slug", SPOILT)
def test_what_the_model_does_not_make_is_found(slug: str) -> None:
    made, found = checked(spoilt(simulated(), SPOILT[slug]))
    assert slug in {finding.slug for finding in found if finding.details["coder"] == "coder1"}
    # Each is spoilt so as to be larger than it should be, but what is contrary, of which there is too little.
    p_value = float(made["p_value"].sel(statistic=slug.removeprefix("replicates-"), coder="coder1"))
    assert p_value > 0.99 if slug == "replicates-contrary" else p_value < 0.01
    study = simulated()
    for finding in found:
        assert finding.level == "warning"
        assert "coder" in finding.text(study, "en")
        assert "{" not in finding.text(study, "en") + finding.text(study, "zh")


# Each spoils the step of one observation in three, and the other steps the other way, so that the whole is ordinary.
SPOILT_STEPS: dict[str, Any] = {
    "replicates-step-spread": lambda best, place: (1.7 if place % 3 == 0 else 0.3) * best,
    "replicates-step-drift": lambda best, place: (
        best + (1.5 if place % 3 == 0 else -0.5) * (place % 24 - 11.5) * (1.0 if place < 24 else -1.0)
    ),
    "replicates-step-contrary": lambda best, place: (
        best + (-16.0 if place % 3 == 0 else 8.0) * (1.0 if place < 24 else -1.0)
    ),
}


@pytest.mark.parametrize("slug", SPOILT_STEPS)
def test_what_the_model_does_not_make_on_one_step_is_found(slug: str) -> None:
    study = spoilt(simulated(), SPOILT_STEPS[slug])
    made, found = checked(study)
    statistic = slug.rpartition("-")[2]
    told = [finding for finding in found if finding.slug == slug and finding.details["step"] == "start"]
    assert [finding.details["coder"] for finding in told] == ["coder1"]
    assert f"replicates-{statistic}" not in {finding.slug for finding in found}
    p_value = made["step_p_value"].sel(step_statistic=statistic, step="start")
    assert p_value.sel(coder="coder1") == 0.0
    assert 0.01 < p_value.sel(coder="coder0") < 0.99
    for lang in ("en", "zh"):
        text = told[0].text(study, lang)
        assert "coder1" in text
        assert "start" in text
        assert " 18 " in text
        assert "{" not in text


def test_what_the_model_made_seldom_brings_a_finding_on_a_step() -> None:
    """Eighteen p-values a study: at the limit of a single one, some of these studies would bring findings."""
    made = [checked(simulated(seed), draws=200) for seed in range(16)]
    assert sum(any("step" in finding.details for finding in found) for _, found in made) <= 1
    p_values = [one["step_p_value"] for one, _ in made]
    assert sum(bool(((one < 0.01) | (one > 0.99)).any()) for one in p_values) >= 3


def compared(p_values: dict[tuple[str, str], float], whole: float = 0.5) -> list[checks.Finding]:
    """Judge p-values of one coder by statistic and step; those not given are missing."""
    steps = sorted({step for _, step in p_values}) or ["start"]
    by_step = [[p_values.get((name, step), np.nan) for step in steps] for name in replicates.BY_STEP]
    sizes = {"": (4, 1), "step_": (3, len(steps), 1)}
    dims = {"": ("statistic", "coder"), "step_": ("step_statistic", "step", "coder")}
    variables: dict[str, Any] = {}
    for prefix, shape in sizes.items():
        variables[f"{prefix}observed"] = (dims[prefix], np.ones(shape))
        variables[f"{prefix}replicated"] = (("end", *dims[prefix]), np.ones((3, *shape)))
    variables["p_value"] = (dims[""], np.full((4, 1), whole))
    variables["step_p_value"] = (dims["step_"], np.array(by_step)[..., None])
    coords = {"statistic": replicates.STATISTICS, "step_statistic": replicates.BY_STEP, "step": steps, "coder": ["ann"]}
    return checks.replicate_findings(xr.Dataset(variables, coords={name: list(of) for name, of in coords.items()}))


def test_the_more_steps_the_nearer_to_nought_a_p_value_must_be() -> None:
    others = {("contrary", f"s{place}"): 0.5 for place in range(9)}
    assert [finding.slug for finding in compared({("drift", "s0"): 0.005})] == ["replicates-step-drift"]
    assert compared({("drift", "s0"): 0.005} | others) == []
    assert [finding.slug for finding in compared({("drift", "s0"): 0.0009} | others)] == ["replicates-step-drift"]
    assert [finding.slug for finding in compared({("drift", "s0"): 0.9991} | others)] == ["replicates-step-drift"]
    assert compared({}) == []


def test_a_step_is_not_named_where_the_whole_is() -> None:
    found = compared({("drift", "s0"): 0.0, ("spread", "s0"): 1.0}, whole=0.001)
    assert [finding.slug for finding in found] == [f"replicates-{name}" for name in replicates.STATISTICS]


def without(study: Study, left_out: Any) -> Study:
    """Leave out of what coder1 says the observations of which `left_out` is true."""
    kept = tuple(judgement for judgement in study.codings[1].judgements if not left_out(judgement.evidence))
    silent = study.codings[1].model_copy(update={"judgements": kept})
    return study.model_copy(update={"codings": (study.codings[0], silent)})


def test_a_step_of_which_a_coder_says_nothing_has_no_statistic() -> None:
    made, _ = checked(without(simulated(), lambda name: int(name[3:]) % 3 == 0))
    mine = made.sel(coder="coder1")
    for variable in ("step_observed", "step_replicated", "step_p_value"):
        assert mine[variable].sel(step="start").isnull().all()
        assert mine[variable].sel(step=["middle", "end"]).notnull().all()
        assert made[variable].sel(coder="coder0").notnull().all()


def test_two_observations_of_a_case_do_not_drift() -> None:
    """A line goes through them; with a third the correlation can be anything."""
    for kept, drifts in (({"c0e0", "c0e3", "c1e0"}, False), ({"c0e0", "c0e3", "c0e6", "c1e0"}, True)):
        study = without(simulated(), lambda name, kept=kept: int(name[3:]) % 3 == 0 and name not in kept)
        made, _ = checked(study)
        mine = made.sel(coder="coder1", step="start")
        assert bool(mine["step_p_value"].sel(step_statistic="drift").notnull()) is drifts
        assert mine["step_p_value"].sel(step_statistic=["spread", "contrary"]).notnull().all()


def test_the_same_weight_again_and_again_does_not_drift() -> None:
    """Though in floating point the mean of equal numbers need not be equal to them."""
    made, _ = checked(spoilt(simulated(), lambda best, place: best if place % 3 == 0 else 0.7))
    mine = made["step_observed"].sel(coder="coder1", step_statistic="drift")
    assert mine.isnull().values.tolist() == [False, True, True]
    made, _ = checked(spoilt(simulated(), lambda *_: 0.7))
    assert made["observed"].sel(coder="coder1", statistic="drift").isnull()


def test_a_case_of_which_a_coder_says_nothing_takes_no_drift_away() -> None:
    study = simulated()
    made, _ = checked(without(study, lambda name: name.startswith("c1")))
    places = np.arange(24)
    leads = [
        np.mean([weight.best for weight in judgement.weights])
        for judgement in study.codings[1].judgements
        if judgement.evidence.startswith("c0")
    ]
    drift = made["observed"].sel(statistic="drift", coder="coder1")
    assert float(drift) == pytest.approx(np.corrcoef(places, leads)[0, 1])
    assert made["p_value"].sel(statistic="drift").notnull().all()


def test_p_values_and_intervals_are_of_the_replicates_that_have_the_statistic() -> None:
    some = np.array([0.1, 0.2, 0.2, 0.3, np.nan])
    drawn = np.stack([some, some, np.full(5, np.nan), np.arange(5.0)], axis=1)
    p_value, ends = replicates.compare(np.array([0.2, np.nan, 0.2, 9.0]), drawn)
    np.testing.assert_array_equal(p_value, [0.5, np.nan, np.nan, 0.0])
    np.testing.assert_allclose(ends[1], [0.2, np.nan, np.nan, 2.0])
    np.testing.assert_allclose(ends[:, 3], [0.2, 2.0, 3.8])


def test_where_coders_compare_some_explanations_a_statistic_is_there_or_is_missing() -> None:
    """The leader of a replicate may be one that a coder did not compare."""
    study = make_study(cases=2, hypotheses=3, coders=2, clusters=(), singles=9, partial=0.5, strength_db=3.0, seed=2)
    made, _ = checked(study)
    lacking = made["step_observed"].isnull()
    assert 0 < int(lacking.sum()) < lacking.size
    for variable in ("step_replicated", "step_p_value"):
        assert (made[variable].isnull() == lacking).all()
    assert ((made["step_p_value"] >= 0.0) & (made["step_p_value"] <= 1.0) | lacking).all()
