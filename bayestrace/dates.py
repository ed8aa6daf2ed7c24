"""Read the dates of a study: a year, a month or a day, or the first and the last of a span."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Literal

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


class DateError(ValueError):
    """A text that is no date of a study.

    Parameters
    ----------
    reason
        ``form``: it is not written as a date; ``unreal``: the calendar has no such day; ``order``: it ends before
        it begins.
    """

    def __init__(self, reason: Literal["form", "unreal", "order"], text: str) -> None:
        self.reason = reason
        super().__init__(f"{text!r} is no date: {reason}")


def interval(text: str) -> tuple[date, date]:
    """Return the first and the last day that a date covers.

    Parameters
    ----------
    text
        ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, or two of them with a slash between: ``first/last``.

    Raises
    ------
    DateError
        Where the text is written otherwise, names no real day, or ends before it begins.
    """
    first, slash, last = text.partition("/")
    begins = _days(first)[0]
    ends = _days(last if slash else first)[1]
    if ends < begins:
        raise DateError("order", text)
    return begins, ends


def _days(text: str) -> tuple[date, date]:
    written = _DATE.fullmatch(text)
    if written is None:
        raise DateError("form", text)
    year, month, day = written.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        raise DateError("unreal", text) from None
    if day:
        return first, first
    if month:
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    return first, first.replace(month=12, day=31)
