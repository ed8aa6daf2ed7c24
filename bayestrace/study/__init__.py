"""What a study says, in the field's own terms: frozen, checked, free of files and of arrays.

A `Study` is made by `bayestrace.reading` from a folder. It holds everything that inference and the report
need; its canonical JSON is stamped on every result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from bayestrace import theories
from bayestrace.messages import Lang
from bayestrace.study.basis import (
    WEIGHT_LIMIT_DB,
    Cell,
    Decibels,
    Direction,
    Frozen,
    Name,
    Nonnegative,
    Number,
    Probability,
    Words,
)
from bayestrace.study.basis import Text as Text
from bayestrace.study.sought import (
    Attribute,
    Candidate,
    Chosen,
    Clue,
    Dependence,
    Estimand,
    Reading,
    Search,
)

#: Version of the study file format, the value of the key `bayestrace` in study.yaml.
FORMAT = 1

JointRule = Literal["stated", "strongest", "noisy-or"]

#: What stands in a study for the sake of its clues only.
_OF_CLUES = ("attributes", "clues", "clue_reading", "dependence", "chosen", "estimands", "searches")

#: A weight so little below the edge of a word still bears it: ratios such as 20:1 come out a rounding error short.
_EDGE_DB = 1e-9


class Hypothesis(Frozen):
    """One explanation of a case: the one that did most of the work, exclusive of the others."""

    name: Words
    claim: Words | None = None


class HypothesisSet(Frozen):
    """A named choice of at least two exclusive hypotheses."""

    name: Words | None = None
    hypotheses: Annotated[tuple[Cell, ...], Field(min_length=2)]


class Factor(Frozen):
    """A way in which cases are grouped, such as the alliance or the period they belong to."""

    name: Words
    groups: Annotated[dict[Name, Words], Field(min_length=1)]


class Case(Frozen):
    """One case, with a group for each factor and, where known, the dates it spans.

    `count` is how many cases it stands for that are alike in every respect that the study knows.
    """

    name: Words
    groups: dict[Name, Name] = {}
    dates: str | None = None
    attributes: dict[Name, Name] = {}
    count: Annotated[int, Field(ge=1)] = 1


class Step(Frozen):
    """One step of the mechanism."""

    name: Words
    asks: Words | None = None


class Prediction(Frozen):
    """The direction in which a theory says that each step moves, in some of the cases."""

    name: Words
    statement: Words | None = None
    cases: Annotated[tuple[Name, ...], Field(min_length=1)]
    directions: Annotated[dict[Name, Direction], Field(min_length=1)]


class Mechanism(Frozen):
    """The steps of the mechanism, the arrows between them, and what is predicted of each."""

    steps: Annotated[dict[Name, Step], Field(min_length=1)]
    arrows: tuple[tuple[Name, Name], ...] = ()
    domains: dict[Name, Words] = {}
    predictions: tuple[Prediction, ...] = ()


class Anchor(Frozen):
    """A word of the verbal scale and the weight in decibels from which it holds."""

    word: Words
    db: Annotated[Number, Field(ge=0.0, le=WEIGHT_LIMIT_DB)]


class VerbalScale(Frozen):
    """Words for weights of evidence, weakest first."""

    name: Words
    anchors: Annotated[tuple[Anchor, ...], Field(min_length=1)]

    def word(self, decibels: float, lang: Lang) -> str:
        """Return the word for a weight, whichever side it favours."""
        held = [anchor for anchor in self.anchors if anchor.db <= abs(decibels) + _EDGE_DB]
        return (held[-1] if held else self.anchors[0]).word(lang)


class Coder(Frozen):
    """A person or standpoint that weighed the evidence."""

    name: Words
    standpoint: Words | None = None
    language: Literal["en", "zh"] = "en"


class Evidence(Frozen):
    """One observation in one case.

    What is `private` weighs like any other, and its text is in nothing that is handed out (`bayestrace.study.private`);
    `note_private` says so of its notes alone.
    """

    id: Name
    case: Name
    step: Name
    domain: Name | None = None
    direction: Direction = "none"
    date: str | None = None
    title: Words
    claim: Words
    actors: tuple[Name, ...] = ()
    source: str
    source_type: Name
    cluster: Name | None = None
    reliability: Probability | None = None
    reliability_note: Words | None = None
    note: Words | None = None
    note_private: bool = False
    context: bool = False
    effect_of: tuple[Name, ...] = ()
    private: bool = False


class StatedWeight(Frozen):
    """A coder's weight of evidence in decibels, `hypothesis` over `against`, with a 90 % range if stated."""

    hypothesis: Cell
    against: Cell
    best: Decibels
    low: Decibels | None = None
    high: Decibels | None = None


class StatedProbability(Frozen):
    """A coder's P(E | hypothesis), with a 90 % range if stated."""

    hypothesis: Cell
    best: Annotated[Number, Field(gt=0.0, le=1.0)]
    low: Annotated[Number, Field(gt=0.0, le=1.0)] | None = None
    high: Annotated[Number, Field(gt=0.0, le=1.0)] | None = None


class Judgement(Frozen):
    """What one coder says of one observation: weights or probabilities, never both.

    The rationale of a `private` one is in nothing that is handed out.
    """

    evidence: Name
    weights: tuple[StatedWeight, ...] = ()
    probabilities: tuple[StatedProbability, ...] = ()
    p_if_focal: Probability | None = None
    rationale: str | None = None
    private: bool = False


class StatedRedundancy(Frozen):
    """How far the observations of a cluster say one thing: 0 separate news, 1 the same news."""

    cluster: Name
    best: Probability
    low: Probability | None = None
    high: Probability | None = None


class Coding(Frozen):
    """All that one coder says."""

    coder: Name
    judgements: tuple[Judgement, ...]
    redundancies: tuple[StatedRedundancy, ...] = ()


class Pooling(Frozen):
    """How far cases may share their explanation.

    `levels` gives the Dirichlet weights of the levels at which a case may take its explanation: `common`, the
    name of a factor, `own`; one number stands for every level of the study. `kappa` is the concentration of
    each pool around the prior: a number (0: all cases of a pool share one explanation) or the ends of a
    log-uniform range.
    """

    levels: Annotated[Number, Field(gt=0.0)] | dict[Name, Nonnegative] = 0.25
    kappa: Nonnegative | Annotated[tuple[Number, ...], Field(min_length=2, max_length=2)] = (0.05, 1.0)


class PriorProfile(Frozen):
    """A stated standpoint before the evidence: prior, pooling, leaning and selectivity, with the reason."""

    id: Name
    name: Words
    why: Words
    prior: Literal["equal"] | dict[Cell, Nonnegative] = "equal"
    pooling: Pooling = Pooling()
    leaning_db: Annotated[Number, Field(ge=0.0, le=WEIGHT_LIMIT_DB)] = 0.25
    selectivity: Annotated[Number, Field(ge=0.0, lt=1.0)] = 0.0
    selection_favours: Cell | None = None


class Declaration(Frozen):
    """What study.yaml says: all of a study but its observations, sources, codings and profiles.

    Where `theories` may hold together, `hypotheses` are the cells that they make (`bayestrace.theories`).
    """

    bayestrace: Literal[1]
    id: Name
    title: Words
    question: Words
    notice: Words | None = None
    about: str | None = None
    focal: Cell
    theories: dict[Name, Hypothesis] = {}
    nested: tuple[tuple[Name, Name], ...] = ()
    joint_likelihood: JointRule = "stated"
    hypotheses: Annotated[dict[Cell, Hypothesis], Field(min_length=2)]
    sets: Annotated[dict[Name, HypothesisSet], Field(min_length=1)]
    default_set: Name
    factors: dict[Name, Factor] = {}
    cases: Annotated[dict[Name, Case], Field(min_length=1)]
    mechanism: Mechanism
    clusters: dict[Name, Words] = {}
    actors: dict[Name, Words] = {}
    reliability: dict[Name, Probability]
    scale: VerbalScale
    coders: dict[Name, Coder] = {}
    attributes: dict[Name, Attribute] = {}
    clues: dict[Name, Clue] = {}
    clue_reading: Reading = "together"
    dependence: tuple[Dependence, ...] = ()
    chosen: Chosen | None = None
    estimands: dict[Name, Estimand] = {}
    round: Annotated[int, Field(ge=1)] = 1


class Study(Declaration):
    """A whole study, checked and free of the files it came from.

    `places` says where in the folder each observation and coding stands; it is left out of the digest, so that
    moving a line changes no result. `codings` are those of the round in force (`bayestrace.study.rounds`). `rounds` has
    what was handed in for each round where there are several; it is left out too, since no result rests on it.
    """

    evidence: tuple[Evidence, ...]
    sources: dict[str, dict[str, Any]]
    codings: tuple[Coding, ...]
    profiles: dict[Name, PriorProfile]
    searches: tuple[Search, ...] = ()
    candidates: dict[Name, Candidate] = {}
    places: dict[str, str] = {}
    rounds: dict[int, tuple[Coding, ...]] = {}

    def canonical(self) -> str:
        """Write the study as canonical JSON: sorted keys, no spaces, no places."""
        # What only theories, clues or later rounds need is written only with them: other studies keep the digest of
        # their results.
        exclude: dict[str, Any] = {"places": True, "rounds": True}
        if self.round == 1:
            exclude["round"] = True
        if not self.theories:
            exclude |= dict.fromkeys(("theories", "nested", "joint_likelihood"), True)
        if not self.clues:
            exclude |= dict.fromkeys(_OF_CLUES, True) | {"cases": {"__all__": {"attributes", "count"}}}
        if not self.candidates:
            exclude["candidates"] = True
        exclude |= self._unsaid(exclude)
        return canonical_json(self.model_dump(mode="json", exclude=exclude))

    def _unsaid(self, exclude: Mapping[str, Any]) -> dict[str, Any]:
        """Leave the marks of what is private out where nothing bears one."""
        told: dict[str, Any] = {}
        if not any(item.private or item.note_private for item in self.evidence):
            told["evidence"] = {"__all__": {"private", "note_private"}}
        if not any(one.private for coding in self.codings for one in coding.judgements):
            told["codings"] = {"__all__": {"judgements": {"__all__": {"private"}}}}
        if "searches" not in exclude and not any(one.private for one in self.searches):
            told["searches"] = {"__all__": {"private"}}
        return told

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def joint_cells(self) -> dict[str, tuple[str, ...]]:
        """Name the cells that join theories, each with these theories' own cells; empty without theories."""
        if not self.theories:
            return {}
        # Canonical JSON sorts keys; the cell in which all hold keeps the order in which the theories were declared.
        order = max(map(theories.holding, self.hypotheses), key=len)
        return theories.joint_cells(order, self.nested)

    def __repr__(self) -> str:
        """Say which it is; all of it would fill a screen."""
        counts = f"{len(self.evidence)} observations, {len(self.cases)} cases, {len(self.codings)} coders"
        return f"<Study {self.id}: {counts}>"

    def _repr_html_(self) -> str:
        from bayestrace.study.display import study_html  # noqa: PLC0415 - it speaks of this class

        return study_html(self)

    def reliability_of(self, evidence: Evidence) -> float:
        """Return the probability that an observation, as reported, is so."""
        if evidence.reliability is not None:
            return evidence.reliability
        return self.reliability[evidence.source_type]


def canonical_json(value: Mapping[str, Any]) -> str:
    """Write JSON in the one form that a digest is taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
