"""Warm-up: longer where weights of levels are drawn beside probabilities of clues, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from sought_studies import make
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference import sampling

CLUE = {"q": {"found_if": {"a": 0.8, "b": [0.2, 0.5]}}}


def sought(cases: int, levels: Any = 0.25) -> Any:
    rows = {(f"c{place}", "q"): ("found", 1.0) for place in range(cases)}
    return encode(make(CLUE, rows), make_profile(levels=levels))


@pytest.mark.parametrize(
    ("problem", "draws"),
    [
        (sought(30), sampling.TUNE_LEVELS),
        (sought(30, {"common": 1.0, "own": 0.0}), sampling.TUNE),
        (sought(3), sampling.TUNE),
        (encode(make_study(cases=9, hypotheses=4), make_profile()), sampling.TUNE),
    ],
    ids=["levels", "one level", "a table", "no clues"],
)
def test_warm_up_is_longer_where_levels_are_drawn_beside_clues(problem: Any, draws: int) -> None:
    assert sampling.warm_up(problem) == draws
