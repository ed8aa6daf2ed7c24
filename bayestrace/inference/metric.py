"""How wide a posterior is in each coordinate, guessed before a chain has been drawn.

NUTS starts with a unit for each coordinate, and learns in warm-up what it should have been. Coordinates that are known
to a tenth of what the prior allows, beside others that are not, cost it some eighty gradients a draw until then; with
the curvature at a point near the mode as its first guess it starts with twenty (docs/performance.md).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

#: A log-density and its gradient at a point, shape (n,).
Density = Callable[[Floats], tuple[float, Floats]]

# Steps towards the mode: what is wanted is a point where the density is high, not where it is highest.
_STEPS = 40
# Half of the distance between the two gradients whose difference is taken as curvature.
_HALF = 1e-3
# Coordinates are about one prior or posterior width each (bayestrace.inference.units).
_LEAST, _GREATEST = 1e-4, 4.0


def guessed(density: Density, start: Floats) -> tuple[Floats, Floats]:
    """Guess where a density has its mass, and its variance in each coordinate.

    Parameters
    ----------
    density
        Log-density and gradient.
    start
        Where to look from, shape (n,).

    Returns
    -------
    centre : array, shape (n,)
        A point of high density.
    variance : array, shape (n,)
        The reciprocal of the curvature there, within bounds; 1 where the density does not bend down.
    """

    def cost(x: Floats) -> tuple[float, Floats]:
        value, slopes = density(x)
        return -value, -slopes

    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    centre = found.x if np.isfinite(found.fun) else start
    bend = np.array([_curvature(density, centre, place) for place in range(centre.size)])
    down = bend > 0.0
    variance = np.where(down, 1.0 / np.where(down, bend, 1.0), 1.0)
    return centre, np.clip(variance, _LEAST, _GREATEST)


def _curvature(density: Density, centre: Floats, place: int) -> float:
    step = np.zeros(centre.size)
    step[place] = _HALF
    after, before = density(centre + step)[1][place], density(centre - step)[1][place]
    return float(before - after) / (2.0 * _HALF)
