"""What a coder stated of one observation, as a vector of log-likelihoods in contrasts, with its variance."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bayestrace.study import Judgement, StatedProbability
from bayestrace.theories import NONE, fill
from bayestrace.weights import NATS_PER_DB, RANGE_WIDTH, helmert

Floats = NDArray[np.float64]


class Stated(NamedTuple):
    """One coder on one observation, in the contrasts of the chosen hypotheses."""

    weight: Floats
    projector: Floats
    variance: float


class _Reach(NamedTuple):
    """What comparisons within some of the hypotheses reach: their contrasts, and the projection on these."""

    contrasts: Floats
    projector: Floats


class Joining(NamedTuple):
    """The joint cells of the study's theories with the cells they join, and the rule for those not stated."""

    cells: Mapping[str, Sequence[str]]
    rule: str


def with_joint_probabilities(judgement: Judgement, joining: Joining) -> Judgement:
    """Add the probabilities of joint cells that the rule makes out of those stated, and their ranges alike."""
    best = fill({item.hypothesis: item.best for item in judgement.probabilities}, joining.cells, joining.rule)
    if not best:
        return judgement
    low, high = (
        fill(_ends(judgement.probabilities, name, joining.rule), joining.cells, joining.rule)
        for name in ("low", "high")
    )
    ranged = {item.hypothesis for item in judgement.probabilities if item.low is not None}
    made = tuple(
        # An end may pass the best guess, since the cells' ranges were stated one by one; a range holds its best guess.
        StatedProbability(hypothesis=cell, best=value, low=min(low[cell], value), high=max(high[cell], value))
        if ranged & {*joining.cells[cell]}
        else StatedProbability(hypothesis=cell, best=value)
        for cell, value in best.items()
    )
    return judgement.model_copy(update={"probabilities": (*judgement.probabilities, *made)})


def _ends(stated: Sequence[StatedProbability], name: str, rule: str) -> dict[str, float]:
    """Take one end of every range, the best guess where there is none."""
    ends = {item.hypothesis: item.best if (end := getattr(item, name)) is None else end for item in stated}
    # For noisy-or no theory makes the evidence less likely than none does, at the ends of the ranges as well.
    floor = ends.get(NONE, 0.0) if rule == "noisy-or" else 0.0
    return {cell: max(value, floor) for cell, value in ends.items()}


class Reached:
    """The hypotheses, and what comparisons within parts of them reach; most coders compare the same ones every time."""

    def __init__(self, hypotheses: Sequence[str]) -> None:
        self.place = {name: index for index, name in enumerate(hypotheses)}
        self._helmert = helmert(len(hypotheses))
        self._known: dict[tuple[tuple[int, ...], ...], _Reach] = {}

    def within(self, parts: tuple[tuple[int, ...], ...]) -> _Reach:
        """Return what comparisons within each of these parts reach, hypotheses by their place."""
        if parts not in self._known:
            centring = np.zeros((len(self.place), len(self.place)))
            for inside in parts:
                centring[np.ix_(inside, inside)] = np.eye(len(inside)) - 1.0 / len(inside)
            contrasts = self._helmert @ centring
            self._known[parts] = _Reach(contrasts, contrasts @ self._helmert.T)
        return self._known[parts]


def stated_weight(judgement: Judgement, reached: Reached, joining: Joining) -> Stated | None:
    """Collect what a coder said of one observation, on the chosen hypotheses only.

    A weight against a hypothesis outside the chosen set still links two inside it; the projector says which
    contrasts the coder's comparisons reach.
    """
    components = _components(judgement)
    if judgement.weights and joining.rule == "strongest":  # noisy-or needs probabilities, and they are filled in by now
        stated = {cell for component in components for cell in component}
        left_out = {cell: parts for cell, parts in joining.cells.items() if cell not in stated}
        for component in components:
            component.update(fill(component, left_out, joining.rule))
    values = [0.0] * len(reached.place)
    parts: list[tuple[int, ...]] = []
    for component in components:
        inside = {place: component[name] for name, place in reached.place.items() if name in component}
        if len(inside) > 1:  # one hypothesis alone is no comparison
            parts.append(tuple(inside))
            for place, value in inside.items():
                values[place] = value
    if not parts:
        return None
    reach = reached.within(tuple(parts))
    return Stated(reach.contrasts @ np.array(values), reach.projector, _stated_variance(judgement, reached.place))


def _components(judgement: Judgement) -> list[dict[str, float]]:
    """Log-likelihoods in nats of each connected part of a coder's comparisons, up to a constant."""
    if judgement.probabilities:
        return [{item.hypothesis: math.log(item.best) for item in judgement.probabilities}]
    components: list[dict[str, float]] = []
    for item in judgement.weights:
        nats = item.best * NATS_PER_DB
        over = next((part for part in components if item.hypothesis in part), None)
        under = next((part for part in components if item.against in part), None)
        if over is None and under is None:
            components.append({item.hypothesis: nats, item.against: 0.0})
        elif under is None and over is not None:
            over[item.against] = over[item.hypothesis] - nats
        elif over is None and under is not None:
            under[item.hypothesis] = under[item.against] + nats
        elif over is not None and under is not None and over is not under:
            shift = over[item.hypothesis] - nats - under[item.against]
            over.update({name: value + shift for name, value in under.items()})
            components.remove(under)
    return components


def _stated_variance(judgement: Judgement, hypotheses: Container[str]) -> float:
    """Variance per contrast that the stated ranges imply (docs/inference.md 1), in nats squared; 0 without ranges.

    A pairwise weight has twice the variance of one contrast; a log-probability has the variance of one.
    """
    if judgement.probabilities:
        spans = [
            math.log(item.high / item.low)
            for item in judgement.probabilities
            if item.hypothesis in hypotheses and item.low and item.high
        ]
        halving = 1.0
    else:
        ranged = [item for item in judgement.weights if item.low is not None and item.high is not None]
        inside = [item for item in ranged if item.hypothesis in hypotheses and item.against in hypotheses]
        spans = [((item.high or 0.0) - (item.low or 0.0)) * NATS_PER_DB for item in inside or ranged]
        halving = 0.5
    return halving * float(np.square(np.array(spans) / RANGE_WIDTH).sum() / len(spans)) if spans else 0.0
