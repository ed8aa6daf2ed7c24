#!/usr/bin/env python
"""Simulate what docs/validation/claims.md tells of, as far as it is missing, and write page, numbers and figures anew.

Simulated studies are kept in a folder and found there again: a run that was stopped goes on where it was, and a longer
one adds to a shorter one.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import sys
import time
from pathlib import Path

from bayestrace.calibration.claims.publish import SEED, files
from bayestrace.calibration.claims.trials import Plan, run
from bayestrace.calibration.claims.worlds import SETTINGS
from bayestrace.encoding import encode
from bayestrace.reading.folder import read_study

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT / "docs" / "validation"
LIBRARIES = ("bayestrace", "pymc", "pytensor", "numba", "numpy", "scipy")


class Telling:
    """Say how far the simulation is, and about how long it will yet take."""

    def __init__(self) -> None:
        self._begin: tuple[float, int] | None = None

    def __call__(self, done: int, number: int) -> None:
        """Tell after each shard."""
        left, now = "", time.monotonic()
        if self._begin is None:
            self._begin = now, done
        else:
            seconds = (now - self._begin[0]) / (done - self._begin[1]) * (number - done)
            left = f", about {seconds / 60.0:.0f} min left"
        sys.stderr.write(f"{done} of {number} shards{left}\n")


def main() -> None:
    """Simulate, fit, score, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--studies", type=int, default=100, help="of each world, twice that inside; default %(default)s"
    )
    parser.add_argument("--seed", type=int, default=SEED, help="default %(default)s")
    parser.add_argument("--jobs", type=int, default=2, help="processes at work at once; default %(default)s")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "validation", help="folder of simulated studies")
    parser.add_argument("--only-write", action="store_true", help="simulate nothing, write from what is kept")
    asked = parser.parse_args()
    study = read_study(PUBLISHED / "small-design")
    plan = Plan(encode(study, study.profiles["reference"]), SETTINGS, asked.seed, asked.studies)
    if not asked.only_write:
        run(plan, asked.keep, jobs=asked.jobs, progress=Telling())
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    made = {"seed": str(plan.seed)} | versions | {"Python": platform.python_version()}
    for name, text in files(plan, asked.keep, made).items():
        (PUBLISHED / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
