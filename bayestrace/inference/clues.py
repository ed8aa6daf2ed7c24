"""What searches for clues say of each explanation: one set of formulas, in NumPy and in PyTensor.

A search that would find a clue with probability s finds it with probability s phi under an explanation that makes it
likely with probability phi; sought and not found weighs 1 - s phi; not sought weighs nothing (docs/inference.md 5).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import UsageFault
from bayestrace.inference.backend import Array, Backend, NumPy

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Stands for an outcome that an explanation excludes where its logarithm is taken in a graph, which knows no -inf:
#: 300 dB, beyond anything that else is weighed.
EXCLUDED = 1e-30


class Terms(NamedTuple):
    """Outcomes, each with a probability that depends on at most two cells.

    With a = s phi of the first cell, b of the second and j = s s' P(both), it is c0 + c1 a + c2 b + c3 j.

    Parameters
    ----------
    first, second
        Indices of the cells, shape (T,); of a single outcome both are the same.
    search
        s of either side, shape (T, 2).
    coefficient
        c0 to c3, shape (T, 4).
    correlation
        Of the two given each explanation, shape (T, K).
    """

    first: Integers
    second: Integers
    search: Floats
    coefficient: Floats
    correlation: Floats

    def pick(self, places: Integers) -> Terms:
        """Take some of the terms."""
        return Terms(
            self.first[places],
            self.second[places],
            self.search[places],
            self.coefficient[places],
            self.correlation[places],
        )

    @property
    def paired(self) -> bool:
        """Whether any of them depends on two cells."""
        return bool(self.coefficient[:, 2:].any())


#: The coefficients of two outcomes, by whether each was found.
_PAIR = {
    (True, True): (0.0, 0.0, 0.0, 1.0),
    (True, False): (0.0, 1.0, 0.0, -1.0),
    (False, True): (0.0, 0.0, 1.0, -1.0),
    (False, False): (1.0, -1.0, -1.0, 1.0),
}


def in_problem(problem: xr.Dataset) -> bool:
    """Say whether clues count among the evidence of a problem."""
    return "case_term" in problem


def terms_of(problem: xr.Dataset) -> Terms:
    """Take the terms of a problem with clues."""
    cell, found = problem["term_cell"].values, problem["term_found"].values.astype(bool)
    alone = cell[:, 1] < 0
    rows = [
        ((0.0, 1.0, 0.0, 0.0) if one else (1.0, -1.0, 0.0, 0.0)) if single else _PAIR[bool(one), bool(two)]
        for single, (one, two) in zip(alone, found, strict=True)
    ]
    return Terms(
        cell[:, 0].astype(np.int64),
        np.where(alone, cell[:, 0], cell[:, 1]).astype(np.int64),
        problem["term_search"].values,
        np.array(rows, dtype=np.float64).reshape(-1, 4),
        problem["term_correlation"].values,
    )


def probability(terms: Terms, phi: Array, maths: Backend) -> Array:
    """Work out the probability of each term under each explanation.

    Parameters
    ----------
    terms
        T of them.
    phi
        P(found | explanation), shape (..., cell, K).
    maths
        NumPy or PyTensor.

    Returns
    -------
    Array, shape (..., T, K)
    """
    zero, one, two, both = (terms.coefficient[:, place, None] for place in range(4))
    first = phi[..., terms.first, :]
    value = zero + one * terms.search[:, :1] * first
    if not terms.paired:
        return value
    second = phi[..., terms.second, :]
    spread = first * (1.0 - first) * second * (1.0 - second)
    # P(both) can be no more than either and no less than what the two leave each other no room to avoid.
    joint = first * second + terms.correlation * maths.sqrt(maths.at_least(spread, 0.0))
    joint = maths.at_least(joint, maths.at_least(first + second - 1.0, 0.0))
    joint = -maths.at_least(-joint, maths.at_least(-first, -second))
    return value + two * terms.search[:, 1:] * second + both * terms.search[:, :1] * terms.search[:, 1:] * joint


def loglik(terms: Terms, phi: Array, maths: Backend, least: float = EXCLUDED) -> Array:
    """Take the logarithm of `probability`, which is kept at least at `least`."""
    return maths.log(maths.at_least(probability(terms, phi, maths), least))


def impossible(problem: xr.Dataset) -> NDArray[np.bool_]:
    """Say which outcomes an explanation excludes, shape (T, K): those that known probabilities of 0 and 1 make so."""
    known = problem["cell_known"].values
    return np.asarray(probability(terms_of(problem), np.where(np.isnan(known), 0.5, known), NumPy()) <= 0.0)


def excluded(problem: xr.Dataset) -> NDArray[np.bool_]:
    """Say which explanations what was found in each case excludes, shape (C, K).

    Raises
    ------
    UsageFault
        It excludes every one in a case that the prior allows.
    """
    found = np.asarray(problem["case_term"].values @ impossible(problem) > 0)
    left = ~found & (problem["prior"].values > 0.0)
    if not left.any(axis=1).all():
        raise UsageFault("clues-impossible", case=str(problem["case"].values[np.flatnonzero(~left.any(axis=1))[0]]))
    return found


def mean(problem: xr.Dataset) -> Floats:
    """Give the expected probability of every cell before the evidence, shape (cell, K)."""
    alpha, beta = problem["cell_alpha"].values, problem["cell_beta"].values
    return np.where(np.isnan(alpha), problem["cell_known"].values, alpha / (alpha + beta))


def case_loglik(problem: xr.Dataset, phi: Floats | None = None) -> Floats:
    """Add the log-likelihoods of what was found in each case up.

    Parameters
    ----------
    problem
        With clues.
    phi
        P(found | explanation), shape (..., cell, K); what is expected before the evidence if None.

    Returns
    -------
    ndarray, shape (..., C, K)
        Of one case each, whatever its count.
    """
    given = mean(problem) if phi is None else phi
    return np.asarray(problem["case_term"].values @ loglik(terms_of(problem), given, NumPy()))


def without(problem: xr.Dataset, clue: int) -> xr.Dataset:
    """Take one clue out of the evidence of a problem; a clue that it depended on, or that was given it, stays."""
    gone = np.isin(problem["term_cell"].values, np.flatnonzero(problem["cell_clue"].values == clue))
    pair = problem["term_cell"].values[:, 1] >= 0
    out, single = gone.any(axis=1) & ~pair, gone.any(axis=1) & pair
    kept = np.where(gone[:, :1], [[1, 0]], [[0, 1]])  # of a pair the other side, first
    order = np.where(single[:, None], kept, [[0, 1]])
    sides = {name: np.take_along_axis(problem[name].values, order, axis=1) for name in _SIDES}
    sides["term_cell"] = np.where(single[:, None] & (np.arange(2) == 1), -1, sides["term_cell"])
    return problem.assign(
        {name: (("term", "side"), value) for name, value in sides.items()}
        | {
            "case_term": problem["case_term"] * ~out,
            "term_correlation": problem["term_correlation"] * ~single[:, None],
        }
    )


_SIDES = ("term_cell", "term_found", "term_search")
