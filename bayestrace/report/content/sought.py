"""What was sought and what came of it, as plain frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bayestrace.report.content.values import Number, Phrase
from bayestrace.study.sought import Reading, State


@dataclass(frozen=True)
class Source:
    """A source as the study holds it (CSL-JSON)."""

    id: str
    csl: Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What came of the search for a clue in a case.

    `search` is the probability that the search would have found it. `against` is what it weighs for the focal
    explanation over each rival; empty where it was not sought. `rules_out` are positions of explanations under which it
    could not have come out so.
    """

    state: State
    search: Number
    against: tuple[Number, ...]
    rules_out: tuple[int, ...]
    note: Phrase | None
    source: Source | None
    place: str


@dataclass(frozen=True)
class Chance:
    """P(found | explanation) before and after the evidence, with standard deviations; `after` is None where known."""

    before: Number
    before_sd: Number
    after: Number | None
    after_sd: Number | None
    stated: tuple[Number, Number] | None


@dataclass(frozen=True)
class Given:
    """The probabilities of a clue, of one value of what it is given: `value` is None where it is given nothing."""

    value: Phrase | Literal["found", "not-found"] | None
    chances: tuple[Chance, ...]


@dataclass(frozen=True)
class Clue:
    """One clue: what is asked, what finding it says, its probabilities, and its outcomes in the order of the cases."""

    id: str
    asks: Phrase
    step: Phrase | None
    domain: Phrase | None
    direction: str
    given: Phrase | None
    why: Phrase | None
    cells: tuple[Given, ...]
    outcomes: tuple[Outcome, ...]
    left_out: tuple[Number | None, ...]
    values_left_out: tuple[Number | None, ...]


@dataclass(frozen=True)
class Reached:
    """What clues say of one case: the probability of each explanation, and which what was found rules out."""

    probabilities: tuple[Number, ...]
    excluded: tuple[bool, ...]
    leader: int
    rival: int


@dataclass(frozen=True)
class Link:
    """How the clues of a step stand to what is predicted of it; `parts` the same by domain, where there are several."""

    step: Phrase
    predicted: str
    standing: str
    parts: tuple[tuple[Phrase | None, str], ...]


@dataclass(frozen=True)
class Pattern:
    """The links of one case, and whether all hold: 1, 0, or -1 where it cannot be told."""

    links: tuple[Link, ...]
    holds: int

    @property
    def told(self) -> tuple[Link, ...]:
        """The links of which something is predicted that a clue could show."""
        return tuple(link for link in self.links if link.standing)


@dataclass(frozen=True)
class Share:
    """A share of cases like these, or a sum of shares: mean and standard deviation."""

    name: Phrase
    mean: Number
    sd: Number


@dataclass(frozen=True)
class Clues:
    """All that clues say.

    `reading` is `alone` where the study has nothing else. `reached` is of the clues by themselves; empty where they
    are read together with observations. `fixed` says whether the numbers are exact, so that no interval is given.
    `dependent` are pairs of ids.
    """

    reading: Reading | Literal["alone"]
    fixed: bool
    clues: tuple[Clue, ...]
    reached: tuple[Reached, ...]
    patterns: tuple[Pattern, ...]
    shares: tuple[Share, ...]
    values: tuple[Share, ...]
    chosen: Phrase | None
    chosen_why: Phrase | None
    dependent: tuple[tuple[str, str], ...]
