"""Where several explanations are equally probable none leads (docs/edges.md), whichever is listed first."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from browsing import Watch
from edge_studies import plain
from playwright.sync_api import Page
from two_results import face_value, model, with_weights

from bayestrace import api, foreseen, seeking
from bayestrace.agreement import leverage, sheet
from bayestrace.agreement.run import Wanted, analyse
from bayestrace.checks import weight_findings
from bayestrace.cli import seek_show
from bayestrace.cli.agreement_show import Shown
from bayestrace.cli.compare_show import comparison
from bayestrace.compare import as_data, compare
from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render
from bayestrace.report.page.html import Speaker
from bayestrace.report.page.sensitivity import sentences
from bayestrace.report.page.text import text_of
from bayestrace.sensitivity import flips, run
from bayestrace.sensitivity.multiverse import curve
from bayestrace.study import Study
from bayestrace.study.sought import Candidate

ALONE: Mapping[str, Any] = {"levels": {"own": 1.0}}
#: Decibels of h0 over h1 and over h2 by name of who leads then.
H0, H2, H1_OR_H2, H0_OR_H1 = (3.0, 1.0), (0.0, -5.0), (-5.0, -5.0), (0.0, 5.0)


def stating(first: tuple[float, float], second: tuple[float, float] | None = None) -> Study:
    """One case in which the coders state what is given, in parts whose sum rounding leaves beside it."""
    study = plain(ALONE, cases=1, clusters=(), singles=3, factors=0)
    said = {}
    for coder, weights in (("coder0", first), ("coder1", second or first)):
        parts = ((-1.7, 1.4), (-2.0, 0.1), (3.7, -1.5))
        for evidence, (one, two) in enumerate(parts):
            whole = weights if evidence == 0 else (0.0, 0.0)
            said[coder, f"c0e{evidence}"] = (whole[0] + one, whole[1] + two)
    return with_weights(study, said)


def result(study: Study) -> xr.DataTree:
    return api.update(study, api.Options(face_value=True))


def test_rounding_lets_the_second_of_equals_seem_to_lead() -> None:
    """Otherwise nothing here would ask for the rule."""
    for weights, first, second in ((H1_OR_H2, 1, 2), (H0_OR_H1, 0, 1)):
        probability = result(stating(weights))["face_value"].to_dataset()["probability"].values[0, 0, 0]
        assert 0.0 < probability[second] - probability[first] < 1e-12


@pytest.mark.parametrize(
    ("a", "b", "leaders", "pair", "said"),
    [
        (H0, H0_OR_H1, ("h0", None), ["h0", "h1"], "Who leads changes in 1 of 1 cases: c0 (h0 → no single one)."),
        (H1_OR_H2, H0, (None, "h0"), ["h1", "h0"], "Who leads changes in 1 of 1 cases: c0 (no single one → h0)."),
        (
            H1_OR_H2,
            H0_OR_H1,
            (None, None),
            ["h1", "h0"],
            "Who leads changes in none of the 1 cases (no single one in c0",
        ),
    ],
)
def test_compare_names_no_leader(a: Any, b: Any, leaders: Any, pair: list[str], said: str) -> None:
    sides = [face_value(study, study.profiles["reference"]) for study in map(stating, (a, b))]
    found = compare(*sides)
    (case,) = as_data(found)["cases"]
    assert (case["leader_a"], case["leader_b"]) == leaders
    assert case["pair"] == pair
    assert said in comparison(found, "en")
    assert "无居首者" in comparison(found, "zh")


def agreed(study: Study) -> dict[str, Any]:
    return analyse(study, Wanted(study.profiles["reference"]))


def test_the_worklist_of_a_tie_names_no_leader_and_follows_the_one_most_at_stake() -> None:
    study = stating((-5.0, -7.0), (-5.0, -3.0))
    found = agreed(study)
    first, *others = found["worklist"]
    assert (first["leader"], first["explanation"], first["overturns"]) == (None, "h2", True)
    assert {one["coder"]: one["leader"] for one in first["coders"]} == {"coder0": "h2", "coder1": "h1"}
    assert all(row["leader"] is None and not row["overturns"] for row in others)
    (without,) = found["without"]
    assert (without["leader"], without["explanation"]) == (None, "h1")
    assert [one["leader"] for one in without["without"]] == ["h1", "h2"]
    text = Shown(found, study, "en").text()
    assert "=h2 over h0" in text
    assert text.count("= one of several that are equally probable; no single one leads.") == 2
    assert "! one coder's statement in the place of all would let another explanation lead the case." in text
    assert "= 几种解释同样可能，无居首者；此为其中之一。" in Shown(found, study, "zh").text()
    rows = list(csv.DictReader(io.StringIO(sheet.table(found))))
    assert [(row["leader"], row["explanation"], row["leader_if_all"]) for row in rows[:2]] == [
        ("", "h2", "h2"),
        ("", "h2", "h1"),
    ]
    said = "No explanation leads the case: several are equally probable."
    assert said in sheet.page(found, study, "en", items=1, blind=False)
    assert "该案例无居首者" in sheet.page(found, study, "zh", items=1, blind=False)


#: Equal but for rounding, the second ahead.
NEARLY = (0.2, 0.4, float(np.nextafter(0.4, 1.0)))


def test_the_one_most_at_stake_is_followed_though_rounding_puts_another_ahead() -> None:
    told = np.array([[[0.2, 0.5, 0.3]], [[0.25, 0.35, 0.4]]])
    problem = xr.Dataset({"case_of_evidence": ("evidence", [0])})
    settled = leverage.Settled(np.array([0]), np.array([NEARLY]), told, np.zeros((2, 1), dtype=bool))
    stake, first = leverage.stakes(settled, problem)
    assert (stake.tolist(), first.tolist()) == ([pytest.approx(0.15)], [1])


def test_a_statement_that_makes_a_leader_one_of_equals_overturns_nothing() -> None:
    found = agreed(stating((0.0, 5.0), (4.0, 5.0)))
    first = found["worklist"][0]
    assert (first["leader"], first["explanation"], first["overturns"]) == ("h0", "h0", False)
    assert [one["leader"] for one in first["coders"]] == [None, "h0"]
    assert [one["leader"] for one in found["without"][0]["without"]] == ["h0", None]
    study = stating((0.0, 5.0), (4.0, 5.0))
    text = Shown(agreed(study), study, "en").text()
    assert "→ no single one" in text
    assert "equally probable" not in text


#: What one half of a prior is worth in decibels.
HALF = 10.0 * float(np.log10(2.0))


@pytest.mark.parametrize(
    ("weights", "prior", "said"),
    [
        (
            H1_OR_H2,
            "1,1,1",
            ("No explanation leads: h1 and h2 are equally probable, 43 % each, as reported", "c0: no single one"),
        ),
        (
            H1_OR_H2,
            "1,2,1",
            ("h1 leads with 60 %; reported: h1 and h2 equally probable, 43 % each", "⇄ c0: h1 60 %"),
        ),
        (
            (-5.0, HALF - 5.0),
            "1,1,2",
            (
                "No explanation leads: h1 and h2 are equally probable, 43 % each; reported: h1, 55 %",
                "c0: no single one",
            ),
        ),
    ],
)
def test_the_live_page_names_no_leader(
    tab: Page, tmp_path: Path, weights: tuple[float, float], prior: str, said: tuple[str, str]
) -> None:
    tree = result(stating(weights))
    Watch(tab, tmp_path / "report.html", render(read_content(tree, "en"), live.island(tree)), f"#~prior={prior}")
    tab.locator('#live[aria-busy="false"]').wait_for()
    assert tab.locator("#live .now").inner_text().replace("\xa0", " ") == said[0]
    assert str(tab.locator("#live-said").text_content()).replace("\xa0", " ") == said[1]
    assert tab.locator("#live .turned").count() == said[1].count("⇄")


def test_the_live_page_says_it_in_chinese(tab: Page, tmp_path: Path) -> None:
    tree = result(stating(H1_OR_H2))
    Watch(tab, tmp_path / "report.html", render(read_content(tree, "zh"), live.island(tree)), "#~prior=1,2,2")
    tab.locator('#live[aria-busy="false"]').wait_for()
    said = "没有解释居首：h1和h2同样可能，概率均为46%；报告所述：h1和h2同样可能，概率均为43%"
    assert tab.locator("#live .now").inner_text() == said
    assert tab.locator("#live-said").text_content() == "c0：无居首者"


def asked(weights: tuple[float, float], *only: str) -> xr.DataTree:
    return run.analyse(result(stating(weights)), run.Wanted(only, refits=False), None)


def test_of_a_tie_sensitivity_says_that_there_is_no_lead_to_be_lost() -> None:
    tree = asked(H1_OR_H2, "simplex", "focal_prior", "smallest")
    expected: dict[Lang, str] = {
        "en": "No explanation leads c0: h1 and h2 are equally probable, and the least change lets one of them lead.",
        "zh": "c0没有解释居首：h1和h2同样可能，稍有变动便会有一种居首。",
    }
    for lang, text in expected.items():
        assert [text_of(one.text) for one in sentences(read_content(tree, lang), Speaker(lang))] == [text]
    share = tree["sensitivity/simplex"].to_dataset()["leading"].sel(case="c0").values
    # Of priors that differ by h1 and h2 exchanged each leads as often, and of a prior that has both alike neither does.
    assert share[1] == pytest.approx(share[2], abs=1e-12)
    assert share.sum() < 1.0


def test_a_prior_profile_that_makes_the_leader_one_of_equals_is_no_flip() -> None:
    study = stating((HALF - 5.0, -5.0))
    reference = study.profiles["reference"]
    other = reference.model_copy(update={"id": "other", "prior": {"h0": 1.0, "h1": 2.0, "h2": 1.0}})
    study = study.model_copy(update={"profiles": {"reference": reference, "other": other}})
    tree = run.analyse(result(study), run.Wanted(("profiles",), refits=False), None)
    assert (tree["sensitivity/profiles"].to_dataset()["flip_to"].values == "").all()
    content = read_content(tree, "en")
    assert content.sensitivity is not None
    assert [one.leaders for one in content.sensitivity.profiles] == [(None,), (2,)]
    (said,) = sentences(content, Speaker("en"))
    expected = "Under the prior profile “Made” no explanation would lead c0: several would be equally probable."
    assert text_of(said.text) == expected
    assert "B = C " in render(content, None)


def test_a_case_that_has_a_leader_by_pooling_alone_has_none_without() -> None:
    study = plain({"levels": {"common": 1.0, "own": 1.0}}, cases=2, clusters=(), singles=1, factors=0)
    weights = {(coder, f"c{c}e0"): said for coder in ("coder0", "coder1") for c, said in enumerate((H1_OR_H2, H2))}
    tree = run.analyse(result(with_weights(study, weights)), run.Wanted(("limits",), refits=False), None)
    limits = tree["sensitivity/limits"].to_dataset()["flip_to"].sel(case="c0")
    assert (limits.values == "").all()
    said = [text_of(one.text) for one in sentences(read_content(tree, "en"), Speaker("en"))]
    assert (
        "Without pooling, on its own evidence alone, no explanation would lead c0: several would be equally probable."
        in said
    )


def test_seek_says_that_none_leads_and_can_be_overturned() -> None:
    study = stating(H1_OR_H2)
    of_all, of_h0 = ({"h0": 0.2, "h1": 0.4, "h2": 0.6}, {"h0": 0.01, "h1": 0.9, "h2": 0.9})
    candidates = {
        name: Candidate.model_validate({"title": name, "found_if": chances})
        for name, chances in (("of-all", of_all), ("of-h0", of_h0))
    }
    found = seeking.as_data(seeking.analyse(result(study), candidates))
    (row,) = (one for one in found["searches"] if one["candidate"] == "of-all")
    assert (row["leader"], row["explanation"]) == (None, "h1")
    assert [row[outcome]["leader"] for outcome in ("found", "not_found")] == ["h2", "h1"]
    said = seek_show.Shown(found, study, "en").sentences()
    assert "of-h0 in c0 tells most" in said[0]
    assert "No explanation leads there: several are equally probable, .432 each." in said[0]
    assert not any("overturn" in one for one in said)
    assert "该处没有解释居首" in seek_show.Shown(found, study, "zh").sentences()[0]


def test_predict_names_no_leader_of_a_new_case() -> None:
    side = face_value(stating(H1_OR_H2), stating(H1_OR_H2).profiles["reference"])
    opened = foreseen.Opened(Path("a"), side.tree)
    (case,) = foreseen.as_data(opened, foreseen.foresee(opened, [foreseen.asked(opened, "")]))["cases"]
    assert case["leader"] is None


def test_no_row_of_the_page_stands_out_where_none_leads() -> None:
    for weights, rows in ((H0, 1), (H1_OR_H2, 0)):
        page = render(read_content(result(stating(weights)), "en"), None)
        table = page.partition("id=case-c0")[2].partition("</table>")[0]
        assert table.count("class=leader") == rows


def test_the_table_of_flip_points_has_none_of_a_tie() -> None:
    for weights, tied in ((H0, False), (H1_OR_H2, True)):
        page = render(read_content(asked(weights, "focal_prior", "overconfidence"), "en"), None)
        table = page.partition("; = : none leads)")[2].partition("</table>")[0]
        rows = table.count("<tr>") - 1
        assert rows > 2
        assert (table.count("class=n>=") == rows) == tied
        assert ("→" in table) != tied


def test_sensitivity_starts_from_the_first_of_equals_and_counts_none_of_them_as_leading() -> None:
    assert flips.leaders(np.array([NEARLY])).tolist() == [1]
    specifications = np.array([[NEARLY], [(0.2, 0.3, 0.5)], [(0.5, 0.5, np.nan)]])
    assert curve.leaders(specifications).tolist() == [[-1], [2], [-1]]
    np.testing.assert_allclose(curve.leader_shares(specifications), [[0.0, 0.0, 1.0 / 3.0]])


def test_the_prior_as_it_is_gives_the_lead_to_nobody() -> None:
    study = stating(H1_OR_H2)
    on_the_lattice = study.profiles["reference"].model_copy(update={"prior": {"h0": 0.2, "h1": 0.4, "h2": 0.4}})
    tree = result(study.model_copy(update={"profiles": {"reference": on_the_lattice}}))
    found = run.analyse(tree, run.Wanted(("simplex",), refits=False), None)["sensitivity/simplex"].to_dataset()
    assert (np.abs(found["m"].values - [0.2, 0.4, 0.4]).max(axis=1) < 1e-12).any()
    assert float(found["flip_at"].sel(case="c0")) > 1e-12


def test_no_cluster_carries_a_lead_that_is_not_there() -> None:
    study = stating((9.0, 9.0))
    tree = model(study, study.profiles["reference"]).tree
    problem, cases, clusters = (tree[name].to_dataset() for name in ("problem", "cases", "clusters"))
    unmoved = xr.Dataset({"left_out_db": (("evidence", "hypothesis"), np.full((3, 3), np.nan))})
    assert "dominating" in {one.slug for one in weight_findings(problem, cases, clusters, unmoved)}
    cases["probability"].loc[{"pooling": "pooled", "stat": "mean"}] = 1.0 / 3.0
    assert "dominating" not in {one.slug for one in weight_findings(problem, cases, clusters, unmoved)}
