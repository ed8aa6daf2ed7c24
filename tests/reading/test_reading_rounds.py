"""Rounds of coding: read apart from the first, in force where asked for, and refused where their names mislead."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_study import FILES, STUDY, faults_with, write

from bayestrace.encoding import encode
from bayestrace.errors import StudyFaults, UsageFault
from bayestrace.reading import read_study
from bayestrace.study import Study
from bayestrace.study.rounds import at_round, rounds_of
from bayestrace.writing import files, workbook

ROUND = "evidence/codings/round-2"
ANEW = """\
evidence,hypothesis,against,low_db,best_db,high_db
one-buys,stakes,bargaining,0,1,2
two-leaves,stakes,bargaining,,4,
"""
SECOND = {
    f"{ROUND}/neutral-weights.csv": ANEW,
    f"{ROUND}/neutral-notes.csv": "evidence,p_if_focal,rationale\none-buys,,On reflection.\n",
    f"{ROUND}/critic-redundancy.csv": "cluster,low,best,high\npurchase,,0.25,\n",
    f"{ROUND}/late-weights.csv": "evidence,hypothesis,against,low_db,best_db,high_db\none-says,stakes,threat,,1,\n",
}


def small(folder: Path, **more: str) -> Study:
    return read_study(write(folder, {**FILES, **SECOND, **more}))


def judgement(study: Study, coder: str, evidence: str) -> object:
    coding = next(one for one in study.codings if one.coder == coder)
    return next(one for one in coding.judgements if one.evidence == evidence)


def test_the_first_round_counts_and_keeps_its_digest(tmp_path: Path) -> None:
    alone = read_study(write(tmp_path / "alone", FILES))
    study = small(tmp_path / "both")
    assert (study.round, rounds_of(study), rounds_of(alone)) == (1, (1, 2), (1,))
    assert study.codings == alone.codings
    assert study.digest() == alone.digest()
    assert '"round' not in alone.canonical()
    assert [coding.coder for coding in study.rounds[2]] == ["neutral", "critic", "late"]


def test_what_is_not_stated_anew_stays_as_it_was(tmp_path: Path) -> None:
    first = small(tmp_path)
    second = at_round(first, 2)
    assert [coding.coder for coding in second.codings] == ["neutral", "critic", "guest", "late"]
    before, after = (judgement(study, "neutral", "one-buys") for study in (first, second))
    # All comparisons of the observation are stated anew together: the one with threat is gone.
    assert [(w.against, w.low, w.best, w.high) for w in after.weights] == [("bargaining", 0.0, 1.0, 2.0)]  # type: ignore[attr-defined]
    assert after.p_if_focal == before.p_if_focal == 0.6  # type: ignore[attr-defined]
    assert after.rationale == "On reflection."  # type: ignore[attr-defined]
    assert judgement(second, "neutral", "two-pays") == judgement(first, "neutral", "two-pays")
    assert judgement(second, "guest", "one-buys") == judgement(first, "guest", "one-buys")
    neutral = next(one for one in second.codings if one.coder == "neutral")
    assert [one.evidence for one in neutral.judgements] == ["one-buys", "one-says", "two-pays", "two-leaves"]
    critic = next(one for one in second.codings if one.coder == "critic")
    assert [(one.cluster, one.best) for one in critic.redundancies] == [("purchase", 0.25)]
    assert neutral.redundancies == next(one for one in first.codings if one.coder == "neutral").redundancies
    assert second.coders["late"].name.en == "late"
    assert "late" not in first.coders


def test_rounds_can_be_gone_to_and_back(tmp_path: Path) -> None:
    first = small(tmp_path)
    second = at_round(first, 2)
    assert second.digest() != first.digest()
    assert '"round":2' in second.canonical()
    back = at_round(second, 1)
    assert back.codings == first.codings
    assert back.places["weights:neutral:one-buys"] == "evidence/codings/neutral-weights.csv:2"
    assert second.places["weights:neutral:one-buys"] == f"{ROUND}/neutral-weights.csv:2"
    assert second.places["notes:neutral:two-pays"] == "evidence/codings/neutral-notes.csv:4"
    with pytest.raises(UsageFault, match="no round 3 of coding; there is 1, 2"):
        at_round(first, 3)


def test_a_third_round_goes_on_from_the_second(tmp_path: Path) -> None:
    weights = ANEW.replace(",0,1,2", ",0,1.5,2").replace(
        "two-leaves,stakes,bargaining,,4,", "two-pays,stakes,bargaining,,3,"
    )
    third = {"evidence/codings/round-3/neutral-weights.csv": weights}
    study = at_round(small(tmp_path, **third), 3)
    assert [w.best for w in judgement(study, "neutral", "one-buys").weights] == [1.5]  # type: ignore[attr-defined]
    assert [w.best for w in judgement(study, "neutral", "two-leaves").weights] == [4.0]  # type: ignore[attr-defined]
    paid = judgement(study, "neutral", "two-pays")
    assert [w.best for w in paid.weights] == [3.0]  # type: ignore[attr-defined]
    assert (paid.p_if_focal, paid.rationale) == (0.3, "Less so.")  # type: ignore[attr-defined]


def test_study_yaml_may_name_the_round(tmp_path: Path) -> None:
    study = small(tmp_path, **{"study.yaml": STUDY + "round: 2\n"})
    assert study.round == 2
    profile = study.profiles["reference"]
    assert encode(study, profile).identical(encode(at_round(at_round(study, 1), 2), profile))
    weight = encode(study, profile)["weight"].sel(coder="neutral").values
    assert (weight != encode(at_round(study, 1), profile)["weight"].sel(coder="neutral").values).any()


def test_the_study_that_a_result_keeps_names_its_round(tmp_path: Path) -> None:
    second = at_round(small(tmp_path), 2)
    handed = tmp_path / "handed.json"
    handed.write_text(second.canonical(), encoding="utf-8")
    found = read_study(handed)
    assert (found.round, found.digest(), rounds_of(found)) == (2, second.digest(), (2,))
    with pytest.raises(UsageFault, match="no round 1 of coding; there is 2"):
        at_round(found, 1)


def test_a_round_that_is_not_there_is_refused(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {"study.yaml": STUDY + "round: 2\n"})
    assert (fault.path, fault.slug, fault.line, more) == ("study.yaml", "unknown-round", STUDY.count("\n") + 1, [])
    assert "expected a round from 1 to 1" in fault.text()
    assert "第 2 轮" in fault.text("zh")


@pytest.mark.parametrize("name", ["round2", "Round-2", "round-1", "round_3", "rounds", "runde-2"])
def test_folders_that_seem_to_be_rounds_are_refused(tmp_path: Path, name: str) -> None:
    fault, *more = faults_with(tmp_path, {f"evidence/codings/{name}/neutral-weights.csv": ANEW})
    assert (fault.path, fault.slug, more) == (f"evidence/codings/{name}", "round-folder", [])
    assert "expected `round-2`" in fault.text()


def test_other_folders_are_left_alone(tmp_path: Path) -> None:
    assert faults_with(tmp_path, {"evidence/codings/old/neutral-weights.csv": "x"}) == []


def test_faults_of_a_later_round_stand_at_their_place(tmp_path: Path) -> None:
    spoilt = {
        f"{ROUND}/neutral-weights.csv": ANEW.replace("two-leaves", "two-leave"),
        f"{ROUND}/x-notes.csv": "evidence\n",
    }
    faults = faults_with(tmp_path, spoilt)
    assert ("unknown-evidence", 3) in {(f.slug, f.line) for f in faults if f.path == f"{ROUND}/neutral-weights.csv"}
    assert "unknown-coder" in {f.slug for f in faults if f.path == f"{ROUND}/x-notes.csv"}


@pytest.mark.parametrize("in_force", [1, 2])
def test_a_folder_and_a_workbook_keep_every_round(in_force: int, tmp_path: Path) -> None:
    more = {} if in_force == 1 else {"study.yaml": STUDY + "round: 2\n"}
    study = small(tmp_path / "study", **more)
    assert study.round == in_force
    book = tmp_path / "study.xlsx"
    book.write_bytes(workbook(study))
    for back in (read_study(write(tmp_path / "again", files(study))), read_study(book)):
        assert back.canonical() == study.canonical()
        assert back.rounds == study.rounds
        assert back.round == in_force
    assert read_study(book).places["round-2:weights:neutral:one-buys"].startswith("study.xlsx!Weights:")


def test_a_round_that_is_no_number_is_refused_at_its_cell(tmp_path: Path) -> None:
    book = tmp_path / "study.xlsx"
    study = small(tmp_path / "study")
    book.write_bytes(workbook(study.model_copy(update={"rounds": {1: study.rounds[1], 100: study.rounds[2]}})))
    with pytest.raises(StudyFaults) as caught:
        read_study(book)
    assert {fault.slug for fault in caught.value.faults} == {"round-number"}
    assert "study.xlsx!Weights:B" in caught.value.text()
