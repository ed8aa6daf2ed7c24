"""Write a study as one workbook, made for people to fill in: drop-downs, frozen headings, a sheet that explains."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from bayestrace.errors import address
from bayestrace.messages import Lang
from bayestrace.reading import sheets
from bayestrace.study import Study
from bayestrace.writing.cells import write_cell
from bayestrace.writing.content import Content, Value, contents
from bayestrace.writing.explained import HEADINGS, PURPOSES, TEXTS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: The same study gives the same bytes.
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
#: Rows below the last one that drop-downs reach as well.
_SPARE = 300
#: What a list of choices that is written out may hold, in characters.
_LONGEST_LIST = 255
_NARROWEST, _WIDEST = 9, 60
_README = (18, 100)
_PAGE = 240
#: Height of a line, in points, and the most lines that a row shows; Excel has rows of 409 points at most.
_LINE, _MOST_LINES = 15, 25
_TEXT = "@"

#: Sheets whose first column of names other columns choose from.
_CHOSEN = {
    "case": "Cases",
    "step": "Steps",
    "domain": "Domains",
    "cluster": "Clusters",
    "source": sheets.SOURCES,
    "about": sheets.SOURCES,
    "source_type": "Reliability",
    "coder": "Coders",
    "evidence": sheets.OBSERVATIONS,
    "clue": "Clues",
    "from": "Steps",
    "to": "Steps",
    "hypothesis": "Hypotheses",
    "against": "Hypotheses",
    "selection_favours": "Hypotheses",
}
_LISTS = {
    "direction": ("up", "down", "none"),
    "language": ("en", "zh"),
    "state": ("found", "not-found", "not-sought"),
    "context": ("TRUE", "FALSE"),
}


class _Looks(NamedTuple):
    heading: Format
    plain: Format
    text: Format
    quoted: Format
    number: Format


def workbook(study: Study, lang: Lang = "en") -> bytes:
    """Write a study as an .xlsx workbook.

    Parameters
    ----------
    study
        Any study; what it was read from does not matter.
    lang
        Language of the sheet that explains the others. Keys and headings are the same in every language.

    Returns
    -------
    bytes
        The same for the same study. Reading them gives a study with the same `Study.canonical`.

    Raises
    ------
    UsageFault
        A text that no cell can hold.
    """
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    made = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"title": study.title(lang), "created": _CREATED})
        wrapped = {"valign": "top", "text_wrap": True, "num_format": _TEXT}
        looks = _Looks(
            heading=book.add_format({"bold": True, "bg_color": "#E4E9F0", "bottom": 1, "valign": "top"}),
            plain=book.add_format({"valign": "top", "align": "left"}),
            text=book.add_format(wrapped),
            quoted=book.add_format(wrapped | {"quote_prefix": True}),
            number=book.add_format({"valign": "top", "align": "right"}),
        )
        laid = {content.name: content for content in contents(study)}
        _explain(book, study, list(laid), lang, looks)
        for content in laid.values():
            _sheet(book, content, laid, study, looks)
    return made.getvalue()


def _explain(book: Workbook, study: Study, names: Sequence[str], lang: Lang, looks: _Looks) -> None:
    sheet = book.add_worksheet(sheets.READ_ME)
    sheet.hide_gridlines(2)
    for column, width in enumerate(_README):
        sheet.set_column(column, column, width)
    _on_paper(sheet, sum(_README))
    title = book.add_format({"bold": True, "font_size": 14})
    write_cell(sheet, (0, 0), study.title(lang), title, title)
    line = 2
    for text in TEXTS[lang]:
        sheet.merge_range(line, 0, line, 1, text, looks.text)
        sheet.set_row(line, _LINE * _lines(text, sum(_README)))
        line += 1
    line += 1
    for column, text in enumerate(HEADINGS[lang]):
        write_cell(sheet, (line, column), text, looks.heading)
    for name in names:
        line += 1
        sheet.write_url(line, 0, f"internal:'{name}'!A1", string=name)
        write_cell(sheet, (line, 1), PURPOSES[name][lang], looks.text)


def _sheet(book: Workbook, content: Content, laid: Mapping[str, Content], study: Study, looks: _Looks) -> None:
    sheet = book.add_worksheet(content.name)
    sheet.freeze_panes(1, 1 if content.name in {"Study", *sheets.SECTIONS, sheets.OBSERVATIONS, sheets.SOURCES} else 0)
    number = looks.plain if content.name == sheets.STUDY else looks.number
    widths = []
    for column, heading in enumerate(content.headings):
        write_cell(sheet, (0, column), heading, looks.heading)
        values = [row[column] for row in content.rows]
        numeric = any(isinstance(value, float | int) and not isinstance(value, bool) for value in values)
        longest = max((_width(str(value)) for value in (heading, *values) if value is not None), default=_NARROWEST)
        widths.append(min(max(longest + 2, _NARROWEST), _WIDEST))
        # Columns of texts are texts below the last row too, so that no name or date is turned into something else.
        sheet.set_column(column, column, widths[-1], None if numeric else looks.text)
        _offer(sheet, column, _choices(content, heading, laid, study), len(content.rows))
        for line, value in enumerate(values, start=1):
            write_cell(sheet, (line, column), value, looks.text if isinstance(value, str) else number, looks.quoted)
    for line, row in enumerate(content.rows, start=1):
        lines = max(_lines(value, width) for value, width in zip(row, widths, strict=True))
        if lines > 1:
            sheet.set_row(line, _LINE * min(lines, _MOST_LINES))
    _on_paper(sheet, sum(widths))
    if content.rows:
        sheet.autofilter(0, 0, len(content.rows), len(content.headings) - 1)


def _on_paper(sheet: Worksheet, width: int) -> None:
    """Print it with its headings on each page, across one page unless it would be too small to read."""
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1 + width // _PAGE, 0)
    sheet.repeat_rows(0)


def _choices(content: Content, heading: str, laid: Mapping[str, Content], study: Study) -> str | list[str]:
    """Return what a column's cells are chosen from: a range of another sheet, a list, or nothing."""
    if heading == content.headings[0] and content.name in sheets.SECTIONS:
        return []  # this is where the names are given
    other = _CHOSEN.get(heading, "")
    if other in laid and other != content.name:
        last = address(len(laid[other].rows) + _SPARE, 1).removeprefix("A")
        return f"='{other}'!$A$2:$A${last}"
    listed: Sequence[str] = _LISTS.get(heading, ())
    if other == "Hypotheses":
        listed = [*study.hypotheses]
    if content.name == sheets.CASES:
        name = heading.removeprefix("groups.")
        attribute = heading.removeprefix("attributes.")
        if name in study.factors:
            listed = [*study.factors[name].groups]
        elif attribute in study.attributes:
            listed = [*study.attributes[attribute].values]
    return [*listed] if len(",".join(listed)) <= _LONGEST_LIST else []


def _offer(sheet: Worksheet, column: int, choices: str | list[str], rows: int) -> None:
    if choices:
        wanted = {"validate": "list", "source": choices, "error_type": "stop", "ignore_blank": True}
        sheet.data_validation(1, column, rows + _SPARE, column, wanted)


def _lines(value: Value, width: int) -> int:
    """Say on how many lines a value stands in a column, words that do not fit taken into account."""
    if not isinstance(value, str):
        return 1
    return sum(max(1, math.ceil(1.1 * _width(line) / width)) for line in value.split("\n"))


def _width(text: str) -> int:
    """Measure the longest line of a text in columns of a terminal: Chinese takes two."""
    return max((sum(2 if wide else 1 for wide in _wide(line)) for line in text.split("\n")), default=0)


def _wide(line: str) -> Iterator[bool]:
    return (unicodedata.east_asian_width(sign) in "WF" for sign in line)
