"""The signal model where the answer is known: other forms of it, dense grids, limits."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytensor
import pytest
from numeric import density_given, loglik, one, perfect_theta, real_problem, some_theta
from pytensor.compile.mode import Mode
from scipy.special import roots_sh_jacobi
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference.facevalue import observation_loglik
from bayestrace.inference.model import PyTensor
from bayestrace.inference.redundancy import R_CAP, R_NODES, redundancy_nodes
from bayestrace.inference.signal import Design, Hyperparameters, cluster_loglik, design_of
from bayestrace.results import centred

#: No rewriting and no compiler: the graph as it is written.
PLAIN = Mode(linker="py", optimizer=None)


def as_blocks(design: Design) -> Design:
    """Write the same design with (identity) matrices, so that the block form evaluates it."""
    size = design.helmert.shape[0]
    blocks = np.broadcast_to(np.eye(size), (*design.stated.shape, size, size)) * design.stated[..., None, None]
    return dataclasses.replace(design, projector=blocks)


@pytest.mark.parametrize("selectivity", [0.0, 0.6])
def test_the_block_form_equals_the_scalar_form_on_full_comparisons(selectivity: float) -> None:
    small = encode(make_study(coders=3, hypotheses=4, clusters=(3, 2), missing=0.3, seed=4), make_profile())
    for problem in (small, real_problem()):
        design = dataclasses.replace(design_of(problem)[0], selectivity=selectivity)
        assert design.projector is None
        theta = some_theta(problem, 3)
        np.testing.assert_allclose(loglik(as_blocks(design), theta), loglik(design, theta), rtol=0, atol=1e-10)


@pytest.mark.parametrize("selectivity", [0.0, 0.6])
@pytest.mark.parametrize("partial", [0.0, 0.3])
def test_pytensor_evaluates_to_the_same_numbers_as_numpy(partial: float, selectivity: float) -> None:
    study = make_study(coders=3, hypotheses=3, clusters=(3, 2), missing=0.2, partial=partial, seed=1)
    problem = encode(study, make_profile(selectivity=selectivity))
    design, _, _ = design_of(problem)
    assert (design.projector is not None) == (partial > 0)
    assert design.selectivity == selectivity
    theta = some_theta(problem, 3)
    inputs = [pytensor.tensor.as_tensor(values).type() for values in one(theta, 0)]
    graph = cluster_loglik(design, Hyperparameters(*inputs), PyTensor())
    evaluate = pytensor.function(inputs, graph, mode=PLAIN)
    for draw in range(3):
        expected = loglik(design, one(theta, draw))
        np.testing.assert_allclose(evaluate(*one(theta, draw)), expected, rtol=0, atol=1e-10)


def test_draws_are_evaluated_independently() -> None:
    problem = encode(make_study(coders=2, partial=0.3, seed=2), make_profile(selectivity=0.3))
    design, _, _ = design_of(problem)
    theta = some_theta(problem, 4)
    together = loglik(design, theta)
    for draw in range(4):
        np.testing.assert_allclose(loglik(design, one(theta, draw)), together[draw], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("size", "sd_log_v", "strength_db"), [(1, 0.3, 5.0), (7, 0.7, 10.0), (7, 1.0, 5.0)])
def test_the_nodes_of_informativeness_do_as_well_as_a_dense_grid(
    size: int, sd_log_v: float, strength_db: float
) -> None:
    parts: dict[str, Any] = {"clusters": (size,), "singles": 0} if size > 1 else {"clusters": (), "singles": 1}
    problem = encode(make_study(cases=1, reliability=1.0, strength_db=strength_db, **parts), make_profile())
    design = dataclasses.replace(design_of(problem)[0], redundancy=np.full((1, R_NODES), 0.3))
    theta = one(some_theta(problem, 1, seed=3), 0)._replace(
        noise=np.array([0.1, 0.1]), log_v=np.log(0.5), sd_log_v=np.float64(sd_log_v)
    )
    log_v = theta.log_v + sd_log_v * np.linspace(-8.0, 8.0, 401)
    log_prior = -0.5 * ((log_v - theta.log_v) / sd_log_v) ** 2
    terms = np.array([density_given(design, theta, 0, float(np.exp(value)), 0.3) for value in log_v])
    dense = np.logaddexp.reduce(terms + log_prior[:, None], axis=0) - np.logaddexp.reduce(log_prior)
    # Seven observations far from what v would lead one to expect: 9 nodes are off by 0.1.
    np.testing.assert_allclose(loglik(design, theta)[0], dense, rtol=0, atol=0.002)


def test_perfect_coders_discount_a_cluster_by_kish_s_design_effect() -> None:
    r = 0.35
    problem = encode(make_study(cases=1, clusters=(4,), coders=1, reliability=1.0), make_profile())
    design, evidence, _ = design_of(problem)
    design = dataclasses.replace(design, redundancy=np.full_like(design.redundancy, r))
    found = centred(loglik(design, perfect_theta(problem))[0])
    single = observation_loglik(problem)[evidence]
    factor = 1.0 / (1.0 + 3.0 * r)  # Kish (1965): n / (1 + (n - 1) r) effective observations
    np.testing.assert_allclose(found[0], factor * single[:4].sum(axis=0), rtol=1e-6)
    np.testing.assert_allclose(found[1:], single[4:], rtol=1e-6)


@pytest.mark.parametrize("log_v", [-2.0, 0.0, 1.5])
def test_perfect_coders_have_their_single_weights_taken_whole_whatever_the_informativeness(log_v: float) -> None:
    problem = encode(make_study(coders=2, clusters=(), singles=3, reliability=1.0), make_profile())
    design, _, _ = design_of(problem)
    weight = np.repeat(design.weight[:1], 2, axis=0)  # two coders who agree
    found = loglik(dataclasses.replace(design, weight=weight), perfect_theta(problem, log_v=log_v))[0]
    np.testing.assert_allclose(centred(found), weight[0] @ design.helmert, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("q", [0.5, 0.8, 0.99])
def test_reliability_caps_a_weight(q: float) -> None:
    problem = encode(make_study(cases=1, coders=1, clusters=(), singles=1, hypotheses=2, reliability=q), make_profile())
    design, _, _ = design_of(problem)
    huge = dataclasses.replace(design, weight=np.full_like(design.weight, 60.0))
    ratio = np.ptp(loglik(huge, perfect_theta(problem, log_v=3.0))[0, 0])
    # p(y|k) = q f_k + (1 - q) (f_0 + f_1)/2 with f_1 = 0.
    assert ratio == pytest.approx(np.log((q + (1 - q) / 2) / ((1 - q) / 2)), rel=1e-6)


@pytest.mark.parametrize(("mean", "sd"), [(0.5, 0.18), (0.62, 0.13), (0.2, 0.1), (0.1, 0.05)])
def test_redundancy_nodes_reproduce_mean_and_variance(mean: float, sd: float) -> None:
    nodes, weights = redundancy_nodes(mean, sd)
    assert weights.sum() == pytest.approx(1.0, abs=1e-14)
    assert nodes.max() < R_CAP, "else the cap moves the moments and this says nothing"
    assert weights @ nodes == pytest.approx(mean, abs=1e-12)
    assert weights @ (nodes - mean) ** 2 == pytest.approx(sd**2, abs=1e-12)


@pytest.mark.parametrize(
    ("mean", "sd", "point"), [(0.4, 0.0, 0.4), (0.0, 0.2, 0.0), (1.0, 0.2, R_CAP), (1.0, 0.0, R_CAP)]
)
def test_redundancy_stated_as_a_point_is_one(mean: float, sd: float, point: float) -> None:
    nodes, weights = redundancy_nodes(mean, sd)
    np.testing.assert_array_equal(nodes, point)
    assert weights.sum() == pytest.approx(1.0)


@pytest.mark.parametrize("mean", [0.2, 0.5, 0.9])
def test_a_range_wider_than_any_beta_s_has_nodes_of_half_the_greatest_variance(mean: float) -> None:
    nodes, weights = redundancy_nodes(mean, 0.9)
    assert weights.min() > 0.0
    assert 0.0 < nodes.min() < nodes.max() == R_CAP
    uncapped = nodes < R_CAP
    exact, share = roots_sh_jacobi(R_NODES, 1e-9, mean)
    np.testing.assert_allclose(nodes[uncapped], exact[uncapped], rtol=1e-6)
    np.testing.assert_allclose(weights, share / share.sum(), rtol=1e-6)
    # SciPy's own nodes for Beta(mean, 1 - mean), whose variance is half of mean (1 - mean).
    variance = share @ (exact - mean) ** 2 / share.sum()
    assert variance == pytest.approx(mean * (1.0 - mean) / 2.0, rel=1e-6)


SILENT: dict[str, Any] = {"coders": 2, "clusters": (2,), "reliability": 1.0}


@pytest.mark.parametrize("selectivity", [0.0, 0.7])
@pytest.mark.parametrize("partial", [0.0, 0.3])
def test_huge_noise_leaves_nothing_said(partial: float, selectivity: float) -> None:
    problem = encode(make_study(**SILENT, partial=partial, seed=2), make_profile(selectivity=selectivity))
    design, _, _ = design_of(problem)
    theta = perfect_theta(problem, noise=1e5)
    assert np.abs(centred(loglik(design, theta))).max() < 1e-6
