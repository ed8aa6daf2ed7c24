"""What the report says, as plain frozen dataclasses: no arrays, no markup, no sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bayestrace.messages import Lang
from bayestrace.report.content.many import Many
from bayestrace.report.content.moments import Timeline
from bayestrace.report.content.pools import Increment, Pooling
from bayestrace.report.content.replicates import Replicates
from bayestrace.report.content.sensitivity.parts import Sensitivity
from bayestrace.report.content.sought import Clues, Source
from bayestrace.report.content.values import Number, Phrase, Spread
from bayestrace.results import sole_leader

Kind = Literal["model", "face-value", "clues"]
Status = Literal["weighs", "context", "set-aside", "not-weighed"]
Agreement = Literal["as-predicted", "against", "split", "silent", "no-prediction", "no-evidence"]


@dataclass(frozen=True)
class Hypothesis:
    """One of the explanations compared; `place` is its position in the chosen set."""

    place: int
    id: str
    name: Phrase
    claim: Phrase | None
    focal: bool
    prior: Number


@dataclass(frozen=True)
class Closest:
    """The weight of one hypothesis against its closest rival; `spread` is None at face value."""

    rival: int
    weight: Number
    spread: Spread | None
    word: str
    inconclusive: bool


@dataclass(frozen=True)
class Row:
    """One hypothesis in one case: probabilities by each method, and the weight against its closest rival.

    `face_pooled` is None where the joint explanations of all cases are too many to add up. `excluded` says that what
    was found of clues rules the hypothesis out, so that its weight is no number.
    """

    hypothesis: Hypothesis
    face: Number
    face_pooled: Number | None
    face_without_doubtful: Number
    face_discounted: Number
    unpooled: Spread | None
    pooled: Spread | None
    closest: Closest
    face_closest: Closest
    excluded: bool

    @property
    def probability(self) -> Number:
        """The probability that the report leads with: pooled, or at face value case by case."""
        return self.pooled.mean if self.pooled else self.face


@dataclass(frozen=True)
class Holding:
    """How probable it is in a case that one theory holds, or that at least so many of them do.

    `theory` is None where it is about a number of theories; `unpooled` and `pooled` are None at face value.
    """

    theory: Phrase | None
    at_least: int
    prior: Number
    face: Number
    unpooled: Spread | None
    pooled: Spread | None


@dataclass(frozen=True)
class Stage:
    """One stage of a cluster's ledger: the focal explanation over each rival, in the order of the rivals."""

    name: str
    against: tuple[Number, ...]


@dataclass(frozen=True)
class Statement:
    """What one coder says of one observation; the weights are of the focal explanation over each rival."""

    coder: Phrase
    against: tuple[Number | None, ...]
    p_if_focal: Number | None
    rationale: Phrase | None
    place: str


@dataclass(frozen=True)
class Observation:
    """One observation, from its line in the folder to its decibels.

    `against` and `left_out` are of the focal explanation over each rival, `leader_over` of the case's leader over
    the leader's closest rival; they are empty or None where nobody weighed it. `title_too` and `claim_too` are in the
    language that the page is not in, None where the study does not have them in it.
    """

    id: str
    place: str
    title: Phrase
    title_too: Phrase | None
    claim: Phrase
    claim_too: Phrase | None
    step: Phrase
    domain: Phrase | None
    direction: str
    date: str
    actors: tuple[Phrase, ...]
    source: Source
    source_type: str
    reliability: Number
    reliability_note: Phrase | None
    note: Phrase | None
    effect_of: tuple[str, ...]
    status: Status
    against: tuple[Number, ...]
    left_out: tuple[Number, ...]
    leader_over: Number | None
    leader_left_out: Number | None
    statements: tuple[Statement, ...]
    spread: Number | None
    test: str
    p_if_focal: Number | None
    p_if_rival: Number | None


@dataclass(frozen=True)
class Cluster:
    """Observations of one event or dispute in one case, and what they weigh together.

    `leader_over` is the weight of the case's leader over its closest rival after all corrections; None at face
    value, where observations are simply added up, and where nothing in the cluster weighs.
    """

    id: str
    name: Phrase
    alone: bool
    observations: tuple[Observation, ...]
    size: int
    ledger: tuple[Stage, ...]
    leader_over: Number | None
    redundancy: Number | None


@dataclass(frozen=True)
class Case:
    """One case: its rows in the order of the hypotheses, its leader and that one's closest rival.

    `theories` is empty unless the hypotheses are cells of theories that may hold together. `count` is how many cases,
    alike in all the study knows, it stands for.
    """

    id: str
    name: Phrase
    count: int
    attributes: tuple[tuple[Phrase, Phrase], ...]
    groups: tuple[tuple[Phrase, Phrase], ...]
    dates: str
    rows: tuple[Row, ...]
    theories: tuple[Holding, ...]
    leader: int
    rival: int
    clusters: tuple[Cluster, ...]
    total: Number

    @property
    def top(self) -> Row:
        """The row of the case's leader."""
        return self.rows[self.leader]

    @property
    def tied(self) -> bool:
        """Whether the leader is only the first of several that are equally probable."""
        return sole_leader([row.probability.value for row in self.rows]) is None


@dataclass(frozen=True)
class Step:
    """One step of the mechanism in one case; `alone` is the focal explanation over `rival` by this step only."""

    id: str
    name: Phrase
    asks: Phrase | None
    predicted: str
    up: Number
    down: Number
    none: Number
    weighing: Number
    agreement: Agreement
    rival: int | None
    alone: Number | None
    best: int | None
    focal_alone: Number | None
    weakest: bool


@dataclass(frozen=True)
class Indicator:
    """Observed directions of one step in one domain, in one case: up, down, none; and what is stated to weigh there.

    `weight` is that of the focal explanation over `rival`, its closest one there; None where nothing weighs.
    """

    case: str
    step: Phrase
    domain: Phrase | None
    counts: tuple[Number, Number, Number]
    weight: Number | None
    rival: int | None

    @property
    def any(self) -> bool:
        """Whether anything was observed."""
        return any(number.value for number in self.counts)


@dataclass(frozen=True)
class CaseMechanism:
    """The mechanism in one case."""

    case: Case
    prediction: Phrase | None
    statement: Phrase | None
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Mechanism:
    """The steps and arrows, by case; arrows join positions in the list of steps."""

    arrows: tuple[tuple[int, int], ...]
    cases: tuple[CaseMechanism, ...]
    indicators: tuple[Indicator, ...]


@dataclass(frozen=True)
class CoderResult:
    """What was learned of one coder; leanings are centred, in the order of the hypotheses.

    `files` are those that the coder's statements stand in; `apart` is how far the coder is from the mean of the others,
    None without others.
    """

    name: Phrase
    standpoint: Phrase | None
    files: tuple[str, ...]
    count: Number
    mean_range: Number | None
    apart: Number | None
    mean_against: tuple[Number, ...]
    leaning: tuple[Spread, ...]
    scale: Spread | None
    noise: Spread | None


@dataclass(frozen=True)
class Name:
    """What an id of the study stands for, and the anchor of it in the page, if it has one."""

    text: Phrase
    anchor: str | None = None


@dataclass(frozen=True)
class Finding:
    """Something that a reader should know of this study and this result; ids that it names are in `names`.

    `more` is by detail how many ids are left out of a list.
    """

    slug: str
    level: str
    details: Mapping[str, str]
    names: Mapping[str, Name]
    more: Mapping[str, int]


@dataclass(frozen=True)
class Diagnostic:
    """One sampled quantity and how well it mixed."""

    quantity: str
    r_hat: Number
    ess_bulk: Number
    ess_tail: Number


@dataclass(frozen=True)
class Diagnostics:
    """The sampler's health: every quantity, worst R-hat first, and whether any transition diverged."""

    quantities: tuple[Diagnostic, ...]
    highest_r_hat: Number
    lowest_bulk: Number
    lowest_tail: Number
    diverged: bool


@dataclass(frozen=True)
class Profile:
    """The standpoint before the evidence, as the study's file states it."""

    id: str
    name: Phrase
    why: Phrase
    equal_prior: bool
    kappa: tuple[Number, ...]
    leaning_db: Number
    selectivity: Number
    favours: Phrase


@dataclass(frozen=True)
class Preset:
    """A prior that the study states: the shares of the explanations, in their order, with a sum of 1."""

    name: Phrase
    shares: tuple[Number, ...]


@dataclass(frozen=True)
class Manifest:
    """What made this result: `study` is the study's canonical JSON, `digest` its SHA-256."""

    study: str
    digest: str
    set_id: str
    set_name: Phrase | None
    version: str
    format: str
    settings: tuple[tuple[str, Any], ...]
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Report:
    """All that the page shows, in one language; `many` where cases are too many to be shown one by one."""

    lang: Lang
    kind: Kind
    title: Phrase
    question: Phrase
    notice: Phrase | None
    about: Source | None
    scale_name: Phrase
    anchors: tuple[tuple[Phrase, Number], ...]
    hypotheses: tuple[Hypothesis, ...]
    joint_rule: str
    profile: Profile
    presets: tuple[Preset, ...]
    cases: tuple[Case, ...]
    mechanism: Mechanism
    timelines: tuple[Timeline, ...]
    pooling: Pooling | None
    increments: tuple[Increment, ...]
    coders: tuple[CoderResult, ...]
    disputed: tuple[Observation, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    replicates: Replicates | None
    sensitivity: Sensitivity | None
    clues: Clues | None
    diagnostics: Diagnostics | None
    manifest: Manifest
    many: Many | None

    @property
    def drawn(self) -> bool:
        """Whether numbers were drawn, so that intervals can be given."""
        return self.kind == "model" or (self.kind == "clues" and self.diagnostics is not None)

    @property
    def focal(self) -> Hypothesis:
        """The focal explanation."""
        return next(item for item in self.hypotheses if item.focal)

    @property
    def rivals(self) -> tuple[Hypothesis, ...]:
        """Every explanation but the focal one, in order: the order of every `against`."""
        return tuple(item for item in self.hypotheses if not item.focal)
