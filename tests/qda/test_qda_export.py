"""What is written is valid by the standard's schema, the same every time, and comes back as it was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xmlschema
import yaml

from bayestrace.messages import Lang
from bayestrace.qda import codebook, project_archive, read_archive, read_project, stubs
from bayestrace.reading import read_study
from bayestrace.study import Study

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(ROOT)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_validates(study: Study, lang: Lang) -> None:
    # The schema of 18 March 2019, and the codebook's as the standard prints it; MIT, the notice stands in both.
    whole, of_codes = (xmlschema.XMLSchema(HERE / f"{name}.xsd") for name in ("Project", "Codebook"))
    of_codes.validate(codebook(study, lang))
    with zipfile.ZipFile(io.BytesIO(project_archive(study, lang))) as archive:
        text = archive.read("project.qde").decode()
    whole.validate(text)
    assert not whole.is_valid(text.replace("startPosition", "start"))
    assert not of_codes.is_valid(codebook(study).replace(' isCodable="true"', ""))


def test_the_same_study_makes_the_same_bytes(study: Study) -> None:
    assert project_archive(study) == project_archive(study)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("known", [False, True])
def test_a_round_trip_keeps_ids_cases_steps_and_text(tmp_path: Path, study: Study, lang: Lang, known: bool) -> None:  # noqa: FBT001 - a grid
    path = tmp_path / "s.qdpx"
    path.write_bytes(project_archive(study, lang))
    made = stubs(read_project(read_archive(path)), study if known else None)
    back = {
        entry["id"]: (
            file["case"],
            entry["step"],
            entry.get("domain"),
            entry.get("cluster"),
            entry["claim"],
            entry["title"],
        )
        for text in made.files.values()
        for file in [yaml.safe_load(text)]
        for entry in file["observations"]
    }
    expected = {
        one.id: (one.case, one.step, one.domain, one.cluster, one.claim(lang).strip(), one.title(lang))
        for one in study.evidence
    }
    assert back == expected
    assert made.unknown == ()
    assert not made.left
    sources = {
        entry["id"]: entry["source"] for text in made.files.values() for entry in yaml.safe_load(text)["observations"]
    }
    assert sources == {one.id: one.source if known else "TODO" for one in study.evidence}
