"""A study read back from a result poses the problem that was fitted."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

from bayestrace.encoding import encode, ordered
from bayestrace.reading import read_study
from bayestrace.study import Study

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("profile", ["reference", "advocacy"])
def test_cases_and_levels_stand_as_they_were_fitted(profile: str) -> None:
    study = read_study(ROOT)
    fitted = encode(study, study.profiles[profile])
    # Canonical JSON sorts keys, and this study's cases are not in alphabetical order.
    back = Study.model_validate_json(study.canonical())
    assert list(back.cases) != list(study.cases)
    xr.testing.assert_identical(encode(ordered(back, fitted), study.profiles[profile]), fitted)
