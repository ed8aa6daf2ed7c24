"""Draw from the posterior of a study with very many observations, proposals coming from a t about its mode.

An independence sampler (Tierney 1994): each proposal is drawn from the same distribution, and is taken or not by how
much more probable the posterior makes it than the proposal does. Where the posterior has heavier tails than that, a
step of a random walk follows: it gets to what such proposals hardly reach, as is the edge at which coders share no
error, and shows by being slow where there is such a part. So the draws are those of the posterior itself, however far
that is from normal; what suffers is how many of them are new, which is counted, and said. What pools contain is drawn
beside, given the hyperparameters, as is done for Dirichlet processes: levels and explanations of all cases at once,
then contents, weights of the levels and concentration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import gammaln

from bayestrace.inference import pooling
from bayestrace.inference.laplace import Fitted
from bayestrace.inference.settled import Settled
from bayestrace.weights import log_sum_exp, normalise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Degrees of freedom of the proposals: their tails are heavier than those of a posterior that is nearly normal.
_FREEDOM = 20.0
# Proposals of a chain that are evaluated at once.
_TOGETHER = 64
# Steps of the walk: their width at first, times the root of the number of coordinates, and the share of them that is to
# be taken, both those that are best for a normal posterior (Roberts, Gelman and Gilks 1997).
_WIDTH, _TAKEN = 2.38, 0.234
# Rounds of the pools between two proposals, and before the first.
_ROUNDS, _ROUNDS_FIRST = 40, 200
# Nodes of the concentration on the log scale.
_KAPPA_NODES = 100
# A size of either sign whose mode is within this many widths of zero may be either; beyond, one sign is enough.
_EITHER = 0.5
# Logarithm that stands for that of nothing where a gradient is taken: a cause of 130 dB against.
_FLOOR = -30.0


class Proposals:
    """A Student t about a mode, from which points are drawn, and steps about as wide as it is.

    A posterior that is even in a coordinate has its mode at zero or two of them. Of two, one is enough: points on the
    other side of zero are drawn again, and steps across it are turned back. Where zero is the mode, nothing else goes
    with that coordinate.

    Parameters
    ----------
    fitted
        Mode and covariance, n coordinates.
    even
        Which coordinates are of either sign, shape (n,).
    """

    def __init__(self, fitted: Fitted, even: NDArray[np.bool_]) -> None:
        width = np.sqrt(np.diag(fitted.covariance))
        either = even & (np.abs(fitted.mode) < _EITHER * width)
        covariance = fitted.covariance.copy()
        covariance[either], covariance[:, either] = 0.0, 0.0
        covariance[either, either] = width[either] ** 2 + fitted.mode[either] ** 2
        self._mode, self._root = np.where(either, 0.0, fitted.mode), np.linalg.cholesky(covariance)
        self._side = np.where(even & ~either, np.sign(self._mode), 0.0)

    def draw(self, draws: int, rng: np.random.Generator) -> Floats:
        """Draw points, shape (draws, n)."""
        points = np.empty((draws, self._mode.size))
        missing = np.arange(draws)
        while missing.size:
            z = rng.standard_normal((missing.size, self._mode.size))
            z *= np.sqrt(_FREEDOM / rng.chisquare(_FREEDOM, (missing.size, 1)))
            points[missing] = self._mode + z @ self._root.T
            missing = missing[(points[missing] * self._side < 0.0).any(axis=1)]
        return points

    def log_density(self, points: Floats) -> Floats:
        """Give the log-density with which points are drawn, up to a constant, shape (S, n) to (S,)."""
        z = solve_triangular(self._root, (points - self._mode).T, lower=True)
        return np.asarray(-0.5 * (_FREEDOM + self._mode.size) * np.log1p((z**2).sum(axis=0) / _FREEDOM))

    def step(self, point: Floats, size: float, rng: np.random.Generator) -> Floats:
        """Step from a point, as far as the width of the distribution times a size, either way alike, shape (n,)."""
        stepped = point + size * self._root @ rng.standard_normal(point.size)
        return np.where(stepped * self._side < 0.0, -stepped, stepped)


class Drawn(NamedTuple):
    """One chain.

    Parameters
    ----------
    points
        Kept draws, shape (N, n).
    case_loglik
        The evidence of the cases at each, nats, shape (N, C, K).
    pools
        What was drawn of pools, by name, shape (N, ...).
    accepted
        Whether each proposal after the first ones was taken, shape (S,).
    walked
        Whether each step of the walk after the first ones was, shape (S,); none where there is no walk.
    log_weight
        Posterior over proposal, of every proposal, logarithm, had each case a prior of its own, shape (S,).
    """

    points: Floats
    case_loglik: Floats
    pools: dict[str, Floats]
    accepted: NDArray[np.bool_]
    walked: NDArray[np.bool_]
    log_weight: Floats


class Table:
    """Cases whose joint explanations are summed out over the table of them; nothing of pools is drawn."""

    def __init__(self, problem: xr.Dataset) -> None:
        table = pooling.table_of(problem)
        self._log_p, self._z = table.log_p, table.z
        self._cases = np.arange(problem.sizes["case"])

    def log_evidence(self, case_loglik: Floats) -> float:
        """Log-probability of the evidence given that of each case (C, K)."""
        return float(log_sum_exp(self._log_p + case_loglik[self._cases, self._z].sum(axis=1)))

    def advance(self, case_loglik: Floats, rounds: int) -> None:
        """Do nothing: nothing is drawn."""

    def expected(self, case_loglik: Floats) -> Floats:
        """Give what the other cases say of each, log P(Z_c = k | their evidence), shape (C, K), up to a constant."""
        weight = normalise(self._log_p + case_loglik[self._cases, self._z].sum(axis=1))
        posterior = np.zeros_like(case_loglik)
        for case in self._cases:
            np.add.at(posterior[case], self._z[:, case], weight)
        with np.errstate(divide="ignore"):
            log_prior = np.log(posterior) - case_loglik
        return _floored(log_prior)

    def state(self) -> dict[str, Floats]:
        """Give nothing."""
        return {}


class Pools:
    """Pools that are drawn, for one chain.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it.
    rng
        Source of randomness.
    """

    def __init__(self, problem: xr.Dataset, rng: np.random.Generator) -> None:
        weight, pools = problem["level_weight"].values, problem["pool"].values
        self._rng, self._prior = rng, problem["prior"].values
        self._used = np.flatnonzero(weight > 0)
        self._weight = weight
        shared = [int(level) for level in self._used if level < weight.size - 1]
        self.names = list(dict.fromkeys(pools[:, shared].T.reshape(-1)))
        index = {name: place for place, name in enumerate(self.names)}
        # The own pool of a case integrates out: its content is the prior, and stands after those of the shared pools.
        own = [[len(self.names)] * pools.shape[0]] if weight[-1] > 0 else []
        self._place = np.array([[index[name] for name in pools[:, level]] for level in shared] + own, dtype=np.int64)
        low, high = problem.attrs["kappa_low"], problem.attrs["kappa_high"]
        nodes = problem["kappa"].values
        # Middles of cells that are equally wide.
        self._step = 0.0 if nodes.size == 1 else float(np.log(high / low)) / _KAPPA_NODES
        middles = np.log(low) + self._step * (np.arange(_KAPPA_NODES) + 0.5)
        self._kappas = nodes if nodes.size == 1 else np.exp(middles)
        self.kappa = float(np.sqrt(self._kappas[0] * self._kappas[-1]))
        self.omega = np.where(weight > 0, weight, 0.0) / weight[weight > 0].sum()
        self.content = np.tile(self._prior, (len(self.names) + 1, 1))

    def rows(self) -> Floats:
        """P(Z_c = k) given the pools, shape (C, K)."""
        return np.asarray(np.einsum("l,lck->ck", self.omega[self._used], self.content[self._place]))

    def log_evidence(self, case_loglik: Floats) -> float:
        """Log-probability of the evidence given that of each case (C, K)."""
        with np.errstate(divide="ignore"):
            return float(log_sum_exp(np.log(self.rows()) + case_loglik).sum())

    def advance(self, case_loglik: Floats, rounds: int) -> None:
        """Draw levels and explanations of all cases, then what follows from them, a few times over."""
        likelihood = np.exp(case_loglik - case_loglik.max(axis=1, keepdims=True))
        for _ in range(rounds):
            level, explanation = self._assign(likelihood)
            self._learn(level, explanation)

    def expected(self, case_loglik: Floats) -> Floats:
        """Give what the other cases say of each, log P(Z_c = k), averaged over draws of the pools, shape (C, K)."""
        self.advance(case_loglik, _ROUNDS_FIRST)
        total = np.zeros_like(case_loglik)
        for _ in range(_ROUNDS_FIRST):
            self.advance(case_loglik, 1)
            total += self.rows()
        with np.errstate(divide="ignore"):
            return _floored(np.log(total / _ROUNDS_FIRST))

    def _assign(self, likelihood: Floats) -> tuple[Integers, Integers]:
        joint = self.omega[self._used][:, None, None] * self.content[self._place] * likelihood
        flat = joint.transpose(1, 0, 2).reshape(likelihood.shape[0], -1)
        up = np.cumsum(flat, axis=1)
        found = (up < self._rng.uniform(size=(len(up), 1)) * up[:, -1:]).sum(axis=1)
        level, explanation = np.divmod(np.minimum(found, flat.shape[1] - 1), likelihood.shape[1])
        return level, explanation

    def _learn(self, level: Integers, explanation: Integers) -> None:
        hypotheses = self._prior.size
        pool = self._place[level, np.arange(level.size)]
        size = (len(self.names) + 1) * hypotheses
        count = np.bincount(pool * hypotheses + explanation, minlength=size).reshape(-1, hypotheses)[:-1]
        possible = self._prior > 0.0
        alpha = self._kappas[:, None, None] * self._prior[possible]
        if self._kappas.size > 1:
            counted = count[:, possible]
            terms = (gammaln(alpha + counted) - gammaln(alpha)).sum(axis=(1, 2))
            kappas = self._kappas[:, None]
            terms += (gammaln(kappas) - gammaln(kappas + counted.sum(axis=1))).sum(axis=1)
            node = int((terms + self._rng.gumbel(size=terms.size)).argmax())
            self.kappa = float(self._kappas[node] * np.exp(self._step * self._rng.uniform(-0.5, 0.5)))
        self.content[:-1] = _dirichlet(self.kappa * self._prior + count, self._rng)
        used = np.bincount(level, minlength=self._used.size)
        self.omega[self._used] = _dirichlet(self._weight[None, self._used] + used.astype(np.float64), self._rng)[0]

    def state(self) -> dict[str, Floats]:
        """Give what is drawn, by the names that it has in a result."""
        found = {"omega": self.omega.copy(), "kappa": np.asarray(self.kappa), "case_prior": self.rows()}
        return found | ({"pool": self.content[:-1].copy()} if self.names else {})


def _floored(log_prior: Floats) -> Floats:
    """Keep logarithms of what is next to impossible finite, relative to the greatest of each row."""
    return np.asarray(np.maximum(log_prior - log_prior.max(axis=1, keepdims=True), _FLOOR))


def _dirichlet(alpha: Floats, rng: np.random.Generator) -> Floats:
    """Draw rows from Dirichlet(alpha), on the log scale: gammas of shapes far below 1 are too small to be written."""
    possible = alpha > 0.0
    safe = np.where(possible, alpha, 1.0)
    with np.errstate(divide="ignore"):
        log_gamma = np.log(rng.gamma(safe + 1.0)) + np.log(rng.uniform(size=alpha.shape)) / safe
    log_gamma = np.where(possible, log_gamma, -np.inf)
    return np.asarray(np.exp(log_gamma - log_sum_exp(log_gamma)[..., None]))


def chain(  # noqa: PLR0913, PLR0917 - what is drawn from, by what, how long, whom to tell
    settled: Settled,
    cases: Table | Pools,
    log_prior: Floats,
    proposals: Proposals,
    steps: tuple[int, int],
    thin: int,
    rng: np.random.Generator,
    told: Callable[[], None],
    *,
    walk: bool,
) -> Drawn:
    """Run one chain.

    Parameters
    ----------
    settled
        The posterior.
    cases
        How explanations are summed out; its state is the chain's.
    log_prior
        Of each case by itself, shape (C, K), with which `log_weight` is worked out.
    proposals
        What proposals are drawn from.
    steps
        Number of those before anything is kept, in which the walk finds the size of its steps, and of those after.
    thin
        Every how many steps a draw is kept.
    rng
        Source of randomness.
    told
        Called after each step.
    walk
        Whether a step of the walk follows each proposal.
    """
    tune, draws = steps
    tried = _evaluated(settled, proposals, proposals.draw(1 + tune + draws, rng))
    now = next(tried)
    cases.advance(now.case_loglik, _ROUNDS_FIRST)
    kept: list[_Tried] = []
    states: list[dict[str, Floats]] = []
    accepted, walked, log_weight = [], [], []
    size = _WIDTH / np.sqrt(now.point.size)
    for place, new in enumerate(tried):
        log_weight.append(_log_weight(new, log_prior))
        gain = cases.log_evidence(new.case_loglik) - cases.log_evidence(now.case_loglik)
        taken = bool(np.log(rng.uniform()) < gain + new.log_ratio - now.log_ratio)
        now = new if taken else now
        moved = False
        if walk:
            (near,) = _evaluated(settled, proposals, proposals.step(now.point, size, rng)[None])
            gain = cases.log_evidence(near.case_loglik) - cases.log_evidence(now.case_loglik)
            moved = bool(np.log(rng.uniform()) < gain + near.log_prior - now.log_prior)
            now = near if moved else now
        cases.advance(now.case_loglik, _ROUNDS)
        told()
        if place < tune:
            # Towards the size at which that share of the steps is taken (Robbins and Monro 1951).
            size *= np.exp((moved - _TAKEN) / np.sqrt(place + 1.0))
            continue
        accepted.append(taken)
        walked.append(moved)
        if (place - tune) % thin == thin - 1:
            kept.append(now)
            states.append(cases.state())
    pools = {name: np.stack([state[name] for state in states]) for name in states[0]}
    points, loglik = np.stack([one.point for one in kept]), np.stack([one.case_loglik for one in kept])
    return Drawn(points, loglik, pools, np.array(accepted), np.array(walked), np.array(log_weight))


def log_weights(settled: Settled, log_prior: Floats, proposals: Proposals, points: Floats) -> Floats:
    """Give posterior over proposal at points (S, n), logarithm, each case having a prior of its own (C, K)."""
    return np.array([_log_weight(one, log_prior) for one in _evaluated(settled, proposals, points)])


def _log_weight(tried: _Tried, log_prior: Floats) -> float:
    return tried.log_ratio + float(log_sum_exp(log_prior + tried.case_loglik).sum())


class _Tried(NamedTuple):
    """A point, its log prior, the log-density with which it is proposed, and the evidence of the cases (C, K)."""

    point: Floats
    log_prior: float
    log_density: float
    case_loglik: Floats

    @property
    def log_ratio(self) -> float:
        """Log prior less the log-density with which it is proposed."""
        return self.log_prior - self.log_density


def _evaluated(settled: Settled, proposals: Proposals, points: Floats) -> Iterator[_Tried]:
    for start in range(0, len(points), _TOGETHER):
        some = points[start : start + _TOGETHER]
        log_prior, theta = settled.meaning(some)
        case_loglik = settled.case_loglik(theta)
        log_density = proposals.log_density(some)
        for one in zip(some, log_prior.tolist(), log_density.tolist(), case_loglik, strict=True):
            # A copy, so that the others are given up where this one is kept.
            yield _Tried(*one[:3], one[3].copy())
