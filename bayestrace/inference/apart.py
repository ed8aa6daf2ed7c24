"""Compile in processes of their own: code taken from the cache and code compiled a moment ago round differently."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import xarray as xr


def compile_apart(room: str, functions: Sequence[str], argument: Path, stamp: Path) -> None:
    """Have functions of a room compile what it needs, each in a fresh process, and set down that they did.

    Parameters
    ----------
    room
        Name of the module.
    functions
        Their names.
    argument
        File in which they find what to compile for; its path is `sys.argv[1]`.
    stamp
        File that is there from then on.

    Raises
    ------
    subprocess.CalledProcessError
        One of them failed; nothing is set down.
    """
    started: list[subprocess.Popen[bytes]] = []
    try:
        for function in functions:
            # An interrupt reaches these processes too, which would die of it with a traceback; they are ended here.
            script = f"import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); import {room} as r; r.{function}()"
            started.append(subprocess.Popen([sys.executable, "-c", script, str(argument)]))  # noqa: S603 - our own code
        for process in started:
            process.wait()
    finally:
        for process in started:
            process.kill()
            process.wait()
    for process in started:
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()


def handed_over() -> xr.Dataset:
    """Read the problem that such a function is to compile for."""
    with xr.open_dataset(sys.argv[1], engine="netcdf4") as problem:
        return problem.load()
