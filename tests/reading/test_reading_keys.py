"""Keys, texts and names of the wrong form: one fault each, where it is."""

from pathlib import Path

import pytest
from pydantic import BaseModel
from small_study import Spoilt, check_spoilt, faults_with

from bayestrace.reading.marks import read_yaml
from bayestrace.reading.models import check

S = "study.yaml"
ONE = "evidence/one.yaml"
REFERENCE = "priors/reference.yaml"
SCEPTICAL = "priors/sceptical.yaml"
WIDE = "wide: {name: Wide, hypotheses: [stakes, bargaining, threat]}"

SPOILT = [
    # keys
    Spoilt(
        S,
        "focal: stakes",
        "‸fokal: x\nfocal: stakes",
        "key-unknown",
        ("`fokal`", "one of: `bayestrace`", "did you mean `focal`?"),
        "fokal",
    ),
    Spoilt(
        S,
        "claim: The patron cared.",
        "‸claims: x",
        "key-unknown",
        ("`claims`", "one of: `name`, `claim`", "did you mean `claim`?"),
        "hypotheses.stakes.claims",
    ),
    Spoilt(
        S,
        "asks: Does it begin?",
        "‸ask: x",
        "key-unknown",
        ("`ask`", "`asks`", "did you mean `asks`?"),
        "mechanism.steps.premise.ask",
    ),
    Spoilt(
        S,
        "{name: H1, cases",
        "{name: H1, ‸statment: x, cases",
        "key-unknown",
        ("`statment`", "`statement`", "did you mean `statement`?"),
        "mechanism.predictions[1].statment",
    ),
    Spoilt(
        S,
        "{en: negligible, zh: 微不足道}",
        "{en: negligible, ‸cn: 微不足道}",
        "key-unknown",
        ("`cn`", "one of: `en`, `zh`", "correct or delete"),
        "scale.anchors[1].word.cn",
    ),
    Spoilt(
        ONE,
        "    cluster: purchase\n    reliability: 0.8",
        "    ‸clutser: purchase\n    reliability: 0.8",
        "key-unknown",
        ("`clutser`", "`cluster`", "did you mean `cluster`?"),
        "observations[1].clutser",
    ),
    Spoilt(
        ONE,
        "    context: true",
        "    ‸case: one",
        "key-unknown",
        ("`case`", "one of: `id`, `step`", "correct or delete"),
        "observations[3].case",
    ),
    Spoilt(
        ONE,
        "case: one\n",
        "case: one\n‸note: x\n",
        "key-unknown",
        ("`note`", "one of: `case`, `observations`", "correct or delete"),
        "note",
    ),
    Spoilt(
        REFERENCE,
        "prior: equal",
        "‸id: reference",
        "key-unknown",
        ("`id`", "one of: `name`", "correct or delete"),
        "id",
    ),
    Spoilt(
        REFERENCE,
        "  levels: 0.25",
        "  ‸level: 0.25",
        "key-unknown",
        ("`level`", "one of: `levels`, `kappa`", "did you mean `levels`?"),
        "pooling.level",
    ),
    Spoilt(
        S,
        "bayestrace: 1\nid: small\n",
        "‸bayestrace: 1\n",
        "key-missing",
        ("id is missing", "`id: ...`", "add it"),
        "",
    ),
    Spoilt(
        S,
        "  threat: {name: Threat}",
        "  ‸threat: {claim: Danger}",
        "key-missing",
        ("name is missing", "`name: ...`", "add it"),
        "hypotheses.threat",
    ),
    Spoilt(
        S,
        "{name: H1, cases",
        "‸{cases",
        "key-missing",
        ("name is missing", "`name: ...`", "add it"),
        "mechanism.predictions[1]",
    ),
    Spoilt(
        ONE,
        "  - id: one-context\n    step: middle\n",
        "  - ‸id: one-context\n",
        "key-missing",
        ("step is missing", "`step: ...`", "add it"),
        "observations[3]",
    ),
    Spoilt(
        SCEPTICAL,
        "name: Sceptical\nwhy: The author may have chosen.",
        "‸name: Sceptical",
        "key-missing",
        ("why is missing", "`why: ...`", "add it"),
    ),
    Spoilt(
        S,
        "  threat: {name: Threat}",
        "  threat:‸",
        "value-empty",
        ("nothing stands after", "a value", "fill it in"),
        "hypotheses.threat",
    ),
    Spoilt(
        S,
        "language: en}",
        "language: ‸}",
        "value-empty",
        ("nothing stands after", "a value", "fill it in"),
        "coders.neutral.language",
    ),
    # texts
    Spoilt(
        ONE,
        "source: Peng2024",
        "source: ‸2024",
        "text-expected",
        ("`2024`", "a text", "quotation marks"),
        "observations[1].source",
    ),
    Spoilt(
        ONE,
        "step: premise",
        "step: ‸true",
        "text-expected",
        ("`true`", "a text", "quotation marks"),
        "observations[1].step",
    ),
    Spoilt(S, "id: small", "id: ‸[small]", "text-expected", ('`["small"]`', "a text", "quotation marks"), "id"),
    Spoilt(
        ONE,
        "title: Background",
        "title: ‸1950",
        "words-expected",
        ("`1950`", "{en: ..., zh: ...}", "quotation marks"),
        "observations[3].title",
    ),
    Spoilt(
        ONE,
        "title: Background",
        "title: ‸[a]",
        "words-expected",
        ('`["a"]`', "{en: ..., zh: ...}", "quotation marks"),
        "observations[3].title",
    ),
    Spoilt(
        S,
        "bargaining: {name: Bargaining}",
        "bargaining: {name: ‸''}",
        "text-empty",
        ("an empty text", "at least one", "write the text"),
        "hypotheses.bargaining.name",
    ),
    Spoilt(
        S,
        "bargaining: {name: Bargaining}",
        "bargaining: {name: {en: ‸''}}",
        "text-empty",
        ("an empty text", "at least one", "write the text"),
        "hypotheses.bargaining.name.en",
    ),
    Spoilt(
        S,
        "bargaining: {name: Bargaining}",
        "bargaining: {‸name: {zh: 讨价还价}}",
        "text-without-english",
        ("without its English", "{en: ..., zh: ...}", "add `en: ...`"),
        "hypotheses.bargaining.name",
    ),
    # names
    Spoilt(S, "id: small", "id: ‸my study", "name-form", ("`my study`", "letters A-Z", "choose another name"), "id"),
    Spoilt(
        S,
        "actors: {abe",
        "actors: {‸安倍: Abe, abe",
        "name-form",
        ("`安倍`", "letters A-Z", "choose another name"),
        "actors.安倍",
    ),
    Spoilt(S, "id: small", "id: ‸-small", "name-form", ("`-small`", "beginning with a letter", "choose another name")),
    Spoilt(S, "id: small", f"id: ‸{'s' * 81}", "name-too-long", ("ssss", "at most 80", "choose another name")),
    Spoilt(
        S,
        "id: small",
        "id: ‸sma\u200bll",
        "hidden-character",
        ("U+200B", "visible characters", "type the name by hand"),
    ),
    Spoilt(
        S,
        "actors: {abe",
        "actors: {‸a\u202eb: Abe, abe",
        "hidden-character",
        ("`aU+202Eb`", "visible characters", "type the name by hand"),
    ),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_text_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt)


def test_a_profile_that_is_no_mapping_says_so(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {REFERENCE: "- equal\n"})
    assert (fault.path, fault.line, fault.column, fault.slug) == (REFERENCE, 1, 1, "mapping-expected")
    assert more == []


@pytest.mark.parametrize(
    ("text", "slug", "line"),
    [
        ("observations: []\n", "key-missing", 1),
        ("case: one\n", "key-missing", 1),
        ("case: 5\nobservations: []\n", "text-expected", 1),
        ("case: one\nobservations: {a: b}\n", "list-expected", 2),
        ("case: one\nobservations:\n", "value-empty", 2),
        ("- case\n", "mapping-expected", 1),
        ("case: one\nobservations: [no]\n", "mapping-expected", 2),
    ],
)
def test_the_frame_of_an_evidence_file_is_checked(tmp_path: Path, text: str, slug: str, line: int) -> None:
    fault, *more = faults_with(tmp_path, {"evidence/three.yaml": text})
    assert (fault.path, fault.line, fault.slug) == ("evidence/three.yaml", line, slug)
    assert more == []


def test_a_refused_value_brings_no_second_fault(tmp_path: Path) -> None:
    faults = faults_with(
        tmp_path, {REFERENCE: "name: !x Reference\nwhy: w\nprior: {stakes: .nan}\npooling: {kappa: [1, .inf]}\n"}
    )
    assert [fault.slug for fault in faults] == ["yaml-tag", "number-not-finite", "number-not-finite"]


def test_an_error_that_no_model_of_the_study_knows_is_worded_all_the_same() -> None:
    class Odd(BaseModel, strict=True):
        count: complex

    document, _ = read_yaml("x.yaml", "count: many\n")
    made, (fault,) = check(Odd, document.root())
    assert made is None
    assert (fault.line, fault.column, fault.slug) == (1, 8, "value-refused")
    assert "`many` cannot be used here; expected what docs/study-format.md names for this key; compare" in fault.text()
