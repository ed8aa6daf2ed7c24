"""What a result was made of, as it was then: its study, its standpoint, what the engines took."""

from __future__ import annotations

from functools import cached_property

import xarray as xr

from bayestrace.encoding import Problem, ordered
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

    @property
    def kind(self) -> str:
        """`model`, `face-value` or `clues`."""
        return str(self.tree.attrs["kind"])
