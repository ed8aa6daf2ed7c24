"""Give the files of a small study that teaches: invented, complete, with comments in the language of who reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable

from bayestrace.messages import Lang
from bayestrace.starting.schema import KINDS, to_text

#: Lines that only one language has begin so; the language's own stay, as comments of YAML or as plain lines.
_COMMENT = re.compile(r"^( *)#(en|zh) ?(.*\n?)", re.MULTILINE)
_LINE = re.compile(r"^(en|zh)\| ?(.*\n?)", re.MULTILINE)


def teaching_files(lang: Lang) -> dict[str, str]:
    """Return the files of the study, by path.

    Parameters
    ----------
    lang
        Language of the comments and of what explains the files. What the study says is the same in both.

    Returns
    -------
    dict
        The text of every file, the schemas that its first lines name among them.
    """
    root = files(__package__) / "study"
    found = dict(sorted(_texts(root, "")))
    told = {path: _in(text, lang) for path, text in found.items()}
    return told | schema_files(lang)


def schema_files(lang: Lang) -> dict[str, str]:
    """Return the schemas of all kinds of file, by the path at which a study keeps them."""
    return {f"schema/{kind}.schema.json": to_text(kind, lang) for kind in KINDS}


def taught(texts: Mapping[str, str]) -> dict[str, str]:
    """Put before each YAML file of a study the line by which editors find its schema."""

    def kind(path: str) -> str:
        folder, slash, name = path.rpartition("/")
        return folder if slash else name.removesuffix(".yaml")

    def line(path: str) -> str:
        return f"# yaml-language-server: $schema={'../' * path.count('/')}schema/{kind(path)}.schema.json\n"

    return {path: line(path) + text if path.endswith(".yaml") else text for path, text in texts.items()}


def _texts(folder: Traversable, path: str) -> list[tuple[str, str]]:
    texts: list[tuple[str, str]] = []
    for each in folder.iterdir():
        if each.is_dir():
            texts += _texts(each, f"{path}{each.name}/")
        else:
            texts.append((f"{path}{each.name}", each.read_text(encoding="utf-8")))
    return texts


def _in(text: str, lang: Lang) -> str:
    """Keep the lines of one language and those of none."""
    text = _COMMENT.sub(lambda line: f"{line[1]}# {line[3]}" if line[2] == lang else "", text)
    return _LINE.sub(lambda line: line[2] if line[1] == lang else "", text)
