"""Several studies by one command: each as it would be alone, whatever becomes of the others."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from backwards import Backwards
from click.testing import CliRunner, Result
from several_studies import bytes_of, write_several

from bayestrace import api, excerpt, farm, results
from bayestrace.checks import Finding
from bayestrace.cli import main
from bayestrace.errors import InputOutputFault, UsageFault
from bayestrace.farm import Farm

FACE = ("update", "--face-value")
RESULT = "reports/article-reference"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, bytes], str]]:
    """The files that each study comes to by itself, and what is said of it."""
    folder = tmp_path_factory.mktemp("alone")
    said = {path.name: run(*FACE, path) for path in write_several(folder, "abc")}
    assert {result.exit_code for result in said.values()} == {0}
    return {name: (bytes_of(folder / name / RESULT), result.stdout) for name, result in said.items()}


@pytest.fixture
def studies(tmp_path: Path) -> list[Path]:
    return write_several(tmp_path, "abc")


@pytest.fixture
def spoilt(studies: list[Path]) -> list[Path]:
    """Three studies, the second of them with a fault."""
    file = studies[1] / "study.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("focal: stakes", "focal: stake"), encoding="utf-8")
    return studies


def blocks(result: Result) -> list[str]:
    return result.stdout.rstrip().split("\n\n")


def test_each_is_what_it_would_be_alone(studies: list[Path], alone: dict[str, tuple[dict[str, bytes], str]]) -> None:
    result = run(*FACE, *studies)
    assert result.exit_code == 0, result.stderr
    assert result.stderr.splitlines() == [f"Updating {n} of 3: {path}" for n, path in enumerate(studies, 1)]
    *summed_up, last = blocks(result)
    assert last == f"Updated 3 of 3 studies: {', '.join(map(str, studies))}"
    for path, block in zip(studies, summed_up, strict=True):
        files, said = alone[path.name]
        assert bytes_of(path / RESULT) == files
        head, answer, findings, written = block.splitlines()
        assert head == f"{path}: A small study"
        assert answer in said.splitlines()
        assert findings == "Findings: 3; see the report."
        assert written.startswith(f"Written to {path / RESULT}: posterior.nc, ")
    assert len({files["summary.json"] for files, _ in alone.values()}) == 3, "no study can be taken for another"


def test_a_study_with_a_fault_is_told_in_words_and_keeps_no_other_from_being_done(
    spoilt: list[Path], alone: dict[str, tuple[dict[str, bytes], str]]
) -> None:
    a, b, c = spoilt
    result = run(*FACE, *spoilt, "--quiet")
    assert result.exit_code == 3
    head, fault, count, last = result.stderr.splitlines()
    assert head == f"{b} is not updated:"
    assert fault.startswith("study.yaml:6:8: focal: there is no hypothesis `stake`")
    assert count == "1 fault(s) in the study; nothing was computed."
    assert last == f"Not updated, for the reasons above: {b}"
    assert blocks(result)[-1] == f"Updated 2 of 3 studies: {a}, {c}"
    assert [bytes_of(path / RESULT) == alone[path.name][0] for path in (a, c)] == [True, True]
    assert not (b / "reports").exists()


def test_the_exit_code_is_that_of_the_first_that_was_not_updated(spoilt: list[Path], tmp_path: Path) -> None:
    a, b, _ = spoilt
    assert [run(*FACE, *some).exit_code for some in ((a, tmp_path / "no", b), (a, b, tmp_path / "no"))] == [5, 3]
    unknown = run(*FACE, a, b, "--profile", "nobody", "--lang", "zh")
    assert unknown.exit_code == 2
    assert unknown.stdout == ""
    assert f"{a} 未能更新：\n错误：priors/ 中没有名为“nobody”的先验设定" in unknown.stderr
    assert unknown.stderr.endswith(f"未更新（原因见上）：{a}、{b}\n")


def test_out_holds_a_folder_of_each_study_s_name(
    studies: list[Path], alone: dict[str, tuple[dict[str, bytes], str]], tmp_path: Path
) -> None:
    assert run("new", tmp_path / "b.book.xlsx", "--from", studies[1]).exit_code == 0
    (tmp_path / "link").symlink_to(studies[0])
    (tmp_path / "out").mkdir()
    (tmp_path / "out/c").write_text("in the way", encoding="utf-8")
    some = (tmp_path / "link", studies[0] / ".." / "b.book.xlsx", studies[2])
    result = run(*FACE, *some, "--out", tmp_path / "out")
    assert bytes_of(tmp_path / "out/link") == alone["a"][0]
    written = json.loads((tmp_path / "out/b.book/summary.json").read_text(encoding="utf-8"))
    assert written["cases"] == json.loads(alone["b"][0]["summary.json"])["cases"]
    assert result.exit_code == 5, "a folder that cannot be written is told of its study alone"
    assert f"{studies[2]} is not updated:\nError: " in result.stderr


def test_two_that_would_be_written_over_each_other_are_refused_before_anything_is_done(
    studies: list[Path], tmp_path: Path
) -> None:
    a, b, _ = studies
    for name in ("one.xlsx", "two.xlsx"):
        assert run("new", tmp_path / name, "--from", a).exit_code == 0
    (tmp_path / "other").mkdir()
    b.rename(tmp_path / "other/A")
    for some in (
        (a, tmp_path / "other" / ".." / "a"),
        (tmp_path / "one.xlsx", tmp_path / "two.xlsx"),
        (a, tmp_path / "other/A", "--out", tmp_path / "out"),
    ):
        result = run(*FACE, *some)
        assert result.exit_code == 2
        assert f"{some[0]} and {some[1]} would both be written to " in result.stderr
        assert result.stdout == ""
    assert not list(tmp_path.rglob("posterior.nc"))
    assert run(*FACE, a, tmp_path / "other/A").exit_code == 0, "side by side, each is written to itself"


def test_json_is_one_object_that_lists_each_as_it_was_given(
    spoilt: list[Path], alone: dict[str, tuple[dict[str, bytes], str]]
) -> None:
    told = json.loads(run(*FACE, *spoilt, "--json").stdout)
    assert told["update"] == 1
    a, b, c = told["studies"]
    assert b == {"path": spoilt[1].as_posix(), "exit_code": 3, "fault": b["fault"]}
    assert b["fault"].startswith("study.yaml:6:8: focal")
    for one, path in ((a, spoilt[0]), (c, spoilt[2])):
        assert one.pop("path") == path.as_posix()
        assert [Path(file).parent for file in one.pop("written")] == [path / RESULT] * 4
        assert one == json.loads(alone[path.name][0]["summary.json"])


def test_an_interruption_says_what_was_updated_and_leaves_the_rest_as_it_was(
    studies: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, calls = os.replace, []

    def interrupted(*paths: Path) -> None:
        calls.append(paths)
        if len(calls) > 4:
            raise KeyboardInterrupt
        replace(*paths)

    monkeypatch.setattr(results, "replace", interrupted)
    result = run(*FACE, *studies, "--json")
    assert result.exit_code == 130
    assert result.stderr.endswith(f"as it was.\nNot updated, for the reasons above: {studies[1]}, {studies[2]}\n")
    assert [one.get("exit_code") for one in json.loads(result.stdout)["studies"]] == [None, 130, 130]
    assert [(path / RESULT / "report.html").exists() for path in studies] == [True, False, False]


def test_a_bug_in_one_study_keeps_no_other_from_being_done(
    studies: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = api.draw

    def fails(posed: api.Posed, progress: Any, *told: Any) -> api.Drawn:
        progress(50, 100)
        if posed.study.digest() == api.read_study(studies[0]).digest():
            raise ZeroDivisionError("nothing left")
        return draw(posed, progress, *told)

    monkeypatch.setattr(api, "draw", fails)
    result = run(*FACE, *studies[:2])
    assert result.exit_code == 1
    assert "This is a fault of bayestrace, not of your study: ZeroDivisionError" in result.stderr
    assert "sampling" not in result.stderr, "without a terminal a line for each study will do"
    assert blocks(result)[-1] == f"Updated 1 of 2 studies: {studies[1]}"


def test_many_cases_and_a_failed_check_are_summed_up(studies: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excerpt, "CASES", 1)
    findings_of = api.findings_of
    failure = Finding("coders-aligned", "failure", {"coder": "neutral", "other": "critic"})
    monkeypatch.setattr(api, "findings_of", lambda tree: [failure, *findings_of(tree)])
    result = run(*FACE, *studies[:2])
    assert result.exit_code == 4
    assert "Stakes in 1 cases" in result.stdout
    assert result.stdout.count("CHECK FAILED: ") == 2
    assert result.stderr.splitlines()[-1].endswith(f"(exit code 4): {studies[0]}, {studies[1]}")


@contextmanager
def lent(_: str | None, workers: Farm) -> Iterator[Farm]:
    yield workers


def test_whichever_is_done_first_each_study_gets_its_own_draws(
    studies: list[Path], alone: dict[str, tuple[dict[str, bytes], str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farm, "connected", lambda address: lent(address, Backwards()))
    result = run(*FACE, *studies, "--scheduler", "tcp://here:1")
    assert [block.splitlines()[0] for block in blocks(result)[:-1]] == [
        f"{path}: A small study" for path in studies[::-1]
    ]
    assert blocks(result)[-1].endswith(f": {', '.join(map(str, studies))}"), "in the order given"
    assert [bytes_of(path / RESULT) == alone[path.name][0] for path in studies] == [True] * 3
    one = run(*FACE, studies[0], "--scheduler", "tcp://here:1", "--out", studies[0] / "one")
    assert one.exit_code == 0
    assert one.stderr.startswith("workers made 0 of 1 fits\n")
    assert bytes_of(studies[0] / "one") == alone["a"][0]


class _Ends(Backwards):
    """Loses the piece that was handed out last, and after the next meets a worker that runs another version."""

    def attempts(self, function: Any, pieces: Any) -> Any:
        for number, (place, found) in enumerate(super().attempts(function, pieces)):
            if number == 2:
                raise UsageFault("workers-other", workers="tcp://there:2")
            yield place, found if number else InputOutputFault("work-killed", address="tcp://here:1")


def test_a_piece_that_is_lost_costs_its_study_and_a_farm_that_is_of_no_use_the_rest(
    studies: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farm, "connected", lambda address: lent(address, _Ends()))
    result = run(*FACE, *studies, "--scheduler", "tcp://here:1", "--json")
    assert result.exit_code == 2, "that of the first in the order given, whichever came to nothing first"
    first, second, third = json.loads(result.stdout)["studies"]
    assert (first["exit_code"], third["exit_code"]) == (2, 5)
    assert "do not run this version" in first["fault"]
    assert second["written"]
    assert "lost with every worker" in third["fault"]
    assert f"{studies[2]} is not updated:\nError: A piece of work was lost" in result.stderr
    alone = run(*FACE, studies[0], "--scheduler", "tcp://here:1")
    assert alone.exit_code == 5
    assert "lost with every worker" in alone.stderr
