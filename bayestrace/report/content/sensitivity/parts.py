"""What the report says of what would change the answer, as plain frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass

from bayestrace.report.content.values import Number, Phrase


@dataclass(frozen=True)
class Weighing:
    """What weights of draws are worth: Pareto k (None without a tail), effective draws, and whether to doubt them."""

    pareto_k: Number | None
    ess: Number
    doubtful: bool


@dataclass(frozen=True)
class Flip:
    """Where the leader changes, in units of what is swept, and the place of the hypothesis that leads from there.

    `weighing` is of the draws there, None where they need no weights.
    """

    at: Number
    to: int
    weighing: Weighing | None = None


@dataclass(frozen=True)
class Sweep:
    """One thing moved from end to end.

    Parameters
    ----------
    kind
        `prior`, `kappa`, `level`, `bounds`, or the name of an allowance.
    name
        Id of what is moved: a hypothesis, a pooling level, a coder; empty where there is nothing to name.
    subject
        The same in words.
    x
        What was swept.
    probability
        By case, hypothesis and point of the sweep.
    flips
        By case: the flip point nearest to the result as fitted; None where the leader stays.
    base
        Where the result as fitted stands on the sweep; None where it is on no point of it.
    even, sure
        By case: where the hypothesis raised reaches one half and .95; only of a prior.
    worst
        What weights of draws are worth where they are worth least; None where draws need no weights.
    """

    kind: str
    name: str
    subject: Phrase
    x: tuple[Number, ...]
    probability: tuple[tuple[tuple[Number, ...], ...], ...]
    flips: tuple[Flip | None, ...]
    base: Number | None = None
    even: tuple[Number | None, ...] = ()
    sure: tuple[Number | None, ...] = ()
    worst: Weighing | None = None


@dataclass(frozen=True)
class Standing:
    """Who leads under one standpoint, by case: a profile, or a limit of pooling; None where none does or is known."""

    id: str
    name: Phrase
    probability: tuple[tuple[Number, ...], ...]
    leaders: tuple[int | None, ...]
    refit: bool = False


@dataclass(frozen=True)
class Slice:
    """Who leads in one case over a triangle of priors.

    `corners` are the three hypotheses that share what the others leave, None all the others together; `held` is what
    keeps its share, with that share. `shares` and `leaders` are by point; `base` are the shares of the prior as it is.
    """

    case: int
    corners: tuple[int | None, int | None, int | None]
    held: tuple[tuple[int, Number], ...]
    shares: tuple[tuple[float, float, float], ...]
    leaders: tuple[int, ...]
    base: tuple[float, float, float] | None
    steps: int


@dataclass(frozen=True)
class Nearest:
    """The prior nearest to the one as it is, of those tried, under which another explanation leads a case.

    `at` is the prior probability that moves, `to` who leads then, `prior` that prior by hypothesis; None, and empty,
    where no prior tried does it. `share` is that of the priors tried under which the leader as it is leads.
    """

    share: Number
    at: Number | None
    to: int | None
    prior: tuple[Number, ...]


@dataclass(frozen=True)
class Item:
    """One thing left out: what that does to the leader's lead in a case, in decibels, and who leads then."""

    name: Phrase
    anchor: str | None
    change: Number
    leader: int
    probability: Number
    weighing: Weighing | None


@dataclass(frozen=True)
class LeftOut:
    """What leaving one thing of a kind out does, by case; the items that matter most first."""

    kind: str
    count: int
    cases: tuple[tuple[Item, ...], ...]
    turning: tuple[int, ...]


@dataclass(frozen=True)
class Smallest:
    """The fewest observations of which the leader depends; `size` is None where no such set was found.

    `exact`: no smaller set does, or none at all; `bound`: no set of fewer does, None where none at all does; `weighing`
    is of the draws without them.
    """

    size: Number | None
    exact: bool
    bound: Number | None
    members: tuple[tuple[Phrase, str], ...]
    to: int | None
    weighing: Weighing | None = None


@dataclass(frozen=True)
class Needed:
    """What an explanation that nobody listed must weigh against the leader to lead a case, by its prior: decibels.

    Case by case, per observation and in all; in all with the cases pooled; and, pooled, per observation where it does
    so well in every case at once. None where that cannot be told.
    """

    prior: tuple[Number, ...]
    per_observation: tuple[Number | None, ...]
    in_all: tuple[Number | None, ...]
    pooled: tuple[Number | None, ...]
    everywhere: tuple[Number | None, ...]


@dataclass(frozen=True)
class Beside:
    """An explanation that another set of the study lists: what it weighs against each case's leader, decibels."""

    name: Phrase
    weights: tuple[Number | None, ...]


@dataclass(frozen=True)
class Power:
    """How far a quantity moves when prior or evidence counts for more or less, and what follows from that."""

    case: int | None
    name: Phrase
    prior: Number
    evidence: Number
    diagnosis: str


@dataclass(frozen=True)
class Crossing:
    """Who leads each case over two changes at once.

    `leaders` by case, then by y, then by x; `doubtful` by y, then by x: where the draws hardly reach.
    """

    kinds: tuple[str, str]
    x: tuple[Number, ...]
    y: tuple[Number, ...]
    leaders: tuple[tuple[tuple[int | None, ...], ...], ...]
    doubtful: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True)
class Option:
    """One option of a choice, by its id and in words."""

    value: str
    name: Phrase


@dataclass(frozen=True)
class Choice:
    """One choice of an analyst: its options, and which of them each specification takes."""

    name: str
    options: tuple[Option, ...]
    taken: tuple[int, ...]


@dataclass(frozen=True)
class Multiverse:
    """Every combination of choices: the focal explanation's probability and whether it leads, under each, by case.

    `share` says how often each of `hypotheses`, those of all sets together, leads each case; `most` which choice
    matters most for the focal explanation there, and what share of the variance is its own.
    """

    choices: tuple[Choice, ...]
    focal: tuple[tuple[float, ...], ...]
    leads: tuple[tuple[bool, ...], ...]
    hypotheses: tuple[Phrase, ...]
    share: tuple[tuple[Number | None, ...], ...]
    of_leader: tuple[Number | None, ...]
    most: tuple[tuple[str, Number] | None, ...]
    count: Number
    unreliable: Number | None


@dataclass(frozen=True)
class Sensitivity:
    """All that is known of what would change the answer; an analysis that was not made is empty or None."""

    pooled: bool
    leaders: tuple[int, ...]
    base: tuple[tuple[Number, ...], ...]
    sweeps: tuple[Sweep, ...]
    profiles: tuple[Standing, ...]
    limits: tuple[Standing, ...]
    slices: tuple[Slice, ...]
    nearest: tuple[Nearest, ...]
    left_out: tuple[LeftOut, ...]
    smallest: tuple[Smallest, ...]
    needed: tuple[Needed, ...]
    beside: tuple[Beside, ...]
    power: tuple[Power, ...]
    crossings: tuple[Crossing, ...]
    multiverse: Multiverse | None
    skipped: tuple[tuple[str, str], ...]

    def of(self, kind: str) -> tuple[Sweep, ...]:
        """Return the sweeps of one kind."""
        return tuple(sweep for sweep in self.sweeps if sweep.kind == kind)
