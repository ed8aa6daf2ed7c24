"""How far coders agree, all of it gathered as plain data."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace import panels
from bayestrace.agreement import beside, between, leverage
from bayestrace.agreement.measured import measured
from bayestrace.agreement.worklist import worklist
from bayestrace.encoding import Problem, encode
from bayestrace.errors import UsageFault, unknown
from bayestrace.sensitivity import leftout
from bayestrace.sensitivity.draws import Stored, stored, stored_face_value
from bayestrace.sensitivity.evaluate import answer
from bayestrace.study import PriorProfile, Study
from bayestrace.study.rounds import rounds_of

Floats = NDArray[np.float64]
Row = dict[str, Any]

#: Coders without whom the answer is known from the analysis `left_out` of a result.
_LEFT_OUT = "sensitivity/left_out/coder"
_TWO = 2


@dataclass(frozen=True)
class Wanted:
    """What is asked.

    Parameters
    ----------
    profile, hypothesis_set
        The standpoint, and the set of hypotheses; the study's default set if None.
    result
        A result of the study as it is, from this standpoint; None where there is none.
    fits
        How to fit what no result has; None: fit nothing, and take the stated weights at face value where there is no
        result.
    weights
        Relative weights of coders in the pools; 1 for those not named.
    seed
        Of the bootstrap.
    tell
        Told how many statements of the worklist are done, of how many.
    """

    profile: PriorProfile
    hypothesis_set: str | None = None
    result: xr.DataTree | None = None
    fits: leftout.Fits | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0
    tell: Callable[[int, int], None] | None = None


def analyse(study: Study, wanted: Wanted) -> Row:
    """Work out how far the coders of a study agree, and what hangs on it.

    Parameters
    ----------
    study
        With the round in force that is asked about.
    wanted
        The rest.

    Returns
    -------
    dict
        Plain data, ready for JSON, as docs/agreement.md describes it; None where there is no such number.

    Raises
    ------
    UsageFault
        An unknown set or coder, fewer than two coders who weighed an observation, or no coder with weight in the pools.
    """
    count = sum(any(item.weights or item.probabilities for item in coding.judgements) for coding in study.codings)
    if count < _TWO:
        raise UsageFault("one-coder-agreement", count=count)
    problem = encode(study, wanted.profile, wanted.hypothesis_set)
    spoken = int(problem["stated"].values.any(axis=1).sum())
    if spoken < _TWO:
        raise UsageFault("one-coder-agreement", count=spoken)
    _check_weights(wanted.weights, [str(name) for name in problem["coder"].values])
    held, model = _held(problem, wanted)
    left_out, source = _left_out(held, study, wanted)
    cases, hypotheses = ([str(name) for name in problem[dim].values] for dim in ("case", "hypothesis"))
    base = answer(held, diagnose=False).probability if model is None else model
    settled = leverage.settle(held, wanted.tell)
    found = {
        "round": study.round,
        "rounds_known": list(rounds_of(study)),
        **measured(study, problem, seed=wanted.seed),
        "basis": "face-value" if held.theta is None else "model",
        "pool_weights": [
            {"coder": str(name), "weight": wanted.weights.get(str(name), 1.0)} for name in problem["coder"].values
        ],
        "opinions": beside.opinions(problem, wanted.weights, model),
        "without_from": source,
        "without": [] if left_out is None else beside.without(left_out, base, cases, hypotheses),
        "worklist": worklist(study, settled, held.problem),
        "rounds": between.between(study, wanted.profile, wanted.hypothesis_set, seed=wanted.seed),
    }
    return dict(_finite(found))


def _check_weights(weights: Mapping[str, float], coders: list[str]) -> None:
    for name in weights:
        if name not in coders:
            raise unknown("coder", name, coders)
    if not any(weights.get(name, 1.0) > 0.0 for name in coders):
        raise UsageFault("pool-weight", text=", ".join(f"{name}={weight:g}" for name, weight in weights.items()))


def _held(problem: Problem, wanted: Wanted) -> tuple[Stored, Floats | None]:
    """Give draws, or the face value, and the model's answer where there are draws."""
    tree = wanted.result
    if tree is not None and tree.attrs["kind"] == "model":
        held = stored(tree["problem"].to_dataset(), tree["posterior"].to_dataset())
        published = tree["cases"].to_dataset()["probability"].sel(pooling="pooled", stat="mean")
        order = {dim: list(problem[dim].values) for dim in ("case", "hypothesis")}
        return held, published.sel(order).transpose("case", "hypothesis").values
    if wanted.fits is None or not problem["weighs"].values.any():
        return stored_face_value(problem), None
    panel = panels.fit(problem, wanted.fits.settings, wanted.fits.cache, wanted.fits.telling)
    held = stored(problem, panel.posterior)
    return held, answer(held, diagnose=False).probability


def _left_out(held: Stored, study: Study, wanted: Wanted) -> tuple[xr.Dataset | None, str]:
    """Find the answer without each coder: in the result, at face value, or by fits."""
    tree = wanted.result
    if tree is not None and held.theta is not None and _LEFT_OUT in {node.path.strip("/") for node in tree.subtree}:
        return tree[_LEFT_OUT].to_dataset(), "result"
    found = leftout.without_coders(held, study, wanted.profile, wanted.fits)
    return found, "nothing" if found is None else "face-value" if held.theta is None else "fits"


def _finite(value: Any) -> Any:
    """Write None for what is no number, all the way down."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def anonymous(found: Row, digest: str) -> Row:
    """Call the coders A, B, C in an order that does not tell who is who.

    Parameters
    ----------
    found
        As `analyse` gives it.
    digest
        Of the study, hexadecimal: the same study gives the same letters.
    """
    names = list(found["coders"])
    order = np.random.default_rng(int(digest[:16], 16)).permutation(len(names))
    letters = {names[place]: _letter(number) for number, place in enumerate(order)}
    return dict(_renamed(found, letters))


def _letter(number: int) -> str:
    return chr(ord("A") + number % 26) + (str(number // 26 + 1) if number >= 26 else "")  # noqa: PLR2004 - letters


def _renamed(value: Any, letters: Mapping[str, str]) -> Any:
    """Rename coders; only keys that hold one are looked at, since explanations may bear the same names."""
    if isinstance(value, list):
        rows = [_renamed(each, letters) for each in value]
        spoken = bool(rows) and all(isinstance(row, dict) and "coder" in row for row in rows)
        return sorted(rows, key=lambda row: (row["coder"], row.get("other", ""))) if spoken else rows
    if not isinstance(value, dict):
        return value
    told = {key: _renamed(each, letters) for key, each in value.items() if key != "place"}
    for key in ("coder", "other"):
        if key in told:
            told[key] = letters[told[key]]
    for key in ("coders", "new_coders"):
        if all(isinstance(each, str) for each in told.get(key, [None])):
            told[key] = sorted(letters[each] for each in told[key])
    return told
