"""The prediction against joint normals of all that is stated, conditioned by their Schur complement."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from brute import Brute, Parts, below, density, some_draws
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference import pooling, predictive
from bayestrace.inference.predictive import joint_log_density, newcomer, predict, thinned

DRAWS, SEED = 2, 5
SHAPES: dict[str, dict[str, Any]] = {
    "two others": {"coders": 3, "clusters": (2,), "singles": 1},
    "one other, missing": {"coders": 2, "clusters": (3,), "singles": 2, "missing": 0.4, "seed": 3},
    "no ranges": {"coders": 2, "ranges": False, "clusters": (2,), "singles": 1},
    "two hypotheses": {"coders": 2, "hypotheses": 2, "cases": 1, "clusters": (3,), "singles": 1},
    "partial": {"coders": 3, "hypotheses": 4, "cases": 1, "clusters": (2,), "singles": 1, "partial": 0.35, "seed": 2},
    "partial, one cluster": {"coders": 3, "cases": 1, "clusters": (2,), "singles": 0, "partial": 0.35, "seed": 2},
}


class Case:
    """A study with a coder left out, the prediction of that coder with every part kept, and brute force beside it."""

    def __init__(self, shape: dict[str, Any]) -> None:
        study = make_study(**shape)
        self.name = f"coder{shape['coders'] - 1 if shape['coders'] < 3 else 1}"
        names = [coding.coder for coding in study.codings]
        self.problem = encode(study, make_profile())
        self.panel = encode(study, make_profile(), coders=[name for name in names if name != self.name])
        self.draws = some_draws(self.panel, DRAWS)
        self.place = names.index(self.name)
        self.found = predict(self.problem, self.name, self.panel, self.draws, seed=SEED, parts=None)
        new = newcomer(self.panel, thinned(self.draws), np.random.default_rng(SEED))
        table = pooling.table_of(self.problem)
        prior = dict(zip(map(tuple, table.z.tolist()), np.exp(table.log_p).tolist(), strict=True))
        self.parts: list[list[Parts]] = []
        for draw in range(DRAWS):
            brute = Brute(self.problem, self.draws, new, self.place, draw)
            chances = brute.explanations(prior)
            case_of = self.problem["case_of_cluster"].values[brute.cluster]
            self.parts.append([brute.parts(g, chances[case_of[g]]) for g in range(case_of.size)])
        self.brute = brute

    def rows(self) -> list[tuple[int, int, int]]:
        """Row of each predicted observation, its cluster, and its place among what the coder stated there."""
        design, mine = self.brute.design, self.brute.design.stated[self.place] > 0
        found = []
        for row, column in enumerate(np.flatnonzero(mine)):
            cluster = int(design.label[column])
            inside = [e for e in np.flatnonzero(design.label == cluster) if mine[e]]
            found.append((row, cluster, inside.index(column)))
        return found


@pytest.fixture(scope="module", params=list(SHAPES.values()), ids=list(SHAPES))
def case(request: pytest.FixtureRequest) -> Case:
    return Case(request.param)


def mean_over_draws(case: Case, function: Any, cluster: int, *arguments: Any) -> Any:
    return sum(function(parts[cluster], *arguments) for parts in case.parts) / DRAWS


def test_parts_of_a_mixture_add_up_to_one(case: Case) -> None:
    np.testing.assert_allclose(case.found.weight.sum(axis=-1), 1.0, rtol=1e-12)
    for row, cluster, _ in case.rows():
        assert case.parts[0][cluster].weight.sum() == pytest.approx(1.0, rel=1e-9), row


def test_the_predicted_mean_is_that_of_the_joint_normal(case: Case) -> None:
    expected = case.found.expectation()
    for row, cluster, place in case.rows():
        mean = mean_over_draws(case, lambda parts, at: parts.weight @ parts.mean[:, at], cluster, place)
        np.testing.assert_allclose(expected[row], mean, atol=1e-9)


def test_the_density_is_that_of_the_joint_normal(case: Case) -> None:
    columns = case.found.evidence
    stated = case.problem["weight"].values[case.place, columns]
    projector = case.problem["projector"].values[case.place, columns]
    found = case.found.log_density(stated, projector)
    for row, cluster, place in case.rows():
        values, vectors = np.linalg.eigh(projector[row])
        basis = vectors[:, values > 0.5]
        expected = np.log(mean_over_draws(case, density, cluster, place, stated[row], basis))
        assert found[row] == pytest.approx(expected, abs=1e-9)


def test_the_intervals_hold_the_mass_they_claim(case: Case) -> None:
    helmert = case.problem["helmert"].values
    direction, levels = helmert[:, 0] - helmert[:, 1], (0.05, 0.25, 0.5, 0.95)
    found = case.found.quantiles(direction, levels)
    for row, cluster, place in case.rows():
        for level, value in zip(levels, found[:, row], strict=True):
            mass = mean_over_draws(case, below, cluster, place, direction, value)
            assert mass == pytest.approx(level, abs=1e-5)


def test_the_coders_own_weights_are_not_looked_at(case: Case) -> None:
    changed = case.problem.copy(deep=True)
    changed["weight"].values[case.place] *= -3.0
    again = predict(changed, case.name, case.panel, case.draws, seed=SEED, parts=None)
    np.testing.assert_array_equal(again.mean, case.found.mean)
    np.testing.assert_array_equal(again.weight, case.found.weight)


def test_few_parts_stand_for_all(case: Case) -> None:
    many = case.draws.isel(draw=np.tile(np.arange(DRAWS), 25))
    all_parts = predict(case.problem, case.name, case.panel, many, seed=SEED, parts=None)
    few = predict(case.problem, case.name, case.panel, many, seed=SEED)
    helmert = case.problem["helmert"].values
    direction = helmert[:, 0] - helmert[:, 1]
    # In nats: 0.03 of them are 0.13 dB.
    np.testing.assert_allclose(
        few.quantiles(direction, (0.25, 0.75)), all_parts.quantiles(direction, (0.25, 0.75)), atol=0.03
    )


def test_the_joint_density_is_the_ratio_of_joint_normals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predictive, "JOINT_CODERS", 2)
    # The leaning is drawn here, where the single predictions integrate it out.
    study = make_study(cases=1, coders=3, clusters=(2,), singles=1)
    problem = encode(study, make_profile())
    panel = encode(study, make_profile(), coders=["coder0", "coder2"])
    draws = some_draws(panel, DRAWS)
    table = pooling.table_of(problem)
    prior = dict(zip(map(tuple, table.z.tolist()), np.exp(table.log_p).tolist(), strict=True))
    rng = np.random.default_rng(SEED)
    newcomer(panel, draws, rng)
    expected = []
    for _ in range(2):
        new = newcomer(panel, draws, rng)
        bias = new.leaning + np.sqrt(new.leaning_variance)[:, None] * rng.standard_normal(new.leaning.shape)
        drawn = new._replace(leaning=bias, leaning_variance=np.zeros(DRAWS))
        expected += [Brute(problem, draws, drawn, 1, draw).joint_density(prior) for draw in range(DRAWS)]
    found, effective = joint_log_density(problem, "coder1", panel, draws, seed=SEED)
    assert found == pytest.approx(np.logaddexp.reduce(expected) - np.log(4.0), abs=1e-5)
    share = np.exp(np.array(expected) - np.logaddexp.reduce(expected))
    assert effective == pytest.approx(1.0 / (share**2).sum(), rel=1e-4)


def test_a_newcomer_is_drawn_from_the_population_of_the_model() -> None:
    """Against coders drawn one by one: scales relative to the panel's mean, leanings given the panel's mean."""
    rng = np.random.default_rng(4)
    panel = encode(make_study(coders=3), make_profile(leaning_db=1.0))
    common_sd, own_sd, count = panel.attrs["leaning_sd"], 0.3, 40_000
    common = rng.normal(0.0, common_sd, count)
    leanings = common[:, None] + rng.normal(0.0, own_sd, (count, 4))
    mean, fourth = leanings[:, :3].mean(axis=1), leanings[:, 3]
    scales = rng.normal(0.0, 0.3, (count, 4))
    draws = some_draws(panel, 1).isel(draw=np.zeros(4000, dtype=np.int64))
    draws["leaning_sd"].values[:] = own_sd
    draws["noise_sd"].values[:] = 0.4
    new = newcomer(panel, draws, np.random.default_rng(1))
    slope = float((mean * fourth).mean() / (mean**2).mean())
    np.testing.assert_allclose(new.leaning[0], slope * draws["bias"].values[0, 0].mean(axis=0), atol=0.02)
    assert new.leaning_variance[0] == pytest.approx((fourth - slope * mean).var(), rel=0.03)
    relative = scales[:, 3] - scales[:, :3].mean(axis=1)
    assert np.log(new.scale).std() == pytest.approx(relative.std(), rel=0.03)
    assert new.noise.mean() == pytest.approx(np.abs(rng.normal(0.0, 0.4, count)).mean(), rel=0.02)


def test_sampled_pools_predict_like_the_table_where_cases_share_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    profile = make_profile(levels={"own": 1.0}, prior={"h0": 1.0, "h1": 2.0, "h2": 3.0})
    study = make_study(coders=2)
    problem, panel = encode(study, profile), encode(study, profile, coders=["coder0"])
    prior = np.tile(problem["prior"].values, (1, DRAWS, 2, 1))
    draws = some_draws(panel, DRAWS).assign(case_prior=(("chain", "draw", "case", "hypothesis"), prior))
    table = predict(problem, "coder1", panel, draws, seed=SEED)
    joint = joint_log_density(problem, "coder1", panel, draws, seed=SEED)
    monkeypatch.setattr(pooling, "TABLE_LIMIT", 0)
    assert not pooling.fits_in_table(problem)
    sampled = predict(problem, "coder1", panel, draws, seed=SEED)
    np.testing.assert_allclose(sampled.mean, table.mean)
    assert joint_log_density(problem, "coder1", panel, draws, seed=SEED) == pytest.approx(joint)
