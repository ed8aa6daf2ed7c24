"""P(Z) from many standpoints at once against one table at a time, and at the ends of kappa."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from drawn import Floats, problem_of
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bayestrace.inference.pooling import Table, build_table
from bayestrace.sensitivity import standpoints as room
from bayestrace.sensitivity.standpoints import Enumeration, Standpoints, enumerable, log_p, standpoint_of


def cases_in(groups: list[list[int]]) -> NDArray[np.str_]:
    """Pools of cases, by their group of each factor."""
    return np.array(
        [["common", *(f"f{f}:{group}" for f, group in enumerate(row)), f"own:{c}"] for c, row in enumerate(groups)],
        dtype=np.str_,
    )


def spread(table: Table, z: NDArray[np.int64]) -> Floats:
    """Log P of each of `z`, which holds what a table leaves out as impossible."""
    known = {tuple(row): value for row, value in zip(table.z.tolist(), table.log_p, strict=True)}
    return np.array([known.get(tuple(row), -np.inf) for row in z.tolist()])


def sparse(rng: np.random.Generator, shape: tuple[int, int], zeros: float) -> Floats:
    """Shares that sum to 1, some of them 0 but never all."""
    rows = rng.dirichlet(np.full(shape[1], 0.7), size=shape[0]) * (rng.uniform(size=shape) >= zeros)
    rows[np.arange(shape[0]), rng.integers(shape[1], size=shape[0])] += 0.1
    return np.asarray(rows / rows.sum(axis=1, keepdims=True))


@settings(deadline=None, derandomize=True, database=None, max_examples=25)
@given(
    groups=st.integers(1, 4).flatmap(
        lambda cases: st.lists(st.lists(st.integers(0, 1), min_size=2, max_size=2), min_size=cases, max_size=cases)
    ),
    size=st.integers(2, 3),
    zeros=st.sampled_from([0.0, 0.4]),
    seed=st.integers(0, 2**32 - 1),
)
def test_many_standpoints_equal_one_table_each(groups: list[list[int]], size: int, zeros: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pools, kappa = cases_in(groups), np.array([0.0, 0.03, 1.0, 60.0])
    many = Standpoints(
        sparse(rng, (3, size), zeros), 3.0 * sparse(rng, (3, 4), zeros), kappa, sparse(rng, (3, 4), zeros)
    )
    z, found = log_p(pools, many)
    for row in range(3):
        one = build_table(pools, many.level_weight[row], many.prior[row], kappa, many.kappa_weight[row])
        np.testing.assert_allclose(found[row], spread(one, z), rtol=1e-12, atol=1e-12)


def test_the_explanations_come_in_the_order_of_all_of_them() -> None:
    pools = cases_in([[0], [1], [0]])
    z, found = log_p(pools, Standpoints(np.full((1, 2), 0.5), np.ones((1, 3)), np.ones(1), np.ones((1, 1))))
    assert [tuple(row) for row in z] == list(itertools.product(range(2), repeat=3))
    backwards, turned = log_p(
        pools, Standpoints(np.full((1, 2), 0.5), np.ones((1, 3)), np.ones(1), np.ones((1, 1))), z[::-1]
    )
    np.testing.assert_array_equal(backwards, z[::-1])
    np.testing.assert_allclose(turned, found[:, ::-1], rtol=1e-14)


def test_infinite_kappa_makes_cases_independent() -> None:
    pools, prior = cases_in([[0], [0], [1]]), np.array([0.2, 0.7, 0.1])
    z, found = log_p(pools, Standpoints(prior[None], np.ones((1, 3)), np.array([np.inf]), np.ones((1, 1))))
    np.testing.assert_allclose(np.exp(found[0]), prior[z].prod(axis=1), rtol=1e-13)
    _, nearly = log_p(pools, Standpoints(prior[None], np.ones((1, 3)), np.array([1e9]), np.ones((1, 1))))
    np.testing.assert_allclose(nearly, found, atol=1e-7)


def test_every_standpoint_keeps_its_prior() -> None:
    rng = np.random.default_rng(3)
    many = Standpoints(
        sparse(rng, (20, 3), 0.2), sparse(rng, (20, 4), 0.2), np.array([0.0, 0.4, np.inf]), sparse(rng, (20, 3), 0.0)
    )
    z, found = log_p(cases_in([[0, 0], [0, 1], [1, 1]]), many)
    for case in range(3):
        margin = np.exp(found) @ (z[:, case, None] == np.arange(3))
        np.testing.assert_allclose(margin, many.prior, atol=1e-13)


def test_what_is_shared_stands_once_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(5)
    base = standpoint_of(problem_of(cases=3, factors=1))
    pools = problem_of(cases=3, factors=1)["pool"].values
    many = base._replace(prior=sparse(rng, (7, 3), 0.0))
    z, whole = log_p(pools, many)
    monkeypatch.setattr(room, "_NUMBERS", 1)
    np.testing.assert_allclose(log_p(pools, many)[1], whole, rtol=1e-14)
    for row in range(7):
        np.testing.assert_allclose(log_p(pools, many.part(row, row + 1))[1][0], whole[row], rtol=1e-14)
    wider = Enumeration(pools, [0, 1, 2], z).log_p(many)
    np.testing.assert_allclose(wider, whole, rtol=1e-14)


def test_what_is_too_much_to_enumerate() -> None:
    pools = cases_in([[0]] * 14)
    assert enumerable(pools, [0, 2], 2)
    assert not enumerable(pools, [0, 2], 3), "3^14 joint explanations"
    assert not enumerable(pools, [0, 1, 2], 2), "3^14 assignments of levels"


def test_a_limit_itself_is_not_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    pools = cases_in([[0]] * 3)
    monkeypatch.setattr(room, "TABLE_LIMIT", 4**3)
    monkeypatch.setattr(room, "ASSIGNMENT_LIMIT", 2**3)
    assert enumerable(pools, [0, 2], 4)
    monkeypatch.setattr(room, "TABLE_LIMIT", 4**3 - 1)
    assert not enumerable(pools, [0, 2], 4)
    assert enumerable(pools, [0, 2], 3)
    monkeypatch.setattr(room, "ASSIGNMENT_LIMIT", 2**3 - 1)
    assert not enumerable(pools, [0, 2], 3)
