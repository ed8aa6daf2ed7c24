"""Power-scaling by hand where the answer is discrete, and by ArviZ where it is a number."""

from __future__ import annotations

import math
from typing import Any

import arviz as az
import numpy as np
import pytest
import xarray as xr
from drawn import Floats, nats, prior_draws, problem_of, told
from scipy.stats import chi2, kstest

from bayestrace.calibration.truth import draw_truth
from bayestrace.inference.signal import Hyperparameters
from bayestrace.sensitivity import powers
from bayestrace.sensitivity.draws import Stored, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.weights import log_sum_exp


def one_case(weight_db: float, *, prior: Any = "equal") -> Stored:
    return stored_face_value(told(np.array([[[weight_db]]]), prior=prior, coders=1, factors=0))


def share(log_odds: float) -> float:
    return 1.0 / (1.0 + math.exp(-log_odds))


def by_arviz(values: Floats, lower: Floats, upper: Floats) -> float:
    over = ("chain", "draw")
    data = xr.Dataset({"x": (over, values[None])})
    weights = {"lower_w": xr.DataArray(lower[None], dims=over), "upper_w": xr.DataArray(upper[None], dims=over)}
    low, high = powers.SLOPE
    return float(data.azstats.power_scale_sense(**weights, lower_alpha=low, upper_alpha=high)["x"])


def test_powers_of_prior_and_evidence_scale_their_log_odds() -> None:
    found = powers.analyse(one_case(6.0, prior={"h0": 4.0, "h1": 1.0})).sel(case="c0", hypothesis="h0")
    for alpha in (0.8, 1.25):
        at = found["probability"].sel(alpha=alpha)
        assert float(at.sel(component="prior")) == pytest.approx(share(alpha * math.log(4.0) + nats(6.0)))
        assert float(at.sel(component="likelihood")) == pytest.approx(share(math.log(4.0) + alpha * nats(6.0)))


def test_the_distance_of_two_probabilities_is_that_of_their_indicators() -> None:
    """Many draws of 0 and 1 in the shares of the two probabilities, through ArviZ."""
    found = powers.analyse(one_case(3.0, prior={"h0": 3.0, "h1": 1.0}))
    before = share(math.log(3.0) + nats(3.0))
    number = 100_000
    ones = round(number * before)
    values = np.repeat([0.0, 1.0], [number - ones, ones])
    weights = []
    for alpha in powers.SLOPE:
        after = share(alpha * math.log(3.0) + nats(3.0))
        weights.append(np.repeat([(1.0 - after) / (number - ones), after / ones], [number - ones, ones]))
    expected = by_arviz(values, *weights)
    assert float(found["sensitivity"].sel(component="prior")[0]) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(
    ("prior", "weight_db", "expected"),
    [
        ((9.0, 1.0), -12.0, powers.CONFLICT),
        ((3.0, 1.0), 4.0, ""),
        ((4.0, 1.0), 0.1, powers.WEAK),
        ((1.0, 1.0), 6.0, ""),
    ],
)
def test_what_is_made_of_it(prior: tuple[float, float], weight_db: float, expected: str) -> None:
    """Opposed; agreed, though both are felt; next to no evidence; no prior opinion."""
    found = powers.analyse(one_case(weight_db, prior=dict(zip(("h0", "h1"), prior, strict=True))))
    assert str(found["diagnosis"].values[0]) == expected
    if prior == (3.0, 1.0):
        assert (found["sensitivity"] >= powers.THRESHOLD).all()


def test_the_prior_of_the_joint_is_raised_exactly() -> None:
    problem = problem_of(cases=3, factors=1, seed=12, profile={"prior": {"h0": 5.0, "h1": 2.0, "h2": 0.0}})
    held = stored(problem, prior_draws(problem, 30), 30)
    found = powers.analyse(held)
    for alpha in (0.8, 1.25):
        total = np.zeros((3, 3))
        for draw, loglik in enumerate(held.loglik):
            for z, log_p in zip(held.z, held.log_p, strict=True):
                joint = math.exp(log_p) ** alpha * math.exp(
                    sum(loglik[c, k] for c, k in enumerate(z)) - held.log_evidence[draw]
                )
                for c, k in enumerate(z):
                    total[c, k] += joint
        at = found["probability"].sel(component="prior", alpha=alpha)
        np.testing.assert_allclose(at, total / total.sum(axis=1, keepdims=True), atol=1e-12)


def test_cases_that_are_not_pooled_have_priors_of_their_own() -> None:
    profile = {"prior": {"h0": 5.0, "h1": 2.0, "h2": 0.0}}
    held = stored_face_value(problem_of(cases=10, coders=1, factors=0, clusters=(), singles=1, seed=5, profile=profile))
    found = powers.analyse(held)
    assert found.attrs["pooling"] == "unpooled"
    joint = np.array([5.0**0.8, 2.0**0.8, 0.0]) * np.exp(held.loglik[0])
    at = found["probability"].sel(component="prior", alpha=0.8)
    np.testing.assert_allclose(at, joint / joint.sum(axis=1, keepdims=True), atol=1e-12)


def test_the_distance_is_that_of_arviz() -> None:
    rng = np.random.default_rng(1)
    values = rng.gamma(2.0, size=300)
    weights = rng.dirichlet(np.ones(300), size=2)
    found = powers.slope(powers.moved_by(values, weights)[:, None])[0]
    expected = by_arviz(values, *weights)
    assert found == pytest.approx(expected, rel=1e-9)
    assert powers.moved_by(np.ones(300), weights) == pytest.approx([0.0, 0.0]), "a constant does not move"


@pytest.fixture(scope="module")
def fitted() -> tuple[Stored, xr.Dataset, xr.Dataset]:
    problem = problem_of(cases=2, coders=3, seed=7)
    posterior = prior_draws(problem, 1000).assign_coords(coder=problem["coder"].values)
    held = stored(problem, posterior, 1000)
    return held, posterior, powers.analyse(held, posterior)


def test_hyperparameters_as_arviz_has_them(fitted: tuple[Stored, xr.Dataset, xr.Dataset]) -> None:
    _, posterior, found = fitted
    two_chains = {"chain": 2, "draw": 500}
    names = ("log_v", "range_factor", "shared", "sd_log_v")
    log_prior = sum(
        powers.PRIORS[name](posterior[name].values.reshape(1000, -1)).sum(axis=1)
        for name in powers.PRIORS
        if name in posterior
    )
    tree = xr.DataTree.from_dict(
        {
            "posterior": posterior[list(names)],
            "log_prior": xr.Dataset({"all": (tuple(two_chains), np.reshape(log_prior, (2, 500)))}),
        }
    )
    expected = az.psense(tree, group="prior")
    for name in names:
        here = float(found["quantity_sensitivity"].sel(component="prior", quantity=name))
        assert here == pytest.approx(float(expected[name]), rel=0.05, abs=0.005)


def test_the_evidence_of_a_draw_raised_to_a_power(fitted: tuple[Stored, xr.Dataset, xr.Dataset]) -> None:
    held, _, found = fitted
    raised = powers.scaled_evidence(held, 1.01)
    by_hand = [
        log_sum_exp(
            [held.log_p[row] + 1.01 * sum(loglik[c, k] for c, k in enumerate(z)) for row, z in enumerate(held.z)]
        )
        for loglik in held.loglik[:20]
    ]
    np.testing.assert_allclose(raised[:20], by_hand, rtol=1e-12)
    likelihood = answer(held, clusters=1.25 * held.clusters)
    np.testing.assert_allclose(found["probability"].sel(component="likelihood", alpha=1.25), likelihood.probability)
    assert {"noise[coder1]", "bias[coder2, 0]", "log_v"} <= set(found["quantity"].values.tolist())


def test_hyperparameters_have_the_priors_that_studies_are_drawn_from() -> None:
    problem = problem_of(cases=1, coders=4, seed=1)
    rng = np.random.default_rng(11)
    truths = [draw_truth(problem, rng) for _ in range(800)]
    assert set(Hyperparameters._fields) - powers.NESTED <= set(powers.PRIORS)
    # On the scale on which the density is stated: logarithms of factors.
    factors = {"range_factor", "noise_sd"}
    ends = {"log_v": (-8.0, 6.0), "shared": (1e-9, 1.0 - 1e-9), "r_eta": (1e-9, 1.0 - 1e-9)}
    for name in set(powers.PRIORS) - {"scale"}:
        drawn = np.array([float(getattr(truth.theta, name, getattr(truth, name, np.nan))) for truth in truths])
        grid = np.linspace(*ends.get(name, (-7.0, 5.0) if name in factors else (0.0, 5.0)), 4001)
        density = np.exp(powers.PRIORS[name](np.exp(grid) if name in factors else grid))
        uniform = np.interp(np.log(drawn) if name in factors else drawn, grid, np.cumsum(density) / density.sum())
        assert kstest(uniform, "uniform").pvalue > 1e-3, name
    # Scales have a sum of logarithms of 0, so that as many squares as contrasts are standard.
    squares = [-2.0 * float(powers.PRIORS["scale"](truth.theta.scale).sum()) for truth in truths]
    assert kstest(squares, chi2(3).cdf).pvalue > 1e-3
