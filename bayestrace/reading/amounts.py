"""Read the numbers in the cells of a coder's table: weights, probabilities, redundancies."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable
from itertools import pairwise

from bayestrace.errors import Fault
from bayestrace.reading.lines import Cell
from bayestrace.reading.tables import Row, texts_in
from bayestrace.reading.text import guess, listed, shown
from bayestrace.study.basis import WEIGHT_LIMIT_DB

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:inf|infinity|∞)|nan"
_PLAIN = re.compile(_NUMBER, re.ASCII | re.IGNORECASE)
_DECIBELS = re.compile(rf"({_NUMBER})\s*(?:dB|分贝)", re.ASCII | re.IGNORECASE)
#: A number with the comma of many languages; which it is in a thousand and which in a half is not guessed.
_COMMA = re.compile(r"[-+]?\d+,\d+")
_RATIO = re.compile(rf"({_NUMBER})\s*:\s*({_NUMBER})", re.ASCII | re.IGNORECASE)

#: Reads the text of a cell: the number, or the slug of what is wrong and its details.
type Reader = Callable[[str], float | tuple[str, dict[str, str]]]


def plain_weight(text: str) -> float | tuple[str, dict[str, str]]:
    """Read a plain number of decibels."""
    number = _number(text)
    if number is None:
        return "cell-number", _found(text)
    return number if -WEIGHT_LIMIT_DB <= number <= WEIGHT_LIMIT_DB else _finite(text, number)


def weight_reader(words: Iterable[tuple[str, float]] | None) -> Reader:
    """Make a reader of weights with their unit: decibels, a ratio, or a word of the study's scale.

    Parameters
    ----------
    words
        Words of the scale, in every language, and the decibels from which each holds; a word stands for that
        weight. None where the study's scale could not be read: then no word is called unknown.
    """
    pairs = list(words or ())
    known = {_folded(word): decibels for word, decibels in pairs}
    names = [word for word, _ in pairs]

    def read(text: str) -> float | tuple[str, dict[str, str]]:
        ratio = _RATIO.fullmatch(_ascii(text))
        if ratio:
            return _ratio(text, _float(ratio[1]), _float(ratio[2]))
        decibels = _DECIBELS.fullmatch(_ascii(text))
        if decibels:
            return _finite(text, _float(decibels[1]))
        word = _folded(text)
        against = word.startswith("-") and word not in known
        word = word.removeprefix("-").strip() if against else word
        if word in known:
            return -known[word] if against else known[word]
        number = _number(text)
        if number is not None:
            return ("unit-missing", {"found": _ascii(text)[:40]}) if math.isfinite(number) else _finite(text, number)
        if words is None:
            return 0.0
        return "weight-form", {**_found(text), "known": listed(names), "guess": guess(word, names)}

    return read


def probability(text: str) -> float | tuple[str, dict[str, str]]:
    """Read the probability of what was found, under one hypothesis: above 0 and up to 1."""
    number, details = _number(text), _found(text)
    if number is None:
        return "cell-number", details
    if not math.isfinite(number):
        return "likelihood-not-finite", details
    if number == 0:
        return "likelihood-zero", details
    if number < 0:
        return "likelihood-negative", details
    return number if number <= 1 else ("likelihood-above-one", details)


def search(text: str) -> float | tuple[str, dict[str, str]]:
    """Read the probability that a search would have found what it was after: above 0 and up to 1."""
    number, details = _number(text), _found(text)
    if number is None:
        return "cell-number", details
    return number if 0 < number <= 1 else ("search-range", details)


def redundancy(text: str) -> float | tuple[str, dict[str, str]]:
    """Read how far observations say one thing, from 0 to 1."""
    number, details = _number(text), _found(text)
    if number is None:
        return "cell-number", details
    return number if 0 <= number <= 1 else ("redundancy-range", details)


def read_cell(cell: Cell, reader: Reader) -> float | Fault:
    """Read a cell that is filled in."""
    read = reader(cell.text)
    return cell.fault(*read) if isinstance(read, tuple) else read


def read_range(row: Row, names: tuple[str, str, str], reader: Reader) -> tuple[list[float | None], list[Fault]]:
    """Read the low end, the best number and the high end of a row.

    Parameters
    ----------
    row
        Cells by column.
    names
        The columns of low, best and high.
    reader
        What reads one cell.

    Returns
    -------
    numbers : list of float or None
        Low, best, high; low and high are None where both cells are empty.
    faults : list of Fault
        Where there are any, the numbers are not to be used.
    """
    numbers: list[float | None] = []
    faults: list[Fault] = []
    texts = texts_in(row, names)
    for name, text in zip(names, texts, strict=True):
        read = reader(text) if text else None
        if isinstance(read, tuple):
            faults.append(row[name].fault(*read))
            read = None
        numbers.append(read)
    low, best, high = names
    if texts[1] == "":
        faults.append(row[best].fault("cell-empty", {"column": best}))
    if texts[0] is not None and texts[2] is not None and bool(texts[0]) != bool(texts[2]):
        empty, filled = (high, low) if texts[0] else (low, high)
        faults.append(row[empty].fault("range-half", {"column": empty, "filled": filled}))
    stated = [number for number in numbers if number is not None]
    if not faults and any(after < before for before, after in pairwise(stated)) and texts[1] is not None:
        found = ", ".join(shown(text) for text in texts if text)
        faults.append(row[best].fault("range-order", {"found": found}))
    return numbers, faults


def _found(text: str) -> dict[str, str]:
    """Show what was found, and how it would be with a point where it has a comma."""
    written = _ascii(text)
    return {"found": shown(text), "point": shown(written.replace(",", ".")) if _COMMA.fullmatch(written) else ""}


def _finite(text: str, decibels: float) -> float | tuple[str, dict[str, str]]:
    if not math.isfinite(decibels):
        return "weight-not-finite", {"found": shown(text)}
    if abs(decibels) > WEIGHT_LIMIT_DB:
        return "weight-too-large", {"found": shown(text), "limit": f"{WEIGHT_LIMIT_DB:,.0f}"}
    return decibels


def _ratio(text: str, above: float, below: float) -> float | tuple[str, dict[str, str]]:
    details = {"found": shown(text)}
    if math.isnan(above) or math.isnan(below) or math.isinf(above) or math.isinf(below):
        return "ratio-not-finite", details
    if above < 0 or below < 0:
        return "ratio-negative", details
    if above == 0 or below == 0:
        return "ratio-zero", details
    # The difference of two logarithms, so that no quotient overflows.
    return 10.0 * (math.log10(above) - math.log10(below))


def _number(text: str) -> float | None:
    if text.isascii():  # nearly always, and there may be millions
        return float(text) if _PLAIN.fullmatch(text) else None
    written = _ascii(text)
    return _float(written) if _PLAIN.fullmatch(written) else None


def _float(text: str) -> float:
    return float(text.replace("∞", "inf"))


def _ascii(text: str) -> str:
    """Turn full-width signs, as a Chinese keyboard gives them, and typographic minus signs into plain ones."""
    return re.sub("[−–—]", "-", unicodedata.normalize("NFKC", text)).strip()


def _folded(text: str) -> str:
    return " ".join(_ascii(text).casefold().split())
