"""The command that reads a study and lists its faults."""

from __future__ import annotations

from pathlib import Path

import click

from bayestrace.cli import options
from bayestrace.messages import Lang


@click.command("check", context_settings=options.CONTEXT)
@options.STUDY
@options.LANG
@options.JSON
def check(study: Path, lang: Lang, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Read a study and list every fault in it.

    STUDY is the folder that holds study.yaml, or a workbook; the present folder by default. Each fault is one line:
    file, line, column, or sheet and cell; what was found, what was expected, what to do.

    \b
    Examples:
      bayestrace check
      bayestrace check study.xlsx
      bayestrace check path/to/study --lang zh
    """  # noqa: D301
    from bayestrace.cli.show import as_json as dump  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.errors import StudyFaults  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415

    try:
        found = read_study(study)
    except StudyFaults as fault:
        if not as_json:
            raise
        faults = [
            {"file": one.path, "line": one.line, "column": one.column, "slug": one.slug, "text": one.text(lang)}
            for one in fault.faults
        ]
        click.echo(dump({"check": 1, "faults": faults}))
        click.get_current_context().exit(fault.exit_code)
    counts = {
        "evidence": len(found.evidence),
        "cases": len(found.cases),
        "coders": len(found.codings),
        "sources": len(found.sources),
        "profiles": len(found.profiles),
    }
    sought = {
        "clues": len(found.clues),
        "searches": sum(each.state != "not-sought" for each in found.searches),
        "candidates": len(found.candidates),
    }
    sought = {name: count for name, count in sought.items() if count or (name == "searches" and found.clues)}
    heard = {coding.coder for coding in found.codings}
    silent = [name for name in found.coders if name not in heard]
    if as_json:
        click.echo(dump({"check": 1, "faults": [], **counts, **sought, "silent": silent}))
        return
    said = [say("sound", lang, folder=study, **counts)]
    said += [say("sound-clues", lang, **sought)] if found.clues else []
    said += [say("sound-candidates", lang, **sought)] if found.candidates else []
    said += [say("sound-silent", lang, names=("、" if lang == "zh" else ", ").join(silent))] if silent else []
    click.echo(("" if lang == "zh" else " ").join(said))
