"""How far answers drift that stand still at face value, once hyperparameters are learned (docs/inference.md 7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import transforms
from numeric import Floats
from study_factory import make_profile, make_study

from bayestrace.encoding import encode
from bayestrace.inference import answer, facevalue, sampling
from bayestrace.study import PriorProfile, Study

#: Three cases, three explanations, two coders; the first observation of a case is a cluster of its own.
STUDY: dict[str, Any] = {
    "cases": 3,
    "clusters": (1,),
    "singles": 4,
    "reliability": 1.0,
    "redundancy": (None, 1.0, None),
    "seed": 4,
}
FAIR = make_profile()
#: The twins share what was the prior of the one.
SHARED = make_profile(prior={"h0": 2.0, "h1": 2.0, "h2": 1.0, "twin": 1.0})


def silent(study: Study) -> Study:
    """Let every coder find nothing in the last observation."""
    last = study.evidence[-1].id

    def change(judgement: Any) -> Any:
        if judgement.evidence != last:
            return judgement
        level = tuple(
            weight.model_copy(update={"low": None, "best": 0.0, "high": None}) for weight in judgement.weights
        )
        return judgement.model_copy(update={"weights": level})

    return transforms.with_judgements(study, change)


def without_last(study: Study) -> Study:
    last = study.evidence[-1].id
    codings = tuple(
        coding.model_copy(update={"judgements": tuple(one for one in coding.judgements if one.evidence != last)})
        for coding in study.codings
    )
    return study.model_copy(update={"evidence": study.evidence[:-1], "codings": codings})


def again(study: Study) -> Study:
    """Let the last coder be heard twice."""
    echo = study.codings[-1].model_copy(update={"coder": "again"})
    return study.model_copy(update={"codings": (*study.codings, echo)})


def same(study: Study) -> Study:
    return study


def alone(study: Study) -> Study:
    return study.model_copy(update={"codings": study.codings[:1]})


def twins(study: Study) -> Study:
    return transforms.doubled(study, "h2", "twin")


def copied(study: Study) -> Study:
    return transforms.with_copies(study, "c0e0", 3)


def pooled(study: Study, profile: PriorProfile) -> Floats:
    """Fit, and take the pooled shares of the first three explanations, a twin's added to the third's."""
    problem = encode(study, profile)
    tree = sampling.sample(problem, draws=2000, chains=2, seed=1)
    found = answer.quantities(answer.draws_of(problem, tree["posterior"].to_dataset()))["pooled"]
    share = np.asarray(found.mean(("chain", "draw")).values)
    return np.concatenate([share[:, :2], share[:, 2:].sum(axis=-1, keepdims=True)], axis=-1)


def face(study: Study, profile: PriorProfile) -> Floats:
    problem = encode(study, profile)
    share = facevalue.case_posterior(
        problem["prior"].values, facevalue.case_loglik(problem, with_doubtful=True, discounted=True)
    )
    return np.concatenate([share[:, :2], share[:, 2:].sum(axis=-1, keepdims=True)], axis=-1)


CHANGES: list[tuple[Callable[[Study], Study], Callable[[Study], Study], PriorProfile, float]] = [
    (same, twins, SHARED, 0.08),
    (without_last, silent, FAIR, 0.06),
    (same, copied, FAIR, 0.11),
    (alone, lambda study: again(alone(study)), FAIR, 0.18),
]


@pytest.mark.long
@pytest.mark.parametrize(("before", "after", "profile", "bound"), CHANGES, ids=["twin", "silent", "copies", "echo"])
def test_answers_drift_by_little(
    before: Callable[[Study], Study], after: Callable[[Study], Study], profile: PriorProfile, bound: float
) -> None:
    study = make_study(**STUDY)
    one, other = before(study), after(study)
    # At face value nothing moves at all.
    np.testing.assert_allclose(face(other, profile), face(one, FAIR), rtol=0, atol=1e-9)
    drift = float(np.abs(pooled(other, profile) - pooled(one, FAIR)).max())
    assert drift < bound
