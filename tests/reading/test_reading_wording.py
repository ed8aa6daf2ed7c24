"""The catalogue of faults: both languages, the same details, and every entry used and tested."""

import errno
import os
import re
from pathlib import Path
from string import Formatter

import pytest

from bayestrace.errors import InputOutputFault
from bayestrace.messages import FAULTS, Both, fill
from bayestrace.reading.marks import read_yaml
from bayestrace.reading.text import shown

PACKAGE = Path(__file__).parents[2] / "bayestrace"
TESTS = Path(__file__).parents[1]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize("slug", FAULTS)
def test_every_fault_is_worded_in_both_languages(slug: str) -> None:
    for part in FAULTS[slug][:3]:
        assert part.en
        assert part.zh
        assert re.search(r"[一-鿿]", part.zh)
        assert not re.search(r"[一-鿿]", part.en.replace("{zh", ""))
        assert fields(part.en) == fields(part.zh)
        assert not part.en.endswith((".", ";"))
        assert not part.zh.endswith(("。", "；"))


@pytest.mark.parametrize("slug", FAULTS)
def test_what_was_expected_is_said_so(slug: str) -> None:
    assert FAULTS[slug].expected.en.removeprefix("⟦").startswith("expected ")


@pytest.mark.parametrize("slug", FAULTS)
def test_every_fault_is_raised_somewhere_and_tested(slug: str) -> None:
    rooms = ("reading", "coding", "qda")
    code = "".join(path.read_text(encoding="utf-8") for room in rooms for path in (PACKAGE / room).glob("*.py"))
    theirs = (*rooms, "breaking", "fuzz")
    tests = "".join(path.read_text(encoding="utf-8") for room in theirs for path in (TESTS / room).glob("test_*.py"))
    made_up = slug.startswith(("unknown-", "date-"))  # the code puts these together
    assert f'"{slug}"' in code or made_up
    assert f'"{slug}"' in tests


def test_a_detail_is_not_filled_in_twice() -> None:
    sentence = Both("found {found}⟦, like {guess}⟧", "{found}⟦{guess}⟧")
    assert fill(sentence, "en", {"found": "{guess} ⟦x⟧ {0}", "guess": ""}) == "found {guess} ⟦x⟧ {0}"
    assert fill(sentence, "en", {"found": "a", "guess": "b"}) == "found a, like b"
    assert fill(sentence, "zh", {"found": "a"}) == "a"
    assert fill(sentence, "zh", {"found": "`a`, `b`"}) == "`a`、`b`"


def test_what_the_system_says_is_said_in_chinese() -> None:
    for number in (errno.ENOENT, errno.EACCES, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOSPC, errno.EROFS):
        said = os.strerror(number)
        fault = InputOutputFault("no-file", path="x", reason=said)
        assert said in fault.text("en")
        assert said not in fault.text("zh")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "`null`"),
        ("a\n  b", "`a b`"),
        ("x" * 60, f"`{'x' * 60}`"),
        ("x" * 61, f"`{'x' * 60}…`"),
        ("a\u200bb\x07", "`aU+200BbU+0007`"),
        ({"a": (1, "强")}, '`{"a": [1, "强"]}`'),
    ],
)
def test_values_are_repeated_short_and_visible(value: object, said: str) -> None:
    assert shown(value) == said


def test_a_list_that_holds_a_refused_value_is_repeated_without_it() -> None:
    document, _ = read_yaml("x.yaml", "kappa: [1, .inf, 3]")
    assert shown(document.root().get("kappa").value) == '`[1, "…", 3]`'
