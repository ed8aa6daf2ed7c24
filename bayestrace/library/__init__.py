"""What a notebook imports: read a study, update on its evidence, ask what would change the answer.

`import bayestrace as bt` gives these names; docs/library.md shows them at work. None of them prints, and none writes a
file that was not named.
"""

from bayestrace.errors import BayestraceError, StudyFaults
from bayestrace.library.result import Result
from bayestrace.library.verbs import open_result, read_candidates, read_study, update
from bayestrace.study import Study
from bayestrace.weights import to_decibels, to_nats

__all__ = [
    "BayestraceError",
    "Result",
    "Study",
    "StudyFaults",
    "open_result",
    "read_candidates",
    "read_study",
    "to_decibels",
    "to_nats",
    "update",
]
