"""Simulated studies are the same however they are made: at once or in parts, in this process or in several."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import xarray as xr
from backwards import Backwards
from designs import problem_of

from bayestrace.calibration import run, verdict
from bayestrace.calibration.run import Plan, Record
from bayestrace.encoding import encode
from bayestrace.errors import InputOutputFault, UsageFault
from bayestrace.reading import read_study

if TYPE_CHECKING:
    from bayestrace.inference.repeated import Refits

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "docs/validation/small-design"
SEED = 1
#: A fifth of what a user draws: how studies are kept and found again does not hang on it.
SHORT = {"DRAWS": 60, "TUNE": 40, "RANKED": 15}
TINY: dict[str, Any] = {"cases": 2, "hypotheses": 3, "coders": 2, "clusters": (2,), "singles": 2}


@pytest.fixture(scope="module")
def problem() -> xr.Dataset:
    return problem_of(**TINY)


@pytest.fixture(scope="module")
def refits(problem: xr.Dataset) -> Refits:
    from bayestrace.inference import repeated  # noqa: PLC0415 - PyMC takes seconds to import

    if not repeated.is_compiled(problem):
        repeated.compile_ahead(problem)
    return repeated.Refits(problem)


def shorten(patch: pytest.MonkeyPatch, lengths: dict[str, int]) -> None:
    for name, value in lengths.items():
        patch.setattr(run, name, value)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten(monkeypatch, SHORT)


def made(plan: Plan, folder: Path, refits: Refits) -> Record:
    """Make all studies of a plan at once in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bayestrace.inference.repeated.Refits", lambda _: refits)
        run.run(plan, folder, jobs=1)
    return run.load(plan, folder)


@pytest.fixture(scope="module")
def whole(problem: xr.Dataset, refits: Refits, tmp_path_factory: pytest.TempPathFactory) -> Record:
    """Five studies, of short chains."""
    with pytest.MonkeyPatch.context() as patch:
        shorten(patch, SHORT)
        return made(Plan(problem, 5, SEED), tmp_path_factory.mktemp("whole"), refits)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, refits: Refits) -> None:
    """Keep two studies in a shard, and compile nothing again in this process."""
    monkeypatch.setattr(run, "SHARD", 2)
    monkeypatch.setattr("bayestrace.inference.repeated.Refits", lambda _: refits)


def same(one: Record, other: Record) -> None:
    assert list(one) == list(other)
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], err_msg=name)


def test_a_record_holds_what_is_said_of_it(whole: Record) -> None:
    assert whole["study"].tolist() == [0, 1, 2, 3, 4]
    assert whole["z"].shape == (5, 2)
    for way in verdict.WAYS:
        assert whole[way].shape == (5, 2, 3)
        np.testing.assert_allclose(whole[way].sum(axis=-1), 1.0, atol=1e-9)
    assert whole["rank_bias"].shape == (5, 2, 2)
    ranked = [values for name, values in whole.items() if name.startswith("rank_")]
    assert len(ranked) == 11
    assert all(values.min() >= 0 and values.max() <= SHORT["RANKED"] for values in ranked)
    assert len({tuple(values) for values in whole["pooled"][:, 0]}) == 5


@pytest.mark.usefixtures("small", "short")
def test_interrupted_and_taken_up_again_is_the_same(problem: xr.Dataset, whole: Record, tmp_path: Path) -> None:
    plan, told = Plan(problem, 5, SEED), []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.run(plan, tmp_path, jobs=1, progress=stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shard-000000.npz"]
    before = (tmp_path / "shard-000000.npz").stat().st_mtime_ns
    assert run.load(plan, tmp_path)["study"].tolist() == [0, 1]
    again: list[tuple[int, int]] = []
    run.run(plan, tmp_path, jobs=1, progress=lambda *done: again.append(done))
    assert again == [(2, 5), (3, 5), (4, 5), (5, 5)]
    assert (tmp_path / "shard-000000.npz").stat().st_mtime_ns == before
    same(run.load(plan, tmp_path), whole)


@pytest.mark.long
@pytest.mark.usefixtures("small")
def test_several_processes_find_the_same(problem: xr.Dataset, refits: Refits, tmp_path: Path) -> None:
    plan = Plan(problem, 3, SEED)
    told: list[tuple[int, int]] = []
    run.run(plan, tmp_path / "several", jobs=2, progress=lambda *done: told.append(done))
    same(run.load(plan, tmp_path / "several"), made(plan, tmp_path / "one", refits))
    assert (told[0], told[-1]) == ((0, 3), (3, 3))


@pytest.mark.usefixtures("small", "short")
def test_a_spoilt_shard_is_made_again(problem: xr.Dataset, whole: Record, tmp_path: Path) -> None:
    plan = Plan(problem, 5, SEED)
    run.run(plan, tmp_path, jobs=1)
    last, first = tmp_path / "shard-000004.npz", tmp_path / "shard-000000.npz"
    content, kept = last.read_bytes(), first.stat().st_mtime_ns
    for spoilt in (content[: len(content) // 2], b"", b"no archive", content.replace(b"PK", b"XX")):
        last.write_bytes(spoilt)
        assert run.load(plan, tmp_path)["study"].tolist() == [0, 1, 2, 3]
    run.run(plan, tmp_path, jobs=1)
    assert first.stat().st_mtime_ns == kept
    same(run.load(plan, tmp_path), whole)


@pytest.mark.usefixtures("small", "short")
def test_workers_find_the_same_in_any_order_and_make_what_is_missing(
    problem: xr.Dataset, whole: Record, tmp_path: Path
) -> None:
    workers, plan = Backwards(), Plan(problem, 5, SEED)
    run.run(Plan(problem, 2, SEED), tmp_path, jobs=1)
    told: list[tuple[int, int]] = []
    run.run(plan, tmp_path, jobs=1, farm=workers, progress=lambda *done: told.append(done))
    assert (told, workers.taken) == ([(2, 5), (3, 5), (4, 5), (5, 5)], 3)
    assert len(list(tmp_path.iterdir())) == 3
    same(run.load(plan, tmp_path), whole)


@pytest.mark.usefixtures("small", "short")
def test_more_studies_are_added_and_fewer_are_the_first(problem: xr.Dataset, whole: Record, tmp_path: Path) -> None:
    run.run(Plan(problem, 3, SEED), tmp_path, jobs=1)
    run.run(Plan(problem, 5, SEED), tmp_path, jobs=1)
    same(run.load(Plan(problem, 5, SEED), tmp_path), whole)
    same(run.load(Plan(problem, 1, SEED), tmp_path), {name: values[:1] for name, values in whole.items()})


def fake(folder: Path, plan: Plan, **more: int) -> None:
    """Put a shard in a folder without simulating anything."""
    values: dict[str, Any] = {"study": np.arange(2), **{name: np.zeros(2) + value for name, value in more.items()}}
    np.savez(folder / f"shard-{len(list(folder.iterdir())):06d}.npz", digest=np.array(plan.digest()), **values)


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 4},
        {"redundancy": "drawn"},
        {"problem": {"coders": 3}},
        {"problem": {"redundancy": (0.1, 0.5, 0.8)}},
        {"problem": {"profile": {"leaning_db": 1.0}}},
    ],
)
def test_another_design_is_refused(problem: xr.Dataset, tmp_path: Path, other: dict[str, Any]) -> None:
    settings: dict[str, Any] = {"problem": problem, "studies": 2, "seed": 3}
    fake(tmp_path, Plan(**settings))
    changed = dict(other)
    if "problem" in changed:
        changed["problem"] = problem_of(**(TINY | changed["problem"]))
    plan = Plan(**(settings | changed))
    for use in (lambda: run.load(plan, tmp_path), lambda: run.run(plan, tmp_path, jobs=1)):
        with pytest.raises(UsageFault, match="another design") as fault:
            use()
        assert "--out" in fault.value.text("zh")
    weights = problem.assign(weight=problem["weight"] + 1.0)
    assert run.load(Plan(weights, 2, 3), tmp_path)["study"].size == 2


def test_shards_of_another_version_are_refused(problem: xr.Dataset, tmp_path: Path) -> None:
    plan = Plan(problem, 4, 3)
    fake(tmp_path, plan, rank_noise=1)
    fake(tmp_path, plan, rank_noise=1, rank_noise_sd=2)
    with pytest.raises(UsageFault, match="another design"):
        run.load(plan, tmp_path)


def test_redundancy_that_cannot_be_averaged_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    partial = problem_of(**(TINY | {"hypotheses": 4, "partial": 0.5}))
    with pytest.raises(UsageFault, match="--redundancy drawn"):
        run.run(Plan(partial, 2, 1), tmp_path / "new", jobs=1)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_cannot_be_made_is_told(problem: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputOutputFault, match="cannot be written"):
        run.run(Plan(problem, 2, 1), tmp_path / "file", jobs=1)


@pytest.mark.long
@pytest.mark.usefixtures("small")
def test_a_process_that_is_killed_is_told_and_leaves_no_other(problem: xr.Dataset, tmp_path: Path) -> None:
    def kill(done: int, total: int) -> None:
        del done, total
        for child in multiprocessing.active_children()[:1]:
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(InputOutputFault, match="goes on from the studies that were kept"):
        run.run(Plan(problem, 6, 3), tmp_path, jobs=2, progress=kill)
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("short")
def test_the_seed_of_a_study_is_its_own(problem: xr.Dataset, whole: Record, refits: Refits) -> None:
    for number in (4, 1):
        record = run.one_study(Plan(problem, 100, SEED), number, refits)
        same({name: values[number] for name, values in whole.items()}, {n: np.asarray(v) for n, v in record.items()})
    other = run.one_study(Plan(problem, 100, SEED + 1), 1, refits)
    assert not np.array_equal(other["pooled"], whole["pooled"][1])


def judged(problem: xr.Dataset, record: Record) -> verdict.Verdict:
    labels = verdict.Labels(*(list(map(str, problem[name].values)) for name in ("case", "hypothesis", "coder")))
    return verdict.judge(record, problem["prior"].values, labels, ranked_among=run.RANKED)


@pytest.mark.long
def test_thirty_studies_of_a_tiny_design_show_no_departure(
    problem: xr.Dataset, refits: Refits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of studies tells, not how long their chains are: here a third of what a user has."""
    shorten(monkeypatch, {"DRAWS": 100, "TUNE": 100, "RANKED": 25})
    found = judged(problem, made(Plan(problem, 30, SEED), tmp_path, refits))
    assert [path.name for path in sorted(tmp_path.iterdir())] == [f"shard-0000{first:02d}.npz" for first in (0, 20)]
    assert found.studies == 30
    assert found.departures == ()
    assert found.diverging_draws < 0.01 * 30 * run.DRAWS


@pytest.mark.long
def test_two_hundred_studies_of_the_small_design_show_no_departure_and_face_value_does(tmp_path: Path) -> None:
    study = read_study(SMALL)
    problem = encode(study, study.profiles["reference"])
    plan = Plan(problem, 200, 1)
    run.run(plan, tmp_path, jobs=2)
    found = judged(problem, run.load(plan, tmp_path))
    assert found.departures == ()
    model, face = found.way("pooled"), found.way("face")
    assert face.overconfidence_low > 0.1
    assert face.overconfidence_p < 1e-6
    assert model.brier < face.brier
    assert model.log_score < face.log_score


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks the kernel for children")
def test_a_run_whose_starter_is_killed_leaves_no_process(tmp_path: Path) -> None:
    script = (
        "from bayestrace.cli import main; import sys\n"
        f"main(['calibrate', {str(SMALL)!r}, '--jobs', '2', '--studies', '400', '--out', {str(tmp_path)!r}])\n"
    )
    path = tmp_path / "go.py"
    path.write_text(f"if __name__ == '__main__':\n    {script.replace(chr(10), chr(10) + '    ')}", encoding="utf-8")
    with subprocess.Popen([sys.executable, str(path)], stderr=subprocess.DEVNULL) as process:
        children: list[int] = []
        while len(children) < 3:  # two workers and the tracker of what they share
            time.sleep(0.2)
            listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
            children = [int(pid) for pid in listed.split()]
        process.kill()
        process.wait()
    until = time.monotonic() + 60.0
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < until:
        time.sleep(0.2)
    assert not any(Path(f"/proc/{pid}").exists() for pid in children)
