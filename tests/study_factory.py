"""Studies made in memory: as many cases, hypotheses, coders and clusters as a test asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from bayestrace.study import PriorProfile, StatedWeight, Study

SCALE = {"name": "Words", "anchors": ({"word": "negligible", "db": 0.0}, {"word": "slight", "db": 3.0})}
STEPS = ("start", "middle", "end")
DIRECTIONS = ("up", "down", "none")


def make_study(  # noqa: PLR0913 - one argument for each thing a study has more or less of
    *,
    cases: int = 2,
    hypotheses: int = 3,
    coders: int = 2,
    clusters: Sequence[int] = (2,),
    singles: int = 2,
    factors: int = 1,
    missing: float = 0.0,
    partial: float = 0.0,
    ranges: bool = True,
    reliability: float = 0.9,
    redundancy: tuple[float | None, float, float | None] | None = (0.2, 0.5, 0.8),
    doubtful: int = 0,
    context: int = 0,
    strength_db: float = 5.0,
    seed: int = 0,
) -> Study:
    """Make a checked study whose weights are drawn from a seed.

    Parameters
    ----------
    cases, hypotheses, coders, factors
        How many; cases take their groups of a factor by the binary digits of their number.
    clusters
        Sizes of the clusters of each case; the first cluster of every case bears one name, so that it is split.
    singles
        Observations of each case that stand alone.
    missing, partial
        How probably a coder leaves out an observation, and one comparison of an observation.
    ranges
        Whether weights have ranges.
    reliability
        Of the source type of all observations, but the last `doubtful` of each case, which have 0.3.
    redundancy
        What every coder says of every cluster: low, best, high; nobody says anything if None.
    context
        Further observations of each case that are shown only.
    strength_db
        Standard deviation of the weights.
    """
    rng = np.random.default_rng(seed)
    names = tuple(f"h{k}" for k in range(hypotheses))
    evidence = [
        item
        for case in range(cases)
        for item in _evidence(case, clusters=clusters, singles=singles, doubtful=doubtful, context=context)
    ]
    labels = list(dict.fromkeys(item["cluster"] for item in evidence if item["cluster"]))
    truth = rng.normal(0.0, strength_db, (len(evidence), hypotheses - 1))
    codings = []
    for coder in range(coders):
        judgements = [
            judgement
            for item, weights in zip(evidence, truth, strict=True)
            if (judgement := _judgement(rng, item["id"], names, weights, (missing, partial), ranges=ranges))
        ]
        low, best, high = redundancy or (None, 0.5, None)
        stated = tuple({"cluster": label, "low": low, "best": best, "high": high} for label in labels)
        codings.append(
            {
                "coder": f"coder{coder}",
                "judgements": tuple(judgements),
                "redundancies": stated if redundancy else (),
            }
        )
    return Study.model_validate(
        {
            "bayestrace": 1,
            "id": "made",
            "title": "Made",
            "question": "What did it?",
            "focal": names[0],
            "hypotheses": {name: {"name": name} for name in names},
            "sets": {"all": {"hypotheses": names}},
            "default_set": "all",
            "factors": {f"f{f}": {"name": f"f{f}", "groups": {"g0": "g0", "g1": "g1"}} for f in range(factors)},
            "cases": {
                f"c{case}": {"name": f"c{case}", "groups": {f"f{f}": f"g{case >> f & 1}" for f in range(factors)}}
                for case in range(cases)
            },
            "mechanism": {"steps": {step: {"name": step} for step in STEPS}, "domains": {"money": "Money"}},
            "clusters": {label: label for label in labels},
            "reliability": {"report": reliability},
            "scale": SCALE,
            "coders": {f"coder{coder}": {"name": f"coder{coder}"} for coder in range(coders)},
            "evidence": tuple(evidence),
            "sources": {"book": {"id": "book", "type": "book", "title": "Book"}},
            "codings": tuple(codings),
            "profiles": {},
        }
    )


def _evidence(case: int, *, clusters: Sequence[int], singles: int, doubtful: int, context: int) -> list[dict[str, Any]]:
    labels: list[str | None] = []
    for place, size in enumerate(clusters):
        labels += [f"k{place}" if place == 0 else f"k{place}c{case}"] * size
    weighing = len(labels) + singles
    labels += [None] * (singles + context)
    return [
        {
            "id": f"c{case}e{place}",
            "case": f"c{case}",
            "step": STEPS[place % 3],
            "domain": "money" if place % 2 else None,
            "direction": DIRECTIONS[(place + case) % 3],
            "title": "It is",
            "claim": "It was so.",
            "source": "book",
            "source_type": "report",
            "cluster": label,
            "reliability": 0.3 if weighing - doubtful <= place < weighing else None,
            "context": place >= weighing,
        }
        for place, label in enumerate(labels)
    ]


def _judgement(  # noqa: PLR0913 - what one judgement is made from
    rng: np.random.Generator,
    evidence: str,
    names: Sequence[str],
    truth: np.ndarray,
    left_out: tuple[float, float],
    *,
    ranges: bool,
) -> dict[str, Any] | None:
    """One coder's weights of the first hypothesis over each rival, each with its own range."""
    noise = rng.normal(0.0, 1.0, truth.size)
    spans = rng.uniform(2.0, 8.0, truth.size)
    drops = rng.uniform(size=truth.size + 1)
    p_if_focal = float(np.round(rng.uniform(0.05, 0.95), 2))
    weights = []
    for rival, name in enumerate(names[1:]):
        best = float(truth[rival] + noise[rival])
        half = float(spans[rival]) / 2.0
        if drops[rival] >= left_out[1]:
            ends = {"low": best - half, "high": best + half} if ranges else {}
            weights.append({"hypothesis": names[0], "against": name, "best": best, **ends})
    if drops[-1] < left_out[0] or not weights:
        return None
    return {"evidence": evidence, "weights": tuple(weights), "p_if_focal": p_if_focal}


def make_profile(  # noqa: PLR0913 - one argument for each key of a profile
    *,
    prior: str | dict[str, float] = "equal",
    levels: float | dict[str, float] = 0.25,
    kappa: float | tuple[float, float] = (0.05, 1.0),
    leaning_db: float = 0.25,
    selectivity: float = 0.0,
    favours: str | None = None,
) -> PriorProfile:
    """Make a profile; by default the reference one."""
    return PriorProfile.model_validate(
        {
            "id": "made",
            "name": "Made",
            "why": "For a test.",
            "prior": prior,
            "pooling": {"levels": levels, "kappa": kappa},
            "leaning_db": leaning_db,
            "selectivity": selectivity,
            "selection_favours": favours,
        }
    )


@st.composite
def studies(draw: st.DrawFn, /, **fixed: Any) -> Study:
    """Draw studies of every shape that stays quick; `fixed` settles arguments of `make_study`."""
    choices: dict[str, st.SearchStrategy[Any]] = {
        "cases": st.integers(1, 3),
        "hypotheses": st.integers(2, 4),
        "coders": st.integers(1, 3),
        "clusters": st.lists(st.integers(2, 4), max_size=2).map(tuple),
        "singles": st.integers(1, 3),
        "factors": st.integers(0, 2),
        "missing": st.sampled_from([0.0, 0.3]),
        "partial": st.sampled_from([0.0, 0.3]),
        "ranges": st.booleans(),
        "reliability": st.floats(0.5, 1.0),
        "redundancy": st.sampled_from([None, (None, 0.0, None), (None, 1.0, None), (0.2, 0.5, 0.8), (0.0, 0.9, 1.0)]),
        "doubtful": st.integers(0, 1),
        "context": st.integers(0, 1),
        "strength_db": st.sampled_from([0.0, 3.0, 10.0]),
        "seed": st.integers(0, 2**32 - 1),
    }
    arguments = {name: fixed[name] if name in fixed else draw(choice) for name, choice in choices.items()}
    return make_study(**arguments)


#: Best guesses, in decibels, that harsh studies have in the place of some: nothing, ties, and far beyond all belief.
HARSH_DB = (0.0, 3.0, -3.0, 300.0, -300.0)


@st.composite
def harsh_studies(draw: st.DrawFn, /, **fixed: Any) -> Study:
    """Draw studies as `studies` does, with ties and extreme weights among those stated; ranges go with them."""
    study = draw(studies(**fixed))
    share = draw(st.sampled_from([0.1, 0.5, 1.0]))
    among = draw(st.lists(st.sampled_from(HARSH_DB), min_size=1, max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def harshened(weight: StatedWeight) -> StatedWeight:
        shift = float(rng.choice(among)) - weight.best if rng.random() < share else 0.0
        moved = {"low": weight.low, "best": weight.best, "high": weight.high}
        return weight.model_copy(
            update={name: None if value is None else value + shift for name, value in moved.items()}
        )

    codings = [
        coding.model_copy(
            update={
                "judgements": tuple(
                    judgement.model_copy(update={"weights": tuple(map(harshened, judgement.weights))})
                    for judgement in coding.judgements
                )
            }
        )
        for coding in study.codings
    ]
    return study.model_copy(update={"codings": tuple(codings)})


@st.composite
def priors(draw: st.DrawFn, size: int) -> np.ndarray:
    """Draw prior probabilities, some of which may be small but none zero."""
    mass = np.array(draw(st.lists(st.floats(0.01, 1.0), min_size=size, max_size=size)))
    return np.asarray(mass / mass.sum())
