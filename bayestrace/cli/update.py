"""The command that updates a study's explanations on its evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bayestrace.cli import names, options


@click.command(
    "update", short_help="Update explanations on the evidence, and write the report.", context_settings=options.CONTEXT
)
@options.STUDIES
@options.PROFILE
@options.HYPOTHESES
@click.option("--face-value", is_flag=True, help="Only add the stated weights up; no model, no sampling.")
@click.option("--coders", metavar="A,B,...", help="Coders to include; all if not given.", shell_complete=names.coders)
@options.ROUND
@options.DRAWS
@options.CHAINS
@options.SEED
@options.SAMPLER
@options.SCHEDULER
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to; of several studies, each to a folder of its name in it.  [default: reports/SET-PROFILE "
    "in the study, with -round-N after the first round]",
)
@options.PAGE_LANG
@options.JSON
@options.QUIET
def update(studies: tuple[Path, ...], as_json: bool, quiet: bool, **given: Any) -> None:  # noqa: FBT001 - as in check
    """Update a study's explanations on its evidence, and write the report.

    STUDY is the folder that holds study.yaml, or a workbook; the present folder by default. Prints each case by
    explanation: face value, the model's answer without and with pooling across cases, and the weight of evidence in
    decibels against the closest rival. Writes report.html, posterior.nc, summary.json and manifest.json.

    Several studies are all read first, then worked through one by one, each as it would be alone; a few lines sum
    each up. A study with a fault keeps no other from being done: the end says which were updated and which not, and
    the exit code is that of the first, in the order given, that was not. --json lists them under `studies`.

    \b
    Examples:
      bayestrace update
      bayestrace update --profile sceptical --hypotheses extended
      bayestrace update --face-value
      bayestrace update --coders neutral,bargaining --draws 2000
      bayestrace update path/to/study --lang zh --out /tmp/result
      bayestrace update studies/japan studies/korea --out /tmp/results
      bayestrace update studies/* --scheduler tcp://10.0.0.5:8786

    Exit codes: as for `bayestrace --help`.
    """  # noqa: D301
    tell: Callable[[str], None] = (lambda _: None) if quiet else (lambda text: click.echo(text, err=True))
    if len(studies) <= 1:
        _one(studies[0] if studies else Path(), given, tell, as_json=as_json, quiet=quiet)
        return
    from bayestrace.cli.several import Several  # noqa: PLC0415 - only where there are

    several = Several(studies, given, tell)
    several.begin()
    several.update(quiet=quiet, as_json=as_json)
    click.get_current_context().exit(several.close(as_json=as_json))


def _one(path: Path, given: dict[str, Any], tell: Callable[[str], None], *, as_json: bool, quiet: bool) -> None:
    from bayestrace import api, farm  # noqa: PLC0415
    from bayestrace.cli import many, show, updating  # noqa: PLC0415
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415
    from bayestrace.cli.words import say, say_private  # noqa: PLC0415

    lang, other = options.languages(given["lang"])
    study, inputs, posed, target = updating.begin(path, given, given["out"])
    with farm.connected(given["scheduler"]) as workers:
        if workers is not None:
            tell(say("fits-elsewhere", lang, done=0, total=1))
        ticker = Ticker(lang, quiet=quiet)
        [(_, drawn)] = updating.draws([posed], workers, ticker, lambda: tell(say("compiling", lang)))
    if isinstance(drawn, Exception):
        raise drawn
    tree = api.conclude(posed, drawn)
    tell(say("writing", lang, folder=target))
    files = api.write_result(tree, target, inputs, lang, other)
    if warning := say_private(study, target, lang):
        click.echo(warning, err=True)
    findings = api.findings_of(tree)
    summary = api.summary_of(tree)
    if as_json:
        click.echo(show.as_json({**summary, "written": [path.as_posix() for path in files]}))
    else:
        shown = many.cut(summary)
        click.echo(show.table(shown, study, lang))
        if "clues" in shown and (said := show.clues(shown, study, lang)):
            click.echo("\n" + said)
        if shown is summary:
            click.echo("\n" + show.sentence(summary, study, lang))
        else:
            click.echo("\n" + many.table(summary, len(shown["cases"]), study, lang))
            click.echo("\n" + many.sentence(summary, study, lang))
        if study.notice:
            click.echo(study.notice(lang))
        if findings:
            click.echo("\n" + show.findings(findings, study, lang))
        click.echo("\n" + say("written", lang, folder=target, files=", ".join(path.name for path in files)))
        click.echo(say("open", lang, path=target / "report.html"))
    if any(finding.level == "failure" for finding in findings):
        tell(say("failed", lang))
        click.get_current_context().exit(options.EXIT_CHECK)
