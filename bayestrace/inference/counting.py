"""How many of many events happen, none of which hangs on another."""

from __future__ import annotations

import numpy as np
from numpy.fft import irfft, rfft
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Factors of a product of polynomials up to this length are multiplied out.
_SHORT = 33


def number_of(probability: Floats) -> Floats:
    """Give the distribution of the number of events that happen, none of which hangs on another.

    Parameters
    ----------
    probability
        Of each event, shape (S, C).

    Returns
    -------
    ndarray, shape (S, C + 1)
        P(exactly n of them).

    Notes
    -----
    Two sets of events at a time, whose distributions are convolved; larger ones by Fourier transforms, whose error is
    about 1e-16 of the greatest probability.
    """
    parts = list(np.stack([1.0 - probability, probability], axis=-1).transpose(1, 0, 2))
    while len(parts) > 1:
        odd = [parts.pop()] if len(parts) % 2 else []
        parts = [_convolved(one, other) for one, other in zip(parts[::2], parts[1::2], strict=True)] + odd
    return np.asarray(np.maximum(parts[0], 0.0))


def _convolved(one: Floats, other: Floats) -> Floats:
    """Convolve rows, shapes (S, m) and (S, n), to (S, m + n - 1)."""
    length = one.shape[1] + other.shape[1] - 1
    if other.shape[1] <= _SHORT:
        total = np.zeros((len(one), length))
        for shift in range(other.shape[1]):
            total[:, shift : shift + one.shape[1]] += one * other[:, shift, None]
        return total
    return np.asarray(irfft(rfft(one, length) * rfft(other, length), length))
