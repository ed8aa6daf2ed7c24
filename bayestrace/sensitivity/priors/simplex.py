"""Every prior over the explanations: who leads where, and how near the nearest prior is that has another leader."""

from __future__ import annotations

import itertools

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference.pooling import compositions
from bayestrace.results import share_first
from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.flips import EQUAL, leaders, margin, named
from bayestrace.sensitivity.priors.beliefs import Beliefs

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Steps between a prior of 0 and of 1.
STEPS = 20
#: Up to this many explanations every prior is tried, beyond it slices.
WHOLE = 4
# Halvings of the way from the fitted prior to one with another leader.
_HALVINGS = 24


def lattice(size: int, steps: int) -> Floats:
    """List the priors over some explanations whose probabilities are multiples of 1/steps.

    Returns
    -------
    ndarray, shape (S, size)
        S is the number of ways in which `steps` equal shares can be given out: 21, 231 and 1,771 for 20 shares and
        two, three and four explanations.
    """
    return compositions(steps, size) / steps


def slices(size: int, steps: int) -> tuple[Integers, Floats]:
    """Cut the simplex of many explanations along each pair of them, the rest at equal shares.

    Returns
    -------
    pair : ndarray, shape (P, 2)
        Which explanations.
    prior : ndarray, shape (P, S, size)
        All priors on the lattice over the pair and the rest together.
    """
    pair = np.array(list(itertools.combinations(range(size), 2)), dtype=np.int64)
    corner = lattice(3, steps)
    prior = np.repeat(corner[None, :, 2:] / (size - 2.0), pair.shape[0], axis=0) * np.ones(size)
    for place, (one, other) in enumerate(pair):
        prior[place, :, one], prior[place, :, other] = corner[:, 0], corner[:, 1]
    return pair, prior


def analyse(stored: Stored) -> xr.Dataset:
    """Answer from every prior over the explanations, as far as the lattice goes.

    Parameters
    ----------
    stored
        Draws.

    Returns
    -------
    Dataset
        `m` (setting, hypothesis), `probability` (setting, case, hypothesis), `ess` and `pareto_k` (setting; NaN, since
        there are many settings and the weights for another prior are bounded). `joint_top` (setting): the
        probability of the joint explanation that is likeliest as fitted, named by `top` (case). `joint_any` (setting):
        that the focal explanation holds in at least one case. Both are NaN where the joint is not enumerated.
        `leading` (case, hypothesis): in what share of the settings an explanation leads; where several share the first
        place, none does. `flip_at` (case): how much
        prior probability must move, at least, for another explanation to lead, of the settings tried and on the
        straight way to them; `flip_to` (case), `flip_prior` (case, hypothesis): to which and from which prior.

        With more than four explanations all of this has a dimension `slice` before `setting`, and `pair` (slice,
        member) names the two explanations whose priors vary; the others have equal shares of the rest.
    """
    beliefs = Beliefs(stored)
    names = stored.problem["hypothesis"].values
    size = names.size
    coords = {"hypothesis": names, "case": stored.problem["case"].values}
    if size <= WHOLE:
        prior = lattice(size, STEPS)
        over: tuple[str, ...] = ("setting",)
        further = {}
    else:
        pair, cut = slices(size, STEPS)
        prior, over = cut.reshape(-1, size), ("slice", "setting")
        further = {"pair": (("slice", "member"), names[pair])}
        coords["slice"] = np.array(["/".join(row) for row in names[pair]], dtype=np.str_)
    lead = prior.shape[:1] if size <= WHOLE else cut.shape[:2]
    found = beliefs.answered(beliefs.from_prior(prior), diagnose=False)
    probability = found.probability
    top, any_focal, best = _joint(beliefs, prior)
    flip_at, flip_to, flip_prior = _nearest(beliefs, prior, probability)
    first = share_first(probability)
    first &= first.sum(axis=-1, keepdims=True) == 1
    return xr.Dataset(
        {
            "m": ((*over, "hypothesis"), prior.reshape(*lead, size)),
            "probability": ((*over, "case", "hypothesis"), probability.reshape(*lead, *probability.shape[1:])),
            "pareto_k": (over, found.pareto_k.reshape(lead)),
            "ess": (over, found.ess.reshape(lead)),
            "joint_top": (over, top.reshape(lead)),
            "joint_any": (over, any_focal.reshape(lead)),
            "top": ("case", named(best, names)),
            "leading": (("case", "hypothesis"), first.mean(axis=0)),
            "flip_at": ("case", flip_at),
            "flip_to": ("case", named(flip_to, names)),
            "flip_prior": (("case", "hypothesis"), flip_prior),
            **further,
        },
        coords=coords,
        attrs=beliefs.attributes("prior probability moved") | {"focal": stored.problem.attrs["focal"]},
    )


def _joint(beliefs: Beliefs, prior: Floats) -> tuple[Floats, Floats, Integers]:
    """Give for each prior P(the likeliest joint explanation as fitted) and P(focal somewhere), and name the former."""
    stored = beliefs.stored
    if not stored.pooled:
        nothing = np.full(prior.shape[0], np.nan)
        return nothing, nothing, np.full(stored.loglik.shape[1], -1)
    best = int(beliefs.joint(beliefs.base)[0].argmax())
    focal = list(stored.problem["hypothesis"].values).index(stored.problem.attrs["focal"])
    is_best = np.arange(stored.z.shape[0]) == best
    values = np.column_stack([is_best, (stored.z == focal).any(axis=1)]).astype(np.float64)
    top, any_focal = beliefs.expected(beliefs.from_prior(prior), values).T
    return top, any_focal, stored.z[best]


def _nearest(beliefs: Beliefs, prior: Floats, probability: Floats) -> tuple[Floats, Integers, Floats]:
    """Find for each case the nearest prior of those tried with another leader, and go back towards the fitted one."""
    base = beliefs.base.prior[0]
    leader = leaders(beliefs.probability(beliefs.base)[0])
    distance = 0.5 * np.abs(prior - base).sum(axis=1)
    cases = np.arange(leader.size)
    flipped = margin(probability, leader) < -EQUAL
    nearest = np.where(flipped, distance[:, None], np.inf).argmin(axis=0)
    some = flipped.any(axis=0)
    low, high = np.zeros(leader.size), np.ones(leader.size)
    found = probability[nearest, cases]
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        rows = base + middle[:, None] * (prior[nearest] - base)
        here = beliefs.probability(beliefs.from_prior(rows))[cases, cases]
        over = margin(here, leader) < -EQUAL
        low, high = np.where(over, low, middle), np.where(over, middle, high)
        found = np.where(over[:, None], here, found)
    rows = base + high[:, None] * (prior[nearest] - base)
    return (
        np.where(some, high * distance[nearest], np.nan),
        np.where(some, found.argmax(axis=-1), -1),
        np.where(some[:, None], rows, np.nan),
    )
