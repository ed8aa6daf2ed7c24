"""What a result says of how it was made: study, standpoint, settings, versions."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Mapping
from typing import Any

from bayestrace import __version__, results
from bayestrace.encoding import Problem
from bayestrace.study import PriorProfile, Study

_PACKAGES = ("arviz", "numpy", "pymc", "pytensor", "scipy", "xarray")


def stamp(
    study: Study, problem: Problem, profile: PriorProfile, kind: str, sampler: Mapping[str, int] | None
) -> dict[str, Any]:
    """Write the attributes of a result but its findings, as docs/results.md lists them.

    Parameters
    ----------
    study, problem, profile
        What it was made of.
    kind
        `model`, `face-value` or `clues`.
    sampler
        Draws, chains and seed; None where nothing was drawn.
    """
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES}
    settings: dict[str, Any] = {"coders": [str(name) for name in problem["coder"].values]}
    if sampler is not None:
        settings |= {**sampler, **_sampler_settings(problem, sampler["draws"])}
    return {
        "bayestrace": __version__,
        "format": results.FORMAT,
        "kind": kind,
        "study": study.canonical(),
        "places": json.dumps(study.places, ensure_ascii=False, sort_keys=True),
        "study_digest": study.digest(),
        "profile": json.dumps(profile.model_dump(mode="json"), ensure_ascii=False, sort_keys=True),
        "set": problem.attrs["set"],
        "focal": problem.attrs["focal"],
        "settings": json.dumps(settings, sort_keys=True),
        "versions": json.dumps({"python": platform.python_version(), **versions}, sort_keys=True),
    }


def _sampler_settings(problem: Problem, draws: int) -> dict[str, Any]:
    from bayestrace.inference import ledger, sampling  # noqa: PLC0415 - imported by now

    return {**sampling.settings_of(problem, draws), "thinned": ledger.THINNED}
