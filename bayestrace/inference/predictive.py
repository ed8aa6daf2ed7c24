"""What the model predicts that a coder states whom the fit has not seen: exact given each draw.

Given a draw it is a mixture of normals, by `bayestrace.inference.mixture`; over the draws, a mixture of these.
docs/prediction.md derives what is used here.

Axes: `S` draws, `N` observations, `G` clusters, `M` parts of a mixture, `D` contrasts, `K` hypotheses.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from bayestrace.inference import clues, facevalue, ledger, pooling
from bayestrace.inference.mixture import Mixture, Said, mix, resampled, seen
from bayestrace.inference.priors import SCALE_SD
from bayestrace.inference.signal import Design, Hyperparameters, design_of
from bayestrace.weights import log_sum_exp, normalise

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

#: Normals by which the mixture of a draw is represented; docs/prediction.md says how near that comes.
PARTS = 32
#: New coders drawn for each draw of a fit where their observations are predicted jointly.
JOINT_CODERS = 4
_BLOCK = 25
_LOG_2PI = float(np.log(2.0 * np.pi))
# Stands for a coder who sees nothing of the true weights, without a division by zero.
_BLIND = 1e-8


class Newcomer(NamedTuple):
    """What a coder whom the fit has not seen may be like, given each draw.

    `scale` and `noise` (S,); the leaning is normal with mean `leaning` (S, D) and variance `leaning_variance` (S,)
    per contrast. Natural units.
    """

    scale: Floats
    noise: Floats
    leaning: Floats
    leaning_variance: Floats


@dataclass(frozen=True)
class Predicted:
    """What is predicted of a coder: for each observation a mixture of normals in contrasts.

    Parameters
    ----------
    evidence
        Indices in the problem of the N observations that the coder weighed and that weigh.
    weight
        Probability of each part within its draw, shape (S, N, M).
    mean
        Means in nats, shape (S, N, M, D).
    covariance
        Covariances in nats squared, shape (S, N, M, D, D), or (S, N, M, 1, 1) for a multiple of the identity.
    """

    evidence: Indices
    weight: Floats
    mean: Floats
    covariance: Floats

    def expectation(self) -> Floats:
        """Return the predicted vectors, shape (N, D), nats."""
        return np.asarray(np.einsum("snm,snmd->nd", self.weight, self.mean) / self.weight.shape[0])

    def quantiles(self, direction: Floats, levels: tuple[float, ...]) -> Floats:
        """Return quantiles of the stated weight along one direction of the contrasts.

        Parameters
        ----------
        direction
            Such as h_a - h_b for the weight of a over b, shape (D,).
        levels
            Probabilities strictly between 0 and 1.

        Returns
        -------
        ndarray, shape (len(levels), N), nats
            By bisection of the mixture's distribution function to 1e-9 of its width.
        """
        mean = np.moveaxis(self.mean @ direction, 1, 0).reshape(self.evidence.size, -1)
        if self.covariance.shape[-1] == 1:
            variance = self.covariance[..., 0, 0] * (direction @ direction)
        else:
            variance = np.einsum("a,snmab,b->snm", direction, self.covariance, direction)
        sd = np.sqrt(np.moveaxis(variance, 1, 0).reshape(self.evidence.size, -1))
        weight = np.moveaxis(self.weight, 1, 0).reshape(self.evidence.size, -1) / self.weight.shape[0]
        found = []
        for level in levels:
            ends = mean + float(ndtri(level)) * sd
            # A quantile of a mixture lies between the least and the greatest of its parts'.
            low, high = ends.min(axis=1), ends.max(axis=1)
            for _ in range(30):
                middle = (low + high) / 2.0
                below = (weight * ndtr((middle[:, None] - mean) / sd)).sum(axis=1) < level
                low, high = np.where(below, middle, low), np.where(below, high, middle)
            found.append((low + high) / 2.0)
        return np.array(found)

    def log_density(self, stated: Floats, projector: Floats) -> Floats:
        """Return the log density of each observation's stated vector by itself, shape (N,).

        Parameters
        ----------
        stated
            Vectors in contrasts, shape (N, D), nats.
        projector
            Projections on what was stated, shape (N, D, D); the density is on that subspace.
        """
        with np.errstate(divide="ignore"):
            log_weight = np.log(self.weight)
        total = log_sum_exp(log_weight + self._log_parts(stated, projector), axis=(0, 2))
        return np.asarray(total - np.log(self.weight.shape[0]))

    def _log_parts(self, stated: Floats, projector: Floats) -> Floats:
        miss = stated[:, None, :] - self.mean
        if self.covariance.shape[-1] == 1:
            size, variance = self.mean.shape[-1], self.covariance[..., 0, 0]
            return np.asarray(-0.5 * (size * (_LOG_2PI + np.log(variance)) + (miss**2).sum(axis=-1) / variance))
        # With the identity put in the place of what was not stated, neither determinant nor square counts it.
        reach = projector[:, None]
        inside = reach @ self.covariance @ reach + np.eye(reach.shape[-1]) - reach
        miss = (reach @ miss[..., None])[..., 0]
        square = (miss * np.linalg.solve(inside, miss[..., None])[..., 0]).sum(axis=-1)
        rank = np.trace(projector, axis1=-2, axis2=-1)[:, None]
        return np.asarray(-0.5 * (rank * _LOG_2PI + np.linalg.slogdet(inside)[1] + square))


def thinned(posterior: xr.Dataset, draws: int = ledger.THINNED) -> xr.Dataset:
    """Keep evenly spaced draws of a fit, chains joined to one."""
    flat = posterior.stack(sample=("chain", "draw"), create_index=False)
    kept = np.linspace(0, flat.sizes["sample"] - 1, min(draws, flat.sizes["sample"])).round().astype(np.int64)
    return (
        flat.isel(sample=kept).drop_vars(["chain", "draw"], errors="ignore").rename(sample="draw").expand_dims("chain")
    )


def newcomer(panel: xr.Dataset, draws: xr.Dataset, rng: np.random.Generator) -> Newcomer:
    """Draw what a coder may be like whom a fit has not seen.

    Parameters
    ----------
    panel
        The problem that was fitted.
    draws
        Its posterior, as `thinned` gives it.
    rng
        Scale and noise are drawn from it, each stratified over the draws.

    Notes
    -----
    Scales are known relative to the panel's mean: log scale_j = s_j - mean_i s_i with independent s of sd 0.3. A
    newcomer's s is independent of that mean, whose variance is 0.3^2/J, so log scale ~ Normal(0, 0.3^2 (1 + 1/J)).
    Noise is half-normal with the draw's `noise_sd`, which the panel's noises have taught.
    Leanings are common + own. The mean M over the panel's coders is all that bears on the common one: with prior
    variances c^2 of the common and t^2 of an own leaning, common | M ~ Normal(f M, f t^2/J), f = c^2/(c^2 + t^2/J),
    and a newcomer's own leaning adds t^2.
    """
    count = draws.sizes["draw"]
    coders = panel.sizes["coder"]
    uniform = np.stack([(rng.permutation(count) + rng.random(count)) / count for _ in range(2)])
    bias = draws["bias"].transpose("chain", "draw", "coder", "contrast").values[0]
    own = draws["leaning_sd"].values[0] ** 2
    common = float(panel.attrs["leaning_sd"]) ** 2
    share = common / np.maximum(common + own / coders, 1e-300)
    return Newcomer(
        scale=np.exp(SCALE_SD * np.sqrt(1.0 + 1.0 / coders) * ndtri(uniform[0])),
        noise=draws["noise_sd"].values[0] * ndtri(0.5 + 0.5 * uniform[1]),
        leaning=share[:, None] * bias.mean(axis=1),
        leaning_variance=own * (1.0 + share / coders),
    )


def with_newcomer(theta: Hyperparameters, place: int, new: Newcomer, bias: Floats) -> Hyperparameters:
    """Put a coder in a place among those of a fit; `bias` (S, D) is the leaning."""
    return theta._replace(
        scale=np.insert(theta.scale, place, new.scale, axis=1),
        noise=np.insert(theta.noise, place, new.noise, axis=1),
        bias=np.insert(theta.bias, place, bias, axis=1),
    )


def predict(  # noqa: PLR0913 - who, from what, and how finely
    problem: xr.Dataset,
    coder: str,
    panel: xr.Dataset,
    posterior: xr.Dataset,
    *,
    seed: int,
    draws: int = ledger.THINNED,
    parts: int | None = PARTS,
) -> Predicted:
    """Predict what a coder states of each observation from what the others state.

    Parameters
    ----------
    problem
        With the coder and all coders of the panel. Of the coder, which observations and hypotheses were compared and
        the stated ranges are taken as given, as an item's covariates are; the weights are not looked at.
    coder
        Name of the coder.
    panel, posterior
        The problem of the others, and the draws of its fit.
    seed
        Of the new coder's scale and noise, and of the choice of parts.
    draws
        How many of the fit's draws to use.
    parts
        Normals by which each draw's mixture is represented, chosen by systematic resampling; None: all of them.

    Returns
    -------
    Predicted
        For each observation that the coder weighed and that weighs.
    """
    rng = np.random.default_rng(seed)
    kept = thinned(posterior, draws)
    design, evidence, cluster = design_of(problem)
    place = _place(problem, coder)
    # What the coder states is the question, and must not be part of the answer, not even by a rounding.
    weight = design.weight.copy()
    weight[place] = 0.0
    design = dataclasses.replace(design, weight=weight)
    new = newcomer(panel, kept, rng)
    theta = with_newcomer(ledger.hyperparameters(kept), place, new, np.zeros_like(new.leaning))
    explanation, _ = _pooled(problem, kept, _case_loglik(problem, design, _blind(theta, place), cluster))
    chances = explanation[:, problem["case_of_cluster"].values[cluster]]
    blocks = []
    for start in range(0, chances.shape[0], _BLOCK):
        inside = slice(start, start + _BLOCK)
        said = Said.of(design, Hyperparameters(*(values[inside] for values in theta)), place)
        mixture = mix(design, said, chances[inside])
        if parts is not None:
            mixture = resampled(mixture, parts, rng)
        blocks.append(_stated_by(design, said, mixture, Newcomer(*(values[inside] for values in new)), place))
    return Predicted(
        evidence[design.stated[place] > 0], *(np.concatenate(pieces) for pieces in zip(*blocks, strict=True))
    )


def joint_log_density(  # noqa: PLR0913 - as predict
    problem: xr.Dataset,
    coder: str,
    panel: xr.Dataset,
    posterior: xr.Dataset,
    *,
    seed: int,
    draws: int = ledger.THINNED,
) -> tuple[float, float]:
    """Evaluate the log density of all that a coder stated at once, given the others.

    Returns
    -------
    density : float
        Log of the mean over draws, and over `JOINT_CODERS` new coders for each, of p(all stated | the others).
    effective : float
        How many of these carry the mean (inverse of the sum of squared shares). With many observations it is near 1,
        and the density then rather a lower bound: whoever states much is soon known better than the population.
    """
    rng = np.random.default_rng(seed)
    kept = thinned(posterior, draws)
    design, _, _ = design_of(problem)
    place = _place(problem, coder)
    panel_theta = ledger.hyperparameters(kept)
    new = newcomer(panel, kept, rng)
    # What a coder who sees nothing states is independent of all else, so it can be divided out.
    blind = _blind(with_newcomer(panel_theta, place, new, new.leaning), place)
    others = _evidence(problem, kept, design, blind) - _independently(design, blind, place)
    found = []
    for _ in range(JOINT_CODERS):
        new = newcomer(panel, kept, rng)
        bias = new.leaning + np.sqrt(new.leaning_variance)[:, None] * rng.standard_normal(new.leaning.shape)
        found.append(_evidence(problem, kept, design, with_newcomer(panel_theta, place, new, bias)) - others)
    stacked = np.stack(found)
    share = normalise(stacked.reshape(-1))
    return float(log_sum_exp(stacked.reshape(-1)) - np.log(stacked.size)), float(1.0 / (share**2).sum())


def _place(problem: xr.Dataset, coder: str) -> int:
    return [str(name) for name in problem["coder"].values].index(coder)


def _blind(theta: Hyperparameters, place: int) -> Hyperparameters:
    scale = theta.scale.copy()
    scale[:, place] = _BLIND
    return theta._replace(scale=scale)


def _independently(design: Design, theta: Hyperparameters, place: int) -> Floats:
    """Log density of what a coder stated who sees nothing of the true weights, shape (S,)."""
    doubt = theta.range_factor[:, None] ** 2 * design.stated_variance[place]
    variance = theta.noise[:, place, None] ** 2 + (1.0 - theta.shared[:, None]) * doubt
    miss = design.weight[place] - theta.bias[:, place, None, :]
    rank = np.full(miss.shape[1], miss.shape[2], dtype=np.float64)
    if design.projector is not None:
        miss = (design.projector[place] @ miss[..., None])[..., 0]
        rank = np.trace(design.projector[place], axis1=-2, axis2=-1)
    log_density = -0.5 * (rank * (_LOG_2PI + np.log(variance)) + (miss**2).sum(axis=-1) / variance)
    return np.asarray((design.stated[place] * log_density).sum(axis=1))


def _evidence(problem: xr.Dataset, draws: xr.Dataset, design: Design, theta: Hyperparameters) -> Floats:
    """Log density of all that was stated, given each draw, shape (S,)."""
    return _pooled(problem, draws, _case_loglik(problem, design, theta, design_of(problem)[2]))[1]


def _case_loglik(problem: xr.Dataset, design: Design, theta: Hyperparameters, cluster: Indices) -> Floats:
    loglik = ledger.evaluate(design, theta)
    in_case = np.eye(problem.sizes["case"])[:, problem["case_of_cluster"].values[cluster]]
    return np.asarray(np.einsum("cg,sgk->sck", in_case, loglik))


def _pooled(problem: xr.Dataset, draws: xr.Dataset, loglik: Floats) -> tuple[Floats, Floats]:
    """Pool the cases: P(Z_c = k | draw), shape (S, C, K), and the log evidence of each draw, shape (S,).

    What searches for clues say of a draw is added to what the observations say.
    """
    if clues.in_problem(problem):
        chance = draws["chance"].transpose("chain", "draw", "cell", "hypothesis").values[0]
        loglik = loglik + clues.case_loglik(problem, chance)
    if pooling.fits_in_table(problem):
        table = pooling.table_of(problem)
        joint = pooling.log_joint(table, loglik)
        return pooling.margins(table, normalise(joint), problem.sizes["hypothesis"]), log_sum_exp(joint)
    prior = draws["case_prior"].transpose("chain", "draw", "case", "hypothesis").values[0]
    with np.errstate(divide="ignore"):
        evidence = log_sum_exp(np.log(prior) + loglik).sum(axis=-1)
    return facevalue.case_posterior(prior, loglik), np.asarray(evidence)


def _stated_by(
    design: Design, said: Said, mixture: Mixture, new: Newcomer, place: int
) -> tuple[Floats, Floats, Floats]:
    """Turn what there is to be seen into what the new coder states; see `Predicted` for the three."""
    rows = np.flatnonzero(design.stated[place])
    mean, covariance = (entry[:, rows] for entry in seen(design, said, mixture))
    theta, scale = said.theta, new.scale[:, None, None, None]
    doubt = ((1.0 - theta.shared) * theta.range_factor**2)[:, None] * design.stated_variance[place, rows]
    alone = (new.noise**2 + new.leaning_variance)[:, None] + doubt
    spread = scale[..., None] ** 2 * covariance + alone[:, :, None, None, None] * np.eye(covariance.shape[-1])
    stated = scale * mean + new.leaning[:, None, None, :]
    return mixture.weight[:, design.label[rows]], stated, spread
