"""The tutorial is followed to the letter, from an empty folder."""

import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from shares import some

from bayestrace.cli import main

ROOT = Path(__file__).parents[2]
TUTORIALS = ("tutorial.md", "tutorial.zh.md")
COMMAND = re.compile(r"^ +(bayestrace .*|cd .*)$")


def steps(name: str) -> list[str]:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return [match[1] for line in text.splitlines() if (match := COMMAND.match(line))]


def follow(name: str, folder: Path, *, quick: bool) -> dict[str, str]:
    """Run the commands of a tutorial in their order; return what each printed."""
    said: dict[str, str] = {}
    before = Path.cwd()
    os.chdir(folder)
    try:
        for step in steps(name):
            if step.startswith("cd "):
                os.chdir(step.removeprefix("cd "))
                continue
            words = step.split()[1:]
            if quick and words[0] in {"update", "sensitivity"} and "--face-value" not in words:
                words.append("--face-value")
            done = CliRunner().invoke(main, words)
            assert done.exit_code == 0, f"{step}\n{done.stdout}\n{done.stderr}"
            said[step] = done.stdout
    finally:
        os.chdir(before)
    return said


def squeezed(text: str) -> str:
    return " ".join(text.split())


# The Chinese one has the same commands (test_chinese.py).
@pytest.mark.parametrize("name", some(TUTORIALS, "tutorial.md"))
def test_every_step_works_without_the_model(name: str, tmp_path: Path) -> None:
    said = follow(name, tmp_path, quick=True)
    text = squeezed((ROOT / "docs" / name).read_text(encoding="utf-8"))
    lang = " --lang zh" if name.endswith("zh.md") else ""
    assert squeezed(said[f"bayestrace check{lang}"]) in text
    face = said[f"bayestrace update --face-value{lang}"]
    if lang:
        assert ".971" in face
        assert ".906" in face
    else:
        assert squeezed(face.split("\n\nAt face value")[0]) in text


def test_the_fault_is_said_as_the_tutorial_says(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["new", str(tmp_path / "study")])
    file = tmp_path / "study" / "evidence" / "northby.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("step: pressure", "step: presure", 1), encoding="utf-8")
    said = CliRunner().invoke(main, ["check", str(tmp_path / "study")]).stderr
    first = squeezed(said.splitlines()[0])
    assert first in squeezed((ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8"))


@pytest.mark.long
@pytest.mark.parametrize("name", TUTORIALS)
def test_every_step_works_and_says_what_the_tutorial_says(name: str, tmp_path: Path) -> None:
    said = follow(name, tmp_path, quick=False)
    text = squeezed((ROOT / "docs" / name).read_text(encoding="utf-8"))
    lang = " --lang zh" if name.endswith("zh.md") else ""
    table = said[f"bayestrace update{lang}"].split("\n\n")[:3]
    if lang:
        assert all(number in text for number in (".720", ".388 – .939", ".719", ".389 – .936"))
        assert all(number in "".join(table) for number in (".720", ".388 – .939", ".719", ".389 – .936"))
    else:
        assert squeezed(" ".join(table)) in text
        sentences = squeezed(said["bayestrace sensitivity --no-refits"])
        assert "A grant arrives and Repeal within the budget." in sentences
        assert "falls to 9.4 % from 33 %" in sentences
    assert ".907" in said[f"bayestrace seek{lang}"]
    assert ".541" in said[f"bayestrace seek{lang}"]
