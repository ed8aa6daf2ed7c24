"""Pieces of markup: numbers with more digits than are shown, sentences with such numbers in them, study's texts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from string import Formatter

from bayestrace.messages import Lang
from bayestrace.report import wording
from bayestrace.report.content.values import Number, Phrase, Spread
from bayestrace.report.figures import Datum, precise
from bayestrace.report.wording.numbers import MINUS

# A number as pages write it: its sign, its digits, its unit.
_PLAIN = re.compile(rf"(?P<sign>[+{MINUS}]?)(?P<digits>\d+(?:\.\d+)?)(?P<percent>\u00a0?%)?")


class Html(str):
    """Markup that was escaped when it was put together; templates that escape by default leave it alone."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the markup as it is."""
        return str(self)


Piece = str | Html | Phrase
# A cell with one number in it, as `data` writes numbers, and nothing else.
_LONE = re.compile(r'<td(?: class="n")?><(?:data |span data-)((?:value|parts)="[^"]*")>([^<]*)</(?:data|span)></td>')
# A row that begins with what one number is over others: their cells share the first of their two parts.
_OVER = re.compile(
    r"<tr([^>]*)>(<th[^>]*>[^<]*</th>)"
    r'(<td data-parts="([^" ]+) [^"]+">[^<]*</td>(?:<td data-parts="\4 [^"]+">[^<]*</td>)+)'
)
_PARTS = re.compile(r'<td data-parts="[^" ]+ ([^"]+)">')


def data(number: Number, shown: str) -> Html:
    """Show a number with its value to five digits: the one place where numbers of a result enter the page.

    A number that is shown whole carries nothing; a difference the two numbers that it is of, which stand in the result.
    """
    if number.parts:
        return Html(f'<span data-parts="{" ".join(map(precise, number.parts))}">{escape(shown)}</span>')
    if _whole(shown) == number.value:
        return Html(escape(shown))
    return Html(f'<data value="{precise(number.value)}">{escape(shown)}</data>')


def _whole(shown: str) -> float | None:
    """Read a number as it is shown, None where it is no plain number."""
    found = _PLAIN.fullmatch(shown)
    if found is None:
        return None
    sign = -1.0 if found["sign"] == MINUS else 1.0
    return sign * float(found["digits"]) / (100.0 if found["percent"] else 1.0)


def in_cells(page: str) -> str:
    """Let the cells of tables carry the numbers that stand alone in them: a page has thousands, and its size counts.

    A row that begins with differences of one number and others carries that number, and then the others in order.
    """
    return _OVER.sub(_in_row, _LONE.sub(r"<td data-\1>\2</td>", page))


def _in_row(row: re.Match[str]) -> str:
    attributes, head, cells, first = row.groups()
    parts = " ".join([first, *_PARTS.findall(cells)])
    return f'<tr{attributes} data-parts="{parts}">{head}{_PARTS.sub("<td>", cells)}'


def markup(piece: Piece) -> Html:
    """Escape a text, unless it is markup; a phrase in another language than the page's is marked so."""
    if isinstance(piece, Html):
        return piece
    if isinstance(piece, Phrase) and piece.lang:
        return Html(f'<span lang="{escape(piece.lang)}">{escape(piece.text)}</span>')
    return Html(escape(str(piece)))


class Speaker:
    """Say everything in one language.

    Parameters
    ----------
    lang
        The language of the page.
    """

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang

    def word(self, key: str) -> str:
        """Return a label."""
        return wording.words(key, self.lang)

    def coded(self, key: str) -> Html:
        """Return a label in which what stands between backticks is code."""
        return Html(re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(self.word(key))))

    def word_or(self, prefix: str, name: str) -> str:
        """Return the label of a name that the study chose, the name itself where there is none."""
        return self.word(f"{prefix}-{name}") if wording.has(f"{prefix}-{name}") else name.replace("-", " ")

    def say(self, key: str, **fields: Piece) -> Html:
        """Fill a sentence with names and numbers."""
        written = []
        for literal, name, _, _ in Formatter().parse(self.word(key)):
            written.append(escape(literal))
            if name is not None:
                written.append(markup(fields[name]))
        return Html("".join(written))

    def plainly(self, key: str, **fields: str) -> str:
        """Fill a sentence with plain text: for figures, which escape by themselves."""
        return self.word(key).format_map(fields)

    def listed(self, pieces: Iterable[Piece]) -> Html:
        """Join pieces as a list is written."""
        done = [markup(piece) for piece in pieces]
        comma, last = wording.and_list(self.lang)
        head = escape(comma).join(done[:-1])
        return Html(head + escape(last) + done[-1]) if head else Html("".join(done))

    def aside(self, piece: Piece) -> Html:
        """Put a piece in parentheses, after what it goes with."""
        return Html(f"（{markup(piece)}）" if self.lang == "zh" else f" ({markup(piece)})")

    def pair(self, name: str, what: str) -> str:
        """Write what is said of something after its name, as plain text."""
        return f"{name}：{what}" if self.lang == "zh" else f"{name}: {what}"

    def apart(self, pieces: Iterable[str]) -> str:
        """Join pieces of which each may have commas of its own."""
        return ("；" if self.lang == "zh" else "; ").join(pieces)

    def percent(self, value: float) -> str:
        """Write a probability as plain text: for figures, which carry more digits by themselves."""
        return wording.percent(value, self.lang)

    def nothing(self, _: float) -> str:
        """Write the probability of what is excluded."""
        return wording.stated_share(0.0, self.lang)

    def pct(self, number: Number) -> Html:
        """Show a probability."""
        return data(number, self.percent(number.value))

    def share(self, number: Number) -> Html:
        """Show a reliability, a redundancy or a probability of finding."""
        return data(number, wording.share(number.value, self.lang))

    def stated_share(self, number: Number) -> Html:
        """Show a probability that a study states as known."""
        return data(number, wording.stated_share(number.value, self.lang))

    def quota(self, number: Number) -> Html:
        """Show a share among all cases, or a sum of shares, which may be negative."""
        return data(number, wording.quota(number.value))

    def db(self, number: Number) -> Html:
        """Show a weight with its sign, without its unit."""
        return data(number, wording.decibels(number.value))

    def size(self, number: Number) -> Html:
        """Show a width or a spread in decibels, without its unit."""
        return data(number, wording.magnitude(number.value))

    def ratio(self, number: Number) -> Html:
        """Show a ratio."""
        return data(number, wording.ratio(number.value))

    def count(self, number: Number) -> Html:
        """Show a count."""
        return data(number, wording.count(number.value))

    def correlation(self, number: Number) -> Html:
        """Show a number from -1 to 1, or a difference of two, with its sign."""
        return data(number, wording.correlation(number.value))

    def p_value(self, number: Number) -> Html:
        """Show a posterior predictive p-value."""
        return data(number, wording.p_value(number.value))

    def plain(self, number: Number) -> Html:
        """Show a number as the study has it."""
        return data(number, wording.plain(number.value))

    def pct_range(self, spread: Spread) -> Html:
        """Show the 94 % interval of a probability, the unit once where it is the same."""
        low, high = self.percent(spread.q03.value), self.percent(spread.q97.value)
        unit = "%" if self.lang == "zh" else "\u00a0%"
        if low.endswith(unit) and high.endswith(unit):
            low = low.removesuffix(unit)
        return Html(f"{data(spread.q03, low)}–{data(spread.q97, high)}")

    def range(self, low: Number, high: Number, shown: wording.Format = wording.decibels) -> Html:
        """Show two ends."""
        between = self.word("to") if self.lang == "zh" else f" {self.word('to')} "
        return Html(f"{data(low, shown(low.value))}{between}{data(high, shown(high.value))}")


def datum(number: Number, shown: wording.Format) -> Datum:
    """Hand a number to a figure."""
    return Datum(number.value, shown(number.value), number.parts)
