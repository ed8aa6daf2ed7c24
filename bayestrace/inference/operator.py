"""Compiled loops as operations of a PyTensor graph, with their gradients: clusters, and cases one by one.

Numba compiles loops for ten seconds, and anew for arrays of another kind. So all graphs hand them arrays of one kind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytensor.tensor as pt
from pytensor.gradient import disconnected_type
from pytensor.graph.basic import Apply, Variable
from pytensor.graph.op import Op
from pytensor.link.numba.dispatch.basic import numba_njit, register_funcify_and_cache_key

from bayestrace.inference import casewise, kernel, rowwise, slopes
from bayestrace.inference.backend import Array
from bayestrace.inference.signal import Hyperparameters

# The compiler's cache is keyed by the text that is compiled.
_KEY = hashlib.sha256(b"".join(Path(str(room.__file__)).read_bytes() for room in (rowwise, kernel, slopes))).hexdigest()
_CASES_KEY = hashlib.sha256(b"".join(Path(str(room.__file__)).read_bytes() for room in (rowwise, casewise))).hexdigest()
_LEARNED = len(Hyperparameters._fields)
#: Dimensions of what `kernel.forward` returns after the likelihoods, for `slopes.backward` to take.
HELD = (3, 3, 3, 2, 3, 2, 1, 1)
# Inputs of `casewise.evidence` that are no layout.
_LOG_PROBABILITIES = 2


def cluster_loglik(theta: Hyperparameters, laid_out: Sequence[Any]) -> Variable[Any, Any]:
    """Evaluate log p(y_g | k) of every cluster, shape (G, K), as `signal.cluster_loglik` does.

    Parameters
    ----------
    theta
        Hyperparameters, as variables of a graph.
    laid_out
        The values of `layout.layout`, in its order, as arrays or as variables.
    """
    learned = [pt.as_tensor_variable(value, dtype="float64") for value in theta]
    whole = [Contiguous()(value) if value.type.ndim else value for value in learned]
    return ClusterLoglik()(*whole, *map(pt.as_tensor_variable, laid_out))[0]


def log_evidence(log_term: Array, log_prior: Array, laid_out: casewise.Layout) -> Variable[Any, Any]:
    """Add up the log-probabilities of what was found in all cases, as `casewise.evidence` does."""
    return CaseEvidence()(log_term, log_prior, *map(pt.as_tensor_variable, laid_out))[0]


class Contiguous(Op):  # type: ignore[misc]  # pytensor is untyped
    """The same array, its rows next to each other, which numba does not know of what was added up."""

    __props__ = ()
    view_map = {0: [0]}  # noqa: RUF012 - as pytensor declares it

    def make_node(self, array: Variable[Any, Any]) -> Apply[Any]:
        """Make the node of a graph."""
        return Apply(self, [array], [array.type()])

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: list[list[Any]]) -> None:
        """Evaluate without the numba linker."""
        del node
        output_storage[0][0] = np.ascontiguousarray(inputs[0])

    def pullback(
        self,
        inputs: Sequence[Variable[Any, Any]],
        outputs: Sequence[Variable[Any, Any]],
        cotangents: Sequence[Variable[Any, Any]],
    ) -> list[Variable[Any, Any]]:
        """Differentiate: what is the same has the same slopes."""
        del inputs, outputs
        return [*cotangents]


class ClusterLoglik(Op):  # type: ignore[misc]  # pytensor is untyped
    """log p(y_g | k), and what its gradient needs; inputs and outputs are those of `kernel.forward`."""

    __props__ = ()

    def make_node(self, *inputs: Variable[Any, Any]) -> Apply[Any]:
        """Make the node of a graph."""
        clusters, hypotheses = inputs[_LEARNED + 5].type.shape[0], inputs[_LEARNED + 4].type.shape[1]
        loglik = pt.tensor(dtype="float64", shape=(clusters, hypotheses))
        held = [pt.tensor(dtype="float64", shape=(None,) * dims) for dims in HELD]
        return Apply(self, list(inputs), [loglik, *held])

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: list[list[Any]]) -> None:
        """Evaluate without the numba linker."""
        del node
        for place, value in zip(output_storage, kernel.forward(*inputs), strict=True):
            place[0] = value

    def pullback(
        self,
        inputs: Sequence[Variable[Any, Any]],
        outputs: Sequence[Variable[Any, Any]],
        cotangents: Sequence[Variable[Any, Any]],
    ) -> list[Variable[Any, Any]]:
        """Differentiate in the hyperparameters; what was stated is constant."""
        slopes_of = ClusterSlopes()(cotangents[0], *outputs[1:], *inputs)
        return [*slopes_of, *(disconnected_type() for _ in inputs[_LEARNED:])]

    def connection_pattern(self, node: Apply[Any]) -> list[list[bool]]:
        """Say that only the first output is a function of the hyperparameters to gradients."""
        return [[place < _LEARNED and not out for out in range(1 + len(HELD))] for place, _ in enumerate(node.inputs)]


class ClusterSlopes(Op):  # type: ignore[misc]  # pytensor is untyped
    """The gradient of `ClusterLoglik`; inputs and outputs are those of `slopes.backward`."""

    __props__ = ()

    def make_node(self, *inputs: Variable[Any, Any]) -> Apply[Any]:
        """Make the node of a graph."""
        learned = inputs[1 + len(HELD) :][:_LEARNED]
        return Apply(self, list(inputs), [value.type() for value in learned])

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: list[list[Any]]) -> None:
        """Evaluate without the numba linker."""
        del node
        for place, value in zip(output_storage, slopes.backward(*inputs), strict=True):
            place[0] = value


class CaseEvidence(Op):  # type: ignore[misc]  # pytensor is untyped
    """Log-probability of what was found in all cases, and its gradient; as `casewise.evidence` has it."""

    __props__ = ()

    def make_node(self, *inputs: Variable[Any, Any]) -> Apply[Any]:
        """Make the node of a graph."""
        return Apply(self, list(inputs), [pt.dscalar(), inputs[0].type(), inputs[1].type()])

    def perform(self, node: Apply[Any], inputs: Sequence[Any], output_storage: list[list[Any]]) -> None:
        """Evaluate without the numba linker."""
        del node
        for place, value in zip(output_storage, casewise.evidence(*inputs), strict=True):
            place[0] = value

    def pullback(
        self,
        inputs: Sequence[Variable[Any, Any]],
        outputs: Sequence[Variable[Any, Any]],
        cotangents: Sequence[Variable[Any, Any]],
    ) -> list[Variable[Any, Any]]:
        """Differentiate in the log-probabilities; value and slopes come out of the same loops."""
        slopes_of = [cotangents[0] * slope for slope in outputs[1:]]
        return [*slopes_of, *(disconnected_type() for _ in inputs[_LOG_PROBABILITIES:])]

    def connection_pattern(self, node: Apply[Any]) -> list[list[bool]]:
        """Say that only the first output is a function of the log-probabilities to gradients."""
        return [[place < _LOG_PROBABILITIES and not out for out in range(3)] for place, _ in enumerate(node.inputs)]


def _contiguous(array: Any) -> Any:
    return np.ascontiguousarray(array)


register_funcify_and_cache_key(Contiguous)(lambda *_, **__: (numba_njit(_contiguous), "contiguous"))
register_funcify_and_cache_key(ClusterLoglik)(lambda *_, **__: (kernel.forward, f"forward-{_KEY}"))
register_funcify_and_cache_key(ClusterSlopes)(lambda *_, **__: (slopes.backward, f"backward-{_KEY}"))
register_funcify_and_cache_key(CaseEvidence)(lambda *_, **__: (casewise.evidence, f"cases-{_CASES_KEY}"))
