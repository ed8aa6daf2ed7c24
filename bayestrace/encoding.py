"""Turn a study into arrays: the only place where words become numbers.

A `Problem` is an `xarray.Dataset` over `case`, `evidence`, `cluster`, `coder`, `hypothesis`, `contrast`,
`level` and `kappa_node`, and over `theory` where theories may hold together. Every engine takes a Problem and
nothing else. `LAYOUT` documents its variables; where clues count among the evidence, `bayestrace.clues.LAYOUT` more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.clues import encode_clues, has_clues
from bayestrace.errors import UsageFault, unknown
from bayestrace.judgements import Joining, Reached, stated_weight, with_joint_probabilities
from bayestrace.study import Coding, Evidence, PriorProfile, StatedRedundancy, Study
from bayestrace.theories import holding
from bayestrace.weights import NATS_PER_DB, RANGE_WIDTH, helmert

Problem = xr.Dataset
Floats = NDArray[np.float64]

#: Below this reliability an observation is probably not so, and is set aside (docs/inference.md 1).
PROBABLY_FALSE = 0.5
#: Quadrature nodes of the pools' concentration where a profile gives a range.
KAPPA_NODES = 15
#: What is assumed of the redundancy of a cluster of which no coder spoke: mean and standard deviation.
UNSTATED_REDUNDANCY = (0.5, 0.2)

LAYOUT = {
    "weight": "(coder, evidence, contrast) stated log-likelihood vectors in contrasts, nats; 0 where not stated",
    "projector": "(coder, evidence, contrast, contrast_too) projection on the contrasts that were stated",
    "stated": "(coder, evidence) whether the coder weighed the observation within the chosen hypotheses",
    "stated_variance": "(coder, evidence) variance per contrast that the stated ranges imply, nats squared",
    "p_if_focal": "(coder, evidence) stated P(found | focal); NaN where not stated",
    "case_of_evidence": "(evidence) index of the case",
    "cluster_of_evidence": "(evidence) index of the cluster",
    "case_of_cluster": "(cluster) index of the case",
    "reliability": "(evidence) probability that the observation, as reported, is so",
    "weighs": "(evidence) whether the observation enters the model: no context, weighed, not probably false",
    "context": "(evidence) whether it is shown only",
    "redundancy_mean": "(cluster) mean of the stated redundancy",
    "redundancy_sd": "(cluster) its standard deviation",
    "prior": "(hypothesis) m, the prior probability of each explanation in each case",
    "level_weight": "(level) Dirichlet weights of the pooling levels",
    "pool": "(case, level) label of the pool from which the case takes its explanation at that level",
    "kappa": "(kappa_node) concentration of a pool around the prior",
    "kappa_weight": "(kappa_node) prior probability of each node",
    "helmert": "(contrast, hypothesis) orthonormal contrasts",
    "holds": "(hypothesis, theory) whether a theory holds in a cell; only where the study declares theories",
}


def encode(
    study: Study,
    profile: PriorProfile,
    hypothesis_set: str | None = None,
    coders: Sequence[str] | None = None,
) -> Problem:
    """Encode a study for the engines.

    Parameters
    ----------
    study
        A checked study.
    profile
        The standpoint before the evidence.
    hypothesis_set
        Name of one of the study's sets; the default set if None.
    coders
        Names of the coders to include, in any order; all if None.

    Returns
    -------
    Problem
        Dataset with the variables of `LAYOUT`, natural units; attributes `focal` and `favours` (hypothesis
        names), `leaning_sd` (nats per contrast), `selectivity`, `set`, `profile`.

    Raises
    ------
    UsageFault
        An unknown set or coder, no coder, or a prior that gives the chosen hypotheses no mass.
    """
    set_name = hypothesis_set or study.default_set
    if set_name not in study.sets:
        raise unknown("set", set_name, study.sets)
    hypotheses = study.sets[set_name].hypotheses
    codings = _chosen(study, coders)
    evidence = study.evidence
    cases = tuple(study.cases)
    clusters, cluster_of = _clusters(evidence)
    stated, numbers = _stated_arrays(
        codings, evidence, hypotheses, Joining(study.joint_cells(), study.joint_likelihood)
    )
    reliability = np.array([study.reliability_of(item) for item in evidence])
    context = np.array([item.context for item in evidence], dtype=bool)
    spoken = _spoken(codings)
    redundancy = np.array([_redundancy(spoken.get(name.partition("@")[0], ())) for name in clusters]).reshape(-1, 2)
    levels, pool = _pools(study, cases)
    kappa, kappa_weight = _kappa_nodes(profile)
    favours = profile.selection_favours or study.focal
    case_of = {case: place for place, case in enumerate(cases)}
    case_index = np.array([case_of[item.case] for item in evidence], dtype=np.int64)
    clues, clue_coords = encode_clues(study, hypotheses) if has_clues(study) else ({}, {})
    first_member = {int(label): place for place, label in reversed(list(enumerate(cluster_of)))}
    return xr.Dataset(
        {
            **numbers,
            "case_of_evidence": ("evidence", case_index),
            "cluster_of_evidence": ("evidence", cluster_of),
            "case_of_cluster": ("cluster", case_index[[first_member[place] for place in range(len(clusters))]]),
            "reliability": ("evidence", reliability),
            "weighs": ("evidence", ~context & stated.any(axis=0) & (reliability >= PROBABLY_FALSE)),
            "context": ("evidence", context),
            "redundancy_mean": ("cluster", redundancy[:, 0]),
            "redundancy_sd": ("cluster", redundancy[:, 1]),
            "prior": ("hypothesis", _prior(profile, hypotheses)),
            "level_weight": ("level", _level_weights(profile, levels)),
            "pool": (("case", "level"), pool),
            "kappa": ("kappa_node", kappa),
            "kappa_weight": ("kappa_node", kappa_weight),
            "helmert": (("contrast", "hypothesis"), helmert(len(hypotheses))),
            **_holds(study, hypotheses),
            **clues,
        },
        coords={
            **clue_coords,
            "hypothesis": list(hypotheses),
            "case": list(cases),
            "evidence": [item.id for item in evidence],
            "cluster": list(clusters),
            "coder": [coding.coder for coding in codings],
            "level": list(levels),
        },
        attrs={
            "focal": study.focal if study.focal in hypotheses else hypotheses[0],
            "favours": favours if favours in hypotheses else hypotheses[0],
            "leaning_sd": profile.leaning_db * NATS_PER_DB,
            "selectivity": profile.selectivity if favours in hypotheses else 0.0,
            "set": set_name,
            "profile": profile.id,
            **_kappa_range(profile),
        },
    )


def encode_searches(study: Study, profile: PriorProfile, hypothesis_set: str | None = None) -> Problem:
    """Encode the clues of a study by themselves, as if it had no observation."""
    return encode(study.model_copy(update={"evidence": (), "codings": ()}), profile, hypothesis_set)


def _holds(study: Study, hypotheses: Sequence[str]) -> dict[str, xr.DataArray]:
    """Say which theories hold in each chosen cell; nothing where the study declares none."""
    if not study.theories:
        return {}
    names = list(study.theories)
    table = np.array([[name in holding(cell) for name in names] for cell in hypotheses], dtype=bool)
    return {"holds": xr.DataArray(table, dims=("hypothesis", "theory"), coords={"theory": names})}


def _chosen(study: Study, coders: Sequence[str] | None) -> list[Coding]:
    known = {coding.coder: coding for coding in study.codings}
    if not known and has_clues(study):
        return []
    if not known:
        raise UsageFault("no-coding")
    wanted = list(known) if coders is None else list(dict.fromkeys(coders))
    if not wanted:
        raise UsageFault("no-coder-named", known=", ".join(known))
    for name in wanted:
        if name not in known:
            raise unknown("coder", name, known)
    # The study's order, whatever the order of asking: no result depends on it, and files stay comparable.
    return [coding for name, coding in known.items() if name in wanted]


def _clusters(evidence: Sequence[Evidence]) -> tuple[list[str], NDArray[np.int64]]:
    """Split clusters by case; an observation without one is a cluster of its own."""
    names = [f"{item.cluster}@{item.case}" if item.cluster else item.id for item in evidence]
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return list(places), np.array([places[name] for name in names], dtype=np.int64)


def _stated_arrays(
    codings: Sequence[Coding], evidence: Sequence[Evidence], hypotheses: Sequence[str], joining: Joining
) -> tuple[NDArray[np.bool_], dict[str, tuple[tuple[str, ...], NDArray[np.generic]]]]:
    reached = Reached(hypotheses)
    size = len(hypotheses) - 1
    shape = (len(codings), len(evidence))
    weight, projector = np.zeros((*shape, size)), np.zeros((*shape, size, size))
    variance, stated = np.zeros(shape), np.zeros(shape, dtype=bool)
    p_if_focal = np.full(shape, np.nan)
    place = {item.id: index for index, item in enumerate(evidence)}
    for row, coding in enumerate(codings):
        for judgement in coding.judgements:
            column = place[judgement.evidence]
            if judgement.p_if_focal is not None:
                p_if_focal[row, column] = judgement.p_if_focal
            entry = stated_weight(with_joint_probabilities(judgement, joining), reached, joining)
            if entry is not None:
                stated[row, column] = True
                weight[row, column], projector[row, column], variance[row, column] = entry
    return stated, {
        "weight": (("coder", "evidence", "contrast"), weight),
        "projector": (("coder", "evidence", "contrast", "contrast_too"), projector),
        "stated": (("coder", "evidence"), stated),
        "stated_variance": (("coder", "evidence"), variance),
        "p_if_focal": (("coder", "evidence"), p_if_focal),
    }


def _spoken(codings: Sequence[Coding]) -> dict[str, list[StatedRedundancy]]:
    """Return what coders said of the redundancy of each cluster, in the order of the coders."""
    found: dict[str, list[StatedRedundancy]] = {}
    for coding in codings:
        for item in coding.redundancies:
            found.setdefault(item.cluster, []).append(item)
    return found


def _redundancy(stated: Sequence[StatedRedundancy]) -> tuple[float, float]:
    """Mean and standard deviation of a cluster's redundancy: the coders' mean best and mean range."""
    if not stated:
        return UNSTATED_REDUNDANCY
    return float(np.mean([item.best for item in stated])), float(
        np.mean([_span(item) for item in stated])
    ) / RANGE_WIDTH


def _span(item: StatedRedundancy) -> float:
    return item.high - item.low if item.low is not None and item.high is not None else 0.0


def _pools(study: Study, cases: Sequence[str]) -> tuple[list[str], NDArray[np.str_]]:
    levels = ["common", *study.factors, "own"]
    rows = [
        ["common", *(f"{factor}:{study.cases[case].groups[factor]}" for factor in study.factors), f"own:{case}"]
        for case in cases
    ]
    return levels, np.array(rows, dtype=np.str_)


def _level_weights(profile: PriorProfile, levels: Sequence[str]) -> Floats:
    given = profile.pooling.levels
    if isinstance(given, Mapping):
        return np.array([given.get(level, 0.0) for level in levels])
    return np.full(len(levels), given)


def _kappa_nodes(profile: PriorProfile) -> tuple[Floats, Floats]:
    kappa = profile.pooling.kappa
    if not isinstance(kappa, tuple):
        return np.array([kappa]), np.array([1.0])
    low, high = np.log(kappa)
    nodes, weights = np.polynomial.legendre.leggauss(KAPPA_NODES)
    return np.exp(low + (high - low) * (nodes + 1.0) / 2.0), weights / 2.0


def _kappa_range(profile: PriorProfile) -> dict[str, float]:
    kappa = profile.pooling.kappa
    low, high = kappa if isinstance(kappa, tuple) else (kappa, kappa)
    return {"kappa_low": low, "kappa_high": high}


def _prior(profile: PriorProfile, hypotheses: Sequence[str]) -> Floats:
    if profile.prior == "equal":
        return np.full(len(hypotheses), 1.0 / len(hypotheses))
    mass = np.array([profile.prior.get(name, 0.0) for name in hypotheses])
    if mass.max() <= 0.0:
        raise UsageFault("no-prior-mass", profile=profile.id, known=", ".join(hypotheses))
    mass = mass / mass.max()  # so that no sum overflows
    return np.asarray(mass / mass.sum())


def ordered(study: Study, like: Problem) -> Study:
    """Put cases and factors in the order of a problem: canonical JSON sorts them."""
    return study.model_copy(
        update={
            "cases": _in_order(study.cases, [str(name) for name in like["case"].values]),
            "factors": _in_order(study.factors, [str(name) for name in like["level"].values[1:-1]]),
        }
    )


def _in_order[Thing](things: dict[str, Thing], names: Sequence[str]) -> dict[str, Thing]:
    first = {name: things[name] for name in names if name in things}
    return first | {name: thing for name, thing in things.items() if name not in first}
