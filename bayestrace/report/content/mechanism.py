"""Read the mechanism: predicted and observed directions, and what each step weighs, case by case."""

from __future__ import annotations

from collections.abc import Mapping

from bayestrace.report.content.parts import Agreement, Case, CaseMechanism, Indicator, Mechanism, Step
from bayestrace.report.content.tree import Tree, over
from bayestrace.report.content.values import Number

DIRECTIONS = ("up", "down", "none")


def read_mechanism(tree: Tree, cases: tuple[Case, ...]) -> Mechanism:
    """Read the mechanism of every case."""
    names = tree.labels("mechanism", "step")  # the study itself comes back sorted by key
    return Mechanism(
        arrows=tuple((names.index(one), names.index(other)) for one, other in tree.study.mechanism.arrows),
        cases=tuple(_case(tree, case) for case in cases),
        indicators=_indicators(tree),
    )


def _case(tree: Tree, case: Case) -> CaseMechanism:
    predicted = next((item for item in tree.study.mechanism.predictions if case.id in item.cases), None)
    weakest = str(tree.at("mechanism", "weakest", case=case.id))
    return CaseMechanism(
        case=case,
        prediction=tree.phrase(predicted.name) if predicted else None,
        statement=tree.optional(predicted.statement) if predicted else None,
        steps=tuple(_step(tree, case.id, name, weakest) for name in tree.labels("mechanism", "step")),
    )


def _step(tree: Tree, case: str, name: str, weakest: str) -> Step:
    told = tree.study.mechanism.steps[name]
    where = {"case": case, "step": name}
    counts = {key: tree.number("mechanism", "observed", direction=key, **where) for key in DIRECTIONS}
    weighing = tree.number("mechanism", "weighing", **where)
    vector = (
        tree.vector("steps", "alone_db", **where)
        if tree.has("steps")
        else tree.vector("mechanism", "step_face_db", **where)
    )
    rival = best = None
    if vector is not None:
        rival = max((place for place in range(len(vector)) if place != tree.focal), key=vector.__getitem__)
        best = max(range(len(vector)), key=vector.__getitem__)
    predicted = str(tree.at("mechanism", "predicted", **where))
    return Step(
        id=name,
        name=tree.phrase(told.name),
        asks=tree.optional(told.asks),
        predicted=predicted,
        up=counts["up"],
        down=counts["down"],
        none=counts["none"],
        weighing=weighing,
        agreement=agreement(predicted, counts),
        rival=rival,
        alone=over(vector, tree.focal, rival) if vector is not None and rival is not None else None,
        best=best,
        focal_alone=tree.known("steps", "probability_alone", hypothesis=tree.focal, **where)
        if tree.has("steps")
        else None,
        weakest=name == weakest,
    )


def agreement(predicted: str, counts: Mapping[str, Number]) -> Agreement:
    """Compare the predicted direction of a step with the observed ones.

    Parameters
    ----------
    predicted
        `up`, `down`, `none` or empty.
    counts
        Number of observations that report each direction.

    Returns
    -------
    Agreement
        Whether more observations report the predicted direction than the opposite one (where no movement is
        predicted: more no movement than any). A report of no direction speaks for neither up nor down.
    """
    up, down, none = (counts[key].value for key in DIRECTIONS)
    if not (up or down or none):
        return "no-evidence"
    if not predicted:
        return "no-prediction"
    if predicted == "none":
        agreeing, opposing = none, max(up, down)
    else:
        agreeing, opposing = (up, down) if predicted == "up" else (down, up)
    if not agreeing and not opposing:
        return "silent"
    if agreeing == opposing:
        return "split"
    return "as-predicted" if agreeing > opposing else "against"


def _weight(tree: Tree, where: Mapping[str, str]) -> tuple[Number | None, int | None]:
    """Read what the focal explanation has over its closest rival in a cell, as stated; and which rival that is."""
    if "indicator_face_db" not in tree.dataset("mechanism"):
        return None, None
    vector = tree.vector("mechanism", "indicator_face_db", **where)
    if vector is None:
        return None, None
    rival = max((place for place in range(len(vector)) if place != tree.focal), key=vector.__getitem__)
    return over(vector, tree.focal, rival), rival


def _indicators(tree: Tree) -> tuple[Indicator, ...]:
    mechanism = tree.study.mechanism
    found = []
    for step in tree.labels("mechanism", "step"):
        for domain in tree.labels("mechanism", "domain"):
            for case in tree.cases:
                where = {"case": case, "step": step, "domain": domain}
                up, down, none = (
                    tree.number("mechanism", "indicator", direction=direction, **where) for direction in DIRECTIONS
                )
                # Observations without a domain are counted under a name that the study does not know.
                named = mechanism.domains.get(domain)
                name = tree.phrase(mechanism.steps[step].name)
                weight, rival = _weight(tree, where)
                found.append(Indicator(case, name, tree.optional(named), (up, down, none), weight, rival))
    return tuple(found)
