"""End a command at many moments, each in a process of its own, and see what is left of its files.

A moment is the number of a step at which the command touches the files below a folder (it opens one to write, makes,
renames or removes one), or a time in seconds after it began. `python ending.py TASK.json` prints what came of each.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bayestrace import verify
from bayestrace.cli import main
from bayestrace.errors import InputOutputFault, StudyFaults
from bayestrace.reading import read_study
from bayestrace.reading.files import BEGUN

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
#: Names of what is made beside files on their way to their places.
PASSING = (".bayestrace-", BEGUN)


def digests(folder: Path) -> dict[str, str]:
    """Digest every file below a folder but those that are only passing."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder): path for path in files}
    return {
        name.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not any(part.startswith(PASSING) for part in name.parts)
    }


def watch(folder: Path, told: Callable[[int], None]) -> None:
    """Call before each step at which this process touches the files below a folder, with its number from 1."""
    inside, count = str(folder.resolve()), 0

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        if event == "open":
            touches = bool(given[2] & _WRITING) if isinstance(given[2], int) else False
        else:
            touches = event in {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link"}
        if touches and any(
            isinstance(one, str | os.PathLike) and os.fspath(one).startswith(inside) for one in given[:2]
        ):
            count += 1
            told(count)

    sys.addaudithook(hook)


def steps_of(command: list[str], prepared: Path) -> int:
    """Count the steps of a command that nothing ends."""
    with _copy(prepared) as folder, tempfile.NamedTemporaryFile("r+") as counted:
        child = os.fork()
        if child == 0:
            _silence()
            watch(folder, lambda count: _note(counted.name, count))
            _work(command, folder)
        os.waitpid(child, 0)
        return int(Path(counted.name).read_text(encoding="ascii"))


def _note(name: str, count: int) -> None:
    Path(name).write_text(str(count), encoding="ascii")


def trial(command: list[str], prepared: Path, how: Mapping[str, Any]) -> dict[str, Any]:
    """Run a command on a copy of a prepared folder, ended as `how` says, and tell what is left.

    `how` has a `signal` with a `step` or `seconds`; or `bytes`, the size that no file may pass, as on a full disk.
    """
    with _copy(prepared) as folder:
        # A pipe holds what a command says, and is no file that the limit on files would end.
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(theirs, 1)
            os.dup2(theirs, 2)
            _end(folder, how)
            _work(command, folder)
        os.close(theirs)
        with os.fdopen(ours, encoding="utf-8", errors="replace") as said:
            words = said.read()
        _, status = os.waitpid(child, 0)
        told = {
            "how": dict(how),
            "code": os.waitstatus_to_exitcode(status),
            "left": digests(folder),
            "faults": _faults(folder),
            "begun": any(folder.rglob(BEGUN)),
            "unsound": _unsound(folder),
            "said": words[-2000:],
        }
        return told | (_again(command, folder) if how.get("again") else {})


def _faults(folder: Path) -> list[str]:
    try:
        read_study(folder)
    except StudyFaults as found:
        return [fault.slug for fault in found.faults]
    return []


def _unsound(folder: Path) -> list[str] | None:
    """Name the files of the result that `bayestrace verify` says are not what the manifest lists."""
    try:
        manifest = verify.read_manifest(next(folder.glob("reports/*/manifest.json"), folder))
    except InputOutputFault:
        return None
    return [one.name for one in verify.verify(manifest) if one.kind == "output" and not one.sound]


def _again(command: list[str], folder: Path) -> dict[str, Any]:
    """Run it once more, undisturbed: what was left behind must not stand in its way, and is cleared away."""
    child = os.fork()
    if child == 0:
        _silence()
        _work(command, folder)
    _, status = os.waitpid(child, 0)
    rest = sorted(path.name for path in folder.rglob(".*") if path.name.startswith(PASSING))
    return {"again": os.waitstatus_to_exitcode(status), "then": digests(folder), "rest": rest}


def _end(folder: Path, how: Mapping[str, Any]) -> None:
    if "bytes" in how:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (how["bytes"], how["bytes"]))
    elif "step" in how:
        watch(folder, lambda count: os.kill(os.getpid(), how["signal"]) if count == how["step"] else None)
    else:
        pid = os.getpid()
        later = threading.Timer(how["seconds"], lambda: os.kill(pid, how["signal"]))
        later.daemon = True
        later.start()


def _work(command: list[str], folder: Path) -> None:
    """Do what the command line does, and leave this process."""
    code = 1
    try:
        main.main([part.replace("FOLDER", str(folder)) for part in command], prog_name="bayestrace")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except KeyboardInterrupt:
        code = 130
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _silence() -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)


@contextlib.contextmanager
def _copy(prepared: Path) -> Iterator[Path]:
    # The same path each time, as long as the first: what is written must not differ by where it is written.
    folder = prepared.with_name("trial")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(prepared, folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def run(task: Mapping[str, Any]) -> dict[str, Any]:
    """Do what a task asks for: a `command` on a copy of the folder `prepared`, ended in each way of `ends`.

    A way whose `part` is a share of the steps from 0 to 1 is turned into the step.
    """
    prepared, command = Path(task["prepared"]), task["command"]
    steps = steps_of(command, prepared)
    with _copy(prepared) as folder:
        begin = time.monotonic()
        whole = _again(command, folder)
        seconds = time.monotonic() - begin
        assert whole["again"] == 0, f"{command} fails undisturbed"
    ends = []
    for how in task["ends"]:
        moment: dict[str, Any] = {}
        if "part" in how:
            moment = {"step": 1 + min(steps - 1, int(how["part"] * steps))}
        elif "of_time" in how:
            moment = {"seconds": how["of_time"] * seconds}
        ends.append({**how, **moment})
    return {
        "steps": steps,
        "before": digests(prepared),
        "whole": whole["then"],
        "trials": [trial(command, prepared, how) for how in ends],
    }


if __name__ == "__main__":
    # All that the commands need is loaded before the first fork, so that a trial takes no longer than its work.
    for room in ("api", "coding.taken", "report.live", "report.page", "sensitivity.run"):
        importlib.import_module(f"bayestrace.{room}")
    sys.stdout.write(json.dumps(run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))))
