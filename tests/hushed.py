"""A small study with a word in every text that is private, and nowhere else."""

from __future__ import annotations

import json
import re

from small_study import FILES

#: Stands in every text that is private.
HUSHED = "Quexatl"
DATE = "1987-03-21"

PRIVATE_CASE = f"""\
case: one
observations:
  - id: one-buys
    private: true
    step: premise
    domain: security
    direction: up
    date: {DATE}
    title: {{en: {HUSHED} title, zh: 标题{HUSHED}}}
    claim: {HUSHED} claim.
    actors: [abe, informant]
    source: {HUSHED}1999
    source_type: press
    cluster: purchase
    reliability: 0.8
    reliability_note: {HUSHED} reliability.
    note: {HUSHED} note.
  - id: one-says
    private: true
    step: middle
    date: 1987-01
    title: {HUSHED} says
    claim: {HUSHED} said so.
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
    note: {HUSHED} in a note.
    reliability_note: {HUSHED} in another.
    note_private: true
    actors: [abe]
  - id: one-told
    step: outcome
    title: Told
    claim: It was told openly.
    source: {HUSHED}Interview
    source_type: official
    date: 2016
"""
SOURCES = json.dumps(
    [
        *json.loads(FILES["evidence/sources.json"]),
        {"id": f"{HUSHED}1999", "type": "book", "title": f"{HUSHED} alone", "URL": f"https://{HUSHED}.example"},
        {
            "id": f"{HUSHED}Interview",
            "type": "interview",
            "title": "Talk",
            "author": [{"family": HUSHED}],
            "custom": {"private": True},
        },
        {"id": f"{HUSHED}Uncited", "type": "book", "title": HUSHED, "note": "Seen.\nprivate: true"},
        {"id": f"{HUSHED}Sought", "type": "book", "title": HUSHED, "private": True},
    ],
    ensure_ascii=False,
)
NOTES = f"""\
evidence,p_if_focal,rationale,private
one-buys,0.6,{HUSHED} reasons,
one-says,,{HUSHED} too,no
two-pays,0.3,{HUSHED} of a note,yes
two-leaves,0.3,Said openly.,
"""
PRIVATE = {
    **FILES,
    "study.yaml": FILES["study.yaml"]
    .replace("actors: {", f"actors: {{informant: {HUSHED} Informant, ")
    .replace("purchase: The purchase", f"purchase: {HUSHED} purchase"),
    "evidence/one.yaml": PRIVATE_CASE,
    "evidence/sources.json": SOURCES,
    "evidence/codings/neutral-notes.csv": NOTES,
}


def tells(text: str) -> list[str]:
    """List the places of a text that tell a secret."""
    return [text[max(0, found.start() - 60) : found.end() + 20] for found in re.finditer(f"{HUSHED}|1987-0", text)]
