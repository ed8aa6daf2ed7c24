"""Put what is foreseen together, and hand it out as plain data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.foreseen.asked import Asked
from bayestrace.foreseen.borrowing import Tell, lent
from bayestrace.foreseen.result import Opened
from bayestrace.results import STATS, leader_of, summarise
from bayestrace.sensitivity.reweight import doubtful

Floats = NDArray[np.float64]

#: Version of the layout of `as_data`.
FORMAT = 1


def foresee(opened: Opened, asked: Sequence[Asked], tell: Tell | None = None) -> xr.Dataset:
    """Foresee the explanation of cases not yet seen, and say what they borrow from which cases.

    Parameters
    ----------
    opened
        A result.
    asked
        At least one case.
    tell
        Told after each case of the study with the number done and the number in all.

    Returns
    -------
    Dataset
        Over `asked` and `hypothesis`: `probability`, beside `prior`, and `low_94`, `low_50`, `high_50`, `high_94`, the
        quantiles over draws, NaN at face value. `information` (asked), nats: the Kullback-Leibler divergence of the
        prior from the probabilities. Over `asked` and `case`: `same_before` and `same`, P(Z_new = Z_c) before and after
        the evidence; (asked, case, hypothesis) `without` and `apart`, the probabilities without the case's evidence and
        were the case to share nothing with the others; `without_information` and `apart_information`, the divergence of
        these from the probabilities, nats; (case) `without_k`, `without_ess`, `apart_k`, `apart_ess` and, true where
        these tell that the weights of draws are not to be believed, `without_doubtful` and `apart_doubtful`. Over
        `level`: `weight_before` and `weight`, its expected weight; (asked, level, hypothesis) `through`, P(the new case
        uses this level and has this explanation). (asked, factor): `group`, empty where it has no name, and `seen`.

    Raises
    ------
    UsageFault
        At face value, joint explanations that are too many to enumerate.

    Notes
    -----
    P(Z_new = k) = sum_Z P(Z | evidence) P(Z, k)/P(Z), exactly in each draw where joint explanations are enumerated;
    where pools were sampled, the levels' weights times the pools' contents of each draw (docs/new-case.md).
    """
    problem, draws = opened.problem, opened.draws()
    pools = [one.pools for one in asked]
    through = np.stack([draws.through(row) for row in pools])
    summary = np.stack([summarise(each.sum(axis=1)) for each in through], axis=1)
    probability = summary[STATS.index("mean")]
    ends = summary if opened.posterior is not None else np.full_like(summary, np.nan)
    same = np.stack([draws.same_as_new(row) for row in pools], axis=1)
    found = lent(opened, draws, pools, tell)
    by_hypothesis, by_case = ("asked", "hypothesis"), ("asked", "case")
    prior, levels = problem["prior"].values, draws.levels()
    variables: dict[str, Any] = {
        "prior": ("hypothesis", prior),
        "probability": (by_hypothesis, probability),
        **{
            name: (by_hypothesis, ends[STATS.index(quantile)])
            for name, quantile in (("low_94", "q03"), ("low_50", "q25"), ("high_50", "q75"), ("high_94", "q97"))
        },
        "information": ("asked", divergence(probability, prior)),
        "same_before": (by_case, same[0]),
        "same": (by_case, same[1]),
        "weight_before": ("level", levels[0]),
        "weight": ("level", levels[1]),
        "through": (("asked", "level", "hypothesis"), through.mean(axis=1)),
        "group": (("asked", "factor"), _table(asked, "group", opened, object)),
        "seen": (("asked", "factor"), _table(asked, "seen", opened, bool)),
    }
    for place, (name, values) in enumerate((("without", found.without), ("apart", found.apart))):
        k, ess = found.pareto_k[place], found.ess[place]
        variables |= {
            name: (("asked", "case", "hypothesis"), values),
            f"{name}_information": (by_case, divergence(probability[:, None], values)),
            f"{name}_k": ("case", k),
            f"{name}_ess": ("case", ess),
            f"{name}_doubtful": ("case", doubtful(k, ess)),
        }
    coords = {name: problem[name].values for name in ("hypothesis", "case", "level")}
    labels = {"asked": [one.label for one in asked], "factor": np.array(opened.factors, dtype=object)}
    return xr.Dataset(variables, coords=coords | labels)


def _table(asked: Sequence[Asked], field: str, opened: Opened, kind: type) -> NDArray[Any]:
    rows = [[getattr(group, field) for group in one.groups] for one in asked]
    return np.array(rows, dtype=kind).reshape(len(asked), len(opened.factors))


def divergence(p: Floats, q: Floats) -> Floats:
    """Take the Kullback-Leibler divergence of q from p over the last axis, sum_k p_k ln(p_k/q_k), nats."""
    p, q = np.broadcast_arrays(p, q)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(p > 0.0, p * np.log(p / q), 0.0)
    # What is 0 may come out a rounding error below.
    return np.asarray(np.maximum(terms.sum(axis=-1), 0.0))


def as_data(opened: Opened, found: xr.Dataset) -> dict[str, Any]:
    """Hand what was foreseen out as plain data, ready for JSON."""
    return {
        "predict": FORMAT,
        "result": opened.place.as_posix(),
        "study": opened.study.id,
        "study_digest": opened.tree.attrs["study_digest"],
        "kind": opened.kind,
        "set": str(opened.tree.attrs["set"]),
        "profile": opened.profile.id,
        "cases": [_case(found.isel(asked=place)) for place in range(found.sizes["asked"])],
    }


def _case(found: xr.Dataset) -> dict[str, Any]:
    names = {axis: [str(name) for name in found[axis].values] for axis in ("hypothesis", "case", "level", "factor")}
    return {
        "case": str(found["asked"].values),
        "groups": [
            {"factor": factor, "group": str(found["group"].values[f]) or None, "seen": bool(found["seen"].values[f])}
            for f, factor in enumerate(names["factor"])
        ],
        "leader": leader_of(found["probability"].values, names["hypothesis"]),
        "information_nats": float(found["information"]),
        "hypotheses": [
            {
                "hypothesis": name,
                **{key: _number(found[key].values[k]) for key in ("prior", "probability")},
                "interval_50": _interval(found, "50", k),
                "interval_94": _interval(found, "94", k),
            }
            for k, name in enumerate(names["hypothesis"])
        ],
        "borrows": [
            {
                "case": name,
                **{key: _number(found[key].values[c]) for key in ("same_before", "same")},
                "without": _left(found, "without", c, names["hypothesis"]),
                "apart": _left(found, "apart", c, names["hypothesis"]),
            }
            for c, name in enumerate(names["case"])
        ],
        "levels": [
            {
                "level": name,
                **{key: _number(found[key].values[place]) for key in ("weight_before", "weight")},
                "through": dict(zip(names["hypothesis"], map(float, found["through"].values[place]), strict=True)),
            }
            for place, name in enumerate(names["level"])
        ],
    }


def _left(found: xr.Dataset, kind: str, case: int, hypotheses: Sequence[str]) -> dict[str, Any]:
    return {
        "probability": dict(zip(hypotheses, map(float, found[kind].values[case]), strict=True)),
        "information_nats": _number(found[f"{kind}_information"].values[case]),
        "pareto_k": _number(found[f"{kind}_k"].values[case]),
        "ess": _number(found[f"{kind}_ess"].values[case]),
        "doubtful": bool(found[f"{kind}_doubtful"].values[case]),
    }


def _interval(found: xr.Dataset, share: str, place: int) -> list[float] | None:
    ends = [_number(found[f"{end}_{share}"].values[place]) for end in ("low", "high")]
    return None if None in ends else [float(end) for end in ends if end is not None]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
