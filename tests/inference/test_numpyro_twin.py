"""The marginal model written in NumPyro (benchmarks/numpyro_twin.py) against ours, where NumPyro is installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from numeric import real_problem

from bayestrace.inference import sampling

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.mark.long
def test_the_model_in_numpyro_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numpyro")
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    import numpyro_twin as twin  # noqa: PLC0415 - the path is set first

    problem = real_problem()
    assert twin.density_gap(problem) < twin.APART
    ours = sampling.sample(problem, draws=1000, chains=4, seed=1)["posterior"].to_dataset()
    _, apart = twin.mean_gap(twin.draw(problem, 1000, twin.TUNE), ours)
    assert apart < twin.ERRORS
