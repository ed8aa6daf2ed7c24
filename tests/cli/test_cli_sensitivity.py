"""`bayestrace sensitivity`: what it prints, writes, refuses, and when it updates first."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner, Result
from simple_study import EVEN_PRIOR, SIMPLE
from small_study import write

from bayestrace import results
from bayestrace.cli import main, sensitivity

QUICK = ("--face-value", "--only", "focal_prior")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["sensitivity", *map(str, arguments)])


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write(tmp_path / "study", SIMPLE)


def test_it_says_what_one_must_believe_in_both_languages(study: Path) -> None:
    result = run(study, *QUICK, "--only", "overconfidence")
    assert result.exit_code == 0, result.output
    lowered = (
        "“Stakes” leads One unless its prior probability falls to 20\u00a0% from 50\u00a0%; then “Bargaining” leads."
    )
    assert lowered in result.stdout
    leaned = "If every coder leaned 3.0\u00a0dB per observation towards “Stakes”, “Bargaining” would lead One."
    assert leaned in result.stdout
    assert result.stdout.index("Another explanation would lead:") < result.stdout.index("The leader stays:")
    chinese = run(study, *QUICK, "--lang", "zh")  # what was made before is said too
    assert "若每位编码者在每条观察上都偏向“Stakes”3.0分贝，则“Bargaining”在One居首。" in chinese.stdout
    assert "居首的解释会改变" in chinese.stdout


def test_a_result_that_fits_is_taken_and_kept_whole(study: Path) -> None:
    first = run(study, *QUICK)
    assert "updating first" in first.stderr
    folder = study / "reports/article-reference"
    before = sorted(path.name for path in folder.iterdir())
    assert before == ["manifest.json", "posterior.nc", "report.html", "summary.json"]
    again = run(study, "--face-value", "--only", "limits")
    assert "updating first" not in again.stderr
    with xr.open_datatree(folder / "posterior.nc", engine="netcdf4") as tree:
        assert {"base", "focal_prior", "limits"} == set(tree["sensitivity"].children)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "What would change the answer" in page
    section = page.partition("id=sensitivity ")[2].partition("id=health ")[0]
    assert section
    assert "bayestrace sensitivity" not in section


def test_a_study_that_has_changed_is_updated_first(study: Path) -> None:
    run(study, *QUICK)
    weights = study / "evidence/codings/critic-weights.csv"
    weights.write_text(weights.read_text(encoding="utf-8").replace(",4,", ",8,"), encoding="utf-8")
    assert "updating first" in run(study, *QUICK).stderr


def test_an_update_without_it_names_the_command(study: Path) -> None:
    CliRunner().invoke(main, ["update", str(study), "--face-value"])
    page = (study / "reports/article-reference/report.html").read_text(encoding="utf-8")
    assert "<code>bayestrace sensitivity --hypotheses article --profile reference --face-value</code>" in page


def test_json_has_the_flip_points_and_the_sentences(study: Path, tmp_path: Path) -> None:
    result = run(study, *QUICK, "--json", "--quiet", "--csv", tmp_path / "tables")
    assert result.stderr == ""
    printed = json.loads(result.stdout)
    assert (printed["sensitivity"], printed["set"], printed["kind"]) == (1, "article", "face-value")
    (flip,) = [one for one in printed["flip_points"] if one["hypothesis_raised"] == "stakes"]
    assert (flip["analysis"], flip["case"], flip["to"]) == ("focal_prior", "one", "bargaining")
    assert flip["at"] == pytest.approx(EVEN_PRIOR, abs=1e-3)
    assert any("leads One unless" in one["text"] and one["flips"] for one in printed["sentences"])
    assert {Path(path).name for path in printed["written"]} >= {"posterior.nc", "focal_prior.csv"}


def test_json_says_what_share_of_a_multiverse_is_not_to_be_believed(study: Path) -> None:
    run(study, *QUICK)
    file = study / "reports/article-reference/posterior.nc"
    tree = results.load(file)
    leads = xr.Dataset({"probability": (("specification", "case", "hypothesis"), np.full((8, 1, 2), 0.5))})
    tree["sensitivity/multiverse"] = xr.DataTree(leads.assign_attrs(unreliable=0.25, focal="stakes"))
    told = sensitivity._data(tree, [], "en")  # noqa: SLF001 - a multiverse takes minutes to make
    assert told["multiverse"] == {"specifications": 8, "unreliable": 0.25}


def test_tables_are_for_spreadsheets(study: Path, tmp_path: Path) -> None:
    run(study, *QUICK, "--csv", tmp_path / "tables")
    content = (tmp_path / "tables/focal_prior.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {row["hypothesis_raised"] for row in rows} == {"stakes", "bargaining"}
    assert all(0.0 <= float(row["probability"]) <= 1.0 for row in rows)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "kapa"], "did you mean 'kappa'"),
        (["--profile", "refrence"], "did you mean 'reference'"),
        (["--hypotheses", "artcle"], "did you mean 'article'"),
        (["--only", "multiverse"], "not at face value"),
    ],
)
def test_what_cannot_be_meant_is_refused(study: Path, arguments: list[str], said: str) -> None:
    result = run(study, "--face-value", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_a_file_that_is_no_result_is_made_anew(study: Path) -> None:
    folder = study / "reports/article-reference"
    folder.mkdir(parents=True)
    (folder / "posterior.nc").write_text("nothing", encoding="utf-8")
    assert run(study, *QUICK).exit_code == 0
