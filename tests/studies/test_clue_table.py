"""The clue table of the study itself, derived anew from its observations by the rule of evidence/README.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from bayestrace import api
from bayestrace.study import Evidence, Study
from bayestrace.study.sought import Candidate, Clue

ROOT = Path(__file__).parents[2]
PROBABLY_FALSE = 0.5  # an observation of lower reliability counts for no clue
PASSED_OVER = 0.5  # chance that the article would report what runs against its own prediction
OPPOSITE = {"up": "down", "down": "up"}
AN_ID = re.compile(r"[jk][bt]-[a-z0-9-]+")


@pytest.fixture(scope="module")
def study() -> Study:
    return api.read_study(ROOT)


class Row(NamedTuple):
    """What the table says of one clue in one case; `rests_on` are the observations that decide."""

    state: str
    search: float
    source: str | None
    rests_on: tuple[str, ...]


def counting(study: Study, case: str, clue: Clue, direction: str) -> list[Evidence]:
    return [
        item
        for item in study.evidence
        if item.case == case and item.step == clue.step and item.direction == direction
        if clue.domain in {None, item.domain}
        if not item.context and study.reliability_of(item) >= PROBABLY_FALSE
    ]


def derived(study: Study, case: str, clue: Clue) -> Row:
    for_it = counting(study, case, clue, clue.direction)
    against = counting(study, case, clue, OPPOSITE[clue.direction])
    if not for_it and not against:
        return Row("not-sought", 1.0, None, ())
    (predicted,) = {each.directions[clue.step or ""] for each in study.mechanism.predictions if case in each.cases}
    search = 1.0 if predicted == clue.direction else PASSED_OVER
    if for_it:
        source = max(for_it, key=study.reliability_of).source
        return Row("found", search, source, tuple(item.id for item in for_it))
    return Row("not-found", search, None, tuple(item.id for item in against))


def test_the_table_follows_from_the_observations(study: Study) -> None:
    expected = {(case, name): derived(study, case, clue) for case in study.cases for name, clue in study.clues.items()}
    stated = {}
    for each in study.searches:
        assert each.note is not None
        first = each.note("en").split(". ")[0]
        rests_on = tuple(AN_ID.findall(first))
        assert tuple(AN_ID.findall(each.note("zh").split("。")[0])) == rests_on
        stated[each.case, each.clue] = Row(each.state, each.search, each.source, rests_on)
    assert stated == expected


def test_what_a_note_adds_is_of_the_case_and_does_not_count(study: Study) -> None:
    added = 0
    for each in study.searches:
        assert each.note is not None
        named = set(AN_ID.findall(each.note("en")))
        assert named == set(AN_ID.findall(each.note("zh")))
        clue = study.clues[each.clue]
        for beside in named - set(derived(study, each.case, clue).rests_on):
            (item,) = [item for item in study.evidence if item.id == beside]
            assert item.case == each.case
            assert item.direction == "none" or item.step != clue.step
            added += 1
    assert added


def test_the_readme_counts_the_table_as_it_is(study: Study) -> None:
    count = Counter(each.state for each in study.searches)
    pairs, found, not_found, not_sought = len(study.searches), count["found"], count["not-found"], count["not-sought"]
    text = (ROOT / "evidence/README.md").read_text(encoding="utf-8").replace("\n", " ")
    assert f"Of the {pairs} pairs {found} are found, {not_found} not found and {not_sought} not sought." in text
    assert f"{pairs}个“案例—线索”组合中，{found}个找到，{not_found}个未找到，{not_sought}个未查找。" in text


def test_every_indicator_is_sought_in_both_directions_as_one_pair(study: Study) -> None:
    pairs: dict[tuple[str | None, str | None], dict[str, str]] = {}
    for name, clue in study.clues.items():
        pairs.setdefault((clue.step, clue.domain), {})[clue.direction] = name
    assert set(pairs) == {
        ("commitment", None),
        ("role", None),
        *(("coordination", domain) for domain in ("political", "security", "economic")),
        *(("autonomy", domain) for domain in ("diplomatic", "security", "economic")),
    }
    assert all(set(pair) == {"up", "down"} for pair in pairs.values())
    assert [set(each.clues) for each in study.dependence] == [set(pair.values()) for pair in pairs.values()]
    assert study.clue_reading == "beside"


def test_clues_and_candidates_state_a_range_for_every_explanation_and_say_that_it_is_illustrative(study: Study) -> None:
    items: Sequence[Clue | Candidate] = [*study.clues.values(), *study.candidates.values()]
    assert (len(study.clues), len(study.candidates)) == (16, 10)
    for item in items:
        assert item.asks is not None
        assert item.why is not None
        assert set(item.found_if) == set(study.hypotheses)
        for chance in item.found_if.values():
            assert chance.low is not None
            assert chance.high is not None
            assert chance.high - chance.low > 0.19
        assert item.why("en").endswith(" Illustrative.")
        assert item.why("zh").endswith("数字仅为示例。")
        for text in (item.asks, item.why):
            assert text("en") != text("zh")
            assert not re.search(r"[a-z]{3,}|[,;:?!()\s]", text("zh")), text("zh")
