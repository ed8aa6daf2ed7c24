"""The command that prints the references of a study."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bayestrace.cli import options
from bayestrace.messages import Lang

if TYPE_CHECKING:
    from bayestrace.references import Style

_STYLES = ("apsa", "apa", "chicago", "mla", "gb-t-7714")


@click.command("references", short_help="Print the references of a study in a style.", context_settings=options.CONTEXT)
@options.STUDY
@click.option("--style", type=click.Choice(_STYLES), default="apsa", show_default=True, help="Whose rules to follow.")
@click.option("--all", "everything", is_flag=True, help="List every source, cited or not.")
@options.WITH_PRIVATE
@click.option("--html", "as_html", is_flag=True, help="Print HTML with italics, to paste into a document.")
@options.LANG
@options.JSON
def list_references(study: Path, style: Style, lang: Lang, **given: bool) -> None:
    """Print the references of a study in a style.

    STUDY is the folder that holds study.yaml; the present folder by default. Lists the sources that observations and
    searches cite, Chinese and English ones each by the rules of their language: alphabetically, Chinese ones last;
    GB/T 7714 numbers them in the order of the report. Sources are read from evidence/sources.json (CSL-JSON) and
    evidence/sources.bib (BibTeX). --lang is the language of what is said about the list, not of the list.

    \b
    Examples:
      bayestrace references
      bayestrace references path/to/study --style gb-t-7714
      bayestrace references --style mla --html > references.html
      bayestrace references --style chicago --all --json
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import references  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415

    found = options.for_others(read_study(study), with_private=given["with_private"], lang=lang)
    named = references.cited(found)
    named += [name for name in found.sources if name not in named] if given["everything"] else []
    listed = references.listing(found.sources, named, style)
    if given["as_json"]:
        entries = [
            {
                "id": one.id,
                "number": one.number,
                "text": str(one.reference),
                "html": one.reference.html(),
                "lang": one.reference.lang,
                "url": one.reference.url,
            }
            for one in listed
        ]
        click.echo(show.as_json({"references": 1, "style": style, "entries": entries}))
        return
    for one in listed:
        number = f"[{one.number}] " if one.number is not None else ""
        click.echo(f"<p>{number}{one.reference.html()}</p>" if given["as_html"] else f"{number}{one.reference}")
    told = say("references", lang, count=len(listed), total=len(found.sources), style=references.NAMES[style])
    click.echo(told, err=True)
