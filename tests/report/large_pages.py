"""Made-up results of large studies: drawn numbers, as in `trees`, for as many cases and observations as are wanted."""

from __future__ import annotations

import json
from typing import Any

import xarray as xr
from studies import Words, plain, small_study
from trees import tree_of

from bayestrace.excerpt import excerpt
from bayestrace.report import live
from bayestrace.report.content import read_content
from bayestrace.report.page import render
from bayestrace.study import Study


def large_study(cases: int, observations: int, say: Words = plain) -> Study:
    """Make a study of cases with so many observations each, three of a case in one cluster, by two coders."""

    def both(en: str, zh: str) -> dict[str, str]:
        return {"en": say(en), "zh": say(zh)}

    small: dict[str, Any] = json.loads(small_study(say).canonical())
    names = [f"c{place:05d}" for place in range(cases)]
    evidence = [
        {
            "id": f"{case}-o{place}",
            "case": case,
            "step": ("premise", "middle", "outcome")[place % 3],
            "domain": "security",
            "direction": ("up", "down", "none")[place % 3],
            "date": f"2017-{1 + place % 12:02d}",
            "title": both(f"Title {place} of {case}", f"{case}的标题{place}"),
            "claim": both(f"Claim {place} of {case}.", f"{case}的主张{place}。"),
            "source": "Peng2024",
            "source_type": "press",
            "cluster": f"{case}-k" if place < 3 else None,
        }
        for case in names
        for place in range(observations)
    ]
    weights = [{"hypothesis": "stakes", "against": rival, "best": 2.5} for rival in ("bargaining", "threat")]
    value = small | {
        "cases": {
            name: {"name": both(f"Case {name}", f"案例{name}"), "groups": {"alliance": ("japan", "rok")[place % 2]}}
            for place, name in enumerate(names)
        },
        "clusters": {f"{name}-k": both(f"Cluster of {name}", f"{name}的证据簇") for name in names},
        "mechanism": small["mechanism"] | {"predictions": []},
        "evidence": evidence,
        "codings": [
            {"coder": coder, "judgements": [{"evidence": one["id"], "weights": weights} for one in evidence]}
            for coder in ("neutral", "critic")
        ],
    }
    return Study.model_validate_json(json.dumps(value))


def large_tree(cases: int, observations: int, kind: str = "model", say: Words = plain, seed: int = 1) -> xr.DataTree:
    """Make a result of such a study."""
    study = large_study(cases, observations, say)
    places = {f"evidence:{item.id}": f"evidence/all.csv:{2 + row}" for row, item in enumerate(study.evidence)}
    places |= {
        f"weights:{coding.coder}:{one.evidence}": f"evidence/codings/{coding.coder}.csv:{2 + row}"
        for coding in study.codings
        for row, one in enumerate(coding.judgements)
    }
    return tree_of(study, study.profiles["reference"], kind, places, seed)


def summary_page(tree: xr.DataTree, *langs: str) -> str:
    """Write the page of a result as the program does: a summary where it is too large for a page."""
    part = excerpt(tree)
    shown, overall = (tree, None) if part is None else (part.tree, part.overall)
    first, *more = (read_content(shown, "zh" if lang == "zh" else "en", overall) for lang in langs or ("en",))
    return render(first, live.island(tree) if part is None else None, more[0] if more else None)
