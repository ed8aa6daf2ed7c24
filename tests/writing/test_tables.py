"""Evidence in YAML and evidence in tables are the same study, and each can be written as the other."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_study import FILES, SOUGHT, write
from study_factory import make_study, studies
from test_round_trip import STUDIES, TRICKY, reasoned, same, spiced

from bayestrace.cli.program import main
from bayestrace.errors import UsageFault
from bayestrace.reading import read_study
from bayestrace.study import Study, Text
from bayestrace.writing import files, tabled, tables, written

OBSERVATIONS = "evidence/observations.csv"
_LETTERS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff"), min_size=1, max_size=30
).filter(str.strip)


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_comes_back_from_tables_with_its_digest(tmp_path: Path, name: str) -> None:
    study = read_study(STUDIES[name](tmp_path / "start"))
    made = tabled(study)
    assert not [path for path in made if path.startswith("evidence/") and path.endswith(".yaml")]
    back = read_study(write(tmp_path / "tables", made))
    same(study, back)
    assert back.digest() == study.digest()
    assert files(back) == files(study)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(studies(), st.integers(0, 2**32), _LETTERS)
def test_any_study_comes_back_from_tables(
    tmp_path_factory: pytest.TempPathFactory, study: Study, seed: int, letters: str
) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    study = reasoned(spiced(study, dice, letters), dice)
    anchors = tuple(each.model_copy(update={"word": Text(en=f"w{at}")}) for at, each in enumerate(study.scale.anchors))
    study = study.model_copy(update={"scale": study.scale.model_copy(update={"anchors": anchors})})
    same(study, read_study(write(tmp_path_factory.mktemp("t"), tabled(study))))


def test_no_text_is_changed_by_a_cell(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "s", FILES))
    evidence = tuple(
        study.evidence[0].model_copy(update={"id": f"o{at}", "title": Text(en=text), "note": Text(en=text, zh=text)})
        for at, text in enumerate(TRICKY)
    )
    study = study.model_copy(update={"evidence": evidence, "codings": ()})
    made = tabled(study)
    back = read_study(write(tmp_path / "t", made))
    assert [item.title.en for item in back.evidence] == [*TRICKY]
    assert back.evidence == study.evidence
    for row in csv.reader(io.StringIO(made[OBSERVATIONS])):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_what_is_empty_throughout_has_no_column(tmp_path: Path) -> None:
    made = tabled(read_study(write(tmp_path, FILES)))
    headings = made[OBSERVATIONS].partition("\n")[0].split(",")
    assert headings[:3] == ["id", "case", "step"]
    assert "private" not in headings
    assert "cluster" in headings


def test_blanks_alone_cannot_be_told_from_nothing(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, FILES))
    item = study.evidence[0].model_copy(update={"claim": Text(en="  ")})
    with pytest.raises(UsageFault, match=r"blanks alone cannot stand in a cell of evidence/observations\.csv"):
        tabled(study.model_copy(update={"evidence": (item,)}))


def test_more_than_yaml_is_for_is_written_as_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    study = make_study(cases=2)
    assert not written(study)[1]
    assert written(study, tables=True)[1]
    count = len(study.evidence) + len(study.cases) + len(study.clusters)
    monkeypatch.setattr(tables, "MOST_IN_YAML", count)
    assert written(study) == (files(study), False)
    monkeypatch.setattr(tables, "MOST_IN_YAML", count - 1)
    assert written(study) == (tabled(study), True)
    monkeypatch.setattr(tables, "MOST_IN_YAML", count)
    monkeypatch.setattr(tables, "LARGEST", 100)
    assert written(study)[1], "a file of YAML that would be too large to be read again"


@pytest.mark.parametrize(("lang", "note"), [("en", "more than YAML is for"), ("zh", "不宜写成 YAML")])
def test_the_command_says_when_it_writes_tables_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, note: str
) -> None:
    start = write(tmp_path / "start", SOUGHT)
    asked = [str(start), "--folder", str(tmp_path / "a"), "--tables", "--lang", lang]
    said = CliRunner().invoke(main, ["export", *asked])
    assert said.exit_code == 0
    assert note not in said.output
    assert (tmp_path / "a" / OBSERVATIONS).is_file()
    monkeypatch.setattr(tables, "MOST_IN_YAML", 1)
    said = CliRunner().invoke(main, ["export", str(start), "--folder", str(tmp_path / "b"), "--lang", lang])
    assert note in said.output
    assert (tmp_path / "b" / OBSERVATIONS).read_bytes() == (tmp_path / "a" / OBSERVATIONS).read_bytes()
    said = CliRunner().invoke(main, ["export", str(tmp_path / "b"), "--folder", str(tmp_path / "c"), "--json"])
    assert json.loads(said.output)["digest"] == read_study(start).digest()
