"""The schemas that editors complete keys by: they take every file of ours, and refuse what reading refuses."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from small_study import FILES, OVERLAPPING, SOUGHT

from bayestrace.cli import main
from bayestrace.messages import Lang
from bayestrace.reading.marks import read_yaml
from bayestrace.starting import KINDS, schema, teaching_files
from bayestrace.starting.described import DESCRIBED

ROOT = Path(__file__).parents[2]
STUDIES = (ROOT, ROOT / "examples" / "electoral-systems")


def kind_of(path: str) -> str:
    return path.partition("/")[0].removesuffix(".yaml")


def all_files() -> Iterator[tuple[str, str, str]]:
    for number, files in enumerate((FILES, SOUGHT, OVERLAPPING, teaching_files("en"))):
        yield from ((f"{number}-{path}", kind_of(path), text) for path, text in files.items() if path.endswith(".yaml"))
    for root in STUDIES:
        for pattern in ("study.yaml", "candidates.yaml", "evidence/*.yaml", "priors/*.yaml"):
            for path in root.glob(pattern):
                name = path.relative_to(root).as_posix()
                yield f"{root.name}-{name}", kind_of(name), path.read_text(encoding="utf-8")


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, tuple) else value


def errors(kind: str, text: str, lang: Lang = "en") -> list[str]:
    """Read a text as an editor would, dates as numbers, and hold it to the schema."""
    document, faults = read_yaml("x.yaml", text)
    assert not faults
    found = jsonschema.Draft202012Validator(schema(kind, lang)).iter_errors(plain(document.value))
    return [error.message for error in found]


FOUND = {name: (kind, text) for name, kind, text in all_files()}


@pytest.mark.parametrize("name", FOUND)
def test_every_file_of_ours_has_the_form(name: str) -> None:
    kind, text = FOUND[name]
    assert errors(kind, text) == []
    assert errors(kind, text, "zh") == []


def test_there_are_files_of_every_kind() -> None:
    assert {kind for kind, _ in FOUND.values()} == {*KINDS}
    assert len(FOUND) > 30


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("study", "focal: stakes", "focl: stakes"),
        ("study", "focal: stakes\n", ""),
        ("study", "bayestrace: 1", "bayestrace: 2"),
        ("study", "name: Stakes, claim", "title: Stakes, claim"),
        ("study", "{official: 0.98", "{official: 1.98"),
        ("study", "title: {en: A small study, zh: 一项小研究}", "title: {zh: 一项小研究}"),
        ("study", "title: {en: A small study, zh: 一项小研究}", "title: 3"),
        ("study", "hypotheses: [stakes, bargaining]", "hypotheses: [stakes]"),
        ("study", "[premise, middle]", "[premise]"),
        ("study", "premise: up", "premise: upp"),
        ("study", "  one: {name: One", "  o ne: {name: One"),
        ("study", "language: zh", "language: fr"),
        ("study", "hypotheses:\n  stakes", "hypothesis:\n  stakes"),
        ("study", "threat: {mean: 0.4, sd: 0.1}", "threat: {mean: 0.4}"),
        ("study", "bargaining: [0.3, 0.5]", "bargaining: [0.3, 0.5, 0.6]"),
        ("evidence", "case: one", "cases: one"),
        ("evidence", "step: premise", "steps: premise"),
        ("evidence", "direction: up", "direction: sideways"),
        ("evidence", "reliability: 0.8", "reliability: high"),
        ("evidence", "context: true", "context: perhaps"),
        ("priors", "prior: equal", "prior: even"),
        ("priors", "kappa: [0.05, 1]", "kappa: [0.05]"),
        ("priors", "why:", "because:"),
        ("candidates", "search: 0.8", "search: 0"),
        ("candidates", "candidates:", "candidate:"),
        ("candidates", "cost: 3", "cost: -1"),
    ],
)
def test_what_reading_refuses_an_editor_underlines(kind: str, old: str, new: str) -> None:
    path = {"study": "study.yaml", "evidence": "evidence/one.yaml", "priors": "priors/reference.yaml"}.get(kind)
    text = SOUGHT[path or "candidates.yaml"]
    assert text.count(old) >= 1
    assert errors(kind, text) == []
    assert errors(kind, text.replace(old, new, 1)) != []


def described(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, dict):
        yield from value.get("properties", {}).items()
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from described(each)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained_in_both_languages(kind: str) -> None:
    for lang in ("en", "zh"):
        made = schema(kind, lang)
        jsonschema.Draft202012Validator.check_schema(made)
        keys = [(name, key) for name, key in described(made) if name not in {"mean", "sd", "alpha", "beta"}]
        assert len(keys) > 5
        assert all(bool(re.search(r"[一-鿿]", key["description"])) is (lang == "zh") for _, key in keys)


def test_nothing_is_explained_that_no_file_has() -> None:
    made = json.dumps([schema(kind, "zh") for kind in KINDS], ensure_ascii=False)
    unused = {key for key, text in DESCRIBED.items() if json.dumps(text["zh"], ensure_ascii=False) not in made}
    assert unused == set()


def test_the_command_prints_them() -> None:
    one = CliRunner().invoke(main, ["schema", "priors", "--lang", "zh"])
    assert json.loads(one.stdout) == schema("priors", "zh")
    every = json.loads(CliRunner().invoke(main, ["schema"]).stdout)
    assert every == {kind: schema(kind) for kind in KINDS}
    wrong = CliRunner().invoke(main, ["schema", "prior"])
    assert wrong.exit_code == 2
