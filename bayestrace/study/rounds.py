"""Rounds of coding: what coders said at first, and what they said after they had talked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bayestrace.errors import UsageFault
from bayestrace.study import Coder, Coding, Judgement, Study, Text

#: As many rounds as a study may have.
MOST_ROUNDS = 99


def rounds_of(study: Study) -> tuple[int, ...]:
    """Name the rounds that a study has, the first to the last; the one in force where nothing is known of others."""
    return tuple(range(1, max(study.rounds) + 1)) if study.rounds else (study.round,)


def stated_in(study: Study, number: int) -> tuple[Coding, ...]:
    """Return what coders stated in one round, and not what holds on from rounds before; nothing where there is none."""
    return study.rounds.get(number, ()) if study.rounds else study.codings if number == 1 else ()


def at_round(study: Study, number: int) -> Study:
    """Put what coders said up to a round in force.

    Parameters
    ----------
    study
        As `bayestrace.reading.read_study` gives it.
    number
        The round, from 1.

    Returns
    -------
    Study
        Its `codings` are those of this round: what a coder did not state anew stays as stated in the round before,
        weights or probabilities, P(found | focal), rationale and redundancy each by itself.

    Raises
    ------
    UsageFault
        The study has no such round.
    """
    if number == study.round:
        return study
    known = rounds_of(study)
    if number not in known:
        raise UsageFault("unknown-round", number=number, known=", ".join(map(str, known)))
    order = [item.id for item in study.evidence]
    spoken: dict[str, Coding] = {}
    places = dict(study.places)
    for each in range(1, number + 1):
        for coding in study.rounds.get(each, ()):
            before = spoken.get(coding.coder)
            spoken[coding.coder] = coding if before is None else _said_anew(before, coding, order)
        mark = mark_of(each)
        places |= {key.removeprefix(mark): place for key, place in places.items() if key.startswith(mark)}
    new = {name: Coder(name=Text(en=name)) for name in spoken if name not in study.coders}
    coders = study.coders | new
    codings = tuple(spoken[name] for name in coders if name in spoken)
    return study.model_copy(update={"codings": codings, "round": number, "coders": coders, "places": places})


def mark_of(number: int) -> str:
    """Return what begins the keys of `Study.places` that are of one round, whichever is in force."""
    return f"round-{number}:"


def _said_anew(before: Coding, after: Coding, order: Sequence[str]) -> Coding:
    judgements = {item.evidence: item for item in before.judgements}
    for item in after.judgements:
        judgements[item.evidence] = _joined(judgements.get(item.evidence), item)
    redundancies = {item.cluster: item for item in (*before.redundancies, *after.redundancies)}
    return Coding.model_construct(
        coder=before.coder,
        judgements=tuple(_in_order(judgements, order)),
        redundancies=tuple(redundancies.values()),
    )


def _joined(before: Judgement | None, after: Judgement) -> Judgement:
    if before is None:
        return after
    weighed = bool(after.weights or after.probabilities)
    return before.model_copy(
        update={
            **({"weights": after.weights, "probabilities": after.probabilities} if weighed else {}),
            **({"p_if_focal": after.p_if_focal} if after.p_if_focal is not None else {}),
            # A reason that was private once stays so: the new one may well repeat it.
            **({"rationale": after.rationale} if after.rationale is not None else {}),
            "private": before.private or after.private,
        }
    )


def _in_order(judgements: dict[str, Judgement], order: Iterable[str]) -> Iterable[Judgement]:
    return (judgements[name] for name in order if name in judgements)
