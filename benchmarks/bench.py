"""Measure what docs/performance.md records: each as a ratio against something else, timed in turn with it.

Prints one table in Markdown. `python benchmarks/bench.py` measures what takes seconds: start-up, reading, the table of
joint explanations, the report, and the page's answer in Chromium. `--update` adds `bayestrace update` against the
unmarginalised model and, where the extra `bench` is installed, against the same model in NumPyro (minutes), each with
nothing compiled and again; `--sensitivity` adds leaving observations out against fitting again.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import measuring
import pooled
import xarray as xr
import yaml
from measuring import PROGRAM, ROOT, Row, beside, run, spent

from bayestrace import api, results
from bayestrace.encoding import encode
from bayestrace.inference import pooling
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render

RESULT = ROOT / "reports/article-reference/posterior.nc"
QUICK, SLOW = 7, 3
#: The table and brute force must agree to this.
APART = 1e-12


def start_up() -> Row:
    """Compare `bayestrace --help` with importing the library that parses its arguments."""
    click = partial(run, sys.executable, "-c", "import click")
    return beside("`bayestrace --help`", partial(run, PROGRAM, "--help"), '`python -c "import click"`', click, QUICK)


def reading() -> Row:
    """Compare reading and checking the study with PyYAML's parser in C alone, on the same files."""
    texts = [path.read_text(encoding="utf-8") for path in api.input_paths(ROOT).values() if path.suffix == ".yaml"]
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def parsed() -> None:
        for text in texts:
            yaml.load(text, Loader=loader)  # noqa: S506 - a safe one

    return beside("reading and checking the study", partial(api.read_study, ROOT), "PyYAML alone", parsed, QUICK)


def pooling_table() -> Row:
    """Compare the table of joint explanations with adding up every way to it."""
    study = api.read_study(ROOT)
    problem = encode(study, study.profiles["reference"])
    if (apart := pooled.apart(problem)) > APART:
        sys.exit(f"the table and brute force differ by {apart}")
    other = "each way to them, added up"
    theirs = partial(pooled.brute_force, problem)
    return beside("the table of 256 joint explanations", partial(pooling.table_of, problem), other, theirs, SLOW, 20)


def report(tree: xr.DataTree) -> Row:
    """Compare the page of a result in memory with the arrays of that result as JSON."""

    def page() -> None:
        render(read_content(tree, "en"), live.island(tree))

    def plain() -> None:
        json.dumps({node.path: node.to_dataset(inherit=False).to_dict() for node in tree.subtree}, default=str)

    return beside("the page of a result, in memory", page, "the result's arrays as JSON", plain, QUICK)


def rebuilt(result: Path) -> Row:
    """Compare `bayestrace report` with starting Python and opening the result with xarray."""
    script = f"import xarray; xarray.open_datatree({str(result)!r}, engine='netcdf4').load()"
    with tempfile.TemporaryDirectory() as folder:
        ours = partial(run, PROGRAM, "report", str(result), "--out", folder)
        theirs = partial(run, sys.executable, "-c", script)
        return beside("`bayestrace report`", ours, "Python opening the result with xarray", theirs, QUICK)


def commands(result: Path, *, sensitivity: bool) -> Iterator[Row]:
    """Compare whole commands with the reference task, by which machines compare."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = [("check",), ("update", "--face-value", "--quiet", "--out", f"{folder}/face")]
        if sensitivity:
            shutil.copy(result, folder)
            wanted.append(("sensitivity", "--no-refits", "--quiet", "--out", folder))
        for words in wanted:
            name = f"`bayestrace {' '.join(words[:2])}`"
            yield beside(name, partial(run, PROGRAM, *words), "the reference task", measuring.reference, SLOW)


def updates(rounds: int) -> Iterator[Row]:
    """Compare `bayestrace update` with other ways to sample: whole commands, with the default draws of either.

    The first run of each finds nothing compiled; those that follow, in turn, find what it left.
    """
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory() as kept:
        folder = {"PYTENSOR_FLAGS": f"base_compiledir={kept}/pytensor", "JAX_COMPILATION_CACHE_DIR": f"{kept}/jax"}
        ours = partial(run, PROGRAM, "update", "--quiet", "--out", f"{kept}/out", **folder)
        others = {"the unmarginalised model in PyMC, same draws": here / "unmarginalised_run.py"}
        if importlib.util.find_spec("numpyro"):
            others["the same model in NumPyro, 500 of warm-up"] = here / "numpyro_twin.py"
        works = {name: partial(run, sys.executable, str(script), **folder) for name, script in others.items()}
        first = spent(ours)
        for name, theirs in works.items():
            yield Row("`bayestrace update`, cold", first, name, spent(theirs))
        for name, theirs in works.items():
            yield beside("`bayestrace update`, warm", ours, name, theirs, rounds)


def rows(asked: argparse.Namespace) -> Iterator[Row]:
    """Measure what was asked for, one after the other."""
    if not asked.only_update:
        yield from (start_up(), reading(), pooling_table())
        tree = results.load(asked.result)
        yield report(tree)
        yield rebuilt(asked.result)
        import page  # noqa: PLC0415 - needs a browser

        yield page.answers(tree)
        yield from commands(asked.result, sensitivity=asked.sensitivity)
    if asked.sensitivity:
        import refitted  # noqa: PLC0415 - PyMC is slow to import

        yield refitted.left_out(results.load(asked.result))
    if asked.update or asked.only_update:
        yield from updates(asked.rounds)


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--only-update", action="store_true", help="the same without what takes seconds")
    parser.add_argument("--sensitivity", action="store_true")
    parser.add_argument("--rounds", type=int, default=SLOW, help="of updates, warm")
    parser.add_argument("--result", type=Path, default=RESULT, help="posterior.nc of `bayestrace update` on the study")
    asked = parser.parse_args()
    api.compile_cache()
    _say_machine("Before")
    print(measuring.HEAD, flush=True)
    for row in rows(asked):
        print(row.shown(), flush=True)
    _say_machine("Afterwards")


def _say_machine(when: str) -> None:
    task, load = measuring.reference(), os.getloadavg()[0]
    print(
        f"\n{when}: reference task (4 singular value decompositions of 1200 x 1200, one thread) "
        f"{task.processors:.2f} s of a processor, {task.clock:.2f} s by the clock; load {load:.1f}.\n"
    )


if __name__ == "__main__":
    main()
