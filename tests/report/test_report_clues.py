"""What a report says of clues: every search in its own state, exact answers without intervals, the pattern in words."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from browsing import Watch
from click.testing import CliRunner
from clued import Kind, files_of, tree_of
from lively_engine import ASK, opened
from pages import Element, known_numbers, page_of, parse, shown_numbers, unpacked
from playwright.sync_api import Page, expect
from small_study import write
from trees import change

from bayestrace.cli import main
from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render
from bayestrace.summary import summary_of

KINDS: tuple[Kind, ...] = ("alone", "beside")
LANGS: tuple[Lang, ...] = ("en", "zh")
ORDER = ["threat-seen", "signed", "kept", "paid"]


@functools.cache
def tree(kind: Kind = "alone") -> xr.DataTree:
    return tree_of(kind)


def clues_of(kind: Kind = "alone") -> xr.Dataset:
    return tree(kind)["clues"].to_dataset()


@functools.cache
def html(kind: Kind = "alone", lang: Lang = "en") -> str:
    return page_of(tree(kind), lang)


def section(kind: Kind = "alone", lang: Lang = "en", name: str = "clues") -> Element:
    return parse(html(kind, lang)).find(name)


def table(within: Element, caption: str) -> list[list[str]]:
    """Give the texts of a table by its caption, row by row."""
    found = next(one for one in within.all("table") if one.all("caption")[0].text().strip() == caption)
    return [[" ".join(cell.text().split()) for cell in row.all("th", "td")] for row in found.all("tr")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", LANGS)
def test_every_number_stands_in_the_result(kind: Kind, lang: Lang) -> None:
    known = known_numbers(tree(kind))
    for value, parts, shown in shown_numbers(parse(html(kind, lang))):
        for one in parts or (value,):
            assert float(f"{one:.5g}") in known, shown


@pytest.mark.parametrize("kind", KINDS)
def test_the_numbers_are_the_same_in_both_languages(kind: Kind) -> None:
    one, other = (
        sorted((value, parts) for value, parts, _ in shown_numbers(parse(html(kind, lang)))) for lang in LANGS
    )
    assert len(one) > 100
    assert one == other


@pytest.mark.parametrize("kind", KINDS)
def test_each_search_is_in_one_of_three_states_and_not_sought_weighs_nothing(kind: Kind) -> None:
    cells = [
        cell for cell in section(kind).all("td") if cell.attrs.get("class") in {"found", "not-found", "not-sought"}
    ]
    states = clues_of(kind)["state"].transpose("clue", "case").values
    # By step: the one clue of a step first, then those of none, in the order of the study.
    assert list(clues_of(kind)["clue"].values) == ORDER
    names = {1: "found", 0: "not-found", -1: "not-sought"}
    assert [cell.attrs["class"] for cell in cells] == [names[int(state)] for state in states.ravel()]
    signs = {"found": "✓ found", "not-found": "✗ not found", "not-sought": "– not sought"}
    for cell in cells:
        text = cell.text().strip()
        assert text.startswith(signs[cell.attrs["class"]]), "a sign and words, not colour alone"
        if cell.attrs["class"] == "not-sought":
            assert text == "– not sought"
        else:
            assert re.search(r"[+−\d.]+ dB$|rules out", text)


def test_a_search_weighs_what_its_probabilities_say() -> None:
    """By hand: found weighs log(.8/.4), not found by a search that finds seven of ten log((1 - .7 .8)/(1 - .7 .4))."""
    told = read_content(tree(), "en").clues
    assert told is not None
    seen = told.clues[0]
    assert seen.outcomes[0].against[1].value == pytest.approx(10 * np.log10(0.8 / 0.4), rel=1e-12)
    assert seen.outcomes[1].against[1].value == pytest.approx(10 * np.log10((1 - 0.56) / (1 - 0.28)), rel=1e-12)
    assert seen.outcomes[2].against == ()
    assert table(section(), "What came of each search")[2][2:] == [
        "✓ found+3.0 dB",
        "✗ not found−2.1 dB",
        "– not sought",
    ]


def test_what_is_excluded_says_so_and_no_weight_stands_for_it() -> None:
    """A treaty signed in a democracy, which bargaining cannot bring about, rules bargaining out."""
    page = parse(html())
    assert "rules out “Bargaining”" in section().text()
    row = table(page.find("case-one"), "One: posterior probabilities and weights of evidence")[2]
    assert row == ["Bargaining", "33 %", "–", "–", "excluded", "Threat", "excluded"]
    assert not re.search(r"−[12]\d\d dB", page.text())
    found = summary_of(tree())["cases"][0]["hypotheses"]
    assert [row["excluded"] for row in found] == [False, True, False]
    assert found[1]["weight_db"] is None
    assert found[1]["face_value_db"] is None


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_exact_has_no_interval(lang: Lang) -> None:
    page = parse(html("alone", lang))
    words = {"en": ("interval", "exactly"), "zh": ("区间", "精确")}[lang]
    for name in ("answer", "cases"):
        told = page.find(name).text()
        # Said once: that there is none.
        assert len(re.findall("94|50", " ".join(one.text() for one in page.find(name).all("thead")))) == 0
        assert told.count(words[0]) <= 1
    assert words[1] in page.find("answer").text()
    assert "pooled_94" not in summary_of(tree())["cases"][0]["hypotheses"][0]


def test_what_was_drawn_has_intervals() -> None:
    """The same page with diagnostics is one of draws."""
    drawn = tree_of()
    drawn["diagnostics"] = xr.DataTree(
        xr.Dataset({name: ("quantity", [1.0]) for name in ("r_hat", "ess_bulk", "ess_tail")}, {"quantity": ["one"]})
    )
    drawn["sample_stats"] = xr.DataTree(xr.Dataset({"diverging": (("chain", "draw"), [[False]])}))
    page = parse(page_of(drawn))
    assert "94 % interval" in page.find("answer").text()
    assert "94 % interval" in page.find("case-one").text()
    assert "pooled_94" in summary_of(drawn)["cases"][0]["hypotheses"][0]


def test_a_page_of_clues_alone_has_no_section_that_says_nothing() -> None:
    page = parse(html())
    ids = {element.attrs["id"] for element in page.walk() if "id" in element.attrs}
    assert not {"evidence", "coders", "mechanism"} & ids
    links = {link.attrs["href"][1:] for link in page.all("a") if link.attrs.get("href", "").startswith("#")}
    assert links <= ids, "no link leads nowhere"
    assert "coder" not in page.find("answer").text() + page.find("cases").text() + page.find("methods").text()
    assert "stands for 4 cases alike" in page.find("case-many").text()


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "second, coarser reading of the same evidence"), ("zh", "对同一批证据的第二种、较粗略的解读")],
)
def test_a_second_reading_is_said_to_be_one_and_is_not_added(lang: Lang, said: str) -> None:
    assert said in section("beside", lang).text()
    assert said not in section("alone", lang).text()
    content = read_content(tree("beside"), lang)
    without = tree_of("beside")
    del without["clues"]
    assert content.cases == read_content(without, lang).cases, "the main result is what it is without clues"
    assert content.clues is not None
    wanted = clues_of("beside")["probability"].values
    assert [[one.value for one in case.probabilities] for case in content.clues.reached] == wanted.tolist()


STANDINGS = {
    "as-predicted": (1, "One: the full pattern holds. Every link that has a clue stands as predicted: Premise."),
    "mixed": (0, "One: the full pattern does not hold. Premise: mixed."),
    "against": (0, "One: the full pattern does not hold. Premise: against the prediction."),
    "not-found": (0, "One: the full pattern does not hold. Premise: not found."),
    "not-sought": (-1, "One: whether the full pattern holds cannot be told, since nothing was sought"),
    "": (0, "One: nothing is predicted of a link that has a clue."),
}


@pytest.mark.parametrize("standing", STANDINGS)
def test_the_pattern_is_told_in_a_sentence(standing: str) -> None:
    made = tree_of()
    holds, said = STANDINGS[standing]
    change(made, "clues", "standing", standing, case="one", step="premise")
    change(made, "clues", "holds", holds, case="one")
    clues = parse(page_of(made)).find("clues")
    assert said in clues.text()
    row = table(clues, "Each link of the mechanism by case")[1]
    words = {"as-predicted": "as predicted", "against": "against the prediction", "": "no clue"}
    assert row[1] == words.get(standing, standing.replace("-", " "))
    assert summary_of(made)["clues"]["cases"][0]["holds"] == {1: True, 0: False, -1: None}[holds] if standing else True


def test_a_link_that_was_not_sought_leaves_the_pattern_open() -> None:
    made = tree_of()
    change(made, "clues", "standing", "not-sought", case="one", step="outcome")
    change(made, "clues", "holds", -1, case="one")
    said = "cannot be told. Not sought: Outcome. As predicted: Premise."
    assert said in parse(page_of(made)).find("clues").text()


def test_probabilities_before_and_after_stand_side_by_side() -> None:
    rows = table(section(), "How probable each explanation makes finding it")
    assert rows[1][0] == "1. Premise ▲ up (Security)"
    assert rows[1][1] == "80 %", "known: nothing is learned of it"
    assert re.fullmatch(r"40 % \(30 %–50 %\)\d\d % ± \d\.\d %", rows[1][2].replace("\xa0", " ")), rows[1][2]
    assert rows[2][2] == "0 %"
    assert rows[2][3] == "100 %"
    found = read_content(tree(), "en").clues
    assert found is not None
    chance = clues_of()["chance"].values
    assert found.clues[1].cells[0].chances[0].after is not None
    assert found.clues[1].cells[0].chances[0].after.value == chance[1, 1, 0]
    assert chance[1, 1, 0] > chance[0, 1, 0], "one was found where it was expected at .4"


def test_sums_of_shares_are_told_with_and_without_each_clue() -> None:
    value, without = (clues_of()[name].values for name in ("estimand_value", "without_value"))
    said = section().text()
    assert f"Effect: {value[0, 0]:.3f} (standard deviation {value[1, 0]:.3f})." in said
    for clue, asks in enumerate(("Was a threat seen?", "Was it signed?", "Was it kept?", "Was it paid for?")):
        assert f"{asks} {without[clue, 0]:.3f}".replace("-", "−") in said
    # A share is what one draws a case from: the predicted case that has no group of its own has the same.
    unseen = tree()["prediction"].to_dataset()["probability"].values[0]
    assert clues_of()["share"].values[0] == pytest.approx(unseen, rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_notice_stands_wherever_probabilities_speak(kind: Kind) -> None:
    for name in ("answer", "clues"):
        assert "The probabilities are made up." in section(kind, name=name).text()


def test_notes_reasons_and_sources_of_searches_stand_with_their_clue() -> None:
    page = parse(html())
    told = page.find("clue-threat-seen").text()
    assert "Reason for the probabilities: The codebook says so." in told
    assert "Two: not found; the search would have found it with probability 70 %. Looked, in vain." in told.replace(
        "\xa0", " "
    )
    assert "evidence/clues.csv:2" in told
    assert "查而未得" in parse(html("alone", "zh")).find("clue-threat-seen").text()
    link = page.find("clue-threat-seen").all("a")[0].attrs["href"]
    assert "The Origins of Alliances" in page.find(link[1:]).text()
    assert "Depends on: Regime" in page.find("clue-signed").text()
    assert "One, Two and Many: not sought" in page.find("clue-paid").text(), "for one reason, so told together"
    assert "Not independent of one another, given the explanation, are the clues 1–4." in page.find("clues").text()


def test_many_cases_have_a_row_each() -> None:
    case = "  many: {name: Many, groups: {alliance: korea, period: late}, attributes: {regime: autocracy}, count: 4}\n"
    more = "".join(case.replace("many", f"more{n}").replace("Many", f"More {n}") for n in range(7))
    made = tree_of(changes={"study.yaml": (case, case + more)})
    clues = parse(page_of(made)).find("clues")
    rows = table(clues, "What came of each search")
    assert len(rows) == 11
    assert rows[1][0].startswith("One")
    assert rows[1][1].startswith("✓ found")
    assert rows[10][1:] == ["– not sought"] * 4


# On the terminal


@pytest.mark.parametrize(
    ("lang", "pieces"),
    [
        ("en", ("excluded", "Many (4 cases)", "One: holds", "Two: does not hold (Premise not found)", "exactly")),
        ("zh", ("已排除", "Many（4个案例）", "One：成立", "Two：不成立（Premise 未找到）", "精确")),
    ],
)
def test_the_terminal_tells_of_clues(lang: str, pieces: tuple[str, ...], tmp_path: Path) -> None:
    folder = write(tmp_path / "study", files_of("alone"))
    run = ["update", str(folder), "--hypotheses", "wide", "--lang", lang, "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, run)
    assert result.exit_code == 0, result.output
    assert [piece for piece in pieces if piece not in result.output] == []
    assert "94 %" not in result.output
    assert "94%" not in result.output
    assert not re.search(r"−\d\d\d\.\d", result.output)


def test_the_terminal_sets_a_second_reading_beside_the_result(tmp_path: Path) -> None:
    folder = write(tmp_path / "study", files_of("beside"))
    run = ["update", str(folder), "--hypotheses", "wide", "--face-value", "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, run)
    assert result.exit_code == 0, result.output
    assert "second, coarser reading of the same evidence" in result.output
    assert "One: holds" in result.output


# In a browser

MARK = "document.title='broken';window.broken=1"
HOSTILE = f"</title></script><script>{MARK}</script><img src=x onerror={MARK}><svg onload={MARK}>{{{{7*7}}}}"


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_texts_of_clues_stay_texts(kind: Kind, tab: Page, tmp_path: Path) -> None:
    quoted = '"' + HOSTILE.replace("'", "''").replace('"', "") + '"'
    texts = ("{en: Was a threat seen?, zh: 是否看到威胁？}", "Was it signed?", "The codebook says so.", "name: Regime")

    def spoilt(text: str) -> str:
        for one in texts:
            text = text.replace(one, f"name: {quoted}" if one.startswith("name") else quoted)
        return text.replace('"Looked, in vain."', quoted).replace("查而未得", quoted)

    made = tree_of(kind, say=spoilt)
    page = render(read_content(made, "en"), live.island(made), read_content(made, "zh"))
    assert page.count("onerror=") > 5
    watch = Watch(tab, tmp_path / "page.html", page)
    for _ in LANGS:
        expect(tab.locator("#clues h2")).to_be_visible()
        assert tab.evaluate("window.broken") is None
        assert tab.locator("main img, main script:not([type])").count() == 0
        tab.locator("#language").click()
    assert watch.beyond_itself() == []


def test_a_page_of_clues_alone_answers_in_both_languages(tab: Page, tmp_path: Path) -> None:
    page = render(read_content(tree(), "en"), live.island(tree()), read_content(tree(), "zh"))
    watch = Watch(tab, tmp_path / "page.html", page)
    taken = tab.locator("#reproduction p.take button")
    expect(taken.filter(has_text="Probabilities (CSV)")).to_have_count(1)
    expect(taken.filter(has_text="Evidence")).to_have_count(0)
    assert "线索" in unpacked(page)
    tab.locator("#language").click()
    expect(tab.locator("#clues h2")).to_have_text("线索")
    assert "有案例代表多个案例" in tab.locator("#try").inner_text(), "why it cannot answer anew"
    assert watch.beyond_itself() == []


# Answering anew


def alone_by_one() -> xr.DataTree:
    """Take a study of clues whose cases stand for one each, with pools at several levels."""
    return tree_of(
        changes={
            "study.yaml": (", count: 4", ""),
            "priors/reference.yaml": ("levels: {common: 1}", "levels: 0.25"),
        }
    )


@pytest.mark.parametrize("prior", ["equal", "{stakes: 1, bargaining: 2, threat: 3}"])
def test_a_page_of_clues_answers_from_another_prior_as_another_update_does(
    prior: str, tab: Page, tmp_path: Path
) -> None:
    made = alone_by_one()
    assert made.attrs["kind"] == "clues"
    assert "diagnostics" not in made.children
    anew = tree_of(
        changes={
            "study.yaml": (", count: 4", ""),
            "priors/reference.yaml": (
                "prior: equal\npooling:\n  levels: {common: 1}",
                f"prior: {prior}\npooling:\n  levels: 0.25",
            ),
        }
    )
    states = [{"prior": [1, 2, 3]}] if prior != "equal" else [{}]
    (told,) = opened(tab, tmp_path, live.island(made)).evaluate(ASK, states)
    wanted = anew["cases"].to_dataset()["probability"].sel(pooling="pooled", stat="mean").values
    assert np.reshape(told["probability"], wanted.shape) == pytest.approx(wanted, abs=1e-9)
