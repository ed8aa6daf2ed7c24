"""What is shown of the cases together: what pooling shared, and how cases that differ in one thing differ."""

from __future__ import annotations

from dataclasses import dataclass

from bayestrace.report.content.values import Number, Phrase


@dataclass(frozen=True)
class Moved:
    """A probability before and after the evidence, with the names it is about."""

    names: tuple[Phrase, ...]
    prior: Number
    posterior: Number


@dataclass(frozen=True)
class Joint:
    """One joint explanation: a hypothesis for each case."""

    hypotheses: tuple[int, ...]
    probability: Number


@dataclass(frozen=True)
class Unseen:
    """The prediction for a case not yet seen; a group is None where it is a new one."""

    groups: tuple[tuple[Phrase, Phrase | None], ...]
    probabilities: tuple[Number, ...]


@dataclass(frozen=True)
class Pooling:
    """What the cases shared. `counts` has a row per hypothesis: P(exactly n cases are explained by it)."""

    same: tuple[Moved, ...]
    levels: tuple[tuple[str, Moved], ...]
    counts: tuple[tuple[Number, ...], ...]
    joint: tuple[Joint, ...]
    unseen: tuple[Unseen, ...]


@dataclass(frozen=True)
class Pair:
    """Two cases that differ in one factor alone.

    `shared` names what they have in common, or, where that would not tell pairs apart, the two cases; `cases` are their
    places, the one in the first group first. By step of the mechanism: `before` and `after`, how one-sidedly
    observations point in each, from -1, all report a fall, to 1, all report a rise; None where there is none. By
    explanation: `probabilities`, in each.
    """

    shared: tuple[Phrase, ...]
    cases: tuple[int, int]
    before: tuple[Number | None, ...]
    after: tuple[Number | None, ...]
    probabilities: tuple[tuple[Number, Number], ...]

    def increments(self) -> tuple[Number | None, ...]:
        """Return by how much each step's direction turned; None where one of the two is not known."""
        return tuple(
            Number(after.value - before.value, (after.value, before.value)) if after and before else None
            for before, after in zip(self.before, self.after, strict=True)
        )


@dataclass(frozen=True)
class Increment:
    """What differs between two groups of a factor, in every pair of cases that it alone tells apart."""

    factor: Phrase
    groups: tuple[Phrase, Phrase]
    pairs: tuple[Pair, ...]

    def larger(self, step: int) -> tuple[Pair, ...]:
        """Return the pairs in which a step turned most towards a rise; none where fewer than two can be compared."""
        known = [(turned.value, pair) for pair in self.pairs if (turned := pair.increments()[step])]
        most = max((value for value, _ in known), default=0.0)
        return tuple(pair for value, pair in known if value == most) if len(known) > 1 else ()
