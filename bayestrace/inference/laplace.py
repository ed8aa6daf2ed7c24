"""A posterior's mode and the curvature there, found on more and more of the evidence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from bayestrace.inference.metric import Density
from bayestrace.inference.settled import Settled

Floats = NDArray[np.float64]

# Observations on which the mode is looked for first, and how many times more each time after.
_FIRST, _MORE = 500, 10
# Half of the distance between the gradients whose difference is a curvature: at first, and later in posterior widths.
_HALF, _HALF_WIDTH = 1e-4, 0.1
# A direction that bends less than this, or up, counts as bending so: about as much as the priors.
_LEAST = 0.3
# Steps in one set of units, and how often these are made anew: far from the mode they are wrong.
_STEPS, _ROUNDS = 30, 5
# Where what is left of the gradient is this small, in posterior widths, the mode is found.
_SMALL = 0.05


class Fitted(NamedTuple):
    """Mode (n,) and covariance (n, n) of the normal distribution that touches a posterior there."""

    mode: Floats
    covariance: Floats


def fit(settled: Settled, log_prior: Floats, tell: Callable[[], None]) -> Fitted:
    """Find the mode, and the curvature there.

    Parameters
    ----------
    settled
        The posterior.
    log_prior
        Of the explanations of each case, shape (C, K), as if cases told nothing of one another.
    tell
        Called after each gradient.

    Notes
    -----
    The first cases are looked at alone, by Newton's method within a region of trust, which finds its way whatever the
    units. From there the mode of more cases is a few steps away, in units of the curvature that was found.
    """
    size = min(_FIRST, settled.members)
    density = _counted(settled.density([settled.first(size)], log_prior), tell)
    half = np.full(settled.start.size, _HALF)
    options: dict[str, Any] = {"initial_trust_radius": 0.5, "gtol": 0.1, "maxiter": 100}
    found: Any = minimize(  # type: ignore[call-overload]  # its options are untyped
        lambda x: _negative(density(x)),
        settled.start,
        jac=True,
        hess=lambda x: _bend(density, x, half),
        method="trust-exact",
        options=options,
    )
    mode, bend = found.x, _bend(density, found.x, half)
    while size < settled.members:
        before, size = size, min(size * _MORE, settled.members)
        some = settled.blocks if size == settled.members else [settled.first(size)]
        density = _counted(settled.density(some, log_prior), tell)
        mode, bend = _settle(density, mode, bend * size / before)
    return _fitted(mode, bend)


def refit(settled: Settled, log_prior: Floats, near: Fitted, tell: Callable[[], None]) -> Fitted:
    """Find the mode again once more is known of what cases tell of one another, from a mode that is near."""
    density = _counted(settled.density(settled.blocks, log_prior), tell)
    return _fitted(*_settle(density, near.mode, np.linalg.inv(near.covariance)))


def _fitted(mode: Floats, bend: Floats) -> Fitted:
    root = _root(bend)
    return Fitted(mode, root @ root.T)


def _settle(density: Density, mode: Floats, bend: Floats) -> tuple[Floats, Floats]:
    """Go to the mode, and take the curvature there; far from it units are wrong, and are made anew."""
    for _ in range(_ROUNDS):
        root = _root(bend)
        mode, found = _nearby(density, mode, root)
        bend = _bend(density, mode, _HALF_WIDTH * np.sqrt((root**2).sum(axis=1)))
        if found:
            break
    return mode, bend


def _nearby(density: Density, mode: Floats, root: Floats) -> tuple[Floats, bool]:
    """Look for the mode from close by, in units of about one posterior width, and say whether it is found."""

    def cost(z: Floats) -> tuple[float, Floats]:
        value, slopes = density(mode + root @ z)
        return -value, -(root.T @ slopes)

    found = minimize(
        cost,
        np.zeros(mode.size),
        jac=True,
        method="L-BFGS-B",
        options={"ftol": 1e-13, "gtol": _SMALL, "maxiter": _STEPS},
    )
    return np.asarray(mode + root @ found.x), bool(found.nit < _STEPS)


def _counted(density: Density, tell: Callable[[], None]) -> Density:
    def counted(x: Floats) -> tuple[float, Floats]:
        tell()
        return density(x)

    return counted


def _negative(found: tuple[float, Floats]) -> tuple[float, Floats]:
    value, slopes = found
    return (-value, -slopes) if np.isfinite(value) else (np.inf, np.zeros_like(slopes))


def _bend(density: Density, x: Floats, half: Floats) -> Floats:
    """Take the matrix of second derivatives of minus the log-density as differences of gradients."""
    rows = []
    for place, step in enumerate(half):
        aside = np.zeros(x.size)
        aside[place] = step
        rows.append((density(x - aside)[1] - density(x + aside)[1]) / (2.0 * step))
    matrix = np.stack(rows)
    return np.asarray(0.5 * (matrix + matrix.T))


def _root(bend: Floats) -> Floats:
    """Give a root of the covariance that a matrix of curvatures means."""
    value, vector = np.linalg.eigh(bend)
    return np.asarray(vector / np.sqrt(np.maximum(value, _LEAST)))
