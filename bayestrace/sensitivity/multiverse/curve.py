"""What a multiverse comes to: who leads how often, the curve of its answers, and which choice matters most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.results import share_first
from bayestrace.sensitivity.reweight import doubtful

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

#: Choices of evidence, which draws are reweighted for.
REWEIGHTED = ("selectivity", "reliability", "redundancy")


def summary(
    dataset: xr.Dataset, options: Mapping[str, Sequence[str]], reweighted: Collection[str] = REWEIGHTED
) -> xr.Dataset:
    """Add to the answers of all specifications what they come to.

    Parameters
    ----------
    dataset
        `probability` (specification, case, hypothesis), `pareto_k` and `ess` (specification), with the attribute
        `focal`; specifications are every combination of the options, the last choice changing fastest.
    options
        Names of the options of each choice.
    reweighted
        Choices that are answered by importance weights; of these, options are left out where it is asked which choice
        matters most, and of others only if that is not enough.

    Returns
    -------
    Dataset
        With, besides:

        - `leader` (specification, case); `leader_share` (case, hypothesis) over all specifications, and
          `leader_share_believed` over those that can be believed; `doubtful` (specification), 1 for those that cannot
          (`reweight.doubtful`), 0 for the others;
        - `order` (rank, case): specifications by the probability of the focal explanation, least first;
        - `indicator` (specification, option): whether it takes an option; `choice_of` (option);
        - `effect_share` (choice, case, hypothesis) and `together_share` (case, hypothesis) of `effect_shares`, over the
          options that `compared` (option) names, so many that every combination of them can be believed; NaN for a
          choice of which this leaves one option;
        - `matters_most` (case): the choice with the greatest share for the focal explanation, empty where nothing
          changes it;
        - the attribute `unreliable`: the share of specifications that cannot be believed.
    """
    probability = dataset["probability"].values
    names = dataset["hypothesis"].values
    unreliable = doubtful(dataset["pareto_k"].values, dataset["ess"].values)
    focal = list(names).index(dataset.attrs["focal"])
    counts = [len(each) for each in options.values()]
    compared = _compared(unreliable, counts, [name in reweighted for name in options])
    rows = _taking(compared, counts)
    left = [int(kept.sum()) for kept in compared]
    shares, together = effect_shares(probability[rows], left)
    unjudged = [now == 1 < before for now, before in zip(left, counts, strict=True)]
    shares[unjudged] = np.nan
    choices = np.array(list(options))
    return (
        dataset.assign(
            doubtful=("specification", unreliable.astype(np.int8)),
            leader=(("specification", "case"), np.append(names, "")[leaders(probability)]),
            leader_share=(("case", "hypothesis"), leader_shares(probability)),
            leader_share_believed=(("case", "hypothesis"), leader_shares(probability[~unreliable])),
            order=(("rank", "case"), np.argsort(probability[:, :, focal], axis=0, kind="stable")),
            indicator=(("specification", "option"), _indicator(counts)),
            choice_of=("option", np.repeat(choices, counts)),
            compared=("option", np.concatenate(compared).astype(np.int8)),
            effect_share=(("choice", "case", "hypothesis"), shares),
            together_share=(("case", "hypothesis"), together),
            matters_most=("case", _matters_most(shares[:, :, focal], choices)),
        )
        .assign_coords(
            option=[f"{choice}={option}" for choice, each in options.items() for option in each], choice=choices
        )
        .assign_attrs(unreliable=float(unreliable.mean()))
    )


def _matters_most(shares: Floats, choices: NDArray[np.str_]) -> NDArray[np.str_]:
    """Name for each case the choice that has the greatest share, empty where none has any."""
    known = np.where(np.isfinite(shares), shares, -1.0)
    return np.asarray(np.where(known.max(axis=0) >= 0.0, choices[known.argmax(axis=0)], ""), dtype=np.str_)


def _compared(unreliable: NDArray[np.bool_], counts: Sequence[int], first: Sequence[bool]) -> list[NDArray[np.bool_]]:
    """Strike options out, the one with most that cannot be believed first, until every combination can be.

    Parameters
    ----------
    unreliable
        Which combinations cannot be believed, shape (S,).
    counts
        Number of options of each choice.
    first
        Of which choices options are struck out as long as there are any but one.

    Returns
    -------
    list of ndarray
        For each choice, which of its options are left.
    """
    kept = [np.ones(count, dtype=bool) for count in counts]
    taken = np.indices(counts).reshape(len(counts), -1)
    while (unreliable & (rows := _taking(kept, counts))).any():
        several = [choice for choice, options in enumerate(kept) if options.sum() > 1]
        shares = {
            (choice, int(option)): float(unreliable[rows & (taken[choice] == option)].mean())
            for choice in [choice for choice in several if first[choice]] or several
            for option in np.flatnonzero(kept[choice])
        }
        if not shares:
            break
        choice, option = max(shares, key=shares.__getitem__)
        kept[choice][option] = False
    return kept


def _taking(kept: Sequence[NDArray[np.bool_]], counts: Sequence[int]) -> NDArray[np.bool_]:
    """Say which combinations take none but the options that are kept, shape (S,)."""
    taken = np.indices(counts).reshape(len(counts), -1)
    return np.all([options[row] for options, row in zip(kept, taken, strict=True)], axis=0)


def leaders(probability: Floats) -> Integers:
    """Name the explanation that leads each specification and case by its index; -1 where none does or is known."""
    first = share_first(np.where(np.isfinite(probability), probability, -np.inf))
    return np.where(first.sum(axis=-1) == 1, first.argmax(axis=-1), -1)


def leader_shares(probability: Floats) -> Floats:
    """Give the share of specifications in which each explanation leads.

    Parameters
    ----------
    probability
        Shape (S, C, K), NaN for an explanation that a specification does not have.

    Returns
    -------
    ndarray, shape (C, K)
        NaN where there is no specification; those of a case add up to 1, but for specifications in which several share
        the first place.
    """
    best = leaders(probability)
    led = best[..., None] == np.arange(probability.shape[-1])
    counted = np.isfinite(probability).any(axis=-1).sum(axis=0)
    return np.asarray(led.sum(axis=0) / np.where(counted == 0, np.nan, counted)[:, None])


def effect_shares(probability: Floats, options: Sequence[int]) -> tuple[Floats, Floats]:
    """Share the variance of an answer over specifications out among the choices.

    The design is complete and balanced, so the main effect of a choice is the variance of the means over its options,
    and what the main effects leave of the variance is what choices do together (analysis of variance, Fisher 1925).

    Parameters
    ----------
    probability
        Shape (S, C, K), S every combination of the options, the last choice changing fastest.
    options
        Number of options of each choice.

    Returns
    -------
    main : ndarray, shape (choices, C, K)
        Share of each choice; NaN where an explanation is not in every set, or its probability never changes.
    together : ndarray, shape (C, K)
        What is left: main effects and this add up to 1.
    """
    cube = probability.reshape(*options, *probability.shape[1:])
    axes = tuple(range(len(options)))
    total = cube.var(axis=axes)
    # What differs by a rounding error does not differ.
    total = np.where(total > np.finfo(np.float64).eps ** 2, total, np.nan)
    main = np.stack([cube.mean(axis=axes[:place] + axes[place + 1 :]).var(axis=0) / total for place in axes])
    return main, np.asarray(1.0 - main.sum(axis=0))


def _indicator(options: Sequence[int]) -> NDArray[np.int8]:
    """Say which option of each choice every combination takes, shape (S, sum of the options)."""
    taken = np.indices(options).reshape(len(options), -1)
    return np.concatenate(
        [np.asarray(row[:, None] == np.arange(size)) for row, size in zip(taken, options, strict=True)], axis=1
    ).astype(np.int8)
