"""Names that refer to nothing, to something wrong, or round in a circle: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import FILES, STUDY, Spoilt, check_spoilt, faults_with

from bayestrace.reading.known import circle

S = "study.yaml"
ONE = "evidence/one.yaml"
TWO = "evidence/two.yaml"
WEIGHTS = "evidence/codings/neutral-weights.csv"
NOTES = "evidence/codings/neutral-notes.csv"
REDUNDANCY = "evidence/codings/neutral-redundancy.csv"
GUEST = "evidence/codings/guest-probabilities.csv"
ONE_GROUPS = "groups: {alliance: japan, period: early}"

SPOILT = [
    # study.yaml
    Spoilt(
        S,
        "focal: stakes",
        "focal: ‸stake",
        "unknown-hypothesis",
        ("no hypothesis `stake`", "one of: `stakes`, `bargaining`", "did you mean `stakes`?"),
        "focal",
    ),
    Spoilt(
        S,
        "default_set: article",
        "default_set: ‸articles",
        "unknown-set",
        ("no set of hypotheses `articles`", "one of: `article`, `wide`", "did you mean `article`?"),
        "default_set",
    ),
    Spoilt(
        S,
        "about: Peng2024",
        "about: ‸Peng2023",
        "unknown-source",
        ("no source `Peng2023`", "one of:", "did you mean `Peng2024`?"),
        "about",
    ),
    Spoilt(
        S,
        "[stakes, bargaining]}",
        "[stakes, bargaining, ‸luck]}",
        "unknown-hypothesis",
        ("no hypothesis `luck`", "one of:", "declare it under `hypotheses:`"),
        "sets.article.hypotheses[3]",
    ),
    Spoilt(
        S,
        "[stakes, bargaining]}",
        "[stakes, bargaining, ‸stakes]}",
        "listed-twice",
        ("`stakes`", "every name once", "delete one"),
        "sets.article.hypotheses[3]",
    ),
    Spoilt(
        S,
        ONE_GROUPS,
        "‸groups: {alliance: japan}",
        "group-missing",
        ("no group for the factor `period`", "one of: `early`, `late`", "add it under"),
        "cases.one.groups",
    ),
    Spoilt(
        S,
        ONE_GROUPS,
        "groups: {alliance: japan, period: ‸erly}",
        "unknown-group",
        ("no group of this factor `erly`", "one of: `early`, `late`", "did you mean `early`?"),
        "cases.one.groups.period",
    ),
    Spoilt(
        S,
        ONE_GROUPS,
        "groups: {alliance: japan, period: early, ‸perod: early}",
        "unknown-factor",
        ("no factor `perod`", "one of: `alliance`, `period`", "did you mean `period`?"),
        "cases.one.groups.perod",
    ),
    Spoilt(
        S,
        "[middle, outcome]]",
        "[middle, ‸outcom]]",
        "unknown-step",
        ("no step of the mechanism `outcom`", "one of: `premise`", "did you mean `outcome`?"),
        "mechanism.arrows[2][2]",
    ),
    Spoilt(
        S,
        "[middle, outcome]]",
        "[middle, outcome], ‸[middle, middle]]",
        "arrow-self",
        ("`middle` to itself", "from one step to another", "correct one end"),
    ),
    Spoilt(
        S,
        "[middle, outcome]]",
        "[middle, outcome], ‸[premise, middle]]",
        "listed-twice",
        ("`premise` → `middle`", "every name once", "delete one"),
    ),
    Spoilt(
        S,
        "[middle, outcome]]",
        "[middle, outcome], ‸[outcome, premise]]",
        "arrow-circle",
        ("`premise` → `middle` → `outcome` → `premise`", "from first steps to last", "take out one"),
        "mechanism.arrows[3]",
    ),
    Spoilt(
        S,
        "cases: [one, two], directions",
        "cases: [one, ‸too], directions",
        "unknown-case",
        ("no case `too`", "one of: `one`, `two`", "did you mean `two`?"),
        "mechanism.predictions[1].cases[2]",
    ),
    Spoilt(
        S,
        "cases: [one, two], directions",
        "cases: [one, ‸one], directions",
        "listed-twice",
        ("`one`", "every name once", "delete one"),
    ),
    Spoilt(
        S,
        "directions: {premise: up",
        "directions: {‸premises: up",
        "unknown-step",
        ("`premises`", "one of:", "did you mean `premise`?"),
        "mechanism.predictions[1].directions.premises",
    ),
    # evidence
    Spoilt(
        ONE,
        "case: one",
        "case: ‸on",
        "unknown-case",
        ("no case `on`", "one of: `one`, `two`", "did you mean `one`?"),
        "case",
    ),
    Spoilt(
        ONE,
        "step: premise",
        "step: ‸premisse",
        "unknown-step",
        ("`premisse`", "one of:", "did you mean `premise`?"),
        "observations[1].step",
    ),
    Spoilt(
        ONE,
        "domain: security",
        "domain: ‸securty",
        "unknown-domain",
        ("no domain `securty`", "one of: `security`", "did you mean `security`?"),
    ),
    Spoilt(
        ONE,
        "cluster: purchase\n    reliability",
        "cluster: ‸purchases\n    reliability",
        "unknown-cluster",
        ("no cluster `purchases`", "one of: `purchase`, `visit`", "did you mean `purchase`?"),
    ),
    Spoilt(
        ONE,
        "actors: [abe]",
        "actors: [‸Abe]",
        "unknown-actor",
        ("no actor `Abe`", "one of: `abe`, `moon`", "did you mean `abe`?"),
        "observations[1].actors[1]",
    ),
    Spoilt(ONE, "actors: [abe]", "actors: [abe, ‸abe]", "listed-twice", ("`abe`", "every name once", "delete one")),
    Spoilt(
        ONE,
        "source: Peng2024",
        "source: ‸peng2024",
        "unknown-source",
        ("no source `peng2024`", "one of:", "did you mean `Peng2024`?"),
    ),
    Spoilt(
        ONE,
        "source: Peng2024",
        "source: ‸Peng\u202e2024",
        "hidden-character",
        ("U+202E", "visible characters", "type the name by hand"),
    ),
    # its own reliability does not spare an observation the type of its source
    Spoilt(
        ONE,
        "source_type: press",
        "source_type: ‸pres",
        "unknown-source-type",
        ("no type of source `pres`", "one of: `official`, `press`", "did you mean `press`?"),
    ),
    Spoilt(
        ONE,
        "effect_of: [one-buys]",
        "effect_of: [‸one-buy]",
        "unknown-evidence",
        ("no observation `one-buy`", "one of:", "did you mean `one-buys`?"),
        "observations[2].effect_of[1]",
    ),
    Spoilt(
        ONE,
        "effect_of: [one-buys]",
        "effect_of: [‸one-says]",
        "effect-self",
        ("`one-says`", "other observations", "correct or delete"),
    ),
    Spoilt(
        ONE,
        "effect_of: [one-buys]",
        "effect_of: [‸two-pays]",
        "effect-other-case",
        ("another case, `two`", "the same case", "correct or delete"),
    ),
    Spoilt(
        ONE,
        "    reliability: 0.8",
        "    effect_of: [one-says]\n    reliability: 0.8",
        "effect-circle",
        ("`one-says`", "before their effects", "delete one of these"),
    ),
    Spoilt(
        TWO,
        "  - id: two-leaves",
        "  - {id: ‸two-pays, step: premise, title: T, claim: C, source: Walt1987, source_type: press}\n"
        "  - id: two-leaves",
        "evidence-twice",
        ("`two-pays`", "evidence/two.yaml:3 already", "an id of its own", "another id"),
    ),
    # codings
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat",
        "‸one-bys,stakes,threat",
        "unknown-evidence",
        ("`one-bys`", "one of:", "did you mean `one-buys`?"),
        "evidence",
    ),
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat",
        "one-buys,‸Stakes,threat",
        "unknown-hypothesis",
        ("`Stakes`", "one of:", "did you mean `stakes`?"),
        "hypothesis",
    ),
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat",
        "one-buys,stakes,‸threats",
        "unknown-hypothesis",
        ("`threats`", "one of:", "did you mean `threat`?"),
        "against",
    ),
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat",
        "one-buys,stakes,‸thr\u200beat",
        "hidden-character",
        ("`thrU+200Beat`", "visible characters", "type the name by hand"),
        "against",
    ),
    Spoilt(
        GUEST,
        "one-buys,threat",
        "one-buys,‸treat",
        "unknown-hypothesis",
        ("`treat`", "one of:", "did you mean `threat`?"),
        "hypothesis",
    ),
    Spoilt(
        NOTES,
        "two-pays,",
        "‸two-pay,",
        "unknown-evidence",
        ("`two-pay`", "one of:", "did you mean `two-pays`?"),
        "evidence",
    ),
    Spoilt(
        REDUNDANCY, "visit,", "‸visits,", "unknown-cluster", ("`visits`", "one of:", "did you mean `visit`?"), "cluster"
    ),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_name_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    if spoilt.slug == "effect-circle":  # told at the arrow that closes the circle, which stands further down
        faults = faults_with(tmp_path, {ONE: FILES[ONE].replace(spoilt.old, spoilt.new)})
        assert [(fault.line, fault.column, fault.slug) for fault in faults] == [(25, 17, "effect-circle")]
        assert "causes go round in a circle" in faults[0].text()
        assert "causes that come before their effects; delete one of these" in faults[0].text()
    else:
        check_spoilt(tmp_path, spoilt)


def test_an_observation_may_not_stand_in_two_files(tmp_path: Path) -> None:
    twin = "  - {id: one-buys, step: premise, title: T, claim: C, source: Peng2024, source_type: press}\n"
    fault, *more = faults_with(tmp_path, {TWO: FILES[TWO] + twin})
    assert (fault.path, fault.line, fault.column, fault.slug) == (TWO, 12, 10, "evidence-twice")
    assert "evidence/one.yaml:3 already" in fault.text()
    assert more == []


@pytest.mark.parametrize("name", ["common", "own"])
def test_a_factor_may_not_be_named_as_a_level(tmp_path: Path, name: str) -> None:
    fault, *more = faults_with(tmp_path, {S: STUDY.replace("period:", f"{name}:")})
    assert (fault.path, fault.line, fault.column, fault.slug) == (S, 17, 3, "factor-name-reserved")
    assert f"a factor named `{name}`; expected another name: `common` stands for all cases" in fault.text()
    assert "rename the factor" in fault.text()
    assert more == []


def test_sections_left_out_declare_no_names(tmp_path: Path) -> None:
    bare = STUDY.replace("clusters: {purchase: The purchase, visit: The visit}\n", "").replace(
        "domains: {security: Security}", "domains:"
    )
    slugs = [fault.slug for fault in faults_with(tmp_path, {"study.yaml": bare})]
    assert slugs.count("unknown-cluster") == 5
    assert slugs.count("value-empty") == 1
    assert slugs.count("unknown-domain") == 1


def test_a_name_far_from_all_others_brings_no_guess(tmp_path: Path) -> None:
    fault, *_ = faults_with(tmp_path, {"study.yaml": STUDY.replace("focal: stakes", "focal: xyzzy")})
    assert "did you mean" not in fault.text()
    assert "是否" not in fault.text("zh")
    assert "correct the name, or declare it under `hypotheses:` in study.yaml" in fault.text()


def test_a_long_list_of_names_is_not_repeated(tmp_path: Path) -> None:
    many = "".join(f"  luck{number}: {{name: Luck}}\n" for number in range(40))
    text = STUDY.replace("focal: stakes", "focal: stake").replace("sets:\n", f"{many}sets:\n", 1)
    fault, *_ = faults_with(tmp_path, {"study.yaml": text})
    assert fault.text().endswith(
        "focal: there is no hypothesis `stake`; did you mean `stakes`? correct the name, or declare it under "
        "`hypotheses:` in study.yaml"
    )


def test_a_source_that_nobody_cites_is_no_fault(tmp_path: Path) -> None:
    assert "Unused" in FILES["evidence/sources.json"]
    assert faults_with(tmp_path, {}) == []


def test_a_coder_without_weights_must_be_declared(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {"evidence/codings/nuetral-notes.csv": FILES[NOTES]})
    assert (fault.path, fault.line, fault.slug) == ("evidence/codings/nuetral-notes.csv", 0, "unknown-coder")
    assert "`nuetral` has no weights" in fault.text()
    assert "one of: `neutral`, `critic`" in fault.text()
    assert "did you mean `neutral`? rename the file" in fault.text()
    assert more == []


@pytest.mark.parametrize(
    ("arrows", "found"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"], "c": []}, []),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, []),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, ["b", "c", "b"]),
        ({"a": ["a"]}, ["a", "a"]),
        ({str(n): [str(n + 1)] for n in range(5000)}, []),
    ],
)
def test_circles_are_found(arrows: dict[str, list[str]], found: list[str]) -> None:
    assert circle(arrows) == found
