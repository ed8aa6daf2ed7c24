"""Whole pages that answer anew, of the small study; every text meant for people may be spoilt."""

from __future__ import annotations

import xarray as xr
from lively import drawn
from studies import Words, plain
from trees import small_tree

from bayestrace.messages import Lang
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render

DRAWS = 60


def lively_tree(kind: str = "model", say: Words = plain) -> xr.DataTree:
    """Give the result of the small study draws that its page can answer from."""
    tree = small_tree(kind, say=say)
    if kind == "model":
        _, posterior = drawn(tree["problem"].to_dataset(), DRAWS)
        tree["posterior"] = xr.DataTree(posterior)
    return tree


def lively_page(lang: Lang = "en", kind: str = "model", say: Words = plain) -> str:
    tree = lively_tree(kind, say)
    return render(read_content(tree, lang), live.island(tree))
