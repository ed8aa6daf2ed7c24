"""Add an entry to a mapping of a YAML file that people write, and leave every other sign of it as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

#: That which reads studies: the one written in Python refuses some of what it takes.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def with_entry(text: str, section: str, name: str, entry: Mapping[str, str]) -> str | None:
    """Insert an entry behind the last one of a section.

    Parameters
    ----------
    text
        A YAML file whose top level is a mapping.
    section
        A key of the top level, under which the entry goes; it is added at the end where there is none.
    name, entry
        The key of the entry, and what it says: texts that need no quotation marks in YAML.

    Returns
    -------
    str or None
        The text with lines added to it and otherwise as it was; None where that cannot be done for sure, as in a
        section that is written in braces. What is returned was read again: it says what the old text did, and this.
    """
    try:
        root = yaml.compose(text, Loader=_LOADER)
        before = _read(text)
    except yaml.YAMLError:
        return None
    if not isinstance(root, yaml.MappingNode) or root.flow_style or name in (before.get(section) or {}):
        return None
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    held = next(((key, value) for key, value in root.value if key.value == section), None)
    if held is None:
        at, indent, head = len(lines), 2, [f"{section}:\n"]
    elif isinstance(held[1], yaml.MappingNode) and held[1].value and not held[1].flow_style:
        at, indent, head = _end(held[1]), held[1].value[0][0].start_mark.column, []
    elif before[section] is None:
        at, indent, head = held[0].end_mark.line + 1, 2, []
    else:
        return None
    blank = " " * indent
    added = [f"{blank}{name}:\n", *(f"{blank}  {key}: {value}\n" for key, value in entry.items())]
    made = "".join([*lines[:at], *head, *added, *lines[at:]])
    return made if _says(made, {**before, section: {**(before.get(section) or {}), name: dict(entry)}}) else None


def _end(node: yaml.Node) -> int:
    """Return the line behind the last one of a node, without the comments that follow it; lines count from 0."""
    if isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.line + (node.end_mark.column > 0))


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return bool(_read(text) == wanted)
    except yaml.YAMLError:
        return False


def _read(text: str) -> Any:
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - one of the two safe loaders
