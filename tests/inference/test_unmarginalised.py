"""The marginal model and the unmarginalised one draw the same posterior (minutes: the only tests that sample)."""

from __future__ import annotations

from collections.abc import Iterator

import arviz as az
import numpy as np
import pymc as pm
import pytest
import unmarginalised
import xarray as xr
from study_factory import make_profile, make_study

from bayestrace.encoding import Problem, encode
from bayestrace.inference import answer
from bayestrace.inference.model import build_model
from bayestrace.inference.sampling import CAREFUL_ACCEPT

pytestmark = pytest.mark.long

SHARED = (
    "noise", "range_factor", "shared", "common_error", "r_eta", "log_v", "sd_log_v", "scale", "leaning_sd", "bias",
)  # fmt: skip


def small() -> Problem:
    """Two cases, three hypotheses, three coders, eight observations, two of the clusters with two members."""
    study = make_study(
        cases=2, hypotheses=3, coders=3, clusters=(2,), singles=2, reliability=1.0, redundancy=(None, 0.4, None), seed=8
    )
    return encode(study, make_profile())


def drawn(model: pm.Model, problem: Problem, *, draws: int, target_accept: float) -> xr.Dataset:
    """Sample, and add P(Z) given each draw."""
    with model:
        tree = pm.sample(
            draws=draws,
            tune=1000,
            chains=2,
            cores=1,
            random_seed=20,
            target_accept=target_accept,
            nuts_sampler="pymc",
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )
    posterior = tree["posterior"].to_dataset()
    assert int(tree["sample_stats"]["diverging"].sum()) <= draws // 50
    loglik = posterior["case_loglik"].transpose("chain", "draw", "case", "hypothesis").values
    made = answer.quantities(answer.TableDraws(problem, loglik))
    both: xr.Dataset = posterior[list(SHARED)].merge(made[["pooled", "focal_everywhere"]])
    return both


def moments(draws: xr.Dataset) -> Iterator[tuple[str, float, float]]:
    """Yield name, mean and Monte Carlo standard error of every quantity, and of the squares of hyperparameters.

    Not of the squares of P(Z): given true weights it varies more from draw to draw than given hyperparameters alone.
    """
    for power, names in ((1, list(draws.data_vars)), (2, list(SHARED))):
        raised = draws[names] ** power
        ess = az.ess(raised, method="mean")
        for name in names:
            values = raised[name]
            error = values.std(("chain", "draw")) / np.sqrt(ess[name])
            mean = values.mean(("chain", "draw"))
            for spot in np.ndindex(mean.shape):
                yield f"{name}{list(spot)}^{power}", float(mean.values[spot]), float(error.values[spot])


def test_both_models_draw_the_same_explanations_and_hyperparameters() -> None:
    problem = small()
    marginal = drawn(build_model(problem), problem, draws=2000, target_accept=0.97)
    whole = drawn(unmarginalised.build(problem), problem, draws=2000, target_accept=0.9)
    apart = {}
    for (name, one, error), (_, other, other_error) in zip(moments(marginal), moments(whole), strict=True):
        assert error > 0.0 or one == other, name
        apart[name] = (one - other) / max(np.hypot(error, other_error), 1e-12)
    assert {name: round(z, 1) for name, z in apart.items() if abs(z) > 5.0} == {}
    share = whole["pooled"].mean(("chain", "draw"))
    assert float(np.ptp(share.values)) > 0.1, "else any model would agree"


@pytest.mark.parametrize("ranges", [True, False])
def test_a_single_coder_s_noise_and_common_error_are_drawn_though_nothing_tells_them_apart(*, ranges: bool) -> None:
    study = make_study(cases=2, coders=1, clusters=(3, 2), singles=4, ranges=ranges, seed=3)
    with build_model(encode(study, make_profile())):
        tree = pm.sample(
            draws=1000,
            tune=1000,
            chains=2,
            cores=1,
            random_seed=4,
            target_accept=CAREFUL_ACCEPT,
            nuts_sampler="pymc",
            progressbar=False,
            quiet=True,
            compute_convergence_checks=False,
        )
    assert int(tree["sample_stats"]["diverging"].sum()) == 0
    posterior = tree["posterior"].to_dataset()[["noise", "common_error", "log_v"]]
    ess, rhat = az.ess(posterior), az.rhat(posterior)
    for name in posterior.data_vars:
        assert float(ess[name].min()) > 400.0, name
        assert float(rhat[name].max()) < 1.01, name
