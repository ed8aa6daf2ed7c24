"""Check what study.yaml says of clues beyond the form of each value: attributes, probabilities, what is given."""

from collections.abc import Iterator, Mapping

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Node
from bayestrace.reading.known import Known, check_name, circle
from bayestrace.reading.text import listed, shown

#: What a clue may be given of another clue.
STATES = ("found", "not-found")

#: Keys that say nothing without clues.
_OF_CLUES = ("clue_reading", "dependence", "chosen", "estimands")


def stated_chances(study: Node) -> Iterator[Node]:
    """Yield every probability of a clue that study.yaml states."""
    for _, clue in study.get("clues").entries():
        for chances in _by_value(clue).values():
            for _, chance in chances.entries():
                yield chance


def _by_value(clue: Node) -> dict[str, Node]:
    """Return the probabilities of a clue by the value that it is given; by an empty name where it is given nothing."""
    if "given" in (clue.names() or {}):
        return clue.get("found_if_given").names() or {}
    return {"": clue.get("found_if")}


def check_clues(study: Node, known: Known) -> Iterator[Fault]:
    """Yield the faults of all that study.yaml says for the sake of clues, but of their dependence.

    Parameters
    ----------
    study
        study.yaml.
    known
        The names of the study.
    """
    if known.clues == {}:
        yield from _without_clues(study)
    given: dict[str, list[str]] = {}
    for name, clue in study.get("clues").entries():
        if known.attributes and name in known.attributes:
            yield clue.fault("clue-attribute", {"found": shown(name)}, at_key=True)
        yield from check_name(clue.get("step"), "step", known.steps)
        yield from check_name(clue.get("domain"), "domain", known.domains)
        yield from _given(name, clue, known, given)
        yield from _chances(clue, known)
    for _, case in study.get("cases").entries():
        yield from _attributes(case, study, known)
    yield from check_name(study.get("chosen", "because_of"), "clue", known.clues)
    for _, estimand in study.get("estimands").entries():
        for _, share in estimand.get("shares").entries():
            yield from check_name(share, "hypothesis", known.hypotheses, at_key=True)


def _without_clues(study: Node) -> Iterator[Fault]:
    for key in _OF_CLUES:
        if study.get(key).value is not BROKEN:
            yield study.get(key).fault("clues-missing", {"key": key}, at_key=True)
    for _, case in study.get("cases").entries():
        count = case.get("count")
        if (count.number() or 0) > 1:
            yield count.fault("clues-missing", {"key": "count"}, at_key=True)


def _given(name: str, clue: Node, known: Known, given: dict[str, list[str]]) -> Iterator[Fault]:
    """Check what a clue is given, and gather it to find circles."""
    parent = clue.get("given")
    above = parent.text()
    if above is None or known.clues is None or known.attributes is None:
        return
    yield from check_name(parent, "given", [*known.attributes, *known.clues])
    if above in known.clues:
        given[name] = [above]
        if round_trip := circle(given):
            yield parent.fault("given-circle", {"found": " ← ".join(map(shown, round_trip))})
            del given[name]


def _chances(clue: Node, known: Known) -> Iterator[Fault]:
    """Check that the probabilities of a clue stand for every hypothesis, under every value that it is given."""
    keys = clue.names()
    if keys is None:
        return
    right, wrong = ("found_if_given", "found_if") if "given" in keys else ("found_if", "found_if_given")
    if wrong in keys:
        yield keys[wrong].fault("found-if-given" if "given" in keys else "given-missing", at_key=True)
    if right not in keys:
        if wrong not in keys:
            yield clue.fault("key-missing", {"key": right}, at_key=True)
        return
    values = given_values(clue, known)
    if "given" in keys and values is not None:
        stated = keys[right].names()
        for _, chances in keys[right].entries():
            yield from check_name(chances, "value", values, at_key=True)
        missing = [value for value in values if value not in stated] if stated is not None else []
        if missing:
            details = {"found": shown(clue.get("given").text()), "missing": listed(missing)}
            yield keys[right].fault("given-value-missing", details, at_key=True)
    for chances in _by_value(clue).values():
        yield from check_hypotheses(chances, known, known.hypotheses)


def check_hypotheses(chances: Node, known: Known, needed: Mapping[str, object] | None) -> Iterator[Fault]:
    """Check that probabilities are stated under hypotheses of the study, and under all those that are needed.

    Parameters
    ----------
    chances
        A mapping from hypotheses to probabilities.
    known
        The names of the study.
    needed
        The hypotheses that must be among them; None where they are not known.
    """
    stated = chances.names()
    if stated is None:
        return
    for _, chance in chances.entries():
        yield from check_name(chance, "hypothesis", known.hypotheses, at_key=True)
    missing = [name for name in needed or () if name not in stated]
    if missing:
        details = {"found": listed(missing), "known": listed(needed or ()), "first": missing[0]}
        yield chances.fault("chance-missing", details, at_key=True)


def given_values(clue: Node, known: Known) -> tuple[str, ...] | None:
    """Return the values that a clue may be given: of an attribute, or of another clue; None where they are unknown."""
    parent = clue.get("given").text() or ""
    attribute = (known.attributes or {}).get(parent)
    if parent in (known.clues or {}):
        return None if attribute else STATES  # a name that both bear has a fault of its own
    values = attribute.get("values").names() if attribute else None
    return None if values is None else tuple(values)


def given_clues(study: Node, known: Known) -> dict[str, str]:
    """Return the clue that each clue is given, of those that are given one."""
    clues = {*(known.clues or {})} - {*(known.attributes or {})}
    given = {name: clue.get("given").text() for name, clue in study.get("clues").entries()}
    return {name: parent for name, parent in given.items() if parent is not None and parent in clues}


def _attributes(case: Node, study: Node, known: Known) -> Iterator[Fault]:
    """Check the attributes of one case: all that some clue is given must be stated."""
    if known.attributes is None or not isinstance(case.value, dict):
        return
    place = case.get("attributes")
    stated = {} if case.value.get("attributes") is None else place.names()
    if stated is None:
        return
    for name, value in stated.items():
        yield from check_name(value, "attribute", known.attributes, at_key=True)
        if name in known.attributes:
            yield from check_name(value, "value", known.attributes[name].get("values").names())
    clues: dict[str, str] = {}
    for clue, node in study.get("clues").entries():
        parent = node.get("given").text()
        if parent is not None and parent in known.attributes and parent not in stated:
            clues.setdefault(parent, clue)
    for name, clue in clues.items():
        details = {
            "found": shown(name),
            "clue": shown(clue),
            "known": listed(known.attributes[name].get("values").names() or ()),
        }
        yield (place if "attributes" in case.value else case).fault("attribute-missing", details, at_key=True)


def check_counts(study: Node, known: Known) -> Iterator[Fault]:
    """Refuse observations of a case that stands for several.

    Parameters
    ----------
    study
        study.yaml.
    known
        The names of the study, and of its observations.
    """
    first: dict[str, str] = {}
    for each, home in (known.evidence or {}).items():
        first.setdefault(home, each)
    for name, case in study.get("cases").entries():
        count = case.get("count")
        number = count.number()
        if name in first and number is not None and number > 1:
            details = {"found": shown(first[name]), "count": f"{number:g}"}
            yield count.fault("count-observations", details)
