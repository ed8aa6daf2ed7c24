"""The whole way on a small study: compile, sample, write, and the same bytes again."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small_study import FILES, write

from bayestrace import api, results
from bayestrace.errors import BayestraceError
from bayestrace.inference import sampling
from bayestrace.report.content import read_content
from bayestrace.report.page import render

QUICK = ["--draws", "300", "--chains", "2", "--seed", "3"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from bayestrace.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small study and its result, sampled twice with one seed."""
    folder = write(tmp_path_factory.mktemp("model"), FILES)
    for name in ("a", "b"):
        done = run("update", str(folder), "--out", str(folder / name), *QUICK)
        # So few draws may fail a check (4); nothing else may go wrong.
        assert done.returncode in {0, 4}, done.stderr
        (folder / f"{name}.out").write_text(done.stdout, encoding="utf-8")
        (folder / f"{name}.err").write_text(done.stderr, encoding="utf-8")
    return folder


def test_same_seed_gives_the_same_bytes(fitted: Path) -> None:
    for path in (fitted / "a").iterdir():
        assert path.read_bytes() == (fitted / "b" / path.name).read_bytes(), path.name


def test_the_report_is_made_from_the_tree_alone(fitted: Path) -> None:
    tree = results.load(fitted / "a/posterior.nc")
    assert render(read_content(tree, "en")) == (fitted / "a/report.html").read_text(encoding="utf-8")


def test_progress_goes_to_stderr_and_the_table_to_stdout(fitted: Path) -> None:
    assert "sampling 1200 of 1200 draws" in (fitted / "a.err").read_text(encoding="utf-8")
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
    """The ledger keeps 200 of the draws, so the two agree within the noise of that thinning."""
    tree = results.load(fitted / "a/posterior.nc")
    problem, clusters = tree["problem"].to_dataset(), tree["clusters"].to_dataset()
    final = clusters["ledger_db"].sel(stage="reliability").values
    for place, case in enumerate(problem["case"].values):
        inside = (problem["case_of_cluster"].values == place) & (clusters["size"].values > 0)
        total = final[inside].sum(axis=0)
        stated = tree["cases"].to_dataset()["weight_db"].sel(stat="mean", case=case).values
        assert total[0] - total[1:] == pytest.approx(stated[0, 1:], abs=0.5)


def test_an_interrupt_leaves_what_was_there(fitted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = api.read_study(fitted)

    def cut_short(*_: object, **options: object) -> None:
        callback = options["callback"]
        assert callable(callback)
        callback(trace=None, draw=None)

    monkeypatch.setattr("bayestrace.inference.sampling.is_compiled", lambda _: True)
    monkeypatch.setattr("bayestrace.inference.sampling.pm.sample", cut_short)
    with pytest.raises(KeyboardInterrupt):
        api.update(study, api.Options(draws=300, chains=2))


@pytest.mark.parametrize("tenths", [1, 6])
def test_ctrl_c_while_sampling_ends_in_130_and_changes_nothing(fitted: Path, tenths: int) -> None:
    before = {path.name: path.read_bytes() for path in (fitted / "a").iterdir()}
    command = [sys.executable, "-c", "from bayestrace.cli import main; main()", "update", str(fitted)]
    command += ["--out", str(fitted / "a"), "--draws", "20000", "--chains", "2"]
    tenth = f"sampling {tenths * 2 * (20_000 + sampling.TUNE) // 10} of"
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = ""
        while tenth not in said and (line := process.stderr.readline()):
            said += line
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=120)
    assert process.returncode == 130, said + rest
    assert "Traceback" not in rest
    assert {path.name: path.read_bytes() for path in (fitted / "a").iterdir()} == before


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
    with pytest.raises(BayestraceError, match="make it again with: bayestrace update"):
        results.load(broken)


def test_the_manifest_names_what_was_run(fitted: Path) -> None:
    manifest = json.loads((fitted / "a/manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["seed"] == 3
    assert manifest["settings"]["draws"] == 300
    assert "study.yaml" in manifest["inputs"]
