"""The command that foresees the explanation of a case not yet seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bayestrace.cli import options
from bayestrace.messages import Lang

if TYPE_CHECKING:
    import xarray as xr


@click.command(
    "predict", short_help="Predict the explanation of a case not yet seen.", context_settings=options.CONTEXT
)
@click.argument("result", type=click.Path(path_type=Path), default=".")
@click.option(
    "--case",
    "cases",
    metavar="FACTOR=GROUP,...",
    multiple=True,
    help="The case: its group of each factor, or new, or new:NAME; a factor that is left out has a new group. May be "
    "repeated; a case that is new in every respect if not given.",
)
@click.option(
    "--csv",
    "tables",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for all numbers as tables, for spreadsheets and for R.",
)
@options.LANG
@options.JSON
@options.QUIET
def predict(  # noqa: PLR0913, PLR0917 - click passes one argument an option
    result: Path,
    cases: tuple[str, ...],
    tables: Path | None,
    lang: Lang,
    as_json: bool,  # noqa: FBT001 - click passes flags by name
    quiet: bool,  # noqa: FBT001
) -> None:
    """Predict the explanation of a case not yet seen, and say what it borrows from which cases.

    RESULT is a folder that `update` wrote, the file posterior.nc in it, or a study's folder with one result; the
    present folder by default. Prints the probability of each explanation beside its prior, with its 50 % and 94 %
    intervals; what each case of the study lends, and what would be foreseen without it; and the pooling levels through
    which it comes. Nothing is fitted anew. A group that the study does not have is asked for as new, or as new:NAME.

    \b
    Examples:
      bayestrace predict --case alliance=us-japan,period=new
      bayestrace predict --case alliance=us-japan,period=new:obama --case alliance=new:us-australia,period=biden
      bayestrace predict reports/article-reference --case period=trump --lang zh
      bayestrace predict --case alliance=us-rok --json --csv /tmp/tables

    Exit codes: as for `bayestrace --help`; 4 if the result failed a check.
    """  # noqa: D301 - \b keeps click from joining the lines
    from bayestrace import foreseen  # noqa: PLC0415
    from bayestrace.cli import foresee_show, show  # noqa: PLC0415
    from bayestrace.cli.foresee_words import say  # noqa: PLC0415

    opened = foreseen.open_result(result)
    asked = list(dict.fromkeys(foreseen.asked(opened, case) for case in cases or ("",)))
    if not quiet and opened.kind == "model":
        click.echo(say("working", lang), err=True)
    found = foreseen.foresee(opened, asked)
    written = _write_tables(found, tables) if tables else []
    if as_json:
        data = foreseen.as_data(opened, found)
        click.echo(show.as_json({**data, "written": [path.as_posix() for path in written]}))
    else:
        click.echo(foresee_show.foreseen(opened, found, lang))
        if not cases:
            click.echo("\n" + foresee_show.groups(opened, lang))
        if written:
            click.echo("\n" + say("written", lang, folder=tables, files=", ".join(path.name for path in written)))
    if any(entry["level"] == "failure" for entry in json.loads(opened.tree.attrs["findings"])):
        click.echo(say("failed", lang), err=True)
        click.get_current_context().exit(options.EXIT_CHECK)


def _write_tables(found: xr.Dataset, folder: Path) -> list[Path]:
    from bayestrace import results  # noqa: PLC0415
    from bayestrace.errors import InputOutputFault  # noqa: PLC0415
    from bayestrace.sensitivity import tables  # noqa: PLC0415

    files = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for ending, text in tables.tidy(found).items():
            file = folder / f"predict{ending}.csv"
            results.write_text(tables.BYTE_ORDER_MARK + text, file)
            files.append(file)
    except OSError as fault:
        raise InputOutputFault("no-tables", path=folder, reason=fault.strerror or fault) from fault
    return files
