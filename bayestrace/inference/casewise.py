"""Explanations summed out case by case, given pools and probabilities of clues, and the slopes, as compiled loops.

log P(evidence) = sum_c n_c log sum_k exp(p_ck + sum of the log-probabilities of what was found in c), where p_ck is
whatever else is known of the case. Both it and its gradient are sums over cases, so that each takes time in proportion
to the number of cases; loops over a few hundred of them at a time need no memory that grows with it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.inference.rowwise import compiled, exponentiate

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Clues whose outcomes are added up once for all cases that share them, and cases worked on at once.
_TOGETHER, _BLOCK = 4, 256


class Layout(NamedTuple):
    """What the loops take besides log-probabilities; lists stand one after the other, the i-th from `start[i]` on.

    Parameters
    ----------
    part_start, part_term
        Terms of each part: what was found of a few clues, shared by all cases in which it was.
    case_start, case_part
        Parts of each case.
    row
        The row of the log-prior that each case has, shape (C,).
    stands_for
        Cases that each stands for, shape (C,).
    """

    part_start: Integers
    part_term: Integers
    case_start: Integers
    case_part: Integers
    row: Integers
    stands_for: Floats


def layout(case_term: Integers, term_clue: Integers, row: Integers, stands_for: Integers) -> Layout:
    """Lay cases out for `evidence`.

    Parameters
    ----------
    case_term
        Whether a case has an outcome, shape (C, T).
    term_clue
        The clue that each outcome is of, shape (T,); of two that depend on one another either.
    row, stands_for
        As in `Layout`.
    """
    parts: list[Integers] = []
    places = np.full((len(case_term), 1 + int(term_clue.max(initial=0)) // _TOGETHER), -1, dtype=np.int64)
    for group in range(places.shape[1]):
        columns = np.flatnonzero(term_clue // _TOGETHER == group)
        distinct, place = np.unique(case_term[:, columns], axis=0, return_inverse=True)
        some = distinct.any(axis=1)
        number = np.where(some, len(parts) + np.cumsum(some) - 1, -1)
        places[:, group] = number[place.ravel()]
        parts += [columns[np.flatnonzero(each)] for each in distinct[some]]
    cases = [each[each >= 0] for each in places]
    return Layout(*_listed(parts), *_listed(cases), row, stands_for.astype(np.float64))


def _listed(lists: list[Integers]) -> tuple[Integers, Integers]:
    start = np.concatenate([[0], np.cumsum([each.size for each in lists])]).astype(np.int64)
    return start, np.concatenate([np.zeros(0, dtype=np.int64), *lists])


@compiled
def evidence(
    log_term: Floats,
    log_prior: Floats,
    part_start: Integers,
    part_term: Integers,
    case_start: Integers,
    case_part: Integers,
    row: Integers,
    stands_for: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Add up the log-probabilities of what was found in all cases, their explanations summed out.

    Parameters
    ----------
    log_term
        Log-probability of each outcome under each explanation, shape (T, K).
    log_prior
        Log-probability of each explanation before that, up to a constant, shape (R, K).
    part_start, part_term, case_start, case_part, row, stands_for
        As in `Layout`.

    Returns
    -------
    value : ndarray, shape ()
    term_slope : ndarray, shape (T, K)
        Its derivatives in `log_term`.
    prior_slope : ndarray, shape (R, K)
        Its derivatives in `log_prior`: the expected number of cases with each explanation.
    """
    size = log_term.shape[1]
    part = np.zeros((part_start.size - 1, size))
    for p in range(part.shape[0]):
        here = part[p]
        for i in range(part_start[p], part_start[p + 1]):
            other = log_term[part_term[i]]
            for k in range(size):
                here[k] += other[k]
    part_slope, prior_slope = np.zeros_like(part), np.zeros_like(log_prior)
    held, top = np.empty((_BLOCK, size)), np.empty(_BLOCK)
    flat, bits = held.reshape(-1), np.empty(_BLOCK * size, np.int64)
    power = bits.view(np.float64)
    value = 0.0
    for first in range(0, row.size, _BLOCK):
        several = min(_BLOCK, row.size - first)
        for b in range(several):
            c = first + b
            here, other = held[b], log_prior[row[c]]
            for k in range(size):
                here[k] = other[k]
            for i in range(case_start[c], case_start[c + 1]):
                other = part[case_part[i]]
                for k in range(size):
                    here[k] += other[k]
            greatest = here[0]
            for k in range(1, size):
                greatest = max(greatest, here[k])
            for k in range(size):
                here[k] -= greatest
            top[b] = greatest
        exponentiate(flat, several * size, bits, power)
        for b in range(several):
            c = first + b
            here = held[b]
            total = 0.0
            for k in range(size):
                total += here[k]
            value += stands_for[c] * (top[b] + math.log(total))
            share, other = stands_for[c] / total, prior_slope[row[c]]
            for k in range(size):
                here[k] *= share
                other[k] += here[k]
            for i in range(case_start[c], case_start[c + 1]):
                other = part_slope[case_part[i]]
                for k in range(size):
                    other[k] += here[k]
    term_slope = np.zeros_like(log_term)
    for p in range(part.shape[0]):
        here = part_slope[p]
        for i in range(part_start[p], part_start[p + 1]):
            other = term_slope[part_term[i]]
            for k in range(size):
                other[k] += here[k]
    return np.array(value), term_slope, prior_slope
