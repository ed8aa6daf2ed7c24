"""Wherever and however the program is started, it does its work, or says in words why it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import ending
import pytest
from click.testing import CliRunner
from sheets import asked_of, sent_back
from simple_study import SIMPLE
from small_study import write

from bayestrace import api, caches
from bayestrace.cli import main
from bayestrace.folder import write_result

OUT = "reports/article-reference"
PLAIN = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": os.environ.get("HOME", "/")}
NO_NETWORK = """
import sys
def hook(event, given):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.bind", "urllib.")):
        raise SystemExit(f"the network was asked for: {event} {given}")
sys.addaudithook(hook)
"""
IN_1980 = """
import time
then = 315_532_800.0 - time.time()
now, now_ns, local, utc = time.time, time.time_ns, time.localtime, time.gmtime
time.time = lambda: now() + then
time.time_ns = lambda: now_ns() + int(then * 1e9)
time.localtime = lambda seconds=None: local(time.time() if seconds is None else seconds)
time.gmtime = lambda seconds=None: utc(time.time() if seconds is None else seconds)
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with its result, in a folder whose name has blanks and Chinese, and what a coder sent back."""
    folder = tmp_path_factory.mktemp("有 空格") / "a study 研究"
    study = api.read_study(write(folder, SIMPLE))
    write_result(api.update(study, api.Options(face_value=True)), folder / OUT, api.input_files(folder), "en")
    sent_back(asked_of(study, "wang"), folder.parent / "王.xlsx", {"Coding!G2": 2.5, "Coding!H2": 3, "Coding!I2": 7})
    return folder


@pytest.fixture
def study(prepared: Path, tmp_path: Path) -> Path:
    copied = tmp_path / "有 空格" / prepared.name
    shutil.copytree(prepared.parent, copied.parent)
    return copied


def run(
    *arguments: object, surroundings: Mapping[str, str] = PLAIN, before: str = "", within: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """Run the program as a user would; `before` is done in Python first, `within` is put before the command."""
    program = f"{before}\nfrom bayestrace.cli import main\nmain(prog_name='bayestrace')"
    command = [*within, sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env=dict(surroundings), encoding="utf-8", errors="replace"
    )


def run_all(before: str, *commands: list[object]) -> None:
    """Run commands one after the other in one process, each of which must end well."""
    program = """
import json, sys
from bayestrace.cli import main
for words in json.loads(sys.argv[1]):
    try:
        main(words, prog_name="bayestrace")
    except SystemExit as ended:
        if ended.code:
            raise
"""
    words = json.dumps([[str(word) for word in command] for command in commands])
    done = subprocess.run(
        [sys.executable, "-c", before + program, words], capture_output=True, text=True, check=False, env=dict(PLAIN)
    )
    assert done.returncode == 0, done.stderr


def works(study: Path, **how: object) -> str:
    """Update anew into a folder that is not there, and hold the result against its manifest."""
    shutil.rmtree(study / OUT)
    made = run("update", study, "--face-value", "--lang", "zh", **how)  # type: ignore[arg-type]
    assert made.returncode == 0, made.stderr
    assert "Traceback" not in made.stderr
    assert {path.name for path in (study / OUT).iterdir()} == {
        "manifest.json",
        "posterior.nc",
        "report.html",
        "summary.json",
    }
    verified = CliRunner().invoke(main, ["verify", str(study / OUT)])
    assert verified.exit_code == 0, verified.output
    return made.stdout


def test_blanks_and_chinese_in_names(study: Path) -> None:
    assert "已写入" in works(study)
    assert run("report", study, "--out", study / "报告 一.html").returncode == 0
    assert (study / "报告 一.html").is_file()
    taken = run("collect", study.parent / "王.xlsx", "--study", study)
    assert taken.returncode == 0, taken.stderr
    assert (study / "evidence/codings/wang-weights.csv").is_file()


def test_links_to_the_study_and_to_where_results_go(study: Path, tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "link"
    link.symlink_to(study, target_is_directory=True)
    shutil.move(study / "reports", elsewhere)
    (study / "reports").symlink_to(elsewhere, target_is_directory=True)
    source = study / "evidence" / "one.yaml"
    shutil.move(source, tmp_path / "one.yaml")
    source.symlink_to(tmp_path / "one.yaml")
    made = run("update", link, "--face-value")
    assert made.returncode == 0, made.stderr
    assert source.is_symlink()
    assert (study / "reports").is_symlink()
    assert (elsewhere / "article-reference" / "report.html").is_file()
    assert run("verify", study / OUT, "--study", link).returncode == 0


def test_a_link_that_leads_nowhere_or_round_is_told(study: Path) -> None:
    (study / "priors" / "reference.yaml").unlink()
    (study / "priors" / "reference.yaml").symlink_to("nowhere.yaml")
    (study / "evidence" / "sources.json").unlink()
    (study / "evidence" / "sources.json").symlink_to("sources.json")
    told = run("check", study)
    assert told.returncode in {3, 5}
    assert "Traceback" not in told.stderr


def test_a_locale_of_c(study: Path) -> None:
    assert "已写入" in works(study, surroundings={**PLAIN, "LC_ALL": "C", "LANG": "C"})


def test_a_locale_of_c_that_python_takes_at_its_word(tmp_path: Path) -> None:
    """Names of files must be ASCII then: docs/limits.md says so. What is said need not be."""
    study = write(tmp_path / "study", SIMPLE)
    plain = {**PLAIN, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    (study / OUT).mkdir(parents=True)
    assert "已写入" in works(study, surroundings=plain)


def test_a_terminal_that_lacks_chinese_is_given_numbers_of_characters(study: Path) -> None:
    told = works(study, surroundings={**PLAIN, "PYTHONIOENCODING": "latin-1"})
    assert r"\u5df2\u5199\u5165" in told


@pytest.mark.parametrize("home", ["/dev/null", *(pytest.param(home, marks=pytest.mark.long) for home in (None, ""))])
def test_no_home_folder(study: Path, home: str | None, tmp_path: Path) -> None:
    surroundings = {name: value for name, value in PLAIN.items() if name != "HOME"}
    surroundings |= {"TMPDIR": str(tmp_path)} | ({} if home is None else {"HOME": home})
    works(study, surroundings=surroundings)


def test_what_is_compiled_is_kept_where_nobody_else_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = caches.cache_home()
    assert kept.parent == tmp_path
    assert kept.stat().st_mode & 0o777 == 0o700
    assert caches.cache("pytensor").parent == kept
    kept.chmod(0o777)  # somebody may have put code there
    assert caches.cache_home() != kept
    kept.rmdir()
    kept.symlink_to(tmp_path)
    assert caches.cache_home() not in {kept, tmp_path}


def test_a_clock_in_1980(study: Path, tmp_path: Path) -> None:
    works(study, before=IN_1980)
    run_all(
        IN_1980,
        ["sheet", study, "--coder", "li", "--out", tmp_path],
        ["appendix", study / OUT, "--docx", tmp_path / "appendix.docx"],
        ["export", study, "--xlsx", tmp_path / "study.xlsx"],
        ["export-qda", study, "--qdpx", tmp_path / "study.qdpx"],
    )
    assert {"appendix.docx", "study.xlsx", "study.qdpx"} < {path.name for path in tmp_path.iterdir()}


def test_no_network_at_all(study: Path, tmp_path: Path) -> None:
    works(study, before=NO_NETWORK)
    run_all(NO_NETWORK, ["check", study], ["references", study], ["sheet", study, "--coder", "li", "--out", tmp_path])


def read_only(folder: Path) -> tuple[str, ...]:
    """Return what makes a folder read-only for a command: a mount of its own for root, whom permissions do not bind."""
    if os.geteuid() != 0:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        return ()
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    within = ("unshare", "-m", "sh", "-c", script, str(folder))
    if (
        shutil.which("unshare") is None
        or subprocess.run([*within, "true"], capture_output=True, check=False).returncode
    ):
        pytest.skip("this root may mount nothing")
    return within


def test_no_permission_to_write(study: Path, tmp_path: Path) -> None:
    within, before = read_only(study), ending.digests(study)
    commands: dict[str, list[object]] = {
        "update": [study, "--face-value"],
        "sensitivity": [study, "--face-value", "--only", "limits"],
        "report": [study],
        "collect": [study.parent / "王.xlsx", "--study", study],
    }
    for name, arguments in commands.items():
        done = run(name, *arguments, within=within)
        assert done.returncode == 5, (name, done.stderr)
        assert "cannot be written" in done.stderr
        assert "Traceback" not in done.stderr
        assert ending.digests(study) == before
    elsewhere = run("update", study, "--face-value", "--out", tmp_path / "out", within=within)
    assert elsewhere.returncode == 0, elsewhere.stderr
    assert json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["manifest"] == 1
