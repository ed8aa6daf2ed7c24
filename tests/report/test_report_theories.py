"""Theories that may hold together in the report, and what the report does where too much is to be added up."""

from __future__ import annotations

import json

import pytest
import xarray as xr
from pages import Element, Lang, known_numbers, page_of, parse, shown_numbers
from studies import small_study
from trees import small_tree, tree_of

from bayestrace.report.content import read_content
from bayestrace.report.figures import precise
from bayestrace.study import Study

CELLS = {"stakes": "stakes+bargaining", "bargaining": "stakes", "threat": "none"}


def overlapping_study() -> Study:
    """The small study, its hypotheses turned into cells of two theories."""
    text = small_study().model_dump_json()
    for old, new in CELLS.items():
        text = text.replace(f'"{old}"', f'"<{new}>"')
    value = json.loads(text.replace("<", "").replace(">", ""))
    value["theories"] = {
        "stakes": {"name": {"en": "Stakes at risk", "zh": "利益攸关论"}},
        "bargaining": {"name": {"en": "Hard bargains", "zh": "讨价还价论"}},
    }
    return Study.model_validate_json(json.dumps(value | {"joint_likelihood": "strongest"}))


def overlapping_tree(kind: str) -> xr.DataTree:
    study = overlapping_study()
    return tree_of(study, study.profiles["reference"], kind)


def tables(root: Element) -> list[Element]:
    return [table for table in root.all("table") if table.attrs.get("class") == "theories"]


@pytest.mark.parametrize("kind", ["model", "face-value"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_case_lists_its_theories_without_a_total(kind: str, lang: Lang) -> None:
    tree = overlapping_tree(kind)
    root = parse(page_of(tree, lang))
    found = tables(root)
    assert len(found) == tree["problem"].sizes["case"]
    for table in found:
        heads = [row.all("th")[0].text().strip() for row in table.all("tr")[1:]]
        assert (
            heads
            == {
                "en": ["Stakes at risk", "Hard bargains", "at least one of them", "both together"],
                "zh": ["利益攸关论", "讨价还价论", "至少一种成立", "两种均成立"],
            }[lang]
        )
        said = table.all("caption")[0].text()
        assert {"en": "do not add up to 100 %", "zh": "不可相加"}[lang] in said
        assert len(table.all("tr")[1].all("td")) == (4 if kind == "model" else 2)
    known = known_numbers(tree)
    shown = [value for table in found for value, _, _ in shown_numbers(table)]
    assert len(shown) == len(found) * 4 * (6 if kind == "model" else 2)
    assert set(shown) <= known


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_each_number_stands_in_its_own_row(kind: str) -> None:
    tree = overlapping_tree(kind)
    told = tree["theories"].to_dataset()
    case = read_content(tree, "en").cases[1]
    assert [held.at_least for held in case.theories] == [0, 0, 1, 2]
    bargains, one, both = case.theories[1:]
    assert bargains.face.value == float(told["face_value"].sel(case="two", theory="bargaining"))
    assert one.face.value == float(told["face_value_at_least"].sel(case="two", number=1))
    assert both.face.value == float(told["face_value_at_least"].sel(case="two", number=2))
    assert both.prior.value == float(told["prior_at_least"].sel(number=2))
    cells = [[value for value, _, _ in shown_numbers(row)] for row in tables(parse(page_of(tree)))[1].all("tr")[1:]]
    for held, row in zip(case.theories, cells, strict=True):
        spreads = [held.pooled.mean, held.pooled.q03, held.pooled.q97] if held.pooled else []
        wanted = [held.prior, held.face, *([held.unpooled.mean] if held.unpooled else []), *spreads]
        assert row == [float(precise(number.value)) for number in wanted]
    if kind == "model":
        assert bargains.pooled
        assert one.unpooled
        high = told["probability"].sel(case="two", pooling="pooled", stat="q97", theory="bargaining")
        low = told["at_least"].sel(case="two", pooling="unpooled", stat="q03", number=1)
        assert bargains.pooled.q97.value == float(high)
        assert one.unpooled.q03.value == float(low)


@pytest.mark.parametrize(("rule", "said"), [("stated", "Nothing was made up"), ("noisy-or", "by itself (noisy-or)")])
def test_the_rule_for_joint_cells_is_told(rule: str, said: str) -> None:
    tree = overlapping_tree("face-value")
    tree.attrs["study"] = tree.attrs["study"].replace('"joint_likelihood":"strongest"', f'"joint_likelihood":"{rule}"')
    assert page_of(tree).count(said) == tree["problem"].sizes["case"]
    assert "expects it most" in page_of(overlapping_tree("face-value"))


def test_explanations_that_exclude_each_other_have_no_such_table() -> None:
    root = parse(page_of(small_tree()))
    assert tables(root) == []
    assert all(case.theories == () for case in read_content(small_tree(), "en").cases)


@pytest.mark.parametrize("kind", ["model", "face-value"])
def test_face_value_with_redundancy_stands_in_its_own_column(kind: str) -> None:
    tree = small_tree(kind)
    root = parse(page_of(tree))
    table = next(one for one in root.find("case-two").all("table"))
    place = [head.text().strip() for head in table.all("thead")[0].all("th")].index("Face value, redundancy counted")
    told = tree["face_value"].to_dataset()["discounted_probability"].sel(doubtful="counted", case="two")
    cells = [row.all("th", "td")[place] for row in table.all("tbody")[0].all("tr")]
    shown = [value for cell in cells for value, _, _ in shown_numbers(cell)]
    assert shown == [float(precise(value)) for value in told.values.tolist()]


def test_too_many_joint_explanations_leave_a_dash_where_pooled_face_value_would_stand() -> None:
    tree = small_tree("face-value")
    tree["face_value"] = xr.DataTree(tree["face_value"].to_dataset().sel(pooled=["case-by-case"]))
    report = read_content(tree, "en")
    assert all(row.face_pooled is None for case in report.cases for row in case.rows)
    root = parse(page_of(tree))
    assert not [
        one for one in root.walk() if "ring" in one.attrs.get("class", "").split() and "data-value" in one.attrs
    ]
