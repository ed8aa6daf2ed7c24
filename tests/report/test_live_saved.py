"""What a reader saves out of a page is read by bayestrace, and says what the reader set."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from browsing import Watch, handed_out
from lively import drawn
from playwright.sync_api import Page
from trees import tree_of

from bayestrace.encoding import encode
from bayestrace.reading import read_study
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render
from bayestrace.study import Study

ROOT = Path(__file__).parents[2]
PARTS = ("study.yaml", "evidence", "priors")


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(ROOT)


@pytest.fixture(scope="module")
def html(study: Study) -> str:
    """The page of the study in the repository's root, with draws from the prior."""
    tree = tree_of(study, study.profiles["reference"], places=dict(study.places))
    _, posterior = drawn(tree["problem"].to_dataset(), 20)
    tree["posterior"] = xr.DataTree(posterior)
    return render(read_content(tree, "en"), live.island(tree))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "study"
    folder.mkdir()
    for name in PARTS:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
    return folder


def saved(tab: Page, folder: Path, html: str, fragment: str, button: str) -> tuple[str, Path]:
    Watch(tab, folder / "report.html", html, fragment)
    tab.locator("#live").wait_for(state="visible")
    file = handed_out(tab, tab.locator(f'[data-do="{button}"]'))
    return file.suggested_filename, Path(file.path())


@pytest.mark.parametrize(
    ("more", "pooling"),
    [
        ("", ((0.05, 1.0), [0.25] * 4)),
        ("&kappa=0.5&levels=1,0,0.5,2", ((0.5, 0.5), [1, 0, 0.5, 2])),
        ("&kappa=none", ((0.05, 1.0), [0, 0, 0, 1])),
    ],
)
def test_a_saved_profile_is_the_standpoint_that_was_set(
    tab: Page, html: str, copy: Path, more: str, pooling: tuple[tuple[float, float], list[float]]
) -> None:
    fragment = f"#~prior=3,1,0,2&selectivity=0.35&favours=institutions{more}"
    name, file = saved(tab, copy, html, fragment, "save-profile")
    shutil.copy(file, copy / "priors" / name)
    study = read_study(copy)
    problem = encode(study, study.profiles[name.removesuffix(".yaml")])
    np.testing.assert_allclose(problem["prior"], [0.5, 1 / 6, 0, 1 / 3], atol=1e-5)
    assert (problem.attrs["kappa_low"], problem.attrs["kappa_high"]) == pooling[0]
    np.testing.assert_allclose(problem["level_weight"], pooling[1])
    assert problem.attrs["selectivity"] == 0.35
    assert problem.attrs["favours"] == "institutions"


def test_a_saved_coding_is_the_coders_with_the_new_weight(tab: Page, html: str, copy: Path, study: Study) -> None:
    fragment = "#~weight=jt-transactional-view,neutral,12.5,-3,0.25"
    name, file = saved(tab, copy, html, fragment, "save-coding")
    assert name == "neutral-reader-weights.csv"
    shutil.copy(file, copy / "evidence/codings" / name)
    declared = (copy / "study.yaml").read_text(encoding="utf-8")
    (copy / "study.yaml").write_text(
        declared.replace("\ncoders:\n", "\ncoders:\n  neutral-reader: {name: Reader}\n"), encoding="utf-8"
    )
    new = encode(read_study(copy), study.profiles["reference"])
    mine, theirs = new.sel(coder="neutral-reader"), new.sel(coder="neutral")
    weighs = new["weighs"].values
    changed = list(new["evidence"].values).index("jt-transactional-view")
    same = weighs.copy()
    same[changed] = False
    np.testing.assert_array_equal(mine["stated"].values[weighs], theirs["stated"].values[weighs])
    np.testing.assert_allclose(mine["weight"].values[same], theirs["weight"].values[same], atol=1e-6)
    np.testing.assert_allclose(mine["stated_variance"].values[same], theirs["stated_variance"].values[same], rtol=1e-4)
    db = new["helmert"].values.T @ mine["weight"].values[changed] * 10 / np.log(10)
    np.testing.assert_allclose(db[0] - db[1:], [12.5, -3.0, 0.25], atol=1e-6)
