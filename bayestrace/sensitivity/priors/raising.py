"""Raise one explanation's prior probability, the others keeping their proportions, and see what it takes."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.sensitivity.draws import Stored
from bayestrace.sensitivity.flips import named, nearest_flips
from bayestrace.sensitivity.priors.beliefs import Beliefs

Floats = NDArray[np.float64]

#: Prior probabilities at which answers are given; the fitted one is put among them.
SWEEP = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
    *(0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999),
)
#: Posterior probabilities of which it is told what prior they take.
EVEN, SURE = 0.5, 0.95
#: A prior probability is looked for between this and 1 less this.
LEAST = 1e-6
# Halvings of an interval of log-odds of 28 nats: to less than 1e-9.
_HALVINGS = 36


def raised(prior: Floats, hypothesis: int, probability: Floats) -> Floats:
    """Give one explanation another prior probability.

    Parameters
    ----------
    prior
        m, shape (K,).
    hypothesis
        Whose.
    probability
        What it becomes, shape (S,).

    Returns
    -------
    ndarray, shape (S, K)
        The others share the rest in the proportions of `prior`, equally where these are all 0.
    """
    rest = np.delete(prior, hypothesis)
    share = rest / rest.sum() if rest.sum() > 0.0 else np.full(rest.size, 1.0 / rest.size)
    return np.insert((1.0 - probability)[:, None] * share, hypothesis, probability, axis=1)


def analyse(stored: Stored) -> xr.Dataset:
    """Sweep the prior probability of each explanation.

    Parameters
    ----------
    stored
        Draws.

    Returns
    -------
    Dataset
        `x` (hypothesis_raised, setting): the prior probability, the fitted one among them, at `start`
        (hypothesis_raised). `probability` (hypothesis_raised, setting, case, hypothesis), `pareto_k`, `ess`.
        `even_at`, `sure_at` (hypothesis_raised, case): the prior at which the explanation raised becomes as probable
        as .5 and .95 in that case, NaN where none between a millionth and all but a millionth does. `flip_at`,
        `flip_to` (hypothesis_raised, case): the prior nearest to the fitted one at which another explanation leads,
        raising or lowering. Attribute `focal` names the explanation of which the study speaks.
    """
    beliefs = Beliefs(stored)
    prior = beliefs.base.prior[0]
    names = stored.problem["hypothesis"].values
    sweeps = np.stack([np.sort([*SWEEP, prior[k]]) for k in range(prior.size)])
    start = np.array([int(np.searchsorted(sweep, prior[k])) for k, sweep in enumerate(sweeps)])
    rows = np.concatenate([raised(prior, k, sweep) for k, sweep in enumerate(sweeps)])
    # The fitted prior itself, to the last digit: at its place nothing is changed.
    rows.reshape(prior.size, -1, prior.size)[np.arange(prior.size), start] = prior
    found = beliefs.answered(beliefs.from_prior(rows), diagnose=True)
    probability, pareto_k, ess = (
        values.reshape(*sweeps.shape, *values.shape[1:]) for values in (found.probability, found.pareto_k, found.ess)
    )
    flips = []
    for k, sweep in enumerate(sweeps):

        def at(x: float, k: int = k) -> Floats:
            return np.asarray(beliefs.probability(beliefs.from_prior(raised(prior, k, np.array([x]))))[0])

        flips.append(nearest_flips(sweep, probability[k], int(start[k]), at))
    by_case = ("hypothesis_raised", "case")
    return xr.Dataset(
        {
            "x": (("hypothesis_raised", "setting"), sweeps),
            "start": ("hypothesis_raised", start),
            "probability": (("hypothesis_raised", "setting", "case", "hypothesis"), probability),
            "pareto_k": (("hypothesis_raised", "setting"), pareto_k),
            "ess": (("hypothesis_raised", "setting"), ess),
            "even_at": (by_case, reaching(beliefs, EVEN)),
            "sure_at": (by_case, reaching(beliefs, SURE)),
            "flip_at": (by_case, np.stack([flip.at for flip in flips])),
            "flip_to": (by_case, np.stack([named(flip.to, names) for flip in flips])),
        },
        coords={"hypothesis_raised": names, "hypothesis": names, "case": stored.problem["case"].values},
        attrs=beliefs.attributes("prior probability") | {"focal": stored.problem.attrs["focal"]},
    )


def reaching(beliefs: Beliefs, target: float) -> Floats:
    """Find the prior of each explanation at which it becomes this probable in each case.

    Parameters
    ----------
    beliefs
        The evidence.
    target
        The posterior probability.

    Returns
    -------
    ndarray, shape (K, C)
        To nine digits, by halving all intervals at once; NaN where no prior between `LEAST` and 1 - `LEAST` does.
    """
    prior = beliefs.base.prior[0]
    cases = beliefs.stored.loglik.shape[1]
    case = np.arange(cases)

    def falls_short(log_odds: Floats) -> NDArray[np.bool_]:
        rows = np.stack([raised(prior, k, 1.0 / (1.0 + np.exp(-row))) for k, row in enumerate(log_odds)])
        found = beliefs.probability(beliefs.from_prior(rows)).reshape(prior.size, cases, cases, prior.size)
        return np.stack([found[k, case, case, k] for k in range(prior.size)]) < target

    end = np.log1p(-LEAST) - np.log(LEAST)
    low, high = np.full((prior.size, cases), -end), np.full((prior.size, cases), end)
    crossed = falls_short(low) & ~falls_short(high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        short = falls_short(middle)
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.where(crossed, 1.0 / (1.0 + np.exp(-0.5 * (low + high))), np.nan)
