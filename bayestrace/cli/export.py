"""The command that writes a study in another form."""

from __future__ import annotations

from pathlib import Path

import click

from bayestrace.cli import options
from bayestrace.messages import Lang

#: Version of the layout that --json prints.
FORMAT = 1


@click.command("export", context_settings=options.CONTEXT)
@options.STUDY
@click.option("--xlsx", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write one workbook.")
@click.option(
    "--folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path), help="Write the files of a folder."
)
@click.option("--tables", is_flag=True, help="In the folder, write observations, cases and clusters as CSV tables.")
@options.WITH_PRIVATE
@options.LANG
@options.JSON
def export(study: Path, xlsx: Path | None, folder: Path | None, lang: Lang, **given: bool) -> None:
    """Write a study as one workbook, or as the files of a folder.

    STUDY is a folder, a workbook or the file that a report hands out; the present folder by default. What is written
    is the same study, to the last digit: read again it has the same digest, unless something is private, which is
    left out without --with-private. No cell of a table or sheet starts a formula. A workbook that stands at FILE
    already is kept beside it as FILE.bak; a folder that is not empty is refused. Past 3,000 observations, cases and
    clusters together they are written as tables without --tables too.

    \b
    Examples:
      bayestrace export --xlsx study.xlsx
      bayestrace export path/to/study --xlsx study.xlsx --lang zh
      bayestrace export study.xlsx --folder my-study
      bayestrace export bayestrace-study.json --folder my-study
      bayestrace export path/to/study --folder my-study --tables

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace.cli.new_words import say  # noqa: PLC0415
    from bayestrace.cli.show import as_json as dump  # noqa: PLC0415
    from bayestrace.errors import UsageFault  # noqa: PLC0415
    from bayestrace.reading import read_study  # noqa: PLC0415
    from bayestrace.writing import workbook, written  # noqa: PLC0415
    from bayestrace.writing.disk import write_file, write_folder  # noqa: PLC0415

    if xlsx is None and folder is None:
        raise UsageFault("export-nowhere")
    found = options.for_others(read_study(study), with_private=given["with_private"], lang=lang)
    kept = write_file(workbook(found, lang), xlsx) if xlsx else None
    texts, tabled = written(found, tables=given["tables"]) if folder else ({}, False)
    paths = [*([xlsx] if xlsx else ()), *(write_folder(texts, folder) if folder else ())]
    if given["as_json"]:
        told = {"digest": found.digest(), "written": [path.as_posix() for path in paths]}
        click.echo(dump({"export": FORMAT, **told, "kept": kept.as_posix() if kept else None}))
        return
    for path in filter(None, (xlsx, folder)):
        click.echo(say("exported", lang, path=path))
    if kept:
        click.echo(say("kept", lang, path=kept))
    if tabled and not given["tables"]:
        click.echo(say("tabled", lang))
    click.echo(say("left-out", lang))
