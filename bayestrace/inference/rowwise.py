"""Functions of rows of numbers, several numbers at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numba
import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_ROOT_HALF = math.sqrt(0.5)
# 1/log 2, and log 2 in two parts of which the first times an exponent is exact (Cody and Waite 1980).
_PER_LOG_2, _LOG_2_HIGH, _LOG_2_LOW = 1.0 / math.log(2.0), 0.6931471803691238, 1.9082149292705877e-10
# The bits of the root of 1/2: mantissas are taken between it and its double.
_ROOT_HALF_BITS = 0x3FE6A09E667F3BCD
# What is between these is a normal number.
_SMALL, _GREAT = float(np.finfo(float).tiny), float(np.finfo(float).max)
# (1 + 2x) exp(x^2) erfc(x) is a polynomial of this degree in (x - 3.75)/(x + 3.75), to thirteen digits, for every x
# from 0 up (Shepherd and Laframboise 1981).
_MIDDLE, _DEGREE = 3.75, 24


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a function of arrays; sums may be taken in any order, infinities stay what they are."""
    return cast("F", numba.njit(fastmath={"reassoc", "contract", "nsz"}, error_model="numpy")(function))


def _scaled_erfc() -> Floats:
    """Fit that polynomial by its values at Chebyshev's points; coefficients from the highest power down."""

    def wanted(t: Floats) -> Floats:
        x = _MIDDLE * (1.0 + t) / (1.0 - t)
        return np.asarray((1.0 + 2.0 * x) * erfcx(x))

    fitted = np.polynomial.Chebyshev.interpolate(wanted, _DEGREE)
    return np.asarray(fitted.convert(kind=np.polynomial.Polynomial).coef[::-1].copy())


_COEFFICIENTS = _scaled_erfc()


@compiled
def exponentiate(x: Floats, n: int, bits: Integers, power: Floats) -> None:
    """Replace the first n numbers of a row, none above 0, by their exponentials, to twelve digits.

    The library's exponential takes one number at a time, and took a third of all the time spent here. This takes
    several: e^x = 2^m e^r with |r| at most (log 2)/2, the Taylor series of e^r to the twelfth power, and m put into
    the exponent's bits; `power` is a view of `bits`. Below -700 the result is that of -700, which is nothing.
    """
    for i in range(n):
        t = max(x[i], -700.0)
        m = math.floor(t * _PER_LOG_2 + 0.5)
        r = (t - m * _LOG_2_HIGH) - m * _LOG_2_LOW
        series = 1.0 / 479001600.0
        series = series * r + 1.0 / 39916800.0
        series = series * r + 1.0 / 3628800.0
        series = series * r + 1.0 / 362880.0
        series = series * r + 1.0 / 40320.0
        series = series * r + 1.0 / 5040.0
        series = series * r + 1.0 / 720.0
        series = series * r + 1.0 / 120.0
        series = series * r + 1.0 / 24.0
        series = series * r + 1.0 / 6.0
        series = series * r + 0.5
        series = series * r + 1.0
        x[i] = series * r + 1.0
        bits[i] = (np.int64(m) + 1023) << 52
    for i in range(n):
        x[i] *= power[i]


@compiled
def _take_normal_logs(x: Floats, n: int, bits: Integers, power: Floats, exponent: Floats) -> None:
    """Take logarithms of numbers that are above 0, finite and not subnormal.

    With x = 2^e m and s = (m - 1)/(m + 1), which is at most .172 either way, log m is 2 (s + s^3/3 + s^5/5 + ...).
    """
    for i in range(n):
        power[i] = x[i]
    for i in range(n):
        whole = (bits[i] - _ROOT_HALF_BITS) >> 52
        bits[i] -= whole << 52
        exponent[i] = whole
    for i in range(n):
        s = (power[i] - 1.0) / (power[i] + 1.0)
        square = s * s
        series = 1.0 / 19.0
        series = series * square + 1.0 / 17.0
        series = series * square + 1.0 / 15.0
        series = series * square + 1.0 / 13.0
        series = series * square + 1.0 / 11.0
        series = series * square + 1.0 / 9.0
        series = series * square + 1.0 / 7.0
        series = series * square + 1.0 / 5.0
        series = series * square + 1.0 / 3.0
        x[i] = exponent[i] * _LOG_2_HIGH + (2.0 * s * (1.0 + series * square) + exponent[i] * _LOG_2_LOW)


@compiled
def take_logs(x: Floats, n: int, bits: Integers, power: Floats, exponent: Floats) -> None:
    """Replace the first n numbers of a row, none negative, by their logarithms, to thirteen digits.

    `bits`, of which `power` is a view, and `exponent` are room to work in.
    """
    normal = 0
    for i in range(n):
        normal += 1 if _SMALL <= x[i] <= _GREAT else 0
    if normal == n:
        _take_normal_logs(x, n, bits, power, exponent)
        return
    # No number's logarithm may hang on what else is in its row.
    for i in range(n):
        if _SMALL <= x[i] <= _GREAT:
            _take_normal_logs(x[i : i + 1], 1, bits, power, exponent)
        else:
            x[i] = math.log(x[i])


@compiled
def take_cdfs(x: Floats, n: int, bits: Integers, power: Floats, tail: Floats, place: Floats) -> None:
    """Replace the first n numbers of a row by the standard normal distribution function there, to twelve digits.

    `bits`, of which `power` is a view, `tail` and `place` are room to work in.
    """
    for i in range(n):
        tail[i] = -0.5 * x[i] * x[i]
    exponentiate(tail, n, bits, power)
    for i in range(n):
        far = abs(x[i]) * _ROOT_HALF
        tail[i] *= 0.5 / (1.0 + 2.0 * far)
        place[i] = (far - _MIDDLE) / (far + _MIDDLE)
        power[i] = _COEFFICIENTS[0]
    # Some powers at a time, for all numbers: a loop over powers for each number would take them one by one.
    for start in range(1, _DEGREE + 1, 4):
        a, b = _COEFFICIENTS[start], _COEFFICIENTS[start + 1]
        c, d = _COEFFICIENTS[start + 2], _COEFFICIENTS[start + 3]
        for i in range(n):
            t = place[i]
            power[i] = (((power[i] * t + a) * t + b) * t + c) * t + d
    for i in range(n):
        below = tail[i] * power[i]
        x[i] = below if x[i] < 0.0 else 1.0 - below
