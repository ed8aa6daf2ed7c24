"""A result's folder: report, draws, summary, and the manifest that lists them with what they were made from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from bayestrace import results
from bayestrace.errors import InputOutputFault
from bayestrace.messages import Lang
from bayestrace.public import public
from bayestrace.summary import summary_of

#: Version of the layout of manifest.json.
MANIFEST_FORMAT = 1
MANIFEST, REPORT, SUMMARY = "manifest.json", "report.html", "summary.json"


def write_result(
    tree: xr.DataTree, folder: Path, inputs: Mapping[str, bytes], lang: Lang, other: Lang | None = None
) -> list[Path]:
    """Write report.html, posterior.nc, summary.json and, last, manifest.json.

    What the study marks as private is in posterior.nc alone.

    Parameters
    ----------
    tree
        The result.
    folder
        Made if missing; each file there is wholly the old one or wholly the new one.
    inputs
        Content of the study's files by their path in the folder, for the manifest.
    lang
        Language of the report.
    other
        A language that the report has too, with a switch; None for a report in one.

    Raises
    ------
    InputOutputFault
        The folder cannot be written.
    """
    page, summary = _page(tree, lang, other), _json(summary_of(tree))
    makers: dict[str, Callable[[Path], object]] = {
        results.FILE: lambda fresh: results.write_tree(tree, fresh),
        REPORT: lambda fresh: fresh.write_bytes(page.encode()),
        SUMMARY: lambda fresh: fresh.write_bytes(summary.encode()),
    }
    outputs = [*makers]

    def list_all(fresh: Path) -> None:
        """Write the manifest of the files beside it: put in place last, it fits no set of old files and new ones."""
        beside = {name: fresh.with_name(name).read_bytes() for name in outputs}
        fresh.write_bytes(_json(_manifest(tree, inputs, beside)).encode())

    try:
        folder.mkdir(parents=True, exist_ok=True)
        results.write_together({**makers, MANIFEST: list_all}, folder)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=folder, reason=fault.strerror or fault) from fault
    return [folder / name for name in (*outputs, MANIFEST)]


def write_report(tree: xr.DataTree, file: Path, lang: Lang, other: Lang | None = None) -> None:
    """Write the report of a result again.

    Parameters
    ----------
    tree
        The result.
    file
        Where to; wholly the old one or wholly the new one. A manifest beside it that lists it is brought up to date.
    lang
        Language of the report.
    other
        A language that the report has too, with a switch; None for a report in one.

    Raises
    ------
    InputOutputFault
        It cannot be written, or the manifest beside it is none.
    """
    page = _page(tree, lang, other)
    beside = file.parent / MANIFEST
    try:
        with results.staged(file.parent) as made:
            listed = dict(json.loads(beside.read_bytes())) if beside.is_file() else {}
            texts = {file.name: page}
            if file.name in listed.get("outputs", {}):
                listed["outputs"] |= _digests({file.name: page.encode()})
                texts[MANIFEST] = _json(listed)
            for name, text in texts.items():
                (made / name).write_bytes(text.encode())
            for name in texts:
                results.replace(made / name, file.parent / name)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=file, reason=fault.strerror or fault) from fault
    except (TypeError, ValueError) as fault:
        raise InputOutputFault("no-manifest", path=beside, reason=fault) from fault


def write_public(tree: xr.DataTree, file: Path) -> None:
    """Write a result without what its study marks as private.

    Parameters
    ----------
    tree
        The result.
    file
        Where to; wholly the old one or wholly the new one. No number differs from those of the result.

    Raises
    ------
    InputOutputFault
        It cannot be written.
    """
    try:
        results.save(public(tree), file)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=file, reason=fault.strerror or fault) from fault


def _page(tree: xr.DataTree, lang: Lang, other: Lang | None) -> str:
    from bayestrace.excerpt import excerpt  # noqa: PLC0415
    from bayestrace.report import live  # noqa: PLC0415 - jinja2 only where a page is made
    from bayestrace.report.content import read_content  # noqa: PLC0415
    from bayestrace.report.page import render  # noqa: PLC0415

    shown = public(tree)
    part = excerpt(shown)
    if part is not None:
        contents = [read_content(part.tree, one, part.overall) for one in (lang, other) if one]
        return render(contents[0], None, contents[1] if other else None)
    return render(read_content(shown, lang), live.island(shown), read_content(shown, other) if other else None)


def _manifest(tree: xr.DataTree, inputs: Mapping[str, bytes], outputs: Mapping[str, bytes]) -> dict[str, Any]:
    manifest = {
        "manifest": MANIFEST_FORMAT,
        "bayestrace": tree.attrs["bayestrace"],
        "study_digest": tree.attrs["study_digest"],
        "set": tree.attrs["set"],
        "profile": json.loads(tree.attrs["profile"])["id"],
        "settings": json.loads(tree.attrs["settings"]),
        "versions": json.loads(tree.attrs["versions"]),
        "inputs": _digests(inputs),
        "outputs": _digests(outputs),
    }
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        manifest["source_date_epoch"] = epoch
    return manifest


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False, allow_nan=False) + "\n"
