#!/usr/bin/env python
"""Give every reader of files millions of spoilt ones: each is read, or refused in words, within bounds.

The tests do this with a few thousand inputs; this does it with as many as are asked for. They are made blindly
from files in good order, each by its number, so that one can be made again. With --guided, atheris makes a tenth:
it watches which lines of the program an input reaches, and goes on from those that reach new ones.

    python tools/fuzz.py --inputs 1000000 --guided --write

writes docs/validation/fuzz.json and fuzz.md, which tells of it. What went wrong is kept in build/fuzz, and so are the
numbers: a later run, with another --seed, adds to them.
"""

from __future__ import annotations

import argparse
import atexit
import hashlib
import importlib.metadata
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / name) for name in ("fuzz", "reading", "qda", "coding", "")]

if TYPE_CHECKING:
    from oracle import Tally
    from readers import Reader

PUBLISHED = ROOT / "docs" / "validation"
LIBRARIES = ("PyYAML", "pydantic", "python-calamine", "defusedxml", "bibtexparser", "pylatexenc", "netCDF4", "xarray")
#: Where the numbers stand in the page, and the head of their table.
_BEGIN, _END = "<!-- numbers -->", "<!-- end of numbers -->"
_HEAD = """\
| reader | blind | guided | of these read | faults | failures | seconds | slowest |
|---|--:|--:|--:|--:|--:|--:|--:|"""


def main() -> int:
    """Fuzz, tell, and write what came of it where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=10_000, help="in all; default %(default)s")
    parser.add_argument("--only", action="append", default=[], help="readers whose names begin so; all if not given")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--guided", action="store_true", help="let atheris make a tenth of them")
    parser.add_argument("--write", action="store_true", help="write docs/validation/fuzz.json and fuzz.md")
    parser.add_argument("--turns", type=int, default=1, help="go round all readers so often; default %(default)s")
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "fuzz", help="folder of what went wrong")
    parser.add_argument("--only-write", action="store_true", help="try nothing, write from what is kept")
    parser.add_argument("--one", help=argparse.SUPPRESS)  # a process of its own for each guided reader
    asked = parser.parse_args()
    if asked.one:
        return _guided_here(asked.one, asked.inputs, asked.seed, asked.keep)
    told: dict[str, dict[str, Any]] = {}
    kept: Path = asked.keep / "told-all.json"
    asked.keep.mkdir(parents=True, exist_ok=True)
    if kept.is_file():  # what was tried before is added to
        told = json.loads(kept.read_text(encoding="utf-8"))
    for turn in range(0 if asked.only_write else asked.turns):
        for name, count in _shares(asked.inputs // asked.turns, asked.only).items():
            ways = told.setdefault(name, {way: _nothing() for way in ("blind", *["guided"] * asked.guided)})
            guided = count // 10 if asked.guided else 0
            for way, found in ways.items():
                make, part = (_guided, guided) if way == "guided" else (_blind, count - guided)
                _merge(found, make(name, part, asked.seed + turn, asked.keep))
            print(_line(name, ways), flush=True)  # noqa: T201 - what this program is for
            kept.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if asked.write or asked.only_write:
        _publish(told)
    return int(any(found["failures"] for ways in told.values() for found in ways.values()))


def _nothing() -> dict[str, Any]:
    numbers = {"inputs": 0, "read": 0, "seconds": 0.0, "wall": 0.0, "slowest": 0.0, "peak_MB": 0}
    return {**numbers, "faults": {}, "failures": {}}


def _shares(inputs: int, only: Sequence[str]) -> dict[str, int]:
    """Divide inputs among readers: what is quick to read is tried more often."""
    from spoilt_files import SHARES  # noqa: PLC0415 - a guided run imports these under the eyes of atheris

    shares = {name: share for name, share in SHARES.items() if not only or name.startswith(tuple(only))}
    return {name: max(1, round(inputs * share / sum(shares.values()))) for name, share in shares.items()}


def _blind(name: str, count: int, seed: int, keep: Path) -> dict[str, Any]:
    from oracle import run  # noqa: PLC0415 - as above

    reader, begin = _ready(name), time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    tally = run(reader, name, seed, range(count))
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    _keep(name, tally.examples, keep)
    return _data(tally) | {"wall": time.monotonic() - begin, "peak_MB": round(max(before, after) / 1000)}


def _data(tally: Tally) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(tally, name) for name in ("inputs", "read", "seconds", "slowest")}
    return told | {"faults": dict(tally.slugs.most_common()), "failures": dict(tally.failures.most_common())}


def _keep(name: str, examples: dict[str, bytes], keep: Path) -> None:
    for failure, data in examples.items():
        place = keep / "failures" / name.replace(" ", "-") / hashlib.sha256(failure.encode()).hexdigest()[:12]
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        place.with_suffix(".txt").write_text(failure + "\n", encoding="utf-8")


def _guided(name: str, count: int, seed: int, keep: Path) -> dict[str, Any]:
    """Let atheris make inputs in a process of its own, begun anew where one ends it."""
    whole, begin = _nothing(), time.monotonic()
    while (left := count - whole["inputs"]) > 0:
        told = keep / "told.json"
        told.parent.mkdir(parents=True, exist_ok=True)
        told.unlink(missing_ok=True)
        command = [sys.executable, __file__, "--one", name, "--inputs", str(left), "--seed", str(seed)]
        command += ["--keep", str(keep)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - this program itself
        part: dict[str, Any] = json.loads(told.read_text(encoding="utf-8")) if told.is_file() else _nothing()
        if done.returncode:
            said = done.stderr.decode(errors="replace")[-2000:]
            part["failures"] = part.get("failures", {}) | {f"ended with {done.returncode}: {said}": 1}
            part["inputs"] += 1
        _merge(whole, part)
        seed += 1000
    return whole | {"wall": time.monotonic() - begin}


def _merge(whole: dict[str, Any], part: dict[str, Any]) -> None:
    for key in ("inputs", "read", "seconds", "wall"):
        whole[key] += part.get(key, 0)
    for key in ("slowest", "peak_MB"):
        whole[key] = max(whole[key], part.get(key, 0))
    for key in ("faults", "failures"):
        for name, count in part.get(key, {}).items():
            whole[key][name] = whole[key].get(name, 0) + count


def _guided_here(name: str, count: int, seed: int, keep: Path) -> int:
    import atheris  # noqa: PLC0415 - only a guided run needs it

    with atheris.instrument_imports(include=["bayestrace"]):
        from oracle import Tally, limit_memory  # noqa: PLC0415 - as above

        reader = _ready(name)
    corpus = keep / "corpus" / name.replace(" ", "-")
    corpus.mkdir(parents=True, exist_ok=True)
    for data in reader.seeds:
        (corpus / hashlib.sha256(data).hexdigest()).write_bytes(data)
    tally = Tally()

    def read(data: bytes) -> None:
        tally.add(reader, data)
        if tally.inputs % 200 == 0 or tally.inputs >= count:
            (keep / "told.json").write_text(json.dumps(_data(tally)), encoding="utf-8")
            _keep(name, tally.examples, keep)
        if tally.inputs >= count:
            os._exit(0)

    def mutate(data: bytes, most: int, number: int) -> bytes:
        rng = Random(number)  # noqa: S311 - the same inputs again, not secrets
        # The library's own way finds bytes that a comparison asks for; ours keeps files in their form.
        return bytes(atheris.Mutate(data, most)) if rng.random() < 1 / 3 else reader.mutate(rng, data)[:most]

    limit_memory()
    settings = [f"-seed={seed}", "-max_len=60000", "-rss_limit_mb=0", "-timeout=120", f"-artifact_prefix={keep}/"]
    atheris.Setup([sys.argv[0], *settings, str(corpus)], read, custom_mutator=mutate)
    atheris.Fuzz()
    return 0


def _ready(name: str) -> Reader:
    """Make a reader ready in a folder that goes with the program; in memory, where the system has that."""
    from spoilt_files import reader_of  # noqa: PLC0415 - as above

    memory = Path("/dev/shm")  # noqa: S108 - the folder below is made there for this run alone
    folder = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None, prefix="bayestrace-fuzz-")
    atexit.register(folder.cleanup)
    return reader_of(name, Path(folder.name))


def _line(name: str, ways: dict[str, dict[str, Any]]) -> str:
    count, wall = (sum(found[key] for found in ways.values()) for key in ("inputs", "wall"))
    wrong = {failure for found in ways.values() for failure in found["failures"]}
    faults = {slug for found in ways.values() for slug in found["faults"]}
    return "\n  ".join([f"{name}: {count} inputs, {wall:.0f} s, {len(faults)} faults", *sorted(wrong)])


def _publish(told: dict[str, dict[str, Any]]) -> None:
    """Write what came of it for the documentation: all numbers, and a page that tells of them."""
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES} | {"Python": platform.python_version()}
    data = {"fuzz": 1, "versions": versions, "readers": told}
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    (PUBLISHED / "fuzz.json").write_text(text, encoding="utf-8")
    lines = [_row(name, ways) for name, ways in [*told.items(), ("all", _all(told))]]
    named = ", ".join(f"{name} {version}" for name, version in versions.items())
    count = sum(found["inputs"] for ways in told.values() for found in ways.values())
    table = "\n".join([_HEAD, *lines, "", f"{count:,} inputs in all, with {named}."])
    page = PUBLISHED / "fuzz.md"
    before, begin, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    page.write_text(f"{before}{begin}\n\n{table}\n\n{_END}{rest.partition(_END)[2]}", encoding="utf-8")


def _row(name: str, ways: dict[str, dict[str, Any]]) -> str:
    blind, guided = (ways.get(way, _nothing())["inputs"] for way in ("blind", "guided"))
    read, seconds = (sum(found[key] for found in ways.values()) for key in ("read", "seconds"))
    slowest = max(found["slowest"] for found in ways.values())
    faults = {slug for found in ways.values() for slug in found["faults"]}
    wrong = sum(count for found in ways.values() for count in found["failures"].values())
    return f"| {name} | {blind:,} | {guided:,} | {read:,} | {len(faults)} | {wrong} | {seconds:,.0f} | {slowest:.2f} |"


def _all(told: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    whole: dict[str, dict[str, Any]] = {}
    for ways in told.values():
        for way, found in ways.items():
            _merge(whole.setdefault(way, _nothing()), found)
    return whole


if __name__ == "__main__":
    sys.exit(main())
