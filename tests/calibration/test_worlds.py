"""Each departure from the model does what it says, no more, and in the strength that it is given."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xarray as xr
from designs import Floats, perfect, problem_of, settled
from scipy import stats

from bayestrace.calibration.simulate import World, draw_study
from bayestrace.calibration.truth import Truth

POINT = (None, 0.4, None)


def drawn(problem: xr.Dataset, truth: Truth, world: World | None = None, seed: int = 7) -> Floats:
    """Weights of one study; the same seed gives the same randomness in every world that needs no more of it."""
    study = draw_study(problem, truth, np.random.default_rng(seed), world or World())
    return np.asarray(study["weight"].values, dtype=np.float64)


def decibels_over_first(problem: xr.Dataset, weight: Floats) -> Floats:
    loglik = weight @ problem["helmert"].values
    return np.asarray((loglik[..., :1] - loglik) * 10.0 / np.log(10.0))


def test_heavy_tails_are_students_and_one_for_all_contrasts_of_a_statement() -> None:
    problem = problem_of(cases=1, coders=2, clusters=(), singles=700, ranges=False)
    truth = perfect(problem, noise=np.array([2.0, 3.0]), log_v=np.float64(-30.0))
    noise = drawn(problem, truth, World(noise_df=3.0)) / np.array([2.0, 3.0])[:, None, None]
    for contrast in range(2):
        assert stats.kstest(noise[..., contrast].ravel(), stats.t(3).cdf).pvalue > 1e-3
    assert stats.kstest(noise[..., 0].ravel(), stats.norm.cdf).pvalue < 1e-2
    assert np.abs(noise).max() > 8.0
    # Squared length over the number of contrasts is F-distributed only if both share one factor.
    assert stats.kstest((noise**2).mean(axis=-1).ravel(), stats.f(2, 3).cdf).pvalue > 1e-3


def test_a_coder_who_copies_takes_a_share_of_what_the_coder_before_stated() -> None:
    problem = problem_of(coders=3, cases=3, missing=0.3, partial=0.3, seed=3)
    truth = settled(problem)
    own, copied = drawn(problem, truth), drawn(problem, truth, World(copying=0.4))
    np.testing.assert_array_equal(copied[0], own[0])
    projector = problem["projector"].values
    full = np.eye(projector.shape[-1])
    both = np.isclose(projector[:2], full).all(axis=(2, 3)) & np.isclose(projector[1:], full).all(axis=(2, 3))
    assert both.any(axis=1).all()
    for coder in (1, 2):
        alike = both[coder - 1]
        mixed = 0.6 * own[coder] + 0.4 * copied[coder - 1]
        np.testing.assert_allclose(copied[coder][alike], mixed[alike], atol=1e-12)
        unseen = ~problem["stated"].values[coder - 1]
        assert unseen.any()
        np.testing.assert_array_equal(copied[coder][unseen], own[coder][unseen])


def test_one_who_copies_all_states_the_same() -> None:
    problem = problem_of(coders=3)
    weight = drawn(problem, settled(problem), World(copying=1.0))
    np.testing.assert_allclose(weight[1:], np.tile(weight[:1], (2, 1, 1)), atol=1e-12)


def test_rounded_weights_lie_on_the_grid_next_to_what_they_were() -> None:
    problem = problem_of(hypotheses=4, coders=2, cases=3, clusters=(3, 3), singles=20)
    truth = settled(problem, log_v=np.float64(1.0))
    before = decibels_over_first(problem, drawn(problem, truth))
    after = decibels_over_first(problem, drawn(problem, truth, World(rounding=1.0)))
    grid = np.array([-20.0, -10.0, -3.0, 0.0, 3.0, 10.0, 20.0])
    nearest = grid[np.abs(before[..., None] - grid).argmin(axis=-1)]
    np.testing.assert_allclose(after, nearest, atol=1e-9)
    assert set(np.unique(nearest)) == set(grid)
    half = decibels_over_first(problem, drawn(problem, truth, World(rounding=0.5)))
    rounded = np.isclose(half, nearest).all(axis=-1)
    assert 0.35 < rounded.mean() < 0.65
    assert np.isclose(half, before).all(axis=-1)[~rounded].all()


@pytest.mark.parametrize("names", [[0, 1, 2], [1, 3], [1, 2, 3], [0, 3]])
def test_partial_comparisons_are_rounded_against_the_first_explanation_compared(names: list[int]) -> None:
    problem = problem_of(hypotheses=4, coders=1, cases=2, singles=30)
    helmert = problem["helmert"].values
    centring = np.zeros((4, 4))
    centring[np.ix_(names, names)] = np.eye(len(names)) - 1.0 / len(names)
    projector = np.broadcast_to(helmert @ centring @ helmert.T, problem["projector"].shape)
    problem = problem.assign(projector=(problem["projector"].dims, projector))
    truth = settled(problem, log_v=np.float64(1.0))
    before, after = (drawn(problem, truth, world)[0] @ helmert for world in (None, World(rounding=1.0)))
    grid = np.array([-20.0, -10.0, -3.0, 0.0, 3.0, 10.0, 20.0])
    for name in names[1:]:
        was, now = (((row[:, names[0]] - row[:, name]) * 10.0 / np.log(10.0)) for row in (before, after))
        np.testing.assert_allclose(now, grid[np.abs(was[:, None] - grid).argmin(axis=1)], atol=1e-9)
        assert np.ptp(now) > 3.0
    left = [name for name in range(4) if name not in names]
    np.testing.assert_allclose(after[:, left], 0.0, atol=1e-12)


def test_cases_differ_in_informativeness_by_as_much_as_they_are_told_to() -> None:
    problem = problem_of(cases=50, coders=1, clusters=(), singles=60, factors=0, ranges=False)
    truth = perfect(problem, [0] * 50)

    def spread(strength: float) -> float:
        weight = drawn(problem, truth, World(case_spread=strength))[0].reshape(50, 60, -1)
        # The signal's variance is v/2, whatever its mean.
        return float(np.log(2.0 * weight.var(axis=1).mean(axis=-1)).std())

    assert spread(0.0) < 0.2
    assert abs(spread(0.6) - 0.6) < 0.2


def test_ranges_too_wide_announce_more_error_than_there_is() -> None:
    problem = problem_of(coders=2)
    truth = settled(problem)
    narrow = settled(problem, range_factor=truth.theta.range_factor / 2.5)
    wide = drawn(problem, truth, World(range_excess=2.5))
    np.testing.assert_array_equal(wide, drawn(problem, narrow))
    assert not np.allclose(wide, drawn(problem, truth))


def test_a_scale_common_to_all_multiplies_what_coders_see_but_not_their_leanings_and_noise() -> None:
    problem = problem_of(coders=2)
    truth = settled(problem)
    doubled = settled(problem, scale=2.0 * truth.theta.scale)
    np.testing.assert_array_equal(drawn(problem, truth, World(scale_excess=2.0)), drawn(problem, doubled))


def test_a_common_leaning_adds_decibels_to_the_focal_explanation_over_every_rival() -> None:
    problem = problem_of(hypotheses=3, coders=2).assign_attrs(focal="h1")
    truth = settled(problem)
    change = drawn(problem, truth, World(leaning_db=0.8)) - drawn(problem, truth)
    expected = np.broadcast_to([0.0, -0.8, 0.0], (*change.shape[:2], 3))
    np.testing.assert_allclose(decibels_over_first(problem, change), expected, atol=1e-9)


def test_undeclared_selection_selects_as_declared_selection_does_and_they_add_up() -> None:
    plain = problem_of(cases=3, clusters=(3, 2), singles=20, coders=1)
    declared = plain.assign_attrs(selectivity=0.8, favours="h1")
    hidden = plain.assign_attrs(favours="h1")
    truth = settled(plain)
    np.testing.assert_array_equal(drawn(hidden, truth, World(selectivity=0.8)), drawn(declared, truth))
    half = plain.assign_attrs(selectivity=0.5, favours="h1")
    both = drawn(half, truth, World(selectivity=0.6))
    np.testing.assert_allclose(both, drawn(declared, truth), atol=1e-12)
    # With nothing between true and stated weights nothing contrary is left where all of it is left out.
    exact = perfect(plain)
    weight = drawn(hidden, exact, World(selectivity=1.0))[0] @ plain["helmert"].values @ np.array([-0.5, 1.0, -0.5])
    total = np.bincount(plain["cluster_of_evidence"].values, weight)
    assert (total > 0.0).all()


def test_unreliable_sources_say_nothing_more_often_than_declared() -> None:
    problem = problem_of(cases=3, singles=30, reliability=0.9)
    truth = settled(problem)
    worse = problem.assign(reliability=problem["reliability"] * 0.7)
    found = drawn(problem, truth, World(unreliability=0.3))
    np.testing.assert_array_equal(found, drawn(worse, truth))
    assert not np.allclose(found, drawn(problem, truth))
    never = perfect(problem, [0, 0, 0], log_v=np.float64(1.5))
    weight = drawn(problem, never, World(unreliability=1.0)) @ problem["helmert"].values
    assert np.abs(weight.mean(axis=(0, 1))).max() < 0.6  # under the truth the mean is that of v/2: 1.5, -.75, -.75
    told = drawn(problem, never) @ problem["helmert"].values
    assert told.mean(axis=(0, 1))[0] > 0.9


def test_redundancy_beyond_the_declared_goes_part_of_the_way_to_the_greatest() -> None:
    problem = problem_of(clusters=(3, 4), redundancy=POINT)
    more = problem_of(clusters=(3, 4), redundancy=(None, 0.4 + 0.5 * 0.55, None))
    truth = settled(problem)
    found = drawn(problem, truth, World(redundancy_excess=0.5))
    # An observation that stands alone is not more redundant with anything.
    members = np.bincount(problem["cluster_of_evidence"].values)[problem["cluster_of_evidence"].values] > 1
    np.testing.assert_allclose(found[:, members], drawn(more, truth)[:, members], atol=1e-12)
    assert not np.allclose(found[:, members], drawn(problem, truth)[:, members])
    # Members of a cluster that says one thing only differ by a twentieth of their variance.
    exact = perfect(problem)
    together = drawn(problem, exact, World(redundancy_excess=1.0))[0, :3]
    apart = drawn(problem, exact)[0, :3]
    np.testing.assert_allclose(together.var(axis=0), apart.var(axis=0) * 0.05 / 0.6, rtol=1e-6)


def test_departures_can_be_combined() -> None:
    problem = problem_of(coders=3, clusters=(3, 2), missing=0.2, partial=0.2)
    world = World(3.0, 0.3, 0.5, 0.4, 1.5, 1.3, 0.5, 0.5, 0.2, 0.4)
    weight = drawn(problem, settled(problem), world)
    assert np.isfinite(weight).all()
    for name, neutral in dataclasses.asdict(World()).items():
        less = dataclasses.replace(world, **{name: neutral})
        assert not np.array_equal(weight, drawn(problem, settled(problem), less)), name


@pytest.mark.parametrize(
    "strength",
    [
        {"copying": 1.1},
        {"rounding": -0.1},
        {"selectivity": 2.0},
        {"unreliability": np.nan},
        {"redundancy_excess": -1.0},
        {"noise_df": 0.0},
        {"range_excess": 0.0},
        {"scale_excess": -1.0},
        {"case_spread": -0.1},
    ],
)
def test_strengths_out_of_bounds_are_refused(strength: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(strength))):
        World(**strength)
