"""What clues.csv and candidates.yaml say wrong: one fault each, where it is."""

from pathlib import Path

import pytest
from small_study import FILES, SOUGHT, STUDY, Spoilt, check_spoilt, faults_of, write

from bayestrace.errors import InputOutputFault, StudyFaults
from bayestrace.reading import read_candidates, read_study

C = "evidence/clues.csv"
Y = "candidates.yaml"
HEAD = "case,clue,state,search,source,note,note_zh"
VAIN = 'two,threat-seen,not-found,0.7,Walt1987,"Looked, in vain.",查而未得'

ROWS = [
    Spoilt(C, VAIN, "‸tow,threat-seen,found,,,,", "unknown-case", ("no case `tow`", "one of: `one`", "mean `two`?")),
    Spoilt(C, VAIN, "two,‸threat,found,,,,", "unknown-clue", ("no clue `threat`", "`threat-seen`", "`clues:`"), "clue"),
    Spoilt(C, VAIN, "‸,threat-seen,found,,,,", "cell-empty", ("case is empty", "delete the row"), "case"),
    Spoilt(C, VAIN, "two,‸,found,,,,", "cell-empty", ("clue is empty",), "clue"),
    Spoilt(C, VAIN, "two,‸pa\u200bid,found,,,,", "hidden-character", ("U+200B",), "clue"),
    Spoilt(C, VAIN, "two,paid,‸,,,,", "cell-empty", ("state is empty",), "state"),
    Spoilt(
        C,
        VAIN,
        "two,paid,‸not found,,,,",
        "choice-unknown",
        ("`not found`", "`found`, `not-found`, `not-sought`", "did you mean `not-found`?"),
        "state",
    ),
    Spoilt(C, VAIN, "two,paid,‸Found,,,,", "choice-unknown", ("`Found`", "mean `found`?"), "state"),
    Spoilt(C, VAIN, "two,paid,found,‸0,,,", "search-range", ("`0`", "up to 1", "`not-sought`"), "search"),
    Spoilt(C, VAIN, "two,paid,found,‸1.1,,,", "search-range", ("`1.1`", "above 0"), "search"),
    Spoilt(C, VAIN, "two,paid,found,‸inf,,,", "search-range", ("`inf`",), "search"),
    Spoilt(C, VAIN, "two,paid,found,‸nan,,,", "search-range", ("`nan`",), "search"),
    Spoilt(C, VAIN, "two,paid,found,‸70 %,,,", "cell-number", ("`70 %`", "a plain number"), "search"),
    Spoilt(C, VAIN, "two,paid,found,,‸Walt1988,,", "unknown-source", ("no source `Walt1988`", "`Walt1987`"), "source"),
    Spoilt(C, VAIN, "two,paid,found,,,,‸未得", "note-without-english", ("`note` is empty", "fill in"), "note_zh"),
    Spoilt(
        C,
        "one,kept,not-found,,,,",
        "one,kept,not-found,,,,\n‸one,kept,found,,,,",
        "row-twice",
        ("`one` – `kept` stands here again", "on line 5 already", "one row for each", "one of the two rows"),
        "case",
    ),
    Spoilt(
        C,
        VAIN,
        f"{VAIN}\ntwo,‸kept,found,,,,",
        "given-not-sought",
        ("`kept` is given `signed`, which is not sought in `two`", "found or not found", "add the row of `signed`"),
        "clue",
    ),
    Spoilt(C, "one,signed,found,1,Peng2024,It was.,\none,kept", "one,‸kept", "given-not-sought", ("in `one`",), "clue"),
    Spoilt(
        C,
        "one,signed,found,1,Peng2024,It was.,\none,kept",
        "one,signed,not-sought,,,,\none,‸kept",
        "given-not-sought",
        ("`kept` is given `signed`",),
    ),
    Spoilt(C, HEAD, HEAD.replace("search", "‸seach"), "column-unknown", ("`seach`", "did you mean `search`?")),
    Spoilt(C, VAIN, "‸two,paid,found", "cell-count", ("a row of 3 cells", "expected 7 cells")),
    Spoilt(C, VAIN, 'two,paid,found,,,‸"Looked, in vain.,', "csv-quote-open", ("not closed", "close it")),
]

DIARY = "{stakes: 0.7, bargaining: [0.1, 0.3], threat: {alpha: 1, beta: 4}}"

CANDIDATES = [
    Spoilt(Y, "cases: [two, one]", "cases: [two, ‸three]", "unknown-case", ("`three`",), "candidates.diary.cases[2]"),
    Spoilt(Y, "cases: [two, one]", "cases: [two, ‸two]", "listed-twice", ("`two`",), "candidates.diary.cases[2]"),
    Spoilt(Y, "step: middle", "step: ‸muddle", "unknown-step", ("`muddle`", "`middle`?"), "candidates.diary.step"),
    Spoilt(Y, "domain: security", "domain: ‸money", "unknown-domain", ("`money`",), "candidates.diary.domain"),
    Spoilt(Y, DIARY, "{stakes: 0.7, bargaining: 0.1, ‸luck: 1}", "unknown-hypothesis", ("`luck`",)),
    Spoilt(Y, DIARY, "{stakes: 0.7, bargaining: ‸0.1 0.3}", "chance-form", ("`0.1 0.3`", "a number from 0 to 1")),
    Spoilt(Y, DIARY, "{stakes: 0.7, bargaining: ‸3}", "chance-outside", ("`3`",)),
    Spoilt(
        Y,
        f"    found_if: {DIARY}",
        "    ‸found_if: {stakes: 0.7, threat: 0.1}",
        "chance-missing",
        ("no probability under `bargaining`", "each of: `stakes`, `bargaining`; add `bargaining: ...`"),
        "candidates.diary.found_if",
    ),
    Spoilt(Y, f"    found_if: {DIARY}\n", "", "key-missing", ("found_if is missing",), "candidates.diary"),
    Spoilt(Y, "search: 0.8", "search: ‸0", "number-out-of-range", ("`0`", "> 0"), "candidates.diary.search"),
    Spoilt(Y, "search: 0.8", "search: ‸8", "number-out-of-range", ("`8`", "≤ 1"), "candidates.diary.search"),
    Spoilt(Y, "cost: 3", "cost: ‸0", "number-out-of-range", ("`0`", "> 0"), "candidates.diary.cost"),
    Spoilt(Y, "cost: 3", "cost: ‸cheap", "number-expected", ("`cheap`",), "candidates.diary.cost"),
    Spoilt(Y, "cost: 3", "‸costs: 3", "key-unknown", ("`costs`", "did you mean `cost`?"), "candidates.diary.costs"),
    Spoilt(Y, "  poll:\n", "  ‸p oll:\n", "name-form", ("`p oll`",), "candidates.p oll"),
    Spoilt(Y, "candidates:\n", "‸notes: x\ncandidates:\n", "key-unknown", ("`notes`", "`candidates`"), "notes"),
]


@pytest.mark.parametrize("spoilt", [*ROWS, *CANDIDATES], ids=str)
def test_a_spoilt_file_has_one_fault_at_its_place(tmp_path: Path, spoilt: Spoilt) -> None:
    if spoilt.slug == "key-missing":  # told at the candidate's key
        spoilt = spoilt._replace(old=f"  diary:\n{BEFORE}{spoilt.old}", new=f"  ‸diary:\n{BEFORE}")
    check_spoilt(tmp_path, spoilt, SOUGHT)


BEFORE = SOUGHT[Y][SOUGHT[Y].index("    title: {en") : SOUGHT[Y].index("    found_if")]


def test_three_columns_are_enough(tmp_path: Path) -> None:
    table = "clue,case,state\nthreat-seen,two,found\n"
    (search,) = read_study(write(tmp_path, {**SOUGHT, C: table})).searches
    assert (search.case, search.clue, search.state, search.search, search.note) == (
        "two",
        "threat-seen",
        "found",
        1,
        None,
    )


@pytest.mark.parametrize("column", ["case", "clue", "state"])
def test_a_column_that_is_needed_is_missed(tmp_path: Path, column: str) -> None:
    table = {"case": "two", "clue": "paid", "state": "found"}
    del table[column]
    faults = faults_of(write(tmp_path, {**SOUGHT, C: f"{','.join(table)}\n{','.join(table.values())}\n"}))
    assert [(fault.slug, fault.line, fault.column) for fault in faults] == [("column-missing", 1, 1)]
    assert f"the column `{column}` is missing" in faults[0].text()


def test_searches_saved_by_chinese_excel_read_alike(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, SOUGHT))
    raw = SOUGHT[C].replace("\n", "\r\n").encode("gb18030")
    assert read_study(write(tmp_path, {C: raw})) == study


def test_a_study_of_clues_alone_needs_no_observation_and_no_coding(tmp_path: Path) -> None:
    files = {name: text for name, text in SOUGHT.items() if name in {"study.yaml", C, Y, "evidence/sources.json"}}
    study = read_study(write(tmp_path, files))
    assert (study.evidence, study.codings, len(study.searches)) == ((), (), 6)


def test_sources_that_only_searches_cite_must_be_there(tmp_path: Path) -> None:
    bare = SOUGHT["study.yaml"].replace("about: Peng2024\n", "")
    (fault,) = faults_of(write(tmp_path, {"study.yaml": bare, C: SOUGHT[C]}))
    assert (fault.path, fault.slug) == ("evidence/sources.json", "sources-missing")
    table = "case,clue,state,source\none,paid,found,\n"
    assert faults_of(write(tmp_path, {C: table})) == []


def test_searches_without_clues_are_unknown(tmp_path: Path) -> None:
    faults = faults_of(write(tmp_path, {**FILES, C: "case,clue,state\none,paid,found\n"}))
    assert [(fault.slug, fault.column) for fault in faults] == [("unknown-clue", 5)]


def test_a_refused_row_makes_no_second_fault_of_what_is_given_it(tmp_path: Path) -> None:
    table = "case,clue,state\none,signed,maybe\none,kept,found\n"
    faults = faults_of(write(tmp_path, {**SOUGHT, C: table}))
    assert [fault.slug for fault in faults] == ["choice-unknown"]


def test_what_is_not_sought_needs_nothing_sought_before_it(tmp_path: Path) -> None:
    table = "case,clue,state\none,kept,not-sought\n"
    assert faults_of(write(tmp_path, {**SOUGHT, C: table})) == []


def test_clues_that_cannot_be_read_make_no_name_unknown(tmp_path: Path) -> None:
    spoilt = STUDY + "attributes: [a]\nclues: [b]\n"
    faults = faults_of(
        write(
            tmp_path,
            {
                **SOUGHT,
                "study.yaml": spoilt.replace(
                    "  two: {", "  many: {name: M, groups: {alliance: korea, period: late}}\n  two: {"
                ),
            },
        )
    )
    assert {fault.slug for fault in faults} == {"mapping-expected"}


@pytest.mark.parametrize(
    ("name", "slug", "guess"),
    [
        ("evidence/clue.csv", "file-name-unknown", "clues.csv"),
        ("evidence/Clues.csv", "file-name-unknown", "clues.csv"),
        ("evidence/clues.xlsx", "file-ending", "clues.csv"),
        ("evidence/clues.csv.txt", "file-ending", "clues.csv"),
        ("candidates.yml", "file-ending", "candidates.yaml"),
        ("candidates.yaml.txt", "file-ending", "candidates.yaml"),
        ("candidate.yaml", "file-name-unknown", "candidates.yaml"),
    ],
)
def test_near_misses_of_the_new_files_are_refused(tmp_path: Path, name: str, slug: str, guess: str) -> None:
    files = {each: text for each, text in SOUGHT.items() if each not in {C, Y}}
    (fault,) = faults_of(write(tmp_path, {**files, name: "x"}))
    assert (fault.path, fault.line, fault.slug) == (name, 0, slug)
    assert f"`{guess}`" in fault.text()


def test_files_of_other_names_are_let_be(tmp_path: Path) -> None:
    others = {"notes.yaml": "x", "evidence/clues.md": "x", "candidates.md": "x", "evidence/table.csv": "x"}
    assert faults_of(write(tmp_path, {**SOUGHT, **others})) == []


def test_an_empty_list_of_candidates_says_so(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path, {**SOUGHT, Y: "candidates: {}\n"}))
    assert (fault.path, fault.slug) == (Y, "too-few")
    (fault,) = faults_of(write(tmp_path, {Y: "- a\n"}))
    assert (fault.path, fault.slug) == (Y, "mapping-expected")


def test_faults_of_candidates_anywhere_name_their_file(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "study", SOUGHT))
    spoilt = SOUGHT[Y].replace("step: middle", "step: muddle").replace("cost: 3", "cost: [3")
    path = write(tmp_path, {"mine.yaml": SOUGHT[Y].replace("step: middle", "step: muddle")}) / "mine.yaml"
    with pytest.raises(StudyFaults, match=rf"{path.as_posix()}:6:11: candidates.diary.step: there is no step"):
        read_candidates(study, path)
    with pytest.raises(StudyFaults, match="a bracket is not closed"):
        read_candidates(study, write(tmp_path, {"odd.yaml": spoilt}) / "odd.yaml")
    with pytest.raises(StudyFaults, match="the file is empty"):
        read_candidates(study, write(tmp_path, {"none.yaml": ""}) / "none.yaml")
    with pytest.raises(InputOutputFault, match="cannot be read"):
        read_candidates(study, tmp_path / "nowhere.yaml")
