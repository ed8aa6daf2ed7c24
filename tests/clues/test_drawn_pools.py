"""Sampled pools of cases with clues: whatever coordinates they are sampled in, one distribution."""

from __future__ import annotations

import numpy as np
import pymc as pm
import pytensor
from numpy.typing import NDArray
from pytensor.compile.mode import Mode
from scipy.stats import dirichlet
from sought_studies import make
from study_factory import make_profile

from bayestrace.encoding import encode
from bayestrace.inference import drawn_pools, shares

Floats = NDArray[np.float64]


def test_wherever_coordinates_begin_pools_levels_and_concentration_have_the_density_they_are_said_to_have() -> None:
    """Two crossed factors and clues: the density in all coordinates is that of the model times one determinant."""
    cases = {f"c{place}": {"groups": {"f0": f"g{place % 2}", "f1": f"g{place // 3}"}} for place in range(6)}
    found = {(name, "q"): (("found", 1.0), ("not-found", 0.8))[place % 2] for place, name in enumerate(cases)}
    factors = {name: {"name": name, "groups": {"g0": "g", "g1": "g"}} for name in ("f0", "f1")}
    study = make(
        {"q": {"found_if": {"a": 0.8, "b": 0.3, "c": 0.45}}},
        found,
        hypotheses=("a", "b", "c"),
        cases=cases,
        factors=factors,
    )
    problem = encode(study, make_profile(prior={"a": 2.0, "b": 1.0, "c": 1.0}, kappa=(0.3, 3.0)))
    with pm.Model(coords={"case": list(cases), "hypothesis": ["a", "b", "c"]}) as built:
        drawn_pools.case_prior(problem)
    names = ("omega", "kappa", "pool")
    inputs = built.value_vars
    graphs = [built.logp(), *built.replace_rvs_by_values([built[name] for name in names])]
    function = pytensor.function(inputs, graphs, mode=Mode(linker="py", optimizer=None))
    shapes = [np.shape(value) for value in built.initial_point().values()]
    ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])

    def at(point: Floats) -> list[Floats]:
        parts = [point[i:j].reshape(shape) for i, j, shape in zip(ends, ends[1:], shapes, strict=False)]
        return list(function(*parts))

    def meant(point: Floats) -> Floats:
        _, omega, kappa, pool = at(point)
        return np.concatenate([omega[:-1], [kappa], pool[:, :-1].ravel()])

    step, draw = 1e-6, np.random.default_rng(5)
    for _ in range(4):
        point = draw.normal(0.0, 0.3, ends[-1])
        log_density, omega, kappa, pool = at(point)
        units = step * np.eye(point.size)
        jacobian = np.array([(meant(point + unit) - meant(point - unit)) / (2.0 * step) for unit in units])
        alpha = kappa * problem["prior"].values
        expected = dirichlet.logpdf(omega / omega.sum(), problem["level_weight"].values)
        expected += sum(dirichlet.logpdf(row / row.sum(), alpha) for row in pool)
        expected -= np.log(kappa) + np.log(np.log(10.0))
        np.testing.assert_allclose(log_density, expected + np.linalg.slogdet(jacobian)[1], rtol=0, atol=2e-3)


def test_a_first_look_finds_shares_and_how_well_they_are_known() -> None:
    """Clues that settle each case leave the shares with the information of a multinomial."""
    explained = np.repeat([0, 1, 2], [50, 30, 20])
    names = ("a", "b", "c")
    rows = {
        (f"c{case}", f"q{k}"): ("found" if k == truth else "not-found", 1.0)
        for case, truth in enumerate(explained)
        for k in range(3)
    }
    clues = {
        f"q{k}": {"found_if": {name: 0.999 if k == i else 0.001 for i, name in enumerate(names)}} for k in range(3)
    }
    problem = encode(make(clues, rows, hypotheses=names), make_profile())
    seen = shares.look(problem, np.ones((1, 100)))
    np.testing.assert_allclose(seen.share[0], [0.5, 0.3, 0.2], atol=0.005)
    np.testing.assert_allclose(seen.information[0], [100 * 0.5 * 0.5, 50 * 0.6 * 0.4], rtol=0.05)
    np.testing.assert_allclose(seen.error[0], np.sqrt(seen.share[0] * (1.0 - seen.share[0]) / 100), rtol=0.05)
