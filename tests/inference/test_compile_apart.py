"""What is compiled is compiled by processes of its own, at once, and none outlives who started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from living import alive
from study_factory import make_profile, make_study

from bayestrace.encoding import Problem, encode
from bayestrace.inference import sampling

ROOM = """
import os, pathlib, signal, sys, time
import xarray as xr

here = pathlib.Path(__file__).parent

def wait_for(name):
    until = time.monotonic() + 60.0
    while not (here / name).exists():
        assert time.monotonic() < until
        time.sleep(0.01)

def one():
    (here / "one").touch()
    wait_for("other")

def other():
    (here / "other").touch()
    wait_for("one")
    with xr.open_dataset(sys.argv[1], engine="netcdf4") as problem:
        (here / "cases").write_text(" ".join(problem["case"].values))

def broken():
    sys.exit(3)

def endless():
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    (here / "process").write_text(str(os.getpid()))
    (here / "endless").touch()
    time.sleep(60.0)
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "a_room.py").write_text(ROOM, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    return "a_room"


@pytest.fixture(scope="module")
def problem() -> Problem:
    return encode(make_study(cases=2, hypotheses=3, coders=2, clusters=(2,), singles=2, seed=8), make_profile())


def test_parts_are_compiled_at_once_and_that_they_were_is_set_down(room: str, problem: Problem, tmp_path: Path) -> None:
    stamp = tmp_path / "kept" / "stamp"
    sampling.compile_apart(problem, room, stamp, ("one", "other"))
    assert stamp.exists()
    assert (tmp_path / "cases").read_text(encoding="utf-8").split() == [*problem["case"].values]


def test_where_one_fails_nothing_is_set_down(room: str, problem: Problem, tmp_path: Path) -> None:
    (tmp_path / "one").touch()
    with pytest.raises(subprocess.CalledProcessError) as failed:
        sampling.compile_apart(problem, room, tmp_path / "stamp", ("other", "broken"))
    assert failed.value.returncode == 3
    assert not (tmp_path / "stamp").exists()


@pytest.mark.long
def test_loops_are_compiled_once_for_all_that_ask_for_them(problem: Problem, tmp_path: Path) -> None:
    """Arrays of another kind in the density, in what draws mean or beside a graph would have them compiled anew."""
    problem.to_netcdf(tmp_path / "problem.nc", engine="netcdf4")
    script = (
        "import sys, xarray as xr; from bayestrace.inference import sampling;"
        "sampling.compile_ahead(xr.open_dataset(sys.argv[1], engine='netcdf4').load())"
    )
    subprocess.run(
        [sys.executable, "-c", script, tmp_path / "problem.nc"],
        check=True,
        env=os.environ | {"PYTENSOR_FLAGS": f"base_compiledir={tmp_path}"},
    )
    for name in ("forward", "backward"):
        assert len([*tmp_path.rglob(f"*{name}*.nbc")]) == 1, "machine code, one file for each kind of arrays"


def test_an_interrupt_ends_them_and_they_say_nothing_of_it(
    room: str, problem: Problem, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        if not (tmp_path / "endless").exists():
            return
        os.kill(int((tmp_path / "process").read_text(encoding="ascii")), signal.SIGINT)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
    begin = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            sampling.compile_apart(problem, room, tmp_path / "stamp", ("endless",))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - begin < 50.0
    assert not (tmp_path / "stamp").exists()
    assert not alive(int((tmp_path / "process").read_text(encoding="ascii")))
    assert capfd.readouterr().err == ""
