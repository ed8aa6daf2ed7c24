"""Read the cases: probabilities by each method, and the weight against the closest rival."""

from __future__ import annotations

from bayestrace.report.content.evidence import read_clusters
from bayestrace.report.content.parts import Case, Closest, Holding, Hypothesis, Row
from bayestrace.report.content.tree import Tree, over
from bayestrace.report.content.values import Number, Spread


def read_hypotheses(tree: Tree) -> tuple[Hypothesis, ...]:
    """Read the chosen hypotheses with the prior of each."""
    return tuple(
        Hypothesis(
            place,
            name,
            tree.phrase(tree.study.hypotheses[name].name),
            tree.optional(tree.study.hypotheses[name].claim),
            place == tree.focal,
            tree.number("problem", "prior", hypothesis=name),
        )
        for place, name in enumerate(tree.hypotheses)
    )


def read_cases(tree: Tree, hypotheses: tuple[Hypothesis, ...]) -> tuple[Case, ...]:
    """Read every case with its clusters and observations."""
    return tuple(_case(tree, name, hypotheses) for name in tree.cases)


def _case(tree: Tree, name: str, hypotheses: tuple[Hypothesis, ...]) -> Case:
    told = tree.study.cases[name]
    rows = tuple(_row(tree, name, hypothesis) for hypothesis in hypotheses)
    leader = max(range(len(rows)), key=lambda place: rows[place].probability.value)
    rival = rows[leader].closest.rival
    factors = tree.study.factors
    return Case(
        id=name,
        name=tree.phrase(told.name),
        count=told.count,
        attributes=tuple(
            (tree.phrase(tree.study.attributes[one].name), tree.phrase(tree.study.attributes[one].values[value]))
            for one, value in told.attributes.items()
        ),
        groups=tuple(
            (tree.phrase(factors[factor].name), tree.phrase(factors[factor].groups[told.groups[factor]]))
            for factor in factors
        ),
        dates=told.dates or "",
        rows=rows,
        theories=_theories(tree, name),
        leader=leader,
        rival=rival,
        clusters=read_clusters(tree, name, leader, rival),
        total=_total(tree, name, leader, rival),
    )


def _theories(tree: Tree, case: str) -> tuple[Holding, ...]:
    """Read how probable theories are that may hold together; nothing where the explanations exclude each other."""
    if not tree.has("theories"):
        return ()
    sampled = tree.has("cases")

    def holding(ending: str, variable: str, at_least: int = 0, **where: str | int) -> Holding:
        return Holding(
            theory=None if at_least else tree.phrase(tree.study.theories[str(where["theory"])].name),
            at_least=at_least,
            prior=tree.number("theories", f"prior{ending}", **where),
            face=tree.number("theories", f"face_value{ending}", case=case, **where),
            unpooled=tree.spread("theories", variable, pooling="unpooled", case=case, **where) if sampled else None,
            pooled=tree.spread("theories", variable, pooling="pooled", case=case, **where) if sampled else None,
        )

    names = tree.labels("theories", "theory")
    single = (holding("", "probability", theory=name) for name in names)
    together = (holding("_at_least", "at_least", place + 1, number=place) for place in range(len(names)))
    return (*single, *together)


def _total(tree: Tree, case: str, leader: int, rival: int) -> Number:
    """Return what all the case's evidence says of the leader over its closest rival."""
    if tree.has("cases"):
        return tree.number("cases", "weight_db", stat="mean", case=case, hypothesis=leader, against=rival)
    vector = tree.vector("face_value", "case_db", doubtful="counted", case=case)
    if vector is None:
        raise ValueError(f"case {case} has no face value")
    return over(vector, leader, rival)


def _row(tree: Tree, case: str, hypothesis: Hypothesis) -> Row:
    where = {"case": case, "hypothesis": hypothesis.id}
    face_closest = _closest(tree, case, hypothesis, sampled=False)
    sampled = tree.has("cases")
    pooled = "pooled" in tree.labels("face_value", "pooled")
    counted = {"doubtful": "counted", **where}
    return Row(
        hypothesis=hypothesis,
        face=tree.number("face_value", "probability", pooled="case-by-case", **counted),
        face_pooled=tree.number("face_value", "probability", pooled="pooled", **counted) if pooled else None,
        face_without_doubtful=tree.number(
            "face_value", "probability", pooled="case-by-case", doubtful="set-aside", **where
        ),
        face_discounted=tree.number("face_value", "discounted_probability", **counted),
        unpooled=tree.spread("cases", "probability", pooling="unpooled", **where) if sampled else None,
        pooled=tree.spread("cases", "probability", pooling="pooled", **where) if sampled else None,
        closest=_closest(tree, case, hypothesis, sampled=True) if sampled else face_closest,
        face_closest=face_closest,
        excluded=tree.excluded(case, hypothesis.id),
    )


def _closest(tree: Tree, case: str, hypothesis: Hypothesis, *, sampled: bool) -> Closest:
    where = {"case": case, "hypothesis": hypothesis.id}
    spread: Spread | None = None
    if sampled:
        rival = str(tree.at("cases", "closest", **where))
        weight = tree.number("cases", "closest_db", stat="mean", **where)
        # What was worked out exactly does not scatter.
        spread = tree.spread("cases", "closest_db", **where) if not tree.exact else None
    else:
        rival = str(tree.at("face_value", "closest", doubtful="counted", **where))
        weight = tree.number("face_value", "closest_db", doubtful="counted", **where)
    return Closest(
        rival=tree.hypotheses.index(rival),
        weight=weight,
        spread=spread,
        word=tree.study.scale.word(weight.value, tree.lang),
        inconclusive=spread is not None and spread.q03.value <= 0.0 <= spread.q97.value,
    )
