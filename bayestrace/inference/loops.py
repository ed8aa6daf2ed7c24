"""The cluster likelihood of many draws by the compiled loops of `bayestrace.inference.kernel`.

A tenth of the time that the formulas of `bayestrace.inference.signal` take in NumPy; for coders who weighed every
hypothesis, and for nothing else.
"""

from __future__ import annotations

import functools
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytensor
import pytensor.tensor as pt
from numpy.typing import NDArray

from bayestrace.inference.apart import compile_apart
from bayestrace.inference.fingerprint import fingerprint
from bayestrace.inference.layout import layout
from bayestrace.inference.operator import cluster_loglik as graph_of
from bayestrace.inference.signal import Design, Hyperparameters

Floats = NDArray[np.float64]


def cluster_loglik(design: Design, theta: Hyperparameters) -> Floats:
    """Evaluate log p(y_g | k) of every cluster, as `signal.cluster_loglik` does.

    Parameters
    ----------
    design
        With `projector` None.
    theta
        Hyperparameters, S draws.

    Returns
    -------
    ndarray, shape (S, G, K)
        Natural-log densities.
    """
    laid_out = list(layout(design).values())
    # The loops take arrays that lie next to each other, and numbers as arrays without dimensions.
    rows = [np.ascontiguousarray(values) for values in theta]
    draws = [[*map(np.asarray, draw), *laid_out] for draw in zip(*rows, strict=True)]
    if not _stamp().exists():
        _compile_apart(draws[0])
    evaluate = _function(tuple((array.dtype.name, array.ndim) for array in draws[0]))
    return np.stack([evaluate(*arrays) for arrays in draws])


# Building it takes a tenth of a second, as long as evaluating a thousand draws.
@functools.cache
def _function(kinds: tuple[tuple[str, int], ...]) -> Callable[..., Floats]:
    """Make the function of one draw; it compiles, or takes its code from the cache, where it is first called."""
    inputs = [pt.tensor(dtype=dtype, shape=(None,) * dims) for dtype, dims in kinds]
    learned = len(Hyperparameters._fields)
    loglik = graph_of(Hyperparameters(*inputs[:learned]), inputs[learned:])
    return cast("Callable[..., Floats]", pytensor.function(inputs, loglik, trust_input=True))


def _stamp() -> Path:
    """Name a file that is there once the loops were compiled on this machine."""
    return Path(pytensor.config.base_compiledir) / "bayestrace" / f"loops-{fingerprint()}"


def _compile_apart(arrays: Sequence[NDArray[Any]]) -> None:
    """Compile, in a process of its own, for a draw."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "draw.npz"
        np.savez(path, *arrays)
        compile_apart(__name__, ["_compile"], path, _stamp())


def _compile() -> None:
    """Compile by evaluating the draw that was handed over."""
    with np.load(sys.argv[1]) as stored:
        arrays = list(stored.values())
    _function(tuple((array.dtype.name, array.ndim) for array in arrays))(*arrays)
