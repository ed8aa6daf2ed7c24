"""What is dated when, as plain frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bayestrace.report.content.values import Phrase


@dataclass(frozen=True)
class Moment:
    """An observation in time: the first and the last day that its date covers.

    `causes` are the observations by which it is explained, `later` those of them that begin after it has ended.
    `ahead_of` is the step that should lead to its own and of which every dated observation is later; None if none is.
    """

    id: str
    title: Phrase
    dated: str
    begins: date
    ends: date
    step: int
    weighs: bool
    causes: tuple[str, ...]
    later: tuple[str, ...]
    ahead_of: int | None

    @property
    def early(self) -> bool:
        """Whether it is dated before what should have caused it."""
        return bool(self.later) or self.ahead_of is not None


@dataclass(frozen=True)
class Timeline:
    """A case in time: its period, its dated observations from the first to the last, and how many have no date."""

    case: Phrase
    steps: tuple[Phrase, ...]
    begins: date
    ends: date
    moments: tuple[Moment, ...]
    undated: int
