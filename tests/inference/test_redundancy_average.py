"""Redundancy is averaged and not updated, by a form that stays a density in y (docs/inference.md)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numeric import Floats, loglik, one, some_theta
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference.redundancy import R_NODES
from bayestrace.inference.signal import Design, Hyperparameters, design_of

STEPS, WIDTH = 61, 7.5


def plane() -> tuple[Design, Hyperparameters]:
    """Lay every pair of weights on a grid, one coder and two hypotheses, out as clusters of two.

    Clusters g and observations 2g, 2g + 1; redundancy .5 (.05 to .95).
    """
    study = make_study(
        cases=1, hypotheses=2, coders=1, clusters=(2,), singles=0, reliability=0.95, redundancy=(0.05, 0.5, 0.95)
    )
    problem = encode(study, make_profile())
    design, _, _ = design_of(problem)
    theta = one(some_theta(problem, 1, seed=1), 0)
    theta = theta._replace(
        log_v=np.float64(0.0), sd_log_v=np.float64(0.3), common_error=np.float64(0.1), noise=np.array([0.2])
    )
    axis = np.linspace(-WIDTH, WIDTH, STEPS) + theta.bias[0, 0]
    first, second = (values.ravel() for values in np.meshgrid(axis, axis, indexing="ij"))
    count = first.size
    return (
        dataclasses.replace(
            design,
            weight=np.stack([first, second], axis=1).reshape(1, -1, 1),
            stated=np.ones((1, 2 * count)),
            stated_variance=np.full((1, 2 * count), 0.1),
            observation=np.tile([0, 1], count) + 2 * np.repeat(np.arange(count), 2),
            label=np.zeros(0, dtype=np.int64),
            redundancy=np.repeat(design.redundancy, count, axis=0),
            redundancy_weight=np.repeat(design.redundancy_weight, count, axis=0),
            reliability=np.repeat(design.reliability, count),
        ),
        theta,
    )


def on_plane(design: Design, theta: Hyperparameters) -> Floats:
    """Evaluate the density on the plane in pieces, so that what is held at once stays small."""
    pieces = []
    count, piece = design.reliability.size, STEPS
    for start in range(0, count, piece):
        rows, items = slice(start, start + piece), slice(2 * start, 2 * (start + piece))
        part = dataclasses.replace(
            design,
            weight=design.weight[:, items],
            stated=design.stated[:, items],
            stated_variance=design.stated_variance[:, items],
            observation=np.arange(2 * piece),
            label=np.repeat(np.arange(piece), 2),
            redundancy=design.redundancy[rows],
            redundancy_weight=design.redundancy_weight[rows],
            reliability=design.reliability[rows],
        )
        pieces.append(loglik(part, theta))
    return np.concatenate(pieces)


def at_node(design: Design, node: int) -> Design:
    redundancy = np.repeat(design.redundancy[:, node : node + 1], R_NODES, axis=1)
    return dataclasses.replace(design, redundancy=redundancy)


@pytest.fixture(scope="module")
def densities() -> tuple[Floats, Floats, Floats]:
    """Log density on the plane (S, K), the same given each node of r (R, S, K), and the nodes' weights."""
    design, theta = plane()
    given_r = np.stack([on_plane(at_node(design, node), theta) for node in range(R_NODES)])
    return on_plane(design, theta), given_r, design.redundancy_weight[0]


CELL = (2.0 * WIDTH / (STEPS - 1)) ** 2


def test_the_average_over_redundancy_is_a_density_for_every_hypothesis(densities: tuple[Floats, ...]) -> None:
    found, given_r, _ = densities
    np.testing.assert_allclose(np.exp(given_r).sum(axis=1) * CELL, 1.0, rtol=0, atol=1e-6)
    np.testing.assert_allclose(np.exp(found).sum(axis=0) * CELL, 1.0, rtol=0, atol=1e-6)


def test_an_average_of_logarithms_is_no_density_and_falls_short_by_what_hyperparameters_decide(
    densities: tuple[Floats, ...],
) -> None:
    _, given_r, weight = densities
    total = np.exp(np.einsum("r,rsk->sk", weight, given_r)).sum(axis=0) * CELL
    assert (total < 0.92).all()
    design, theta = plane()
    weak = theta._replace(log_v=np.float64(-3.0))
    weakly = np.stack([on_plane(at_node(design, node), weak) for node in range(R_NODES)])
    less = np.exp(np.einsum("r,rsk->sk", weight, weakly)).sum(axis=0) * CELL
    # It takes more from strong signals than from weak ones, and so would pull informativeness down.
    assert (less > 0.99).all()


def test_redundancy_keeps_its_stated_weight_where_the_mixture_would_update_it(densities: tuple[Floats, ...]) -> None:
    found, given_r, weight = densities
    ratio = found[:, 0] - found[:, 1]
    share = np.exp(given_r) / np.exp(given_r).mean(axis=2, keepdims=True)
    kept = np.log(np.einsum("r,rsk->sk", weight, share))
    np.testing.assert_allclose(ratio, kept[:, 0] - kept[:, 1], rtol=0, atol=1e-9)
    mixture = np.log(np.einsum("r,rsk->sk", weight, np.exp(given_r)))
    updated = mixture[:, 0] - mixture[:, 1]
    axis = np.linspace(-WIDTH, WIDTH, STEPS)

    def place(first: float, second: float) -> int:
        return int(np.abs(axis - first).argmin()) * STEPS + int(np.abs(axis - second).argmin())

    # Like weights pass for one piece of news with the mixture, unlike ones for two; both were elicited as half.
    assert updated[place(2.0, 2.0)] < ratio[place(2.0, 2.0)] - 0.1
    assert updated[place(3.0, -1.0)] > ratio[place(3.0, -1.0)] + 0.2
