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

import numba
import numpy as np
import pytensor
import pytensor.tensor as pt
from numpy.typing import NDArray
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_funcify_ensure_cache

from bayestrace.inference.apart import compile_apart
from bayestrace.inference.fingerprint import fingerprint
from bayestrace.inference.layout import layout
from bayestrace.inference.operator import HELD, ClusterLoglik, ClusterSlopes
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
    draws = _draws(design, theta)
    if not _stamp().exists():
        _compile_apart(draws[0])
    return np.stack([_evaluate(arrays) for arrays in draws])


def compile_here(design: Design, theta: Hyperparameters) -> None:
    """Compile for such draws in this process, which should end then (`bayestrace.inference.apart`)."""
    _evaluate(_draws(design, theta)[0])
    _stamp().parent.mkdir(parents=True, exist_ok=True)
    _stamp().touch()


def compile_loglik(design: Design) -> None:
    """Compile the likelihood of clusters into the cache, before the graph of which it is part asks for it."""
    _compile_operation(ClusterLoglik(), _kinds(design))


def compile_slopes(design: Design) -> None:
    """Compile its slopes into the cache, as `compile_loglik` does."""
    _compile_operation(ClusterSlopes(), [*(("float64", dims) for dims in (2, *HELD)), *_kinds(design)])


def _kinds(design: Design) -> list[tuple[str, int]]:
    """Give type and number of dimensions of what the loops take: hyperparameters, and a design laid out."""
    learned = [("float64", dims) for dims in (1, 1, 2, *(0,) * (len(Hyperparameters._fields) - 3))]
    return [*learned, *((array.dtype.name, array.ndim) for array in layout(design).values())]


def _compile_operation(operation: Op, kinds: Sequence[tuple[str, int]]) -> None:
    node = operation.make_node(*(pt.tensor(dtype=dtype, shape=(None,) * dims) for dtype, dims in kinds))
    function, _ = numba_funcify_ensure_cache(operation, node)
    # As where compiled code calls it: there is no way to it from Python.
    arrays = (numba.types.Array(numba.from_dtype(np.dtype(dtype)), dims, "C") for dtype, dims in kinds)
    function.get_call_template(tuple(arrays), {})


def _draws(design: Design, theta: Hyperparameters) -> list[list[NDArray[Any]]]:
    """Lay out what the loops take, draw by draw: arrays of rows next to each other, numbers without dimensions."""
    rows, laid_out = [np.ascontiguousarray(values) for values in theta], layout(design).values()
    return [[*map(np.asarray, draw), *laid_out] for draw in zip(*rows, strict=True)]


def _evaluate(arrays: Sequence[NDArray[Any]]) -> Floats:
    return _function(tuple((array.dtype.name, array.ndim) for array in arrays))(*arrays)


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
        _evaluate([*stored.values()])
