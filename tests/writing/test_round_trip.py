"""Files, sheets and study: whichever way round, not one number or letter of the study changes."""

import csv
import io
import json
import os
import random
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_study import FILES, OVERLAPPING, SOUGHT, write
from study_factory import make_profile, studies

from bayestrace.errors import UsageFault
from bayestrace.reading import read_study
from bayestrace.reading.text import restored
from bayestrace.study import Judgement, Study, Text
from bayestrace.study.basis import Frozen
from bayestrace.writing import files, workbook
from bayestrace.writing.cells import keeps, number, safe

ROOT = Path(__file__).parents[2]
STUDIES: dict[str, Callable[[Path], Path]] = {
    "the study": lambda _: ROOT,
    "electoral systems": lambda _: ROOT / "examples" / "electoral-systems",
    "small": lambda folder: write(folder, FILES),
    "clues": lambda folder: write(folder, SOUGHT),
    "theories": lambda folder: write(folder, OVERLAPPING),
}

#: Texts that YAML, CSV or a spreadsheet would take for something else.
TRICKY = (
    "=1+1", "+3 dB", "-5", "@name", "'=1+1", "''=x", "'tis", "null", "true", "1e5", "0x10", "1_000", "2017-11-03",
    "- a", "# no comment", "a: b", "{a: b}", "[1, 2]", '"quoted"', "it's", "  two  ", "line\nbreak", "line\n\n  two ",
    "a;b",
    "a,b", "tab\there", "_x0041_", "&amp; <b>", "%s", "中文：破折号——", "𝒳 emoji 🙂", "\u00a0x\u00a0", "NA",
    "#N/A", "TRUE", "\\", "a\\nb", "`x`", "!tag", "*", "&a", "|", ">", "?", "~", "x" * 400, "long word " * 40,
)  # fmt: skip
NUMBERS = (0.1 + 0.2, 1e-300, 1e4, 2345.678901234567, -0.0, 1 / 3, 3.0, -1e4, 1234.0567890123456, 0.0)


def back_from_folder(study: Study, folder: Path) -> Study:
    return read_study(write(folder, files(study)))


def back_from_workbook(study: Study, folder: Path) -> Study:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "x.xlsx").write_bytes(workbook(study))
    return read_study(folder / "x.xlsx")


def same(study: Study, other: Study) -> None:
    assert other.canonical() == study.canonical()
    for one, two in (
        (study.hypotheses, other.hypotheses),
        (study.cases, other.cases),
        (study.mechanism.steps, other.mechanism.steps),
    ):
        assert list(one) == list(two), "what counts by its order keeps it"


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_comes_back_from_files_and_from_sheets(tmp_path: Path, name: str) -> None:
    study = read_study(STUDIES[name](tmp_path / "start"))
    once = back_from_folder(study, tmp_path / "folder")
    same(study, once)
    twice = back_from_workbook(once, tmp_path)
    same(study, twice)
    written, again = files(study), files(twice)
    sources = "evidence/sources.json"
    assert json.loads(written.pop(sources)) == json.loads(again.pop(sources))
    assert again == written


def spiced(value: Any, dice: random.Random, letters: str) -> Any:
    """Give a model in which texts are replaced by ones that are easily mistaken."""
    if isinstance(value, Text):
        return Text(en=dice.choice([*TRICKY, letters]), zh=dice.choice([None, *TRICKY, letters]))
    if isinstance(value, Frozen):
        return value.model_copy(update={name: spiced(each, dice, letters) for name, each in value})
    if isinstance(value, Mapping):
        return {key: spiced(each, dice, letters) for key, each in value.items()}
    return tuple(spiced(each, dice, letters) for each in value) if isinstance(value, tuple) else value


def reasoned(study: Study, dice: random.Random) -> Study:
    """Give the study with reasons and weights that are easily mistaken, too."""

    def judged(judgement: Judgement) -> Judgement:
        weights = tuple(
            weight.model_copy(update={"best": best, "low": best, "high": best})
            for weight in judgement.weights
            for best in [dice.choice(NUMBERS)]
        )
        rationale = dice.choice([None, *(text for text in TRICKY if text == text.strip())])
        return judgement.model_copy(update={"weights": weights, "rationale": rationale})

    codings = tuple(
        coding.model_copy(update={"judgements": tuple(map(judged, coding.judgements))}) for coding in study.codings
    )
    first, second, *_ = study.hypotheses
    kappa: tuple[float, float] | float = (0.1 + 0.2, 1e3) if dice.random() < 0.5 else 0.0
    profile = make_profile(prior={first: 1 / 3, second: 2.0}, kappa=kappa)
    return study.model_copy(update={"codings": codings, "profiles": {"made": profile}})


_LETTERS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff"), min_size=1, max_size=30
).filter(str.strip)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(studies(), st.integers(0, 2**32), _LETTERS)
def test_any_study_comes_back(tmp_path_factory: pytest.TempPathFactory, study: Study, seed: int, letters: str) -> None:
    folder = tmp_path_factory.mktemp("r")
    dice = random.Random(seed)  # noqa: S311 - no secret
    study = reasoned(spiced(study, dice, letters), dice)
    scale = study.scale.model_copy(
        update={
            "anchors": tuple(
                each.model_copy(update={"word": Text(en=f"w{at}")}) for at, each in enumerate(study.scale.anchors)
            )
        }
    )
    study = study.model_copy(update={"scale": scale})  # words of the scale must differ
    same(study, back_from_folder(study, folder / "f"))
    same(study, back_from_workbook(study, folder))


def test_the_same_study_gives_the_same_bytes(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, SOUGHT))
    assert workbook(study) == workbook(study)
    assert workbook(study) != workbook(study, "zh")


@given(st.text())
def test_an_apostrophe_that_was_put_before_is_taken_off(text: str) -> None:
    assert restored(safe(text)) == text
    assert not re.match(r"[=+\-@\t\r]", safe(text))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_so_that_it_is_read_exactly(value: float) -> None:
    assert repr(float(number(value))) == repr(value)
    assert not keeps(value) or repr(float(f"{value:.15g}")) == repr(value)


def tricky_study(tmp_path: Path) -> Study:
    study = read_study(write(tmp_path / "start", SOUGHT))
    first = study.evidence[0].model_copy(update={"title": Text(en="=HYPERLINK(1)", zh="+cmd"), "claim": Text(en="@x")})
    search = study.searches[0].model_copy(update={"note": Text(en="-1+1", zh="=2")})
    return study.model_copy(
        update={"evidence": (first, *study.evidence[1:]), "searches": (search, *study.searches[1:])}
    )


def test_no_cell_of_a_csv_file_starts_a_formula(tmp_path: Path) -> None:
    study = reasoned(tricky_study(tmp_path), random.Random(1))  # noqa: S311 - no secret
    tables = {name: text for name, text in files(study).items() if name.endswith(".csv")}
    assert any("'=" in text or "'-" in text for text in tables.values())
    for text in tables.values():
        for cell in (cell for row in csv.reader(io.StringIO(text)) for cell in row):
            assert not cell.startswith(("=", "@", "\t", "\r"))
            if cell.startswith(("+", "-")):
                float(cell)


def test_no_cell_of_a_workbook_is_a_formula_or_becomes_one_when_edited(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(tricky_study(tmp_path)))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in text or "<f " in text for text in sheets)
    texts = re.findall(r"<si><t[^>]*>([^<]*)</t></si>", parts["xl/sharedStrings.xml"])
    looks = re.findall(r"<xf [^>]*>", parts["xl/styles.xml"].split("<cellXfs")[1])
    quoted = {str(at) for at, look in enumerate(looks) if 'quotePrefix="1"' in look}
    assert quoted
    dangerous = {str(at) for at, text in enumerate(texts) if re.match(r"[=+\-@]", text)}
    assert dangerous
    for text in sheets:
        for style, index in re.findall(r'<c r="[A-Z]+[0-9]+"(?: s="([0-9]+)")? t="s"><v>([0-9]+)</v>', text):
            assert index not in dangerous or style in quoted


def test_numbers_beyond_what_spreadsheets_keep_are_texts(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "start", FILES))
    weight = study.codings[0].judgements[0].weights[0].model_copy(update={"low": None, "high": None, "best": 0.1 + 0.2})
    judgement = study.codings[0].judgements[0].model_copy(update={"weights": (weight,)})
    coding = study.codings[0].model_copy(update={"judgements": (judgement,)})
    made = study.model_copy(update={"codings": (coding, *study.codings[1:])})
    assert b"0.30000000000000004" in zipfile.ZipFile(io.BytesIO(workbook(made))).read("xl/sharedStrings.xml")
    same(made, back_from_workbook(made, tmp_path / "b"))


@pytest.mark.parametrize("text", ["x" * 40_000, " \n "])
def test_a_text_that_no_cell_holds_is_refused_in_words(tmp_path: Path, text: str) -> None:
    study = read_study(write(tmp_path, FILES)).model_copy(update={"question": Text(en=text)})
    with pytest.raises(UsageFault, match="cannot stand in a cell of the sheet Study") as caught:
        workbook(study)
    assert "单元格" in caught.value.text("zh")
    same(study, back_from_folder(study, tmp_path / "f"))


ODD_SOURCES: tuple[dict[str, Any], ...] = (
    {"id": "a", "type": "book", "title": '"Quoted" title', "author": [{"family": "Only"}], "issued": {"raw": "spring"}},
    {"id": "b", "type": "book", "title": "[Untitled]", "issued": {"date-parts": [["2017", 3]]}, "volume": 12},
    {"id": "c", "type": "book", "title": "{x}", "author": [{"family": "A, B", "given": "C"}], "volume": 12.0, "n": 0},
    {"id": "d", "type": "book", "title": "1984", "issued": {"date-parts": [[2017, 1, 1], [2018]]}, "volume": "12"},
    {"id": "e", "type": "book", "title": " blanks ", "author": [], "note": "", "peer": True, " odd ": 1, "more": "x"},
    {"id": "f", "type": "book", "title": "=1", "author": [{"literal": "新华社"}, {"family": "彭", "given": "博"}]},
    {"id": "g", "type": "book", "title": "t", "issued": {"date-parts": [[1987]], "circa": 1}, "custom": {"a": [1.5]}},
)  # fmt: skip


def test_any_source_comes_back(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "start", FILES))
    odd = {each["id"]: each for each in ODD_SOURCES}
    study = study.model_copy(update={"sources": study.sources | odd})
    same(study, back_from_folder(study, tmp_path / "f"))
    same(study, back_from_workbook(study, tmp_path))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.long
def test_a_workbook_that_libreoffice_saved_is_the_same_study(tmp_path: Path) -> None:
    names = []
    for at, start in enumerate(STUDIES.values()):
        (tmp_path / f"{at}.xlsx").write_bytes(workbook(read_study(start(tmp_path / f"start{at}")), "zh"))
        names.append(f"{at}.xlsx")
    study = reasoned(tricky_study(tmp_path), random.Random(3))  # noqa: S311 - no secret
    (tmp_path / "tricky.xlsx").write_bytes(workbook(study))
    names.append("tricky.xlsx")
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", "out", *names],  # noqa: S607
        cwd=tmp_path,
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    for name in names:
        same(read_study(tmp_path / name), read_study(tmp_path / "out" / name))


def test_where_a_name_is_asked_for_cells_offer_those_that_there_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(read_study(write(tmp_path, SOUGHT))))) as archive:
        book = archive.read("xl/workbook.xml").decode()
        names = re.findall(r'<sheet name="([^"]+)"', book)
        parts = {name: archive.read(f"xl/worksheets/sheet{at}.xml").decode() for at, name in enumerate(names, start=1)}
    assert names[0] == "Read me"
    offered = {
        name: dict(re.findall(r'sqref="([A-Z]+)2:[^"]*"><formula1>([^<]*)</formula1>', text))
        for name, text in parts.items()
    }
    assert set(offered["Weights"].values()) == {
        "'Coders'!$A$2:$A$303",
        "'Observations'!$A$2:$A$305",
        "'Hypotheses'!$A$2:$A$303",
    }
    assert '"up,down,none"' in offered["Observations"].values()
    assert '"japan,korea"' in offered["Cases"].values()
    assert '"found,not-found,not-sought"' in offered["Searches"].values()
    assert not offered["Steps"], "there names are given, not chosen"
    assert all('state="frozen"' in text for name, text in parts.items() if name != "Read me")
