"""Dates and spans of dates."""

from datetime import date

import pytest

from bayestrace.dates import DateError, interval


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2017", date(2017, 1, 1), date(2017, 12, 31)),
        ("2017-11", date(2017, 11, 1), date(2017, 11, 30)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2017-12", date(2017, 12, 1), date(2017, 12, 31)),
        ("2017-11-06", date(2017, 11, 6), date(2017, 11, 6)),
        ("2017-01-20/2021-01-20", date(2017, 1, 20), date(2021, 1, 20)),
        ("2017/2021", date(2017, 1, 1), date(2021, 12, 31)),
        ("2017-11/2017", date(2017, 11, 1), date(2017, 12, 31)),
        ("2017/2017", date(2017, 1, 1), date(2017, 12, 31)),
    ],
)
def test_a_date_covers_its_days(text: str, first: date, last: date) -> None:
    assert interval(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "form"),
        ("17", "form"),
        ("2017-1", "form"),
        ("2017-11-06T00:00", "form"),
        ("2017年11月", "form"),
        ("２０１７", "form"),
        ("2017-11-06\n", "form"),
        ("2017/", "form"),
        ("/2017", "form"),
        ("2017/2018/2019", "form"),
        ("0000", "unreal"),
        ("2017-13", "unreal"),
        ("2017-02-29", "unreal"),
        ("2017/2017-00", "unreal"),
        ("2018/2017", "order"),
        ("2017-11-06/2017-11-05", "order"),
    ],
)
def test_what_is_no_date_says_why(text: str, reason: str) -> None:
    with pytest.raises(DateError) as caught:
        interval(text)
    assert caught.value.reason == reason
