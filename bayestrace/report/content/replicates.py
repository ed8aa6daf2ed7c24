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
class Step:
    """One statistic on one step: what each of `Replicates.coders` stated, None where it is too little."""

    name: Phrase
    checks: tuple[Check | None, ...]


@dataclass(frozen=True)
class Replicates:
    """What the model replicates: by statistic, where coders without enough to say are left out, and also by step.

    Results of earlier versions have no steps.
    """

    coders: tuple[Phrase, ...]
    statistics: tuple[tuple[str, tuple[Check, ...]], ...]
    steps: tuple[tuple[str, tuple[Step, ...]], ...]


def read_replicates(tree: Tree) -> Replicates | None:
    """Read the group `replicates`; None where the result has none."""
    if not tree.has("replicates"):
        return None
    found = (
        (name, tuple(check for check in _checks(tree, "", statistic=name) if check))
        for name in tree.labels("replicates", "statistic")
    )
    has_steps = "step_statistic" in tree.dataset("replicates").coords
    by_step = tree.labels("replicates", "step_statistic") if has_steps else ()
    return Replicates(
        tuple(_coder(tree, coder) for coder in tree.labels("replicates", "coder")),
        tuple((name, checks) for name, checks in found if checks),
        tuple((name, steps) for name in by_step if (steps := _steps(tree, name))),
    )


def _steps(tree: Tree, statistic: str) -> tuple[Step, ...]:
    names = tree.study.mechanism.steps
    found = (
        Step(tree.phrase(names[step].name), _checks(tree, "step_", step_statistic=statistic, step=step))
        for step in tree.labels("replicates", "step")
    )
    return tuple(step for step in found if any(step.checks))


def _checks(tree: Tree, prefix: str, **where: str) -> tuple[Check | None, ...]:
    return tuple(_check(tree, prefix, coder=coder, **where) for coder in tree.labels("replicates", "coder"))


def _check(tree: Tree, prefix: str, coder: str, **where: str) -> Check | None:
    spot = {**where, "coder": coder}
    observed = tree.known("replicates", f"{prefix}observed", **spot)
    if observed is None:
        return None
    low, middle, high = (
        tree.number("replicates", f"{prefix}replicated", end=end, **spot) for end in ("q05", "q50", "q95")
    )
    p_value = tree.number("replicates", f"{prefix}p_value", **spot)
    return Check(_coder(tree, coder), observed, low, middle, high, p_value)


def _coder(tree: Tree, coder: str) -> Phrase:
    told = tree.study.coders.get(coder)
    return tree.phrase(told.name) if told else Phrase(coder)
