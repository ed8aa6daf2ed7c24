"""The table of all observations, for the tests of it: a page with spreads to sort by, and a table's cells by place."""

from __future__ import annotations

import functools

import xarray as xr
from lively_pages import lively_tree
from pages import Element
from trees import change

from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render

TITLES = ["Title of one-buys", "Title of one-says", "Title of one-context", "Title of two-pays", "Title of three-doubt"]
BUYS, SAYS, CONTEXT, PAYS, DOUBT = TITLES


def tree_of(kind: str = "model") -> xr.DataTree:
    """Give the small study spreads to sort by; `three-doubt` has none."""
    tree = lively_tree(kind)
    for name, spread in (("one-buys", 9.75), ("one-says", 11.5), ("one-context", 2.25), ("two-pays", 4.5)):
        change(tree, "coders", "spread_db", spread, evidence=name)
    return tree


@functools.cache
def html_of(kind: str = "model", other: Lang | None = None, *, answers: bool = True) -> str:
    """Make the page in English; one that does not answer is that of too many joint explanations."""
    tree = tree_of(kind)
    island = live.island(tree) | ({} if answers else {"logA": None})
    return render(read_content(tree, "en"), island, read_content(tree, other) if other else None)


def grid(table: Element) -> list[list[Element]]:
    """Give each place of the body of a table the cell that covers it."""
    rows = table.all("tbody")[0].all("tr")
    columns = len(table.all("thead")[0].all("th"))
    taken: list[list[Element | None]] = [[None] * columns for _ in rows]
    for place, row in enumerate(rows):
        for cell in row.all("td", "th"):
            column = taken[place].index(None)
            for below in range(int(cell.attrs.get("rowspan", "1"))):
                taken[place + below][column] = cell
    return [[cell for cell in row if cell] for row in taken]
