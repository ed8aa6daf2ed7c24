"""The command that updates a study's explanations on its evidence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click

from bayestrace.cli import names, options


@click.command(
    "update", short_help="Update explanations on the evidence, and write the report.", context_settings=options.CONTEXT
)
@options.STUDY
@options.PROFILE
@options.HYPOTHESES
@click.option("--face-value", is_flag=True, help="Only add the stated weights up; no model, no sampling.")
@click.option("--coders", metavar="A,B,...", help="Coders to include; all if not given.", shell_complete=names.coders)
@options.ROUND
@options.DRAWS
@options.CHAINS
@options.SEED
@options.SAMPLER
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write to.  [default: reports/SET-PROFILE in the study, with -round-N after the first round]",
)
@options.PAGE_LANG
@options.JSON
@options.QUIET
def update(study: Path, as_json: bool, quiet: bool, **given: Any) -> None:  # noqa: FBT001 - as in check
    """Update a study's explanations on its evidence, and write the report.

    STUDY is the folder that holds study.yaml, or a workbook; the present folder by default. Prints each case by
    explanation: face value, the model's answer without and with pooling across cases, and the weight of evidence in
    decibels against the closest rival. Writes report.html, posterior.nc, summary.json and manifest.json.

    \b
    Examples:
      bayestrace update
      bayestrace update --profile sceptical --hypotheses extended
      bayestrace update --face-value
      bayestrace update --coders neutral,bargaining --draws 2000
      bayestrace update path/to/study --lang zh --out /tmp/result
    """  # noqa: D301
    from bayestrace import api  # noqa: PLC0415
    from bayestrace.cli import many, show  # noqa: PLC0415
    from bayestrace.cli.progress import Ticker  # noqa: PLC0415
    from bayestrace.cli.words import say, say_private  # noqa: PLC0415

    tell: Callable[[str], None] = (lambda _: None) if quiet else (lambda text: click.echo(text, err=True))
    lang, other = options.languages(given["lang"])
    found = options.study_at(study, given["number"])
    wanted = _options(given)
    target = given["out"] or api.results_of(study) / api.result_name(found, wanted)
    inputs = api.input_files(study)
    tree = api.update(found, wanted, Ticker(lang, quiet=quiet), lambda: tell(say("compiling", lang)))
    tell(say("writing", lang, folder=target))
    files = api.write_result(tree, target, inputs, lang, other)
    if warning := say_private(found, target, lang):
        click.echo(warning, err=True)
    findings = api.findings_of(tree)
    summary = api.summary_of(tree)
    if as_json:
        click.echo(show.as_json({**summary, "written": [path.as_posix() for path in files]}))
    else:
        shown = many.cut(summary)
        click.echo(show.table(shown, found, lang))
        if "clues" in shown and (said := show.clues(shown, found, lang)):
            click.echo("\n" + said)
        if shown is summary:
            click.echo("\n" + show.sentence(summary, found, lang))
        else:
            click.echo("\n" + many.table(summary, len(shown["cases"]), found, lang))
            click.echo("\n" + many.sentence(summary, found, lang))
        if found.notice:
            click.echo(found.notice(lang))
        if findings:
            click.echo("\n" + show.findings(findings, found, lang))
        click.echo("\n" + say("written", lang, folder=target, files=", ".join(path.name for path in files)))
        click.echo(say("open", lang, path=target / "report.html"))
    if any(finding.level == "failure" for finding in findings):
        tell(say("failed", lang))
        click.get_current_context().exit(options.EXIT_CHECK)


def _options(given: dict[str, Any]) -> Any:
    """Collect the options; what was not given keeps the default that the API declares."""
    from bayestrace.api import Options  # noqa: PLC0415

    coders = cast("str | None", given["coders"])
    named = {key: given[key] for key in ("draws", "chains", "seed") if given[key] is not None}
    return Options(
        profile=given["profile"],
        hypotheses=given["hypotheses"],
        face_value=given["face_value"],
        coders=tuple(name.strip() for name in coders.split(",") if name.strip()) if coders is not None else None,
        sampler=given["sampler"],
        **named,
    )
