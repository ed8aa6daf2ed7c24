"""Weigh the evidence of a few cases: Bayesian process tracing with several coders.

The names below are for notebooks and scripts; `bayestrace.library` has them. Each is loaded when it is first used, so
that importing the package costs nothing.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bayestrace.library import (
        BayestraceError,
        Result,
        Study,
        StudyFaults,
        open_result,
        read_candidates,
        read_study,
        to_decibels,
        to_nats,
        update,
    )

__version__ = "0.1.0"

__all__ = [
    "BayestraceError",
    "Result",
    "Study",
    "StudyFaults",
    "__version__",
    "open_result",
    "read_candidates",
    "read_study",
    "to_decibels",
    "to_nats",
    "update",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("bayestrace.library"), name)


def __dir__() -> list[str]:
    return __all__
