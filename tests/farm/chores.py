"""Work for workers, found by its name in their processes."""

from __future__ import annotations

import os
import time
from typing import NamedTuple

import numpy as np


class Chore(NamedTuple):
    seed: int
    seconds: float = 0.0
    fails: str = ""


def drawn(chore: Chore) -> tuple[float, int]:
    """Give a number that follows from the seed, and the process that drew it."""
    time.sleep(chore.seconds)
    if chore.fails:
        raise LookupError(chore.fails)
    return float(np.random.default_rng(chore.seed).normal()), os.getpid()
