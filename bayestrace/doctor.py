"""Look at the machine: what a report of a fault should say, and what may be mended before one is written."""

from __future__ import annotations

import importlib.metadata
import locale
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import bayestrace
from bayestrace.api import compile_cache
from bayestrace.caches import KINDS, Kind, cache, cache_home
from bayestrace.inference.fingerprint import fingerprint

Level = Literal["told", "fine", "warning", "failure"]

#: Free room that compiled models, fits and results ask for, in bytes.
ROOM = 1_000_000_000
#: The longest that compiling a function of one line may take, in seconds; a model takes ten times as long.
PATIENCE = 300
#: Settings from outside that change how fast or how the program runs.
_VARIABLES = (
    *("PYTENSOR_FLAGS", "NUMBA_CACHE_DIR", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("MKL_NUM_THREADS", "SOURCE_DATE_EPOCH", "NO_COLOR", "XDG_CACHE_HOME", "PYTHONUTF8", "PYTHONPATH"),
)
_COMPILED = (
    "import pytensor, pytensor.tensor as pt; x = pt.vector('x'); "
    "f = pytensor.function([x], (x * 2).sum(), mode='NUMBA'); assert float(f([1.0, 2.0])) == 6.0"
)


@dataclass(frozen=True)
class Look:
    """One thing that was looked at.

    Parameters
    ----------
    key
        What: names its words in `bayestrace.cli.doctor`.
    level
        Whether it is as it should be; ``told`` where there is nothing to judge.
    found
        What was found, for the words; the home folder is written ``~``.
    """

    key: str
    level: Level
    found: dict[str, str] = field(default_factory=dict)


def examine(*, compiling: bool = True) -> Iterator[Look]:
    """Look at the program, its libraries, the terminal, folders, fonts and whether models can be compiled.

    Parameters
    ----------
    compiling
        Whether to compile something, which takes seconds.

    Yields
    ------
    Look
        One by one, as each is known.
    """
    python = {"python": platform.python_version(), "system": platform.platform(), "cores": str(os.cpu_count() or 1)}
    yield Look("program", "told", {"version": bayestrace.__version__, "engine": fingerprint()[:12], **python})
    yield _libraries()
    yield _terminal()
    # Before the program sets any of them for itself.
    variables = [f"{name}={_homeless(os.environ[name])}" for name in _VARIABLES if name in os.environ]
    folders = _caches()
    yield _room(cache_home())
    yield from (_folder(name, folder) for name, folder in folders.items())
    yield _fonts()
    if variables:
        yield Look("variables", "told", {"variables": "; ".join(variables)})
    if compiling:
        yield _compiling()


def clear_caches() -> list[Path]:
    """Remove what is kept in the user's cache folder: compiled models, fits of panels, templates.

    Nothing is lost but time: all of it is made again where it is needed. A folder that the user has chosen for compiled
    code (PYTENSOR_FLAGS) is left alone, since other programs may use it.

    Returns
    -------
    list of Path
        The folders that were removed.
    """
    there = [folder for folder in _caches().values() if folder.parent == cache_home() and folder.is_dir()]
    for folder in there:
        shutil.rmtree(folder)
    return there


def required() -> dict[str, str | None]:
    """Return the version of every library that bayestrace itself needs; None where it is not installed."""
    lines = [line for line in importlib.metadata.requires("bayestrace") or () if "extra ==" not in line]
    names = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in lines]
    return {name: _version(name) for name in names}


def _caches() -> dict[Kind, Path]:
    """Return the folder of each kind of what is kept between runs; that of compiled code may be the user's choice."""
    return {kind: cache(kind) for kind in KINDS} | {"pytensor": compile_cache()}


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _libraries() -> Look:
    versions = required()
    missing = [name for name, version in versions.items() if version is None]
    told = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return Look("libraries", "failure" if missing else "fine", {"versions": told, "missing": ", ".join(missing)})


def _terminal() -> Look:
    """Say whether Chinese can be printed: a terminal of another encoding stops the program at its first word."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "联盟".encode(encoding)
    except (LookupError, UnicodeEncodeError):
        level: Level = "warning"
    else:
        level = "fine"
    return Look("terminal", level, {"encoding": encoding, "locale": ".".join(filter(None, locale.getlocale()))})


def _room(folder: Path) -> Look:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    free = shutil.disk_usage(there).free
    return Look("room", "fine" if free >= ROOM else "warning", {"free": _size(free), "folder": _homeless(str(folder))})


def _folder(name: str, folder: Path) -> Look:
    found = {"folder": _homeless(str(folder)), "kind": name}
    if not folder.exists():
        return Look("cache-empty", "told", found)
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    found |= {"files": str(len(sizes)), "size": _size(sum(sizes))}
    return Look(
        "cache" if os.access(folder, os.W_OK) else "cache-locked",
        "told" if os.access(folder, os.W_OK) else "warning",
        found,
    )


def _fonts() -> Look:
    """Look for a font that has Chinese, which the pictures of a report and a printed appendix need."""
    program = shutil.which("fc-list")
    if program is None:
        return Look("fonts-unknown", "told")
    command = [program, ":lang=zh", "family"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603 - found on PATH, given nothing of a user
    families = sorted({line.split(",")[0].strip() for line in listed.stdout.splitlines() if line.strip()})
    if not families:
        return Look("fonts-missing", "warning")
    return Look("fonts", "fine", {"count": str(len(families)), "first": families[0]})


def _compiling() -> Look:
    begin = time.perf_counter()
    command: Sequence[str] = (sys.executable, "-c", _COMPILED)
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603 - this Python, a text of our own
    except subprocess.TimeoutExpired:
        return Look("compiling-slow", "failure", {"seconds": str(PATIENCE)})
    seconds = f"{time.perf_counter() - begin:.1f}"
    if done.returncode:
        said = done.stderr.strip().splitlines() or [str(done.returncode)]
        return Look("compiling-fails", "failure", {"reason": _homeless(said[-1])})
    return Look("compiling", "fine", {"seconds": seconds})


def _homeless(text: str) -> str:
    """Write the home folder as ``~``: its name is often that of a person, and what is said here is sent to others."""
    home = str(Path("~").expanduser())
    return text.replace(home, "~") if len(home) > 1 else text


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= ROOM else f"{count / 1e6:.1f} MB"
