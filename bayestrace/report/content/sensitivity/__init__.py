"""What would change the answer: the group `sensitivity` of a result as plain dataclasses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from bayestrace.report.content.sensitivity.groups import GROUP, group, leaders, numbers
from bayestrace.report.content.sensitivity.items import (
    read_beside,
    read_left_out,
    read_multiverse,
    read_needed,
    read_power,
    read_smallest,
)
from bayestrace.report.content.sensitivity.parts import Sensitivity
from bayestrace.report.content.sensitivity.sweeps import (
    read_crossings,
    read_nearest,
    read_slices,
    read_standings,
    read_sweeps,
)

if TYPE_CHECKING:
    from bayestrace.report.content.tree import Tree  # it needs the parts, and they need what is here

__all__ = ["GROUP", "Sensitivity", "read_sensitivity"]


def read_sensitivity(tree: Tree) -> Sensitivity | None:
    """Read all analyses of sensitivity; None where none was made."""
    base = group(tree, "base")
    if base is None:
        return None
    probability = base["probability"].transpose("case", "hypothesis").values
    lead = leaders(np.asarray(probability))
    return Sensitivity(
        pooled=str(base.attrs.get("pooling", "pooled")) == "pooled",
        leaders=lead,
        base=tuple(numbers(row) for row in probability),
        sweeps=read_sweeps(tree),
        profiles=read_standings(tree, "profiles", "profile"),
        limits=read_standings(tree, "limits", "limit"),
        slices=read_slices(tree),
        nearest=read_nearest(tree, lead),
        left_out=read_left_out(tree, lead),
        smallest=read_smallest(tree),
        needed=read_needed(tree),
        beside=read_beside(tree),
        power=read_power(tree),
        crossings=read_crossings(tree),
        multiverse=read_multiverse(tree, lead),
        skipped=_skipped(tree),
    )


def _skipped(tree: Tree) -> tuple[tuple[str, str], ...]:
    """Read which analyses this study does not allow, and why."""
    told = json.loads(tree.tree[GROUP].attrs.get("skipped", "{}"))
    return tuple((name, str(texts[tree.lang])) for name, texts in told.items())
