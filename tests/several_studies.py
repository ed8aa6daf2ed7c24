"""Small studies that differ in one weight, so that none can be taken for another."""

from __future__ import annotations

from pathlib import Path

from small_study import FILES, WEIGHTS, write


def write_several(folder: Path, names: str) -> list[Path]:
    """Write a study for each letter."""
    return [
        write(
            folder / name, {**FILES, "evidence/codings/neutral-weights.csv": WEIGHTS.replace(",1,2\n", f",1.{at},2\n")}
        )
        for at, name in enumerate(names)
    ]


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Read the files of a result."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
