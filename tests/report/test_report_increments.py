"""Cases that differ in one factor alone, side by side: which are paired, what turned, and where the page says so."""

from __future__ import annotations

import numpy as np
import pytest
from pages import parse
from study_factory import make_profile, make_study
from trees import change, small_tree, tree_of

from bayestrace.report.content import Report, read_content
from bayestrace.report.page import render


def crossed() -> Report:
    """Two factors of two groups, a case in each of the four crossings."""
    study = make_study(cases=4, factors=2, clusters=(), singles=6)
    tree = tree_of(study, make_profile())
    net = np.full(tree["mechanism"]["net"].shape, np.nan)
    net[:, 0] = [-1.0, 0.5, -0.25, 1.0]
    net[:2, 1] = [0.0, 1.0]
    change(tree, "mechanism", "net", net)
    return read_content(tree, "en")


def test_each_pair_differs_in_one_factor_alone() -> None:
    report = crossed()
    study = make_study(cases=4, factors=2, clusters=(), singles=6)
    groups = [tuple(case.groups.values()) for case in study.cases.values()]
    assert len(set(groups)) == 4
    found = [(place, pair.cases) for place, one in enumerate(report.increments) for pair in one.pairs]
    assert len(found) == 4
    for factor, (before, after) in found:
        differs = [one != other for one, other in zip(groups[before], groups[after], strict=True)]
        assert differs == [factor == 0, factor == 1]


def test_an_increment_is_what_comes_after_less_what_came_before() -> None:
    report = crossed()
    net = {0: -1.0, 1: 0.5, 2: -0.25, 3: 1.0}
    for one in report.increments:
        turned = []
        for pair in one.pairs:
            before, after = (net[place] for place in pair.cases)
            first, *rest = pair.increments()
            assert first is not None
            assert first.value == pytest.approx(after - before)
            assert first.parts == (after, before)
            turned.append(after - before)
            assert rest[-1] is None
        assert one.larger(0) == (one.pairs[int(np.argmax(turned))],)
        assert one.larger(2) == ()


def test_pairs_that_share_nothing_are_told_by_their_cases() -> None:
    report = read_content(small_tree(), "en")
    assert [str(name) for name in report.increments[0].pairs[0].shared] == ["Case one", "Case three"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_sets_pairs_side_by_side(lang: str) -> None:
    page = parse(render(read_content(small_tree(), "zh" if lang == "zh" else "en")))
    text = page.find("pooling").text()
    assert {"en": "Increments, J to K", "zh": "增量：由日至韩"}[lang] in text
    figures = [one for one in page.all("svg") if one.attrs.get("aria-labelledby", "").startswith("inc-0-")]
    assert len(figures) == 2


def test_a_result_that_keeps_no_directions_has_no_increments() -> None:
    tree = small_tree()
    change(tree, "mechanism", "weighing", 0)
    tree["mechanism"] = type(tree["mechanism"])(tree["mechanism"].to_dataset().drop_vars(["net", "indicator_face_db"]))
    report = read_content(tree, "en")
    assert report.increments == ()
    assert all(cell.weight is None for cell in report.mechanism.indicators)
    assert "Increments" not in render(report)
