"""Tell a fault once: what only follows from another fault of the same cell is not told besides it."""

from collections.abc import Iterable, Iterator

from bayestrace.errors import Fault

#: What a cell seems to lack because its content was refused, or stands in the first of the cells that are merged.
_FOLLOWS = frozenset({"cell-empty", "range-half"})
_REFUSED = frozenset({"cell-formula", "cell-error", "cell-date", "control-character"})
#: So many rows and columns of a merged range are looked at: it may name more than a sheet has.
_MOST = (5_000, 200)


def told_once(faults: Iterable[Fault]) -> list[Fault]:
    """Leave out faults that are given twice, and those that follow from another.

    Parameters
    ----------
    faults
        Of all files, in any order.

    Returns
    -------
    list of Fault
        In the same order.
    """
    each = list({(fault, *sorted(fault.details.items())): fault for fault in faults}.values())
    spoilt = {cell for fault in each for cell in _cells(fault)}
    return [
        fault for fault in each if fault.slug not in _FOLLOWS or (fault.path, fault.line, fault.column) not in spoilt
    ]


def _cells(fault: Fault) -> Iterator[tuple[str, int, int]]:
    """Yield the cells that have nothing to show because of a fault."""
    if fault.slug in _REFUSED and fault.line:
        yield fault.path, fault.line, fault.column
    if fault.slug == "cells-merged":
        from bayestrace.reading.packed import corner  # noqa: PLC0415 - only where a workbook was read

        first, _, last = fault.details["found"].partition(":")
        (top, left), (bottom, right) = corner(first), corner(last or first)
        for line in range(top, min(bottom, top + _MOST[0]) + 1):
            for column in range(left, min(right, left + _MOST[1]) + 1):
                yield fault.path, line, column
