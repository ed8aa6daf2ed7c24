"""The section on sensitivity: every flip point in words, every number out of the tree."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import xarray as xr
from pages import Element, Lang, known_numbers, page_of, parse, shown_numbers
from sensitive import sensitive_tree
from trees import small_tree

from bayestrace.report.content import read_content
from bayestrace.report.page.html import Html, Speaker
from bayestrace.report.page.sensitivity import sentences
from bayestrace.report.page.text import text_of

KINDS = [(kind, lang) for kind in ("model", "face-value") for lang in ("en", "zh")]
PAGES: dict[tuple[str, str], Element] = {}


def whole(kind: str = "model", lang: Lang = "en") -> Element:
    """Return the page of the result as it is, made once."""
    if (kind, lang) not in PAGES:
        PAGES[kind, lang] = parse(page_of(sensitive_tree(kind), lang))
    return PAGES[kind, lang]


def section(tree: xr.DataTree, lang: Lang = "en") -> Element:
    return parse(page_of(tree, lang)).find("sensitivity")


def said(tree: xr.DataTree, lang: Lang = "en", case: int = 0) -> list[str]:
    return [text_of(one.text) for one in sentences(read_content(tree, lang), Speaker(lang)) if one.case == case]


def put(tree: xr.DataTree, group: str, variable: str, value: Any, **where: Any) -> None:
    node = tree[f"sensitivity/{group}"]
    assert isinstance(node, xr.DataTree)
    node.to_dataset()[variable].loc[where] = value


def leads(tree: xr.DataTree) -> set[float]:
    """Work out every lead over the closest rival along every sweep, in decibels to five digits."""
    base = tree["sensitivity/base"].to_dataset()["probability"].values
    found = set()
    for group in ("kappa", "bounds", "overconfidence"):
        swept = tree[f"sensitivity/{group}"].to_dataset()["probability"].values.reshape(-1, *base.shape)
        for case, leader in enumerate(base.argmax(axis=1)):
            rival = np.delete(swept[:, case], leader, axis=1).max(axis=1)
            found.update(10.0 * np.log10(swept[:, case, leader] / rival))
    return {float(f"{value:.5g}") for value in found}


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_every_number_of_the_section_stands_in_the_tree(kind: str, lang: Lang) -> None:
    tree = sensitive_tree(kind)
    known = (
        known_numbers(tree) | leads(tree) | {8.0, 0.25}
    )  # how many specifications there are, and how many of them are doubtful
    numbers = list(shown_numbers(whole(kind, lang).find("sensitivity")))
    assert len(numbers) > 200
    for value, parts, shown in numbers:
        assert not parts
        assert value in known, f"{shown}: {value!r}"


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_the_section_is_well_built(kind: str, lang: Lang) -> None:
    root = whole(kind, lang)
    ids = [element.attrs["id"] for element in root.walk() if "id" in element.attrs]
    assert len(ids) == len(set(ids))
    here = root.find("sensitivity")
    levels = [int(element.tag[1]) for element in here.all("h2", "h3", "h4", "h5")]
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    links = [link.attrs["href"][1:] for link in here.all("a")]
    assert links
    assert set(links) <= set(ids)
    figures = [svg for svg in here.all("svg") if "aria-hidden" not in svg.attrs]
    assert len(figures) >= 20
    assert all(svg.all("title")[0].text().strip() and svg.all("desc")[0].text().strip() for svg in figures)
    assert [table for table in here.all("table") if not table.all("caption")] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_result_without_it_names_the_command(lang: Lang) -> None:
    assert "bayestrace sensitivity --hypotheses article --profile reference" in section(small_tree(), lang).text()


@pytest.mark.parametrize(
    "name",
    ["profiles", "limits", "simplex", "focal_prior", "kappa", "levels", "bounds", "overconfidence", "power", "rival"],
)
def test_any_analysis_may_be_missing(name: str) -> None:
    part = section(sensitive_tree(without=(name,)))
    assert len(list(part.walk())) < len(list(whole().find("sensitivity").walk()))


def test_what_one_must_believe_for_another_leader_is_a_sentence() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.2, 0.7, 0.1], case="one")
    put(tree, "focal_prior", "flip_at", 0.62, hypothesis_raised="stakes", case="one")
    put(tree, "focal_prior", "flip_to", "stakes", hypothesis_raised="stakes", case="one")
    put(tree, "focal_prior", "even_at", 0.75, hypothesis_raised="stakes", case="one")
    put(tree, "overconfidence", "flip_at", 2.125, allowance="leaning", case="one")
    put(tree, "overconfidence", "flip_to", "threat", allowance="leaning", case="one")
    english, chinese = said(tree), said(tree, "zh")
    assert (
        "“Stakes” would have to have a prior probability of 62\u00a0% instead of 33\u00a0% to lead Case one. "
        "It reaches 50\u00a0% from a prior of 75\u00a0% on."
    ) in english
    assert any(
        one.startswith("If every coder leaned 2.1\u00a0dB per observation towards “Bargaining”, “Threat” would lead")
        for one in english
    )
    assert "“利益攸关”的先验概率须为62%而非33%，才会在案例甲居首。先验概率不低于75%时，后验概率可达50%。" in chinese


def test_the_nearest_of_all_priors_with_another_leader_is_a_sentence() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.2, 0.7, 0.1])
    put(tree, "simplex", "leading", 0.25, case="one", hypothesis="bargaining")
    assert (
        "Of all priors tried, the nearest under which another explanation leads Case one moves 38\u00a0% of prior "
        "probability from one explanation to another: “Stakes” 50\u00a0%, “Bargaining” 38\u00a0% and “Threat” "
        "12\u00a0%; then “Stakes” leads. Under 25\u00a0% of them “Bargaining” leads."
    ) in said(tree)
    assert (
        "在所试的全部先验中，使案例甲改换居首解释的最近一种，只须把38%的先验概率从一些解释移到另一些解释："
        "“利益攸关”50%、“议价”38%和“威胁”12%；届时由“利益攸关”居首。其中25%的先验仍由“议价”居首。"
    ) in said(tree, "zh")
    (two,) = [text for text in said(tree, case=1) if text.startswith("Of all priors tried")]
    assert "“Threat” 62\u00a0%, “Bargaining” 25\u00a0% and “Stakes” 12\u00a0%" in two  # the greatest first
    assert "Under none of the priors tried does another explanation lead Case three." in said(tree, case=2)
    assert not any("priors tried" in text for text in said(sensitive_tree(without=("simplex",))))


def test_a_leader_that_stays_is_said_to_stay() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.2, 0.7, 0.1], case="one")
    put(tree, "bounds", "flip_at", 0.5)
    put(tree, "bounds", "flip_to", "threat")
    every = {"panel": "*", "against": "*"}
    for group, where in (("focal_prior", {"hypothesis_raised": "stakes"}), ("kappa", {}), ("bounds", every)):
        put(tree, group, "flip_at", np.nan, case="one", **where)
        put(tree, group, "flip_to", "", case="one", **where)
    english = said(tree)
    assert "No prior probability of “Stakes” up to 99.0\u00a0% makes it lead Case one." in english
    assert any(
        one.startswith("However strongly the pools are concentrated, “Bargaining” leads Case one.") for one in english
    )
    assert any(one.startswith("Even with every stated weight at the end of its range") for one in english)


def test_the_section_reads_where_the_focal_explanation_leads() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.7, 0.2, 0.1])
    put(tree, "focal_prior", "flip_at", 0.125, hypothesis_raised="stakes", case="one")
    put(tree, "focal_prior", "flip_to", "threat", hypothesis_raised="stakes", case="one")
    expected = (
        "“Stakes” leads Case one unless its prior probability falls to 12\u00a0% from 33\u00a0%; then “Threat” leads."
    )
    assert expected in said(tree)
    assert page_of(tree, "zh")


def test_weights_of_draws_that_do_not_reach_are_told() -> None:
    tree = sensitive_tree()
    put(tree, "overconfidence", "flip_at", 5.0, allowance="leaning", case="one")
    put(tree, "overconfidence", "flip_to", "threat", allowance="leaning", case="one")
    told = []
    for pareto_k, ess in (
        (0.25, 300.0),
        (1.5, 300.0),
        (0.25, 20.0),
        (float("nan"), 20.0),
        (float("nan"), float("nan")),
    ):
        put(tree, "overconfidence", "pareto_k", pareto_k, allowance="leaning")
        put(tree, "overconfidence", "ess", ess, allowance="leaning")
        (sentence,) = [one for one in said(tree) if "leaned" in one]
        told.append(re.findall(r"\((Pareto k .*?)\)", sentence))
    few = "20 effective draws"
    assert told == [[], ["Pareto k 1.50, 300 effective draws"], [f"Pareto k 0.25, {few}"], [f"Pareto k –, {few}"], []]


def test_a_leader_that_stays_where_draws_do_not_reach_is_told() -> None:
    tree = sensitive_tree()
    put(tree, "overconfidence", "flip_at", np.nan, allowance="leaning", case="one")
    put(tree, "overconfidence", "flip_to", "", allowance="leaning", case="one")
    put(tree, "overconfidence", "pareto_k", 0.25, allowance="leaning")
    put(tree, "overconfidence", "ess", 300.0, allowance="leaning")
    (stays,) = [one for one in said(tree) if "leaned" in one]
    assert stays.endswith("it would lead Case one.")
    node = tree["sensitivity/overconfidence"]
    assert isinstance(node, xr.DataTree)
    node.to_dataset()["ess"].loc[{"allowance": "leaning"}][-1] = 20.0
    (stays,) = [one for one in said(tree) if "leaned" in one]
    assert stays.endswith("(Pareto k 0.25, 20 effective draws): take it as rough.")


def test_the_fewest_observations_are_named_and_linked() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.2, 0.7, 0.1])
    one, two, three = (said(tree, case=case) for case in range(3))
    assert any("Leaving out 2 observations together would be enough for “Stakes”" in text for text in one)
    assert any("No fewer than 1 would do" in text for text in one)
    assert any("Leaving out a single observation would be enough" in text for text in two)
    assert any(text.startswith("No set of observations that may be left out") for text in three)
    put(tree, "smallest", "exact", False, case="three")  # noqa: FBT003 - a value of the tree
    put(tree, "smallest", "bound", 4.0, case="three")
    assert any("Not all sets were tried, so there may be one of 4 or more" in text for text in said(tree, case=2))
    assert "#obs-one-buys" in {link.attrs["href"] for link in whole().find("sensitivity").all("a")}


def test_of_a_large_set_the_first_are_named_and_the_others_counted() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.2, 0.7, 0.1])
    ids = [str(name) for name in tree["problem"].to_dataset()["evidence"].values]
    fewest = tree["sensitivity/smallest"].to_dataset()
    names = np.full((fewest.sizes["case"], 11), "", dtype="U20")
    names[0] = (ids * 11)[:11]
    tree["sensitivity/smallest"] = xr.DataTree(fewest.assign(members=(("case", "rank"), names)))
    (en,) = [text for text in said(tree) if "would be enough" in text]
    (zh,) = [text for text in said(tree, "zh") if "便足以在" in text]
    assert " and 3 more. No fewer than 1 would do" in en
    assert "和另外3条。" in zh
    assert "…" not in en + zh


def test_a_single_thing_that_carries_the_answer_is_named() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.2, 0.7, 0.1])
    put(tree, "left_out/source", "flip_to", "")
    (stays,) = [
        text for text in said(tree) if text.startswith("Whichever one of these is left out, “Bargaining” leads")
    ]
    assert "source" in stays.replace("type of source", "").partition(":")[2]
    put(tree, "left_out/source", "flip_to", "threat", item="Walt1987", case="one")
    assert "Leaving out a single source is enough for “Threat” to lead Case one: Walt1987." in said(tree)
    assert "只须去掉一种来源，“威胁”便在案例甲居首：Walt1987。" in said(tree, "zh")
    put(tree, "left_out/source", "flip_to", "threat", case="one")
    assert any("Leaving out one source, any of these, is enough for “Threat”" in text for text in said(tree))


def test_a_set_that_draws_hardly_reach_is_told() -> None:
    tree = sensitive_tree()
    put(tree, "base", "probability", [0.2, 0.7, 0.1])
    assert not any("hardly reach" in text for text in said(tree) if "Leaving out 2 observations" in text)
    put(tree, "smallest", "ess", 20.0, case="one")
    (text,) = [text for text in said(tree) if "Leaving out 2 observations" in text]
    assert text.endswith("(Pareto k 0.40, 20 effective draws): take it as rough.")


@pytest.mark.parametrize(("name", "value"), [("map_pareto_k", 0.9), ("map_ess", 20.0)])
def test_cells_of_a_map_that_draws_hardly_reach_have_small_letters(name: str, value: float) -> None:
    tree = sensitive_tree()
    where = "A small letter marks"
    assert where not in section(tree).text()
    before = [letters(figure) for figure in maps(tree)]
    assert "".join(before).isupper()
    node = tree["sensitivity/overconfidence"]
    assert isinstance(node, xr.DataTree)
    node.to_dataset()[name].values[0, 1, 2] = value
    assert where in section(tree).text()
    after = [letters(figure) for figure in maps(tree)]
    # The first pair of allowances in each of three cases.
    assert [sum(map(str.islower, found)) for found in after] == [1, 1, 1, 0, 0, 0]
    assert [set(found.upper()) for found in after] == [set(found) for found in before]


def maps(tree: xr.DataTree) -> list[Element]:
    return [svg for svg in section(tree).all("svg") if "sens-map" in svg.attrs.get("aria-labelledby", "")]


def letters(figure: Element) -> str:
    """Join what is written into the cells."""
    signs = [text.text().strip() for text in figure.all("text") if text.attrs.get("text-anchor") == "middle"]
    return "".join(sign for sign in signs if sign.isalpha() and len(set(sign)) == 1)


def test_the_table_of_flip_points_names_to_whom_the_lead_goes() -> None:
    tree = sensitive_tree()
    put(tree, "kappa", "flip_at", 0.5)
    put(tree, "kappa", "flip_to", "threat")
    (row,) = [row for row in section(tree).all("tr") if row.text().startswith("Concentration of the pools")]
    assert [cell.text().strip() for cell in row.all("td")] == ["0.5 → C"] * 3


def test_what_a_study_does_not_allow_is_told() -> None:
    assert "Not so." in whole().find("sensitivity").text()
    assert "不可。" in whole(lang="zh").find("sensitivity").text()


def test_in_chinese_the_section_is_chinese() -> None:
    text = whole(lang="zh").find("sensitivity").text()
    for english in ("Stakes", "Bargaining", "Case one", "Title of", "lead", "prior", "Neutral", "observation"):
        assert english not in text
    assert "利益攸关" in text


@pytest.mark.parametrize("payload", ["<b>bold</b>", '" onclick="x', "</svg></style>", "{{ 7 * 7 }}", "&lt;i&gt;"])
def test_no_text_adds_an_element(payload: str) -> None:
    harmless = section(sensitive_tree(say=lambda _: "x"))
    hostile = section(sensitive_tree(say=lambda _: payload))
    for what in (lambda one: one.tag, lambda one: tuple(one.attrs)):
        assert {what(one) for one in hostile.walk()} == {what(one) for one in harmless.walk()}
    assert payload in hostile.text()


def test_markup_comes_back_as_text() -> None:
    assert text_of(Html('<a href="#x">A &lt;b&gt; &amp; “c”</a> <data value="1.0">1 %</data>')) == "A <b> & “c” 1 %"
