"""Content to one HTML string: self-contained, the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bayestrace.messages import Lang
from bayestrace.references import STYLES, Reference, other_style, reference
from bayestrace.report import wording
from bayestrace.report.content.parts import Report
from bayestrace.report.content.sought import Source
from bayestrace.report.content.values import Phrase
from bayestrace.report.page import drawn, prose
from bayestrace.report.page.alive import alive, opener, script
from bayestrace.report.page.borrowed import borrowed, said
from bayestrace.report.page.carried import carried
from bayestrace.report.page.findings import worded
from bayestrace.report.page.html import Html, Speaker, in_cells, markup
from bayestrace.report.page.lean import lean
from bayestrace.report.page.many import summed
from bayestrace.report.page.observed import observed
from bayestrace.report.page.packing import packed
from bayestrace.report.page.replicated import interval, replicated, value
from bayestrace.report.page.sensitivity import section
from bayestrace.report.page.sheet import environment
from bayestrace.report.page.sought import sought
from bayestrace.report.page.timed import timed
from bayestrace.report.page.twins import twins

__all__ = ["render"]

# How a page names its languages to browsers, in the attribute `lang`.
_TAGS: dict[Lang, str] = {"en": "en", "zh": "zh-CN"}
#: Pairs of cases drawn: those that the evidence moved most; the table beside has all.
_PAIRS = 10
SECTIONS = (
    *("answer", "try", "cases", "mechanism", "clues", "pooling", "evidence", "coders", "sensitivity"),
    *("health", "methods", "reproduction"),
)
#: Sections that have nothing to say where a study has nothing but clues.
_OF_OBSERVATIONS = {"mechanism", "evidence", "coders"}


def render(report: Report, island: Mapping[str, Any] | None = None, other: Report | None = None) -> str:
    """Write the page.

    Parameters
    ----------
    report
        What `bayestrace.report.content.read_content` returns.
    island
        What `bayestrace.report.live.island` returns of the same result; None for a page that stays still.
    other
        The content of the same result in the other language, for a page with a switch; None for a page without.

    Returns
    -------
    str
        A whole HTML document that loads nothing: style and script inside, links to http and https only.
    """
    if other is None:
        page = _filled("page.html.j2", report, island)
    else:
        inside = lean(_filled("other.html.j2", other, island, report.lang))
        page = _filled("page.html.j2", report, island, other.lang, packed(inside))
    if island is None and other is None and report.many is None:
        return lean(page)
    thin, numbers = carried(lean(page))
    thin = _with("numbers", numbers, thin)
    if report.many is not None:
        return thin  # nor does it hold the study
    return _with("study", borrowed(report.manifest.study, said(thin)), thin)


def _with(name: str, text: str, page: str) -> str:
    """Pack what follows from the page itself into the place that its template has for it."""
    # No text of a page can look like a tag.
    before, place, after = page.partition(f' id="{name}"></script>')
    return f"{before}{place.removesuffix('</script>')}{packed(text)}</script>{after}"


def _filled(
    template: str,
    report: Report,
    island: Mapping[str, Any] | None,
    other: Lang | None = None,
    inside: Html | None = None,
) -> str:
    """Fill in a template of the page, with a switch to the other language if there is one."""
    speaker = Speaker(report.lang)
    lively = alive(report, island, speaker)
    runs = island is not None or other is not None or report.many is not None
    scripts = (opener(), script(lively["answers"])) if runs else ()
    sheets = ("alive.css", "evidence.css", "clues.css", *(("many.css",) if report.many else ()))
    filled = environment(*sheets, scripts=scripts)
    filled.globals.update(
        w=speaker.word,
        coded=speaker.coded,
        say=speaker.say,
        listed=speaker.listed,
        aside=speaker.aside,
        pct=speaker.pct,
        share=speaker.share,
        quota=speaker.quota,
        db=speaker.db,
        size=speaker.size,
        ratio=speaker.ratio,
        count=speaker.count,
        plain=speaker.plain,
        pct_range=speaker.pct_range,
        range_of=speaker.range,
        word_or=speaker.word_or,
        cited=cited,
        cited_otherwise=cited_otherwise,
        other_style=lambda source: STYLES[other_style(source.csl)],
        ratio_shown=wording.ratio,
        magnitude=wording.magnitude,
        stated=stated_setting,
        as_stated=value,
        as_replicated=interval,
        p_value=speaker.p_value,
        turn=speaker.correlation,
    )
    all_of = summed(report, speaker)
    page = filled.get_template(template).render(
        report=report,
        tag=_TAGS,
        switch=Speaker(other) if other else None,
        packed=inside,
        opener=Html(scripts[0]) if scripts else None,
        script=packed(scripts[1]) if scripts else None,
        model=report.kind == "model",
        fitted=report.kind != "face-value",
        drawn=report.drawn,
        sections=_sections(report, island),
        live=lively,
        answer=all_of["answer"] if all_of else prose.answer(report, speaker),
        summed=all_of,
        health=prose.health(report, speaker),
        overview=drawn.overview(report, speaker),
        leads=[prose.case_lead(report, case, speaker) for case in report.cases],
        falls=[drawn.falling(report, case, speaker) for case in report.cases] if report.kind != "clues" else [],
        mechanisms=drawn.mechanisms(report, speaker),
        mechanism_notes=[prose.mechanism_notes(report, told, speaker) for told in report.mechanism.cases],
        timelines=timed(report, speaker),
        pooled=_pooled(report, speaker),
        increments=[
            (one, drawn.increments(report, one, place, speaker)) for place, one in enumerate(report.increments)
        ],
        leanings=drawn.leanings(report, speaker),
        replicated=replicated(report, speaker),
        clued=sought(report, speaker),
        sens=section(report, speaker),
        findings=[(finding.level, worded(finding, report.lang)) for finding in report.findings],
        titles=_titles(report),
        observed=observed(report, speaker),
        twins=twins(report, speaker),
        listed_at={source.id: place for place, source in enumerate(report.sources, start=1)},
        coder_names=[coder.name for coder in report.coders],
        paragraphs=_passages(wording.METHODS, report),
        limits=_passages(wording.LIMITS, report),
    )
    return in_cells(page).rstrip() + "\n"


def cited(source: Source) -> Html:
    """Write a source as a reference in the style of its language, with its link where that is safe."""
    found = reference(source.csl)
    if found.url is None:
        return _cite(found)
    host = markup(found.url.split("/")[2])
    return Html(f'{_cite(found)} <a href="{markup(found.url)}">{host}</a>')


def cited_otherwise(source: Source) -> Html:
    """Write a source as a reference in the style that is not the one of its language."""
    return _cite(reference(source.csl, other_style(source.csl)))


def _cite(found: Reference) -> Html:
    italic = f"<i>{markup(found.italic)}</i>" if found.italic else ""
    return Html(f'<cite lang="{markup(found.lang)}">{markup(found.before)}{italic}{markup(found.after)}</cite>')


def stated_setting(value: object) -> Html:
    """Show a setting of the run, a number with its full precision."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Html(f'<data value="{value!r}">{markup(str(value))}</data>')
    if isinstance(value, list):
        return markup(", ".join(map(str, value)))
    return markup(str(value))


def _titles(report: Report) -> dict[str, Phrase]:
    return {one.id: one.title for case in report.cases for cluster in case.clusters for one in cluster.observations}


def _passages(passages: Iterable[wording.Passage], report: Report) -> list[tuple[str, str, str]]:
    topics = {"all"}
    topics |= {"observations"} if report.kind != "clues" else {"clues-alone"}
    topics |= {"model"} if report.kind == "model" else set()
    topics |= {"clues"} if report.clues else set()
    topics |= {"clues-drawn"} if report.kind == "clues" and report.drawn else set()
    topics |= {"clues-exact"} if report.clues and report.clues.fixed else set()
    return [
        (wording.of(passage.title, report.lang), wording.of(passage.text, report.lang), passage.formula)
        for passage in passages
        if passage.of in topics
    ]


def _sections(report: Report, island: Mapping[str, Any] | None) -> list[str]:
    """List the sections that have something to say."""
    empty = _OF_OBSERVATIONS if report.kind == "clues" else set()
    empty = (
        empty
        | ({"try"} if island is None and report.many is None else set())
        | ({"clues"} if report.clues is None else set())
    )
    return [name for name in SECTIONS if name not in empty]


def _pooled(report: Report, speaker: Speaker) -> dict[str, object]:
    """Name pairs and levels, and draw how far each moved."""
    if report.pooling is None:
        return {}
    same = [
        (speaker.plainly("pool-pair", one=moved.names[0].text, other=moved.names[1].text), moved)
        for moved in report.pooling.same
    ]
    levels = [
        (
            speaker.word(level)
            if level in {"common", "own"}
            else speaker.plainly("pool-by-level", factor=moved.names[0].text),
            moved,
        )
        for level, moved in report.pooling.levels
    ]
    moved_most = sorted(same, key=lambda row: -abs(row[1].posterior.value - row[1].prior.value))[:_PAIRS]
    return {
        "same": same,
        "levels": levels,
        "some": len(same) > _PAIRS,
        "same_figure": drawn.shifts("same", speaker.word("pool-same-caption"), moved_most, speaker),
        "levels_figure": drawn.shifts("levels", speaker.word("pool-levels-caption"), levels, speaker),
    }
