"""The keys of a study's YAML files as a page, from the schemas by which editors complete them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bayestrace.messages import Both, Lang
from bayestrace.starting.schema import KINDS, schema

_WORDS = {
    "title": Both("The keys of each file", "各文件的键"),
    "intro": Both(
        "Made by `make reference` from the schemas that `bayestrace schema` prints; [study-format.md](study-format.md) "
        "says the same with examples, and what must hold between files.",
        "由 `make reference` 依据 `bayestrace schema` 输出的模式生成；[study-format.md](study-format.md)（英文）"
        "附有示例，并说明各文件之间应满足的关系。",
    ),
    "key": Both("key", "键"),
    "needed": Both("needed", "必填"),
    "form": Both("form", "形式"),
    "means": Both("what it means", "含义"),
    "yes": Both("yes", "是"),
    "text": Both("text, or `{en: …, zh: …}`", "文本，或 `{en: …, zh: …}`"),
    "string": Both("text", "文本"),
    "boolean": Both("true or false", "true 或 false"),
    "integer": Both("whole number", "整数"),
    "number": Both("number", "数值"),
    "list": Both("list of {inner}", "列表，各项为{inner}"),
    "mapping": Both("a name for each: {inner}", "各以名称为键：{inner}"),
    "or": Both(" or ", "，或"),
    "from": Both(" from {value}", "，不小于 {value}"),
    "above": Both(" above {value}", "，大于 {value}"),
    "to": Both(" to {value}", "，不大于 {value}"),
    "below": Both(" below {value}", "，小于 {value}"),
    "keys": Both("these keys", "下列键"),
}
_BOUNDS = (("minimum", "from"), ("exclusiveMinimum", "above"), ("maximum", "to"), ("exclusiveMaximum", "below"))


def keys(lang: Lang) -> str:
    """Write the page in a language."""
    return "\n".join(_page(lang))


def _page(lang: Lang) -> Iterator[str]:
    yield f"# {_say('title', lang)}\n"
    yield f"{_say('intro', lang)}\n"
    for kind in KINDS:
        made = schema(kind, lang)
        yield f"## {made['title']}\n"
        page = _Page(lang, kind, made.get("$defs", {}))
        yield from page.table(made)
        for name, inner in page.parts.items():
            if page.headed(name):
                yield f"### {name} ({kind})\n"
                yield from page.table(inner)


@dataclass(frozen=True)
class _Page:
    """One kind of file: its language, its name, and the parts that its keys refer to."""

    lang: Lang
    kind: str
    parts: Mapping[str, Any]

    def headed(self, name: str) -> bool:
        """Tell whether a part has a table of its own; a text is known, and what has no keys is said where it stands."""
        return name != "Text" and "properties" in self.parts[name]

    def table(self, part: Mapping[str, Any]) -> Iterator[str]:
        """Write the keys of a part."""
        yield f"| {' | '.join(self.say(head) for head in ('key', 'needed', 'form', 'means'))} |\n|---|---|---|---|"
        needed = set(part.get("required", ()))
        for key, value in part["properties"].items():
            mark = self.say("yes") if key in needed else ""
            yield f"| `{key}` | {mark} | {self.form(value)} | {_plain(value.get('description', ''))} |"
        yield ""

    def form(self, value: Mapping[str, Any]) -> str:
        """Say what form a value has."""
        if "$ref" in value:
            return self.part(str(value["$ref"]).rpartition("/")[2])
        if "const" in value:
            return f"`{value['const']}`"
        if "enum" in value:
            return self.say("or").join(f"`{one}`" for one in value["enum"])
        if "anyOf" in value:
            return self.any(value["anyOf"])
        if isinstance(value.get("type"), list):
            return self.say("string")
        return self.of_type(value)

    def part(self, name: str) -> str:
        """Say what a part is: a link to its table, or its form."""
        if name == "Text":
            return self.say("text")
        return f"[{name}](#{name.lower()}-{self.kind})" if self.headed(name) else self.form(self.parts[name])

    def any(self, choices: Sequence[Mapping[str, Any]]) -> str:
        """Say that a value has one of several forms."""
        forms = [self.form(one) for one in choices if one.get("type") != "null"]
        if self.say("text") in forms and self.say("string") in forms:
            forms.remove(self.say("string"))
        return self.say("or").join(dict.fromkeys(forms))

    def of_type(self, value: Mapping[str, Any]) -> str:
        """Say the form of a value of a plain type, a list or a mapping."""
        kind = str(value.get("type"))
        if kind == "array":
            items = value.get("items") or {"anyOf": value.get("prefixItems", [])}
            return self.say("list", inner=self.form(items))
        if kind == "object" and "properties" in value:
            return "`{" + ", ".join(value["properties"]) + "}`"
        if kind == "object":
            inner = next(iter(value.get("patternProperties", {}).values()), value.get("additionalProperties") or {})
            return self.say("mapping", inner=self.form(inner) if inner else self.say("keys"))
        bounds = (self.say(word, value=f"{value[bound]:g}") for bound, word in _BOUNDS if bound in value)
        return self.say(kind) + "".join(bounds)

    def say(self, key: str, **details: str) -> str:
        """Word it in the language of the page."""
        return _say(key, self.lang, **details)


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _say(key: str, lang: Lang, **details: str) -> str:
    said = _WORDS[key].zh if lang == "zh" else _WORDS[key].en
    for name, value in details.items():
        said = said.replace(f"{{{name}}}", value)
    return said
