"""Check trees of values against the models of `bayestrace.study`, and place and word what is wrong.

Faults are told by pydantic's types of error, never by its English.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bayestrace.errors import Fault
from bayestrace.reading.document import BROKEN, Node, Place
from bayestrace.reading.text import code, guess, hidden, listed, shown
from bayestrace.study import FORMAT, Text

#: Types of error that say what kind of value is wanted.
_KINDS = {
    "string_type": "text-expected",
    "float_type": "number-expected",
    "bool_type": "truth-expected",
    "int_type": "whole-number-expected",
    "tuple_type": "list-expected",
    "dict_type": "mapping-expected",
    "model_type": "mapping-expected",
    "too_long": "pair-expected",  # only lists of pairs have a greatest length, and kappa, which has its own form
}
_BOUNDS = {
    "greater_than": ("gt", ">"),
    "greater_than_equal": ("ge", "≥"),
    "less_than": ("lt", "<"),
    "less_than_equal": ("le", "≤"),
}

#: Lists of pairs.
_PAIRS = (("arrows",), ("nested",))
_CLUE_PAIR = ("dependence", "clues")

#: Keys that take values of several forms, the slug where none fits, and how pydantic names each form.
_FORMS = {
    "prior": "prior-form",
    "levels": "levels-form",
    "kappa": "kappa-form",
    "correlation": "correlation-form",
}
_BRANCHES: tuple[tuple[type | UnionType, str], ...] = ((dict, "dict["), (tuple, "tuple["), (int | float, "function-"))
_FORM_NAMES = ("dict[", "tuple[", "function-", "literal[")


def check[Model: BaseModel](
    model: type[Model], node: Node, given: Mapping[str, object] | None = None
) -> tuple[Model | None, list[Fault]]:
    """Build a model from a part of a document.

    Parameters
    ----------
    model
        A model of `bayestrace.study`.
    node
        The mapping that is to become one.
    given
        Fields that the file does not write, such as the id of a profile, which is its file's name.

    Returns
    -------
    model : Model or None
        None where there is any fault.
    faults : list of Fault
        Every fault, placed.
    """
    given = given or {}
    if node.value is BROKEN:
        return None, []
    if not isinstance(node.value, dict):
        return None, [_of_kind("mapping-expected", node)]
    known = [name for name in model.model_fields if name not in given]
    faults = [_unknown_key(node.get(key), known) for key in node.value if key in given]
    try:
        made = model.model_validate({**node.value, **given})
    except ValidationError as error:
        errors = error.errors(include_url=False)
        for each in _without_branches(errors):
            faults += _faults(model, node, each, known)
        return None, faults
    return (None if faults else made), faults


def _without_branches(errors: Iterable[ErrorDetails]) -> Iterator[ErrorDetails]:
    """Keep, of a value that may have several forms, the errors of the form that it was given."""
    groups: dict[Place, list[ErrorDetails]] = defaultdict(list)
    for error in errors:
        loc = error["loc"]
        forms = (
            at + 1 for at, part in enumerate(loc[:-1]) if part in _FORMS and str(loc[at + 1]).startswith(_FORM_NAMES)
        )
        split = next(forms, 0)
        if split:
            groups[loc[:split]].append(error)
        elif error["type"] != "too_short" or len(error["input"]) < error["ctx"]["min_length"]:
            # pydantic calls a list too short as well where an item of it is faulty
            yield error
    for place, group in groups.items():
        yield from _of_form(place, group)


def _of_form(place: Place, group: list[ErrorDetails]) -> Iterator[ErrorDetails]:
    depth = len(place) + 1
    # The errors at the value itself, not inside it, hold the value as it was given.
    value = next((error["input"] for error in group if len(error["loc"]) == depth), None)
    branch = next((name for kind, name in _BRANCHES if isinstance(value, kind) and not isinstance(value, bool)), "none")
    mine = [error for error in group if str(error["loc"][depth - 1]).startswith(branch)]
    inside = [error for error in mine if len(error["loc"]) > depth]
    ranges = [error for error in mine if error["type"] in _BOUNDS]
    whole: ErrorDetails = {"type": _FORMS[str(place[-1])], "loc": place, "msg": "", "input": value}
    yield from inside or ranges or [whole]


def _faults(model: type[BaseModel], root: Node, error: ErrorDetails, known: list[str]) -> Iterator[Fault]:
    node, rest = _locate(root, error["loc"])
    if error["type"] == "missing":
        yield _missing(node, error["loc"][-1])
    elif error["type"] == "extra_forbidden":
        yield _unknown_key(node, _fields(model, error["loc"][:-1]) if len(error["loc"]) > 1 else known)
    elif error["input"] is None:
        yield node.fault("value-empty")
    elif error["input"] is not BROKEN:
        yield _of_value(node, error, at_key="[key]" in rest)


def _of_value(node: Node, error: ErrorDetails, *, at_key: bool) -> Fault:
    kind, value = error["type"], error["input"]
    ctx: dict[str, Any] = error.get("ctx", {})
    if kind in _FORMS.values():
        return _of_kind(kind, node)
    if kind in _KINDS:
        words = kind == "model_type" and ctx["class_name"] == Text.__name__
        pair = kind == "tuple_type" and node.place[-2:-1] in _PAIRS
        return _of_kind("words-expected" if words else "pair-expected" if pair else _KINDS[kind], node)
    if kind in _BOUNDS:
        name, sign = _BOUNDS[kind]
        return node.fault("number-out-of-range", {"found": as_written(node), "bound": f"{sign} {ctx[name]:g}"})
    if kind == "literal_error":
        return _choice(node, value, re.findall(r"'([^']*)'", ctx["expected"]))
    if kind == "too_short":
        return node.fault("too-few", {"count": str(len(value)), "least": str(ctx["min_length"])}, at_key=True)
    return _of_text(kind, node, value, ctx, at_key=at_key)


def _of_text(kind: str, node: Node, value: object, ctx: Mapping[str, Any], *, at_key: bool) -> Fault:
    details = {"found": shown(value)}
    if not isinstance(value, str):
        return node.fault("value-refused", details, at_key=at_key)
    sign = hidden(value)
    if not value:
        return node.fault("text-empty", at_key=at_key)
    if kind == "string_too_long":
        return node.fault("name-too-long", details | {"limit": str(ctx["max_length"])}, at_key=at_key)
    if kind == "string_pattern_mismatch" and sign:
        return node.fault("hidden-character", details | {"code": code(sign)}, at_key=at_key)
    slug = "name-form" if kind == "string_pattern_mismatch" else "value-refused"
    return node.fault(slug, details, at_key=at_key)


def _locate(root: Node, loc: Iterable[str | int]) -> tuple[Node, list[str | int]]:
    """Follow an error's location down the tree; what is no part of the tree (names of forms) is left over."""
    node, rest = root, []
    for part in loc:
        value = node.value
        if isinstance(value, dict) and part in value:
            node = node.get(str(part))
        elif isinstance(value, tuple) and isinstance(part, int) and part < len(value):
            node = Node(node.document, (*node.place, part), value[part])
        else:
            rest.append(part)
    return node, rest


def _missing(node: Node, key: str | int) -> Fault:
    if isinstance(key, int):
        return _of_kind("pair-expected", node)
    if key == "en" and isinstance(node.value, dict) and "zh" in node.value:
        return node.fault("text-without-english", at_key=True)
    return node.fault("key-missing", {"key": key}, at_key=True)


def _unknown_key(node: Node, known: Iterable[str]) -> Fault:
    key, names = str(node.place[-1]), list(known)
    details = {"found": shown(key), "known": listed(names), "guess": guess(key, names)}
    return node.fault("key-unknown", details, at_key=True)


def _choice(node: Node, value: object, known: list[str]) -> Fault:
    if node.place == ("bayestrace",):
        return node.fault("format-version", {"found": as_written(node), "known": str(FORMAT)})
    close = guess(value, known) if isinstance(value, str) else ""
    return node.fault("choice-unknown", {"found": as_written(node), "known": listed(known), "guess": close})


def _of_kind(slug: str, node: Node) -> Fault:
    if node.place[::2] == _CLUE_PAIR and slug in {"pair-expected", "list-expected"}:
        slug = "clue-pair"
    return node.fault(slug, {"found": as_written(node)})


def as_written(node: Node) -> str:
    """Repeat a value as it stands in its file."""
    return shown(node.document.written.get(node.place, node.value))


def _fields(model: type[BaseModel], loc: Iterable[str | int]) -> list[str]:
    """Return the keys that are known at a location, by following the annotations of the models."""
    here: list[Any] = [model]
    for part in loc:
        here = [inner for kind in here for inner in _inside(kind, part)]
    models = [kind for kind in here if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [name for kind in models for name in kind.model_fields]


def _inside(kind: Any, part: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        inner = kind.model_fields[str(part)].annotation if part in kind.model_fields else None
    elif get_origin(kind) is dict:
        inner = get_args(kind)[1]
    elif get_origin(kind) is tuple:
        inner = get_args(kind)[0]
    else:
        inner = None
    return list(_plain(inner))


def _plain(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from _plain(get_args(kind)[0])
    elif get_origin(kind) in {Union, UnionType}:
        for branch in get_args(kind):
            yield from _plain(branch)
    else:
        yield kind
