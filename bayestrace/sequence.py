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
    dated: dict[tuple[str, str], list[Evidence]] = {}
    for item in study.evidence:
        if not item.context and _dated(item):
            dated.setdefault((item.case, item.step), []).append(item)
    for before, after in study.mechanism.arrows:
        for case in study.cases:
            causes, effects = dated.get((case, before)), dated.get((case, after))
            if causes and effects:
                first = min(interval(cause.date or "")[0] for cause in causes)
                early = tuple(item for item in effects if interval(item.date or "")[1] < first)
                if early:
                    yield Early(case, before, after, early)


def _ends_before(effect: Evidence, cause: Evidence) -> bool:
    return bool(effect.date and cause.date) and interval(effect.date or "")[1] < interval(cause.date or "")[0]


def _dated(item: Evidence) -> bool:
    return item.date is not None and "/" not in item.date
