"""Put files of a study in their places: all of them or none, and what was begun can be finished."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from bayestrace.errors import InputOutputFault
from bayestrace.reading.files import BEGUN, CODINGS
from bayestrace.results import staged

#: In the folder of files that are moved: which of them belongs where, and which are taken out; paths within the study.
_PLACES, _GONE = "places", "taken-out"


class Planned(NamedTuple):
    """What is to be written where, and where each file that was there is kept; those without a text are taken out."""

    texts: Mapping[Path, str]
    old: Mapping[Path, Path]


def place(folder: Path, plan: Callable[[], Planned]) -> Planned:
    """Write files of a study, wholly or not at all.

    Parameters
    ----------
    folder
        The study folder.
    plan
        What is to be done; called when nobody else is at it.

    Raises
    ------
    InputOutputFault
        The system refuses it; then the folder is as it was.
    """
    codings = folder / CODINGS
    try:
        codings.mkdir(parents=True, exist_ok=True)
        with staged(codings) as fresh:
            planned = plan()
            _put(folder, fresh, planned)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=codings, reason=fault.strerror or fault) from fault
    return planned


def finish(folder: Path) -> bool:
    """Finish what another process had begun to put in, and was ended before all of it was in its place.

    Parameters
    ----------
    folder
        The study folder, or a workbook, which is written in one step.

    Returns
    -------
    bool
        Whether there was such a thing.

    Raises
    ------
    InputOutputFault
        The system refuses it.
    """
    codings = folder / CODINGS
    if not (codings / BEGUN).is_dir():
        return False
    try:
        with staged(codings) as made:  # nobody else is at it
            if (codings / BEGUN).is_dir():
                _move(folder, codings / BEGUN, made / BEGUN)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=codings, reason=fault.strerror or fault) from fault
    return True


def _put(folder: Path, fresh: Path, planned: Planned) -> None:
    """Write everything beside its place first, then move it there; where that fails, put back what was there."""
    texts, old = planned
    names = {path: str(number) for number, path in enumerate(texts)}
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(fresh / names[path], text)
    _write(fresh / _PLACES, "\n".join(f"{name} {_inside(path, folder)}" for path, name in names.items()))
    _write(fresh / _GONE, "\n".join(_inside(path, folder) for path in old if path not in texts))
    begun = folder / CODINGS / BEGUN
    kept: list[Path] = []
    try:
        for path, spare in old.items():
            shutil.copy2(path, fresh / spare.name)
            (fresh / spare.name).replace(spare)
            kept.append(spare)
        fresh.rename(begun)
        _move(folder, begun, fresh)
    except OSError:
        if begun.exists():
            _put_back(begun, planned, names)
        for spare in kept:
            spare.unlink(missing_ok=True)
        raise


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())


def _inside(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def _put_back(begun: Path, planned: Planned, names: Mapping[Path, str]) -> None:
    """Undo what was moved already: by moving alone, for which there is room on any disk."""
    for path in {**planned.texts, **planned.old}:
        is_moved = not (begun / names[path] if path in names else path).exists()
        if is_moved and path in planned.old:
            planned.old[path].replace(path)
        elif is_moved:
            path.unlink()
    shutil.rmtree(begun)


def _move(folder: Path, begun: Path, done: Path) -> None:
    """Move what was begun into its places; begun again, it goes on where it was. The rest goes where it is cleared."""
    for line in (begun / _PLACES).read_text(encoding="utf-8").splitlines():
        name, _, path = line.partition(" ")
        if (begun / name).exists():
            (begun / name).replace(folder / path)
    for path in (begun / _GONE).read_text(encoding="utf-8").splitlines():
        (folder / path).unlink(missing_ok=True)
    begun.rename(done)
