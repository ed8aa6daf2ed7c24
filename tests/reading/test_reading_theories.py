"""Theories that may hold together: the cells they make, and one fault each for what is wrong with them."""

from pathlib import Path

import pytest
from small_study import FILES, OVERLAPPING, STUDY, Spoilt, check_spoilt, faults_of, faults_with, write

from bayestrace.reading import read_study

S = "study.yaml"
WEIGHTS = "evidence/codings/neutral-weights.csv"
GUEST = "evidence/codings/guest-probabilities.csv"
SCEPTICAL = "priors/sceptical.yaml"
SETS = OVERLAPPING[S][OVERLAPPING[S].index("sets:") : OVERLAPPING[S].index("factors:")]
EVERY = ["ally+stakes+bargaining", "ally+stakes", "ally+bargaining", "ally", "bargaining", "none"]

SPOILT = [
    Spoilt(
        S,
        "[[stakes, ally]]",
        "[[stakes, ‸alley]]",
        "unknown-theory",
        ("no theory `alley`", "one of: `ally`, `stakes`, `bargaining`", "did you mean `ally`?", "`theories:`"),
        "nested[1][2]",
    ),
    Spoilt(
        S,
        "[[stakes, ally]]",
        "[[stakes, ally], ‸[ally, stakes]]",
        "nested-circle",
        ("`stakes` → `ally` → `stakes`", "imply broader ones", "are one"),
        "nested[2]",
    ),
    Spoilt(S, "[[stakes, ally]]", "[‸[ally, ally]]", "nested-circle", ("`ally` → `ally`", "imply", "take out")),
    Spoilt(
        S,
        "[[stakes, ally]]",
        "[[stakes, ally], ‸[stakes, ally]]",
        "listed-twice",
        ("`stakes` → `ally`", "every name once", "delete one"),
    ),
    Spoilt(S, "[[stakes, ally]]", "[‸[stakes]]", "pair-expected", ("two names", "one pair for each"), "nested[1]"),
    Spoilt(S, "[[stakes, ally]]", "[‸stakes]", "pair-expected", ("`stakes`", "two names", "one pair for each")),
    Spoilt(S, "[[stakes, ally]]", "‸stakes", "list-expected", ("`stakes`", "expected a list"), "nested"),
    Spoilt(
        S,
        "joint_likelihood: noisy-or",
        "joint_likelihood: ‸noisy-and",
        "choice-unknown",
        ("`noisy-and`", "`stated`, `strongest`, `noisy-or`", "did you mean `noisy-or`?"),
        "joint_likelihood",
    ),
    Spoilt(
        S,
        "theories:\n",
        "hypotheses: {a: {name: A}, b: {name: B}}\n‸theories:\n",
        "theories-and-hypotheses",
        ("both `theories:` and `hypotheses:`", "expected one of them", "delete the one"),
        "theories",
    ),
    Spoilt(
        S,
        "theories:\n",
        "‸theories:\n  t1: {name: T}\n  t2: {name: T}\n  t3: {name: T}\n",
        "theories-count",
        ("found 6 theories", "expected 2 to 5", "merge theories"),
        "theories",
    ),
    Spoilt(
        S,
        "  bargaining: {name: Bargaining}\n",
        "  bargaining: {name: Bargaining}\n  ‸none: {name: Nobody}\n",
        "theory-name-reserved",
        ("a theory named `none`", "no theory holds", "rename the theory"),
        "theories.none",
    ),
    Spoilt(
        S,
        "  bargaining: {name: Bargaining}\n",
        "  bargaining: {name: Bargaining}\n  ‸ally+luck: {name: Luck}\n",
        "name-form",
        ("`ally+luck`", "expected letters", "choose another name"),
        "theories.ally+luck",
    ),
    Spoilt(
        S,
        "bargaining: {name: Bargaining}",
        "bargaining: {name: ‸7}",
        "words-expected",
        ("`7`", "expected a text", "between quotation marks"),
        "theories.bargaining.name",
    ),
    Spoilt(
        S,
        "bargaining: {name: Bargaining}",
        "bargaining: ‸Bargaining",
        "mapping-expected",
        ("`Bargaining`", "`key: value`"),
        "theories.bargaining",
    ),
    # a nested theory has no cell without what it implies
    Spoilt(
        S,
        "focal: ally+stakes",
        "focal: ‸stakes",
        "unknown-hypothesis",
        ("no hypothesis `stakes`", "one of: `ally+stakes+bargaining`, `ally+stakes`", "did you mean `ally+stakes`?"),
        "focal",
    ),
    Spoilt(
        S,
        "[ally+stakes, ally, bargaining, none]",
        "[ally+stakes, ally, bargaining, ‸stakes+bargaining]",
        "unknown-hypothesis",
        ("no hypothesis `stakes+bargaining`", "one of:"),
        "sets.article.hypotheses[4]",
    ),
    Spoilt(
        SCEPTICAL,
        "prior: {ally: 1, ally+stakes: 2, none: 1}",
        "‸prior: {ally: 0.6, stakes: 0.6}",
        "prior-of-theories",
        ("names theories only: `ally`, `stakes`", "60 % and 60 % would make 120 %", "write both: 5, each alone: 1"),
        "prior",
    ),
    Spoilt(
        SCEPTICAL,
        "prior: {ally: 1, ally+stakes: 2, none: 1}",
        "prior: {ally: 1, ‸stakes: 2, none: 1}",
        "unknown-hypothesis",
        ("`stakes`", "one of:", "did you mean"),
        "prior.stakes",
    ),
    Spoilt(
        WEIGHTS,
        "one-says,bargaining,none,,2,\n",
        "one-says,bargaining,none,,2,\n‸one-context,ally,none,,2,\none-context,ally,bargaining,,1,\n",
        "noisy-or-weights",
        ("weights for `one-context`", "expected probabilities", "joint_likelihood: strongest"),
        "evidence",
    ),
    Spoilt(
        GUEST,
        "two-leaves,ally,,0.05,\n",
        "‸two-leaves,ally,,0.05,\ntwo-leaves,bargaining,,0.4,\n",
        "noisy-or-none",
        ("`two-leaves` under `none`", "where no theory holds", "for every cell"),
        "evidence",
    ),
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.5,",
        "one-buys,‸bargaining,,0.1,",
        "noisy-or-lower",
        ("`bargaining`", "less probable than `none`", "at least that", "joint_likelihood: strongest"),
        "hypothesis",
    ),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_theory_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt, OVERLAPPING)


@pytest.mark.parametrize(
    "spoilt",
    [
        Spoilt(
            S,
            "hypotheses:\n  stakes",
            "‸nested: [[a, b]]\nhypotheses:\n  stakes",
            "theories-missing",
            ("`nested` without any `theories:`", "may hold together", "delete this key"),
            "nested",
        ),
        Spoilt(
            S,
            "hypotheses:\n  stakes",
            "‸joint_likelihood: strongest\nhypotheses:\n  stakes",
            "theories-missing",
            ("`joint_likelihood` without any `theories:`", "may hold together"),
        ),
        Spoilt(
            S,
            "  threat: {name: Threat}\n",
            "  threat: {name: Threat}\n  ‸stakes+threat: {name: Both}\n",
            "name-form",
            ("`stakes+threat`", "expected letters"),
            "hypotheses.stakes+threat",
        ),
    ],
    ids=str,
)
def test_what_only_theories_have_is_refused_without_them(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt)


@pytest.mark.parametrize("theories", ["{}", "{a: {name: A}}"])
def test_fewer_than_two_theories_are_refused(tmp_path: Path, theories: str) -> None:
    text = OVERLAPPING[S]
    cut = text[text.index("theories:") : text.index("joint_likelihood")]
    faults = faults_of(write(tmp_path, {**OVERLAPPING, S: text.replace(cut, f"theories: {theories}\n")}))
    assert [(fault.slug, fault.where) for fault in faults] == [("theories-count", "theories")]


@pytest.mark.parametrize("theories", ["", "[a, b]", "7", "some"])
def test_theories_that_are_no_mapping_have_one_fault(tmp_path: Path, theories: str) -> None:
    text = OVERLAPPING[S]
    cut = text[text.index("theories:") : text.index("nested")]
    faults = faults_of(write(tmp_path, {**OVERLAPPING, S: text.replace(cut, f"theories: {theories}\n")}))
    wanted = "value-empty" if not theories else "mapping-expected"
    assert [(fault.slug, fault.where) for fault in faults if fault.where == "theories"] == [(wanted, "theories")]
    assert {fault.where.partition("[")[0] for fault in faults} <= {"theories", "nested"}


def test_theories_become_cells_with_names_in_both_languages(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, OVERLAPPING))
    assert list(study.theories) == ["ally", "stakes", "bargaining"]
    assert list(study.hypotheses) == EVERY
    assert [cell.name("en") for cell in study.hypotheses.values()] == [
        "Ally, Stakes and Bargaining, together",
        "Ally and Stakes, together",
        "Ally and Bargaining, together",
        "Ally alone",
        "Bargaining alone",
        "None of them",
    ]
    assert [cell.name("zh") for cell in study.hypotheses.values()] == [
        "盟友、Stakes与Bargaining并存",
        "盟友与Stakes并存",
        "盟友与Bargaining并存",
        "仅盟友",
        "仅Bargaining",
        "皆不成立",
    ]
    claims = [cell.claim("en") if cell.claim else "" for cell in study.hypotheses.values()]
    both = "It cared. The patron cared."
    assert claims == [both, both, "It cared.", "It cared.", "", ""]
    assert study.profiles["sceptical"].prior == {"ally": 1.0, "ally+stakes": 2.0, "none": 1.0}


def test_without_sets_every_cell_is_compared(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, {**OVERLAPPING, S: OVERLAPPING[S].replace(SETS, "")}))
    assert list(study.sets["cells"].hypotheses) == EVERY
    assert study.default_set == "cells"


def test_a_default_set_that_nobody_wrote_is_unknown(tmp_path: Path) -> None:
    text = OVERLAPPING[S].replace(SETS, "default_set: article\n")
    faults = faults_of(write(tmp_path, {**OVERLAPPING, S: text}))
    assert [(fault.slug, fault.where) for fault in faults] == [("unknown-set", "default_set")]


def test_a_prior_that_names_the_cell_of_no_theory_means_cells(tmp_path: Path) -> None:
    prior = "prior: {ally: 1, bargaining: 2, none: 1}"
    changed = OVERLAPPING[SCEPTICAL].replace("prior: {ally: 1, ally+stakes: 2, none: 1}", prior)
    assert faults_of(write(tmp_path, {**OVERLAPPING, SCEPTICAL: changed})) == []


def test_weights_for_joint_cells_spare_a_noisy_or(tmp_path: Path) -> None:
    said = "evidence,hypothesis,against,low_db,best_db,high_db\n" + "".join(
        f"one-says,{cell},none,,{place},\n" for place, cell in enumerate(EVERY[:-1])
    )
    assert faults_of(write(tmp_path, {**OVERLAPPING, WEIGHTS: said})) == []


def test_cells_are_known_only_where_theories_make_them(tmp_path: Path) -> None:
    faults = faults_with(tmp_path, {SCEPTICAL: FILES[SCEPTICAL].replace("favours: stakes", "favours: stakes+threat")})
    assert [fault.slug for fault in faults] == ["unknown-hypothesis"]
    assert "theories" not in STUDY


def test_a_study_without_theories_writes_nothing_of_them(tmp_path: Path) -> None:
    told = read_study(write(tmp_path, FILES)).canonical()
    assert not {"theories", "nested", "joint_likelihood"} & {word.strip('":{,') for word in told.split('"')}
    assert "joint_likelihood" in read_study(write(tmp_path / "b", OVERLAPPING)).canonical()
