"""The worklist as a page to print and take to a meeting, and as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from bayestrace.agreement.wording import say
from bayestrace.messages import Lang
from bayestrace.study import Study
from bayestrace.writing.cells import safe

_COLUMNS = (
    *("rank", "evidence", "case", "step", "leader", "explanation", "against", "probability", "stake", "overturns"),
    *("spread_db", "range_db", "coder", "weight_db", "probability_if_all", "leader_if_all", "rough", "rationale"),
)


def page(found: Mapping[str, Any], study: Study, lang: Lang, *, items: int, blind: bool) -> str:
    """Lay the worklist out as one HTML page.

    Parameters
    ----------
    found
        As `bayestrace.agreement.run.analyse` gives it.
    study
        Of which it is.
    lang
        Language of the page.
    items
        How many observations at most.
    blind
        Whether the coders in `found` are letters.
    """
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string((Path(__file__).parent / "sheet.html").read_text(encoding="utf-8"))
    rows = found["worklist"][:items]
    basis = say(f"basis-{found['basis']}", lang)
    return template.render(
        lang="zh-CN" if lang == "zh" else "en",
        say=lambda key, **details: say(key, lang, **details),
        title=study.title(lang),
        notice=study.notice(lang) if study.notice else "",
        round=found["round"],
        lead=say("sheet-lead", lang, shown=len(rows), count=len(found["worklist"]), basis=basis),
        blind=blind,
        items=[_item(row, study, lang, blind=blind) for row in rows],
    )


def _item(row: Mapping[str, Any], study: Study, lang: Lang, *, blind: bool) -> dict[str, Any]:
    evidence = next(item for item in study.evidence if item.id == row["evidence"])
    leader, rival = (study.hypotheses[row[key]].name(lang) for key in ("explanation", "against"))
    told = [one["probability"] for one in row["coders"] if one["probability"] is not None]
    place = {
        "case": study.cases[row["case"]].name(lang),
        "step": study.mechanism.steps[row["step"]].name(lang),
        "source": row["source"],
    }
    return {
        "id": evidence.id,
        "title": evidence.title(lang),
        "claim": evidence.claim(lang),
        "place": say("sheet-case", lang, **place),
        "over": say("over", lang, leader=leader, rival=rival),
        "stake": say(
            "sheet-stake" if row["leader"] else "sheet-stake-tied",
            lang,
            leader=leader,
            now=_probability(row["probability"]),
            low=_probability(min(told)),
            high=_probability(max(told)),
        ),
        "coders": [
            {
                "name": one["coder"] if blind else study.coders[one["coder"]].name(lang),
                "weight": _weight(one["weight_db"], study, lang),
                "probability": _probability(one["probability"]) + ("~" if one["rough"] else ""),
                "reason": one["rationale"],
            }
            for one in row["coders"]
        ],
        "rough": any(one["rough"] for one in row["coders"]),
    }


def _probability(value: float) -> str:
    return f"{value:.3f}"


def _weight(value: float | None, study: Study, lang: Lang) -> str:
    if value is None:
        return "–"
    return say("scale", lang, db=f"{value:+z.1f}".replace("-", "−"), word=study.scale.word(value, lang))


def table(found: Mapping[str, Any]) -> str:
    """Write the worklist as CSV, a row for each observation and coder; no cell of text starts a formula."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for rank, row in enumerate(found["worklist"], start=1):
        whole = {key: row[key] for key in _COLUMNS if key in row and key != "probability"}
        for one in row["coders"]:
            told = {
                "coder": one["coder"],
                "weight_db": one["weight_db"],
                "probability_if_all": one["probability"],
                "leader_if_all": one["leader"],
                "rough": one["rough"],
                "rationale": safe(one["rationale"] or ""),
            }
            writer.writerow({"rank": rank, **whole, "probability": row["probability"], **told})
    return text.getvalue()
