"""A small complete study as a dict of files, and what it takes to spoil one place of it and see what is said."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bayestrace.errors import Fault, StudyFaults
from bayestrace.reading import read_study

CARET = "‸"  # in a spoilt piece: where the fault is to be reported

STUDY = """\
bayestrace: 1
id: small
title: {en: A small study, zh: 一项小研究}
question: Why did the treaty last?
about: Peng2024
focal: stakes
hypotheses:
  stakes: {name: Stakes, claim: The patron cared.}
  bargaining: {name: Bargaining}
  threat: {name: Threat}
sets:
  article: {hypotheses: [stakes, bargaining]}
  wide: {name: Wide, hypotheses: [stakes, bargaining, threat]}
default_set: article
factors:
  alliance: {name: Alliance, groups: {japan: Japan, korea: Korea}}
  period: {name: Period, groups: {early: Early, late: Late}}
cases:
  one: {name: One, groups: {alliance: japan, period: early}, dates: 2017-01-20/2021-01-20}
  two: {name: Two, groups: {alliance: korea, period: early}, dates: 2017}
mechanism:
  steps:
    premise: {name: Premise, asks: Does it begin?}
    middle: {name: Middle}
    outcome: {name: Outcome}
  arrows: [[premise, middle], [middle, outcome]]
  domains: {security: Security}
  predictions:
    - {name: H1, cases: [one, two], directions: {premise: up, outcome: down}}
clusters: {purchase: The purchase, visit: The visit}
actors: {abe: {en: Abe Shinzo, zh: 安倍晋三}, moon: Moon}
coders:
  neutral: {name: Neutral, standpoint: None stated., language: en}
  critic: {name: Critic, language: zh}
reliability: {official: 0.98, press: 0.9}
scale:
  name: Words
  anchors:
    - {word: {en: negligible, zh: 微不足道}, db: 0}
    - {word: {en: slight, zh: 轻微}, db: 3}
    - {word: {en: strong, zh: 强}, db: 10.5}
"""

CASE_ONE = """\
case: one
observations:
  - id: one-buys
    step: premise
    domain: security
    direction: up
    date: 2017-11
    title: {en: It buys, zh: 购买}
    claim: It bought missiles.
    actors: [abe]
    source: Peng2024
    source_type: press
    cluster: purchase
    reliability: 0.8
    reliability_note: Second hand.
  - id: one-says
    step: middle
    date: 2017-11-06/2018
    title: It says
    claim: It said so.
    source: Walt1987
    source_type: official
    cluster: purchase
    effect_of: [one-buys]
  - id: one-context
    step: middle
    title: Background
    claim: So it was.
    source: Walt1987
    source_type: official
    context: true
"""

CASE_TWO = """\
case: two
observations:
  - {id: two-pays, step: premise, title: It pays, claim: It paid., source: Peng2024, source_type: press, date: 2019}
  - id: two-leaves
    step: outcome
    direction: down
    title: It leaves
    claim: It left.
    source: Peng2024
    source_type: press
    cluster: visit
"""

SOURCES = """\
[
  {"id": "Peng2024", "type": "article-journal", "title": "联盟"},
  {"id": "Walt1987", "type": "book", "title": "The Origins of Alliances"},
  {"id": "Unused", "type": "book", "title": "Nobody cites it"}
]
"""

WEIGHTS = """\
evidence,hypothesis,against,low_db,best_db,high_db
one-buys,stakes,bargaining,-4,-2,0
one-buys,stakes,threat,1,3.5,6
one-says,stakes,bargaining,,2,
two-pays,bargaining,stakes,0,1,2
"""

WORDED = """\
evidence,hypothesis,against,low,best,high
one-buys,stakes,bargaining,1:20,slight,7 dB
two-pays,stakes,threat,-强,1:1,5:1
two-leaves,stakes,bargaining,,-slight,
"""

PROBABILITIES = """\
evidence,hypothesis,low,best,high
one-buys,stakes,0.2,0.4,0.6
one-buys,bargaining,,0.8,
one-buys,threat,,1,
two-leaves,stakes,,0.05,
"""

NOTES = """\
evidence,p_if_focal,rationale
one-buys,0.6,"Likely, on balance;
the ""purchase"" was announced."
two-pays,0.3,Less so.
one-says,,
"""

REDUNDANCY = """\
cluster,low,best,high
purchase,0.25,0.5,0.75
visit,,0,
"""

REFERENCE = """\
name: {en: Reference, zh: 参照}
why: Every explanation alike.
prior: equal
pooling:
  levels: 0.25
  kappa: [0.05, 1]
"""

SCEPTICAL = """\
name: Sceptical
why: The author may have chosen.
prior: {stakes: 1, bargaining: 2, threat: 1}
pooling:
  levels: {common: 1, alliance: 1, own: 2}
  kappa: 0
leaning_db: 0.5
selectivity: 0.2
selection_favours: stakes
"""

FILES: Mapping[str, str] = {
    "study.yaml": STUDY,
    "evidence/one.yaml": CASE_ONE,
    "evidence/two.yaml": CASE_TWO,
    "evidence/sources.json": SOURCES,
    "evidence/codebook.md": "How weights were given.\n",
    "evidence/codings/neutral-weights.csv": WEIGHTS,
    "evidence/codings/neutral-notes.csv": NOTES,
    "evidence/codings/neutral-redundancy.csv": REDUNDANCY,
    "evidence/codings/critic-weights.csv": WORDED,
    "evidence/codings/guest-probabilities.csv": PROBABILITIES,
    "priors/reference.yaml": REFERENCE,
    "priors/sceptical.yaml": SCEPTICAL,
}

#: The same study with theories that may hold together in the place of hypotheses, one of them nested in another.
OVERLAPPING: Mapping[str, str] = {
    **FILES,
    "study.yaml": STUDY.replace("focal: stakes", "focal: ally+stakes")
    .replace("hypotheses:\n  stakes", "theories:\n  ally: {name: {en: Ally, zh: 盟友}, claim: It cared.}\n  stakes", 1)
    .replace("  threat: {name: Threat}\n", "nested: [[stakes, ally]]\njoint_likelihood: noisy-or\n")
    .replace("{hypotheses: [stakes, bargaining]}", "{hypotheses: [ally+stakes, ally, bargaining, none]}")
    .replace("[stakes, bargaining, threat]", "[ally+stakes+bargaining, ally+stakes, ally+bargaining, none]"),
    "evidence/codings/neutral-weights.csv": """\
evidence,hypothesis,against,low_db,best_db,high_db
one-buys,ally,none,-4,-2,0
one-says,bargaining,none,,2,
""",
    "evidence/codings/critic-weights.csv": "evidence,hypothesis,against,low,best,high\ntwo-pays,ally,none,,5:1,\n",
    "evidence/codings/guest-probabilities.csv": """\
evidence,hypothesis,low,best,high
one-buys,ally+stakes,0.2,0.4,0.6
one-buys,ally,0.2,0.3,0.4
one-buys,bargaining,,0.5,
one-buys,none,,0.2,
two-leaves,ally,,0.05,
""",
    "priors/sceptical.yaml": SCEPTICAL.replace(
        "{stakes: 1, bargaining: 2, threat: 1}", "{ally: 1, ally+stakes: 2, none: 1}"
    ).replace("favours: stakes", "favours: ally+stakes"),
}


#: What the small study gains where it has clues; its cases gain attributes, and a third stands for four alike.
_CLUES = """\
attributes:
  regime: {name: Regime, values: {democracy: {en: Democracy, zh: 民主}, autocracy: Autocracy}}
clues:
  threat-seen:
    asks: {en: Was a threat seen?, zh: 是否看到威胁？}
    found_if: {stakes: 0.8, bargaining: [0.3, 0.5], threat: {mean: 0.4, sd: 0.1}}
    step: premise
    domain: security
    direction: up
    why: The codebook says so.
  signed:
    asks: Was it signed?
    given: regime
    found_if_given:
      democracy: {stakes: {alpha: 2, beta: 3}, bargaining: 0, threat: 1}
      autocracy: {stakes: 0.5, bargaining: 0.5, threat: 0.5}
  kept:
    asks: Was it kept?
    given: signed
    found_if_given:
      found: {stakes: 0.9, bargaining: 0.6, threat: 0.7}
      not-found: {stakes: 0.2, bargaining: 0.1, threat: 0.1}
  paid:
    asks: Was it paid for?
    found_if: {stakes: 0.6, bargaining: 0.9, threat: 0.5}
clue_reading: beside
dependence:
  - {clues: [threat-seen, paid], correlation: {bargaining: 0.2, threat: -0.3}}
chosen: {because_of: kept, why: Treaties that lasted.}
estimands:
  effect: {name: Effect, shares: {stakes: 1, bargaining: -1}}
"""

_SEARCHES = """\
case,clue,state,search,source,note,note_zh
two,threat-seen,not-found,0.7,Walt1987,"Looked, in vain.",查而未得
one,threat-seen,found,,,,
one,signed,found,1,Peng2024,It was.,
one,kept,not-found,,,,
many,paid,not-sought,,,,
many,signed,found,,,,
"""

_CANDIDATES = """\
candidates:
  diary:
    title: {en: A diary, zh: 日记}
    asks: Did he say so?
    cases: [two, one]
    step: middle
    domain: security
    found_if: {stakes: 0.7, bargaining: [0.1, 0.3], threat: {alpha: 1, beta: 4}}
    search: 0.8
    cost: 3
    why: He kept one.
  poll:
    title: A poll
    found_if: {stakes: 0.5, bargaining: {mean: 0.2, sd: 0.1}}
"""

_CASE = "  two: {name: Two, groups: {alliance: korea, period: early}, dates: 2017}\n"
_MORE_CASES = """\
  two: {name: Two, groups: {alliance: korea, period: early}, dates: 2017, attributes: {regime: autocracy}}
  many: {name: Many, groups: {alliance: korea, period: late}, attributes: {regime: autocracy}, count: 4}
"""

SOUGHT: Mapping[str, str] = {
    **FILES,
    "study.yaml": STUDY.replace("dates: 2017-01-20/2021-01-20}", "attributes: {regime: democracy}}").replace(
        _CASE, _MORE_CASES
    )
    + _CLUES,
    "evidence/clues.csv": _SEARCHES,
    "candidates.yaml": _CANDIDATES,
}


class Spoilt(NamedTuple):
    """One piece of one file replaced, and the one fault that must follow.

    `new` holds a caret where the fault is to stand; none where it stands at the whole file. `says` are pieces of
    the English sentence: something of what was found, what was expected and what to do.
    """

    file: str
    old: str
    new: str
    slug: str
    says: tuple[str, ...]
    where: str | None = None

    def __str__(self) -> str:
        return f"{self.slug}: {self.new[:40]!r}"


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def faults_of(folder: Path) -> list[Fault]:
    """Read a folder and return the faults of it."""
    try:
        read_study(folder)
    except StudyFaults as found:
        return list(found.faults)
    return []


def faults_with(folder: Path, changes: Mapping[str, str | bytes]) -> list[Fault]:
    """Write the small study with some files changed or added, and return its faults."""
    return faults_of(write(folder, {**FILES, **changes}))


def check_spoilt(folder: Path, spoilt: Spoilt, files: Mapping[str, str] = FILES) -> None:
    """Spoil a small study and see that exactly the expected fault is told, at its place, in both languages."""
    before = files[spoilt.file]
    assert before.count(spoilt.old) == 1, f"{spoilt.old!r} is not one place of {spoilt.file}"
    marked = before.replace(spoilt.old, spoilt.new)
    faults = faults_of(write(folder, {**files, spoilt.file: marked.replace(CARET, "")}))
    assert [fault.slug for fault in faults] == [spoilt.slug], "\n".join(fault.text() for fault in faults)
    fault = faults[0]
    head, caret, _ = marked.partition(CARET)
    position = (head.count("\n") + 1, len(head) - head.rfind("\n")) if caret else (0, 0)
    assert (fault.path, fault.line, fault.column) == (spoilt.file, *position)
    if spoilt.where is not None:
        assert fault.where == spoilt.where
    english, chinese = fault.text("en"), fault.text("zh")
    place = f"{spoilt.file}:{position[0]}:{position[1]}: " if caret else f"{spoilt.file}: "
    assert english.startswith(place)
    assert chinese.startswith(place)
    assert [piece for piece in spoilt.says if piece not in english] == [], english
    for text in (english, chinese):
        assert not re.search(r"[⟦⟧]|\{\{", text), text
