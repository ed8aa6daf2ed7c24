"""A density that was made ready before: the same function, with the numbers of the problem at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytest
import xarray as xr
from pymc.blocking import DictToArrayBijection, RaveledVars
from study_factory import make_profile, make_study

from bayestrace.encoding import Problem, encode
from bayestrace.inference import pooling, prepared, sampling
from bayestrace.inference.chains import Chain, Lengths
from bayestrace.inference.model import build_model


def problem_of(seed: int) -> Problem:
    study = make_study(cases=2, hypotheses=3, coders=2, clusters=(2,), singles=2, seed=seed)
    return encode(study, make_profile())


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    flags = {"base_compiledir": tmp_path, "mode": "Mode", "linker": "numba", "floatX": "float64"}
    monkeypatch.setattr(prepared, "pytensor", SimpleNamespace(config=SimpleNamespace(**flags)))
    return tmp_path / "bayestrace"


def value_of(problem: Problem) -> tuple[float, Any]:
    model = build_model(problem)
    density = prepared.density_of(problem, model)
    first = DictToArrayBijection.map(model.initial_point())
    value, slopes = density(RaveledVars(np.linspace(-0.3, 0.3, first.data.size), first.point_map_info))
    return float(value), slopes


def test_a_kept_density_takes_the_numbers_of_another_study_of_its_shape(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = problem_of(1), problem_of(2)
    assert prepared.stamp(one) == prepared.stamp(other)
    mine = value_of(one)
    [file] = kept.iterdir()
    assert file.name == f"{prepared.stamp(one).name}.density"
    theirs = value_of(other)
    file.unlink()
    anew = value_of(other)
    assert theirs[0] == anew[0] != mine[0]
    np.testing.assert_array_equal(theirs[1], anew[1])
    # What is kept is used: nothing is made of a model any more.
    monkeypatch.setattr(pm.Model, "logp_dlogp_function", None)
    assert value_of(one)[0] == mine[0]


@pytest.mark.parametrize("broken", [pytest.param(b"cut", marks=pytest.mark.long), b"\x80\x05N."])
def test_what_is_broken_is_made_anew(kept: Path, broken: bytes) -> None:
    problem = problem_of(1)
    file = kept / f"{prepared.stamp(problem).name}.density"
    kept.mkdir()
    file.write_bytes(broken)
    assert np.isfinite(value_of(problem)[0])
    assert len(file.read_bytes()) > 100_000
    assert [*kept.iterdir()] == [file]


def test_where_nothing_can_be_kept_the_density_is_made_all_the_same(kept: Path) -> None:
    kept.write_text("no folder", encoding="ascii")
    assert np.isfinite(value_of(problem_of(1))[0])


def test_a_problem_that_was_in_a_file_has_the_same_stamp(tmp_path: Path) -> None:
    problem = problem_of(1)
    problem.to_netcdf(tmp_path / "problem.nc", engine="netcdf4")
    with xr.open_dataset(tmp_path / "problem.nc", engine="netcdf4") as read:
        assert prepared.stamp(read.load()) == prepared.stamp(problem)


def test_what_was_compiled_with_other_flags_is_not_taken() -> None:
    problem = problem_of(1)
    with pytensor.config.change_flags(mode="FAST_COMPILE"):
        other = prepared.stamp(problem)
    assert other != prepared.stamp(problem)


def runs(diverges: Callable[[float], bool], asked: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let chains be nothing but whether they diverged, by the acceptance that was asked for."""

    class Nothing:
        def __init__(self, problem: Problem, lengths: Lengths, seed: int, target_accept: float) -> None:
            del problem, seed
            asked.append(target_accept)
            self.lengths, self.model, self.target = lengths, None, target_accept

    @contextmanager
    def running(sampler: Nothing, cores: int, progress: Any) -> Iterator[Iterator[tuple[int, Chain]]]:
        del cores
        if progress is not None:
            progress(sampler.lengths.total, sampler.lengths.total)
        stats = np.zeros(sampler.lengths.draws)
        diverging = stats.astype(np.int8)
        diverging[-1] = diverges(sampler.target)
        yield iter([(0, Chain({}, diverging, stats, stats.astype(np.int64)))])

    class Means:
        def __init__(self, model: Any) -> None: ...

        def of(self, points: Any) -> Any:
            return points

        def dataset(self, chains: Any) -> xr.Dataset:
            del chains
            return xr.Dataset(coords={"chain": [0], "draw": range(5)})

    monkeypatch.setattr(sampling, "Sampler", Nothing)
    monkeypatch.setattr(sampling, "running", running)
    monkeypatch.setattr(sampling, "Meaning", Means)


@pytest.mark.parametrize(
    ("diverges", "expected"),
    [
        (lambda _: False, [sampling.TARGET_ACCEPT]),
        (lambda accept: accept < sampling.CAREFUL_ACCEPT, [sampling.TARGET_ACCEPT, sampling.CAREFUL_ACCEPT]),
        (lambda _: True, [sampling.TARGET_ACCEPT, sampling.CAREFUL_ACCEPT]),
    ],
)
def test_where_a_draw_diverges_all_are_drawn_again_in_smaller_steps(
    diverges: Callable[[float], bool], expected: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    told: list[tuple[int, int]] = []
    runs(diverges, asked, monkeypatch)
    monkeypatch.setattr(sampling, "_ENOUGH", 1)
    tree = sampling.sample(
        problem_of(1), draws=5, chains=1, seed=1, progress=lambda done, total: told.append((done, total)), cores=1
    )
    assert asked == expected
    stats = tree["sample_stats"].to_dataset()
    assert stats.attrs["target_accept"] == expected[-1]
    assert bool(stats["diverging"].values.any()) == diverges(expected[-1])
    whole = 5 + sampling.TUNE
    assert told == [(whole, whole), (2 * whole, 2 * whole)][: len(expected)]


@pytest.mark.parametrize(("room", "name", "value"), [(pooling, "TABLE_LIMIT", 0), (sampling, "_ENOUGH", 1000)])
def test_where_pools_are_drawn_or_little_was_stated_steps_are_small_from_the_first(
    room: Any, name: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    runs(lambda _: True, asked, monkeypatch)
    monkeypatch.setattr(sampling, "_ENOUGH", 1)
    monkeypatch.setattr(room, name, value)
    sampling.sample(problem_of(1), draws=5, chains=1, seed=1, cores=1)
    assert asked == [sampling.CAREFUL_ACCEPT]
