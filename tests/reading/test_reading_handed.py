"""A study in one file, as a report hands it out: read as the folder is, or refused in words."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from small_study import FILES, SOUGHT, write

from bayestrace.cli import main
from bayestrace.encoding import encode
from bayestrace.errors import StudyFaults
from bayestrace.reading import read_study
from bayestrace.study import Study


def handed(tmp_path: Path, told: dict[str, Any] | str) -> Path:
    file = tmp_path / "bayestrace-study.json"
    file.write_text(told if isinstance(told, str) else json.dumps(told), encoding="utf-8")
    return file


def small(tmp_path: Path) -> Study:
    return read_study(write(tmp_path / "folder", FILES))


def test_it_is_the_study_of_the_folder(tmp_path: Path) -> None:
    study = small(tmp_path)
    again = read_study(handed(tmp_path, study.canonical()))
    assert again.digest() == study.digest()
    assert again.places == {}
    for name in study.sets:
        one, other = (encode(told, next(iter(told.profiles.values())), name) for told in (study, again))
        assert one.identical(other), "what engines take, its order too"
    assert list(again.mechanism.steps) == list(study.mechanism.steps) != sorted(study.mechanism.steps)


def test_spaces_and_order_mean_nothing(tmp_path: Path) -> None:
    study = small(tmp_path)
    told = json.loads(study.canonical())
    loose = json.dumps(dict(reversed(told.items())), indent=2)
    assert read_study(handed(tmp_path, loose)).digest() == study.digest()


@pytest.mark.parametrize(
    ("place", "value", "where"),
    [
        (("focal",), "x", "focal"),
        (("about",), "x", "about"),
        (("default_set",), "x", "default_set"),
        (("sets", "article", "hypotheses"), ["stakes", "x"], "sets.article"),
        (("cases", "one", "groups"), {"x": "japan"}, "cases.one"),
        (("cases", "one", "groups", "period"), "x", "cases.one.period"),
        (("mechanism", "arrows", 0), ["premise", "x"], "mechanism.arrows"),
        (("evidence", 0, "case"), "x", "evidence.one-buys.case"),
        (("evidence", 0, "step"), "x", "evidence.one-buys.step"),
        (("evidence", 0, "domain"), "x", "evidence.one-buys.domain"),
        (("evidence", 0, "cluster"), "x", "evidence.one-buys.cluster"),
        (("evidence", 0, "actors"), ["x"], "evidence.one-buys.actors"),
        (("evidence", 0, "source"), "x", "evidence.one-buys.source"),
        (("evidence", 0, "source_type"), "x", "evidence.one-buys.source_type"),
        (("evidence", 0, "effect_of"), ["x"], "evidence.one-buys.effect_of"),
        (("codings", 0, "coder"), "x", "codings.x"),
        (("codings", 0, "judgements", 0, "evidence"), "x", "codings."),
    ],
)
def test_what_names_nothing_is_told_where_it_stands(
    tmp_path: Path, place: tuple[Any, ...], value: object, where: str
) -> None:
    told = json.loads(small(tmp_path).canonical())
    inside = told
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    with pytest.raises(StudyFaults) as caught:
        read_study(handed(tmp_path, told))
    assert {fault.slug for fault in caught.value.faults} == {"study-handed-name"}
    assert any(fault.where.startswith(where) for fault in caught.value.faults)
    assert "`x` is named here" in str(caught.value)
    assert "`x`" in caught.value.text("zh")


def changed(value: Any, old: str, new: str) -> Any:
    """Give a copy in which one name is another wherever it is a value, not a key."""
    if isinstance(value, dict):
        return {key: changed(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [changed(each, old, new) for each in value]
    return new if value == old else value


def test_clues_and_candidates_are_handed_out_and_their_names_checked(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "folder", SOUGHT))
    told = json.loads(study.canonical())
    assert read_study(handed(tmp_path, told)).digest() == study.digest()
    assert study.searches
    assert study.candidates
    search = study.searches[0].clue
    for part, name in (("searches", search), ("searches", study.searches[0].case), ("chosen", "x")):
        spoilt = (
            {**told, part: changed(told[part], name, "nowhere")}
            if part != "chosen"
            else {**told, part: {"because_of": "nowhere", "why": None}}
        )
        with pytest.raises(StudyFaults, match="`nowhere` is named here") as caught:
            read_study(handed(tmp_path, spoilt))
        assert all(fault.where.startswith(part) for fault in caught.value.faults)


@pytest.mark.parametrize("text", ["{", "[]", "{}", "null", "bayestrace: 1", '{"bayestrace": 1, "id": 3}'])
def test_what_is_no_study_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(StudyFaults, match="expected the JSON that a report hands out") as caught:
        read_study(handed(tmp_path, text))
    assert {fault.slug for fault in caught.value.faults} == {"study-handed"}
    assert "研究文件" in caught.value.text("zh")


def test_another_programs_file_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4}', encoding="utf-8")
    with pytest.raises(StudyFaults) as caught:
        read_study(path)
    assert [(fault.slug, fault.where) for fault in caught.value.faults] == [("study-handed", "")]


def test_the_program_takes_it_and_writes_beside_it(tmp_path: Path) -> None:
    study = small(tmp_path)
    file = handed(tmp_path, study.canonical())
    run = CliRunner().invoke(main, ["update", str(file), "--face-value", "--quiet"])
    assert run.exit_code in {0, 4}, run.output
    (summary,) = (tmp_path / "reports").glob("*/summary.json")
    assert json.loads(summary.read_text(encoding="utf-8"))["study_digest"] == study.digest()
    manifest = json.loads((summary.parent / "manifest.json").read_text(encoding="utf-8"))
    assert list(manifest["inputs"]) == [file.name]
