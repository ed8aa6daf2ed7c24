"""Thousands of spoilt files for every reader: read, or refused in words, in little time and memory.

How many is chosen so that all take about a minute of one core; `tools/fuzz.py` tries as many as one likes.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import oracle
import pytest
from readers import Reader
from spoilt_files import ROOT, SHARES, reader_of

from bayestrace.errors import Fault, InputOutputFault, StudyFaults

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="inputs are read in processes apart")

#: Inputs of each reader, about five seconds of a core.
COUNTS = {
    "study in YAML": 600,
    "tables in CSV": 600,
    "codings in CSV": 4000,
    "study in a workbook": 400,
    "coding sheet": 1200,
    "coding form": 8000,
    "sources in CSL-JSON": 3000,
    "sources in BibTeX": 2000,
    "project of REFI-QDA": 3000,
    "study handed out": 3000,
    "result in netCDF": 1000,
    "manifest": 2000,
}


@pytest.mark.parametrize("name", SHARES)
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(name: str, tmp_path: Path) -> None:
    reader = reader_of(name, tmp_path)
    for seed in reader.seeds:
        oracle.outcome(reader, seed)
    told = oracle.run(reader, name, 0, range(COUNTS[name]))
    assert dict(told.failures) == {}
    assert told.inputs == COUNTS[name]
    assert 0 < told.read < told.inputs, "a harness that is always refused, or never, shows nothing"
    assert told.slugs


@pytest.mark.long
@pytest.mark.parametrize("name", SHARES)
def test_ten_times_as_many_others(name: str, tmp_path: Path) -> None:
    told = oracle.run(reader_of(name, tmp_path), name, 1, range(10 * COUNTS[name]))
    assert dict(told.failures) == {}
    assert told.inputs == 10 * COUNTS[name]


def test_every_reader_has_its_share() -> None:
    assert {*COUNTS} == {*SHARES}


def bad(how: str) -> Reader:
    def read(_: bytes) -> object:
        match how:
            case "error":
                raise KeyError("x")
            case "no place":
                raise StudyFaults([Fault("", 0, 0, "", "file-empty")])
            case "no file":
                raise InputOutputFault("no-result", path="x", reason="y")
            case "control":
                raise StudyFaults([Fault("a\x07", 1, 1, "", "file-empty")])
            case "memory":
                return len(bytes(2 * oracle.MEMORY))
            case "time":
                while True:
                    pass
            case _:
                os.kill(os.getpid(), 9)
        return None

    return Reader((b"x",), read, lambda _, data: data)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("error", "KeyError"),
        ("no place", "no place"),
        ("no file", "no file is named"),
        ("control", "not to be printed"),
        ("memory", "MemoryError"),
        ("time", "TooSlow"),
        ("crash", "SIGKILL"),
    ],
)
def test_what_is_wrong_is_found(how: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(oracle, "SECONDS", 0.2)
    told = oracle.run(bad(how), "bad", 0, [0])
    assert told.inputs == 1
    ((failure, count),) = told.failures.items()
    assert count == 1
    assert said in failure
    assert list(told.examples.values()) == [b"x"]


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this Python")
def test_atheris_goes_on_from_what_it_reaches(tmp_path: Path) -> None:
    """Guided by the lines that inputs reach; that it does so is seen by the corpus, which grows."""
    asked = ["--only", "coding form", "--inputs", "6000", "--guided", "--keep", str(tmp_path)]
    command = [sys.executable, str(ROOT / "tools" / "fuzz.py"), *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "told-all.json").read_text(encoding="utf-8"))["coding form"]["guided"]
    assert told["inputs"] == 600
    assert len(list((tmp_path / "corpus" / "coding-form").iterdir())) > 10
