"""Whatever the files hold, reading them ends in a study or in faults that can be worded."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import FILES, OVERLAPPING, write

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading import read_study

NAMES = sorted(FILES)
TRICKS = [
    *("", " ", "\n", "\t", ",", ":", ": ", "- ", "[", "]", "{", "}", '"', "'", "#", "|", ">", "&a ", "*a", "!x "),
    *("<<: ", "? ", "---\n", "%", "@", "`", "\\", "null", "true", "1", "-1", "0", "1e999", ".nan", "inf", "1:0", "dB"),
    *("equal", "stakes", "one-buys", "own", "common", "[key]", "name: ", "\\ud800", "9" * 30, "强", "🜂", "\r", "\r\n"),
    *("\x00", "\x85", "\u2028", "\u202e", "\ufeff", "\ud7ff"),
]
FUZZ = settings(deadline=None, derandomize=True, database=None, max_examples=100)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("fuzz"), FILES)


@pytest.fixture(scope="module")
def overlapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("fuzz-theories"), OVERLAPPING)


def reads_or_says_why(folder: Path, name: str, content: str | bytes) -> None:
    """Read the small study with one file changed; anything but a study or worded faults is raised."""
    write(folder, {name: content})
    faults: tuple[Fault, ...] | None = None
    try:
        read_study(folder).digest()
    except StudyFaults as found:
        faults = found.faults
    finally:
        write(folder, {name: FILES[name]})
    assert faults != ()
    for fault in faults or ():
        for text in (fault.text("en"), fault.text("zh")):
            assert text.isprintable(), repr(text)
            assert text.encode()
        assert (folder / fault.path).exists()


@FUZZ
@given(st.sampled_from(NAMES), st.binary(max_size=200))
def test_any_bytes(folder: Path, name: str, content: bytes) -> None:
    reads_or_says_why(folder, name, content)


PIECES = st.lists(st.one_of(st.sampled_from(TRICKS), st.text(max_size=5)), max_size=30)


@FUZZ
@given(st.sampled_from(NAMES), PIECES.map("".join))
def test_any_text(folder: Path, name: str, content: str) -> None:
    reads_or_says_why(folder, name, content.encode("utf-8", "surrogatepass"))


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, str]:
    """Cut pieces out of a file of the small study, and put others in their place."""
    name = draw(st.sampled_from(NAMES))
    text = FILES[name]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        text = text[:start] + draw(st.sampled_from(TRICKS)) + text[end:]
    return name, text


@settings(FUZZ, max_examples=200)
@given(mutations())
def test_any_mutation_of_the_small_study(folder: Path, mutation: tuple[str, str]) -> None:
    reads_or_says_why(folder, *mutation)


def inside(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    keys = st.sampled_from(["en", "name", "one", "a b", "stakes"])
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3))


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.sampled_from(TRICKS))
TREES = st.recursive(LEAVES, inside, max_leaves=6)


@settings(FUZZ, max_examples=150)
@given(st.sampled_from([name for name in NAMES if name.endswith(("yaml", "json"))]), st.data())
def test_any_value_in_any_place(folder: Path, name: str, data: st.DataObject) -> None:
    """Put any tree of values in the place of any value of a file."""
    tree = yaml.load(FILES[name], Loader=yaml.CSafeLoader)
    parent = tree
    while True:
        key = data.draw(st.sampled_from(list(parent) if isinstance(parent, dict) else range(len(parent))))
        child = parent[key]
        if not isinstance(child, dict | list) or not child or data.draw(st.booleans()):
            parent[key] = data.draw(TREES)
            break
        parent = child
    reads_or_says_why(folder, name, json.dumps(tree, ensure_ascii=False, default=str))


THEORY_KEYS = ("theories", "nested", "joint_likelihood", "hypotheses", "sets", "default_set", "focal")


@FUZZ
@given(st.sampled_from(THEORY_KEYS), st.one_of(TREES, st.lists(st.lists(st.sampled_from(["ally", "stakes"])))))
def test_any_value_where_theories_are_declared(overlapping: Path, key: str, value: object) -> None:
    tree = yaml.load(OVERLAPPING["study.yaml"], Loader=yaml.CSafeLoader)
    reads_or_says_why(overlapping, "study.yaml", json.dumps({**tree, key: value}, ensure_ascii=False, default=str))


CELLS = st.from_regex(r"\A-?[0-9∞]{1,3}\s?(dB|:[0-9-]{1,2})?\Z")


@FUZZ
@given(st.integers(0, 5), st.one_of(st.text(max_size=8), st.sampled_from(TRICKS), CELLS))
def test_any_cell(folder: Path, column: int, cell: str) -> None:
    cells = ["two-leaves", "bargaining", "stakes", "1 dB", "2 dB", "3 dB"]
    cells[column] = cell.replace('"', '""')
    row = ",".join(f'"{each}"' for each in cells)
    table = f"evidence,hypothesis,against,low,best,high\n{row}\n"
    reads_or_says_why(folder, "evidence/codings/critic-weights.csv", table.encode("utf-8", "replace"))
