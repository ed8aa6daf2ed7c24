"""Clues, the searches for them and candidates: what is read of them, and one fault each for what is wrong."""

import json
import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from small_study import FILES, OVERLAPPING, SOUGHT, STUDY, faults_of, write

from bayestrace.reading import read_candidates, read_study
from bayestrace.study.sought import Attribute, Candidate, Chance, Chosen, Clue, Dependence, Estimand, Search

S = "study.yaml"
CLUES = "evidence/clues.csv"
CANDIDATES = "candidates.yaml"


def test_clues_read_as_they_are_written(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, SOUGHT))
    assert list(study.clues) == ["threat-seen", "signed", "kept", "paid"]
    seen, signed, kept, _ = study.clues.values()
    assert seen.asks("zh") == "是否看到威胁？"
    assert seen.found_if == {
        "stakes": Chance(at=0.8),
        "bargaining": Chance(low=0.3, high=0.5),
        "threat": Chance(mean=0.4, sd=0.1),
    }
    assert (seen.step, seen.domain, seen.direction) == ("premise", "security", "up")
    assert (signed.given, signed.found_if) == ("regime", {})
    assert signed.cells()["democracy"] == {
        "stakes": Chance(alpha=2.0, beta=3.0),
        "bargaining": Chance(at=0.0),
        "threat": Chance(at=1.0),
    }
    assert list(kept.found_if_given) == ["found", "not-found"]
    assert study.attributes["regime"].values["democracy"]("zh") == "民主"
    assert [case.attributes["regime"] for case in study.cases.values()] == ["democracy", "autocracy", "autocracy"]
    assert [case.count for case in study.cases.values()] == [1, 1, 4]
    assert study.clue_reading == "beside"
    (dependence,) = study.dependence
    assert (dependence.clues, dependence.correlation) == (
        ("threat-seen", "paid"),
        {"bargaining": 0.2, "threat": -0.3},
    )
    assert study.chosen is not None
    assert study.chosen.because_of == "kept"
    assert study.estimands["effect"].shares == {"stakes": 1.0, "bargaining": -1.0}


def test_searches_read_in_the_order_of_cases_and_clues_whatever_that_of_rows(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, SOUGHT))
    assert [(each.case, each.clue, each.state, each.search) for each in study.searches] == [
        ("one", "threat-seen", "found", 1.0),
        ("one", "signed", "found", 1.0),
        ("one", "kept", "not-found", 1.0),
        ("two", "threat-seen", "not-found", 0.7),
        ("many", "signed", "found", 1.0),
        ("many", "paid", "not-sought", 1.0),
    ]
    assert study.searches[3] == Search.model_validate(
        {
            "case": "two",
            "clue": "threat-seen",
            "state": "not-found",
            "search": 0.7,
            "note": {"en": "Looked, in vain.", "zh": "查而未得"},
            "source": "Walt1987",
        }
    )
    assert study.searches[0].note is None
    head, *rows = SOUGHT[CLUES].splitlines(keepends=True)
    other = read_study(write(tmp_path / "other", {**SOUGHT, CLUES: "".join([head, *reversed(rows)])}))
    assert other.digest() == study.digest()
    assert other.places != study.places


def test_candidates_read_as_they_are_written(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, SOUGHT))
    assert list(study.candidates) == ["diary", "poll"]
    assert study.candidates["diary"] == Candidate.model_validate(
        {
            "title": {"en": "A diary", "zh": "日记"},
            "asks": "Did he say so?",
            "cases": ("two", "one"),
            "step": "middle",
            "domain": "security",
            "found_if": {"stakes": 0.7, "bargaining": (0.1, 0.3), "threat": {"alpha": 1.0, "beta": 4.0}},
            "search": 0.8,
            "cost": 3.0,
            "why": "He kept one.",
        }
    )
    poll = study.candidates["poll"]
    assert (poll.cases, poll.search, poll.cost) == ((), 1.0, 1.0)
    assert list(poll.found_if) == ["stakes", "bargaining"]


def test_places_say_where_searches_and_candidates_stand(tmp_path: Path) -> None:
    places = read_study(write(tmp_path, SOUGHT)).places
    assert places["search:two:threat-seen"] == "evidence/clues.csv:2"
    assert places["search:many:signed"] == "evidence/clues.csv:7"
    assert places["candidate:poll"] == "candidates.yaml:12"
    assert sum(name.startswith("search:") for name in places) == 6


def test_candidates_anywhere_read_as_those_of_the_folder(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "study", SOUGHT))
    path = write(tmp_path / "else", {"mine.yaml": SOUGHT[CANDIDATES]}) / "mine.yaml"
    assert read_candidates(study, path) == study.candidates
    assert read_candidates(read_study(write(tmp_path / "plain", FILES)), path) == study.candidates


#: Of the small study and the one with theories, as the program wrote them before it knew of clues.
DIGESTS = {
    "a2d3c232e2f7ebcc350b35c7c88861811bec0c95693880c5b487bca7cca38ed3": FILES,
    "6fe58a1c01f5c8c894d6e7a263c7ac5e3f116763015349be1cfcc0cc35a93553": OVERLAPPING,
}


@pytest.mark.parametrize("digest", DIGESTS)
def test_a_study_without_clues_keeps_its_digest(tmp_path: Path, digest: str) -> None:
    assert read_study(write(tmp_path, DIGESTS[digest])).digest() == digest
    study = "attributes: {size: {name: Size, values: {big: Big, small: Small}}}\n"
    attributes = {**DIGESTS[digest], S: DIGESTS[digest][S] + study}
    assert read_study(write(tmp_path, attributes)).digest() == digest


def test_every_part_of_clues_changes_the_digest(tmp_path: Path) -> None:
    before = read_study(write(tmp_path, SOUGHT)).digest()
    changes = [
        (S, "stakes: 0.8", "stakes: 0.81"),
        (S, "count: 4", "count: 5"),
        (S, "clue_reading: beside", "clue_reading: together"),
        (S, "threat: -0.3", "threat: -0.2"),
        (S, "because_of: kept", "because_of: paid"),
        (S, "bargaining: -1", "bargaining: -2"),
        (S, "dates: 2017, attributes: {regime: autocracy}", "dates: 2017, attributes: {regime: democracy}"),
        (CLUES, "0.7", "0.6"),
        (CLUES, "one,signed,found", "one,signed,not-found"),
        (CANDIDATES, "cost: 3", "cost: 4"),
    ]
    digests = {before}
    for number, (name, old, new) in enumerate(changes, start=2):
        assert SOUGHT[name].count(old) == 1
        digests.add(read_study(write(tmp_path, {**SOUGHT, name: SOUGHT[name].replace(old, new)})).digest())
        assert len(digests) == number


CELLS = ["ally+stakes+bargaining", "ally+stakes", "ally+bargaining", "ally", "bargaining", "none"]


def test_with_theories_probabilities_are_of_cells(tmp_path: Path) -> None:
    stated = {cell: round(0.1 + 0.1 * place, 1) for place, cell in enumerate(CELLS)}
    files = {**OVERLAPPING, S: OVERLAPPING[S] + f"clues:\n  e: {{asks: What?, found_if: {json.dumps(stated)}}}\n"}
    clue = read_study(write(tmp_path, files)).clues["e"]
    assert {cell: chance.at for cell, chance in clue.found_if.items()} == stated
    del stated["ally+stakes"]
    stated["stakes"] = 0.5
    files[S] = OVERLAPPING[S] + f"clues:\n  e: {{asks: What?, found_if: {json.dumps(stated)}}}\n"
    missing, theory = faults_of(write(tmp_path, files))
    assert (missing.slug, theory.slug) == ("chance-missing", "unknown-hypothesis")
    assert "no probability under `ally+stakes`; expected one under each of: `ally+stakes+bargaining`" in missing.text()
    assert "no hypothesis `stakes`" in theory.text()


def test_broken_theories_make_no_fault_of_the_probabilities_of_cells(tmp_path: Path) -> None:
    clue = "clues: {e: {asks: What?, found_if: {ally: 0.5}}}\n"
    faults = faults_of(write(tmp_path, {**OVERLAPPING, S: OVERLAPPING[S].replace("[[stakes, ally]]", "7") + clue}))
    assert [fault.slug for fault in faults] == ["list-expected"]


def test_a_correlation_is_checked_under_every_value_that_both_clues_are_given(tmp_path: Path) -> None:
    """One value that two clues share is not mixed with another: 0.9 and 0.9 may go together, 0.9 and 0.1 could not."""
    same = "{a: {stakes: 0.9, bargaining: 0.5, threat: 0.5}, b: {stakes: 0.1, bargaining: 0.5, threat: 0.5}}"
    clues = f"""\
clues:
  e: {{asks: What?, given: size, found_if_given: {same}}}
  f: {{asks: What?, given: size, found_if_given: {same}}}
dependence: [{{clues: [e, f], correlation: {{stakes: 0.9}}}}]
"""
    size = "attributes: {size: {name: Size, values: {a: A, b: B}}, age: {name: Age, values: {a: A, b: B}}}\n"
    study = STUDY.replace("dates: 2017-01-20/2021-01-20", "attributes: {size: a, age: a}")
    study = study.replace("dates: 2017", "attributes: {size: b, age: b}") + size
    assert faults_of(write(tmp_path, {**FILES, S: study + clues})) == []
    apart = clues.replace("f: {asks: What?, given: size", "f: {asks: What?, given: age")
    faults = faults_of(write(tmp_path, {**FILES, S: study + apart}))
    assert [fault.slug for fault in faults] == ["correlation-impossible"]
    assert "`stakes`; expected -1 to 0.111: two clues that are found with probabilities 0.9 and 0.1" in faults[0].text()


@pytest.mark.parametrize("model", [Attribute, Clue, Dependence, Chosen, Estimand, Search, Candidate])
def test_every_key_is_documented(model: type[BaseModel]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "study-format.md").read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", page[page.index("### Clues") :]))
    assert {*model.model_fields} <= words
