"""Read what is common to the cases: what pooling shared, and what was learned of the coders."""

from __future__ import annotations

from bayestrace.report.content.parts import (
    CoderResult,
    Diagnostic,
    Diagnostics,
    Joint,
    Moved,
    Number,
    Phrase,
    Pooling,
    Unseen,
)
from bayestrace.report.content.tree import Tree


def read_pooling(tree: Tree) -> Pooling | None:
    """Read what pooling shared; None at face value."""
    if not tree.has("joint"):
        return None
    counts = tree.array("joint", "count")
    return Pooling(
        same=_same(tree),
        levels=tuple(
            (
                str(level),
                Moved(
                    (_level(tree, str(level)),),
                    tree.number("joint", "level_share", moment="prior", level=place),
                    tree.number("joint", "level_share", moment="posterior", level=place),
                ),
            )
            for place, level in enumerate(tree.array("problem", "level").values)
        ),
        counts=tuple(
            tuple(Number(float(value)) for value in counts.sel(hypothesis=name).values) for name in tree.hypotheses
        ),
        joint=tuple(
            Joint(
                tuple(
                    tree.hypotheses.index(str(tree.at("joint", "top_explanation", rank=rank, case=case)))
                    for case in tree.cases
                ),
                tree.number("joint", "top_probability", rank=rank),
            )
            for rank in range(tree.array("joint", "top_probability").sizes["rank"])
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
    probability = tree.array("prediction", "probability")
    group = tree.array("prediction", "group")
    factors = [str(factor) for factor in group.coords["factor"].values] if "factor" in group.coords else []
    found = []
    for scenario in range(probability.sizes["scenario"]):
        named = []
        for factor in factors:
            value = str(group.isel(scenario=scenario).sel(factor=factor).item())
            known = tree.study.factors[factor].groups
            named.append(
                (tree.phrase(tree.study.factors[factor].name), tree.phrase(known[value]) if value in known else None)
            )
        values = probability.isel(scenario=scenario).sel(hypothesis=list(tree.hypotheses)).values
        found.append(Unseen(tuple(named), tuple(Number(float(value)) for value in values)))
    return tuple(found)


def read_coders(tree: Tree) -> tuple[CoderResult, ...]:
    """Read what was learned of every coder that took part."""
    return tuple(_coder(tree, str(name)) for name in tree.array("problem", "coder").values)


def _coder(tree: Tree, name: str) -> CoderResult:
    told = tree.study.coders.get(name)
    sampled = tree.kind == "model"
    return CoderResult(
        name=tree.phrase(told.name) if told else Phrase(name),
        standpoint=tree.optional(told.standpoint) if told else None,
        count=tree.number("coders", "count", coder=name),
        mean_range=tree.known("coders", "mean_range_db", coder=name),
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
            str(name),
            tree.number("diagnostics", "r_hat", quantity=place),
            tree.number("diagnostics", "ess_bulk", quantity=place),
            tree.number("diagnostics", "ess_tail", quantity=place),
        )
        for place, name in enumerate(tree.array("diagnostics", "r_hat").coords["quantity"].values)
    ]
    return Diagnostics(
        quantities=tuple(sorted(found, key=lambda item: (-item.r_hat.value, item.quantity))),
        highest_r_hat=max((item.r_hat for item in found), key=lambda number: number.value),
        lowest_bulk=min((item.ess_bulk for item in found), key=lambda number: number.value),
        lowest_tail=min((item.ess_tail for item in found), key=lambda number: number.value),
        diverged=bool(tree.array("sample_stats", "diverging").values.any()),
    )
