"""Numbers, lists, choices and dates of the wrong form: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import Spoilt, check_spoilt

S = "study.yaml"
ONE = "evidence/one.yaml"
REFERENCE = "priors/reference.yaml"
SCEPTICAL = "priors/sceptical.yaml"
WIDE = "wide: {name: Wide, hypotheses: [stakes, bargaining, threat]}"

SPOILT = [
    # numbers and truths
    Spoilt(
        S,
        "official: 0.98",
        "official: ‸high",
        "number-expected",
        ("`high`", "a number", "point for decimals"),
        "reliability.official",
    ),
    Spoilt(
        S, "official: 0.98", "official: ‸'0.98'", "number-expected", ("`0.98`", "a number", "without quotation marks")
    ),
    Spoilt(
        SCEPTICAL,
        "leaning_db: 0.5",
        "leaning_db: ‸true",
        "number-expected",
        ("`true`", "a number", "point for decimals"),
    ),
    Spoilt(
        S, "official: 0.98", "official: ‸1.5", "number-out-of-range", ("`1.5`", "a number ≤ 1", "correct the number")
    ),
    Spoilt(
        ONE,
        "reliability: 0.8",
        "reliability: ‸-0.10",
        "number-out-of-range",
        ("`-0.10`", "a number ≥ 0", "correct the number"),
    ),
    Spoilt(
        SCEPTICAL,
        "selectivity: 0.2",
        "selectivity: ‸1",
        "number-out-of-range",
        ("`1`", "a number < 1", "correct the number"),
    ),
    Spoilt(
        REFERENCE,
        "levels: 0.25",
        "levels: ‸0",
        "number-out-of-range",
        ("`0`", "a number > 0", "correct the number"),
        "pooling.levels",
    ),
    Spoilt(
        REFERENCE,
        "kappa: [0.05, 1]",
        "kappa: ‸-1",
        "number-out-of-range",
        ("`-1`", "a number ≥ 0", "correct the number"),
        "pooling.kappa",
    ),
    Spoilt(
        SCEPTICAL,
        "alliance: 1,",
        "alliance: ‸-1,",
        "number-out-of-range",
        ("`-1`", "a number ≥ 0", "correct the number"),
        "pooling.levels.alliance",
    ),
    Spoilt(
        SCEPTICAL,
        "stakes: 1, bargaining",
        "stakes: ‸-1, bargaining",
        "number-out-of-range",
        ("`-1`", "a number ≥ 0", "correct the number"),
        "prior.stakes",
    ),
    Spoilt(
        ONE, "context: true", "context: ‸yes", "truth-expected", ("`yes`", "true or false", "without quotation marks")
    ),
    # lists, mappings, pairs
    Spoilt(ONE, "actors: [abe]", "actors: ‸abe", "list-expected", ("`abe`", "a list", "square brackets")),
    Spoilt(
        S, WIDE, "wide: {name: Wide, hypotheses: ‸stakes}", "list-expected", ("`stakes`", "a list", "square brackets")
    ),
    Spoilt(
        S,
        "clusters: {purchase: The purchase, visit: The visit}",
        "clusters: ‸[purchase, visit]",
        "mapping-expected",
        ('`["purchase", "visit"]`', "`key: value`", "docs/study-format.md"),
    ),
    Spoilt(
        S,
        "bargaining: {name: Bargaining}",
        "bargaining: ‸Bargaining",
        "mapping-expected",
        ("`Bargaining`", "`key: value`", "docs/study-format.md"),
    ),
    Spoilt(
        S,
        "[middle, outcome]]",
        "[middle, outcome], ‸[premise]]",
        "pair-expected",
        ('`["premise"]`', "two names", "one pair"),
        "mechanism.arrows[3]",
    ),
    Spoilt(
        S,
        "[middle, outcome]]",
        "[middle, outcome], ‸[premise, middle, outcome]]",
        "pair-expected",
        ("`[", "two names", "one pair"),
    ),
    Spoilt(
        S, "[middle, outcome]]", "[middle, outcome], ‸premise]", "pair-expected", ("`premise`", "two names", "one pair")
    ),
    Spoilt(
        S,
        "article: {hypotheses: [stakes, bargaining]}",
        "article: {‸hypotheses: [stakes]}",
        "too-few",
        ("found 1;", "at least 2", "add what is missing"),
    ),
    Spoilt(
        S,
        "cases: [one, two], directions",
        "‸cases: [], directions",
        "too-few",
        ("found 0;", "at least 1", "add what is missing"),
    ),
    # choices
    Spoilt(
        ONE,
        "direction: up",
        "direction: ‸upp",
        "choice-unknown",
        ("`upp`", "one of: `up`, `down`, `none`", "did you mean `up`?"),
    ),
    Spoilt(S, "language: zh", "language: ‸fr", "choice-unknown", ("`fr`", "one of: `en`, `zh`", "write one of these")),
    Spoilt(
        S,
        "bayestrace: 1",
        "bayestrace: ‸2",
        "format-version",
        ("version `2`", "`bayestrace: 1`", "version of bayestrace"),
    ),
    Spoilt(
        S,
        "bayestrace: 1",
        "bayestrace: ‸true",
        "format-version",
        ("version `true`", "`bayestrace: 1`", "version of bayestrace"),
    ),
    Spoilt(
        S,
        "bayestrace: 1",
        "bayestrace: ‸1.0",
        "format-version",
        ("version `1.0`", "`bayestrace: 1`", "version of bayestrace"),
    ),
    Spoilt(
        S,
        "bayestrace: 1",
        "bayestrace: ‸'1'",
        "format-version",
        ("version `1`", "`bayestrace: 1`", "version of bayestrace"),
    ),
    # values of several forms
    Spoilt(
        REFERENCE,
        "prior: equal",
        "prior: ‸equals",
        "prior-form",
        ("`equals`", "`equal`, or a weight", "one of the two"),
        "prior",
    ),
    Spoilt(
        REFERENCE,
        "prior: equal",
        "prior: ‸[1, 2]",
        "prior-form",
        ("`[1, 2]`", "`equal`, or a weight", "one of the two"),
        "prior",
    ),
    Spoilt(
        REFERENCE, "prior: equal", "prior: ‸3", "prior-form", ("`3`", "`equal`, or a weight", "one of the two"), "prior"
    ),
    Spoilt(
        REFERENCE, "prior: equal", "prior:‸", "value-empty", ("nothing stands after", "a value", "fill it in"), "prior"
    ),
    Spoilt(
        REFERENCE,
        "levels: 0.25",
        "levels: ‸much",
        "levels-form",
        ("`much`", "one number above 0", "one of the two"),
        "pooling.levels",
    ),
    Spoilt(
        REFERENCE,
        "kappa: [0.05, 1]",
        "kappa: ‸wide",
        "kappa-form",
        ("`wide`", "two ends of a range", "one of the two"),
        "pooling.kappa",
    ),
    Spoilt(
        REFERENCE,
        "kappa: [0.05, 1]",
        "kappa: ‸[0.05]",
        "kappa-form",
        ("`[0.05]`", "two ends of a range", "one of the two"),
    ),
    Spoilt(
        REFERENCE,
        "kappa: [0.05, 1]",
        "kappa: ‸[1, 2, 3]",
        "kappa-form",
        ("`[1, 2, 3]`", "two ends of a range", "one of the two"),
    ),
    Spoilt(
        REFERENCE,
        "kappa: [0.05, 1]",
        "kappa: [0.05, ‸x]",
        "number-expected",
        ("`x`", "a number", "point for decimals"),
        "pooling.kappa[2]",
    ),
    Spoilt(
        SCEPTICAL,
        "common: 1,",
        "common: ‸x,",
        "number-expected",
        ("`x`", "a number", "point for decimals"),
        "pooling.levels.common",
    ),
    # dates
    Spoilt(
        ONE,
        "date: 2017-11\n",
        "date: ‸November 2017\n",
        "date-form",
        ("`November 2017`", "2017-11-06", "year-month-day"),
        "observations[1].date",
    ),
    Spoilt(ONE, "date: 2017-11\n", "date: ‸201711\n", "date-form", ("`201711`", "2017-11-06", "year-month-day")),
    Spoilt(
        ONE,
        "date: 2017-11\n",
        "date: ‸2017-02-29\n",
        "date-unreal",
        ("`2017-02-29`", "a day of the calendar", "check the month"),
    ),
    Spoilt(ONE, "2017-11-06/2018", "‸2018/2017", "date-order", ("`2018/2017`", "earlier date before", "swap")),
    Spoilt(
        S,
        "2017-01-20/2021-01-20",
        "‸2017-01-20-2021-01-20",
        "date-form",
        ("2017-01-20-2021-01-20", "2017-01-20/2021-01-20", "year-month-day"),
        "cases.one.dates",
    ),
    # the verbal scale
    Spoilt(S, "db: 0}", "db: ‸1}", "anchor-first", ("from 1 dB on", "from 0 dB on", "`db: 0`"), "scale.anchors[1].db"),
    Spoilt(S, "db: 10.5}", "db: ‸3.0}", "anchor-order", ("3 dB after 3 dB", "weakest first", "sort the words")),
    Spoilt(S, "zh: 轻微}", "zh: ‸微不足道}", "anchor-word-twice", ("`微不足道`", "every word once", "another word")),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_a_spoilt_value_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt)
