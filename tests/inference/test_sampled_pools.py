"""Pools sampled where the table is too large: their density, and answers that agree with the table's."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pymc as pm
import pytensor
import pytensor.tensor as pt
import pytest
import xarray as xr
from numpy.typing import NDArray
from pytensor.compile.mode import Mode
from scipy.stats import dirichlet
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.foreseen import Opened
from bayestrace.foreseen.borrowing import lent
from bayestrace.inference import answer, drawn_pools
from bayestrace.sensitivity.reweight import UNRELIABLE

Floats = NDArray[np.float64]
DRAWS = 100_000


def assert_near(found: Floats, expected: Floats) -> None:
    """Compare probabilities to five Monte Carlo standard errors."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=0.008)


@pytest.mark.parametrize("told", [None, 0.0, 3.0])
def test_stick_breaking_has_the_density_of_a_dirichlet(told: float | None) -> None:
    alpha = np.array([0.02, 0.7, 0.03, 2.0])
    with pm.Model() as built:
        content = drawn_pools.dirichlet("pool", pt.as_tensor(alpha), told)
    inputs = built.value_vars
    graph = built.replace_rvs_by_values([content])
    evaluate = pytensor.function(inputs, [*graph, built.logp()], mode=Mode(linker="py", optimizer=None))
    step = 1e-6
    for start in np.random.default_rng(1).normal(0.0, 0.5, (5, 3)):
        share, found = evaluate(start)
        ends = [(evaluate(start + step * unit)[0], evaluate(start - step * unit)[0]) for unit in np.eye(3)]
        jacobian = np.array([(high[:3] - low[:3]) / (2.0 * step) for high, low in ends])
        expected = dirichlet.logpdf(share / share.sum(), alpha) + np.linalg.slogdet(jacobian)[1]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-3)


@pytest.fixture(scope="module")
def both() -> tuple[answer.TableDraws, answer.PoolDraws]:
    """One posterior in both forms: by the table, and as draws of pools."""
    prior = {"h0": 2.0, "h1": 1.0, "h2": 1.0}
    problem = encode(make_study(cases=3, factors=1), make_profile(prior=prior, kappa=0.6))
    loglik = np.array([[2.0, 0.0, 0.0], [0.0, 1.5, 0.0], [0.0, 0.5, 0.3]])
    exact = answer.TableDraws(problem, loglik[None, None])
    rng = np.random.default_rng(2)
    names = ["common", "f0:g0", "f0:g1"]
    content = rng.dirichlet(0.6 * problem["prior"].values, (DRAWS, 3))
    omega = rng.dirichlet(problem["level_weight"].values, DRAWS)
    own = omega[:, 2, None] * problem["prior"].values
    case_prior = np.stack(
        [
            omega[:, 0, None] * content[:, 0] + omega[:, 1, None] * content[:, names.index(label)] + own
            for label in problem["pool"].values[:, 1]
        ],
        axis=1,
    )
    # Draws from the prior, taken again in proportion to their likelihood, are draws from the posterior.
    weight = (case_prior * np.exp(loglik)).sum(axis=2).prod(axis=1)
    kept = rng.choice(DRAWS, size=DRAWS, p=weight / weight.sum())
    case, pool = ("chain", "draw", "case", "hypothesis"), ("chain", "draw", "pool_name", "hypothesis")
    posterior = xr.Dataset(
        {
            "case_loglik": (case, np.broadcast_to(loglik, (1, DRAWS, 3, 3))),
            "case_prior": (case, case_prior[kept][None]),
            "pool": (pool, content[kept][None]),
            "omega": (("chain", "draw", "level"), omega[kept][None]),
            "kappa": (("chain", "draw"), np.full((1, DRAWS), 0.6)),
        },
        coords={"pool_name": names},
    )
    return exact, answer.PoolDraws(problem, posterior)


def test_answers_from_sampled_pools_agree_with_the_table(both: tuple[answer.TableDraws, answer.PoolDraws]) -> None:
    exact, sampled = both
    np.testing.assert_allclose(sampled.unpooled[0], exact.unpooled[0], rtol=1e-9)
    assert_near(sampled.pooled.mean(axis=0), exact.pooled[0])
    assert_near(sampled.levels(), exact.levels())
    assert_near(sampled.same(), exact.same())
    for draws in both:
        np.testing.assert_allclose(draws.same(np.array([0, 2])), draws.same()[:, :, [0, 2]], atol=1e-12)
    np.testing.assert_array_equal(sampled.kappa(), exact.kappa())
    for k in range(3):
        assert_near(sampled.count(k).mean(axis=0), exact.count(k)[0])
    for label in ("f0:g0", "f0:g1", "f0:"):
        pools = ["common", label, "own:"]
        assert_near(sampled.predict(pools), exact.predict(pools))
        assert_near(sampled.through(pools).mean(axis=0), exact.through(pools)[0])
        assert_near(sampled.same_as_new(pools), exact.same_as_new(pools))
    probability, explanation = sampled.top()
    listed = dict(zip(map(tuple, explanation), probability, strict=True))
    for p, z in itertools.islice(zip(*exact.top(), strict=True), 3):
        assert_near(listed[tuple(z)], p)


def test_without_a_case_both_forms_foresee_the_same(both: tuple[answer.TableDraws, answer.PoolDraws]) -> None:
    exact = both[0]
    tree = xr.DataTree.from_dict({"/": xr.Dataset(attrs={"kind": "face-value"}), "problem": exact.problem})
    pools = [["common", label, "own:"] for label in ("f0:g0", "f0:g1", "f0:")]
    by_table, by_pools = (lent(Opened(Path("a"), tree), draws, pools) for draws in both)
    assert_near(by_pools.without, by_table.without)
    # The evidence of the draws does not differ, so that a case apart says no more of them than one that is silent.
    np.testing.assert_allclose(by_pools.apart, by_pools.without, rtol=1e-9)
    assert np.isnan(by_table.pareto_k).all()
    assert (by_pools.pareto_k < UNRELIABLE).all()


def test_kappa_is_counted_at_its_nearest_node() -> None:
    problem = encode(make_study(cases=2, hypotheses=2), make_profile())
    nodes = problem["kappa"].values
    shape = {"case_loglik": (2, 2), "case_prior": (2, 2), "omega": (3,)}
    posterior = xr.Dataset(
        {
            name: (("chain", "draw", *(f"{name}{i}" for i in range(len(size)))), np.full((1, 4, *size), 0.5))
            for name, size in shape.items()
        }
        | {"kappa": (("chain", "draw"), nodes[[0, 3, 3, 14]][None] * 1.001)}
    )
    before, after = answer.PoolDraws(problem, posterior).kappa()
    np.testing.assert_array_equal(before, problem["kappa_weight"].values)
    assert np.flatnonzero(after).tolist() == [0, 3, 14]
    assert after[[0, 3, 14]].tolist() == [0.25, 0.5, 0.25]
