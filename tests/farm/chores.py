"""Work for workers, found by its name in their processes."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from bayestrace.farm import once_on_this_machine


class Chore(NamedTuple):
    seed: int
    seconds: float = 0.0
    fails: str = ""
    mark: str = ""


def drawn(chore: Chore) -> tuple[float, int]:
    """Give a number that follows from the seed, and the process that drew it."""
    if chore.mark:
        Path(chore.mark, str(os.getpid())).touch()
    time.sleep(chore.seconds)
    if chore.fails:
        raise LookupError(chore.fails)
    return float(np.random.default_rng(chore.seed).normal()), os.getpid()


def fatal(_: Chore) -> None:
    """End the process that works on it, as a want of memory does."""
    os._exit(1)


def compiled(path: Path) -> int:
    """Do for a machine what takes a while, and say how often that was done."""
    once_on_this_machine(Path.exists, _slowly, path)
    return len(path.read_text(encoding="ascii"))


def _slowly(path: Path) -> None:
    done = path.with_suffix(".part")
    with done.open("a", encoding="ascii") as file:
        file.write("x")
    time.sleep(1.0)
    done.replace(path)
