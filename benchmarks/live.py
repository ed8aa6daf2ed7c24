"""Measure how long a page past enumeration takes to answer, in Chromium: what docs/live.md says of it.

`python benchmarks/live.py` makes a study of 12 cases, 6 explanations, 300 observations in 204 clusters and three
coders, puts 400 draws into a page, and gives medians of 15 settings of each kind, in milliseconds of script. `--beside
FOLDER` measures the script of another version in the same browser, setting by setting, right after this one's;
`--cases` and `--hypotheses` make other studies, `--face-value` one that takes stated weights as they are.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/report")]

from browsing import CHROMIUM, OPTIONS  # noqa: E402 - the path is set first
from lively import Fit, face_value  # noqa: E402
from lively_pools import pool_fit  # noqa: E402

from bayestrace.report import live  # noqa: E402

REPEATS, LAZY = 15, 3
# One answer, with what is worked out only when it is asked for where that is wanted.
ASK = """([name, state, wanted]) => {
  const engine = window[name];
  const begun = performance.now();
  const told = engine.answer(state);
  const values = wanted ? told[wanted] : told.probability;
  return [performance.now() - begun, told.refused === null && values.length > 0];
}"""
READ = """name => {
  const begun = performance.now();
  while (!window[name].prepare(1000)) {}
  return performance.now() - begun;
}"""


def settings(cases: int, size: int, levels: int, *, learned: bool) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """Give the settings of each kind, every one another, and what is asked for beside probabilities."""
    every = range(REPEATS)
    priors = [[1.0 + (1.0 + one / 10.0) * (k == one % size) for k in range(size)] for one in every]
    even, alone = [1.0 / levels] * levels, [1.0, *[0.0] * (levels - 1)]
    pooled = [{"kappa": 0.4 + one / 10.0, "levels": even} for one in every]
    found: dict[str, tuple[str, list[dict[str, Any]]]] = {
        "prior": ("", [{"prior": prior} for prior in priors]),
        "concentration": ("", [{"pooling": one} for one in pooled]),
        "levels": ("", [{"pooling": {"kappa": [0.1, 10.0], "levels": [0.2 + one / 9.0, *even[1:]]}} for one in every]),
        "prior and concentration": ("", [{"prior": prior, "pooling": pooled[one]} for one, prior in enumerate(priors)]),
        "no pooling": ("", [{"prior": prior, "pooling": {"kappa": np.inf, "levels": even}} for prior in priors]),
        "all cases on one level": ("", [{"pooling": {"kappa": 0.4 + one / 10.0, "levels": alone}} for one in every]),
        "the same, another prior": ("", [{"prior": p, "pooling": {"kappa": 1.0, "levels": alone}} for p in priors]),
        "one observation left out": ("", [{"without": [one]} for one in every]),
        "one of each case left out": ("", [{"without": [25 * case + one for case in range(cases)]} for one in every]),
        "a cluster left out": ("", [{"clusters": [one]} for one in every]),
        "selectivity": ("", [{"selectivity": 0.05 + one / 50.0} for one in every]),
        "the same and a prior": ("", [{"selectivity": 0.3, "prior": prior} for prior in priors]),
        "same": ("same", [{"prior": prior} for prior in priors[:LAZY]]),
        "count": ("count", [{"prior": prior} for prior in priors[:LAZY]]),
    }
    if learned:
        return found
    return {
        name: (wanted, states)
        for name, (wanted, states) in found.items()
        if not wanted and all(set(one) <= {"prior", "pooling"} for one in states)
    }


def script_of(folder: Path) -> str:
    """Join the script of a folder, of this version or another."""
    files = "\n".join((folder / name).read_text(encoding="utf-8") for name in live.FILES if (folder / name).exists())
    return f"(() => {{\n{files}\nreturn engine;\n}})()"


def page_of(tab: Page, island: dict[str, Any], scripts: dict[str, Path]) -> None:
    """Open a page with an engine of each script."""
    engines = "".join(
        f"const {name}=({script_of(folder)}).open(JSON.parse(island.textContent));window.{name}={name};\n"
        for name, folder in scripts.items()
    )
    text = (
        '<!doctype html><meta charset="utf-8"><script type="application/json" id="island">'
        f'{live.embedded(island)}</script><script>const island=document.getElementById("island");{engines}</script>'
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.html"
        path.write_text(text, encoding="utf-8")
        tab.goto(path.as_uri())


def measure(tab: Page, names: Sequence[str], made: Fit) -> None:
    """Print medians and ranges of each kind of setting, by script."""
    sizes = made.stored.problem.sizes
    learned = made.tree.attrs["kind"] == "model"
    if learned:
        print("reading all evidence", *(f"{name} {tab.evaluate(READ, name):.0f}" for name in names), sep="  ")
    for name in names:
        tab.evaluate(ASK, [name, {"prior": [1.0] * sizes["hypothesis"]}, ""])
    for kind, (wanted, states) in settings(sizes["case"], sizes["hypothesis"], sizes["level"], learned=learned).items():
        taken: dict[str, list[float]] = {name: [] for name in names}
        done = True
        for state in states:
            for name in names:
                milliseconds, answered = tab.evaluate(ASK, [name, state, wanted])
                taken[name].append(milliseconds)
                done = done and answered
        told = (f"{n} {np.median(ms):7.1f} ({min(ms):.1f} to {max(ms):.1f})" for n, ms in taken.items())
        print(f"{kind:28}", *told, "" if done else "refused", sep="  ", flush=True)


def main() -> None:
    """Measure as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=Path, help="folder with the script of another version")
    parser.add_argument("--cases", type=int, default=12)
    parser.add_argument("--hypotheses", type=int, default=6)
    parser.add_argument("--draws", type=int, default=800)
    parser.add_argument("--face-value", action="store_true")
    asked = parser.parse_args()
    study: dict[str, Any] = {
        "cases": asked.cases,
        "hypotheses": asked.hypotheses,
        "coders": 3,
        "factors": 2,
        "clusters": (5, 5),
        "singles": 15,
        "strength_db": 1.0,
    }
    made = face_value(**study) if asked.face_value else pool_fit(draws=asked.draws, **study)
    scripts = {"now": ROOT / "bayestrace/report/script"} | ({"beside": asked.beside} if asked.beside else {})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        tab = browser.new_page()
        page_of(tab, live.island(made.tree), scripts)
        measure(tab, list(scripts), made)
        browser.close()


if __name__ == "__main__":
    main()
