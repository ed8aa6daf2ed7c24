"""Name the few array functions of the signal model, so that one set of formulas serves NumPy and PyTensor."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

#: An array of either library; the formulas use only operators, indexing from the right and `Backend`.
Array = Any


class Backend(Protocol):
    """Array functions by which NumPy and PyTensor differ."""

    def log(self, x: Array) -> Array:
        """Take the natural logarithm."""

    def exp(self, x: Array) -> Array:
        """Take the exponential."""

    def sqrt(self, x: Array) -> Array:
        """Take the square root."""

    def at_least(self, x: Array, floor: float) -> Array:
        """Keep every element at least at a floor."""

    def greatest(self, x: Array, axes: tuple[int, ...]) -> Array:
        """Take the greatest element along some axes; a constant to gradients."""

    def normal_cdf(self, x: Array) -> Array:
        """Take the standard normal distribution function."""

    def inverse(self, x: Array) -> Array:
        """Invert the matrices on the last two axes."""

    def log_det(self, x: Array) -> Array:
        """Take the log determinants of the matrices on the last two axes."""

    def times(self, x: Array, matrix: Array) -> Array:
        """Multiply the last axis of `x` by a constant matrix."""

    def sum_rows(self, label: Array, groups: int, x: Array, trailing: int) -> Array:
        """Sum rows of `x`, the axis before `trailing` others, by their labels 0 to groups - 1."""


class NumPy:
    """The formulas evaluated at once for many draws."""

    log = staticmethod(np.log)
    exp = staticmethod(np.exp)
    sqrt = staticmethod(np.sqrt)
    at_least = staticmethod(np.maximum)
    inverse = staticmethod(np.linalg.inv)

    @staticmethod
    def greatest(x: Array, axes: tuple[int, ...]) -> Array:
        """Take the greatest element along some axes."""
        return x.max(axis=axes)

    @staticmethod
    def normal_cdf(x: Array) -> Array:
        """Take the standard normal distribution function."""
        from scipy.special import ndtr  # noqa: PLC0415 - slow to import, and reports need none of it

        return ndtr(x)

    @staticmethod
    def log_det(x: Array) -> Array:
        """Take the log determinants of the matrices on the last two axes."""
        return np.linalg.slogdet(x)[1]

    @staticmethod
    def times(x: Array, matrix: Array) -> Array:
        """Multiply the last axis of `x` by a constant matrix."""
        return x @ matrix

    @staticmethod
    def sum_rows(label: Array, groups: int, x: Array, trailing: int) -> Array:
        """Sum rows of `x`, the axis before `trailing` others, by their labels 0 to groups - 1."""
        rows = np.moveaxis(x, -trailing - 1, 0)
        total = np.zeros((groups, *rows.shape[1:]))
        # Row by row: a product with a matrix that is mostly zeros waits for other work on the machine's cores.
        for place, row in zip(label, rows, strict=True):
            total[place] += row
        return np.moveaxis(total, 0, -trailing - 1)
