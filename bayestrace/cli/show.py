"""Lay a result out for the terminal: the table, one sentence of answer, the findings."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bayestrace.cli.words import say
from bayestrace.messages import Lang
from bayestrace.study import Study

if TYPE_CHECKING:
    from bayestrace.checks import Finding
    from bayestrace.prediction import Forecast

#: Past this probability odds are printed: 1.000 would claim a certainty that no evidence gives.
NEARLY_CERTAIN = 0.999
#: Warnings that are printed; the report has them all.
WARNINGS = 4


def probability(value: float) -> str:
    """Print a probability, as odds where it is past .999 or below .001."""
    if value > NEARLY_CERTAIN:
        odds = value / (1.0 - value) if value < 1.0 else float("inf")
        return f"{odds:.0f}:1" if odds < 1e6 else ">10^6:1"  # noqa: PLR2004 - more digits tell nothing
    return "<.001" if value < 1.0 - NEARLY_CERTAIN else f"{value:.3f}".removeprefix("0")


def table(summary: dict[str, Any], study: Study, lang: Lang) -> str:
    """Lay out case by hypothesis: face value, unpooled, pooled with its 94 % interval, weight in decibels.

    Below it, where theories may hold together, case by theory; no total, since these do not add up.
    """
    model = summary["kind"] != "face-value"
    heads = ["case", "hypothesis", *_heads(summary), "weight", "rival"]
    rows = [[say(head, lang) for head in heads]]
    for block in summary["cases"]:
        for place, row in enumerate(block["hypotheses"]):
            name = study.hypotheses[row["hypothesis"]].name(lang)
            cells = ["" if place else _case(study, block["case"], lang), name]
            cells += [] if summary["kind"] == "clues" else [probability(row["face_value"])]
            cells += ["–"] * len(_of_model(row)) if row.get("excluded") else _of_model(row)
            decibels = row["weight_db"] if model else row["face_value_db"]
            rival = study.hypotheses[row["closest_rival"] if model else row["face_value_rival"]].name(lang)
            if row.get("excluded"):
                rows.append([*cells, say("excluded", lang), ""])
            elif decibels is None:
                rows.append([*cells, "", say("all-excluded", lang)])
            else:
                rows.append([*cells, decibel(decibels), rival])
    laid_out = columns(rows, left={0, 1, len(heads) - 1})
    return f"{laid_out}\n\n{_theories(summary, study, lang)}" if study.theories else laid_out


def _heads(summary: dict[str, Any]) -> list[str]:
    """Name the columns of probabilities: there is no face value of clues, and no interval of what is exact."""
    sampled = any("pooled_94" in row for block in summary["cases"] for row in block["hypotheses"])
    model = ["unpooled", "pooled", *(["interval"] if sampled else [])] if summary["kind"] != "face-value" else []
    return [*([] if summary["kind"] == "clues" else ["face"]), *model]


def _case(study: Study, case: str, lang: Lang) -> str:
    """Name a case, with how many it stands for where these are several."""
    told = study.cases[case]
    return told.name(lang) if told.count == 1 else say("so-many", lang, case=told.name(lang), count=told.count)


def decibel(value: float) -> str:
    """Print a weight of evidence."""
    return f"{value:+z.1f}".replace("-", "−")


def clues(summary: dict[str, Any], study: Study, lang: Lang) -> str:
    """Say what clues come to: a second reading where they are one, the pattern, shares among all cases."""
    told = summary["clues"]
    parts = []
    if told["reading"] == "beside":
        heads = ("case", "hypothesis", "from-clues", "pooled" if summary["kind"] == "model" else "face")
        rows = [[say(head, lang) for head in heads]]
        for block, main in zip(told["cases"], summary["cases"], strict=True):
            for place, (row, beside) in enumerate(zip(block["hypotheses"], main["hypotheses"], strict=True)):
                value = say("excluded", lang) if row["excluded"] else probability(row["probability"])
                name = study.hypotheses[row["hypothesis"]].name(lang)
                case = "" if place else _case(study, block["case"], lang)
                rows.append([case, name, value, probability(beside.get("pooled", beside["face_value"]))])
        parts.append(f"{say('clues-beside', lang)}\n{columns(rows, left={0, 1})}")
    if any(block["standing"] for block in told["cases"]):
        lines = [f"  {_pattern(block, study, lang)}" for block in told["cases"]]
        parts.append("\n".join([say("pattern", lang), *lines]))
    lines = [
        say("share", lang, name=study.hypotheses[row["hypothesis"]].name(lang), **_moments(row))
        for row in told.get("shares", ())
    ]
    for row in told.get("estimands", ()):
        said = say("share", lang, name=study.estimands[row["estimand"]].name(lang), **_moments(row))
        without = [
            say("without", lang, clue=name, value=_decimal(value))
            for name, value in row["without"].items()
            if value is not None
        ]
        lines.append(say("separator", lang).join([said, *without]))
    if lines:
        parts.append("\n".join([say("shares", lang), *(f"  {line}" for line in lines)]))
    return "\n\n".join(parts)


def _pattern(block: dict[str, Any], study: Study, lang: Lang) -> str:
    """Say in a line whether the mechanism's full pattern holds in a case, and which links do not stand as predicted."""
    held = {True: "pattern-holds", False: "pattern-fails", None: "pattern-open"}[block["holds"]]
    key = held if block["standing"] else "pattern-none"
    missed = [
        f"{study.mechanism.steps[step].name(lang)} {say(f'standing-{standing}', lang)}"
        for step, standing in block["standing"].items()
        if standing != "as-predicted"
    ]
    return say(key, lang, case=study.cases[block["case"]].name(lang), links=say("comma", lang).join(missed))


def _moments(row: dict[str, Any]) -> dict[str, str]:
    return {"mean": _decimal(row["mean"]), "sd": _decimal(row["sd"])}


def _decimal(value: float) -> str:
    """Print a share, or a sum of shares that may be negative."""
    return f"{value:z.3f}".replace("0.", ".", 1).replace("-", "−")


def _theories(summary: dict[str, Any], study: Study, lang: Lang) -> str:
    """Lay out case by theory, and how many of the theories hold at least."""
    heads = ["case", "theory", "prior", *_heads(summary)]
    rows = [[say(head, lang) for head in heads]]
    for block in summary["cases"]:
        labels = [study.theories[row["theory"]].name(lang) for row in block["theories"]]
        labels += [_together(row["number"], len(block["theories"]), lang) for row in block["at_least"]]
        for place, row in enumerate([*block["theories"], *block["at_least"]]):
            case = "" if place else study.cases[block["case"]].name(lang)
            cells = [case, labels[place], probability(row["prior"])]
            cells += [] if summary["kind"] == "clues" else [probability(row["face_value"])]
            rows.append([*cells, *_of_model(row)])
    return f"{say('theories', lang)}\n{columns(rows, left={0, 1})}"


def _together(number: int, count: int, lang: Lang) -> str:
    """Say that at least so many of the theories hold."""
    if number == 1:
        return say("at-least-one", lang)
    if number == count:
        return say("all-of" if count > 2 else "both", lang, number=number)  # noqa: PLR2004 - of two one says both
    return say("at-least", lang, number=number)


def _of_model(row: dict[str, Any]) -> list[str]:
    """Print what the model says, where it was run: unpooled, pooled, and the 94 % interval of the latter."""
    if "pooled" not in row:
        return []
    found = [probability(row["unpooled"]), probability(row["pooled"])]
    if "pooled_94" in row:
        low, high = row["pooled_94"]
        found.append(f"{probability(low)} – {probability(high)}")
    return found


def columns(rows: Sequence[Sequence[str]], left: set[int], *, spaced: bool = True) -> str:
    """Lay rows out in columns, those in `left` flush left; a line is left free before a row that names a case."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for place, row in enumerate(rows):
        if spaced and place and row[0]:
            lines.append("")
        cells = [_pad(cell, widths[column], left=column in left) for column, cell in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def width(text: str) -> int:
    """Count terminal cells: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def shortened(text: str, cells: int) -> str:
    """Cut a text to so many terminal cells; what is cut off is an ellipsis."""
    if width(text) <= cells:
        return text
    while width(text) > cells - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _pad(text: str, cells: int, *, left: bool) -> str:
    space = " " * (cells - width(text))
    return text + space if left else space + text


def sentence(summary: dict[str, Any], study: Study, lang: Lang) -> str:
    """Give the answer in a sentence or two that a person can quote."""
    parts = []
    for block, place in zip(summary["cases"], leaders(summary), strict=True):
        case = study.cases[block["case"]].name(lang)
        if place is None:
            parts.append(say("tied", lang, case=case))
            continue
        row = block["hypotheses"][place]
        name = study.hypotheses[row["hypothesis"]].name(lang)
        parts.append(say("leads", lang, case=case, leader=name, probability=probability(row[key_of(summary)])))
    return answer(summary, study, lang, parts)


def answer(summary: dict[str, Any], study: Study, lang: Lang, parts: Sequence[str]) -> str:
    """Say what leads, in parts, and in how many cases the focal explanation does."""
    profile = study.profiles[summary["profile"]].name(lang)
    exact = "interval" not in _heads(summary) and summary["kind"] == "clues"
    kind = "answer-face" if summary["kind"] == "face-value" else "answer-exact" if exact else "answer-model"
    said = say(kind, lang, profile=profile, cases=say("separator", lang).join(parts))
    focal = study.hypotheses[summary["focal"]].name(lang)
    names = [row["hypothesis"] for row in summary["cases"][0]["hypotheses"]]
    led, count = leaders(summary).count(names.index(summary["focal"])), len(summary["cases"])
    more = say("focal-somewhere", lang, focal=focal, lead=f"{led:,}", count=f"{count:,}") if led else ""
    more = more or say("focal-nowhere", lang, focal=focal, count=f"{count:,}")
    return f"{said}{'' if lang == 'zh' else ' '}{more}"


def leaders(summary: dict[str, Any]) -> list[int | None]:
    """Give the place of the explanation that leads in each case, None where several are as probable."""
    from bayestrace.results import sole_leader  # noqa: PLC0415 - xarray is slow to import, and most of this needs none

    key = key_of(summary)
    return [sole_leader([float(row[key]) for row in block["hypotheses"]]) for block in summary["cases"]]


def key_of(summary: dict[str, Any]) -> str:
    """Name the probability that is the answer: at face value, or the model's pooled one."""
    return "face_value" if summary["kind"] == "face-value" else "pooled"


def findings(found: Sequence[Finding], study: Study, lang: Lang) -> str:
    """List failures and the first warnings; of the rest only the number, since the report has them in full."""
    failures = [one for one in found if one.level == "failure"]
    shown = failures + [one for one in found if one.level == "warning"][:WARNINGS]
    lines = [f"{say('findings', lang)}{_colon(lang)}".rstrip()]
    lines += [f"  {finding(one, study, lang)}" for one in shown]
    if len(found) > len(shown):
        lines.append("  " + say("more-findings", lang, count=len(found) - len(shown)))
    return "\n".join(lines)


def finding(found: Finding, study: Study, lang: Lang) -> str:
    """Say of a finding how grave it is, and what it is."""
    return f"{say(found.level, lang)}{_colon(lang)}{found.text(study, lang)}"


def _colon(lang: Lang) -> str:
    return "：" if lang == "zh" else ": "


def forecasts(found: Sequence[Forecast], study: Study, lang: Lang) -> str:
    """Lay out how well each coder was predicted, beside the plain mean of the others."""
    heads = ("coder", "observations", "weights", "in-50", "in-90", "log-score", "in-sequence", "plain-mean")
    rows = [[say(head, lang) for head in (*heads, "error-db", "plain-mean")]]
    for one in found:
        score = one.score
        name = study.coders[one.coder].name(lang) if one.coder in study.coders else one.coder
        inside = [f"{100 * share:.0f} %" for share in (score.coverage_50, score.coverage_90)]
        sequence = score.joint_log_density / score.observations if score.observations else None
        scores = [_score(value) for value in (score.log_density, sequence, score.mean_log_density)]
        errors = [f"{value:.2f}" for value in (score.rmse_db, score.mean_rmse_db)]
        rows.append([name, str(score.observations), str(score.weights), *inside, *scores, *errors])
    return columns(rows, left={0}, spaced=False)


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace("-", "−")


def as_json(value: dict[str, Any]) -> str:
    """Write one JSON object."""
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
