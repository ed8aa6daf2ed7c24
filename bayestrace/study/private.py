"""What a study keeps to itself: interviews and notes that weigh, and whose text nothing that is handed out may show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from bayestrace.study.basis import Text

if TYPE_CHECKING:
    from bayestrace.study import Coding, Evidence, Study

#: What stands in the place of something private, and what is said of it.
_OBSERVATION = ("[private observation {}]", "［不公开的观察 {}］")
_CLUSTER = ("[private cluster {}]", "［不公开的证据簇 {}］")
_SOURCE = "[private source / 不公开的来源]"

#: A line of a source's `note`: where Zotero puts what it does not know, from its field Extra.
_NOTED = re.compile(r"^[^\S\n]*+private[^\S\n]*+:[^\S\n]*+(\S++)[^\S\n]*+$", re.IGNORECASE | re.MULTILINE)
_YES, _NO = frozenset({"true", "yes"}), frozenset({"false", "no"})


class Parts(NamedTuple):
    """How much of a study is private."""

    observations: int
    sources: int
    notes: int


def stated_privacy(csl: Mapping[str, Any]) -> list[object]:
    """List what a source states of its privacy: by `private`, by `custom.private`, by a line of its `note`."""
    custom = csl.get("custom")
    stated = [holder["private"] for holder in (csl, custom) if isinstance(holder, Mapping) and "private" in holder]
    note = csl.get("note")
    return [*stated, *(_NOTED.findall(note) if isinstance(note, str) else ())]


def truth(value: object) -> bool | None:
    """Read a truth as files and other programs write one; None where it is none."""
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    return True if word in _YES else False if word in _NO else None


def is_private(csl: Mapping[str, Any]) -> bool:
    """Say whether a source (CSL-JSON) is private; what is neither yes nor no counts as yes."""
    return any(truth(value) is not False for value in stated_privacy(csl))


def private_parts(study: Study) -> Parts:
    """Count what a study marks as private."""
    notes = [item.note_private and not item.private for item in study.evidence]
    notes += [one.private for coding in study.codings for one in coding.judgements]
    notes += [one.private for one in study.searches]
    return Parts(sum(item.private for item in study.evidence), sum(map(is_private, study.sources.values())), sum(notes))


def is_stand_in(csl: Mapping[str, Any]) -> bool:
    """Say whether a source (CSL-JSON) stands for one that may not be shown, as `without_private` writes it."""
    return csl.get("title") == _SOURCE and is_private(csl)


def without_private(study: Study) -> Study:
    """Take out of a study all that it marks as private, for whatever is handed out.

    Parameters
    ----------
    study
        A checked study.

    Returns
    -------
    Study
        The same study where nothing is private. Else one that gives the same answer: a private observation keeps its
        id, case, step, domain, direction, cluster, type of source and reliability, and the weights that were stated of
        it; its texts, source, date, actors and rationales are gone. Names of clusters and actors, and sources, that
        only private observations name are gone too. Private sources are called ``private-1``, ``private-2``, ...:
        a citation key may be a name. A private note is gone.
    """
    if not any(private_parts(study)):
        return study
    aliases = source_aliases(study)
    hidden = {item.id for item in study.evidence if item.private}
    clusters = _only_private(study, lambda item: (item.cluster,))
    actors = _only_private(study, lambda item: item.actors)
    evidence = tuple(_evidence(item, aliases) for item in study.evidence)
    kept = {name: csl for name, csl in study.sources.items() if name not in aliases.hidden}
    stand_ins = {name: {"id": name, "type": "document", "title": _SOURCE, "private": True} for name in aliases.names}
    searches = [
        one.model_copy(
            update={"source": aliases.of(one.source), "note": None if one.private else one.note},
        )
        for one in study.searches
    ]
    return study.model_copy(
        update={
            "about": study.about if study.about not in aliases.hidden else None,
            "evidence": evidence,
            "sources": kept | stand_ins,
            "clusters": {
                name: _both(_CLUSTER, name) if name in clusters else text for name, text in study.clusters.items()
            },
            "actors": {name: text for name, text in study.actors.items() if name not in actors},
            "codings": tuple(_coding(coding, hidden) for coding in study.codings),
            "rounds": {
                number: tuple(_coding(coding, hidden) for coding in codings) for number, codings in study.rounds.items()
            },
            "searches": tuple(searches),
        }
    )


class Aliases(NamedTuple):
    """What sources are called that may not be named.

    Parameters
    ----------
    hidden
        Names by the id of the source, wherever it is cited.
    apart
        Names by the id of the source, of sources that are open and are cited by private observations too: there.
    """

    hidden: dict[str, str]
    apart: dict[str, str]

    @property
    def names(self) -> list[str]:
        """All names, in the order in which they were given."""
        return sorted({*self.hidden.values(), *self.apart.values()}, key=lambda name: (len(name), name))

    def of(self, source: str | None, *, privately: bool = False) -> str | None:
        """Name a source where it is cited."""
        if source is None:
            return None
        return self.hidden.get(source) or (self.apart.get(source) if privately else None) or source


def source_aliases(study: Study) -> Aliases:
    """Give names to the sources that may not be named: in the order in which observations cite them."""
    openly = {item.source for item in study.evidence if not item.private}
    openly |= {one.source for one in study.searches if one.source}
    openly |= {study.about} if study.about else set()
    private = {name for name, csl in study.sources.items() if is_private(csl)}
    private |= {item.source for item in study.evidence if item.private and item.source not in openly}
    fresh = _fresh(study, private)
    aliases = Aliases({}, {})
    for item in study.evidence:
        if item.source in private:
            _give(aliases.hidden, item.source, fresh)
        elif item.private:
            _give(aliases.apart, item.source, fresh)
    cited = [one.source for one in study.searches]
    for name in [*cited, *study.sources]:
        if name in private:
            _give(aliases.hidden, name, fresh)
    return aliases


def _give(names: dict[str, str], source: str | None, fresh: Iterator[str]) -> None:
    if source is not None and source not in names:
        names[source] = next(fresh)


def _fresh(study: Study, private: set[str]) -> Iterator[str]:
    """Yield names that no open source bears."""
    number = 0
    while True:
        number += 1
        name = f"private-{number}"
        if name in private or name not in study.sources:
            yield name


def _evidence(item: Evidence, aliases: Aliases) -> Evidence:
    update: dict[str, Any] = {"source": aliases.of(item.source, privately=item.private)}
    if item.private:
        said = _both(_OBSERVATION, item.id)
        update |= {"title": said, "claim": said, "actors": (), "date": None}
    if item.private or item.note_private:
        update |= {"note": None, "reliability_note": None}
    return item.model_copy(update=update)


def _coding(coding: Coding, hidden: set[str]) -> Coding:
    judgements = tuple(
        one.model_copy(update={"rationale": None}) if one.private or one.evidence in hidden else one
        for one in coding.judgements
    )
    return coding.model_copy(update={"judgements": judgements})


def _only_private(study: Study, names: Callable[[Evidence], Iterable[str | None]]) -> set[str | None]:
    """Return the names that private observations bear, and no open ones."""
    private, openly = (
        {name for item in study.evidence if item.private == marked for name in names(item)} for marked in (True, False)
    )
    return private - openly


def _both(words: tuple[str, str], name: str) -> Text:
    return Text(en=words[0].format(name), zh=words[1].format(name))
