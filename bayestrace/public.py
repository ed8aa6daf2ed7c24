"""A result as it may be handed out: nothing in it that its study marks as private."""

from __future__ import annotations

import re

import xarray as xr

from bayestrace.study import Study
from bayestrace.study.private import source_aliases, without_private

#: Groups along whose `item` sources stand by their ids.
_BY_SOURCE = ("/sensitivity/left_out/source",)
# Whatever marks something as private is called so: a study without the word need not be read, which may take minutes.
_WORD = re.compile("private", re.IGNORECASE)


def public(tree: xr.DataTree) -> xr.DataTree:
    """Take out of a result all that its study marks as private.

    Parameters
    ----------
    tree
        A result (docs/results.md).

    Returns
    -------
    DataTree
        The same tree where nothing is private. Else a copy with the study of `without_private`, that study's digest,
        and the names that it gives to sources; no number differs. Findings hold nothing private, as they are made.
    """
    if not _WORD.search(tree.attrs["study"]):
        return tree
    study = Study.model_validate_json(tree.attrs["study"])
    open_study = without_private(study)
    if open_study is study:
        return tree
    aliases = source_aliases(study)
    shown = tree.copy()
    shown.attrs |= {"study": open_study.canonical(), "study_digest": open_study.digest()}
    for node in shown.subtree:
        if node.path in _BY_SOURCE:
            data = node.to_dataset(inherit=False)
            items = [aliases.hidden.get(str(name), str(name)) for name in data["item"].values]
            node.dataset = data.assign_coords(item=items)
    return shown


def has_private(tree: xr.DataTree) -> bool:
    """Say whether the study of a result marks anything as private."""
    return public(tree) is not tree
