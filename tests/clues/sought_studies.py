"""Small studies with nothing but clues, made in memory or drawn at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from study_factory import make_profile

from bayestrace.study import PriorProfile, Study

# The studies are small as they are drawn; to make them smaller still takes minutes.
_PHASES = (Phase.explicit, Phase.generate)
PROPERTY = settings(deadline=None, derandomize=True, database=None, max_examples=20, phases=_PHASES)

#: What a clue that is sought may come to, and how good the search was.
Outcome = tuple[str, float]
Rows = Mapping[tuple[str, str], Outcome]


def make(
    clues: Mapping[str, Mapping[str, Any]],
    rows: Rows,
    *,
    hypotheses: Sequence[str] = ("a", "b"),
    cases: Mapping[str, Mapping[str, Any]] | None = None,
    **more: Any,
) -> Study:
    """Make a study; a case that no row names and `cases` does not declare does not exist."""
    declared = cases or {case: {} for case, _ in rows}
    searches = tuple(
        {"case": case, "clue": clue, "state": state, "search": search} for (case, clue), (state, search) in rows.items()
    )
    return Study.model_validate(
        {
            "bayestrace": 1,
            "id": "sought",
            "title": "Sought",
            "question": "What did it?",
            "focal": hypotheses[0],
            "hypotheses": {name: {"name": name} for name in hypotheses},
            "sets": {"all": {"hypotheses": tuple(hypotheses)}},
            "default_set": "all",
            "cases": {case: {"name": case, **rest} for case, rest in declared.items()},
            "mechanism": {"steps": {"start": {"name": "start"}}},
            "reliability": {},
            "scale": {"name": "Words", "anchors": ({"word": "slight", "db": 0.0},)},
            "clues": {name: {"asks": name, **clue} for name, clue in clues.items()},
            "evidence": (),
            "sources": {},
            "codings": (),
            "profiles": {},
            "searches": searches,
            **more,
        }
    )


CHANCES = st.one_of(
    st.sampled_from([0.0, 1.0, 0.3, 0.8]),
    st.fixed_dictionaries({"alpha": st.floats(0.4, 6.0), "beta": st.floats(0.4, 6.0)}),
    st.sampled_from([(0.1, 0.4), (0.5, 0.95)]).map(list),
    st.fixed_dictionaries({"mean": st.floats(0.1, 0.9), "sd": st.floats(0.02, 0.25)}),
)
QUALITIES = st.sampled_from([1.0, 1.0, 0.75, 0.3])
STATES = st.sampled_from(["found", "not-found", "not-sought"])


@st.composite
def profiles(draw: st.DrawFn, hypotheses: Sequence[str], *, levels: Sequence[Mapping[str, float]]) -> PriorProfile:
    """Draw a standpoint; in some an explanation has no prior probability."""
    mass = draw(st.lists(st.sampled_from([0.5, 1.0, 3.0]), min_size=len(hypotheses), max_size=len(hypotheses)))
    prior = dict(zip(hypotheses, mass, strict=True))
    if len(hypotheses) > 2 and draw(st.booleans()):
        prior[hypotheses[-1]] = 0.0
    kappas: list[float | tuple[float, float]] = [(0.2, 2.0), 3.0, (0.05, 1.0), 0.5, 0.0]
    kappa = draw(st.sampled_from(kappas))
    return make_profile(prior=prior, levels=dict(draw(st.sampled_from(levels))), kappa=kappa)


@st.composite
def studies(draw: st.DrawFn, *, pairs: bool = True, largest: int = 5) -> Study:
    """Draw a study: clues that are given an attribute, another clue or nothing, two that may depend on one another."""
    hypotheses = ("a", "b", "c")[: draw(st.integers(2, 3))]
    names = [f"c{place}" for place in range(draw(st.integers(1, 3)))]
    left = max(largest - len(names), 0)
    cases = {}
    for name in names:
        extra = draw(st.integers(0, min(left, 2)))
        left -= extra
        cases[name] = {
            "groups": {"f": draw(st.sampled_from(["g", "h"]))},
            "attributes": {"regime": draw(st.sampled_from(["dem", "aut"]))},
            "count": 1 + extra,
        }
    either = st.fixed_dictionaries(dict.fromkeys(hypotheses, CHANCES))
    known = st.fixed_dictionaries(dict.fromkeys(hypotheses, st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0])))
    clues: dict[str, dict[str, Any]] = {
        "first": {"found_if": draw(either)},
        "by-regime": {"given": "regime", "found_if_given": {value: draw(either) for value in ("dem", "aut")}},
        "after": {"given": "first", "found_if_given": {value: draw(either) for value in ("found", "not-found")}},
    }
    dependence: tuple[dict[str, Any], ...] = ()
    if pairs and draw(st.booleans()):
        clues |= {"one": {"found_if": draw(known)}, "two": {"found_if": draw(known)}}
        strength = draw(st.sampled_from([0.3, -0.4, {"a": 0.2, "b": -0.1}]))
        dependence = ({"clues": ("one", "two"), "correlation": strength},)
    rows: dict[tuple[str, str], Outcome] = {}
    for case in names:
        for clue in clues:
            state = draw(STATES)
            if clue == "after" and rows.get((case, "first"), ("not-sought", 1.0))[0] == "not-sought":
                continue
            rows[case, clue] = (state, draw(QUALITIES))
    factors = {"f": {"name": "f", "groups": {"g": "g", "h": "h"}}}
    attributes = {"regime": {"name": "regime", "values": {"dem": "dem", "aut": "aut"}}}
    return make(
        clues,
        rows,
        hypotheses=hypotheses,
        cases=cases,
        factors=factors,
        attributes=attributes,
        dependence=dependence,
    )
