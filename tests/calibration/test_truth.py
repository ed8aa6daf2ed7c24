"""Truths are drawn from the priors that the model states, explanations from the prior that pooling tabulates."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from designs import problem_of
from scipy import stats

from bayestrace.calibration.truth import draw_truth
from bayestrace.inference import pooling

LEAST_P = 1e-4


def test_hyperparameters_have_the_distributions_of_the_design() -> None:
    problem = problem_of({"leaning_db": 2.0}, coders=3, cases=1)
    rng = np.random.default_rng(5)
    truths = [draw_truth(problem, rng) for _ in range(2000)]
    log_scale = np.log([truth.theta.scale for truth in truths])
    np.testing.assert_allclose(log_scale.sum(axis=1), 0.0, atol=1e-12)
    # Normals of sd .3 made to sum to zero over three coders.
    np.testing.assert_allclose(np.cov(log_scale.T), 0.09 * (np.eye(3) - 1.0 / 3.0), atol=0.009)
    noise_sd = np.array([truth.noise_sd for truth in truths])
    leaning_sd = np.array([truth.leaning_sd for truth in truths])
    bias = np.array([truth.theta.bias for truth in truths])
    common = np.log(10.0) / 5.0  # 2 dB in nats
    whole = np.sqrt(common**2 + leaning_sd**2)
    one = {
        "noise_sd": (noise_sd, stats.lognorm(1.0, scale=0.5)),
        "noise": (np.array([truth.theta.noise[1] for truth in truths]) / noise_sd, stats.halfnorm()),
        "range_factor": (np.array([truth.theta.range_factor for truth in truths]), stats.lognorm(0.5)),
        "common_error": (np.array([truth.theta.common_error for truth in truths]), stats.halfnorm(scale=0.75)),
        "shared": (np.array([truth.theta.shared for truth in truths]), stats.beta(2, 2)),
        "r_eta": (np.array([truth.theta.r_eta for truth in truths]), stats.beta(2, 2)),
        "log_v": (np.array([truth.theta.log_v for truth in truths]), stats.norm(np.log(0.5), 1.0)),
        "sd_log_v": (np.array([truth.theta.sd_log_v for truth in truths]), stats.halfnorm(scale=0.7)),
        "log_scale": (log_scale[:, 2], stats.norm(0.0, 0.3 * np.sqrt(2.0 / 3.0))),
        "leaning_sd": (leaning_sd, stats.halfnorm(scale=0.3)),
        "bias": (bias[:, 0, 1] / whole, stats.norm()),
        "difference of two coders": ((bias[:, 0, 0] - bias[:, 2, 0]) / leaning_sd / np.sqrt(2.0), stats.norm()),
        "two coders": (
            (bias[:, 0, 0] + bias[:, 2, 0]) / np.sqrt(4.0 * common**2 + 2.0 * leaning_sd**2),
            stats.norm(),
        ),
    }
    for name, (draws, distribution) in one.items():
        assert stats.kstest(draws, distribution.cdf).pvalue > LEAST_P, name
    rank = np.array([stats.rankdata(draws) for name, (draws, _) in one.items() if "coders" not in name])
    dependence = np.corrcoef(rank) - np.eye(len(rank))
    assert np.abs(dependence).max() < 4.0 / np.sqrt(len(truths))


def test_one_coder_has_scale_one() -> None:
    problem = problem_of(coders=1)
    assert draw_truth(problem, np.random.default_rng(1)).theta.scale.tolist() == [1.0]


@pytest.mark.parametrize(
    "profile",
    [
        {},
        {"prior": {"h0": 0.6, "h1": 0.3, "h2": 0.1}, "kappa": 0.4},
        {"prior": {"h0": 0.6, "h1": 0.4}, "levels": {"common": 1.0, "own": 0.5}},
        {"kappa": 0.0, "levels": {"common": 0.5, "f0": 2.0, "f1": 1.0}},
        {"levels": {"own": 1.0}, "kappa": (0.5, 20.0)},
        {"levels": {"common": 1.0}, "kappa": (0.02, 5.0), "prior": {"h0": 2.0, "h1": 1.0, "h2": 1.0}},
    ],
)
def test_explanations_come_as_often_as_the_table_of_joint_explanations_says(profile: dict[str, Any]) -> None:
    problem = problem_of(profile, cases=3, factors=2, clusters=(), singles=1)
    table = pooling.table_of(problem)
    rng, number = np.random.default_rng(6), 2500
    drawn = np.array([draw_truth(problem, rng).z for _ in range(number)])
    code = 3 ** np.arange(3)
    seen = np.bincount(drawn @ code, minlength=27)
    expected = np.zeros(27)
    expected[table.z @ code] = number * np.exp(table.log_p)
    assert not seen[expected == 0.0].any()
    possible = expected > 0.0
    statistic = ((seen - expected)[possible] ** 2 / expected[possible]).sum()
    assert stats.chi2.sf(statistic, possible.sum() - 1) > LEAST_P


def test_omega_and_kappa_are_within_what_the_profile_allows() -> None:
    problem = problem_of({"levels": {"common": 1.0, "own": 3.0}, "kappa": (0.1, 0.9)}, cases=2, factors=1)
    rng = np.random.default_rng(3)
    truths = [draw_truth(problem, rng) for _ in range(1000)]
    omega = np.array([truth.omega for truth in truths])
    assert not omega[:, 1].any()
    assert stats.kstest(omega[:, 2], stats.beta(3, 1).cdf).pvalue > LEAST_P
    kappa = np.log([truth.kappa for truth in truths])
    assert stats.kstest(kappa, stats.uniform(np.log(0.1), np.log(9.0)).cdf).pvalue > LEAST_P
