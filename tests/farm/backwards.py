"""Workers of this very process, which give back the last piece first."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Generator, Iterable
from typing import Any

from bayestrace.farm import Farm


class Backwards(Farm):
    """Hands pieces over as they travel; `taken` counts them."""

    def __init__(self) -> None:
        self.taken = 0

    def attempts[Piece](self, function: Callable[[Piece], Any], pieces: Iterable[Piece]) -> Generator[tuple[int, Any]]:
        for place, piece in reversed(list(enumerate(pieces))):
            self.taken += 1
            there, carried = pickle.loads(pickle.dumps((function, piece)))  # noqa: S301 - made in this line
            yield place, there(carried)
