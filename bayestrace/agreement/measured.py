"""How far coders agree in what they stated, as plain data: coefficients, spread, leanings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.agreement import icc, spread, stated
from bayestrace.agreement.alpha import SAMPLES, alpha
from bayestrace.study import Study

Floats = NDArray[np.float64]
Row = dict[str, Any]

#: Stands for all pairs of explanations, for every step, and so on.
EVERY = "*"
#: Decibels up to which a weight favours neither side.
BANDS = (0.0, 1.0)
_TWO = 2


class Statements:
    """What coders stated of the observations that at least one of them weighed, those that only sum up left out.

    Parameters
    ----------
    study, problem
        The study and how it is encoded.
    """

    def __init__(self, study: Study, problem: xr.Dataset) -> None:
        self.problem = problem
        self.kept = np.flatnonzero(problem["stated"].values.any(axis=0) & ~problem["context"].values)
        self.names = [str(name) for name in problem["evidence"].values[self.kept]]
        self.coders = [str(name) for name in problem["coder"].values]
        self.rivals, weights = stated.over_rivals(problem)
        #: Focal explanation over each rival, decibels, shape (coder, observation, rival).
        self.weights: Floats = weights[:, self.kept]
        #: Between any two explanations, shape (coder, observation, pair).
        self.pairs: Floats = stated.pairs(problem)[:, self.kept]
        by_id = {item.id: item for item in study.evidence}
        self.evidence = [by_id[name] for name in self.names]

    def spread(self) -> Floats:
        """Root mean square over rivals of the standard deviation between coders, decibels, shape (observation,)."""
        return spread.root_mean_square(spread.deviation(self.weights), axis=-1)

    def groups(self, kind: str) -> Iterator[tuple[str, NDArray[np.int64]]]:
        """Yield the observations of each step, case or type of source, in the order in which they come up."""
        labels = [getattr(item, kind) for item in self.evidence]
        for name in dict.fromkeys(labels):
            yield name, np.array([place for place, label in enumerate(labels) if label == name])


def measured(study: Study, problem: xr.Dataset, *, seed: int = 0, samples: int = SAMPLES) -> Row:
    """Measure agreement in every way there is.

    Parameters
    ----------
    study, problem
        The study and how it is encoded.
    seed, samples
        Of the bootstrap intervals.

    Returns
    -------
    dict
        The keys `observations` to `leanings` of docs/agreement.md; NaN where there is no such number.
    """
    said = Statements(study, problem)
    bootstrap = {"seed": seed, "samples": samples}
    every = alpha(said.pairs, **bootstrap)
    alphas = [{"against": EVERY, **every._asdict()}]
    alphas += [
        {"against": rival, **alpha(said.weights[..., [place]], **bootstrap)._asdict()}
        for place, rival in enumerate(said.rivals)
    ]
    return {
        "observations": len(said.names),
        "compared": every.observations,
        "focal": str(problem.attrs["focal"]),
        "rivals": said.rivals,
        "coders": said.coders,
        "alpha": alphas,
        "icc": [_icc(said.weights[..., place], rival) for place, rival in enumerate(said.rivals)],
        "signs": [_signs(spread.signs(said.weights, band, **bootstrap)) for band in BANDS],
        "pairs": list(_pairs(said)),
        "spread": _spread(said),
        "groups": [
            row for kind in ("step", "case", "source_type") for row in _groups(said, kind, samples=samples, seed=seed)
        ],
        "leanings": list(_leanings(said)),
    }


def _icc(values: Floats, rival: str) -> Row:
    complete = values.T[np.isfinite(values).all(axis=0)]
    enough = min(complete.shape) >= _TWO
    found = icc.correlations(complete) if enough else {}
    mixed = icc.components(values.T)
    return {
        "against": rival,
        "complete": complete.shape[0],
        "kinds": [{"kind": kind, **one._asdict()} for kind, one in found.items()],
        "mixed": None
        if mixed is None
        else {
            **{f"{name}_variance": value for name, value in mixed._asdict().items()},
            "absolute": mixed.absolute(),
            "consistent": mixed.consistent(),
        },
    }


def _signs(found: spread.Signs) -> Row:
    return {
        "band_db": found.band,
        "same": found.same,
        "opposite": found.opposite,
        "undecided": found.undecided,
        "share": found.share,
        "alpha": found.alpha._asdict(),
    }


def _pairs(said: Statements) -> Iterator[Row]:
    for one, other in itertools.combinations(range(len(said.coders)), 2):
        both = said.weights[[one, other]]
        apart = both[0] - both[1]
        agreed = spread.signs(both, BANDS[-1], samples=0)
        yield {
            "coder": said.coders[one],
            "other": said.coders[other],
            "weights": int(np.isfinite(apart).sum()),
            "apart_db": float(spread.root_mean_square(apart)),
            "same_sign": agreed.share,
        }


def _spread(said: Statements) -> Row:
    deviation = spread.deviation(said.weights)
    return {
        "all_db": float(spread.root_mean_square(deviation)),
        "by_rival": [
            {"against": rival, "spread_db": float(spread.root_mean_square(deviation[:, place]))}
            for place, rival in enumerate(said.rivals)
        ],
        "by_observation": [
            {
                "evidence": name,
                "spread_db": float(whole),
                "by_rival": [
                    {"against": rival, "spread_db": float(each)} for rival, each in zip(said.rivals, row, strict=True)
                ],
            }
            for name, whole, row in zip(said.names, said.spread(), deviation, strict=True)
        ],
    }


def _groups(said: Statements, kind: str, **bootstrap: int) -> Iterator[Row]:
    deviation = spread.deviation(said.weights)
    for name, places in said.groups(kind):
        by_rival = spread.root_mean_square(deviation[places], axis=0)
        found = alpha(said.pairs[:, places], **bootstrap)
        yield {
            "kind": kind,
            "name": name,
            "observations": found.observations,
            "spread_db": float(spread.root_mean_square(deviation[places])),
            "by_rival": [
                {"against": rival, "spread_db": float(each)} for rival, each in zip(said.rivals, by_rival, strict=True)
            ],
            "alpha": found._asdict(),
            "same_sign": spread.signs(said.weights[:, places], BANDS[-1], samples=0).share,
        }


def _leanings(said: Statements) -> Iterator[Row]:
    apart = spread.apart(said.weights)
    steps: Mapping[str, NDArray[np.int64]] = {EVERY: np.arange(len(said.names)), **dict(said.groups("step"))}
    for place, coder in enumerate(said.coders):
        for step, members in steps.items():
            for column, rival in enumerate(said.rivals):
                found = spread.leaning(apart[place, members, column])
                yield {
                    "coder": coder,
                    "step": step,
                    "against": rival,
                    "mean_db": found.mean,
                    "low_db": found.low,
                    "high_db": found.high,
                    "observations": found.observations,
                }
