"""The sentences that depend on the result: the answer, each case, each mechanism, the sampler's health."""

from __future__ import annotations

from bayestrace.report.content.parts import Case, CaseMechanism, Report
from bayestrace.report.page.html import Html, Piece, Speaker
from bayestrace.results import ALIKE

_R_HAT, _ESS = 1.01, 400
#: Cases of which a sentence names each; of more it says how many.
_NAMED = 6


def answer(report: Report, speaker: Speaker) -> list[Html]:
    """Say which explanation leads where, how the focal one fares, and how sure one may be."""
    return [_leaders(report, speaker), _focal(report, speaker), _sure(report, speaker)]


def _leaders(report: Report, speaker: Speaker) -> Html:
    parts: list[Piece] = []
    for hypothesis in report.hypotheses:
        led = _led(report, hypothesis.place)
        if led:
            cases = (
                _so_many(report, len(led), speaker)
                if len(report.cases) > _NAMED
                else speaker.listed(
                    speaker.say("answer-case-at", case=case.name, probability=speaker.pct(case.top.probability))
                    for case in led
                )
            )
            parts.append(speaker.say("answer-leader-part", name=hypothesis.name, cases=cases))
    said = [speaker.say("answer-leaders", parts=Html(speaker.apart(map(str, parts))))] if parts else []
    if tied := [case.name for case in report.cases if case.tied]:
        many = len(report.cases) > _NAMED
        said.append(
            speaker.say("answer-tied", cases=_so_many(report, len(tied), speaker) if many else speaker.listed(tied))
        )
    return Html(("" if speaker.lang == "zh" else " ").join(said))


def _led(report: Report, hypothesis: int) -> list[Case]:
    return [case for case in report.cases if case.leader == hypothesis and not case.tied]


def _so_many(report: Report, number: int, speaker: Speaker) -> Html:
    return speaker.say("answer-so-many", number=str(number), all=str(len(report.cases)))


def _focal(report: Report, speaker: Speaker) -> Html:
    focal = report.focal
    led = _led(report, focal.place)
    if len(led) == len(report.cases):
        return speaker.say("answer-focal-everywhere", focal=focal.name)
    if led and len(report.cases) > _NAMED:
        cases = _so_many(report, len(led), speaker)
        return speaker.say("answer-focal-of-many", focal=focal.name, cases=cases)
    if led:
        cases = speaker.listed(case.name for case in led)
        return speaker.say("answer-focal-somewhere", focal=focal.name, cases=cases)
    best = max(report.cases, key=lambda case: case.rows[focal.place].probability.value)
    probability = speaker.pct(best.rows[focal.place].probability)
    return speaker.say("answer-focal-nowhere", focal=focal.name, case=best.name, probability=probability)


def _sure(report: Report, speaker: Speaker) -> Html:
    if report.kind == "face-value":
        return speaker.say("answer-face-only")
    if not report.drawn:
        return speaker.say("answer-clues-exact")
    open_cases = [case.name for case in report.cases if case.top.closest.inconclusive]
    settled = [case.name for case in report.cases if not case.top.closest.inconclusive]
    if not settled:
        return speaker.say("answer-inconclusive-all")
    if not open_cases:
        return speaker.say("answer-inconclusive-none")
    if len(report.cases) > _NAMED:
        cases = _so_many(report, len(open_cases), speaker)
        return speaker.say("answer-inconclusive-some", cases=cases, others=speaker.word("answer-the-others"))
    return speaker.say("answer-inconclusive-some", cases=speaker.listed(open_cases), others=speaker.listed(settled))


def case_lead(report: Report, case: Case, speaker: Speaker) -> Html:
    """Say which explanation leads in a case, by how much, and whether that is conclusive."""
    top = case.top
    if case.rows[case.rival].excluded:
        return speaker.say("case-leads-alone", leader=top.hypothesis.name)
    if case.tied:
        first = [row.hypothesis.name for row in case.rows if top.probability.value - row.probability.value <= ALIKE]
        return speaker.say("case-tied", names=speaker.listed(first), probability=speaker.pct(top.probability))
    common: dict[str, Piece] = {
        "leader": top.hypothesis.name,
        "probability": speaker.pct(top.probability),
        "rival": report.hypotheses[case.rival].name,
        "weight": speaker.db(top.closest.weight),
        "word": top.closest.word,
    }
    spread = top.closest.spread
    if spread is None:
        return speaker.say("case-leads-face" if report.kind == "face-value" else "case-leads-exact", **common)
    ends = {"low": speaker.db(spread.q03), "high": speaker.db(spread.q97)}
    said = speaker.say("case-leads", **common, **ends)
    if not top.closest.inconclusive:
        return said
    space = "" if speaker.lang == "zh" else " "
    return Html(said + space + speaker.say("case-inconclusive"))


def mechanism_notes(report: Report, told: CaseMechanism, speaker: Speaker) -> list[Html]:
    """Name the weakest link, and the steps that have no evidence."""
    notes = []
    for step in told.steps:
        if step.weakest and step.alone is not None and step.rival is not None:
            rival = report.hypotheses[step.rival].name
            notes.append(speaker.say("mech-weakest", step=step.name, weight=speaker.db(step.alone), rival=rival))
    silent = [step.name for step in told.steps if step.alone is None]
    if silent:
        notes.append(speaker.say("mech-silent-steps", steps=speaker.listed(silent)))
    return notes


def health(report: Report, speaker: Speaker) -> list[Html]:
    """Say whether the sampler can be relied on."""
    diagnostics = report.diagnostics
    if diagnostics is None:
        return [speaker.say("health-no-sampling-clues" if report.kind == "clues" else "health-no-sampling")]
    fine = (
        diagnostics.highest_r_hat.value <= _R_HAT
        and min(diagnostics.lowest_bulk.value, diagnostics.lowest_tail.value) >= _ESS
    )
    return [
        speaker.say("health-diverged-some" if diagnostics.diverged else "health-diverged-none"),
        speaker.say(
            "health-mixing" if fine else "health-mixing-bad",
            r_hat=speaker.ratio(diagnostics.highest_r_hat),
            bulk=speaker.count(diagnostics.lowest_bulk),
            tail=speaker.count(diagnostics.lowest_tail),
        ),
    ]
