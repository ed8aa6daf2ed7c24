"""Work on a real scheduler and workers, each a process of its own: the same numbers, whoever is lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from chores import Chore, compiled, drawn, fatal
from click.testing import CliRunner
from cluster import Cluster, cluster

from bayestrace import farm
from bayestrace.cli import main
from bayestrace.errors import InputOutputFault, UsageFault

PACKAGE = Path(farm.__file__).parent
# Dask leaves sockets to the garbage collector where a scheduler or a worker is killed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with one worker, which no test kills."""
    with cluster(tmp_path_factory.mktemp("alone") / "dask", 1) as started:
        yield started


def numbers(chores: list[Chore]) -> list[float]:
    return [float(np.random.default_rng(chore.seed).normal()) for chore in chores]


def done(address: str, chores: list[Chore]) -> dict[int, tuple[float, int]]:
    with farm.connected(address) as workers:
        assert workers is not None
        return dict(workers.map(drawn, chores))


def taken_back(workers: farm.Farm) -> bool:
    """Say whether workers have nothing left to do within a time in which no piece of three seconds ends."""
    until = time.monotonic() + 1.5
    while any(workers._client.processing().values()):  # noqa: SLF001
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def test_a_notebook_that_has_an_event_loop_may_ask_too(alone: Cluster) -> None:
    async def asked() -> dict[int, tuple[float, int]]:
        return done(alone.address, [Chore(3)])

    # In a thread of its own: a browser that another file left open has a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        found = thread.submit(lambda: asyncio.run(asked())).result()
    assert found[0][0] == numbers([Chore(3)])[0]


def test_without_an_address_nothing_is_loaded() -> None:
    with farm.connected(None) as workers:
        assert workers is None


def test_every_piece_comes_back_with_its_place(alone: Cluster) -> None:
    chores = [Chore(seed) for seed in range(25)]
    found = done(alone.address, chores)
    assert [found[place][0] for place in range(25)] == numbers(chores)
    assert {process for _, process in found.values()} == {alone.workers[0].pid}


def test_pieces_are_taken_as_they_are_needed_and_taken_back(alone: Cluster) -> None:
    taken: list[int] = []

    def endless() -> Iterator[Chore]:
        while True:
            taken.append(len(taken))
            yield Chore(taken[-1], 0.0 if len(taken) < 6 else 3.0)

    with farm.connected(alone.address) as workers:
        assert workers is not None
        coming = workers.map(drawn, endless())
        first = [next(coming)[0] for _ in range(5)]
        coming.close()  # type: ignore[attr-defined]
        assert len(set(first)) == 5
        assert len(taken) <= 8
        assert taken_back(workers)


def test_a_worker_that_is_killed_costs_its_pieces_only(alone: Cluster, tmp_path: Path) -> None:
    chores = [Chore(seed, 0.1) for seed in range(20)]
    one = done(alone.address, chores)
    with cluster(tmp_path / "dask", 2) as two, farm.connected(two.address) as workers:
        assert workers is not None
        workers._client.wait_for_workers(2, timeout=30.0)  # noqa: SLF001
        found = {}
        for place, (number, process) in workers.map(drawn, chores):
            found[place] = (number, process)
            if len(found) == 6:
                os.kill(two.workers[0].pid, signal.SIGKILL)
        assert [found[place][0] for place in range(20)] == numbers(chores)
        assert {place: number for place, (number, _) in found.items()} == {place: n for place, (n, _) in one.items()}
        assert {process for _, process in found.values()} == {worker.pid for worker in two.workers}
        last = [process for _, process in list(found.values())[8:]]
        assert set(last) == {two.workers[1].pid}

        two.scheduler.kill()
        with pytest.raises(InputOutputFault, match="does not answer any more"):
            list(workers.map(drawn, chores))


def test_one_worker_of_a_machine_compiles_for_all(alone: Cluster, tmp_path: Path) -> None:
    second = alone.work()
    with farm.connected(alone.address) as workers:
        assert workers is not None
        workers._client.wait_for_workers(2, timeout=30.0)  # noqa: SLF001
        found = dict(workers.map(compiled, [tmp_path / "code"] * 4))
    second.kill()
    assert found == dict.fromkeys(range(4), 1)


def test_a_piece_that_ends_its_worker_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    with cluster(tmp_path / "dask", 1) as one, farm.connected(one.address) as workers:
        assert workers is not None
        with pytest.raises(InputOutputFault, match="lost with every worker that tried it"):
            list(workers.map(fatal, [Chore(1)]))


def test_all_workers_gone_is_told_after_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm, "ALL_GONE", 1.0)
    with cluster(tmp_path / "dask", 1) as one, farm.connected(one.address) as workers:
        assert workers is not None
        coming = workers.map(drawn, [Chore(seed, 0.1) for seed in range(20)])
        next(coming)
        one.workers[0].kill()
        with pytest.raises(InputOutputFault, match="none came back within 1 seconds"):
            list(coming)


def test_a_piece_that_fails_is_told_with_its_machine_and_its_words(alone: Cluster) -> None:
    chores = [Chore(1), Chore(2, 0.5, fails="no such thing"), Chore(3, 3.0), Chore(4, 3.0)]
    with farm.connected(alone.address) as workers:
        assert workers is not None
        with pytest.raises(InputOutputFault, match="LookupError: no such thing") as fault:
            list(workers.map(drawn, chores))
        assert taken_back(workers)
    assert socket.gethostname() in str(fault.value)
    assert "工作进程上失败" in fault.value.text("zh")


def test_a_piece_that_fails_may_keep_no_other_from_being_done(alone: Cluster) -> None:
    chores = [Chore(1), Chore(2, fails="no such thing"), Chore(3, 0.2)]
    with farm.connected(alone.address) as workers:
        assert workers is not None
        found = dict(workers.attempts(drawn, chores))
    fault = found[1]
    assert isinstance(fault, InputOutputFault)
    assert "LookupError: no such thing" in str(fault)
    made = [one[0] for _, one in sorted(found.items()) if not isinstance(one, InputOutputFault)]
    assert made == numbers(chores[::2])


def test_nobody_at_the_address_is_told_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm, "PATIENCE", 0.5)
    start = time.monotonic()
    for address in ("tcp://127.0.0.1:1", "nonsense", "foo://here:1", ""):
        with pytest.raises(InputOutputFault, match="No scheduler of Dask answered"), farm.connected(address):
            pass
    assert time.monotonic() - start < 10.0


def test_a_scheduler_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm, "PATIENCE", 2.0)
    with (
        cluster(tmp_path / "dask", 0) as none,
        pytest.raises(InputOutputFault, match="has no workers"),
        farm.connected(none.address),
    ):
        pass


def other_version(folder: Path) -> Path:
    """Copy the package, with one line more in a file of it."""
    shutil.copytree(PACKAGE, folder / "bayestrace", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "bayestrace/calibration/truth.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    return folder


def no_version(folder: Path) -> Path:
    """Put a package of the same name in the way, which cannot be imported."""
    (folder / "bayestrace").mkdir(parents=True)
    (folder / "bayestrace/__init__.py").write_text("raise ImportError\n", encoding="utf-8")
    return folder


def test_workers_with_another_program_or_several_threads_are_refused(tmp_path: Path) -> None:
    (marks := tmp_path / "marks").mkdir()
    with cluster(tmp_path / "dask", 1) as some:
        with farm.connected(some.address) as workers:
            assert workers is not None
            client = workers._client  # noqa: SLF001
            # One that comes later is refused by its piece: nobody asked it when the run began.
            other = some.work(path=other_version(tmp_path / "other"))
            client.wait_for_workers(2, timeout=30.0)
            with pytest.raises(UsageFault, match="do not run this version"):
                list(workers.map(drawn, [Chore(seed, 0.1, mark=str(marks)) for seed in range(20)]))
            assert not (marks / str(other.pid)).exists(), "nothing was begun there"
        for path, options, words in (
            (None, ("--nthreads", "2"), "several fits at once"),
            (no_version(tmp_path / "none"), (), "do not run this version"),
        ):
            some.workers[-1].kill()
            some.work(*options, path=path)
            until = time.monotonic() + 30.0
            found: Exception | None = None
            while found is None and time.monotonic() < until:
                try:
                    with farm.connected(some.address):
                        time.sleep(0.2)
                except UsageFault as fault:
                    found = fault
            assert words in str(found)


def test_the_commands_say_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = str(Path(__file__).parents[2] / "docs/validation/small-design")
    common = ["calibrate", study, "--out", str(tmp_path), "--studies", "2", "--scheduler", "tcp://127.0.0.1:1"]
    both = CliRunner().invoke(main, [*common, "--jobs", "2"])
    assert both.exit_code == 2
    assert "give one of them" in both.stderr
    monkeypatch.setattr(farm, "PATIENCE", 0.5)
    nobody = CliRunner().invoke(main, common)
    assert nobody.exit_code == 5
    assert "No scheduler of Dask answered at tcp://127.0.0.1:1" in nobody.stderr
    assert "Traceback" not in nobody.stderr
    monkeypatch.setitem(sys.modules, "distributed", None)
    without = CliRunner().invoke(main, [*common, "--lang", "zh"])
    assert without.exit_code == 2
    assert "pip install 'bayestrace[dask]'" in without.stderr
