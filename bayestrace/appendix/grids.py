"""The tables of the analysis: priors, posteriors, flip points, clues, stated weights."""

from __future__ import annotations

from collections.abc import Iterator

from bayestrace.appendix.blocks import Block, Bullets, Grid, Heading, Paragraph, plain
from bayestrace.appendix.source import Told, cited
from bayestrace.report import wording
from bayestrace.report.content.parts import Case, Row, Statement
from bayestrace.report.page.sensitivity import sentences
from bayestrace.report.page.text import text_of
from bayestrace.study import Judgement, StatedWeight

_NOT = "–"


def answers(told: Told) -> list[Block]:
    """Write priors, posteriors and flip points."""
    return [Heading(1, told.say("answer")), *_priors(told), *_posteriors(told), *_flips(told), *_clues(told)]


def _priors(told: Told) -> Iterator[Block]:
    report = told.report
    profile = report.profile
    kappa = "–".join(wording.plain(one.value) for one in profile.kappa)
    pools = told.say(
        "profile",
        kappa=kappa,
        leaning=wording.plain(profile.leaning_db.value),
        selectivity=wording.stated_share(profile.selectivity.value, told.lang),
    )
    yield Heading(2, told.say("priors"))
    yield Paragraph(plain(("" if told.lang == "zh" else " ").join((str(profile.why), pools))))
    yield Grid(
        told.say("t-priors", name=profile.name),
        (told.say("c-explanation"), told.say("c-prior")),
        tuple((str(one.name), wording.stated_share(one.prior.value, told.lang)) for one in report.hypotheses),
        (0.7, 0.3),
        frozenset({1}),
    )


def _posteriors(told: Told) -> Iterator[Block]:
    report = told.report
    fitted = report.kind != "face-value"
    keys = ["case", "explanation", "prior", "face"]
    keys += ["unpooled", "pooled", *(["interval"] if report.drawn else [])] if fitted else []
    keys += ["weight", "rival"]
    widths = {"case": 3.2, "explanation": 3.4, "rival": 3.2, "interval": 2.2}
    shares = [widths.get(key, 1.6) for key in keys]
    rows = [_row(told, case, row, keys) for case in report.cases for row in case.rows]
    yield Heading(2, told.say("posteriors"), wide=True)
    yield Grid(
        told.say("t-posteriors"),
        tuple(told.say(f"c-{key}") for key in keys),
        tuple(rows),
        tuple(share / sum(shares) for share in shares),
        frozenset(place for place, key in enumerate(keys) if key not in {"case", "explanation", "rival"}),
        wide=True,
        note=told.say("n-posteriors" if fitted else "n-face"),
    )


def _row(told: Told, case: Case, row: Row, keys: list[str]) -> tuple[str, ...]:
    closest = row.closest
    out = row.excluded or case.rows[closest.rival].excluded
    said = {
        # The case is named once.
        "case": str(case.name) if row is case.rows[0] else "",
        "explanation": str(row.hypothesis.name),
        "prior": wording.stated_share(row.hypothesis.prior.value, told.lang),
        "face": told.say("excluded") if row.excluded else wording.percent(row.face.value, told.lang),
        "weight": _NOT if out else wording.decibels(closest.weight.value),
        "rival": str(told.report.hypotheses[closest.rival].name),
    }
    for key, spread in (("unpooled", row.unpooled), ("pooled", row.pooled)):
        said[key] = (
            told.say("excluded") if row.excluded else wording.percent(spread.mean.value, told.lang) if spread else _NOT
        )
    said["interval"] = text_of(told.speaker.pct_range(row.pooled)) if row.pooled and not row.excluded else _NOT
    return tuple(said[key] for key in keys)


def _flips(told: Told) -> Iterator[Block]:
    said = sentences(told.report, told.speaker)
    yield Heading(2, told.say("flips"))
    if not said:
        yield Paragraph(plain(told.say("flips-none")))
    for place, case in enumerate(told.report.cases):
        for key, flips in (("change", True), ("stay", False)):
            lines = tuple(plain(text_of(one.text)) for one in said if one.case == place and one.flips is flips)
            if lines:
                yield Heading(3, f"{case.name}{told.say('colon')}{told.say(f'flips-{key}')}")
                yield Bullets(lines)


def _clues(told: Told) -> Iterator[Block]:
    if told.report.clues is None:
        return
    rows = []
    for place, case in enumerate(told.report.cases):
        for clue in told.report.clues.clues:
            one = clue.outcomes[place]
            source = "".join(run.text for run in cited(one.source.csl)) if one.source else ""
            said = " ".join(text for text in (str(one.note or ""), source) if text)
            search = wording.stated_share(one.search.value, told.lang) if one.state != "not-sought" else _NOT
            rows.append((str(case.name), str(clue.asks), told.say(one.state), search, said))
    yield Heading(2, told.say("clues"), wide=True)
    yield Grid(
        told.say("t-clues"),
        tuple(told.say(f"c-{key}") for key in ("case", "clue", "outcome", "search", "note")),
        tuple(rows),
        (0.17, 0.27, 0.12, 0.12, 0.32),
        frozenset({3}),
        wide=True,
        note=told.say("n-clues"),
    )


def stated(told: Told) -> list[Block]:
    """Write what every coder stated of every observation, a table for each case."""
    blocks: list[Block] = [Heading(1, told.say("weights"), wide=True)]
    rivals = told.report.rivals
    for case in told.report.cases:
        rows = []
        for one in told.observations(case):
            for place, (judgement, said) in enumerate(zip(told.judgements(one.id), one.statements, strict=True)):
                cells = (_cell(told, judgement, said, rival) for rival in range(len(rivals)))
                rows.append((one.id if place == 0 else "", str(said.coder), *cells))
        if rows:
            rest = 0.58 / len(rivals)
            blocks.append(
                Grid(
                    told.say("t-weights", case=case.name, focal=told.report.focal.name),
                    (told.say("c-observation"), told.say("c-coder"), *(str(one.name) for one in rivals)),
                    tuple(rows),
                    (0.27, 0.15, *(rest for _ in rivals)),
                    frozenset(range(2, 2 + len(rivals))),
                    wide=True,
                    note=told.say("n-weights"),
                )
            )
    return blocks if len(blocks) > 1 else []


def _cell(told: Told, judgement: Judgement, said: Statement, rival: int) -> str:
    """Write a weight, with the range that the coder stated of this very comparison, if any."""
    best = said.against[rival]
    if best is None:
        return _NOT
    pair = (told.report.focal.id, told.report.rivals[rival].id)
    ends = next((_ends(one) for one in judgement.weights if (one.hypothesis, one.against) == pair), "")
    return wording.decibels(best.value) + (f" [{ends}]" if ends else "")


def _ends(one: StatedWeight) -> str:
    if one.low is None or one.high is None:
        return ""
    return f"{wording.decibels(one.low)}, {wording.decibels(one.high)}"
