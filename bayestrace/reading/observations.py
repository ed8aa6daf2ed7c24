"""Read the observations of each case."""

from collections.abc import Iterable, Iterator

from bayestrace.errors import Fault
from bayestrace.reading.declaration import check_date
from bayestrace.reading.document import BROKEN, Node
from bayestrace.reading.known import Known, check_name, check_names, circle
from bayestrace.reading.models import check
from bayestrace.reading.text import guess, listed, shown
from bayestrace.study import Evidence

_KEYS = ("case", "observations")


def cases_of(files: Iterable[Node]) -> dict[str, str]:
    """Return the case of every observation, by its id, as far as the files can be read."""
    cases: dict[str, str] = {}
    for file in files:
        for observation in file.get("observations").items():
            name = observation.get("id").text()
            if name is not None:
                cases.setdefault(name, file.get("case").text() or "")
    return cases


def read_observations(file: Node) -> tuple[list[tuple[Evidence, Node]], list[Fault]]:
    """Build the observations of one file.

    Parameters
    ----------
    file
        One YAML file of evidence/.

    Returns
    -------
    observations : list of (Evidence, Node)
        Those without a fault, each with its place.
    faults : list of Fault
        Every fault that the form of the file reveals.
    """
    # Only the form of a file is looked at here; a case that is missing is called "x" to let the rest be checked.
    case = file.get("case").text()
    faults = list(_frame(file))
    found: list[tuple[Evidence, Node]] = []
    for observation in file.get("observations").items():
        evidence, more = check(Evidence, observation, {"case": case if case and case.isascii() else "x"})
        faults += more
        if evidence is not None:
            found.append((evidence, observation))
    return found, faults


def _frame(file: Node) -> Iterator[Fault]:
    if file.value is BROKEN:
        return
    if not isinstance(file.value, dict):
        yield file.fault("mapping-expected", {"found": shown(file.value)})
        return
    for key, node in file.entries():
        if key not in _KEYS:
            details = {"found": shown(key), "known": listed(_KEYS), "guess": guess(key, _KEYS)}
            yield node.fault("key-unknown", details, at_key=True)
    for key, kind, slug in (("case", str, "text-expected"), ("observations", tuple, "list-expected")):
        node = file.get(key)
        if key not in file.value:
            yield file.fault("key-missing", {"key": key})
        elif node.value is None:
            yield node.fault("value-empty")
        elif node.value is not BROKEN and not isinstance(node.value, kind):
            yield node.fault(slug, {"found": shown(node.value)})


def check_observations(files: Iterable[Node], known: Known) -> Iterator[Fault]:
    """Yield the faults of all observations that the rest of the study reveals.

    Parameters
    ----------
    files
        The YAML files of evidence/.
    known
        The names of the study.
    """
    seen: dict[str, str] = {}
    causes: dict[str, list[str]] = {}
    for file in files:
        yield from check_name(file.get("case"), "case", known.cases)
        for observation in file.get("observations").items():
            yield from _identity(observation.get("id"), seen)
            yield from _references(observation, known)
            yield from _causes(observation, file.get("case").text() or "", known, causes)


def _identity(node: Node, seen: dict[str, str]) -> Iterator[Fault]:
    name = node.text()
    if name is None:
        return
    place = node.spot()
    if seen.setdefault(name, place) != place:
        yield node.fault("evidence-twice", {"found": shown(name), "place": seen[name]})


def _references(observation: Node, known: Known) -> Iterator[Fault]:
    yield from check_name(observation.get("step"), "step", known.steps)
    yield from check_name(observation.get("domain"), "domain", known.domains)
    yield from check_name(observation.get("cluster"), "cluster", known.clusters)
    yield from check_name(observation.get("source"), "source", known.sources)
    yield from check_name(observation.get("source_type"), "source-type", known.source_types)
    yield from check_names(observation.get("actors").items(), "actor", known.actors)
    yield from check_date(observation.get("date"))


def _causes(observation: Node, case: str, known: Known, causes: dict[str, list[str]]) -> Iterator[Fault]:
    effect = observation.get("id").text()
    nodes = list(observation.get("effect_of").items())
    yield from check_names(nodes, "evidence", known.evidence)
    for node in nodes:
        cause = node.text()
        if effect is None or cause is None:
            continue
        home = (known.evidence or {}).get(cause, case)
        if cause == effect:
            yield node.fault("effect-self", {"found": shown(cause)})
        elif home != case:
            yield node.fault("effect-other-case", {"found": shown(cause), "case": shown(home)})
        else:
            causes.setdefault(effect, []).append(cause)
            if round_trip := circle(causes):
                yield node.fault("effect-circle", {"found": " ← ".join(map(shown, round_trip))})
                causes[effect].remove(cause)
