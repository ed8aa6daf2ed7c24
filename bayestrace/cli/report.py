"""The command that writes the report of a result again."""

from __future__ import annotations

from pathlib import Path

import click

from bayestrace.cli import options


@click.command(
    "report", short_help="Write the report of a result again, without sampling.", context_settings=options.CONTEXT
)
@click.argument("result", type=click.Path(path_type=Path), default=".")
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write, or its folder.  [default: report.html beside RESULT]"
)
@click.option("--open", "to_open", is_flag=True, help="Open it in the browser.")
@click.option(
    "--public",
    "public_copy",
    metavar="FILE.nc",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a copy of posterior.nc too, without what the study marks as private: one that may be handed out.",
)
@options.PAGE_LANG
@options.JSON
@options.QUIET
def report_result(
    result: Path, out: Path | None, public_copy: Path | None, lang: options.PageLang, **given: bool
) -> None:
    """Write the report of a result again, without sampling: in another language or in both, or elsewhere.

    RESULT is a folder that `update` wrote, the file posterior.nc in it, or a study's folder with one result; the
    present folder by default. The report says what the result says, sensitivity included; only how it is shown may
    change with the version of the program. `--lang both` writes one file that opens in English and has a switch to
    Chinese; what a reader sets in it, and the link to that, go along. What the study marks as private is in
    posterior.nc alone; `--public` makes a copy of that file without it.

    \b
    Examples:
      bayestrace report
      bayestrace report reports/article-reference --lang zh --open
      bayestrace report reports/article-reference/posterior.nc --lang both --out for-reviewers.html
      bayestrace report --public for-the-archive.nc
    """  # noqa: D301 - \b keeps click from joining the lines
    # The page needs neither what reads a study nor what infers; loading them takes a while.
    from bayestrace import folder, results  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415

    source = results.locate(result)
    target = out or source.parent
    if target.is_dir():
        target /= folder.REPORT
    said, other = options.languages(lang)
    tree = results.load(source)
    folder.write_report(tree, target, said, other)
    written = [target]
    if public_copy is not None:
        folder.write_public(tree, public_copy)
        written.append(public_copy)
    if given["as_json"]:
        click.echo(
            show.as_json({"report": 1, "result": source.as_posix(), "written": [path.as_posix() for path in written]})
        )
    elif not given["quiet"]:
        click.echo(say("open", said, path=target))
        if public_copy is not None:
            click.echo(say("public", said, path=public_copy))
    if given["to_open"]:
        # A browser that cannot be started is no failure: the file is there, and its name has been said.
        click.launch(target.resolve().as_uri())
