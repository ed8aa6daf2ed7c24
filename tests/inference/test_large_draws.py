"""Draws about the mode are those of NUTS, where cases share a table and where their pools are drawn (minutes)."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Iterator

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


@pytest.mark.parametrize(("cases", "singles"), [(4, 80), (24, 10)])
def test_draws_about_the_mode_are_those_of_nuts(cases: int, singles: int) -> None:
    problem = drawn(cases, singles)
    assert large.fits(problem)
    assert pooling.fits_in_table(problem) == (cases == 4)
    if not sampling.is_compiled(problem, "nuts"):
        sampling.compile_ahead(problem, "nuts")
    sampled = quantities(problem, sampling.sample(problem, draws=500, chains=4, seed=1, sampler="nuts"))
    about = quantities(problem, sampling.sample(problem, draws=6000, chains=4, seed=2, sampler="mode"))
    worst = {f"{name}, {what}": gap for name in sampled.data_vars for what, gap in gaps(name, sampled, about)}
    apart = {name: f"{gap:.1f}" for name, gap in worst.items() if gap > 4.5}
    assert not apart, f"Monte Carlo standard errors apart: {apart}"


def gaps(name: Hashable, one: xr.Dataset, other: xr.Dataset) -> Iterator[tuple[str, float]]:
    """Yield by how many Monte Carlo errors means, spreads and tails are apart, at most."""
    over = ("chain", "draw")
    for what, tail in (("mean", None), ("sd", None), ("quantile", 0.05), ("quantile", 0.95)):
        values, errors = [], []
        for found in (one[name], other[name]):
            at = found.quantile(tail, over) if tail else found.mean(over) if what == "mean" else found.std(over)
            values.append(at.values.ravel())
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what does not vary there is no error
                error = az.mcse(found.to_dataset(name="x"), method=what, **({"prob": tail} if tail else {}))
            errors.append(np.asarray(error["x"].values).ravel())
        apart = np.abs(values[0] - values[1]) / np.sqrt(errors[0] ** 2 + errors[1] ** 2 + 1e-12)
        yield f"{what} {tail or ''}".strip(), float(np.nanmax(apart, initial=0.0))
