"""Say what is asked of a coder, as plain data: the same for the workbook and for the form.

A sheet is blind: of all codings it reads that of its own coder only, and that only where it is asked to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bayestrace.coding.codebook import Block, blocks
from bayestrace.coding.earlier import Earlier, earlier_of
from bayestrace.coding.made import Made, made_of
from bayestrace.coding.words import codebook_in_short
from bayestrace.errors import UsageFault, unknown
from bayestrace.messages import Lang
from bayestrace.references import Reference, reference
from bayestrace.report.content.values import Phrase
from bayestrace.study import Evidence, Study, Text
from bayestrace.study.private import without_private
from bayestrace.study.rounds import MOST_ROUNDS, at_round, rounds_of


@dataclass(frozen=True)
class Explanation:
    """A hypothesis as a coder reads it."""

    id: str
    name: Phrase
    claim: Phrase | None


@dataclass(frozen=True)
class Observation:
    """An observation as a coder reads it; one that is only context is shown and not asked."""

    id: str
    case_id: str
    case: Phrase
    title: Phrase
    claim: Phrase
    step: Phrase
    domain: Phrase | None
    date: str
    actors: tuple[Phrase, ...]
    source: Reference
    cluster: Phrase | None
    asked: bool


@dataclass(frozen=True)
class Cluster:
    """A cluster as a coder reads it, with the titles of its observations."""

    id: str
    name: Phrase
    titles: tuple[Phrase, ...]


@dataclass(frozen=True)
class Asked:
    """All that a sheet shows, in the order in which it shows it.

    `words` are the words of the study's scale in the sheet's language, each with the decibels from which it holds;
    `earlier` is what the same coder said before, empty unless the sheet was to hold it.
    """

    made: Made
    title: Phrase
    question: Phrase
    coder: Phrase
    focal: Explanation
    rivals: tuple[Explanation, ...]
    observations: tuple[Observation, ...]
    clusters: tuple[Cluster, ...]
    words: tuple[tuple[str, float], ...]
    codebook: tuple[Block, ...]
    earlier: Earlier

    @property
    def turn(self) -> str:
        """The round of coding as it is told: nothing of the first."""
        return str(self.made.turn) if self.made.turn > 1 else ""

    @property
    def lang(self) -> Lang:
        """The language of the sheet."""
        return self.made.lang


def ask(  # noqa: PLR0913 - one argument for each choice that a sheet leaves
    study: Study,
    coder: str,
    lang: Lang,
    *,
    hypotheses: str | None = None,
    shuffle: int | None = None,
    prefill: bool = False,
    with_private: bool = False,
    codebook: str | None = None,
    turn: int = 1,
) -> Asked:
    """Make ready what is asked of a coder.

    Parameters
    ----------
    study
        The study.
    coder
        The coder's id; one that the study does not declare is called by it.
    lang
        Language of the sheet; what the study does not say in it is shown as the study has it.
    hypotheses
        Set of hypotheses; the default set if None, and what the coder weighed earlier where that is to be shown.
    shuffle
        Seed of an order of observations of this coder's own; the study's order if None.
    prefill
        Whether the sheet holds what the same coder said earlier.
    with_private
        Whether what the study marks as private is asked about and shown; a sheet is sent to others.
    codebook
        Markdown of the study's codebook; a short general one if None.
    turn
        The round of coding; what the coder said earlier is then what holds up to that round.

    Raises
    ------
    UsageFault
        There is no such set or round, nothing to code, or the coder's earlier coding does not fit into a sheet.
    """
    if hypotheses is not None and hypotheses not in study.sets:
        raise unknown("set", hypotheses, study.sets)
    check_turn(study, turn)
    rivals = [name for name in study.sets[hypotheses or study.default_set].hypotheses if name != study.focal]
    shown = study if with_private else without_private(study)
    earlier = Earlier({}, {}, ())
    if prefill:
        said = at_round(shown, min(turn, rounds_of(shown)[-1]))
        earlier = earlier_of(said, coder, rivals, widen=hypotheses is None)
        open_to = {one.id for one in shown.evidence if with_private or not one.private}
        earlier = replace(earlier, entries={name: one for name, one in earlier.entries.items() if name in open_to})
    rivals += [name for name in study.hypotheses if name in earlier.further]
    told = [one for one in shown.evidence if with_private or not one.private]
    observations = tuple(_observation(one, shown, lang, one.id in earlier.entries) for one in told)
    if not any(one.asked for one in observations):
        raise UsageFault("nothing-to-code")
    if shuffle is not None:
        observations = tuple(sorted(observations, key=lambda one: _place(shuffle, coder, one.id)))
    clusters = _clusters(shown, told, lang, earlier)
    declared = study.coders.get(coder)
    return Asked(
        made=made_of(study, coder, lang, rivals, [one.id for one in clusters], turn=turn, private=with_private),
        title=_phrase(study.title, lang),
        question=_phrase(study.question, lang),
        coder=_phrase(declared.name, lang) if declared else Phrase(coder),
        focal=_explanation(study, study.focal, lang),
        rivals=tuple(_explanation(study, name, lang) for name in rivals),
        observations=observations,
        clusters=clusters,
        words=tuple((anchor.word(lang), anchor.db) for anchor in study.scale.anchors),
        codebook=blocks(codebook if codebook is not None else codebook_in_short(lang)),
        earlier=earlier,
    )


def check_turn(study: Study, turn: int) -> None:
    """Refuse a round of coding that neither is there nor comes next.

    Raises
    ------
    UsageFault
        Where it is such a round.
    """
    last = rounds_of(study)[-1]
    if turn > min(last + 1, MOST_ROUNDS):
        raise UsageFault("round-beyond", number=turn, last=last, next=last + 1)


def _observation(one: Evidence, study: Study, lang: Lang, coded: bool) -> Observation:  # noqa: FBT001 - a property of it
    return Observation(
        id=one.id,
        case_id=one.case,
        case=_phrase(study.cases[one.case].name, lang),
        title=_phrase(one.title, lang),
        claim=_phrase(one.claim, lang),
        step=_phrase(study.mechanism.steps[one.step].name, lang),
        domain=_phrase(study.mechanism.domains[one.domain], lang) if one.domain else None,
        date=(one.date or "").replace("/", "–"),
        actors=tuple(_phrase(study.actors[name], lang) for name in one.actors),
        source=reference(study.sources[one.source]),
        cluster=_phrase(study.clusters[one.cluster], lang) if one.cluster else None,
        asked=coded or not one.context,
    )


def _clusters(study: Study, told: Sequence[Evidence], lang: Lang, earlier: Earlier) -> tuple[Cluster, ...]:
    """Collect the clusters of several observations that weigh, and those of which the coder spoke earlier."""
    made = []
    for name, text in study.clusters.items():
        members = [one for one in told if one.cluster == name and not one.context]
        if len(members) > 1 or name in earlier.redundancies:
            titles = tuple(_phrase(one.title, lang) for one in members)
            made.append(Cluster(name, _phrase(text, lang), titles))
    return tuple(made)


def _explanation(study: Study, name: str, lang: Lang) -> Explanation:
    told = study.hypotheses[name]
    return Explanation(name, _phrase(told.name, lang), _phrase(told.claim, lang) if told.claim else None)


def _phrase(text: Text, lang: Lang) -> Phrase:
    # A plain text stands for every language; it is English for sure only where it looks so.
    foreign = lang == "zh" and not text.zh and not text.en.isdigit() and text.en.isascii()
    return Phrase(text(lang), "en" if foreign else None)


def _place(seed: int, coder: str, name: str) -> bytes:
    """Place an observation in a coder's order: one that is added or taken out leaves the order of the others."""
    return hashlib.sha256(f"{seed}\n{coder}\n{name}".encode()).digest()


def listed(pieces: Sequence[Phrase], lang: Lang) -> str:
    """Join names."""
    return ("、" if lang == "zh" else ", ").join(piece.text for piece in pieces)
