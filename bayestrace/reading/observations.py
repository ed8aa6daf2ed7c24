"""Read the observations of each case."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bayestrace.errors import Fault
from bayestrace.reading.declaration import check_date
from bayestrace.reading.document import BROKEN, Node
from bayestrace.reading.known import Known, check_name, check_names, circle
from bayestrace.reading.models import check
from bayestrace.reading.text import guess, listed, shown
from bayestrace.study import Evidence

_KEYS = ("case", "observations")
#: So many circles of causes are told at once.
_MOST_CIRCLES = 20


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
    arrows: list[_Arrow] = []
    for file in files:
        yield from check_name(file.get("case"), "case", known.cases)
        for observation in file.get("observations").items():
            yield from _identity(observation.get("id"), seen)
            yield from _references(observation, known)
            yield from _causes(observation, file.get("case").text() or "", known, arrows)
    yield from _circles(arrows)


def _identity(node: Node, seen: dict[str, str]) -> Iterator[Fault]:
    name = node.text()
    if name is None:
        return
    place = node.spot()
    if seen.setdefault(name, place) != place:
        yield node.fault("evidence-twice", {"found": shown(name), "place": seen[name]})


def _references(observation: Node, known: Known) -> Iterator[Fault]:
    said = observation.value if isinstance(observation.value, dict) else {}
    for key, kind, names in (
        ("step", "step", known.steps),
        ("domain", "domain", known.domains),
        ("cluster", "cluster", known.clusters),
        ("source", "source", known.sources),
        ("source_type", "source-type", known.source_types),
    ):
        name = said.get(key)
        if isinstance(name, str) and names is not None and name not in names:
            yield from check_name(observation.get(key), kind, names)
    if "actors" in said:
        yield from check_names(observation.get("actors").items(), "actor", known.actors)
    if "date" in said:
        yield from check_date(observation.get("date"))


class _Arrow(NamedTuple):
    """An effect, an observation of the same case that is said to have caused it, and where that is said."""

    effect: str
    cause: str
    node: Node


def _causes(observation: Node, case: str, known: Known, arrows: list[_Arrow]) -> Iterator[Fault]:
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
            arrows.append(_Arrow(effect, cause, node))


def _circles(arrows: list[_Arrow]) -> Iterator[Fault]:
    """Yield a fault for each arrow that closes a circle with those before it, as if that arrow were not there."""

    def round_trip(count: int) -> list[str]:
        causes: dict[str, list[str]] = {}
        for arrow in arrows[:count]:
            causes.setdefault(arrow.effect, []).append(arrow.cause)
        return circle(causes)

    for _ in range(_MOST_CIRCLES):
        if not round_trip(len(arrows)):
            return
        # To look for circles after each arrow would take time that grows with the square of their number.
        count = bisect_left(range(len(arrows) + 1), 1, key=lambda number: bool(round_trip(number)))
        closing = arrows[count - 1].node
        yield closing.fault("effect-circle", {"found": " ← ".join(map(shown, round_trip(count)))})
        del arrows[count - 1]
