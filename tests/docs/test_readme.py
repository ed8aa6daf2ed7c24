"""The tables in both READMEs are those of the result that reports/example keeps."""

import json
from pathlib import Path

import pytest

from bayestrace import api
from bayestrace.cli import show
from bayestrace.messages import Lang

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("name", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readme_shows_the_example(name: str, lang: Lang) -> None:
    summary = json.loads((ROOT / "reports" / "example" / "summary.json").read_text(encoding="utf-8"))
    study = api.read_study(ROOT)
    text = (ROOT / name).read_text(encoding="utf-8")
    for shown in (show.table(summary, study, lang), show.clues(summary, study, lang)):
        assert "\n".join(f"    {line}" if line else "" for line in shown.splitlines()) in text
    words = " ".join(text.split())
    assert " ".join(show.sentence(summary, study, lang).split()) in words


def test_the_example_is_of_the_study_as_it_is() -> None:
    summary = json.loads((ROOT / "reports" / "example" / "summary.json").read_text(encoding="utf-8"))
    assert summary["study_digest"] == api.read_study(ROOT).digest()
