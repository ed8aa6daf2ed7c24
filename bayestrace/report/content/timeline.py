"""Read when each observation was, step by step, and what is dated before its cause."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bayestrace import sequence
from bayestrace.dates import interval
from bayestrace.report.content.moments import Moment, Timeline
from bayestrace.report.content.parts import Case, Observation
from bayestrace.report.content.tree import Tree


def read_timelines(tree: Tree, cases: tuple[Case, ...]) -> tuple[Timeline, ...]:
    """Read the timeline of every case that has a dated observation."""
    study = tree.study
    later = {effect.id: tuple(cause.id for cause in causes) for effect, causes in sequence.earlier_than_causes(study)}
    names = tree.labels("mechanism", "step")
    ahead = {
        item.id: names.index(early.before) for early in sequence.earlier_than_steps(study) for item in early.evidence
    }
    steps = {item.id: names.index(item.step) for item in study.evidence}
    found = []
    for case in cases:
        observations = [one for cluster in case.clusters for one in cluster.observations]
        dated = [one for one in observations if one.date]
        if dated:
            moments = (_moment(one, steps, later, ahead) for one in dated)
            ordered = tuple(sorted(moments, key=lambda moment: (moment.begins, moment.ends, moment.step, moment.id)))
            begins, ends = _period(case, ordered)
            phrases = tuple(tree.phrase(study.mechanism.steps[name].name) for name in names)
            found.append(Timeline(case.name, phrases, begins, ends, ordered, len(observations) - len(dated)))
    return tuple(found)


def _moment(
    one: Observation, steps: Mapping[str, int], later: Mapping[str, tuple[str, ...]], ahead: Mapping[str, int]
) -> Moment:
    begins, ends = interval(one.date)
    return Moment(
        id=one.id,
        title=one.title,
        dated=one.date,
        begins=begins,
        ends=ends,
        step=steps[one.id],
        weighs=one.status == "weighs",
        causes=one.effect_of,
        later=later.get(one.id, ()),
        ahead_of=ahead.get(one.id),
    )


def _period(case: Case, moments: tuple[Moment, ...]) -> tuple[date, date]:
    """Return the case's period, or that of its observations; whole years, so that the axis has round ends."""
    if case.dates:
        begins, ends = interval(case.dates)
    else:
        begins, ends = min(one.begins for one in moments), max(one.ends for one in moments)
    return begins.replace(month=1, day=1), ends.replace(month=12, day=31)
