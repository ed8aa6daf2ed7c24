"""Every word of the page, English and Chinese; numbers are written here too."""

from bayestrace.messages.wording import Both, Lang
from bayestrace.report.wording.labels import LABELS
from bayestrace.report.wording.methods import LIMITS, METHODS, Passage
from bayestrace.report.wording.numbers import (
    Format,
    correlation,
    count,
    decibels,
    magnitude,
    p_value,
    percent,
    plain,
    quota,
    ratio,
    share,
    stated_share,
)
from bayestrace.report.wording.sentences import SENTENCES

__all__ = [
    "LIMITS",
    "METHODS",
    "Format",
    "Passage",
    "and_list",
    "correlation",
    "count",
    "decibels",
    "has",
    "magnitude",
    "of",
    "p_value",
    "percent",
    "plain",
    "quota",
    "ratio",
    "share",
    "stated_share",
    "words",
]

_WORDS: dict[str, Both] = LABELS | SENTENCES


def words(key: str, lang: Lang) -> str:
    """Return a label or the template of a sentence.

    Raises
    ------
    KeyError
        No such wording: a mistake of the program.
    """
    return of(_WORDS[key], lang)


def of(both: Both, lang: Lang) -> str:
    """Return one of the two languages."""
    return both.zh if lang == "zh" else both.en


def has(key: str) -> bool:
    """Say whether there is such a wording."""
    return key in _WORDS


def and_list(lang: Lang) -> tuple[str, str]:
    """Return what stands between the entries of a list, and between its last two."""
    return ("、", "和") if lang == "zh" else (", ", " and ")
