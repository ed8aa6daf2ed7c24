"""The timelines in the words of the page: figure, what is dated before its cause, and the table beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bayestrace.report import figures
from bayestrace.report.content.moments import Moment, Timeline
from bayestrace.report.content.parts import Report
from bayestrace.report.figures import Caption, Era, Event, Link, Svg
from bayestrace.report.page.html import Html, Speaker, markup


@dataclass(frozen=True)
class Timed:
    """A timeline for the page: the figure, and a sentence for each observation that comes too early."""

    told: Timeline
    figure: Svg
    notes: tuple[Html, ...]


def timed(report: Report, speaker: Speaker) -> list[Timed]:
    """Draw and word the timeline of every case."""
    return [
        Timed(told, _figure(told, place, speaker), _notes(told, speaker)) for place, told in enumerate(report.timelines)
    ]


def _figure(told: Timeline, place: int, speaker: Speaker) -> Svg:
    places = {moment.id: number for number, moment in enumerate(told.moments)}
    events = [
        Event(
            lane=moment.step,
            low=moment.begins.toordinal(),
            high=moment.ends.toordinal() + 1.0,
            says=f"{moment.title.text}{speaker.aside(moment.dated)}",
            weighs=moment.weighs,
            early=moment.early,
        )
        for moment in told.moments
    ]
    links = [
        Link(places[cause], number, cause in moment.later)
        for number, moment in enumerate(told.moments)
        for cause in moment.causes
        if cause in places
    ]
    years = range(told.begins.year, told.ends.year + 1)
    # Forty years have no room for forty numbers.
    every = 1 + (len(years) - 1) // 12
    ticks = tuple((date(year, 1, 1).toordinal(), str(year)) for year in years if not (year - years[0]) % every)
    caption = Caption(
        f"time-{place}",
        speaker.plainly("time-caption", case=told.case.text),
        speaker.plainly(
            "time-desc",
            count=str(len(told.moments)),
            links=str(len(links)),
            early=str(sum(moment.early for moment in told.moments)),
        ),
    )
    era = Era(told.begins.toordinal(), told.ends.toordinal() + 1.0, ticks, speaker.word("no-evidence"))
    return figures.timeline(caption, [step.text for step in told.steps], events, links, era)


def _notes(told: Timeline, speaker: Speaker) -> tuple[Html, ...]:
    known = {moment.id: moment for moment in told.moments}
    found = []
    ahead: dict[tuple[int, int], list[Html]] = {}
    for moment in told.moments:
        if moment.later:
            causes = speaker.listed(_linked(known[name], speaker) for name in moment.later)
            found.append(speaker.say("time-early-link", effect=_linked(moment, speaker), causes=causes))
        if moment.ahead_of is not None:
            ahead.setdefault((moment.ahead_of, moment.step), []).append(_linked(moment, speaker))
    for (before, after), effects in ahead.items():
        steps = {"before": told.steps[before], "after": told.steps[after]}
        found.append(speaker.say("time-early-step", effects=speaker.listed(effects), **steps))
    return tuple(found)


def _linked(moment: Moment, speaker: Speaker) -> Html:
    return Html(f'<a href="#obs-{markup(moment.id)}">{markup(moment.title)}</a>{speaker.aside(moment.dated)}')
