"""Leaving observations out by weighing stored draws anew, beside fitting the model again without one of them."""

from __future__ import annotations

import numpy as np
import xarray as xr
from measuring import Row, Spent, spent

from bayestrace import api
from bayestrace.inference import sampling
from bayestrace.sensitivity.draws import stored
from bayestrace.sensitivity.evaluate import answer
from bayestrace.sensitivity.without import Without


def left_out(tree: xr.DataTree) -> Row:
    """Leave out each observation in turn, from stored draws; and one of them by a fit, which is taken that many times.

    The fit is of the default length and its model compiled before. What is fitted has the same clusters as before, but
    for one, so that one fit stands for all.
    """
    problem = tree["problem"].to_dataset()
    held = stored(problem, tree["posterior"].to_dataset())
    places = [[place] for place in range(int(problem["weighs"].values.sum()))]

    def weighed() -> None:
        without = Without(held)
        without.prepare(part for one in places for part in without.parts(one))
        for one in places:
            answer(held, clusters=without.clusters(one))

    gone = np.arange(problem.sizes["evidence"]) == np.flatnonzero(problem["weighs"].values)[0]
    rest = problem.assign(weighs=problem["weighs"] & ~xr.DataArray(gone, dims="evidence"))
    if not sampling.is_compiled(rest):
        sampling.compile_ahead(rest)

    def fitted() -> None:
        sampling.sample(rest, draws=api.DRAWS, chains=api.CHAINS, seed=api.SEED)

    weighed()
    ours, one = spent(weighed), spent(fitted)
    what = f"each of {len(places)} observations left out, from stored draws"
    theirs = Spent(*(value * len(places) for value in one))
    return Row(what, ours, f"as many fits, each like the one made ({one.processors:.1f} s)", theirs)
