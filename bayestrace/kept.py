"""What a result was made of, as it was then: its study, its standpoint, what the engines took."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

import xarray as xr

from bayestrace import results
from bayestrace.encoding import Problem, ordered
from bayestrace.errors import InputOutputFault
from bayestrace.study import PriorProfile, Study


class Kept:
    """A result that is read again: every class that holds one as `tree` reads these of it."""

    tree: xr.DataTree

    @cached_property
    def problem(self) -> Problem:
        """What every engine took."""
        return self.tree["problem"].to_dataset()

    @cached_property
    def study(self) -> Study:
        """The study of which it is the result, as it was then; cases and factors in its order."""
        return ordered(Study.model_validate_json(self.tree.attrs["study"]), self.problem)

    @cached_property
    def profile(self) -> PriorProfile:
        """The standpoint before the evidence, as it was then."""
        return PriorProfile.model_validate_json(self.tree.attrs["profile"])

    @cached_property
    def probability(self) -> xr.DataArray:
        """The published answer, (case, hypothesis).

        Pooled across cases and averaged over draws; at face value, case by case with doubtful observations counted.
        """
        if self.kind == "face-value":
            return self.face_value
        found = self.tree["cases"].to_dataset()["probability"].sel(pooling="pooled", stat="mean", drop=True)
        return found.transpose("case", "hypothesis")

    @property
    def face_value(self) -> xr.DataArray:
        """The stated weights added up, case by case with doubtful observations counted, (case, hypothesis)."""
        found = self.tree["face_value"].to_dataset()["probability"]
        return found.sel(pooled="case-by-case", doubtful="counted", drop=True).transpose("case", "hypothesis")

    @property
    def kind(self) -> str:
        """`model`, `face-value` or `clues`."""
        return str(self.tree.attrs["kind"])


def opened[Found: Kept](path: Path, hold: Callable[[Path, xr.DataTree], Found], *parts: str) -> Found:
    """Read a result that a user names.

    Parameters
    ----------
    path
        As `bayestrace.results.locate` takes it.
    hold
        Makes what holds it, of its file and of its tree.
    parts
        Attributes of that without which it is of no use; they are looked at here.

    Raises
    ------
    InputOutputFault
        There is no result, or a file that lacks a part of one.
    """
    place = results.locate(path)
    found = hold(place, results.load(place))
    try:
        # What these are made of is pydantic's and xarray's to find fault with.
        for part in parts:
            getattr(found, part)
    except (KeyError, ValueError) as fault:
        raise InputOutputFault("other-result", path=path) from fault
    return found
