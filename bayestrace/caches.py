"""Where what may be made again is kept between runs: in the user's cache folder, a folder for each kind."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

#: Compiled code, fits of panels of coders, compiled templates of pages.
Kind = Literal["pytensor", "panels", "templates"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def cache_home() -> Path:
    """Return the program's own folder among the user's caches; it need not exist."""
    import platformdirs  # noqa: PLC0415 - needed where something is kept only

    return Path(platformdirs.user_cache_dir("bayestrace"))


def cache(kind: Kind) -> Path:
    """Return the folder of one kind; it need not exist."""
    return cache_home() / kind
