"""Things left out one at a time: sums in the head, the other route through the problem, draws from the prior."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import xarray as xr
from backwards import Backwards
from drawn import Floats, prior_draws, prior_stored, problem_of, resampled, told
from study_factory import make_profile, make_study

from bayestrace import panels
from bayestrace.encoding import encode
from bayestrace.inference import pooling
from bayestrace.sensitivity import leftout, reweight
from bayestrace.sensitivity.draws import Stored, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.leftout import Fits, analyse, things
from bayestrace.study import Study

PROFILE = make_profile()
FITS = Fits(panels.Settings(draws=10, chains=2, seed=1))


def of(study: Study, draws: int = 0, seed: int = 0, **profile: Any) -> Stored:
    """Take a study at face value, or on draws from the prior."""
    problem = encode(study, make_profile(**profile))
    return prior_stored(problem, draws, seed) if draws else stored_face_value(problem)


def without(problem: xr.Dataset, names: Sequence[str]) -> xr.Dataset:
    gone = np.isin(problem["evidence"].values, names)
    return problem.assign(weighs=problem["weighs"] & xr.DataArray(~gone, dims="evidence"))


def names_of(held: Stored, places: Sequence[int]) -> list[str]:
    weighing = np.flatnonzero(held.problem["weighs"].values)
    return [str(name) for name in held.problem["evidence"].values[weighing[list(places)]]]


def test_two_explanations_one_case_by_hand() -> None:
    """The prior odds are 1:4, the weights 2, -5, 4 and 8 dB: 9 - 6.02 dB in all."""
    weights = [2.0, -5.0, 4.0, 8.0]
    held = stored_face_value(told(np.array([[[w] for w in weights]]), prior={"h0": 0.2, "h1": 0.8}))
    study = make_study(cases=1, hypotheses=2, clusters=(), singles=4)
    found = analyse(held, study, PROFILE)["observation"]
    rest = 9.0 - np.array(weights)
    odds = 0.25 * 10.0 ** (rest / 10.0)
    np.testing.assert_allclose(found["probability"].values[:, 0, 0], odds / (1.0 + odds))
    np.testing.assert_allclose(found["change_db"].values[:, 0], [-2.0, 5.0, -4.0, -8.0], atol=1e-9)
    whole = 0.25 * 10.0**0.9
    np.testing.assert_allclose(found["change"].values[:, 0], odds / (1.0 + odds) - whole / (1.0 + whole))
    assert found["rank"].values[:, 0].tolist() == [4, 2, 3, 1]
    # 9 - 4 = 5 and 9 - 8 = 1 are below the 6.02 dB that the prior takes.
    assert found["flip_to"].values[:, 0].tolist() == ["", "", "h1", "h1"]
    assert found["size"].values.tolist() == [1, 1, 1, 1]
    assert found["item"].values.tolist() == ["c0e0", "c0e1", "c0e2", "c0e3"]


def test_the_kinds_and_what_goes_with_each() -> None:
    study = make_study(cases=2, clusters=(2,), singles=2, context=1, doubtful=1)
    sources = {"c0e0": ("a", "news"), "c1e2": ("a", "news")}
    evidence = [
        item.model_copy(
            update=dict(zip(("source", "source_type"), sources.get(item.id, ("book", "report")), strict=True))
        )
        for item in study.evidence
    ]
    study = study.model_copy(update={"evidence": tuple(evidence), "reliability": {"report": 0.9, "news": 0.8}})
    held = of(study, draws=4)
    found = {
        kind: {name: names_of(held, places) for name, places in items.items()}
        for kind, items in things(held, study).items()
    }
    every = ["c0e0", "c0e1", "c0e2", "c1e0", "c1e1", "c1e2"]
    assert found["observation"] == {name: [name] for name in every}, "doubtful ones and context do not weigh"
    assert found["cluster"] == {"k0@c0": ["c0e0", "c0e1"], "k0@c1": ["c1e0", "c1e1"]}, "split by case, no single ones"
    assert found["source"] == {"a": ["c0e0", "c1e2"], "book": ["c0e1", "c0e2", "c1e0", "c1e1"]}
    assert list(found["source_type"]) == ["news", "report"]
    assert found["step"] == {step: [f"c{c}e{e}" for c in range(2)] for e, step in enumerate(("start", "middle", "end"))}
    assert found["domain"] == {"money": ["c0e1", "c1e1"]}
    assert found["case"] == {"c0": every[:3], "c1": every[3:]}
    # At face value the doubtful ones count.
    assert list(things(of(study), study)["observation"]) == sorted([*every, "c0e3", "c1e3"])


SHAPES: list[dict[str, Any]] = [
    {"coders": 2, "clusters": (3,), "singles": 2, "factors": 1},
    {"coders": 2, "clusters": (2, 2), "singles": 1, "partial": 0.4, "missing": 0.3, "seed": 4},
    {"cases": 1, "coders": 1, "hypotheses": 2, "clusters": (3,), "singles": 1},
    {"cases": 3, "hypotheses": 4, "clusters": (2,), "singles": 1, "doubtful": 1, "reliability": 0.6},
]


@pytest.mark.parametrize("selectivity", [0.0, 0.6])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_thing_left_out_is_a_problem_that_lacks_it(shape: dict[str, Any], selectivity: float) -> None:
    study = make_study(**shape)
    problem = encode(study, make_profile(selectivity=selectivity))
    redundancy = np.linspace(0.1, 0.9, problem.sizes["cluster"])  # each cluster keeps its own, however few are left
    problem = problem.assign(redundancy_mean=("cluster", redundancy))
    posterior = prior_draws(problem, 6)
    held = stored(problem, posterior)
    found = analyse(held, study, PROFILE)
    assert set(found) >= {"observation", "cluster", "case"}
    assert "coder" not in found, "nothing may be fitted"
    for kind, items in things(held, study).items():
        for name, places in items.items():
            rest = stored(without(problem, names_of(held, places)), posterior)
            weight = np.exp(rest.log_evidence - held.log_evidence)
            assert rest.table is not None
            joint = pooling.posterior(rest.table, rest.loglik)
            margins = pooling.margins(rest.table, joint, problem.sizes["hypothesis"])
            expected = np.einsum("d,dck->ck", weight / weight.sum(), margins)
            np.testing.assert_allclose(found[kind]["probability"].sel(item=name).values, expected, rtol=1e-8)


def test_the_rest_of_the_evidence_is_what_draws_are_weighed_by() -> None:
    """Against draws from the prior weighed by what is left directly, where a third of the evidence goes."""
    study = make_study(cases=2, coders=2, hypotheses=2, clusters=(3,), singles=3, seed=3, strength_db=3.0)
    problem = encode(study, PROFILE)
    every = prior_stored(problem, 12_000, seed=1)
    fit = resampled(every, 400)
    found = analyse(fit, study, PROFILE)
    assert every.theta is not None
    assert every.table is not None
    for kind, name in (("case", "c0"), ("step", "start"), ("cluster", "k0@c1")):
        gone = names_of(every, things(every, study)[kind][name])
        rest = dataclasses.replace(every, problem=without(problem, gone))
        loglik = reduced(rest)
        log_evidence = pooling.log_joint(every.table, loglik)
        weight = np.exp(log_evidence - log_evidence.max()).sum(axis=1)
        margins = pooling.margins(every.table, pooling.posterior(every.table, loglik), 2)
        expected = np.einsum("d,dck->ck", weight / weight.sum(), margins)
        assert np.abs(expected - answer(fit).probability).max() > 0.06
        here = found[kind].sel(item=name)
        assert float(here["pareto_k"]) < 0.7
        np.testing.assert_allclose(here["probability"].values, expected, atol=0.03, err_msg=f"{kind} {name}")


def reduced(held: Stored) -> Floats:
    from bayestrace.sensitivity.draws import clusters_of, loglik_of  # noqa: PLC0415 - only of this route

    assert held.theta is not None
    return loglik_of(held.problem, clusters_of(held.problem, held.theta))


def test_a_case_without_evidence_is_told_of_by_the_others_alone() -> None:
    study = make_study(cases=2, hypotheses=2, clusters=(), singles=3, seed=2)
    held = of(study)
    found = analyse(held, study, PROFILE)["case"]
    prior = pooling.table_of(held.problem)
    p = {tuple(z): np.exp(log_p) for z, log_p in zip(prior.z, prior.log_p, strict=True)}
    other = np.exp(held.loglik[0, 1])
    joint = np.array([[p[0, 0] * other[0], p[0, 1] * other[1]], [p[1, 0] * other[0], p[1, 1] * other[1]]])
    expected = joint / joint.sum()
    np.testing.assert_allclose(found["probability"].sel(item="c0", case="c0").values, expected.sum(axis=1))
    np.testing.assert_allclose(found["probability"].sel(item="c0", case="c1").values, expected.sum(axis=0))


def test_without_any_evidence_there_is_the_prior_whatever_the_draws_weigh() -> None:
    study = make_study(cases=1, hypotheses=2, clusters=(2,), singles=2)
    held = of(study, draws=60, prior={"h0": 0.3, "h1": 0.7})
    found = analyse(held, study, PROFILE)["case"]
    np.testing.assert_allclose(found["probability"].values[0, 0], [0.3, 0.7])
    assert np.isnan(found["pareto_k"].values[0])


def test_coders_at_face_value_are_the_others_averages() -> None:
    study = make_study(cases=1, hypotheses=2, coders=3, clusters=(), singles=2)
    found = analyse(of(study), study, PROFILE)["coder"]
    for name in ("coder0", "coder1", "coder2"):
        others = [coding for coding in study.codings if coding.coder != name]
        best = [judgement.weights[0].best for coding in others for judgement in coding.judgements]
        odds = 10.0 ** (sum(best) / 2.0 / 10.0)
        row = found.sel(item=name)
        assert float(row["probability"][0, 0]) == pytest.approx(odds / (1.0 + odds))
        assert (bool(row["refit"]), int(row["size"])) == (False, 0)


class Fitted:
    """Stands for the sampler: draws from the prior, and the problems that were to be fitted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.problems: list[xr.Dataset] = []
        monkeypatch.setattr(panels, "fit", self)

    def __call__(self, problem: xr.Dataset, *_: object) -> panels.Panel:
        self.problems.append(problem)
        coders = tuple(str(name) for name in problem["coder"].values)
        return panels.Panel(coders, problem, prior_draws(problem, 10), xr.Dataset())


def test_coders_of_a_model_are_left_out_by_fitting_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(cases=2, coders=3, singles=1)
    # The result is of two coders of three.
    held = prior_stored(encode(study, PROFILE, coders=["coder0", "coder2"]), 10)
    monkeypatch.setattr(reweight, "FEWEST", 0.0)
    fitted = Fitted(monkeypatch)
    found = analyse(held, study, PROFILE, fits=FITS)["coder"]
    assert found["item"].values.tolist() == ["coder0", "coder2"]
    assert [problem["coder"].values.tolist() for problem in fitted.problems] == [["coder2"], ["coder0"]]
    assert found["refit"].values.all()
    for place, problem in enumerate(fitted.problems):
        expected = answer(stored(problem, prior_draws(problem, 10))).probability
        np.testing.assert_allclose(found["probability"].values[place], expected)


@pytest.mark.parametrize("draws", [0, 10])
def test_the_cases_of_other_panels_are_put_in_the_order_of_the_result(
    draws: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study that was read back from a result has its cases sorted; the result has them as they were declared."""
    study = make_study(cases=3, coders=2, singles=1)
    declared = study.model_copy(update={"cases": dict(reversed(study.cases.items()))})
    held = of(declared, draws)
    assert held.problem["case"].values.tolist() == ["c2", "c1", "c0"]
    Fitted(monkeypatch)
    found = analyse(held, Study.model_validate_json(declared.canonical()), PROFILE, fits=FITS)["coder"]
    straight = analyse(of(study, draws), study, PROFILE, fits=FITS)["coder"]
    np.testing.assert_allclose(found["probability"].values, straight["probability"].values[:, ::-1], rtol=1e-9)


def test_a_coder_from_whom_nothing_would_be_learned_is_not_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(cases=1, coders=2, ranges=False)
    monkeypatch.setattr(reweight, "FEWEST", 0.0)
    fitted = Fitted(monkeypatch)
    assert "coder" not in analyse(of(study, draws=10), study, PROFILE, fits=FITS)
    single = make_study(cases=1, coders=1)
    assert "coder" not in analyse(of(single, draws=10), single, PROFILE, fits=FITS)
    assert "coder" not in analyse(of(single), single, PROFILE)
    assert fitted.problems == []


def test_what_draws_cannot_tell_is_fitted_where_that_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(cases=2, coders=1, singles=1, clusters=(2,))
    held = of(study, draws=40)
    monkeypatch.setattr(leftout, "serve", lambda _: True)
    monkeypatch.setattr(leftout, "doubtful", lambda *_: True)
    fitted = Fitted(monkeypatch)
    found = analyse(held, study, PROFILE, fits=FITS)["case"]
    assert found["refit"].values.all()
    last = fitted.problems[-1]
    assert last["evidence"].values[last["weighs"].values].tolist() == ["c0e0", "c0e1", "c0e2"]
    np.testing.assert_allclose(found["probability"].values[-1], answer(stored(last, prior_draws(last, 10))).probability)
    assert not analyse(held, study, PROFILE)["case"]["refit"].values.any()


def test_workers_are_given_every_fit_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(cases=2, coders=2, singles=1, clusters=(2,))
    held = of(study, draws=40)
    monkeypatch.setattr(leftout, "serve", lambda _: True)
    monkeypatch.setattr(leftout, "doubtful", lambda *_: True)
    ahead: list[xr.Dataset] = []
    monkeypatch.setattr(panels, "fit_ahead", lambda problems, *_: ahead.extend(problems))
    fitted = Fitted(monkeypatch)
    here = analyse(held, study, PROFILE, fits=FITS)
    assert ahead == []
    there = analyse(held, study, PROFILE, fits=dataclasses.replace(FITS, farm=Backwards()))
    half = len(fitted.problems) // 2
    digests = [panels.digest_of(problem, FITS.settings) for problem in fitted.problems]
    assert digests[half:] == digests[:half] == [panels.digest_of(problem, FITS.settings) for problem in ahead]
    assert {len(problem["coder"]) for problem in ahead} == {1, 2}
    for kind, data in here.items():
        xr.testing.assert_identical(data, there[kind])


def test_it_tells_how_far_it_is_and_says_where_cases_are_not_pooled() -> None:
    study = make_study(cases=10, hypotheses=4, clusters=(), singles=1, coders=1)
    told_of: list[tuple[int, int]] = []
    found = analyse(of(study), study, PROFILE, tell=lambda done, total: told_of.append((done, total)))
    total = sum(data.sizes["item"] for data in found.values())
    assert told_of == [(done, total) for done in range(1, total + 1)]
    assert {data.attrs["pooling"] for data in found.values()} == {"unpooled"}
    assert "cluster" not in found


def test_a_study_of_which_nothing_weighs_has_nothing_to_leave_out() -> None:
    study = make_study(cases=1, coders=1, context=1)
    problem = problem_of(cases=1, coders=1, context=1)
    bare = problem.assign(context=xr.ones_like(problem["context"]))
    assert analyse(stored_face_value(bare), study, PROFILE) == {}
