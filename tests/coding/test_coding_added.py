"""Codings are added to a study and leave all else in it: in a folder or a workbook, round by round."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from books import plain
from sheets import asked_of, grid_of, run, sent_back, sheets_of, small, small_study
from small_study import FILES

from bayestrace.coding.form import form
from bayestrace.coding.returned import open_returned
from bayestrace.coding.taken import Taken, take
from bayestrace.coding.workbook import workbook
from bayestrace.reading import read_study
from bayestrace.study import Coding, Study
from bayestrace.study.rounds import at_round, stated_in
from bayestrace.writing import workbook as study_workbook
from bayestrace.writing.entry import with_entry

FILLED = {"Coding!G2": 1, "Coding!H2": 2.5, "Coding!I2": 7, "Coding!K2": 0.6, "Coding!L2": "why", "Redundancy!E2": 0.25}
NOTES = "evidence,p_if_focal,rationale,private\none-buys,0.5,told in confidence,true\none-says,,open,\n"
PRIVATE = {
    "evidence/one.yaml": FILES["evidence/one.yaml"].replace(
        "  - id: one-says\n", "  - id: one-says\n    private: true\n"
    ),
    "evidence/codings/neutral-notes.csv": NOTES,
}


def said(study: Study, coder: str, turn: int = 1) -> Coding:
    (coding,) = [one for one in stated_in(study, turn) if one.coder == coder]
    return coding


def taken_from(study: Study, folder: Path, coder: str, *, with_private: bool = False) -> Taken:
    """Send the coder a sheet that shows what was said before, and take it back as it is."""
    file = folder / f"{coder}.xlsx"
    file.write_bytes(workbook(asked_of(study, coder, prefill=True, with_private=with_private)))
    return take(coder, [open_returned(file)], study)


def test_a_workbook_gets_what_a_folder_gets(tmp_path: Path) -> None:
    critic = "  critic: {name: Critic, language: zh}\n"
    declared = {"study.yaml": FILES["study.yaml"].replace(critic, critic + "  guest: {name: Guest}\n")}
    folder = small(tmp_path / "study", declared)
    book = tmp_path / "study.xlsx"
    book.write_bytes(study_workbook(read_study(folder)))
    before = book.read_bytes()
    file = sent_back(
        asked_of(read_study(folder), "wang", "zh"), tmp_path / "w.xlsx", {"编码!H2": 2.5, "编码!L2": "理由"}
    )
    dry = run("collect", file, "--study", book, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert book.read_bytes() == before
    for study in (folder, book):
        done = run("collect", file, "--study", study)
        assert done.exit_code == 0, done.output
    assert read_study(book).canonical() == read_study(folder).canonical()
    assert read_study(book).coders["wang"].language == "zh"
    assert (tmp_path / "study.xlsx.bak").read_bytes() == before
    again = run("collect", file, "--study", book)
    assert again.exit_code == 2
    assert "--replace" in again.stderr
    assert "--round 2" in again.stderr
    other = sent_back(asked_of(read_study(folder), "wang"), tmp_path / "v.xlsx", {"Coding!H2": -4})
    assert run("collect", other, "--study", book, "--replace").exit_code == 0
    assert said(read_study(book), "wang").judgements[0].weights[0].best == -4


@pytest.mark.parametrize("reason", ["=why?", "'so", "a\r\nb", "a\rb", "_x000D_", "NA", "1984", "#N/A", "tab\there"])
def test_a_workbook_holds_any_reason(tmp_path: Path, reason: str) -> None:
    study = small_study(tmp_path / "study")
    book = tmp_path / "study.xlsx"
    book.write_bytes(study_workbook(study))
    made = asked_of(study, "wang").made
    judged = {"one-buys": {"weights": {"bargaining": {"best": "0.30000000000000004e1"}}, "rationale": reason}}
    head = {"bayestrace-coding": 1, "digest": made.digest(), **made.data()}
    (tmp_path / "w.json").write_text(json.dumps({**head, "judgements": judged}))
    done = run("collect", tmp_path / "w.json", "--study", book)
    assert done.exit_code == 0, done.output
    (one,) = said(read_study(book), "wang").judgements
    assert one.rationale == reason.replace("\r\n", "\n").replace("\r", "\n")
    assert one.weights[0].best == 0.30000000000000004e1


def test_sheets_of_ones_own_are_said_to_stay_behind(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    file = sent_back(asked_of(study, "wang"), tmp_path / "w.xlsx", FILLED)
    book = tmp_path / "study.xlsx"
    book.write_bytes(study_workbook(study, "zh"))
    done = run("collect", file, "--study", book)
    assert "Left behind" not in done.stdout
    assert "工作表" in sheets_of(book)["Read me"].values(), "explained in the language that it was"
    grids = {name: grid_of(cells) for name, cells in sheets_of(book).items()}
    plain(book, {**grids, "My own": [["x"]]})
    done = run("collect", file, "--study", book, "--replace")
    assert done.exit_code == 0, done.output
    assert "Left behind in study.xlsx.bak2" in done.stdout
    assert "(My own)" in done.stdout
    assert "My own" not in sheets_of(book)
    assert "My own" in sheets_of(tmp_path / "study.xlsx.bak2")


def test_a_report_s_study_is_no_place_for_codings(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    file = sent_back(asked_of(read_study(folder), "wang"), tmp_path / "w.xlsx", FILLED)
    (tmp_path / "x.json").write_text("{}")
    assert run("collect", file, "--study", tmp_path / "x.json").exit_code != 0


def test_a_new_coder_is_declared_and_nothing_else_changes(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    before = (folder / "study.yaml").read_text()
    file = sent_back(asked_of(read_study(folder), "wang", "zh"), tmp_path / "w.xlsx", {"编码!H2": 2.5})
    done = run("collect", file, "--study", folder)
    assert "Declared in" in done.stdout
    after = (folder / "study.yaml").read_text()
    critic = "  critic: {name: Critic, language: zh}\n"
    assert after == before.replace(critic, critic + "  wang:\n    name: wang\n    language: zh\n")
    assert (folder / "study.yaml.bak").read_text() == before
    assert run("collect", file, "--study", folder, "--replace").exit_code == 0
    assert not (folder / "study.yaml.bak2").exists(), "declared once"
    braces = before.replace("coders:\n  neutral: {name", "coders: {neutral: {name").replace(
        "language: en}\n  critic: {name: Critic, language: zh}\n", "language: en}, critic: {name: Critic}}\n"
    )
    other = small(tmp_path / "other", {"study.yaml": braces})
    told = run("collect", file, "--study", other)
    assert told.exit_code == 0, told.output
    assert "coders:\n  wang:\n    name: wang\n    language: zh" in told.stdout
    assert (other / "study.yaml").read_text() == braces
    assert json.loads(run("collect", file, "--study", other, "--replace", "--json").stdout)["declared"] == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 1\n", "a: 1\nc:\n  w:\n    n: x\n"),
        ("a: 1", "a: 1\nc:\n  w:\n    n: x\n"),
        (
            "c:\n    v: {n: y}  # why\n# next\n\nb: 2\n",
            "c:\n    v: {n: y}  # why\n    w:\n      n: x\n# next\n\nb: 2\n",
        ),
        (
            "c:\n  v:\n    n: |\n      long\n      text\n\nb: 2\n",
            "c:\n  v:\n    n: |\n      long\n      text\n\n  w:\n    n: x\nb: 2\n",
        ),
        ("c:\nb: 2\n", "c:\n  w:\n    n: x\nb: 2\n"),
        ("c:\n  v:\n    n: a\n      b\nb: 2\n", "c:\n  v:\n    n: a\n      b\n  w:\n    n: x\nb: 2\n"),
        ("c: {v: {n: y}}\n", None),
        ("c:\n  w: {n: y}\n", None),
        ("{c: {}}\n", None),
        ("- 1\n", None),
        ("a: [\n", None),
        ("a: 1\n...\n", None),
    ],
)
def test_an_entry_is_inserted_or_not_at_all(text: str, wanted: str | None) -> None:
    assert with_entry(text, "c", "w", {"n": "x"}) == wanted


def test_a_second_round_stands_apart(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    book = tmp_path / "study.xlsx"
    book.write_bytes(study_workbook(read_study(folder)))
    first = read_study(folder)
    made = run("sheet", folder, "--coder", "neutral", "--round", "2", "--prefill", "--out", tmp_path, "--workbook")
    assert made.exit_code == 0, made.output
    asked = asked_of(first, "neutral", prefill=True, turn=2)
    assert open_returned(tmp_path / "small-neutral-round-2.xlsx").made == asked.made
    assert asked.made.turn == 2
    file = sent_back(asked, tmp_path / "n.xlsx", {"Coding!G2": 5, "Coding!H2": 6.5, "Coding!I2": 8})
    for study in (folder, book):
        done = run("collect", file, "--study", study)
        assert done.exit_code == 0, done.output
        assert "neutral, round 2;" in done.stdout
        after = read_study(study)
        assert stated_in(after, 1) == first.codings, "the first round is as it was"
        assert said(after, "neutral", 2).judgements[0].weights[0].best == 6.5
        assert after.round == 1
        assert run("collect", file, "--study", study).exit_code == 2
        assert run("collect", file, "--study", study, "--replace").exit_code == 0
    assert read_study(book).rounds == read_study(folder).rounds
    assert at_round(read_study(book), 2).canonical() == at_round(read_study(folder), 2).canonical()
    # A sheet that names no round goes where one says; one that names it does not go elsewhere.
    plain = sent_back(asked_of(first, "wang"), tmp_path / "w.xlsx", FILLED)
    assert run("collect", plain, "--study", folder, "--round", "2").exit_code == 0
    assert (folder / "evidence/codings/round-2/wang-weights.csv").exists()
    assert "made for round 2" in run("collect", file, "--study", folder, "--round", "3").stderr
    assert "say --round 3" in run("collect", plain, "--study", folder, "--round", "4").stderr
    assert "say --round 3" in run("sheet", folder, "--coder", "wang", "--round", "5").stderr


def test_what_a_sheet_does_not_ask_is_kept(tmp_path: Path) -> None:
    """A sheet that goes out without what is private takes nothing of it away when it comes back."""
    study = read_study(small(tmp_path / "study", PRIVATE))
    before = said(study, "neutral")
    blind = taken_from(study, tmp_path, "neutral")
    assert {one.key: one.details["names"] for one in blind.remarks}["remark-kept"] == "one-says"
    for taken in (blind, taken_from(study, tmp_path, "neutral", with_private=True)):
        kept = {one.evidence: one for one in taken.coding.judgements}
        for one in before.judgements:
            now = kept[one.evidence]
            assert (now.p_if_focal, now.rationale, now.private) == (one.p_if_focal, one.rationale, one.private)
            # A sheet turns every comparison so that the focal explanation comes first.
            assert {abs(w.best) for w in now.weights} == {abs(w.best) for w in one.weights}
        assert taken.files["notes"] == NOTES
        assert {one.cluster for one in taken.coding.redundancies} == {one.cluster for one in before.redundancies}
    done = run("collect", tmp_path / "neutral.xlsx", "--study", tmp_path / "study", "--replace")
    assert done.exit_code == 0, done.output
    # A sheet that does ask takes back what it shows empty.
    asked = asked_of(study, "neutral", prefill=True, with_private=True)
    (tmp_path / "e.xlsx").write_bytes(workbook(asked))
    lines = [
        at[1:] for at, text in sheets_of(tmp_path / "e.xlsx")["Coding"].items() if text == "one-says" and at[0] == "A"
    ]
    emptied = {f"Coding!{column}{line}": None for column in "GHIKL" for line in lines}
    file = sent_back(asked, tmp_path / "e.xlsx", emptied)
    assert "one-says" not in {one.evidence for one in take("neutral", [open_returned(file)], study).coding.judgements}


def test_a_reason_stays_private_in_a_later_round(tmp_path: Path) -> None:
    later = {
        **PRIVATE,
        "evidence/codings/round-2/neutral-notes.csv": "evidence,p_if_focal,rationale\none-buys,,the same\n",
    }
    study = at_round(read_study(small(tmp_path / "study", later)), 2)
    (judged,) = [one for one in study.codings if one.coder == "neutral"]
    assert [(one.rationale, one.private) for one in judged.judgements if one.evidence == "one-buys"] == [
        ("the same", True)
    ]


def test_nothing_private_is_filled_into_a_sheet_without_it(tmp_path: Path) -> None:
    study = read_study(small(tmp_path / "study", PRIVATE))
    for with_private in (False, True):
        page = form(asked_of(study, "neutral", prefill=True, with_private=with_private))
        assert ("told in confidence" in page) is with_private
        assert ('"one-says": {' in page or '"one-says":{' in page) is with_private
