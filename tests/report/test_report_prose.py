"""Sentences that depend on how many cases there are."""

from __future__ import annotations

from collections import Counter

import pytest
from study_factory import make_profile, make_study
from trees import tree_of

from bayestrace.messages import Lang
from bayestrace.report.content import read_content
from bayestrace.report.page import prose
from bayestrace.report.page.html import Speaker


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cases", [6, 8])
def test_of_many_cases_the_answer_says_how_many(lang: Lang, cases: int) -> None:
    study = make_study(cases=cases, hypotheses=3, clusters=(), singles=2)
    report = read_content(tree_of(study, make_profile()), lang)
    said = [str(sentence) for sentence in prose.answer(report, Speaker(lang))]
    led = Counter(case.leader for case in report.cases)
    for number in led.values():
        many = {"en": f"{number} of the {cases} cases", "zh": f"{cases}个案例中的{number}个"}[lang]
        assert (many in said[0]) is (cases > 6)
    assert ("c1" in "".join(said)) is (cases <= 6)
