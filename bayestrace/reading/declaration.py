"""Check what study.yaml says beyond the form of each value: names, orders, circles, dates."""

from collections.abc import Iterator

from bayestrace.dates import DateError, interval
from bayestrace.errors import Fault
from bayestrace.reading.document import Node
from bayestrace.reading.known import Known, check_name, check_names, circle, unknown
from bayestrace.reading.text import listed, shown
from bayestrace.reading.theories import check_prior
from bayestrace.study import FORMAT

#: Levels of pooling that are no factor.
LEVELS = ("common", "own")

_PAIR = 2


def check_declaration(study: Node, known: Known) -> Iterator[Fault]:
    """Yield the faults of study.yaml that only its other parts, or the sources, reveal.

    Parameters
    ----------
    study
        study.yaml.
    known
        The names of the study.
    """
    version = study.get("bayestrace")
    if isinstance(version.value, bool | float):  # Python takes true and 1.0 for 1
        written = version.document.written[version.place]
        yield version.fault("format-version", {"found": shown(written), "known": str(FORMAT)})
    yield from check_name(study.get("focal"), "hypothesis", known.hypotheses)
    yield from check_name(study.get("default_set"), "set", known.sets)
    yield from check_name(study.get("about"), "source", known.sources)
    for _, each in study.get("sets").entries():
        yield from check_names(each.get("hypotheses").items(), "hypothesis", known.hypotheses)
    for name, factor in study.get("factors").entries():
        if name in LEVELS:
            yield factor.fault("factor-name-reserved", {"found": shown(name)}, at_key=True)
    for _, case in study.get("cases").entries():
        yield from _case(case, known)
    yield from _mechanism(study.get("mechanism"), known)
    yield from _scale(study.get("scale"))


def check_date(node: Node) -> Iterator[Fault]:
    """Check that a text of the file is a date or a span of dates."""
    text = node.text()
    if text is not None:
        try:
            interval(text)
        except DateError as error:
            yield node.fault(f"date-{error.reason}", {"found": shown(text)})


def _case(case: Node, known: Known) -> Iterator[Fault]:
    yield from check_date(case.get("dates"))
    if known.factors is None or not isinstance(case.value, dict):
        return
    groups = case.get("groups")
    chosen = {} if case.value.get("groups") is None else groups.names()
    if chosen is None:
        return
    for name, group in chosen.items():
        yield from check_name(group, "factor", known.factors, at_key=True)
        if name in known.factors:
            yield from check_name(group, "group", known.factors[name].get("groups").names())
    for name, factor in known.factors.items():
        if name not in chosen:
            place = groups if "groups" in case.value else case
            options = factor.get("groups").names() or {}
            yield place.fault("group-missing", {"factor": shown(name), "known": listed(options)}, at_key=True)


def _mechanism(mechanism: Node, known: Known) -> Iterator[Fault]:
    arrows: dict[str, list[str]] = {}
    last = mechanism.get("arrows")
    for arrow in mechanism.get("arrows").items():
        ends = list(arrow.items())
        for end in ends:
            yield from check_name(end, "step", known.steps)
        names = [name for end in ends if (name := end.text()) is not None]
        if len(names) != _PAIR:
            continue
        if names[0] == names[1]:
            yield arrow.fault("arrow-self", {"found": shown(names[0])})
        elif names[1] in arrows.get(names[0], []):
            yield arrow.fault("listed-twice", {"found": f"{shown(names[0])} → {shown(names[1])}"})
        else:
            arrows.setdefault(names[0], []).append(names[1])
            last = arrow if circle(arrows) else last
            if last is arrow:
                yield arrow.fault("arrow-circle", {"found": " → ".join(map(shown, circle(arrows)))})
                arrows[names[0]].remove(names[1])
    for prediction in mechanism.get("predictions").items():
        yield from check_names(prediction.get("cases").items(), "case", known.cases)
        for _, direction in prediction.get("directions").entries():
            yield from check_name(direction, "step", known.steps, at_key=True)


def _scale(scale: Node) -> Iterator[Fault]:
    before: float | None = None
    seen: dict[str, int] = {}
    for index, anchor in enumerate(scale.get("anchors").items()):
        decibels = anchor.get("db")
        number = decibels.number()
        if number is not None:
            if index == 0 and number != 0:
                yield decibels.fault("anchor-first", {"found": f"{number:g}"})
            if before is not None and number <= before:
                yield decibels.fault("anchor-order", {"found": f"{number:g}", "before": f"{before:g}"})
            before = number
        word = anchor.get("word")
        for node in (word, word.get("en"), word.get("zh")):
            text = node.text()
            if text is None:
                continue
            mark = node.document.marks[node.place]
            if seen.setdefault(text.casefold(), mark.line) != mark.line:
                yield node.fault("anchor-word-twice", {"found": shown(text), "line": str(seen[text.casefold()])})


def check_profile(profile: Node, known: Known) -> Iterator[Fault]:
    """Yield the faults of a prior profile that the study reveals.

    Parameters
    ----------
    profile
        A file of priors/.
    known
        The names of the study.
    """
    yield from check_name(profile.get("selection_favours"), "hypothesis", known.hypotheses)
    overlapping = list(check_prior(profile.get("prior"), known))
    yield from overlapping or _prior(profile.get("prior"), known)
    levels = profile.get("pooling", "levels")
    names = None if known.factors is None else [*LEVELS, *known.factors]
    for name, level in levels.entries():
        if names is not None and name not in names:
            yield level.fault("unknown-level", unknown(name, names), at_key=True)
    weights = [level.number() for _, level in levels.entries()]
    if isinstance(levels.value, dict) and not any(weight is None or weight > 0 for weight in weights):
        yield levels.fault("levels-empty", at_key=True)
    yield from _kappa(profile.get("pooling", "kappa"))


def _prior(prior: Node, known: Known) -> Iterator[Fault]:
    given = prior.names()
    if given is None:
        return
    for _, weight in prior.entries():
        yield from check_name(weight, "hypothesis", known.hypotheses, at_key=True)
    for name, each in (known.sets or {}).items():
        members = [text for node in each.get("hypotheses").items() if (text := node.text()) is not None]
        weights = [given[member].number() for member in members if member in given]
        # A weight that is no number has a fault of its own; a negative one too.
        if members and all(weight is not None and weight == 0 for weight in weights):
            yield prior.fault("prior-empty", {"found": shown(name), "known": listed(members)}, at_key=True)


def _kappa(kappa: Node) -> Iterator[Fault]:
    ends = [end.number() for end in kappa.items()]
    if len(ends) != _PAIR or ends[0] is None or ends[1] is None:
        return
    found = {"found": f"[{ends[0]:g}, {ends[1]:g}]"}
    if min(ends[0], ends[1]) <= 0:
        yield kappa.fault("kappa-zero", found)
    elif ends[0] >= ends[1]:
        yield kappa.fault("ends-order", found)
