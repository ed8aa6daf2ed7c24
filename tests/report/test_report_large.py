"""The report of a large study: a summary that stays small, says what it leaves out, and counts all of it."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from browsing import Watch
from large_pages import large_study, large_tree, summary_page
from lively_pools import pool_fit
from pages import Element, parse, unpacked
from playwright.sync_api import Page
from shares import some
from test_report_downloads import rows_of, taken
from trees import change, small_tree

from bayestrace import api, folder
from bayestrace import excerpt as room
from bayestrace.excerpt import FULL_CASES, FULL_OBSERVATIONS, LISTED, Excerpt, chosen, excerpt
from bayestrace.inference import answer
from bayestrace.public import public
from bayestrace.report.content import read_content
from bayestrace.report.content.many import ROWS
from bayestrace.report.content.parts import Report
from bayestrace.study import Study

#: What issue and documentation promise, bytes.
MOST = 5_000_000


@functools.cache
def tree_of(cases: int = 45, observations: int = 4, kind: str = "model") -> xr.DataTree:
    return large_tree(cases, observations, kind)


def cut(tree: xr.DataTree) -> Excerpt:
    part = excerpt(tree)
    assert part is not None
    return part


@functools.cache
def contents(kind: str = "model") -> tuple[Report, Report]:
    """Read a large result whole, and what is shown of it."""
    tree = tree_of(kind=kind)
    part = cut(tree)
    return read_content(tree, "en"), read_content(part.tree, "en", part.overall)


@pytest.mark.parametrize(("cases", "observations", "whole"), [(40, 10, True), (41, 1, False), (1, 401, False)])
def test_a_page_shows_all_up_to_a_stated_size(cases: int, observations: int, whole: bool) -> None:  # noqa: FBT001
    assert (excerpt(large_tree(cases, observations, "face-value")) is None) is whole


def test_a_small_page_says_nothing_of_a_summary() -> None:
    page = summary_page(small_tree("face-value"))
    assert "This page is a summary" not in page
    assert 'id="study"' in page


@pytest.mark.parametrize(
    ("cases", "observations", "kind"),
    some([(1000, 12, "model"), (60, 37, "model"), (1000, 3, "face-value")], (1000, 12, "model")),
)
def test_a_page_stays_below_the_limit(cases: int, observations: int, kind: str) -> None:
    page = summary_page(large_tree(cases, observations, kind), "en", "zh")
    assert len(page.encode()) < MOST
    assert len(parse(page).find("all-cases").all("tr")) == cases + 1


def test_beyond_a_number_of_cases_there_is_no_table_of_them() -> None:
    page = summary_page(large_tree(ROWS + 1, 1, "face-value"))
    assert 'id="all-cases"' not in page.replace("id=all-cases", 'id="all-cases"')
    assert f"A table of all {ROWS + 1} cases would be too long for a page." in parse(page).find("answer").said()


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_what_is_shown_in_full_is_what_the_whole_result_says(kind: str) -> None:
    whole, part = contents(kind)
    shown = {case.id for case in part.cases}
    assert len(shown) == FULL_CASES
    assert part.cases == tuple(case for case in whole.cases if case.id in shown)
    assert part.mechanism.arrows == whole.mechanism.arrows
    assert part.mechanism.cases == tuple(one for one in whole.mechanism.cases if one.case.id in shown)
    assert part.mechanism.indicators == tuple(one for one in whole.mechanism.indicators if one.case in shown)
    named = {case.name for case in part.cases}
    assert part.timelines == tuple(one for one in whole.timelines if one.case in named)
    for name in ("hypotheses", "coders", "replicates", "diagnostics", "profile", "kind", "title", "presets"):
        assert getattr(part, name) == getattr(whole, name), name
    assert part.manifest.digest == whole.manifest.digest
    if whole.pooling and part.pooling:
        for name in ("levels", "counts", "unseen"):
            assert getattr(part.pooling, name) == getattr(whole.pooling, name), name
        assert set(part.pooling.same) < set(whole.pooling.same)
        assert part.pooling.joint == ()


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_what_is_said_of_all_cases_is_counted_over_all(kind: str) -> None:
    whole, part = contents(kind)
    many = part.many
    assert many is not None
    assert (many.cases, many.observations, many.shown, many.shown_observations) == (45, 180, 8, 32)
    leaders = [case.leader for case in whole.cases if not case.tied]
    assert [one.leads for one in many.covered] == [leaders.count(place) for place in range(3)]
    assert [one.led.value * 45 for one in many.covered] == pytest.approx([one.leads for one in many.covered])
    assert many.tied == 45 - len(leaders)
    assert many.open == sum(case.top.closest.inconclusive for case in whole.cases)
    for line, case in zip(many.lines, whole.cases, strict=True):
        assert (line.name, line.leader, line.tied, line.rival) == (case.name, case.leader, case.tied, case.rival)
        assert (line.probability, line.weight) == (case.top.probability, case.top.closest.weight)
        assert line.id == (case.id if case in part.cases else "")
    sure = sorted(case.top.probability.value for case in whole.cases)
    assert sum(many.bins) == 45
    assert many.bins[7] == sum(0.35 <= one < 0.4 for one in sure)
    (_, lowest, _), *_, (_, middle, weight), _, _, (_, highest, _) = many.quantiles
    assert (lowest.value, middle.value, highest.value) == (sure[0], sure[22], sure[44])
    assert weight.value == sorted(case.top.closest.weight.value for case in whole.cases)[22]


def test_the_expected_share_is_that_of_the_number_of_cases() -> None:
    whole, part = contents()
    assert whole.pooling is not None
    assert part.many is not None
    for one, count in zip(part.many.covered, whole.pooling.counts, strict=True):
        chances = [number.value for number in count]
        assert one.share.value == pytest.approx(sum(n * p for n, p in enumerate(chances)) / 45)
        assert one.ends is not None
        low, high = (round(end.value * 45) for end in one.ends)
        assert sum(chances[:low]) < 0.03 <= sum(chances[: low + 1])
        assert sum(chances[:high]) < 0.97 <= sum(chances[: high + 1])
    face = contents("face-value")[1].many
    assert face is not None
    assert all(one.ends is None for one in face.covered)
    assert sum(one.share.value for one in face.covered) == pytest.approx(1.0)


def test_cases_are_chosen_evenly_from_the_least_to_the_most_certain() -> None:
    sure = np.random.default_rng(3).permutation(np.linspace(0.3, 1.0, 71))
    found = chosen(sure, np.full(71, 30))
    assert sorted(sure[found]) == pytest.approx(np.linspace(0.3, 1.0, 8))
    # With more observations each, fewer cases, and never fewer than the ends and the middle.
    assert sorted(sure[chosen(sure, np.full(71, 50))]) == pytest.approx(np.linspace(0.3, 1.0, 6))
    assert sorted(sure[chosen(sure, np.full(71, 5000))]) == pytest.approx([0.3, 0.65, 1.0])


def test_of_very_many_cases_pairs_are_kept_of_those_that_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs grow with the square of the cases; a page shows those of the few that it shows in full."""
    made = pool_fit(cases=45, hypotheses=2, clusters=(), singles=1)
    draws = answer.draws_of(made.stored.problem, made.tree["posterior"].to_dataset())
    whole = api._of_cases(draws)["joint"]  # noqa: SLF001 - all of an update takes a fit
    assert whole["case_too"].values.tolist() == whole["case"].values.tolist()
    monkeypatch.setattr(api, "_PAIRED", 44)
    kept = api._of_cases(draws)["joint"]  # noqa: SLF001 - as above
    led = draws.pooled.mean(axis=0).max(axis=1)
    shown = made.stored.problem["case"].values[chosen(led, np.full(45, 1))]
    assert kept["case_too"].values.tolist() == shown.tolist()
    assert len(shown) == FULL_CASES
    xr.testing.assert_allclose(kept, whole.sel(case_too=shown))


def test_a_page_needs_pairs_of_the_cases_that_it_shows_alone() -> None:
    tree = tree_of()
    groups = {node.path.strip("/") or "/": node.to_dataset() for node in tree.subtree}
    groups["joint"] = groups["joint"].sel(case_too=_named(cut(tree)))
    fewer = xr.DataTree.from_dict(groups)
    fewer.attrs = tree.attrs
    assert summary_page(fewer) == summary_page(tree)


def _named(part: Excerpt) -> list[str]:
    return [str(name) for name in part.tree["problem"].to_dataset()["case"].values]


def test_the_choice_knows_no_explanation() -> None:
    tree = tree_of().copy(deep=True)
    before = _named(cut(tree))
    cases = tree["cases"].to_dataset()
    probability = cases["probability"]
    tree["cases"].dataset = cases.assign(probability=(probability.dims, np.roll(probability.values, 1, axis=-1)))
    after = cut(tree)
    assert _named(after) == before
    assert list(after.overall.leader) == [(place + 1) % 3 for place in cut(tree_of()).overall.leader]


def test_of_a_very_long_case_the_heaviest_clusters_are_shown() -> None:
    tree = large_tree(2, 500, "model")
    part = cut(tree)
    report = read_content(part.tree, "en", part.overall)
    assert report.many is not None
    assert [(one.shown, one.observations) for one in report.many.partly] == [(FULL_OBSERVATIONS // 2, 500)] * 2
    for case, whole in zip(report.cases, read_content(tree, "en").cases, strict=True):
        assert case.total == whole.total

        def weight(cluster: Any) -> float:
            return abs(float(cluster.leader_over.value))

        shown = {cluster.id for cluster in case.clusters}
        left = [weight(cluster) for cluster in whole.clusters if cluster.id not in shown]
        # A cluster of three may find no room at the end.
        assert sorted(map(weight, case.clusters))[3] >= max(sorted(left)[:-1])
    said = parse(summary_page(tree)).find("cases").said()
    assert "Of Case c00000 150 of 500 observations are shown" in said


def test_findings_list_a_few_and_say_how_many_more() -> None:
    tree = tree_of().copy()
    ids = [f"c00000-o{place % 4}" if place < 4 else f"c{place:05d}-o1" for place in range(45)]
    entry = {"slug": "idle", "level": "note", "details": {"count": "45", "list": ", ".join(ids), "limit": "0.1"}}
    found = [{**entry, "slug": f"kind-{place}"} for place in range(3)] + [entry] * (LISTED + 5)
    tree.attrs = tree.attrs | {"findings": json.dumps(found)}
    for lang, more, left in (("en", "and 25 more", "left out: 5"), ("zh", "等，另有25个", "未列出的提示：5条")):
        health = parse(summary_page(tree, lang)).find("health")
        items = [one for one in health.all("li") if more in one.said()]
        assert len(items) == 3 + LISTED
        assert left in health.said()
        title = "Title 1 of c00007" if lang == "en" else "c00007的标题1"
        assert title in items[0].said()  # shown or not, an observation is named
        assert "c00030" not in health.said()


SAID: dict[str, dict[str, list[str]]] = {
    "en": {
        "cases": ["Shown here are 8 of the 45 cases, evenly spaced from the least to the most certain"],
        "mechanism": ["8 of the 45 cases", "bayestrace appendix --csv"],
        "pooling": ["rest on all 45 cases", "the 8 that are shown in full"],
        "evidence": ["Shown here are 32 of the 180 observations", "bayestrace appendix --csv"],
        "coders": ["rests on all 180 observations", "among the 32 that are shown"],
        "try": ["bayestrace update --profile NAME", "bayestrace sensitivity"],
        "sensitivity": ["bayestrace sensitivity", "posterior.nc keeps it"],
        "reproduction": ["The study itself is not in this page; posterior.nc holds it."],
    },
    "zh": {
        "cases": ["此处展示45个案例中的8个，按居首解释的概率由低到高等距选取"],
        "mechanism": ["45个案例中的8个", "bayestrace appendix --csv"],
        "pooling": ["以全部45个案例为据", "完整展示的8个案例"],
        "evidence": ["此处展示180条观察中的32条", "bayestrace appendix --csv"],
        "coders": ["以全部180条观察为据", "所展示的32条"],
        "try": ["bayestrace update --profile NAME", "bayestrace sensitivity"],
        "sensitivity": ["bayestrace sensitivity", "存入posterior.nc"],
        "reproduction": ["本页不含研究全文，研究全文见posterior.nc。"],
    },
}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_what_is_left_out_at_its_top_and_in_each_section(lang: str) -> None:
    page = summary_page(tree_of(), lang)
    root = parse(page)
    top = next(one for one in root.all("header")).said()
    pieces = {
        "en": ["This page is a summary: the study has 45 cases and 180 observations", "Shown in full are 8 of the 45"],
        "zh": ["本页是摘要：本研究有45个案例、180条观察", "完整展示的是45个案例中的8个，以及180条观察中的32条"],
    }[lang]
    for piece in [*pieces, "posterior.nc", "summary.json", "bayestrace appendix --csv"]:
        assert piece in top
    for section, wanted in SAID[lang].items():
        said = root.find(section).said()
        for piece in wanted:
            assert piece in said, section
    everything = {"en": ("All observations", "Every observation", "All sources"), "zh": ("全部观察，", "全部来源")}
    assert not any(piece in root.find("evidence").said() for piece in everything[lang])
    assert 'id="live-island"' not in page
    assert 'id="study"' not in page
    assert unpacked(page, "numbers")


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_every_link_within_the_page_leads_somewhere(kind: str) -> None:
    tree = tree_of(kind=kind).copy()
    named = [{"slug": f"s{place}", "level": "note", "details": {"case": f"c{place:05d}"}} for place in range(45)]
    tree.attrs = tree.attrs | {"findings": json.dumps(named)}
    root = parse(summary_page(tree))
    assert "Case c00044" in root.find("health").said()
    assert len([one for one in root.find("health").all("a") if "#case-" in str(one.attrs["href"])]) == FULL_CASES
    ids = {element.attrs.get("id") for element in root.walk()}
    links = [str(one.attrs["href"]) for one in root.all("a") if str(one.attrs.get("href", "")).startswith("#")]
    assert len(links) > 60
    assert [link for link in links if link[1:] not in ids] == []


def test_a_case_that_stands_for_several_counts_as_often() -> None:
    tree = tree_of(kind="face-value").copy(deep=True)
    study = json.loads(tree.attrs["study"])
    study["cases"]["c00003"]["count"] = 10
    tree.attrs = tree.attrs | {"study": json.dumps(study)}
    for place, name in enumerate(("stakes", "bargaining", "threat")):
        value = np.full(45, 0.8 if place == 1 else 0.1)
        value[3] = 0.8 if place == 0 else 0.1
        change(tree, "face_value", "probability", value[None, None], hypothesis=name)
    overall = cut(tree).overall
    assert overall.counted == 54
    assert overall.led == pytest.approx([10 / 54, 44 / 54, 0.0])
    assert overall.share == pytest.approx([(10 * 0.8 + 44 * 0.1) / 54, (10 * 0.1 + 44 * 0.8) / 54, 0.1])


def test_every_file_of_a_coder_is_named_though_few_places_are_kept() -> None:
    tree = tree_of().copy()
    elsewhere = sorted({f"c{place:05d}" for place in range(45)} - set(_named(cut(tree))))[5]
    moved = {f"weights:critic:{elsewhere}-o{place}": f"evidence/more.csv:{2 + place}" for place in range(4)}
    tree.attrs = tree.attrs | {"places": json.dumps(json.loads(tree.attrs["places"]) | moved)}
    part = cut(tree)
    places = json.loads(part.tree.attrs["places"])
    assert len(places) < 32 * 3 + 5
    report = read_content(part.tree, "en", part.overall)
    assert [coder.files for coder in report.coders] == [
        ("evidence/codings/neutral.csv",),
        ("evidence/codings/critic.csv", "evidence/more.csv"),
    ]


def test_texts_stay_texts() -> None:
    page = summary_page(large_tree(41, 2, say=lambda text: f"<b onclick=x>{text}</b>"), "en")
    assert "<b onclick" not in page
    assert "&lt;b onclick=x&gt;Case c00000" in page


def test_a_study_that_nothing_is_private_in_is_not_read_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tree_of()

    def refuse(_: str) -> Study:
        raise AssertionError("read")

    monkeypatch.setattr(Study, "model_validate_json", refuse)
    assert public(tree) is tree


def test_what_is_private_is_not_in_a_summary() -> None:
    tree = tree_of(41, 2).copy()
    shown = _named(cut(tree))[0]
    study = json.loads(large_study(41, 2).canonical())
    (item,) = (one for one in study["evidence"] if one["id"] == f"{shown}-o0")
    assert f"Title 0 of {shown}" in folder._page(tree, "en", None)  # noqa: SLF001 - what write_report writes
    item["private"] = True
    tree.attrs = tree.attrs | {"study": json.dumps(study)}
    page = folder._page(tree, "en", None)  # noqa: SLF001
    assert "This page is a summary" in page
    assert f"Title 1 of {shown}" in page
    assert f"Title 0 of {shown}" not in page


def test_the_program_writes_the_summary(tmp_path: Path) -> None:
    folder.write_report(tree_of(), tmp_path / "report.html", "zh", "en")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == summary_page(tree_of(), "zh", "en")


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_a_browser_has_nothing_to_say_of_it(tab: Page, tmp_path: Path, kind: str) -> None:
    watch = Watch(tab, tmp_path / "report.html", summary_page(tree_of(kind=kind), "en", "zh"))
    tab.locator("#reproduction > .take").wait_for(state="attached")
    tab.locator("#language").click()
    tab.locator("html[lang=zh-CN]").wait_for()
    said = tab.locator("#reproduction > .take + p").text_content()
    assert said == "本页不含研究全文，研究全文见posterior.nc。"
    hand = tab.locator("#reproduction > .take button").filter(visible=True)
    assert hand.all_text_contents() == ["所展示案例的概率（CSV）", "所展示的证据与权重（CSV）", "二者及其依据（JSON）"]
    _, text = taken(tab, hand.nth(0))
    assert len(rows_of(text)) == 1 + 3 * FULL_CASES
    for key, rows in (("shares", 4), ("certainty", 1 + sum(n > 0 for n in _bins(kind)))):
        figure = tab.locator("main figure").filter(has=tab.locator(f'svg.fig > title[id="{key}-t"]'))
        _, text = taken(tab, figure.locator(".take button").last)
        assert len(rows_of(text)) == rows
    assert [entry for entry in watch.beyond_itself() if not entry.startswith("request blob:")] == []


def _bins(kind: str) -> tuple[int, ...]:
    many = contents(kind)[1].many
    assert many is not None
    return many.bins


def test_the_histogram_is_as_high_as_its_numbers() -> None:
    root = parse(summary_page(tree_of()))
    figure = next(one for one in root.all("svg") if one.attrs.get("aria-labelledby", "").startswith("certainty"))
    bars: list[Element] = figure.all("rect")
    numbers = [n for n in _bins("model") if n]
    heights = [float(str(bar.attrs["height"])) for bar in bars]
    assert len(bars) == len(numbers)
    assert [height / max(heights) for height in heights] == pytest.approx([n / max(numbers) for n in numbers], abs=0.01)


def test_limits_are_what_the_documentation_says() -> None:
    root = Path(__file__).parents[2] / "docs"
    for name in ("report.md", "report.zh.md"):
        text = (root / name).read_text(encoding="utf-8")
        section = text.partition("## " + ("Large studies" if name == "report.md" else "大型研究"))[2].partition(
            "\n## "
        )[0]
        for number in (room.CASES, room.OBSERVATIONS, room.FULL_CASES, room.FULL_OBSERVATIONS, ROWS, LISTED):
            assert str(number) in section.replace(",", "")
