"""Whether the pattern that a study predicts is found: link by link, from clues that have a direction."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bayestrace import pattern
from bayestrace.study import Study

STEPS = ("promise", "trust")


def study_of(states: Mapping[str, str], predicted: Mapping[str, str] | None = None) -> Study:
    """Make a study of one case with an upward and a downward clue of each step; `states` by `promise-up` and so on."""
    clues = {
        f"{step}-{direction}": {
            "asks": "?",
            "step": step,
            "direction": direction,
            **({"domain": "security"} if step == "trust" else {}),
            "found_if": {"a": 0.5, "b": 0.25},
        }
        for step in STEPS
        for direction in ("up", "down")
    }
    directions = {"promise": "up", "trust": "down"} if predicted is None else predicted
    return Study.model_validate(
        {
            "bayestrace": 1,
            "id": "small",
            "title": "Small",
            "question": "?",
            "focal": "a",
            "hypotheses": {"a": {"name": "A"}, "b": {"name": "B"}},
            "sets": {"all": {"hypotheses": ("a", "b")}},
            "default_set": "all",
            "cases": {"one": {"name": "One"}},
            "mechanism": {
                "steps": {step: {"name": step} for step in (*STEPS, "end")},
                "domains": {"security": "Security"},
                "predictions": ({"name": "H", "cases": ("one",), "directions": directions},) if directions else (),
            },
            "reliability": {},
            "scale": {"name": "Scale", "anchors": ({"word": "none", "db": 0.0},)},
            "clues": {**clues, "undirected": {"asks": "?", "step": "trust", "found_if": {"a": 0.5, "b": 0.5}}},
            "searches": tuple({"case": "one", "clue": name, "state": state} for name, state in states.items()),
            "evidence": (),
            "sources": {},
            "codings": (),
            "profiles": {},
        }
    )


def test_every_link_as_predicted() -> None:
    found = pattern.pattern(study_of({"promise-up": "found", "promise-down": "not-found", "trust-down": "found"}))
    assert found["standing"].sel(case="one").values.tolist() == ["as-predicted", "as-predicted", ""]
    assert found["holds"].values.tolist() == [pattern.HOLDS]
    by_domain = found["standing_by_domain"].sel(case="one")
    assert str(by_domain.sel(step="trust", domain="security").values) == "as-predicted"
    assert str(by_domain.sel(step="trust", domain=pattern.NO_DOMAIN).values) == ""
    assert str(by_domain.sel(step="promise", domain=pattern.NO_DOMAIN).values) == "as-predicted"


@pytest.mark.parametrize(
    ("states", "standing", "holds"),
    [
        ({"promise-up": "found", "promise-down": "found"}, "mixed", pattern.FAILS),
        ({"promise-up": "not-found", "promise-down": "found"}, "against", pattern.FAILS),
        ({"promise-down": "found"}, "against", pattern.FAILS),
        ({"promise-up": "not-found", "promise-down": "not-found"}, "not-found", pattern.FAILS),
        ({"promise-up": "not-sought"}, "not-sought", pattern.OPEN),
        ({}, "not-sought", pattern.OPEN),
    ],
)
def test_a_link_that_is_not(states: Mapping[str, str], standing: str, holds: int) -> None:
    found = pattern.pattern(study_of({**states, "trust-down": "found"}))
    assert str(found["standing"].sel(case="one", step="promise").values) == standing
    assert found["holds"].values.tolist() == [holds]


def test_what_was_not_sought_excuses_nothing_that_was_contrary() -> None:
    found = pattern.pattern(study_of({"trust-up": "found"}))
    assert found["standing"].sel(case="one").values.tolist() == ["not-sought", "against", ""]
    assert found["holds"].values.tolist() == [pattern.FAILS]


def test_clues_without_a_direction_and_steps_without_a_prediction_count_for_nothing() -> None:
    found = pattern.pattern(study_of({"undirected": "found", "promise-up": "found"}, {"trust": "down"}))
    assert found["standing"].sel(case="one").values.tolist() == ["", "not-sought", ""]
    nothing = pattern.pattern(study_of({"promise-up": "found"}, {}))
    assert nothing["holds"].values.tolist() == [pattern.FAILS], "where nothing is predicted no pattern holds"
