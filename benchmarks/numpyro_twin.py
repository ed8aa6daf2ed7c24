"""The marginal model of the real study once more, in NumPyro: what another sampler makes of it, as `bench.py` times it.

The same priors in the same coordinates (`bayestrace.inference.model`), with the formulas of `inference.signal`, the
table of joint explanations, and four chains in JAX, 64 bits, on the processor. Needs the extra `bench`. `--check` holds
its log-density against the model's at random points, and the means of its draws against a result's.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import api, results
from bayestrace.encoding import Problem, encode
from bayestrace.inference import pooling, priors
from bayestrace.inference.signal import Hyperparameters, cluster_loglik, design_of
from bayestrace.inference.units import Unit, units_of
from bayestrace.weights import helmert

# One device a chain, each with one thread, before JAX is imported: as many chains at once as the machine has cores.
os.environ["XLA_FLAGS"] = (
    f"--xla_force_host_platform_device_count={api.CHAINS} --xla_cpu_multi_thread_eigen=false "
    "intra_op_parallelism_threads=1"
)
os.environ["JAX_ENABLE_X64"], os.environ["JAX_PLATFORMS"] = "1", "cpu"
# What was compiled is kept where the environment says (JAX_COMPILATION_CACHE_DIR), however short it took.
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpyro  # noqa: E402
import numpyro.distributions as dist  # noqa: E402
from numpyro.infer import MCMC, NUTS  # noqa: E402
from numpyro.infer.util import potential_energy  # noqa: E402

ROOT = Path(__file__).parents[1]
#: Warm-up that NumPyro's own introduction takes; target_accept stays at its default, 0.8.
TUNE = 500
#: Random points at which densities are compared, and how far their difference may vary, in nats.
POINTS, APART = 20, 1e-8
#: Monte Carlo standard errors by which means may differ.
ERRORS = 5.0
# What PyMC adds to a name for a transformation that NumPyro makes too.
_TRANSFORMED = re.compile("_(log|logodds)__$")


class Jax:
    """The formulas of the signal model in JAX."""

    log = staticmethod(jnp.log)
    exp = staticmethod(jnp.exp)
    sqrt = staticmethod(jnp.sqrt)
    at_least = staticmethod(jnp.maximum)
    inverse = staticmethod(jnp.linalg.inv)
    normal_cdf = staticmethod(jax.scipy.stats.norm.cdf)
    times = staticmethod(jnp.matmul)

    @staticmethod
    def greatest(x: Any, axes: tuple[int, ...]) -> Any:
        """Take the greatest element along some axes; a constant to gradients."""
        return jax.lax.stop_gradient(x.max(axis=axes))

    @staticmethod
    def log_det(x: Any) -> Any:
        """Take the log determinants of the matrices on the last two axes."""
        return jnp.linalg.slogdet(x)[1]

    @staticmethod
    def sum_rows(label: Any, groups: int, x: Any, trailing: int) -> Any:
        """Sum rows of `x` by their labels; `x` has no draws."""
        del trailing
        return jnp.zeros((groups, *x.shape[1:])).at[label].add(x)


def model_of(problem: Problem) -> Callable[[], None]:
    """Write the marginal model of a problem whose joint explanations fit in a table, as a NumPyro model."""
    design, _, cluster = design_of(problem)
    units, coders = units_of(problem), problem.sizes["coder"]
    contrasts = helmert(coders).T
    table = pooling.table_of(problem)
    cases, case_of = np.arange(problem.sizes["case"]), problem["case_of_cluster"].values[cluster]

    def scaled(name: str, mean: Any, sd: Any, unit: Unit) -> Any:
        left = 1.0 / jnp.sqrt(1.0 / unit.width**2 + 1.0 / sd**2)
        middle = left**2 * (unit.centre / unit.width**2 + mean / sd**2)
        raw = dist.Normal((mean - middle) / left, sd / left).expand(unit.centre.shape)
        return middle + left * numpyro.sample(name, raw.to_event(unit.centre.ndim))

    def alone(name: str, sd: float) -> Any:
        return abs(scaled(name, 0.0, sd, Unit(np.zeros(()), np.array(sd))))

    def model() -> None:
        noise_sd = numpyro.sample("noise_sd", dist.LogNormal(np.log(priors.NOISE_MEDIAN), priors.NOISE_LOG_SD))
        leaning_sd = numpyro.sample("leaning_sd", dist.HalfNormal(priors.LEANING_SD))
        shared = numpyro.sample("shared", dist.Beta(2.0, 2.0))
        own_range = scaled("range_raw", 0.5 * jnp.log1p(-shared), priors.RANGE_SD, units.log_range)
        mean_sd = jnp.sqrt(problem.attrs["leaning_sd"] ** 2 + leaning_sd**2 / coders)
        mean = numpyro.sample("leaning_mean_raw", dist.Normal().expand([problem.sizes["contrast"]]).to_event(1))
        between = scaled("leaning_between_raw", 0.0, leaning_sd, units.leaning)
        theta = Hyperparameters(
            scale=jnp.exp(contrasts @ scaled("scale_raw", 0.0, priors.SCALE_SD, units.log_scale)),
            noise=abs(scaled("noise_raw", 0.0, noise_sd, units.noise)),
            bias=mean * mean_sd + contrasts @ between,
            range_factor=jnp.exp(own_range) / jnp.sqrt(1.0 - shared),
            shared=shared,
            common_error=alone("common_error_raw", priors.COMMON_ERROR_SD),
            r_eta=numpyro.sample("r_eta", dist.Beta(2.0, 2.0)),
            log_v=numpyro.sample("log_v", dist.Normal(priors.LOG_V_MEAN, priors.LOG_V_SD)),
            sd_log_v=alone("sd_log_v_raw", priors.SD_LOG_V),
        )
        for name, value in theta._asdict().items():
            if name not in {"shared", "r_eta", "log_v"}:
                numpyro.deterministic(name, value)
        loglik = jax.ops.segment_sum(cluster_loglik(design, theta, Jax()), case_of, cases.size)
        numpyro.deterministic("case_loglik", loglik)
        numpyro.factor("evidence", jax.scipy.special.logsumexp(table.log_p + loglik[cases, table.z].sum(axis=1)))

    return model


def draw(problem: Problem, draws: int, tune: int) -> dict[str, NDArray[np.float64]]:
    """Draw from the model; variables by name, (chain, draw, ...) in front."""
    chains = MCMC(
        NUTS(model_of(problem)), num_warmup=tune, num_samples=draws, num_chains=api.CHAINS, progress_bar=False
    )
    chains.run(jax.random.PRNGKey(api.SEED))
    return {name: np.asarray(values) for name, values in chains.get_samples(group_by_chain=True).items()}


def density_gap(problem: Problem) -> float:
    """Say how far the difference of the two log-densities varies over random points, in nats."""
    from bayestrace.inference.model import build_model  # noqa: PLC0415 - PyMC is slow to import

    ours, theirs = build_model(problem), model_of(problem)
    evaluate, first = ours.compile_logp(), ours.initial_point()
    density = jax.jit(lambda point: -potential_energy(theirs, (), {}, point))
    source, gaps = np.random.default_rng(1), []
    for _ in range(POINTS):
        point = {name: source.normal(0.0, 0.7, np.shape(value)) for name, value in first.items()}
        plain = {_TRANSFORMED.sub("", name): value for name, value in point.items()}
        gaps.append(float(evaluate(point)) - float(density(plain)))
    return float(np.ptp(gaps))


def mean_gap(drawn: dict[str, NDArray[np.float64]], posterior: xr.Dataset) -> tuple[str, float]:
    """Name the quantity whose means differ most between two sets of draws, and by how many standard errors."""
    import arviz as az  # noqa: PLC0415 - slow to import

    worst = ("", 0.0)
    for name in sorted(set(drawn) & set(map(str, posterior.data_vars))):
        sides = [
            xr.Dataset({"x": (("chain", "draw", *"abc"[: one.ndim - 2]), one)})
            for one in (drawn[name], posterior[name].values)
        ]
        means = [side["x"].mean(("chain", "draw")).values for side in sides]
        errors = [az.mcse(side, method="mean")["x"].values for side in sides]
        apart = float(np.max(np.abs(means[0] - means[1]) / np.hypot(*errors)))
        worst = max(worst, (name, apart), key=lambda one: one[1])
    return worst


def main() -> None:
    """Sample, and print how long it took in this process and how good the draws are; or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=api.DRAWS)
    parser.add_argument("--tune", type=int, default=TUNE)
    parser.add_argument("--check", type=Path, metavar="RESULT", help="posterior.nc of `bayestrace update` on the study")
    asked = parser.parse_args()
    study = api.read_study(ROOT)
    problem = encode(study, study.profiles["reference"])
    begin = time.perf_counter()
    drawn = draw(problem, asked.draws, asked.tune)
    told: dict[str, Any] = {"sampling_s": round(time.perf_counter() - begin, 2)}
    if asked.check is not None:
        told["density_gap"] = density_gap(problem)
        name, apart = mean_gap(drawn, results.load(asked.check)["posterior"].to_dataset())
        told |= {"worst_mean": name, "standard_errors": round(apart, 2)}
    print(json.dumps(told))
    if asked.check is not None and not (told["density_gap"] < APART and told["standard_errors"] < ERRORS):
        sys.exit("the two models differ")


if __name__ == "__main__":
    main()
