"""What `doctor` sees, and that it says so."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from bayestrace import doctor
from bayestrace.cli import main
from bayestrace.cli.doctor import WORDS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["doctor", *arguments])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder with an empty cache."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTENSOR_FLAGS", "")
    return tmp_path


def levels(*, compiling: bool = False) -> dict[str, str]:
    return {look.key: look.level for look in doctor.examine(compiling=compiling)}


def test_a_machine_that_works_is_healthy(home: Path) -> None:
    told = run("--no-compile")
    assert told.exit_code == 0
    assert "numpy " in told.stdout
    assert "Cache, compiled models: nothing yet" in told.stdout
    assert str(home) not in told.stdout


def test_every_library_that_is_needed_is_named() -> None:
    versions = doctor.required()
    assert {"click", "pydantic", "PyYAML", "pymc", "numba", "arviz"} <= {*versions}
    assert not {"pytest", "ruff", "mypy"} & {*versions}
    assert None not in versions.values()


def test_a_missing_library_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "required", lambda: {"numpy": "2", "pymc": None})
    told = run("--no-compile")
    assert told.exit_code == 4
    assert "Missing: pymc" in told.stdout


def test_a_terminal_without_chinese_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bayestrace", "doctor", "--no-compile"],
        capture_output=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "latin-1"},
    )
    assert "Chinese cannot be printed in this encoding" in done.stdout.decode("latin-1")


def test_little_room_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=doctor.ROOM - 1))
    assert levels()["room"] == "warning"
    assert "Little room is left" in run("--no-compile").stdout


@pytest.mark.parametrize(
    ("program", "key"), [(None, "fonts-unknown"), ("/bin/true", "fonts-missing"), ("/bin/echo", "fonts")]
)
def test_fonts(program: str | None, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: program)
    assert key in levels()


def test_compiling_is_tried(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_COMPILED", "assert True")
    assert levels(compiling=True)["compiling"] == "fine"
    monkeypatch.setattr(doctor, "_COMPILED", f"raise SystemExit({str(home / 'x')!r})")
    told = run()
    assert told.exit_code == 4
    assert "Compiling fails: ~/x" in told.stdout
    monkeypatch.setattr(doctor, "_COMPILED", "import time; time.sleep(9)")
    monkeypatch.setattr(doctor, "PATIENCE", 0.1)
    assert levels(compiling=True)["compiling-slow"] == "failure"


def test_clearing_takes_what_is_kept_and_nothing_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = home / "cache" / "bayestrace"
    for name in ("pytensor", "panels", "else"):
        (cache / name).mkdir(parents=True)
        (cache / name / "file").write_text("x", encoding="utf-8")
    monkeypatch.setenv("PYTENSOR_FLAGS", f"base_compiledir={home / 'mine'}")
    (home / "mine").mkdir()
    told = json.loads(run("--no-compile", "--clear-caches", "--json").stdout)
    assert told["cleared"] == [(cache / "panels").as_posix()]
    assert {path.name for path in cache.iterdir()} == {"pytensor", "else"}
    assert (home / "mine").is_dir()
    monkeypatch.setenv("PYTENSOR_FLAGS", "")
    assert "pytensor" in run("--no-compile", "--clear-caches").stdout
    assert "There was nothing to remove." in run("--no-compile", "--clear-caches").stdout


def test_settings_from_outside_are_told_without_the_home_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(home / "numba"))
    assert "NUMBA_CACHE_DIR=~/numba" in run("--no-compile").stdout


@pytest.mark.usefixtures("home")
def test_every_look_has_words() -> None:
    for look in doctor.examine(compiling=False):
        assert look.key in WORDS
        assert look.level in WORDS
    assert "一切正常" in run("--no-compile", "--lang", "zh").stdout
