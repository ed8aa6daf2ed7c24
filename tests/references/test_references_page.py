"""References as the report shows them, without addresses, against ones written by hand from the rules."""

from __future__ import annotations

from typing import Any

import pytest

from bayestrace.references import STYLES, Style, other_style, own_style, reference

WEB = {"URL": "https://example.org/x"}


def person(family: str, given: str) -> dict[str, str]:
    return {"family": family, "given": given}


def dated(*parts: int) -> dict[str, Any]:
    return {"issued": {"date-parts": [list(parts)]}}


def source(kind: str, title: str, *authors: dict[str, str], lang: str = "en", **more: Any) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return {"type": kind, "title": title, "language": lang, "author": list(authors), **named}


JOURNAL = source(
    "article-journal",
    "Nuclear Weapons and Alliances",
    person("Frühling", "Stephan"),
    person("O'Neil", "Andrew B."),
    container_title="Security Policy",
    volume="38",
    issue="1",
    page="4-25",
    **dated(2016, 3),
)
JOURNAL_ZH = source(
    "article-journal",
    "虚弱的联盟扩容",
    person("任", "琳"),
    person("郑", "海琦"),
    lang="zh-CN",
    container_title="国际政治科学",
    issue="1",
    page="1-37",
    **dated(2022),
)
NEWSPAPER = source(
    "article-newspaper",
    "Cost for Troops to Rise",
    person("Park", "Ji-won"),
    container_title="The Korea Times",
    **dated(2019, 2, 10),
    **WEB,
)
NEWSPAPER_ZH = source(
    "article-newspaper",
    "高度警惕！",
    person("陈", "山"),
    lang="zh-CN",
    container_title="环球时报",
    page="3",
    **dated(2023, 1, 5),
)
MAGAZINE = source(
    "article-magazine",
    "Can the Alliance Weather It?",
    person("Waldman", "Elliot"),
    container_title="World Politics Review",
    **dated(2020, 2, 25),
    **WEB,
)
BLOG = source(
    "post-weblog",
    "'Cost Plus 50' Explained",
    person("Pettyjohn", "Stacie L."),
    container_title="RAND",
    **dated(2019, 3, 15),
    **WEB,
)
SITE = source(
    "webpage",
    "Shakedowns",
    person("Klingner", "Bruce"),
    person("Pak", "Jung H."),
    person("Terry", "Sue Mi"),
    person("Green", "Michael J."),
    container_title="The Brookings Institution",
    **dated(2019, 12, 18),
    **WEB,
)
SITE_OF_AUTHOR = source(
    "webpage",
    "Washington Declaration",
    {"literal": "The White House"},
    container_title="The White House",
    **dated(2023, 4, 26),
    **WEB,
)
SITE_ZH = source("webpage", "协议：还是涨了", lang="zh-CN", container_title="环球网", **dated(2021, 4, 9), **WEB)
BOOK = source(
    "book",
    "The Origins of Alliances",
    person("Walt", "Stephen M."),
    publisher="Cornell University Press",
    publisher_place="Ithaca, NY",
    **dated(1987),
)
BOOK_ZH = source(
    "book",
    "过程追踪法",
    person("Beach", "Derek"),
    person("Pedersen", "Rasmus Brun"),
    lang="zh-CN",
    translator=[person("汪", "卫华")],
    publisher="格致出版社",
    publisher_place="上海",
    page="11",
    **dated(2020),
)
CHAPTER = source(
    "chapter",
    "Inadvertent Nuclear War?",
    person("Posen", "Barry R."),
    container_title="Naval Strategy",
    editor=[person("Miller", "Steven E."), person("Van Evera", "Stephen")],
    publisher="Princeton University Press",
    publisher_place="Princeton, NJ",
    page="332-358",
    **dated(1983),
)
SPEECH = source(
    "speech",
    "Arms Transfers",
    person("Buckley", "James"),
    publisher="Bureau",
    publisher_place="Washington, DC",
    number="Current Policy No. 279",
    page="2",
    **dated(1981, 5, 21),
)
SPEECH_ON_LINE = source(
    "speech", "America's Alliances", person("Blinken", "Antony J."), publisher="State", **dated(2021, 3, 24), **WEB
)
REPORT = source(
    "report",
    "Image Plummets",
    person("Wike", "Richard"),
    person("Fetterolf", "Janell"),
    person("Mordecai", "Mara"),
    publisher="Pew Research Center",
    **dated(2020, 9, 15),
)
REPORT_ON_LINE = source(
    "report", "The Divide", person("Lee", "Haneul"), publisher="Center", **dated(2020, 11, 23), **WEB
)
UNDATED_ZH = source("article-journal", "联盟成本分担", person("彭", "博"), lang="zh-CN", container_title="当代亚太")

WRITTEN = {
    "journal": (
        JOURNAL,
        "Frühling, S., & O'Neil, A. B. (2016). Nuclear Weapons and Alliances. *Security Policy, 38*(1), 4–25.",
        "FRÜHLING S, O'NEIL A B. Nuclear Weapons and Alliances[J]. Security Policy, 2016, 38(1): 4-25.",
    ),
    "journal-zh": (
        JOURNAL_ZH,
        "任琳, & 郑海琦. (2022). 虚弱的联盟扩容. *国际政治科学*, (1), 1–37.",
        "任琳，郑海琦．虚弱的联盟扩容[J]．国际政治科学，2022(1)：1-37．",
    ),
    "newspaper": (
        NEWSPAPER,
        "Park, J.-W. (2019, February 10). Cost for Troops to Rise. *The Korea Times*.",
        "PARK J W. Cost for Troops to Rise[N/OL]. The Korea Times, 2019-02-10.",
    ),
    "newspaper-zh": (
        NEWSPAPER_ZH,
        "陈山. (2023年1月5日). 高度警惕！ *环球时报*, 3.",
        "陈山．高度警惕！[N]．环球时报，2023-01-05(3)．",
    ),
    "magazine": (
        MAGAZINE,
        "Waldman, E. (2020, February 25). Can the Alliance Weather It? *World Politics Review*.",
        "WALDMAN E. Can the Alliance Weather It?[J/OL]. World Politics Review, 2020-02-25.",
    ),
    "blog": (
        BLOG,
        "Pettyjohn, S. L. (2019, March 15). 'Cost Plus 50' Explained. *RAND*.",
        "PETTYJOHN S L. 'Cost Plus 50' Explained[EB/OL]. RAND, 2019(2019-03-15).",
    ),
    "site": (
        SITE,
        (
            "Klingner, B., Pak, J. H., Terry, S. M., & Green, M. J. (2019, December 18). *Shakedowns*. "
            "The Brookings Institution."
        ),
        "KLINGNER B, PAK J H, TERRY S M, et al. Shakedowns[EB/OL]. The Brookings Institution, 2019(2019-12-18).",
    ),
    "site-of-its-author": (
        SITE_OF_AUTHOR,
        "The White House. (2023, April 26). *Washington Declaration*.",
        "The White House. Washington Declaration[EB/OL]. (2023-04-26).",
    ),
    "site-zh-without-author": (
        SITE_ZH,
        "*协议：还是涨了*. (2021年4月9日). 环球网.",
        "协议：还是涨了[EB/OL]．环球网，2021(2021-04-09)．",
    ),
    "book": (
        BOOK,
        "Walt, S. M. (1987). *The Origins of Alliances*. Cornell University Press.",
        "WALT S M. The Origins of Alliances[M]. Ithaca, NY: Cornell University Press, 1987.",
    ),
    "book-zh-translated": (
        BOOK_ZH,
        "Beach, D., & Pedersen, R. B. (2020). *过程追踪法* (汪卫华, 译). 格致出版社.",
        "BEACH D，PEDERSEN R B．过程追踪法[M]．汪卫华，译．上海：格致出版社，2020：11．",
    ),
    "chapter": (
        CHAPTER,
        (
            "Posen, B. R. (1983). Inadvertent Nuclear War? In S. E. Miller & S. Van Evera (Eds.), *Naval Strategy* "
            "(pp. 332–358). Princeton University Press."
        ),
        (
            "POSEN B R. Inadvertent Nuclear War?[M]//MILLER S E, VAN EVERA S. Naval Strategy. Princeton, NJ: "
            "Princeton University Press, 1983: 332-358."
        ),
    ),
    "speech": (
        SPEECH,
        "Buckley, J. (1981, May 21). *Arms Transfers* (Current Policy No. 279) [Speech]. Bureau.",
        "BUCKLEY J. Arms Transfers: Current Policy No. 279[Z]. Washington, DC: Bureau, 1981-05-21: 2.",
    ),
    "speech-on-line": (
        SPEECH_ON_LINE,
        "Blinken, A. J. (2021, March 24). *America's Alliances* [Speech]. State.",
        "BLINKEN A J. America's Alliances[EB/OL]. State, 2021(2021-03-24).",
    ),
    "report": (
        REPORT,
        "Wike, R., Fetterolf, J., & Mordecai, M. (2020, September 15). *Image Plummets*. Pew Research Center.",
        "WIKE R, FETTEROLF J, MORDECAI M. Image Plummets[R]. Pew Research Center, 2020-09-15.",
    ),
    "report-on-line": (
        REPORT_ON_LINE,
        "Lee, H. (2020, November 23). *The Divide*. Center.",
        "LEE H. The Divide[R/OL]. Center, 2020(2020-11-23).",
    ),
    "undated-zh": (
        UNDATED_ZH,
        "彭博. (日期不详). 联盟成本分担. *当代亚太*.",
        "彭博．联盟成本分担[J]．当代亚太．",
    ),
}


def marked(csl: dict[str, Any], style: Style) -> str:
    """Write a reference with what is in italics between asterisks."""
    found = reference(csl, style)
    return found.before + (f"*{found.italic}*" if found.italic else "") + found.after


@pytest.mark.parametrize("name", WRITTEN)
def test_apa(name: str) -> None:
    csl, apa, _ = WRITTEN[name]
    assert marked(csl, "apa") == apa


@pytest.mark.parametrize("name", WRITTEN)
def test_gb(name: str) -> None:
    csl, _, gb = WRITTEN[name]
    assert marked(csl, "gb-t-7714") == gb


@pytest.mark.parametrize("name", WRITTEN)
def test_the_own_style_is_that_of_the_language(name: str) -> None:
    csl, apa, gb = WRITTEN[name]
    chinese = name.partition("-")[2].startswith("zh") or name.endswith("zh")
    assert str(reference(csl)) == (gb if chinese else apa.replace("*", ""))
    assert STYLES[own_style(csl)] == ("GB/T 7714" if chinese else "APA")
    assert {own_style(csl), other_style(csl)} == {"apa", "gb-t-7714"}


def test_apa_names_twenty_authors_and_of_more_the_first_nineteen_and_the_last() -> None:
    many = [person(f"Name{place}", "Ann") for place in range(1, 22)]
    twenty = str(reference(source("book", "Title", *many[:20]), "apa"))
    assert "Name19, A., & Name20, A. (n.d.)" in twenty
    more = str(reference(source("book", "Title", *many), "apa"))
    assert "Name19, A., . . . Name21, A. (n.d.)" in more
    assert "Name20" not in more


def test_gb_names_three_authors_in_chinese_too() -> None:
    four = [person(family, "明") for family in "赵钱孙李"]
    assert str(reference(source("book", "书", *four[:3], lang="zh"))) == "赵明，钱明，孙明．书[M]．"
    assert str(reference(source("book", "书", *four, lang="zh"))) == "赵明，钱明，孙明，等．书[M]．"


def test_one_editor_is_ed() -> None:
    csl = CHAPTER | {"editor": [person("Miller", "Steven E.")]}
    assert "In S. E. Miller (Ed.), *Naval Strategy*" in marked(csl, "apa")
    assert "In *Naval Strategy*" in marked(CHAPTER | {"editor": []}, "apa")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", [*CHAPTER, "URL", "volume", "issue", "translator", "number"])
@pytest.mark.parametrize("value", [None, 3, "text", [], [None], {"date-parts": "x"}, {"date-parts": [["x"]]}, [[1]]])
def test_whatever_a_source_holds_it_is_written(style: Style, name: str, value: Any) -> None:
    for kind in ("chapter", "article-journal", "webpage", "speech", value):
        found = reference(CHAPTER | {"type": kind} | {name: value}, style)
        assert isinstance(str(found), str)
        assert found.url is None
