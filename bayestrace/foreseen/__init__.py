"""Foresee the explanation of a case not yet seen, and say from which cases it is borrowed."""

from bayestrace.foreseen.asked import Asked, Membership, asked
from bayestrace.foreseen.result import Opened, open_result
from bayestrace.foreseen.whole import as_data, foresee

__all__ = ["Asked", "Membership", "Opened", "as_data", "asked", "foresee", "open_result"]
