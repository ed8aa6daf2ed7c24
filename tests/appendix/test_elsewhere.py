"""What other programs make of an appendix: LibreOffice of the Word document, R of the tables and the draws."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_study import FILES, write

from bayestrace.cli import main

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "examples" / "r" / "read-results.R"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of the model, of few draws."""
    folder = write(tmp_path_factory.mktemp("fitted"), FILES)
    done = CliRunner().invoke(main, ["update", str(folder), "--draws", "100", "--chains", "2"])
    assert done.exit_code in {0, 4}, done.output  # so few draws need not converge
    return folder / "reports/article-reference"


@pytest.fixture(scope="module")
def rscript() -> str:
    """Find R with what it reads results with."""
    found = shutil.which("Rscript")
    if found is None:
        pytest.skip("Rscript is not installed")
    if subprocess.run([found, "-e", "library(ncdf4)"], capture_output=True, check=False).returncode:
        pytest.skip("R has no package ncdf4")
    return found


@pytest.fixture(scope="module")
def office() -> str:
    """Find LibreOffice."""
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("LibreOffice is not installed")
    return found


# The program that reads it comes first: without it no result is made.
def test_r_reads_tables_and_draws_and_finds_the_same_numbers(rscript: str, result: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["appendix", str(result), "--csv", str(tmp_path / "tables")])
    assert done.exit_code == 0, done.output
    command = [rscript, str(SCRIPT), str(tmp_path / "tables"), str(result / "posterior.nc")]
    read = subprocess.run(command, capture_output=True, check=False, text=True, timeout=120)
    assert read.returncode == 0, read.stderr
    assert read.stdout.endswith("Tables and draws agree.\n")
    summary = json.loads((result / "summary.json").read_bytes())
    for case in summary["cases"]:
        for row in case["hypotheses"]:
            (line,) = (
                line.split()
                for line in read.stdout.splitlines()
                if line.split()[1:3] == [case["case"], row["hypothesis"]]
            )
            assert float(line[3]) == pytest.approx(row["pooled"], abs=1e-9)
            assert float(line[6]) == pytest.approx(row["unpooled"], abs=1e-9)


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.long)])
def test_libreoffice_opens_the_word_document(office: str, result: Path, tmp_path: Path, lang: str) -> None:
    """Whether Word does was not tried: the docs say so."""
    file = tmp_path / "appendix.docx"
    done = CliRunner().invoke(main, ["appendix", str(result), "--docx", str(file), "--lang", lang])
    assert done.exit_code == 0, done.output
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    for ending in ("pdf", "txt:Text (encoded):UTF8"):
        command = [office, home, "--headless", "--convert-to", ending, "--outdir", str(tmp_path), str(file)]
        subprocess.run(command, capture_output=True, check=True, timeout=280)
    assert (tmp_path / "appendix.pdf").read_bytes().startswith(b"%PDF")
    text = (tmp_path / "appendix.txt").read_text(encoding="utf-8-sig")
    said = {"en": ("Data overview", "one-buys: It buys"), "zh": ("数据概述", "one-buys：购买")}
    assert [piece for piece in said[lang] if piece not in text] == []
