"""A verdict tells a sound engine from one that is not, whichever way it is unsound."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bayestrace.calibration import verdict
from bayestrace.calibration.verdict import Labels, Verdict, as_data, judge

LABELS = Labels(["north", "south"], ["a", "b", "c"], ["ada", "ben"])
PRIOR = np.array([0.5, 0.3, 0.2])
RANKED = 75
Record = dict[str, NDArray[Any]]


def sharpened(probability: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    raised = probability**power
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def made(studies: int = 600, seed: int = 6) -> Record:
    """Records of a sound engine: posteriors that average to the prior, explanations drawn from them, uniform ranks."""
    rng = np.random.default_rng(seed)
    posterior = rng.dirichlet(3.0 * PRIOR, size=(studies, 2))
    z = (np.cumsum(posterior, axis=-1) < rng.uniform(size=(studies, 2, 1))).sum(axis=-1)
    return {
        "study": np.arange(studies),
        "z": z,
        "pooled": posterior,
        "unpooled": posterior,
        "face": sharpened(posterior, 3.0),
        "face_pooled": sharpened(posterior, 2.0),
        "diverging": (np.arange(studies) % 100 == 0) * 3,
        "rank_scale": rng.integers(RANKED, size=(studies, 2), endpoint=True),
        "rank_bias": rng.integers(RANKED, size=(studies, 2, 2), endpoint=True),
        "rank_log_v": rng.integers(RANKED, size=studies, endpoint=True),
    }


def judged(record: Record, labels: Labels = LABELS) -> Verdict:
    return judge(record, PRIOR, labels, ranked_among=RANKED)


@pytest.fixture(scope="module")
def sound() -> Verdict:
    return judged(made())


def test_a_sound_engine_departs_nowhere(sound: Verdict) -> None:
    assert sound.departures == ()
    model = sound.way("pooled")
    assert model.overconfidence_low < 0.0 < model.overconfidence_high
    assert abs(model.leader.error) < 0.05
    assert abs(model.leader.said - model.leader.right) < 0.03
    assert min(*(one.holm for one in sound.parameters), *(one.holm for one in sound.drift)) > 0.05


def test_face_value_that_exaggerates_is_seen_to(sound: Verdict) -> None:
    face, milder, model = (sound.way(name) for name in ("face", "face_pooled", "pooled"))
    assert face.overconfidence > milder.overconfidence > 0.05
    assert face.overconfidence_low > 0.05
    assert face.leader.error_low > 0.05
    assert face.overconfidence == pytest.approx(face.leader.said - face.leader.right, abs=1e-12)
    assert face.brier > model.brier
    assert face.log_score > model.log_score
    assert face.leader.bins[-1].high < face.leader.bins[-1].said


def test_an_overconfident_model_is_seen() -> None:
    record = made()
    record["pooled"] = sharpened(record["pooled"], 1.5)
    found = judged(record)
    assert "overconfidence" in {one.kind for one in found.departures}
    assert "hyperparameter" not in {one.kind for one in found.departures}


def test_a_model_that_is_too_cautious_is_seen() -> None:
    record = made()
    record["pooled"] = sharpened(record["pooled"], 0.7)
    found = judged(record)
    assert found.way("pooled").overconfidence_high < 0.0
    assert "overconfidence" in {one.kind for one in found.departures}


@pytest.mark.parametrize(
    ("warped", "held_more"),
    [
        (lambda u: u**1.35, None),
        (lambda u: 0.5 + 0.8 * (u - 0.5), True),
        (lambda u: np.clip(1.25 * u - 0.125, 0, 1), False),
    ],
)
def test_ranks_that_are_not_uniform_are_seen_where_they_are(warped: Any, held_more: bool | None) -> None:  # noqa: FBT001 - a column of the table
    record = made()
    uniform = np.random.default_rng(8).uniform(size=record["study"].size)
    record["rank_bias"][:, 1, 0] = np.minimum(np.floor(warped(uniform) * (RANKED + 1)), RANKED)
    found = judged(record)
    assert [one.name for one in found.departures] == ["bias[ben, 1]"]
    spoilt = next(one for one in found.parameters if one.name == "bias[ben, 1]")
    assert (spoilt.family, spoilt.coder, spoilt.contrast) == ("bias", "ben", 1)
    outside = [
        not low <= value <= high
        for low, value, high in zip(found.band.low, spoilt.difference, found.band.high, strict=True)
    ]
    assert any(outside)
    ninety = spoilt.coverage[1]
    if held_more is None:
        assert spoilt.position < 0.47
        assert max(spoilt.difference) > -min(spoilt.difference)
    elif held_more:
        assert ninety.low > ninety.level
    else:
        assert ninety.high < ninety.level


def test_a_posterior_that_does_not_come_back_to_the_prior_is_seen() -> None:
    record = made()
    tilted = record["pooled"].copy()
    tilted[:, 1] = sharpened(tilted[:, 1], 1.0) * np.array([1.3, 1.0, 1.0])
    record["pooled"] = tilted / tilted.sum(axis=-1, keepdims=True)
    found = judged(record)
    drifted = {one.name for one in found.departures if one.kind == "drift"}
    assert "south, a" in drifted
    assert not any(name.startswith("north") for name in drifted)
    one = next(one for one in found.drift if (one.case, one.hypothesis) == ("south", "a"))
    assert one.mean == pytest.approx(record["pooled"][:, 1, 0].mean() - 0.5, abs=1e-12)


def test_an_explanation_without_prior_is_no_departure() -> None:
    record = made()
    for way in verdict.WAYS:
        record[way] = np.concatenate([record[way], np.zeros((600, 2, 1))], axis=-1)
    labels = Labels(LABELS.case, [*LABELS.hypothesis, "never"], LABELS.coder)
    found = judge(record, np.append(PRIOR, 0.0), labels, ranked_among=RANKED)
    assert found.departures == ()
    assert {one.p for one in found.drift if one.hypothesis == "never"} == {1.0}


def test_chance_rejects_a_sound_engine_seldom() -> None:
    found = [judged(made(60, seed)) for seed in range(20)]
    # Three questions at .01 each: more than three of twenty has a probability below 3e-3.
    assert sum(bool(one.departures) for one in found) <= 3


def test_scores_by_hand() -> None:
    record = made(2)
    record["z"] = np.array([[0, 1], [2, 0]])
    record["face"] = np.array([[[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]], [[0.0, 0.0, 1.0], [0.5, 0.5, 0.0]]])
    face = judged(record).way("face")
    brier = [[0.25 + 2 * 0.0625, 0.0625 + 0.5625 + 0.25], [0.0, 0.5]]
    assert face.brier == pytest.approx(np.mean(brier))
    means = np.mean(brier, axis=1)
    assert face.brier_error == pytest.approx(abs(means[0] - means[1]) / 2)
    assert face.log_score == pytest.approx(np.log([2.0, 4.0, 1.0, 2.0]).mean())
    assert face.leader.said == pytest.approx(0.625)
    assert face.leader.right == pytest.approx(0.75)
    assert sum(one.forecasts for one in face.every.bins) == 12


def test_ratios_cost_what_a_decision_at_even_odds_costs() -> None:
    record, prior = made(3), np.array([0.75, 0.25])
    # Odds of 3, 1/3, 9, 1, 27 and 1/3 over prior odds of 3: ratios of 1, 1/9, 3, 1/3, 9 and 1/9.
    first = np.array([[3 / 4, 1 / 4], [9 / 10, 1 / 2], [27 / 28, 1 / 4]])
    for way in verdict.WAYS:
        record[way] = np.stack([first, 1.0 - first], axis=-1)
    record["z"] = np.array([[0, 1], [0, 1], [1, 0]])
    labels = Labels(LABELS.case, ["a", "b"], LABELS.coder)
    found = judge(record, prior, labels, ranked_among=RANKED).way("face").cllr
    right = [Fraction(1), Fraction(3), Fraction(1, 9)]
    wrong = [Fraction(1, 9), Fraction(1, 3), Fraction(9)]
    cost = sum(math.log2(1 + 1 / ratio) for ratio in right) + sum(math.log2(1 + ratio) for ratio in wrong)
    assert found == pytest.approx(cost / 6)


def test_ratios_of_several_explanations_are_each_against_all_others() -> None:
    record = made(40)
    flat, z = record["face"].reshape(-1, 3), record["z"].ravel()
    costs = []
    for k, share in enumerate(PRIOR):
        ratio = flat[:, k] / (1.0 - flat[:, k]) * (1.0 - share) / share
        costs += [np.log2(1.0 + 1.0 / ratio[z == k]).mean() / 2.0 + np.log2(1.0 + ratio[z != k]).mean() / 2.0]
    assert judged(record).way("face").cllr == pytest.approx(np.mean(costs))


def test_ratios_that_say_nothing_cost_a_bit_and_those_of_a_sound_engine_less(sound: Verdict) -> None:
    record = made(100)
    record["face"] = np.broadcast_to(PRIOR, record["face"].shape)
    assert judged(record).way("face").cllr == pytest.approx(1.0)
    assert sound.way("pooled").cllr < min(1.0, sound.way("face").cllr)


def test_ratios_of_an_explanation_that_was_never_right_have_no_cost() -> None:
    record = made(20)
    record["z"] = record["z"] % 2
    found = judged(record)
    assert math.isnan(found.way("face").cllr)
    assert as_data(found)["ways"][0]["cllr"] is None
    # One that the prior rules out is not asked for.
    labels, prior = Labels(LABELS.case, [*LABELS.hypothesis, "never"], LABELS.coder), np.append(PRIOR, 0.0)
    whole = made(20)
    for way in verdict.WAYS:
        whole[way] = np.concatenate([whole[way], np.zeros((20, 2, 1))], axis=-1)
    assert judge(whole, prior, labels, ranked_among=RANKED).way("face").cllr == judged(made(20)).way("face").cllr


def test_p_values_are_adjusted_for_all_of_their_question(sound: Verdict) -> None:
    for rows in (sound.parameters, sound.drift):
        adjusted = [(one.p, one.holm) for one in rows]
        least, level = min(adjusted)
        assert level == pytest.approx(min(1.0, least * len(rows)))
        assert all(high >= low for low, high in adjusted)


def test_one_coder_has_no_scale_to_learn() -> None:
    record = made(50)
    record["rank_scale"], record["rank_bias"] = record["rank_scale"][:, :1], record["rank_bias"][:, :1]
    found = judged(record, Labels(LABELS.case, LABELS.hypothesis, ["ada"]))
    assert [one.name for one in found.parameters] == ["bias[ada, 1]", "bias[ada, 2]", "log_v"]


def test_counts_and_data(sound: Verdict) -> None:
    assert (sound.studies, sound.cases, sound.diverging_draws, sound.diverging_studies) == (600, 1200, 18, 6)
    assert [one.name for one in sound.parameters[:3]] == ["scale[ada]", "scale[ben]", "bias[ada, 1]"]
    data = as_data(sound)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["ways"][0]["leader"]["bins"][0]["said"] == sound.ways[0].leader.bins[0].said


def test_what_was_held_to_be_impossible_and_happened_is_no_number() -> None:
    record = made(20)
    record["face"][3, 0] = np.where(np.arange(3) == record["z"][3, 0], 0.0, 0.5)
    found = judged(record)
    assert found.way("face").log_score == np.inf
    data = as_data(found)
    assert data["ways"][2]["log_score"] is None
    json.dumps(data, allow_nan=False)
