"""Draws about the mode are those of NUTS, where cases share a table and where their pools are drawn (minutes)."""

from __future__ import annotations

import warnings

import arviz as az
import numpy as np
import pytest
import xarray as xr
from study_factory import make_profile, make_study

from bayestrace.calibration.simulate import draw_study
from bayestrace.calibration.truth import draw_truth
from bayestrace.encoding import Problem, encode
from bayestrace.inference import answer, large, pooling, sampling

pytestmark = pytest.mark.long


def drawn(cases: int, singles: int) -> Problem:
    """Draw what coders state from the model itself; the world is one in which they are neither perfect nor useless."""
    study = make_study(
        cases=cases, hypotheses=2, coders=3, clusters=(3, 2), singles=singles, redundancy=(0.3, 0.5, 0.7), seed=2
    )
    problem = encode(study, make_profile())
    rng = np.random.default_rng(3)
    while True:
        truth = draw_truth(problem, rng)
        noise = truth.theta.noise
        if (
            noise.max() < 1.5
            and noise.min() > 0.2
            and 0.2 < truth.theta.common_error < 0.8
            and truth.theta.log_v > -1.0
        ):
            return draw_study(problem, truth, rng)


def quantities(problem: Problem, tree: xr.DataTree) -> xr.Dataset:
    posterior = tree["posterior"].to_dataset()
    kept = [name for name in posterior.data_vars if name not in {"case_loglik", "case_prior", "pool"}]
    return posterior[kept].merge(answer.quantities(answer.draws_of(problem, posterior))[["pooled"]])


@pytest.mark.parametrize(("cases", "singles"), [(4, 300), (24, 45)])
def test_draws_about_the_mode_are_those_of_nuts(cases: int, singles: int) -> None:
    problem = drawn(cases, singles)
    assert large.fits(problem)
    assert pooling.fits_in_table(problem) == (cases == 4)
    if not sampling.is_compiled(problem):
        sampling.compile_ahead(problem)
    sampled = quantities(problem, sampling.sample(problem, draws=500, chains=4, seed=1))
    tree = large.sample(problem, draws=2000, chains=4, seed=2)
    about = quantities(problem, tree)
    assert tree["sample_stats"].attrs["pareto_k"] < 0.7
    gaps = []
    for name in sampled.data_vars:
        one, other = (found[name].mean(("chain", "draw")).values.ravel() for found in (sampled, about))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what does not vary there is no error
            errors = [np.asarray(az.mcse(found[[name]])[name].values).ravel() for found in (sampled, about)]
        gaps += list(np.abs(one - other) / np.sqrt(errors[0] ** 2 + errors[1] ** 2 + 1e-12))
    worst = np.nanmax(gaps)
    assert worst < 5.0, f"{worst:.1f} Monte Carlo standard errors apart"
