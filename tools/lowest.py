"""Write the lowest versions that pyproject.toml declares, as constraints for pip."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def lowest(requirements: list[str]) -> list[str]:
    """Turn `name>=version` and what may follow into `name==version`.

    Raises
    ------
    ValueError
        A requirement has no lowest version.
    """
    found = []
    for line in requirements:
        parts = re.match(r"([\w.-]+)\s*>=\s*([\w.]+)", line)
        if parts is None:
            raise ValueError(f"{line} has no lowest version: write {line}>=...")
        found.append(f"{parts[1]}=={parts[2]}")
    return found


if __name__ == "__main__":
    declared = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    sys.stdout.write("\n".join(lowest(declared)) + "\n")
