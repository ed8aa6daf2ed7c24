"""What docs/validation/calibration.md tells is what the numbers beside it say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs/validation"
RECORD: dict[str, Any] = json.loads((DOCS / "calibration.json").read_text(encoding="utf-8"))
PAGE = (DOCS / "calibration.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """Return the rows of the first table below a heading."""
    below = PAGE.split(f"## {heading}")[1]
    lines = re.findall(r"^\|.*\|$", below, flags=re.MULTILINE)
    end = next((place for place, line in enumerate(lines[2:], start=2) if line.startswith("|--")), len(lines) + 1)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2 : end - 1]]


def test_every_way_is_told_as_it_came_out() -> None:
    rows = table("What was said, and what was so")
    assert len(rows) == len(RECORD["ways"]) == 4
    for row, way in zip(rows, RECORD["ways"], strict=True):
        leader = way["leader"]
        excess = [way[f"overconfidence{end}"] for end in ("", "_low", "_high")]
        error = [leader[f"error{end}"] for end in ("", "_low", "_high")]
        told = [leader["said"], leader["right"], *excess, *error, way["every"]["error"], way["log_score"], way["cllr"]]
        assert [float(number) for number in re.findall(r"[-+]?[0-9]+[.][0-9]+", " ".join(row[1:]))] == pytest.approx(
            told, abs=5.1e-4
        )


def test_every_hyperparameter_is_told_as_it_came_out() -> None:
    rows = table("Hyperparameters")
    assert len(rows) == len(RECORD["parameters"]) == 20
    for (name, *cells), one in zip(rows, RECORD["parameters"], strict=True):
        assert name == f"`{one['name']}`"
        told = [one["position"], one["p"], one["holm"], *(100.0 * cover["seen"] for cover in one["coverage"])]
        assert [float(cell.removesuffix(" %")) for cell in cells] == pytest.approx(told, abs=0.051)
        assert float(cells[0]) == pytest.approx(one["position"], abs=5.1e-4)


def test_what_was_aimed_at_was_reached() -> None:
    """Ten thousand studies: error of the leader at most .01, no rank departs, intervals of 90 % hold 88 to 92 %."""
    assert RECORD["studies"] == 10_000
    assert RECORD["departures"] == []
    (pooled,) = (way for way in RECORD["ways"] if way["name"] == "pooled")
    assert abs(pooled["leader"]["error"]) <= 0.01
    assert abs(pooled["every"]["error"]) <= 0.01
    for one in RECORD["parameters"]:
        assert one["holm"] > 0.01
        (cover,) = (cover for cover in one["coverage"] if cover["level"] == 0.9)
        assert 0.88 <= cover["seen"] <= 0.92
