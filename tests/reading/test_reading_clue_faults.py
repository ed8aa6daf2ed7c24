"""What study.yaml says wrong of clues: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import FILES, SOUGHT, STUDY, Spoilt, check_spoilt, faults_of, write

S = "study.yaml"
CSV = "evidence/clues.csv"
FORMS = "expected a number from 0 to 1, a 90 % range [low, high], {mean, sd} or {alpha, beta}"
THREAT = "threat: {mean: 0.4, sd: 0.1}"
SIGNED = "found_if_given:\n      democracy"
EVERY = "{stakes: 0.6, bargaining: 0.9, threat: 0.5}"
WHERE = "clues.threat-seen.found_if.threat"

CHANCES = [
    Spoilt(S, THREAT, "threat: ‸likely", "chance-form", ("`likely`", FORMS, "exactly one"), WHERE),
    Spoilt(S, THREAT, "threat: ‸'0.4'", "chance-form", ("`0.4`", FORMS, "exactly one"), WHERE),
    Spoilt(S, THREAT, "threat: ‸true", "chance-form", ("`true`", FORMS), WHERE),
    Spoilt(S, THREAT, "threat: ‸{mean: 0.4}", "chance-form", ('`{"mean": 0.4}`', FORMS), WHERE),
    Spoilt(S, THREAT, "threat: ‸{mean: 0.4, sd: 0.1, alpha: 1}", "chance-form", (FORMS, "exactly one"), WHERE),
    Spoilt(S, THREAT, "threat: ‸{at: 0.4}", "chance-form", (FORMS,), WHERE),
    Spoilt(S, THREAT, "threat: ‸{low: 0.4, high: 0.5}", "chance-form", (FORMS, "[0.3, 0.5]"), WHERE),
    Spoilt(S, THREAT, "threat: ‸{}", "chance-form", (FORMS,), WHERE),
    Spoilt(S, THREAT, "threat: ‸[0.4]", "chance-form", ("`[0.4]`", FORMS), WHERE),
    Spoilt(S, THREAT, "threat: ‸[0.1, 0.4, 0.7]", "chance-form", ("`[0.1, 0.4, 0.7]`", FORMS), WHERE),
    Spoilt(S, THREAT, "threat: ‸", "value-empty", ("nothing stands", "fill it in"), WHERE),
    Spoilt(S, THREAT, "threat: ‸1.2", "chance-outside", ("the probability `1.2`", FORMS, "70 % as 0.7"), WHERE),
    Spoilt(S, THREAT, "threat: ‸-0.1", "chance-outside", ("`-0.1`", FORMS), WHERE),
    Spoilt(S, THREAT, "threat: [0.2, ‸1]", "chance-end", ("ends at `1`", "below 1", "without brackets"), f"{WHERE}[2]"),
    Spoilt(S, THREAT, "threat: [‸0, 0.2]", "chance-end", ("ends at `0`", "above 0", "0.01"), f"{WHERE}[1]"),
    Spoilt(S, THREAT, "threat: [‸few, 0.2]", "number-expected", ("`few`", "a number such as 0.25"), f"{WHERE}[1]"),
    Spoilt(S, THREAT, "threat: [0.2, ‸null]", "value-empty", ("nothing stands",), f"{WHERE}[2]"),
    Spoilt(S, THREAT, "threat: ‸[0.5, 0.3]", "ends-order", ("[0.5, 0.3]", "smaller number first", "swap"), WHERE),
    Spoilt(S, THREAT, "threat: ‸[0.3, 0.3]", "ends-order", ("[0.3, 0.3]", "one number if they are equal"), WHERE),
    Spoilt(S, THREAT, "threat: {mean: ‸1, sd: 0.1}", "number-out-of-range", ("`1`", "< 1"), f"{WHERE}.mean"),
    Spoilt(S, THREAT, "threat: {mean: ‸0, sd: 0.1}", "number-out-of-range", ("`0`", "> 0"), f"{WHERE}.mean"),
    Spoilt(S, THREAT, "threat: {mean: 0.4, sd: ‸0}", "number-out-of-range", ("`0`", "> 0"), f"{WHERE}.sd"),
    Spoilt(S, THREAT, "threat: {alpha: ‸-1, beta: 1}", "number-out-of-range", ("`-1`", "> 0"), f"{WHERE}.alpha"),
    Spoilt(S, THREAT, "threat: {alpha: 1, beta: ‸x}", "number-expected", ("`x`",), f"{WHERE}.beta"),
    Spoilt(
        S,
        THREAT,
        "threat: {mean: 0.5, sd: ‸0.5}",
        "chance-sd",
        ("an sd of `0.5` around a mean of 0.5", "below 0.5", "no Beta distribution", "smaller sd"),
        f"{WHERE}.sd",
    ),
    *(
        Spoilt(S, THREAT, f"threat: ‸{narrow}", "chance-narrow", (f"has an sd of {sd}", "write `0.4`"), WHERE)
        for narrow, sd in [
            ("[0.39999, 0.40001]", "6e-06"),
            ("{mean: 0.4, sd: 0.00001}", "1e-05"),
            ("{mean: 0.4, sd: 1.0e-200}", "1e-200"),
            ("{alpha: 4.0e+9, beta: 6.0e+9}", "5e-06"),
        ]
    ),
    Spoilt(S, THREAT, "threat: ‸{alpha: 1.0e+308, beta: 1.0e+308}", "chance-narrow", ("sd of 0;",), WHERE),
    Spoilt(S, THREAT, "threat: ‸.nan", "number-not-finite", ("no finite number",), WHERE),
    Spoilt(S, THREAT, "threat: {mean: 0.5, sd: ‸.inf}", "number-not-finite", ("no finite number",), f"{WHERE}.sd"),
    Spoilt(
        S,
        "autocracy: {stakes: 0.5, bargaining: 0.5",
        "autocracy: {stakes: 0.5, bargaining: ‸50",
        "chance-outside",
        ("`50`",),
        "clues.signed.found_if_given.autocracy.bargaining",
    ),
]

CLUES = [
    Spoilt(
        S,
        f"found_if: {EVERY}",
        "‸found_if: {stakes: 0.6}",
        "chance-missing",
        ("no probability under `bargaining`, `threat`", "each of: `stakes`, `bargaining`", "add `bargaining: ...`"),
        "clues.paid.found_if",
    ),
    Spoilt(
        S,
        f"found_if: {EVERY}",
        "found_if: {stakes: 0.6, bargaining: 0.9, threat: 0.5, ‸luck: 0.5}",
        "unknown-hypothesis",
        ("no hypothesis `luck`", "declare it under `hypotheses:`"),
        "clues.paid.found_if.luck",
    ),
    Spoilt(S, f"found_if: {EVERY}", "found_if: ‸0.6", "mapping-expected", ("`0.6`", "`key: value`"), None),
    Spoilt(
        S,
        f"  paid:\n    asks: Was it paid for?\n    found_if: {EVERY}",
        "  ‸paid:\n    asks: Was it paid for?",
        "key-missing",
        ("the key found_if is missing", "add it"),
        "clues.paid",
    ),
    Spoilt(
        S,
        f"    found_if: {EVERY}",
        f"    given: regime\n    ‸found_if: {EVERY}\n    found_if_given: {{democracy: {EVERY}, autocracy: {EVERY}}}",
        "found-if-given",
        ("`found_if` beside `given`", "expected `found_if_given`", "delete `given`"),
        "clues.paid.found_if",
    ),
    Spoilt(
        S,
        f"    found_if: {EVERY}",
        f"    found_if: {EVERY}\n    ‸found_if_given: {{democracy: {EVERY}}}",
        "given-missing",
        ("`found_if_given` without `given`", "the attribute or the clue", "add `given: ...`"),
        "clues.paid.found_if_given",
    ),
    Spoilt(
        S,
        f"    found_if: {EVERY}",
        f"    given: regime\n    ‸found_if_given: {{democracy: {EVERY}}}",
        "given-value-missing",
        ("`regime` may be `autocracy` too", "every value", "add what is missing"),
        "clues.paid.found_if_given",
    ),
    Spoilt(
        S,
        "      not-found: {stakes: 0.2",
        "      ‸never: {stakes: 0.2, bargaining: 0.5, threat: 0.5}\n      not-found: {stakes: 0.2",
        "unknown-value",
        ("no value `never`", "one of: `found`, `not-found`", "correct it"),
        "clues.kept.found_if_given.never",
    ),
    Spoilt(
        S,
        "given: regime",
        "given: ‸regimes",
        "unknown-given",
        ("no attribute or clue `regimes`", "one of: `regime`, `threat-seen`", "did you mean `regime`?"),
        "clues.signed.given",
    ),
    Spoilt(
        S,
        "      democracy: {stakes: {alpha: 2, beta: 3}, bargaining: 0, threat: 1}",
        "      ‸democracy: {stakes: {alpha: 2, beta: 3}, bargaining: 0}",
        "chance-missing",
        ("no probability under `threat`",),
        "clues.signed.found_if_given.democracy",
    ),
    Spoilt(S, "given: signed", "given: ‸kept", "given-circle", ("`kept` ← `kept`", "lead back", "take out"), None),
    Spoilt(S, "    step: premise\n    domain", "    step: ‸premiss\n    domain", "unknown-step", ("`premiss`",), None),
    Spoilt(
        S,
        "security\n    direction: up\n    why",
        "‸economy\n    direction: up\n    why",
        "unknown-domain",
        ("`economy`",),
    ),
    Spoilt(S, "direction: up\n    why", "direction: ‸upward\n    why", "choice-unknown", ("`upward`", "`up`, `down`")),
    Spoilt(S, "clue_reading: beside", "clue_reading: ‸apart", "choice-unknown", ("`together`, `beside`",)),
    Spoilt(S, "asks: Was it signed?", "‸ask: x\n    asks: Was it signed?", "key-unknown", ("`ask`", "mean `asks`")),
    Spoilt(
        S,
        "  paid:\n",
        f"  ‸p aid: {{asks: x, found_if: {EVERY}}}\n  paid:\n",
        "name-form",
        ("`p aid`", "expected letters"),
    ),
    Spoilt(
        S,
        "  paid:\n",
        f"  ‸regime: {{asks: Which?, found_if: {EVERY}}}\n  paid:\n",
        "clue-attribute",
        ("a clue named `regime`, as an attribute is", "names of their own", "rename one"),
        "clues.regime",
    ),
    Spoilt(
        S,
        "clues:\n",
        "  size: {name: Size, ‸values: {big: Big}}\nclues:\n",
        "too-few",
        ("found 1", "at least 2"),
        "attributes.size.values",
    ),
]

CASES = [
    Spoilt(
        S,
        "dates: 2017, attributes: {regime: autocracy}",
        "dates: 2017, attributes: {regime: ‸autarky}",
        "unknown-value",
        ("no value `autarky`", "one of: `democracy`, `autocracy`", "did you mean `autocracy`?", "`values:`"),
        "cases.two.attributes.regime",
    ),
    Spoilt(
        S,
        "dates: 2017, attributes: {regime: autocracy}",
        "dates: 2017, attributes: {regime: autocracy, ‸size: big}",
        "unknown-attribute",
        ("no attribute `size`", "one of: `regime`", "declare it under `attributes:`"),
        "cases.two.attributes.size",
    ),
    Spoilt(
        S,
        "  two: {name: Two, groups: {alliance: korea, period: early}, dates: 2017, attributes: {regime: autocracy}}",
        "  ‸two: {name: Two, groups: {alliance: korea, period: early}, dates: 2017}",
        "attribute-missing",
        ("no attribute `regime`", "the clue `signed` is given", "one of: `democracy`", "case's `attributes:`"),
        "cases.two",
    ),
    Spoilt(
        S,
        "dates: 2017, attributes: {regime: autocracy}",
        "dates: 2017, ‸attributes: {}",
        "attribute-missing",
        ("no attribute `regime`",),
        "cases.two.attributes",
    ),
    Spoilt(S, "count: 4", "count: ‸0", "number-out-of-range", ("`0`", "≥ 1"), "cases.many.count"),
    Spoilt(
        S, "count: 4", "count: ‸4.0", "whole-number-expected", ("`4.0`", "a whole number such as 4", "without a point")
    ),
    Spoilt(S, "count: 4", "count: ‸four", "whole-number-expected", ("`four`", "a whole number", "quotation marks")),
    Spoilt(
        S,
        "dates: 2017, attributes: {regime: autocracy}",
        "dates: 2017, attributes: {regime: autocracy}, count: ‸3",
        "count-observations",
        ("stands for 3 has observations, `two-pays`", "single cases only", "by itself"),
        "cases.two.count",
    ),
]

PAIR = "{clues: [threat-seen, paid], correlation: {bargaining: 0.2, threat: -0.3}}"

PAIRS = [
    Spoilt(S, PAIR, "{clues: [threat-seen, ‸payed], correlation: 0.1}", "unknown-clue", ("`payed`", "mean `paid`?")),
    Spoilt(S, PAIR, "{clues: [paid, ‸paid], correlation: 0.1}", "listed-twice", ("`paid`", "delete one")),
    Spoilt(S, PAIR, "{clues: ‸[paid], correlation: 0.1}", "clue-pair", ("two clues", "one entry for each pair")),
    Spoilt(S, PAIR, "{clues: ‸[paid, kept, signed], correlation: 0.1}", "clue-pair", ("two clues", "`[a, b]`")),
    Spoilt(S, PAIR, "{clues: ‸paid, correlation: 0.1}", "clue-pair", ("`paid`", "two clues")),
    Spoilt(S, PAIR, "{clues: [threat-seen, paid], correlation: ‸some}", "correlation-form", ("`some`", "from -1 to 1")),
    Spoilt(S, PAIR, "{clues: [threat-seen, paid], correlation: ‸[1, 2]}", "correlation-form", ("each hypothesis",)),
    Spoilt(S, PAIR, "{clues: [threat-seen, paid], correlation: {threat: ‸x}}", "number-expected", ("`x`",)),
    Spoilt(S, PAIR, "{clues: [threat-seen, paid], correlation: ‸1.1}", "number-out-of-range", ("`1.1`", "≤ 1")),
    Spoilt(S, PAIR, "{clues: [threat-seen, paid], correlation: {threat: ‸-2}}", "number-out-of-range", ("≥ -1",)),
    Spoilt(S, PAIR, "{clues: [threat-seen, paid], correlation: {‸luck: 0}}", "unknown-hypothesis", ("`luck`",)),
    Spoilt(
        S,
        PAIR,
        "{clues: [threat-seen, paid], correlation: {threat: ‸0.9}}",
        "correlation-impossible",
        ("a correlation of `0.9` under `threat`", "expected -0.816 to 0.816", "0.4 and 0.5", "correct it"),
        "dependence[1].correlation.threat",
    ),
    Spoilt(
        S,
        PAIR,
        "{clues: [threat-seen, paid], correlation: ‸0.62}",
        "correlation-impossible",
        ("under `stakes`", "-0.408 to 0.612", "0.8 and 0.6"),
        "dependence[1].correlation",
    ),
    Spoilt(
        S,
        PAIR,
        "{clues: ‸[signed, kept], correlation: 0.1}",
        "dependence-given",
        ("`kept` is given `signed` already", "neither is given the other", "delete this dependence"),
        "dependence[1].clues",
    ),
    Spoilt(S, PAIR, "{clues: ‸[kept, signed], correlation: 0.1}", "dependence-given", ("`kept` is given `signed`",)),
    Spoilt(
        S,
        PAIR,
        PAIR + "\n  - {clues: [kept, ‸paid], correlation: 0.1}",
        "dependence-twice",
        ("`paid` stands in dependence[1] already", "one dependence at most", "keep the stronger"),
        "dependence[2].clues[2]",
    ),
    Spoilt(S, "because_of: kept", "because_of: ‸keeping", "unknown-clue", ("`keeping`", "declare it under `clues:`")),
    Spoilt(S, "because_of: kept, why", "‸reason: kept, because_of: kept, why", "key-unknown", ("`because_of`, `why`",)),
    Spoilt(S, "shares: {stakes: 1,", "shares: {‸stake: 1,", "unknown-hypothesis", ("mean `stakes`?",)),
    Spoilt(S, "shares: {stakes: 1, bargaining: -1}", "‸shares: {}", "too-few", ("at least 1",)),
    Spoilt(S, "shares: {stakes: 1,", "shares: {stakes: ‸all,", "number-expected", ("`all`",)),
]


@pytest.mark.parametrize("spoilt", [*CHANCES, *CLUES, *CASES, *PAIRS], ids=str)
def test_a_spoilt_clue_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt, SOUGHT)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("clue_reading", "beside"),
        ("dependence", "[]"),
        ("chosen", "{because_of: x}"),
        ("estimands", "{e: {name: E, shares: {stakes: 1}}}"),
    ],
)
def test_what_only_clues_have_is_refused_without_them(tmp_path: Path, key: str, value: str) -> None:
    faults = faults_of(write(tmp_path, {**FILES, S: f"{STUDY}{key}: {value}\n"}))
    (fault,) = [fault for fault in faults if fault.slug == "clues-missing"]
    assert (fault.line, fault.where) == (STUDY.count("\n") + 1, key)
    assert f"`{key}` without any `clues:`; expected clues" in fault.text()


def test_a_count_is_refused_without_clues(tmp_path: Path) -> None:
    spoilt = Spoilt(S, "dates: 2017}", "dates: 2017, ‸count: 2}", "clues-missing", ("`count` without any `clues:`",))
    files = {name: text for name, text in FILES.items() if "two.yaml" not in name and "codings" not in name}
    check_spoilt(tmp_path, spoilt, files)


def test_a_circle_of_clues_is_told_once(tmp_path: Path) -> None:
    given = "given: signed\n    found_if_given:\n      found: {stakes: 0.9"
    circle = SOUGHT[S].replace(
        "    given: regime\n    found_if_given:\n      democracy:", "    given: kept\n    found_if_given:\n      found:"
    )
    circle = circle.replace("      autocracy: {", "      not-found: {")
    # Another clue that is given one does not tell of the circle again.
    circle = circle.replace(
        f"    found_if: {EVERY}", f"    given: threat-seen\n    found_if_given: {{found: {EVERY}, not-found: {EVERY}}}"
    ).replace("[threat-seen, paid], correlation: {bargaining: 0.2, threat: -0.3}", "[paid, kept], correlation: 0")
    assert given in circle
    faults = faults_of(write(tmp_path, {**SOUGHT, S: circle, CSV: "case,clue,state\n"}))
    assert [(fault.slug, fault.where) for fault in faults] == [("given-circle", "clues.kept.given")]
    assert "`signed` ← `kept` ← `signed`" in faults[0].text() or "`kept` ← `signed` ← `kept`" in faults[0].text()


def test_all_faults_of_a_probability_and_of_many_are_told_at_once(tmp_path: Path) -> None:
    spoilt = (
        SOUGHT[S].replace("[0.3, 0.5]", "[0, 1]").replace("stakes: 0.8", "stakes: 8").replace("alpha: 2", "alpha: 0")
    )
    faults = faults_of(write(tmp_path, {**SOUGHT, S: spoilt}))
    assert [fault.slug for fault in faults] == ["chance-outside", "chance-end", "chance-end", "number-out-of-range"]


@pytest.mark.parametrize("key", ["attributes", "clues", "dependence", "chosen", "estimands"])
@pytest.mark.parametrize("value", ["", "7", "some", "[a]", "{}"])
def test_a_section_of_another_form_has_a_fault_there(tmp_path: Path, key: str, value: str) -> None:
    text = SOUGHT[S]
    start = text.index(f"\n{key}:") + 1
    sections = ["attributes", "clues", "clue_reading", "dependence", "chosen", "estimands"]
    ends = [text.find(f"\n{name}:", start) + 1 for name in sections]
    end = min((place for place in ends if place > start), default=len(text))
    faults = faults_of(write(tmp_path, {**SOUGHT, S: f"{text[:start]}{key}: {value}\n{text[end:]}"}))
    empty = (value == "{}" and key in {"clues", "estimands", "attributes"}) or (not value and key == "chosen")
    if empty:
        assert all(not fault.where.startswith(key) for fault in faults)
    else:
        assert [fault.slug for fault in faults if fault.where.startswith(key)]
