"""The folder as a whole: what is read, what the places are, what is refused as a whole."""

import os
from pathlib import Path

import pytest
from small_study import FILES, STUDY, faults_of, faults_with, write

from bayestrace.errors import InputOutputFault, StudyFaults
from bayestrace.reading import read_study

ROOT = Path(__file__).parents[2]


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def test_the_small_study_reads_as_it_is_written(small: Path) -> None:
    study = read_study(small)
    assert study.title("zh") == "一项小研究"
    assert study.question("zh") == "Why did the treaty last?"
    assert [each.id for each in study.evidence] == ["one-buys", "one-says", "one-context", "two-pays", "two-leaves"]
    assert [each.case for each in study.evidence] == ["one", "one", "one", "two", "two"]
    assert [each.date for each in study.evidence] == ["2017-11", "2017-11-06/2018", None, "2019", None]
    assert study.cases["two"].dates == "2017"
    assert study.evidence[2].context is True
    assert study.mechanism.arrows == (("premise", "middle"), ("middle", "outcome"))
    assert set(study.sources) == {"Peng2024", "Walt1987", "Unused"}
    assert study.profiles["sceptical"].prior == {"stakes": 1.0, "bargaining": 2.0, "threat": 1.0}
    assert study.profiles["reference"].pooling.kappa == (0.05, 1.0)
    assert study.scale.word(-11, "zh") == "强"


def test_the_codings_read_as_they_are_written(small: Path) -> None:
    neutral, critic, guest = read_study(small).codings
    assert (neutral.coder, critic.coder, guest.coder) == ("neutral", "critic", "guest")
    buys, says, pays = neutral.judgements
    assert [(w.hypothesis, w.against, w.low, w.best, w.high) for w in buys.weights] == [
        ("stakes", "bargaining", -4.0, -2.0, 0.0),
        ("stakes", "threat", 1.0, 3.5, 6.0),
    ]
    assert (says.weights[0].low, says.weights[0].best, says.weights[0].high) == (None, 2.0, None)
    assert buys.p_if_focal == 0.6
    assert buys.rationale == 'Likely, on balance;\nthe "purchase" was announced.'
    assert (says.p_if_focal, says.rationale) == (None, None)
    assert pays.evidence == "two-pays"
    assert [(each.cluster, each.low, each.best) for each in neutral.redundancies] == [
        ("purchase", 0.25, 0.5),
        ("visit", None, 0.0),
    ]
    worded = [weight for judgement in critic.judgements for weight in judgement.weights]
    stated = [number for weight in worded for number in (weight.low, weight.best, weight.high)]
    assert stated == pytest.approx([-13.0103, 3, 7, -10.5, 0, 6.9897, None, -3, None], abs=1e-4)
    assert [each.best for each in guest.judgements[0].probabilities] == [0.4, 0.8, 1.0]


def test_a_coder_who_is_not_declared_is_added_under_their_id(small: Path) -> None:
    coders = read_study(small).coders
    assert list(coders) == ["neutral", "critic", "guest"]
    assert coders["guest"].name("en") == "guest"


def test_places_say_where_each_part_stands(small: Path) -> None:
    places = read_study(small).places
    assert places["evidence:one-says"] == "evidence/one.yaml:16"
    assert places["weights:neutral:one-says"] == "evidence/codings/neutral-weights.csv:4"
    assert places["weights:guest:two-leaves"] == "evidence/codings/guest-probabilities.csv:5"
    assert places["notes:neutral:two-pays"] == "evidence/codings/neutral-notes.csv:4"
    assert places["redundancy:neutral:visit"] == "evidence/codings/neutral-redundancy.csv:3"
    assert len(places) == 5 + 3 + 3 + 2 + 3 + 2


def test_moving_a_line_changes_places_and_not_the_digest(small: Path, tmp_path: Path) -> None:
    moved = write(tmp_path / "moved", {**FILES, "evidence/one.yaml": "\n\n" + FILES["evidence/one.yaml"]})
    assert read_study(moved).digest() == read_study(small).digest()
    assert read_study(moved).places != read_study(small).places


def test_a_coding_saved_by_chinese_excel_reads_alike(small: Path) -> None:
    path = small / "evidence/codings/critic-weights.csv"
    expected = read_study(small)
    text = path.read_text(encoding="utf-8").replace("slight", "轻微").replace("\n", "\r\n")
    path.write_bytes(text.encode("gb18030"))
    assert read_study(small) == expected


def test_byte_order_marks_and_other_line_ends_read_alike(small: Path) -> None:
    expected = read_study(small)
    for name in FILES:
        path = small / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    again = read_study(small)
    assert again.sources == expected.sources
    assert [each.id for each in again.evidence] == [each.id for each in expected.evidence]
    assert again.codings[1] == expected.codings[1]


@pytest.mark.parametrize(
    ("cell", "decibels"),
    [
        ("7 dB", 7.0),
        ("7\u00a0dB", 7.0),
        ("7dB", 7.0),
        ("-3.5 dB", -3.5),
        ("−3.5 DB", -3.5),
        ("5:1", 6.98970),
        ("1:20", -13.0103),
        ("1：20", -13.0103),
        ("05:01", 6.98970),
        ("1e300:1e-300", 6000.0),
        ("strong", 10.5),
        ("Strong", 10.5),
        ("-strong", -10.5),
        ("- strong", -10.5),
        ("轻微", 3.0),
        ("-轻微", -3.0),
        ("－轻微", -3.0),
        ("negligible", 0.0),
    ],
)
def test_a_weight_may_be_written_in_many_ways(tmp_path: Path, cell: str, decibels: float) -> None:
    table = f"evidence,hypothesis,against,low,best,high\none-buys,stakes,threat,,{cell},\n"
    study = read_study(write(tmp_path, {**FILES, "evidence/codings/critic-weights.csv": table}))
    assert study.codings[1].judgements[0].weights[0].best == pytest.approx(decibels, abs=1e-4)


def test_comparisons_may_fall_into_several_parts(tmp_path: Path) -> None:
    more = STUDY.replace("  threat: {name: Threat}\n", "  threat: {name: Threat}\n  luck: {name: Luck}\n")
    table = (
        FILES["evidence/codings/neutral-weights.csv"] + "two-leaves,stakes,threat,,1,\ntwo-leaves,luck,bargaining,,1,\n"
    )
    assert faults_with(tmp_path, {"study.yaml": more, "evidence/codings/neutral-weights.csv": table}) == []


def test_without_priors_there_is_a_reference_profile(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if not name.startswith("priors/")}
    profiles = read_study(write(tmp_path, files)).profiles
    assert list(profiles) == ["reference"]
    assert profiles["reference"].prior == "equal"
    assert profiles["reference"].name("zh") == "参照"


def test_priors_need_no_reference_profile(small: Path) -> None:
    (small / "priors/reference.yaml").unlink()
    assert list(read_study(small).profiles) == ["sceptical"]


def test_a_case_needs_no_evidence_and_a_study_no_codings(tmp_path: Path) -> None:
    bare = STUDY.replace("about: Peng2024\n", "")
    study = read_study(write(tmp_path, {"study.yaml": bare}))
    assert study.evidence == ()
    assert study.codings == ()
    assert study.sources == {}


def test_what_editors_leave_behind_is_passed_over(small: Path) -> None:
    write(
        small,
        {"evidence/.~lock.one.yaml": "x", "evidence/codings/~$neutral-weights.xlsx": b"PK", "priors/.DS_Store": "x"},
    )
    assert faults_of(small) == []


def test_all_faults_of_all_files_are_told_in_the_order_of_files(tmp_path: Path) -> None:
    faults = faults_with(
        tmp_path,
        {
            "study.yaml": STUDY.replace("focal: stakes", "focal: stake").replace("press: 0.9", "press: 1.9"),
            "evidence/one.yaml": FILES["evidence/one.yaml"].replace("step: middle", "step: midle"),
            "evidence/two.yaml": FILES["evidence/two.yaml"].replace("claim: It left.", "claim: [It left"),
            "evidence/sources.json": FILES["evidence/sources.json"].replace('"type": "book", ', ""),
            "evidence/codings/neutral-weights.csv": FILES["evidence/codings/neutral-weights.csv"].replace(
                "3.5", "much"
            ),
            "evidence/codings/guest-probabilities.csv": FILES["evidence/codings/guest-probabilities.csv"].replace(
                "0.4", "0"
            ),
            "evidence/codings/neutral-weight.csv": "x",
            "priors/sceptical.yaml": FILES["priors/sceptical.yaml"].replace("why", "whi"),
        },
    )
    assert [(fault.path, fault.line, fault.slug) for fault in faults] == [
        ("evidence/codings/guest-probabilities.csv", 2, "likelihood-zero"),
        ("evidence/codings/neutral-weight.csv", 0, "file-name-unknown"),
        ("evidence/codings/neutral-weights.csv", 3, "cell-number"),
        ("evidence/one.yaml", 17, "unknown-step"),
        ("evidence/one.yaml", 26, "unknown-step"),
        ("evidence/sources.json", 3, "source-key-missing"),
        ("evidence/sources.json", 4, "source-key-missing"),
        ("evidence/two.yaml", 8, "yaml-bracket"),
        ("priors/sceptical.yaml", 1, "key-missing"),
        ("priors/sceptical.yaml", 2, "key-unknown"),
        ("study.yaml", 6, "unknown-hypothesis"),
        ("study.yaml", 35, "number-out-of-range"),
    ]


def test_a_file_that_is_no_yaml_makes_no_name_unknown(tmp_path: Path) -> None:
    faults = faults_with(tmp_path, {"study.yaml": STUDY.replace("title: {", "title: }")})
    assert [(fault.path, fault.line) for fault in faults] == [("study.yaml", 3)]


def test_a_missing_study_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputOutputFault, match=r"There is no study\.yaml in .*docs/study-format\.md"):
        read_study(tmp_path)
    write(tmp_path, {"study.yml": STUDY})
    with pytest.raises(InputOutputFault, match=r"did you mean study\.yml\? Rename it to study\.yaml"):
        read_study(tmp_path)


def test_a_folder_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputOutputFault, match="cannot be opened"):
        read_study(tmp_path / "nowhere")


def test_a_file_that_cannot_be_opened_says_so(small: Path) -> None:
    (small / "study.yaml").unlink()
    (small / "study.yaml").mkdir()
    with pytest.raises(InputOutputFault, match=r"study\.yaml cannot be read .*check that it is a file"):
        read_study(small)


@pytest.mark.skipif(os.name != "posix", reason="permissions as on POSIX")
def test_a_folder_that_may_not_be_listed_says_so(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = Path.iterdir

    def refuse(self: Path) -> object:
        if self.name == "priors":
            raise PermissionError(13, "Permission denied")
        return listing(self)

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(InputOutputFault, match=r"priors cannot be listed .*Permission denied"):
        read_study(small)


def test_the_real_study_reads() -> None:
    try:
        study = read_study(ROOT)
    except StudyFaults as faults:
        pytest.fail(faults.text())
    assert len(study.evidence) == 112
    assert {coding.coder for coding in study.codings} == {"neutral", "bargaining", "institutional", "proponent"}
    for coding in study.codings:
        assert sum(len(judgement.weights) for judgement in coding.judgements) == 560
        assert len(coding.judgements) == 112
    assert "reference" in study.profiles
