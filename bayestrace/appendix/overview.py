"""The data overview: a skeleton with what the study itself tells, and marked places for what only authors know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from bayestrace.appendix.blocks import Block, Bullets, Grid, Heading, Paragraph, count_words, plain
from bayestrace.appendix.source import Told, cited
from bayestrace.report.page.findings import worded
from bayestrace.report.page.text import text_of
from bayestrace.report.wording import plain as number
from bayestrace.study.private import private_parts


def overview(told: Told) -> list[Block]:
    """Write the data overview.

    Parameters
    ----------
    told
        The result.

    Returns
    -------
    list of Block
        In the order that the layout asks for: question, cases and explanations, how the data were generated, how they
        were coded, the logic of annotation, limits.
    """
    facts = [
        *_question(told),
        *_explanations(told),
        *_generation(told),
        *_coding(told),
        *_logic(told),
        *_limits(told),
    ]
    words = told.say("gap-words", words=count_words(facts))
    return [Heading(1, told.say("overview")), Paragraph(plain(told.say("gap", text=words)), gap=True), *facts]


def _gap(told: Told, what: str) -> Paragraph:
    return Paragraph(plain(told.say("gap", text=told.say(f"gap-{what}"))), gap=True)


def _fact(text: str) -> Paragraph:
    return Paragraph(plain(text))


def _question(told: Told) -> Iterator[Block]:
    report = told.report
    yield Heading(2, told.say("question"))
    yield _fact(str(report.question))
    if report.about:
        yield Paragraph((*plain(told.say("about") + ("" if told.lang == "zh" else " ")), *cited(report.about.csl)))
    yield _gap(told, "question")


def _explanations(told: Told) -> Iterator[Block]:
    report = told.report
    yield Heading(2, told.say("explanations"))
    counts = Counter(item.case for item in told.tree.study.evidence)
    yield Grid(
        told.say("t-cases"),
        tuple(told.say(f"c-{key}") for key in ("case", "id", "dates", "groups", "count")),
        tuple(
            (
                str(case.name) + (f" × {case.count}" if case.count > 1 else ""),
                case.id,
                case.dates.replace("/", " – "),
                told.listed(
                    f"{factor}{told.say('colon')}{group}" for factor, group in (*case.groups, *case.attributes)
                ),
                str(counts[case.id]),
            )
            for case in report.cases
        ),
        (0.25, 0.17, 0.16, 0.25, 0.17),
        frozenset({4}),
    )
    yield Grid(
        told.say("t-explanations"),
        (told.say("c-explanation"), told.say("c-id"), told.say("c-claim")),
        tuple((f"{one.name}{' *' if one.focal else ''}", one.id, str(one.claim or "")) for one in report.hypotheses),
        (0.24, 0.18, 0.58),
    )


def _generation(told: Told) -> Iterator[Block]:
    study = told.tree.study
    observations = [one for case in told.report.cases for one in told.observations(case)]
    status = Counter(one.status for one in observations)
    sources = {one.source.id: one.source.csl for one in observations}
    yield Heading(2, told.say("generation"))
    if observations:
        dates = sorted(end for one in observations if one.date for end in one.date.split("/"))
        facts = [
            told.say(
                "data",
                observations=len(observations),
                cases=len(told.report.cases),
                sources=len(sources),
                weigh=status["weighs"],
                first=dates[0] if dates else "",
                last=max(dates) if dates else "",
            ),
            *(
                told.say(f"data-{name}", count=count)
                for name in ("context", "set-aside", "not-weighed")
                if (count := status[name])
            ),
        ]
        members = Counter(item.cluster for item in study.evidence if item.cluster)
        if clusters := sum(count > 1 for count in members.values()):
            facts.append(told.say("data-clusters", clusters=clusters))
        types = Counter(told.speaker.word_or("type", one.source_type) for one in observations)
        facts.append(told.say("data-types", list=_counted(told, types.most_common())))
        languages = Counter(_language(told, csl.get("language")) for csl in sources.values())
        facts.append(told.say("data-languages", list=_counted(told, languages.most_common())))
        yield _fact(("" if told.lang == "zh" else " ").join(facts))
    if study.clues:
        states = Counter(one.state for one in study.searches)
        everywhere = len(study.clues) * len(study.cases)
        sought = {"found": states["found"], "missed": states["not-found"]}
        rest = everywhere - sum(sought.values())
        yield _fact(told.say("data-searches", clues=len(study.clues), open=rest, **sought))
    parts = private_parts(study)
    if any(parts):
        hidden = {"observations": parts.observations, "cited": parts.sources, "notes": parts.notes}
        yield _fact(told.say("data-private", **hidden))
    yield _gap(told, "generation")


def _counted(told: Told, pairs: Iterable[tuple[str, int]]) -> str:
    return told.listed((told.say("count-of", name=name, count=count) for name, count in pairs), "comma")


def _language(told: Told, tag: object) -> str:
    code = str(tag or "").partition("-")[0].lower()
    return told.say(code) if code in {"en", "zh", "ja", "ko"} else code or told.say("unknown-language")


def _coding(told: Told) -> Iterator[Block]:
    report = told.report
    yield Heading(2, told.say("coding"))
    if report.coders:
        anchors = (told.say("from-db", word=word, db=number(db.value)) for word, db in report.anchors)
        yield _fact(
            told.say(
                "coding-weights",
                coders=len(report.coders),
                focal=report.focal.name,
                words=told.listed(anchors, "comma"),
            )
        )
        yield Grid(
            told.say("t-coders"),
            (told.say("c-coder"), told.say("c-standpoint"), told.say("c-count")),
            tuple((str(one.name), str(one.standpoint or ""), f"{one.count.value:.0f}") for one in report.coders),
            (0.2, 0.6, 0.2),
            frozenset({2}),
        )
    settings = dict(report.manifest.settings)
    run = {name: settings.get(name, "") for name in ("chains", "draws", "seed")}
    chosen = report.manifest.set_name or report.manifest.set_id
    named = {"set": chosen, "profile": report.profile.name, "version": report.manifest.version}
    yield _fact(told.say(f"coding-{report.kind}", **named, **run))
    yield _fact(told.say("coding-digest", digest=report.manifest.digest))
    yield _gap(told, "coding")


def _logic(told: Told) -> Iterator[Block]:
    yield Heading(2, told.say("logic"))
    if told.tree.study.evidence:
        yield _fact(told.say("logic-facts", id=told.tree.study.evidence[0].id))
    yield _gap(told, "logic")


def _limits(told: Told) -> Iterator[Block]:
    report = told.report
    yield Heading(2, told.say("limits"))
    if report.notice:
        yield _fact(str(report.notice))
    warnings = [one for one in report.findings if one.level != "note"]
    if warnings:
        yield _fact(told.say("limits-findings"))
        yield Bullets(tuple(plain(text_of(worded(one, told.lang))) for one in warnings))
    if notes := len(report.findings) - len(warnings):
        yield _fact(told.say("limits-notes", count=notes))
    yield _gap(told, "limits")
