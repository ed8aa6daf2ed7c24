"""Answers by importance weights are those of a new fit, but for Monte Carlo error, wherever they are to be believed."""

from __future__ import annotations

from typing import NamedTuple

import arviz as az
import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference import answer as answering
from bayestrace.inference import pooling, sampling
from bayestrace.sensitivity.allowances import Allowances, clusters_under
from bayestrace.sensitivity.draws import Stored, stored
from bayestrace.sensitivity.evaluate import Answered, answer
from bayestrace.sensitivity.matching import matched
from bayestrace.sensitivity.multiverse.ground import Evidence, Ground, allowing
from bayestrace.sensitivity.reweight import doubtful
from bayestrace.study import PriorProfile, Study
from bayestrace.weights import to_nats

Floats = NDArray[np.float64]

STUDIES, EACH, ENOUGH = 3, 8, 20
#: What is said to be of one mind differs by no more than so many Monte Carlo standard errors.
ERRORS = 5.0
#: As the studies are encoded: no selection, reliability and redundancy as they are stated.
FITTED: Evidence = (0.0, True, True)


class Setting(NamedTuple):
    """What is otherwise than it was fitted: the evidence, the standpoint, and what all coders lean to the first."""

    evidence: Evidence
    profile: PriorProfile
    leaning_db: float


def random_setting(rng: np.random.Generator) -> Setting:
    """Change the evidence or the leaning, the prior and pooling, or both."""
    evidence, profile, leaning_db = FITTED, make_profile(), 0.0
    kind = rng.choice(["evidence", "standpoint", "both", "leaning"])
    if kind in {"evidence", "both"}:
        evidence = (float(rng.uniform(0.0, 0.9)), bool(rng.random() < 0.5), bool(rng.random() < 0.5))
    if kind in {"standpoint", "both"}:
        prior = dict(zip(["h0", "h1", "h2"], rng.dirichlet(np.full(3, 2.0)).tolist(), strict=True))
        profile = make_profile(prior=prior, kappa=float(rng.uniform(0.05, 1.0)), levels=float(rng.uniform(0.1, 1.0)))
    if kind == "leaning":
        # Greater ones move the draws, which may then agree with each other and miss a part of what a new fit finds.
        leaning_db = float(rng.uniform(-3.0, 3.0))
    return Setting(evidence, profile, leaning_db)


def posed(study: Study, setting: Setting) -> xr.Dataset:
    """Encode what a new fit is asked; a leaning is taken off what was stated of the first explanation."""
    problem = allowing(encode(study, setting.profile), setting.evidence)
    leaning = problem["helmert"].values @ np.array([to_nats(setting.leaning_db), 0.0, 0.0])
    weight = problem["weight"].values - np.where(problem["stated"].values[..., None], leaning, 0.0)
    return problem.assign(weight=problem["weight"].copy(data=weight))


def weighed(held: Stored, problem: xr.Dataset, setting: Setting) -> Answered:
    """Answer on the draws that there are."""
    if setting.leaning_db:
        towards = np.zeros(problem.sizes["case"], dtype=np.int64)
        leaning = Allowances(leaning=setting.leaning_db, towards=towards)
        return matched(held, lambda draws: clusters_under(draws, leaning)).answered
    table = pooling.table_of(problem).log_p
    found = Ground(held, FITTED).answer(setting.evidence, table[None], problem["prior"].values[None])
    return Answered(*(values[0] for values in found))


def refitted(problem: xr.Dataset, seed: int) -> tuple[Floats, Floats, Floats]:
    """Answer by a new fit: means (C, K) over its draws, their standard deviations, and effective draws."""
    shares = answering.quantities(answering.draws_of(problem, fitted(problem, seed)))["pooled"]
    mean, spread = (np.asarray(shares.reduce(take, ("chain", "draw"))) for take in (np.mean, np.std))
    return mean, spread, np.asarray(az.ess(shares.to_dataset(name="it"), method="mean")["it"].values)


def fitted(problem: xr.Dataset, seed: int) -> xr.Dataset:
    return sampling.sample(problem, draws=500, chains=2, seed=seed)["posterior"].to_dataset()


@pytest.mark.long
def test_weighted_answers_are_those_of_a_new_fit() -> None:
    """Both have Monte Carlo error: draws differ as much as those of the new fit, and count as many as are worth it."""
    rng = np.random.default_rng(11)
    apart: dict[tuple[int, int], float] = {}
    moved = 0
    for number in range(STUDIES):
        study = make_study(cases=2, clusters=(2,), singles=3, reliability=0.85, strength_db=4.0, seed=number)
        problem = encode(study, make_profile())
        held = stored(problem, fitted(problem, seed=number))
        before = answer(held, diagnose=False).probability
        for turn in range(EACH):
            setting = random_setting(rng)
            posing = posed(study, setting)
            found = weighed(held, posing, setting)
            if doubtful(found.pareto_k, found.ess):
                continue
            mean, spread, ess = refitted(posing, seed=100 + number)
            error = spread * np.sqrt(1.0 / ess + 1.0 / found.ess)
            apart[number, turn] = float(np.abs((found.probability - mean) / error).max())
            moved += bool((np.abs(before - mean) > 2.0 * ERRORS * error).any())
    assert len(apart) >= ENOUGH
    assert moved >= ENOUGH // 2, "else answers that take no notice of a setting would do"
    assert {place: round(far, 1) for place, far in apart.items() if not far < ERRORS} == {}
