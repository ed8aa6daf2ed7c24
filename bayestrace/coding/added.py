"""Add codings to a study folder: all of their files or none, what was there before kept beside it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bayestrace.coding.taken import Taken
from bayestrace.errors import InputOutputFault, UsageFault
from bayestrace.messages import Lang
from bayestrace.reading.codings import LAYOUTS
from bayestrace.reading.files import CODINGS
from bayestrace.study import Coder, Study, Text
from bayestrace.writing.disk import spare


def place_of(folder: Path, coder: str, kind: str) -> Path:
    """Say where a coder's table of one kind stands."""
    return folder / CODINGS / f"{coder}-{kind}.csv"


def add(folder: Path, codings: Sequence[Taken], *, replace: bool = False, dry: bool = False) -> dict[Path, Path | None]:
    """Add codings to a study.

    Parameters
    ----------
    folder
        The study folder.
    codings
        One for each coder.
    replace
        Whether a coder's coding may take the place of an earlier one, which then is kept whole as ``.bak``.
    dry
        Only check whether it could be done.

    Returns
    -------
    dict
        Every file that is written or, where the new coding has no such table, taken out, with where the old one is
        kept; None where there was none.

    Raises
    ------
    UsageFault
        A coder has a coding already.
    InputOutputFault
        The folder cannot be written; then it is as it was.
    """
    there = {
        one.coder: [path for kind in LAYOUTS if (path := place_of(folder, one.coder, kind)).exists()] for one in codings
    }
    for coder, paths in there.items():
        if paths and not replace:
            raise UsageFault("coding-there", name=coder, known=", ".join(path.name for path in paths))
    texts = {place_of(folder, one.coder, kind): text for one in codings for kind, text in one.files.items()}
    old = {path: spare(path) for paths in there.values() for path in paths}
    if not dry:
        try:
            _put(folder / CODINGS, texts, old)
        except OSError as fault:
            raise InputOutputFault("no-writing", path=folder / CODINGS, reason=fault.strerror or fault) from fault
    return {path: old.get(path) for path in [*texts, *(path for path in old if path not in texts)]}


def _put(folder: Path, texts: Mapping[Path, str], old: Mapping[Path, Path]) -> None:
    """Write everything beside its place first, then move it there; where that fails, put back what was there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".bayestrace-") as fresh:
        for path, text in texts.items():
            with (Path(fresh) / path.name).open("w", encoding="utf-8", newline="") as handle:
                handle.write(text)
                handle.flush()
                os.fsync(handle.fileno())
        for path, spare in old.items():
            shutil.copy2(path, spare)
        done: list[Path] = []
        try:
            for path in texts:
                (Path(fresh) / path.name).replace(path)
                done.append(path)
            for path in old:
                if path not in texts:
                    path.unlink()
                    done.append(path)
        except OSError:
            for path in done:
                if path in old:
                    shutil.copy2(old[path], path)
                else:
                    path.unlink(missing_ok=True)
            for spare in old.values():
                spare.unlink(missing_ok=True)
            raise


def declaration(study: Study, coder: str, lang: Lang) -> str:
    """Write the lines that declare a coder in study.yaml; empty where it is declared."""
    # Reading gives a coder that only has files this entry.
    if study.coders.get(coder, Coder(name=Text(en=coder))) != Coder(name=Text(en=coder)):
        return ""
    return f"coders:\n  {coder}:\n    name: {coder}\n    language: {lang}\n"
