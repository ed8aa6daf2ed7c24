"""Random studies, harsh ones too, by two routes: exact fractions and urns, hand sums, loops and formulas, NUTS."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import arviz as az
import numpy as np
import pymc as pm
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numeric import PROPERTY, Floats, brute_cluster, loglik, one, some_theta
from study_factory import harsh_studies, make_profile, make_study
from urns import table

from bayestrace.encoding import Problem, encode
from bayestrace.inference import answer, facevalue, kernel, pooling
from bayestrace.inference.layout import layout
from bayestrace.inference.model import build_model
from bayestrace.inference.sampling import CAREFUL_ACCEPT
from bayestrace.inference.signal import design_of
from bayestrace.study import Evidence, Study
from bayestrace.weights import to_decibels

F = Fraction
DOUBTED_BELOW = F(1, 2)


def counted(study: Study, case: str, *, with_doubtful: bool) -> list[Evidence]:
    return [
        item
        for item in study.evidence
        if item.case == case and not item.context and (with_doubtful or F(study.reliability_of(item)) >= DOUBTED_BELOW)
    ]


def said(study: Study, item: Evidence) -> list[dict[str, Fraction]]:
    """Collect what each coder who weighed an observation said against the first hypothesis, in exact decibels."""
    return [
        {weight.against: -F(weight.best) for weight in judgement.weights}
        for coding in study.codings
        for judgement in coding.judgements
        if judgement.evidence == item.id
    ]


def decibels(study: Study, case: str, *, with_doubtful: bool) -> list[Fraction]:
    """Add up a case's weights by hand where every coder who weighed an observation compared all explanations."""
    total = dict.fromkeys(study.hypotheses, F(0))
    for item in counted(study, case, with_doubtful=with_doubtful):
        for weights in (answers := said(study, item)):
            for name, decibel in weights.items():
                total[name] += decibel / len(answers)
    return list(total.values())


def power_of_ten(exponent: Fraction) -> Fraction:
    """Raise 10 to a power: exactly to its whole part, to 16 digits to the rest."""
    whole = math.floor(exponent)
    return F(10) ** whole * F(10.0 ** float(exponent - whole))


@PROPERTY
@given(harsh_studies(partial=0.0))
def test_face_value_is_the_sum_of_what_was_stated(study: Study) -> None:
    problem = encode(study, make_profile())
    for with_doubtful in (True, False):
        found = facevalue.case_loglik(problem, with_doubtful=with_doubtful) * 10.0 / math.log(10.0)
        for case, row in zip(study.cases, found, strict=True):
            expected = decibels(study, case, with_doubtful=with_doubtful)
            np.testing.assert_allclose(row - row[0], [float(each - expected[0]) for each in expected], atol=1e-9)


@settings(PROPERTY, max_examples=25)
@given(harsh_studies(), st.booleans())
def test_face_value_where_coders_compared_different_pairs(study: Study, with_doubtful: bool) -> None:  # noqa: FBT001 - drawn
    """Least squares by stacking what each coder said of those explanations that this coder compared."""
    names = list(study.hypotheses)
    found = facevalue.case_loglik(encode(study, make_profile()), with_doubtful=with_doubtful)
    for case, row in zip(study.cases, found, strict=True):
        total = np.zeros(len(names))
        for item in counted(study, case, with_doubtful=with_doubtful):
            stacked, right = [np.zeros((1, len(names)))], [np.zeros(1)]
            for weights in said(study, item):
                inside = np.array([name in {names[0], *weights} for name in names], dtype=float)
                compared = np.diag(inside) - np.outer(inside, inside) / inside.sum()
                stacked.append(compared)
                right.append(compared @ np.array([float(weights.get(name, 0)) for name in names]))
            # The shortest of all solutions: what nobody compared is level.
            total += np.linalg.lstsq(np.concatenate(stacked), np.concatenate(right), rcond=1e-10)[0]
        np.testing.assert_allclose(row * 10.0 / math.log(10.0), total - total.mean(), atol=1e-8)


@settings(PROPERTY, max_examples=25)
@given(
    harsh_studies(partial=0.0),
    st.sampled_from([0.25, 1.0]),
    st.sampled_from([0.0, 0.125, 1.0, 8.0]),
    st.lists(st.sampled_from([0, 1, 1, 2]), min_size=4, max_size=4),
)
def test_the_pooled_answer_is_that_of_urns_in_exact_fractions(
    study: Study, level: float, kappa: float, mass: list[int]
) -> None:
    size = len(study.hypotheses)
    prior = [F(each, sum(mass[:size])) for each in mass[:size]] if any(mass[:size]) else [F(1, size)] * size
    given_to = {name: float(each) for name, each in zip(study.hypotheses, prior, strict=True)}
    problem = encode(study, make_profile(prior=given_to, levels=level, kappa=kappa))
    pools = problem["pool"].values.tolist()
    p = table(pools, [F(level)] * len(pools[0]), prior, F(kappa))
    likelihood = [
        [power_of_ten(each / 10) for each in decibels(study, case, with_doubtful=True)] for case in study.cases
    ]
    weight = {z: share * math.prod(row[k] for row, k in zip(likelihood, z, strict=True)) for z, share in p.items()}
    total = sum(weight.values())
    made = pooling.table_of(problem)
    found = pooling.posterior(made, facevalue.case_loglik(problem, with_doubtful=True))
    expected = [float(weight[tuple(map(int, z))] / total) for z in made.z]
    # A sum of logarithms of a thousand decibels has thirteen digits.
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-300)
    assert len(expected) == sum(share > 0 for share in p.values())
    margins = pooling.margins(made, found, size)
    for case in range(len(study.cases)):
        for k in range(size):
            exact = sum((w for z, w in weight.items() if z[case] == k), start=F(0)) / total
            assert margins[case, k] == pytest.approx(float(exact), rel=1e-8, abs=1e-300)


@settings(PROPERTY, max_examples=20)
@given(harsh_studies(partial=0.0), st.sampled_from([0.0, 0.4, 0.95]), st.integers(0, 10_000))
def test_loops_and_formulas_agree(study: Study, selectivity: float, seed: int) -> None:
    problem = encode(study, make_profile(selectivity=selectivity))
    design, evidence, _ = design_of(problem)
    if not evidence.size:
        return
    assert design.projector is None
    theta = one(some_theta(problem, 1, seed), 0)
    theta = theta._replace(**{name: np.asarray(value) for name, value in theta._asdict().items()})
    found = kernel.forward(*theta, *layout(design).values())[0]
    expected = loglik(design, theta)
    # What is the same for every explanation may be in the thousands; what tells them apart has a digit less to lose.
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-8)
    np.testing.assert_allclose(apart(found), apart(expected), rtol=1e-8, atol=1e-8 * (1.0 + np.abs(expected).max()))


@settings(PROPERTY, max_examples=25)
@given(harsh_studies(cases=1, singles=1), st.integers(0, 10_000))
def test_clusters_of_harsh_weights_equal_the_joint_density_of_all_that_was_stated(study: Study, seed: int) -> None:
    problem = encode(study, make_profile())
    design, evidence, _ = design_of(problem)
    if not evidence.size:
        return
    theta = some_theta(problem, 1, seed)
    found = loglik(design, theta)[0]
    expected = np.array([brute_cluster(design, one(theta, 0), cluster) for cluster in range(design.clusters)])
    allowed = 1e-8 * (1.0 + np.abs(expected).max(axis=-1, keepdims=True))
    assert (np.abs(found - expected) <= allowed).all()
    assert (np.abs(apart(found) - apart(expected)) <= allowed).all()


def apart(clusters: Floats) -> Floats:
    return clusters - clusters.mean(axis=-1, keepdims=True)


def drawn(problem: Problem, *, seed: int, draws: int = 2000) -> xr.Dataset:
    """Sample a problem's model, and add what is said of the explanations given each draw."""
    with build_model(problem):
        tree = pm.sample(
            draws=draws,
            tune=1000,
            chains=2,
            cores=1,
            random_seed=seed,
            target_accept=CAREFUL_ACCEPT,
            nuts_sampler="pymc",
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )
    assert int(tree["sample_stats"]["diverging"].sum()) <= draws / 50
    posterior = tree["posterior"].to_dataset()
    made: xr.Dataset = posterior.merge(answer.quantities(answer.draws_of(problem, posterior)))
    return made


def moments(draws: xr.Dataset, names: list[str]) -> Iterator[tuple[str, float, float]]:
    """Yield name, mean and Monte Carlo standard error of every number."""
    ess = az.ess(draws[names], method="mean")
    for name in names:
        mean, deviation = draws[name].mean(("chain", "draw")), draws[name].std(("chain", "draw"))
        error = deviation / np.sqrt(ess[name])
        for spot in np.ndindex(mean.shape):
            yield f"{name}{list(spot)}", float(mean.values[spot]), float(error.values[spot])


def assert_sampled_pools_agree(problem: Problem, monkeypatch: pytest.MonkeyPatch, draws: int = 2000) -> Floats:
    """Hold the exact table of joint explanations against pools that NUTS samples; return the pooled shares."""
    exact = drawn(problem, seed=1, draws=draws)
    levels = answer.draws_of(problem, exact).levels()[1]
    with monkeypatch.context() as patched:
        patched.setattr(pooling, "TABLE_LIMIT", 0)
        sampled = drawn(problem, seed=2, draws=draws)
    names = ["pooled", "focal_everywhere", "noise", "common_error", "log_v", "range_factor"]
    apart_by = {}
    for (name, mean, error), (_, other, other_error) in zip(
        moments(exact, names), moments(sampled, names), strict=True
    ):
        apart_by[name] = (mean - other) / np.hypot(error, other_error)
    for place, (name, mean, error) in enumerate(moments(sampled, ["omega"])):
        apart_by[name] = (mean - levels[place]) / error
    assert {name: round(float(z), 1) for name, z in apart_by.items() if not abs(z) < 5.0} == {}
    return np.asarray(exact["pooled"].mean(("chain", "draw")).values)


@pytest.mark.long
def test_the_exact_answers_are_those_of_pools_that_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(cases=3, coders=2, clusters=(2,), singles=2, factors=1, seed=6, strength_db=4.0)
    problem = encode(study, make_profile(prior={"h0": 2.0, "h1": 1.0, "h2": 1.0}))
    share = assert_sampled_pools_agree(problem, monkeypatch)
    assert float(np.ptp(share)) > 0.1, "else any pools would agree"


@pytest.mark.long
@settings(PROPERTY, max_examples=3)
@given(harsh_studies(cases=2, hypotheses=2, coders=2, clusters=(), singles=2, factors=1, reliability=0.9))
def test_the_exact_answers_to_harsh_studies_are_those_of_pools_that_are_sampled(study: Study) -> None:
    """Ties and partial silence; of weights of 300 decibels NUTS gets no sample without divergences, which is said."""
    problem = encode(study, make_profile(prior={"h0": 2.0, "h1": 1.0}))
    assume(float(np.abs(to_decibels(problem["weight"].values)).max()) < 100.0)
    with pytest.MonkeyPatch.context() as monkeypatch:
        assert_sampled_pools_agree(problem, monkeypatch, draws=500)
