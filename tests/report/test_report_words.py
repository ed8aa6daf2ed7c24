"""How numbers and references are written."""

from __future__ import annotations

from typing import Any

import pytest

from bayestrace.messages import Lang
from bayestrace.references import reference, safe_url
from bayestrace.report.wording import decibels, percent, plain, share


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0.0, "< 0.1 %", "<0.1%"),
        (0.00099, "< 0.1 %", "<0.1%"),
        (0.001, "0.1 %", "0.1%"),
        (0.0849, "8.5 %", "8.5%"),
        (0.0994, "9.9 %", "9.9%"),
        (0.0996, "10 %", "10%"),
        (0.5, "50 %", "50%"),
        (0.9, "90 %", "90%"),
        (0.9004, "90 %", "90%"),
        (0.901, "90.1 %", "90.1%"),
        (0.9989, "99.9 %", "99.9%"),
        (0.99901, "> 999 : 1", ">999:1"),
        (1.0, "> 999 : 1", ">999:1"),
    ],
)
def test_a_probability_has_the_digits_it_carries(value: float, english: str, chinese: str) -> None:
    assert percent(value).replace("\u00a0", " ") == english
    assert percent(value, "zh") == chinese


def test_nobody_gives_odds_of_a_reliability() -> None:
    assert share(1.0).replace("\u00a0", " ") == "> 99.9 %"
    assert share(0.85, "zh") == "85%"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0.0"),
        (-0.04, "0.0"),
        (0.05, "+0.1"),
        (-2.75, "−2.8"),
        (7.24, "+7.2"),
        (99.94, "+99.9"),
        (99.96, "+100"),
        (-250.3, "−250"),
    ],
)
def test_a_weight_has_its_sign(value: float, expected: str) -> None:
    assert decibels(value) == expected


def test_a_number_of_the_study_is_written_as_it_is() -> None:
    assert [plain(value) for value in (0.25, 3.0, -1.5, 0.05)] == ["0.25", "3", "−1.5", "0.05"]


ARTICLE = {
    "type": "article-journal",
    "title": "The Security Dilemma in Alliance Politics",
    "author": [{"family": "Snyder", "given": "Glenn H."}],
    "container-title": "World Politics",
    "issued": {"date-parts": [[1984]]},
    "volume": "36",
    "issue": "4",
    "page": "461-495",
    "language": "en",
}


@pytest.mark.parametrize(
    ("csl", "expected"),
    [
        (
            ARTICLE,
            "Snyder, G. H. (1984). The Security Dilemma in Alliance Politics. World Politics, 36(4), 461–495.",
        ),
        (
            {
                "type": "book",
                "title": "The Origins of Alliances",
                "author": [{"family": "Walt", "given": "Stephen M."}],
                "publisher": "Cornell University Press",
                "issued": {"date-parts": [[1987]]},
            },
            "Walt, S. M. (1987). The Origins of Alliances. Cornell University Press.",
        ),
        (
            {"title": "Poll", "container-title": "Gallup", "issued": {"date-parts": [[2020, 7, 1]]}},
            "Poll. (2020, July 1). Gallup.",
        ),
        (
            {"type": "report", "title": "Who pays?", "author": [{"literal": "RAND"}, {"family": "Doe", "given": "A"}]},
            "RAND, & Doe, A. (n.d.). Who pays?",
        ),
        (
            {
                "type": "article-journal",
                "title": "联盟",
                "author": [{"family": "任", "given": "琳"}, {"family": "郑", "given": "海琦"}],
                "container-title": "国际政治科学",
                "issued": {"date-parts": [[2022]]},
                "issue": "1",
                "page": "1-35",
                "language": "zh-CN",
            },
            "任琳，郑海琦．联盟[J]．国际政治科学，2022(1)：1-35．",
        ),
        (
            {
                "type": "book",
                "title": "过程追踪法",
                "author": [{"family": "Beach", "given": "Derek"}],
                "translator": [{"family": "汪", "given": "卫华"}],
                "publisher": "格致出版社",
                "issued": {"date-parts": [[2020]]},
                "language": "zh-CN",
            },
            "BEACH D．过程追踪法[M]．汪卫华，译．格致出版社，2020．",
        ),
    ],
)
def test_a_source_is_cited_in_the_style_of_its_language(csl: dict[str, Any], expected: str) -> None:
    assert str(reference(csl)) == expected


@pytest.mark.parametrize("lang", ["en", "zh-CN"])
@pytest.mark.parametrize("name", [*ARTICLE, "URL", "editor", "publisher"])
@pytest.mark.parametrize("value", [None, 3, "text", [], [None], {"date-parts": "x"}, {"date-parts": [["x"]]}, [[1]]])
def test_whatever_a_source_holds_it_is_cited(lang: Lang, name: str, value: Any) -> None:
    found = reference(ARTICLE | {"language": lang} | {name: value})
    assert isinstance(str(found), str)
    assert found.url is None


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c&d", True),
        ("http://例子.example/", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://example.org", False),
        ("https:///nowhere", False),
        ("//example.org/x", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("ftp://example.org", False),
        ("http://[broken", False),
        (None, False),
    ],
)
def test_only_web_addresses_are_linked(url: object, safe: bool) -> None:  # noqa: FBT001 - a column
    assert (safe_url(url) is not None) is safe
