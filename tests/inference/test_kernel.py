"""The compiled loops against the formulas they are a twin of: values, gradients, and the graph they stand in."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import PROPERTY, Floats, loglik
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference import kernel, operator, rowwise, slopes
from bayestrace.inference.layout import layout
from bayestrace.inference.signal import Design, Hyperparameters, design_of

pytestmark = pytest.mark.loops
SHAPES: list[dict[str, Any]] = [
    {"coders": 3, "clusters": (2, 3), "singles": 2},
    {"coders": 1, "clusters": (4,), "singles": 0, "hypotheses": 2},
    {"coders": 2, "clusters": (2,), "singles": 1, "hypotheses": 5, "redundancy": (0.3, 0.3, 0.3)},
    # More members than variances are multiplied at a time.
    {"coders": 2, "clusters": (37,), "singles": 1, "cases": 1},
]


def design_with(shape: dict[str, Any], selectivity: float, seed: int, missing: float = 0.0) -> Design:
    problem = encode(make_study(**shape, seed=seed), make_profile(selectivity=selectivity))
    design, _, _ = design_of(problem)
    rng = np.random.default_rng(seed)
    stated = (rng.random(design.stated.shape) >= missing).astype(float)
    stated[0] = 1.0
    quality = rng.uniform(0.5, 1.0, design.reliability.shape)
    return dataclasses.replace(design, stated=stated, reliability=quality)


def some_theta(design: Design, seed: int) -> Hyperparameters:
    rng = np.random.default_rng(seed)
    coders, _, dims = design.weight.shape
    return Hyperparameters(
        scale=np.exp(rng.normal(0.0, 0.3, coders)),
        noise=rng.uniform(0.05, 0.8, coders),
        bias=rng.normal(0.0, 0.2, (coders, dims)),
        range_factor=np.asarray(rng.lognormal(0.0, 0.4)),
        shared=np.asarray(rng.beta(2.0, 2.0)),
        common_error=np.asarray(abs(rng.normal(0.0, 0.5))),
        r_eta=np.asarray(rng.beta(2.0, 2.0)),
        log_v=np.asarray(rng.normal(-0.7, 1.0)),
        sd_log_v=np.asarray(abs(rng.normal(0.0, 0.5))),
    )


@settings(PROPERTY, max_examples=40)
@given(st.sampled_from(SHAPES), st.sampled_from([0.0, 0.4, 0.95]), st.integers(0, 10_000), st.sampled_from([0.0, 0.4]))
def test_values_are_those_of_the_formulas(shape: dict[str, Any], selectivity: float, seed: int, missing: float) -> None:
    design = design_with(shape, selectivity, seed, missing)
    theta = some_theta(design, seed)
    found = kernel.forward(*theta, *layout(design).values())[0]
    np.testing.assert_allclose(found, loglik(design, theta), rtol=1e-11, atol=1e-9)


@settings(PROPERTY, max_examples=10)
@given(st.sampled_from(SHAPES), st.sampled_from([0.0, 0.4]), st.integers(0, 10_000), st.sampled_from([0.0, 0.4]))
def test_gradients_are_those_of_the_formulas(
    shape: dict[str, Any], selectivity: float, seed: int, missing: float
) -> None:
    design = design_with(shape, selectivity, seed, missing)
    theta = some_theta(design, seed)
    laid = list(layout(design).values())
    outcome = kernel.forward(*theta, *laid)
    share = np.random.default_rng(seed + 1).normal(size=outcome[0].shape)
    found = slopes.backward(share, *outcome[1:], *theta, *laid)

    def total(moved: Hyperparameters) -> float:
        return float((loglik(design, moved) * share).sum())

    for name, value, slope in zip(theta._fields, theta, found, strict=True):
        expected = differences(theta, name, value, total)
        np.testing.assert_allclose(slope, expected, rtol=2e-5, atol=2e-5 * (1.0 + np.abs(expected).max()), err_msg=name)


def differences(theta: Hyperparameters, name: str, value: Floats, total: Any) -> Floats:
    """Take central differences of a function in each element of one hyperparameter."""
    step = 1e-5
    slope = np.zeros(value.shape)
    for place in np.ndindex(value.shape):
        up, down = value.copy(), value.copy()
        up[place] += step
        down[place] -= step
        slope[place] = (total(theta._replace(**{name: up})) - total(theta._replace(**{name: down}))) / (2.0 * step)
    return slope


def test_many_members_and_huge_weights_stay_finite() -> None:
    design = design_with(SHAPES[3], 0.0, 3)
    theta = some_theta(design, 3)
    extreme = dataclasses.replace(design, weight=30.0 * design.weight)
    found = kernel.forward(*theta, *layout(extreme).values())[0]
    np.testing.assert_allclose(found, loglik(extreme, theta), rtol=1e-10, atol=1e-8)
    narrow = theta._replace(noise=theta.noise * 1e-6, range_factor=np.asarray(1e-6), log_v=np.asarray(-12.0))
    assert np.isfinite(kernel.forward(*narrow, *layout(design).values())[0]).all()


@pytest.mark.parametrize(
    "mode", ["FAST_COMPILE", pytest.param("NUMBA", marks=[pytest.mark.compiled, pytest.mark.long])]
)
def test_the_operation_gives_a_graph_the_loops_values_and_gradients(mode: str) -> None:
    design = design_with(SHAPES[0], 0.0, 5)
    theta = some_theta(design, 5)
    learned = Hyperparameters(*(pt.tensor(name, shape=np.shape(value)) for name, value in theta._asdict().items()))
    share = np.random.default_rng(1).normal(size=(design.clusters, design.helmert.shape[1]))
    laid = list(layout(design).values())
    # Shared, as in the model: so both are compiled from one text.
    clusters = operator.cluster_loglik(learned, [pytensor.shared(values) for values in laid])
    gradients = pytensor.grad((clusters * share).sum(), list(learned))
    found, *slopes_found = pytensor.function(list(learned), [clusters, *gradients], mode=mode)(*theta)
    outcome = kernel.forward(*theta, *laid)
    np.testing.assert_allclose(found, outcome[0], rtol=1e-12)
    for one, other in zip(slopes_found, slopes.backward(share, *outcome[1:], *theta, *laid), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


def test_exponentials_are_the_library_s_to_twelve_digits() -> None:
    x = -np.concatenate([np.linspace(0.0, 50.0, 4001), np.geomspace(1e-300, 699.0, 500), [0.0, 710.0, 1e6]])
    bits = np.zeros(x.size, dtype=np.int64)
    found = x.copy()
    rowwise.exponentiate(found, x.size, bits, bits.view(np.float64))
    np.testing.assert_allclose(found[:-2], np.exp(x[:-2]), rtol=5e-13)
    assert (found[-2:] < 1e-303).all()
    part = np.full(3, -1.0)
    rowwise.exponentiate(part, 2, bits, bits.view(np.float64))
    assert part[2] == -1.0
