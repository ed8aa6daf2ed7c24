"""Write stubs into new files, and exports whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from bayestrace.errors import InputOutputFault


def write_new(folder: Path, name: str, text: str) -> Path:
    """Write a text to a file that was not there before: case.yaml, else case-qda.yaml, case-qda-2.yaml, ...

    Raises
    ------
    InputOutputFault
        The folder or the file cannot be made.
    """
    stem = Path(name).stem
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1000):
            path = folder / (f"{stem}{('', '-qda')[number] if number < 2 else f'-qda-{number}'}.yaml")  # noqa: PLR2004
            try:
                with path.open("x", encoding="utf-8") as file:
                    file.write(text)
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise InputOutputFault("no-writing", path=folder, reason=error.strerror or error) from error
    raise InputOutputFault("no-writing", path=folder, reason="1000 files")


def write_over(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all; one that is there already is kept beside it as .bak.

    Raises
    ------
    InputOutputFault
        The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).chmod(0o644)
            if path.exists():
                path.replace(path.with_name(f"{path.name}.bak"))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise InputOutputFault("no-writing", path=path, reason=error.strerror or error) from error
    return path
