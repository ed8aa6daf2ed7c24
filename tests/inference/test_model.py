"""The PyMC model at given points: its likelihood, its priors, and the unmarginalised model integrated exactly."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pymc as pm
import pytensor
import pytest
import unmarginalised
from graphs import PLAIN, deterministic, evaluator
from numeric import Floats, loglik
from scipy import stats
from study_factory import make_profile, make_study

from bayestrace.encoding import Problem, encode
from bayestrace.inference import model as model_room
from bayestrace.inference import pooling
from bayestrace.inference.model import build_model
from bayestrace.inference.signal import Hyperparameters, design_of
from bayestrace.inference.units import Unit, units_of
from bayestrace.weights import log_sum_exp

#: What the unmarginalised model has of every observation or cluster beyond the marginal one.
LATENT = ("x_both", "x_own", "eta_both", "eta_own", "common_both", "common_own")


def some_point(problem: Problem, seed: int = 1) -> dict[str, Any]:
    """Values of the free variables of the marginal model."""
    rng = np.random.default_rng(seed)
    coders, contrasts = problem.sizes["coder"], problem.sizes["contrast"]
    return {
        "scale_raw": rng.normal(0.0, 1.0, coders - 1),
        "noise_raw": rng.normal(0.0, 1.0, coders),
        "shared": rng.beta(2.0, 2.0),
        "range_raw": np.asarray(rng.normal()),
        "noise_sd": abs(rng.normal(0.0, 0.5)) + 0.05,
        "leaning_sd": abs(rng.normal(0.0, 0.3)) + 0.05,
        "leaning_mean_raw": rng.normal(0.0, 1.0, contrasts),
        "leaning_between_raw": rng.normal(0.0, 1.0, (coders - 1, contrasts)),
        "r_eta": rng.beta(2.0, 2.0),
        "log_v": rng.normal(np.log(0.5), 1.0),
        "sd_log_v_raw": np.asarray(rng.normal()),
        "common_error_raw": np.asarray(rng.normal()),
    }


def natural_point(problem: Problem, seed: int = 1) -> dict[str, Any]:
    """Values of the free variables of the unmarginalised model, where it has those of the marginal one."""
    rng = np.random.default_rng(seed)
    log_scale = rng.normal(0.0, 0.3, problem.sizes["coder"])
    return {
        "log_scale": log_scale - log_scale.mean(),
        "noise_raw": np.abs(rng.normal(0.0, 1.0, problem.sizes["coder"])) + 0.1,
        "shared": rng.beta(2.0, 2.0),
        "noise_sd": abs(rng.normal(0.0, 0.5)) + 0.05,
        "leaning_sd": abs(rng.normal(0.0, 0.3)) + 0.05,
        "r_eta": rng.beta(2.0, 2.0),
        "log_v": rng.normal(np.log(0.5), 1.0),
        "sd_log_v": abs(rng.normal(0.0, 0.7)),
        "common_error": abs(rng.normal(0.0, 0.5)),
    }


def theta_at(model: pm.Model, point: dict[str, Any]) -> Hyperparameters:
    names = ("scale", "noise", "bias", "range_factor", "common_error", "sd_log_v")
    found = dict(zip(names, evaluator(model, deterministic(model, *names))(point), strict=True))
    return Hyperparameters(
        **{name: np.asarray(value) for name, value in found.items()},
        **{name: np.asarray(point[name]) for name in ("shared", "r_eta", "log_v")},
    )


def case_loglik(problem: Problem, theta: Hyperparameters) -> Floats:
    design, _, kept = design_of(problem)
    total = np.zeros((problem.sizes["case"], problem.sizes["hypothesis"]))
    np.add.at(total, problem["case_of_cluster"].values[kept], loglik(design, theta))
    return total


@pytest.mark.parametrize(
    ("shape", "selectivity"),
    [({"coders": 3, "partial": 0.3, "seed": 1}, 0.0), ({"coders": 2, "doubtful": 1}, 0.5), ({"coders": 1}, 0.0)],
)
def test_the_graph_has_the_likelihood_of_the_formulas_summed_over_explanations(
    shape: dict[str, Any], selectivity: float
) -> None:
    problem = encode(make_study(**shape), make_profile(selectivity=selectivity))
    model = build_model(problem)
    point = some_point(problem)
    potentials = [*deterministic(model, "case_loglik"), model.logp(vars=model.potentials)]
    found, evidence = evaluator(model, potentials)(point)
    expected = case_loglik(problem, theta_at(model, point))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10)
    table = pooling.table_of(problem)
    assert evidence == pytest.approx(float(log_sum_exp(pooling.log_joint(table, expected))), abs=1e-10)


def density_of(model: pm.Model, raw: str, graph: Any, point: dict[str, Any]) -> tuple[Floats, Floats]:
    """Give what is made of a raw coordinate, and its density per unit of that, if it is linear in the coordinate."""
    evaluate = evaluator(model, [graph, model.logp(vars=[model[raw]], jacobian=False, sum=False)[0]])
    value, density = evaluate(point)
    slopes = []
    for place in np.ndindex(np.shape(point[raw])):
        moved = np.array(point[raw])
        moved[place] += 1.0
        slopes.append(evaluate(point | {raw: moved})[0] - value)
    jacobian = np.array(slopes).reshape(len(slopes), -1)
    volume = 0.5 * np.linalg.slogdet(jacobian @ jacobian.T)[1]
    return np.asarray(value), np.sum(density) - volume


@pytest.mark.parametrize("seed", range(3))
def test_raw_coordinates_give_the_parameters_the_priors_of_the_design(seed: int) -> None:
    problem = encode(make_study(coders=3, seed=seed), make_profile())
    model, point = build_model(problem), some_point(problem, seed)
    scale, log_range = (
        model.replace_rvs_by_values([pytensor.tensor.log(model[name])])[0] for name in ("scale", "range_factor")
    )
    # Three log scales that sum to zero have the density of an isotropic normal on the plane.
    value, density = density_of(model, "scale_raw", scale, point)
    assert value.sum() == pytest.approx(0.0, abs=1e-12)
    assert density == pytest.approx(-0.5 * (value**2).sum() / 0.09 - 2.0 * np.log(0.3 * np.sqrt(2.0 * np.pi)), abs=1e-8)
    value, density = density_of(model, "range_raw", log_range, point)
    assert density == pytest.approx(stats.norm.logpdf(value, 0.0, 0.5), abs=1e-8)
    for raw, name, sd in (
        ("noise_raw", "noise", point["noise_sd"]),
        ("common_error_raw", "common_error", 0.75),
        ("sd_log_v_raw", "sd_log_v", 0.7),
    ):
        # On the side of the sign that it has, half of a half-normal's density.
        positive = point | {raw: np.abs(point[raw])}
        value, density = density_of(model, raw, deterministic(model, name)[0], positive)
        assert density == pytest.approx((stats.halfnorm.logpdf(value, scale=sd) - np.log(2.0)).sum(), abs=1e-8)
        negative = evaluator(model, deterministic(model, name))(point | {raw: -np.abs(point[raw])})[0]
        np.testing.assert_array_equal(value, negative)


@pytest.mark.parametrize("coders", [1, 2, 4])
def test_leanings_vary_as_a_common_and_an_own_part(coders: int) -> None:
    problem = encode(make_study(coders=coders), make_profile(leaning_db=2.0))
    model = build_model(problem)
    point = some_point(problem)
    bias = deterministic(model, "bias")[0]
    value, density = density_of(model, "leaning_mean_raw", bias.mean(axis=0), point)
    common, own = 2.0 * np.log(10.0) / 10.0, point["leaning_sd"]
    expected = stats.norm.logpdf(value, 0.0, np.sqrt(common**2 + own**2 / coders)).sum()
    assert density == pytest.approx(expected, abs=1e-8)
    if coders > 1:
        value, density = density_of(model, "leaning_between_raw", bias - bias.mean(axis=0), point)
        # Coders' own leanings about their mean: an isotropic normal of one dimension less for each contrast.
        expected = -0.5 * (value**2).sum() / own**2 - (coders - 1) * 2 * np.log(own * np.sqrt(2.0 * np.pi))
        assert density == pytest.approx(expected, abs=1e-8)


def test_any_centre_and_width_give_the_same_prior(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = encode(make_study(coders=3), make_profile())
    far = units_of(problem)
    far = far._replace(leaning=Unit(far.leaning.centre + 3.0, 7.0 * far.leaning.width))
    monkeypatch.setattr(model_room, "units_of", lambda *_: far)
    test_leanings_vary_as_a_common_and_an_own_part(3)


def test_the_other_priors_are_those_of_the_table_in_the_documentation() -> None:
    problem = encode(make_study(coders=3), make_profile())
    priors = {
        "noise_sd": stats.lognorm(1.0, scale=0.5),
        "leaning_sd": stats.halfnorm(scale=0.3),
        "shared": stats.beta(2, 2),
        "r_eta": stats.beta(2, 2),
        "log_v": stats.norm(np.log(0.5), 1.0),
        "sd_log_v": stats.halfnorm(scale=0.7),
        "common_error": stats.halfnorm(scale=0.75),
    }
    for model, given in (
        (build_model(problem), some_point(problem)),
        (unmarginalised.build(problem), natural_point(problem)),
    ):
        point = {rv.name: given.get(rv.name, np.ones(rv.shape.eval(mode=PLAIN))) for rv in model.free_RVs}
        names = [name for name in priors if name in point]
        found = evaluator(model, model.logp(vars=[model[name] for name in names], jacobian=False, sum=False))(point)
        for name, values in zip(names, found, strict=True):
            np.testing.assert_allclose(values, priors[name].logpdf(point[name]), rtol=0, atol=1e-7)
    # A zero-sum normal has the density of an isotropic one on the plane, of one dimension less.
    square = np.sum(point["log_scale"] ** 2) / 0.3**2
    found = evaluator(model, [model.logp(vars=[model["log_scale"]], jacobian=False)])(point)[0]
    assert found == pytest.approx(-0.5 * square - 2.0 * np.log(0.3 * np.sqrt(2.0 * np.pi)), abs=1e-8)


@pytest.mark.parametrize("partial", [pytest.param(0.0, marks=pytest.mark.long), 0.4])
def test_the_unmarginalised_model_integrates_to_the_marginal_one(partial: float) -> None:
    study = make_study(
        cases=1,
        hypotheses=3,
        coders=2,
        clusters=(2,),
        singles=1,
        partial=partial,
        seed=6,
        reliability=1.0,
        redundancy=(None, 0.4, None),
    )
    problem = encode(study, make_profile())
    assert (design_of(problem)[0].projector is not None) == (partial > 0)
    model = unmarginalised.build(problem)
    rng = np.random.default_rng(2)
    point = natural_point(problem) | {"range_factor": 0.8, "sd_log_v": 1e-9}
    point |= {"leaning_raw": rng.normal(size=(2, 2)), "common_raw": rng.normal(size=2), "v_raw": np.zeros(2)}
    latent = {name: model[name].shape.eval(mode=PLAIN) for name in LATENT}
    inner = model.logp(vars=[*(model[name] for name in latent), model["coders"]], jacobian=False)
    evaluate = evaluator(model, [inner, *deterministic(model, "case_loglik", "scale", "bias")])
    sizes = [int(np.prod(shape)) for shape in latent.values()]
    total = sum(sizes)

    def log_density(flat: Floats) -> Floats:
        """Log density of all that is integrated and of what was stated, under each hypothesis."""
        parts = np.split(flat, np.cumsum(sizes)[:-1])
        values = {name: part.reshape(shape) for (name, shape), part in zip(latent.items(), parts, strict=True)}
        base, gain, _, _ = evaluate(point | values)
        return np.asarray(base + gain[0])

    # Quadratic in what is integrated, so that second differences are exact and so is Laplace's formula.
    unit = np.eye(total)
    zero = log_density(np.zeros(total))
    plus = np.array([log_density(row) for row in unit])
    minus = np.array([log_density(-row) for row in unit])
    gradient = (plus - minus) / 2.0
    precision = np.zeros((3, total, total))
    for i, j in itertools.combinations(range(total), 2):
        precision[:, i, j] = precision[:, j, i] = -(log_density(unit[i] + unit[j]) - plus[i] - plus[j] + zero)
    precision[:, range(total), range(total)] = -(plus + minus - 2.0 * zero).T
    steep = np.einsum("ik,kij,jk->k", gradient, np.linalg.inv(precision), gradient)
    integral = zero + 0.5 * (steep + total * np.log(2.0 * np.pi) - np.linalg.slogdet(precision)[1])
    _, _, scale, bias = evaluate(point | {name: np.zeros(shape) for name, shape in latent.items()})
    names = ("noise", "range_factor", "shared", "common_error", "r_eta", "log_v", "sd_log_v")
    point["noise"] = point["noise_sd"] * point["noise_raw"]
    theta = Hyperparameters(scale=scale, bias=bias, **{name: np.asarray(point[name]) for name in names})
    np.testing.assert_allclose(integral, case_loglik(problem, theta)[0], rtol=0, atol=1e-7)


def test_the_unmarginalised_model_sums_explanations_out_and_refuses_selection() -> None:
    problem = encode(make_study(cases=2, reliability=1.0), make_profile())
    model = unmarginalised.build(problem)
    rng = np.random.default_rng(4)
    point = {rv.name: np.abs(rng.normal(0.3, 0.1, rv.shape.eval(mode=PLAIN))) for rv in model.free_RVs}
    point["log_scale"] = np.array([0.1, -0.1])
    found, likelihood = evaluator(
        model, [model.logp(vars=[model["explanations"]]), *deterministic(model, "case_loglik")]
    )(point)
    table = pooling.table_of(problem)
    assert found == pytest.approx(float(log_sum_exp(pooling.log_joint(table, likelihood))), abs=1e-10)
    with pytest.raises(ValueError, match="knows no selection"):
        unmarginalised.build(encode(make_study(), make_profile(selectivity=0.2)))


@pytest.mark.parametrize("partial", [pytest.param(0.0, marks=pytest.mark.long), 0.4])
def test_gradients_are_finite_for_clusters_of_one_and_of_several(partial: float) -> None:
    problem = encode(make_study(clusters=(2,), singles=1, partial=partial, seed=6), make_profile())
    for model in (build_model(problem), unmarginalised.build(problem)):
        rng = np.random.default_rng(5)
        start = model.initial_point()
        values = [rng.normal(0.0, 0.3, np.shape(start[value.name])) for value in model.value_vars]
        gradient = pytensor.function(model.value_vars, pytensor.grad(model.logp(), model.value_vars), mode=PLAIN)
        for name, slope in zip(model.value_vars, gradient(*values), strict=True):
            assert np.isfinite(slope).all(), name
