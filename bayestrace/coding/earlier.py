"""What a coder said earlier, in the terms of a sheet: the focal hypothesis over each rival, as texts of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bayestrace.errors import UsageFault, unknown
from bayestrace.study import Coding, Judgement, StatedWeight, Study
from bayestrace.writing.cells import number

#: Low, best and high as a sheet holds them: texts of numbers, empty where nothing was said.
Ends = tuple[str, str, str]


@dataclass(frozen=True)
class Entry:
    """What was said of one observation: weights in decibels by rival, P(found | focal), the reason."""

    weights: Mapping[str, Ends] = field(default_factory=dict)
    p_if_focal: str = ""
    rationale: str = ""


@dataclass(frozen=True)
class Earlier:
    """What a coder said, by observation and by cluster; and rivals beyond those asked for that it weighed."""

    entries: Mapping[str, Entry]
    redundancies: Mapping[str, Ends]
    further: tuple[str, ...]


def earlier_of(study: Study, coder: str, rivals: Sequence[str], *, widen: bool) -> Earlier:
    """Lay out a coder's own coding for a sheet.

    Parameters
    ----------
    study, coder
        The study, and who is meant.
    rivals
        What the sheet asks to weigh the focal hypothesis against.
    widen
        Whether a sheet may ask for more rivals, so that nothing said earlier is left out.

    Raises
    ------
    UsageFault
        The coder has said nothing yet, stated probabilities or weights between rivals, or weighed rivals that the
        sheet does not ask for.
    """
    coding = next((one for one in study.codings if one.coder == coder), None)
    if coding is None:
        raise unknown("coder", coder, [one.coder for one in study.codings])
    entries = {said.evidence: _entry(said, study.focal, coder) for said in coding.judgements}
    weighed = {rival for entry in entries.values() for rival in entry.weights}
    further = tuple(name for name in study.hypotheses if name in weighed and name not in rivals)
    if further and not widen:
        raise UsageFault("prefill-beyond", coder=coder, found=", ".join(further))
    return Earlier(entries, _redundancies(coding), further)


def _entry(said: Judgement, focal: str, coder: str) -> Entry:
    if said.probabilities:
        raise UsageFault("prefill-probabilities", coder=coder, evidence=said.evidence)
    weights = {}
    for one in said.weights:
        if focal not in {one.hypothesis, one.against}:
            raise UsageFault(
                "prefill-tree", coder=coder, evidence=said.evidence, found=f"{one.hypothesis}, {one.against}"
            )
        rival = one.against if one.hypothesis == focal else one.hypothesis
        weights[rival] = _ends(one, turned=one.hypothesis != focal)
    return Entry(weights, number(said.p_if_focal), said.rationale or "")


def _ends(one: StatedWeight, *, turned: bool) -> Ends:
    if not turned:
        return number(one.low), number(one.best), number(one.high)
    low, best, high = (None if end is None else 0.0 - end for end in (one.high, one.best, one.low))
    return number(low), number(best), number(high)


def _redundancies(coding: Coding) -> dict[str, Ends]:
    return {one.cluster: (number(one.low), number(one.best), number(one.high)) for one in coding.redundancies}
