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
@options.PAGE_LANG
@options.JSON
@options.QUIET
def report_result(result: Path, out: Path | None, lang: options.PageLang, **given: bool) -> None:
    """Write the report of a result again, without sampling: in another language or in both, or elsewhere.

    RESULT is a folder that `update` wrote, the file posterior.nc in it, or a study's folder with one result; the
    present folder by default. The report says what the result says, sensitivity included; only how it is shown may
    change with the version of the program. `--lang both` writes one file that opens in English and has a switch to
    Chinese; what a reader sets in it, and the link to that, go along.

    \b
    Examples:
      bayestrace report
      bayestrace report reports/article-reference --lang zh --open
      bayestrace report reports/article-reference/posterior.nc --lang both --out for-reviewers.html
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api, results  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.folder import REPORT  # noqa: PLC0415

    source = results.locate(result)
    target = out or source.parent
    if target.is_dir():
        target /= REPORT
    said, other = options.languages(lang)
    api.write_report(results.load(source), target, said, other)
    if given["as_json"]:
        click.echo(show.as_json({"report": 1, "result": source.as_posix(), "written": [target.as_posix()]}))
    elif not given["quiet"]:
        click.echo(say("open", said, path=target))
    if given["to_open"]:
        # A browser that cannot be started is no failure: the file is there, and its name has been said.
        click.launch(target.resolve().as_uri())
