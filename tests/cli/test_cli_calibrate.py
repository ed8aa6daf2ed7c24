"""The command that simulates: what it writes and says, how it stops, and how it goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from small_study import FILES, write
from study_factory import make_profile, make_study

from bayestrace.calibration import run as simulation
from bayestrace.cli import main
from bayestrace.writing import files

#: What is simulated, and where that is written.
ASKED = ("--profile", "made", "--studies", "4", "--redundancy", "drawn")
TARGET = "reports/calibration-all-made"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["calibrate", *arguments])


@pytest.fixture(scope="module", autouse=True)
def _short() -> Iterator[None]:
    """Draw a fifth of what a user has: what is written and said does not hang on it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("DRAWS", 60), ("TUNE", 40), ("RANKED", 15)):
            patch.setattr(simulation, name, value)
        yield


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("small"), FILES)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Simulate studies like the one that tests/calibration/test_run.py compiles: it is quick, and compiled once."""
    profile = make_profile()
    study = make_study().model_copy(update={"profiles": {profile.id: profile}})
    folder = write(tmp_path_factory.mktemp("calibrate"), files(study))
    return folder, run(str(folder), *ASKED, "--jobs", "1")


def test_it_writes_three_files_and_says_the_answer(made: tuple[Path, Result]) -> None:
    folder, result = made
    assert result.exit_code == 0, result.stderr
    target = folder / TARGET
    assert sorted(path.name for path in target.iterdir()) == [
        "calibration.html",
        "calibration.json",
        "calibration.npz",
        "shards",
    ]
    assert "Of 4 simulated studies, 8 cases in all" in result.stdout
    assert "simulated 4 of 4 studies" in result.stderr
    assert "simulated" not in result.stdout.replace("simulated studies", "")
    data = json.loads((target / "calibration.json").read_text(encoding="utf-8"))
    assert (data["calibration"], data["studies"], data["cases"], data["seed"]) == (1, 4, 8, 1)
    assert data["redundancy"] == "drawn"
    assert data["settings"]["draws"] == simulation.DRAWS
    assert data["command"].startswith("bayestrace calibrate ")
    with np.load(target / "calibration.npz") as arrays:
        assert arrays["pooled"].shape == (4, 2, 3)
        assert arrays["study"].tolist() == [0, 1, 2, 3]


def test_again_simulates_nothing_and_speaks_chinese_or_json(made: tuple[Path, Result]) -> None:
    folder, _ = made
    shard = folder / f"{TARGET}/shards/shard-000000.npz"
    before = shard.stat().st_mtime_ns
    common = [str(folder), *ASKED, "--jobs", "1", "--quiet"]
    chinese = run(*common, "--lang", "zh")
    assert chinese.exit_code == 0
    assert chinese.stderr == ""
    assert "在 4 项模拟研究共 8 个案例中" in chinese.stdout
    page = (folder / f"{TARGET}/calibration.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN">' in page
    printed = json.loads(run(*common, "--json").stdout)
    written = [Path(path).name for path in printed.pop("written")]
    assert written == ["calibration.html", "calibration.json", "calibration.npz"]
    kept = folder / f"{TARGET}/calibration.json"
    assert printed == json.loads(kept.read_text(encoding="utf-8"))
    assert shard.stat().st_mtime_ns == before


def test_another_seed_in_the_same_folder_is_refused_in_words(made: tuple[Path, Result]) -> None:
    folder, _ = made
    for lang, word in (("en", "another design"), ("zh", "另一设计")):
        result = run(str(folder), *ASKED, "--seed", "2", "--lang", lang)
        assert result.exit_code == 2
        assert word in result.stderr
        assert "--out" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["--profile", "refrence"], 2, "did you mean 'reference'"),
        (["--hypotheses", "wdie"], 2, "did you mean 'wide'"),
        (["--coders", "nobody"], 2, "nobody"),
        (["--coders", " , "], 2, "--coders names no coder"),
        (["--studies", "1"], 2, "--studies"),
        (["--redundancy", "both"], 2, "--redundancy"),
    ],
)
def test_what_cannot_be_meant_is_refused(small: Path, arguments: list[str], code: int, word: str) -> None:
    result = run(str(small), *arguments)
    assert result.exit_code == code, result.stderr
    assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_an_interrupt_ends_in_130_and_says_that_the_same_command_goes_on(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bayestrace.calibration.run.run", stop)
    for lang, word in (("en", "the same command goes on"), ("zh", "重新运行同一命令")):
        result = run(str(small), "--out", str(tmp_path / "out"), "--lang", lang)
        assert result.exit_code == 130
        assert word in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.long
def test_ctrl_c_stops_all_processes_and_the_shards_stay(made: tuple[Path, Result], tmp_path: Path) -> None:
    folder, _ = made
    script = tmp_path / "go.py"
    script.write_text("from bayestrace.cli import main\nif __name__ == '__main__':\n    main()\n", encoding="utf-8")
    command = [sys.executable, str(script), "calibrate", str(folder), "--studies", "400", "--jobs", "2"]
    command += ["--profile", "made", "--redundancy", "drawn", "--out", str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        while "simulated 8" not in said and (line := process.stderr.readline()):
            said += line
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=120)
    assert process.returncode == 130, said + rest
    assert "Traceback" not in rest
    assert "the same command goes on from there" in rest
    shards = list((tmp_path / "out/shards").iterdir())
    assert shards
    assert all(path.suffix == ".npz" for path in shards)
    assert not (tmp_path / "out/calibration.json").exists()
