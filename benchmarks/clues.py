"""Measure fits of studies of clues against their number of cases: seconds, convergence, and how cost grows.

`python benchmarks/clues.py` makes studies of 125 to 1,000 cases with 20 clues and 6 explanations, whose truth is drawn
from what the fit assumes, compiles each first, and times four chains of `bayestrace update`'s length. `--pools common`
lets all cases take their explanation from one pool (kappa 6, as many as explanations), `--pools reference` from the
common pool, that of one of three groups, or their own, as the reference profile has it, `--pools built-in` from the
common one or their own, as a study has it that states neither factors nor profiles.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
import xarray as xr
from measuring import processors

from bayestrace import api
from bayestrace.encoding import encode
from bayestrace.study import Study

HYPOTHESES = tuple(f"h{place}" for place in range(6))
CLUES, GROUPS, SOUGHT = 20, 3, 0.9
POOLS: dict[str, dict[str, Any]] = {
    "common": {"levels": {"common": 1.0, "group": 0.0, "own": 0.0}, "kappa": float(len(HYPOTHESES))},
    "reference": {},
    "built-in": {},
}


def study_of(cases: int, pools: str) -> Study:
    """Draw shares, explanations, probabilities of clues and what was found, nine searches in ten made."""
    draw = np.random.default_rng(1)
    grouped = pools != "built-in"
    # A Beta(2, 2) for each probability; a study states it as mean and sd.
    chance = draw.beta(2.0, 2.0, (CLUES, len(HYPOTHESES)))
    explained = draw.choice(len(HYPOTHESES), cases, p=draw.dirichlet(np.ones(len(HYPOTHESES))))
    found = draw.random((cases, CLUES)) < chance[:, explained].T
    sought = draw.random((cases, CLUES)) < SOUGHT
    stated = {name: {"alpha": 2.0, "beta": 2.0} for name in HYPOTHESES}
    near = {
        f"q{clue}": {
            "asks": "?",
            # Half of the clues have probabilities that are known well, so that explanations are not interchangeable.
            "found_if": {
                name: {"mean": float(np.clip(chance[clue, place], 0.05, 0.95)), "sd": 0.05}
                for place, name in enumerate(HYPOTHESES)
            }
            if clue % 2
            else stated,
        }
        for clue in range(CLUES)
    }
    return Study.model_validate(
        {
            "bayestrace": 1,
            "id": "benchmark",
            "title": "Benchmark",
            "question": "?",
            "focal": "h0",
            "hypotheses": {name: {"name": name} for name in HYPOTHESES},
            "sets": {"all": {"hypotheses": HYPOTHESES}},
            "default_set": "all",
            "factors": {"group": {"name": "Group", "groups": {f"g{place}": "g" for place in range(GROUPS)}}}
            if grouped
            else {},
            "cases": {
                f"c{case}": {"name": f"c{case}", "groups": {"group": f"g{case % GROUPS}"} if grouped else {}}
                for case in range(cases)
            },
            "mechanism": {"steps": {"step": {"name": "Step"}}},
            "reliability": {},
            "scale": {"name": "Scale", "anchors": ({"word": "none", "db": 0.0},)},
            "clues": near,
            "searches": tuple(
                {"case": f"c{case}", "clue": f"q{clue}", "state": "found" if found[case, clue] else "not-found"}
                for case, clue in zip(*np.nonzero(sought), strict=True)
            ),
            "evidence": (),
            "sources": {},
            "codings": (),
            "profiles": {"reference": {"id": "reference", "name": "R", "why": "?", "pooling": POOLS[pools]}},
        }
    )


def measure(cases: int, pools: str, draws: int) -> tuple[float, float]:
    """Fit a study of so many cases, compiled before, and print what came of it: processor seconds, gradients."""
    from bayestrace.inference import sampling  # noqa: PLC0415 - after the cache's place is set

    study = study_of(cases, pools)
    problem = encode(study, study.profiles["reference"])
    if not sampling.is_compiled(problem):
        sampling.compile_ahead(problem)
    used = processors()
    begin = time.perf_counter()
    tree = sampling.sample(problem, draws=draws, chains=api.CHAINS, seed=1)
    seconds = time.perf_counter() - begin
    used = processors() - used
    posterior, stats = tree["posterior"].to_dataset(), tree["sample_stats"].to_dataset()
    kept = [name for name in ("chance", "pool", "omega", "kappa") if name in posterior]
    told: xr.Dataset = sampling.diagnose(posterior[kept])
    steps = float((2.0 ** stats["tree_depth"]).mean())
    print(
        f"{pools}, {cases} cases: {seconds:.1f} s, {used:.1f} s of processors; "
        f"R-hat at most {float(told['r_hat'].max()):.4f}, "
        f"bulk ESS at least {float(told['ess_bulk'].min()):.0f}, {int(stats['diverging'].sum())} divergences, "
        f"{steps:.0f} gradients a draw",
        flush=True,
    )
    return used, steps


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, nargs="+", default=[125, 250, 500, 1000])
    parser.add_argument("--pools", choices=sorted(POOLS), nargs="+", default=["common"])
    parser.add_argument("--draws", type=int, default=api.DRAWS)
    asked = parser.parse_args()
    api.compile_cache()
    for pools in asked.pools:
        found = [measure(cases, pools, asked.draws) for cases in asked.cases]
        if len(found) > 1:
            size = np.log(asked.cases)
            for what, values in (
                ("processor seconds", [one for one, _ in found]),
                ("a gradient", [one / two for one, two in found]),
            ):
                print(f"{pools}: {what} grow as cases to the power of {np.polyfit(size, np.log(values), 1)[0]:.2f}")


if __name__ == "__main__":
    main()
