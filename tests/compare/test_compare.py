"""Two results: what differs is listed, and each step from one to the other is what a direct calculation gives."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from study_factory import make_profile, make_study
from two_results import face_value, model, share, values, with_weights, without

from bayestrace.compare import CaseChange, as_data, compare
from bayestrace.encoding import encode
from bayestrace.errors import UsageFault
from bayestrace.inference import ledger, pooling
from bayestrace.inference.signal import design_of
from bayestrace.sensitivity import reweight
from bayestrace.study import PriorProfile, Study

E0, E1, E2 = "c0e0", "c0e1", "c0e2"


@pytest.fixture(autouse=True)
def few_draws_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty draws are quickly made; how many are enough is not the question here."""
    monkeypatch.setattr(reweight, "FEWEST", 0.0)


def told(*weights: float, coders: int = 1) -> Study:
    """One case, two explanations, an observation for each weight; every coder says the same."""
    study = make_study(cases=1, hypotheses=2, coders=coders, clusters=(), singles=len(weights), ranges=False, factors=0)
    stated = {(f"coder{j}", f"c0e{e}"): (w,) for j in range(coders) for e, w in enumerate(weights)}
    return with_weights(study, stated)


def only(found: tuple[CaseChange, ...]) -> CaseChange:
    assert len(found) == 1
    return found[0]


def test_a_result_does_not_differ_from_itself() -> None:
    study = make_study()
    for side in (face_value(study, make_profile()), model(study, make_profile())):
        found = compare(side, side)
        assert found.inputs == ()
        assert found.remarks == ()
        for case in found.cases:
            assert case.shift == 0.0
            assert case.observations == case.coders == case.clusters == ()
            assert {step.name for step in case.steps} <= {"start", "rest"}


def test_every_step_at_face_value_is_a_sum_in_the_head() -> None:
    old, new = told(6.0, 3.0, -2.0), told(6.0, -4.0)
    a = face_value(old, make_profile())
    b = face_value(new, make_profile(prior={"h0": 1.0, "h1": 3.0}))
    found = compare(a, b)
    case = only(found.cases)
    assert (case.leader_a, case.leader_b, case.pair) == ("h0", "h1", ("h0", "h1"))
    assert [(step.name, step.basis) for step in case.steps] == [
        ("start", "published"),
        ("standpoint", "exact"),
        ("evidence", "exact"),
    ]
    expected = [share(7.0), share(7.0, 0.25), share(2.0, 0.25)]
    assert [float(values(step.probability)) for step in case.steps] == pytest.approx(expected, rel=1e-12)
    assert case.prior_db == pytest.approx(10.0 * np.log10(1.0 / 3.0))
    assert case.face_db == pytest.approx(-5.0)
    assert [(one.name, one.reasons) for one in case.observations] == [(E1, ("coder0",)), (E2, ("removed",))]
    assert [one.change_db for one in case.observations] == pytest.approx([-7.0, 2.0])
    # The observation that is gone is nobody's doing.
    assert [(one.name, one.reasons) for one in case.coders] == [("coder0", ("weights",))]
    assert case.coders[0].change_db == pytest.approx(-7.0)
    assert [one.a_db for one in case.observations] == pytest.approx([3.0, -2.0])
    assert [one.b_db for one in case.observations] == [pytest.approx(-4.0), None]
    listed = {(one.kind, one.name): (one.a, one.b) for one in found.inputs}
    assert listed["prior", "h0"] == ("0.5", "0.25")
    assert listed["observation", E2] == ("yes", "")
    assert listed["weight", E1][1] == "h0:h1 -4 dB"
    assert {kind for kind, _ in listed} == {"prior", "observation", "weight"}


def test_a_coder_who_is_left_out_moves_the_mean_of_the_others() -> None:
    study = with_weights(
        told(0.0, 0.0, coders=3),
        {("coder0", E0): (9.0,), ("coder1", E0): (3.0,), ("coder2", E0): (0.0,), ("coder2", E1): (-6.0,)},
    )
    a, b = face_value(study, make_profile()), face_value(study, make_profile(), coders=["coder0", "coder1"])
    case = only(compare(a, b).cases)
    # Means of three: 4 and -2; of two: 6 and 0.
    assert [(one.name, one.reasons) for one in case.coders] == [("coder2", ("removed",))]
    assert case.coders[0].change_db == pytest.approx(4.0)
    assert {one.name: one.change_db for one in case.observations} == pytest.approx({E0: 2.0, E1: 2.0})
    assert {one.reasons for one in case.observations} == {("panel",)}
    assert [step.name for step in case.steps] == ["start", "coders"]
    back = only(compare(b, a).cases)
    assert back.coders[0].change_db == pytest.approx(-4.0)
    assert back.coders[0].reasons == ("added",)


def test_context_reliability_and_cluster_are_listed() -> None:
    study = make_study(cases=1, clusters=(2,), singles=2)
    items = list(study.evidence)
    items[0] = items[0].model_copy(update={"context": True})
    items[1] = items[1].model_copy(update={"reliability": 0.7, "cluster": None})
    other = study.model_copy(update={"evidence": tuple(items)})
    found = compare(face_value(study, make_profile()), face_value(other, make_profile()))
    fields = {(one.name, one.field): (one.a, one.b) for one in found.inputs if one.kind == "observation"}
    assert fields == {
        (items[0].id, "context"): ("no", "yes"),
        (items[1].id, "reliability"): ("0.9", "0.7"),
        (items[1].id, "cluster"): ("k0", ""),
    }
    assert only(found.cases).observations[0].reasons == ("context",)


def joint_answer(
    study: Study, profiles: tuple[PriorProfile, PriorProfile], studies: tuple[Study, Study], theta: object
) -> np.ndarray:
    """P(Z_c = k) by Bayes' rule over joint explanations, draw by draw, with loops and no weights of their own."""
    tables, logliks = [], []
    for profile, told_by in zip(profiles, studies, strict=True):
        problem = encode(told_by, profile)
        tables.append(pooling.table_of(problem))
        design, _, cluster = design_of(problem)
        clusters = ledger.evaluate(design, theta)  # type: ignore[arg-type]
        loglik = np.zeros((clusters.shape[0], len(study.cases), problem.sizes["hypothesis"]))
        for column, label in enumerate(cluster):
            loglik[:, int(problem["case_of_cluster"][label])] += clusters[:, column]
        logliks.append(loglik)
    total = np.zeros(logliks[0].shape[1:])
    for draw in range(logliks[0].shape[0]):
        evidence = [
            {
                tuple(z): np.exp(p + sum(loglik[draw, c, k] for c, k in enumerate(z)))
                for z, p in zip(table.z, table.log_p, strict=True)
            }
            for table, loglik in zip(tables, logliks, strict=True)
        ]
        # The draw stands for itself under the first question; under the second it is worth E'/E.
        for z in itertools.product(range(total.shape[1]), repeat=total.shape[0]):
            for c, k in enumerate(z):
                total[c, k] += evidence[1].get(z, 0.0) / sum(evidence[0].values())
    return total / total.sum(axis=1, keepdims=True)


def test_a_standpoint_is_swapped_on_the_draws_and_the_evidence_by_their_weights() -> None:
    old = make_study(cases=2, hypotheses=3, coders=2)
    new = with_weights(without(old, "c1e3"), {("coder1", "c0e0"): (1.0, 8.0)})
    profiles = make_profile(), make_profile(prior={"h0": 1.0, "h1": 2.0, "h2": 3.0}, levels={"own": 1.0, "common": 2.0})
    a, b = model(old, profiles[0]), model(new, profiles[1], seed=3)
    theta = ledger.hyperparameters(a.tree["posterior"].to_dataset())
    found = compare(a, b)
    steps = {step.name: step for case in found.cases for step in case.steps}
    assert list(steps) == ["start", "standpoint", "evidence", "rest"]
    assert (steps["standpoint"].basis, steps["evidence"].basis) == ("draws", "reweighted")
    for name, studies in (("standpoint", (old, old)), ("evidence", (old, new))):
        expected = joint_answer(old, profiles, studies, theta)
        for place, case in enumerate(found.cases):
            step = next(step for step in case.steps if step.name == name)
            assert step.probability.values == pytest.approx(expected[place], rel=1e-9), name
    for case in found.cases:
        assert case.steps[0].probability.values == pytest.approx(a.probability.sel(case=case.case).values)
        assert case.steps[-1].probability.values == pytest.approx(b.probability.sel(case=case.case).values)


def test_clusters_tell_what_the_model_makes_of_the_change() -> None:
    old = make_study(cases=1, hypotheses=2, clusters=(2,), singles=1, factors=0)
    new = without(old, "c0e2")
    a, b = model(old, make_profile()), model(new, make_profile())
    case = only(compare(a, b).cases)
    moved = {one.name: one for one in case.clusters}
    assert moved["c0e2"].reasons == ("removed",)
    pair = list(case.pair)
    ledgers = [s.tree["clusters"].to_dataset()["ledger_db"].sel(stage="reliability") for s in (a, b)]
    total = [float(one.sel(hypothesis=pair[0]).sum() - one.sel(hypothesis=pair[1]).sum()) for one in ledgers]
    assert sum(one.change_db for one in case.clusters) == pytest.approx(total[1] - total[0])


def test_weights_that_cannot_be_believed_leave_the_evidence_in_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_study(cases=1, hypotheses=2, coders=2)
    new = with_weights(old, {(f"coder{j}", "c0e0"): (60.0,) for j in range(2)})
    plain = reweight.reweigh
    monkeypatch.setattr(
        "bayestrace.sensitivity.evaluate.reweigh",
        lambda *given, **more: plain(*given, **more)._replace(pareto_k=np.array([0.9])),
    )
    found = compare(model(old, make_profile()), model(new, make_profile()))
    assert found.remarks == ("compare-k-too-great",)
    assert [step.name for step in only(found.cases).steps] == ["start", "rest"]


def test_draws_of_an_older_model_give_no_steps() -> None:
    study = make_study(cases=1)
    a = model(study, make_profile())
    a.tree["posterior"] = a.tree["posterior"].to_dataset().drop_vars("common_error")
    found = compare(a, model(study, make_profile(prior={"h0": 1.0, "h1": 1.0, "h2": 2.0})))
    assert found.remarks == ("compare-older-draws",)
    assert [step.name for step in only(found.cases).steps] == ["start", "rest"]


@pytest.mark.parametrize("first", ["model", "face-value"])
def test_between_face_value_and_model_there_is_a_step_of_its_own(first: str) -> None:
    study = told(6.0, 3.0, coders=2)
    profiles = make_profile(), make_profile(prior={"h0": 1.0, "h1": 3.0})
    a, b = (model, face_value) if first == "model" else (face_value, model)
    case = only(compare(a(study, profiles[0]), b(study, profiles[1])).cases)
    expected = ["start", "kind", "standpoint"] if first == "model" else ["start", "standpoint", "kind"]
    assert [step.name for step in case.steps] == expected
    plain = [float(values(step.probability)) for step in case.steps]
    assert plain[1] == pytest.approx(share(9.0) if first == "model" else share(9.0, 0.25))


def test_results_of_two_studies_are_compared_in_what_they_share() -> None:
    one = make_study(cases=2, hypotheses=3, factors=0)
    other = make_study(cases=3, hypotheses=4, factors=1, seed=1).model_copy(update={"id": "other"})
    found = compare(face_value(one, make_profile()), face_value(other, make_profile()))
    assert "compare-other-study" in found.remarks
    assert [case.case for case in found.cases] == ["c0", "c1"]
    assert [(row.hypothesis, row.a is None) for row in found.cases[0].rows][-1] == ("h3", True)
    fitted = compare(model(one, make_profile()), model(other, make_profile()))
    assert "compare-other-cases" in fitted.remarks
    assert fitted.cases[0].steps[-1].name == "rest"


@pytest.mark.parametrize(("axis", "slug"), [("cases", "case"), ("hypotheses", "hypothesis")])
def test_results_with_nothing_in_common_are_refused(axis: str, slug: str) -> None:
    one = make_study(cases=1)
    text = one.canonical()
    names = ["c0"] if axis == "cases" else ["h0", "h1", "h2"]
    for name in names:
        text = text.replace(f'"{name}"', f'"x{name}"')
    other = Study.model_validate_json(text)
    with pytest.raises(UsageFault, match="nothing to compare") as fault:
        compare(face_value(one, make_profile()), face_value(other, make_profile()))
    assert fault.value.slug == f"compare-no-common-{slug}"


def test_a_prior_that_excludes_every_explanation_of_the_first_gives_no_steps() -> None:
    study = make_study(cases=1, hypotheses=4)
    sets = {"one": {"hypotheses": ("h0", "h1")}, "two": {"hypotheses": ("h0", "h2", "h3")}}
    data = json.loads(study.canonical()) | {"sets": sets}
    both = [Study.model_validate_json(json.dumps(data | {"default_set": name})) for name in sets]
    profile = make_profile(prior={"h2": 1.0, "h3": 1.0})
    found = compare(face_value(both[0], make_profile()), face_value(both[1], profile))
    assert found.remarks == ("compare-no-common-prior",)
    case = only(found.cases)
    assert case.pair == ()
    assert [step.name for step in case.steps] == ["start", "rest"]


def backwards() -> Study:
    """A study whose cases and factors do not stand in the order of the alphabet, as its canonical JSON has them."""
    study = make_study(cases=2, factors=2)
    names = "cases", "factors"
    return study.model_copy(update={name: dict(reversed(getattr(study, name).items())) for name in names})


def test_the_order_of_cases_and_factors_is_that_of_the_result() -> None:
    study = backwards()
    profiles = make_profile(), make_profile(prior={"h0": 1.0, "h1": 2.0, "h2": 3.0}, levels={"f0": 3.0, "own": 1.0})
    a = model(study, profiles[0])
    found = compare(a, model(study, profiles[1], seed=2))
    assert [case.case for case in found.cases] == ["c1", "c0"]
    expected = joint_answer(study, profiles, (study, study), ledger.hyperparameters(a.tree["posterior"].to_dataset()))
    for place, case in enumerate(found.cases):
        assert case.steps[1].name == "standpoint"
        assert case.steps[1].probability.values == pytest.approx(expected[place], rel=1e-9)


def test_a_prior_of_the_hyperparameters_is_part_of_the_rest() -> None:
    study = make_study()
    found = compare(model(study, make_profile()), model(study, make_profile(leaning_db=0.5), seed=2))
    assert [step.name for step in found.cases[0].steps] == ["start", "rest"]
    assert [one.kind for one in found.inputs] == ["leaning", "setting"]


def test_plain_data_is_json_without_numbers_that_are_none() -> None:
    old = make_study()
    found = compare(model(old, make_profile()), model(without(old, "c0e0"), make_profile()))
    data = json.loads(json.dumps(as_data(found), allow_nan=False))
    assert data["compare"] == 1
    assert [case["case"] for case in data["cases"]] == ["c0", "c1"]
    for case, block in zip(found.cases, data["cases"], strict=True):
        for row, told_row in zip(case.rows, block["hypotheses"], strict=True):
            assert told_row["change"] == pytest.approx(row.b - row.a)  # type: ignore[operator]
        assert [step["step"] for step in block["steps"]] == [step.name for step in case.steps]


def test_draws_too_few_to_be_believed_leave_the_evidence_to_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    old = make_study(cases=2, hypotheses=3, coders=2)
    a, b = model(old, make_profile()), model(with_weights(old, {("coder1", "c0e0"): (1.0, 8.0)}), make_profile())
    assert any(step.name == "evidence" for step in compare(a, b).cases[0].steps)
    monkeypatch.setattr(reweight, "FEWEST", 50.0)
    found = compare(a, b)
    assert found.remarks == ("compare-k-too-great",)
    assert not any(step.name == "evidence" for step in found.cases[0].steps)
