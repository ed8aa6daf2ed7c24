"""Lay a comparison of two results out for the terminal."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from bayestrace.cli.compare_words import say
from bayestrace.cli.show import columns, probability
from bayestrace.compare import CaseChange, Comparison, Difference, Moved, Side, Step
from bayestrace.messages import Lang

#: Names listed of one kind of difference, and things that moved a case; --json has them all.
LISTED = 6
# What would be shown as nothing.
_SHOWN_DB = 0.05
#: A case in which no probability changed by this much, nor the leader, is not gone through.
_SHOWN = 0.01


def comparison(found: Comparison, lang: Lang) -> str:
    """Lay a comparison out: what differs, the answers side by side, what moved each case."""
    names = _Names(found, lang)
    parts = [
        "\n".join(_result(letter, side, lang) for letter, side in (("A", found.a), ("B", found.b))),
        _inputs(found, names),
        _answers(found, names),
        _leaders(found, names),
    ]
    moved = [case for case in found.cases if case.leader_a != case.leader_b or case.shift >= _SHOWN]
    if moved:
        parts.append(say("did-it", lang))
        parts.extend(_case(case, names) for case in moved)
    remarks = [say(slug, lang) for slug in found.remarks]
    steps = {step.name for case in moved for step in case.steps}
    remarks += [say("rest-means", lang)] if "rest" in steps and found.a.kind == found.b.kind == "model" else []
    remarks += [say("order-matters", lang)] if len(steps) > 3 else []  # noqa: PLR2004 - the ends and one between
    return "\n\n".join([*parts, *(["\n".join(remarks)] if remarks else [])])


class _Names:
    """The names of things in a language, of either study."""

    def __init__(self, found: Comparison, lang: Lang) -> None:
        self.lang = lang
        self._studies = (found.a.study, found.b.study)

    def hypothesis(self, key: str) -> str:
        return next((s.hypotheses[key].name(self.lang) for s in self._studies if key in s.hypotheses), key)

    def case(self, key: str) -> str:
        return next((s.cases[key].name(self.lang) for s in self._studies if key in s.cases), key)

    def coder(self, key: str) -> str:
        return next((s.coders[key].name(self.lang) for s in self._studies if key in s.coders), key)

    def observation(self, key: str) -> str:
        titles = (item.title(self.lang) for s in self._studies for item in s.evidence if item.id == key)
        return next(titles, key)

    def cluster(self, key: str) -> str:
        label = key.partition("@")[0]
        names = (s.clusters[label](self.lang) for s in self._studies if label in s.clusters)
        return next(names, self.observation(key))

    def of(self, kind: str, key: str) -> str:
        """Name what a difference is of."""
        if kind in {"hypothesis", "prior"}:
            return self.hypothesis(key)
        if kind in {"case", "groups"}:
            return self.case(key)
        return self.coder(key) if kind == "coder" else key


def _result(letter: str, side: Side, lang: Lang) -> str:
    named = {coding.coder: coding.coder for coding in side.codings}
    named |= {key: coder.name(lang) for key, coder in side.study.coders.items() if key in named}
    chosen = side.study.sets.get(side.set)
    return say(
        "result",
        lang,
        letter=letter,
        place=side.place,
        kind=say(side.kind, lang),
        profile=side.profile.name(lang),
        set=chosen.name(lang) if chosen and chosen.name else side.set,
        coders=say("comma", lang).join(named.values()),
    )


def _inputs(found: Comparison, names: _Names) -> str:
    lang = names.lang
    if not found.inputs:
        return say("nothing-differs", lang)
    lines = [say("differs", lang)]
    for kind, group in itertools.groupby(found.inputs, key=lambda one: one.kind):
        what = _shortened(_grouped(kind, list(group), names), lang)
        said = say(f"kind-{kind}", lang)
        lines.append("  " + (say("named", lang, kind=said, what=what) if what else said))
    return "\n".join(lines)


def _grouped(kind: str, group: Sequence[Difference], names: _Names) -> list[str]:
    lang = names.lang
    if kind == "wording":
        return []
    if kind == "clue":
        return [one.name for one in group]
    if kind in {"weight", "redundancy"}:
        by_coder = itertools.groupby(group, key=lambda one: one.coder)
        key = "by-coder" if kind == "weight" else "by-coder-clusters"
        return [_of_coder(key, coder, [one.name for one in rows], names) for coder, rows in by_coder]
    return (
        [_difference(one, names) for one in group]
        if kind != "kind"
        else [say("changed-only", lang, a=say(one.a, lang), b=say(one.b, lang)) for one in group]
    )


def _of_coder(key: str, coder: str, things: Sequence[str], names: _Names) -> str:
    listed = _shortened(things, names.lang)
    return say(key, names.lang, coder=names.coder(coder), count=len(things), names=listed)


def _difference(one: Difference, names: _Names) -> str:
    lang = names.lang
    details = {"name": names.of(one.kind, one.name), "a": one.a or say("none", lang), "b": one.b or say("none", lang)}
    if one.field not in {"", "stated"}:
        return say(f"field-{one.field}", lang, **details)
    if one.field == "stated" or one.kind in {"hypothesis", "coder", "case"}:
        return say("removed" if one.a else "added", lang, **details)
    return say("changed" if one.name else "changed-only", lang, **details)


def _shortened(things: Iterable[str], lang: Lang) -> str:
    listed = list(things)
    more = [say("more", lang, count=len(listed) - LISTED)] if len(listed) > LISTED else []
    return say("semicolon", lang).join([*listed[:LISTED], *more])


def _answers(found: Comparison, names: _Names) -> str:
    rows = [[say("case", names.lang), say("hypothesis", names.lang), "A", "B", say("change", names.lang)]]
    for case in found.cases:
        for place, row in enumerate(case.rows):
            cells = ["–" if value is None else probability(value) for value in (row.a, row.b)]
            change = "" if row.a is None or row.b is None else _signed(row.b - row.a, 3).replace("0.", ".")
            rows.append(["" if place else names.case(case.case), names.hypothesis(row.hypothesis), *cells, change])
    return columns(rows, left={0, 1})


def _leaders(found: Comparison, names: _Names) -> str:
    lang, count = names.lang, len(found.cases)
    changed = [
        say(
            "leader-changes",
            lang,
            case=names.case(case.case),
            a=_leader(case.leader_a, names),
            b=_leader(case.leader_b, names),
        )
        for case in found.cases
        if case.leader_a != case.leader_b
    ]
    if changed:
        return say("leaders-change", lang, count=len(changed), all=count, cases=say("semicolon", lang).join(changed))
    shift = f"{max(case.shift for case in found.cases):.3f}".lstrip("0")
    tied = [names.case(case.case) for case in found.cases if case.leader_a is None]
    if tied:
        return say("leaders-stay-tied", lang, all=count, cases=say("comma", lang).join(tied), shift=shift)
    return say("leaders-stay", lang, all=count, shift=shift)


def _leader(key: str | None, names: _Names) -> str:
    return say("no-single", names.lang) if key is None else names.hypothesis(key)


def _case(case: CaseChange, names: _Names) -> str:
    lang = names.lang
    if not case.pair:
        return f"{names.case(case.case)}\n  {say('alone', lang)}"
    first, second = (names.hypothesis(key) for key in case.pair)
    # An explanation that only one of the sets has may lead; it is in no pair, but the reader looks for it.
    leaders = [key for key in (case.leader_a, case.leader_b) if key is not None]
    followed = list(dict.fromkeys([*case.pair, *leaders]))
    rows = [["", *map(names.hypothesis, followed), ""]]
    rows += [["  " + say(f"step-{s.name}", lang), *_followed(s, followed), _basis(s, lang)] for s in case.steps]
    parts = [
        say("case-pair", lang, case=names.case(case.case), first=first, second=second),
        columns(rows, left={0, len(followed) + 1}, spaced=False),
    ]
    if case.observations or case.prior_db:
        prior = _signed(case.prior_db, 1) if case.prior_db else ""
        db = _signed(case.face_db or 0.0, 1)
        parts.append("  " + say("weight-change", lang, first=first, second=second, db=db, prior=prior))
    for key, moved, name in (
        ("of-observations", case.observations, names.observation),
        ("of-coders", case.coders, names.coder),
        ("of-clusters", case.clusters, names.cluster),
    ):
        told = [one for one in moved if one.reasons or abs(one.change_db) >= _SHOWN_DB]
        if moved:
            parts.append(f"  {say(key, lang)}" if told else f"  {say(key, lang)}{say('none-moved', lang)}")
            parts += [f"    {_moved(one, name(one.name), names)}" for one in told[:LISTED]]
            parts += [f"    {say('more', lang, count=len(told) - LISTED)}"] if len(told) > LISTED else []
    return "\n".join(parts)


def _followed(step: Step, followed: Sequence[str]) -> list[str]:
    here = {str(key): float(value) for key, value in step.probability.to_series().items()}
    return [probability(here[key]) if key in here else "–" for key in followed]


def _basis(step: Step, lang: Lang) -> str:
    return say(f"basis-{step.basis}", lang, k=f"{step.pareto_k:.2f}".replace("-", "−"))


def _moved(one: Moved, name: str, names: _Names) -> str:
    said = [
        say(f"reason-{reason}", names.lang)
        if reason in {"added", "removed", "context", "panel", "weights"}
        else names.coder(reason)
        for reason in one.reasons
    ]
    reasons = say("comma", names.lang).join(said)
    return say("moved", names.lang, db=_signed(one.change_db, 1), name=name, reasons=reasons)


def _signed(value: float, digits: int) -> str:
    return f"{value:+z.{digits}f}".replace("-", "−")
