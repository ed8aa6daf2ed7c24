"""The clues in the words of the page: what came of each search, what follows, whether the pattern holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bayestrace.report.content.parts import Report
from bayestrace.report.content.sought import Chance, Clue, Clues, Given, Link, Outcome, Pattern
from bayestrace.report.content.values import Phrase
from bayestrace.report.page.html import Html, Piece, Speaker, markup

#: Cases that have a column each; more have a row each.
_COLUMNS = 8
#: Standings that a clue of another name has in the words of the page.
_SEARCHED = {"not-found", "not-sought"}


def sought(report: Report, speaker: Speaker) -> dict[str, Any]:
    """Lay out what clues.html.j2 shows; nothing where a study has no clues."""
    found = report.clues
    if found is None:
        return {}
    rivals = [_rival(report, place) for place in range(len(report.cases))]
    numbers = {clue.id: place for place, clue in enumerate(found.clues, start=1)}
    return {
        "wide": len(report.cases) <= _COLUMNS,
        "groups": _grouped(found.clues),
        "rivals": [speaker.say("clue-over", rival=report.hypotheses[place].name) for place in rivals],
        "cells": {
            clue.id: [
                (one.state, _cell(report, one, rival, speaker))
                for one, rival in zip(clue.outcomes, rivals, strict=True)
            ]
            for clue in found.clues
        },
        "number": numbers,
        "short": {clue.id: _short(clue, place, speaker) for place, clue in enumerate(found.clues, start=1)},
        "chances": [
            (clue, _value(clue, given, speaker), [_chance(one, speaker) for one in given.chances])
            for clue in found.clues
            for given in clue.cells
        ],
        "same": _same(report, found, speaker),
        "values": _values(found, speaker),
        "steps": _steps(found),
        "standings": [[_standing(link, speaker) for link in pattern.links] for pattern in found.patterns],
        "holds": [speaker.word(f"clue-holds-{one.holds if one.told else 'none'}") for one in found.patterns],
        "said": [
            _said(case.name, pattern, speaker) for case, pattern in zip(report.cases, found.patterns, strict=True)
        ],
        "silent": _silent(found, speaker),
        "dependent": Html(speaker.apart(f"{numbers[one]}–{numbers[other]}" for one, other in found.dependent)),
        "searches": {clue.id: _searches(report, clue, speaker) for clue in found.clues},
        "lost": any(number for clue in found.clues for number in clue.left_out),
    }


def _grouped(clues: Iterable[Clue]) -> list[tuple[Phrase | None, list[Clue]]]:
    """Sort clues by step, in the order in which steps come up; those of no step last."""
    groups: dict[Phrase | None, list[Clue]] = {}
    for clue in clues:
        groups.setdefault(clue.step, []).append(clue)
    return sorted(groups.items(), key=lambda group: group[0] is None)


def _short(clue: Clue, place: int, speaker: Speaker) -> Html:
    """Name a clue by its number and what finding it says; by its question where it says nothing of a step."""
    if clue.step is None or clue.direction == "none":
        return Html(f"{place}. {markup(clue.asks)}")
    domain = speaker.aside(clue.domain) if clue.domain else ""
    direction = f"{speaker.word(f'glyph-{clue.direction}')} {speaker.word(clue.direction)}"
    return Html(f"{place}. {markup(clue.step)} {direction}{domain}")


def _searches(report: Report, clue: Clue, speaker: Speaker) -> list[tuple[Html, Outcome]]:
    """List the searches for a clue; cases in which it was not sought for one and the same reason are told together."""
    groups: dict[tuple[str, Phrase | None, int], list[int]] = {}
    for place, outcome in enumerate(clue.outcomes):
        alike = outcome.state == "not-sought" and outcome.source is None
        groups.setdefault((outcome.state, outcome.note, -1 if alike else place), []).append(place)
    return [
        (speaker.listed(report.cases[place].name for place in places), clue.outcomes[places[0]])
        for places in groups.values()
    ]


def _rival(report: Report, place: int) -> int:
    """Choose the rival that outcomes in a case are weighed against: the most probable but the focal explanation."""
    case, focal = report.cases[place], report.focal.place
    reached = report.clues.reached if report.clues else ()
    numbers = reached[place].probabilities if reached else tuple(row.probability for row in case.rows)
    return max((one for one in range(len(numbers)) if one != focal), key=lambda one: numbers[one].value)


def _cell(report: Report, outcome: Outcome, rival: int, speaker: Speaker) -> Html:
    """Say what came of a search, by a sign and in words, and what that weighs."""
    said = f"{speaker.word(f'clue-sign-{outcome.state}')} {speaker.word(f'clue-{outcome.state}')}"
    lines: list[Piece] = []
    if outcome.rules_out:
        names = markup(speaker.word("clue-names-apart")).join(
            markup(report.hypotheses[place].name) for place in outcome.rules_out
        )
        lines.append(speaker.say("clue-rules-out", names=Html(names)))
    if outcome.against and not {report.focal.place, rival} & set(outcome.rules_out):
        number = outcome.against[[one.place for one in report.rivals].index(rival)]
        lines.append(Html(f"{speaker.db(number)} dB"))
    return Html(markup(said) + "".join(f'<span class="range">{markup(line)}</span>' for line in lines))


def _value(clue: Clue, given: Given, speaker: Speaker) -> Html | None:
    if given.value is None or clue.given is None:
        return None
    said = speaker.word(f"clue-{given.value}") if isinstance(given.value, str) else given.value
    return markup(said)


def _chance(one: Chance, speaker: Speaker) -> Html:
    """Write a probability before, and below it after the evidence."""
    if one.after is None or one.after_sd is None:
        return speaker.stated_share(one.before)
    before = str(speaker.share(one.before))
    if one.stated:
        ends = f"{speaker.share(one.stated[0])}–{speaker.share(one.stated[1])}"
        before += speaker.aside(Html(ends))
    else:
        before += f" ± {speaker.share(one.before_sd)}"
    return Html(f'{before}<span class="range">{speaker.share(one.after)} ± {speaker.share(one.after_sd)}</span>')


def _same(report: Report, found: Clues, speaker: Speaker) -> Html | None:
    """Say in how many cases the two readings agree on which explanation leads."""
    if found.reading != "beside":
        return None
    same = sum(one.leader == case.leader for one, case in zip(found.reached, report.cases, strict=True))
    return speaker.say("clue-same-leader", same=str(same), all=str(len(report.cases)))


def _values(found: Clues, speaker: Speaker) -> list[tuple[Html, Html | None]]:
    """Say what sums of shares come to, and what without each clue."""
    said = []
    for place, one in enumerate(found.values):
        whole = speaker.say("clue-value", name=one.name, mean=speaker.quota(one.mean), sd=speaker.quota(one.sd))
        without = [
            speaker.say("clue-value-one", clue=clue.asks, mean=speaker.quota(number))
            for clue in found.clues
            if clue.values_left_out and (number := clue.values_left_out[place])
        ]
        listed = Html(speaker.apart(map(str, without)))
        said.append((whole, speaker.say("clue-value-without", values=listed) if without else None))
    return said


def _steps(found: Clues) -> list[Phrase]:
    return [link.step for link in found.patterns[0].links] if found.patterns else []


def _word(standing: str, speaker: Speaker) -> str:
    return speaker.word(f"clue-standing-{standing}" if standing in _SEARCHED else f"clue-{standing}")


def _standing(link: Link, speaker: Speaker) -> Html:
    """Say how the clues of a link stand to the prediction, and below it domain by domain."""
    if not link.standing:
        return markup(speaker.word("clue-no-clue" if link.predicted else "clue-no-prediction"))
    parts = "".join(
        f'<span class="range">{_by_domain(name, standing, speaker)}</span>' for name, standing in link.parts
    )
    return Html(f"{markup(_word(link.standing, speaker))}{parts}")


def _by_domain(name: Phrase | None, standing: str, speaker: Speaker) -> Html:
    return speaker.say("clue-by-domain", domain=name or speaker.word("no-domain"), standing=_word(standing, speaker))


def _said(case: Phrase, pattern: Pattern, speaker: Speaker) -> Html:
    """Say in a sentence whether the full pattern holds in a case, and why not."""
    told = pattern.told
    if not told:
        return speaker.say("clue-said-none", case=case)
    good = speaker.listed(link.step for link in told if link.standing == "as-predicted")
    if pattern.holds == 1:
        return speaker.say("clue-said-holds", case=case, good=good)
    if pattern.holds == 0:
        bad = [
            str(speaker.say("clue-said-bad", step=link.step, standing=_word(link.standing, speaker)))
            for link in told
            if link.standing not in {"as-predicted", "not-sought"}
        ]
        return speaker.say("clue-said-fails", case=case, bad=Html(speaker.apart(bad)))
    if not good:
        return speaker.say("clue-said-unsought", case=case)
    unsought = speaker.listed(link.step for link in told if link.standing == "not-sought")
    return speaker.say("clue-said-open", case=case, open=unsought, good=good)


def _silent(found: Clues, speaker: Speaker) -> Html | None:
    """Name the links of which something is predicted, but that no clue is of."""
    steps = dict.fromkeys(
        link.step for pattern in found.patterns for link in pattern.links if link.predicted and not link.standing
    )
    return speaker.say("clue-without-a-clue", steps=speaker.listed(steps)) if steps else None
