"""A large result cut to a few cases that a page shows in full, beside what is said of all its cases.

A page that shows everything grows with the study: by 6 to 10 kB with each observation, in two languages. Past `CASES`
or `OBSERVATIONS` it is a summary. What would change the answer is asked of the same cases, where there are more than
`CASES`: to follow each of them with and without each observation would grow with the square of their number. The cut
is a result again, of the layout of docs/results.md, with fewer labels along `case`, `case_too`, `evidence` and
`cluster`: what reads and shows a result reads and shows it too.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.results import ALIKE, share_first

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

#: What a page shows whole at most. Measured in two languages: the first study's 112 observations, which are long, with
#: sensitivity, clues and panels, make 1.2 MB, 720 short ones of 60 cases 4.6 MB; so 400 of either stay below 5 MB, and
#: forty figures of cases are what a reader can still compare.
CASES, OBSERVATIONS = 40, 400
#: What a summary shows in full at most; and the fewest cases that it does, cut themselves where they are very long.
FULL_CASES, FULL_OBSERVATIONS, FEWEST = 8, 300, 3
#: Findings of a kind, and ids in one finding, that a summary lists.
LISTED = 20
#: Shares of the distribution of the number of cases that an explanation covers: the ends of its 94 % interval.
ENDS = (0.03, 0.97)
# Groups that a summary does not show: draws, fits of other panels, what to look for in every case.
_LEFT = ("posterior", "panels", "seeking")
# Where what would change the answer is kept, and in it what is common to all analyses.
_SENSITIVITY, _BASE = "sensitivity", "base"


@dataclass(frozen=True)
class Overall:
    """What is said of all cases of a result.

    Parameters
    ----------
    cases
        Ids, C of them.
    leader, closest
        The most probable explanation of each case and its closest rival, indices, shape (C,).
    tied, open
        Whether another one is as probable; whether the 94 % interval of the weight brackets 0 dB. Shape (C,).
    probability, weight
        Of the leader, and in decibels over that rival, shape (C,); NaN where what was found excludes the rival.
    led, share, ends
        Share of the cases in which each explanation leads, and that it is expected to cover, shape (K,), and the ends
        of the latter's 94 % interval, shape (2, K); None where nothing but face value is known.
    counted
        Number of cases of which these are shares: a case may stand for several.
    observations
        Number of observations of each case, shape (C,).
    findings
        Number of findings in the result.
    """

    cases: tuple[str, ...]
    leader: Integers
    closest: Integers
    tied: Booleans
    open: Booleans
    probability: Floats
    weight: Floats
    led: Floats
    share: Floats
    ends: Floats | None
    counted: int
    observations: Integers
    findings: int


@dataclass(frozen=True)
class Excerpt:
    """A result cut to a few cases, and what is said of all."""

    tree: xr.DataTree
    overall: Overall


def excerpt(tree: xr.DataTree) -> Excerpt | None:
    """Cut a result to what a page shows of it in full.

    The cases are evenly spaced from the least to the most certain, by the probability of the explanation that leads:
    a rule that knows no explanation. Of cases with more observations than there is room for, whole clusters are kept,
    those that weigh most between the leader and its closest rival first, whichever they favour.

    Parameters
    ----------
    tree
        A result (docs/results.md).

    Returns
    -------
    Excerpt or None
        None for a result that a page shows whole.
    """
    problem = tree["problem"].to_dataset()
    if problem.sizes["case"] <= CASES and problem.sizes["evidence"] <= OBSERVATIONS:
        return None
    study = json.loads(tree.attrs["study"])
    overall = _overall(tree, problem, study)
    places = chosen(overall.probability, overall.observations)
    kept = _kept(tree, problem, overall, places)
    whole = bool(kept[np.isin(problem["case_of_evidence"].values, places)].all())
    left = _LEFT if whole and _asked_of(tree, problem["case"].values[places]) else (*_LEFT, _SENSITIVITY)
    return Excerpt(_cut(tree, study, places, kept, left), overall)


def is_many(tree: xr.DataTree) -> bool:
    """Say whether a result has so many cases that few of them are asked what would change the answer."""
    return bool(tree["problem"].to_dataset().sizes["case"] > CASES and tree.attrs["kind"] != "clues")


def asked(tree: xr.DataTree) -> xr.DataTree | None:
    """Cut a result with many cases to those of which it is asked what would change the answer.

    They are the ones that a page shows in full. All their observations are kept, and the draws of what was learned
    from all cases.

    Returns
    -------
    DataTree or None
        None for a result whose every case is asked about: of `CASES` at most, or of clues alone, whose probabilities
        the cases have in common.
    """
    if not is_many(tree):
        return None
    problem = tree["problem"].to_dataset()
    study = json.loads(tree.attrs["study"])
    overall = _overall(tree, problem, study)
    places = chosen(overall.probability, overall.observations)
    kept = np.isin(problem["case_of_evidence"].values, places)
    left = ["panels", "seeking"]
    if not _asked_of(tree, problem["case"].values[places]):
        left.append(_SENSITIVITY)
    return _cut(tree, study, places, kept, left)


def _asked_of(tree: xr.DataTree, cases: NDArray[Any]) -> bool:
    """Say whether what would change the answer was asked of these cases."""
    group = tree.children.get(_SENSITIVITY)
    base = None if group is None else group.children.get(_BASE)
    return base is not None and np.array_equal(base.to_dataset()["case"].values, cases)


def chosen(probability: Floats, sizes: Integers) -> Integers:
    """Choose the cases that are shown in full.

    Parameters
    ----------
    probability
        Of the leader of each case, shape (C,).
    sizes
        Number of observations of each case, shape (C,).

    Returns
    -------
    ndarray
        Their places, ascending: as many as have no more observations together than there is room for, `FULL_CASES` at
        most and `FEWEST` at least.
    """
    order = np.argsort(probability, kind="stable")
    for number in range(min(FULL_CASES, order.size), 0, -1):
        spaced = np.linspace(0, order.size - 1, number).round().astype(np.int64)
        found = np.sort(order[spaced])
        if number <= FEWEST or sizes[found].sum() <= FULL_OBSERVATIONS:
            break
    return found


def _overall(tree: xr.DataTree, problem: xr.Dataset, study: dict[str, Any]) -> Overall:
    cases, names = problem["case"].values, [str(name) for name in problem["hypothesis"].values]
    rows = np.arange(cases.size)
    face = tree["face_value"].to_dataset().sel(doubtful="counted")
    by_case = face["probability"].sel(pooled="case-by-case").transpose("case", "hypothesis").values
    probability, weight, closest = by_case, face["closest_db"], face["closest"]
    is_open = np.zeros(cases.size, dtype=bool)
    if "cases" in tree.children:
        fitted = tree["cases"].to_dataset()
        pooled = fitted["probability"].sel(pooling="pooled", stat="mean")
        probability, closest = pooled.transpose("case", "hypothesis").values, fitted["closest"]
        weight = fitted["closest_db"].sel(stat="mean")
        low, high = (
            fitted["closest_db"].sel(stat=end).transpose("case", "hypothesis").values for end in ("q03", "q97")
        )
        leader = probability.argmax(axis=1)
        is_open = (low[rows, leader] <= 0.0) & (high[rows, leader] >= 0.0)
    leader = probability.argmax(axis=1)
    rival_names = closest.transpose("case", "hypothesis").values[rows, leader]
    rival = np.array([names.index(str(name)) for name in rival_names], dtype=np.int64)
    over = np.array(weight.transpose("case", "hypothesis").values[rows, leader], dtype=np.float64)
    over[_excluded(tree)[rows, rival]] = np.nan
    stands_for = np.array([study["cases"][str(name)].get("count", 1) for name in cases], dtype=np.float64)
    share, ends = (stands_for @ probability) / stands_for.sum(), None
    if "joint" in tree.children:
        share, ends = _shares(tree["joint"]["count"].transpose("hypothesis", "cases_explained").values)
    tied = share_first(probability).sum(axis=1) > 1
    led = np.bincount(leader, weights=stands_for * ~tied, minlength=len(names))
    return Overall(
        cases=tuple(map(str, cases)),
        leader=leader,
        closest=rival,
        tied=tied,
        open=is_open,
        probability=probability.max(axis=1),
        weight=over,
        led=led / stands_for.sum(),
        share=share,
        ends=ends,
        counted=int(stands_for.sum()),
        observations=np.bincount(problem["case_of_evidence"].values, minlength=cases.size),
        findings=len(json.loads(tree.attrs["findings"])),
    )


def _excluded(tree: xr.DataTree) -> Booleans:
    """Say which explanations what was found of clues rules out, shape (C, K)."""
    problem = tree["problem"].to_dataset()
    if "clues" not in tree.children or tree["clues"].attrs["reading"] == "beside":
        return np.zeros((problem.sizes["case"], problem.sizes["hypothesis"]), dtype=bool)
    return np.asarray(tree["clues"]["excluded"].transpose("case", "hypothesis").values > 0)


def _shares(count: Floats) -> tuple[Floats, Floats]:
    """Turn P(exactly n of the cases) into the expected share of them and the ends of its 94 % interval."""
    numbers = np.arange(count.shape[1])
    below = count.cumsum(axis=1)
    # Rounding may leave the whole a little below 1.
    ends = [(below >= end - ALIKE).argmax(axis=1) for end in ENDS]
    return count @ numbers / numbers[-1], np.array(ends) / numbers[-1]


def _kept(tree: xr.DataTree, problem: xr.Dataset, overall: Overall, places: Integers) -> Booleans:
    """Say which observations are shown, shape (N,)."""
    case_of = problem["case_of_evidence"].values
    kept = np.isin(case_of, places)
    if kept.sum() <= FULL_OBSERVATIONS:
        return kept
    cluster_of = problem["cluster_of_evidence"].values
    weight = _cluster_weights(tree, problem)
    room = FULL_OBSERVATIONS // places.size
    for case in places[overall.observations[places] > room]:
        own = np.flatnonzero(case_of == case)
        over = np.abs(weight[:, overall.leader[case]] - weight[:, overall.closest[case]])
        clusters = np.unique(cluster_of[own])
        kept[own] = False
        left = room
        for cluster in clusters[np.argsort(-over[clusters], kind="stable")]:
            members = own[cluster_of[own] == cluster] if left else own[:0]
            if members.size <= left or left == room:
                kept[members[:left]] = True
                left -= min(members.size, left)
            if not left:
                break
    return kept


def _cluster_weights(tree: xr.DataTree, problem: xr.Dataset) -> Floats:
    """Give what each cluster weighs in decibels, shape (G, K); as stated where nothing was learned; 0 where nothing."""
    names, found = problem["hypothesis"].values, np.zeros((problem.sizes["cluster"], problem.sizes["hypothesis"]))
    if "clusters" in tree.children:
        ledger = tree["clusters"]["ledger_db"].isel(stage=-1).transpose("cluster", "hypothesis").sel(hypothesis=names)
        return np.nan_to_num(np.asarray(ledger.reindex(cluster=problem["cluster"].values).values))
    stated = tree["face_value"]["observation_db"].transpose("evidence", "hypothesis").values
    np.add.at(found, problem["cluster_of_evidence"].values, np.nan_to_num(stated))
    return found


def _cut(
    tree: xr.DataTree, study: dict[str, Any], places: Integers, kept: Booleans, left: Collection[str]
) -> xr.DataTree:
    """Cut every group but some, and the study, to these cases and observations."""
    problem = tree["problem"].to_dataset()
    clusters = np.unique(problem["cluster_of_evidence"].values[kept])
    labels = {
        "case": problem["case"].values[places],
        "case_too": problem["case"].values[places],
        "evidence": problem["evidence"].values[kept],
        "cluster": problem["cluster"].values[clusters],
    }
    groups = {
        path: _only(node.to_dataset(), labels)
        for node in tree.subtree
        if (path := node.path.strip("/")) and path.partition("/")[0] not in left
    }
    # Indices of what was cut.
    cut = groups["problem"]
    groups["problem"] = cut.assign(
        case_of_evidence=("evidence", np.searchsorted(places, cut["case_of_evidence"].values)),
        cluster_of_evidence=("evidence", np.searchsorted(clusters, cut["cluster_of_evidence"].values)),
        case_of_cluster=("cluster", np.searchsorted(places, cut["case_of_cluster"].values)),
    )
    if "joint" in groups:
        # Joint explanations are of all cases.
        groups["joint"] = groups["joint"].isel(rank=slice(0), missing_dims="ignore")
    found = xr.DataTree.from_dict(groups)
    titles = {item["id"]: item["title"] for item in study["evidence"]}
    findings = _findings(json.loads(tree.attrs["findings"]), titles)
    observations = {str(name) for name in labels["evidence"]}
    found.attrs = tree.attrs | {
        "study": json.dumps(_study(study, set(map(str, labels["case"])), observations, findings), ensure_ascii=False),
        "places": json.dumps(_places(json.loads(tree.attrs["places"]), observations)),
        "findings": json.dumps(findings, ensure_ascii=False),
    }
    return found


def _only(data: xr.Dataset, labels: Mapping[str, NDArray[Any]]) -> xr.Dataset:
    where = {}
    for dim, wanted in labels.items():
        if dim in data.coords:
            names = set(wanted.tolist())  # labels are texts, of which NumPy's own search is slow
            where[dim] = [place for place, name in enumerate(data[dim].values.tolist()) if name in names]
    return data.isel(where)


def _study(
    study: dict[str, Any], cases: set[str], observations: set[str], findings: list[dict[str, Any]]
) -> dict[str, Any]:
    """Keep of a study what is shown: its observations, what coders stated of them, their sources and clusters."""
    evidence = [
        item | {"effect_of": [cause for cause in item["effect_of"] if cause in observations]}
        for item in study["evidence"]
        if item["id"] in observations
    ]
    searches = [one for one in study.get("searches", ()) if one["case"] in cases]
    named = {item["cluster"] for item in evidence}
    named |= {str(one["details"].get("cluster", "")).partition("@")[0] for one in findings}
    sources = {one["source"] for one in (*evidence, *searches)} | {study["about"]}
    return study | {
        "evidence": evidence,
        "searches": searches,
        "codings": [
            coding | {"judgements": [one for one in coding["judgements"] if one["evidence"] in observations]}
            for coding in study["codings"]
        ],
        "clusters": {name: text for name, text in study["clusters"].items() if name in named},
        "sources": {name: source for name, source in study["sources"].items() if name in sources},
    }


def _places(places: Mapping[str, str], observations: set[str]) -> dict[str, str]:
    """Keep the places of what is shown, and one of each file that a coder's statements stand in."""
    kept, files = {}, set()
    for what, place in places.items():
        owner, _, name = what.rpartition(":")
        file = owner, place.rpartition(":")[0]
        if name in observations or (":" in owner and file not in files):
            kept[what] = place
            files.add(file)
    return kept


def _findings(findings: list[dict[str, Any]], titles: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Keep the first findings of each kind and the first ids that each lists.

    `more` says how many ids a list lacks, `titles` what the observations are called that it names, shown or not.
    """
    seen: dict[str, int] = {}
    kept = []
    for finding in findings:
        seen[finding["slug"]] = seen.get(finding["slug"], 0) + 1
        if seen[finding["slug"]] <= LISTED:
            tokens = {key: str(value).split(", ") for key, value in finding["details"].items()}
            long = {key: each for key, each in tokens.items() if len(each) > LISTED}
            details = finding["details"] | {key: ", ".join(each[:LISTED]) for key, each in long.items()}
            more = {key: len(each) - LISTED for key, each in long.items()}
            named = {token.partition(" (")[0] for value in details.values() for token in str(value).split(", ")}
            told = {name: titles[name] for name in sorted(named) if name in titles}
            kept.append(finding | {"details": details, "more": more, "titles": told})
    return kept
