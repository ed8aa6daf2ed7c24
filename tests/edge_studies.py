"""Studies at the edges of what may be stated, all of one shape, so that one compiled model serves every fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from study_factory import make_profile, make_study

from bayestrace.study import StatedWeight, Study

#: 2 cases of 4 observations, 3 explanations, 2 coders.
SHAPE: Mapping[str, Any] = {"cases": 2, "hypotheses": 3, "coders": 2, "clusters": (2,), "singles": 2}
#: Low, best and high, in decibels, of a coder's weight over one rival of one observation.
Rule = Callable[[int, str, int, StatedWeight], tuple[float | None, float, float | None]]


def plain(profile: Mapping[str, Any] | None = None, **more: Any) -> Study:
    made = make_profile(**(profile or {})).model_copy(update={"id": "reference"})
    return make_study(**{**SHAPE, **more}).model_copy(update={"profiles": {"reference": made}})


def reweighed(study: Study, rule: Rule) -> Study:
    """State every weight anew."""
    codings = tuple(
        coding.model_copy(
            update={
                "judgements": tuple(
                    judgement.model_copy(
                        update={
                            "weights": tuple(
                                weight.model_copy(
                                    update=dict(
                                        zip(
                                            ("low", "best", "high"),
                                            rule(coder, judgement.evidence, rival, weight),
                                            strict=True,
                                        )
                                    )
                                )
                                for rival, weight in enumerate(judgement.weights)
                            )
                        }
                    )
                    for judgement in coding.judgements
                )
            }
        )
        for coder, coding in enumerate(study.codings)
    )
    return study.model_copy(update={"codings": codings})


def as_stated(weight: StatedWeight) -> tuple[float | None, float, float | None]:
    return weight.low, weight.best, weight.high


def one_case_empty() -> Study:
    study = plain()
    evidence = tuple(item for item in study.evidence if item.case == "c0")
    kept = {item.id for item in evidence}
    codings = tuple(
        coding.model_copy(update={"judgements": tuple(one for one in coding.judgements if one.evidence in kept)})
        for coding in study.codings
    )
    return study.model_copy(update={"evidence": evidence, "codings": codings})


def heard_twice() -> Study:
    study = plain()
    first, second = study.codings
    return study.model_copy(update={"codings": (first, first.model_copy(update={"coder": second.coder}))})


def _far(_coder: int, _evidence: str, rival: int, _weight: StatedWeight) -> tuple[float, float, float]:
    best = 3000.0 if rival == 0 else -3000.0
    return best - 10.0, best, best + 10.0


def _torn(coder: int, _evidence: str, _rival: int, _weight: StatedWeight) -> tuple[float, float, float]:
    best = 3000.0 if coder == 0 else -3000.0
    return best - 10.0, best, best + 10.0


def _one_far(coder: int, evidence: str, _rival: int, weight: StatedWeight) -> tuple[float | None, float, float | None]:
    return (3000.0, 3000.0, 3000.0) if (coder, evidence) == (0, "c0e0") else as_stated(weight)


def _one_wide(
    _coder: int, evidence: str, _rival: int, weight: StatedWeight
) -> tuple[float | None, float, float | None]:
    return (-3000.0, 3000.0, 3000.0) if evidence == "c0e0" else as_stated(weight)


def _one_same(
    coder: int, _evidence: str, _rival: int, weight: StatedWeight
) -> tuple[float | None, float, float | None]:
    return (3.0, 5.0, 7.0) if coder == 1 else as_stated(weight)


STUDIES: Mapping[str, Callable[[], Study]] = {
    "3,000 dB everywhere": lambda: reweighed(plain(), _far),
    "3,000 dB against 3,000 dB": lambda: reweighed(plain(), _torn),
    "3,000 dB once": lambda: reweighed(plain(), _one_far),
    "a range of 6,000 dB": lambda: reweighed(plain(), _one_wide),
    "all weights zero, with ranges": lambda: reweighed(plain(), lambda *_: (-2.0, 0.0, 2.0)),
    "all weights zero, without ranges": lambda: reweighed(plain(), lambda *_: (None, 0.0, None)),
    "two explanations weighed alike": lambda: reweighed(plain(), lambda *_: (-7.0, -5.0, -3.0)),
    "one coder without ranges": lambda: plain(coders=1, ranges=False),
    "one coder with ranges": lambda: plain(coders=1),
    "a coder with one number for all": lambda: reweighed(plain(), _one_same),
    "one coder heard twice": heard_twice,
    "a case without evidence": one_case_empty,
    "kappa 0": lambda: plain({"kappa": 0.0}),
    "kappa 1e-300": lambda: plain({"kappa": 1e-300}),
    "kappa 1e300": lambda: plain({"kappa": 1e300}),
    "kappa from 1e-6 to 1e6": lambda: plain({"kappa": (1e-6, 1e6)}),
    "levels of 1e300": lambda: plain({"levels": 1e300}),
    "no pooling": lambda: plain({"levels": {"own": 1.0}}),
    "one explanation for all": lambda: plain({"levels": {"common": 1.0}, "kappa": 0.0}),
    "one hypothesis left": lambda: plain({"prior": {"h0": 1.0}}),
    "one hypothesis ruled out": lambda: plain({"prior": {"h0": 0.0, "h1": 1.0, "h2": 1.0}}),
    "a prior of 1e-300": lambda: plain({"prior": {"h0": 1e-300, "h1": 1.0, "h2": 1.0}}),
    "no common leaning": lambda: plain({"leaning_db": 0.0}),
    "selectivity near 1": lambda: plain({"selectivity": 0.999999}),
    "reliability 1": lambda: plain(reliability=1.0),
    "reliability 0": lambda: plain(reliability=0.0),
    "redundancy 0": lambda: plain(redundancy=(0.0, 0.0, 0.0)),
    "redundancy 1": lambda: plain(redundancy=(1.0, 1.0, 1.0)),
}
