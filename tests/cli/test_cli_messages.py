"""What the program says and how it ends: table, sentence, faults, exit codes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_study import FILES, SOUGHT, write

from bayestrace import api
from bayestrace.cli import main, show
from bayestrace.cli.words import WORDS
from bayestrace.messages import Lang
from bayestrace.messages.findings import FINDINGS
from bayestrace.messages.refusals import REFUSALS

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def copied(folder: Path) -> Path:
    folder.mkdir()
    for name, content in api.input_files(ROOT).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A copy of the real study that a test may spoil."""
    return copied(tmp_path / "study")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The folder that a study and its result at face value are in, and what was said of it."""
    folder = tmp_path_factory.mktemp("messages")
    result = run("update", str(copied(folder / "study")), "--face-value")
    assert result.exit_code == 0, result.stderr
    return folder / "study/reports/article-reference", result


def test_check_counts_what_it_read(study: Path) -> None:
    result = run("check", str(study))
    assert result.exit_code == 0
    assert "112 observations in 4 cases, 4 coders, 73 sources, 7 prior profiles" in result.stdout


def test_check_counts_clues_searches_and_candidates_where_there_are_any(tmp_path: Path) -> None:
    folder = str(write(tmp_path / "sought", SOUGHT))
    assert run("check", folder).stdout.endswith(
        "2 prior profiles. Clues: 4, sought 5 times. Candidates to seek next: 2.\n"
    )
    chinese = run("check", folder, "--lang", "zh").stdout
    assert chinese.endswith("2 种先验设定。线索 4 条，共查找 5 次。下一步可寻的候选证据 2 项。\n")
    counts = json.loads(run("check", folder, "--json").stdout)
    assert (counts["clues"], counts["searches"], counts["candidates"]) == (4, 5, 2)
    plain = json.loads(run("check", str(write(tmp_path / "plain", FILES)), "--json").stdout)
    assert not {"clues", "searches", "candidates"} & {*plain}


def test_check_names_coders_of_whom_there_is_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "study", FILES)
    assert "Declared, and" not in run("check", str(folder)).stdout
    (folder / "evidence/codings/critic-weights.csv").rename(tmp_path / "elsewhere.csv")
    assert run("check", str(folder)).stdout.endswith("Declared, and nothing stated yet: critic.\n")
    assert "已声明而尚无编码：critic。" in run("check", str(folder), "--lang", "zh").stdout
    assert json.loads(run("check", str(folder), "--json").stdout)["silent"] == ["critic"]


def test_candidates_are_among_the_files_of_a_study(tmp_path: Path) -> None:
    assert set(api.input_files(write(tmp_path, SOUGHT))) == set(SOUGHT)


def test_check_lists_every_fault_in_words_and_as_json(study: Path) -> None:
    text = (study / "study.yaml").read_text(encoding="utf-8")
    (study / "study.yaml").write_text(text.replace("focal: stakes", "focal: stake", 1), encoding="utf-8")
    weights = study / "evidence/codings/neutral-weights.csv"
    weights.write_text(
        weights.read_text(encoding="utf-8").replace("bargaining,-", "bargaining,x-", 1), encoding="utf-8"
    )
    result = run("check", str(study))
    assert result.exit_code == 3
    assert result.stdout == ""
    assert "study.yaml:" in result.stderr
    assert "neutral-weights.csv:2:" in result.stderr
    assert "2 fault(s)" in result.stderr
    listed = json.loads(run("check", str(study), "--json").stdout)
    assert [fault["file"] for fault in listed["faults"]] == ["evidence/codings/neutral-weights.csv", "study.yaml"]


def test_faults_are_worded_in_chinese(study: Path) -> None:
    (study / "priors/reference.yaml").write_text("name: x\nwhy: y\npriro: equal\n", encoding="utf-8")
    result = run("update", str(study), "--face-value", "--lang", "zh")
    assert result.exit_code == 3
    assert "处错误" in result.stderr
    assert "prior" in result.stderr


def test_what_the_system_says_and_lists_of_names_are_chinese_too(study: Path, tmp_path: Path) -> None:
    gone = run("collect", str(tmp_path / "gone.xlsx"), "--study", str(study), "--lang", "zh")
    assert gone.exit_code == 5
    assert gone.stderr.startswith("错误：")
    assert "无法读取（没有这个文件或文件夹）" in gone.stderr
    assert "(No such file or directory)" in run("collect", str(tmp_path / "gone.xlsx"), "--study", str(study)).stderr
    unknown = run("update", str(study), "--hypotheses", "artcle", "--face-value", "--lang", "zh")
    assert "是否指“article”？；现有：article、extended。" in unknown.stderr


def test_face_value_prints_the_table_and_writes_four_files(made: tuple[Path, Result]) -> None:
    folder, result = made
    assert "US–Japan under Trump" in result.stdout
    assert ".922" in result.stdout
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["manifest.json", "posterior.nc", "report.html", "summary.json"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["outputs"]) == {"posterior.nc", "report.html", "summary.json"}
    assert "evidence/us-japan-trump.yaml" in manifest["inputs"]


def test_same_inputs_give_the_same_bytes_and_json_holds_what_the_summary_file_holds(
    made: tuple[Path, Result], study: Path, tmp_path: Path
) -> None:
    again = run("update", str(study), "--face-value", "--json", "--quiet", "--out", str(tmp_path / "again"))
    assert again.stderr == ""
    for path in sorted(made[0].iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
    printed = json.loads(again.stdout)
    written = printed.pop("written")
    assert [Path(path).name for path in written] == ["posterior.nc", "report.html", "summary.json", "manifest.json"]
    assert printed == json.loads((made[0] / "summary.json").read_text(encoding="utf-8"))


def test_no_output_names_the_folder_of_the_study(made: tuple[Path, Result]) -> None:
    folder = made[0]
    for path in folder.iterdir():
        assert str(folder.parents[2]).encode() not in path.read_bytes(), path.name


def test_a_time_comes_from_source_date_epoch_alone(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run("update", str(study), "--face-value", "--out", str(tmp_path / "a"))
    assert json.loads((tmp_path / "a/manifest.json").read_text(encoding="utf-8"))["source_date_epoch"] == "1700000000"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["update", "--profile", "refrence"], 2, "did you mean 'reference'"),
        (["update", "--hypotheses", "artcle"], 2, "did you mean 'article'"),
        (["update", "--coders", "nobody"], 2, "it has neutral, bargaining"),
        (["update", "--coders", ","], 2, "at least one coder is needed"),
        (["update", "--draws", "many"], 2, "not a valid integer"),
        (["update", "--profil", "x"], 2, "--profile"),
        (["chek"], 2, "check"),
    ],
)
def test_wrong_usage_says_what_was_expected(study: Path, arguments: list[str], code: int, said: str) -> None:
    result = run(
        *arguments[:1],
        *([str(study)] if arguments[0] == "update" else []),
        *arguments[1:],
        *["--face-value"][: arguments[0] == "update"],
    )
    assert result.exit_code == code, result.output
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_without_a_study_is_an_input_fault(tmp_path: Path) -> None:
    result = run("update", str(tmp_path))
    assert result.exit_code == 5
    assert "study.yaml" in result.stderr


def test_an_unwritable_target_is_an_output_fault_and_keeps_the_old_result(study: Path, tmp_path: Path) -> None:
    target = tmp_path / "taken"
    target.write_text("mine", encoding="utf-8")
    result = run("update", str(study), "--face-value", "--out", str(target))
    assert result.exit_code in {2, 5}
    assert target.read_text(encoding="utf-8") == "mine"


def test_a_crash_while_writing_keeps_the_old_files(
    made: tuple[Path, Result], study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(made[0], tmp_path / "a")
    before = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bayestrace.results.replace", interrupt)
    result = run("update", str(study), "--face-value", "--profile", "sceptical", "--out", str(tmp_path / "a"))
    assert result.exit_code == 130
    assert {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()} == before


def test_a_bug_ends_in_exit_code_1_and_asks_for_a_report(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bayestrace.posed.encode", fail)
    result = run("update", str(study), "--face-value")
    assert result.exit_code == 1
    assert "fault of bayestrace" in result.stderr


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_sentence_names_each_leader(made: tuple[Path, Result], lang: Lang) -> None:
    found = api.read_study(made[0].parents[1])
    summary = json.loads((made[0] / "summary.json").read_text(encoding="utf-8"))
    said = show.sentence(summary, found, lang)
    for case in found.cases.values():
        assert case.name(lang) in said
    assert ("none of the 4 cases" in said) == (lang == "en")


def test_the_environment_may_choose_the_language(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BAYESTRACE_LANG", "zh")
    assert "未发现错误" in run("check", str(study)).stdout
    assert "no fault" in run("check", str(study), "--lang", "en").stdout
    assert "错误：" in run("check", str(study / "none")).stderr
    assert "Error:" in run("check", str(study / "none"), "--lang=en").stderr
    made = run("sheet", str(study), "--coder", "new", "--workbook", "--out", str(study / "sheets"))
    assert "编码表" in made.stdout
    monkeypatch.setenv("BAYESTRACE_LANG", "en")
    assert "错误：" in run("check", str(study / "none"), "--lang", "zh").stderr
    assert "Error:" in run("collect", "none.xlsx", "--coder", "zh", "--study", str(study / "none")).stderr


def test_each_analysis_is_told_in_words() -> None:
    from bayestrace.sensitivity.run import ANALYSES  # noqa: PLC0415 - loads much

    assert {key.removeprefix("analysis-") for key in WORDS if key.startswith("analysis-")} == {*ANALYSES}


def test_every_message_is_in_both_languages() -> None:
    for key, both in {**WORDS, **FINDINGS, **REFUSALS}.items():
        assert both.en, key
        assert both.zh, key


@pytest.mark.parametrize(
    ("value", "printed"),
    [(0.5, ".500"), (0.9989, ".999"), (0.9995, "1999:1"), (1.0, ">10^6:1"), (0.0001, "<.001"), (0.0, "<.001")],
)
def test_certainty_is_never_printed_as_one(value: float, printed: str) -> None:
    assert show.probability(value) == printed


def test_start_up_loads_no_heavy_library() -> None:
    script = (
        "import sys, bayestrace, bayestrace.cli; print(sorted({'pymc', 'arviz', 'numpy', 'xarray'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.strip() == "[]"


def test_a_check_loads_no_labelled_arrays() -> None:
    script = (
        "import sys; from bayestrace.cli import main; main(['check', '--json'], standalone_mode=False); "
        "print(sorted({'pandas', 'xarray'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "[]"
