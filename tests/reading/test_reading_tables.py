"""The coders' tables: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import FILES, STUDY, Spoilt, check_spoilt, faults_with

WEIGHTS = "evidence/codings/neutral-weights.csv"
WORDED = "evidence/codings/critic-weights.csv"
GUEST = "evidence/codings/guest-probabilities.csv"
NOTES = "evidence/codings/neutral-notes.csv"
REDUNDANCY = "evidence/codings/neutral-redundancy.csv"

SPOILT = [
    # the form of the file
    Spoilt(WEIGHTS, "best_db,", "‸bestdb,", "column-unknown", ("`bestdb`", "`best_db`", "did you mean `best_db`?")),
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat",
        'one-buys,‸"stakes,threat',
        "csv-quote-open",
        ("opened and not closed", '"one, two"', "close it"),
    ),
    Spoilt(
        NOTES,
        "Less so.",
        '"Less" ‸so.',
        "csv-quote-text",
        ("follows a closing quotation mark", "a comma or the end", "twice"),
    ),
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat,1,",
        "‸one-buys,stakes,threat,1,9,",
        "cell-count",
        ("7 cells", "6 cells, as in the first line", "comma"),
    ),
    Spoilt(
        NOTES,
        "two-pays,0.3,Less so.",
        "‸two-pays,0.3,Less so, I think.",
        "cell-count",
        ("4 cells", "3 cells", "between quotation marks"),
    ),
    Spoilt(
        WEIGHTS,
        "two-pays,bargaining",
        "‸,bargaining",
        "cell-empty",
        ("evidence is empty", "every row", "fill it in"),
        "evidence",
    ),
    Spoilt(WEIGHTS, "1,3.5,6", "1,‸,6", "cell-empty", ("best_db is empty", "every row", "fill it in"), "best_db"),
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat",
        "one-buys,stakes,‸",
        "cell-empty",
        ("against is empty", "every row", "fill it in"),
        "against",
    ),
    Spoilt(REDUNDANCY, "visit,,0,", "visit,,‸,", "cell-empty", ("best is empty", "every row", "fill it in"), "best"),
    Spoilt(
        WEIGHTS,
        "two-pays,bargaining,stakes",
        "‸two-\x07pays,bargaining,stakes".replace("‸two-", "two-‸"),
        "control-character",
        ("U+0007", "without control", "delete it"),
    ),
    # weights in plain decibels
    Spoilt(
        WEIGHTS, "1,3.5,6", "1,‸3.5 dB,6", "cell-number", ("`3.5 dB`", "a plain number", "without a unit"), "best_db"
    ),
    Spoilt(WEIGHTS, "1,3.5,6", '1,‸"3,5",6', "cell-number", ("`3,5`", "a plain number", "a point for decimals")),
    Spoilt(WEIGHTS, "1,3.5,6", "1,3.5,‸inf", "weight-not-finite", ("`inf`", "written out", "state a large number")),
    Spoilt(WEIGHTS, "1,3.5,6", "1,‸NaN,6", "weight-not-finite", ("`NaN`", "written out", "state a large number")),
    Spoilt(WEIGHTS, "1,3.5,6", "1,3.5,‸1e999", "weight-not-finite", ("`1e999`", "written out", "state a large number")),
    Spoilt(WEIGHTS, "1,3.5,6", "1,3.5,‸10001", "weight-too-large", ("`10001`", "-10,000 to 10,000 dB", "a slip")),
    Spoilt(WEIGHTS, "1,3.5,6", "4,‸3.5,6", "range-order", ("`4`, `3.5`, `6`", "low up to best", "sort the three")),
    Spoilt(WEIGHTS, "1,3.5,6", "1,‸3.5,-6", "range-order", ("`1`, `3.5`, `-6`", "low up to best", "sort the three")),
    Spoilt(
        WEIGHTS,
        "1,3.5,6",
        "1,3.5,‸",
        "range-half",
        ("low_db is filled in and high_db is empty", "both ends", "fill in high_db"),
        "high_db",
    ),
    Spoilt(
        WEIGHTS,
        "1,3.5,6",
        "‸,3.5,6",
        "range-half",
        ("high_db is filled in and low_db is empty", "both ends", "fill in low_db"),
        "low_db",
    ),
    # weights with a unit
    Spoilt(
        WORDED,
        "slight,7 dB",
        "slight,‸7",
        "unit-missing",
        ("the number 7 without", "`7 dB` or `7:1`", "write the one that you mean"),
        "high",
    ),
    Spoilt(
        WORDED,
        "slight,7 dB",
        "slight,‸+7.5",
        "unit-missing",
        ("+7.5", "`+7.5 dB` or `+7.5:1`", "write the one that you mean"),
    ),
    Spoilt(
        WORDED,
        "1:20,slight",
        "1:20,‸slihgt",
        "weight-form",
        ("`slihgt`", "or a word of the scale: `negligible`, `微不足道`", "did you mean `slight`?"),
        "best",
    ),
    Spoilt(
        WORDED,
        "1:20,slight",
        "1:20,‸7 bits",
        "weight-form",
        ("`7 bits`", "decibels (7 dB), a ratio", "write it in one of these"),
    ),
    Spoilt(
        WORDED,
        "1:1,5:1",
        "1:1,‸5:01:00",
        "weight-form",
        ("`5:01:00`", "a ratio (5:1, 1:20)", "write it in one of these"),
    ),
    Spoilt(
        WORDED,
        "slight,7 dB",
        "slight,‸inf dB",
        "weight-not-finite",
        ("`inf dB`", "written out", "state a large number"),
    ),
    Spoilt(WORDED, "slight,7 dB", "slight,‸∞", "weight-not-finite", ("`∞`", "written out", "state a large number")),
    Spoilt(
        WORDED,
        "slight,7 dB",
        "slight,‸1e400dB",
        "weight-not-finite",
        ("`1e400dB`", "written out", "state a large number"),
    ),
    Spoilt(WORDED, "slight,7 dB", "slight,‸1e300 dB", "weight-too-large", ("`1e300 dB`", "10,000 dB", "a slip")),
    Spoilt(WORDED, "1:1,5:1", "1:1,‸1:0", "ratio-zero", ("`1:0`", "two numbers above 0", "nothing is impossible")),
    Spoilt(WORDED, "1:1,5:1", "1:1,‸0:1", "ratio-zero", ("`0:1`", "two numbers above 0", "nothing is impossible")),
    Spoilt(WORDED, "1:1,5:1", "1:1,‸-5:1", "ratio-negative", ("`-5:1`", "two numbers above 0", "1:5")),
    Spoilt(WORDED, "1:1,5:1", "1:1,‸inf:1", "ratio-not-finite", ("`inf:1`", "two numbers above 0", "a large ratio")),
    Spoilt(WORDED, "1:1,5:1", "1:1,‸1:nan", "ratio-not-finite", ("`1:nan`", "two numbers above 0", "a large ratio")),
    Spoilt(
        WORDED,
        "1:20,slight,7 dB",
        "1:20,‸slight,2 dB",
        "range-order",
        ("`1:20`, `slight`, `2 dB`", "low up to best", "sort the three"),
        "best",
    ),
    # comparisons
    Spoilt(
        WEIGHTS,
        "one-says,stakes,bargaining",
        "one-says,stakes,‸stakes",
        "self-comparison",
        ("`stakes` is compared with itself", "two hypotheses", "correct one"),
        "against",
    ),
    Spoilt(
        WEIGHTS,
        "one-buys,stakes,threat",
        "one-buys,‸bargaining,stakes",
        "pair-twice",
        ("`bargaining` and `stakes` are compared again for `one-buys`", "line 2", "every pair once", "delete one"),
        "hypothesis",
    ),
    Spoilt(
        WEIGHTS,
        "two-pays,bargaining,stakes",
        "one-buys,‸bargaining,threat",
        "comparison-circle",
        (
            "`one-buys`",
            "`bargaining` – `threat` – `stakes` – `bargaining`",
            "branch without a circle",
            "follows from the others",
        ),
        "hypothesis",
    ),
    # probabilities
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.8,",
        "one-buys,bargaining,,‸0,",
        "likelihood-zero",
        ("zero, `0`", "above 0", "nothing is impossible: state a small number"),
        "best",
    ),
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.8,",
        "one-buys,bargaining,,‸-0.0,",
        "likelihood-zero",
        ("zero, `-0.0`", "above 0", "nothing is impossible"),
    ),
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.8,",
        "one-buys,bargaining,,‸-0.2,",
        "likelihood-negative",
        ("negative probability, `-0.2`", "above 0", "correct"),
    ),
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.8,",
        "one-buys,bargaining,,‸80,",
        "likelihood-above-one",
        ("above one, `80`", "up to 1", "write 70 % as 0.7"),
    ),
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.8,",
        "one-buys,bargaining,,‸inf,",
        "likelihood-not-finite",
        ("`inf`", "above 0", "state the probability"),
    ),
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.8,",
        "one-buys,bargaining,,‸nan,",
        "likelihood-not-finite",
        ("`nan`", "above 0", "state the probability"),
    ),
    Spoilt(
        GUEST,
        "one-buys,bargaining,,0.8,",
        "one-buys,bargaining,,‸80 %,",
        "cell-number",
        ("`80 %`", "a plain number", "without a unit"),
    ),
    Spoilt(
        GUEST,
        "0.2,0.4,0.6",
        "0.5,‸0.4,0.6",
        "range-order",
        ("`0.5`, `0.4`, `0.6`", "low up to best", "sort the three"),
    ),
    Spoilt(GUEST, "0.2,0.4,0.6", "0.2,0.4,‸", "range-half", ("high is empty", "both ends", "fill in high")),
    Spoilt(
        GUEST,
        "one-buys,bargaining,",
        "one-buys,‸stakes,",
        "row-twice",
        ("`one-buys`, `stakes` stands here again", "line 2 already", "one row for each", "delete one"),
        "hypothesis",
    ),
    # notes and redundancies
    Spoilt(
        NOTES,
        "two-pays,0.3",
        "two-pays,‸0",
        "likelihood-zero",
        ("zero, `0`", "above 0", "nothing is impossible"),
        "p_if_focal",
    ),
    Spoilt(
        NOTES,
        "two-pays,0.3",
        "two-pays,‸likely",
        "cell-number",
        ("`likely`", "a plain number", "write the number"),
        "p_if_focal",
    ),
    Spoilt(
        NOTES,
        "one-says,,",
        "‸two-pays,,",
        "row-twice",
        ("`two-pays` stands here again", "line 4 already", "one row for each", "delete one"),
    ),
    Spoilt(
        REDUNDANCY, "visit,,0,", "visit,,‸1.5,", "redundancy-range", ("`1.5`", "from 0", "correct the number"), "best"
    ),
    Spoilt(REDUNDANCY, "visit,,0,", "visit,,‸nan,", "redundancy-range", ("`nan`", "from 0", "correct the number")),
    Spoilt(REDUNDANCY, "visit,,0,", "visit,,‸x,", "cell-number", ("`x`", "a plain number", "write the number")),
    Spoilt(
        REDUNDANCY,
        "visit,,0,",
        "‸purchase,,0,",
        "row-twice",
        ("`purchase` stands here again", "line 2 already", "one row for each", "delete one"),
    ),
    Spoilt(
        REDUNDANCY,
        "0.25,0.5,0.75",
        "0.6,‸0.5,0.75",
        "range-order",
        ("`0.6`, `0.5`, `0.75`", "low up to best", "sort the three"),
    ),
]


@pytest.mark.parametrize("spoilt", [each for each in SPOILT if each.slug != "column-unknown"], ids=str)
def test_a_spoilt_cell_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt)


def told(folder: Path, changes: dict[str, str | bytes]) -> list[tuple[str, int, int, str]]:
    return [(fault.path, fault.line, fault.column, fault.slug) for fault in faults_with(folder, changes)]


def test_a_misspelt_column_is_unknown_and_missing(tmp_path: Path) -> None:
    unknown, missing = sorted(
        faults_with(tmp_path, {WEIGHTS: FILES[WEIGHTS].replace("best_db", "bestdb")}), key=lambda fault: -fault.column
    )
    assert (unknown.line, unknown.column, unknown.slug) == (1, 36, "column-unknown")
    assert "column `bestdb` is not known" in unknown.text()
    assert "the columns `evidence`, `hypothesis`, `against`, `low_db`" in unknown.text()
    assert "did you mean `best_db`? rename" in unknown.text()
    assert (missing.line, missing.column, missing.slug) == (1, 1, "column-missing")
    assert "column `best_db` is missing; expected the columns" in missing.text()
    assert "add it to the first line" in missing.text()


def test_a_column_may_not_stand_twice(tmp_path: Path) -> None:
    table = "cluster,low,best,best,high\npurchase,0.1,0.2,0.3,0.4\n"
    assert told(tmp_path, {REDUNDANCY: table}) == [(REDUNDANCY, 1, 18, "column-twice")]
    (fault,) = faults_with(tmp_path, {REDUNDANCY: table})
    assert "the column `best` stands twice; expected every column once; delete one" in fault.text()


def test_a_faulty_first_line_spoils_no_row(tmp_path: Path) -> None:
    table = FILES[REDUNDANCY].replace("low,best,high", "low,best;high")
    assert {slug for *_, slug in told(tmp_path, {REDUNDANCY: table})} == {"column-unknown", "column-missing"}


def test_columns_with_and_without_a_unit_do_not_mix(tmp_path: Path) -> None:
    table = "evidence,hypothesis,against,low,best_db,high\none-buys,stakes,threat,1 dB,2,3 dB\n"
    slugs = [slug for *_, slug in told(tmp_path, {WEIGHTS: table})]
    assert slugs == ["column-missing", "column-missing", "column-unknown", "column-unknown"]


@pytest.mark.parametrize(("sign", "name"), [(";", "`;`"), ("\t", "Tab")])
def test_other_separators_are_told(tmp_path: Path, sign: str, name: str) -> None:
    fault, *more = faults_with(tmp_path, {WEIGHTS: FILES[WEIGHTS].replace(",", sign)})
    assert (fault.path, fault.line, fault.column, fault.slug) == (WEIGHTS, 1, 1, "csv-separator")
    assert f"cells parted by {name}; expected cells parted by commas; save as" in fault.text()
    assert more == []


def test_a_table_in_no_known_encoding_is_refused(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {WEIGHTS: FILES[WEIGHTS].encode("utf-16")})
    assert (fault.path, fault.line, fault.slug) == (WEIGHTS, 0, "not-text")
    assert "neither UTF-8 nor GB18030 text; expected a CSV file of plain text; in Excel choose" in fault.text()
    assert more == []


def test_an_empty_table_is_refused_and_a_bare_header_is_not(tmp_path: Path) -> None:
    assert told(tmp_path, {REDUNDANCY: ""}) == [(REDUNDANCY, 0, 0, "file-empty")]
    assert told(tmp_path, {REDUNDANCY: "cluster,low,best,high"}) == []


def test_empty_rows_are_passed_over_and_cells_are_trimmed(tmp_path: Path) -> None:
    table = " cluster , low,best,high\r\n\r\n,,,\r\n purchase , 0.1, 0.2 ,0.3\r\n,,,\r\n"
    assert told(tmp_path, {REDUNDANCY: table}) == []


def test_places_after_a_cell_of_several_lines_are_right(tmp_path: Path) -> None:
    assert told(tmp_path, {NOTES: FILES[NOTES].replace("one-says,,", 'one-says,x,"\n\n"\ntwo-leaves,y,')}) == [
        (NOTES, 5, 10, "cell-number"),
        (NOTES, 8, 12, "cell-number"),
    ]


def test_an_observation_has_weights_or_probabilities_of_one_coder(tmp_path: Path) -> None:
    path = "evidence/codings/neutral-probabilities.csv"
    table = "evidence,hypothesis,low,best,high\ntwo-leaves,stakes,,1,\none-buys,stakes,,0.4,\none-buys,threat,,0.8,\n"
    fault, *more = faults_with(tmp_path, {path: table})
    assert (fault.path, fault.line, fault.column, fault.slug) == (path, 3, 1, "weights-and-probabilities")
    assert f"probabilities for `one-buys`, which has weights at {WEIGHTS}:2 already" in fault.text()
    assert "not both; delete one of the two" in fault.text()
    assert more == []


def test_words_of_a_scale_that_cannot_be_read_are_not_called_unknown(tmp_path: Path) -> None:
    spoilt = STUDY.replace("  anchors:\n", "  anchors: []\n  anchorz:\n")
    assert {slug for *_, slug in told(tmp_path, {"study.yaml": spoilt})} == {"too-few", "key-unknown", "weight-form"}
    assert {slug for *_, slug in told(tmp_path, {"study.yaml": STUDY.replace("  anchors:\n", "  anchorz:\n")})} == {
        "key-missing",
        "key-unknown",
    }
