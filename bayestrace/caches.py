"""Where what may be made again is kept between runs: in the user's cache folder, a folder for each kind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Literal, get_args

#: Compiled code, fits of panels of coders, compiled templates of pages.
Kind = Literal["pytensor", "panels", "templates"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def cache_home() -> Path:
    """Return the program's own folder among the user's caches; it need not exist.

    Where the user has no home, or none that may be written, it is a folder of the user's among the temporary files.
    """
    import platformdirs  # noqa: PLC0415 - needed where something is kept only

    home = Path(platformdirs.user_cache_dir("bayestrace"))
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    return home if there.is_dir() and os.access(there, os.W_OK | os.X_OK) else _among_temporary_files()


def cache(kind: Kind) -> Path:
    """Return the folder of one kind; it need not exist."""
    return cache_home() / kind


def _among_temporary_files() -> Path:
    """Make a folder that nobody else can have put code into: what is kept there is run."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"bayestrace-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not folder.is_symlink() and found.st_uid == user and not found.st_mode & 0o022:
        return folder
    return Path(tempfile.mkdtemp(prefix="bayestrace-"))


def compile_cache() -> Path:
    """Point the compiler's cache at the user's cache folder, before PyMC is imported; keep what the user set.

    The sources that the compiler generates go there too: otherwise each run leaves its own in the folder for temporary
    files. There one source has one file, whichever run it is of.

    Returns
    -------
    Path
        The folder; while it does not exist, nothing was compiled on this machine.
    """
    flags = [flag for flag in os.environ.get("PYTENSOR_FLAGS", "").split(",") if flag.strip()]
    given = {name.strip(): value for name, _, value in (flag.partition("=") for flag in flags)}
    folder = Path(given.get("base_compiledir") or cache("pytensor"))
    wanted = {"base_compiledir": folder, "generated_src_dir": folder / "generated"}
    flags += [f"{name}={value}" for name, value in wanted.items() if name not in given]
    os.environ["PYTENSOR_FLAGS"] = ",".join(flags)
    return folder
