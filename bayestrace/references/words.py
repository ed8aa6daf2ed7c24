"""The words of references, in the language of the source."""

from __future__ import annotations

from bayestrace.references.item import Date, Item

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
#: As the MLA Handbook shortens them.
SHORT = ("Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")


def ordinal(number: str) -> str:
    """Write 1st, 2nd, 3rd, 4th; what is no number stays as it is."""
    if not number.isdecimal():
        return number
    ends = {1: "st", 2: "nd", 3: "rd"}
    last = int(number[-2:])  # of a number of any length
    teen = 10 <= last <= 20  # noqa: PLR2004 - 11th, 12th, 13th
    return number + ("th" if teen else ends.get(last % 10, "th"))


def edition(item: Item) -> str:
    """Write the edition: 2nd ed.; in Chinese 第2版. The first is not told."""
    number = item.text("edition")
    if number in {"", "1"}:
        return ""
    if not number.isdecimal():
        return number
    return f"第{number}版" if item.chinese else f"{ordinal(number)} ed."


def day_of_year(item: Item, date: Date) -> str:
    """Write month and day without the year: February 10, or 2月10日; empty where the month is not known."""
    if date.month is None:
        return ""
    if item.chinese:
        return f"{date.month}月" + (f"{date.day}日" if date.day else "")
    return MONTHS[date.month - 1] + (f" {date.day}" if date.day else "")


def day(item: Item, date: Date) -> str:
    """Write a whole date as American English does, or as Chinese does."""
    rest = day_of_year(item, date)
    if item.chinese:
        return f"{date.years()}年{rest}" if date.year is not None else date.literal
    glue = ", " if date.day else " "
    return f"{rest}{glue}{date.year}" if rest else date.years()


def numbered(item: Item, number: str) -> str:
    """Write the number of a report, with the word for it where it is a bare number."""
    if not number.isdecimal():
        return number
    return f"第{number}号" if item.chinese else f"No. {number}"


def described(item: Item) -> str:
    """Write kind and number of a report in one: Working Paper No. 12."""
    return " ".join(filter(None, (item.text("genre"), numbered(item, item.text("number")))))


def archived(item: Item) -> str:
    """Write where in which archive it lies: box, archive, place."""
    return ", ".join(filter(None, (item.text("archive_location"), item.text("archive"), item.text("archive-place"))))
