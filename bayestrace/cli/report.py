"""The command that writes the report of a result again."""

from __future__ import annotations

from pathlib import Path

import click

from bayestrace.cli import options
from bayestrace.messages import Lang


@click.command("report", context_settings=options.CONTEXT)
@click.argument("result", type=click.Path(path_type=Path), default=".")
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write, or its folder.  [default: report.html beside RESULT]"
)
@click.option("--open", "to_open", is_flag=True, help="Open it in the browser.")
@options.LANG
@options.JSON
@options.QUIET
def report_result(result: Path, out: Path | None, lang: Lang, **given: bool) -> None:
    """Write the report of a result again, without sampling: in another language, or elsewhere.

    RESULT is a folder that `update` wrote, the file posterior.nc in it, or a study's folder with one result; the
    present folder by default. The report says what the result says, sensitivity included; only how it is shown may
    change with the version of the program.

    \b
    Examples:
      bayestrace report
      bayestrace report reports/article-reference --lang zh --open
      bayestrace report reports/article-reference/posterior.nc --out for-reviewers.html
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import api, results  # noqa: PLC0415
    from bayestrace.cli import show  # noqa: PLC0415
    from bayestrace.cli.words import say  # noqa: PLC0415
    from bayestrace.folder import REPORT  # noqa: PLC0415

    source = results.locate(result)
    target = out or source.parent
    if target.is_dir():
        target /= REPORT
    api.write_report(results.load(source), target, lang)
    if given["as_json"]:
        click.echo(show.as_json({"report": 1, "result": source.as_posix(), "written": [target.as_posix()]}))
    elif not given["quiet"]:
        click.echo(say("open", lang, path=target))
    if given["to_open"]:
        # A browser that cannot be started is no failure: the file is there, and its name has been said.
        click.launch(target.resolve().as_uri())
