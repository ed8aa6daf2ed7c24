"""Reading REFI-QDA: quotations with their places, offsets as programs count them, stubs that name what they mean."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from archives import archive, codes, guid, project, selection, text_source
from click.testing import CliRunner
from small_study import FILES, write

from bayestrace.cli import main
from bayestrace.qda import Project, read_archive, read_project, stubs
from bayestrace.qda.positions import Reading, Span, settle
from bayestrace.reading import read_study
from bayestrace.writing import workbook

TEXT = "First line 😀 here.\r\nSecond line of the talk.\r\nThird one, and the last.\r\n"
QUOTES = ("First line", "Second line", "the talk", "Third one", "the last")


def spans(text: str, reading: Reading) -> list[Span]:
    plain = text.replace("\r\n", "\n") if reading.one_end else text
    places = [(plain.index(quote), plain.index(quote) + len(quote)) for quote in QUOTES]
    if reading.utf16:
        places = [(len(plain[:a].encode("utf-16-le")) // 2, len(plain[:b].encode("utf-16-le")) // 2) for a, b in places]
    return [Span(*place) for place in places]


@pytest.mark.parametrize("utf16", [False, True])
@pytest.mark.parametrize("one_end", [False, True])
def test_offsets_are_settled_by_where_words_end(utf16: bool, one_end: bool) -> None:  # noqa: FBT001 - a grid
    reading = Reading(utf16, one_end)
    counted, found, why = settle(TEXT, spans(TEXT, reading))
    assert (found, why) == (reading, "words")
    assert [counted.cut(span.start, span.end) for span in spans(TEXT, reading)] == list(QUOTES)


@pytest.mark.parametrize("utf16", [False, True])
def test_offsets_are_settled_by_the_quotations_text(utf16: bool) -> None:  # noqa: FBT001 - a grid
    reading = Reading(utf16, one_end=False)
    told = [span._replace(said=(quote,)) for span, quote in zip(spans(TEXT, reading), QUOTES, strict=True)][-1:]
    assert settle(TEXT, told)[1:] == (reading, "text")


def test_offsets_follow_the_standard_where_nothing_tells() -> None:
    text = "😀甲乙丙丁戊己庚辛"
    assert settle(text, [Span(2, 4)])[1:] == (Reading(utf16=False, one_end=False), "standard")
    assert settle("plain text", [Span(0, 5)])[2] == "same"


def read(path: Path, *parts: str, **texts: str | bytes) -> Project:
    return read_project(read_archive(archive(path / "p.qdpx", project(*parts), **texts)))


def test_a_project_is_read(tmp_path: Path) -> None:
    cases = f'<Cases><Case guid="{guid(70)}" name="North"><SelectionRef targetGUID="{guid(60)}"/></Case></Cases>'
    pdf = (
        f'<PDFSource guid="{guid(51)}" name="Cable.pdf" path="internal://x.pdf">'
        + selection(61, 0, 0, 1, tag="PDFSelection", more='page="3" firstX="1" firstY="2" secondX="3" secondY="4"')
        + "</PDFSource>"
    )
    audio = (
        f'<AudioSource guid="{guid(52)}" name="Talk">'
        + selection(62, 0, 0, 2, tag="AudioSelection", more='begin="61500" end="3700000"')
        + "</AudioSource>"
    )
    text = text_source(selection(60, 0, 5, 1, 2) + selection(63, 6, 99, 1) + selection(64, 0, 2))
    found = read(
        tmp_path, codes("Threat", "Price"), cases, f"<Sources>{text}{pdf}{audio}</Sources>", a="\ufeffHello you"
    )
    told = [(one.source, one.place, one.text, len(one.codes), len(one.cases)) for one in found.quotations]
    assert told == [
        ("Interview", "characters 0–5", "Hello", 2, 1),
        ("Interview", "characters 6–99", "", 1, 0),
        ("Cable.pdf", "page 3", "", 1, 0),
        ("Talk", "00:01:01.500–01:01:40.000", "", 1, 0),
    ]
    assert dict(+found.left) == {"position outside of the text": 1, "quotation without a code": 1}


def study_folder(folder: Path) -> Path:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_codes_mean_what_the_study_calls_so(tmp_path: Path) -> None:
    study = read_study(study_folder(tmp_path / "study"))
    step, words = next(iter(study.mechanism.steps.items()))
    case, named = next(iter(study.cases.items()))
    parts = (
        codes(words.name.en.upper(), "Mine", "Other"),
        f'<Cases><Case guid="{guid(70)}" name="{named.name.en}"><SourceRef targetGUID="{guid(50)}"/></Case></Cases>',
        f"<Sources>{text_source(selection(60, 0, 5, 1) + selection(61, 6, 9, 2) + selection(62, 0, 3, 3))}</Sources>",
    )
    made = stubs(read(tmp_path, *parts, a="Hello you"), study, {"Other": "skip"})
    assert list(made.files) == [f"{case}.yaml"]
    entries = yaml.safe_load(made.files[f"{case}.yaml"])["observations"]
    assert [(one["step"], one["claim"]) for one in entries] == [(step, "Hello"), ("TODO", "you")]
    assert made.unknown == ("Mine",)
    assert entries[0]["note"].startswith("Interview, characters 0–5.")
    assert stubs(read(tmp_path, *parts, a="Hello you"), study, {"Mine": f"step:{step}"}).unknown == ("Other",)


def test_the_command_never_writes_over_a_file(tmp_path: Path) -> None:
    folder = study_folder(tmp_path / "study")
    qdpx = tmp_path / "out.qdpx"
    assert CliRunner().invoke(main, ["export-qda", str(folder), "--qdpx", str(qdpx)]).exit_code == 0
    before = {path: path.read_bytes() for path in (folder / "evidence").glob("*.yaml")}
    asked = ["import-qda", str(qdpx), "--study", str(folder), "--json"]
    run = CliRunner().invoke(main, asked)
    assert run.exit_code == 0, run.output
    assert {path: path.read_bytes() for path in before} == before
    assert any(path.name.endswith("-qda.yaml") for path in (folder / "evidence").iterdir())
    wrong = CliRunner().invoke(main, ["import-qda", str(qdpx), "--out", str(tmp_path), "--map", "A=nonsense"])
    assert wrong.exit_code == 2


def test_a_workbook_is_no_place_for_stubs(tmp_path: Path) -> None:
    book = tmp_path / "study.xlsx"
    book.write_bytes(workbook(read_study(write(tmp_path / "study", FILES))))
    file = archive(tmp_path / "p.qdpx", project(codes("x")))
    assert "name one with --out" in CliRunner().invoke(main, ["import-qda", str(file), "--study", str(book)]).stderr
