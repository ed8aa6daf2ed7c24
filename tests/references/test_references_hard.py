"""Hard cases in five styles, as reviewed by hand, and against what another processor makes of the published styles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bayestrace.references import STYLES, Style, reference

#: For each case the source, the reference in each style, and what citeproc-js 1.4.63 writes with the styles of the CSL
#: project (APSA 2018, APA 7, Chicago 18 author-date, MLA 9, GB/T 7714-2015 numeric), italics between asterisks.
CASES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("hard_cases.json").read_text(encoding="utf-8"))
PAIRS = [(name, style) for name in CASES for style in STYLES]

#: Where ours differs from the other processor on purpose. Chinese: marks, words and dates as Chinese writes them.
CHINESE = "artzh artzh4 bkzh bkzhtr chzh nwzh web0zh repzh nd"
DIFFERENT: dict[Style, str] = {
    # The manual has dates of newspapers and sites, n.d., translators, numbers of reports, series, volumes; CSL has not.
    "apsa": f"{CHINESE} bktr nw web0 rep nden sp magz iv pr2 rep2 nwp nw0 bkvol ser blog webc",
    # Straight quotation marks stay, J.-W., spaced dots, whole dates of reports; author and publisher are named once.
    "apa": "artzh artzh4 bkzhtr chzh nwzh web0zh nd art2 art3 art21 nw rep corp sp iv conf nwp webc",
    "chicago": f"{CHINESE} iv",
    # An institution is not named twice (5.23); dates of speeches, volumes of books.
    "mla": f"{CHINESE.replace(' web0zh', '')} thzh rep corp sp iv bkvol",
    # J W for Ji-won, full-width marks, names of institutions and dates as they are, the site as publisher.
    "gb-t-7714": f"{CHINESE} thzh art2 art3 nw web0 rep corp sp magz iv nwp blog webc",
}


def marked(csl: dict[str, Any], style: Style) -> str:
    found = reference(csl, style, addressed=True)
    return found.before + (f"*{found.italic}*" if found.italic else "") + found.after


@pytest.mark.parametrize(("name", "style"), PAIRS)
def test_a_hard_case_is_written_right(name: str, style: Style) -> None:
    case = CASES[name]
    assert marked(case["source"], style) == case["written"][style]


@pytest.mark.parametrize("style", STYLES)
def test_it_agrees_with_the_other_processor_but_where_a_reason_is_given(style: Style) -> None:
    asked = {name: case for name, case in CASES.items() if case["processor"]}
    differs = {
        name
        for name, case in asked.items()
        if case["written"][style].replace("’", "'") != case["processor"][style].replace("’", "'")
    }
    assert differs == set(DIFFERENT[style].split())


def test_the_table_is_as_wide_as_it_says() -> None:
    assert len(CASES) == 47
    kinds = {case["source"]["type"] for case in CASES.values()}
    assert {"article-journal", "book", "chapter", "thesis", "article-newspaper", "webpage", "report"} <= kinds
    assert sum(case["source"]["language"].startswith("zh") for case in CASES.values()) >= 10


@pytest.mark.parametrize("style", STYLES)
def test_html_is_escaped(style: Style) -> None:
    found = reference(CASES["html"]["source"], style, addressed=True)
    assert "<script" not in found.html().lower()
    assert "&lt;script&gt;" in found.html().lower()
    assert "<script>" in str(found).lower()
