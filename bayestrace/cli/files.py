"""Write a file that an option names."""

from __future__ import annotations

from pathlib import Path


def write_named(text: str, path: Path) -> None:
    """Write a text wholly or not at all.

    Raises
    ------
    InputOutputFault
        The system refuses it.
    """
    from bayestrace import results  # noqa: PLC0415
    from bayestrace.errors import InputOutputFault  # noqa: PLC0415

    try:
        results.write_text(text, path)
    except OSError as fault:
        raise InputOutputFault("no-file-writing", path=path, reason=fault.strerror or fault) from fault
