"""Compiled templates are kept between runs, and a page never depends on what is kept."""

import shutil
from pathlib import Path
from typing import Any

import jinja2
import platformdirs
import pytest

from bayestrace.report.page import sheet


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for templates of this test alone."""
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda _: str(tmp_path / "cache"))
    return tmp_path / "cache" / "templates"


def _compiled(monkeypatch: pytest.MonkeyPatch) -> int:
    """Count how many templates are compiled where one is asked for."""
    names: list[str] = []

    class Watched(jinja2.Environment):
        def _generate(self, *given: Any, **named: Any) -> str:
            names.append(given[1])
            return super()._generate(*given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(sheet, "Environment", Watched)
        sheet.environment().get_template("macros.html.j2")
    return len(names)


def test_a_template_is_compiled_once(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [_compiled(monkeypatch) for _ in range(3)] == [1, 0, 0]
    assert len(list(kept.iterdir())) == 1


@pytest.mark.parametrize("broken", [b"", b"j2", b"\x80\x04nothing of ours", None])
def test_what_is_broken_is_compiled_anew(kept: Path, monkeypatch: pytest.MonkeyPatch, broken: bytes | None) -> None:
    _compiled(monkeypatch)
    (file,) = kept.iterdir()
    file.write_bytes(file.read_bytes()[:-40] if broken is None else broken)
    assert [_compiled(monkeypatch) for _ in range(2)] == [1, 0]
    magic = file.read_bytes()[:30]
    file.write_bytes(magic)
    assert _compiled(monkeypatch) == 1


def test_where_nothing_can_be_kept_pages_are_written_all_the_same(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.parent.mkdir(parents=True)
    kept.write_text("a file where the folder should be")
    assert [_compiled(monkeypatch) for _ in range(2)] == [1, 1]
    assert kept.read_text() == "a file where the folder should be"


@pytest.mark.usefixtures("kept")
def test_a_template_that_changed_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(sheet.TEMPLATES, folder)
    monkeypatch.setattr(sheet, "TEMPLATES", folder)
    (folder / "macros.html.j2").write_text("one")
    assert sheet.environment().get_template("macros.html.j2").render() == "one"
    (folder / "macros.html.j2").write_text("two")
    assert sheet.environment().get_template("macros.html.j2").render() == "two"
