"""The redundancy of a cluster, as coders stated it: a Beta, on a few nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import roots_jacobi

Floats = NDArray[np.float64]

#: Gauss-Jacobi nodes of the redundancy of a cluster.
R_NODES = 5
#: Redundancy is kept below this, where the equicorrelated covariance would turn singular.
R_CAP = 0.95


def redundancy_nodes(mean: float, sd: float) -> tuple[Floats, Floats]:
    """Place five nodes on the Beta that has a cluster's stated mean and standard deviation.

    Gauss-Jacobi quadrature, exact for polynomials in r up to the ninth degree. Nodes past `R_CAP` are set to it.
    Where the range was stated as a point, or the mean is 0 or 1, every node is that point.
    """
    spread = mean * (1.0 - mean)
    if sd <= 0.0 or spread <= 0.0:
        return np.full(R_NODES, min(mean, R_CAP)), np.full(R_NODES, 1.0 / R_NODES)
    # A Beta's variance stays below mean (1 - mean); a wider stated range means: next to nothing is known.
    size = spread / min(sd**2, 0.5 * spread) - 1.0
    # At size 1 SciPy divides 0 by 0 in a branch that it then leaves out.
    with np.errstate(invalid="ignore"):
        nodes, weights = roots_jacobi(R_NODES, (1.0 - mean) * size - 1.0, mean * size - 1.0)
    return np.minimum((1.0 + nodes) / 2.0, R_CAP), weights / weights.sum()
