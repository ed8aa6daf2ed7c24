"""What a sheet was made of: kept inside it, so that what comes back can be held against the study as it is then."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from bayestrace.messages import Lang
from bayestrace.reading.text import forbidden
from bayestrace.study import Evidence, Study, canonical_json
from bayestrace.study.rounds import MOST_ROUNDS

#: Version of the layout of sheets and of the file that a form saves.
FORMAT = 1

#: What a coder judges of an observation; when one of these changes, it is another observation.
_JUDGED = {"case", "step", "domain", "direction", "date", "title", "claim", "actors", "source", "source_type"}
_SIGNS = 16  # of a digest: enough to tell two versions of a text apart


@dataclass(frozen=True)
class Made:
    """The study that a sheet was made of, whom it was made for, and a mark of every text that it shows.

    `observations`, `explanations` and `clusters` give the mark of each by its id; `turn` is the round of coding that it
    is for, and `private` says whether it asks about what the study marks as private.
    """

    study: str
    coder: str
    lang: Lang
    focal: str
    rivals: tuple[str, ...]
    observations: Mapping[str, str]
    explanations: Mapping[str, str]
    clusters: Mapping[str, str]
    turn: int = 1
    private: bool = False

    def digest(self) -> str:
        """Return one mark of all that was asked; who was asked, and in which language, is left out of it."""
        return _mark({key: value for key, value in self.data().items() if key not in {"coder", "lang"}}, None)

    def data(self) -> dict[str, Any]:
        """Write it as plain data, without its digest."""
        return {
            "study": self.study,
            "coder": self.coder,
            "lang": self.lang,
            "focal": self.focal,
            "rivals": [*self.rivals],
            "observations": dict(sorted(self.observations.items())),
            "explanations": dict(sorted(self.explanations.items())),
            "clusters": dict(sorted(self.clusters.items())),
            # What is not so in most sheets is said only where it is.
            **({"round": self.turn} if self.turn > 1 else {}),
            **({"private": True} if self.private else {}),
        }


@dataclass(frozen=True)
class Changes:
    """What a study has become since a sheet was made of it: ids of what was added, taken out, or changed."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    explanations: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.explanations)


def made_of(  # noqa: PLR0913 - all that a sheet says of itself
    study: Study,
    coder: str,
    lang: Lang,
    rivals: Sequence[str],
    clusters: Sequence[str],
    *,
    turn: int = 1,
    private: bool = False,
) -> Made:
    """Mark a study for a sheet.

    Parameters
    ----------
    study
        The study.
    coder, lang
        Whom the sheet is for, and its language.
    rivals, clusters
        What the coder is asked to weigh the focal hypothesis against, and the clusters asked for.
    turn
        The round of coding.
    private
        Whether it asks about what is private.
    """
    return Made(
        study=study.id,
        coder=coder,
        lang=lang,
        focal=study.focal,
        rivals=tuple(rivals),
        observations={one.id: _observation(one) for one in study.evidence},
        explanations={name: _mark(study.hypotheses[name].model_dump(mode="json")) for name in (study.focal, *rivals)},
        clusters={name: _mark(study.clusters[name].model_dump(mode="json")) for name in clusters},
        turn=turn,
        private=private,
    )


def read_made(data: object) -> Made | None:
    """Read what `Made.data` wrote; None where it is no such thing."""
    if not isinstance(data, Mapping):
        return None
    texts = [data.get(key) for key in ("study", "coder", "lang", "focal")]
    marks = [data.get(key) for key in ("observations", "explanations", "clusters")]
    rivals = data.get("rivals")
    if not all(isinstance(text, str) for text in texts) or texts[2] not in {"en", "zh"}:
        return None
    if not isinstance(rivals, list) or not all(isinstance(one, Mapping) for one in marks):
        return None
    inside = [
        *texts,
        *rivals,
        *(part for one in marks for pair in cast("Mapping[Any, Any]", one).items() for part in pair),
    ]
    # Escapes in JSON can write what no text may hold.
    if not all(isinstance(part, str) and not forbidden(part) for part in inside):
        return None
    turn, private = data.get("round", 1), data.get("private", False)
    if type(turn) is not int or not 1 <= turn <= MOST_ROUNDS or not isinstance(private, bool):
        return None
    return Made(
        study=cast("str", texts[0]),
        coder=cast("str", texts[1]),
        lang=cast("Lang", texts[2]),
        focal=cast("str", texts[3]),
        rivals=tuple(rivals),
        observations=cast("Mapping[str, str]", marks[0]),
        explanations=cast("Mapping[str, str]", marks[1]),
        clusters=cast("Mapping[str, str]", marks[2]),
        turn=turn,
        private=private,
    )


def changes(made: Made, study: Study) -> Changes:
    """Say what has changed in a study since a sheet was made of it."""
    now = {one.id: _observation(one) for one in study.evidence}
    said = {name: _mark(one.model_dump(mode="json")) for name, one in study.hypotheses.items()}
    return Changes(
        added=tuple(name for name in now if name not in made.observations),
        removed=tuple(name for name in made.observations if name not in now),
        changed=tuple(name for name, mark in made.observations.items() if name in now and now[name] != mark),
        explanations=tuple(name for name, mark in made.explanations.items() if said.get(name) != mark),
    )


def _observation(one: Evidence) -> str:
    return _mark(one.model_dump(mode="json", include=_JUDGED))


def _mark(value: Mapping[str, Any], signs: int | None = _SIGNS) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()[:signs]
