"""Derive JSON Schemas (2020-12) of a study's YAML files from the models that check them, for editors to complete keys.

A schema says what form a file has. Whether names are known and dates are real, only reading tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from bayestrace.messages import Lang
from bayestrace.starting.described import DESCRIBED, TITLES
from bayestrace.study import Declaration, Evidence, PriorProfile
from bayestrace.study.sought import Candidate

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BASE = "#/$defs/"
_TEXT = {"type": "string", "minLength": 1}
_DATE = {"type": ["string", "integer"]}  # `date: 2017` is read as a text
_OPEN = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
#: Bounds of numbers that are checked for being finite first have these names at pydantic.
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
_POSITIVE = {"type": "number", "exclusiveMinimum": 0}

#: The four forms in which a probability is written.
_CHANCE = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "array", "items": _OPEN, "minItems": 2, "maxItems": 2},
        {
            "type": "object",
            "properties": {"mean": _OPEN, "sd": _POSITIVE},
            "required": ["mean", "sd"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {"alpha": _POSITIVE, "beta": _POSITIVE},
            "required": ["alpha", "beta"],
            "additionalProperties": False,
        },
    ]
}


def schema(kind: str, lang: Lang = "en") -> dict[str, Any]:
    """Make the schema of one kind of file.

    Parameters
    ----------
    kind
        A key of `KINDS`.
    lang
        Language of the descriptions, which editors show beside a key.
    """
    made = KINDS[kind](lang)
    return {"$schema": _DIALECT, "title": TITLES[kind][lang], **made}


def to_text(kind: str, lang: Lang = "en") -> str:
    """Write the schema of one kind of file as a JSON file."""
    return json.dumps(schema(kind, lang), ensure_ascii=False, indent=1) + "\n"


def _of_study(lang: Lang) -> dict[str, Any]:
    made = _of(Declaration, lang)
    # Theories stand in the place of hypotheses, and make sets of their own; cases may stand in evidence/cases.csv.
    left = {"hypotheses", "sets", "default_set", "cases"}
    made["required"] = [name for name in made["required"] if name not in left]
    made["anyOf"] = [{"required": ["hypotheses", "sets", "default_set"]}, {"required": ["theories"]}]
    return made


def _of_evidence(lang: Lang) -> dict[str, Any]:
    one = _of(Evidence, lang, "case")
    inner = one.pop("$defs")
    described = {name: DESCRIBED[name][lang] for name in ("evidence.case", "evidence.observations")}
    case = {"type": "string", "description": described["evidence.case"]}
    listed = {"type": "array", "items": one, "description": described["evidence.observations"]}
    return {**_mapping({"case": case, "observations": listed}), "$defs": inner}


def _of_profile(lang: Lang) -> dict[str, Any]:
    return _of(PriorProfile, lang, "id")


def _of_candidates(lang: Lang) -> dict[str, Any]:
    one = _of(Candidate, lang)
    inner = one.pop("$defs")
    described = DESCRIBED["candidates.candidates"][lang]
    named = {"type": "object", "additionalProperties": one, "minProperties": 1, "description": described}
    return {**_mapping({"candidates": named}), "$defs": inner}


#: The kinds of file that have a schema, by the name that `bayestrace schema` takes.
KINDS: Mapping[str, Callable[[Lang], dict[str, Any]]] = {
    "study": _of_study,
    "evidence": _of_evidence,
    "priors": _of_profile,
    "candidates": _of_candidates,
}


def _mapping(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _of(model: type[BaseModel], lang: Lang, *left_out: str) -> dict[str, Any]:
    """Derive the schema of a model as files write it, without the fields that they do not."""
    made = model.model_json_schema()
    inner = made.pop("$defs", {})
    inner = {name: each for name, each in inner.items() if name != "Chance"}
    for name in left_out:
        del made["properties"][name]
        made["required"].remove(name)
    for name, each in {model.__name__: made, **inner}.items():
        _describe(name, each, lang)
    return {
        **_as_written(made),
        "$defs": {name: _as_written(each) for name, each in inner.items()} | {"Chance": _CHANCE},
    }


def _describe(model: str, made: dict[str, Any], lang: Lang) -> None:
    """Give every key its description, and take off what pydantic derives from Python's names."""
    made.pop("title", None)
    made.pop("description", None)
    for name, each in made.get("properties", {}).items():
        each.pop("title", None)
        each.pop("default", None)
        each["description"] = DESCRIBED[f"{model}.{name}"][lang]


def _as_written(made: Any) -> Any:
    """Turn what the models hold into what files write: texts in one language, dates that look like numbers."""
    if isinstance(made, list):
        return [_as_written(each) for each in made if each != {"type": "null"}]
    if not isinstance(made, dict):
        return made
    if made.get("$ref") == f"{_BASE}Text":
        return {"anyOf": [_TEXT, {"$ref": f"{_BASE}Text"}]} | {key: made[key] for key in made if key != "$ref"}
    properties = {
        name: {**_DATE, "description": each["description"]} if name in {"date", "dates"} else _as_written(each)
        for name, each in made.get("properties", {}).items()
    }
    kept = {_BOUNDS.get(key, key): each for key, each in made.items() if key not in {"properties", "title", "default"}}
    rest = {key: _as_written(each) for key, each in kept.items()}
    if "patternProperties" in rest:
        rest["additionalProperties"] = False  # a key that is no name is refused
    return rest | ({"properties": properties} if properties else {})
