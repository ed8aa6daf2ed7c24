"""Measure what docs/performance.md records: start-up, check, face value, model, sensitivity, unmarginalised model.

Seconds stand beside a reference task's in the same run; where two things are compared the ratio is what counts.
`python benchmarks/bench.py` measures everything but the models and what draws on them; `--sensitivity` adds the default
analyses of `bayestrace sensitivity --no-refits`, `--model` the time of `bayestrace update`, `--unmarginalised` that and
the comparison with the unmarginalised model (minutes). `--cold` starts models with an empty compile cache; it goes with
either of these two, and alone means `--model --cold`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
REPEATS = 5


def run(*command: str, **environment: str) -> float:
    """Time one command of a fresh process, in seconds."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | environment, capture_output=True)
    return time.perf_counter() - begin


def best(*command: str, repeats: int = REPEATS) -> float:
    """Time a command several times and keep the least, which other work on the machine disturbs least."""
    return min(run(*command) for _ in range(repeats))


def reference() -> float:
    """Time a fixed piece of NumPy work, to compare machines by."""
    begin = time.perf_counter()
    matrix = np.random.default_rng(1).normal(size=(1200, 1200))
    for _ in range(4):
        np.linalg.svd(matrix, compute_uv=False)
    return time.perf_counter() - begin


def sensitivity(standard: float) -> None:
    """Time the default analyses without refits, on a result made for them, against the reference task."""
    program = str(BIN / "bayestrace")
    with tempfile.TemporaryDirectory() as folder:
        run(program, "update", "--quiet", "--out", folder)
        command = (program, "sensitivity", "--no-refits", "--quiet", "--out", folder)
        run(*command)
        before, begin = os.times(), time.perf_counter()
        run(*command)
        after, seconds = os.times(), time.perf_counter() - begin
    busy = after.children_user + after.children_system - before.children_user - before.children_system
    print(
        f"sensitivity --no-refits, warm: {seconds:.1f} s ({busy:.1f} s of processors); "
        f"{seconds / standard:.1f} reference tasks",
        flush=True,
    )


def model(*, cold: bool) -> float:
    """Time `bayestrace update` on the real study."""
    with tempfile.TemporaryDirectory() as folder:
        flags = {"PYTENSOR_FLAGS": f"base_compiledir={folder}"} if cold else {}
        out = str(Path(folder) / "out")
        if not cold:
            run(str(BIN / "bayestrace"), "update", "--quiet", "--out", out)
        ours = run(str(BIN / "bayestrace"), "update", "--quiet", "--out", out, **flags)
    label = "cold" if cold else "warm"
    print(f"update, four coders, default draws, {label}: {ours:.1f} s", flush=True)
    return ours


def unmarginalised(ours: float, *, cold: bool) -> None:
    """Time sampling the unmarginalised model of the tests against `bayestrace update`."""
    label = "cold" if cold else "warm"
    script = str(Path(__file__).with_name("unmarginalised_run.py"))
    with tempfile.TemporaryDirectory() as folder:
        flags = {"PYTENSOR_FLAGS": f"base_compiledir={folder}"} if cold else {}
        if not cold:
            run(sys.executable, script, "--draws", "10", **flags)
        theirs = run(sys.executable, script, **flags)
    print(f"unmarginalised model, same draws, {label}: {theirs:.1f} s; ratio {ours / theirs:.2f}", flush=True)


def main() -> None:
    """Print every measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unmarginalised", action="store_true")
    parser.add_argument("--model", action="store_true")
    parser.add_argument("--sensitivity", action="store_true")
    parser.add_argument("--cold", action="store_true")
    asked = parser.parse_args()
    program = str(BIN / "bayestrace")
    standard = reference()
    print(f"reference task (4 singular value decompositions of 1200 x 1200): {standard:.2f} s")
    click, helped = best(sys.executable, "-c", "import click"), best(program, "--help")
    print(f"import click: {click:.3f} s; bayestrace --help: {helped:.3f} s; ratio {helped / click:.2f}")
    print(f"check: {best(program, 'check'):.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        print(f"update --face-value: {best(program, 'update', '--face-value', '--out', folder):.2f} s", flush=True)
    if asked.sensitivity:
        sensitivity(standard)
    if asked.model or asked.unmarginalised or asked.cold:
        ours = model(cold=asked.cold)
        if asked.unmarginalised:
            unmarginalised(ours, cold=asked.cold)


if __name__ == "__main__":
    main()
