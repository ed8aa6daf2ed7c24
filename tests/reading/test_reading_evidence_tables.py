"""Observations, cases and clusters in tables: the same study as in YAML, and one fault each, where it is."""

import re
from pathlib import Path

import pytest
from small_study import FILES, STUDY, Spoilt, check_spoilt, faults_of, faults_with, write

from bayestrace.reading import lines, read_study, tables, text
from bayestrace.reading.files import find_files
from bayestrace.reading.lines import Lines
from bayestrace.study import Judgement, StatedWeight
from bayestrace.study.private import without_private
from bayestrace.writing import tabled

OBSERVATIONS, CASES, CLUSTERS = (f"evidence/{name}.csv" for name in ("observations", "cases", "clusters"))
BARE = re.sub(r"cases:\n.*\n.*\n(?=mech)", "", re.sub(r"clusters: .*\n", "", STUDY))

TABLES = {
    OBSERVATIONS: """\
id,case,step,domain,direction,date,title,title_zh,claim,actors,source,source_type,cluster,reliability,context,effect_of
two-pays,two,premise,,,2019,It pays,,It paid.,,Peng2024,press,,,,
one-buys,one,premise,security,up,2017-11,It buys,购买,It bought missiles.,abe; moon,Peng2024,press,purchase,0.8,,
one-says,one,middle,,,2017-11-06/2018,"It says
so, twice",,It said so.,,Walt1987,official,purchase,,,one-buys
one-context,one,middle,,,,Background,,So it was.,,Walt1987,official,,,yes,
two-leaves,two,outcome,,down,,It leaves,,It left.,,Peng2024,press,visit,,,
""",
    CASES: """\
case,name,name_zh,dates,alliance,period
one,One,一,2017-01-20/2021-01-20,japan,early
two,Two,,2017,korea,early
""",
    CLUSTERS: "cluster,name\npurchase,The purchase\nvisit,The visit\n",
}
TABLED = {path: content for path, content in FILES.items() if not path.startswith("evidence/") or "/" in path[9:]} | {
    "evidence/sources.json": FILES["evidence/sources.json"],
    "study.yaml": BARE,
    **TABLES,
}

SPOILT = [
    # the form of the file
    Spoilt(OBSERVATIONS, "step,domain", "step,‸domains", "column-unknown", ("`domains`", "did you mean `domain`?")),
    Spoilt(CLUSTERS, "cluster,name\n", "‸cluster,name_zh\n", "column-missing", ("column `name` is missing", "add it")),
    Spoilt(OBSERVATIONS, "title,title_zh", "title,‸title", "column-twice", ("`title` stands twice", "delete one")),
    Spoilt(OBSERVATIONS, "two-pays,two,", "‸two-pays,two,,", "cell-count", ("17 cells", "16 cells", "comma")),
    Spoilt(OBSERVATIONS, 'so, twice",', 'so, twice"‸ok,', "csv-quote-text", ("follows a closing quotation mark",)),
    Spoilt(CASES, "One,一", 'One,‸"一', "csv-quote-open", ("opened and not closed", "close it")),
    Spoilt(CLUSTERS, "cluster,name\n", "cluster,name,‸\n", "column-unnamed", ("no heading",)),
    # what is missing
    Spoilt(OBSERVATIONS, "two-pays,two,", "‸two-pays,,", "cell-empty", ("case is empty", "fill it in"), "case"),
    Spoilt(OBSERVATIONS, "two-pays,two,premise", "‸two-pays,two,", "key-missing", ("key step is missing", "add it")),
    Spoilt(CASES, "korea,early\n", "korea,early\n‸,Three,,,korea,late\n", "cell-empty", ("case is empty",), "case"),
    Spoilt(CASES, "2017,korea,early", "2017,,‸early", "group-missing", ("`alliance`", "`japan`, `korea`")),
    # names
    Spoilt(OBSERVATIONS, "two-pays,two,", "two-pays,‸tow,", "unknown-case", ("`tow`", "did you mean `two`?")),
    Spoilt(OBSERVATIONS, "press,visit", "press,‸visits", "unknown-cluster", ("`visits`", "did you mean `visit`?")),
    Spoilt(OBSERVATIONS, ",one-buys\n", ",‸one-bys\n", "unknown-evidence", ("`one-bys`", "did you mean `one-buys`?")),
    Spoilt(OBSERVATIONS, ",one-buys\n", ",‸two-pays\n", "effect-other-case", ("`two-pays`", "`two`")),
    Spoilt(OBSERVATIONS, "abe; moon", "‸abe; abe", "listed-twice", ("`abe`",)),
    Spoilt(OBSERVATIONS, "It said so.,,Walt1987", "It said so.,,‸Walt", "unknown-source", ("`Walt`",)),
    Spoilt(
        OBSERVATIONS,
        "two-leaves,two,",
        "‸two-pays,two,premise,,,,T,,C,,Peng2024,press,,,,\ntwo-leaves,two,",
        "evidence-twice",
        ("`two-pays`", "evidence/observations.csv:2", "another id"),
    ),
    Spoilt(CASES, "korea,early", "‸chorea,early", "unknown-group", ("`chorea`", "did you mean `korea`?")),
    Spoilt(CASES, "\ntwo,Two", "\n‸one,Two,,,korea,late\ntwo,Two", "row-twice", ("`one`", "line 2", "two rows")),
    Spoilt(CLUSTERS, "visit,The", "‸purchase,Again\nvisit,The", "row-twice", ("`purchase`", "line 2")),
    Spoilt(CLUSTERS, "visit,The", "‸a visit,The\nvisit,The", "name-form", ("`a visit`",)),
    # values
    Spoilt(OBSERVATIONS, ",purchase,0.8,", ",purchase,‸1.8,", "number-out-of-range", ("1.8", "≤ 1")),
    Spoilt(OBSERVATIONS, ",purchase,0.8,", ",purchase,‸high,", "cell-number", ("`high`", "a plain number")),
    Spoilt(OBSERVATIONS, "official,,,yes,", "official,,,‸so,", "truth-expected", ("`so`", "true or false")),
    Spoilt(OBSERVATIONS, ",,2019,", ",,‸late,", "date-form", ("`late`",)),
    Spoilt(OBSERVATIONS, "security,up", "security,‸upp", "choice-unknown", ("`upp`", "did you mean `up`?")),
    Spoilt(CASES, ",2017,", ",‸2017/2016,", "date-order", ("`2017/2016`",)),
]


@pytest.mark.parametrize("spoilt", SPOILT, ids=str)
def test_each_fault_is_told_once_and_where_it_is(tmp_path: Path, spoilt: Spoilt) -> None:
    check_spoilt(tmp_path, spoilt, TABLED)


def test_tables_say_what_yaml_says(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "tables", TABLED))
    assert [*study.cases] == ["one", "two"], "the order of their table"
    assert study.cases["one"].name.zh == "一"
    assert study.cases["two"].groups == {"alliance": "korea", "period": "early"}
    assert [item.id for item in study.evidence] == ["one-buys", "one-says", "one-context", "two-pays", "two-leaves"]
    says = study.evidence[1]
    assert says.title.en == "It says\nso, twice"
    assert says.effect_of == ("one-buys",)
    assert study.evidence[0].actors == ("abe", "moon")
    assert study.evidence[2].context
    assert study.places["evidence:one-context"] == f"{OBSERVATIONS}:6", "lines of a cell of several count"
    assert study.clusters["visit"].en == "The visit"
    plain = read_study(write(tmp_path / "yaml", FILES))
    assert plain.evidence[3] == study.evidence[3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path: Path, encoding: str, ending: str) -> None:
    saved = {
        path: content.replace('"It says\nso, twice"', "It says so").replace("\n", ending).encode(encoding)
        for path, content in TABLES.items()
    }
    study = read_study(write(tmp_path, {**TABLED, **saved}))
    assert study.evidence[0].title.zh == "购买"
    assert study.places["evidence:two-leaves"] == f"{OBSERVATIONS}:6"


def test_a_table_parted_by_semicolons_is_refused_in_words(tmp_path: Path) -> None:
    (fault,) = faults_of(write(tmp_path, {**TABLED, CLUSTERS: "cluster;name\npurchase;The purchase\nvisit;It\n"}))
    assert (fault.slug, fault.place()) == ("csv-separator", f"{CLUSTERS}:1:1")


def test_headings_go_in_any_order_and_case(tmp_path: Path) -> None:
    turned = "Name,CLUSTER\nThe visit,visit\nThe purchase,purchase\n"
    assert [*read_study(write(tmp_path, {**TABLED, CLUSTERS: turned})).clusters] == ["visit", "purchase"]


def test_tables_stand_beside_yaml(tmp_path: Path) -> None:
    """A case in study.yaml, one in the table; observations of a case in both."""
    rows = TABLES[OBSERVATIONS].splitlines(keepends=True)
    _, two = TABLES[CASES].split("\none,")
    mixed = {
        **FILES,
        "study.yaml": re.sub(r"  two: .*\n", "", STUDY),
        CASES: "case,name,name_zh,dates,alliance,period\n" + two.partition("\n")[2],
        OBSERVATIONS: rows[0] + rows[1].replace("two-pays", "two-more"),
    }
    study = read_study(write(tmp_path, mixed))
    assert [*study.cases] == ["one", "two"]
    assert [item.id for item in study.evidence if item.case == "two"] == ["two-pays", "two-leaves", "two-more"]


@pytest.mark.parametrize(
    ("path", "row", "slug", "first"),
    [
        (CASES, "case,name,alliance,period\ntwo,Two,korea,late\n", "declared-twice", "study.yaml:20"),
        (CLUSTERS, "cluster,name\nvisit,Again\n", "declared-twice", "study.yaml:30"),
        (
            OBSERVATIONS,
            "id,case,step,title,claim,source,source_type\ntwo-pays,two,premise,T,C,Peng2024,press\n",
            "evidence-twice",
            "evidence/two.yaml:3",
        ),
    ],
)
def test_what_is_declared_twice_names_both_places(tmp_path: Path, path: str, row: str, slug: str, first: str) -> None:
    line = next(at for at, text in enumerate(STUDY.splitlines(), start=1) if text.startswith("clusters:"))
    first = first.replace("study.yaml:30", f"study.yaml:{line}")
    line = next(at for at, text in enumerate(STUDY.splitlines(), start=1) if text.startswith("  two:"))
    first = first.replace("study.yaml:20", f"study.yaml:{line}")
    (fault,) = faults_with(tmp_path, {path: row})
    assert (fault.slug, fault.place().rpartition(":")[0]) == (slug, f"{path}:2")
    for lang in ("en", "zh"):
        assert first in fault.text(lang)


@pytest.mark.parametrize("path", TABLES)
def test_a_table_that_cannot_be_read_makes_no_name_unknown(tmp_path: Path, path: str) -> None:
    assert {fault.slug for fault in faults_of(write(tmp_path / "a", {**TABLED, path: "x" + TABLES[path]}))} == {
        "column-unknown",
        "column-missing",
    }
    assert {fault.slug for fault in faults_of(write(tmp_path / "b", {**TABLED, path: TABLES[path] + "a,b,c\n"}))} == {
        "cell-count"
    }
    assert [fault.slug for fault in faults_of(write(tmp_path / "c", {**TABLED, path: b"\xff\xff\xff"}))] == ["not-text"]


@pytest.mark.parametrize(
    ("name", "slug", "guess"),
    [
        ("evidence/observation.csv", "file-name-unknown", "observations.csv"),
        ("evidence/Observations.csv", "file-name-unknown", "observations.csv"),
        ("evidence/observations.xlsx", "file-ending", "observations.csv"),
        ("evidence/clusters.txt", "file-ending", "clusters.csv"),
        ("evidence/case.csv", "file-name-unknown", "cases.csv"),
    ],
)
def test_a_near_miss_of_a_name_is_refused(tmp_path: Path, name: str, slug: str, guess: str) -> None:
    (fault,) = faults_with(tmp_path, {name: "a,b\n"})
    assert (fault.slug, fault.path) == (slug, name)
    assert guess in fault.text()


def test_the_tables_are_no_near_misses_of_one_another(tmp_path: Path) -> None:
    write(tmp_path, {**TABLED, "evidence/clues.csv": "case,clue,state\n"})
    assert find_files(tmp_path).faults == ()


def test_circles_of_causes_are_each_told_at_the_arrow_that_closes_them(tmp_path: Path) -> None:
    head = "id,case,step,title,claim,source,source_type,effect_of\n"
    named = ["a", "b", "c", "d", "e", "f"]
    causes = {"a": "b", "b": "c", "c": "a", "d": "e", "e": "d; f"}
    rows = [f"{name},one,premise,T,C,Peng2024,press,{causes.get(name, '')}\n" for name in named]
    found = faults_with(tmp_path, {OBSERVATIONS: head + "".join(rows)})
    assert [(fault.slug, fault.line) for fault in found] == [("effect-circle", 4), ("effect-circle", 6)]
    assert "`a` ← `b` ← `c` ← `a`" in found[0].text()


def test_what_is_private_in_a_table_is_private(tmp_path: Path) -> None:
    head = "id,case,step,title,claim,source,source_type,private,note,note_private\n"
    rows = "two-told,two,premise,T,C,Peng2024,press,TRUE,,\ntwo-seen,two,premise,T,C,Peng2024,press,no,N,是\n"
    study = read_study(write(tmp_path, {**FILES, OBSERVATIONS: head + rows}))
    assert [item.id for item in study.evidence if item.private] == ["two-told"]
    shown = without_private(study)
    assert [item.note for item in shown.evidence if item.id == "two-seen"] == [None]
    assert "[private observation two-told]" in tabled(shown)[OBSERVATIONS]


def test_a_study_does_not_depend_on_how_it_stands(tmp_path: Path) -> None:
    plain = read_study(write(tmp_path / "yaml", FILES))
    back = read_study(write(tmp_path / "tables", tabled(plain)))
    assert back.digest() == plain.digest()
    assert all(place.startswith(OBSERVATIONS) for key, place in back.places.items() if key.startswith("evidence:"))


def test_rows_are_split_alike_whether_or_not_they_have_quotation_marks() -> None:
    plain, quoted = "a, b ,'=c,,é\n", '"a"," b ","\'=c","","é"\n'
    (one,), (two,) = (Lines("x", each, 100) for each in (plain, quoted))
    assert one.texts == two.texts == ["a", "b", "=c", "", "é"]
    assert [one.whole(1), two.whole(1)] == ["b", " b "], "blanks between quotation marks are meant"
    assert [one.place(index) for index in range(3)] == [(1, 1), (1, 3), (1, 7)]
    assert two.place(2) == (1, 11)


def test_a_table_that_is_too_large_ends_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_TABLE_CELLS", 40)
    monkeypatch.setattr("bayestrace.reading.rows.MOST_TABLE_CELLS", 40)
    (fault,) = faults_of(write(tmp_path / "a", TABLED))
    assert (fault.slug, fault.place()) == ("table-too-large", f"{OBSERVATIONS}:3:1")
    monkeypatch.setattr(lines, "MOST_COLUMNS", 6)
    assert ("table-too-large", f"{OBSERVATIONS}:1:36") in [
        (fault.slug, fault.place()) for fault in faults_of(write(tmp_path / "b", TABLED))
    ]
    monkeypatch.undo()
    monkeypatch.setattr("bayestrace.reading.origin.LARGEST_TABLE", 100)
    assert {fault.slug for fault in faults_of(write(tmp_path / "c", TABLED))} == {"file-too-large"}
    assert text.LARGEST < text.LARGEST_TABLE


def test_what_is_made_of_checked_values_is_what_would_be_checked() -> None:
    said = {"hypothesis": "a", "against": "b", "best": 1.0, "low": None, "high": None}
    made, checked = StatedWeight.of({**said}), StatedWeight.model_validate(said)
    assert made == checked
    assert hash(made) == hash(checked)
    assert made.model_dump() == checked.model_dump()
    assert made.model_copy(update={"best": 2.0}).best == 2.0
    judgement = {"evidence": "e", "weights": (made,), "probabilities": (), "p_if_focal": None, "rationale": None}
    assert Judgement.of({**judgement, "private": False}) == Judgement.model_validate({**judgement, "private": False})


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_empty_lines_count_and_are_passed_over(ending: str) -> None:
    found = Lines("x", ending.join(["a,b", "", "", "1,2", ",", "", '"3', '3",4', "", "5,6"]), 100)
    assert [(line.number, line.texts[1]) for line in found] == [(1, "b"), (4, "2"), (7, "4"), (10, "6")]
