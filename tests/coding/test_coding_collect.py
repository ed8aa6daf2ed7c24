"""What coders send back: every fault at its cell, everything or nothing written, no number changed."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from books import plain, spoilt
from sheets import asked_of, run, sent_back, small, small_study
from small_study import FILES

from bayestrace.coding.added import add
from bayestrace.coding.asked import Asked
from bayestrace.coding.form import form
from bayestrace.coding.returned import open_returned
from bayestrace.coding.taken import take
from bayestrace.coding.workbook import workbook
from bayestrace.errors import InputOutputFault, StudyFaults
from bayestrace.messages import Lang
from bayestrace.reading import read_study
from bayestrace.study import Coding, Study
from bayestrace.writing import workbook as study_workbook

ROOT = Path(__file__).parents[2]
NUMBERS = {"Coding!G2": 2.5, "Coding!H2": 3.125, "Coding!I2": 7, "Coding!K2": 0.6, "Coding!L2": '=why? "so",\nsaid'}


def judged(study: Study, coder: str) -> dict[Any, Any]:
    """What a coder says, whichever way round its comparisons stand."""
    (coding,) = [one for one in study.codings if one.coder == coder]
    return numbers_of(coding, study.focal)


def numbers_of(coding: Coding, focal: str) -> dict[Any, Any]:
    said: dict[Any, Any] = {}
    for one in coding.judgements:
        said[one.evidence, "note"] = (one.p_if_focal, one.rationale)
        for weight in one.weights:
            turn = 1.0 if weight.hypothesis == focal else -1.0
            stated = (weight.low, weight.best, weight.high)[:: int(turn)]
            ends = tuple(None if end is None else turn * end for end in stated)
            said[one.evidence, weight.against if turn > 0 else weight.hypothesis] = ends
    return said | {one.cluster: (one.low, one.best, one.high) for one in coding.redundancies}


def faults(files: list[Path], study: Study, **options: bool) -> list[tuple[str, str]]:
    with pytest.raises(StudyFaults) as raised:
        take("wang", [open_returned(file) for file in files], study, **options)
    return [(fault.place(), fault.slug) for fault in raised.value.faults]


def saved(asked: Asked, data: dict[str, Any], **changes: Any) -> str:
    head = {"bayestrace-coding": 1, "digest": asked.made.digest(), **asked.made.data()}
    return json.dumps({**head, **data, **changes})


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_filled_workbook_becomes_a_coding(tmp_path: Path, lang: Lang) -> None:
    folder = small(tmp_path / "study")
    names = {"en": ("Coding", "against: slight", "Redundancy"), "zh": ("编码", "反对：轻微", "冗余度")}[lang]
    filled = {f"{names[0]}!{at.partition('!')[2]}": value for at, value in NUMBERS.items()}
    filled |= {f"{names[0]}!J3": names[1], f"{names[0]}!J5": "5:1", f"{names[2]}!E2": 0.25}
    file = sent_back(asked_of(read_study(folder), "wang", lang), tmp_path / "wang.xlsx", filled)
    done = run("collect", file, "--study", folder)
    assert done.exit_code == 0, done.output
    assert "wang; weights: 3, reasons: 1, redundancies: 1, rows left empty: 1." in done.stdout
    codings = folder / "evidence/codings"
    assert (codings / "wang-weights.csv").read_text() == (
        "evidence,hypothesis,against,low_db,best_db,high_db\n"
        "one-buys,stakes,bargaining,2.5,3.125,7\n"
        "one-says,stakes,bargaining,,-3,\n"
        "two-pays,stakes,bargaining,,6.989700043360188,\n"
    )
    assert (codings / "wang-notes.csv").read_bytes().startswith(b"evidence,p_if_focal,rationale\none-buys,0.6,\"'=why?")
    said = judged(read_study(folder), "wang")
    assert said["one-buys", "note"] == (0.6, '=why? "so",\nsaid')
    assert said["one-buys", "bargaining"] == (2.5, 3.125, 7.0)
    assert said["purchase"] == (None, 0.25, None)


def test_a_coding_is_put_in_the_place_of_an_earlier_one_only_when_asked(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    study = read_study(folder)
    before = {path.name: path.read_bytes() for path in (folder / "evidence/codings").iterdir()}
    file = sent_back(asked_of(study, "neutral"), tmp_path / "n.xlsx", {"Coding!H2": 1})
    refused = run("collect", file, "--study", folder)
    assert refused.exit_code == 2
    assert "--replace" in refused.stderr
    dry = run("collect", file, "--study", folder, "--replace", "--dry-run")
    assert "Nothing was written" in dry.stdout
    assert {path.name: path.read_bytes() for path in (folder / "evidence/codings").iterdir()} == before
    for number in ("", "2"):
        done = run("collect", file, "--study", folder, "--replace")
        assert done.exit_code == 0, done.output
        # What was weighed before, and is not now, is said: the sheet asked for one rival of the two.
        assert ("not in this one (3): one-buys (stakes – threat)" in done.stdout) is (number == "")
        now = {path.name: path.read_bytes() for path in (folder / "evidence/codings").iterdir()}
        assert f"neutral-weights.csv.bak{number}" in now
    assert now["neutral-weights.csv.bak"] == before["neutral-weights.csv"]
    assert now["neutral-notes.csv.bak"] == before["neutral-notes.csv"]
    assert "neutral-notes.csv" not in now, "the whole coding is replaced"
    assert run("check", folder).exit_code == 0


def test_all_is_written_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = small(tmp_path / "study")
    study = read_study(folder)
    file = sent_back(asked_of(study, "neutral"), tmp_path / "n.xlsx", NUMBERS)
    taken = take("neutral", [open_returned(file)], study)
    codings = folder / "evidence/codings"
    before = {path.name: path.read_bytes() for path in codings.iterdir()}
    move = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "neutral-notes.csv":
            raise OSError(28, "No space left on device")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InputOutputFault, match="No space left"):
        add(folder, study, [taken], {}, replace=True)
    assert {path.name: path.read_bytes() for path in codings.iterdir()} == before


def test_every_fault_is_told_at_its_cell(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    file = sent_back(
        asked_of(study),
        tmp_path / "wang.xlsx",
        {
            "Coding!G2": 5,  # above best
            "Coding!H2": 1,
            "Coding!I2": 7,
            "Coding!H3": "2,5",  # a localised decimal
            "Coding!K3": 1.5,
            "Coding!J5": "mighty",
            "Coding!G6": 1,
            "Coding!H6": 2,
            "Coding!J6": "against: strong",
            "Coding!M6": "bargain",
            "Redundancy!E2": 2,
        },
    )
    assert faults([file], study) == [
        ("wang.xlsx!Coding:H2", "range-order"),
        ("wang.xlsx!Coding:H3", "weight-form"),
        ("wang.xlsx!Coding:K3", "likelihood-above-one"),
        ("wang.xlsx!Coding:J5", "weight-form"),
        ("wang.xlsx!Coding:I6", "range-half"),
        ("wang.xlsx!Coding:J6", "word-and-number"),
        ("wang.xlsx!Coding:M6", "unknown-hypothesis"),
        ("wang.xlsx!Redundancy:E2", "redundancy-range"),
    ]


def test_the_command_tells_faults_and_writes_nothing(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    file = sent_back(asked_of(read_study(folder)), tmp_path / "wang.xlsx", {"Coding!H2": 1, "Coding!H3": "2,5"})
    for lang, said in (("en", "1 fault(s) in what was sent back"), ("zh", "寄回的文件有 1 处错误")):
        done = run("collect", file, "--study", folder, "--lang", lang)
        assert done.exit_code == 3
        assert "wang.xlsx!Coding:H3: Best (dB): " in done.stderr
        assert said in done.stderr
    assert not [*(folder / "evidence/codings").glob("wang*")]


def test_traps_of_spreadsheets_are_told_at_their_cells(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    file = sent_back(asked_of(study), tmp_path / "wang.xlsx", {"Coding!H2": True, "Coding!H3": dt.time(5, 1)})
    assert [one for one in faults([file], study) if one[0].endswith("H2")] == [("wang.xlsx!Coding:H2", "cell-date")]
    merged = sent_back(asked_of(study), tmp_path / "merged.xlsx", {"Coding!H2": 1.25})
    part = "xl/worksheets/sheet2.xml"
    spoilt(merged, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="H2:H3"/></mergeCells>', part)
    assert faults([merged], study) == [("merged.xlsx!Coding:H2", "cells-merged")]
    unsaved = sent_back(asked_of(study), tmp_path / "unsaved.xlsx", {"Coding!H2": 1.25})
    spoilt(unsaved, "<v>1.25</v>", "<f>1+0.25</f>", part)
    assert faults([unsaved], study) == [("unsaved.xlsx!Coding:H2", "cell-formula")]


def test_a_cell_is_told_once(tmp_path: Path) -> None:
    """What follows from a cell that cannot be read is not told besides it."""
    study = small_study(tmp_path / "study")
    filled = {
        "Coding!G2": -3,
        "Coding!H2": "2,5",
        "Coding!I2": -1,
        "Coding!J2": "for: strong",
        "Coding!H3": True,
    }
    file = sent_back(asked_of(study), tmp_path / "wang.xlsx", filled | {"Coding!A5": "two-pay", "Coding!H5": 1})
    assert faults([file], study) == [
        ("wang.xlsx!Coding:H2", "weight-form"),
        ("wang.xlsx!Coding:H3", "cell-date"),
        ("wang.xlsx!Coding:A5", "unknown-evidence"),
    ]
    with pytest.raises(StudyFaults, match=r"write `2\.5` if that is meant"):
        take("wang", [open_returned(file)], study)
    halves = {"Coding!G2": 1, "Coding!I2": 2, "Coding!H3": 1}
    half = sent_back(asked_of(study), tmp_path / "half.xlsx", halves)
    assert faults([half], study) == [("half.xlsx!Coding:H2", "returned-cell")]
    merge = '</sheetData><mergeCells count="1"><mergeCell ref="H2:H3"/></mergeCells>'
    merged = sent_back(asked_of(study), tmp_path / "merged.xlsx", {"Coding!H2": 2, "Coding!G3": 1, "Coding!I3": 2})
    spoilt(merged, "</sheetData>", merge, "xl/worksheets/sheet2.xml")
    assert faults([merged], study) == [("merged.xlsx!Coding:H2", "cells-merged")]


def test_numbers_out_of_order_are_shown_as_they_were_typed(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    data = {"judgements": {"one-buys": {"weights": {"bargaining": {"low": "strong", "best": "3:1", "high": "9"}}}}}
    (tmp_path / "w.json").write_text(saved(asked_of(study), data))
    with pytest.raises(StudyFaults, match="the numbers stand as `strong`, `3:1`, `9`;"):
        take("wang", [open_returned(tmp_path / "w.json")], study)
    file = sent_back(asked_of(study), tmp_path / "w.xlsx", {"Coding!G3": 9, "Coding!H3": "3:1", "Coding!I3": "7 dB"})
    with pytest.raises(StudyFaults, match=r"Coding:H3: .*the numbers stand as `9`, `3:1`, `7 dB`;"):
        take("wang", [open_returned(file)], study)


def test_the_columns_are_called_as_the_sheet_calls_them(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    file = sent_back(asked_of(study, lang="zh"), tmp_path / "w.xlsx", {"编码!H2": 1, "编码!N1": "备注", "编码!N2": "?"})
    with pytest.raises(StudyFaults) as raised:
        take("wang", [open_returned(file)], study)
    assert "应有的各列：`观察编号`、`案例`" in raised.value.text("zh")


def test_the_same_coding_twice_is_told_once(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    files = [sent_back(asked_of(study), tmp_path / f"{name}.xlsx", {"Coding!H2": 1, "Coding!H3": 2}) for name in "ab"]
    assert faults(files, study) == [("b.xlsx", "returned-twice")]
    (tmp_path / "r.csv").write_text("cluster,best\npurchase,0.5\n")
    assert take("wang", [open_returned(file) for file in (files[0], tmp_path / "r.csv")], study).redundancies == 1


def test_what_is_no_coding_is_told_by_what_it_is(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    (tmp_path / "form.html").write_text(form(asked_of(study)))
    assert faults([tmp_path / "form.html"], study) == [("form.html", "returned-page")]
    (tmp_path / "whole.xlsx").write_bytes(study_workbook(study))
    assert faults([tmp_path / "whole.xlsx"], study) == [("whole.xlsx", "returned-study")]


def test_files_that_are_none_are_told(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    asked = asked_of(study)
    files = {
        "a.txt": b"x",
        "b.json": b"[" * 100_000,
        "c.json": saved(asked, {"judgements": {"one-buys": 3}, "redundancy": []}).encode(),
        "d.json": saved(asked, {}, **{"bayestrace-coding": 9}).encode(),
        "e.json": saved(asked, {}, focal="threat").encode(),
        "f.csv": b"a,b\n1,2\n",
        "g.csv": b"evidence;against;best_db\none-buys;bargaining;2,5\n",
        "h.csv": b"evidence,against,best_db,mood\none-buys,bargaining,1,fine\n",
        "i.json": saved(asked, {"judgements": {}}).encode(),
        "j.csv": b"evidence,best_db\none-buys,1\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    plain(tmp_path / "k.xlsx", {"Sheet1": [["x"]]})
    told = {name: faults([tmp_path / name], study) for name in [*files, "k.xlsx"]}
    assert told["a.txt"][0] == ("a.txt", "returned-ending")
    assert told["b.json"][0] == ("b.json", "returned-no-form")
    assert told["c.json"].count(("c.json", "returned-no-form")) == 2
    assert ("d.json", "returned-version") in told["d.json"]
    assert ("e.json", "returned-about") in told["e.json"]
    assert ("f.csv:1:1", "returned-no-table") in told["f.csv"]
    assert ("g.csv:1:1", "csv-separator") in told["g.csv"]
    assert told["h.csv"] == [("h.csv:1:26", "column-unknown")]
    assert told["i.json"] == [("i.json", "returned-empty")]
    assert ("j.csv:1:1", "column-missing") in told["j.csv"]
    assert ("k.xlsx", "returned-no-sheet") in told["k.xlsx"]


def test_a_study_that_has_changed_is_said_and_taken_only_when_asked(tmp_path: Path) -> None:
    study = small_study(tmp_path / "a")
    filled = {f"Coding!H{row}": row for row in (2, 3, 5, 6)}
    file = sent_back(asked_of(study), tmp_path / "wang.xlsx", filled)
    later = {
        "evidence/one.yaml": FILES["evidence/one.yaml"].replace("It said so.", "It said otherwise."),
        "evidence/two.yaml": FILES["evidence/two.yaml"].replace("two-leaves", "two-stays"),
        "evidence/codings/critic-weights.csv": FILES["evidence/codings/critic-weights.csv"].replace(
            "two-leaves", "two-stays"
        ),
        "evidence/codings/guest-probabilities.csv": FILES["evidence/codings/guest-probabilities.csv"].replace(
            "two-leaves", "two-stays"
        ),
        "study.yaml": FILES["study.yaml"].replace("name: Bargaining}", "name: Bargains}"),
    }
    now = read_study(small(tmp_path / "b", later))
    told = faults([file], now)
    assert ("wang.xlsx!Coding:A3", "returned-changed") in told
    assert ("wang.xlsx!Coding:A6", "returned-removed") in told
    assert ("wang.xlsx!Coding:M2", "returned-explanation") in told
    taken = take("wang", [open_returned(file)], now, accept_changes=True)
    assert [one.evidence for one in taken.coding.judgements] == ["one-buys", "one-says", "two-pays"]
    assert {remark.key: remark.details["names"] for remark in taken.remarks if "names" in remark.details}.items() >= {
        "remark-added": "two-stays",
        "remark-removed": "two-leaves",
        "remark-changed": "one-says, bargaining",
    }.items()
    other = read_study(small(tmp_path / "c", {"study.yaml": FILES["study.yaml"].replace("id: small", "id: large")}))
    assert faults([file], other) == [("wang.xlsx", "returned-other-study")]


def test_whose_coding_it_is_must_be_known(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    (tmp_path / "x.csv").write_text("evidence,against,best_db\none-buys,bargaining,1\n")
    assert "--coder NAME" in run("collect", tmp_path / "x.csv", "--study", folder).stderr
    file = sent_back(asked_of(read_study(folder)), tmp_path / "wang.xlsx", NUMBERS)
    assert "was made for the coder 'wang'" in run("collect", file, "--study", folder, "--coder", "li").stderr
    done = run("collect", tmp_path / "x.csv", "--study", folder, "--coder", "li", "--json")
    assert json.loads(done.stdout)["codings"][0]["weights"] == 1
    assert run("collect", file, "--study", folder / "study.yaml").exit_code != 0


def test_a_table_saved_in_china_is_read_and_said_so(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    text = "观察编号,竞争解释编号,最佳（dB）,低（dB）,高（dB）,或用文字,找到的概率,理由\r\n"
    text += "one-buys,bargaining,-2.5,-4,-1,,0.5,讨价还价\r\none-says,bargaining,,,,反对：轻微,,\r\n"
    (tmp_path / "w.csv").write_bytes(text.encode("gb18030"))
    done = run("collect", tmp_path / "w.csv", "--study", folder, "--coder", "wang", "--lang", "zh")
    assert done.exit_code == 0, done.output
    assert "w.csv：按 GB18030 读取。" in done.stdout
    said = judged(read_study(folder), "wang")
    assert said["one-buys", "bargaining"] == (-4.0, -2.5, -1.0)
    assert said["one-buys", "note"] == (0.5, "讨价还价")
    assert said["one-says", "bargaining"] == (None, -3.0, None)


def test_a_case_may_be_called_na(tmp_path: Path) -> None:
    named = {name: text.replace("two-pays", "NA").replace("one-buys", "None") for name, text in FILES.items()}
    folder = small(tmp_path / "study", named)
    file = sent_back(
        asked_of(read_study(folder)), tmp_path / "w.xlsx", {"Coding!H2": 1, "Coding!H5": 2, "Coding!L2": "NA"}
    )
    assert run("collect", file, "--study", folder).exit_code == 0
    said = judged(read_study(folder), "wang")
    assert (said["NA", "bargaining"], said["None", "note"]) == ((None, 2.0, None), (None, "NA"))


def test_what_is_out_of_the_usual_is_remarked(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    asked = asked_of(study, hypotheses="wide")
    data = {
        "judgements": {
            "one-buys": {"weights": {"bargaining": {"best": "35"}, "threat": {"low": "2", "best": "2", "high": "2"}}},
            "two-pays": {"weights": {"threat": {"best": "1"}}, "rationale": "so"},
        }
    }
    (tmp_path / "w.json").write_text(saved(asked, data))
    taken = take("wang", [open_returned(tmp_path / "w.json")], study)
    assert {one.key: one.details["names"] for one in taken.remarks} == {
        "remark-far": "one-buys (bargaining: 35 dB)",
        "remark-partly": "two-pays",
        "remark-bare": "one-buys",
        "remark-sure": "one-buys (threat)",
    }


@pytest.mark.parametrize("text", ["a\ud800b", "a\x00b", "\ufeff1", "a\x1b[31m"])
def test_what_no_text_may_hold_is_refused(tmp_path: Path, text: str) -> None:
    study = small_study(tmp_path / "study")
    data = {"judgements": {"one-buys": {"weights": {"bargaining": {"best": "1"}}, "rationale": text}}}
    (tmp_path / "w.json").write_text(saved(asked_of(study), data))
    assert faults([tmp_path / "w.json"], study) == [("w.json", "control-character")]


def test_a_file_from_anyone_leads_to_no_other_folder(tmp_path: Path) -> None:
    folder = small(tmp_path / "study")
    asked = asked_of(read_study(folder), "../../x")
    data = {"judgements": {"one-buys": {"weights": {"bargaining": {"best": "1"}}}}}
    (tmp_path / "w.json").write_text(saved(asked, data))
    done = run("collect", tmp_path / "w.json", "--study", folder)
    assert done.exit_code == 2
    assert "cannot be the id of a coder" in done.stderr


def test_numbers_are_kept_as_they_were_typed(tmp_path: Path) -> None:
    study = small_study(tmp_path / "study")
    typed = ["2.50", "1e-3", "0.30000000000000004", "－３．５", "+7", "7 dB", "7分贝", "1:20", "slight", "-轻微"]
    kept = ["2.50", "1e-3", "0.30000000000000004", "-3.5", "7", "7", "7", "-13.010299956639813", "3", "-3"]
    for text, wanted in zip(typed, kept, strict=True):
        data = {"judgements": {"one-buys": {"weights": {"bargaining": {"best": text}}}}}
        (tmp_path / "w.json").write_text(saved(asked_of(study), data))
        taken = take("wang", [open_returned(tmp_path / "w.json")], study)
        assert taken.files["weights"].splitlines()[1] == f"one-buys,stakes,bargaining,,{wanted},"
        assert taken.coding.judgements[0].weights[0].best == float(wanted)


def test_a_round_trip_through_workbook_changes_no_number(tmp_path: Path) -> None:
    long = FILES["evidence/codings/neutral-weights.csv"].replace("1,3.5,6", "-1,0.30000000000000004,6")
    folder = small(tmp_path / "study", {"evidence/codings/neutral-weights.csv": long})
    study = read_study(folder)
    file = tmp_path / "n.xlsx"
    file.write_bytes(workbook(asked_of(study, "neutral", prefill=True, shuffle=5)))
    taken = take("neutral", [open_returned(file)], study)
    assert numbers_of(taken.coding, "stakes") == judged(study, "neutral")
    assert 0.30000000000000004 in judged(study, "neutral")["one-buys", "threat"]
    add(folder, study, [taken], {}, replace=True)
    assert judged(read_study(folder), "neutral") == judged(study, "neutral")


@pytest.mark.long
@pytest.mark.parametrize("coder", ["neutral", "proponent"])
def test_a_round_trip_through_libreoffice_changes_nothing(tmp_path: Path, coder: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("BAYESTRACE_REQUIRE_OFFICE") == "1":
            pytest.fail("no LibreOffice found, and BAYESTRACE_REQUIRE_OFFICE=1 asks for it")
        pytest.skip("no LibreOffice found: the workbook was not tried in it")
    study = read_study(ROOT)
    (tmp_path / "sheet.xlsx").write_bytes(workbook(asked_of(study, coder, "zh", prefill=True, shuffle=1)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    out = tmp_path / "saved"
    command = [
        office,
        "--headless",
        profile,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(tmp_path / "sheet.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    taken = take(coder, [open_returned(out / "sheet.xlsx")], study)
    codings = ROOT / "evidence/codings"
    for kind, text in taken.files.items():
        assert text == (codings / f"{coder}-{kind}.csv").read_text(encoding="utf-8"), "not a byte"
    with zipfile.ZipFile(out / "sheet.xlsx") as archive:
        xml = archive.read("xl/worksheets/sheet2.xml").decode()
    assert len(re.findall(r'<dataValidation [^>]*type="list"', xml)) >= 1, "the drop-down is there"
