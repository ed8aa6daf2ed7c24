"""Lists of references: order, letters, the fields that a note holds, pages, dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bayestrace.cli import main
from bayestrace.reading import read_study
from bayestrace.references import cited, listing, reference
from bayestrace.references.item import Item
from bayestrace.references.pages import Manner, pages
from bayestrace.references.styles import STYLES, Style
from bayestrace.study import Study
from bayestrace.study.private import without_private

ROOT = Path(__file__).parents[2]


def book(title: str, family: str, given: str = "", year: int | None = None, **more: Any) -> dict[str, Any]:
    issued = {"issued": {"date-parts": [[year]]}} if year else {}
    return {"type": "book", "title": title, "author": [{"family": family, "given": given}], **issued, **more}


SOURCES = {
    "b": book("Second", "Walt", "Stephen M.", 1987),
    "a": book("First", "Walt", "Stephen M.", 1987),
    "o": book("Öffentlichkeit", "Ölund", "Ann", 1999, language="de"),
    "z": book("书", "周", "雪光", 2017),
    "c": book("文", "陈", "山", 2020),
    "t": {"type": "book", "title": "The Zebra", "language": "en"},
    "n": book("Undated", "Walt", "Stephen M."),
}


def test_alphabets_come_first_and_chinese_goes_by_pinyin() -> None:
    assert [one.id for one in listing(SOURCES, list(SOURCES), "apa")] == ["o", "n", "a", "b", "t", "c", "z"]


def test_two_works_of_one_author_and_year_get_letters() -> None:
    text = {one.id: str(one.reference) for one in listing(SOURCES, list(SOURCES), "apsa")}
    assert text["a"].startswith("Walt, Stephen M. 1987a. First.")
    assert text["b"].startswith("Walt, Stephen M. 1987b. Second.")
    assert text["n"].startswith("Walt, Stephen M. n.d. Undated.")
    assert "1987." in str(listing(SOURCES, ["a"], "apsa")[0].reference)
    assert "1987a" not in str(listing(SOURCES, ["a", "b"], "mla")[0].reference)


def test_gb_numbers_in_the_order_of_citation() -> None:
    listed = listing(SOURCES, ["z", "a", "t"], "gb-t-7714")
    assert [(one.number, one.id) for one in listed] == [(1, "z"), (2, "a"), (3, "t")]


def test_cited_is_what_the_report_numbers() -> None:
    study = read_study(ROOT)
    named = cited(study)
    assert named[0] == study.evidence[0].source
    assert set(named) == {one.source for one in study.evidence} | {
        one.source for one in study.searches if one.source
    } | {study.about}


def test_a_note_of_zotero_tells_what_has_no_field() -> None:
    csl = {
        "type": "document",
        "title": "Cable",
        "note": "type: manuscript\nauthor: Habib || Philip C.\nissued: 1974-05-03\narchive: National Archives\n"
        "archive-place: College Park, MD\ntex.ids: x\noriginal-title: Kabel\nA remark: of the author.",
    }
    assert str(reference(csl, "chicago", addressed=True)) == (
        "Habib, Philip C. 1974. “Cable.” May 3. National Archives, College Park, MD."
    )
    assert "A remark" not in str(reference(csl, "apa", addressed=True))
    assert str(reference({**csl, "title": "Kept", "type": "book"}, "mla")).startswith("Habib, Philip C. Kept.")


@pytest.mark.parametrize(
    ("text", "manner", "expected"),
    [
        ("3-43", "mla", "3–43"),
        ("3-43", "chicago", "3–43"),
        ("332-358", "chicago", "332–58"),
        ("101-108", "chicago", "101–8"),
        ("101-108", "mla", "101–08"),
        ("100-108", "chicago", "100–108"),
        ("461-95", "whole", "461–495"),
        ("1496-1504", "chicago", "1496–504"),
        ("12991-13001", "chicago", "12991–3001"),
        ("S12-S18, 20", "mla", "S12–18, 20"),
        ("e12", "mla", "e12"),
        ("9-7", "chicago", "9–7"),
    ],
)
def test_pages(text: str, manner: Manner, expected: str) -> None:
    assert pages(text, manner) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ({"date-parts": [["2019", 2, "10"]]}, (2019, 2, 10)),
        ({"date-parts": [[2019, 13, 40]]}, (2019, None, None)),
        ({"raw": "2019-02"}, (2019, 2, None)),
        ({"literal": "in spring"}, (None, None, None)),
        ({"date-parts": [[]]}, (None, None, None)),
    ],
)
def test_dates(issued: dict[str, Any], expected: tuple[int | None, ...]) -> None:
    date = Item({"issued": issued}).date()
    assert (date.year, date.month, date.day) == expected


def test_the_command_prints_only_what_is_cited() -> None:
    run = CliRunner().invoke(main, ["references", str(ROOT), "--style", "gb-t-7714", "--json"])
    assert run.exit_code == 0
    entries = json.loads(run.stdout)["entries"]
    study = read_study(ROOT)
    assert [one["id"] for one in entries] == cited(study)
    whole = CliRunner().invoke(main, ["references", str(ROOT), "--all", "--json"])
    assert {one["id"] for one in json.loads(whole.stdout)["entries"]} == set(study.sources)
    html = CliRunner().invoke(main, ["references", str(ROOT), "--style", "mla", "--html", "--lang", "zh"])
    assert html.stdout.count("<p>") == len(entries)
    assert "共" in html.stderr


@pytest.mark.parametrize("style", STYLES)
def test_what_stands_for_a_private_source_has_no_type_and_no_date(style: Style) -> None:
    shown = without_private(private_study())
    (name,) = [name for name in shown.sources if name.startswith("private-")]
    assert str(reference(shown.sources[name], style, addressed=True)) == "[private source / 不公开的来源]."


def private_study() -> Study:
    study = read_study(ROOT)
    name = study.evidence[0].source
    return study.model_copy(update={"sources": {**study.sources, name: {**study.sources[name], "private": True}}})
