"""Everything that is published of a run, as texts: the page, its numbers, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bayestrace.calibration.claims import figures, tables
from bayestrace.calibration.claims.scoring import compare, score_all
from bayestrace.calibration.claims.trials import Plan, Record, load
from bayestrace.calibration.claims.worlds import Setting
from bayestrace.inference.fingerprint import fingerprint

#: Seed of what is published, unless another is asked for.
SEED = 1


def files(plan: Plan, root: Path, made: Mapping[str, str]) -> dict[str, str]:
    """Score the studies that are kept and write what is published of them.

    Parameters
    ----------
    plan
        What was simulated; its first world is the model's own.
    root
        Folder of the shards. Worlds of which nothing is kept are left out.
    made
        What it was made with, by name: seed and versions.

    Returns
    -------
    dict
        Contents by file name; empty where nothing is kept of the model's own world.
    """
    records = {setting: load(plan, root, setting) for setting in plan.settings}
    first = records[plan.settings[0]]
    if not first:
        return {}
    outcomes = [
        tables.Outcome(
            setting,
            score_all(record, plan.seed),
            compare(record, plan.seed),
            int(np.count_nonzero(record["diverging"])),
        )
        for setting, record in records.items()
        if record
    ]
    with_what = ", ".join(f"{name} {value}" for name, value in made.items())
    return {
        "claims.md": tables.page(outcomes, f"{_command(plan, records)}; {with_what}", fingerprint()),
        "claims.csv": tables.table(outcomes, plan.seed),
        "reliability.svg": figures.reliability(first, with_what),
        "worlds.svg": figures.worlds(outcomes, with_what),
    }


def _command(plan: Plan, records: Mapping[Setting, Record]) -> str:
    """Word how to simulate what is kept: less than the plan asks for, where it is so in all worlds alike."""
    kept = {len(record["study"]) / setting.times if record else 0.0 for setting, record in records.items()}
    number = max(kept)
    seed = "" if plan.seed == SEED else f" --seed {plan.seed}"
    command = f'`make validation ARGS="--studies {number:.0f}{seed}"`'
    return command if len(kept) == 1 else f"{command}, stopped before it was done"
