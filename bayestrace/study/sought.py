"""Evidence that is sought: clues that recur from case to case, what each search came to, what might be sought next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from bayestrace.study.basis import Cell, Direction, Frozen, Name, Number, Probability, Words

#: What came of the search for a clue in a case.
State = Literal["found", "not-found", "not-sought"]
#: Whether clues and observations make one posterior, or clues are read by themselves.
Reading = Literal["together", "beside"]

Positive = Annotated[Number, Field(gt=0.0)]
Inside = Annotated[Number, Field(gt=0.0, lt=1.0)]


class Chance(Frozen):
    """P(found | an explanation): known (`at`), a 90 % range, or a Beta by its parameters or by mean and sd.

    A file writes a number for the first and a list of two for the second. `bayestrace.reading` lets exactly one of the
    four forms through.
    """

    at: Probability | None = None
    low: Inside | None = None
    high: Inside | None = None
    alpha: Positive | None = None
    beta: Positive | None = None
    mean: Inside | None = None
    sd: Positive | None = None


def _as_chance(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"at": value}
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) == len(_ENDS):
        return dict(zip(_ENDS, value, strict=True))
    return value


_ENDS = ("low", "high")

Stated = Annotated[Chance, BeforeValidator(_as_chance)]


class Attribute(Frozen):
    """What is known of every case beforehand and tells of no explanation by itself."""

    name: Words
    values: Annotated[dict[Name, Words], Field(min_length=2)]


class Clue(Frozen):
    """Evidence that is sought in one case after another, and how likely each explanation makes finding it.

    `given` names an attribute, or another clue, that the probabilities depend on; then `found_if_given` has those of
    every value (of a clue: `found` and `not-found`), else `found_if` has them. Finding it says of its `step` that it
    moved in `direction`.
    """

    asks: Words
    found_if: dict[Cell, Stated] = {}
    given: Name | None = None
    found_if_given: dict[Name, dict[Cell, Stated]] = {}
    step: Name | None = None
    domain: Name | None = None
    direction: Direction = "none"
    why: Words | None = None

    def cells(self) -> Mapping[str, Mapping[str, Chance]]:
        """Give the probabilities by the value that they depend on; of a clue that depends on none by an empty name."""
        return self.found_if_given if self.given else {"": self.found_if}


class Dependence(Frozen):
    """Two clues that are not independent given the explanation: their correlation then, for all or for each of them."""

    clues: tuple[Name, Name]
    correlation: Number | dict[Cell, Number]


class Chosen(Frozen):
    """That cases were chosen because of how one clue came out in them, the outcome."""

    because_of: Name
    why: Words | None = None


class Estimand(Frozen):
    """A sum of the shares of explanations among all cases like these, each with a factor: an average effect."""

    name: Words
    shares: Annotated[dict[Cell, Number], Field(min_length=1)]


class Search(Frozen):
    """What came of the search for a clue in a case; `search` is the probability that it would have found it.

    The note of a `private` one is in nothing that is handed out.
    """

    case: Name
    clue: Name
    state: State
    search: Annotated[Number, Field(gt=0.0, le=1.0)] = 1.0
    note: Words | None = None
    source: str | None = None
    private: bool = False


class Candidate(Frozen):
    """Evidence that might be sought next: where, how likely each explanation makes finding it, and at what cost.

    `cases` is where; every case if empty.
    """

    title: Words
    asks: Words | None = None
    cases: tuple[Name, ...] = ()
    step: Name | None = None
    domain: Name | None = None
    found_if: Annotated[dict[Cell, Stated], Field(min_length=2)]
    search: Annotated[Number, Field(gt=0.0, le=1.0)] = 1.0
    cost: Positive = 1.0
    why: Words | None = None
