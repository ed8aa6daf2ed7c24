"""The timeline of a case: when, in which step, after what; and what comes before its cause."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import xarray as xr
from pages import Lang, page_of, parse
from trees import small_tree

from bayestrace.report.content import read_content
from bayestrace.report.content.moments import Timeline

DATES = {"one-buys": "2019-03", "one-says": "2018-05-04", "one-context": "2016/2018", "two-pays": "2020"}


def dated(dates: Mapping[str, str]) -> xr.DataTree:
    tree = small_tree()
    study = json.loads(tree.attrs["study"])
    for item in study["evidence"]:
        item["date"] = dates.get(item["id"])
    tree.attrs["study"] = json.dumps(study)
    return tree


def timelines(tree: xr.DataTree) -> dict[str, Timeline]:
    return {told.case.text: told for told in read_content(tree, "en").timelines}


def test_observations_stand_in_the_order_of_their_dates() -> None:
    found = timelines(dated(DATES))
    # What has no date has no place in it: the third case has no timeline.
    assert list(found) == ["Case one", "Case two"]
    one = found["Case one"]
    assert [moment.id for moment in one.moments] == ["one-context", "one-says", "one-buys"]
    assert [moment.step for moment in one.moments] == [0, 1, 0]
    assert [moment.weighs for moment in one.moments] == [False, True, True]
    assert (one.moments[0].begins, one.moments[0].ends) == (date(2016, 1, 1), date(2018, 12, 31))
    # The period of the case, and without one that of its observations.
    assert (one.begins, one.ends) == (date(2017, 1, 1), date(2021, 12, 31))
    assert (found["Case two"].begins, found["Case two"].ends) == (date(2020, 1, 1), date(2020, 12, 31))
    assert timelines(dated({"one-buys": "2019", "two-pays": "2020"}))["Case one"].undated == 2


def test_an_effect_before_its_cause_and_a_step_before_the_one_that_leads_to_it() -> None:
    says = next(moment for moment in timelines(dated(DATES))["Case one"].moments if moment.id == "one-says")
    assert says.causes == says.later == ("one-buys",)
    assert says.ahead_of == 0
    assert says.early
    later = timelines(dated(DATES | {"one-says": "2019-03-31"}))["Case one"]
    assert not any(moment.early for moment in later.moments), "the month of the cause had begun"


def section(tree: xr.DataTree, lang: Lang = "en") -> str:
    return parse(page_of(tree, lang)).find("mechanism").text()


def test_the_page_says_what_comes_too_early() -> None:
    said = section(dated(DATES))
    assert "Title of one-says (2018-05-04) is dated before what is said to have caused it: Title of one-buys" in said
    assert "Of the step “Middle”, dated before all dated observations of “Premise”" in said
    assert "3 dated observations, 1 links from cause to effect; 1 observations" in said
    assert said.count("Nothing here is dated before") == 1
    assert "早于据称导致它的观察" in section(dated(DATES), "zh")


def test_a_study_without_dates_has_no_timeline() -> None:
    assert "What came when" not in section(dated({}))
    assert "What came when" in section(dated(DATES))


def test_a_hostile_title_stays_text() -> None:
    tree = dated(DATES)
    study = json.loads(tree.attrs["study"])
    study["evidence"][1]["title"] = {"en": "</svg><script>alert(1)</script>"}
    tree.attrs["study"] = json.dumps(study)
    page = page_of(tree)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
