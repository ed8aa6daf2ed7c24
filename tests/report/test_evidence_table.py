"""The evidence of a page: one table of all observations to look through, both languages, sources in both styles."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from observed_pages import BUYS, CONTEXT, DOUBT, PAYS, SAYS, grid, html_of
from pages import Element, page_of, parse, shown_numbers, unpacked
from studies import small_study
from trees import small_tree

from bayestrace.messages import Lang
from bayestrace.report.content import read_content
from bayestrace.report.wording.observations import SPOKEN


def article(root: Element, name: str) -> list[Element]:
    return root.find(f"obs-{name}").all("p")


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_every_observation_has_a_row(kind: str) -> None:
    table = parse(page_of(small_tree(kind))).find("observations")
    found = grid(table)
    said = [[cell.text().strip() for cell in row[:6] + row[8:]] for row in found]
    assert said == [
        ["Case one", "The purchase", BUYS, "Premise", "press", "hoop", "weighs"],
        ["Case one", "The purchase", SAYS, "Middle", "press", "smoking gun", "weighs"],
        ["Case one", "–", CONTEXT, "Premise", "official", "doubly decisive", "context"],
        ["Case two", "–", PAYS, "Premise", "press", "straw", "weighs"],
        ["Case three", "–", DOUBT, "Outcome", "press", "–", "set aside"],
    ]
    # Cells are written once for several rows, of one case each.
    assert [place for place, cells in enumerate(zip(*found, strict=True)) if cells[0] is cells[1]] == [0, 1, 4, 8]
    assert not any(
        one is other
        for before, after in ((2, 3), (3, 4))
        for one, other in zip(found[before], found[after], strict=True)
    )
    links = [link.attrs["href"] for link in table.all("a")]
    assert links == [f"#obs-{item.id}" for item in small_study().evidence]


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_the_weight_is_the_leaders_over_its_rival(kind: str) -> None:
    tree = small_tree(kind)
    group, variable = ("observations", "left_out_db") if kind == "model" else ("face_value", "observation_db")
    vectors = tree[group].to_dataset()[variable]
    report = read_content(tree, "en")
    leads = {
        one.id: (case.leader, case.rival)
        for case in report.cases
        for cluster in case.clusters
        for one in cluster.observations
    }
    weights = [row[7] for row in grid(parse(page_of(tree)).find("observations"))]
    for item, cell in zip(small_study().evidence, weights, strict=True):
        if item.id in {"one-context", "three-doubt"}:
            assert cell.text().strip() == "–"
            continue
        vector = vectors.sel(evidence=item.id).values
        leader, rival = leads[item.id]
        ((value, parts, _),) = shown_numbers(cell)
        np.testing.assert_allclose(parts, [vector[leader], vector[rival]], rtol=1e-4)
        np.testing.assert_allclose(value, vector[leader] - vector[rival], rtol=0.0, atol=1e-3)


@pytest.mark.parametrize(
    ("lang", "other", "claim"), [("en", "zh", "主张one-buys。"), ("zh", "en", "Claim of one-buys.")]
)
def test_an_observation_is_there_in_both_languages(lang: Lang, other: Lang, claim: str) -> None:
    first, second, *_ = article(parse(page_of(small_tree(), lang)), "one-buys")
    assert "lang" not in first.attrs
    assert second.attrs == {"class": "soft", "lang": other}
    assert second.text().endswith(f" {claim}")
    struck = article(parse(page_of(small_tree(), lang)), "three-doubt")[1]
    assert struck.all("s")[0].text() in {"Claim of three-doubt.", "主张three-doubt。"}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_the_study_has_in_one_language_stands_once(lang: Lang) -> None:
    tree = small_tree()
    study = json.loads(tree.attrs["study"])
    study["evidence"][0]["claim"] = {"en": "Only English here."}
    study["evidence"][1]["title"] = {"en": "Only an English title"}
    tree.attrs["study"] = json.dumps(study)
    root = parse(page_of(tree, lang))
    assert root.find("obs-one-buys").text().count("Only English here.") == 1
    assert [one for one in article(root, "one-buys") if "lang" in one.attrs] == []
    assert root.find("obs-one-says").text().count("Only an English title") == 1
    assert len([one for one in article(root, "one-says") if "lang" in one.attrs]) == 1


def test_every_source_stands_once_in_both_styles() -> None:
    root = parse(page_of(small_tree()))
    peng, walt = root.find("sources").all("li")
    assert [one.text() for one in peng.all("cite")] == [
        "彭博．联盟[J/OL]．当代亚太，2024，3(1)：1-20．",
        "彭博. (2024). 联盟. 当代亚太, 3(1), 1–20.",
    ]
    assert [one.text() for one in walt.all("cite")] == [
        "Walt, S. M. (1987). The Origins of Alliances. Cornell University Press.",
        "WALT S M. The Origins of Alliances[M/OL]. Ithaca, NY: Cornell University Press, 1987.",
    ]
    assert {cite.attrs["lang"] for cite in peng.all("cite")} == {"zh-CN"}
    for name, listed, style in (("one-buys", peng, "APA"), ("two-pays", walt, "GB/T 7714")):
        link = next(one for one in root.find(f"obs-{name}").all("a") if one.attrs["href"].startswith("#source-"))
        assert link.attrs["href"] == f"#{listed.attrs['id']}"
        assert link.text() == style


def test_a_page_that_does_not_answer_has_a_script_without_an_engine() -> None:
    engine, table = (re.compile(rf"const {name}\s*=") for name in ("live", "table"))
    page = html_of(answers=False)
    assert not re.search("id=.?live-island", page)
    script = unpacked(page, "script")
    assert not engine.search(script)
    assert table.search(script)
    assert engine.search(unpacked(html_of(), "script"))


@pytest.mark.parametrize("key", SPOKEN)
def test_the_script_speaks_both_languages(key: str) -> None:
    both = SPOKEN[key]
    assert set(re.findall(r"\{(\w+)\}", both.en)) == set(re.findall(r"\{(\w+)\}", both.zh))
    assert not re.search(r"[\u4e00-\u9fff]", both.en)
    assert re.search(r"[\u4e00-\u9fff]", both.zh)
