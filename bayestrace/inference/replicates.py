"""Compare what coders stated with what a fit says that they would state of new observations.

For each draw the explanations of the cases are drawn from their posterior, and everything below them anew: what is so,
informativeness, redundancy, signals, shared errors, coders' errors. A replicate is thus another catalogue of evidence
of the same cases, coded by the same coders. Holding the signals or the informativeness at what was inferred from the
very weights that are checked would let almost any weights pass (docs/prediction.md).

Axes: `S` draws, `J` coders, `N` observations, `G` clusters, `D` contrasts, `K` hypotheses, `P` pairs of hypotheses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.inference import facevalue, ledger, pooling
from bayestrace.inference.backend import NumPy
from bayestrace.inference.layout import add_up
from bayestrace.inference.predictive import thinned
from bayestrace.inference.signal import Design, Hyperparameters, design_of
from bayestrace.weights import to_decibels

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

#: Replicates of each of the thinned draws.
ROUNDS = 5
# Numbers of replicated weights that are held at once.
_HELD = 20_000_000
#: From this weight on, in decibels, an observation is said to be far out: a ratio of 100.
FAR_DB = 20.0
#: Weights that differ by less are the same but for rounding, and drift nowhere.
ALIKE_DB = 1e-6
#: What is compared, by coder: docs/prediction.md defines each.
STATISTICS = ("spread", "drift", "contrary", "far")
#: What is compared by step as well: a step has too few observations to tell of tails.
BY_STEP = STATISTICS[:3]
#: Ends and middle of the interval that holds nine of ten replicates.
ENDS = {"q05": 0.05, "q50": 0.5, "q95": 0.95}


@dataclass(frozen=True)
class Layout:
    """What the statistics need of a problem besides the weights.

    Parameters
    ----------
    pairs
        Directions of the weights between two hypotheses, shape (P, D).
    known
        Whether a coder's comparisons determine each, shape (J, N, P).
    sides
        For each hypothesis its pairs with the others: 1 or -1 by which of the two it is, 0 elsewhere; shape (K, P).
    average
        What turns the sum of the coders' vectors into their (least squares) mean, shape (N, D, D).
    basis
        h_k, shape (K, D).
    case, order
        Case of each observation, and its place in the case's list less the mean place of those that weigh, shape (N,).
    step
        Step of each observation, as an index, shape (N,).
    steps
        Number of steps.
    """

    pairs: Floats
    known: NDArray[np.bool_]
    sides: Floats
    average: Floats
    basis: Floats
    case: Indices
    order: Floats
    step: Indices
    steps: int


def replicates(
    problem: xr.Dataset,
    posterior: xr.Dataset,
    *,
    step_of: Sequence[str],
    steps: Sequence[str],
    seed: int,
) -> xr.Dataset:
    """Compare what coders stated with what the fit says they would state of new observations.

    Parameters
    ----------
    problem, posterior
        What was fitted, and its draws.
    step_of
        Step of each observation of the problem.
    steps
        The steps, in the order of the mechanism.
    seed
        Of the replicates.

    Returns
    -------
    Dataset
        The group `replicates` of docs/results.md. NaN where a coder stated too little, in all or of a step, for a
        statistic.
    """
    rng = np.random.default_rng(seed)
    kept = thinned(posterior)
    theta = ledger.hyperparameters(kept)
    design, evidence, cluster = design_of(problem)
    layout = layout_of(problem, design, [list(steps).index(step_of[item]) for item in evidence], len(steps))
    case_of = problem["case_of_cluster"].values[cluster]
    observed = statistics(design.weight[None], layout)[0]
    rounds = [
        statistics(simulate(design, some, spoken, rng), layout)
        # Of very many observations one replicate a draw says as much: what differs between replicates averages out.
        for _ in range(1 if design.label.size >= ledger.MANY else ROUNDS)
        for some, spoken in _blocks(theta, explanations(problem, kept, rng)[:, case_of], design.weight.size)
    ]
    p_value, ends = compare(observed, np.concatenate(rounds))
    # What no replicate has to be compared with is missing, too.
    observed = np.where(np.isnan(p_value), np.nan, observed)
    few = len(BY_STEP)
    return xr.Dataset(
        {
            "observed": (("statistic", "coder"), observed[:, 0]),
            "replicated": (("end", "statistic", "coder"), ends[:, :, 0]),
            "p_value": (("statistic", "coder"), p_value[:, 0]),
            "step_observed": (("step_statistic", "step", "coder"), observed[:few, 1:]),
            "step_replicated": (("end", "step_statistic", "step", "coder"), ends[:, :few, 1:]),
            "step_p_value": (("step_statistic", "step", "coder"), p_value[:few, 1:]),
        },
        coords={
            "statistic": list(STATISTICS),
            "step_statistic": list(BY_STEP),
            "coder": problem["coder"].values,
            "end": list(ENDS),
            "step": list(steps),
        },
    )


def _blocks(theta: Hyperparameters, spoken: Indices, size: int) -> Iterator[tuple[Hyperparameters, Indices]]:
    """Share draws out so that the replicates of some of them, `size` numbers each, can be held."""
    together = max(1, _HELD // size)
    for start in range(0, len(spoken), together):
        some = slice(start, start + together)
        yield Hyperparameters(*(values[some] for values in theta)), spoken[some]


def compare(observed: Floats, drawn: Floats) -> tuple[Floats, Floats]:
    """Hold statistics of what was stated against those of replicates.

    Parameters
    ----------
    observed
        Of what was stated, shape (...); NaN where missing.
    drawn
        Of the replicates, shape (S, ...). Where coders compare only some explanations, a replicate may lack a
        statistic, because its leader is one that a coder left out; the others are compared.

    Returns
    -------
    tuple of ndarray
        Share of replicates above what was stated, ties (as between shares) counting half, shape (...), and `ENDS` of
        the replicates, shape (3, ...); NaN where the statistic is missing.
    """
    defined = np.isfinite(drawn)
    known = np.isfinite(observed) & defined.any(axis=0)
    above = (drawn > observed).sum(axis=0) + 0.5 * (drawn == observed).sum(axis=0)
    p_value = np.full(observed.shape, np.nan)
    p_value[known] = above[known] / defined.sum(axis=0)[known]
    ends = np.full((len(ENDS), *observed.shape), np.nan)
    ends[:, known] = np.nanquantile(drawn[:, known], list(ENDS.values()), axis=0)
    return p_value, ends


def layout_of(problem: xr.Dataset, design: Design, step: Sequence[int], steps: int) -> Layout:
    """Lay out what the statistics need; `step` is the index of each of the N observations' step."""
    evidence = np.flatnonzero(problem["weighs"].values)
    hypotheses = design.helmert.shape[1]
    one, other = np.triu_indices(hypotheses, 1)
    pairs = design.helmert.T[one] - design.helmert.T[other]
    projector = problem["projector"].values[:, evidence]
    determined = np.isclose(np.einsum("jnab,pb->jnpa", projector, pairs), pairs).all(axis=-1)
    case = problem["case_of_evidence"].values[evidence]
    names = np.arange(hypotheses)[:, None]
    # The study lists a case's observations together, so that places in the problem are places in the list.
    order = np.arange(case.size) - (np.bincount(case, np.arange(case.size)) / np.maximum(np.bincount(case), 1))[case]
    return Layout(
        pairs=pairs,
        known=determined & (design.stated[..., None] > 0),
        sides=(names == one).astype(np.float64) - (names == other),
        average=np.linalg.pinv((projector * design.stated[..., None, None]).sum(axis=0), hermitian=True),
        basis=design.helmert.T,
        case=case,
        order=order,
        step=np.asarray(step, dtype=np.int64),
        steps=steps,
    )


def statistics(weight: Floats, layout: Layout) -> Floats:
    """Evaluate every statistic of every coder, over all observations and over those of each step.

    Parameters
    ----------
    weight
        Stated vectors in contrasts, shape (S, J, N, D), nats; what was not stated is left out of all sums.
    layout
        As `layout_of` gives it.

    Returns
    -------
    ndarray, shape (S, 4, 1 + steps, J)
        `STATISTICS` of all observations, then of those of each step; NaN where nothing or too little was stated.
    """
    known = layout.known
    decibels = np.where(known, to_decibels(weight @ layout.pairs.T), 0.0)
    part = np.column_stack([np.ones_like(layout.step, dtype=bool), layout.step[:, None] == np.arange(layout.steps)])
    inside = part.astype(np.float64)
    # The leader, that of the whole case, is found anew in every replicate, as it was in what was stated.
    towards = layout.sides[_leaders(weight, layout)][:, None]
    compared = (known * np.abs(towards)).sum(axis=-1)
    said = compared > 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = decibels.sum(axis=2, keepdims=True) / known.sum(axis=1, keepdims=True)
        square = np.where(known, (decibels - centre) ** 2, 0.0).sum(axis=-1)
        spread = np.sqrt((square @ inside) / (known.sum(axis=-1) @ inside))
        lead = np.where(said, (decibels * towards).sum(axis=-1) / compared, 0.0)
        drift = np.stack([_drift(lead, said & some, layout) for some in part.T], axis=-1)
        contrary = ((lead < 0.0) @ inside) / (said @ inside)
        far = ((np.abs(decibels).max(axis=-1) >= FAR_DB) @ inside) / (known.any(axis=-1) @ inside)
    return np.stack([spread, drift, contrary, far], axis=1).transpose(0, 1, 3, 2)


def _leaders(weight: Floats, layout: Layout) -> Indices:
    """Find for each observation the explanation that its case's weights, averaged and added up, favour most (S, N)."""
    mean = np.einsum("nab,sjnb->sna", layout.average, weight)
    total = add_up(mean, layout.case, int(layout.case.max()) + 1) @ layout.basis.T
    return np.asarray(total.argmax(axis=-1)[:, layout.case])


def _drift(lead: Floats, said: NDArray[np.bool_], layout: Layout) -> Floats:
    """Correlate the weight of a case's leader with the place in its list, within cases, of what is said (S, J)."""
    cases = int(layout.case.max()) + 1
    many = add_up(said[..., None].astype(np.float64), layout.case, cases)[..., 0]

    def within(values: Floats) -> Floats:
        mean = add_up((said * values)[..., None], layout.case, cases)[..., 0] / np.maximum(many, 1.0)
        return np.where(said, values - mean[..., layout.case], 0.0)

    place, miss = within(layout.order), within(lead)
    drift = (miss * place).sum(-1) / np.sqrt((miss**2).sum(-1) * (place**2).sum(-1))
    # A line goes through any two observations of a case: their correlation is 1 or -1, whatever was said.
    free = said.sum(axis=-1) - (many > 0.0).sum(axis=-1)
    return np.where((free > 1) & (np.abs(miss).max(axis=-1) > ALIKE_DB), drift, np.nan)


def explanations(problem: xr.Dataset, draws: xr.Dataset, rng: np.random.Generator) -> Indices:
    """Draw the explanation of every case from the joint posterior of each draw, shape (S, C)."""
    loglik = draws["case_loglik"].transpose("chain", "draw", "case", "hypothesis").values[0]
    if pooling.fits_in_table(problem):
        table = pooling.table_of(problem)
        return table.z[_choose(pooling.posterior(table, loglik), rng)]
    prior = draws["case_prior"].transpose("chain", "draw", "case", "hypothesis").values[0]
    return _choose(facevalue.case_posterior(prior, loglik), rng)


def _choose(probability: Floats, rng: np.random.Generator) -> Indices:
    """Draw an index along the last axis."""
    cumulated = probability.cumsum(axis=-1)
    return np.asarray((cumulated < rng.random((*probability.shape[:-1], 1)) * cumulated[..., -1:]).sum(axis=-1))


def simulate(design: Design, theta: Hyperparameters, spoken: Indices, rng: np.random.Generator) -> Floats:
    """Draw what coders state of new observations.

    Parameters
    ----------
    design
        Who compares what, with which ranges, and how observations group.
    theta
        One set of hyperparameters for each replicate.
    spoken
        The explanation of each cluster's case, shape (S, G).
    rng
        Source of randomness.

    Returns
    -------
    ndarray, shape (S, J, N, D)
        Stated vectors in contrasts, nats. Selection is not replicated: every cluster is reported.
    """
    draws, clusters = spoken.shape
    dims, hypotheses = design.helmert.shape
    cluster = design.label
    members = design.size
    # What is not so speaks for any of the explanations alike.
    so = rng.random(spoken.shape) < design.reliability
    spoken = np.where(so, spoken, rng.integers(0, hypotheses, spoken.shape))
    half_v = 0.5 * np.exp(theta.log_v[:, None] + theta.sd_log_v[:, None] * rng.standard_normal(spoken.shape))
    node = _choose(np.broadcast_to(design.redundancy_weight, (draws, *design.redundancy_weight.shape)), rng)
    r = design.redundancy[np.arange(clusters), node]
    doubt = theta.range_factor[:, None, None] ** 2 * design.stated_variance
    mean_doubt = theta.shared[:, None] * (design.stated * doubt).sum(axis=1) / design.stated.sum(axis=0)
    hard = NumPy().sum_rows(cluster, design.clusters, mean_doubt, 0) / members + theta.common_error[:, None] ** 2
    together = theta.r_eta[:, None] * (members > 1)
    seen = half_v[..., None] * design.helmert.T[spoken]
    seen = seen[:, cluster]
    for variance, alike in ((half_v, r), (hard, together)):
        both = rng.standard_normal((draws, clusters, dims)) * np.sqrt(variance * alike)[..., None]
        alone = rng.standard_normal((draws, cluster.size, dims))
        seen = seen + both[:, cluster] + alone * np.sqrt(variance * (1.0 - alike))[:, cluster, None]
    noise = np.sqrt(theta.noise[..., None] ** 2 + (1.0 - theta.shared[:, None, None]) * doubt)
    stated = theta.scale[..., None, None] * seen[:, None] + theta.bias[:, :, None, :]
    stated = stated + noise[..., None] * rng.standard_normal(stated.shape)
    if design.projector is not None:
        stated = (design.projector @ stated[..., None])[..., 0]
    return np.asarray(stated * design.stated[..., None])
