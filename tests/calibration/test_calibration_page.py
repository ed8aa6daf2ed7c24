"""The page of calibration: both languages, every number, nothing from outside, nothing run."""

from __future__ import annotations

import dataclasses
import re
from html import unescape

import numpy as np
import pytest
from test_verdict import PRIOR, RANKED, made

from bayestrace.calibration.page import Made, answer, render
from bayestrace.calibration.page.wording import WORDS
from bayestrace.calibration.verdict import Labels, Verdict, judge
from bayestrace.messages import Lang
from bayestrace.report.figures import precise

LANGS: tuple[Lang, ...] = ("en", "zh")
LABELS = Labels(["north", "south"], ["a", "b", "c"], ["ada", "ben"])
HOSTILE = "<script>alert(1)</script>"


def told(lang: Lang) -> Made:
    zh = lang == "zh"
    return Made(
        title="样例" if zh else f"A sample {HOSTILE}",
        set="all",
        profile="reference",
        cases={"north": "北" if zh else "The north", "south": "南" if zh else "The south"},
        hypotheses={name: f"解释{name}" if zh else f"Explanation {name}" for name in "abc"},
        coders={"ada": "甲" if zh else "Ada", "ben": "乙" if zh else "Ben & co"},
        seed=1,
        redundancy="averaged",
        settings={"tune": 200, "draws": 300, "thin": 4, "target_accept": 0.8},
        study_digest="1" * 64,
        design_digest="2" * 64,
        version="0.1",
        versions={"python": "3.13.0", "numpy": "2.5"},
        command="bayestrace calibrate . --studies 300",
    )


@pytest.fixture(scope="module")
def verdict() -> Verdict:
    record = made(300)
    record["rank_log_v"] = np.minimum(record["rank_log_v"] // 2, RANKED)
    return judge(record, PRIOR, LABELS, ranked_among=RANKED)


@pytest.fixture(scope="module", params=LANGS)
def page(request: pytest.FixtureRequest, verdict: Verdict) -> tuple[Lang, str]:
    return request.param, render(verdict, told(request.param), request.param)


def numbers(verdict: Verdict) -> set[float]:
    """Every number of a verdict that the page is to show."""
    found: set[float] = {verdict.studies, verdict.cases, verdict.diverging_draws, verdict.diverging_studies}
    for way in verdict.ways:
        fields = dataclasses.asdict(way)
        found |= {value for name, value in fields.items() if isinstance(value, float) and name != "overconfidence_p"}
        for reliance in (way.leader, way.every):
            found |= {value for one in reliance.bins for value in dataclasses.astuple(one)}
        found |= {way.leader.said, way.leader.right, way.leader.error, way.leader.error_low, way.leader.error_high}
    for one in verdict.parameters:
        found |= {one.position, one.p, one.holm}
        found |= {value for cover in one.coverage for value in (cover.seen, cover.low, cover.high)}
    for drifted in verdict.drift:
        found |= {drifted.prior, drifted.mean, drifted.error, drifted.p, drifted.holm}
    return found


def test_every_number_is_there_in_full(page: tuple[Lang, str], verdict: Verdict) -> None:
    shown = {float(value) for value in re.findall(r'<data value="([^"]+)"', page[1])}
    # What is shown whole stands in the text alone.
    text = re.sub(r"<[^>]+>", " ", page[1].split("</style>", 1)[1])
    for number, percent in re.findall(r"([−+]?\d+(?:\.\d+)?)(\s?%)?", text):
        shown.add(float(number.replace("−", "-")) / (100.0 if percent else 1.0))
    assert {float(precise(number)) for number in numbers(verdict)} - shown == set()


def test_the_answer_comes_first_in_the_language_of_the_page(page: tuple[Lang, str], verdict: Verdict) -> None:
    lang, html = page
    text = unescape(re.sub(r"<[^>]+>", "", html.split("</style>", 1)[1]))
    said = answer(verdict, told(lang), lang)
    assert text.index(said[0]) < text.index(said[1]) < text.index(said[2])
    assert ("300 simulated studies, 600 cases" if lang == "en" else "300 项模拟研究共 600 个案例") in said[0]
    assert ("Informativeness (log)" if lang == "en" else "证据信息量（对数）") in said[2]
    chinese = re.findall(r"[\u4e00-\u9fff]", re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL))
    assert len(chinese) > 600 if lang == "zh" else not chinese


def test_every_word_has_both_languages_with_the_same_fields() -> None:
    for key, both in WORDS.items():
        fields = [sorted(re.findall(r"\{(\w+)\}", text)) for text in (both.en, both.zh)]
        assert fields[0] == fields[1], key
        assert key == "c-p" or both.en != both.zh, key


def test_a_verdict_without_departures_says_so(verdict: Verdict) -> None:
    sound = dataclasses.replace(verdict, departures=())
    assert answer(sound, told("en"), "en")[2].startswith("Nothing departs further than chance allows")
    assert answer(verdict, told("en"), "en")[2].startswith("Further off than chance allows")


def test_nothing_is_loaded_or_run_and_texts_are_escaped(page: tuple[Lang, str]) -> None:
    _, html = page
    assert "<script" not in html
    assert not re.search(r'(?:src|href)="(?!#)', html)
    assert not re.search(r"url\((?!#)", html)
    assert "default-src 'none'" in unescape(html)
    assert html.count("<svg") == html.count("</svg>")


def test_the_curve_that_departs_is_marked(page: tuple[Lang, str]) -> None:
    _, html = page
    assert len(re.findall(r'class="thin k-out"', html)) == 1
    assert html.count('<tr class="departs">') == 1


def test_few_studies_and_drawn_redundancy_are_warned_of(verdict: Verdict) -> None:
    few = render(dataclasses.replace(verdict, studies=199), dataclasses.replace(told("en"), redundancy="drawn"), "en")
    plain = render(verdict, told("en"), "en")
    for key in ("few", "redundancy-drawn"):
        assert WORDS[key].en in few
        assert WORDS[key].en not in plain


def test_the_same_verdict_gives_the_same_bytes(verdict: Verdict) -> None:
    assert render(verdict, told("en"), "en") == render(verdict, told("en"), "en")


def test_a_score_that_is_infinite_is_shown_as_such(verdict: Verdict) -> None:
    face = dataclasses.replace(verdict.way("face"), log_score=float("inf"), log_score_error=float("nan"))
    ways = tuple(face if one.name == "face" else one for one in verdict.ways)
    assert "∞" in render(dataclasses.replace(verdict, ways=ways), told("en"), "en")
