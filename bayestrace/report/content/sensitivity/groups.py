"""Take the analyses of sensitivity out of a result: whole groups, their numbers, their names in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from bayestrace.report.content.sensitivity.parts import Weighing
from bayestrace.report.content.values import Number, Phrase
from bayestrace.results import share_first
from bayestrace.sensitivity.reweight import doubtful

if TYPE_CHECKING:
    from bayestrace.report.content.tree import Tree  # it needs the parts, and they need what is here

#: The group that holds all analyses, each in a group of its own.
GROUP = "sensitivity"


def group(tree: Tree, *path: str) -> xr.Dataset | None:
    """Return one analysis; None where it was not made."""
    node = tree.tree
    for name in (GROUP, *path):
        if name not in node.children:
            return None
        node = node.children[name]
    return node.to_dataset()


def children(tree: Tree, *path: str) -> tuple[str, ...]:
    """Return the names of the analyses below one."""
    node = tree.tree
    for name in (GROUP, *path):
        if name not in node.children:
            return ()
        node = node.children[name]
    return tuple(node.children)


def number(value: Any) -> Number:
    """Return one number."""
    return Number(float(value))


def known(value: Any) -> Number | None:
    """Return one number, None where it is NaN."""
    read = float(value)
    return None if math.isnan(read) else Number(read)


def numbers(values: Any) -> tuple[Number, ...]:
    """Return the numbers along one axis."""
    return tuple(Number(float(value)) for value in np.ravel(values))


def knowns(values: Any) -> tuple[Number | None, ...]:
    """Return the numbers along one axis, None for NaN."""
    return tuple(known(value) for value in np.ravel(values))


def weighing(pareto_k: float, ess: float) -> Weighing | None:
    """Return what weights are worth; None where draws have none, their number not being known."""
    if math.isnan(ess):
        return None
    return Weighing(known(pareto_k), Number(float(ess)), bool(doubtful(pareto_k, ess)))


def leaders(probability: Any) -> tuple[int, ...]:
    """Return the most probable hypothesis of every case; of equals and of an impossible one the first.

    Parameters
    ----------
    probability
        Shape (C, K).
    """
    rows = np.nan_to_num(np.asarray(probability, dtype=np.float64), nan=-1.0)
    return tuple(int(place) for place in share_first(rows).argmax(axis=-1))


def labels(data: xr.Dataset, dim: str) -> tuple[str, ...]:
    """Return the labels along a dimension; its positions where it has none."""
    if dim in data.coords:
        return tuple(str(value) for value in data[dim].values)
    return tuple(map(str, range(data.sizes[dim])))


def named(tree: Tree, kind: str, name: str) -> Phrase:
    """Return what an id of the study stands for; the id itself where the study has no words for it."""
    study = tree.study
    found: Any = None
    if kind in {"hypothesis", "case", "coder", "profile", "set"}:
        tables: dict[str, Any] = {
            "hypothesis": study.hypotheses,
            "case": study.cases,
            "coder": study.coders,
            "profile": study.profiles,
            "set": study.sets,
        }
        told = tables[kind].get(name)
        found = told.name if told else None
    elif kind == "step":
        told = study.mechanism.steps.get(name)
        found = told.name if told else None
    elif kind == "domain":
        found = study.mechanism.domains.get(name)
    elif kind == "level":
        found = study.factors[name].name if name in study.factors else None
    elif kind == "cluster":
        found = study.clusters.get(name) or study.clusters.get(name.partition("@")[0])
        found = found or next((item.title for item in study.evidence if item.id == name.partition("@")[0]), None)
    elif kind == "observation":
        found = next((item.title for item in study.evidence if item.id == name), None)
    return tree.phrase(found) if found else Phrase(name)
