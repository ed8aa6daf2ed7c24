"""Which cases of a test `make test` runs; `make full` runs all."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import pytest


def some(cases: Iterable[Hashable], *kept: Hashable) -> list[Any]:
    """Mark the cases of a test as long, all but those to keep."""
    cases = [*cases]
    assert {*kept} <= {*cases}, "a case that is kept is one of all"
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=[pytest.mark.long] * (case not in kept))
        for case in cases
    ]
