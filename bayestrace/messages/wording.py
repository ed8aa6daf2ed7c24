"""Hold what a wording is: found, expected, what to do, each in English and Chinese."""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, Protocol

Lang = Literal["en", "zh"]

#: A part of a sentence that is said only where every detail it names is known.
_OPTIONAL = re.compile(r"⟦([^⟧]*)⟧")
_FIELD = re.compile(r"\{(\w+)\}")
#: Details that are lists of names.
_LISTS = frozenset({"known", "files", "versions"})


class Both(NamedTuple):
    """One sentence in both languages, with `{name}` where a detail goes and `⟦...⟧` where it may be unknown."""

    en: str
    zh: str


class Wording(NamedTuple):
    """How one kind of fault is worded; `in_book` follows what to do where the fault is in a workbook."""

    found: Both
    expected: Both
    cure: Both
    in_book: Both = Both("", "")


class Say(Protocol):
    """Word one message of a room: its key, a language, and the details that go into it."""

    def __call__(self, key: str, lang: Lang, **details: object) -> str:
        """Return the sentence."""


def speaker(words: Mapping[str, Both]) -> Say:
    """Make what words the messages of a room out of its sentences by key."""

    def say(key: str, lang: Lang, **details: object) -> str:
        return fill(words[key], lang, {name: str(value) for name, value in details.items()})

    return say


def fill(sentence: Both, lang: Lang, details: Mapping[str, str]) -> str:
    """Put the details into a sentence; braces inside a detail stay as they are."""

    def keep_if_known(part: re.Match[str]) -> str:
        return part[1] if all(details.get(name) for name in _FIELD.findall(part[1])) else ""

    template = _OPTIONAL.sub(keep_if_known, sentence.zh if lang == "zh" else sentence.en)
    return template.format_map(
        {key: _listed(key, detail) for key, detail in details.items()} if lang == "zh" else details
    )


def _listed(key: str, detail: str) -> str:
    """Put the commas of Chinese between names, which arrive with those of English."""
    return detail.replace(", ", "、") if key in _LISTS else detail.replace("`, `", "`、`")
