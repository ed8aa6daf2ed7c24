"""Read a study that a report has handed out: one file of canonical JSON in place of a folder."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading.document import Place, where
from bayestrace.reading.text import code, decode, forbidden, shown
from bayestrace.study import Evidence, Study
from bayestrace.study.sought import Search

_UTF8 = ("utf-8-sig",)
# Field that every study has and hardly any other file.
_VERSION = "bayestrace"


def read_handed(file: Path) -> Study:
    """Read a study from the JSON that its report hands out.

    Parameters
    ----------
    file
        What `bayestrace.study.Study.canonical` wrote; spaces and the order of keys mean nothing.

    Returns
    -------
    Study
        With the digest of the study that the report was made of, if the file is as it was handed out. It knows no lines
        of files: `Study.places` is empty.

    Raises
    ------
    StudyFaults
        It is no such JSON, or was changed so that it names what it does not have.
    InputOutputFault
        The file cannot be opened.
    """
    text = decode(file.parent, file.name, _UTF8)
    if isinstance(text, Fault):
        raise StudyFaults([text])
    try:
        study = Study.model_validate_json(text)
    except ValidationError as error:
        places = {where(one["loc"]) for one in error.errors()}
        if _VERSION in places:
            places = {""}  # another program's file, of which every field would be wrong
        raise StudyFaults([Fault(file.name, 0, 0, place, "study-handed") for place in sorted(places)]) from error
    if (stray := next(_strays(json.loads(text)), None)) is not None:
        place, sign = stray  # escapes in JSON can write what no file of text may hold
        raise StudyFaults([Fault(file.name, 0, 0, where(place), "control-character", {"code": code(sign)})])
    faults = [Fault(file.name, 0, 0, place, "study-handed") for place in _undefined(study)]
    faults += [
        Fault(file.name, 0, 0, place, "study-handed-name", {"found": shown(name)})
        for place, known, names in _named(study)
        for name in names
        if name is not None and name not in known
    ]
    faults += [
        Fault(file.name, 0, 0, place, "listed-twice", {"found": shown(name)})
        for place, names in _listed(study)
        for name, times in Counter(names).items()
        if times > 1
    ]
    if faults:
        raise StudyFaults(faults)
    return _in_order(study)


def _strays(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield each place of a tree whose key or text has a character that no text may hold."""
    if isinstance(value, str) and (sign := forbidden(value)):
        yield place, sign
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strays(key, place)
            yield from _strays(inner, (*place, key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _strays(inner, (*place, at))


def _undefined(study: Study) -> Iterator[str]:
    """Yield each place of a profile from which nothing can be computed; no report hands out such a thing."""
    if not study.profiles:
        yield "profiles"
    for name, profile in study.profiles.items():
        kappa, levels, prior = profile.pooling.kappa, profile.pooling.levels, profile.prior
        if isinstance(kappa, tuple) and not 0.0 < kappa[0] <= kappa[1]:
            yield f"profiles.{name}.pooling.kappa"
        if isinstance(levels, dict) and not any(levels.values()):
            yield f"profiles.{name}.pooling.levels"
        for chosen in study.sets.values():
            if isinstance(prior, dict) and not any(prior.get(one) for one in chosen.hypotheses):
                yield f"profiles.{name}.prior"


def _in_order(study: Study) -> Study:
    """Put what the study declares in the order in which it is used, as far as that tells: canonical JSON sorts it."""
    chosen = study.sets[study.default_set].hypotheses
    steps = [step for arrow in study.mechanism.arrows for step in arrow]
    mechanism = study.mechanism.model_copy(update={"steps": _first(study.mechanism.steps, steps)})
    return study.model_copy(
        update={
            "cases": _first(study.cases, _merged([_cases(study.evidence), _cases(study.searches)])),
            "clues": _first(study.clues, _merged(_sought(study))),
            "hypotheses": _first(study.hypotheses, chosen),
            "coders": _first(study.coders, [coding.coder for coding in study.codings]),
            "mechanism": mechanism,
        }
    )


def _cases(parts: Iterable[Evidence | Search]) -> list[str]:
    return [part.case for part in parts]


def _sought(study: Study) -> list[list[str]]:
    """Return the clues that were sought in each case."""
    return [[one.clue for one in study.searches if one.case == case] for case in study.cases]


def _merged(chains: Iterable[Iterable[str]]) -> list[str]:
    """Put names in an order that agrees with each of some orders of part of them, where there is one."""
    listed = [list(dict.fromkeys(chain)) for chain in chains]
    sorter: TopologicalSorter[str] = TopologicalSorter({name: () for chain in listed for name in chain})
    for chain in listed:
        for before, after in pairwise(chain):
            sorter.add(after, before)
    try:
        return list(sorter.static_order())
    except CycleError:
        return list(dict.fromkeys(name for chain in listed for name in chain))


def _first[Thing](things: Mapping[str, Thing], names: Sequence[str]) -> dict[str, Thing]:
    """Put the things of these names first, in their order."""
    return {name: things[name] for name in [*names, *things]}


def _listed(study: Study) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield each place that lists things of which none may stand there twice, and what it lists."""
    for name, chosen in study.sets.items():
        yield f"sets.{name}", chosen.hypotheses
    yield "evidence", [one.id for one in study.evidence]
    yield "codings", [coding.coder for coding in study.codings]
    for coding in study.codings:
        yield f"codings.{coding.coder}", [said.evidence for said in coding.judgements]


_Named = tuple[str, Iterable[str], Iterable[str | None]]


def _named(study: Study) -> Iterator[_Named]:
    """Yield each place that names something, what it may name, and what it names."""
    steps, rivals = study.mechanism.steps, study.hypotheses
    evidence = {one.id for one in study.evidence}
    yield "about", study.sources, [study.about]
    yield "focal", rivals, [study.focal]
    yield "default_set", study.sets, [study.default_set]
    yield "nested", study.theories, [name for pair in study.nested for name in pair]
    for name, chosen in study.sets.items():
        yield f"sets.{name}", rivals, chosen.hypotheses
    for name, case in study.cases.items():
        yield f"cases.{name}", study.factors, case.groups
        yield f"cases.{name}.groups", case.groups, study.factors  # every case has a group of every factor
        for factor, group in case.groups.items():
            yield f"cases.{name}.{factor}", study.factors[factor].groups if factor in study.factors else (), [group]
    for arrow in study.mechanism.arrows:
        yield "mechanism.arrows", steps, arrow
    for at, prediction in enumerate(study.mechanism.predictions):
        yield f"mechanism.predictions.{at}", study.cases, prediction.cases
        yield f"mechanism.predictions.{at}", steps, prediction.directions
    for one in study.evidence:
        where = f"evidence.{one.id}"
        yield f"{where}.case", study.cases, [one.case]
        yield f"{where}.step", steps, [one.step]
        yield f"{where}.domain", study.mechanism.domains, [one.domain]
        yield f"{where}.cluster", study.clusters, [one.cluster]
        yield f"{where}.actors", study.actors, one.actors
        yield f"{where}.source", study.sources, [one.source]
        yield f"{where}.source_type", study.reliability, [one.source_type]
        yield f"{where}.effect_of", evidence, one.effect_of
    for coding in study.codings:
        yield f"codings.{coding.coder}", study.coders, [coding.coder]
        for said in coding.judgements:
            yield f"codings.{coding.coder}", evidence, [said.evidence]
            weighed = [(weight.hypothesis, weight.against) for weight in said.weights]
            yield f"codings.{coding.coder}.{said.evidence}", rivals, [name for pair in weighed for name in pair]
            yield f"codings.{coding.coder}.{said.evidence}", rivals, [one.hypothesis for one in said.probabilities]
        yield f"codings.{coding.coder}", study.clusters, [one.cluster for one in coding.redundancies]
    yield from _named_by_clues(study)
    for name, profile in study.profiles.items():
        yield f"profiles.{name}", rivals, [] if profile.prior == "equal" else profile.prior
        yield f"profiles.{name}", rivals, [profile.selection_favours]


def _named_by_clues(study: Study) -> Iterator[_Named]:
    steps, rivals, domains = study.mechanism.steps, study.hypotheses, study.mechanism.domains
    for name, case in study.cases.items():
        yield f"cases.{name}.attributes", study.attributes, case.attributes
    for name, clue in study.clues.items():
        yield f"clues.{name}.given", {**study.clues, **study.attributes}, [clue.given]
        yield f"clues.{name}.step", steps, [clue.step]
        yield f"clues.{name}.domain", domains, [clue.domain]
        for chances in clue.cells().values():
            yield f"clues.{name}", rivals, chances
    for pair in study.dependence:
        yield "dependence", study.clues, pair.clues
        yield "dependence", rivals, pair.correlation if isinstance(pair.correlation, dict) else []
    yield "chosen", study.clues, [study.chosen.because_of] if study.chosen else []
    for name, estimand in study.estimands.items():
        yield f"estimands.{name}", rivals, estimand.shares
    for search in study.searches:
        yield "searches", study.cases, [search.case]
        yield f"searches.{search.case}", study.clues, [search.clue]
        yield f"searches.{search.case}.{search.clue}", study.sources, [search.source]
    for name, candidate in study.candidates.items():
        yield f"candidates.{name}", study.cases, candidate.cases
        yield f"candidates.{name}", steps, [candidate.step]
        yield f"candidates.{name}", domains, [candidate.domain]
        yield f"candidates.{name}", rivals, candidate.found_if
