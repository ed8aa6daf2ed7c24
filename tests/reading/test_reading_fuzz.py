"""Whatever the files hold, reading them ends in a study or in faults that can be worded."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import OVERLAPPING, SOUGHT, write

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading import read_candidates, read_study

NAMES = sorted(SOUGHT)
TRICKS = [
    *("", " ", "\n", "\t", ",", ":", ": ", "- ", "[", "]", "{", "}", '"', "'", "#", "|", ">", "&a ", "*a", "!x "),
    *("<<: ", "? ", "---\n", "%", "@", "`", "\\", "null", "true", "1", "-1", "0", "1e999", ".nan", "inf", "1:0", "dB"),
    *("equal", "stakes", "one-buys", "own", "common", "[key]", "name: ", "\\ud800", "9" * 30, "强", "🜂", "\r", "\r\n"),
    *("\x00", "\x85", "\u2028", "\u202e", "\ufeff", "\ud7ff"),
]
FUZZ = settings(deadline=None, derandomize=True, database=None, max_examples=100)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("fuzz"), SOUGHT)


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
        write(folder, {name: SOUGHT[name]})
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
    text = SOUGHT[name]
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
    keys = st.sampled_from(["en", "name", "one", "a b", "stakes", "threat", "found", "mean", "sd", "alpha", "beta"])
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3))


LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(allow_nan=False), st.sampled_from(TRICKS))
TREES = st.recursive(LEAVES, inside, max_leaves=6)


@settings(FUZZ, max_examples=150)
@given(st.sampled_from([name for name in NAMES if name.endswith(("yaml", "json"))]), st.data())
def test_any_value_in_any_place(folder: Path, name: str, data: st.DataObject) -> None:
    """Put any tree of values in the place of any value of a file."""
    tree = yaml.load(SOUGHT[name], Loader=yaml.CSafeLoader)
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


CLUE_KEYS = ("attributes", "clues", "clue_reading", "dependence", "chosen", "estimands", "cases")
#: Whatever a probability may look like.
CHANCES = st.one_of(
    st.floats(-0.5, 1.5),
    st.lists(st.floats(0.0, 1.0), max_size=3),
    st.dictionaries(st.sampled_from(["mean", "sd", "alpha", "beta"]), st.floats(-1.0, 9.0), min_size=1),
    TREES,
)
STATED = st.dictionaries(st.sampled_from(["stakes", "bargaining", "threat", "luck"]), CHANCES, max_size=4)
GIVEN = st.dictionaries(st.sampled_from(["found", "not-found", "democracy", "autocracy"]), STATED, max_size=3)
CLUE = st.fixed_dictionaries(
    {"asks": st.just("What?")},
    optional={
        "found_if": STATED,
        "given": st.sampled_from(["regime", "threat-seen", "kept", "paid", "signed", "luck"]),
        "found_if_given": GIVEN,
        "step": st.sampled_from(["premise", "x"]),
    },
)


@FUZZ
@given(st.sampled_from(CLUE_KEYS), TREES)
def test_any_value_where_clues_are_declared(folder: Path, key: str, value: object) -> None:
    tree = yaml.load(SOUGHT["study.yaml"], Loader=yaml.CSafeLoader)
    reads_or_says_why(folder, "study.yaml", json.dumps({**tree, key: value}, ensure_ascii=False, default=str))


@settings(FUZZ, max_examples=200)
@given(
    st.dictionaries(st.sampled_from(["threat-seen", "signed", "kept", "paid", "regime"]), CLUE),
    st.one_of(st.floats(-2.0, 2.0), st.dictionaries(st.sampled_from(["stakes", "threat"]), st.floats(-2.0, 2.0))),
)
def test_any_clues(folder: Path, clues: dict[str, object], correlation: object) -> None:
    tree = yaml.load(SOUGHT["study.yaml"], Loader=yaml.CSafeLoader)
    tree |= {"clues": clues, "dependence": [{"clues": ["threat-seen", "paid"], "correlation": correlation}]}
    reads_or_says_why(folder, "study.yaml", json.dumps(tree, ensure_ascii=False, default=str))


@FUZZ
@given(st.integers(0, 6), st.one_of(st.text(max_size=8), st.sampled_from(TRICKS), CELLS))
def test_any_cell_of_the_searches(folder: Path, column: int, cell: str) -> None:
    cells = ["two", "signed", "found", "0.5", "Peng2024", "Why", "为何"]
    cells[column] = cell.replace('"', '""')
    row = ",".join(f'"{each}"' for each in cells)
    table = f"case,clue,state,search,source,note,note_zh\n{row}\ntwo,kept,found,,,,\n"
    reads_or_says_why(folder, "evidence/clues.csv", table.encode("utf-8", "replace"))


@FUZZ
@given(st.sampled_from(["title", "cases", "found_if", "search", "cost", "step", "why"]), st.one_of(CHANCES, STATED))
def test_any_candidate(folder: Path, key: str, value: object) -> None:
    tree = yaml.load(SOUGHT["candidates.yaml"], Loader=yaml.CSafeLoader)
    tree["candidates"]["diary"][key] = value
    content = json.dumps(tree, ensure_ascii=False, default=str)
    reads_or_says_why(folder, "candidates.yaml", content)
    study = read_study(folder)
    path = write(folder.parent / "elsewhere", {"candidates.yaml": content}) / "candidates.yaml"
    told = ""
    try:
        told = "".join(candidate.title("en") for candidate in read_candidates(study, path).values())
    except StudyFaults as found:
        told = found.text("zh")
    assert told
