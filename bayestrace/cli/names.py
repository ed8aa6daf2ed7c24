"""The names of a study that a shell completes."""

from __future__ import annotations

import re
from pathlib import Path

import click


def profiles(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """Complete the name of a prior profile of the study that is asked about."""
    files = sorted((_study(context) / "priors").glob("*.yaml"))
    return [name for name in [file.stem for file in files] or ["reference"] if name.startswith(begun)]


def coders(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """Complete the name of a coder, or the last of several with commas between."""
    before, comma, last = begun.rpartition(",")
    files = (_study(context) / "evidence" / "codings").glob("*-*.csv")
    names = {re.sub(r"-(weights|probabilities|notes|redundancy)$", "", file.stem) for file in files}
    return [f"{before}{comma}{name}" for name in sorted(names - {*before.split(",")}) if name.startswith(last)]


def sets(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """Complete the name of a set of hypotheses; nothing while the study has faults."""
    from bayestrace.errors import BayestraceError  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415

    try:
        study = read_study(_study(context))
    except BayestraceError:
        return []
    return [name for name in study.sets if name.startswith(begun)]


def analyses(_: click.Context, __: click.Parameter, begun: str) -> list[str]:
    """Complete the name of an analysis of sensitivity."""
    from bayestrace.sensitivity.run import ANALYSES  # noqa: PLC0415

    return [name for name in ANALYSES if name.startswith(begun)]


def _study(context: click.Context) -> Path:
    """Find the study in a line that is not finished: click leaves it unparsed where a value is still missing."""
    typed = [Path(word) for word in context.args if not word.startswith("-")]
    given = context.params.get("study") or next(iter(context.params.get("studies") or ()), ".")
    return next((path for path in typed if path.exists()), Path(str(given)))
