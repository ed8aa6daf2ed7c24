"""Fits that workers make are those of this machine, bit for bit, whatever the number of workers and who is lost."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from cluster import cluster
from study_factory import make_profile, make_study

from bayestrace import farm, panels
from bayestrace.calibration import run
from bayestrace.calibration.run import Plan, Record
from bayestrace.encoding import encode
from bayestrace.panels import Settings, Telling

# As in test_run, so that it is compiled once.
TINY: dict[str, Any] = {"cases": 2, "hypotheses": 3, "coders": 2, "clusters": (2,), "singles": 2}
SETTINGS = Settings(draws=10, chains=2, seed=1)
pytestmark = [
    # What becomes of pieces is tested without fits in test_farm.py, and of their results in test_run.py.
    pytest.mark.long,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"),
]


@pytest.fixture(scope="module")
def problem() -> xr.Dataset:
    return encode(make_study(**TINY), make_profile())


def same(one: Record, other: Record) -> None:
    assert list(one) == list(other)
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def test_two_workers_simulate_what_one_process_does(
    problem: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SHARD", 2)
    plan, told = Plan(problem, 3, 1), []
    run.run(plan, tmp_path / "here", jobs=1)
    with cluster(tmp_path / "dask", 2) as two, farm.connected(two.address) as workers:
        run.run(plan, tmp_path / "there", jobs=1, farm=workers, progress=lambda *done: told.append(done))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["shard-000000.npz", "shard-000002.npz"]
    same(run.load(plan, tmp_path / "there"), run.load(plan, tmp_path / "here"))


def test_one_worker_or_two_of_which_one_is_killed_simulate_the_same(
    problem: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "SHARD", 4)
    plan = Plan(problem, 12, 1)
    run.run(plan, tmp_path / "here", jobs=1)
    for number in (1, 2):
        with cluster(tmp_path / f"dask{number}", number) as some, farm.connected(some.address) as workers:

            def kill(done: int, total: int) -> None:
                del total
                if done == 4 and len(some.workers) == 2:
                    os.kill(some.workers[0].pid, signal.SIGKILL)

            run.run(plan, tmp_path / str(number), jobs=1, farm=workers, progress=kill)
        same(run.load(plan, tmp_path / str(number)), run.load(plan, tmp_path / "here"))


def test_panels_fitted_by_workers_are_found_and_are_those_of_this_machine(problem: xr.Dataset, tmp_path: Path) -> None:
    gone = xr.DataArray(np.arange(problem.sizes["evidence"]) == 0, dims="evidence")
    problems = [problem, problem.assign(weighs=problem["weighs"] & ~gone)]
    told: list[tuple[int, int]] = []
    telling = Telling(returned=lambda *done: told.append(done))
    there: dict[str, xr.DataTree] = {}
    with cluster(tmp_path / "dask", 2) as two, farm.connected(two.address) as workers:
        assert workers is not None
        panels.fit_ahead(problems, SETTINGS, there, workers, telling)
        panels.fit_ahead(problems, SETTINGS, there, workers, telling)
    assert told == [(0, 2), (1, 2), (2, 2)], "what was found the first time is not made again"
    for one in problems:
        made, found = panels.fit(one, SETTINGS), panels.fit(one, SETTINGS, there)
        assert panels.digest_of(one, SETTINGS) in there
        xr.testing.assert_identical(found.posterior, made.posterior)
        xr.testing.assert_identical(found.stats, made.stats)
