"""What a panel of coders has settled of each cluster: a mixture of normals for what was there to be seen.

Given the hyperparameters, a cluster's informativeness v, redundancy r and the explanation that its signals speak for,
true weights x, shared errors eta and all stated weights are jointly normal. Over v, r and that explanation the sum
x + eta, which is all that a coder sees, is a mixture, with weights that the panel's words have settled.
docs/prediction.md derives what is used here.

Axes: `S` draws, `N` observations, `G` clusters, `M` parts of a mixture, `D` contrasts, `K` hypotheses. Where every
coder compared all hypotheses the D contrasts behave alike: matrices (m, m) are then 1 x 1 and vectors (m, b) 1 x D,
otherwise matrices are D x D and vectors D x 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.inference.backend import NumPy
from bayestrace.inference.signal import V_NODES, Design, Hyperparameters

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Said:
    """What the others said of each observation, and how the doubt about it is spread.

    `precision` (S, N, m, m) and `information` (S, N, m, b), precision times mean, of x + eta; `alone` and `together`
    (S, G): variance of eta that a member has to itself, and that a cluster shares; `basis` (K, m, b): h_k.
    """

    precision: Floats
    information: Floats
    alone: Floats
    together: Floats
    basis: Floats
    theta: Hyperparameters

    @classmethod
    def of(cls, design: Design, theta: Hyperparameters, place: int) -> Said:
        """Reduce all coders but the one in a place."""
        size = design.helmert.shape[0]
        doubt = theta.range_factor[:, None, None] ** 2 * design.stated_variance
        variance = theta.noise[..., None] ** 2 + (1.0 - theta.shared[:, None, None]) * doubt
        heard = design.stated.copy()
        heard[place] = 0.0
        gain = heard * theta.scale[..., None] / variance
        precise = gain * theta.scale[..., None]
        centred = design.weight - theta.bias[:, :, None, :]
        if design.projector is None:
            precision = precise.sum(axis=1)[..., None, None]
            information = (gain[..., None] * centred).sum(axis=1)[..., None, :]
            basis = design.helmert.T[:, None, :]
        else:
            precision = np.einsum("sjn,jnab->snab", precise, design.projector)
            information = np.einsum("sjn,jnab,sjnb->sna", gain, design.projector, centred)[..., None]
            basis = design.helmert.T.reshape(-1, size, 1)
        mean_doubt = theta.shared[:, None] * (design.stated * doubt).sum(axis=1) / design.stated.sum(axis=0)
        members = design.size
        total = NumPy().sum_rows(design.label, design.clusters, mean_doubt[:, design.observation], 0)
        hard = total / members + theta.common_error[:, None] ** 2
        together = hard * theta.r_eta[:, None] * (members > 1)
        return cls(precision, information, hard - together, together, basis, theta)


class Mixture(NamedTuple):
    """Parts of a cluster's mixture: probability, v/2, r and explanation of its signals, each (S, G, M)."""

    weight: Floats
    half_v: Floats
    r: Floats
    explanation: Indices


class _Shared(NamedTuple):
    """A cluster given v and r: variance that is a member's own, and what is known of the part that members share.

    `own` (S, N, M, 1, 1), `shrink` (S, N, M, m, m) = (I + own precision)^-1, `told` (S, N, M, m, b); for the shared
    part `common` (S, G, M, 1, 1), `strength` (S, G, M, m, m), `pull` (S, G, M, m, b) and `back` (S, G, M, m, m) =
    (I + common strength)^-1.
    """

    own: Floats
    shrink: Floats
    told: Floats
    common: Floats
    strength: Floats
    pull: Floats
    back: Floats


def _inverse(matrix: Floats) -> Floats:
    return 1.0 / matrix if matrix.shape[-1] == 1 else np.linalg.inv(matrix)


def _log_det(matrix: Floats) -> Floats:
    return np.asarray(np.log(matrix[..., 0, 0]) if matrix.shape[-1] == 1 else np.linalg.slogdet(matrix)[1])


def _shared(design: Design, said: Said, half_v: Floats, r: Floats) -> _Shared:
    """Work out what v and r make of a cluster; `half_v` and `r` (S, G, M)."""
    identity = np.eye(said.precision.shape[-1])
    cluster = design.label
    common = (half_v * r + said.together[..., None])[..., None, None]
    own = (half_v * (1.0 - r) + said.alone[..., None])[:, cluster, :, None, None]
    precision, information = (entry[:, :, None] for entry in (said.precision, said.information))
    shrink = _inverse(identity + own * precision)
    told = shrink @ information
    strength, pull = (NumPy().sum_rows(cluster, design.clusters, entry, 3) for entry in (shrink @ precision, told))
    return _Shared(own, shrink, told, common, strength, pull, _inverse(identity + common * strength))


def mix(design: Design, said: Said, chances: Floats) -> Mixture:
    """Weigh every node of v and r and every explanation of a cluster's signals by what the others said.

    Parameters
    ----------
    chances
        P(Z_c = k | the others) of each cluster's case, shape (S, G, K).
    """
    nodes, v_weight = np.polynomial.hermite_e.hermegauss(V_NODES)
    theta, r = said.theta, design.redundancy
    draws, hypotheses = chances.shape[0], chances.shape[-1]
    shape = (draws, r.shape[0], nodes.size, r.shape[1])
    spread = 0.5 * np.exp(theta.log_v[:, None] + theta.sd_log_v[:, None] * nodes)
    half_v = np.broadcast_to(spread[:, None, :, None], shape).reshape(*shape[:2], -1)
    r_of = np.broadcast_to(r[None, :, None, :], shape).reshape(*shape[:2], -1)
    known = _shared(design, said, half_v, r_of)
    width = said.information.shape[-1]
    settled = known.back @ known.pull
    gained = (known.own * said.information[:, :, None] * known.told).sum(axis=(-2, -1)) + width * _log_det(known.shrink)
    base = NumPy().sum_rows(design.label, design.clusters, gained, 1)
    base = base + (known.common * known.pull * settled).sum(axis=(-2, -1)) + width * _log_det(known.back)
    favour = np.einsum("sgmab,kab->sgmk", settled, said.basis)
    held = np.einsum("kab,sgmac,kcb->sgmk", said.basis, known.back @ known.strength, said.basis, optimize=True)
    log_f = 0.5 * base[..., None] + half_v[..., None] * favour - 0.5 * half_v[..., None] ** 2 * held
    log_f = log_f.reshape(*shape, hypotheses)
    f = np.exp(log_f - log_f.max(axis=(2, 4), keepdims=True)) * (v_weight / v_weight.sum())[:, None, None]
    # As in signal.cluster_loglik: what is not so speaks for any explanation alike, and r is not updated.
    quality = design.reliability[:, None, None]
    so = f.sum(axis=2)
    told = quality * so + (1.0 - quality) * so.mean(axis=-1, keepdims=True)
    each_r = design.redundancy_weight / told.mean(axis=-1)
    given = chances / (each_r[..., None] * told).sum(axis=2)
    spoken = quality[:, 0] * given + (1.0 - quality[:, 0]) * given.mean(axis=-1, keepdims=True)
    weight = f * each_r[:, :, None, :, None] * spoken[:, :, None, None, :]
    return Mixture(
        weight.reshape(*shape[:2], -1),
        half_v.repeat(hypotheses, axis=-1),
        r_of.repeat(hypotheses, axis=-1),
        np.broadcast_to(np.tile(np.arange(hypotheses), half_v.shape[-1]), (*shape[:2], weight[0, 0].size)),
    )


def resampled(mixture: Mixture, parts: int, rng: np.random.Generator) -> Mixture:
    """Represent each mixture by parts of equal weight, at even steps of its cumulated weights (systematic)."""
    cumulated = mixture.weight.cumsum(axis=-1)
    cumulated /= cumulated[..., -1:]
    start = rng.random((*cumulated.shape[:2], 1))
    steps = (np.arange(parts) + start) / parts
    chosen = (cumulated[..., None, :] < steps[..., None]).sum(axis=-1)
    return Mixture(
        np.full(chosen.shape, 1.0 / parts),
        np.take_along_axis(mixture.half_v, chosen, axis=-1),
        np.take_along_axis(mixture.r, chosen, axis=-1),
        np.take_along_axis(mixture.explanation, chosen, axis=-1),
    )


def seen(design: Design, said: Said, mixture: Mixture) -> tuple[Floats, Floats]:
    """Give mean and covariance of x + eta, all that a coder sees of an observation, in each part of a mixture.

    Returns
    -------
    mean : ndarray, shape (S, N, M, D)
        Nats.
    covariance : ndarray, shape (S, N, M, m, m)
        Nats squared.
    """
    known = _shared(design, said, mixture.half_v, mixture.r)
    cluster = design.label
    signal = mixture.half_v[..., None, None] * said.basis[mixture.explanation]
    centre = (known.back @ (signal + known.common * known.pull))[:, cluster]
    around = (known.common * known.back)[:, cluster]
    mean = known.shrink @ centre + known.own * known.told
    covariance = known.own * known.shrink + known.shrink @ around @ known.shrink
    return mean.reshape(*mean.shape[:3], -1), covariance
