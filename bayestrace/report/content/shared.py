"""Read what is common to the cases: what pooling shared, and what was learned of the coders."""

from __future__ import annotations

from bayestrace.report.content.parts import CoderResult, Diagnostic, Diagnostics
from bayestrace.report.content.pools import Joint, Moved, Pooling, Unseen
from bayestrace.report.content.tree import Tree
from bayestrace.report.content.values import Phrase
from bayestrace.study import Text


def read_pooling(tree: Tree) -> Pooling | None:
    """Read what pooling shared; None at face value."""
    if not tree.has("joint"):
        return None
    # A case may stand for several.
    sizes = range(tree.table("joint", "count").values.shape[-1])
    return Pooling(
        same=_same(tree),
        levels=tuple(
            (
                level,
                Moved(
                    (_level(tree, level),),
                    tree.number("joint", "level_share", moment="prior", level=place),
                    tree.number("joint", "level_share", moment="posterior", level=place),
                ),
            )
            for place, level in enumerate(tree.labels("problem", "level"))
        ),
        counts=tuple(
            tuple(tree.number("joint", "count", hypothesis=name, cases_explained=size) for size in sizes)
            for name in tree.hypotheses
        ),
        joint=tuple(
            Joint(
                tuple(
                    tree.hypotheses.index(str(tree.at("joint", "top_explanation", rank=rank, case=case)))
                    for case in tree.cases
                ),
                tree.number("joint", "top_probability", rank=rank),
            )
            for rank in range(len(tree.labels("joint", "top_probability")))
        ),
        unseen=_unseen(tree),
    )


def _level(tree: Tree, level: str) -> Phrase:
    return tree.phrase(tree.study.factors[level].name) if level in tree.study.factors else Phrase(level)


def _same(tree: Tree) -> tuple[Moved, ...]:
    pairs = [(one, other) for place, one in enumerate(tree.cases) for other in tree.cases[place + 1 :]]
    return tuple(
        Moved(
            (tree.phrase(tree.study.cases[one].name), tree.phrase(tree.study.cases[other].name)),
            tree.number("joint", "same", moment="prior", case=one, case_too=other),
            tree.number("joint", "same", moment="posterior", case=one, case_too=other),
        )
        for one, other in pairs
    )


def _unseen(tree: Tree) -> tuple[Unseen, ...]:
    if not tree.has("prediction"):
        return ()
    factors = [dim for dim in tree.labels("prediction", "factor") if dim in tree.study.factors]
    found = []
    for scenario in range(tree.table("prediction", "probability").values.shape[0]):
        named = []
        for factor in factors:
            value = str(tree.at("prediction", "group", scenario=scenario, factor=factor))
            known = tree.study.factors[factor].groups
            named.append((tree.phrase(tree.study.factors[factor].name), _group(tree, known.get(value))))
        probabilities = (
            tree.number("prediction", "probability", scenario=scenario, hypothesis=name) for name in tree.hypotheses
        )
        found.append(Unseen(tuple(named), tuple(probabilities)))
    return tuple(found)


def _group(tree: Tree, text: Text | None) -> Phrase | None:
    return tree.phrase(text) if text else None


def read_coders(tree: Tree) -> tuple[CoderResult, ...]:
    """Read what was learned of every coder that took part."""
    return tuple(_coder(tree, name) for name in tree.labels("problem", "coder"))


def _files(tree: Tree, coder: str) -> tuple[str, ...]:
    """Name the files in which a coder's weights or probabilities stand."""
    stated = (place for what, place in tree.places.items() if what.startswith(f"weights:{coder}:"))
    return tuple(dict.fromkeys(place.rpartition(":")[0] for place in stated))


def _coder(tree: Tree, name: str) -> CoderResult:
    told = tree.study.coders.get(name)
    sampled = tree.kind == "model"
    return CoderResult(
        name=tree.phrase(told.name) if told else Phrase(name),
        standpoint=tree.optional(told.standpoint) if told else None,
        files=_files(tree, name),
        count=tree.number("coders", "count", coder=name),
        mean_range=tree.known("coders", "mean_range_db", coder=name),
        apart=tree.known("coders", "apart_db", coder=name),
        mean_against=tuple(
            number
            for place in range(len(tree.hypotheses))
            if place != tree.focal
            and (number := tree.known("coders", "mean_focal_db", coder=name, hypothesis=place)) is not None
        ),
        leaning=tuple(
            tree.spread("coders", "leaning_db", coder=name, hypothesis=hypothesis) for hypothesis in tree.hypotheses
        )
        if sampled
        else (),
        scale=tree.spread("coders", "scale", coder=name) if sampled else None,
        noise=tree.spread("coders", "noise_db", coder=name) if sampled else None,
    )


def read_diagnostics(tree: Tree) -> Diagnostics | None:
    """Read the sampler's health; None at face value."""
    if not tree.has("diagnostics"):
        return None
    found = [
        Diagnostic(
            name,
            tree.number("diagnostics", "r_hat", quantity=place),
            tree.number("diagnostics", "ess_bulk", quantity=place),
            tree.number("diagnostics", "ess_tail", quantity=place),
        )
        for place, name in enumerate(tree.labels("diagnostics", "quantity"))
    ]
    return Diagnostics(
        quantities=tuple(sorted(found, key=lambda item: (-item.r_hat.value, item.quantity))),
        highest_r_hat=max((item.r_hat for item in found), key=lambda number: number.value),
        lowest_bulk=min((item.ess_bulk for item in found), key=lambda number: number.value),
        lowest_tail=min((item.ess_tail for item in found), key=lambda number: number.value),
        diverged=bool(tree.table("sample_stats", "diverging").values.any()),
    )
