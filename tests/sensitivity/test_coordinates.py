"""Hyperparameters as points: there and back, and their prior density held to draws from the priors."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import prior_draws, problem_of

from bayestrace.inference import ledger
from bayestrace.inference.signal import Hyperparameters
from bayestrace.sensitivity.coordinates import FREE, POSITIVE, SHARES, Learned, flatten, log_prior, unflatten


def drawn(draws: int, coders: int = 3) -> Learned:
    posterior = prior_draws(problem_of(cases=1, coders=coders, hypotheses=3, clusters=(), singles=1), draws)
    noise_sd, leaning_sd = (posterior[name].values.reshape(-1) for name in ("noise_sd", "leaning_sd"))
    return Learned(ledger.hyperparameters(posterior), noise_sd, leaning_sd)


def test_every_hyperparameter_has_its_coordinates() -> None:
    assert {"scale", *POSITIVE, *SHARES, *FREE} == {*Hyperparameters._fields}


@pytest.mark.parametrize("coders", [1, 3])
def test_there_and_back(coders: int) -> None:
    learned = drawn(6, coders)
    points = flatten(learned)
    # Scales sum to 0 on the log scale: one number less than there are coders.
    assert points.shape == (6, coders - 1 + coders + 2 * coders + 6 + 2)
    back = unflatten(points, learned.theta)
    for one, other in zip((*back.theta, *back[1:]), (*learned.theta, *learned[1:]), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def test_draws_moved_and_weighed_by_the_density_are_draws_from_the_prior() -> None:
    """Shift every coordinate in turn: weighed by density there over density here, the mean is what it was."""
    learned = drawn(5_000)
    points = flatten(learned)
    common = float(problem_of(cases=1).attrs["leaning_sd"])
    before = log_prior(learned, common)
    scale = points.std(axis=0) / np.sqrt(points.shape[0])
    for column in range(points.shape[1]):
        moved = points.copy()
        # Leanings are narrow where their sd is small, so they must not go far.
        moved[:, column] += 0.02 if np.ptp(points[:, column]) < 8.0 else 0.2
        weight = np.exp(log_prior(unflatten(moved, learned.theta), common) - before)
        assert weight.mean() == pytest.approx(1.0, abs=0.06), column
        mean = (weight @ moved[:, column]) / weight.sum()
        assert abs(mean - points[:, column].mean()) < 6.0 * scale[column], column


def test_the_leaning_that_coders_have_in_common_counts() -> None:
    learned = drawn(4)
    bias = np.ones_like(learned.theta.bias)
    alike = Learned(learned.theta._replace(bias=bias), learned.noise_sd, learned.leaning_sd)
    none = Learned(learned.theta._replace(bias=0.0 * bias), learned.noise_sd, learned.leaning_sd)
    variance = 0.5**2 + learned.leaning_sd**2 / 3.0
    np.testing.assert_allclose(log_prior(none, 0.5) - log_prior(alike, 0.5), 0.5 * 2.0 / variance)
