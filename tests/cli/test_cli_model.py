"""The whole way on a small study: compile, sample, write, and the same bytes again."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_study import FILES, write

from bayestrace import api, results
from bayestrace.errors import BayestraceError
from bayestrace.inference import sampling
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render

QUICK = ["--draws", "100", "--chains", "2", "--seed", "3"]


RUN = "from bayestrace.cli import main; main()"
# What is started in the background of a shell ignores the signal, and so would all that it starts.
INTERRUPTIBLE = f"import signal; signal.signal(signal.SIGINT, signal.default_int_handler); {RUN}"
ON_ONE_CORE = f"import os; os.cpu_count = lambda: 1; {RUN}"


@pytest.fixture(scope="module", name="scratch")
def _scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder for temporary files of the programs that run here."""
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory, scratch: Path) -> Path:
    """A folder with the small study and its result, sampled with one seed, and again with it on one core."""
    folder = write(tmp_path_factory.mktemp("model"), FILES)
    for name, script in (("a", RUN), ("b", ON_ONE_CORE)):
        command = [sys.executable, "-c", script, "update", str(folder), "--out", str(folder / name), *QUICK]
        environment = os.environ | {"TMPDIR": str(scratch)}
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        # So few draws may fail a check (4); nothing else may go wrong.
        assert done.returncode in {0, 4}, done.stderr
        (folder / f"{name}.out").write_text(done.stdout, encoding="utf-8")
        (folder / f"{name}.err").write_text(done.stderr, encoding="utf-8")
    return folder


def test_same_seed_gives_the_same_bytes_whatever_the_number_of_cores(fitted: Path) -> None:
    for path in (fitted / "a").iterdir():
        assert path.read_bytes() == (fitted / "b" / path.name).read_bytes(), path.name


@pytest.mark.usefixtures("fitted")
def test_nothing_stays_in_the_folder_for_temporary_files(scratch: Path) -> None:
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("flags", "folder", "sources"),
    [
        ("", None, None),
        ("base_compiledir=/here,floatX=float64", "/here", "/here/generated"),
        (" generated_src_dir=/there , base_compiledir=/here", "/here", "/there"),
    ],
)
def test_the_compiler_keeps_to_its_folder(
    flags: str, folder: str | None, sources: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTENSOR_FLAGS", flags)
    found = api.compile_cache()
    given = dict(flag.strip().split("=") for flag in os.environ["PYTENSOR_FLAGS"].split(","))
    assert given["base_compiledir"] == str(found) == (folder or str(found))
    assert given["generated_src_dir"] == (sources or str(found / "generated"))
    assert ("floatX" in given) == ("floatX" in flags)


def test_the_report_is_made_from_the_tree_alone(fitted: Path) -> None:
    tree = results.load(fitted / "a/posterior.nc")
    assert render(read_content(tree, "en"), live.island(tree)) == (fitted / "a/report.html").read_text(encoding="utf-8")


def test_progress_goes_to_stderr_and_the_table_to_stdout(fitted: Path) -> None:
    assert "sampling 600 of 600 draws" in (fitted / "a.err").read_text(encoding="utf-8")
    out = (fitted / "a.out").read_text(encoding="utf-8")
    assert "94 %" in out
    assert "sampling" not in out


def test_probabilities_and_ledgers_add_up(fitted: Path) -> None:
    tree = results.load(fitted / "a/posterior.nc")
    cases = tree["cases"].to_dataset()
    total = cases["probability"].sel(stat="mean").sum("hypothesis").values
    assert total == pytest.approx(1.0, abs=1e-12)
    weights = cases["weight_db"].sel(stat="mean").values
    assert weights == pytest.approx(-weights.transpose(0, 2, 1), abs=1e-9)
    counts = tree["joint"].to_dataset()
    assert counts["count"].sum("cases_explained").values == pytest.approx(1.0, abs=1e-12)
    assert counts["at_least"].isel(cases_explained=0).values == pytest.approx(1.0, abs=1e-12)


def test_the_case_weight_is_the_sum_of_its_clusters(fitted: Path) -> None:
    """The ledger keeps no more than 200 of the draws."""
    tree = results.load(fitted / "a/posterior.nc")
    problem, clusters = tree["problem"].to_dataset(), tree["clusters"].to_dataset()
    final = clusters["ledger_db"].sel(stage="reliability").values
    for place, case in enumerate(problem["case"].values):
        inside = (problem["case_of_cluster"].values == place) & (clusters["size"].values > 0)
        total = final[inside].sum(axis=0)
        stated = tree["cases"].to_dataset()["weight_db"].sel(stat="mean", case=case).values
        assert total[0] - total[1:] == pytest.approx(stated[0, 1:], abs=0.5)


@pytest.mark.parametrize(("tenths", "everybody"), [(1, True), pytest.param(3, False, marks=pytest.mark.long)])
def test_ctrl_c_while_sampling_ends_in_130_and_changes_nothing(fitted: Path, tenths: int, *, everybody: bool) -> None:
    """A terminal interrupts the processes of the chains too; who sends the signal by hand does not."""
    before = {path.name: path.read_bytes() for path in (fitted / "a").iterdir()}
    command = [sys.executable, "-c", INTERRUPTIBLE, "update", str(fitted), "--out", str(fitted / "a")]
    # Enough that seconds of sampling are still to come when the signal does.
    command += ["--draws", "4000", "--chains", "2"]
    total = 2 * (4000 + sampling.TUNE)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        done, said = 0, ""
        while 10 * done < tenths * total and (line := process.stderr.readline()):
            said += line
            told = re.match(rf"sampling (\d+) of {total}", line)
            done = int(told[1]) if told else done
        (os.killpg if everybody else os.kill)(process.pid, signal.SIGINT)
        _, rest = process.communicate(timeout=120)
    assert done, said + rest
    assert process.returncode == 130, said + rest
    assert "Traceback" not in rest
    assert {path.name: path.read_bytes() for path in (fitted / "a").iterdir()} == before
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_one_coder_without_ranges_gets_face_value_and_is_told_why(fitted: Path) -> None:
    study = api.read_study(fitted)
    bare = study.codings[0].model_copy(
        update={
            "judgements": tuple(
                judgement.model_copy(
                    update={
                        "weights": tuple(w.model_copy(update={"low": None, "high": None}) for w in judgement.weights)
                    }
                )
                for judgement in study.codings[0].judgements
            )
        }
    )
    tree = api.update(study.model_copy(update={"codings": (bare,)}), api.Options())
    assert tree.attrs["kind"] == "face-value"
    assert "nothing-learned" in {finding.slug for finding in api.findings_of(tree)}


def test_a_truncated_result_is_refused_in_words(fitted: Path, tmp_path: Path) -> None:
    broken = tmp_path / "posterior.nc"
    broken.write_bytes((fitted / "a/posterior.nc").read_bytes()[:1000])
    with pytest.raises(BayestraceError, match="Make it again with: bayestrace update"):
        results.load(broken)


def test_the_manifest_names_what_was_run(fitted: Path) -> None:
    manifest = json.loads((fitted / "a/manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["seed"] == 3
    assert manifest["settings"]["draws"] == 100
    assert "study.yaml" in manifest["inputs"]
