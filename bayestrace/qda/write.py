"""Write stubs into new files."""

from __future__ import annotations

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
