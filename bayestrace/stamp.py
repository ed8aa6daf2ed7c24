"""What a result says of how it was made: study, standpoint, settings, versions."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Mapping
from typing import Any

import xarray as xr

from bayestrace import __version__, results
from bayestrace.encoding import Problem
from bayestrace.study import PriorProfile, Study

_PACKAGES = ("arviz", "numpy", "pymc", "pytensor", "scipy", "xarray")


def stamp(  # noqa: PLR0913, PLR0917 - what a result says of itself
    study: Study,
    problem: Problem,
    profile: PriorProfile,
    kind: str,
    sampler: Mapping[str, Any],
    stats: xr.Dataset | None,
) -> dict[str, Any]:
    """Write the attributes of a result but its findings, as docs/results.md lists them.

    Parameters
    ----------
    study, problem, profile
        What it was made of.
    kind
        `model`, `face-value` or `clues`.
    sampler
        Draws, chains, seed and sampler, as asked for.
    stats
        What the sampler says of its draws; None where nothing was drawn.
    """
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES}
    settings: dict[str, Any] = {"coders": [str(name) for name in problem["coder"].values]}
    if stats is not None:
        settings |= {**sampler, **_as_drawn(problem, sampler, stats)}
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


def _as_drawn(problem: Problem, sampler: Mapping[str, Any], stats: xr.Dataset) -> dict[str, Any]:
    from bayestrace.inference import ledger, sampling  # noqa: PLC0415 - imported by now

    as_drawn = sampling.settings_of(problem, sampler["sampler"], sampler["draws"], stats)
    return {**as_drawn, "thinned": ledger.THINNED}


def fits(  # noqa: PLR0913 - what a result has to agree with
    tree: xr.DataTree,
    study: Study,
    profile: PriorProfile,
    hypothesis_set: str,
    *,
    kind: str,
    sampler: Mapping[str, int | None] | None = None,
) -> bool:
    """Say whether a result is of this study as it stands, from this standpoint, by this version of the engine.

    Parameters
    ----------
    tree
        A result, perhaps of another day.
    study, profile, hypothesis_set
        What is asked about.
    kind
        `model` or `face-value`.
    sampler
        Settings of the sampler that are insisted upon; None where any will do.
    """
    from bayestrace.inference.signal import Hyperparameters  # noqa: PLC0415 - scipy is slow to import

    attrs, settings = tree.attrs, json.loads(tree.attrs["settings"])
    same = (
        attrs.get("kind") in ({"model", "clues"} if kind == "model" else {kind})
        and attrs.get("study_digest") == study.digest()
        and attrs.get("set") == hypothesis_set
        and PriorProfile.model_validate_json(attrs["profile"]) == profile
        and set(settings["coders"]) == {coding.coder for coding in study.codings}
    )
    if not same or kind == "face-value":
        return same
    if attrs["kind"] == "clues":
        return not any(value is not None and settings.get(name) != value for name, value in (sampler or {}).items())
    insisted = {name: value for name, value in (sampler or {}).items() if value is not None}
    if any(settings.get(name) != value for name, value in insisted.items()):
        return False
    # An older result may lack what the model has learned to learn.
    return set(Hyperparameters._fields) <= set(map(str, tree["posterior"].to_dataset().data_vars))
