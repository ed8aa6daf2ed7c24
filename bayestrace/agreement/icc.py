"""Intraclass correlations: what share of the variance of a weight is the observation's, and not the coder's."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

Floats = NDArray[np.float64]
Kind = Literal["1,1", "A,1", "C,1", "1,k", "A,k", "C,k"]

#: Upper quantile of F that bounds a two-sided 95 % interval.
_UPPER = 0.975
_TWO = 2
# Standard deviations of observations and coders relative to the rest: where the search begins, and may go.
_STARTS = ((1.0, 0.5), (3.0, 0.1), (0.3, 1.0))
_RANGE = (0.0, 1e4)


class Correlation(NamedTuple):
    """An intraclass correlation with its 95 % interval; NaN where it is not defined."""

    value: float
    low: float
    high: float


class Components(NamedTuple):
    """Variances of a crossed model with missing data, in the squared unit of the values.

    Parameters
    ----------
    observation, coder, rest
        Of what an observation has for every coder, of a coder's level, and of what is left.
    """

    observation: float
    coder: float
    rest: float

    def absolute(self) -> float:
        """Return ICC(A,1): coders count as different where their levels differ."""
        return self._share(self.observation + self.coder + self.rest)

    def consistent(self) -> float:
        """Return ICC(C,1): a coder's level does not count."""
        return self._share(self.observation + self.rest)

    def _share(self, total: float) -> float:
        return self.observation / total if total > 0.0 else np.nan


def correlations(values: Floats) -> dict[Kind, Correlation]:
    """Work out the intraclass correlations of a complete table, with intervals from the F distribution.

    Those of two-way random effects: A,1 and A,k, absolute agreement of one coder and of the mean of all k; C,1 and C,k,
    consistency. 1,1 and 1,k are those of one-way effects. McGraw and Wong 1996, tables 4 and 7; Shrout and Fleiss 1979
    call them ICC(2,1), (2,k), (3,1), (3,k), (1,1) and (1,k).

    Parameters
    ----------
    values
        Shape (observation, coder), at least two of each, nothing missing.

    Returns
    -------
    dict
        By kind. Intervals of A,k are those of A,1 stepped up (Spearman and Brown).
    """
    n, k = values.shape
    mean, rows, columns = values.mean(), values.mean(axis=1), values.mean(axis=0)
    by_row = k * float(((rows - mean) ** 2).sum()) / (n - 1)
    by_column = n * float(((columns - mean) ** 2).sum()) / (k - 1)
    error = float(((values - rows[:, None] - columns + mean) ** 2).sum()) / ((n - 1) * (k - 1))
    inside = float(((values - rows[:, None]) ** 2).sum()) / (n * (k - 1))
    one_way = _of_ratio(by_row, inside, k, (n - 1, n * (k - 1)))
    consistent = _of_ratio(by_row, error, k, (n - 1, (n - 1) * (k - 1)))
    absolute = _absolute(by_row, by_column, error, (n, k))
    return {
        "1,1": one_way,
        "A,1": absolute,
        "C,1": consistent,
        "1,k": _stepped_up(one_way, k),
        "A,k": _stepped_up(absolute, k),
        "C,k": _stepped_up(consistent, k),
    }


def _of_ratio(above: float, below: float, k: int, freedom: tuple[int, int]) -> Correlation:
    if below <= 0.0:
        return Correlation(1.0 if above > 0.0 else np.nan, np.nan, np.nan)
    ratio = above / below
    ends = ratio / stats.f.ppf(_UPPER, *freedom), ratio * stats.f.ppf(_UPPER, *reversed(freedom))
    return Correlation(*(float((end - 1.0) / (end + k - 1.0)) for end in (ratio, *ends)))


def _absolute(by_row: float, by_column: float, error: float, size: tuple[int, int]) -> Correlation:
    n, k = size
    total = by_row + (k - 1) * error + k * (by_column - error) / n
    value = (by_row - error) / total if total > 0.0 else np.nan
    if not value < 1.0 or error <= 0.0:
        return Correlation(value, np.nan, np.nan)
    a = k * value / (n * (1.0 - value))
    b = 1.0 + k * value * (n - 1) / (n * (1.0 - value))
    # Satterthwaite's degrees of freedom.
    parts = (a * by_column) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    freedom = (a * by_column + b * error) ** 2 / parts
    lower, upper = stats.f.ppf(_UPPER, n - 1, freedom), stats.f.ppf(_UPPER, freedom, n - 1)
    spread = k * by_column + (k * n - k - n) * error
    low = n * (by_row - lower * error) / (lower * spread + n * by_row)
    high = n * (upper * by_row - error) / (spread + n * upper * by_row)
    return Correlation(float(value), float(low), float(high))


def _stepped_up(one: Correlation, k: int) -> Correlation:
    """Give the reliability of the mean of k coders from that of one."""

    def step(value: float) -> float:
        below = 1.0 + (k - 1) * value
        return k * value / below if below > 0.0 else np.nan

    return Correlation(*map(step, one))


def components(values: Floats) -> Components | None:
    """Estimate the variances of observations, of coders and of the rest by restricted maximum likelihood.

    The model behind A,1 and C,1, x_uj = mean + observation_u + coder_j + rest_uj, all normal. It takes tables with
    gaps, and gives what mean squares give where there are none and no variance is estimated at 0. The likelihood is
    profiled over the mean and the variance of the rest (Bates et al. 2015, section 3.4).

    Parameters
    ----------
    values
        Shape (observation, coder); NaN where not stated.

    Returns
    -------
    Components
        None where there are not two coders, two observations and a value more than these take.
    """
    values = values[np.isfinite(values).any(axis=1)][:, np.isfinite(values).any(axis=0)]
    known = np.isfinite(values)
    size, (n, k) = int(known.sum()), values.shape
    if n < _TWO or k < _TWO or size <= n + k - 1 or not np.ptp(values[known]):
        return None
    scale = float(values[known].std())
    y = np.where(known, (values - values[known].mean()) / scale, 0.0)
    # What the random effects see of the mean (first) and of the values (second).
    by_row, by_column = (np.stack([known.sum(axis=axis), y.sum(axis=axis)], axis=1) for axis in (1, 0))
    incidence = known.astype(np.float64)

    def profiled(relative: Floats) -> tuple[float, float]:
        """Return the deviance, but for a constant, and the variance of the rest."""
        a, b = (float(part) for part in relative)
        # Effects of observations are eliminated one by one, so that what is left to factorise is a square of coders.
        own = 1.0 + a**2 * by_row[:, 0]
        crossed = a * b * incidence / own[:, None]
        left = np.eye(k) + b**2 * np.diag(by_column[:, 0]) - a * b * incidence.T @ crossed
        rest_of = b * by_column - crossed.T @ (a * by_row)
        explained = (a * by_row).T @ (a * by_row / own[:, None]) + rest_of.T @ np.linalg.solve(left, rest_of)
        slope = size - float(explained[0, 0])
        effect = (float(y.sum()) - float(explained[0, 1])) / np.sqrt(slope)
        variance = (float((y**2).sum()) - float(explained[1, 1]) - effect**2) / (size - 1)
        variance = max(variance, np.finfo(float).tiny)
        volume = float(np.log(own).sum()) + float(np.linalg.slogdet(left)[1])
        return volume + float(np.log(slope)) + (size - 1) * float(np.log(variance)), variance

    def deviance(relative: Floats) -> float:
        return profiled(relative)[0]

    fits = [
        optimize.minimize(
            deviance,
            np.array(start),
            method="L-BFGS-B",
            bounds=[_RANGE, _RANGE],
            options={"ftol": 1e-14},
        )
        for start in _STARTS
    ]
    best = np.asarray(min(fits, key=lambda fit: float(fit.fun)).x)
    rest = profiled(best)[1] * scale**2
    return Components(float(best[0] ** 2 * rest), float(best[1] ** 2 * rest), float(rest))
