"""Find effects dated before their causes: process tracing stands or falls with what came first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bayestrace.dates import interval
from bayestrace.study import Evidence, Study


class Early(NamedTuple):
    """Observations of a step dated before every dated one of the step `before` that leads to it, in one case."""

    case: str
    before: str
    after: str
    evidence: tuple[Evidence, ...]


def earlier_than_causes(study: Study) -> Iterator[tuple[Evidence, tuple[Evidence, ...]]]:
    """Yield each observation that ends before an observation begins by which it is explained, with those."""
    known = {item.id: item for item in study.evidence}
    for effect in study.evidence:
        causes = (known[name] for name in effect.effect_of)
        if later := tuple(cause for cause in causes if _ends_before(effect, cause)):
            yield effect, later


def earlier_than_steps(study: Study) -> Iterator[Early]:
    """Yield, for each arrow of the mechanism and each case, what comes before the step that should lead to it.

    A span such as 2017/2021 bounds a date and is none; it proves no order. Context is no evidence, of order neither.
    """
    for before, after in study.mechanism.arrows:
        for case in study.cases:
            inside = [item for item in study.evidence if item.case == case and not item.context and _dated(item)]
            causes = [item for item in inside if item.step == before]
            early = [item for item in inside if item.step == after and all(_ends_before(item, one) for one in causes)]
            if causes and early:
                yield Early(case, before, after, tuple(early))


def _ends_before(effect: Evidence, cause: Evidence) -> bool:
    return bool(effect.date and cause.date) and interval(effect.date or "")[1] < interval(cause.date or "")[0]


def _dated(item: Evidence) -> bool:
    return item.date is not None and "/" not in item.date
