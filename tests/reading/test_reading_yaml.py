"""Files that are no plain YAML, or no text: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import CARET, FILES, STUDY, Spoilt, check_spoilt, faults_with, write

from bayestrace.reading.marks import read_yaml

S = "study.yaml"
ONE = "evidence/one.yaml"
FOCAL = "focal: stakes"

SPOILT = [
    Spoilt(
        S,
        FOCAL,
        "focal: &here ‸stakes".replace("&here ‸", "‸&here "),
        "yaml-anchor",
        ("`&here`", "written out", "delete it"),
        "focal",
    ),
    Spoilt(S, FOCAL, "focal: ‸!text stakes", "yaml-tag", ("`!text`", "plain values", "delete it")),
    Spoilt(
        S,
        "  stakes: {name: Stakes, claim: The patron cared.}",
        "  ‸<<: {x: 1}\n  stakes: {name: S}",
        "yaml-merge",
        ("`<<`", "every key written out", "write the keys out"),
    ),
    Spoilt(
        S,
        "  threat: {name: Threat}",
        "  threat: {name: Threat}\n  ‸threat: {name: Danger}",
        "key-twice",
        ("`threat`", "line 10 already", "every key once", "keep one"),
        "hypotheses.threat",
    ),
    Spoilt(
        S,
        "  threat: {name: Threat}",
        "  threat: {name: Threat}\n  ? ‸[a, b]\n  : {name: Pair}",
        "key-not-text",
        ("a list or a mapping", "a name before", "write a plain name"),
    ),
    Spoilt(
        S,
        "official: 0.98",
        "official: ‸.nan",
        "number-not-finite",
        ("`.nan`", "a number that", "state the number"),
        "reliability.official",
    ),
    Spoilt(
        S, "official: 0.98", "official: ‸-.INF", "number-not-finite", ("`-.INF`", "a number that", "state the number")
    ),
    Spoilt(S, "db: 10.5", "db: ‸1e999", "number-not-finite", ("`1e999`", "a number that", "state the number")),
    Spoilt(
        S,
        "db: 10.5",
        "db: ‸1234567890123456789",
        "number-too-long",
        ("`1234567890123456789`", "18 digits", "shorten it"),
    ),
    Spoilt(S, "db: 10.5", f"db: ‸{'9' * 5000}", "number-too-long", ("99999", "18 digits", "shorten it")),
    Spoilt(
        S,
        "name: Wide",
        'name: ‸"W\\x07ide"',
        "control-character",
        ("U+0007", "without control", "delete it"),
        "sets.wide.name",
    ),
    Spoilt(S, "name: Wide", "name: W‸\x07ide", "control-character", ("U+0007", "without control", "delete it")),
    Spoilt(S, "name: Wide", "name: W‸\x00ide", "control-character", ("U+0000", "without control", "delete it")),
    Spoilt(S, "name: Wide", "name: W‸\x85ide", "control-character", ("U+0085", "without control", "delete it")),
    Spoilt(S, "name: Wide", "name: W‸\ufeffide", "control-character", ("U+FEFF", "without control", "delete it")),
    Spoilt(
        ONE,
        "title: Background",
        "title: Background‸: or not",
        "yaml-colon",
        ("a second `: `", "one key and one value", "quotation marks"),
    ),
    Spoilt(ONE, "    title: Background", "‸\ttitle: Background", "yaml-tab", ("a tab", "spaces", "replace the tab")),
    Spoilt(
        ONE, "    title: Background", "   ‸title: Background", "yaml-indent", ("does not fit", "equally far", "line up")
    ),
    Spoilt(
        ONE,
        "title: Background",
        "title: ‸'Background",
        "yaml-quote",
        ("opened and not closed", "closing mark", "close it"),
    ),
    Spoilt(
        ONE,
        "title: Background",
        "title: ‸[Background",
        "yaml-bracket",
        ("bracket is not closed", "`[a, b]`", "look for the bracket"),
    ),
    Spoilt(
        ONE,
        "title: Background",
        "title: ‸{en: Background",
        "yaml-bracket",
        ("bracket is not closed", "`{key: value", "look for the bracket"),
    ),
    Spoilt(
        ONE,
        "title: Background",
        'title: "Back‸\\ground"',
        "yaml-escape",
        ("backslash", "plain text", "write the backslash twice"),
    ),
    Spoilt(
        ONE,
        "title: Background",
        "title: ‸@Background",
        "yaml-reserved",
        ("a sign that YAML keeps", "quotation marks", "put the value"),
    ),
    Spoilt(
        ONE,
        "title: Background",
        "title: ‸`Background`",
        "yaml-reserved",
        ("a sign that YAML keeps", "quotation marks", "put the value"),
    ),
    Spoilt(
        ONE,
        "case: one\n",
        "%YAML 7.1\n---\ncase: one\n",
        "yaml-syntax",
        ("cannot be read as YAML", "`key: value`", "compare it"),
    ),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_file_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    if spoilt.slug == "yaml-syntax":
        spoilt = spoilt._replace(new=CARET + spoilt.new)
    check_spoilt(tmp_path, spoilt)


def test_an_alias_is_refused_where_it_stands(tmp_path: Path) -> None:
    faults = faults_with(
        tmp_path, {S: STUDY.replace(FOCAL, "focal: &a stakes").replace("default_set: article", "default_set: *a")}
    )
    assert [(fault.line, fault.column, fault.slug) for fault in faults] == [
        (6, 8, "yaml-anchor"),
        (14, 14, "yaml-alias"),
    ]
    assert "an alias, `*a`; expected every text written out where it stands; write it out" in faults[1].text()


def test_a_second_document_is_refused(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {ONE: FILES[ONE] + "---\ncase: two\n"})
    assert (fault.path, fault.line, fault.column, fault.slug) == (
        ONE,
        FILES[ONE].count("\n") + 1,
        1,
        "yaml-second-document",
    )
    assert "`---`; expected one document a file; delete the line" in fault.text()
    assert more == []


@pytest.mark.parametrize("text", ["", "  \n\n", "# only a remark\n", "---\n...\n"])
def test_an_empty_file_says_so(tmp_path: Path, text: str) -> None:
    slugs = {fault.slug for fault in faults_with(tmp_path, {"priors/sceptical.yaml": text})}
    assert slugs <= {"file-empty", "value-empty", "mapping-expected"}
    assert len(slugs) == 1


def test_a_file_in_another_encoding_is_refused_at_the_first_bad_byte(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {S: STUDY.encode("gb18030")})
    assert (fault.path, fault.line, fault.column, fault.slug) == (S, 3, 33, "not-utf8")
    assert (
        "not UTF-8 text (byte 0xCF at this place); expected text saved as UTF-8; open it in a text editor"
        in fault.text()
    )
    assert more == []
    assert [fault.slug for fault in faults_with(tmp_path, {S: STUDY.encode("utf-16")})] == ["not-utf8"]


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {S: STUDY + "#" * 5_000_000})
    assert fault.slug == "file-too-large"
    assert (
        fault.text()
        == "study.yaml: the file is 5.0 MB; expected at most 5 MB; check that this is the right file, or split it"
    )
    assert more == []


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "[[{a: "])
def test_endless_nesting_is_refused_at_once(opening: str) -> None:
    _, (fault,) = read_yaml("x.yaml", opening * 100_000)
    assert (fault.line, fault.slug) == (1, "yaml-too-deep")
    assert "more than 40 levels, one inside the other; expected a few levels; check the brackets" in fault.text()


def test_nesting_within_the_limit_reads() -> None:
    document, faults = read_yaml("x.yaml", "[" * 40 + "]" * 40)
    assert faults == []
    assert isinstance(document.value, tuple)


def test_endless_lists_are_refused() -> None:
    _, (fault,) = read_yaml("x.yaml", "[" + "1," * 200_000 + "]")
    assert fault.slug == "yaml-too-many"
    assert "more than 200,000 items; expected a file that a person has written; check that" in fault.text()


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a0: &a0 x\n" + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 9)}]\n" for n in range(9))
    _, faults = read_yaml("x.yaml", bomb)
    assert {fault.slug for fault in faults} == {"yaml-anchor", "yaml-alias"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("False", False),
        ("NULL", None),
        ("~", None),
        ("", None),
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("2017-11-06", "2017-11-06"),
        ("1:20", "1:20"),
        ("1:30:00", "1:30:00"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("007", 7),
        ("+3", 3),
        ("-12", -12),
        ("123456789012345678", 123456789012345678),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("-2.5E-1", -0.25),
        ("1.2.3", "1.2.3"),
        ("'7'", "7"),
        ('"true"', "true"),
        ("-", "-"),
        ("=", "="),
        ("٣", "٣"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("|\n  a\n  b", "a\nb\n"),
    ],
)
def test_plain_values_follow_the_core_rules_of_yaml_1_2(written: str, value: object) -> None:
    document, faults = read_yaml("x.yaml", f"k: {written}\n" if written != "-" else "k: '-'\n")
    assert faults == []
    assert document.value == {"k": value}
    assert type(document.root().get("k").value) is type(value)


def test_keys_are_texts_as_they_are_written() -> None:
    document, faults = read_yaml("x.yaml", "2017: a\ntrue: b\nno: c\n1.50: d\n'': e\n")
    assert faults == []
    assert document.value == {"2017": "a", "true": "b", "no": "c", "1.50": "d", "": "e"}


def test_one_file_shows_all_its_faults(tmp_path: Path) -> None:
    text = (
        STUDY.replace("press: 0.9", "press: .inf\n")
        .replace("{official: 0.98, ", "{official: &a 0.98, \n")
        .replace(FOCAL, "focal: stake")
    )
    write(tmp_path, FILES)
    assert [fault.slug for fault in faults_with(tmp_path, {S: text})] == [
        "unknown-hypothesis",
        "yaml-anchor",
        "number-not-finite",
    ]
