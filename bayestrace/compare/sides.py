"""Read the two results that are compared, and pose the questions that lie between them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from bayestrace.encoding import Problem, encode
from bayestrace.inference import facevalue
from bayestrace.kept import Kept, opened
from bayestrace.study import Coding, HypothesisSet, PriorProfile, Study


@dataclass(frozen=True)
class Side(Kept):
    """One of two results.

    Parameters
    ----------
    place
        The path by which the user named it.
    tree
        The result (docs/results.md).
    """

    place: str
    tree: xr.DataTree

    @property
    def set(self) -> str:
        """Name of the hypothesis set."""
        return str(self.tree.attrs["set"])

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Draws, chains, seed and the like."""
        return dict(json.loads(self.tree.attrs["settings"]))

    @cached_property
    def versions(self) -> dict[str, str]:
        """Versions of this program, of Python and of the libraries."""
        return {"bayestrace": self.tree.attrs["bayestrace"], **json.loads(self.tree.attrs["versions"])}

    def names(self, axis: str) -> list[str]:
        """List the names along a dimension of the problem."""
        return [str(name) for name in self.problem[axis].values]

    @property
    def codings(self) -> tuple[Coding, ...]:
        """What the coders of the result said, in its order."""
        by_name = {coding.coder: coding for coding in self.study.codings}
        return tuple(by_name[name] for name in self.names("coder"))


def open_side(path: Path) -> Side:
    """Read a result.

    Parameters
    ----------
    path
        As `results.locate` takes it.

    Raises
    ------
    InputOutputFault
        There is no result.
    """
    parts = ("study", "profile", "settings", "versions", "probability")  # all that a comparison always reads
    return opened(path, lambda _, tree: Side(path.as_posix(), tree), *parts)


def posed(study: Study, profile: PriorProfile, hypotheses: Sequence[str], codings: Sequence[Coding]) -> Problem:
    """Encode a study with other hypotheses, codings or standpoint than its own.

    Parameters
    ----------
    study
        Whose observations are taken, and what else is not given.
    profile
        The standpoint.
    hypotheses
        The explanations, in this order.
    codings
        What coders said, in this order; what they said of observations that the study does not have is left out.

    Raises
    ------
    UsageFault
        A prior that gives these hypotheses no mass.
    """
    ids = {item.id for item in study.evidence}
    kept = tuple(
        coding.model_copy(update={"judgements": tuple(item for item in coding.judgements if item.evidence in ids)})
        for coding in codings
    )
    chosen = {"chosen": HypothesisSet(hypotheses=tuple(hypotheses))}
    return encode(study.model_copy(update={"codings": kept, "sets": chosen}), profile, "chosen")


def taken_over(old: Sequence[Coding], new: Study) -> tuple[Coding, ...]:
    """Let the same coders say what they say in another study; one whom it lacks says what it said."""
    found = {coding.coder: coding for coding in new.codings}
    return tuple(found.get(coding.coder, coding) for coding in old)


def at_face_value(problem: Problem) -> xr.DataArray:
    """Update case by case on the stated weights, (case, hypothesis), as the published face value does."""
    probability = facevalue.case_posterior(problem["prior"].values, facevalue.case_loglik(problem, with_doubtful=True))
    return labelled(probability, problem)


def labelled(probability: np.ndarray[Any, np.dtype[np.float64]], problem: Problem) -> xr.DataArray:
    """Name the cases and hypotheses of probabilities, shape (C, K)."""
    names = {axis: problem[axis].values for axis in ("case", "hypothesis")}
    return xr.DataArray(probability, dims=("case", "hypothesis"), coords=names)
