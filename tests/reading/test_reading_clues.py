"""Clues, the searches for them and candidates: what is read of them, and one fault each for what is wrong."""

from pathlib import Path

from small_study import FILES, SOUGHT, write

from bayestrace.reading import read_candidates, read_study
from bayestrace.study.sought import Candidate, Chance, Search

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
