"""Wheel and sdist: built, installed into an empty environment outside the checkout, and used there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: What a build reads; the rest of the checkout, caches and reports among it, must not matter.
SOURCE = ("bayestrace", "pyproject.toml", "MANIFEST.in", "LICENSE", "README.md", "README.zh.md", "CITATION.cff")
#: A build of setuptools, as pip asks for it, without fetching anything.
BUILD = "from setuptools import build_meta as b; b.build_{0}({1!r})"
#: Nothing of the tests' own environment: no path to the checkout, no language.
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "BAYESTRACE", "VIRTUAL_ENV"))
}


def run(*command: str | Path, cwd: Path) -> str:
    said = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=CLEAN,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    checkout, out = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("sdist")
    # What git knows, and caches as they lie about.
    known = subprocess.run(
        ["git", "ls-files", "-z", *SOURCE, "constraints.txt", "tests/test_errors.py"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, known):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes((ROOT / name).read_bytes())
    cached = checkout / "bayestrace" / "__pycache__" / "api.cpython-313.pyc"
    cached.parent.mkdir()
    cached.write_bytes(b"stale")
    run(sys.executable, "-c", BUILD.format("sdist", str(out)), cwd=checkout)
    (made,) = out.glob("bayestrace-*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the sdist and from nothing else, which shows that the sdist is whole."""
    folder, out = tmp_path_factory.mktemp("unpacked"), tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (unpacked,) = folder.iterdir()
    run(sys.executable, "-c", BUILD.format("wheel", str(out)), cwd=unpacked)
    (made,) = out.glob("bayestrace-*.whl")
    return made


@pytest.fixture(scope="module")
def empty(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel where nothing of the checkout is; its libraries are those of the tests, seen through a path."""
    venv = tmp_path_factory.mktemp("empty") / "venv"
    run(sys.executable, "-m", "venv", venv, cwd=ROOT.parent)
    bin_ = venv / "bin"
    run(bin_ / "python", "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check", wheel,
        cwd=venv)  # fmt: skip
    (site,) = venv.glob("lib/python3*/site-packages")
    # A path in a .pth file is no site folder of its own: the editable install in it stays unseen.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    where = run(bin_ / "python", "-c", "import bayestrace; print(bayestrace.__file__)", cwd=venv).strip()
    assert Path(where).is_relative_to(site)
    return bin_


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_has_every_file_of_the_package_its_licence_and_no_cache(wheel: Path) -> None:
    known = subprocess.run(
        ["git", "ls-files", "-z", "bayestrace"],  # noqa: S607
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    names = names_in(wheel)
    (licence,) = (name for name in names if name.endswith(".dist-info/licenses/LICENSE"))
    assert {name for name in names if ".dist-info/" not in name} == set(filter(None, known))
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        assert "License-Expression: MIT" in archive.read(metadata).decode()


def test_the_sdist_has_what_a_build_needs_and_no_cache(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "README.zh.md", "CITATION.cff", "constraints.txt"} <= names
    assert [name for name in names if "__pycache__" in name or name.endswith(".pyc") or name.startswith("tests")] == []


def test_an_installed_wheel_makes_a_study_checks_updates_and_reports_it(empty: Path, tmp_path: Path) -> None:
    program = empty / "bayestrace"
    version = run(program, "--version", cwd=tmp_path)
    assert wheel_version() in version
    run(program, "new", "study", cwd=tmp_path)
    run(program, "check", "study", cwd=tmp_path)
    said = run(program, "update", "study", "--face-value", "--lang", "both", cwd=tmp_path)
    assert "At face value" in said
    (result,) = (tmp_path / "study" / "reports").iterdir()
    page = (result / "report.html").read_bytes()
    (result / "report.html").unlink()
    run(program, "report", "study", "--lang", "both", cwd=tmp_path)
    assert (result / "report.html").read_bytes() == page
    assert "Traceback" not in said


def wheel_version() -> str:
    import bayestrace  # noqa: PLC0415 - the checkout's own

    return bayestrace.__version__


#: What a library is imported as, where that is not its name.
IMPORTED_AS = {
    "PyYAML": "yaml",
    "XlsxWriter": "xlsxwriter",
    "markdown-it-py": "markdown_it",
    "python-calamine": "python_calamine",
    "python-docx": "docx",
}


def declared() -> list[str]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return re.findall(r'(?m)^    "(.*)', text.partition("\ndependencies = [")[2].partition("\n]")[0])


@pytest.mark.parametrize("line", declared())
def test_a_dependency_is_used_has_a_lowest_version_and_a_reason(line: str) -> None:
    name = re.split(r"[^\w.-]", line)[0]
    assert re.fullmatch(r'[\w.-]+>=[\d.]+(,<\d+)?", +# \S.{4,}', line), "name>=lowest, and why"
    module = re.escape(IMPORTED_AS.get(name, name))
    # xarray reads and writes with netCDF4 when it is named.
    uses = rf'(?m)^\s*(from|import) {module}\b|engine="{module.lower()}"'
    code = (path.read_text(encoding="utf-8") for path in (ROOT / "bayestrace").rglob("*.py"))
    assert any(re.search(uses, text) for text in code)


#: REFI-QDA's schemas, against which exports are held, are all that the repository has of others; no wheel has them.
OTHERS = {"tests/qda/Codebook.xsd", "tests/qda/Project.xsd"}
NOTICE = re.compile(
    r"copyright (\(c\)|©|\d)|@licen[cs]e|@pre[s]erve|spdx-licen[cs]e|all right[s] reserved", re.IGNORECASE
)
#: What is seldom one's own, and often without a notice.
BUNDLED = {".woff", ".woff2", ".ttf", ".otf", ".eot", ".map", ".csl", ".jar", ".whl", ".so", ".dll", ".wasm"}


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_what_is_of_others_keeps_its_licence(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert NOTICE.search(text)
    assert "licensed under the MIT license" in text
    assert "Permission is hereby granted, free of charge" in text


def test_nothing_else_is_of_others() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    known = {name for name in listed.stdout.split("\0") if (ROOT / name).is_file()}
    assert {name for name in known if Path(name).suffix in BUNDLED or ".min." in name} == set()
    texts = {name: (ROOT / name).read_text(encoding="utf-8", errors="replace") for name in known}
    assert {name for name, text in texts.items() if NOTICE.search(text)} == {"LICENSE", *OTHERS}
