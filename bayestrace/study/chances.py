"""What a stated probability is expected to be, and the distribution that says how well it is known."""

from __future__ import annotations

import functools
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bayestrace.study.sought import Chance

_ENDS = (0.05, 0.95)
# Standard deviations between the ends of a 90 % range of a normal distribution.
_WIDTH = 3.29
# So far at most may the probabilities of the ends be from 5 % and 95 %.
_MISSED = 1e-9


def beta_of(chance: Chance) -> tuple[float, float] | None:
    """Give the parameters of the Beta distribution that says what is known of a probability.

    Parameters
    ----------
    chance
        A 90 % range stands for the Beta distribution with these 5 % and 95 % points; mean and standard deviation for
        the one that has them.

    Returns
    -------
    (alpha, beta) or None
        None where the probability is known.
    """
    if chance.at is not None:
        return None
    if chance.alpha is not None and chance.beta is not None:
        return chance.alpha, chance.beta
    if chance.mean is not None and chance.sd is not None:
        # Divided one by one: the square of a very small sd is 0.
        size = chance.mean / chance.sd * ((1.0 - chance.mean) / chance.sd) - 1.0
        return chance.mean * size, (1.0 - chance.mean) * size
    if chance.low is None or chance.high is None:
        raise ValueError(chance)
    return _beta_of_range(chance.low, chance.high)


def mean_of(chance: Chance) -> float:
    """Give the expected value of a probability."""
    shape = beta_of(chance)
    return float(chance.at or 0.0) if shape is None else shape[0] / sum(shape)


@functools.cache
def _beta_of_range(low: float, high: float) -> tuple[float, float]:
    from scipy.optimize import root  # noqa: PLC0415 - slow to import, and many studies state no range
    from scipy.special import betainc  # noqa: PLC0415 - as above

    ends = np.array([low, high])

    def missed(logs: NDArray[np.float64]) -> NDArray[np.float64]:
        alpha, beta = np.exp(logs)
        return np.asarray(betainc(alpha, beta, ends) - _ENDS)

    for start in _starts(low, high):
        with np.errstate(over="ignore"):  # a step too far is taken back
            found = root(missed, np.log(start), tol=1e-13)
        if np.abs(found.fun).max() < _MISSED:
            alpha, beta = np.exp(found.x)
            return float(alpha), float(beta)
    raise ArithmeticError(f"no Beta distribution found between {low} and {high}")


def _starts(low: float, high: float) -> Iterator[tuple[float, float]]:
    """Yield where to look first: near the normal distribution with these ends; of wide ranges, where there is none."""
    middle, sd = 0.5 * (low + high), (high - low) / _WIDTH
    size = max(middle * (1.0 - middle) / sd**2 - 1.0, 1.0)
    yield middle * size, (1.0 - middle) * size
    for steep in (1.0, 0.3, 0.1, 0.03, 0.01, 0.003):
        yield steep * middle / (1.0 - middle), steep
        yield steep, steep * (1.0 - middle) / middle
        yield steep, 1.0
        yield 1.0, steep
        yield steep, steep
