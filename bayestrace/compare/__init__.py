"""Compare two results: what changed in the answer, what differs in the inputs, and which difference did it."""

from bayestrace.compare.cases import CaseChange, Moved, Row
from bayestrace.compare.inputs import Difference
from bayestrace.compare.sides import Side, open_side
from bayestrace.compare.steps import Step
from bayestrace.compare.whole import Comparison, as_data, compare

__all__ = [
    "CaseChange",
    "Comparison",
    "Difference",
    "Moved",
    "Row",
    "Side",
    "Step",
    "as_data",
    "compare",
    "open_side",
]
