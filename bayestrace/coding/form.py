"""Write what is asked of a coder as one HTML file that needs nothing else: no network, no program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bayestrace import __version__
from bayestrace.agreement.stated import CERTAIN, UNIQUE
from bayestrace.coding.asked import Asked
from bayestrace.coding.made import FORMAT
from bayestrace.coding.words import WORDS
from bayestrace.coding.words_form import FORM, SPOKEN
from bayestrace.messages import Both, fill
from bayestrace.report.live import embedded
from bayestrace.report.page.html import Html
from bayestrace.report.page.sheet import environment
from bayestrace.report.wording import stated_share
from bayestrace.writing.cells import number

#: The files of the form's script in the order in which they build on one another.
FILES = ("read.js", "speak.js", "work.js", "files.js", "field.js", "card.js", "start.js")
#: What the columns of a CSV file from the form hold; the names of these are their keys.
CSV_CODING = ("evidence", "against", "low_db", "best_db", "high_db", "word", "p_if_focal", "rationale")
CSV_REDUNDANCY = ("cluster", "low", "best", "high")
#: The ends of the sliders in decibels; what is beyond is typed.
REACH_DB = 30
_SCRIPTS = Path(__file__).parent / "script"


def form(asked: Asked) -> str:
    """Write the form for a coder.

    Parameters
    ----------
    asked
        What `bayestrace.coding.asked.ask` returns.

    Returns
    -------
    str
        A whole HTML document, the same for the same question. It loads nothing and sends nothing; what the coder fills
        in stays in the browser until it is saved as a file.
    """
    script = _script()
    filled = environment("alive.css", "coding.css", scripts=(script,))

    def said(key: str, **details: object) -> str:
        both = FORM[key] if key in FORM else WORDS[key]
        return fill(both, asked.lang, {name: str(value) for name, value in details.items()})

    page = filled.get_template("coding.html.j2").render(
        asked=asked,
        w=said,
        tag="zh-CN" if asked.lang == "zh" else "en",
        version=__version__,
        between="、" if asked.lang == "zh" else ", ",
        cases={one.case_id: one.case for one in sorted(asked.observations, key=lambda one: one.case_id)},
        scale=[(word, number(decibels)) for word, decibels in asked.words],
        reach=REACH_DB,
        certain=stated_share(CERTAIN, asked.lang),
        unique=stated_share(UNIQUE, asked.lang),
        island=Html(embedded(_island(asked))),
        script=Html(script),
    )
    return page.rstrip() + "\n"


def _script() -> str:
    files = "\n".join((_SCRIPTS / name).read_text(encoding="utf-8") for name in FILES)
    return f'(() => {{\n"use strict";\n{files}\nstart();\n}})();\n'


def _island(asked: Asked) -> dict[str, Any]:
    """Gather what the script needs: what the file that it saves says of itself, names, words, thresholds."""

    def one_of(both: Both) -> str:
        return both.zh if asked.lang == "zh" else both.en

    made = asked.made
    return {
        "format": FORMAT,
        "made": made.data(),
        "digest": made.digest(),
        "focal": asked.focal.name.text,
        "rivals": {rival.id: rival.name.text for rival in asked.rivals},
        "asked": [one.id for one in asked.observations if one.asked],
        "clusters": [one.id for one in asked.clusters],
        "scale": [[word, decibels] for word, decibels in asked.words],
        "certain": CERTAIN,
        "unique": UNIQUE,
        "say": {key: one_of(both) for key, both in SPOKEN.items()},
        "columns": {"coding": CSV_CODING, "redundancy": CSV_REDUNDANCY},
        "earlier": _earlier(asked),
    }


def _earlier(asked: Asked) -> dict[str, Any]:
    """Lay out what the same coder said before in the form of the file that the page saves."""

    def ends(said: tuple[str, str, str]) -> dict[str, str]:
        return {key: text for key, text in zip(("low", "best", "high"), said, strict=True) if text}

    return {
        "judgements": {
            name: {
                "weights": {rival: ends(said) for rival, said in entry.weights.items()},
                "p_if_focal": entry.p_if_focal,
                "rationale": entry.rationale,
            }
            for name, entry in asked.earlier.entries.items()
        },
        "redundancy": {name: ends(said) for name, said in asked.earlier.redundancies.items()},
    }
