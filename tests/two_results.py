"""Results to compare, made in a moment: at face value, or of a model whose draws come from the priors."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import api
from bayestrace.calibration.truth import draw_truth
from bayestrace.compare import Side
from bayestrace.inference import answer, ledger
from bayestrace.inference.signal import Hyperparameters, design_of
from bayestrace.sensitivity.draws import loglik_of
from bayestrace.study import PriorProfile, Study

DIMS = {"scale": ("coder",), "noise": ("coder",), "bias": ("coder", "contrast")}


def face_value(study: Study, profile: PriorProfile, coders: Sequence[str] | None = None, place: str = "a") -> Side:
    """The result of a study at face value."""
    with_profile = study.model_copy(update={"profiles": {profile.id: profile}})
    chosen = None if coders is None else tuple(coders)
    return Side(place, api.update(with_profile, api.Options(profile=profile.id, face_value=True, coders=chosen)))


def model(study: Study, profile: PriorProfile, draws: int = 20, seed: int = 0, **more: Any) -> Side:
    """A result with the layout of the model's, on draws from the priors."""
    side = face_value(study, profile, **more)
    problem = side.problem
    theta = prior_draws(problem, draws, seed)
    posterior = xr.Dataset(
        {name: (("chain", "draw", *DIMS.get(name, ())), values[None]) for name, values in theta._asdict().items()}
    )
    loglik = loglik_of(problem, ledger.evaluate(design_of(problem)[0], theta))
    posterior["case_loglik"] = (("chain", "draw", "case", "hypothesis"), loglik[None])
    side.tree["posterior"] = xr.DataTree(posterior)
    side.tree["cases"] = xr.DataTree(answer.cases(answer.draws_of(problem, posterior)))
    side.tree["clusters"] = xr.DataTree(ledger.clusters(problem, theta))
    settings = {**json.loads(side.tree.attrs["settings"]), "draws": draws, "chains": 1, "seed": seed}
    side.tree.attrs |= {"kind": "model", "settings": json.dumps(settings, sort_keys=True)}
    return Side(side.place, side.tree)


def prior_draws(problem: xr.Dataset, draws: int, seed: int) -> Hyperparameters:
    rng = np.random.default_rng(seed)
    thetas = [draw_truth(problem, rng).theta for _ in range(draws)]
    return Hyperparameters(
        *(np.stack([np.asarray(values) for values in column]) for column in zip(*thetas, strict=True))
    )


def with_weights(study: Study, weights: Mapping[tuple[str, str], Sequence[float]]) -> Study:
    """Let coders state other weights, in decibels: by coder and observation, in the order that they stand in."""
    codings = []
    for coding in study.codings:
        judgements = [
            judgement.model_copy(
                update={
                    "weights": tuple(
                        one.model_copy(update={"best": float(best)})
                        for one, best in zip(judgement.weights, weights[coding.coder, judgement.evidence], strict=True)
                    )
                }
            )
            if (coding.coder, judgement.evidence) in weights
            else judgement
            for judgement in coding.judgements
        ]
        codings.append(coding.model_copy(update={"judgements": tuple(judgements)}))
    return study.model_copy(update={"codings": tuple(codings)})


def without(study: Study, *observations: str) -> Study:
    """Leave observations out of a study, and what is said of them."""
    codings = tuple(
        coding.model_copy(
            update={"judgements": tuple(item for item in coding.judgements if item.evidence not in observations)}
        )
        for coding in study.codings
    )
    kept = tuple(item for item in study.evidence if item.id not in observations)
    return study.model_copy(update={"evidence": kept, "codings": codings})


def share(decibels: float, prior: float = 0.5) -> float:
    """P(first of two explanations) from its prior and the weight for it: by odds, in the head."""
    odds = prior / (1.0 - prior) * 10.0 ** (decibels / 10.0)
    return float(odds / (1.0 + odds))


def values(step_probability: xr.DataArray, hypothesis: str = "h0") -> NDArray[np.float64]:
    return np.asarray(step_probability.sel(hypothesis=hypothesis).values)
