"""Results of small studies with clues, read from files as a user writes them, for the tests of what is said of them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import xarray as xr
from small_study import FILES, SOUGHT, write

from bayestrace import api

Kind = Literal["alone", "beside"]

#: Files of a study that has nothing but clues.
_ALONE = {"study.yaml", "evidence/sources.json", "evidence/clues.csv", "evidence/codebook.md", "priors/reference.yaml"}
_CHOSEN = "chosen: {because_of: kept, why: Treaties that lasted.}\n"
#: Every case takes from one pool: then cases that stand for several can be gone through.
_ONE_POOL = FILES["priors/reference.yaml"].replace("levels: 0.25", "levels: {common: 1}")
_NOTICE = "question: Why did the treaty last?\nnotice: The probabilities are made up.\n"


def files_of(kind: Kind, changes: Mapping[str, tuple[str, str]] | None = None) -> dict[str, str]:
    """Give the files of a study; `changes` by file are a piece and what stands in its place."""
    files = dict(SOUGHT) if kind == "beside" else {name: text for name, text in SOUGHT.items() if name in _ALONE}
    text = files["study.yaml"].replace(_CHOSEN, "").replace("question: Why did the treaty last?\n", _NOTICE)
    if kind == "alone":
        text = text.replace("clusters: {purchase: The purchase, visit: The visit}\n", "")
    files |= {"study.yaml": text, "priors/reference.yaml": _ONE_POOL}
    for name, (old, new) in (changes or {}).items():
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new)
    return files


def tree_of(
    kind: Kind = "alone",
    changes: Mapping[str, tuple[str, str]] | None = None,
    say: Callable[[str], str] | None = None,
) -> xr.DataTree:
    """Read the study and update it: of clues alone exactly, with observations at face value and clues beside.

    `say` may spoil whole files before they are read.
    """
    files = {name: say(text) if say else text for name, text in files_of(kind, changes).items()}
    with tempfile.TemporaryDirectory() as folder:
        study = api.read_study(write(Path(folder), files))
    return api.update(study, api.Options(hypotheses="wide", face_value=kind == "beside"))
