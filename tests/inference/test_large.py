"""Large studies: density, mode, draws about it, pools drawn beside them; each by another route."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import xarray as xr
from numeric import real_problem
from numpy.typing import NDArray
from scipy import integrate, stats
from scipy.special import logsumexp

from bayestrace.inference import independence, laplace, large, pooling, priors, sampling
from bayestrace.inference.backend import NumPy
from bayestrace.inference.independence import Drawn, Pools, Proposals, Table
from bayestrace.inference.laplace import Fitted
from bayestrace.inference.settled import TOGETHER, Settled
from bayestrace.inference.signal import Hyperparameters, cluster_loglik, design_of
from bayestrace.weights import helmert

Floats = NDArray[np.float64]

# Degrees of freedom that docs/inference.md states.
FREEDOM = 20


@pytest.fixture(scope="module")
def problem() -> xr.Dataset:
    return real_problem()


@pytest.fixture(scope="module")
def settled(problem: xr.Dataset) -> Settled:
    return Settled(problem, members=30)


def points(settled: Settled, count: int = 4) -> Floats:
    around = np.random.default_rng(1).normal(0.0, 0.3, (count, settled.start.size))
    return np.asarray(settled.start + around)


def learned(theta: Hyperparameters) -> Floats:
    """Take what is learned in the quantities that the priors are stated for, one row a draw."""
    coders = theta.scale.shape[1]
    parts = [np.log(theta.scale) @ helmert(coders).T, theta.noise, theta.bias.reshape(len(theta.log_v), -1)]
    parts += [np.log(theta.range_factor)[:, None], theta.shared[:, None], theta.common_error[:, None]]
    parts += [theta.r_eta[:, None], theta.log_v[:, None], theta.sd_log_v[:, None]]
    return np.concatenate(parts, axis=1)


def stated_log_prior(theta: Hyperparameters, common_sd: float) -> float:
    """Evaluate the priors of docs/inference.md 3.2 one by one; spreads by adaptive quadrature."""
    scale = np.log(theta.scale[0]) @ helmert(theta.scale.shape[1]).T
    noise, bias = theta.noise[0], theta.bias[0]

    def of_noise(log_sd: float) -> float:
        each = stats.halfnorm.logpdf(noise, scale=np.exp(log_sd)).sum()
        return float(np.exp(each + stats.norm.logpdf(log_sd, np.log(priors.NOISE_MEDIAN), priors.NOISE_LOG_SD)))

    def of_leaning(log_sd: float) -> float:
        covariance = common_sd**2 + np.exp(2.0 * log_sd) * np.eye(len(bias))
        each = sum(stats.multivariate_normal.logpdf(column, cov=covariance) for column in bias.T)
        spread = stats.halfnorm.logpdf(np.exp(log_sd), scale=priors.LEANING_SD) + log_sd
        return float(np.exp(each + spread))

    return float(
        stats.norm.logpdf(scale, scale=priors.SCALE_SD).sum()
        + np.log(integrate.quad(of_noise, -7.0, 5.0, limit=400)[0])
        + np.log(integrate.quad(of_leaning, np.log(1e-3), np.log(2.0), limit=400)[0])
        + stats.norm.logpdf(np.log(theta.range_factor[0]), 0.0, priors.RANGE_SD)
        + stats.beta.logpdf(theta.shared[0], 2.0, 2.0)
        + stats.beta.logpdf(theta.r_eta[0], 2.0, 2.0)
        + stats.halfnorm.logpdf(theta.common_error[0], scale=priors.COMMON_ERROR_SD)
        + stats.norm.logpdf(theta.log_v[0], priors.LOG_V_MEAN, priors.LOG_V_SD)
        + stats.halfnorm.logpdf(theta.sd_log_v[0], scale=priors.SD_LOG_V)
    )


def test_the_prior_is_the_stated_one_in_other_coordinates(problem: xr.Dataset, settled: Settled) -> None:
    # log range has a prior of its own, independent of `shared` (docs/inference.md 3.2); all is known up to a constant.
    gaps = []
    for point in points(settled):
        found, theta = settled.meaning(point[None])
        steps = 1e-5 * np.eye(point.size)
        ends = [learned(settled.meaning(np.stack([point + step, point - step]))[1]) for step in steps]
        jacobian = np.stack([(end[0] - end[1]) / 2e-5 for end in ends])
        expected = stated_log_prior(theta, float(problem.attrs["leaning_sd"])) + np.linalg.slogdet(jacobian)[1]
        gaps.append(found[0] - expected)
    np.testing.assert_allclose(gaps, gaps[0], rtol=0, atol=2e-3)


def test_the_evidence_of_cases_is_that_of_their_clusters(problem: xr.Dataset, settled: Settled) -> None:
    assert len(settled.blocks) > 1, "cases are worked on in blocks"
    _, theta = settled.meaning(points(settled))
    assert len(theta.log_v) >= TOGETHER, "these are evaluated together, one of them by other loops"
    design, _, cluster = design_of(problem)
    clusters = cluster_loglik(design, theta, NumPy())
    expected = np.zeros((4, problem.sizes["case"], problem.sizes["hypothesis"]))
    for place, case in enumerate(problem["case_of_cluster"].values[cluster]):
        expected[:, case] += clusters[:, place]
    np.testing.assert_allclose(settled.case_loglik(theta), expected, rtol=0, atol=1e-8)
    one = Hyperparameters(*(values[:1] for values in theta))
    np.testing.assert_allclose(settled.case_loglik(one), expected[:1], rtol=0, atol=1e-8)


def test_the_slopes_are_those_of_the_density(problem: xr.Dataset, settled: Settled) -> None:
    log_prior = np.log(np.random.default_rng(2).dirichlet(np.ones(problem.sizes["hypothesis"]), problem.sizes["case"]))
    density = settled.density(settled.blocks, log_prior)
    point = points(settled, 1)[0]
    value, slopes = density(point)
    prior, theta = settled.meaning(point[None])
    assert value == pytest.approx(prior[0] + logsumexp(log_prior + settled.case_loglik(theta)[0], axis=1).sum())
    ends = [(density(point + step)[0] - density(point - step)[0]) / 2e-5 for step in 1e-5 * np.eye(point.size)]
    np.testing.assert_allclose(slopes, ends, rtol=1e-4, atol=1e-3)


def test_the_mode_is_where_no_direction_leads_up(problem: xr.Dataset, settled: Settled) -> None:
    log_prior = np.full((problem.sizes["case"], problem.sizes["hypothesis"]), -np.log(problem.sizes["hypothesis"]))
    told: list[None] = []
    fitted = laplace.fit(settled, log_prior, lambda: told.append(None))
    density = settled.density(settled.blocks, log_prior)
    best = density(fitted.mode)[0]
    root = np.linalg.cholesky(fitted.covariance)
    around = [density(fitted.mode + 0.5 * direction)[0] for column in root.T for direction in (column, -column)]
    assert max(around) < best
    # Half a width away a normal is lower by an eighth; a posterior of 112 observations by about as much.
    assert np.median(best - np.array(around)) == pytest.approx(0.125, abs=0.03)
    assert told


@dataclass
class Known:
    """A posterior that is known: its density times that of nothing else, and one case with nothing to tell."""

    log_density: Callable[[Floats], Floats]

    def meaning(self, points: Floats) -> tuple[Floats, Any]:
        return self.log_density(points), points

    def case_loglik(self, theta: Floats) -> Floats:
        return np.zeros((len(theta), 1, 2))


class Nothing:
    """One case of which nothing is drawn."""

    def log_evidence(self, case_loglik: Floats) -> float:
        return 0.0 * case_loglik.size

    def advance(self, case_loglik: Floats, rounds: int) -> None:
        pass

    def state(self) -> dict[str, Floats]:
        return {}


def drawn_from(
    log_density: Callable[[Floats], Floats], fitted: Fitted, draws: int, *even: int, walk: bool = True
) -> Drawn:
    """Run a chain on a posterior that is known, even in some coordinates."""
    known: Any = Known(log_density)  # of a posterior only this is asked
    nothing: Any = Nothing()
    proposals = Proposals(fitted, np.isin(np.arange(fitted.mode.size), even))
    rng = np.random.default_rng(5)
    return independence.chain(
        known, nothing, np.zeros((1, 2)), proposals, (1000, draws), 1, rng, lambda: None, walk=walk
    )


@pytest.mark.long
def test_draws_are_those_of_the_posterior_however_far_from_normal_it_is() -> None:
    def skewed(x: Floats) -> Floats:
        return np.asarray(stats.gumbel_r.logpdf(x[:, 0]) + stats.t.logpdf(x[:, 1] - x[:, 0], 8))

    # Wider than the posterior, so that no weight is out of proportion.
    found = drawn_from(skewed, Fitted(np.array([0.4, 0.4]), np.array([[2.5, 2.5], [2.5, 5.0]])), 20_000)
    assert found.points.shape == (20_000, 2)
    quantiles = np.quantile(found.points[:, 0], [0.1, 0.5, 0.9])
    np.testing.assert_allclose(quantiles, stats.gumbel_r.ppf([0.1, 0.5, 0.9]), rtol=0, atol=0.1)
    assert float(found.points[:, 0].mean()) == pytest.approx(np.euler_gamma, abs=0.08)
    assert 0.3 < found.accepted.mean() < 0.95
    # The walk has found the size of its steps.
    assert found.walked.mean() == pytest.approx(0.234, abs=0.06)
    # Proposals alone give the same, as they reach all.
    alone = drawn_from(skewed, Fitted(np.array([0.4, 0.4]), np.array([[2.5, 2.5], [2.5, 5.0]])), 20_000, walk=False)
    np.testing.assert_allclose(np.quantile(alone.points[:, 0], [0.1, 0.5, 0.9]), quantiles, rtol=0, atol=0.1)
    assert not alone.walked.any()


def test_tails_that_are_heavier_than_the_proposals_come_out_right() -> None:
    def heavy(x: Floats) -> Floats:
        return np.asarray(stats.t.logpdf(x, 30).sum(axis=1))

    # A fit that is too narrow by a sixth, as curvature at a mode is where tails are heavy.
    found = drawn_from(heavy, Fitted(np.zeros(3), np.eye(3) / 1.2**2), 20_000)
    beyond = stats.t.sf(np.abs(found.points), 30)
    # Of what is drawn from it itself, two tails of size p have 2p of all.
    for tail in (0.05, 0.01):
        assert (beyond < tail).mean() == pytest.approx(2.0 * tail, rel=0.15)


@pytest.mark.long
def test_what_proposals_hardly_reach_is_walked_to() -> None:
    """A third of the posterior lies seven widths away, where one proposal in millions would fall."""
    share, away = 1 / 3, 7.0

    def beside(x: Floats) -> Floats:
        parts = (
            stats.norm.logpdf(x[:, 0]) + np.log(1.0 - share),
            stats.norm.logpdf(x[:, 0], away, 3.0) + np.log(share),
        )
        return np.asarray(np.logaddexp(*parts) + stats.norm.logpdf(x[:, 1]))

    found = drawn_from(beside, Fitted(np.zeros(2), np.eye(2)), 20_000)
    expected = share * stats.norm.sf(5.0, away, 3.0) + (1.0 - share) * stats.norm.sf(5.0)
    assert (found.points[:, 0] > 5.0).mean() == pytest.approx(expected, abs=0.05)


def test_of_two_modes_that_mirror_each_other_one_is_drawn_from_and_of_one_at_zero_both_sides() -> None:
    even = np.array([True, True, False])
    proposals = Proposals(Fitted(np.array([1.0, 0.1, -1.0]), np.diag([1.0, 4.0, 1.0])), even)
    points = proposals.draw(4000, np.random.default_rng(3))
    assert (points[:, 0] > 0.0).all()
    one_side = stats.t.expect(args=(FREEDOM,), loc=1.0, lb=0.0, conditional=True)
    assert points[:, 0].mean() == pytest.approx(one_side, abs=0.06)
    assert abs((points[:, 1] > 0.0).mean() - 0.5) < 0.03
    assert points[:, 1].std() == pytest.approx(stats.t.std(FREEDOM, scale=np.sqrt(4.01)), rel=0.05)
    width = np.array([1.0, np.sqrt(4.01), 1.0])
    expected = stats.multivariate_t.logpdf(points, [1.0, 0.0, -1.0], np.diag(width**2), df=FREEDOM)
    np.testing.assert_allclose(np.ptp(proposals.log_density(points) - expected), 0.0, atol=1e-9)


def test_a_walk_stays_on_one_side_of_a_posterior_with_two() -> None:
    def two(x: Floats) -> Floats:
        return np.asarray(np.logaddexp(stats.norm.logpdf(x[:, 0], 1.0), stats.norm.logpdf(x[:, 0], -1.0)))

    found = drawn_from(two, Fitted(np.array([1.0]), np.array([[1.0]])), 20_000, 0)
    assert (found.points > 0.0).all()
    levels = [0.1, 0.5, 0.9]
    np.testing.assert_allclose(np.quantile(found.points, levels), stats.foldnorm.ppf(levels, 1.0), rtol=0, atol=0.04)


@pytest.mark.parametrize("heavy", [-np.inf, np.inf])
def test_chains_walk_past_a_tail_index_and_not_below(
    problem: xr.Dataset, heavy: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "_HEAVY", heavy)
    drawn = sampling.sample(problem, draws=100, chains=2, seed=3, sampler="mode", cores=1)
    assert (drawn["sample_stats"].attrs["walked"] > 0.0) == (heavy < 0.0)


def evidence(problem: xr.Dataset, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0.0, 1.5, (problem.sizes["case"], problem.sizes["hypothesis"]))


def exact(problem: xr.Dataset, loglik: Floats) -> tuple[float, Floats]:
    """Sum over the table: log-probability of the evidence, and that of each explanation of each case."""
    table = pooling.table_of(problem)
    log_joint = table.log_p + loglik[np.arange(len(loglik)), table.z].sum(axis=1)
    total = logsumexp(log_joint)
    given = np.array(
        [[np.exp(logsumexp(log_joint[column == k]) - total) for k in range(loglik.shape[1])] for column in table.z.T]
    )
    return float(total), given


def test_drawn_pools_give_what_the_table_gives(problem: xr.Dataset) -> None:
    loglik = evidence(problem, 4)
    _, expected = exact(problem, loglik)
    drawn = Pools(problem, np.random.default_rng(7))
    drawn.advance(loglik, 200)
    total, kappas = np.zeros_like(expected), []
    for _ in range(6_000):
        drawn.advance(loglik, 2)
        joint = drawn.rows() * np.exp(loglik)
        total += joint / joint.sum(axis=1, keepdims=True)
        kappas.append(drawn.kappa)
    np.testing.assert_allclose(total / 6_000, expected, rtol=0, atol=0.025)
    log_mean = np.log(kappas).mean()
    table = pooling.table_of(problem)
    log_joint = table.log_p_kappa + loglik[np.arange(len(loglik)), table.z].sum(axis=1)[:, None]
    weight = problem["kappa_weight"].values * np.exp(logsumexp(log_joint, axis=0))
    wanted = (weight * np.log(problem["kappa"].values)).sum() / weight.sum()
    assert log_mean == pytest.approx(wanted, abs=0.05)


def test_what_other_cases_say_of_one_leaves_its_own_evidence_out(problem: xr.Dataset) -> None:
    loglik = evidence(problem, 5)
    found = Table(problem).expected(loglik)
    for case in range(len(loglik)):
        alone = loglik.copy()
        alone[case] = 0.0
        _, expected = exact(problem, alone)
        given = np.exp(found[case] - logsumexp(found[case]))
        np.testing.assert_allclose(given, expected[case], rtol=0, atol=1e-9)
    assert Table(problem).log_evidence(loglik) == pytest.approx(exact(problem, loglik)[0])


def test_a_study_is_large_from_so_many_stated_weights_on(problem: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    stated = int(problem["stated"].values[:, problem["weighs"].values].sum())
    assert not large.is_large(problem)
    monkeypatch.setattr(large, "LARGE", stated)
    assert large.is_large(problem)
    silent = problem.assign(stated_variance=0.0 * problem["stated_variance"])
    assert not large.is_large(silent), "without ranges the likelihood may have no bound"
    half = problem["projector"].values.copy()
    half[0, :, 0, 0] = 0.0
    assert not large.is_large(problem.assign(projector=(problem["projector"].dims, half)))
    monkeypatch.setattr(large, "LARGE", stated + 1)
    assert not large.is_large(problem)
