"""An analysis as a tidy table: a row for each setting, case and hypothesis, for spreadsheets and for R."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

import numpy as np
import xarray as xr

#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Tells a spreadsheet that a file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def analyses(tree: xr.DataTree) -> Iterator[tuple[str, xr.Dataset]]:
    """List the analyses of a result with their names, parts of one after a slash."""
    for node in tree.subtree:
        name = node.path.strip("/").removeprefix("sensitivity/")
        if node.path.startswith("/sensitivity/") and node.data_vars:
            yield name, node.to_dataset()


def flip_points(data: xr.Dataset) -> list[dict[str, Any]]:
    """Collect the flip points of an analysis as plain data: along what, at which place, to whom.

    Returns
    -------
    list of dict
        A label for each dimension; `at` and `to`, both None where the leader stays.
    """
    if "flip_at" not in data or "flip_to" not in data:
        return []
    dims = data["flip_at"].dims
    labels = [data[dim].values if dim in data.coords else np.arange(data.sizes[dim]) for dim in dims]
    to = data["flip_to"].transpose(*dims).values
    found = []
    for place in np.ndindex(to.shape):
        where = {str(dim): str(names[spot]) for dim, names, spot in zip(dims, labels, place, strict=True)}
        at = float(data["flip_at"].values[place])
        found.append({**where, "at": at if np.isfinite(at) else None, "to": str(to[place]) or None})
    return found


def tidy(data: xr.Dataset) -> dict[str, str]:
    """Write an analysis as CSV.

    Parameters
    ----------
    data
        One group of `sensitivity` (docs/results.md).

    Returns
    -------
    dict
        Texts by the ending of their file's name. The one without an ending has a row for each element of
        `probability`, and as columns all that is known along some of its dimensions; each set of other dimensions has a
        file that is named after them. What is not known stays empty. A text that a spreadsheet would take for a
        formula has an apostrophe before it.
    """
    written = {}
    for dims, names in _grouped(data):
        ending = "" if "probability" in names else "-by-" + "-".join(map(str, dims)) if dims else "-whole"
        written[ending] = _table(data, dims, names)
    return written


def _grouped(data: xr.Dataset) -> Iterator[tuple[tuple[Hashable, ...], list[str]]]:
    """Sort the variables by their dimensions; what fits along those of `probability` goes with it."""
    main = data["probability"].dims if "probability" in data else ()
    groups: dict[tuple[Hashable, ...], list[str]] = {}
    for name, array in data.variables.items():
        if name in data.dims:
            continue
        dims = tuple(main) if set(array.dims) <= set(main) else array.dims
        groups.setdefault(dims, []).append(str(name))
    for dims, names in groups.items():
        # What was asked comes before what was answered.
        yield dims, sorted(names, key=lambda name: (name == "probability", len(data[name].dims)))


def _table(data: xr.Dataset, dims: Sequence[Hashable], names: Sequence[str]) -> str:
    labels = [data[dim].values if dim in data.coords else np.arange(data.sizes[dim]) for dim in dims]
    columns = []
    for name in names:
        array = data[name]
        # Broadcast along the dimensions that it lacks, in the order of the rows.
        whole = array.expand_dims({dim: data.sizes[dim] for dim in dims if dim not in array.dims})
        columns.append(whole.transpose(*dims).values.ravel())
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow([*map(str, dims), *names])
    for place, row in enumerate(itertools.product(*labels)):
        table.writerow([*map(cell, row), *(cell(column[place]) for column in columns)])
    return text.getvalue()


def cell(value: Any) -> str:
    """Write one value: numbers in full, nothing for NaN, a text so that it stays one."""
    if isinstance(value, np.bool_ | bool):
        return "true" if value else "false"
    if isinstance(value, np.integer | int):
        return str(int(value))
    if isinstance(value, np.floating | float):
        return "" if np.isnan(value) else repr(float(value))
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
