"""The mechanism beside the evidence, the coders beside each other, and the kinds of test."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
import xarray as xr
from study_factory import DIRECTIONS, STEPS, make_profile, make_study

from bayestrace.agreement import stated as agreement
from bayestrace.encoding import Problem, encode
from bayestrace.inference import answer
from bayestrace.mechanism import mechanism
from bayestrace.study import Prediction, Study


def tabulated(study: Study) -> tuple[Problem, xr.Dataset]:
    problem = encode(study, make_profile())
    return problem, mechanism(study, problem, answer.face_value(problem)["observation_db"])


def test_counts_are_by_step_domain_and_direction_and_leave_context_out() -> None:
    study = make_study(cases=2, clusters=(2,), singles=5, doubtful=1, context=2)
    problem, found = tabulated(study)
    assert found["observed"].dims == ("case", "step", "direction")
    for case in ("c0", "c1"):
        for step in STEPS:
            mine = [item for item in study.evidence if (item.case, item.step, item.context) == (case, step, False)]
            spot = found.sel(case=case, step=step)
            for direction in DIRECTIONS:
                assert int(spot["observed"].sel(direction=direction)) == sum(i.direction == direction for i in mine)
                money = [i for i in mine if i.direction == direction and i.domain == "money"]
                assert int(spot["indicator"].sel(direction=direction, domain="money")) == len(money)
            assert int(spot["weighing"]) == sum(study.reliability_of(i) >= 0.5 for i in mine)
    assert int(found["observed"].sum()) == 14
    assert int(found["weighing"].sum()) == 12
    assert problem.sizes["evidence"] == 18


def test_the_net_direction_is_the_share_of_rises_less_that_of_falls() -> None:
    study = make_study(cases=3, clusters=(), singles=2, doubtful=1, context=1, seed=4)
    _, found = tabulated(study)
    known = 0
    for case, step in itertools.product(("c0", "c1", "c2"), STEPS):
        mine = [
            item.direction for item in study.evidence if (item.case, item.step, item.context) == (case, step, False)
        ]
        net = float(found["net"].sel(case=case, step=step))
        if mine:
            assert net == pytest.approx(mine.count("up") / len(mine) - mine.count("down") / len(mine))
            known += net != 0.0
        else:
            assert math.isnan(net)
    assert known > 1
    assert np.isnan(found["net"]).any()


def test_the_weight_of_a_cell_is_that_of_its_observations_and_cells_add_up_to_steps() -> None:
    study = make_study(cases=2, clusters=(2,), singles=5, doubtful=1, context=1, hypotheses=3)
    problem, found = tabulated(study)
    single = answer.face_value(problem)["observation_db"]
    for case, step in itertools.product(("c0", "c1"), STEPS):
        for domain in ("money", "-"):
            mine = [
                item.id
                for item in study.evidence
                if (item.case, item.step, item.domain or "-", item.context) == (case, step, domain, False)
                and study.reliability_of(item) >= 0.5
            ]
            cell = found["indicator_face_db"].sel(case=case, step=step, domain=domain).values
            wanted = sum(single.sel(evidence=name).values for name in mine) if mine else np.full(3, np.nan)
            np.testing.assert_allclose(cell, wanted)
    cells = found["indicator_face_db"].sum("domain", min_count=1)
    np.testing.assert_allclose(cells.transpose(*found["step_face_db"].dims), found["step_face_db"])


def test_the_weight_of_a_step_is_the_sum_of_what_weighs_there_and_nan_where_nothing_does() -> None:
    study = make_study(cases=2, clusters=(), singles=2, hypotheses=3)  # steps start and middle only
    problem, found = tabulated(study)
    single = answer.face_value(problem)["observation_db"].values
    np.testing.assert_allclose(found["step_face_db"].sel(case="c1", step="middle"), single[3])
    assert np.isnan(found["step_face_db"].sel(step="end")).all()
    for case, rows in enumerate((single[:2], single[2:])):
        margins = [row[0] - max(row[1:]) for row in rows]
        assert str(found["weakest"][case].values) == STEPS[int(np.argmin(margins))]


def test_the_weakest_step_leads_its_closest_rival_by_least() -> None:
    seen = set()
    for seed in range(12):
        _, found = tabulated(make_study(cases=2, hypotheses=4, clusters=(), singles=6, seed=seed))
        for case, rows in enumerate(found["step_face_db"].values.tolist()):
            leads = {
                step: row[0] - max(row[1:]) for step, row in zip(STEPS, rows, strict=True) if not math.isnan(row[0])
            }
            seen.add(weakest := str(found["weakest"].values[case]))
            assert weakest == min(leads, key=leads.__getitem__)
    assert len(seen) > 1


def test_a_case_of_which_nothing_weighs_has_no_weakest_step() -> None:
    _, found = tabulated(make_study(cases=1, clusters=(), singles=2, doubtful=2))
    assert found["weakest"].values.tolist() == [""]


def test_predictions_stand_at_their_cases_and_steps() -> None:
    study = make_study(cases=2)
    said = Prediction.model_validate({"name": "H1", "cases": ("c1",), "directions": {"start": "up", "end": "down"}})
    process = study.mechanism.model_copy(update={"predictions": (said,)})
    _, found = tabulated(study.model_copy(update={"mechanism": process}))
    assert found["predicted"].values.tolist() == [["", "", ""], ["up", "", "down"]]


def stating(*coders: list[dict[str, Any]], hypotheses: int = 3) -> Problem:
    """One observation; each coder's weights of it."""
    study = make_study(cases=1, clusters=(), singles=1, coders=len(coders), hypotheses=hypotheses).model_dump()
    for coding, weights in zip(study["codings"], coders, strict=True):
        coding["judgements"] = ({"evidence": "c0e0", "weights": tuple(weights)},)
    return encode(Study.model_validate(study), make_profile())


def over(rival: str, best: float, half: float | None = None, focal: str = "h0") -> dict[str, Any]:
    ends = {} if half is None else {"low": best - half, "high": best + half}
    return {"hypothesis": focal, "against": rival, "best": best, **ends}


def test_coders_are_described_by_what_they_stated() -> None:
    problem = stating([over("h1", 6.0, 2.0), over("h2", 2.0, 2.0)], [over("h1", 2.0, 3.0), over("h2", 4.0, 3.0)])
    found = agreement.coders(problem)
    np.testing.assert_allclose(found["focal_db"].values[:, 0], [[0, 6, 2], [0, 2, 4]], atol=1e-12)
    np.testing.assert_allclose(found["mean_focal_db"].sel(coder="coder0"), [0, 6, 2], atol=1e-12)
    np.testing.assert_allclose(found["mean_range_db"], [4.0, 6.0], rtol=1e-12)
    assert found["count"].values.tolist() == [1, 1]
    # Standard deviations between coders: of 6 and 2, and of 2 and 4; the root of the mean of 8 and 2.
    assert float(found["spread_db"][0]) == pytest.approx(np.sqrt(5.0))


def test_a_weight_that_follows_from_a_coder_s_other_comparisons_is_known_and_others_are_not() -> None:
    chain = [over("h1", 6.0), over("h2", -2.0, focal="h1")]
    problem = stating(chain, [over("h1", 4.0)], [over("h2", 3.0, focal="h1")])
    weights = agreement.coders(problem)["focal_db"].values[:, 0]
    np.testing.assert_allclose(weights[0], [0.0, 6.0, 4.0], atol=1e-12)
    np.testing.assert_allclose(weights[1], [0.0, 4.0, np.nan], atol=1e-12)
    # The third coder said nothing of the focal explanation.
    np.testing.assert_allclose(weights[2], [0.0, np.nan, np.nan], atol=1e-12)
    # Two coders speak of h1 and one of h2: the spread is that of 6 and 4 alone.
    assert float(agreement.coders(problem)["spread_db"][0]) == pytest.approx(np.sqrt(2.0))


def test_one_coder_has_no_spread_and_silence_is_nan() -> None:
    problem = encode(make_study(coders=1, missing=0.5, seed=2), make_profile())
    found = agreement.coders(problem)
    silent = ~problem["stated"].values[0]
    assert 0 < silent.sum() < silent.size
    assert np.isnan(found["spread_db"]).all()
    assert np.isnan(found["focal_db"].values[0, silent]).all()
    assert int(found["count"][0]) == (~silent).sum()


def test_how_far_a_coder_is_from_the_mean_of_the_rest_is_over_every_pair_of_explanations() -> None:
    study = make_study(cases=2, coders=3, hypotheses=4, singles=4, missing=0.4, doubtful=1, context=1, seed=4)
    weighing = {item.id for item in study.evidence if not item.context and study.reliability_of(item) >= 0.5}
    said = [
        {
            judgement.evidence: {"h0": 0.0} | {w.against: -w.best for w in judgement.weights}
            for judgement in of.judgements
        }
        for of in study.codings
    ]
    expected = []
    for place, mine in enumerate(said):
        rest = said[:place] + said[place + 1 :]
        squares = []
        for evidence in weighing & {*mine} & {name for one in rest for name in one}:
            heard = [one[evidence] for one in rest if evidence in one]
            for a, b in itertools.combinations(study.hypotheses, 2):
                mean = np.mean([one[a] - one[b] for one in heard])
                squares.append((mine[evidence][a] - mine[evidence][b] - mean) ** 2)
        expected.append(np.sqrt(np.mean(squares)))
    found = agreement.coders(encode(study, make_profile()))
    np.testing.assert_allclose(found["apart_db"], expected, rtol=1e-10)
    assert np.ptp(expected) > 0.1, "else the coders might be mixed up"


def test_a_coder_of_part_of_the_explanations_is_compared_on_that_part() -> None:
    whole = [over("h1", 6.0), over("h2", 2.0)]
    found = agreement.apart_from_rest(stating([over("h1", 1.0)], whole))
    # One contrast of two, 5 dB off; the other coder is off by what the first says (h0 0.5, h1 -0.5, h2 level) too.
    assert found.contrasts.tolist() == pytest.approx([1.0, 2.0])
    mean = np.array([8.0, -10.0, 2.0]) / 3.0 - [0.5, -0.5, 0.0]
    pairs = [mean[0] - mean[1], mean[0] - mean[2], mean[1] - mean[2]]
    assert found.decibels().tolist() == pytest.approx([5.0, np.sqrt(np.mean(np.square(pairs)))])


def test_nobody_is_apart_from_no_rest_or_from_their_like() -> None:
    alone = agreement.apart_from_rest(stating([over("h1", 1.0)]))
    assert np.isnan(alone.decibels()).all()
    assert alone.per_contrast() is None
    alike = agreement.apart_from_rest(stating(*[[over("h1", 3.0), over("h2", 1.0)]] * 2))
    assert alike.decibels().tolist() == [0.0, 0.0]
    assert alike.per_contrast() is None


@pytest.mark.parametrize(
    ("p_if_focal", "weight", "kind", "p_if_rival"),
    [
        (0.9, 2.0, "hoop", 0.9 / 10**0.2),
        (0.9, 10.0, "doubly-decisive", 0.09),
        (0.3, 10.0, "smoking-gun", 0.03),
        (0.5, 3.0, "straw-in-the-wind", 0.5 / 10**0.3),
        (0.8, 0.0, "hoop", 0.8),
        (0.5, -10.0, "straw-in-the-wind", 1.0),
        # Improbable under both, so no gun smokes: finding it tells for neither, or for the rival.
        (0.1, 0.0, "straw-in-the-wind", 0.1),
        (0.1, -1.0, "straw-in-the-wind", 0.1 * 10**0.1),
        (None, 10.0, "", np.nan),
    ],
)
def test_kinds_of_test_go_by_certainty_and_uniqueness(
    p_if_focal: float | None, weight: float, kind: str, p_if_rival: float
) -> None:
    problem = stating([over("h1", weight), over("h2", weight + 5.0)])
    if p_if_focal is not None:
        problem["p_if_focal"] = (("coder", "evidence"), np.array([[p_if_focal]]))
    else:
        problem["p_if_focal"] = (("coder", "evidence"), np.array([[np.nan]]))
    found = agreement.kinds_of_test(problem, answer.face_value(problem)["observation_db"])
    assert str(found["kind"][0].values) == kind
    # The closest rival is h1: the other one is 5 dB further off.
    assert float(found["p_if_rival"][0]) == pytest.approx(p_if_rival, nan_ok=True)


def test_p_if_focal_is_the_mean_over_the_coders_who_gave_one() -> None:
    problem = encode(make_study(cases=1, coders=3, clusters=(), singles=1), make_profile())
    problem["p_if_focal"] = (("coder", "evidence"), np.array([[0.2], [np.nan], [0.6]]))
    found = agreement.kinds_of_test(problem, answer.face_value(problem)["observation_db"])
    assert float(found["p_if_focal"][0]) == pytest.approx(0.4)
