"""What is dated before its cause: link by link, and step by step."""

from __future__ import annotations

from typing import Any

import pytest
from study_factory import make_study

from bayestrace import sequence
from bayestrace.study import Study

#: start leads to middle, middle to end.
START, MIDDLE, END = "start", "middle", "end"


def study_of(*items: dict[str, Any]) -> Study:
    """Two cases; observations c0e0, c0e1, ... of the first and c1e0, ... of the second, changed one by one."""
    study = make_study(cases=2, clusters=(), singles=4, coders=1)
    changes = {item.pop("id"): item for item in items}
    blank = {"date": None, "step": START, "effect_of": ()}
    evidence = tuple(item.model_copy(update=blank | changes.get(item.id, {})) for item in study.evidence)
    mechanism = study.mechanism.model_copy(update={"arrows": ((START, MIDDLE), (MIDDLE, END))})
    return study.model_copy(update={"evidence": evidence, "mechanism": mechanism})


def linked(effect: str | None, *causes: str | None) -> list[str]:
    """Let one observation follow from others with these dates; return those that are later."""
    items = [{"id": f"c0e{place}", "date": date} for place, date in enumerate(causes, start=1)]
    names = tuple(item["id"] for item in items)
    study = study_of({"id": "c0e0", "date": effect, "effect_of": names}, *items)
    return [cause.id for found, later in sequence.earlier_than_causes(study) for cause in later if found.id == "c0e0"]


@pytest.mark.parametrize(
    ("effect", "cause", "early"),
    [
        ("2018", "2019", True),
        ("2019-03-14", "2019-03-15", True),
        ("2019-03-15", "2019-03-15", False),
        # Within the month of the cause, or on its first day: it may have come after.
        ("2019-03-15", "2019-03", False),
        ("2019-03-01", "2019-03", False),
        ("2019-02-28", "2019-03", True),
        ("2016/2018", "2019-01", True),
        ("2016/2019", "2018", False),
        ("2020", "2019", False),
        (None, "2019", False),
        ("2018", None, False),
    ],
)
def test_an_effect_that_ends_before_its_cause_begins(effect: str | None, cause: str | None, *, early: bool) -> None:
    assert linked(effect, cause) == (["c0e1"] if early else [])


def test_only_the_later_ones_of_several_causes_are_named() -> None:
    assert linked("2018-06", "2018-07", "2018-05", None) == ["c0e1"]
    assert linked("2018-06", "2018-07", "2019", "2017") == ["c0e1", "c0e2"]


def steps(*items: dict[str, Any]) -> list[tuple[str, str, str, list[str]]]:
    found = sequence.earlier_than_steps(study_of(*items))
    return [(one.case, one.before, one.after, [item.id for item in one.evidence]) for one in found]


def test_a_step_before_all_of_the_step_that_leads_to_it() -> None:
    causes = [{"id": "c0e0", "date": "2019-03"}, {"id": "c0e1", "date": "2020"}]
    early, late = {"id": "c0e2", "step": MIDDLE, "date": "2018"}, {"id": "c0e3", "step": MIDDLE, "date": "2019-12"}
    assert steps(*map(dict, causes), dict(early), dict(late)) == [("c0", START, MIDDLE, ["c0e2"])]
    # Before one of its causes only, it may have followed from another.
    assert steps(*map(dict, causes), dict(late)) == []
    # Without a dated observation of the step that leads to it nothing can be said; nor of the other case.
    assert steps(dict(early)) == []
    assert steps({"id": "c1e0", "date": "2019-03"}, dict(early)) == []
    # The step after the next is no cause of this one, nor is this one of it.
    assert steps(*map(dict, causes), {"id": "c0e2", "step": END, "date": "2018"}) == []


@pytest.mark.parametrize("changed", [{"context": True}, {"date": "2015/2017"}, {"date": None}])
def test_context_and_spans_prove_no_order(changed: dict[str, Any]) -> None:
    cause, early = {"id": "c0e0", "date": "2019"}, {"id": "c0e2", "step": MIDDLE, "date": "2018"}
    assert steps(dict(cause), dict(early)) == [("c0", START, MIDDLE, ["c0e2"])]
    assert steps(dict(cause), early | changed) == []
    # A cause of that kind does not stand in the way, and is not enough.
    assert steps(dict(cause), {"id": "c0e1", "date": "2012"} | changed, dict(early)) == [
        ("c0", START, MIDDLE, ["c0e2"])
    ]
    assert steps(cause | changed, dict(early)) == []
