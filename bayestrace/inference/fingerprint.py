"""Name the engine: what is kept of its work, compiled code or fits, is good for that very engine only."""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
from pathlib import Path

# Libraries whose version may change a draw, or the code that a model is compiled to.
_LIBRARIES = ("bayestrace", "numba", "numpy", "pymc", "pytensor", "scipy")


# A run asks for it many times, and the text of the code that runs does not change meanwhile.
@functools.cache
def fingerprint() -> str:
    """Digest the engine's own text and the versions of what it runs on (SHA-256, hexadecimal).

    The version of bayestrace stands still while it is worked on; its text does not.
    """
    known = hashlib.sha256()
    for name in _LIBRARIES:
        known.update(f"{name} {importlib.metadata.version(name)}\0".encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        known.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return known.hexdigest()
