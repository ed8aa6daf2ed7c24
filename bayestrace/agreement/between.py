"""Two rounds of coding side by side, as plain data."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from bayestrace.agreement import spread
from bayestrace.agreement.alpha import SAMPLES, alpha
from bayestrace.agreement.measured import Statements
from bayestrace.agreement.movement import movement
from bayestrace.encoding import encode
from bayestrace.study import PriorProfile, Study
from bayestrace.study.rounds import at_round, rounds_of

Row = dict[str, Any]


def between(
    study: Study, profile: PriorProfile, hypothesis_set: str | None, *, seed: int = 0, samples: int = SAMPLES
) -> list[Row]:
    """Compare each round with the one before.

    Parameters
    ----------
    study
        With all its rounds.
    profile, hypothesis_set
        As for `bayestrace.encoding.encode`.
    seed, samples
        Of the bootstrap.

    Returns
    -------
    list of dict
        The rows of `rounds` in docs/agreement.md; none where the study has one round.
    """
    said = {}
    for number in rounds_of(study):
        then = at_round(study, number)
        said[number] = Statements(then, encode(then, profile, hypothesis_set))
    return [
        _compared(study, (before, said[before]), (after, said[after]), seed=seed, samples=samples)
        for before, after in pairwise(said)
    ]


def _compared(study: Study, old: tuple[int, Statements], new: tuple[int, Statements], **bootstrap: int) -> Row:
    (before, first), (after, second) = old, new
    coders = [name for name in first.coders if name in second.coders]
    names = [name for name in first.names if name in second.names]
    then, now = (
        said.weights[np.ix_([said.coders.index(name) for name in coders], [said.names.index(name) for name in names])]
        for said in (first, second)
    )
    anew = {
        coding.coder: {item.evidence for item in coding.judgements if item.weights or item.probabilities}
        for coding in study.rounds[after]
    }
    stated = np.array([[name in anew.get(coder, ()) for name in names] for coder in coders], dtype=bool)
    moved = movement(then, now, stated.reshape(len(coders), len(names)))
    spreads = [dict(zip(said.names, said.spread(), strict=True)) for said in (first, second)]
    discussed = [name for name in second.names if any(name in told for told in anew.values())]
    return {
        "before": before,
        "after": after,
        "alpha": [alpha(said.pairs, **bootstrap)._asdict() for said in (first, second)],
        "spread_db": [float(spread.root_mean_square(spread.deviation(said.weights))) for said in (first, second)],
        "new_coders": [name for name in second.coders if name not in coders],
        "movement": [
            {
                "coder": coder,
                "weights": int(moved.weights[row]),
                "changed": int(moved.changed[row]),
                "distance_db": float(moved.distance[row]),
                "towards": [
                    {"coder": other, "closed": float(moved.closed[row, column])}
                    for column, other in enumerate(coders)
                    if other != coder
                ],
            }
            for row, coder in enumerate(coders)
        ],
        "discussed": sorted(
            (
                {
                    "evidence": name,
                    "before_db": float(spreads[0].get(name, np.nan)),
                    "after_db": float(spreads[1][name]),
                }
                for name in discussed
            ),
            key=lambda row: -row["after_db"],
        ),
    }
