"""Where about, and how narrowly, the stated weights place what coders are like.

In a full study differences between coders are known to a hundredth of what the prior allows, in a small one hardly
better than before. A sampler that starts with one unit for all spends most of its warm-up finding that out, and
diverges where a prior's own width is uncertain. So `bayestrace.inference.model` measures each such difference from a
centre and in a width, an exact change of variable: any centre and width give the same answer, and those of the simple
moments below a quick one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.weights import helmert

Floats = NDArray[np.float64]

# Nothing is sampled in units below these, however many observations there are.
_LEAST_WIDTH, _LEAST_SPREAD = 1e-3, 1e-6
# A slope of one coder's weights on all coders' is believed within these bounds.
_SLOPES = (0.3, 3.0)
# Noise that may stand beside the stated ranges, as a multiple of their mean variance.
_NOISE_SHARES = np.concatenate([[0.0], np.geomspace(1e-2, 1e2, 41)])
# Width of a logarithm of which the weights say nothing.
_UNKNOWN = 1.0


class Unit(NamedTuple):
    """What the data alone would say of a parameter: a centre and a width, of its shape."""

    centre: Floats
    width: Floats


class Units(NamedTuple):
    """Units of the contrasts between coders, of each one's noise, and of the range of what they do not share.

    `log_scale` (J - 1,), `leaning` (J - 1, D) in nats, `noise` (J,) in nats, centred on 0; `log_range` ().
    """

    log_scale: Unit
    leaning: Unit
    noise: Unit
    log_range: Unit


def units_of(problem: xr.Dataset) -> Units:
    """Take the moments of the stated weights of a problem.

    Parameters
    ----------
    problem
        As `bayestrace.encoding.encode` makes it, with at least one observation that weighs.
    """
    evidence = np.flatnonzero(problem["weighs"].values)
    weight, stated = problem["weight"].values[:, evidence], problem["stated"].values[:, evidence, None]
    coders, _, dims = weight.shape
    count = np.maximum(stated.sum(axis=1), 1.0)
    mean = (stated * weight).sum(axis=0) / stated.sum(axis=0)
    miss = np.where(stated, weight - mean, 0.0)
    leaning = miss.sum(axis=1) / count
    miss = np.where(stated, miss - leaning[:, None, :], 0.0)
    centred = mean - mean.mean(axis=0)
    signal = np.maximum((stated * centred**2).sum(axis=(1, 2)), _LEAST_SPREAD)
    slope = np.clip(1.0 + (miss * centred).sum(axis=(1, 2)) / signal, *_SLOPES)
    # Of what was stated of an observation, one went into its mean.
    free = dims * float(stated.sum() - evidence.size)
    if free > 0.0:
        spread = max(float((miss**2).sum()) / free, _LEAST_SPREAD)
        # A variance is known to a share sqrt(2/n) of itself, so a noise that is lost in it to the root of that.
        noise = spread * np.sqrt(2.0 / (dims * count[:, 0]))
    else:
        # Nobody is seen beside another: a noise may be all that there is of a coder's weights.
        spread = max(float((stated * centred**2).sum()) / (dims * float(stated.sum())), _LEAST_SPREAD)
        noise = np.full(coders, spread)
    contrasts = helmert(coders) if coders > 1 else np.zeros((0, 1))
    known = contrasts**2
    return Units(
        Unit(contrasts @ np.log(slope), _least(known @ (spread / signal))),
        Unit(contrasts @ leaning, _least(known @ (spread / count)) * np.ones(dims)),
        Unit(np.zeros(coders), _least(noise)),
        _log_range(problem, evidence, miss, free),
    )


def _least(variance: Floats) -> Floats:
    return np.maximum(np.sqrt(variance), _LEAST_WIDTH)


def _log_range(problem: xr.Dataset, evidence: NDArray[np.int64], miss: Floats, free: float) -> Unit:
    """Say how far coders differ, as a multiple of what their stated ranges imply, on the log scale.

    A coder's error has the variance N + s^2 d, with d as the stated range has it. Given N/s^2 the greatest likelihood
    has a closed form, and that share is looked for on a grid. Where noise drowns the ranges they are hardly known:
    the information on log s is twice the sum of squared shares s^2 d/(N + s^2 d), over the free differences.

    What is seen is how far coders are from their mean, in which each one's variance V_j is mixed with the others': of
    n coders, V_j (1 - 2/n) + mean_i V_i/n.
    """
    stated = problem["stated"].values[:, evidence]
    stated = stated & (stated.sum(axis=0) > 1)
    doubt, square = problem["stated_variance"].values[:, evidence], (miss**2).mean(axis=-1)[stated]
    if not doubt[stated].any():
        return Unit(np.zeros(()), np.array(_UNKNOWN))
    count = np.maximum(stated.sum(axis=0), 1)
    noise = _NOISE_SHARES[:, None, None] * doubt[stated].mean()
    per = np.maximum(noise + doubt, _LEAST_SPREAD)
    mixed = (per * (1.0 - 2.0 / count) + (stated * per).sum(axis=1, keepdims=True) / count**2)[:, stated]
    level = np.maximum((square / mixed).mean(axis=1), _LEAST_SPREAD)
    best = int(np.argmin(np.log(level) + np.log(mixed).mean(axis=1)))
    told = float(((doubt / per[best])[stated] ** 2).mean())
    width = np.sqrt(0.5 / max(free * told, 1.0))
    return Unit(np.asarray(0.5 * np.log(level[best])), np.clip(width, _LEAST_WIDTH, _UNKNOWN))
