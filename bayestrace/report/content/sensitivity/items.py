"""Read what is left out, what an unlisted rival needs, what prior and evidence move, every combination of choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from bayestrace.report.content.sensitivity.groups import (
    children,
    group,
    known,
    knowns,
    labels,
    named,
    numbers,
    weighing,
)
from bayestrace.report.content.sensitivity.parts import (
    Beside,
    Choice,
    Item,
    LeftOut,
    Multiverse,
    Needed,
    Option,
    Power,
    Smallest,
)
from bayestrace.report.content.values import Number, Phrase

if TYPE_CHECKING:
    from bayestrace.report.content.tree import Tree  # it needs the parts, and they need what is here

#: Items shown of each kind and case.
SHOWN = 5
#: The kinds of what is left out, in the order of the report.
KINDS = ("observation", "cluster", "source", "source_type", "step", "domain", "coder", "case")


def read_left_out(tree: Tree, base: tuple[int, ...]) -> tuple[LeftOut, ...]:
    """Read what leaving one thing out does, kind by kind.

    Parameters
    ----------
    tree
        The result.
    base
        The leader of each case with everything in it.
    """
    have = children(tree, "left_out")
    return tuple(_left_out(tree, kind, base) for kind in KINDS if kind in have)


def _left_out(tree: Tree, kind: str, base: tuple[int, ...]) -> LeftOut:
    data = group(tree, "left_out", kind)
    if data is None:
        return LeftOut(kind, 0, ((),) * len(base), (0,) * len(base))
    names = labels(data, "item")
    change = data["change_db"].transpose("item", "case").values
    table = data["probability"].transpose("item", "case", "hypothesis").values
    flipped = data["flip_to"].transpose("item", "case").values
    none = np.full(len(names), np.nan)
    pareto_k, ess = (data[name].values if name in data else none for name in ("pareto_k", "ess"))
    then = [
        [tree.hypotheses.index(str(to)) if str(to) else who for to, who in zip(row, base, strict=True)]
        for row in flipped
    ]
    cases, turning = [], []
    for case, leader in enumerate(base):
        size = np.where(np.isnan(change[:, case]), -1.0, np.abs(change[:, case]))
        order = [int(place) for place in np.argsort(-size, kind="stable") if size[place] > 0.0]
        cases.append(
            tuple(
                Item(
                    named(tree, kind, names[place]),
                    _anchor(kind, names[place]),
                    Number(float(change[place, case])),
                    then[place][case],
                    Number(float(table[place, case, leader])),
                    weighing(pareto_k[place], ess[place]),
                )
                for place in order[:SHOWN]
            )
        )
        turning.append(sum(after[case] != leader for after in then))
    return LeftOut(kind, len(names), tuple(cases), tuple(turning))


def _anchor(kind: str, name: str) -> str | None:
    return {"observation": f"obs-{name}", "case": f"case-{name}"}.get(kind)


def read_smallest(tree: Tree) -> tuple[Smallest, ...]:
    """Read the fewest observations of which each case's leader depends."""
    data = group(tree, "smallest")
    if data is None:
        return ()
    none = np.full(data.sizes["case"], np.nan)
    pareto_k, ess = (data[name].values if name in data else none for name in ("pareto_k", "ess"))
    found = []
    for case in range(data.sizes["case"]):
        here = data.isel(case=case)
        members = [str(name) for name in here["members"].values if str(name)]
        to = str(here["flip_to"].values)
        found.append(
            Smallest(
                known(here["size"].values),
                bool(here["exact"].values),
                known(here["bound"].values),
                tuple((named(tree, "observation", name), f"obs-{name}") for name in members),
                tree.hypotheses.index(to) if to else None,
                weighing(pareto_k[case], ess[case]),
            )
        )
    return tuple(found)


def read_needed(tree: Tree) -> tuple[Needed, ...]:
    """Read what an explanation that nobody listed must weigh to lead, case by case."""
    data = group(tree, "rival")
    if data is None:
        return ()
    found = []
    for case in range(data.sizes["case"]):
        here = data.isel(case=case)
        found.append(
            Needed(
                numbers(data["prior"].values),
                *(
                    knowns(here[name].values)
                    for name in (
                        "needed_db_per_observation",
                        "needed_db",
                        "needed_db_pooled",
                        "needed_db_everywhere_per_observation",
                    )
                ),
            )
        )
    return tuple(found)


def read_beside(tree: Tree) -> tuple[Beside, ...]:
    """Read what explanations weigh that other sets list."""
    data = group(tree, "rival")
    if data is None or "rival_db" not in data:
        return ()
    weights = data["rival_db"].transpose("rival", "case").values
    return tuple(
        Beside(named(tree, "hypothesis", str(name)), knowns(row))
        for name, row in zip(data["rival"].values, weights, strict=True)
    )


def read_power(tree: Tree) -> tuple[Power, ...]:
    """Read how far each quantity moves with the power of prior and evidence."""
    data = group(tree, "power")
    if data is None:
        return ()
    found = []
    if "sensitivity" in data:
        for case, name in enumerate(labels(data, "case")):
            here = data.isel(case=case)
            found.append(_power(here, "sensitivity", "diagnosis", case, named(tree, "case", name)))
    if "quantity_sensitivity" in data:
        for place, name in enumerate(labels(data, "quantity")):
            here = data.isel(quantity=place)
            found.append(_power(here, "quantity_sensitivity", "quantity_diagnosis", None, Phrase(name)))
    return tuple(found)


def _power(data: xr.Dataset, variable: str, diagnosis: str, case: int | None, name: Phrase) -> Power:
    prior, evidence = (Number(float(data[variable].isel(component=place).values)) for place in (0, 1))
    return Power(case, name, prior, evidence, str(data[diagnosis].values))


def read_multiverse(tree: Tree, base: tuple[int, ...]) -> Multiverse | None:
    """Read every combination of choices, with the probability of the focal explanation under each."""
    data = group(tree, "multiverse")
    if data is None:
        return None
    names = labels(data, "hypothesis")
    focal = tree.hypotheses[tree.focal]
    values = data["probability"].sel(hypothesis=focal).transpose("case", "specification").values
    leader = data["leader"].transpose("case", "specification").values
    share = data["leader_share"].transpose("case", "hypothesis").values
    return Multiverse(
        choices=_choices(tree, data),
        focal=tuple(tuple(map(float, row)) for row in values),
        leads=tuple(tuple(str(name) == focal for name in row) for row in leader),
        hypotheses=tuple(named(tree, "hypothesis", name) for name in names),
        share=tuple(knowns(row) for row in share),
        of_leader=tuple(known(row[names.index(tree.hypotheses[who])]) for row, who in zip(share, base, strict=True)),
        most=_most(data, focal),
        count=Number(float(values.shape[1])),
        unreliable=known(data.attrs["unreliable"]) if "unreliable" in data.attrs else None,
    )


def _most(data: xr.Dataset, focal: str) -> tuple[tuple[str, Number] | None, ...]:
    """Read which choice matters most for the focal explanation, case by case."""
    found: list[tuple[str, Number] | None] = []
    for case, name in enumerate(map(str, data["matters_most"].values)):
        share = data["effect_share"].isel(case=case).sel(hypothesis=focal)
        found.append((name, Number(float(share.sel(choice=name)))) if name else None)
    return tuple(found)


def _choices(tree: Tree, data: xr.Dataset) -> tuple[Choice, ...]:
    """Read the choices, those with one option apart, and which option each specification takes."""
    found = []
    for name in labels(data, "choice"):
        values = [str(value) for value in data[name].values]
        if np.issubdtype(data[name].dtype, np.integer):  # whether something is counted
            values = ["true" if value != "0" else "false" for value in values]
        options = list(dict.fromkeys(values))
        if len(options) > 1:
            kind = {"set": "set", "panel": "coder", "prior": "profile", "pooling": "profile"}.get(name, name)
            taken = tuple(options.index(value) for value in values)
            found.append(Choice(name, tuple(Option(one, _option(tree, kind, one)) for one in options), taken))
    return tuple(found)


def _option(tree: Tree, kind: str, value: str) -> Phrase:
    """Name an option; of a panel that lacks one coder, or has only one, that coder."""
    for prefix in ("without", "only"):
        if kind == "coder" and value.startswith(prefix):
            name = value.removeprefix(prefix).lstrip(" -:")
            return named(tree, kind, name)
    return named(tree, kind, value)
