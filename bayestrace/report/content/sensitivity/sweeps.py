"""Read what was moved from end to end: priors, pooling, allowances, bounds; and maps of two at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.report.content.sensitivity.groups import (
    group,
    knowns,
    labels,
    leaders,
    named,
    numbers,
    weighing,
)
from bayestrace.report.content.sensitivity.parts import (
    Crossing,
    Flip,
    Nearest,
    Slice,
    Standing,
    Sweep,
    Weighing,
)
from bayestrace.report.content.values import Number, Phrase
from bayestrace.results import sole_leader
from bayestrace.sensitivity.reweight import doubt, doubtful

if TYPE_CHECKING:
    from bayestrace.report.content.tree import Tree  # it needs the parts, and they need what is here

#: The analyses that move one thing, and what the dimension that tells several of them apart stands for.
_ANALYSES = ("focal_prior", "kappa", "levels", "bounds", "overconfidence")
_SUBJECT = {"hypothesis_raised": "hypothesis", "level": "level", "panel": "coder", "allowance": "allowance"}
_KIND = {"focal_prior": "prior", "kappa": "kappa", "levels": "level", "bounds": "bounds"}
#: Stands for all coders, and for every rival.
EVERY = "*"
#: Corners of a triangle of priors.
_CORNERS = 3
# What rounding leaves of nought.
_NOUGHT = 1e-9


def read_sweeps(tree: Tree) -> tuple[Sweep, ...]:
    """Read every sweep of one thing."""
    return tuple(itertools.chain.from_iterable(_sweeps(tree, name) for name in _ANALYSES))


def _sweeps(tree: Tree, analysis: str) -> Iterator[Sweep]:
    data = group(tree, analysis)
    if data is None:
        return
    if "against" in data.dims:
        data = data.sel(against=EVERY)
    probability = data["probability"]
    dims = [dim for dim in probability.dims if dim in _SUBJECT]
    for place in itertools.product(*(range(probability.sizes[dim]) for dim in dims)):
        where = dict(zip(dims, place, strict=True))
        subjects = {str(dim): labels(data, str(dim))[index] for dim, index in where.items()}
        yield _sweep(tree, analysis, data.isel(where), subjects)


def _sweep(tree: Tree, analysis: str, data: xr.Dataset, subjects: dict[str, str]) -> Sweep:
    name = next(iter(subjects.values()), "")
    kind = name if analysis == "overconfidence" else _KIND[analysis]
    subject = named(tree, _SUBJECT[next(iter(subjects))], name) if subjects else Phrase("")
    x = data["fraction" if "fraction" in data else "x"].values
    kept = np.flatnonzero(~np.isnan(x))
    table = data["probability"].transpose("case", "hypothesis", "setting").values[:, :, kept]
    return Sweep(
        kind=kind,
        name="" if name == EVERY else name,
        subject=subject,
        x=numbers(x[kept]),
        probability=tuple(tuple(numbers(row) for row in case) for case in table),
        flips=_flips(tree, data),
        base=_base(tree, kind, name, data),
        even=knowns(data["even_at"].values) if "even_at" in data else (),
        sure=knowns(data["sure_at"].values) if "sure_at" in data else (),
        worst=_worst(data, kept),
    )


def _flips(tree: Tree, data: xr.Dataset) -> tuple[Flip | None, ...]:
    """Read where each case changes its leader; where it does only the other way, there."""
    found: list[Flip | None] = [None] * len(tree.cases)
    for way in ("back", "flip"):
        if f"{way}_at" not in data:
            continue
        for case, (at, to) in enumerate(zip(data[f"{way}_at"].values, data[f"{way}_to"].values, strict=True)):
            if not np.isnan(at) and str(to):
                found[case] = Flip(Number(float(at)), tree.hypotheses.index(str(to)), _weighing_at(data, float(at)))
    return tuple(found)


def _weighing_at(data: xr.Dataset, at: float) -> Weighing | None:
    """Tell what weights are worth at the worse of the two points around a flip point."""
    if "ess" not in data:
        return None
    x = data["fraction" if "fraction" in data else "x"].values
    order = np.argsort(x)
    right = min(max(int(np.searchsorted(x[order], at)), 1), x.size - 1)
    return _worst(data, order[[right - 1, right]])


def _worst(data: xr.Dataset, points: NDArray[np.int64]) -> Weighing | None:
    """Tell what weights are worth at the worst of some points of a sweep."""
    if "ess" not in data:
        return None
    pareto_k, ess = data["pareto_k"].values[points], data["ess"].values[points]
    worse = int(np.argmax(np.nan_to_num(doubt(pareto_k, ess), nan=-np.inf)))
    return weighing(pareto_k[worse], ess[worse])


def _base(tree: Tree, kind: str, name: str, data: xr.Dataset) -> Number | None:
    """Tell where the result as fitted stands: as the analysis says, or as the problem does."""
    problem = tree.dataset("problem")
    if "fitted" in data:
        value = float(data["fitted"].values)
    elif kind == "prior":
        value = float(problem["prior"].sel(hypothesis=name))
    else:
        return None
    return None if np.isnan(value) else Number(value)


def read_standings(tree: Tree, analysis: str, dim: str) -> tuple[Standing, ...]:
    """Read who leads under each of some standpoints: profiles, or limits of pooling."""
    data = group(tree, analysis)
    if data is None:
        return ()
    table = data["probability"].transpose(dim, "case", "hypothesis").values
    refit = data["refit"].values if "refit" in data else np.zeros(len(table), dtype=bool)
    return tuple(
        Standing(
            name,
            named(tree, dim, name),
            tuple(numbers(row) for row in table[place]),
            tuple(None if np.isnan(row).any() else sole_leader(row) for row in table[place]),
            bool(refit[place]),
        )
        for place, name in enumerate(labels(data, dim))
    )


def read_slices(tree: Tree) -> tuple[Slice, ...]:
    """Read a triangle of priors for each case: the focal explanation on top, the most probable others below.

    With four hypotheses the fourth keeps about its prior share; with more, the third corner is all the others
    together, as the analysis cut them.
    """
    data, base = group(tree, "simplex"), group(tree, "base")
    if data is None or base is None or len(tree.hypotheses) < _CORNERS:
        return ()
    table = base["probability"].transpose("case", "hypothesis").values
    slices = []
    for case in range(len(tree.cases)):
        others = [int(place) for place in np.argsort(-table[case], kind="stable") if place != tree.focal]
        cut = _cut if "slice" in data.dims else _whole
        slices += cut(tree, data, case, others)
    return tuple(slices)


def _whole(tree: Tree, data: xr.Dataset, case: int, others: list[int]) -> list[Slice]:
    """Take the points at which what is no corner has about its prior share."""
    shares = data["m"].transpose("setting", "hypothesis").values
    kept, dropped = [*others[: _CORNERS - 1], tree.focal], others[_CORNERS - 1 :]
    prior = tree.dataset("problem")["prior"].values
    at = shares[int(np.abs(shares - prior).sum(axis=1).argmin()), dropped]
    rows = np.flatnonzero((np.abs(shares[:, dropped] - at) < _NOUGHT).all(axis=1))
    held = tuple((place, Number(float(share))) for place, share in zip(dropped, at, strict=True))
    probability = data["probability"].transpose("setting", "case", "hypothesis").values[rows, case]
    return _slice((case, kept, held), shares[rows][:, kept], probability, prior[kept])


def _cut(tree: Tree, data: xr.Dataset, case: int, others: list[int]) -> list[Slice]:
    """Take the slice of the focal explanation and the most probable other one."""
    wanted = {tree.hypotheses[tree.focal], tree.hypotheses[others[0]]}
    pairs = [set(map(str, row)) for row in data["pair"].transpose("slice", "member").values]
    if wanted not in pairs:
        return []
    here = data.isel(slice=pairs.index(wanted))
    two = [others[0], tree.focal]
    shares = here["m"].transpose("setting", "hypothesis").values
    prior = tree.dataset("problem")["prior"].values
    three, base = (
        np.stack([rows[..., two[0]], 1.0 - rows[..., two].sum(axis=-1), rows[..., two[1]]], axis=-1)
        for rows in (shares, prior)
    )
    probability = here["probability"].transpose("setting", "case", "hypothesis").values[:, case]
    return _slice((case, [two[0], None, two[1]], ()), three, probability, base)


def _slice(
    what: tuple[int, list[int | None] | list[int], tuple[tuple[int, Number], ...]],
    shares: Any,
    probability: Any,
    prior: Any,
) -> list[Slice]:
    case, corners, held = what
    rest = shares / shares.sum(axis=1, keepdims=True)
    base = prior / prior.sum() if prior.sum() > 0.0 else None
    first, second, third = corners
    return [
        Slice(
            case=case,
            corners=(first, second, third),
            held=held,
            shares=tuple((float(a), float(b), float(c)) for a, b, c in rest),
            leaders=leaders(probability),
            base=None if base is None else (float(base[0]), float(base[1]), float(base[2])),
            steps=round(1.0 / float(rest[rest > _NOUGHT].min())),
        )
    ]


def read_nearest(tree: Tree, lead: tuple[int, ...]) -> tuple[Nearest, ...]:
    """Read for each case the nearest prior, of all that were tried, under which another explanation leads.

    Parameters
    ----------
    tree
        The result.
    lead
        The leader of each case.
    """
    data = group(tree, "simplex")
    if data is None:
        return ()
    found = []
    for case, leader in enumerate(lead):
        here = data.isel(case=case)
        at, to = float(here["flip_at"].values), str(here["flip_to"].values)
        share = Number(float(here["leading"].values[leader]))
        some = bool(to) and not np.isnan(at)
        found.append(
            Nearest(
                share,
                Number(at) if some else None,
                tree.hypotheses.index(to) if some else None,
                numbers(here["flip_prior"].values) if some else (),
            )
        )
    return tuple(found)


def read_crossings(tree: Tree) -> tuple[Crossing, ...]:
    """Read who leads over two changes at once."""
    data = group(tree, "overconfidence")
    if data is None or "map_leader" not in data:
        return ()
    known = {name: place for place, name in enumerate(tree.hypotheses)}
    found = []
    for place in range(data.sizes["pair"]):
        at = data.isel(pair=place)
        columns = np.flatnonzero(~np.isnan(at["map_x"].values))
        rows = np.flatnonzero(~np.isnan(at["map_y"].values))
        table = at["map_leader"].transpose("case", "across", "along").values[:, rows][:, :, columns]
        rough = _doubtful(at)[np.ix_(rows, columns)]
        found.append(
            Crossing(
                (str(at["map_one"].values), str(at["map_other"].values)),
                numbers(at["map_x"].values[columns]),
                numbers(at["map_y"].values[rows]),
                tuple(tuple(tuple(known.get(str(name)) for name in row) for row in case) for case in table),
                tuple(tuple(map(bool, row)) for row in rough),
            )
        )
    return tuple(found)


def _doubtful(pair: xr.Dataset) -> NDArray[np.bool_]:
    """Say at which points of a map the draws hardly reach; nowhere in results that have not kept it."""
    pareto_k = pair["map_pareto_k"].transpose("across", "along").values
    ess = pair["map_ess"].transpose("across", "along").values if "map_ess" in pair else np.full_like(pareto_k, np.nan)
    return np.asarray(doubtful(pareto_k, ess))
