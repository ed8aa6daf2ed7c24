"""Turn what models hold into plain values as people write them, and those into YAML."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import BaseModel

from bayestrace.reading.marks import reads_as_text
from bayestrace.study import Text
from bayestrace.study.sought import Chance
from bayestrace.writing.cells import plain

#: So long a mapping or list may be to stand on one line, in characters.
_LINE = 88
_WIDTH = 110
#: Where a part begins that an empty line should come before.
_PARTS = re.compile(r"\n(?=[a-z_]+:\n)|(?<!:)\n(?=  - id: )")


def said(value: Any) -> Any:
    """Return a value as study files write it: models as mappings without what is left at its default.

    A text that is the same in every language becomes a plain one, a probability one of its four forms.
    """
    if isinstance(value, Text):
        return value.en if value.zh is None else {"en": value.en, "zh": value.zh}
    if isinstance(value, Chance):
        return _chance(value)
    if isinstance(value, BaseModel):
        return {
            name: said(getattr(value, name))
            for name, field in type(value).model_fields.items()
            if field.is_required() or getattr(value, name) != field.get_default(call_default_factory=True)
        }
    if isinstance(value, Mapping):
        return {key: said(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [said(each) for each in value]
    return plain(value) if isinstance(value, float) else value


def _chance(chance: Chance) -> Any:
    stated = {name: plain(number) for name, number in chance if number is not None}
    if "at" in stated:
        return stated["at"]
    return list(stated.values()) if "low" in stated else stated


class Block(dict[str, Any]):
    """A mapping that stands on lines of its own, however short it is."""


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        """Set lists in, as people do."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - study files have no aliases
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    # Quotation marks where a plain text would be read as something else.
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if reads_as_text(text) else "'")


def _number(dumper: yaml.SafeDumper, value: float) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", repr(value))


def _mapping(dumper: yaml.SafeDumper, value: Mapping[str, Any]) -> yaml.Node:
    short = not isinstance(value, Block) and _is_flat(value.values()) and _length(value) <= _LINE
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=short)


def _list(dumper: yaml.SafeDumper, value: Sequence[Any]) -> yaml.Node:
    short = all(not isinstance(each, Mapping) for each in value) and _length(value) <= _LINE
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


def _is_flat(values: Any) -> bool:
    return all(not isinstance(each, Mapping) and (not isinstance(each, list) or _is_flat(each)) for each in values)


def _length(value: Any) -> float:
    """Measure about how long a value is on one line; Chinese takes twice the room."""
    if isinstance(value, Mapping):
        return sum(len(key) + 4 + _length(each) for key, each in value.items())
    if isinstance(value, list):
        return sum(2 + _length(each) for each in value)
    text = str(value)
    return math.inf if "\n" in text else sum(1 + (sign > "\u2e80") for sign in text)


for _kind in (dict, Block):
    _Dumper.add_representer(_kind, _mapping)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(str, _text)
_Dumper.add_representer(float, _number)


def to_yaml(value: Mapping[str, Any]) -> str:
    """Write a file of YAML in blocks, what is short on one line, keys in the order in which they are given."""
    text = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=False)
    return _PARTS.sub("\n\n", text)


def on_one_line(value: Any) -> str:
    """Write a value as YAML on one line, as cells of a workbook hold it."""
    text = yaml.dump(
        value, Dumper=_OneLine, allow_unicode=True, sort_keys=False, width=math.inf, default_flow_style=True
    )
    return text.removesuffix("\n").removesuffix("\n...")


class _OneLine(_Dumper):
    """Every mapping and list in brackets."""


for _kind in (dict, Block):
    _OneLine.add_representer(
        _kind, lambda dumper, value: dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)
    )
_OneLine.add_representer(
    list, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)
)
