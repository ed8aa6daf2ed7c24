"""One annotation for each observation: analytic note, excerpt, translation, source."""

from __future__ import annotations

from collections.abc import Iterator

from bayestrace.appendix.blocks import Block, Bullets, Entry, Heading, Line, Run, plain
from bayestrace.appendix.source import Told, cited
from bayestrace.report import wording
from bayestrace.report.content.parts import Observation, Statement
from bayestrace.report.content.values import Number


def annotated(told: Told) -> list[Block]:
    """Write every observation of every case, in the order of the study."""
    blocks: list[Block] = [Heading(1, told.say("annotations"))]
    for case in told.report.cases:
        observations = told.observations(case)
        if observations:
            blocks.append(Heading(2, str(case.name)))
        for one in observations:
            blocks += _annotation(told, one)
    return blocks if len(blocks) > 1 else []


def _annotation(told: Told, one: Observation) -> Iterator[Block]:
    if told.privately(one.id):
        yield Heading(3, str(one.title))
        said = [plain(told.say("not-public")), *_weight(told, one)]
        yield Entry(told.say("note"), tuple(said))
        return
    yield Heading(3, f"{one.id}{told.say('colon')}{one.title}")
    yield Entry(told.say("note"), tuple(_note(told, one)))
    if reasons := tuple(_rationale(told, said) for said in one.statements if said.rationale):
        yield Bullets(reasons)
    yield Entry(told.say("excerpt"), (plain(str(one.claim)),))
    if one.claim_too is not None:
        yield Entry(told.say("translation"), (plain(str(one.claim_too)),))
    yield Entry(told.say("source"), (cited(one.source.csl),))


def _note(told: Told, one: Observation) -> Iterator[Line]:
    moved = told.speaker.word(one.direction) if one.direction != "none" else told.say("no-direction")
    yield plain(
        told.say(
            "bears",
            step=one.step,
            domain=one.domain or "",
            direction=moved,
            date=one.date.replace("/", " – "),
            actors=told.listed(map(str, one.actors), "comma"),
        )
    )
    yield from _weight(told, one)
    chances = {
        name: wording.share(chance.value, told.lang)
        for name, chance in (("focal", one.p_if_focal), ("rival", one.p_if_rival))
        if chance is not None
    }
    if one.test and len(chances) == len(("focal", "rival")):
        kind = told.speaker.word(one.test)
        yield plain(told.say("test", test=kind, name=told.report.focal.name, **chances))
    kind = told.speaker.word_or("type", one.source_type)
    sure = wording.share(one.reliability.value, told.lang)
    said = [told.say("reliable", type=kind, reliability=sure), *(str(text) for text in (one.reliability_note,) if text)]
    yield plain(("" if told.lang == "zh" else " ").join(said))
    if one.note:
        yield plain(str(one.note))
    if one.effect_of:
        yield plain(told.say("follows", list=told.listed(one.effect_of, "comma")))


def _weight(told: Told, one: Observation) -> Iterator[Line]:
    rivals = told.report.rivals
    if one.against:
        weights = (
            told.say("weight", rival=rival.name, db=wording.decibels(number.value), **_worded(told, number))
            for rival, number in zip(rivals, one.against, strict=True)
        )
        yield plain(told.say("weighs", focal=told.report.focal.name, list=told.listed(weights)))
    if one.status != "weighs":
        yield plain(told.say(one.status))
    if one.left_out and one.status == "weighs":
        lost = (
            told.say("left", rival=rival.name, db=wording.decibels(number.value))
            for rival, number in zip(rivals, one.left_out, strict=True)
        )
        yield plain(told.say("left-out", list=told.listed(lost, "comma")))


def _worded(told: Told, number: Number) -> dict[str, str]:
    """Say a weight in words: how much, and whether for or against the focal explanation."""
    shown = float(wording.decibels(number.value).replace("−", "-"))
    side = "for" if shown > 0 else "against" if shown < 0 else "neither"
    return {"word": told.tree.study.scale.word(number.value, told.lang), "side": told.say(side)}


def _rationale(told: Told, said: Statement) -> Line:
    return (Run(f"{said.coder}", bold=True), Run(f"{told.say('colon')}{said.rationale}"))
