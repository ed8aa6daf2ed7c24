"""What a study with clues, or with very many cases, does not allow to be moved, and why."""

from __future__ import annotations

import xarray as xr

from bayestrace.errors import UsageFault
from bayestrace.excerpt import is_many
from bayestrace.sensitivity.draws import Stored

#: These move priors and pooling and nothing else.
_OF_STANDPOINTS = frozenset({"profiles", "simplex", "focal_prior", "kappa", "levels", "limits"})


def unlisted(tree: xr.DataTree, held: Stored) -> bool:
    """Say whether a result is of clues alone, and their joint explanations cannot be listed: nothing can be moved."""
    return bool(tree.attrs["kind"] == "clues") and held.jointly is None


def allow(tree: xr.DataTree, held: Stored, name: str) -> None:
    """Refuse an analysis that a study with clues, or with very many cases, does not allow.

    Parameters
    ----------
    tree, held
        The result, and its draws.
    name
        Of the analysis.

    Raises
    ------
    UsageFault
        It moves observations, of which there are none; or joint explanations cannot be listed; or cases were chosen
        for their outcome, so that the evidence is another under every standpoint; or it would fit very many cases anew
        for every combination of choices.
    """
    if name == "multiverse" and is_many(tree):
        raise UsageFault("multiverse-many", cases=str(tree["problem"].to_dataset().sizes["case"]))
    if tree.attrs["kind"] == "clues":
        if name not in _OF_STANDPOINTS:
            raise UsageFault("sensitivity-clues-alone")
        if unlisted(tree, held):
            raise UsageFault("sensitivity-clues-many")
    if "case_path" in held.problem:
        raise UsageFault("sensitivity-chosen")


def published(tree: xr.DataTree) -> xr.Dataset:
    """Take the probabilities that a result tells, where there are no draws to answer from."""
    found = tree["cases"].to_dataset()["probability"].sel(stat="mean", drop=True)
    pooled, unpooled = (found.sel(pooling=how, drop=True) for how in ("pooled", "unpooled"))
    return xr.Dataset({"probability": pooled, "unpooled": unpooled}, attrs={"pooling": "pooled", "draws": 1})
