"""Simulated weights have the density that the engine gives them.

If y is drawn from p(y|k), then p(y|j)/p(y|k) has mean 1, and so has p(y|k, other hyperparameters)/p(y|k). The densities
are `signal`'s, whose formulas the simulator does not use, and it takes very little for the means to leave 1.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest
import xarray as xr
from designs import Floats, at_node, design_for, loglik, perfect, problem_of, redrawn, settled
from numpy.testing import assert_array_equal
from scipy.stats import beta, chi2, kstest

from bayestrace.calibration.scores import drift_from_prior
from bayestrace.calibration.simulate import World, draw_study
from bayestrace.calibration.truth import Truth, draw_truth
from bayestrace.inference import pooling
from bayestrace.inference.redundancy import R_CAP, R_NODES
from bayestrace.inference.signal import Design, Hyperparameters
from bayestrace.weights import log_sum_exp

FAR = 4.5  # standard errors
#: Hyperparameters beside the settled ones; each ratio of densities has a finite variance.
BESIDE: dict[str, Callable[[Any], Any]] = {
    "scale": lambda x: x * 1.05,
    "noise": lambda x: x * 0.95,
    "bias": lambda x: x + 0.05,
    "range_factor": lambda x: x * 0.93,
    "shared": lambda x: x - 0.1,
    "common_error": lambda x: x - 0.1,
    "r_eta": lambda x: x - 0.15,
    "log_v": lambda x: x - 0.2,
    "sd_log_v": lambda x: x - 0.15,
}
POINT, VAGUE = (None, 0.4, None), (0.02, 0.5, 0.98)
FORMS: dict[str, dict[str, Any]] = {
    "single": {"clusters": (), "singles": 60, "coders": 1, "reliability": 1.0},
    "clusters": {"clusters": (3,) * 40, "singles": 0, "coders": 2, "redundancy": POINT, "reliability": 1.0},
    "coders": {"clusters": (2,) * 40, "singles": 10, "coders": 3, "redundancy": POINT, "missing": 0.3},
    "unreliable": {"clusters": (2,) * 40, "singles": 0, "redundancy": POINT, "reliability": 0.6},
    "partial": {"clusters": (2,) * 30, "singles": 20, "redundancy": POINT, "partial": 0.4, "missing": 0.2},
    "no ranges": {"clusters": (2,) * 40, "singles": 10, "redundancy": POINT, "ranges": False},
    "selective": {"clusters": (3,) * 40, "singles": 10, "redundancy": POINT, "profile": {"selectivity": 0.7}},
    "selected for another": {
        "clusters": (2,) * 30,
        "singles": 10,
        "redundancy": POINT,
        "partial": 0.3,
        "profile": {"selectivity": 0.9, "favours": "h2"},
    },
    "averaged": {"clusters": (3,) * 40, "singles": 5, "redundancy": VAGUE, "reliability": 0.9},
    "averaged over coders who left out": {"clusters": (2,) * 25, "coders": 3, "singles": 0, "missing": 0.3},
    "mixture": {"clusters": (3,) * 25, "singles": 0, "redundancy": VAGUE, "reliability": 0.9},
}


def thetas(theta: Hyperparameters) -> Hyperparameters:
    """Put the settled hyperparameters first and those of `BESIDE` after, along a first axis."""
    rows = [theta, *(theta._replace(**{name: change(getattr(theta, name))}) for name, change in BESIDE.items())]
    return Hyperparameters(*(np.stack(values) for values in zip(*rows, strict=True)))


def density(form: str, design: Design, theta: Hyperparameters) -> Floats:
    """Log density of each cluster, by the form that redundancy takes."""
    if form.startswith("averaged"):
        return loglik(design, theta)
    if form == "mixture":
        nodes = [loglik(at_node(design, node), theta) for node in range(R_NODES)]
        return log_sum_exp(np.stack(nodes, axis=-1) + np.log(design.redundancy_weight[:, None, :]))
    return loglik(at_node(design, 0), theta)  # all nodes are one


@pytest.mark.parametrize("studies", [6, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.parametrize("form", FORMS)
def test_simulated_weights_have_the_density_of_the_model(form: str, studies: int) -> None:
    problem = problem_of(cases=3, **FORMS[form])
    design, case = design_for(problem)
    truth = settled(problem, [0, 1, 2])
    many, rng = thetas(truth.theta), np.random.default_rng(11)
    ratios = []
    for _ in range(studies):
        study = draw_study(problem, truth, rng, redundancy="averaged" if form.startswith("averaged") else "drawn")
        found = density(form, redrawn(design, study), many)
        own = np.take_along_axis(found, case[None, :, None], axis=-1)
        others = (case[:, None] + np.array([1, 2])) % 3
        rivals = np.take_along_axis(found[0], others, axis=-1)
        ratios.append(np.exp(np.concatenate([rivals.T, own[1:, :, 0]]) - own[0, :, 0]))
    off = np.concatenate(ratios, axis=1) - 1.0  # (two rivals and the hyperparameters beside, draws)
    part = off.std(axis=1) > 1e-12  # a hyperparameter may have no part in a form
    assert part[:2].all(), "else the test says nothing"
    names = np.array(["next", "next but one", *BESIDE])[part]
    cases = np.tile(case, studies)
    for k in (slice(None), *((cases == k) for k in range(3))):
        draws = off[part][:, k]
        z = draws.mean(axis=1) / (draws.std(axis=1) / np.sqrt(draws.shape[1]))
        assert {name: score for name, score in zip(names, z, strict=True) if abs(score) > FAR} == {}


def test_averaged_redundancy_is_drawn_cell_by_cell_as_the_density_has_it() -> None:
    problem = problem_of(
        cases=2, hypotheses=2, coders=1, clusters=(2,) * 100, singles=0, redundancy=VAGUE, reliability=0.95
    )
    problem = problem.assign(stated_variance=problem["stated_variance"] * 0.0 + 0.1)
    truth = settled(problem, [0, 1], log_v=np.float64(0.3), noise=np.array([0.3]), sd_log_v=np.float64(0.3))
    design, case = design_for(problem)
    steps, cells, width = 32, 8, 3.2
    axis = ((np.arange(steps) + 0.5) / steps * 2.0 - 1.0) * width
    # The clusters of a study are so many points of the plane at once.
    plane = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    pieces = np.vstack([plane, np.zeros((-len(plane) % case.size, 2))]).reshape(-1, 1, 2 * case.size, 1)
    told = [np.exp(loglik(dataclasses.replace(design, weight=piece), truth.theta)) for piece in pieces]
    mass = np.concatenate(told)[: steps**2].T * (2.0 * width / steps) ** 2
    expected = mass.reshape(2, cells, steps // cells, cells, steps // cells).sum(axis=(2, 4))
    rng = np.random.default_rng(5)
    edges = np.linspace(-width, width, cells + 1)
    seen, studies = np.zeros((2, cells, cells)), 40
    for _ in range(studies):
        drawn = redrawn(design, draw_study(problem, truth, rng, redundancy="averaged")).weight[0, :, 0].reshape(-1, 2)
        for k in range(2):
            seen[k] += np.histogramdd(drawn[case == k], bins=(edges, edges))[0]
    for k in range(2):
        number = 100 * studies * expected[k]
        full = number > 10
        statistic = ((seen[k] - number)[full] ** 2 / number[full]).sum()
        assert chi2.sf(statistic, full.sum()) > 1e-4
        assert full.sum() > 25


def test_what_is_stated_of_a_cluster_has_the_means_and_covariances_of_the_design() -> None:
    problem = problem_of(cases=3, coders=2, clusters=(3,) * 60, singles=0, redundancy=POINT, reliability=1.0)
    # Every cluster alike: the second coder leaves out its last member, and each statement has a range of its own.
    said = np.tile([[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]], 180) > 0
    variance = np.tile([[0.2, 0.5, 0.9], [0.4, 0.1, 0.0]], 180)
    problem = problem.assign(
        stated=(("coder", "evidence"), said),
        stated_variance=(("coder", "evidence"), variance),
        projector=problem["projector"] * said[:, :, None, None],
    )
    truth = settled(problem, [0, 1, 2], log_v=np.float64(0.0), sd_log_v=np.float64(0.0))
    theta, rng = truth.theta, np.random.default_rng(9)
    studies = [draw_study(problem, truth, rng)["weight"].values for _ in range(400)]
    # (case, statement, contrast, draw), the five statements of a cluster by coder and member
    drawn = np.array(studies).reshape(-1, 2, 3, 60, 3, 2).transpose(2, 1, 4, 5, 0, 3).reshape(3, 6, 2, -1)[:, :5]
    coder, member = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 0, 1])
    doubt = theta.range_factor**2 * variance[:, :3]
    hard = theta.shared * np.mean([(doubt[0, 0] + doubt[1, 0]) / 2, (doubt[0, 1] + doubt[1, 1]) / 2, doubt[0, 2]])
    hard += theta.common_error**2
    same = np.equal.outer(member, member)
    seen = np.where(same, 1.0, 0.4) / 2.0 + hard * np.where(same, 1.0, theta.r_eta)  # v = 1, redundancy .4
    own = theta.noise[coder] ** 2 + (1.0 - theta.shared) * doubt[coder, member]
    covariance = np.outer(theta.scale[coder], theta.scale[coder]) * seen + np.diag(own)
    number = drawn.shape[-1]
    for k in range(3):
        mean = theta.scale[coder, None] / 2.0 * problem["helmert"].values[:, k] + theta.bias[coder]
        error = np.sqrt(np.diag(covariance) / number)[:, None]
        assert (np.abs(drawn[k].mean(axis=-1) - mean) < FAR * error).all()
        for contrast in range(2):
            found = np.cov(drawn[k, :, contrast])
            spread = np.sqrt((np.outer(np.diag(covariance), np.diag(covariance)) + covariance**2) / number)
            assert (np.abs(found - covariance) < FAR * spread).all()
        across = np.cov(drawn[k, :, 0], drawn[k, :, 1])[:5, 5:]
        assert np.abs(across).max() < FAR * covariance.max() / np.sqrt(number)


def test_redundancy_is_drawn_from_its_beta_and_kept_below_the_greatest() -> None:
    problem = problem_of(
        cases=1, hypotheses=5, coders=1, clusters=(2,) * 150, singles=0, reliability=1.0, redundancy=(0.4, 0.7, 1.0)
    )
    problem = problem.isel(evidence=np.repeat(np.arange(300), 100))  # clusters of 200
    truth = perfect(problem, [0], log_v=np.float64(np.log(2.0)))
    weight = draw_study(problem, truth, np.random.default_rng(10))["weight"].values
    r = 1.0 - weight.reshape(150, 200, 4).var(axis=1, ddof=1).mean(axis=-1)  # v/2 is 1
    sd = 0.6 / 3.29
    size = 0.7 * 0.3 / sd**2 - 1.0
    most = R_CAP - 0.02  # what is cut lies above
    shape = beta(0.7 * size, 0.3 * size)
    assert kstest(r[r < most], lambda x: shape.cdf(x) / shape.cdf(most)).pvalue > 1e-3
    assert r.max() < R_CAP + 0.02
    cut = np.mean(r >= most)
    assert abs(cut - shape.sf(most)) < 4.0 * np.sqrt(cut * (1.0 - cut) / r.size)
    wide = problem.assign(redundancy_sd=problem["redundancy_sd"] * 0.0 + 5.0)
    weight = draw_study(wide, truth, np.random.default_rng(10))["weight"].values
    r = 1.0 - weight.reshape(150, 200, 4).var(axis=1, ddof=1).mean(axis=-1)
    # Half of the greatest variance, .21/2, is that of a Beta of size 1.
    assert kstest(r[r < most], lambda x: beta(0.7, 0.3).cdf(x) / beta(0.7, 0.3).cdf(most)).pvalue > 1e-3


def test_averaged_redundancy_is_not_the_mixture() -> None:
    problem = problem_of(
        cases=4, hypotheses=4, coders=1, clusters=(6,) * 60, singles=0, ranges=False, reliability=1.0, redundancy=VAGUE
    )
    settings = {"log_v": np.float64(2.0), "sd_log_v": np.float64(0.1), "noise": np.array([0.15])}
    truth = settled(problem, [0, 1, 2, 3], **settings)
    design, case = design_for(problem)
    z = {}
    both: tuple[Literal["averaged", "drawn"], ...] = ("averaged", "drawn")
    for redundancy in both:
        rng, ratios = np.random.default_rng(1), []
        for _ in range(8):
            told = redrawn(design, draw_study(problem, truth, rng, redundancy=redundancy))
            averaged, mixture = (density(form, told, truth.theta) for form in ("averaged", "mixture"))
            ratios.append(np.exp(mixture - averaged)[np.arange(case.size), case] - 1.0)
        off = np.concatenate(ratios)
        z[redundancy] = off.mean() / off.std() * np.sqrt(off.size)
    # Mean 1 under the density below the line; more under the one above it.
    assert abs(z["averaged"]) < 3.5
    assert z["drawn"] > 3.5


def test_where_redundancy_is_a_point_both_readings_draw_the_same() -> None:
    problem = problem_of(redundancy=POINT, clusters=(3, 2))
    truth = settled(problem)
    drawn, averaged = (
        draw_study(problem, truth, np.random.default_rng(3), redundancy=form) for form in ("drawn", "averaged")
    )
    xr.testing.assert_identical(drawn, averaged)
    vague = problem_of(clusters=(3, 2))
    drawn, averaged = (
        draw_study(vague, truth, np.random.default_rng(3), redundancy=form) for form in ("drawn", "averaged")
    )
    assert not drawn.identical(averaged)


@pytest.mark.parametrize(
    ("shape", "world"),
    [
        ({"partial": 0.5, "seed": 2}, World()),
        ({"profile": {"selectivity": 0.5}}, World()),
        ({}, World(leaning_db=1.0)),
    ],
)
def test_averaged_redundancy_is_refused_where_it_is_no_density(shape: dict[str, Any], world: World) -> None:
    problem = problem_of(clusters=(3,), **shape)
    with pytest.raises(ValueError, match="redundancy is averaged"):
        draw_study(problem, settled(problem), np.random.default_rng(1), world, "averaged")
    point = problem_of(clusters=(3,), redundancy=POINT, **shape)
    draw_study(point, settled(point), np.random.default_rng(1), world, "averaged")


def test_only_what_was_stated_and_weighs_is_drawn_and_the_problem_stays_as_it_was() -> None:
    problem = problem_of(missing=0.4, partial=0.3, doubtful=1, context=1, coders=3, clusters=(2, 3), seed=4)
    before = problem.copy(deep=True)
    study = draw_study(problem, settled(problem), np.random.default_rng(2))
    xr.testing.assert_identical(problem, before)
    xr.testing.assert_identical(study.drop_vars("weight"), problem.drop_vars("weight"))
    weight, stated = study["weight"].values, problem["stated"].values & problem["weighs"].values
    assert not stated.all()
    assert not weight[~stated].any()
    assert (np.abs(weight[stated]).max(axis=-1) > 0).all()
    reached = np.einsum("jnab,jnb->jna", problem["projector"].values, weight)
    np.testing.assert_allclose(reached, weight, rtol=0, atol=1e-12)
    assert_array_equal(weight, draw_study(problem, settled(problem), np.random.default_rng(2))["weight"].values)


def test_explanations_are_as_probable_after_the_evidence_as_before_it() -> None:
    problem = problem_of(
        {"prior": {"h0": 0.5, "h1": 0.3, "h2": 0.2}}, cases=2, coders=3, clusters=(2,), singles=1, reliability=0.9
    )
    table, rng = pooling.table_of(problem), np.random.default_rng(8)
    posteriors, truths = [], []
    for _ in range(300):
        truth = draw_truth(problem, rng)
        posteriors.append(_given_theta(problem, table, truth, rng))
        truths.append(truth.z)
    posterior, z = np.array(posteriors), np.array(truths)
    drift = drift_from_prior(posterior, problem["prior"].values)
    assert (np.abs(drift.mean) < FAR * drift.error).all()
    assert drift.error.max() < 0.03
    # What is said of an explanation is, on average, how often it is so, at every level of what is said.
    said, so = posterior.reshape(-1), (z[:, :, None] == np.arange(3)).reshape(-1)
    for low, high in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.6), (0.6, 0.9), (0.9, 1.0)):
        inside = (said >= low) & (said <= high)
        error = np.sqrt((said * (1.0 - said))[inside].sum()) / inside.sum()
        assert abs(said[inside].mean() - so[inside].mean()) < FAR * error


def _given_theta(problem: xr.Dataset, table: pooling.Table, truth: Truth, rng: np.random.Generator) -> Floats:
    """P(Z_c = k) given the weights of a study and its hyperparameters, exactly."""
    study = draw_study(problem, truth, rng, redundancy="averaged")
    design, case = design_for(study)
    total = np.zeros((problem.sizes["case"], problem.sizes["hypothesis"]))
    np.add.at(total, case, loglik(design, truth.theta))
    return pooling.margins(table, pooling.posterior(table, total), problem.sizes["hypothesis"])
