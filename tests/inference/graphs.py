"""Evaluate PyMC models at points without compiling them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pymc as pm
import pytensor
from pytensor.compile.mode import Mode

#: No rewriting and no compiler: the graph as it is written.
PLAIN = Mode(linker="py", optimizer=None)


def evaluator(model: pm.Model, graphs: list[Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Return a function of the free variables, on their natural scale and by name, that evaluates graphs."""
    inputs = model.value_vars
    # What stands within an operation would be compiled as C in spite of the mode.
    with pytensor.config.change_flags(cxx=""):
        function = pytensor.function(inputs, graphs, mode=PLAIN, on_unused_input="ignore")

    def evaluate(point: Mapping[str, Any]) -> Any:
        values = []
        for rv in model.free_RVs:
            value = np.asarray(point[rv.name], dtype=np.float64)
            transform = model.rvs_to_transforms[rv]
            if transform is not None:
                value = transform.forward(pytensor.tensor.as_tensor(value), *rv.owner.inputs).eval(mode=PLAIN)
            values.append(value)
        return function(*values)

    return evaluate


def deterministic(model: pm.Model, *names: str) -> list[Any]:
    """Return the graphs of named variables in terms of the values of the free ones."""
    return list(model.replace_rvs_by_values([model[name] for name in names]))
