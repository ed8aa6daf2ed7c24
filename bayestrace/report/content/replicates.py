"""Read what coders stated beside what the model replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bayestrace.report.content.values import Number, Phrase

if TYPE_CHECKING:
    from bayestrace.report.content.tree import Tree  # it needs the parts, and they need what is here


@dataclass(frozen=True)
class Check:
    """One statistic of one coder: as stated, the ends and middle of nine replicates of ten, and the p-value."""

    coder: Phrase
    observed: Number
    low: Number
    middle: Number
    high: Number
    p_value: Number


@dataclass(frozen=True)
class Replicates:
    """What the model replicates: by statistic, and the spread by step; coders without enough to say are left out."""

    statistics: tuple[tuple[str, tuple[Check, ...]], ...]
    steps: tuple[tuple[Phrase, tuple[Check, ...]], ...]


def read_replicates(tree: Tree) -> Replicates | None:
    """Read the group `replicates`; None where the result has none."""
    if not tree.has("replicates"):
        return None
    names = tree.labels("replicates", "statistic")
    steps = tree.study.mechanism.steps
    by_name = ((name, _checks(tree, "", {"statistic": name})) for name in names)
    by_step = (
        (tree.phrase(steps[step].name), _checks(tree, "step_", {"step": step}))
        for step in tree.labels("replicates", "step")
    )
    return Replicates(
        tuple((name, checks) for name, checks in by_name if checks),
        tuple((name, checks) for name, checks in by_step if checks),
    )


def _checks(tree: Tree, prefix: str, where: dict[str, str]) -> tuple[Check, ...]:
    found = []
    for coder in tree.labels("replicates", "coder"):
        spot = {**where, "coder": coder}
        observed = tree.known("replicates", f"{prefix}observed", **spot)
        if observed is None:
            continue
        told = tree.study.coders.get(coder)
        low, middle, high = (
            tree.number("replicates", f"{prefix}replicated", end=end, **spot) for end in ("q05", "q50", "q95")
        )
        p_value = tree.number("replicates", f"{prefix}p_value", **spot)
        found.append(Check(tree.phrase(told.name) if told else Phrase(coder), observed, low, middle, high, p_value))
    return tuple(found)
