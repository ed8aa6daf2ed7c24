"""What no answer may depend on (docs/inference.md 6): order, names, reference, units, the focal hypothesis."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import transforms
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from numeric import PROPERTY, Floats, loglik, perfect_theta, some_theta
from small_study import FILES, write
from study_factory import make_profile, make_study, studies

from bayestrace.encoding import Problem, encode
from bayestrace.inference import facevalue, pooling
from bayestrace.inference.signal import Hyperparameters, design_of
from bayestrace.reading import read_study
from bayestrace.results import centred
from bayestrace.study import Study

#: Without a weight for one hypothesis in particular, so that renaming and reordering keep it.
PROFILE = make_profile()


class Answer:
    """Pooled posteriors at face value and by the model with hyperparameters fixed, by name."""

    def __init__(self, study: Study, theta: Hyperparameters | None = None) -> None:
        self.problem = problem = encode(study, PROFILE)
        layers = [facevalue.case_loglik(problem, with_doubtful=flag)[None] for flag in (True, False)]
        # Hyperparameters that treat all hypotheses and coders alike: those of a coder move with the coder.
        if problem["weighs"].values.any():
            layers.append(model_loglik(problem, theta or alike(problem)))
        table = pooling.table_of(problem)
        self.values = np.concatenate(
            [pooling.margins(table, pooling.posterior(table, layer), problem.sizes["hypothesis"]) for layer in layers]
        )

    def by(self, cases: Any, hypotheses: Any) -> Floats:
        place = [list(self.problem["case"].values).index(name) for name in cases]
        column = [list(self.problem["hypothesis"].values).index(name) for name in hypotheses]
        return self.values[:, place][:, :, column]


def alike(problem: Problem) -> Hyperparameters:
    theta = some_theta(problem, 3)
    return theta._replace(
        scale=np.ones_like(theta.scale), noise=0.0 * theta.noise + theta.noise[:, :1], bias=np.zeros_like(theta.bias)
    )


def model_loglik(problem: Problem, theta: Hyperparameters) -> Floats:
    """Case log-likelihoods of the signal model, (draws, C, K)."""
    design, _, kept = design_of(problem)
    total = np.zeros((theta.log_v.shape[0], problem.sizes["case"], problem.sizes["hypothesis"]))
    for case, of_cluster in zip(
        problem["case_of_cluster"].values[kept], np.moveaxis(loglik(design, theta), 1, 0), strict=True
    ):
        total[:, case] += of_cluster
    return total


def assert_same(one: Study, other: Study, names: dict[str, str] | None = None) -> None:
    before, after = Answer(one), Answer(other)
    hypotheses = list(before.problem["hypothesis"].values)
    cases = list(before.problem["case"].values)
    mapped = [(names or {}).get(name, name) for name in hypotheses]
    np.testing.assert_allclose(after.by(cases, mapped), before.by(cases, hypotheses), rtol=0, atol=1e-9)


@PROPERTY
@given(studies(), st.randoms(use_true_random=False))
def test_the_order_of_evidence_coders_cases_and_hypotheses(study: Study, random: Any) -> None:
    order = random.sample(range(len(study.evidence)), len(study.evidence))
    assert_same(study, transforms.reordered_evidence(study, order))
    assert_same(study, transforms.reordered_coders(study))
    cases = random.sample(list(study.cases), len(study.cases))
    assert_same(study, transforms.reordered_cases(study, cases))
    names = random.sample(list(study.hypotheses), len(study.hypotheses))
    assert_same(study, transforms.reordered_hypotheses(study, names))


@PROPERTY
@given(studies())
def test_the_names_of_hypotheses_and_which_is_focal(study: Study) -> None:
    size = len(study.hypotheses)
    names = {f"h{k}": f"x{size - k}" for k in range(size)}
    assert_same(study, transforms.renamed(study, names), names)
    for name in study.hypotheses:
        assert_same(study, study.model_copy(update={"focal": name}))


@PROPERTY
@given(studies())
def test_the_reference_of_a_coder_s_comparisons(study: Study) -> None:
    assert_same(study, transforms.reversed_pairs(study))
    for root in study.hypotheses:
        assert_same(study, transforms.rooted_at(study, root))


ENDS = ("low", "best", "high")
OBSERVED = ("one-buys", "one-says", "two-pays", "two-leaves")
DECIBELS = st.floats(-300.0, 300.0, allow_subnormal=False)
#: One comparison with what is stated of it: a best guess, or a range around one.
STATED = st.one_of(DECIBELS.map(lambda one: (one,)), st.tuples(DECIBELS, DECIBELS, DECIBELS).map(sorted).map(tuple))
#: Trees of comparisons of three explanations, whole and in part.
TREES = (
    (("stakes", "bargaining"),),
    (("stakes", "bargaining"), ("stakes", "threat")),
    (("threat", "bargaining"), ("bargaining", "stakes")),
)


def in_decibels(decibels: float) -> str:
    return f"{decibels!r} dB"


def as_ratio(decibels: float) -> str:
    above = 10.0 ** (abs(decibels) / 10.0)
    return f"{above!r}:1" if decibels >= 0.0 else f"1:{above!r}"


def read_with(table: list[list[str]]) -> Problem:
    """Read the small study with one coder's table of weights in the place of its own."""
    coding = "".join(",".join(row) + "\n" for row in table)
    with tempfile.TemporaryDirectory() as folder:
        study = read_study(write(Path(folder), {**FILES, "evidence/codings/neutral-weights.csv": coding}))
    return encode(study, study.profiles["reference"], "wide")


@settings(PROPERTY, max_examples=30)
@given(st.data())
def test_the_unit_in_which_a_weight_is_written(data: st.DataObject) -> None:
    units = [repr, in_decibels, as_ratio]
    tables = [
        [["evidence", "hypothesis", "against", *ends]] for ends in (("low_db", "best_db", "high_db"), *[ENDS] * 3)
    ]
    for evidence in OBSERVED:
        for pair in data.draw(st.sampled_from(TREES)):
            stated = data.draw(STATED)
            for table, unit in zip(tables, [*units, None], strict=True):
                # The last table has every cell in a unit of its own.
                cells = [(unit or data.draw(st.sampled_from(units[1:])))(one) for one in stated]
                table.append([evidence, *pair, *(cells if len(cells) == 3 else ("", *cells, ""))])
    first, *others = map(read_with, tables)
    assert first["stated"].values[list(first["coder"].values).index("neutral")].sum() == len(OBSERVED)
    for other in others:
        # A logarithm of a power of ten has its last digits off.
        xr.testing.assert_allclose(other, first, rtol=1e-12, atol=1e-12)


@PROPERTY
@given(studies(ranges=False))
def test_weights_or_the_probabilities_that_they_compare(study: Study) -> None:
    assert_same(study, transforms.as_probabilities(study))


def test_a_fixed_theta_moves_with_its_coders_and_hypotheses() -> None:
    study = make_study(coders=3, hypotheses=3, partial=0.2, seed=3)
    problem = encode(study, PROFILE)
    theta = some_theta(problem, 2)
    turned = Hyperparameters(*theta)._replace(
        scale=theta.scale[:, ::-1], noise=theta.noise[:, ::-1], bias=theta.bias[:, ::-1]
    )
    names = ("h2", "h0", "h1")
    order = [0, 1, 2]
    leaning = theta.bias @ problem["helmert"].values
    moved = turned._replace(bias=leaning[:, ::-1][..., [2, 0, 1]] @ problem["helmert"].values.T)
    other = transforms.reordered_hypotheses(transforms.reordered_coders(study), names)
    before = model_loglik(problem, theta)
    after = model_loglik(encode(other, PROFILE), moved)
    np.testing.assert_allclose(after, before[..., [2, 0, 1]], rtol=0, atol=1e-9)
    assert order == sorted(order)


# In the limit of perfect coders, and at face value (docs/inference.md 7).

FULL: dict[str, Any] = {"missing": 0.0, "partial": 0.0, "doubtful": 0, "context": 0, "reliability": 1.0}


# With an uncertain redundancy the mean over hypotheses in its average counts twins twice: docs/inference.md.
@PROPERTY
@given(studies(**FULL, coders=1, redundancy=(None, 0.4, None)))
def test_merging_two_equal_hypotheses(study: Study) -> None:
    last = list(study.hypotheses)[-1]
    twins = transforms.doubled(study, last, "twin")
    one, two = encode(study, PROFILE), encode(twins, PROFILE)
    size = len(study.hypotheses)
    for perfect in (False, True):
        single = perfect_loglik(one) if perfect else facevalue.case_loglik(one, with_doubtful=True)
        double = perfect_loglik(two) if perfect else facevalue.case_loglik(two, with_doubtful=True)
        np.testing.assert_allclose(double[:, -1], double[:, -2], rtol=0, atol=1e-4)
        np.testing.assert_allclose(centred(double[:, :size]), centred(single), rtol=0, atol=1e-4)
        # One with its whole prior, or two that share it: the same posterior for all.
        prior = np.full(size, 1.0 / size)
        apart = np.append(prior[:-1], [prior[-1] / 3.0, prior[-1] * 2.0 / 3.0])
        merged = facevalue.case_posterior(apart, double)
        merged = np.concatenate([merged[:, :-2], merged[:, -2:].sum(axis=1, keepdims=True)], axis=1)
        np.testing.assert_allclose(merged, facevalue.case_posterior(prior, single), rtol=0, atol=1e-4)


def perfect_loglik(problem: Problem) -> Floats:
    return np.asarray(model_loglik(problem, perfect_theta(problem))[0])


@PROPERTY
@given(studies(**FULL, coders=1))
def test_a_single_observation_of_weight_0(study: Study) -> None:
    problem = encode(study, PROFILE)
    silent = problem.copy(deep=True)
    last = problem.sizes["evidence"] - 1
    assert study.evidence[last].cluster is None
    silent["weight"][:, last] = 0.0
    without = problem.copy(deep=True)
    without["weighs"][last] = False
    without["context"][last] = True
    for likelihood in (perfect_loglik, face):
        if without["weighs"].values.any():
            found, expected = centred(likelihood(silent)), centred(likelihood(without))
            np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def face(problem: Problem) -> Floats:
    return facevalue.case_loglik(problem, with_doubtful=False)


@PROPERTY
@given(studies(**FULL, coders=1, clusters=(1,), redundancy=(None, 1.0, None)), st.integers(1, 4))
def test_duplicates_of_redundancy_1(study: Study, copies: int) -> None:
    more = transforms.with_copies(study, "c0e0", copies)
    # A cluster of several wants noise that its members do not share, or its covariance is singular.
    one, many = (encode(version, PROFILE) for version in (study, more))
    theta = perfect_theta(one, noise=1e-3)
    design, evidence, kept = design_of(many)
    single_design, _, _ = design_of(one)
    place = list(many["cluster"].values[kept]).index("k0@c0")
    before = centred(loglik(single_design, theta)[0])[0]
    whole = dataclasses.replace(design, redundancy=np.full_like(design.redundancy, 1.0))
    after = centred(loglik(whole, theta)[0])[place]
    np.testing.assert_allclose(after, before, rtol=1e-4, atol=1e-5)
    # As encoded, r is kept below .95: duplicates add up to a twentieth, never more.
    n = copies + 1
    capped = centred(loglik(design, theta)[0])[place]
    np.testing.assert_allclose(capped, before * n / (1.0 + (n - 1) * 0.95), rtol=1e-3, atol=1e-5)
    assert evidence.size == many.sizes["evidence"]


@PROPERTY
@given(studies(**FULL, clusters=(1,), redundancy=(None, 1.0, None)), st.integers(1, 4))
def test_duplicates_of_redundancy_1_add_nothing_at_face_value_with_redundancy_counted(
    study: Study, copies: int
) -> None:
    more = transforms.with_copies(study, "c0e0", copies)
    before, after = (
        facevalue.case_loglik(encode(version, PROFILE), with_doubtful=True, discounted=True)
        for version in (study, more)
    )
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-10)


@PROPERTY
@given(studies(**FULL, coders=1))
def test_a_second_identical_coder(study: Study) -> None:
    twice = study.model_copy(
        update={"codings": (*study.codings, study.codings[0].model_copy(update={"coder": "again"}))}
    )
    one, two = encode(study, PROFILE), encode(twice, PROFILE)
    np.testing.assert_allclose(face(two), face(one), rtol=0, atol=1e-10)
    np.testing.assert_allclose(centred(perfect_loglik(two)), centred(perfect_loglik(one)), rtol=0, atol=1e-4)


@PROPERTY
@given(studies(), st.sampled_from([0.0, 300.0, -300.0]), st.sampled_from([0.0, 0.5]))
def test_extremes_stay_finite_and_sum_to_one(study: Study, weight: float, selectivity: float) -> None:
    problem = encode(study, make_profile(selectivity=selectivity))
    if not problem["weighs"].values.any():
        return
    vector = np.zeros(problem.sizes["hypothesis"])
    vector[-1] = weight * np.log(10.0) / 10.0
    problem["weight"].values[problem["stated"].values] = problem["helmert"].values @ vector
    table = pooling.table_of(problem)
    for total in (face(problem)[None], model_loglik(problem, some_theta(problem, 3))):
        assert np.isfinite(total).all()
        share = pooling.margins(table, pooling.posterior(table, total), problem.sizes["hypothesis"])
        np.testing.assert_allclose(share.sum(axis=-1), 1.0, rtol=1e-9)
        if weight == 0.0 and selectivity == 0.0 and total.shape[0] == 1:
            np.testing.assert_allclose(share, 1.0 / problem.sizes["hypothesis"], rtol=1e-9)


def test_many_observations_stay_finite() -> None:
    problem = encode(make_study(cases=1, clusters=(60, 30), singles=200, coders=3, strength_db=20.0), PROFILE)
    total = model_loglik(problem, some_theta(problem, 2))
    assert np.isfinite(total).all()
    np.testing.assert_allclose(facevalue.case_posterior(problem["prior"].values, total).sum(axis=-1), 1.0, rtol=1e-9)


def test_weights_past_all_bounds_stay_finite_where_no_doubt_caps_them() -> None:
    problem = encode(make_study(cases=1, coders=1, clusters=(), singles=2, reliability=1.0), PROFILE)
    problem["weight"].values[:] = problem["helmert"].values @ np.array([4000.0, 0.0, -4000.0])
    total = perfect_loglik(problem)
    assert np.isfinite(total).all()
    np.testing.assert_allclose(facevalue.case_posterior(problem["prior"].values, total), [[1.0, 0.0, 0.0]], atol=1e-12)
