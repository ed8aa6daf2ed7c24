"""The appendix: complete, right in both languages, the same bytes, and nothing private in it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET  # the documents are our own

import pytest
import xarray as xr
from click.testing import CliRunner, Result
from clued import files_of
from docx import Document
from hushed import HUSHED, PRIVATE, tells
from small_study import FILES, write

from bayestrace import results
from bayestrace.appendix import appendix_of
from bayestrace.appendix.blocks import Bullets, Entry, Grid, Heading, Paragraph, clean, count_words, plain, texts
from bayestrace.appendix.tidy import COLUMNS, to_csv
from bayestrace.appendix.word import CHINESE, LATIN, to_docx
from bayestrace.appendix.wording import WORDS
from bayestrace.cli import main
from bayestrace.messages import Lang
from bayestrace.summary import summary_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LANGS: tuple[Lang, ...] = ("en", "zh")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


def made(folder: Path, files: dict[str, str], command: str = "update") -> Path:
    done = run(command, write(folder, files), "--face-value")
    assert done.exit_code == 0, done.output
    return folder / "reports/article-reference/posterior.nc"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of the small study, at face value, with flip points."""
    return made(tmp_path_factory.mktemp("small"), dict(FILES), "sensitivity")


@pytest.fixture(scope="module")
def tree(small: Path) -> xr.DataTree:
    return results.load(small)


def table(texts_of: dict[str, str], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(texts_of[name].removeprefix("\ufeff"))))


@pytest.mark.parametrize("lang", LANGS)
def test_every_observation_has_note_excerpt_and_source(tree: xr.DataTree, lang: Lang) -> None:
    made_of = appendix_of(tree, lang)
    ids = ["one-buys", "one-says", "one-context", "two-pays", "two-leaves"]
    headings = [block.text for block in made_of.blocks if isinstance(block, Heading) and block.level == 3]
    assert [name for name in headings if name.startswith(tuple(ids))] == [
        next(name for name in headings if name.startswith(one)) for one in ids
    ]
    entries = [block.name for block in made_of.blocks if isinstance(block, Entry)]
    for key in ("note", "excerpt", "source"):
        assert entries.count(WORDS[key].zh if lang == "zh" else WORDS[key].en) == len(ids)


def test_a_translation_is_given_where_there_is_one(tmp_path: Path) -> None:
    files = {
        **FILES,
        "evidence/one.yaml": FILES["evidence/one.yaml"].replace(
            "claim: It bought missiles.", "claim: {en: It bought missiles., zh: 购买了导弹。}"
        ),
    }
    found = results.load(made(tmp_path, files))
    for lang, excerpt, translation in (("en", "It bought", "购买了"), ("zh", "购买了", "It bought")):
        entries = [block for block in appendix_of(found, lang).blocks if isinstance(block, Entry)]  # type: ignore[arg-type]
        of = {
            name: ["".join(run.text for run in block.lines[0]) for block in entries if block.name in set(WORDS[name])]
            for name in ("excerpt", "translation")
        }
        assert of["excerpt"][0].startswith(excerpt)
        assert [one.startswith(translation) for one in of["translation"]] == [True]


def test_what_authors_must_write_is_marked_and_counted_apart(tree: xr.DataTree) -> None:
    made_of = appendix_of(tree, "en")
    gaps = [block for block in made_of.blocks if isinstance(block, Paragraph) and block.gap]
    assert len(gaps) == 6
    assert all(block.line[0].text.startswith("[Authors: ") for block in gaps)
    assert count_words(gaps) == 0
    assert count_words([Paragraph(plain("两个字 and three words"))]) == 6
    assert made_of.words > 100


def test_numbers_are_those_of_the_summary(tree: xr.DataTree) -> None:
    summary = summary_of(tree)
    tables = to_csv(tree)
    said = {
        (case["case"], row["hypothesis"]): row["face_value"] for case in summary["cases"] for row in case["hypotheses"]
    }
    assert {(row["case"], row["hypothesis"]): float(row["face_value"]) for row in table(tables, "posteriors")} == said
    assert {row["pooled"] for row in table(tables, "posteriors")} == {""}
    weights = {
        (row["coder"], row["evidence"], row["hypothesis"], row["against"]): row for row in table(tables, "weights")
    }
    assert weights["neutral", "one-buys", "stakes", "threat"]["best_db"] == "3.5"
    assert weights["neutral", "one-says", "stakes", "bargaining"]["low_db"] == ""
    grids = [block for block in appendix_of(tree, "en").blocks if isinstance(block, Grid)]
    cells = {cell for grid in grids for row in grid.rows for cell in row}
    assert "−2.0 [−4.0, 0.0]" in cells
    priors = {(row["profile"], row["hypothesis"]): row["prior"] for row in table(tables, "priors")}
    assert priors["sceptical", "stakes"] == repr(1 / 3)
    flips = table(tables, "flips")
    assert {row["to"] for row in flips} & {"stakes", "bargaining"}


def test_tables_are_tidy_and_safe(tmp_path: Path) -> None:
    hostile = '=HYPERLINK("http://x","y")'
    claim = FILES["evidence/one.yaml"].replace("claim: It bought missiles.", f"claim: '{hostile}'")
    notes = FILES["evidence/codings/neutral-notes.csv"].replace("Less so.", "+1 for it")
    tables = to_csv(
        results.load(made(tmp_path, {**FILES, "evidence/one.yaml": claim, "evidence/codings/neutral-notes.csv": notes}))
    )
    assert set(tables) <= set(COLUMNS)
    for name, text in tables.items():
        assert text.startswith("\ufeff")
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
        assert tuple(rows[0]) == COLUMNS[name]
        for row in rows[1:]:
            numbers = [re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell) for cell in row]
            assert all(
                not cell.startswith(("=", "+", "-", "@")) or number for cell, number in zip(row, numbers, strict=True)
            )
    assert table(tables, "observations")[0]["claim"] == f"'{hostile}"
    assert any(row["rationale"] == "'+1 for it" for row in table(tables, "notes"))


def parts(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name).decode("utf-8", "replace") for name in opened.namelist()}


@pytest.mark.parametrize("lang", LANGS)
def test_word_has_a_font_for_chinese_and_one_for_latin_letters(tree: xr.DataTree, lang: Lang) -> None:
    inside = parts(to_docx(appendix_of(tree, lang)))
    styles = ET.fromstring(inside["word/styles.xml"])  # noqa: S314 - made here
    named = {style.find(f"{W}name").get(f"{W}val"): style for style in styles.iter(f"{W}style")}  # type: ignore[union-attr]
    for name in ("Normal", "Body Text", "heading 1", "heading 3", "Table text", "caption", "Title"):
        fonts = named[name].find(f"{W}rPr/{W}rFonts")
        assert fonts is not None
        assert fonts.get(f"{W}ascii") == LATIN
        assert fonts.get(f"{W}eastAsia") in {CHINESE, "黑体"}
        assert not [key for key in fonts.attrib if key.endswith("Theme")]
    document = ET.fromstring(inside["word/document.xml"])  # noqa: S314 - made here
    for one in document.iter(f"{W}r"):
        text = "".join(piece.text or "" for piece in one.iter(f"{W}t"))
        fonts = one.find(f"{W}rPr/{W}rFonts")
        hint = fonts.get(f"{W}hint") if fonts is not None else None
        assert (hint == "eastAsia") is bool(re.search("[\u4e00-\u9fff]", text)), text


def test_word_tables_repeat_their_head_and_speak_to_screen_readers(tree: xr.DataTree) -> None:
    made_of = appendix_of(tree, "en")
    document = ET.fromstring(parts(to_docx(made_of))["word/document.xml"])  # noqa: S314 - made here
    tables = list(document.iter(f"{W}tbl"))
    grids = [block for block in made_of.blocks if isinstance(block, Grid)]
    assert len(tables) == len(grids) > 5
    for found, grid in zip(tables, grids, strict=True):
        rows = list(found.iter(f"{W}tr"))
        assert len(rows) == len(grid.rows) + 1
        assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True] + [False] * len(grid.rows)
        assert grid.caption in found.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val", "")  # type: ignore[union-attr]
        assert found.find(f"{W}tblPr/{W}tblDescription") is not None
    turned = [size.get(f"{W}orient") for size in document.iter(f"{W}pgSz")]
    assert "landscape" in turned
    assert turned[-1] != "landscape"


def test_word_says_all_that_the_appendix_says(tree: xr.DataTree) -> None:
    made_of = appendix_of(tree, "zh")
    document = Document(io.BytesIO(to_docx(made_of)))
    body = "".join(piece.text or "" for piece in document.element.body.iter(f"{W}t"))
    for text in texts(made_of.blocks):
        assert text in body
    assert document.core_properties.author == ""
    assert document.core_properties.title == made_of.title


def test_the_same_result_makes_the_same_bytes_without_a_date(small: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        place = tmp_path / name
        done = run("appendix", small, "--docx", place / "a.docx", "--latex", place / "a.tex", "--csv", place / "t")
        assert done.exit_code == 0, done.output
    first, second = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    )
    assert first == second
    with zipfile.ZipFile(tmp_path / "one/a.docx") as opened:
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms:created" not in opened.read("docProps/core.xml")


def test_control_characters_and_turned_text_are_taken_out() -> None:
    assert clean("a\x00b\u202ec\ud800d\ne\u2028f") == "abcd e f"


def test_clues_have_their_table(tmp_path: Path) -> None:
    # Cases that were not chosen for their outcome: then nothing need be sampled.
    found = results.load(made(tmp_path, files_of("beside")))
    made_of = appendix_of(found, "en")
    outcomes = [cell for block in made_of.blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    assert outcomes.count("found") == 3
    assert outcomes.count("sought, not found") == 2
    assert len(table(to_csv(found), "searches")) == 6
    assert to_docx(made_of)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_private_is_in_it(tmp_path_factory: pytest.TempPathFactory, lang: Lang) -> None:
    folder = tmp_path_factory.mktemp("private")
    result = made(folder, PRIVATE, "sensitivity")
    out = folder / "out"
    done = run(
        *("appendix", result, "--lang", lang),
        *("--docx", out / "a.docx", "--latex", out / "a.tex", "--csv", out / "tables"),
    )
    assert done.exit_code == 0, done.output
    assert "2" in done.stderr
    assert tells(done.output) == []
    written = {
        path.name: path.read_text(encoding="utf-8") for path in out.rglob("*") if path.suffix in {".tex", ".csv"}
    }
    written |= parts((out / "a.docx").read_bytes())
    assert len(written) > 15
    assert {name: tells(text) for name, text in written.items() if tells(text)} == {}
    assert ("private observation one-buys" if lang == "en" else "不公开的观察 one-buys") in written["word/document.xml"]
    assert HUSHED in PRIVATE["evidence/one.yaml"]


def test_the_command_speaks_both_languages_and_json(small: Path, tmp_path: Path) -> None:
    done = run("appendix", small, "--latex", tmp_path / "a.tex", "--json")
    told = json.loads(done.stdout)
    assert told["appendix"] == 1
    assert told["written"] == [(tmp_path / "a.tex").as_posix()]
    assert told["overview_words"] > 100
    done = run("appendix", small, "--latex", tmp_path / "a.tex", "--lang", "zh")
    assert done.stdout == f"已写入：{tmp_path / 'a.tex'}\n"
    assert "撰写" in done.stderr
    assert run("appendix", small, "--latex", tmp_path / "b.tex", "--quiet").stderr == ""


def test_what_cannot_be_done_is_told(small: Path, tmp_path: Path) -> None:
    done = run("appendix", small)
    assert done.exit_code == 2
    assert "--docx" in done.stderr
    blocked = tmp_path / "file"
    blocked.write_text("here already", encoding="utf-8")
    done = run("appendix", small, "--docx", blocked / "a.docx")
    assert done.exit_code == 5
    assert "Traceback" not in done.stderr
    done = run("appendix", tmp_path / "nowhere", "--docx", tmp_path / "a.docx")
    assert done.exit_code == 5


def test_what_authors_wrote_in_is_kept(small: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    for number, content in enumerate((b"mine", b"mine again"), start=1):
        file.write_bytes(content)
        done = run("appendix", small, "--docx", file, "--quiet")
        assert done.exit_code == 0, done.output
        kept = tmp_path / ("a.docx.bak" if number == 1 else "a.docx.bak2")
        assert kept.read_bytes() == content
        assert str(kept) in done.stderr
    assert run("appendix", small, "--docx", file).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.docx", "a.docx.bak", "a.docx.bak2"]


#: What may stand in what, in this order (ECMA-376 part 1, 17.3 and 17.4), as far as the appendix uses it.
ORDER = {
    "pPr": ("pStyle", "keepNext", "keepLines", "numPr", "pBdr", "shd", "spacing", "ind", "contextualSpacing", "jc"),
    "rPr": ("rFonts", "b", "bCs", "i", "iCs", "color", "spacing", "kern", "sz", "szCs", "u", "lang"),
    "tblPr": ("tblW", "tblBorders", "tblLayout", "tblCellMar", "tblCaption", "tblDescription"),
    "tcPr": ("tcW", "tcBorders", "vAlign"),
    "tr": ("trPr", "tc"),
    "tbl": ("tblPr", "tblGrid", "tr"),
}


def test_the_parts_of_word_stand_in_the_order_that_its_schema_asks_for(tree: xr.DataTree) -> None:
    inside = parts(to_docx(appendix_of(tree, "zh")))
    body = ET.fromstring(inside["word/document.xml"])  # noqa: S314 - made here
    made_here = [*body.iter()]
    styles = ET.fromstring(inside["word/styles.xml"])  # noqa: S314 - made here
    for style in styles.iter(f"{W}style"):
        if style.get(f"{W}styleId") in {"Tobewritten", "Annotation", "Tabletext", "Tablenote"}:
            made_here += style.iter()
    seen = 0
    for one in made_here:
        order = ORDER.get(one.tag.removeprefix(W))
        names = [child.tag.removeprefix(W) for child in one if child.tag != f"{W}sectPr"]
        if order and names:
            places = [order.index(name) for name in names]
            assert places == sorted(places), names
            seen += 1
    assert seen > 100


def test_the_page_of_the_docs_lists_every_table_with_its_columns() -> None:
    page = (Path(__file__).parents[2] / "docs" / "appendix.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)\.csv` \| [^|]+ \| ([^|]+) \|$", page, flags=re.MULTILINE)
    assert {name: tuple(columns.split(", ")) for name, columns in rows} == COLUMNS


def test_without_sensitivity_one_is_told_what_is_missing(tmp_path: Path) -> None:
    folder = write(tmp_path, FILES)
    assert run("update", folder, "--face-value").exit_code == 0
    done = run("appendix", folder, "--latex", tmp_path / "a.tex")
    assert "bayestrace sensitivity" in done.stderr
    assert "bayestrace sensitivity" in (tmp_path / "a.tex").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", WORDS)
def test_every_word_is_in_both_languages(key: str) -> None:
    english, chinese = WORDS[key]
    assert english
    assert chinese
    assert not re.search("[\u4e00-\u9fff]", english)
    assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese))


def test_bullets_give_the_reasons_of_the_coders(tree: xr.DataTree) -> None:
    lines = [line for block in appendix_of(tree, "en").blocks if isinstance(block, Bullets) for line in block.lines]
    said = ["".join(run.text for run in line) for line in lines]
    assert 'Neutral: Likely, on balance; the "purchase" was announced.' in said
