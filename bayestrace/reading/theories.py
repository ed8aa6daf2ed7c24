"""Read theories that may hold together: expand study.yaml by the cells they make, and check what is said of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Mark, Node, Place
from bayestrace.reading.files import is_name
from bayestrace.reading.known import Known, check_name, circle
from bayestrace.reading.models import check
from bayestrace.reading.text import listed, shown
from bayestrace.study import Hypothesis, Text
from bayestrace.theories import FEWEST, JOIN, MOST, NONE, cells, holding, joint_cells

#: The set of all cells, where study.yaml writes no sets.
ALL = "cells"
_SET_NAME = {"en": "Every combination of the theories", "zh": "各理论的全部组合"}
_NONE_NAME = {"en": "None of them", "zh": "皆不成立"}
_KEYS = ("nested", "joint_likelihood")
_PAIR = 2


def with_cells(study: Node) -> Node:
    """Give study.yaml the hypotheses, and where it writes no sets the set, that its theories make.

    Parameters
    ----------
    study
        study.yaml as it was read.

    Returns
    -------
    Node
        The same with `hypotheses`, `sets` and `default_set` filled in, each standing where the theories stand.
        They are broken where the theories have faults, or stand beside hypotheses, so that no fault is told twice. A
        study without theories comes back as it is.
    """
    if not isinstance(study.value, dict) or "theories" not in study.value:
        return study
    named = {} if "hypotheses" in study.value else _theories(study)
    order = cells(tuple(named), _pairs(study)) if named else []
    hypotheses: object = {cell: _hypothesis(cell, named) for cell in order} or BROKEN
    filled: dict[str, object] = {"hypotheses": hypotheses}
    if "sets" not in study.value:
        filled["sets"] = {ALL: {"name": _SET_NAME, "hypotheses": tuple(order)}} if order else BROKEN
        filled["default_set"] = study.value.get("default_set", ALL)
    document = study.document
    at = document.keys[("theories",)]
    places: dict[Place, Mark] = {(key,): at for key in filled if key not in study.value}
    return replace(
        document, value={**study.value, **filled}, marks=document.marks | places, keys=document.keys | places
    ).root()


def noisy_cells(study: Node) -> dict[str, tuple[str, ...]]:
    """Return the joint cells that a noisy-or makes, with the cells they join, where the study asks for that rule.

    Parameters
    ----------
    study
        study.yaml with its cells, as `with_cells` gives it.
    """
    wanted = study.get("joint_likelihood").text() == "noisy-or" and study.get("hypotheses").names()
    named = _theories(study) if wanted else {}
    return joint_cells(tuple(named), _pairs(study)) if named else {}


def _theories(study: Node) -> dict[str, Hypothesis]:
    """Return the theories where all of them, and the nesting, are sound; else none."""
    entries = list(study.get("theories").entries())
    made = {name: check(Hypothesis, node)[0] for name, node in entries}
    whole = {name: theory for name, theory in made.items() if theory is not None and is_name(name) and name != NONE}
    sound = len(whole) == len(entries) and FEWEST <= len(entries) <= MOST
    return whole if sound and _is_nesting(study.get("nested"), whole) else {}


def _is_nesting(nested: Node, theories: Mapping[str, object]) -> bool:
    """Tell whether this is a list of pairs without a fault, or is not written at all."""
    pairs = [[end.text() for end in pair.items()] for pair in nested.items()]
    formed = nested.value is BROKEN or isinstance(nested.value, tuple)
    return (
        formed and all(len(pair) == _PAIR and None not in pair for pair in pairs) and not any(_nested(nested, theories))
    )


def _hypothesis(cell: str, theories: Mapping[str, Hypothesis]) -> dict[str, object]:
    """Write a cell as a hypothesis of study.yaml: its name and claim out of those of the theories that hold."""
    within = [theories[name] for name in holding(cell)]
    if not within:
        return {"name": dict(_NONE_NAME)}
    names = [theory.name for theory in within]
    english, chinese = [name("en") for name in names], [name("zh") for name in names]
    if len(within) == 1:
        name = {"en": f"{english[0]} alone", "zh": f"仅{chinese[0]}"}
    else:
        last = {"en": f" and {english[-1]}, together", "zh": f"与{chinese[-1]}并存"}
        name = {"en": ", ".join(english[:-1]) + last["en"], "zh": "、".join(chinese[:-1]) + last["zh"]}
    claims = [theory.claim for theory in within if theory.claim is not None]
    return {"name": name, "claim": _joined(claims)} if claims else {"name": name}


def _joined(claims: Sequence[Text]) -> dict[str, str]:
    return {"en": " ".join(claim("en") for claim in claims), "zh": "".join(claim("zh") for claim in claims)}


def _pairs(study: Node) -> list[tuple[str, str]]:
    """Return the pairs of the nesting, which is sound by now."""
    ends = ([end.text() for end in pair.items()] for pair in study.get("nested").items())
    return [(str(narrow), str(broad)) for narrow, broad in ends]


def check_theories(study: Node, known: Known) -> Iterator[Fault]:
    """Yield the faults of theories that the form of each value does not reveal.

    Parameters
    ----------
    study
        study.yaml as it was read, without the cells that `with_cells` fills in.
    known
        The names of the study.
    """
    if isinstance(study.value, dict):
        yield from _theory_names(study, known) if "theories" in study.value else _without_theories(study)


def _without_theories(study: Node) -> Iterator[Fault]:
    for key in _KEYS:
        if study.get(key).value is not BROKEN:
            yield study.get(key).fault("theories-missing", {"key": key}, at_key=True)
    for name, hypothesis in study.get("hypotheses").entries():
        if JOIN in name and all(map(is_name, holding(name))):  # else its form is refused by the model already
            yield hypothesis.fault("name-form", {"found": shown(name)}, at_key=True)


def _theory_names(study: Node, known: Known) -> Iterator[Fault]:
    theories = study.get("theories")
    if study.get("hypotheses").value is not BROKEN:
        yield theories.fault("theories-and-hypotheses", at_key=True)
    names = theories.names()
    if names is not None and not FEWEST <= len(names) <= MOST:
        details = {"count": str(len(names)), "least": str(FEWEST), "most": str(MOST)}
        yield theories.fault("theories-count", details, at_key=True)
    for name, theory in theories.entries():
        if name == NONE:
            yield theory.fault("theory-name-reserved", {"found": shown(name)}, at_key=True)
    yield from _nested(study.get("nested"), known.theories)


def _nested(nested: Node, theories: Mapping[str, object] | None) -> Iterator[Fault]:
    """Check the pairs of the nesting: known theories, no pair twice, no circle."""
    above: dict[str, list[str]] = {}
    for pair in nested.items():
        ends = list(pair.items())
        for end in ends:
            yield from check_name(end, "theory", theories)
        names = [name for end in ends if (name := end.text()) is not None]
        if len(names) != _PAIR:
            continue
        narrow, broad = names
        if broad in above.get(narrow, []):
            yield pair.fault("listed-twice", {"found": f"{shown(narrow)} → {shown(broad)}"})
            continue
        above.setdefault(narrow, []).append(broad)
        if round_trip := circle(above):
            yield pair.fault("nested-circle", {"found": " → ".join(map(shown, round_trip))})
            above[narrow].remove(broad)


def check_prior(prior: Node, known: Known) -> Iterator[Fault]:
    """Refuse a prior that shares probability out among theories: they overlap, so their shares do not add up.

    Parameters
    ----------
    prior
        The key `prior` of a profile.
    known
        The names of the study.
    """
    weights = prior.names()
    if weights and known.theories and all(name in known.theories for name in weights):
        details = {"found": listed(weights), "known": listed(known.hypotheses or ())}
        yield prior.fault("prior-of-theories", details, at_key=True)
