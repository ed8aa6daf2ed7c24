"""The table of joint explanations (docs/inference.md 4) against enumeration in exact fractions."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numeric import PROPERTY, Floats, real_problem
from numpy.typing import NDArray
from study_factory import make_profile, make_study, priors
from urns import paths, table

from bayestrace.encoding import encode
from bayestrace.inference import pooling
from bayestrace.inference.pooling import Table, build_table

F = Fraction
POOLS = [["all", "f:a", "own:1"], ["all", "f:b", "own:2"], ["all", "f:a", "own:3"]]
LEVELS = [F(1, 4), F(1, 2), F(3, 4)]
PRIOR = [F(1, 2), F(1, 3), F(1, 6)]
KAPPAS = [F(1, 5), F(3, 2)]


def built(levels: list[Fraction] = LEVELS, prior: list[Fraction] = PRIOR, kappas: list[Fraction] = KAPPAS) -> Table:
    weight = np.full(len(kappas), 1.0 / len(kappas))
    return build_table(np.array(POOLS), as_floats(levels), as_floats(prior), as_floats(kappas), weight)


def as_floats(values: list[Fraction]) -> Floats:
    return np.array([float(value) for value in values])


@pytest.mark.parametrize("levels", [LEVELS, [F(0), F(1), F(2)], [F(3), F(0), F(0)]])
@pytest.mark.parametrize("prior", [PRIOR, [F(1, 2), F(1, 2), F(0)], [F(1, 4), F(3, 4)]])
@pytest.mark.parametrize("kappa", [F(0), F(1, 20), F(1), F(7)])
def test_the_table_equals_the_urns(levels: list[Fraction], prior: list[Fraction], kappa: Fraction) -> None:
    expected = {z: p for z, p in table(POOLS, levels, prior, kappa).items() if p > 0}
    found = built(levels, prior, [kappa])
    assert [tuple(row) for row in found.z] == list(expected), "those of probability zero are left out"
    np.testing.assert_allclose(np.exp(found.log_p), as_floats(list(expected.values())), rtol=1e-12)


@pytest.mark.parametrize("levels", [LEVELS, [F(10) ** 300, F(10) ** 300, F(1)], [F(1, 10**300), F(1, 10**200), F(0)]])
@pytest.mark.parametrize("kappa", [F(1, 10**300), F(10) ** 8, F(10) ** 16, F(10) ** 300])
def test_no_digit_is_lost_at_the_limits_of_concentrations(levels: list[Fraction], kappa: Fraction) -> None:
    """Differences of log-Gammas made P(Z) add up to 4,837 at a kappa of 1e15, and to 27 beyond."""
    expected = table(POOLS, levels, PRIOR, kappa)
    found = built(levels, PRIOR, [kappa])
    assert np.exp(found.log_p).sum() == pytest.approx(1.0, abs=1e-11)
    np.testing.assert_allclose(np.exp(found.log_p), as_floats(list(expected.values())), rtol=0, atol=1e-12)


def test_the_posterior_of_kappa_stands_where_an_unlikely_prior_meets_strong_evidence() -> None:
    found = built(prior=[F(1, 10**290), F(1, 2), F(1, 2)], kappas=[F(10) ** 40, F(10) ** 41])
    loglik = np.zeros((1, 3, 3))
    loglik[:, :2, 0] = 600.0  # two cases are of the explanation that the prior holds next to impossible
    posterior = pooling.kappa_posterior(found, loglik, np.array([0.5, 0.5]))
    assert np.isfinite(posterior).all()
    assert posterior.sum() == pytest.approx(1.0)


def test_a_range_of_kappa_is_the_mixture_of_its_nodes() -> None:
    found = built()
    for node, kappa in enumerate(KAPPAS):
        expected = as_floats(list(table(POOLS, LEVELS, PRIOR, kappa).values()))
        np.testing.assert_allclose(np.exp(found.log_p_kappa[:, node]), expected, rtol=1e-12)
    np.testing.assert_allclose(np.exp(found.log_p), np.exp(found.log_p_kappa).mean(axis=1), rtol=1e-12)


def test_level_share_is_the_expected_use_of_each_level_given_the_explanations() -> None:
    found = built()
    total: dict[tuple[int, ...], Fraction] = {}
    used: dict[tuple[int, ...], list[Fraction]] = {}
    for kappa in KAPPAS:
        for path in paths(POOLS, LEVELS, PRIOR, kappa):
            total[path.z] = total.get(path.z, F(0)) + path.probability
            entry = used.setdefault(path.z, [F(0)] * 3)
            for level in range(3):
                entry[level] += path.probability * F(path.levels.count(level), 3)
    expected = [[float(share / total[z]) for share in used[z]] for z in total]
    np.testing.assert_allclose(found.level_share, expected, rtol=1e-12)


class Inputs(NamedTuple):
    pools: NDArray[np.str_]
    level_weight: Floats
    prior: Floats
    kappa: Floats
    kappa_weight: Floats


@st.composite
def inputs(draw: st.DrawFn) -> Inputs:
    cases, levels, size = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(2, 4))
    groups = st.lists(st.integers(0, 1), min_size=levels, max_size=levels)
    pools = np.array([[f"{i}:{group}" for i, group in enumerate(draw(groups))] for _ in range(cases)])
    weight = np.array(draw(st.lists(st.floats(0.01, 5.0), min_size=levels, max_size=levels)))
    kappa = np.array(draw(st.lists(st.sampled_from([0.0, 1e-3, 0.3, 2.0, 50.0]), min_size=2, max_size=2)))
    return Inputs(pools, weight, draw(priors(size)), kappa, np.array([0.3, 0.7]))


@PROPERTY
@given(inputs())
def test_pooling_keeps_the_analyst_s_prior_of_every_case(made: Inputs) -> None:
    found = build_table(*made)
    probability = np.exp(found.log_p)
    assert probability.sum() == pytest.approx(1.0, abs=1e-12)
    margins = pooling.margins(found, probability, made.prior.size)
    np.testing.assert_allclose(margins, np.tile(made.prior, (len(made.pools), 1)), rtol=0, atol=1e-12)


@PROPERTY
@given(inputs(), st.integers(0, 2**32 - 1))
def test_permuting_cases_and_hypotheses_permutes_the_answer(made: Inputs, seed: int) -> None:
    rng = np.random.default_rng(seed)
    order, names = rng.permutation(len(made.pools)), rng.permutation(made.prior.size)
    loglik = rng.normal(0.0, 3.0, (order.size, names.size))
    one = build_table(*made)
    two = build_table(*made._replace(pools=made.pools[order], prior=made.prior[names]))
    a = pooling.margins(one, pooling.posterior(one, loglik), names.size)
    b = pooling.margins(two, pooling.posterior(two, loglik[order][:, names]), names.size)
    np.testing.assert_allclose(b, a[order][:, names], rtol=0, atol=1e-12)


def test_the_reference_profile_shares_explanations_as_is_documented() -> None:
    found = pooling.table_of(real_problem())
    same = pooling.same_explanation(found, np.exp(found.log_p))
    # Cases: Japan-Trump, Japan-Biden, Korea-Trump, Korea-Biden. docs/inference.md 4: .43 if they share a factor,
    # .34 if none.
    expected = [[1, 0.43, 0.43, 0.34], [0.43, 1, 0.34, 0.43], [0.43, 0.34, 1, 0.43], [0.34, 0.43, 0.43, 1]]
    np.testing.assert_allclose(same, expected, rtol=0, atol=0.005)


def test_the_independent_profile_shares_them_by_chance_only() -> None:
    problem = encode(make_study(cases=3, hypotheses=4), make_profile(levels={"own": 1.0}))
    found = pooling.table_of(problem)
    np.testing.assert_allclose(np.exp(found.log_p), 1.0 / 64.0, rtol=1e-12)
    same = pooling.same_explanation(found, np.exp(found.log_p))
    np.testing.assert_allclose(same, np.where(np.eye(3), 1.0, 0.25), rtol=1e-12)


def test_one_common_pool_without_spread_is_one_explanation() -> None:
    profile = make_profile(levels={"common": 1.0}, kappa=0.0, prior={"h0": 2.0, "h1": 1.0, "h2": 1.0})
    found = pooling.table_of(encode(make_study(cases=3), profile))
    assert found.z.tolist() == [[0, 0, 0], [1, 1, 1], [2, 2, 2]]
    np.testing.assert_allclose(np.exp(found.log_p), [0.5, 0.25, 0.25], rtol=1e-12)


@pytest.mark.parametrize(
    ("levels", "kappa", "rows", "assignments"),
    [
        ({"common": 1.0}, 0.0, 3, 1),  # one explanation for all
        ({"f0": 1.0}, 0.0, 9, 1),  # one for each of two groups
        ({"common": 1.0}, 0.4, 27, 1),
        ({"common": 1.0, "own": 2.0}, 0.0, 27, 8),
        ({"common": 1.0, "f0": 1.0, "own": 2.0}, 0.4, 27, 27),
    ],
)
def test_what_can_be_enumerated_is_known_beforehand(
    monkeypatch: pytest.MonkeyPatch, levels: dict[str, float], kappa: float, rows: int, assignments: int
) -> None:
    problem = encode(make_study(cases=3), make_profile(levels=levels, kappa=kappa))
    assert len(pooling.table_of(problem).z) == rows
    for at_most, fits in ((rows, True), (rows - 1, False)):
        monkeypatch.setattr(pooling, "TABLE_LIMIT", at_most)
        assert pooling.fits_in_table(problem) == fits
    monkeypatch.setattr(pooling, "TABLE_LIMIT", rows)
    for at_most, fits in ((assignments, True), (assignments - 1, False)):
        monkeypatch.setattr(pooling, "ASSIGNMENT_LIMIT", at_most)
        assert pooling.fits_in_table(problem) == fits


def brute(loglik: Floats) -> tuple[Table, list[tuple[tuple[int, ...], float]]]:
    """Posterior over configurations by loops: urns, times the likelihood of each case's explanation."""
    prior = {z: sum(float(table(POOLS, LEVELS, PRIOR, kappa)[z]) for kappa in KAPPAS) / 2 for z in all_z()}
    weight = {z: p * float(np.exp(sum(loglik[case, k] for case, k in enumerate(z)))) for z, p in prior.items()}
    total = sum(weight.values())
    return built(), [(z, w / total) for z, w in weight.items()]


def all_z() -> list[tuple[int, ...]]:
    return list(itertools.product(range(3), repeat=3))


def test_what_is_read_off_the_posterior_equals_loops() -> None:
    loglik = np.random.default_rng(1).normal(0.0, 1.5, (3, 3))
    found, expected = brute(loglik)
    probability = pooling.posterior(found, loglik)
    np.testing.assert_allclose(probability, [p for _, p in expected], rtol=1e-10)
    margins = pooling.margins(found, probability, 3)
    same = pooling.same_explanation(found, probability)
    for c in range(3):
        for k in range(3):
            assert margins[c, k] == pytest.approx(sum(p for z, p in expected if z[c] == k), rel=1e-10)
        for d in range(3):
            assert same[c, d] == pytest.approx(sum(p for z, p in expected if z[c] == z[d]), rel=1e-10)
    for k in range(3):
        count = pooling.count_of(found, probability, k)
        for n in range(4):
            assert count[n] == pytest.approx(sum(p for z, p in expected if z.count(k) == n), rel=1e-10)


def test_many_posteriors_are_read_off_as_each_would_be_alone() -> None:
    found, many = built(), np.random.default_rng(2).normal(0.0, 1.5, (2, 4, 3, 3))
    probability = pooling.posterior(found, many)
    margins, same = pooling.margins(found, probability, 3), pooling.same_explanation(found, probability)
    count = pooling.count_of(found, probability, 1)
    assert (margins.shape, same.shape, count.shape) == ((2, 4, 3, 3), (2, 4, 3, 3), (2, 4, 4))
    for place in np.ndindex(2, 4):
        alone = pooling.posterior(found, many[place])
        np.testing.assert_allclose(margins[place], pooling.margins(found, alone, 3), rtol=1e-12)
        np.testing.assert_allclose(same[place], pooling.same_explanation(found, alone), rtol=1e-12)
        np.testing.assert_allclose(count[place], pooling.count_of(found, alone, 1), rtol=1e-12)


def test_the_posterior_of_kappa_equals_loops_and_is_not_its_prior() -> None:
    loglik = np.array([[4.0, 0.0, 0.0], [0.0, 0.0, 4.0], [0.0, 4.0, 0.0]])
    weight = np.array([0.7, 0.3])
    found = build_table(np.array(POOLS), as_floats(LEVELS), as_floats(PRIOR), as_floats(KAPPAS), weight)
    evidence = []
    for kappa in KAPPAS:
        prior = table(POOLS, LEVELS, PRIOR, kappa)
        evidence.append(sum(float(p) * np.exp(sum(loglik[c, k] for c, k in enumerate(z))) for z, p in prior.items()))
    expected = weight * evidence / (weight @ evidence)
    posterior = pooling.kappa_posterior(found, np.stack([loglik, 0.0 * loglik]), weight)
    np.testing.assert_allclose(posterior, [expected, weight], rtol=1e-10)
    assert expected[1] > 0.33, "cases that differ tell for a wide pool"
