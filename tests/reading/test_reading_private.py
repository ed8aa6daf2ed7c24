"""What files may say of what is private."""

from pathlib import Path

import pytest
from small_study import FILES, faults_with

from bayestrace.reading import read_study
from bayestrace.study.private import private_parts


@pytest.mark.parametrize(
    ("value", "fine"),
    [("true", True), ("false", True), ('"yes"', True), ('"No"', True), ("1", False), ("null", False), ('"ja"', False)],
)
@pytest.mark.parametrize("form", ['"private": {}', '"custom": {{"private": {}}}'])
def test_what_a_source_may_state(tmp_path: Path, form: str, value: str, fine: bool) -> None:  # noqa: FBT001
    key = form.format(value)
    changed = FILES["evidence/sources.json"].replace('"id": "Unused",', f'"id": "Unused", {key},')
    faults = faults_with(tmp_path, {"evidence/sources.json": changed})
    assert [fault.slug for fault in faults] == ([] if fine else ["source-private"])
    if fine:
        stated = private_parts(read_study(tmp_path)).sources
        assert stated == (value.strip('"').lower() in {"true", "yes"})


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("evidence/codings/neutral-notes.csv", "evidence,p_if_focal,rationale,private\none-buys,0.6,So.,perhaps\n"),
        ("evidence/codings/neutral-notes.csv", "evidence,p_if_focal,rationale,private\none-buys,0.6,So.,1\n"),
    ],
)
def test_a_row_is_private_or_not(tmp_path: Path, file: str, text: str) -> None:
    (fault,) = faults_with(tmp_path, {file: text})
    assert (fault.slug, fault.line, fault.where) == ("choice-unknown", 2, "private")


def test_an_observation_is_private_or_not(tmp_path: Path) -> None:
    changed = FILES["evidence/one.yaml"].replace("    step: premise\n", "    private: maybe\n    step: premise\n")
    (fault,) = faults_with(tmp_path, {"evidence/one.yaml": changed})
    assert (fault.slug, fault.line) == ("truth-expected", 4)
