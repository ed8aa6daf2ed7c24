"""Take numbers out of a result tree by name, one at a time, without arithmetic but differences."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from bayestrace.messages import Lang
from bayestrace.report.content.parts import Kind
from bayestrace.report.content.values import Number, Phrase, Spread
from bayestrace.study import PriorProfile, Study, Text

STATS = ("mean", "q03", "q25", "q50", "q75", "q97")


@dataclass(frozen=True)
class Table:
    """The values of one variable with the place of every label: thousands of look-ups, each a few dict reads."""

    values: NDArray[Any]
    places: tuple[tuple[str, Mapping[str, int]], ...]

    @classmethod
    def of(cls, array: xr.DataArray) -> Table:
        """Read a labelled array."""
        labels = [array.coords[dim].values if dim in array.coords else () for dim in array.dims]
        places = ({str(name): place for place, name in enumerate(names)} for names in labels)
        return cls(array.values, tuple(zip(map(str, array.dims), places, strict=True)))

    def pick(self, where: Mapping[str, str | int]) -> NDArray[Any]:
        """Select along the dimensions that `where` names, by label or by position."""
        unknown = set(where) - {dim for dim, _ in self.places}
        if unknown:
            raise KeyError(f"no dimension {', '.join(sorted(unknown))}")
        index: list[int | slice] = []
        for dim, places in self.places:
            wanted = where.get(dim)
            index.append(slice(None) if wanted is None else places[wanted] if isinstance(wanted, str) else wanted)
        return np.asarray(self.values[tuple(index)])


@dataclass(frozen=True)
class Tree:
    """A result tree with the study that stands in it.

    Parameters
    ----------
    tree
        As docs/results.md lays it out.
    lang
        The language of the page.
    """

    tree: xr.DataTree
    lang: Lang
    study: Study = field(init=False)
    profile: PriorProfile = field(init=False)
    places: dict[str, str] = field(init=False)
    hypotheses: tuple[str, ...] = field(init=False)
    cases: tuple[str, ...] = field(init=False)
    focal: int = field(init=False)
    _groups: dict[str, xr.Dataset] = field(init=False, default_factory=dict)
    _tables: dict[tuple[str, str], Table] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        attrs = self.tree.attrs
        problem = self.dataset("problem")
        hypotheses = tuple(str(name) for name in problem["hypothesis"].values)
        profile = json.loads(attrs["profile"])
        values = {
            "study": Study.model_validate_json(attrs["study"]),
            "profile": PriorProfile.model_validate_json(json.dumps(profile)),
            "places": json.loads(attrs["places"]),
            "hypotheses": hypotheses,
            "cases": tuple(str(name) for name in problem["case"].values),
            "focal": hypotheses.index(str(attrs["focal"])),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def kind(self) -> Kind:
        """Whether this is the model's answer, that of clues by themselves, or the face value alone."""
        kinds: dict[str, Kind] = {"face-value": "face-value", "clues": "clues"}
        return kinds.get(self.tree.attrs["kind"], "model")

    @property
    def exact(self) -> bool:
        """Whether the result was worked out without draws, though not at face value."""
        return self.kind == "clues" and not self.has("diagnostics")

    def dataset(self, group: str) -> xr.Dataset:
        """Return one group, made once: the tree makes it anew each time."""
        if group not in self._groups:
            node = self.tree[group]
            if not isinstance(node, xr.DataTree):
                raise TypeError(f"{group} is no group")
            self._groups[group] = node.to_dataset()
        return self._groups[group]

    def has(self, group: str) -> bool:
        """Say whether the result has a group."""
        return group in self.tree.children

    def has_variable(self, group: str, variable: str) -> bool:
        """Say whether a group has a variable."""
        return variable in self.dataset(group).data_vars

    def table(self, group: str, variable: str) -> Table:
        """Return one variable, read once."""
        key = (group, variable)
        if key not in self._tables:
            self._tables[key] = Table.of(self.dataset(group)[variable])
        return self._tables[key]

    def labels(self, group: str, dim: str) -> tuple[str, ...]:
        """Return the labels along a dimension of a group, or the values of a variable of names."""
        return tuple(str(value) for value in self.dataset(group)[dim].values)

    def at(self, group: str, variable: str, **where: str | int) -> Any:
        """Return one value; names select by label, integers by position."""
        return self.table(group, variable).pick(where).item()

    def number(self, group: str, variable: str, **where: str | int) -> Number:
        """Return one number."""
        return Number(float(self.at(group, variable, **where)))

    def known(self, group: str, variable: str, **where: str | int) -> Number | None:
        """Return one number, None where it is NaN."""
        value = float(self.at(group, variable, **where))
        return None if math.isnan(value) else Number(value)

    def vector(self, group: str, variable: str, **where: str | int) -> tuple[float, ...] | None:
        """Return a vector over hypotheses, None where it is NaN."""
        values = tuple(float(value) for value in self.table(group, variable).pick(where))
        return None if any(map(math.isnan, values)) else values

    def spread(self, group: str, variable: str, **where: str | int) -> Spread:
        """Return a quantity over the draws."""
        return Spread(*(self.number(group, variable, stat=stat, **where) for stat in STATS))

    def excluded(self, case: str, hypothesis: str) -> bool:
        """Say whether what was found of clues, as part of the evidence, rules a hypothesis out in a case."""
        if not self.has("clues") or self.dataset("clues").attrs["reading"] == "beside":
            return False
        return bool(self.at("clues", "excluded", case=case, hypothesis=hypothesis))

    def against_rivals(self, vector: tuple[float, ...] | None) -> tuple[Number, ...]:
        """Return the weight of the focal explanation over each rival; empty where nothing is known."""
        if vector is None:
            return ()
        return tuple(over(vector, self.focal, place) for place in range(len(vector)) if place != self.focal)

    def phrase(self, text: Text) -> Phrase:
        """Return a text in the page's language, marked where it exists in another only."""
        missing = self.lang == "zh" and not text.zh and not text.en.isdigit()
        return Phrase(text(self.lang), "en" if missing and text.en.isascii() else None)

    def optional(self, text: Text | None) -> Phrase | None:
        """Return a text that may be missing."""
        return self.phrase(text) if text else None


def over(vector: tuple[float, ...], one: int, other: int) -> Number:
    """Return the weight of one hypothesis over another, with both operands."""
    return Number(vector[one] - vector[other], (vector[one], vector[other]))
