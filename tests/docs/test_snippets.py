"""Every command and every snippet in the documentation is one that works.

Commands are read from the code blocks of the pages as they stand. All of them are parsed; those that fit nothing anew
are run in every test run, in a study with a result at face value, and the rest in the long one, with the model.
"""

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner
from small_study import FILES, write

from bayestrace import api
from bayestrace.cli import main

ROOT = Path(__file__).parents[2]
# Chinese pages have the commands of the English ones (test_chinese.py): they are parsed here, and not run again.
CHINESE = {page.relative_to(ROOT).as_posix() for page in (ROOT / "docs").glob("*.zh.md")}
PAGES = [
    *sorted(ROOT.glob("README*.md")),
    # The reference is made from the commands, and a tutorial is followed from an empty folder by a test of its own.
    *(
        page
        for page in sorted((ROOT / "docs").rglob("*.md"))
        if not page.name.startswith(("commands", "keys", "tutorial"))
    ),
    ROOT / "evidence" / "README.md",
    *sorted(ROOT.glob("examples/*/README.md")),
]
# Commands that fit the model, or many: they are run by `make full`.
_FITS = {"agreement", "update", "sensitivity", "predict-coder", "calibrate"}
# What is not run even there, and why.
_LEFT_OUT = {
    "bayestrace agreement --round 2 --csv worklist.csv": "the first study has no second round; tests/agreement has one",
    "bayestrace new my-study --from codings.xlsx": "a workbook of the reader's; tests/starting has one",
    "bayestrace new my-study --from bayestrace-study.json": "a file of a report's reader; tests/starting has one",
    "bayestrace calibrate docs/validation/small-design --studies 200 --jobs 2": "takes hours; its record is kept",
    "bayestrace sensitivity --multiverse": "takes the better part of an hour; tests/sensitivity has a small one",
}


# Commands that follow on others of their page, or take what somebody sends: they are parsed here, and run by tests of
# their own.
_FOLLOWING = ("collect", "import-qda", "check my-study", "update my-study", "export my-study")


class Snippet(NamedTuple):
    """A command as a page has it."""

    page: str
    line: int
    command: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.command)[1:]

    @property
    def fits(self) -> bool:
        return (
            bool(self.words)
            and self.words[0] in _FITS
            and "--face-value" not in self.words
            and "--help" not in self.words
        )


def commands() -> Iterator[Snippet]:
    for page in PAGES:
        fenced = False
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
            if line.startswith("```"):
                fenced = not fenced
            match = re.match(r"( {4}|)\$? ?(?:\.venv/bin/)?(bayestrace(?: .*)?)$", line)
            if match and (fenced or match[1]):
                said = re.split(r"\s+# ", match[2])[0].strip()
                yield Snippet(page.relative_to(ROOT).as_posix(), number, said)


COMMANDS = [one for one in commands() if not one.command.startswith("bayestrace:")]


def named(one: Snippet) -> str:
    return f"{one.page}:{one.line} {one.command}"


def test_the_pages_have_commands() -> None:
    assert len(COMMANDS) > 20
    assert {one.command for one in COMMANDS} >= {"bayestrace check", "bayestrace update", "bayestrace sensitivity"}
    assert {*_LEFT_OUT} <= {one.command for one in COMMANDS}


@pytest.mark.parametrize("one", COMMANDS, ids=named)
def test_every_command_is_one_that_the_program_takes(one: Snippet) -> None:
    """Parsed as the program would, without being run: a name that it does not have, or a choice, is an error."""
    with main.make_context("bayestrace", [*one.words]) as context:
        name, command, rest = main.resolve_command(context, [*context._protected_args, *context.args])  # noqa: SLF001 - click's own way
        assert command is not None
        faults = []
        try:
            command.make_context(name, rest, parent=context)
        except click.exceptions.Exit:  # --help ends there
            pass
        except click.UsageError as fault:
            faults = [fault.format_message()]
        # A file that is there only in the study of the tests below.
        assert [fault for fault in faults if "does not exist" not in fault] == []


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first study with results at face value, under the names by which the pages call things."""
    folder = tmp_path_factory.mktemp("docs") / "study"
    for name, content in api.input_files(
        ROOT, ("study.yaml", "candidates.yaml", "evidence", "priors", "docs/validation", "examples")
    ).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    study, inputs = api.read_study(folder), api.input_files(folder)
    for profile in ("reference", "sceptical"):
        tree = api.update(study, api.Options(profile=profile, face_value=True))
        api.write_result(tree, folder / "reports" / f"article-{profile}", inputs, "en")
    shutil.copytree(folder / "reports" / "article-sceptical", folder / "old")
    shutil.copy(folder / "candidates.yaml", folder / "archives.yaml")
    return folder


def run(one: Snippet, folder: Path) -> None:
    before = Path.cwd()
    os.chdir(folder)
    try:
        done = CliRunner().invoke(main, one.words, env={"BROWSER": "true"})
    finally:
        os.chdir(before)
    assert done.exit_code == 0, f"{named(one)}\n{done.stdout}\n{done.stderr}"


def alone(one: Snippet) -> bool:
    """Tell whether a command is to be run as it stands, in a study with results."""
    return (
        one.page not in CHINESE
        and one.command not in _LEFT_OUT
        and "--scheduler" not in one.words  # there is none at the address of an example; tests/farm starts one
        and not one.command.removeprefix("bayestrace ").startswith(_FOLLOWING)
    )


def sorted_by_cost() -> list[Any]:
    """Name what is run: each command once in every run, however it is called elsewhere in the long one."""
    seen: set[str] = set()
    found = []
    for one in COMMANDS:
        name = one.words[0] if one.words else ""
        if one.fits or not alone(one):
            continue
        found.append(one if name not in seen else pytest.param(one, marks=pytest.mark.long))
        seen.add(name)
    return found


@pytest.mark.parametrize("one", sorted_by_cost(), ids=named)
def test_every_command_that_fits_nothing_runs(one: Snippet, quick: Path, tmp_path: Path) -> None:
    here = tmp_path / "study"
    shutil.copytree(quick, here)
    if (
        one.words[:1] in (["seek"], ["predict"], ["report"], ["appendix"])
        and "reports/article-reference" not in one.command
    ):
        shutil.rmtree(here / "reports" / "article-sceptical")  # a study with one result, of which these may be asked
    run(one, here)


@pytest.mark.long
@pytest.mark.parametrize("one", [one for one in COMMANDS if one.fits and alone(one)], ids=named)
def test_every_command_that_fits_runs(one: Snippet, quick: Path, tmp_path: Path) -> None:
    shutil.copytree(quick, tmp_path / "study")
    run(one, tmp_path / "study")


PYTHON = [
    page
    for page in PAGES
    if page.relative_to(ROOT).as_posix() not in CHINESE and "```python" in page.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("small", [True, pytest.param(False, marks=pytest.mark.long)])
@pytest.mark.parametrize("page", PYTHON, ids=lambda page: page.name)
def test_every_python_snippet_runs(
    page: Path, quick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, small: bool
) -> None:
    """What fits the model does so in a small study, which other tests compile; by `make full` in the first."""
    shutil.copytree(quick, tmp_path / "study")
    fitted = write(tmp_path / "small", FILES) if small else tmp_path / "study"
    names: dict[str, object] = {}
    blocks = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for block in blocks:
        monkeypatch.chdir(fitted if "draws=" in block else tmp_path / "study")
        exec(compile(block, page.name, "exec"), names)  # noqa: S102 - the page's own text is what is tested
