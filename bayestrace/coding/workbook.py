"""Write what is asked of a coder as a workbook: codebook first, then a row for each observation and rival."""

from __future__ import annotations

import datetime as dt
import json
import math
import unicodedata
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bayestrace.coding.asked import Asked, Observation, listed
from bayestrace.coding.codebook import Block
from bayestrace.coding.columns import CODING, REDUNDANCY, Column
from bayestrace.coding.earlier import Earlier, Ends, Entry
from bayestrace.coding.made import FORMAT
from bayestrace.coding.words import say
from bayestrace.errors import UsageFault
from bayestrace.writing.cells import LONGEST, keeps, safe

#: The hidden sheets: what the workbook was made of, and the words of its drop-downs.
ABOUT, LISTS = "About", "Lists"
_PIECE = 30_000
_DECIBELS = 100.0
# A file that bears the time it was made at would differ from one made of the same study a moment later.
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - the library takes no time zone
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_SOFT, _INK, _LINE, _ASKED, _WASH = "#59636E", "#1B1F24", "#D3D9DF", "#FFF8E1", "#F4F6F8"
_TITLE_SIZE, _HEADING_SIZE = 16, 12
# Points: a line of the size that cells are written in, and what is left free above and below.
_START_WIDTH = 100.0
_LINE_HEIGHT, _FREE, _TALLEST = 13.5, 4.0, 400.0


def workbook(asked: Asked) -> bytes:
    """Write a workbook for a coder.

    Parameters
    ----------
    asked
        What `bayestrace.coding.asked.ask` returns.

    Returns
    -------
    bytes
        An .xlsx file, the same for the same question. No cell holds a formula; all but those to fill in are locked,
        without a password.

    Raises
    ------
    UsageFault
        A reason that the coder gave earlier is longer than a cell can hold.
    """
    return _Writer(asked).written()


class _Writer:
    """Writes one workbook, with the formats that its cells share."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.lang = asked.lang
        self.file = BytesIO()
        self.book = xlsxwriter.Workbook(self.file, _OPTIONS)
        self.book.set_properties({"title": asked.title.text, "author": "bayestrace", "created": _MADE})
        self.book.set_size(2400, 1400)
        self.formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def written(self) -> bytes:
        start, coding = (self.book.add_worksheet(self.say(f"sheet-{name}")) for name in ("start", "coding"))
        redundancy = self.book.add_worksheet(self.say("sheet-redundancy")) if self.asked.clusters else None
        lists, about = self.book.add_worksheet(LISTS), self.book.add_worksheet(ABOUT)
        self._start(start)
        self._coding(coding)
        if redundancy:
            self._redundancy(redundancy)
        for row, word in enumerate(self._words()):
            lists.write_string(row, 0, safe(word))
        for row, pair in enumerate(self._about()):
            for column, text in enumerate(pair):
                about.write_string(row, column, safe(text))
        lists.very_hidden()
        about.very_hidden()
        self.book.close()
        return self.file.getvalue()

    def say(self, key: str, **details: object) -> str:
        return say(key, self.lang, **details)

    def format(self, **given: Any) -> Format:
        """Make a format, or give the one made before; text that begins like a formula stays text when it is edited."""
        wanted = {
            "font_size": 10,
            "font_color": _INK,
            "text_wrap": True,
            "valign": "top",
            "quote_prefix": True,
            **given,
        }
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(wanted)
        return self.formats[key]

    def _start(self, sheet: Worksheet) -> None:
        sheet.set_column(0, 0, _START_WIDTH)
        sheet.set_column(1, 2, 26)
        title, heading = self.format(font_size=_TITLE_SIZE, bold=True), self.format(font_size=_HEADING_SIZE, bold=True)
        plain, soft = self.format(), self.format(font_color=_SOFT)
        asked = self.asked
        rows: list[tuple[tuple[str, ...], Format]] = [
            ((self.say("kicker", coder=asked.coder.text, turn=asked.turn),), soft),
            ((asked.title.text,), title),
            ((asked.question.text,), plain),
            ((self.say("how-title"),), heading),
            *(((f"{place}. {self.say(f'how-{place}', focal=asked.focal.name.text)}",), plain) for place in range(1, 7)),
            ((self.say("explanations"),), heading),
        ]
        for one in (asked.focal, *asked.rivals):
            kind = self.say("focal" if one is asked.focal else "rival")
            claim = f"{self.say('colon')}{one.claim.text}" if one.claim else ""
            rows.append(((f"{one.name.text} [{one.id}, {kind}]{claim}",), plain))
        rows += [((self.say("codebook"),), heading), *(self._block(block) for block in asked.codebook)]
        for row, (cells, form) in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, safe(text)[:LONGEST], form)
            size = float(form.font_size) / 10.0
            sheet.set_row(row, _height([(cells[0], _START_WIDTH / size)], size))
        sheet.protect("", {"format_columns": True, "format_rows": True})
        self._printed(sheet, landscape=False)

    def _block(self, block: Block) -> tuple[tuple[str, ...], Format]:
        match block.kind:
            case "heading":
                return block.cells, self.format(font_size=_HEADING_SIZE if block.level > 1 else _TITLE_SIZE, bold=True)
            case "item":
                return (f"{block.mark} {block.cells[0]}".strip(),), self.format(indent=block.level)
            case "code":
                return block.cells, self.format(font_name="Consolas", indent=1)
            case "head":
                return block.cells, self.format(bold=True, bottom=1, bottom_color=_LINE)
            case "row":
                return block.cells, self.format(bottom=1, bottom_color=_LINE)
            case _:
                return block.cells, self.format()

    def _coding(self, sheet: Worksheet) -> None:
        self._headed(sheet, CODING, frozen=3)
        row = 1
        for one in self.asked.observations:
            rivals = self.asked.rivals if one.asked else ()
            first = True
            for rival in rivals:
                entry = self.asked.earlier.entries.get(one.id, Entry())
                shown = {"evidence": one.id, "title": one.title.text, "rival": rival.name.text, "against": rival.id}
                shown |= self._told(one) if first else {}
                filled = dict(zip(("low_db", "best_db", "high_db"), _ends(entry, rival.id), strict=True)) | {"word": ""}
                filled |= {"p_if_focal": entry.p_if_focal, "rationale": entry.rationale} if first else {}
                self._row(sheet, row, CODING, shown, filled, top=first)
                first = False
                row += 1
            if not rivals:
                shown = {"title": one.title.text, **self._told(one), "rationale": self.say("context")}
                self._row(sheet, row, CODING, shown, {}, top=True)
                row += 1
        self._checked(sheet, CODING, row)
        sheet.autofilter(0, 0, row - 1, len(CODING) - 1)

    def _told(self, one: Observation) -> dict[str, str]:
        """Say what is said of an observation once, on its first row."""
        said = [("step", one.step.text), ("domain", one.domain.text if one.domain else ""), ("date", one.date)]
        said += [("actors", listed(one.actors, self.lang)), ("cluster", one.cluster.text if one.cluster else "")]
        said += [("source", str(one.source))]
        about = "\n".join(f"{self.say(key)}{self.say('colon')}{text}" for key, text in said if text)
        return {"case": one.case.text, "claim": one.claim.text, "about": about}

    def _redundancy(self, sheet: Worksheet) -> None:
        self._headed(sheet, REDUNDANCY, frozen=2)
        earlier: Earlier = self.asked.earlier
        for row, one in enumerate(self.asked.clusters, start=1):
            shown = {
                "cluster": one.id,
                "name": one.name.text,
                "titles": "\n".join(f"• {title}" for title in one.titles),
            }
            ends = earlier.redundancies.get(one.id, ("", "", ""))
            self._row(sheet, row, REDUNDANCY, shown, dict(zip(("low", "best", "high"), ends, strict=True)), top=True)
        self._checked(sheet, REDUNDANCY, len(self.asked.clusters) + 1)

    def _headed(self, sheet: Worksheet, columns: tuple[Column, ...], frozen: int) -> None:
        head = self.format(bold=True, bg_color=_WASH, bottom=2, border_color=_LINE)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.called(self.lang), head)
        sheet.freeze_panes(1, frozen)
        sheet.repeat_rows(0)
        allowed = {"format_columns": True, "format_rows": True, "autofilter": True}
        sheet.protect("", allowed)
        self._printed(sheet, landscape=True)

    def _printed(self, sheet: Worksheet, *, landscape: bool) -> None:
        sheet.set_paper(9)  # A4
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&C{self.say('page-of')}")

    def _row(  # noqa: PLR0913, PLR0917 - what one row is made of
        self,
        sheet: Worksheet,
        row: int,
        columns: tuple[Column, ...],
        shown: dict[str, str],
        filled: dict[str, str],
        top: bool,  # noqa: FBT001 - whether something new begins with it
    ) -> None:
        """Write a row: what is shown, locked, and what is to be filled in, open."""
        edge = {"top": 1, "top_color": _INK if top else _LINE}
        written = shown | filled
        lean = {"evidence", "against"} if top else {"evidence", "against", "title"}
        wide = [(written.get(one.key, ""), one.width) for one in columns if one.key not in lean]
        sheet.set_row(row, _height(wide))
        for place, column in enumerate(columns):
            if column.key in filled:
                self._field(sheet, (row, place), column, filled[column.key], edge)
            else:
                colour = _SOFT if column.key in {"evidence", "against", "about", "cluster"} else _INK
                text = safe(shown.get(column.key, ""))[:LONGEST]
                # What only repeats the row above takes one line.
                wrapped = column.key not in lean
                form = self.format(font_color=colour, text_wrap=wrapped, **edge)
                if text:
                    sheet.write_string(row, place, text, form)
                else:
                    sheet.write_blank(row, place, None, form)

    def _field(self, sheet: Worksheet, at: tuple[int, int], column: Column, text: str, edge: dict[str, Any]) -> None:
        is_number = column.fill in {"weight", "p", "share"}
        form = self.format(
            bg_color=_ASKED,
            border=1,
            border_color=_LINE,
            locked=False,
            num_format="General" if is_number else "@",
            **edge,
        )
        text = text if is_number else safe(text)
        if len(text) > LONGEST:
            raise UsageFault("cell-too-long", coder=self.asked.made.coder, found=len(text), limit=LONGEST)
        if not text:
            sheet.write_blank(*at, None, form)
        elif is_number and keeps(float(text)):
            sheet.write_number(*at, float(text), form)
        else:  # more digits than a spreadsheet keeps of a number stand as text, which is read as the number
            sheet.write_string(*at, text, form)

    def _checked(self, sheet: Worksheet, columns: tuple[Column, ...], end: int) -> None:
        """Say at each field what is expected there, and refuse what cannot be meant."""
        focal = self.asked.focal.name.text
        rules: dict[str, dict[str, Any]] = {
            "weight": {"validate": "decimal", "criteria": "between", "minimum": -_DECIBELS, "maximum": _DECIBELS},
            "p": {"validate": "decimal", "criteria": "between", "minimum": 1e-9, "maximum": 1},
            "share": {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1},
            "word": {"validate": "list", "source": f"={LISTS}!$A$1:$A${len(self._words())}", "error_type": "warning"},
        }
        for place, column in enumerate(columns):
            if column.fill in rules:
                said = {
                    "input_message": _short(self.say(f"ask-{column.fill}", focal=focal)),
                    "input_title": column.called(self.lang)[:32],
                    "error_message": _short(self.say(f"wrong-{column.fill}")),
                    "error_title": self.say("wrong-title"),
                }
                sheet.data_validation(1, place, max(end - 1, 1), place, rules[column.fill] | said)

    def _words(self) -> list[str]:
        """List what may be chosen in the place of a number, from most against to most for."""
        words = [(word, db) for word, db in self.asked.words if db > 0]
        level = [word for word, db in self.asked.words if db == 0]
        against = [self.say("word-against", word=word) for word, _ in reversed(words)]
        return [*against, *level, *(self.say("word-for", word=word) for word, _ in words)]

    def _about(self) -> list[tuple[str, str]]:
        """Say what the workbook was made of; the longest parts in pieces that fit into cells."""
        made = self.asked.made
        text = json.dumps(made.data(), ensure_ascii=False, separators=(",", ":"))
        pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
        said = [("bayestrace-coding", str(FORMAT)), ("study", made.study), ("digest", made.digest())]
        return [*said, ("coder", made.coder), ("language", made.lang), *(("made", piece) for piece in pieces)]


def _ends(entry: Entry, rival: str) -> Ends:
    return entry.weights.get(rival, ("", "", ""))


def _height(cells: Sequence[tuple[str, float]], size: float = 1.0) -> float:
    """Say how tall a row must be for texts in columns of so many characters; not all programs find that themselves."""
    lines = max(sum(math.ceil(_columns(line) / width) or 1 for line in text.split("\n")) for text, width in cells)
    return min(max(lines, 1) * _LINE_HEIGHT * size + _FREE, _TALLEST)


def _columns(text: str) -> float:
    """Count how many characters of a Latin text a text is as wide as; Chinese ones take nearly two."""
    return sum(1.9 if unicodedata.east_asian_width(sign) in "WF" else 1.0 for sign in text)


def _short(message: str) -> str:
    """Cut a message to what the dialog of a spreadsheet can hold."""
    most = 255
    return message if len(message) <= most else f"{message[: most - 1]}…"
