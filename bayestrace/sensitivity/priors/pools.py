"""How far cases may share their explanation: the pools' concentration, the weights of the levels, both limits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.errors import UsageFault
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.flips import leaders, named, nearest_flips, overtaken
from bayestrace.sensitivity.priors.beliefs import Beliefs
from bayestrace.sensitivity.priors.raising import raised
from bayestrace.sensitivity.standpoints import Standpoints

Floats = NDArray[np.float64]

#: Concentrations of the pools that are tried: one explanation a pool at 0, no pooling at infinity.
KAPPA = (0.0, *(float(value) for value in np.geomspace(0.01, 100.0, 17)), np.inf)
#: Expected shares of a level that are tried.
SHARES = tuple(float(value) for value in np.linspace(0.0, 1.0, 17))
#: Standpoints at both ends of pooling, and the fitted one between.
LIMITS = ("as-fitted", "no-pooling", "one-explanation")


def kappa(stored: Stored) -> xr.Dataset:
    """Fix the concentration of the pools at one value after the other.

    Parameters
    ----------
    stored
        Draws.

    Returns
    -------
    Dataset
        `x` (setting): kappa, 0 and infinity included. `probability` (setting, case, hypothesis), `pareto_k`, `ess`
        (setting). `flip_at`, `flip_to` (case): the kappa nearest to the fitted one at which another explanation leads
        than as fitted. `fitted`: the fitted kappa, or NaN where the profile gives a range; what is nearest is then
        counted from its mean on the logarithmic scale.

    Raises
    ------
    UsageFault
        The cases are not pooled, or too many to enumerate.
    """
    beliefs = _pooled(stored, None)
    nodes, weight = beliefs.base.kappa, beliefs.base.kappa_weight[0]
    middle = float(nodes[0]) if nodes.size == 1 else float(np.exp(weight @ np.log(nodes)))

    def standpoints(values: Floats) -> Standpoints:
        return beliefs.base._replace(kappa=values, kappa_weight=np.eye(values.size))

    found = _swept(beliefs, np.unique([*KAPPA, middle]), middle, standpoints, log=True)
    return found.assign(fitted=middle if nodes.size == 1 else np.nan).assign_attrs(beliefs.attributes("kappa"))


def levels(stored: Stored) -> xr.Dataset:
    """Give each pooling level more and less weight, the others keeping their proportions.

    Parameters
    ----------
    stored
        Draws.

    Returns
    -------
    Dataset
        `x` (level, setting): the level's expected share, its Dirichlet weight over the sum of all, which stays; the
        fitted one is among them and is `fitted` (level). `probability` (level, setting, case, hypothesis), `pareto_k`,
        `ess` (level, setting), `flip_at`, `flip_to` (level, case).

    Raises
    ------
    UsageFault
        The cases are not pooled, or too many to enumerate.
    """
    names = stored.problem["level"].values
    beliefs = _pooled(stored, range(names.size))
    weight = beliefs.base.level_weight[0]
    fitted = weight / weight.sum()
    parts = []
    for level, share in enumerate(fitted):

        def standpoints(values: Floats, level: int = level) -> Standpoints:
            return beliefs.base._replace(level_weight=weight.sum() * raised(fitted, level, values))

        parts.append(_swept(beliefs, np.sort([*SHARES, share]), share, standpoints).assign(fitted=share))
    return xr.concat(parts, dim=xr.Variable("level", names)).assign_attrs(beliefs.attributes("expected share"))


def limits(stored: Stored) -> xr.Dataset:
    """Answer where no case learns from another, and where all have one explanation.

    Parameters
    ----------
    stored
        Draws.

    Returns
    -------
    Dataset
        Over `limit` (`LIMITS`): `probability` (limit, case, hypothesis), `pareto_k`, `ess` (limit), `flip_to` (limit,
        case): who leads instead, empty where the leader is the fitted one.

    Raises
    ------
    UsageFault
        The cases are not pooled, or too many to enumerate.
    """
    own = stored.problem["level"].size - 1
    used = np.flatnonzero(stored.problem["level_weight"].values > 0)
    beliefs = _pooled(stored, sorted({0, own, *used.tolist()}))
    single = np.eye(own + 1)
    # Concentration matters to pools that several cases share; kappa 0 then leaves them one explanation.
    posed = (
        beliefs.base,
        beliefs.base._replace(level_weight=single[[own]]),
        beliefs.base._replace(level_weight=single[[0]], kappa=np.zeros(1), kappa_weight=np.ones((1, 1))),
    )
    answers = [beliefs.answered(one, diagnose=True) for one in posed]
    probability = np.concatenate([found.probability for found in answers])
    lead = overtaken(probability, leaders(probability[0]))
    return xr.Dataset(
        {
            "probability": (("limit", "case", "hypothesis"), probability),
            "pareto_k": ("limit", np.concatenate([found.pareto_k for found in answers])),
            "ess": ("limit", np.concatenate([found.ess for found in answers])),
            "flip_to": (
                ("limit", "case"),
                named(lead, stored.problem["hypothesis"].values),
            ),
        },
        coords={"limit": np.array(LIMITS, dtype=np.str_), **_coords(stored)},
        attrs=beliefs.attributes("limit"),
    )


def _pooled(stored: Stored, levels: range | list[int] | None) -> Beliefs:
    """Open the discrete layer, where it may be pooled in other ways at all."""
    cases, hypotheses = stored.loglik.shape[1:]
    # Where not every joint explanation is listed, the fit allows those alone of which a pool has one.
    if not stored.pooled or stored.z.shape[0] < hypotheses**cases:
        raise UsageFault("joint-not-enumerated")
    return Beliefs(stored, levels)


def _coords(stored: Stored) -> dict[str, NDArray[np.str_]]:
    return {name: stored.problem[name].values for name in ("case", "hypothesis")}


def _swept(
    beliefs: Beliefs, x: Floats, start: float, standpoints: Callable[[Floats], Standpoints], *, log: bool = False
) -> xr.Dataset:
    """Answer along a sweep, and find the flip point nearest to where it starts; the leaders are those of the fit."""
    problem = beliefs.stored.problem
    found = beliefs.answered(standpoints(x), diagnose=True)

    def at(value: float) -> Floats:
        return np.asarray(beliefs.probability(standpoints(np.array([value])))[0])

    leader = leaders(beliefs.probability(beliefs.base)[0])
    flips = nearest_flips(x, found.probability, int(np.searchsorted(x, start)), at, leader=leader, log=log)
    return xr.Dataset(
        {
            "x": ("setting", x),
            "probability": (("setting", "case", "hypothesis"), found.probability),
            "pareto_k": ("setting", found.pareto_k),
            "ess": ("setting", found.ess),
            "flip_at": ("case", flips.at),
            "flip_to": ("case", named(flips.to, problem["hypothesis"].values)),
        },
        coords=_coords(beliefs.stored),
    )
