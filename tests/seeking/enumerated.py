"""What to look for next, worked out the long way: every explanation of all cases, every outcome, every probability."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betaincinv, roots_jacobi
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.joint import joint_prior
from bayestrace.study import Study
from bayestrace.study.sought import Candidate, Chance
from bayestrace.weights import normalise

Floats = NDArray[np.float64]
Joint = dict[tuple[int, ...], float]


class Made(NamedTuple):
    """A result, what it believes of all cases, and what might be sought."""

    tree: xr.DataTree
    joint: Joint
    candidates: dict[str, Candidate]


class One(NamedTuple):
    """A search: for which candidate, where, how likely to be found, how sure to find what is there."""

    candidate: str
    case: int
    chances: tuple[Chance, ...]
    search: float


def made(  # noqa: PLR0913 - what a test varies
    seed: int = 0, *, cases: int = 2, hypotheses: int = 3, candidates: int = 2, pools: bool = False, draws: int = 3
) -> Made:
    """Make a result with draws of either form, and candidates with probabilities of every form."""
    rng = np.random.default_rng(seed)
    study = make_study(cases=cases, hypotheses=hypotheses, singles=1, clusters=(), coders=1, seed=seed)
    prior = {f"h{k}": float(rng.uniform(0.2, 1.0)) for k in range(hypotheses)}
    profile = make_profile(prior=prior, kappa=0.5)
    problem = encode(study, profile, "all")
    loglik = rng.normal(0.0, 1.0, (1, draws, cases, hypotheses))
    by_case = ("chain", "draw", "case", "hypothesis")
    posterior = xr.Dataset({"case_loglik": (by_case, loglik)})
    if pools:
        case_prior = rng.dirichlet(np.ones(hypotheses), (1, draws, cases))
        posterior["case_prior"] = (by_case, case_prior)
        posterior["omega"] = (("chain", "draw", "level"), np.ones((1, draws, problem.sizes["level"])))
        posterior["kappa"] = (("chain", "draw"), np.ones((1, draws)))
        joint = of_pools(normalise(np.log(case_prior[0]) + loglik[0]))
    else:
        joint = of_table(problem, loglik[0])
    asked = {f"x{place}": candidate(rng, hypotheses, cases) for place in range(candidates)}
    return Made(tree_of(study, problem, posterior), joint, asked)


def tree_of(study: Study, problem: xr.Dataset, posterior: xr.Dataset) -> xr.DataTree:
    tree = xr.DataTree.from_dict({"problem": problem, "posterior": posterior})
    tree.attrs |= {"bayestrace": "0", "format": 2, "kind": "model", "study": study.canonical(), "set": "all"}
    tree.attrs["study_digest"] = study.digest()
    return tree


def chance(rng: np.random.Generator) -> dict[str, Any]:
    """Draw P(found | an explanation) in one of its four forms."""
    low = float(rng.uniform(0.05, 0.6))
    high = low + float(rng.uniform(0.05, 0.35))
    mean = float(rng.uniform(0.1, 0.9))
    forms: tuple[dict[str, float], ...] = (
        {"at": float(rng.choice([0.0, 1.0, rng.uniform()]))},
        {"low": low, "high": high},
        {"alpha": float(rng.uniform(0.3, 4.0)), "beta": float(rng.uniform(0.3, 4.0))},
        {"mean": mean, "sd": float(rng.uniform(0.1, 0.9) * math.sqrt(mean * (1.0 - mean)))},
    )
    return forms[rng.integers(4)]


def candidate(rng: np.random.Generator, hypotheses: int, cases: int) -> Candidate:
    where: Sequence[int] = rng.permutation(cases)[: rng.integers(1, cases + 1)].tolist() if rng.uniform() < 0.5 else []
    return Candidate.model_validate(
        {
            "title": "Something",
            "cases": tuple(f"c{case}" for case in where),
            "found_if": {f"h{k}": chance(rng) for k in range(hypotheses)},
            "search": float(rng.choice([1.0, rng.uniform(0.2, 1.0)])),
            "cost": float(rng.uniform(0.5, 3.0)),
        }
    )


def of_table(problem: xr.Dataset, loglik: Floats) -> Joint:
    """P(Z | evidence): urns for the prior, the mean over draws of the posterior given each."""
    z, prior = joint_prior(problem)
    total = np.zeros(prior.size)
    for draw in loglik:
        weight = np.array(
            [p * math.exp(sum(draw[c, k] for c, k in enumerate(row))) for row, p in zip(z, prior, strict=True)]
        )
        total += weight / weight.sum() / len(loglik)
    return {tuple(map(int, row)): float(p) for row, p in zip(z, total, strict=True)}


def of_pools(given: Floats) -> Joint:
    cases, size = given.shape[1:]
    every = itertools.product(range(size), repeat=cases)
    return {z: float(np.mean([math.prod(draw[c, k] for c, k in enumerate(z)) for draw in given])) for z in every}


def searches(candidates: Mapping[str, Candidate], cases: int, hypotheses: int) -> list[One]:
    return [
        One(name, case, tuple(each.found_if[f"h{k}"] for k in range(hypotheses)), each.search)
        for name, each in candidates.items()
        for case in range(cases)
        if not each.cases or f"c{case}" in each.cases
    ]


@functools.cache
def nodes(stated: Chance) -> tuple[Floats, Floats]:
    """Places and weights at which any polynomial of degree 39 or less in phi is integrated exactly."""
    if stated.at is not None:
        return np.array([stated.at]), np.ones(1)
    if stated.alpha is not None and stated.beta is not None:
        a, b = stated.alpha, stated.beta
    elif stated.mean is not None and stated.sd is not None:
        a = stated.mean * (stated.mean * (1.0 - stated.mean) / stated.sd**2 - 1.0)
        b = a * (1.0 - stated.mean) / stated.mean
    else:
        assert stated.low is not None
        assert stated.high is not None
        a, b = _beta(stated.low, stated.high)
    x, weight = roots_jacobi(20, b - 1.0, a - 1.0)
    return (1.0 + x) / 2.0, weight / weight.sum()


def _beta(low: float, high: float) -> tuple[float, float]:
    """Find the Beta with these 5 % and 95 % points: for each sum of its parameters the mean that fits the lower one."""

    def mean(size: float) -> float:
        # The lower point rises with the mean.
        return float(brentq(lambda m: betaincinv(m * size, (1.0 - m) * size, 0.05) - low, 1e-6, 1.0 - 1e-6, xtol=1e-14))

    def missed(log_size: float) -> float:
        size = math.exp(log_size)
        m = mean(size)
        return float(betaincinv(m * size, (1.0 - m) * size, 0.95)) - high

    size = math.exp(brentq(missed, -1.0, 12.0, xtol=1e-13))
    return mean(size) * size, (1.0 - mean(size)) * size


def outcomes(many: Sequence[One], z: Sequence[int]) -> Iterator[tuple[tuple[bool, ...], float]]:
    """Give P(outcomes | Z) of every outcome of several searches, each probability integrated over its nodes."""
    groups: dict[tuple[str, int], list[int]] = {}
    for place, one in enumerate(many):
        groups.setdefault((one.candidate, z[one.case]), []).append(place)
    for came in itertools.product((True, False), repeat=len(many)):
        p = 1.0
        for (_, k), places in groups.items():
            phi, weight = nodes(many[places[0]].chances[k])
            terms = [many[i].search * phi if came[i] else 1.0 - many[i].search * phi for i in places]
            p *= float(weight @ np.prod(terms, axis=0))
        yield came, p


class After(NamedTuple):
    """All that follows from the outcomes of several searches."""

    chance: dict[tuple[bool, ...], float]
    posterior: dict[tuple[bool, ...], Joint]


def after(joint: Joint, many: Sequence[One]) -> After:
    together: dict[tuple[bool, ...], Joint] = {}
    for z, p in joint.items():
        for came, likely in outcomes(many, z):
            together.setdefault(came, {})[z] = p * likely
    chance_of = {came: sum(part.values()) for came, part in together.items()}
    posterior = {
        came: {z: p / chance_of[came] for z, p in part.items()} for came, part in together.items() if chance_of[came]
    }
    return After(chance_of, posterior)


def entropy(values: Sequence[float]) -> float:
    return -sum(p * math.log(p) for p in values if p > 0.0)


def margin(joint: Joint, case: int, size: int) -> list[float]:
    return [sum(p for z, p in joint.items() if z[case] == k) for k in range(size)]


def entropy_lost(joint: Joint, found: After) -> float:
    """How much less uncertain all cases together are expected to be."""
    left = sum(found.chance[came] * entropy(list(part.values())) for came, part in found.posterior.items())
    return entropy(list(joint.values())) - left


def entropy_lost_of(joint: Joint, found: After, case: int, size: int) -> float:
    left = sum(found.chance[came] * entropy(margin(part, case, size)) for came, part in found.posterior.items())
    return entropy(margin(joint, case, size)) - left


def overturn(joint: Joint, found: After, cases: Sequence[int], size: int) -> float:
    """The probability that another explanation then leads in any of these cases."""
    total = 0.0
    for came, part in found.posterior.items():
        now, then = ([margin(belief, case, size) for case in cases] for belief in (joint, part))
        leaders = [row.index(max(row)) for row in now]
        changed = any(max(row) > row[k] * (1.0 + 1e-9) for row, k in zip(then, leaders, strict=True))
        total += found.chance[came] * changed
    return total
