"""What the tests of prediction share: made-up draws, and the joint normal of all that is stated, written out."""

from __future__ import annotations

import itertools
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, norm

from bayestrace.inference.predictive import Newcomer
from bayestrace.inference.signal import Design, design_of

Floats = NDArray[np.float64]


def some_draws(panel: xr.Dataset, draws: int, seed: int = 1) -> xr.Dataset:
    """Draw hyperparameters as a fit of the panel might give them, in one chain."""
    rng = np.random.default_rng(seed)
    coders, contrasts = panel.sizes["coder"], panel.sizes["contrast"]
    values = {
        "scale": (("coder",), np.exp(rng.normal(0.0, 0.3, (draws, coders)))),
        "noise": (("coder",), np.abs(rng.normal(0.0, 0.5, (draws, coders))) + 0.05),
        "bias": (("coder", "contrast"), rng.normal(0.0, 0.2, (draws, coders, contrasts))),
        "noise_sd": ((), np.abs(rng.normal(0.0, 0.5, draws))),
        "leaning_sd": ((), np.abs(rng.normal(0.0, 0.3, draws))),
        "range_factor": ((), np.exp(rng.normal(0.0, 0.5, draws))),
        "shared": ((), rng.beta(2.0, 2.0, draws)),
        "r_eta": ((), rng.beta(2.0, 2.0, draws)),
        "log_v": ((), rng.normal(np.log(0.5), 0.7, draws)),
        "sd_log_v": ((), np.abs(rng.normal(0.0, 0.5, draws))),
        "common_error": ((), np.abs(rng.normal(0.0, 0.5, draws))),
    }
    return xr.Dataset({name: (("chain", "draw", *dims), array[None]) for name, (dims, array) in values.items()})


class Parts(NamedTuple):
    """The normals of a mixture: probabilities (M,), means (M, n, D) and covariances (M, n, D, D) in a cluster."""

    weight: Floats
    mean: Floats
    covariance: Floats


class Brute:
    """One draw: everything that panel and newcomer state of each cluster as one joint normal, and sums in loops.

    `scale`, `noise` and `bias` are of all coders; the newcomer's leaning adds `leaning_variance` to its vectors.
    """

    def __init__(self, problem: xr.Dataset, draws: xr.Dataset, new: Newcomer, place: int, draw: int) -> None:
        self.problem, self.place = problem, place
        self.design, self.evidence, self.cluster = design_of(problem)
        self.h = {name: draws[name].values[0, draw] for name in draws.data_vars}
        self.scale = np.insert(self.h["scale"], place, new.scale[draw])
        self.noise = np.insert(self.h["noise"], place, new.noise[draw])
        self.bias = np.insert(self.h["bias"], place, new.leaning[draw], axis=0)
        self.leaning_variance = float(new.leaning_variance[draw])
        points, weights = np.polynomial.hermite_e.hermegauss(21)
        self.v = np.exp(self.h["log_v"] + self.h["sd_log_v"] * points)
        self.v_weight = weights / weights.sum()
        self.known: dict[tuple[int, float, float], tuple[Floats, Floats, Floats]] = {}

    def basis(self, coder: int, column: int) -> Floats:
        design: Design = self.design
        if design.projector is None:
            return np.eye(design.helmert.shape[0])
        values, vectors = np.linalg.eigh(design.projector[coder, column])
        return np.asarray(vectors[:, values > 0.5])

    def joint(self, cluster: int, v: float, r: float) -> tuple[list[tuple[int, int]], Floats, Floats, Floats]:
        """List who stated what of a cluster, and give all vectors, means by explanation, and the covariance.

        The newcomer's vectors are whole, in D contrasts, so that any direction may be asked of them.
        """
        design = self.design
        dims = design.helmert.shape[0]
        columns = np.flatnonzero(design.label == cluster)
        n = columns.size
        doubt = self.h["range_factor"] ** 2 * design.stated_variance
        mean_doubt = [np.mean([doubt[j, e] for j in range(doubt.shape[0]) if design.stated[j, e]]) for e in columns]
        hard = self.h["shared"] * float(np.mean(mean_doubt)) + self.h["common_error"] ** 2
        together = self.h["r_eta"] if n > 1 else 0.0
        seen = v / 2.0 * ((1.0 - r) * np.eye(n) + r) + hard * ((1.0 - together) * np.eye(n) + together)
        who = [(j, p) for j in range(doubt.shape[0]) for p in range(n) if design.stated[j, columns[p]]]
        bases = [np.eye(dims) if j == self.place else self.basis(j, columns[p]) for j, p in who]
        stated = np.concatenate([b.T @ design.weight[j, columns[p]] for (j, p), b in zip(who, bases, strict=True)])
        mean = np.array(
            [
                np.concatenate(
                    [b.T @ (self.scale[j] * v / 2.0 * h + self.bias[j]) for (j, _), b in zip(who, bases, strict=True)]
                )
                for h in design.helmert.T
            ]
        )
        rows = []
        for (i, p), a in zip(who, bases, strict=True):
            row = []
            for (j, q), b in zip(who, bases, strict=True):
                block = self.scale[i] * self.scale[j] * seen[p, q] * np.eye(dims)
                if (i, p) == (j, q):
                    own = self.noise[i] ** 2 + (1.0 - self.h["shared"]) * doubt[i, columns[p]]
                    block = block + (own + (self.leaning_variance if i == self.place else 0.0)) * np.eye(dims)
                row.append(a.T @ block @ b)
            rows.append(row)
        return who, stated, mean, np.block(rows)

    def split(self, cluster: int, v: float, r: float) -> tuple[Floats, Floats, Floats]:
        """Give log p(panel | k), and mean and covariance of the newcomer's vectors given what the panel stated."""
        key = (cluster, float(v), float(r))
        if key not in self.known:
            self.known[key] = self._split(cluster, v, r)
        return self.known[key]

    def _split(self, cluster: int, v: float, r: float) -> tuple[Floats, Floats, Floats]:
        who, stated, mean, covariance = self.joint(cluster, v, r)
        dims = self.design.helmert.shape[0]
        columns = np.flatnonzero(self.design.label == cluster)
        sizes = [dims if j == self.place else self.basis(j, columns[p]).shape[1] for j, p in who]
        owner = np.repeat([j for j, _ in who], sizes)
        mine, theirs = owner == self.place, owner != self.place
        if not theirs.any():
            return np.zeros(mean.shape[0]), mean[:, mine], covariance[np.ix_(mine, mine)]
        inside = covariance[np.ix_(theirs, theirs)]
        log_p = np.array([multivariate_normal.logpdf(stated[theirs], row[theirs], inside) for row in mean])
        gain = covariance[np.ix_(mine, theirs)] @ np.linalg.inv(inside)
        given = np.array([row[mine] + gain @ (stated[theirs] - row[theirs]) for row in mean])
        return log_p, given, covariance[np.ix_(mine, mine)] - gain @ covariance[np.ix_(theirs, mine)]

    def told(self, cluster: int) -> Floats:
        """p(panel's words | k, r) with what may not be so mixed in, up to a constant, shape (R, K)."""
        q = self.design.reliability[cluster]
        rows = []
        for r in self.design.redundancy[cluster]:
            terms = [w * np.exp(self.split(cluster, v, r)[0]) for v, w in zip(self.v, self.v_weight, strict=True)]
            total = np.sum(terms, axis=0)
            rows.append(q * total + (1.0 - q) * total.mean())
        return np.array(rows)

    def likelihood(self, cluster: int) -> Floats:
        """p(panel's words | k), r averaged and not updated, up to a constant, shape (K,)."""
        told = self.told(cluster)
        return np.asarray((self.design.redundancy_weight[cluster][:, None] * told / told.mean(1)[:, None]).sum(axis=0))

    def densities(self, cluster: int) -> tuple[Floats, Floats]:
        """Log p(all | k) and log p(panel | k), r averaged and not updated, each shape (K,)."""
        q, found = self.design.reliability[cluster], []
        for panel_only in (False, True):
            rows = []
            for r in self.design.redundancy[cluster]:
                total = np.zeros(self.design.helmert.shape[1])
                for v, weight in zip(self.v, self.v_weight, strict=True):
                    if panel_only:
                        total += weight * np.exp(self.split(cluster, v, r)[0])
                    else:
                        _, stated, mean, covariance = self.joint(cluster, v, r)
                        total += weight * np.array([multivariate_normal.pdf(stated, row, covariance) for row in mean])
                rows.append(q * total + (1.0 - q) * total.mean())
            of_r, told = np.mean(rows, axis=1), np.array(rows)
            w = self.design.redundancy_weight[cluster]
            found.append(np.log((w * of_r).sum() * (w[:, None] * told / of_r[:, None]).sum(axis=0)))
        return found[0], found[1]

    def joint_density(self, prior: dict[tuple[int, ...], float]) -> float:
        """Log density of all that the newcomer stated given the panel, by summing over all joint explanations."""
        case_of = self.problem["case_of_cluster"].values[self.cluster]
        both = [self.densities(g) for g in range(case_of.size)]
        totals = [
            [np.log(mass) + sum(both[g][side][z[case]] for g, case in enumerate(case_of)) for z, mass in prior.items()]
            for side in (0, 1)
        ]
        return float(np.logaddexp.reduce(totals[0]) - np.logaddexp.reduce(totals[1]))

    def explanations(self, prior: dict[tuple[int, ...], float]) -> Floats:
        """P(Z_c = k | panel), shape (C, K), by summing the prior over all joint explanations."""
        case_of = self.problem["case_of_cluster"].values[self.cluster]
        likelihood = [self.likelihood(g) for g in range(case_of.size)]
        total = np.zeros((self.problem.sizes["case"], self.problem.sizes["hypothesis"]))
        for z, mass in prior.items():
            for g, case in enumerate(case_of):
                mass *= likelihood[g][z[case]]  # noqa: PLW2901 - it is a running product
            for case, k in enumerate(z):
                total[case, k] += mass
        return total / total.sum(axis=1, keepdims=True)

    def parts(self, cluster: int, chances: Floats) -> Parts:
        """List every normal of the newcomer's vectors in a cluster."""
        design, found = self.design, []
        q, hypotheses, dims = design.reliability[cluster], design.helmert.shape[1], design.helmert.shape[0]
        told = self.told(cluster)
        for z, (place_r, r) in itertools.product(range(hypotheses), enumerate(design.redundancy[cluster])):
            of_r = design.redundancy_weight[cluster] * told[:, z] / told.mean(axis=1)
            for v, weight_v in zip(self.v, self.v_weight, strict=True):
                log_p, mean, covariance = self.split(cluster, v, r)
                for k in range(hypotheses):
                    so = q * (k == z) + (1.0 - q) / hypotheses
                    weight = chances[z] * of_r[place_r] / of_r.sum() * so * weight_v * np.exp(log_p[k])
                    blocks = [covariance[s : s + dims, s : s + dims] for s in range(0, covariance.shape[0], dims)]
                    weight /= told[place_r, z]
                    found.append((weight, mean[k].reshape(-1, dims), blocks))
        return Parts(*(np.array(column) for column in zip(*found, strict=True)))


def density(parts: Parts, place: int, stated: Floats, basis: Floats) -> float:
    """Density of what was stated of one observation, on the subspace that a basis (D, rank) spans."""
    miss = (stated - parts.mean[:, place]) @ basis
    inside = basis.T @ parts.covariance[:, place] @ basis
    square = np.einsum("ma,mab,mb->m", miss, np.linalg.inv(inside), miss)
    return float((parts.weight * np.exp(-0.5 * square) / np.sqrt(np.linalg.det(2.0 * np.pi * inside))).sum())


def below(parts: Parts, place: int, direction: Floats, value: float) -> float:
    """Probability that the weight along a direction is below a value."""
    sd = np.sqrt(np.einsum("a,mab,b->m", direction, parts.covariance[:, place], direction))
    return float((parts.weight * norm.cdf(value, parts.mean[:, place] @ direction, sd)).sum())
