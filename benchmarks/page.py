"""How long the page of a result takes to answer anew, in Chromium, beside Python's way to the same answer."""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import xarray as xr
from measuring import ROOT, Row, Spent, spent
from numpy.typing import NDArray
from playwright.sync_api import sync_playwright

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/report")]

from browsing import CHROMIUM, OPTIONS  # noqa: E402 - the path is set first
from lively_engine import opened  # noqa: E402

from bayestrace.joint import log_update  # noqa: E402
from bayestrace.report import live  # noqa: E402
from bayestrace.sensitivity.standpoints import log_p, standpoint_of  # noqa: E402

ROUNDS = 15
#: The two must agree to this.
APART = 1e-9
_ASK = """prior => {
  const begun = performance.now();
  const told = window.engine.answer({prior});
  return [(performance.now() - begun) / 1000, Array.from(told.probability)];
}"""


def answers(tree: xr.DataTree) -> Row:
    """Ask for the answer from other priors, in turn of the page and of Python."""
    problem = tree["problem"].to_dataset()
    cases, size = problem.sizes["case"], problem.sizes["hypothesis"]
    drawn = tree["posterior"]["case_loglik"].transpose("chain", "draw", "case", "hypothesis").values
    told = log_update(problem, drawn.reshape(-1, cases, size))
    priors = np.random.default_rng(1).dirichlet(np.ones(size), ROUNDS)
    found: dict[str, NDArray[np.float64]] = {}

    def in_python(prior: NDArray[np.float64]) -> None:
        z, log_prior = log_p(problem["pool"].values, standpoint_of(problem)._replace(prior=prior[None]))
        joint = np.exp(log_prior[0] + told - (log_prior[0] + told).max())
        found["python"] = np.array(
            [np.bincount(z[:, case], joint / joint.sum(), minlength=size) for case in range(cases)]
        )

    taken = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        tab = opened(browser.new_page(), Path(folder), live.island(tree))
        for prior in priors:
            theirs = spent(partial(in_python, prior))
            ours, probability = tab.evaluate(_ASK, prior.tolist())
            # A script tells of the clock alone.
            taken.append((Spent(ours, ours), Spent(theirs.clock, theirs.clock)))
            apart = np.abs(np.reshape(probability, (cases, size)) - found["python"]).max()
            if apart > APART:
                sys.exit(f"the page and Python differ by {apart}")
        browser.close()
    sides = [Spent(*map(median, zip(*side, strict=True))) for side in zip(*taken, strict=True)]
    return Row("the page's answer from another prior (clock)", sides[0], "the same answer in NumPy (clock)", sides[1])
