"""The page as a document: every number from the result, the same bytes, structure, policy, both languages."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pytest
import xarray as xr
from pages import Element, Lang, carried, known_numbers, page_of, parse, shown_numbers
from studies import small_study
from trees import FINDINGS, change, small_tree

from bayestrace.messages.wording import Both
from bayestrace.report.wording import LIMITS, METHODS, decibels
from bayestrace.report.wording.labels import LABELS
from bayestrace.report.wording.sentences import SENTENCES

KINDS = [(kind, lang) for kind in ("model", "face-value") for lang in ("en", "zh")]
PAGES: dict[tuple[str, Lang], str] = {}


def page(kind: str, lang: Lang) -> str:
    if (kind, lang) not in PAGES:
        PAGES[kind, lang] = page_of(small_tree(kind), lang)
    return PAGES[kind, lang]


def visible(root: Element) -> str:
    """Return the text that a reader sees."""
    head = root.all("head")[0]
    return root.text().replace(head.text(), "", 1)


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_every_number_stands_in_the_tree_or_the_study(kind: str, lang: Lang) -> None:
    known = known_numbers(small_tree(kind))
    numbers = list(shown_numbers(parse(page(kind, lang))))
    assert len(numbers) > 200
    for value, parts, shown in numbers:
        if parts:
            assert set(parts) <= known, f"{shown}: {parts}"
            assert decibels(value) in shown
        else:
            assert value in known, f"{shown}: {value!r}"


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_no_number_of_the_result_is_written_past_the_helper(kind: str, lang: Lang) -> None:
    """Decimals, percentages and signed numbers outside of data elements are the wording's, or the result's, whole."""
    known = known_numbers(small_tree(kind))
    root = parse(page(kind, lang))
    own = [text for both in wordings() for text in both] + [passage.formula for passage in (*METHODS, *LIMITS)]
    written = " ".join([*own, small_study().canonical(), json.dumps(FINDINGS), json.dumps(small_tree(kind).attrs)])
    pattern = re.compile(r"[+−]?\d[\d.]*\s?%|[+−]\d[\d.]*|\d+\.\d+")
    allowed = set(pattern.findall(written.replace("\u00a0", " ")))
    for element in root.walk():
        titled = element.tag in {"title", "desc", "style"}  # tooltips and alternatives repeat what is drawn
        around = (element, *element.above())
        axis = element.tag == "text" and any("soft" in one.attrs.get("class", "") for one in around)
        if carried(element) or titled or axis:
            continue
        said = " ".join(child for child in element.children if isinstance(child, str)).replace("\u00a0", " ")
        for number in set(pattern.findall(said)) - allowed:
            plain = float(number.removesuffix("%").strip().replace("−", "-"))
            assert (plain / 100 if number.endswith("%") else plain) in known, said


def wordings() -> list[Both]:
    passages = [both for passage in (*METHODS, *LIMITS) for both in (passage.title, passage.text)]
    return [*LABELS.values(), *SENTENCES.values(), *passages]


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_the_same_tree_makes_the_same_bytes(kind: str, lang: Lang) -> None:
    assert page_of(small_tree(kind), lang) == page(kind, lang)


def test_another_tree_makes_another_page() -> None:
    assert page_of(small_tree(seed=2)) != page("model", "en")


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_no_certainty_is_printed(kind: str, lang: Lang) -> None:
    tree = small_tree(kind)
    change(tree, "face_value", "probability", [0.9999999, 1e-9, 1e-8])
    if kind == "model":
        change(tree, "cases", "probability", [0.0, 0.0, 1.0])
    root = parse(page_of(tree, lang))
    text = visible(root)
    assert not re.search(r"(?<![\d.])[01]\.000(?!\.)", text)  # 1.00 with a range 0.65 behind it is none
    shown = {said.strip() for _, _, said in shown_numbers(root)}
    assert [said for said in shown if re.fullmatch(r"(100|0|1)(\.0+)?\s?%", said)] == []
    assert re.search(r">\s?999\s?:\s?1", text)
    assert re.search(r"<\s?0\.1\s?%", text)


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_the_document_is_well_built(kind: str, lang: Lang) -> None:
    root = parse(page(kind, lang))
    assert root.all("html")[0].attrs["lang"] == ("zh-CN" if lang == "zh" else "en")
    assert len(root.all("main")) == len(root.all("h1")) == 1
    levels = [int(element.tag[1]) for element in root.all("h1", "h2", "h3", "h4", "h5", "h6")]
    steps = [(before, after) for before, after in pairwise(levels) if after > before + 1]
    assert steps == []
    ids = [element.attrs["id"] for element in root.walk() if "id" in element.attrs]
    assert len(ids) == len(set(ids))
    links = [element.attrs["href"] for element in root.all("a")]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {urlsplit(link).scheme for link in links if not link.startswith("#")} <= {"http", "https"}
    for name in ("aria-labelledby", "aria-describedby"):
        named = [word for element in root.walk() for word in element.attrs.get(name, "").split()]
        assert set(named) <= set(ids)
    for table in root.all("table"):
        heads = table.all("thead")
        # Where every cell of the head is a header, browsers tell columns and rows apart by themselves.
        if not heads or heads[0].all("td"):
            scopes = {th.attrs.get("scope") for th in table.all("th")}
            assert scopes <= {"row", "col", "rowgroup", "colgroup"}, table.text()
    assert [table for table in root.all("table") if not table.all("caption")] == []
    assert root.all("a")[0].attrs["class"] == "skip"
    assert root.all("a")[0].attrs["href"] == "#answer"


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_every_row_of_a_table_has_the_same_columns(kind: str, lang: Lang) -> None:
    for table in parse(page(kind, lang)).all("table"):
        below: dict[int, int] = {}  # columns that cells of rows above take in a row
        widths = set()
        for place, row in enumerate(table.all("tr")):
            cells = [child for child in row.children if isinstance(child, Element)]
            width = below.get(place, 0)
            for cell in cells:
                columns = int(cell.attrs.get("colspan", "1"))
                width += columns
                for further in range(1, int(cell.attrs.get("rowspan", "1"))):
                    below[place + further] = below.get(place + further, 0) + columns
            widths.add(width)
        assert len(widths) == 1, table.text()


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_figures_have_a_name_and_a_description(kind: str, lang: Lang) -> None:
    root = parse(page(kind, lang))
    drawn = [svg for svg in root.all("svg") if "aria-hidden" not in svg.attrs]
    assert len(drawn) >= 8
    named = {one.attrs["id"]: one for tag in ("title", "desc") for one in root.all(tag) if "id" in one.attrs}
    for svg in drawn:
        title, desc = svg.attrs["aria-labelledby"].split()
        assert (named[title].tag, named[desc].tag) == ("title", "desc")
        assert named[title].text()
        assert named[desc].text()


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_what_figures_say_in_chinese_has_chinese_punctuation(kind: str) -> None:
    told = [one.text() for tag in ("title", "desc") for one in parse(page(kind, "zh")).all(tag)]
    assert len(told) > 20
    assert [text for text in told if re.search("[\u4e00-\u9fff”）][:;,(]|[:;,][\u4e00-\u9fff“]", text)] == []


@pytest.mark.parametrize(("kind", "lang"), KINDS)
def test_the_policy_allows_nothing_but_the_pages_own_style(kind: str, lang: Lang) -> None:
    root = parse(page(kind, lang))
    policy = next(
        meta.attrs["content"] for meta in root.all("meta") if meta.attrs.get("http-equiv") == "Content-Security-Policy"
    )
    (style,) = root.all("style")
    digest = base64.b64encode(hashlib.sha256(style.text().encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert root.all("script", "iframe", "object", "embed", "form", "link", "base", "img") == []
    assert [element.tag for element in root.walk() if "style" in element.attrs] == []
    assert [name for element in root.walk() for name in element.attrs if name.startswith("on")] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_face_value_says_that_nothing_was_learned(lang: Lang) -> None:
    text = visible(parse(page("face-value", lang)))
    assert {"en": "Nothing was learned about the coders' noise", "zh": "对编码者的噪声一无所知"}[lang] in text
    for absent in ({"en": "Unpooled", "zh": "不合并"}[lang], "R-hat"):
        assert absent not in text


def test_the_page_reads_where_the_focal_explanation_loses_everywhere() -> None:
    tree = small_tree()
    change(tree, "cases", "probability", [0.125, 0.625, 0.25])
    text = visible(parse(page_of(tree)))
    assert "The most probable explanation is “Bargaining” in Case one (62\u00a0%), Case two (62\u00a0%) and" in text
    assert "The focal explanation, “Stakes”, leads in no case; it comes nearest in Case one, at 12\u00a0%." in text


@pytest.mark.parametrize(
    ("q03", "q97", "expected"),
    [
        (-1.0, 4.0, "In no case do the case's own observations settle"),
        (1.0, 4.0, "In every case the 94 % interval of the leader's weight"),
    ],
)
def test_the_answer_says_what_is_inconclusive(q03: float, q97: float, expected: str) -> None:
    tree = small_tree()
    change(tree, "cases", "closest_db", q03, stat="q03")
    change(tree, "cases", "closest_db", q97, stat="q97")
    text = visible(parse(page_of(tree)))
    assert expected in text
    assert ("inconclusive between the two" in text) is (q03 < 0)


def test_a_step_without_evidence_is_never_nought_decibels() -> None:
    tree = small_tree()
    change(tree, "steps", "alone_db", float("nan"))
    change(tree, "steps", "probability_alone", float("nan"))
    root = parse(page_of(tree))
    section = root.find("mechanism")
    assert " dB" not in "".join(text.text() for text in section.all("text"))
    assert section.text().count("no evidence") >= 9


def test_a_step_of_which_a_coder_says_too_little_is_never_nought() -> None:
    tables = parse(page("model", "en")).find("health").all("table")
    table = next(one for one in tables if "by step" in one.all("caption")[0].text())
    assert "open" not in next(one for one in table.above() if one.tag == "details").attrs
    rows = [row for row in table.all("tr") if row.all("td")]
    last = [[cell.text().strip() for cell in row.all("td")][-2:] for row in rows]
    assert last.count(["–", "–"]) == 3
    assert sum(row.text().count("–") for row in rows) == 6


def test_an_observation_is_traced_from_its_line_to_its_decibels() -> None:
    card = parse(page("model", "en")).find("obs-one-buys")
    text = card.text()
    for piece in ("evidence/one.yaml:12", ":2", "Title of one-buys", "Abe Shinzo"):
        assert piece in text
    assert [code.text() for code in card.all("code")].count(":2") >= 1
    assert "evidence/codings/critic-weights.csv" in parse(page("model", "en")).find("coders").text()
    stated = [(value, shown.strip()) for value, _, shown in shown_numbers(card)]
    assert (-2.5, "−2.5") in stated
    assert (3.25, "+3.2") in stated or (3.25, "+3.3") in stated
    assert next(cell for cell in card.all("td") if cell.text().startswith("理由")).attrs["lang"] == "zh"
    assert "R1" in text


def test_a_correction_that_changes_nothing_is_no_stage_of_the_ledger() -> None:
    tree = small_tree()
    clusters = tree["clusters"].to_dataset()
    before = clusters["ledger_db"].sel(stage="noise").values
    change(tree, "clusters", "ledger_db", before * (1.0 + 1e-13), stage="redundancy")
    stages = [row.text().split("  ")[0] for row in parse(page_of(tree)).find("evidence").all("tr")]
    assert any("after the coders' noise" in stage for stage in stages)
    assert not any("after redundancy" in stage for stage in stages)
    assert any("after reliability" in stage for stage in stages)


@pytest.mark.parametrize(
    ("name", "status", "struck"),
    [("one-buys", "weighs", False), ("one-context", "context: shown only", False), ("three-doubt", "set aside", True)],
)
def test_the_status_of_an_observation_is_shown(name: str, status: str, struck: bool) -> None:  # noqa: FBT001 - a column
    card = parse(page("model", "en")).find(f"obs-{name}")
    assert status in card.text()
    assert bool(card.all("s")) is struck


def test_in_chinese_all_is_chinese_but_what_is_marked() -> None:
    root = parse(page("model", "zh"))
    text = visible(root)
    for claim in root.find("evidence").all("p"):
        if claim.attrs.get("lang") == "en":
            text = text.replace(claim.text(), "")
    assert "利益攸关" in text
    for english in ("Stakes", "Case one", "Claim of", "The purchase", "Neutral"):
        assert english not in text
    reasons = [cell.attrs.get("lang") for cell in root.all("td") if re.match(r"R[1-4]\b", cell.text())]
    assert reasons == ["en"] * 4


def test_a_text_that_lacks_chinese_is_marked_as_english() -> None:
    tree = small_tree()
    study = json.loads(tree.attrs["study"])
    study["evidence"][0]["claim"] = {"en": "Only English here."}
    tree.attrs["study"] = json.dumps(study)
    marked = [span for span in parse(page_of(tree, "zh")).all("span") if span.text() == "Only English here."]
    assert {span.attrs["lang"] for span in marked} == {"en"}


@pytest.mark.parametrize("both", wordings(), ids=lambda both: both.en[:30])
def test_every_wording_is_in_both_languages(both: Both) -> None:
    assert both.en
    assert both.zh
    assert set(re.findall(r"\{(\w+)\}", both.en)) >= set(re.findall(r"\{(\w+)\}", both.zh)) - {"cases"}
    assert not re.search(r"[\u4e00-\u9fff]", both.en)
    assert not re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;:?!()][\u4e00-\u9fff]", both.zh), "half-width punctuation"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_finding_of_an_unknown_kind_is_shown_as_it_is(lang: Lang) -> None:
    text = parse(page("model", lang)).find("health").text()
    assert "unheard-of" in text
    assert "0.625" in text


def test_a_known_finding_names_what_it_is_about() -> None:
    tree = small_tree()
    details = {
        "case": "one",
        "cluster": "purchase@one",
        "leader": "stakes",
        "rival": "threat",
        "whole": "4.9",
        "rest": "-0.9",
    }
    tree.attrs["findings"] = json.dumps(
        [
            {"slug": "context", "level": "note", "details": {"count": "1", "list": "one-context"}},
            {"slug": "dominating", "level": "warning", "details": details},
        ]
    )
    root = parse(page_of(tree))
    warning, note = root.find("health").all("ul")[0].all("li")
    for piece in ("Warning", "Case one", "The purchase", "Stakes", "Threat", "4.9", "−0.9"):
        assert piece in warning.text()
    assert [link.attrs["href"] for link in note.all("a")] == ["#obs-one-context"]


def test_a_page_can_be_made_of_a_file(tmp_path: Any) -> None:
    tree = small_tree()
    tree.to_netcdf(tmp_path / "posterior.nc", engine="netcdf4")
    with xr.open_datatree(tmp_path / "posterior.nc", engine="netcdf4") as opened:
        assert page_of(opened) == page("model", "en")


def outside_figures(root: Element) -> list[str]:
    return [one.tag for one in root.walk() if one.tag != "svg" and not any(up.tag == "svg" for up in one.above())]


@pytest.mark.parametrize("kind", ["model", "face-value"])
@pytest.mark.parametrize(
    "payload", ["<b>bold</b>", '" onclick="x', "' x='", "</style></script></title>", "{{ 7 * 7 }}", "<!--", "&lt;i&gt;"]
)
def test_no_text_adds_an_element_or_an_attribute(kind: str, payload: str) -> None:
    harmless = parse(page_of(small_tree(kind, say=lambda _: "x")))
    hostile = parse(page_of(small_tree(kind, say=lambda _: payload)))
    assert outside_figures(hostile) == outside_figures(harmless)
    for what in (lambda one: one.tag, lambda one: tuple(one.attrs)):
        assert {what(one) for one in hostile.walk()} == {what(one) for one in harmless.walk()}
    assert payload in visible(hostile)


def test_what_pooling_moved_is_shown_before_and_after() -> None:
    tree = small_tree()
    change(tree, "joint", "same", 0.25, moment="prior")
    change(tree, "joint", "same", 0.75, moment="posterior", case="one", case_too="two")
    (row,) = [row for row in parse(page_of(tree)).find("pooling").all("tr") if "Case one – Case two" in row.text()]
    assert [value for value, _, _ in shown_numbers(row)] == [0.25, 0.75]


def test_the_waterfall_begins_with_the_weightiest() -> None:
    root = parse(page_of(small_tree("face-value")))
    falls = [svg for svg in root.find("cases").all("svg") if "wide" in svg.attrs["class"].split()]
    for svg in falls:
        *weights, _ = [abs(value) for group in svg.all("g") for value, _, _ in list(shown_numbers(group))[:1]]
        assert weights == sorted(weights, reverse=True)
    assert max(len(list(shown_numbers(svg))) for svg in falls) == 3
