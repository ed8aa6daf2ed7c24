"""Put what was written where a user wants it: wholly or not at all, and nothing that stands there is lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bayestrace.errors import InputOutputFault, UsageFault
from bayestrace.results import replace, staged, write_bytes


def write_folder(files: Mapping[str, str], folder: Path) -> list[Path]:
    """Write the files of a study into a new folder, or into an empty one.

    Raises
    ------
    UsageFault
        There is a file of this name, or a folder that is not empty.
    InputOutputFault
        The system refuses it.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageFault("not-empty", path=folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with staged(folder.parent) as made:
            for name, text in files.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
            folder.mkdir(exist_ok=True)
            for path in sorted(made.iterdir()):
                path.rename(folder / path.name)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=folder, reason=fault.strerror or fault) from fault
    return [folder / name for name in files]


def write_file(content: bytes, file: Path) -> Path | None:
    """Write a file; one that stands there is kept beside it.

    Returns
    -------
    Path or None
        Where the old file is now; None where there was none.

    Raises
    ------
    InputOutputFault
        The system refuses it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = spare(file) if file.exists() else None
        with staged(file.parent) as made:
            fresh = made / file.name
            fresh.write_bytes(content)
            if kept is not None:
                (made / kept.name).write_bytes(file.read_bytes())
                replace(made / kept.name, kept)
            replace(fresh, file)
    except OSError as fault:
        raise InputOutputFault("no-writing", path=file, reason=fault.strerror or fault) from fault
    return kept


def write_changed(content: bytes, file: Path) -> Path | None:
    """Write a file as `write_file` does, but leave one alone that has this content already."""
    try:
        if file.is_file() and file.read_bytes() == content:
            return None
    except OSError as fault:
        raise InputOutputFault("no-writing", path=file, reason=fault.strerror or fault) from fault
    return write_file(content, file)


def write_each(contents: Mapping[Path, bytes]) -> list[Path]:
    """Write files, each wholly or not at all, in the place of those that stand there.

    Raises
    ------
    InputOutputFault
        The system refuses one.
    """
    for path, content in contents.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(content, path)
        except OSError as fault:
            raise InputOutputFault("no-writing", path=path, reason=fault.strerror or fault) from fault
    return [*contents]


def spare(file: Path) -> Path:
    """Name where an old file is kept: ``x.xlsx.bak``, or with the first number that is free."""
    kept, number = file.with_name(f"{file.name}.bak"), 2
    while kept.exists():
        kept, number = file.with_name(f"{file.name}.bak{number}"), number + 1
    return kept
