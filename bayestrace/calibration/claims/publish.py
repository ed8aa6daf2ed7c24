"""Everything that is published of a run, as texts: the page, its numbers, its figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from bayestrace.calibration.claims import figures, tables
from bayestrace.calibration.claims.scoring import compare, score_all
from bayestrace.calibration.claims.trials import Plan, load


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
        "claims.md": tables.page(outcomes, with_what),
        "claims.csv": tables.table(outcomes, plan.seed),
        "reliability.svg": figures.reliability(first, with_what),
        "worlds.svg": figures.worlds(outcomes, with_what),
    }
