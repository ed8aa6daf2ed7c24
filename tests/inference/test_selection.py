"""Evidence that an author may have left out (docs/inference.md 3.5): exact conditioning, simulation, limits."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from numeric import Floats, joint_normal, loglik, one, perfect_theta, some_theta
from scipy.special import ndtr
from scipy.stats import multivariate_normal
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference.signal import Design, Hyperparameters, design_of


def reported_given(design: Design, theta: Hyperparameters, cluster: int, v: float, r: float) -> tuple[Floats, Floats]:
    """Log density of what was stated times P(reported | it), and P(reported), under each hypothesis given v and r.

    The cluster's true weight, favoured over the mean of the rivals, is one more coordinate of the joint normal;
    a cluster is reported if it is positive, else with probability 1 - s.
    """
    stated, mean, covariance, where = joint_normal(design, theta, cluster, v, r)
    dims, hypotheses = design.helmert.shape
    n = (covariance.shape[0] - where.size) // dims
    against = np.full(hypotheses, -1.0 / (hypotheses - 1))
    against[design.favours] = 1.0
    # The log-likelihood of equicorrelated members is their sum over 1 + (n - 1) r.
    pick = np.concatenate([np.zeros(where.size), np.tile(design.helmert @ against, n) / (1.0 + (n - 1) * r)])
    weight_mean, weight_variance = mean @ pick, float(pick @ covariance @ pick)
    inside = covariance[np.ix_(where, where)]
    gain = np.linalg.solve(inside, (covariance @ pick)[where])
    left = weight_variance - float(gain @ (covariance @ pick)[where])
    log_reported = np.empty(hypotheses)
    for k in range(hypotheses):
        expected = weight_mean[k] + gain @ (stated - mean[k, where])
        log_density = multivariate_normal.logpdf(stated, mean[k, where], inside)
        log_reported[k] = log_density + np.log(1.0 - design.selectivity * ndtr(-expected / np.sqrt(left)))
    rate = 1.0 - design.selectivity * ndtr(-weight_mean / np.sqrt(weight_variance))
    return log_reported, rate


@pytest.mark.parametrize(
    "shape",
    [
        {"coders": 2, "clusters": (3,), "hypotheses": 3},
        {"coders": 1, "clusters": (2,), "hypotheses": 4, "reliability": 1.0},
        {"coders": 3, "clusters": (2,), "hypotheses": 3, "partial": 0.3, "missing": 0.2, "seed": 1},
    ],
)
@pytest.mark.parametrize("favours", ["h0", "h2"])
def test_selected_clusters_equal_direct_conditioning(shape: dict[str, Any], favours: str) -> None:
    study = make_study(cases=1, singles=1, redundancy=(None, 0.4, None), **shape)
    problem = encode(study, make_profile(selectivity=0.7, favours=favours))
    design, _, _ = design_of(problem)
    assert (design.projector is not None) == ("partial" in shape)
    theta = some_theta(problem, 2, seed=2)
    found = loglik(design, theta)
    points, weights = np.polynomial.hermite_e.hermegauss(21)
    weights = weights / weights.sum()
    for draw in range(2):
        for cluster in range(design.clusters):
            hyper, r = one(theta, draw), float(design.redundancy[cluster, 0])
            pairs = [
                reported_given(design, hyper, cluster, float(np.exp(hyper.log_v + hyper.sd_log_v * point)), r)
                for point in points
            ]
            n = weights @ np.exp([log_n for log_n, _ in pairs])
            rate = weights @ np.array([rate for _, rate in pairs])
            q = design.reliability[cluster]
            expected = np.log(q * n / rate + (1.0 - q) * n.mean() / rate.mean())
            np.testing.assert_allclose(found[draw, cluster], expected, rtol=0, atol=1e-8)


def test_simulated_reports_have_the_density_that_the_model_gives_them() -> None:
    problem = encode(
        make_study(cases=1, hypotheses=2, coders=1, clusters=(), singles=1, reliability=1.0),
        make_profile(selectivity=0.8),
    )
    design, _, _ = design_of(problem)
    theta = some_theta(problem, 1, seed=5)._replace(log_v=np.array([0.3]), sd_log_v=np.array([0.6]))
    hyper = one(theta, 0)
    rng = np.random.default_rng(7)
    size, edges = 2_000_000, np.linspace(-3.0, 3.0, 13)
    middle = np.linspace(edges[0], edges[-1], 1201)
    for k in range(2):
        # One observation, two hypotheses, one contrast; the weight of 0 over 1 is sqrt(2) times the contrast.
        v = np.exp(hyper.log_v + hyper.sd_log_v * rng.normal(size=size))
        x = v / 2.0 * design.helmert[0, k] + np.sqrt(v / 2.0) * rng.normal(size=size)
        reported = (x > 0) | (rng.uniform(size=size) > 0.8)
        doubt = hyper.range_factor**2 * design.stated_variance[0, 0]
        hard = np.sqrt(hyper.shared * doubt + hyper.common_error**2) * rng.normal(size=size)
        noise = np.sqrt(hyper.noise[0] ** 2 + (1.0 - hyper.shared) * doubt) * rng.normal(size=size)
        y = (hyper.scale[0] * (x + hard) + hyper.bias[0, 0] + noise)[reported]
        seen = np.histogram(y, edges)[0] / y.size
        grid = [loglik(dataclasses.replace(design, weight=np.array([[[value]]])), hyper)[0, k] for value in middle]
        density = np.exp(grid)
        step = middle[1] - middle[0]
        inner = (density[:-1] + density[1:]).reshape(12, 100).sum(axis=1) * step / 2.0
        tolerance = 5.0 * np.sqrt(inner / y.size)
        assert (np.abs(seen - inner) < tolerance + 1e-4).all()


def test_without_noise_only_the_rate_of_reporting_is_left_of_selection() -> None:
    problem = encode(make_study(coders=1, reliability=1.0, redundancy=(None, 0.3, None)), make_profile())
    design, _, _ = design_of(problem)
    theta = perfect_theta(problem, log_v=0.5)
    ratio = loglik(dataclasses.replace(design, selectivity=0.7), theta)[0] - loglik(design, theta)[0]
    size = design.size[:, None]
    total = np.exp(0.5) * size / (1.0 + (size - 1.0) * 0.3)  # variance of the joint weight, docs/inference.md 3.1
    mean = total / 2.0 * np.array([1.0, -0.5, -0.5])
    log_rate = np.log(1.0 - 0.7 * ndtr(-mean / np.sqrt(total / 2.0 * 3.0 / 2.0)))
    # N_k/R_k = f_k A/R_k, with A the same for every k: it knows whether the weight is for or against.
    assert np.ptp(ratio + log_rate, axis=1).max() < 1e-6
    assert np.ptp(log_rate, axis=1).min() > 0.1, "else the test says nothing"


def test_which_hypothesis_is_selected_for_matters_and_the_focal_one_is_the_default() -> None:
    study = make_study(seed=3)
    default = design_of(encode(study, make_profile(selectivity=0.5)))[0]
    focal = design_of(encode(study, make_profile(selectivity=0.5, favours="h0")))[0]
    other = design_of(encode(study, make_profile(selectivity=0.5, favours="h1")))[0]
    theta = some_theta(encode(study, make_profile()), 1)
    np.testing.assert_array_equal(loglik(default, theta), loglik(focal, theta))
    assert np.abs(loglik(other, theta) - loglik(focal, theta)).max() > 0.01
