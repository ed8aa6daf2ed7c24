"""What is published of the claims says what was scored, and first of all what speaks against the model."""

from __future__ import annotations

import csv
import functools
import io
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from designs import Floats

from bayestrace.calibration.claims import methods, scoring, tables, trials
from bayestrace.calibration.claims.worlds import Setting
from bayestrace.calibration.simulate import World

OWN = Setting("own", "inside", "own world", "自身", averaged=True, times=2)
TAILS = Setting("tails", "outside", "heavy tails", "厚尾", World(noise_df=3.0))


def tiny() -> dict[str, Any]:
    """Two studies of two cases; the leader is right in the first, third and fourth of them."""
    probability = np.array([[[0.9, 0.1], [0.6, 0.4]], [[0.2, 0.8], [0.95, 0.05]]])
    return {"study": np.array([0, 1]), "z": np.array([[0, 1], [1, 0]]), "face": probability}


def test_scores_by_hand() -> None:
    found = scoring.score(tiny(), "face", np.random.default_rng(0))
    assert found.studies == 2
    assert math.isclose(found.said, (0.9 + 0.6 + 0.8 + 0.95) / 4)
    assert found.right == 0.75
    assert math.isclose(found.over.value, found.said - 0.75)
    assert math.isclose(found.log.value, -math.log(0.9 * 0.4 * 0.8 * 0.95) / 4)
    assert math.isclose(found.brier.value, 2 * (0.01 + 0.36 + 0.04 + 0.0025) / 4)
    assert found.sure == 0.5
    assert found.sure_right.value == 1.0
    # Two studies resampled: both ends are those of one study alone.
    assert math.isclose(found.log.low, -math.log(0.8 * 0.95) / 2)
    assert math.isclose(found.log.high, -math.log(0.9 * 0.4) / 2)


def test_the_calibration_error_of_three_studies_by_hand() -> None:
    # One bin would hold the mean product of residuals of different studies; here each of three has one case alone.
    probability = np.array([[[0.8, 0.2]], [[0.8, 0.2]], [[0.8, 0.2]]])
    record = {"study": np.arange(3), "z": np.array([[0], [1], [1]]), "face": probability}
    found = scoring.score(record, "face", np.random.default_rng(0))
    assert math.isclose(found.over.value, 0.8 - 1 / 3)
    # A bin that holds one study has no pair of studies: nothing can be said, and 0 is.
    assert found.error.value == 0.0


def test_never_being_sure_is_no_share_of_right_words() -> None:
    record = {"study": np.array([0, 1]), "z": np.array([[0], [1]]), "face": np.array([[[0.7, 0.3]], [[0.5, 0.5]]])}
    found = scoring.score(record, "face", np.random.default_rng(0))
    assert found.sure == 0.0
    assert math.isnan(found.sure_right.value)


def record_of(build: Callable[[str], Floats], studies: int = 30) -> trials.Record:
    """Studies of two cases each, in which the first of three explanations is right two times in three."""
    z = np.where(np.arange(2 * studies).reshape(studies, 2) % 3 < 2, 0, 1)
    said = {name: np.tile(build(name), (studies, 2, 1)) for name in methods.METHODS}
    return {"study": np.arange(studies), "z": z, "diverging": np.zeros(studies), **said}


def outcome_of(record: trials.Record, setting: Setting = OWN) -> tables.Outcome:
    return tables.Outcome(setting, scoring.score_all(record, 1), scoring.compare(record, 1), 0)


SURE, RIGHT = np.array([0.98, 0.01, 0.01]), np.array([0.66, 0.33, 0.01])


def test_where_the_model_is_better_nothing_is_said_against_it() -> None:
    good = outcome_of(record_of(lambda name: RIGHT if name.startswith("model") else SURE))
    assert tables.worse(good) == []
    assert tables.miscalibrated(good) == []
    assert all(one.difference.high < 0.0 for one in good.comparisons if one.measure == "log" and one.other != "model")


def test_where_the_model_is_worse_or_no_better_it_is_said() -> None:
    bad = outcome_of(record_of(lambda name: SURE if name == "model" else RIGHT))
    said = tables.worse(bad)
    assert sum("log score: model against" in phrase and ", worse, +" in phrase for phrase in said) == 4
    assert any("model, pooled against face value, pooled, no better" in phrase for phrase in said)
    assert not any("wrong leaders" in phrase for phrase in said)
    assert tables.miscalibrated(bad)[0].startswith("model overconfident by +0.3")
    cautious = outcome_of(record_of(lambda _: np.array([0.4, 0.3, 0.3])))
    assert tables.miscalibrated(cautious)[0].startswith("model too cautious by -0.2")


def test_a_model_that_says_no_more_than_chance_is_told_of() -> None:
    even = np.full(3, 1.0 / 3.0)
    idle = outcome_of(record_of(lambda name: even if name == "model" else RIGHT))
    assert tables.unhelpful(idle) == ["model 1.10 (1.10 to 1.10)"]
    page = tables.page([idle, outcome_of(record_of(lambda _: RIGHT), TAILS)], "seed 1", "0d0")
    assert "in 1 of 2 worlds:\n\n- *own world*: model 1.10" in page


def test_a_difference_that_may_be_chance_is_no_better() -> None:
    record = record_of(lambda _: RIGHT)
    for name, first in (("face", 0), ("model", 1)):
        record[name][first::2] = SURE
    difference = next(one for one in outcome_of(record).comparisons if (one.other, one.measure) == ("face", "log"))
    assert difference.difference.low < 0.0 < difference.difference.high
    said = tables.worse(outcome_of(record))
    assert any(phrase.startswith("log score: model against face value, no better") for phrase in said)


def test_a_model_that_picks_wrong_leaders_is_told_of() -> None:
    wrong = outcome_of(record_of(lambda name: RIGHT[[1, 0, 2]] if name == "model" else RIGHT))
    told = [phrase for phrase in tables.worse(wrong) if "wrong leaders" in phrase]
    assert len(told) == 4
    assert all("worse, +0.3" in phrase for phrase in told)


def test_sets_of_explanations_by_hand() -> None:
    # Sets {0}, {0, 1} with .95 and .92; then {0, 1} with .9 and all three. The truth is missed by the first alone.
    said = [[[0.95, 0.03, 0.02], [0.5, 0.42, 0.08]], [[0.3, 0.6, 0.1], [0.4, 0.3, 0.3]]]
    record = {"study": np.array([0, 1]), "z": np.array([[1, 1], [0, 2]]), "face": np.array(said)}
    sets = scoring.score(record, "face", np.random.default_rng(0)).sets
    assert sets.held.value == 0.75
    assert sets.claimed == pytest.approx((0.95 + 0.92 + 0.9 + 1.0) / 4)
    assert sets.size == 2.0
    assert sets.whole == 0.25
    # Wilson's ends for 1.5 hits of two trials, the roots of (p - .75)² = 1.96² p (1 - p) / 2, not for three of four.
    for end in (sets.held.low, sets.held.high):
        assert (end - 0.75) ** 2 == pytest.approx(1.959964**2 * end * (1.0 - end) / 2.0, rel=1e-6)


@functools.cache
def sound() -> tables.Outcome:
    """Say what is right of every way."""
    return outcome_of(record_of(lambda _: RIGHT))


def of_sets(held: float, low: float, high: float, claimed: float, whole: float) -> scoring.Score:
    score = sound().scores["model"]
    return score._replace(sets=scoring.SetScore(scoring.Estimate(held, low, high), claimed, 2.25, whole))


@pytest.fixture
def narrow() -> scoring.Score:
    return of_sets(0.6, 0.5, 0.7, 0.71, 0.2)


@pytest.fixture
def wide() -> scoring.Score:
    return of_sets(0.99, 0.97, 1.0, 0.96, 0.9)


@pytest.fixture
def fair() -> scoring.Score:
    return of_sets(0.9, 0.8, 1.0, 0.9, 0.0)


def test_sets_that_claim_what_they_do_not_hold_are_too_narrow_or_too_wide(
    narrow: scoring.Score, wide: scoring.Score, fair: scoring.Score
) -> None:
    assert [tables.missing_the_mark(score) for score in (narrow, wide, fair)] == ["too narrow", "too wide", ""]
    assert tables.missing_the_mark(of_sets(0.6, 0.5, 0.7, 0.7, 0.0)) == ""


def row_of(page: str, begin: str, after: str) -> list[str]:
    lines = page[page.index(after) :].splitlines()
    return [cell.strip() for line in lines if line.startswith(f"| {begin}") for cell in line.split("|")[1:-1]]


def test_narrow_sets_of_face_value_and_wide_ones_of_the_model_are_told_alike(
    narrow: scoring.Score, wide: scoring.Score, fair: scoring.Score
) -> None:
    outcome = sound()
    first = outcome._replace(scores=dict.fromkeys(methods.METHODS, fair) | {"face": narrow, "model": wide})
    second = outcome_of(record_of(lambda _: RIGHT), TAILS)
    second = second._replace(scores=dict.fromkeys(methods.METHODS, fair) | {"face": narrow, "model-pooled": narrow})
    page = tables.page([first, second], "seed 1", "0d0")
    against = page[: page.index("## The model's own world")]
    assert "claim more or less than they hold, beyond chance, in 2 of 2 worlds:" in against
    assert "- *own world*: model too wide, 0.99 (0.97 to 1.00) where 0.96 was claimed." in against
    assert "- *heavy tails*: model, pooled too narrow, 0.60 (0.50 to 0.70) where 0.71 was claimed." in against
    assert "face value too narrow" not in against
    assert "- model: 90% in its own world; in all worlds from 0% (heavy tails) to 90% (own world)." in against
    face, model = (row_of(page, name, "## Coverage")[1:8] for name in ("face value 面值", "model 模型"))
    assert face == ["0.60 (0.50 to 0.70)", "0.71", "2.25", "20%", "0.50 of 0.64", "2", "0"]
    assert model == ["0.99 (0.97 to 1.00)", "0.96", "2.25", "90%", "0.90 of 0.60", "0", "1"]
    tails = row_of(page, "heavy tails", "## Coverage")
    assert [tails[2], tails[7], tails[8]] == ["0.60 of 0.71; 2.2 *", "0.90 of 0.90; 2.2", "0.60 of 0.71; 2.2 *"]
    assert row_of(page, "own world", "## Coverage")[7] == "0.99 of 0.96; 2.2 °"
    row = next(csv.DictReader(io.StringIO(tables.table([first, second], 1))))
    assert [row[name] for name in ("method", "coverage", "coverage_low", "coverage_high")] == [
        *("face", "0.6000", "0.5000", "0.7000")
    ]
    assert [row[name] for name in ("claimed", "set_size", "excludes_none")] == ["0.7100", "2.2500", "0.2000"]


def test_sets_that_all_name_everything_leave_no_others_to_tell_of() -> None:
    idle = outcome_of(record_of(lambda _: np.full(3, 1.0 / 3.0)))
    page = tables.page([idle], "seed 1", "0d0")
    assert row_of(page, "model 模型", "## Coverage")[4:6] == ["100%", "–"]
    assert "beyond chance, in 0 of 1 worlds.\n" in page
