"""Setting up: what a wrong Python is told, what is pinned, and what CI, git and citations are given."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

import bayestrace

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = ("Makefile", "tools", "pyproject.toml", "constraints.txt")
TOOLS = ("make", "sh", "touch", "rm", "env", "dirname", "bash")
LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Lay out what set-up reads in `project`, and a `bin` that holds a shell and make but no Python."""
    project, tools = tmp_path / "project", tmp_path / "bin"
    project.mkdir()
    tools.mkdir()
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, project / name)
    for name in TOOLS:
        found = shutil.which(name)
        assert found, f"{name} is missing on this machine"
        (tools / name).symlink_to(found)
    return tmp_path


def run(bare: Path, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(bare / "bin"), "LC_ALL": "C", **settings}
    return subprocess.run(
        [str(bare / "bin" / command[0]), *command[1:]],
        cwd=bare / "project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def sentences(said: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in said.stderr.splitlines() if not line.startswith("make")]


@pytest.mark.parametrize("target", ["report", "test"])
def test_an_old_python_is_named_in_one_sentence_and_nothing_is_made(bare: Path, target: str) -> None:
    script(bare / "bin" / "python3", "echo 3.9.18")
    said = run(bare, "make", target)
    assert said.returncode != 0
    (sentence,) = sentences(said)
    assert f"needs Python 3.12 or newer and only Python 3.9.18 ({bare}/bin/python3) was found" in sentence
    for way in ("python.org", "pyenv install", "uv python install", "brew install", "apt install"):
        assert way in sentence
    assert sentence.count(". ") == 0
    assert sentence.endswith("run make again.")
    assert sorted(path.name for path in (bare / "project").iterdir()) == sorted(NEEDED)


def test_no_python_at_all_is_said(bare: Path) -> None:
    script(bare / "bin" / "python3", "exit 127")  # a shim with nothing behind it
    said = run(bare, "make", "report")
    assert said.returncode != 0
    assert ["no Python was found" in sentence for sentence in sentences(said)] == [True]


def test_a_newer_python_under_another_name_is_taken(bare: Path) -> None:
    script(bare / "bin" / "python3", "echo 3.11.2")
    (bare / "bin" / "python3.13").symlink_to(sys.executable)
    said = run(bare, "sh", "tools/find-python.sh")
    assert (said.returncode, said.stdout) == (0, f"{bare}/bin/python3.13\n")


def test_the_given_python_is_the_only_one_tried(bare: Path) -> None:
    (bare / "bin" / "python3").symlink_to(sys.executable)
    script(bare / "bin" / "mine", "echo 3.8.1")
    said = run(bare, "make", "report", "PYTHON=mine")
    assert ["only Python 3.8.1" in sentence for sentence in sentences(said)] == [True]


def test_a_missing_venv_module_is_named(bare: Path) -> None:
    script(bare / "bin" / "python3", 'case "$2" in *ensurepip*) exit 1 ;; *) echo 3.12.3 ;; esac')
    (sentence,) = sentences(run(bare, "make", "report"))
    assert "Python 3.12.3" in sentence
    assert "without its venv module" in sentence
    assert "python3.12-venv" in sentence
    assert not (bare / "project" / ".venv").exists()


def fake_venv(bare: Path, pip_install: str) -> Path:
    """Give the project a .venv whose Python answers to set-up, writes down what it is asked, and installs nothing."""
    tools = bare / "project" / ".venv" / "bin"
    tools.mkdir(parents=True)
    script(tools / "python", f'case "$*" in *install*) echo "$*" >>../asked; {pip_install} ;; esac')
    script(tools / "bayestrace", 'echo "bayestrace $*"')
    return bare / "asked"


def test_an_install_that_fails_leaves_no_stamp(bare: Path) -> None:
    fake_venv(bare, "echo no network >&2; exit 1")
    said = run(bare, "make", "report")
    assert said.returncode != 0
    assert "no network" in said.stderr
    assert not list((bare / "project" / ".venv").glob(".ready*"))


def test_setup_runs_again_only_when_the_pins_or_the_project_change(bare: Path) -> None:
    asked = fake_venv(bare, "exit 0")
    first = run(bare, "make", "report", "ARGS=--profile sceptical")
    assert (first.returncode, first.stdout) == (0, "bayestrace update --profile sceptical\n")
    assert asked.read_text(encoding="utf-8").split()[-4:] == ["-c", "constraints.txt", "-e", "."]
    again = run(bare, "make", "report")
    assert (again.stdout, again.stderr) == ("bayestrace update\n", "")
    assert len(asked.read_text(encoding="utf-8").splitlines()) == 1
    stamp = (bare / "project" / ".venv" / ".ready").stat().st_mtime
    for changed, times in (("constraints.txt", 2), ("pyproject.toml", 3)):
        os.utime(bare / "project" / changed, (stamp + 60, stamp + 60))
        run(bare, "make", "report")
        os.utime(bare / "project" / changed, (stamp - 60, stamp - 60))
        assert len(asked.read_text(encoding="utf-8").splitlines()) == times


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    exact = [re.fullmatch(r"([\w.-]+)==([\w.]+)", line) for line in lines if not line.startswith("#")]
    assert None not in exact, "a line of constraints.txt is not NAME==VERSION"
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in exact if pin}


def test_constraints_are_versions_only_and_sorted() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|@|--|sha256|https?:", text)
    assert not re.search(r"(?m)^\s*$", text.rstrip("\n"))
    names = [line.split("==")[0].upper() for line in text.splitlines() if not line.startswith("#")]
    assert names == sorted(set(names))


def test_constraints_pin_everything_that_is_installed() -> None:
    """Follow the requirements of the requirements, as a fresh install on Linux does."""
    pinned, reached = pins(), set()
    waiting = [Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]]
    while waiting:
        needed = waiting.pop()
        name = canonicalize_name(needed.name)
        assert name in pinned, f"{name} is not pinned: run make constraints"
        assert pinned[name] in needed.specifier, f"{name} {pinned[name]} is not {needed.specifier}"
        if (name, *sorted(needed.extras)) in reached:
            continue
        reached.add((name, *sorted(needed.extras)))
        for line in requires(name) or []:
            further = Requirement(line)
            extras = needed.extras or {""}
            if not further.marker or any(further.marker.evaluate({**LINUX, "extra": extra}) for extra in extras):
                waiting.append(further)
    assert {name for name, *_ in reached} == set(pinned)


@pytest.fixture
def ci(bare: Path) -> Path:
    """Lay out .ci/run with a make and an apt-get that only say what they are asked."""
    (bare / "project" / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", bare / "project" / ".ci" / "run")
    (bare / "bin" / "python3").symlink_to(sys.executable)
    (bare / "bin" / "make").unlink()
    script(bare / "bin" / "make", 'echo "make $* BROWSER=$BAYESTRACE_REQUIRE_BROWSER"')
    script(bare / "bin" / "apt-get", 'echo "apt-get $*"')
    script(bare / "bin" / "dpkg", "exit 1")
    return bare


def test_ci_installs_only_what_is_missing_and_runs_the_tests(ci: Path) -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert run(ci, "bash", ".ci/run").stdout.splitlines() == [
        "apt-get update -q",
        "apt-get install -q -y --no-install-recommends chromium-headless-shell fonts-noto-cjk",
        "make test BROWSER=1",
    ]
    script(ci / "bin" / "dpkg", "exit 0")
    script(ci / "bin" / "chromium-headless-shell", "exit 0")
    assert run(ci, "bash", ".ci/run").stdout == "make test BROWSER=1\n"


@pytest.mark.parametrize("broken", ["apt-get", "make"])
def test_ci_fails_where_an_install_or_the_tests_fail(ci: Path, broken: str) -> None:
    (ci / "bin" / broken).unlink()
    script(ci / "bin" / broken, "exit 2")
    said = run(ci, "bash", ".ci/run")
    assert said.returncode == 2
    assert "make test" not in said.stdout


def test_citation_agrees_with_the_project() -> None:
    cff = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert cff["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cff)
    assert cff["authors"] == [{"name": "The bayestrace developers"}]
    assert PROJECT["dynamic"] == ["version"]
    assert cff["version"] == bayestrace.__version__
    assert cff["license"] == PROJECT["license"]
    (article,) = cff["references"]
    assert (article["type"], article["journal"], article["authors"][0]["family-names"]) == ("article", "当代亚太", "彭")


def test_git_keeps_of_the_reports_only_the_readme_and_the_example(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)  # noqa: S607
    shutil.copy(ROOT / ".gitignore", tmp_path)
    kept = {"reports/README.md", "reports/example/report.html", "reports/example/manifest.json"}
    made = {"reports/article-reference/report.html", "reports/extended-reference/summary.json", "reports/x.nc"}
    command = ["git", "-C", str(tmp_path), "check-ignore", *sorted(kept | made)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert set(said.stdout.split()) == made
