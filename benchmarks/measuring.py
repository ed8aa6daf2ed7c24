"""Time two things beside each other, and lay what came of it out as rows of a table."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PROGRAM = str(BIN / "bayestrace")

#: Something to time; what it gives back is of no interest here.
Work = Callable[[], object]


class Spent(NamedTuple):
    """Seconds that something took: of processors, those of processes that it started included, and by the clock."""

    processors: float
    clock: float


class Row(NamedTuple):
    """What was compared, and what either took."""

    what: str
    ours: Spent
    other: str
    theirs: Spent

    def shown(self) -> str:
        """Write the row in Markdown; the ratio is of processor seconds, which other work disturbs least."""
        sides = [[text, *map(_seconds, spent)] for text, spent in ((self.what, self.ours), (self.other, self.theirs))]
        ratio = self.ours.processors / self.theirs.processors
        return f"| {' | '.join([*sides[0], *sides[1], f'{ratio:.2g}'])} |"


HEAD = "| what | processors | clock | against | processors | clock | ratio |\n|---|--:|--:|---|--:|--:|--:|"


def _seconds(value: float) -> str:
    return f"{value:.1f}" if value >= 10.0 else f"{value:.2g}"  # noqa: PLR2004 - no more digits than they are good for


def run(*command: str, **environment: str) -> None:
    """Run a command in a fresh process, in the project's folder."""
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | environment, capture_output=True)


def spent(work: Work) -> Spent:
    """Time something once."""
    begin, before = time.perf_counter(), processors()
    work()
    return Spent(processors() - before, time.perf_counter() - begin)


def processors() -> float:
    """Tell the processor seconds of this process so far, and of those it started that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def beside(what: str, ours: Work, other: str, theirs: Work, rounds: int, repeats: int = 1) -> Row:  # noqa: PLR0913, PLR0917
    """Time two things in turn, and take the medians of each; what takes milliseconds, `repeats` times in a row."""

    def repeated(work: Work) -> Spent:
        return Spent(*(value / repeats for value in spent(lambda: [work() for _ in range(repeats)])))

    pairs = [(repeated(ours), spent(theirs)) for _ in range(rounds)]
    sides = [Spent(*map(statistics.median, zip(*side, strict=True))) for side in zip(*pairs, strict=True)]
    return Row(what, sides[0], other, sides[1])


def reference() -> Spent:
    """Time a fixed piece of NumPy work, to compare machines by."""
    matrix = np.random.default_rng(1).normal(size=(1200, 1200))
    with threadpool_limits(1):
        return spent(lambda: [np.linalg.svd(matrix, compute_uv=False) for _ in range(4)])
