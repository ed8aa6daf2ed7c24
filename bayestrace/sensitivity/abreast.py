"""Pieces of one analysis that do not need each other, two at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

# Compiled loops run side by side; what is between them takes turns, so that more threads would only wait.
_THREADS = 2


def abreast[Piece, Found](
    function: Callable[[Piece], Found], pieces: Sequence[Piece], tell: Callable[[int, int], None] | None = None
) -> list[Found]:
    """Work each piece out; what comes out does not depend on which is done first.

    Parameters
    ----------
    function
        Gives what is found of a piece; changes nothing that another piece reads.
    pieces
        What to work out; those that take longest had better come first.
    tell
        Told after each piece, in the thread of whoever asks, with the number done and the number in all.

    Returns
    -------
    list
        What was found, in the order of the pieces.

    Notes
    -----
    The first error is raised, as is an interrupt; pieces not yet begun are then left undone.
    """
    with ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1)) as pool:
        futures = [pool.submit(function, piece) for piece in pieces]
        try:
            for done, future in enumerate(as_completed(futures), 1):
                future.result()
                if tell is not None:
                    tell(done, len(pieces))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [future.result() for future in futures]
