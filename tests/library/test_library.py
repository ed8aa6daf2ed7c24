"""The names for notebooks: what they give is what the commands give."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import bayestrace as bt
from bayestrace.cli import main

ROOT = Path(__file__).parents[2]
VOTING = ROOT / "examples" / "electoral-systems"


@pytest.fixture(scope="module")
def voting() -> bt.Result:
    return bt.update(VOTING)


def test_the_package_offers_what_its_library_has() -> None:
    from bayestrace import library  # noqa: PLC0415 - the subject of the test

    assert sorted(bt.__all__) == sorted([*library.__all__, "__version__"])
    assert all(getattr(bt, name) is getattr(library, name) for name in library.__all__)
    assert dir(bt) == bt.__all__


def test_a_name_that_it_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'update_all'"):
        _ = bt.update_all


def test_importing_the_package_loads_nothing() -> None:
    heavy = ("numpy", "pydantic", "xarray", "pymc", "click")
    code = f"import sys, bayestrace; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_answer_is_that_of_the_command(voting: bt.Result, tmp_path: Path) -> None:
    out = CliRunner().invoke(main, ["update", str(VOTING), "--json", "--quiet", "--out", str(tmp_path)])
    told = json.loads(out.stdout)
    told.pop("written")
    assert told == json.loads(json.dumps(voting.summary()))


def test_a_result_that_was_saved_is_opened_again(voting: bt.Result, tmp_path: Path) -> None:
    files = voting.save(tmp_path / "here")
    again = bt.open_result(tmp_path / "here")
    assert {file.name for file in files} == {"report.html", "posterior.nc", "summary.json", "manifest.json"}
    assert again.summary() == voting.summary()
    assert again.study.digest() == bt.read_study(VOTING).digest()
    listed = json.loads((tmp_path / "here" / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    assert "study.yaml" in listed


def test_the_published_answer_is_the_one_that_is_shown(voting: bt.Result) -> None:
    shown = {case["case"]: [row["pooled"] for row in case["hypotheses"]] for case in voting.summary()["cases"]}
    np.testing.assert_allclose(voting.probability.values, np.array([*shown.values()]), rtol=0, atol=0)
    assert list(voting.probability["case"].values) == [*shown]


def test_face_value_is_case_by_case() -> None:
    result = bt.update(bt.read_study(ROOT), face_value=True, profile="sceptical", hypotheses="extended")
    first = result.summary()["cases"][0]["hypotheses"]
    assert [row["face_value"] for row in first] == list(result.probability.values[0])
    assert result.kind == "face-value"
    assert "simply added up" in result.html()
    assert "并非模型的结论" in result.html("zh")


def test_the_coders_may_be_chosen() -> None:
    result = bt.update(ROOT, face_value=True, coders=["neutral", "bargaining"])
    assert sorted(result.problem["coder"].values) == ["bargaining", "neutral"]


def test_faults_are_raised_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("bayestrace: 1\nid: x\nfocus: y\n", encoding="utf-8")
    with pytest.raises(bt.StudyFaults, match=r"study\.yaml:3:1"):
        bt.read_study(tmp_path)
    with pytest.raises(bt.BayestraceError):
        bt.open_result(tmp_path)


def test_findings_come_gravest_first(voting: bt.Result) -> None:
    entries = json.loads(voting.tree.attrs["findings"])
    assert sorted(voting.findings("zh")) == sorted(entry["text"]["zh"] for entry in entries)
    result = bt.update(ROOT, face_value=True)
    levels = {entry["text"]["en"]: entry["level"] for entry in json.loads(result.tree.attrs["findings"])}
    order = [("failure", "warning", "note").index(levels[text]) for text in result.findings()]
    assert order == sorted(order)
    assert len(set(order)) > 1


def test_what_to_look_for_next_and_what_would_change_it() -> None:
    result = bt.update(ROOT, face_value=True)
    sought = result.seek(cases=["us-rok-biden"])
    assert {str(name) for name in sought["case"].values} >= {"us-rok-biden"}
    moved = result.sensitivity(["profiles"])
    assert "profiles" in moved.tree["sensitivity"].children
    assert "sensitivity" not in result.tree.children
    changed = result.compare(bt.update(ROOT, face_value=True, profile="sceptical"))
    assert len(changed.cases) == len(result.study.cases)
    assert result.predict("alliance=us-japan,period=new").sizes["case"] >= 1


def test_what_a_study_says_is_escaped_and_marked() -> None:
    study = bt.read_study(ROOT)
    hostile = study.model_copy(update={"title": study.title.model_copy(update={"en": "<script>alert(1)</script>"})})
    assert "<script>" not in hostile._repr_html_()
    assert "&lt;script&gt;" in hostile._repr_html_()
    assert "Stakes perception (focal)" in study._repr_html_()


def test_the_notice_stands_wherever_the_answer_is_shown() -> None:
    result = bt.update(ROOT, face_value=True)
    assert result.study.notice is not None
    assert "illustrative" in result.html()
    assert "示例" in result.html("zh")
    assert "illustrative" in result.study._repr_html_()


def test_leaders_are_in_bold(voting: bt.Result) -> None:
    page = voting.html()
    assert page.count("<b>") == voting.probability.sizes["case"]
