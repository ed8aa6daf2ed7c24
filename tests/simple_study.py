"""A study whose flip points follow by hand: two explanations, one case, weights of evidence that add up to 6 dB."""

from __future__ import annotations

from collections.abc import Mapping

from small_study import CASE_ONE, REFERENCE, SOURCES, STUDY

#: Prior odds of 1 and 6 dB: a prior of 1/(1 + 10^0.6) for the leader makes the two equal.
EVEN_PRIOR = 1.0 / (1.0 + 10.0**0.6)

_WEIGHTS = """\
evidence,hypothesis,against,low_db,best_db,high_db
one-buys,stakes,bargaining,{buys}
one-says,stakes,bargaining,{says}
"""

SIMPLE: Mapping[str, str] = {
    "study.yaml": STUDY.replace(
        "  two: {name: Two, groups: {alliance: korea, period: early}, dates: 2017}\n", ""
    ).replace("cases: [one, two]", "cases: [one]"),
    "evidence/one.yaml": CASE_ONE.replace("    cluster: purchase\n", ""),
    "evidence/sources.json": SOURCES,
    "evidence/codebook.md": "How weights were given.\n",
    "evidence/codings/neutral-weights.csv": _WEIGHTS.format(buys="2,4,6", says="-2,2,6"),
    "evidence/codings/critic-weights.csv": _WEIGHTS.format(buys=",4,", says=",2,"),
    "priors/reference.yaml": REFERENCE,
}
