"""A result is held against its manifest: every way in which one may have changed is found."""

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from click.testing import CliRunner, Result

from bayestrace import api, verify
from bayestrace.cli import main
from bayestrace.errors import InputOutputFault
from bayestrace.study import Study

ROOT = Path(__file__).parents[2]
VOTING = ROOT / "examples" / "electoral-systems"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with its result: clues alone, worked out exactly."""
    folder = tmp_path_factory.mktemp("made") / "study"
    for name, content in api.input_files(VOTING).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    study = api.read_study(folder)
    api.write_result(api.update(study, api.Options()), folder / "reports" / "one", api.input_files(folder), "en")
    return folder


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "study")
    return tmp_path / "study"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, arguments)])


def wrong(study: Path) -> set[tuple[str, str, str]]:
    found = verify.verify(verify.read_manifest(study / "reports" / "one"))
    return {(one.kind, one.name, one.state) for one in found if not one.sound}


def test_a_result_that_nobody_touched_is_sound(made: Path) -> None:
    assert wrong(made) == set()
    told = run(made / "reports" / "one" / "manifest.json")
    assert told.exit_code == 0
    assert "sound. 3 files of the result and 4 of the study are what they were." in told.stdout


def append(name: str, text: str) -> Callable[[Path], None]:
    def change(study: Path) -> None:
        with (study / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return change


def drop(name: str) -> Callable[[Path], None]:
    return lambda study: (study / name).unlink()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (append("study.yaml", "\n"), {("input", "study.yaml", "changed")}),
        (append("reports/one/report.html", " "), {("output", "report.html", "changed")}),
        (drop("reports/one/report.html"), {("output", "report.html", "missing")}),
        (
            drop("evidence/clues.csv"),
            {("input", "evidence/clues.csv", "missing"), ("digest", "study", "changed")},
        ),
        (
            append("priors/mine.yaml", "name: Mine\nwhy: Mine.\n"),
            {("input", "priors/mine.yaml", "new"), ("digest", "study", "changed")},
        ),
        (append("study.yaml", "\nfoo: 1\n"), {("input", "study.yaml", "changed"), ("digest", "study", "unreadable")}),
        (
            append("reports/one/posterior.nc", "more"),
            {("output", "posterior.nc", "changed"), ("digest", "posterior.nc", "unreadable")},
        ),
    ],
)
def test_every_change_is_found(study: Path, change: Callable[[Path], None], found: set[tuple[str, str, str]]) -> None:
    change(study)
    assert wrong(study) == found
    told = run(study / "reports" / "one")
    assert told.exit_code == 4
    assert f"{len(found)} thing(s) are not what they were" in told.stdout


def test_a_study_with_faults_is_said_to_have_them(study: Path) -> None:
    append("study.yaml", "\nfoo: 1\n")(study)
    folder = study / "reports" / "one"
    assert "the study: has faults, so that nothing can be told of it" in run(folder).stdout
    chinese = CliRunner().invoke(main, ["verify", str(folder), "--lang", "zh"]).stdout
    assert "研究：其中有错误" in chinese
    assert not re.search(r"^study", chinese, re.MULTILINE)


def test_draws_of_another_study_are_found_though_the_manifest_lists_them(study: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    api.write_result(api.update(api.read_study(ROOT), api.Options(face_value=True)), other, {}, "en")
    folder = study / "reports" / "one"
    shutil.copy(other / "posterior.nc", folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"]["posterior.nc"] = json.loads((other / "manifest.json").read_text(encoding="utf-8"))["outputs"][
        "posterior.nc"
    ]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert wrong(study) == {("digest", "posterior.nc", "changed")}
    assert "posterior.nc: of another study than the manifest names" in run(folder).stdout


def test_other_versions_are_told_and_are_no_fault(study: Path) -> None:
    file = study / "reports" / "one" / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["versions"] |= {"numpy": "1.0.0", "no-such-library": "2"}
    file.write_text(json.dumps(manifest), encoding="utf-8")
    told = run(file)
    assert told.exit_code == 0
    assert "numpy: 1.0.0 then, " in told.stdout
    assert "no-such-library: 2 then, not installed now" in told.stdout


def test_a_result_away_from_its_study_names_the_study(study: Path, tmp_path: Path) -> None:
    away = tmp_path / "deep" / "down" / "away"
    shutil.copytree(study / "reports" / "one", away)
    assert run(away).exit_code == 4
    assert run(away, "--study", study).exit_code == 0


def test_a_study_in_one_file_is_found_beside_its_results(tmp_path: Path) -> None:
    file = tmp_path / "study.json"
    file.write_text(api.read_study(VOTING).canonical(), encoding="utf-8")
    tree = api.update(api.read_study(file), api.Options())
    api.write_result(tree, api.results_of(file) / "one", api.input_files(file), "en")
    assert run(tmp_path / "reports" / "one").exit_code == 0
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert run(tmp_path / "reports" / "one").exit_code == 4


def test_worked_out_again_the_answer_is_the_same_or_is_not(study: Path) -> None:
    told = run(study / "reports" / "one", "--again", "--quiet")
    assert told.exit_code == 0
    assert "no probability differs by more than" in told.stdout
    table = study / "evidence" / "clues.csv"
    rows = table.read_text(encoding="utf-8").splitlines()
    turned = [row.replace(",found", ",not-found") if row.startswith(rows[1].split(",")[0]) else row for row in rows]
    assert turned != rows
    table.write_text("\n".join(turned) + "\n", encoding="utf-8")
    told = run(study / "reports" / "one", "--again", "--json", "--quiet")
    assert told.exit_code == 4
    assert json.loads(told.stdout)["difference"] > 1e-3


def test_chinese_is_spoken(study: Path) -> None:
    append("study.yaml", "\n")(study)
    told = run(study / "reports" / "one", "--lang", "zh").stdout
    assert "已改动 (研究文件)：study.yaml" in told
    assert "有 1 处与当时不符" in told


WHOLE = {
    "manifest": 1,
    "inputs": {},
    "outputs": {},
    "versions": {},
    "settings": {},
    "study_digest": "x",
    "set": "x",
    "profile": "x",
}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        "\x00\xff",
        json.dumps(WHOLE | {"manifest": 9}),
        json.dumps(WHOLE | {"inputs": []}),
        json.dumps(WHOLE | {"profile": None}),
        json.dumps(WHOLE | {"inputs": {"../../etc/passwd": "x"}}),
        json.dumps(WHOLE | {"outputs": {"/etc/passwd": "x"}}),
    ],
    ids=range(10),
)
def test_what_is_no_manifest_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputOutputFault):
        verify.read_manifest(tmp_path)
    told = run(tmp_path)
    assert told.exit_code == 5
    assert "is no manifest" in told.stderr


def test_a_file_that_the_system_refuses_is_said_to_be_unreadable(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.open

    def refuse(path: Path, *given: Any, **named: Any) -> Any:
        if path.name == "clues.csv":
            raise PermissionError(13, "Permission denied")
        return read(path, *given, **named)

    monkeypatch.setattr(Path, "open", refuse)
    assert wrong(study) == {("input", "evidence/clues.csv", "unreadable"), ("digest", "study", "unreadable")}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom permissions bind")
def test_a_file_that_may_not_be_read_is_said_to_be_unreadable(study: Path) -> None:
    (study / "study.yaml").chmod(0)
    assert ("input", "study.yaml", "unreadable") in wrong(study)


@pytest.mark.parametrize("sampler", [None, "nuts", "mode"])
def test_what_is_worked_out_again_is_drawn_as_before(
    study: Path, monkeypatch: pytest.MonkeyPatch, sampler: str | None
) -> None:
    path = study / "reports" / "one" / "manifest.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    said["settings"] |= {} if sampler is None else {"sampler": sampler}
    path.write_text(json.dumps(said), encoding="utf-8")
    asked: list[api.Options] = []
    update = api.update

    def updated(study: Study, options: api.Options, _: object) -> xr.DataTree:
        asked.append(options)
        return update(study, options)

    monkeypatch.setattr(api, "update", updated)
    assert verify.again(verify.read_manifest(path)) == 0.0
    assert [options.sampler for options in asked] == [sampler or "auto"]
