"""Replicates against joint normals, statistics against plain loops, and what a spoilt coder looks like."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import xarray as xr
from brute import Brute, some_draws
from study_factory import make_profile, make_study

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
        columns = np.flatnonzero(design.member[cluster])
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


@pytest.mark.parametrize("partial", [0.0, 0.4])
def test_statistics_are_what_a_loop_finds(partial: float) -> None:
    study = make_study(cases=2, hypotheses=3, coders=2, missing=0.2, partial=partial, strength_db=12.0, seed=4)
    problem = encode(study, make_profile())
    design, evidence, _ = design_of(problem)
    steps = ["start", "middle", "end"]
    step = [steps.index(study.evidence[item].step) for item in evidence]
    layout = replicates.layout_of(problem, design, step, len(steps))
    found = replicates.statistics(design.weight[None], layout)[0]
    average = np.array([layout.average[n] @ design.weight[:, n].sum(axis=0) for n in range(evidence.size)])
    leader = [int((average[layout.case == c].sum(axis=0) @ design.helmert).argmax()) for c in range(2)]
    for coder in range(2):
        said = {item.evidence: item for item in study.codings[coder].judgements}
        values = {
            n: {0: 0.0} | {int(w.against[1:]): -w.best for w in said[study.evidence[item].id].weights}
            for n, item in enumerate(evidence)
            if study.evidence[item].id in said
        }
        compare_spread(values, step, found[:, coder])
        compare_lead(values, [leader[case] for case in layout.case], layout.case, found[:, coder])


def compare_spread(values: dict[int, dict[int, float]], step: list[int], found: Any) -> None:
    """Hold spread, the spread of each step and what is far out against sums over pairs."""
    pairs: dict[tuple[int, int], list[tuple[int, float]]] = {}
    for n, value in values.items():
        for a, b in itertools.combinations(sorted(value), 2):
            pairs.setdefault((a, b), []).append((n, value[a] - value[b]))
    centred = [(n, x - np.mean([y for _, y in said])) for said in pairs.values() for n, x in said]
    assert found[0] == pytest.approx(np.sqrt(np.mean([x**2 for _, x in centred])))
    for place in range(3):
        assert found[4 + place] == pytest.approx(np.sqrt(np.mean([x**2 for n, x in centred if step[n] == place])))
    largest = [max(value.values()) - min(value.values()) for value in values.values()]
    assert found[3] == pytest.approx(np.mean([x >= 20.0 for x in largest]))


def compare_lead(values: dict[int, dict[int, float]], leader: list[int], case: Any, found: Any) -> None:
    """Hold what is contrary, and the drift, against the leader's weights one by one."""
    lead = {
        n: value[leader[n]] - np.mean([x for k, x in value.items() if k != leader[n]])
        for n, value in values.items()
        if leader[n] in value
    }
    assert found[2] == pytest.approx(np.mean([x < 0.0 for x in lead.values()]))
    inside = [[n for n in lead if case[n] == c] for c in range(2)]
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


def checked(study: Study) -> tuple[xr.Dataset, list[checks.Finding]]:
    problem = encode(study, make_profile())
    draws = calm(problem).isel(draw=np.zeros(60, dtype=np.int64))
    made = replicates.replicates(
        problem, draws, step_of=[item.step for item in study.evidence], steps=["start", "middle", "end"], seed=1
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


def test_a_step_of_which_a_coder_says_nothing_has_no_statistic() -> None:
    study = simulated()
    silent = study.codings[1].model_copy(
        update={"judgements": tuple(j for j in study.codings[1].judgements if int(j.evidence[3:]) % 3)}
    )
    made, _ = checked(study.model_copy(update={"codings": (study.codings[0], silent)}))
    assert np.isnan(made["step_observed"].sel(step="start", coder="coder1"))
    assert np.isnan(made["step_p_value"].sel(step="start", coder="coder1"))
    assert np.isfinite(made["step_observed"].sel(step="start", coder="coder0"))
