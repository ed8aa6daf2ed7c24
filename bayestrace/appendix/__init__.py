"""The appendix of an article: the layout of Annotation for Transparent Inquiry, and the tables of the analysis."""

from __future__ import annotations

from collections.abc import Iterator

import xarray as xr

from bayestrace.appendix.annotations import annotated
from bayestrace.appendix.blocks import Appendix, Block, Heading, Paragraph, count_words
from bayestrace.appendix.grids import answers, stated
from bayestrace.appendix.overview import overview
from bayestrace.appendix.source import Told, cited
from bayestrace.messages import Lang

__all__ = ["Appendix", "appendix_of"]


def appendix_of(tree: xr.DataTree, lang: Lang) -> Appendix:
    """Make the appendix of a result.

    Parameters
    ----------
    tree
        A result (docs/results.md); its sensitivity is told where it was worked out.
    lang
        Language of all but what the study has in the other one alone.

    Returns
    -------
    Appendix
        Data overview, tables of priors, posteriors and flip points, an annotation for each observation, the stated
        weights, all sources. Nothing in it is private. It follows the layout of the Qualitative Data Repository:
        analytic note, excerpt, translation and source for each annotation.
    """
    told = Told.of(tree, lang)
    first = overview(told)
    blocks = [*first, *answers(told), *annotated(told), *stated(told), *_sources(told)]
    return Appendix(lang, told.say("title"), str(told.report.title), tuple(blocks), count_words(first))


def _sources(told: Told) -> Iterator[Block]:
    if told.report.sources:
        yield Heading(1, told.say("sources"))
    lines = {"".join(run.text for run in line): line for line in (cited(one.csl) for one in told.report.sources)}
    yield from (Paragraph(lines[text]) for text in sorted(lines, key=str.casefold))
