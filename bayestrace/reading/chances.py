"""Read probabilities that may be written in several forms: a number, a 90 % range, mean and sd, a Beta."""

import math
from collections.abc import Iterable, Iterator

from pydantic import TypeAdapter, ValidationError

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Node
from bayestrace.reading.models import as_written
from bayestrace.study.sought import Chance, Stated

_RANGE = 2
# Standard deviations between the ends of a 90 % range of a normal distribution.
_WIDTH = 3.29
#: The least sd of a probability, as a share of it or of what is missing to 1.
_NARROWEST = 1e-4
_SPREAD, _BETA = {"mean", "sd"}, {"alpha", "beta"}
_STATED: TypeAdapter[Chance] = TypeAdapter(Stated)


def with_chances(root: Node, chances: Iterable[Node]) -> tuple[Node, list[Fault]]:
    """Check probabilities, and break those that have a fault, so that the models find no other in them.

    Parameters
    ----------
    root
        A whole file.
    chances
        The values in it that should be probabilities.

    Returns
    -------
    root : Node
        The file with the faulty ones broken.
    faults : list of Fault
        One at least for each of them.
    """
    wrong = {chance.place: faults for chance in chances if (faults := list(check_chance(chance)))}
    return root.without(wrong), [fault for faults in wrong.values() for fault in faults]


def check_chance(node: Node) -> Iterator[Fault]:
    """Yield the faults of a probability: none or several of its forms, or numbers that cannot be."""
    number = node.number()
    if node.value is None:
        yield node.fault("value-empty")
    elif number is not None:
        if not 0 <= number <= 1:
            yield node.fault("chance-outside", {"found": as_written(node)})
    elif isinstance(node.value, tuple) and len(node.value) == _RANGE:
        yield from _range(node)
    elif isinstance(node.value, dict) and set(node.value) in (_SPREAD, _BETA):
        yield from _named(node)
    elif node.value is not BROKEN:
        yield node.fault("chance-form", {"found": as_written(node)})


def _range(node: Node) -> Iterator[Fault]:
    faults: list[Fault] = []
    for end in node.items():
        number = end.number()
        if number is None:
            faults += _no_number(end)
        elif not 0 < number < 1:
            faults.append(end.fault("chance-end", {"found": as_written(end)}))
    low, high = (end.number() for end in node.items())
    if not faults and low is not None and high is not None and low >= high:
        faults.append(node.fault("ends-order", {"found": f"[{low:g}, {high:g}]"}))
    if not faults and low is not None and high is not None:
        faults += _narrow(node, 0.5 * (low + high), (high - low) / _WIDTH)
    yield from faults


def _named(node: Node) -> Iterator[Fault]:
    faults: list[Fault] = []
    for name, each in node.entries():
        number = each.number()
        if number is None:
            faults += _no_number(each)
        elif number <= 0:
            faults.append(each.fault("number-out-of-range", {"found": as_written(each), "bound": "> 0"}))
        elif name == "mean" and number >= 1:
            faults.append(each.fault("number-out-of-range", {"found": as_written(each), "bound": "< 1"}))
    alpha, beta = node.get("alpha").number(), node.get("beta").number()
    mean, sd = node.get("mean").number(), node.get("sd").number()
    if not faults and alpha is not None and beta is not None:
        mean = alpha / (alpha + beta)
        faults += _narrow(node, mean, math.sqrt(mean * (1 - mean) / (alpha + beta + 1)))
    elif not faults and mean is not None and sd is not None and sd**2 >= mean * (1 - mean):
        details = {
            "found": as_written(node.get("sd")),
            "mean": f"{mean:g}",
            "most": f"{math.sqrt(mean * (1 - mean)):.3g}",
        }
        faults.append(node.get("sd").fault("chance-sd", details))
    elif not faults and mean is not None and sd is not None:
        faults += _narrow(node, mean, sd)
    yield from faults


def _narrow(node: Node, mean: float, sd: float) -> Iterator[Fault]:
    """Refuse what is known so well that no arithmetic could tell it from a number."""
    least = _NARROWEST * min(mean, 1 - mean)
    if sd <= least:
        details = {"found": as_written(node), "sd": f"{sd:.1g}", "least": f"{least:.1g}", "mean": f"{mean:.4g}"}
        yield node.fault("chance-narrow", details)


def _no_number(node: Node) -> Iterator[Fault]:
    if node.value is None:
        yield node.fault("value-empty")
    elif node.value is not BROKEN:
        yield node.fault("number-expected", {"found": as_written(node)})


def chance(node: Node) -> Chance | None:
    """Return the probability that a value states, or None where it has a fault."""
    if any(check_chance(node)):
        return None
    try:
        return _STATED.validate_python(node.value)
    except ValidationError:  # it was refused already, wholly or in part
        return None
