"""Evidence that leaves no explanation: said in words by the program, never with a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sought_studies import make
from study_factory import make_profile

from bayestrace.cli import main
from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.inference import searches

EXAMPLE = Path(__file__).parents[1] / "studies" / "dependent-clues"
IMPOSSIBLE = "{holds: 0.8, fails: 0.2}"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "study")
    return tmp_path / "study"


def change(study: Path, name: str, old: str, new: str) -> None:
    path = study / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def update(study: Path, *more: str) -> Result:
    return CliRunner().invoke(main, ["update", str(study), "--quiet", "--out", str(study.parent / "out"), *more])


def without_dependence(study: Path) -> None:
    change(study, "study.yaml", "dependence:\n  - {clues: [first, second], correlation: {holds: 0.32}}\n", "")


@pytest.mark.parametrize("more", [(), ("--face-value",)])
@pytest.mark.parametrize(("lang", "says"), [("en", "excludes every explanation"), ("zh", "排除了所有解释")])
def test_a_case_whose_clues_exclude_every_explanation(study: Path, lang: str, says: str, more: tuple[str, ...]) -> None:
    without_dependence(study)
    change(study, "study.yaml", IMPOSSIBLE, "{holds: 1, fails: 1}")
    result = update(study, "--lang", lang, *more)
    assert result.exit_code == 2
    assert says in result.stderr
    assert "first-missing" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("levels", ["{common: 1, own: 0}", "{common: 1, own: 0.000000000001}"])
def test_cases_that_exclude_every_explanation_together(study: Path, levels: str) -> None:
    """One explanation for all: a case that only the first allows, and a case that only the second allows."""
    without_dependence(study)
    change(study, "study.yaml", IMPOSSIBLE, "{holds: 1, fails: 0}")
    change(study, "priors/reference.yaml", "{levels: {own: 1}, kappa: 1}", f"{{levels: {levels}, kappa: 0}}")
    result = update(study)
    if levels.endswith("own: 0}"):
        assert result.exit_code == 2
        assert "in all cases together excludes every joint explanation" in result.stderr
        assert "Traceback" not in result.output
    else:
        # However improbable it is that cases go their own ways, evidence that allows nothing else makes them.
        assert result.exit_code == 0, result.output


def test_more_explanations_than_pools_in_a_table_of_joint_ones() -> None:
    """Three cases with an explanation each of their own, and two pools with one explanation each."""
    certain = {name: {"found_if": {other: float(other == name) for other in "abc"}} for name in "abc"}
    study = make(
        certain,
        {(f"c{name}", name): ("found", 1.0) for name in "abc"},
        hypotheses=("a", "b", "c"),
        cases={f"c{name}": {"groups": {"f": "g"}} for name in "abc"},
        factors={"f": {"name": "f", "groups": {"g": "g"}}},
    )
    problem = encode(study, make_profile(levels={"common": 1.0, "f": 1.0}, kappa=0.0))
    with pytest.raises(UsageFault) as caught:
        searches.exact(problem)
    assert caught.value.slug == "clues-impossible-together"
