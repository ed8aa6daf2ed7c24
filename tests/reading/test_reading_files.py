"""Names of files that say nothing, or nearly something: one fault each."""

from pathlib import Path

import pytest
from small_study import FILES, faults_with

WEIGHTS = "evidence/codings/neutral-weights.csv"


@pytest.mark.parametrize(
    ("name", "slug", "says"),
    [
        (
            "neutral-weight.csv",
            "file-name-unknown",
            ("`<coder>-weights.csv`", "did you mean `neutral-weights.csv`?", "rename it"),
        ),
        ("neutral_weights.csv", "file-name-unknown", ("says nothing", "`<coder>-notes.csv`", "rename it")),
        ("neutral-weights.CSV", "file-name-unknown", ("did you mean `neutral-weights.csv`?",)),
        ("weights.csv", "file-name-unknown", ("`<coder>-weights.csv`", "move it out")),
        (
            "neutral-weights.xlsx",
            "file-ending",
            ("ends in `.xlsx`", "a file named `neutral-weights.csv`", "save or rename"),
        ),
        ("中立-weights.csv", "file-name-form", ("the name `中立`", "letters A-Z", "rename the file")),
    ],
)
def test_a_file_name_that_fits_no_table_is_told(tmp_path: Path, name: str, slug: str, says: tuple[str, ...]) -> None:
    path = f"evidence/codings/{name}"
    fault, *more = faults_with(tmp_path, {path: FILES[WEIGHTS]})
    assert (fault.path, fault.line, fault.column, fault.slug) == (path, 0, 0, slug)
    assert [piece for piece in says if piece not in fault.text()] == []
    assert more == []


@pytest.mark.parametrize("name", ["evidence/three.yml", "priors/third.YAML", "priors/third.yaml.txt"])
def test_a_yaml_file_with_another_ending_is_told(tmp_path: Path, name: str) -> None:
    fault, *more = faults_with(tmp_path, {name: "x"})
    assert (fault.path, fault.line, fault.slug) == (name, 0, "file-ending")
    assert "a file named `th" in fault.text()
    assert more == []


def test_a_profile_is_named_by_a_name(tmp_path: Path) -> None:
    fault, *more = faults_with(tmp_path, {"priors/my prior.yaml": FILES["priors/reference.yaml"]})
    assert (fault.path, fault.line, fault.slug) == ("priors/my prior.yaml", 0, "file-name-form")
    assert more == []
