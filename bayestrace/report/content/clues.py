"""Read the clues: their probabilities, what came of every search, what follows, and whether the pattern holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bayestrace.clues import FOUND, NOT_SOUGHT
from bayestrace.pattern import NO_DOMAIN
from bayestrace.report.content.sought import Chance, Clue, Clues, Given, Link, Outcome, Pattern, Reached, Share, Source
from bayestrace.report.content.tree import Tree
from bayestrace.report.content.values import Number, Phrase
from bayestrace.study.sought import Chance as Stated
from bayestrace.study.sought import Clue as Asked
from bayestrace.study.sought import Search, State

GROUP = "clues"
_STATES: Mapping[int, State] = {1: "found", 0: "not-found", -1: "not-sought"}


def read_clues(tree: Tree) -> Clues | None:
    """Read all that clues say; None where a study has none."""
    if not tree.has(GROUP):
        return None
    attrs = tree.dataset(GROUP).attrs
    study = tree.study
    alone = tree.has_variable(GROUP, "probability")
    names = tree.labels(GROUP, "clue")
    asked = {name: tree.phrase(study.clues[name].asks) for name in names}
    return Clues(
        reading=attrs["reading"],
        fixed=attrs["route"] == "exact",
        clues=tuple(_clue(tree, name) for name in names),
        reached=tuple(_reached(tree, case) for case in tree.cases) if alone else (),
        patterns=tuple(_pattern(tree, case) for case in tree.cases),
        shares=_shares(tree),
        values=_values(tree),
        chosen=asked[study.chosen.because_of] if study.chosen else None,
        chosen_why=tree.optional(study.chosen.why) if study.chosen else None,
        dependent=tuple(one.clues for one in study.dependence),
    )


def search_sources(tree: Tree) -> tuple[Source, ...]:
    """List the sources of all searches, each once."""
    named = dict.fromkeys(one.source for one in tree.study.searches if one.source)
    return tuple(Source(name, tree.study.sources[name]) for name in named)


def _clue(tree: Tree, name: str) -> Clue:
    told, study = tree.study.clues[name], tree.study
    given = None
    if told.given in study.clues:
        given = tree.phrase(study.clues[told.given].asks)
    elif told.given is not None:
        given = tree.phrase(study.attributes[told.given].name)
    found = {each.case: each for each in study.searches if each.clue == name}
    lost = tree.has_variable(GROUP, "without_probability")
    worth = tree.has_variable(GROUP, "without_value")
    return Clue(
        id=name,
        asks=tree.phrase(told.asks),
        step=tree.phrase(study.mechanism.steps[told.step].name) if told.step else None,
        domain=tree.phrase(study.mechanism.domains[told.domain]) if told.domain else None,
        direction=told.direction,
        given=given,
        why=tree.optional(told.why),
        cells=tuple(_given(tree, name, told, value) for value in _values_of(tree, name)),
        outcomes=tuple(_outcome(tree, name, told, case, found.get(case)) for case in tree.cases),
        left_out=tuple(
            tree.known(GROUP, "without_probability", clue=name, case=case, hypothesis=tree.focal) for case in tree.cases
        )
        if lost
        else (),
        values_left_out=tuple(
            tree.known(GROUP, "without_value", clue=name, estimand=one) for one in tree.labels(GROUP, "estimand")
        )
        if worth
        else (),
    )


def _values_of(tree: Tree, name: str) -> list[str]:
    """List the values of what a clue is given, as the study has them: its own text comes back sorted by key."""
    cells = [label.partition("|") for label in tree.labels(GROUP, "cell")]
    return [value for clue, _, value in cells if clue == name]


def _cell(name: str, value: str) -> str:
    return f"{name}|{value}" if value else name


def _given(tree: Tree, name: str, told: Asked, value: str) -> Given:
    said: Phrase | Literal["found", "not-found"] | None = None
    if told.given in tree.study.attributes:
        said = tree.phrase(tree.study.attributes[str(told.given)].values[value])
    elif told.given is not None:
        said = "found" if value == FOUND else "not-found"
    stated = told.cells()[value]
    chances = tuple(_chance(tree, _cell(name, value), one, stated[one]) for one in tree.hypotheses)
    return Given(said, chances)


def _chance(tree: Tree, cell: str, hypothesis: str, stated: Stated) -> Chance:
    before, after = ({"moment": moment, "cell": cell, "hypothesis": hypothesis} for moment in ("prior", "posterior"))
    known = stated.at is not None
    return Chance(
        before=tree.number(GROUP, "chance", **before),
        before_sd=tree.number(GROUP, "chance_sd", **before),
        after=None if known else tree.number(GROUP, "chance", **after),
        after_sd=None if known else tree.number(GROUP, "chance_sd", **after),
        stated=(Number(stated.low), Number(stated.high)) if stated.low and stated.high else None,
    )


def _outcome(tree: Tree, name: str, told: Asked, case: str, search: Search | None) -> Outcome:
    where = {"case": case, "clue": name}
    state = _STATES[int(tree.at(GROUP, "state", **where))]
    return Outcome(
        state=state,
        search=tree.number(GROUP, "search", **where),
        against=tree.against_rivals(tree.vector(GROUP, "weight_db", **where)),
        rules_out=_ruled_out(tree, told, case, state, search.search if search else 1.0),
        note=tree.optional(search.note) if search else None,
        source=Source(search.source, tree.study.sources[search.source]) if search and search.source else None,
        place=tree.places.get(f"search:{case}:{name}", ""),
    )


def _ruled_out(tree: Tree, told: Asked, case: str, state: State, search: float) -> tuple[int, ...]:
    """Say under which explanations a search could not have come out so: known probabilities of 0 and 1 make it so."""
    if state == NOT_SOUGHT:
        return ()
    value = ""
    if told.given in tree.study.clues:
        value = next(one.state for one in tree.study.searches if (one.case, one.clue) == (case, told.given))
    elif told.given is not None:
        value = tree.study.cases[case].attributes[told.given]
    chances = [told.cells()[value][name].at for name in tree.hypotheses]
    return tuple(
        place
        for place, at in enumerate(chances)
        if at is not None and (search * at <= 0.0 if state == FOUND else search * at >= 1.0)
    )


def _reached(tree: Tree, case: str) -> Reached:
    probabilities = tuple(tree.number(GROUP, "probability", case=case, hypothesis=name) for name in tree.hypotheses)
    order = sorted(range(len(probabilities)), key=lambda place: -probabilities[place].value)
    return Reached(
        probabilities=probabilities,
        excluded=tuple(bool(tree.at(GROUP, "excluded", case=case, hypothesis=name)) for name in tree.hypotheses),
        leader=order[0],
        rival=order[1],
    )


def _pattern(tree: Tree, case: str) -> Pattern:
    mechanism = tree.study.mechanism
    predicted = next((one.directions for one in mechanism.predictions if case in one.cases), {})
    domains = tree.labels(GROUP, "domain")
    links = []
    for step in tree.labels(GROUP, "step"):
        parts = [
            (tree.optional(mechanism.domains.get(domain)) if domain != NO_DOMAIN else None, standing)
            for domain in domains
            if (standing := str(tree.at(GROUP, "standing_by_domain", case=case, step=step, domain=domain)))
        ]
        links.append(
            Link(
                step=tree.phrase(mechanism.steps[step].name),
                predicted=predicted.get(step, ""),
                standing=str(tree.at(GROUP, "standing", case=case, step=step)),
                parts=tuple(parts) if len(parts) > 1 else (),
            )
        )
    return Pattern(tuple(links), int(tree.at(GROUP, "holds", case=case)))


def _shares(tree: Tree) -> tuple[Share, ...]:
    if not tree.has_variable(GROUP, "share"):
        return ()
    names = {name: tree.phrase(tree.study.hypotheses[name].name) for name in tree.hypotheses}
    return tuple(
        Share(said, *(tree.number(GROUP, "share", statistic=how, hypothesis=name) for how in ("mean", "sd")))
        for name, said in names.items()
    )


def _values(tree: Tree) -> tuple[Share, ...]:
    if not tree.has_variable(GROUP, "estimand_value"):
        return ()
    names = {name: tree.phrase(tree.study.estimands[name].name) for name in tree.labels(GROUP, "estimand")}
    return tuple(
        Share(said, *(tree.number(GROUP, "estimand_value", statistic=how, estimand=name) for how in ("mean", "sd")))
        for name, said in names.items()
    )
