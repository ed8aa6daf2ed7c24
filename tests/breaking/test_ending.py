"""Ended at any moment, a command leaves each file as it was or as it was to be, and what does not fit is told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import ending
import pytest
from sheets import asked_of, sent_back
from simple_study import SIMPLE
from small_study import write

from bayestrace import api, results, verify
from bayestrace.coding import placed
from bayestrace.folder import write_result

OUT = "reports/article-reference"
OUTPUTS = {"posterior.nc", "report.html", "summary.json", "manifest.json"}
COMMANDS: dict[str, list[str]] = {
    "update": ["update", "FOLDER", "--face-value"],
    "sensitivity": ["sensitivity", "FOLDER", "--face-value", "--only", "limits"],
    "report": ["report", "FOLDER", "--lang", "zh"],
    "collect": ["collect", "FOLDER/../neutral.xlsx", "--study", "FOLDER", "--replace"],
}
#: How often each is ended: ten times in all by the tests that always run, two hundred times by `make full`.
FEW = {"update": 3, "sensitivity": 2, "report": 2, "collect": 3}
MANY = {"update": 60, "sensitivity": 30, "report": 40, "collect": 70}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a result of what it was before one weight changed, and a sheet that a coder sent back."""
    folder = tmp_path_factory.mktemp("ended") / "prepared"
    study = api.read_study(write(folder, SIMPLE))
    tree = api.update(study, api.Options(face_value=True))
    write_result(tree, folder / OUT, api.input_files(folder), "en")
    name = "evidence/codings/critic-weights.csv"
    write(folder, {name: SIMPLE[name].replace(",4,", ",5,")})
    # The coder has a table more than before, and one less.
    write(folder, {"evidence/codings/neutral-redundancy.csv": "cluster,low,best,high\nvisit,,0,\n"})
    filled = {"Coding!G2": 2.5, "Coding!H2": 3.125, "Coding!I2": 7, "Coding!L2": "So it was."}
    sent_back(asked_of(api.read_study(folder), "neutral"), folder.parent / "neutral.xlsx", filled)
    return folder


def ways(count: int, seed: str) -> list[dict[str, Any]]:
    """Choose how to end a command: by a kill or an interrupt at a step or at a time, or by a disk that is full."""
    rng = Random(seed)  # noqa: S311 - the same moments again, not secrets
    chosen: list[dict[str, Any]] = []
    for place in range(count):
        number = rng.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGINT))
        way: dict[str, Any] = {"signal": number, "part": (place + rng.random()) / count}
        if place % 5 == 3:
            way = {"signal": number, "of_time": rng.random()}
        elif place % 5 == 1:
            way = {"bytes": int(10 ** rng.uniform(0.0, 5.5))}
        chosen.append({**way, "again": place % 4 == 0})
    return chosen


def ended(command: str, prepared: Path, ends: list[dict[str, Any]]) -> dict[str, Any]:
    task = {"prepared": str(prepared), "command": COMMANDS[command], "ends": ends}
    file = prepared.parent / "task.json"
    file.write_text(json.dumps(task), encoding="utf-8")
    done = subprocess.run([sys.executable, ending.__file__, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def check_trial(command: str, told: Mapping[str, Any], before: Mapping[str, str], whole: Mapping[str, str]) -> str:
    """Hold what one trial has left against what was there and what was to be; say whether it is old, new or mixed."""
    left, how = told["left"], told["how"]
    told_of = f"{command} ended by {how}: exit code {told['code']}\n{told['said']}"
    for name in {*before, *whole, *left}:
        # A file kept as .bak may be there already although nothing has taken its place yet.
        assert left.get(name) in {before.get(name), whole.get(name)}, f"{name} is neither old nor new\n{told_of}"
    changed = {name for name in {*before, *whole} if before.get(name) != whole.get(name) and ".bak" not in name}
    new = {name for name in changed if left.get(name) == whole.get(name)}
    inputs = {name for name in before if not name.startswith(OUT)}
    if command != "collect":
        assert not inputs & changed
        assert changed <= {f"{OUT}/{name}" for name in OUTPUTS}
        # The manifest fits the files beside it exactly where they are of one piece.
        assert told["unsound"] == [] if new in (set(), changed) else told["unsound"], told_of
        assert told["faults"] == []
    else:
        assert not {name for name in changed if name.startswith("reports")}
        assert told["faults"] == (["collect-begun"] if told["begun"] else []), told_of
        assert told["begun"] or new in (set(), changed), told_of
    assert "Traceback" not in told["said"], told_of
    if "bytes" in how:
        assert told["code"] in {0, 5}, told_of
        assert new == (changed if told["code"] == 0 else set()), told_of
    if how.get("signal") == signal.SIGINT:
        assert told["code"] in {0, 130}, told_of
    if how.get("again"):
        assert (told["again"], told["rest"]) == (0, []), told_of
        same = {name: digest for name, digest in told["then"].items() if ".bak" not in name}
        assert same == {name: digest for name, digest in whole.items() if ".bak" not in name}, told_of
    return "old" if not new else "new" if new == changed else "mixed"


def check_ends(command: str, prepared: Path, count: int) -> list[str]:
    ends = ways(count, command)
    told = ended(command, prepared, ends)
    assert told["before"] != told["whole"]
    return [check_trial(command, one, told["before"], told["whole"]) for one in told["trials"]]


@pytest.mark.parametrize("command", COMMANDS)
def test_ended_at_a_few_moments(command: str, prepared: Path) -> None:
    states = check_ends(command, prepared, FEW[command])
    assert len(states) == FEW[command]


@pytest.mark.long
@pytest.mark.parametrize("command", COMMANDS)
def test_ended_at_many_moments(command: str, prepared: Path) -> None:
    states = check_ends(command, prepared, MANY[command])
    assert {"old", "new"} <= {*states}


@pytest.mark.parametrize("command", [pytest.param("update", marks=pytest.mark.long), "collect"])
def test_ended_between_two_files_the_set_is_told_to_be_mixed(command: str, prepared: Path) -> None:
    """Only the last steps put files in their places: there sets are mixed, and the trials above see little of that."""
    ends = [{"signal": signal.SIGKILL, "part": part, "again": True} for part in (0.6, 0.75, 0.79, 0.82, 0.85)]
    told = ended(command, prepared, ends)
    states = [check_trial(command, one, told["before"], told["whole"]) for one in told["trials"]]
    assert "mixed" in states


def test_two_that_write_into_one_folder_do_not_mix(prepared: Path, tmp_path: Path) -> None:
    target = tmp_path / "both"
    target.mkdir()
    study = api.read_study(prepared)
    tree = api.update(study, api.Options(face_value=True))
    other = api.update(study, api.Options(face_value=True, coders=("critic",)))
    found = set()
    for _ in range(3):
        children = []
        for mine in (tree, other):
            child = os.fork()
            if child == 0:
                try:
                    # Slow enough that both would be at it at the same time.
                    ending.watch(target, lambda _: time.sleep(0.03))
                    write_result(mine, target, {}, "en")
                    os._exit(0)
                finally:
                    os._exit(1)
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        manifest = verify.read_manifest(target)
        assert [
            one for one in verify.verify(manifest, tmp_path / "none") if one.kind == "output" and not one.sound
        ] == []
        coders = tuple(json.loads(results.load(target / "posterior.nc").attrs["settings"])["coders"])
        found.add(coders)
        assert tuple(manifest.said["settings"]["coders"]) == coders
    assert found <= {("neutral", "critic"), ("critic",)}


def test_what_an_ended_collect_began_is_finished_by_the_next(prepared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(prepared, folder)
    codings = folder / "evidence" / "codings"
    begun = codings / ".collecting"
    begun.mkdir()
    (begun / "0").write_text("evidence,p_if_focal,rationale\none-buys,0.5,So\n", encoding="utf-8")
    # What is no longer in the folder is in its place already.
    places = "0 evidence/codings/neutral-notes.csv\n1 study.yaml"
    (begun / "places").write_text(places, encoding="utf-8")
    (begun / "taken-out").write_text("evidence/codings/neutral-redundancy.csv", encoding="utf-8")
    assert placed.finish(folder)
    assert not begun.exists()
    assert not (codings / "neutral-redundancy.csv").exists()
    assert (folder / "study.yaml").read_bytes() == (prepared / "study.yaml").read_bytes()
    assert "one-buys,0.5,So" in (codings / "neutral-notes.csv").read_text(encoding="utf-8")
    assert not placed.finish(folder)
