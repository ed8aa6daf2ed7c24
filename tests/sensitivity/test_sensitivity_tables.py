"""An analysis as a tidy table: rows, columns, blanks, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
import xarray as xr

from bayestrace.sensitivity.tables import analyses, flip_points, tidy


@pytest.fixture
def sweep() -> xr.Dataset:
    """Two panels, three settings, two cases and two hypotheses."""
    probability = np.arange(24.0).reshape(2, 3, 2, 2) / 24.0
    return xr.Dataset(
        {
            "probability": (("panel", "setting", "case", "hypothesis"), probability),
            "x": (("panel", "setting"), [[0.0, 0.5, 1.0], [0.0, -0.25, np.nan]]),
            "pareto_k": ("setting", [0.1, np.nan, 0.3]),
            "flip_at": (("panel", "case"), [[0.75, np.nan], [np.inf, 0.5]]),
            "flip_to": (("panel", "case"), [["b", ""], ["a", "b"]]),
            "members": (("case", "rank"), [["one", "two"], ["three", ""]]),
            "exact": ("case", [True, False]),
        },
        coords={"panel": ["=SUM(A1)", "@x"], "case": ["one", "-two"], "hypothesis": ["a", "b"]},
    )


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_there_is_a_row_for_each_setting_case_and_hypothesis(sweep: xr.Dataset) -> None:
    found = rows(tidy(sweep)[""])
    assert len(found) == 24
    row = found[2 * 4 + 3]  # panel 0, setting 2, case 1, hypothesis 1
    assert (row["setting"], row["case"], row["hypothesis"]) == ("2", "'-two", "b")
    assert float(row["probability"]) == 11.0 / 24.0
    assert (row["x"], row["pareto_k"], row["exact"]) == ("1.0", "0.3", "false")
    assert (row["flip_at"], row["flip_to"]) == ("", "")


def test_numbers_keep_their_sign_and_every_digit(sweep: xr.Dataset) -> None:
    found = rows(tidy(sweep)[""])
    assert found[16]["x"] == "-0.25"
    assert found[20]["x"] == ""
    assert {float(row["probability"]) for row in found} == set(sweep["probability"].values.ravel())


def test_no_text_begins_a_formula(sweep: xr.Dataset) -> None:
    for text in tidy(sweep).values():
        for row in csv.reader(io.StringIO(text)):
            for cell in row:
                assert cell[:1] not in {"=", "+", "@", "\t", "\r"}
                assert not cell.startswith("-") or float(cell) < 0


def test_what_has_other_dimensions_has_a_table_of_its_own(sweep: xr.Dataset) -> None:
    found = rows(tidy(sweep)["-by-case-rank"])
    assert [row["members"] for row in found] == ["one", "two", "three", ""]


def test_flip_points_are_plain_data(sweep: xr.Dataset) -> None:
    assert flip_points(sweep) == [
        {"panel": "=SUM(A1)", "case": "one", "at": 0.75, "to": "b"},
        {"panel": "=SUM(A1)", "case": "-two", "at": None, "to": None},
        {"panel": "@x", "case": "one", "at": None, "to": "a"},
        {"panel": "@x", "case": "-two", "at": 0.5, "to": "b"},
    ]
    assert flip_points(sweep.drop_vars("flip_at")) == []


def test_analyses_are_found_by_their_names(sweep: xr.Dataset) -> None:
    tree = xr.DataTree.from_dict({"other": sweep, "sensitivity/bounds": sweep, "sensitivity/left_out/case": sweep})
    assert [name for name, _ in analyses(tree)] == ["bounds", "left_out/case"]
