"""List what differs between the inputs of two results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bayestrace.compare.sides import Side
from bayestrace.study import Coding, Study
from bayestrace.study.sought import Search

#: What of an observation enters a number; a change of anything else is a change of wording.
_COUNTS = ("case", "cluster", "reliability", "context")


class Difference(NamedTuple):
    """One difference of the inputs.

    Parameters
    ----------
    kind
        `version`, `setting`, `kind`, `set`, `hypothesis`, `profile`, `prior`, `levels`, `kappa`, `leaning`,
        `selectivity`, `favours`, `coder`, `case`, `observation`, `round`,
        `weight`, `redundancy`, `wording` or `groups`.
    name
        Of what: a hypothesis, an observation, a library; empty where the kind says it.
    a, b
        In either result, as text; empty where it has none.
    coder
        Whose weight or redundancy it is.
    field
        Which property of an observation it is, `stated` where the observation was added or removed.
    """

    kind: str
    name: str
    a: str
    b: str
    coder: str = ""
    field: str = ""


def differences(a: Side, b: Side) -> list[Difference]:
    """List what differs between two results' inputs, what bears on the answer first."""
    return [
        *_changed("kind", {"": a.kind}, {"": b.kind}),
        *_standpoint(a, b),
        *_changed("set", {"": a.set}, {"": b.set}),
        *_members("hypothesis", a.names("hypothesis"), b.names("hypothesis")),
        *_members("coder", a.names("coder"), b.names("coder")),
        *_members("case", a.names("case"), b.names("case")),
        *_changed("groups", *({name: _said(case.groups) for name, case in s.study.cases.items()} for s in (a, b))),
        *_observations(a, b),
        *_changed("round", {"": str(a.study.round)}, {"": str(b.study.round)}),
        *_codings(a, b),
        *_clues(a.study, b.study),
        *_changed("setting", *({k: _said(v) for k, v in s.settings.items() if k != "coders"} for s in (a, b))),
        *_changed("version", a.versions, b.versions),
        *_wording(a.study, b.study),
    ]


def _changed(kind: str, a: Mapping[str, str], b: Mapping[str, str], **more: str) -> Iterator[Difference]:
    """Yield what is not the same in two mappings."""
    for name in dict.fromkeys([*a, *b]):
        old, new = a.get(name, ""), b.get(name, "")
        if old != new:
            yield Difference(kind, name, old, new, **more)


def _members(kind: str, a: list[str], b: list[str]) -> Iterator[Difference]:
    return _changed(kind, dict.fromkeys(a, "yes"), dict.fromkeys(b, "yes"))


def _standpoint(a: Side, b: Side) -> Iterator[Difference]:
    yield from _changed("profile", {"": a.profile.id}, {"": b.profile.id})
    priors = [dict(zip(s.names("hypothesis"), map(float, s.problem["prior"].values), strict=True)) for s in (a, b)]
    # Of another set every share is another; what changed is what both sets have, in other proportions.
    shared = [{name: prior[name] for name in priors[0] if name in priors[1]} for prior in priors]
    proportions = [{name: _said(each / (sum(one.values()) or 1.0)) for name, each in one.items()} for one in shared]
    for change in _changed("prior", *proportions):
        yield change._replace(a=_said(shared[0][change.name]), b=_said(shared[1][change.name]))
    levels = [dict(zip(s.names("level"), s.problem["level_weight"].values, strict=True)) for s in (a, b)]
    yield from _changed("levels", *({name: _said(float(value)) for name, value in one.items()} for one in levels))
    yield from _changed("kappa", {"": _said(a.profile.pooling.kappa)}, {"": _said(b.profile.pooling.kappa)})
    for kind, key in (("leaning", "leaning_db"), ("selectivity", "selectivity")):
        yield from _changed(kind, *({"": _said(getattr(s.profile, key))} for s in (a, b)))
    if a.profile.selectivity > 0.0 or b.profile.selectivity > 0.0:
        yield from _changed("favours", *({"": str(s.problem.attrs["favours"])} for s in (a, b)))


def _observations(a: Side, b: Side) -> Iterator[Difference]:
    old, new = ({item.id: item for item in s.study.evidence} for s in (a, b))
    for name in dict.fromkeys([*old, *new]):
        if name not in old or name not in new:
            sides = ("yes", "") if name in old else ("", "yes")
            yield Difference("observation", name, *sides, field="stated")
            continue
        pair = [
            {key: _said(getattr(item, key)) for key in _COUNTS} | {"reliability": _said(s.study.reliability_of(item))}
            for s, item in ((a, old[name]), (b, new[name]))
        ]
        for key in _COUNTS:
            if pair[0][key] != pair[1][key]:
                yield Difference("observation", name, pair[0][key], pair[1][key], field=key)


def _codings(a: Side, b: Side) -> Iterator[Difference]:
    """Yield what coders of both results say otherwise of observations that both have."""
    old, new = ({coding.coder: coding for coding in s.codings} for s in (a, b))
    kept = {item.id for item in a.study.evidence} & {item.id for item in b.study.evidence}
    for coder in old:
        if coder in new:
            stated = [
                {name: text for name, text in judged(coding).items() if name in kept}
                for coding in (old[coder], new[coder])
            ]
            yield from _changed("weight", *stated, coder=coder)
            clusters = [
                {item.cluster: _said((item.low, item.best, item.high)) for item in coding.redundancies}
                for coding in (old[coder], new[coder])
            ]
            yield from _changed("redundancy", *clusters, coder=coder)


def _clues(a: Study, b: Study) -> Iterator[Difference]:
    """Yield clues whose probabilities are stated otherwise, and searches that came to something else."""
    yield from _changed(
        "clue", *({name: _said(clue.model_dump(mode="json")) for name, clue in s.clues.items()} for s in (a, b))
    )
    yield from _changed("search", *({f"{one.case}, {one.clue}": _outcome(one) for one in s.searches} for s in (a, b)))
    yield from _changed("chosen", *({"": s.chosen.because_of if s.chosen else ""} for s in (a, b)))


def _outcome(one: Search) -> str:
    return one.state if one.search == 1.0 else f"{one.state} ({_said(one.search)})"


def judged(coding: Coding) -> dict[str, str]:
    """Write down what a coder says of each observation, so that it can be held against what another says."""
    return {
        item.evidence: "; ".join(
            [
                *(f"{w.hypothesis}:{w.against} {_said(w.best)} dB{_range(w.low, w.high)}" for w in item.weights),
                *(f"P({p.hypothesis}) {_said(p.best)}{_range(p.low, p.high)}" for p in item.probabilities),
            ]
        )
        for item in coding.judgements
    }


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None and high is None else f" ({_said(low)} – {_said(high)})"


def _wording(a: Study, b: Study) -> Iterator[Difference]:
    """Say once that something else differs: texts, sources, the mechanism, which enter no probability."""
    # What the other lists speak of is left out, so that this one speaks of the rest.
    spoken_of = {
        "codings",
        "clues",
        "searches",
        "chosen",
        "places",
        "profiles",
        "round",
        "rounds",
        "sets",
        "reliability",
    }
    texts = []
    for study in (a, b):
        text = study.model_dump(mode="json", exclude=spoken_of)
        observations = [item.model_dump(mode="json", exclude={*_COUNTS, "source_type"}) for item in study.evidence]
        text["evidence"] = {item["id"]: item for item in observations}
        text["cases"] = {name: case.model_dump(mode="json", exclude={"groups"}) for name, case in study.cases.items()}
        texts.append(text)
    if _differ(*texts):
        yield Difference("wording", "", "", "")


def _differ(a: object, b: object) -> bool:
    """Say whether two things differ in what both have."""
    if isinstance(a, dict) and isinstance(b, dict):
        return any(_differ(a[name], b[name]) for name in a if name in b)
    return a != b


def _said(value: object) -> str:
    """Write a value as one would in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_said(each)}" for key, each in sorted(value.items()))
    if isinstance(value, tuple | list):
        return " – ".join(_said(each) for each in value)
    return str(value)
